"""The activities that count: of active actors, of one year, once per actor and stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..network import codes_of, latest_year

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..filiere import Filiere

__all__ = ["Activities", "Sums", "current_activities", "identifiers", "known_sums"]


@dataclass(frozen=True)
class Activities:
    """Rows of ``f.activities`` that count, with the actor and the stage of each as positions.

    ``year`` is that of `Filiere.at`, else the latest that activities speak of; rows without a year hold
    every year, and give way to a row of that year.
    """

    frame: pd.DataFrame
    year: int | None
    actor: NDArray[np.int32]
    stage: NDArray[np.int32]

    def values(self, column: str) -> NDArray[np.float64]:
        """Return a column of numbers along the rows, NaN where unknown."""
        return self.frame[column].to_numpy(np.float64)


def current_activities(f: Filiere) -> Activities:
    """Return the activities that count."""
    net, frame = f.network, f.activities
    year = f.year if f.year is not None else latest_year(frame)
    actor, stage = codes_of(frame["actor_id"], net.actor_ids), codes_of(frame["stage_id"], net.stage_ids)
    use = net.active[actor] & (actor >= 0)
    dated = frame["year"].notna().to_numpy(bool)
    if year is not None:
        use &= ~dated | (frame["year"] == year).fillna(False).to_numpy(bool)
    rows = np.flatnonzero(use)
    # dated rows first, so that the first of a pair is the one that speaks of the year
    order = rows[np.lexsort((rows, ~dated[rows]))]
    key = actor[order].astype(np.int64) * max(net.n_stages, 1) + stage[order]
    _, first = np.unique(key, return_index=True)
    kept = np.sort(order[first])
    return Activities(frame.iloc[kept], year, actor[kept], stage[kept])


@dataclass(frozen=True)
class Sums:
    """Sums per place: NaN where nothing is known, with the number of unknown values left out."""

    total: NDArray[np.float64]
    n_known: NDArray[np.int64]
    n_unknown: NDArray[np.int64]


def known_sums(places: NDArray[np.int32], values: NDArray[np.float64], size: int) -> Sums:
    """Return the sum of the known values at each place; −1 is no place."""
    inside = places >= 0
    known = inside & ~np.isnan(values)
    n_known = np.bincount(places[known], minlength=size)
    total = np.bincount(places[known], weights=values[known], minlength=size)
    n_all = np.bincount(places[inside], minlength=size)
    return Sums(np.where(n_known > 0, total, np.nan), n_known, n_all - n_known)


def identifiers(index: pd.Index) -> tuple[str, ...]:
    """Return an index as a tuple (a hundred times faster than ``tuple(index)`` where it holds text)."""
    return tuple(index.tolist())
