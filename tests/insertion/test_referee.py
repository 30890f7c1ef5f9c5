"""G4, G5 and G9 are what a plain reading of the rows gives, in any small programme; units are never added."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, insertion
from tests.insertion.programme import measure, plain

pytestmark = pytest.mark.long

FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
SCOPES, UNITS = ("programme", "filiere", "structure"), ("post", "fte", "person")
Rows = list[dict[str, Any]]

amounts = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.5, 6.0, 13.0, 30.0]))
results = st.lists(
    st.fixed_dictionaries(
        {
            "scope": st.sampled_from(SCOPES),
            "unit": st.sampled_from(UNITS),
            "kind": st.sampled_from(["insertion_jobs", "insertion_jobs", "training", None]),
            "target": amounts,
            "reached": amounts,
        }
    ),
    min_size=1,
    max_size=6,
)
grants = st.lists(
    st.fixed_dictionaries(
        {
            "scope": st.sampled_from(SCOPES),
            "funder_id": st.sampled_from(["epci", "region", None]),
            "purpose": st.sampled_from(["animation", "animation", "post_aid"]),
            "state": st.sampled_from(["granted", "paid", "requested"]),
            "amount_eur": st.one_of(st.none(), st.sampled_from([0.0, 1000.0, 50_000.0])),
        }
    ),
    min_size=1,
    max_size=6,
)


def filiere(outcomes: Rows, funding: Rows) -> Filiere:
    return Filiere.from_tables(
        actors={
            "actor_id": ["epci", "region"],
            "name": ["EPCI", "Région"],
            "roles": ["territorial;funder", "funder"],
        },
        outcomes=pd.DataFrame(outcomes),
        funding=pd.DataFrame(funding),
    )


class Referee:
    """The definitions, row by row, in plain Python."""

    def __init__(self, outcomes: Rows, funding: Rows) -> None:
        self.jobs = [row for row in outcomes if row["kind"] in ("insertion_jobs", None)]
        self.money = [row for row in funding if row["state"] != "requested"]

    def rows(self, scope: str, unit: str) -> Rows:
        return [row for row in self.jobs if (row["scope"], row["unit"]) == (scope, unit)]

    def widest(self, unit: str) -> str:
        for scope in SCOPES:
            if any(known(row["target"]) or known(row["reached"]) for row in self.rows(scope, unit)):
                return scope
        return "programme"

    def target_reached(self, unit: str) -> float:
        rows = self.rows(self.widest(unit), unit)
        both = [row for row in rows if known(row["target"]) and known(row["reached"])]
        aims = total(row["target"] for row in both or rows)
        got = total(row["reached"] for row in both or rows)
        return got / aims if aims else math.nan

    def cost_per_post(self, unit: str) -> float:
        scope = self.widest(unit)
        posts = total(row["reached"] for row in self.rows(scope, unit))
        spent = total(row["amount_eur"] for row in self.animation(scope))
        return spent / posts if posts else math.nan

    def leverage(self) -> float:
        given_in = [scope for scope in SCOPES if any(row["scope"] == scope for row in self.all_money)]
        rows = self.animation(given_in[0] if given_in else "programme")
        own = total(row["amount_eur"] for row in rows if row["funder_id"] == "epci")
        other = total(row["amount_eur"] for row in rows if row["funder_id"] == "region")
        return other / own if own else math.nan

    all_money: Rows = []

    def animation(self, scope: str) -> Rows:
        return [row for row in self.money if row["scope"] == scope and row["purpose"] == "animation"]


def known(value: float | None) -> bool:
    return value is not None


def total(values: Any) -> float:
    found = [value for value in values if value is not None]
    return sum(found) if found else math.nan


def same(first: float, second: float) -> bool:
    return (math.isnan(first) and math.isnan(second)) or math.isclose(first, second)


@FEW
@given(results, grants)
def test_the_metrics_are_those_of_the_definitions(outcomes: Rows, funding: Rows) -> None:
    f, referee = filiere(outcomes, funding), Referee(outcomes, funding)
    referee.all_money = funding
    for unit in UNITS:
        assert same(insertion.target_reached(f, unit=unit), referee.target_reached(unit)), unit
    for unit in ("post", "fte"):
        assert same(insertion.cost_per_post(f, unit=unit), referee.cost_per_post(unit)), unit
    assert same(insertion.leverage(f), referee.leverage())


@FEW
@given(results, grants)
def test_a_cost_is_of_one_perimeter(outcomes: Rows, funding: Rows) -> None:
    """Money or posts of another perimeter, another purpose, another unit, change nothing."""
    f = filiere(outcomes, funding)
    for scope in SCOPES:
        own = filiere(
            [row for row in outcomes if row["scope"] == scope and row["unit"] == "post"] or outcomes[:0] or
            [{"scope": scope, "unit": "post"}],
            [row for row in funding if row["scope"] == scope and row["purpose"] == "animation"] or
            [{"scope": scope}],
        )  # fmt: skip
        assert same(insertion.cost_per_post(f, scope=scope), insertion.cost_per_post(own, scope=scope))


@FEW
@given(results)
def test_each_row_of_results_is_in_one_line_of_the_table(outcomes: Rows) -> None:
    """Posts, FTE and persons never meet: a line per perimeter, kind and unit, its sums those of its rows."""
    table = insertion.outcomes_by(filiere(outcomes, [{"scope": "programme"}]))
    sums: dict[tuple[str, str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in outcomes:
        key = (row["scope"], row["kind"] or "insertion_jobs", row["unit"])
        for column in ("target", "reached"):
            sums[key][column] += [row[column]] if known(row[column]) else []
        sums[key]["rows"].append(0)
    found = {(row.scope, row.kind, row.unit): row for row in table.itertuples()}
    assert set(found) == set(sums)
    for key, row in found.items():
        for column in ("target", "reached"):
            assert same(getattr(row, column), total(sums[key][column]))
        assert row.n_rows == len(sums[key]["rows"])


def test_a_result_of_which_nobody_says_what_it_is_about_keeps_its_line() -> None:
    """A structure created, of unknown kind: no insertion job, and not lost."""
    rows: Rows = [{"scope": "filiere", "unit": "structure", "target": 2.0, "reached": 1.0},
                  {"scope": "filiere", "unit": "post", "reached": 3.0}]  # fmt: skip
    table = insertion.outcomes_by(filiere(rows, [{"scope": "programme"}])).set_index("unit")
    assert table["kind"].to_dict() == {"structure": "", "post": "insertion_jobs"}
    assert table.loc["structure", ["target", "reached", "share", "n_rows"]].tolist() == [2.0, 1.0, 0.5, 1]


@FEW
@given(results)
def test_the_table_goes_from_the_widest_perimeter_to_the_narrowest(outcomes: Rows) -> None:
    scopes = insertion.outcomes_by(filiere(outcomes, [{"scope": "programme"}]))["scope"]
    places = [SCOPES.index(scope) for scope in scopes]
    assert places == sorted(places)


@FEW
@given(results, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(outcomes: Rows, random: Any) -> None:
    mixed = list(outcomes)
    random.shuffle(mixed)
    first, second = (filiere(rows, [{"scope": "programme"}]) for rows in (outcomes, mixed))
    pd.testing.assert_frame_equal(insertion.outcomes_by(first), insertion.outcomes_by(second))
    assert insertion.summary_sentence(first) == insertion.summary_sentence(second)
    found = [[one.message for check in insertion.CHECKS for one in check(f)] for f in (first, second)]
    assert found[0] == found[1]


@FEW
@given(results)
def test_a_missed_target_is_one_that_the_table_shows_as_missed(outcomes: Rows) -> None:
    f = filiere(outcomes, [{"scope": "programme"}])
    table = insertion.outcomes_by(f)
    short = table[table["share"] < 1]
    found = [one for check in insertion.CHECKS for one in check(f)]
    # at most one for each perimeter and unit, and one wherever there is something to tell
    assert len(found) == len(short[["scope", "unit"]].drop_duplicates())
    for one in found:
        assert one.quantity > 0 and one.rows["outcomes"]


# -- units are never added --------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["fte", "person", "structure", "event", "share"])
def test_another_unit_never_enters_a_sum_of_posts(other: str) -> None:
    """7 of 10 posts, beside any amount of something else: 0.7, and 1 000 € each."""
    rows: Rows = [{"scope": "programme", "unit": "post", "target": 10.0, "reached": 7.0}]
    more = rows + [
        {"scope": "programme", "unit": other, "target": 0.5, "reached": 0.25, "kind": "insertion_jobs"}
    ]
    money: Rows = [{"scope": "programme", "purpose": "animation", "state": "granted", "amount_eur": 7000.0}]
    for given_rows in (rows, more):
        f = filiere(given_rows, money)
        assert insertion.target_reached(f) == pytest.approx(0.7)
        assert insertion.cost_per_post(f) == pytest.approx(1000.0)
    table = insertion.outcomes_by(filiere(more, money)).set_index("unit")
    assert table["reached"].to_dict() == {"post": 7.0, other: 0.25}


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(UNITS, 2)))
def test_the_sentence_names_each_unit_apart(first: str, second: str) -> None:
    rows = [
        {"scope": "filiere", "unit": unit, "reached": value} for unit, value in ((first, 3.0), (second, 4.0))
    ]
    said = plain(insertion.summary_sentence(filiere(rows, [{"scope": "programme"}])))
    words = {"post": "postes créés", "fte": "ETP d’insertion", "person": "personnes en insertion"}
    assert f"3 {words[first]}" in said and f"4 {words[second]}" in said
    assert "7" not in said


def test_units_of_a_stage_are_columns_of_their_own() -> None:
    """Jobs, insertion, supervision and no diploma overlap: each is summed by itself."""
    f = Filiere.from_tables(
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        activities={"actor_id": ["a", "b"], "stage_id": "tri", "jobs_fte": [5.0, None],
                    "insertion_fte": [3.0, 1.0], "supervision_fte": [None, None], "no_diploma_fte": [4.0, 2.0]},
    )  # fmt: skip
    row = insertion.jobs_by_stage(f).loc["tri"]
    assert (row["jobs_fte"], row["jobs_fte_unknown"]) == (5.0, 1)
    assert (row["insertion_fte"], row["insertion_fte_unknown"]) == (4.0, 0)
    assert math.isnan(row["supervision_fte"]) and row["supervision_fte_unknown"] == 2
    assert row["no_diploma_fte"] == 6.0


# -- what is unknown --------------------------------------------------------------------------------------


@FEW
@given(results, grants, st.sampled_from([0.0, 3.0, 40.0]))
def test_bounds_hold_whatever_the_unknown_amounts_turn_out_to_be(
    outcomes: Rows, funding: Rows, amount: float
) -> None:
    """Whatever the blanks of the money are, G4 stays within the bounds that are given."""
    f = filiere(outcomes, funding)
    bounds = measure("G4", f)
    filled = [
        {**row, "amount_eur": amount if row["amount_eur"] is None else row["amount_eur"]} for row in funding
    ]
    value = measure("G4", filiere(outcomes, filled)).value
    if math.isnan(value) or math.isnan(bounds.value):
        return
    assert math.isnan(bounds.low) or value >= bounds.low - 1e-9
    assert math.isnan(bounds.high) or value <= bounds.high + 1e-9


@FEW
@given(results, st.sampled_from([0.0, 2.5, 30.0]))
def test_the_share_of_the_target_has_a_lower_bound_whatever_the_unknown_results_are(
    outcomes: Rows, reached: float
) -> None:
    """A row of unknown result may add to what was reached; its target counts in the bound already."""
    rows = [row for row in outcomes if known(row["target"])]
    if not rows:
        return
    f = filiere(rows, [{"scope": "programme"}])
    bounds = measure("G9", f)
    if "outcomes" not in bounds.rows:
        assert math.isnan(bounds.value)
        return
    scope, unit = bounds.scope, f.outcomes.loc[list(bounds.rows["outcomes"]), "unit"].iloc[0]
    filled = [{**row, "reached": reached if row["reached"] is None else row["reached"]} for row in rows]
    value = insertion.target_reached(filiere(filled, [{"scope": "programme"}]), scope=scope, unit=unit)
    assert math.isnan(bounds.low) or value >= bounds.low - 1e-9
    if not bounds.n_unknown:
        assert same(value, bounds.value) and same(bounds.low, bounds.high)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # low: 7 of 15 if the unknown result is 0; nothing bounds it from above
        ([(10.0, 7.0), (5.0, None)], (0.7, 7 / 15, math.nan, 1)),
        # a result without a target is compared with nothing here
        ([(10.0, 7.0), (None, 4.0)], (0.7, 0.7, 0.7, 0)),
        # neither row gives both: all that was reached with all that was expected
        ([(10.0, None), (None, 4.0)], (0.4, 0.4, 0.4, 0)),
        ([(10.0, None)], (math.nan, math.nan, math.nan, 1)),
        ([(None, None)], (math.nan, math.nan, math.nan, 1)),
        ([(0.0, 4.0)], (math.nan, math.nan, math.nan, 0)),
    ],
)
def test_g9_with_unknown_parts(
    rows: list[tuple[float | None, float | None]], expected: tuple[float, float, float, int]
) -> None:
    made = [{"scope": "programme", "unit": "post", "target": target, "reached": got} for target, got in rows]
    found = measure("G9", filiere(made, [{"scope": "programme"}]))
    assert all(
        same(*pair) for pair in zip((found.value, found.low, found.high), expected[:3], strict=True)
    ), found
    assert found.n_unknown == expected[3]


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        # 50 000 / 180 000
        ([("region", 50_000.0), ("epci", 180_000.0)], (50 / 180, 0)),
        # an amount of unknown funder is on neither side, an unknown amount is counted
        ([("region", 50_000.0), ("epci", 180_000.0), (None, 9e9)], (50 / 180, 0)),
        ([("region", 50_000.0), ("epci", 180_000.0), ("region", None)], (50 / 180, 1)),
        # nothing of the body itself: no ratio, and not infinite
        ([("region", 50_000.0)], (math.nan, 0)),
        ([("region", 50_000.0), ("epci", 0.0)], (math.nan, 0)),
        ([("region", 50_000.0), ("epci", None)], (math.nan, 1)),
        ([("epci", 180_000.0)], (math.nan, 0)),
        ([("region", 0.0), ("epci", 180_000.0)], (0.0, 0)),
    ],
)
def test_g5_with_unknown_parts(
    money: list[tuple[str | None, float | None]], expected: tuple[float, int]
) -> None:
    rows = [{"scope": "programme", "purpose": "animation", "state": "paid", "funder_id": who, "amount_eur": amount}
            for who, amount in money]  # fmt: skip
    found = measure("G5", filiere([{"scope": "programme", "unit": "post"}], rows))
    assert same(found.value, expected[0])
    assert found.n_unknown == expected[1]
    # with an amount unknown there is no bound to give
    assert math.isnan(found.low) or not found.n_unknown
