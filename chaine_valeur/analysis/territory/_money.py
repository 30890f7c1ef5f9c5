"""What actors earn and spend, read from the amounts of flows and from the table of costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...vocabulary import CostKind
from ..activities import known_sums
from ..costs import current_costs
from ..measure import NAN
from .purchases import amounts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...columns import Rows
    from ...filiere import Filiere

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Spending", "cost_amounts", "spending_of"]

_INCOME = [kind.value for kind in CostKind if kind.is_income]
#: Depreciation is a cost that nobody is paid.
_SPENT = [kind.value for kind in CostKind if not kind.is_income and kind is not CostKind.DEPRECIATION]


@dataclass(frozen=True)
class Spending:
    """What each actor earns and what it spends in the territory, in EUR/year, along ``f.actors``.

    Attributes
    ----------
    income
        Sales and subsidies; NaN where one of them is unknown, or none is stated.
    to_actors, local_costs
        Spent in the territory for certain: paid to local actors in flows; costs × their local share.
    perhaps
        Known sums of which the local part is unknown.
    open
        Whether there are sums of unknown amount that may be spent in the territory.
    payer, payee, paid
        The payments to local actors, as positions, and EUR/year.
    n_income_unknown, n_unknown
        Sums earned that are unknown; with them the sums spent and the local shares.
    """

    income: Values
    to_actors: Values
    local_costs: Values
    perhaps: Values
    open: Mask
    payer: NDArray[np.int32]
    payee: NDArray[np.int32]
    paid: Values
    n_income_unknown: NDArray[np.int64]
    n_unknown: NDArray[np.int64]


def spending_of(f: Filiere) -> Spending:
    """Return what each actor earns and spends, read once."""
    return f.derived("territory.spending", _spending)


def _spending(f: Filiere) -> Spending:
    net, size = f.network, f.network.n_actors
    amount = amounts_of(f).value
    between = (net.flow_source != net.flow_target) | (net.flow_source < 0)
    turned = amount < 0  # the source pays
    payer = np.where(turned, net.flow_source, net.flow_target)[between]
    payee = np.where(turned, net.flow_target, net.flow_source)[between]
    paid = np.abs(amount)[between]
    rows = current_costs(f)
    actor = f.codes("costs", "actor_id")[rows.at]
    value = cost_amounts(f, rows)
    local_share = rows.number("local_share")

    earned = rows.among("kind", *_INCOME)
    places = np.concatenate([payee, np.where(earned, actor, -1)]).astype(np.int32)
    income = known_sums(places, np.concatenate([paid, value]), size)

    here = np.append(net.local, 0)[payee]
    known = ~np.isnan(paid)
    sure, maybe = (here == 1) & (payer >= 0), (here == -1) & (payer >= 0)
    spent = rows.among("kind", *_SPENT)
    shared = np.where(
        local_share == 0, 0.0, value * local_share
    )  # nothing local of an unknown sum is nothing
    unshared = spent & np.isnan(local_share)
    vague_flow = (sure | maybe) & ~known
    vague_cost = spent & np.isnan(value) & ~(local_share == 0)

    def summed(places: NDArray[np.int32], values: Values, use: Mask) -> Values:
        use = use & ~np.isnan(values)
        return np.bincount(places[use], weights=values[use], minlength=size).astype(np.float64)

    def counted(places: NDArray[np.int32], use: Mask) -> NDArray[np.int64]:
        return np.bincount(places[use], minlength=size)

    told = counted(actor, spent & rows.among("kind", CostKind.WAGES.value)) > 0
    n_vague = counted(payer, vague_flow) + counted(actor, vague_cost)
    use = sure & known
    return Spending(
        income=np.where(income.n_unknown > 0, NAN, income.total),
        to_actors=summed(payer, paid, sure),
        local_costs=summed(actor, shared, spent),
        perhaps=summed(payer, paid, maybe) + summed(actor, value, unshared),
        open=(n_vague > 0) | ~told,
        payer=payer[use],
        payee=payee[use],
        paid=paid[use],
        n_income_unknown=income.n_unknown,
        n_unknown=income.n_unknown + n_vague + counted(actor, unshared) + counted(payer, maybe & known),
    )


def cost_amounts(f: Filiere, rows: Rows) -> Values:
    """Return the amount of some costs, in EUR/year: as given, else per tonne × the tonnes that enter.

    The tonnes are those that enter the actor at the stage of the row, or from others at any stage where it
    names none; NaN where one of the flows is of unknown tonnage or, at an actor of several stages, of unknown
    stage.
    """
    net = f.network
    stated, per_t = rows.number("amount_eur_per_year"), rows.number("amount_eur_per_t")
    if np.isnan(per_t).all():
        return stated
    actor, stage = (f.codes("costs", name)[rows.at] for name in ("actor_id", "stage_id"))
    step = net.n_stages + 1  # −1, a stage that is unknown, is written 0
    asked = actor.astype(np.int64) * step + stage + 1
    distinct, of_row = np.unique(asked, return_inverse=True)
    arrives = net.flow_target >= 0
    enters = arrives & (net.flow_source != net.flow_target)
    whole = known_sums(np.where(enters, net.flow_target, -1).astype(np.int32), net.flow_t, net.n_actors)
    key = net.flow_target.astype(np.int64) * step + net.flow_target_stage + 1
    place = np.minimum(np.searchsorted(distinct, key), len(distinct) - 1)
    matched = arrives & (distinct[place] == key)
    at_stage = known_sums(np.where(matched, place, -1).astype(np.int32), net.flow_t, len(distinct))
    n_lost = np.bincount(net.flow_target[arrives & (net.flow_target_stage < 0)], minlength=net.n_actors)
    total = np.where(stage < 0, whole.total[actor], at_stage.total[of_row])
    n_unknown = np.where(stage < 0, whole.n_unknown[actor], at_stage.n_unknown[of_row] + n_lost[actor])
    tonnes = np.where(n_unknown > 0, NAN, total)
    return np.where(np.isnan(stated), per_t * tonnes, stated)
