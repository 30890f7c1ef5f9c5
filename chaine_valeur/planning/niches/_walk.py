"""Walking the expected chain from a stage to the first supplies met upstream, or the first demands downstream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._passing import ANY

if TYPE_CHECKING:
    from ._passing import Passing, Process
    from ._pools import Pool

__all__ = ["Walk"]


@dataclass(frozen=True)
class Walk:
    """One way of walking: upstream to pools of supply, or downstream to pools of demand."""

    passing: Passing
    pools: Sequence[Pool]
    upstream: bool

    def reached(self, first: Iterable[int]) -> tuple[list[int], dict[int, list[int]]]:
        """Return the arcs that lead to a pool, from some on, ascending; of those that end at pools, which ones."""
        visited: dict[int, list[int]] = {}
        stopped: dict[int, list[int]] = {}
        queue = list(first)
        while queue:  # over arcs, each once
            arc = queue.pop(0)
            if arc in visited:
                continue
            found = self.pools_of(arc)
            visited[arc] = [] if found else self._next(arc)
            if found:
                stopped[arc] = found
            queue += visited[arc]
        leads, more = set(stopped), True
        while more:  # at most once per arc
            new = {
                arc for arc, beyond in visited.items() if arc not in leads and not leads.isdisjoint(beyond)
            }
            leads |= new
            more = bool(new)
        return sorted(leads), {arc: stopped[arc] for arc in sorted(stopped)}

    def pools_of(self, arc: int) -> list[int]:
        """Return the pools that what passes on an arc is drawn from (fills)."""
        material, stage = self.passing.arcs[arc][2], self.far(arc)
        return [place for place, pool in enumerate(self.pools) if pool.fits(material, stage)]

    def far(self, arc: int) -> int:
        """Return the stage at the end to which one walks."""
        return self.passing.arcs[arc][0 if self.upstream else 1]

    def _next(self, arc: int) -> list[int]:
        """Return the arcs that what passes on one comes from (goes to)."""
        stage, material = self.far(arc), self.passing.arcs[arc][2]
        onward = (self.passing.into if self.upstream else self.passing.out_of).get(stage, [])
        here = self.passing.processes.get(stage)
        if here is None:
            same = [one for one in onward if self.passing.arcs[one][2] == material]
            return same or onward
        used = [process for process in here if _handles(self._sides(process)[0], material)]
        return [
            one
            for one in onward
            if any(_handles(self._sides(process)[1], self.passing.arcs[one][2]) for process in used)
        ]

    def _sides(self, process: Process) -> tuple[dict[int, float], dict[int, float]]:
        """Return the side of a recipe from which one comes, and the one to which one goes."""
        return (process.makes, process.takes) if self.upstream else (process.takes, process.makes)


def _handles(amounts: dict[int, float], material: int) -> bool:
    return material in amounts or ANY in amounts
