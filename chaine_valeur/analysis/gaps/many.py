"""The gap figures of many filières in one pass: the same numbers as one by one (A1–A6, A12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...network.positions import any_at, first_of
from ...vocabulary import FindingKind
from ..many import PERIMETERS, Many, counts_of, ratios, shares_of_cases, sums_of
from ..measure import NAN
from ._actors import Places, places_in
from ._counts import (
    Cases,
    covered_units,
    dead_end_tonnes_in,
    passages,
    passages_in,
    rests_on_one,
)
from ._many_paths import Paths, paths_of_many
from .chain import Chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...network import Core

    Codes = NDArray[np.int32]

__all__ = ["BREAKS", "Breaks", "Gaps", "breaks_of", "of_many"]

_TERRITORY = PERIMETERS.index("territory")


class Gaps:
    """The gap figures of the filières of a core; what several of them read is read once.

    Each method is the measure of the same indicator in `chaine_valeur.analysis.gaps.measures`, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self.chain = Chain.of(core)

    @cached_property
    def places(self) -> Places:
        """Where actors stand in the flows."""
        return places_in(self.chain)

    @cached_property
    def paths(self) -> Paths:
        """The reference paths."""
        return paths_of_many(self.chain)

    def coverage(self) -> Many:
        """Return the stage coverage of the territories (A1)."""
        found = _of_cases(covered_units(self.chain))
        return replace(found, perimeter=np.where(self.core.bounded, _TERRITORY, 0).astype(np.int8))

    def wide_coverage(self) -> Many:
        """Return the stage coverage by anybody, wherever (A1)."""
        return _of_cases(covered_units(self.chain, anywhere=True))

    def missing_weight(self) -> Many:
        """Return the weight of the missing stages (A2)."""
        chain, weight = self.chain, self.paths.weight
        missing = chain.unit_local & ~chain.any_member(chain.here | chain.unplaced)
        undecided = chain.unit_local & ~missing & ~chain.any_member(chain.here)
        n, of_unit = self.core.n_filieres, chain.unit_filiere
        known = (self.paths.total > 0) & (np.bincount(of_unit, minlength=n) > 0)
        top, more, bottom = (
            np.where(known, sums_of(of_unit[use], weight[use], n), NAN)
            for use in (missing, undecided, np.ones(chain.n_units, dtype=bool))
        )
        value = ratios(top, bottom)
        return Many(value, value, ratios(top + more, bottom), top, bottom, counts_of(of_unit, undecided, n))

    def missing_passages(self) -> Many:
        """Return the share of missing passages (A3)."""
        found = passages_in(self.chain)
        return _of_cases(found, told=self.core.has_flows | (found.undecided == 0))

    def completeness(self) -> Many:
        """Return the path completeness (A4)."""
        paths = self.paths
        undecided = paths.perhaps - paths.complete
        told = self.core.has_flows | (undecided == 0)
        return shares_of_cases(paths.complete, undecided, paths.total, told=told)

    def dead_ends(self) -> Many:
        """Return the dead-end volume (A5)."""
        found = dead_end_tonnes_in(self.chain, self.places)
        value = ratios(found.stuck, found.total)
        exact = np.where(found.n_unknown > 0, NAN, value)
        return Many(value, exact, exact, found.stuck, found.total, found.n_unknown)

    def orphans(self) -> Many:
        """Return the number of orphans (A6)."""
        places, core, n = self.places, self.core, self.core.n_filieres
        of_actor, told = core.actor_filiere, core.has_flows
        count, asked = (counts_of(of_actor, mask, n) for mask in (places.orphan, places.should_be_fed))
        silent = counts_of(of_actor, places.orphan & places.silent, n)
        nothing = np.full(n, NAN)
        return Many(
            value=np.where(told, count, NAN),
            low=np.where(told, count - silent, 0.0),
            high=np.where(told, count, asked).astype(np.float64),
            numerator=nothing,
            denominator=nothing,
            n_unknown=np.where(told, silent, asked),
        )

    def fragility(self) -> Many:
        """Return the share of the held required stages that rest on one actor (from A12)."""
        single, held = rests_on_one(self.chain)
        of_unit, n = self.chain.unit_filiere, self.core.n_filieres
        part, whole = counts_of(of_unit, single, n), counts_of(of_unit, held, n)
        return _of_cases(Cases(part, np.zeros_like(part), whole))


