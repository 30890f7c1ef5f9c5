"""The referee on triptyques: the census trio by trio, pairs to bring together, stars, whom to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from .plain import TRIO, Layer, over

Trio = tuple[Any, Any, Any]
State = tuple[str, str | None]
STATES: list[State] = [
    ("closed", None),
    *(("open", pole) for pole in TRIO),
    *(("one_tie", pole) for pole in TRIO),
    ("none", None),
]


def trios(layer: Layer, pole: Mapping[Any, Any]) -> Iterator[Trio]:
    """Yield every trio of one actor of each pole."""
    yield from product(*([node for node in layer.nodes if pole[node] == key] for key in TRIO))


def state(layer: Layer, trio: Trio) -> State:
    """Return how a trio stands: by the pole at its centre, or the one left apart."""
    tied = [frozenset(pair) for pair in combinations(range(3), 2) if layer.has(trio[pair[0]], trio[pair[1]])]
    if len(tied) in (0, 3):
        return ("closed" if tied else "none"), None
    if len(tied) == 2:
        return "open", TRIO[min(tied[0] & tied[1])]
    return "one_tie", TRIO[min({0, 1, 2} - tied[0])]


def pairs_of(layer: Layer, trio: Trio) -> list[Any]:
    """Return the three pairs of a trio."""
    return [layer.key(*pair) for pair in combinations(trio, 2)]


def census(layer: Layer, pole: Mapping[Any, Any]) -> dict[State, dict[str, int]]:
    """Return, by state, how many trios there are, to ask, and to tie."""
    found = {key: {"triads": 0, "to_ask": 0, "to_tie": 0} for key in STATES}
    unknown = set(layer.unknown)
    for trio in trios(layer, pole):
        row, pairs = found[state(layer, trio)], pairs_of(layer, trio)
        untied = [pair for pair in pairs if pair not in layer.tied and pair not in unknown]
        row["triads"] += 1
        row["to_ask"] += not untied and any(pair in unknown for pair in pairs)
        row["to_tie"] += sum(pair in layer.tied for pair in pairs) == 2 and len(untied) == 1
    return found


def alone(layer: Layer, pole: Mapping[Any, Any]) -> dict[State, tuple[int, int]]:
    """Return how many trios may be in each state, each trio taken for itself."""
    least, most = dict.fromkeys(STATES, 0), dict.fromkeys(STATES, 0)
    unknown = set(layer.unknown)
    for trio in trios(layer, pole):
        open_ = [pair for pair in pairs_of(layer, trio) if pair in unknown]
        may = {
            state(Layer(layer.nodes, layer.tied | set(chosen), set(), set(layer.nodes)), trio)
            for size in range(len(open_) + 1)
            for chosen in combinations(open_, size)
        }
        for key in may:
            most[key] += 1
            least[key] += len(may) == 1
    return {key: (least[key], most[key]) for key in STATES}


def closed_of(layer: Layer, pole: Mapping[Any, Any]) -> list[Trio]:
    """Return the closed trios."""
    return [trio for trio in trios(layer, pole) if state(layer, trio)[0] == "closed"]


def may_close(layer: Layer, pole: Mapping[Any, Any]) -> list[Trio]:
    """Return the trios that are closed once every undocumented pair is tied."""
    full = Layer(layer.nodes, layer.tied | set(layer.unknown), set(), set(layer.nodes))
    return closed_of(full, pole)


def participation(layer: Layer, pole: Mapping[Any, Any], node: Any) -> dict[str, int]:
    """Return the trios that go through a node."""
    mine = [trio for trio in trios(layer, pole) if node in trio]
    unknown, row = set(layer.unknown), {"open_centre": 0, "to_ask": 0, "open_end": 0}
    for trio in mine:
        name, centre = state(layer, trio)
        if name != "open":
            continue
        others = [other for other in trio if other != node]
        row["open_centre"] += pole[node] == centre
        row["to_ask"] += pole[node] == centre and layer.key(*others) in unknown
        row["open_end"] += pole[node] != centre
    return {
        "possible": len(mine),
        "closed": sum(node in trio for trio in closed_of(layer, pole)),
        "high": sum(node in trio for trio in may_close(layer, pole)),
        **row,
    }


def missing(layer: Layer, pole: Mapping[Any, Any]) -> list[tuple[Any, Any, int, bool]]:
    """Return the pairs whose tie would close trios, in the order of their poles, most first, in table order."""
    unknown, found, place = set(layer.unknown), [], layer.nodes.index
    for a, b in layer.pairs:
        thirds = [key for key in TRIO if key not in (pole[a], pole[b])]
        if (a, b) in layer.tied or len(thirds) != 1 or pole[a] not in TRIO or pole[b] not in TRIO:
            continue
        closes = sum(layer.has(a, c) and layer.has(b, c) for c in layer.nodes if pole[c] == thirds[0])
        first, second = sorted((a, b), key=lambda node: TRIO.index(pole[node]))
        if closes:
            found.append((first, second, closes, (a, b) not in unknown))
    return sorted(found, key=lambda row: (-row[2], place(row[0]), place(row[1])))


def star(layer: Layer, pole: Mapping[Any, Any], hub: Any) -> dict[str, float]:
    """Return how far ties make a star around a node."""
    near = layer.near(hub)
    rest = Layer([node for node in layer.nodes if node != hub], set(), set(), set())
    others = {pair for pair in layer.tied if hub not in pair}
    rest = Layer(rest.nodes, others, set(), set(rest.nodes))
    through = participation(layer, pole, hub)
    opened = sum(state(layer, trio)[0] == "open" for trio in trios(layer, pole))
    return {
        "ties": len(near),
        "ties_share": over(len(near), len(layer.tied)),
        "ties_without": len(others),
        "poles_tied": len({pole[node] for node in [hub, *near]} & set(TRIO)),
        "open_centre": through["open_centre"],
        "open_share": over(through["open_centre"], opened),
        "to_ask": through["to_ask"],
        "closed": through["closed"],
        "closed_without": len(closed_of(rest, pole)),
    }


def asking(layer: Layer, pole: Mapping[Any, Any], limit: int | None) -> Sequence[tuple[Any, int, int, float]]:
    """Return whom to ask, each for what it adds to those before: across poles, in all, in table order."""
    found: list[tuple[Any, int, int, float]] = []
    while layer.unknown and (limit is None or len(found) < limit):
        unknown = layer.unknown

        def adds(node: Any, unknown: list[Any] = unknown) -> tuple[int, int]:
            mine = [pair for pair in unknown if node in pair]
            three = {"enterprise", "elected", "ess"}
            known = [pair for pair in mine if {pole[pair[0]], pole[pair[1]]} <= three]
            return sum(pole[a] != pole[b] for a, b in known), len(mine)

        best = max(layer.nodes, key=adds)
        layer = Layer(layer.nodes, layer.tied, layer.denied, layer.asked | {best})
        cross, documents = adds(best)
        found.append((best, documents, cross, layer.documented / len(layer.pairs)))
    return found
