"""What the others fall into when an actor is taken away, for every actor at once.

An actor separates the others where it joins two blocks (biconnected components). These come from a spanning
tree, found breadth first by scipy, as Tarjan and Vishkin (1985, unverified) do it: two edges of the tree are in
one block if an edge outside it goes around what joins them. Time and memory: proportional to actors and ties;
the one loop in Python is over the levels of the tree, which are as many as the longest of the shortest paths
(1e5 actors and 5e5 ties take a second; in a single file of 1e5 actors each is a level, and it takes half a minute).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....network import Ties
from ..cohesion.components import parts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = ["Cuts", "cuts_of", "pairs_within"]


@dataclass(frozen=True)
class Cuts:
    """Per node: the component that it is in, and the parts that the rest of it falls into without the node.

    Attributes
    ----------
    label
        Number of the component.
    component
        Number of nodes of the component.
    parts
        Number of parts of the rest: 0 for an isolated node, 1 where nothing is separated.
    largest
        Number of nodes of the largest part, 0 without any.
    pairs
        Pairs of nodes of one part, summed over the parts: those that still reach each other.
    """

    label: Codes
    component: Counts
    parts: Counts
    largest: Counts
    pairs: Counts


def pairs_within(sizes: Counts) -> int:
    """Return the number of pairs within groups of such sizes."""
    sizes = sizes.astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def cuts_of(ties: Ties) -> Cuts:
    """Return what becomes of the others without each node, ties read without direction.

    Examples
    --------
    >>> import networkx as nx
    >>> from chaine_valeur.analysis.cooperation.ties.layer import ties_of
    >>> cuts = cuts_of(ties_of(nx.star_graph(3)))
    >>> cuts.parts.tolist(), cuts.pairs.tolist()
    ([3, 1, 1, 1], [0, 3, 3, 3])
    """
    size, label = ties.size, parts_of(ties, "weak")[0]
    if not size:
        none = np.zeros(0, dtype=np.int64)
        return Cuts(label, none, none, none, none)
    tree = _Tree.of(ties, label)
    component = np.bincount(label)[label]
    child = np.arange(1, size + 1)  # positions in the tree, where 0 joins the components
    parent = tree.parent[child]
    block = tree.blocks()
    apart = child[(parent > 0) & (block[child] != block[parent])]
    groups, where = np.unique(tree.parent[apart] * (size + 1) + block[apart], return_inverse=True)
    sizes = np.bincount(where, weights=tree.below[apart], minlength=len(groups)).astype(np.int64)
    node = tree.node[groups // (size + 1)]
    rest = component - 1 - np.bincount(node, weights=sizes, minlength=size).astype(np.int64)
    parts = np.bincount(node, minlength=size) + (rest > 0)
    pairs = np.bincount(node, weights=sizes * (sizes - 1) / 2, minlength=size) + rest * (rest - 1) / 2
    largest = rest.copy()
    np.maximum.at(largest, node, sizes)
    return Cuts(label, component, parts, largest, np.rint(pairs).astype(np.int64))


@dataclass(frozen=True)
class _Tree:
    """A spanning tree, breadth first, of the components joined at a further root; nodes by their position.

    ``node`` is the node of each position (position 0, the root, is none); ``parent`` the position of the
    parent; ``below`` the number of nodes of the subtree, ``number`` its place in preorder; ``u`` and ``w`` the
    ends of the ties outside the tree; ``levels`` where each level starts and stops.
    """

    node: Counts
    parent: Counts
    below: Counts
    number: Counts
    u: Counts
    w: Counts
    levels: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, ties: Ties, label: Codes) -> _Tree:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order

        root, entrances = ties.size, np.unique(label, return_index=True)[1]
        a = np.concatenate([ties.a, ties.b, np.full(len(entrances), root)])
        b = np.concatenate([ties.b, ties.a, entrances])
        graph = csr_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(root + 1, root + 1))
        order, before = breadth_first_order(graph, root, directed=True)
        order = order.astype(np.int64)
        place = np.empty(root + 1, dtype=np.int64)
        place[order] = np.arange(root + 1)
        parent = np.zeros(root + 1, dtype=np.int64)
        parent[1:] = place[before[order[1:]]]
        levels = [(1, 1 + len(entrances))]
        while levels[-1][1] <= root:  # over the levels: parents come in the order of their children
            start, stop = levels[-1]
            levels.append((stop, int(np.searchsorted(parent, stop, side="left"))))
        below = np.ones(root + 1, dtype=np.int64)
        for start, stop in reversed(levels):
            np.add.at(below, parent[start:stop], below[start:stop])
        number = np.zeros(root + 1, dtype=np.int64)
        for start, stop in levels:
            of = parent[start:stop]
            earlier = np.cumsum(below[start:stop]) - below[start:stop]
            number[start:stop] = number[of] + 1 + earlier - earlier[np.searchsorted(of, of, side="left")]
        u, w = place[ties.a], place[ties.b]
        outside = (parent[u] != w) & (parent[w] != u)
        return cls(order, parent, below, number, u[outside], w[outside], tuple(levels))

    def blocks(self) -> Codes:
        """Return the number of the block of the edge from each position to its parent."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        parent, number, below = self.parent, self.number, self.below
        lowest, highest = number.copy(), number.copy()
        for one, other in ((self.u, self.w), (self.w, self.u)):
            np.minimum.at(lowest, one, number[other])
            np.maximum.at(highest, one, number[other])
        for start, stop in reversed(self.levels):
            np.minimum.at(lowest, parent[start:stop], lowest[start:stop])
            np.maximum.at(highest, parent[start:stop], highest[start:stop])
        child = np.flatnonzero(parent > 0)
        up = parent[child]
        around = (lowest[child] < number[up]) | (highest[child] >= number[up] + below[up])
        a = np.concatenate([self.u, child[around]])
        b = np.concatenate([self.w, up[around]])
        graph = csr_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(parent), len(parent)))
        labels: Codes = connected_components(graph, directed=False)[1]
        return labels
