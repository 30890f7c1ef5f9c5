"""Weighted least squares under constraints: an interior-point method, for whatever Newton's steps cannot do.

Primal–dual, with Mehrotra's predictor and corrector (Nocedal & Wright 2006, sect. 16.6 (unverified)). It starts on
the central path, where the product of each distance to a bound and its multiplier is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._normal import dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._normal import NormalMatrix
    from ._problem import Standard

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["InteriorPoint"]

#: Where the path starts: distances to the bounds, in standard uncertainties.
START = 10.0
#: Where it ends: distance times multiplier, in squared standard uncertainties.
END = 1e-12
#: Imbalance that is small enough before the end: what holds is plain, and is solved for exactly afterwards.
NEAR = 1e-2
#: What a step aims at is never below this share of the end: products must not vanish.
LEAST = 1e-4
#: Pull of an unmeasured variable towards 0, over the square of the usual size: it chooses among several optima,
#: and moves a measured value by about 1e-8 σ²/usual at most.
WEAK = 1e-8
#: Pull of a slack to where it stands, over the square of the usual size: keeps the matrix regular.
HOLD = 1e-10
#: Steps without progress after which it gives up.
MOST_IDLE = 20
#: How much faster than the imbalances the products may fall.
PACE = 0.1
#: Precision of the first look along the path, of the step, of the step with unmeasured variables (they go far, and
#: what is missing shows as an imbalance), and of one that only has an imbalance to take away.
ROUGH, FINE, FINER, FINEST = 1e-2, 1e-4, 1e-6, 1e-8
#: Share of the way to the nearest bound that a step goes.
NEARLY = 0.995


class InteriorPoint:
    """One search: the point `x`, the multipliers `y` of the constraints, those of the bounds that exist."""

    def __init__(self, standard: Standard, normal: NormalMatrix) -> None:
        self.standard, self.normal = standard, normal
        self.A, self.At, self.b = standard.A, standard.A.T.tocsr(), standard.b
        self.sizes = abs(self.A)
        lent = np.isnan(standard.variance)
        self.mobile = (lent | (standard.variance > 0)) & (standard.lower < standard.upper)
        self.usual = usual = _usual_size(standard)
        self.curvature = np.where(
            lent | ~self.mobile, 0.0, 1 / np.where(lent | ~self.mobile, 1, standard.variance)
        )
        self.curvature[: standard.size][lent[: standard.size] & self.mobile[: standard.size]] = (
            WEAK / usual**2
        )
        self.width = np.where(lent, usual, np.sqrt(standard.variance))
        self.fine = FINER if lent.any() else FINE
        self.hold = np.where(self.curvature > 0, 0.0, HOLD / usual**2)
        self.low = np.flatnonzero(self.mobile & np.isfinite(standard.lower))
        self.high = np.flatnonzero(self.mobile & np.isfinite(standard.upper))
        self.l, self.u = standard.lower[self.low], standard.upper[self.high]
        self.size = np.abs(self.b) + 1e-9 * usual
        self.y = np.zeros(self.A.shape[0])
        self.iterations, self.converged = 0, False
        self._start()

    def _start(self) -> None:
        s, apart = self.standard, START * self.width
        middle = np.clip(s.centre, s.lower, s.upper)
        both = np.isfinite(s.lower) & np.isfinite(s.upper)
        apart = np.where(both, np.minimum(apart, 0.25 * np.where(both, s.upper - s.lower, 1.0)), apart)
        x = middle.copy()
        # rounded off so that distance × multiplier is the same everywhere and the gradient vanishes
        x[self.low] = self.l + _positive_part(s.centre[self.low] - self.l, apart[self.low])
        one = self.mobile & np.isfinite(s.upper) & ~np.isfinite(s.lower)
        x[one] = s.upper[one] - _positive_part(s.upper[one] - s.centre[one], apart[one])
        within = both & self.mobile
        x[within] = np.clip(s.centre, s.lower + apart, s.upper - apart)[within]
        self.x = np.where(self.mobile, x, middle)
        # kept apart from x: next to a bound, a difference would lose its digits
        self.gap = np.concatenate([self.x[self.low] - self.l, self.u - self.x[self.high]])
        self.z = START**2 / self.gap
        self.first = float(np.abs(self.imbalance()[0]).sum())

    def run(self, max_iterations: int, end: float, near: float) -> None:
        """Follow the path, to where distance times multiplier is `end` and no imbalance is beyond `near`.

        `converged` says whether it got there.
        """
        self.converged = False
        short, idle, least, k = 0, 0, np.inf, len(self.low)
        while self.iterations < max_iterations:
            mean = dot(self.z, self.gap) / len(self.z) if len(self.z) else 0.0
            off, error = self.imbalance()
            gradient = self.curvature * (self.x - self.standard.centre) - self.At @ self.y
            gradient[self.low] -= self.z[:k]
            gradient[self.high] += self.z[k:]
            gradient[~self.mobile] = 0.0
            slope = float(np.max(np.abs(gradient) * self.width, initial=0.0, where=self.mobile))
            idle = 0 if mean < least else idle + 1
            least = min(mean, least)
            if mean <= end and error <= near and slope <= (1e-8 if idle < 3 else 1e-5):
                self.converged = True
                return
            self.iterations += 1
            # bounds are not to be approached before the constraints are: the path would be left for good
            apart = float(np.abs(off).sum()) / self.first if self.first > 0 else 0.0
            far = PACE * START**2 * apart if apart > 1e-4 else 0.0
            length = self._step(off, gradient, mean, far, self.fine if mean > end else FINEST, safe=idle > 2)
            short = short + 1 if length < 1e-5 else 0
            if short > 3 or idle > MOST_IDLE or not np.isfinite(length):
                return

    def imbalance(self) -> tuple[Values, float]:
        """Return what misses in each constraint, and the largest relative to what passes through it."""
        off = self.b - self.A @ self.x
        return off, float(np.max(np.abs(off) / (self.size + self.sizes @ np.abs(self.x)), initial=0.0))

    # the multipliers of what cannot hold grow without end: the step is not finite then, and `run` stops
    @np.errstate(over="ignore", invalid="ignore")
    def _step(
        self, off: Values, gradient: Values, mean: float, far: float, fine: float, *, safe: bool
    ) -> float:
        """Go one step along the path; return which share of Newton's step that was."""
        k, z, gap = len(self.low), self.z, self.gap
        stiff = self.curvature + self.hold
        stiff[self.low] += z[:k] / gap[:k]
        stiff[self.high] += z[k:] / gap[k:]
        theta = np.where(self.mobile, 1 / stiff, 0.0)
        self.normal.weigh(theta)

        def direction(target: Values, precision: float) -> tuple[Values, Values, Values, Values]:
            pull, g = target / gap, -gradient
            g[self.low] += pull[:k]
            g[self.high] -= pull[k:]
            dy, _ = self.normal.solve(off - self.A @ (theta * g), tolerance=precision)
            dx = theta * (self.At @ dy + g)
            along = np.concatenate([dx[self.low], -dx[self.high]])
            return dx, dy, along, (target - z * along) / gap

        if len(z):
            dx, dy, along, dz = direction(-z * gap, ROUGH)
            length = min(1.0, _room(gap, along), _room(z, dz))
            after = dot(z + length * dz, gap + length * along) / len(z)
            centred = max((after / mean) ** 3 * mean, LEAST * END, min(far, mean))
            bend = np.clip(along * dz, -10 * mean, 10 * mean)
            if safe:  # the second-order term may make the steps go round in circles
                centred, bend = max(centred, 0.3 * mean), 0.0 * bend
            dx, dy, along, dz = direction(centred - z * gap - bend, fine)
            length = min(1.0, NEARLY * _room(gap, along), NEARLY * _room(z, dz))
        else:
            dx, dy, along, dz = direction(z, 1e-10)
            length = 1.0
        self.x, self.y = self.x + length * dx, self.y + length * dy
        self.gap, self.z = gap + length * along, z + length * dz
        return length

    def free(self) -> Mask:
        """Return the variables that no bound holds, as far as one can tell."""
        free = self.mobile.copy()
        k, held = len(self.low), self.z * self.width[np.concatenate([self.low, self.high])] ** 2 > self.gap
        free[self.low[held[:k]]] = False
        free[self.high[held[k:]]] = False
        return free

    def snapped(self) -> Values:
        """Return x with what lies next to a bound, for all that a reader can see, brought onto it."""
        s, near, x = self.standard, 1e-9 * self.usual, self.x
        x = np.where(self.mobile & (x - s.lower < near), s.lower, x)
        x = np.where(self.mobile & (s.upper - x < near), s.upper, x)
        # the others make up for it, each as far as it can: by its distance to its bounds
        away = np.minimum(self.width, np.minimum(x - s.lower, s.upper - x)) ** 2
        theta = np.where(self.mobile, away, 0.0)
        self.normal.weigh(theta)
        for _ in range(2):
            dy, _ = self.normal.solve(self.b - self.A @ x, tolerance=1e-8)
            x = np.clip(x + theta * (self.At @ dy), s.lower, s.upper)
        return x


def _room(values: Values, change: Values) -> float:
    """Return the length of step at which the first of positive values reaches zero."""
    falling = change < -1e-250 * values
    return float(np.min(-values[falling] / change[falling], initial=np.inf))


def _positive_part(a: Values, width: Values) -> Values:
    """Return ``(a + √(a² + 4 w²)) / 2``, without cancellation where a < 0."""
    root = np.hypot(a, 2 * width)
    return np.where(a >= 0, (a + root) / 2, 2 * width * (width / np.where(a >= 0, 1.0, root - a)))


def _usual_size(standard: Standard) -> float:
    """Return the median size of what is known: values, right-hand sides, bounds; 1 if all is zero."""
    size = np.where(np.isnan(standard.variance), 0.0, np.abs(standard.centre))
    bounds = np.concatenate([standard.lower, standard.upper])
    known = np.concatenate([size, np.abs(standard.b), np.abs(bounds[np.isfinite(bounds)])])
    known = known[known > 0]
    return float(np.median(known)) if len(known) else 1.0
