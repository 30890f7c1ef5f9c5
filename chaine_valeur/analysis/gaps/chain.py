"""What the chain should be and what is seen of it, stage by stage and passage by passage.

Expected: required stages and required passages. A stage is *held* by the active actors of its activities,
and by those whose flows say that they start or end there; a flow from or to the outside that names a stage
serves it from outside. Stages that can stand for one another form a *unit*: one of them is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from ...text import fold
from ...vocabulary import ExpectedScale, StageKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ...network import Network

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Chain", "chain_of"]

T = TypeVar("T")


@dataclass(frozen=True)
class Chain:
    """The expected chain and its state, as arrays along the stages, the units or the passages.

    Attributes
    ----------
    required, local_expected, resource, market
        Along the stages; a stage of regional or indifferent scale is not expected locally.
    unit
        The unit of each stage.
    holder_actor, holder_stage
        Who holds what, each pair once.
    here, unplaced, away
        Whether a stage is held in the territory, by an actor of whom nobody knows where it is, or from
        outside. Without a territory an actor is here unless its type is *outside*.
    link_row
        Position in ``f.stage_links`` of the required passages; the other ``link_*`` run along it.
    link_seen
        An active flow makes the passage, or one actor holds both its ends.
    link_open
        Not seen, and not known to be missing: there is no table of flows, or a flow that could be it does
        not say which of the stages of its actors it joins.
    """

    filiere: Filiere
    network: Network
    required: Mask
    local_expected: Mask
    resource: Mask
    market: Mask
    unit: Codes
    holder_actor: Codes
    holder_stage: Codes
    here: Mask
    unplaced: Mask
    away: Mask
    has_flows: bool
    link_row: NDArray[np.int64]
    link_from: Codes
    link_to: Codes
    link_material: Codes
    link_seen: Mask
    link_open: Mask

    @classmethod
    def of(cls, f: Filiere) -> Chain:
        """Read the expectation and the observation of a filière."""
        net, stages = f.network, f.stages
        actor, stage = _holders(net)
        rows = np.flatnonzero(net.link_required)
        links = (net.link_from[rows], net.link_to[rows], net.link_material[rows])
        has_flows = len(f.flows) > 0
        seen = _held_by_one(actor, stage, net, *links[:2]) | _made_by_flows(net, *links)
        maybe = _maybe_made(net, actor, stage, *links) if has_flows else np.ones(len(rows), dtype=bool)
        place = net.local[actor]
        if f.territory_id is None:  # the question of the local is not asked: all but the outside is here
            place = np.where(place == 0, 0, 1)
        return cls(
            filiere=f,
            network=net,
            required=stages["required"].fillna(True).to_numpy(bool),
            local_expected=stages["expected_scale"]
            .fillna("local")
            .eq(ExpectedScale.LOCAL.value)
            .to_numpy(bool),
            resource=stages["kind"].eq(StageKind.RESOURCE.value).to_numpy(bool),
            market=stages["kind"].eq(StageKind.MARKET.value).to_numpy(bool),
            unit=_units(stages["alternative_group"]),
            holder_actor=actor,
            holder_stage=stage,
            here=_any_at(stage[place == 1], net.n_stages),
            unplaced=_any_at(stage[place == -1], net.n_stages),
            away=_any_at(stage[place == 0], net.n_stages) | _served_from_outside(net),
            has_flows=has_flows,
            link_row=rows,
            link_from=links[0],
            link_to=links[1],
            link_material=links[2],
            link_seen=seen,
            link_open=~seen & maybe,
        )

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
        return np.bincount(self.holder_stage, minlength=self.n_stages)

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The stages of each unit, in table order."""
        found: list[list[int]] = [[] for _ in range(self.n_units)]
        for stage, unit in enumerate(self.unit.tolist()):  # a loop over stages
            found[unit].append(stage)
        return tuple(tuple(part) for part in found)

    def any_member(self, mask: Mask) -> Mask:
        """Return, per unit, whether any of its stages is true."""
        return _any_at(self.unit[mask], self.n_units)

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
    return f.derived("chain", Chain.of)


def _any_at(places: Codes, size: int) -> Mask:
    return np.bincount(places, minlength=size).astype(bool)


def _units(groups: pd.Series) -> Codes:
    """Return the unit of each stage: those of one alternative group share it."""
    spelled = groups.map(fold, na_action="ignore").astype(object)
    own = pd.Series([("", place) for place in range(len(groups))], index=groups.index, dtype=object)
    return pd.factorize(spelled.where(spelled.notna(), own))[0].astype(np.int32)


