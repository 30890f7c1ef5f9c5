"""Identifiers: made where they are blank, unique, and found again from the names that people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .errors import close_names
from .problems import Problems
from .schema import Column, Table, reference_targets, tables
from .table_state import State
from .text import fold, slug

__all__ = ["give_identifiers", "lookup", "resolve_references"]


def give_identifiers(state: State, table: Table, problems: Problems) -> None:
    """Fill blank keys, from the name or in sequence, and set aside the rows whose key stands already."""
    keys = state.frame[table.key]
    blank = keys.isna()
    taken = set(keys.dropna())
    if table.name_column:
        names = state.frame[table.name_column]
        _repeated_names(state, table, names, blank, problems)
        made = []
        for name in names[blank & state.alive]:
            made.append(_free(slug(name) if isinstance(name, str) else table.key.removesuffix("_id"), taken))
        keys = keys.mask(
            blank & state.alive, pd.Series(made, index=keys.index[blank & state.alive], dtype="str")
        )
    elif blank.any():
        # one word and a number: a row keeps its identifier as long as it keeps its place
        stem = table.key.removesuffix("_id").replace("_", "-")
        numbers = np.flatnonzero(blank.to_numpy()) + 1
        candidates = pd.Series(
            [f"{stem}-{number}" for number in numbers], index=keys.index[blank], dtype="str"
        )
        clash = candidates.isin(taken)
        candidates[clash] = [_free(candidate, taken) for candidate in candidates[clash]]
        keys = keys.mask(blank, candidates)
    state.frame[table.key] = keys
    repeated = keys.duplicated() & state.alive & keys.notna()
    if repeated.any():
        first = keys[~keys.duplicated()].reset_index().set_index(table.key)["index"]
        for position in np.flatnonzero(repeated).tolist():
            other = state.place.rows.iat[int(first[keys.iat[position]])]
            problems.at(
                state.place, position, "duplicate_id", table.key, value=keys.iat[position], other=other
            )
        state.set_aside(repeated, "duplicate_id")


def _free(candidate: str, taken: set[str]) -> str:
    """Return `candidate`, or with the first free number behind it; it is then taken."""
    name, number = candidate, 2
    while name in taken:
        name, number = f"{candidate}-{number}", number + 1
    taken.add(name)
    return name


def _repeated_names(
    state: State, table: Table, names: pd.Series, blank: pd.Series, problems: Problems
) -> None:
    folded = names.dropna().map(fold)
    repeated = folded[folded.duplicated(keep="first")]
    if repeated.empty:
        return
    firsts = folded.drop_duplicates()
    first_place = pd.Series(firsts.index, index=firsts.to_numpy())
    aside = pd.Series(False, index=names.index)
    for position, key in repeated.items():
        first = int(first_place[key])
        name, other = names.iat[position], state.place.rows.iat[first]
        if name != names.iat[first]:
            near = {"value": name, "close": names.iat[first], "other": other}
            problems.at(state.place, position, "near_name", table.name_column, **near)
        elif blank.iat[position]:
            problems.at(state.place, position, "duplicate_id", table.name_column, value=name, other=other)
            aside.iat[position] = True
        else:
            problems.at(state.place, position, "same_name", table.name_column, value=name, other=other)
    state.set_aside(aside, "duplicate_id")


@dataclass(frozen=True)
class _Lookup:
    """How the rows of a table can be called: identifier, exact name, name without case or accents."""

    exact: Mapping[str, str]
    folded: Mapping[str, list[str]]
    names: list[str]
    aside: Mapping[str, int]


def lookup(state: State, table: Table, key: str) -> _Lookup:
    """Return every way in which people call the rows of a table."""
    alive = state.frame[state.alive]
    exact = {identifier: identifier for identifier in alive[key].dropna()}
    name_column = table.name_column if key == table.key else ""
    folded: dict[str, list[str]] = {}
    names = list(exact)
    if name_column:
        for name, identifier in zip(alive[name_column], alive[key], strict=True):
            if isinstance(name, str):
                folded.setdefault(fold(name), []).append(identifier)
                exact.setdefault(name, identifier)
        names = [name for name in alive[name_column] if isinstance(name, str)]
    for identifier in alive[key].dropna().unique():
        homes = folded.setdefault(fold(identifier), [identifier])
        if identifier not in homes:
            homes.append(identifier)
    ambiguous = _names_held_twice(alive, name_column, key)
    for name in ambiguous:
        del exact[name]
    gone = state.frame[~state.alive]
    aside: dict[str, int] = {}
    for column in dict.fromkeys([key, name_column] if name_column else [key]):
        for called, row in zip(gone[column], state.place.rows[~state.alive], strict=True):
            if isinstance(called, str):
                aside.setdefault(called, int(row))
    return _Lookup(exact, folded, names, aside)


def _names_held_twice(alive: pd.DataFrame, name_column: str, key: str) -> Iterable[str]:
    if not name_column:
        return ()
    repeated = alive[name_column].dropna()
    repeated = repeated[repeated.duplicated()].unique()
    return [name for name in repeated if name not in set(alive[key])]


def resolve_references(states: Mapping[str, State], problems: Problems) -> None:
    """Replace names by identifiers in every referring column; set aside what refers to nothing.

    A row set aside drags along those that refer to it, so tables are passed in the order of their
    references, again and again until nothing changes.
    """
    told: set[tuple[str, int, str]] = set()
    changed = True
    while changed:
        changed = False
        for name, state in states.items():
            for column in tables()[name]:
                target = reference_targets(column)
                if target is None or target[0] not in states:
                    continue
                found = _resolve(state, column, states[target[0]], target, problems, told)
                changed = changed or found


def _resolve(
    state: State,
    column: Column,
    home: State,
    target: tuple[str, str],
    problems: Problems,
    told: set[tuple[str, int, str]],
) -> bool:
    cells = state.frame[column.name]
    used = cells[state.alive].dropna()
    if used.empty:
        return False
    distinct = used.unique()
    valid = set(home.frame.loc[home.alive, target[1]])
    if valid.issuperset(distinct):
        return False
    table = tables()[target[0]]
    calls = lookup(home, table, target[1])
    label = table.label(problems.lang)
    mapping: dict[str, str] = {}
    bad: dict[str, tuple[str, dict[str, object]]] = {}
    for cell in distinct:
        if cell in calls.exact:
            mapping[cell] = calls.exact[cell]
            continue
        homes = calls.folded.get(fold(cell), [])
        if len(homes) == 1:
            mapping[cell] = homes[0]
            bad[cell] = ("inexact_reference", {"close": _name_of(home, table, homes[0])})
        elif len(homes) > 1:
            bad[cell] = ("ambiguous_reference", {"target": label, "close": " / ".join(homes)})
        elif cell in calls.aside:
            bad[cell] = ("reference_set_aside", {"target": label, "other": calls.aside[cell]})
        else:
            close = problems.close_hint(close_names(cell, calls.names))
            bad[cell] = ("unknown_reference", {"target": label, "close": close})
    only_cell = target[0] == "sources"  # a figure without its source is still a figure
    aside = pd.Series(False, index=cells.index)
    blanked = pd.Series(False, index=cells.index)
    for position in np.flatnonzero(cells.isin(list(bad)) & state.alive).tolist():
        cell = cells.iat[position]
        code, fields = bad[cell]
        if code != "inexact_reference":
            (blanked if only_cell else aside).iat[position] = True
            code = "unknown_source" if only_cell else code
        if (state.place.table, int(position), column.name) not in told:
            told.add((state.place.table, int(position), column.name))
            state.dragged_by(position, code, target[0], fields)
            problems.at(state.place, position, code, column.name, value=cell, **fields)
    state.frame[column.name] = cells.map(lambda cell: mapping.get(cell, cell), na_action="ignore").mask(
        blanked
    )
    state.blanked += int(blanked.sum())
    state.set_aside(aside, "unknown_reference")
    return bool(aside.any())


def _name_of(state: State, table: Table, identifier: str) -> str:
    if not table.name_column:
        return identifier
    names = state.frame.loc[state.alive & (state.frame[table.key] == identifier), table.name_column]
    return str(names.iloc[0]) if len(names) else identifier
