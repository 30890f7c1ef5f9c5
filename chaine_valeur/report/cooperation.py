"""The section on cooperation: who meets, who does not yet, what rests on the animation, whom to ask.

It is read aloud in front of those it names: it says what to link, to secure or to ask, and of whom nothing is
known; scores of trust are not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import cooperation
from ..analysis.wording import quoted
from ..diagnosis.highlights import density_sentence
from ..diagnosis.telling import sentence_of
from ..language import enumeration, number, out_of, tr, trn
from ..vocabulary import FindingKind
from .blocks import Block, Heading, Paragraph, Picture, Points, Section
from .cooperation_tables import (
    bodies_grid,
    cohesion_grid,
    coverage_grid,
    first_pairs_grid,
    remains_grid,
    whom_to_ask_grid,
)
from .opening import essential_of, measures_table

if TYPE_CHECKING:
    import pandas as pd

    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

    Drawn = Picture | Paragraph | None

__all__ = ["cooperation_section"]

#: Pairs of actors of two colleges of which something must be known before it is said how far they meet.
FEWEST = 4


def cooperation_section(
    diagnosis: Diagnosis, blocks: Drawn, bodies: Drawn = None, evolution: Drawn = None
) -> Section:
    """Return who works with whom as a diagnosis: what is known, what is not, what to do first.

    Parameters
    ----------
    blocks, bodies, evolution
        The figures of the ties between colleges, of the groups and their members, of the years.
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    parts = [
        *_asked(f, lang),
        *_meeting(diagnosis, blocks),
        *_animation(diagnosis),
        *_triptyques(diagnosis),
        *_bodies(f, bodies, lang),
        *_years(f, evolution, lang),
        *_unknown(diagnosis),
        *_figures(diagnosis),
    ]
    return Section("cooperation", tr("Cooperation", lang), tuple(parts))


def _messages(diagnosis: Diagnosis, *kinds: FindingKind) -> list[str]:
    """Return the sentences of the findings of some kinds, the most pressing first."""
    found = diagnosis.findings
    return [str(text) for text in found.loc[found["kind"].isin([kind.value for kind in kinds]), "message"]]


def _told(messages: list[str]) -> list[Block]:
    """Return findings as a paragraph, or as a list where there are several."""
    if len(messages) < 2:
        return [Paragraph(message) for message in messages]
    return [Points(tuple(messages))]


def _asked(f: Filiere, lang: str) -> list[Block]:
    ties = f.network.ties()
    asked = int(ties.asked.sum())
    if not ties.size:
        return [Paragraph(tr("No actor who could cooperate is described.", lang))]
    text = tr(
        "Who works with whom is known through those who were asked: {asked} of those who can cooperate. A pair "
        "of actors is documented when one of the two was asked, or when a row speaks of it; of the others "
        "nothing is known, which is neither a tie nor its absence.",
        lang,
        asked=out_of(asked, ties.size, lang) if asked else tr("none", lang),
    )
    return [Paragraph(text), *([coverage_grid(f, lang)] if asked else [])]


# -- who meets ----------------------------------------------------------------------------------------


def _meeting(diagnosis: Diagnosis, picture: Drawn) -> list[Block]:
    """Return which worlds meet and which do not yet."""
    f, lang = diagnosis.filiere, diagnosis.lang
    density = density_sentence(diagnosis)
    sentences = [text for text in (density, _most_tied(f, lang)) if text]
    apart = _messages(diagnosis, FindingKind.POLES_APART)
    parts: list[Block] = [Paragraph(" ".join(sentences))] if sentences else []
    if apart:
        parts += [Paragraph(tr("What does not meet yet, or what nobody knows:", lang)), Points(tuple(apart))]
    if picture is not None:
        parts.append(picture)
    return [Heading(tr("Who meets, who does not yet", lang)), *parts] if parts else []


def _most_tied(f: Filiere, lang: str) -> str:
    """Return the two pairs of colleges that meet most, among those of which enough is known."""
    blocks = cooperation.block_density(f, by="pole", lang=lang)
    between = blocks[(blocks["group"] != blocks["to_group"]) & blocks["to_group"].notna()]
    between = between[(between["ties"] > 0) & (between["documented"] >= FEWEST)]
    if between.empty:
        return ""
    share = (between["ties"] / between["documented"]).sort_values(ascending=False, kind="stable")
    told = [
        trn(
            "{pole} and {other} ({ties} tied of {count} documented pair)",
            "{pole} and {other} ({ties} tied of {count} documented pairs)",
            int(row.documented),
            lang,
            pole=quoted(str(row.group_label), lang),
            other=quoted(str(row.to_group_label), lang),
            ties=number(int(row.ties), lang),
        )
        for row in between.loc[share.index[:2]].itertuples()
    ]
    return tr("Those who meet most: {poles}.", lang, poles=enumeration(told, lang))


