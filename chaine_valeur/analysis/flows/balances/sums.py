"""Sums of values at places, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["summed"]


def summed(places: NDArray[Any], values: NDArray[Any], size: int) -> NDArray[np.float64]:
    """Return the sum of the values at each place, 0 where there are none; places are from 0 on."""
    return np.bincount(places, weights=values, minlength=size).astype(np.float64)
