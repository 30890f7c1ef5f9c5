"""The essential workbook: three sheets in which names are keys, told again as the full tables.

A row keeps its place: what is later found wrong with an activity is said of the cell of the Acteurs sheet
that it came from. Maillons and Matières are made from their use where their sheets are not filled; a source
is made from its use whenever the Sources sheet does not have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..parse import cell_text
from ..problems import Place, Problems
from ..schema import table
from ..table_state import RawTable
from ..text import fold, split_list
from ..vocabulary import CooperationState, LinkKind, labels, parse_term
from .essential_parts import (
    PROVENANCE,
    Part,
    Used,
    cells_of,
    concatenated,
    found_in,
    home_of,
    own_columns,
    part_of,
    same,
    texts_of,
    told_apart,
)

__all__ = ["Aside", "expand"]

#: Table → rows that belong there and cannot be read at all: sheet, row, reason, and the cells as written.
Aside = dict[str, pd.DataFrame]

#: What is said of a flow alone, of a cooperation alone.
_OF_FLOWS = ("material_id", "quantity_t_per_year", "source_stage", "target_stage")
_OF_TIES = ("intensity",)


def expand(raws: Mapping[str, RawTable], problems: Problems) -> tuple[dict[str, RawTable], Aside]:
    """Return raw full tables in place of the essential ones, and the rows that fit into none.

    Parameters
    ----------
    raws
        Raw tables by schema name, full tables and shorthands alike.
    problems
        Where what is found is said.
    """
    raws = told_apart(raws)
    parts = {name: [raw] for name, raw in raws.items() if table(name).kind == "table"}
    aside: Aside = {}
    expanders: Mapping[str, Callable[..., Iterable[tuple[str, RawTable]]]] = {
        "essential_actors": _actors,
        "essential_links": _links,
        "essential_groups": _groups,
    }
    used = Used(raws, problems)
    for short, expander in expanders.items():
        if short in raws:
            for name, made in expander(raws[short], raws, used, aside, problems):
                parts.setdefault(name, []).append(made)
    for name, made in used.made():
        parts.setdefault(name, []).append(made)
    return {name: concatenated(found) for name, found in parts.items()}, aside


# -- Acteurs --------------------------------------------------------------------------------------------


def _actors(
    raw: RawTable, raws: Mapping[str, RawTable], used: Used, aside: Aside, problems: Problems
) -> Iterable[tuple[str, RawTable]]:
    everything = np.arange(len(raw.frame))
    direct = [name for name in table("essential_actors").columns if name in table("actors").columns]
    yield (
        "actors",
        part_of(raw, everything, "actors", same(direct), own_columns(raw, "essential_actors")).table(),
    )
    yield "activities", _activities(raw, used)
    used.note("sources", raw, "actors.source_id", everything)


def _activities(raw: RawTable, used: Used) -> RawTable:
    """Return an activity per stage listed; the figures of the row are those of the first."""
    names, identifiers = texts_of(raw, "name"), texts_of(raw, "actors.actor_id")
    figures = [name for name in ("capacity_t_per_year", "jobs_fte", "insertion_fte") if name in raw.frame]
    figures += [name for name in raw.frame.columns if home_of(name) == "activities"]
    weighed = [name for name in figures if table("activities")[name.rpartition(".")[2]].is_numeric]
    filled = raw.frame[weighed].notna().any(axis=1).tolist()
    rows: list[int] = []
    stages: list[str | None] = []
    seen: set[str] = set()
    for place, listed in enumerate(texts_of(raw, "stages")):
        name, identifier = names[place], identifiers[place]
        if not name or (not identifier and name in seen):
            continue  # the row itself will be set aside, for want of a name or as a repetition
        seen.add(name)
        held: list[str | None] = [*split_list(listed.replace("\n", ";"))]
        if not held and filled[place]:
            held = [None]  # figures of no stage: said of that cell
        rows += [place] * len(held)
        stages += held
    at = np.array(rows, dtype=int)
    first = np.ones(len(at), dtype=bool)
    first[1:] = at[1:] != at[:-1]
    columns: dict[str, tuple[str, Any]] = {
        "actor_id": ("name", [identifiers[place] or names[place] for place in rows]),
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


# -- Liens ----------------------------------------------------------------------------------------------


def _links(
    raw: RawTable, raws: Mapping[str, RawTable], used: Used, aside: Aside, problems: Problems
) -> Iterable[tuple[str, RawTable]]:
    kinds = _link_kinds(raw, aside, problems)
    flows = np.flatnonzero(kinds == LinkKind.FLOW.value)
    ties = np.flatnonzero((kinds != LinkKind.FLOW.value) & (kinds != ""))
    own = own_columns(raw, "essential_links")
    shared = same(("confidence", "source_id", "note"))
    taken = same(("source", "target", "year", *_OF_FLOWS)) | shared
    strangers = _strangers(raw, flows, [*_OF_TIES, *found_in(raw, "cooperations")], "flows", problems)
    yield "flows", part_of(raw, flows, "flows", taken, own | strangers).table()
    taken = {"actor_id": "source", "to_actor_id": "target", "kind": "kind", "since": "year"}
    taken |= same(("intensity", "state")) | shared
    taken |= {name: f"flows.{name}" for name in PROVENANCE if name not in shared}
    alone = [name for name in found_in(raw, "flows") if name not in taken.values()]
    strangers = _strangers(raw, ties, [*_OF_FLOWS, *alone], "cooperations", problems)
    yield "cooperations", part_of(raw, ties, "cooperations", taken, own | strangers).table()
    used.note("stages", raw, "source_stage", flows)
    used.note("stages", raw, "target_stage", flows)
    used.note("materials", raw, "material_id", flows)
    used.note("sources", raw, "source_id", np.sort(np.concatenate([flows, ties])))


def _link_kinds(raw: RawTable, aside: Aside, problems: Problems) -> np.ndarray:
    """Return what each tie is, blank where that cannot be told; those rows are set aside."""
    written = texts_of(raw, "kind")
    measured = raw.frame.reindex(columns=["material_id", "quantity_t_per_year"]).notna().any(axis=1)
    homes = np.where(measured, "flows", "cooperations")  # where a diagnostic would miss the row
    places = {
        home: Place(home, raw.sheets, raw.rows, raw.headers, raw.by_sheet)
        for home in ("flows", "cooperations")
    }
    terms = {word: _link_kind(word) for word in set(written)}
    kinds = np.array([terms[word] for word in written], dtype=object)
    choices = " ; ".join([*labels("link_kind", problems.lang).values(),
                          *labels("cooperation_kind", problems.lang).values()])  # fmt: skip
    reasons: dict[int, str] = {}
    for position in np.flatnonzero(kinds == "").tolist():
        reasons[position] = "unknown_term" if written[position] else "missing_required"
        fields = {"value": written[position], "choices": choices} if written[position] else {}
        problems.at(places[str(homes[position])], position, reasons[position], "kind", **fields)
    states = texts_of(raw, "state")
    for position in np.flatnonzero(kinds == LinkKind.FLOW.value).tolist():
        if parse_term(states[position], "cooperation_state") == CooperationState.ABSENT.value:
            reasons[position] = "absent_flow"
            homes[position] = "flows"
            problems.at(places["flows"], position, "absent_flow", "state", value=states[position])
    for position in reasons:
        kinds[position] = ""
    _set_aside(raw, reasons, homes, aside)
    return kinds


def _link_kind(word: str) -> str:
    return (parse_term(word, "link_kind") or parse_term(word, "cooperation_kind") or "") if word else ""


def _set_aside(raw: RawTable, reasons: Mapping[int, str], homes: np.ndarray, aside: Aside) -> None:
    """Keep rows as they were written, under their headers."""
    for home in ("flows", "cooperations"):
        rows = sorted(position for position in reasons if homes[position] == home)
        if rows:
            out = raw.frame.iloc[rows].rename(columns=lambda name: raw.headers.get(name, name))
            out.insert(0, "reason", [reasons[position] for position in rows])
            out.insert(0, "row", raw.rows.iloc[rows].to_numpy())
            out.insert(0, "sheet", raw.sheets.iloc[rows].to_numpy())
            aside[home] = out.reset_index(drop=True)


def _strangers(
    raw: RawTable, rows: np.ndarray, columns: Iterable[str], target: str, problems: Problems
) -> dict[str, str]:
    """Return the columns that say something, though not of ties of this kind; said once each.

    They go along as columns of the user's own, under the header that they have.
    """
    found = {}
    for column in columns:
        filled = rows[pd.notna(cells_of(raw, column)[rows])] if column in raw.frame else rows[:0]
        if len(filled):
            place = Place(target, raw.sheets, raw.rows, raw.headers, raw.by_sheet)
            first = int(filled[0])
            header = place.header(first, column)
            problems.at(place, first, "not_for_this_kind", column, value=header)
            found[header] = column
    return found


# -- Groupes --------------------------------------------------------------------------------------------


def _groups(
    raw: RawTable, raws: Mapping[str, RawTable], used: Used, aside: Aside, problems: Problems
) -> Iterable[tuple[str, RawTable]]:
    names, members = texts_of(raw, "group"), texts_of(raw, "actor_id")
    first: dict[str, int] = {}
    for place, name in enumerate(names):
        if name:
            first.setdefault(fold(name), place)
    known = (
        {fold(cell_text(cell)) for cell in cells_of(raws["groups"], "name")} if "groups" in raws else set()
    )
    new = {folded: place for folded, place in first.items() if folded not in known}
    yield "groups", _made_groups(raw, names, new, problems)
    # a group of which no member is known is a group all the same
    poles = texts_of(raw, "pole")
    rows = np.array([p for p in range(len(names)) if members[p] or poles[p] or not names[p]], dtype=int)
    taken = {"group_id": "group", **same(("actor_id", "pole", "note"))}
    part = part_of(raw, rows, "memberships", taken, own_columns(raw, "essential_groups"))
    if "group_id" in part.columns:  # « gt textiles » and « GT Textiles » are one group: the first spelling
        spelled = [names[first[fold(names[p])]] if names[p] else None for p in rows.tolist()]
        part = Part(raw, rows, {**part.columns, "group_id": ("group", spelled)})
    yield "memberships", part.table()
    used.note("sources", raw, "memberships.source_id", rows)


def _made_groups(raw: RawTable, names: list[str], first: Mapping[str, int], problems: Problems) -> RawTable:
    """Return a group per name, with the first kind and the first referent that its rows give."""
    place = Place("groups", raw.sheets, raw.rows, raw.headers, raw.by_sheet)
    members, kinds, words = texts_of(raw, "actor_id"), texts_of(raw, "kind"), texts_of(raw, "referent")
    known = {fold(member): member for member in members if member}
    kind: dict[str, int] = {}
    referent: dict[str, str] = {}
    for position, name in enumerate(names):
        folded = fold(name)
        if folded not in first:
            continue
        if kinds[position]:
            start = kind.setdefault(folded, position)
            if fold(kinds[position]) != fold(kinds[start]):
                told = {"value": kinds[position], "close": kinds[start], "other": int(raw.rows.iat[start])}
                problems.at(place, position, "differs_from_first", "kind", **told)
        chosen = _referent(words[position], members[position], known)
        if chosen is None:
            problems.at(place, position, "not_yes_or_no", "referent", value=words[position])
        elif chosen and chosen != referent.setdefault(folded, chosen):
            told = {"value": chosen, "close": referent[folded], "other": int(raw.rows.iat[first[folded]])}
            problems.at(place, position, "differs_from_first", "referent", **told)
    rows = np.array(list(first.values()), dtype=int)
    columns: dict[str, tuple[str, Any]] = {"name": ("group", [names[position] for position in rows])}
    columns["kind"] = ("kind", [kinds[kind[f]] if f in kind else None for f in first])
    columns["referent_id"] = ("referent", [referent.get(folded) for folded in first])
    for column in found_in(raw, "groups"):
        columns[column.partition(".")[2]] = (column, cells_of(raw, column)[rows])
    return Part(raw, rows, columns).table()


def _referent(word: str, member: str, known: Mapping[str, str]) -> str | None:
    """Return the referent that a cell names, an empty text if it names none, ``None`` if it is unclear."""
    if not word:
        return ""
    from ..parse import parse_column

    parsed = parse_column(pd.Series([word], dtype=object), table("essential_groups")["referent"])
    if not parsed.codes.iat[0]:
        value = parsed.values.iat[0]
        return member if value is not pd.NA and bool(value) else ""
    return known.get(fold(word))
