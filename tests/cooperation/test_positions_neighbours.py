"""The neighbours and triangles that positions are counted from, and the undocumented pairs of each actor."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.positions import neighbours
from chaine_valeur.analysis.cooperation.positions.neighbours import Neighbours
from chaine_valeur.analysis.cooperation.ties.counting import open_pairs
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.filiere import Filiere
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import layer, layers, unknown_pairs


def listed(pairs: Neighbours) -> list[tuple[int, int, int]]:
    """Return the corners of each triangle, sides checked."""
    found = []
    for ab, ac, bc in pairs.triangles():
        assert (pairs.a[ab] == pairs.a[ac]).all()
        assert (pairs.b[ab] == pairs.a[bc]).all()
        assert (pairs.b[ac] == pairs.b[bc]).all()
        corners = np.sort(np.column_stack([pairs.a[ab], pairs.b[ab], pairs.b[ac]]), axis=1)
        found += [tuple(row) for row in corners.tolist()]
    return sorted(found)


def expected(graph: nx.Graph) -> list[tuple[int, int, int]]:
    """Return the triangles of a graph of numbers, whatever the direction, found one by one."""
    graph = nx.Graph(graph)
    return [
        trio
        for trio in combinations(sorted(graph), 3)
        if all(graph.has_edge(*pair) for pair in combinations(trio, 2))
    ]


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_every_triangle_once(seed: int, directed: bool) -> None:
    graph = nx.gnp_random_graph(14, 0.1 + 0.08 * seed, seed=seed, directed=directed)
    assert listed(Neighbours.of(ties_of(graph))) == expected(graph)


@pytest.mark.parametrize("chunk", [1, 2, 7, 1000])
def test_pieces_of_any_size_give_the_same_triangles(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.gnp_random_graph(16, 0.5, seed=3)
    monkeypatch.setattr(neighbours, "CHUNK", chunk)
    assert listed(Neighbours.of(ties_of(graph))) == expected(graph)


@pytest.mark.parametrize("seed", range(4))
def test_directions_and_degrees(seed: int) -> None:
    graph = nx.gnp_random_graph(12, 0.25, seed=seed, directed=True)
    pairs = Neighbours.of(ties_of(graph))
    arcs = {(int(a), int(b)) for a, b in zip(pairs.a[pairs.forward], pairs.b[pairs.forward], strict=True)}
    arcs |= {(int(b), int(a)) for a, b in zip(pairs.a[pairs.backward], pairs.b[pairs.backward], strict=True)}
    assert arcs == set(graph.edges)
    assert (pairs.forward | pairs.backward).all()
    assert pairs.degree.tolist() == [degree for _, degree in nx.Graph(graph).degree]
    assert pairs.n_pairs == nx.Graph(graph).number_of_edges()


def test_undirected_ties_go_both_ways() -> None:
    pairs = Neighbours.of(ties_of(nx.path_graph(3)))
    assert pairs.forward.tolist() == pairs.backward.tolist() == [True, True]


def test_a_star_has_no_candidate() -> None:
    """Each pair goes from a leaf to the centre: nothing follows it, and no piece is looked at."""
    star = nx.star_graph(50)
    pairs = Neighbours.of(ties_of(star))
    assert (pairs.b == 0).all()
    assert listed(pairs) == []


@pytest.mark.parametrize("size", [0, 1, 5])
def test_nobody_is_tied(size: int) -> None:
    pairs = Neighbours.of(ties_of(nx.empty_graph(size)))
    assert pairs.n_pairs == 0
    assert pairs.degree.tolist() == [0] * size
    assert listed(pairs) == []


def test_numbers_that_look_alike_are_told_apart() -> None:
    """The sieve only says what is certainly not tied: what it lets through is looked up."""
    numbers = np.array([3, 17], dtype=np.int64)
    seen, mask = neighbours._sieve(numbers)
    assert seen[numbers & mask].all()
    assert seen[(numbers + mask + 1) & mask].all()  # the same last bits, another number
    assert seen.sum() == 2


@pytest.mark.parametrize("directed", [False, True])
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_unknown_pairs_are_those_found_one_by_one(directed: bool, data: st.DataObject) -> None:
    ties = data.draw(layers(directed=directed))
    ends = [end for pair in unknown_pairs(ties) for end in pair]
    assert open_pairs(ties).tolist() == [ends.count(node) for node in range(ties.size)]


def test_unknown_pairs_by_hand(hand: Filiere) -> None:
    # five were not asked, so four pairs each; rows speak of Atelier–Agglo, Agglo–Ressourcerie and
    # Filature–Atelier
    found = pd.Series(open_pairs(ties_of(hand)), index=ties_of(hand).nodes)
    assert found.to_dict() == {
        "filature": 3, "atelier": 2, "mairie": 0, "agglo": 2, "relais": 0, "ressourcerie": 3, "labo": 4,
    }  # fmt: skip
    assert found.sum() == 2 * 7


def test_nobody_was_asked() -> None:
    ties = layer(4, {}, [False] * 4, directed=False)
    assert open_pairs(ties).tolist() == [3, 3, 3, 3]
    both = Ties(ties.nodes, ties.a, ties.b, ties.absent_a, ties.absent_b, ties.asked, directed=True)
    assert open_pairs(both).tolist() == [6, 6, 6, 6]
