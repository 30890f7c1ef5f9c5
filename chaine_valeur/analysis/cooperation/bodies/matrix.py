"""Actors × groups: who sits where, for which pole, and how often it came. The data behind the figure."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ..ties.layer import seen_in
from .calendar import calendar_of
from .members import Members, names_of
from .presences import Presences, presences_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = ["actors_by_groups"]


def actors_by_groups(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return the seats of actors in groups, one row per actor and group: the matrix actors × groups, tidy.

    An actor and a group of which there is no row have nothing to do with each other: ``pivot`` gives the
    matrix, whose empty cells are these.

    Parameters
    ----------
    source, group, pole, kinds, year
        As for `attendance`.

    Returns
    -------
    pandas.DataFrame
        Actors in table order, and the groups of each in table order. Columns ``actor_id``, ``actor_label``,
        ``group_id``, ``group_label``, ``pole`` (for which it sits; several are joined by ``;`` as in the
        cells of the tables, missing if unknown; of a graph with a single pole per seat, the value itself),
        ``seat`` (false: an active actor who came to a meeting, or was invited, without sitting there today),
        ``attended`` (meetings it came to), ``held`` (held since it joined; without a seat, those where a row
        speaks of it), ``unknown`` (of these, not known whether it came), ``share``, ``low`` and ``high`` (as
        in `attendance`).

    Examples
    --------
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie"], "pole": ["enterprise", "elected"]},
    ...     groups={"name": ["COPIL", "GT"]},
    ...     memberships={"group_id": ["GT", "COPIL", "GT"], "actor_id": ["Filature", "Mairie", "Mairie"]},
    ...     meetings={"group_id": ["GT"], "met_on": ["2024-03-12"], "actor_id": ["Mairie"]},
    ... )
    >>> table = actors_by_groups(f)
    >>> table[["actor_id", "group_id", "pole", "seat", "attended", "held", "share"]]
       actor_id group_id        pole  seat  attended  held  share
    0  filature       gt  enterprise  True         0     1    NaN
    1    mairie    copil     elected  True         0     0    NaN
    2    mairie       gt     elected  True         1     1    1.0
    >>> table.pivot(index="actor_label", columns="group_label", values="seat").fillna(False).astype(int)
    group_label  COPIL  GT
    actor_label
    Filature         0   1
    Mairie           1   1
    """
    source = seen_in(source, year)
    found = presences_of(source, group=group, pole=pole, kinds=kinds)
    members = found.members
    share, low, high = found.shares()
    seats = pd.DataFrame(
        {
            "group": found.group,
            "actor": found.actor,
            "pole": _poles(members, found),
            "seat": True,
            "attended": found.attended,
            "held": found.held,
            "unknown": found.unknown,
            "share": share,
            "low": low,
            "high": high,
        }
    )
    if isinstance(source, Filiere):
        seats = pd.concat([seats, _guests(source, members, kinds)], ignore_index=True)
    seats = seats.sort_values(["actor", "group"], ignore_index=True)
    at, actor = seats.pop("group").to_numpy(np.int64), seats.pop("actor").to_numpy(np.int64)
    actor_names, group_names = names_of(source, members)
    seats.insert(0, "actor_id", members.actor_ids.take(actor))
    seats.insert(1, "actor_label", actor_names.take(actor).to_numpy())
    seats.insert(2, "group_id", members.group_ids.take(at))
    seats.insert(3, "group_label", group_names.take(at).to_numpy())
    return seats


def _poles(members: Members, found: Presences) -> pd.Series:
    """Return the pole of each member in its group; several are joined, in the order of the poles."""
    seats = np.flatnonzero(members.pole >= 0)
    numbers = members.numbers(members.group[seats], members.actor[seats])
    place = np.searchsorted(members.numbers(found.group, found.actor), numbers)
    order = np.lexsort((members.pole[seats], place))
    place, pole = place[order], members.pole[seats][order].astype(np.int64)
    poles = pd.Series([None] * len(found.group), dtype=object)
    names = pd.Series([*members.poles, None], dtype=object)
    first = np.ones(len(place), dtype=bool)
    first[1:] = place[1:] != place[:-1]
    poles.iloc[place[first]] = names.take(pole[first]).to_numpy()
    several = ~first
    several[:-1] |= ~first[1:]
    joined = names.take(pole[several]).astype(str).groupby(place[several]).agg(";".join)
    poles.iloc[joined.index] = joined.to_numpy(object)
    return poles


def _guests(f: Filiere, members: Members, kinds: Collection[str] | None) -> pd.DataFrame:
    """Return the active actors of whom a row of meetings speaks and who do not sit in that group."""
    calendar, network = calendar_of(f, kinds=kinds), f.network
    group = calendar.group[calendar.row_meeting].astype(np.int64)
    number = group * max(network.n_actors, 1) + calendar.row_actor
    sits = np.isin(number, members.numbers(members.group, members.actor))
    rows = np.flatnonzero(~sits & network.active[calendar.row_actor])
    said = pd.DataFrame(
        {
            "group": group[rows],
            "actor": calendar.row_actor[rows],
            "attended": calendar.row_came[rows] == 1,
            "unknown": calendar.row_came[rows] < 0,
            "held": 1,
        }
    )
    guests = said.groupby(["group", "actor"], as_index=False).sum().astype("int64")
    poles = pd.Series([*members.poles, None], dtype=object)
    guests["pole"] = poles.take(network.pole[guests["actor"].to_numpy()]).to_numpy()
    guests["seat"] = False
    known = (guests["held"] - guests["unknown"]).where(lambda count: count > 0).astype(np.float64)
    guests["share"] = guests["attended"] / known
    guests["low"] = guests["attended"] / guests["held"]
    guests["high"] = (guests["attended"] + guests["unknown"]) / guests["held"]
    return guests
