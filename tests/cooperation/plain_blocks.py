"""The referee on ties between blocks: densities, E-I in three readings, mixing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from math import nan
from typing import Any

import networkx as nx

from .plain import ONE_WAY, STRENGTH, Layer, Pair, Told, extremes, over, ratios, reached

Blocks = Mapping[Any, Any]
Sides = tuple[float, float]


def blocks_of(source: Told | nx.Graph, layer: Layer, by: str) -> dict[Any, Any]:
    """Return the block of each node, ``None`` where it is unknown."""
    if isinstance(source, nx.Graph):
        return {node: source.nodes[node].get(by) for node in layer.nodes}
    return {node: source.block(node, by) for node in layer.nodes}


def joins(layer: Layer, block: Blocks, pair: Pair) -> Pair | frozenset[Any]:
    """Return the pair of blocks that a pair of nodes falls between."""
    a, b = block[pair[0]], block[pair[1]]
    return (a, b) if layer.directed else frozenset((a, b))


def cells(layer: Layer, block: Blocks) -> dict[Any, dict[str, float]]:
    """Return ties, possible and documented pairs, density and its bounds, of every two blocks."""
    unknown, found = set(layer.unknown), {}
    present = list(dict.fromkeys(block.values()))
    for one in product(present, repeat=2) if layer.directed else combinations_with_replacement(present, 2):
        place = one if layer.directed else frozenset(one)
        inside = [pair for pair in layer.pairs if joins(layer, block, pair) == place]
        tied, open_ = len(set(inside) & layer.tied), len(set(inside) & unknown)
        known = len(inside) - open_
        found[place] = {
            "ties": tied,
            "possible": len(inside),
            "documented": known,
            "density": over(tied, len(inside)) if known else nan,
            "low": over(tied, len(inside)),
            "high": over(tied + open_, len(inside)),
        }
    return found


def expected(layer: Layer, block: Blocks, place: Any, model: str) -> float:
    """Return how many ties of two blocks chance would make."""
    inside = [pair for pair in layer.pairs if joins(layer, block, pair) == place]
    total = len(layer.tied)
    if model == "density":
        return total * over(len(inside), len(layer.pairs))
    sizes = {key: list(block.values()).count(key) for key in block.values()}
    sent = {key: sum(block[a] == key for a, _ in layer.tied) for key in sizes}
    had = {key: sum(block[b] == key for _, b in layer.tied) for key in sizes}
    one, other = place if layer.directed else (*place, *place)[:2]
    if model == "configuration":
        if layer.directed:
            return over(sent[one] * had[other], total)
        ends = {key: sent[key] + had[key] for key in sizes}
        return over(ends[one] * ends[other], (4 if one == other else 2) * total)

    def goes(key: Any, to: Any, sends: float) -> float:
        return sends * over(sizes[to] - (key == to), len(layer.nodes) - 1)

    if layer.directed:
        return goes(one, other, sent[one])
    ends = {key: sent[key] + had[key] for key in sizes}
    if one == other:
        return goes(one, one, ends[one]) / 2
    return (goes(one, other, ends[one]) + goes(other, one, ends[other])) / 2


def index(external: float, internal: float) -> float:
    """Return the E-I index."""
    return over(external - internal, external + internal)


def counts(
    layer: Layer, block: Blocks, weight: Callable[[Pair], float] = lambda _: 1.0
) -> tuple[float, float]:
    """Return what is external and internal among the ties of which both blocks are known."""
    sides = [0.0, 0.0]
    for a, b in layer.tied:
        if block[a] is not None and block[b] is not None:
            sides[block[a] == block[b]] += weight((a, b))
    return sides[0], sides[1]


def n_known(block: Blocks) -> int:
    """Return how many blocks are known."""
    return len({value for value in block.values() if value is not None})


def ei(layer: Layer, block: Blocks) -> float:
    """Return the index of the known ties; there is none with a single block."""
    return index(*counts(layer, block)) if n_known(block) > 1 else nan


def placements(block: Blocks, keys: Iterable[Any]) -> list[dict[Any, Any]]:
    """Return the blocks with every way in which those of unknown block may fall."""
    lost = [node for node, key in block.items() if key is None]
    choices = list(keys)
    return [{**block, **dict(zip(lost, found, strict=True))} for found in product(choices, repeat=len(lost))]


def ei_bounds(layer: Layer, block: Blocks, options: Callable[[Pair], list[float]]) -> tuple[float, float]:
    """Return the bounds over the completions; of each pair, `options` says what it may count for."""
    choices = []
    for pair in layer.pairs:
        inside = block[pair[0]] == block[pair[1]]
        choices.append({(0.0, value) if inside else (value, 0.0) for value in options(pair)})
    sums = reached(choices, (0.0, 0.0))
    return ratios((external - internal, external + internal) for external, internal in sums)


def whether(layer: Layer) -> Callable[[Pair], list[float]]:
    """Return what each pair may count for: one if tied, nothing if not, either if unknown."""
    unknown = set(layer.unknown)
    return lambda pair: [1.0] if pair in layer.tied else [0.0, 1.0] if pair in unknown else [0.0]


@dataclass(frozen=True)
class Strengths:
    """How strong each known tie is, ``None`` where no row says."""

    of: Mapping[Pair, float | None]

    def counted(self, pair: Pair) -> float:
        """Return what a tie counts for: the least where that is not stated."""
        return self.of[pair] or 1.0

    def options(self, layer: Layer) -> Callable[[Pair], list[float]]:
        """Return what each pair may count for."""
        unknown = set(layer.unknown)

        def of(pair: Pair) -> list[float]:
            if pair in unknown:
                return [0.0, 1.0, 4.0]
            if pair not in layer.tied:
                return [0.0]
            stated = self.of[pair]
            return [1.0, 4.0] if stated is None else [stated]

        return of


def strengths(source: Told, layer: Layer, **keywords: Any) -> Strengths:
    """Return the strength of each tie of a filière: of several rows, the strongest."""
    found: dict[Pair, list[float]] = {pair: [] for pair in layer.tied}
    for row in source.ties(**keywords):
        ends = (row["actor_id"], row["to_actor_id"])
        if row["state"] != "observed" or row["intensity"] is None or not set(ends) <= set(layer.nodes):
            continue
        for a, b in (ends, ends[::-1]):
            if layer.key(a, b) in found and (
                not layer.directed or (a, b) == ends or row["kind"] not in ONE_WAY
            ):
                found[layer.key(a, b)].append(STRENGTH[row["intensity"]])
    return Strengths({pair: max(values) if values else None for pair, values in found.items()})


def ei_range(layer: Layer, block: Blocks) -> tuple[float, float, float, float]:
    """Return the index, the least and most that it can be with as many ties, and where it is between."""
    if n_known(block) < 2:
        return nan, nan, nan, nan
    external, internal = counts(layer, block)
    ties, observed = round(external + internal), index(external, internal)
    placed = [pair for pair in layer.pairs if None not in (block[pair[0]], block[pair[1]])]
    inside = sum(block[a] == block[b] for a, b in placed)
    outside = len(placed) - inside
    low, high = extremes(
        index(number, ties - number)
        for number in range(ties + 1)
        if number <= outside and ties - number <= inside
    )
    return observed, low, high, over(2 * (observed - low), high - low) - 1
