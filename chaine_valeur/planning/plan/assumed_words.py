"""What a plan rests on, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.wording import euros, quoted, tonnes
from ...language import N_, clauses, enumeration, tr, trn
from .assumptions import NOTHING_EUR
from .wording import objective_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    #: What a plan reaches, and the options that it takes.
    Reached = tuple[float, pd.DataFrame]

__all__ = ["assumed_texts", "with_outlets_text", "without_requested_text"]

_SAID = {
    "decided_unknown_cost": N_(
        "{name} is already decided, but its cost is not known: neither what it costs nor what it brings is counted."
    ),
    "begun_then": N_("{name} is decided in {detail}, the year in which its action begins."),
    "begun_not_said": N_(
        "An action carries {name} already ({detail}), but the option is not said to be decided: the plan chooses freely."
    ),
    "requested": N_("{name}, {amount}, is asked for and not granted; the plan spends nothing of it."),
    "requested_paid": N_(
        "{name}, {amount}, is asked for and not granted, yet the plan spends {other} of it."
    ),
    "surplus": N_(
        "Aid and receipts of {name} come to {amount} more than its yearly costs over the plan: the surplus is not used."
    ),
    "no_taker": N_(
        "Of what {name} takes in or passes on, {amount} find nobody who takes them: an outlet is still to be found."
    ),
    "no_taker_paid": N_(
        "Of what {name} takes in or passes on, {amount} find nobody who takes them: an outlet is still to be found. Its "
        "receipts ({other} a year) count all that enters."
    ),
    "served_today_of_unknown": N_(
        "The chain as it is stated could already serve {amount}; nobody states how much is asked for. The tonnages of "
        "the plan are those beyond."
    ),
    "served_today": N_(
        "The chain as it is stated could already serve {amount} of the {other} asked for: the tonnages of the plan are "
        "those beyond."
    ),
}


def assumed_texts(frame: pd.DataFrame, lang: str) -> list[str]:
    """Return `assumed_frame` as sentences: one per row, one for all that enters without limit."""
    told = []
    for code, rows in frame.groupby("code", sort=False):
        records = rows.to_dict("records")
        told += (
            [_unlimited_text(records, lang)] if code == "unlimited" else [_text(row, lang) for row in records]
        )
    return told


def _text(row: dict[str, Any], lang: str) -> str:
    code, detail, name = row["code"], row["detail"], quoted(row["name"], lang)
    amount, other = row["amount"], row["other"]
    if code == "unread":
        return _unread_text(row, lang)
    if code == "joined":
        return trn(
            "{name} is joined to its neighbours ({names}) by {count} passage that nobody stated or priced: {amount}.",
            "{name} is joined to its neighbours ({names}) by {count} passages that nobody stated or priced: {amount}.",
            int(other), lang, name=name, amount=tonnes(round(amount, 1), lang),
            names=enumeration([quoted(one, lang) for one in detail.split(";")], lang),
        )  # fmt: skip
    if code == "no_budget_in":
        return tr("No budget may be spent in {years}.", lang, years=enumeration(detail.split(";"), lang))
    if code == "served_today" and np.isnan(other):
        code = "served_today_of_unknown"
    elif code in ("no_taker", "requested") and other > NOTHING_EUR:
        code += "_paid"
    in_tonnes = code.startswith(("no_taker", "served_today"))
    first = tonnes(round(amount, 1), lang) if in_tonnes else _eur(amount, lang)
    second = tonnes(round(other, 1), lang) if code == "served_today" else _eur(other, lang)
    detail = quoted(detail, lang) if code == "begun_not_said" else detail
    return tr(_SAID[code], lang, name=name, detail=detail, amount=first, other=second)


def _eur(amount: float, lang: str) -> str:
    return "" if np.isnan(amount) else euros(round(amount, 2), lang, unit="EUR")


def _unlimited_text(rows: list[dict[str, Any]], lang: str) -> str:
    parts = []
    for row in rows:  # over stages and materials
        stage = quoted(row["name"], lang)
        what = (
            tr("{material} at {stage}", lang, material=row["detail"], stage=stage) if row["detail"] else stage
        )
        parts.append(f"{what} ({tonnes(round(row['amount'], 1), lang)})")
    told = N_(
        "Where nobody states from where it comes, what enters the chain is counted without limit: {parts}."
    )
    return tr(told, lang, parts=enumeration(parts, lang))


def _unread_text(row: dict[str, Any], lang: str) -> str:
    sheet, line, column = str(row["id"]).split("|")
    where = tr("{sheet}, row\u00a0{row}", lang, sheet=sheet, row=line) if line else sheet
    if not column:
        return tr("{where} is set aside: the plan does not know it.", lang, where=where)
    return tr("{where}: “{value}” in “{column}” is not read; the plan counts the cell as blank, or the row as absent.",
              lang, where=where, value=str(row["name"]), column=column)  # fmt: skip


def without_requested_text(
    names: Iterable[str], objective: str, before: Reached, after: Reached | None, lang: str
) -> str:
    """Return what a plan becomes without the money that is only requested.

    Parameters
    ----------
    names
        Budgets that are requested.
    before, after
        What the plan reaches and the options that it takes, with that money and without; ``None``: there is no plan.
    """
    asked_for = _named(names, lang)
    if after is None:
        return tr("Without what is only asked for ({names}), no plan holds.", lang, names=asked_for)
    parts = clauses(_instead(objective, before, after, lang), lang)
    return tr("Without what is only asked for ({names}): {parts}.", lang, names=asked_for, parts=parts)


def with_outlets_text(objective: str, before: Reached, after: Reached | None, lang: str) -> str:
    """Return what a plan becomes where all that is passed on or made has to find a taker; arguments as above."""
    if after is None:
        return tr("If all of it had to find a taker, no plan would hold.", lang)
    parts = clauses(_instead(objective, before, after, lang), lang)
    return tr("If all of it had to find a taker: {parts}.", lang, parts=parts)


def _instead(objective: str, before: Reached, after: Reached, lang: str) -> list[str]:
    """Return what changes from one plan to another: what is reached, what goes, what comes."""
    (total, first), (other, second) = before, after
    gone, come = first.index.difference(second.index), second.index.difference(first.index)
    was, then = (objective_text(one, objective, lang) for one in (total, other))
    parts = [tr("{other} instead of {total}", lang, other=then, total=was) if was != then else
             tr("still {total}", lang, total=was)]  # fmt: skip
    if len(gone):
        named = first.loc[first.index.isin(gone), "name"]
        parts.append(tr("no longer taken: {names}", lang, names=_named(named, lang)))
    if len(come):
        named = second.loc[second.index.isin(come), "name"]
        parts.append(tr("taken instead: {names}", lang, names=_named(named, lang)))
    if not len(gone) and not len(come):
        columns = ["units", "decided_year"]
        same = first[columns].sort_index().equals(second[columns].sort_index())
        moved = tr("the same options, in other years or numbers", lang)
        parts.append(tr("the same options", lang) if same else moved)
    return parts


def _named(names: Iterable[str], lang: str) -> str:
    return enumeration([quoted(str(name), lang) for name in names], lang)