def of_many(read: Callable[[Gaps], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of its gap figures; what they share is made once per core."""
    return lambda core: read(core.derived("gaps", Gaps))


@dataclass(frozen=True)
class Breaks:
    """Where chains break: a kind of finding, and the stage, the next stage or the actor that it is about (−1: none)."""

    kind: NDArray[np.int8]
    stage: Codes
    to_stage: Codes
    actor: Codes
    filiere: Codes


#: Kinds of `Breaks`, in order.
BREAKS = (
    FindingKind.MISSING_STAGE,
    FindingKind.MISSING_PASSAGE,
    FindingKind.DEAD_END,
    FindingKind.ORPHAN,
    FindingKind.SINGLE_ACTOR_STAGE,
)


def breaks_of(core: Core) -> Breaks:
    """Return where the chains of one filière, or of many, break, filière after filière.

    What the findings of `chaine_valeur.diagnose` are about, without their words: required stages expected locally
    that nobody holds (of alternatives the first), expected passages between held stages that no flow makes, actors
    that material reaches and none leaves, actors that nothing reaches, required stages held by one actor alone.
    """
    gaps: Gaps = core.derived("gaps", Gaps)
    chain, places = gaps.chain, gaps.places
    first = first_of(chain.unit, np.arange(chain.n_stages, dtype=np.int32), chain.n_units)
    missing = (
        chain.unit_local & ~chain.any_member(chain.here | chain.unplaced) & ~chain.any_member(chain.held)
    )
    links, told = _missing_links(chain), core.has_flows[core.actor_filiere]
    stages = [first[missing], chain.link_from[links], first[rests_on_one(chain)[0]]]
    ends = np.flatnonzero(told & places.dead_end & (places.n_in > 0)).astype(np.int32)
    unfed = np.flatnonzero(told & places.orphan).astype(np.int32)
    parts = [
        (stages[0], None, None),
        (stages[1], chain.link_to[links], None),
        (None, None, ends),
        (None, None, unfed),
        (stages[2], None, None),
    ]
    sizes = [next(len(part) for part in one if part is not None) for one in parts]
    columns = [
        np.concatenate([np.full(size, -1, np.int32) if one[place] is None else one[place]
                        for one, size in zip(parts, sizes, strict=True)])
        for place in range(3)
    ]  # fmt: skip
    stage, to_stage, actor = columns
    of_stage, of_actor = (np.append(of, np.int32(-1)) for of in (core.stage_filiere, core.actor_filiere))
    filiere, kind = (
        np.maximum(of_stage[stage], of_actor[actor]),
        np.repeat(np.arange(len(sizes), dtype=np.int8), sizes),
    )
    order = np.lexsort((np.arange(len(kind)), kind, filiere))
    return Breaks(kind[order], stage[order], to_stage[order], actor[order], filiere[order])


def _missing_links(chain: Chain) -> NDArray[np.int64]:
    """Return, of each passage that is missing between two held stages, the first link."""
    passage = passages(chain)
    settled = any_at(passage[chain.link_seen | chain.link_open], int(passage.max(initial=-1)) + 1)[passage]
    found = np.flatnonzero(~settled & chain.held[chain.link_from] & chain.held[chain.link_to])
    return np.sort(found[np.unique(passage[found], return_index=True)[1]])


def _of_cases(cases: Cases, *, told: np.ndarray | bool = True) -> Many:
    return shares_of_cases(cases.part, cases.undecided, cases.whole, told=told)
