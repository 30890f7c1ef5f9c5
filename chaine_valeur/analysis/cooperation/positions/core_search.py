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
    first = []
    for ranking in (-ends, -coreness_of_ties(ties)):
        order = np.argsort(ranking, kind="stable")
        place = np.empty(ties.size, dtype=np.int64)
        place[order] = np.arange(ties.size)
        starts = {_best_first(ties, place)}
        if ties.size <= MOST_FOR_STARTS:
            starts |= set(np.linspace(1, ties.size - 2, STARTS).astype(int).tolist())
        first.append(place < np.array(sorted(starts))[:, np.newaxis])
    fits, cores = _improved(ties, both, np.concatenate(first))
    best = int(np.argmax(fits))
    return float(fits[best]), cores[best]


def _fit(ties: Ties, core: Counts, outside: Counts) -> Values:
    """Return the correlation for cores of some sizes, from the arcs that have both ends outside of them.

    Over ordered pairs, an undirected tie being two arcs; NaN where the pattern is the same everywhere.
    """
    size = ties.size
    pairs, arcs = size * (size - 1), len(ties.a) * (1 if ties.directed else 2)
    rest = ((size - core) * (size - core - 1)).astype(np.float64)
    ideal, covered = pairs - rest, (arcs - outside).astype(np.float64)
    spread = np.sqrt(ideal * rest) * np.sqrt(float(arcs) * (pairs - arcs))
    return np.divide(covered * pairs - arcs * ideal, spread, out=np.full(ideal.shape, NAN), where=spread > 0)


def _best_first(ties: Ties, place: Counts) -> int:
    """Return how many nodes, in the order of their places, make the best core."""
    # arcs by the place of their first end in that order: from k on, both ends are outside of the first k
    arcs = np.bincount(np.minimum(place[ties.a], place[ties.b]), minlength=ties.size)
    outside = (1 if ties.directed else 2) * np.cumsum(arcs[::-1])[::-1]
    return int(np.nanargmax(_fit(ties, np.arange(ties.size), outside)))


def _improved(ties: Ties, both: csr_array, cores: Mask) -> tuple[Values, Mask]:
    """Return the fits of the cores that moves of one node, and exchanges of two, make of some, and these cores.

    Parameters
    ----------
    both
        Arcs between two nodes, in both orders.
    cores
        Where to start from: cores × nodes. Each goes its own way; they are moved side by side.
    """
    core, into_rest = cores.copy(), np.ascontiguousarray((both @ (~cores).T.astype(np.float64)).T, np.int64)
    size, outside = core.sum(axis=1), (into_rest * ~core).sum(axis=1) // 2
    fit, going = _fit(ties, size, outside), np.arange(len(core))
    for _ in range(MOST_MOVES):
        inside, arcs = core[going], into_rest[going]
        comes = np.where(inside, -1, arcs).argmax(axis=1)  # gains most
        goes = np.where(inside, arcs, np.iinfo(np.int64).max).argmin(axis=1)  # loses least
        along = np.arange(len(going))
        added, lost, now = arcs[along, comes], arcs[along, goes], outside[going]
        sizes = size[going] + np.array([[1], [-1], [0]])
        left = np.stack([now - added, now + lost, now + lost - added - _arcs_between(both, goes, comes)])
        fits = _fit(ties, sizes, left)
        fits[np.isnan(fits)] = -1.0
        move = fits.argmax(axis=0)
        chosen = (move, along)
        better = ~(fits[chosen] <= fit[going] + CLOSE)
        going, move, comes, goes = (part[better] for part in (going, move, comes, goes))
        if not len(going):
            break
        fit[going], size[going], outside[going] = (part[chosen][better] for part in (fits, sizes, left))
        for moved, nodes, joins in ((move != 1, comes, True), (move != 0, goes, False)):
            core[going[moved], nodes[moved]] = joins
            of, ends, weights = _rows_of(both, nodes[moved])
            into_rest[going[moved][of], ends] += -weights if joins else weights
    return fit, core


def _rows_of(both: csr_array, nodes: Counts) -> tuple[Counts, Counts, Counts]:
    """Return the entries of some rows: the place of the row among those asked for, the other node, the arcs."""
    begin = both.indptr[nodes]
    count = both.indptr[nodes + 1] - begin
    of = np.repeat(np.arange(len(nodes)), count)
    at = np.arange(len(of)) + np.repeat(begin - np.cumsum(count) + count, count)
    return of, both.indices[at], both.data[at].astype(np.int64)


def _arcs_between(both: csr_array, goes: Counts, comes: Counts) -> Counts:
    """Return the arcs between nodes, two by two."""
    of, ends, arcs = _rows_of(both, goes)
    met = ends == comes[of]
    return np.bincount(of[met], weights=arcs[met], minlength=len(goes)).astype(np.int64)
