"""What was left out while reading, told with each output that it would have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ..columns import columns
from ..language import clauses, number, tr, trn
from ..schema import reference_targets, table, tables
from ..text import fold, split_list

if TYPE_CHECKING:
    from ..analysis.findings import Finding
    from ..filiere import Filiere

__all__ = [
    "LeftOut",
    "cells_note",
    "joined",
    "missing_note",
    "of_table",
    "read_tables_note",
    "rows_lost",
    "year_note",
]

#: What a finding is about: its field → the table that names it.
_ABOUT = {
    "stage_id": "stages",
    "to_stage_id": "stages",
    "actor_id": "actors",
    "to_actor_id": "actors",
    "group_id": "groups",
    "material_id": "materials",
}


def rows_lost(f: Filiere, names: Iterable[str]) -> int:
    """Return the number of rows of some tables that were set aside."""
    rows, _ = _lost(f)
    return sum(rows.get(name, 0) for name in names)


def _lost(f: Filiere) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return how many rows of each table were set aside, and how many of its cells count as unknown."""
    return f.derived(
        "lost", lambda f: ({name: len(rows) for name, rows in f.set_aside.items()}, f.unknown_cells)
    )


def read_tables_note(f: Filiere, names: Iterable[str], *, lang: str) -> list[str]:
    """Return one remark per table that lost rows or cells, in the order of the tables."""
    notes = []
    rows_of, cells_of = _lost(f)
    for name in names:
        rows, cells = rows_of.get(name, 0), cells_of.get(name, 0)
        if rows:
            notes.append(
                trn(
                    "{count} row {of_table} set aside",
                    "{count} rows {of_table} set aside",
                    rows,
                    lang,
                    of_table=of_table(name, lang=lang),
                )
            )
        if cells:
            notes.append(cells_note(name, cells, lang=lang))
    return notes


def cells_note(name: str, cells: int, *, lang: str) -> str:
    """Return how many cells of a table could not be read."""
    return trn(
        "{count} cell {of_table} could not be read and counts as unknown",
        "{count} cells {of_table} could not be read and count as unknown",
        cells,
        lang,
        of_table=of_table(name, lang=lang),
    )


def of_table(name: str, *, lang: str) -> str:
    """Return « de Flux », « d’Acteurs », "of Flows": a table as what something belongs to."""
    label = table(name).label(lang)
    if lang == "fr":
        return f"d’{label}" if fold(label)[:1] in "aeiouyh" else f"de {label}"
    return f"of {label}"


def missing_note(names: Iterable[str], *, lang: str) -> str:
    """Return the sentence that says which table is missing for a figure to exist."""
    labels = [tr("“{name}”", lang, name=table(name).label(lang)) for name in names]
    listed = ", ".join(labels)
    return trn(
        "not computed: the sheet {sheets} has no usable row",
        "not computed: the sheets {sheets} have no usable row",
        len(labels),
        lang,
        sheets=listed,
    )


def year_note(f: Filiere, names: Iterable[str], *, said: str = "", lang: str) -> str:
    """Return which year was taken where tables speak of several and none was asked for.

    Empty otherwise, and where what is ``said`` already names that year.
    """
    if f.year is not None:
        return ""
    taken: dict[int, set[int]] = {}
    for name in names:
        if "year" not in table(name).columns or name == "sources":
            continue
        years = columns(f, name).years
        if len(years) > 1:
            taken.setdefault(years[-1], set()).update(years)
    told = [
        tr(
            "figures of {year}, the latest of the {count} years given",
            lang,
            year=latest,
            count=number(len(years), lang),
        )
        for latest, years in sorted(taken.items())
        if str(latest) not in said
    ]
    return joined(told, lang=lang)


def joined(parts: Iterable[str], *, lang: str) -> str:
    """Return remarks as one line, empty ones dropped, with the semicolon of the language between them."""
    return clauses((part.strip().rstrip(".") for part in parts), lang)


@dataclass(frozen=True)
class LeftOut:
    """Which rows set aside speak of which actor, stage, group or material."""

    #: (table, folded spelling) → places of the rows set aside that hold it
    mentions: Mapping[tuple[str, str], tuple[tuple[str, str, int], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, f: Filiere) -> LeftOut:
        """Return the index of the rows that a filière set aside."""
        found: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
        for name, frame in f.set_aside.items():
            for column in tables()[name]:
                target = reference_targets(column)
                named = target[0] if target else name if column.need in ("key", "name") else None
                if named is None or column.name not in frame:
                    continue
                for cell, sheet, row in zip(frame[column.name], frame["sheet"], frame["row"], strict=True):
                    for entry in split_list(_text(cell)):
                        found.setdefault((named, fold(entry)), []).append((name, str(sheet), int(row)))
        return cls({key: tuple(dict.fromkeys(places)) for key, places in found.items()})

    def about(self, f: Filiere, finding: Finding) -> list[tuple[str, str, int]]:
        """Return the places of the rows set aside that speak of what a finding is about."""
        if not self.mentions:
            return []
        places: dict[tuple[str, str, int], None] = {}
        for attribute, name in _ABOUT.items():
            identifier = getattr(finding, attribute)
            if identifier is None:
                continue
            spellings = {fold(identifier)}
            frame = f.table(name)
            if identifier in frame.index:
                spellings.add(fold(str(frame.at[identifier, table(name).name_column])))
            for spelling in sorted(spellings):
                places.update(dict.fromkeys(self.mentions.get((name, spelling), ())))
        return list(places)


def _text(cell: object) -> str | None:
    return None if cell is None or cell is pd.NA or cell != cell else str(cell)
