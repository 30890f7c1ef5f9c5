"""The accounts of every actor as arrays: each item known or NaN, and what is missing to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...columns import columns
from ...vocabulary import CostKind, StageKind
from ._costs import CHARGES, costs_of, undivided_costs
from ._tonnes import strict_sums, tonnes_of
from ._trades import outside_actors, trades_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["ITEMS", "OF_NET_RESULT", "OF_VALUE_ADDED", "Book", "accounts_kept", "book_of"]

#: The lines of an account, in their order.
ITEMS = (
    "sales_in_filiere",
    "sales_outside",
    "output",
    "purchases_in_filiere",
    "purchases_outside",
    "intermediate_consumption",
    "value_added",
    "subsidies",
    "wages",
    "taxes",
    "gross_operating_surplus",
    "rent",
    "interest",
    "depreciation",
    "undivided_costs",
    "net_result",
)
#: What has to be known for a value added.
OF_VALUE_ADDED = (
    "sales",
    "price_sold",
    "supply",
    "price_bought",
    "purchases",
    "tonnes",
    "purchases_undivided",
)
#: What has to be known for a net result.
OF_NET_RESULT = (
    "sales",
    "price_sold",
    "supply",
    "price_bought",
    "tonnes",
    *(kind.value for kind in CHARGES),
    "subsidy",
)


@dataclass(frozen=True)
class Book:
    """Along the actors: who has an account, its items in €/year, and what it lacks.

    Attributes
    ----------
    has_account
        Actors of which an account is kept: see `operating_account`.
    items
        Line of `ITEMS` → €/year; NaN without an account, or as soon as a part of it is unknown.
    missing
        What is missing → the actors that lack it.
    basis
        1 where the net result rests on the items of ``costs``, 2 where on fixed and variable costs, else 0.
    """

    has_account: Mask
    items: Mapping[str, Values]
    missing: Mapping[str, Mask]
    basis: NDArray[np.int8]

    def known(self, item: str) -> Mask:
        """Return the actors of which an item is known."""
        return ~np.isnan(self.items[item])


def book_of(f: Filiere) -> Book:
    """Return the accounts of a filière, made once."""
    return f.derived("accounts.book", _book)


def _book(f: Filiere) -> Book:
    net, costs = f.network, costs_of(f)
    size = net.n_actors
    account = accounts_kept(f)
    items, missing = _by_flows(f)
    charges = {kind: _charge(f, kind) for kind in CHARGES}
    sales, subsidies = (costs.per_actor(kind, size) for kind in (CostKind.SALES, CostKind.SUBSIDY))
    no_aid = net.siae & ~costs.stated(CostKind.SUBSIDY, size)
    subsidies[no_aid] = np.nan
    undivided = _undivided(f)

    silent = (missing.pop("sold_nothing")) & ~costs.stated(CostKind.SALES, size)
    items["sales_outside"] = items["sales_outside"] + sales
    items["output"] = np.where(silent, np.nan, items["sales_in_filiere"] + items["sales_outside"])
    items["purchases_outside"] = items["purchases_outside"] + charges[CostKind.PURCHASES]
    bought = items["purchases_in_filiere"] + items["purchases_outside"]
    items["intermediate_consumption"] = np.where(missing["supply"], np.nan, bought)
    items["value_added"] = items["output"] - items["intermediate_consumption"]
    items |= {"subsidies": subsidies, "wages": charges[CostKind.WAGES], "taxes": charges[CostKind.TAXES]}
    surplus = items["value_added"] + subsidies - items["wages"] - items["taxes"]
    items["gross_operating_surplus"] = surplus
    items |= {kind.value: charges[kind] for kind in (CostKind.RENT, CostKind.INTEREST, CostKind.DEPRECIATION)}
    items["undivided_costs"] = undivided
    detailed = surplus - items["rent"] - items["interest"] - items["depreciation"]
    all_stated = ~np.isnan(sum(charges.values()))
    by_flows = np.where(missing["supply"], np.nan, items.pop("paid"))
    lump = items["output"] + subsidies - by_flows - undivided
    items["net_result"] = np.where(all_stated, detailed, lump)

    lump_only = ~np.isnan(undivided) & ~all_stated
    missing |= {
        "sales": silent,
        "subsidy": no_aid | _unknown_amount(f, CostKind.SUBSIDY),
        "split": lump_only,
        "purchases_undivided": lump_only & np.isnan(charges[CostKind.PURCHASES]),
        "tonnes": _unknown_tonnes(f, all_stated),
    }
    missing["sales"] = missing["sales"] | _unknown_amount(f, CostKind.SALES)
    for kind in CHARGES:  # what is not divided is told once, not item by item
        missing[kind.value] = np.isnan(charges[kind]) & ~lump_only
    basis = np.where(all_stated, 1, np.where(~np.isnan(undivided), 2, 0)).astype(np.int8)
    return Book(
        account,
        {name: np.where(account, items[name], np.nan) for name in ITEMS},
        {name: mask & account for name, mask in missing.items()},
        np.where(account, basis, 0).astype(np.int8),
    )


def _by_flows(f: Filiere) -> tuple[dict[str, Values], dict[str, Mask]]:
    """Return what the flows say is sold and bought, and what they leave unknown."""
    net, trades = f.network, trades_of(f)
    size, outside = net.n_actors, outside_actors(f)
    between = ~trades.inside
    far_buyer, far_seller = outside[trades.buyer], outside[trades.seller]

    def sold(use: Mask) -> Values:
        return strict_sums(trades.seller[use], trades.value[use], size)

    def bought(use: Mask) -> Values:
        return strict_sums(trades.buyer[use], trades.value[use], size)

    items = {
        "sales_in_filiere": sold(between & ~far_buyer),
        "sales_outside": sold(between & far_buyer),
        "purchases_in_filiere": bought(between & ~far_seller),
        "purchases_outside": bought(between & far_seller),
        "paid": bought(between),
    }
    reached = _ends(net.flow_target, between, size)
    held = _holding(f)
    missing = {
        "sold_nothing": ~_ends(trades.seller, between, size),
        "price_sold": _ends(net.flow_source, trades.unknown, size),
        # who works on a material and has none of its own receives some: it was not stated
        "supply": held["operation"] & ~held["resource"] & ~reached,
        "price_bought": _ends(net.flow_target, trades.unknown, size),
    }
    return items, missing


def accounts_kept(f: Filiere) -> Mask:
    """Return the actors that make something of the material, or of which costs are stated, found once."""
    return f.derived("accounts.kept", _has_account)


def _has_account(f: Filiere) -> Mask:
    net, trades, held = f.network, trades_of(f), _holding(f)
    size = net.n_actors
    between = ~trades.inside
    passing = _ends(net.flow_source, between, size) & _ends(net.flow_target, between, size)
    described = np.zeros(size, dtype=bool)
    described[costs_of(f).actor] = True
    rows = tonnes_of(f).activities
    fixed, variable, _ = undivided_costs(f)
    described[rows.actor[~np.isnan(fixed) | ~np.isnan(variable)]] = True
    works = held["operation"] | (passing & ~held["any"])
    return net.partner & (works | described)


def _holding(f: Filiere) -> dict[str, Mask]:
    """Return the actors that hold an operation, a resource, a stage of any kind."""
    net, stages = f.network, columns(f, "stages")
    found = {"any": _ends(net.activity_actor, np.ones(len(net.activity_actor), dtype=bool), net.n_actors)}
    for kind in (StageKind.OPERATION.value, StageKind.RESOURCE.value):
        found[kind] = _ends(net.activity_actor, stages.among("kind", kind)[net.activity_stage], net.n_actors)
    return found


def _charge(f: Filiere, kind: CostKind) -> Values:
    """Return a cost per actor; NaN where it is not stated."""
    size, costs = f.network.n_actors, costs_of(f)
    return np.where(costs.stated(kind, size), costs.per_actor(kind, size), np.nan)


def _unknown_amount(f: Filiere, kind: CostKind) -> Mask:
    return np.isnan(costs_of(f).per_actor(kind, f.network.n_actors))


def _unknown_tonnes(f: Filiere, all_stated: Mask) -> Mask:
    """Return the actors of which something that counts is given per tonne, and the tonnes are unknown."""
    costs, rows = costs_of(f), tonnes_of(f).activities
    fixed, variable, total = undivided_costs(f)
    found = np.zeros(f.network.n_actors, dtype=bool)
    found[rows.actor[~np.isnan(fixed) & ~np.isnan(variable) & np.isnan(total)]] = True
    found &= ~all_stated  # the items of costs are known: the other statement is not needed
    found[costs.actor[~np.isnan(costs.per_t) & np.isnan(costs.amount)]] = True
    return found


def _undivided(f: Filiere) -> Values:
    """Return fixed and variable costs per actor: NaN unless those of all its operations are known."""
    rows = tonnes_of(f).activities
    fixed, variable, total = undivided_costs(f)
    edge = ~columns(f, "stages").among("kind", StageKind.OPERATION.value)[rows.stage]
    counts = ~(edge & np.isnan(fixed) & np.isnan(variable))
    some = np.bincount(rows.actor[counts], minlength=f.network.n_actors) > 0
    sums = strict_sums(rows.actor[counts], total[counts], f.network.n_actors)
    return np.where(some, sums, np.nan)


def _ends(places: NDArray[np.int32], use: Mask, size: int) -> Mask:
    """Return which actors stand at an end of some flows; −1 is nobody."""
    found = np.zeros(size + 1, dtype=bool)
    found[places[use]] = True
    return found[:size]
