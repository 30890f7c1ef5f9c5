"""What remains of some ties without one of their actors, figure by figure, with bounds (D17)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....language import N_
from ....network import Ties
from ...measure import NAN, ratio
from ..cohesion.components import parts_of
from ..ties.counting import count_pairs
from ..triptyques.triads import count_triads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["REMAINING", "Remains", "pairs_within", "remains_of"]

#: What is looked at, with and without the actor.
REMAINING = {
    "ties": N_("Known cooperations"),
    "density": N_("Density"),
    "largest_component": N_("Actors of the largest connected set"),
    "components": N_("Separate sets of the other actors"),
    "triptyques": N_("Closed triptyques"),
    "reachable_pairs": N_("Pairs linked directly or through others"),
    "reachable_pairs_of_others": N_("Of these, pairs of the other actors"),
}


def pairs_within(sizes: Counts) -> int:
    """Return the number of pairs within groups of such sizes."""
    sizes = sizes.astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


@dataclass(frozen=True)
class Remains:
    """A figure with (``before``) and without (``after``) an actor, and the ratio (``share``) with its bounds."""

    before: float
    after: float
    share: float
    low: float
    high: float


def remains_of(
    ties: Ties, place: int, pole: Codes | None, wanted: Collection[str] = tuple(REMAINING)
) -> dict[str, Remains]:
    """Return the figures of `without_actor` for undirected ties without the node at `place`.

    Poles are 0, 1 or 2 as for `count_triads`, or ``None`` where no node has one.
    """
    keep = np.arange(ties.size) != place
    rest = ties.among(keep)
    found: dict[str, Remains] = {}
    if {"ties", "density"} & set(wanted):
        found |= _of_ties(ties, rest)
    if "triptyques" in wanted:
        unknown = Remains(NAN, NAN, NAN, NAN, NAN)
        found["triptyques"] = unknown if pole is None else _of_triptyques(ties, rest, pole, pole[keep])
    if {"largest_component", "components", "reachable_pairs", "reachable_pairs_of_others"} & set(wanted):
        found |= _of_components(ties, rest, keep)
    return {name: found[name] for name in REMAINING if name in wanted}


def _of_ties(ties: Ties, rest: Ties) -> dict[str, Remains]:
    before, after = len(ties.a), len(rest.a)
    unknown = int(count_pairs(ties).unknown[0, 0])
    unknown_rest = int(count_pairs(rest).unknown[0, 0])
    own, own_unknown = before - after, unknown - unknown_rest
    low = ratio(after, after + own + own_unknown)
    high = ratio(after + unknown_rest, after + unknown_rest + own)
    low, high = (high if low != low else low), (low if high != high else high)
    if not before:
        low, high = (0.0, 1.0) if own_unknown and unknown_rest else (low, high)
    scale = ratio(ties.possible, rest.possible)  # fewer pairs are possible without the actor
    return {
        "ties": Remains(before, after, ratio(after, before), low, high),
        "density": Remains(
            ratio(before, ties.possible),
            ratio(after, rest.possible),
            ratio(after, before) * scale,
            low * scale,
            high * scale,
        ),
    }


def _of_triptyques(ties: Ties, rest: Ties, pole: Codes, pole_of_rest: Codes) -> Remains:
    every, some = count_triads(ties, pole), count_triads(rest, pole_of_rest)
    own, own_most = every.closed - some.closed, every.may_close - some.may_close
    low, high = ratio(some.closed, some.closed + own_most), ratio(some.may_close, some.may_close + own)
    if not every.closed and every.may_close:
        low, high = 0.0 if own_most else 1.0, 1.0 if some.may_close else 0.0
    return Remains(every.closed, some.closed, ratio(some.closed, every.closed), low, high)


def _of_components(ties: Ties, rest: Ties, keep: Mask) -> dict[str, Remains]:
    known, most, known_rest, most_rest = (
        parts_of(each, "weak", open_tied=every)[0] for each in (ties, rest) for every in (False, True)
    )
    sizes = [np.bincount(labels) for labels in (known, most, known_rest, most_rest)]
    largest = [int(each.max(initial=0)) for each in sizes]
    reach = [pairs_within(each) for each in sizes]
    # who joins whom among the others, with the actor there
    through, through_most = known[keep], most[keep]
    count = [len(np.unique(each)) for each in (through, through_most, known_rest, most_rest)]
    among = [pairs_within(np.bincount(each)) for each in (through, through_most)]
    own = int(sizes[0][known[~keep]][0]) - 1  # the actors that it is known to reach
    return {
        "largest_component": _bounded(largest),
        "components": Remains(
            count[0],
            count[2],
            ratio(count[0], count[2]),
            ratio(count[1], count[2]),
            min(1.0, ratio(count[0], count[3])),
        ),
        "reachable_pairs": _bounded(reach, most=ratio(reach[3], reach[3] + own)),
        "reachable_pairs_of_others": _bounded([among[0], among[1], reach[2], reach[3]]),
    }


def _bounded(figures: list[int], *, most: float = 1.0) -> Remains:
    """Return what remains, from a figure known and at most, with the actor and then without."""
    before, before_most, after, after_most = figures
    if not before_most:
        return Remains(before, after, NAN, NAN, NAN)
    low, high = ratio(after, before_most), ratio(after_most, before)
    most = 1.0 if most != most else most
    return Remains(before, after, ratio(after, before), low, min(1.0, most, 1.0 if high != high else high))
