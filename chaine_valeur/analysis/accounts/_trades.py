"""What the flows that count are worth: who sells, who buys, for how much, and what says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...columns import columns
from ...flow_stages import same_flow_numbers
from ...vocabulary import ActorType, Confidence, MarketKind, Status
from ..markets import FIRMEST, market_rows
from ..together import filiere_of, holds_in

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...columns import Rows
    from ...filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Trades", "outside_actors", "priced", "trades_of"]


@dataclass(frozen=True)
class Trades:
    """Along the flows that count (``flow_*`` of the network): the money that goes against the material.

    Where the source pays (a negative amount, waste that one pays to be rid of), the receiver sells a service:
    it is the seller, and the source the buyer.

    Attributes
    ----------
    seller, buyer
        Actors, −1 outside.
    seller_at_source
        Whether the seller is the source of the flow.
    value
        €/year, never negative; NaN unknown.
    estimated
        Valued by a price of a demand or a supply, no amount being stated.
    inside
        Between two stages of one actor.
    said
        Position in ``f.flows`` of the declaration that states the amount; that of the flow otherwise.
    market
        Identifier of the demand or supply whose price was taken; empty otherwise.
    """

    seller: Codes
    buyer: Codes
    seller_at_source: Mask
    value: Values
    estimated: Mask
    inside: Mask
    said: NDArray[np.int64]
    market: NDArray[np.object_]

    @property
    def unknown(self) -> Mask:
        """Flows between two different ends of which nobody knows what is paid."""
        return np.isnan(self.value) & ~self.inside


def trades_of(f: Filiere) -> Trades:
    """Return what the flows that count are worth, read once."""
    return f.derived("accounts.trades", _trades)


def outside_actors(f: Filiere) -> Mask:
    """Return the actors that stand for the outside, and at the end one more: a blank end of a flow."""
    return np.append(columns(f, "actors").among("actor_type", ActorType.OUTSIDE.value), True)


def _trades(f: Filiere) -> Trades:
    net = f.network
    stated, said = _stated(f)
    price, market = _prices(f)
    by_price = np.isnan(stated) & ~np.isnan(price) & ~np.isnan(net.flow_t)
    amount = np.where(by_price, net.flow_t * price, stated)
    amount[np.isnan(amount) & (net.flow_t == 0)] = 0.0  # no tonne, nothing to pay
    forward = ~(amount < 0)
    return Trades(
        seller=np.where(forward, net.flow_source, net.flow_target),
        buyer=np.where(forward, net.flow_target, net.flow_source),
        seller_at_source=forward,
        value=np.abs(amount),
        estimated=by_price,
        inside=(net.flow_source == net.flow_target) & (net.flow_source >= 0),
        said=said,
        market=np.where(by_price, market, ""),
    )


def priced(f: Filiere, prices: pd.Series) -> Values:
    """Return what the flows that count would be worth at prices by material (€/t), signed; NaN unknown."""
    net = f.network
    by_code = prices.reindex(net.material_ids).to_numpy(np.float64)
    return net.flow_t * np.append(by_code, np.nan)[net.flow_material]


def _stated(f: Filiere) -> tuple[Values, NDArray[np.int64]]:
    """Return the amount of each flow that counts, and the row that states it.

    A flow declared twice may be weighed by one and priced by the other: the most confident declaration that
    gives an amount is taken, of those that are active and of the year.
    """
    net, flows = f.network, columns(f, "flows")
    amount, years = flows.number("amount_eur_per_year"), flows.number("year")
    use = flows.among("status", Status.ACTIVE.value) & ~np.isnan(amount)
    use &= holds_in(years, net.years[filiere_of(f, "flows")])
    rows = np.flatnonzero(use)
    if not len(rows):
        return np.full(len(net.flow_row), np.nan), net.flow_row
    groups = same_flow_numbers(f.codes("flows", "same_flow_as"))
    rank = flows.ranks("confidence", list(Confidence))[rows]
    rank = np.where(rank < 0, len(Confidence), rank)
    order = rows[np.lexsort((rows, rank, groups[rows]))]
    group, first = np.unique(groups[order], return_index=True)
    of_group = np.full(int(groups.max()) + 1 if len(groups) else 0, -1, dtype=np.int64)
    of_group[group] = order[first]
    found = of_group[groups[net.flow_row]]
    stated = np.where(found >= 0, np.append(amount, np.nan)[found], np.nan)
    return stated, np.where(found >= 0, found, net.flow_row)


def _prices(f: Filiere) -> tuple[Values, NDArray[np.object_]]:
    """Return, per flow, the price asked for by its target, else offered by its source, and its row."""
    net, markets = f.network, market_rows(f)
    markets = markets[markets.known("price_eur_per_t")]
    asked, asked_row = _price_at(f, markets, MarketKind.DEMAND.value, net.flow_target)
    offered, offered_row = _price_at(f, markets, MarketKind.SUPPLY.value, net.flow_source)
    unasked = np.isnan(asked)
    return np.where(unasked, offered, asked), np.where(unasked, offered_row, asked_row)


def _price_at(f: Filiere, markets: Rows, kind: str, ends: Codes) -> tuple[Values, NDArray[np.object_]]:
    """Return the price of the firmest row of one kind, for the actor at an end and the material."""
    net = f.network
    rows = markets[markets.among("kind", kind)]
    actor = f.codes("markets", "actor_id")[rows.at].astype(np.int64)
    material = f.codes("markets", "material_id")[rows.at]
    placed = (actor >= 0) & (material >= 0)
    rows, key = rows[placed], (actor * max(net.n_materials, 1) + material)[placed]
    if not len(rows):
        return np.full(len(ends), np.nan), np.full(len(ends), "", dtype=object)
    level = rows.ranks("level", FIRMEST[kind])
    level = np.where(level < 0, len(FIRMEST[kind]), level)
    # a row of the year before one that holds every year, then the firmest, then the first
    order = np.lexsort((np.arange(len(rows)), level, np.isnan(rows.number("year")), key))
    known, first = np.unique(key[order], return_index=True)
    best = order[first]
    asked = ends.astype(np.int64) * max(net.n_materials, 1) + net.flow_material
    place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    fits = (ends >= 0) & (net.flow_material >= 0) & (known[place] == asked)
    at = np.where(fits, best[place], -1)
    price = np.append(rows.number("price_eur_per_t"), np.nan)[at]
    names = np.append(rows.ids, "")[at]
    return price, names
