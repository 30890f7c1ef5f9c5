"""Out of a store again: one table of all filières, one filière with all that is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..problems import empty_problems
from ..schema import table, tables
from ..spellings import Texts
from ..tables import Conformed, empty_table
from .stack import PROBLEMS, ROW, SHEET, Coded, Stack, Store, dtypes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["conformed_of", "frame_of", "problems_of", "rows_referred_to", "texts_of"]


class Lazy(Mapping[str, pd.DataFrame]):
    """Frames by name, each made when it is first asked for; pickled, it is a plain dictionary."""

    def __init__(self, names: Mapping[str, Any], make: Callable[[str], pd.DataFrame]) -> None:
        self._names, self._make = names, make
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


def conformed_of(store: Store, place: int) -> Conformed:
    """Return the tables of one filière as they were when it was stacked; each is made when it is asked for."""
    frames = Lazy(tables(), lambda name: _own_table(store, name, place))
    return Conformed(
        frames,
        Lazy(tables(), lambda name: _places(store, name, place, frames[name].index)),
        problems_of(store, place),
        store.aside.get(place, {}),
        store.refused.get(place, {}),
        {(name, column): rows[_rows(stack, place)].copy() for name, stack in store.stacks.items()
         for column, rows in stack.rows.items()},
    )  # fmt: skip


def _rows(stack: Stack, place: int) -> slice:
    return slice(int(stack.offsets[place]), int(stack.offsets[place + 1]))


def _decoded(store: Store, values: Any, rows: slice, dtype: str) -> Any:
    """Return some rows of a column in its dtype; ``None`` for a column of which nothing is known."""
    size = rows.stop - rows.start
    if values is None:
        return (
            np.full(size, np.nan) if dtype == "float64" else _blank(dtype).take(np.zeros(size, dtype=np.intp))
        )
    if not isinstance(values, Coded):
        return values[rows].copy()  # who receives it may write into it, even once the filière is gone
    texts = store.texts.get(values.space)
    if texts is None:
        return _decoded(store, None, rows, dtype)
    found = texts.take(values.codes[rows], allow_fill=True)
    # texts are held as they were when they were read; the way of holding them is an option of pandas
    return found if found.dtype == _text() else found.astype(_text())


def _text() -> Any:
    return _blank("str").dtype


def _blank(dtype: str) -> Any:
    return _one_unknown(dtype, str(pd.options.mode.string_storage))


@cache
def _one_unknown(dtype: str, storage: str) -> Any:
    """Return one unknown value; how texts are held is part of the question, as it may be changed."""
    return pd.array([None], dtype=dtype)


def _own_table(store: Store, name: str, place: int) -> pd.DataFrame:
    home, stack = table(name), store.stacks.get(name)
    if stack is None or stack.offsets[place] == stack.offsets[place + 1]:
        return empty_table(home)
    rows, dtypes = _rows(stack, place), dtypes_of(name)
    columns = {
        column.name: _decoded(store, stack.columns.get(column.name), rows, dtypes[column.name])
        for column in home
        if column.name != home.key
    }
    for own, dtype in stack.forms[stack.form[place]]:
        columns[own] = _decoded(store, stack.own[own, dtype], rows, dtype)
    key = _decoded(store, stack.columns[home.key], rows, "str")
    return pd.DataFrame(columns, index=pd.Index(key, name=home.key), copy=False)


def _places(store: Store, name: str, place: int, index: pd.Index) -> pd.DataFrame:
    stack = store.stacks.get(name)
    if stack is None:
        blank = {"sheet": pd.Series(dtype="str"), "row": pd.Series(dtype="int64")}
        return pd.DataFrame(blank).set_axis(index)
    rows = _rows(stack, place)
    found = {
        "sheet": _decoded(store, stack.columns.get(SHEET), rows, "str"),
        "row": stack.columns[ROW][rows].copy(),
    }
    return pd.DataFrame(found, index=index, copy=False)


def problems_of(store: Store, place: int | None = None) -> pd.DataFrame:
    """Return what was found while reading one filière, or all of them."""
    stack = store.stacks.get(PROBLEMS)
    rows = slice(0, 0)
    if stack is not None:
        rows = slice(0, len(stack)) if place is None else _rows(stack, place)
    if stack is None or rows.start == rows.stop:
        return empty_problems()
    return pd.DataFrame(
        {
            name: _decoded(store, stack.columns.get(name), rows, dtype)
            for name, dtype in dtypes_of(PROBLEMS).items()
        },
        copy=False,
    )


# -- all filières together ------------------------------------------------------------------------------


def frame_of(store: Store, name: str, *, columns: list[str] | None, compact: bool) -> pd.DataFrame:
    """Return a table of all filières, without their codes.

    Parameters
    ----------
    columns
        Those asked for, in that order; all of the schema and those of the users' own by default.
    compact
        Texts as categories, those of an identifier and of the columns that refer to it the same.
    """
    stack = store.stacks.get(name)
    dtypes = {column: dtype for column, dtype in dtypes_of(name).items() if column not in (SHEET, ROW)}
    own: dict[str, list[str]] = {}
    for column, dtype in stack.own if stack is not None else ():
        own.setdefault(column, []).append(dtype)
    asked = [*dtypes, *own] if columns is None else columns
    whole = slice(0, 0 if stack is None else len(stack))
    found = {}
    for column in asked:
        if column in dtypes:
            values = None if stack is None else stack.columns.get(column)
            found[column] = _shown(store, values, whole, dtypes[column], compact)
        elif len(own[column]) == 1:
            dtype = own[column][0]
            assert stack is not None
            found[column] = _shown(store, stack.own[column, dtype], whole, dtype, compact)
        else:
            assert stack is not None
            found[column] = _as_text(store, stack, column, own[column])
    return pd.DataFrame(found, index=pd.RangeIndex(whole.stop), copy=False)


def _shown(store: Store, values: Any, rows: slice, dtype: str, compact: bool) -> Any:
    if not compact or dtype != "str":
        return _decoded(store, values, rows, dtype)
    texts = store.texts.get(values.space) if isinstance(values, Coded) else None
    if texts is None:
        return pd.Categorical.from_codes(np.full(rows.stop, -1, dtype=np.int8), pd.Index([], dtype="str"))
    return pd.Categorical.from_codes(values.codes, pd.Index(texts, copy=False), validate=False)


def _as_text(store: Store, stack: Stack, column: str, dtypes: list[str]) -> Any:
    """Return a column that is of one kind in some filières and of another in others: as text."""
    rows = slice(0, len(stack))
    text = pd.Series(None, index=range(rows.stop), dtype="str")
    for dtype in dtypes:
        values = pd.Series(_decoded(store, stack.own[column, dtype], rows, dtype))
        text = text.fillna(values.astype("str").where(values.notna()))
    return text.array


def texts_of(store: Store, name: str, column: str) -> Texts:
    """Return a column of text of a table of all filières as numbers."""
    stack = store.stacks.get(name)
    values = None if stack is None else stack.columns.get(column)
    if not isinstance(values, Coded) or values.space not in store.texts:
        return Texts(np.full(int(store.offsets(name)[-1]), -1, dtype=np.int32), [])
    texts = store.texts[values.space]
    return Texts(values.codes, texts.tolist())


def rows_referred_to(store: Store, name: str, column: str, target: str, key: str) -> NDArray[np.int32]:
    """Return, per row of a table, the row of another that a column refers to within its filière; −1 where none is."""
    rows = np.full(int(store.offsets(name)[-1]), -1, dtype=np.int32)
    home, other = store.stacks.get(name), store.stacks.get(target)
    if home is not None and column in home.rows:
        within, starts = home.rows[column], store.offsets(target)[:-1].astype(np.int32)
        return np.where(within < 0, rows, within + np.repeat(starts, np.diff(home.offsets)))
    values = home.columns.get(column) if home is not None else None
    if values is None or other is None or values.space not in store.texts:
        return rows
    keys = other.columns[key]
    size = len(store.texts[values.space])
    filiere = np.arange(store.n, dtype=np.int64)
    wanted = np.repeat(filiere * size, np.diff(store.offsets(name))) + values.codes
    there = np.repeat(filiere * size, np.diff(other.offsets)) + keys.codes
    distinct, first = np.unique(there[keys.codes >= 0], return_index=True)
    first = np.flatnonzero(keys.codes >= 0)[first]
    at = np.searchsorted(distinct, wanted).clip(max=len(distinct) - 1)
    known = (values.codes >= 0) & (distinct[at] == wanted)
    rows[known] = first[at[known]]
    return rows
