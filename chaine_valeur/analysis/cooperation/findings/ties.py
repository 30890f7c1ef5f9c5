"""What the ties leave to be asked, secured or linked: checks, each a function that returns findings.

Findings speak of what to ask or to link, and of the role at the centre; never of an actor who fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ....language import enumeration, number, percent, tr, trn
from ....provenance import hypothesis_share
from ....vocabulary import Role
from ...findings import Finding
from ..cohesion.centralization import centralization, centralization_measure, degrees
from ..ties.counting import count_pairs
from ..ties.layer import ties_of
from ..ties.rows import identifiers, tie_rows
from ..triptyques.pairs import missing_pairs
from ..triptyques.triads import TRIPTYQUE, pole_codes, triads_of

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["central_actor", "cooperation_unknown", "open_triptyques"]

#: Roles whose place at the centre is the animation of the programme.
_ANIMATION = {Role.ANIMATOR, Role.TERRITORIAL}


def cooperation_unknown(f: Filiere, *, lang: str = "fr", documented: float = 0.5) -> Iterator[Finding]:
    """Find that too little is known of who cooperates with whom to conclude.

    Parameters
    ----------
    documented
        Share of documented pairs of actors below which it is said.

    Yields
    ------
    Finding
        Kind ``cooperation_unknown``, resting on the actors who were not met and on what rows say.
    """
    ties = ties_of(f)
    unknown, possible = int(count_pairs(ties).unknown[0, 0]), ties.possible
    if not possible or 1 - unknown / possible >= documented:
        return
    known = {"documented": number(possible - unknown, lang)}
    if unknown == possible:
        message = trn(
            "Cooperation unknown between the only two actors. To be asked of each of them.",
            "Cooperation unknown: {documented} of the {count} pairs of actors documented. To be asked of "
            "each actor: with whom it works, and with whom it does not.",
            possible,
            lang,
            **known,
        )
    else:
        message = tr(
            "Cooperation little known: {documented} of the {possible} pairs of actors documented (said below "
            "{threshold}). To be asked first of the actors who were not met.",
            lang,
            possible=number(possible, lang),
            threshold=percent(documented, lang),
            **known,
        )
    spoken = {"cooperations": tie_rows(f)}
    rows = {"actors": identifiers(ties.nodes[~ties.asked]), **(spoken if spoken["cooperations"] else {})}
    severity, share = "medium" if unknown == possible else "low", hypothesis_share(f, spoken)
    yield Finding(
        "cooperation_unknown", severity, message, n_unknown=unknown, hypothesis_share=share, rows=rows
    )


def central_actor(
    f: Filiere, *, lang: str = "fr", threshold: float = 0.5, fewest: int = 3
) -> Iterator[Finding]:
    """Find that known cooperation hangs on one actor, the animating or territorial body most often.

    Where the pairs that nobody documented could change it (only the body at the centre was met, say), the
    finding is of low priority and says so.

    Parameters
    ----------
    threshold
        Degree centralisation (D4) from which it is said.
    fewest
        Number of known ties below which nothing is said.

    Yields
    ------
    Finding
        Kind ``central_actor``, with the actor where there is one alone at the centre.
    """
    ties = ties_of(f)
    if not centralization(f) >= threshold or len(ties.a) < fewest:
        return
    measure = centralization_measure(f, lang=lang)
    degree = degrees(ties)
    hubs = np.flatnonzero(degree == degree.max())
    at_centre = f.network.actor_ids.get_indexer(ties.nodes[hubs])
    roles = [place for place, role in enumerate(Role) if role in _ANIMATION]
    animation = bool(f.network.roles[at_centre][:, roles].any(axis=1).all())
    through = int((np.isin(ties.a, hubs) | np.isin(ties.b, hubs)).sum())
    told = {
        "ties": number(through, lang),
        "total": number(len(ties.a), lang),
        "actors": enumeration(f.actors["name"].iloc[at_centre].tolist(), lang, limit=3),
        "value": number(measure.value, lang, digits=2),
        "threshold": number(threshold, lang, digits=2),
    }
    if animation:
        message = tr(
            "Cooperation mostly carried by the inter-municipal animation: {ties} of the {total} known ties "
            "go through {actors} (centralisation {value}, said from {threshold}). To be secured: direct "
            "ties between the other actors.",
            lang,
            **told,
        )
    else:
        message = trn(
            "Cooperation mostly carried by one actor: {ties} of the {total} known ties go through {actors} "
            "(centralisation {value}, said from {threshold}). To be secured: direct ties between the others.",
            "Cooperation mostly carried by {count} actors: {ties} of the {total} known ties go through "
            "{actors} (centralisation {value}, said from {threshold}). To be secured: direct ties between "
            "the others.",
            len(hubs),
            lang,
            **told,
        )
    sure = measure.low >= threshold
    if not sure:
        message += " " + trn(
            "{count} pair of actors is not documented: to be asked before concluding.",
            "{count} pairs of actors are not documented: to be asked before concluding.",
            measure.n_unknown,
            lang,
        )
    yield Finding(
        "central_actor",
        "medium" if sure else "low",
        message,
        actor_id=str(ties.nodes[hubs[0]]) if len(hubs) == 1 else None,
        n_unknown=measure.n_unknown,
        hypothesis_share=measure.hypothesis_share,
        rows=measure.rows,
    )


def open_triptyques(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Find the tie that would close most triptyques, or that no triptyque is linked at all.

    Yields
    ------
    Finding
        Kind ``open_triptyque``, with the two actors of the missing tie.
    """
    triads = triads_of(f)
    if not triads.possible or not triads.documented:
        return
    poles = pole_codes(f.actors["pole"], TRIPTYQUE)
    unknown = triads.pairs - triads.documented
    best = missing_pairs(f, limit=1)
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
    pair = best.iloc[0]
    names = f.actors["name"]
    message = trn(
        "A tie between {first} and {second} would close {count} triptyque (enterprise, elected official, "
        "ESS); closed today: {closed} of {linked} in which at least two ties are known.",
        "A tie between {first} and {second} would close {count} triptyques (enterprise, elected official, "
        "ESS); closed today: {closed} of {linked} in which at least two ties are known.",
        int(pair["closes"]),
        lang,
        first=names[pair["actor_id"]],
        second=names[pair["to_actor_id"]],
        closed=number(triads.closed, lang),
        linked=number(triads.closed + triads.open, lang),
    )
    if not pair["documented"]:
        message += " " + tr("To be asked first: whether they already work together.", lang)
    ends = f.actors.index.isin([pair["actor_id"], pair["to_actor_id"]])
    rows = {"cooperations": tie_rows(f, blocks=poles, touching=ends)}
    yield Finding(
        "open_triptyque",
        "low" if triads.closed else "medium",
        message,
        actor_id=str(pair["actor_id"]),
        to_actor_id=str(pair["to_actor_id"]),
        n_unknown=unknown,
        hypothesis_share=hypothesis_share(f, rows),
        rows=rows,
    )
