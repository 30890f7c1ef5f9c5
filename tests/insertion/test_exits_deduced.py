"""Who left, told so that nobody can be known: each test tries to deduce what is not shown from all that is."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, diagnose, insertion
from chaine_valeur.report.blocks import Grid, Paragraph
from chaine_valeur.report.insertion import insertion_section
from chaine_valeur.report.insertion_sheets import insertion_sheets
from tests.insertion.agreements_of import with_agreements
from tests.insertion.programme import measure, plain

COUNTS = ["exits", "lasting_exits", "transition_exits", "positive_exits"]
SIAE = ["chantier", "relais", "interim", "association", "solo"]
Left = tuple[float | None, float | None, float | None, float | None]


def left(actor: str, counts: Left, **more: Any) -> dict[str, Any]:
    return {"actor_id": actor, "year": 2024, **dict(zip(COUNTS, counts, strict=True)), **more}


def published(f: Filiere) -> dict[str, Any]:
    """Return all that leaves the working team about who left, as text where it is text."""
    section = insertion_section(
        diagnose(f, lang="en", checks=[], indicators=["G6", "G7"], profile="expert")
    ).blocks
    sheets = {sheet.name: list(sheet.rows) for sheet in insertion_sheets(f, lang="en")}
    measures = [measure(identifier, f, lang="en") for identifier in ("G6", "G7")]
    return {
        "grids": [[[cell.text for cell in row] for row in one.rows] for one in section if isinstance(one, Grid)],
        "texts": [one.text for one in section if isinstance(one, Paragraph)],
        "sheets": repr(sheets),
        "rows": insertion.agreements_shown(f)[COUNTS].to_csv(),
        "shown": insertion.exits_shown(f).to_csv(),
        "measures": [
            (repr([one.value, one.low, one.high, one.numerator, one.denominator]), one.note) for one in measures
        ],
    }  # fmt: skip


def all_told(f: Filiere) -> tuple[float, float]:
    """Return how many people the two shares are over, NaN where that is not told."""
    return measure("G6", f).denominator, measure("G7", f).denominator


# -- two worlds that look the same -------------------------------------------------------------------------


def test_hidden_structures_could_have_changed_places() -> None:
    """Were 3 of « relais » or 8 of « interim » to be deduced, a world where they are the other way round would differ."""
    one, other = (3, 1, 1, 1), (8, 2, 0, 4)
    worlds = [
        with_agreements(left("chantier", (12, 3, 3, 3)), left("relais", first), left("interim", second))
        for first, second in ((one, other), (other, one))
    ]
    assert published(worlds[0]) == published(worlds[1])
    # and so could be other numbers of the same sums: 3 + 8 = 11, 1 + 2 = 3, 1 + 0 = 1, 1 + 4 = 5
    third = with_agreements(
        left("chantier", (12, 3, 3, 3)), left("relais", (4, 2, 0, 1)), left("interim", (7, 1, 1, 4))
    )
    assert published(third) == published(worlds[0])


people = st.sampled_from([1, 2, 3, 4, 5, 6, 9, 14])


@st.composite
def exits(draw: st.DrawFn) -> Left:
    whole = draw(people)
    lasting = draw(st.integers(0, whole))
    transition = draw(st.integers(0, whole - lasting))
    form = draw(st.sampled_from(["all", "all", "all", "lasting", "alone"]))
    if form == "alone":
        return whole, None, None, None
    return whole, lasting, *((None, None) if form == "lasting" else (transition, 0))


def numbers(f: Filiere) -> list[str]:
    """Return the figures alone: worlds by the hundred need no page each."""
    shown = insertion.exits_shown(f)
    told = [[one.value, one.low, one.high, one.numerator, one.denominator] for one in
            (measure("G6", f), measure("G7", f))]  # fmt: skip
    return [shown.to_csv(), insertion.agreements_shown(f)[COUNTS].to_csv(), repr(told)]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 4), st.integers(1, 9), st.lists(exits(), max_size=3))
def test_any_two_hidden_structures_could_have_changed_places(few: int, second: int, more: list[Left]) -> None:
    """Of the same kind of answer: what is not known of a structure is counted, and that is shown."""
    told: list[Left] = [(few, few, 0, 0), (second, 0, second // 2, 0), *more]
    f = with_agreements(*(left(actor, counts) for actor, counts in zip(SIAE, told, strict=False)))
    masked = insertion.exits_shown(f)["is_masked"].to_numpy(bool)
    places = [place for place in range(len(told)) if masked[place]]
    kinds = [tuple(one is None for one in counts) for counts in told]
    pairs = [(i, j) for i, j in itertools.combinations(places, 2) if kinds[i] == kinds[j]]
    assume(pairs)
    i, j = pairs[0]
    swapped = list(told)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    other = with_agreements(*(left(actor, counts) for actor, counts in zip(SIAE, swapped, strict=False)))
    assert numbers(f) == numbers(other)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(SIAE[:4]), exits()), min_size=1, max_size=7))
def test_what_remains_of_a_total_is_nobody_or_enough_people(rows: list[tuple[str, Left]]) -> None:
    """Who takes from each total all that is shown of structures is left with 0 or with 5 and more."""
    f = with_agreements(*(left(actor, counts) for actor, counts in rows))
    table, shown = insertion.exits_table(f), insertion.exits_shown(f)
    totals = all_told(f)
    for total, share, name in zip(
        totals, ("dynamic_share", "lasting_share"), ("dynamic_exits", "lasting_exits"), strict=True
    ):
        for actor in shown.index[
            shown[share].notna()
        ]:  # a share that is shown is over 5 people or more, so is the rest
            own = [counts for who, counts in rows if who == actor]
            over = sum(
                counts[0] or 0
                for counts in own
                if None not in (counts if share == "dynamic_share" else counts[:2])
            )
            rest = table.at[actor, "exits"] - over
            assert over >= 5 and (rest == 0 or rest >= 5)
        assert shown.loc[shown["is_masked"], name].isna().all()
        if not math.isnan(total):
            known = [c[0] or 0 for a, c in rows
                     if a in shown.index[shown[share].notna()]
                     and None not in (c if share == "dynamic_share" else c[:2])]  # fmt: skip
            assert total - sum(known) == 0 or total - sum(known) >= 5
    if not math.isnan(sum(totals)):
        told = shown[shown[["dynamic_share", "lasting_share"]].notna().all(axis=1)].index
        partly = sum(c[0] or 0 for a, c in rows if a not in told and c[1] is not None and c[2] is None)
        assert partly == 0 or partly >= 5


# -- by subtraction ----------------------------------------------------------------------------------------


def test_a_neighbour_who_tells_less_hides_nothing() -> None:
    """12 + 3 give all, 8 give no parts: over 15 the share would tell the 3, though two structures are masked."""
    f = with_agreements(
        left("chantier", (12, 3, 3, 3)), left("relais", (3, 1, 1, 1)), left("interim", (8, None, None, None))
    )
    assert insertion.exits_shown(f)["is_masked"].tolist() == [False, True, True]
    assert insertion.positive_exits(f) == 12 / 15  # the team has it
    for identifier in ("G6", "G7"):
        found = measure(identifier, f, lang="en")
        assert all(
            math.isnan(one)
            for one in (found.value, found.low, found.high, found.numerator, found.denominator)
        )
        assert found.rows == {}
        told = "Not shown: beside what is told of structures it would tell of fewer than 5 people."
        assert told in found.note
    assert "Non montré : à côté de ce qui est dit des structures" in plain(measure("G6", f).note)
    assert not any("In all" in text for text in published(f)["texts"])


def test_two_shares_do_not_tell_one_another() -> None:
    """G7 over 12 + 8 + 3 less G6 over 12 + 8 would be the 3, of which only lasting jobs are known."""
    f = with_agreements(
        left("chantier", (12, 3, 3, 3)), left("relais", (3, 1, None, None)), left("interim", (8, 2, 2, 2))
    )
    assert insertion.exits_shown(f)["is_masked"].tolist() == [False, True, True]
    dynamic, lasting = all_told(f)
    assert math.isnan(dynamic) and lasting == 23
    # 23 − 12 = 11 of two structures: enough
    assert measure("G7", f).numerator == 6


def test_the_bounds_of_a_share_do_not_tell_who_is_not_in_it() -> None:
    """Between 14/23 and 17/23: three people more. With only lasting jobs unknown of the 3, neither share is told."""
    f = with_agreements(
        left("chantier", (12, 3, 3, 3)), left("relais", (3, None, None, None)), left("interim", (8, 2, 2, 1))
    )
    assert all(map(math.isnan, all_told(f)))
    assert all(
        math.isnan(one)
        for name in ("G6", "G7")
        for one in (measure(name, f).low, measure(name, f).high, measure(name, f).value)
    )


def test_a_share_of_a_structure_over_some_of_its_agreements() -> None:
    """15 left, of which 12 under an agreement that says all: 50 % beside 6 would tell 12, and 15 − 12 the others."""
    f = with_agreements(
        left("chantier", (12, 2, 2, 2)), left("chantier", (3, None, None, None)), left("relais", (9, 3, 3, 3))
    )
    shown = insertion.exits_shown(f)
    assert shown.loc["chantier", "exits"] == 15 and not shown["is_masked"].any()
    assert shown.loc["chantier", ["dynamic_exits", "dynamic_share", "lasting_share"]].isna().all()
    assert shown.loc["relais", ["dynamic_share", "lasting_share"]].tolist() == [1.0, pytest.approx(1 / 3)]
    assert all(map(math.isnan, all_told(f)))  # 21 − 9 = 12 would be the same way in
    (grid,) = [one for one in published(f)["grids"] if one[0][:2] == ["Chantier", "15"]]
    assert grid[0][-2:] == ["not shown", "not shown"]
    # three of whom all is known, beside twelve of whom nothing is
    f = with_agreements(left("chantier", (12, None, None, None)), left("chantier", (3, 1, 1, 1)))
    assert math.isnan(insertion.exits_shown(f).loc["chantier", "dynamic_share"])
    # five and seven do not tell of few
    f = with_agreements(left("chantier", (7, None, None, None)), left("chantier", (5, 1, 1, 1)))
    assert insertion.exits_shown(f).loc["chantier", "dynamic_share"] == 0.6


# -- two tables side by side --------------------------------------------------------------------------------


def test_rows_do_not_show_what_structures_hide() -> None:
    """An EA has fewer exits than « interim », and hides « relais » among the rows: among SIAE it does not count."""
    f = with_agreements(
        left("relais", (3, 1, 1, 1), agreement_id="few"),
        left("atelier", (6, 2, 2, 2), agreement_id="adapted"),
        left("interim", (8, 2, 2, 2), agreement_id="other"),
        left("chantier", (20, 2, 2, 2), agreement_id="many"),
    )
    assert insertion.exits_shown(f)["is_masked"].to_dict() == {
        "chantier": False,
        "relais": True,
        "interim": True,
    }
    rows = insertion.agreements_shown(f)["exits"]
    # 31 in all − 20 − 8 would be the 3
    assert rows.notna().to_dict() == {"few": False, "adapted": True, "other": False, "many": True}


def test_a_row_of_dates_and_one_of_a_year_are_of_the_same_people() -> None:
    f = with_agreements(
        left("relais", (3, 1, 1, 1), year=None, starts_on="2024-01-01", ends_on="2024-12-31", agreement_id="few"),
        left("interim", (8, 2, 2, 2), agreement_id="other"),
        left("chantier", (20, 2, 2, 2), agreement_id="many"),
    )  # fmt: skip
    assert insertion.exits_shown(f)["is_masked"].to_dict() == {
        "chantier": False,
        "relais": True,
        "interim": True,
    }
    rows = insertion.agreements_shown(f)["exits"]
    # in the rows of 2024 « interim » would be hidden alone: « chantier » goes with it
    assert rows.notna().to_dict() == {"few": False, "other": False, "many": False}


def test_parts_of_a_row_that_contradicts_itself() -> None:
    """Nobody left, and two of them for a lasting job: the two are told nowhere."""
    f = with_agreements(
        left("relais", (0, 2, 0, 0)), left("interim", (3, 2, 2, 2)), left("chantier", (20, 2, 2, 2))
    )
    rows = insertion.agreements_shown(f)
    assert rows[COUNTS].isna().all(axis=1).tolist()[:2] == [True, True]
    assert insertion.exits_shown(f).loc[["relais", "interim"], COUNTS].isna().all(axis=None)


def test_other_years_are_masked_for_themselves() -> None:
    f = with_agreements(
        left("relais", (3, 1, 1, 1), agreement_id="a"),
        left("chantier", (20, 2, 2, 2), agreement_id="b"),
        left("interim", (30, 2, 2, 2), agreement_id="c"),
        left("relais", (9, 1, 1, 1), year=2023, agreement_id="d"),
        left("chantier", (2, 1, 1, 0), year=2023, agreement_id="e"),
        left("interim", (40, 1, 1, 1), year=2023, agreement_id="f"),
    )
    shown = insertion.agreements_shown(f)["exits"].notna().to_dict()
    assert shown == {"a": False, "b": False, "c": True, "d": False, "e": False, "f": True}
    assert insertion.exits_shown(f.at(2023))["is_masked"].to_dict() == {
        "chantier": True, "relais": True, "interim": False,
    }  # fmt: skip


# -- the page ----------------------------------------------------------------------------------------------


def test_no_number_of_a_hidden_structure_stands_anywhere() -> None:
    """With counts that nothing else could bring about: 3 and 87 left, 83 without a step; 500 of another."""
    f = with_agreements(
        left("relais", (3, 1, 1, 1)), left("interim", (87, 2, 1, 1)), left("chantier", (500, 100, 100, 100))
    )
    told = published(f)
    rows = [row for grid in told["grids"] for row in grid if row[0] in ("Relais", "Interim")]
    exits_rows = [row for row in rows if "not shown" in row]
    assert len(exits_rows) == 2 and all(row[1:] == ["not shown"] * 6 for row in exits_rows)
    assert "87" not in told["rows"] and "87" not in told["shown"] and "87" not in told["sheets"]
    # 590 in all is told: less 500 it is 90, of two structures
    assert all_told(f) == (590, 590)


@pytest.mark.parametrize("fewest", [2, 5, 12])
def test_the_threshold_is_an_argument_of_both(fewest: int) -> None:
    counts = {"chantier": 30, "relais": 4, "interim": 11, "association": 13}
    f = with_agreements(*(left(actor, (n, 1, 1, 0)) for actor, n in counts.items()))
    # under 2: none; under 5: 4, and 11 beside it; under 12: both, together 15
    masked = {2: set(), 5: {"relais", "interim"}, 12: {"relais", "interim"}}[fewest]
    shown = insertion.exits_shown(f, fewest=fewest)
    assert set(shown.index[shown["is_masked"]]) == masked
    rows = insertion.agreements_shown(f, fewest=fewest)
    assert set(rows.loc[rows["exits"].isna(), "actor_id"]) == masked


def test_nothing_is_changed_by_what_is_shown() -> None:
    f = with_agreements(left("relais", (3, 1, 1, 1)), left("chantier", (12, 3, 3, 3)))
    before, table = f.agreements.copy(deep=True), insertion.exits_table(f)
    published(f)
    pd.testing.assert_frame_equal(f.agreements, before)
    pd.testing.assert_frame_equal(insertion.exits_table(f), table)
    assert table["exits"].tolist() == [12, 3]


def test_the_shapes_are_the_same_when_there_is_nothing() -> None:
    full = with_agreements(left("relais", (3, 1, 1, 1)), left("chantier", (12, 3, 3, 3)))
    empty = with_agreements()
    for table in (insertion.exits_shown, insertion.agreements_shown):
        assert list(table(empty)) == list(table(full)) and table(empty).empty
        assert (table(empty).dtypes == table(full).dtypes).all()


def test_a_structure_that_shows_one_share_alone_leaves_the_others_in_its_total() -> None:
    """Lasting jobs over 7 people, 5 of « interim » which shows its share: 2 of « chantier », which hides its own."""
    f = with_agreements(
        left("chantier", (1, 0, 0, 0)), left("chantier", (1, 0, 0, 0)), left("chantier", (5, None, None, None)),
        left("interim", (2, 0, None, None)), left("interim", (3, 0, 0, 0)),
    )  # fmt: skip
    shown = insertion.exits_shown(f)
    assert shown["lasting_share"].notna().to_dict() == {"chantier": False, "interim": True}
    assert math.isnan(all_told(f)[1])
