"""The supplies and demands that count, and how firm each level of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..network import codes_of, latest_year
from ..quantities import with_tonnes
from ..vocabulary import MarketKind, MarketLevel

if TYPE_CHECKING:
    import pandas as pd

    from ..filiere import Filiere

__all__ = ["FIRMEST", "current_markets"]

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
    net, markets = f.network, with_tonnes(f, "markets")
    offered = codes_of(markets["actor_id"], net.actor_ids)
    rows, year = markets[np.append(net.active, True)[offered]], net.year
    if year is None or not (rows["year"] == year).any():
        year = f.year if f.year is not None else latest_year(rows)
    if year is None:
        return rows
    return rows[(rows["year"].isna() | (rows["year"] == year)).to_numpy(bool)]
