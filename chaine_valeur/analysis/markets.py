"""The supplies and demands that count, and how firm each level of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..columns import Rows, columns
from ..kernels import max_at
from ..network.positions import NO_YEAR, any_at
from ..quantities import tonnes_of_rows, with_tonnes
from ..vocabulary import MarketKind, MarketLevel
from .together import filiere_of, holds_in

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..filiere import Filiere

__all__ = ["FIRMEST", "current_markets", "market_rows", "market_tonnes"]

#: Levels of a quantity, firmest first; one without a level comes last.
FIRMEST = {
    MarketKind.SUPPLY.value: [
        MarketLevel.MOBILIZED.value,
        MarketLevel.MOBILIZABLE.value,
        MarketLevel.RAW.value,
    ],
    MarketKind.DEMAND.value: [
        MarketLevel.CONTRACTED.value,
        MarketLevel.VERIFIED.value,
        MarketLevel.EXPRESSED.value,
    ],
}


def current_markets(f: Filiere) -> pd.DataFrame:
    """Return the supplies and demands of the year of the flows, else of the latest that they speak of.

    Those of an actor that is not active do not count, as its flows do not.
    """
    return with_tonnes(f, "markets").iloc[market_rows(f).at]


def market_rows(f: Filiere) -> Rows:
    """Return `current_markets` column by column, of one filière or many (`as_one`); their tonnes are `market_tonnes`."""
    return f.derived("market_rows", _rows)


def market_tonnes(f: Filiere, rows: Rows) -> NDArray[np.float64]:
    """Return the tonnes per year of some supplies and demands, NaN where unknown."""
    return tonnes_of_rows(f, "markets")[rows.at]


def _rows(f: Filiere) -> Rows:
    net, markets = f.network, columns(f, "markets")
    rows = Rows.where(markets, np.append(net.active, True)[f.codes("markets", "actor_id")])
    years, of = rows.number("year"), filiere_of(f, "markets")[rows.at]
    of_flows = any_at(of[years == net.years[of]], net.n_filieres)
    asked = net.tables.asked_years
    latest = max_at(of, years, size=net.n_filieres)
    latest = np.where(np.isnan(latest), NO_YEAR, latest)
    year = np.where(of_flows, net.years, np.where(asked != NO_YEAR, asked, latest))
    return rows[holds_in(years, year[of])]
