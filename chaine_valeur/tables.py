"""Applies the schema: raw tables in, typed tables and every problem found out.

Cells are parsed, then pandera checks what the schema says of one column (compulsory, bounds), then
identifiers and references are settled, then the rules that bear on several columns or tables are run. A
bad cell becomes unknown; a row whose key or reference is bad is set aside with all that refers to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .amounts import advice_on, without_separator
from .column_checks import check_columns
from .errors import UnknownNameError
from .flow_rules import rows_as_identifiers
from .identifiers import give_identifiers
from .language import date_text, number, tr, trn
from .parse import Parsed, dtype_of, empty_series, parse_column, parse_free
from .problems import CODES, Problems
from .references import refers_to_rows, resolve_references, targets_of
from .rules import check_rules, take_out
from .schema import DOUBT, Column, Table, is_contact, tables
from .spellings import Texts, cell_text
from .table_state import RawTable, State
from .vocabulary import label, labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: From here on, columns are left where they are rather than put together.
_MANY_ROWS = 10_000

__all__ = [
    "Conformed",
    "conform",
    "empty_table",
    "in_force",
    "named_as",
    "no_codes",
    "not_ended",
    "nowhere",
    "raw_table",
    "with_doubts",
]


@dataclass(frozen=True)
class Conformed:
    """Typed tables keyed by identifier, the sheet and row of each row, what was wrong, what is out.

    ``codes`` gives, per (table, column) that refers to the key of a table, the position there of the row that
    each cell refers to, -1 where there is none; ``texts`` gives, per (table, column) of text that figures read, its
    cells as numbers. What is absent of both is found again when it is asked for.
    """

    tables: Mapping[str, pd.DataFrame]
    places: Mapping[str, pd.DataFrame]
    problems: pd.DataFrame
    set_aside: Mapping[str, pd.DataFrame]
    unknown_cells: Mapping[str, int]
    codes: Mapping[tuple[str, str], NDArray[np.int32]] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], Texts] = field(default_factory=dict)


def empty_table(table: Table) -> pd.DataFrame:
    """Return a table without rows, in the dtypes of the schema, keyed by identifier."""
    return _empty(table.name)[0].copy(deep=False)


@cache
def _empty(name: str) -> tuple[pd.DataFrame, pd.DataFrame, RawTable]:
    """Return a table without rows: keyed, with its key as a column, and raw. Most tables of most filières."""
    table = tables()[name]
    frame = pd.DataFrame({column.name: empty_series(column) for column in table})
    return frame.set_index(table.key), frame, raw_table(frame, table)


@cache
def _blank_state(name: str) -> State:
    """Return the state of a table without rows; its frame is for copying."""
    _, frame, nothing = _empty(name)
    return State.of(name, frame, nothing)


@cache
def nowhere(name: str) -> pd.DataFrame:
    """Return where the rows of a table without rows stand."""
    raw = _empty(name)[2]
    return pd.DataFrame({"sheet": raw.sheets, "row": raw.rows}).set_axis(_empty(name)[0].index)


def raw_table(
    frame: pd.DataFrame, table: Table, *, lang: str = "fr", places: pd.DataFrame | None = None
) -> RawTable:
    """Return a frame whose columns are named as in the schema, or headed as on a sheet, as a raw table.

    Its rows stand at `places` (sheet and row of each, in its order), or are numbered as Excel would number
    them on a sheet with one header row. An identifier that stands in the index is taken.
    """
    frame, headers = named_as(frame, table)
    frame = frame.reset_index(drop=True)
    if places is None:
        rows = pd.Series(np.arange(len(frame)) + 2, dtype="int64")
        sheets = pd.Series(table.label(lang), index=rows.index, dtype="str")
    else:
        rows, sheets = (places[name].reset_index(drop=True) for name in ("row", "sheet"))
    said = {column.name: column.label(lang) for column in table}
    said |= {name: header for name, header in headers.items() if name in said and header != name}
    return RawTable(frame, sheets, rows, said)


def named_as(
    frame: pd.DataFrame, table: Table, *, others: Collection[str] = ()
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a frame whose columns are named as the schema names them, and how each was headed.

    A column that bears its name of the schema is that one; where none does, a header that means it on a sheet
    does so here: « Nom », « Tonnage (t/an) ». What names the rows of the frame is a column too, if it means one.
    All others stay as they are, as do those called like one of `others`.

    Raises
    ------
    UnknownNameError
        Two columns of one name.
    """
    asked = [name for name in frame.index.names if name is not None and name not in frame.columns]
    levels = [name for name in asked if name in table.columns or table.match_headers([_free_name(name)])]
    frame = frame.reset_index(levels) if levels else frame.copy(deep=False)
    headers = [name if name in table.columns else _free_name(name) for name in frame.columns]
    foreign = [name for name in headers if name not in others]
    meant = {} if table.columns.keys() >= set(foreign) else table.match_headers(dict.fromkeys(foreign))
    names = [meant.get(name, name) for name in headers]
    frame.columns = names
    if frame.columns.duplicated().any():
        twice = frame.columns[frame.columns.duplicated()][0]
        raise UnknownNameError(f"table {table.name!r} has two columns called {twice!r}")
    return frame, dict(zip(names, headers, strict=True))


