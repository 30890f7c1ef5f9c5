from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError
from chaine_valeur.kernels import Graph, depths, reached
from tests.kernels.running import SHAPES, edge_lists, ends, in_each, line, random_edges, referee


def steps(graph: nx.DiGraph, sources: list[int]) -> list[int]:
    """Least steps from any source, by networkx; −1 where there is no way."""
    found = nx.multi_source_dijkstra_path_length(graph, set(sources)) if sources else {}
    return [int(found.get(node, -1)) for node in range(len(graph))]


@settings(max_examples=25)
@given(edge_lists(none=True), st.data())
def test_reach_and_depth_are_those_of_networkx(drawn: tuple, data: st.DataObject) -> None:
    size, edges = drawn
    sources = data.draw(st.lists(st.integers(0, size - 1), max_size=4)) if size else []
    source, target = ends(edges)
    graph = Graph.of(source, target, size=size, merged=False, loops=True)
    other = referee(size, source, target)
    for backward, same in ((False, other), (True, other.reverse())):
        expected = steps(same, sources)
        found = in_each(lambda back=backward: depths(graph, np.array(sources, int), backward=back))
        assert found.tolist() == expected
        mask = in_each(lambda back=backward: reached(graph, np.array(sources, int), backward=back))
        assert mask.tolist() == [depth >= 0 for depth in expected]
    both = Graph.of(source, target, size=size, directed=False)
    assert in_each(lambda: depths(both, np.array(sources, int))).tolist() == steps(
        referee(size, source, target, kind=nx.Graph), sources
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_strange_shapes(shape: str) -> None:
    size, edges = SHAPES[shape]
    source, target = ends(edges)
    graph = Graph.of(source, target, size=size)
    everywhere = in_each(lambda: depths(graph, np.ones(size, dtype=bool)))
    assert everywhere.tolist() == [0] * size
    assert not in_each(lambda: reached(graph, [])).any()
    assert in_each(lambda: depths(graph, [])).tolist() == [-1] * size


def test_sources_as_codes_or_as_a_mask() -> None:
    graph = Graph.of([0, 1], [1, 2], size=4)
    by_code = reached(graph, [1, 1, -1])  # −1 is none, and one named twice is one
    assert by_code.tolist() == [False, True, True, False]
    assert reached(graph, np.array([False, True, False, False])).tolist() == by_code.tolist()


@pytest.mark.parametrize(
    ("sources", "words"),
    [([4], r"sources\[0\] is 4"), (np.ones(3, dtype=bool), r"mask of \(3,\), and there are 4 nodes")],
)
def test_sources_that_are_none(sources: object, words: str) -> None:
    for kernel in (reached, depths):
        with pytest.raises(ArgumentError, match=words):
            kernel(Graph.of([0], [1], size=4), sources)


def test_long_line() -> None:
    size = 100_000
    graph = Graph.of(*line(size), size=size)
    found = in_each(lambda: depths(graph, [0, size // 2]), versions=("plain", "compiled"))
    np.testing.assert_array_equal(found, np.arange(size) % (size // 2))
    back = in_each(lambda: reached(graph, [10], backward=True), versions=("plain", "compiled"))
    assert np.flatnonzero(back).tolist() == list(range(11))


def test_random_graph() -> None:
    source, target = random_edges(5000, 9000)
    graph = Graph.of(source, target, size=5000)
    found = in_each(lambda: depths(graph, [1, 2, 3]), versions=("plain", "compiled"))
    assert found.tolist() == steps(referee(5000, source, target), [1, 2, 3])
