"""The ties of two years compared: kept, born, ended, and what the unknown leaves open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....errors import ArgumentError
from ...measure import ratio
from ..ties.years import PERHAPS, TIED, UNDOCUMENTED, History, Moment

__all__ = ["AMONG", "Change", "compare"]

#: Whose ties are compared: those of all actors, or of those present in both years.
AMONG = ("all", "both")


@dataclass(frozen=True)
class Change:
    """Ties of two years compared.

    Attributes
    ----------
    kept, births, deaths
        Pairs tied in both years, in the second only, in the first only: known in both.
    low, high
        Bounds of the persistence over whatever is unknown.
    undated, undocumented
        Pairs with a tie of unknown period, or of which nobody was asked, in one of the years at least.
    """

    kept: int
    births: int
    deaths: int
    low: float
    high: float
    undated: int
    undocumented: int

    @property
    def union(self) -> int:
        """Number of pairs known to be tied in one of the years at least."""
        return self.kept + self.births + self.deaths

    @property
    def persistence(self) -> float:
        """Share of these that are tied in both; NaN without any."""
        return ratio(self.kept, self.union)


def compare(history: History, before: Moment, after: Moment, *, among: str = "all") -> Change:
    """Return the change between two moments of a history, over all actors or those present in both."""
    if among not in AMONG:
        raise ArgumentError(f"among={among!r} is not one of {', '.join(AMONG)}")
    first, second, open_before, open_after = before.state, after.state, before.unasked, after.unasked
    if among == "both":
        there = before.present & after.present
        use = there[history.a] & there[history.b]
        first, second = first[use], second[use]
        open_before, open_after = open_before & there, open_after & there
    silent_both = history.silent(open_before & open_after)
    silent_once = history.silent(open_before) + history.silent(open_after) - 2 * silent_both
    counts = np.bincount(4 * first.astype(np.int64) + second, minlength=16).reshape(4, 4)
    unknown = slice(UNDOCUMENTED, TIED)
    kept, deaths, births = int(counts[TIED, TIED]), int(counts[TIED, 0]), int(counts[0, TIED])
    half = int(counts[TIED, unknown].sum() + counts[unknown, TIED].sum())  # tied in one year, maybe in both
    twice = int(counts[unknown, unknown].sum()) + silent_both
    once = int(counts[unknown, 0].sum() + counts[0, unknown].sum()) + silent_once
    sure = kept + births + deaths + half
    low, high = ratio(kept, sure + twice + once), ratio(kept + half + twice, sure + twice)
    return Change(
        kept,
        births,
        deaths,
        low,
        low if high != high else high,  # what may be tied is so in one year only
        int(counts[PERHAPS].sum() + counts[:, PERHAPS].sum() - counts[PERHAPS, PERHAPS]),
        int(counts[UNDOCUMENTED].sum() + counts[:, UNDOCUMENTED].sum() - counts[UNDOCUMENTED, UNDOCUMENTED])
        + silent_both
        + silent_once,
    )