def _free_name(name: Any) -> str:
    """Return the name of a column of the user's own as every file format can hold it."""
    return cell_text(name) or "?"


def conform(
    raw: Mapping[str, RawTable],
    *,
    lang: str = "fr",
    problems: Problems | None = None,
    settled: Collection[str] = (),
) -> Conformed:
    """Return typed, consistent tables and every problem found on the way.

    Parameters
    ----------
    raw
        Raw tables by schema name; missing tables are empty.
    lang
        Language of the sentences.
    problems
        Where the reader has already put what it found.
    settled
        Tables whose rows come from a filière: typed and identified already, they are only checked against
        the others.

    Raises
    ------
    UnknownNameError
        A table that the schema does not know.
    """
    problems = Problems(lang) if problems is None else problems
    for name in raw:
        if name not in tables():
            raise UnknownNameError.of(f"no table {name!r}", name, tables())
    states: dict[str, State] = {}
    for name, table in tables().items():
        if name not in raw or not len(raw[name].frame.columns):
            continue
        if name in settled:
            states[name] = State.of(name, raw[name].frame, raw[name])
            continue
        states[name] = state = _typed(table, _without_contacts(table, raw[name], problems), problems)
        check_columns(state, table, problems, default=_default, counts_as=_counts_as)
        give_identifiers(state, table, problems)
        if name == "flows":
            rows_as_identifiers(state, problems)
    for name in tables():  # a reference to a table that is not there is unknown, not unchecked
        if name not in states:
            blank = _blank_state(name)
            states[name] = replace(blank, frame=blank.frame.copy(deep=False), drags=[], texts={}, links={})
    states = {name: states[name] for name in tables()}
    resolve_references(states, problems)
    for name, state in states.items():
        _check_unique(state, tables()[name], problems)
    if take_out(states, problems):
        resolve_references(states, problems)  # others may refer to what went
    check_rules(states, problems)
    _tell_what_is_dragged(states, problems)
    return _finish(states, problems)


def _typed(table: Table, raw: RawTable, problems: Problems) -> State:
    """Parse every column of the schema; further columns follow as they are."""
    state = State.of(table.name, raw.frame, raw)
    index, blanks, columns = raw.frame.index, _Blanks(raw.frame.index), {}
    numbered = {table.key, table.name_column, *targets_of(table.name)}
    for column in table:
        if column.name not in raw.frame:
            columns[column.name] = blanks[column]
            continue
        cells = raw.frame[column.name]
        parsed = parse_column(cells, column)
        _tell_refused(state, column, cells, parsed, problems)
        values = parsed.values
        if column.name in numbered:
            state.texts[column.name] = Texts.read(parsed.numbers, parsed.read)
        elif (default := _default(column)) is not None and values.hasnans:
            unread = np.flatnonzero(values.isna() & (cells.map(cell_text) != "")) if column.claims else ()
            values = values.fillna(default)
            if len(unread):
                values.iloc[unread] = pd.NA
        columns[column.name] = values
    own = {name: parse_free(raw.frame[name]) for name in raw.frame.columns if name not in table.columns}
    # of many rows each column stays a piece of its own: those that are blank are one piece of memory
    state.frame = pd.DataFrame({**columns, **own}, index=index, copy=len(index) < _MANY_ROWS)
    return state


class _Blanks:
    """The columns of a sheet that are not there: unknown, or what a blank cell counts as. Each is made once."""

    def __init__(self, index: pd.Index) -> None:
        self._index = index
        self._rows = np.zeros(len(index), dtype=np.intp)
        self._made: dict[tuple[str, Any], Any] = {}

    def __getitem__(self, column: Column) -> Any:
        kind = (dtype_of(column), _default(column))
        if kind not in self._made:
            cells = _one_cell(*kind, pd.StringDtype(na_value=np.nan).storage).take(self._rows)
            many = len(self._rows) >= _MANY_ROWS  # a series, so that pandas knows of what is shared
            self._made[kind] = pd.Series(cells, index=self._index) if many else cells
        return self._made[kind]


