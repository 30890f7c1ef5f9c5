"""Which rows go with which, by whole numbers: the merge of two tables without their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int32] | NDArray[np.int64]
    Places = NDArray[np.int64]

__all__ = ["first_seen", "matches"]


def matches(left: Numbers, right: Numbers) -> tuple[Places, Places]:
    """Return the places of all pairs of equal numbers, in the order of the left, then of the right.

    Examples
    --------
    >>> left, right = matches(np.array([7, 8, 7]), np.array([7, 9, 7]))
    >>> left.tolist(), right.tolist()
    ([0, 0, 2, 2], [0, 2, 0, 2])
    """
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    begin, end = np.searchsorted(ordered, left), np.searchsorted(ordered, left, side="right")
    count = end - begin
    of_left = np.repeat(np.arange(len(left)), count)
    first = np.cumsum(count) - count
    return of_left, order[np.arange(len(of_left)) - np.repeat(first - begin, count)]


def first_seen(keys: Numbers) -> tuple[NDArray[np.int32], Places]:
    """Return the number of each key, counted as they first appear, and where each first does.

    Examples
    --------
    >>> number, first = first_seen(np.array([5, 3, 5]))
    >>> number.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])
    """
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(first), dtype=np.int32)
    rank[order] = np.arange(len(first), dtype=np.int32)
    return rank[inverse], first[order]
