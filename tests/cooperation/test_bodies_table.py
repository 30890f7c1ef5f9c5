"""What the report shows of each body, and the matrix actors × groups behind the figure."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.bodies.attendance import attendance
from chaine_valeur.analysis.cooperation.bodies.groups import group_table
from chaine_valeur.analysis.cooperation.bodies.matrix import actors_by_groups
from chaine_valeur.analysis.cooperation.bodies.table import bodies_table
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.bodies_hand import SAID, SEATS, TABLES, bodies, said, seats
from tests.cooperation.hand import by_hand

COLUMNS = ["label", "kind", "kind_label", "members", "enterprise", "elected", "ess", "other_poles", "without_pole",
           "covered", "referent_id", "referent_label", "meetings", "last_met", "share", "low", "high", "on_paper",
           "reason"]  # fmt: skip
MATRIX = ["actor_id", "actor_label", "group_id", "group_label", "pole", "seat", "attended", "held", "unknown",
          "share", "low", "high"]  # fmt: skip


def plain(frame: pd.DataFrame) -> list[list[Any]]:
    return frame.astype(object).where(frame.notna(), None).to_numpy(object).tolist()


def paper(f: Filiere, **given: Any) -> dict[str, tuple[bool | None, str]]:
    table = bodies_table(f, lang="en", **given)
    flags = [None if flag is pd.NA else bool(flag) for flag in table["on_paper"]]
    return dict(zip(table.index, zip(flags, table["reason"], strict=True), strict=True))


# -- the table of bodies --------------------------------------------------------------------------------


def test_by_hand() -> None:
    table = bodies_table(bodies(), lang="en")
    assert table.columns.tolist() == COLUMNS
    assert table.index.tolist() == ["gt", "copil", "forum", "neuf", "dormant", "papier"]
    assert table.index.name == "group_id"
    assert plain(table[["label", "kind_label", "members", "without_pole", "referent_label", "meetings"]]) == [
        ["GT", "Working group", 4, 1, "Mairie", 4],
        ["COPIL", "Steering committee", 2, 0, None, 1],
        ["Forum", "Forum", 0, 0, None, 1],
        ["Neuf", None, 1, 0, "Filature", 0],
        ["Dormant", None, 1, 0, None, 1],
        ["Papier", "Working group", 1, 1, None, 0],
    ]
    same = group_table(bodies())
    pd.testing.assert_frame_equal(table[same.columns], same)
    assert table.loc["gt", "last_met"] == pd.Timestamp("2024-09-01")
    assert table.loc["gt", ["share", "low", "high"]].tolist() == pytest.approx([19 / 24, 1 / 2, 7 / 8])
    assert bodies_table(bodies()).loc["copil", "kind_label"] == "Comité de pilotage (COPIL)"


def test_on_paper_by_hand() -> None:
    assert paper(bodies()) == {
        "gt": (False, ""),  # between 1/2 and 7/8 of the members came
        "copil": (False, ""),
        "forum": (None, "members to be stated"),
        "neuf": (None, "set up in 2024, no meeting recorded yet"),
        "dormant": (True, "no meeting recorded since 2021"),
        "papier": (True, "no meeting recorded, while those of other groups are"),
    }
    reasons = bodies_table(bodies())["reason"]
    assert reasons["dormant"] == "pas de réunion relevée depuis 2021"
    assert not set(reasons[reasons != ""]) & set(bodies_table(bodies(), lang="en")["reason"])


def test_thresholds() -> None:
    assert paper(bodies(), idle_years=4)["dormant"] == (False, "")
    assert paper(bodies(), idle_years=3)["dormant"] == (True, "no meeting recorded since 2021")
    # at most 7/8 of the members came to the GT, at least 1/2
    assert paper(bodies(), threshold=0.9)["gt"] == (
        True, "at most 88% of its members at its meetings (said below 90%)",
    )  # fmt: skip
    assert paper(bodies(), threshold=0.875)["gt"] == (None, "who came to its meetings is not known enough")
    assert paper(bodies(), threshold=0.5)["gt"] == (False, "")


def test_nothing_is_known_of_meetings() -> None:
    assert set(paper(bodies(meetings=None)).values()) == {(None, "no meeting of any group is recorded")}
    # the only meeting recorded is that of a group that has ended: somebody keeps records
    told = paper(bodies(meetings=said(SAID[14:15])))
    assert told["gt"] == (True, "no meeting recorded, while those of other groups are")


def test_who_came_is_not_known() -> None:
    told = paper(bodies(meetings=said([("GT", "2024-05-01", None, None)])))
    assert told["gt"] == (None, "who came to its meetings is not known enough")


def test_one_year() -> None:
    table = bodies_table(bodies(), year=2023, lang="en")
    # the GT met in 2023, the COPIL only later, the dormant one in 2021
    assert table["meetings"].tolist() == [1, 0, 1, 0, 0]
    assert [None if day is pd.NaT else day.year for day in table["last_met"]] == [
        2023,
        None,
        2023,
        2021,
        None,
    ]
    assert paper(bodies(), year=2022)["dormant"] == (False, "")  # it did not meet in 2022, but had in 2021
    assert paper(bodies(), year=2023)["dormant"] == (True, "no meeting recorded since 2021")
    # without a reference year, that of the latest meeting
    assert paper(bodies(filiere=None))["dormant"] == (True, "no meeting recorded since 2021")


def test_graphs() -> None:
    graph = nx.Graph()
    graph.add_nodes_from(["mill", "town"], bipartite=0)
    graph.add_node("GT", bipartite=1, kind="working_group")
    graph.add_nodes_from(["Forum", "Club"], bipartite=1)
    graph.add_edge("mill", "GT", invited=4, attended=3)
    graph.add_edge("town", "Forum")
    graph.add_edge("town", "Club", invited=5, attended=1)
    table = bodies_table(graph, lang="en")
    assert table["kind_label"].tolist()[0] == "Working group" and table["kind"].isna().tolist() == [
        False,
        True,
        True,
    ]
    assert table["meetings"].tolist() == [4, 0, 5] and table["last_met"].isna().all()
    assert table["referent_id"].isna().all()
    assert table["on_paper"].tolist() == [False, True, True]
    assert table["reason"].tolist()[2] == "at most 20% of its members at its meetings (said below 25%)"
    named = nx.empty_graph(2)
    nx.set_node_attributes(named, {0: ["A", "B"], 1: "A"}, "group")
    assert bodies_table(named)["members"].tolist() == [2, 1]
    assert bodies_table(named)["on_paper"].isna().all()
    with pytest.raises(UnknownNameError, match="'side'"):  # asked for by name
        bodies_table(named, pole="side")


def test_other_kinds_of_a_graph_are_words() -> None:
    graph = nx.Graph()
    graph.add_node("g", bipartite=1, kind="salon")
    assert bodies_table(graph)[["kind", "kind_label"]].to_numpy().tolist() == [["salon", "salon"]]


@pytest.mark.parametrize("source", [nx.Graph(), bodies(groups=None, memberships=None, meetings=None)])
def test_no_body(source: Any) -> None:
    table = bodies_table(source)
    assert table.empty and table.columns.tolist() == COLUMNS
    assert table["on_paper"].dtype == "boolean" and table["last_met"].dtype == "datetime64[us]"


def test_the_filiere_by_hand_of_the_other_tests() -> None:
    """No meeting is recorded there, and of the group « Vide » no member is stated."""
    table = bodies_table(by_hand())
    assert table["members"].tolist() == [4, 3, 3, 3, 0]
    assert table["on_paper"].isna().all() and table["share"].isna().all()
    pd.testing.assert_frame_equal(bodies_table(to_networkx(by_hand())), table)


# -- actors × groups ------------------------------------------------------------------------------------


def test_matrix_by_hand() -> None:
    table = actors_by_groups(bodies())
    assert table.columns.tolist() == MATRIX
    assert table["seat"].dtype == bool and table["attended"].dtype == table["held"].dtype == "int64"
    assert plain(table[["actor_id", "group_id", "pole", "seat", "attended", "held", "share"]]) == [
        ["filature", "gt", "enterprise", True, 1, 4, 0.5],
        ["filature", "neuf", "enterprise", True, 0, 0, None],
        ["mairie", "gt", "elected", True, 2, 2, 1],
        ["mairie", "copil", "elected;ess", True, 1, 1, 1],
        ["relais", "gt", "ess", True, 2, 4, pytest.approx(2 / 3)],
        ["relais", "copil", "ess", True, 1, 1, 1],
        ["relais", "dormant", "ess", True, 1, 1, 1],
        ["labo", "gt", None, True, 1, 4, 1],
        ["labo", "papier", None, True, 0, 0, None],
        # it left, and came twice in all; Ancien has closed and is not shown
        ["atelier", "gt", "enterprise", False, 2, 2, 1],
    ]
    assert table.loc[9, ["actor_label", "group_label"]].tolist() == ["Atelier", "GT"]
    wide = table.pivot(index="actor_id", columns="group_id", values="seat")
    assert wide.shape == (5, 5) and wide.loc["filature", "copil"] is not True
    members = table[table["seat"]].sort_values(["group_id", "actor_id"])
    same = attendance(bodies()).sort_values(["group_id", "actor_id"])
    for name in ("attended", "held", "unknown", "share", "low", "high"):
        assert members[name].reset_index(drop=True).equals(same[name].reset_index(drop=True))


def test_matrix_guests() -> None:
    rows = [("COPIL", "2024-03-01", "Filature", False), ("COPIL", "2024-06-01", "Filature", True)]
    table = actors_by_groups(bodies(meetings=said(rows))).set_index(["actor_id", "group_id"])
    guest = table.loc[("filature", "copil")]
    assert guest[["pole", "seat", "attended", "held", "share"]].tolist() == ["enterprise", False, 1, 2, 0.5]
    assert (guest["low"], guest["high"], guest["unknown"]) == (0.5, 0.5, 0)
    without = actors_by_groups(bodies(memberships=None))
    assert not without["seat"].any()
    assert without["actor_id"].unique().tolist() == ["filature", "mairie", "relais", "labo", "atelier"]


def test_matrix_of_graphs() -> None:
    graph = nx.MultiGraph()
    graph.add_nodes_from([("mill", {"pole": "firm"}), ("town", {}), ("club", {"pole": 3})], bipartite=0)
    graph.add_nodes_from(["GT", "COPIL"], bipartite=1)
    graph.add_edge("mill", "GT", invited=2, attended=1)
    graph.add_edge("town", "COPIL", pole="ngo")
    graph.add_edge("club", "COPIL")
    graph.add_edge("club", "COPIL", pole="ngo")
    table = actors_by_groups(graph)
    assert plain(table[["actor_label", "group_label", "pole", "seat", "attended", "held"]]) == [
        ["mill", "GT", "firm", True, 1, 2],
        ["town", "COPIL", "ngo", True, 0, 0],
        ["club", "COPIL", "3;ngo", True, 0, 0],
    ]
    named = nx.empty_graph(2)
    nx.set_node_attributes(named, {0: ["A", "B"]}, "group")
    assert actors_by_groups(named)[["actor_id", "group_id"]].to_numpy().tolist() == [[0, "A"], [0, "B"]]
    assert actors_by_groups(named)["pole"].isna().all()


@pytest.mark.parametrize("source", [nx.Graph(), bodies(groups=None, memberships=None, meetings=None)])
def test_matrix_of_nothing(source: Any) -> None:
    table = actors_by_groups(source)
    assert table.empty and table.columns.tolist() == MATRIX
    assert table["seat"].dtype == bool and table["attended"].dtype == "int64"


def test_order_of_rows_does_not_matter() -> None:
    shuffled = bodies(meetings=said(SAID[::-1]), memberships=seats(SEATS[::-1]))
    pd.testing.assert_frame_equal(actors_by_groups(shuffled), actors_by_groups(bodies()))
    pd.testing.assert_frame_equal(bodies_table(shuffled), bodies_table(bodies()))


def test_names_change_nothing_but_names() -> None:
    new = {name: f"X{name}" for name in TABLES["actors"]["name"]}
    renamed = bodies(
        actors={**TABLES["actors"], "name": list(new.values())},
        groups={**TABLES["groups"], "referent_id": [new.get(one) for one in TABLES["groups"]["referent_id"]]},
        memberships=seats([(group, new[actor], *rest) for group, actor, *rest in SEATS]),
        meetings=said([(group, day, new.get(actor), came) for group, day, actor, came in SAID]),
    )
    names = ["actor_id", "actor_label"]
    pd.testing.assert_frame_equal(
        actors_by_groups(renamed).drop(columns=names), actors_by_groups(bodies()).drop(columns=names)
    )
    referent = ["referent_id", "referent_label"]
    pd.testing.assert_frame_equal(
        bodies_table(renamed).drop(columns=referent), bodies_table(bodies()).drop(columns=referent)
    )
