"""A workbook of every table behind the report: typed cells, frozen heads, filters, never a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.findings import FINDING_COLUMNS
from ..diagnosis.explanation import EXPLANATION_COLUMNS, column_titles
from ..diagnosis.result import INDICATOR_COLUMNS
from ..diagnosis.showing import PRIORITY_NAMES
from ..diagnosis.wording import known
from ..io.sheets import MOST_CHARACTERS, Book, shown_cell
from ..language import N_, tr
from ..problems import PROBLEM_COLUMNS
from ..schema import Column, Table, table, tables, unit_label
from ..vocabulary import label, labels
from .flow_tables import flow_tables
from .opening import scope_text
from .quality import aside_rows, severity_name

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = ["save_xlsx"]

#: Beyond so many rows the explanations stop, and say so: the tables themselves are whole.
MOST_EXPLAINED = 20_000
#: What Excel takes in a sheet, and for its name.
MOST_ROWS, _LONGEST_NAME = 1_000_000, 31
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: Signs that a program could take for a formula; such text is marked as text in the file.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class _Sheet:
    """A sheet before it is written: heads with their kind, rows, and what the contents say of it."""

    name: str
    about: str
    heads: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Any]]
    notes: Mapping[int, str] = field(default_factory=dict)


def save_xlsx(diagnosis: Diagnosis, path: Path) -> Path:
    """Write the workbook of a diagnostic (persons already masked)."""
    lang = diagnosis.lang
    sheets = [
        _indicators(diagnosis),
        _findings(diagnosis),
        *_flow_sheets(diagnosis),
        _explanations(diagnosis),
        _problems(diagnosis),
        _aside(diagnosis),
        *(_table(diagnosis, tables()[name]) for name in diagnosis.filiere),
    ]
    book = Book(path, lang=lang)
    # the same diagnostic gives the same file
    book.file.set_properties({"title": _text(diagnosis.filiere.name), "created": datetime(2000, 1, 1)})
    writer = _Writer(book)
    _, first = writer.add(tr("Contents", lang))
    entries = [(sheet, *writer.sheet(sheet)) for sheet in sheets]
    writer.contents(first, entries, diagnosis)
    book.close()
    return path


# -- what stands on the sheets ------------------------------------------------------------------------


def _indicators(diagnosis: Diagnosis) -> _Sheet:
    lang = diagnosis.lang
    titles = {
        "indicator_id": tr("Reference", lang), "name": tr("Indicator", lang), "scope": tr("Perimeter", lang),
        "value": tr("Value", lang), "low": tr("Low bound", lang), "high": tr("High bound", lang),
        "unit": tr("Unit", lang), "numerator": tr("Numerator", lang), "denominator": tr("Denominator", lang),
        "n_rows": tr("Rows", lang), "n_unknown": tr("Unknown", lang),
        "hypothesis_share": tr("Estimates and hypotheses", lang), "note": tr("To know", lang),
    }  # fmt: skip
    kinds = dict.fromkeys(("value", "low", "high", "numerator", "denominator"), "number")
    kinds |= {"n_rows": "integer", "n_unknown": "integer", "hypothesis_share": "share", "note": "long"}
    heads = [(titles[name], kinds.get(name, "text")) for name in INDICATOR_COLUMNS]
    frame = diagnosis.indicators
    frame["scope"] = [scope_text(value, lang) for value in frame["scope"]]
    frame["unit"] = [unit_label(value, lang) for value in frame["unit"]]
    about = tr("The figures of the report: NaN, shown as an empty cell, is unknown.", lang)
    return _Sheet(tr("Indicators", lang), about, heads, frame.itertuples(index=False))


_FINDING_TITLES = {
    "finding_id": N_("Identifier"), "kind": N_("Kind"), "severity": N_("Priority"), "stage_id": N_("Stage"),
    "to_stage_id": N_("To stage"), "actor_id": N_("Actor"), "to_actor_id": N_("To actor"),
    "group_id": N_("Group"), "material_id": N_("Material"), "year": N_("Year"), "quantity": N_("Quantity"),
    "unit": N_("Unit"), "jobs_at_stake_fte": N_("Insertion jobs at stake (FTE)"), "message": N_("Finding"),
    "n_rows": N_("Rows"), "n_unknown": N_("Unknown"), "hypothesis_share": N_("Estimates and hypotheses"),
}  # fmt: skip


def _findings(diagnosis: Diagnosis) -> _Sheet:
    lang = diagnosis.lang
    kinds = {"quantity": "number", "jobs_at_stake_fte": "number", "hypothesis_share": "share",
             "year": "year", "n_rows": "integer", "n_unknown": "integer", "message": "long"}  # fmt: skip
    order = ["finding_id", "severity", "message", *FINDING_COLUMNS]
    order = list(dict.fromkeys(order))
    frame = diagnosis.findings[order]
    kind_names = labels("finding_kind", lang)
    frame["kind"] = [kind_names.get(value, value) for value in frame["kind"]]
    frame["severity"] = [tr(PRIORITY_NAMES[value], lang) for value in frame["severity"]]
    frame["unit"] = [unit_label(value, lang) if known(value) else "" for value in frame["unit"]]
    heads = [(tr(_FINDING_TITLES[name], lang), kinds.get(name, "text")) for name in order]
    about = tr("The findings, by priority.", lang)
    return _Sheet(tr("Findings", lang), about, heads, frame.itertuples(index=False))


def _flow_sheets(diagnosis: Diagnosis) -> list[_Sheet]:
    tables_ = flow_tables(diagnosis.filiere, lang=diagnosis.lang)
    return [_Sheet(one.name, one.about, one.heads, one.rows) for one in tables_]


def _explanations(diagnosis: Diagnosis) -> _Sheet:
    lang = diagnosis.lang
    titles = column_titles(lang)
    kinds = {"row": "integer", "year": "year", "source_year": "year", "content": "long", "hypothesis": "long",
             "note": "long"}  # fmt: skip
    heads = [(tr("Figure or finding", lang), "text"), (tr("What it says", lang), "long")]
    heads += [(titles[name], kinds.get(name, "text")) for name in EXPLANATION_COLUMNS]
    rows: list[list[Any]] = []
    for identifier in [*diagnosis.measured, *diagnosis.found]:
        told = diagnosis.explain(identifier, most=MOST_EXPLAINED - len(rows))
        for row in told.rows.to_dict("records"):
            row["table"] = table(row["table"]).label(lang)
            row["confidence"] = label(row["confidence"] or None, "confidence", lang)
            row["confidentiality"] = label(row["confidentiality"] or None, "confidentiality", lang)
            rows.append([identifier, told.title, *(row[name] for name in EXPLANATION_COLUMNS)])
        if len(rows) >= MOST_EXPLAINED:
            break
    about = tr("The rows that each figure and each finding rests on, with their sources.", lang)
    if len(rows) >= MOST_EXPLAINED:
        about += " " + tr("Only the first ones: there are too many for a sheet that one reads.", lang)
    return _Sheet(tr("Provenance", lang), about, heads, rows)


def _problems(diagnosis: Diagnosis) -> _Sheet:
    lang = diagnosis.lang
    titles = {"code": tr("Code", lang), "severity": tr("Severity", lang), "table": tr("Table", lang),
              "sheet": tr("Sheet", lang), "row": tr("Row", lang), "column": tr("Column", lang),
              "value": tr("Value found", lang),
              "message": tr("What was found, and what to do", lang)}  # fmt: skip
    frame = diagnosis.filiere.problems
    frame["severity"] = [severity_name(value, lang) for value in frame["severity"]]
    kinds = {"row": "integer", "message": "long"}
    heads = [(titles[name], kinds.get(name, "text")) for name in PROBLEM_COLUMNS]
    about = tr("Everything that was found while reading the workbook.", lang)
    return _Sheet(tr("Problems", lang), about, heads, frame[PROBLEM_COLUMNS].itertuples(index=False))


def _aside(diagnosis: Diagnosis) -> _Sheet:
    lang = diagnosis.lang
    rows = [
        [
            row["table"],
            row["sheet"],
            int(row["row"]) if row["row"].isdigit() else None,
            row["reason"],
            row["content"],
        ]
        for row in aside_rows(diagnosis.filiere, lang=lang)
    ]
    heads = [(tr("Table", lang), "text"), (tr("Sheet", lang), "text"), (tr("Row", lang), "integer"),
             (tr("Reason", lang), "text"), (tr("Content of the row", lang), "long")]  # fmt: skip
    about = tr("The rows that could not be used, as they were written.", lang)
    return _Sheet(tr("Set aside", lang), about, heads, rows)


def _table(diagnosis: Diagnosis, home: Table) -> _Sheet:
    """Return a table of the filière: labels for terms, identifiers as they are, further columns last."""
    lang, frame = diagnosis.lang, diagnosis.filiere.table(home.name).reset_index()
    heads, columns, notes = [], [], {}
    internal = {column.name for column in home if column.internal}
    shown = [name for name in frame.columns if name not in internal]
    for place, name in enumerate(shown):
        column = home.columns.get(name)
        heads.append((str(name) if column is None else column.header(lang), _kind(column)))
        if column is not None:
            notes[place] = column.meaning(lang)
        columns.append([shown_cell(value, column, lang) for value in frame[name].astype(object)])
    about = home.meaning(lang)
    if internal:
        about += " " + tr("The scores that actors give one another are internal: they are left out.", lang)
    return _Sheet(home.label(lang), about, heads, list(zip(*columns, strict=True)), notes)


def _kind(column: Column | None) -> str:
    if column is not None and column.type in ("number", "share", "integer", "year", "date"):
        return column.type
    return "long" if column is not None and column.name in ("note", "hypothesis", "text") else "text"


# -- writing ------------------------------------------------------------------------------------------


class _Writer:
    """Writes sheets into a workbook, each cell by its type, in the style of our other workbooks."""

    _FORMATS = {"number": "#,##0.0##", "integer": "#,##0", "share": "0.0%", "year": "0", "date": "dd/mm/yyyy"}
    _WIDTHS = {"number": 12, "integer": 9, "share": 12, "year": 8, "date": 12, "long": 60, "text": 22}

    def __init__(self, book: Book) -> None:
        self.book = book
        self.styles = {kind: book.style(num_format=code) for kind, code in self._FORMATS.items()}
        self.styles |= {"text": book.style(), "long": book.style(text_wrap=True)}
        # still text after someone edits the cell and leaves it
        self.quoted = book.style(quote_prefix=True, text_wrap=True)
        self._names: set[str] = set()

    def add(self, name: str) -> tuple[str, Any]:
        """Add a sheet under a name that Excel takes and no other sheet has."""
        taken = self._name(name)
        return taken, self.book.sheet(taken)

    def _name(self, wanted: str) -> str:
        base = _NOT_IN_NAMES.sub(" ", _text(wanted)).strip("' ")[:_LONGEST_NAME] or "x"
        name, number = base, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{base[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
        self._names.add(name.casefold())
        return name

    def sheet(self, sheet: _Sheet) -> tuple[str, int]:
        """Write a sheet and return its name and its number of rows."""
        name, made = self.add(sheet.name)
        for place, (title, kind) in enumerate(sheet.heads):
            self.book.write(made, 0, place, _text(title), self.book.header_style())
            made.set_column(place, place, max(self._WIDTHS[kind], min(len(title) + 3, 24)))
            if place in sheet.notes:
                made.write_comment(0, place, _text(sheet.notes[place]), {"x_scale": 2})
        count = 0
        for count, row in enumerate(islice(sheet.rows, MOST_ROWS), 1):
            for place, value in enumerate(row):
                self.cell(made, count, place, value, sheet.heads[place][1])
        made.freeze_panes(1, 1)
        made.autofilter(0, 0, max(count, 1), max(len(sheet.heads) - 1, 0))
        _for_paper(made)
        made.repeat_rows(0)
        return name, count

    def cell(self, made: Any, row: int, place: int, value: Any, kind: str) -> None:
        """Write one cell by its kind; what is unknown is left empty."""
        if not known(value) or value == "":
            return
        if isinstance(value, str) or (isinstance(value, float) and math.isinf(value)):
            text = _text(value)
            style = (
                self.quoted if text.startswith(_FORMULA_SIGNS) else self.styles.get(kind, self.styles["text"])
            )
            self.book.write(made, row, place, text, style)
            return
        if kind == "number" and float(value).is_integer():
            kind = "integer"  # « 7, » is how Excel would show it in French
        number = value if isinstance(value, datetime) else float(value)
        self.book.write(made, row, place, number, self.styles[kind])

    def contents(self, made: Any, entries: list[tuple[_Sheet, str, int]], diagnosis: Diagnosis) -> None:
        """Write the first sheet: what the workbook is, and a link to each sheet."""
        lang = diagnosis.lang
        title = self.book.style(bold=True, font_size=16, font_color="#1F3A4D")
        self.cell(made, 0, 0, diagnosis.filiere.name or tr("Filière without a name", lang), "text")
        made.set_row(0, 24, title)
        self.cell(made, 1, 0, tr("Every table behind the report.", lang), "text")
        for place, head in enumerate((tr("Sheet", lang), tr("Rows", lang), tr("What it holds", lang))):
            self.book.write(made, 3, place, head, self.book.header_style())
        link = self.book.style(font_color="#0A4358", underline=1)
        for line, (sheet, name, count) in enumerate(entries, 4):
            quoted = name.replace("'", "''")
            made.write_url(line, 0, f"internal:'{quoted}'!A1", link, name)
            self.cell(made, line, 1, count, "integer")
            cut = tr("Only the first rows: a sheet holds no more.", lang) if count >= MOST_ROWS else ""
            self.cell(made, line, 2, f"{sheet.about} {cut}".strip(), "long")
        for place, width in enumerate((32, 9, 90)):
            made.set_column(place, place, width)
        made.hide_gridlines(2)
        _for_paper(made)
        made.activate()


def _for_paper(made: Any) -> None:
    made.set_landscape()
    made.set_paper(9)
    made.fit_to_pages(1, 0)


def _text(value: Any) -> str:
    """Return a text that a cell can hold."""
    text = _FORBIDDEN.sub("\ufffd", str(value))
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
