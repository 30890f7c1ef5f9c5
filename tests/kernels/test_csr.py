from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError
from chaine_valeur.kernels import Graph, csr
from tests.kernels.running import SHAPES, edge_lists, ends, in_each, random_edges, referee


def rows_of(graph: Graph) -> list[list[int]]:
    return [graph.indices[a:b].tolist() for a, b in zip(graph.indptr[:-1], graph.indptr[1:], strict=True)]


def by_hand(
    size: int, edges: list[tuple[int, int]], *, directed: bool, merged: bool, loops: bool
) -> list[list[tuple[int, int]]]:
    """Rows of (neighbour, number of the edge), as the docstring of `Graph` says, edge by edge."""
    rows: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for number, (a, b) in enumerate(edges):
        if a < 0 or b < 0 or (a == b and not loops):
            continue
        rows[a].append((b, number))
        if not directed and a != b:
            rows[b].append((a, number))
    rows = [sorted(row) for row in rows]
    if merged:
        rows = [[one for k, one in enumerate(row) if not k or one[0] != row[k - 1][0]] for row in rows]
    return rows


@settings(max_examples=25)
@given(edge_lists(none=True), st.booleans(), st.booleans(), st.booleans())
def test_rows_are_those_of_the_list(drawn: tuple, directed: bool, merged: bool, loops: bool) -> None:
    size, edges = drawn
    kinds: dict[str, Any] = {"directed": directed, "merged": merged, "loops": loops}
    source, target = ends(edges)
    expected = by_hand(size, edges, **kinds)
    graph = in_each(lambda: Graph.of(source, target, size=size, numbered=True, **kinds))
    assert rows_of(graph) == [[v for v, _ in row] for row in expected]
    assert graph.edge is not None
    assert graph.edge.tolist() == [number for row in expected for _, number in row]
    bare = in_each(lambda: Graph.of(source, target, size=size, **kinds))
    np.testing.assert_array_equal(bare.indices, graph.indices)
    assert bare.edge is None


@settings(max_examples=20)
@given(edge_lists(), st.booleans(), st.booleans())
def test_turned_round_twice_it_is_the_same(drawn: tuple, merged: bool, numbered: bool) -> None:
    size, edges = drawn
    source, target = ends(edges)

    def make() -> tuple[Graph, Graph]:
        graph = Graph.of(source, target, size=size, merged=merged, numbered=numbered)
        return graph.reversed, graph.reversed.reversed

    turned, back = in_each(make)
    assert rows_of(turned) == [
        [u for u, _ in row]
        for row in by_hand(size, [(b, a) for a, b in edges], directed=True, merged=merged, loops=False)
    ]
    np.testing.assert_array_equal(back.indices, Graph.of(source, target, size=size, merged=merged).indices)
    if numbered:  # the number of each entry leads to an edge from its column to its row
        np.testing.assert_array_equal(source[turned.edge], turned.indices)
        np.testing.assert_array_equal(target[turned.edge], turned.rows())


@settings(max_examples=15)
@given(edge_lists(), st.booleans(), st.booleans(), st.booleans())
def test_degrees_are_of_distinct_neighbours(drawn: tuple, directed: bool, merged: bool, loops: bool) -> None:
    size, edges = drawn
    source, target = ends(edges)
    graph = in_each(
        lambda: Graph.of(source, target, size=size, directed=directed, merged=merged, loops=loops)
    )
    other = referee(size, source, target, kind=nx.DiGraph if directed else nx.Graph)
    other.remove_edges_from(list(nx.selfloop_edges(other)))
    out, into = (other.out_degree, other.in_degree) if directed else (other.degree, other.degree)
    assert graph.degree_out.tolist() == [out[v] for v in range(size)]
    assert graph.degree_in.tolist() == [into[v] for v in range(size)]
    assert graph.degree_in.dtype == graph.degree_out.dtype == np.int32


