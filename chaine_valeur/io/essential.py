"""The essential workbook: three sheets in which names are keys, told again as the full tables.

A row keeps its place: what is later found wrong with an activity is said of the cell of the Acteurs sheet
that it came from. Maillons and Matières are made from their use where their sheets are not filled; a source
is made from its use whenever the Sources sheet does not have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from ..parse import cell_text
from ..problems import Problems
from ..schema import table
from ..table_state import RawTable
from ..text import fold
from ..vocabulary import CooperationState, LinkKind, labels, parse_term
from .essential_actors import expand_actors
from .essential_parts import (
    PROVENANCE,
    Aside,
    Part,
    Used,
    cells_of,
    concatenated,
    found_in,
    keep_aside,
    own_columns,
    part_of,
    place_of,
    same,
    texts_of,
    told_apart,
)

__all__ = ["expand"]

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
    used = Used(raws, problems)
    made: list[Iterable[tuple[str, RawTable]]] = []
    if "essential_actors" in raws:
        made.append(expand_actors(raws["essential_actors"], used, aside, problems))
    if "essential_links" in raws:
        made.append(_links(raws["essential_links"], used, aside, problems))
    if "essential_groups" in raws:
        made.append(_groups(raws["essential_groups"], raws, used, problems))
    for name, part in chain(*made, used.made()):
        parts.setdefault(name, []).append(part)
    return {name: concatenated(found) for name, found in parts.items()}, aside


# -- Liens ----------------------------------------------------------------------------------------------


def _links(raw: RawTable, used: Used, aside: Aside, problems: Problems) -> Iterable[tuple[str, RawTable]]:
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
        home: place_of(raw, home, "essential_links", problems.lang) for home in ("flows", "cooperations")
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
    for home in ("flows", "cooperations"):
        keep_aside(raw, home, {p: reason for p, reason in reasons.items() if homes[p] == home}, aside)
    return kinds


def _link_kind(word: str) -> str:
    return (parse_term(word, "link_kind") or parse_term(word, "cooperation_kind") or "") if word else ""


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
            place = place_of(raw, target, "essential_links", problems.lang)
            first = int(filled[0])
            header = place.header(first, column)
            problems.at(place, first, "not_for_this_kind", column, value=header)
            found[header] = column
    return found


# -- Groupes --------------------------------------------------------------------------------------------


def _groups(
    raw: RawTable, raws: Mapping[str, RawTable], used: Used, problems: Problems
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
    called = [
        word
        for name in ("actors", "essential_actors")
        if name in raws
        for word in texts_of(raws[name], "name")
    ]
    yield "groups", _made_groups(raw, names, new, [*called, *members], problems)
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


def _made_groups(
    raw: RawTable, names: list[str], first: Mapping[str, int], called: Iterable[str], problems: Problems
) -> RawTable:
    """Return a group per name, with the first kind and the first referent that its rows give.

    `called` are the names that a referent may have.
    """
    place = place_of(raw, "groups", "essential_groups", problems.lang)
    members, kinds, words = texts_of(raw, "actor_id"), texts_of(raw, "kind"), texts_of(raw, "referent")
    known = {fold(name): name for name in called if name}
    kind: dict[str, int] = {}
    referent: dict[str, tuple[str, int]] = {}
    for position, name in enumerate(names):
        folded = fold(name)
        if folded not in first:
            continue
        if kinds[position]:
            start = kind.setdefault(folded, position)
            if _as_term(kinds[position]) != _as_term(kinds[start]):
                told = {"value": kinds[position], "close": kinds[start], "other": int(raw.rows.iat[start])}
                problems.at(place, position, "differs_from_first", "kind", **told)
        chosen = _referent(words[position], members[position], known)
        if chosen is None:
            problems.at(place, position, "not_yes_or_no", "referent", value=words[position])
        elif chosen and chosen != referent.setdefault(folded, (chosen, position))[0]:
            told = {"value": chosen, "close": referent[folded][0]}
            told |= {"other": int(raw.rows.iat[referent[folded][1]])}
            problems.at(place, position, "differs_from_first", "referent", **told)
    rows = np.array(list(first.values()), dtype=int)
    columns: dict[str, tuple[str, Any]] = {"name": ("group", [names[position] for position in rows])}
    columns["kind"] = ("kind", [kinds[kind[f]] if f in kind else None for f in first])
    columns["referent_id"] = ("referent", [referent[f][0] if f in referent else None for f in first])
    for column in found_in(raw, "groups"):
        columns[column.partition(".")[2]] = (column, cells_of(raw, column)[rows])
    stand = {"kind": kind, "referent_id": {folded: found for folded, (_, found) in referent.items()}}
    moved = {
        (str(raw.sheets.iat[position]), int(raw.rows.iat[position]), column): int(raw.rows.iat[where[folded]])
        for folded, position in first.items()
        for column, where in stand.items()
        if folded in where
    }
    return replace(Part(raw, rows, columns).table(), moved=moved)


def _as_term(word: str) -> str:
    """Return the kind of group that a word means, or the word itself where it means none."""
    return parse_term(word, "group_kind") or fold(word)


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
