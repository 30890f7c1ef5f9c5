"""From a grid of cells, as people lay it out, to a raw table of the schema.

The row of headers is found wherever it stands: under a title, beside blank columns, over two merged rows.
Everything that is not a header of the model is said, and kept, contact details excepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from ..errors import close_names
from ..language import tr
from ..parse import EXCEL_ERRORS, cell_text, parse_number
from ..problems import Problems
from ..schema import Table, is_contact, table
from ..table_state import RawTable
from ..text import TOTAL

__all__ = [
    "Grid",
    "Headers",
    "OUTSIDE_MODEL",
    "find_headers",
    "free_header",
    "nameless_header",
    "raw_of",
    "raw_of_frame",
    "unique_headers",
]

#: Rows that hold something, among which the headers are looked for.
_TITLE_ROWS = 30
_MOST_TOTAL = 40
#: « Tonnage 2024 », « Quantité (2024) ».
_DATED = re.compile(r"(?P<base>.*\w.*?)[\s(_-]+(?P<year>(?:19|20)\d\d)\)?")
#: Behind a header of the writer's: this column is not that of the model, whatever its name.
OUTSIDE_MODEL = {"fr": " [hors modèle]", "en": " [outside the model]"}

#: Shorthand → the full tables whose columns may stand on its sheet too, without those that it fills itself.
COMPANIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "essential_actors": {"actors": (), "activities": ("activity_id", "actor_id", "stage_id", "note")},
    "essential_links": {"flows": ("flow_id",), "cooperations": ("cooperation_id", "actor_id", "to_actor_id")},
    "essential_groups": {"memberships": ("membership_id", "group_id"), "groups": ("name", "referent_id")},
}


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet or file: the rows that hold something, and how Excel numbers them."""

    sheet: str
    rows: list[list[Any]] = field(repr=False)
    numbers: list[int] = field(repr=False)

    @classmethod
    def of(
        cls,
        sheet: str,
        rows: Iterable[list[Any]],
        *,
        failed: Mapping[int, Mapping[int, str]] | None = None,
    ) -> Grid:
        """Return the grid of all rows of a sheet, blank ones left out; ``failed`` puts texts into cells."""
        kept: list[list[Any]] = []
        numbers: list[int] = []
        for number, row in enumerate(rows, start=1):
            if failed and number in failed:
                row = _with_texts(row, failed[number])
            if row.count("") == len(row):
                continue
            first = row[0]
            if isinstance(first, str) and not first.strip() and all(map(_is_space, row)):
                continue
            kept.append(row)
            numbers.append(number)
        return cls(sheet, kept, numbers)


