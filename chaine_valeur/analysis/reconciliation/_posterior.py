"""How sure the reconciled values are, and whether the measured ones were compatible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._classes import FREE, REDUNDANT, classes, degrees_of_freedom
from ._normal import NormalMatrix
from ._problem import Problem, Solution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Codes = NDArray[np.intp]

__all__ = ["global_test", "posterior_sd", "standardised_adjustments"]

#: Variance lent to what was not measured, over the largest one measured; taken away by refinement.
LENT = 1e4
#: Columns of the covariance computed together.
TOGETHER = 64


def posterior_sd(problem: Problem, solution: Solution, which: Codes) -> Values:
    """Return the standard uncertainty of reconciled variables, those asked for.

    The square root of the diagonal of ``Σ − Σ Aᵀ (A Σ Aᵀ)⁻¹ A Σ``, unmeasured variables having an infinite
    variance. Only equalities count: a bound or an inequality that holds is treated as if it were not there, which
    gives a little more than the true uncertainty.

    Parameters
    ----------
    problem, solution
        What was solved and the result.
    which
        Positions of the variables asked for.

    Returns
    -------
    array
        One value per position asked for, in the unit of the variable: at most `sigma` for a measured one, 0 for an
        exact one, NaN for a free one.

    References
    ----------
    Narasimhan & Jordache 2000, Data Reconciliation and Gross Error Detection (unverified); the formula is checked
    against the values printed for its example 1-1.

    Examples
    --------
    Three measurements of one flow with the same uncertainty: the mean has σ/√3.

    >>> from scipy.sparse import csr_array
    >>> from ._newton import solve
    >>> none = np.full(3, np.inf)
    >>> problem = Problem(np.array([10.0, 10.5, 9.8]), np.ones(3), csr_array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]]),
    ...                   np.zeros(2), -none, none)
    >>> posterior_sd(problem, solve(problem), np.arange(3)).round(6).tolist()
    [0.57735, 0.57735, 0.57735]
    """
    which = np.asarray(which, dtype=np.intp)
    kind = classes(problem)[which]
    sd = np.where(problem.is_exact[which], 0.0, np.nan)
    asked = (kind != FREE) & ~problem.is_exact[which]
    variance, _ = _variances(problem, which[asked])
    sd[asked] = np.sqrt(np.maximum(variance, 0.0))
    return sd


def standardised_adjustments(problem: Problem, solution: Solution, which: Codes) -> Values:
    """Return by how many of its own standard deviations each measured value was moved (B6).

    ``(x̂ − m) / √(σ² − σ̂²)``

    Parameters
    ----------
    problem, solution
        What was solved and the result.
    which
        Positions of the variables asked for.

    Returns
    -------
    array
        One number per position, signed, without unit; beyond ±2 the value is to be checked. NaN where nothing
        checks the value: unmeasured, exact or not redundant. Bounds that hold are treated as for `posterior_sd`.
    """
    which = np.asarray(which, dtype=np.intp)
    out = np.full(len(which), np.nan)
    checked = (classes(problem)[which] == REDUNDANT) & ~problem.is_exact[which]
    asked = which[checked]
    _, gained = _variances(problem, asked)
    with np.errstate(divide="ignore", invalid="ignore"):
        out[checked] = (solution.x[asked] - problem.measured[asked]) / np.sqrt(np.maximum(gained, 0.0))
    out[~np.isfinite(out)] = np.nan
    return out


def global_test(problem: Problem, solution: Solution) -> tuple[float, int, float]:
    """Return the weighted sum of squares at the optimum, its degrees of freedom and the p-value (B5).

    ``J = Σ ((x̂ − m) / σ)²``, which follows χ² if the measured values are compatible and their uncertainties right.

    Parameters
    ----------
    problem, solution
        What was solved and the result.

    Returns
    -------
    chi2, dof, p
        `dof` counts the independent equalities left once the unmeasured variables are eliminated; inequalities
        and bounds do not count. `p` is the probability of a larger J (0..1), NaN with no degree of freedom.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from ._newton import solve
    >>> none = np.full(2, np.inf)
    >>> problem = Problem(np.array([10.0, 12.0]), np.ones(2), csr_array([[1.0, -1.0]]), np.zeros(1), -none, none)
    >>> chi2, dof, p = global_test(problem, solve(problem))
    >>> round(chi2, 6), dof, round(p, 4)
    (2.0, 1, 0.1573)
    """
    from scipy.special import chdtrc

    dof = degrees_of_freedom(problem)
    return solution.objective, dof, float(chdtrc(dof, solution.objective)) if dof else float("nan")


def _variances(problem: Problem, which: Codes) -> tuple[Values, Values]:
    """Return `_found_variances`, made once for those that both measures above ask about."""
    return problem.derived(("variances", which.tobytes()), lambda: _found_variances(problem, which))


def _found_variances(problem: Problem, which: Codes) -> tuple[Values, Values]:
    """Return the variance after reconciliation, and what was gained (variance before minus after; NaN unmeasured).

    The column of the covariance of variable j solves ``min ½ vᵀ Σ⁻¹ v − v_j`` subject to ``A v = 0``.
    """
    known, mobile = problem.is_measured, ~problem.is_exact
    before = np.where(known & mobile, problem.sigma, 0.0) ** 2
    curvature = np.divide(1.0, before, out=np.zeros(problem.size), where=before > 0)
    largest = before.max(initial=0.0) or 1.0
    theta = np.where(known, before, np.where(mobile, LENT * largest, 0.0))
    A, At = problem.A, problem.A.T.tocsr()
    normal = NormalMatrix(A, theta)
    normal.weigh(theta)
    if len(which):  # lets the preconditioner find its size
        normal.solve(A @ theta, tolerance=1e-7)
    after, gained = np.zeros(len(which)), np.full(len(which), np.nan)
    for start in range(0, len(which), TOGETHER):  # a loop over blocks of columns
        asked = which[start : start + TOGETHER]
        place = np.arange(len(asked))
        v, y = np.zeros((problem.size, len(asked))), np.zeros((A.shape[0], len(asked)))
        for _ in range(12):
            uphill = At @ y - curvature[:, None] * v
            uphill[asked, place] += 1.0
            uphill[~mobile] = 0.0
            change = theta[:, None] * uphill
            dy = normal.solve_many(-(A @ (v + change)), tolerance=1e-7)
            moved = change + theta[:, None] * (At @ dy)
            v, y = v + moved, y + dy
            if (np.abs(moved[asked, place]) <= 1e-10 * np.abs(v[asked, place]) + 1e-300).all():
                break
        after[start : start + len(asked)] = v[asked, place]
        pulled = before[asked] * (At @ y)[asked, place]
        gained[start : start + len(asked)] = np.where(known[asked], -pulled, np.nan)
    return after, gained
