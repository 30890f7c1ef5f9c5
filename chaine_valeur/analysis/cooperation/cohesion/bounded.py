"""What the figures of cohesion share: the layer they read, what is known of its pairs, the rows they rest on."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

from ....filiere import Filiere
from ....language import number, tr, trn
from ....network import Ties
from ...measure import NAN, Measure
from ..ties.counting import count_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.rows import documented_rows

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["documented_note", "few_actors_note", "no_direction_note", "of_known_ties", "read", "resting"]


def read(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> tuple[Source, Ties]:
    """Return the source in a year, and the layer of ties that is read of it."""
    source = seen_in(source, year)
    return source, ties_of(source, directed=directed, kind=kind, actors=actors)


def resting(
    measure: Measure,
    source: Source,
    *,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> Measure:
    """Return the measure with the rows of a filière that it rests on; of a graph there are none."""
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_rows(source, kind=kind, actors=actors))


def of_known_ties(
    ties: Ties,
    value: float,
    unit: str,
    low: float,
    high: float,
    *,
    numerator: float = NAN,
    denominator: float = NAN,
    note: str = "",
    lang: str,
) -> Measure:
    """Return the measure of a figure of the known ties, with the bounds that the undocumented pairs leave.

    NaN where there are undocumented pairs only: a layer that nobody spoke of has no tie, but that is unknown.
    The note says how many pairs are documented, unless all are or there is something else to say.
    """
    pairs = count_pairs(ties)
    documented, unknown = int(pairs.documented[0, 0]), int(pairs.unknown[0, 0])
    if unknown and not documented:
        value, note = NAN, ""
    if unknown and not note:
        note = documented_note(documented, ties.possible, lang)
    return Measure(value, unit, low, high, numerator, denominator, n_unknown=unknown, note=note)


def documented_note(documented: int, possible: int, lang: str) -> str:
    """Return « 40 des 91 paires d’acteurs documentées »."""
    return trn(
        "the only pair of actors is not documented",
        "{documented} of the {count} pairs of actors documented",
        possible,
        lang,
        documented=number(documented, lang),
    )


def few_actors_note(lang: str) -> str:
    """Return why a figure of pairs has no value where there is no pair."""
    return tr("fewer than two actors who could cooperate", lang)


def no_direction_note(lang: str) -> str:
    """Return why a figure of directions has no value where ties have none."""
    return tr("these ties have no direction", lang)
