"""The persistence of cooperation of many filières in one pass: the same numbers as one by one (D16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....network.positions import NO_YEAR
from ...many import Many, ratios
from ..ties.many_years import said_in
from ..ties.years import NOTHING, PERHAPS, TIED, UNDOCUMENTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....network import Core

    Counts = NDArray[np.int64]

__all__ = ["persistence_of_many"]


def persistence_of_many(core: Core) -> Many:
    """Return the persistence of cooperation of the filières of a core (D16): see `persistence_measure`."""
    said = said_in(core)
    earliest, after = said.years()
    # of a filière in a year, what ended before or began after is no longer in it
    told = (earliest < after) & (core.tables.asked_years == NO_YEAR)
    first, second = (said.at(year) for year in (after - 1, after))
    n, pair_filiere = core.n_filieres, said.filiere[said.a]
    places = 16 * pair_filiere.astype(np.int64) + 4 * first.state + second.state
    counts = np.bincount(places, minlength=16 * n).reshape(n, 4, 4)
    silent_both = said.silent(first.unasked & second.unasked)
    silent_once = said.silent(first.unasked) + said.silent(second.unasked) - 2 * silent_both
    unknown = slice(UNDOCUMENTED, TIED)
    kept, deaths, births = counts[:, TIED, TIED], counts[:, TIED, NOTHING], counts[:, NOTHING, TIED]
    half = counts[:, TIED, unknown].sum(axis=1) + counts[:, unknown, TIED].sum(axis=1)
    twice = counts[:, unknown, unknown].sum(axis=(1, 2)) + silent_both
    once = counts[:, unknown, NOTHING].sum(axis=1) + counts[:, NOTHING, unknown].sum(axis=1) + silent_once
    union = kept + births + deaths
    sure = union + half
    low, high = ratios(kept, sure + twice + once), ratios(kept + half + twice, sure + twice)
    found = Many(
        value=ratios(kept, union),
        low=low,
        high=np.where(np.isnan(high), low, high),  # what may be tied is so in one year only
        numerator=kept.astype(np.float64),
        denominator=union.astype(np.float64),
        n_unknown=_either(counts, PERHAPS) + _either(counts, UNDOCUMENTED) + silent_both + silent_once,
    )
    return found.only_where(told)


def _either(counts: Counts, state: int) -> Counts:
    """Return the pairs in a state in one of the two years at least."""
    found: Counts = counts[:, state].sum(axis=1) + counts[:, :, state].sum(axis=1) - counts[:, state, state]
    return found
