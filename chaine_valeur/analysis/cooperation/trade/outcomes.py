"""What becomes of each tie of a year: pairs of actors, their tie then, their exchanges then and later."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ....errors import ArgumentError
from ....filiere import Filiere
from ....language import clauses, tr, trn
from ....network import distinct, is_among
from ...measure import NAN, ratio
from ..ties.years import NOTHING, PERHAPS, TIED, UNDOCUMENTED, History, history_of, read_back
from .flow_years import FlowYears

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source
    from ..ties.years import Years

    Mask = NDArray[np.bool_]
    States = NDArray[np.int8]
    Lag = int | Sequence[int]

__all__ = ["LAGS", "Conversion", "conversions_of", "lags_of"]

#: After how many years one looks whether a cooperation became an exchange.
LAGS = (1, 2, 3)


@dataclass(frozen=True)
class Conversion:
    """Pairs of actors with what is known of their tie in a year and of their trade then and later.

    Attributes
    ----------
    year, to_year, lag
        The year of the ties, that of the exchanges, and the years between.
    a, b
        Ends of the pairs, as positions in the nodes of the history.
    tie
        State of the tie in `year` (see `History`).
    before, after
        Trade in `year` and in `to_year`: 0 none known, 1 through flows that bear no year only, 2 of the year.
    silent
        Number of further pairs that nobody documented and that do not trade.
    known_before
        Whether flows of `year` are known: if not, what already traded cannot be told apart.
    """

    year: Any
    to_year: Any
    lag: int
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    tie: States
    before: States
    after: States
    silent: int
    known_before: bool

    @property
    def tied(self) -> Mask:
        """The pairs known to be tied in the year."""
        return self.tie == TIED

    @property
    def open(self) -> Mask:
        """The pairs known to be tied that did not trade then."""
        return self.tied & (self.before == 0)

    def share(self, *, new: bool) -> tuple[int, int, float, float]:
        """Return numerator, denominator and bounds of the conversion, of all ties or of those without trade."""
        sure = self.open if new else self.tied
        free = ~sure & (self.tie != NOTHING) & ((self.before < 2) if new else True)
        trades, may = self.after == 2, self.after > 0
        low = ratio(int((sure & trades).sum()), int(sure.sum() + (free & ~trades).sum()) + self.silent)
        high = ratio(int(((sure | free) & may).sum()), int(sure.sum() + (free & may).sum()))
        low = high if low != low else low  # all that may count trades
        return int((sure & may).sum()), int(sure.sum()), low, low if high != high else high

    def row(self, lang: str) -> tuple[Any, ...]:
        """Return the row of the table."""
        converted, ties, low, high = self.share(new=False)
        tied, trades, traded = self.tied, self.after > 0, self.before > 0
        cells: list[float] = [
            int((tied & (traded == before) & (trades == after)).sum())
            for before, after in ((True, True), (False, True), (False, False), (True, False))
        ]
        newly, open_, *bounds = self.share(new=True)
        if not self.known_before:
            cells, newly, open_, bounds = [NAN] * 4, 0, 0, [NAN, NAN]
        return (
            self.year,
            self.lag,
            self.to_year,
            ties,
            converted,
            *cells,
            ratio(converted, ties),
            low,
            high,
            ratio(newly, open_),
            *bounds,
            self.undated,
            self.every_year,
            self.undocumented,
            self.note(lang),
        )

    @property
    def undated(self) -> int:
        """Number of pairs with a tie of unknown period."""
        return int((self.tie == PERHAPS).sum())

    @property
    def every_year(self) -> int:
        """Number of pairs, known to be tied, whose trade in one of the years rests on flows without a year."""
        return int((self.tied & ((self.before == 1) | (self.after == 1))).sum())

    @property
    def undocumented(self) -> int:
        """Number of pairs of which nobody knows whether they were tied."""
        return int((self.tie == UNDOCUMENTED).sum()) + self.silent

    def note(self, lang: str) -> str:
        """Return why a figure is missing, or what it leaves out."""
        parts = []
        if not self.tied.any():
            parts.append(tr("no cooperation known in {year}", lang, year=str(self.year)))
        if not self.known_before:
            parts.append(
                tr(
                    "flows of {year} unknown: who already exchanged cannot be told apart",
                    lang,
                    year=str(self.year),
                )
            )
        if self.undated:
            parts.append(
                trn(
                    "{count} cooperation of unknown period left out",
                    "{count} cooperations of unknown period left out",
                    self.undated,
                    lang,
                )
            )
        if self.every_year:
            parts.append(
                trn(
                    "{count} pair whose flow bears no year counts as exchanging every year",
                    "{count} pairs whose flows bear no year count as exchanging every year",
                    self.every_year,
                    lang,
                )
            )
        return clauses(parts, lang)


def lags_of(lag: Lag) -> tuple[int, ...]:
    """Return the lags asked for."""
    lags = (lag,) if isinstance(lag, int) else tuple(lag)
    if not lags or any(one < 0 for one in lags):
        raise ArgumentError(f"lag={lag!r}: give one or several numbers of years, none below 0")
    return lags


def conversions_of(
    source: Years,
    *,
    flows: Source | Mapping[Any, Source] | None = None,
    lag: Lag = LAGS,
    years: Iterable[Any] | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> list[Conversion]:
    """Return what became of the cooperations of each year after each lag: see `tie_conversion_table`."""
    lags, waves = lags_of(lag), read_back(source)
    if not isinstance(waves, Filiere) and hasattr(
        waves, "is_directed"
    ):  # one graph of cooperation, one of flows: the only lag there is
        if isinstance(flows, Mapping):
            raise ArgumentError("flows= by year need cooperation by year: a mapping from years to graphs")
        waves = {0: waves}
        if flows is not None:
            lags, flows = lags[:1], {lags[0]: flows}
    if isinstance(waves, Filiere):
        if flows is not None:
            raise ArgumentError("flows= is for graphs: a filière has its own")
        if waves.year is not None:
            return []
        history = history_of(waves, kind=kind, directed=False, actors=actors)
        traded = FlowYears.of_filiere(waves, history.nodes)
        asked = years if years is not None else {to - each for to in traded.years for each in lags}
        starts = sorted(set(asked)) if history.dated else []
        if history.years:
            starts = [one for one in starts if years is not None or one >= history.years[0]]
    else:
        if not isinstance(flows, Mapping):
            raise ArgumentError(
                "flows=: give the graph, or the graphs by year, of what passes between actors"
            )
        history = history_of(waves, years=years, kind=kind, directed=False, actors=actors)
        traded, starts = FlowYears.of_graphs(flows, history.nodes), list(history.years)
    return [
        _conversion(history, traded, start, each)
        for start in starts  # over the few years and lags
        for each in lags
        if start + each in traded.years
    ]


def _conversion(history: History, traded: FlowYears, year: Any, lag: int) -> Conversion:
    moment, size = history.at(year), max(history.size, 1)
    known = history.numbers
    sets = [traded.at(year), traded.at(year + lag)]
    trading = distinct(np.concatenate([numbers for each in sets for numbers in each]))
    further = trading[~is_among(trading, known)]  # pairs that trade, and of which no row of ties speaks
    a, b = further // size, further % size
    unasked = moment.unasked[a] & moment.unasked[b]
    further, a, b = further[unasked], a[unasked], b[unasked]
    pairs = np.concatenate([known, further])
    before, after = (
        np.where(is_among(pairs, dated), 2, is_among(pairs, blank)).astype(np.int8) for dated, blank in sets
    )
    return Conversion(
        year=year,
        to_year=year + lag,
        lag=lag,
        a=np.concatenate([history.a, a.astype(np.int32)]),
        b=np.concatenate([history.b, b.astype(np.int32)]),
        tie=np.concatenate([moment.state, np.full(len(further), UNDOCUMENTED, dtype=np.int8)]),
        before=before,
        after=after,
        silent=history.silent(moment.unasked) - len(further),
        known_before=year in traded.years,
    )
