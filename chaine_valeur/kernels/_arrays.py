"""What several kernels need of arrays: codes made ready, ranges written out, marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["CHUNK", "MOST", "as_codes", "as_mask", "as_values", "chunks", "entries_of", "same_length"]

#: Rows worked on at a time where a temporary array would otherwise be as long as the edges: it stays in cache.
CHUNK = 1 << 17
#: Most nodes, and most entries of a graph, that a number of 32 bits can count.
MOST = 2**31 - 1


def as_codes(values: ArrayLike, *, size: int, name: str) -> Codes:
    """Return integers as contiguous int32, −1 up to ``size − 1``; nothing is copied that is so already.

    Raises
    ------
    ArgumentError
        Not whole numbers in one dimension, or one out of range: the first such, and where it stands.
    """
    given = np.asarray(values)
    if given.ndim != 1 or (given.dtype.kind not in "iu" and len(given)):
        raise ArgumentError(
            f"{name} has to be whole numbers in one dimension, not {given.dtype} {given.shape}"
        )
    if len(given) and (given.min() < -1 or given.max() >= size):
        place = int(np.flatnonzero((given < -1) | (given >= size))[0])
        raise ArgumentError(
            f"{name}[{place}] is {given[place]}: codes go from 0 to {size - 1}, and -1 stands for none"
        )
    return np.ascontiguousarray(given, dtype=np.int32)


def as_values(values: ArrayLike, *, name: str) -> Values:
    """Return numbers as contiguous float64 in one dimension."""
    given = np.ascontiguousarray(values, dtype=np.float64)
    if given.ndim != 1:
        raise ArgumentError(f"{name} has to be of one dimension, not {given.shape}")
    return given


def as_mask(nodes: ArrayLike, *, size: int, name: str) -> Mask:
    """Return a mask over nodes from a mask, or from codes of nodes (−1 is none)."""
    given = np.asarray(nodes)
    if given.dtype == np.bool_:
        if given.shape != (size,):
            raise ArgumentError(f"{name} is a mask of {given.shape}, and there are {size} nodes")
        return np.ascontiguousarray(given)
    codes = as_codes(given, size=size, name=name)
    mask = np.zeros(size, dtype=bool)
    mask[codes[codes >= 0]] = True
    return mask


def same_length(**arrays: NDArray[np.generic]) -> int:
    """Return the length that arrays have in common.

    Raises
    ------
    ArgumentError
        Two of them are not of one length.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ArgumentError(f"these have to be of one length: {said}")
    return next(iter(lengths.values()))


def chunks(length: int) -> Iterator[slice]:
    """Yield slices of `CHUNK` rows that cover a length."""
    for start in range(0, length, CHUNK):
        yield slice(start, min(start + CHUNK, length))


def entries_of(indptr: Codes, nodes: Codes) -> tuple[Codes, Codes]:
    """Return the places of all entries of some rows, row after row, and how many each row has."""
    starts = indptr[nodes]
    counts = indptr[nodes + 1] - starts
    ends = np.cumsum(counts, dtype=np.int32)
    total = int(ends[-1]) if len(ends) else 0
    shift = np.repeat(starts - ends + counts, counts)
    shift += np.arange(total, dtype=np.int32)
    return shift, counts
