"""From what cells say to integer positions, and sets of integers by sorting: nothing loops over rows in Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = [
    "NO_YEAR",
    "any_at",
    "codes_of",
    "count_at",
    "distinct",
    "first_of",
    "is_among",
    "latest_year",
    "of_kinds",
    "places_within",
    "sum_at",
    "whole_years",
]

#: Stands for a year that nobody gave, along arrays of years.
NO_YEAR = -1


# -- from cells ---------------------------------------------------------------------------------------


def codes_of(values: pd.Series, index: pd.Index) -> Codes:
    """Return the position of each value in an index, −1 where it is unknown or not in it."""
    return index.get_indexer(values).astype(np.int32)


def of_kinds(rows: pd.DataFrame, kinds: Iterable[str]) -> Mask:
    """Return which rows of cooperations speak of ties of these kinds; one without a kind speaks of none."""
    return rows["kind"].isin([str(kind) for kind in kinds]).to_numpy(bool)


def whole_years(values: pd.Series) -> Codes:
    """Return a column of years as integers, `NO_YEAR` where unknown."""
    found: Codes = values.to_numpy(np.int32, na_value=NO_YEAR)
    return found


def latest_year(frame: pd.DataFrame) -> int | None:
    """Return the latest year that a table speaks of, or ``None`` if it speaks of none."""
    years = frame["year"].dropna()
    return int(years.max()) if len(years) else None


# -- at positions -------------------------------------------------------------------------------------


def any_at(places: NDArray[Any], size: int) -> Mask:
    """Return, per position, whether it is one of `places`; −1 is none."""
    found = np.zeros(size + 1, dtype=bool)
    found[places] = True  # −1 marks the last entry, which goes
    return found[:size]


def count_at(places: NDArray[Any], size: int) -> Numbers:
    """Return how often each position is one of `places`; −1 is none."""
    return np.bincount(places[places >= 0], minlength=size)


def sum_at(places: NDArray[Any], values: Values, size: int) -> Values:
    """Return the sum of the known values at each position; −1 is none."""
    use = (places >= 0) & ~np.isnan(values)
    return np.bincount(places[use], weights=values[use], minlength=size).astype(np.float64)


def first_of(keys: NDArray[Any], values: NDArray[Any], size: int) -> NDArray[Any]:
    """Return the first value that stands at each key, −1 where none does."""
    found = np.full(size, -1, dtype=values.dtype)
    found[keys[::-1]] = values[::-1]  # written backwards: the first one wins
    return found


def places_within(offsets: Numbers) -> Codes:
    """Return, along rows of which ``offsets[i]:offsets[i + 1]`` belong together, the place of each among its own."""
    sizes = np.diff(offsets)
    return (np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)).astype(np.int32)


# -- sets of integers ---------------------------------------------------------------------------------

#: Numbers from which on marking them is tried, and how many times their count they may reach.
_FEW, _WIDE = 256, 16


def _are_small(numbers: Numbers) -> bool:
    """Return whether there are so many numbers, none negative, that a place for each up to the largest is cheap."""
    count = len(numbers)
    return count >= _FEW and int(numbers.max()) < _WIDE * count and int(numbers.min()) >= 0


def distinct(numbers: Numbers) -> Numbers:
    """Return each number once, ascending.

    By marking them where they are small, else by sorting: `numpy.unique` hashes, ten times slower here.
    """
    if _are_small(numbers):
        marked = np.zeros(int(numbers.max()) + 1, dtype=bool)
        marked[numbers] = True
        return np.flatnonzero(marked).astype(numbers.dtype, copy=False)
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def is_among(numbers: Numbers, ordered: Numbers) -> Mask:
    """Return whether each number is one of `ordered`, which ascends."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=bool)
    if ordered[0] >= 0 and ordered[-1] < _WIDE * len(numbers) and _are_small(numbers):
        marked = np.zeros(max(int(numbers.max()), int(ordered[-1])) + 1, dtype=bool)
        marked[ordered] = True
        return marked[numbers]
    places = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return ordered[places] == numbers
