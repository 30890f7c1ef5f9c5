"""networkx, or a plain loop, as referee on random graphs; and what a large one costs."""

from __future__ import annotations

import time
from itertools import product

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.cohesion.centralization import centralization_of_ties
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import reciprocity_of_ties
from chaine_valeur.analysis.cooperation.ties.counting import count_pairs
from chaine_valeur.analysis.cooperation.triptyques.pairs import _untied
from chaine_valeur.analysis.cooperation.triptyques.triads import count_triads
from chaine_valeur.network import Ties, distinct
from tests.cooperation.random_ties import closed_by_hand

POLES = ["enterprise", "elected", "ess", "expertise", None]
SEEDS = range(6)


def random_graph(seed: int, *, directed: bool) -> nx.Graph:
    rng = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(
        int(rng.integers(5, 30)), rng.uniform(0.05, 0.6), seed=seed, directed=directed
    )
    for node in graph:
        graph.nodes[node]["pole"] = POLES[rng.integers(len(POLES))]
    return graph


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_density_and_blocks(seed: int, directed: bool) -> None:
    graph = random_graph(seed, directed=directed)
    assert co.density(graph) == pytest.approx(nx.density(graph))
    blocks = co.block_density(graph, group="pole")
    assert blocks["ties"].sum() == graph.number_of_edges()
    for row in blocks.itertuples():
        ends = [None if pd.isna(key) else key for key in (row.group, row.to_group)]
        counted = nx.edge_boundary(graph, _members(graph, ends[0]), _members(graph, ends[1]))
        within = graph.subgraph(_members(graph, ends[0])).number_of_edges()
        assert row.ties == (within if ends[0] == ends[1] else len(list(counted)))


def _members(graph: nx.Graph, pole: object) -> list[int]:
    return [node for node, found in graph.nodes(data="pole") if found == pole]


@pytest.mark.parametrize("seed", SEEDS)
def test_reciprocity(seed: int) -> None:
    graph = random_graph(seed, directed=True)
    assert co.reciprocity(graph) == pytest.approx(nx.overall_reciprocity(graph))
    mutual = nx.overall_reciprocity(graph) * graph.number_of_edges() / 2
    assert co.reciprocity(graph, by="dyad") == pytest.approx(mutual / graph.to_undirected().number_of_edges())


