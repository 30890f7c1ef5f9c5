"""Density of cooperation (D1), overall and by kind, with the bounds that the unknown leaves."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import tr
from ....network import Ties
from ....vocabulary import CooperationKind, labels
from ...measure import NAN, Measure, ratio
from ..ties.counting import Pairs, count_pairs
from ..ties.layer import seen_in, ties_of
from .bounded import documented_note, few_actors_note, of_known_ties, read, resting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Values = NDArray[np.float64]

__all__ = [
    "average_degree",
    "average_degree_measure",
    "average_degree_of_ties",
    "density",
    "density_measure",
    "density_table",
    "measure_of",
    "shares_of",
]


def density(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the density of cooperation (D1): the share of possible pairs that are known to be tied.

    ``2 |E| / (n (n − 1))`` undirected, ``|E| / (n (n − 1))`` directed, on the collapsed layer: parallel ties
    count once, there is no self-tie, and *n* counts active partners (no diffuse actor, not the outside).

    The denominator is every possible pair, so with pairs that nobody documented the figure is what is
    *known*, a lower bound: `density_measure` gives the upper one, `density_table` also the share among
    documented pairs. (That share is no estimate of the density where pairs are documented because they are
    tied: a table of ten ties without a single survey would give 1.)

    Parameters
    ----------
    source
        A filière or any networkx graph; in a graph every pair is documented.
    year
        The filière in that year.
    kind
        Only ties of that kind, or of these.
    directed
        By default a graph decides for itself and a filière is undirected.
    actors
        Only these actors, and the pairs among them.

    Returns
    -------
    float
        In [0, 1]; NaN if no pair is documented, or if fewer than two actors could cooperate.

    References
    ----------
    Conventions (no loops, collapsed) are those of UCINET for the data « campnet » of Borgatti, Everett and
    Johnson, *Analyzing Social Networks*; the formula is in Wasserman and Faust (1994), unverified.

    Examples
    --------
    >>> import networkx as nx
    >>> density(nx.path_graph(4))
    0.5
    >>> from chaine_valeur import Filiere
    >>> nobody_was_asked = Filiere.from_tables(actors={"name": ["Relais", "Filature"]})
    >>> density(nobody_was_asked)
    nan
    """
    pairs = count_pairs(read(source, year=year, kind=kind, directed=directed, actors=actors)[1])
    return float(shares_of(pairs)[0][0, 0])


def density_measure(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D1 with its bounds: see `density`.

    ``low`` is known ties over possible pairs, ``high`` adds the pairs that nobody documented; numerator and
    denominator are ties and possible pairs, ``n_unknown`` the undocumented pairs.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(measure_of(count_pairs(ties), (0, 0), lang), source, kind=kind, actors=actors)


def density_table(
    source: Source,
    *,
    year: int | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the density of all ties, then of each kind of cooperation that a filière has rows of.

    Returns
    -------
    pandas.DataFrame
        Index ``kind`` (``all`` first, then in the order of the vocabulary); columns ``label``, ``ties``,
        ``possible``, ``documented`` (pairs), ``density`` (ties over possible pairs, NaN if none is
        documented), ``density_documented`` (ties over documented pairs, NaN if there are none), ``low``
        and ``high`` (bounds that the undocumented pairs leave). A graph has the one row ``all``.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature", "Mairie"], "surveyed_on": ["2024-03-12", None, None]},
    ...     cooperations={"actor_id": ["Relais"], "to_actor_id": ["Filature"], "kind": ["research"]},
    ... )
    >>> density_table(f, lang="en")[["ties", "possible", "documented", "low", "high"]].round(3)
              ties  possible  documented    low   high
    kind
    all          1         3           2  0.333  0.667
    research     1         3           2  0.333  0.667
    """
    source = seen_in(source, year)
    names = {"all": tr("All kinds", lang)}
    if isinstance(source, Filiere):
        present = set(source.network.cooperations_that_count()["kind"].dropna())
        words = labels("cooperation_kind", lang)
        names |= {kind.value: words[kind.value] for kind in CooperationKind if kind.value in present}
    rows = []
    for kind in names:  # over the few kinds
        of_kind = None if kind == "all" else kind
        pairs = count_pairs(ties_of(source, directed=directed, kind=of_kind, actors=actors))
        value, low, high = (float(each[0, 0]) for each in shares_of(pairs))
        ties, possible, documented = (
            int(each[0, 0]) for each in (pairs.ties, pairs.possible, pairs.documented)
        )
        among = ratio(ties, documented)
        rows.append((names[kind], ties, possible, documented, value, among, low, high))
    columns = ["label", "ties", "possible", "documented", "density", "density_documented", "low", "high"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(list(names), name="kind"))


def average_degree(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return how many ties an actor has on average: ``2 |E| / n``, of directed ties ``|E| / n``.

    Of directed ties it is the mean number that leave, and as many arrive (UCINET's « avg degree »; the degree
    of igraph and networkx adds both and gives twice as much). Parameters are those of `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, n − 1]; NaN if no pair is documented or nobody could cooperate.

    Examples
    --------
    >>> import networkx as nx
    >>> average_degree(nx.path_graph(4))
    1.5
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return average_degree_of_ties(ties, "en").value


def average_degree_measure(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the average degree with its bounds, reached when no or every undocumented pair is tied."""
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(average_degree_of_ties(ties, lang), source, kind=kind, actors=actors)


def average_degree_of_ties(ties: Ties, lang: str) -> Measure:
    """Return the average degree of some ties."""
    ends = 1 if ties.directed else 2
    known, unknown = len(ties.a), int(count_pairs(ties).unknown[0, 0])
    low, high = ratio(ends * known, ties.size), ratio(ends * (known + unknown), ties.size)
    note = "" if ties.size else tr("nobody who could cooperate", lang)
    return of_known_ties(
        ties,
        low,
        "count",
        low,
        high,
        numerator=float(ends * known),
        denominator=float(ties.size),
        note=note,
        lang=lang,
    )


def shares_of(pairs: Pairs) -> tuple[Values, Values, Values]:
    """Return ties over possible pairs (NaN where nothing is documented), its lower and its upper bound."""
    possible = np.where(pairs.possible > 0, pairs.possible, NAN)
    low, high = pairs.ties / possible, (pairs.ties + pairs.unknown) / possible
    return np.where(pairs.documented > 0, low, NAN), low, high


def measure_of(pairs: Pairs, place: tuple[int, int], lang: str) -> Measure:
    """Return the measure of the density between two blocks, or of the only one there is."""
    value, low, high = (float(each[place]) for each in shares_of(pairs))
    ties, possible, documented = (int(each[place]) for each in (pairs.ties, pairs.possible, pairs.documented))
    note = "" if possible else few_actors_note(lang)
    if documented < possible:
        note = documented_note(documented, possible, lang)
    return Measure(
        value, "share", low, high, float(ties), float(possible), n_unknown=possible - documented, note=note
    )
