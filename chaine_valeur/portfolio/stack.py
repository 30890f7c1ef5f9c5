"""Many filières as one set of columns: rows of one filière together, each text held once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..parse import dtype_of
from ..problems import PROBLEM_COLUMNS
from ..schema import reference_targets, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Offsets = NDArray[np.int64]
    Shape = tuple[Offsets, "tuple[Form, ...]", Codes]

__all__ = [
    "PROBLEMS", "ROW", "SHEET", "Coded", "Form", "Stack", "Store", "Words", "dtypes_of", "merged", "offsets_of",
    "space_of", "store_of",
]  # fmt: skip

#: The stack that holds what was found while reading; no table of the schema is called so.
PROBLEMS = "_problems"
#: Columns beside those of a table: where each row was read.
SHEET, ROW = "_sheet", "_row"
#: The columns of a user's own in one table of one filière: name and dtype of each, in order.
Form = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Coded:
    """A column of text as numbers: places among the texts of its space, −1 where it is unknown."""

    codes: Codes
    space: str


@dataclass(frozen=True, eq=False)
class Words:
    """A column of text before it has a space: places among its own texts, −1 where it is unknown."""

    codes: Codes
    texts: Any


@dataclass(frozen=True, eq=False)
class Stack:
    """One table of many filières.

    Attributes
    ----------
    offsets
        Rows ``offsets[i]:offsets[i + 1]`` are those of filière i.
    columns
        Name → values; a column of which nothing is known is left out.
    own
        (Name, dtype) → values of columns that the schema does not know.
    rows
        Column that refers to the key of a table → the row of it that each cell refers to, counted within its own
        filière, −1 where none is; what is absent is found again when it is asked for.
    forms, form
        What columns of their own tables have; per filière, which of these its table has.
    """

    offsets: Offsets
    columns: Mapping[str, Any]
    own: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    rows: Mapping[str, Codes] = field(default_factory=dict)
    forms: tuple[Form, ...] = ((),)
    form: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    def __len__(self) -> int:
        return int(self.offsets[-1])


@dataclass(frozen=True, eq=False)
class Store:
    """Stacked tables of `n` filières, and the texts of each space; see `Stack`.

    What was set aside and how many cells were refused is kept of those filières only that have any.
    """

    n: int
    stacks: Mapping[str, Stack]
    texts: Mapping[str, Any]
    years: Sequence[int | None]
    aside: Mapping[int, Mapping[str, pd.DataFrame]] = field(default_factory=dict)
    refused: Mapping[int, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> Store:
        """Return the store of no filière."""
        return cls(0, {}, {}, ())

    def offsets(self, name: str) -> Offsets:
        """Return where the rows of each filière begin in a table, and where those of the last one end."""
        stack = self.stacks.get(name)
        return np.zeros(self.n + 1, dtype=np.int64) if stack is None else stack.offsets

    def take(self, places: Sequence[int] | Codes) -> Store:
        """Return the filières at some places, in that order; texts that they do not use are left behind."""
        at = np.asarray(places, dtype=np.int64)
        stacks = {name: _taken(stack, at) for name, stack in self.stacks.items()}
        stacks = {name: stack for name, stack in stacks.items() if len(stack) or len(stack.forms) > 1}
        kept = range(len(at))
        return _pruned(
            Store(
                len(at),
                stacks,
                self.texts,
                tuple(self.years[place] for place in at.tolist()),
                {new: self.aside[int(at[new])] for new in kept if int(at[new]) in self.aside},
                {new: self.refused[int(at[new])] for new in kept if int(at[new]) in self.refused},
            )
        )


@cache
def dtypes_of(name: str) -> Mapping[str, str]:
    """Return column → dtype of a stacked table, in order, with where its rows were read; the key is a column."""
    if name == PROBLEMS:
        return {column: "Int64" if column == "row" else "str" for column in PROBLEM_COLUMNS}
    home = table(name)
    own = {column.name: dtype_of(column) for column in home}
    return {home.key: own.pop(home.key), **own, SHEET: "str", ROW: "int64"}


@cache
def space_of(name: str, column: str) -> str:
    """Return the name of the texts that a column shares: those of the table that it refers to, or its own."""
    if column == SHEET:
        return SHEET
    target = reference_targets(table(name).columns[column]) if name != PROBLEMS else None
    return ".".join(target or (name, column))


def store_of(
    columns: Mapping[str, Mapping[Any, Any]],
    shapes: Mapping[str, Shape],
    years: Sequence[int | None],
    aside: Mapping[int, Mapping[str, pd.DataFrame]],
    refused: Mapping[int, Mapping[str, int]],
    rows: Mapping[str, Mapping[str, Codes]] | None = None,
) -> Store:
    """Return the store of stacked columns.

    Parameters
    ----------
    columns
        Table → column, or (name, dtype) of one of the users' own → values in its dtype; texts may be `Words`.
    shapes
        Table → offsets, forms and the form of each filière, as in `Stack`.
    rows
        Table → column → rows referred to, as in `Stack`, if they are known.
    """
    coded, texts = _coded(columns)
    stacks = {
        name: Stack(
            offsets,
            {key: values for key, values in coded[name].items() if isinstance(key, str)},
            {key: values for key, values in coded[name].items() if not isinstance(key, str)},
            {} if rows is None else rows.get(name, {}),
            forms,
            form,
        )
        for name, (offsets, forms, form) in shapes.items()
    }
    return Store(len(years), stacks, texts, tuple(years), aside, refused)


def offsets_of(sizes: Iterable[int]) -> Offsets:
    """Return where each of some parts begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(list(sizes), dtype=np.int64)]).astype(np.int64)


