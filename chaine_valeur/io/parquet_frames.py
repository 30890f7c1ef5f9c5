"""Arrow tables that the library wrote as pandas frames, and the positions that their references mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..parse import dtype_of, empty_series
from ..references import refers_to_rows, targets_of
from ..schema import Column, Table, is_contact
from ..spellings import cell_text
from .parquet_checks import Doubt, doubt_if, verify_clean, verify_numbers, verify_terms, verify_unique
from .parquet_files import arrow, text_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]

__all__ = ["Keys", "Read", "frame_of", "keys_of", "read_columns"]

#: From here on, columns are left where they are rather than put together.
_MANY_ROWS = 10_000


@dataclass(frozen=True)
class Keys:
    """The identifiers of a table: in Arrow, and as pandas stores them."""

    texts: Any
    cells: Any

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Read:
    """The columns of a table but its key, those of the schema of which something is known first; its codes."""

    values: Mapping[str, Any]
    codes: Mapping[str, Codes]


def keys_of(table: Any, home: Table) -> Keys:
    """Return the identifiers of a table, verified."""
    doubt_if(home.key not in table.column_names, "no identifiers")
    texts = _plain(table[home.key])
    verify_unique(texts)
    verify_clean(texts)
    return Keys(texts, text_cells(texts))


def read_columns(table: Any, home: Table, keys: Mapping[str, Keys]) -> Read:
    """Return the other columns, verified, and the codes of all those that refer to rows."""
    names = table.column_names
    doubt_if(len(set(names)) < len(names), "a column that stands twice")
    values: dict[str, Any] = {}
    codes: dict[str, Codes] = {}
    nothing = np.full(len(table), -1, dtype=np.int32)
    for column in home:
        if column.name in refers_to_rows(home.name):
            codes[column.name] = nothing
        if column.name == home.key or column.name not in names:
            continue
        if column.name in refers_to_rows(home.name):
            target = keys.get(targets_of(home.name)[column.name][0])
            codes[column.name], values[column.name] = _references(table[column.name], target)
        else:
            values[column.name] = _values(table[column.name], column, dtype_of(column))
    for name in names:
        if name not in home.columns:
            doubt_if(is_contact(name) or cell_text(name) != name or not name, "a column that is left out")
            values[name] = _values(table[name], None, _own_dtype(table[name].type))
    return Read(values, codes)


def frame_of(read: Read, home: Table, keys: Keys) -> pd.DataFrame:
    """Return the table: the columns of the schema, blank where nothing is known, and those of one's own."""
    index = pd.Index(keys.cells, name=home.key, copy=False)
    blank: dict[str, pd.Series] = {}
    columns: dict[str, Any] = {}
    for column in home:
        if column.name == home.key:
            continue
        if column.name in read.values:
            columns[column.name] = read.values[column.name]
            continue
        kind = dtype_of(column)
        if kind not in blank:  # a series, so that pandas knows of what is shared
            blank[kind] = pd.Series(empty_series(column, len(index)).array, index=index)
        columns[column.name] = blank[kind]
    own = {name: values for name, values in read.values.items() if name not in home.columns}
    return pd.DataFrame({**columns, **own}, index=index, copy=len(index) < _MANY_ROWS)


def _whole(column: Any) -> Any:
    """Return the one piece of a column."""
    found = column.combine_chunks()
    if isinstance(found, arrow().ChunkedArray):
        return found.chunk(0) if found.num_chunks else arrow().array([], type=column.type)
    return found


def _plain(column: Any) -> Any:
    pa = arrow()
    doubt_if(column.type != pa.large_string(), "a column of another type")
    return _whole(column)


def _numbered(column: Any) -> tuple[Codes, Any]:
    """Return of each cell which text it is, -1 where unknown, and the texts."""
    pa = arrow()
    doubt_if(not pa.types.is_dictionary(column.type), "a column of another type")
    doubt_if(column.type.value_type != pa.string(), "a column of another type")
    found = _whole(column)
    codes: Codes = found.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    outside = len(codes) and (codes.min() < -1 or codes.max() >= len(found.dictionary))
    doubt_if(bool(outside) or found.dictionary.null_count > 0, "a number of no text")
    return codes, found.dictionary.cast(pa.large_string())


def _references(column: Any, target: Keys | None) -> tuple[Codes, Any]:
    """Return the positions that a referring column means, and its cells."""
    if target is None:
        raise Doubt("references to a table that is not there")
    codes, texts = _numbered(column)
    if not texts.equals(target.texts):
        there = arrow().compute.index_in(texts, value_set=target.texts)
        doubt_if(there.null_count > 0, "a reference to nothing")
        codes = np.append(there.to_numpy().astype(np.int32), np.int32(-1))[codes]
    return codes, text_cells(target.cells, codes)


def _values(column: Any, said: Column | None, dtype: str) -> Any:
    pa = arrow()
    if dtype == "str":
        if column.type == pa.large_string():
            texts = _plain(column)
            verify_clean(texts)
            return text_cells(texts)
        codes, texts = _numbered(column)
        values = texts.to_pylist()
        doubt_if(len(set(values)) < len(values), "a text that stands twice in a list")
        verify_terms(values, said)
        return text_cells(text_cells(texts), codes)
    kinds = {"float64": pa.float64(), "Int64": pa.int64(), "boolean": pa.bool_()}
    doubt_if(column.type != kinds.get(dtype, pa.timestamp("us")), "a column of another type")
    found: Any
    if dtype in ("Int64", "boolean"):
        found = pd.array([], dtype=dtype).dtype.__from_arrow__(column)
    else:
        found = column.to_numpy()
    if said is not None:
        verify_numbers(found, said)
    return found


def _own_dtype(kind: Any) -> str:
    pa = arrow()
    known = {pa.float64(): "float64", pa.bool_(): "boolean", pa.timestamp("us"): "datetime64[us]"}
    return known.get(kind, "str")
