"""The section on the plan: what to decide in which year, with whose money, why not the rest, what remains to pay.

A council votes on it: each choice bears its reason, each euro its origin, and what was supposed is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import text_of
from ..language import clauses, date_text, number, quantity, tr
from ..schema import table, unit_label
from ..vocabulary import label
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Points, Rows, Section

if TYPE_CHECKING:
    from ..filiere import Filiere
    from ..planning.plan import Plan

__all__ = ["actions_grid", "plan_section"]

#: Euros under which an amount is a rounding error of the solver.
NOTHING = 0.005


def plan_section(f: Filiere, plan: Plan | None, *, why: str = "", lang: str) -> Section | None:
    """Return what is proposed, how it is paid for, what is left out and why; then the actions under way.

    Parameters
    ----------
    plan
        What `chaine_valeur.planning.plan` found.
    why
        Why there is no plan, where there is none though options are stated.
    """
    parts: list[Block] = []
    if plan is not None:
        first, *notes = plan.notes(lang=lang)
        parts += [Paragraph(first, "lead"), Points(tuple(notes))]
        parts += _chosen(plan, lang)
        parts += [_money(plan, lang)]
        parts += _not_taken(plan, lang)
        parts += _after(plan, lang)
    elif why:
        parts.append(Paragraph(why, "warning"))
    grid = actions_grid(f, lang)
    if grid is not None:
        parts += [Heading(tr("Actions stated", lang)), grid]
    return Section("plan", tr("Action plan", lang), tuple(parts)) if parts else None


def _euros(amount: float, lang: str) -> str:
    return "" if pd.isna(amount) else number(round(float(amount), 0), lang)


def _in_euros(name: str, lang: str) -> str:
    return f"{name} ({unit_label('EUR', lang)})"


def _chosen(plan: Plan, lang: str) -> list[Block]:
    """Return the options taken, in the order decided."""
    if plan.chosen.empty:
        return [Paragraph(tr("No option brings anything that the budgets can pay for.", lang))]
    rows: Rows = []
    for row in plan.chosen.to_dict("records"):
        name = str(row["name"]) + (f" × {row['units']}" if row["units"] > 1 else "")
        fte = row["insertion_fte"]
        rows.append(
            [
                str(row["decided_year"]),
                Cell(name, strong=True),
                sentence_of(str(row["reason"])),
                number(fte, lang) if pd.notna(fte) else "?",
                _euros(row["cost_eur"], lang),
                _euros(row["from_budgets_eur"], lang),
            ]
        )
    total = plan.chosen[["cost_eur", "from_budgets_eur"]].sum()
    rows.append(
        ["", Cell(tr("Total", lang), strong=True), "", "",
         _euros(total["cost_eur"], lang), _euros(total["from_budgets_eur"], lang)]
    )  # fmt: skip
    columns = [
        Column(tr("Decided in", lang), weight=0.7),
        Column(tr("Action", lang), weight=1.8),
        Column(tr("What it brings", lang), weight=2.6),
        Column(tr("Insertion FTE", lang), numeric=True, weight=0.8),
        Column(_in_euros(tr("Cost over the plan", lang), lang), numeric=True),
        Column(_in_euros(tr("Paid by budgets", lang), lang), numeric=True),
    ]
    note = tr("The rest of the cost is paid by aid to posts and receipts, as far as they were stated.", lang)
    return [
        Heading(tr("What is proposed", lang)),
        Grid.of(tr("Actions proposed, with what each brings", lang), columns, rows, note=note),
    ]


def _money(plan: Plan, lang: str) -> Grid:
    """Return the balanced table: a column per year, expenses, then resources."""
    years = list(plan.years)
    frame = plan.funding
    rows: Rows = []

    def line(name: str, of: pd.DataFrame, *, strong: bool = False) -> None:
        by_year = of.groupby("year")["amount_eur"].sum().reindex(years).fillna(0.0)
        cells = [*by_year.tolist(), float(by_year.sum())]
        rows.append([Cell(name, strong=strong), *(_euros(one, lang) for one in cells)])

    uses, resources = frame[frame["side"] == "use"], frame[frame["side"] == "resource"]
    line(tr("Investments", lang), uses[uses["item"] == "investment"])
    line(tr("Yearly costs", lang), uses[uses["item"] != "investment"])
    line(tr("Total expenses", lang), uses, strong=True)
    for budget_id, row in plan.unspent.iterrows():  # over the few budgets
        line(str(row["name"]), resources[resources["budget"].notna() & (resources["item"] == budget_id)])
    others = resources[resources["budget"].isna()]
    line(tr("Aid to posts", lang), others[others["item"] == "post_aid"])
    line(tr("Receipts", lang), others[others["item"] == "receipts"])
    line(tr("Total resources", lang), resources, strong=True)
    columns = [
        Column(_in_euros(tr("Expenses and resources", lang), lang), weight=2.2),
        *(Column(str(year), numeric=True) for year in years),
        Column(tr("Total", lang), numeric=True),
    ]
    left = [
        tr("{name}: {amount}", lang, name=row["name"],
           amount=quantity(round(row["unspent_eur"]), unit_label("EUR", lang), lang))
        for row in plan.unspent.to_dict("records") if row["unspent_eur"] > NOTHING
    ]  # fmt: skip
    note = tr("Left of the budgets: {amounts}.", lang, amounts=clauses(left, lang))
    return Grid.of(tr("Funding, year by year", lang), columns, rows, note=note if left else "")


def _not_taken(plan: Plan, lang: str) -> list[Block]:
    frame = plan.not_taken
    if frame.empty:
        return []
    rows: Rows = [
        [Cell(str(row["name"]), strong=True), sentence_of(str(row["reason"]))]
        for row in frame.to_dict("records")
    ]
    columns = [Column(tr("Option", lang), weight=1.2), Column(tr("Why", lang), weight=2.8)]
    return [
        Heading(tr("What is not taken, and why", lang)),
        Grid.of(tr("Options not taken", lang), columns, rows),
    ]


def _after(plan: Plan, lang: str) -> list[Block]:
    """Return what each year costs once the budgets are spent."""
    frame = plan.after
    if frame.empty:
        return []
    names = (
        "running_cost_eur_per_year",
        "post_aid_eur_per_year",
        "receipts_eur_per_year",
        "to_pay_eur_per_year",
    )
    told = frame.mask(_not_stated(plan))
    rows: Rows = [
        [Cell(str(row["name"]), strong=True), *(_euros(row[name], lang) or "?" for name in names)]
        for row in told.to_dict("records")
    ]
    titles = (
        tr("Yearly cost", lang),
        tr("Aid to posts", lang),
        tr("Receipts", lang),
        tr("Left to pay", lang),
    )
    unit = unit_label("EUR/year", lang)
    columns = [
        Column(tr("Action", lang), weight=2.2),
        *(Column(f"{title} ({unit})", numeric=True) for title in titles),
    ]
    note = tr("Aid and receipts as stated for the years of the plan; nothing says that they go on.", lang)
    if any(cell == "?" for row in rows for cell in row):
        note += " " + tr("“?” is not known; the plan counts it as nothing.", lang)
    return [
        Heading(tr("After the plan", lang)),
        Grid.of(tr("What each action costs a year once the plan is over", lang), columns, rows, note=note),
    ]


def _not_stated(plan: Plan) -> pd.DataFrame:
    """Return which aids and receipts after the plan nobody stated: the plan counts them as nothing, readers do not."""
    options = plan.work.asked.options.reindex(plan.after.index)
    said = pd.DataFrame(False, index=plan.after.index, columns=plan.after.columns)
    posts = options["insertion_fte"].fillna(0) > 0
    said["post_aid_eur_per_year"] = options["post_aid_eur_per_year"].isna() & posts
    return said


def actions_grid(f: Filiere, lang: str) -> Grid | None:
    """Return the table of actions: what each answers, who carries it, when, how far it is."""
    frame, home = f.actions, table("actions")
    if frame.empty:
        return None
    rows: Rows = []
    for row in frame.to_dict("records"):
        about = [label(row["finding_kind"], "finding_kind", lang), _name(f.stages, row["stage_id"])]
        span = [date_text(day.date(), lang) for day in (row["starts_on"], row["ends_on"]) if pd.notna(day)]
        unit = label(row["unit"], "outcome_unit", lang)
        reached = (
            tr("{reached} of {target}", lang, reached=number(row["reached"], lang), target=number(row["target"], lang))
            if pd.notna(row["reached"]) and pd.notna(row["target"])
            else number(row["target"], lang) if pd.notna(row["target"]) else ""
        )  # fmt: skip
        rows.append(
            [
                Cell(str(row["name"]), strong=True),
                " · ".join(part for part in about if part),
                _name(f.actors, row["owner_id"]),
                " – ".join(span),
                _euros(row["cost_eur"], lang),
                label(row["state"], "action_state", lang),
                " ".join(part for part in (text_of(row["indicator"]), reached, unit if reached else "") if part),
            ]
        )  # fmt: skip
    columns = [
        Column(home["name"].label(lang), weight=2.0),
        Column(home["finding_kind"].label(lang), weight=1.6),
        Column(home["owner_id"].label(lang), weight=1.4),
        Column(tr("When", lang), weight=1.4),
        Column(_in_euros(home["cost_eur"].label(lang), lang), numeric=True, weight=0.8),
        Column(home["state"].label(lang)),
        Column(home["indicator"].label(lang), weight=1.4),
    ]
    return Grid.of(home.label(lang), columns, rows).filled()


def _name(frame: pd.DataFrame, key: object) -> str:
    return str(frame.at[key, "name"]) if isinstance(key, str) and key in frame.index else ""
