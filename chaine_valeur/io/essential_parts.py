"""Parts of an essential sheet on their way into full tables: which rows, which columns, called how there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..language import tr
from ..parse import cell_text
from ..problems import Place, Problems
from ..schema import table
from ..table_state import RawTable
from ..text import fold, slug

__all__ = [
    "PROVENANCE",
    "Aside",
    "Part",
    "Used",
    "cells_of",
    "concatenated",
    "found_in",
    "home_of",
    "keep_aside",
    "own_columns",
    "part_of",
    "place_of",
    "same",
    "texts_of",
    "told_apart",
]

#: Table → rows that belong there and cannot be read at all: sheet, row, reason, and the cells as written.
Aside = dict[str, pd.DataFrame]

#: What people write between two stages, and what a name seldom holds.
_JOINT = re.compile(r"[,/+]")

PROVENANCE = ("source_id", "confidence", "hypothesis", "confidentiality")


@dataclass(frozen=True)
class Part:
    """Rows of an essential sheet on their way into a full table: which rows, and what goes into each column."""

    raw: RawTable
    rows: np.ndarray
    columns: Mapping[str, tuple[str, Any]]

    def table(self) -> RawTable:
        """Return the rows as a raw table whose places and headers are those of the essential sheet."""
        frame = pd.DataFrame({name: values for name, (_, values) in self.columns.items()}, dtype=object)
        frame = frame.set_axis(range(len(self.rows)))
        sheets = self.raw.sheets.iloc[self.rows].reset_index(drop=True)
        numbers = self.raw.rows.iloc[self.rows].reset_index(drop=True)
        headers = {
            sheet: {name: own[said] for name, (said, _) in self.columns.items() if said in own}
            for sheet, own in self.raw.by_sheet.items()
        }
        first = next(iter(headers.values()), {})
        return RawTable(frame, sheets, numbers, first, headers)


def concatenated(parts: Iterable[RawTable]) -> RawTable:
    """Return one raw table made of several, in their order."""
    given = list(parts)
    if len(given) == 1:
        return given[0]
    frame = pd.concat([part.frame for part in given], ignore_index=True)
    sheets = pd.concat([part.sheets for part in given], ignore_index=True)
    rows = pd.concat([part.rows for part in given], ignore_index=True)
    by_sheet: dict[str, Mapping[str, str]] = {}
    for part in given:
        for sheet, headers in part.by_sheet.items():
            by_sheet[sheet] = {**headers, **by_sheet.get(sheet, {})}
    moved = {cell: row for part in given for cell, row in part.moved.items()}
    return RawTable(frame, sheets, rows, given[0].headers, by_sheet, moved)


def keep_aside(raw: RawTable, home: str, reasons: Mapping[int, str], aside: Aside) -> None:
    """Put the rows at some positions among those set aside of a table, as written, under their headers."""
    rows = sorted(reasons)
    if not rows:
        return
    out = raw.frame.iloc[rows].rename(columns=lambda name: raw.headers.get(name, name))
    out.insert(0, "reason", [reasons[position] for position in rows])
    out.insert(0, "row", raw.rows.iloc[rows].to_numpy())
    out.insert(0, "sheet", raw.sheets.iloc[rows].to_numpy())
    aside[home] = out.reset_index(drop=True)


def place_of(raw: RawTable, home: str, short: str, lang: str) -> Place:
    """Return where rows of an essential sheet stand; a column that the sheet has not goes by its label."""
    labels = {column.name: column.label(lang) for column in table(short)}
    return Place(home, raw.sheets, raw.rows, {**labels, **raw.headers}, raw.by_sheet)


# -- a column of a sheet --------------------------------------------------------------------------------


def cells_of(raw: RawTable, column: str) -> np.ndarray:
    """Return the cells of a column, all blank if the sheet has none of it."""
    if column in raw.frame:
        return raw.frame[column].to_numpy(object)
    return np.full(len(raw.frame), None, dtype=object)


def texts_of(raw: RawTable, column: str) -> list[str]:
    """Return what the cells of a column say."""
    return [cell_text(cell) for cell in cells_of(raw, column)]


def own_columns(raw: RawTable, short: str) -> dict[str, str]:
    """Return the columns of a sheet that are neither of the shorthand nor of a full table."""
    known = table(short).columns
    return same(name for name in raw.frame.columns if name not in known and not home_of(name))


def home_of(column: str) -> str:
    """Return the full table that a column of an essential sheet was found to belong to, if any."""
    home, mark, name = column.partition(".")
    return home if mark and home in _HOMES and name in table(home).columns else ""


_HOMES = frozenset({"actors", "activities", "flows", "cooperations", "memberships", "groups"})


def part_of(
    raw: RawTable, rows: np.ndarray, target: str, taken: Mapping[str, str], own: Mapping[str, str]
) -> Part:
    """Return the part of a sheet that goes into a table: some columns, what belongs there, and the rest.

    `taken` and `own` lead from a column of the table to one of the sheet.
    """
    columns = {name: said for name, said in taken.items() if said in raw.frame}
    columns |= {name.partition(".")[2]: name for name in raw.frame.columns if home_of(name) == target}
    columns |= own
    return Part(raw, rows, {name: (said, cells_of(raw, said)[rows]) for name, said in columns.items()})


def found_in(raw: RawTable, home: str) -> list[str]:
    """Return the columns of a sheet that belong to a full table."""
    return [name for name in raw.frame.columns if home_of(name) == home]


# -- names that are nearly the same ---------------------------------------------------------------------


def told_apart(raws: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """Return the raw tables with an identifier for each actor whose name differs from another by case only.

    Names are keys here, and « relais » is the identifier that « Relais » will be given: without this, what is
    said of the one would be taken for the other.
    """
    actors = raws.get("essential_actors")
    if actors is None:
        return dict(raws)
    names, given = texts_of(actors, "name"), cells_of(actors, "actors.actor_id").copy()
    first: dict[str, str] = {}
    called: dict[str, str] = {}
    for place, name in enumerate(names):
        if (
            name
            and given[place] is None
            and first.setdefault(fold(name), name) != name
            and name not in called
        ):
            given[place] = called[name] = f"{slug(name)}-{len(called) + 2}"
    if not called:
        return dict(raws)
    known = dict(raws)
    identifiers = pd.Series(given, index=actors.frame.index, dtype=object)
    known["essential_actors"] = replace(actors, frame=actors.frame.assign(**{"actors.actor_id": identifiers}))
    for sheet, columns in (("essential_links", ("source", "target")), ("essential_groups", ("actor_id",))):
        if sheet in known:
            frame = known[sheet].frame.copy()
            for column in frame.columns.intersection(columns):
                words = texts_of(known[sheet], column)
                cells = [called.get(word, cell) for word, cell in zip(words, frame[column], strict=True)]
                frame[column] = pd.Series(cells, index=frame.index, dtype=object)
            known[sheet] = replace(known[sheet], frame=frame)
    return known


def same(names: Iterable[str]) -> dict[str, str]:
    """Return each name leading to itself."""
    return {name: name for name in names}


# -- what is made from its use --------------------------------------------------------------------------


class Used:
    """Collects the stages, materials and sources that the essential sheets speak of."""

    def __init__(self, raws: Mapping[str, RawTable], problems: Problems) -> None:
        self._problems = problems
        self._rows: dict[str, list[tuple[str, RawTable, str, int]]] = {}
        self._known: dict[str, set[str]] = {}
        self._closed = set()
        for name in ("stages", "materials", "sources"):
            given = raws.get(name)
            self._known[name] = set()
            if given is not None and len(given.frame):
                home = table(name)
                for column in (home.key, home.name_column):
                    self._known[name] |= {fold(text) for text in texts_of(given, column) if text}
                if name != "sources":
                    self._closed.add(name)  # the sheet is filled: what it lacks is a mistake

    def known(self, name: str) -> frozenset[str]:
        """Return what the sheet of stages, materials or sources holds, folded; nothing if it is not filled."""
        return frozenset(self._known[name]) if name in self._closed else frozenset()

    def note(
        self,
        name: str,
        raw: RawTable,
        column: str,
        rows: np.ndarray,
        words: Iterable[str | None] | None = None,
    ) -> None:
        """Remember what some rows of a sheet call their stages, materials or sources."""
        if name in self._closed:
            return
        cells = cells_of(raw, column)[rows] if words is None else list(words)
        place = Place(name, raw.sheets, raw.rows, raw.headers, raw.by_sheet)
        target = table(name).label(self._problems.lang)
        for cell, position in zip(cells, rows.tolist(), strict=True):
            word = cell_text(cell)
            if not word or fold(word) in self._known[name]:
                continue
            self._known[name].add(fold(word))
            self._rows.setdefault(name, []).append((word, raw, column, position))
            found = self._problems.at(place, position, "created_from_use", column, value=word, target=target)
            if name == "stages" and column == "stages" and _JOINT.search(word):
                advice = tr("If these are several, part them by a semicolon.", self._problems.lang)
                self._problems.tell_more(found, advice)

    def made(self) -> Iterable[tuple[str, RawTable]]:
        """Yield table and rows for what is used and stands nowhere."""
        for name, found in self._rows.items():
            for word, raw, column, position in found:
                rows = np.array([position])
                yield name, Part(raw, rows, {table(name).name_column: (column, [word])}).table()
