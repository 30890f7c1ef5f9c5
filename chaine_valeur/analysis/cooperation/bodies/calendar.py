"""The meetings of the groups as arrays, and the spells of years during which somebody sat there.

A meeting is a group and a day. A row without an actor says that it took place and that who came is not
known; an actor whose row says no was invited and absent. A member without a row at a meeting is neither: its
attendance is unknown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....columns import columns
from ....filiere import Filiere
from ....network import distinct
from .members import groups_there, seat_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["YEARS", "Calendar", "calendar_of", "range_of", "said_once", "spell_of", "spells"]

#: Years run from 0 (since ever) to one less than this (still so), so that a pair and a year make one number.
YEARS = 10_000


@dataclass(frozen=True)
class Calendar:
    """The meetings of the groups of a filière, and the spells during which somebody sat there.

    Attributes
    ----------
    group_ids
        The groups that exist.
    group, day, year
        Of each meeting, group by group and day by day: position of the group, day, year.
    silent
        Whether a row says of a meeting that who came is not known.
    row_meeting, row_actor, row_came
        Of each thing said of an actor at a meeting, each once: the meeting, the position of the actor in the
        table of actors, and 1 if it came, 0 if it was invited and absent, −1 if that is unknown.
    row_spell
        The spell during which that actor sat there then, −1 if it did not.
    pair, pair_group
        A number per group and actor that sat there, ``group · actors + actor``, ascending; its group.
    seat_pair, seat_pole
        Of each seat: the pair (position along `pair`), and the pole, −1 if unknown.
    seat_since, seat_until
        Of each seat, the first year and the last.
    row_pair
        Of each thing said, the pair of the group and that actor, −1 if it never sat there.
    spell_pair, first, last
        Of each spell, a run of years without a gap: the pair, and the meetings that were held during it,
        from `first` up to, not including, `last`.
    rows
        The rows of meetings that this rests on.
    """

    group_ids: pd.Index
    group: Codes
    day: NDArray[np.datetime64]
    year: Counts
    silent: Mask
    row_meeting: Counts
    row_actor: Counts
    row_came: NDArray[np.int8]
    row_spell: Counts
    pair: Counts
    pair_group: Counts
    seat_pair: Counts
    seat_pole: Codes
    seat_since: Counts
    seat_until: Counts
    row_pair: Counts
    spell_pair: Counts
    first: Counts
    last: Counts
    rows: pd.Index

    @property
    def size(self) -> int:
        """Number of meetings."""
        return len(self.group)

    @property
    def members(self) -> Counts:
        """Number of actors who sat there, by meeting."""
        return self._held(self.first, self.last)

    def sitting(self, seats: Mask) -> tuple[Counts, Mask]:
        """Return who held one of some seats (those for one pole): how many actors by meeting, and of each
        thing said whether its actor did.
        """
        pair = self.seat_pair[seats]
        spell, since, until = spells(self.seat_since[seats], self.seat_until[seats], pair)
        held = self._held(*range_of(self.group, self.year, self.pair_group[spell], since, until))
        return held, spell_of(spell, since, until, self.row_pair, self.year[self.row_meeting]) >= 0

    def _held(self, first: Counts, last: Counts) -> Counts:
        """Return how many of some runs of meetings each meeting falls into."""
        width = self.size + 1
        return np.cumsum(np.bincount(first, minlength=width) - np.bincount(last, minlength=width))[:-1]


def calendar_of(
    f: Filiere, *, kinds: Collection[str] | None = None, ever: bool = False, until: bool = False
) -> Calendar:
    """Return the meetings of the groups of a filière that have not ended; of a filière in a year, that year's.

    Parameters
    ----------
    kinds
        Only groups of these kinds.
    ever
        Count the memberships that have ended too: who sat there then, not only those who still do.
    until
        Of a filière in a year: the meetings of earlier years too.
    """
    network, table = f.network, columns(f, "meetings")
    there = groups_there(f, kinds)
    place = np.cumsum(there) - 1
    group = columns(f, "groups").named_in(table, "group_id")
    date = table.days("met_on")
    day, year = date.astype(np.int64), date.astype("datetime64[Y]").astype(np.int64) + 1970
    kept = there[group] if len(there) else np.zeros(len(table), dtype=bool)
    if f.year is not None:
        kept &= (year <= f.year) if until else (year == f.year)
    group, day, year = place[group[kept]], day[kept], year[kept]
    start = day.min(initial=0)
    span = day.max(initial=0) - start + 1
    meetings = distinct(group * span + day - start)
    meeting = np.searchsorted(meetings, group * span + day - start)
    met_year = np.zeros(len(meetings), dtype=np.int64)
    met_year[meeting] = year
    met_group = meetings // span
    actor = columns(f, "actors").named_in(table, "actor_id")[kept]
    came = np.nan_to_num(table.number("attended")[kept], nan=-1).astype(np.int8)
    silent = np.zeros(len(meetings), dtype=bool)
    silent[meeting[actor < 0]] = True
    rows = said_once(meeting, actor, came)
    n_actors = max(network.n_actors, 1)
    seats = seat_rows(f, there, ever=ever)
    number = place[network.member_group[seats]] * n_actors + network.member_actor[seats]
    pair = distinct(number)
    seat_pair = np.searchsorted(pair, number)
    told = columns(f, "memberships")
    seat_since = np.nan_to_num(told.number("since")[seats]).astype(np.int64)
    # a seat that ends before it starts is held in no year
    until_told = np.nan_to_num(told.number("until")[seats], nan=YEARS - 1).astype(np.int64)
    seat_until = np.maximum(until_told, seat_since - 1)
    spell, since, last_year = spells(seat_since, seat_until, seat_pair)
    first, last = range_of(met_group, met_year, pair[spell] // n_actors, since, last_year)
    row_number = group[rows] * n_actors + actor[rows]
    row_pair = pd.Index(pair).get_indexer(pd.Index(row_number)) if len(rows) else rows
    return Calendar(
        group_ids=network.group_ids[there],
        group=met_group.astype(np.int32),
        day=(meetings % span + start).astype("datetime64[D]"),
        year=met_year,
        silent=silent,
        row_meeting=meeting[rows],
        row_actor=actor[rows].astype(np.int64),
        row_came=came[rows],
        row_spell=spell_of(spell, since, last_year, row_pair, year[rows]),
        pair=pair,
        pair_group=pair // n_actors,
        seat_pair=seat_pair,
        seat_pole=network.member_pole[seats],
        seat_since=seat_since,
        seat_until=seat_until,
        row_pair=row_pair,
        spell_pair=spell,
        first=first,
        last=last,
        rows=table.index[kept],
    )


def said_once(meeting: Counts, actor: Codes, came: NDArray[np.int8]) -> Counts:
    """Return a row per meeting and actor: one that says it came is believed before one that says not."""
    named = np.flatnonzero(actor >= 0)
    order = named[np.lexsort((-came[named], actor[named], meeting[named]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (meeting[order[1:]] != meeting[order[:-1]]) | (actor[order[1:]] != actor[order[:-1]])
    return order[new]


def range_of(
    met_group: Codes | Counts, met_year: Counts, group: Counts, since: Counts, until: Counts
) -> tuple[Counts, Counts]:
    """Return the meetings of a group in some years: from the first up to, not including, the second."""
    when = met_group.astype(np.int64) * YEARS + met_year
    return (
        np.searchsorted(when, group * YEARS + since),
        np.searchsorted(when, group * YEARS + until, side="right"),
    )


def spells(since: Counts, until: Counts, pair: Counts) -> tuple[Counts, Counts, Counts]:
    """Return the runs of years without a gap of the seats of each pair: pair, first year, last year."""
    order = np.lexsort((since, pair))
    pair, since, until = pair[order], since[order], until[order]
    reached = np.maximum.accumulate(pair * YEARS + until) - pair * YEARS
    new = np.ones(len(pair), dtype=bool)
    new[1:] = (pair[1:] != pair[:-1]) | (since[1:] > reached[:-1] + 1)
    starts = np.flatnonzero(new)
    last = np.maximum.reduceat(until, starts) if len(starts) else until
    return pair[starts], since[starts], last


def spell_of(number: Counts, since: Counts, until: Counts, sought: Counts, year: Counts) -> Counts:
    """Return the spell of a pair that a year falls into, −1 if there is none."""
    if not len(number):
        return np.full(len(sought), -1, dtype=np.int64)
    found = np.searchsorted(number * YEARS + since, sought * YEARS + year, side="right") - 1
    place = np.maximum(found, 0)
    return np.where((found >= 0) & (number[place] == sought) & (until[place] >= year), found, -1)
