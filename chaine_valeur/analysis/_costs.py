"""The rows of costs that count: of active actors, of one year, each item once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..network import codes_of, latest_year

if TYPE_CHECKING:
    import pandas as pd

    from ..filiere import Filiere

__all__ = ["current_costs", "money_year"]


def money_year(f: Filiere) -> int | None:
    """Return the year of the accounts: that asked for, that of the flows, else the latest of the costs.

    Money of two years is never added: costs of another year than that of the flows do not count.
    """
    years = (f.year, f.network.year, latest_year(f.costs), latest_year(f.activities))
    return next((year for year in years if year is not None), None)


def current_costs(f: Filiere) -> pd.DataFrame:
    """Return the costs of active actors in the year of `money_year`.

    A row without a year holds every year, and gives way to one of that year about the same item.
    """
    rows, net = f.costs, f.network
    year = money_year(f)
    use = np.append(net.active, False)[codes_of(rows["actor_id"], net.actor_ids)]
    if year is not None:
        use = use & (rows["year"].isna() | (rows["year"] == year)).to_numpy(bool)
    rows = rows[use]
    dated_first = rows.sort_values("year", na_position="last", kind="stable")
    again = dated_first.duplicated(["actor_id", "stage_id", "kind", "label"]).reindex(rows.index)
    return rows[~(again & rows["year"].isna()).to_numpy(bool)]
