"""What the gap metrics count, along the filières: of one filière or of thousands, in the same pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...network.positions import any_at, count_at, distinct
from ..many import counts_of, sums_of
from ..measure import NAN
from ._actors import Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .chain import Chain

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = [
    "Cases",
    "Tonnes",
    "covered_units",
    "dead_end_tonnes_in",
    "into",
    "passages",
    "passages_in",
    "rests_on_one",
]


@dataclass(frozen=True)
class Cases:
    """Along the filières: how many cases are so, how many are undecided, how many there are."""

    part: Counts
    undecided: Counts
    whole: Counts

    @property
    def of_one(self) -> tuple[int, int, int]:
        """The three numbers of the only filière."""
        return int(self.part[0]), int(self.undecided[0]), int(self.whole[0])


def covered_units(chain: Chain, *, anywhere: bool = False) -> Cases:
    """Return the expected units, those that are covered, those undecided (A1)."""
    asked = chain.unit_required if anywhere else chain.unit_local
    here = asked & chain.any_member(chain.held if anywhere else chain.here)
    undecided = (
        np.zeros(chain.n_units, dtype=bool) if anywhere else asked & ~here & chain.any_member(chain.unplaced)
    )
    return Cases(*(_by_unit(chain, units) for units in (here, undecided, asked)))


def _by_unit(chain: Chain, units: Mask) -> Counts:
    return counts_of(chain.unit_filiere, units, chain.core.n_filieres)


def passages(chain: Chain) -> NDArray[np.int64]:
    """Return, along the required links, the passage that each belongs to.

    A link is a passage of its own, except where an alternative group stands at an end: then all links between
    the two units are one passage, and one of them is enough.
    """
    start, end = chain.unit[chain.link_from].astype(np.int64), chain.unit[chain.link_to].astype(np.int64)
    size = count_at(chain.unit, chain.n_units)
    choice = (size[start] > 1) | (size[end] > 1)
    if not choice.any():
        return np.arange(len(start))
    shared = start * chain.n_units + end
    own = chain.n_units**2 + np.arange(len(start))
    return np.unique(np.where(choice, shared, own), return_inverse=True)[1]


def passages_in(chain: Chain) -> Cases:
    """Return the expected passages, those that are missing, those undecided (A3)."""
    passage, n = passages(chain), chain.core.n_filieres
    count = int(passage.max(initial=-1)) + 1
    made = any_at(passage[chain.link_seen], count)
    maybe = any_at(passage[chain.link_open], count) & ~made
    filiere = np.zeros(count, dtype=np.int32)
    filiere[passage] = chain.core.stage_filiere[chain.link_from]
    missing = counts_of(filiere, ~made & ~maybe, n)
    return Cases(missing, counts_of(filiere, maybe, n), np.bincount(filiere, minlength=n))


@dataclass(frozen=True)
class Tonnes:
    """Along the filières: tonnes that stop short of a market, all of them, flows of unknown quantity."""

    stuck: Values
    total: Values
    n_unknown: Counts


def dead_end_tonnes_in(chain: Chain, places: Places) -> Tonnes:
    """Return the tonnes that reach a dead end, and all of them (A5); NaN where nothing is known."""
    core = chain.core
    known = places.between & ~np.isnan(core.flow_t)
    stuck = known & into(core.flow_target, places.dead_end)
    some = counts_of(core.flow_filiere, known, core.n_filieres) > 0
    of_flow, n = core.flow_filiere, core.n_filieres
    lost, total = (np.where(some, sums_of(of_flow[use], core.flow_t[use], n), NAN) for use in (stuck, known))
    return Tonnes(lost, total, counts_of(of_flow, places.between & ~known, n))


def into(ends: NDArray[np.int32], actors: Mask) -> Mask:
    """Return which flows have, at one end, one of some actors; −1 is nobody."""
    return np.append(actors, False)[ends]


def rests_on_one(chain: Chain) -> tuple[Mask, Mask]:
    """Return the required units that one single actor holds, and those that anybody holds (A12)."""
    core, unit = chain.core, chain.unit[chain.holder_stage]
    who = unit
    if (
        chain.n_units < chain.n_stages
    ):  # else a unit is a stage, of which each actor stands among the holders once
        size = max(core.n_actors, 1)
        who = (distinct(unit.astype(np.int64) * size + chain.holder_actor) // size).astype(np.int32)
    per_unit = count_at(who, chain.n_units)
    several = any_at(unit[~core.single[chain.holder_actor]], chain.n_units)
    held = chain.unit_required & (per_unit > 0)
    return held & (per_unit == 1) & ~several, held
