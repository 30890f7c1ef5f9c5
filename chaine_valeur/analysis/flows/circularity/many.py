"""The circularity of many filières in one pass: the same numbers as one by one (B10, B11)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...many import Many, counts_of, figures, ratios, sums_of
from ...measure import NAN
from .matrix import FlowMatrix
from .returning import LARGEST_LOOP, returning_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ....network import Core

    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["Circulation", "circulation_of", "of_many"]


class Circulation:
    """What passes between the actors of the filières of a core, as one balanced matrix: none passes between two.

    Each method is the measure of the same indicator, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        away = np.append(core.outside, True)
        self._source, self._target = (
            np.where(away[end], -1, end) for end in (core.flow_source, core.flow_target)
        )
        self._between = self._source != self._target

    @cached_property
    def n_unknown(self) -> Counts:
        """Flows between two actors, or with the outside, of unknown quantity."""
        core = self.core
        return counts_of(core.flow_filiere, self._between & np.isnan(core.flow_t), core.n_filieres)

    @cached_property
    def matrix(self) -> FlowMatrix:
        """The flows of known quantity: see `flow_matrix`."""
        from scipy.sparse import coo_array

        core, size = self.core, self.core.n_actors
        known = self._between & ~np.isnan(core.flow_t)
        source, target, t = self._source[known], self._target[known], core.flow_t[known]
        inside, entering, leaving = (source >= 0) & (target >= 0), source < 0, target < 0
        return FlowMatrix(
            coo_array((t[inside], (source[inside], target[inside])), shape=(size, size)).tocsr(),
            inputs=sums_of(target[entering], t[entering], size),
            exports=sums_of(source[leaving], t[leaving], size),
        ).balanced()

    @cached_property
    def _through(self) -> Values:
        return self._by_filiere(self.matrix.throughflow)

    def _by_filiere(self, values: Values) -> Values:
        return sums_of(self.core.actor_filiere, values, self.core.n_filieres)

    def cycling(self) -> Many:
        """Return the share of what passes that comes back (B10)."""
        some = self._through > 0
        back = np.where(
            some,
            self._by_filiere(self.matrix.throughflow * returning_share(self.matrix, most=LARGEST_LOOP)),
            NAN,
        )
        whole = np.where(some, self._through, NAN)
        return figures(ratios(back, whole), self.n_unknown, numerator=back, denominator=whole)

    def path_length(self) -> Many:
        """Return how many actors a tonne passes (B11)."""
        entering = self._by_filiere(self.matrix.inputs)
        value = ratios(self._through, entering)
        return figures(value, self.n_unknown, numerator=self._through, denominator=entering)


def circulation_of(core: Core) -> Circulation:
    """Return what passes between the actors of a core, made once."""
    return core.derived("circulation", Circulation)


def of_many(read: Callable[[Circulation], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of its figures of circularity."""
    return lambda core: read(circulation_of(core))