@cache
def _one_cell(dtype: str, value: Any, storage: str) -> Any:
    return pd.Series([value], dtype=dtype).array


def _tell_refused(state: State, column: Column, cells: pd.Series, parsed: Parsed, problems: Problems) -> None:
    for position in parsed.refused.tolist():
        number = parsed.numbers[position]
        code, kept = parsed.found[number], parsed.values.iat[position]
        state.blanked += int(pd.isna(kept))
        cell = cells.iat[position]
        fields = _fields(code, column, cell, kept, problems.lang)
        found = problems.at(state.place, position, code, column.name, value=cell, **fields)
        problems.tell_more(found, *_what_now(code, cell, column, kept, problems.lang))


def _without_contacts(table: Table, raw: RawTable, problems: Problems) -> RawTable:
    """Leave out the columns that hold contact details: they are no part of the model, whatever the source."""
    contacts = [name for name in raw.frame.columns if name not in table.columns and is_contact(name)]
    for name in contacts:
        sheet = raw.sheets.iat[0] if len(raw.sheets) else table.label(problems.lang)
        problems.add("contact_column", table=table.name, sheet=sheet, column=name, value=name)
    return replace(raw, frame=raw.frame.drop(columns=contacts)) if contacts else raw


@cache
def _default(column: Column) -> Any:
    """Return the value of a cell that is blank, or refused."""
    if not column.default or column.default == "auto":
        return None
    return parse_column(pd.Series([column.default], dtype=object), column).values.iat[0]


def _fields(code: str, column: Column, cell: Any, kept: Any, lang: str) -> dict[str, object]:
    if code == "unknown_term":
        return {"choices": " ; ".join(labels(column.vocabulary, lang).values())}
    if code in ("eaten_zeros", "approximate_date"):
        return {"limit": date_text(kept, lang) if isinstance(kept, pd.Timestamp) else kept}
    if code == "thousands_or_decimals":
        decimals = f"{kept:.3f}".rstrip("0").partition(".")[2]
        meant = without_separator(cell, column.unit)
        return {"limit": number(kept, lang, digits=len(decimals)), "other": meant}
    return {}


def _what_now(code: str, cell: Any, column: Column, kept: Any, lang: str) -> list[str]:
    """Return what to write in place of a cell that was refused, and what it counts as until then."""
    if CODES[code][0] != "error":
        return []
    advice = advice_on(cell, column.unit, lang=lang) if code == "not_a_number" else ""
    if not pd.isna(kept):
        return [advice, tr("The rest of the cell counts.", lang)]
    return [advice, _counts_as(column, lang)]


def _counts_as(column: Column, lang: str) -> str:
    """Return what a cell counts as that was refused; a compulsory one sets its row aside, which is told."""
    if column.compulsory:
        return ""
    default = None if column.claims else _default(column)
    if default is None:
        return tr("The cell counts as unknown.", lang)
    shown = number(float(default), lang) if isinstance(default, (int, float)) else str(default)
    if column.type == "boolean":
        shown = tr("yes", lang) if default else tr("no", lang)
    elif column.terms is not None:
        shown = label(str(default), column.vocabulary, lang)
    return tr("The cell counts as if it were blank: {default}.", lang, default=shown)


def _check_unique(state: State, table: Table, problems: Problems) -> None:
    names = list(table.unique)
    if not names or state.frame.empty:
        return
    same = state.numbered_in(*names)
    repeated = pd.Series(same).duplicated().to_numpy()
    if not repeated.any():
        return
    rows = state.positions_in
    _, first, of_row = np.unique(same, return_index=True, return_inverse=True)
    aside = rows[repeated].tolist()
    for position, twin in zip(aside, rows[first[of_row[repeated]]].tolist(), strict=True):
        cells = [state.frame[name].iat[position] for name in names]
        told = " · ".join(str(cell) for cell in cells if not pd.isna(cell))
        other = state.place.rows.iat[twin]
        problems.at(state.place, position, "duplicate_row", names[0], value=told, other=other)
    state.set_aside_at(aside, "duplicate_row")


def _tell_what_is_dragged(states: Mapping[str, State], problems: Problems) -> None:
    """Say on each row set aside how many rows it drags along."""
    dragged: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for name, state in states.items():
        for position, table, row in state.drags:
            dragged.setdefault((table, row), set()).add((name, position))
    problems.tell_drags(
        {
            place: " "
            + trn("It drags {count} row along.", "It drags {count} rows along.", len(rows), problems.lang)
            for place, rows in dragged.items()
        }
    )


