from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError
from chaine_valeur.kernels import Graph, _depth_first, cut_elements, cuts, separations
from tests.kernels.running import SHAPES, edge_lists, ends, in_each, line, random_edges, referee


def simple(size: int, source: np.ndarray, target: np.ndarray) -> nx.Graph:
    graph = referee(size, source, target, kind=nx.Graph)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    return graph


def check(size: int, source: np.ndarray, target: np.ndarray) -> None:
    """Both kernels against networkx; parallel edges merged, and not."""
    one = simple(size, source, target)
    points, bridges = sorted(nx.articulation_points(one)), {tuple(sorted(e)) for e in nx.bridges(one)}
    number = {pair: 0 for pair in bridges}
    for a, b in zip(source.tolist(), target.tolist(), strict=True):
        pair = (min(a, b), max(a, b))
        if pair in number:
            number[pair] += 1
    for merged in (True, False):
        graph = Graph.of(
            source, target, size=size, directed=False, merged=merged, loops=not merged, numbered=True
        )
        found = in_each(lambda graph=graph: cut_elements(graph))
        assert np.flatnonzero(found.articulation).tolist() == points
        pairs = list(zip(found.bridge_a.tolist(), found.bridge_b.tolist(), strict=True))
        assert pairs == sorted(pair for pair in bridges if merged or number[pair] == 1)
        assert [(min(s, t), max(s, t)) for s, t in zip(
            source[found.bridge_edge].tolist(), target[found.bridge_edge].tolist(), strict=True
        )] == pairs  # fmt: skip
        apart = in_each(lambda graph=graph: separations(graph))
        for node in range(size):
            around = nx.node_connected_component(one, node)
            sizes = [len(part) for part in nx.connected_components(one.subgraph(around - {node}))]
            assert apart.component[node] == len(around)
            assert apart.parts[node] == len(sizes)
            assert apart.largest[node] == max(sizes, default=0)
            assert apart.pairs[node] == sum(n * (n - 1) // 2 for n in sizes)


@settings(max_examples=25)
@given(edge_lists(most=8), st.sampled_from([1, 2, 48]))
def test_cuts_are_those_of_networkx(drawn: tuple, piece: int) -> None:
    """Pieces of one or two neighbours cut nearly every row, as long rows are in large graphs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_depth_first, "PIECE", piece)
        check(drawn[0], *ends(drawn[1]))


@pytest.mark.parametrize("shape", SHAPES)
def test_strange_shapes(shape: str) -> None:
    check(SHAPES[shape][0], *ends(SHAPES[shape][1]))


@pytest.mark.parametrize(("size", "count"), [(3000, 3300), (3000, 9000)])
def test_random_graphs(size: int, count: int) -> None:
    source, target = random_edges(size, count, seed=count)
    graph = Graph.of(source, target, size=size, directed=False)
    found = in_each(lambda: cut_elements(graph), versions=("plain", "compiled"))
    in_each(lambda: separations(graph), versions=("plain", "compiled"))
    other = simple(size, source, target)
    assert set(np.flatnonzero(found.articulation).tolist()) == set(nx.articulation_points(other))
    pairs = set(zip(found.bridge_a.tolist(), found.bridge_b.tolist(), strict=True))
    assert pairs == {tuple(sorted(edge)) for edge in nx.bridges(other)}


def test_rows_worked_on_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "CHUNK", 7)
    check(40, *random_edges(40, 60, seed=5))


def test_bowtie_by_hand() -> None:
    # two triangles that share node 2, and a tail 4 - 5: without 2 there are {0, 1} and {3, 4, 5}; without 4,
    # {0, 1, 2, 3} and {5}; the tail is the only bridge
    graph = Graph.of([0, 1, 2, 2, 3, 4, 4], [1, 2, 0, 3, 4, 2, 5], size=6, directed=False)
    found = in_each(lambda: cut_elements(graph))
    assert found.articulation.tolist() == [False, False, True, False, True, False]
    assert (found.bridge_a.tolist(), found.bridge_b.tolist()) == ([4], [5])
    assert found.bridge_edge is None
    apart = in_each(lambda: separations(graph))
    assert apart.parts.tolist() == [1, 1, 2, 1, 2, 1]
    assert apart.largest.tolist() == [5, 5, 3, 5, 4, 5]
    assert apart.pairs.tolist() == [10, 10, 1 + 3, 10, 6, 10]


def test_long_line() -> None:
    size = 100_000
    graph = Graph.of(*line(size), size=size, directed=False)
    found = in_each(lambda: cut_elements(graph), versions=("plain", "compiled"))
    assert found.articulation.sum() == size - 2
    assert found.bridge_a.tolist() == list(range(size - 1))
    apart = in_each(lambda: separations(graph), versions=("plain", "compiled"))
    # without node k, k nodes on one side and size - 1 - k on the other
    k = np.arange(size)
    np.testing.assert_array_equal(apart.largest, np.maximum(k, size - 1 - k))
    np.testing.assert_array_equal(apart.pairs, (k * (k - 1) + (size - 1 - k) * (size - 2 - k)) // 2)


def test_large_star_is_not_quadratic() -> None:
    size = 100_000
    hub = np.full(size - 1, size // 2)
    leaves = np.delete(np.arange(size), size // 2)
    graph = Graph.of(hub, leaves, size=size, directed=False)
    found = in_each(lambda: cut_elements(graph), versions=("plain", "compiled"))
    assert np.flatnonzero(found.articulation).tolist() == [size // 2]
    assert len(found.bridge_a) == size - 1
    apart = in_each(lambda: separations(graph), versions=("plain", "compiled"))
    assert apart.parts[size // 2] == size - 1
    assert apart.pairs[0] == (size - 1) * (size - 2) // 2  # more than 32 bits can count


def test_clique_and_large_cycle_hold() -> None:
    a, b = np.triu_indices(60, 1)
    size = 50_000
    ring = (np.arange(size), (np.arange(size) + 1) % size)
    for graph in (
        Graph.of(a, b, size=60, directed=False),
        Graph.of(*ring, size=size, directed=False),
    ):
        found = in_each(lambda graph=graph: cut_elements(graph), versions=("plain", "compiled"))
        assert not found.articulation.any()
        assert not len(found.bridge_a)


def test_a_directed_graph_is_refused() -> None:
    for kernel in (cut_elements, separations):
        with pytest.raises(ArgumentError, match="undirected graph"):
            kernel(Graph.of([0], [1], size=2))


@settings(max_examples=25)
@given(st.lists(st.integers(0, 99), min_size=1, max_size=70), st.data())
def test_minima_over_ranges(values: list[int], data: st.DataObject) -> None:
    first = np.arange(len(values))
    last = np.array([data.draw(st.integers(k + 1, len(values))) for k in range(len(values))])
    found = cuts._minima(np.array(values, dtype=np.int32), first, last)
    assert found.tolist() == [min(values[a:b]) for a, b in zip(first, last, strict=True)]


def test_a_range_just_under_a_power_of_two_too_large_for_float32() -> None:
    size = 2**25 - 1  # float32 makes 2²⁵ of it
    digits = cuts._digits(np.array([1, 2, 3, 4, size, size + 1], dtype=np.int32))
    assert digits.tolist() == [0, 1, 1, 2, 24, 25]
