"""What holds of any scenario: nothing beyond what it says, the same in any order, and back again by its opposite.

The filière of `test_scenarios_apply`, with prices: A → B is declared twice (100 t for 5 000 €, 96 t), B → C is 80 t for
8 000 €, B → D is unknown. B and C have capacities, demands and jobs that are known.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import ArgumentError, ChaineValeurError
from chaine_valeur.planning.scenarios import (
    Change,
    Scenario,
    add_activity,
    add_cooperation,
    add_demand,
    add_flow,
    add_supply,
    apply,
    scenarios_of,
    stop_actor,
)
from chaine_valeur.schema import table, tables
from tests.planning.test_scenarios_apply import TABLES

pytestmark = pytest.mark.long

FIGURES = {
    "flows": ["quantity_t_per_year", "amount_eur_per_year"],
    "markets": ["quantity_t_per_year"],
    "activities": ["capacity_t_per_year", "jobs_fte", "insertion_fte", "supervision_fte"],
}


@cache
def priced() -> Filiere:
    flows = {**TABLES["flows"], "amount_eur_per_year": [5000, None, 8000, None], "max_t_per_year": [None] * 4}
    activities = {**TABLES["activities"], "supervision_fte": [None, 1, None, None, None]}
    return Filiere.from_tables(**{**TABLES, "flows": flows, "activities": activities})


def figures(f: Filiere) -> dict[tuple[str, str, str], float]:
    """Every figure that a scenario may change, by table, row and column."""
    return {
        (name, str(key), column): float(value)
        for name, columns in FIGURES.items()
        for column in columns
        for key, value in f.table(name)[column].items()
    }


def same(one: dict[Any, float], two: dict[Any, float]) -> bool:
    assert set(one) == set(two)
    return bool(np.allclose([one[key] for key in one], [two[key] for key in one], rtol=1e-9, equal_nan=True))


def made(kind: str, amount: float) -> Change:
    """A change of a figure that is known, by so much."""
    return {
        "ab": add_flow("coton", amount, source="a", target="b"),
        "bc": add_flow("coton", amount, source="b", target="c"),
        "demand": add_demand("coton", amount, actor_id="c"),
        "supply": add_supply("coton", amount, actor_id="a"),
        "capacity": add_activity("tri", actor_id="b", capacity_t_per_year=amount),
        "jobs": add_activity(
            "tri", actor_id="b", jobs_fte=amount, insertion_fte=amount, supervision_fte=amount
        ),
    }[kind]


amounts = st.integers(1, 400).map(lambda quarter: quarter / 4)
kinds = ["ab", "bc", "demand", "supply", "capacity", "jobs"]
changes = st.lists(st.tuples(st.sampled_from(kinds), amounts), min_size=1, max_size=5)


# -- back and forth -------------------------------------------------------------------------------------------


@settings(max_examples=7, deadline=None)
@given(drawn=changes)
def test_a_scenario_and_its_opposite_give_back_every_figure(drawn: list[tuple[str, float]]) -> None:
    there = apply(priced(), Scenario("Plus", [made(*one) for one in drawn]))
    back = apply(there, Scenario("Moins", [made(kind, -amount) for kind, amount in reversed(drawn)]))
    assert same(figures(back), figures(priced()))
    assert not same(figures(there), figures(priced()))
    assert list(back.flows.index) == list(priced().flows.index)


@settings(max_examples=7, deadline=None)
@given(drawn=changes, order=st.randoms(use_true_random=False))
def test_the_order_of_additions_does_not_matter(drawn: list[tuple[str, float]], order: Any) -> None:
    shuffled = list(drawn)
    order.shuffle(shuffled)
    one, two = (
        apply(priced(), Scenario("S", [made(*each) for each in listed])) for listed in (drawn, shuffled)
    )
    assert same(figures(one), figures(two))
    said = [
        set(f.cell_sources[["table", "row_id", "column"]].itertuples(index=False, name=None))
        for f in (one, two)
    ]
    assert said[0] == said[1]


@settings(max_examples=7, deadline=None)
@given(drawn=changes)
def test_nothing_else_changes(drawn: list[tuple[str, float]]) -> None:
    touched = {
        "ab": {("flows", "ab"), ("flows", "ab2")}, "bc": {("flows", "bc")}, "demand": {("markets", "c-sur")},
        "supply": {("markets", "b-offre")}, "capacity": {("activities", "b")}, "jobs": {("activities", "b")},
    }  # fmt: skip
    rows = set().union(*(touched[kind] for kind, _ in drawn))
    f = apply(priced(), Scenario("S", [made(*one) for one in drawn]))
    for name in tables():
        before, after = priced().table(name), f.table(name)
        if name == "cell_sources":
            assert {(t, r) for t, r in after[["table", "row_id"]].itertuples(index=False, name=None)} == rows
            continue
        assert list(before.index) == list(after.index) and list(before.columns) == list(after.columns)
        still = [key for key in before.index if (name, str(key)) not in rows]
        pd.testing.assert_frame_equal(before.loc[still], after.loc[still])
        for key in set(before.index) - set(still):  # of a row that changed, other cells did not
            other = [column for column in before if column not in FIGURES[name]]
            pd.testing.assert_series_equal(before.loc[key, other], after.loc[key, other])


@settings(max_examples=8, deadline=None)
@given(drawn=changes)
def test_every_cell_that_changed_is_said_to_be_supposed_and_no_other(drawn: list[tuple[str, float]]) -> None:
    f = apply(priced(), Scenario("S", [made(*one) for one in drawn]))
    one, two = figures(priced()), figures(f)
    moved = {key for key in one if one[key] != two[key] and not (np.isnan(one[key]) and np.isnan(two[key]))}
    said = list(f.cell_sources[["table", "row_id", "column"]].itertuples(index=False, name=None))
    assert len(said) == len(set(said)) and set(said) == moved
    assert set(f.cell_sources["confidence"]) == {"hypothesis"}


@settings(max_examples=3, deadline=None)
@given(drawn=changes, closed=st.booleans(), new=st.booleans())
def test_what_comes_out_is_a_filiere_like_any_other(drawn: list[Any], closed: bool, new: bool) -> None:
    listed = [made(*one) for one in drawn]
    listed += [stop_actor("d")] if closed else []
    listed += [add_activity("vente", new_actor="Neuf"), add_flow("coton", 1, source="b", new_actor="Neuf"),
               add_cooperation(actor_id="a", new_actor="Neuf")] if new else []  # fmt: skip
    f = apply(priced(), Scenario("S", listed))
    assert f.problems.equals(priced().problems)
    for name in f:
        assert f.with_table(name, f.table(name).reset_index()) == f
        assert f.table(name).dtypes.equals(priced().table(name).dtypes), name


# -- money ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "tonnes", "euros"),
    [(20, 100, 10_000), (-80, 0, 0), (-40, 40, 4_000)],  # 8 000 € for 80 t are 100 €/t
)
def test_what_is_paid_follows_at_the_price_of_today(more: float, tonnes: float, euros: float) -> None:
    row = apply(priced(), Scenario("S", [add_flow("coton", more, source="b", target="c")])).flows.loc["bc"]
    assert (row["quantity_t_per_year"], row["amount_eur_per_year"]) == (tonnes, euros)


def test_of_two_declarations_each_keeps_its_own_price() -> None:
    rows = apply(priced(), Scenario("S", [add_flow("coton", 10, source="a", target="b")])).flows
    # 5 000 € for 100 t, then 110 t: 5 500 €; nothing is known of what the other declaration pays
    assert rows.loc["ab", "amount_eur_per_year"] == pytest.approx(5500)
    assert pd.isna(rows.loc["ab2", "amount_eur_per_year"])


def test_no_price_can_be_told_of_nothing() -> None:
    flows = {
        **TABLES["flows"],
        "quantity_t_per_year": [100, 96, 0, None],
        "amount_eur_per_year": [None, None, 50, 7],
    }
    f = Filiere.from_tables(**{**TABLES, "flows": flows})
    grown = apply(f, Scenario("S", [add_flow("coton", 10, source="b", target="c")])).flows
    assert grown.loc["bc", ["quantity_t_per_year", "amount_eur_per_year"]].tolist() == [10, 50]
    assert grown.loc["bd", "amount_eur_per_year"] == 7


# -- which row ------------------------------------------------------------------------------------------------


def between(*rows: dict[str, Any]) -> Filiere:
    """A filière in which A and B hold two stages each, with several flows between them."""
    frame = pd.DataFrame([{"source": "A", "target": "B", "material_id": "coton", **row} for row in rows])
    activities = {"activity_id": ["a1", "a2", "b1", "b2"], "actor_id": ["A", "A", "B", "B"],
                  "stage_id": ["collecte", "tri", "tri", "vente"]}  # fmt: skip
    return Filiere.from_tables(**{**TABLES, "activities": activities, "flows": frame, "markets": None})


def tonnes(f: Filiere) -> dict[str, float]:
    return {str(key): float(value) for key, value in f.flows["quantity_t_per_year"].items()}


def test_a_stage_tells_two_flows_of_one_pair_apart() -> None:
    f = between({"flow_id": "x", "source_stage": "collecte", "target_stage": "tri", "quantity_t_per_year": 10},
                {"flow_id": "y", "source_stage": "tri", "target_stage": "vente", "quantity_t_per_year": 20})  # fmt: skip
    grown = apply(f, Scenario("S", [add_flow("coton", 5, source="a", target="b", source_stage="tri")]))
    assert tonnes(grown) == {"x": 10, "y": 25}
    assert (
        tonnes(apply(f, Scenario("S", [add_flow("coton", 5, source="a", target="b", target_stage="tri")])))[
            "x"
        ]
        == 15
    )
    # none of them goes from the sorting to the sorting: a new passage
    new = apply(
        f,
        Scenario("S", [add_flow("coton", 5, source="a", target="b", source_stage="tri", target_stage="tri")]),
    )
    assert tonnes(new) == {"x": 10, "y": 20, "flows-scenario-1": 5}


def test_a_flow_that_tells_no_stage_may_be_any() -> None:
    f = between({"flow_id": "x", "quantity_t_per_year": 10})
    assert tonnes(
        apply(f, Scenario("S", [add_flow("coton", 5, source="a", target="b", source_stage="tri")]))
    ) == {"x": 15}


def test_the_other_way_round_is_another_flow() -> None:
    f = between({"flow_id": "x", "quantity_t_per_year": 10})
    assert tonnes(apply(f, Scenario("S", [add_flow("coton", 5, source="b", target="a")]))) == {
        "x": 10, "flows-scenario-1": 5}  # fmt: skip


def test_to_the_outside_is_not_to_somebody() -> None:
    f = between(
        {"flow_id": "x", "quantity_t_per_year": 10},
        {"flow_id": "y", "target": None, "quantity_t_per_year": 3},
    )
    assert tonnes(apply(f, Scenario("S", [add_flow("coton", 5, source="a")]))) == {"x": 10, "y": 8}


def test_a_closed_flow_is_not_opened_again_by_accident() -> None:
    f = between({"flow_id": "x", "quantity_t_per_year": 10, "status": "closed"})
    assert tonnes(apply(f, Scenario("S", [add_flow("coton", 5, source="a", target="b")]))) == {
        "x": 10, "flows-scenario-1": 5}  # fmt: skip


def test_three_declarations_of_one_flow_grow_together() -> None:
    f = between({"flow_id": "x", "quantity_t_per_year": 10},
                {"flow_id": "y", "quantity_t_per_year": 12, "same_flow_as": "x"},
                {"flow_id": "z", "quantity_t_per_year": None, "same_flow_as": "x"})  # fmt: skip
    grown = tonnes(apply(f, Scenario("S", [add_flow("coton", 5, source="a", target="b")])))
    assert grown["x"] == 15 and grown["y"] == 17 and np.isnan(grown["z"])


def test_a_passage_without_tonnage_opens_once() -> None:
    f = between({"flow_id": "x", "quantity_t_per_year": 10})
    opened = apply(
        f,
        Scenario("S", [add_flow("coton", source="b", target="a"), add_flow("coton", source="b", target="a")]),
    )
    assert list(opened.flows.index) == ["x", "flows-scenario-1"]
    # what is added to a tonnage that nobody knows is not known either
    more = apply(
        f,
        Scenario(
            "S", [add_flow("coton", source="b", target="a"), add_flow("coton", 5, source="b", target="a")]
        ),
    )
    assert np.isnan(tonnes(more)["flows-scenario-1"])


# -- each example ---------------------------------------------------------------------------------------------

EXAMPLES = ["exemple_complet", "textiles_usages", "lin_composite", "textiles_france_2020"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_new_structure_at_every_stage_of_an_example(name: str) -> None:
    f = datasets.load(name)
    listed = [
        add_activity(stage, new_actor=f"Neuf {place}", structure_kind="ACI", insertion_fte=12)
        for place, stage in enumerate(f.stages.index)
    ]
    after = apply(f, Scenario("Partout", listed))
    new = after.actors[~after.actors.index.isin(f.actors.index)]
    assert len(new) == len(f.stages) == len(after.activities) - len(f.activities)
    assert after.network.holders.sum() == f.network.holders.sum() + len(f.stages)
    assert (after.network.holders >= 1).all()
    if f.territory_id is not None:
        assert after.is_local()[new.index].fillna(False).all()
    assert set(f.network.flow_ids) == set(after.network.flow_ids)


@pytest.mark.parametrize("name", EXAMPLES)
def test_whoever_stops_in_an_example_takes_its_flows_along_and_no_other(name: str) -> None:
    f = datasets.load(name)
    net = f.network
    ends = np.bincount(np.concatenate([net.flow_source, net.flow_target]) + 1, minlength=net.n_actors + 1)[1:]
    actor = str(net.actor_ids[int(ends.argmax())])
    after = apply(f, Scenario("Arrêt", [stop_actor(actor)]))
    parts = set(f.actors.index[(f.actors["part_of"] == actor).to_numpy(bool, na_value=False)]) | {actor}
    rows = f.flows.loc[list(net.flow_ids)]
    kept = rows[~(rows["source"].isin(parts) | rows["target"].isin(parts))]
    assert set(after.network.flow_ids) == set(kept.index) < set(net.flow_ids)
    for table_name in tables():
        if table_name not in ("actors", "cell_sources"):
            assert after.table(table_name).equals(f.table(table_name))


@pytest.mark.parametrize("year", [2023, 2024])
def test_at_a_year_then_changed_or_changed_then_at_that_year(year: int) -> None:
    """The two ways round give the same filière, whatever the scenario of the example says."""
    f = datasets.load("exemple_complet")
    at = f.at(year)
    for scenario in scenarios_of(f).values():
        blank = Scenario(scenario.name, [Change(**{**vars(one), "year": None}) for one in scenario])
        try:
            before = apply(at, blank)
        except ChaineValeurError as error:  # what there is to take off is not there in every year
            with pytest.raises(type(error)):
                apply(f, blank, year=year)
            continue
        after = apply(f, blank, year=year).at(year)
        assert same(figures(before), figures(after))
        assert before.year == after.year == year


def test_a_change_that_fails_leaves_nothing_behind() -> None:
    f = priced()
    before = {name: f.table(name).copy() for name in tables()}
    with pytest.raises(ArgumentError):
        apply(f, Scenario("S", [made("ab", 10), add_flow("coton", -1000, source="b", target="c")]))
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)


def test_the_hypothesis_speaks_the_language_asked_for() -> None:
    scenario = Scenario("Plus", [made("ab", 10)])
    for lang, word in (("fr", "Scénario"), ("en", "Scenario")):
        said = apply(priced(), scenario, lang=lang).cell_sources["hypothesis"]
        assert said.str.startswith(word).all() and said.str.contains("Plus").all()


def test_columns_of_figures_are_those_of_the_schema() -> None:
    for name, columns in FIGURES.items():
        assert all(table(name)[column].type == "number" for column in columns)
