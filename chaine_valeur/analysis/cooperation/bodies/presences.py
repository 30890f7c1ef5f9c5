"""Who came to the meetings, by group and member, as arrays: what the measures of attendance read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....filiere import Filiere
from ...measure import NAN
from ..ties.rows import identifiers
from .calendar import calendar_of
from .graphs import is_two_mode, pole_if_named, seats_of_graph
from .members import Members, members_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["Presences", "presences_of"]


@dataclass(frozen=True)
class Presences:
    """What is known of who came, by group and member.

    Attributes
    ----------
    members
        Who sits where.
    group, actor
        Of each member, group by group: position of the group, and of the actor.
    held, invited, attended, absent
        Meetings held since it joined; of these, those where a row speaks of it, where it came, where it was
        invited and absent.
    meetings
        By group, meetings recorded; first and last day (NaT if unknown) in `first_met`, `last_met`.
    rows
        The rows of meetings that this rests on; empty for a graph.
    """

    members: Members
    group: Codes
    actor: Codes
    held: Counts
    invited: Counts
    attended: Counts
    absent: Counts
    meetings: Counts
    first_met: NDArray[np.datetime64]
    last_met: NDArray[np.datetime64]
    rows: tuple[str, ...]

    @property
    def unknown(self) -> Counts:
        """Of each member, meetings held of which it is not known whether it came."""
        return self.held - self.attended - self.absent

    def shares(self) -> tuple[Values, Values, Values]:
        """Return the share of meetings that each member came to: of those known, and its bounds."""
        known, held = (np.where(each > 0, each, NAN) for each in (self.attended + self.absent, self.held))
        return self.attended / known, self.attended / held, (self.attended + self.unknown) / held


def presences_of(
    source: Source, *, group: str = "group", pole: str | None = "pole", kinds: Collection[str] | None = None
) -> Presences:
    """Return what is known of who came, in a filière (already of its year) or a graph."""
    pole = pole if pole is None else pole_if_named(source, pole)
    members = members_of(source, group=group, pole=pole, kinds=kinds)
    at, actor = members.actors()
    none, never = np.zeros(len(at), dtype=np.int64), np.full(members.n_groups, np.datetime64("NaT", "D"))
    silent = np.zeros(members.n_groups, dtype=np.int64)
    found = Presences(members, at, actor, none, none, none, none, silent, never, never, ())
    if isinstance(source, Filiere):
        return _of_filiere(source, found, kinds)
    return _of_graph(source, found, kinds) if is_two_mode(source) else found


def _of_filiere(f: Filiere, found: Presences, kinds: Collection[str] | None) -> Presences:
    calendar = calendar_of(f, kinds=kinds)
    count, size = found.members.n_groups, len(found.group)
    held = np.bincount(calendar.spell_pair, weights=calendar.last - calendar.first, minlength=size)
    inside = calendar.row_spell >= 0
    pair, came = calendar.spell_pair[calendar.row_spell[inside]], calendar.row_came[inside]
    first, last = found.first_met.copy(), found.last_met.copy()
    last[calendar.group] = calendar.day  # the meetings of a group ascend: the last one written stays
    first[calendar.group[::-1]] = calendar.day[::-1]
    return replace(
        found,
        held=held.astype(np.int64),
        invited=np.bincount(pair, minlength=size),
        attended=np.bincount(pair[came == 1], minlength=size),
        absent=np.bincount(pair[came == 0], minlength=size),
        meetings=np.bincount(calendar.group, minlength=count),
        first_met=first,
        last_met=last,
        rows=identifiers(calendar.rows),
    )


def _of_graph(graph: Any, found: Presences, kinds: Collection[str] | None) -> Presences:
    told = seats_of_graph(graph, group="", pole=None, kinds=kinds)
    invited, attended = _counted(told.edges, "invited"), _counted(told.edges, "attended")
    wrong = (invited < 0) | (attended < 0) | (attended > invited) | (np.isnan(invited) & ~np.isnan(attended))
    if wrong.any():
        seat = int(wrong.argmax())
        raise ArgumentError(
            f"{told.nodes[told.actor[seat]]!r} in {told.group_ids[told.group[seat]]!r}: "
            f"attended={told.edges[seat].get('attended')!r} of invited={told.edges[seat].get('invited')!r}; "
            f"give both as whole numbers of meetings, attended not above invited"
        )
    numbers = found.members.numbers(told.group, told.actor)
    place = np.searchsorted(found.members.numbers(found.group, found.actor), numbers)
    size = len(found.group)
    held, came, absent = (np.zeros(size, dtype=np.int64) for _ in range(3))
    known = ~np.isnan(attended)
    # parallel edges are seats of one actor for several poles: it came once, whatever the number of its seats
    np.maximum.at(held, place, np.nan_to_num(invited).astype(np.int64))
    np.maximum.at(came, place[known], attended[known].astype(np.int64))
    missed = np.where(known, np.nan_to_num(invited) - np.nan_to_num(attended), 0).astype(np.int64)
    np.maximum.at(absent, place, missed)
    absent = np.minimum(absent, held - came)
    meetings = np.zeros(found.members.n_groups, dtype=np.int64)
    np.maximum.at(meetings, found.group, held)
    return replace(found, held=held, invited=held, attended=came, absent=absent, meetings=meetings)


def _counted(edges: list[dict[str, Any]], name: str) -> Values:
    """Return an attribute of edges as numbers: NaN where it is not given, −1 where it is no whole number."""
    given = pd.Series([edge.get(name) for edge in edges], dtype=object)
    values = pd.to_numeric(given, errors="coerce").to_numpy(np.float64, copy=True)
    values[given.notna().to_numpy(bool) & ~(values == np.floor(values))] = -1
    return values
