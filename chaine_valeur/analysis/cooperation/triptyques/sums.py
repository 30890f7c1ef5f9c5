"""Sums over the trios of actors of three poles, expanded so that no trio and no unknown pair is written out.

What is said of the pairs between poles is a weight: 1 where tied, 1 where possibly tied (tied or undocumented),
1 everywhere. Undocumented pairs join two actors who were not asked, except those of which a row speaks: a
constant on a block, and weights on few pairs. A product over the three pairs of a trio then falls apart into
sums over pairs, over wedges and over triangles of the pairs that are listed.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ....network import Ties

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["ALL", "POSSIBLE", "TIED", "PoleTies", "Triangles", "across"]

TIED, POSSIBLE, ALL = "tied", "possible", "all"
#: Products computed at a time: what bounds the memory.
_AT_A_TIME = 4_000_000


def across(pole: Codes, a: Codes, b: Codes) -> tuple[Codes, Codes]:
    """Return the pairs that join two different poles of the three."""
    one, other = pole[a], pole[b]
    keep = (one >= 0) & (other >= 0) & (one != other)
    return a[keep], b[keep]


class PoleTies:
    """Undirected ties between three poles; `pole` is 0, 1 or 2 for the nodes of the three, else −1.

    The listed pairs are the ties and those that a row denies between two actors nobody asked. A pair faces the
    pole that neither of its ends belongs to.
    """

    def __init__(self, ties: Ties, pole: Codes) -> None:
        a, b = across(pole, ties.a, ties.b)
        no_a, no_b = across(pole, ties.absent_a, ties.absent_b)
        denied = ~(ties.asked[no_a] | ties.asked[no_b])
        self.pole, self.unasked = pole, ~ties.asked & (pole >= 0)
        self.a, self.b = np.concatenate([a, no_a[denied]]), np.concatenate([b, no_b[denied]])
        self.facing = 3 - pole[self.a] - pole[self.b]
        self.tied = np.arange(len(self.a)) < len(a)
        self.both_unasked = self.unasked[self.a] & self.unasked[self.b]
        #: to be added to 1 on the pairs of two unasked actors: 1 where possibly tied
        self.possible = np.where(self.both_unasked, -1.0 * ~self.tied, 1.0 * self.tied)
        self.sizes = np.bincount(pole[pole >= 0], minlength=3).astype(np.float64)
        self.unasked_sizes = np.bincount(pole[self.unasked], minlength=3).astype(np.float64)

    @cached_property
    def triangles(self) -> Triangles:
        """The triangles of the listed pairs."""
        return Triangles(self.a, self.b, len(self.pole))

    def total(self, *facing: str) -> float:
        """Return the number of trios whose pair facing each pole is `TIED`, `POSSIBLE`, or any (`ALL`)."""
        if not self.unasked.any():
            facing = tuple(TIED if side == POSSIBLE else side for side in facing)
        terms = {TIED: (TIED,), POSSIBLE: (POSSIBLE, "unasked"), ALL: (ALL,)}
        return sum(self._term(*sides) for sides in product(*(terms[side] for side in facing)))

    def _term(self, *sides: str) -> float:
        """Return one term of the expansion: `TIED` and `POSSIBLE` stand for weights on the listed pairs."""
        listed = [pole for pole in range(3) if sides[pole] in (TIED, POSSIBLE)]
        # an actor must be unasked where one of the two pairs that it ends is that of unasked actors
        narrow = [any(sides[other] == "unasked" for other in range(3) if other != pole) for pole in range(3)]
        sizes = np.where(narrow, self.unasked_sizes, self.sizes)
        if not listed:
            return float(sizes.prod())
        if len(set(sides)) == 1:
            return self.triangles.total(self.tied if sides[0] == TIED else self.possible)
        weights = np.zeros(len(self.a))
        for pole in listed:  # over the three poles at most
            mine = self.facing == pole
            weights[mine] = (self.tied if sides[pole] == TIED else self.possible)[mine]
        if len(listed) == 3:
            return self.triangles.total(weights)
        if len(listed) == 1:
            ends = np.ones(len(self.a), dtype=bool)
            for end in (self.a, self.b):
                ends &= self.unasked[end] | ~np.array(narrow)[self.pole[end]]
            return float(weights[ends].sum() * sizes[listed[0]])
        (centre,) = set(range(3)) - set(listed)
        sums = self.sums(weights, ends=self.unasked if sides[centre] == "unasked" else None)
        inside = self.pole == centre
        return float((sums[inside, listed[0]] * sums[inside, listed[1]]).sum())

    def sums(self, weights: Values | Mask, *, ends: Mask | None = None) -> Values:
        """Return nodes × poles: the weights of the listed pairs of a node into a pole; of some ends only."""
        sums = np.zeros(3 * len(self.pole))
        for centre, end in ((self.a, self.b), (self.b, self.a)):
            counted = weights * np.ones(len(end)) if ends is None else weights * ends[end]
            places = 3 * centre.astype(np.int64) + self.pole[end]
            sums += np.bincount(places, weights=counted, minlength=len(sums))
        return sums.reshape(-1, 3)

    def two_others(self, table: Values) -> Values:
        """Return, per node, the product of its entries in the two poles that are not its own; 0 without one."""
        inside = np.flatnonzero(self.pole >= 0)
        own, found = self.pole[inside], np.zeros(len(self.pole))
        found[inside] = table[inside, (own + 1) % 3] * table[inside, (own + 2) % 3]
        return found


class Triangles:
    """The triangles of some pairs, found by a sparse product in which each pair goes from the end that has fewer
    pairs to the one that has more: a star costs nothing, and memory stays within some 4·10⁶ products.
    """

    def __init__(self, a: Codes, b: Codes, size: int) -> None:
        from scipy.sparse import csr_array

        degree = np.bincount(np.concatenate([a, b]), minlength=size)
        self._node = np.argsort(degree, kind="stable")
        rank = np.empty(size, dtype=np.int64)
        rank[self._node] = np.arange(size)
        low, high = np.minimum(rank[a], rank[b]), np.maximum(rank[a], rank[b])
        places = csr_array((np.arange(1, len(a) + 1), (low, high)), shape=(size, size))
        self._pair, self._indices, self._indptr = places.data - 1, places.indices, places.indptr
        self.size = size

    def _matrix(self, weights: Values | Mask) -> csr_array:
        from scipy.sparse import csr_array

        data = np.asarray(weights, dtype=np.float64)[self._pair]
        return csr_array((data, self._indices, self._indptr), shape=(self.size, self.size))

    def total(self, weights: Values | Mask) -> float:
        """Return the sum, over triangles, of the product of the weights of their three sides."""
        upward, total = self._matrix(weights), 0.0
        for part in self._slices():  # over slices of rows, few unless there are millions of products
            rows = upward[part]
            total += float((rows @ upward).multiply(rows).sum())
        return total

    def through(self, near: Values | Mask, far: Values | Mask) -> Values:
        """Return, per node, the sum over its triangles of ``near`` of its two sides times ``far`` of the third."""
        close, away = self._matrix(near), self._matrix(far)
        found = np.zeros(self.size)
        for part in self._slices():
            rows, opposite = close[part], away[part]
            found[part] += (rows @ away).multiply(rows).sum(axis=1)
            found += (opposite @ close).multiply(rows).sum(axis=0)
            found += (rows.T.tocsr() @ opposite).multiply(close).sum(axis=1)
        by_node = np.empty(self.size)
        by_node[self._node] = found
        return by_node

    def _slices(self) -> Iterator[slice]:
        outward = np.diff(self._indptr).astype(np.int64)
        products = outward[self._indices] + np.repeat(outward, outward)
        done = np.append(0, np.cumsum(products))[self._indptr]
        start = 0
        while start < self.size:
            stop = int(np.searchsorted(done, done[start] + _AT_A_TIME, side="right")) - 1
            stop = min(max(stop, start + 1), self.size)
            yield slice(start, stop)
            start = stop
