"""Attendance (D7): by hand, by a plain loop, and its bounds by every way in which the unknown may be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.bodies.attendance import (
    attendance,
    attendance_by_group,
    attendance_measure,
)
from chaine_valeur.errors import ArgumentError
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.bodies_hand import SAID, SEATS, bodies, said, seats, with_unknown_cells

COLUMNS = ["group_id", "actor_id", "held", "invited", "attended", "absent", "unknown", "share", "low", "high"]
BY_GROUP = [
    "members",
    "meetings",
    "first_met",
    "last_met",
    "attended",
    "absent",
    "unknown",
    "share",
    "low",
    "high",
]
BY_HAND = [
    # there since 2022: four meetings; came in May 2022, absent in February 2024, no row in September
    ["gt", "filature", 4, 2, 1, 1, 2, 1 / 2, 1 / 4, 3 / 4],
    ["gt", "mairie", 2, 2, 2, 0, 0, 1, 1, 1],  # since 2024
    ["gt", "relais", 4, 3, 2, 1, 1, 2 / 3, 2 / 4, 3 / 4],
    ["gt", "labo", 4, 1, 1, 0, 3, 1, 1 / 4, 1],
    ["copil", "mairie", 1, 1, 1, 0, 0, 1, 1, 1],  # two seats, one member
    ["copil", "relais", 1, 1, 1, 0, 0, 1, 1, 1],
    ["neuf", "filature", 0, 0, 0, 0, 0, None, None, None],
    ["dormant", "relais", 1, 1, 1, 0, 0, 1, 1, 1],
    ["papier", "labo", 0, 0, 0, 0, 0, None, None, None],
]


def rows_of(frame: pd.DataFrame) -> list[list[Any]]:
    return frame.astype(object).where(frame.notna(), None).to_numpy(object).tolist()


def test_by_hand() -> None:
    frame = attendance(bodies())
    assert frame.columns.tolist() == COLUMNS
    assert [row[:7] for row in rows_of(frame)] == [row[:7] for row in BY_HAND]
    expected = pd.DataFrame([row[7:] for row in BY_HAND], columns=COLUMNS[7:], dtype="float64")
    pd.testing.assert_frame_equal(frame[COLUMNS[7:]], expected)


def test_by_group() -> None:
    frame = attendance_by_group(bodies())
    assert frame.columns.tolist() == BY_GROUP and frame.index.name == "group_id"
    assert frame.index.tolist() == ["gt", "copil", "forum", "neuf", "dormant", "papier"]
    assert frame["members"].tolist() == [4, 2, 0, 1, 1, 1]
    assert frame["meetings"].tolist() == [4, 1, 1, 0, 1, 0]
    days = [["2022-05-10", "2024-09-01"], ["2024-03-01"] * 2, ["2023-11-30"] * 2, [None] * 2, ["2021-04-01"] * 2,
            [None] * 2]  # fmt: skip
    for name, place in (("first_met", 0), ("last_met", 1)):
        assert frame[name].dtype == "datetime64[us]"
        assert [None if day is pd.NaT else str(day.date()) for day in frame[name]] == [
            day[place] for day in days
        ]
    assert frame[["attended", "absent", "unknown"]].to_numpy().tolist() == [
        [6, 2, 6], [2, 0, 0], [0, 0, 0], [0, 0, 0], [1, 0, 0], [0, 0, 0],
    ]  # fmt: skip
    # GT: (1/2 + 1 + 2/3 + 1)/4, (1/4 + 1 + 1/2 + 1/4)/4, (3/4 + 1 + 3/4 + 1)/4
    assert frame.loc["gt", ["share", "low", "high"]].tolist() == pytest.approx([19 / 24, 1 / 2, 7 / 8])
    assert frame.loc["copil", ["share", "low", "high"]].tolist() == [1, 1, 1]
    assert frame.loc[["forum", "neuf", "papier"], ["share", "low", "high"]].isna().all(axis=None)


def test_measure_by_hand() -> None:
    measure = attendance_measure(bodies(), lang="en")
    # seven of the nine members could come: 1/2, 1, 2/3, 1, 1, 1, 1
    assert measure.value == pytest.approx((1 / 2 + 2 / 3 + 5) / 7)
    assert (measure.low, measure.high) == pytest.approx((5 / 7, 6.5 / 7))
    assert measure.n_unknown == 6 and measure.unit == "ratio"
    assert measure.note == (
        "mean of 7 seats, 9 presences of 11 known; 2 groups without a recorded meeting are left out"
    )
    # the meetings of all groups that exist, the one of the club aside; the seats of the three that met
    f = bodies()
    assert list(measure.rows) == ["meetings", "memberships"]
    assert set(measure.rows["meetings"]) == set(f.meetings.index[f.meetings["group_id"] != "club"])
    assert set(measure.rows["memberships"]) == {
        row.Index
        for row in f.memberships.itertuples()
        if row.group_id in ("gt", "copil", "dormant") and row.actor_id not in ("ancien", "atelier")
    }
    french = attendance_measure(bodies()).note
    assert french == (
        "moyenne de 7 sièges, 9 présences sur 11 connues\u202f; 2 groupes sans réunion relevée ne sont pas comptés"
    )


def test_one_year() -> None:
    frame = attendance(bodies(), year=2024)
    # the two meetings of 2024, and that of the COPIL
    assert rows_of(frame[COLUMNS[:7]]) == [
        ["gt", "filature", 2, 1, 0, 1, 1],
        ["gt", "mairie", 2, 2, 2, 0, 0],
        ["gt", "relais", 2, 2, 2, 0, 0],
        ["gt", "labo", 2, 1, 1, 0, 1],
        ["copil", "mairie", 1, 1, 1, 0, 0],
        ["copil", "relais", 1, 1, 1, 0, 0],
        ["neuf", "filature", 0, 0, 0, 0, 0],
        ["dormant", "relais", 0, 0, 0, 0, 0],
        ["papier", "labo", 0, 0, 0, 0, 0],
    ]
    pd.testing.assert_frame_equal(frame, attendance(bodies().at(2024)))
    # in 2022 Atelier sat there and Mairie did not yet
    assert attendance(bodies(), year=2022)["actor_id"].tolist()[:4] == [
        "filature",
        "relais",
        "labo",
        "atelier",
    ]
    assert attendance_measure(bodies(), year=2019).value == 1  # the club met


def test_kinds() -> None:
    assert attendance(bodies(), kinds=["steering"])["group_id"].unique().tolist() == ["copil"]
    assert attendance_measure(bodies(), kinds=["working_group"]).value == pytest.approx(19 / 24)
    assert set(attendance_measure(bodies(), kinds=["steering"]).rows["memberships"]) == set(
        bodies().memberships.index[6:9]
    )


@pytest.mark.parametrize(
    ("changed", "note", "bounds"),
    [
        ({"groups": None, "memberships": None, "meetings": None}, "no group", (None, None)),
        ({"meetings": None}, "no meeting recorded", (None, None)),
        ({"memberships": None}, "no member stated in the groups that met", (None, None)),
        # the club has ended, and nobody has met since
        ({"meetings": said(SAID[14:15])}, "no meeting recorded", (None, None)),
        # it did take place: everybody may have come, or nobody
        ({"meetings": said(SAID[4:5])}, "who came to the meetings is not known", (0, 1)),
    ],
)
def test_unknown_with_the_reason(changed: dict[str, Any], note: str, bounds: tuple[Any, Any]) -> None:
    measure = attendance_measure(bodies(**changed), lang="en")
    assert math.isnan(measure.value) and measure.note == note
    assert [None if math.isnan(one) else one for one in (measure.low, measure.high)] == list(bounds)
    assert attendance_measure(bodies(**changed)).note not in ("", note)


def test_a_cell_that_is_unknown_is_no_absence() -> None:
    frame = attendance(with_unknown_cells(bodies(), [5, 6])).set_index(["group_id", "actor_id"])
    # in February 2024 neither Filature nor Mairie is known to have come or not
    assert frame.loc[("gt", "filature")].tolist() == [4, 2, 1, 0, 3, 1, 1 / 4, 1]
    assert frame.loc[("gt", "mairie")].tolist() == [2, 2, 1, 0, 1, 1, 1 / 2, 1]


def test_a_member_with_a_gap() -> None:
    """Two seats with years between them: no meeting is held for it then, nor counted if it came."""
    days = [f"{year}-06-01" for year in range(2020, 2024)]
    rows = [("GT", "Filature", "enterprise", 2020, 2020), ("GT", "Filature", "ess", 2023, None)]
    f = bodies(
        filiere=None, memberships=seats(rows), meetings=said([("GT", day, "Filature", True) for day in days])
    )
    assert rows_of(attendance(f)) == [["gt", "filature", 2, 2, 2, 0, 0, 1, 1, 1]]
    # with a reference year the seat that has ended does not count
    f = bodies(memberships=seats(rows), meetings=said([("GT", day, "Filature", True) for day in days]))
    assert rows_of(attendance(f)) == [["gt", "filature", 1, 1, 1, 0, 0, 1, 1, 1]]


@dataclass(frozen=True)
class Rows:
    """Random seats and rows of meetings, and the filière made of them."""

    f: Filiere
    seats: list[tuple[str, str, str | None, int | None, int | None]]
    said: list[tuple[str, str, str | None, bool | None]]


@st.composite
def random_rows(draw: st.DrawFn) -> Rows:
    actors, groups = ["Filature", "Mairie", "Relais"], ["GT", "COPIL"]
    years = st.sampled_from([None, 2020, 2021, 2022])
    members = draw(
        st.lists(
            st.tuples(
                st.sampled_from(groups), st.sampled_from(actors), st.sampled_from([None, "ess"]), years, years
            ),
            max_size=6,
            unique_by=lambda row: row[:3],
        )
    )
    members = [row for row in members if not (row[3] and row[4] and row[3] > row[4])]
    days = st.sampled_from(["2020-05-01", "2021-05-01", "2021-09-01", "2022-05-01"])
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(groups), days, st.sampled_from([*actors, "Ancien", None]), st.booleans()
            ),
            max_size=10,
            unique_by=lambda row: row[:3],
        )
    )
    return Rows(bodies(filiere=None, memberships=seats(members), meetings=said(rows)), members, rows)


def by_loop(rows: Rows) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return meetings held, attended, absent by group and actor, going through the rows one by one."""
    counts = {}
    for group, actor in {row[:2] for row in rows.seats}:
        spells = [(row[3] or 0, row[4] or 9999) for row in rows.seats if row[:2] == (group, actor)]
        held = {
            day
            for where, day, _, _ in rows.said
            if where == group and any(since <= int(day[:4]) <= until for since, until in spells)
        }
        told = [came for where, day, who, came in rows.said if (where, who) == (group, actor) and day in held]
        counts[group.lower(), actor.lower()] = (len(held), told.count(True), told.count(False))
    return counts


