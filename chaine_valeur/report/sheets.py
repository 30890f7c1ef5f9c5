"""Sheets of a workbook that nobody has to trust: typed cells, frozen heads, filters, a table of contents, no formula."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from ..diagnosis.wording import known
from ..io.sheets import MOST_CHARACTERS, Book
from ..language import tr

__all__ = ["Sheet", "save_sheets"]

#: What Excel takes in a sheet, and for its name.
MOST_ROWS, _LONGEST_NAME = 1_000_000, 31
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: Signs that a program could take for a formula; such text is marked as text in the file.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A sheet before it is written: heads with their kind, rows, and what the contents say of it."""

    name: str
    about: str
    heads: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Any]]
    notes: Mapping[int, str] = field(default_factory=dict)


def save_sheets(sheets: Iterable[Sheet], path: Path, *, title: str, about: str, lang: str) -> Path:
    """Write a workbook of sheets behind a table of contents; the same sheets give the same file.

    Parameters
    ----------
    title, about
        What stands above the table of contents.
    """
    book = Book(path, lang=lang)
    book.file.set_properties({"title": _text(title), "created": datetime(2000, 1, 1)})
    writer = _Writer(book)
    _, first = writer.add(tr("Contents", lang))
    entries = [(sheet, *writer.sheet(sheet)) for sheet in sheets]
    writer.contents(first, entries, title=title, about=about, lang=lang)
    book.close()
    return path


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

    def sheet(self, sheet: Sheet) -> tuple[str, int]:
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

    def contents(
        self, made: Any, entries: list[tuple[Sheet, str, int]], *, title: str, about: str, lang: str
    ) -> None:
        """Write the first sheet: what the workbook is, and a link to each sheet."""
        large = self.book.style(bold=True, font_size=16, font_color="#1F3A4D")
        self.cell(made, 0, 0, title, "text")
        made.set_row(0, 24, large)
        self.cell(made, 1, 0, about, "text")
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
