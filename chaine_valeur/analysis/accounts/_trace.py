"""The rows that an account rests on, and the share of its euros that are estimates or hypotheses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...columns import columns
from ...provenance import soft_mask
from ..activities import flows_at, identifiers
from ..measure import NAN, Measure, ratio
from ._book import book_of
from ._costs import costs_of, undivided_costs
from ._tonnes import tonnes_of
from ._trades import trades_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Rows = Mapping[str, tuple[str, ...]]

__all__ = ["money_rows", "money_softness", "resting_on_money"]


def money_rows(f: Filiere, actors: Mask, *, lump: bool = False) -> dict[str, tuple[str, ...]]:
    """Return the flows, prices and costs from which the accounts of some actors are made.

    `lump`: with the activities whose fixed and variable costs stand for the costs, where they do.
    """
    flows, rows, activities = _concerned(f, actors, lump=lump)
    trades = trades_of(f)
    said = columns(f, "flows").ids[np.sort(trades.said[flows])]
    found = {
        "flows": tuple(dict.fromkeys([*flows_at(f, flows), *identifiers(said)])),
        "markets": tuple(dict.fromkeys(str(name) for name in trades.market[flows & trades.estimated])),
        "costs": identifiers(costs_of(f).rows.ids[rows]),
        "activities": identifiers(tonnes_of(f).activities.ids[activities]),
    }
    return {name: identifiers_ for name, identifiers_ in found.items() if identifiers_}


def money_softness(f: Filiere, actors: Mask, *, lump: bool = False) -> float:
    """Return the share of the euros of some accounts that rests on an estimate, a hypothesis or a price.

    A flow that is valued by the price of a demand or a supply is an estimate, however firm its tonnes.
    """
    flows, rows, activities = _concerned(f, actors, lump=lump)
    trades, costs = trades_of(f), costs_of(f)
    stated = soft_mask(f, "flows", column="amount_eur_per_year")[trades.said]
    soft_cost = soft_mask(f, "costs")[costs.rows.at]
    soft_lump = soft_mask(f, "activities")[tonnes_of(f).activities.rows.at]
    total = soft = 0.0
    for values, softness, use in (  # the three tables that hold euros
        (trades.value, stated | trades.estimated, flows),
        (costs.amount, soft_cost, rows),
        (undivided_costs(f)[2], soft_lump, activities),
    ):
        total += float(np.nansum(values[use]))
        soft += float(np.nansum(values[use & softness]))
    return ratio(soft, total)


def resting_on_money(f: Filiere, measure: Measure, actors: Mask, *, lump: bool = False) -> Measure:
    """Return a measure with the rows of some accounts and the softness of their euros."""
    rows = money_rows(f, actors, lump=lump)
    softness = money_softness(f, actors, lump=lump) if rows else NAN
    return replace(measure.resting_on(f, rows), hypothesis_share=softness)


def _concerned(f: Filiere, actors: Mask, *, lump: bool) -> tuple[Mask, Mask, Mask]:
    """Return the flows of known value, the rows of costs and the activities of some actors."""
    trades, costs, book = trades_of(f), costs_of(f), book_of(f)
    among = np.append(actors, False)
    flows = (among[trades.seller] | among[trades.buyer]) & ~trades.inside & ~np.isnan(trades.value)
    rows = actors[costs.actor]
    held = tonnes_of(f).activities.actor
    lumped = (actors & (book.basis == 2))[held] & ~np.isnan(undivided_costs(f)[2])
    return flows, rows, lumped if lump else np.zeros(len(held), dtype=bool)
