"""Which stages a flow joins, when its row does not say: resolved where only one answer is possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.int64]

__all__ = [
    "FlowStages",
    "StageCodes",
    "between_active",
    "same_flow_groups",
    "same_flow_numbers",
    "stage_codes",
    "stages_of_flows",
]


@dataclass(frozen=True)
class FlowStages:
    """Stage at both ends of each flow (unknown where several are possible), on the index of the flows."""

    source: pd.Series
    target: pd.Series
    source_ambiguous: pd.Series
    target_ambiguous: pd.Series


@dataclass(frozen=True)
class StageCodes:
    """Stage at both ends of each flow as a position, −1 where it is unknown; whether several are possible."""

    source: Codes
    target: Codes
    source_ambiguous: Mask
    target_ambiguous: Mask


def stages_of_flows(flows: pd.DataFrame, activities: pd.DataFrame, stage_links: pd.DataFrame) -> FlowStages:
    """Return the stage at both ends of each flow.

    A stage that the row gives is kept. Otherwise it is the only stage of the actor; where an actor has
    several, the only pair of stages that an expected passage joins (for that material, if the passage
    names one). An end that is still open is ambiguous if its actor holds several stages, and plainly
    unknown if it holds none.
    """
    (who, source, target), _ = _numbered(activities["actor_id"], flows["source"], flows["target"])
    (what, start, end, given_source, given_target), stages = _numbered(
        activities["stage_id"],
        stage_links["stage_id"],
        stage_links["to_stage_id"],
        flows["source_stage"],
        flows["target_stage"],
    )
    (expected, material), _ = _numbered(stage_links["material_id"], flows["material_id"])
    found = stage_codes(
        ends=(source, target),
        given=(given_source, given_target),
        material=material,
        held=(who, what),
        links=(start, end, expected),
    )

    def named(codes: Codes, name: str) -> pd.Series:
        cells = pd.Series(stages, dtype="str").array.take(codes, allow_fill=True)
        return pd.Series(cells, index=flows.index, name=name)

    return FlowStages(
        named(found.source, "source_stage"),
        named(found.target, "target_stage"),
        pd.Series(found.source_ambiguous, index=flows.index),
        pd.Series(found.target_ambiguous, index=flows.index),
    )


def _numbered(*columns: pd.Series) -> tuple[list[Codes], pd.Index]:
    """Return the cells of several columns as numbers of one list, −1 where unknown, and the list."""
    numbers, found = pd.factorize(pd.concat([column.astype("str") for column in columns], ignore_index=True))
    ends = np.cumsum([len(column) for column in columns])[:-1]
    return np.split(numbers.astype(np.int32), ends), pd.Index(found)


def stage_codes(
    *,
    ends: tuple[Codes, Codes],
    given: tuple[Codes, Codes],
    material: Codes,
    held: tuple[Codes, Codes],
    links: tuple[Codes, Codes, Codes],
) -> StageCodes:
    """Return `stages_of_flows` of integer codes, −1 being unknown.

    Parameters
    ----------
    ends
        Actors at both ends of each flow.
    given, material
        The stages that its row gives, and its material.
    held
        Who holds which stage: actors and stages of the activities.
    links
        Expected passages: from, to, of which material.
    """
    n_stages = 1 + max((int(part.max(initial=-1)) for part in (*given, held[1], *links[:2])), default=-1)
    n_actors = 1 + max(int(part.max(initial=-1)) for part in (*ends, held[0]))
    pairs = _pairs_held(*held, n_stages)
    count = np.bincount(pairs // max(n_stages, 1), minlength=n_actors + 1)  # the last entry: no actor
    first = np.full(n_actors + 1, -1, dtype=np.int32)
    first[pairs // max(n_stages, 1)] = pairs % max(n_stages, 1)
    found, open_ = [], []
    for actors, stages in zip(ends, given, strict=True):
        silent = stages < 0
        found.append(np.where(silent & (count[actors] == 1), first[actors], stages))
        open_.append(silent & (count[actors] > 1))
    undecided = np.flatnonzero((open_[0] | open_[1]) & (ends[0] >= 0) & (ends[1] >= 0))
    if len(undecided) and len(links[0]):
        known = (found[0], found[1])
        rows, start, end = _only_passage(undecided, ends, known, material, pairs, links, n_stages)
        for side, stage in zip(known, (start, end), strict=True):
            side[rows] = np.where(side[rows] < 0, stage, side[rows])
    return StageCodes(found[0], found[1], open_[0] & (found[0] < 0), open_[1] & (found[1] < 0))


def _pairs_held(actors: Codes, stages: Codes, n_stages: int) -> Numbers:
    """Return each pair of an actor and a stage that it holds once, as ``actor · n_stages + stage``, ascending."""
    known = (actors >= 0) & (stages >= 0)
    ordered = np.sort(actors[known].astype(np.int64) * n_stages + stages[known])
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def _only_passage(
    rows: Numbers,
    ends: tuple[Codes, Codes],
    found: tuple[Codes, Codes],
    material: Codes,
    pairs: Numbers,
    links: tuple[Codes, Codes, Codes],
    n_stages: int,
) -> tuple[Numbers, Codes, Codes]:
    """Return the flows, of some, that one expected passage alone can be, and the two stages that it joins."""
    at, start = _stages_that_may_be(ends[0][rows], found[0][rows], pairs, n_stages)
    along, end = _stages_that_may_be(ends[1][rows[at]], found[1][rows[at]], pairs, n_stages)
    flow, start = at[along], start[along]
    fits = _is_expected(start, end, material[rows[flow]], links, n_stages)
    flow, start, end = flow[fits], start[fits], end[fits]
    alone = np.bincount(flow, minlength=len(rows))[flow] == 1
    return rows[flow[alone]], start[alone], end[alone]


def _stages_that_may_be(actors: Codes, known: Codes, pairs: Numbers, n_stages: int) -> tuple[Numbers, Codes]:
    """Return, for each actor, the stages that it holds (of them the one that is known): its place, the stage."""
    first = np.searchsorted(pairs, actors.astype(np.int64) * n_stages)
    number = np.searchsorted(pairs, (actors.astype(np.int64) + 1) * n_stages) - first
    place = np.repeat(np.arange(len(actors)), number)
    nth = np.arange(len(place)) - np.repeat(np.cumsum(number) - number, number)
    stage = (pairs[first[place] + nth] % max(n_stages, 1)).astype(np.int32)
    fits = (known[place] < 0) | (known[place] == stage)
    return place[fits], stage[fits]


def _is_expected(
    start: Codes, end: Codes, material: Codes, links: tuple[Codes, Codes, Codes], n_stages: int
) -> Mask:
    """Return which passages are expected; a material that either side leaves open fits any."""
    size = 2 + max(int(material.max(initial=-1)), int(links[2].max(initial=-1)))

    def keys(start: Codes, end: Codes, material: Any) -> Numbers:
        return (start.astype(np.int64) * n_stages + end) * size + (material + 1)

    expected = keys(*links)
    blank = keys(start, end, 0) - 1  # key of the passage without a material
    of_any = np.isin(blank, expected[links[2] < 0])
    between = np.isin(blank, keys(links[0], links[1], 0) - 1)
    return np.isin(keys(start, end, material), expected) | of_any | ((material < 0) & between)


def between_active(source: NDArray[Any], target: NDArray[Any], active: Mask) -> Mask:
    """Return which flows join actors that are active, from the positions of both; −1, the outside, always is."""
    exists = np.append(active, True)  # −1 looks at the entry that is appended
    found: Mask = exists[source] & exists[target]
    return found


def same_flow_groups(flows: pd.DataFrame) -> pd.Series:
    """Return a number per flow, equal for the declarations that ``same_flow_as`` links, however far.

    `flows` is keyed by ``flow_id``.
    """
    linked = flows["same_flow_as"]
    targets = np.full(len(flows), -1) if linked.isna().all() else flows.index.get_indexer(linked)
    return pd.Series(same_flow_numbers(targets), index=flows.index)


def same_flow_numbers(same_as: NDArray[Any]) -> NDArray[Any]:
    """Return `same_flow_groups` of the row that each flow says it is the same as, −1 none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count, rows = len(same_as), np.flatnonzero(same_as >= 0)
    if not len(rows):
        return np.arange(count)
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, same_as[rows])), shape=(count, count))
    found: NDArray[Any] = connected_components(graph, directed=False)[1]
    return found
