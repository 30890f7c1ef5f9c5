"""What passes between nodes: the flows that count, their materials, and what stays inside an actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .nodes import Nodes
    from .processes import Processes

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Arcs", "arcs_of"]


@dataclass(frozen=True)
class Arcs:
    """Passages between nodes: first the flows that count, in their order, then those inside actors.

    An actor that holds both ends of an expected passage, and declares no flow between them, passes material on
    to itself: such a passage is an arc of unknown quantity (`flow` −1).

    Attributes
    ----------
    source, target
        Node at both ends, −1 outside.
    material
        Material, −1 where nothing tells it: named by the flow, else the only one that the expected passage,
        or the recipes at its ends, leave possible.
    flow
        Position along the ``flow_*`` arrays of the network, −1 for a passage inside an actor.
    """

    source: Codes
    target: Codes
    material: Codes
    flow: Codes

    @property
    def size(self) -> int:
        """Number of arcs."""
        return len(self.source)


def arcs_of(f: Filiere, nodes: Nodes, processes: Processes) -> Arcs:
    """Return the arcs of a filière."""
    net = f.network
    material = _named(f, nodes, processes)
    declared = np.arange(len(net.flow_row), dtype=np.int32)
    source, target, inside = _inside(f, nodes, processes, material)
    return Arcs(
        np.concatenate([nodes.source, source]),
        np.concatenate([nodes.target, target]),
        np.concatenate([material, inside]),
        np.concatenate([declared, np.full(len(source), -1, dtype=np.int32)]),
    )


def _named(f: Filiere, nodes: Nodes, processes: Processes) -> Codes:
    """Return the material of each flow, found where it is blank and only one is possible."""
    net = f.network
    material = net.flow_material.copy()
    blank = np.flatnonzero(material < 0)
    if not len(blank) or not len(net.material_ids):
        return material
    links = pd.DataFrame({"from": net.link_from, "to": net.link_to, "material": net.link_material})
    flows = pd.DataFrame(
        {"flow": blank, "from": net.flow_source_stage[blank], "to": net.flow_target_stage[blank]}
    )
    expected = flows.merge(links[links["material"] >= 0], on=["from", "to"])[["flow", "material"]]
    _fill(material, expected)
    sides = []
    for made, node in ((True, nodes.source), (False, nodes.target)):
        side = processes.made == made
        pairs = pd.DataFrame({"node": processes.node[processes.process], "material": processes.material})
        asked = pd.DataFrame({"flow": blank, "node": node[blank]})
        sides.append(asked.merge(pairs[side].drop_duplicates(), on="node")[["flow", "material"]])
    made, taken = sides
    both = made.merge(taken, on=["flow", "material"])
    _fill(material, both)
    # one side alone tells it where the other has no recipe
    _fill(material, made[~made["flow"].isin(taken["flow"])])
    _fill(material, taken[~taken["flow"].isin(made["flow"])])
    return material


def _fill(material: Codes, possible: pd.DataFrame) -> None:
    """Name the flows that are still blank and have one possible material."""
    single = possible.drop_duplicates()
    single = single[~single["flow"].duplicated(keep=False) & (single["material"] >= 0)]
    flow = single["flow"].to_numpy(np.int64)
    open_ = material[flow] < 0
    material[flow[open_]] = single["material"].to_numpy(np.int32)[open_]


def _inside(f: Filiere, nodes: Nodes, processes: Processes, material: Codes) -> tuple[Codes, Codes, Codes]:
    """Return source, target and material of what actors pass on to themselves."""
    net, acts = f.network, nodes.activities
    if len(np.unique(acts.actor)) == len(acts.actor):  # nobody holds two stages
        empty = np.zeros(0, dtype=np.int32)
        return empty, empty, empty
    made = _pairs(processes.node[processes.process], processes.material, processes.made)
    taken = _pairs(processes.node[processes.process], processes.material, ~processes.made)
    arrives = _pairs(nodes.target, material, nodes.target >= 0)
    passed = _joint(nodes.source, nodes.target, nodes.size)
    ranks = f.stages["rank"].astype("float64").to_numpy()
    order = np.argsort(ranks[net.link_from], kind="stable").tolist() if len(net.link_from) else []
    found: list[pd.DataFrame] = []
    for link in order:  # over the few expected passages, upstream first: one feeds the next
        both = _held_by_one(nodes, int(net.link_from[link]), int(net.link_to[link]), passed)
        if both.empty:
            continue
        # a node with recipes sends what they make, another one what reaches it
        at_hand = pd.concat([made, arrives[~arrives["node"].isin(processes.node)]])
        could = both.merge(at_hand.rename(columns={"node": "source"}), on="source")
        named = int(net.link_material[link])
        silent = both[~both["source"].isin(could["source"]) & ~both["source"].isin(processes.node)]
        could = pd.concat([could, silent.assign(material=named)])  # a resource: nothing has to reach it
        if named >= 0:
            could = could[could["material"] == named]
        wanted = could.merge(taken.rename(columns={"node": "target"}), on=["target", "material"])
        picky = could["target"].isin(processes.node)
        kept = pd.concat([wanted, could[~picky]]).drop_duplicates(["source", "target", "material"])
        found.append(kept)
        arrives = pd.concat(
            [arrives, kept.rename(columns={"target": "node"})[["node", "material"]]]
        ).drop_duplicates()
    if not found:
        empty = np.zeros(0, dtype=np.int32)
        return empty, empty, empty
    joined = pd.concat(found, ignore_index=True).drop_duplicates()
    source, target, passed_on = (joined[name].to_numpy(np.int32) for name in ("source", "target", "material"))
    return source, target, passed_on


def _pairs(node: Codes, material: Codes, use: Mask) -> pd.DataFrame:
    """Return the distinct pairs of node and material."""
    return pd.DataFrame({"node": node[use], "material": material[use]}).drop_duplicates()


def _held_by_one(nodes: Nodes, start: int, end: int, passed: NDArray[np.int64]) -> pd.DataFrame:
    """Return the nodes at both ends of a passage that one actor holds, those joined by a flow apart."""
    acts = nodes.activities
    here, there = np.flatnonzero(acts.stage == start), np.flatnonzero(acts.stage == end)
    _, first, second = np.intersect1d(acts.actor[here], acts.actor[there], return_indices=True)
    order = np.argsort(first)
    source = nodes.activity_node[here[first[order]]]
    target = nodes.activity_node[there[second[order]]]
    new = (source != target) & ~np.isin(_joint(source, target, nodes.size), passed)
    return pd.DataFrame({"source": source[new], "target": target[new]})


def _joint(source: Codes, target: Codes, size: int) -> NDArray[np.int64]:
    return source.astype(np.int64) * (size + 1) + target
