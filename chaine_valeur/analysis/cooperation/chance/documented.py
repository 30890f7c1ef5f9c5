"""The documented pairs of a layer, numbered without being written out, and random sets of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from ....network import Ties, distinct, is_among

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["DocumentedPairs", "subsets"]


@dataclass(frozen=True)
class DocumentedPairs:
    """The pairs that could show a tie: all of them but those that nobody was asked about.

    Actors take ranks, those who were not asked first; the pair of ranks ``i < j`` has the place
    ``j (j − 1) / 2 + i`` among all pairs (twice that, plus the direction, if ties are directed). The pairs
    among the unasked then hold the first places, and those that an asked actor documents all the others: a
    number is a place less what is skipped. The few pairs among the unasked that a row speaks of come last.

    Attributes
    ----------
    size
        Number of actors.
    directed
        Whether the two directions of a pair are two pairs.
    rank
        Rank of each actor.
    actor
        Actor of each rank.
    skipped
        Number of pairs among the actors who were not asked.
    spoken
        Places of those of which a row speaks, ascending.
    asked
        Who was asked.
    """

    size: int
    directed: bool
    rank: Numbers
    actor: Numbers
    skipped: int
    spoken: Numbers
    asked: Mask

    @classmethod
    def of(cls, ties: Ties) -> Self:
        """Return the documented pairs of some ties."""
        actor = np.argsort(ties.asked, kind="stable").astype(np.int64)
        rank = np.empty(ties.size, dtype=np.int64)
        rank[actor] = np.arange(ties.size)
        unasked = int((~ties.asked).sum())
        skipped = unasked * (unasked - 1) // (1 if ties.directed else 2)
        nothing = np.zeros(0, dtype=np.int64)
        bare = cls(ties.size, ties.directed, rank, actor, skipped, nothing, ties.asked)
        places = [bare._places(a, b) for a, b in ((ties.a, ties.b), (ties.absent_a, ties.absent_b))]
        said = distinct(np.concatenate(places))
        return cls(ties.size, ties.directed, rank, actor, skipped, said[said < skipped], ties.asked)

    @property
    def by_asking(self) -> int:
        """Number of pairs with an actor who was asked."""
        return self.size * (self.size - 1) // (1 if self.directed else 2) - self.skipped

    @property
    def count(self) -> int:
        """Number of documented pairs."""
        return self.by_asking + len(self.spoken)

    def ends(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Return the two actors of pairs, in the order of `Ties`."""
        places = np.asarray(numbers, dtype=np.int64) + self.skipped
        if len(self.spoken):
            last = np.clip(numbers - self.by_asking, 0, len(self.spoken) - 1)
            places = np.where(numbers >= self.by_asking, self.spoken[last], places)
        back = places % 2 == 1 if self.directed else None
        pair = places // 2 if self.directed else places
        high = ((1 + np.sqrt(1.0 + 8.0 * pair)) / 2).astype(np.int64)
        high -= high * (high - 1) // 2 > pair  # the square root may be rounded up, or down
        high += high * (high + 1) // 2 <= pair
        a, b = self.actor[pair - high * (high - 1) // 2], self.actor[high]
        if back is None:
            return np.minimum(a, b), np.maximum(a, b)
        return np.where(back, b, a), np.where(back, a, b)

    def numbers(self, a: NDArray[np.integer], b: NDArray[np.integer]) -> Numbers:
        """Return the numbers of documented pairs."""
        places = self._places(a, b)
        among_unasked = self.by_asking + np.searchsorted(self.spoken, places)
        return np.where(places < self.skipped, among_unasked, places - self.skipped)

    def hold(self, a: NDArray[np.integer], b: NDArray[np.integer]) -> Mask:
        """Return whether pairs are documented; an actor makes none with itself."""
        if not self.skipped:
            return a != b
        known = self.asked[a] | self.asked[b]
        rest = np.flatnonzero(~known & (a != b))
        known[rest] = is_among(self._places(a[rest], b[rest]), self.spoken)
        return known & (a != b)

    def _places(self, a: NDArray[np.integer], b: NDArray[np.integer]) -> Numbers:
        i, j = self.rank[a], self.rank[b]
        low, high = np.minimum(i, j), np.maximum(i, j)
        places = high * (high - 1) // 2 + low
        return 2 * places + (i > j) if self.directed else places


def subsets(rng: np.random.Generator, draws: int, *, size: int, total: int) -> Numbers:
    """Return random sets of numbers below `total`, each set of that size equally likely.

    Numbers are drawn with replacement and those that came twice are drawn again until none does: nothing in
    this tells one number from another, so no set is favoured. Above half of the numbers, those left out are
    drawn instead.

    Returns
    -------
    numpy.ndarray
        Draws × size, ascending in each row. Memory: a few times that.

    Examples
    --------
    >>> subsets(np.random.default_rng(0), 2, size=3, total=3).tolist()
    [[0, 1, 2], [0, 1, 2]]
    """
    if 2 * size > total:
        kept = np.ones((draws, total), dtype=bool)
        np.put_along_axis(kept, subsets(rng, draws, size=total - size, total=total), False, axis=1)
        return np.nonzero(kept)[1].reshape(draws, size)
    if not size:
        return np.zeros((draws, 0), dtype=np.int64)
    drawn = np.sort(rng.integers(total, size=(draws, size)), axis=1)
    rows = np.arange(draws)
    while len(rows):  # a handful of times: in each, at most half of what was drawn again comes twice
        some = drawn[rows]
        twice = np.zeros(some.shape, dtype=bool)
        twice[:, 1:] = some[:, 1:] == some[:, :-1]
        again = twice.any(axis=1)
        rows, some, twice = rows[again], some[again], twice[again]
        some[twice] = rng.integers(total, size=int(twice.sum()))
        drawn[rows] = np.sort(some, axis=1)
    return drawn
