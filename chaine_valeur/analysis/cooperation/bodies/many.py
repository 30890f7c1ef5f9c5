"""The figures of the groups of many filières in one pass: the same numbers as one by one (D5, D7, D8)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....network import distinct
from ....network.positions import NO_YEAR, whole_years
from ....network.tables import filiere_of_rows, reference_years
from ....vocabulary import Pole
from ...many import Many, counts_of, figures, means_of, shares_of_cases
from ..ties.variety import blau_of, highest_blau, least_varied, most_varied
from ..triptyques.triads import TRIPTYQUE
from .calendar import YEARS, range_of, said_once, spell_of, spells
from .groups import covered_by
from .members import Members, first_of_each

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ....network import Core
    from ....network.tables import Tables

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Bodies", "of_many"]

_POLES = [pole.value for pole in Pole]


class Bodies:
    """The figures of the groups of the filières of a core; what several of them read is read once.

    Each method is the measure of the same indicator, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

    @cached_property
    def there(self) -> Mask:
        """Which groups have not ended."""
        return _not_ended(self.core.tables, "groups")

    @cached_property
    def seat_rows(self) -> Counts:
        """Memberships that count: of active actors, in groups that have not ended, not ended themselves."""
        core = self.core
        held = (
            np.append(core.active, False)[core.member_actor] & np.append(self.there, False)[core.member_group]
        )
        return np.flatnonzero(held & _not_ended(core.tables, "memberships"))

    @cached_property
    def members(self) -> Members:
        """Who sits where; groups and actors are named by their positions."""
        core, rows = self.core, self.seat_rows
        place = np.cumsum(self.there, dtype=np.int32) - np.int32(1)
        # written once with the pole and once without
        rows = rows[first_of_each(core.member_group[rows], core.member_actor[rows], core.member_pole[rows])]
        return Members(
            group_ids=pd.Index(np.flatnonzero(self.there)),
            group=place[core.member_group[rows]],
            actor=core.member_actor[rows],
            pole=core.member_pole[rows],
            poles=_POLES,
            rows=pd.Index(rows),
            actor_ids=pd.RangeIndex(core.n_actors),
            may_sit=core.partner,
            complete=False,
        )

    @cached_property
    def group_filiere(self) -> Codes:
        """The filière of each group that has not ended."""
        return filiere_of_rows(self.core.tables, "groups")[self.there]

    def triptyque_coverage(self) -> Many:
        """Return the share of the groups with the whole triptyque (D5)."""
        members, of, n = self.members, self.group_filiere, self.core.n_filieres
        seats = members.seats()
        present = seats[:, [_POLES.index(pole) for pole in TRIPTYQUE]] > 0
        covered = pd.array(covered_by(present, np.zeros_like(present), seats[:, -1], told=members.known))
        unknown, yes = np.asarray(covered.isna()), covered.to_numpy(bool, na_value=False)
        return shares_of_cases(counts_of(of, yes, n), counts_of(of, unknown, n), np.bincount(of, minlength=n))

    def diversity(self) -> Many:
        """Return the mean diversity of the groups (D8)."""
        seats, of, n = self.members.seats(), self.group_filiere, self.core.n_filieres
        known, unknown = seats[:, :-1], seats[:, -1]
        use = known.sum(axis=1) > 0
        value = blau_of(known)
        low, high = (
            blau_of(least_varied(known, unknown)),
            np.fmax(blau_of(most_varied(known, unknown)), value),
        )
        most = highest_blau(len(_POLES))
        value, low, high = (means_of(of[use], part[use] / most, n) for part in (value, low, high))
        without = np.bincount(of, weights=unknown, minlength=n).astype(np.int64)
        return figures(value, without, low=low, high=high)

    def attendance(self) -> Many:
        """Return the mean attendance at the meetings (D7)."""
        core, n = self.core, self.core.n_filieres
        pair, held, attended, absent = self._presences()
        of = self.group_filiere[pair // max(core.n_actors, 1)]
        known, unknown = attended + absent, held - attended - absent
        value, low, high = (
            means_of(of[whole > 0], part[whole > 0] / whole[whole > 0], n)
            for part, whole in ((attended, known), (attended, held), (attended + unknown, held))
        )
        n_unknown = np.bincount(of, weights=unknown, minlength=n).astype(np.int64)
        return figures(value, n_unknown, low=low, high=high)

    def _presences(self) -> tuple[Counts, Counts, Counts, Counts]:
        """Return, of each group and member, a number, the meetings held while it sat there, came to, missed."""
        core, tables = self.core, self.core.tables
        group, day, year, actor, came = self._meetings()
        start = day.min(initial=0)
        span = day.max(initial=0) - start + 1
        numbers = group * span + day - start
        meetings = distinct(numbers)
        meeting = np.searchsorted(meetings, numbers)
        met_year = np.zeros(len(meetings), dtype=np.int64)
        met_year[meeting] = year
        rows = said_once(meeting, actor, came)
        n_actors, seats = max(core.n_actors, 1), self.seat_rows
        place = np.cumsum(self.there) - 1
        number = place[core.member_group[seats]] * n_actors + core.member_actor[seats]
        pair = distinct(number)
        since, until = (whole_years(tables.column("memberships", name))[seats].astype(np.int64)
                        for name in ("since", "until"))  # fmt: skip
        since = np.where(since == NO_YEAR, 0, since)
        # a seat that ends before it starts is held in no year
        until = np.maximum(np.where(until == NO_YEAR, YEARS - 1, until), since - 1)
        spell, first_year, last_year = spells(since, until, np.searchsorted(pair, number))
        first, last = range_of(meetings // span, met_year, pair[spell] // n_actors, first_year, last_year)
        row_pair = pd.Index(pair).get_indexer(pd.Index(group[rows] * n_actors + actor[rows]))
        at = spell_of(spell, first_year, last_year, row_pair, year[rows])
        inside = at >= 0
        of_pair, said, size = spell[at[inside]], came[rows[inside]], len(pair)
        held = np.bincount(spell, weights=last - first, minlength=size).astype(np.int64)
        return (
            pair,
            held,
            np.bincount(of_pair[said == 1], minlength=size),
            np.bincount(of_pair[said == 0], minlength=size),
        )

    def _meetings(self) -> tuple[Counts, Counts, Counts, Codes, NDArray[np.int8]]:
        """Return group, day, year, actor and whether it came of the rows of meetings that count."""
        tables = self.core.tables
        group, dates = tables.codes("meetings", "group_id"), tables.column("meetings", "met_on")
        year = dates.to_numpy("datetime64[Y]").astype(np.int64) + 1970
        asked = tables.asked_years[filiere_of_rows(tables, "meetings")]
        kept = np.append(self.there, False)[group] & ((asked == NO_YEAR) | (asked == year))
        place = (np.cumsum(self.there) - 1)[group[kept]].astype(np.int64)
        came = tables.column("meetings", "attended").to_numpy(np.int8, na_value=-1)[kept]
        day = dates.to_numpy("datetime64[D]").astype(np.int64)[kept]
        return place, day, year[kept], tables.codes("meetings", "actor_id")[kept], came


def _not_ended(tables: Tables, name: str) -> Mask:
    """Return the rows that have not ended before the year of their filière."""
    until, now = whole_years(tables.column(name, "until")), reference_years(tables)
    now = now[filiere_of_rows(tables, name)]
    return (until == NO_YEAR) | (now == NO_YEAR) | (until >= now)


def of_many(read: Callable[[Bodies], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of the figures of its groups; what they share is made once."""
    return lambda core: read(core.derived("bodies", Bodies))
