"""Which of two lists of names look alike, without comparing every pair letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Places = NDArray[np.int64]

__all__ = ["close_pairs"]

_AT_ONCE = 4096


def close_pairs(names: Sequence[str], others: Sequence[str], *, least: float) -> tuple[Places, Places]:
    """Return the positions of the pairs of names whose Dice coefficient reaches `least`, in order.

    ``2 |A ∩ B| / (|A| + |B|)``, with *A*, *B* the sets of three letters in a row of each name, a space being put
    before and behind it.

    Examples
    --------
    >>> pairs = close_pairs(["tri val"], ["trival", "tri du val", "papeterie"], least=0.5)
    >>> [place.tolist() for place in pairs]
    [[0, 0], [0, 1]]
    """
    none = np.empty(0, dtype=np.int64)
    if not len(names) or not len(others):
        return none, none
    pieces = [_pieces(names), _pieces(others)]
    codes, where = np.unique(np.concatenate([piece[1] for piece in pieces]), return_inverse=True)
    cut = len(pieces[0][1])
    mine = _matrix(pieces[0][0], where[:cut], (len(names), len(codes)))
    theirs = _matrix(pieces[1][0], where[cut:], (len(others), len(codes)))
    size = np.asarray(mine.sum(axis=1)).ravel(), np.asarray(theirs.sum(axis=1)).ravel()
    found = []
    for start in range(
        0, len(names), _AT_ONCE
    ):  # a loop over blocks: most names share some piece with most others
        shared = (mine[start : start + _AT_ONCE] @ theirs.T).tocoo()
        row, column = shared.coords[0] + start, shared.coords[1]
        alike = 2 * shared.data / (size[0][row] + size[1][column]) >= least - 1e-12
        found.append((row[alike].astype(np.int64), column[alike].astype(np.int64)))
    row, column = (np.concatenate([pair[side] for pair in found]) for side in (0, 1))
    order = np.lexsort((column, row))
    return row[order], column[order]


def _pieces(names: Sequence[str]) -> tuple[Places, NDArray[np.int64]]:
    """Return the name (position) and the code of every three letters in a row."""
    width = max(map(len, names)) + 2
    letters = np.array([f" {name} " for name in names], dtype=f"<U{width}").view(np.uint32).reshape(-1, width)
    wide = letters.astype(np.int64)
    # 21 bits hold any character
    code = (wide[:, :-2] << 42) | (wide[:, 1:-1] << 21) | wide[:, 2:]
    row, column = np.nonzero(letters[:, 2:])
    return row, code[row, column]


def _matrix(row: Places, column: Places, shape: tuple[int, int]) -> csr_array:
    from scipy.sparse import csr_array

    matrix = csr_array((np.ones(len(row)), (row, column)), shape=shape)
    matrix.data[:] = 1.0  # a set: pieces that come twice count once
    return matrix
