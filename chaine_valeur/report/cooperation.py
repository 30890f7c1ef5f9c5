"""The section on cooperation: who meets, who does not yet, what rests on the animation, whom to ask.

It is read aloud in front of those it names: it says what to link, to secure or to ask, and of whom nothing is
known; scores of trust are not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import cooperation
from ..diagnosis.highlights import density_sentence
from ..diagnosis.telling import sentence_of
from ..language import enumeration, percent, tr, trn
from ..vocabulary import FindingKind
from .blocks import Block, Heading, Paragraph, Picture, Points, Section
from .cooperation_sentences import (
    answers_sentence,
    change_sentences,
    colleges_sentence,
    exchange_sentences,
    most_tied_sentence,
    opening_sentence,
    triptyque_sentence,
)
from .cooperation_tables import (
    cohesion_grid,
    coverage_grid,
    first_pairs_grid,
    meetings_grid,
    remains_grid,
    seats_grid,
    whom_to_ask_grid,
)
from .opening import essential_of, measures_table

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

    Drawn = Picture | Paragraph | None

__all__ = ["cooperation_section"]

#: Known ties from which it is said what rests on the animation.
FEWEST_TIES = 3
#: Findings told one after the other; the others stand in their own section.
MOST_TOLD = 6
#: What the groups need and their tables do not tell.
_OF_GROUPS = (
    FindingKind.GROUP_POLES_UNKNOWN,
    FindingKind.MEETINGS_UNKNOWN,
)


def cooperation_section(
    diagnosis: Diagnosis, blocks: Drawn, bodies: Drawn = None, evolution: Drawn = None, network: Drawn = None
) -> Section:
    """Return who works with whom as a diagnosis: what is known, what to do first, what is not known.

    Where nothing is known of any pair of actors, it goes straight to whom to ask.

    Parameters
    ----------
    blocks, bodies, evolution, network
        The figures of the ties between colleges, of the groups and their members, of the years, of who works with whom.
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    possible, unknown = _pairs(f)
    parts: list[Block] = [Paragraph(opening_sentence(f, possible, unknown, lang))]
    if unknown < possible:
        parts += [
            *_meeting(diagnosis, blocks),
            *([network] if network is not None else []),
            *_animation(diagnosis),
            *_triptyques(diagnosis),
        ]
    parts += [
        *_unknown(f, possible, unknown, lang),
        *_bodies(diagnosis, bodies),
        *_years(f, evolution, lang),
        *_exchanges(f, lang),
        *(_figures(diagnosis) if possible else []),
    ]
    return Section("cooperation", tr("Cooperation", lang), tuple(parts))


def _pairs(f: Filiere) -> tuple[int, int]:
    """Return how many pairs of actors could cooperate, and of how many of them nothing is known."""
    return f.network.ties().possible, int(cooperation.density_measure(f).n_unknown)


def _messages(diagnosis: Diagnosis, *kinds: FindingKind) -> list[str]:
    """Return the sentences of the findings of some kinds, the most pressing first."""
    found = diagnosis.findings
    return [str(text) for text in found.loc[found["kind"].isin([kind.value for kind in kinds]), "message"]]


def _told(messages: list[str], lang: str) -> list[Block]:
    """Return findings as a paragraph, or as a list where there are several; the last ones are counted only."""
    if len(messages) < 2:
        return [Paragraph(message) for message in messages]
    kept = messages if len(messages) <= MOST_TOLD else messages[: MOST_TOLD - 1]
    if len(kept) < len(messages):
        others = trn(
            "And {count} other: see “{section}”.",
            "And {count} others: see “{section}”.",
            len(messages) - len(kept),
            lang,
            section=tr("Findings, by priority", lang),
        )
        kept = [*kept, others]
    return [Points(tuple(kept))]


# -- who meets ----------------------------------------------------------------------------------------


def _meeting(diagnosis: Diagnosis, picture: Drawn) -> list[Block]:
    """Return which worlds meet and which do not yet."""
    f, lang = diagnosis.filiere, diagnosis.lang
    sentences = [text for text in (density_sentence(diagnosis), most_tied_sentence(f, lang)) if text]
    apart = _messages(diagnosis, FindingKind.POLES_APART)
    parts: list[Block] = [Paragraph(" ".join(sentences))] if sentences else []
    if len(apart) > 1:
        parts.append(Paragraph(tr("What does not meet yet, or what nobody knows:", lang)))
    parts += _told(apart, lang)
    if picture is not None:
        parts.append(picture)
    return [Heading(tr("Who meets, who does not yet", lang)), *parts] if parts else []


def _animation(diagnosis: Diagnosis) -> list[Block]:
    """Return what rests on the animating body, and what would remain without it."""
    f, lang = diagnosis.filiere, diagnosis.lang
    body = cooperation.animating_body(f)
    many = len(f.network.ties().a) >= FEWEST_TIES
    grid = remains_grid(f, body, lang) if body is not None and many else None
    told = _told(_messages(diagnosis, FindingKind.CENTRAL_ACTOR), lang)
    parts: list[Block] = []
    found = diagnosis.findings
    central = found.loc[found["kind"] == FindingKind.CENTRAL_ACTOR.value, "actor_id"].tolist()
    if told and (grid is None or central != [body]):  # another than the animation, or several
        parts, told = [Heading(tr("What rests on a few", lang)), *told], []
    if grid is None:
        return parts
    if not told:
        note = cooperation.animation_share_measure(f, lang=lang).note
        told = [Paragraph(sentence_of(note))] if note else []
    return [*parts, Heading(tr("What rests on the animation", lang)), *told, grid]


