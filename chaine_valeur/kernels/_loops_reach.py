"""The loops of `reach` and `layering`, compiled: see `choice.loop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .choice import loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["depth", "order_downwards", "pass_on", "pass_up", "put_in_layers", "reach"]


@loop("i4[] i4[] i4[] b1[]!")
def reach(indptr: Codes, indices: Codes, begun: Codes, found: Mask) -> None:
    """Mark what is reached from some nodes, each given once."""
    waiting = np.empty(len(found), dtype=np.int32)
    n_waiting = len(begun)
    for k in range(n_waiting):
        waiting[k] = begun[k]
        found[begun[k]] = True
    while n_waiting:
        n_waiting -= 1
        v = waiting[n_waiting]
        for i in range(indptr[v], indptr[v + 1]):
            w = indices[i]
            if not found[w]:
                found[w] = True
                waiting[n_waiting] = w
                n_waiting += 1


@loop("i4[] i4[] i4[] i4[]!")
def depth(indptr: Codes, indices: Codes, begun: Codes, depth: Codes) -> None:
    """Write the least steps from some nodes, each given once; ``depth`` comes as −1."""
    waiting = np.empty(len(depth), dtype=np.int32)
    stop = len(begun)
    for k in range(stop):
        waiting[k] = begun[k]
        depth[begun[k]] = 0
    start = 0
    while start < stop:
        v = waiting[start]
        start += 1
        for i in range(indptr[v], indptr[v + 1]):
            w = indices[i]
            if depth[w] < 0:
                depth[w] = depth[v] + 1
                waiting[stop] = w
                stop += 1


@loop("i4[] i4[] i4[] i4[]! i4[]!")
def put_in_layers(indptr: Codes, indices: Codes, rank: Codes, order: Codes, layer: Codes) -> None:
    """Write the layer of each component, `rank` being each before those that lead to it; and nodes by rank.

    ``layer`` is that of ranks; it comes as 0.
    """
    size = len(rank)
    ends = np.zeros(len(layer) + 1, dtype=np.int32)
    for v in range(size):
        ends[rank[v]] += 1
    for c in range(len(layer)):
        ends[c + 1] += ends[c]
    for v in range(size - 1, -1, -1):
        ends[rank[v]] -= 1
        order[ends[rank[v]]] = v
    for k in range(size - 1, -1, -1):
        v = order[k]
        further = layer[rank[v]] + 1
        for i in range(indptr[v], indptr[v + 1]):
            c = rank[indices[i]]
            if c != rank[v] and layer[c] < further:
                layer[c] = further


@loop("i4[] i4[] i4[]!")
def order_downwards(indptr: Codes, indices: Codes, order: Codes) -> int:
    """Write nodes so that each comes before those it leads to; return how many could be placed.

    A node in a loop, or behind one, cannot.
    """
    size = len(order)
    incoming = np.zeros(size, dtype=np.int32)
    for i in range(len(indices)):
        incoming[indices[i]] += 1
    stop = 0
    for v in range(size):
        if incoming[v] == 0:
            order[stop] = v
            stop += 1
    start = 0
    while start < stop:
        v = order[start]
        start += 1
        for i in range(indptr[v], indptr[v + 1]):
            w = indices[i]
            incoming[w] -= 1
            if incoming[w] == 0:
                order[stop] = w
                stop += 1
    return stop


@loop("i4[] i4[] i4[] f8[]!")
def pass_on(indptr: Codes, indices: Codes, order: Codes, number: Values) -> None:
    """Add to each node what the nodes that lead to it have, upstream first."""
    for k in range(len(order)):
        v = order[k]
        if number[v] != 0.0:
            for i in range(indptr[v], indptr[v + 1]):
                number[indices[i]] += number[v]


@loop("i4[] i4[] i4[] f8[]!")
def pass_up(indptr: Codes, indices: Codes, order: Codes, number: Values) -> None:
    """Add to each node what the nodes that it leads to have, downstream first."""
    for k in range(len(order) - 1, -1, -1):
        v = order[k]
        for i in range(indptr[v], indptr[v + 1]):
            number[v] += number[indices[i]]
