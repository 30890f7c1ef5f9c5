"""What balances are of: activities, places, actors, stages or materials, as groups of rows of the system."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..._joins import first_seen
from ...system import Nodes
from .evidence import Lookup

if TYPE_CHECKING:
    from collections.abc import Callable

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
    count
        Their number.
    called
        What gives their names: see `labels`.
    nodes
        Nodes of the system.
    of_row, of_node, of_activity
        Group of each row, node and activity, −1 for none; nodes have none where groups are materials.
    boundary
        Groups where material enters or leaves the chain.
    n_unplaced
        Flows that may be of the group, and of which nobody knows at which stage they end.
    """

    count: int
    called: Callable[[], pd.Index]
    nodes: Nodes
    of_row: Places
    of_node: Places | None
    of_activity: Places
    boundary: Mask
    n_unplaced: Places

    @cached_property
    def labels(self) -> pd.Index:
        """What the groups are called."""
        return self.called()

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
    count, called, of_node = _named(system, by)
    nodes = system.nodes
    of_row = of_node[system.row_node]
    edge = (facts.plain & (facts.resource | facts.market)) | facts.outside
    boundary = np.bincount(of_row[edge & (of_row >= 0)], minlength=count) > 0
    return Groups(
        count,
        called,
        nodes,
        of_row,
        of_node,
        of_node[nodes.activity_node] if by != "stage" else nodes.activities.stage.astype(np.int64),
        boundary,
        _unplaced(system, count) if by == "stage" else np.zeros(count, dtype=np.int64),
    )


def _named(system: System, by: str) -> tuple[int, Callable[[], pd.Index], Places]:
    """Return the number of groups of nodes, what gives their names in table order, and the group of each node."""
    net, nodes = system.filiere.network, system.nodes
    if by == "stage":
        return net.n_stages, lambda: net.stage_ids, nodes.stage.astype(np.int64)
    if by == "actor":
        present = np.bincount(nodes.actor, minlength=net.n_actors) > 0
        return int(present.sum()), lambda: net.actor_ids[present], (np.cumsum(present) - 1)[nodes.actor]
    if by == "activity":
        first, place = np.arange(nodes.size), np.arange(nodes.size)
    else:
        number, first = first_seen(_joined_inside(system))
        place = number.astype(np.int64)
    name = "activity_id" if by == "activity" else "place"
    return len(first), lambda: pd.Index(_node_names(system)[first], name=name, dtype="str"), place


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
    if not inside.any():
        return np.arange(size, dtype=np.int32)
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
    none = np.zeros(net.n_materials, dtype=bool)
    return Groups(
        net.n_materials,
        lambda: net.material_ids,
        nodes,
        np.where(system.closed, system.row_material, -1).astype(np.int64),
        None,
        np.full(len(nodes.activity_node), -1, dtype=np.int64),
        none,
        none.astype(np.int64),
    )