def _triptyques(diagnosis: Diagnosis) -> list[Block]:
    """Return how many triptyques are closed, and which pairs to bring together first."""
    f, lang = diagnosis.filiere, diagnosis.lang
    pairs = first_pairs_grid(f, lang)
    parts: list[Block] = []
    if pairs is not None:
        parts = [Paragraph(triptyque_sentence(f, lang)), pairs]
    else:
        parts += _told(_messages(diagnosis, FindingKind.OPEN_TRIPTYQUE), lang)
    return [Heading(tr("Triptyques: whom to bring together first", lang)), *parts] if parts else []


# -- what is not known --------------------------------------------------------------------------------


def _unknown(f: Filiere, possible: int, unknown: int, lang: str) -> list[Block]:
    """Return of whom nothing is known, and whose answers would tell most; nothing where all is known."""
    grid, after = whom_to_ask_grid(f, lang)
    if grid is None:
        return []
    sentences = [
        answers_sentence(possible, unknown, len(grid.rows), after, lang),
        colleges_sentence(f, lang),
    ]
    heading = tr("What nobody knows yet, and whom to ask", lang)
    asked = [coverage_grid(f, lang)] if f.network.ties().asked.any() else []
    return [Heading(heading), Paragraph(" ".join(filter(None, sentences))), grid, *asked]


# -- bodies, years, exchanges ---------------------------------------------------------------------------


def _bodies(diagnosis: Diagnosis, picture: Drawn) -> list[Block]:
    """Return who sits where, what each group needs, whether it meets and who comes."""
    f, lang = diagnosis.filiere, diagnosis.lang
    if f.groups.empty:
        return []
    needed = [*_messages(diagnosis, *_OF_GROUPS), *_to_convene(diagnosis), *_without_referent(diagnosis)]
    meetings = meetings_grid(f, lang)
    parts: list[Block] = [
        Heading(tr("Groups and triptyques", lang)),
        *_told(needed, lang),
        seats_grid(f, lang),
    ]
    if meetings is not None:
        parts.append(meetings)
    came = cooperation.attendance_measure(f, lang=lang)
    if came.value == came.value and came.note:
        share = percent(came.value, lang)
        parts.append(Paragraph(tr("Attendance: {share} ({note}).", lang, share=share, note=came.note)))
    return [*parts, picture] if picture is not None else parts


def _to_convene(diagnosis: Diagnosis) -> list[str]:
    """Return the groups on paper only, in one sentence where they are several."""
    f, lang, kind = diagnosis.filiere, diagnosis.lang, FindingKind.GROUP_ON_PAPER
    found = diagnosis.findings
    groups = found.loc[found["kind"] == kind.value, "group_id"].tolist()
    if len(groups) < 2:
        return _messages(diagnosis, kind)
    return [
        tr(
            "To be convened around a first action, or their meetings to be stated: {groups}.",
            lang,
            groups=enumeration(f.groups.loc[groups, "name"].tolist(), lang),
        )
    ]


def _without_referent(diagnosis: Diagnosis) -> list[str]:
    """Return that no group has a referent; where some have, their table tells of the others."""
    f, lang = diagnosis.filiere, diagnosis.lang
    alone = _messages(diagnosis, FindingKind.GROUP_WITHOUT_REFERENT)
    if f.groups["referent_id"].notna().any():
        return []
    if len(alone) < 2:
        return alone
    return [
        trn(
            "{count} group without a stated referent: to be named, or to be stated.",
            "{count} groups without a stated referent: to be named, or to be stated.",
            len(alone),
            lang,
        )
    ]


def _years(f: Filiere, picture: Drawn, lang: str) -> list[Block]:
    """Return how cooperation changes; nothing where fewer than two years are known."""
    told = change_sentences(f, lang)
    if not told:
        return []
    parts: list[Block] = [Heading(tr("Over the years", lang)), Paragraph(" ".join(told))]
    return [*parts, picture] if picture is not None else parts


def _exchanges(f: Filiere, lang: str) -> list[Block]:
    """Return how many cooperations became exchanges, and how many exchanges go without one."""
    told = exchange_sentences(f, lang)
    if not told:
        return []
    return [Heading(tr("From cooperation to exchange, and back", lang)), *_told(told, lang)]


def _figures(diagnosis: Diagnosis) -> list[Block]:
    """Return the figures of which something is known; in the expert profile those of the whole network too."""
    lang, measured = diagnosis.lang, essential_of(diagnosis, "D")
    parts: list[Block] = []
    if any(one.measure.value == one.measure.value for one in measured):
        parts.append(
            measures_table(diagnosis.filiere, measured, caption=tr("Figures on cooperation", lang), lang=lang)
        )
    if any(one.indicator.profile != "essential" for one in diagnosis.measured.values()):
        grid = cohesion_grid(diagnosis.filiere, lang)
        parts += [grid] if grid is not None else []
    return [Heading(tr("In figures", lang)), *parts] if parts else []
