"""What is known of each balance of a filière: what fills it, what empties it, what kind of place it is at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ....columns import columns
from ....network import distinct
from ....vocabulary import ActorType, StageKind

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ...system import System

    Codes = NDArray[np.integer[Any]]
    Mask = NDArray[np.bool_]

__all__ = ["RowFacts", "materials_apart", "row_facts", "rows_of", "steps_between"]


@dataclass(frozen=True)
class RowFacts:
    """Facts along the rows of a `System`.

    Attributes
    ----------
    arrives, made
        Something fills the row: an arc from another node, a process.
    leaves, taken
        Something empties it: an arc to another node or to the outside, a process.
    plain
        Rows of nodes without a process.
    resource, market, outside
        Kind of the stage, or of one of those of a whole actor; the actor stands for the outside.
    source
        Rows that need what nothing in the chain brings, and those where material may enter the chain.
    node, material
        Of each row, as in the system.
    held_row, held_actor, held_stage, held_filiere
        Rows, each repeated for the stages of its node: a whole actor has several. The filière is 0 where there is one.
    """

    arrives: Mask
    made: Mask
    leaves: Mask
    taken: Mask
    plain: Mask
    resource: Mask
    market: Mask
    outside: Mask
    source: Mask
    node: Codes
    material: Codes
    held_row: Codes
    held_actor: Codes
    held_stage: Codes
    held_filiere: Codes

    @property
    def filled(self) -> Mask:
        """Rows that something fills."""
        return self.arrives | self.made

    @property
    def offering(self) -> Mask:
        """Rows that a stated supply fills: those of `source`, and of whole actors that hold a resource."""
        return self.source | (self.plain & self.resource & (self.leaves | self.taken))


def row_facts(system: System) -> RowFacts:
    """Return what is known of each row."""
    f, nodes, arcs, made = system.filiere, system.nodes, system.arcs, system.processes
    count = system.n_rows

    def some(rows: Codes) -> Mask:
        return np.bincount(rows[rows >= 0], minlength=count).astype(bool)

    between = arcs.source != arcs.target
    real = np.isnan(made.t_per_t) | (made.t_per_t > 0)
    taken = some(system.coefficient_row[~made.made & real])
    taken |= (system.row_material < 0) & np.isin(system.row_node, made.node[made.any_input])
    stages = columns(f, "stages")
    outside = columns(f, "actors").among("actor_type", ActorType.OUTSIDE.value)
    at, held = _stages_held(system)
    node = system.row_node
    kind_of = {}
    for kind in (StageKind.RESOURCE.value, StageKind.MARKET.value):  # over two kinds
        of_kind = at[np.append(stages.among("kind", kind), False)[held]]
        kind_of[kind] = np.bincount(of_kind, minlength=nodes.size).astype(bool)[node]
    pair, place = _joined(at, node)
    arrives = some(system.arc_in[between])
    leaves = some(system.arc_out[between])
    makes = some(system.coefficient_row[made.made & real])
    plain = ~np.isin(node, made.node)
    abroad = outside[nodes.actor[node]] if len(outside) else np.zeros(count, dtype=bool)
    resource = np.append(stages.among("kind", StageKind.RESOURCE.value), False)
    entry = plain & (abroad | resource[nodes.stage[node]])
    return RowFacts(
        arrives=arrives,
        made=makes,
        leaves=leaves,
        taken=taken,
        plain=plain,
        resource=kind_of[StageKind.RESOURCE.value],
        market=kind_of[StageKind.MARKET.value],
        outside=abroad,
        source=(leaves | taken) & (entry | ~(arrives | makes)),
        node=node,
        material=system.row_material,
        held_row=place,
        held_actor=nodes.actor[at[pair]],
        held_stage=held[pair],
        held_filiere=f.network.actor_filiere[nodes.actor[at[pair]]],
    )


def materials_apart(system: System) -> System:
    """Return the system with a row of its own for each named material at resources and markets without a recipe.

    What enters and leaves such a place does not become one another: several materials share no row there.
    """
    f, arcs, nodes = system.filiere, system.arcs, system.nodes
    kinds = np.append(columns(f, "stages").text("kind"), "")
    ends = np.isin(kinds, [StageKind.RESOURCE.value, StageKind.MARKET.value])[nodes.stage]
    ends |= columns(f, "actors").among("actor_type", ActorType.OUTSIDE.value)[nodes.actor]
    ends &= ~np.isin(np.arange(nodes.size), system.processes.node)
    shared = np.append((system.row_material < 0) & ends[system.row_node], False)
    size = f.network.n_materials + 1
    sides = []
    for rows, node in ((system.arc_out, arcs.source), (system.arc_in, arcs.target)):  # over two sides
        apart = shared[rows] & (arcs.material >= 0)
        sides.append(np.where(apart, node.astype(np.int64) * size + arcs.material, -1))
    new = distinct(np.concatenate([key[key >= 0] for key in sides]))
    if not len(new):
        return system
    found = [
        np.where(key >= 0, system.n_rows + np.searchsorted(new, key), rows)
        for key, rows in zip(sides, (system.arc_out, system.arc_in), strict=True)
    ]
    return replace(
        system,
        row_node=np.concatenate([system.row_node, (new // size).astype(np.int32)]),
        row_material=np.concatenate([system.row_material, (new % size).astype(np.int32)]),
        closed=np.concatenate([system.closed, np.zeros(len(new), dtype=bool)]),
        arc_out=found[0].astype(np.int32),
        arc_in=found[1].astype(np.int32),
    )


def _stages_held(system: System) -> tuple[Codes, Codes]:
    """Return the pairs of node and stage, a node of unknown stage once with −1."""
    nodes = system.nodes
    node = np.concatenate([np.arange(nodes.size), nodes.activity_node])
    stage = np.concatenate([nodes.stage, nodes.activities.stage]).astype(np.int64)
    size = int(stage.max(initial=-1)) + 2
    pairs = distinct(node * size + stage + 1)
    node, stage = pairs // size, pairs % size - 1
    several = np.bincount(node, minlength=nodes.size)[node] > 1
    kept = (stage >= 0) | ~several
    return node[kept], stage[kept]


def rows_of(about: pd.DataFrame, facts: RowFacts, use: Mask, at_kind: Mask) -> tuple[Codes, Codes]:
    """Return which rows each stated quantity is about, as pairs of a group and a row, in order.

    Parameters
    ----------
    about
        Index: the group; ``filiere``, ``actor``, ``stage``, ``material`` as positions, −1: not stated.
    use
        Rows that may be meant.
    at_kind
        Rows that are meant where neither an actor nor a stage is stated.
    """
    if about.empty:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    actor, stage, material = (about[name].to_numpy() for name in ("actor", "stage", "material"))
    use = use[facts.held_row]
    at = [
        _joined(np.where(actor >= 0, actor, -1), np.where(use, facts.held_actor, -2)),
        _joined(np.where(actor < 0, stage, -1), np.where(use, facts.held_stage, -2)),
        _joined(
            np.where((actor < 0) & (stage < 0), about["filiere"].to_numpy(), -1),
            np.where(use & at_kind[facts.held_row], facts.held_filiere, -2),
        ),
    ]
    group, place = (np.concatenate(part) for part in zip(*at, strict=True))
    elsewhere = (
        (stage[group] >= 0) & (facts.held_stage[place] >= 0) & (stage[group] != facts.held_stage[place])
    )
    group, row = group[~elsewhere], facts.held_row[place[~elsewhere]]
    # the row of the material, and the one where it may be unnamed; with a recipe, that one is of other sides
    found = facts.material[row]
    exact = found == material[group]
    whose = group.astype(np.int64) * (int(facts.node.max(initial=0)) + 1) + facts.node[row]
    unnamed = (found < 0) & (facts.plain[row] | ~np.isin(whose, whose[exact]))
    kept = (material[group] < 0) | exact | unnamed
    size = len(facts.node)
    pairs = distinct(group[kept].astype(np.int64) * size + row[kept])
    return about.index.to_numpy()[pairs // size], pairs % size


def _joined(left: Codes, right: Codes) -> tuple[Codes, Codes]:
    """Return the pairs of positions with the same key; a key below 0 on the left has none."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    first, last = (np.searchsorted(ordered, left, side=side) for side in ("left", "right"))
    count = np.where(left >= 0, last - first, 0)
    which = np.repeat(np.arange(len(left)), count)
    within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return which, order[first[which] + within]


