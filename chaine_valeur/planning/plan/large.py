"""A plan among many options: the relaxation first, what it leaves open next, and only then all that still may matter."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NotSolvedError
from .solve import Found, held_to, solved

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from .model import Model
    from .solve import Further

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["solved_large"]

#: Distance to a whole number under which a column of the relaxation is one.
WHOLE = 1e-6
#: Share of the accepted gap within which what the relaxation leaves open is solved.
INNER = 0.5
#: Share of the time that each way of leaving less open may take.
TRIAL = 0.25


def solved_large(
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
    """Return a plan proven within a gap, ``None`` where there is none.

    The linear relaxation bounds every plan, and most of its columns are whole. With these held, the rest is a small
    program: often it comes within the gap at once. Where it does not, no plan as good moves a column whose reduced
    cost is more than the distance between the two; the others are solved for. Before that, the options that the
    relaxation takes at least in part are let move to other years, all the others left out: mostly that is enough.

    Parameters
    ----------
    today
        What the total is without any option: the gap is a share of what is beyond.
    """
    begun = time.perf_counter()
    asks = {"further": further, "without": without}
    low, high = (model.lower if lower is None else lower), (model.upper if upper is None else upper)
    relaxed = _relaxed(model, total, low, high, further, without)
    if relaxed is None:  # nothing, or no limit: the exact way tells
        return solved(model, total, gap=gap, time_limit_s=time_limit_s, lower=lower, upper=upper, **asks)  # type: ignore[arg-type]
    columns, bound, price = relaxed
    gap *= max(bound - today, 0.0) / max(abs(bound), 1e-9)  # of the total, as the solver counts
    near = np.round(columns)
    held = model.whole & (np.abs(columns - near) < WHOLE)
    first = None
    for fixed in (held, model.whole & ~_of_options_in(model, columns)):  # over two ways of leaving less open
        asked = asks if first is None else asks | {"further": [*further, held_to(total, first.value)]}
        try:
            found = solved(
                model, total, gap=gap * INNER, time_limit_s=time_limit_s * TRIAL,
                lower=np.where(fixed, near, low), upper=np.where(fixed, near, high), **asked,  # type: ignore[arg-type]
            )  # fmt: skip
        except NotSolvedError:  # in this time: what is left open matters more
            continue
        if found is not None:
            first = replace(found, bound=max(bound, found.value))
            if bound - first.value <= gap * abs(first.value):
                return first
    left = max(time_limit_s - (time.perf_counter() - begun), 0.1)
    if first is not None:
        apart = bound - first.value
        fixed = model.whole & (np.abs(price) > apart * (1 + WHOLE) + WHOLE) & held
        low, high = np.where(fixed, near, low), np.where(fixed, near, high)
        asks["further"] = [*further, held_to(total, first.value)]
    try:
        found = solved(model, total, gap=gap, time_limit_s=left, lower=low, upper=high, **asks)  # type: ignore[arg-type]
    except NotSolvedError:
        if first is None:
            raise
        return replace(first, in_time=False)
    if found is None:
        return first
    return replace(found, bound=min(found.bound, bound))


def _of_options_in(model: Model, columns: Values) -> Mask:
    """Return the columns of decisions on options that a relaxation takes, at least in part."""
    n, t = model.asked.size
    taken = columns[model.parts["units"]].reshape(n, t).sum(axis=1) > WHOLE
    found = np.zeros(model.width, dtype=bool)
    found[model.parts["units"]] = np.repeat(taken, t)
    found[model.parts["starts"]] = np.repeat(taken[model.asked.units > 1], t)
    return found


def _relaxed(
    model: Model,
    total: Values,
    low: Values,
    high: Values,
    further: Sequence[Further],
    without: Collection[int],
) -> tuple[Values, float, Values] | None:
    """Return columns, value and reduced costs of the linear relaxation."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    matrix, least, most = model.matrix, model.low, model.high
    if without:
        kept = ~np.isin(model.rule, list(without))
        matrix, least, most = matrix[kept], least[kept], most[kept]
    if further:
        matrix = vstack([matrix, csr_array(np.array([row for row, _, _ in further]))], format="csr")
        least = np.concatenate([least, [one for _, one, _ in further]])
        most = np.concatenate([most, [one for _, _, one in further]])
    equal = least == most
    above, below = ~equal & np.isfinite(most), ~equal & np.isfinite(least)
    done = linprog(
        -total,
        A_ub=vstack([matrix[above], -matrix[below]]).tocsc(),
        b_ub=np.concatenate([most[above], -least[below]]),
        A_eq=matrix[equal].tocsc(),
        b_eq=most[equal],
        bounds=np.column_stack([low, high]),
        method="highs-ds",
    )
    if done.status != 0:
        return None
    return done.x, float(-done.fun), done.lower.marginals + done.upper.marginals
