"""Between how many pairs of actors ties lead, directly or through others: connectedness and fragmentation."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ....errors import ArgumentError
from ....network import Ties, distinct
from ...measure import NAN, Measure
from ..ties.counting import pair_numbers
from .bounded import few_actors_note, of_known_ties, read, resting
from .complement import with_open_tied
from .components import parts_of
from .geodesics import MOST_FOR_DISTANCES, too_many, weight_reached

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = [
    "connectedness",
    "connectedness_measure",
    "connectedness_of_ties",
    "fragmentation",
    "fragmentation_measure",
    "fragmentation_of_ties",
    "reachable_pairs",
]

FOLLOWING = ("directed", "weak")


def connectedness(
    source: Source,
    *,
    following: str = "directed",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of pairs of actors between whom ties lead, directly or through others.

    ``Σ r(u, v) / (n (n − 1))`` over ordered pairs, *r* = 1 where *v* is reached from *u*.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    following
        Of directed ties: ``"directed"``, *v* is reached along ties in their direction, or ``"weak"``, whatever
        the direction. Of undirected ties both are the same.
    year, kind, directed, actors
        As for `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]: 1 is one component, 0 is no tie. NaN if no pair is documented, with
        fewer than two actors, or where directed ties leave more than `MOST_FOR_DISTANCES` strong components
        (each is searched from; undirected and weak connectedness take any size).

    Raises
    ------
    ArgumentError
        Something else to follow.

    References
    ----------
    ``"directed"`` is what UCINET prints for « campnet » (see `density`), ``"weak"`` is Krackhardt's
    connectedness as R sna computes it (``connectedness``): on « campnet » 0.673 and 1.

    Examples
    --------
    >>> import networkx as nx
    >>> line = nx.DiGraph([("a", "b"), ("b", "c")])
    >>> connectedness(line), connectedness(line, following="weak")
    (0.5, 1.0)
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return connectedness_of_ties(ties, following, "en").value


def connectedness_measure(
    source: Source,
    *,
    following: str = "directed",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return connectedness with its bounds, reached when no or every undocumented pair is tied.

    Numerator and denominator are ordered pairs.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(connectedness_of_ties(ties, following, lang), source, kind=kind, actors=actors)


def fragmentation(
    source: Source,
    *,
    following: str = "directed",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of pairs of actors between whom no tie leads: ``1 − connectedness``.

    Parameters, range and conventions are those of `connectedness`; UCINET's « fragmentation ».

    Examples
    --------
    >>> import networkx as nx
    >>> fragmentation(nx.DiGraph([("a", "b"), ("b", "c")]))
    0.5
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return fragmentation_of_ties(ties, following, "en").value


def fragmentation_measure(
    source: Source,
    *,
    following: str = "directed",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return fragmentation with its bounds: what is left of 1 by those of `connectedness_measure`."""
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(fragmentation_of_ties(ties, following, lang), source, kind=kind, actors=actors)


def connectedness_of_ties(ties: Ties, following: str, lang: str) -> Measure:
    """Return the connectedness of some ties."""
    if following not in FOLLOWING:
        raise ArgumentError(f"following={following!r} is not one of {', '.join(FOLLOWING)}")
    pairs = ties.size * (ties.size - 1)
    if not pairs:
        return of_known_ties(ties, NAN, "share", NAN, NAN, note=few_actors_note(lang), lang=lang)
    known = reachable_pairs(ties, following)
    most = known if ties.asked.all() else reachable_pairs(ties, following, open_tied=True)
    note = too_many(ties.size, MOST_FOR_DISTANCES, lang) if known != known else ""
    return of_known_ties(
        ties,
        known / pairs,
        "share",
        known / pairs,
        most / pairs,
        numerator=known,
        denominator=float(pairs),
        note=note,
        lang=lang,
    )


def fragmentation_of_ties(ties: Ties, following: str, lang: str) -> Measure:
    """Return the fragmentation of some ties."""
    linked = connectedness_of_ties(ties, following, lang)
    return replace(
        linked,
        value=1 - linked.value,
        low=1 - linked.high,
        high=1 - linked.low,
        numerator=linked.denominator - linked.numerator,
    )


def reachable_pairs(ties: Ties, following: str, *, open_tied: bool = False) -> float:
    """Return how many ordered pairs ties lead between, with every undocumented pair tied if wished.

    NaN beyond `MOST_FOR_DISTANCES` strong components from which ties lead to others.
    """
    from scipy.sparse import csr_array

    if not ties.directed or following == "weak":
        sizes = parts_of(ties, "weak", open_tied=open_tied)[1]
        return float((sizes * (sizes - 1)).sum())
    codes, sizes = parts_of(ties, "strong", open_tied=open_tied)
    a, b = with_open_tied(ties) if open_tied else (ties.a, ties.b)
    within = float((sizes * (sizes - 1)).sum())
    across = codes[a] != codes[b]
    numbers = distinct(pair_numbers(codes[a[across]], codes[b[across]], len(sizes)))
    if not len(numbers):
        return within
    # the components that ties do not leave or enter are in nobody's way
    kept, ends = np.unique(np.concatenate([numbers // len(sizes), numbers % len(sizes)]), return_inverse=True)
    if len(kept) > MOST_FOR_DISTANCES:
        return NAN
    half = len(ends) // 2
    matrix = csr_array((np.ones(half), (ends[:half], ends[half:])), shape=(len(kept), len(kept)))
    return within + weight_reached(matrix, sizes[kept])
