"""The flows of a filière between compartments: actors, activities or stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....network import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere
    from ....network import Network

    Places = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["COMPARTMENTS", "Between", "between", "outside_actors"]

#: What a compartment may be.
COMPARTMENTS = ("actor", "activity", "stage")


@dataclass(frozen=True)
class Between:
    """Flows that count between compartments, one entry each; −1 is the outside.

    ``row`` is their position in the ``flow_*`` arrays of the network; ``n_unplaced`` counts the flows left
    out because nobody knows in which compartment they end.
    """

    labels: pd.Index
    source: Places
    target: Places
    t: NDArray[np.float64]
    row: Places
    n_unplaced: int


def between(f: Filiere, *, by: str = "actor") -> Between:
    """Return the flows between two different compartments (no flow goes from an activity to itself).

    Raises
    ------
    ArgumentError
        Another `by`.
    """
    if by not in COMPARTMENTS:
        raise ArgumentError(f"by={by!r} is not one of {', '.join(COMPARTMENTS)}")
    net = f.network
    away = np.append(outside_actors(f), True)
    out_source, out_target = away[net.flow_source], away[net.flow_target]
    if by == "actor":
        labels, source, target = (
            net.actor_ids,
            net.flow_source.astype(np.int64),
            net.flow_target.astype(np.int64),
        )
    elif by == "stage":
        labels = net.stage_ids
        source, target = net.flow_source_stage.astype(np.int64), net.flow_target_stage.astype(np.int64)
    else:
        labels, source, target = _activities(net)
    # with actors of type outside out, -1 is left to mean a place that nobody knows
    lost = (~out_source & (source < 0)) | (~out_target & (target < 0))
    source, target = np.where(out_source, -1, source), np.where(out_target, -1, target)
    row = np.flatnonzero((source != target) & ~lost)
    return Between(
        labels,
        source[row],
        target[row],
        net.flow_t[row],
        row,
        int(lost.sum()),
    )


def outside_actors(f: Filiere) -> Mask:
    """Return which actors are the outside by another name."""
    return f.network.outside


def _activities(net: Network) -> tuple[pd.Index, Places, Places]:
    """Return the activities that flows join, as labels and positions; a stage not known is one of its own."""
    size = net.n_stages + 1
    keys = [
        np.where(actor < 0, -1, actor.astype(np.int64) * size + stage + 1)
        for actor, stage in ((net.flow_source, net.flow_source_stage), (net.flow_target, net.flow_target_stage))
    ]  # fmt: skip
    found = distinct(np.concatenate(keys))
    found = found[found >= 0]
    actors = pd.Series(net.actor_ids[found // size], dtype="str")
    stages = pd.Series(np.append(net.stage_ids.to_numpy(object), "?")[found % size - 1], dtype="str")
    places = [np.where(key < 0, -1, np.searchsorted(found, key)) for key in keys]
    return pd.Index(actors + " · " + stages, name="activity"), places[0], places[1]
