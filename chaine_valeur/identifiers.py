"""Identifiers: made where they are blank, from the name or in sequence, and unique."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .problems import Problems
from .schema import Table
from .spellings import Texts
from .table_state import State
from .text import fold_all, slug_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

__all__ = ["give_identifiers"]


def give_identifiers(state: State, table: Table, problems: Problems) -> None:
    """Fill blank keys, from the name or in sequence, and set aside the rows whose key stands already."""
    given = state.texts_of(table.key)
    blank = given.numbers < 0
    if table.name_column:
        names = state.texts_of(table.name_column)
        folded = fold_all(names.values)
        _repeated_names(state, table, names, folded, blank, problems)
        blank &= state.alive
    if blank.any():
        taken = set(given.values)
        made = _from_names(names, folded, blank, table, taken) if table.name_column else None
        _write(state, table.key, blank, _in_sequence(table, blank, taken) if made is None else made)
    _set_repeated_aside(state, table, given, problems)


def _stem(table: Table) -> str:
    return table.key.removesuffix("_id")


def _from_names(names: Texts, folded: list[str], blank: Mask, table: Table, taken: set[str]) -> list[str]:
    """Return an identifier for each row without one, made from its name."""
    slugs = [*slug_all(folded), _stem(table)]  # the last one, of number -1: a row without a name
    made = [slugs[number] for number in names.numbers[blank].tolist()]
    if len(set(made)) == len(made) and taken.isdisjoint(made):
        return made
    return [_free(candidate, taken) for candidate in made]


def _in_sequence(table: Table, blank: Mask, taken: set[str]) -> list[str]:
    """Return one word and a number: a row keeps its identifier as long as it keeps its place."""
    stem = _stem(table).replace("_", "-")
    made = [f"{stem}-{number}" for number in (np.flatnonzero(blank) + 1).tolist()]
    if taken:
        clashes = [place for place, candidate in enumerate(made) if candidate in taken]
        for place in clashes:
            made[place] = _free(made[place], taken)
    return made


def _free(candidate: str, taken: set[str]) -> str:
    """Return `candidate`, or with the first free number behind it; it is then taken."""
    name, number = candidate, 2
    while name in taken:
        name, number = f"{candidate}-{number}", number + 1
    taken.add(name)
    return name


def _write(state: State, key: str, blank: Mask, made: list[str]) -> None:
    if blank.all():
        cells = pd.array(made, dtype="str")
    else:
        keys = state.frame[key].to_numpy(object).copy()
        keys[blank] = made
        cells = pd.array(keys, dtype="str")
    state.frame[key] = pd.Series(cells, index=state.frame.index)
    del state.texts[key]


def _set_repeated_aside(state: State, table: Table, given: Texts, problems: Problems) -> None:
    """Set aside the rows whose key stands above; those that were made here stand nowhere else."""
    known = np.flatnonzero(given.numbers >= 0)
    if len(known) == len(given.values):
        return
    first = np.full(len(given.values), -1, dtype=np.intp)
    first[given.numbers[known[::-1]]] = known[::-1]
    repeated = np.zeros(len(given.numbers), dtype=bool)
    repeated[known] = first[given.numbers[known]] != known
    repeated &= state.alive
    for position in np.flatnonzero(repeated).tolist():
        number = given.numbers[position]
        other = state.place.rows.iat[int(first[number])]
        value = given.values[number]
        problems.at(state.place, position, "duplicate_id", table.key, value=value, other=other)
    state.set_aside(repeated, "duplicate_id")


def _repeated_names(
    state: State, table: Table, names: Texts, folded: list[str], blank: Mask, problems: Problems
) -> None:
    known = np.flatnonzero(names.numbers >= 0).tolist()
    if len(known) == len(set(folded)):
        return
    # the same name first, then one that is only like it
    exact: dict[int, int] = {}
    like: dict[str, int] = {}
    aside: list[int] = []
    for position in known:
        number = int(names.numbers[position])
        first = exact.setdefault(number, position)
        close = like.setdefault(folded[number], position)
        if close == position:
            continue
        name, twin = names.values[number], first if first != position else close
        other = state.place.rows.iat[twin]
        if names.numbers[twin] != number:
            near = {"value": name, "close": names.values[names.numbers[twin]], "other": other}
            problems.at(state.place, position, "near_name", table.name_column, **near)
        elif blank[position]:
            problems.at(state.place, position, "duplicate_id", table.name_column, value=name, other=other)
            aside.append(position)
        else:
            problems.at(state.place, position, "same_name", table.name_column, value=name, other=other)
    state.set_aside_at(aside, "duplicate_id")
