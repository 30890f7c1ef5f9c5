"""Identifiers: made where they are blank, unique, and found again from the names that people write."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from .errors import close_names
from .parse import cell_text
from .problems import Problems
from .schema import Column, Table, reference_targets, tables
from .table_state import State
from .text import fold, slug

__all__ = ["give_identifiers", "lookup", "resolve_references"]

#: Beyond, looking for close names among all of them takes longer than reading the workbook.
_MANY_NAMES = 2_000
#: Distinct cells of a column for which close names are looked for; more of them is another kind of mistake.
_MOST_HINTS = 50


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
    known = names.dropna()
    folded = known.map(fold)
    if not folded.duplicated().any():
        return
    # the same name first, then one that is only like it
    exact, like = _first_places(known), _first_places(folded)
    aside: list[int] = []
    for position in folded.index[folded.duplicated()]:
        name = names.iat[position]
        twin = exact[name] if exact[name] != position else like[folded[position]]
        other = state.place.rows.iat[twin]
        if names.iat[twin] != name:
            near = {"value": name, "close": names.iat[twin], "other": other}
            problems.at(state.place, position, "near_name", table.name_column, **near)
        elif blank.iat[position]:
            problems.at(state.place, position, "duplicate_id", table.name_column, value=name, other=other)
            aside.append(position)
        else:
            problems.at(state.place, position, "same_name", table.name_column, value=name, other=other)
    state.set_aside_at(aside, "duplicate_id")


def _first_places(names: pd.Series) -> Mapping[str, int]:
    firsts = names.drop_duplicates()
    return dict(zip(firsts.tolist(), firsts.index.tolist(), strict=True))


class _Lookup:
    """How the rows of a table can be called: identifier, exact name, name without case or accents."""

    def __init__(self, state: State, table: Table, key: str) -> None:
        self._state = state
        self._columns = [key, table.name_column] if table.name_column else [key]

    @cached_property
    def _alive(self) -> pd.DataFrame:
        return self._state.frame.loc[self._state.alive, self._columns]

    @cached_property
    def exact(self) -> Mapping[str, str]:
        """Identifier or exact name → identifier; a name that two rows bear means neither."""
        identifiers = self._alive[self._columns[0]].dropna().tolist()
        exact = dict(zip(identifiers, identifiers, strict=True))
        if len(self._columns) > 1:
            pairs = self._alive.drop_duplicates().itertuples(index=False, name=None)
            named: dict[str, str | None] = {}
            for identifier, name in pairs:
                if isinstance(name, str):
                    named[name] = None if name in named else identifier
            for name, identifier in named.items():
                if identifier is not None:
                    exact.setdefault(name, identifier)
        return exact

    @cached_property
    def folded(self) -> Mapping[str, list[str]]:
        """Folded name or identifier → the identifiers that it may mean."""
        folded: dict[str, list[str]] = {}
        for column in reversed(self._columns):
            pairs = zip(self._alive[column].tolist(), self._alive[self._columns[0]].tolist(), strict=True)
            for called, identifier in pairs:
                if isinstance(called, str):
                    homes = folded.setdefault(fold(called), [])
                    if identifier not in homes:
                        homes.append(identifier)
        return folded

    @cached_property
    def aside(self) -> Mapping[str, int]:
        """Identifier or name of a row that is out, as written and folded → where it stands."""
        gone = ~self._state.alive
        rows = self._state.place.rows[gone].tolist()
        aside: dict[str, int] = {}
        for column in self._columns:
            for called, row in zip(self._state.frame.loc[gone, column].tolist(), rows, strict=True):
                if isinstance(called, str):
                    aside.setdefault(called, int(row))
                    aside.setdefault(fold(called), int(row))
        return aside

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[str]]:
        begun: dict[str, list[str]] = {}
        for name in self._alive[self._columns[-1]].dropna().tolist():
            begun.setdefault(fold(name)[:2], []).append(name)
        return begun

    def close(self, cell: str) -> list[str]:
        """Return the names that look most like a cell; among very many, those that begin as it does."""
        if len(self._alive) > _MANY_NAMES:
            return close_names(cell, self._by_beginning.get(fold(cell)[:2], []))
        return close_names(cell, self._alive[self._columns[-1]].dropna().tolist())


def lookup(state: State, table: Table, key: str) -> _Lookup:
    """Return every way in which people call the rows of a table."""
    return _Lookup(state, table, key)


class _Homes:
    """What the rows of each table can be called, looked up once for as long as no row goes."""

    def __init__(self, states: Mapping[str, State]) -> None:
        self.states = states
        self._known: dict[tuple[str, str], tuple[int, set[str], _Lookup]] = {}

    def of(self, target: tuple[str, str]) -> tuple[set[str], _Lookup]:
        """Return the identifiers of a table that are in, and the lookup of its names."""
        state, count = self.states[target[0]], int(self.states[target[0]].alive.sum())
        if target not in self._known or self._known[target][0] != count:
            found = lookup(state, tables()[target[0]], target[1])
            self._known[target] = (count, set(state.frame.loc[state.alive, target[1]].tolist()), found)
        return self._known[target][1:]


def resolve_references(states: Mapping[str, State], problems: Problems) -> None:
    """Replace names by identifiers in every referring column; set aside what refers to nothing.

    A row set aside drags along those that refer to it, so tables are passed in the order of their
    references, again and again until nothing changes.
    """
    told: set[tuple[str, int, str, bool]] = set()
    homes = _Homes(states)
    changed = True
    while changed:
        changed = False
        for name, state in states.items():
            alive = state.alive  # two bad references on a row are both said
            for column in tables()[name] if len(state.frame) else ():
                target = reference_targets(column)
                if target is None or target[0] not in states:
                    continue
                found = _resolve(state, alive, column, target, homes, problems, told)
                changed = changed or found


def _resolve(
    state: State,
    alive: pd.Series,
    column: Column,
    target: tuple[str, str],
    known: _Homes,
    problems: Problems,
    told: set[tuple[str, int, str, bool]],
) -> bool:
    cells = state.frame[column.name]
    distinct = cells[alive].dropna().unique().tolist()
    if not distinct:
        return False
    valid, calls = known.of(target)
    if valid.issuperset(distinct):
        return False
    home = known.states[target[0]]
    table = tables()[home.place.table]
    label = table.label(problems.lang)
    mapping: dict[str, str] = {}
    bad: dict[str, tuple[str, dict[str, object]]] = {}
    only_cell = home.place.table == "sources"  # a figure without its source is still a figure
    for cell in distinct:
        if cell in calls.exact:
            mapping[cell] = calls.exact[cell]
            continue
        homes = calls.folded.get(fold(cell), [])
        if len(homes) == 1:
            mapping[cell] = homes[0]
            bad[cell] = ("inexact_reference", {"close": _name_of(home, table, homes[0])})
        elif len(homes) > 1:
            close = problems.close_hint(homes) if only_cell else " / ".join(homes)
            bad[cell] = ("ambiguous_reference", {"target": label, "close": close})
        elif cell in calls.aside or fold(cell) in calls.aside:
            row = calls.aside.get(cell, calls.aside.get(fold(cell)))
            bad[cell] = ("reference_set_aside", {"target": label, "other": row})
        else:
            close = problems.close_hint(calls.close(cell)) if len(bad) < _MOST_HINTS else ""
            bad[cell] = ("unknown_reference", {"target": label, "close": close})
    aside: dict[str, list[int]] = {}
    blanked: list[int] = []
    for position in np.flatnonzero(cells.isin(list(bad)) & alive).tolist() if bad else ():
        cell = cells.iat[position]
        code, fields = bad[cell]
        if code != "inexact_reference":
            (blanked if only_cell else aside.setdefault(code, [])).append(position)
            code, fields = ("unknown_source", {"close": "", **fields}) if only_cell else (code, fields)
        # what was read as a close name may go later: that is another thing to say
        this = (state.place.table, int(position), column.name, code == "inexact_reference")
        if this not in told:
            told.add(this)
            state.dragged_by(position, code, home.place.table, fields)
            written = cell_text(state.raw.frame[column.name].iat[position])
            problems.at(state.place, position, code, column.name, value=written, **fields)
    replaced = _replaced(cells, mapping)
    replaced.iloc[blanked] = None
    state.frame[column.name] = replaced
    state.blanked += len(blanked)
    for code, positions in aside.items():
        state.set_aside_at(positions, code)
    return bool(aside)


def _replaced(cells: pd.Series, mapping: Mapping[str, str]) -> pd.Series:
    """Return the cells with some values replaced by others, at the cost of the distinct ones."""
    codes, distinct = pd.factorize(cells)
    values = pd.Series([*(mapping.get(cell, cell) for cell in distinct.tolist()), None], dtype="str")
    return values.take(codes).set_axis(cells.index).rename(cells.name)


def _name_of(state: State, table: Table, identifier: str) -> str:
    if not table.name_column:
        return identifier
    names = state.frame.loc[state.alive & (state.frame[table.key] == identifier), table.name_column]
    return str(names.iloc[0]) if len(names) else identifier
