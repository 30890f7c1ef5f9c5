"""Applies the schema: raw tables in, typed tables and every problem found out.

Cells are parsed, then pandera checks what the schema says of one column (compulsory, bounds), then
identifiers and references are settled, then the rules that bear on several columns or tables are run. A
bad cell becomes unknown; a row whose key or reference is bad is set aside with all that refers to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from .amounts import advice_on
from .errors import UnknownNameError
from .language import date_text, number, tr, trn
from .parse import cell_text, dtype_of, empty_series, parse_column, parse_free
from .problems import CODES, Problems
from .references import give_identifiers, resolve_references
from .rules import check_rules, take_out
from .schema import DOUBT, Column, Table, is_contact, tables
from .table_state import RawTable, State
from .vocabulary import label, labels

__all__ = ["Conformed", "conform", "empty_table", "in_force", "not_ended", "raw_table", "with_doubts"]


@dataclass(frozen=True)
class Conformed:
    """Typed tables keyed by identifier, the sheet and row of each row, what was wrong, what is out."""

    tables: Mapping[str, pd.DataFrame]
    places: Mapping[str, pd.DataFrame]
    problems: pd.DataFrame
    set_aside: Mapping[str, pd.DataFrame]
    unknown_cells: Mapping[str, int]


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
def _nowhere(name: str) -> pd.DataFrame:
    """Return where the rows of a table without rows stand."""
    raw = _empty(name)[2]
    return pd.DataFrame({"sheet": raw.sheets, "row": raw.rows}).set_axis(_empty(name)[0].index)


def raw_table(
    frame: pd.DataFrame, table: Table, *, lang: str = "fr", places: pd.DataFrame | None = None
) -> RawTable:
    """Return a frame whose columns are named as in the schema as a raw table.

    Its rows stand at `places` (sheet and row of each, in its order), or are numbered as Excel would number
    them on a sheet with one header row. An identifier that stands in the index is taken.
    """
    if frame.index.name in table.columns and frame.index.name not in frame.columns:
        frame = frame.reset_index()
    frame = frame.reset_index(drop=True)
    frame.columns = [name if name in table.columns else _free_name(name) for name in frame.columns]
    if frame.columns.duplicated().any():
        twice = frame.columns[frame.columns.duplicated()][0]
        raise UnknownNameError(f"table {table.name!r} has two columns called {twice!r}")
    if places is None:
        rows = pd.Series(np.arange(len(frame)) + 2, dtype="int64")
        sheets = pd.Series(table.label(lang), index=rows.index, dtype="str")
    else:
        rows, sheets = (places[name].reset_index(drop=True) for name in ("row", "sheet"))
    return RawTable(frame, sheets, rows, {column.name: column.label(lang) for column in table})


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
        _check_columns(state, table, problems)
        give_identifiers(state, table, problems)
    for name in tables():  # a reference to a table that is not there is unknown, not unchecked
        if name not in states:
            blank = _blank_state(name)
            states[name] = replace(blank, frame=blank.frame.copy(deep=False), drags=[])
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
    columns: dict[str, pd.Series] = {}
    state = State.of(table.name, raw.frame, raw)
    refused: dict[str, np.ndarray] = {}
    for column in table:
        if column.name not in raw.frame:
            continue
        cells = raw.frame[column.name]
        parsed = parse_column(cells, column)
        values = parsed.values
        for position in np.flatnonzero(parsed.codes.array != "").tolist():
            code, kept = parsed.codes.iat[position], values.iat[position]
            state.blanked += int(pd.isna(kept))
            fields = _fields(code, column, kept, problems.lang)
            cell = cells.iat[position]
            found = problems.at(state.place, position, code, column.name, value=cell, **fields)
            problems.tell_more(found, *_what_now(code, cell, column, kept, problems.lang))
        columns[column.name] = values
        if column.claims:
            refused[column.name] = np.flatnonzero(values.isna() & (cells.map(cell_text) != ""))
    own = {name: parse_free(raw.frame[name]) for name in raw.frame.columns if name not in table.columns}
    frame = _empty(table.name)[1].reindex(raw.frame.index)  # most columns of most sheets are absent
    for name, values in columns.items():
        frame[name] = values
    defaults = {c.name: _default(c) for c in table if c.default and c.default != "auto"}
    for name, default in defaults.items():
        frame[name] = frame[name].fillna(default)
    for name, positions in refused.items():
        frame.iloc[positions, frame.columns.get_loc(name)] = pd.NA
    state.frame = frame.assign(**own) if own else frame
    return state


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


def _fields(code: str, column: Column, kept: Any, lang: str) -> dict[str, object]:
    if code == "unknown_term":
        return {"choices": " ; ".join(labels(column.vocabulary, lang).values())}
    if code in ("eaten_zeros", "approximate_date"):
        return {"limit": date_text(kept, lang) if isinstance(kept, pd.Timestamp) else kept}
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


def _check_columns(state: State, table: Table, problems: Problems) -> None:
    """Run the checks of single columns through pandera, and turn its failures into problems."""
    failures = _pandera_failures(state.frame, table, state.raw.frame.columns)
    absent = [column.name for column in table if column.compulsory and column.name not in state.raw.frame]
    if failures.empty and not absent:
        return
    missing = pd.Series(False, index=state.frame.index)
    if absent and len(missing):  # said once, not on every row
        for name in absent:
            told, sheet = table[name].label(problems.lang), state.place.sheets.iat[0]
            problems.add("missing_column", table=table.name, sheet=sheet, column=told, value=told)
        missing[:] = True
    blank: dict[str, list[int]] = {}
    for row in failures.itertuples():
        column, position = table[str(row.column)], int(row.index)
        value = state.frame[column.name].iat[position]
        if row.check == "not_nullable":
            missing.iat[position] = True
            problems.at(state.place, position, "missing_required", column.name)
            continue
        low = str(row.check).startswith("greater_than")
        limit = column.minimum if low else column.maximum
        code = "below_minimum" if low else "share_above_one" if column.type == "share" else "above_maximum"
        shown = number(float(value), problems.lang)
        fields = {"value": shown, "limit": number(limit, problems.lang)}
        problems.tell_more(
            problems.at(state.place, position, code, column.name, **fields), _counts_as(column, problems.lang)
        )
        blank.setdefault(column.name, []).append(position)
    for name, positions in blank.items():
        state.frame.iloc[positions, state.frame.columns.get_loc(name)] = _default(table[name])
        state.blanked += len(positions)
    state.set_aside(missing, "missing_required")


def _pandera_failures(frame: pd.DataFrame, table: Table, given: Collection[str]) -> pd.DataFrame:
    """Return what pandera has against the columns that were given, a row per column, check and position."""
    import pandera.errors

    try:
        _pandera_schema(table.name, frozenset(given) & frozenset(table.columns)).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        found = errors.failure_cases
        return found[found["index"].notna()].drop_duplicates(["column", "check", "index"])
    return pd.DataFrame(columns=["column", "check", "index"])


@cache
def _pandera_schema(name: str, given: frozenset[str]) -> Any:
    import pandera.pandas as pa

    table, columns = tables()[name], {}
    for column in table:
        if column.name not in given:
            continue
        checks = []
        if column.minimum is not None:
            checks.append(pa.Check.greater_than_or_equal_to(column.minimum))
        if column.maximum is not None:
            checks.append(pa.Check.less_than_or_equal_to(column.maximum))
        if checks or column.compulsory:
            columns[column.name] = pa.Column(nullable=not column.compulsory, checks=checks, required=False)
    return pa.DataFrameSchema(columns)


def _check_unique(state: State, table: Table, problems: Problems) -> None:
    if not table.unique or state.frame.empty:
        return
    names = list(table.unique)
    alive = state.frame[state.alive]
    repeated = alive.duplicated(names)
    if not repeated.any():
        return
    groups = alive[alive.duplicated(names, keep=False)].groupby(names, dropna=False, sort=False)
    firsts = groups[table.key].transform(lambda part: part.index[0])
    aside = pd.Series(False, index=state.frame.index)
    for position in alive.index[repeated]:
        told = " · ".join(str(cell) for cell in alive.loc[position, names] if not pd.isna(cell))
        other = state.place.rows.iat[int(firsts[position])]
        problems.at(state.place, position, "duplicate_row", names[0], value=told, other=other)
        aside.iat[position] = True
    state.set_aside(aside, "duplicate_row")


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
    for name, state in states.items():
        table = tables()[name]
        if not state.alive.all():
            aside[name] = state.rows_set_aside()
        if not state.alive.any():  # most tables of most filières
            done[name], places[name] = empty_table(table), _nowhere(name)
            continue
        kept = state.frame
        if not state.alive.all():
            kept = kept[state.alive]
            # what the rows that stay have in common is not what they shared with those that go
            free = {name: parse_free(kept[name]) for name in kept.columns if name not in table.columns}
            kept = kept.assign(**free) if free else kept
        dtypes = kept.dtypes.to_dict()
        other = {c.name: dtype_of(c) for c in table if dtypes[c.name] != dtype_of(c)}
        frame = (kept.astype(other) if other else kept).set_index(table.key)
        done[name] = frame
        where = {"sheet": state.place.sheets[state.alive], "row": state.place.rows[state.alive]}
        places[name] = pd.DataFrame(where).set_axis(frame.index)
    unknown = {name: state.blanked for name, state in states.items() if state.blanked}
    return Conformed(done, places, problems.frame(), aside, unknown)


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
