"""Into how many parts the actors fall that ties do not link, and how large they are."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....kernels import Graph, strong_components, weak_components
from ....network import Ties
from ...measure import NAN, Measure, ratio
from .bounded import few_actors_note, of_known_ties, read, resting
from .complement import with_open_tied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = [
    "component_ratio",
    "component_ratio_measure",
    "component_ratio_of_ties",
    "components",
    "largest_component",
    "largest_component_measure",
    "largest_component_of_ties",
    "number_of_components",
    "number_of_components_measure",
    "number_of_components_of_ties",
    "parts_of",
]

CONNECTIONS = ("strong", "weak")


def components(
    source: Source,
    *,
    connection: str = "strong",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return the component of each actor: those of one component are linked by known ties, directly or not.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    connection
        Of directed ties: ``"strong"``, each reaches the other in the direction of ties, or ``"weak"``, they
        are linked whatever the direction. Undirected ties have one kind of component only.
    year, kind, directed, actors
        As for `density`.

    Returns
    -------
    pandas.Series
        Index ``actor_id`` in table order, name ``component``: from 1, the largest, on; of two of one size,
        first the one whose first actor comes first. An actor without a tie is a component of its own.

    Raises
    ------
    ArgumentError
        Another connection.

    Examples
    --------
    >>> import networkx as nx
    >>> components(nx.Graph([("a", "b"), ("c", "d"), ("d", "e")])).to_dict()
    {'a': 2, 'b': 2, 'c': 1, 'd': 1, 'e': 1}
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    codes, sizes = parts_of(ties, connection)
    firsts = np.full(len(sizes), ties.size)
    np.minimum.at(firsts, codes, np.arange(ties.size))
    place = np.empty(len(sizes), dtype=np.int64)
    place[np.lexsort((firsts, -sizes))] = np.arange(1, len(sizes) + 1)
    return pd.Series(place[codes], index=ties.nodes.rename("actor_id"), name="component")


def number_of_components(
    source: Source,
    *,
    connection: str = "strong",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return into how many components the actors fall: see `components`, whose parameters it has.

    Returns
    -------
    float
        Of the *known* ties, from 1 (0 without actors) to *n*; NaN if no pair is documented.

    Examples
    --------
    >>> import networkx as nx
    >>> circle = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    >>> number_of_components(circle), number_of_components(circle, connection="weak")
    (2.0, 1.0)
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return number_of_components_of_ties(ties, connection, "en").value


def number_of_components_measure(
    source: Source,
    *,
    connection: str = "strong",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the number of components with its bounds: ``low`` once every undocumented pair is tied."""
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(number_of_components_of_ties(ties, connection, lang), source, kind=kind, actors=actors)


def largest_component(
    source: Source,
    *,
    connection: str = "strong",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return how many actors the largest component has: see `components`, whose parameters it has.

    Returns
    -------
    float
        Of the *known* ties, from 1 (0 without actors) to *n*; NaN if no pair is documented.

    Examples
    --------
    >>> import networkx as nx
    >>> largest_component(nx.Graph([("a", "b"), ("c", "d"), ("d", "e")]))
    3.0
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return largest_component_of_ties(ties, connection, "en").value


def largest_component_measure(
    source: Source,
    *,
    connection: str = "strong",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the size of the largest component with its bounds: ``high`` once all undocumented are tied."""
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(largest_component_of_ties(ties, connection, lang), source, kind=kind, actors=actors)


def component_ratio(
    source: Source,
    *,
    connection: str = "strong",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return how far the actors fall apart: ``(c − 1) / (n − 1)`` with *c* components.

    0 is one component, 1 is nobody linked (UCINET, « component ratio »). Parameters are those of
    `components`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN if no pair is documented, or with fewer than two actors.

    Examples
    --------
    >>> import networkx as nx
    >>> component_ratio(nx.Graph([("a", "b"), ("c", "d"), ("d", "e")]))
    0.25
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return component_ratio_of_ties(ties, connection, "en").value


def component_ratio_measure(
    source: Source,
    *,
    connection: str = "strong",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the component ratio with its bounds: ``low`` once every undocumented pair is tied."""
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(component_ratio_of_ties(ties, connection, lang), source, kind=kind, actors=actors)


def parts_of(ties: Ties, connection: str, *, open_tied: bool = False) -> tuple[Codes, Counts]:
    """Return the component of each node, and the size of each; with every undocumented pair tied if wished."""
    if connection not in CONNECTIONS:
        raise ArgumentError(f"connection={connection!r} is not one of {', '.join(CONNECTIONS)}")
    graph = ties.graph
    if open_tied and not ties.asked.all():
        graph = Graph.of(*with_open_tied(ties), size=ties.size, directed=ties.directed)
    found = weak_components(graph) if connection == "weak" else strong_components(graph)
    return found.label, found.sizes


def number_of_components_of_ties(ties: Ties, connection: str, lang: str) -> Measure:
    """Return the number of components of some ties."""
    known, most_tied = (float(len(parts_of(ties, connection, open_tied=every)[1])) for every in (False, True))
    return of_known_ties(ties, known, "count", most_tied, known, lang=lang)


def largest_component_of_ties(ties: Ties, connection: str, lang: str) -> Measure:
    """Return the size of the largest component of some ties."""
    known, most_tied = (
        float(parts_of(ties, connection, open_tied=every)[1].max(initial=0)) for every in (False, True)
    )
    return of_known_ties(ties, known, "count", known, most_tied, lang=lang)


def component_ratio_of_ties(ties: Ties, connection: str, lang: str) -> Measure:
    """Return the component ratio of some ties."""
    known, most_tied = (len(parts_of(ties, connection, open_tied=every)[1]) - 1 for every in (False, True))
    others = ties.size - 1
    value, low = (ratio(count, others) if others > 0 else NAN for count in (known, most_tied))
    note = "" if others > 0 else few_actors_note(lang)
    return of_known_ties(
        ties,
        value,
        "ratio",
        low,
        value,
        numerator=float(known),
        denominator=float(others),
        note=note,
        lang=lang,
    )
