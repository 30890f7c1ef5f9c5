"""Which nodes a set of nodes reaches, forward or backward, and in how many steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import _loops_reach as loops
from ._arrays import as_mask
from .choice import compiles
from .csr import Graph

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["depths", "reached"]


def reached(graph: Graph, sources: ArrayLike, *, backward: bool = False) -> Mask:
    """Return which nodes are reached from some nodes, these included.

    Parameters
    ----------
    graph
        A graph; an undirected one is followed both ways.
    sources
        A mask over nodes, or codes of nodes.
    backward
        Follow edges from their second end to their first: which nodes lead to one of these. The graph turned
        round (`Graph.reversed`) is made on the first such call and kept.

    Raises
    ------
    ArgumentError
        Sources that are no nodes, a mask of another length.

    Examples
    --------
    >>> graph = Graph.of([0, 1, 3], [1, 2, 2], size=4)
    >>> reached(graph, [1]).tolist(), reached(graph, [1], backward=True).tolist()
    ([False, True, True, False], [True, True, False, False])
    """
    graph = graph.reversed if backward else graph
    begun = np.flatnonzero(as_mask(sources, size=graph.size, name="sources")).astype(np.int32)
    found = np.zeros(graph.size, dtype=bool)
    if compiles(graph.work):
        loops.reach(graph.indptr, graph.indices, begun, found)
    elif len(begun):
        found[_breadth_first(graph, begun)[0][1:]] = True
    return found


def depths(graph: Graph, sources: ArrayLike, *, backward: bool = False) -> Codes:
    """Return the least number of steps in which some nodes reach each node, −1 where they do not.

    Parameters
    ----------
    graph, sources, backward
        As for `reached`.

    Raises
    ------
    ArgumentError
        As `reached`.

    Examples
    --------
    >>> depths(Graph.of([0, 1, 0], [1, 2, 2], size=4), [0]).tolist()
    [0, 1, 1, -1]
    """
    graph = graph.reversed if backward else graph
    begun = np.flatnonzero(as_mask(sources, size=graph.size, name="sources")).astype(np.int32)
    depth = np.full(graph.size, -1, dtype=np.int32)
    if compiles(graph.work):
        loops.depth(graph.indptr, graph.indices, begun, depth)
        return depth
    if not len(begun):
        return depth
    order, before = _breadth_first(graph, begun)
    place = np.empty(graph.size + 1, dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    above = place[before[order[1:]]]  # ascending: nodes are visited in the order of what leads to them
    del place, before
    stop, level = 0, 0
    while stop < len(above):  # over levels; each ends where nodes hang on nodes of its own
        start, stop = stop, int(np.searchsorted(above, np.int32(stop + 1)))
        depth[order[start + 1 : stop + 1]] = level
        level += 1
    return depth


def _breadth_first(graph: Graph, begun: Codes) -> tuple[Codes, Codes]:
    """Return the order of a walk from a further node n that leads to some nodes, and what leads to each."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    total = graph.n_entries + len(begun)
    indices = np.concatenate([graph.indices, begun])
    indptr = np.append(graph.indptr, np.int32(total))
    ones = np.broadcast_to(np.float64(1), (total,))
    steps = csr_array((ones, indices, indptr), shape=(graph.size + 1, graph.size + 1))
    order, before = breadth_first_order(steps, graph.size, directed=True)
    return order, before
