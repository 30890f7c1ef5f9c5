"""How far support goes both ways: reciprocity of directed ties (D11), by arc and by dyad, and their dyads."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ....errors import ArgumentError
from ....filiere import Filiere
from ....language import number, tr
from ....network import Ties, is_among
from ...measure import NAN, Measure, ratio
from ..ties.counting import count_pairs, pair_numbers
from ..ties.layer import DIRECTED_KINDS, seen_in, ties_of
from .bounded import few_actors_note, no_direction_note, of_known_ties, resting

if TYPE_CHECKING:
    from ..ties.layer import Source

    Kinds = str | Collection[str] | None

__all__ = [
    "STATES",
    "Dyads",
    "directions_of",
    "dyad_share",
    "dyad_share_measure",
    "dyad_share_of_ties",
    "dyads_of_ties",
    "reciprocity",
    "reciprocity_measure",
    "reciprocity_of_ties",
]

VARIANTS = ("arc", "dyad")
#: What a pair of actors may be.
STATES = ("mutual", "asymmetric", "null")


def reciprocity(
    source: Source,
    *,
    by: str = "arc",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return how far directed ties come back (D11).

    With *M* pairs tied both ways and *A* pairs tied one way only: ``2M / (2M + A)``, the share of arcs that
    are returned (``by="arc"``), or ``M / (M + A)``, the share of tied pairs that are tied both ways
    (``by="dyad"``).

    Parameters
    ----------
    source
        A directed graph, or a filière, of which only the kinds that have a direction count (support,
        funding, referral, contracting): a shared tie goes both ways by definition.
    by
        ``"arc"`` or ``"dyad"``.
    year, kind, actors
        As for `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN without any directed tie, so also for an undirected graph.

    Raises
    ------
    ArgumentError
        Another variant.

    References
    ----------
    Both as UCINET prints them for « campnet » (arc reciprocity, dyad reciprocity; see `density`). By arc:
    ``edgewise`` of R's sna, the default of igraph, ``overall_reciprocity`` of networkx; by dyad:
    ``dyadic.nonnull``, and ``mode="ratio"`` of igraph. The default of R's sna counts pairs without a tie as
    reciprocal: another measure.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("b", "a"), ("a", "c")])
    >>> round(reciprocity(graph), 3), reciprocity(graph, by="dyad")
    (0.667, 0.5)
    """
    return reciprocity_measure(source, by=by, year=year, kind=kind, actors=actors, lang="en").value


