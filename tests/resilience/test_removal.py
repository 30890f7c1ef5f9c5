"""Supply as actors stop, and criticality: by hand and against a search after each removal."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.flows.carrying.result import served_t
from chaine_valeur.analysis.resilience import criticality, supply_availability
from chaine_valeur.analysis.resilience import removal as module
from chaine_valeur.analysis.resilience._supply import supply_of
from chaine_valeur.analysis.resilience.removal import AVAILABILITY_COLUMNS
from chaine_valeur.errors import ArgumentError, UnknownNameError
from tests.resilience.hand import hand, passing
from tests.resilience.test_cuts import Pairs, exchanges, supplied


def curve(frame: pd.DataFrame, removal: str) -> pd.DataFrame:
    return frame[frame["removal"] == removal].reset_index(drop=True)


def test_a_chain_by_hand() -> None:
    """s → x → b: whichever of the two stops first, the buyer is no longer supplied."""
    found = supply_availability(passing(("s", "x"), ("x", "b")), draws=3)
    assert found.columns.tolist() == AVAILABILITY_COLUMNS
    for removal in ("random", "targeted"):
        part = curve(found, removal)
        assert part["n_removed"].tolist() == [0, 1, 2]
        assert part["removed_share"].tolist() == [0.0, 0.5, 1.0]
        assert part["supplied_share"].tolist() == [1.0, 0.0, 0.0]


def test_the_largest_first() -> None:
    """s1 sends 30 t to b1 and s2 10 t to b2: s1 stops first, though s2 has the first row."""
    f = passing(("s2", "b2"), ("s1", "b1"), quantity_t_per_year=[10.0, 30.0])
    found = curve(supply_availability(f), "targeted")
    assert found["supplied_share"].tolist() == [1.0, 0.5, 0.0]
    assert found["low"].tolist() == found["high"].tolist() == [1.0, 0.5, 0.0]


def test_at_equal_tonnes_the_one_with_most_customers() -> None:
    f = passing(("s1", "b1"), ("s2", "b1"), ("s2", "b2"), ("s2", "b3"))
    # nothing is known of the tonnes: s2 stops first, b1 keeps s1
    assert curve(supply_availability(f), "targeted")["supplied_share"].tolist() == [1.0, 1 / 3, 0.0]


def test_imports_stay_whoever_stops() -> None:
    """b2 is supplied from outside by nobody's name: it stays."""
    f = passing(("s", "b1"), (None, "b2"), quantity_t_per_year=[3.0, 5.0])
    assert curve(supply_availability(f), "targeted")["supplied_share"].tolist() == [1.0, 0.5]


def test_a_buyer_that_stops_is_supplied_no_more() -> None:
    """b1 passes on to b2: it may stop, and then neither is supplied."""
    f = passing((None, "b1"), ("b1", "b2"))
    assert curve(supply_availability(f), "targeted")["supplied_share"].tolist() == [1.0, 0.0]


def test_the_mean_of_the_random_orders() -> None:
    """Two suppliers of a buyer each: after one stop exactly half is supplied, in any order."""
    f = passing(("s1", "b1"), ("s2", "b2"))
    found = curve(supply_availability(f, draws=20), "random")
    assert found["supplied_share"].tolist() == [1.0, 0.5, 0.0]
    # one supplier of both and one of nobody that buys: half of the orders lose all at the first stop
    g = passing(("s1", "b1"), ("s1", "b2"), ("s2", "x"))
    found = curve(supply_availability(g, draws=400, seed=3), "random")
    assert found["supplied_share"].tolist()[0] == 1.0
    assert abs(found["supplied_share"].tolist()[1] - 0.5) < 0.1
    assert (found["low"].tolist()[1], found["high"].tolist()[1]) == (0.0, 1.0)


def test_the_seed_decides() -> None:
    first, again = supply_availability(hand(), seed=5), supply_availability(hand(), seed=5)
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(supply_availability(hand(), seed=6))


def test_points_are_spread_evenly() -> None:
    names = [f"s{number}" for number in range(20)]
    f = passing(*((name, "b") for name in names))
    found = curve(supply_availability(f, draws=2, points=5), "random")
    assert found["n_removed"].tolist() == [0, 5, 10, 15, 20]
    assert found["supplied_share"].tolist() == [1.0, 1.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize("f", [passing(("s", "x")), Filiere.from_tables(actors={"name": ["A"]})])
def test_no_buyer_is_supplied(f: Filiere) -> None:
    found = supply_availability(f)
    assert found.empty
    assert found.columns.tolist() == AVAILABILITY_COLUMNS
    assert found["supplied_share"].dtype == "float64"


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"points": 1}, {"coverage": 1.0}, {"coverage": 0.0}])
def test_arguments_without_a_sense(wrong: dict[str, float]) -> None:
    with pytest.raises(ArgumentError, match="at least 1, at least 2"):
        supply_availability(hand(), **wrong)


