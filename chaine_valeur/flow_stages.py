"""Which stages a flow joins, when its row does not say: resolved where only one answer is possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

__all__ = ["FlowStages", "same_flow_groups", "stages_of_flows"]


@dataclass(frozen=True)
class FlowStages:
    """Stage at both ends of each flow (unknown where several are possible), on the index of the flows."""

    source: pd.Series
    target: pd.Series
    source_ambiguous: pd.Series
    target_ambiguous: pd.Series


def stages_of_flows(flows: pd.DataFrame, activities: pd.DataFrame, stage_links: pd.DataFrame) -> FlowStages:
    """Return the stage at both ends of each flow.

    A stage that the row gives is kept. Otherwise it is the only stage of the actor; where an actor has
    several, the only pair of stages that an expected passage joins (for that material, if the passage
    names one). An end that is still open is ambiguous if its actor holds several stages, and plainly
    unknown if it holds none.
    """
    holders = _Holders.of(activities)
    source, open_source = holders.only_stage(flows["source"], flows["source_stage"])
    target, open_target = holders.only_stage(flows["target"], flows["target_stage"])
    undecided = (open_source | open_target) & flows["source"].notna() & flows["target"].notna()
    if undecided.any() and len(stage_links):
        pairs = _possible_pairs(flows[undecided], source, target, activities, stage_links)
        only = pairs.drop_duplicates(["flow", "from", "to"])
        only = only[~only["flow"].duplicated(keep=False)].set_index("flow")
        source = source.where(source.notna(), only["from"].reindex(source.index))
        target = target.where(target.notna(), only["to"].reindex(target.index))
    return FlowStages(
        source.rename("source_stage"),
        target.rename("target_stage"),
        open_source & source.isna(),
        open_target & target.isna(),
    )


@dataclass(frozen=True)
class _Holders:
    """How many stages each actor holds, and which one where it is the only one."""

    actors: pd.Index
    stages: pd.Index
    count: np.ndarray
    first: np.ndarray

    @classmethod
    def of(cls, activities: pd.DataFrame) -> Self:
        who, actors = pd.factorize(activities["actor_id"])
        what, stages = pd.factorize(activities["stage_id"])
        known = (who >= 0) & (what >= 0)
        size = max(len(stages), 1)
        pairs = np.unique(who[known] * size + what[known])
        first = np.full(
            len(actors) + 1, -1, dtype=np.int64
        )  # the last entry: no actor, or one without a stage
        first[pairs // size] = pairs % size
        return cls(actors, stages, np.bincount(pairs // size, minlength=len(actors) + 1), first)

    def only_stage(self, actors: pd.Series, given: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Return the stage that is given or else the only one held, and whether several could be meant."""
        places = self.actors.get_indexer(actors)
        silent = given.isna().to_numpy()
        only = np.where(silent & (self.count[places] == 1), self.first[places], -1)
        held = pd.Series(self.stages, dtype="str").array.take(only, allow_fill=True)
        stage = given.where(~silent, pd.Series(held, index=given.index)).astype("str")
        return stage, pd.Series(silent & (self.count[places] > 1), index=given.index)


def _possible_pairs(
    flows: pd.DataFrame, source: pd.Series, target: pd.Series, activities: pd.DataFrame, links: pd.DataFrame
) -> pd.DataFrame:
    """Return flow, from, to, for every expected passage that the actors at both ends could make."""
    asked = pd.DataFrame(
        {
            "flow": flows.index,
            "source": flows["source"].to_numpy(),
            "target": flows["target"].to_numpy(),
            "material": flows["material_id"].to_numpy(),
            "known_from": source.loc[flows.index].to_numpy(),
            "known_to": target.loc[flows.index].to_numpy(),
        }
    )
    held = activities[["actor_id", "stage_id"]].drop_duplicates()
    pairs = asked.merge(held.set_axis(["source", "from"], axis=1), on="source")
    pairs = pairs.merge(held.set_axis(["target", "to"], axis=1), on="target")
    expected = links[["stage_id", "to_stage_id", "material_id"]].set_axis(["from", "to", "expected"], axis=1)
    pairs = pairs.merge(expected, on=["from", "to"])
    fits = pairs["expected"].isna() | pairs["material"].isna() | (pairs["expected"] == pairs["material"])
    fits &= pairs["known_from"].isna() | (pairs["known_from"] == pairs["from"])
    fits &= pairs["known_to"].isna() | (pairs["known_to"] == pairs["to"])
    return pairs[fits]


def same_flow_groups(flows: pd.DataFrame) -> pd.Series:
    """Return a number per flow, equal for the declarations that ``same_flow_as`` links, however far.

    `flows` is keyed by ``flow_id``.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(flows)
    linked = flows["same_flow_as"]
    if linked.isna().all():
        return pd.Series(np.arange(count), index=flows.index)
    targets = flows.index.get_indexer(linked)
    rows = np.flatnonzero(targets >= 0)
    if not len(rows):
        return pd.Series(np.arange(count), index=flows.index)
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, targets[rows])), shape=(count, count))
    return pd.Series(connected_components(graph, directed=False)[1], index=flows.index)
