"""What an action costs and who pays, expenses beside resources, both sides with the same sum where they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...diagnosis.telling import sentence_of
from ...diagnosis.wording import cell_text, known
from ...language import clauses, tr
from ...schema import table
from ...vocabulary import label
from ..blocks import Cell, Column, Grid, Rows
from ..plan_money import euros_cell, in_euros
from .form import Table

if TYPE_CHECKING:
    from ...planning.plan import Plan
    from .telling import Teller

__all__ = ["money_table"]

#: Rows at least on each side, so that there is room to write.
_LEAST_ROWS = 3
_OF_OPTION = ("investment_eur", "running_cost_eur_per_year", "post_aid_eur_per_year", "receipts_eur_per_t")


def money_table(teller: Teller, option: Any, cost: Any, plan: Plan | None) -> Table:
    """Return the balanced table of an action.

    Parameters
    ----------
    option
        Option that it carries out, or None.
    cost
        What is stated of its cost in euros; NaN: not known.
    plan
        Where it takes the option, both sides are those of the plan, which balances them; otherwise what is stated
        stands there, budgets kept for the option by name, and the rest is to be filled in.
    """
    lang = teller.lang
    planned = plan is not None and known(option) and option in plan.chosen.index
    uses, resources, note = (
        _of_plan(teller, str(option), cost, plan)
        if planned and plan is not None
        else _stated(teller, option, cost)
    )
    height = max(len(uses), len(resources), _LEAST_ROWS)
    pad: list[tuple[str, float]] = [("", float("nan"))]
    sides = [side + pad * (height - len(side)) for side in (uses, resources)]
    rows: Rows = [
        [left, euros_cell(paid, lang), right, euros_cell(given, lang)]
        for (left, paid), (right, given) in zip(*sides, strict=True)
    ]
    word = tr("Total", lang)
    totals = [euros_cell(_sum(side), lang) for side in (uses, resources)]
    rows.append([Cell(word, strong=True), Cell(totals[0], strong=True), Cell(word, strong=True),
                 Cell(totals[1], strong=True)])  # fmt: skip
    amount = in_euros(tr("Amount", lang), lang)
    columns = [
        Column(tr("Expenses", lang), weight=2),
        Column(amount, numeric=True),
        Column(tr("Resources", lang), weight=2),
        Column(amount, numeric=True),
    ]
    return Table(Grid.of(tr("Cost and funding", lang), columns, rows, note=note))


Side = list[tuple[str, float]]


def _sum(side: Side) -> float:
    """Return the sum of a side; unknown where any of its amounts is."""
    return sum(amount for _, amount in side) if side else float("nan")


def _of_plan(teller: Teller, option: str, cost: Any, plan: Plan) -> tuple[Side, Side, str]:
    lang = teller.lang
    frame = plan.funding[plan.funding["option_id"] == option]
    sums = frame.groupby(["side", "item"], sort=False)["amount_eur"].sum()
    words = {
        "investment": tr("Investment", lang),
        "running": tr("Yearly costs", lang),
        "post_aid": tr("Aid to posts", lang),
        "receipts": tr("Receipts", lang),
    }
    sides: dict[str, Side] = {"use": [], "resource": []}
    for (side, item), amount in sums.items():
        if float(amount) > 0:
            sides[str(side)].append((words.get(str(item)) or _budget(teller, str(item)), float(amount)))
    years = sorted(int(year) for year in frame["year"].unique())
    note = ""
    if years:
        note = tr(
            "Over {first}–{last}, as the plan proposes it; both sides have the same sum.",
            lang,
            first=years[0],
            last=years[-1],
        )
    if known(cost) and abs(float(cost) - _sum(sides["use"])) > 0.5:
        note += " " + tr("Stated for the action: {amount}.", lang, amount=_euros(cost, lang))
    return sides["use"], sides["resource"], note.strip()


def _budget(teller: Teller, key: str) -> str:
    """Return a budget with how sure it is: « Enveloppe de la Région (sollicité) »."""
    state = teller.f.budgets["state"].get(key)
    name = teller.name("budgets", key) or key
    word = label(state, "funding_state", teller.lang).lower() if known(state) else ""
    return f"{name} ({word})" if word else name


def _stated(teller: Teller, option: Any, cost: Any) -> tuple[Side, Side, str]:
    lang, f = teller.lang, teller.f
    uses: Side = [(table("actions")["cost_eur"].label(lang), float(cost))] if known(cost) else []
    kept = (
        f.budgets.index[f.budgets["option_id"].eq(option).fillna(False).astype(bool)] if known(option) else []
    )
    resources: Side = [(_budget(teller, str(one)), float("nan")) for one in kept]
    told = []
    if known(option) and option in f.options.index:
        row, home = f.options.loc[option], table("options")
        told = [
            tr(
                "{label}: {text}",
                lang,
                label=home[name].label(lang),
                text=cell_text(row[name], home[name], lang=lang),
            )
            for name in _OF_OPTION
            if known(row[name])
        ]
    note = tr("Of the option: {facts}", lang, facts=clauses(told, lang)) if told else ""
    if not known(cost) and "actions" in teller.hidden:
        note = clauses([note, teller.or_asked("", "actions")], lang)
    return uses, resources, sentence_of(note) if note else ""


def _euros(value: Any, lang: str) -> str:
    return cell_text(value, table("actions")["cost_eur"], lang=lang)
