"""Weak and strong components: which nodes hang together, and what is left once each loop is one node."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from . import _loops_components as loops
from .choice import compiles
from .csr import Graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Components", "condensed", "strong_components", "weak_components"]


@dataclass(frozen=True, eq=False)
class Components:
    """The component of each node, numbered in the order of their first nodes.

    So in a block-diagonal graph the components of one block follow one another.

    Attributes
    ----------
    label
        Component of each node, int32.
    count
        Number of components.
    """

    label: Codes
    count: int

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Number of nodes of each component."""
        return np.bincount(self.label, minlength=self.count)

    @cached_property
    def first(self) -> Codes:
        """First node of each component."""
        first = np.empty(self.count, dtype=np.int32)
        first[self.label[::-1]] = np.arange(len(self.label) - 1, -1, -1, dtype=np.int32)
        return first

    def per_block(self, block: Codes, *, n_blocks: int) -> NDArray[np.int64]:
        """Return the number of components of each block, of the block of each node."""
        return np.bincount(block[self.first], minlength=n_blocks)

    def largest(self, block: Codes, *, n_blocks: int) -> NDArray[np.int64]:
        """Return the number of nodes of the largest component of each block, 0 for a block without nodes."""
        largest = np.zeros(n_blocks, dtype=np.int64)
        np.maximum.at(largest, block[self.first], self.sizes)
        return largest


def weak_components(graph: Graph) -> Components:
    """Return the components of a graph, edges read without direction.

    Notes
    -----
    `scipy.sparse.csgraph.connected_components`, or union-find over the entries (compiled): O(nodes + edges),
    close enough to it for any size. Plain, a directed graph is turned round inside scipy: 2.7 times its two
    lists of edges in extra memory; compiled, 4 bytes a node.

    Examples
    --------
    >>> weak = weak_components(Graph.of([3, 1], [0, 2], size=5))
    >>> weak.label.tolist(), weak.sizes.tolist()
    ([0, 1, 1, 0, 2], [2, 2, 1])
    """
    label = np.empty(graph.size, dtype=np.int32)
    if not graph.size:
        return Components(label, 0)
    if compiles(graph.work):
        return Components(label, int(loops.weak(graph.indptr, graph.indices, label)))
    from scipy.sparse.csgraph import connected_components

    if graph.directed:
        count, label = connected_components(graph.matrix(), directed=True, connection="weak")
        return Components(label, int(count))  # numbered by scipy in the order of their first nodes
    # every edge goes both ways: strong components are the same, and nothing has to be turned round
    return strong_components(graph)


def strong_components(graph: Graph) -> Components:
    """Return the strongly connected components: sets of nodes that all reach one another.

    A node that is in no loop is a component by itself. Of an undirected graph these are the weak ones.

    Notes
    -----
    Pearce's algorithm of `scipy.sparse.csgraph`, or Tarjan's without recursion (compiled): O(nodes + edges).

    Examples
    --------
    >>> strong_components(Graph.of([0, 1, 2, 2], [1, 2, 1, 3], size=4)).label.tolist()
    [0, 1, 1, 2]
    """
    size = graph.size
    label = np.empty(size, dtype=np.int32)
    if not size:
        return Components(label, 0)
    if compiles(graph.work):
        if not graph.directed:
            return Components(label, int(loops.weak(graph.indptr, graph.indices, label)))
        rank = np.empty(size, dtype=np.int32)
        loops.strong(graph.indptr, graph.indices, rank)
        return Components(label, int(loops.in_order(rank, label)))
    from scipy.sparse.csgraph import connected_components

    # scipy never ends on parallel edges in neighbouring entries (its stack becomes a ring): none are passed
    count, found = connected_components(graph.simple.matrix(), directed=True, connection="strong")
    return Components(_in_order(found, int(count)), int(count))


def condensed(graph: Graph, components: Components) -> Graph:
    """Return the graph of the components: an edge where one goes from a node of one to a node of another.

    Of strong components it has no loop.

    Examples
    --------
    >>> graph = Graph.of([0, 1, 2, 2], [1, 2, 1, 3], size=4)
    >>> condensed(graph, strong_components(graph)).indices.tolist()
    [1, 2]
    """
    label = components.label
    return Graph.of(label[graph.rows()], label[graph.indices], size=components.count, directed=graph.directed)


def _in_order(found: Codes, count: int) -> Codes:
    """Return labels numbered in the order of their first nodes."""
    first = np.empty(count, dtype=np.int32)
    first[found[::-1]] = np.arange(len(found) - 1, -1, -1, dtype=np.int32)
    place = np.empty(count, dtype=np.int32)
    place[np.argsort(first)] = np.arange(count, dtype=np.int32)
    return place[found]
