"""The referee: what a plain loop over the rows says of random filières, and graphs told in two ways."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.bodies.attendance import attendance_by_group
from chaine_valeur.analysis.cooperation.bodies.groups import group_table, pole_mix
from chaine_valeur.analysis.cooperation.bodies.matrix import actors_by_groups
from chaine_valeur.analysis.cooperation.bodies.meetings import meeting_table
from chaine_valeur.analysis.cooperation.bodies.projection import co_membership
from chaine_valeur.analysis.cooperation.bodies.table import bodies_table
from chaine_valeur.analysis.cooperation.bodies.two_mode import (
    bridging_actors,
    group_overlap,
    two_mode_density_measure,
)
from chaine_valeur.filiere import Filiere
from tests.cooperation.random_filiere import POLES, YEAR, Rows, random_filiere

SEEDS = range(6)
TRIPTYQUE = ("enterprise", "elected", "ess")
DAYS = ["2008-03-01", "2015-03-01", "2021-03-01", "2022-03-01", "2022-09-01"]


@dataclass(frozen=True)
class Meetings:
    """A random filière with meetings; who came to each, and who was told to be absent."""

    f: Filiere
    rows: Rows
    came: dict[tuple[str, str], dict[str | None, bool]]

    @property
    def pole(self) -> dict[str, Any]:
        return {str(actor["actor_id"]): actor["pole"] for actor in self.rows.actors}

    def seats(self, group: str, year: int | None) -> list[tuple[str, Any]]:
        """Return actor and pole of the seats held in a year; without one, of those that have not ended."""
        return [
            (str(seat["actor_id"]), seat["pole"] or self.pole[str(seat["actor_id"])])
            for seat in self.rows.seats
            if seat["group_id"] == group
            and seat["actor_id"] in self.rows.active
            and not (seat["until"] and int(str(seat["until"])) < (year or YEAR))
        ]

    def held(self, group: str) -> list[str]:
        return [day for where, day in self.came if where == group]


@cache
def random_meetings(seed: int) -> Meetings:
    rng, rows = np.random.default_rng(seed + 100), random_filiere(seed)
    told: list[tuple[str, str, str | None, bool]] = []
    for group in rows.groups:
        for day in DAYS:
            if rng.random() < 0.5:
                continue
            if rng.random() < 0.3:
                told.append((group, day, None, True))
            told += [
                (group, day, str(actor["actor_id"]), bool(rng.random() < 0.6))
                for actor in rows.actors
                if rng.random() < 0.4
            ]
    frame = pd.DataFrame(told, columns=["group_id", "met_on", "actor_id", "attended"])
    came: dict[tuple[str, str], dict[str | None, bool]] = {}
    for group, day, actor, attended in told:
        came.setdefault((group, day), {})[actor] = attended
    frame = frame.sample(frac=1, random_state=seed, ignore_index=True)
    return Meetings(rows.f.with_table("meetings", frame), rows, came)


@pytest.mark.parametrize("seed", SEEDS)
def test_meetings(seed: int) -> None:
    told = random_meetings(seed)
    table = meeting_table(told.f)
    keys = [(row.group_id, str(row.met_on.date())) for row in table.itertuples()]
    assert keys == sorted(told.came)
    for key, row in zip(keys, table.itertuples(), strict=True):
        said = {actor: came for actor, came in told.came[key].items() if actor is not None}
        sat = told.seats(key[0], int(key[1][:4]))
        members = {actor for actor, _ in sat}
        there = {actor for actor, came in said.items() if came}
        assert (row.invited, row.attended, row.absent) == (len(said), len(there), len(said) - len(there))
        assert row.guests == len(there - members)
        assert row.unknown == len(members - set(said))
        assert row.listed == (None not in told.came[key])
        for pole in TRIPTYQUE:
            for_it = {actor for actor, seat in sat if seat == pole and actor in there}
            own = {actor for actor in there - members if told.pole[actor] == pole}
            assert getattr(row, pole) == len(for_it | own)
        present = {pole for pole in TRIPTYQUE if getattr(row, pole)}
        if present == set(TRIPTYQUE):
            assert row.covered
        elif row.covered is not pd.NA:
            assert not row.covered and row.listed


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_and_their_attendance(seed: int) -> None:
    told = random_meetings(seed)
    table, came = bodies_table(told.f, lang="en"), attendance_by_group(told.f)
    mix = pole_mix(told.f)
    for group in told.rows.groups:
        seats = told.seats(group, None)
        members, held = {actor for actor, _ in seats}, told.held(group)
        shares, low, high = [], [], []
        for actor in members:
            said = [told.came[group, day][actor] for day in held if actor in told.came[group, day]]
            if said:
                shares.append(sum(said) / len(said))
            if held:
                low.append(sum(said) / len(held))
                high.append((sum(said) + len(held) - len(said)) / len(held))
        row = came.loc[group]
        assert (row["members"], row["meetings"]) == (len(members), len(held))
        for name, values in (("share", shares), ("low", low), ("high", high)):
            assert row[name] == pytest.approx(np.mean(values) if values else math.nan, nan_ok=True)
            assert table.loc[group, name] == pytest.approx(row[name], nan_ok=True)
        if held:
            assert str(table.loc[group, "last_met"].date()) == max(held)
            assert (str(row["first_met"].date()), str(row["last_met"].date())) == (min(held), max(held))
        assert bool(table.loc[group, "on_paper"] is pd.NA or table.loc[group, "on_paper"]) == bool(
            table.loc[group, "reason"]
        )
        known = [pole for _, pole in seats if pole]
        expected = [known.count(pole) / len(known) if known else math.nan for pole in POLES]
        assert mix.loc[group, POLES].tolist() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_actors_by_groups(seed: int) -> None:
    told = random_meetings(seed)
    found = {(row.actor_id, row.group_id): row for row in actors_by_groups(told.f).itertuples()}
    expected = set()
    for group in told.rows.groups:
        seats = dict(told.seats(group, None))
        said = {actor for where, day in told.came for actor in told.came[where, day] if where == group}
        expected |= {(actor, group) for actor in (set(seats) | said) & told.rows.active}
        for actor in (set(seats) | said) & told.rows.active:
            row = found[actor, group]
            came = [told.came[group, day].get(actor) for day in told.held(group)]
            assert row.seat == (actor in seats)
            assert row.attended == came.count(True)
            assert row.held == (len(came) if row.seat else len(came) - came.count(None))
            pole = seats[actor] if row.seat else told.pole[actor]
            assert row.pole == pole if pole else pd.isna(row.pole)
    assert set(found) == expected
    order = [(row.actor_id, row.group_id) for row in found.values()]
    assert order == sorted(order, key=lambda pair: (int(pair[0][1:]), pair[1]))


@pytest.mark.parametrize("seed", SEEDS)
def test_overlap_bridges_and_density(seed: int) -> None:
    told = random_meetings(seed)
    sits = {group: {actor for actor, _ in told.seats(group, None)} for group in told.rows.groups}
    overlap = group_overlap(told.f).set_index(["group_id", "to_group_id"])
    for pair in combinations(told.rows.groups, 2):
        assert overlap.loc[pair, "shared"] == len(sits[pair[0]] & sits[pair[1]])
    everyone = set(told.rows.partners).union(*sits.values())
    measure = two_mode_density_measure(told.f)
    known = [group for group in sits if sits[group]]
    seats = sum(map(len, sits.values()))
    assert measure.value == pytest.approx(seats / (len(everyone) * len(known)))
    assert measure.low <= measure.value <= measure.high
    bridges = bridging_actors(told.f)
    for actor in everyone:
        count = sum(actor in members for members in sits.values())
        assert (actor in bridges.index) == (count > 1)
        if count > 1:
            assert bridges.loc[actor, "groups"] == count
    pairs = {frozenset(pair) for members in sits.values() for pair in combinations(members, 2)}
    table = co_membership(told.f)
    assert {frozenset(pair) for pair in zip(table["actor_id"], table["to_actor_id"], strict=True)} == pairs


@pytest.mark.parametrize("seed", SEEDS)
def test_a_filiere_and_its_graphs_say_the_same(seed: int) -> None:
    """The seats of a filière, told as a two-mode graph and as lists on the nodes."""
    f = random_filiere(seed).f
    table = actors_by_groups(f)
    modes, lists = nx.Graph(), nx.Graph()
    for actor, pole in f.actors["pole"].items():
        own = {} if pole != pole else {"pole": pole}
        modes.add_node(actor, bipartite=0, **own)
        lists.add_node(actor, group=table.loc[table["actor_id"] == actor, "group_id"].tolist(), **own)
    modes.add_nodes_from(f.groups.index, bipartite=1)
    for row in table.itertuples():
        modes.add_edge(row.actor_id, row.group_id, **({} if row.pole != row.pole else {"pole": row.pole}))
    columns = ["members", *TRIPTYQUE, "other_poles", "without_pole"]
    expected = group_table(f)[columns]
    np.testing.assert_array_equal(group_table(modes)[columns].to_numpy(), expected.to_numpy())
    for function in (group_overlap, co_membership):
        numbers = function(f).select_dtypes("number")
        pd.testing.assert_frame_equal(function(modes).select_dtypes("number").fillna(0), numbers.fillna(0))
    # on the nodes, groups come as they are met, and those in which nobody sits are not named
    listed = group_table(lists)["members"]
    assert listed.to_dict() == {group: size for group, size in expected["members"].items() if size}
    assert bridging_actors(lists)["pairs_alone"].to_dict() == bridging_actors(f)["pairs_alone"].to_dict()
