"""The shape of cooperation: how far it hangs on one actor (D4), how far support goes both ways (D11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...filiere import Filiere
from ...language import number, tr
from ...network import Ties, is_among
from ...vocabulary import CooperationKind
from ..measure import NAN, Measure, ratio
from .densities import documented_note
from .layer import count_pairs, documented_by, pair_numbers, seen_in, ties_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .layer import Source

    Counts = NDArray[np.int64]

__all__ = ["centralization", "centralization_measure", "reciprocity", "reciprocity_measure"]

MODES = ("degree", "in", "out")
VARIANTS = ("arc", "dyad")
#: The kinds that go from one actor to the other: those of which one can ask whether they come back.
DIRECTED_KINDS = tuple(kind.value for kind in CooperationKind if kind.directed)


def centralization(
    source: Source, *, mode: str = "degree", year: int | None = None, kind: str | None = None
) -> float:
    """Return Freeman's degree centralisation (D4): 1 is a star, 0 has everyone tied alike.

    ``Σ (max d − d_v) / ((n − 1)(n − 2))`` for degrees, on ties read as undirected;
    ``Σ (max d − d_v) / (n − 1)²`` for in- or out-degrees. On the collapsed layer: no parallel tie, no
    self-tie (with self-ties allowed, the default of igraph, the denominators are others).

    Parameters
    ----------
    source
        A filière or any networkx graph.
    mode
        ``"degree"`` (a directed graph is tied wherever one direction is), ``"in"`` or ``"out"``.
    year, kind
        As for `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN if no pair is documented or with fewer than three actors (two
        for in and out). Its bounds are in `centralization_measure`.

    Raises
    ------
    ValueError
        Another mode, or in and out of an undirected graph.

    References
    ----------
    Freeman (1979), unverified; denominators as UCINET prints them for « campnet » (see `density`).

    Examples
    --------
    >>> import networkx as nx
    >>> centralization(nx.star_graph(5)), centralization(nx.cycle_graph(5))
    (1.0, 0.0)
    """
    return _centralization_of(seen_in(source, year), mode, kind, "en").value


def centralization_measure(
    source: Source,
    *,
    mode: str = "degree",
    year: int | None = None,
    kind: str | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D4 with bounds: see `centralization`.

    ``high`` is reached when one actor has all the ties that it may have and the others none more. ``low``
    gives the others all the ties that they may have, up to the highest known degree: no completion is
    below, and with degrees not always one that low (with in and out, always).
    """
    source = seen_in(source, year)
    measure = _centralization_of(source, mode, kind, lang)
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_by(source, kind=kind))


def _centralization_of(source: Source, mode: str, kind: str | None, lang: str) -> Measure:
    if mode not in MODES:
        raise ValueError(f"mode={mode!r} is not one of {', '.join(MODES)}")
    if mode != "degree" and not isinstance(source, Filiere) and not source.is_directed():
        raise ValueError(f"mode={mode!r} needs a directed graph")
    ties = ties_of(source, directed=mode != "degree", kind=kind)
    return centralization_of_ties(ties, mode, lang)


def degrees(ties: Ties, *, mode: str = "degree") -> Counts:
    """Return the number of known ties of each node: all of them, those that arrive or those that leave."""
    return _ends(ties.a, ties.b, ties.size, mode)


def _ends(a: NDArray[np.int32], b: NDArray[np.int32], size: int, mode: str) -> Counts:
    ends = {"degree": [a, b], "in": [b], "out": [a]}[mode]
    return np.bincount(np.concatenate(ends), minlength=size)


def _open(ties: Ties, *, mode: str) -> Counts:
    """Return the number of undocumented pairs of each node: with the other unasked, unless spoken of."""
    unasked = ~ties.asked
    pairs = np.where(unasked, unasked.sum() - 1, 0)
    for a, b in ((ties.a, ties.b), (ties.absent_a, ties.absent_b)):
        spoken_of = unasked[a] & unasked[b]
        pairs = pairs - _ends(a[spoken_of], b[spoken_of], ties.size, mode)
    return pairs


def centralization_of_ties(ties: Ties, mode: str, lang: str) -> Measure:
    """Return D4 of some ties, directed for ``in`` and ``out``."""
    known, still_open = degrees(ties, mode=mode), _open(ties, mode=mode)
    n, directed = ties.size, ties.directed
    most = (n - 1) ** 2 if directed else (n - 1) * (n - 2)
    if n < 2 or most == 0:
        return Measure(NAN, "ratio", note=tr("too few actors for a centralisation", lang))
    unknown = int(still_open.sum()) // (1 if directed else 2)
    known_pairs = ties.possible - unknown
    spread = int((known.max() - known).sum())
    low = int(np.maximum(known.max() - known - still_open, 0).sum())
    # the hub v takes its x open pairs: n (k_v + x) minus the sum of all degrees, each tie counting for
    # both its ends (undirected) or for one
    high = int((n * (known + still_open) - still_open * (1 if directed else 2)).max() - known.sum())
    note = ""
    if unknown:
        note = documented_note(known_pairs, ties.possible, lang)
    value = spread / most if known_pairs else NAN
    return Measure(
        value, "ratio", low / most, high / most, float(spread), float(most), n_unknown=unknown, note=note
    )


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
