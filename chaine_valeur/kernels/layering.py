"""Layers of a chain from upstream to downstream, and the number of paths through each node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ArgumentError
from . import _loops_reach as loops
from ._arrays import as_mask, entries_of
from .choice import compiles
from .components import Components, strong_components
from .csr import Graph

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["EXACT", "Paths", "layers", "path_counts"]

#: From here on not every whole number is a float64: counts are made again with whole numbers of Python.
EXACT = 2.0**53


def layers(graph: Graph, *, parts: Components | None = None) -> Codes:
    """Return the layer of each node: the most edges of a way that leads to it, 0 for a node nothing leads to.

    Loops are condensed first: nodes that all reach one another are in one layer, and a way counts only the
    edges between two such sets. Every edge between two sets goes to a later layer.

    Parameters
    ----------
    graph
        A directed graph.
    parts
        Its strong components where they are known already: the plain version need not find them again.

    Raises
    ------
    ArgumentError
        An undirected graph.

    Notes
    -----
    Plain, layer after layer: O(nodes + edges), with a few calls of numpy a layer (some 20 µs), so that a
    single file of 1e5 nodes takes seconds. Compiled, O(nodes + edges) of any shape.

    Examples
    --------
    >>> layers(Graph.of([0, 1, 0, 2, 3], [1, 2, 2, 3, 2], size=5)).tolist()
    [0, 1, 2, 2, 0]
    """
    _checked(graph, "layers")
    size = graph.size
    if compiles(graph.work):
        from ._loops_components import strong

        rank, order = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
        layer = np.zeros(strong(graph.indptr, graph.indices, rank), dtype=np.int32)
        loops.put_in_layers(graph.indptr, graph.indices, rank, order, layer)
        return layer[rank]
    parts = strong_components(graph) if parts is None else parts
    if parts.count == size:
        simple = graph.simple
        return _peeled(simple.indptr, simple.indices)
    # the rows of the nodes of each component one after the other: those of the condensed graph, in no order
    label = parts.label
    order = np.argsort(label, kind="stable").astype(np.int32)
    places, counts = entries_of(graph.indptr, order)
    ends = label[graph.indices[places]]
    del places
    leads_on = ends != np.repeat(label[order], counts)
    indptr = np.zeros(parts.count + 1, dtype=np.int32)
    indptr[1:] = np.cumsum(
        parts.sizes
    )  # of nodes in order, then of what their rows hold, then of what is kept
    indptr = np.append(np.int32(0), np.cumsum(counts, dtype=np.int32))[indptr]
    indptr -= np.searchsorted(np.flatnonzero(~leads_on).astype(np.int32), indptr).astype(np.int32)
    return _peeled(indptr, ends[leads_on])[label]


def _peeled(indptr: Codes, indices: Codes) -> Codes:
    """Return the layer of each node; −1 for one in a loop, or behind one. Rows may be in any order."""
    size = len(indptr) - 1
    layer = np.full(size, -1, dtype=np.int32)
    incoming = np.bincount(indices, minlength=size).astype(np.int32)
    mark = np.empty(size, dtype=np.int32)
    nodes = np.flatnonzero(incoming == 0).astype(np.int32)
    level = 0
    while len(nodes):  # over layers
        layer[nodes] = level
        level += 1
        ends = indices[entries_of(indptr, nodes)[0]]
        np.subtract.at(incoming, ends, np.int32(1))
        nodes = ends[incoming[ends] == 0]
        # each once, without sorting: the last to sign at a node is the one that stays
        places = np.arange(len(nodes), dtype=np.int32)
        mark[nodes] = places
        nodes = nodes[mark[nodes] == places]
    return layer


@dataclass(frozen=True, eq=False)
class Paths:
    """Numbers of paths in a graph without loops; int64, or whole numbers of Python where they are too large.

    Attributes
    ----------
    arriving
        Per node, paths from a source that end there.
    leaving
        Per node, paths that start there and end at a target.
    through
        Per node, paths from a source to a target that pass it, or start or end there: the product of both.
    target
        Mask of the targets.
    """

    arriving: NDArray[np.generic]
    leaving: NDArray[np.generic]
    through: NDArray[np.generic]
    target: Mask

    def per_block(self, block: Codes, *, n_blocks: int) -> NDArray[np.generic]:
        """Return the number of paths from a source to a target in each block, of the block of each node."""
        arrived, at = self.arriving[self.target], block[self.target]
        total = np.zeros(n_blocks, dtype=arrived.dtype)
        if arrived.dtype != object:
            rough = np.bincount(at, weights=arrived, minlength=n_blocks)
            if rough.max(initial=0.0) >= EXACT:
                arrived, total = arrived.astype(object), total.astype(object)
        np.add.at(total, at, arrived)
        return total


def path_counts(graph: Graph, *, sources: ArrayLike, targets: ArrayLike) -> Paths:
    """Return how many paths lead from sources to targets through each node of a graph without loops.

    ``arriving(v) = [v is a source] + Σ_{u → v} arriving(u)``, ``leaving`` the same backwards, and
    ``through = arriving · leaving``. A node that is source and target is a path by itself.

    Parameters
    ----------
    graph
        A directed graph. Edges from a node to itself are left out; parallel edges, if they were not merged,
        are one.
    sources, targets
        Masks over nodes, or codes of nodes.

    Raises
    ------
    ArgumentError
        An undirected graph, one with a loop, sources or targets that are no nodes.

    Notes
    -----
    Counted in float64, which adds and multiplies whole numbers exactly below 2⁵³ and never rounds one that
    is larger to below it: if no result reaches 2⁵³ all are exact, and are returned as int64. Else all are
    counted again as whole numbers of Python, of any size, in an array of objects.

    Examples
    --------
    >>> diamond = Graph.of([0, 0, 1, 2], [1, 2, 3, 3], size=4)
    >>> path_counts(diamond, sources=[0], targets=[3]).through.tolist()
    [2, 1, 1, 2]
    """
    _checked(graph, "paths")
    graph = graph.simple
    source = as_mask(sources, size=graph.size, name="sources")
    target = as_mask(targets, size=graph.size, name="targets")
    arriving, leaving = source.astype(np.float64), target.astype(np.float64)
    layer: Codes | None = None
    if compiles(graph.work):
        order = np.empty(graph.size, dtype=np.int32)
        _no_loop(graph.size - loops.order_downwards(graph.indptr, graph.indices, order))
        loops.pass_on(graph.indptr, graph.indices, order, arriving)
        loops.pass_up(graph.indptr, graph.indices, order, leaving)
    else:
        layer = _peeled(graph.indptr, graph.indices)
        _no_loop(int((layer < 0).sum()))
        with np.errstate(over="ignore"):
            _add_along(graph, layer, arriving, leaving)
    with np.errstate(over="ignore", invalid="ignore"):  # beyond 1e308, where numbers are made again anyway
        through = arriving * leaving
    if max(float(each.max(initial=0.0)) for each in (arriving, leaving, through)) < EXACT:
        return Paths(arriving.astype(np.int64), leaving.astype(np.int64), through.astype(np.int64), target)
    many, left = source.astype(int).astype(object), target.astype(int).astype(object)
    _add_along(graph, _peeled(graph.indptr, graph.indices) if layer is None else layer, many, left)
    return Paths(many, left, many * left, target)


def _add_along(
    graph: Graph, layer: Codes, arriving: NDArray[np.generic], leaving: NDArray[np.generic]
) -> None:
    """Pass numbers on from layer to layer, and back from the last one to the first; both in place."""
    order = np.argsort(layer, kind="stable").astype(np.int32)
    borders = np.searchsorted(layer[order], np.arange(int(layer.max(initial=-1)) + 2, dtype=np.int32))
    ranges = list(zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True))
    for start, stop in ranges:  # over layers
        nodes = order[start:stop]
        places, counts = entries_of(graph.indptr, nodes)
        np.add.at(arriving, graph.indices[places], np.repeat(arriving[nodes], counts))
    for start, stop in reversed(ranges):
        nodes = order[start:stop]
        places, counts = entries_of(graph.indptr, nodes)
        np.add.at(leaving, np.repeat(nodes, counts), leaving[graph.indices[places]])


def _checked(graph: Graph, what: str) -> None:
    if not graph.directed:
        raise ArgumentError(f"{what} are those of a directed graph: Graph.of(..., directed=True)")


def _no_loop(n_left: int) -> None:
    if n_left:
        raise ArgumentError(
            f"{n_left} nodes are in a loop or behind one: paths are counted without; "
            "condense loops first (strong_components, condensed) or leave these nodes out"
        )
