"""Counting the simple paths from resources to markets without listing them.

A simple path crosses each strongly connected part of the graph in one stretch, so paths are counted part by
part in topological order (dynamic programming); only inside a part, where a loop exists, does a state
remember which units it has visited. Counts are exact Python integers: there may be more than 2⁶³ paths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    #: what is left of the observed chain at a unit: its stages through which a path is complete so far
    Live = frozenset[int]

__all__ = ["LARGEST_LOOP", "PathGraph"]

#: Units in one loop beyond which the links that go back are left out of paths: 2¹² states are the most
#: that is worth the wait.
LARGEST_LOOP = 12


@dataclass(frozen=True)
class PathGraph:
    """Units joined by required passages, ready for counting.

    Attributes
    ----------
    successors
        Of each unit, ascending.
    part
        The strongly connected part of each unit, numbered from upstream to downstream.
    sources, sinks
        Units of resource stages, units of market stages.
    reach
        Units × units, true where one can be reached from the other (and from itself).
    n_cut
        Links left out of paths, because a loop was too large to be counted exactly.
    """

    successors: tuple[tuple[int, ...], ...]
    part: tuple[int, ...]
    sources: tuple[int, ...]
    sinks: frozenset[int]
    reach: Mask
    n_cut: int = 0

    @classmethod
    def of(
        cls, joined: Mask, *, sources: Iterable[int], sinks: Iterable[int], order: Iterable[float]
    ) -> PathGraph:
        """Return the graph of a matrix of links.

        Parameters
        ----------
        joined
            Units × units, true where a required passage joins them.
        sources, sinks
            Where paths start and end.
        order
            Place of each unit from upstream to downstream: which links go back where a loop is too large.
        """
        place = np.asarray(list(order))
        joined = joined & ~np.eye(len(joined), dtype=bool)
        reach, before = closure(joined), int(joined.sum())
        for goes_on in (
            place[:, None] <= place[None, :],
            np.arange(len(place))[:, None] < np.arange(len(place)),
        ):
            same = reach & reach.T
            if same.sum(axis=1).max(initial=0) <= LARGEST_LOOP:
                break
            large = same & (same.sum(axis=1) > LARGEST_LOOP)[:, None]
            joined = joined & (~large | goes_on)
            reach = closure(joined)
        same = reach & reach.T
        # what reaches a part grows along every link between two parts, and is equal within one
        count = len(joined)
        level, first = reach.sum(axis=0), np.where(same, np.arange(count), count).min(axis=1, initial=count)
        _, part = np.unique(level * (count + 1) + first, return_inverse=True)
        return cls(
            successors=tuple(tuple(np.flatnonzero(row).tolist()) for row in joined),
            part=tuple(part.tolist()),
            sources=tuple(sources),
            sinks=frozenset(sinks),
            reach=reach,
            n_cut=before - int(joined.sum()),
        )

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.successors)

    def count(
        self,
        *,
        sources: Iterable[int] | None = None,
        without: int = -1,
        begin: Callable[[int], Live] | None = None,
        step: Callable[[Live, int], Live] | None = None,
    ) -> dict[int, tuple[int, int]]:
        """Return, per market, how many paths end there, and how many of them are complete.

        Parameters
        ----------
        sources
            Where paths start; by default at every resource.
        without
            A unit that paths do not pass.
        begin, step
            The stages of a unit that a path may start with, and those of the next unit to which it goes on;
            an empty set is a path that is expected and not complete. By default nothing is complete.
        """
        nothing: Live = frozenset()
        found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        entering: list[dict[tuple[int, Live], int]] = [
            defaultdict(int) for _ in range(max(self.part, default=-1) + 1)
        ]
        for source in self.sources if sources is None else sources:
            if source != without:
                entering[self.part[source]][source, begin(source) if begin else nothing] += 1
        memory: dict[tuple[Live, int], Live] = {}
        for number, states in enumerate(entering):  # over the parts of the chain, upstream first
            current = {(unit, 1 << unit, live): count for (unit, live), count in states.items()}
            while current:  # one link further inside the part each time
                following: dict[tuple[int, int, Live], int] = defaultdict(int)
                for (unit, visited, live), count in current.items():
                    for after in self.successors[unit]:
                        if after == without or visited >> after & 1:
                            continue
                        key = (live, after)
                        if key not in memory:
                            memory[key] = step(live, after) if step and live else nothing
                        kept = memory[key]
                        if after in self.sinks:
                            found[after][0] += count
                            found[after][1] += count if kept else 0
                        if self.part[after] == number:
                            following[after, visited | 1 << after, kept] += count
                        else:
                            entering[self.part[after]][after, kept] += count
                current = following
        return {unit: (total, complete) for unit, (total, complete) in found.items()}

    def paths(self) -> Iterator[tuple[int, ...]]:
        """Yield the paths one by one, in the order of the units; only those that can reach a market."""
        ends = sorted(self.sinks)
        useful = np.asarray(self.reach[:, ends].any(axis=1))
        for source in self.sources:
            path, choices = [source], [iter(self.successors[source])]
            while choices:
                after = next(choices[-1], None)
                if after is None:
                    choices.pop()
                    path.pop()
                elif useful[after] and after not in path:
                    path.append(after)
                    choices.append(iter(self.successors[after]))
                    if after in self.sinks:
                        yield tuple(path)


def closure(joined: Mask) -> Mask:
    """Return which units can be reached from which, each from itself included (repeated squaring)."""
    reach = joined | np.eye(len(joined), dtype=bool)
    while True:
        further = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0
        if (further == reach).all():
            return reach
        reach = further
