"""One layer of ties for a filière or any graph, which every measure of cooperation reads.

A pair is documented when one of its actors was surveyed, or when a row speaks of it (observed or absent). In
a graph that comes from elsewhere everyone was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import UnknownNameError
from ....filiere import Filiere
from ....network import Ties, codes_of, distinct
from ....vocabulary import CooperationKind
from .counting import pair_numbers

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    Source = Filiere | nx.Graph
    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: What marks a graph that was made of a filière.
EXPORTED = "chaine_valeur"
#: The kinds that go from one actor to the other: those of which one can ask whether they come back.
DIRECTED_KINDS = tuple(kind.value for kind in CooperationKind if kind.directed)

__all__ = ["DIRECTED_KINDS", "places_among", "seen_in", "ties_of"]


def seen_in(source: Source, year: int | None = None) -> Source:
    """Return the filière in a year; a graph has no years.

    A graph that `chaine_valeur.io.graph.to_networkx` made of a filière is read back: its edges are rows, its
    nodes hold groups and actors who are no partners, and it says who was asked.

    Raises
    ------
    TypeError
        `source` is neither a filière nor a graph.
    """
    if not isinstance(source, Filiere) and not hasattr(source, "is_directed"):
        raise TypeError(f"expected a Filiere or a networkx graph, not {type(source).__name__}")
    if not isinstance(source, Filiere) and EXPORTED in getattr(source, "graph", ()):
        from ....io.graph import from_networkx

        source = from_networkx(source)
    if year is None:
        return source
    if isinstance(source, Filiere):
        return source.at(year)
    raise ValueError("year= is for a Filiere: a graph has no years")


def ties_of(
    source: Source,
    *,
    directed: bool | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> Ties:
    """Return the ties of a filière or of any networkx graph, each pair once, without self-ties.

    Parameters
    ----------
    source
        A filière, or a Graph, DiGraph, MultiGraph or MultiDiGraph whose edges are the ties.
    directed
        Read the ties as directed. By default a graph decides for itself and a filière is undirected. A
        directed graph read as undirected is tied wherever one direction is (weak symmetrisation); an
        undirected tie read as directed goes both ways.
    kind
        Only ties of that kind, or of these: a `chaine_valeur.vocabulary.CooperationKind`, or the value of
        the edge attribute ``kind`` of a graph.
    actors
        Only these actors, or nodes, and the ties among them; those who are no partners do not count anyway.

    Returns
    -------
    chaine_valeur.network.Ties
        Of a graph, every pair is documented: everyone counts as asked.

    Raises
    ------
    TypeError
        `source` is neither a filière nor a graph.
    UnknownNameError
        No such kind of cooperation, or no such actor.

    Examples
    --------
    >>> import networkx as nx
    >>> ties = ties_of(nx.MultiGraph([("a", "b"), ("b", "a"), ("c", "c")]))
    >>> ties.size, len(ties.a), ties.possible
    (3, 1, 3)
    """
    source = seen_in(source)
    if isinstance(source, Filiere):
        ties, known = (
            source.network.ties(directed=bool(directed), kind=kind),
            source.network.actor_ids,
        )
    else:
        directed = source.is_directed() if directed is None else directed
        ties = _ties_of_graph(source, directed=directed, kind=kind)
        known = ties.nodes
    if actors is None:
        return ties
    if isinstance(actors, str):
        raise TypeError(f"actors={actors!r} is one name: give a list of identifiers")
    wanted = pd.Index(list(actors), dtype=object, tupleize_cols=False)
    missing = wanted[~wanted.isin(known)]
    if len(missing):
        raise UnknownNameError.of(f"no actor {missing[0]!r}", str(missing[0]), [str(name) for name in known])
    return ties.among(ties.nodes.isin(wanted))


def places_among(f: Filiere, nodes: pd.Index) -> Codes:
    """Return the place of each actor of a filière among some of its actors, −1 where it is none of them."""
    partner = f.network.partner
    if len(nodes) == np.count_nonzero(partner):  # all those who could cooperate, in the order of the table
        return f.network.partner_place[:-1]
    return codes_of(pd.Series(f.network.actor_ids), nodes)


def _ties_of_graph(graph: Any, *, directed: bool, kind: str | Collection[str] | None) -> Ties:
    nodes = pd.Index(list(graph), dtype=object, tupleize_cols=False)
    places = dict(zip(graph, range(len(nodes)), strict=True))
    wanted = {kind} if isinstance(kind, str) else kind
    edges = (
        graph.edges()
        if wanted is None
        else [(u, v) for u, v, found in graph.edges(data="kind") if found in wanted]
    )
    ends = np.fromiter((places[node] for edge in edges for node in edge[:2]), dtype=np.int64)
    a, b = ends[0::2], ends[1::2]
    a, b = a[a != b], b[a != b]
    if not directed:
        a, b = np.minimum(a, b), np.maximum(a, b)
    elif not graph.is_directed():
        a, b = np.concatenate([a, b]), np.concatenate([b, a])
    everyone = np.ones(len(nodes), dtype=bool)
    observed = distinct(pair_numbers(a, b, len(nodes)))
    return _ties(nodes, observed, np.zeros(0, dtype=np.int64), everyone, directed=directed)


def _ties(nodes: pd.Index, observed: Counts, denied: Counts, asked: Mask, *, directed: bool) -> Ties:
    size = max(len(nodes), 1)
    a, b, absent_a, absent_b = (
        part.astype(np.int32) for pairs in (observed, denied) for part in (pairs // size, pairs % size)
    )
    return Ties(named=nodes, a=a, b=b, absent_a=absent_a, absent_b=absent_b, asked=asked, directed=directed)
