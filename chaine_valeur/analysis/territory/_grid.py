"""Counts of establishments or jobs as a matrix, territories × activities, with what is unknown in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Grid", "grid_of"]


@dataclass(frozen=True)
class Grid:
    """Counts, territories × activities, both sorted; NaN where the count is unknown, 0 where no row speaks of it."""

    territories: pd.Index
    activities: pd.Index
    counts: Values

    @property
    def known(self) -> Mask:
        """Where the count is known."""
        return ~np.isnan(self.counts)

    def quotients(self, rows: NDArray[np.int64]) -> tuple[Values, Values, Values]:
        """Return the location quotient of some territories, and the same with one fewer and one more there alone.

        The second and third are the least and the most of the three.
        """
        counts = self.counts[rows]
        here, there = np.nansum(counts, axis=1)[:, None], np.nansum(self.counts, axis=0)[None, :]
        everything = there.sum()
        fewer = np.minimum(1.0, counts)
        found = _quotient(counts, here, there, everything)
        low = _quotient(counts - fewer, here - fewer, there - fewer, everything - fewer)
        # what is nowhere, or where nothing is, has no quotient: one more would not make it known
        high = _quotient(counts + 1, here + 1, there + 1, everything + 1)
        silent = np.isnan(found)
        # the only one of its activity, or of its territory: without it there is none here
        low = np.where(np.isnan(low), 0.0, low)
        # where most of an activity is in one territory, one more there lowers the quotient
        least, most = np.minimum(np.minimum(low, high), found), np.maximum(np.maximum(low, high), found)
        return found, np.where(silent, np.nan, least), np.where(silent, np.nan, most)

    def present(self, threshold: float) -> Mask:
        """Return whether the location quotient reaches a threshold; products, as quotients would be rounded."""
        counts = np.nan_to_num(self.counts)
        here, there = counts.sum(axis=1)[:, None], counts.sum(axis=0)[None, :]
        reached = counts * counts.sum() >= threshold * here * there
        return reached & (counts > 0)

    def rows(self, territory: str | None) -> NDArray[np.int64]:
        """Return the position of a territory, of all of them for ``None``."""
        if territory is None:
            return np.arange(len(self.territories))
        place = self.territories.get_indexer([territory])
        if place[0] < 0:
            raise UnknownNameError.of(f"counts has no territory {territory!r}", territory, self.territories)
        return place.astype(np.int64)


def _quotient(part: Values, here: Values, there: Values, everything: Values) -> Values:
    most = here * there
    return np.divide(part * everything, most, out=np.full(part.shape, np.nan), where=most > 0)


def grid_of(counts: pd.DataFrame, activity: str, value: str) -> Grid:
    """Return counts as a matrix, or say what is wrong with them."""
    names = ["territory", activity, value]
    for name in names:
        if name not in counts.columns:
            raise UnknownNameError.of(f"counts has no column {name!r}", name, counts.columns)
    # registers list what they cannot place, too
    counts = counts[counts[names[:2]].notna().all(axis=1).to_numpy(bool)]
    try:
        numbers = pd.to_numeric(counts[value]).to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"column {value!r} of counts holds something else than numbers: {error}"
        ) from error
    if (numbers < 0).any() or np.isinf(numbers).any():
        raise ArgumentError(f"column {value!r} of counts has a count that is negative or infinite")
    place, territories = pd.factorize(counts["territory"].astype("str"), sort=True)
    kind, activities = pd.factorize(counts[activity].astype("str"), sort=True)
    key = place.astype(np.int64) * max(len(activities), 1) + kind
    if len(np.unique(key)) < len(key):
        twice = counts.loc[pd.Series(key).duplicated().to_numpy(), names[:2]].iloc[0].tolist()
        raise ArgumentError(f"counts lists {twice[0]}, {twice[1]} twice: add its counts up first")
    matrix = np.zeros((len(territories), len(activities)))
    matrix[place, kind] = numbers
    return Grid(pd.Index(territories), pd.Index(activities), matrix)