def _coded(columns: Mapping[str, Mapping[Any, Any]]) -> tuple[dict[str, dict[Any, Any]], dict[str, Any]]:
    """Turn texts into numbers, over all columns that share a space."""
    shared: dict[str, list[tuple[str, Any]]] = {}
    done: dict[str, dict[Any, Any]] = {name: dict(found) for name, found in columns.items()}
    for name, found in done.items():
        for key, values in found.items():
            if not isinstance(values, Words) and isinstance(values.dtype, pd.StringDtype):
                found[key] = Words(*pd.factorize(values))
            if isinstance(found[key], Words):
                space = space_of(name, key) if isinstance(key, str) else f"{name}.own.{key[0]}"
                shared.setdefault(space, []).append((name, key))
    texts = {}
    for space, members in shared.items():
        numbers, distinct = merged([done[name][key].texts for name, key in members])
        if len(distinct):
            texts[space] = distinct
        for (name, key), own in zip(members, numbers, strict=True):
            done[name][key] = Coded(own[done[name][key].codes], space)
    return done, texts


def merged(parts: Sequence[Any]) -> tuple[list[Codes], Any]:
    """Return several arrays of texts as one of distinct ones, and where each text of each went; −1 goes to −1."""
    codes, distinct = pd.factorize(
        pd.concat([pd.Series(one, copy=False) for one in parts], ignore_index=True).array
    )
    ends = np.cumsum([len(one) for one in parts])[:-1]
    return [np.append(own, -1).astype(np.int32) for own in np.split(codes, ends)], distinct


def _taken(stack: Stack, places: Offsets) -> Stack:
    begins, sizes = stack.offsets[places], stack.offsets[places + 1] - stack.offsets[places]
    offsets = offsets_of(sizes)
    rows = np.repeat(begins - offsets[:-1], sizes) + np.arange(offsets[-1])

    def taken(values: Any) -> Any:
        return replace(values, codes=values.codes[rows]) if isinstance(values, Coded) else values[rows]

    columns = {name: taken(values) for name, values in stack.columns.items()}
    own = {key: taken(values) for key, values in stack.own.items()}
    referred = {column: values[rows] for column, values in stack.rows.items()}
    return Stack(offsets, columns, own, referred, stack.forms, stack.form[places])


def _pruned(store: Store) -> Store:
    """Leave behind the texts that no row uses: a few filières out of many travel light."""
    used = {space: np.zeros(len(texts) + 1, dtype=bool) for space, texts in store.texts.items()}
    for stack in store.stacks.values():
        for values in (*stack.columns.values(), *stack.own.values()):
            if isinstance(values, Coded) and values.space in used:
                used[values.space][values.codes] = True
    texts, number = {}, {}
    for space, mask in used.items():
        mask[-1] = False
        if mask.any():
            texts[space] = store.texts[space][mask[:-1]]
        number[space] = np.where(mask, np.cumsum(mask) - 1, -1).astype(np.int32)

    def renumbered(values: Any) -> Any:
        if not isinstance(values, Coded) or values.space not in number:
            return values
        return replace(values, codes=number[values.space][values.codes])

    stacks = {
        name: replace(
            stack,
            columns={key: renumbered(values) for key, values in stack.columns.items()},
            own={key: renumbered(values) for key, values in stack.own.items()},
        )
        for name, stack in store.stacks.items()
    }
    return replace(store, stacks=stacks, texts=texts)
