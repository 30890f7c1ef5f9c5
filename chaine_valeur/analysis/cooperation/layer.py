"""One layer of ties for a filière or any graph, and the pairs that are tied, possible, documented.

A pair is documented when one of its actors was surveyed, or when a row speaks of it (observed or absent). In
a graph that comes from elsewhere everyone was asked. Pairs are counted by arithmetic: none is written out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ...network import Ties, distinct, is_among

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    Source = Filiere | nx.Graph
    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: What marks a graph that was made of a filière.
EXPORTED = "chaine_valeur"

__all__ = [
    "Pairs",
    "count_pairs",
    "documented_by",
    "identifiers",
    "pair_numbers",
    "seen_in",
    "tie_rows",
    "ties_of",
]


def seen_in(source: Source, year: int | None = None) -> Source:
    """Return the filière in a year; a graph has no years.

    A graph that `chaine_valeur.io.graph.to_networkx` made of a filière is read back: its edges are rows, its
    nodes hold groups and actors who are no partners, and it says who was asked.
    """
    if not isinstance(source, Filiere) and EXPORTED in getattr(source, "graph", ()):
        from ...io.graph import from_networkx

        source = from_networkx(source)
    if year is None:
        return source
    if isinstance(source, Filiere):
        return source.at(year)
    raise ValueError("year= is for a Filiere: a graph has no years")


def ties_of(
    source: Source, *, directed: bool | None = None, kind: str | Collection[str] | None = None
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

    Returns
    -------
    chaine_valeur.network.Ties
        Of a graph, every pair is documented: everyone counts as asked.

    Raises
    ------
    TypeError
        `source` is neither a filière nor a graph.
    UnknownNameError
        No such kind of cooperation.

    Examples
    --------
    >>> import networkx as nx
    >>> ties = ties_of(nx.MultiGraph([("a", "b"), ("b", "a"), ("c", "c")]))
    >>> ties.size, len(ties.a), ties.possible
    (3, 1, 3)
    """
    source = seen_in(source)
    if isinstance(source, Filiere):
        return _ties_of_filiere(source, directed=bool(directed), kind=kind)
    if not hasattr(source, "is_directed"):
        raise TypeError(f"expected a Filiere or a networkx graph, not {type(source).__name__}")
    return _ties_of_graph(source, directed=source.is_directed() if directed is None else directed, kind=kind)


def _ties_of_filiere(f: Filiere, *, directed: bool, kind: str | Collection[str] | None) -> Ties:
    if kind is None or isinstance(kind, str):
        return f.network.ties(kind=kind, directed=directed)
    parts = [f.network.ties(kind=one, directed=directed) for one in kind]  # over the few kinds
    if not parts:
        raise ValueError("kind= names no kind of cooperation")
    size = parts[0].size
    observed = distinct(np.concatenate([pair_numbers(part.a, part.b, size) for part in parts]))
    denied = [pair_numbers(part.absent_a, part.absent_b, size) for part in parts]
    absent = distinct(np.concatenate(denied))
    absent = absent[~is_among(absent, observed)]
    return _ties(parts[0].nodes, observed, absent, parts[0].asked, directed=directed)


def pair_numbers(a: NDArray[Any], b: NDArray[Any], size: int) -> Counts:
    """Return a number per pair of positions among `size`; those of the pairs of `Ties` ascend."""
    return a.astype(np.int64) * max(size, 1) + b


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
    return Ties(nodes=nodes, a=a, b=b, absent_a=absent_a, absent_b=absent_b, asked=asked, directed=directed)


@dataclass(frozen=True)
class Pairs:
    """Numbers of pairs between blocks, blocks × blocks; symmetric where ties are undirected.

    Attributes
    ----------
    ties
        Pairs with an observed tie.
    possible
        Pairs that could be tied: ``n_A · n_B``, within a block ``n_A (n_A − 1)``, halved if undirected.
    documented
        Pairs of which something is known, a tie or its absence.
    """

    ties: Counts
    possible: Counts
    documented: Counts

    @property
    def unknown(self) -> Counts:
        """Pairs of which nothing is known."""
        return self.possible - self.documented


def count_pairs(ties: Ties, codes: Codes | None = None, *, n_blocks: int = 1) -> Pairs:
    """Return the pairs that are tied, possible and documented between the blocks `codes` of the nodes.

    Without codes there is one block. Pairs nobody knows of join two actors who were not asked, unless a
    row speaks of them: their number follows from those of the unasked, without writing any pair out.
    """
    if codes is None:
        codes = np.zeros(ties.size, dtype=np.int32)
    unasked = ~ties.asked
    possible = _all_pairs(np.bincount(codes, minlength=n_blocks), directed=ties.directed)
    unknown = _all_pairs(np.bincount(codes[unasked], minlength=n_blocks), directed=ties.directed)
    tied = _between(codes, ties.a, ties.b, n_blocks, directed=ties.directed)
    for a, b in ((ties.a, ties.b), (ties.absent_a, ties.absent_b)):
        spoken_of = unasked[a] & unasked[b]
        unknown -= _between(codes, a[spoken_of], b[spoken_of], n_blocks, directed=ties.directed)
    return Pairs(tied, possible, possible - unknown)


def _all_pairs(sizes: Counts, *, directed: bool) -> Counts:
    sizes = sizes.astype(np.int64)
    pairs = np.multiply.outer(sizes, sizes)
    within = sizes * (sizes - 1)
    np.fill_diagonal(pairs, within if directed else within // 2)
    return pairs


def _between(codes: Codes, a: Codes, b: Codes, n_blocks: int, *, directed: bool) -> Counts:
    places = codes[a].astype(np.int64) * n_blocks + codes[b]
    counts = np.bincount(places, minlength=n_blocks * n_blocks).reshape(n_blocks, n_blocks)
    if directed:
        return counts
    both = counts + counts.T
    np.fill_diagonal(both, counts.diagonal())
    return both


def tie_rows(
    f: Filiere,
    *,
    kind: str | Collection[str] | None = None,
    blocks: Codes | None = None,
    touching: Mask | None = None,
) -> tuple[str, ...]:
    """Return the rows of cooperations, observed or absent, that speak of a pair of partners.

    With `blocks`, a code per actor of the table, only those that join two different ones (−1 is none);
    with `touching`, a mask over the actors, only those that have one of them at an end.
    """
    network, rows = f.network, f.network.cooperations_that_count()
    a, b = network.cooperation_ends
    keep = network.partner[a] & network.partner[b]
    if kind is not None:
        keep &= rows["kind"].isin([kind] if isinstance(kind, str) else list(kind)).to_numpy(bool)
    if blocks is not None:
        keep &= (blocks[a] >= 0) & (blocks[b] >= 0) & (blocks[a] != blocks[b])
    if touching is not None:
        keep &= touching[a] | touching[b]
    return identifiers(rows.index[keep])


def documented_by(
    f: Filiere, *, kind: str | Collection[str] | None = None, blocks: Codes | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the rows that what is known of cooperation rests on: those of ties, and actors who were asked.

    An actor who was asked documents all its pairs, so that none tied is a measured zero.
    """
    asked = f.network.partner & f.actors["surveyed_on"].notna().to_numpy(bool)
    if blocks is not None:
        asked &= blocks >= 0
    return {
        "cooperations": tie_rows(f, kind=kind, blocks=blocks),
        "actors": identifiers(f.network.actor_ids[asked]),
    }


def identifiers(index: pd.Index) -> tuple[str, ...]:
    """Return an index as plain text (walking through text kept by arrow is ten times slower)."""
    return tuple(index.to_numpy(dtype=object))
