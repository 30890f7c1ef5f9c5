"""The section on where value and jobs fall along the chain, and on what of it is spent on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import accounts
from ..diagnosis.telling import sentence_of
from ..language import N_, number, quantity, tr
from ..schema import table, unit_label
from .blocks import Block, Cell, Column, Grid, Paragraph, Points, Rows, Section
from .opening import family_of, measures_table

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["ACCOUNT_TITLES", "missing_text", "value_section"]

#: Columns of `chaine_valeur.accounts.operating_account`, in words.
ACCOUNT_TITLES = {
    "sales_in_filiere": N_("Sales within the filière"), "sales_outside": N_("Other sales"),
    "output": N_("Output"), "purchases_in_filiere": N_("Purchases within the filière"),
    "purchases_outside": N_("Other purchases and services"),
    "intermediate_consumption": N_("Intermediate consumption"), "value_added": N_("Value added"),
    "subsidies": N_("Operating subsidies"), "wages": N_("Wages"), "taxes": N_("Taxes"),
    "gross_operating_surplus": N_("Gross operating surplus"), "rent": N_("Rent"), "interest": N_("Interest"),
    "depreciation": N_("Depreciation"), "undivided_costs": N_("Costs not divided"),
    "net_result": N_("Net result"), "costs_basis": N_("Costs taken from"),
    "n_accounts": N_("Accounts put together"), "missing": N_("What is missing"),
}  # fmt: skip
_SHOWN = ("output", "intermediate_consumption", "value_added", "wages", "net_result")


def value_section(diagnosis: Diagnosis) -> Section | None:
    """Return accounts and jobs by stage; none where no price and no cost is stated."""
    f, lang = diagnosis.filiere, diagnosis.lang
    if f.costs.empty and f.flows["amount_eur_per_year"].isna().all():
        return None
    measured = [one for one in diagnosis.measured.values() if family_of(one) in ("E", "F")]
    blocks = _accounts(f, lang)
    told = not blocks  # without accounts, what the figures say stands above their table
    essential = [one for one in measured if one.indicator.profile == "essential"]
    if essential:
        blocks += [Paragraph(sentence_of(one.brief)) for one in essential if one.brief and told]
        caption = tr("Figures on value and territory", lang)
        blocks.append(measures_table(diagnosis.filiere, essential, caption=caption, lang=lang))
    return Section("value", tr("Value, jobs and territory", lang), tuple(blocks)) if blocks else None


def _accounts(f: Filiere, lang: str) -> list[Block]:
    """Return the accounts by stage as a table, and what is missing to complete them."""
    frame = accounts.operating_account(f, by="stage", lang=lang)
    shown = frame[(frame["n_accounts"] > 0).to_numpy(bool)]
    if shown.empty:
        return []
    stages = f.stages.sort_values("rank", kind="stable")
    jobs = accounts.jobs_per_t(f)
    rows: Rows = []
    lacking = []
    for stage_id in stages.index[stages.index.isin(shown.index)]:
        row = shown.loc[stage_id]
        if row["missing"]:
            missing = missing_text(str(row["missing"]), lang)
            told = tr("{stage}: {missing}", lang, stage=stages.at[stage_id, "name"], missing=missing)
            lacking.append(sentence_of(told))
        per_kt = 1000 * float(jobs.get(stage_id, float("nan")))
        rows.append(
            [
                Cell(str(stages.at[stage_id, "name"]), strong=True),
                *(number(row[name], lang) if row[name] == row[name] else "" for name in _SHOWN),
                number(per_kt, lang) if per_kt == per_kt else "",
            ]
        )
    unit, fte = unit_label("EUR/year", lang), unit_label("FTE", lang)
    columns = [
        Column(table("activities")["stage_id"].label(lang), weight=1.8),
        *(Column(f"{tr(ACCOUNT_TITLES[name], lang)} ({unit})", numeric=True) for name in _SHOWN),
        Column(tr("{unit} per thousand tonnes", lang, unit=fte), numeric=True),
    ]
    known = shown["value_added"].notna()
    total = (
        quantity(float(shown.loc[known.to_numpy(bool), "value_added"].sum()), unit, lang)
        if known.any()
        else ""
    )
    note = tr(
        "Actors stand at their first stage. Value added: output less what is bought; an empty cell is unknown.",
        lang,
    )
    if total:
        note += " " + tr("Value added known so far: {total}.", lang, total=total)
    blocks: list[Block] = [Grid.of(tr("Accounts by stage", lang), columns, rows, note=note).filled()]
    if lacking:
        blocks += [Paragraph(tr("What is missing:", lang)), Points(tuple(lacking))]
    return blocks


def missing_text(missing: str, lang: str) -> str:
    """Return what is missing as a sentence shows it: the column separates by ``; ``."""
    return missing.replace("; ", "\u202f; ") if lang == "fr" else missing
