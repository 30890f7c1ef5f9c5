"""The best plan: best first, then at least cost, then in order; and what money and flows do once it is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .large import solved_large
from .outlets import outlet_rows
from .solve import Found, held_to, solved

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from .model import Model
    from .solve import Further

    Values = NDArray[np.float64]

__all__ = ["best_of", "in_order", "settled"]

#: Weight of what enters from nobody knows where against a step within the chain: what somebody has goes first.
NOWHERE = 10.0
#: Weight of what nobody takes: what is told to be without a taker could not find one.
NO_TAKER = 100.0
#: Options up to which a plan is solved to the end, whatever the gap that is accepted.
SMALL = 40


def best_of(
    model: Model,
    total: Values,
    *,
    gap: float,
    time_limit_s: float,
    further: Sequence[Further] = (),
    without: Collection[int] = (),
    lower: Values | None = None,
    upper: Values | None = None,
    today: float = 0.0,
) -> Found | None:
    """Return the best plan; of several, the cheapest, then the one decided earliest and first in the table.

    Ties are broken where the optimum is proven; where a gap is left they mean nothing.
    """
    asks = {"without": without, "lower": lower, "upper": upper}
    if len(model.asked.options) > SMALL:
        return solved_large(
            model, total, gap=gap, time_limit_s=time_limit_s, further=further, today=today, **asks,  # type: ignore[arg-type]
        )  # fmt: skip
    first = solved(model, total, time_limit_s=time_limit_s, further=further, **asks)  # type: ignore[arg-type]
    if first is None or first.gap(today):
        return first
    rows = [*further, held_to(total, first.value)]
    cost = -model.totals["budgets"]
    second = solved(model, cost, time_limit_s=time_limit_s, further=rows, **asks)  # type: ignore[arg-type]
    if second is None:
        return first
    rows.append(held_to(cost, second.value))
    third = solved(model, -in_order(model), time_limit_s=time_limit_s, further=rows, **asks)  # type: ignore[arg-type]
    chosen = second if third is None else third
    return replace(chosen, value=float(total @ chosen.columns), bound=first.bound)


def in_order(model: Model) -> Values:
    """Return the weight of each decision: earlier years before later ones, then the order of the table."""
    n, t = model.asked.size
    weight = np.zeros(model.width)
    ranked = np.arange(t)[None, :] * (n + 1) + np.arange(1, n + 1)[:, None]
    weight[model.parts["units"]] = ranked.ravel() / (n + 1)
    return weight


def settled(model: Model, units: Values, objective: Values, *, without: Collection[int] = ()) -> Found | None:
    """Return what money and flows do once the decisions are made.

    The objective as large as it can be, at least cost, then with as much served as can be, then with the money
    that may pay for less spent first, the least left without a taker and the least moved: nothing turns in circles.

    Parameters
    ----------
    units
        Options × years: units decided.
    """
    lower, upper = model.lower.copy(), model.upper.copy()
    for part, values in (("units", units), ("starts", (units > 0)[model.asked.units > 1])):  # over two parts
        lower[model.parts[part]] = upper[model.parts[part]] = values.ravel()
    rows: list[Further] = []
    found = None
    for total in (objective, -model.totals["budgets"], model.totals["served_t"]):  # over three wishes
        if not np.any(total[model.parts["money"].start :]) and found is not None:
            continue
        if total is model.totals["served_t"] and (model.chain is None or not model.chain.limited):
            continue
        then = solved(model, total, further=rows, lower=lower, upper=upper, without=without)
        if then is None:  # the first time: these decisions cannot be; later: rounding, what was found stands
            return found
        found = then
        rows.append(held_to(total, found.value))
    moved = np.zeros(model.width)
    if model.chain is not None:
        cost = np.zeros(model.chain.program.n_variables)
        for part, weight in (("arc", 1.0), ("level", 1.0), ("fill", NOWHERE)):
            cost[model.chain.program.starts[part]] = weight
        asked = outlet_rows(model.chain)
        cost += NO_TAKER * np.asarray(model.chain.program.balances[np.flatnonzero(asked)].sum(axis=0)).ravel()
        moved[model.parts["flows"]] = np.tile(cost, model.asked.size[1]) * 1e-3
    moved[model.parts["money"]] = _freedom(model)
    last = solved(model, -moved, further=rows, lower=lower, upper=upper, without=without)
    return found if last is None else last


def _freedom(model: Model) -> Values:
    """Return, along the payments, how much else their budget could have paid: 0 to 1."""
    may = model.asked.may_pay
    if not may.size:
        return np.zeros(0)
    share = may.mean(axis=(1, 2, 3))
    return np.asarray(share[model.pays[:, 0]], dtype=np.float64)
