"""The account figures of many filières in one pass: the same numbers as one by one (F1–F3, F5–F7, E7, G11)."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...network.activities import current_activities_of
from ...network.positions import any_at
from ...vocabulary import Pole
from ..activities import Sums, known_sums
from ..many import PERIMETERS, Many, counts_of, figures, ratios, shares_of_cases
from ..measure import NAN
from ..together import as_one
from ._book import Book, accounts_kept, book_of
from ._tonnes import strict_sums
from .break_even import thresholds_of
from .integration import integration_along
from .metrics import bought_from_others

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...network import Core

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Accounts", "of_many"]

_TERRITORY = PERIMETERS.index("territory")


class Accounts:
    """The accounts of the filières of a core; what several figures read is read once.

    Each method is the measure of the same indicator, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self._all = as_one(core)

    @cached_property
    def book(self) -> Book:
        """The accounts of all actors."""
        return book_of(self._all)

    @cached_property
    def _known(self) -> Mask:
        """Actors of known value added."""
        return self.book.known("value_added")

    def _sum(self, values: Values, actors: Mask) -> Values:
        """Return the sum of some values over some actors of each filière, NaN without any."""
        return known_sums(self.core.actor_filiere[actors], values[actors], self.core.n_filieres).total

    def _accounts_without(self, known: Mask) -> Counts:
        """Return the accounts of each filière of which something is not known."""
        return counts_of(self.core.actor_filiere, self.book.has_account & ~known, self.core.n_filieres)

    def _entering(self, actors: Mask) -> Sums:
        """Return what some actors receive from whoever is not among them."""
        core, among = self.core, np.append(actors, False)
        use = among[core.flow_target] & ~among[core.flow_source]
        return known_sums(core.flow_filiere[use], core.flow_t[use], core.n_filieres)

    # -- value added ------------------------------------------------------------------------------

    @cached_property
    def _value_added(self) -> Values:
        return self._sum(self.book.items["value_added"], self._known)

    def value_added(self) -> Many:
        """Return the direct value added (F1)."""
        return figures(self._value_added, self._accounts_without(self._known))

    def total_value_added(self) -> Many:
        """Return the value added with that of the suppliers (F2)."""
        n_unknown = self._accounts_without(self._known)
        bought = self._sum(bought_from_others(self._all, self._known), self._known)
        high = np.where(n_unknown > 0, NAN, self._value_added + bought)
        return figures(self._value_added, n_unknown, high=high)

    def pole_share(self) -> Many:
        """Return the share of value added of the college that has most (F3)."""
        core, n, width = self.core, self.core.n_filieres, len(Pole)
        placed, every = self._known & (core.pole >= 0), np.arange(n)
        places = core.actor_filiere[placed].astype(np.int64) * width + core.pole[placed]
        sums = known_sums(places, self.book.items["value_added"][placed], n * width)
        parts, known = sums.total.reshape(n, width), sums.n_known.reshape(n, width) > 0
        whole = np.nansum(parts, axis=1)
        first = np.argmax(np.where(known, parts, -np.inf), axis=1)
        n_unknown = self._accounts_without(placed)
        told = (known.sum(axis=1) > 1) & (whole > 0)
        part = parts[every, first]
        found = figures(ratios(part, whole), n_unknown, numerator=part, denominator=whole).only_where(told)
        return replace(found, n_unknown=n_unknown)

    def integration(self) -> Many:
        """Return the territorial integration (E7)."""
        terms = integration_along(self._all)
        placed = terms.unplaced == 0
        most = terms.direct + np.maximum(terms.unplaced, 0.0) + terms.local + terms.unshared
        return Many(
            value=np.where(placed, ratios(terms.direct, terms.production), NAN),
            low=ratios(terms.direct + np.minimum(terms.unplaced, 0.0), terms.production),
            high=ratios(most, terms.production),
            numerator=np.where(placed, terms.direct, NAN),
            denominator=terms.production,
            n_unknown=terms.n_unknown.astype(np.int64) + self._accounts_without(self._known),
            perimeter=np.where(self.core.bounded, _TERRITORY, 0).astype(np.int8),
        )

    # -- margins ----------------------------------------------------------------------------------

    def break_even(self) -> Many:
        """Return the share of activities that receive their break-even tonnage (F5)."""
        terms, of = thresholds_of(self._all), self.core.actor_filiere[current_activities_of(self.core).actor]
        known, n = ~np.isnan(terms.threshold), self.core.n_filieres
        reached, asked = (
            counts_of(of, mask, n) for mask in (known & (terms.entering >= terms.threshold), terms.asked)
        )
        whole = counts_of(of, known, n)
        return shares_of_cases(reached, asked - whole, asked, told=whole > 0)

    def margin(self) -> Many:
        """Return the net margin per tonne that enters (F6)."""
        known = self.book.known("net_result")
        total, entering = self._sum(self.book.items["net_result"], known), self._entering(known)
        n_unknown = self._accounts_without(known) + entering.n_unknown
        value = ratios(total, entering.total)
        return figures(value, n_unknown, numerator=total, denominator=entering.total)

    # -- jobs -------------------------------------------------------------------------------------

    def _per_t(self, column: str) -> Many:
        core, n, rows = self.core, self.core.n_filieres, current_activities_of(self.core)
        values, kept = rows.values(column), accounts_kept(self._all)
        fte = strict_sums(rows.actor, values, core.n_actors)
        actors = kept & any_at(rows.actor, core.n_actors) & ~np.isnan(fte)
        total, entering = self._sum(fte, actors), self._entering(actors)
        silent = kept[rows.actor] & np.isnan(values)
        n_unknown = entering.n_unknown + counts_of(core.actor_filiere[rows.actor], silent, n)
        value = ratios(total, entering.total)
        return figures(value, n_unknown, numerator=total, denominator=entering.total)

    def jobs(self) -> Many:
        """Return the jobs per tonne that enters the filière (F7)."""
        return self._per_t("jobs_fte")

    def insertion(self) -> Many:
        """Return the insertion FTE per tonne that enters the filière (G11)."""
        return self._per_t("insertion_fte")


def of_many(read: Callable[[Accounts], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of its figures of accounts; what they share is made once."""
    return lambda core: read(core.derived("accounts", Accounts))
