"""What the chain should be and what is seen of it, stage by stage and passage by passage.

Expected: required stages and required passages. A stage is *held* by the active actors of its activities,
and by those whose flows say that they start or end there; a flow from or to the outside that names a stage
serves it from outside. Stages that can stand for one another form a *unit*: one of them is enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...network.positions import any_at, count_at, distinct, first_of, is_among

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ...network import Core
    from ...network.actors import Stages

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Chain", "chain_of"]


@dataclass(frozen=True)
class Chain:
    """The expected chain and its state, as arrays along the stages, the units or the passages; of one filière or many.

    Attributes
    ----------
    core
        What it was read from.
    stages
        What is expected, along the stages.
    holder_actor, holder_stage
        Who holds what, each pair once.
    here, unplaced, away
        Whether a stage is held in the territory, by an actor of whom nobody knows where it is, or from
        outside. Without a territory an actor is here unless its type is *outside*.
    link_row
        Position in the table of expected passages of the required ones; the other ``link_*`` run along it.
    link_seen
        An active flow makes the passage, or one actor holds both its ends.
    link_open
        Not seen, and not known to be missing: there is no table of flows, or a flow that could be it does
        not say which of the stages of its actors it joins.
    """

    core: Core
    stages: Stages
    holder_actor: Codes
    holder_stage: Codes
    here: Mask
    unplaced: Mask
    away: Mask
    link_row: NDArray[np.int64]
    link_from: Codes
    link_to: Codes
    link_material: Codes
    link_seen: Mask
    link_open: Mask

    @classmethod
    def of(cls, core: Core) -> Chain:
        """Read the expectation and the observation of one filière, or of many."""
        actor, stage = _holders(core)
        rows = np.flatnonzero(core.link_required)
        links = (core.link_from[rows], core.link_to[rows], core.link_material[rows])
        seen = _held_by_one(actor, stage, core, *links[:2]) | _made_by_flows(core, *links)
        told = core.has_flows[core.stage_filiere[links[0]]]
        maybe = ~told | _maybe_made(core, actor, stage, *links)
        place = core.local[actor]
        if not core.bounded.all():  # the question of the local is not asked: all but the outside is here
            asked = core.bounded[core.actor_filiere[actor]]
            place = np.where(asked | (place == 0), place, 1)
        return cls(
            core=core,
            stages=core.stages,
            holder_actor=actor,
            holder_stage=stage,
            here=any_at(stage[place == 1], core.n_stages),
            unplaced=any_at(stage[place == -1], core.n_stages),
            away=any_at(stage[place == 0], core.n_stages) | _served_from_outside(core),
            link_row=rows,
            link_from=links[0],
            link_to=links[1],
            link_material=links[2],
            link_seen=seen,
            link_open=~seen & maybe,
        )

    @property
    def required(self) -> Mask:
        """Required stages."""
        return self.stages.required

    @property
    def local_expected(self) -> Mask:
        """Stages expected locally."""
        return self.stages.expected_here

    @property
    def resource(self) -> Mask:
        """Stages at which material comes into the chain."""
        return self.stages.resource

    @property
    def market(self) -> Mask:
        """Stages at which it ends."""
        return self.stages.market

    @property
    def unit(self) -> Codes:
        """The unit of each stage."""
        return self.stages.unit

    def of_filiere(self, filiere: int) -> Chain:
        """Return what is expected and seen along the stages of one filière of many; its core is that of all."""
        start, stop = np.searchsorted(self.stages.filiere, [filiere, filiere + 1]).tolist()
        first, last = np.searchsorted(self.stages.filiere[self.link_from], [filiere, filiere + 1]).tolist()
        along = {name: getattr(self, name)[start:stop] for name in ("here", "unplaced", "away")}
        links = {
            name: getattr(self, name)[first:last] for name in self.__dataclass_fields__ if "link" in name
        }
        for name in ("link_from", "link_to"):
            links[name] = links[name] - start
        return replace(self, stages=self.stages.part(start, stop), **along, **links)

    @property
    def has_flows(self) -> bool:
        """Whether there is a table of flows (of one filière)."""
        return bool(self.core.has_flows.all())

    @property
    def n_stages(self) -> int:
        """Number of expected stages."""
        return len(self.unit)

    @cached_property
    def n_units(self) -> int:
        """Number of units."""
        return int(self.unit.max()) + 1 if len(self.unit) else 0

    @cached_property
    def held(self) -> Mask:
        """Stages that somebody holds, wherever."""
        return self.here | self.unplaced | self.away

    @cached_property
    def n_holders(self) -> NDArray[np.int64]:
        """Number of active actors per stage."""
        return count_at(self.holder_stage, self.n_stages)

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The stages of each unit, in table order."""
        found: list[list[int]] = [[] for _ in range(self.n_units)]
        for stage, unit in enumerate(self.unit.tolist()):  # a loop over stages
            found[unit].append(stage)
        return tuple(tuple(part) for part in found)

    @cached_property
    def unit_filiere(self) -> Codes:
        """The filière of each unit."""
        return first_of(self.unit, self.stages.filiere, self.n_units)

    def any_member(self, mask: Mask) -> Mask:
        """Return, per unit, whether any of its stages is true."""
        return any_at(self.unit[mask], self.n_units)

    @cached_property
    def unit_required(self) -> Mask:
        """Units of which a stage is required: what is expected."""
        return self.any_member(self.required)

    @cached_property
    def unit_local(self) -> Mask:
        """Required units all of whose stages are expected locally: their absence is a local gap."""
        return self.unit_required & ~self.any_member(~self.local_expected)

    @cached_property
    def is_pair(self) -> Mask:
        """Stages × stages, true where at least one required passage joins them."""
        found = np.zeros((self.n_stages, self.n_stages), dtype=bool)
        found[self.link_from, self.link_to] = True
        return found

    def pairs(self, seen: Mask) -> Mask:
        """Return stages × stages, true where every required passage between the two is in `seen`."""
        found = self.is_pair.copy()
        found[self.link_from[~seen], self.link_to[~seen]] = False
        return found

    def link_missing(self) -> Mask:
        """Return the passages that are known not to be made."""
        return ~self.link_seen & ~self.link_open


