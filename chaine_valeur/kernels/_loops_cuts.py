"""The loop of `cuts`, compiled: see `choice.loop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .choice import loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["cut"]


@loop("i4[] i4[] b1 i4[]! i4[]! i4[]! b1[]! b1[]!")
def cut(
    indptr: Codes,
    indices: Codes,
    sizes: bool,
    parent: Codes,
    root: Codes,
    below: Codes,
    apart: Mask,
    bridge: Mask,
) -> None:
    """Write a depth-first forest: see `cuts.Tree`. The parents are the stack."""
    size = len(parent)
    first = np.full(size, -1, dtype=np.int32)
    lowest = np.empty(size, dtype=np.int32)
    at = np.empty(size, dtype=np.int32)
    seen = 0
    for start in range(size):
        if first[start] >= 0:
            continue
        parent[start] = -1
        v = start
        first[v] = seen
        lowest[v] = seen
        seen += 1
        at[v] = indptr[v]
        while True:
            up = parent[v]
            i = at[v]
            if i < indptr[v + 1]:
                at[v] = i + 1
                w = indices[i]
                if first[w] < 0:
                    parent[w] = v
                    first[w] = seen
                    lowest[w] = seen
                    seen += 1
                    at[w] = indptr[w]
                    v = w
                elif w != up or (i > indptr[v] and indices[i - 1] == w):  # a second edge to the parent counts
                    lowest[v] = min(lowest[v], first[w])
                continue
            if sizes:
                root[v] = start
                below[v] = seen - first[v]
            if up < 0:
                break
            apart[v] = lowest[v] >= first[up]
            bridge[v] = lowest[v] >= first[v]
            lowest[up] = min(lowest[up], lowest[v])
            v = up