@settings(max_examples=25, deadline=None)
@given(random_rows())
def test_a_plain_loop_and_every_completion(rows: Rows) -> None:
    frame = attendance(rows.f)
    found = {(row.group_id, row.actor_id): (row.held, row.attended, row.absent) for row in frame.itertuples()}
    expected = by_loop(rows)
    assert found == expected
    measure = attendance_measure(rows.f)
    could = [counts for counts in expected.values() if counts[0]]
    assert math.isnan(measure.low) == (not could)
    if not could:
        return
    means = []
    for more in product(*(range(held - came - absent + 1) for held, came, absent in could)):
        means.append(
            np.mean([(came + extra) / held for (held, came, absent), extra in zip(could, more, strict=True)])
        )
    assert (measure.low, measure.high) == pytest.approx((min(means), max(means)))
    known = [came / (came + absent) for _, came, absent in could if came + absent]
    if known:
        assert measure.value == pytest.approx(np.mean(known))
        assert measure.low - 1e-12 <= measure.value <= measure.high + 1e-12


def test_order_of_rows_does_not_matter() -> None:
    shuffled = bodies(meetings=said(SAID[::-1]), memberships=seats(SEATS[::-1]))
    pd.testing.assert_frame_equal(attendance(shuffled), attendance(bodies()))


