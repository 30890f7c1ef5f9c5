"""Which limits hold the throughput: alone, or several that have to be lifted together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .solve import Optimum, best

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .program import Program

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Held", "held_by"]

#: Tonnes served per tonne of a limit, under which it gains nothing.
NO_GAIN = 1e-6
#: Limits that have to be lifted together, beyond which they are no longer looked for.
LARGEST_GROUP = 12


@dataclass
class _Search:
    """Solves again with some limits lifted by a step, and counts how often."""

    program: Program
    found: Optimum
    step: float
    left: int
    gains: dict[frozenset[int], tuple[float, Values]] = field(default_factory=dict)

    def lifted(self, limits: Iterable[int]) -> tuple[float, Values]:
        """Return what is gained per tonne, and the duals then."""
        chosen = frozenset(limits)
        if chosen not in self.gains:
            self.left -= 1
            limit = self.program.limit.copy()
            limit[list(chosen)] += self.step
            new = best(self.program, limit)
            self.gains[chosen] = ((new.served - self.found.served) / self.step, new.dual)
        return self.gains[chosen]


@dataclass(frozen=True)
class Held:
    """Limits that hold the throughput, with what is gained per tonne that each of them is lifted."""

    limits: tuple[int, ...]
    gain: float


def held_by(program: Program, found: Optimum, *, most: int, step: float, tried: int) -> list[Held]:
    """Return what holds the throughput, demands last, the largest gain first.

    What a limit gains is at most its dual, in whichever solution of the dual: those without one are not tried.
    Where limits tie, each alone gains nothing. Lifted one by one in vain, each time the dual shows another cut
    of the chain, of which one limit is lifted too, until something is gained; then all that is needless is
    lowered again.
    """
    search = _Search(program, found, step, tried)
    demand = program.limit_kind == "demand"
    binding = np.flatnonzero(found.dual > NO_GAIN)
    order = binding[np.lexsort((binding, -found.dual[binding], demand[binding]))]
    alone: list[Held] = []
    for place in order:  # over the limits that bind, the most promising first
        enough = [one for one in alone if one.gain >= found.dual[place] - NO_GAIN]
        if search.left <= 0 or len(enough) >= most:
            break
        gain, _ = search.lifted([int(place)])
        if gain > NO_GAIN:
            alone.append(Held((int(place),), gain))
    single = np.zeros(len(program.limit), dtype=bool)
    single[[one.limits[0] for one in alone]] = True
    together: list[Held] = []
    for place in order:  # over those that gain nothing alone
        grouped = {limit for one in together for limit in one.limits}
        if search.left <= 0 or len(together) >= most:
            break
        if frozenset([int(place)]) in search.gains and not single[place] and place not in grouped:
            group = _group(search, int(place), single, demand)
            if group is not None and set(group.limits).isdisjoint(grouped):
                together.append(group)
    ranked = sorted(
        [*alone, *together], key=lambda one: (demand[list(one.limits)].all(), -one.gain, one.limits)
    )
    return ranked[:most]


def _group(search: _Search, seed: int, single: Mask, demand: Mask) -> Held | None:
    """Return a smallest group of limits, begun with one, that gain something when lifted together."""
    chosen, before = [seed], search.found.dual
    gain, dual = search.lifted(chosen)
    while gain <= NO_GAIN:
        other = np.flatnonzero((dual > NO_GAIN) & ~single)
        other = other[~np.isin(other, chosen)]
        if not len(other) or len(chosen) >= LARGEST_GROUP or search.left <= 0:
            return None
        # what took the place of those lifted last is in series with them
        rise = (dual - before)[other]
        before = dual
        chosen.append(int(other[np.lexsort((-dual[other], demand[other], -rise))[0]]))
        gain, dual = search.lifted(chosen)
    for one in reversed(chosen):  # over the few that were lifted
        without = [limit for limit in chosen if limit != one]
        if len(without) and search.lifted(without)[0] > NO_GAIN:
            chosen = without
    return Held(tuple(sorted(chosen)), search.lifted(chosen)[0])
