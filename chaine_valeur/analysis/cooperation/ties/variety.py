"""How varied some counts are: Blau's index and IQV, and their bounds where what some count for is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...measure import NAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["blau_of", "highest_blau", "least_varied", "most_varied"]


def blau_of(counts: Counts) -> Values:
    """Return Blau's index ``1 − Σ p²`` of each row of counts; NaN where they sum to 0.

    Examples
    --------
    >>> blau_of(np.array([[2, 2], [3, 0], [0, 0]])).tolist()
    [0.5, 0.0, nan]
    """
    # in whole numbers: the order of the categories changes nothing, not even the last bit
    whole, squares = counts.sum(axis=1), (counts**2).sum(axis=1)
    return 1 - squares / np.where(whole > 0, whole.astype(np.float64) ** 2, NAN)


def highest_blau(categories: int) -> float:
    """Return the most that Blau's index can be, ``1 − 1/K``, by which IQV divides; NaN with one category."""
    return 1 - 1 / categories if categories > 1 else NAN


def least_varied(known: Counts, unknown: Counts) -> Counts:
    """Return each row of counts with the unknown ones all given to its largest category."""
    piled = known.copy()
    if known.shape[1]:
        piled[np.arange(len(known)), known.argmax(axis=1)] += unknown
    return piled


def most_varied(known: Counts, unknown: Counts) -> Counts:
    """Return each row of counts with the unknown ones given to its smallest categories in turn (sorted)."""
    filled, left = np.sort(known, axis=1), unknown
    for width in range(1, filled.shape[1] + 1):  # over the few categories: raise the smallest to the next one
        last = width == filled.shape[1]
        step = left if last else np.minimum((filled[:, width] - filled[:, 0]) * width, left)
        each, rest = np.divmod(step, width)
        filled[:, :width] += each[:, None] + (np.arange(width) < rest[:, None])
        left = left - step
    return filled
