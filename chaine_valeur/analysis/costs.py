"""The rows of costs that count: of active actors, of one year, each item once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..columns import Rows, columns
from ..network.positions import NO_YEAR
from ..network.tables import latest_years
from ..vocabulary import CostKind
from .together import filiere_of, holds_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..filiere import Filiere

__all__ = ["current_costs", "money_year", "money_years"]


def money_year(f: Filiere) -> int | None:
    """Return the year of the accounts: that asked for, that of the flows, else the latest of the costs.

    Money of two years is never added: costs of another year than that of the flows do not count.
    """
    year = int(money_years(f)[0])
    return None if year == NO_YEAR else year


def money_years(f: Filiere) -> NDArray[np.int32]:
    """Return `money_year` of one filière or many (`as_one`), along them; `NO_YEAR` where there is none."""
    return f.derived("money_years", _years)


def _years(f: Filiere) -> NDArray[np.int32]:
    years = f.network.years
    for name in ("costs", "activities"):
        if (years == NO_YEAR).any():
            years = np.where(years == NO_YEAR, latest_years(f.network.tables, name), years)
    return years


def current_costs(f: Filiere) -> Rows:
    """Return the costs of active actors in the year of `money_year`, found once; of one filière or many (`as_one`).

    A row without a year holds every year, and gives way to one of that year about the same item.
    """
    return f.derived("current_costs", _current)


def _current(f: Filiere) -> Rows:
    costs, actor = columns(f, "costs"), f.codes("costs", "actor_id")
    years, asked = costs.number("year"), money_years(f)[filiere_of(f, "costs")]
    rows = Rows.where(costs, np.append(f.network.active, False)[actor] & holds_in(years, asked))
    items = [actor, f.codes("costs", "stage_id"), costs.ranks("kind", list(CostKind)),
             f.network.tables.texts("costs", "label").numbers]  # fmt: skip
    items = [item[rows.at] for item in items]
    undated = np.isnan(years[rows.at])
    order = np.lexsort((undated, *items))  # of one item, those with a year first
    again = np.zeros(len(rows), dtype=bool)
    again[order[1:]] = np.logical_and.reduce([item[order[1:]] == item[order[:-1]] for item in items])
    return rows[~(again & undated)]
