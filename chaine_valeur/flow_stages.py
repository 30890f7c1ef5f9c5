"""Which stages a flow joins, when its row does not say: resolved where only one answer is possible."""

from __future__ import annotations

from dataclasses import dataclass

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
    held = activities[["actor_id", "stage_id"]].drop_duplicates()
    counts = held.groupby("actor_id", sort=False)["stage_id"].agg(["size", "first"])
    single = counts.loc[counts["size"] == 1, "first"]
    several = counts.index[counts["size"] > 1]
    source = flows["source_stage"].where(flows["source_stage"].notna(), flows["source"].map(single))
    target = flows["target_stage"].where(flows["target_stage"].notna(), flows["target"].map(single))
    open_source = source.isna() & flows["source"].isin(several)
    open_target = target.isna() & flows["target"].isin(several)
    undecided = (open_source | open_target) & flows["source"].notna() & flows["target"].notna()
    if undecided.any() and len(stage_links):
        pairs = _possible_pairs(flows[undecided], source, target, held, stage_links)
        only = pairs.drop_duplicates(["flow", "from", "to"])
        only = only[~only["flow"].duplicated(keep=False)].set_index("flow")
        source = source.where(source.notna(), only["from"].reindex(source.index))
        target = target.where(target.notna(), only["to"].reindex(target.index))
    text = {"source_stage": "str", "target_stage": "str"}
    found = pd.DataFrame({"source_stage": source, "target_stage": target}).astype(text)
    return FlowStages(
        found["source_stage"],
        found["target_stage"],
        open_source & found["source_stage"].isna(),
        open_target & found["target_stage"].isna(),
    )


def _possible_pairs(
    flows: pd.DataFrame, source: pd.Series, target: pd.Series, held: pd.DataFrame, links: pd.DataFrame
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
    import numpy as np
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
