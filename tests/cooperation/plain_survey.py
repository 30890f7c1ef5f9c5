"""The referee on what was asked and said: coverage, scores, what may be shown, ties that one would expect."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import nan
from typing import Any

from .plain import Layer, Pair, Told, over

Scores = dict[Pair, float]


def ratings(t: Told, column: str) -> Scores:
    """Return what each rater says of each rated: the mean of its rows about that actor."""
    given: dict[Pair, list[float]] = {}
    for row in t.ties():
        if row["state"] == "observed" and row[column] is not None:
            given.setdefault((row["actor_id"], row["to_actor_id"]), []).append(row[column])
    return {pair: sum(values) / len(values) for pair, values in given.items()}


def overall(scores: Scores, layer: Layer, fewest: int) -> tuple[float, float, float]:
    """Return the mean score and its bounds, where enough raters stand behind it and it is not of one actor."""
    if len({rater for rater, _ in scores}) < fewest or len({rated for _, rated in scores}) < 2:
        return nan, nan, nan
    awaited = sum(pair not in scores for a, b in layer.tied for pair in ((a, b), (b, a)))
    total, count = sum(scores.values()), len(scores)
    return total / count, (total + awaited) / (count + awaited), (total + 4 * awaited) / (count + awaited)


def by_block(scores: Scores, block: Mapping[Any, Any]) -> dict[Pair, Scores]:
    """Return the scores that those of one block give those of another."""
    found: dict[Pair, Scores] = {}
    for pair, score in scores.items():
        found.setdefault((block[pair[0]], block[pair[1]]), {})[pair] = score
    return found


def too_few(scores: Scores, fewest: int) -> bool:
    """Whether a mean would tell what a few say, or what is said of one."""
    return len({rater for rater, _ in scores}) < fewest or len({rated for _, rated in scores}) < 2


def expected_in_group(layer: Layer, those: list[str]) -> dict[str, int]:
    """Return how many of the pairs of members are tied, known not to be, or unknown."""
    partners = [name for name in those if name in layer.nodes]
    pairs = [layer.key(*pair) for pair in combinations(partners, 2)]
    tied, unknown = len(set(pairs) & layer.tied), len(set(pairs) & set(layer.unknown))
    return {
        "actors": len(partners),
        "pairs": len(pairs),
        "tied": tied,
        "absent": len(pairs) - tied - unknown,
        "unknown": unknown,
    }


def passages(t: Told, layer: Layer, year: int) -> dict[Pair, dict[str, float]]:
    """Return, by pair of stages, the pairs between which material passes, and what passes untied."""
    flows: dict[Pair, list[tuple[Pair, float | None]]] = {}
    for row in t.rows["flows"]:
        ends = (row["source"], row["target"])
        if row["status"] != "active" or row["year"] not in (None, year) or not set(ends) <= set(layer.nodes):
            continue
        if row["quantity_t_per_year"] == 0:
            continue
        place = (row["source_stage"], row["target_stage"])
        flows.setdefault(place, []).append((layer.key(*ends), row["quantity_t_per_year"]))
    unknown, found = set(layer.unknown), {}
    for place, rows in flows.items():
        pairs = {pair for pair, _ in rows}
        tonnes = [t for pair, t in rows if pair not in layer.tied and t is not None]
        found[place] = {
            "actors": len({name for pair in pairs for name in pair}),
            "pairs": len(pairs),
            "tied": len(pairs & layer.tied),
            "absent": len(pairs - layer.tied - unknown),
            "unknown": len(pairs & unknown),
            "quantity_t_per_year": sum(tonnes) if tonnes or pairs <= layer.tied else nan,
        }
    return found


def coverage(t: Told, names: list[str], scores: Mapping[str, Scores]) -> list[float]:
    """Return partners, asked, their share, and how many score another."""
    asked = sum(t.actor(name)["surveyed_on"] is not None for name in names)
    rating = [len({rater for rater, _ in scores[score]} & set(names)) for score in ("trust", "value_score")]
    return [len(names), asked, over(asked, len(names)), *rating]
