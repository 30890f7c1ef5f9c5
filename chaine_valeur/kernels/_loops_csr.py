"""The loops of `csr`, compiled: see `choice.loop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .choice import loop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]

__all__ = ["count", "fill", "transpose"]


@loop("i4[] i4[] b1 b1 i4[]!")
def count(a: Codes, b: Codes, directed: bool, loops: bool, indptr: Codes) -> int:
    """Write where each row ends once nothing is merged, at ``indptr[v + 1]``; return the entries."""
    size = len(indptr) - 1
    for k in range(len(a)):
        u, v = a[k], b[k]
        if u < 0 or v < 0 or (u == v and not loops):
            continue
        indptr[u + 1] += 1
        if not directed and u != v:
            indptr[v + 1] += 1
    for v in range(size):
        indptr[v + 1] += indptr[v]
    return indptr[size]


@loop("i4[] i4[] b1 b1 b1 b1 i4[]! i4[]! i4[]!")
def fill(
    a: Codes,
    b: Codes,
    directed: bool,
    loops: bool,
    merged: bool,
    numbered: bool,
    indptr: Codes,
    indices: Codes,
    edge: Codes,
) -> int:
    """Write the entries of each row in order, each once if merged; return how many there are.

    Rows are filled from their ends backwards, the last edge first: what ``indptr[v + 1]`` says is the end of
    row v becomes its start, so that no second array of places is needed.
    """
    size = len(indptr) - 1
    for v in range(size):  # ends of rows, one place to the left
        indptr[v] = indptr[v + 1]
    for k in range(len(a) - 1, -1, -1):
        u, v = a[k], b[k]
        if u < 0 or v < 0 or (u == v and not loops):
            continue
        indptr[u] -= 1
        indices[indptr[u]] = v
        if numbered:
            edge[indptr[u]] = k
        if not directed and u != v:
            indptr[v] -= 1
            indices[indptr[v]] = u
            if numbered:
                edge[indptr[v]] = k
    for v in range(size):
        start, stop = indptr[v], indptr[v + 1]
        if stop - start <= 32:
            for i in range(start + 1, stop):  # by insertion, which keeps the order of what is equal
                one = indices[i]
                j = i
                if numbered:
                    number = edge[i]
                    while j > start and indices[j - 1] > one:
                        indices[j] = indices[j - 1]
                        edge[j] = edge[j - 1]
                        j -= 1
                    edge[j] = number
                else:
                    while j > start and indices[j - 1] > one:
                        indices[j] = indices[j - 1]
                        j -= 1
                indices[j] = one
            continue
        # heapsort: in place and never quadratic; numbers, which differ, settle what is equal
        length = stop - start
        half = length // 2
        last = length
        while last > 1:
            if half > 0:
                half -= 1
            else:
                last -= 1
                indices[start], indices[start + last] = indices[start + last], indices[start]
                if numbered:
                    edge[start], edge[start + last] = edge[start + last], edge[start]
                if last == 1:
                    break
            root = half
            while True:
                child = 2 * root + 1
                if child >= last:
                    break
                p = start + child
                if child + 1 < last and (
                    indices[p] < indices[p + 1]
                    or (numbered and indices[p] == indices[p + 1] and edge[p] < edge[p + 1])
                ):
                    child += 1
                    p += 1
                q = start + root
                if indices[q] < indices[p] or (numbered and indices[q] == indices[p] and edge[q] < edge[p]):
                    indices[q], indices[p] = indices[p], indices[q]
                    if numbered:
                        edge[q], edge[p] = edge[p], edge[q]
                    root = child
                else:
                    break
    if not merged:
        return len(indices)
    kept = 0
    start = 0
    for v in range(size):
        stop = indptr[v + 1]
        indptr[v] = kept
        for i in range(start, stop):
            if i == start or indices[i] != indices[i - 1]:
                # what stands at i - 1 is compared before it may be written over: kept never exceeds i
                indices[kept] = indices[i]
                if numbered:
                    edge[kept] = edge[i]
                kept += 1
        start = stop
    indptr[size] = kept
    return kept


@loop("i4[] i4[] i4[] i4[]! i4[]! i4[]!")
def transpose(
    indptr: Codes, indices: Codes, edge: Codes, to_indptr: Codes, to_indices: Codes, to_edge: Codes
) -> None:
    """Write the rows of the graph turned round; no numbers are moved if there are none."""
    size = len(indptr) - 1
    to_indptr[:] = 0
    for i in range(len(indices)):
        to_indptr[indices[i]] += 1
    for v in range(size):
        to_indptr[v + 1] += to_indptr[v]
    for u in range(size - 1, -1, -1):
        for i in range(indptr[u + 1] - 1, indptr[u] - 1, -1):
            v = indices[i]
            to_indptr[v] -= 1
            to_indices[to_indptr[v]] = u
            if len(edge):
                to_edge[to_indptr[v]] = edge[i]
