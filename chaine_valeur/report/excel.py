"""A workbook of every table behind the report: typed cells, frozen heads, filters, never a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.findings import FINDING_COLUMNS
from ..diagnosis.explanation import EXPLANATION_COLUMNS, column_titles
from ..diagnosis.result import INDICATOR_COLUMNS
from ..diagnosis.showing import PRIORITY_NAMES
from ..diagnosis.wording import known
from ..language import N_, tr
from ..problems import PROBLEM_COLUMNS
from ..schema import Column, Table, table, tables, unit_label
from ..text import split_list
from ..vocabulary import label
from .opening import scope_text
from .quality import aside_rows, severity_name

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = ["save_xlsx"]

#: Beyond so many rows the explanations stop, and say so: the tables themselves are whole.
MOST_EXPLAINED = 20_000
#: What Excel takes in a cell, and for the name of a sheet.
_LONGEST, _LONGEST_NAME = 32_767, 31
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
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "nan_inf_to_errors": False, "default_date_format": "dd/mm/yyyy"}  # fmt: skip
    sheets = [
        _indicators(diagnosis),
        _findings(diagnosis),
        _explanations(diagnosis),
        _problems(diagnosis),
        _aside(diagnosis),
        *(_table(diagnosis, home) for name, home in tables().items() if len(diagnosis.filiere.table(name))),
    ]
    lang = diagnosis.lang
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({
            "title": _text(diagnosis.filiere.name), "author": "chaine_valeur",
            # the same diagnostic gives the same file
            "created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        })  # fmt: skip
        writer = _Writer(book)
        contents = book.add_worksheet(tr("Contents", lang))
        entries = [(sheet, *writer.sheet(sheet)) for sheet in sheets]
        writer.contents(contents, entries, diagnosis)
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
    kinds |= {"n_rows": "integer", "n_unknown": "integer", "hypothesis_share": "share"}
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
    frame["severity"] = [tr(PRIORITY_NAMES[value], lang) for value in frame["severity"]]
    frame["unit"] = [unit_label(value, lang) if known(value) else "" for value in frame["unit"]]
    heads = [(tr(_FINDING_TITLES[name], lang), kinds.get(name, "text")) for name in order]
    about = tr("The findings, by priority.", lang)
    return _Sheet(tr("Findings", lang), about, heads, frame.itertuples(index=False))


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
    for place, name in enumerate(frame.columns):
        values = frame[name].tolist()
        if name not in home.columns:
            heads.append((str(name), "text"))
            columns.append([str(value) if known(value) else None for value in values])
            continue
        column = home[name]
        heads.append((column.header(lang), _kind(column)))
        notes[place] = column.meaning(lang)
        columns.append([_plain(value, column, lang) for value in values])
    return _Sheet(home.label(lang), home.meaning(lang), heads, list(zip(*columns, strict=True)), notes)


def _kind(column: Column) -> str:
    if column.type in ("number", "share", "integer", "year", "date"):
        return column.type
    return "long" if column.name in ("note", "hypothesis", "text") else "text"


def _plain(value: Any, column: Column, lang: str) -> Any:
    """Return a cell of a table with its terms in words."""
    if not known(value):
        return None
    if column.type == "boolean":
        return tr("yes", lang) if value else tr("no", lang)
    if column.terms:
        entries = split_list(value) if column.type == "list" else [value]
        return " ; ".join(label(entry, column.vocabulary, lang) for entry in entries)
    return value


# -- writing ------------------------------------------------------------------------------------------


class _Writer:
    """Writes sheets into a workbook, each cell by its type."""

    _FORMATS = {"number": "#,##0.###", "integer": "#,##0", "share": "0.0%", "year": "0", "date": "dd/mm/yyyy"}
    _WIDTHS = {"number": 12, "integer": 9, "share": 12, "year": 8, "date": 12, "long": 60, "text": 22}

    def __init__(self, book: Any) -> None:
        self.book = book
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
        self.head = book.add_format(
            {**base, "bold": True, "bg_color": "#E4EEF1", "bottom": 2, "text_wrap": True}
        )
        self.title = book.add_format({**base, "bold": True, "font_size": 16, "font_color": "#0A4358"})
        self.link = book.add_format({**base, "font_color": "#0A4358", "underline": 1})
        # quote_prefix: still text after someone edits the cell and leaves it
        self.quoted = book.add_format({**base, "quote_prefix": True, "text_wrap": True})
        self.formats = {
            kind: book.add_format({**base, "num_format": code}) for kind, code in self._FORMATS.items()
        }
        self.formats |= {"text": book.add_format(base), "long": book.add_format({**base, "text_wrap": True})}
        self._names: set[str] = set()

    def sheet(self, sheet: _Sheet) -> tuple[str, int]:
        """Write a sheet and return its name and its number of rows."""
        name = self._name(sheet.name)
        made = self.book.add_worksheet(name)
        for place, (title, kind) in enumerate(sheet.heads):
            self.write(made, 0, place, title, self.head)
            made.set_column(place, place, max(self._WIDTHS[kind], min(len(title) + 3, 24)))
            if place in sheet.notes:
                made.write_comment(0, place, _text(sheet.notes[place]), {"x_scale": 2})
        count = 0
        for count, row in enumerate(sheet.rows, 1):
            for place, value in enumerate(row):
                self.cell(made, count, place, value, sheet.heads[place][1])
        made.freeze_panes(1, 1)
        made.autofilter(0, 0, max(count, 1), max(len(sheet.heads) - 1, 0))
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.repeat_rows(0)
        return name, count

    def cell(self, made: Any, row: int, place: int, value: Any, kind: str) -> None:
        """Write one cell by its kind; what is unknown is left empty."""
        if not known(value) or value == "":
            return
        if isinstance(value, float) and math.isinf(value):
            value = str(value)
        if kind == "date" and hasattr(value, "to_pydatetime"):
            made.write_datetime(row, place, value.to_pydatetime(), self.formats["date"])
        elif kind in self._FORMATS and not isinstance(value, str):
            made.write_number(row, place, float(value), self.formats[kind])
        else:
            self.write(made, row, place, value, self.formats[kind if kind == "long" else "text"])

    def write(self, made: Any, row: int, place: int, value: Any, form: Any) -> None:
        """Write text as text, whatever it looks like."""
        text = _text(value)
        made.write_string(row, place, text, self.quoted if text.startswith(_FORMULA_SIGNS) else form)

    def contents(self, made: Any, entries: list[tuple[_Sheet, str, int]], diagnosis: Diagnosis) -> None:
        """Write the first sheet: what the workbook is, and a link to each sheet."""
        lang = diagnosis.lang
        named = diagnosis.filiere.name or tr("Filière without a name", lang)
        self.write(made, 0, 0, named, self.title)
        self.write(made, 1, 0, tr("Every table behind the report.", lang), self.formats["text"])
        for place, title in enumerate((tr("Sheet", lang), tr("Rows", lang), tr("What it holds", lang))):
            self.write(made, 3, place, title, self.head)
        for line, (sheet, name, count) in enumerate(entries, 4):
            quoted = name.replace("'", "''")
            made.write_url(line, 0, f"internal:'{quoted}'!A1", self.link, name)
            made.write_number(line, 1, count, self.formats["integer"])
            self.write(made, line, 2, sheet.about, self.formats["long"])
        made.set_column(0, 0, 32)
        made.set_column(1, 1, 9)
        made.set_column(2, 2, 90)
        made.hide_gridlines(2)
        made.activate()

    def _name(self, wanted: str) -> str:
        """Return a name that Excel takes and no other sheet has."""
        base = _NOT_IN_NAMES.sub(" ", _text(wanted)).strip("' ")[:_LONGEST_NAME] or "x"
        name, number = base, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{base[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
        self._names.add(name.casefold())
        return name


def _text(value: Any) -> str:
    text = _FORBIDDEN.sub("\ufffd", str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
