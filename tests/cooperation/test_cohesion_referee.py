"""networkx as referee on random graphs; plain loops where it has no such measure."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.cohesion import geodesics
from chaine_valeur.analysis.cooperation.cohesion import transitivity as transitivity_module
from chaine_valeur.analysis.cooperation.cohesion.centralization import centralization
from chaine_valeur.analysis.cooperation.cohesion.components import (
    component_ratio,
    components,
    largest_component,
    number_of_components,
)
from chaine_valeur.analysis.cooperation.cohesion.connectedness import connectedness, fragmentation
from chaine_valeur.analysis.cooperation.cohesion.densities import average_degree
from chaine_valeur.analysis.cooperation.cohesion.geodesics import betweenness_of_ties, distances
from chaine_valeur.analysis.cooperation.cohesion.paths import average_distance, compactness, diameter
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import dyad_share
from chaine_valeur.analysis.cooperation.cohesion.transitivity import transitivity
from chaine_valeur.analysis.cooperation.cohesion.valued import (
    mean_tie_strength,
    valued_average_degree,
    valued_density,
)
from chaine_valeur.analysis.cooperation.ties.layer import ties_of

CASES = [(seed, share, directed) for seed in range(3) for share in (0.03, 0.15) for directed in (False, True)]
random_graphs = pytest.mark.parametrize(("seed", "share", "directed"), CASES)


def graph_of(seed: int, share: float, directed: bool, size: int = 70) -> nx.Graph:
    # more than 64 nodes: a second word of bits
    return nx.gnp_random_graph(size, share, seed=seed, directed=directed)


@random_graphs
def test_distances(seed: int, share: float, directed: bool) -> None:
    graph = graph_of(seed, share, directed)
    found = distances(ties_of(graph))
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    far = [[step for step in lengths[node].values() if step] for node in graph]
    assert found.reached.tolist() == [len(steps) for steps in far]
    assert found.farness.tolist() == [sum(steps) for steps in far]
    np.testing.assert_allclose(found.nearness, [sum(1 / step for step in steps) for steps in far])
    assert found.pairs.tolist() == np.bincount([step for steps in far for step in steps]).tolist()


@random_graphs
def test_paths(seed: int, share: float, directed: bool) -> None:
    graph = graph_of(seed, share, directed)
    lengths = [
        step for _, steps in nx.all_pairs_shortest_path_length(graph) for step in steps.values() if step
    ]
    assert average_distance(graph) == pytest.approx(np.mean(lengths))
    assert diameter(graph) == max(lengths)
    assert compactness(graph) == pytest.approx(sum(1 / step for step in lengths) / (70 * 69))
    assert connectedness(graph) == len(lengths) / (70 * 69)
    assert fragmentation(graph) == pytest.approx(1 - len(lengths) / (70 * 69))
    if not directed:
        assert compactness(graph) == pytest.approx(nx.global_efficiency(graph))


@random_graphs
def test_betweenness(seed: int, share: float, directed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of(seed, share, directed)
    expected = list(nx.betweenness_centrality(graph, normalized=False).values())
    np.testing.assert_allclose(betweenness_of_ties(ties_of(graph)), expected, atol=1e-9)
    scores = np.array(expected)
    most = 69**2 * 68 / (1 if directed else 2)
    assert centralization(graph, mode="betweenness") == pytest.approx((scores.max() - scores).sum() / most)
    monkeypatch.setattr(geodesics, "PART", 1)  # one actor at a time
    np.testing.assert_allclose(betweenness_of_ties(ties_of(graph)), expected, atol=1e-9)


@random_graphs
def test_components(seed: int, share: float, directed: bool) -> None:
    graph = graph_of(seed, share, directed)
    weak = nx.weakly_connected_components if directed else nx.connected_components
    strong = nx.strongly_connected_components if directed else nx.connected_components
    for connection, parts_of in (("weak", weak), ("strong", strong)):
        parts = [frozenset(part) for part in parts_of(graph)]
        found = components(graph, connection=connection)
        assert found.index.tolist() == list(graph)
        assert {frozenset(found.index[found == part]) for part in found.unique()} == set(parts)
        assert found.value_counts().sort_index().is_monotonic_decreasing
        assert number_of_components(graph, connection=connection) == len(parts)
        assert largest_component(graph, connection=connection) == max(map(len, parts))
        assert component_ratio(graph, connection=connection) == (len(parts) - 1) / 69
    expected = sum(len(part) * (len(part) - 1) for part in weak(graph)) / (70 * 69)
    assert connectedness(graph, following="weak") == expected


@random_graphs
def test_transitivity(seed: int, share: float, directed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of(seed, share, directed, size=40)
    closed = paths = 0
    for i, j, k in permutations(graph, 3):
        if graph.has_edge(i, j) and graph.has_edge(j, k):
            paths += 1
            closed += graph.has_edge(i, k)
    assert transitivity(graph) == pytest.approx(closed / paths)
    if not directed:
        assert transitivity(graph) == pytest.approx(nx.transitivity(graph))
    monkeypatch.setattr(transitivity_module, "PART", 7)  # a few rows at a time
    assert transitivity(graph) == pytest.approx(closed / paths)


@random_graphs
def test_dyads_and_degrees(seed: int, share: float, directed: bool) -> None:
    graph = graph_of(seed, share, directed)
    degrees = [degree for _, degree in (graph.out_degree() if directed else graph.degree())]
    assert average_degree(graph) == pytest.approx(np.mean(degrees))
    if not directed:
        assert np.isnan(dyad_share(graph))
        return
    both = sum(graph.has_edge(b, a) for a, b in graph.edges()) // 2
    one = graph.number_of_edges() - 2 * both
    shares = [dyad_share(graph, state=state) for state in ("mutual", "asymmetric", "null")]
    assert shares == pytest.approx([count / 2415 for count in (both, one, 2415 - both - one)])


@pytest.mark.parametrize("seed", range(3))
def test_closeness(seed: int) -> None:
    graph = nx.gnp_random_graph(40, 0.15, seed=seed)
    graph.add_edges_from((0, node) for node in range(1, 40, 3))
    graph = graph.subgraph(max(nx.connected_components(graph), key=len))
    size = len(graph)
    scores = np.array(list(nx.closeness_centrality(graph).values()))
    expected = (scores.max() - scores).sum() / ((size - 1) * (size - 2) / (2 * size - 3))
    assert centralization(graph, mode="closeness") == pytest.approx(expected)
    arcs = nx.DiGraph(graph.edges())  # directions are not read
    assert centralization(arcs, mode="closeness") == pytest.approx(expected)


@pytest.mark.parametrize("directed", [False, True])
def test_long_chains_are_searched_another_way(directed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    graph: nx.Graph = nx.path_graph(150, create_using=nx.DiGraph if directed else nx.Graph)
    graph.add_edges_from([(150, 151), (10, 100)])
    before, linked = distances(ties_of(graph)), connectedness(graph)
    monkeypatch.setattr(geodesics, "LONG", 5)
    after = distances(ties_of(graph))
    assert after.pairs.tolist() == before.pairs.tolist()
    assert after.reached.tolist() == before.reached.tolist()
    assert after.farness.tolist() == before.farness.tolist()
    np.testing.assert_allclose(after.nearness, before.nearness)
    assert connectedness(graph) == linked == before.pairs.sum() / (152 * 151)


@pytest.mark.parametrize("directed", [False, True])
def test_strengths(directed: bool) -> None:
    graph = graph_of(5, 0.1, directed, size=30)
    for number, (_, _, data) in enumerate(graph.edges(data=True)):
        data["force"] = number % 5 + 0.5
    total = sum(data["force"] for _, _, data in graph.edges(data=True))
    pairs = 30 * 29 if directed else 30 * 29 // 2
    assert valued_density(graph, weight="force") == pytest.approx(total / pairs)
    assert mean_tie_strength(graph, weight="force") == pytest.approx(total / graph.number_of_edges())
    degrees = graph.out_degree(weight="force") if directed else graph.degree(weight="force")
    expected = np.mean([degree for _, degree in degrees])
    assert valued_average_degree(graph, weight="force") == pytest.approx(expected)
