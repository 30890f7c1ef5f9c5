"""The figure of jobs in words: its headings, what stands beside the bars, what is not shown, the whole of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..analysis.insertion import FEWEST_EXITS
from ..analysis.insertion.wording import about
from ..language import N_, check_language, clauses, enumeration, number, quantity, tr, trn
from ..schema import unit_label
from ..vocabulary import OutcomeUnit, Scope, label
from ._jobs_data import PARTS, JobsData

__all__ = [
    "heading_of",
    "jobs_alt_text",
    "jobs_words",
    "notes_of",
    "nothing_known",
    "result_label",
    "result_words",
]

_HEADINGS = {
    OutcomeUnit.POST.value: N_("Insertion posts"),
    OutcomeUnit.FTE.value: N_("Insertion FTE"),
    OutcomeUnit.PERSON.value: N_("Persons in insertion"),
}


def heading_of(unit: str, lang: str) -> str:
    """Return the heading of the results of one unit."""
    return tr(_HEADINGS[unit], lang)


def result_label(row: dict[str, Any], lang: str) -> str:
    """Return what a row of results is about: its perimeter, of structures their stage."""
    if row["scope"] != Scope.STRUCTURE.value:
        return label(row["scope"], "scope", lang)
    if pd.isna(row["stage_label"]):
        return tr("Structures without a stated stage", lang)
    return tr("Structures: {stage}", lang, stage=row["stage_label"])


def result_words(row: dict[str, Any], lang: str) -> str:
    """Return « ≥ 8 / 12 »: reached and expected; « … » where it is hidden, « – » without a target."""
    if row["is_masked"]:
        reached = "…"
    else:
        least = "≥\u202f" if row["n_unknown"] and not pd.isna(row["reached"]) else ""
        reached = least + number(row["reached"], lang)
    about = "≈\u202f" if row["is_approximate"] else ""
    target = "–" if pd.isna(row["target"]) else about + number(row["target"], lang)
    return f"{reached} / {target}"


def jobs_words(row: dict[str, Any], lang: str) -> str:
    """Return what is said of the jobs of a stage: « ≥ 13,5, dont insertion 2 »."""
    said = [f"{_least(row, 'jobs_fte')}{number(row['jobs_fte'], lang)}", *_insertion(row, lang)]
    return ", ".join(said) if not _nothing(row) else tr("unknown", lang)


def _insertion(row: dict[str, Any], lang: str) -> list[str]:
    """Return how many of the jobs are of insertion; nothing where nobody has any to tell."""
    if pd.isna(row["insertion_fte"]) and not row["insertion_fte_unknown"]:
        return []
    none_known = row["insertion_fte"] == 0 and row["insertion_fte_unknown"]  # « at least 0 » says nothing
    amount = "?" if none_known else f"{_least(row, 'insertion_fte')}{number(row['insertion_fte'], lang)}"
    return [tr("of which insertion {amount}", lang, amount=amount)]


def _least(row: dict[str, Any], part: str) -> str:
    return "≥\u202f" if row[f"{part}_unknown"] and not pd.isna(row[part]) else ""


def _nothing(row: dict[str, Any]) -> bool:
    return all(pd.isna(row[part]) for part in PARTS)


def notes_of(data: JobsData, lang: str) -> list[str]:
    """Return what the figure does not show, and how things are counted."""
    notes = []
    if data.n_left_out:
        notes.append(
            trn(
                "{count} other stage is not shown.",
                "{count} other stages are not shown.",
                data.n_left_out,
                lang,
            )
        )
    if data.n_empty:
        notes.append(
            trn(
                "{count} expected stage has no known active actor.",
                "{count} expected stages have no known active actor.",
                data.n_empty,
                lang,
            )
        )
    if data.results["scope"].eq(Scope.STRUCTURE.value).any():
        notes.append(tr("What a structure reached counts at its main stage.", lang))
    if data.results["is_masked"].any():
        count = number(FEWEST_EXITS, lang)
        notes.append(
            tr("“…”: hidden, so that no count under {count} persons can be read.", lang, count=count)
        )
    return notes


def jobs_alt_text(data: JobsData, lang: str = "fr") -> str:
    """Return the alternative text of the figure: jobs stage by stage, then results against targets.

    Parameters
    ----------
    data
        The frames behind the figure (`jobs_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    parts = []
    fte = unit_label("FTE", lang)
    if data.knows_jobs:
        heading = tr("Jobs by stage, in FTE", lang)
        known = [row for row in data.stages.to_dict("records") if not _nothing(row)]
        told = [
            tr("{label}: {text}", lang, label=row["stage_label"], text=_quantities(row, fte, lang))
            for row in known
        ]
        silent = [row["stage_label"] for row in data.stages.to_dict("records") if _nothing(row)]
        if silent:
            told.append(tr("unknown at {stages}", lang, stages=enumeration(silent, lang)))
        parts.append(tr("{heading}: {content}.", lang, heading=heading, content=clauses(told, lang)))
    else:
        parts.append(nothing_known(data, lang))
    for unit in dict.fromkeys(data.results["unit"]):
        rows = data.results[data.results["unit"] == unit].to_dict("records")
        told = [
            tr("{label}: {text}", lang, label=result_label(row, lang), text=result_sentence(row, lang))
            for row in rows
        ]
        parts.append(
            tr("{heading}: {content}.", lang, heading=heading_of(unit, lang), content=clauses(told, lang))
        )
    return " ".join(parts)


def _quantities(row: dict[str, Any], fte: str, lang: str) -> str:
    said = quantity(row["jobs_fte"], fte, lang) if not pd.isna(row["jobs_fte"]) else tr("jobs unknown", lang)
    if row["jobs_fte_unknown"] and not pd.isna(row["jobs_fte"]):
        said = tr("at least {amount}", lang, amount=said)
    return ", ".join([said, *_insertion(row, lang)])


def result_sentence(row: dict[str, Any], lang: str) -> str:
    """Return a result and its target in words."""
    if row["is_masked"]:
        reached = tr("reached: hidden", lang)
    elif pd.isna(row["reached"]):
        reached = tr("reached: unknown", lang)
    else:
        amount = number(row["reached"], lang)
        reached = tr("at least {amount}", lang, amount=amount) if row["n_unknown"] else amount
    if pd.isna(row["target"]):
        return tr("{reached}, no target stated", lang, reached=reached)
    target = about(row["target"], lang, approximate=row["is_approximate"])
    return tr("{reached}, for {target} expected", lang, reached=reached, target=target)


def nothing_known(data: JobsData, lang: str) -> str:
    """Return why no jobs can be drawn."""
    if data.stages.empty:
        return tr("No activity is described: who works at which stage is still to be asked.", lang)
    return trn(
        "No FTE is stated at the {count} stage that somebody holds: it is still to be asked.",
        "No FTE is stated at the {count} stages that somebody holds: they are still to be asked.",
        len(data.stages) + data.n_left_out,
        lang,
    )
