"""Betweenness, in the whole and in each actor's own network: published values, networkx, by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.positions import ego_betweenness as module
from chaine_valeur.analysis.cooperation.positions.betweenness import betweenness
from chaine_valeur.analysis.cooperation.positions.ego_betweenness import ego_betweenness
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from tests.cooperation.campnet import campnet

#: R sna 2.7.1, `betweenness(campnet)`, directed; then UCINET's EgoBet as printed by xucinet
#: (``tests/testthat/_snaps/xstructuralholes.md``)
CAMPNET = {
    "HOLLY": (78.333333333333, 10.0),
    "BRAZEY": (0, 0.0),
    "CAROL": (1.333333333333, 2.0),
    "PAM": (32.5, 9.0),
    "PAT": (39.5, 10.0),
    "JENNIE": (6.333333333333, 4.0),
    "PAULINE": (12.5, 8.0),
    "ANN": (0.5, 0.5),
    "MICHAEL": (58.833333333333, 3.333),
    "BILL": (0, 0.0),
    "LEE": (5, 2.0),
    "DON": (16.333333333333, 2.333),
    "JOHN": (0, 0.0),
    "HARRY": (2.333333333333, 0.333),
    "GERY": (54.666666666667, 3.5),
    "STEVE": (16.833333333333, 5.5),
    "BERT": (13.666666666667, 2.0),
    "RUSS": (47.333333333333, 4.0),
}


def in_ego_nets(graph: nx.Graph) -> list[float]:
    """Return the betweenness of each node in its own network, one by one."""
    found = []
    for node in graph:
        around = nx.ego_graph(graph, node, undirected=True)
        alone = around.number_of_nodes() == 1
        found.append(np.nan if alone else nx.betweenness_centrality(around, normalized=False)[node])
    return found


def test_campnet() -> None:
    found = betweenness(campnet())
    assert found.index.tolist() == list(CAMPNET)
    assert (found.index.name, found.name) == ("actor_id", "betweenness")
    np.testing.assert_allclose(found, [whole for whole, _ in CAMPNET.values()], atol=1e-9)


def test_campnet_ego() -> None:
    found = ego_betweenness(campnet())
    assert found.index.tolist() == list(CAMPNET)
    assert (found.index.name, found.name) == ("actor_id", "ego_betweenness")
    np.testing.assert_allclose(found, [ego for _, ego in CAMPNET.values()], atol=5e-4)


def test_holly_by_hand() -> None:
    # her contacts PAM PAT DON MICHAEL HARRY; all but PAM name her, she names PAM PAT DON; DON, MICHAEL and
    # HARRY name one another. Through her pass PAT → PAM and PAT → DON, DON, MICHAEL and HARRY → PAM and → PAT
    # (6), and PAT → MICHAEL and PAT → HARRY, by her then DON
    assert ego_betweenness(campnet())["HOLLY"] == 10


@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_networkx_agrees(seed: int, directed: bool, normalized: bool) -> None:
    graph = nx.gnp_random_graph(14, 0.1 + 0.05 * seed, seed=seed, directed=directed)
    expected = nx.betweenness_centrality(graph, normalized=normalized)
    np.testing.assert_allclose(betweenness(graph, normalized=normalized), list(expected.values()), atol=1e-12)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_ego_nets_one_by_one(seed: int, directed: bool) -> None:
    graph = nx.gnp_random_graph(14, 0.05 + 0.1 * seed, seed=seed, directed=directed)
    np.testing.assert_allclose(ego_betweenness(graph), in_ego_nets(graph), atol=1e-12)


def test_a_long_way_round_within_an_ego_net() -> None:
    # all are contacts of 0; 3 → 2 → 1 → 0 → 4 is the only way from 3 to 4
    graph = nx.DiGraph([(3, 2), (2, 1), (1, 0), (0, 4), (0, 3), (0, 2)])
    np.testing.assert_allclose(ego_betweenness(graph), in_ego_nets(graph))
    assert ego_betweenness(graph)[0] == nx.betweenness_centrality(graph, normalized=False)[0] > 0


@pytest.mark.parametrize("cells", [1, 50])
def test_parts_of_any_size_give_the_same(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CELLS", cells)
    np.testing.assert_allclose(ego_betweenness(campnet()), in_ego_nets(campnet()), atol=1e-12)


def test_too_many_contacts_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONTACTS", 3)
    found = ego_betweenness(nx.star_graph(4))
    assert np.isnan(found[0])
    assert found[1:].tolist() == [0, 0, 0, 0]


def test_by_hand(hand: Filiere) -> None:
    # Filature and Relais, tied to Mairie, reach Atelier, Agglo and Ressourcerie through it: 6 pairs; Atelier
    # is between those three (with Mairie) and Agglo, Ressourcerie: 6; Agglo between four and Ressourcerie: 4
    assert betweenness(hand).to_dict() == {
        "filature": 0, "atelier": 6, "mairie": 6, "agglo": 4, "relais": 0, "ressourcerie": 0, "labo": 0,
    }  # fmt: skip
    # seven actors: 6 · 5 / 2 pairs of others
    assert betweenness(hand, normalized=True)["mairie"] == pytest.approx(6 / 15)
    # in its own network, Mairie is between Atelier and the two others
    assert ego_betweenness(hand).fillna(-1).tolist() == [0, 1, 2, 1, 0, 0, -1]


def test_by_hand_some_and_one_kind(hand: Filiere) -> None:
    among = betweenness(hand, actors=["filature", "mairie", "atelier"])
    assert among.to_dict() == {"filature": 0, "atelier": 0, "mairie": 1}
    assert betweenness(hand, kind="joint_project").sum() == 0
    assert ego_betweenness(hand, kind="joint_project").isna().sum() == 3  # Atelier, Relais, Labo


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(8)), st.booleans())
def test_renaming_actors_renames_the_values(seed: int, order: list[int], directed: bool) -> None:
    graph = nx.gnp_random_graph(8, 0.35, seed=seed, directed=directed)
    renamed = nx.relabel_nodes(graph, {node: f"n{order[node]}" for node in graph})
    for function in (betweenness, ego_betweenness):
        expected = function(graph)
        found = function(renamed).loc[[f"n{order[node]}" for node in graph]]
        np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_nobody_is_tied(size: int) -> None:
    graph = nx.empty_graph(size)
    assert betweenness(graph).tolist() == [0] * size
    assert ego_betweenness(graph).isna().tolist() == [True] * size
    # with fewer than three actors there is no pair of others
    assert betweenness(graph, normalized=True).isna().all() == (size < 3)


def test_parallel_ties_and_ties_with_oneself() -> None:
    multi = nx.MultiGraph([("a", "b"), ("b", "a"), ("b", "c"), ("c", "c")])
    for function in (betweenness, ego_betweenness):
        assert function(multi).to_dict() == {"a": 0, "b": 1, "c": 0}


def test_directed_read_as_undirected() -> None:
    graph = nx.DiGraph([("a", "b"), ("c", "b")])
    assert betweenness(graph)["b"] == ego_betweenness(graph)["b"] == 0
    assert betweenness(graph, directed=False)["b"] == ego_betweenness(graph, directed=False)["b"] == 1


def test_errors(hand: Filiere) -> None:
    for function in (betweenness, ego_betweenness):
        with pytest.raises(UnknownNameError):
            function(hand, actors=["nobody"])
        with pytest.raises(TypeError):
            function("a filière")
