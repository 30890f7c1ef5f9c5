"""Rank and null spaces of a large sparse matrix: what the equations tie together and what they leave open.

Rows and columns with a single coefficient are peeled off first; they are most of a supply chain. What remains is
split into connected parts: the small ones are decomposed, the large ones projected onto.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...network import distinct
from ._normal import NormalMatrix

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array, csr_array

    Values = NDArray[np.float64]
    Codes = NDArray[np.intp]
    Mask = NDArray[np.bool_]

__all__ = ["Structure", "structure"]

#: Random vectors drawn from each null space: a second one, lest the first cancels by chance.
DRAWN = 2
#: Parts with at most so many rows and columns are decomposed.
DECOMPOSED = 400
#: What counts as zero: in a decomposition, relative to the largest singular value; in a random vector.
RANK_ZERO, VECTOR_ZERO = 1e-10, 1e-7


@dataclass(frozen=True)
class Structure:
    """What `structure` found.

    Attributes
    ----------
    rank
        Independent rows.
    right
        Random vectors v with ``A v = 0``, one column each. A variable is 0 in all of them exactly when the
        equations determine it.
    left
        Random vectors w with ``wᵀ A = 0``: an equation is 0 in all of them exactly when it is independent of
        the others.
    """

    rank: int
    right: Values
    left: Values


def structure(A: csr_array, *, seed: int = 0) -> Structure:
    """Return the rank of a sparse matrix and random vectors of its two null spaces; the same seed, the same ones.

    Examples
    --------
    Two equal equations ``x + y = …`` and one ``z = …``:

    >>> from scipy.sparse import csr_array
    >>> found = structure(csr_array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    >>> found.rank, (abs(found.right).max(axis=1) > 0).tolist(), (abs(found.left).max(axis=1) > 0).tolist()
    (2, [True, True, False], [True, True, False])
    """
    A = A.copy()
    A.eliminate_zeros()
    A.sort_indices()
    columns = A.tocsc()
    random = np.random.default_rng(seed)
    waves, rows_left, columns_left = _peel(A, columns)
    right, left = np.zeros((A.shape[1], DRAWN)), np.zeros((A.shape[0], DRAWN))
    rows, cols = np.flatnonzero(rows_left), np.flatnonzero(columns_left)
    core, right[cols], left[rows] = _core(A[rows][:, cols], random)
    # what was peeled last is filled in first
    for by_row, r, c in reversed(waves):
        if by_row:
            _fill(left, r, columns[:, c].T.tocsr(), left, _at(A, r, c))
        else:
            _fill(right, c, A[r], right, _at(A, r, c))
    return Structure(core + sum(len(r) for _, r, _ in waves), right, left)


def _fill(out: Values, where: Codes, equations: csr_array, vectors: Values, pivot: Values) -> None:
    """Give each place the value at which its equation holds, the other values being known."""
    total, size = equations @ vectors, abs(equations) @ np.abs(vectors)
    out[where] = np.where(np.abs(total) > 1e-9 * size, -total / pivot[:, None], 0.0)


def _at(A: csr_array, r: Codes, c: Codes) -> Values:
    """Return the coefficients at these places."""
    width = A.shape[1]
    rows = np.repeat(np.arange(A.shape[0], dtype=np.int64), np.diff(A.indptr)[: A.shape[0]])
    return A.data[np.searchsorted(rows * width + A.indices, r.astype(np.int64) * width + c)]


def _peel(A: csr_array, columns: csc_array) -> tuple[list[tuple[bool, Codes, Codes]], Mask, Mask]:
    """Return the pivots taken, in waves (by row or by column), and which rows and columns are left.

    A row with one column left determines it. A column with one row left absorbs this row.
    """
    degree = [np.diff(A.indptr), np.diff(columns.indptr)]
    # the sum of the indices left in a line is the index itself once a single one is left
    total = [_sums(A), _sums(columns)]
    left = [np.ones(size, dtype=bool) for size in A.shape]
    waves: list[tuple[bool, Codes, Codes]] = []
    seen = [np.arange(size) for size in A.shape]
    while len(seen[0]) or len(seen[1]):
        for side, matrix in ((0, columns), (1, A)):
            lines = seen[side]
            seen[side] = np.zeros(0, dtype=np.intp)
            lines = lines[left[side][lines] & (degree[side][lines] == 1)]
            if not len(lines):
                continue
            crossing, first = np.unique(total[side][lines], return_index=True)
            lines = lines[first]
            waves.append((side == 0, *((lines, crossing) if side == 0 else (crossing, lines))))
            left[side][lines] = False
            left[1 - side][crossing] = False
            # whoever crosses a line that went has one fewer
            touched, gone = _entries(matrix, crossing)
            np.subtract.at(degree[side], touched, 1)
            np.subtract.at(total[side], touched, gone)
            seen[side] = distinct(touched)
            other, gone = _entries(A if side == 0 else columns, lines)
            np.subtract.at(degree[1 - side], other, 1)
            np.subtract.at(total[1 - side], other, gone)
            seen[1 - side] = distinct(np.concatenate([seen[1 - side], other]))
    return waves, left[0], left[1]


def _sums(matrix: csr_array | csc_array) -> Codes:
    lines = len(matrix.indptr) - 1
    which = np.repeat(np.arange(lines), np.diff(matrix.indptr))
    return np.bincount(which, matrix.indices, minlength=lines).astype(np.int64)


def _entries(matrix: csr_array | csc_array, lines: Codes) -> tuple[Codes, Codes]:
    """Return the indices that stand in some lines of a compressed matrix, and the line of each."""
    start, count = matrix.indptr[lines], np.diff(matrix.indptr)[lines]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return matrix.indices[np.repeat(start, count) + within], np.repeat(lines, count)


def _core(A: csr_array, random: np.random.Generator) -> tuple[int, Values, Values]:
    """Return the rank and null vectors of what peeling left."""
    from scipy.sparse import block_array
    from scipy.sparse.csgraph import connected_components

    m, n = A.shape
    right, left = random.standard_normal((n, DRAWN)), random.standard_normal((m, DRAWN))
    if not A.nnz:
        return 0, right, left
    _, part = connected_components(block_array([[None, A], [A.T, None]]), directed=False)
    rank = 0
    by_row, by_column = np.argsort(part[:m], kind="stable"), np.argsort(part[m:], kind="stable")
    every = np.arange(part.max() + 2)
    row_at, column_at = np.searchsorted(part[:m][by_row], every), np.searchsorted(part[m:][by_column], every)
    for k in np.flatnonzero((np.diff(row_at) > 0) & (np.diff(column_at) > 0)):  # a loop over parts
        rows, cols = by_row[row_at[k] : row_at[k + 1]], by_column[column_at[k] : column_at[k + 1]]
        piece = A[rows][:, cols]
        solved = _decomposed if max(piece.shape) <= DECOMPOSED else _projected
        found, right[cols], left[rows] = solved(piece, right[cols], left[rows])
        rank += found
    return rank, right, left


def _decomposed(A: csr_array, right: Values, left: Values) -> tuple[int, Values, Values]:
    """Return the rank, and random vectors projected onto the null spaces, of a small part."""
    U, s, Vt = np.linalg.svd(A.toarray(), full_matrices=False)
    rank = int((s > RANK_ZERO * s[0]).sum())
    U, V = U[:, :rank], Vt[:rank].T
    return rank, _rounded(right - V @ (V.T @ right)), _rounded(left - U @ (U.T @ left))


def _projected(A: csr_array, right: Values, left: Values) -> tuple[int, Values, Values]:
    """Return the same of a large part, by conjugate gradients."""
    m, n = A.shape
    if m > n:
        rank, left, right = _projected(A.T.tocsr(), left, right)
        return rank, right, left
    normal = NormalMatrix(A, np.ones(n))
    normal.weigh(np.ones(n))
    right = right - A.T @ _solved(normal, A @ right)
    # what is left when the product is undone: a vector that the product sends to zero
    left = left - _solved(normal, A @ (A.T @ left))
    random, drawn, nullity = np.random.default_rng(m), 0, 0
    while nullity == drawn < m:  # as many as were drawn: there may be more
        drawn = min(max(4, 4 * drawn), m)
        probes = random.standard_normal((m, drawn))
        kept = probes - _solved(normal, A @ (A.T @ probes))
        nullity = int((np.linalg.svd(kept, compute_uv=False) > VECTOR_ZERO * np.sqrt(m)).sum())
    return m - nullity, _rounded(right), _rounded(left)


def _solved(normal: NormalMatrix, right: Values) -> Values:
    return np.stack([normal.solve(column, tolerance=1e-12)[0] for column in right.T], axis=1)


def _rounded(vectors: Values) -> Values:
    return np.where(np.abs(vectors) > VECTOR_ZERO, vectors, 0.0)
