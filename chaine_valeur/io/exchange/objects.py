"""Columns of Python values, ``None`` where unknown, as arrays of objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Objects = NDArray[np.object_]

__all__ = ["and_last", "blank_column", "chosen", "joined", "known", "objects", "without"]


def objects(values: Iterable[Any]) -> Objects:
    """Return values as an array of one dimension, whatever they are.

    Examples
    --------
    >>> objects([(1, 2), None]).shape
    (2,)
    """
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def blank_column(size: int) -> Objects:
    """Return a column of unknowns."""
    return np.full(size, None, dtype=object)


def known(values: Iterable[Any]) -> Mask:
    """Return a mask of the values that are known."""
    return np.array([value is not None for value in values], dtype=bool)


def and_last(values: Iterable[Any], last: Any) -> Objects:
    """Return values and one more: that at which the code −1 looks."""
    return objects([*values, last])


def joined(parts: Iterable[Any]) -> Objects:
    """Return several arrays as one."""
    return objects(value for part in parts for value in part)


def chosen(mask: Mask, values: Iterable[Any], others: Iterable[Any]) -> Objects:
    """Return values where a mask says so, the others elsewhere."""
    made = objects(others)
    made[mask] = objects(values)[mask]
    return made


def without(values: Iterable[Any], mask: Mask) -> Objects:
    """Return values, unknown where a mask says so."""
    made = objects(values)
    made[mask] = None
    return made
