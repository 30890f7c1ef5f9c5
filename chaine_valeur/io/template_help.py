"""The first sheet of the template: what to do, and every column of every sheet in one list."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from ..language import tr
from ..schema import Column, Table
from .sheets import Book

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["write_help"]

_WIDTHS = (24, 28, 13, 70, 62)


def write_help(
    book: Book, sheet: Worksheet, sheets: Sequence[tuple[Table, Sequence[Column]]], *, form: str
) -> None:
    """Write what to do, then the columns of the sheets with what may stand in them."""
    sheet.hide_gridlines(2)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, tr("Describe a filière", book.lang), book.style(bold=True, font_size=18))
    row = 2
    for number, step in enumerate(_steps(book.lang, form), start=1):
        sheet.merge_range(row, 0, row, 4, "", book.style(text_wrap=True))
        sheet.write_string(row, 0, f"{number}.  {step}", book.style(text_wrap=True))
        row += 1
    row = _write_heads(book, sheet, row + 1)
    for home, columns in sheets:
        row = _write_columns(book, sheet, row, home, columns)
    book.printed(sheet)


def _steps(lang: str, form: str) -> list[str]:
    steps = [
        tr("Fill the sheets in any order; leave blank what you do not know: blank means unknown, 0 a true zero.",
           lang),
        tr("Write a name everywhere as on the Actors sheet: it is the key. The lists offer the names typed so far.",
           lang),
        tr("Several entries in a cell are separated by “;”, the main one first.", lang),
        tr("Write a figure alone (1 234.5 or 12%); if it is rough, choose “Estimated” or “Hypothesis” under "
           "Confidence.", lang),
        tr("Write organisations, not people: columns with telephone numbers or e-mail addresses are not read.",
           lang),
        tr("Columns and sheets of your own may be added; titles and blank rows do no harm. The Example sheet is "
           "never read.", lang),
        tr("Then: chaine-valeur check FILE.xlsx lists what is to be corrected, chaine-valeur diagnose FILE.xlsx -o "
           "FOLDER writes the diagnostic. On Windows, write py -m chaine_valeur instead of chaine-valeur.", lang),
    ]  # fmt: skip
    if form == "essential":
        three = tr(
            "Three sheets are enough: the actors, their ties (flows of material and cooperations), the groups.",
            lang,
        )
        steps.insert(0, three)
    return steps


def _write_heads(book: Book, sheet: Worksheet, row: int) -> int:
    lang = book.lang
    heads = (tr("Sheet", lang), tr("Column", lang), tr("Compulsory", lang), tr("What to write", lang),
             tr("Choices", lang))  # fmt: skip
    for place, head in enumerate(heads):
        sheet.write_string(row, place, head, book.header_style())
    sheet.freeze_panes(row + 1, 0)
    return row + 1


def _write_columns(book: Book, sheet: Worksheet, row: int, home: Table, columns: Sequence[Column]) -> int:
    """Write the sheet and its columns from a row on; return the row that follows."""
    lang = book.lang
    bold = book.style(bold=True, bg_color="#EEF3F6", text_wrap=True)
    sheet.merge_range(row, 1, row, 4, "", bold)
    sheet.write_string(row, 0, home.label(lang), bold)
    sheet.write_string(row, 1, home.meaning(lang), bold)
    sheet.set_row(row, 18)
    for below, column in enumerate(columns, start=row + 1):
        must = tr("yes", lang) if column.compulsory else ""
        cells = ("", column.header(lang), must, column.meaning(lang), " ; ".join(book.choices(column)))
        for place, cell in enumerate(cells):
            sheet.write_string(below, place, cell, book.style(text_wrap=True))
        lines = max(len(wrap(cell, int(width * 1.1))) for cell, width in zip(cells, _WIDTHS, strict=True))
        sheet.set_row(below, 15.0 * max(lines, 1))
    return row + 1 + len(columns)
