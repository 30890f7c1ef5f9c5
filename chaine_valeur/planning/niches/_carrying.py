"""How many tonnes a stage could take in: as much as a resource upstream allows, or as a demand downstream absorbs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...analysis.measure import NAN
from ._passing import ANY
from ._program import Program
from ._walk import Walk

if TYPE_CHECKING:
    from ._passing import Passing, Process
    from ._pools import Pool

__all__ = ["Carried", "demand_for", "resource_for"]


@dataclass(frozen=True)
class Carried:
    """Tonnes a year that may enter a stage, and what they rest on; NaN where no pool leads to it.

    ``stated`` is what the pools hold before it is carried, ``materials`` what they are; ``basis`` is ``carried``
    (through other stages), ``direct`` (stated of what enters), ``stage`` (stated of the stage, nothing leads there),
    or empty. ``complements`` are inputs of unknown supply that recipes need besides. ``rows`` are of markets,
    ``recipes`` of recipes; ``n_unknown`` counts rows of the same level without a quantity.
    """

    t: float = NAN
    stated: float = NAN
    basis: str = ""
    materials: tuple[int, ...] = ()
    complements: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()
    recipes: tuple[str, ...] = ()
    n_unknown: int = 0


def resource_for(passing: Passing, pools: Sequence[Pool], stage: int) -> Carried:
    """Return the most that supplies let enter a stage, all materials together.

    What enters is drawn from the first supply of its material met upstream; where none is stated it is made, by the
    recipes, of what is: ``max Σ_p (Σ_i a_pi) z_p``, with ``Σ_p a_pi z_p`` within what comes of each input that leads to
    a supply, what goes on within what recipes make, and what is drawn within the supplies. Inputs that lead to none,
    which a recipe needs beside one that does, are taken to be bought.
    """
    walk = Walk(passing, pools, upstream=True)
    leads, stopped = walk.reached(passing.into.get(stage, []))
    own = passing.processes.get(stage)
    if not leads or own == ():
        # where something is expected upstream, what is stated of the stage is what leaves it
        return Carried() if passing.into.get(stage) else _of_the_stage(pools, stage)
    program = Program(passing)
    program.pools(stopped, pools)
    used: list[Process] = []
    free: set[int] = set()
    through = sorted({walk.far(arc) for arc in leads if arc not in stopped})
    for place in (stage, *through):  # over the stage and those upstream of it
        coming = [arc for arc in leads if passing.arcs[arc][1] == place]
        going = [arc for arc in leads if passing.arcs[arc][0] == place and arc not in stopped]
        here = passing.processes.get(place)
        if here is not None:
            carried = {passing.arcs[arc][2] for arc in coming}
            running = [one for one in here if ANY in one.takes or not carried.isdisjoint(one.takes)]
            free |= {material for one in running for material in one.takes if material >= 0} - carried
            program.recipes_take(running, coming)
            if place != stage:
                program.recipes_make(running, going)
            used += running
        elif place != stage:
            program.unchanged(going, coming)
    entering = [arc for arc in leads if passing.arcs[arc][1] == stage]
    aim = program.tonnes(entering) if own is None else program.levels(p for p in used if p.stage == stage)
    return _carried(program.most(aim), stopped, pools, free, used, direct=not through)


def demand_for(passing: Passing, pools: Sequence[Pool], stage: int, *, is_market: bool) -> Carried:
    """Return the most that may enter a stage so that each tonne has a product which a demand downstream takes.

    A market takes what is asked for at it. Elsewhere what leaves fills the first demand for its material met
    downstream, or goes into recipes: ``max Σ_p (Σ_i a_pi) z_p``, with ``z_p ≤ Σ_o w_po`` and ``Σ_p b_po w_po`` within
    what goes on of each product. Of products made together it is enough that one is asked for. Other inputs that
    recipes need downstream are taken to be bought.
    """
    walk = Walk(passing, pools, upstream=False)
    asked = [arc for arc in passing.into.get(stage, []) if is_market and walk.pools_of(arc)]
    if asked:
        stopped = {arc: walk.pools_of(arc) for arc in asked}
        program = Program(passing)
        program.pools(stopped, pools)
        return _carried(program.most(program.tonnes(asked)), stopped, pools, (), (), direct=True)
    own = passing.processes.get(stage)
    leaving = [
        arc
        for arc in passing.out_of.get(stage, [])
        if own is None or any(passing.arcs[arc][2] in one.makes for one in own)
    ]
    leads, stopped = walk.reached(leaving)
    if not leads or own == ():
        # what is stated of an operation is what it asks for, and no outlet of it
        return _of_the_stage(pools, stage) if is_market else Carried()
    program = Program(passing)
    program.pools(stopped, pools)
    used: list[Process] = []
    through = sorted({walk.far(arc) for arc in leads if arc not in stopped})
    for place in (stage, *through):  # over the stage and those downstream of it
        coming = [arc for arc in leads if passing.arcs[arc][1] == place and arc not in stopped]
        going = [arc for arc in leads if passing.arcs[arc][0] == place]
        here = passing.processes.get(place)
        if here is not None:
            wanted = {passing.arcs[arc][2] for arc in going}
            running = [one for one in here if not wanted.isdisjoint(one.makes)]
            program.recipes_place(running, going)
            if place != stage:
                program.recipes_absorb(running, coming)
            used += running
        elif place != stage:
            program.unchanged(coming, going)
    going = [arc for arc in leads if passing.arcs[arc][0] == stage]
    aim = program.tonnes(going) if own is None else program.levels(p for p in used if p.stage == stage)
    return _carried(program.most(aim), stopped, pools, (), used, direct=False)


def _carried(
    t: float,
    stopped: dict[int, list[int]],
    pools: Sequence[Pool],
    free: Iterable[int],
    used: Iterable[Process],
    *,
    direct: bool,
) -> Carried:
    met = [pools[place] for place in sorted({place for places in stopped.values() for place in places})]
    return Carried(
        t=t,
        stated=sum(pool.t for pool in met),
        basis="direct" if direct else "carried",
        materials=tuple(sorted({pool.material for pool in met if pool.material >= 0})),
        complements=tuple(sorted(free)),
        rows=tuple(row for pool in met for row in pool.rows),
        recipes=tuple(dict.fromkeys(row for process in used for row in process.rows)),
        n_unknown=sum(pool.n_unknown for pool in met),
    )


def _of_the_stage(pools: Sequence[Pool], stage: int) -> Carried:
    """Return what is stated of a stage that nothing leads to."""
    met = [pool for pool in pools if stage in pool.stages]
    if not met:
        return Carried()
    return Carried(
        t=sum(pool.t for pool in met),
        stated=sum(pool.t for pool in met),
        basis="stage",
        materials=tuple(pool.material for pool in met if pool.material >= 0),
        rows=tuple(row for pool in met for row in pool.rows),
        n_unknown=sum(pool.n_unknown for pool in met),
    )
