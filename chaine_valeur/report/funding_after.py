"""And after the grant? What ends when, what it carries today, what is known to last longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.activities import current_activities
from ..analysis.insertion import FEWEST_EXITS
from ..analysis.insertion.money_words import purpose_name, state_words
from ..analysis.insertion.results import JOB_UNITS, result_of
from ..analysis.insertion.wording import result_words
from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import known, text_of
from ..language import clauses, enumeration, number, quantity, tr, trn
from ..network import latest_year
from ..schema import unit_label
from ..text import split_list
from ..vocabulary import FundingState, OutcomeUnit, Scope, label
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Rows

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["after_blocks"]

_SHOWN, _PERSON = 4, OutcomeUnit.PERSON.value


def after_blocks(f: Filiere, lang: str) -> list[Block]:
    """Return what ends when, with what it carries today and what is known to last longer; what is not known is counted.

    Money that is only requested does not end: it may follow.
    """
    rows = f.funding
    sure = rows[~rows["state"].eq(FundingState.REQUESTED.value).to_numpy(bool)]
    if sure.empty:
        return []
    ending = sure[sure["until"].notna().to_numpy(bool)].sort_values("until", kind="stable")
    blocks: list[Block] = [
        Heading(tr("And after the grant?", lang)),
        Paragraph(_summary(f, sure, ending, lang)),
    ]
    if len(ending):
        blocks.append(_grid(f, ending, lang))
    return blocks


def _summary(f: Filiere, sure: pd.DataFrame, ending: pd.DataFrame, lang: str) -> str:
    """Return how much of the money has ended, when the rest does, and of how many rows nobody says."""
    year = f.year if f.year is not None else f.reference_year
    told = []
    counts = ending["until"].value_counts().sort_index()
    if len(counts):
        each = [
            tr("{count} in {year}", lang, count=number(int(count), lang), year=int(until))
            for until, count in counts.items()
        ]
        text = trn(
            "{count} funding granted or paid has a stated end ({years})",
            "{count} fundings granted or paid have a stated end ({years})",
            len(ending),
            lang,
            years=enumeration(each, lang, limit=12),
        )
        told.append(sentence_of(text))
        if year is not None:
            last = int((ending["until"] <= year).sum())
            if last:
                text = trn(
                    "{count} of them ends in {year} or ended before",
                    "{count} of them end in {year} or ended before",
                    last,
                    lang,
                    year=year,
                )
                told.append(sentence_of(text))
    silent = len(sure) - len(ending)
    if silent:
        text = trn(
            "Of {count} funding granted or paid nobody stated the end: it is to be asked, to know what goes on "
            "afterwards",
            "Of {count} fundings granted or paid nobody stated the end: it is to be asked, to know what goes on "
            "afterwards",
            silent,
            lang,
        )
        told.append(sentence_of(text))
    return " ".join(told)


def _grid(f: Filiere, ending: pd.DataFrame, lang: str) -> Grid:
    carried, names = _jobs(f), f.actors["name"]
    rows: Rows = []
    for key, row in ending.to_dict("index").items():
        purpose = purpose_name(text_of(row["purpose"]), lang)
        funder = text_of(names.get(row["funder_id"])) or tr("Funder not stated", lang)
        amount = (
            quantity(row["amount_eur"], "€", lang) if known(row["amount_eur"]) else tr("amount unknown", lang)
        )
        rows.append(
            [
                Cell(str(int(row["until"])), strong=True),
                tr("{label}: {text}", lang, label=purpose, text=f"{funder} ({amount})"),
                text_of(names.get(row["beneficiary_id"])) or _perimeter(row["scope"], lang),
                _carries(f, row, carried, lang),
                _follows(f, str(key), row, lang) or tr("nothing known yet: to be asked", lang),
            ]
        )
    columns = [
        Column(tr("Last year", lang), weight=0.6),
        Column(tr("Money granted or paid", lang), weight=2.2),
        Column(tr("For", lang), weight=1.5),
        Column(tr("Jobs and posts known there", lang), weight=1.7),
        Column(tr("What is known to last longer", lang), weight=2.4),
    ]
    year = f.year if f.year is not None else latest_year(f.activities)
    title = tr("What ends when, and what lasts longer", lang)
    note = tr(
        "Jobs are those of the whole beneficiary, posts those of the whole perimeter: how many of them hang on this "
        "money is not stated.",
        lang,
    )
    if year is not None:
        note = tr("Jobs: {year}.", lang, year=year) + " " + note
    return Grid.of(title, columns, rows, note=note).filled()


def _perimeter(scope: Any, lang: str) -> str:
    if not known(scope) or scope == Scope.STRUCTURE.value:
        return tr("beneficiary not stated", lang)
    return label(scope, "scope", lang)


def _jobs(f: Filiere) -> pd.DataFrame:
    """Return the known jobs and insertion jobs of each actor, over its stages."""
    rows = current_activities(f)
    frame = pd.DataFrame({"actor_id": rows.frame["actor_id"].to_numpy()})
    for column in ("jobs_fte", "insertion_fte"):
        frame[column] = rows.values(column)
        frame[f"{column}_unknown"] = np.isnan(rows.values(column))
    groups = frame.groupby("actor_id", sort=False)
    sums = groups[["jobs_fte", "insertion_fte"]].sum(min_count=1)
    return sums.join(groups[["jobs_fte_unknown", "insertion_fte_unknown"]].sum())


def _carries(f: Filiere, row: dict[str, Any], jobs: pd.DataFrame, lang: str) -> str:
    """Return the jobs of the beneficiary, else the insertion jobs reached in the perimeter of the money."""
    if known(row["beneficiary_id"]) and row["beneficiary_id"] in jobs.index:
        one, fte = jobs.loc[row["beneficiary_id"]], unit_label("FTE", lang)
        if pd.isna(one["jobs_fte"]) and pd.isna(one["insertion_fte"]):
            return tr("unknown", lang)
        said = quantity(one["jobs_fte"], fte, lang)
        if one["jobs_fte_unknown"] and not pd.isna(one["jobs_fte"]):
            said = tr("at least {amount}", lang, amount=said)
        if pd.isna(one["insertion_fte"]):
            return said
        return f"{said}, " + tr(
            "of which insertion {amount}", lang, amount=number(one["insertion_fte"], lang)
        )
    if not known(row["scope"]) or row["scope"] == Scope.STRUCTURE.value:
        return ""
    results = [result_of(f, scope=row["scope"], unit=unit) for unit in JOB_UNITS]
    # few persons could be known: as in the figure of jobs they are not told
    shown = [one for one in results if one.unit != _PERSON or not 0 < one.reached < FEWEST_EXITS]
    return clauses([result_words(one, lang) for one in shown], lang)


def _follows(f: Filiere, key: str, row: dict[str, Any], lang: str) -> str:
    """Return what lasts longer for the same beneficiary or perimeter: other money, an agreement, a budget."""
    until, told = int(row["until"]), []
    rows = f.funding
    later = (rows["until"] > until).fillna(False) & (rows.index != key)
    if known(row["beneficiary_id"]):
        later &= rows["beneficiary_id"].eq(row["beneficiary_id"]).fillna(False)
    elif known(row["scope"]) and row["scope"] != Scope.STRUCTURE.value:
        later &= rows["scope"].eq(row["scope"]).fillna(False) & rows["beneficiary_id"].isna()
    else:
        later &= False
    for other in rows[later.to_numpy(bool)].to_dict("records"):
        state = state_words(text_of(other["state"]), lang).lower()
        text = tr("{purpose} ({state}) up to {year}", lang, state=state, year=int(other["until"]),
                  purpose=purpose_name(text_of(other["purpose"]), lang).lower())  # fmt: skip
        told.append(text)
    if known(row["beneficiary_id"]):
        last = _agreed_until(f, row["beneficiary_id"])
        if last is not None and last > until:
            told.append(tr("agreement up to {year}", lang, year=last))
    told += _budgets(f, row, until, lang)
    return enumeration(list(dict.fromkeys(told)), lang, limit=_SHOWN)


def _agreed_until(f: Filiere, actor: str) -> int | None:
    rows = f.agreements[f.agreements["actor_id"].eq(actor).to_numpy(bool)]
    ends = pd.to_datetime(rows["ends_on"]).dt.year
    years = pd.concat([rows["year"].astype("float64"), ends.astype("float64")]).dropna()
    return int(years.max()) if len(years) else None


def _budgets(f: Filiere, row: dict[str, Any], until: int, lang: str) -> list[str]:
    """Return the budgets of the same funder that last longer, may pay for the same, and are kept for no option."""
    rows = f.budgets
    if not known(row["funder_id"]) or rows.empty:
        return []
    mine = (
        rows["funder_id"].eq(row["funder_id"])
        & (rows["last_year"] > until).fillna(False)
        & rows["option_id"].isna()
    )
    told = []
    for budget in rows[mine.to_numpy(bool)].to_dict("records"):
        allowed = split_list(text_of(budget["purposes"]))
        if allowed and text_of(row["purpose"]) not in allowed:
            continue
        state = state_words(text_of(budget["state"]), lang).lower()
        told.append(
            tr("budget “{name}” ({state}) up to {year}", lang, name=text_of(budget["name"]), state=state,
               year=int(budget["last_year"]))
        )  # fmt: skip
    return told
