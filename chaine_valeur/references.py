"""References: rows found again from the identifiers and names that people write."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .errors import close_names
from .problems import Problems
from .schema import Table, reference_targets, tables
from .spellings import Texts, cell_text
from .table_state import Links, State
from .text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

__all__ = ["DESCRIBING", "refers_to_rows", "resolve_references", "targets_of"]

#: References that say more of a row which stands without them.
DESCRIBING = frozenset({("groups", "referent_id")})
#: Beyond, looking for close names among all of them takes longer than reading the workbook.
_MANY_NAMES = 2_000
#: Distinct cells of a column for which close names are looked for; more of them is another kind of mistake.
_MOST_HINTS = 50


@cache
def targets_of(name: str) -> Mapping[str, tuple[str, str]]:
    """Return the columns of a table that refer to another one, with the (table, column) that each refers to.

    Examples
    --------
    >>> targets_of("memberships")["actor_id"]
    ('actors', 'actor_id')
    """
    found = {column.name: reference_targets(column) for column in tables()[name]}
    return {column: target for column, target in found.items() if target and target[0] in tables()}


@cache
def refers_to_rows(name: str) -> frozenset[str]:
    """Return the columns of a table that refer to the key of a table: each cell means one row there.

    Examples
    --------
    >>> sorted(refers_to_rows("actors"))
    ['part_of', 'source_id']
    """
    return frozenset(c for c, (home, key) in targets_of(name).items() if key == tables()[home].key)


class _Lookup:
    """How the rows of a table that are in can be called: identifier, exact name, name without case or accents.

    Valid for as long as no row goes.
    """

    def __init__(self, state: State, table: Table, key: str) -> None:
        self.state = state
        self.key = key
        self._columns = [key, table.name_column] if table.name_column else [key]
        self.count = int(state.alive.sum())

    def _called(self, column: str, rows: Mask) -> list[object]:
        cells = self.state.frame[column]
        return (cells if rows.all() else cells[rows]).tolist()

    @cached_property
    def _rows(self) -> list[int]:
        return self.state.positions_in.tolist()

    @cached_property
    def _keys(self) -> NDArray[np.object_]:
        keys: NDArray[np.object_] = self.state.frame[self.key].to_numpy(object)
        return keys

    @cached_property
    def identifiers(self) -> list[object]:
        """The identifier of each row that is in."""
        return (self._keys if self.state.alive.all() else self._keys[self.state.alive]).tolist()

    def identifiers_at(self, rows: NDArray[np.intp]) -> list[str]:
        """Return the identifiers of some rows."""
        cells: list[str] = self._keys[rows].tolist()
        return cells

    @cached_property
    def names(self) -> list[object]:
        """How each row that is in is called; its identifier where it has no name."""
        return self._called(self._columns[-1], self.state.alive)

    @cached_property
    def by_identifier(self) -> Mapping[object, int]:
        """Identifier → the first row that bears it."""
        return dict(zip(reversed(self.identifiers), reversed(self._rows), strict=True))

    @cached_property
    def exact(self) -> Mapping[object, int]:
        """Identifier or exact name → row; a name that rows of two identifiers bear means neither.

        An identifier goes before a name, but not one that nobody wrote: « scierie », made of « Scierie », is the
        actor of that very name if there is one.
        """
        if len(self._columns) == 1:
            return self.by_identifier
        named = self._by_name
        return {**named, **self.by_identifier, **self._named_as_another(named)}

    @cached_property
    def _by_name(self) -> Mapping[object, int]:
        if len(set(self.names)) == len(self.names):
            return dict(zip(self.names, self._rows, strict=True))
        found: dict[object, int] = {}
        bearer: dict[object, object] = {}
        for name, identifier, row in zip(self.names, self.identifiers, self._rows, strict=True):
            if bearer.setdefault(name, identifier) != identifier:
                found[name] = -1
            else:
                found.setdefault(name, row)
        return found

    def _named_as_another(self, named: Mapping[object, int]) -> Mapping[object, int]:
        """Return the names that are the identifier of another row, where that was given and not written."""
        given = self.state.raw.frame
        if self.key in given:
            unwritten = given[self.key].isna().to_numpy(bool)
            if not unwritten.any():
                return {}
        else:
            unwritten = np.ones(len(given), dtype=bool)
        homes = self.by_identifier
        return {
            name: row
            for name, row in named.items()
            if row >= 0 and (other := homes.get(name, row)) != row and unwritten[other]
        }

    @cached_property
    def folded(self) -> Mapping[str, list[str]]:
        """Folded name or identifier → the identifiers that it may mean."""
        folded: dict[str, list[str]] = {}
        for column in (self.names, self.identifiers) if len(self._columns) > 1 else (self.identifiers,):
            for called, identifier in zip(column, self.identifiers, strict=True):
                if isinstance(called, str):
                    homes = folded.setdefault(fold(called), [])
                    if identifier not in homes:
                        homes.append(str(identifier))
        return folded

    @cached_property
    def aside(self) -> Mapping[str, int]:
        """Identifier or name of a row that is out, as written and folded → where it stands."""
        gone = ~self.state.alive
        rows = self.state.place.rows[gone].tolist()
        aside: dict[str, int] = {}
        for column in self._columns:
            for called, row in zip(self._called(column, gone), rows, strict=True):
                if isinstance(called, str):
                    aside.setdefault(called, int(row))
                    aside.setdefault(fold(called), int(row))
        return aside

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[str]]:
        begun: dict[str, list[str]] = {}
        for name in self.names:
            if isinstance(name, str):
                begun.setdefault(fold(name)[:2], []).append(name)
        return begun

    def close(self, cell: str) -> list[str]:
        """Return the names that look most like a cell; among very many, those that begin as it does."""
        if len(self.names) > _MANY_NAMES:
            return close_names(cell, self._by_beginning.get(fold(cell)[:2], []))
        return close_names(cell, [name for name in self.names if isinstance(name, str)])

    def name_of(self, identifier: str) -> str:
        """Return how the row of an identifier is called."""
        row = self.by_identifier.get(identifier)
        return identifier if row is None else str(self.state.frame[self._columns[-1]].iat[row])


class _Homes:
    """What the rows of each table can be called, looked up once for as long as no row goes."""

    def __init__(self, states: Mapping[str, State]) -> None:
        self.states = states
        self._known: dict[tuple[str, str], _Lookup] = {}

    def of(self, target: tuple[str, str]) -> _Lookup:
        """Return how the rows of a table that are in can be called."""
        state = self.states[target[0]]
        known = self._known.get(target)
        if known is None or known.count != int(state.alive.sum()):
            known = self._known[target] = _Lookup(state, tables()[target[0]], target[1])
        return known


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
            for column, target in targets_of(name).items() if len(alive) else ():
                found = _resolve(state, alive, column, target, homes, problems, told)
                changed = changed or found


def _resolve(
    state: State,
    alive: Mask,
    column: str,
    target: tuple[str, str],
    known: _Homes,
    problems: Problems,
    told: set[tuple[str, int, str, bool]],
) -> bool:
    links, home = state.links_of(column), known.states[target[0]]
    if not links.values:
        return False
    # the last entry is that of values not found yet, numbered -1
    lost = ~np.append(home.alive, False)[links.rows]
    if not lost.any():
        return False
    used = np.zeros(len(lost) + 1, dtype=bool)
    used[links.numbers[alive]] = True
    lost &= used[:-1]
    if not lost.any():
        return False
    calls, gone = known.of(target), False
    left = _find(links, np.flatnonzero(lost).tolist(), calls)
    if left:
        of_cell = _of_cell(state.place.table, column, target[0])
        unread = _lacks_a_column(home)
        bad = _place_others(links, _as_they_come(links, left, alive), calls, home, of_cell, problems)
        if state.place.table == target[0] == "flows":
            bad = _as_flows(bad, home)
        gone = _tell(state, alive, column, bad, home.place.table, of_cell, unread, problems, told)
    if links.changed:
        state.frame[column] = Texts(links.numbers, links.values).cells(state.frame.index)
        links.changed = False
    return gone


def _of_cell(name: str, column: str, home: str) -> str:
    """Return what is said of a reference without which its row stands: the cell alone becomes unknown."""
    if home == "sources":  # a figure without its source is still a figure
        return "unknown_source"
    return "unknown_mention" if (name, column) in DESCRIBING else ""


def _find(links: Links, asked: list[int], calls: _Lookup) -> list[int]:
    """Link the values that are identifiers or exact names of rows that are in; return the others."""
    values = [links.values[number] for number in asked]
    rows = np.array(list(map(calls.exact.get, values, repeat(-1))), dtype=np.intp)
    found = np.flatnonzero(rows >= 0)
    links.rows[asked] = rows
    for place, identifier in zip(found.tolist(), calls.identifiers_at(rows[found]), strict=True):
        if identifier != values[place]:
            links.values[asked[place]], links.changed = identifier, True
    return [asked[place] for place in np.flatnonzero(rows < 0).tolist()]


def _as_they_come(links: Links, asked: list[int], alive: Mask) -> dict[str, list[int]]:
    """Return values, in the order in which the rows that are in say them, with the numbers that each has."""
    wanted = np.zeros(len(links.values) + 1, dtype=bool)
    wanted[asked] = True
    cells = links.numbers[alive]
    found: dict[str, list[int]] = {}
    for number in pd.unique(cells[wanted[cells]]).tolist():
        found.setdefault(links.values[number], []).append(number)
    return found


def _place_others(
    links: Links,
    asked: Mapping[str, list[int]],
    calls: _Lookup,
    home: State,
    of_cell: str,
    problems: Problems,
) -> dict[int, tuple[str, dict[str, object]]]:
    """Link the values that are nearly a name of one row; return, of these and of the others, what to say."""
    label = tables()[home.place.table].label(problems.lang)
    bad: dict[int, tuple[str, dict[str, object]]] = {}
    for place, (cell, numbers) in enumerate(asked.items()):
        homes = calls.folded.get(fold(cell), [])
        said: tuple[str, dict[str, object]]
        if len(homes) == 1:
            said = ("inexact_reference", {"close": calls.name_of(homes[0])})
        elif len(homes) > 1:
            close = problems.close_hint(homes) if of_cell else " / ".join(homes)
            said = ("ambiguous_reference", {"target": label, "close": close})
        elif cell in calls.aside or fold(cell) in calls.aside:
            row = calls.aside.get(cell, calls.aside.get(fold(cell)))
            said = ("reference_set_aside", {"target": label, "other": row})
        else:
            close = problems.close_hint(calls.close(cell)) if place < _MOST_HINTS else ""
            said = ("unknown_reference", {"target": label, "close": close})
        for number in numbers:
            bad[number] = said
            if len(homes) == 1:
                links.values[number], links.rows[number] = homes[0], calls.by_identifier[homes[0]]
                links.changed = True
    return bad


def _lacks_a_column(home: State) -> bool:
    """Return whether no row of a table that was given could be read, for want of a compulsory column."""
    table, frame = tables()[home.place.table], home.raw.frame
    return bool(len(frame)) and any(column.compulsory and column.name not in frame for column in table)


def _as_flows(
    bad: Mapping[int, tuple[str, dict[str, object]]], home: State
) -> dict[int, tuple[str, dict[str, object]]]:
    """Return what to say of flows that are not there: people write the row of one, on the sheet that they have."""
    sheets = home.place.sheets.unique().tolist()
    here = {"target": str(sheets[0])} if len(sheets) == 1 else {}
    return {
        number: ("unknown_flow", {**fields, **here}) if code == "unknown_reference" else (code, fields)
        for number, (code, fields) in bad.items()
    }


def _tell(
    state: State,
    alive: Mask,
    column: str,
    bad: Mapping[int, tuple[str, dict[str, object]]],
    home: str,
    of_cell: str,
    unread: bool,
    problems: Problems,
    told: set[tuple[str, int, str, bool]],
) -> bool:
    """Say what is wrong with some values on each row that has one; return whether rows are set aside."""
    links = state.links[column]
    wrong = np.zeros(len(links.values) + 1, dtype=bool)
    wrong[list(bad)] = True
    aside: dict[str, list[int]] = {}
    blanked: list[int] = []
    untold: list[int] = []
    for position in np.flatnonzero(wrong[links.numbers] & alive).tolist():
        code, fields = bad[int(links.numbers[position])]
        if code != "inexact_reference":
            (blanked if of_cell else aside.setdefault(code, [])).append(position)
            code, fields = (of_cell, {"close": "", **fields}) if of_cell else (code, fields)
        # what was read as a close name may go later: that is another thing to say
        this = (state.place.table, position, column, code == "inexact_reference")
        if this not in told:
            told.add(this)
            if unread:
                untold.append(position)
                continue
            state.dragged_by(position, code, home, fields)
            written = cell_text(state.raw.frame[column].iat[position])
            problems.at(state.place, position, code, column, value=written, **fields)
    if untold:  # one cause, told where it is
        problems.add(
            "sheet_not_read",
            table=state.place.table,
            sheet=state.place.stands[0][untold[0]],
            column=state.place.header(untold[0], column),
            value=len(untold),
            target=tables()[home].label(problems.lang),
        )
    if blanked:
        state.blank(column, blanked)
    for code, positions in aside.items():
        state.set_aside_at(positions, code)
    return bool(aside)
