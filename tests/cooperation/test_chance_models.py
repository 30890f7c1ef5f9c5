"""Random networks keep what their model keeps, and favour none of those that it allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from itertools import combinations, permutations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.chance.draws import draws_of
from chaine_valeur.analysis.cooperation.chance.null_models import null_models
from chaine_valeur.analysis.cooperation.chance.swaps import Rewiring
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.io.graph import to_networkx
from chaine_valeur.network import Ties
from tests.cooperation.campnet import campnet
from tests.cooperation.hand import IDS, by_hand
from tests.cooperation.random_filiere import random_filiere
from tests.cooperation.random_ties import ABSENT, TIED, layer, layers
from tests.cooperation.test_chance_documented import CHI_SQUARE, chi_square, documented_one_by_one

MODELS = ["density", "degrees", "labels"]
PARTNERS = IDS[:7]
Pair = tuple[int, int]


def drawn(ties: Ties, model: str, draws: int, seed: int = 1) -> Counter[tuple[Pair, ...]]:
    """Return how often each set of ties came."""
    counts: Counter[tuple[Pair, ...]] = Counter()
    for batch in draws_of(ties, model=model, draws=draws, seed=seed):
        ends = np.stack(batch.ends(), axis=2).tolist()
        counts.update(tuple(sorted(map(tuple, one))) for one in ends)
    return counts


def degrees_of(pairs: Iterable[Pair], *, directed: bool) -> tuple[Counter[int], Counter[int]]:
    pairs = list(pairs)
    leave, arrive = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return (leave, arrive) if directed else (leave + arrive, Counter())


def same_degrees(ties: Ties) -> set[tuple[Pair, ...]]:
    """Return every set of documented pairs with the same degrees, by trying them all."""
    observed = list(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
    wanted = degrees_of(observed, directed=ties.directed)
    return {
        chosen
        for chosen in combinations(sorted(documented_one_by_one(ties)), len(observed))
        if degrees_of(chosen, directed=ties.directed) == wanted
    }


# as many ties


def test_density_draws_every_set_of_documented_pairs_alike() -> None:
    # nobody was asked but 0: {0,1} {0,2} {0,3} {0,4}, and {1,2} of which a row speaks; 2 of 5 pairs: 10 sets
    ties = layer(
        5, {(0, 1): TIED, (0, 3): TIED, (1, 2): ABSENT}, [True, False, False, False, False], directed=False
    )
    counts = drawn(ties, "density", 5000)
    assert set(counts) == set(combinations(sorted([(0, 1), (0, 2), (0, 3), (0, 4), (1, 2)]), 2))
    assert chi_square(counts, 10) < CHI_SQUARE[9]


def test_density_directed() -> None:
    ties = ties_of(nx.DiGraph([(0, 1), (2, 0), (1, 0)]))  # 3 of 6 arcs: 20 sets
    counts = drawn(ties, "density", 6000)
    assert chi_square(counts, 20) < CHI_SQUARE[19]


@pytest.mark.parametrize("model", ["density", "degrees"])
@pytest.mark.parametrize("seed", range(3))
def test_a_filiere_shows_no_tie_where_nobody_was_asked(model: str, seed: int) -> None:
    rows = random_filiere(seed)
    asked, spoken = rows.asked, rows.said("observed") | rows.said("absent")
    documented = {pair for pair in rows.every_pair() if pair & asked or pair in spoken}
    assert 0 < len(documented) < len(rows.every_pair())
    n_ties = len(rows.said("observed"))
    reached = set()
    for graph in null_models(rows.f, model=model, draws=60, seed=seed):
        found = {frozenset(edge) for edge in graph.edges}
        assert len(found) == n_ties == graph.number_of_edges()
        assert found <= documented
        reached |= found
    assert len(reached) > 0.8 * len(documented)  # and nearly all of the others are reached


# the same degrees


def assert_uniform(ties: Ties, draws: int = 6000) -> None:
    allowed = same_degrees(ties)
    counts = drawn(ties, "degrees", draws)
    assert set(counts) == allowed
    assert chi_square(counts, len(allowed)) < CHI_SQUARE.get(len(allowed) - 1, 5.5 * len(allowed))


def test_degrees_of_a_ring_of_six() -> None:
    # six-cycles 5!/2 = 60, and two triangles C(6,3)/2 = 10
    ties = ties_of(nx.cycle_graph(6))
    assert len(same_degrees(ties)) == 70
    assert_uniform(ties, 10_000)


def test_degrees_of_a_directed_triangle_turn() -> None:
    ties = ties_of(nx.DiGraph([(0, 1), (1, 2), (2, 0)]))
    counts = drawn(ties, "degrees", 2000)
    # no swap of two arcs is possible: only the rotation of three turns it round
    assert set(counts) == {((0, 1), (1, 2), (2, 0)), ((0, 2), (1, 0), (2, 1))}
    assert chi_square(counts, 2) < CHI_SQUARE[1]


def test_degrees_directed() -> None:
    assert_uniform(ties_of(nx.DiGraph([(0, 1), (1, 0), (2, 1), (3, 2), (0, 3)])))


def test_degrees_of_a_dense_graph_by_the_pairs_without_a_tie() -> None:
    graph = nx.complement(nx.path_graph(6))  # 10 ties of 15 pairs: paths and triangles with a pair are left
    ties = ties_of(graph)
    assert Rewiring.of(ties, np.random.default_rng(0), swaps=10.0).others
    assert_uniform(ties, 12_000)


@pytest.mark.parametrize("directed", [False, True])
def test_degrees_within_documented_pairs(directed: bool) -> None:
    # 0, 1, 2 were not asked; a row speaks of 0 and 1: their pairs with 2 cannot show a tie
    said = {(0, 1): TIED, (2, 3): TIED, (3, 4): TIED, (0, 5): TIED, (1, 4): TIED}
    asked = [False, False, False, True, True, True]
    ties = layer(6, said, asked, directed=directed)
    allowed = same_degrees(ties)
    every = same_degrees(layer(6, said, [True] * 6, directed=directed))
    assert 5 < len(allowed) < len(every)
    assert_uniform(ties, 8000)


def test_degrees_of_a_layer_that_only_a_long_rotation_moves() -> None:
    # a ring of six documented pairs, every second one tied: only turning all three reaches the other half
    ring = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]
    said = {pair: TIED if place % 2 == 0 else ABSENT for place, pair in enumerate(ring)}
    ties = layer(6, said, [False] * 6, directed=False)
    assert len(same_degrees(ties)) == 2
    assert_uniform(ties, 2000)


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_degrees_are_kept_whatever_is_known(directed: bool, data: st.DataObject) -> None:
    ties = data.draw(layers(directed=directed, most=6))
    counts = drawn(ties, "degrees", 4)
    wanted = degrees_of(zip(ties.a.tolist(), ties.b.tolist(), strict=True), directed=directed)
    documented = documented_one_by_one(ties)
    for one in counts:
        assert degrees_of(one, directed=directed) == wanted
        assert len(set(one)) == len(one)
        assert set(one) <= documented


def test_degrees_of_a_larger_network_by_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.gnm_random_graph(60, 150, seed=4, directed=True)
    ties = ties_of(graph)
    by_table = drawn(ties, "degrees", 6)
    monkeypatch.setattr("chaine_valeur.analysis.cooperation.chance.swaps.TABLE", 60**2)  # one at a time
    one_by_one = drawn(ties, "degrees", 6)
    monkeypatch.setattr("chaine_valeur.analysis.cooperation.chance.swaps.TABLE", 0)
    assert drawn(ties, "degrees", 6) == one_by_one  # sorting and counting in a table agree
    wanted = degrees_of(graph.edges, directed=True)
    for one in [*by_table, *one_by_one]:
        assert degrees_of(one, directed=True) == wanted
    moved = [len(set(one) - set(graph.edges)) / 150 for one in by_table]
    assert min(moved) > 0.8  # little is left of what was observed


def test_a_star_and_a_single_tie_have_no_freedom() -> None:
    for graph in (nx.star_graph(5), nx.Graph([(0, 1)]), nx.complete_graph(4), nx.empty_graph(3)):
        edges = {frozenset(edge) for edge in graph.edges}
        for one in null_models(graph, model="degrees", draws=5):
            assert {frozenset(edge) for edge in one.edges} == edges


# the labels


def test_labels_are_permuted_alike() -> None:
    graph = nx.path_graph(4)
    nx.set_node_attributes(graph, dict(enumerate("abcd")), "team")
    counts: Counter[tuple[str, ...]] = Counter()
    for one in null_models(graph, model="labels", group="team", draws=3000, seed=5):
        assert set(one.edges) == set(graph.edges)
        counts[tuple(one.nodes[node]["team"] for node in range(4))] += 1
    assert set(counts) == set(permutations("abcd"))
    assert chi_square(counts, 24) < CHI_SQUARE[23]


def test_all_that_is_said_of_an_actor_moves_together_unless_one_label_is_named() -> None:
    graph = nx.Graph([(0, 1)])
    graph.add_nodes_from([(0, {"team": "a", "town": "x"}), (1, {"team": "b", "town": "y"}), (2, {})])
    for one in null_models(graph, model="labels", draws=20):
        said = [one.nodes[node] for node in range(3)]
        assert sorted(map(len, said)) == [0, 2, 2]
        assert {(each["team"], each["town"]) for each in said if each} == {("a", "x"), ("b", "y")}
    seen = set()
    for one in null_models(graph, model="labels", group="team", draws=20):
        assert [one.nodes[node].get("town") for node in range(3)] == ["x", "y", None]
        assert "team" not in one.nodes[2]  # of whom it is unknown, it stays so
        seen.add(tuple(one.nodes[node]["team"] for node in range(2)))
    assert seen == {("a", "b"), ("b", "a")}


# what the networks look like


@pytest.mark.parametrize("model", MODELS)
def test_the_nodes_of_a_filiere(hand: Filiere, model: str) -> None:
    graphs = list(null_models(hand, model=model, draws=3, by="status"))
    assert len(graphs) == 3
    for graph in graphs:
        assert type(graph) is nx.Graph
        assert graph.graph == {}
        assert list(graph) == PARTNERS
        assert graph.number_of_edges() == 6
    if model != "labels":
        assert graphs[0].nodes["relais"] == {
            "role": "insertion", "pole": "ess", "stage": "collecte", "commune": "76114", "status": "active"
        }  # fmt: skip
        assert graphs[0].nodes["labo"] == {"role": "expert", "pole": "expertise", "status": "active"}


def test_directed_kinds_and_years(hand: Filiere) -> None:
    # support between Mairie and Relais, both ways; Relais and Labo are known not to: the asked two have all pairs
    (one,) = null_models(hand, kind="support", directed=True, draws=1)
    assert type(one) is nx.DiGraph
    assert one.number_of_edges() == 2
    assert all({"mairie", "relais"} & set(edge) for edge in one.edges)
    later = by_hand()
    assert [set(g.edges) for g in null_models(later, year=2022, draws=2)] == [
        set(g.edges) for g in null_models(later.at(2022), draws=2)
    ]
    (few,) = null_models(hand, actors=["mairie", "relais", "agglo"], draws=1)
    assert list(few) == ["mairie", "agglo", "relais"]


def test_a_filiere_and_its_graph_give_the_same_networks(hand: Filiere) -> None:
    for model in MODELS:
        both = zip(
            null_models(hand, model=model, draws=4),
            null_models(to_networkx(hand), model=model, draws=4),
            strict=True,
        )
        for one, other in both:
            assert list(one.edges) == list(other.edges)
            assert dict(one.nodes(data=True)) == dict(other.nodes(data=True))


@pytest.mark.parametrize("model", MODELS)
def test_parallel_ties_loops_and_isolates(model: str) -> None:
    graph = nx.MultiGraph([("a", "b"), ("b", "a"), ("c", "c"), ("b", "c")])
    graph.add_node("d")
    before = nx.MultiGraph(graph)
    for one in null_models(graph, model=model, draws=4):
        assert list(one) == ["a", "b", "c", "d"]
        assert one.number_of_edges() == 2
        assert nx.number_of_selfloops(one) == 0
    assert nx.utils.graphs_equal(graph, before)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("graph", [nx.Graph(), nx.empty_graph(1), nx.empty_graph(4, nx.DiGraph)])
def test_nothing_to_draw(graph: nx.Graph, model: str) -> None:
    graphs = list(null_models(graph, model=model, draws=2))
    assert [(len(one), one.number_of_edges()) for one in graphs] == [(len(graph), 0)] * 2


@pytest.mark.parametrize("model", MODELS)
def test_strengths_stay_on_their_ties_or_are_dealt_out(model: str) -> None:
    graph = nx.gnm_random_graph(12, 20, seed=1)
    nx.set_edge_attributes(graph, {edge: place for place, edge in enumerate(graph.edges)}, "force")
    lone = next(iter(graph.edges))
    del graph.edges[lone]["force"]
    plain = list(null_models(graph, model=model, draws=5))
    held = list(null_models(graph, model=model, draws=5, weight="force"))
    for one, other in zip(plain, held, strict=True):
        assert list(one.edges) == list(other.edges)  # strengths take nothing from the draws of ties
        found = nx.get_edge_attributes(other, "force")
        assert sorted(found.values()) == list(range(1, 20))
        if model == "labels":
            assert found == nx.get_edge_attributes(graph, "force")
    assert not nx.get_edge_attributes(plain[0], "force")


def test_the_intensity_of_a_filiere() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B", "C"], "surveyed_on": ["2024-01-01"] * 3},
        cooperations={"actor_id": ["A", "B"], "to_actor_id": ["B", "C"], "intensity": ["contract", None]},
    )
    (one,) = null_models(f, model="labels", weight="weight", draws=1)
    assert dict(one.edges) == {("a", "b"): {"weight": 4.0}, ("b", "c"): {}}


# seeds


@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_gives_the_same_networks(model: str) -> None:
    graph = campnet()

    def told(seed: int) -> list[Any]:
        return [
            (list(one.edges), list(one.nodes(data=True)))
            for one in null_models(graph, model=model, draws=3, seed=seed)
        ]

    assert told(7) == told(7)
    assert told(7) != told(8)
    first = told(7)
    assert first[0] != first[1] != first[2]


def test_the_networks_of_a_seed_on_every_platform() -> None:
    ring = nx.cycle_graph(6)
    nx.set_node_attributes(ring, dict(enumerate("abcdef")), "team")
    assert list(next(null_models(ring, draws=1, seed=1)).edges) == PINNED["density"]
    assert list(next(null_models(ring, model="degrees", draws=1, seed=1)).edges) == PINNED["degrees"]
    labels = next(null_models(ring, model="labels", draws=1, seed=1)).nodes(data="team")
    assert "".join(team for _, team in labels) == PINNED["labels"]


PINNED: dict[str, Any] = {
    "density": [(0, 1), (1, 2), (1, 4), (1, 5), (2, 5), (4, 5)],
    "degrees": [(0, 2), (0, 3), (1, 4), (1, 5), (2, 5), (3, 4)],
    "labels": "eacbfd",
}


@pytest.mark.parametrize("model", MODELS)
def test_renaming_actors_renames_the_networks(model: str) -> None:
    graph = campnet()
    names: dict[Hashable, Hashable] = {name: (place, name) for place, name in enumerate(graph)}
    both = zip(
        null_models(graph, model=model, draws=3),
        null_models(nx.relabel_nodes(graph, names), model=model, draws=3),
        strict=True,
    )
    for one, other in both:
        assert [(names[a], names[b]) for a, b in one.edges] == list(other.edges)
        assert [said for _, said in one.nodes(data=True)] == [said for _, said in other.nodes(data=True)]


# errors


def test_what_cannot_be_drawn_is_said_at_once() -> None:
    ring = nx.cycle_graph(4)
    with pytest.raises(UnknownNameError, match="no null model 'degree'; did you mean: degrees"):
        null_models(ring, model="degree")
    with pytest.raises(ArgumentError, match="at least one network"):
        null_models(ring, draws=0)
    with pytest.raises(ArgumentError, match="swaps=0"):
        null_models(ring, model="degrees", swaps=0)
    with pytest.raises(UnknownNameError, match="no node has an attribute 'team'"):
        list(null_models(ring, model="labels", group="team", draws=1))
    with pytest.raises(ValueError, match="give one of them"):
        null_models(ring, by="a", group="b")
    with pytest.raises(ValueError, match="a graph has no years"):
        null_models(ring, year=2022)
