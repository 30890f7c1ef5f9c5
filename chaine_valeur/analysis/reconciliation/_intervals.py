"""What is still known of a variable that nothing determines: the range that the constraints leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._normal import summed
from ._problem import Problem, Solution, Standard

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Values = NDArray[np.float64]
    Codes = NDArray[np.intp]

__all__ = ["intervals", "propagate_bounds"]

#: Sweeps over all constraints, and the relative gain under which another one is not worth it.
SWEEPS, WORTH = 50, 1e-6
#: Two bounds closer than this, relative to the larger, are one value.
SAME = 1e-9


def intervals(problem: Problem, solution: Solution, which: Codes) -> tuple[Values, Values]:
    """Return the smallest and the largest value that the constraints leave to variables (B4).

    ``min x_j`` and ``max x_j`` subject to all constraints, every measured variable standing at its reconciled
    value: bounds are passed on from constraint to constraint first; two linear programs for each variable that
    this does not settle follow, over the part of the network that it hangs on.

    Parameters
    ----------
    problem, solution
        What was solved and the result.
    which
        Positions of the variables asked for. Each may cost two linear programs: ask for those that are read.

    Returns
    -------
    low, high
        One value per position asked for, in the unit of the variable. Equal for what is measured or determined;
        infinite where nothing limits it. The reconciled value lies between them.

    Examples
    --------
    Ten tonnes are shared between two flows, one of them of at most four tonnes:

    >>> from scipy.sparse import csr_array
    >>> from ._newton import solve
    >>> problem = Problem(np.array([10.0, np.nan, np.nan]), np.ones(3), csr_array([[1.0, -1.0, -1.0]]),
    ...                   np.zeros(1), np.zeros(3), np.array([np.inf, np.inf, 4.0]))
    >>> low, high = intervals(problem, solve(problem), np.array([0, 1, 2]))
    >>> low.round(6).tolist(), high.round(6).tolist()
    ([10.0, 6.0, 0.0], [10.0, 10.0, 4.0])
    """
    which = np.asarray(which, dtype=np.intp)
    low, high = (side[which] for side in propagate_bounds(problem, solution))
    with np.errstate(invalid="ignore"):
        settled = np.isfinite(high - low) & (high - low <= SAME * np.maximum(np.abs(high), np.abs(low)))
    if not settled.all():
        programs = _Programs(_stood(problem, solution))
        for place in np.flatnonzero(~settled):  # a loop over what is asked for: two linear programs each
            found = programs.range_of(int(which[place]))
            low[place], high[place] = max(low[place], found[0]), min(high[place], found[1])
    at = solution.x[which]
    return np.minimum(low, at) + 0.0, np.maximum(high, at) + 0.0


def propagate_bounds(problem: Problem, solution: Solution) -> tuple[Values, Values]:
    """Return bounds of every variable, tightened by each constraint in turn until nothing moves.

    In ``Σ a_j x_j = b``, what the bounds of the others leave is a bound of each. Measured variables stand at their
    reconciled value. Fast, never too narrow, and exact where no loop ties the unmeasured flows together.

    Parameters
    ----------
    problem, solution
        What was solved and the result.

    Returns
    -------
    low, high
        One value per variable, infinite where nothing limits it.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from ._newton import solve
    >>> problem = Problem(np.array([10.0, np.nan, np.nan]), np.ones(3), csr_array([[1.0, -1.0, -1.0]]),
    ...                   np.zeros(1), np.zeros(3), np.array([np.inf, np.inf, 4.0]))
    >>> low, high = propagate_bounds(problem, solve(problem))
    >>> low.round(6).tolist(), high.round(6).tolist()
    ([10.0, 6.0, 0.0], [10.0, 10.0, 4.0])
    """
    A, b, low, high, value = _stood(problem, solution)
    rows = np.repeat(np.arange(A.shape[0]), np.diff(A.indptr))
    size = np.max(np.abs(solution.x), initial=0.0)
    for _ in range(SWEEPS):
        least, most = _others(A, rows, low, high)
        ends = np.stack([(b[rows] - most) / A.data, (b[rows] - least) / A.data])
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, A.indices, ends.min(axis=0))
        np.minimum.at(new_high, A.indices, ends.max(axis=0))
        # the reconciled point satisfies everything: what excludes it is rounding
        new_low, new_high = np.minimum(new_low, value), np.maximum(new_high, value)
        with np.errstate(invalid="ignore"):
            gain = np.nan_to_num(np.concatenate([new_low - low, high - new_high]), nan=0.0, posinf=np.inf)
        low, high = new_low, new_high
        if gain.max(initial=0.0) <= WORTH * size:
            break
    return low[: problem.size] + 0.0, high[: problem.size] + 0.0  # no negative zero


def _others(A: csr_array, rows: Codes, low: Values, high: Values) -> tuple[Values, Values]:
    """Return, for each coefficient, the least and the most that the rest of its row can sum to."""
    first, second = A.data * low[A.indices], A.data * high[A.indices]
    found = []
    for ends, endless in ((np.minimum(first, second), -np.inf), (np.maximum(first, second), np.inf)):
        infinite = ~np.isfinite(ends)
        finite = np.where(infinite, 0.0, ends)
        sums, counts = summed(rows, finite, A.shape[0]), summed(rows, infinite.astype(float), A.shape[0])
        found.append(np.where(counts[rows] - infinite > 0, endless, sums[rows] - finite))
    return found[0], found[1]


def _stood(problem: Problem, solution: Solution) -> tuple[csr_array, Values, Values, Values, Values]:
    """Return equalities (slacks included), bounds and a point, the measured standing at their reconciled value.

    The right-hand side is what the point gives: rounding would otherwise be asked of the last variable of a row.
    """
    s = Standard.of(problem)
    A, first = s.A.copy(), problem.A.shape[0]
    A.eliminate_zeros()
    slack = s.b[first:] - s.A[first:, : s.size] @ solution.x
    value = np.concatenate([solution.x, np.maximum(0.0, slack)])
    known = np.concatenate([problem.is_measured, np.zeros(len(slack), dtype=bool)])
    lower = np.where(known, value, np.minimum(s.lower, value))
    upper = np.where(known, value, np.maximum(s.upper, value))
    return A, A @ value, lower, upper, value


class _Programs:
    """Linear programs over the unmeasured variables, part by part: what a measured flow separates is apart."""

    def __init__(self, stood: tuple[csr_array, Values, Values, Values, Values]) -> None:
        from scipy.sparse import block_array
        from scipy.sparse.csgraph import connected_components

        A, b, self.lower, self.upper, value = stood
        self.open = np.flatnonzero(self.lower < self.upper)
        stands = np.where(self.lower < self.upper, 0.0, value)
        self.A, self.b = A.tocsc()[:, self.open].tocsr(), b - A @ stands
        _, part = connected_components(block_array([[None, self.A], [self.A.T, None]]), directed=False)
        self.row_part, self.column_part = part[: A.shape[0]], part[A.shape[0] :]

    def range_of(self, variable: int) -> tuple[float, float]:
        """Return the least and the largest value of one variable; infinite where nothing limits it."""
        from scipy.optimize import linprog

        at = int(np.searchsorted(self.open, variable))
        rows = np.flatnonzero(self.row_part == self.column_part[at])
        columns = np.flatnonzero(self.column_part == self.column_part[at])
        bounds = np.stack([self.lower, self.upper], axis=1)[self.open[columns]]
        A, cost, ends = self.A[rows][:, columns], (columns == at).astype(float), []
        for sign in (1.0, -1.0):
            done = linprog(sign * cost, A_eq=A, b_eq=self.b[rows], bounds=bounds, method="highs")
            # what is neither solved nor unbounded was stopped by rounding: propagation alone holds then
            ends.append(sign * done.fun if done.status == 0 else -sign * np.inf)
        return ends[0], ends[1]
