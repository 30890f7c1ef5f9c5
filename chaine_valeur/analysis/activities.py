"""The activities that count: of active actors, of one year, once per actor and stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..columns import Rows, columns
from ..network.activities import current_activities_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..filiere import Filiere

__all__ = [
    "Activities",
    "Sums",
    "actors_at",
    "current_activities",
    "flow_rows",
    "flows_at",
    "identifiers",
    "known_sums",
    "latest_of",
]


@dataclass(frozen=True)
class Activities:
    """Rows of ``f.activities`` that count, with the actor and the stage of each as positions.

    Those of the year of `Filiere.at`, else of the latest that activities speak of; rows without a year hold
    every year, and give way to a row of that year.
    """

    rows: Rows
    actor: NDArray[np.int32]
    stage: NDArray[np.int32]

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a frame."""
        return self.rows.frame

    @property
    def ids(self) -> NDArray[np.object_]:
        """The identifiers of the rows."""
        return self.rows.ids

    def values(self, column: str) -> NDArray[np.float64]:
        """Return a column of numbers along the rows, NaN where unknown."""
        return self.rows.number(column)


def latest_of(years: NDArray[np.float64]) -> int | None:
    """Return the latest of some years, NaN unknown, or ``None`` if none is known."""
    known = years[~np.isnan(years)]
    return int(known.max()) if len(known) else None


def current_activities(f: Filiere) -> Activities:
    """Return the activities that count, found once."""
    return f.derived("current_activities", _current)


def _current(f: Filiere) -> Activities:
    found = current_activities_of(f.network)
    return Activities(Rows(columns(f, "activities"), found.row), found.actor, found.stage)


@dataclass(frozen=True)
class Sums:
    """Sums per place: NaN where nothing is known, with the number of unknown values left out."""

    total: NDArray[np.float64]
    n_known: NDArray[np.int64]
    n_unknown: NDArray[np.int64]


def known_sums(places: NDArray[np.integer], values: NDArray[np.float64], size: int) -> Sums:
    """Return the sum of the known values at each place; −1 is no place."""
    inside = places >= 0
    known = inside & ~np.isnan(values)
    n_known = np.bincount(places[known], minlength=size)
    total = np.bincount(places[known], weights=values[known], minlength=size)
    n_all = np.bincount(places[inside], minlength=size)
    return Sums(np.where(n_known > 0, total, np.nan), n_known, n_all - n_known)


def identifiers(index: pd.Index | NDArray[np.object_]) -> tuple[str, ...]:
    """Return an index as a tuple (a hundred times faster than ``tuple(index)`` where it holds text)."""
    return tuple(index.tolist())


def actors_at(f: Filiere, use: NDArray[np.bool_] | NDArray[np.integer]) -> tuple[str, ...]:
    """Return the identifiers of some actors, by a mask along them or by their positions."""
    return identifiers(columns(f, "actors").ids[use])


def flow_rows(f: Filiere, use: NDArray[np.bool_] | NDArray[np.integer] | None = None) -> Rows:
    """Return the rows of the flows that count, all or some of them, by a mask or by their places among them."""
    if use is None:
        return f.derived("flow_rows", lambda f: Rows(columns(f, "flows"), f.network.flow_row))
    return Rows(columns(f, "flows"), f.network.flow_row[use])


def flows_at(f: Filiere, use: NDArray[np.bool_] | NDArray[np.integer]) -> tuple[str, ...]:
    """Return the identifiers of some flows, by a mask along those that count or by their places among them."""
    return identifiers(columns(f, "flows").ids[f.network.flow_row[use]])
