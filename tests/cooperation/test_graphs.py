"""Any networkx graph: direction follows it, parallel ties count once, ties with oneself do not count."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.graph import to_networkx

KINDS = [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]
EDGES = [("a", "b"), ("b", "c"), ("b", "a"), ("b", "c"), ("c", "c")]


@pytest.mark.parametrize("kind", KINDS)
def test_parallel_ties_and_ties_with_oneself(kind: type[nx.Graph]) -> None:
    graph = kind(EDGES)
    graph.add_node("d")
    # undirected a–b, b–c of 6 pairs; directed a→b, b→a, b→c of 12
    assert co.density(graph) == pytest.approx(3 / 12 if graph.is_directed() else 2 / 6)
    ties = co.ties_of(graph)
    assert ties.directed == graph.is_directed()
    assert ties.asked.all()
    assert ties.nodes.tolist() == list(graph)


@pytest.mark.parametrize("kind", KINDS)
def test_direction_may_be_asked_for(kind: type[nx.Graph]) -> None:
    graph = kind(EDGES)
    assert co.density(graph, directed=False) == pytest.approx(2 / 3)  # tied wherever one direction is
    expected = 3 / 6 if graph.is_directed() else 4 / 6  # an undirected tie goes both ways
    assert co.density(graph, directed=True) == pytest.approx(expected)


def test_kinds_of_edges() -> None:
    graph: nx.MultiGraph = nx.MultiGraph()
    graph.add_edge("a", "b", kind="support")
    graph.add_edge("b", "c", kind="research")
    graph.add_edge("a", "c")
    assert co.density(graph, kind="support") == pytest.approx(1 / 3)
    assert co.density(graph, kind={"support", "research"}) == pytest.approx(2 / 3)
    assert co.density(graph, kind="friendship") == 0  # an attribute of a graph has no closed list


def test_nodes_may_be_anything_hashable() -> None:
    graph = nx.grid_2d_graph(2, 3)  # nodes are tuples
    nx.set_node_attributes(graph, {node: node[0] for node in graph}, "row")
    assert co.density(graph) == pytest.approx(nx.density(graph))
    blocks = co.block_density(graph, group="row")
    assert blocks["ties"].tolist() == [2, 3, 2]
    nx.set_node_attributes(graph, {(0, 0): "enterprise", (0, 1): "elected", (1, 1): "ess"}, "pole")
    pairs = co.missing_pairs(graph)
    assert pairs[["actor_id", "to_actor_id"]].to_numpy().tolist() == [[(0, 0), (1, 1)]]


def test_blocks_of_mixed_and_missing_keys() -> None:
    graph = nx.path_graph(4)
    nx.set_node_attributes(graph, {0: "x", 1: 2, 2: "x"}, "team")
    blocks = co.block_density(graph, group="team", lang="en")
    assert blocks["group_label"].tolist() == ["x", "x", "x", "2", "2", "Not stated"]
    assert blocks["ties"].tolist() == [0, 2, 1, 0, 0, 0]
    assert blocks["group"].isna().tolist() == [False] * 5 + [True]


def test_poles_of_another_name() -> None:
    graph = nx.complete_graph(["mill", "mayor", "club", "lab"])
    nx.set_node_attributes(graph, {"mill": "firm", "mayor": "town", "club": "ngo", "lab": "other"}, "side")
    assert co.triptyque_closure(graph, group="side", poles=("firm", "town", "ngo")) == 1
    assert np.isnan(co.triptyque_closure(graph, group="side"))  # nobody of the usual poles
    assert co.cross_pole_measure(graph, group="side", pole="firm", to_pole="ngo").value == 1
    with pytest.raises(ValueError, match="three poles"):
        co.triptyque_closure(graph, group="side", poles=("firm", "town"))


def test_groups_of_a_graph() -> None:
    graph = nx.path_graph(5)
    nx.set_node_attributes(graph, dict(enumerate("AAABB")), "group")
    nx.set_node_attributes(graph, dict(enumerate(["enterprise", "elected", "ess", "ess"])), "pole")
    table = co.group_table(graph)
    assert table.index.tolist() == ["A", "B"]
    assert table["covered"].tolist() == [True, False]
    assert co.triptyque_coverage(graph) == 0.5
    # three poles among the values present: IQV of A is 1, B has one known seat
    assert co.diversity(graph)["iqv"].tolist() == [1, 0]
    expected = co.expected_ties(graph)
    assert expected["reason"].tolist() == ["group", "group"]
    assert expected[["pairs", "tied", "absent", "unknown"]].to_numpy().tolist() == [
        [3, 2, 1, 0],
        [1, 1, 0, 0],
    ]
    measure = co.triptyque_coverage_measure(graph)
    assert measure.rows == {} and np.isnan(measure.hypothesis_share)


def test_a_graph_has_no_years() -> None:
    with pytest.raises(ValueError, match="no years"):
        co.density(nx.path_graph(3), year=2020)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda g: co.density("a.xlsx"), TypeError, "or a networkx graph, not str"),  # type: ignore[arg-type]
        (lambda g: co.block_density(g), ValueError, "group="),
        (lambda g: co.block_density(g, by="team", group="pole"), ValueError, "give one of them"),
        (
            lambda g: co.block_density(g, group="tea"),
            UnknownNameError,
            "no node has an attribute 'tea'.*team",
        ),
        (lambda g: co.centralization(g, mode="in"), ValueError, "needs a directed graph"),
        (lambda g: co.centralization(g, mode="between"), ValueError, "degree, in, out"),
        (lambda g: co.reciprocity(g, by="tie"), ValueError, "arc, dyad"),
        (lambda g: co.triptyque_closure(g, group="team", by="all"), ValueError, "possible, connected"),
    ],
)
def test_wrong_use(call: object, error: type[Exception], message: str) -> None:
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {0: "x"}, "team")
    with pytest.raises(error, match=message):
        call(graph)  # type: ignore[operator]


def test_too_many_blocks() -> None:
    graph = nx.empty_graph(3001)
    nx.set_node_attributes(graph, {node: node for node in graph}, "own")
    with pytest.raises(ValueError, match="3001 blocks"):
        co.block_density(graph, group="own")


def test_an_undirected_graph_has_no_reciprocity() -> None:
    measure = co.reciprocity_measure(nx.path_graph(3), lang="en")
    assert np.isnan(measure.value) and measure.note == "these ties have no direction"


def test_a_graph_made_of_a_filiere_is_read_back(hand: Filiere) -> None:
    """Its edges are rows, flows among them, and its nodes hold groups: none of this is a tie."""
    graph = to_networkx(hand)
    assert co.density(graph) == co.density(hand)
    assert co.density_measure(graph) == co.density_measure(hand)
    assert co.ties_of(graph).possible == 21
    assert co.block_density(graph, group="pole").equals(co.block_density(hand, by="pole"))
    assert co.triptyque_closure(graph) == co.triptyque_closure(hand)
    assert co.cross_pole_measure(graph) == co.cross_pole_measure(hand)
    assert co.expected_ties(graph).equals(co.expected_ties(hand))
    assert co.missing_pairs(graph).equals(co.missing_pairs(hand))
