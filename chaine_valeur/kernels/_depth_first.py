"""A depth-first walk of a whole graph by scipy: never quadratic, all components in one walk.

`scipy.sparse.csgraph.depth_first_order` starts a row again from its beginning each time it comes back to it,
which is quadratic for a node of many leaves. Long rows are therefore cut into pieces of which each ends with
a step to the next: the same walk, in which nothing is read again more than `PIECE` times. Each row ends with
a further leaf, its exit: all that is visited before it, and since its node, hangs on that node. Above it all
stands a root that leads to every node, itself cut into pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .csr import Graph

    Codes = NDArray[np.int32]

__all__ = ["PIECE", "Walk", "depth_first"]

#: Neighbours in a piece of a row.
PIECE = 48


@dataclass(frozen=True, eq=False)
class Walk:
    """A depth-first forest, per node: ``parent`` (−1: a root); its place ``first`` in the order of the walk.

    What hangs on a node, itself included, stands at ``first`` to ``last − 1``.
    """

    parent: Codes
    first: Codes
    last: Codes


def depth_first(graph: Graph) -> Walk:
    """Return the walk of a graph that has nodes, each tree begun at its first node."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import depth_first_order

    size = graph.size
    indptr, indices, piece, n_pieces = _with_exits(graph)
    total = len(indptr) - 1
    ones = np.broadcast_to(np.float64(1), indices.shape)
    steps = csr_array((ones, indices, indptr), shape=(total, total))
    order, before = depth_first_order(steps, n_pieces + size, directed=True)
    del steps, indices, indptr
    # number of nodes visited up to each step; pieces and exits are none
    seen = np.zeros(total, dtype=np.int32)
    begins = np.zeros(total, dtype=bool)
    begins[piece] = True
    seen[order] = np.cumsum(begins[order], dtype=np.int32)
    del order
    if n_pieces == size:
        parent = before[:size]
        parent = np.where(parent < size, parent, np.int32(-1))
    else:
        owner = np.repeat(np.arange(size, dtype=np.int32), np.diff(graph.indptr) // PIECE + 1)
        above = before[piece]
        parent = np.where(above < n_pieces, owner[np.minimum(above, n_pieces - 1)], np.int32(-1))
    return Walk(parent, seen[piece] - np.int32(1), seen[n_pieces : n_pieces + size])


def _with_exits(graph: Graph) -> tuple[Codes, Codes, Codes, int]:
    """Return the rows to walk (pieces of rows, exits, pieces of the root), the first piece of each node, and
    how many pieces of rows there are.
    """
    size = graph.size
    degree = np.diff(graph.indptr)
    further = degree // PIECE  # the exit is an item of the row too
    piece = np.arange(size, dtype=np.int32)
    piece[1:] += np.cumsum(further[:-1], dtype=np.int32)
    n_pieces = size + int(further.sum())
    n_roots = -(-size // PIECE)
    lengths = np.zeros(n_pieces + size + n_roots, dtype=np.int32)
    lengths[:n_pieces] = PIECE + 1
    final = piece + further  # the last piece of each row has what is left, and the exit
    lengths[final] = degree - further * PIECE + 1
    lengths[n_pieces + size :] = PIECE + 1
    lengths[-1] = size - (n_roots - 1) * PIECE
    indptr = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=indptr[1:])
    del lengths
    indices = np.empty(int(indptr[-1]), dtype=np.int32)
    rest = np.ones(len(indices), dtype=bool)
    goes_on = np.ones(n_pieces + size + n_roots, dtype=bool)
    goes_on[final] = False
    goes_on[n_pieces : n_pieces + size] = False
    goes_on[-1] = False
    at = indptr[1:][goes_on] - 1
    indices[at] = np.flatnonzero(goes_on) + 1  # the next piece
    rest[at] = False
    at = indptr[final + 1] - 1
    indices[at] = np.arange(n_pieces, n_pieces + size, dtype=np.int32)  # the exit
    rest[at] = False
    start = int(indptr[n_pieces])
    indices[:start][rest[:start]] = graph.indices if n_pieces == size else piece[graph.indices]
    indices[start:][rest[start:]] = piece
    return indptr, indices, piece, n_pieces
