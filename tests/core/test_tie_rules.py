"""Rows of cooperations that say the same, contradict each other or cannot be: told, counted once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import datasets
from chaine_valeur.filiere import Filiere
from chaine_valeur.problems import Problems
from chaine_valeur.table_state import RawTable, State
from chaine_valeur.tie_rules import ties_told_twice
from chaine_valeur.vocabulary import CooperationKind

from .reading import read, rows_of, told

TWICE, DENIED, BOTH_WAYS, RATED = "duplicate_tie", "tie_and_absence", "tie_both_ways", "tie_rated_by_both"
CODES = (TWICE, DENIED, BOTH_WAYS, RATED)
NAMES = ["A", "B", "C", "D"]
COLUMNS = ["actor_id", "to_actor_id", "kind", "state", "since", "until", "trust", "value_score"]
USUAL = (None, None, "joint_project", None, None, None, None, None)


def ties(*rows: tuple[Any, ...], lang: str = "fr") -> Filiere:
    """Rows of: first, second, kind, state, since, until, trust, value; what is left out at the end is usual."""
    full = [(*row, *USUAL[len(row) :]) for row in rows]
    table = {name: [row[place] for row in full] for place, name in enumerate(COLUMNS)}
    return read(lang=lang, actors={"name": NAMES}, cooperations=table)


def found(f: Filiere) -> dict[str, list[int]]:
    """Return the rows on which each of the four is told."""
    return {code: rows_of(f, code) for code in CODES if rows_of(f, code)}


def message(f: Filiere, code: str) -> str:
    return str(f.problems.loc[f.problems["code"] == code, "message"].iloc[0])


# -- said again ---------------------------------------------------------------------------------------


def test_a_tie_told_twice_is_told_on_the_second_row_and_counted_once() -> None:
    f = ties(("A", "B"), ("A", "C"), ("A", "B"))
    assert found(f) == {TWICE: [4]}
    assert told(f, TWICE) == [(TWICE, "Coopérations", 4, "Avec", "A – B")]
    assert f.problems.set_index("code").loc[TWICE, "severity"] == "warning"
    assert message(f, TWICE).startswith("«\u00a0A – B\u00a0» figure aussi à la ligne 2")
    assert "comptée une fois" in message(f, TWICE)
    assert len(f.cooperations) == 3 and not f.set_aside
    assert len(f.network.ties().a) == 2


@pytest.mark.parametrize(
    "other",
    [
        ("A", "C"),
        ("A", "B", "training"),
        ("A", "B", None),
    ],
)
def test_another_actor_or_kind_is_another_tie(other: tuple[Any, ...]) -> None:
    assert found(ties(("A", "B"), other)) == {}


def test_rows_of_unknown_kind_say_the_same_too() -> None:
    assert found(ties(("A", "B", None), ("A", "B", None))) == {TWICE: [3]}


def test_an_absence_told_twice_is_said_again_too() -> None:
    assert found(ties(("A", "B", None, "absent"), ("A", "B", None, "absent"))) == {TWICE: [3]}


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((2015, 2017), (2018, 2020), False),
        ((2015, 2017), (2017, 2020), True),  # 2017 belongs to both
        ((2015, None), (2020, 2021), True),
        ((None, 2019), (2020, None), False),
        ((None, None), (2020, 2020), True),
        ((2020, 2020), (2020, 2020), True),
        ((2020, 2018), (2019, None), True),  # ends before it begins: 2018 to 2020 was meant
    ],
)
def test_periods_that_share_a_year(first: Any, second: Any, overlap: bool) -> None:
    for one, other in ((first, second), (second, first)):
        f = ties(("A", "B", "research", None, *one), ("A", "B", "research", None, *other))
        assert bool(rows_of(f, TWICE)) is overlap
        assert len(rows_of(f, TWICE)) <= 1


def test_it_is_told_on_the_row_that_begins_later() -> None:
    f = ties(
        ("A", "B", "research", None, 2020, None),  # row 2: 2020 is within row 3
        ("A", "B", "research", None, 2010, 2021),
        ("A", "B", "research", None, 2012, 2013),  # row 4: within row 3
        ("A", "B", "research", None, 2000, 2009),  # row 5: apart from all
    )
    assert found(f) == {TWICE: [2, 4]}
    assert all("ligne 3" in text for text in f.problems.loc[f.problems["code"] == TWICE, "message"])


def test_three_rows_of_one_tie_point_to_the_first() -> None:
    f = ties(("A", "B"), ("A", "B"), ("A", "B"))
    assert found(f) == {TWICE: [3, 4]}
    assert all("ligne 2" in text for text in f.problems.loc[f.problems["code"] == TWICE, "message"])


# -- both ways ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*CooperationKind, None])
def test_only_a_kind_without_direction_is_said_again_by_the_way_back(kind: CooperationKind | None) -> None:
    f = ties(("A", "B", kind), ("B", "A", kind))
    assert found(f) == ({} if kind is not None and kind.directed else {BOTH_WAYS: [3]})


def test_the_way_back_is_counted_once_and_said_so() -> None:
    f = ties(("A", "B"), ("B", "A"))
    assert told(f, BOTH_WAYS) == [(BOTH_WAYS, "Coopérations", 3, "Avec", "B – A")]
    assert f.problems.set_index("code").loc[BOTH_WAYS, "severity"] == "notice"
    assert "comptée une fois" in message(f, BOTH_WAYS)
    assert len(f.network.ties().a) == 1


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ((3, None), (2, None), RATED),
        ((3, None), (None, 4), RATED),  # one score each is enough
        ((3, 1), (None, None), BOTH_WAYS),
        ((None, None), (None, None), BOTH_WAYS),
    ],
)
def test_two_raters_are_no_repetition(first: Any, second: Any, code: str) -> None:
    usual = ("shared_means", None, None, None)
    f = ties(("A", "B", *usual, *first), ("B", "A", *usual, *second))
    assert found(f) == {code: [3]}
    assert ("évaluations" in message(f, code)) is (code == RATED)
    assert "comptée une fois" in message(f, code)


def test_the_first_row_gives_the_way_and_its_repetition_is_one() -> None:
    f = ties(("B", "A"), ("A", "B"), ("B", "A"), ("A", "B"))
    # rows 3 and 5 go against row 2; row 4 says row 2 again, row 5 row 3
    assert found(f) == {TWICE: [4, 5], BOTH_WAYS: [3, 5]}
    again = f.problems[f.problems["code"] == TWICE].set_index("row")["message"]
    assert "ligne 2" in again[4] and "ligne 3" in again[5]


def test_the_way_back_in_other_years_or_of_another_state_is_not_told() -> None:
    assert found(ties(("A", "B", "research", None, 2010, 2012), ("B", "A", "research", None, 2013))) == {}
    assert found(ties(("A", "B", "research", "absent"), ("B", "A", "training"))) == {}


# -- seen and denied ----------------------------------------------------------------------------------


def test_a_tie_seen_and_denied_is_believed() -> None:
    f = ties(("A", "B", "research", "absent"), ("A", "B", "research"))
    assert told(f, DENIED) == [(DENIED, "Coopérations", 2, "Avec", "A – B")]
    assert f.problems.set_index("code").loc[DENIED, "severity"] == "warning"
    assert "ligne 3" in message(f, DENIED)
    layer = f.network.ties()
    assert (len(layer.a), len(layer.absent_a)) == (1, 0)


@pytest.mark.parametrize(
    ("row", "contradicts"),
    [
        (("A", "B", "research", "absent"), True),
        (("B", "A", "research", "absent"), True),  # no direction
        (("A", "B", "training", "absent"), False),  # another kind
        (("A", "B", None, "absent"), True),  # none at all
        (("B", "A", None, "absent"), True),
        (("A", "C", "research", "absent"), False),
        (("A", "B", "research", "absent", None, 2019), False),
        (("A", "B", "research", "absent", None, 2020), True),
    ],
)
def test_what_denies_a_tie(row: tuple[Any, ...], contradicts: bool) -> None:
    f = ties(("A", "B", "research", None, 2020, None), row)
    assert found(f) == ({DENIED: [3]} if contradicts else {})


def test_support_given_does_not_contradict_support_not_received() -> None:
    assert found(ties(("A", "B", "support"), ("B", "A", "support", "absent"))) == {}
    assert found(ties(("A", "B", "support"), ("A", "B", "support", "absent"))) == {DENIED: [3]}


def test_an_absence_meets_the_longest_of_those_it_denies() -> None:
    f = ties(
        ("A", "B", "research", None, 2000, 2002),
        ("A", "B", "research", None, 2004, 2012),
        ("A", "B", "research", "absent", 2010, 2011),
        ("A", "B", "research", None, 2014, None),
        ("A", "B", "research", "absent", 2003, 2003),
    )
    assert found(f) == {DENIED: [4]}
    assert "ligne 3" in message(f, DENIED)


# -- what was told already ----------------------------------------------------------------------------


def test_a_tie_with_oneself_is_set_aside() -> None:
    f = ties(("A", "A"), ("A", "B"), ("B", "B"))
    assert told(f, "self_tie") == [
        ("self_tie", "Coopérations", 2, "Avec", "A"),
        ("self_tie", "Coopérations", 4, "Avec", "B"),
    ]
    assert f.set_aside["cooperations"]["reason"].tolist() == ["self_tie", "self_tie"]
    assert len(f.cooperations) == 1
    assert len(f.network.ties().a) == 1


def test_two_ties_with_oneself_are_not_told_twice_as_well() -> None:
    assert found(ties(("A", "A"), ("A", "A"), ("A", "B"))) == {}


@pytest.mark.parametrize(
    ("column", "score", "code"),
    [
        ("trust", 0.9, "below_minimum"),
        ("trust", 1, None),
        ("trust", 4, None),
        ("trust", 4.1, "above_maximum"),
        ("value_score", 0, "below_minimum"),
        ("value_score", 5, "above_maximum"),
        ("trust", "forte", "not_a_number"),
        ("intensity", "torride", "unknown_term"),
        ("intensity", "contract", None),
        ("kind", "mariage", "unknown_term"),
        ("state", "peut-être", "unknown_term"),
    ],
)
def test_a_score_or_a_word_outside_its_scale_becomes_unknown(
    column: str, score: Any, code: str | None
) -> None:
    f = read(actors={"name": NAMES}, cooperations={"actor_id": ["A"], "to_actor_id": ["B"], column: [score]})
    assert (f.problems["severity"] == "error").sum() == (code is not None)
    assert len(f.cooperations) == 1
    if code:
        ((told_code, sheet, row, _, value),) = told(f, code)
        assert (told_code, sheet, row) == (code, "Coopérations", 2)
        assert value == str(score).replace(".", ",")
        assert f.unknown_cells == {"cooperations": 1}
    kept = f.cooperations[column].iloc[0]
    assert pd.isna(kept) is bool(code)


def test_unknown_poles_are_told_and_the_seat_stays() -> None:
    f = read(
        actors={"name": ["A", "B"], "pole": ["ess", "tiers"]},
        groups={"name": ["GT"]},
        memberships={"group_id": ["GT", "GT"], "actor_id": ["A", "B"], "pole": ["notables", None]},
    )
    assert told(f, "unknown_term") == [
        ("unknown_term", "Acteurs", 3, "Collège", "tiers"),
        ("unknown_term", "Membres des groupes", 2, "Collège", "notables"),
    ]
    assert len(f.memberships) == 2
    assert f.memberships["pole"].isna().all()


# -- the shape ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[], [("A", "B")], [("A", "B"), ("C", "D")]])
def test_nothing_to_say_of_none_or_of_pairs_told_once(rows: list[tuple[Any, ...]]) -> None:
    assert found(ties(*rows)) == {}


def test_a_row_that_was_set_aside_says_nothing() -> None:
    f = ties(("A", "Z"), ("A", "Z"), ("A", "B"), ("A", "B"))
    assert rows_of(f, "unknown_reference") == [2, 3]
    assert found(f) == {TWICE: [5]}


@pytest.mark.parametrize("code", CODES)
def test_it_is_told_in_english(code: str) -> None:
    score = 3 if code == RATED else None
    back = ("B", "A") if code in (BOTH_WAYS, RATED) else ("A", "B")
    state = "absent" if code == DENIED else None
    rows = (("A", "B", "research", None, None, None, score), (*back, "research", state, None, None, score))
    assert message(ties(*rows, lang="en"), code).startswith(f"“{' – '.join(back)}”")
    assert "row 2" in message(ties(*rows, lang="en"), code)
    assert "ligne 2" in message(ties(*rows), code)


def test_a_row_that_is_added_is_told_too() -> None:
    f = ties(("A", "B"), ("A", "C"))
    again = f.with_rows(
        "cooperations", {"actor_id": ["B"], "to_actor_id": ["A"], "kind": ["joint_project"]}, strict=False
    )
    assert found(f) == {}
    assert found(again) == {BOTH_WAYS: [4]}
    assert len(again.network.ties().a) == len(f.network.ties().a) == 2


def test_the_example_tells_that_two_raters_spoke_of_one_tie() -> None:
    f = datasets.load("exemple_complet")
    assert f.problems["code"].tolist() == [RATED]
    assert f.problems["row"].tolist() == [5]  # below the header, the tie of row 4 from the other side
    assert "ligne 4" in f.problems["message"].iloc[0]


# -- a referee ----------------------------------------------------------------------------------------


def meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    def ends(row: dict[str, Any]) -> tuple[float, float]:
        first = -math.inf if row["since"] is None else row["since"]
        last = math.inf if row["until"] is None else row["until"]
        return min(first, last), max(first, last)

    (a, b), (c, d) = ends(one), ends(other)
    return a <= d and c <= b


def by_loop(rows: list[dict[str, Any]]) -> dict[str, set[int]]:
    """The same rules, pair of rows by pair of rows."""
    said: dict[str, set[int]] = {code: set() for code in CODES}
    directed = {kind.value for kind in CooperationKind if kind.directed}
    for here, row in enumerate(rows):
        for there, other in enumerate(rows):
            if here == there or not meet(row, other):
                continue
            ends, others = (row["a"], row["b"]), (other["a"], other["b"])
            alike, back = ends == others, ends == others[::-1]
            if row["kind"] == other["kind"] and row["state"] == other["state"] and alike:
                begins = [-math.inf if one["since"] is None else min(one["since"], one["until"] or math.inf)
                          for one in (row, other)]  # fmt: skip
                if (begins[1], there) < (begins[0], here):
                    said[TWICE].add(here)
            same_pair = alike or (back and row["kind"] not in directed)
            if row["state"] == "absent" != other["state"]:
                blank = row["kind"] is None and (alike or back)
                if blank or (row["kind"] == other["kind"] and same_pair):
                    said[DENIED].add(here)
        if row["kind"] not in directed:
            about = [one for one in rows if {one["a"], one["b"]} == {row["a"], row["b"]}
                     and (one["kind"], one["state"]) == (row["kind"], row["state"])]  # fmt: skip
            like_first = [one for one in about if one["a"] == about[0]["a"]]
            if row["a"] != about[0]["a"] and any(meet(row, one) for one in like_first):
                said[BOTH_WAYS].add(here)
    return said


YEARS = st.one_of(st.none(), st.integers(2000, 2004))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "a": st.sampled_from("AB"),
            "b": st.sampled_from("AB"),
            "kind": st.sampled_from(["research", "support", None]),
            "state": st.sampled_from(["observed", "observed", "absent"]),
            "since": YEARS,
            "until": YEARS,
        }
    ).filter(lambda row: row["a"] != row["b"]),
    max_size=7,
)


def state_of(rows: list[dict[str, Any]]) -> dict[str, State]:
    """The two tables as the rules see them: typed, rows numbered from 0."""
    text = {name: pd.array([row[key] for row in rows], dtype="str")
            for name, key in zip(COLUMNS[:4], ("a", "b", "kind", "state"), strict=True)}  # fmt: skip
    years = {name: pd.array([row[name] for row in rows], dtype="Int64") for name in ("since", "until")}
    scores = {name: np.full(len(rows), np.nan) for name in ("trust", "value_score")}
    frames = {
        "cooperations": pd.DataFrame({**text, **years, **scores}),
        "actors": pd.DataFrame({"actor_id": ["A", "B"], "name": ["A", "B"]}),
    }
    made = {}
    for name, frame in frames.items():
        raw = RawTable(frame, pd.Series(name, index=frame.index), pd.Series(frame.index))
        made[name] = State.of(name, frame, raw)
    return made


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_the_same_as_pair_by_pair(rows: list[dict[str, Any]]) -> None:
    problems = Problems("en")
    ties_told_twice(state_of(rows), problems)
    table = problems.frame()
    expected = by_loop(rows)
    for code in (TWICE, DENIED, BOTH_WAYS):
        here = table.loc[table["code"] == code, "row"].tolist()
        assert len(here) == len(set(here)), "each row is told once"
        assert set(here) == expected[code], code


def test_a_large_table_is_read_without_a_loop() -> None:
    """2e5 rows among 1e3 actors: five pairs in a hundred twice; well under a second, whatever the machine."""
    random = np.random.default_rng(5)
    count = 200_000
    ends = random.integers(0, 5_000, size=(2, count))
    ends[1] = np.where(ends[0] == ends[1], (ends[1] + 1) % 5_000, ends[1])
    names = np.array([f"a{number}" for number in range(5_000)], dtype=object)
    frame = pd.DataFrame(
        {
            "actor_id": pd.array(names[ends[0]], dtype="str"),
            "to_actor_id": pd.array(names[ends[1]], dtype="str"),
            "kind": pd.array(np.full(count, "support", dtype=object), dtype="str"),
            "state": pd.array(np.full(count, "observed", dtype=object), dtype="str"),
            "since": pd.array([pd.NA] * count, dtype="Int64"),
            "until": pd.array([pd.NA] * count, dtype="Int64"),
            "trust": np.nan,
            "value_score": np.nan,
        }
    )
    repeated = int(frame.duplicated(["actor_id", "to_actor_id"]).sum())
    actors = pd.DataFrame({"actor_id": names, "name": names})
    states = {
        name: State.of(
            name, table, RawTable(table, pd.Series(name, index=table.index), pd.Series(table.index))
        )
        for name, table in (("cooperations", frame), ("actors", actors))
    }
    problems = Problems("en")
    ties_told_twice(states, problems)
    assert repeated > 100
    assert problems.frame()["code"].value_counts().to_dict() == {TWICE: repeated}
