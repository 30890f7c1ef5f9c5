"""How strong each tie is: the stated intensity in a filière, an edge attribute in a graph."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....filiere import Filiere
from ....network import Ties, codes_of, of_kinds
from ....vocabulary import Intensity
from ...measure import NAN
from .counting import pair_numbers
from .layer import DIRECTED_KINDS, seen_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .layer import Source

    Values = NDArray[np.float64]

__all__ = ["SCALE", "numbers_of", "strengths"]

#: The scale of intensity, weakest first: information 1, joint action 2, agreement 3, contract 4.
SCALE = {term.value: float(place) for place, term in enumerate(Intensity, 1)}


def strengths(
    source: Source, ties: Ties, *, kind: str | Collection[str] | None = None, weight: str = "weight"
) -> Values:
    """Return the strength of each tie, along ``ties.a``; parallel ties are as strong as the strongest.

    Parameters
    ----------
    source
        What `ties` were read from, with the same `kind`: a filière, whose ties are as strong as their
        intensity (`SCALE`: 1 information, 2 joint action, 3 agreement, 4 contract), or a graph.
    ties
        The layer, of all actors or of some.
    kind
        As for `ties_of`.
    weight
        Of a graph: the edge attribute that holds the strength.

    Returns
    -------
    numpy.ndarray
        NaN where no intensity, or no such attribute, is stated.

    Raises
    ------
    ArgumentError
        Of a graph: the attribute of some edge is no number.

    Examples
    --------
    >>> import networkx as nx
    >>> from chaine_valeur.analysis.cooperation.ties.layer import ties_of
    >>> graph = nx.MultiGraph([("a", "b", {"weight": 2}), ("b", "a", {"weight": 3}), ("b", "c")])
    >>> strengths(graph, ties_of(graph)).tolist()
    [3.0, nan]
    """
    source = seen_in(source)
    if isinstance(source, Filiere):
        first, second, strength, one_way = _of_filiere(source, kind)
        place = codes_of(pd.Series(source.actors.index), ties.nodes)
        first, second = place[first], place[second]
    else:
        first, second, strength = _of_graph(source, ties, kind, weight)
        one_way = np.full(len(first), source.is_directed())
    use = (first >= 0) & (second >= 0) & (first != second) & ~np.isnan(strength)
    first, second, strength, one_way = first[use], second[use], strength[use], one_way[use]
    if ties.directed:
        both = ~one_way
        first, second = np.concatenate([first, second[both]]), np.concatenate([second, first[both]])
        strength = np.concatenate([strength, strength[both]])
    else:
        first, second = np.minimum(first, second), np.maximum(first, second)
    said, wanted = pair_numbers(first, second, ties.size), pair_numbers(ties.a, ties.b, ties.size)
    order = np.argsort(wanted, kind="stable")
    found = order[np.searchsorted(wanted, said, sorter=order)]
    strongest = np.full(len(wanted), -np.inf)
    np.maximum.at(strongest, found, strength)
    return np.where(np.isneginf(strongest), NAN, strongest)


def _of_filiere(
    f: Filiere, kind: str | Collection[str] | None
) -> tuple[NDArray[np.int32], NDArray[np.int32], Values, NDArray[np.bool_]]:
    rows, (a, b) = f.network.cooperations_that_count(), f.network.cooperation_ends
    keep = f.network.partner[a] & f.network.partner[b] & (rows["state"] != "absent").to_numpy(bool)
    if kind is not None:
        keep &= of_kinds(rows, [kind] if isinstance(kind, str) else kind)
    strength = rows["intensity"].map(SCALE).to_numpy(np.float64)
    one_way = rows["kind"].isin(DIRECTED_KINDS).to_numpy(bool)
    return a[keep], b[keep], strength[keep], one_way[keep]


def _of_graph(
    graph: Any, ties: Ties, kind: str | Collection[str] | None, weight: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], Values]:
    place = dict(zip(ties.nodes, range(ties.size), strict=True))
    wanted = {kind} if isinstance(kind, str) else kind
    said = [
        (place.get(u, -1), place.get(v, -1), data.get(weight))
        for u, v, data in graph.edges(data=True)
        if wanted is None or data.get("kind") in wanted
    ]
    frame = pd.DataFrame(said, columns=["a", "b", "strength"])
    a, b = (frame[name].to_numpy(np.int32) for name in ("a", "b"))
    return a, b, numbers_of(frame["strength"], weight)


def numbers_of(values: pd.Series, attribute: str) -> Values:
    """Return values of an attribute of edges as numbers, NaN where there is none.

    Raises
    ------
    ArgumentError
        One of them is no number.
    """
    read = pd.to_numeric(values, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    lost = np.isnan(read) & values.notna().to_numpy(bool)
    if lost.any():
        word = values.iloc[int(lost.argmax())]
        raise ArgumentError(f"the attribute {attribute!r} of an edge is {word!r}, which is no number")
    return read
