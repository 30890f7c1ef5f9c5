"""The figures of cooperation of many filières in one pass: the same numbers as one by one (D1–D4, D11)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...network import Ties, is_among
from ...vocabulary import Pole
from ..many import Many, ratios
from ..measure import NAN
from .ties.counting import degrees, pair_numbers
from .ties.layer import DIRECTED_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...network import Core

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Cooperations", "of_many"]

_POLES = list(Pole)


@dataclass(frozen=True)
class Layer:
    """A layer of ties among the partners of many filières, none between two of them."""

    ties: Ties
    filiere: Codes
    n: int

    def count(self, nodes: Codes | None = None, *, only: Mask | None = None) -> Counts:
        """Return, per filière, how many nodes there are; of some positions, or of a mask along the nodes."""
        if self.n == 1:  # nothing to tell apart
            many = len(self.filiere if nodes is None else nodes) if only is None else np.count_nonzero(only)
            return np.array([many])
        of = self.filiere if nodes is None else self.filiere[nodes]
        return np.bincount(of if only is None else of[only], minlength=self.n)

    def count_ties(self, *, only: Mask | None = None) -> Counts:
        """Return, per filière, how many ties there are, or how many of a mask along them."""
        if only is None:
            return np.diff(self._tie_ends)
        if self.n == 1:
            return np.array([np.count_nonzero(only)])
        before = np.append(0, np.cumsum(only))
        return before[self._tie_ends[1:]] - before[self._tie_ends[:-1]]

    @cached_property
    def _tie_ends(self) -> Counts:
        """Where the ties of each filière begin, and where those of the last one end: they ascend by actor."""
        nodes = np.searchsorted(self.filiere, np.arange(self.n + 1))
        return np.searchsorted(self.ties.a, nodes.astype(self.ties.a.dtype))

    @cached_property
    def unasked(self) -> Mask:
        """Nodes that were not asked."""
        return ~self.ties.asked

    def _pairs(self, sizes: Counts) -> Counts:
        pairs = sizes * (sizes - 1)
        return pairs if self.ties.directed else pairs // 2

    @cached_property
    def possible(self) -> Counts:
        """Pairs that could be tied."""
        return self._pairs(self.count())

    @cached_property
    def unknown(self) -> Counts:
        """Pairs of which nothing is known: of two unasked actors, unless a row speaks of them."""
        return self._pairs(self.count(only=self.unasked)) - self.count(self.ties.spoken_of[0])

    @cached_property
    def open_pairs(self) -> Counts:
        """Undocumented pairs of each node."""
        others = self.count(only=self.unasked)[self.filiere] - 1
        spoken = np.concatenate(self.ties.spoken_of)
        return np.where(self.unasked, others, 0) - np.bincount(spoken, minlength=self.ties.size)

    def most(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return, per filière, the highest of the values along its nodes; 0 without a node."""
        found = np.zeros(self.n, dtype=values.dtype)
        there = self.count() > 0
        starts = np.searchsorted(self.filiere, np.flatnonzero(there))
        if len(starts):
            found[there] = np.maximum.reduceat(values, starts)
        return found

    def sum(self, values: Counts) -> Counts:
        """Return, per filière, the sum of some whole numbers along its nodes."""
        before = np.append(0, np.cumsum(values))
        ends = np.searchsorted(self.filiere, np.arange(self.n + 1))
        return before[ends[1:]] - before[ends[:-1]]


