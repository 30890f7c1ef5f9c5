"""The balances and ratios of flows of many filières in one pass: the same numbers as one by one (A7, B1, B7, B12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...network.positions import any_at, first_of
from ..many import Many, counts_of, figures, ratios, shares_of_cases, sums_of
from ..measure import NAN
from ..together import as_one
from .balances.balance import balances_of
from .balances.estimate import estimate_of
from .measures import CHECKED
from .uses.ratios import demands_served, left_of, load_of
from .uses.recovery import rates_along, sorting_stages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...network import Core

    Codes = NDArray[np.int32]

__all__ = ["balances_of_many", "recovery_of_many", "unmet_of_many", "utilization_of_many"]


def balances_of_many(core: Core) -> Many:
    """Return the share of closed balances that add up of the filières of a core (B1): see `balance_measure`."""
    found, n = balances_of(as_one(core), by="place"), core.n_filieres
    nodes, groups = found.estimate.system.nodes, found.groups
    assert groups.of_node is not None  # places are of nodes
    of = first_of(groups.of_node, core.actor_filiere[nodes.actor], groups.count)
    state = found.columns["state"]
    closed, unknown = (counts_of(of, state == name, n) for name in ("closed", "unknown"))
    good = counts_of(of, (state == "closed") & (np.abs(found.columns["z"]) <= CHECKED), n)
    return shares_of_cases(good, unknown, closed + unknown, told=closed > 0)


def utilization_of_many(core: Core) -> Many:
    """Return the highest utilization of the activities of the filières of a core (B7): see `utilization_measure`."""
    load, rows = load_of(as_one(core)), estimate_of(as_one(core)).system.nodes.activities
    used, of, n = load.utilization, core.actor_filiere[rows.actor], core.n_filieres
    known = np.flatnonzero(~np.isnan(used))
    # the most used of each filière, of several the first: rows stand by filière
    order = known[np.lexsort((-used[known], of[known]))]
    top = first_of(of[order], order, n)

    def at_top(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.append(values, NAN)[top]

    value = at_top(used)
    return figures(
        value,
        counts_of(of, (load.capacity > 0) & np.isnan(used), n),
        low=value,
        numerator=at_top(load.entering),
        denominator=at_top(load.capacity),
    )


def recovery_of_many(core: Core) -> Many:
    """Return the recovery rate of what is sorted of the filières of a core (B12): see `recovery_measure`."""
    rate = rates_along(as_one(core))["sorted"]
    sorts = any_at(core.stage_filiere[sorting_stages(as_one(core))], core.n_filieres)
    found = Many(
        value=rate.share,
        low=rate.low,
        high=rate.high,
        numerator=rate.recovered_t_per_year,
        denominator=rate.denominator_t_per_year,
        n_unknown=rate.n_unknown,
    )
    return found.only_where(sorts)


def unmet_of_many(core: Core) -> Many:
    """Return the share of the demands left unserved of the filières of a core (A7): see `unmet_measure`."""
    n, (groups, arriving, unknown) = core.n_filieres, demands_served(as_one(core))
    asked = groups["t_per_year"].to_numpy(np.float64)
    use = asked > 0
    of, asked, arriving, unknown = groups["filiere"].to_numpy()[use], asked[use], arriving[use], unknown[use]
    left = left_of(asked, arriving, unknown)
    total, served, least, n_unknown = (
        sums_of(of, part, n) for part in (asked, np.minimum(arriving, asked), np.nan_to_num(left), unknown)
    )
    some, told = total > 0, core.has_flows
    sure = counts_of(of, np.isnan(left), n) == 0
    known, most = some & told & sure, total - served
    return Many(
        value=np.where(known, ratios(most, total), NAN),
        low=np.where(told, ratios(least, total), np.where(some, 0.0, NAN)),
        high=np.where(told, ratios(most, total), np.where(some, 1.0, NAN)),
        numerator=np.where(known, most, NAN),
        denominator=np.where(some, total, NAN),
        n_unknown=np.where(some & told & ~sure, n_unknown, 0).astype(np.int64),
    )
