"""What everything has to pass through: dominators of a directed graph, in numpy, no loop over nodes or edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Tree", "dominators"]


@dataclass(frozen=True)
class Tree:
    """A tree of nodes: the parent of each (−1: not reached, or the root), and an order to read it by.

    ``first[v]`` is the place of *v* in an order in which every node comes before what hangs on it, and
    ``last[v]`` the end of what hangs on it: *u* hangs on *v* if ``first[v] <= first[u] < last[v]``.
    """

    root: int
    parent: Places
    first: Places
    last: Places

    def below(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, per node, the sum of some values over it and what hangs on it."""
        total = np.zeros(len(self.parent) + 1, dtype=np.int64)
        reached = self.first >= 0
        total[self.first[reached] + 1] = values[reached]
        total = np.cumsum(total)
        return np.where(reached, total[self.last] - total[self.first], 0)

    def over(self, a: Places, b: Places) -> Places:
        """Return, per pair, the deepest node on which both hang."""
        a = a.copy()
        climbing = np.flatnonzero(~self._covers(a, b))
        while len(climbing):  # over the levels of the tree
            a[climbing] = self.parent[a[climbing]]
            climbing = climbing[~self._covers(a[climbing], b[climbing])]
        return a

    def _covers(self, a: Places, b: Places) -> Mask:
        place = self.first[b]
        return (self.first[a] <= place) & (place < self.last[a])


def dominators(source: Places, target: Places, *, size: int, root: int) -> Tree:
    """Return the dominator tree: the parent of a node is the last one that every path to it passes.

    Starts from the tree of shortest paths and lifts each node, all at once, to the deepest node over all
    that lead to it, until nothing moves. The nodes over a node are always among those of one real path to
    it, in their order: so no dominator is ever skipped, and what is left at the end are the dominators.
    Each round costs O(edges + nodes × depth); the rounds are few where paths are short.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    kept = source != target
    source, target = source[kept], target[kept]
    graph = csr_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(size, size))
    _, before = breadth_first_order(graph, root, directed=True)
    parent = np.where(before < 0, -1, before).astype(np.int64)
    tree = _tree(parent, root)
    use = (tree.first[source] >= 0) & (target != root)
    order = np.argsort(target[use], kind="stable")
    source, target = source[use][order], target[use][order]
    if not len(source):
        return tree
    starts = np.flatnonzero(np.append(True, target[1:] != target[:-1]))
    nodes = target[starts]
    at = np.empty(size, dtype=np.int64)
    while True:  # over rounds
        at[tree.first[tree.first >= 0]] = np.flatnonzero(tree.first >= 0)
        place = tree.first[source]
        # the node over a set of nodes is the one over the first and the last of them
        lowest, highest = np.minimum.reduceat(place, starts), np.maximum.reduceat(place, starts)
        over = tree.over(at[lowest], at[highest])
        if (over == tree.parent[nodes]).all():
            return tree
        lifted = tree.parent.copy()
        lifted[nodes] = over
        tree = _tree(lifted, root)


def _tree(parent: Places, root: int) -> Tree:
    """Return a tree from the parents: levels from the root down, then places in the order."""
    size = len(parent)
    nodes = np.flatnonzero(parent >= 0)
    order = np.argsort(parent[nodes], kind="stable")
    children = nodes[order]
    starts = np.searchsorted(parent[children], np.arange(size + 1))
    levels = [np.array([root], dtype=np.int64)]
    while True:  # over the levels of the tree
        counts = starts[levels[-1] + 1] - starts[levels[-1]]
        total = int(counts.sum())
        if not total:
            break
        offset = np.repeat(starts[levels[-1]] - np.cumsum(counts) + counts, counts)
        levels.append(children[np.arange(total) + offset])
    weight = np.ones(size, dtype=np.int64)
    for level in reversed(levels[1:]):  # over the levels of the tree
        np.add.at(weight, parent[level], weight[level])
    first = np.full(size, -1, dtype=np.int64)
    first[root] = 0
    for level in levels[1:]:  # over the levels of the tree: brothers stand side by side in a level
        above = parent[level]
        ahead = np.cumsum(weight[level]) - weight[level]
        begins = np.flatnonzero(np.append(True, above[1:] != above[:-1]))
        ahead -= np.repeat(ahead[begins], np.diff(np.append(begins, len(level))))
        first[level] = first[above] + 1 + ahead
    return Tree(root, parent, first, np.where(first >= 0, first + weight, 0))
