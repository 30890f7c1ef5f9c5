"""The columnar core: which rows count, and as what."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.vocabulary import Pole, Role

from .hand import by_hand


def test_flows_that_count():
    n = by_hand().network
    # f2-old is f2 said again, less firmly; gone goes to one that has closed
    assert list(n.flow_ids) == ["f1", "f2", "f3", "f4", "f5"]
    assert n.year == 2022
    np.testing.assert_array_equal(n.flow_t, [60, 50, 30, np.nan, 10])
    assert n.flow_target.tolist() == [1, 2, 3, 4, -1]
    stages = ["gisement", "collecte", "tri", "filature", "vente"]
    assert [stages[i] for i in n.flow_source_stage] == ["gisement", "collecte", "tri", "filature", "tri"]
    assert n.flow_target_stage.tolist() == [1, 2, 3, 4, -1]
    # f1 is measured, but its cell is said to be estimated
    assert n.flow_hypothesis.tolist() == [True, False, True, False, False]
    assert n.flow_material.tolist() == [0, 0, 1, 1, 0]


def test_sums_leave_the_unknown_out():
    n = by_hand().network
    assert n.incoming_t().tolist() == [0, 60, 50, 30, 0, 0, 0, 0]
    assert n.outgoing_t().tolist() == [60, 50, 40, 0, 0, 0, 0, 0]


def test_the_firmest_declaration_counts_unless_it_is_silent():
    def kept(quantities, confidences):
        flows = {
            "flow_id": ["a", "b", "c"],
            "source": ["A"] * 3,
            "target": ["B"] * 3,
            "quantity_t_per_year": quantities,
            "confidence": confidences,
            "same_flow_as": [None, "a", "b"],
        }
        return list(Filiere.from_tables(actors={"name": ["A", "B"]}, flows=flows).network.flow_ids)

    assert kept([1, 2, 3], ["estimated", "measured", "declared"]) == ["b"]
    assert kept([1, 2, 3], [None, None, None]) == ["a"]  # then row order
    assert kept([1, 2, 3], [None, None, "hypothesis"]) == ["c"]  # what is said is firmer than what is not
    assert kept([1, None, 3], ["estimated", "measured", "declared"]) == ["c"]


def test_years_are_never_added():
    flows = {
        "flow_id": ["old", "new", "ever"],
        "source": ["A"] * 3,
        "target": ["B"] * 3,
        "material_id": ["x", "x", "y"],
        "year": [2020, 2021, None],
        "quantity_t_per_year": [5, 7, 1],
    }
    f = Filiere.from_tables(actors={"name": ["A", "B"]}, materials={"name": ["x", "y"]}, flows=flows)
    assert list(f.network.flow_ids) == ["new", "ever"]
    assert list(f.at(2020).network.flow_ids) == ["old", "ever"]
    assert list(f.at(1999).network.flow_ids) == ["ever"]
    assert f.years == [2020, 2021]


def test_actors_as_codes():
    n = by_hand().network
    assert n.active.tolist() == [True] * 7 + [False]
    assert n.partner.tolist() == [False] + [True] * 6 + [False]
    assert n.siae.tolist() == [False, False, True, False, False, False, False, False]
    assert [list(Role)[code].value for code in n.role[:3]] == ["supplier", "supplier", "insertion"]
    assert n.roles[1].sum() == 2
    assert n.stage.tolist() == [0, 1, 2, 3, 4, -1, -1, 2]
    assert n.holders.tolist() == [1, 1, 1, 1, 1]  # who has closed holds nothing
    # Bolbec has left the territory, Port-Jérôme joins it next year, Caen is elsewhere
    assert n.local.tolist() == [1, 1, 0, 0, -1, 1, 0, -1]
    # the pole for which one sits goes before one's own
    assert [list(Pole)[code].value for code in n.member_pole] == ["ess", "elected", "ess"]


def test_ties():
    n = by_hand().network
    ties = n.ties()
    names = list(ties.nodes)
    # c1 and c2 are one pair; c4 ended in 2020; c5 is a known absence
    assert {(names[a], names[b]) for a, b in zip(ties.a, ties.b, strict=True)} == {
        ("collecte-sa", "tri"),
        ("tri", "ccvs"),
    }
    assert [(names[a], names[b]) for a, b in zip(ties.absent_a, ties.absent_b, strict=True)] == [
        ("tri", "labo")
    ]
    assert ties.size == 6
    assert ties.possible == 15
    assert ties.asked.tolist() == [True, True, False, False, True, False]
    assert ties.matrix.sum() == 4
    arcs = n.ties(directed=True)
    assert arcs.possible == 30
    # support goes one way, the two undirected kinds both ways
    assert {(names[a], names[b]) for a, b in zip(arcs.a, arcs.b, strict=True)} == {
        ("collecte-sa", "tri"),
        ("tri", "collecte-sa"),
        ("ccvs", "tri"),
    }
    assert len(n.ties(kind="support").a) == 1
    with pytest.raises(UnknownNameError, match="joint_project"):
        n.ties(kind="friendship")


def test_who_says_yes_is_believed():
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        cooperations={"actor_id": ["A", "B"], "to_actor_id": ["B", "A"], "state": ["absent", "observed"]},
    )
    ties = f.network.ties()
    assert (len(ties.a), len(ties.absent_a)) == (1, 0)


@pytest.mark.parametrize("names", [[], ["A"]])
def test_almost_nothing(names):
    n = Filiere.from_tables(actors={"name": names}).network
    assert n.n_actors == len(names)
    assert n.n_stages == 0
    assert len(n.flow_row) == 0
    assert n.flow_matrix.shape == (len(names), len(names))
    assert n.ties().possible == 0
    assert n.incoming_t().tolist() == [0.0] * len(names)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 9)), max_size=25))
def test_networkx_sums_the_same(edges):
    edges = [(a, b, t) for a, b, t in edges if a != b]
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(7))
    graph.add_weighted_edges_from(edges)
    flows = {
        "source": [f"a{a}" for a, _, _ in edges],
        "target": [f"a{b}" for _, b, _ in edges],
        "quantity_t_per_year": [t for _, _, t in edges],
    }
    f = Filiere.from_tables(actors={"name": [f"a{i}" for i in range(7)]}, flows=flows)
    assert f.network.incoming_t().tolist() == [graph.in_degree(i, "weight") for i in range(7)]
    assert f.network.outgoing_t().tolist() == [graph.out_degree(i, "weight") for i in range(7)]
    simple = nx.to_numpy_array(nx.DiGraph(graph), weight=None)
    np.testing.assert_array_equal(f.network.flow_matrix.toarray(), simple)


@settings(max_examples=10)
@given(st.permutations(range(8)))
def test_order_of_actors_does_not_matter(order):
    from .hand import TABLES

    shuffled = {key: [values[i] for i in order] for key, values in TABLES["actors"].items()}
    n, m = by_hand().network, by_hand(actors=shuffled).network
    assert dict(zip(n.actor_ids, n.incoming_t(), strict=True)) == dict(
        zip(m.actor_ids, m.incoming_t(), strict=True)
    )
    assert len(n.ties().a) == len(m.ties().a)
