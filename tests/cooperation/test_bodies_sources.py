"""Where seats are read from: tables, nodes that name their groups, and graphs of two modes."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.bodies.diversity import diversity
from chaine_valeur.analysis.cooperation.bodies.groups import group_table, pole_mix, triptyque_coverage
from chaine_valeur.analysis.cooperation.bodies.members import Members, members_of
from chaine_valeur.analysis.cooperation.trade.expected import expected_ties
from chaine_valeur.errors import ArgumentError, UnknownNameError
from tests.cooperation.bodies_hand import bodies

KINDS = [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]


def seats_of(members: Members) -> list[tuple[Any, Any, Any]]:
    """Return the seats, in the order in which they stand."""
    poles = [*members.poles, None]
    return [
        (members.group_ids[group], members.actor_ids[actor], poles[pole])
        for group, actor, pole in zip(members.group, members.actor, members.pole, strict=True)
    ]


def two_modes(kind: type[nx.Graph] = nx.Graph) -> nx.Graph:
    graph = kind()
    graph.add_nodes_from(["COPIL", "GT", "Forum"], bipartite=1)
    graph.add_node("mill", bipartite=0, pole="enterprise")
    graph.add_node("town", bipartite=0, pole="elected")
    graph.add_node("club", bipartite=0)
    graph.add_node("alone", bipartite=0, pole="ess")
    graph.add_edge("mill", "GT")
    graph.add_edge("GT", "town")  # either direction
    graph.add_edge("town", "COPIL", pole="ess")  # sits there for another pole than its own
    graph.add_edge("club", "GT")
    graph.add_edge("mill", "town")  # a tie is no seat
    return graph


def test_of_a_filiere() -> None:
    members = members_of(bodies())
    assert members.group_ids.tolist() == [
        "gt",
        "copil",
        "forum",
        "neuf",
        "dormant",
        "papier",
    ]  # the club ended
    assert members.size.tolist() == [4, 2, 0, 1, 1, 1]
    assert members.known.tolist() == [True, True, False, True, True, True]
    # Mairie sits in the COPIL for two poles; Atelier left the GT; Ancien has closed
    assert ("copil", "mairie", "elected") in seats_of(members) and ("copil", "mairie", "ess") in seats_of(
        members
    )
    assert not {"atelier", "ancien"} & {actor for _, actor, _ in seats_of(members)}
    # Atelier sits nowhere and could
    assert members.actor_ids[members.may_sit].tolist() == ["filature", "mairie", "relais", "labo", "atelier"]
    only = members_of(bodies(), kinds=["steering"])
    assert only.group_ids.tolist() == ["copil"] and only.size.tolist() == [2]
    without = members_of(bodies(), pole=None)
    assert without.size.tolist() == members.size.tolist()


def test_a_node_may_name_several_groups() -> None:
    graph = nx.empty_graph(6)
    groups = [["A", "B"], "A", {"C", "B"}, None, ("A", "B"), ["A", None, "A"]]
    nx.set_node_attributes(graph, dict(enumerate(groups)), "group")
    nx.set_node_attributes(graph, {0: "x", 1: "y", 5: "x"}, "pole")
    members = members_of(graph)
    # in the order in which they are met; a set by its text; a tuple is one name
    assert members.group_ids.tolist() == ["A", "B", "C", ("A", "B")]
    assert seats_of(members) == [
        ("A", 0, "x"), ("B", 0, "x"), ("A", 1, "y"), ("B", 2, None), ("C", 2, None), (("A", "B"), 4, None),
        ("A", 5, "x"),
    ]  # fmt: skip
    assert members.size.tolist() == [3, 2, 1, 1]
    assert members.may_sit.all() and members.known.all()
    assert members_of(graph, pole=None).poles == []
    assert members_of(graph, pole="group").size.tolist() == [3, 2, 1, 1]  # no poles are asked for


def test_a_single_name_and_lists_of_one_say_the_same() -> None:
    plain, listed = nx.empty_graph(4), nx.empty_graph(4)
    for node, name in enumerate("ABBA"):
        plain.nodes[node].update(group=name, pole=name.lower())
        listed.nodes[node].update(group=[name], pole=name.lower())
    pd.testing.assert_frame_equal(group_table(plain), group_table(listed))
    pd.testing.assert_frame_equal(diversity(plain), diversity(listed))


@pytest.mark.parametrize("kind", KINDS)
def test_two_modes(kind: type[nx.Graph]) -> None:
    members = members_of(two_modes(kind))
    assert members.group_ids.tolist() == ["COPIL", "GT", "Forum"]
    assert sorted(seats_of(members), key=str) == [
        ("COPIL", "town", "ess"),
        ("GT", "club", None),
        ("GT", "mill", "enterprise"),
        ("GT", "town", "elected"),
    ]
    assert members.actor_ids[members.may_sit].tolist() == ["mill", "town", "club", "alone"]
    assert members.known.all()  # a graph says that nobody sits in the forum


def test_parallel_edges_are_seats_for_several_poles() -> None:
    graph = two_modes(nx.MultiGraph)
    graph.add_edge("town", "COPIL", pole="enterprise")
    graph.add_edge("town", "COPIL", pole="ess")  # said twice
    table = group_table(graph)
    assert table.columns.tolist() == [
        "members", "enterprise", "elected", "ess", "other_poles", "without_pole", "covered",
    ]  # fmt: skip
    assert table.index.name == "group_id"
    # nobody is in the forum, which a graph says: not covered; in the GT, club may be the ESS actor
    assert table.to_numpy(object).tolist() == [
        [1, 1, 0, 1, 0, 0, False],
        [3, 1, 1, 0, 0, 1, pd.NA],
        [0, 0, 0, 0, 0, 0, False],
    ]
    assert triptyque_coverage(graph) == 0


def test_kinds_of_groups_of_two_modes() -> None:
    graph = two_modes()
    graph.nodes["GT"]["kind"] = "working_group"
    members = members_of(graph, kinds=["working_group"])
    assert members.group_ids.tolist() == ["GT"] and members.size.tolist() == [3]


def test_other_poles_and_the_mix() -> None:
    f = bodies(actors={"name": ["Filature", "Mairie", "Relais", "Labo", "Ancien", "Atelier"],
                       "pole": ["enterprise", "elected", "ess", "expertise", None, None]})  # fmt: skip
    table = group_table(f)
    # GT: Filature, Mairie, Relais, Labo, and Ancien (not closed here), of unknown pole
    assert table.loc["gt"].tolist() == [5, 1, 1, 1, 1, 1, True]
    mix = pole_mix(f)
    assert mix.index.equals(table.index)
    assert mix.loc["gt", ["enterprise", "elected", "ess", "expertise"]].tolist() == [0.25] * 4
    assert mix.loc["copil", ["elected", "ess"]].tolist() == [1 / 3, 2 / 3]  # Mairie has two seats of three
    assert mix.loc["forum"].isna().all()
    known = mix.dropna()
    assert np.allclose(known.sum(axis=1), 1)
    # Blau is one less the sum of squares of these shares
    assert np.allclose(1 - (known**2).sum(axis=1), diversity(f).loc[known.index, "blau"])


def test_text_marks_of_files() -> None:
    graph = nx.Graph([("a", "g")])
    nx.set_node_attributes(graph, {"a": "0", "g": "1"}, "bipartite")
    assert seats_of(members_of(graph, pole=None)) == [("g", "a", None)]


def test_marks_go_before_the_group_attribute() -> None:
    graph = two_modes()
    nx.set_node_attributes(graph, "world", "group")
    assert members_of(graph).group_ids.tolist() == ["COPIL", "GT", "Forum"]


def test_wrong_graphs() -> None:
    graph = two_modes()
    graph.add_node("new")
    with pytest.raises(ArgumentError, match="node 'new' has bipartite=None.*0 .an actor. or 1"):
        members_of(graph)
    graph.nodes["new"]["bipartite"] = 1
    graph.add_edge("new", "GT")
    with pytest.raises(ArgumentError, match="'GT' – 'new' joins two groups|'new' – 'GT' joins two groups"):
        members_of(graph)
    with pytest.raises(UnknownNameError, match="no node or edge has an attribute 'side'"):
        members_of(two_modes(), pole="side")
    with pytest.raises(UnknownNameError, match="no node has an attribute 'group'"):
        members_of(nx.path_graph(3))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing(kind: type[nx.Graph]) -> None:
    members = members_of(kind())
    assert members.n_groups == 0 and members.size.tolist() == [] and members.seats().shape == (0, 1)
    assert group_table(kind()).empty and pole_mix(kind()).empty
    alone = kind()
    alone.add_node("g", bipartite=1)
    assert members_of(alone, pole=None).size.tolist() == [0]
    assert group_table(bodies(groups=None, memberships=None, meetings=None)).shape == (0, 7)


def test_the_pairs_that_one_expects_read_the_same_seats() -> None:
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {0: ["A", "B"], 1: ["A"], 2: {"B", "A"}}, "group")
    table = expected_ties(graph)
    # A: three pairs, 0–1 and 1–2 tied; B: 0–2, not tied
    assert table[["group_id", "pairs", "tied", "absent"]].to_numpy().tolist() == [
        ["A", 3, 2, 1],
        ["B", 1, 0, 1],
    ]
