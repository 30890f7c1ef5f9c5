"""The exits of many filières in one pass: as one by one (G6, G7), and hidden where they tell of few people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...network import distinct
from ...vocabulary import OutcomeKind
from ..many import PERIMETERS, Many, counts_of, ratios, sums_of
from ..measure import NAN
from ._many_results import stated_shares_of_many
from .exits import COUNTS, without_contradictions
from .few_people import FEWEST_EXITS, shares_that_may_be_told, too_few
from .results import SCOPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...network import Core
    from ._many_agreements import ManyAgreements

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["exits_of_many"]

_PERIMETER = np.array([PERIMETERS.index(scope) for scope in SCOPES], dtype=np.int8)


def exits_of_many(core: Core, agreements: ManyAgreements, kind: str) -> Many:
    """Return one share of the exits of the filières of a core: of their agreements, else of their results."""
    rows = agreements.row[agreements.leavers]
    filiere, actor = agreements.filiere[agreements.leavers], agreements.actor[agreements.leavers]
    counts = np.column_stack(
        [core.tables.column("agreements", name).to_numpy(np.float64, na_value=NAN)[rows] for name in COUNTS]
    )
    without_contradictions(counts)
    from_agreements, has_some = _of_agreements(counts, filiere, kind, core.n_filieres)
    told = (from_agreements.denominator >= FEWEST_EXITS) & _may_be_told(core, counts, actor, kind)
    hidden = ~told | np.isnan(from_agreements.value)
    stated, scope = _stated(core, kind, n_unknown=np.bincount(filiere, minlength=core.n_filieres))

    def chosen(name: str) -> Values:
        found: Values = np.where(
            has_some, np.where(hidden, NAN, getattr(from_agreements, name)), getattr(stated, name)
        )
        return found

    names = ("value", "low", "high", "numerator", "denominator")
    return Many(
        **{name: chosen(name) for name in names},
        n_unknown=np.where(has_some, from_agreements.n_unknown, stated.n_unknown),
        perimeter=np.where(has_some, PERIMETERS.index("filiere"), scope).astype(np.int8),
    )


def _of_agreements(counts: Values, filiere: Codes, kind: str, n: int) -> tuple[Many, Mask]:
    """Return the share over the agreements that tell it, and whether any does: see `Exits`."""
    several = kind == OutcomeKind.POSITIVE_EXITS.value
    whole, parts = counts[:, 0], counts[:, 1:] if several else counts[:, 1:2]
    counted = ~np.isnan(whole)
    known = counted & ~np.isnan(parts).any(axis=1)
    vague = counted & ~known
    part, total = (sums_of(filiere[known], of[known], n) for of in (parts.sum(axis=1), whole))
    least, more = (sums_of(filiere[vague], of[vague], n) for of in (np.nansum(parts, axis=1), whole))
    bounded = counts_of(filiere, ~counted, n) == 0
    found = Many(
        value=ratios(part, total),
        low=np.where(bounded, ratios(part + least, total + more), NAN),
        high=np.where(bounded, ratios(part + more, total + more), NAN),
        numerator=part,
        denominator=total,
        n_unknown=counts_of(filiere, ~known, n),
    )
    return found, counts_of(filiere, known, n) > 0


def _may_be_told(core: Core, counts: Values, actor: Codes, kind: str) -> Mask:
    """Return whether a share tells nothing of few people: see `share_may_be_told`."""
    structures = distinct(actor.astype(np.int64))
    place, size = np.searchsorted(structures, actor), len(structures)
    exits, parts = np.nan_to_num(counts[:, 0]), np.nansum(counts[:, 1:], axis=1)
    left, told = (sums_of(place, of, size) for of in (exits, parts))
    of = core.actor_filiere[structures]
    masked = too_few(np.where(left > 0, left, told), FEWEST_EXITS, of=of)
    lasting = ~np.isnan(counts[:, 1])
    whole = ~np.isnan(counts[:, 1:]).any(axis=1)
    sums = np.column_stack(
        [sums_of(place[use], exits[use], size) for use in (whole, lasting & ~whole, ~lasting)]
    )
    return shares_that_may_be_told(sums, masked, kind, of=of, n=core.n_filieres)


def _stated(core: Core, kind: str, *, n_unknown: NDArray[np.int64]) -> tuple[Many, NDArray[np.int8]]:
    """Return the share that the results state, and of which perimeter, the widest; several cannot be added."""
    shares, every = stated_shares_of_many(core, kind), np.arange(core.n_filieres)
    known = ~np.isnan(shares.reached)
    some, scope = known.any(axis=1), np.argmax(known, axis=1)
    at = every, scope
    value = np.where(some & (shares.n_given[at] == 1), shares.reached[at], NAN)
    nothing = np.full(core.n_filieres, NAN)
    unknown = np.where(some, shares.n_unknown[at], n_unknown)
    found = Many(value, value, value, nothing, nothing, unknown)
    return found, np.where(some, _PERIMETER[scope], PERIMETERS.index("filiere"))
