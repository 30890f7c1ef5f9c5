"""The matrix ``A W Aᵀ`` of weighted constraints, and how to solve with it whatever the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array, csr_array

    Values = NDArray[np.float64]

__all__ = ["NormalMatrix", "dot", "summed"]

#: Up to this many rows the whole matrix is factorised.
WHOLE = 400
#: Beyond: couplings kept by the preconditioner, per row, to start with. A random graph with fewer edges than nodes
#: factorises with hardly any fill; with more, fill explodes.
KEPT_PER_ROW = 0.75
#: Iterations after which more are kept, by which factor, as long as the factors stay under so many entries per row.
TRIED, MORE, ROOM, TOO_MUCH = 60, 1.2, 25, 80
#: Added to the (unit) diagonal: redundant rows and closed loops make the matrix singular.
SHIFT = 1e-12
#: Iterations without progress after which the best that was met is returned.
PATIENCE = 200


def dot(a: Values, b: Values) -> float:
    """Return the scalar product, without BLAS: its threads cost more than they give at these sizes."""
    return float(np.einsum("i,i->", a, b))


def summed(index: NDArray[np.intp], values: Values, size: int) -> Values:
    """Return the sum of the values at each index; always float (numpy gives integers where there is nothing)."""
    return np.bincount(index, values, minlength=size).astype(float, copy=False)


class NormalMatrix:
    """``A W Aᵀ`` for one `A` and changing diagonal weights `W`.

    The pattern is computed once. Rows are scaled to a unit diagonal; conjugate gradients are preconditioned by
    the factors of the matrix without its weak couplings. When the weights span many orders of magnitude, most
    couplings are weak and the factors nearly exact; when they do not, few iterations are needed anyway.
    """

    def __init__(self, A: csr_array, floor: Values) -> None:
        """`floor`: a positive weight for each variable that can move, used for rows where none has a weight."""
        from scipy.sparse import csr_array

        columns = A.tocsc()
        columns.sort_indices()
        self.rows = m = A.shape[0]
        count = np.diff(columns.indptr)
        column = np.repeat(np.arange(A.shape[1]), count)
        self._squares = csr_array(A).power(2)
        self._fallback = self._squares @ floor
        # each unordered pair of rows that share a variable, once per variable
        left = count[column] - 1 - (np.arange(len(columns.data)) - columns.indptr[column])
        first = np.repeat(np.arange(len(left)), left)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(left) - left, left)
        keys, pair = np.unique(
            columns.indices[first].astype(np.int64) * m + columns.indices[second], return_inverse=True
        )
        self._products = csr_array(
            (columns.data[first] * columns.data[second], (pair, column[first])), shape=(len(keys), A.shape[1])
        )
        self._i, self._j = (keys // max(m, 1)).astype(np.int32), (keys % max(m, 1)).astype(np.int32)
        every = np.arange(m, dtype=np.int32)
        numbered = csr_array(
            (
                np.arange(1.0, 2 * len(keys) + m + 1),
                (np.concatenate([self._i, self._j, every]), np.concatenate([self._j, self._i, every])),
            ),
            shape=(m, m),
        )
        self._order = numbered.data.astype(np.int64) - 1
        self._matrix = numbered
        self._row = np.repeat(every, np.diff(numbered.indptr))
        self._is_diagonal = self._order >= 2 * len(keys)
        self._weights: Values | None = None
        self._kept = KEPT_PER_ROW

    def weigh(self, weights: Values) -> None:
        """Take other weights; nothing is computed if they are the same."""
        if self._weights is not None and np.array_equal(weights, self._weights):
            return
        self._weights = weights
        diagonal = self._squares @ weights
        diagonal = np.where(diagonal > 0, diagonal, self._fallback)
        # a row where nothing can move gets no multiplier
        self._scale = np.divide(1.0, np.sqrt(diagonal), out=np.zeros(self.rows), where=diagonal > 0)
        coupling = (self._products @ weights) * self._scale[self._i] * self._scale[self._j]
        self._coupling = np.abs(coupling)
        unit = np.full(self.rows, 1 + 1e-15)
        self._matrix.data = np.concatenate([coupling, coupling, unit])[self._order]
        self._factorise()

    def _factorise(self) -> None:
        from scipy.sparse.linalg import splu

        m, kept = self.rows, int(self._kept * self.rows)
        self._whole = m <= WHOLE or kept >= len(self._coupling)
        factored = self._regular(0.0 if self._whole else np.partition(self._coupling, -kept)[-kept])
        factors = splu(
            factored, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
        )
        self._precondition, self._entries = factors.solve, factors.nnz
        if not self._whole and self._entries > TOO_MUCH * m:
            self._kept /= MORE

    def _regular(self, weakest: float) -> csc_array:
        """Return the matrix without the couplings below a size, made regular. Its pattern is symmetric."""
        from scipy.sparse import csc_array

        values, column = self._matrix.data, self._matrix.indices
        size = np.abs(values)
        kept = (size >= weakest) & (size > 0)
        # what is left out goes to the diagonal: the rest stays positive definite, whatever the signs
        gone, stays = np.flatnonzero(~kept & (size > 0)), np.flatnonzero(kept)
        row = self._row[gone]
        diagonal = (
            1 + SHIFT + summed(row, size[gone] * self._scale[row] / self._scale[column[gone]], self.rows)
        )
        values = values[stays]
        values[self._is_diagonal[stays]] = diagonal
        starts = np.searchsorted(stays, self._matrix.indptr).astype(np.int32)
        regular = csc_array((values, column[stays], starts), shape=self._matrix.shape)
        regular.has_canonical_format = True
        return regular

    def _refactorise(self) -> bool:
        """Keep more couplings, if there are more and the factors have room; return whether that was so."""
        if not self._may_keep_more:
            return False
        self._kept *= MORE
        self._factorise()
        return True

    def solve(self, right: Values, *, tolerance: float, most: int = 3000) -> tuple[Values, int]:
        """Return z with ``A W Aᵀ z ≈ right`` and the iterations taken.

        The preconditioned residual falls by `tolerance`, unless rounding or a contradiction between the rows stops
        it before: z is then the best one met.
        """
        residual = self._scale * right
        z, taken = np.zeros_like(residual), 0
        while True:
            more, residual, fallen, k = self._descend(
                residual, tolerance, TRIED if self._may_keep_more else most
            )
            z, taken = z + more, taken + k
            if fallen <= tolerance or k < TRIED or not self._refactorise():
                return self._scale * z, taken
            tolerance /= max(fallen, tolerance)

    @property
    def _may_keep_more(self) -> bool:
        return not self._whole and self._entries <= ROOM * self.rows

    def _descend(self, residual: Values, tolerance: float, most: int) -> tuple[Values, Values, float, int]:
        """Return the best z met by conjugate gradients, its residual, by how much that fell, and the iterations."""
        right, z = residual.copy(), np.zeros_like(residual)
        direction = self._precondition(residual)
        height = first = dot(residual, direction)
        target, least, best, since, k = height * tolerance**2, height, z.copy(), 0, 0
        while k < most and height > target and since < PATIENCE:
            image = self._matrix @ direction
            bend = dot(direction, image)
            if not bend > 1e-15 * height:
                break
            step = height / bend
            z += step * direction
            residual -= step * image
            preconditioned = self._precondition(residual)
            new = dot(residual, preconditioned)
            k += 1
            if not 0 < new < 1e12 * least:
                if abs(new) < least:
                    least, best = abs(new), z
                break
            direction *= new / height
            direction += preconditioned
            height, since = new, since + 1
            if height < least:
                least, since = height, 0
                np.copyto(best, z)
        fallen = float(np.sqrt(least / first)) if first > 0 else 0.0
        return best, right - self._matrix @ best, fallen, k

    def solve_many(self, right: Values, *, tolerance: float, most: int = 2000) -> Values:
        """Return the same for several right-hand sides, one per column, solved together."""
        residual = self._scale[:, None] * right
        z = np.zeros_like(residual)
        direction = self._precondition(residual)
        height = np.einsum("ij,ij->j", residual, direction)
        target, running = height * tolerance**2, height > 0
        for _ in range(most):
            if not running.any():
                break
            image = self._matrix @ direction
            bend = np.einsum("ij,ij->j", direction, image)
            running &= bend > 1e-15 * height
            step = np.divide(height, bend, out=np.zeros_like(height), where=running)
            z += step * direction
            residual -= step * image
            preconditioned = self._precondition(residual)
            new = np.einsum("ij,ij->j", residual, preconditioned)
            running &= (new > target) & (new < 1e12 * height)
            direction *= np.divide(new, height, out=np.zeros_like(height), where=running)
            direction += preconditioned
            height = np.where(running, new, height)
        return self._scale[:, None] * z