# -- graphs ---------------------------------------------------------------------------------------------


def counted(kind: type[nx.Graph] = nx.Graph) -> nx.Graph:
    graph = kind()
    graph.add_nodes_from(["mill", "town", "club"], bipartite=0)
    graph.add_nodes_from(["GT", "COPIL"], bipartite=1)
    graph.add_edge("mill", "GT", invited=4, attended=1)
    graph.add_edge("town", "GT", invited=2, attended=2)
    graph.add_edge("club", "GT", invited=4)  # invited; who came is not known
    graph.add_edge("town", "COPIL")
    return graph


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_counts_on_edges(kind: type[nx.Graph]) -> None:
    frame = attendance(counted(kind))
    assert rows_of(frame) == [
        ["GT", "mill", 4, 4, 1, 3, 0, 0.25, 0.25, 0.25],
        ["GT", "town", 2, 2, 2, 0, 0, 1, 1, 1],
        ["GT", "club", 4, 4, 0, 0, 4, None, 0, 1],
        ["COPIL", "town", 0, 0, 0, 0, 0, None, None, None],
    ]
    groups = attendance_by_group(counted(kind))
    assert groups["meetings"].tolist() == [4, 0]
    assert groups.loc["GT", ["share", "low", "high"]].tolist() == pytest.approx([0.625, 1.25 / 3, 2.25 / 3])
    measure = attendance_measure(counted(kind), lang="en")
    assert (measure.value, measure.n_unknown, measure.rows) == (0.625, 4, {})


