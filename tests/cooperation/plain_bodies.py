"""The referee on the bodies: who sits where, who came, which groups share members."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import nan
from typing import Any

from .plain import REFERENCE, TRIO, Row, Told, components, over


def groups(t: Told, year: int | None = None, kinds: Iterable[str] | None = None) -> list[str]:
    """Return the groups that have not ended, or those of a year."""
    return [
        row["group_id"]
        for row in t.rows["groups"]
        if t.exists(row, year) and (kinds is None or row["kind"] in kinds)
    ]


def seats(t: Told, group: str, year: int | None = None) -> list[Row]:
    """Return the seats of active actors that have not ended, or those of a year."""
    return [
        row
        for row in t.rows["memberships"]
        if row["group_id"] == group and t.active(row["actor_id"], year) and t.exists(row, year)
    ]


def pole_of(t: Told, seat: Row) -> str | None:
    """Return the pole that a member sits for."""
    pole: str | None = seat["pole"] or t.actor(seat["actor_id"])["pole"]
    return pole


def members(t: Told, group: str, year: int | None = None) -> list[str]:
    """Return the members of a group, each once, in table order."""
    there = {row["actor_id"] for row in seats(t, group, year)}
    return [row["actor_id"] for row in t.rows["actors"] if row["actor_id"] in there]


def covered(present: set[str], may: set[str], unknown: int, *, told_all: bool) -> bool | None:
    """Return whether the three poles are there, ``None`` where others may make up for what is missing."""
    lacking = set(TRIO) - present
    if not lacking:
        return True
    return None if not told_all or len(lacking - may) <= unknown else False


def group_row(t: Told, group: str, year: int | None = None) -> dict[str, Any]:
    """Return who sits in a group, by pole, and whether it covers the triptyque."""
    held = {(row["actor_id"], pole_of(t, row)) for row in seats(t, group, year)}
    poles = [pole for _, pole in held]
    known = {pole for pole in poles if pole is not None}
    return {
        "members": len(members(t, group, year)),
        **{pole: poles.count(pole) for pole in TRIO},
        "other_poles": sum(pole is not None and pole not in TRIO for pole in poles),
        "without_pole": poles.count(None),
        "covered": covered(known, set(), poles.count(None), told_all=bool(poles)),
    }


def meetings(t: Told, group: str, year: int | None = None) -> list[str]:
    """Return the days on which a group met (in that year)."""
    days = {row["met_on"] for row in t.rows["meetings"] if row["group_id"] == group}
    return sorted(day for day in days if year is None or day.startswith(str(year)))


def sat(t: Told, group: str, name: str, day: str) -> list[Row]:
    """Return the seats that an active actor had in a group on a day, those that have ended since too."""
    year = int(day[:4])
    return [
        row
        for row in t.rows["memberships"]
        if (row["group_id"], row["actor_id"]) == (group, name)
        and t.active(name)
        and (row["since"] is None or row["since"] <= year)
        and (row["until"] is None or row["until"] >= year)
    ]


def meeting_row(t: Told, group: str, day: str) -> dict[str, Any]:
    """Return who was invited to a meeting, who came, and which poles were there."""
    rows = [row for row in t.rows["meetings"] if (row["group_id"], row["met_on"]) == (group, day)]
    said = {row["actor_id"]: row["attended"] for row in rows if row["actor_id"] is not None}
    listed = len(said) == len(rows)
    came = [name for name, yes in said.items() if yes]
    every = [row["actor_id"] for row in t.rows["actors"]]
    awaited = [
        name for name in every if said.get(name) is None and (name in said or sat(t, group, name, day))
    ]

    def poles(name: str) -> set[str | None]:
        held = sat(t, group, name, day)
        return {pole_of(t, row) for row in held} if held else {t.actor(name)["pole"]}

    there = [pole for name in came for pole in poles(name)]
    may = [pole for name in awaited for pole in poles(name)]
    return {
        "invited": len(said),
        "attended": len(came),
        "absent": sum(yes is False for yes in said.values()),
        "guests": sum(not sat(t, group, name, day) for name in came),
        "unknown": len(awaited),
        "listed": listed,
        **{pole: there.count(pole) for pole in TRIO},
        "without_pole": there.count(None),
        "covered": covered(
            {pole for pole in there if pole},
            {pole for pole in may if pole},
            there.count(None) + may.count(None),
            told_all=listed,
        ),
    }


def presence(t: Told, group: str, name: str) -> dict[str, float]:
    """Return how many of the meetings held since it joined a member came to."""
    now = [row for row in seats(t, group) if row["actor_id"] == name]

    def during(day: str) -> bool:
        year = int(day[:4])
        return any(
            (row["since"] or 0) <= year <= (REFERENCE + 99 if row["until"] is None else row["until"])
            for row in now
        )

    held = [day for day in meetings(t, group) if during(day)]
    said = [
        row["attended"]
        for row in t.rows["meetings"]
        if (row["group_id"], row["actor_id"]) == (group, name) and row["met_on"] in held
    ]
    attended, absent = said.count(True), said.count(False)
    unknown = len(held) - attended - absent
    return {
        "held": len(held),
        "invited": len(said),
        "attended": attended,
        "absent": absent,
        "unknown": unknown,
        "share": over(attended, attended + absent),
        "low": over(attended, len(held)),
        "high": over(attended + unknown, len(held)),
    }


def mean(values: Iterable[float]) -> float:
    """Return the mean of what is known."""
    kept = [value for value in values if value == value]
    return over(sum(kept), len(kept))


def overlap(one: set[str], other: set[str], *, stated: bool) -> dict[str, Any]:
    """Return how many members two groups share; of one without a member, that it has none may be `stated`."""
    shared = one & other
    known = stated or bool(one and other)
    return {
        "members": len(one),
        "to_members": len(other),
        "shared": len(shared),
        "jaccard": over(len(shared), len(one | other)) if known else nan,
        "overlap": over(len(shared), min(len(one), len(other))) if known else nan,
        "only_actor_id": next(iter(shared)) if len(shared) == 1 else None,
    }


def bridges(sitting: dict[str, set[str]], order: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the actors of several groups: groups, pairs of groups, those that it alone joins, parts."""
    found = []
    for name in order:
        mine = [group for group, those in sitting.items() if name in those]
        if len(mine) < 2:
            continue
        alone = sum(sitting[a] & sitting[b] == {name} for a, b in combinations(mine, 2))

        def joined(a: str, b: str, without: frozenset[str] = frozenset()) -> bool:
            return bool((sitting[a] & sitting[b]) - without)

        whole = next(part for part in components(sitting, joined) if mine[0] in part)
        parts = components(whole, lambda a, b, name=name: joined(a, b, frozenset({name})))  # type: ignore[misc]
        found.append((name, len(mine), len(mine) * (len(mine) - 1) // 2, alone, len(parts)))
    return sorted(found, key=lambda row: (-row[3], -row[1]))


def together(sitting: dict[str, set[str]], order: list[str]) -> list[tuple[str, str, int, float]]:
    """Return the pairs who sit together: groups that they share, and Newman's weight."""
    found = []
    for a, b in combinations(order, 2):
        shared = [those for those in sitting.values() if {a, b} <= those]
        if shared:
            found.append((a, b, len(shared), sum(1 / (len(those) - 1) for those in shared)))
    return found
