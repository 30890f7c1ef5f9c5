"""A tornado in words: inputs as a reader names them, what they do to the headline, what would overturn it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...analysis.wording import flow_names
from ...diagnosis.telling import sentence_of
from ...diagnosis.wording import cell_text, named
from ...language import number, percent, tr, trn
from ...schema import Column, table
from .wording import amount

if TYPE_CHECKING:
    from ...filiere import Filiere
    from .headline import Headline

__all__ = ["input_name", "input_of", "signed", "tornado_notes", "tornado_sentence"]

#: Categories and texts that tell one row of a table from another.
_TELLING = frozenset({"kind", "level", "side", "process", "label", "year"})


def input_name(f: Filiere, name: str, row_id: str, column: str, *, lang: str) -> str:
    """Return an input as a reader names it: « Activités (Isolouate, Fabrication de la ouate, 2024) : Capacité »."""
    home = table(name)
    row = f.table(name).loc[row_id]
    if name == "flows":
        told = [flow_names(f, [row_id], lang=lang)[0], cell_text(row["year"], home["year"], lang=lang)]
    else:
        told = [
            cell_text(row[one.name], one, names=named(f, one), lang=lang) for one in home if _tells_apart(one)
        ]
    about = ", ".join(part for part in told if part)
    where = f"{home.label(lang)} ({about})" if about else home.label(lang)
    return tr("{label}: {text}", lang, label=where, text=home[column].label(lang))


def _tells_apart(column: Column) -> bool:
    refers = column.references and column.name not in ("source_id", "same_flow_as")
    return bool(refers) or column.need == "name" or column.name in _TELLING


def tornado_sentence(
    f: Filiere,
    headline: Headline,
    row: Mapping[str, Any],
    *,
    threshold: float | None,
    brief: bool = False,
    lang: str,
) -> str:
    """Return what an input would do: overturn the headline, or move it between two values.

    `brief` where the reader sees which headline it is: see `input_of`.
    """
    unit = row["unit"]
    stated = amount(row["stated"], unit, lang)
    name = (
        input_of(f, headline, row, lang=lang)
        if brief
        else input_name(f, row["table"], row["row_id"], row["column"], lang=lang)
    )
    if row["change"] == row["change"]:
        return sentence_of(
            tr(
                "{input}: at {value} in place of {stated} ({change}), {then}",
                lang,
                input=name,
                value=amount(row["change_to"], unit, lang),
                stated=stated,
                change=signed(row["change"], lang),
                then=_overturned(headline, threshold, lang),
            )
        )
    low, high = (amount(row[end], unit, lang) for end in ("low", "high"))
    at_low, at_high = (_value(headline, row[end], lang) for end in ("at_low", "at_high"))
    if at_low == at_high:
        told = tr(
            "{input}: {low} or {high} in place of {stated} hardly move it",
            lang,
            input=name,
            low=low,
            high=high,
            stated=stated,
        )
        return sentence_of(told)
    return sentence_of(
        tr(
            "{input}: {low} or {high} in place of {stated} give {at_low} or {at_high}",
            lang,
            input=name,
            low=low,
            high=high,
            stated=stated,
            at_low=at_low,
            at_high=at_high,
        )
    )


def input_of(f: Filiere, headline: Headline, row: Mapping[str, Any], *, lang: str) -> str:
    """Return an input as a reader names it; of the option that is spoken of, only which figure it is."""
    if headline.kind == "option" and (row["table"], row["row_id"]) == ("options", headline.identifier):
        return table("options")[row["column"]].label(lang)
    return input_name(f, row["table"], row["row_id"], row["column"], lang=lang)


def signed(change: float, lang: str) -> str:
    """Return a relative change with its sign: « −20 % »."""
    told = percent(abs(change), lang)
    return f"+{told}" if change > 0 else f"\u2212{told}"


def _value(headline: Headline, value: float, lang: str) -> str:
    if value != value:
        return tr("unknown", lang)
    if headline.kind == "option":
        return tr("taken", lang) if value else tr("not taken", lang)
    if headline.kind == "finding" and not value:
        return tr("nothing found", lang)
    return amount(value, headline.unit, lang)


def _overturned(headline: Headline, threshold: float | None, lang: str) -> str:
    stands = headline.base.stands
    if headline.kind == "finding":
        if stands:
            return tr("the finding would no longer be there", lang)
        return tr("the finding would be there", lang)
    if headline.kind == "option":
        return (
            tr("the option would leave the plan", lang)
            if stands
            else tr("the option would enter the plan", lang)
        )
    if threshold is None or stands is None:
        return (
            tr("the figure would no longer be known", lang)
            if stands
            else tr("the figure would be known", lang)
        )
    limit = amount(threshold, headline.unit, lang)
    if stands:
        return tr("the figure would fall below {limit}", lang, limit=limit)
    return tr("the figure would reach {limit}", lang, limit=limit)


def tornado_notes(
    headline: Headline, *, k: float, within: float, n_tried: int, n_inputs: int, count: int, lang: str
) -> list[str]:
    """Return by which conventions inputs were moved; `count` of them overturn the headline."""
    return [
        tr(
            "{name}: {value}.",
            lang,
            name=headline.name,
            value=_value(headline, headline.base.value, lang),
        ),
        tr(
            "Each input alone, at {k} standard uncertainties below and above what is stated, the others as stated; "
            "{tried} of the {all} uncertain figures of the tables that it is read from were moved, those that it rests "
            "on and those that tell when they are drawn together.",
            lang,
            k=number(k, lang),
            tried=number(n_tried, lang),
            all=number(n_inputs, lang),
        ),
        trn("{count} of them overturns it.", "{count} of them overturn it.", count, lang)
        if count
        else tr("None of them overturns it.", lang),
        tr(
            "The smallest change that would overturn it was looked for between the input divided and multiplied by "
            "{factor}.",
            lang,
            factor=number(within, lang),
        ),
    ]