def chain_of(f: Filiere) -> Chain:
    """Return the chain of a filière, read once."""
    return f.derived("chain", lambda f: Chain.of(f.network))


def _holders(core: Core) -> tuple[Codes, Codes]:
    """Return who holds what: activities, and the stages that flows name, each pair once."""
    ends = ((core.flow_source, core.flow_source_stage), (core.flow_target, core.flow_target_stage))
    pairs = [_pair_numbers(core.activity_actor, core.activity_stage, core)]
    for actor, stage in ends:
        # the first stage of an actor is among its activities: few flows name another one
        other = (actor >= 0) & (stage >= 0) & (stage != core.stage[actor])
        pairs.append(_pair_numbers(actor[other], stage[other], core))
    held = distinct(np.concatenate(pairs))
    who, place = np.divmod(held, _width(core.stage_place))
    first = core.tables.offsets("stages")[core.actor_filiere[who]]
    return who.astype(np.int32), (first + place).astype(np.int32)


def _pair_numbers(actor: Codes, stage: Codes, core: Core) -> NDArray[np.int64]:
    """Return one number per (actor, stage of its filière), which stay small however many filières there are."""
    return actor.astype(np.int64) * _width(core.stage_place) + core.stage_place[stage]


def _width(places: Codes) -> int:
    """Return how many places the filière that has the most of them has, 1 at least."""
    return 1 + int(places.max(initial=0))


def _served_from_outside(core: Core) -> Mask:
    """Return the stages at which a flow comes from, or leaves for, an outside without a name."""
    ends = [core.flow_source_stage[core.flow_source < 0], core.flow_target_stage[core.flow_target < 0]]
    return any_at(np.concatenate(ends), core.n_stages)


