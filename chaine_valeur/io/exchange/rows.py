"""Rows of a table from what a file says of nodes and edges, and the rows that these refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...schema import Column, Table, table
from ...table_state import RawTable
from ...text import split_list
from ...vocabulary import parse_term
from .attributes import COMPANIONS, RESERVED, column_name
from .found import Found
from .objects import blank_column, known, objects

if TYPE_CHECKING:
    from .objects import Mask, Objects

__all__ = ["PARENT", "as_one", "referred", "rows_of"]

#: What a format itself says of the node that holds another one.
PARENT = "@parent"
_COMPANIONS = frozenset(name for name, _ in COMPANIONS.values())


def rows_of(
    home: Table,
    found: Found,
    attributes: Mapping[str, Objects],
    own: Mapping[str, Objects],
    rows: Mask,
    told: Objects,
    sheet: str,
) -> RawTable:
    """Return some rows of a file as rows of a table.

    Parameters
    ----------
    attributes
        Those of all nodes or edges. Where a row says what table it is of, their names are those of columns; in others
        they are matched as headers.
    own
        Columns that the format itself says; they prevail.
    rows
        Which of the nodes or edges.
    told
        The table that each says it is of, ``None`` where it says none.
    """
    ours = rows & known(told)
    others = rows & ~ours
    columns: dict[str, Objects] = {}

    def put(column: str, values: Objects, where: Mask, *, beneath: bool = False) -> None:
        old = columns.setdefault(column, blank_column(len(rows)))
        there = where & known(values)
        if beneath:
            there &= ~known(old)
        old[there] = values[there]

    foreign = [name for name, values in attributes.items() if known(values[others]).any()]
    meaning = home.match_headers(foreign)
    told_otherwise = {*own} - {"quantity_t_per_year"}
    if any(
        others[place] and label not in (None, found.ids[place]) for place, label in enumerate(found.labels)
    ):
        told_otherwise.add(home.name_column)
    for name, column in list(meaning.items()):
        # a word of ours in another sense
        if column in told_otherwise or not _understood(home[column], attributes[name][others]):
            meaning[name] = name if name not in home.columns else f"{name}_"
    for name, values in attributes.items():
        if ours.any() and (name not in RESERVED or name in _COMPANIONS):
            put(name if name in home.columns or name in _COMPANIONS else column_name(name), values, ours)
        if name in foreign:
            put(meaning.get(name, name), values, others)
    for name, values in own.items():
        if name != PARENT:
            put(name, values, rows)
        elif home.name == "actors":
            put("part_of", values, rows, beneath=True)
    if home.name_column:
        put(home.name_column, objects(found.labels), rows, beneath=True)
        put(home.name_column, objects(found.ids), rows, beneath=True)
    for column, years in (("since", found.start), ("until", found.end)):
        if column in home.columns:
            put(column, objects(years), rows, beneath=True)
    said = {name: values[rows] for name, values in columns.items() if known(values[rows]).any()}
    frame = pd.DataFrame(said, index=range(int(rows.sum())), dtype=object)
    if home.name_column and home.name_column not in frame:
        frame[home.name_column] = None
    lines = pd.Series(np.array(found.lines, dtype=np.int64)[rows], dtype="int64")
    sheets = objects(found.sheets)[rows] if found.sheets else sheet
    return RawTable(frame, pd.Series(sheets, index=frame.index, dtype="str"), lines)


def _understood(column: Column, values: Objects) -> bool:
    """Return whether the values are terms of a column, if it has a list of them."""
    if column.terms is None:
        return True
    said = {str(value) for value in values[known(values)]}
    entries = {entry for text in said for entry in (split_list(text) if column.type == "list" else [text])}
    return all(parse_term(entry, column.vocabulary) for entry in entries)


def as_one(parts: list[RawTable]) -> RawTable:
    """Return the rows of several parts of one table as one."""
    if len(parts) == 1:
        return parts[0]
    frame = pd.concat([part.frame.astype(object) for part in parts], ignore_index=True)
    sheets, rows = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in ("sheets", "rows")
    )
    return RawTable(frame.where(frame.notna(), None), sheets, rows, parts[0].headers)


def referred(raws: dict[str, list[RawTable]], sheet: str, more: Mapping[str, RawTable]) -> None:
    """Make the materials, stages and sources that rows refer to, and take their names out of the rows.

    Those of `more` are there already.
    """
    found: dict[str, dict[Any, tuple[Any, str, int]]] = {}
    raws.update({home: [raw] for home, raw in more.items()})
    for own, part in [(name, part) for name, parts in raws.items() for part in parts]:
        for column, (companion, home) in COMPANIONS.items():
            if column not in part.frame or home == own:
                continue
            names = part.frame.pop(companion).tolist() if companion in part.frame else None
            entries = found.setdefault(home, {})
            for place, cell in enumerate(part.frame[column].tolist()):
                if cell is None or cell in entries:
                    continue
                name = names[place] if names else None
                key = None if name is None else cell
                entries[cell] = (key, str(cell if name is None else name), int(part.rows.iat[place]))
    for home, entries in found.items():
        there: set[Any] = set()
        for raw in raws.get(home, ()):
            there |= {
                cell
                for column in (table(home).key, "name")
                if column in raw.frame
                for cell in raw.frame[column]
            }
        made = [entry for cell, entry in entries.items() if cell not in there]
        if made:
            frame = pd.DataFrame(
                [entry[:2] for entry in made], columns=[table(home).key, "name"], dtype=object
            )
            lines = pd.Series([entry[2] for entry in made], dtype="int64")
            raw = RawTable(frame, pd.Series(sheet, index=frame.index, dtype="str"), lines)
            raws.setdefault(home, []).append(raw)
