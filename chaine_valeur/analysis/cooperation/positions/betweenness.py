"""On how many of the shortest paths of others each actor stands."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import pandas as pd

from ...measure import ratio
from ..cohesion.geodesics import betweenness_of_ties
from ..ties.layer import seen_in, ties_of

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["betweenness"]


def betweenness(
    source: Source,
    *,
    normalized: bool = False,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return Freeman's betweenness of each actor: the shortest paths between others that pass through it.

    ``Σ σ(s, t | v) / σ(s, t)`` over the pairs of others that are connected, *σ* counting shortest paths:
    each unordered pair once if undirected, ordered pairs if directed.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    normalized
        Over the pairs of others, ``(n − 1)(n − 2)``, halved if undirected: in [0, 1], NaN with fewer than
        three actors.
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`; paths follow these ties only.

    Returns
    -------
    pandas.Series
        Index ``actor_id``, in table order, name ``betweenness``; 0 for an actor that nothing passes through,
        tied or not. Along *known* ties, all of length one: an unknown tie could shorten any path, no bounds
        are given.

    Notes
    -----
    Not normalised, that of R sna and igraph (`betweenness`), and of networkx with ``normalized=False`` (its
    default is normalised). Time grows as actors × ties: a second for some thousands of actors, half an hour
    for 10⁵ and 5·10⁵ ties; memory is bounded.

    References
    ----------
    Freeman (1977), unverified; values as R sna gives them for « campnet ».

    Examples
    --------
    >>> import networkx as nx
    >>> betweenness(nx.path_graph(4)).tolist()
    [0.0, 2.0, 2.0, 0.0]
    """
    ties = ties_of(seen_in(source, year), directed=directed, kind=kind, actors=actors)
    through = betweenness_of_ties(ties)
    if normalized:
        pairs = (ties.size - 1) * (ties.size - 2)
        through = through * ratio(1.0 if ties.directed else 2.0, pairs)
    return pd.Series(through, index=pd.Index(ties.nodes, name="actor_id"), name="betweenness")
