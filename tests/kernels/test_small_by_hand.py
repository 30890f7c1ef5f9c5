"""Graphs of six to eight nodes, each figure worked out in its comment; and hardly any graph at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from chaine_valeur import kernels
from chaine_valeur.errors import ArgumentError
from chaine_valeur.kernels import Graph
from tests.kernels.running import VERSIONS, ends, in_each, version

Edges = list[tuple[int, int]]


@dataclass(frozen=True)
class Held:
    """An undirected graph and what holds it together, worked out by hand."""

    size: int
    edges: Edges
    points: list[int]
    bridges: Edges
    component: list[int]
    parts: list[int]
    largest: list[int]
    pairs: list[int]


#: name → graph; in the comments, what is left without a node
HELD: dict[str, Held] = {
    # 0-1-2 and 3-4-5 are triangles, 2-3 joins them; without 2: {0, 1} and {3, 4, 5}, 1 + 3 pairs;
    # without 0 five nodes stay together: 10 pairs
    "two triangles and a bridge": Held(
        6, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)],
        [2, 3], [(2, 3)], [6] * 6, [1, 1, 2, 2, 1, 1], [5, 5, 3, 3, 5, 5], [10, 10, 4, 4, 10, 10],
    ),
    # the same with a second way round, 0-5: nothing separates anything
    "two triangles and a way round": Held(
        6, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3), (5, 0)],
        [], [], [6] * 6, [1] * 6, [5] * 6, [10] * 6,
    ),
    # three triangles that share node 0: without it {1, 2}, {3, 4}, {5, 6}: 3 pairs; without another, 15
    "windmill": Held(
        7, [(0, 1), (1, 2), (2, 0), (0, 3), (3, 4), (4, 0), (0, 5), (5, 6), (6, 0)],
        [0], [], [7] * 7, [3, 1, 1, 1, 1, 1, 1], [2, 6, 6, 6, 6, 6, 6], [3, 15, 15, 15, 15, 15, 15],
    ),
    # 0 over 1 and 2, 1 over 3 and 4, 2 over 5 and 6: every edge is a bridge; without 0 two triplets (3 + 3
    # pairs), without 1 {3}, {4} and the other four (6), likewise without 2; without a leaf six (15)
    "tree of seven": Held(
        7, [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)],
        [0, 1, 2], [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)],
        [7] * 7, [2, 3, 3, 1, 1, 1, 1], [3, 4, 4, 6, 6, 6, 6], [6, 6, 6, 15, 15, 15, 15],
    ),
    # 0, 1, 2 each with 3, 4, 5: two nodes of a side stay tied by those of the other
    "three and three": Held(
        6, [(a, b) for a in range(3) for b in range(3, 6)], [], [], [6] * 6, [1] * 6, [5] * 6, [10] * 6,
    ),
    # a hub 7 and a rim 0 … 6: without the hub a ring of seven (21 pairs), without one of the rim the same number
    "wheel": Held(
        8, [(7, k) for k in range(7)] + [(k, (k + 1) % 7) for k in range(7)],
        [], [], [8] * 8, [1] * 8, [7] * 8, [21] * 8,
    ),
    # 1-2-3 in a row (2 separates two ends: 0 pairs), 5 and 6 tied (one alone is left: 0 pairs), 0, 4, 7 alone
    "pieces": Held(
        8, [(3, 2), (2, 1), (6, 5)],
        [2], [(1, 2), (2, 3), (5, 6)], [1, 3, 3, 3, 1, 2, 2, 1],
        [0, 1, 2, 1, 0, 1, 1, 0], [0, 2, 1, 2, 0, 1, 1, 0], [0, 1, 0, 1, 0, 0, 0, 0],
    ),
    # a square 0-1-2-3, from 2 a tail 4-5, from 5 a square 5-6-7 that is a triangle: without 2 {0, 1, 3} and
    # {4 … 7}: 3 + 6; without 4 four and three: 6 + 3; without 5 five and {6, 7}: 10 + 1; without another 21
    "square, tail, triangle": Held(
        8, [(0, 1), (1, 2), (2, 3), (3, 0), (2, 4), (4, 5), (5, 6), (6, 7), (7, 5)],
        [2, 4, 5], [(2, 4), (4, 5)], [8] * 8, [1, 1, 2, 1, 2, 2, 1, 1],
        [7, 7, 4, 7, 4, 5, 7, 7], [21, 21, 9, 21, 9, 11, 21, 21],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("turned", [False, True])
def test_what_holds_it_together(name: str, turned: bool) -> None:
    one = HELD[name]
    source, target = ends([(b, a) for a, b in reversed(one.edges)] if turned else one.edges)
    graph = Graph.of(source, target, size=one.size, directed=False)
    found = in_each(lambda: kernels.cut_elements(graph))
    assert np.flatnonzero(found.articulation).tolist() == one.points
    assert list(zip(found.bridge_a.tolist(), found.bridge_b.tolist(), strict=True)) == one.bridges
    apart = in_each(lambda: kernels.separations(graph))
    for told in ("component", "parts", "largest", "pairs"):
        assert getattr(apart, told).tolist() == getattr(one, told), told
    # an edge in the other direction, a loop, an end that is not there: the same graph
    more = ends([*one.edges, (one.edges[0][1], one.edges[0][0]), (1, 1), (-1, 0)])
    again = Graph.of(*more, size=one.size, directed=False)
    assert again.indices.tolist() == graph.indices.tolist()


def test_an_edge_told_twice_is_no_bridge_where_both_are_kept() -> None:
    one = HELD["two triangles and a bridge"]
    source, target = ends([*one.edges, (3, 2)])
    kept = Graph.of(source, target, size=6, directed=False, merged=False, numbered=True)
    found = in_each(lambda: kernels.cut_elements(kept))
    assert (found.bridge_a.tolist(), found.bridge_edge.tolist()) == ([], [])
    assert np.flatnonzero(found.articulation).tolist() == [2, 3]  # still the only ways
    merged = Graph.of(source, target, size=6, directed=False, numbered=True)
    assert in_each(lambda: kernels.cut_elements(merged)).bridge_edge.tolist() == [3]  # the first of the two


# -- two loops and what lies between ------------------------------------------------------------------

#: 0 → 1 → 2 → 0 is a loop, 3 between, 4 ⇄ 5 a loop, 6 behind both, 7 alone; 2 → 3 → 4, 5 → 6, 0 → 6
LOOPS: Edges = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 4), (5, 6), (0, 6)]


def test_two_loops() -> None:
    graph = Graph.of(*ends(LOOPS), size=8)
    strong = in_each(lambda: kernels.strong_components(graph))
    assert strong.label.tolist() == [0, 0, 0, 1, 2, 2, 3, 4]
    assert (strong.sizes.tolist(), strong.first.tolist()) == ([3, 1, 2, 1, 1], [0, 3, 4, 6, 7])
    assert in_each(lambda: kernels.weak_components(graph)).sizes.tolist() == [7, 1]
    small = in_each(lambda: kernels.condensed(graph, strong))
    assert (small.rows().tolist(), small.indices.tolist()) == ([0, 0, 1, 2], [1, 3, 2, 3])
    # {0, 1, 2} → 3 → {4, 5} → 6: 6 is at 3 though 0 → 6 is one step
    assert in_each(lambda: kernels.layers(graph)).tolist() == [0, 0, 0, 1, 2, 2, 3, 0]
    assert in_each(lambda: kernels.depths(graph, [0])).tolist() == [0, 1, 2, 3, 4, 5, 1, -1]
    assert in_each(lambda: kernels.depths(graph, [3, 7])).tolist() == [-1, -1, -1, 0, 1, 2, 3, 0]
    # to 6: 0 and 5 in one step, 2 and 4 in two, 1 and 3 in three
    assert in_each(lambda: kernels.depths(graph, [6], backward=True)).tolist() == [1, 3, 2, 3, 2, 1, 0, -1]
    back = in_each(lambda: kernels.reached(graph, [4], backward=True))
    assert np.flatnonzero(back).tolist() == [0, 1, 2, 3, 4, 5]


def test_turned_round_the_layers_count_from_the_end() -> None:
    graph = Graph.of(*ends(LOOPS), size=8).reversed
    # 6 first, then {4, 5}, then 3, then {0, 1, 2}
    assert in_each(lambda: kernels.layers(graph)).tolist() == [3, 3, 3, 2, 1, 1, 0, 0]
    assert in_each(lambda: kernels.strong_components(graph)).label.tolist() == [0, 0, 0, 1, 2, 2, 3, 4]


@pytest.mark.parametrize("name", VERSIONS[::2])
def test_paths_are_not_counted_round_in_a_loop(name: str) -> None:
    # in a loop 0, 1, 2 and 4, 5; behind one 3 and 6
    with version(name), pytest.raises(ArgumentError, match="7 nodes are in a loop or behind one"):
        kernels.path_counts(Graph.of(*ends(LOOPS), size=8), sources=[0], targets=[6])


#: a grid of two by four, steps to the right and down: 0 1 2 3 over 4 5 6 7
GRID: Edges = [(k, k + 1) for k in (0, 1, 2, 4, 5, 6)] + [(k, k + 4) for k in range(4)]


def test_paths_on_a_grid() -> None:
    graph = Graph.of(*ends(GRID), size=8)
    assert in_each(lambda: kernels.layers(graph)).tolist() == [0, 1, 2, 3, 1, 2, 3, 4]
    found = in_each(lambda: kernels.path_counts(graph, sources=[0], targets=[7]))
    # one way along the top; at the bottom, as many as places to go down: 1, 2, 3, 4
    assert found.arriving.tolist() == [1, 1, 1, 1, 1, 2, 3, 4]
    # from the top, as many as places left to go down: 4, 3, 2, 1
    assert found.leaving.tolist() == [4, 3, 2, 1, 1, 1, 1, 1]
    assert found.through.tolist() == [4, 3, 2, 1, 1, 2, 3, 4]
    # from 1 and 5 to 3 and 6: 1-2-3, 1-2-6, 1-5-6, 5-6
    found = in_each(lambda: kernels.path_counts(graph, sources=[1, 5], targets=[3, 6]))
    assert found.through.tolist() == [0, 3, 2, 1, 0, 2, 3, 0]
    assert found.arriving.tolist() == [0, 1, 1, 1, 0, 2, 3, 4]  # what goes on to 7 arrives there too
    assert found.per_block(np.array([0] * 4 + [1] * 4), n_blocks=2).tolist() == [1, 3]
    # no source, or no target: no path
    for ways in ({"sources": [], "targets": [7]}, {"sources": [0], "targets": []}):
        assert not in_each(lambda ways=ways: kernels.path_counts(graph, **ways)).through.any()


def test_counts_and_shares_on_the_grid() -> None:
    source, target = ends(GRID)
    row, column = np.repeat([0, 1], 4), np.tile([0, 1, 2, 3], 2)
    # three steps in each row, four down, none up
    found = in_each(lambda: kernels.group_counts(source, target, group=row, n_groups=2))
    assert found.tolist() == [[[3, 4], [0, 3]]]
    # by column of the source, steps within a row and down: the last column has only one down
    by_column = in_each(
        lambda: kernels.group_counts(source, target, group=row, n_groups=2, block=column, n_blocks=4)
    )
    assert by_column.tolist() == [[[1, 1], [0, 1]]] * 3 + [[[0, 1], [0, 0]]]
    tonnes = np.arange(1.0, 11.0)  # 1 to 3 along the top, 4 to 6 along the bottom, 7 to 10 down
    # 5 receives 4 of 4 and 8 of 1; 6: 5 and 9; 7: 6 and 10; 4 only 7 of 0
    assert in_each(lambda: kernels.sum_at(target, tonnes, size=8)).tolist() == [0, 1, 2, 3, 7, 12, 14, 16]
    assert in_each(lambda: kernels.max_at(target, tonnes, size=8))[4:].tolist() == [7, 8, 9, 10]
    shares = in_each(lambda: kernels.herfindahl(target, source, tonnes, size=8, n_parts=8))
    assert np.isnan(shares[0])
    np.testing.assert_allclose(
        shares[1:], [1, 1, 1, 1, 80 / 144, 106 / 196, 136 / 256], rtol=1e-15  # 4² + 8², 5² + 9², 6² + 10²
    )  # fmt: skip


def test_a_tonnage_of_zero_is_measured_and_one_unknown_is_not() -> None:
    places, parts = [0, 0, 1, 1, 2, 3], [0, 1, 0, 1, 0, 0]
    tonnes = [0.0, 5.0, np.nan, 5.0, 0.0, np.nan]
    assert kernels.count_at(places, tonnes, size=5).tolist() == [2, 1, 1, 0, 0]
    assert in_each(lambda: kernels.sum_at(places, tonnes, size=5)).tolist() == [5, 5, 0, 0, 0]
    np.testing.assert_array_equal(
        in_each(lambda: kernels.max_at(places, tonnes, size=5)), [5, 5, 0, np.nan, np.nan]
    )
    # a supplier of 0 t has no share; of what is all 0 nobody has one
    np.testing.assert_array_equal(
        in_each(lambda: kernels.herfindahl(places, parts, tonnes, size=5, n_parts=2)),
        [1, 1, np.nan, np.nan, np.nan],
    )
    assert kernels.distinct_at(places, parts, size=5, n_codes=2).tolist() == [2, 2, 1, 1, 0]


# -- hardly any graph ---------------------------------------------------------------------------------

EMPTY: dict[str, tuple[int, Edges]] = {
    "nothing": (0, []),
    "one node": (1, []),
    "one node tied to itself": (1, [(0, 0), (0, 0)]),
    "edges of nobody": (3, [(-1, 0), (2, -1), (-1, -1)]),
}


@pytest.mark.parametrize("name", EMPTY)
def test_where_nothing_is_tied(name: str) -> None:
    size, edges = EMPTY[name]
    for directed in (True, False):
        graph = in_each(lambda d=directed: Graph.of(*ends(edges), size=size, directed=d, numbered=True))
        assert (graph.n_entries, graph.edge.tolist(), graph.indptr.tolist()) == (0, [], [0] * (size + 1))
        assert graph.reversed.n_entries == 0
        assert in_each(lambda g=graph: kernels.weak_components(g)).label.tolist() == list(range(size))
        assert in_each(lambda g=graph: kernels.strong_components(g)).count == size
        assert in_each(lambda g=graph: kernels.depths(g, range(size))).tolist() == [0] * size
        assert graph.matrix().shape == (size, size)
    apart = in_each(lambda: kernels.separations(graph))
    assert (apart.component.tolist(), apart.parts.tolist()) == ([1] * size, [0] * size)
    assert (apart.largest.tolist(), apart.pairs.tolist()) == ([0] * size, [0] * size)
    alone = Graph.of(*ends(edges), size=size)
    every = in_each(lambda: kernels.path_counts(alone, sources=range(size), targets=range(size)))
    assert every.through.tolist() == [1] * size  # of one node each
    assert every.per_block(np.zeros(size, dtype=int), n_blocks=1).tolist() == [size]


def test_loops_that_are_kept_stand_once() -> None:
    edges = ends([(0, 0), (0, 1), (1, 0), (1, 1), (0, 0)])
    one_way = in_each(lambda: Graph.of(*edges, size=2, loops=True, merged=False))
    assert (one_way.indptr.tolist(), one_way.indices.tolist()) == ([0, 3, 5], [0, 0, 1, 0, 1])
    both = in_each(lambda: Graph.of(*edges, size=2, loops=True, merged=False, directed=False))
    # 0: the loop twice, the tie twice; 1: the tie twice, the loop once
    assert (both.indptr.tolist(), both.indices.tolist()) == ([0, 4, 7], [0, 0, 1, 1, 0, 0, 1])
    merged = in_each(lambda: Graph.of(*edges, size=2, loops=True, directed=False, numbered=True))
    assert (merged.indices.tolist(), merged.edge.tolist()) == ([0, 1, 0, 1], [0, 1, 1, 3])
    assert merged.degree_out.tolist() == merged.degree_in.tolist() == [1, 1]
    assert both.simple.indices.tolist() == [1, 0]


def test_entries_that_are_looked_for() -> None:
    graph = Graph.of([0, 0, 0, 2, 2], [1, 3, 5, 0, 4], size=6)
    # the rows are 1 3 5, none, 0 4
    a, b = (
        np.array([0, 0, 0, 0, 1, 2, 2, 2, 5], dtype=np.int32),
        np.array([1, 3, 5, 2, 0, 4, 0, 5, 0], dtype=np.int32),
    )
    assert graph.entry(a, b).tolist() == [0, 1, 2, -1, -1, 4, 3, -1, -1]
    assert graph.entry(a[:0], b[:0]).tolist() == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"source": [0], "target": [1, 0], "size": 2}, "one length: source 1, target 2"),
        ({"source": [0], "target": [2], "size": 2}, r"target\[0\] is 2"),
        ({"source": [-2], "target": [1], "size": 2}, r"source\[0\] is -2"),
        ({"source": [], "target": [], "size": -1}, "size=-1 is not a number of nodes"),
        ({"source": [0.5], "target": [1], "size": 2}, "whole numbers in one dimension"),
    ],
)
def test_what_is_no_graph(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        Graph.of(**given)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kernels.herfindahl([0, 0], [0, 0], [1.0, -2.0], size=1, n_parts=1), r"values\[1\] is negative"),
        (lambda: kernels.sum_at([0], [1.0, 2.0], size=1), "places 1, values 2"),
        (lambda: kernels.count_at([1], size=1), r"places\[0\] is 1"),
        (lambda: kernels.distinct_at([0], [3], size=1, n_codes=3), "codes go from 0 to 2"),
        (lambda: kernels.distinct_at([0], [0.5], size=1, n_codes=3), "codes have to be whole numbers"),
        (lambda: kernels.distinct_at([0], [0], size=2**31, n_codes=2**33), "more than can be numbered"),
        (lambda: kernels.group_counts([0], [0], group=[2], n_groups=2), r"group\[0\] is 2"),
        (lambda: kernels.group_counts([0], [0], group=[0], n_groups=1, block=[], n_blocks=1), "group 1, block 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted(call: Any, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        call()
