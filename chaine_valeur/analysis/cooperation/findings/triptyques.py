"""Triptyques to be closed: a check that returns findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ....language import enumeration, number, tr, trn
from ....provenance import hypothesis_share
from ...findings import Finding
from ..ties.layer import ties_of
from ..ties.rows import tie_rows
from ..triptyques.pairs import missing_pairs
from ..triptyques.triads import TRIPTYQUE, pole_codes, triads_of
from .words import LOOKED_AT, PAIRS, disjoint, introduced_by, pair

if TYPE_CHECKING:
    import pandas as pd

    from ....filiere import Filiere
    from ....network import Ties

__all__ = ["open_triptyques"]


def open_triptyques(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Find the ties that would close most triptyques, or that no triptyque is linked at all.

    Yields
    ------
    Finding
        Kind ``open_triptyque``, with the two actors to bring together first, who could introduce them, whether
        to ask first, and who comes next.
    """
    triads = triads_of(f)
    if not triads.possible or not triads.documented:
        return
    poles = pole_codes(f.actors["pole"], TRIPTYQUE)
    unknown = triads.pairs - triads.documented
    best = missing_pairs(f, limit=LOOKED_AT)
    if best.empty:
        if triads.closed or unknown:
            return
        message = trn(
            "No triptyque linked: none of the {count} trio of an enterprise, an elected official and an ESS "
            "actor has two of its three ties. To be brought together: the three colleges, around one action.",
            "No triptyque linked: none of the {count} trios of an enterprise, an elected official and an ESS "
            "actor has two of its three ties. To be brought together: the three colleges, around one action.",
            triads.possible,
            lang,
        )
        rows = {"cooperations": tie_rows(f, blocks=poles)}
        share = hypothesis_share(f, rows)
        yield Finding("open_triptyque", "medium", message, hypothesis_share=share, rows=rows)
        return
    ties, names, one = ties_of(f), f.actors["name"], best.iloc[0]
    message = trn(
        "A tie between {first} and {second} would close {count} triptyque (enterprise, elected official, "
        "ESS); closed today: {closed} of {linked} in which at least two ties are known.",
        "A tie between {first} and {second} would close {count} triptyques (enterprise, elected official, "
        "ESS); closed today: {closed} of {linked} in which at least two ties are known.",
        int(one.closes),
        lang,
        first=names[one.actor_id],
        second=names[one.to_actor_id],
        closed=number(triads.closed, lang),
        linked=number(triads.closed + triads.open, lang),
    )
    places = ties.nodes.get_indexer([one.actor_id, one.to_actor_id]).tolist()
    mending = [message, introduced_by(f, ties, places[0], places[1], lang)]
    if not one.documented:
        mending.append(tr("To be asked first: whether they already work together.", lang))
    if following := _next_pairs(f, ties, best, lang):
        mending.append(tr("Next: {pairs}.", lang, pairs=following))
    ends = f.actors.index.isin([one.actor_id, one.to_actor_id])
    rows = {"cooperations": tie_rows(f, blocks=poles, touching=ends)}
    yield Finding(
        "open_triptyque",
        "low" if triads.closed else "medium",
        " ".join(sentence for sentence in mending if sentence),
        actor_id=str(one.actor_id),
        to_actor_id=str(one.to_actor_id),
        n_unknown=unknown,
        hypothesis_share=hypothesis_share(f, rows),
        rows=rows,
    )


def _next_pairs(f: Filiere, ties: Ties, best: pd.DataFrame, lang: str) -> str:
    """Return the pairs that come after the first, none of which names anybody twice."""
    one, other = (ties.nodes.get_indexer(best[name]).tolist() for name in ("actor_id", "to_actor_id"))
    closes = dict(zip(zip(one, other, strict=True), best["closes"].tolist(), strict=True))
    told = [
        pair(f, ties, *ends, lang, detail=trn("{count} triptyque", "{count} triptyques", closes[ends], lang))
        for ends in disjoint(closes, PAIRS)[1:]
    ]
    return enumeration(told, lang)
