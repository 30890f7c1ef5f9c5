"""Rules that bear on flows one beside another: those told twice, and those that an end which is not active leaves out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .flow_stages import between_active, same_flow_numbers
from .language import tr
from .problems import Problems
from .schema import table
from .spellings import cell_text
from .table_state import State
from .vocabulary import Status, label

States = Mapping[str, State]

__all__ = ["double_declarations", "ends_not_active", "rows_as_identifiers"]


def rows_as_identifiers(state: State, problems: Problems) -> None:
    """Read the number of a row of the same sheet under « Même flux que » as the flow that stands there.

    A number that is an identifier is that one.
    """
    column, key = "same_flow_as", table("flows").key
    cells = state.frame[column]
    asked = cells[cells.str.fullmatch(r"[0-9]{1,7}").to_numpy(bool, na_value=False) & state.alive]
    if asked.empty:
        return
    asked = asked[~asked.isin(set(state.frame[key].dropna()))]
    if asked.empty:
        return
    sheets, rows = state.place.stands
    stands: dict[tuple[str, int], list[int]] = {}
    for position in state.positions_in.tolist():
        stands.setdefault((sheets[position], int(rows[position])), []).append(position)
    for position, written in asked.items():
        found = stands.get((sheets[position], int(written)), [])
        if len(found) == 1:
            state.frame.loc[position, column] = state.frame[key].iat[found[0]]
            told = tr("row\u00a0{row}", problems.lang, row=int(written))
            problems.at(state.place, position, "inexact_reference", column, value=written, close=told)
    state.texts.pop(column, None)  # numbered while they were read


def ends_not_active(states: States, problems: Problems) -> None:
    """An active flow whose end is planned, or has closed, counts nowhere; those of another year do not anyway."""
    state, actors = states["flows"], states["actors"]
    if not state.alive.any():
        return
    active = (actors.frame["status"] == Status.ACTIVE).to_numpy(bool, na_value=False)
    ends = {end: state.linked_in(end) for end in ("source", "target")}
    lost = ~between_active(ends["source"], ends["target"], active)
    if not lost.any():
        return
    flows = state.rows_in
    lost &= (flows["status"] == Status.ACTIVE).to_numpy(bool, na_value=False)
    year = flows["year"]
    lost &= (year.isna() | (year == year.max())).to_numpy(bool, na_value=True)
    status = table("flows")["status"].label(problems.lang)
    names, statuses = actors.frame["name"], actors.frame["status"]
    for place in np.flatnonzero(lost).tolist():
        idle = {end: int(rows[place]) for end, rows in ends.items()}
        idle = {end: row for end, row in idle.items() if row >= 0 and not active[row]}
        told = {
            f"{names.iat[row]} ({label(statuses.iat[row], 'status', problems.lang)})": None
            for row in idle.values()
        }
        end, row = next(iter(idle.items()))
        fields = {"value": names.iat[row], "choices": " ; ".join(told), "target": status}
        problems.at(state.place, int(state.positions_in[place]), "end_not_active", end, **fields)


def double_declarations(states: States, problems: Problems) -> None:
    """Two rows with the same ends, material and year are one flow said twice, unless linked."""
    state = states["flows"]
    if not state.alive.any():
        return
    rows = state.positions_in
    same_as = state.linked_in("same_flow_as")
    said = state.numbered_in("source", "source_stage", "target", "target_stage", "material_id", "year")
    twice = pd.Series(said).duplicated(keep=False).to_numpy()
    if twice.any():
        place_of = np.append(np.cumsum(state.alive) - 1, -1)  # among the rows that are in
        groups = same_flow_numbers(place_of[same_as])
        parts = pd.DataFrame({"said": said[twice], "group": groups[twice]}, index=rows[twice])
        for _, part in parts.groupby("said", sort=False):
            if part["group"].nunique() > 1:
                _tell_double(state, part, problems)
    linked = np.flatnonzero(same_as >= 0)
    if not len(linked):
        return
    mine, theirs = rows[linked], same_as[linked]
    differs = np.zeros(len(linked), dtype=bool)
    for column in ("source", "target", "material_id", "year"):
        codes = state.codes_of(column)
        differs |= (codes[mine] >= 0) & (codes[theirs] >= 0) & (codes[mine] != codes[theirs])
    for position, twin in zip(mine[differs].tolist(), theirs[differs].tolist(), strict=True):
        other = state.place.rows.iat[twin]
        problems.at(state.place, position, "same_flow_differs", "same_flow_as", other=other)


def _tell_double(state: State, part: pd.DataFrame, problems: Problems) -> None:
    """Say which rows repeat another one cell by cell, and of the others of `part` how to link them."""
    rows = part.index.tolist()
    written = state.raw.frame.loc[rows].drop(columns=table("flows").key, errors="ignore")
    cells = [tuple(map(cell_text, row)) for row in written.itertuples(index=False)]
    first: dict[tuple[str, ...], int] = {}
    for position, said in zip(rows, cells, strict=True):
        if first.setdefault(said, position) != position:
            fields = {"value": state.place.rows.iat[position], "other": state.place.rows.iat[first[said]]}
            problems.at(state.place, position, "repeated_row", **fields)
    others = list(first.values())
    if part.loc[others, "group"].nunique() > 1:
        told = ", ".join(str(state.place.rows.iat[position]) for position in others[:8])
        named = state.place.header(others[0], "same_flow_as")
        problems.at(state.place, others[0], "double_declaration", "same_flow_as", other=told, target=named)
