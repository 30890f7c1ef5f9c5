"""Cohesion that counts how strong ties are: valued density, valued average degree, mean strength of a tie."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ....filiere import Filiere
from ....language import number, tr, trn
from ....network import Ties
from ...measure import NAN, Measure, ratio
from ..ties.counting import count_pairs
from ..ties.strength import SCALE, strengths
from .bounded import few_actors_note, of_known_ties, read, resting

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = [
    "mean_tie_strength",
    "mean_tie_strength_measure",
    "valued_average_degree",
    "valued_average_degree_measure",
    "valued_density",
    "valued_density_measure",
]

WEAKEST, STRONGEST = min(SCALE.values()), max(SCALE.values())


def valued_density(
    source: Source,
    *,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the sum of the strengths of ties over the number of possible pairs.

    Parameters
    ----------
    source
        A filière, whose ties are as strong as their intensity (`ties.strength.SCALE`: 1 information, 2 joint
        action, 3 agreement, 4 contract), or any networkx graph.
    weight
        Of a graph: the edge attribute that holds the strength. Of parallel ties the strongest counts.
    year, kind, directed, actors
        As for `density`.

    Returns
    -------
    float
        Of the *known* ties: what is stated, a tie of a filière of which no intensity is stated counting for
        the least that a tie may be (1), one of a graph for nothing (the note says how many). In [0, 4] for a
        filière; NaN if no strength is stated of any tie, if no pair is documented, with fewer than two actors.

    References
    ----------
    UCINET gives it as the density of valued data (unverified); networkx and igraph have none.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("a", "b", {"weight": 2}), ("b", "c", {"weight": 4})])
    >>> valued_density(graph), mean_tie_strength(graph), valued_average_degree(graph)
    (2.0, 3.0, 4.0)
    """
    return valued_density_measure(
        source, weight=weight, year=year, kind=kind, directed=directed, actors=actors, lang="en"
    ).value


def valued_density_measure(
    source: Source,
    *,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the valued density with its bounds: see `valued_density`.

    Of a filière, ``low`` has every unstated intensity at the weakest and no undocumented pair tied, ``high``
    both at the strongest. Of a graph, whose strengths have no scale, bounds are NaN where one is unstated.
    ``n_unknown`` counts undocumented pairs and ties without a strength.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    sums = _sums(source, ties, kind, weight)
    note = "" if ties.possible else few_actors_note(lang)
    measure = _over(sums, ties, 1.0, float(ties.possible), note, lang)
    return resting(measure, source, kind=kind, actors=actors)


def valued_average_degree(
    source: Source,
    *,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the strength of the ties of an actor, summed, on average: ``2 Σ s / n``, directed ``Σ s / n``.

    Parameters, unstated strengths and NaN are those of `valued_density`. It is the mean of ``strength`` of
    igraph and of the weighted degree of networkx (of directed ties, of the out-strength).
    """
    return valued_average_degree_measure(
        source, weight=weight, year=year, kind=kind, directed=directed, actors=actors, lang="en"
    ).value


def valued_average_degree_measure(
    source: Source,
    *,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the valued average degree with its bounds, as those of `valued_density_measure`."""
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    sums = _sums(source, ties, kind, weight)
    note = "" if ties.size else tr("nobody who could cooperate", lang)
    measure = _over(sums, ties, 1.0 if ties.directed else 2.0, float(ties.size), note, lang)
    return resting(measure, source, kind=kind, actors=actors)


def mean_tie_strength(
    source: Source,
    *,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return how strong a tie is on average, over the ties of which it is stated.

    Parameters are those of `valued_density`. In [1, 4] for a filière; NaN without a tie of stated strength.
    """
    return mean_tie_strength_measure(
        source, weight=weight, year=year, kind=kind, directed=directed, actors=actors, lang="en"
    ).value


def mean_tie_strength_measure(
    source: Source,
    *,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the mean strength of a tie with its bounds: see `mean_tie_strength`.

    Of a filière, what is unstated or undocumented is as weak, or as strong, as a tie may be. Of a graph the
    bounds are NaN where a strength is unstated.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    sums = _sums(source, ties, kind, weight)
    value = low = high = ratio(sums.stated, sums.ties - sums.unstated)
    if sums.on_scale:
        silent, most = sums.unstated + sums.unknown, sums.ties + sums.unknown
        low, high = (ratio(sums.stated + silent * end, most) for end in (WEAKEST, STRONGEST))
    elif sums.unstated:
        low = high = NAN
    measure = of_known_ties(
        ties,
        value,
        "ratio",
        low,
        high,
        numerator=sums.stated,
        denominator=float(sums.ties - sums.unstated),
        note=sums.note(lang) if sums.ties else tr("no known tie", lang),
        lang=lang,
    )
    return resting(replace(measure, n_unknown=sums.unknown + sums.unstated), source, kind=kind, actors=actors)


@dataclass(frozen=True)
class _Sums:
    """What is stated of the strength of ties: its sum, the ties, those without, the undocumented pairs."""

    stated: float
    ties: int
    unstated: int
    unknown: int
    on_scale: bool

    def note(self, lang: str) -> str:
        """Return how many ties have a stated strength, if not all."""
        if not self.unstated:
            return ""
        return trn(
            "the strength of the only tie is not stated",
            "strength stated of {stated} of the {count} ties",
            self.ties,
            lang,
            stated=number(self.ties - self.unstated, lang),
        )


def _sums(source: Source, ties: Ties, kind: str | Collection[str] | None, weight: str) -> _Sums:
    found = strengths(source, ties, kind=kind, weight=weight)
    return _Sums(
        stated=float(np.nansum(found)),
        ties=len(found),
        unstated=int(np.isnan(found).sum()),
        unknown=int(count_pairs(ties).unknown[0, 0]),
        on_scale=isinstance(source, Filiere),
    )


def _over(sums: _Sums, ties: Ties, times: float, whole: float, note: str, lang: str) -> Measure:
    """Return the sum of strengths, so many times, over something; `note` says why there is nothing."""
    value = low = high = sums.stated
    if sums.on_scale:
        value = low = sums.stated + sums.unstated * WEAKEST
        high = sums.stated + (sums.unstated + sums.unknown) * STRONGEST
    elif sums.unstated:
        low = high = NAN
    if sums.ties and sums.unstated == sums.ties:
        value = NAN
    measure = of_known_ties(
        ties,
        ratio(times * value, whole),
        "ratio",
        ratio(times * low, whole),
        ratio(times * high, whole),
        numerator=times * value,
        denominator=whole,
        note=note or sums.note(lang),
        lang=lang,
    )
    return replace(measure, n_unknown=sums.unknown + sums.unstated)
