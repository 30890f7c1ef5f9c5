"""Robustness in words: how often, between which values, and by which conventions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...analysis.wording import quoted
from ...diagnosis.telling import sentence_of
from ...language import SMALL_NUMBER, clauses, enumeration, number, percent, quantity, tr, trn
from ...schema import table, unit_label
from ...vocabulary import label

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = [
    "amount",
    "between",
    "drawing_notes",
    "finding_name",
    "finding_sentence",
    "in_ten",
    "indicator_sentence",
    "option_sentence",
]

#: What a finding is about → the table that names it.
_NAMED = {
    "stage_id": "stages", "to_stage_id": "stages", "actor_id": "actors", "to_actor_id": "actors",
    "group_id": "groups", "material_id": "materials",
}  # fmt: skip


def amount(value: float, unit: str, lang: str) -> str:
    """Return a value with its unit as the reader writes it; shares as percentages."""
    if unit == "share":
        return percent(value, lang)
    return quantity(value, "" if unit in ("count", "ratio", "-") else unit_label(unit, lang), lang)


def finding_name(f: Filiere, row: Mapping[str, Any], *, lang: str) -> str:
    """Return what a finding is about: « Maillon manquant (Effilochage du coton) »."""
    about = []
    for column, name in _NAMED.items():  # over six columns
        identifier = row[column]
        if isinstance(identifier, str):
            about.append(str(f.table(name)["name"].get(identifier, identifier)))
    kind = label(row["kind"], "finding_kind", lang)
    return f"{kind} ({', '.join(about)})" if about else kind


def _how_often(count: int, total: int, lang: str) -> str:
    """Return « 92 % des tirages »: « 7 des 12 tirages » for few, never 0 or 100 % for less than none or all."""
    if total == 0:
        return tr("no draw", lang)
    if count == total:
        return tr("every draw", lang)
    if total < SMALL_NUMBER:
        told = number(count, lang)
        return tr("{count} of {total} draws", lang, count=told, total=number(total, lang))
    return tr("{share} of the draws", lang, share=_share_text(count, total, lang))


def _share_text(count: int, total: int, lang: str) -> str:
    """Return a share with as many digits as keep it from reading as none or all of them."""
    share, digits = count / total, 0
    while 0 < count < total and not (half := 0.5 / 10 ** (digits + 2)) <= share < 1 - half:
        digits += 1
    return percent(share, lang, digits=digits)


def in_ten(count: int, total: int, lang: str) -> str:
    """Return « environ 9 tirages sur 10 (92 %) »: how often, as somebody says it who does not count in percent.

    « 7 des 12 tirages » for few; never all or none for less than all or more than none.
    """
    share = count / total if total else 0.0
    if total < SMALL_NUMBER or count in (0, total):
        return tr("no draw", lang) if not count else _how_often(count, total, lang)
    told = _share_text(count, total, lang)
    if share < 0.05:
        return tr("less than 1 draw in 10 ({share})", lang, share=told)
    if share > 0.95:
        return tr("more than 9 draws in 10 ({share})", lang, share=told)
    if 0.45 <= share <= 0.55:
        return tr("about one draw in two ({share})", lang, share=told)
    tenths = min(max(round(share * 10), 1), 9)
    return trn(
        "about {count} draw in 10 ({share})", "about {count} draws in 10 ({share})", tenths, lang, share=told
    )


def between(low: float, high: float, unit: str, lang: str) -> str:
    """Return « de 40 à 90 t/an », the one value if both read the same, nothing if unknown."""
    if low != low or high != high:
        return ""
    least, most = amount(low, unit, lang), amount(high, unit, lang)
    if least == most:
        return most
    bare = amount(low, unit, lang) if unit == "share" else number(low, lang)
    return tr("from {low} to {high}", lang, low=bare, high=most)


def finding_sentence(f: Filiere, row: Mapping[str, Any], *, lang: str) -> str:
    """Return « Maillon manquant (Effilochage du coton) : retrouvé dans 92 % des tirages, de 40 à 90 t/an. »."""
    name, often = finding_name(f, row, lang=lang), _how_often(row["n_found"], row["n_draws"], lang)
    if not row["in_base"]:
        told = tr(
            "{name}: not found in the figures as stated, found in {often}", lang, name=name, often=often
        )
    elif row["n_draws"] and not row["n_found"]:
        told = tr("{name}: found in the figures as stated, in no draw", lang, name=name)
    else:
        told = tr("{name}: found in {often}", lang, name=name, often=often)
    spread = between(row["quantity_p5"], row["quantity_p95"], row["unit"], lang)
    return sentence_of(", ".join(part for part in (told, spread) if part))


def indicator_sentence(row: Mapping[str, Any], *, name: str, lang: str) -> str:
    """Return « Ce que la chaîne peut servir : 260 t/an ; de 215 à 300 t/an dans neuf tirages sur dix. »."""
    stated = amount(row["value"], row["unit"], lang) if row["value"] == row["value"] else tr("unknown", lang)
    spread = between(row["p5"], row["p95"], row["unit"], lang)
    if spread == stated:
        spread = tr("the same in nine draws out of ten", lang)
    elif spread:
        spread = tr("{spread} in nine draws out of ten", lang, spread=spread)
    silent = row["share_unknown"]
    lost = tr("unknown in {share} of the draws", lang, share=percent(silent, lang)) if silent > 0 else ""
    return sentence_of(clauses((tr("{label}: {text}", lang, label=name, text=stated), spread, lost), lang))


def option_sentence(row: Mapping[str, Any], *, lang: str) -> str:
    """Return « « Ensacher sur le territoire » : retenue dans 92 % des tirages. »."""
    name, often = quoted(row["name"], lang), _how_often(row["n_taken"], row["n_draws"], lang)
    if not row["n_taken"] and row["n_draws"]:
        if row["in_base"]:
            return tr("{name}: taken with the figures as stated, in no draw.", lang, name=name)
        return tr("{name}: never taken.", lang, name=name)
    if row["in_base"]:
        return tr("{name}: taken in {often}.", lang, name=name, often=often)
    return tr("{name}: not taken with the figures as stated, taken in {often}.", lang, name=name, often=often)


def drawing_notes(
    drawn: pd.DataFrame,
    *,
    draws: int,
    seed: int,
    uncertainty: Mapping[str, float],
    doubt: Mapping[str, float],
    constant: int,
    failed: int,
    lang: str,
) -> list[str]:
    """Return the conventions of a robustness, a sentence each; `constant` findings are the same in every draw."""
    by_table = drawn.groupby("table", sort=False)["n_drawn"].sum()
    told = [
        tr("{label}: {text}", lang, label=table(name).label(lang), text=number(count, lang))
        for name, count in by_table.items()
        if count
    ]
    notes = [
        trn("{count} draw, seed {seed}.", "{count} draws, seed {seed}.", draws, lang, seed=seed),
        tr("Figures drawn: {tables}.", lang, tables=clauses(told, lang))
        if told
        else tr("No figure is uncertain: every draw is the filière as stated.", lang),
        _how_uncertain(drawn, uncertainty, lang),
        tr(
            "Log-normal around what is stated, of the same mean; shares and yields stay below their whole; what is "
            "unknown stays unknown, 0 stays 0. Budgets, grants, targets and head-counts of results are not drawn.",
            lang,
        ),
        tr(
            "Every row is drawn on its own, two declarations of one flow too; the jobs of a row move together; a "
            "recipe creates no matter.",
            lang,
        ),
        tr("Rows that may be absent: {table}.", lang, table=_by_confidence(doubt, lang))
        if doubt
        else tr("No row is taken out: whether a flow or an activity exists is not put in doubt.", lang),
    ]
    if constant:
        notes.append(
            trn(
                "{count} finding rests on nothing that is drawn: it is the same in every draw.",
                "{count} findings rest on nothing that is drawn: they are the same in every draw.",
                constant,
                lang,
            )
        )
    if failed:
        notes.append(
            trn(
                "{count} computation failed and is left out.",
                "{count} computations failed and are left out.",
                failed,
                lang,
            )
        )
    return notes


def _how_uncertain(drawn: pd.DataFrame, uncertainty: Mapping[str, float], lang: str) -> str:
    """Return where the uncertainties come from, and how many nobody stated."""
    count, own, unsaid = (int(drawn[name].sum()) for name in ("n_drawn", "n_stated", "n_unsaid"))
    told = tr(
        "Relative standard uncertainty of a figure: that of its row (stated for {own} of the {all} drawn), else by "
        "confidence ({table}).",
        lang,
        own=number(own, lang),
        all=number(count, lang),
        table=_by_confidence(uncertainty, lang),
    )
    if not unsaid:
        return told
    silent = trn("{count} figure states neither.", "{count} figures state neither.", unsaid, lang)
    return f"{told} {silent}"


def _by_confidence(table_: Mapping[str, float], lang: str) -> str:
    silent = tr("of unstated confidence", lang)
    words = [
        f"{label(name, 'confidence', lang).lower() or silent} {percent(share, lang)}"
        for name, share in table_.items()
    ]
    return enumeration(words, lang)
