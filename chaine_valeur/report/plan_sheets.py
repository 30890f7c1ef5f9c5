"""The tables of a plan as sheets of a workbook, typed, for those who check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..language import N_, tr
from ..schema import table, unit_label
from ..vocabulary import label
from .sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd

    from ..planning.plan import Plan

__all__ = ["plan_sheets"]

#: Title, kind of cell and unit of each column that a reader gets; identifiers follow at the end.
_HEADS: Mapping[str, tuple[str, str, str]] = {
    "year": (N_("Year"), "year", ""),
    "decided_year": (N_("Decided in"), "year", ""),
    "starts_year": (N_("In service in"), "year", ""),
    "name": (N_("Option"), "text", ""),
    "option": (N_("Option"), "text", ""),
    "side": (N_("Side"), "text", ""),
    "item": (N_("Item"), "text", ""),
    "budget": (N_("Budget"), "text", ""),
    "budgets": (N_("Budgets"), "text", ""),
    "purpose": (N_("Purpose"), "text", ""),
    "units": (N_("Units"), "integer", ""),
    "in_operation": (N_("In operation"), "integer", ""),
    "decided": (N_("Decided"), "text", ""),
    "insertion_fte": (N_("Insertion FTE"), "number", ""),
    "jobs_fte": (N_("Jobs"), "number", "FTE"),
    "t_per_year": (N_("Tonnage"), "number", "t/year"),
    "served_t_per_year": (N_("Served"), "number", "t/year"),
    "served_more_t_per_year": (N_("Served beyond today"), "number", "t/year"),
    "closed_gaps": (N_("Gaps closed"), "integer", ""),
    "investment_eur": (N_("Investment"), "number", "EUR"),
    "running_cost_eur_per_year": (N_("Yearly cost"), "number", "EUR/year"),
    "cost_eur": (N_("Cost over the plan"), "number", "EUR"),
    "from_budgets_eur": (N_("Paid by budgets"), "number", "EUR"),
    "post_aid_eur": (N_("Aid to posts"), "number", "EUR"),
    "receipts_eur": (N_("Receipts"), "number", "EUR"),
    "post_aid_eur_per_year": (N_("Aid to posts"), "number", "EUR/year"),
    "receipts_eur_per_year": (N_("Receipts"), "number", "EUR/year"),
    "to_pay_eur_per_year": (N_("Left to pay"), "number", "EUR/year"),
    "amount_eur": (N_("Amount"), "number", "EUR"),
    "spent_eur": (N_("Spent"), "number", "EUR"),
    "unspent_eur": (N_("Left"), "number", "EUR"),
    "loss": (N_("What taking it would cost"), "number", ""),
    "more_eur": (N_("More from the budgets"), "number", "EUR"),
    "instead_of": (N_("Instead of"), "text", ""),
    "source": (N_("From"), "text", ""),
    "target": (N_("To"), "text", ""),
    "new": (N_("New passage"), "text", ""),
    "reason": (N_("Why"), "long", ""),
}
#: Words of the codes that stand in cells.
_WORDS = {
    "use": N_("Expense"), "resource": N_("Resource"), "investment": N_("Investment"), "running": N_("Yearly cost"),
    "post_aid": N_("Aid to posts"), "receipts": N_("Receipts"),
}  # fmt: skip
_NAMED = {"actor_id": "actors", "stage_id": "stages", "source": "actors", "target": "actors",
          "source_stage": "stages", "target_stage": "stages", "material_id": "materials"}  # fmt: skip
#: Columns of identifiers joined by “;”, with the table that names them.
_LISTS = {"decided": "options", "instead_of": "options", "budgets": "budgets"}
#: By what a table is indexed with, the titles that differ there.
_TITLES: Mapping[str, Mapping[str, str]] = {
    "budget_id": {"name": N_("Budget")},
    "year": {"cost_eur": N_("Cost")},
}


def plan_sheets(plan: Plan, *, lang: str) -> list[Sheet]:
    """Return what is taken, the balanced funding, the years, the budgets, what is not taken, what comes after."""
    told = (
        (N_("Options taken"), plan.chosen, N_("The options taken, in the order decided, with what each brings.")),
        (N_("Funding"), plan.funding,
         N_("Balanced: of each option and year, expenses and resources have the same sum.")),
        (N_("Years"), plan.by_year, N_("What the plan does year by year.")),
        (N_("Budgets"), plan.unspent, N_("What is spent of each budget, and what is left.")),
        (N_("Not taken"), plan.not_taken, N_("The options not taken, with the reason of each.")),
        (N_("After the plan"), plan.after, N_("What each action costs a year once the plan is over.")),
        (N_("Flows"), plan.flows,
         N_("What the chain could carry with the options in service, year by year: not what is declared today.")),
    )  # fmt: skip
    sheets = [
        _sheet(plan, tr(name, lang), frame, tr(about, lang), lang)
        for name, frame, about in told
        if len(frame)
    ]
    supposed = plan.assumptions(lang=lang)
    if supposed:
        name, about = (
            tr("What the plan supposes", lang),
            tr("To be settled before the plan is voted on.", lang),
        )
        sheets.insert(4, Sheet(name, about, [(name, "long")], [(one,) for one in supposed]))
    return sheets


def _sheet(plan: Plan, name: str, frame: pd.DataFrame, about: str, lang: str) -> Sheet:
    own = _TITLES.get(str(frame.index.name), {})
    frame = frame.reset_index() if frame.index.name else frame
    shown = [column for column in _HEADS if column in frame and not frame[column].isna().all()]
    others = [column for column in frame if column not in _HEADS and column not in ("code", "kind")]
    heads, columns = [], []
    for column in [*shown, *others]:  # over the few columns
        title, kind, unit = _HEADS.get(column, (_other(column, lang), "text", ""))
        head = tr(own.get(column, title), lang) if column in _HEADS else title
        heads.append((f"{head} ({unit_label(unit, lang)})" if unit else head, kind))
        columns.append([_cell(plan, column, value, lang) for value in frame[column].astype(object)])
    return Sheet(name, about, heads, list(zip(*columns, strict=True)))


def _other(column: str, lang: str) -> str:
    """Return what an identifier is called: as in the tables that it comes from."""
    for name in ("options", "flows", "budgets", "markets"):
        if column in table(name).columns:
            return table(name)[column].label(lang)
    return column


def _cell(plan: Plan, column: str, value: Any, lang: str) -> Any:
    if value is None or value != value:
        return None
    if column in _NAMED:
        names = plan.work.asked.filiere.table(_NAMED[column])["name"]
        return names.get(value, value)
    if column in _LISTS:
        names = plan.work.asked.filiere.table(_LISTS[column])["name"]
        return "; ".join(str(names.get(one, one)) for one in str(value).split(";"))
    if column == "purpose":
        return label(value, "funding_purpose", lang)
    if column == "new":
        return tr("yes", lang) if value else ""
    if column in ("side", "item") and value in _WORDS:
        return tr(_WORDS[value], lang)
    return plan.unspent["name"].get(value, value) if column == "item" else value
