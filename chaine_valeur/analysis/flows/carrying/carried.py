"""What a chain can carry, solved once: the program, its optimum, or the path that nothing limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ....errors import UnknownNameError
from ....vocabulary import StageKind
from .program import Program, program_of
from .row_facts import steps_between
from .solve import ROUNDING, Optimum, best, leanest, without_limit
from .stated import levels_in_order, material_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere

    Values = NDArray[np.float64]

__all__ = ["Carried", "carried"]


@dataclass(frozen=True)
class Carried:
    """The program, how it ended (`status`, `reason`), and an optimum where there is one.

    `path` has the rows of the balances on a way that nothing limits, from its source to a buyer, `ray` the
    variables that may grow for ever.
    """

    program: Program
    status: str
    reason: str
    first: Optimum | None
    path: tuple[int, ...] = ()
    ray: Values | None = None

    @cached_property
    def optimum(self) -> Optimum | None:
        """The optimum that serves the firmest demands first and moves the least."""
        return None if self.first is None else leanest(self.program, self.program.limit, self.first)

    @property
    def served(self) -> float:
        """Tonnes served per year; NaN where they have no limit, or where nothing says who asks."""
        if self.first is not None:
            return self.first.served
        return 0.0 if self.reason in ("no_path", "held") else np.nan


def carried(
    f: Filiere,
    *,
    supply_level: str = "firmest",
    materials: Sequence[str] | None = None,
    imports: bool = True,
    without: Sequence[str] = (),
) -> Carried:
    """Return what a filière can carry; kept, but without a choice of actors."""
    levels_in_order(supply_level)
    material_codes(f, materials)
    names = [without] if isinstance(without, str) else list(without)
    gone = np.array([_actor(f, name) for name in names], dtype=np.int32)
    chosen = None if materials is None else tuple([materials] if isinstance(materials, str) else materials)

    def build(f: Filiere) -> Carried:
        return _carried(
            program_of(f, supply_level=supply_level, materials=chosen, imports=imports, without=gone)
        )

    return build(f) if len(gone) else f.derived(("carried", supply_level, chosen, bool(imports)), build)


def _actor(f: Filiere, name: str) -> int:
    if name not in f.actors.index:
        raise UnknownNameError.of(f"no actor {name!r}", name, f.actors.index)
    return int(f.actors.index.get_loc(name))


def _carried(program: Program) -> Carried:
    if not program.system.arcs.size:
        return Carried(program, "nothing", "no_flow", None)
    if program.demands.groups.empty:
        return Carried(program, "nothing", "no_path" if _unreached(program) else "no_buyer", None)
    ray = without_limit(program, program.limit)
    if ray is not None:
        return Carried(program, "unlimited", "", None, _path(program, ray), ray)
    found = best(program, program.limit)
    finite = program.limit[np.isfinite(program.limit)]
    if found.served <= ROUNDING * max(1.0, float(finite.max(initial=0.0))) and (
        without_limit(program, program.limit, reach=True) is None
    ):
        return Carried(program, "nothing", "held" if _joined(program) else "no_path", None)
    return Carried(program, "solved", "", found)


def _joined(program: Program) -> bool:
    """Return whether recorded flows lead from somewhere that nothing reaches, or from outside, to a buyer."""
    system = program.system
    arcs, size = system.arcs, system.nodes.size
    buyers = system.row_node[program.demands.places["row"].to_numpy()]
    fed = np.bincount(arcs.target[arcs.target >= 0], minlength=size) > 0
    reached = ~fed
    reached[arcs.target[(arcs.source < 0) & (arcs.target >= 0)]] = True
    while True:  # one step a turn, as many as the longest way
        onwards = arcs.target[(arcs.source >= 0) & (arcs.target >= 0) & reached[arcs.source]]
        grown = reached.copy()
        grown[onwards] = True
        if (grown == reached).all():
            return bool((reached & fed)[buyers].any())
        reached = grown


def _unreached(program: Program) -> bool:
    """Return whether there are markets, and nothing at all reaches any of them."""
    f, facts = program.system.filiere, program.facts
    markets = np.flatnonzero(f.stages["kind"].eq(StageKind.MARKET.value).to_numpy(bool))
    held = np.isin(program.system.nodes.activities.stage, markets).any()
    return bool(held and not (facts.market & facts.arrives).any())


def _path(program: Program, ray: Values) -> tuple[int, ...]:
    """Return the rows on the shortest way of a ray, from where material enters to who asks for it."""
    from scipy.sparse.csgraph import dijkstra

    system, starts = program.system, program.starts
    on = ray > ray.max() * ROUNDING
    arcs = on[starts["arc"]]
    steps = steps_between(system, arcs, on[starts["level"]])
    enters = system.arc_in[arcs & (system.arc_out < 0)]
    fills = program.fill_row[on[starts["fill"]]]
    draws = program.supplies.places["row"].to_numpy()[on[starts["draw"]]]
    sources = np.unique(np.concatenate([enters[enters >= 0], fills, draws]))
    buyers = program.demands.places["row"].to_numpy()[on[starts["serve"]]]
    if not len(sources):
        return tuple(buyers[:1].tolist())
    far, before, _ = dijkstra(
        steps, indices=sources, min_only=True, unweighted=True, return_predecessors=True
    )
    place = int(buyers[np.argmin(far[buyers])])
    path = [place]
    while before[path[-1]] >= 0:  # along one path
        path.append(int(before[path[-1]]))
    return tuple(reversed(path))
