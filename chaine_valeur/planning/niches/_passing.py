"""What may pass along the expected chain: materials between stages, and the recipes of the stages, without actors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.system import recipe_rows
from ...network import codes_of
from ...rules import CREATED
from ...vocabulary import MarketKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

__all__ = ["ANY", "NOBODY_SAYS", "Passing", "Process", "passing_of"]

#: A material that nobody names.
NOBODY_SAYS = -1
#: The input of a recipe that gives outputs only: whatever enters.
ANY = -2


@dataclass(frozen=True)
class Process:
    """A process, the n-th of a stage: tonnes in and out per tonne of its level, by material; the rows of its recipe."""

    stage: int
    order: int
    takes: dict[int, float]
    makes: dict[int, float]
    rows: tuple[str, ...] = ()

    @property
    def entering(self) -> float:
        """Tonnes that enter per tonne of level."""
        return sum(self.takes.values())


@dataclass(frozen=True)
class Passing:
    """Arcs ``(from, to, material)`` between stages, in the order of the table; processes of each stage that has some.

    A stage of which a coefficient is unknown has no process that could be reckoned with, and passes nothing on. A
    process that makes more than it takes is left out, as it is of the balances: a stage without another has none.
    ``creating`` are the stages of these.
    """

    arcs: tuple[tuple[int, int, int], ...]
    processes: dict[int, tuple[Process, ...]]
    out_of: dict[int, list[int]] = field(default_factory=dict)
    into: dict[int, list[int]] = field(default_factory=dict)
    creating: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        arcs: Iterable[tuple[int, int, int]],
        processes: dict[int, tuple[Process, ...]],
        creating: frozenset[int] = frozenset(),
    ) -> Passing:
        """Return arcs and processes, with the arcs of each stage."""
        kept = tuple(dict.fromkeys(arcs))
        out_of: dict[int, list[int]] = {}
        into: dict[int, list[int]] = {}
        for place, (start, end, _) in enumerate(kept):  # over expected passages
            out_of.setdefault(start, []).append(place)
            into.setdefault(end, []).append(place)
        return cls(kept, processes, out_of, into, creating)

    def with_idea(self, stage: int, process: Process) -> Passing:
        """Return the chain with one more stage, beside those that already take its material and sell its product.

        Where the product would come back into the material, that way is left out.
        """
        starts = {start for start, _, carried in self.arcs if carried in process.takes}
        starts |= {
            place
            for place, here in self.processes.items()
            if any(_shared(process.takes, p.makes) for p in here)
        }
        ends = {end for _, end, carried in self.arcs if carried in process.makes}
        ends |= {
            place
            for place, here in self.processes.items()
            if any(_shared(process.makes, p.takes) for p in here)
        }
        ends -= self._upstream_of(starts)
        # a material (product) that no stage speaks of may still be offered (asked for)
        arcs = [(start, stage, one) for one in process.takes for start in sorted(starts) or [NOBODY_SAYS]]
        arcs += [(stage, end, one) for one in process.makes for end in sorted(ends) or [NOBODY_SAYS]]
        return Passing.of([*self.arcs, *arcs], self.processes | {stage: (process,)}, self.creating)

    def _upstream_of(self, stages: set[int]) -> set[int]:
        """Return some stages and all those from which something may reach them."""
        found, queue = set(stages), list(stages)
        while queue:  # over stages, each once
            new = {self.arcs[arc][0] for arc in self.into.get(queue.pop(), [])} - found
            found |= new
            queue += sorted(new)
        return found


def _shared(one: dict[int, float], other: dict[int, float]) -> bool:
    return not one.keys().isdisjoint(other)


def passing_of(f: Filiere) -> Passing:
    """Return what may pass along the expected chain, made once."""
    return f.derived("expected_passing", _passing)


def _passing(f: Filiere) -> Passing:
    net = f.network
    processes, creating = _processes(f)
    forward = _forward(f)
    columns = (net.link_from[forward], net.link_to[forward], net.link_material[forward])
    links = list(zip(*(column.tolist() for column in columns), strict=True))
    leaving = _leaving(f, links, processes)
    arcs: list[tuple[int, int, int]] = []
    for start, end, material in links:  # over expected passages
        taken = _taken(processes, end)
        if material >= 0:
            carried = {material}
        else:  # a passage of any material: what leaves its start, else what its end takes
            carried = leaving[start] or {one for one in taken or () if one >= 0} or {NOBODY_SAYS}
        arcs += [
            (start, end, one) for one in sorted(carried) if taken is None or ANY in taken or one in taken
        ]
    return Passing.of(arcs, processes, creating)


def _forward(f: Filiere) -> NDArray[np.bool_]:
    """Return the expected passages that go on: in a loop, those towards a higher rank (a later row)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    net = f.network
    if not len(net.link_from):
        return np.zeros(0, dtype=bool)
    ones = np.ones(len(net.link_from))
    graph = coo_array((ones, (net.link_from, net.link_to)), shape=(net.n_stages, net.n_stages)).tocsr()
    loop = connected_components(graph, directed=True, connection="strong")[1]
    rank = f.stages["rank"].astype("float64").fillna(np.inf).to_numpy()
    place = np.argsort(np.lexsort((np.arange(net.n_stages), rank)))
    return (loop[net.link_from] != loop[net.link_to]) | (place[net.link_from] < place[net.link_to])