def _animation(diagnosis: Diagnosis) -> list[Block]:
    """Return what rests on the animating body, and what would remain without it."""
    f, lang = diagnosis.filiere, diagnosis.lang
    body = cooperation.animating_body(f)
    told = _told(_messages(diagnosis, FindingKind.CENTRAL_ACTOR))
    grid = None if body is None else remains_grid(f, body, lang)
    if not told and grid is None:
        return []
    parts: list[Block] = [Heading(tr("What rests on the animation", lang)), *told]
    if not told:
        measure = cooperation.animation_share_measure(f, lang=lang)
        parts.append(Paragraph(sentence_of(measure.note)))
    if grid is not None:
        parts.append(grid)
    return parts


def _triptyques(diagnosis: Diagnosis) -> list[Block]:
    """Return how many triptyques are closed, and which pairs to bring together first."""
    f, lang = diagnosis.filiere, diagnosis.lang
    told = _told(_messages(diagnosis, FindingKind.OPEN_TRIPTYQUE))
    pairs = first_pairs_grid(f, lang)
    if not told and pairs is None:
        return []
    parts: list[Block] = [Heading(tr("Triptyques: whom to bring together first", lang)), *told]
    return [*parts, pairs] if pairs is not None else parts


# -- bodies and years ---------------------------------------------------------------------------------


def _bodies(f: Filiere, picture: Drawn, lang: str) -> list[Block]:
    if f.groups.empty:
        return []
    parts: list[Block] = [Heading(tr("Groups and triptyques", lang)), bodies_grid(f, lang)]
    came = cooperation.attendance_measure(f, lang=lang)
    if came.note:
        parts.append(Paragraph(sentence_of(tr("Attendance: {note}", lang, note=came.note))))
    return [*parts, picture] if picture is not None else parts


def _years(f: Filiere, picture: Drawn, lang: str) -> list[Block]:
    """Return how cooperation changes, and whether it becomes exchange; nothing where no year is known."""
    sentences = [*_change(cooperation.tie_changes(f), lang), *_exchange(f, lang)]
    if not sentences:
        return []
    parts: list[Block] = [Heading(tr("Over the years, and in exchanges", lang)), Points(tuple(sentences))]
    return [*parts, picture] if picture is not None else parts


def _change(changes: pd.DataFrame, lang: str) -> list[str]:
    if changes.empty:
        return []
    last = changes.iloc[-1]
    counts = {name: number(int(last[name]), lang) for name in ("births", "deaths", "kept")}
    return [
        tr(
            "From {year} to {to_year}: new cooperations {births}, ended {deaths}, kept {kept}.",
            lang,
            year=last["year"],
            to_year=last["to_year"],
            **counts,
        )
    ]


def _exchange(f: Filiere, lang: str) -> list[str]:
    """Return how many cooperations became exchanges, and how many exchanges go without one."""
    told = []
    converted = cooperation.tie_conversion_measure(f, lang=lang)
    if converted.value == converted.value:
        told.append(
            tr(
                "Cooperations between actors who exchange material too: {part} of {whole}. Not every "
                "cooperation is meant to: an expert or a funder exchanges none.",
                lang,
                part=number(converted.numerator, lang),
                whole=number(converted.denominator, lang),
            )
        )
    without = cooperation.trade_without_cooperation_measure(f, lang=lang)
    if without.value == without.value:
        told.append(
            sentence_of(tr("Exchange without another known cooperation: {note}", lang, note=without.note))
        )
    return told


# -- what is not known --------------------------------------------------------------------------------


def _unknown(diagnosis: Diagnosis) -> list[Block]:
    f, lang = diagnosis.filiere, diagnosis.lang
    grid = whom_to_ask_grid(f, lang)
    if grid is None:
        return []
    told = _told(_messages(diagnosis, FindingKind.COOPERATION_UNKNOWN))
    return [Heading(tr("What nobody knows yet, and whom to ask", lang)), *told, grid]


def _figures(diagnosis: Diagnosis) -> list[Block]:
    lang, measured = diagnosis.lang, essential_of(diagnosis, "D")
    parts: list[Block] = []
    if measured:
        parts.append(measures_table(measured, caption=tr("Figures on cooperation", lang), lang=lang))
    if any(one.indicator.profile != "essential" for one in diagnosis.measured.values()):
        table = cohesion_grid(diagnosis.filiere, lang)
        parts += [table] if table is not None else []
    return [Heading(tr("In figures", lang)), *parts] if parts else []
