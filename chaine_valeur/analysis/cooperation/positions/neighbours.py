"""Who touches whom, whatever the direction, and the triangles of ties: what every position is counted from.

Triangles are enumerated rather than counted by a product of matrices: a product would hold, for an actor tied
to everyone, every pair of actors. Each pair goes from the end with fewer ties to the one with more, so that no
actor has more than ``√(2m)`` of them after it: a star has no pair of pairs to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ....network import Ties
from ..ties.counting import pair_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Neighbours", "Triangles"]

#: Candidate triangles looked at together: some 100 bytes each.
CHUNK = 1_000_000


class Triangles(NamedTuple):
    """Some triangles of three nodes *a*, *b* and *c*, as positions of their sides among the pairs."""

    ab: Counts
    ac: Counts
    bc: Counts


@dataclass(frozen=True)
class Neighbours:
    """The pairs of nodes tied in either direction, each once.

    Attributes
    ----------
    size
        Number of nodes.
    a, b
        Ends of each pair as positions among the nodes; `b` has at least as many neighbours as `a`.
    forward, backward
        Whether the tie from `a` to `b`, and from `b` to `a`, is there; an undirected tie is both.
    """

    size: int
    a: Codes
    b: Codes
    forward: Mask
    backward: Mask
    _number: Counts

    @classmethod
    def of(cls, ties: Ties) -> Neighbours:
        """Return the neighbours in some ties."""
        size = ties.size
        ends = np.bincount(ties.a, minlength=size) + np.bincount(ties.b, minlength=size)
        order = np.argsort(ends, kind="stable").astype(np.int32)
        place = np.empty(size, dtype=np.int32)
        place[order] = np.arange(size, dtype=np.int32)
        first, second = place[ties.a], place[ties.b]
        low, high = np.minimum(first, second), np.maximum(first, second)
        # a number per arc: its pair of places, and which way it goes in the last bit
        arcs = np.sort(2 * pair_numbers(low, high, size) + (first > second))
        numbers = arcs >> 1
        starts = np.append(True, numbers[1:] != numbers[:-1])[: len(arcs)]
        backward = (arcs[starts] & 1).astype(bool)
        forward = ~backward
        if not ties.directed:
            forward = backward = np.ones(len(backward), dtype=bool)
        else:  # the way back follows its pair
            backward[np.cumsum(starts)[~starts] - 1] = True
        numbers = numbers[starts]
        low = numbers // max(size, 1)
        a, b = order[low], order[numbers - low * size]
        return cls(size, a, b, forward, backward, numbers)

    @property
    def n_pairs(self) -> int:
        """Number of pairs tied in either direction."""
        return len(self.a)

    @cached_property
    def degree(self) -> Counts:
        """Number of neighbours of each node."""
        return np.bincount(np.concatenate([self.a, self.b]), minlength=self.size)

    def triangles(self) -> Iterator[Triangles]:
        """Yield every triangle once, in pieces: ``a[ab] = a[ac]``, ``b[ab] = a[bc]``, ``b[ac] = b[bc]``.

        Memory is that of `CHUNK` candidates, however many triangles there are; the time is that of at most
        ``m √(2m)`` of them for *m* pairs, a few times *m* where ties are sparse.
        """
        numbers, pairs = self._number, self.n_pairs
        first = numbers // max(self.size, 1)
        second = numbers - first * self.size
        ends = np.cumsum(np.bincount(first, minlength=self.size))
        after = ends[first] - 1 - np.arange(pairs)  # pairs further on with the same `a`: numbers ascend
        upto = np.cumsum(after)
        seen, mask = _sieve(numbers)
        start, done = 0, 0
        while start < pairs:  # over pieces of bounded size
            stop = max(int(np.searchsorted(upto, done + CHUNK, side="right")), start + 1)
            count = after[start:stop]
            first_ac = np.arange(start + 1, stop + 1) + done + count - upto[start:stop]
            ac = np.repeat(first_ac, count)
            ac += np.arange(len(ac))
            wanted = np.repeat(second[start:stop] * self.size, count)
            wanted += second[ac]
            likely = np.flatnonzero(seen[wanted & mask])
            wanted = wanted[likely]
            bc = np.minimum(np.searchsorted(numbers, wanted), pairs - 1)
            found = numbers[bc] == wanted
            if found.any():
                ab = np.searchsorted(upto, done + likely[found], side="right")
                yield Triangles(ab, ac[likely[found]], bc[found])
            start, done = stop, int(upto[stop - 1])


def _sieve(numbers: Counts) -> tuple[Mask, int]:
    """Return a table that is true at the last bits of each number: what is false there is none of them."""
    mask = (1 << (8 * len(numbers)).bit_length()) - 1
    seen = np.zeros(mask + 1, dtype=bool)
    seen[numbers & mask] = True
    return seen, mask
