"""The bodies against the referee: seats, meetings, attendance with its bounds, groups that share members."""

from __future__ import annotations

from itertools import combinations
from math import nan
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.bodies.attendance import (
    attendance,
    attendance_by_group,
    attendance_measure,
)
from chaine_valeur.analysis.cooperation.bodies.groups import group_table, triptyque_coverage_measure
from chaine_valeur.analysis.cooperation.bodies.meetings import meeting_table
from chaine_valeur.analysis.cooperation.bodies.projection import co_membership
from chaine_valeur.analysis.cooperation.bodies.two_mode import (
    bridging_actors,
    group_overlap,
    two_mode_density_measure,
)
from chaine_valeur.filiere import Filiere

from . import plain_bodies as plain
from .plain import Told, assert_same, over, same, told

CASES = [*((seed, 5, 8) for seed in range(8)), *((seed, 11, 14) for seed in (43, 44, 46))]


@pytest.fixture(params=CASES, ids=str)
def t(request: pytest.FixtureRequest) -> Told:
    return told(*request.param)


def or_none(value: Any) -> Any:
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    "view", [{}, {"year": 2020}, {"kinds": ["working_group", "forum", "steering"]}], ids=str
)
def test_groups(t: Told, view: dict[str, Any]) -> None:
    table = group_table(t.f, **view)
    there = plain.groups(t, **view)
    assert table.index.tolist() == there
    states = []
    for group in there:
        expected = plain.group_row(t, group, view.get("year"))
        states.append(expected["covered"])
        assert {name: or_none(table.loc[group, name]) for name in expected} == expected, group
    measure = triptyque_coverage_measure(t.f, **view)
    yes, no = states.count(True), states.count(False)
    assert same(measure.value, over(yes, yes + no))
    assert measure.n_unknown == states.count(None)
    if yes + no:
        assert_same([measure.low, measure.high], [yes / len(states), (len(states) - no) / len(states)])


def test_meetings(t: Told) -> None:
    table = meeting_table(t.f)
    days = [(group, day) for group in plain.groups(t) for day in plain.meetings(t, group)]
    assert list(zip(table["group_id"], table["met_on"].astype(str), strict=True)) == days
    for place, (group, day) in enumerate(days):
        expected = plain.meeting_row(t, group, day)
        assert {name: or_none(table.loc[place, name]) for name in expected} == expected, (group, day)
    later = meeting_table(t.f, year=2020)
    expected_days = [(g, day) for g in plain.groups(t, 2020) for day in plain.meetings(t, g, 2020)]
    assert list(zip(later["group_id"], later["met_on"].astype(str), strict=True)) == expected_days


def test_a_member_stands_for_the_pole_of_that_time() -> None:
    """Labo sits for expertise from 2020, and for the social economy too from 2022."""
    f = Filiere.from_tables(
        actors={"name": ["Labo"], "pole": ["expertise"]},
        groups={"name": ["GT"]},
        memberships={
            "group_id": ["GT", "GT"],
            "actor_id": ["Labo", "Labo"],
            "pole": [None, "ess"],
            "since": [2020, 2022],
        },
        meetings={
            "group_id": ["GT", "GT"],
            "met_on": ["2021-03-15", "2022-03-15"],
            "actor_id": ["Labo", "Labo"],
        },
    )
    assert meeting_table(f)["ess"].tolist() == [0, 1]


def test_attendance(t: Told) -> None:
    table = attendance(t.f)
    those = [(group, name) for group in plain.groups(t) for name in plain.members(t, group)]
    assert list(zip(table["group_id"], table["actor_id"], strict=True)) == those
    rows = {member: plain.presence(t, *member) for member in those}
    for place, member in enumerate(those):
        assert_same([table.loc[place, name] for name in rows[member]], rows[member].values(), member)
    by_group = attendance_by_group(t.f)
    assert by_group.index.tolist() == plain.groups(t)
    for group in plain.groups(t):
        mine = [row for (where, _), row in rows.items() if where == group]
        days = plain.meetings(t, group)
        found = by_group.loc[group]
        assert (found["members"], found["meetings"]) == (len(mine), len(days))
        assert or_none(found["first_met"]) == (pd.Timestamp(days[0]) if days else None)
        assert or_none(found["last_met"]) == (pd.Timestamp(days[-1]) if days else None)
        for name in ("attended", "absent", "unknown"):
            assert found[name] == sum(row[name] for row in mine)
        assert_same([found[name] for name in ("share", "low", "high")], means(mine))
    measure = attendance_measure(t.f)
    value, low, high = means(list(rows.values()))
    assert same(measure.value, value)
    if value == value:
        assert_same([measure.low, measure.high], [low, high])
        # whatever those of whom nothing is known did, the mean is between
        for came in (0, 1):
            shares = [over(row["attended"] + came * row["unknown"], row["held"]) for row in rows.values()]
            assert same(plain.mean(shares), (low, high)[came])
    assert measure.n_unknown == sum(row["unknown"] for row in rows.values())


