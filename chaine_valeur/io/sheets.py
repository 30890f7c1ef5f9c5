"""How our workbooks look and behave: cells as text where they are text, lists to choose from, no formula.

The writers of the workbook and of the template share these styles, so that a file handed back looks like
the one that was handed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import LANGUAGES, N_, tr
from ..schema import DOUBT, Column
from ..text import fold, split_list
from ..vocabulary import label, labels

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["ASIDE", "EXAMPLE", "HELP", "LISTS", "Book", "is_ours", "shown_cell"]

#: Sheets of our own making, which no reader takes for data.
HELP, EXAMPLE, LISTS, ASIDE = N_("How to use"), N_("Example"), N_("Lists"), N_("Rows set aside")

_INK, _PAPER, _PALE, _LINE = "#1F3A4D", "#FFFFFF", "#EEF3F6", "#B8C4CC"
_COMPULSORY = "#A8430A"
#: What Excel holds in a cell; longer text is cut, and said.
MOST_CHARACTERS = 32_767
_FIRST_DAY = datetime(1900, 3, 1)
_WIDTHS = {
    "id": 24,
    "text": 28,
    "list": 30,
    "category": 22,
    "siret": 18,
    "naf": 10,
    "rome": 10,
    "commune": 14,
}


def is_ours(sheet: str) -> bool:
    """Return whether a sheet is one of ours that holds no data, in any language: help, lists, examples."""
    folded = fold(sheet)
    names = {fold(tr(name, lang)) for name in (HELP, EXAMPLE, LISTS, ASIDE) for lang in LANGUAGES}
    examples = tuple(f"{fold(tr(EXAMPLE, lang))} " for lang in LANGUAGES)
    return folded in names or folded.startswith(examples)


def shown_cell(value: Any, column: Column | None, lang: str | None) -> Any:
    """Return a value as it is written: terms as labels of the language (as stored without one), lists spread.

    Returns
    -------
    str, float, bool, datetime or None
        ``None`` for what is unknown; a sign of doubt where a blank would claim something when read again.
    """
    if value is None:
        return None
    if value is pd.NA or value != value:
        return DOUBT if column is not None and column.claims else None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if column is None or lang is None:
        return value
    if column.type == "boolean":
        return tr("yes", lang) if value else tr("no", lang)
    if column.type == "category" and column.terms is not None:
        return _spelled(str(value), column.vocabulary, lang)
    if column.type == "list":
        return _spelled(str(value), column.vocabulary if column.terms else "", lang)
    return value


@lru_cache(maxsize=4096)
def _spelled(value: str, vocabulary: str, lang: str) -> str:
    """Return a term, or several, as their labels; a column has few distinct ones."""
    entries = split_list(value)
    return (
        " ; ".join(label(entry, vocabulary, lang) for entry in entries) if vocabulary else " ; ".join(entries)
    )


class Book:
    """A workbook being written: its styles, its hidden lists, and cells that stay what they are."""

    def __init__(self, path: Path, *, lang: str) -> None:
        import xlsxwriter
        from xlsxwriter.worksheet import Worksheet

        class Exact(Worksheet):
            """A sheet whose numbers keep all their digits: xlsxwriter writes sixteen, some floats need more."""

            def _xml_number_element(self, number: float, attributes: Sequence[Any] = ()) -> None:
                written = "".join(f' {name}="{value}"' for name, value in attributes)
                self.fh.write(f"<c{written}><v>{float(number)!r}</v></c>")

        self.lang = lang
        self.cut = 0
        self._sheet_class = Exact
        self.file: Workbook = xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet."""
        return self.file.add_worksheet(name, worksheet_class=self._sheet_class)

    def style(self, **properties: Any) -> Format:
        """Return a format, made once."""
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top", **properties}
        key = tuple(sorted(base.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(base)
        return self._formats[key]

    def header_style(self, *, compulsory: bool = False) -> Format:
        """Return the style of a header; a column that must be filled has a colour of its own."""
        return self.style(
            bold=True, font_color=_PAPER, bg_color=_COMPULSORY if compulsory else _INK, border=1,
            border_color=_LINE, text_wrap=True, valign="vcenter",
        )  # fmt: skip

    def help_style(self, **properties: Any) -> Format:
        """Return the style of what explains."""
        return self.style(
            italic=True,
            font_size=9,
            font_color="#44525C",
            bg_color=_PALE,
            text_wrap=True,
            right=1,
            right_color=_LINE,
            **properties,
        )

    def cell_style(self, column: Column | None, *, dates: bool = False, **properties: Any) -> Format:
        """Return the style of the cells of a column: codes as text, so that Excel keeps their zeros.

        ``dates`` says that a column of the user's own holds dates.
        """
        if dates:
            day = "dd/mm/yyyy hh:mm:ss" if self.lang == "fr" else "yyyy-mm-dd hh:mm:ss"
            return self.style(num_format=day, align="left", **properties)
        if column is None or column.type in ("text", "list", "category"):
            return self.style(**properties)
        if column.type in ("id", "siret", "naf", "rome", "commune"):
            return self.style(num_format=49, **properties)  # text
        if column.type == "date":
            day = "dd/mm/yyyy" if self.lang == "fr" else "yyyy-mm-dd"
            return self.style(**{"num_format": day, "align": "left", **properties})
        if column.type == "share":
            return self.style(num_format="0.0%", **properties)
        if column.type in ("year", "integer"):
            return self.style(**{"num_format": "0", "align": "center", **properties})
        return self.style(num_format="General", **properties)

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, style: Format | None = None) -> None:
        """Write a cell: text is text whatever it begins with, a number is a number."""
        if value is None:
            return
        if isinstance(value, str):
            if len(value) > MOST_CHARACTERS:
                value, self.cut = value[: MOST_CHARACTERS - 1] + "…", self.cut + 1
            sheet.write_string(row, column, value, style)
        elif isinstance(value, datetime) and value >= _FIRST_DAY:
            sheet.write_datetime(row, column, value, style)
        elif isinstance(value, datetime):
            sheet.write_string(row, column, value.isoformat(), style)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        else:
            sheet.write_number(row, column, value, style)

    def printed(self, sheet: Worksheet, *, head: int | None = None) -> None:
        """Set a sheet up for paper: A3 across, its columns on one page, its row of headers on each."""
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        if head is not None:
            sheet.repeat_rows(head)
        sheet.set_footer("&L&A&R&P / &N")

    def width(self, column: Column | None, header: str, texts: Iterable[str] = ()) -> float:
        """Return how wide a column is, for its header and for most of what stands in it."""
        longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
        usual = _WIDTHS.get(column.type, 14) if column is not None else 16
        words = max((len(word) for word in header.split()), default=0)
        return float(min(max(words + 3, min(longest + 2, 48), 10), 60) if longest else max(usual, words + 3))

    def choices(self, column: Column) -> list[str]:
        """Return the words to choose among in a column, none if it is free."""
        if column.type == "boolean":
            return [tr("yes", self.lang), tr("no", self.lang)]
        if column.vocabulary == "link_kind":
            return [*labels("link_kind", self.lang).values(), *labels("cooperation_kind", self.lang).values()]
        return list(labels(column.vocabulary, self.lang).values()) if column.vocabulary else []

    def offer(
        self, sheet: Worksheet, column: Column, place: int, rows: tuple[int, int], *, source: str = ""
    ) -> None:
        """Offer a list to choose from in some rows of a column: of the vocabulary, or of `source`.

        Other text than that of the list is allowed where several entries may stand in one cell, and after a
        question everywhere else.
        """
        words = self.choices(column)
        source = source or (self._list(tuple(words)) if words else "")
        if not source:
            return
        several = column.type == "list"
        sheet.data_validation(
            rows[0], place, rows[1], place,
            {
                "validate": "list", "source": f"={source}", "error_type": "warning", "show_error": not several,
                "error_title": tr("Not in the list", self.lang),
                "error_message": tr("Choose one of the words of the list, or it will not be understood.",
                                    self.lang),
            },
        )  # fmt: skip

    def _list(self, words: tuple[str, ...]) -> str:
        """Return the range of the hidden sheet that holds some words."""
        if words not in self._lists:
            column = len(self._lists)
            letters = chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)
            name = tr(LISTS, self.lang)
            self._lists[words] = f"'{name}'!${letters}$1:${letters}${len(words)}"
        return self._lists[words]

    def close(self) -> None:
        """Write the hidden lists and the file."""
        if self._lists:
            hidden = self.sheet(tr(LISTS, self.lang))
            for column, words in enumerate(self._lists):
                for row, word in enumerate(words):
                    hidden.write_string(row, column, word)
            hidden.hide()
        self.file.close()
