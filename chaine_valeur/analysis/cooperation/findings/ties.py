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
from ..cohesion.centralization import centralization, centralization_measure
from ..survey.asking import whom_to_ask
from ..ties.counting import count_pairs, degrees
from ..ties.layer import ties_of
from ..ties.rows import identifiers, tie_rows
from ..triptyques.pairs import first_pair, untied_pairs
from ..triptyques.star import ANIMATION, animation_star
from ..triptyques.triads import TRIPTYQUE, pole_codes, triads_of
from .words import LOOKED_AT, PAIRS, disjoint, named, pair, to_begin_with

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere
    from ....network import Ties

    Counts = NDArray[np.int64]

__all__ = ["central_actor", "cooperation_unknown"]


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
    if possible > 1:
        message += " " + _to_ask(f, ties, lang)
    spoken = {"cooperations": tie_rows(f)}
    rows = {"actors": identifiers(ties.nodes[~ties.asked]), **(spoken if spoken["cooperations"] else {})}
    severity, share = "medium" if unknown == possible else "low", hypothesis_share(f, spoken)
    yield Finding(
        "cooperation_unknown", severity, message, n_unknown=unknown, hypothesis_share=share, rows=rows
    )


def _to_ask(f: Filiere, ties: Ties, lang: str) -> str:
    """Return whom to ask first, and how many pairs more their answers would document."""
    first = whom_to_ask(f, limit=3)
    return trn(
        "To begin with: {actors} ({count} more pair documented).",
        "To begin with: {actors} ({count} more pairs documented).",
        int(first["documents"].sum()),
        lang,
        actors=named(f, ties, ties.nodes.get_indexer(first.index), lang),
    )


def central_actor(
    f: Filiere, *, lang: str = "fr", threshold: float = 0.5, fewest: int = 3
) -> Iterator[Finding]:
    """Find that known cooperation hangs on one actor, the animating or territorial body most often.

    Where that body ties the three colleges of the triptyque together, this is told as what it is, a success of
    animation, with the pairs that remain to be tied to one another.

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
    roles = [place for place, role in enumerate(Role) if role in ANIMATION]
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
            "go through {actors} (centralisation {value}, said from {threshold}).",
            lang,
            **told,
        )
    else:
        message = trn(
            "Cooperation mostly carried by one actor: {ties} of the {total} known ties go through {actors} "
            "(centralisation {value}, said from {threshold}).",
            "Cooperation mostly carried by {count} actors: {ties} of the {total} known ties go through "
            "{actors} (centralisation {value}, said from {threshold}).",
            len(hubs),
            lang,
            **told,
        )
    message += " " + _around(f, ties, hubs, animation, lang)
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


def _around(f: Filiere, ties: Ties, hubs: Counts, animation: bool, lang: str) -> str:
    """Return what would mend a star: the partners of those at its centre who remain to be tied to one another."""
    near = np.zeros(ties.size, dtype=bool)
    for ends, others in ((ties.a, ties.b), (ties.b, ties.a)):
        near[others[np.isin(ends, hubs)]] = True
    near[hubs] = False
    star = animation_star(f, hub=list(ties.nodes[hubs]))
    if animation and star["poles_tied"].max() == len(TRIPTYQUE):
        pole = pole_codes(f.actors.loc[ties.nodes, "pole"], TRIPTYQUE)
        members = [np.flatnonzero(near & (pole == code)) for code in range(len(TRIPTYQUE))]
        pairs = disjoint(_most_shared(ties, members), PAIRS)
        if pairs:
            told = enumeration([pair(f, ties, one, other, lang) for one, other in pairs], lang)
            held, open_ = int(star["open_centre"].sum()), int(triads_of(f).open)
            if held:
                return trn(
                    "The animation links the three colleges: {held} of the {count} open triptyque hold through "
                    "it. Still to be linked with one another: {pairs}.",
                    "The animation links the three colleges: {held} of the {count} open triptyques hold through "
                    "it. Still to be linked with one another: {pairs}.",
                    open_,
                    lang,
                    held=number(held, lang),
                    pairs=told,
                )
            return tr(
                "The animation links the three colleges. Still to be linked with one another: {pairs}.",
                lang,
                pairs=told,
            )
    message = tr("To be secured: direct ties between the other actors.", lang)
    found = first_pair(ties, np.flatnonzero(near), np.flatnonzero(near))
    return message if found is None else f"{message} {to_begin_with(f, ties, [found], lang)}"


def _most_shared(ties: Ties, members: list[Counts]) -> list[tuple[int, int]]:
    """Return some untied pairs of two different sets, those that share most partners first."""
    parts = [
        untied_pairs(ties.matrix, members[first], members[second], limit=LOOKED_AT)
        for first, second in ((0, 1), (0, 2), (1, 2))  # over the three pairs of colleges
    ]
    found = np.concatenate(parts, axis=1)
    order = np.lexsort((found[1], found[0], -found[2]))[:LOOKED_AT]
    return list(zip(found[0, order].tolist(), found[1, order].tolist(), strict=True))
