"""Sparse systems ``z = z₀ + M z`` in which most values are given and the others follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Linear"]

#: Coefficients below this are what rounding leaves of 0.
NOTHING = 1e-12
#: A circle of values that its figures determine no better than this is left unknown.
ILL_CONDITIONED = 1e12


@dataclass(frozen=True)
class Linear:
    """``z = P z₀ + A z``, with A without circles: what follows is reached in as many steps as it is far.

    Attributes
    ----------
    start
        What is given, 0 for what follows.
    unknown
        What nothing gives, and all that would follow from it.
    ahead
        A: one step from values to those that follow.
    circles
        P: the identity, but for values that follow from each other, solved at once.
    """

    start: Values
    unknown: Mask
    ahead: csr_array
    circles: csr_array

    @classmethod
    def of(
        cls, entries: tuple[NDArray[np.int64], NDArray[np.int64], Values], start: Values, unknown: Mask
    ) -> Self:
        """Return the system of some entries of M (rows, columns, values)."""
        from scipy.sparse import coo_array, csr_array, eye_array

        size = len(start)
        rows, columns, values = entries
        if not len(values):
            return cls(start, unknown, csr_array((size, size)), eye_array(size, format="csr"))
        matrix = coo_array((values, (rows, columns)), shape=(size, size)).tocsr()
        matrix.data[np.abs(matrix.data) < NOTHING] = 0.0
        matrix.eliminate_zeros()
        unknown = _spread(matrix, unknown)
        matrix = _without(matrix, unknown)
        if not matrix.nnz:
            return cls(start, unknown, csr_array((size, size)), eye_array(size, format="csr"))
        inner, inverse, singular = _circles(matrix)
        if singular.any():
            unknown = _spread(matrix, unknown | singular)
            inner, inverse = _without(inner, unknown), _without(inverse, unknown)
            matrix = _without(matrix, unknown)
        ahead = (inverse @ (matrix - inner)).tocsr()
        ahead.eliminate_zeros()
        return cls(start, unknown, ahead, inverse)

    def solution(self) -> Values:
        """Return the values, NaN for what is unknown."""
        given = self.circles @ np.where(self.unknown, 0.0, self.start)
        found, step = given.copy(), given
        while self.ahead.nnz and step.any():  # over the length of the longest chain of values
            step = self.ahead @ step
            found = found + step
        found[self.unknown] = np.nan
        return found

    def sensitivity(self, combination: csr_array) -> csr_array:
        """Return how linear combinations of the values (rows × values) depend on what is given."""
        total = step = combination
        while self.ahead.nnz and step.nnz:  # over the length of the longest chain of values
            step = (step @ self.ahead).tocsr()
            step.eliminate_zeros()
            total = total + step
        return (total @ self.circles).tocsr()


def _spread(matrix: csr_array, unknown: Mask) -> Mask:
    """Return what is unknown, and all that follows from it."""
    pattern = abs(matrix)
    while True:  # over the length of the longest chain of values
        reached = unknown | (pattern @ unknown.astype(np.float64) > 0)
        if (reached == unknown).all():
            return unknown
        unknown = reached


def _without(matrix: csr_array, out: Mask) -> csr_array:
    """Return a matrix without the entries of some rows and columns."""
    from scipy.sparse import coo_array

    entries = matrix.tocoo()
    keep = ~(out[entries.row] | out[entries.col])
    kept = (entries.data[keep], (entries.row[keep], entries.col[keep]))
    return coo_array(kept, shape=matrix.shape).tocsr()


def _circles(matrix: csr_array) -> tuple[csr_array, csr_array, Mask]:
    """Return the entries of M inside circles, ``(I − those)⁻¹``, and what has no solution."""
    from scipy.sparse import coo_array, eye_array
    from scipy.sparse.csgraph import connected_components

    size = matrix.shape[0]
    part = connected_components(matrix, directed=True, connection="strong")[1]
    entries = matrix.tocoo()
    inside = part[entries.row] == part[entries.col]
    rows, columns, values = entries.row[inside], entries.col[inside], entries.data[inside]
    inner = coo_array((values, (rows, columns)), shape=(size, size)).tocsr()
    singular = np.zeros(size, dtype=bool)
    if not len(rows):
        return inner, eye_array(size, format="csr"), singular
    order = np.argsort(part[rows], kind="stable")
    rows, columns, values = rows[order], columns[order], values[order]
    circle = part[rows]
    starts = np.flatnonzero(np.append(True, circle[1:] != circle[:-1]))
    found = []
    for first, last in zip(starts, np.append(starts[1:], len(rows)), strict=True):  # over the few circles
        members, local = np.unique(np.append(rows[first:last], columns[first:last]), return_inverse=True)
        a, b = np.split(local, 2)
        block = np.eye(len(members))
        np.subtract.at(block, (a, b), values[first:last])
        if np.linalg.cond(block) > ILL_CONDITIONED:
            singular[members] = True
            continue
        found.append((np.repeat(members, len(members)), np.tile(members, len(members)), np.linalg.inv(block)))
    loose = np.ones(size)
    for members, _, _ in found:
        loose[members] = 0.0
    diagonal = np.arange(size)
    rows = np.concatenate([diagonal, *(part[0] for part in found)])
    columns = np.concatenate([diagonal, *(part[1] for part in found)])
    values = np.concatenate([loose, *(part[2].ravel() for part in found)])
    inverse = coo_array((values, (rows, columns)), shape=(size, size)).tocsr()
    inverse.eliminate_zeros()
    return inner, inverse, singular
