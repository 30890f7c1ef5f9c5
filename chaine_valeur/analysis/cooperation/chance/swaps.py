"""Ties exchanged at random so that every actor keeps its number of ties, many networks at once.

A *rotation* takes ``k`` ties ``a₁–b₁ … a_k–b_k`` and makes them ``a₁–b₂, a₂–b₃ … a_k–b₁``: for ``k = 2`` the
usual swap. Longer ones are what reaches every network: without them a directed cycle of three could never
turn, and a documented pair could be out of reach. In one *sweep* the ties of each network are dealt into
groups, and all the groups rotate that can do so without touching one another. That condition reads the same
before and after, so a sweep is as likely as its reverse and no network is favoured in the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Self

import numpy as np

from ....network import Ties
from ..ties.counting import pair_numbers
from .documented import DocumentedPairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Table = NDArray[np.uint16]

__all__ = ["Rewiring"]

#: Share of groups that may rotate in a sweep: below 1, so that one of them may do so alone.
MOST_AT_ONCE = 0.9
FEWEST_SWEEPS = 20
#: Up to so many cells, actors × actors × draws, a table of how often each pair appears beats sorting: 8 MB.
TABLE = 4_000_000


@dataclass(frozen=True)
class Rewiring:
    """What draws with the same degrees start from.

    Attributes
    ----------
    pairs
        The documented pairs.
    hub
        The network that all draws start from, as pair numbers of ends. It is as many sweeps away from what
        is observed as each draw is from it: if the observed network were a random one, it and the draws
        would be exchangeable, and the p exact, whatever the number of sweeps (the parallel method of Besag
        and Clifford, 1989, unverified).
    others
        Whether `hub` holds the documented pairs *without* a tie: their degrees are fixed as well, and above
        one half they are fewer.
    lengths
        Length ``k`` of the rotations of each sweep.
    share
        Share of groups that may rotate in a sweep.
    """

    pairs: DocumentedPairs
    hub: Numbers
    others: bool
    lengths: tuple[int, ...]
    share: float

    @classmethod
    def of(cls, ties: Ties, rng: np.random.Generator, *, swaps: float) -> Self:
        """Return where draws start from, `swaps` being how often each tie is exchanged, about."""
        pairs = DocumentedPairs.of(ties)
        start = pair_numbers(ties.a, ties.b, ties.size)
        others = 2 * len(start) > pairs.count
        if others:
            start = np.setdiff1d(_every_pair(pairs), start, assume_unique=True)
        filled = len(start) / max(pairs.count, 1)
        share = min(MOST_AT_ONCE, 1 / max(5 * filled, 1e-9))
        # a swap needs two free pairs, and four that no other group of the sweep takes
        succeed = (1 - filled) ** 2 * (1 - share * filled) ** 4
        sweeps = max(FEWEST_SWEEPS, ceil(swaps / (share * succeed))) if len(start) > 1 else 0
        lengths = np.minimum(1 + rng.geometric(0.75, size=sweeps), len(start)).tolist()
        rewiring = cls(pairs, start, others, tuple(lengths), share)
        hub = rewiring._swept(start[np.newaxis], tuple(reversed(lengths)), rng)[0]
        return cls(pairs, hub, others, tuple(lengths), share)

    @property
    def at_once(self) -> int:
        """Number of draws that are best done together."""
        return max(1, TABLE // max(self.pairs.size, 1) ** 2)

    def draw(self, draws: int, rng: np.random.Generator) -> Numbers:
        """Return the ties of each draw, draws × ties, as pair numbers of ends, ascending."""
        start = np.repeat(self.hub[np.newaxis], draws, axis=0)
        drawn = np.sort(self._swept(start, self.lengths, rng), axis=1)
        if not self.others:
            return drawn
        every = _every_pair(self.pairs)
        kept = np.ones((draws, len(every)), dtype=bool)
        np.put_along_axis(kept, np.searchsorted(every, drawn), False, axis=1)
        return every[np.nonzero(kept)[1]].reshape(draws, len(every) - drawn.shape[1])

    def _swept(self, ties: Numbers, lengths: tuple[int, ...], rng: np.random.Generator) -> Numbers:
        cells = len(ties) * self.pairs.size**2
        table = np.zeros(cells, dtype=np.uint16) if cells <= TABLE else None
        for length in lengths:  # over the sweeps, each of which is over all ties of all draws at once
            ties = self._sweep(rng.permuted(ties, axis=1), length, rng, table)
        return ties

    def _sweep(self, ties: Numbers, length: int, rng: np.random.Generator, table: Table | None) -> Numbers:
        draws, width = ties.shape
        size, groups = max(self.pairs.size, 1), width // length
        grouped = ties[:, : groups * length].reshape(draws, groups, length)
        draw, group = np.nonzero(rng.random((draws, groups)) < self.share)
        old = grouped[draw, group]
        a, b = old // size, old % size
        if not self.pairs.directed:
            turned = rng.random(old.shape) < 0.5
            a, b = np.where(turned, b, a), np.where(turned, a, b)
        b = np.roll(b, -1, axis=1)
        may = self.pairs.hold(a.ravel(), b.ravel()).reshape(old.shape).all(axis=1)
        draw, group, a, b = draw[may], group[may], a[may], b[may]
        if not self.pairs.directed:
            a, b = np.minimum(a, b), np.maximum(a, b)
        new = pair_numbers(a, b, size)
        cells = size * size
        everything = [(ties + cells * np.arange(draws)[:, np.newaxis]).ravel()]
        everything.append((new + cells * draw[:, np.newaxis]).ravel())
        alone = _alone(np.concatenate(everything), table)
        before = alone[: ties.size].reshape(ties.shape)[:, : groups * length].reshape(grouped.shape)
        free = before[draw, group].all(axis=1) & alone[ties.size :].reshape(new.shape).all(axis=1)
        swept = grouped.copy()
        swept[draw[free], group[free]] = new[free]
        return np.concatenate([swept.reshape(draws, -1), ties[:, groups * length :]], axis=1)


def _every_pair(pairs: DocumentedPairs) -> Numbers:
    """Return every documented pair as the number of its ends, ascending: only where most are tied."""
    return np.sort(pair_numbers(*pairs.ends(np.arange(pairs.count)), pairs.size))


def _alone(keys: Numbers, table: Table | None) -> Mask:
    """Return whether each key appears once; `table` is all zero, and is so again afterwards."""
    if table is not None:
        np.add.at(table, keys, np.uint16(1))
        once: Mask = table[keys] == 1
        table[keys] = 0
        return once
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    differs = np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])
    alone = np.empty(len(keys), dtype=bool)
    alone[order] = differs[1:] & differs[:-1]
    return alone
