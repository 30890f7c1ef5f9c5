"""How far support goes both ways: reciprocity of directed ties (D11), by arc and by dyad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....filiere import Filiere
from ....language import number, tr
from ....network import Ties, is_among
from ...measure import NAN, Measure, ratio
from ..ties.counting import count_pairs, pair_numbers
from ..ties.layer import DIRECTED_KINDS, seen_in, ties_of
from ..ties.rows import documented_by

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["reciprocity", "reciprocity_measure", "reciprocity_of_ties"]

VARIANTS = ("arc", "dyad")


def reciprocity(
    source: Source, *, by: str = "arc", year: int | None = None, kind: str | None = None
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
    year, kind
        As for `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN without any directed tie, so also for an undirected graph.

    References
    ----------
    Both as UCINET prints them for « campnet » (arc reciprocity, dyad reciprocity; see `density`). The
    default of R's sna counts pairs without a tie as reciprocal: another measure.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("b", "a"), ("a", "c")])
    >>> round(reciprocity(graph), 3), reciprocity(graph, by="dyad")
    (0.667, 0.5)
    """
    return _reciprocity_of(seen_in(source, year), by, kind, "en").value


def reciprocity_measure(
    source: Source, *, by: str = "arc", year: int | None = None, kind: str | None = None, lang: str = "fr"
) -> Measure:
    """Return D11 with bounds: see `reciprocity`.

    ``low`` has every undocumented direction absent where a tie would come back, and one-way ties wherever
    nothing is known; ``high`` has every undocumented direction returned. ``n_unknown`` counts directions.
    """
    source = seen_in(source, year)
    measure = _reciprocity_of(source, by, kind, lang)
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_by(source, kind=kind or DIRECTED_KINDS))


def _reciprocity_of(source: Source, by: str, kind: str | None, lang: str) -> Measure:
    if by not in VARIANTS:
        raise ValueError(f"by={by!r} is not one of {', '.join(VARIANTS)}")
    if isinstance(source, Filiere):
        shared = kind is not None and kind not in DIRECTED_KINDS
        kinds: str | tuple[str, ...] | None = kind or DIRECTED_KINDS
    else:
        shared, kinds = not source.is_directed(), kind
    ties = ties_of(source, directed=True, kind=kinds)
    if shared:
        return Measure(NAN, "share", note=tr("these ties have no direction", lang))
    return reciprocity_of_ties(ties, by, lang)


def reciprocity_of_ties(ties: Ties, by: str, lang: str) -> Measure:
    """Return D11 of some directed ties."""
    size, unasked = ties.size, ~ties.asked
    arcs, back = pair_numbers(ties.a, ties.b, size), pair_numbers(ties.b, ties.a, size)
    refused = pair_numbers(ties.absent_a, ties.absent_b, size)
    returned = is_among(back, arcs)
    mutual, one_way = int(returned.sum()) // 2, int((~returned).sum())
    nobody_asked = unasked[ties.a] & unasked[ties.b]
    may_return = int((~returned & ~is_among(back, refused) & nobody_asked).sum())
    # pairs without a tie: one direction refused and the other open, or both of them open
    refusal_of_other = pair_numbers(ties.absent_b, ties.absent_a, size)
    spoken_of = is_among(refusal_of_other, refused) | is_among(refusal_of_other, arcs)
    half_open = int((~spoken_of & unasked[ties.absent_a] & unasked[ties.absent_b]).sum())
    unknown = int(count_pairs(ties).unknown[0, 0])
    both_open = (unknown - may_return - half_open) // 2
    weight = 2 if by == "arc" else 1  # what a pair tied both ways counts for
    whole, most = weight * mutual + one_way, weight * (mutual + may_return + both_open)
    low = ratio(weight * mutual, whole + half_open + both_open)
    high = ratio(most, most + one_way - may_return)
    note = tr("no known tie that has a direction", lang)
    if whole:
        note = tr(
            "pairs tied both ways: {mutual}, one way only: {one_way}",
            lang,
            mutual=number(mutual, lang),
            one_way=number(one_way, lang),
        )
    return Measure(
        ratio(weight * mutual, whole),
        "share",
        low,
        low if high != high else high,  # nothing could come back: not even what is unknown
        float(weight * mutual),
        float(whole),
        n_unknown=unknown,
        note=note,
    )
