"""The Acteurs sheet of the essential workbook: actors, and an activity per stage that each one holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..amounts import advice_on, parse_number
from ..problems import Place, Problems
from ..schema import table
from ..table_state import RawTable
from ..text import fold, split_list
from .essential_parts import (
    PROVENANCE,
    Aside,
    Part,
    Used,
    cells_of,
    home_of,
    keep_aside,
    own_columns,
    part_of,
    place_of,
    same,
    texts_of,
)

__all__ = ["expand_actors"]

#: What people write between two stages instead of « ; ».
_JOINT = re.compile(r"\s*[,+/&]\s*|\s+et\s+|\s+and\s+")


def expand_actors(
    raw: RawTable, used: Used, aside: Aside, problems: Problems
) -> Iterable[tuple[str, RawTable]]:
    """Yield the actors and activities of the sheet; figures of no stage go to the rows set aside."""
    everything = np.arange(len(raw.frame))
    direct = [name for name in table("essential_actors").columns if name in table("actors").columns]
    yield (
        "actors",
        part_of(raw, everything, "actors", same(direct), own_columns(raw, "essential_actors")).table(),
    )
    yield "activities", _activities(raw, used, aside, problems)
    used.note("sources", raw, "actors.source_id", everything)


def _activities(raw: RawTable, used: Used, aside: Aside, problems: Problems) -> RawTable:
    """Return an activity per stage listed; the figures of the row are those of the first."""
    names, identifiers = texts_of(raw, "name"), texts_of(raw, "actors.actor_id")
    figures = [name for name in ("capacity_t_per_year", "jobs_fte", "insertion_fte") if name in raw.frame]
    figures += [name for name in raw.frame.columns if home_of(name) == "activities"]
    weighed = [name for name in figures if table("activities")[name.rpartition(".")[2]].is_numeric]
    filled = raw.frame[weighed].notna().any(axis=1).tolist()
    place = place_of(raw, "activities", "essential_actors", problems.lang)
    rows: list[int] = []
    stages: list[str] = []
    loose: dict[int, str] = {}
    seen: set[str] = set()
    for position, held in enumerate(_stages_held(raw, used, place, problems)):
        name, identifier = names[position], identifiers[position]
        if not name or (not identifier and name in seen):
            continue  # the row itself will be set aside, for want of a name or as a repetition
        seen.add(name)
        if not held and filled[position]:
            loose[position] = "figures_without_stage"
            problems.at(
                place,
                position,
                loose[position],
                "stages",
                value=name,
                target=table("essential_actors")["stages"].label(problems.lang),
            )
        rows += [position] * len(held)
        stages += held
    _tell_unreadable(raw, weighed, loose, place, problems)
    keep_aside(raw, "activities", loose, aside)
    at = np.array(rows, dtype=int)
    first = np.ones(len(at), dtype=bool)
    first[1:] = at[1:] != at[:-1]
    columns: dict[str, tuple[str, Any]] = {
        "actor_id": ("name", [identifiers[position] or names[position] for position in rows]),
        "stage_id": ("stages", stages),
    }
    for figure in figures:
        cells = np.where(first, cells_of(raw, figure)[at], None)
        columns[figure.rpartition(".")[2]] = (figure, cells)
    for name in PROVENANCE:  # the row that says where the actor comes from says it of its figures
        if f"actors.{name}" in raw.frame and name not in columns:
            columns[name] = (f"actors.{name}", cells_of(raw, f"actors.{name}")[at])
    part = Part(raw, at, columns)
    used.note("stages", raw, "stages", at, stages)
    return part.table()


def _tell_unreadable(
    raw: RawTable, figures: Iterable[str], rows: Iterable[int], place: Place, problems: Problems
) -> None:
    """Say which figures of rows that are set aside could not be read either: all is told at once."""
    for figure in figures:
        for position in rows:
            cell = cells_of(raw, figure)[position]
            try:
                _ = cell is None or parse_number(cell)
            except ValueError:
                found = problems.at(place, position, "not_a_number", figure, value=cell)
                unit = table("activities")[figure.rpartition(".")[2]].unit
                problems.tell_more(found, advice_on(cell, unit, lang=problems.lang))


def _stages_held(raw: RawTable, used: Used, place: Place, problems: Problems) -> list[list[str]]:
    """Return the stages that each row lists.

    « Tri, Broyage » is two stages if each of them is known by itself, from the sheet of stages or else from
    another cell, and is told as such; otherwise a comma is part of a name.
    """
    listed = [split_list(text.replace("\n", ";")) for text in texts_of(raw, "stages")]
    parts = {entry: [part for part in _JOINT.split(entry) if part] for entries in listed for entry in entries}
    known = used.known("stages") or {fold(entry) for entry, split in parts.items() if len(split) == 1}
    joint = {
        entry: split
        for entry, split in parts.items()
        if len(split) > 1 and fold(entry) not in known and known.issuperset(map(fold, split))
    }
    for position, entries in enumerate(listed if joint else ()):
        for entry in filter(joint.__contains__, entries):
            told = {"value": entry, "close": " ; ".join(joint[entry])}
            problems.at(place, position, "inexact_reference", "stages", **told)
        spread = [name for entry in entries for name in joint.get(entry, [entry])]
        listed[position] = list(dict.fromkeys(spread))
    return listed