class Cooperations:
    """The figures of cooperation of the filières of a core; what several of them read is read once.

    Each method is the measure of the same indicator, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self.layer = self._layer_of(core.ties())

    def _layer_of(self, ties: Ties) -> Layer:
        return Layer(ties, self.core.actor_filiere[self.core.partner], self.core.n_filieres)

    @cached_property
    def pole(self) -> Codes:
        """The pole of each node, −1 where unknown."""
        return self.core.pole[self.core.partner]

    def density(self) -> Many:
        """Return the density of cooperation (D1)."""
        layer = self.layer
        return _densities(layer.count_ties(), layer.unknown, layer.possible)

    def cross_pole(self) -> Many:
        """Return the density between enterprises and the social economy (D2)."""
        layer, ties = self.layer, self.layer.ties
        one, other = (self.pole == _POLES.index(pole) for pole in (Pole.ENTERPRISE, Pole.ESS))

        def across(a: Codes, b: Codes) -> Mask:
            return (one[a] & other[b]) | (other[a] & one[b])

        sizes = [layer.count(only=mask) for mask in (one, other)]
        unasked = [layer.count(only=mask & layer.unasked) for mask in (one, other)]
        spoken = layer.count(ties.spoken_of[0], only=across(*ties.spoken_of))
        unknown = unasked[0] * unasked[1] - spoken
        found = _densities(layer.count_ties(only=across(ties.a, ties.b)), unknown, sizes[0] * sizes[1])
        return found.only_where((sizes[0] > 0) & (sizes[1] > 0))

    def centralization(self) -> Many:
        """Return Freeman's centralisation of degrees (D4)."""
        layer = self.layer
        known, open_, n = degrees(layer.ties), layer.open_pairs, layer.count()
        most = (n - 1) * (n - 2)
        highest, unknown = layer.most(known), layer.sum(open_) // 2
        top = highest[layer.filiere]
        spread = layer.sum(top - known)
        low = layer.sum(np.maximum(top - known - open_, 0))
        hub = layer.most(n[layer.filiere] * (known + open_) - 2 * open_) - layer.sum(known)
        told = n > 2
        documented = told & (layer.possible > unknown)
        return Many(
            value=np.where(documented, ratios(spread, most), NAN),
            low=ratios(low, most),
            high=ratios(hub, most),
            numerator=spread.astype(np.float64),
            denominator=most.astype(np.float64),
            n_unknown=unknown,
        ).only_where(told)

    def between_colleges(self) -> Many:
        """Return the E-I index between the colleges (D3)."""
        layer, ties, n = self.layer, self.layer.ties, self.layer.n
        width = len(_POLES) + 1
        block = np.where(self.pole < 0, width - 1, self.pole)

        def sizes(mask: Mask | slice) -> Counts:
            places = layer.filiere[mask].astype(np.int64) * width + block[mask]
            return np.bincount(places, minlength=n * width).reshape(n, width)

        def sides(a: Codes, b: Codes, count: Callable[..., Counts]) -> tuple[Counts, Counts, Counts]:
            placed, same = (block[a] < width - 1) & (block[b] < width - 1), block[a] == block[b]
            between, within = (count(only=placed & side) for side in (~same, same))
            return between, within, count() - between - within

        everyone = sizes(slice(None))
        external, internal, unplaced = sides(ties.a, ties.b, layer.count_ties)
        spoken_of = sides(*ties.spoken_of, partial(layer.count, ties.spoken_of[0]))
        open_ = [
            pairs - spoken
            for pairs, spoken in zip(_sides_of_pairs(sizes(layer.unasked)), spoken_of, strict=True)
        ]
        most = [known + more for known, more in zip((external, internal, unplaced), open_, strict=True)]
        lows, highs = (external, most[1] + most[2]), (most[0] + most[2], internal)
        # nothing on one side whatever is unknown, and nothing known on the other: one value is left
        nothing_low, nothing_high = lows[0] + lows[1] == 0, highs[0] + highs[1] == 0
        low = [np.where(nothing_low, high, low) for low, high in zip(lows, highs, strict=True)]
        high = [np.where(nothing_high, low, high) for low, high in zip(lows, highs, strict=True)]
        told = (everyone[:, :-1] > 0).sum(axis=1) > 1
        found = Many(
            value=ratios(external - internal, external + internal),
            low=ratios(low[0] - low[1], low[0] + low[1]),
            high=ratios(high[0] - high[1], high[0] + high[1]),
            numerator=(external - internal).astype(np.float64),
            denominator=(external + internal).astype(np.float64),
            n_unknown=sum(open_) + unplaced,
        )
        return Many(**{**vars(found.only_where(told)), "n_unknown": found.n_unknown})

    def reciprocity(self) -> Many:
        """Return the reciprocity of support, by arc (D11)."""
        layer = self._layer_of(self.core.ties(directed=True, kind=DIRECTED_KINDS))
        ties, size, unasked = layer.ties, layer.ties.size, layer.unasked
        arcs, refused = (
            pair_numbers(a, b, size) for a, b in ((ties.a, ties.b), (ties.absent_a, ties.absent_b))
        )
        returned = _turned(ties.a, ties.b, size, arcs)
        may_return = np.flatnonzero(unasked[ties.a] & unasked[ties.b] & ~returned)
        may_return = may_return[
            ~is_among(pair_numbers(ties.b[may_return], ties.a[may_return], size), refused)
        ]
        half = np.flatnonzero(unasked[ties.absent_a] & unasked[ties.absent_b])
        other_way = pair_numbers(ties.absent_b[half], ties.absent_a[half], size)
        half = half[~is_among(other_way, refused) & ~is_among(other_way, arcs)]
        mutual = layer.count_ties(only=returned)
        one_way = layer.count_ties() - mutual
        may, half_open = layer.count(ties.a[may_return]), layer.count(ties.absent_a[half])
        both_open = (layer.unknown - may - half_open) // 2
        whole, most = mutual + one_way, mutual + 2 * (may + both_open)
        low, high = ratios(mutual, whole + half_open + both_open), ratios(most, most + one_way - may)
        return Many(
            value=ratios(mutual, whole),
            low=low,
            high=np.where(np.isnan(high), low, high),
            numerator=mutual.astype(np.float64),
            denominator=whole.astype(np.float64),
            n_unknown=may + half_open + 2 * both_open,
        )


def _turned(a: Codes, b: Codes, size: int, arcs: Counts) -> Mask:
    """Return which arcs are there the other way round too.

    They are looked up in the order of their heads: searching in an ordered list costs several times less in order.
    """
    order = np.argsort(b, kind="stable")
    found = np.empty(len(a), dtype=bool)
    found[order] = is_among(pair_numbers(b[order], a[order], size), arcs)
    return found


def _densities(tied: Counts, unknown: Counts, possible: Counts) -> Many:
    """Return known ties over possible pairs, NaN where nothing is documented, and its bounds."""
    low = ratios(tied, possible)
    return Many(
        value=np.where(possible > unknown, low, NAN),
        low=low,
        high=ratios(tied + unknown, possible),
        numerator=tied.astype(np.float64),
        denominator=possible.astype(np.float64),
        n_unknown=unknown,
    )


def _sides_of_pairs(sizes: Counts) -> tuple[Counts, Counts, Counts]:
    """Return the pairs between two blocks, within one, with an actor of unknown block (the last column)."""
    placed, unplaced = sizes[:, :-1], sizes[:, -1]
    total = placed.sum(axis=1)
    internal = (placed * (placed - 1)).sum(axis=1) // 2
    external = total * (total - 1) // 2 - internal
    return external, internal, total * unplaced + unplaced * (unplaced - 1) // 2


def of_many(read: Callable[[Cooperations], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of its figures of cooperation; what they share is made once."""
    return lambda core: read(core.derived("cooperations", Cooperations))
