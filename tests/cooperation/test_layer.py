"""The layer of ties: which rows make one, which kinds, and whether any graph collapses as it should."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.ties.counting import count_pairs, pair_numbers
from chaine_valeur.analysis.cooperation.ties.layer import DIRECTED_KINDS, seen_in
from chaine_valeur.analysis.cooperation.ties.rows import documented_by, identifiers, tie_rows
from chaine_valeur.filiere import Filiere
from chaine_valeur.network import Ties, distinct, is_among

GRAPHS = [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]
NUMBERS = st.lists(st.integers(-50, 50), max_size=30)


def pairs_of(ties: Ties) -> set[tuple[str, str]]:
    return set(zip(ties.nodes[ties.a], ties.nodes[ties.b], strict=True))


def test_ties_of_a_filiere(hand: Filiere) -> None:
    ties = co.ties_of(hand)
    assert not ties.directed
    assert ties.nodes.tolist() == hand.actors.index[:7].tolist()
    assert pairs_of(ties) == {
        ("filature", "mairie"),
        ("mairie", "relais"),
        ("filature", "relais"),
        ("atelier", "mairie"),
        ("atelier", "agglo"),
        ("agglo", "ressourcerie"),
    }
    absent = {(ties.nodes[a], ties.nodes[b]) for a, b in zip(ties.absent_a, ties.absent_b, strict=True)}
    assert absent == {("filature", "atelier"), ("relais", "labo")}
    assert ties.nodes[ties.asked].tolist() == ["mairie", "relais"]


def test_directed_kinds_keep_their_direction(hand: Filiere) -> None:
    assert pairs_of(co.ties_of(hand, directed=True, kind=DIRECTED_KINDS)) == {
        ("mairie", "relais"),
        ("relais", "mairie"),
        ("agglo", "atelier"),
    }
    assert set(DIRECTED_KINDS) == {"support", "funding", "referral", "contracting"}


def test_several_kinds_are_the_union_of_each(hand: Filiere) -> None:
    kinds = ["joint_project", "support", "research"]
    union = set().union(*(pairs_of(co.ties_of(hand, kind=kind)) for kind in kinds))
    assert pairs_of(co.ties_of(hand, kind=kinds)) == union
    assert pairs_of(co.ties_of(hand, kind=tuple(kinds))) == union
    # what one kind denies and another affirms is a tie
    both = {"actor_id": ["relais", "relais"], "to_actor_id": ["labo"] * 2,
            "kind": ["funding", "support"], "state": ["observed", "absent"]}  # fmt: skip
    f = hand.with_table("cooperations", pd.DataFrame(both))
    ties = co.ties_of(f, directed=True, kind=DIRECTED_KINDS)
    assert pairs_of(ties) == {("relais", "labo")}
    assert len(ties.absent_a) == 0


def test_pairs_ascend(hand: Filiere) -> None:
    for directed in (False, True):
        for kind in (None, "support", ["support", "information"]):
            ties = co.ties_of(hand, directed=directed, kind=kind)
            for a, b in ((ties.a, ties.b), (ties.absent_a, ties.absent_b)):
                numbers = pair_numbers(a, b, ties.size)
                assert (np.diff(numbers) > 0).all()
                assert directed or (a < b).all()
            assert ties.a.dtype == ties.absent_b.dtype == np.int32


def test_a_layer_is_computed_once(hand: Filiere) -> None:
    assert co.ties_of(hand) is co.ties_of(hand)
    assert co.ties_of(hand) is not co.ties_of(hand, directed=True)
    assert co.ties_of(hand, kind="support") is not co.ties_of(hand)


@pytest.mark.parametrize("kind", GRAPHS)
@given(edges=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=15))
def test_any_graph_collapses(kind: type[nx.Graph], edges: list[tuple[int, int]]) -> None:
    graph = kind(edges)
    simple: nx.Graph = (nx.DiGraph if graph.is_directed() else nx.Graph)(graph)
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    ties = co.ties_of(graph)
    assert ties.size == simple.number_of_nodes()
    assert len(ties.a) == simple.number_of_edges()
    assert all(simple.has_edge(*pair) for pair in pairs_of(ties))
    assert count_pairs(ties).documented[0, 0] == ties.possible
    weak = simple.to_undirected()
    assert len(co.ties_of(graph, directed=False).a) == weak.number_of_edges()
    both = len(co.ties_of(graph, directed=True).a)
    assert both == (simple.number_of_edges() if simple.is_directed() else 2 * simple.number_of_edges())


def test_rows_of_ties(hand: Filiere) -> None:
    assert tie_rows(hand) == tuple(f"c{number}" for number in range(1, 11))
    assert tie_rows(hand, kind="support") == ("c2", "c3", "c9")
    assert tie_rows(hand, kind=["support", "funding"]) == ("c2", "c3", "c6", "c9")
    places = hand.actors.index
    only = np.where(places == "mairie", 0, np.where(places == "relais", 1, -1)).astype(np.int32)
    assert tie_rows(hand, blocks=only) == ("c2", "c3")
    assert tie_rows(hand, touching=np.asarray(places == "labo")) == ("c9",)
    assert documented_by(hand, blocks=only) == {"cooperations": ("c2", "c3"), "actors": ("mairie", "relais")}
    nobody = np.full(len(places), -1, dtype=np.int32)
    assert documented_by(hand, blocks=nobody) == {"cooperations": (), "actors": ()}


def test_identifiers_are_plain_text(hand: Filiere) -> None:
    found = identifiers(hand.actors.index)
    assert found == tuple(hand.actors.index)
    assert {type(identifier) for identifier in found} == {str}


def test_seen_in(hand: Filiere) -> None:
    assert seen_in(hand, None) is hand
    year = seen_in(hand, 2014)
    assert isinstance(year, Filiere) and year.year == 2014
    graph = nx.path_graph(2)
    assert seen_in(graph, None) is graph


def test_ties_that_end_with_the_year_still_count(hand: Filiere) -> None:
    rows = hand.cooperations.assign(until=[2022, 2021, 2021, *[None] * 8, 2015])
    f = hand.with_table("cooperations", rows)
    # Filature–Mairie ends in 2022 and has a parallel; Mairie–Relais ended in 2021: a row less, a tie less
    assert co.density_measure(f).numerator == 5
    assert "c1" in tie_rows(f) and "c2" not in tie_rows(f)


@given(NUMBERS)
def test_distinct(numbers: list[int]) -> None:
    found = distinct(np.array(numbers, dtype=np.int64))
    assert found.tolist() == sorted(set(numbers))


@given(NUMBERS, NUMBERS)
def test_is_among(numbers: list[int], others: list[int]) -> None:
    found = is_among(np.array(numbers, dtype=np.int64), distinct(np.array(others, dtype=np.int64)))
    assert found.tolist() == [number in others for number in numbers]
