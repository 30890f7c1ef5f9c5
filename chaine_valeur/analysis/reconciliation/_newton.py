"""The values closest to the measured ones that satisfy the constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._forced import forced
from ._interior import END, NEAR, InteriorPoint
from ._multipliers import Newton
from ._normal import NormalMatrix, dot
from ._problem import Problem, Solution, Standard

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["solve"]

#: Where the path may be left if the bounds that hold are plain: distance times multiplier, as for its end.
EARLY = 1e-7
#: Rounds in which bounds are taken up and let go of, before the end and then before it is told as it is.
EARLY_ROUNDS, MOST_ROUNDS = 3, 12


def solve(problem: Problem, *, tolerance: float = 1e-9, max_iterations: int = 150) -> Solution:
    """Return the values closest to the measured ones that satisfy the constraints (B2).

    ``min Σ ((x − m) / σ)²  s.t.  A x = b, C x ≤ d, lower ≤ x ≤ upper``

    Deterministic. Redundant and duplicated constraints, disconnected parts and closed loops are allowed.
    The reconciled values of the measured variables are unique. Where the unmeasured ones are not, they are those
    of least Σ x² among all that go with them.

    Parameters
    ----------
    problem
        What was measured and what has to hold.
    tolerance
        Largest imbalance of a constraint, relative to what passes through it.
    max_iterations
        Steps after which the search is given up.

    Returns
    -------
    Solution
        `converged` is False where the constraints cannot hold together.

    Raises
    ------
    ArgumentError
        The arrays do not fit or hold impossible values (`Problem.validate`).

    Examples
    --------
    Ten tonnes in, 4 and 5 out, each known within 1 t: the missing tonne is shared.

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> none = np.full(3, np.inf)
    >>> problem = Problem(np.array([10.0, 4.0, 5.0]), np.ones(3), csr_array([[1.0, -1.0, -1.0]]),
    ...                   np.zeros(1), -none, none)
    >>> [round(float(value), 3) for value in solve(problem).x]
    [9.667, 4.333, 5.333]
    """
    problem.validate()
    standard = Standard.of(problem)
    x, y, iterations, converged = _closest(standard, tolerance, max_iterations)
    return _told(problem, standard, x, y, iterations, converged)


def _closest(standard: Standard, tolerance: float, max_iterations: int) -> tuple[Values, Values, int, bool]:
    """Return x, the multipliers of the constraints, the steps taken and whether it is the optimum."""
    lent = np.isnan(standard.variance)
    mobile = (standard.lower < standard.upper) & (lent | (standard.variance > 0))
    normal, taken = NormalMatrix(standard.A, np.where(mobile, np.where(lent, 1.0, standard.variance), 0.0)), 0
    if not lent.any():
        newton = Newton(standard, tolerance, normal)
        newton.run()
        if newton.converged:
            return newton.x, newton.y, newton.iterations, True
        taken = newton.iterations
    x, y, more, converged = _within(standard, normal, tolerance, max_iterations)
    taken += more
    if not converged:
        # a path needs room: what has none is fixed, if that is what stopped it
        fixed, forcing = forced(standard)
        if forcing.any():
            x, y, more, converged = _within(fixed, normal, tolerance, max_iterations)
            taken += more
            y = np.where(forcing, np.nan, y)
    return x, y, taken, converged


def _within(
    standard: Standard, normal: NormalMatrix, tolerance: float, max_iterations: int
) -> tuple[Values, Values, int, bool]:
    """Return the same by interior points."""
    search = InteriorPoint(standard, normal)
    # which bounds hold is plain before the end, and what holds is then solved for exactly; with something
    # unmeasured it takes to the end, and where it stays doubtful the end itself has to do
    early = [] if np.isnan(standard.variance).any() else [(EARLY, EARLY_ROUNDS)]
    for end, most in (*early, (END, MOST_ROUNDS)):
        search.run(max_iterations, end, NEAR)
        vertex = _vertex(search, tolerance, most) if search.converged else None
        if vertex is not None:
            return *vertex, search.iterations, True
    search.run(max_iterations, END, tolerance)
    return search.snapped(), search.y, search.iterations, search.converged


def _vertex(search: InteriorPoint, tolerance: float, most: int) -> tuple[Values, Values] | None:
    """Return x and y exactly, the bounds that hold being known; None where they cannot be told apart."""
    s, x, y, free = search.standard, search.x, search.y, search.free()
    upper = search.mobile & (np.abs(x - s.lower) > np.abs(x - s.upper))
    # what counts as nothing: a billionth of an uncertainty, or what rounding gives where nothing was measured
    lent, width = np.isnan(s.variance), np.where(search.mobile, search.width, 1.0)
    over = np.where(lent, 1e-10 * search.usual, 1e-9 * width)
    least = np.where(lent, 1e-12 / search.usual, 1e-9 / width)
    # the pull that chose among the unmeasured is taken away in the end: it moved the measured a little
    bare = np.where(lent, 0.0, search.curvature)
    for curvature in (search.curvature, bare) if lent.any() else (bare,):
        rounds = 1  # until nothing changes, then to the last digit
        for _ in range(most):
            x = np.where(search.mobile & ~free, np.where(upper, s.upper, s.lower), x)
            x, y = _polished(search, x, y, free, curvature, rounds)
            pressure = curvature * (x - s.centre) - search.At @ y
            rounding = least + 1e-14 * (abs(search.At) @ np.abs(y))
            leaves = search.mobile & ~free & (np.where(upper, pressure, -pressure) > rounding)
            below = free & (x < s.lower - over)
            above = free & (x > s.upper + over)
            if (leaves | below | above).any():
                free = (free | leaves) & ~below & ~above
                upper = np.where(below | above, above, upper)
            elif rounds > 1:
                break
            else:
                rounds = 8
        else:
            return None
    x = np.clip(x, s.lower, s.upper)
    off = np.abs(search.b - search.A @ x) / (search.size + search.sizes @ np.abs(x))
    steep = np.max(np.abs(pressure) * search.width, initial=0.0, where=free)
    return (x, y) if np.max(off, initial=0.0) <= tolerance and steep <= 1e-9 else None


def _polished(
    search: InteriorPoint, x: Values, y: Values, free: Mask, curvature: Values, rounds: int
) -> tuple[Values, Values]:
    """Return x and y with the gradient of the free variables and the imbalances taken away."""
    theta = np.where(free, 1 / np.where(free, search.curvature + search.hold, 1.0), 0.0)
    search.normal.weigh(theta)
    before = np.inf
    for _ in range(rounds):
        off = search.b - search.A @ x
        uphill = np.where(free, search.At @ y - curvature * (x - search.standard.centre), 0.0)
        wrong = max(
            float(np.max(np.abs(off) / (search.size + search.sizes @ np.abs(x)), initial=0.0)),
            float(np.max(theta * np.abs(uphill), initial=0.0)) / search.usual,
        )
        if wrong <= 1e-15 or wrong > 0.3 * before:  # done, or as far as rounding lets it
            break
        before = wrong
        dy, _ = search.normal.solve(off - search.A @ (theta * uphill), tolerance=1e-6)
        x, y = x + theta * (search.At @ dy + uphill), y + dy
    return x, y


def _told(
    problem: Problem, standard: Standard, x: Values, y: Values, iterations: int, converged: bool
) -> Solution:
    n, m = problem.size, problem.A.shape[0]
    x = np.clip(x, standard.lower, standard.upper)
    moved = problem.is_measured & (problem.sigma > 0)
    shift = (x[:n][moved] - problem.measured[moved]) / problem.sigma[moved]
    mobile = ~problem.is_exact
    off, through = np.abs(standard.b - standard.A @ x), abs(standard.A) @ np.abs(x) + np.abs(standard.b)
    # where next to nothing passes, an imbalance is not relative to it
    through = np.maximum(through, 1e-6 * max(np.max(through, initial=0.0), np.max(np.abs(x), initial=0.0)))
    rows = 0 if problem.d is None else len(problem.d)
    upper, active = np.zeros(rows), np.zeros(rows, dtype=bool)
    upper[standard.limited], active[standard.limited] = np.maximum(0.0, -y[m:]), x[n:] == 0
    inside = (x[:n] >= problem.lower) & (x[:n] <= problem.upper)
    return Solution(
        x=x[:n],
        duals=y[:m],
        duals_upper=upper,
        at_lower=mobile & (x[:n] == problem.lower),
        at_upper=mobile & (x[:n] == problem.upper),
        active_rows=active,
        objective=dot(shift, shift),
        residual=float(
            np.max(np.divide(off, through, out=np.zeros_like(off), where=through > 0), initial=0.0)
        ),
        iterations=iterations,
        converged=converged and bool(inside.all()),
    )
