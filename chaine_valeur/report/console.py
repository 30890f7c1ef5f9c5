"""What the command line says of a workbook and of a diagnostic, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnosis.aside import cells_note
from ..diagnosis.wording import known, text_of
from ..language import number, tr, trn
from ..problems import SEVERITIES
from ..schema import table, tables
from .findings import by_priority
from .plan import past_years
from .quality import aside_rows, counted, severity_name

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from ..diagnosis import Diagnosis
    from ..filiere import Filiere
    from ..planning.candidates import Candidates
    from ..planning.plan import Plan

__all__ = [
    "aside_lines", "candidate_lines", "failures", "findings_line", "niche_lines", "plan_lines", "problem_lines",
]  # fmt: skip


def problem_lines(f: Filiere, *, lang: str) -> Iterator[str]:
    """Yield every problem, sheet by sheet in the order of the workbook, then how many there are."""
    problems = f.problems
    ranks = {name: place for place, name in enumerate(tables())}
    order = problems["table"].map(ranks).fillna(-1)
    for sheet, rows in (
        problems.assign(order=order).sort_values("order", kind="stable").groupby("sheet", sort=False)
    ):
        yield str(sheet) or tr("Workbook", lang)
        for row in rows.sort_values("row", kind="stable", na_position="first").to_dict("records"):
            place = [tr("row {row}", lang, row=row["row"])] if known(row["row"]) else []
            place += [text_of(row["column"])] if text_of(row["column"]) else []
            severity = severity_name(row["severity"], lang)
            yield f"  {' · '.join([severity, *place])}"
            yield f"    {row['message']}"
        yield ""
    yield f.name or tr("Filière without a name", lang)
    counts = [
        trn(
            "{table}: {count} row",
            "{table}: {count} rows",
            len(f.table(name)),
            lang,
            table=table(name).label(lang),
        )
        for name in f
    ]
    yield "  " + (", ".join(counts) or tr("no row", lang))
    yield counts_line(f, lang=lang)


def counts_line(f: Filiere, *, lang: str) -> str:
    """Return how many errors, things to look at and remarks there are, and what the errors cost."""
    severity = f.problems["severity"]
    if severity.empty:
        return tr("Nothing to correct.", lang)
    told = [counted(name, int((severity == name).sum()), lang) for name in SEVERITIES]
    out, cells = sum(map(len, f.set_aside.values())), sum(f.unknown_cells.values())
    if out:
        told.append(trn("{count} row set aside", "{count} rows set aside", out, lang))
    if cells:
        told.append(trn("{count} cell unreadable", "{count} cells unreadable", cells, lang))
    return ", ".join(told) + "."


def findings_line(diagnosis: Diagnosis, *, lang: str) -> str:
    """Return the name of the filière and how many findings of each priority there are."""
    findings = trn("{count} finding", "{count} findings", len(diagnosis.findings), lang)
    named = diagnosis.filiere.name or tr("Filière without a name", lang)
    told = by_priority(diagnosis.findings, lang)
    details = f" ({told})" if told else ""
    return tr("{label}: {text}", lang, label=named, text=f"{findings}{details}.")


def failures(diagnosis: Diagnosis) -> list[str]:
    """Return what is said of the checks and indicators that could not be run."""
    findings = diagnosis.findings
    return [str(message) for message in findings.loc[findings["kind"] == "check_failed", "message"]]


def aside_lines(f: Filiere, *, lang: str, most: int) -> Iterator[str]:
    """Yield what was left out: rows set aside with their reason, then cells that could not be read."""
    rows = aside_rows(f, lang=lang)
    if rows:
        yield ""
        yield trn("{count} row was set aside:", "{count} rows were set aside:", len(rows), lang)
        for row in rows[:most]:
            place = tr("{sheet}, row\u00a0{row}", lang, sheet=row["sheet"], row=row["row"])
            yield f"  {tr('{label}: {text}', lang, label=place, text=row['reason'])}"
        if len(rows) > most:
            yield "  " + trn("… and {count} other", "… and {count} others", len(rows) - most, lang)
    for name, count in f.unknown_cells.items():
        yield cells_note(name, count, lang=lang) + "."
    if rows or f.unknown_cells:
        yield tr("“chaine-valeur check” says what to correct.", lang)


def plan_lines(plan: Plan, *, on: date | None = None, lang: str) -> Iterator[str]:
    """Yield what a plan reaches, what it takes year by year, what it supposes, what it leaves and why."""
    yield from plan.notes(lang=lang)
    yield from filter(None, [past_years(plan, on, lang=lang), *plan.otherwise(lang=lang)])
    yield ""
    for year, rows in plan.chosen.groupby("decided_year", sort=True):  # over the few years
        yield str(year)
        for row in rows.to_dict("records"):
            units = f" × {row['units']}" if row["units"] > 1 else ""
            yield f"  {row['name']}{units}"
            yield f"    {row['reason']}"
    supposed = plan.assumptions(lang=lang)
    if supposed:
        yield ""
        yield tr("What the plan supposes:", lang)
        yield from (f"  {one}" for one in supposed)
    if len(plan.not_taken):
        yield ""
        yield tr("Not taken:", lang)
        for row in plan.not_taken.to_dict("records"):
            yield f"  {row['name']}"
            yield f"    {row['reason']}"


def candidate_lines(found: Candidates, f: Filiere, *, lang: str) -> Iterator[str]:
    """Yield candidates by stage, each with its reasons and what to ask, then how they were looked for."""
    for stage, rows in found.frame.groupby("stage_id", sort=False):  # over the few stages
        yield str(f.stages["name"].get(stage, stage))
        for row in rows.to_dict("records"):
            yield f"  {row['rank']}. {row['name']}"
            yield f"     {row['reasons']}"
            for title, column in (
                (tr("To be asked", lang), "missing"),
                (tr("To be watched", lang), "warning"),
            ):
                if known(row[column]) and row[column]:
                    yield "     " + tr("{label}: {text}", lang, label=title, text=row[column])
        yield ""
    if found.frame.empty:
        yield tr("Nobody was found.", lang)
    yield from found.notes


def niche_lines(frame: pd.DataFrame, *, lang: str) -> Iterator[str]:
    """Yield niches with their four marks and what is behind them."""
    marks = (("resource", tr("Resource", lang)), ("demand", tr("Outlet", lang)), ("skills", tr("Skills", lang)),
             ("insertion", tr("Insertion", lang)))  # fmt: skip
    for row in frame.to_dict("records"):
        yield str(row["name"])
        told = [
            f"{title} {number(row[name], lang, digits=2) if known(row[name]) else '?'}"
            for name, title in marks
        ]
        yield "  " + " · ".join(told)
        yield f"  {row['sentence']}"
    yield ""
    yield tr(
        "“?” is not known. Skills: nearness of the activity to those that the territory has already.", lang
    )
