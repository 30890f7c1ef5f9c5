"""From filières to columns that hold many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..references import refers_to_rows
from ..schema import table, tables
from .stack import PROBLEMS, ROW, SHEET, Coded, Form, Stack, Store, dtypes_of, merged, offsets_of, store_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..filiere import Filiere
    from .stack import Shape

__all__ = ["joined", "stacked"]


def stacked(filieres: Sequence[Filiere]) -> Store:
    """Return the store of some filières, a few hundred at a time: all of their tables are held meanwhile."""
    conformed = [f._conformed for f in filieres]
    columns: dict[str, dict[Any, Any]] = {}
    shapes: dict[str, Shape] = {}
    for name in tables():
        frames = [one.tables.get(name) for one in conformed]
        sizes = [0 if frame is None else len(frame) for frame in frames]
        if not any(sizes):
            continue
        forms = [_form(name, frame) for frame in frames]
        distinct = tuple(dict.fromkeys([(), *forms]))
        number = {form: place for place, form in enumerate(distinct)}
        form = np.array([number[one] for one in forms], dtype=np.int32)
        shapes[name] = offsets_of(sizes), distinct, form
        places = [one.places.get(name) for one in conformed]
        columns[name] = _columns(name, frames, places, sizes)
        for own in dict.fromkeys(pair for one in distinct for pair in one):
            columns[name][own] = _own_column(own, frames, forms, sizes)
    found = [one.problems for one in conformed]
    if any(map(len, found)):
        shapes[PROBLEMS] = (
            offsets_of([len(one) for one in found]),
            ((),),
            np.zeros(len(found), dtype=np.int32),
        )
        columns[PROBLEMS] = _known(PROBLEMS, pd.concat([one for one in found if len(one)], ignore_index=True))
    return store_of(
        columns,
        shapes,
        tuple(f.year for f in filieres),
        {place: dict(one.set_aside) for place, one in enumerate(conformed) if one.set_aside},
        {place: dict(one.unknown_cells) for place, one in enumerate(conformed) if one.unknown_cells},
        {name: _rows(name, filieres, columns[name]) for name in columns if name != PROBLEMS},
    )


def _rows(name: str, filieres: Sequence[Filiere], known: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the rows that the columns of a table refer to, of those of which something is known."""
    return {
        column: np.concatenate([f.codes(name, column) for f in filieres])
        for column in sorted(refers_to_rows(name))
        if column in known
    }


def _form(name: str, frame: pd.DataFrame | None) -> Form:
    known = table(name).columns
    if frame is None or len(frame.columns) == len(known) - 1:  # its key is the index
        return ()
    return tuple((column, str(frame[column].dtype)) for column in frame.columns if column not in known)


def _columns(
    name: str,
    frames: Sequence[pd.DataFrame | None],
    places: Sequence[pd.DataFrame | None],
    sizes: Sequence[int],
) -> dict[Any, Any]:
    known = [column.name for column in table(name) if column.need != "key"]
    parts, where = [], []
    for frame, place, size in zip(frames, places, sizes, strict=True):
        if frame is None or not size:
            continue
        parts.append(frame if len(frame.columns) == len(known) else frame[known])
        if place is None or place.index is not frame.index and not place.index.equals(frame.index):
            blank = pd.DataFrame({"sheet": "", "row": 0}, index=frame.index)
            place = blank if place is None else place.reindex(frame.index).fillna({"sheet": "", "row": 0})
        where.append(place)
    whole = pd.concat(parts)
    whole.index.name = table(name).key
    read = pd.concat(where, ignore_index=True)
    whole = whole.reset_index().assign(**{SHEET: read["sheet"], ROW: read["row"].astype("int64")})
    return _known(name, whole)


def _known(name: str, frame: pd.DataFrame) -> dict[Any, Any]:
    """Return the columns of a frame of which something is known, in the dtypes of the schema."""
    dtypes = dtypes_of(name)
    found: dict[Any, Any] = {}
    for column, dtype in dtypes.items():
        values = frame[column]
        if column == next(iter(dtypes)) or not values.isna().all():
            values = values if str(values.dtype) == dtype else values.astype(dtype)
            found[column] = values.array if dtype not in ("float64", "int64") else values.to_numpy()
    return found


