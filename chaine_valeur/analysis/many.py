"""A figure of many filières at once: what `Measure` holds of one, as arrays along them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..vocabulary import Scope
from .measure import NAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[Any]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["PERIMETERS", "Many", "counts_of", "figures", "means_of", "ratios", "shares_of_cases", "sums_of"]


#: Perimeters that a figure may be of; the first one unless it says another.
PERIMETERS = (Scope.FILIERE.value, Scope.PROGRAMME.value, Scope.STRUCTURE.value, "territory")


@dataclass(frozen=True)
class Many:
    """Value, bounds and terms of one figure, along the filières; see `chaine_valeur.analysis.measure.Measure`.

    The terms of a figure that is no ratio are NaN. ``perimeter`` are places in `PERIMETERS`; none: the filière.
    """

    value: Values
    low: Values
    high: Values
    numerator: Values
    denominator: Values
    n_unknown: NDArray[np.int64]
    perimeter: NDArray[np.int8] | None = None

    @property
    def scope(self) -> NDArray[np.object_]:
        """The perimeter of each figure."""
        places = np.zeros(len(self.value), dtype=np.int8) if self.perimeter is None else self.perimeter
        return np.array(PERIMETERS, dtype=object)[places]

    def only_where(self, told: Mask) -> Many:
        """Return the figure with nothing known where it has nothing to rest on."""
        names = ("value", "low", "high", "numerator", "denominator")
        kept = {name: np.where(told, getattr(self, name), NAN) for name in names}
        perimeter = None if self.perimeter is None else np.where(told, self.perimeter, 0).astype(np.int8)
        return replace(self, n_unknown=np.where(told, self.n_unknown, 0), perimeter=perimeter, **kept)


def ratios(numerator: Counts, denominator: Counts) -> Values:
    """Return numerator / denominator along the filières; NaN (unknown) over zero or over something unknown."""
    known = denominator != 0
    return np.where(known, np.divide(numerator, np.where(known, denominator, 1)), NAN)


def figures(
    value: Values,
    n_unknown: NDArray[np.int64],
    *,
    low: Values | None = None,
    high: Values | None = None,
    numerator: Values | None = None,
    denominator: Values | None = None,
) -> Many:
    """Return figures whose bounds, unless given, are the value itself, and only where nothing is unknown."""
    exact, nothing = np.where(n_unknown > 0, NAN, value), np.full(len(value), NAN)
    return Many(
        value=value,
        low=exact if low is None else low,
        high=exact if high is None else high,
        numerator=nothing if numerator is None else numerator,
        denominator=nothing if denominator is None else denominator,
        n_unknown=n_unknown,
    )


def shares_of_cases(part: Counts, undecided: Counts, whole: Counts, *, told: Mask | bool = True) -> Many:
    """Return the shares of some cases; those undecided are in neither term, and in the bounds.

    Where nothing can be told (`told`), the bounds alone are given.
    """
    decided = whole - undecided
    return Many(
        value=np.where(told, ratios(part, decided), NAN),
        low=ratios(part, whole),
        high=ratios(part + undecided, whole),
        numerator=np.where(told, part, NAN),
        denominator=np.where(told, decided, NAN),
        n_unknown=np.asarray(undecided, dtype=np.int64),
    )


def sums_of(places: NDArray[Any], values: NDArray[Any], size: int) -> Values:
    """Return the sum of some values of each filière: `places` says which one each is of."""
    return np.bincount(places, weights=values, minlength=size).astype(np.float64)


def counts_of(places: NDArray[Any], mask: Mask, size: int) -> NDArray[np.int64]:
    """Return how many of some things each filière has: `places` says which one each is of."""
    return np.bincount(places[mask], minlength=size)


def means_of(places: NDArray[Any], values: NDArray[Any], size: int) -> Values:
    """Return the mean of some values of each filière, NaN without any."""
    return ratios(np.bincount(places, weights=values, minlength=size), np.bincount(places, minlength=size))
