"""How many ties lie between actors: average distance, diameter, compactness."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np

from ....language import tr
from ....network import Ties
from ...measure import NAN, Measure
from ..ties.counting import count_pairs
from .bounded import few_actors_note, of_known_ties, read, resting
from .connectedness import reachable_pairs
from .geodesics import MOST_FOR_DISTANCES, Distances, distances, too_many

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = [
    "average_distance",
    "average_distance_measure",
    "compactness",
    "compactness_measure",
    "diameter",
    "diameter_measure",
    "distances_within",
    "path_figure",
]


def average_distance(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the mean number of ties on a shortest path, over the pairs of which one reaches the other.

    ``Σ d(u, v) / R`` over the *R* ordered pairs of which *v* is reached from *u*, along ties in their
    direction. Small where everybody is near *and* where only the near are linked: read it beside
    `connectedness`, or read `compactness`. Parameters are those of `density`.

    Returns
    -------
    float
        Along the *known* ties, from 1 to *n* − 1; NaN if no pair is documented, if nobody reaches anybody, or
        with more than `MOST_FOR_DISTANCES` actors.

    References
    ----------
    As UCINET prints it for « campnet » (avg distance; see `density`), and ``mean_distance`` of igraph (unverified).
    networkx (``average_shortest_path_length``) refuses graphs that are not connected.

    Examples
    --------
    >>> import networkx as nx
    >>> round(average_distance(nx.path_graph(4)), 3)
    1.667
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return path_figure(ties, distances_within(ties), "average_distance", "en").value


def average_distance_measure(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the average distance with its bounds: see `average_distance`.

    More ties bring actors nearer, but also link those whom no path links yet, perhaps by a long one: unless
    the known ties already link everyone, ``high`` is NaN. Where they do it is the value. ``low`` has every
    undocumented pair tied and all others at two ties: no completion is below.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    found = distances_within(ties)
    return resting(path_figure(ties, found, "average_distance", lang), source, kind=kind, actors=actors)


def diameter(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the longest of the shortest paths: the largest distance between two actors who are linked.

    Parameters are those of `density`.

    Returns
    -------
    float
        Along the *known* ties, in their direction, from 1 to *n* − 1; NaN if no pair is documented, if nobody
        reaches anybody, or with more than `MOST_FOR_DISTANCES` actors.

    References
    ----------
    As UCINET prints it for « campnet » (see `density`), and ``diameter`` of igraph with ``unconnected=True``
    (unverified). That of networkx is infinite, an error, where some pair is not linked.

    Examples
    --------
    >>> import networkx as nx
    >>> diameter(nx.path_graph(4))
    3.0
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return path_figure(ties, distances_within(ties), "diameter", "en").value


def diameter_measure(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the diameter with its bounds: see `diameter`.

    As for `average_distance_measure`, ``high`` is NaN unless the known ties link everyone; ``low`` is 1 if all
    linked pairs may be tied, else 2.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    found = distances_within(ties)
    return resting(path_figure(ties, found, "diameter", lang), source, kind=kind, actors=actors)


def compactness(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the mean nearness of two actors: ``Σ 1/d(u, v) / (n (n − 1))``, 0 for those no path links.

    1 is everyone tied to everyone, 0 no tie; what is not linked counts, so that it can be compared.
    Parameters are those of `density`.

    Returns
    -------
    float
        Along the *known* ties, in their direction, in [0, 1]; NaN if no pair is documented, with fewer than
        two actors, or with more than `MOST_FOR_DISTANCES` of them.

    References
    ----------
    As UCINET prints it for « campnet » (compactness; see `density`); of undirected ties it is
    ``global_efficiency`` of networkx.

    Examples
    --------
    >>> import networkx as nx
    >>> round(compactness(nx.path_graph(4)), 3)
    0.722
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return path_figure(ties, distances_within(ties), "compactness", "en").value


def compactness_measure(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return compactness with its bounds: see `compactness`.

    ``low`` is the value, since a tie brings nobody further; ``high`` has every undocumented pair tied and the
    others who may be linked at two ties: no completion is above, and often none is that high.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    found = distances_within(ties)
    return resting(path_figure(ties, found, "compactness", lang), source, kind=kind, actors=actors)


def distances_within(ties: Ties) -> Distances | None:
    """Return the distances along some ties; ``None`` beyond `MOST_FOR_DISTANCES` actors."""
    return distances(ties) if ties.size <= MOST_FOR_DISTANCES else None


def path_figure(ties: Ties, found: Distances | None, figure: str, lang: str) -> Measure:
    """Return ``average_distance``, ``diameter`` or ``compactness`` of ties of which the distances are known."""
    if found is None:
        unit, note = (
            "share" if figure == "compactness" else "count",
            too_many(ties.size, MOST_FOR_DISTANCES, lang),
        )
        return Measure(NAN, unit, n_unknown=_unknown(ties), note=note)
    if figure == "compactness":
        return _compactness(ties, found, lang)
    pairs, steps = ties.size * (ties.size - 1), np.arange(len(found.pairs))
    linked, tied, unknown = int(found.pairs.sum()), _may_be_tied(ties), _unknown(ties)
    if figure == "diameter":
        value, low = float(steps[-1]), 2.0 if linked > tied else 1.0
        numerator = denominator = NAN
    else:
        numerator, denominator = float(found.pairs @ steps), float(linked)
        value, low = numerator / max(linked, 1), 2 - min(tied / max(linked, 1), 1.0)
    note = ""
    if not linked:
        value, note = NAN, tr("no two actors are linked", lang)
    low = low if unknown else value
    high = value if linked == pairs or not unknown else NAN
    return of_known_ties(
        ties,
        value,
        "count",
        low,
        high,
        numerator=numerator,
        denominator=denominator,
        note=note,
        lang=lang,
    )


def _compactness(ties: Ties, found: Distances, lang: str) -> Measure:
    pairs = ties.size * (ties.size - 1)
    if not pairs:
        return of_known_ties(ties, NAN, "share", NAN, NAN, note=few_actors_note(lang), lang=lang)
    near = float((found.pairs[1:] / np.arange(1, len(found.pairs))).sum())
    high = near
    if _unknown(ties):
        tied, linked = _may_be_tied(ties), reachable_pairs(ties, "directed", open_tied=True)
        high = tied + (linked - tied) / 2
    return of_known_ties(
        ties,
        near / pairs,
        "share",
        near / pairs,
        high / pairs,
        numerator=near,
        denominator=float(pairs),
        lang=lang,
    )


def _unknown(ties: Ties) -> int:
    return int(count_pairs(ties).unknown[0, 0])


def _may_be_tied(ties: Ties) -> int:
    """Return how many ordered pairs are tied or undocumented."""
    return (len(ties.a) + _unknown(ties)) * (1 if ties.directed else 2)