def _finish(states: Mapping[str, State], problems: Problems) -> Conformed:
    done: dict[str, pd.DataFrame] = {}
    places: dict[str, pd.DataFrame] = {}
    aside: dict[str, pd.DataFrame] = {}
    codes = dict(no_codes())
    texts: dict[tuple[str, str], Texts] = {}
    for name, state in states.items():
        table, whole = tables()[name], state.alive.all()
        if not whole:
            aside[name] = state.rows_set_aside()
        if not state.alive.any():  # most tables of most filières
            done[name], places[name] = empty_table(table), nowhere(name)
            continue
        kept = state.frame
        if not whole:
            kept = kept[state.alive]
            # what the rows that stay have in common is not what they shared with those that go
            free = {name: parse_free(kept[name]) for name in kept.columns if name not in table.columns}
            kept = kept.assign(**free) if free else kept
        dtypes = kept.dtypes.to_dict()
        other = {c.name: dtype_of(c) for c in table if dtypes[c.name] != dtype_of(c)}
        frame = (kept.astype(other) if other else kept).set_index(table.key)
        done[name] = frame
        sheets, rows = state.place.sheets, state.place.rows
        where = {
            "sheet": sheets if whole else sheets[state.alive],
            "row": rows if whole else rows[state.alive],
        }
        places[name] = pd.DataFrame(where).set_axis(frame.index)
        for column in refers_to_rows(name):
            codes[name, column] = _codes(states, state, column)
        for column in read_as_numbers(name):
            texts[name, column] = Texts.kept(frame[column])
    unknown = {name: state.blanked for name, state in states.items() if state.blanked}
    return Conformed(done, places, problems.frame(), aside, unknown, codes, texts)


#: Columns without a closed vocabulary that every diagnostic compares, cell with cell.
_COMPARED = {
    "actors": ("commune_code", "commune_name"),
    "costs": ("label",),
    "filiere": ("territory_id",),
    "recipes": ("process",),
    "stages": ("alternative_group",),
    "territories": ("territory_id", "commune_code", "commune_name"),
}


@cache
def read_as_numbers(name: str) -> tuple[str, ...]:
    """Return the columns of text of a table that are kept as numbers too: those that figures read cell by cell."""
    terms = [column.name for column in tables()[name] if column.terms is not None]
    return (*terms, *_COMPARED.get(name, ()))


@cache
def no_codes() -> Mapping[tuple[str, str], NDArray[np.int32]]:
    """Return the codes of tables without rows."""
    return {
        (name, column): np.empty(0, dtype=np.int32) for name in tables() for column in refers_to_rows(name)
    }


def _codes(states: Mapping[str, State], state: State, column: str) -> NDArray[np.int32]:
    """Return the position, among the rows that are in, of the row that each cell of a column refers to."""
    links, home = state.links_of(column), states[targets_of(state.place.table)[column][0]]
    counted = np.where(home.alive, np.cumsum(home.alive, dtype=np.int32) - 1, -1).astype(np.int32)
    found = np.append(np.append(counted, np.int32(-1))[links.rows], np.int32(-1))[links.numbers]
    found = found if state.alive.all() else found[state.alive]
    found.flags.writeable = False  # shared by all who ask
    return found


def with_doubts(frame: pd.DataFrame, home: Table) -> pd.DataFrame:
    """Return a copy in which what is unknown, and would be claimed if read again as blank, says so."""
    claimed = {
        column.name: frame[column.name].astype(object).where(frame[column.name].notna(), DOUBT)
        for column in home
        if column.claims and column.name in frame and frame[column.name].isna().any()
    }
    return frame.assign(**claimed)


def in_force(frame: pd.DataFrame, year: int | None) -> np.ndarray:
    """Return a mask of the rows that hold in a year, both ends of ``since`` … ``until`` included, blank being open.

    Without a year all of them do.
    """
    if year is None:
        return np.ones(len(frame), dtype=bool)
    begun = frame["since"].isna() | (frame["since"] <= year)
    return begun.to_numpy(bool) & not_ended(frame, year)


def not_ended(frame: pd.DataFrame, year: int | None) -> np.ndarray:
    """Return a mask of the rows that have not ended before a year; without a year all of them.

    Those that began later stay: a filière of which the tonnages are of an earlier year than the ties.
    """
    if year is None:
        return np.ones(len(frame), dtype=bool)
    return ~(frame["until"].notna() & (frame["until"] < year)).to_numpy(bool)
