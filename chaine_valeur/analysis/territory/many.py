"""The territorial figures of many filières in one pass: the same numbers as one by one (E5, A10, E6, E4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...earth import distance_km
from ...network.local import shared_texts
from ...network.positions import distinct
from ...network.tables import filiere_of_rows
from ..activities import known_sums
from ..many import PERIMETERS, Many, counts_of, figures, ratios, sums_of
from ..measure import NAN
from ..together import as_one
from ._money import spending_of
from .multiplier import rounds_of
from .purchases import amounts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...network import Core

    Codes = NDArray[np.int64]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Territories", "distances_of_many", "of_many"]


class Territories:
    """The territorial figures of the filières of a core; what several of them read is read once.

    Each method is the measure of the same indicator, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

    @cached_property
    def _sourcing(self) -> _Sourcing:
        return _Sourcing.of(self.core)

    def local_share(self) -> Many:
        """Return the local share of purchases (E5), in euros."""
        found = self._sourcing
        return self._of_purchases(found.share, found.low, found.high, found.local)

    def leakage(self) -> Many:
        """Return the leakage rate (A10), in euros."""
        found = self._sourcing
        return self._of_purchases(1 - found.share, 1 - found.high, 1 - found.low, found.outside)

    def _of_purchases(self, share: Values, low: Values, high: Values, part: Values) -> Many:
        found = self._sourcing
        sure = found.n_unknown == 0  # an amount that nobody knows may move the share anywhere
        return Many(
            value=share,
            low=np.where(sure, low, NAN),
            high=np.where(sure, high, NAN),
            numerator=part,
            denominator=found.local + found.outside,
            n_unknown=found.n_unknown + found.n_vague,
            perimeter=np.full(len(share), PERIMETERS.index("territory"), dtype=np.int8),
        )

    @cached_property
    def _haulage(self) -> tuple[Values, Values, Counts]:
        """Tonne-kilometres, tonnes whose journey is known, flows of unknown tonnes or distance."""
        core, distance = self.core, distances_of_many(self.core)
        located = np.where(np.isnan(distance), NAN, core.flow_t)
        work = known_sums(core.flow_filiere, located * distance, core.n_filieres)
        tonnes = known_sums(core.flow_filiere, located, core.n_filieres)
        return work.total, tonnes.total, tonnes.n_unknown

    def mean_haul(self) -> Many:
        """Return the mean haul (E6), in straight lines."""
        work, located, n_unknown = self._haulage
        return figures(_over(work, located), n_unknown, numerator=work, denominator=located)

    def tonne_km(self) -> Many:
        """Return the tonne-kilometres of a year, in straight lines; what is left out only adds to them."""
        work, _, n_unknown = self._haulage
        return figures(work, n_unknown, low=work)

    def multiplier(self) -> Many:
        """Return the local multiplier LM3 (E4) of the actors of the territory, without any hypothesis."""
        core, n = self.core, self.core.n_filieres
        rounds, n_unknown = rounds_of(as_one(core)), spending_of(as_one(core)).n_unknown
        local = core.active & (core.local == 1)
        used = local & (np.nan_to_num(rounds.income) > 0)
        of = core.actor_filiere[used]
        first, low, high = (
            known_sums(of, spent[used], n).total
            for spent in (rounds.income, rounds.low2 + rounds.low3, rounds.high2 + rounds.high3)
        )
        low, high = (ratios(first + spent, first) for spent in (low, high))
        value = np.where(counts_of(of, ~rounds.exact[used], n) > 0, NAN, low)
        return Many(
            value,
            low,
            high,
            numerator=value * first,
            denominator=first,
            n_unknown=sums_of(core.actor_filiere[local], n_unknown[local], n).astype(np.int64),
            perimeter=np.full(n, PERIMETERS.index("territory"), dtype=np.int8),
        )


