"""What passes between nodes: the flows that count, their materials, and what stays inside an actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .._joins import matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ...network import Core
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
    if not len(blank) or not net.n_materials:
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
    found: list[pd.DataFrame] = []
    for links in _upstream_first(net):  # over the few expected passages of a filière: one feeds the next
        both = _held_by_one(nodes, net, links, passed)
        if both.empty:
            continue
        # a node with recipes sends what they make, another one what reaches it
        at_hand = pd.concat([made, arrives[~arrives["node"].isin(processes.node)]])
        could = both.merge(at_hand.rename(columns={"node": "source"}), on="source")
        silent = both[~both["source"].isin(could["source"]) & ~both["source"].isin(processes.node)]
        silent = silent.assign(material=silent["named"])  # a resource: nothing has to reach it
        could = pd.concat([could, silent])
        could = could[(could["named"] < 0) | (could["material"] == could["named"])].drop(columns="named")
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


def _upstream_first(net: Core) -> Iterator[NDArray[np.int64]]:
    """Yield the first passage of each filière by the rank of the stage where it begins, then each second one…"""
    if not len(net.link_from):
        return
    filiere = net.stage_filiere[net.link_from]
    order = np.lexsort((net.rank[net.link_from], filiere))
    nth = np.arange(len(order)) - np.searchsorted(filiere[order], filiere[order])
    for number in range(int(nth.max()) + 1):
        yield order[nth == number]


def _held_by_one(
    nodes: Nodes, net: Core, links: NDArray[np.int64], passed: NDArray[np.int64]
) -> pd.DataFrame:
    """Return the nodes at both ends of some passages that one actor holds, with the material that each names.

    Those joined by a flow are left out.
    """
    acts = nodes.activities
    here, of_here = matches(acts.stage, net.link_from[links])
    there, of_there = matches(acts.stage, net.link_to[links])
    size = len(links)
    order = np.argsort(of_here, kind="stable")
    here, of_here = here[order], of_here[order]
    first, second = matches(
        acts.actor[here].astype(np.int64) * size + of_here,
        acts.actor[there].astype(np.int64) * size + of_there,
    )
    source, target = nodes.activity_node[here[first]], nodes.activity_node[there[second]]
    new = (source != target) & ~np.isin(_joint(source, target, nodes.size), passed)
    named = net.link_material[links[of_here[first]]]
    return pd.DataFrame({"source": source[new], "target": target[new], "named": named[new]})


def _joint(source: Codes, target: Codes, size: int) -> NDArray[np.int64]:
    return source.astype(np.int64) * (size + 1) + target
