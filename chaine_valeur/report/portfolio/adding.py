"""Totals of a portfolio, with what is shared counted once, and what the filières have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...diagnosis.telling import firmness_text
from ...language import clauses, enumeration, interval, number, quantity, tr, trn
from ...portfolio.adding import total_label
from ...schema import unit_label
from ..blocks import Block, Cell, Column, Grid, Heading, Paragraph, Points, Rows, Section
from ..opening import scope_text

if TYPE_CHECKING:
    from .view import View

__all__ = ["totals_section"]

#: Shared actors named on the page; the workbook has them all.
_MOST = 25


def totals_section(view: View) -> Section:
    """Return the totals, each thing once, with how many rows were left out; then who and what is shared."""
    lang = view.lang
    about = tr(
        "Each actor, group and programme row is counted once, however many filières speak of it. “Sum of the filières” "
        "is what their diagnostics would add up to: the difference is what several of them say. Unknown is not 0: it is "
        "counted beside.",
        lang,
    )
    blocks: list[Block] = [Paragraph(about, "note"), _grid(view), *_shared(view), *_conflicts(view)]
    return Section("totals", tr("Totals, what is shared counted once", lang), tuple(blocks))


def _grid(view: View) -> Grid:
    lang = view.lang
    rows: Rows = [
        [
            Cell(_label(row, lang), strong=True),
            _amount(row["value"], row["unit"], lang),
            _open(row, lang),
            _amount(row["single_sum"], row["unit"], lang) if _differs(row) else "",
            _to_know(row, lang),
        ]
        for row in view.totals.to_dict("records")
    ]
    columns = [
        Column(tr("Total", lang), weight=1.8),
        Column(tr("Value", lang), numeric=True),
        Column(tr("What is open", lang), weight=1.2),
        Column(tr("Sum of the filières", lang), numeric=True),
        Column(tr("To know", lang), weight=2.0),
    ]
    return Grid.of(tr("Totals of the portfolio", lang), columns, rows).filled()


def _label(row: dict[str, Any], lang: str) -> str:
    name = total_label(row["item"], lang)
    if row["scope"] not in ("programme", "structure"):
        return name
    return f"{name} ({scope_text(row['scope'], lang).lower()})"


def _differs(row: dict[str, Any]) -> bool:
    return row["single_sum"] == row["single_sum"] and row["single_sum"] != row["value"]


def _amount(value: float, unit: str, lang: str) -> str:
    if value != value:
        return tr("unknown", lang)
    word = "" if unit == "count" else unit_label(unit, lang)
    return quantity(value, word, lang, digits=0 if unit == "EUR" else None)


def _open(row: dict[str, Any], lang: str) -> str:
    """Return between which values a total lies: by what may be the same, what is said twice, what is unknown."""
    low, high, value = row["low"], row["high"], row["value"]
    if value != value or (low == value and not high > value):
        return ""
    if high != high:
        return tr("at least {value}", lang, value=_amount(low, row["unit"], lang))
    return interval(low, high, lang)


def _to_know(row: dict[str, Any], lang: str) -> str:
    """Return what was left out as said already, what is not known, what is an estimate."""
    twice, named = row["n_duplicates"], row["n_by_hypothesis"]
    parts = [
        trn(
            "{count} row says again what another filière says, and is counted once with it",
            "{count} rows say again what another filière says, and are counted once with it",
            twice,
            lang,
        )
        if twice
        else "",
        trn(
            "{count} of them recognised by its name only, to be checked",
            "{count} of them recognised by their name only, to be checked",
            named,
            lang,
        )
        if named
        else "",
        _counted_if(row, lang),
        trn("{count} of another year", "{count} of other years", row["n_other_years"], lang)
        if row["n_other_years"]
        else "",
        trn("{count} contradiction", "{count} contradictions", row["n_conflicts"], lang)
        if row["n_conflicts"]
        else "",
        trn("{count} unknown", "{count} unknown", row["n_unknown"], lang) if row["n_unknown"] else "",
        _first_small(firmness_text(row["hypothesis_share"], lang=lang).rstrip(".")),
    ]
    told = clauses(parts, lang)
    return told[:1].upper() + told[1:]


def _counted_if(row: dict[str, Any], lang: str) -> str:
    """Return on which condition a number of things is the one told, where it may be another."""
    if row["unit"] != "count" or not _open(row, lang):
        return ""
    value = _amount(row["value"], row["unit"], lang)
    if not row["n_by_hypothesis"]:
        return tr("{value} if those of the same name are not the same", lang, value=value)
    return trn(
        "{value} if the one recognised by its name is the same, and no other of the same name is",
        "{value} if those {count} recognised by their name are the same, and no others of the same name are",
        row["n_by_hypothesis"], lang, value=value,
    )  # fmt: skip


def _first_small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _shared(view: View) -> tuple[Block, ...]:
    lang, actors, groups = view.lang, view.actors, view.groups
    if actors.empty and groups.empty:
        return (Paragraph(tr("No actor and no group stands in several filières, as far as is known.", lang)),)
    by = {
        "siret": tr("SIRET", lang), "name_commune": tr("name and commune (hypothesis)", lang),
        "siret;name_commune": tr("SIRET, elsewhere name and commune (hypothesis)", lang),
        "name_referent": tr("name and referent", lang), "name_members": tr("name and members", lang),
        "name": tr("name (hypothesis)", lang),
    }  # fmt: skip
    blocks: list[Block] = [Heading(tr("What several filières share", lang))]
    for caption, frame in (
        (tr("Actors in several filières", lang), actors),
        (tr("Groups in several filières", lang), groups),
    ):
        if frame.empty:
            continue
        rows: Rows = [
            [
                Cell(str(row["name"]), strong=True),
                number(row["n_filieres"], lang),
                _where(view, row["codes"].split(";")),
                by[row["by"]],
            ]
            for row in frame.head(_MOST).to_dict("records")
        ]
        note = "" if len(frame) <= _MOST else tr(
            "The first {count} of {total}: the workbook has them all.", lang,
            count=number(_MOST, lang), total=number(len(frame), lang),
        )  # fmt: skip
        columns = [
            Column(tr("Name", lang), weight=1.6), Column(tr("Filières", lang), numeric=True, weight=0.6),
            Column(tr("Where", lang), weight=2.2), Column(tr("Taken as the same by", lang), weight=1.3),
        ]  # fmt: skip
        blocks.append(Grid.of(caption, columns, rows, note=note))
    return tuple(blocks)


def _where(view: View, codes: list[str]) -> str:
    """Return in which filières of one territory, or in which territories, something stands.

    Filières that a name does not tell apart are told with their code.
    """
    rows = view.entries.loc[[code for code in codes if code in view.entries.index]]
    territories = rows["territory"].fillna(rows["territory_id"])
    places = list(dict.fromkeys(territories.dropna().astype("str")))
    if len(places) > 1 and territories.notna().all():
        return enumeration(places, view.lang, limit=3)
    doubled = rows["name"].duplicated(keep=False)
    named = [
        str(code)
        if name != name
        else tr("{name} ({code})", view.lang, name=name, code=code)
        if twice
        else str(name)
        for code, name, twice in zip(rows.index, rows["name"].astype(object), doubled, strict=True)
    ]
    return enumeration(named or codes, view.lang, limit=3)


def _conflicts(view: View) -> tuple[Block, ...]:
    """Return the programme rows of which two amounts are said: neither is dropped unsaid."""
    lang = view.lang
    found = view.programmes[view.programmes["is_conflict"]]
    if found.empty:
        return ()
    told = tuple(
        tr("{programme}, {item}: {amounts}. Taken: {value}.", lang, programme=row["programme"],
           item=row["item"] if row["item"] == row["item"] else row["table"], amounts=row["conflicts"],
           value=number(row["value"], lang))
        for row in found.head(_MOST).to_dict("records")
    )  # fmt: skip
    head = tr(
        "Filières of one programme give two amounts for one thing: to be checked with whoever keeps the figure.",
        lang,
    )
    return (Heading(tr("What the filières say differently", lang)), Paragraph(head, "warning"), Points(told))
