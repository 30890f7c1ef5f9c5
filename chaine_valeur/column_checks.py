"""What the schema asks of one column: compulsory cells, bounds. pandera says what fails, where anything does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .language import enumeration, number, tr
from .problems import Problems
from .schema import Column, Table, tables
from .table_state import State

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["check_columns", "failing_columns"]

#: Headers that are listed where one is missing.
_MOST_HEADERS = 15


def check_columns(
    state: State,
    table: Table,
    problems: Problems,
    *,
    default: Callable[[Column], Any],
    counts_as: Callable[[Column, str], str],
) -> None:
    """Set aside the rows that lack a compulsory cell, and make unknown what is out of bounds.

    Parameters
    ----------
    default
        What a cell of a column takes in place of a value out of bounds.
    counts_as
        The sentence that says so, in a language.
    """
    absent = [column.name for column in table if column.compulsory and column.name not in state.raw.frame]
    failing = failing_columns(state.frame, table, state.raw.frame.columns)
    if not failing and not absent:
        return
    missing = np.zeros(len(state.frame), dtype=bool)
    if absent and len(missing):  # said once, not on every row
        for name in absent:
            told, sheet = table[name].label(problems.lang), state.place.sheets.iat[0]
            found = problems.add("missing_column", table=table.name, sheet=sheet, column=told, value=told)
            problems.tell_more(found, _what_to_rename(state, table, told, problems.lang))
        state.set_aside(~missing, "missing_column")
    blank: dict[str, list[int]] = {}
    for row in _failures(state.frame, table, failing).itertuples():
        column, position = table[str(row.column)], int(row.index)
        value = state.frame[column.name].iat[position]
        if row.check == "not_nullable":
            missing[position] = True
            problems.at(state.place, position, "missing_required", column.name)
            continue
        low = str(row.check).startswith("greater_than")
        limit = column.minimum if low else column.maximum
        code = "below_minimum" if low else "share_above_one" if column.type == "share" else "above_maximum"
        shown = number(float(value), problems.lang)
        fields = {"value": shown, "limit": number(limit, problems.lang)}
        problems.tell_more(
            problems.at(state.place, position, code, column.name, **fields), counts_as(column, problems.lang)
        )
        blank.setdefault(column.name, []).append(position)
    for name, positions in blank.items():
        state.frame.iloc[positions, state.frame.columns.get_loc(name)] = default(table[name])
        state.blanked += len(positions)
    state.set_aside(missing, "missing_required")


def _what_to_rename(state: State, table: Table, wanted: str, lang: str) -> str:
    """Return the headers that were seen, those of no column of the model first: one of them may be meant."""
    seen = sorted(state.raw.frame.columns, key=lambda name: name in table.columns)
    quoted = [tr("“{name}”", lang, name=state.place.header(0, name)) for name in seen]
    listed = enumeration(quoted, lang, limit=_MOST_HEADERS)
    return tr(
        "Columns seen: {names}. Rename the one that is meant to “{wanted}”.",
        lang,
        names=listed,
        wanted=wanted,
    )


@cache
def _asked(table: str) -> tuple[Column, ...]:
    """Return the columns of a table of which the schema asks something."""
    return tuple(
        column
        for column in tables()[table]
        if column.compulsory or column.minimum is not None or column.maximum is not None
    )


def failing_columns(frame: pd.DataFrame, table: Table, given: Iterable[str]) -> list[str]:
    """Return the columns, of those given, in which a compulsory cell is blank or a value is out of bounds.

    Examples
    --------
    >>> from chaine_valeur.schema import table
    >>> flows = pd.DataFrame({"min_t_per_year": [1.0, None], "max_t_per_year": [-1.0, 2.0]})
    >>> failing_columns(flows, table("flows"), flows.columns)
    ['max_t_per_year']
    """
    given = set(given)
    return [column.name for column in _asked(table.name) if column.name in given and _fails(frame, column)]


def _fails(frame: pd.DataFrame, column: Column) -> bool:
    cells = frame[column.name]
    if column.compulsory and cells.hasnans:
        return True
    if column.minimum is None and column.maximum is None:
        return False
    values = cells.to_numpy(np.float64, na_value=np.nan)
    low = column.minimum is not None and bool((values < column.minimum).any())
    return low or (column.maximum is not None and bool((values > column.maximum).any()))


def _failures(frame: pd.DataFrame, table: Table, failing: list[str]) -> pd.DataFrame:
    """Return what pandera has against some columns: a row per column, check and position."""
    if not failing:
        return pd.DataFrame(columns=["column", "check", "index"])
    import pandera.errors

    try:
        _pandera_schema(table.name, frozenset(failing)).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        found = errors.failure_cases
        return found[found["index"].notna()].drop_duplicates(["column", "check", "index"])
    return pd.DataFrame(columns=["column", "check", "index"])


@cache
def _pandera_schema(name: str, given: frozenset[str]) -> Any:
    import pandera.pandas as pa

    columns = {}
    for column in _asked(name):
        if column.name not in given:
            continue
        checks = []
        if column.minimum is not None:
            checks.append(pa.Check.greater_than_or_equal_to(column.minimum))
        if column.maximum is not None:
            checks.append(pa.Check.less_than_or_equal_to(column.maximum))
        columns[column.name] = pa.Column(nullable=not column.compulsory, checks=checks, required=False)
    return pa.DataFrameSchema(columns)
