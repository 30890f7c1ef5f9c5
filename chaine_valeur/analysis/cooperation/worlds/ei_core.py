"""What the readings of the E-I index share: its bounds, what it leaves out, why there is none."""

from __future__ import annotations

from ....language import clauses, number, tr, trn
from ...measure import NAN, Measure, ratio
from .sides import UNPLACED, Reading, Sides, sides_of, whole

__all__ = ["ei_bounds", "extremes", "left_out", "measure_of_reading", "n_unplaced", "why_no_index"]


def measure_of_reading(reading: Reading, lang: str) -> Measure:
    """Return the E-I index of ties in blocks, with its bounds."""
    sides = sides_of(reading)
    external, internal, _ = whole(sides.value)
    unplaced = n_unplaced(reading)
    unknown = int(sum(whole(sides.undocumented)) + sum(whole(sides.unstated)[:UNPLACED])) + unplaced
    reason = why_no_index(reading, sides, lang)
    if reading.n_blocks < 2:
        return Measure(NAN, "ratio", n_unknown=unknown, note=reason)
    low, high = ei_bounds(sides)
    note = reason or tr(
        "ties between different categories: {external}, within the same one: {internal}",
        lang,
        external=number(external, lang),
        internal=number(internal, lang),
    )
    if reading.strength is not None and not reason:
        note = tr(
            "strength of the ties between different categories: {external}, within the same one: {internal}",
            lang,
            external=number(external, lang),
            internal=number(internal, lang),
        )
    note = clauses([note, *left_out(unplaced, lang)], lang)
    difference, total = external - internal, external + internal
    if reading.none_stated:
        difference = total = NAN
    return Measure(
        ratio(difference, total), "ratio", low, high, difference, total, n_unknown=unknown, note=note
    )


def n_unplaced(reading: Reading) -> int:
    """Return the number of ties with an actor of unknown block."""
    placed, ties = reading.placed, reading.ties
    return int((~(placed[ties.a] & placed[ties.b])).sum())


def left_out(unplaced: int, lang: str) -> list[str]:
    """Return the sentence on the ties of actors of unknown block, if there are any."""
    if not unplaced:
        return []
    return [
        trn(
            "{count} tie left out, an actor of which has no stated category",
            "{count} ties left out, an actor of which has no stated category",
            unplaced,
            lang,
        )
    ]


def ei_bounds(sides: Sides) -> tuple[float, float]:
    """Return the least and the most that the index can be, whatever is unknown."""
    low, high = extremes(sides)
    return _index(*low), _index(*high)


def extremes(sides: Sides) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what is external and internal where the index is least, and where it is most."""
    least_external, least_internal, _ = whole(sides.least)
    most_external, most_internal, either = whole(sides.most)
    low = (least_external, most_internal + either)
    high = (most_external + either, least_internal)
    # nothing on one side whatever is unknown, and nothing known on the other: one value is left
    return (low if sum(low) else high), (high if sum(high) else low)


def _index(external: float, internal: float) -> float:
    return ratio(external - internal, external + internal)


def why_no_index(reading: Reading, sides: Sides, lang: str) -> str:
    """Return why there is no E-I index, nothing if there is one."""
    if reading.n_blocks == 0:
        return tr("no actor whose category is known", lang)
    if reading.n_blocks == 1:
        return tr("a single category: no tie could go out of it", lang)
    external, internal, _ = whole(sides.value)
    if reading.none_stated:
        return tr("no known tie whose strength is stated", lang)
    if external + internal > 0:
        return ""
    return tr("no known tie between actors whose category is known", lang)