@settings(max_examples=8)
@given(exchanges())
def test_the_targeted_curve_by_removal_one_after_the_other(pairs: Pairs) -> None:
    f = passing(*pairs)
    before = supplied(pairs)
    found = curve(supply_availability(f, draws=2), "targeted")
    if not before:
        assert found.empty
        return
    customers = {name: {b for a, b in pairs if a == name and b} for name in f.actors.index}
    order = sorted((name for name in f.actors.index if customers[name]),
                   key=lambda name: -len(customers[name]))  # fmt: skip
    fed = {target for _, target in pairs if target}
    origins = {source for source, _ in pairs if source and (source[0] == "s" or source not in fed)}
    graph = nx.DiGraph([("root", "import"), *(("root", name) for name in origins)])
    graph.add_edges_from((a or "import", b) for a, b in pairs if b)
    shares = []
    for count in range(len(order) + 1):
        left = nx.restricted_view(graph, [name for name in order[:count] if name in graph], [])
        shares.append(len(before & nx.descendants(left, "root")) / len(before))
    assert np.allclose(found["supplied_share"], shares)
    drawn = curve(supply_availability(f, draws=6), "random")
    assert (drawn["supplied_share"].diff().dropna() <= 1e-12).all()
    assert (drawn["low"] <= drawn["high"]).all()
    assert drawn["supplied_share"].between(0, 1).all()


def test_blocks_of_draws_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = supply_availability(hand(), draws=17)
    monkeypatch.setattr(module, "_AT_ONCE", 3 * len(supply_of(hand()).edges[0]))
    pd.testing.assert_frame_equal(whole, supply_availability(hand(), draws=17))


# -- criticality -------------------------------------------------------------------------------------


def max_flow(f: Filiere) -> float:
    """What may flow from suppliers to buyers, the tonnes of each flow as its capacity."""
    net, graph = f.network, nx.DiGraph()
    graph.add_nodes_from(["in", "out"])
    ids = net.actor_ids
    for a, b, t in zip(net.flow_source, net.flow_target, net.flow_t, strict=True):
        ends = ("in" if a < 0 else ids[a], "out" if b < 0 else ids[b])
        old = graph.get_edge_data(*ends, {"capacity": 0.0})["capacity"]
        graph.add_edge(*ends, capacity=old + (0.0 if math.isnan(t) else float(t)))
    for name in ids:
        if name in graph:
            if name[0] == "s":
                graph.add_edge("in", name)
            if name[0] == "b":
                graph.add_edge(name, "out")
    return float(nx.maximum_flow_value(graph, "in", "out"))


def test_criticality_by_hand() -> None:
    """s1 →30→ x →25→ b1, s2 →10→ b2: 25 + 10 served. Without s1, x or b1, 10; without s2 or b2, 25."""
    f = passing(("s1", "x"), ("x", "b1"), ("s2", "b2"), quantity_t_per_year=[30.0, 25.0, 10.0])
    found = criticality(f, served=max_flow)
    assert found.name == "criticality"
    expected = {"s1": 25 / 35, "x": 25 / 35, "b1": 25 / 35, "s2": 10 / 35, "b2": 10 / 35}
    assert found.index.tolist() == f.actors.index.tolist()
    for name, value in expected.items():
        assert math.isclose(found[name], value)


def test_a_second_way_takes_up_part_of_it() -> None:
    """s feeds b by x (20) and by y (15), and has 25 to give: without x, 15 of 25 are served."""
    f = passing((None, "s"), ("s", "x"), ("s", "y"), ("x", "b"), ("y", "b"),
                quantity_t_per_year=[25.0, 20.0, 15.0, 20.0, 15.0])  # fmt: skip
    found = criticality(f, served=lambda g: min(max_flow(g), 25.0))
    assert math.isclose(found["x"], 10 / 25)
    assert math.isclose(found["y"], 5 / 25)
    assert found["s"] == found["b"] == 1.0


def test_only_those_asked_about_are_computed() -> None:
    f = passing(("s1", "b1"), ("s2", "b2"), quantity_t_per_year=[30.0, 10.0])
    calls = []

    def counted(g: Filiere) -> float:
        calls.append(g)
        return max_flow(g)

    found = criticality(f, served=counted, actors=["s1"])
    assert found["s1"] == 0.75
    assert found.drop("s1").isna().all()
    assert len(calls) == 2
    assert calls[0] is f
    # closed, not erased: its rows are still there
    assert calls[1].flows.equals(f.flows)
    assert f.actors["status"].eq("active").all()


def test_an_actor_that_exchanges_nothing_is_not_critical() -> None:
    f = passing(("s", "b"), quantity_t_per_year=[3.0]).with_rows("actors", {"actor_id": ["e"], "name": ["E"]})
    assert criticality(f, served=max_flow).to_dict() == {"s": 1.0, "b": 1.0, "e": 0.0}


@pytest.mark.parametrize("whole", [0.0, math.nan, math.inf])
def test_nothing_served_or_without_limit(whole: float) -> None:
    f = passing(("s", "b"))
    assert criticality(f, served=lambda g: whole).isna().all()


def test_an_actor_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="no actor 'relay'; did you mean: relais"):
        criticality(hand(), served=max_flow, actors=["relay"])


def test_by_default_it_is_the_throughput_that_counts() -> None:
    """The example: each of the two makers, and the only bagger, of what three buyers of wadding are served."""
    f = datasets.load("exemple_complet").at(2024)
    asked = ["isolouate", "atelier-duvet", "condi-ouest", "boutique-seconde-brume", "lycee-vasiere"]
    found = criticality(f, actors=asked)
    assert found.index.equals(f.actors.index)
    assert found.drop(asked).isna().all()
    whole = served_t(f)
    for name in asked[:4]:
        assert math.isclose(found[name], max(0.0, 1 - served_t(f, without=[name]) / whole), abs_tol=1e-9)
    assert math.isclose(found["condi-ouest"], 1.0, abs_tol=1e-9)
    # the two makers share what the bagger takes
    assert math.isclose(found["isolouate"] + found["atelier-duvet"], 1.0, abs_tol=1e-6)
    assert found["lycee-vasiere"] == 0.0
