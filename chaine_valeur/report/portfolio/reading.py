"""What was read of a portfolio, and what could not be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ...language import clauses, date_text, number, tr, trn
from ..blocks import Block, Column, Grid, Paragraph, Section

if TYPE_CHECKING:
    from .view import View

__all__ = ["MOST_FAILURES", "portfolio_facts", "portfolio_notices", "reading_section"]

#: Failures told on the page; the workbook has them all.
MOST_FAILURES = 40


def portfolio_facts(view: View, *, on: date | None) -> tuple[tuple[str, str], ...]:
    """Return what stands under the title: how many filières and territories, which years, the date."""
    entries, lang = view.entries, view.lang
    years, places = entries["year"].dropna(), entries["territory_id"].nunique()
    told = [
        (tr("Filières", lang), number(len(entries), lang)),
        (tr("Territories", lang), number(places, lang) if places else ""),
        (
            tr("Years", lang),
            ""
            if years.empty
            else f"{years.min()}"
            if years.nunique() == 1
            else f"{years.min()}–{years.max()}",
        ),
        (tr("Date of the report", lang), date_text(on, lang) if on else ""),
    ]
    return tuple((name, value) for name, value in told if value)


def portfolio_notices(view: View) -> tuple[str, ...]:
    """Return what a reader must know before anything else."""
    lang, failed = view.lang, len(view.portfolio.failures)
    told = [
        tr("Internal version: nothing has been left out for an audience. Do not pass it on as it is.", lang)
    ]
    if failed:
        told.append(
            trn(
                "{count} filière could not be read and is in no figure: see “What was read”.",
                "{count} filières could not be read and are in no figure: see “What was read”.",
                failed,
                lang,
            )
        )
    return tuple(told)


def reading_section(view: View) -> Section:
    """Return what was read: filières, years, rows set aside; and what failed, with its reason."""
    lang, entries = view.lang, view.entries
    count = trn("{count} filière was read", "{count} filières were read", len(entries), lang)
    places = entries["territory_id"].nunique()
    names = entries["name"].nunique()
    about = [
        count,
        trn("{count} territory", "{count} territories", places, lang) if places else "",
        trn("{count} name of filière", "{count} names of filière", names, lang) if names > 1 else "",
        trn("{count} actor as listed", "{count} actors as listed", int(entries["n_actors"].sum()), lang),
    ]
    blocks: list[Block] = [Paragraph(clauses(about, lang) + ".", "lead")]
    older = len(view.portfolio.codes) - len(entries)
    if older:
        blocks.append(
            Paragraph(
                trn(
                    "{count} entry is an earlier year of one of these filières: it is in no total, as quantities of two "
                    "years are never added.",
                    "{count} entries are earlier years of these filières: they are in no total, as quantities of two "
                    "years are never added.",
                    older,
                    lang,
                )
            )
        )
    aside, refused = int(entries["n_set_aside"].sum()), int(entries["n_unknown"].sum())
    if aside or refused:
        told = [
            trn("{count} row was set aside", "{count} rows were set aside", aside, lang) if aside else "",
            trn("{count} cell counts as unknown", "{count} cells count as unknown", refused, lang)
            if refused
            else "",
        ]
        blocks.append(Paragraph(clauses(told, lang) + ".", "note"))
    return Section("read", tr("What was read", lang), (*blocks, *_failures(view)))


def _failures(view: View) -> tuple[Block, ...]:
    failures, lang = view.portfolio.failures, view.lang
    if failures.empty:
        return (Paragraph(tr("Everything that was found could be read.", lang), "note"),)
    rows = failures.head(MOST_FAILURES).astype("object").fillna("")
    note = ""
    if len(failures) > MOST_FAILURES:
        note = tr(
            "The first {count} of {total}: the workbook has them all.", lang,
            count=number(MOST_FAILURES, lang), total=number(len(failures), lang),
        )  # fmt: skip
    columns = [
        Column(tr("File", lang), weight=1.4),
        Column(tr("Code", lang)),
        Column(tr("What was found, and what to do", lang), weight=3.0),
    ]
    told = [
        [str(row["source"]), str(row["filiere_code"]), str(row["message"])] for row in rows.to_dict("records")
    ]
    grid = Grid.of(tr("What could not be read", lang), columns, told, note=note).filled()
    return (grid,)
