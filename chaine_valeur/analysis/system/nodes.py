"""Where material is balanced: activities, or whole actors where a flow does not say at which stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..activities import Activities, current_activities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Nodes", "nodes_of"]


@dataclass(frozen=True)
class Nodes:
    """The places where what enters is compared with what leaves.

    A node is an activity (an actor at a stage). An actor that holds several stages and has a flow of which
    nobody says at which one it ends is one node as a whole (`stage` −1), since its activities cannot be told
    apart. So is an actor with flows and no activity.

    Attributes
    ----------
    actor, stage
        Actor and stage of each node; a stage of −1 is unknown, or the whole actor.
    capacity, stock_change
        t/year of its activities; NaN is unlimited or unknown, and neglected.
    whole
        Nodes that stand for several activities of one actor.
    activities
        The rows of activities, and `activity_node`: the node of each.
    source, target
        Node at both ends of the flows that count, −1 outside.
    """

    actor: Codes
    stage: Codes
    capacity: Values
    stock_change: Values
    whole: Mask
    activities: Activities
    activity_node: Codes
    source: Codes
    target: Codes

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.actor)


def nodes_of(f: Filiere) -> Nodes:
    """Return the nodes of a filière: activities in table order, then the ends of flows that are none."""
    net, acts = f.network, current_activities(f)
    held = np.bincount(acts.actor, minlength=net.n_actors)
    whole = np.zeros(net.n_actors + 1, dtype=bool)  # the last entry stands for the outside
    for actor, stage in ((net.flow_source, net.flow_source_stage), (net.flow_target, net.flow_target_stage)):
        unsaid = (actor >= 0) & (stage < 0)
        whole[actor[unsaid][held[actor[unsaid]] > 1]] = True

    def keys(actor: Codes, stage: Codes) -> NDArray[np.int64]:
        place = np.where(whole[actor], -1, stage).astype(np.int64)
        return np.where(actor >= 0, actor.astype(np.int64) * (net.n_stages + 1) + place + 1, -1)

    parts = [
        keys(acts.actor, acts.stage),
        keys(net.flow_source, net.flow_source_stage),
        keys(net.flow_target, net.flow_target_stage),
    ]
    joined = np.concatenate(parts)
    inside = joined >= 0
    codes = np.full(len(joined), -1, dtype=np.int32)
    codes[inside], found = pd.factorize(joined[inside])
    ends = np.cumsum([len(part) for part in parts])[:-1]
    activity_node, source, target = np.split(codes, ends)
    actor = (found // (net.n_stages + 1)).astype(np.int32)
    return Nodes(
        actor=actor,
        stage=(found % (net.n_stages + 1) - 1).astype(np.int32),
        capacity=_of_all(activity_node, acts.values("capacity_t_per_year"), len(found)),
        stock_change=_of_known(activity_node, acts.values("stock_change_t_per_year"), len(found)),
        whole=whole[actor],
        activities=acts,
        activity_node=activity_node,
        source=source,
        target=target,
    )


def _of_all(places: Codes, values: Values, size: int) -> Values:
    """Return the sum at each place, NaN as soon as one value is unknown: one without a limit has none."""
    total = np.bincount(places, weights=np.nan_to_num(values), minlength=size).astype(np.float64)
    known = np.bincount(places[~np.isnan(values)], minlength=size)
    total[(known == 0) | (known < np.bincount(places, minlength=size))] = np.nan
    return total


def _of_known(places: Codes, values: Values, size: int) -> Values:
    known = ~np.isnan(values)
    total = np.bincount(places[known], weights=values[known], minlength=size).astype(np.float64)
    total[np.bincount(places[known], minlength=size) == 0] = np.nan
    return total
