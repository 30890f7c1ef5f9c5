"""Whether cooperation becomes exchange, of many filières in one pass: the same numbers as one by one (D15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....network import distinct, is_among
from ....network.flows import tonnes_of_rows
from ....network.positions import NO_YEAR, whole_years
from ....network.tables import filiere_of_rows
from ....vocabulary import Status
from ...many import Many, ratios
from ..ties.counting import pair_numbers
from ..ties.many_years import EVER, said_in
from ..ties.years import NOTHING, PERHAPS, TIED, UNDOCUMENTED
from .outcomes import LAGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....network import Core

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["tie_conversion_of_many"]


def tie_conversion_of_many(core: Core) -> Many:
    """Return the share of cooperations that became exchanges (D15): see `tie_conversion_measure`."""
    said, traded, n = said_in(core), _Traded.of(core), core.n_filieres
    first, last = said.years()
    start, lag = traded.compared(np.minimum(first, last))
    told = (first < EVER) & (lag > 0) & (core.tables.asked_years == NO_YEAR)
    moment, later = said.at(start), said.at(start + lag)
    sets = [traded.at(start, moment.present), traded.at(start + lag, later.present)]
    size = max(len(said.filiere), 1)
    known = pair_numbers(said.a, said.b, size)
    trading = distinct(np.concatenate([numbers for each in sets for numbers in each]))
    further = trading[~is_among(trading, known)]  # pairs that trade, and of which no row of ties speaks
    further = further[moment.unasked[further // size] & moment.unasked[further % size]]
    pairs = np.concatenate([known, further])
    before, after = (np.where(is_among(pairs, dated), 2, is_among(pairs, blank)) for dated, blank in sets)
    state = np.append(moment.state, np.full(len(further), UNDOCUMENTED, dtype=np.int8))
    of = said.filiere[pairs // size]

    def count(use: Mask) -> Counts:
        return np.bincount(of[use], minlength=n)

    sure, free, may = state == TIED, (state != TIED) & (state != NOTHING), after > 0
    silent = said.silent(moment.unasked) - np.bincount(said.filiere[further // size], minlength=n)
    converted, ties = count(sure & may), count(sure)
    low = ratios(count(sure & (after == 2)), ties + count(free & (after < 2)) + silent)
    high = ratios(converted + count(free & may), ties + count(free & may))
    every_year = count(sure & ((before == 1) | (after == 1)))
    return Many(
        value=ratios(converted, ties),
        low=np.where(np.isnan(low), high, low),  # all that may count trades
        high=np.where(np.isnan(high), low, high),
        numerator=converted.astype(np.float64),
        denominator=ties.astype(np.float64),
        n_unknown=count(state == PERHAPS) + count(state == UNDOCUMENTED) + silent + every_year,
    ).only_where(told)


@dataclass(frozen=True)
class _Traded:
    """What active flows say of pairs of partners: see `chaine_valeur.analysis.cooperation.trade.flow_years`.

    ``number`` and ``year`` run along the flows between two partners, ``filiere`` says of which they are; ``years_of``
    and ``years`` are the distinct years of the flows of each filière.
    """

    n: int
    size: int
    number: Counts
    year: Codes
    filiere: Codes
    years_of: Codes
    years: Codes

    @classmethod
    def of(cls, core: Core) -> _Traded:
        """Return what the active flows of the filières of a core say; a flow of 0 t says nothing."""
        tables, partners, place = core.tables, np.flatnonzero(core.partner), core.partner_place
        a, b = (place[tables.codes("flows", name)] for name in ("source", "target"))
        year, of = whole_years(tables.column("flows", "year")), filiere_of_rows(tables, "flows")
        active = tables.texts("flows", "status").among(Status.ACTIVE)
        dated = active & (year != NO_YEAR)
        told = distinct(of[dated].astype(np.int64) * EVER + year[dated])
        keep = active & (tonnes_of_rows(tables, "flows") != 0) & (a >= 0) & (b >= 0) & (a != b)
        a, b = a[keep], b[keep]
        number = pair_numbers(np.minimum(a, b), np.maximum(a, b), len(partners))
        years = [part.astype(np.int32) for part in np.divmod(told, EVER)]
        return cls(core.n_filieres, max(len(partners), 1), number, year[keep], of[keep], *years)

    def compared(self, earliest: Codes) -> tuple[Codes, Codes]:
        """Return, per filière, the latest year that flows tell from which the shortest lag leads to another one.

        From its `earliest` year on; and that lag, 0 where none does.
        """
        start, lag = np.zeros(self.n, dtype=np.int32), np.zeros(self.n, dtype=np.int32)
        told = self.years_of.astype(np.int64) * EVER + self.years
        for years in sorted(LAGS, reverse=True):  # over the few lags: the shortest comes last, and wins
            use = is_among(told + years, told) & (self.years >= earliest[self.years_of])
            # years ascend within a filière: the last one written is the latest
            start[self.years_of[use]], lag[self.years_of[use]] = self.years[use], years
        return start, lag

    def at(self, year: Codes, present: Mask) -> tuple[Counts, Counts]:
        """Return the pairs that trade in a year of each filière, through flows of it and through those of every year."""
        there = present[self.number // self.size] & present[self.number % self.size]
        dated = self.year == year[self.filiere]
        return distinct(self.number[dated]), distinct(self.number[(self.year == NO_YEAR) & there])
