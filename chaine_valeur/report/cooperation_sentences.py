"""What the section on cooperation says in sentences of its own, where no finding says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import cooperation
from ..analysis.cooperation.findings.words import how_many_tied
from ..analysis.wording import quoted
from ..language import enumeration, number, out_of, percent, tr, trn
from .cooperation_tables import ALWAYS

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = [
    "answers_sentence",
    "change_sentences",
    "colleges_sentence",
    "exchange_sentences",
    "most_tied_sentence",
    "opening_sentence",
    "triptyque_sentence",
]

#: Pairs of actors of two colleges of which something must be known before it is said how far they meet.
FEWEST = 4


def opening_sentence(f: Filiere, possible: int, unknown: int, lang: str) -> str:
    """Return how far it is known who works with whom."""
    ties = f.network.ties()
    if not ties.size:
        return tr("No actor who could cooperate is described.", lang)
    if ties.size == 1:
        return tr(
            "A single actor who could cooperate is described, {actor}: those it works with are to be added.",
            lang,
            actor=str(f.actors["name"].get(ties.nodes[0], ties.nodes[0])),
        )
    if unknown == possible:
        return trn(
            "Nobody was asked who works with whom, and no row tells it: of the {count} pair of actors who could "
            "cooperate nothing is known, neither a tie nor its absence.",
            "Nobody was asked who works with whom, and no row tells it: of the {count} pairs of actors who could "
            "cooperate nothing is known, neither a tie nor its absence.",
            possible,
            lang,
        )
    neither = tr(
        "Of a pair of actors neither of whom was asked, and of whom no row speaks, nothing is known: this is "
        "neither a tie nor its absence.",
        lang,
    )
    asked = int(ties.asked.sum())
    if not asked:
        text = tr(
            "Nobody is said to have been asked; who works with whom is known through the rows alone.", lang
        )
    elif asked == ties.size:
        return tr("All actors who could cooperate were asked: who works with whom is fully known.", lang)
    else:
        text = tr(
            "Who works with whom is known through those who were asked: {asked} of those who can cooperate.",
            lang,
            asked=out_of(asked, ties.size, lang, small=ALWAYS),
        )
    return f"{text} {neither}" if unknown else text


def most_tied_sentence(f: Filiere, lang: str) -> str:
    """Return the two pairs of colleges that meet most, among those of which enough is known, which is said."""
    blocks = cooperation.block_density(f, by="pole", lang=lang)
    between = blocks[(blocks["group"] != blocks["to_group"]) & blocks["to_group"].notna()]
    enough = (between["documented"] >= FEWEST).to_numpy(bool)
    left_out = bool((between["ties"] > 0).to_numpy(bool)[~enough].any())
    between = between[enough & (between["ties"] > 0).to_numpy(bool)]
    if between.empty:
        return ""
    share = (between["ties"] / between["documented"]).sort_values(ascending=False, kind="stable")
    told = [
        tr(
            "{pole} with {other} (tied: {ties} of {documented} documented pairs)",
            lang,
            pole=quoted(str(row.group_label), lang),
            other=quoted(str(row.to_group_label), lang),
            ties=number(int(row.ties), lang),
            documented=number(int(row.documented), lang),
        )
        for row in between.loc[share.index[:2]].itertuples()
    ]
    poles = enumeration(told, lang)
    if not left_out:
        return tr("Those who meet most: {poles}.", lang, poles=poles)
    return tr(
        "Those who meet most, of colleges with at least {count} documented pairs of actors between them: {poles}.",
        lang,
        count=number(FEWEST, lang),
        poles=poles,
    )


def triptyque_sentence(f: Filiere, lang: str) -> str:
    """Return how many triptyques are closed, and how many need a single tie."""
    count = cooperation.triad_table(f).groupby("state")["triads"].sum()
    closed, waiting = int(count["closed"]), int(count["open"])
    return trn(
        "A triptyque ties an enterprise, an elected official and an actor of the social economy two by two. "
        "Closed today: {closed}; {count} more needs a single tie.",
        "A triptyque ties an enterprise, an elected official and an actor of the social economy two by two. "
        "Closed today: {closed}; {count} more need a single tie.",
        waiting,
        lang,
        closed=number(closed, lang),
    )


def answers_sentence(possible: int, unknown: int, answers: int, share: float, lang: str) -> str:
    """Return how many pairs are documented, and which share would be after some answers."""
    if unknown == possible:
        text = tr("To be asked of each: with whom it works, and with whom it does not.", lang)
    else:
        text = tr(
            "{documented} of the {possible} pairs of actors are documented.",
            lang,
            documented=number(possible - unknown, lang),
            possible=number(possible, lang),
        )
    rise = trn(
        "With the answer of the one below, {share} of the pairs would be documented.",
        "With the answers of the {count} below, {share} of the pairs would be documented.",
        answers,
        lang,
        share=percent(share, lang),
    )
    return f"{text} {rise}"


def colleges_sentence(f: Filiere, lang: str) -> str:
    """Return of whom the college is not stated; empty if it is of everybody."""
    actors = f.actors.loc[f.network.ties().nodes]
    missing = actors.loc[actors["pole"].isna().to_numpy(bool), "name"].tolist()
    if not missing:
        return ""
    return tr(
        "College to be stated too, without which nobody can tell which worlds meet: {actors}.",
        lang,
        actors=enumeration(missing, lang, limit=4),
    )


def change_sentences(f: Filiere, lang: str) -> list[str]:
    """Return what changed in the last year known, and of how many cooperations the period is to be asked."""
    changes = cooperation.tie_changes(f)
    if changes.empty:
        return []
    last = changes.iloc[-1]
    kept, births, deaths, undated = (int(last[name]) for name in ("kept", "births", "deaths", "undated"))
    told = []
    if kept or births or deaths:
        changed = [
            trn("{count} kept", "{count} kept", kept, lang) if kept else tr("none kept", lang),
            trn("{count} new", "{count} new", births, lang) if births else tr("none new", lang),
            trn("{count} come to an end", "{count} come to an end", deaths, lang)
            if deaths
            else tr("none come to an end", lang),
        ]
        told.append(
            tr(
                "Known cooperations, from {year} to {to_year}: {changes}.",
                lang,
                year=last["year"],
                to_year=last["to_year"],
                changes=enumeration(changed, lang),
            )
        )
    if undated:
        told.append(
            trn(
                "Of {count} known cooperation it is to be asked since when, and whether it goes on.",
                "Of {count} known cooperations it is to be asked since when, and whether they go on.",
                undated,
                lang,
            )
        )
    return told


def exchange_sentences(f: Filiere, lang: str) -> list[str]:
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
        whole, unknown = int(without.denominator), without.n_unknown
        absent = int(without.numerator) - unknown
        told.append(
            trn(
                "{count} pair of actors exchanges material: another cooperation is {told}.",
                "{count} pairs of actors exchange material: another cooperation is {told}.",
                whole,
                lang,
                told=how_many_tied(whole - absent - unknown, absent, unknown, lang),
            )
        )
    return told
