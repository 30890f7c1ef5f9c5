"""Krackhardt and Stern's E-I index (D3): more ties between worlds than within them? Three named readings."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

from ....filiere import Filiere
from ...measure import Measure
from ..ties.rows import documented_rows
from .ei_core import measure_of_reading
from .sides import Reading, read

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = [
    "ei_index",
    "ei_index_arcs",
    "ei_index_arcs_measure",
    "ei_index_measure",
    "ei_index_weighted",
    "ei_index_weighted_measure",
]


def ei_index(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the E-I index of tied pairs (D3): ``(E − I) / (E + I)``.

    *E* counts the tied pairs of actors of different blocks, *I* those within one, each pair once: a directed
    graph is tied wherever one direction is (weak symmetrisation). `ei_index_arcs` counts arcs,
    `ei_index_weighted` strengths: on a directed network the three differ.

    Density and the sizes of the blocks restrict what the index can be: read it with `ei_range` and `ei_test`, not
    against 0.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    by
        Of a filière: ``"role"`` (default) and ``"stage"`` (the first that an actor has), ``"pole"``,
        ``"commune"``, or any column of its actors.
    group
        Of a graph: the node attribute that holds the block. (`by` and `group` say the same thing.)
    year
        The filière in that year.
    kind
        Only ties of that kind, or of these.
    actors
        Only these actors, and the ties among them.

    Returns
    -------
    float
        Of the *known* ties among actors of known block: −1, all within blocks, to +1, all between them. NaN
        without such a tie, and with a single block, out of which no tie could go.

    Raises
    ------
    UnknownNameError
        No such column, no node with such an attribute, no such actor or kind.
    ValueError
        A graph without `group`.

    References
    ----------
    Krackhardt and Stern (1988), unverified. UCINET, help of *Network > Cohesion > E-I Index* (edge values
    ignored, with permutation test); R: ``netseg::ei``, which takes the graph's own direction.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    >>> nx.set_node_attributes(graph, {"a": "x", "b": "x", "c": "y"}, "team")
    >>> ei_index(graph, group="team")
    0.0
    """
    return measure_of_reading(
        read(source, "edges", by=by, group=group, year=year, kind=kind, actors=actors), "en"
    ).value


def ei_index_measure(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D3 of tied pairs with its bounds and terms: see `ei_index`.

    ``high`` ties every undocumented pair of different blocks and none within; ``low`` the other way round:
    both are reached, so exact. A tie or pair of an actor of unknown block may fall on either side: with such
    actors the bounds are outer ones. Over the completions that have a tie; NaN where the index is undefined
    whatever they are.

    Returns
    -------
    Measure
        Numerator ``E − I``, denominator ``E + I``; ``n_unknown`` counts undocumented pairs, and ties of
        actors of unknown block, which the value leaves out.
    """
    reading = read(source, "edges", by=by, group=group, year=year, kind=kind, actors=actors)
    return _resting(reading, measure_of_reading(reading, lang), kind, actors)


def ei_index_arcs(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the E-I index of arcs (D3): ``(E − I) / (E + I)``, every direction counted by itself.

    A pair tied both ways counts twice; an undirected tie goes both ways, so that on an undirected network
    the index is that of `ei_index`, to which see for parameters, range and errors. This is the ``E-I Index``
    of UCINET's *Homophily* and ``netseg::ei`` of a directed igraph.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    >>> nx.set_node_attributes(graph, {"a": "x", "b": "x", "c": "y"}, "team")
    >>> round(ei_index_arcs(graph, group="team"), 3)
    -0.333
    """
    return measure_of_reading(
        read(source, "arcs", by=by, group=group, year=year, kind=kind, actors=actors), "en"
    ).value


def ei_index_arcs_measure(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D3 of arcs with its bounds and terms: as `ei_index_measure`, over directions."""
    reading = read(source, "arcs", by=by, group=group, year=year, kind=kind, actors=actors)
    return _resting(reading, measure_of_reading(reading, lang), kind, actors)


def ei_index_weighted(
    source: Source,
    *,
    weight: str = "weight",
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the E-I index by strength (D3): ``(E − I) / (E + I)``, *E* and *I* being sums of strengths.

    The strength of a tie is its intensity in a filière (1 information, 2 joint action, 3 agreement, 4
    contract), the attribute `weight` in a graph; of parallel ties, and of the two directions read as one,
    the strongest counts. A tie that states no strength counts for the least that it may be in a filière (1)
    and is left out in a graph. See `ei_index` for the other parameters, range and errors.

    Parameters
    ----------
    weight
        Of a graph: the edge attribute that holds the strength.
    directed
        By default a graph decides for itself and a filière is undirected.

    Returns
    -------
    float
        In [−1, +1]; NaN also where not one tie has a stated strength.

    Raises
    ------
    ArgumentError
        A strength below 0.

    References
    ----------
    UCINET's *Homophily* with valued data (sums of tie strengths). Krackhardt and Stern ignore strengths.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("a", "b", {"weight": 1}), ("b", "c", {"weight": 3})])
    >>> nx.set_node_attributes(graph, {"a": "x", "b": "x", "c": "y"}, "team")
    >>> ei_index_weighted(graph, group="team")
    0.5
    """
    reading = read(
        source,
        "weighted",
        by=by,
        group=group,
        year=year,
        kind=kind,
        directed=directed,
        actors=actors,
        weight=weight,
    )
    return measure_of_reading(reading, "en").value


def ei_index_weighted_measure(
    source: Source,
    *,
    weight: str = "weight",
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D3 by strength with its bounds and terms: as `ei_index_measure`.

    A strength that nobody stated is between 1 and 4 in a filière, and so is that of a pair that may prove
    tied. A graph has no scale: with unstated strengths the bounds are NaN.
    """
    reading = read(
        source,
        "weighted",
        by=by,
        group=group,
        year=year,
        kind=kind,
        directed=directed,
        actors=actors,
        weight=weight,
    )
    return _resting(reading, measure_of_reading(reading, lang), kind, actors)


def _resting(
    reading: Reading,
    measure: Measure,
    kind: str | Collection[str] | None,
    actors: Collection[Hashable] | None,
) -> Measure:
    if not isinstance(reading.source, Filiere):
        return measure
    return measure.resting_on(reading.source, documented_rows(reading.source, kind=kind, actors=actors))
