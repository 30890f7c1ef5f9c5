"""The plan B between resources and markets, of many filières in one pass: the same numbers as one by one (C3).

A chain is copied for each pair of a resource and a market stage, and all copies stand side by side. Two searches
tell whether a pair is linked by one way, and by a second one without a common actor between: the second goes
through what the first has left, and may turn back along it, as a flow does that is augmented (see `disjoint_paths`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...kernels import Graph, reached
from ...network import distinct, is_among
from ...network.positions import any_at
from .._joins import matches
from ..many import Many, counts_of, ratios
from ..measure import NAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...network import Core
    from ._supply import Supply

    Mask = NDArray[np.bool_]
    Places = NDArray[np.int64]

__all__ = ["paths_of_many"]


def paths_of_many(core: Core, supply: Supply) -> Many:
    """Return the share of the linked pairs of a resource and a market that have a plan B (from C3)."""
    pairs, n = _Pairs.of(core), core.n_filieres
    paths, shared = pairs.paths(core, supply)
    asked = pairs.expected(core) & core.has_flows[pairs.filiere]
    linked, spared = (
        counts_of(pairs.filiere, asked & (paths + shared > least), n).astype(np.float64) for least in (0, 1)
    )
    value, some = ratios(spared, linked), linked > 0
    return Many(
        value,
        value,
        value,
        np.where(some, spared, NAN),
        np.where(some, linked, NAN),
        np.zeros(n, dtype=np.int64),
    )


@dataclass(frozen=True)
class _Pairs:
    """Along the pairs: their resource and their market stage, and the filière of both."""

    resource: Places
    market: Places
    filiere: Places

    @classmethod
    def of(cls, core: Core) -> _Pairs:
        """Return the pairs of the filières of a core."""
        start, end = np.flatnonzero(core.resource), np.flatnonzero(core.market)
        of = core.stage_filiere
        at, to = matches(of[start], of[end])
        return cls(start[at], end[to], of[start[at]].astype(np.int64))

    @property
    def size(self) -> int:
        """Number of pairs."""
        return len(self.filiere)

    def expected(self, core: Core) -> Mask:
        """Return the pairs that expected passages join, and all those of filières without any."""
        links = core.stage_filiere[core.link_from]
        pair, link = matches(self.filiere, links)
        size = max(core.n_stages, 1)
        nodes, numbers = _numbered(
            np.concatenate([pair * size + core.link_from[link], pair * size + core.link_to[link],
                            np.arange(self.size) * size + self.resource, np.arange(self.size) * size + self.market])
        )  # fmt: skip
        a, b, start, end = np.split(numbers, np.cumsum([len(pair), len(pair), self.size]))
        graph = Graph.of(a, b, size=nodes)
        return reached(graph, start)[end] | ~any_at(links, core.n_filieres)[self.filiere]

    def paths(self, core: Core, supply: Supply) -> tuple[Places, Places]:
        """Return, per pair, the ways without a common actor between, 2 for two or more; and the actors at both ends."""
        first, last = (self._holders(core, stages) for stages in (self.resource, self.market))
        pair, passage = matches(self.filiere, core.actor_filiere[supply.source])
        starts, ends = (self._copies(core)[pair] + actor[passage] for actor in (supply.source, supply.target))
        of = np.repeat(np.arange(self.size), self._actors(core)[self.filiere])
        found = _two_ways(starts, ends, first, last, self._sent_out(core), of=of, pairs=self.size)
        return found, np.bincount(of[first[is_among(first, last)]], minlength=self.size)

    def _actors(self, core: Core) -> Places:
        """Return the number of actors of each filière."""
        return np.bincount(core.actor_filiere, minlength=core.n_filieres)

    def _copies(self, core: Core) -> Places:
        """Return, per pair, what leads from the position of an actor to that of its copy."""
        actors = self._actors(core)
        copied = actors[self.filiere]
        return (np.cumsum(copied) - copied) - (np.cumsum(actors) - actors)[self.filiere]

    def _holders(self, core: Core, stages: Places) -> Places:
        """Return the copies of the actors that hold the stage of each pair, or of whom a flow says so."""
        ends = ((core.activity_actor, core.activity_stage), (core.flow_source, core.flow_source_stage),
                (core.flow_target, core.flow_target_stage))  # fmt: skip
        actor, stage = (np.concatenate([end[side] for end in ends]) for side in (0, 1))
        asked = any_at(stages, core.n_stages + 1)[stage] & (actor >= 0)
        pair, at = matches(stages, stage[asked])
        return distinct(self._copies(core)[pair] + actor[asked][at])

    def _sent_out(self, core: Core) -> Places:
        """Return the copies of the actors that send something out at the market stage of each pair."""
        out = (core.flow_target < 0) & (core.flow_source >= 0) & (core.flow_target_stage >= 0)
        pair, at = matches(self.market, core.flow_target_stage[out])
        return distinct(self._copies(core)[pair] + core.flow_source[out][at])


def _two_ways(
    starts: Places, ends: Places, first: Places, last: Places, away: Places, *, of: Places, pairs: int
) -> Places:
    """Return, per pair, how many ways lead from its first actors to its last ones, 2 for two or more.

    No two have an actor between in common. Actors are those of all pairs, `of` says which one each is of; passages go
    from `starts` to `ends`, and what those of `away` send leaves at the end too.
    """
    n = len(of)
    # each actor is two nodes, what arrives (v) and what leaves (n + v); then the start and the end of each pair
    begin, stop = 2 * n + np.arange(pairs), 2 * n + pairs + np.arange(pairs)
    between = np.flatnonzero(~(any_at(first, n) | any_at(last, n)))
    once = _Edges(
        np.concatenate([between, n + starts, n + away]), np.concatenate([n + between, ends, stop[of[away]]])
    )
    always = _Edges(np.concatenate([begin[of[first]], last]), np.concatenate([n + first, stop[of[last]]]))
    before = _searched(begin, once, always)
    linked = before[stop] >= 0
    way = _back(before, stop[linked], actors=2 * n)
    used = any_at(way, len(before))[once.head] & (before[once.head] == once.tail)
    left, turned = _Edges(once.tail[~used], once.head[~used]), _Edges(once.head[used], once.tail[used])
    return linked.astype(np.int64) + (_searched(begin, left, turned, always)[stop] >= 0)


class _Edges(NamedTuple):
    """Edges of a graph."""

    tail: Places
    head: Places


def _back(before: Places, ends: Places, *, actors: int) -> Places:
    """Return some ends, and the nodes of actors that lead to them one before the other."""
    found, at = [ends], ends
    while len(at):  # over the length of the longest way
        at = before[at]
        at = at[at < actors]
        found.append(at)
    return np.concatenate(found)


def _searched(begin: Places, *edges: _Edges) -> Places:
    """Return the node before each in a search, breadth first, from where all pairs begin at once; below 0: none."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    root = int(begin[-1]) + len(begin) + 1 if len(begin) else 0
    tails = np.concatenate([np.full(len(begin), root), *(part.tail for part in edges)])
    heads = np.concatenate([begin, *(part.head for part in edges)])
    graph = csr_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(root + 1, root + 1))
    before: Places = breadth_first_order(graph, root, directed=True)[1].astype(np.int64)
    return before


def _numbered(keys: Places) -> tuple[int, Places]:
    """Return how many distinct numbers there are, and the place of each among them."""
    found = distinct(keys)
    return len(found), np.searchsorted(found, keys)