def _held_by_one(actor: Codes, stage: Codes, core: Core, start: Codes, end: Codes) -> Mask:
    """Return the passages both ends of which one actor holds: it makes them itself."""
    to_itself = (start == end) & any_at(stage, core.n_stages)[start]
    several = count_at(actor, core.n_actors)[actor] > 1
    if not len(start) or not several.any():  # nobody holds two stages
        return to_itself
    from scipy.sparse import coo_array

    ends = (actor[several], stage[several])
    holds = coo_array((np.ones(len(ends[0])), ends), shape=(core.n_actors, core.n_stages)).tocsr()
    both = (holds.T @ holds).tocoo()
    pairs = np.sort(both.row.astype(np.int64) * core.n_stages + both.col)
    return to_itself | is_among(start.astype(np.int64) * core.n_stages + end, pairs)


def _keys(start: Codes, end: Codes, material: Codes, core: Core) -> NDArray[np.int64]:
    """Return one number per (stage, stage, material) of one filière; material −1 is « not stated »: it comes first."""
    place = np.append(core.material_place, np.int32(-1))[material]
    return (
        (start.astype(np.int64) * _width(core.stage_place) + core.stage_place[end]) * _materials(core)
        + place
        + 1
    )


def _materials(core: Core) -> int:
    """Return how many numbers `_keys` leaves to materials: what was not stated is one more."""
    return 1 + _width(core.material_place)


def _fits(start: Codes, end: Codes, material: Codes, flows: tuple[Codes, Codes, Codes], core: Core) -> Mask:
    """Return the passages that flows between stages make; a material not stated fits any."""
    known = (flows[0] >= 0) & (flows[1] >= 0)
    a, b, m = (part[known] for part in flows)
    made = distinct(_keys(a, b, m, core))
    blank = _keys(start, end, np.full_like(material, -1), core)
    size = _materials(core)
    # blank on the flow: its key is the blank one; blank on the passage: any flow between the two will do
    silent, between = made[made % size == 0], distinct(made // size * size)
    same = is_among(_keys(start, end, material, core), made)
    return same | is_among(blank, silent) | ((material < 0) & is_among(blank, between))


def _made_by_flows(core: Core, start: Codes, end: Codes, material: Codes) -> Mask:
    flows = (core.flow_source_stage, core.flow_target_stage, core.flow_material)
    return _fits(start, end, material, flows, core)


def _maybe_made(core: Core, actor: Codes, stage: Codes, start: Codes, end: Codes, material: Codes) -> Mask:
    """Return the passages that a flow makes if its undecided ends are at the right stages of its actors."""
    open_source = (core.flow_source >= 0) & (core.flow_source_stage < 0)
    open_target = (core.flow_target >= 0) & (core.flow_target_stage < 0)
    rows = np.flatnonzero(open_source | open_target)
    if not len(rows):
        return np.zeros(len(start), dtype=bool)
    held = pd.DataFrame({"actor": actor, "stage": stage})
    flows = pd.DataFrame({"row": rows})
    for name, actors, stages, undecided in (
        ("from", core.flow_source, core.flow_source_stage, open_source),
        ("to", core.flow_target, core.flow_target_stage, open_target),
    ):
        known = pd.DataFrame({"row": rows[~undecided[rows]]})
        known[name] = stages[known["row"].to_numpy()]
        asked = pd.DataFrame({"row": rows[undecided[rows]]})
        asked["actor"] = actors[asked["row"].to_numpy()]
        choices = asked.merge(held, on="actor")[["row", "stage"]].rename(columns={"stage": name})
        flows = flows.merge(pd.concat([known, choices]), on="row")
    ends = (flows["from"].to_numpy(np.int32), flows["to"].to_numpy(np.int32))
    return _fits(start, end, material, (*ends, core.flow_material[flows["row"].to_numpy(np.int64)]), core)
