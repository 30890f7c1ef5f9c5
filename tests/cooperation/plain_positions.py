"""The referee on where each actor stands: mediation by role, and Burt's measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations
from math import log, nan
from typing import Any

from .plain import Layer, over

COLUMNS = ["coordinator", "consultant", "gatekeeper", "representative", "liaison", "total"]


def role(first: Any, middle: Any, last: Any) -> str:
    """Return the role of the one in the middle, by the blocks of the three."""
    if first == middle == last:
        return "coordinator"
    if first == last:
        return "consultant"
    if middle == last:
        return "gatekeeper"
    return "representative" if first == middle else "liaison"


def mediations(layer: Layer, block: Mapping[Any, Any]) -> dict[Any, dict[str, float]]:
    """Return how often each actor stands between two that are not tied; NaN without a block.

    Undirected, each pair of others counts once; half of what the two orders of the pair give, but that
    gatekeeper and representative are two names of one pair.
    """
    found = {node: dict.fromkeys(COLUMNS, 0.0) for node in layer.nodes}
    for first, middle, last in permutations(layer.nodes, 3):
        if None in (block[first], block[middle], block[last]):
            continue
        if layer.has(first, middle) and layer.has(middle, last) and not layer.has(first, last):
            name = role(block[first], block[middle], block[last])
            half = 0.5 if not layer.directed and name not in ("gatekeeper", "representative") else 1.0
            found[middle][name] += half
            found[middle]["total"] += 1.0 if layer.directed else 0.5
    for node in layer.nodes:
        if block[node] is None:
            found[node] = dict.fromkeys(COLUMNS, nan)
    return found


def between_blocks(counts: Mapping[Any, Mapping[str, float]]) -> list[float]:
    """Return the mediations of each actor that are not all of one block."""
    return [row["total"] - row["coordinator"] for row in counts.values() if row["total"] == row["total"]]


class Holes:
    """Burt's measures, in the whole network or (`ego`) in that of each actor and its contacts."""

    def __init__(self, layer: Layer, *, ego: bool, strength: Callable[[Any, Any], float | None]) -> None:
        self.layer, self.ego, self.strength = layer, ego, strength

    def both(self, i: Any, j: Any) -> float:
        """Return the ties between two, in both directions, as strong as they are; NaN if not stated."""
        total = 0.0
        for a, b in ((i, j), (j, i)):
            if self.layer.has(a, b):
                stated = self.strength(*self.layer.key(a, b))
                total += nan if stated is None else stated
        return total

    def around(self, i: Any, q: Any) -> list[float]:
        """Return the ties of *q*, with everyone or among *i* and its contacts."""
        others = [*self.layer.near(i), i] if self.ego else self.layer.nodes
        return [self.both(q, other) for other in others if other != q]

    def share(self, ego: Any, i: Any, j: Any) -> float:
        """Return how much of *i*'s ties goes to *j*."""
        return over(self.both(i, j), sum(self.around(ego, i)))

    def terms(self, i: Any) -> list[float]:
        """Return, by contact, its part of the constraint."""
        near = self.layer.near(i)
        return [
            (
                self.share(i, i, j)
                + sum(
                    self.share(i, i, q) * self.share(i, q, j)
                    for q in near
                    if q != j and j in self.layer.near(q)
                )
            )
            ** 2
            for j in near
        ]

    def of(self, i: Any) -> dict[str, float]:
        """Return the measures of an actor."""
        near = self.layer.near(i)
        if not near:
            return dict.fromkeys(("effective_size", "efficiency", "constraint", "hierarchy"), nan)
        size = 0.0
        for j in near:
            ties = self.around(i, j)
            most = nan if any(tie != tie for tie in ties) else max(ties)
            shared = [q for q in near if q != j and q in self.layer.near(j)]
            size += 1 - sum(self.share(i, i, q) * over(self.both(j, q), most) for q in shared)
        terms = self.terms(i)
        constraint, d = sum(terms), len(near)
        ratios = [term / (constraint / d) for term in terms]
        uneven = sum(ratio * log(ratio) for ratio in ratios if ratio == ratio) if d > 1 else nan
        if constraint != constraint:
            uneven = nan
        return {
            "effective_size": size,
            "efficiency": size / d,
            "constraint": constraint,
            "hierarchy": uneven / (d * log(d)) if d > 1 else nan,
        }

    def table(self, i: Any) -> dict[str, float]:
        """Return what the table of holes has besides."""
        near, layer = self.layer.near(i), self.layer
        pairs = [(a, b) for a, b in layer.pairs if a in near and b in near]
        tied = sum(pair in layer.tied for pair in pairs)
        among = [
            (self.share(i, i, q) * self.share(i, q, j))
            for j in near
            for q in near
            if q != j and j in layer.near(q)
        ]
        arcs = tied if layer.directed else 2 * tied
        return {
            "degree": len(near),
            "indirects": sum(among) if near else nan,
            "density": over(tied, len(pairs)),
            "average_degree": arcs / len(near) if near else nan,
            "open_pairs": len(pairs) - tied if near else nan,
            "n_unknown": sum(i in pair for pair in layer.unknown),
        }
