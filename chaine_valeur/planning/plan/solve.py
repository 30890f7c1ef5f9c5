"""Solving the program of a plan with HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NotSolvedError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from .model import Model

    Values = NDArray[np.float64]
    #: A further row: a vector over the columns, the least and the most it may be.
    Further = tuple[Values, float, float]

__all__ = ["PROVEN", "Found", "held_to", "no_better", "solved"]

#: A gap under which an optimum counts as proven.
PROVEN = 1e-7
#: Share of a total, and units of the program, that rounding may take from what was found when it is held to.
SLACK = 1e-9


@dataclass(frozen=True)
class Found:
    """Columns of a solution, its value, the proven bound, and whether time ran out."""

    columns: Values
    value: float
    bound: float
    in_time: bool

    def gap(self, today: float = 0.0) -> float:
        """Return the distance to the bound, as a share of what the value is beyond today’s: 0 is a proven optimum."""
        apart = max(0.0, self.bound - self.value)
        if apart <= PROVEN * max(1.0, abs(self.value)):
            return 0.0
        return apart / (self.value - today) if self.value - today > 0 and np.isfinite(apart) else float("inf")


def solved(
    model: Model,
    total: Values,
    *,
    gap: float = 0.0,
    time_limit_s: float = 60.0,
    without: Collection[int] = (),
    further: Sequence[Further] = (),
    lower: Values | None = None,
    upper: Values | None = None,
) -> Found | None:
    """Return the columns that make a total largest, ``None`` where nothing satisfies the rows.

    Parameters
    ----------
    without
        Rules whose rows are left out.
    further
        Rows to add.
    lower, upper
        Bounds of the columns, by default those of the model.

    Raises
    ------
    NotSolvedError
        No solution within the time limit, and none excluded.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, vstack

    matrix, low, high = model.matrix, model.low, model.high
    if without:
        kept = ~np.isin(model.rule, list(without))
        matrix, low, high = matrix[kept], low[kept], high[kept]
    if further:
        rows = csr_array(np.array([row for row, _, _ in further]))
        matrix = vstack([matrix, rows], format="csr")
        low = np.concatenate([low, [one for _, one, _ in further]])
        high = np.concatenate([high, [one for _, _, one in further]])
    bounds = Bounds(
        model.lower if lower is None else lower,
        model.upper if upper is None else upper,
    )
    constraint = LinearConstraint(matrix.tocsc(), low, high)
    options: dict[str, object] = {"time_limit": max(time_limit_s, 0.01), "mip_rel_gap": gap}
    whole = model.whole.astype(np.int64)
    done = milp(-total, integrality=whole, bounds=bounds, constraints=constraint, options=options)
    if (
        done.status == 2
    ):  # presolve of HiGHS 1.12 says so of some programs that have a solution: asked again without
        options |= {"presolve": False}
        done = milp(-total, integrality=whole, bounds=bounds, constraints=constraint, options=options)
    if done.status == 2 or (done.status == 4 and done.x is None and _none(model, bounds, constraint)):
        return None
    if done.x is None:
        raise NotSolvedError(
            f"no plan was found ({done.message}); give a longer `time_limit_s`, or a larger `gap`"
        )
    columns = np.where(model.whole, np.round(done.x), np.maximum(done.x, 0.0))
    bound = -done.fun if done.mip_dual_bound is None else -float(done.mip_dual_bound)
    return Found(columns, float(-done.fun), bound, done.status == 0)


def _none(model: Model, bounds: object, constraint: object) -> bool:
    """Return whether nothing at all satisfies the rows, where the solver could not tell from having no limit."""
    from scipy.optimize import milp

    done = milp(
        np.zeros(model.width), integrality=model.whole.astype(np.int64), bounds=bounds, constraints=constraint
    )
    return bool(done.status == 2)


def no_better(total: Values, found: Found) -> tuple[Values, float, float]:
    """Return the row that a total is no better than what was proven: what is asked further is solved sooner for it."""
    most = max(found.bound, found.value)
    return total, -np.inf, most + PROVEN * max(1.0, abs(found.value))


def held_to(total: Values, value: float) -> tuple[Values, float, float]:
    """Return the row that keeps a total at what was found, rounding apart."""
    return total, value - SLACK * max(1.0, abs(value)), np.inf