def _is_space(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _with_texts(row: list[Any], texts: Mapping[int, str]) -> list[Any]:
    filled = [*row, *[""] * (max(texts) + 1 - len(row))]
    for column, text in texts.items():
        filled[column] = text
    return filled


@dataclass(frozen=True)
class Headers:
    """Where the headers of a grid are and what they mean.

    ``names`` is the header over each column, blank where there is none; ``columns`` leads from a header to
    a column of ``table``, or, on a sheet of the essential workbook, to ``other_table.column``. A repeated
    header has a number behind it here; ``repeated`` leads back to what is written.
    """

    table: Table
    first_row: int
    names: tuple[str, ...]
    columns: Mapping[str, str]
    repeated: Mapping[str, str]


def find_headers(grid: Grid, candidates: Sequence[Table]) -> Headers | None:
    """Return the headers of a grid that may hold one of several tables, or ``None`` if no header is known.

    The row that says most is taken, or two rows one above the other where the upper one is merged. A sheet
    that may be short or full is short as soon as a header says what only the short form does.
    """
    best: tuple[int, int, Sequence[str]] | None = None
    rows = [[cell_text(cell) for cell in row] for row in grid.rows[:_TITLE_ROWS]]
    for place, texts in enumerate(rows):
        score = _score(texts, candidates)
        if score and (best is None or score > best[0]):
            best = (score, place + 1, texts)
        if place + 1 < len(rows) and _may_be_stacked(grid, place):
            both = _stacked(texts, rows[place + 1], candidates)
            if both and (score := _score(both, candidates)) > (best[0] if best else 0):
                best = (score, place + 2, both)
    if best is None:
        return None
    first, texts = best[1], list(best[2])
    names = unique_headers(texts)
    found = _choose(candidates, names)
    repeated = {name: text for name, text in zip(names, texts, strict=True) if name != text}
    return Headers(found, first, tuple(names), meanings(found, names), repeated)


def unique_headers(texts: Iterable[str]) -> list[str]:
    """Return the headers, a repeated one with a number behind it: « Note (2) »."""
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    names = []
    for text in texts:
        name = text
        while name and name in seen:
            numbers[text] = numbers.get(text, 1) + 1
            name = f"{text} ({numbers[text]})"
        seen.add(name)
        names.append(name)
    return names


def _score(texts: Sequence[str], candidates: Sequence[Table]) -> int:
    known = _known(texts, candidates)
    # « A » alone may be a header, or somebody's name
    return len(known) if len(known) > 1 or any(len(word) > 2 for word in known) else 0


def _may_be_stacked(grid: Grid, place: int) -> bool:
    """Whether the row under another follows it closely and holds nothing but text."""
    texts = all(isinstance(cell, str) for cell in grid.rows[place + 1])
    return texts and grid.numbers[place + 1] == grid.numbers[place] + 1


def _stacked(upper: Sequence[str], lower: Sequence[str], candidates: Sequence[Table]) -> list[str] | None:
    """Return two rows of headers as one, or ``None`` if the lower one holds data.

    Under a header there is another one, or nothing, or the parts of a header that spans several columns.
    """
    above, below = (_known(texts, candidates) for texts in (upper, lower))
    for place, (up, low) in enumerate(zip(upper, lower, strict=False)):
        spans = place + 1 < len(upper) and not upper[place + 1]
        if low and up in above and low not in below and not spans:
            return None
    pairs = zip_longest(upper, lower, fillvalue="")
    return [up if up in above and low not in below else low or up for up, low in pairs]


def _known(texts: Iterable[str], candidates: Sequence[Table]) -> set[str]:
    given = [text for text in texts if text]
    return {text for candidate in candidates for text in candidate.match_headers(given)}


def _choose(candidates: Sequence[Table], names: Iterable[str]) -> Table:
    """Return the table that a sheet holds, from its headers."""
    given = [name for name in names if name]
    full = [candidate for candidate in candidates if candidate.kind == "table"]
    short = [candidate for candidate in candidates if candidate.kind == "shorthand"]
    if not full or not short:
        return max(candidates, key=lambda candidate: len(candidate.match_headers(given)))
    only_short = short[0].match_headers(given).keys() - full[0].match_headers(given).keys()
    return short[0] if only_short else full[0]


@cache
def _companion(name: str, taken: tuple[str, ...]) -> Table:
    home = table(name)
    columns = {column.name: column for column in home if column.name not in taken}
    return replace(home, columns=columns)


def meanings(home: Table, names: Iterable[str]) -> dict[str, str]:
    """Return header → column for the headers that the table knows, or its companions."""
    given = [name for name in names if name and not _is_marked(name)]
    found = dict(home.match_headers(given))
    for other, filled in COMPANIONS.get(home.name, {}).items():
        left = [name for name in given if name not in found]
        taken = tuple(sorted({*home.columns, *filled, *(c.partition(".")[2] for c in found.values())}))
        matched = _companion(other, taken).match_headers(left)
        found.update({header: f"{other}.{column}" for header, column in matched.items()})
    return {**found, **_quantities_of_a_year(home, given, found)}


def _quantities_of_a_year(home: Table, names: Iterable[str], found: Mapping[str, str]) -> dict[str, str]:
    """Return « Tonnage 2024 » → the quantity, where there is one such header and nothing else is the quantity."""
    quantities = [c for c in home if c.unit == "t/year" and "year" in home.columns]
    dated: dict[str, list[str]] = {}
    for name in names:
        base, year = _without_year(name)
        if year and name not in found:
            for column in home.match_headers([base]).values():
                dated.setdefault(column, []).append(name)
    meant = {c.name: dated.get(c.name, []) for c in quantities if c.name not in found.values()}
    return {headers[0]: column for column, headers in meant.items() if len(headers) == 1}


def _without_year(name: str) -> tuple[str, str]:
    """Return a header without the year behind it, and the year; « Tonnage (t) 2024 » → « Tonnage (t) », « 2024 »."""
    dated = _DATED.fullmatch(name)
    return (dated["base"], dated["year"]) if dated else (name, "")


def _is_marked(name: str) -> bool:
    return name.endswith(tuple(OUTSIDE_MODEL.values()))


def free_header(name: str, candidates: Sequence[Table], others: Iterable[str], lang: str) -> str:
    """Return a header for a column of the user's own that no reader takes for one of the model."""
    names = [*others, name]
    taken = any(name in meanings(candidate, names) for candidate in candidates)
    return name + OUTSIDE_MODEL[lang] if taken or _is_marked(name) else name


def raw_of(grid: Grid, headers: Headers, problems: Problems) -> RawTable:
    """Return the rows under the headers as a raw table, and say what is not read as it stands."""
    top = grid.rows[headers.first_row - 1]
    below = range(headers.first_row, len(grid.rows))
    kept = [place for place in below if grid.rows[place] != top]  # headers repeated on each page
    totals = [place for place in kept if _is_total(grid.rows[place])]
    if totals:
        _tell_totals(grid, headers, totals, problems)
        kept = [place for place in kept if place not in totals]
    cells = dict(enumerate(zip_longest(*(grid.rows[place] for place in kept), fillvalue="")))
    columns: dict[str, Any] = {}
    written: dict[str, str] = {}
    here: dict[str, Any] = {
        "table": headers.table.name,
        "sheet": grid.sheet,
        "row": grid.numbers[headers.first_row - 1],
    }
    for place in range(max(len(headers.names), len(cells))):
        name = headers.names[place] if place < len(headers.names) else ""
        values = _column(cells.get(place, ("",) * len(kept)))
        column = headers.columns.get(name)
        if column is None and not name and all(value is None for value in values):
            continue
        if column is None:
            name = name or nameless_header(place, problems.lang)
            column = _own(name, headers, here, problems)
            if column is None:
                continue
        columns[column] = values
        written[column] = name
        if column in headers.table.columns and not headers.table.match_headers([name]):
            told: dict[str, Any] = {
                "limit": headers.table[column].label(problems.lang),
                "other": _without_year(name)[1],
                "target": headers.table["year"].label(problems.lang),
            }
            problems.add("year_in_header", **here, column=name, value=name, **told)
    frame = pd.DataFrame(columns, index=range(len(kept)), dtype=object)
    rows = pd.Series([grid.numbers[place] for place in kept], dtype="int64")
    sheets = pd.Series(grid.sheet, index=rows.index, dtype="str")
    return RawTable(frame, sheets, rows, written, {grid.sheet: written})


def raw_of_frame(
    frame: pd.DataFrame, sheet: str, candidates: Sequence[Table], problems: Problems
) -> tuple[Table, RawTable] | None:
    """Return the table that a frame holds, and its rows; ``None`` where none of its columns is known.

    Its columns stay as they are typed. Rows are numbered as on a sheet with one row of headers.

    Parameters
    ----------
    sheet
        Where it was read.
    candidates
        The tables that it may hold.
    problems
        Where columns that are not known are said.
    """
    texts = [cell_text(name) for name in frame.columns]
    if not _score(texts, candidates):
        return None
    names = unique_headers(texts)
    home = _choose(candidates, names)
    repeated = {name: text for name, text in zip(names, texts, strict=True) if name != text}
    headers = Headers(home, 0, tuple(names), meanings(home, names), repeated)
    here: dict[str, Any] = {"table": home.name, "sheet": sheet}
    columns: dict[str, Any] = {}
    written: dict[str, str] = {}
    for place, name in enumerate(names):
        name = name or nameless_header(place, problems.lang)
        column = headers.columns.get(name) or _own(name, headers, here, problems)
        if column is not None:
            columns[column], written[column] = frame.iloc[:, place].reset_index(drop=True), name
    rows = pd.Series(np.arange(len(frame)) + 2, dtype="int64")
    made = pd.DataFrame(columns, index=rows.index)
    if home.kind != "table":  # its cells are taken apart one by one
        made = made.astype(object).where(made.notna(), None)
    return home, RawTable(
        made, pd.Series(sheet, index=rows.index, dtype="str"), rows, written, {sheet: written}
    )


def _own(name: str, headers: Headers, here: Mapping[str, Any], problems: Problems) -> str | None:
    """Return how a column is kept that the model does not know, and say so; ``None``: it is left out."""
    if is_contact(name):
        problems.add("contact_column", **here, column=name, value=name)
        return None
    column = _own_name(name, headers.table)
    if name in headers.repeated:
        told = headers.repeated[name]
        problems.add("duplicate_header", **here, column=told, value=told)
    elif column == name:
        _tell_unknown(name, headers.table, here, problems)
    return column


def _is_total(row: Sequence[Any]) -> bool:
    """Whether a row adds up those above it: it begins with « Total », and all else in it are figures."""
    first = row[0] if row[0] != "" else next((cell for cell in row if cell != ""), "")
    if type(first) is not str or len(first) > _MOST_TOTAL or TOTAL.match(first) is None:
        return False
    rest = [cell for cell in row[row.index(first) + 1 :] if cell != "" and cell is not None]
    return bool(rest) and all(map(_is_figure, rest))


def _is_figure(cell: Any) -> bool:
    if isinstance(cell, str):
        try:
            parse_number(cell)
        except ValueError:
            return cell in EXCEL_ERRORS
        return True
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _tell_totals(grid: Grid, headers: Headers, totals: Sequence[int], problems: Problems) -> None:
    for place in totals:
        column, cell = next((n, cell) for n, cell in enumerate(grid.rows[place]) if cell != "")
        name = headers.names[column] if column < len(headers.names) else ""
        where: dict[str, Any] = {
            "table": headers.table.name,
            "sheet": grid.sheet,
            "row": grid.numbers[place],
        }
        problems.add("total_row", **where, column=name, value=cell_text(cell))


def _own_name(name: str, home: Table) -> str:
    """Return the name of a column of the user's own, without the mark of our writer."""
    mark = next((mark for mark in OUTSIDE_MODEL.values() if name.endswith(mark)), "")
    own = name.removesuffix(mark) if mark else name
    return name if own in home.columns else own


def _column(cells: Sequence[Any]) -> np.ndarray:
    values = np.empty(len(cells), dtype=object)
    values[:] = [None if cell == "" else cell for cell in cells] if "" in cells else cells
    return values


def _tell_unknown(name: str, home: Table, here: Mapping[str, Any], problems: Problems) -> None:
    close = close_names(name, [column.header(problems.lang) for column in home])
    if dated := home.match_headers([_without_year(name)[0]]):
        close = [home[column].header(problems.lang) for column in dated.values()]
    problems.add("unknown_column", **here, column=name, value=name, close=problems.close_hint(close))


def nameless_header(place: int, lang: str) -> str:
    """Return what a column without a header is called: « Colonne A » at 0, « Colonne AA » at 26, as in Excel."""
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return tr("Column {letter}", lang, letter=letters)
