"""The loops of `components`, compiled: see `choice.loop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .choice import loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]

__all__ = ["in_order", "strong", "weak"]


@loop("i4[] i4[] i4[]!")
def weak(indptr: Codes, indices: Codes, label: Codes) -> int:
    """Write the weak component of each node, in the order of first nodes; return how many there are.

    Union-find in which the smaller node is always the root, so that a root comes before all that hang on it;
    paths are halved on the way.
    """
    size = len(label)
    for v in range(size):
        label[v] = v
    for u in range(size):
        for i in range(indptr[u], indptr[u + 1]):
            a, b = u, indices[i]
            while label[a] != a:
                label[a] = label[label[a]]
                a = label[a]
            while label[b] != b:
                label[b] = label[label[b]]
                b = label[b]
            if a < b:
                label[b] = a
            elif b < a:
                label[a] = b
    count = 0
    for v in range(size):
        if label[v] == v:
            label[v] = count
            count += 1
        else:
            label[v] = label[label[v]]  # what it hangs on comes before it, and has its number already
    return count


@loop("i4[] i4[] i4[]!")
def strong(indptr: Codes, indices: Codes, rank: Codes) -> int:
    """Write the strong component of each node, and return how many there are.

    Components are numbered as they end: each before those that lead to it. Tarjan's algorithm; ``rank`` holds
    −1 for a node not seen, −2 − (its lowest number) while it is open, and its component at the end.
    """
    size = len(rank)
    rank[:] = -1
    at = np.empty(size, dtype=np.int32)  # the entry that each node on the way down has come to
    way = np.empty(size, dtype=np.int32)  # nodes on the way down, from the left; open nodes behind it
    opened = np.empty(size, dtype=np.int32)
    number = np.empty(size, dtype=np.int32)
    seen = 0
    n_open = 0
    count = 0
    for root in range(size):
        if rank[root] != -1:
            continue
        depth = 0
        way[0] = root
        at[root] = indptr[root]
        number[root] = seen
        rank[root] = -2 - seen
        seen += 1
        opened[n_open] = root
        n_open += 1
        while depth >= 0:
            v = way[depth]
            if at[v] < indptr[v + 1]:
                w = indices[at[v]]
                at[v] += 1
                if rank[w] == -1:
                    depth += 1
                    way[depth] = w
                    at[w] = indptr[w]
                    number[w] = seen
                    rank[w] = -2 - seen
                    seen += 1
                    opened[n_open] = w
                    n_open += 1
                elif rank[w] < -1:
                    rank[v] = max(rank[v], -2 - number[w])
                continue
            depth -= 1
            if rank[v] == -2 - number[v]:
                while True:
                    n_open -= 1
                    w = opened[n_open]
                    rank[w] = count
                    if w == v:
                        break
                count += 1
            elif depth >= 0:
                rank[way[depth]] = max(rank[way[depth]], rank[v])
    return count


@loop("i4[] i4[]!")
def in_order(rank: Codes, label: Codes) -> int:
    """Write the labels numbered in the order of their first nodes; return how many there are."""
    size = len(rank)
    place = np.full(size, -1, dtype=np.int32)
    count = 0
    for v in range(size):
        if place[rank[v]] < 0:
            place[rank[v]] = count
            count += 1
        label[v] = place[rank[v]]
    return count
