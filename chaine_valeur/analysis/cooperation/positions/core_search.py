"""The core that fits best: by trying them all, or by moving actors in and out as long as it helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....network import Ties
from ...measure import NAN
from .coreness import coreness_of_ties

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["best_core", "search_core"]

#: Partitions tried together: some 200 bytes each.
PART = 1 << 16
#: Up to so many actors, the search starts from cores of several sizes.
MOST_FOR_STARTS = 5_000
#: Sizes of the cores that it then starts from.
STARTS = 16
#: Moves of one actor in or out, or of one for another, that it makes at most from each.
MOST_MOVES = 10_000
#: Fits that differ by less are equal.
CLOSE = 1e-12


def best_core(ties: Ties) -> tuple[float, Mask]:
    """Return the best fit of all cores and, of those that have it, the core that `_least` chooses."""
    size, matrix = ties.size, ties.matrix.toarray()
    ends = (matrix.sum(axis=0) + matrix.sum(axis=1)).astype(np.int64)
    bits = np.arange(size)[::-1]  # the higher the number, the earlier the nodes in the core
    best, rank = -np.inf, (0, 0, 0)
    for first in range(0, 1 << size, PART):  # over parts of the partitions, for memory
        numbers = np.arange(first, min(first + PART, 1 << size))
        inside = (numbers[:, np.newaxis] >> bits) & 1
        rest, core = 1.0 - inside, inside.sum(axis=1)
        fits = _fit(ties, core, ((rest @ matrix) * rest).sum(axis=1).astype(np.int64))
        top = float(np.fmax.reduce(fits))
        if not top >= best - CLOSE:
            continue
        equal = np.flatnonzero(fits >= top - CLOSE)
        found = _least(core[equal], -(inside[equal] @ ends), -numbers[equal])
        if top > best + CLOSE or found < rank:
            best, rank = top, found
    return best, ((-rank[2] >> bits) & 1).astype(bool)


def _least(*keys: Counts) -> tuple[int, int, int]:
    """Return the least of rows of keys: the fewest nodes, then those with most ties, then the earliest."""
    place = np.lexsort(keys[::-1])[0]
    size, ends, number = (int(key[place]) for key in keys)
    return size, ends, number


def search_core(ties: Ties) -> tuple[float, Mask]:
    """Return the best fit that is found from two orders of the nodes, and its core."""
    both = (ties.matrix + ties.matrix.T).tocsr()  # arcs between two nodes, in both orders
    ends = np.asarray(both.sum(axis=1)).ravel()
    found = []
    for ranking in (-ends, -coreness_of_ties(ties)):
        order = np.argsort(ranking, kind="stable")
        place = np.empty(ties.size, dtype=np.int64)
        place[order] = np.arange(ties.size)
        starts = {_best_first(ties, place)}
        if ties.size <= MOST_FOR_STARTS:
            starts |= set(np.linspace(1, ties.size - 2, STARTS).astype(int).tolist())
        found += [_improved(ties, both, place < start) for start in sorted(starts)]  # over the few starts
    return max(found, key=lambda each: each[0])


def _fit(ties: Ties, core: Counts, outside: Counts) -> Values:
    """Return the correlation for cores of some sizes, from the arcs that have both ends outside of them.

    Over ordered pairs, an undirected tie being two arcs; NaN where the pattern is the same everywhere.
    """
    size = ties.size
    pairs, arcs = size * (size - 1), len(ties.a) * (1 if ties.directed else 2)
    rest = ((size - core) * (size - core - 1)).astype(np.float64)
    ideal, covered = pairs - rest, (arcs - outside).astype(np.float64)
    spread = np.sqrt(ideal * rest) * np.sqrt(float(arcs) * (pairs - arcs))
    return np.divide(covered * pairs - arcs * ideal, spread, out=np.full(len(ideal), NAN), where=spread > 0)


def _best_first(ties: Ties, place: Counts) -> int:
    """Return how many nodes, in the order of their places, make the best core."""
    # arcs by the place of their first end in that order: from k on, both ends are outside of the first k
    arcs = np.bincount(np.minimum(place[ties.a], place[ties.b]), minlength=ties.size)
    outside = (1 if ties.directed else 2) * np.cumsum(arcs[::-1])[::-1]
    return int(np.nanargmax(_fit(ties, np.arange(ties.size), outside)))


def _improved(ties: Ties, both: csr_array, core: Mask) -> tuple[float, Mask]:
    """Return the core that moves of one node, and exchanges of two, make of one, and its fit."""
    core, indptr, indices, data = core.copy(), both.indptr, both.indices, both.data.astype(np.int64)
    into_rest = np.asarray(both @ (~core).astype(np.float64)).astype(np.int64)
    size, outside = int(core.sum()), int(into_rest[~core].sum()) // 2
    fit = float(_fit(ties, np.array([size]), np.array([outside]))[0])
    for _ in range(MOST_MOVES):
        comes = int(np.argmax(np.where(core, -1, into_rest)))  # gains most
        goes = int(np.argmin(np.where(core, into_rest, np.iinfo(np.int64).max)))  # loses least
        around = slice(indptr[goes], indptr[goes + 1])
        shared = int(data[around][indices[around] == comes].sum())
        added, lost = int(into_rest[comes]), int(into_rest[goes])
        sizes = np.array([size + 1, size - 1, size])
        left = np.array([outside - added, outside + lost, outside + lost - added - shared])
        fits = np.nan_to_num(_fit(ties, sizes, left), nan=-1.0)
        move = int(np.argmax(fits))
        if fits[move] <= fit + CLOSE:
            break
        fit, size, outside = float(fits[move]), int(sizes[move]), int(left[move])
        for node, way in ([(comes, -1)], [(goes, 1)], [(goes, 1), (comes, -1)])[move]:
            core[node] = way < 0
            around = slice(indptr[node], indptr[node + 1])
            into_rest[indices[around]] += way * data[around]
    return fit, core
