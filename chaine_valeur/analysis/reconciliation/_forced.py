"""Variables that a single constraint leaves no choice: fixed before the search, which needs room to move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ._normal import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._problem import Standard

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["forced"]

#: Rounds over all constraints: one that fixes a variable may leave another without choice.
ROUNDS = 20
#: What counts as no room, relative to the terms of the constraint.
NO_ROOM = 1e-12


def forced(standard: Standard) -> tuple[Standard, Mask]:
    """Return the problem with the bounds of forced variables brought together, and the constraints that forced them.

    A constraint with one variable left gives its value. One whose least possible value is the one asked for (or
    whose largest is) holds all its variables at a bound: positive flows that sum to nothing.
    """
    A, m = standard.A, standard.A.shape[0]
    rows, columns = np.repeat(np.arange(m), np.diff(A.indptr)), A.indices
    lower, upper = standard.lower.copy(), standard.upper.copy()
    exact, forcing = standard.variance == 0, np.zeros(m, dtype=bool)
    for _ in range(ROUNDS):
        mobile = (lower < upper) & ~exact & ~np.isnan(lower)
        moves = mobile[columns] & (A.data != 0)
        count = summed(rows, moves.astype(float), m)
        settled = np.where(mobile, 0.0, lower)
        rest = standard.b - A @ settled
        size = np.abs(standard.b) + abs(A) @ np.abs(settled)
        first, second = A.data * lower[columns], A.data * upper[columns]
        before = np.count_nonzero(mobile)
        for end, other in ((np.minimum(first, second), first), (np.maximum(first, second), first)):
            finite = np.where(moves & np.isfinite(end), end, 0.0)
            endless = summed(rows, (moves & ~np.isfinite(end)).astype(float), m)
            tight = (count > 0) & (endless == 0)
            total = summed(rows, finite, m)
            tight &= np.abs(rest - total) <= NO_ROOM * (size + summed(rows, np.abs(finite), m))
            held = moves & tight[rows]
            forcing |= tight
            at = columns[held]
            value = np.where(end[held] == other[held], lower[at], upper[at])
            lower[at] = upper[at] = value
        single = moves & (count == 1)[rows]
        at, value = columns[single], rest[rows[single]] / A.data[single]
        # outside of its bounds, or asked twice for different values: left to the search, which will not converge
        inside = (value >= lower[at]) & (value <= upper[at]) & (lower[at] < upper[at])
        lower[at[inside]] = upper[at[inside]] = value[inside]
        forcing[rows[single][inside]] = True
        if np.count_nonzero((lower < upper) & ~exact) == before:
            break
    return replace(standard, lower=lower, upper=upper), forcing