def _holders(net: Network) -> tuple[Codes, Codes]:
    """Return who holds what: activities, and the stages that flows name, each pair once."""
    actor = np.concatenate([net.activity_actor, net.flow_source, net.flow_target]).astype(np.int64)
    stage = np.concatenate([net.activity_stage, net.flow_source_stage, net.flow_target_stage])
    known = (actor >= 0) & (stage >= 0)
    size = max(net.n_stages, 1)
    pairs = np.unique(actor[known] * size + stage[known])
    return (pairs // size).astype(np.int32), (pairs % size).astype(np.int32)


def _served_from_outside(net: Network) -> Mask:
    """Return the stages at which a flow comes from, or leaves for, an outside without a name."""
    ends = [net.flow_source_stage[net.flow_source < 0], net.flow_target_stage[net.flow_target < 0]]
    stages = np.concatenate(ends)
    return _any_at(stages[stages >= 0], net.n_stages)


def _held_by_one(actor: Codes, stage: Codes, net: Network, start: Codes, end: Codes) -> Mask:
    """Return the passages both ends of which one actor holds: it makes them itself."""
    if not len(start) or not len(actor):
        return np.zeros(len(start), dtype=bool)
    from scipy.sparse import coo_array

    ones = np.ones(len(actor), dtype=np.float64)
    holds = coo_array((ones, (actor, stage)), shape=(net.n_actors, net.n_stages)).tocsr()
    return (holds.T @ holds).toarray()[start, end] > 0


def _keys(start: Codes, end: Codes, material: Codes, net: Network) -> NDArray[np.int64]:
    """Return one number per (stage, stage, material); material −1 is « not stated »."""
    size = max(net.n_stages, 1)
    return (start.astype(np.int64) * size + end) * (len(net.material_ids) + 1) + material + 1


def _fits(start: Codes, end: Codes, material: Codes, flows: tuple[Codes, Codes, Codes], net: Network) -> Mask:
    """Return the passages that flows between stages make; a material not stated fits any."""
    known = (flows[0] >= 0) & (flows[1] >= 0)
    a, b, m = (part[known] for part in flows)
    any_material = _keys(a, b, np.full_like(m, -1), net)
    blank = _keys(start, end, np.full_like(material, -1), net)
    same = np.isin(_keys(start, end, material, net), _keys(a, b, m, net))
    # blank on the flow: its key is the blank one; blank on the passage: any flow between the two will do
    return same | np.isin(blank, any_material[m < 0]) | ((material < 0) & np.isin(blank, any_material))


def _made_by_flows(net: Network, start: Codes, end: Codes, material: Codes) -> Mask:
    flows = (net.flow_source_stage, net.flow_target_stage, net.flow_material)
    return _fits(start, end, material, flows, net)


def _maybe_made(net: Network, actor: Codes, stage: Codes, start: Codes, end: Codes, material: Codes) -> Mask:
    """Return the passages that a flow makes if its undecided ends are at the right stages of its actors."""
    open_source = (net.flow_source >= 0) & (net.flow_source_stage < 0)
    open_target = (net.flow_target >= 0) & (net.flow_target_stage < 0)
    rows = np.flatnonzero(open_source | open_target)
    if not len(rows):
        return np.zeros(len(start), dtype=bool)
    held = pd.DataFrame({"actor": actor, "stage": stage})
    flows = pd.DataFrame({"row": rows})
    for name, actors, stages, undecided in (
        ("from", net.flow_source, net.flow_source_stage, open_source),
        ("to", net.flow_target, net.flow_target_stage, open_target),
    ):
        known = pd.DataFrame({"row": rows[~undecided[rows]]})
        known[name] = stages[known["row"].to_numpy()]
        asked = pd.DataFrame({"row": rows[undecided[rows]]})
        asked["actor"] = actors[asked["row"].to_numpy()]
        choices = asked.merge(held, on="actor")[["row", "stage"]].rename(columns={"stage": name})
        flows = flows.merge(pd.concat([known, choices]), on="row")
    ends = (flows["from"].to_numpy(np.int32), flows["to"].to_numpy(np.int32))
    return _fits(start, end, material, (*ends, net.flow_material[flows["row"].to_numpy(np.int64)]), net)
