"""A chain of eight actors of which every figure is worked out by hand, in each version.

::

    0 ──> 2 ──> 3 ──> 4 ──> 6        two collectors (0, 1) bring to a sorter (2), a spinner (3) buys from it
    1 ──> 2     3 <── 4              and from the weaver (4), whose waste it takes back; 6 buys cloth,
    1 ──> 5           4 ──> 6        twice; 5 buys from 1 only; 7 is alone
"""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur import kernels
from chaine_valeur.kernels import Graph
from tests.kernels.running import in_each

SOURCE = np.array([0, 1, 1, 2, 3, 4, 4, 4], dtype=np.int32)
TARGET = np.array([2, 2, 5, 3, 4, 3, 6, 6], dtype=np.int32)
#: t/year: what 4 sends 6 comes as two flows of 10 and 20, what 1 sends 2 is not known
TONNES = np.array([30.0, np.nan, 5.0, 25.0, 24.0, 6.0, 10.0, 20.0])
SIZE = 8


@pytest.fixture
def flows() -> Graph:
    return Graph.of(SOURCE, TARGET, size=SIZE)


@pytest.fixture
def ties() -> Graph:
    return Graph.of(SOURCE, TARGET, size=SIZE, directed=False)


def test_the_rows() -> None:
    graph = in_each(lambda: Graph.of(SOURCE, TARGET, size=SIZE, numbered=True))
    assert graph.indptr.tolist() == [0, 1, 3, 4, 5, 7, 7, 7, 7]
    assert graph.indices.tolist() == [2, 2, 5, 3, 4, 3, 6]
    assert graph.edge.tolist() == [0, 1, 2, 3, 4, 5, 6]  # of the two flows 4 → 6 the first
    assert (graph.size, graph.n_entries, graph.work) == (8, 7, 16)
    turned = in_each(lambda: Graph.of(SOURCE, TARGET, size=SIZE, numbered=True).reversed)
    assert turned.indptr.tolist() == [0, 0, 0, 2, 4, 5, 6, 7, 7]
    assert turned.indices.tolist() == [0, 1, 2, 4, 3, 1, 4]
    assert turned.edge.tolist() == [0, 1, 3, 5, 4, 2, 6]


def test_parallel_flows_are_kept_on_demand() -> None:
    graph = in_each(lambda: Graph.of(SOURCE, TARGET, size=SIZE, merged=False, numbered=True))
    assert graph.n_entries == 8
    assert graph.edge[5:].tolist() == [5, 6, 7]
    assert graph.degree_out.tolist() == [1, 2, 1, 1, 2, 0, 0, 0]  # distinct neighbours
    assert graph.simple.edge.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert graph.simple.merged and not graph.simple.loops


def test_degrees(flows: Graph, ties: Graph) -> None:
    assert flows.degree_out.tolist() == [1, 2, 1, 1, 2, 0, 0, 0]
    assert flows.degree_in.tolist() == [0, 0, 2, 2, 1, 1, 1, 0]
    # 3 and 4 trade both ways: one neighbour
    assert ties.degree_out.tolist() == [1, 2, 3, 2, 2, 1, 1, 0]


def test_the_matrix_is_that_of_the_flows(flows: Graph, ties: Graph) -> None:
    expected = np.zeros((SIZE, SIZE))
    expected[SOURCE, TARGET] = 1
    np.testing.assert_array_equal(flows.matrix().toarray(), expected)
    np.testing.assert_array_equal(ties.matrix().toarray(), np.maximum(expected, expected.T))


def test_components(flows: Graph, ties: Graph) -> None:
    weak = in_each(lambda: kernels.weak_components(flows))
    assert weak.label.tolist() == [0, 0, 0, 0, 0, 0, 0, 1]
    assert (weak.count, weak.sizes.tolist(), weak.first.tolist()) == (2, [7, 1], [0, 7])
    assert in_each(lambda: kernels.weak_components(ties)).label.tolist() == weak.label.tolist()
    strong = in_each(lambda: kernels.strong_components(flows))
    assert strong.label.tolist() == [0, 1, 2, 3, 3, 4, 5, 6]  # 3 and 4 supply each other
    assert strong.sizes.tolist() == [1, 1, 1, 2, 1, 1, 1]
    small = in_each(lambda: kernels.condensed(flows, strong))
    assert small.rows().tolist() == [0, 1, 1, 2, 3]
    assert small.indices.tolist() == [2, 2, 4, 3, 5]


def test_cuts(ties: Graph) -> None:
    # a tree once 3 - 4 is one tie: 0 - 2 - 3 - 4 - 6 and 2 - 1 - 5
    found = in_each(lambda: kernels.cut_elements(ties))
    assert np.flatnonzero(found.articulation).tolist() == [1, 2, 3, 4]
    pairs = list(zip(found.bridge_a.tolist(), found.bridge_b.tolist(), strict=True))
    assert pairs == [(0, 2), (1, 2), (1, 5), (2, 3), (3, 4), (4, 6)]
    assert (found.bridge_a.dtype, found.articulation.dtype) == (np.int32, bool)
    apart = in_each(lambda: kernels.separations(ties))
    assert apart.component.tolist() == [7] * 7 + [1]
    # without 1: {5} and the other five; without 2: {0}, {1, 5}, {3, 4, 6}; without 3: four and {4, 6};
    # without 4: five and {6}
    assert apart.parts.tolist() == [1, 2, 3, 2, 2, 1, 1, 0]
    assert apart.largest.tolist() == [6, 5, 3, 4, 5, 6, 6, 0]
    assert apart.pairs.tolist() == [15, 10, 0 + 1 + 3, 6 + 1, 10, 15, 15, 0]