def reciprocity_measure(
    source: Source,
    *,
    by: str = "arc",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D11 with bounds: see `reciprocity`.

    ``low`` has every undocumented direction absent where a tie would come back, and one-way ties wherever
    nothing is known; ``high`` has every undocumented direction returned. ``n_unknown`` counts directions.
    """
    if by not in VARIANTS:
        raise ArgumentError(f"by={by!r} is not one of {', '.join(VARIANTS)}")
    source = seen_in(source, year)
    ties, kinds = directions_of(source, kind=kind, actors=actors)
    if ties is None:
        return resting(Measure(NAN, "share", note=no_direction_note(lang)), source, kind=kinds, actors=actors)
    return resting(reciprocity_of_ties(ties, by, lang), source, kind=kinds, actors=actors)


def dyad_share(
    source: Source,
    *,
    state: str = "mutual",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of pairs of actors tied both ways, one way only, or not at all (dyad census).

    ``M / P``, ``A / P`` or ``N / P`` with ``P = n (n − 1) / 2 = M + A + N``.

    Parameters
    ----------
    source
        As for `reciprocity`: only ties that have a direction count.
    state
        ``"mutual"``, ``"asymmetric"`` or ``"null"``.
    year, kind, actors
        As for `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1] (so a pair that nobody documented is null: `dyad_share_measure` has
        the bounds); NaN for ties without direction, if no pair is documented, with fewer than two actors.

    Raises
    ------
    ArgumentError
        Another state.

    References
    ----------
    As UCINET prints them for « campnet » (mutuals, asymmetrics, nulls; see `density`); R's sna
    (``dyad.census``) and igraph give the numbers of pairs.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("b", "a"), ("a", "c")])
    >>> [round(dyad_share(graph, state=state), 3) for state in STATES]
    [0.333, 0.333, 0.333]
    """
    return dyad_share_measure(source, state=state, year=year, kind=kind, actors=actors, lang="en").value


def dyad_share_measure(
    source: Source,
    *,
    state: str = "mutual",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the share of pairs in a state with its bounds, both reached: see `dyad_share`.

    ``n_unknown`` counts directions.
    """
    if state not in STATES:
        raise ArgumentError(f"state={state!r} is not one of {', '.join(STATES)}")
    source = seen_in(source, year)
    ties, kinds = directions_of(source, kind=kind, actors=actors)
    if ties is None:
        return resting(Measure(NAN, "share", note=no_direction_note(lang)), source, kind=kinds, actors=actors)
    return resting(dyad_share_of_ties(ties, state, lang), source, kind=kinds, actors=actors)


def directions_of(
    source: Source, *, kind: Kinds, actors: Collection[Hashable] | None
) -> tuple[Ties | None, Kinds]:
    """Return the ties that have a direction, none (``None``) where none can have one, and their kinds."""
    if not isinstance(source, Filiere):
        ties = ties_of(source, directed=True, kind=kind, actors=actors)
        return (ties if source.is_directed() else None), kind
    if kind is None:
        return ties_of(source, directed=True, kind=DIRECTED_KINDS, actors=actors), DIRECTED_KINDS
    ties_of(source, directed=True, kind=kind, actors=actors)  # an unknown kind is an error, not a shared one
    kinds = [one for one in ([kind] if isinstance(kind, str) else kind) if one in DIRECTED_KINDS]
    if not kinds:
        return None, kind
    return ties_of(source, directed=True, kind=kinds, actors=actors), kinds


@dataclass(frozen=True)
class Dyads:
    """Numbers of pairs of actors, by what is known of their two directions.

    Attributes
    ----------
    mutual, one_way
        Known to be tied both ways; known to be tied one way, whatever the other.
    may_return
        Of those tied one way: those of which the other direction is undocumented.
    half_open
        With one direction known to be absent and the other undocumented.
    both_open
        Of which nothing is known.
    pairs
        All of them.
    """

    mutual: int
    one_way: int
    may_return: int
    half_open: int
    both_open: int
    pairs: int

    def bounds(self, state: str) -> tuple[int, int, int]:
        """Return how many pairs are known to be in a state, and the fewest and most that there may be."""
        more = self.may_return + self.both_open
        if state == "mutual":
            return self.mutual, self.mutual, self.mutual + more
        silent = self.half_open + self.both_open
        if state == "asymmetric":
            return self.one_way, self.one_way - self.may_return, self.one_way + silent
        null = self.pairs - self.mutual - self.one_way
        return null, null - silent, null


def dyads_of_ties(ties: Ties) -> Dyads:
    """Return the dyads of some directed ties."""
    size, unasked = ties.size, ~ties.asked
    arcs, back = pair_numbers(ties.a, ties.b, size), pair_numbers(ties.b, ties.a, size)
    refused = pair_numbers(ties.absent_a, ties.absent_b, size)
    returned = is_among(back, arcs)
    nobody_asked = unasked[ties.a] & unasked[ties.b]
    may_return = int((~returned & ~is_among(back, refused) & nobody_asked).sum())
    # pairs without a tie: one direction refused and the other open, or both of them open
    refusal_of_other = pair_numbers(ties.absent_b, ties.absent_a, size)
    spoken_of = is_among(refusal_of_other, refused) | is_among(refusal_of_other, arcs)
    half_open = int((~spoken_of & unasked[ties.absent_a] & unasked[ties.absent_b]).sum())
    unknown = int(count_pairs(ties).unknown[0, 0])
    return Dyads(
        mutual=int(returned.sum()) // 2,
        one_way=int((~returned).sum()),
        may_return=may_return,
        half_open=half_open,
        both_open=(unknown - may_return - half_open) // 2,
        pairs=size * (size - 1) // 2,
    )


def reciprocity_of_ties(ties: Ties, by: str, lang: str) -> Measure:
    """Return D11 of some directed ties."""
    dyads = dyads_of_ties(ties)
    weight = 2 if by == "arc" else 1  # what a pair tied both ways counts for
    mutual, one_way, may_return = weight * dyads.mutual, dyads.one_way, dyads.may_return
    whole, most = mutual + one_way, mutual + weight * (may_return + dyads.both_open)
    low = ratio(mutual, whole + dyads.half_open + dyads.both_open)
    high = ratio(most, most + one_way - may_return)
    note = tr("no known tie that has a direction", lang)
    if whole:
        note = tr(
            "pairs tied both ways: {mutual}, one way only: {one_way}",
            lang,
            mutual=number(dyads.mutual, lang),
            one_way=number(one_way, lang),
        )
    return Measure(
        ratio(mutual, whole),
        "share",
        low,
        low if high != high else high,  # nothing could come back: not even what is unknown
        float(mutual),
        float(whole),
        n_unknown=may_return + dyads.half_open + 2 * dyads.both_open,
        note=note,
    )


def dyad_share_of_ties(ties: Ties, state: str, lang: str) -> Measure:
    """Return the share of the pairs of some directed ties that are in a state."""
    dyads = dyads_of_ties(ties)
    known, low, high = dyads.bounds(state)
    note = "" if dyads.pairs else few_actors_note(lang)
    return of_known_ties(
        ties,
        ratio(known, dyads.pairs),
        "share",
        ratio(low, dyads.pairs),
        ratio(high, dyads.pairs),
        numerator=float(known),
        denominator=float(dyads.pairs),
        note=note,
        lang=lang,
    )
