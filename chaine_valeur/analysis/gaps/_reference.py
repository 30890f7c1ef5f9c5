"""The reference paths of a chain: those that are expected, and those that are complete."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ._paths import PathGraph
from .chain import Chain, chain_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ._paths import Live

    Mask = NDArray[np.bool_]

__all__ = ["Reference", "reference_of"]


@dataclass(frozen=True)
class Reference:
    """Paths over units, from resource to market along required passages, and what is seen of them."""

    chain: Chain
    graph: PathGraph

    @classmethod
    def of(cls, chain: Chain) -> Reference:
        """Return the reference paths of a chain."""
        joined = np.zeros((chain.n_units, chain.n_units), dtype=bool)
        joined[chain.unit[chain.link_from], chain.unit[chain.link_to]] = True
        sources = np.flatnonzero(chain.any_member(chain.resource))
        sinks = np.flatnonzero(chain.any_member(chain.market))
        rank = chain.stages.rank
        first = np.array([rank[part[0]] for part in chain.members])  # a loop over units
        # a unit without a rank keeps its place in the table: its links count as going on
        order = np.where(np.isnan(first), np.inf, first)
        graph = PathGraph.of(joined, sources=sources.tolist(), sinks=sinks.tolist(), order=order)
        return cls(chain, graph)

    def counts(self, *, open_too: bool = False, source: int | None = None) -> dict[int, tuple[int, int]]:
        """Return, per market, the expected paths and those that are complete.

        With `open_too`, passages of which nobody knows whether they are made count as made.
        """
        chain = self.chain
        seen = chain.link_seen | chain.link_open if open_too else chain.link_seen
        joined = chain.pairs(seen)

        def begin(unit: int) -> Live:
            return frozenset(stage for stage in chain.members[unit] if chain.held[stage])

        def step(live: Live, unit: int) -> Live:
            return frozenset(stage for stage in begin(unit) if joined[list(live), stage].any())

        starts = None if source is None else (source,)
        return self.graph.count(sources=starts, begin=begin, step=step)

    def totals(self, *, open_too: bool = False) -> tuple[int, int]:
        """Return the number of expected paths and of complete ones."""
        found = self.counts(open_too=open_too).values()
        return sum(pair[0] for pair in found), sum(pair[1] for pair in found)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """Per unit, the share of the expected paths that pass it; NaN where there is none."""
        total = self._number()
        if not total:
            return (float("nan"),) * self.chain.n_units
        return tuple((total - self._number(without=unit)) / total for unit in range(self.chain.n_units))

    def _number(self, *, without: int = -1) -> int:
        return sum(pair[0] for pair in self.graph.count(without=without).values())

    def depending_on(self, *, unit: int | None = None, pair: tuple[int, int] | None = None) -> Mask:
        """Return the units that have no other way to a market, or from a resource, than this one.

        For a unit: itself, what is upstream of it and reaches a market only through it, what is downstream
        and is reached from a resource only through it; likewise for the passage from one unit to the next.
        Where no stage is a resource (a market), those that nothing precedes (follows) stand for them.
        """
        links = self.graph.successors
        back: list[list[int]] = [[] for _ in links]
        for start, ends in enumerate(links):  # a loop over passages
            for end in ends:
                back[end].append(start)
        starts = self.graph.sources or tuple(place for place, part in enumerate(back) if not part)
        ends_ = self.graph.sinks or [place for place, part in enumerate(links) if not part]
        fed = _reached(starts, links) & ~_reached(starts, links, unit=unit, pair=pair)
        turned = (pair[1], pair[0]) if pair else None
        drained = _reached(ends_, back) & ~_reached(ends_, back, unit=unit, pair=turned)
        found = fed | drained
        if unit is not None:
            found[unit] = True
        return found


def reference_of(f: Filiere) -> Reference:
    """Return the reference paths of a filière, built once."""
    return f.derived("reference", lambda f: Reference.of(chain_of(f)))


def _reached(
    starts: Iterable[int],
    links: Iterable[Iterable[int]],
    *,
    unit: int | None = None,
    pair: tuple[int, int] | None = None,
) -> Mask:
    """Return the units reached from `starts`, without a unit or a passage (a walk over the stages)."""
    onward = [tuple(part) for part in links]
    seen = np.zeros(len(onward), dtype=bool)
    queue = deque(start for start in starts if start != unit)
    seen[list(queue)] = True
    while queue:
        here = queue.popleft()
        for after in onward[here]:
            if not seen[after] and after != unit and (here, after) != pair:
                seen[after] = True
                queue.append(after)
    return seen
