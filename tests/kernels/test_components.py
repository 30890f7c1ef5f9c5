from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from chaine_valeur.kernels import Components, Graph, condensed, strong_components, weak_components
from tests.kernels.running import SHAPES, edge_lists, ends, in_each, line, random_edges, referee


def labels(size: int, sets: list[set[int]]) -> list[int]:
    """Number sets of nodes in the order of their first nodes."""
    place = {node: number for number, nodes in enumerate(sorted(sets, key=min)) for node in nodes}
    return [place[node] for node in range(size)]


@settings(max_examples=25)
@given(edge_lists(none=True))
def test_components_are_those_of_networkx(drawn: tuple) -> None:
    size, edges = drawn
    source, target = ends(edges)
    other = referee(size, source, target)
    strong = list(nx.strongly_connected_components(other))
    for merged in (True, False):
        graph = Graph.of(source, target, size=size, merged=merged, loops=not merged)
        found = in_each(lambda graph=graph: weak_components(graph))
        assert found.label.tolist() == labels(size, list(nx.weakly_connected_components(other)))
        parts = in_each(lambda graph=graph: strong_components(graph))
        assert parts.label.tolist() == labels(size, strong)
        assert parts.count == len(strong)
        assert parts.sizes.tolist() == [len(nodes) for nodes in sorted(strong, key=min)]
        assert parts.first.tolist() == sorted(map(min, strong))
    both_ways = Graph.of(source, target, size=size, directed=False, merged=False, loops=True)
    for find in (weak_components, strong_components):
        assert_weak = in_each(lambda find=find: find(both_ways))
        assert assert_weak.label.tolist() == found.label.tolist()


@settings(max_examples=20)
@given(edge_lists())
def test_the_condensed_graph_is_that_of_networkx(drawn: tuple) -> None:
    size, edges = drawn
    source, target = ends(edges)
    graph = Graph.of(source, target, size=size)
    parts = strong_components(graph)
    small = in_each(lambda: condensed(graph, parts))
    between = {(int(parts.label[a]), int(parts.label[b])) for a, b in edges}
    assert set(zip(small.rows().tolist(), small.indices.tolist(), strict=True)) == {
        (a, b) for a, b in between if a != b
    }
    assert small.size == parts.count
    assert nx.is_directed_acyclic_graph(referee(small.size, small.rows(), small.indices))


def test_parallel_edges_do_not_hold_scipy_up_for_ever() -> None:
    # two neighbouring entries of one node that is first on the stack: scipy's stack becomes a ring
    source, target = np.array([0, 0, 1, 1, 2, 2]), np.array([1, 1, 2, 2, 0, 0])
    graph = Graph.of(source, target, size=3, merged=False)
    assert in_each(lambda: strong_components(graph)).count == 1


@pytest.mark.parametrize("shape", SHAPES)
def test_strange_shapes(shape: str) -> None:
    size, edges = SHAPES[shape]
    source, target = ends(edges)
    other = referee(size, source, target)
    graph = Graph.of(source, target, size=size, merged=False, loops=True)
    assert in_each(lambda: weak_components(graph)).count == nx.number_weakly_connected_components(other)
    assert in_each(lambda: strong_components(graph)).count == nx.number_strongly_connected_components(other)


def test_figures_by_block() -> None:
    # block 0: nodes 0-2, of which 0 and 2 are tied; block 1: node 3; block 2: no node; block 3: nodes 4, 5
    graph = Graph.of([0, 5], [2, 4], size=6)
    block = np.array([0, 0, 0, 1, 3, 3])
    parts = weak_components(graph)
    assert parts.label.tolist() == [0, 1, 0, 2, 3, 3]
    assert parts.per_block(block, n_blocks=4).tolist() == [2, 1, 0, 1]
    assert parts.largest(block, n_blocks=4).tolist() == [2, 1, 0, 2]
    none = Components(np.zeros(0, dtype=np.int32), 0)
    assert none.per_block(np.zeros(0, dtype=np.int32), n_blocks=2).tolist() == [0, 0]


def test_large_graphs_agree() -> None:
    source, target = random_edges(20_000, 30_000)
    graph = Graph.of(source, target, size=20_000)
    weak = in_each(lambda: weak_components(graph), versions=("plain", "compiled"))
    strong = in_each(lambda: strong_components(graph), versions=("plain", "compiled"))
    other = referee(20_000, source, target)
    assert weak.count == nx.number_weakly_connected_components(other)
    assert strong.count == nx.number_strongly_connected_components(other)


def test_long_lines_and_cycles_are_no_trouble() -> None:
    size = 100_000
    source, target = line(size)
    for a, b in ((source, target), (target, source)):
        graph = Graph.of(a, b, size=size)
        assert in_each(lambda graph=graph: weak_components(graph), versions=("plain", "compiled")).count == 1
        strong = in_each(lambda graph=graph: strong_components(graph), versions=("plain", "compiled"))
        np.testing.assert_array_equal(strong.label, np.arange(size))
    ring = Graph.of(np.append(source, size - 1), np.append(target, 0), size=size)
    assert in_each(lambda: strong_components(ring), versions=("plain", "compiled")).count == 1