def _own_column(
    own: tuple[str, str], frames: Sequence[pd.DataFrame | None], forms: Sequence[Form], sizes: Sequence[int]
) -> Any:
    """Return a column of the users' own through the whole table, unknown where a table lacks it."""
    name, dtype = own
    parts = [
        frame[name] if frame is not None and own in form else pd.Series(pd.array([None] * size, dtype=dtype))
        for frame, form, size in zip(frames, forms, sizes, strict=True)
        if size
    ]
    whole = pd.concat(parts, ignore_index=True).astype(dtype)
    return whole.to_numpy() if dtype == "float64" else whole.array


# -- from stores ----------------------------------------------------------------------------------------


def joined(stores: Sequence[Store]) -> Store:
    """Return several stores as one, their filières one after another."""
    stores = [store for store in stores if store.n]
    if not stores:
        return Store.empty()
    if len(stores) == 1:
        return stores[0]
    texts, places = {}, [dict[str, Any]() for _ in stores]
    for space in dict.fromkeys(space for store in stores for space in store.texts):
        having = [place for place, store in enumerate(stores) if space in store.texts]
        numbers, texts[space] = merged([stores[place].texts[space] for place in having])
        for place, own in zip(having, numbers, strict=True):
            places[place][space] = own
    names = dict.fromkeys(name for store in stores for name in store.stacks)
    starts = np.cumsum([0, *(store.n for store in stores)]).tolist()
    return Store(
        starts[-1],
        {name: _joined(name, stores, places) for name in names},
        texts,
        tuple(year for store in stores for year in store.years),
        {start + at: one for start, store in zip(starts, stores, strict=False) for at, one in store.aside.items()},
        {start + at: one for start, store in zip(starts, stores, strict=False) for at, one in store.refused.items()},
    )  # fmt: skip


#: The one place, that of −1, of a space without texts.
_NOTHING = np.array([-1], dtype=np.int32)


def _joined(name: str, stores: Sequence[Store], places: Sequence[Mapping[str, Any]]) -> Stack:
    stacks = [
        store.stacks[name]
        if name in store.stacks
        else Stack(store.offsets(name), {}, form=np.zeros(store.n, dtype=np.int32))
        for store in stores
    ]
    sizes = [np.diff(stack.offsets) for stack in stacks]
    forms = tuple(dict.fromkeys([(), *(form for stack in stacks for form in stack.forms)]))
    number = {form: place for place, form in enumerate(forms)}
    form = [np.array([number[one] for one in stack.forms], dtype=np.int32)[stack.form] for stack in stacks]

    def whole(key: Any, dtype: str, kind: str) -> Any:
        parts = []
        for stack, place in zip(stacks, places, strict=True):
            values = getattr(stack, kind).get(key)
            if isinstance(values, Coded):
                parts.append(place.get(values.space, _NOTHING)[values.codes])
            elif values is not None:
                parts.append(values)
            else:
                parts.append(_unknown(dtype, len(stack)))
        if dtype == "str":
            space = next(getattr(stack, kind)[key].space for stack in stacks if key in getattr(stack, kind))
            return Coded(np.concatenate(parts), space)
        if all(isinstance(part, np.ndarray) for part in parts):
            return np.concatenate(parts)
        return pd.concat([pd.Series(part, copy=False) for part in parts], ignore_index=True).array

    columns = dict.fromkeys(key for stack in stacks for key in stack.columns)
    ordered = [key for key in dtypes_of(name) if key in columns]
    own = dict.fromkeys(key for stack in stacks for key in stack.own)
    return Stack(
        offsets_of(np.concatenate(sizes)),
        {key: whole(key, dtypes_of(name)[key], "columns") for key in ordered},
        {key: whole(key, key[1], "own") for key in own},
        _rows_joined(stacks),
        forms,
        np.concatenate(form),
    )


def _rows_joined(stacks: Sequence[Stack]) -> dict[str, Any]:
    """Return the rows referred to where all stacks know them; a stack without the column refers to none."""
    found = {}
    for column in dict.fromkeys(column for stack in stacks for column in stack.rows):
        if all(column in stack.rows or column not in stack.columns for stack in stacks):
            found[column] = np.concatenate(
                [stack.rows.get(column, np.full(len(stack), -1, dtype=np.int32)) for stack in stacks]
            )
    return found


def _unknown(dtype: str, size: int) -> Any:
    """Return values of which nothing is known, as a stack holds them: numbers where they are text."""
    if dtype == "str":
        return np.full(size, -1, dtype=np.int32)
    if dtype == "float64":
        return np.full(size, np.nan)
    return pd.array([None] * size, dtype=dtype)
