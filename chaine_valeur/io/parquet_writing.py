"""A filière as Arrow tables: texts once each, references as positions in the list of identifiers they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..filiere import Filiere
from ..parse import dtype_of, parse_free
from ..references import refers_to_rows, targets_of
from ..schema import Table, table
from .parquet_cells import aside_to
from .parquet_files import arrow, sealed

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["arrow_places", "arrow_problems", "arrow_set_aside", "arrow_table", "dictionaries"]

#: Identifiers are listed whole beside the rows that refer to them, unless they are so many times more.
_MOST_UNUSED = 2


def arrow_table(f: Filiere, name: str) -> Any:
    """Return a table in Arrow: the key, the columns of the schema of which something is known, those of one's own."""
    pa, home, frame = arrow(), table(name), f.table(name)
    columns: dict[str, Any] = {home.key: pa.array(frame.index.array, type=pa.large_string())}
    for column in home:
        if column.name == home.key or column.name not in frame or frame[column.name].isna().all():
            continue
        cells = frame[column.name]
        if dtype_of(column) != "str":
            columns[column.name] = _values(cells, dtype_of(column))
        elif column.name == home.name_column:  # mostly one a row
            columns[column.name] = pa.array(cells.array, type=pa.large_string())
        else:
            columns[column.name] = _references(f, home, column.name) or _texts(cells)
    for own in frame.columns:
        if own not in home.columns:
            columns[own] = _own(frame[own])
    return sealed(pa.table(columns), name)


def dictionaries(arrow_table: Any) -> list[str]:
    """Return the columns that Parquet should write as numbers of a list: repeated texts and whole numbers."""
    pa = arrow()
    return [
        field.name
        for field in arrow_table.schema
        if pa.types.is_dictionary(field.type) or pa.types.is_integer(field.type)
    ]


def _values(cells: pd.Series, dtype: str) -> Any:
    pa = arrow()
    kinds = {"float64": pa.float64(), "Int64": pa.int64(), "boolean": pa.bool_()}
    return pa.array(cells.astype(dtype), type=kinds.get(dtype, pa.timestamp("us")), from_pandas=True)


def _texts(cells: pd.Series) -> Any:
    pa = arrow()
    numbers, values = pd.factorize(cells.array)
    return _numbered(numbers, pa.array(values, type=pa.string()))


def _numbered(numbers: NDArray[Any], values: Any) -> Any:
    pa = arrow()
    indices = pa.array(numbers.astype(np.int32, copy=False), mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(indices, values)


def _references(f: Filiere, home: Table, column: str) -> Any:
    """Return a referring column over the identifiers that it may mean; ``None`` where it is no such column."""
    if column not in refers_to_rows(home.name):
        return None
    codes, target = f.codes(home.name, column), targets_of(home.name)[column][0]
    known = codes >= 0
    keys = f.table(target).index
    if not np.array_equal(known, f.table(home.name)[column].notna()):  # built by hand: it means no row
        return None
    if len(keys) > _MOST_UNUSED * known.sum():
        used, places = np.unique(codes[known], return_inverse=True)
        keys, numbers = keys.take(used), np.full(len(known), -1, dtype=np.int32)
        numbers[known] = places
        codes = numbers
    pa = arrow()
    return _numbered(codes, pa.array(keys.array, type=pa.string()))


def _own(cells: pd.Series) -> Any:
    """Return a column of one's own in the one type that its cells share."""
    if str(cells.dtype) not in ("str", "float64", "boolean", "datetime64[us]"):
        cells = parse_free(cells)
    return _texts(cells) if isinstance(cells.dtype, pd.StringDtype) else _values(cells, str(cells.dtype))


def arrow_problems(f: Filiere) -> Any:
    """Return what was found while reading, in Arrow."""
    pa, problems = arrow(), f.problems
    columns = {
        name: pa.array(cells, type=pa.int64() if name == "row" else pa.large_string(), from_pandas=True)
        for name, cells in problems.items()
    }
    return sealed(pa.table(columns), "problems")


def arrow_places(f: Filiere) -> Any:
    """Return where the rows of all tables stand: runs of rows that follow one another on a sheet."""
    pa, runs = arrow(), [_runs(name, f.where(name)) for name in f]
    kinds = {"table": pa.string(), "sheet": pa.string(), "row": pa.int64(), "count": pa.int64()}
    frame = pd.concat(runs, ignore_index=True) if runs else pd.DataFrame(columns=list(kinds))
    columns = {name: pa.array(frame[name].tolist(), type=kind) for name, kind in kinds.items()}
    return sealed(pa.table(columns), "places")


def _runs(name: str, places: pd.DataFrame) -> pd.DataFrame:
    sheets, _ = pd.factorize(places["sheet"].array)
    rows = places["row"].to_numpy(np.int64)
    begins = np.flatnonzero(np.append(True, (np.diff(rows) != 1) | (np.diff(sheets) != 0))[: len(rows)])
    counts = np.diff(np.append(begins, len(rows)))
    there = places["sheet"].iloc[begins].to_numpy(object)
    return pd.DataFrame({"table": name, "sheet": there, "row": rows[begins], "count": counts})


def arrow_set_aside(f: Filiere) -> Any:
    """Return the rows that were set aside, in Arrow: one row a column, its cells as JSON."""
    pa, entries = arrow(), aside_to(f.set_aside)
    columns = {
        name: pa.array([entry[name] for entry in entries], type=pa.large_string())
        for name in ("table", "column", "dtype", "cells")
    }
    return sealed(pa.table(columns), "set_aside")
