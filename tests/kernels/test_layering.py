from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError
from chaine_valeur.kernels import Graph, layers, path_counts, strong_components
from tests.kernels.running import SHAPES, edge_lists, ends, in_each, line, random_edges, referee, version


def layers_by_networkx(graph: nx.DiGraph) -> list[int]:
    small = nx.condensation(graph)
    layer: dict[int, int] = {}
    for part in nx.topological_sort(small):
        layer[part] = max((layer[before] + 1 for before in small.predecessors(part)), default=0)
    return [layer[small.graph["mapping"][node]] for node in range(len(graph))]


@settings(max_examples=25)
@given(edge_lists(none=True), st.booleans())
def test_layers_are_longest_ways(drawn: tuple, merged: bool) -> None:
    size, edges = drawn
    source, target = ends(edges)
    graph = Graph.of(source, target, size=size, merged=merged, loops=not merged)
    found = in_each(lambda: layers(graph))
    assert found.dtype == np.int32
    assert found.tolist() == layers_by_networkx(referee(size, source, target)) if size else not len(found)
    np.testing.assert_array_equal(layers(graph, parts=strong_components(graph)), found)


@pytest.mark.parametrize("shape", SHAPES)
def test_strange_shapes(shape: str) -> None:
    size, edges = SHAPES[shape]
    source, target = ends(edges)
    found = in_each(lambda: layers(Graph.of(source, target, size=size)))
    assert found.tolist() == (layers_by_networkx(referee(size, source, target)) if size else [])


def test_layers_of_a_large_graph_with_loops() -> None:
    source, target = random_edges(5000, 15_000)
    back = np.arange(len(source)) % 500 == 0  # forward edges, and a few that go back
    source, target = np.minimum(source, target), np.maximum(source, target)
    source[back], target[back] = target[back], source[back]
    graph = Graph.of(source, target, size=5000)
    found = in_each(lambda: layers(graph), versions=("plain", "compiled"))
    assert found.tolist() == layers_by_networkx(referee(5000, source, target))


def test_layers_of_a_long_line() -> None:
    graph = Graph.of(*line(5_000), size=5_000)
    found = in_each(lambda: layers(graph), versions=("plain", "compiled"))
    np.testing.assert_array_equal(found, np.arange(5_000))


def listed(graph: nx.DiGraph, sources: list[int], targets: list[int]) -> list[list[int]]:
    """Every path from a source to a target, one node long ones included."""
    return [
        path
        for start in sources
        for end in targets
        for path in ([[start]] if start == end else nx.all_simple_paths(graph, start, end))
    ]


@settings(max_examples=25)
@given(edge_lists(most=8, none=True), st.data())
def test_paths_are_those_that_can_be_listed(drawn: tuple, data: st.DataObject) -> None:
    size, edges = drawn
    forward = [(a, b) for a, b in edges if a < b]
    chosen = st.lists(st.booleans(), min_size=size, max_size=size).map(
        lambda bits: np.array(bits, dtype=bool)
    )
    source, target = data.draw(chosen), data.draw(chosen)
    graph = Graph.of(*ends(forward), size=size, merged=False)
    found = in_each(lambda: path_counts(graph, sources=source, targets=target))
    paths = listed(
        referee(size, *ends(forward)), np.flatnonzero(source).tolist(), np.flatnonzero(target).tolist()
    )
    assert found.through.dtype == np.int64
    assert found.through.tolist() == [sum(node in path for path in paths) for node in range(size)]
    assert found.arriving[target].sum() == len(paths) == found.leaving[source].sum()


def ladder(rungs: int) -> Graph:
    """Diamonds one after the other: each doubles the number of paths; 3 nodes a diamond, and a last one."""
    top = 3 * np.arange(rungs)
    source, target = np.concatenate([top, top, top + 1, top + 2]), np.concatenate(
        [top + 1, top + 2, top + 3, top + 3]
    )  # fmt: skip
    return Graph.of(source, target, size=3 * rungs + 1)


@pytest.mark.parametrize(
    ("rungs", "kind"), [(1, "int64"), (52, "int64"), (53, "object"), (70, "object"), (600, "object")]
)
def test_counts_stay_exact_whatever_their_size(rungs: int, kind: str) -> None:
    # 2⁵² is the last power of two below 2⁵³; 2⁶⁰⁰ · 2⁶⁰⁰ would not even be a float
    graph = ladder(rungs)
    last = graph.size - 1
    found = in_each(lambda: path_counts(graph, sources=[0], targets=[last]))
    assert found.through.dtype == found.arriving.dtype == np.dtype(kind)
    assert found.arriving[last] == found.leaving[0] == found.through[0] == 2**rungs
    assert found.through[1] == 2 ** (rungs - 1)
    total = found.per_block(np.zeros(graph.size, dtype=np.int32), n_blocks=2)
    assert total.tolist() == [2**rungs, 0]


def test_sums_over_a_block_stay_exact() -> None:
    # four ladders of 2⁵² paths each: each is below 2⁵³, their sum is not
    one = ladder(52)
    shift = one.size * np.repeat(np.arange(4), one.n_entries)
    graph = Graph.of(np.tile(one.rows(), 4) + shift, np.tile(one.indices, 4) + shift, size=4 * one.size)
    first = one.size * np.arange(4)
    found = path_counts(graph, sources=first, targets=first + one.size - 1)
    assert found.arriving.dtype == np.int64
    total = found.per_block(np.zeros(graph.size, dtype=np.int32), n_blocks=1)
    assert total.tolist() == [2**54]
    assert total.dtype == object


def test_many_sources_before_a_flood_do_not_warn() -> None:
    # 2¹¹⁰⁰ is infinite as a float, and nothing leaves the last nodes: ∞ · 0
    graph = ladder(1100)
    found = in_each(lambda: path_counts(graph, sources=[0], targets=[0]), versions=("plain", "compiled"))
    assert found.through[0] == 1
    assert found.through[1:].sum() == 0
    assert found.arriving[-1] == 2**1100


def test_loops_are_refused_for_paths() -> None:
    graph = Graph.of([0, 1, 2, 2], [1, 2, 1, 3], size=5)
    # 1 and 2 are in a loop, 3 is behind it
    for name in ("plain", "interpreted"):
        with version(name), pytest.raises(ArgumentError, match="3 nodes are in a loop or behind one"):
            path_counts(graph, sources=[0], targets=[3])
    with_itself = Graph.of([0, 1], [1, 1], size=2, loops=True)  # a step to oneself is no path
    assert path_counts(with_itself, sources=[0], targets=[1]).through.tolist() == [1, 1]


def test_undirected_graphs_are_refused() -> None:
    graph = Graph.of([0], [1], size=2, directed=False)
    with pytest.raises(ArgumentError, match="layers are those of a directed graph"):
        layers(graph)
    with pytest.raises(ArgumentError, match="paths are those of a directed graph"):
        path_counts(graph, sources=[0], targets=[1])


def test_nothing_at_all() -> None:
    graph = Graph.of([], [], size=0)
    found = in_each(lambda: path_counts(graph, sources=[], targets=[]))
    assert found.through.tolist() == []
    assert in_each(lambda: layers(graph)).tolist() == []
