"""The referee on time: what is known of ties year by year, what became of them, what remains without an actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import nan
from typing import Any

from .plain import TRIO, Layer, Pair, Told, components, over, ratios, reached
from .plain_triads import closed_of

NOTHING, UNDOCUMENTED, PERHAPS, TIED = "nothing", "undocumented", "perhaps", "tied"


def of_row(row: Mapping[str, Any], year: int) -> str | None:
    """Return what an observed tie says of a year: there, perhaps, or (it ended, or began later) not there."""
    since, until = row["since"], row["until"]
    if since is not None:
        return TIED if since <= year and (until is None or year <= until) else NOTHING
    if until is None:
        return PERHAPS
    return TIED if year == until else PERHAPS if year < until else NOTHING


@dataclass(frozen=True)
class Past:
    """Pairs of partners over the years, and who was there when."""

    nodes: list[str]
    there: dict[int, set[str]]
    state: dict[int, dict[Pair, str]]

    @classmethod
    def of(cls, t: Told, years: list[int], kind: list[str] | None = None) -> Past:
        """Return what the rows say of each year."""
        ever = {name for year in years for name in t.partners(year)}
        nodes = [row["actor_id"] for row in t.rows["actors"] if row["actor_id"] in ever]
        there = {year: set(t.partners(year)) for year in years}
        state: dict[int, dict[Pair, str]] = {year: {} for year in years}
        for year in years:
            for pair in combinations(nodes, 2):
                rows = [
                    row
                    for row in t.rows["cooperations"]
                    if {row["actor_id"], row["to_actor_id"]} == set(pair)
                    and (kind is None or row["kind"] in kind)
                ]
                asked = any(t.actor(name)["surveyed_on"] for name in pair)
                said = [of_row(row, year) if row["state"] == "observed" else NOTHING for row in rows]
                best = next((word for word in (TIED, PERHAPS, NOTHING) if word in said), None)
                if not set(pair) <= there[year]:
                    best = NOTHING
                state[year][pair] = best or (NOTHING if asked else UNDOCUMENTED)
        return cls(nodes, there, state)

    def count(self, year: int, *words: str) -> int:
        """Return how many pairs are in one of these states in a year."""
        return sum(word in words for word in self.state[year].values())


OPTIONS = {NOTHING: [0], UNDOCUMENTED: [0, 1], PERHAPS: [0, 1], TIED: [1]}


def change(past: Past, one: int, two: int, *, both: bool = False) -> dict[str, Any]:
    """Return what becomes of ties from one year to another, with bounds over every history of the unknown."""
    there = past.there[one] & past.there[two]
    pairs = [pair for pair in past.state[one] if not both or set(pair) <= there]
    states = {pair: (past.state[one][pair], past.state[two][pair]) for pair in pairs}
    kept = [pair for pair, words in states.items() if words == (TIED, TIED)]
    births = [pair for pair, words in states.items() if words == (NOTHING, TIED)]
    deaths = [pair for pair, words in states.items() if words == (TIED, NOTHING)]
    choices = [
        {(x * y, max(x, y)) for x in OPTIONS[before] for y in OPTIONS[after]}
        for before, after in states.values()
    ]
    low, high = ratios(reached(choices))
    return {
        "ties": past.count(one, TIED, PERHAPS),
        "to_ties": past.count(two, TIED, PERHAPS),
        "kept": len(kept),
        "births": len(births),
        "deaths": len(deaths),
        "births_with_newcomers": sum(not set(pair) <= past.there[one] for pair in births),
        "deaths_with_leavers": sum(not set(pair) <= past.there[two] for pair in deaths),
        "persistence": over(len(kept), len(kept) + len(births) + len(deaths)),
        "low": low,
        "high": high,
        "undated": sum(PERHAPS in words for words in states.values()),
        "undocumented": sum(UNDOCUMENTED in words and PERHAPS not in words for words in states.values()),
    }


def trades(t: Told, year: int, nodes: list[str]) -> dict[Pair, str]:
    """Return the pairs that exchange material in a year: through flows of it, or through some without a year."""
    found: dict[Pair, str] = {}
    for row in counted_flows(t):
        pair = tuple(sorted((row["source"], row["target"]), key=lambda name: int(name[1:])))
        if not set(pair) <= set(nodes):
            continue
        if row["year"] == year:
            found[pair] = "dated"
        elif row["year"] is None and t.active(pair[0], year) and t.active(pair[1], year):
            found.setdefault(pair, "blank")
    return found


def counted_flows(t: Told) -> list[Mapping[str, Any]]:
    """Return the active flows between active actors, but those of 0 t."""
    return [
        row
        for row in t.rows["flows"]
        if row["status"] == "active"
        and row["quantity_t_per_year"] != 0
        and t.active(row["source"])
        and t.active(row["target"])
    ]


def flow_years(t: Told) -> set[int | None]:
    """Return the years that active flows bear."""
    return {row["year"] for row in t.rows["flows"] if row["status"] == "active"}


def conversion(t: Told, past: Past, year: int, lag: int) -> dict[str, Any]:
    """Return which ties of a year are exchanges some years later, with bounds over all that is unknown."""
    before, after = trades(t, year, past.nodes), trades(t, year + lag, past.nodes)
    known = year in flow_years(t)
    counts = dict.fromkeys(("already", "newly", "not_yet", "stopped"), 0)
    ways, new_ways = [], []
    for pair, word in past.state[year].items():
        was, then = before.get(pair), after.get(pair)
        if word == TIED:
            name = ("already" if then else "stopped") if was else ("newly" if then else "not_yet")
            counts[name] += 1
        # a flow without a year began before the first year, between the two, or after
        spans = [(bool(was), bool(then))]
        if "blank" in (was, then):
            spans = [
                (
                    was == "dated" or (was == "blank" and begun < 1),
                    then == "dated" or (then == "blank" and begun < 2),
                )
                for begun in (0, 1, 2)
            ]
        ways.append({(tie * now, tie) for tie in OPTIONS[word] for _, now in spans})
        new_ways.append(
            {(tie * (now and not old), tie * (not old)) for tie in OPTIONS[word] for old, now in spans}
        )
    ties, converted = sum(counts.values()), counts["already"] + counts["newly"]
    low, high = ratios(reached(ways))
    new_low, new_high = ratios(reached(new_ways))
    return {
        "ties": ties,
        "converted": converted,
        **(counts if known else dict.fromkeys(counts, nan)),
        "conversion": over(converted, ties),
        "low": low,
        "high": high,
        "new_conversion": over(counts["newly"], counts["newly"] + counts["not_yet"]) if known else nan,
        "new_low": new_low if known else nan,
        "new_high": new_high if known else nan,
        "undated": past.count(year, PERHAPS),
        "undocumented": past.count(year, UNDOCUMENTED),
    }


def figures(layer: Layer, pole: Mapping[Any, Any], gone: Any) -> dict[str, tuple[float, float]]:
    """Return each figure of some ties with an actor and without it."""
    rest = Layer(
        [node for node in layer.nodes if node != gone],
        {pair for pair in layer.tied if gone not in pair},
        set(),
        set(layer.nodes),
    )
    sizes = [[len(part) for part in components(side.nodes, side.has)] for side in (layer, rest)]
    reach = [sum(size * (size - 1) // 2 for size in side) for side in sizes]
    whole = next(len(part) for part in components(layer.nodes, layer.has) if gone in part)
    return {
        "ties": (len(layer.tied), len(rest.tied)),
        "density": (over(len(layer.tied), len(layer.pairs)), over(len(rest.tied), len(rest.pairs))),
        "largest_component": (max(sizes[0], default=0), max(sizes[1], default=0)),
        # with it, its own set counts if it holds others
        "components": (len(sizes[0]) - (whole == 1), len(sizes[1])),
        "triptyques": (len(closed_of(layer, pole)), len(closed_of(rest, pole))),
        "reachable_pairs": (reach[0], reach[1]),
        "reachable_pairs_of_others": (reach[0] - (whole - 1), reach[1]),
    }


def remains(name: str, pair: tuple[float, float]) -> float:
    """Return how much remains: the ratio, or of components its inverse."""
    before, after = pair
    return over(before, after) if name == "components" else over(after, before)


__all__ = ["NOTHING", "PERHAPS", "TIED", "TRIO", "UNDOCUMENTED", "Past", "change", "conversion", "figures"]
