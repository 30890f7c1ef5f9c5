"""A folder of CSV files, one a table: read whatever program wrote them, written so that reading is exact."""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import UnreadableFileError
from ..filiere import Filiere
from ..language import check_language, enumeration, number, tr
from ..problems import Problems
from ..schema import Column, Table, table
from .cells import Grid, find_headers
from .files import decode_text, read_bytes, writable_path
from .gather import copied_tables, expected_names, gather, tables_called
from .sheets import shown_cell
from .workbook import headers_of

__all__ = ["csv_grid", "read_csv", "records", "separated", "text_cell", "write_csv"]

_SUFFIXES = {".csv", ".tsv"}
_SEPARATORS = (";", ",", "\t")
#: What a spreadsheet would run if a cell began with it; an apostrophe in front makes it text.
_FORMULA = re.compile(r"'*[=+\-@\t]")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?")


def read_csv(folder: str | os.PathLike[str], *, strict: bool = True, lang: str = "fr") -> Filiere:
    """Return the filière of a folder of CSV files, one a table: ``actors.csv`` or « Acteurs.csv ».

    Encodings (UTF-8 with or without mark, UTF-16, cp1252) and separators (``;`` ``,`` tab) are found out,
    file by file. Names of files and headers are those of the schema or of the sheets, in French or English.

    Parameters
    ----------
    folder
        The folder; files that are no CSV are passed over.
    strict
        Raise if a row or a cell cannot be used; otherwise set it aside and go on.
    lang
        Language of the messages.

    Returns
    -------
    Filiere
        Its ``problems`` name the file where a workbook would name the sheet.

    Raises
    ------
    UnreadableFileError
        No such folder, no file of a known name in it, or one that is no text.
    MissingTableError
        No file lists actors.
    ValidationError
        In strict mode.

    Examples
    --------
    >>> import tempfile
    >>> f = Filiere.from_tables(actors={"name": ["Relais"], "latitude": [49.5]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_csv(f, folder)
    ...     again = read_csv(folder)
    >>> again == f, [file.name for file in files]
    (True, ['actors.csv'])
    """
    check_language(lang)
    home = Path(folder)
    if not home.is_dir():
        message = (
            tr("“{file}” is a file: give the folder that holds the CSV files.", lang, file=home)
            if home.exists()
            else tr("The folder “{folder}” does not exist.", lang, folder=home)
        )
        raise UnreadableFileError(message)
    files = sorted(path for path in home.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
    if not any(_homes(path) for path in files):
        wanted = enumeration([f"{name}.csv" for name in expected_names(lang)], lang, limit=99)
        raise UnreadableFileError(
            tr("“{folder}” holds no file that is known. Those expected: {wanted}.", lang,
               folder=home, wanted=wanted)
        )  # fmt: skip
    grids = (csv_grid(path, lang=lang) for path in files if path.stat().st_size)
    return gather(grids, Problems(lang), strict=strict, lang=lang, unknown="unknown_file")


def _homes(path: Path) -> tuple[Table, ...]:
    """Return the tables that a file may hold, « Acteurs (2).csv » included."""
    return tables_called(path.stem) or copied_tables(path.stem)


def csv_grid(path: Path, *, lang: str) -> Grid:
    """Return the cells of a CSV file; those of one whose name means no table may be unreadable."""
    homes = _homes(path)
    try:
        text = decode_text(read_bytes(path, lang=lang), path, lang=lang)
        separator, text = separated(text, homes)
        rows = list(records(text, separator, file=path.name, lang=lang))
    except UnreadableFileError:
        if not homes:
            return _unread(path)
        raise
    grid = Grid.of(path.name, rows)
    return _with_types(grid, text, separator, homes)


def _unread(path: Path) -> Grid:
    """Return something of a file of another name that cannot be read: it is said, and no reason to stop."""
    return Grid(path.name, [["?"]], [1])


def separated(text: str, homes: Sequence[Table]) -> tuple[str, str]:
    """Return the separator of a file, and its text without the line by which Excel was told of it.

    The one under which most headers are known; otherwise the one that cuts the lines most evenly.
    """
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", first):
        return first[4], rest
    sample = text[:20_000]
    best = ";"
    most = (-1, -1)
    for separator in _SEPARATORS:
        rows = [row for row, _ in zip(records(sample, separator), range(40), strict=False)]
        found = find_headers(Grid.of("", rows), homes) if homes else None
        widths = [len(row) for row in rows if len(row) > 1]
        even = max(map(widths.count, widths), default=0)
        # under headers in one piece, what cuts the rows is no separator: « Nom », then « Tri, collecte et vente »
        score = (len(found.columns), even * (len(found.names) > 1)) if found else (0, even)
        if score > most:
            best, most = separator, score
    return best, text


def records(text: str, separator: str, *, file: str = "", lang: str = "fr") -> Iterator[list[str]]:
    """Yield the records of a file; cells that were guarded against being run are as they were.

    Raises
    ------
    UnreadableFileError
        A cell is longer than Python reads one: mostly a quote that nothing closes.
    """
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for row in reader:
            yield [cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell for cell in row]
            line = reader.line_num + 1
    except csv.Error:
        most = number(csv.field_size_limit(), lang)
        told = tr(
            "“{file}” cannot be read: a cell of the row that begins on line {line} holds more than {most} characters. "
            "If a quote that opens there is never closed, close it; otherwise shorten the text.",
            lang, file=file, line=line, most=most,
        )  # fmt: skip
        raise UnreadableFileError(told) from None


# -- columns of the user's own --------------------------------------------------------------------------


def _with_types(grid: Grid, text: str, separator: str, homes: Sequence[Table]) -> Grid:
    """Return the grid with numbers, dates and yes/no in the columns that the schema does not know.

    There a cell without quotes may be one; a cell in quotes is text, so that a postcode stays one.
    """
    headers = find_headers(grid, homes) if homes else None
    if headers is None:
        return grid
    rows = grid.rows[headers.first_row :]
    free = [place for place, name in enumerate(headers.names) if name not in headers.columns]
    kinds = {place: _kind([row[place] for row in rows if place < len(row)]) for place in free}
    typed = {place: kind for place, kind in kinds.items() if kind is not None}
    if not typed:
        return grid
    quoted = _quoted(text, separator) if '"' in text else {}
    for place in list(typed):
        if any(place in quoted.get(number, ()) for number in grid.numbers[headers.first_row :]):
            del typed[place]
    made = [list(row) for row in grid.rows]
    for row in made[headers.first_row :]:
        for place, kind in typed.items():
            if place < len(row) and row[place]:
                row[place] = kind(row[place])
    return Grid(grid.sheet, made, grid.numbers)


def _kind(cells: Sequence[str]) -> Any:
    """Return what makes values of all the cells of a column, or ``None`` if they are text."""
    given = [cell for cell in cells if cell]
    if not given:
        return None
    if set(given) <= {"true", "false"}:
        return lambda cell: cell == "true"
    for form, made in ((_NUMBER, float), (_DAY, datetime.fromisoformat)):
        if all(map(form.fullmatch, given)):
            try:
                return None if any(made(cell) == math.inf for cell in given) else made
            except ValueError:  # 2024-13-45
                return None
    return None


def _quoted(text: str, separator: str) -> dict[int, set[int]]:
    """Return record → the places of its cells that stand in quotes; the csv module does not tell."""
    sign = re.escape(separator)
    cell = re.compile(rf'("(?:[^"]|"")*"|[^{sign}\r\n]*)({sign}|\r\n|\r|\n|\Z)')
    found: dict[int, set[int]] = {}
    record, place, position = 1, 0, 0
    while position < len(text):
        match = cell.match(text, position)
        if match is None:  # a quote in the middle of a cell: what follows cannot be told
            return found
        if match[1].startswith('"'):
            found.setdefault(record, set()).add(place)
        position = match.end()
        record, place = (record, place + 1) if match[2] == separator else (record + 1, 0)
    return found


# -- writing --------------------------------------------------------------------------------------------


def write_csv(
    f: Filiere, folder: str | os.PathLike[str], *, separator: str = ";", lang: str | None = None
) -> list[Path]:
    """Write a filière as CSV files, one a table that has rows, and actors; `read_csv` reads them back the same.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist.
    separator
        ``;`` ``,`` or a tab.
    lang
        By default columns and terms are named as in the schema and numbers have a decimal point, for
        programs. With a language they are labels, for people who open them in Excel (with a decimal comma
        in French, and the mark by which Excel knows UTF-8).

    Returns
    -------
    list of pathlib.Path
        The files written. Text that a spreadsheet would run as a formula has an apostrophe in front.

    Raises
    ------
    UnreadableFileError
        Nothing can be written there.
    ValueError
        Another separator.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> f = Filiere.from_tables(actors={"name": ["Relais"]})
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_csv(f, folder)], read_csv(folder) == f
    (['actors.csv'], True)
    """
    if separator not in _SEPARATORS:
        raise ValueError(f"separator={separator!r} is not one of ';', ',' and tab")
    spoken = check_language(lang) if lang is not None else "fr"
    written = []
    for name in f if "actors" in f else ("actors", *f):  # a reader asks for it, even without rows
        home, frame = table(name), f.table(name).reset_index()
        headers = headers_of(home, frame, lang) if lang else _machine_headers(home, frame)
        path = writable_path(Path(folder) / f"{home.label(lang) if lang else name}.csv", lang=spoken)
        with path.open("w", encoding="utf-8-sig" if lang else "utf-8", newline="") as stream:
            stream.write(separator.join(map(text_cell, headers.values(), [separator] * len(headers))) + "\n")
            for row in zip(
                *(_cells(frame, column, home, separator, lang) for column in headers), strict=True
            ):
                stream.write(separator.join(row) + "\n")
        written.append(path)
    return written


def _machine_headers(home: Table, frame: Any) -> dict[str, str]:
    """Return column → header: names of the schema, those of the user's own marked where they could be one."""
    labelled = headers_of(home, frame, "fr")
    return {name: name if name in home.columns else header for name, header in labelled.items()}


def _cells(frame: Any, name: str, home: Table, separator: str, lang: str | None) -> Iterable[str]:
    column = home.columns.get(name)
    if name not in frame:
        return [""] * len(frame)
    values = frame[name].astype(object).tolist()
    return [_written(shown_cell(value, column, lang), column, separator, lang) for value in values]


def _written(value: Any, column: Column | None, separator: str, lang: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if lang == "fr" and column is not None and value == datetime(value.year, value.month, value.day):
            return value.strftime("%d/%m/%Y")
        return value.isoformat() if value.time() != datetime.min.time() else value.date().isoformat()
    if isinstance(value, str):
        free = column is None and _kind([value]) is not None
        return text_cell(value, separator, quoted=free)
    number = repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    number = number.replace(".", ",") if lang == "fr" and column is not None else number
    return f'"{number}"' if separator in number else number


def text_cell(text: str, separator: str, *, quoted: bool = False) -> str:
    """Return a text as it stands in a CSV file: in quotes where it must be, guarded against being run."""
    text = f"'{text}" if _FORMULA.match(text) else text
    quoted = quoted or any(sign in text for sign in (separator, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if quoted else text
