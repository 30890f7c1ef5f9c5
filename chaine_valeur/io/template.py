"""The workbook that is handed out: headers, explanations, lists to choose from, a filled example.

The explanations stand above the headers and the example on a sheet of its own, so that nothing that is not
data is ever read as data, sorted with it or left in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ..errors import UnknownNameError
from ..filiere import Filiere
from ..language import check_language, tr
from ..problems import Problems
from ..schema import Column, Table, reference_targets, table, tables
from ..vocabulary import label
from .cells import Grid
from .files import writable_path
from .gather import gather
from .sheets import EXAMPLE, HELP, Book, shown_cell
from .template_example import example_rows
from .template_help import write_help
from .template_planning import planned_rows

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["write_template"]

FORMS = ("essential", "complete")
_ESSENTIAL = ("filiere", "essential_actors", "essential_links", "essential_groups")
_FILIERE_COLUMNS = ("name", "programme", "reference_year", "note")
#: What says how the chain should be; the complete form has recipes as well.
_CHAIN = ("stages", "stage_links", "materials")
#: Rows prepared for filling; further ones are read all the same.
_ROWS = 500
_HEADER_ROW = 1


@dataclass(frozen=True)
class _Sheet:
    """A sheet to fill: its table, the columns that it offers, the rows that it comes with."""

    home: Table
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]

    def place(self, column: str) -> int:
        """Return the place of a column on the sheet."""
        return [each.name for each in self.columns].index(column)


def write_template(
    path: str | os.PathLike[str], *, form: str = "essential", chain: Filiere | None = None, lang: str = "fr"
) -> Path:
    """Write an empty workbook to be filled in and read by `read_workbook`.

    Parameters
    ----------
    path
        The file to write; if it is open elsewhere another name is taken, and a `UserWarning` says so.
    form
        ``"essential"``: the filière and three sheets (Acteurs, Liens, Groupes) in which names are keys.
        ``"complete"``: a sheet per table of the model.
    chain
        A filière (such as one of `chaine_valeur.datasets`) whose expected chain is filled in beforehand:
        stages, expected passages, materials, with their sources; in the complete form recipes too.
    lang
        Language of sheets, headers, lists and explanations.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    UnknownNameError
        Another form.
    UnreadableFileError
        Nothing can be written there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(Path(folder) / "filière.xlsx").name
    'filière.xlsx'
    """
    check_language(lang)
    if form not in FORMS:
        raise UnknownNameError(f"form={form!r} is not one of {', '.join(FORMS)}")
    if chain is not None and not isinstance(chain, Filiere):
        raise TypeError("chain= takes a filière, such as chaine_valeur.datasets.load('lin_composite')")
    written = writable_path(path, lang=lang)
    book = Book(written, lang=lang)
    sheets = _sheets(form, chain, lang)
    write_help(book, book.sheet(tr(HELP, lang)), [(sheet.home, sheet.columns) for sheet in sheets], form=form)
    offered = _offered(book, sheets)
    for sheet in sheets:
        _write_sheet(book, book.sheet(sheet.home.label(lang)), sheet, offered)
    _write_example(book, book.sheet(tr(EXAMPLE, lang)), form)
    book.close()
    return written


def _sheets(form: str, chain: Filiere | None, lang: str) -> list[_Sheet]:
    """Return the sheets of a form, in order."""
    given = _chain_rows(chain, form, lang) if chain is not None else {}
    if form == "complete":
        return [_Sheet(home, list(home), given.get(name, ())) for name, home in tables().items()]
    sheets = []
    for name in _ESSENTIAL:
        columns = [table(name)[c] for c in _FILIERE_COLUMNS] if name == "filiere" else list(table(name))
        sheets.append(_Sheet(table(name), columns, ()))
    for name, rows in given.items():
        said = {column for row in rows for column, value in row.items() if value is not None}
        columns = [column for column in table(name) if column.name in said or column.compulsory]
        sheets.append(_Sheet(table(name), columns, rows))
    return sheets


def _chain_rows(chain: Filiere, form: str, lang: str) -> dict[str, list[dict[str, Any]]]:
    """Return table → rows of the expected chain, what they refer to given by name."""
    wanted = [*_CHAIN, *(["recipes"] if form == "complete" else [])]
    cited = {key for name in wanted for key in chain.table(name)["source_id"].dropna()}
    found: dict[str, list[dict[str, Any]]] = {}
    for name in [*wanted, "sources"]:
        home, frame = table(name), chain.table(name)
        frame = frame[frame.index.isin(cited)] if name == "sources" else frame
        if name == "recipes":  # an actor's own recipe says what is, not what is expected
            frame = frame[frame["actor_id"].isna()]
        rows = []
        for record in frame.reset_index().astype(object).to_dict("records"):
            cells = {c.name: shown_cell(record[c.name], c, lang) for c in home if c.name != home.key}
            rows.append({c: _called(chain, home[c], cell) for c, cell in cells.items()})
        if rows:
            found[name] = rows
    return found


def _called(chain: Filiere, column: Column, cell: Any) -> Any:
    """Return the name of what a cell refers to, where it has one of its own."""
    target = reference_targets(column)
    if target is None or cell is None or not table(target[0]).name_column:
        return cell
    names = chain.table(target[0])[table(target[0]).name_column]
    name = names.get(cell)
    return name if isinstance(name, str) and (names == name).sum() == 1 else cell


def _offered(book: Book, sheets: Iterable[_Sheet]) -> dict[str, str]:
    """Define, per table that can be referred to, the list of the names typed so far; return table → list."""
    found = {}
    sheets = list(sheets)
    asked = {
        target[0] for sheet in sheets for column in sheet.columns if (target := reference_targets(column))
    }
    for sheet in sheets:
        home = sheet.home
        name = "actors" if home.name == "essential_actors" else home.name
        if not home.name_column or name not in asked:
            continue
        place, first = sheet.place(home.name_column), _HEADER_ROW + 2
        letter, where = chr(65 + place), f"'{home.label(book.lang)}'!"
        start, cells = f"{where}${letter}${first}", f"{where}${letter}${first}:${letter}${first + 4 * _ROWS}"
        # down to the last name, whatever rows are blank above it
        last = f'SUMPRODUCT(MAX(({cells}<>"")*(ROW({cells})-{first - 1})))'
        book.file.define_name(f"liste_{name}", f"=OFFSET({start},0,0,MAX(1,{last}),1)")
        found[name] = f"liste_{name}"
    return found


def _write_sheet(book: Book, sheet: Worksheet, filled: _Sheet, offered: Mapping[str, str]) -> None:
    """Write explanations, headers, the rows that come with it, and the lists to choose from."""
    home, lines = filled.home, 1
    last = max(_ROWS, len(filled.rows) + 200) + _HEADER_ROW
    for place, column in enumerate(filled.columns):
        style, header = book.cell_style(column), column.header(book.lang)
        cells = [row.get(column.name) for row in filled.rows]
        width = max(book.width(column, header, [c for c in cells if isinstance(c, str)]), 16)
        sheet.set_column(place, place, width, style)
        lines = max(lines, len(wrap(column.meaning(book.lang), int(width * 1.1))))
        sheet.write_string(0, place, column.meaning(book.lang), book.help_style())
        sheet.write_string(_HEADER_ROW, place, header, book.header_style(compulsory=column.compulsory))
        for row, cell in enumerate(cells, start=_HEADER_ROW + 1):
            book.write(sheet, row, place, cell, style)
        target = reference_targets(column)
        source = offered.get(target[0], "") if target is not None else ""
        book.offer(sheet, column, place, (_HEADER_ROW + 1, last), source=source)
        _guard(book, sheet, column, place, (_HEADER_ROW + 1, last))
    sheet.set_row(0, min(12.5 * lines + 6, 160))
    sheet.set_row(_HEADER_ROW, 32)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.autofilter(_HEADER_ROW, 0, last, len(filled.columns) - 1)
    book.printed(sheet, head=_HEADER_ROW)
    sheet.set_tab_color("#A8430A" if home.name in _ESSENTIAL else "#1F3A4D")


def _guard(book: Book, sheet: Worksheet, column: Column, place: int, rows: tuple[int, int]) -> None:
    """Ask before text is typed where a number is needed: « env. 300 » could not be read."""
    if not (column.is_numeric or column.type == "year"):
        return
    low, high = (1800, 2200) if column.type == "year" else (column.minimum, column.maximum)
    low, high = (-1e12 if low is None else low), (1e12 if high is None else high)
    sheet.data_validation(
        rows[0], place, rows[1], place,
        {
            "validate": "decimal", "criteria": "between", "minimum": low, "maximum": high,
            "error_type": "warning",
            "error_title": tr("A number is expected", book.lang),
            "error_message": tr("Write the figure alone; leave the cell blank if it is unknown.", book.lang),
        },
    )  # fmt: skip


def _write_example(book: Book, sheet: Worksheet, form: str) -> None:
    """Write a filled example, a block per sheet, to be looked at or copied from."""
    lang = book.lang
    rows = example_rows(lang)
    blocks = rows if form == "essential" else _told_in_full(rows, lang)
    told = tr("An invented example, which is never read. Each block shows how a sheet is filled.", lang)
    sheet.write_string(0, 0, told, book.style(italic=True))
    sheet.set_column(0, 20, 25)
    row = 2
    for name, records in blocks.items():
        home = table(name)
        columns = [
            column for column in home if any(record.get(column.name) is not None for record in records)
        ]
        sheet.write_string(row, 0, home.label(lang), book.style(bold=True, font_size=14))
        for place, column in enumerate(columns):
            head = book.header_style(compulsory=column.compulsory)
            sheet.write_string(row + 1, place, column.header(lang), head)
            for below, record in enumerate(records, start=row + 2):
                cell = _example_cell(record.get(column.name), column, lang)
                shown: dict[str, Any] = {
                    "text_wrap": True,
                    "border": 1,
                    "border_color": "#B8C4CC",
                    "align": "left",
                }
                style = book.cell_style(column, **shown)
                sheet.write_blank(below, place, None, style)
                book.write(sheet, below, place, cell, style)
        for below, record in enumerate(records, start=row + 2):
            cells = [_example_cell(record.get(column.name), column, lang) for column in columns]
            sheet.set_row(below, 15.0 * max(len(wrap(str(cell), 24)) or 1 for cell in cells))
        row += len(records) + 4
    book.printed(sheet)


def _example_cell(value: Any, column: Column, lang: str) -> Any:
    if column.vocabulary == "link_kind" and value is not None:
        kind = "link_kind" if value == "flow" else "cooperation_kind"
        return label(str(value), kind, lang)
    return shown_cell(value, column, lang)


def _told_in_full(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], lang: str
) -> dict[str, list[dict[str, Any]]]:
    """Return the example as the full tables, those on what could be included, made by the reader itself."""
    grids = []
    for name, records in {**rows, **planned_rows(lang)}.items():
        home = table(name)
        cells = [[_example_cell(record.get(c.name), c, lang) for c in home] for record in records]
        blank = [["" if cell is None else cell for cell in line] for line in cells]
        grids.append(Grid.of(home.label(lang), [[c.header(lang) for c in home], *blank]))
    f = gather(grids, Problems(lang), strict=True, lang=lang)
    return {name: f.table(name).reset_index().astype(object).to_dict("records") for name in f}
