"""The section on the plan: what to decide in which year, with whose money, why not the rest, what remains to pay.

A council votes on it: each choice bears its reason, each euro its origin, and what was supposed is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis.insertion.wording import amount_of
from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import text_of
from ..language import date_text, enumeration, number, percent, quantity, tr, trn
from ..schema import table, unit_label
from ..vocabulary import OptionKind, OutcomeUnit, label
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Points, Rows, Section
from .plan_money import after_blocks, budgets_grid, euros_cell, funding_grid, in_euros

if TYPE_CHECKING:
    from datetime import date

    from ..filiere import Filiere
    from ..planning.plan import Plan

__all__ = ["actions_grid", "past_years", "plan_section"]


def plan_section(
    f: Filiere, plan: Plan | None, *, why: str = "", on: date | None = None, lang: str
) -> Section | None:
    """Return what is proposed, how it is paid for, what is left out and why; then the actions under way.

    Parameters
    ----------
    plan
        What `chaine_valeur.planning.plan` found.
    why
        Why there is no plan, where there is none though options are stated.
    on
        Today: years of the plan that are over are told.
    """
    parts: list[Block] = []
    if plan is not None:
        first, *notes = plan.notes(lang=lang)
        parts += [Paragraph(first, "lead"), Points(tuple(notes))]
        warning = past_years(plan, on, lang=lang)
        parts += [Paragraph(warning, "warning")] if warning else []
        parts += _chosen(f, plan, lang)
        parts += _money(f, plan, lang)
        parts += _supposed(plan, lang)
        parts += _not_taken(plan, lang)
        parts += after_blocks(plan, lang)
    elif why:
        parts.append(Paragraph(why, "warning"))
    grid = actions_grid(f, lang)
    if grid is not None:
        parts += [Heading(tr("Actions stated", lang)), grid]
    return Section("plan", tr("Action plan", lang), tuple(parts)) if parts else None


def past_years(plan: Plan, on: date | None, *, lang: str) -> str:
    """Return a sentence on the years of a plan that are over, an empty text where there is none."""
    over = [] if on is None else [str(year) for year in plan.years if year < on.year]
    if not over:
        return ""
    return trn(
        "On {date}, {years} is over: what the plan decides in it has to be moved, or taken as a look back.",
        "On {date}, {years} are over: what the plan decides in them has to be moved, or taken as a look back.",
        len(over), lang, date=date_text(on, lang), years=enumeration(over, lang),
    )  # fmt: skip


def _chosen(f: Filiere, plan: Plan, lang: str) -> list[Block]:
    """Return the options taken, in the order decided."""
    if plan.chosen.empty:
        return [Paragraph(tr("No option brings anything that the budgets can pay for.", lang))]
    rows: Rows = []
    for row in plan.chosen.reset_index().to_dict("records"):
        name = str(row["name"]) + (f" × {row['units']}" if row["units"] > 1 else "")
        fte = row["insertion_fte"]
        rows.append(
            [
                str(row["decided_year"]),
                Cell(name, strong=True),
                _carrier(f, row, lang),
                sentence_of(str(row["reason"])),
                number(fte, lang) if pd.notna(fte) else "?",
                euros_cell(row["cost_eur"], lang),
                euros_cell(row["from_budgets_eur"], lang),
            ]
        )
    total = plan.chosen[["insertion_fte", "cost_eur", "from_budgets_eur"]].sum()
    rows.append(
        ["", Cell(tr("Total", lang), strong=True), "", "", number(round(total["insertion_fte"], 3), lang),
         euros_cell(total["cost_eur"], lang), euros_cell(total["from_budgets_eur"], lang)]
    )  # fmt: skip
    columns = [
        Column(tr("Decided in", lang), weight=0.7),
        Column(tr("Action", lang), weight=1.6),
        Column(tr("Carried by", lang), weight=1.2),
        Column(tr("What it brings", lang), weight=3.0),
        Column(tr("Insertion FTE", lang), numeric=True, weight=0.7),
        Column(in_euros(tr("Cost over the plan", lang), lang), numeric=True),
        Column(in_euros(tr("Paid by budgets", lang), lang), numeric=True),
    ]
    note = tr("The rest of the cost is paid by aid to posts and receipts, as far as they were stated.", lang)
    years = float(plan.by_year["insertion_fte"].sum())
    if years > 0:
        paid = float(plan.by_year["from_budgets_eur"].sum())
        note += " " + tr(
            "All options together, the budgets pay {amount} for one year of full-time insertion work.", lang,
            amount=quantity(round(paid / years), unit_label("EUR", lang), lang),
        )  # fmt: skip
    return [
        Heading(tr("What is proposed", lang)),
        Grid.of(tr("Actions proposed, with what each brings", lang), columns, rows, note=note).filled(),
    ]


def _carrier(f: Filiere, row: dict[str, Any], lang: str) -> str:
    """Return who carries an option: its actor, that of the action which carries it out, a structure to create."""
    if isinstance(row["actor_id"], str):
        return _name(f.actors, row["actor_id"])
    owners = f.actions.loc[f.actions["option_id"] == row["option_id"], "owner_id"].dropna()
    if len(owners):
        return _name(f.actors, owners.iloc[0])
    activity = row["kind"] == OptionKind.ACTIVITY.value
    return tr("A structure to create", lang) if activity else tr("To be named", lang)


def _money(f: Filiere, plan: Plan, lang: str) -> list[Block]:
    """Return the budgets, what becomes of the plan without the money that is only asked for, who pays what when."""
    grid = budgets_grid(f, plan, lang)
    blocks: list[Block] = [Heading(tr("How it is paid for", lang))]
    blocks += [grid] if grid is not None else []
    blocks += [Paragraph(one, "warning") for one in plan.otherwise(lang=lang)]
    return [*blocks, funding_grid(plan, lang)]


def _supposed(plan: Plan, lang: str) -> list[Block]:
    told = plan.assumptions(lang=lang)
    if not told:
        return []
    return [Heading(tr("What the plan supposes", lang)), Points(tuple(told))]


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


def _aim(value: float, unit: object, lang: str) -> str:
    """Return what an action aims at, with its unit in the number that it takes: « 12 personnes »."""
    if pd.isna(value):
        return ""
    return amount_of(value, unit, lang) if isinstance(unit, str) else number(value, lang)


def _reached(value: float, unit: object, lang: str) -> str:
    return percent(value, lang) if unit == OutcomeUnit.SHARE.value else number(value, lang)


def actions_grid(f: Filiere, lang: str) -> Grid | None:
    """Return the table of actions: what each answers, who carries it, when, how far it is."""
    frame, home = f.actions, table("actions")
    if frame.empty:
        return None
    rows: Rows = []
    for row in frame.to_dict("records"):
        about = [label(row["finding_kind"], "finding_kind", lang), _name(f.stages, row["stage_id"])]
        span = [date_text(day.date(), lang) for day in (row["starts_on"], row["ends_on"]) if pd.notna(day)]
        aim = _aim(row["target"], row["unit"], lang)
        reached = (
            tr("{reached} of {target}", lang, reached=_reached(row["reached"], row["unit"], lang), target=aim)
            if pd.notna(row["reached"]) and aim
            else aim
        )
        rows.append(
            [
                Cell(str(row["name"]), strong=True),
                " · ".join(part for part in about if part),
                _name(f.actors, row["owner_id"]),
                " – ".join(span),
                euros_cell(row["cost_eur"], lang),
                label(row["state"], "action_state", lang),
                " ".join(part for part in (text_of(row["indicator"]), reached) if part),
            ]
        )  # fmt: skip
    columns = [
        Column(home["name"].label(lang), weight=2.0),
        Column(home["finding_kind"].label(lang), weight=1.6),
        Column(home["owner_id"].label(lang), weight=1.4),
        Column(tr("When", lang), weight=1.4),
        Column(in_euros(home["cost_eur"].label(lang), lang), numeric=True, weight=0.8),
        Column(home["state"].label(lang)),
        Column(home["indicator"].label(lang), weight=1.4),
    ]
    return Grid.of(home.label(lang), columns, rows).filled()


def _name(frame: pd.DataFrame, key: object) -> str:
    return str(frame.at[key, "name"]) if isinstance(key, str) and key in frame.index else ""
