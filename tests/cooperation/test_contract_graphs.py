"""Any graph: names of nodes, order, parallel edges and a part of the nodes or edges, for every public function."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

from tests.cooperation.contract_results import renamed, same, unordered
from tests.cooperation.contract_sources import (
    GRAPHS,
    NODES,
    degenerate_graphs,
    graph_of,
    multiplied,
    of_kinds,
    part_of,
    relabelled,
)
from tests.cooperation.contracts import CONTRACTS, Contract

pytestmark = pytest.mark.long

ON_GRAPHS = [one for one in CONTRACTS if one.graph]
EACH = pytest.mark.parametrize("contract", ON_GRAPHS, ids=lambda one: one.name)
ONE_WAY_OR_NOT = [nx.Graph, nx.MultiDiGraph]

OTHERWISE: dict[str, Any] = {
    "text in another order": lambda place: f"q{99 - place}",
    "of all sorts": lambda place: [f"z{place}", place, (place, "k"), frozenset([place])][place % 4],
}


def settled(contract: Contract, result: Any) -> Any:
    """Return a result but for what names the first of equals."""
    if contract.name == "brokerage_share_measure":
        result = {**result, "note": ""}
    return unordered(result)


def groups_sorted(result: Any) -> Any:
    """Return a result with the groups that a cell lists in an order of their own."""
    if isinstance(result, list):
        return [groups_sorted(row) for row in result]
    if isinstance(result, dict) and "group_ids" in result:
        return {**result, "group_ids": ";".join(sorted(str(result["group_ids"]).split(";")))}
    return result


@EACH
@pytest.mark.parametrize("how", OTHERWISE)
def test_what_nodes_are_called_changes_nothing_but_their_names(contract: Contract, how: str) -> None:
    for graph in map(graph_of, ONE_WAY_OR_NOT):
        names = {node: OTHERWISE[how](place) for place, node in enumerate(graph)}
        other = relabelled(graph, names)
        for options in contract.options(graph):
            expected = renamed(contract(graph, **options), names)
            assert not same(expected, contract(other, **options)), options


@EACH
def test_parallel_edges_and_edges_to_oneself_change_nothing(contract: Contract) -> None:
    for graph in [*map(graph_of, ONE_WAY_OR_NOT), degenerate_graphs()["isolates"]]:
        for options in contract.options(graph):
            assert not same(contract(graph, **options), contract(multiplied(graph), **options)), options


@EACH
def test_a_multigraph_of_single_edges_is_a_graph(contract: Contract) -> None:
    for simple, multiple in ((nx.Graph, nx.MultiGraph), (nx.DiGraph, nx.MultiDiGraph)):
        assert not same(contract(graph_of(simple)), contract(graph_of(multiple)))


@pytest.mark.parametrize(
    "contract",
    [one for one in ON_GRAPHS if not one.drawn and not one.first_of_equals],
    ids=lambda one: one.name,
)
def test_the_order_of_nodes_and_edges_changes_that_of_rows_only(contract: Contract) -> None:
    order = np.random.default_rng(4)
    for graph in map(graph_of, ONE_WAY_OR_NOT):
        other = relabelled(graph, {node: node for node in graph}, order)
        for options in contract.options(graph):
            found = [settled(contract, groups_sorted(contract(each, **options))) for each in (graph, other)]
            tolerance = 1e-6 if contract.name == "coreness" else 1e-9  # a search stops nearby
            assert not same(*found, rtol=tolerance), options


@pytest.mark.parametrize(
    "contract", [one for one in ON_GRAPHS if "actors" in one.takes], ids=lambda one: one.name
)
@pytest.mark.parametrize(
    "some",
    [set(NODES[:6]), [NODES[0], NODES[8], NODES[2], NODES[1], NODES[2]]],
    ids=["set", "list in another order"],
)
def test_some_nodes_are_the_graph_of_these(contract: Contract, some: Any) -> None:
    for graph in map(graph_of, ONE_WAY_OR_NOT):
        for options in contract.options(graph):
            expected = contract(part_of(graph, some), **options)
            assert not same(expected, contract(graph, actors=some, **options)), options


@pytest.mark.parametrize(
    "contract", [one for one in ON_GRAPHS if "kind" in one.takes], ids=lambda one: one.name
)
@pytest.mark.parametrize("kind", ["support", {"research", "funding"}], ids=["one", "two"])
def test_some_kinds_are_the_graph_of_their_edges(contract: Contract, kind: Any) -> None:
    kinds = {kind} if isinstance(kind, str) else set(kind)
    for graph in map(graph_of, ONE_WAY_OR_NOT):
        for options in contract.options(graph):
            expected = contract(of_kinds(graph, kinds), **options)
            assert not same(expected, contract(graph, kind=kind, **options)), options


def test_the_contracts_can_fail() -> None:
    """The comparisons see another node, another edge, another number, another order."""
    graph = graph_of(nx.MultiDiGraph)
    density = next(one for one in CONTRACTS if one.name == "density_measure")
    without = part_of(graph, NODES[:8])
    assert same(density(graph), density(without))
    assert same([{"index": "a", "value": 1}], [{"index": "b", "value": 1}])
    assert same([1, 2], [2, 1]) and same([True], [1]) and same({"a": 1.0}, {"a": 1.0 + 1e-6})
    assert same([{"a": 1}], []) and same({"a": 1}, {"b": 1}) and same("unknown", 0.0)
    assert not same(unordered([1, 2]), unordered([2, 1]))
    turned = [{"group": "x", "to_group": "y", "n": 1}], [{"group": "y", "to_group": "x", "n": 1}]
    assert same(*turned) and not same(*map(unordered, turned))
    assert renamed([{"index": "node1", "label": "node1"}], {"node1": 7}) == [{"index": 7, "label": "7"}]


def test_all_four_sorts_of_graphs_are_tried() -> None:
    assert len(GRAPHS) == 4
    assert {graph_of(kind).is_multigraph() for kind in GRAPHS} == {True, False}
    assert len(NODES) == len(graph_of()) and not graph_of().degree[NODES[-1]]
