"""The share of what passes a compartment that comes back to it: the diagonal of (I − G)⁻¹, loop by loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....errors import ValidationError
from ....problems import empty_problems

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from .matrix import FlowMatrix

    Values = NDArray[np.float64]

__all__ = ["LARGEST_DENSE", "returning_share"]

#: Compartments of one loop up to which its part of the matrix is inverted dense; beyond, a sparse
#: factorisation is solved for a block of columns at a time.
LARGEST_DENSE = 2000
_BLOCK = 256
#: What rounding alone may do, relative to 1.
_EPS = 1e-9


def returning_share(matrix: FlowMatrix) -> Values:
    """Return ``(N_ii − 1) / N_ii`` per compartment, ``N = (I − G)⁻¹``, ``G_ij = f_ij / T_i``.

    A walk that comes back stays within its strongly connected component: components of one compartment
    without a flow to itself have no part in it, the others are solved one by one. A component that nothing
    leaves passes on all that it holds, for ever: 1.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    size, internal, through = matrix.size, matrix.internal, matrix.throughflow
    found = np.zeros(size)
    if not internal.nnz:
        return found
    rows = np.repeat(np.arange(size), np.diff(internal.indptr))
    where = connected_components(internal, directed=True, connection="strong")[1]
    inside = where[rows] == where[internal.indices]
    # what leaves a compartment that receives nothing is in no component
    shares = internal.data[inside] / through[rows[inside]]
    loops = csr_array((shares, (rows[inside], internal.indices[inside])), shape=(size, size))
    alone = np.bincount(where)[where] == 1
    own = loops.diagonal()
    found[alone] = own[alone]  # N_ii = 1 / (1 − g_ii)
    _refuse(own[alone].max(initial=0.0) > 1 + _EPS, matrix.labels[alone & (own > 1 + _EPS)])
    for members in _large(where):  # a loop over components of several compartments
        found[members] = _of_component(loops[members][:, members], matrix.labels[members])
    return np.minimum(found, 1.0)


def _large(where: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """Return the members of each component of several compartments."""
    order = np.argsort(where, kind="stable")
    sizes = np.bincount(where)
    ends = np.cumsum(sizes)
    return [order[ends[each] - sizes[each] : ends[each]] for each in np.flatnonzero(sizes > 1)]


def _of_component(loops: csr_array, labels: pd.Index) -> Values:
    from scipy.sparse import eye_array

    size = loops.shape[0]
    kept = np.asarray(loops.sum(axis=1)).ravel()
    if (kept >= 1 - _EPS).all() and (kept <= 1 + _EPS).all():
        return np.ones(size)
    if size <= LARGEST_DENSE:
        try:
            inverse = np.linalg.inv(np.eye(size) - loops.toarray())
        except np.linalg.LinAlgError:
            _refuse(True, labels)
        # an inverse without negative entries says that what circulates dies out
        _refuse(not inverse.min() >= -_EPS, labels)
        return 1 - 1 / np.diag(inverse)
    return _of_large_component((eye_array(size) - loops).tocsc(), labels)


def _of_large_component(system: csr_array, labels: pd.Index) -> Values:
    from scipy.sparse.linalg import splu

    size, factor = system.shape[0], splu(system)
    diagonal = np.empty(size)
    for start in range(0, size, _BLOCK):  # a loop over blocks of columns
        columns = np.arange(start, min(start + _BLOCK, size))
        right = np.zeros((size, len(columns)))
        right[columns, columns - start] = 1.0
        solved = factor.solve(right)
        _refuse(not solved.min() >= -_EPS, labels)
        diagonal[columns] = solved[columns, columns - start]
    return 1 - 1 / diagonal


def _refuse(wrong: bool, labels: pd.Index) -> None:
    if wrong:
        named = ", ".join(str(label) for label in labels[:5])
        raise ValidationError(
            f"no cycling index: more leaves than enters on the loop of {named}; a steady state is needed, "
            "balance the matrix first (FlowMatrix.balanced)",
            empty_problems(),
        )
