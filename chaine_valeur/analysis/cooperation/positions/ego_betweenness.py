"""On how many of the shortest paths among its own contacts each actor stands."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....network import Ties, is_among
from ...measure import NAN
from ..ties.counting import pair_numbers
from ..ties.layer import seen_in, ties_of
from .neighbours import Neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["MOST_CONTACTS", "ego_betweenness"]

#: With more contacts than that, an actor's network would fill the memory.
MOST_CONTACTS = 2000
#: Cells of the matrices that are held at once, some 50 bytes each.
CELLS = 2_000_000


def ego_betweenness(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return the betweenness of each actor in its own network: itself, its contacts and the ties among them.

    `chaine_valeur.analysis.cooperation.positions.betweenness.betweenness`, not normalised, of the actor in
    that network. It asks only what the actor may know, and stands for betweenness where the whole is too
    large or hardly known.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`. A contact is tied in either direction;
        directed, paths follow directions, and may pass through several contacts.

    Returns
    -------
    pandas.Series
        Index ``actor_id``, in table order, name ``ego_betweenness``; NaN for an actor without a contact, or
        with more than 2000 (a single network would take some gigabytes and minutes).

    Notes
    -----
    UCINET's EgoBet, reproduced on « campnet ». Time grows as the sum of the cubes of degrees, over the actors
    of one degree at a time: some seconds for 10⁵ actors with ten ties each; memory is bounded.

    Examples
    --------
    >>> import networkx as nx
    >>> ego_betweenness(nx.star_graph(3)).tolist()
    [3.0, 0.0, 0.0, 0.0]
    """
    ties = ties_of(seen_in(source, year), directed=directed, kind=kind, actors=actors)
    pairs = Neighbours.of(ties)
    degree = pairs.degree
    ego, alter = np.concatenate([pairs.a, pairs.b]), np.concatenate([pairs.b, pairs.a])
    contacts = alter[np.argsort(ego, kind="stable")]
    start = np.cumsum(degree) - degree
    arcs = _arcs(ties)
    through = np.full(ties.size, NAN)
    for size in np.unique(degree[(degree > 0) & (degree <= MOST_CONTACTS)]).tolist():  # over degrees
        alike = np.flatnonzero(degree == size)
        together = max(1, CELLS // (size + 1) ** 2)
        for first in range(0, len(alike), together):  # over parts of the actors, for memory
            some = alike[first : first + together]
            members = np.empty((len(some), size + 1), dtype=np.int64)
            members[:, 0] = some
            members[:, 1:] = contacts[start[some][:, np.newaxis] + np.arange(size)]
            numbers = members[:, :, np.newaxis] * ties.size + members[:, np.newaxis, :]
            tied = is_among(numbers.ravel(), arcs).reshape(numbers.shape)
            through[some] = _of_first(tied.astype(np.float64))
    if not ties.directed:
        through /= 2
    return pd.Series(through, index=pd.Index(ties.nodes, name="actor_id"), name="ego_betweenness")


def _arcs(ties: Ties) -> Counts:
    arcs = pair_numbers(ties.a, ties.b, ties.size)
    if not ties.directed:
        arcs = np.concatenate([arcs, pair_numbers(ties.b, ties.a, ties.size)])
    return np.sort(arcs)


def _of_first(tied: Values) -> Values:
    """Return the betweenness of the first node of each of several graphs: 0/1 matrices, graphs × n × n."""
    steps = np.eye(tied.shape[1]) * np.zeros((len(tied), 1, 1))  # distances, 0 where there is none
    paths, step = tied.copy(), 1
    steps[tied > 0] = 1
    seen = (tied > 0) | (np.eye(tied.shape[1]) > 0)
    front = tied
    while True:  # over distances: two at most where ties are undirected
        step += 1
        front = np.where(seen, 0.0, front @ tied)
        fresh = front > 0
        if not fresh.any():
            break
        paths[fresh], steps[fresh] = front[fresh], step
        seen |= fresh
    before, after = steps[:, 1:, :1], steps[:, :1, 1:]
    between = steps[:, 1:, 1:]
    passing = (before > 0) & (after > 0) & (between > 1) & (before + after == between)
    products = paths[:, 1:, :1] * paths[:, :1, 1:]
    shares = np.divide(products, paths[:, 1:, 1:], out=np.zeros_like(products), where=passing)
    through: Values = shares.sum(axis=(1, 2))
    return through