@dataclass(frozen=True)
class _Sourcing:
    """Along the filières, what their local actors buy: see `chaine_valeur.analysis.territory.purchases`."""

    local: Values
    outside: Values
    share: Values
    low: Values
    high: Values
    n_unknown: Counts
    n_vague: Counts

    @classmethod
    def of(cls, core: Core) -> _Sourcing:
        """Return the purchases of the filières of a core, in euros."""
        amount, of_flow, n = amounts_of(as_one(core)).value, core.flow_filiere, core.n_filieres
        source, target = core.flow_source, core.flow_target
        # a blank end (−1) looks at the entry that is appended: a blank source is elsewhere, by definition
        from_, to = np.append(core.local, 0)[source], np.append(core.local, 0)[target]
        bought = (target >= 0) & (source != target) & ~(amount < 0)
        known, ours, perhaps = ~np.isnan(amount), bought & (to == 1), bought & (to == -1)

        def total(use: Mask) -> Values:
            return sums_of(of_flow[use], amount[use], n)

        here, away, unplaced = (total(ours & known & (from_ == place)) for place in (1, 0, -1))
        may_here, may_away, may_unplaced = (total(perhaps & known & (from_ == place)) for place in (1, 0, -1))
        some = counts_of(of_flow, ours & known, n) > 0
        vague = (ours & known & (from_ == -1)) | (perhaps & known)
        return cls(
            local=np.where(some, here, NAN),
            outside=np.where(some, away, NAN),
            share=_over(here, here + away),
            low=_over(here, here + away + unplaced + may_away + may_unplaced),
            high=_over(
                here + unplaced + may_here + may_unplaced, here + away + unplaced + may_here + may_unplaced
            ),
            n_unknown=counts_of(of_flow, ours & ~known, n),
            n_vague=counts_of(of_flow, vague, n),
        )


def distances_of_many(core: Core) -> Values:
    """Return how far the material of each flow that counts travels, in km; see `flow_distances`."""
    latitude, longitude, address, commune = (np.append(part, blank) for part, blank in zip(
        _places(core), (NAN, NAN, False, -1), strict=True))  # fmt: skip
    start, end = core.flow_source, core.flow_target
    found = np.asarray(distance_km(latitude[start], longitude[start], latitude[end], longitude[end]))
    vague = (commune[start] == commune[end]) & (commune[start] >= 0) & ~(address[start] & address[end])
    found = np.where(vague, NAN, found)
    inside = (start == end) & (start >= 0)
    return np.where(inside, np.where(np.append(core.single, False)[start], 0.0, NAN), found)


def _places(core: Core) -> tuple[Values, Values, Mask, Codes]:
    """Return latitude, longitude, whether they are its own, and the commune of each actor: see `Places`."""
    tables = core.tables
    rows = np.arange(int(tables.offsets("territories")[-1]))
    code, row_code, n_codes = shared_texts(tables, "commune_code", rows)
    name, row_name, n_names = shared_texts(tables, "commune_name", rows, folded=True)
    size = np.int64(n_codes + n_names)
    of = np.concatenate([filiere_of_rows(tables, "territories"), core.actor_filiere]).astype(np.int64) * size
    keys = _communes(of, np.concatenate([row_code, code]), np.concatenate([row_name, name]), n_codes)
    degrees = [[tables.column(where, axis).to_numpy(np.float64) for axis in ("latitude", "longitude")]
               for where in ("actors", "territories")]  # fmt: skip
    own, centres = degrees
    address = ~np.isnan(own[0]) & ~np.isnan(own[1])
    of_row, of_actor = keys[: len(rows)], keys[len(rows) :]
    usable = np.flatnonzero(~np.isnan(centres[0]) & ~np.isnan(centres[1]) & (of_row >= 0))
    # the first row of a commune wins
    known, first = np.unique(of_row[usable], return_index=True)
    centre = np.full(len(of_actor), -1, dtype=np.int64)
    if len(known):
        at = np.minimum(np.searchsorted(known, of_actor), len(known) - 1)
        centre = np.where(known[at] == of_actor, usable[first[at]], -1)
    latitude, longitude = (
        np.where(address, mine, np.append(theirs, NAN)[centre])
        for mine, theirs in zip(own, centres, strict=True)
    )
    return latitude, longitude, address, of_actor


def _communes(of: Codes, code: Codes, name: Codes, n_codes: int) -> Codes:
    """Return a number per commune and filière: by code, else by name unless several communes bear it; −1 unknown.

    `of` is the filière times more than there are codes and names.
    """
    by_code, by_name = of + code, of + n_codes + name
    both = (code >= 0) & (name >= 0)
    pairs = distinct(by_name[both] * n_codes + code[both])
    named, first, count = np.unique(pairs // n_codes, return_index=True, return_counts=True)
    found = np.where(code >= 0, by_code, np.where(name >= 0, by_name, -1))
    asked = np.flatnonzero((code < 0) & (name >= 0))
    if len(named) and len(asked):
        at = np.minimum(np.searchsorted(named, by_name[asked]), len(named) - 1)
        borne = named[at] == by_name[asked]
        asked, at = asked[borne], at[borne]
        found[asked] = np.where(count[at] > 1, -1, of[asked] + pairs[first[at]] % n_codes)
    return found


def _over(part: Values, whole: Values) -> Values:
    return np.divide(part, whole, out=np.full(len(part), NAN), where=np.nan_to_num(whole) > 0)


def of_many(read: Callable[[Territories], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of its territorial figures; what they share is made once."""
    return lambda core: read(core.derived("territories", Territories))