def test_large_lists_take_the_counting_sorts_and_agree() -> None:
    size, count = 3000, 4 * csr._SMALL
    source, target = random_edges(size, count)
    source[:200] = 7  # a long row, which is sorted in another way
    source[300:320], target[330:340] = -1, -1
    for directed in (True, False):
        graph = in_each(
            lambda directed=directed: Graph.of(source, target, size=size, directed=directed, numbered=True),
            versions=("plain", "compiled"),
        )
        expected = by_hand(
            size,
            list(zip(source.tolist(), target.tolist(), strict=True)),
            directed=directed,
            merged=True,
            loops=False,
        )
        assert rows_of(graph) == [[v for v, _ in row] for row in expected]
        assert graph.edge.tolist() == [number for row in expected for _, number in row]
    in_each(
        lambda: Graph.of(source, target, size=size, merged=False, numbered=True).reversed,
        versions=("plain", "compiled"),
    )


def test_a_long_row_of_parallel_edges_is_in_order() -> None:
    # 90 neighbours, each three times, given backwards: beyond what is sorted by insertion
    target = np.repeat(np.arange(90, 0, -1), 3)
    graph = in_each(
        lambda: Graph.of(np.zeros(270, int), target, size=91, merged=False, numbered=True),
    )
    assert graph.indices.tolist() == np.repeat(np.arange(1, 91), 3).tolist()
    assert graph.edge.tolist() == [3 * (90 - v) + k for v in range(1, 91) for k in range(3)]


@pytest.mark.parametrize("shape", SHAPES)
def test_strange_shapes(shape: str) -> None:
    size, edges = SHAPES[shape]
    source, target = ends(edges)
    graph = in_each(lambda: Graph.of(source, target, size=size, directed=False))
    assert graph.size == size
    assert graph.n_entries == 2 * len({frozenset(e) for e in edges if e[0] != e[1]})
    assert graph.reversed is graph
    assert graph.simple is graph


@settings(max_examples=15)
@given(edge_lists())
def test_entry_finds_each_edge_and_no_other(drawn: tuple) -> None:
    size, edges = drawn
    source, target = ends(edges)
    graph = Graph.of(source, target, size=size, merged=False, loops=True)
    a, b = (each.ravel().astype(np.int32) for each in np.indices((size, size)))
    found = graph.entry(a, b)
    assert [bool(there) for there in found >= 0] == [
        (u, v) in edges for u, v in zip(a.tolist(), b.tolist(), strict=True)
    ]
    np.testing.assert_array_equal(graph.rows()[found[found >= 0]], a[found >= 0])
    np.testing.assert_array_equal(graph.indices[found[found >= 0]], b[found >= 0])


def test_the_arguments_are_not_changed_and_any_integers_will_do() -> None:
    source, target = np.array([1, 0, 1], dtype=np.int8), np.array([0, 1, 2], dtype=np.uint16)
    source.flags.writeable = False
    graph = in_each(lambda: Graph.of(source, target, size=3))
    assert rows_of(graph) == [[1], [0, 2], []]
    assert (source.tolist(), target.tolist()) == ([1, 0, 1], [0, 1, 2])
    assert graph.matrix().toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    ("source", "target", "size", "words"),
    [
        ([0, 3], [1, 1], 3, r"source\[1\] is 3: codes go from 0 to 2"),
        ([0], [-2], 3, r"target\[0\] is -2"),
        ([0, 1], [1], 3, "these have to be of one length: source 2, target 1"),
        ([0.0], [1], 3, "whole numbers"),
        ([[0]], [[1]], 3, "one dimension"),
        ([], [], -1, "size=-1"),
        ([], [], 2**31, "not a number of nodes"),
    ],
)
def test_what_is_no_graph_is_refused(source: list, target: list, size: int, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        Graph.of(source, target, size=size)


def test_more_edges_than_can_be_numbered_are_refused() -> None:
    many = np.broadcast_to(np.int32(0), (2**30,))
    with pytest.raises(ArgumentError, match="split them"):
        csr._checked_length(len(many), directed=False)
    csr._checked_length(len(many), directed=True)
