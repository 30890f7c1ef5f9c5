"""The section on funding: who pays for what, how far it has come, and what happens after the grant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis.insertion.money_words import purpose_name, scope_words, totals_words, years_words
from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import known, text_of
from ..figures import funding_data
from ..language import number, tr
from ..schema import table
from ..vocabulary import FundingPurpose, FundingState, label
from .blocks import Block, Cell, Column, Grid, Paragraph, Rows, Section
from .funding_after import after_blocks
from .plan_money import in_euros

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere
    from .blocks import Picture

__all__ = ["funding_rows", "funding_section"]

_REQUESTED, _GRANTED, _PAID = (state.value for state in FundingState)


def funding_section(diagnosis: Diagnosis, picture: Picture | Paragraph | None = None) -> Section | None:
    """Return the funding, perimeter by perimeter, balanced by funder and purpose; then what happens after the grant.

    ``None`` where no funding is described. A programme and a filière are never added together, nor is what is only
    requested to what is granted or paid.

    Parameters
    ----------
    picture
        The figure of funding, or what is said in its place.
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    if f.funding.empty:
        return None
    rows = funding_data(f, most=max(len(f.funding), 2), lang=lang).rows
    told = [
        tr(
            "{scope}: {sentence}",
            lang,
            scope=scope_words(str(scope), lang),
            sentence=totals_words(part, lang),
        )
        for scope, part in rows.groupby("scope", sort=False)
    ]
    blocks: list[Block] = [Paragraph(" ".join(sentence_of(one) for one in told), "lead")]
    if rows["scope"].nunique() > 1:
        text = tr(
            "What a programme receives for all filières is not what this filière receives: the two are never added "
            "together.",
            lang,
        )
        blocks.append(Paragraph(text, "note"))
    if picture is not None:
        blocks.append(picture)
    for scope, part in rows.groupby("scope", sort=False):  # over the few perimeters
        blocks.append(_balance(part, str(scope), lang))
    blocks.append(funding_rows(f, lang))
    blocks += after_blocks(f, lang)
    return Section("funding", tr("Funding", lang), tuple(blocks))


def _balance(rows: pd.DataFrame, scope: str, lang: str) -> Grid:
    """Return one perimeter: resources by funder and purpose, then uses by purpose, of the same total."""
    shown: Rows = []
    resources = rows.groupby(["funder_id", "funder_label", "purpose"], sort=False)
    for (_, funder, purpose), part in resources:
        shown.append(
            [Cell(str(funder), strong=True), purpose_name(str(purpose), lang), *_amounts(part, lang)]
        )
    several = rows["purpose"].nunique() > 1
    if len(shown) > 1:
        total = tr("Total resources", lang) if several else tr("Total", lang)
        shown.append([Cell(total, strong=True), "", *_amounts(rows, lang)])
    if several:
        for purpose in [*(purpose.value for purpose in FundingPurpose), ""]:
            part = rows[rows["purpose"] == purpose]
            if len(part):
                use = tr("All funders", lang)
                shown.append([Cell(use), purpose_name(str(purpose), lang), *_amounts(part, lang)])
        shown.append([Cell(tr("Total expenses", lang), strong=True), "", *_amounts(rows, lang)])
    home = table("funding")
    columns = [
        Column(home["funder_id"].label(lang), weight=1.8),
        Column(home["purpose"].label(lang), weight=1.2),
        Column(in_euros(label(_PAID, "funding_state", lang), lang), numeric=True),
        Column(in_euros(label(_GRANTED, "funding_state", lang), lang), numeric=True),
        Column(in_euros(tr("State not stated", lang), lang), numeric=True),
        Column(in_euros(tr("Granted or paid", lang), lang), numeric=True, weight=1.1),
        Column(in_euros(tr("Only requested", lang), lang), numeric=True),
        Column(tr("Unknown amounts", lang), numeric=True, weight=0.8),
        Column(tr("Years", lang), weight=1.1),
    ]
    note = tr("Each amount is that of its whole period.", lang)
    if rows["n_unknown"].any():
        note += " " + tr("“≥”: an amount is unknown and left out, the sum is a least value.", lang)
    if rows["state"].eq("").any():
        note += " " + tr("Money of which nobody stated the state counts as granted.", lang)
    title = tr("Funding by funder and purpose: {scope}", lang, scope=scope_words(scope, lang).lower())
    return Grid.of(title, columns, shown, note=note).filled()


def _amounts(rows: pd.DataFrame, lang: str) -> list[str]:
    """Return the cells of a line: paid, granted, not stated, granted or paid, requested, unknown, years."""
    state = rows["state"]
    parts = [rows[state == one] for one in (_PAID, _GRANTED, "")]
    parts += [rows[state != _REQUESTED], rows[state == _REQUESTED]]
    unknown = int(rows["n_unknown"].sum())
    return [
        *(_sum(part, lang) for part in parts),
        number(unknown, lang) if unknown else "",
        years_words(rows),
    ]


def _sum(rows: pd.DataFrame, lang: str) -> str:
    if rows.empty:
        return ""
    total = rows["amount_eur"].sum(min_count=1)
    if pd.isna(total):
        return tr("unknown", lang)
    return ("≥\u202f" if rows["n_unknown"].any() else "") + number(float(total), lang, digits=0)


def funding_rows(f: Filiere, lang: str) -> Grid:
    """Return the money row by row; an amount that nobody published is unknown, not zero."""
    home, names = table("funding"), f.actors["name"]
    rows: Rows = []
    for row in f.funding.to_dict("records"):
        rows.append(
            [
                label(row["scope"], "scope", lang),
                text_of(names.get(row["funder_id"])),
                text_of(names.get(row["beneficiary_id"])),
                label(row["purpose"], "funding_purpose", lang),
                label(row["state"], "funding_state", lang),
                number(row["amount_eur"], lang) if known(row["amount_eur"]) else tr("unknown", lang),
                _years(row),
                text_of(f.sources["name"].get(row["source_id"])) or text_of(row["source_id"]),
            ]
        )
    columns = [
        Column(home["scope"].label(lang), weight=1.2),
        Column(home["funder_id"].label(lang), weight=1.5),
        Column(home["beneficiary_id"].label(lang), weight=1.5),
        Column(home["purpose"].label(lang)),
        Column(home["state"].label(lang), weight=0.8),
        Column(home["amount_eur"].header(lang), numeric=True),
        Column(tr("Years", lang), weight=0.8),
        Column(home["source_id"].label(lang), weight=1.3),
    ]
    return Grid.of(home.label(lang), columns, rows).filled()


def _years(row: dict[str, Any]) -> str:
    years = dict.fromkeys(text_of(row[one]) for one in ("since", "until") if known(row[one]))
    return "–".join(years)