def test_two_flows_between_two_actors_are_no_bridge() -> None:
    # unmerged, 3 - 4 (both ways) and 4 - 6 (two flows) are held twice
    graph = Graph.of(SOURCE, TARGET, size=SIZE, directed=False, merged=False, numbered=True)
    found = in_each(lambda: kernels.cut_elements(graph))
    assert found.bridge_edge.tolist() == [0, 1, 2, 3]
    assert np.flatnonzero(found.articulation).tolist() == [1, 2, 3, 4]  # what a node joins stays joined by it


def test_reach(flows: Graph) -> None:
    assert in_each(lambda: kernels.depths(flows, [0])).tolist() == [0, -1, 1, 2, 3, -1, 4, -1]
    assert in_each(lambda: kernels.depths(flows, [0, 4])).tolist() == [0, -1, 1, 1, 0, -1, 1, -1]
    assert in_each(lambda: kernels.depths(flows, [6], backward=True)).tolist() == [4, 4, 3, 2, 1, -1, 0, -1]
    found = in_each(lambda: kernels.reached(flows, [5, 7], backward=True))
    assert np.flatnonzero(found).tolist() == [1, 5, 7]


def test_layers_and_paths(flows: Graph) -> None:
    # 3 and 4 are one: layer 2, and 6 comes behind them
    assert in_each(lambda: kernels.layers(flows)).tolist() == [0, 0, 1, 2, 2, 1, 3, 0]
    keep = np.array([0, 1, 2, 3, 4, 6, 7])  # without the waste that goes back
    goes_on = Graph.of(SOURCE[keep], TARGET[keep], size=SIZE)
    found = in_each(lambda: kernels.path_counts(goes_on, sources=[0, 1], targets=[5, 6]))
    assert found.arriving.tolist() == [1, 1, 2, 2, 2, 1, 2, 0]
    assert found.leaving.tolist() == [1, 2, 1, 1, 1, 1, 1, 0]
    assert found.through.tolist() == [1, 2, 2, 2, 2, 1, 2, 0]
    # 0 and 1 to 6 through 2, and 1 to 5: three paths, of which a block of 1 and 5 alone would hold one
    block = np.array([0, 1, 0, 0, 0, 1, 0, 0])
    assert found.per_block(block, n_blocks=3).tolist() == [2, 1, 0]


def test_counts_between_groups() -> None:
    # collectors 0, makers 1, buyers 2; 7 in none
    group = np.array([0, 0, 1, 1, 1, 2, 2, -1])
    found = in_each(lambda: kernels.group_counts(SOURCE, TARGET, group=group, n_groups=3))
    assert found.tolist() == [[[0, 2, 1], [0, 3, 2], [0, 0, 0]]]
    both = in_each(lambda: kernels.group_counts(SOURCE, TARGET, group=group, n_groups=3, directed=False))
    assert both.tolist() == [[[0, 2, 1], [2, 3, 2], [1, 2, 0]]]


def test_tonnes_at_actors() -> None:
    assert in_each(lambda: kernels.sum_at(TARGET, TONNES, size=SIZE)).tolist() == [0, 0, 30, 31, 24, 5, 30, 0]
    assert in_each(lambda: kernels.sum_at(SOURCE, TONNES, size=SIZE)).tolist() == [30, 5, 25, 24, 36, 0, 0, 0]
    assert kernels.count_at(TARGET, TONNES, size=SIZE).tolist() == [0, 0, 1, 2, 1, 1, 2, 0]
    largest = in_each(lambda: kernels.max_at(TARGET, TONNES, size=SIZE))
    np.testing.assert_array_equal(largest, [np.nan, np.nan, 30, 25, 24, 5, 20, np.nan])
    assert kernels.distinct_at(TARGET, SOURCE, size=SIZE, n_codes=SIZE).tolist() == [0, 0, 2, 2, 1, 1, 1, 0]


def test_concentration_of_supply() -> None:
    # 3 receives 25 t of 2 and 6 t of 4: (25² + 6²) / 31²; 2 only knows what 0 brings; 6 has one supplier
    found = in_each(lambda: kernels.herfindahl(TARGET, SOURCE, TONNES, size=SIZE, n_parts=SIZE))
    assert np.flatnonzero(~np.isnan(found)).tolist() == [2, 3, 4, 5, 6]
    assert found[[2, 4, 5, 6]].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert found[3] == pytest.approx((625 + 36) / 961, rel=1e-15)
    # the other way round: 4 sells 6 t to 3 and 30 t to 6
    sold = in_each(lambda: kernels.herfindahl(SOURCE, TARGET, TONNES, size=SIZE, n_parts=SIZE))
    assert sold[4] == pytest.approx((36 + 900) / 1296, rel=1e-15)
