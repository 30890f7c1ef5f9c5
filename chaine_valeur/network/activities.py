"""The activities that count, of one filière or of many: of active actors, of one year, once per actor and stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .positions import NO_YEAR, whole_years
from .tables import filiere_of_rows, latest_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .core import Core
    from .tables import Tables

    Codes = NDArray[np.int32]
    Numbers = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["CurrentActivities", "current_activities_of"]


@dataclass(frozen=True)
class CurrentActivities:
    """Rows of activities that count, in table order, with the actor and the stage of each as positions.

    Attributes
    ----------
    tables
        What they are rows of.
    row
        Position in the table of activities.
    actor, stage
        Positions along the actors and the stages of the core.
    years
        Per filière, the year that they are of; `NO_YEAR` where activities speak of none.
    """

    tables: Tables
    row: Numbers
    actor: Codes
    stage: Codes
    years: Codes

    def values(self, column: str) -> Values:
        """Return a column of numbers along the rows, NaN where unknown."""
        return self.tables.column("activities", column).to_numpy(np.float64)[self.row]


def current_activities_of(core: Core) -> CurrentActivities:
    """Return the activities that count of the filières of a core, read once.

    Those of active actors, in the year of `chaine_valeur.Filiere.at`, else the latest that the activities of the
    filière speak of. A row without a year holds every year, and gives way to a row of that year.
    """
    return core.derived("current_activities", _current)


def _current(core: Core) -> CurrentActivities:
    tables = core.tables
    actor, stage = (tables.codes("activities", column) for column in ("actor_id", "stage_id"))
    year, years = whole_years(tables.column("activities", "year")), latest_years(tables, "activities")
    of_row = years[filiere_of_rows(tables, "activities")]
    undated = year == NO_YEAR
    rows = np.flatnonzero(np.append(core.active, False)[actor] & (undated | (of_row == year)))
    key = actor[rows].astype(np.int64) * max(core.n_stages, 1) + stage[rows]
    # dated rows first, so that the first of a pair is the one that speaks of the year
    order = np.lexsort((undated[rows], key))
    new = np.ones(len(order), dtype=bool)
    new[1:] = key[order[1:]] != key[order[:-1]]
    kept = np.sort(rows[order[new]])
    return CurrentActivities(tables, kept, actor[kept], stage[kept], years)