def _taken(processes: dict[int, tuple[Process, ...]], stage: int) -> set[int] | None:
    """Return what the processes of a stage take; ``None`` where it has none, and takes anything."""
    if stage not in processes:
        return None
    return {material for process in processes[stage] for material in process.takes}


def _leaving(
    f: Filiere, links: list[tuple[int, int, int]], processes: dict[int, tuple[Process, ...]]
) -> dict[int, set[int]]:
    """Return the materials that may leave each stage."""
    found: dict[int, set[int]] = {place: set() for place in range(f.network.n_stages)}
    for place, here in processes.items():  # over stages with a recipe
        found[place] |= {material for process in here for material in process.makes}
    offered = f.markets[f.markets["kind"].eq(MarketKind.SUPPLY.value).to_numpy(bool)]
    stages = codes_of(offered["stage_id"], f.network.stage_ids).tolist()
    materials = codes_of(offered["material_id"], f.network.material_ids).tolist()
    for place, material in zip(stages, materials, strict=True):  # over supplies
        if place >= 0 and material >= 0 and place not in processes:
            found[place].add(material)
    for start, _, material in links:  # over expected passages
        if material >= 0:
            found[start].add(material)
    changed = True
    while changed:  # a stage without a recipe passes on what reaches it, at most once around each loop
        changed = False
        for start, end, material in links:
            new = ({material} if material >= 0 else found[start]) - found[end]
            if new and end not in processes:
                found[end] |= new
                changed = True
    return found


def _processes(f: Filiere) -> tuple[dict[int, tuple[Process, ...]], frozenset[int]]:
    """Return the processes of the stages, and the stages of those that are left out as they make more than they take.

    The recipes of the stage, those of its actors where it has none.
    """
    net, rows = f.network, recipe_rows(f)
    table = rows.assign(
        stage=codes_of(rows["stage_id"], net.stage_ids),
        material=codes_of(rows["material_id"], net.material_ids),
        makes=rows["side"].eq("out").to_numpy(bool),
        whose=rows["actor_id"].fillna("").to_numpy(object),
        named=rows["process"].fillna("").to_numpy(object),
    )
    shared = table["whose"].eq("").to_numpy(bool)
    table = table[shared | ~table["stage"].isin(table["stage"][shared]).to_numpy(bool)]
    found: dict[int, list[Process]] = {}
    creating: set[int] = set()
    for (stage, _, _), part in table.groupby(["stage", "whose", "named"], sort=False):  # over processes
        sides = [
            part.loc[part["makes"].to_numpy(bool) == side]
            .groupby("material", sort=False)["t_per_t"]
            .sum(min_count=1)
            for side in (False, True)
        ]
        amounts = [side.to_numpy(np.float64) for side in sides]
        unknown = bool(np.isnan(np.concatenate(amounts)).any())
        if not unknown and amounts[1].sum() > (amounts[0].sum() if len(amounts[0]) else 1.0) * (1 + CREATED):
            creating.add(int(stage))
            continue
        here = found.setdefault(int(stage), [])
        if unknown:
            continue
        takes, makes = ({int(k): float(v) for k, v in side.items() if v > 0} for side in sides)
        here.append(Process(int(stage), len(here), takes or {ANY: 1.0}, makes, tuple(part.index.tolist())))
    kept = {stage: tuple(here) for stage, here in sorted(found.items()) if stage >= 0}
    return kept, frozenset(creating - {-1})
