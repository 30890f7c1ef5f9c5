"""The balances of a filière as sparse equations, shared by balances, throughput and reconciliation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...columns import columns
from ...network import distinct
from ...network.positions import first_of
from ...vocabulary import ActorType, MarketKind, StageKind
from .._joins import matches
from ..markets import market_rows
from .arcs import Arcs, arcs_of
from .nodes import Nodes, nodes_of
from .processes import Processes, processes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ...filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["System", "system_of"]


@dataclass(frozen=True)
class System:
    """Nodes, arcs and processes of a filière, with one balance a row.

    A balance is kept for each material at a node: what arrives and what processes make, less what leaves and
    what processes take. At a node without a recipe that sends a material which it does not receive, all of them
    share one row: nothing says which becomes which. So do materials that a flow leaves unnamed.

    A row is *closed* (an equation) where both sides are described. It is open where one side is not: the end
    of the chain, a material that is made and that no flow takes away, one that is taken and that no flow
    brings, one that arrives and that no recipe uses; and at resources and markets without a recipe, where
    material enters or leaves the chain. What is open is unknown, not zero.

    Attributes
    ----------
    filiere, nodes, arcs, processes
        What the equations are about. Of several processes of an activity, one with an input that no flow brings
        is idle, and left out, if another one has all of its inputs.
    row_node, row_material, closed
        Node, material (−1: several) of each row, and whether it is an equation.
    arc_out, arc_in
        Row at the source and at the target of each arc, −1 outside.
    idle
        Names of the processes left out as idle, with their node.
    """

    filiere: Filiere
    nodes: Nodes
    arcs: Arcs
    processes: Processes
    row_node: Codes
    row_material: Codes
    closed: Mask
    arc_out: Codes
    arc_in: Codes
    coefficient_row: Codes
    idle: tuple[tuple[int, str], ...]

    @property
    def n_rows(self) -> int:
        """Number of balances."""
        return len(self.row_node)

    @cached_property
    def incidence(self) -> csr_array:
        """Rows × arcs: 1 where an arc arrives, −1 where it leaves."""
        from scipy.sparse import coo_array

        places = np.arange(self.arcs.size)
        inside = (self.arc_in >= 0, self.arc_out >= 0)
        values = np.concatenate([np.ones(int(inside[0].sum())), -np.ones(int(inside[1].sum()))])
        rows = np.concatenate([self.arc_in[inside[0]], self.arc_out[inside[1]]])
        columns = np.concatenate([places[inside[0]], places[inside[1]]])
        return coo_array((values, (rows, columns)), shape=(self.n_rows, self.arcs.size)).tocsr()

    @cached_property
    def yields(self) -> csr_array:
        """Rows × processes: tonnes made less tonnes taken per tonne of level; unknown coefficients are 0."""
        from scipy.sparse import coo_array

        made = self.processes
        signed = np.where(made.made, 1.0, -1.0) * np.nan_to_num(made.t_per_t)
        free = np.flatnonzero(made.any_input)
        values = np.concatenate([signed, -np.ones(len(free))])
        rows = np.concatenate([self.coefficient_row, self._row_of_any[free]])
        columns = np.concatenate([made.process, free])
        return coo_array((values, (rows, columns)), shape=(self.n_rows, made.size)).tocsr()

    @cached_property
    def _row_of_any(self) -> Codes:
        """The row from which a process without stated inputs takes: the one shared by unnamed materials."""
        shared = np.full(self.nodes.size, -1, dtype=np.int32)
        several = self.row_material < 0
        shared[self.row_node[several]] = np.flatnonzero(several)
        return shared[self.processes.node] if self.processes.size else np.zeros(0, dtype=np.int32)

    def tonnes(self) -> Values:
        """Return what each arc carries as declared, in t/year; NaN where unknown, as inside actors."""
        declared = np.append(self.filiere.network.flow_t, np.nan)
        return declared[self.arcs.flow]


def system_of(f: Filiere, *, changed: Mapping[str, float] | None = None) -> System:
    """Return the balances of a filière, made once.

    Parameters
    ----------
    changed
        Entries of `CONFIDENCE_UNCERTAINTY` that are others here.
    """
    key = ("flow_system", tuple(sorted((changed or {}).items())))
    return f.derived(key, lambda f: _system(f, changed))


def _system(f: Filiere, changed: Mapping[str, float] | None) -> System:
    nodes = nodes_of(f)
    processes = processes_of(f, nodes, changed=changed)
    arcs = arcs_of(f, nodes, processes)
    idle = _idle(f, nodes, processes, arcs)
    told = tuple(zip(processes.node[idle].tolist(), processes.name[idle].tolist(), strict=True))
    processes = processes.without(idle)
    return _with_rows(f, nodes, arcs, processes, told)


def _idle(f: Filiere, nodes: Nodes, processes: Processes, arcs: Arcs) -> Mask:
    """Return the processes with an input that nothing brings, where another of the activity has all of its own."""
    if not processes.size:
        return np.zeros(0, dtype=bool)
    size = f.network.n_materials + 1
    at_hand = np.unique(
        np.concatenate([_key(arcs.target, arcs.material, size), _supplied(f, nodes, size),
                        _key(processes.node[processes.process], processes.material, size)[processes.made]])
    )  # fmt: skip
    unnamed = np.isin(processes.node, arcs.target[arcs.material < 0])
    needs = ~processes.made & ~(processes.t_per_t == 0)
    brought = np.isin(_key(processes.node[processes.process], processes.material, size), at_hand)
    lacking = np.bincount(processes.process[needs & ~brought], minlength=processes.size) > 0
    lacking &= ~unnamed
    group = processes.node.astype(np.int64) * (f.network.n_stages + 1) + processes.stage
    return lacking & np.isin(group, group[~lacking])


def _supplied(f: Filiere, nodes: Nodes, size: int) -> NDArray[np.int64]:
    """Return the pairs of node and material of which a supply is stated."""
    markets = market_rows(f)
    rows = markets[markets.among("kind", MarketKind.SUPPLY.value)]
    actor, stage, material = (
        f.codes("markets", name)[rows.at] for name in ("actor_id", "stage_id", "material_id")
    )
    place, mine = matches(actor, nodes.actor)
    mine_too = (stage[place] < 0) | (nodes.stage[mine] == stage[place])
    node = first_of(place[mine_too], mine[mine_too].astype(np.int32), len(rows))  # of several nodes the first
    return _key(node, material, size)[node >= 0]


def _key(node: Codes, material: Codes, size: int) -> NDArray[np.int64]:
    return node.astype(np.int64) * size + material + 1


def _with_rows(
    f: Filiere, nodes: Nodes, arcs: Arcs, processes: Processes, idle: tuple[tuple[int, str], ...]
) -> System:
    """Return the system with its balances, open or closed."""
    size = f.network.n_materials + 1
    at = processes.node[processes.process] if processes.size else np.zeros(0, dtype=np.int32)
    free = processes.node[processes.any_input]
    ends = [(arcs.target, arcs.material), (arcs.source, arcs.material), (at, processes.material)]
    ends.append((free, np.full(len(free), -1, dtype=np.int32)))
    keys = [np.where(node >= 0, _key(node, material, size), -1) for node, material in ends]
    pairs = distinct(np.concatenate(keys))
    pairs = pairs[pairs >= 0]
    node, material = (pairs // size).astype(np.int32), (pairs % size - 1).astype(np.int32)
    arrives, leaves = (np.isin(pairs, key) for key in keys[:2])
    made, taken = (np.isin(pairs, keys[2][side]) for side in (processes.made, ~processes.made))
    has_recipe = np.isin(node, processes.node)
    takes_any = np.isin(node, free) & ~made
    taken |= takes_any
    share = _share_a_row(nodes.size, node, material, arrives, leaves, made, taken, has_recipe)
    share |= takes_any
    label = np.where(share, _key(node, np.full_like(material, -1), size), pairs)
    rows, row_of = np.unique(label, return_inverse=True)
    closed = _closed(
        f, nodes, rows // size, row_of, material, arrives, leaves, made, taken, has_recipe, share
    )
    unknown = np.isnan(processes.t_per_t)
    places = [np.where(key >= 0, row_of[np.searchsorted(pairs, np.maximum(key, 0)).clip(0, max(len(pairs) - 1, 0))], -1)
              if len(pairs) else np.full(len(key), -1) for key in keys[:3]]  # fmt: skip
    closed[places[2][unknown]] = False
    return System(
        filiere=f,
        nodes=nodes,
        arcs=arcs,
        processes=processes,
        row_node=(rows // size).astype(np.int32),
        row_material=(rows % size - 1).astype(np.int32),
        closed=closed,
        arc_in=places[0].astype(np.int32),
        arc_out=places[1].astype(np.int32),
        coefficient_row=places[2].astype(np.int32),
        idle=idle,
    )


def _share_a_row(
    n_nodes: int,
    node: Codes,
    material: Codes,
    arrives: Mask,
    leaves: Mask,
    made: Mask,
    taken: Mask,
    has_recipe: Mask,
) -> Mask:
    """Return the pairs of node and material that share one balance with others of their node."""

    def some(mask: Mask) -> Mask:
        return np.bincount(node[mask], minlength=n_nodes).astype(bool)[node]

    unnamed = material < 0
    # without a recipe: what leaves and did not arrive is made of what arrives, or one that nobody names
    mixed = some(arrives) & some(leaves & ~arrives)
    plain = ~has_recipe & (mixed | some(unnamed & (arrives | leaves)))
    inputs = has_recipe & some(unnamed & arrives) & (taken | unnamed)
    outputs = has_recipe & some(unnamed & leaves) & (made | unnamed)
    return plain | inputs | outputs


def _closed(
    f: Filiere,
    nodes: Nodes,
    row_node: NDArray[np.int64],
    row_of: NDArray[np.intp],
    material: Codes,
    arrives: Mask,
    leaves: Mask,
    made: Mask,
    taken: Mask,
    has_recipe: Mask,
    share: Mask,
) -> Mask:
    """Return whether each row is an equation."""
    count = len(row_node)

    def some(mask: Mask) -> Mask:
        return np.bincount(row_of[mask], minlength=count).astype(bool)

    described = some(arrives | made) & some(leaves | taken)
    # one of several that share a row may be open alone: what is made and goes nowhere, what nothing brings
    loose = has_recipe & share & (material >= 0) & ((made & ~leaves & ~taken) | (taken & ~arrives & ~made))
    unnamed_side = some(share & arrives & ~taken) | some(share & leaves & ~made)
    described &= ~some(loose & ~unnamed_side[row_of])
    ends = columns(f, "stages").among("kind", StageKind.RESOURCE.value, StageKind.MARKET.value)
    outside = columns(f, "actors").among("actor_type", ActorType.OUTSIDE.value)
    boundary = np.append(ends, False)[nodes.stage] | outside[nodes.actor]
    plain_row = ~some(has_recipe)
    return described & ~(plain_row & boundary[row_node])
