"""Which supplies and demands count, at which level, for whom, and what comes from outside."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from chaine_valeur import Filiere, UnknownNameError
from chaine_valeur.analysis.flows.carrying.result import served_t, throughput
from tests.flows.carrying import CLOSE, MARKET, OPERATION, RESOURCE, chain

STAGES = {"gisement": RESOURCE, "tri": OPERATION, "vente": MARKET}
ACTORS = {"G": "gisement", "H": "gisement", "T": "tri", "V": "vente", "W": "vente"}
FLOWS = [("G", "T", "a"), ("H", "T", "a"), ("T", "V", "a"), ("T", "W", "a")]
PLENTY = [("V", "a", 1000)]


def with_markets(rows: list[dict], **others: object) -> Filiere:
    markets = pd.DataFrame(rows).assign(market_id=[f"m{place}" for place in range(len(rows))])
    return chain(STAGES, ACTORS, FLOWS, **({"markets": markets, "materials": {"name": ["a", "b"]}} | others))


def supply(t: float | None, level: str | None = None, **where: str) -> dict:
    return {"kind": "supply", "material_id": "a", "quantity_t_per_year": t, "level": level} | where


def demand(t: float | None, level: str | None = None, **where: str) -> dict:
    return supply(t, level, **where) | {"kind": "demand"}


ASKED = demand(1000, actor_id="V")


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("firmest", 30 + 9),  # mobilized of G; H states raw only
        ("mobilized", 30 + 9),
        ("mobilizable", 60 + 9),
        ("raw", 100 + 9),
    ],
)
def test_the_level_of_supplies(level: str, expected: float) -> None:
    f = with_markets(
        [supply(100, "raw", actor_id="G"), supply(60, "mobilizable", actor_id="G"),
         supply(30, "mobilized", actor_id="G"), supply(9, "raw", actor_id="H"), ASKED]
    )  # fmt: skip
    assert served_t(f, supply_level=level) == pytest.approx(expected, **CLOSE)


def test_rows_of_one_supply_add_up() -> None:
    f = with_markets([supply(10, actor_id="G"), supply(5, actor_id="G"), supply(1, actor_id="H"), ASKED])
    assert served_t(f) == pytest.approx(16, **CLOSE)


@pytest.mark.parametrize("where", [{"stage_id": "gisement"}, {}], ids=["of the stage", "of the territory"])
def test_a_supply_without_an_actor_is_shared(where: dict) -> None:
    # G has 3 t of its own; the 10 t without a name are for those who state none
    f = with_markets([supply(3, "mobilized", actor_id="G"), supply(10, "mobilized", **where), ASKED])
    assert served_t(f) == pytest.approx(13, **CLOSE)
    # without one of its own, all share the 10 t
    assert served_t(with_markets([supply(10, **where), ASKED])) == pytest.approx(10, **CLOSE)


def test_a_supply_of_any_material_and_of_another() -> None:
    anything = supply(10, actor_id="G") | {"material_id": None}
    other = supply(10, actor_id="G") | {"material_id": "b"}
    nothing_of_h = supply(0, actor_id="H")
    assert served_t(with_markets([anything, nothing_of_h, ASKED])) == pytest.approx(10, **CLOSE)
    # of b, which G does not send: its a is still without limit, up to the demand
    assert served_t(with_markets([other, nothing_of_h, ASKED])) == pytest.approx(1000, **CLOSE)


def test_a_supply_without_a_quantity_is_without_limit() -> None:
    f = with_markets([supply(None, actor_id="G"), supply(0, actor_id="H"), ASKED])
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(1000, **CLOSE)
    row = found.unlimited.iloc[0]
    assert row[["kind", "actor_id", "material_id", "market_id"]].to_list() == [
        "supply_unknown",
        "g",
        "a",
        "m0",
    ]
    assert row["t_per_year"] == pytest.approx(1000) and row["used"]
    assert any("stated without a quantity: a (G)" in note for note in found.notes(lang="en"))


def test_a_resource_without_a_stated_supply_is_told() -> None:
    found = throughput(with_markets([supply(4, actor_id="G"), ASKED]))
    assert found.served_t_per_year == pytest.approx(1000, **CLOSE)
    assert found.unlimited[["kind", "actor_id"]].values.tolist() == [["supply", "h"]]
    assert found.unlimited["t_per_year"].to_list() == pytest.approx([1000 - 4], abs=4)


def test_a_supply_of_what_the_chain_brings_is_no_further_source() -> None:
    f = with_markets([supply(4, actor_id="G"), supply(5, actor_id="H"), supply(50, actor_id="T"), ASKED])
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(9, **CLOSE)
    assert found.aside[["kind", "actor_id", "market_id"]].values.tolist() == [["inside", "t", "m2"]]


def test_a_supply_bounds_what_is_made_of_nothing_recorded() -> None:
    # a farm makes straw and grain; only its straw is stated, 40 t of each tonne of crop 0.4
    f = chain({"ferme": RESOURCE, "vente": MARKET}, {"G": "ferme", "V": "vente"},
              [("G", "V", "paille"), ("G", "V", "grain")],
              recipes=[("ferme", "out", "paille", 0.4), ("ferme", "out", "grain", 0.6)],
              supplies=[("G", "paille", 40)], demands=[("V", "paille", 30), ("V", "grain", 500)])  # fmt: skip
    # 100 t of crop: 40 t of straw, of which 30 asked, 60 t of grain
    assert served_t(f) == pytest.approx(90, **CLOSE)


def test_demands_of_actors_add_up_and_levels_of_one_do_not() -> None:
    f = with_markets([
        demand(70, "contracted", actor_id="V"), demand(220, "verified", actor_id="V"),
        demand(100, "expressed", actor_id="V"), demand(40, "contracted", actor_id="W"),
    ])  # fmt: skip
    found = throughput(f)
    assert found.served[["actor_id", "demand_t_per_year", "market_id"]].values.tolist() == [
        ["v", 220, "m1"], ["w", 40, "m3"],
    ]  # fmt: skip
    assert found.served_t_per_year == pytest.approx(260, **CLOSE)
    assert found.aside["kind"].to_list() == ["other_level"] * 2
    assert set(found.aside["market_id"]) == {"m0", "m2"}


def test_a_demand_without_an_actor_is_shared_by_those_without_their_own() -> None:
    f = with_markets([supply(50, stage_id="gisement"), demand(3, actor_id="V"), demand(8, stage_id="vente")])
    found = throughput(f)
    assert found.served["served_t_per_year"].to_list() == pytest.approx([3, 8])
    assert found.flows.to_dict()["f3"] == pytest.approx(8)  # all of it through W
    everywhere = with_markets([supply(50, stage_id="gisement"), demand(8)])
    assert served_t(everywhere) == pytest.approx(8, **CLOSE)


def test_the_firmest_demands_are_served_first() -> None:
    f = with_markets([supply(10, stage_id="gisement"), demand(8, "expressed", actor_id="V"),
                      demand(8, "contracted", actor_id="W")])  # fmt: skip
    found = throughput(f)
    assert found.served.set_index("actor_id")["served_t_per_year"].to_dict() == pytest.approx(
        {"v": 2, "w": 8}
    )


def test_outlets_that_one_pays_for_are_no_demand() -> None:
    paid = demand(500, actor_id="W") | {"price_eur_per_t": -118}
    f = with_markets([demand(5, actor_id="V"), paid])
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(5, **CLOSE)
    assert found.aside[["kind", "market_id"]].values.tolist() == [["outlet", "m1"]]
    waste = with_markets([demand(5, actor_id="V")], materials={"name": ["a"], "kind": ["waste"]})
    assert throughput(waste).status == "nothing"


def test_a_demand_without_a_quantity() -> None:
    f = with_markets([supply(7, stage_id="gisement"), demand(None, actor_id="V")])
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(7, **CLOSE)
    assert math.isnan(found.served["unmet_share"].item())
    assert found.unlimited["kind"].to_list() == ["demand_unknown"]
    assert found.notes(lang="en")[0].replace("\u00a0", " ") == "The chain can serve 7 t/year (a)."
    # of two levels, one without a quantity, the known one counts
    two = with_markets([supply(7, stage_id="gisement"), demand(None, "expressed", actor_id="V"),
                        demand(2, "contracted", actor_id="V")])  # fmt: skip
    assert served_t(two) == pytest.approx(2, **CLOSE)


def test_where_no_demand_is_stated_markets_buy_without_limit() -> None:
    f = with_markets([supply(4, actor_id="G"), supply(5, actor_id="H")])
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(9, **CLOSE)
    assert found.served[["actor_id", "stage_id", "material_id"]].values.tolist() == [
        ["v", "vente", "a"], ["w", "vente", "a"],
    ]  # fmt: skip
    assert set(found.unlimited["kind"]) == {"market"}
    # once somebody states one, the others are outlets that do not count
    assert served_t(with_markets([supply(9, stage_id="gisement"), demand(2, actor_id="V")])) == pytest.approx(
        2
    )


def test_what_is_asked_to_be_passed_on_is_counted_once() -> None:
    # T asks for 100 t and sells to V, who asks for 30 t: 30 t, not 130
    f = with_markets([demand(100, actor_id="T"), demand(30, actor_id="V")])
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(30, **CLOSE)
    assert found.aside[["kind", "actor_id"]].values.tolist() == [["passed_on", "t"]]
    # where nobody else asks, it is the end of what is known
    alone = with_markets([supply(20, stage_id="gisement"), demand(100, actor_id="T")])
    assert served_t(alone) == pytest.approx(20, **CLOSE)


def test_imports() -> None:
    f = chain({"tri": OPERATION, "vente": MARKET}, {"T": "tri", "V": "vente"},
              [(None, "T", "a", 6), (None, "T", "a"), ("T", "V", "a")], capacity={"T": 50},
              demands=[("V", "a", 99)])  # fmt: skip
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(50, **CLOSE)
    assert found.unlimited[["kind", "flow_id"]].values.tolist() == [["import", "f1"]]  # f0 has a capacity
    closed = throughput(f, imports=False)
    assert (closed.status, closed.served_t_per_year) == ("nothing", 0)


def test_an_actor_that_stands_for_the_outside() -> None:
    stages = {"loin": RESOURCE, "tri": OPERATION, "vente": MARKET}
    f = chain(stages, {"dehors": "loin", "T": "tri", "V": "vente"}, [("dehors", "T", "a"), ("T", "V", "a")],
              demands=[("V", "a", 9)])  # fmt: skip
    f = f.with_rows("actors", {"actor_id": ["dehors"], "name": ["Dehors"], "actor_type": ["outside"]})
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(9, **CLOSE)
    assert found.unlimited[["kind", "actor_id"]].values.tolist() == [["import", "dehors"]]
    assert served_t(f, imports=False) == 0


def test_only_active_rows_and_every_declaration_of_a_flow() -> None:
    flows = pd.DataFrame(
        {
            "flow_id": ["x", "y", "z", "p"],
            "source": ["G", "T", "T", "H"], "target": ["T", "V", "V", "T"], "material_id": "a",
            "capacity_t_per_year": [None, None, 6, None], "quantity_t_per_year": [5, 40, None, 1],
            "min_t_per_year": [10, None, None, None], "max_t_per_year": [None, 1, None, None],
            "same_flow_as": [None, None, "y", None], "status": [None, None, None, "planned"],
        }
    )  # fmt: skip
    tables = {"materials": {"name": ["a"]}}
    f = chain(STAGES, ACTORS, [], demands=PLENTY, **tables).with_table("flows", flows.set_index("flow_id"))
    # quantities, minimum and maximum are no limits; the capacity that a second declaration of y states is one
    assert throughput(f).flows.to_dict() == pytest.approx({"x": 6, "y": 6})


def test_actors_taken_out() -> None:
    f = with_markets([supply(4, actor_id="G"), supply(5, actor_id="H"), ASKED])
    assert served_t(f, without=["g"]) == pytest.approx(5, **CLOSE)
    assert served_t(f, without="t") == 0
    assert served_t(f, without=["v"]) == 0
    assert served_t(f) == pytest.approx(9, **CLOSE)


def test_unknown_names() -> None:
    f = with_markets([ASKED])
    with pytest.raises(UnknownNameError, match="firmest"):
        throughput(f, supply_level="firmes")
    with pytest.raises(UnknownNameError, match="no material 'c'"):
        throughput(f, materials=["c"])
    with pytest.raises(UnknownNameError, match="no actor 'nobody'"):
        served_t(f, without=["nobody"])
