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

    Places = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["LARGEST_DENSE", "LARGEST_LOOP", "returning_share"]

#: Compartments of one loop up to which its part of the matrix is inverted dense; beyond, a sparse
#: factorisation is solved for a block of columns at a time.
LARGEST_DENSE = 2000
#: Compartments of one loop up to which a diagnostic works out what comes back: under a second.
LARGEST_LOOP = LARGEST_DENSE
_BLOCK = 256
#: Numbers of dense matrices that are held at a time.
_AT_A_TIME = 4_000_000
#: What rounding alone may do, relative to 1.
_EPS = 1e-9


def returning_share(matrix: FlowMatrix, *, most: int | None = None) -> Values:
    """Return ``(N_ii − 1) / N_ii`` per compartment, ``N = (I − G)⁻¹``, ``G_ij = f_ij / T_i``.

    A walk that comes back stays within its strongly connected component: components of one compartment
    without a flow to itself have no part in it, the others are solved one by one. A component that nothing
    leaves passes on all that it holds, for ever: 1. A component of more compartments than `most` is left
    out: NaN.
    """
    from scipy.sparse.csgraph import connected_components

    size, internal, through = matrix.size, matrix.internal, matrix.throughflow
    found = np.zeros(size)
    if not internal.nnz:
        return found
    rows = np.repeat(np.arange(size), np.diff(internal.indptr))
    where = connected_components(internal, directed=True, connection="strong")[1]
    inside = where[rows] == where[internal.indices]
    # what leaves a compartment that receives nothing is in no component
    rows, columns = rows[inside], internal.indices[inside]
    shares = internal.data[inside] / through[rows]
    sizes = np.bincount(where)
    alone, own = sizes[where] == 1, np.zeros(size)
    back = rows == columns
    own[rows[back]] = shares[back]
    found[alone] = own[alone]  # N_ii = 1 / (1 − g_ii)
    _refuse(own[alone].max(initial=0.0) > 1 + _EPS, matrix.labels[alone & (own > 1 + _EPS)])
    order = np.argsort(where, kind="stable")
    ends = np.cumsum(sizes)
    local = np.empty(size, dtype=np.int64)
    local[order] = np.arange(size) - np.repeat(ends - sizes, sizes)
    of_entry = sizes[where[rows]]
    number = np.zeros(len(sizes), dtype=np.int64)
    for width in np.unique(sizes[sizes > 1]).tolist():  # over the sizes of components of several compartments
        components = np.flatnonzero(sizes == width)
        members = order[(ends - sizes)[components][:, None] + np.arange(width)]
        if most is not None and width > most:
            found[members] = np.nan
            continue
        number[components] = np.arange(len(components))
        of_size = np.flatnonzero(of_entry == width)
        place = number[where[rows[of_size]]]
        by_component = np.argsort(place, kind="stable")
        of_size, place = of_size[by_component], place[by_component]
        step = max(_AT_A_TIME // width**2, 1)
        for first in range(0, len(components), step):  # over as many of them as memory holds
            use = of_size[np.searchsorted(place, first) : np.searchsorted(place, first + step)]
            some = members[first : first + step]
            entries = (number[where[rows[use]]] - first, local[rows[use]], local[columns[use]])
            found[some] = _of_components(entries, shares[use], some, matrix.labels)
    return np.minimum(found, 1.0)


def _of_components(
    entries: tuple[Places, Places, Places], shares: Values, members: Places, labels: pd.Index
) -> Values:
    """Return the share that comes back to each member of some components of one size, a row each.

    ``entries`` are the component, the row and the column of each share.
    """
    count, size = members.shape
    kept = np.bincount(entries[0] * size + entries[1], weights=shares, minlength=count * size).reshape(
        count, size
    )
    found, left = np.ones((count, size)), ~((kept >= 1 - _EPS) & (kept <= 1 + _EPS)).all(axis=1)
    if size > LARGEST_DENSE:
        from scipy.sparse import coo_array, eye_array

        if left.any():  # one by one, as memory holds no more
            loops = coo_array((shares, entries[1:]), shape=(size, size))
            found[0] = _of_large_component((eye_array(size) - loops).tocsc(), labels[members[0]])
        return found
    system = np.zeros((count, size, size))
    system[entries] = shares
    system = np.eye(size) - system[left]
    try:
        inverse = np.linalg.inv(system)
    except np.linalg.LinAlgError:
        singular = [
            np.linalg.matrix_rank(one) < size for one in system
        ]  # a loop over what is told in the error
        _refuse(True, labels[members[left][singular].ravel()])
    # an inverse without negative entries says that what circulates dies out
    wrong = ~(inverse.min(axis=(1, 2), initial=np.inf) >= -_EPS)
    _refuse(bool(wrong.any()), labels[members[left][wrong].ravel()])
    found[left] = 1 - 1 / np.diagonal(inverse, axis1=1, axis2=2)
    return found


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
