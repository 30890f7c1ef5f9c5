"""Rules that bear on what could be: options that wait for one another, changes and options that say too little.

An order of options that turns in a circle can never begin: its rows are taken out, and named. The others tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .language import date_text, number
from .problems import Problems
from .table_state import State
from .vocabulary import ChangeKind, OptionKind, label

if TYPE_CHECKING:
    States = Mapping[str, State]

__all__ = ["incomplete_changes", "incomplete_options", "options_in_a_circle", "parts_of_wholes", "spans"]

#: First and last of a span, per table where they are not called since and until.
_SPANS = {
    "agreements": ("starts_on", "ends_on"),
    "options": ("earliest_year", "latest_year"),
    "budgets": ("first_year", "last_year"),
    "actions": ("starts_on", "ends_on"),
}
#: What a change, or an option, cannot do without: column, or columns of which one has to be filled.
_CHANGE_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    ChangeKind.ADD_ACTIVITY: (("stage_id",),),
    ChangeKind.STOP_ACTOR: (("actor_id",),),
    ChangeKind.ADD_FLOW: (("actor_id", "to_actor_id", "new_actor"), ("material_id",)),
    ChangeKind.ADD_DEMAND: (("actor_id", "new_actor", "stage_id"), ("material_id",)),
    ChangeKind.ADD_SUPPLY: (("actor_id", "new_actor", "stage_id"), ("material_id",)),
    ChangeKind.ADD_COOPERATION: (("actor_id", "new_actor"), ("to_actor_id", "new_actor")),
}
_OPTION_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    OptionKind.ACTIVITY: (("stage_id",),),
    OptionKind.PASSAGE: (("actor_id", "stage_id"), ("to_actor_id", "to_stage_id")),
    OptionKind.POSTS: (("insertion_fte", "jobs_fte"),),
    OptionKind.OTHER: (),
}


def options_in_a_circle(states: States, problems: Problems) -> None:
    """Options that wait for one another can never begin: their rows are taken out."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    state = states["option_links"]
    rows = state.rows_in
    if rows.empty:
        return
    names = pd.Index(pd.unique(rows[["option_id", "needs_option_id"]].to_numpy(object).ravel()))
    waits, needed = (names.get_indexer(rows[column]) for column in ("option_id", "needs_option_id"))
    size = len(names)
    graph = coo_array((np.ones(len(rows)), (waits, needed)), shape=(size, size)).tocsr()
    part = connected_components(graph, directed=True, connection="strong")[1]
    inside = (part[waits] == part[needed]) & ((np.bincount(part)[part[waits]] > 1) | (waits == needed))
    circle = rows.index[inside].tolist()
    called = _called(states, "options") if circle else {}
    for position, own in zip(circle, part[waits][inside].tolist(), strict=True):
        round_ = [called.get(name, name) for name in names[part == own]]
        value = called.get(rows["option_id"][position], rows["option_id"][position])
        problems.at(
            state.place, position, "option_circle", "needs_option_id", value=value, choices=" → ".join(round_)
        )
    state.set_aside_at(circle, "option_circle")


def spans(states: States, problems: Problems) -> None:
    """A span that ends before it begins."""
    for name, (first, last) in _SPANS.items():
        state, rows = states[name], states[name].rows_in
        if rows.empty:
            continue
        wrong = (rows[last] < rows[first]).to_numpy(bool, na_value=False)
        for position in rows.index[wrong].tolist():
            value, limit = (_day(rows[column][position], problems.lang) for column in (last, first))
            problems.at(state.place, position, "until_before_since", last, value=value, limit=limit)


def parts_of_wholes(states: States, problems: Problems) -> None:
    """Insertion jobs are among the jobs of an option; lasting and other exits among the exits."""
    state, rows = states["options"], states["options"].rows_in
    if len(rows):
        wrong = (rows["insertion_fte"] > rows["jobs_fte"]).to_numpy(bool)
        for position in rows.index[wrong].tolist():
            value, limit = (number(rows[c][position], problems.lang) for c in ("insertion_fte", "jobs_fte"))
            problems.at(state.place, position, "part_above_whole", "insertion_fte", value=value, limit=limit)
    state, rows = states["agreements"], states["agreements"].rows_in
    if len(rows):
        parts = rows[["lasting_exits", "transition_exits", "positive_exits"]].sum(axis=1)
        wrong = (parts > rows["exits"]).to_numpy(bool, na_value=False)
        for position in rows.index[wrong].tolist():
            # without the figures: reports show what is wrong, and a number may tell of few people
            problems.at(state.place, position, "exits_above_whole", "exits")


def incomplete_changes(states: States, problems: Problems) -> None:
    """A change of a scenario says what it changes."""
    _incomplete(states, problems, "scenarios", "change", "change_kind", _CHANGE_NEEDS)


def incomplete_options(states: States, problems: Problems) -> None:
    """An option says where it takes place."""
    _incomplete(states, problems, "options", "kind", "option_kind", _OPTION_NEEDS)


def _incomplete(
    states: States,
    problems: Problems,
    name: str,
    column: str,
    vocabulary: str,
    needs: Mapping[str, tuple[tuple[str, ...], ...]],
) -> None:
    state = states[name]
    rows = state.rows_in
    if rows.empty:
        return
    from .schema import table

    home = table(name)
    for kind, asked in needs.items():  # over the few kinds
        of_kind = rows[(rows[column] == kind).to_numpy(bool, na_value=False)] if len(rows) else rows
        for columns in asked:  # over two requirements at most
            blank = of_kind[list(columns)].isna().all(axis=1)
            for position in of_kind.index[blank.to_numpy(bool)].tolist() if len(of_kind) else ():
                labels = " / ".join(home[one].label(problems.lang) for one in columns)
                fields = {"value": label(kind, vocabulary, problems.lang), "target": labels}
                problems.at(state.place, position, "says_too_little", columns[0], **fields)


def _called(states: States, name: str) -> Mapping[str, str]:
    rows = states[name].rows_in
    return dict(zip(rows["option_id"].tolist(), rows["name"].tolist(), strict=True))


def _day(value: object, lang: str) -> str:
    return date_text(value, lang) if isinstance(value, pd.Timestamp) else str(value)
