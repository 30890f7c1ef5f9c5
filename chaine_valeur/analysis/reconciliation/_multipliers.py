"""Weighted least squares under constraints: Newton's method on the multipliers of the constraints.

For given multipliers y, the best x is known variable by variable: ``clip(m + σ² Aᵀ y)``. What remains is to find
the y at which ``A x(y) = b``: a concave problem with as many unknowns as constraints, quadratic between kinks
(semismooth Newton). A few steps where bounds hardly matter; where they do, the steps get short and it gives up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._normal import NormalMatrix, dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._problem import Standard

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Newton"]

#: A step shorter than this share of Newton's means that kinks are in the way: better done by interior points.
SHORT = 0.2
#: Share of the variables that a bound may take or let go of in one step (or so many), for the same reason.
MANY, FEW = 0.02, 20
#: Steps within which it ends or gives up.
MOST = 25


class Newton:
    """One search, for a problem where everything was measured: the multipliers `y` and the `x` that they give."""

    def __init__(self, standard: Standard, tolerance: float, normal: NormalMatrix) -> None:
        self.standard, self.tolerance, self.normal = standard, tolerance, normal
        self.A, self.At, self.b = standard.A, standard.A.T.tocsr(), standard.b
        self.D = np.where(standard.lower < standard.upper, standard.variance, 0.0)
        self.size = np.abs(self.b) + abs(self.A) @ np.abs(
            np.clip(standard.centre, standard.lower, standard.upper)
        )
        self.size += 1e-6 * np.max(self.size, initial=0.0) + np.finfo(float).tiny
        self.y, self.pull = np.zeros(self.A.shape[0]), np.zeros(self.A.shape[1])
        self.x, _ = self._at(self.pull)
        self.iterations, self.converged = 0, False

    def _at(self, pull: Values) -> tuple[Values, Mask]:
        """Return the best x under a pull, and which variables follow it (those not held by a bound)."""
        wanted = self.standard.centre + self.D * pull
        free = (wanted >= self.standard.lower) & (wanted <= self.standard.upper)
        return np.clip(wanted, self.standard.lower, self.standard.upper), free

    def run(self) -> None:
        """Look for balance; `converged` says whether it was found."""
        least, stalled = np.inf, 0
        previous: Mask | None = None
        while self.iterations < MOST:
            self.x, free = self._at(self.pull)
            off = self.b - self.A @ self.x
            error = float(np.max(np.abs(off) / self.size, initial=0.0))
            stalled = 0 if error < 0.5 * least else stalled + 1
            least = min(error, least)
            if error <= 1e-14 or (error <= self.tolerance and stalled > 2):
                self.converged = True
                return
            settled = previous is not None and np.array_equal(free, previous)
            if previous is not None and np.count_nonzero(free != previous) > MANY * max(
                len(free), FEW / MANY
            ):
                return
            previous = free
            self.iterations += 1
            self.normal.weigh(self.D * free)
            step, _ = self.normal.solve(off, tolerance=1e-11 if settled else 1e-5)
            along = self.At @ step
            length = self._length(along, dot(step, off))
            if length < SHORT:
                return
            self.y += length * step
            self.pull += length * along

    def _length(self, along: Values, gain: float) -> float:
        """Return how far to go: to where the slope of the dual function has fallen enough; 0 if that is too near."""
        length = 1.0
        while length >= SHORT:
            there, _ = self._at(self.pull + length * along)
            slope = gain - dot(along, there - self.x)
            if slope >= -0.5 * gain:
                return length
            length *= max(SHORT, gain / (gain - slope))
        return 0.0
