"""A reconciliation problem as arrays: what was measured, how surely, and what has to hold."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ...errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Problem", "Solution", "Standard"]

T = TypeVar("T")

#: Positions that a message of `Problem.validate` names before it says how many more there are.
MOST_NAMED = 5


@dataclass(frozen=True)
class Problem:
    """Weighted least squares under linear constraints, as arrays (B2).

    ``min Σ ((x − measured) / sigma)²`` over the measured variables, subject to ``A x = b``,
    ``C x ≤ d`` and ``lower ≤ x ≤ upper``.

    Attributes
    ----------
    measured
        One value per variable; NaN where nothing was measured: such a variable is free within its bounds.
    sigma
        Standard uncertainty of each measured value, in the same unit, above or equal to 0. 0 means exact: the
        variable cannot move. What stands at unmeasured places is not read.
    A, b
        Equalities, one row each.
    lower, upper
        Bounds; infinite where there are none.
    C, d
        Inequalities, one row each; None where there are none. A row whose `d` is +inf says nothing.
    """

    measured: Values
    sigma: Values
    A: csr_array
    b: Values
    lower: Values
    upper: Values
    C: csr_array | None = None
    d: Values | None = None

    @property
    def size(self) -> int:
        """Number of variables."""
        return len(self.measured)

    @cached_property
    def is_measured(self) -> Mask:
        """Variables that carry a measured value."""
        return ~np.isnan(self.measured)

    @cached_property
    def is_exact(self) -> Mask:
        """Variables that cannot move: measured with a zero uncertainty, or with equal bounds."""
        return (self.is_measured & (self.sigma == 0)) | (self.lower == self.upper)

    def derived(self, key: Hashable, build: Callable[[], T]) -> T:
        """Return what follows from the arrays, made once under a key: not to be written into."""
        if key not in self._derived:
            self._derived[key] = build()
        found: T = self._derived[key]
        return found

    @cached_property
    def _derived(self) -> dict[Hashable, Any]:
        return {}

    def validate(self) -> None:
        """Raise an ArgumentError that names every position at which the arrays cannot be used.

        Raises
        ------
        ArgumentError
            Shapes that do not fit; infinite values; a negative, infinite or unknown uncertainty of a measured
            value; crossed bounds. An exact value outside of its bounds is no error here: `solve` does not
            converge and `infeasible_rows` names it.
        """
        wrong = list(self._wrong_shapes()) or list(self._wrong_values())
        if wrong:
            raise ArgumentError("the problem cannot be reconciled: " + "; ".join(wrong))

    def _wrong_shapes(self) -> Iterator[str]:
        n = self.size
        for name in ("sigma", "lower", "upper"):
            if getattr(self, name).shape != (n,):
                yield f"{name} has shape {getattr(self, name).shape}, measured has {n} values"
        pairs = [("A", self.A, "b", self.b)]
        if (self.C is None) != (self.d is None):
            yield "C and d go together: give both or none"
        elif self.C is not None and self.d is not None:
            pairs.append(("C", self.C, "d", self.d))
        for name, matrix, side, values in pairs:
            if matrix.shape[1] != n:
                yield f"{name} has {matrix.shape[1]} columns for {n} variables"
            if values.shape != (matrix.shape[0],):
                yield f"{side} has shape {values.shape} for the {matrix.shape[0]} rows of {name}"

    def _wrong_values(self) -> Iterator[str]:
        known = self.is_measured
        with np.errstate(invalid="ignore"):
            yield from _named("measured value is infinite", np.isinf(self.measured))
            yield from _named("uncertainty is unknown", known & np.isnan(self.sigma))
            yield from _named("uncertainty is negative", known & (self.sigma < 0))
            yield from _named("uncertainty is infinite", known & (self.sigma == np.inf))
            yield from _named("bound is NaN (use inf for none)", np.isnan(self.lower) | np.isnan(self.upper))
            yield from _named("lower bound is above the upper one", self.lower > self.upper)
            yield from _named("lower bound is +inf", self.lower == np.inf)
            yield from _named("upper bound is -inf", self.upper == -np.inf)
        yield from _named("right-hand side b is not finite", ~np.isfinite(self.b), what="equality")
        if self.C is not None and self.d is not None:
            yield from _named("right-hand side d is NaN or -inf", ~(self.d > -np.inf), what="inequality")
        for name, matrix in (("A", self.A), ("C", self.C)):
            if matrix is not None and not np.isfinite(matrix.data).all():
                rows = np.unique(np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
                                 [~np.isfinite(matrix.data)])  # fmt: skip
                yield f"coefficients of {name} are not finite in row {_listed(rows)}"


def _named(what_is_wrong: str, where: Mask, *, what: str = "variable") -> Iterator[str]:
    positions = np.flatnonzero(where)
    if len(positions):
        yield f"{what_is_wrong} at {what} {_listed(positions)}"


def _listed(positions: NDArray[np.intp]) -> str:
    shown = ", ".join(str(one) for one in positions[:MOST_NAMED])
    more = len(positions) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


@dataclass(frozen=True)
class Solution:
    """What `solve` found.

    Attributes
    ----------
    x
        Reconciled values, one per variable.
    duals
        Multiplier of each equality: half the change of the weighted sum of squares per unit of `b`. NaN for a
        constraint that leaves its variables no choice (positive flows that sum to nothing), where it has no single
        value.
    duals_upper
        Multiplier of each inequality row, above or equal to 0; empty without inequalities.
    at_lower, at_upper
        Variables that stand at a bound (exact ones aside).
    active_rows
        Inequality rows that hold with equality; empty without inequalities.
    objective
        ``Σ ((x − measured) / sigma)²`` over the measured variables of positive uncertainty.
    residual
        Largest imbalance of a constraint, relative to what passes through it.
    iterations
        Newton steps.
    converged
        False where the constraints cannot hold together (`infeasible_rows` says which) or the steps ran out;
        `x` is then the last point reached and nothing should be told from it.
    """

    x: Values
    duals: Values
    duals_upper: Values
    at_lower: Mask
    at_upper: Mask
    active_rows: Mask
    objective: float
    residual: float
    iterations: int
    converged: bool

    @property
    def active(self) -> Mask:
        """Variables held by one of their bounds."""
        return self.at_lower | self.at_upper


@dataclass(frozen=True)
class Standard:
    """The same problem with equalities only: ``A x + slack = b`` for the inequalities, slack ≥ 0.

    Attributes
    ----------
    A, b
        Equalities of the problem, then its inequalities; as many more columns as slacks.
    lower, upper
        Bounds; those of an exact variable are its value.
    centre
        Where each variable would stand without constraints nor bounds (0 if unmeasured).
    variance
        sigma², 0 where exact, NaN where nothing was measured (slacks included).
    size
        Variables of the problem, which come first.
    limited
        Inequality rows that have a limit: the others say nothing and are left out.
    """

    A: csr_array
    b: Values
    lower: Values
    upper: Values
    centre: Values
    variance: Values
    size: int
    limited: NDArray[np.intp]

    @classmethod
    def of(cls, problem: Problem) -> Standard:
        """Return the standard form of a problem."""
        from scipy.sparse import csr_array, eye_array, hstack, vstack

        known, n = problem.is_measured, problem.size
        A, b = csr_array(problem.A, dtype=float), np.asarray(problem.b, dtype=float)
        exact = known & (problem.sigma == 0)
        lower = np.where(exact, problem.measured, problem.lower)
        upper = np.where(exact, problem.measured, problem.upper)
        centre = np.where(known, problem.measured, 0.0)
        variance = np.where(known, problem.sigma, np.nan) ** 2
        limited = np.zeros(0, dtype=np.intp)
        if problem.C is not None and problem.d is not None:
            limited = np.flatnonzero(np.isfinite(problem.d))
            C, slacks = csr_array(problem.C, dtype=float)[limited], len(limited)
            A = vstack([hstack([A, csr_array((A.shape[0], slacks))]), hstack([C, eye_array(slacks)])]).tocsr()
            b = np.concatenate([b, problem.d[limited]])
            lower = np.concatenate([lower, np.zeros(slacks)])
            upper = np.concatenate([upper, np.full(slacks, np.inf)])
            centre = np.concatenate([centre, np.zeros(slacks)])
            variance = np.concatenate([variance, np.full(slacks, np.nan)])
        return cls(A, b, lower, upper, centre, variance, n, limited)
