"""What is known of the ties of many filières year by year, each of them in its own year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....network.positions import NO_YEAR, whole_years
from ....network.tables import reference_years
from ....vocabulary import CooperationState
from .counting import pair_numbers
from .years import NOTHING, PERHAPS, TIED, UNDOCUMENTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....network import Core
    from ....network.tables import Tables

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["EVER", "Moments", "Said", "said_in"]

#: Later than any year.
EVER = 100_000


def said_in(core: Core) -> Said:
    """Return what the rows of cooperations of the filières of a core say, whenever it was, read once."""
    return core.derived("said", Said.of)


@dataclass(frozen=True)
class Moments:
    """Along the pairs: their state in a year; along the nodes: who was there, and who of these was not asked."""

    state: NDArray[np.int8]
    present: Mask
    unasked: Mask


@dataclass(frozen=True)
class Said:
    """What rows say of pairs of partners, whenever it was: see `History`. Years are open where nobody says.

    ``pair``, ``absent``, ``since``, ``until`` and ``dated`` run along the rows, ``a`` and ``b`` along the pairs,
    the others along the partners.
    """

    core: Core
    filiere: Codes
    asked: Mask
    came: Codes
    left: Codes
    a: Counts
    b: Counts
    pair: Counts
    absent: Mask
    since: Codes
    until: Codes
    dated: Mask

    @classmethod
    def of(cls, core: Core) -> Said:
        """Return what the rows of the filières of a core say."""
        tables, partners, place = core.tables, np.flatnonzero(core.partner), core.partner_place
        a, b = (place[tables.codes("cooperations", name)] for name in ("actor_id", "to_actor_id"))
        state = tables.texts("cooperations", "state")
        rows = np.flatnonzero((a >= 0) & (b >= 0) & (a != b) & state.known)
        a, b = a[rows], b[rows]
        numbers = pair_numbers(np.minimum(a, b), np.maximum(a, b), len(partners))
        pairs, pair = _numbered(numbers)
        since, until = _open_years(tables, "cooperations")
        came, left = _open_years(tables, "actors")
        first, second = np.divmod(pairs, max(len(partners), 1))
        return cls(
            core=core,
            filiere=core.actor_filiere[partners],
            asked=core.asked[partners],
            came=came[partners],
            left=left[partners],
            a=first,
            b=second,
            pair=pair,
            absent=state.among(CooperationState.ABSENT)[rows],
            since=since[rows],
            until=until[rows],
            dated=since[rows] != NO_YEAR,
        )

    def years(self) -> tuple[Codes, Codes]:
        """Return, per filière, the first year that a tie bears, and the one that it describes.

        The last one that a tie bears, where it does not say. Where none bears any, the first is later than any.
        """
        n = self.core.n_filieres
        of, tied = self.filiere[self.a[self.pair]], ~self.absent
        earliest, latest = np.full(n, EVER), np.full(n, NO_YEAR)
        for years, known in ((self.since, self.dated), (self.until, self.until < EVER)):  # the two ends
            use = tied & known
            np.minimum.at(earliest, of[use], years[use])
            np.maximum.at(latest, of[use], years[use])
        said = reference_years(self.core.tables)
        return earliest, np.where(said != NO_YEAR, said, latest).astype(np.int32)

    def at(self, year: Codes) -> Moments:
        """Return what is known in a year of each filière."""
        present = (self.came <= year[self.filiere]) & (self.left >= year[self.filiere])
        state = np.full(len(self.a), UNDOCUMENTED, dtype=np.int8)
        now = year[self.filiere[self.a[self.pair]]]
        open_ = (self.since <= now) & (self.until >= now)
        tied = ~self.absent
        state[self.pair[self.absent & open_]] = NOTHING
        state[self.asked[self.a] | self.asked[self.b]] = NOTHING
        state[self.pair[tied]] = NOTHING  # a tie that bears its years also says when it was not there
        state[self.pair[tied & open_]] = PERHAPS
        state[self.pair[tied & open_ & (self.dated | (self.until == now))]] = TIED
        state[~(present[self.a] & present[self.b])] = NOTHING
        return Moments(state, present, present & ~self.asked)

    def silent(self, nodes: Mask) -> Counts:
        """Return, per filière, the pairs among some of the partners that no row of any year speaks of."""
        n = self.core.n_filieres
        count = np.bincount(self.filiere[nodes], minlength=n)
        spoken = self.filiere[self.a[nodes[self.a] & nodes[self.b]]]
        return count * (count - 1) // 2 - np.bincount(spoken, minlength=n)


def _numbered(numbers: Counts) -> tuple[Counts, Counts]:
    """Return the distinct numbers, ascending, and the place of each among them."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    place = np.empty(len(ordered), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    return ordered[new], place


def _open_years(tables: Tables, name: str) -> tuple[Codes, Codes]:
    """Return the first and the last year of rows; a blank end is open."""
    since, until = (whole_years(tables.column(name, column)) for column in ("since", "until"))
    return since, np.where(until == NO_YEAR, EVER, until).astype(np.int32)
