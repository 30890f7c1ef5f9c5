"""Counts and sums of edges by groups and by blocks: nothing here needs a graph, only lists and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ArgumentError
from . import _loops_blocks as loops
from ._arrays import as_codes, as_values, chunks, same_length
from .choice import compiles

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["count_at", "distinct_at", "group_counts", "herfindahl", "max_at", "sum_at"]

#: Rows of which places are put together at a time: see `_ranges`.
ROOM = 1 << 20
#: Most cells of a table of counts: 2³¹, sixteen gigabytes.
_MOST_CELLS = 2**31


def group_counts(
    source: ArrayLike,
    target: ArrayLike,
    *,
    group: ArrayLike,
    n_groups: int,
    block: ArrayLike | None = None,
    n_blocks: int = 1,
    directed: bool = True,
) -> Counts:
    """Return how many edges lead from each group to each group, in each block.

    Parameters
    ----------
    source, target
        Codes of the two ends of each edge; one with an end of −1 is left out.
    group
        Code of the group of each node; an edge with an end in −1 (no group) is left out. Give those of
        unknown group a code of their own if they are to be counted.
    n_groups, n_blocks
        Number of groups, of blocks.
    block
        Code of the block of each node, that of an edge is the one of its `source`; by default all are of
        block 0. An edge in block −1 is left out.
    directed
        False counts an edge between two groups at both places, so that every table is symmetric, and an edge
        within a group once, on the diagonal.

    Returns
    -------
    numpy.ndarray
        int64, blocks × groups × groups, from the row to the column.

    Raises
    ------
    ArgumentError
        Codes out of range, lists of two lengths, a table of more than 2³¹ cells.

    Examples
    --------
    >>> group_counts([0, 0, 1], [1, 2, 2], group=[0, 0, 1], n_groups=2).tolist()
    [[[1, 2], [0, 0]]]
    """
    groups = as_codes(group, size=n_groups, name="group")
    size = len(groups)
    a, b = as_codes(source, size=size, name="source"), as_codes(target, size=size, name="target")
    length = same_length(source=a, target=b)
    where = None if block is None else as_codes(block, size=n_blocks, name="block")
    if where is not None:
        same_length(group=groups, block=where)
    cells = n_blocks * n_groups * n_groups
    if cells > _MOST_CELLS:
        raise ArgumentError(f"{n_blocks} blocks of {n_groups} × {n_groups} groups are too many for one table")
    found = np.zeros(cells, dtype=np.int64)
    if compiles(length):
        loops.count_groups(a, b, groups, np.zeros(0, np.int32) if where is None else where, n_groups, found)
    else:
        _count_groups(a, b, groups, where, n_groups, found)
    table = found.reshape(n_blocks, n_groups, n_groups)
    if not directed:
        inside = np.einsum("bgg->bg", table).copy()
        table = table + table.transpose(0, 2, 1)
        np.einsum("bgg->bg", table)[...] = inside
    return table


def _count_groups(
    a: Codes, b: Codes, groups: Codes, where: Codes | None, n_groups: int, found: Counts
) -> None:
    # a place −1 reads the last entry, and is left out afterwards; small codes stay in cache
    narrow: type[np.signedinteger] = np.int16 if n_groups < 2**15 else np.int32
    few: NDArray[np.signedinteger] = np.append(groups, np.int32(-1)).astype(narrow)
    many = None if where is None else np.append(where, np.int32(-1))
    for part in chunks(len(a)):
        u, v = a[part], b[part]
        one, other = few[u], few[v]
        out = (one < 0) | (other < 0)
        key = one.astype(np.int64)
        if many is not None:
            at = many[u]
            out |= at < 0
            key += at * np.int64(n_groups)
        key *= n_groups
        key += other
        if out.any():
            key = key[~out]
        if len(found) <= len(key):
            found += np.bincount(key, minlength=len(found))
        else:  # a table longer than what is counted: not read through for each chunk
            np.add.at(found, key, 1)


def sum_at(places: ArrayLike, values: ArrayLike, *, size: int) -> Values:
    """Return the sum of the values at each place, in the order of the rows; 0 where there is none.

    A value of NaN and a place of −1 are left out; `count_at` says where nothing is known.

    Examples
    --------
    >>> sum_at([0, 0, 2, -1], [1.5, np.nan, 2.0, 9.0], size=3).tolist()
    [1.5, 0.0, 2.0]
    """
    at, amounts = _at_places(places, values, size)
    total = np.zeros(size, dtype=np.float64)
    if compiles(len(at)):
        loops.add(at, amounts, total)
        return total
    for part in chunks(len(at)):
        place, value = at[part], amounts[part]
        use = (place >= 0) & ~np.isnan(value)
        np.add.at(total, place[use], value[use])
    return total


def count_at(places: ArrayLike, values: ArrayLike | None = None, *, size: int) -> Counts:
    """Return the number of rows at each place; of rows whose value is known, if values are given.

    Examples
    --------
    >>> count_at([0, 0, 2, -1], [1.5, np.nan, 2.0, 9.0], size=3).tolist()
    [1, 0, 1]
    """
    at = as_codes(places, size=size, name="places")
    use = at >= 0
    if values is not None:
        amounts = as_values(values, name="values")
        same_length(places=at, values=amounts)
        use &= ~np.isnan(amounts)
    return np.bincount(at if use.all() else at[use], minlength=size)


def max_at(places: ArrayLike, values: ArrayLike, *, size: int) -> Values:
    """Return the largest of the values at each place, NaN where none is known.

    Examples
    --------
    >>> max_at([0, 0, 2], [1.0, 3.0, np.nan], size=3).tolist()
    [3.0, nan, nan]
    """
    at, amounts = _at_places(places, values, size)
    largest = np.full(size, np.nan)
    if compiles(len(at)):
        loops.largest(at, amounts, largest)
    else:
        for part in chunks(len(at)):
            place = at[part]
            use = place >= 0
            np.fmax.at(largest, place[use], amounts[part][use])
    largest += 0.0  # of 0 and −0 which one is found is left open: make it 0
    return largest


def distinct_at(places: ArrayLike, codes: ArrayLike, *, size: int, n_codes: int) -> Counts:
    """Return how many distinct codes stand at each place; places and codes of −1 are left out.

    The distinct pairs of a block: its number as place, ``a · n + b`` of the pair as code.

    Examples
    --------
    >>> distinct_at([0, 0, 0, 1], [2, 2, 1, -1], size=2, n_codes=3).tolist()
    [2, 0]
    """
    at = as_codes(places, size=size, name="places")
    given = np.asarray(codes)
    same_length(places=at, codes=given)
    if given.dtype.kind not in "iu" and len(given):
        raise ArgumentError(f"codes have to be whole numbers, not {given.dtype}")
    if len(given) and (given.min() < -1 or given.max() >= n_codes):
        raise ArgumentError(f"codes go from 0 to {n_codes - 1}, and -1 stands for none")
    if size * n_codes >= 2**63:
        raise ArgumentError(f"{size} places of {n_codes} codes are more than can be numbered")
    use = (at >= 0) & (given >= 0)
    key = at[use].astype(np.int64)
    key *= n_codes
    key += given[use]
    key.sort()
    new = np.ones(len(key), dtype=bool)
    np.not_equal(key[1:], key[:-1], out=new[1:])
    return np.bincount(key[new] // n_codes, minlength=size)


def herfindahl(places: ArrayLike, parts: ArrayLike, values: ArrayLike, *, size: int, n_parts: int) -> Values:
    """Return how concentrated the values of each place are on few parts: Herfindahl's index.

    ``Σ_p s_p²``, *s_p* the share of part *p* in the sum of the values known at the place, all rows of one part
    together: places are receivers and parts their suppliers, or the other way round.

    Parameters
    ----------
    places, parts, values
        Per row. A place of −1 and a value of NaN are left out; a part of −1 (the outside) is one part.
    size, n_parts
        Number of places, of parts.

    Returns
    -------
    numpy.ndarray
        float64 per place, in [1/n, 1] of *n* parts; NaN where nothing is known, or what is known adds up to 0.

    Raises
    ------
    ArgumentError
        Codes out of range, lists of several lengths, a negative value.

    Examples
    --------
    >>> herfindahl([2, 2, 2], [0, 1, 0], [10.0, 10.0, 20.0], size=3, n_parts=2).tolist()
    [nan, nan, 0.625]
    """
    at, amounts = _at_places(places, values, size)
    of = as_codes(parts, size=n_parts, name="parts")
    same_length(places=at, parts=of)
    if (amounts < 0).any():
        raise ArgumentError(f"values[{int(np.flatnonzero(amounts < 0)[0])}] is negative: it has no share")
    index = np.full(size, np.nan)
    if compiles(len(at)):
        loops.concentrate(at, of, amounts, n_parts, ROOM, index)
        return index
    for low, high in _ranges(at, size):  # of places with about a million rows: less memory, the same sums
        use = (at >= low) & (at < high)
        use &= ~np.isnan(amounts)
        place, known = at[use] - np.int32(low), amounts[use]
        holder, sums = _by_part(place, of[use], known, high - low, n_parts)
        total = np.bincount(place, weights=known, minlength=high - low)
        positive = total > 0
        shares = np.divide(sums, total[holder], out=np.zeros_like(sums), where=positive[holder])
        shares *= shares
        squares = np.bincount(holder, weights=shares, minlength=high - low)
        index[low:high][positive] = squares[positive]
    return index


def _ranges(at: Codes, size: int) -> list[tuple[int, int]]:
    """Return ranges of places that hold about a million rows each, more only where one place does."""
    if len(at) <= ROOM:
        return [(0, size)]
    ends = np.cumsum(np.bincount(at[at >= 0], minlength=size))
    borders = np.searchsorted(ends, np.arange(ROOM, int(ends[-1]) + ROOM, ROOM), side="right")
    edges = np.unique(np.concatenate([[0], borders, [size]])).tolist()
    return list(zip(edges[:-1], edges[1:], strict=True))


def _by_part(at: Codes, of: Codes, amounts: Values, size: int, n_parts: int) -> tuple[Codes, Values]:
    """Return the sum of the rows of each part at each place, added in their order; parts ascend in a place."""
    from .csr import Graph

    # rows as the edges of a graph from places to parts: sorted by both, each with the number of its row
    if not len(at):
        return at, amounts
    width = max(size, n_parts + 1)
    graph = Graph.of(at, of + np.int32(1), size=width, directed=True, merged=False, loops=True, numbered=True)
    place, part, row = graph.rows(), graph.indices, graph.edge
    new = np.ones(len(place), dtype=bool)
    new[1:] = (place[1:] != place[:-1]) | (part[1:] != part[:-1])
    pair = np.cumsum(new, dtype=np.int32) - np.int32(1)
    return place[new], np.bincount(pair, weights=amounts[row]).astype(np.float64, copy=False)


def _at_places(places: ArrayLike, values: ArrayLike, size: int) -> tuple[Codes, Values]:
    at, amounts = as_codes(places, size=size, name="places"), as_values(values, name="values")
    same_length(places=at, values=amounts)
    return at, amounts
