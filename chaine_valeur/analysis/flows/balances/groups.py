"""What balances are of: activities, places, actors, stages or materials, as groups of rows of the system."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...system import Nodes
from .evidence import Lookup

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...system import System
    from ..carrying.row_facts import RowFacts

    Mask = NDArray[np.bool_]
    Places = NDArray[np.int64]

__all__ = ["Groups", "groups_of"]


@dataclass(frozen=True)
class Groups:
    """Groups of the rows of a system.

    Attributes
    ----------
    labels
        What the groups are called.
    nodes
        Nodes of the system.
    of_row, of_node, of_activity
        Group of each row, node and activity, −1 for none; nodes have none where groups are materials.
    boundary
        Groups where material enters or leaves the chain.
    n_unplaced
        Flows that may be of the group, and of which nobody knows at which stage they end.
    """

    labels: pd.Index
    nodes: Nodes
    of_row: Places
    of_node: Places | None
    of_activity: Places
    boundary: Mask
    n_unplaced: Places

    @cached_property
    def activities_at(self) -> Lookup:
        """Which activities are in some groups."""
        return Lookup(self.of_activity)

    def ends(self, system: System) -> tuple[Places, Places]:
        """Return the group at the source and at the target of each arc, −1 for none."""
        of = np.append(self.of_row, -1)  # the last entry stands for the outside
        return of[system.arc_out], of[system.arc_in]


def groups_of(system: System, facts: RowFacts, by: str) -> Groups:
    """Return the groups of a system by activity, place, actor, stage or material."""
    if by == "material":
        return _materials(system)
    labels, of_node = _labelled(system, by)
    nodes, count = system.nodes, len(labels)
    of_row = of_node[system.row_node]
    edge = (facts.plain & (facts.resource | facts.market)) | facts.outside
    boundary = np.bincount(of_row[edge & (of_row >= 0)], minlength=count) > 0
    return Groups(
        labels,
        nodes,
        of_row,
        of_node,
        of_node[nodes.activity_node] if by != "stage" else nodes.activities.stage.astype(np.int64),
        boundary,
        _unplaced(system, count) if by == "stage" else np.zeros(count, dtype=np.int64),
    )


def _labelled(system: System, by: str) -> tuple[pd.Index, Places]:
    """Return the labels of groups of nodes, in table order, and the group of each node."""
    net, nodes = system.filiere.network, system.nodes
    if by == "stage":
        return net.stage_ids, nodes.stage.astype(np.int64)
    if by == "actor":
        present = np.bincount(nodes.actor, minlength=net.n_actors) > 0
        return net.actor_ids[present], (np.cumsum(present) - 1)[nodes.actor]
    names = _node_names(system)
    if by == "activity":
        return pd.Index(names, name="activity_id", dtype="str"), np.arange(nodes.size)
    part = _joined_inside(system)
    _, first, place = np.unique(part, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.argsort(order, kind="stable")
    return pd.Index(names[first[order]], name="place", dtype="str"), rank[place]


def _node_names(system: System) -> NDArray[np.object_]:
    """Return what each node is called: its activity, else its actor, with the stage that it does not hold."""
    net, nodes = system.filiere.network, system.nodes
    actors = net.actor_ids.to_numpy(object)[nodes.actor]
    stages = np.append(net.stage_ids.to_numpy(object), "")[nodes.stage]
    names = np.where(nodes.stage >= 0, actors + " · " + stages, actors) if nodes.size else actors
    single = np.flatnonzero(~nodes.whole[nodes.activity_node])
    names[nodes.activity_node[single]] = nodes.activities.frame.index.to_numpy(object)[single]
    return names


def _joined_inside(system: System) -> NDArray[np.int32]:
    """Return a number per node, equal for those of one actor that passages of unknown quantity join."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    arcs, size = system.arcs, system.nodes.size
    inside = arcs.flow < 0
    ends = (arcs.source[inside], arcs.target[inside])
    graph = coo_array((np.ones(int(inside.sum())), ends), shape=(size, size))
    return connected_components(graph, directed=False)[1]


def _unplaced(system: System, count: int) -> Places:
    """Return, per stage, the flows of actors that hold it and of which nobody knows at which stage they end."""
    nodes, arcs = system.nodes, system.arcs
    touching = np.concatenate([arcs.source[arcs.source != arcs.target], arcs.target])
    number = np.bincount(touching[touching >= 0], minlength=nodes.size)
    lost = nodes.whole[nodes.activity_node]
    stage, at = nodes.activities.stage[lost], nodes.activity_node[lost]
    return np.bincount(stage, weights=number[at], minlength=count).astype(np.int64)


def _materials(system: System) -> Groups:
    """Return the materials, each with the rows where both its sides are described."""
    net, nodes = system.filiere.network, system.nodes
    count = len(net.material_ids)
    none = np.zeros(count, dtype=bool)
    return Groups(
        net.material_ids,
        nodes,
        np.where(system.closed, system.row_material, -1).astype(np.int64),
        None,
        np.full(len(nodes.activity_node), -1, dtype=np.int64),
        none,
        none.astype(np.int64),
    )
