"""On which side ties fall: within a block, between two, or unplaced for want of knowing the block of an actor."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ....errors import ArgumentError
from ....filiere import Filiere
from ....network import Ties
from ...measure import NAN
from ..ties.layer import seen_in, ties_of
from ..ties.partition import Blocks, blocks_of, partition_named
from ..ties.strength import SCALE, strengths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = [
    "EXTERNAL",
    "INTERNAL",
    "UNPLACED",
    "VARIANTS",
    "Reading",
    "Sides",
    "check_variant",
    "n_stated",
    "read",
    "sides_of",
    "stated_strengths",
    "whole",
]

#: Rows of the tables of `Sides`.
EXTERNAL, INTERNAL, UNPLACED = 0, 1, 2
#: What is counted: tied pairs, arcs, or the strength of ties.
VARIANTS = ("edges", "arcs", "weighted")


@dataclass(frozen=True)
class Reading:
    """A layer of ties in blocks; `strength` along the ties, or ``None`` where each counts for one.

    `scale` is the least and the most that a tie may be, NaN where nobody knows (graphs have none).
    """

    source: Source
    ties: Ties
    blocks: Blocks
    n_blocks: int
    strength: Values | None
    scale: tuple[float, float]

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Whether the block of each actor is known."""
        return self.blocks.codes < self.n_blocks

    @property
    def counted(self) -> Values | None:
        """What each tie counts for: unstated, the least of the scale, NaN where there is none."""
        if self.strength is None:
            return None
        return np.where(np.isnan(self.strength), self.scale[0], self.strength)

    @property
    def none_stated(self) -> bool:
        """Whether there are ties, and not one of them has a stated strength."""
        return self.strength is not None and len(self.strength) > 0 and bool(np.isnan(self.strength).all())


@dataclass(frozen=True)
class Sides:
    """How much falls on each side, side × block; the last column is the actors of unknown block.

    A tie within a block stands in the column of that block, one between two in both columns, an unplaced one
    in the column of its known block, if it has one, and always in the last.

    Attributes
    ----------
    value
        Known ties, or the sum of their strengths: of a tie that states none the least of the scale, and
        nothing where there is no scale.
    least, most
        What that can be, whatever is unknown: undocumented pairs and strengths that nobody stated.
    pairs
        Pairs that could be tied.
    undocumented
        Of these, those of which nothing is known.
    unstated
        Ties of which the strength is not stated.
    """

    value: Values
    least: Values
    most: Values
    pairs: Counts
    undocumented: Counts
    unstated: Counts


def check_variant(variant: str, allowed: tuple[str, ...] = VARIANTS) -> None:
    """Raise if `variant` is not one of those."""
    if variant not in allowed:
        raise ArgumentError(f"variant={variant!r} is not one of {', '.join(allowed)}")


def n_stated(blocks: Blocks) -> int:
    """Return the number of blocks, that of the actors of unknown block left out."""
    return len(blocks.keys) - bool(blocks.keys and blocks.keys[-1] is None)


def read(
    source: Source,
    variant: str,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    weight: str = "weight",
    lang: str = "fr",
) -> Reading:
    """Return the ties of a filière or a graph in blocks, read as the variant asks.

    Besides `VARIANTS` there is ``"ties"``: pairs or arcs, as `directed` or else the graph has it.
    """
    check_variant(variant, (*VARIANTS, "ties"))
    source = seen_in(source, year)
    if variant in ("edges", "arcs"):
        directed = variant == "arcs"
    ties = ties_of(source, directed=directed, kind=kind, actors=actors)
    blocks = blocks_of(source, ties.nodes, by=partition_named(source, by, group), lang=lang)
    strength, scale = None, (1.0, 1.0)
    if variant == "weighted":
        strength = stated_strengths(source, ties, kind=kind, weight=weight)
        # a graph has no scale: what it does not state may be anything
        scale = (min(SCALE.values()), max(SCALE.values())) if isinstance(source, Filiere) else (NAN, NAN)
    return Reading(source, ties, blocks, n_stated(blocks), strength, scale)


