"""Solving the program of a chain with HiGHS, and telling what has no limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ChaineValeurError
from ....vocabulary import MarketKind
from ...markets import FIRMEST
from .row_facts import steps_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .program import Program

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Optimum", "best", "leanest", "without_limit"]

#: Tried in turn: the default simplex is slow on chains of several materials.
METHODS = ("highs-ipm", "highs")
#: Share of the largest served amount under which an amount is a rounding error of the solver.
ROUNDING = 1e-9
#: Weight of serving a less firm demand, in tonnes moved, where the total is the same.
FIRMNESS = 1e4
#: Served of at most 1 t of each demand, above which a way leads to one: to none of it, or to all.
REACHED = 0.5
#: Cost of using a variable above which no optimum uses it.
USELESS = 1e-6


@dataclass(frozen=True)
class Optimum:
    """Variables at an optimum, what is served in t/year, and the dual of each limit (0 where there is none).

    `useful` are the variables that some optimum may use.
    """

    z: Values
    served: float
    dual: Values
    useful: Mask


def best(program: Program, limit: Values, *, methods: Sequence[str] = METHODS) -> Optimum:
    """Return the most that can be served under some limits (inf: none); it has to be bounded."""
    serve = program.starts["serve"]
    cost = np.zeros(program.n_variables)
    cost[serve] = -1.0
    upper = np.where(program.open_, np.inf, 0.0)
    z, dual, price = _solve(program, cost, limit, upper, methods=methods)
    return Optimum(z, float(z[serve].sum()), dual, price <= USELESS)


def leanest(program: Program, limit: Values, found: Optimum) -> Optimum:
    """Return an optimum that serves the firmest demands first and moves the least: nothing turns in circles."""
    starts, serve = program.starts, program.starts["serve"]
    cost = np.zeros(program.n_variables)
    for part in ("arc", "level", "fill"):  # over three kinds of variables
        cost[starts[part]] = 1.0
    groups = program.demands.groups["level"]
    firmness = pd.Index(FIRMEST[MarketKind.DEMAND.value]).get_indexer(groups)
    firmness = np.where(firmness < 0, firmness.max(initial=0) + 1, firmness)
    place = groups.index.get_indexer(program.demands.places["group"])
    cost[serve] = FIRMNESS * firmness[place]
    # a variable that costs something in a solution of the dual is 0 in every optimum
    high = np.where(program.open_ & found.useful, np.inf, 0.0)
    z, _, _ = _solve(program, cost, limit, high, served=found.served)
    return Optimum(z, found.served, found.dual, found.useful)


def without_limit(program: Program, limit: Values, *, reach: bool = False) -> Values | None:
    """Return a way of serving more and more (per tonne), or ``None`` where everything served is limited.

    With all limits at zero, what can still be served can be served for ever: 1 t of each demand at most.

    Parameters
    ----------
    reach
        Lift every limit: whether there is a way at all.
    """
    serve = program.starts["serve"]
    demand = program.limit_kind == "demand"
    upper = np.where(program.open_, np.inf, 0.0)
    upper[serve] = np.minimum(upper[serve], 1.0)
    bound = np.where(np.isfinite(limit), 0.0, np.inf)
    if reach:
        bound = np.full_like(limit, np.inf)
    else:
        bounded = np.asarray((program.limits[demand & np.isfinite(limit)] != 0).sum(axis=0)).ravel() > 0
        if not (program.open_ & ~bounded)[serve].any():
            return None
        if not _may_be_reached(program, bound):
            return None
    cost = np.zeros(program.n_variables)
    cost[serve] = -1.0
    z, _, _ = _solve(program, cost, bound, upper)
    return z if z[serve].max(initial=0.0) > REACHED else None


def _may_be_reached(program: Program, bound: Values) -> bool:
    """Return whether steps that nothing limits lead from where material enters to who asks; else nothing is solved.

    A process runs here as soon as one of its inputs is there: what is not reached even so is not reached at all.
    """
    from scipy.sparse.csgraph import dijkstra

    system, starts = program.system, program.starts
    shut = np.asarray((program.limits[bound == 0] != 0).sum(axis=0)).ravel() > 0
    free = program.open_ & ~shut
    enters = system.arc_in[free[starts["arc"]] & (system.arc_out < 0)]
    draws = program.supplies.places["row"].to_numpy()[free[starts["draw"]]]
    begun = np.unique(np.concatenate([enters[enters >= 0], draws, program.fill_row[free[starts["fill"]]]]))
    buyers = program.demands.places["row"].to_numpy()[free[starts["serve"]]]
    if not len(begun) or not len(buyers):
        return False
    steps = steps_between(system, free[starts["arc"]], free[starts["level"]])
    return bool(np.isfinite(dijkstra(steps, indices=begun, min_only=True, unweighted=True)[buyers]).any())


def _solve(
    program: Program,
    cost: Values,
    limit: Values,
    high: Values,
    served: float | None = None,
    methods: Sequence[str] = METHODS,
) -> tuple[Values, Values, Values]:
    """Return the variables, the duals of the limits and the reduced costs; `served`: a total to keep to."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    finite = np.flatnonzero(np.isfinite(limit))
    scale = _scale(np.concatenate([limit[finite], high[np.isfinite(high)]]))
    matrix = vstack([-program.balances, program.limits[finite]], format="csr")
    right = np.concatenate([np.zeros(program.balances.shape[0]), limit[finite] / scale])
    bounds = np.column_stack([np.zeros_like(high), high / scale])
    equal = {}
    if served is not None:
        total = np.zeros((1, len(cost)))
        total[0, program.starts["serve"]] = 1.0
        equal = {"A_eq": csr_array(total), "b_eq": np.array([served / scale])}
    for method in methods:
        found = linprog(cost, A_ub=matrix, b_ub=right, bounds=bounds, method=method, **equal)
        if found.status == 0:
            break
    else:
        raise ChaineValeurError(
            f"the linear program of the chain was not solved ({found.message}); look for capacities, supplies or "
            "demands of very different sizes"
        )
    dual = np.zeros(len(limit))
    dual[finite] = -found.ineqlin.marginals[program.balances.shape[0] :]
    return np.maximum(found.x, 0.0) * scale, dual, cost - matrix.T @ found.ineqlin.marginals


def _scale(values: Values) -> float:
    """Return a power of two near the middle of the limits: tolerances of the solver are absolute."""
    positive = values[values > 0]
    if not len(positive):
        return 1.0
    return float(2.0 ** np.round(np.log2(np.median(positive)) - 7))