def means(rows: list[dict[str, float]]) -> list[float]:
    return [plain.mean(row[name] for row in rows) for name in ("share", "low", "high")]


def sitting_of(t: Told, year: int | None = None) -> dict[str, set[str]]:
    return {group: set(plain.members(t, group, year)) for group in plain.groups(t, year)}


@pytest.mark.parametrize("year", [None, 2021])
def test_two_modes(t: Told, year: int | None) -> None:
    sitting = sitting_of(t, year)
    order = [row["actor_id"] for row in t.rows["actors"]]
    partners = t.partners(year)
    check_two_modes(t.seen(year), sitting, order, set(partners) | set().union(*sitting.values()))
    stated = [those for those in sitting.values() if those]
    actors = len(set(partners).union(*sitting.values()))
    measure = two_mode_density_measure(t.seen(year))
    seats = sum(map(len, stated))
    assert same(measure.value, over(seats, actors * len(stated)))
    if stated and actors:
        cells = actors * len(sitting)
        lost = actors * (len(sitting) - len(stated))
        assert_same([measure.low, measure.high], [seats / cells, (seats + lost) / cells])
    assert measure.n_unknown == len(sitting) - len(stated)


def test_two_modes_of_graphs() -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        graph = nx.Graph()
        graph.add_nodes_from([f"a{n}" for n in range(9)], bipartite=0)
        graph.add_nodes_from([f"g{n}" for n in range(5)], bipartite=1)
        graph.add_edges_from((f"a{a}", f"g{g}") for a in range(9) for g in range(5) if rng.random() < 0.25)
        sitting = {f"g{g}": set(graph[f"g{g}"]) for g in range(5)}
        check_two_modes(graph, sitting, [f"a{n}" for n in range(9)], {f"a{n}" for n in range(9)})
        assert same(two_mode_density_measure(graph).value, graph.number_of_edges() / 45)


def check_two_modes(source: Any, sitting: dict[str, set[str]], order: list[str], actors: set[str]) -> None:
    table = group_overlap(source)
    pairs = list(combinations(sitting, 2))
    assert list(zip(table["group_id"], table["to_group_id"], strict=True)) == pairs
    for place, (one, other) in enumerate(pairs):
        expected = plain.overlap(sitting[one], sitting[other], stated=isinstance(source, nx.Graph))
        found = {name: or_none(table.loc[place, name]) for name in expected}
        assert_same(
            [nan if found[name] is None else found[name] for name in list(expected)[:5]],
            list(expected.values())[:5],
            (one, other),
        )
        assert found["only_actor_id"] == expected["only_actor_id"]
    bridge = bridging_actors(source)
    found_bridges = list(bridge[["groups", "pairs", "pairs_alone", "parts"]].itertuples(name=None))
    assert found_bridges == plain.bridges(sitting, order)
    projected = co_membership(source)
    expected_pairs = plain.together(sitting, order)
    assert list(zip(projected["actor_id"], projected["to_actor_id"], projected["groups"], strict=True)) == [
        row[:3] for row in expected_pairs
    ]
    assert_same(projected["newman"], [row[3] for row in expected_pairs])
    # Newman's weights of an actor add up to the groups in which it sits with somebody
    for name in actors:
        touching = projected[(projected["actor_id"] == name) | (projected["to_actor_id"] == name)]
        assert same(
            touching["newman"].sum(), sum(name in those and len(those) > 1 for those in sitting.values())
        )
