"""Shortest paths along ties: how many pairs lie at which distance, and on how many paths each actor stands.

Both kernels search breadth-first from many actors at once, in parts whose memory does not grow with the
number of actors squared. Both follow every tie from every actor: their time grows as actors × ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....language import number, tr
from ....network import Ties

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Words = NDArray[np.uint64]
    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = [
    "MOST_FOR_BETWEENNESS",
    "MOST_FOR_DISTANCES",
    "Distances",
    "betweenness_of_ties",
    "distances",
    "too_many",
    "weight_reached",
]

#: Up to so many actors, measures look for the distances between all of them: some seconds at ten ties each.
MOST_FOR_DISTANCES = 20_000
#: Up to so many actors, measures count the shortest paths through each: some seconds at ten ties each.
MOST_FOR_BETWEENNESS = 5_000

#: Actors searched from at once: one bit each of a machine word.
WORD = 64
#: Once a search took more steps than this, the chains are long: the other searches go one actor at a time.
LONG = 1_000
#: Ties and actors that a part of the search for paths holds at once (some 30 MB).
PART = 200_000


@dataclass(frozen=True)
class Distances:
    """Geodesic distances between actors, summed up; along directed ties in their direction.

    Attributes
    ----------
    pairs
        Number of ordered pairs at each distance: ``pairs[d]``, with ``pairs[0]`` = 0. As long as the
        diameter plus one; every pair of undirected ties counts in both orders.
    reached
        For each node, how many others it reaches.
    farness
        For each node, the sum of its distances to those it reaches.
    nearness
        For each node, the sum of the inverse distances to those it reaches (harmonic centrality).
    """

    pairs: Counts
    reached: Counts
    farness: Counts
    nearness: Values


def distances(ties: Ties) -> Distances:
    """Return the distances between all actors: how many pairs at each, and what they sum to by actor.

    From 64 actors at a time: a node holds one bit for each of them, and a step along all ties is one OR. Time
    is ties × actors / 64 for each step up to the diameter (1 s for 2·10⁴ actors and 10⁵ ties, 80 s for 10⁵
    and 5·10⁵; minutes for 2·10⁴ actors in one chain), memory some arrays along ties.

    Parameters
    ----------
    ties
        Only the known ties are followed.

    Examples
    --------
    >>> import networkx as nx
    >>> from chaine_valeur.analysis.cooperation.ties.layer import ties_of
    >>> found = distances(ties_of(nx.DiGraph([("a", "b"), ("b", "c")])))
    >>> found.pairs.tolist(), found.farness.tolist()
    ([0, 2, 1], [3, 1, 0])
    """
    size, matrix = ties.size, ties.matrix
    pairs: list[int] = [0]
    reached, farness = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    nearness = np.zeros(size)
    for first in range(0, size, WORD):  # over parts of 64 actors, for memory
        if len(pairs) > LONG:
            far = _far(matrix, first)
            counts = np.bincount(far[far > 0], minlength=len(pairs))
            pairs = (counts + np.pad(pairs, (0, len(counts) - len(pairs)))).tolist()
            reached += (far > 0).sum(axis=0)
            farness += far.sum(axis=0)
            nearness += np.divide(1.0, far, out=np.zeros(far.shape), where=far > 0).sum(axis=0)
            continue
        for step, (going, fresh) in enumerate(_steps(matrix, first), 1):
            many = np.bitwise_count(fresh).astype(np.int64)
            if step == len(pairs):
                pairs.append(0)
            pairs[step] += int(many.sum())
            reached[going] += many
            farness[going] += step * many
            nearness[going] += many / step
    return Distances(np.array(pairs, dtype=np.int64), reached, farness, nearness)


def weight_reached(matrix: csr_array, weights: Counts) -> int:
    """Return the sum of ``weights[u] · weights[v]`` over ordered pairs of which *v* is reached from *u*.

    Arcs go from the row to the column of a square matrix; time and memory are those of `distances`.
    """
    total = longest = 0
    for first in range(0, len(weights), WORD):  # over parts of 64 nodes, for memory
        targets = weights[first : first + WORD]
        if longest > LONG:
            total += int(targets @ ((_far(matrix, first) > 0) @ weights))
            continue
        seen = np.zeros(len(weights), dtype=np.uint64)
        for step, (going, fresh) in enumerate(_steps(matrix, first), 1):
            seen[going] |= fresh
            longest = max(longest, step)
        bits = np.unpackbits(seen.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
        total += int((weights @ bits[:, : len(targets)].astype(np.int64)) @ targets)
    return total


def _steps(matrix: csr_array, first: int) -> Iterator[tuple[Counts, Words]]:
    """Yield, step by step, the nodes with arcs and which of 64 targets from `first` on each comes to reach.

    One bit for each target; a node is not said to reach itself.
    """
    size = matrix.shape[0]
    going = np.flatnonzero(np.diff(matrix.indptr))
    if not len(going):
        return
    starts = matrix.indptr[going]
    targets = np.arange(first, min(first + WORD, size))
    front = np.zeros(size, dtype=np.uint64)
    front[targets] = np.uint64(1) << (targets - first).astype(np.uint64)
    seen = front.copy()
    while True:
        fresh: Words = np.bitwise_or.reduceat(front[matrix.indices], starts)
        fresh &= ~seen[going]
        if not fresh.any():
            return
        yield going, fresh
        seen[going] |= fresh
        front[:] = 0
        front[going] = fresh


def _far(matrix: csr_array, first: int) -> Counts:
    """Return the distances to 64 targets from `first` on, targets × nodes: 0 from itself and if not reached."""
    from scipy.sparse.csgraph import dijkstra

    targets = np.arange(first, min(first + WORD, matrix.shape[0]))
    far = dijkstra(matrix.T.tocsr(), indices=targets, unweighted=True)
    return np.where(np.isinf(far), 0.0, far).astype(np.int64)


def betweenness_of_ties(ties: Ties) -> Values:
    """Return the betweenness of each node: on how large a share of the shortest paths of others it stands.

    ``b(v) = Σ σ(s, t | v) / σ(s, t)`` over pairs of others, *σ* counting shortest paths; not normalised.
    Undirected ties count each pair once, directed ones ordered pairs, as R sna (``betweenness``), igraph and
    networkx with ``normalized=False`` do. Algorithm of Brandes, from many nodes at once; time grows as nodes
    × ties (some 20 ns each), memory is bounded (`PART`). It takes any size: the measures that call it stop
    at `MOST_FOR_BETWEENNESS`.

    Parameters
    ----------
    ties
        Only the known ties are followed.

    Returns
    -------
    numpy.ndarray
        Along ``ties.nodes``; 0 for a node that nothing passes through.

    Examples
    --------
    >>> import networkx as nx
    >>> from chaine_valeur.analysis.cooperation.ties.layer import ties_of
    >>> betweenness_of_ties(ties_of(nx.path_graph(4))).tolist()
    [0.0, 2.0, 2.0, 0.0]
    """
    size = ties.size
    through = np.zeros(size)
    together = max(1, PART // max(size + ties.matrix.nnz, 1))
    for first in range(0, size, together):  # over parts of the actors, for memory
        through += _through(ties, np.arange(first, min(first + together, size)))
    return through if ties.directed else through / 2


def _through(ties: Ties, sources: Counts) -> Values:
    """Return what passes through each node on the shortest paths that leave some of them."""
    size, indptr, indices = ties.size, ties.matrix.indptr.astype(np.int64), ties.matrix.indices
    degree = np.diff(indptr)
    # a place is a node as seen from a source: source · size + node
    origins = np.arange(len(sources), dtype=np.int64) * size
    front = origins + sources
    paths = np.zeros(len(sources) * size)
    seen = np.zeros(len(paths), dtype=bool)
    mark = np.empty(len(paths), dtype=np.int64)
    paths[front], seen[front] = 1.0, True
    steps = []
    while len(front):
        nodes = front % size
        many = degree[nodes]
        before = np.repeat(front, many)
        ends = np.cumsum(many)
        along = np.arange(len(before)) + np.repeat(indptr[nodes] - (ends - many), many)
        after = np.repeat(front - nodes, many) + indices[along]
        fresh = ~seen[after]
        before, after = before[fresh], after[fresh]
        np.add.at(paths, after, paths[before])
        mark[after] = np.arange(len(after))  # each place once, without sorting: where it was written last
        front = after[mark[after] == np.arange(len(after))]
        seen[front] = True
        steps.append((before, after))
    passing = np.zeros(len(paths))
    for before, after in reversed(steps):
        np.add.at(passing, before, paths[before] / paths[after] * (1 + passing[after]))
    passing[origins + sources] = 0.0
    through: Values = passing.reshape(len(sources), size).sum(axis=0)
    return through


def too_many(size: int, most: int, lang: str) -> str:
    """Return why distances are not looked for among so many actors."""
    return tr(
        "{count} actors: beyond {most}, shortest paths are not looked for",
        lang,
        count=number(size, lang),
        most=number(most, lang),
    )
