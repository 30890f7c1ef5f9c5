"""The loops of `blocks`, compiled: see `choice.loop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .choice import loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["add", "concentrate", "count_groups", "largest"]


@loop("i4[] i4[] i4[] i4[] i8 i8[]!")
def count_groups(a: Codes, b: Codes, group: Codes, block: Codes, n_groups: int, found: Counts) -> None:
    """Count edges by block, group of the source and group of the target; an empty ``block`` is block 0."""
    for k in range(len(a)):
        u, v = a[k], b[k]
        if u < 0 or v < 0:
            continue
        one, other = group[u], group[v]
        at = block[u] if len(block) else 0
        if one >= 0 and other >= 0 and at >= 0:
            found[(at * n_groups + one) * n_groups + other] += 1


@loop("i4[] f8[] f8[]!")
def add(places: Codes, values: Values, total: Values) -> None:
    """Add up what is known at each place, in the order of the rows."""
    for k in range(len(places)):
        if places[k] >= 0 and not np.isnan(values[k]):
            total[places[k]] += values[k]


@loop("i4[] f8[] f8[]!")
def largest(places: Codes, values: Values, found: Values) -> None:
    """Write the largest value known at each place; ``found`` comes as NaN."""
    for k in range(len(places)):
        p = places[k]
        if p >= 0 and not np.isnan(values[k]) and not values[k] <= found[p]:
            found[p] = values[k]


@loop("i4[] i4[] f8[] i8 i8 f8[]!")
def concentrate(places: Codes, parts: Codes, values: Values, n_parts: int, room: int, index: Values) -> None:
    """Write the sum of squared shares of each place; ``index`` comes as NaN.

    Rows are put together place by place, by a counting sort of as many places at a time as fit in `room`.
    Sums are made in the order of the rows, squares added in the order of the parts: as the plain version
    does, to the last bit.
    """
    size = len(index)
    ends = np.zeros(size + 1, dtype=np.int32)
    total = np.zeros(size, dtype=np.float64)
    for k in range(len(places)):
        if places[k] >= 0 and not np.isnan(values[k]):
            ends[places[k]] += 1
            total[places[k]] += values[k]
    for p in range(size):
        room = max(room, ends[p])
    for p in range(size):
        ends[p + 1] += ends[p]
    room = min(room, ends[size])
    part_at = np.empty(room, dtype=np.int32)
    value_at = np.empty(room, dtype=np.float64)
    sums = np.empty(n_parts + 1, dtype=np.float64)
    of = np.zeros(n_parts + 1, dtype=np.int32)  # the place + 1 that each of the sums is of
    low = 0
    before = 0
    while low < size:
        high = low
        while high < size and ends[high] - before <= room:
            high += 1
        after = ends[high - 1]
        for k in range(len(places) - 1, -1, -1):
            p = places[k]
            if low <= p < high and not np.isnan(values[k]):
                ends[p] -= 1
                part_at[ends[p] - before] = parts[k] + 1
                value_at[ends[p] - before] = values[k]
        for p in range(low, high):
            if not total[p] > 0.0:
                continue
            start = ends[p] - before
            stop = (ends[p + 1] if p + 1 < high else after) - before
            n_found = 0
            if stop - start <= 24:
                for i in range(start, stop):  # by insertion: among those before it, if its part is there
                    part, value = part_at[i], value_at[i]
                    j = start + n_found
                    while j > start and part_at[j - 1] > part:
                        j -= 1
                    if j > start and part_at[j - 1] == part:
                        value_at[j - 1] += value
                        continue
                    for h in range(start + n_found, j, -1):
                        part_at[h] = part_at[h - 1]
                        value_at[h] = value_at[h - 1]
                    part_at[j] = part
                    value_at[j] = value
                    n_found += 1
            else:
                for i in range(start, stop):
                    part = part_at[i]
                    if of[part] == p + 1:
                        sums[part] += value_at[i]
                    else:
                        of[part] = p + 1
                        sums[part] = value_at[i]
                        part_at[start + n_found] = part
                        n_found += 1
                # heapsort: compiles twenty times faster than the sort of numba, and is never quadratic
                half = n_found // 2
                last = n_found
                while last > 1:
                    if half > 0:
                        half -= 1
                    else:
                        last -= 1
                        i = start + last
                        part_at[start], part_at[i] = part_at[i], part_at[start]
                    root = half
                    child = 2 * root + 1
                    while child < last:
                        i = start + child
                        if child + 1 < last and part_at[i] < part_at[i + 1]:
                            child += 1
                            i += 1
                        h = start + root
                        if part_at[h] >= part_at[i]:
                            break
                        part_at[h], part_at[i] = part_at[i], part_at[h]
                        root = child
                        child = 2 * root + 1
                for i in range(start, start + n_found):
                    value_at[i] = sums[part_at[i]]
            squares = 0.0
            for i in range(start, start + n_found):
                share = value_at[i] / total[p]
                squares += share * share
            index[p] = squares
        low = high
        before = after
