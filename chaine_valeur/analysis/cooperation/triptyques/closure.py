"""Closure of triptyques (D6): are enterprise, elected official and ESS actor linked to one another?"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TYPE_CHECKING

from ....columns import columns
from ....errors import ArgumentError
from ....filiere import Filiere
from ....language import number, tr, trn
from ....vocabulary import label
from ...measure import NAN, Measure, ratio
from ..ties.layer import seen_in
from ..ties.rows import documented_rows
from .triads import TRIPTYQUE, triads_of

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["triptyque_closure", "triptyque_closure_measure"]

VARIANTS = ("possible", "connected")


def triptyque_closure(
    source: Source,
    *,
    by: str = "possible",
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of triads {enterprise, elected, ESS} that are closed: all three tied (D6).

    ``closed / (n_enterprise · n_elected · n_ess)`` (``by="possible"``), or ``closed / (closed + open)``,
    a triad being open with exactly two of its three ties (``by="connected"``): are the three linked to
    each other, or only through one of them?

    Parameters
    ----------
    source
        A filière (the pole is that of the actor) or any networkx graph; directions are ignored.
    by
        ``"possible"`` or ``"connected"``.
    group, poles
        Of a graph: the node attribute that holds the pole, and the values of the three poles.
    year, kind, actors
        The filière in that year; only ties of that kind, or of these; only these actors.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN if a pole has no actor, if no pair between poles is documented,
        or, of connected triads, if there are none. Its bounds are in `triptyque_closure_measure`.

    References
    ----------
    Our own; a triad census restricted by pole (Holland and Leinhardt, unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("firm", "town"), ("town", "aci"), ("aci", "firm")])
    >>> graph.add_node("workshop")
    >>> poles = {"firm": "enterprise", "town": "elected", "aci": "ess", "workshop": "ess"}
    >>> nx.set_node_attributes(graph, poles, "pole")
    >>> triptyque_closure(graph), triptyque_closure(graph, by="connected")
    (0.5, 1.0)
    """
    return _closure_of(seen_in(source, year), by, group, poles, kind, actors, "en").value


def triptyque_closure_measure(
    source: Source,
    *,
    by: str = "possible",
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D6 with bounds: see `triptyque_closure`.

    Over the possible triads, ``high`` counts those in which no pair is known to be untied. Over the
    connected ones, bounds are given only where every pair between poles is documented. ``n_unknown`` counts
    undocumented pairs between poles.
    """
    source = seen_in(source, year)
    measure = _closure_of(source, by, group, poles, kind, actors, lang)
    if not isinstance(source, Filiere):
        return measure
    codes = columns(source, "actors").ranks("pole", poles)
    return measure.resting_on(source, documented_rows(source, kind=kind, blocks=codes, actors=actors))


def _closure_of(
    source: Source,
    by: str,
    group: str,
    poles: Sequence[str],
    kind: str | Collection[str] | None,
    actors: Collection[Hashable] | None,
    lang: str,
) -> Measure:
    if by not in VARIANTS:
        raise ArgumentError(f"by={by!r} is not one of {', '.join(VARIANTS)}")
    triads = triads_of(source, group=group, poles=poles, kind=kind, actors=actors)
    unknown = triads.pairs - triads.documented
    if not triads.possible:
        empty = [
            label(pole, "pole", lang) for pole, size in zip(poles, triads.sizes, strict=True) if not size
        ]
        note = tr("no actor of the college “{pole}”", lang, pole=empty[0])
        return Measure(NAN, "share", n_unknown=unknown, note=note)
    connected = triads.closed + triads.open
    whole = triads.possible if by == "possible" else connected
    value = ratio(triads.closed, whole)
    if by == "possible":
        low, high = triads.closed / whole, triads.may_close / whole
    else:
        low = high = NAN if unknown else value
    if not triads.documented:
        note = tr("no pair of actors of two colleges documented", lang)
        return Measure(NAN, "share", low, high, triads.closed, whole, n_unknown=unknown, note=note)
    if not connected:
        note = tr("of no trio are two ties known", lang)
        return Measure(value, "share", low, high, triads.closed, whole, n_unknown=unknown, note=note)
    note = trn(
        "{closed} closed triptyque among {count} in which at least two ties are known",
        "{closed} closed triptyques among {count} in which at least two ties are known",
        triads.closed,
        lang,
        closed=number(triads.closed, lang),
        count=number(connected, lang),
    )
    return Measure(value, "share", low, high, triads.closed, whole, n_unknown=unknown, note=note)