def stated_strengths(
    source: Source, ties: Ties, *, kind: str | Collection[str] | None, weight: str
) -> Values:
    """Return the strength of each tie (NaN: not stated); sums of these are shares only if none is negative."""
    strength = strengths(source, ties, kind=kind, weight=weight)
    if (strength < 0).any():
        first = int(np.argmax(strength < 0))
        ends = f"{ties.nodes[ties.a[first]]!r} and {ties.nodes[ties.b[first]]!r}"
        raise ArgumentError(f"the tie of {ends} has the strength {strength[first]:g}: give none below 0")
    return strength


def sides_of(reading: Reading) -> Sides:
    """Return how much falls on each side, by block; memory of a few arrays along the ties, time along them."""
    ties, codes, n_blocks, strength = reading.ties, reading.blocks.codes, reading.n_blocks, reading.strength
    unasked = ~ties.asked
    pairs = _pairs(codes, n_blocks, directed=ties.directed)
    undocumented = _pairs(codes[unasked], n_blocks, directed=ties.directed)
    undocumented -= _tally(codes, *ties.spoken_of, n_blocks).astype(np.int64)
    if strength is None:
        value = least = stated = _tally(codes, ties.a, ties.b, n_blocks)
        unstated = np.zeros_like(pairs)
    else:
        said = ~np.isnan(strength)
        stated = _tally(codes, ties.a[said], ties.b[said], n_blocks, strength[said])
        unstated = _tally(codes, ties.a[~said], ties.b[~said], n_blocks).astype(np.int64)
        least = stated + _times(unstated, reading.scale[0])
        value = stated if np.isnan(reading.scale[0]) else least
    most = stated + _times(unstated + undocumented, reading.scale[1])
    return Sides(value, least, most, pairs, undocumented, unstated)


def whole(table: NDArray[Any]) -> tuple[float, float, float]:
    """Return what is external, internal and unplaced in the whole network, of a table of `Sides`."""
    external, internal = table[EXTERNAL].sum() / 2, table[INTERNAL].sum()
    return float(external), float(internal), float(table[UNPLACED, -1])


def _times(counts: Counts, each: float) -> Values:
    return np.where(counts > 0, counts * each, 0.0)


def _pairs(codes: Codes, n_blocks: int, *, directed: bool) -> Counts:
    """Return the pairs that actors make, side × block, by arithmetic."""
    sizes = np.bincount(codes, minlength=n_blocks + 1).astype(np.int64)
    placed, unplaced = sizes[:-1], sizes[-1]
    among = sizes * (sizes - 1) if directed else sizes * (sizes - 1) // 2
    twice = 2 if directed else 1
    pairs = np.zeros((3, n_blocks + 1), dtype=np.int64)
    pairs[EXTERNAL, :-1] = twice * placed * (placed.sum() - placed)
    pairs[INTERNAL, :-1] = among[:-1]
    pairs[UNPLACED, :-1] = twice * placed * unplaced
    pairs[UNPLACED, -1] = twice * placed.sum() * unplaced + among[-1]
    return pairs


def _tally(codes: Codes, a: Codes, b: Codes, n_blocks: int, weights: Values | None = None) -> Values:
    """Return pairs, or the sum of their weights, side × block."""
    width, wide = n_blocks + 1, codes.astype(np.int64)
    first, second = wide[a], wide[b]
    same = first == second
    side = np.where((first == n_blocks) | (second == n_blocks), UNPLACED, same)  # same is 1: INTERNAL
    counts = np.bincount(side * width + first, weights, minlength=3 * width).astype(np.float64)
    apart = ~same
    apart_weights = None if weights is None else weights[apart]
    counts += np.bincount(side[apart] * width + second[apart], apart_weights, minlength=3 * width)
    return counts.reshape(3, width)