def steps_between(system: System, carried: Mask | None = None, runs: Mask | None = None) -> csr_array:
    """Return rows × rows, above 0 where material may step from one to the other: along an arc, in a process.

    Parameters
    ----------
    carried, runs
        Arcs and processes to keep; by default all.
    """
    from scipy.sparse import coo_array

    made, count = system.processes, system.n_rows
    both = (system.arc_out >= 0) & (system.arc_in >= 0)
    both &= True if carried is None else carried
    ends = (system.arc_out[both], system.arc_in[both])
    steps = coo_array((np.ones(int(both.sum())), ends), shape=(count, count)).tocsr()
    on = np.ones(made.size, dtype=bool) if runs is None else runs
    free = np.flatnonzero(made.any_input & on)
    shared = np.full(system.nodes.size, -1)
    shared[system.row_node[system.row_material < 0]] = np.flatnonzero(system.row_material < 0)
    takes, makes = ((made.made == side) & on[made.process] for side in (False, True))
    taken = np.concatenate([system.coefficient_row[takes], shared[made.node[free]]])
    by = np.concatenate([made.process[takes], free])
    into = coo_array((np.ones(len(taken)), (taken, by)), shape=(count, made.size)).tocsr()
    out = (made.process[makes], system.coefficient_row[makes])
    return steps + into @ coo_array((np.ones(len(out[0])), out), shape=(made.size, count)).tocsr()
