"""The columnar core against networkx and plain loops over the rows as they were typed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.network import codes_of, distinct, is_among, latest_year
from chaine_valeur.vocabulary import Confidence, CooperationKind, Pole, Role, StructureKind

from .hand import by_hand

FIRMNESS = [None, *(kind.value for kind in Confidence)]


@pytest.fixture(scope="module")
def small() -> Filiere:
    """Three stages, five actors; each array is written out below.

    A (s1) ──10──▶ B (s1, s2) ──4──▶ C (s2) ──?──▶ outside      D closed, holds s2      E expert, no flow
                    B s1 ──3──▶ B s2                            D ──8──▶ C does not count
    """
    return Filiere.from_tables(
        filiere={"name": ["F"], "reference_year": [2021]},
        stages={"stage_id": ["s1", "s2", "s3"], "name": ["S1", "S2", "S3"], "rank": [1, 2, 3]},
        stage_links={"stage_id": ["s1", "s2"], "to_stage_id": ["s2", "s3"], "material_id": ["m", None],
                     "required": [None, "non"]},
        materials={"material_id": ["m", "n"], "name": ["M", "N"]},
        actors={
            "actor_id": list("abcde"), "name": list("ABCDE"),
            "roles": ["fournisseur", "transformateur;insertion", "insertion", None, "expert;fournisseur"],
            "pole": ["entreprises", "ESS", None, None, "expertise"],
            "structure_kind": ["entreprise", "EI", "ESAT", "ACI", None],
            "status": ["actif", None, "actif", "fermé", "actif"],
        },
        activities={"actor_id": ["B", "A", "B", "C", "D", "B"], "stage_id": ["s2", "s1", "s1", "s2", "s2", "s2"],
                    "year": [2020, None, None, None, None, 2021]},
        flows={
            "flow_id": ["ab", "bc", "bb", "out", "dc", "old"],
            "source": ["A", "B", "B", "C", "D", "A"], "target": ["B", "C", "B", None, "C", "C"],
            "source_stage": [None, "s2", "s1", None, None, None], "target_stage": [None, None, "s2", None, None, None],
            "material_id": ["m", "n", "m", None, "n", "m"], "year": [2021, 2021, None, 2021, 2021, 2020],
            "quantity_t_per_year": [10, 4, 3, None, 8, 7],
            "confidence": ["mesuré", "hypothèse", "estimé", None, None, None],
        },
        groups={"group_id": ["g", "h"], "name": ["G", "H"]},
        memberships={"group_id": ["h", "g", "g"], "actor_id": ["B", "B", "C"], "pole": ["élus", None, None]},
    )  # fmt: skip


def test_each_array_of_a_small_filiere(small):
    n = small.network
    assert (n.n_actors, n.n_stages, n.year) == (5, 3, 2021)
    expected: dict[str, Any] = {
        "active": [1, 1, 1, 0, 1],
        "partner": [1, 1, 1, 0, 1],
        "local": [-1] * 5,  # no territory is named
        "siae": [0, 1, 0, 1, 0],  # an ESAT belongs to disability, not to insertion
        "stage": [0, 1, 1, 1, -1],  # the first row of each: B stands with s2 first
        "activity_actor": [1, 0, 1, 2],  # D is closed; B at s2 in two years is one
        "activity_stage": [1, 0, 0, 1],
        "holders": [2, 2, 0],
        "link_from": [0, 1], "link_to": [1, 2], "link_material": [0, -1], "link_required": [1, 0],
        "flow_row": [0, 1, 2, 3],
        "flow_source": [0, 1, 1, 2], "flow_target": [1, 2, 1, -1],
        "flow_source_stage": [0, 1, 0, 1],
        "flow_target_stage": [1, 1, 1, -1],  # A → B with material m: s1 → s2 is the only passage
        "flow_material": [0, 1, 0, -1],
        "flow_hypothesis": [0, 1, 1, 0],
        "member_group": [1, 0, 0], "member_actor": [1, 1, 2],
    }  # fmt: skip
    for name, values in expected.items():
        np.testing.assert_array_equal(np.asarray(getattr(n, name)).astype(int), values, err_msg=name)
    np.testing.assert_array_equal(n.flow_t, [10, 4, 3, np.nan])
    assert n.flow_ids.tolist() == ["ab", "bc", "bb", "out"]
    kinds = list(Role)
    assert [None if code < 0 else kinds[code].value for code in n.role] == [
        "supplier", "transformer", "insertion", None, "expert",
    ]  # fmt: skip
    assert n.roles.sum(axis=1).tolist() == [1, 2, 1, 0, 2]
    poles = [None if code < 0 else list(Pole)[code].value for code in n.member_pole]
    assert poles == ["elected", "ess", None]  # the pole one sits for, else one's own, else unknown
    assert n.incoming_t().tolist() == [0, 13, 4, 0, 0]  # 10 + 3, the own passage of B included
    assert n.outgoing_t().tolist() == [10, 7, 0, 0, 0]  # what C sends out is unknown and left out
    assert n.flow_matrix.toarray().astype(int).tolist() == [
        [0, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0] * 5, [0] * 5, [0] * 5,
    ]  # fmt: skip


def test_another_year_is_another_core(small):
    n = small.at(2020).network
    assert n.year == 2020
    assert n.flow_ids.tolist() == ["bb", "old"]
    assert n.stage.tolist() == [0, 1, 1, 1, -1]
    # in 2019 nothing that has a year holds; B keeps s1, which holds every year
    n = small.at(2019).network
    assert n.flow_ids.tolist() == ["bb"]
    assert n.activity_stage.tolist() == [0, 0, 1]


def test_parallel_flows_are_one_passage_and_two_quantities():
    flows = {"source": ["A"] * 3, "target": ["B", "B", None], "material_id": ["x", "y", "x"]}
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        materials={"name": ["x", "y"]},
        flows={**flows, "quantity_t_per_year": [2, 3, 10]},
    )
    assert f.network.flow_matrix.toarray().tolist() == [[0, 1], [0, 0]]
    assert f.network.outgoing_t().tolist() == [15, 0]
    assert f.network.incoming_t().tolist() == [0, 5]


def test_which_declaration_counts_is_settled_in_this_order():
    flows = {"source": ["A"] * 4, "target": ["B"] * 4, "same_flow_as": [None, "f0", "f0", "f0"]}

    def kept(quantities, firmness, status=(None,) * 4):
        said = {"quantity_t_per_year": quantities, "confidence": firmness, "status": list(status)}
        f = Filiere.from_tables(
            actors={"name": ["A", "B"]}, flows={"flow_id": ["f0", "f1", "f2", "f3"], **flows, **said}
        )
        return f.network.flow_ids.tolist()

    # a measured silence is no figure: what is known first, then how firm, then the order of rows
    assert kept([None, 1, 2, 3], ["measured", "hypothesis", "estimated", "estimated"]) == ["f2"]
    assert kept([None] * 4, [None, "estimated", "measured", None]) == ["f2"]
    # a declaration of what is not active speaks of no flow
    assert kept([5, 1, 2, 3], ["measured", None, None, None], ["closed", "planned", None, None]) == ["f2"]


def test_who_says_yes_is_believed_whatever_the_order_and_the_kind():
    ties = {"actor_id": ["A", "B", "A"], "to_actor_id": ["B", "A", "C"], "state": ["absent", "observed", "absent"],
            "kind": ["support", "information", None]}  # fmt: skip
    f = Filiere.from_tables(actors={"name": list("ABC")}, cooperations=ties)
    found = f.network.ties()
    assert (found.a.tolist(), found.b.tolist()) == ([0], [1])
    assert (found.absent_a.tolist(), found.absent_b.tolist()) == ([0], [2])
    support = f.network.ties(kind="support")
    assert (len(support.a), support.absent_a.tolist(), support.absent_b.tolist()) == (0, [0], [1])


def test_it_is_built_once_and_never_for_another(small):
    assert small.network is small.network
    assert small.network.ties() is small.network.ties()
    assert small.at(2020).network is not small.network
    with pytest.raises(UnknownNameError, match="information"):
        small.network.ties(kind="informatio")


@pytest.mark.parametrize("kind", StructureKind)
def test_insertion_structures_are_those_of_the_law(kind):
    # code du travail L5132-4: EI, ETTI, AI, ACI, and the EITI added in 2018
    assert kind.is_siae == (kind.value in {"EI", "ETTI", "AI", "ACI", "EITI"})


# -- flows, from the rows as they were typed ------------------------------------------------------------

actors = st.sampled_from(["A", "B", "C", "D"])
flow_rows = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.one_of(st.none(), actors),
            "target": st.one_of(st.none(), actors),
            "year": st.sampled_from([None, 2020, 2021]),
            "quantity_t_per_year": st.sampled_from([None, 0.0, 1.5, 2.0, 7.0]),
            "confidence": st.sampled_from(FIRMNESS),
            "status": st.sampled_from([None, "active", "active", "planned", "closed"]),
            "same_flow_as": st.sampled_from([None, None, 0, 1, 2]),
        }
    ).filter(lambda row: row["source"] != row["target"]),
    max_size=7,
)
states = st.fixed_dictionaries({name: st.sampled_from([None, "active", "closed"]) for name in "ABCD"})


def counted(rows, status, year):
    """Which flows count, by loops: firmest known declaration of each, of the year, between active actors."""
    spoken = [row["year"] for row in rows if row["year"] is not None]
    year = year if year is not None else max(spoken, default=None)
    links = nx.Graph()
    links.add_nodes_from(range(len(rows)))
    links.add_edges_from(
        (i, row["same_flow_as"]) for i, row in enumerate(rows) if row["same_flow_as"] is not None
    )
    kept = []
    for part in nx.connected_components(links):
        fit = [
            i
            for i in sorted(part)
            if rows[i]["status"] in (None, "active")
            and (year is None or rows[i]["year"] in (None, year))
            and all(status.get(rows[i][end]) != "closed" for end in ("source", "target"))
        ]
        firmness = [*FIRMNESS[1:], None]
        fit.sort(
            key=lambda i: (rows[i]["quantity_t_per_year"] is None, firmness.index(rows[i]["confidence"]), i)
        )
        kept += fit[:1]
    return sorted(kept)


@settings(max_examples=20)
@given(flow_rows, states)
def test_flows_that_count_and_their_sums_against_networkx(rows, status):
    for place, row in enumerate(rows):  # another flow, that there is
        others = set(range(len(rows))) - {place}
        row["same_flow_as"] = row["same_flow_as"] if row["same_flow_as"] in others else None
    keep = counted(rows, status, None)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from([*"abcd", "outside"])
    for i in keep:
        ends = [(rows[i][end] or "outside").lower() for end in ("source", "target")]
        graph.add_edge(*ends, weight=rows[i]["quantity_t_per_year"] or 0)
    columns = list(rows[0]) if rows else ["source"]
    flows: dict[str, Any] = {column: [row[column] for row in rows] for column in columns}
    if rows:
        flows["same_flow_as"] = [None if link is None else f"f{link}" for link in flows["same_flow_as"]]
    f = Filiere.from_tables(
        actors={"name": list("ABCD"), "status": [status[n] for n in "ABCD"]},
        flows={"flow_id": [f"f{i}" for i in range(len(rows))], **flows},
    )
    n = f.network
    assert n.flow_ids.tolist() == [f"f{i}" for i in keep]
    assert n.incoming_t().tolist() == [graph.in_degree(name, "weight") for name in "abcd"]
    assert n.outgoing_t().tolist() == [graph.out_degree(name, "weight") for name in "abcd"]
    simple = nx.DiGraph(graph)
    simple.remove_node("outside")
    np.testing.assert_array_equal(
        n.flow_matrix.toarray(), nx.to_numpy_array(simple, nodelist="abcd", weight=None)
    )
    assert n.flow_matrix.toarray().max(initial=0) <= 1  # parallel flows are one passage


# -- ties, from the rows as they were typed -------------------------------------------------------------

tie_rows = st.lists(
    st.fixed_dictionaries(
        {
            "actor_id": actors,
            "to_actor_id": actors,
            "kind": st.sampled_from([None, "support", "information", "joint_project"]),
            "state": st.sampled_from([None, "observed", "absent"]),
            "until": st.sampled_from([None, None, 2019, 2021]),
        }
    ).filter(lambda row: row["actor_id"] != row["to_actor_id"]),
    max_size=10,
)
types = st.fixed_dictionaries(
    {name: st.sampled_from([None, None, "diffuse", "outside", "network"]) for name in "ABCD"}
)


def by_loops(rows, partners, *, kind, directed):
    """Observed and denied pairs; an undirected tie goes both ways where direction is asked for."""
    found = defaultdict(set)
    one_way = {term.value for term in CooperationKind if term.directed}
    for row in rows:
        a, b = row["actor_id"].lower(), row["to_actor_id"].lower()
        if (kind and row["kind"] != kind) or (row["until"] or 9999) < 2020 or not {a, b} <= partners:
            continue
        state = "absent" if row["state"] == "absent" else "observed"
        if not directed:
            found[state].add(frozenset((a, b)))
        else:
            found[state].add((a, b))
            if row["kind"] not in one_way:
                found[state].add((b, a))
    return found["observed"], found["absent"] - found["observed"]


@settings(max_examples=20)
@given(tie_rows, types, states)
def test_ties_against_loops_and_networkx(rows, kinds, status):
    f = Filiere.from_tables(
        filiere={"name": ["F"], "reference_year": [2020]},
        actors={
            "name": list("ABCD"),
            "actor_type": [kinds[n] for n in "ABCD"],
            "status": [status[n] for n in "ABCD"],
        },
        cooperations={column: [row[column] for row in rows] for column in rows[0]} if rows else None,
    )
    partners = {n.lower() for n in "ABCD" if kinds[n] in (None, "network") and status[n] != "closed"}
    for kind in (None, "support", "information"):
        for directed in (False, True):
            ties = f.network.ties(kind=kind, directed=directed)
            assert set(ties.nodes) == partners
            assert ties.size == len(partners)
            assert ties.possible == len(partners) * (len(partners) - 1) // (1 if directed else 2)
            shape = tuple if directed else frozenset
            seen = [shape((ties.nodes[a], ties.nodes[b])) for a, b in zip(ties.a, ties.b, strict=True)]
            denied = [
                shape((ties.nodes[a], ties.nodes[b]))
                for a, b in zip(ties.absent_a, ties.absent_b, strict=True)
            ]
            assert len(set(seen)) == len(seen)  # each pair once
            assert (set(seen), set(denied)) == by_loops(rows, partners, kind=kind, directed=directed)
            graph = nx.DiGraph() if directed else nx.Graph()
            graph.add_nodes_from(ties.nodes)
            graph.add_edges_from(tuple(pair) for pair in seen)
            np.testing.assert_array_equal(ties.matrix.toarray(), nx.to_numpy_array(graph, weight=None) if partners else
                                          np.zeros((0, 0)))  # fmt: skip


def test_who_was_asked_is_known_per_partner():
    ties = by_hand().network.ties()
    assert dict(zip(ties.nodes, ties.asked.tolist(), strict=True)) == {
        "collecte-sa": True, "tri": True, "filature": False, "atelier": False, "ccvs": True, "labo": False,
    }  # fmt: skip
    assert by_hand().network.cooperations_that_count().index.tolist() == ["c1", "c2", "c3", "c5"]


# -- the small parts ------------------------------------------------------------------------------------

numbers = st.lists(st.integers(-5, 5), max_size=12).map(lambda cells: np.array(cells, dtype=np.int64))


@given(numbers, numbers)
def test_distinct_and_among_are_those_of_sets(cells, others):
    assert distinct(cells).tolist() == sorted(set(cells.tolist()))
    ordered = distinct(others)
    assert is_among(cells, ordered).tolist() == [cell in set(others.tolist()) for cell in cells.tolist()]


def test_codes_and_years():
    f = by_hand()
    codes = codes_of(f.flows["target"], f.actors.index)
    assert codes.dtype == np.int32
    assert codes.tolist() == [1, 2, 2, 3, 4, -1, 7]
    assert latest_year(f.flows) == 2022
    assert latest_year(f.flows.iloc[[5]]) is None
