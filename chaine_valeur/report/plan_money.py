"""The money of a plan: what each budget gives, who pays what in which year, what is left to pay afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..language import number, tr
from ..schema import unit_label
from ..vocabulary import label
from .blocks import Block, Cell, Column, Grid, Heading, Rows

if TYPE_CHECKING:
    from ..filiere import Filiere
    from ..planning.plan import Plan

__all__ = ["after_blocks", "budgets_grid", "euros_cell", "funding_grid", "in_euros"]


def euros_cell(amount: float, lang: str) -> str:
    """Return an amount in whole euros, an empty text where it is not known."""
    return "" if pd.isna(amount) else number(float(amount), lang, digits=0)


def in_euros(name: str, lang: str) -> str:
    """Return a title with its unit."""
    return f"{name} ({unit_label('EUR', lang)})"


def budgets_grid(f: Filiere, plan: Plan, lang: str) -> Grid | None:
    """Return each budget: who gives it, how sure it is, what the plan spends of it and what is left."""
    frame = plan.unspent
    if frame.empty:
        return None
    stated = plan.work.asked.budgets
    rows: Rows = []
    for name, row in frame.iterrows():  # over the few budgets
        funder, state = stated["funder_id"][name], stated["state"][name]
        told = f.actors["name"].get(funder, "") if isinstance(funder, str) else ""
        rows.append(
            [
                Cell(str(row["name"]), strong=True),
                str(told),
                label(state, "funding_state", lang) or tr("no state given", lang),
                *(euros_cell(row[column], lang) for column in ("amount_eur", "spent_eur", "unspent_eur")),
            ]
        )
    total = frame[["amount_eur", "spent_eur", "unspent_eur"]].sum()
    rows.append([Cell(tr("Total", lang), strong=True), "", "", *(euros_cell(one, lang) for one in total)])
    columns = [
        Column(tr("Budget", lang), weight=1.8),
        Column(tr("Funder", lang), weight=1.6),
        Column(tr("State", lang)),
        Column(in_euros(tr("Amount", lang), lang), numeric=True),
        Column(in_euros(tr("Spent", lang), lang), numeric=True),
        Column(in_euros(tr("Left", lang), lang), numeric=True),
    ]
    return Grid.of(tr("Budgets of the plan", lang), columns, rows).filled()


def funding_grid(plan: Plan, lang: str) -> Grid:
    """Return the balanced table: a column per year, expenses, then resources."""
    years = list(plan.years)
    frame = plan.funding
    rows: Rows = []

    def line(name: str, of: pd.DataFrame, *, strong: bool = False) -> None:
        by_year = of.groupby("year")["amount_eur"].sum().reindex(years).fillna(0.0)
        cells = [*by_year.tolist(), float(by_year.sum())]
        rows.append([Cell(name, strong=strong), *(euros_cell(one, lang) for one in cells)])

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
        Column(in_euros(tr("Expenses and resources", lang), lang), weight=2.2),
        *(Column(str(year), numeric=True) for year in years),
        Column(tr("Total", lang), numeric=True),
    ]
    return Grid.of(tr("Funding, year by year", lang), columns, rows)


def after_blocks(plan: Plan, lang: str) -> list[Block]:
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
        [Cell(str(row["name"]), strong=True), *(euros_cell(row[name], lang) or "?" for name in names)]
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
    note = tr(
        "Aid and receipts up to the yearly cost, as in the plan; nothing says that they go on, and nobody is stated who "
        "would pay what is left.", lang,
    )  # fmt: skip
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