def test_parallel_seats_are_one_member() -> None:
    graph = counted(nx.MultiGraph)
    graph.add_edge("mill", "GT", pole="ess", invited=4, attended=3)
    graph.add_edge("town", "GT", pole="ess")
    frame = attendance(graph)
    assert rows_of(frame)[:2] == [
        ["GT", "mill", 4, 4, 3, 1, 0, 0.75, 0.75, 0.75],
        ["GT", "town", 2, 2, 2, 0, 0, 1, 1, 1],
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"attended": 5, "invited": 4}, {"attended": 1}, {"attended": -1, "invited": 2}, {"invited": 1.5},
     {"attended": "some", "invited": 4}],
)  # fmt: skip
def test_wrong_counts(wrong: dict[str, Any]) -> None:
    graph = counted()
    graph.add_edge("mill", "COPIL", **wrong)
    with pytest.raises(ArgumentError, match="'mill' in 'COPIL'.*whole numbers of meetings"):
        attendance(graph)


def test_graphs_without_a_meeting() -> None:
    graph = nx.empty_graph(3)
    nx.set_node_attributes(graph, {0: "A", 1: "A", 2: "B"}, "group")
    assert attendance(graph)["held"].tolist() == [0, 0, 0]
    measure = attendance_measure(graph, lang="en")
    assert math.isnan(measure.value) and measure.note == "no meeting recorded"
    assert attendance(nx.Graph()).columns.tolist() == COLUMNS
    assert attendance_by_group(nx.Graph()).columns.tolist() == BY_GROUP
    assert attendance_measure(nx.Graph(), lang="en").note == "no group"


def test_a_graph_made_of_a_filiere_is_read_back() -> None:
    pd.testing.assert_frame_equal(attendance(to_networkx(bodies())), attendance(bodies()))
    assert attendance_measure(to_networkx(bodies())).rows == attendance_measure(bodies()).rows