@pytest.mark.parametrize("mode", ["degree", "in", "out"])
@pytest.mark.parametrize("seed", SEEDS)
def test_centralization(seed: int, mode: str) -> None:
    graph = random_graph(seed, directed=True)
    # networkx divides by n − 1: the sum of differences over n − 2, or over n − 1 for in and out
    n = len(graph)
    central = {
        "degree": lambda: nx.degree_centrality(graph.to_undirected()),
        "in": lambda: nx.in_degree_centrality(graph),
        "out": lambda: nx.out_degree_centrality(graph),
    }[mode]()
    expected = sum(max(central.values()) - value for value in central.values())
    assert co.centralization(graph, mode=mode) == pytest.approx(
        expected / (n - 2 if mode == "degree" else n - 1)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_triptyques(seed: int) -> None:
    graph = random_graph(seed, directed=False)
    pole = {node: POLES.index(found["pole"]) for node, found in graph.nodes(data=True)}
    closed, two_ties = closed_by_hand(graph, {node: code for node, code in pole.items() if code < 3})
    sizes = [list(pole.values()).count(code) for code in range(3)]
    possible = int(np.prod(sizes))
    assert co.triptyque_closure(graph) == pytest.approx(
        closed / possible if possible else np.nan, nan_ok=True
    )
    connected = closed + two_ties
    value = co.triptyque_closure(graph, by="connected")
    assert value == pytest.approx(closed / connected if connected else np.nan, nan_ok=True)
    # the tripartite part of the graph: each of its triangles is a closed triptyque
    three = graph.edge_subgraph(
        (a, b) for a, b in graph.edges() if pole[a] != pole[b] and max(pole[a], pole[b]) < 3
    )
    cliques = nx.enumerate_all_cliques(nx.Graph(three.edges()))
    assert sum(len(clique) == 3 for clique in cliques) == closed


@pytest.mark.parametrize("seed", SEEDS)
def test_missing_pairs(seed: int) -> None:
    graph = random_graph(seed, directed=False)
    pole = dict(graph.nodes(data="pole"))
    expected = {}
    for first, second, third in (POLES[:3], [POLES[0], POLES[2], POLES[1]], [POLES[1], POLES[2], POLES[0]]):
        for one, other in product(_members(graph, first), _members(graph, second)):
            common = [node for node in nx.common_neighbors(graph, one, other) if pole[node] == third]
            if common and not graph.has_edge(one, other):
                expected[one, other] = len(common)
    found = co.missing_pairs(graph, limit=None)
    assert (
        dict(zip(zip(found["actor_id"], found["to_actor_id"], strict=True), found["closes"], strict=True))
        == expected
    )
    assert found["closes"].is_monotonic_decreasing
    assert found["documented"].all()
    few = co.missing_pairs(graph, limit=3)
    assert few["closes"].tolist() == found["closes"].tolist()[:3]


@pytest.mark.parametrize("at_a_time", [1, 7, 50])
@pytest.mark.parametrize("limit", [None, 1, 5, 40])
def test_missing_pairs_in_slices(at_a_time: int, limit: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices and an early end change nothing of how much the best pairs close."""
    from scipy.sparse import random_array

    rng = np.random.default_rng(at_a_time)
    left = (random_array((20, 12), density=0.3, rng=rng) > 0).astype(np.int32).tocsr()
    right = (random_array((12, 25), density=0.3, rng=rng) > 0).astype(np.int32).tocsr()
    tied = (random_array((20, 25), density=0.2, rng=rng) > 0).astype(np.int32).tocsr()
    common = (left @ right).toarray() * (tied.toarray() == 0)
    monkeypatch.setattr("chaine_valeur.analysis.cooperation.triptyques.pairs._AT_A_TIME", at_a_time)
    rows, columns, closes = _untied(left, right, tied, limit)
    assert sorted(closes, reverse=True) == sorted(common[common > 0], reverse=True)[:limit]
    assert (common[rows, columns] == closes).all()
    assert len(set(zip(rows, columns, strict=True))) == len(closes)


def large(size: int, count: int, *, directed: bool) -> Ties:
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, size, (2, count))
    a, b = a[a != b], b[a != b]
    if not directed:
        a, b = np.minimum(a, b), np.maximum(a, b)
    numbers = distinct(a * size + b)
    state = rng.random(len(numbers)) < 0.95
    (a, b), (absent_a, absent_b) = (
        [part.astype(np.int32) for part in np.divmod(numbers[chosen], size)] for chosen in (state, ~state)
    )
    asked = rng.random(size) < 0.5
    return Ties(pd.RangeIndex(size), a, b, absent_a, absent_b, asked=asked, directed=directed)


def test_a_hundred_thousand_actors() -> None:
    """Nothing here writes the five billion pairs out; a loop over them would take an hour."""
    size, rng = 100_000, np.random.default_rng(2)
    ties, arcs = large(size, 500_000, directed=False), large(size, 500_000, directed=True)
    codes = rng.integers(0, 6, size).astype(np.int32)
    started = time.process_time()
    whole, blocks = count_pairs(ties), count_pairs(ties, codes, n_blocks=6)
    centre, mutual = centralization_of_ties(ties, "degree", "en"), reciprocity_of_ties(arcs, "arc", "en")
    triads = count_triads(ties, np.where(codes < 3, codes, -1))
    spent = time.process_time() - started
    half = np.triu_indices(6)
    assert blocks.ties[half].sum() == whole.ties[0, 0] == len(ties.a)
    assert blocks.possible[half].sum() == whole.possible[0, 0] == size * (size - 1) // 2
    assert blocks.documented[half].sum() == whole.documented[0, 0]
    assert 0 < centre.value < centre.high < 1 and 0 <= mutual.value < 1
    assert 0 <= triads.closed <= triads.may_close < triads.possible
    assert spent < 10  # well under two seconds on an idle core


def test_a_star_of_many_actors_costs_little() -> None:
    """Around one elected body all is two ties from all: 1e8 missing pairs, of which ten are asked for."""
    graph = nx.star_graph(20_000)
    poles = {node: "ess" if node % 2 else "enterprise" for node in graph}
    nx.set_node_attributes(graph, poles | {0: "elected"}, "pole")
    started = time.process_time()
    pairs = co.missing_pairs(graph, limit=10)
    spent = time.process_time() - started
    assert pairs["closes"].tolist() == [1] * 10
    assert spent < 10
    assert co.triptyque_closure(graph) == 0
    assert co.triptyque_closure_measure(graph, by="connected").denominator == 10_000 * 10_000
