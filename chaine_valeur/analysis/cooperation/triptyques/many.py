"""The closure of triptyques of many filières in one pass: the same numbers as one by one (D6)."""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from ....vocabulary import Pole
from ...many import Many, ratios, sums_of
from ...measure import NAN
from .sums import POSSIBLE, TIED, PoleTies, across
from .triads import TRIPTYQUE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....network import Core, Ties

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["triptyque_closure_of_many"]

_UNASKED = "unasked"
_TRIPTYQUE = {pole: code for code, pole in enumerate(TRIPTYQUE)}


def triptyque_closure_of_many(core: Core) -> Many:
    """Return the share of closed triptyques of the filières of a core (D6): see `triptyque_closure_measure`."""
    place = np.array([*(_TRIPTYQUE.get(pole.value, -1) for pole in Pole), -1], dtype=np.int32)
    ties = core.ties()
    layer = _PoleTiesOfMany(
        ties, place[core.pole[core.partner]], core.actor_filiere[core.partner], core.n_filieres
    )
    sizes, unasked = layer.sizes_in, layer.unasked_sizes_in
    spoken = across(layer.pole, *ties.spoken_of)[0]
    pairs, unknown = _pairs(sizes), _pairs(unasked) - np.bincount(layer.filiere[spoken], minlength=layer.n)
    possible = sizes.prod(axis=1)
    closed, may_close = layer.totals(TIED), layer.totals(POSSIBLE)
    told, documented = possible > 0, pairs > unknown
    nothing = np.full(layer.n, NAN)
    return Many(
        value=np.where(told & documented, ratios(closed, possible), nothing),
        low=ratios(closed, possible),
        high=ratios(may_close, possible),
        numerator=np.where(told, closed, nothing),
        denominator=np.where(told, possible, nothing),
        n_unknown=unknown.astype(np.int64),
    )


def _pairs(sizes: Values) -> Values:
    """Return the pairs of two of three poles, of filières × poles."""
    one, other, third = sizes.T
    found: Values = one * other + one * third + other * third
    return found


class _PoleTiesOfMany(PoleTies):
    """`PoleTies` of many filières, and its sums over the trios of each."""

    def __init__(self, ties: Ties, pole: Codes, filiere: Codes, n: int) -> None:
        super().__init__(ties, pole)
        self.filiere, self.n = filiere, n
        self.sizes_in, self.unasked_sizes_in = (self._count(use) for use in (pole >= 0, self.unasked))

    def _count(self, use: Mask) -> Values:
        places = 3 * self.filiere[use].astype(np.int64) + self.pole[use]
        return np.bincount(places, minlength=3 * self.n).reshape(-1, 3).astype(np.float64)

    @cached_property
    def _pair_filiere(self) -> Codes:
        return self.filiere[self.a]

    def totals(self, side: str) -> Values:
        """Return, per filière, the number of trios all of whose pairs are `TIED`, or may be."""
        if side == TIED or not self.unasked.any():
            return self._of_triangles(self.tied.astype(np.float64))
        found = np.zeros(self.n)
        for sides in product((POSSIBLE, _UNASKED), repeat=3):  # the eight terms of the expansion
            found += self._term_of_each(sides)
        return found

    def _of_triangles(self, weights: Values) -> Values:
        # each triangle is met at its three nodes
        return np.round(sums_of(self.filiere, self.triangles.through(weights, weights), self.n) / 3)

    def _term_of_each(self, sides: tuple[str, ...]) -> Values:
        """Return one term of the expansion along the filières: see `PoleTies`."""
        listed = [pole for pole in range(3) if sides[pole] == POSSIBLE]
        narrow = [any(sides[other] == _UNASKED for other in range(3) if other != pole) for pole in range(3)]
        sizes = np.where(narrow, self.unasked_sizes_in, self.sizes_in)
        if not listed:
            product_of: Values = sizes.prod(axis=1)
            return product_of
        if len(listed) == 3:
            return self._of_triangles(self.possible)
        weights = np.where(np.isin(self.facing, listed), self.possible, 0.0)
        if len(listed) == 1:
            ends = np.ones(len(self.a), dtype=bool)
            for end in (self.a, self.b):
                ends &= self.unasked[end] | ~np.array(narrow)[self.pole[end]]
            return sums_of(self._pair_filiere[ends], weights[ends], self.n) * sizes[:, listed[0]]
        (centre,) = set(range(3)) - set(listed)
        sums = self.sums(weights, ends=self.unasked if sides[centre] == _UNASKED else None)
        inside = self.pole == centre
        return sums_of(self.filiere[inside], sums[inside, listed[0]] * sums[inside, listed[1]], self.n)
