"""Graphs of some dozens of nodes drawn by seed: networkx and plain arithmetic say what each kernel has to say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import networkx as nx
import numpy as np
import pytest

from chaine_valeur import kernels
from chaine_valeur.kernels import Graph
from tests.kernels.running import in_each, random_edges, referee

pytestmark = pytest.mark.long

SEEDS = range(6)
#: the third version, loops read as plain Python, is slow: it has its say on smaller graphs
BOTH = ("plain", "compiled")


@dataclass(frozen=True, eq=False)
class Drawn:
    """Edges between some nodes, parallel ones and loops among them: sparse, denser, or a forest with few more."""

    size: int
    source: np.ndarray
    target: np.ndarray

    def graph(self, *, directed: bool = True) -> Graph:
        return Graph.of(self.source, self.target, size=self.size, directed=directed)

    def other(self, *, kind: type = nx.DiGraph) -> nx.Graph:
        graph = referee(self.size, self.source, self.target, kind=kind)
        graph.remove_edges_from(list(nx.selfloop_edges(graph)))
        return graph

    @property
    def forward(self) -> Drawn:
        """The edges that go to a later node: no loop is left."""
        up = self.source < self.target
        return Drawn(self.size, self.source[up], self.target[up])


@cache
def drawn(seed: int) -> Drawn:
    size = 40 + 7 * seed
    return Drawn(size, *random_edges(size, int(size * (0.8, 1.2, 2.0)[seed % 3]), seed=seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_degrees_and_neighbours(seed: int) -> None:
    one = drawn(seed)
    other, ties = one.other(), one.other(kind=nx.Graph)
    graph, both = in_each(one.graph, versions=BOTH), one.graph(directed=False)
    nodes = range(one.size)
    assert graph.degree_out.tolist() == [other.out_degree(node) for node in nodes]
    assert graph.degree_in.tolist() == [other.in_degree(node) for node in nodes]
    assert both.degree_out.tolist() == [ties.degree(node) for node in nodes]
    for rows, same in ((graph, other), (graph.reversed, other.reverse()), (both, ties)):
        found = [rows.indices[rows.indptr[node] : rows.indptr[node + 1]].tolist() for node in nodes]
        assert found == [sorted(same.neighbors(node)) for node in nodes]
    np.testing.assert_array_equal(graph.matrix().toarray(), nx.to_numpy_array(other))


@pytest.mark.parametrize("seed", SEEDS)
def test_components_and_the_number_of_rings(seed: int) -> None:
    one = drawn(seed)
    graph, ties = one.graph(), one.graph(directed=False)
    weak = in_each(lambda: kernels.weak_components(ties), versions=BOTH)
    found = in_each(lambda: kernels.weak_components(graph), versions=BOTH)
    assert found.label.tolist() == weak.label.tolist()
    sets = {frozenset(np.flatnonzero(weak.label == k).tolist()) for k in range(weak.count)}
    assert sets == set(map(frozenset, nx.connected_components(one.other(kind=nx.Graph))))
    # edges − nodes + components: the independent rings, as networkx lists them
    rings = len(nx.cycle_basis(one.other(kind=nx.Graph)))
    assert ties.n_entries // 2 - one.size + weak.count == rings
    strong = in_each(lambda: kernels.strong_components(graph), versions=BOTH)
    sets = {frozenset(np.flatnonzero(strong.label == k).tolist()) for k in range(strong.count)}
    assert sets == set(map(frozenset, nx.strongly_connected_components(one.other())))
    assert (np.diff(strong.first) > 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_and_blocks(seed: int) -> None:
    one = drawn(seed)
    other = one.other(kind=nx.Graph)
    found = in_each(lambda: kernels.cut_elements(one.graph(directed=False)), versions=BOTH)
    apart = in_each(lambda: kernels.separations(one.graph(directed=False)), versions=BOTH)
    assert set(np.flatnonzero(found.articulation).tolist()) == set(nx.articulation_points(other))
    bridges = {(min(pair), max(pair)) for pair in nx.bridges(other)}
    assert set(zip(found.bridge_a.tolist(), found.bridge_b.tolist(), strict=True)) == bridges
    # a node is in as many blocks (maximal sets that no node separates) as parts are left without it
    blocks = np.zeros(one.size, dtype=int)
    for block in nx.biconnected_components(other):
        blocks[list(block)] += 1
    assert apart.parts.tolist() == blocks.tolist()
    assert ((apart.parts > 1) == found.articulation).all()
    # pairs that part without a node: what its component held, less those that still reach each other
    rest = apart.component.astype(np.int64) - 1
    lost = rest * (rest - 1) // 2 - apart.pairs
    assert ((lost > 0) == found.articulation).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_depths_and_layers(seed: int) -> None:
    one = drawn(seed)
    graph, other = one.graph(), one.other()
    starts = np.random.default_rng(seed).choice(one.size, 3, replace=False)
    steps = [nx.single_source_shortest_path_length(other, int(start)) for start in starts]
    expected = [min((far[node] for far in steps if node in far), default=-1) for node in range(one.size)]
    assert in_each(lambda: kernels.depths(graph, starts), versions=BOTH).tolist() == expected
    back = in_each(lambda: kernels.reached(graph, starts, backward=True), versions=BOTH)
    assert set(np.flatnonzero(back).tolist()) == set(starts.tolist()).union(
        *(nx.ancestors(other, int(start)) for start in starts)
    )
    ahead = one.forward
    layer = in_each(lambda: kernels.layers(ahead.graph()), versions=BOTH)
    generations = nx.topological_generations(ahead.other())
    assert {n: k for k, nodes in enumerate(generations) for n in nodes} == dict(enumerate(layer.tolist()))


@pytest.mark.parametrize("seed", SEEDS)
def test_paths_by_powers_of_the_matrix(seed: int) -> None:
    """The paths of each length are counted by a power of the matrix; without a loop the powers end."""
    ahead = drawn(seed).forward
    random = np.random.default_rng(seed)
    begin, end = random.random(ahead.size) < 0.3, random.random(ahead.size) < 0.3
    step = nx.to_numpy_array(ahead.other()).astype(np.int64)
    ways, power = np.eye(ahead.size, dtype=np.int64), np.eye(ahead.size, dtype=np.int64)
    while (power := power @ step).any():
        ways += power
    found = in_each(lambda: kernels.path_counts(ahead.graph(), sources=begin, targets=end), versions=BOTH)
    assert found.arriving.tolist() == ways[begin].sum(axis=0).tolist()
    assert found.leaving.tolist() == ways[:, end].sum(axis=1).tolist()
    through = ways[begin].sum(axis=0) * ways[:, end].sum(axis=1)
    assert found.through.tolist() == through.tolist()
    block = np.arange(ahead.size) % 4
    assert found.per_block(block, n_blocks=5).tolist() == [
        int(ways[begin][:, end & (block == k)].sum()) for k in range(5)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_between_groups_by_networkx(seed: int) -> None:
    one = drawn(seed)
    group = np.random.default_rng(seed).integers(0, 3, one.size)
    other = one.other(kind=nx.MultiDiGraph)
    found = in_each(
        lambda: kernels.group_counts(one.source, one.target, group=group, n_groups=3), versions=BOTH
    )
    names = {node: int(group[node]) for node in range(one.size)}
    nx.set_node_attributes(other, names, "group")
    mapping = {k: k for k in range(3)}
    expected = nx.attribute_mixing_matrix(other, "group", mapping=mapping, normalized=False)
    # the loops, which the referee has not: each within a group
    for node in one.source[one.source == one.target].tolist():
        expected[group[node], group[node]] += 1
    np.testing.assert_array_equal(found[0], expected)
    assert found.sum() == len(one.source)


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_and_shares_in_fractions(seed: int) -> None:
    """Whole tonnes are added exactly, and the index is the float nearest to a fraction but for a few roundings."""
    one = drawn(seed)
    tonnes = np.random.default_rng(seed).integers(0, 50, len(one.source)).astype(float)
    tonnes[::9] = np.nan
    total = [Fraction(0)] * one.size
    of_part: list[dict[int, Fraction]] = [{} for _ in range(one.size)]
    for a, b, t in zip(one.source.tolist(), one.target.tolist(), tonnes.tolist(), strict=True):
        if t == t:
            total[b] += int(t)
            of_part[b][a] = of_part[b].get(a, Fraction(0)) + int(t)
    assert in_each(lambda: kernels.sum_at(one.target, tonnes, size=one.size)).tolist() == total
    index = in_each(
        lambda: kernels.herfindahl(one.target, one.source, tonnes, size=one.size, n_parts=one.size)
    )
    expected = [
        float(sum((part / total[k]) ** 2 for part in of_part[k].values())) if total[k] else np.nan
        for k in range(one.size)
    ]
    np.testing.assert_allclose(index, expected, rtol=1e-14)
    known = ~np.isnan(tonnes)
    assert kernels.distinct_at(
        one.target[known], one.source[known], size=one.size, n_codes=one.size
    ).tolist() == [len(parts) for parts in of_part]
    assert kernels.count_at(one.target, tonnes, size=one.size).sum() == known.sum()


# -- what does not depend on how a graph is written down ----------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_other_numbers_for_the_nodes_are_the_same_graph(seed: int) -> None:
    one = drawn(seed)
    place = np.random.default_rng(100 + seed).permutation(one.size)
    order = np.random.default_rng(200 + seed).permutation(len(one.source))
    other = Drawn(one.size, place[one.source[order]], place[one.target[order]])
    for directed in (True, False):
        here, there = one.graph(directed=directed), other.graph(directed=directed)
        np.testing.assert_array_equal(here.degree_out, there.degree_out[place])
        a, b = kernels.strong_components(here), kernels.strong_components(there)
        assert len(set(zip(a.label.tolist(), b.label[place].tolist(), strict=True))) == a.count == b.count
        np.testing.assert_array_equal(a.sizes[a.label], b.sizes[b.label][place])
        start = np.arange(0, one.size, 11)
        np.testing.assert_array_equal(kernels.depths(here, start), kernels.depths(there, place[start])[place])
    np.testing.assert_array_equal(kernels.layers(one.graph()), kernels.layers(other.graph())[place])
    here, there = one.graph(directed=False), other.graph(directed=False)
    cuts, again = kernels.cut_elements(here), kernels.cut_elements(there)
    np.testing.assert_array_equal(cuts.articulation, again.articulation[place])
    assert {frozenset(pair) for pair in zip(place[cuts.bridge_a], place[cuts.bridge_b], strict=True)} == {
        frozenset(pair) for pair in zip(again.bridge_a, again.bridge_b, strict=True)
    }
    apart, after = kernels.separations(here), kernels.separations(there)
    for told in ("component", "parts", "largest", "pairs"):
        np.testing.assert_array_equal(getattr(apart, told), getattr(after, told)[place])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_is_added_alone_changes_nothing(seed: int) -> None:
    one = drawn(seed)
    more = Drawn(one.size + 1, one.source, one.target)
    for find in (kernels.weak_components, kernels.strong_components):
        assert find(more.graph()).label.tolist() == [
            *find(one.graph()).label.tolist(),
            find(one.graph()).count,
        ]
    assert kernels.layers(more.graph()).tolist() == [*kernels.layers(one.graph()).tolist(), 0]
    found = kernels.cut_elements(more.graph(directed=False))
    before = kernels.cut_elements(one.graph(directed=False))
    assert found.articulation.tolist() == [*before.articulation.tolist(), False]
    assert found.bridge_a.tolist() == before.bridge_a.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_all_of_them_in_one_are_each_of_them(seed: int) -> None:
    """Three graphs in a row, in any order: figures by block are those of each alone."""
    ones = [drawn(s % 6) for s in (seed, seed + 1, seed + 2)]
    starts = np.cumsum([0, *(one.size for one in ones)])
    whole = Drawn(
        int(starts[-1]),
        np.concatenate([one.source + start for one, start in zip(ones, starts, strict=False)]),
        np.concatenate([one.target + start for one, start in zip(ones, starts, strict=False)]),
    )
    block = np.repeat(np.arange(3), [one.size for one in ones])
    strong = in_each(lambda: kernels.strong_components(whole.graph()), versions=BOTH)
    alone = [kernels.strong_components(one.graph()) for one in ones]
    assert strong.per_block(block, n_blocks=3).tolist() == [each.count for each in alone]
    assert strong.largest(block, n_blocks=3).tolist() == [each.sizes.max() for each in alone]
    apart = in_each(lambda: kernels.separations(whole.graph(directed=False)), versions=BOTH)
    np.testing.assert_array_equal(
        apart.pairs, np.concatenate([kernels.separations(one.graph(directed=False)).pairs for one in ones])
    )
    tonnes = np.random.default_rng(seed).random(len(whole.source))
    places = block[whole.target]
    by_block = in_each(lambda: kernels.sum_at(places, tonnes, size=3), versions=BOTH)
    ends = np.cumsum([len(one.source) for one in ones])
    assert by_block == pytest.approx([part.sum() for part in np.split(tonnes, ends[:-1])], rel=1e-12)
