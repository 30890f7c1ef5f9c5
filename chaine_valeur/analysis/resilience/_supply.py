"""Who can be supplied by whom: the actors that exchange material, where it comes from and who buys it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...columns import columns, numbered
from ...network import distinct
from ...text import fold
from ...vocabulary import Role
from ._dominators import Tree, dominators

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Places = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Stages", "Supply", "holders_of", "single_actors", "stages_of", "supply_of"]

_ROLES = list(Role)


@dataclass(frozen=True)
class Supply:
    """The passages between actors, each pair once, whatever the material; unknown quantities count.

    Attributes
    ----------
    n_actors
        Number of actors; the node of that number is the outside and all that lies before the chain.
    source, target
        Ends of the passages between two different actors.
    imported
        Actors that a flow from the outside reaches.
    origin
        Actors from which material starts: at a resource stage, suppliers, and those that send something of
        which no arrival is recorded.
    buyer
        Actors at a market stage; where no flow reaches any, active actors in the role of buyer too.
    has_flows
        Whether there is a table of flows.
    """

    n_actors: int
    source: Places
    target: Places
    imported: Places
    origin: Mask
    buyer: Mask
    has_flows: bool

    @property
    def root(self) -> int:
        """The node from which all supply starts."""
        return self.n_actors

    @cached_property
    def edges(self) -> tuple[Places, Places]:
        """Source and target of everything that supplies, from the root on."""
        starts = np.flatnonzero(self.origin)
        from_root = np.full(len(starts) + len(self.imported), self.root)
        return (
            np.concatenate([from_root, self.source]),
            np.concatenate([starts, self.imported, self.target]),
        )

    @cached_property
    def tree(self) -> Tree:
        """For each actor that is supplied, the last one that all its supply passes."""
        return dominators(*self.edges, size=self.n_actors + 1, root=self.root)

    @cached_property
    def supplied(self) -> Mask:
        """Buyers that something reaches from an origin or from outside."""
        reached = self.tree.first[: self.n_actors] >= 0
        fed = np.zeros(self.n_actors, dtype=bool)
        fed[self.target] = True
        fed[self.imported] = True
        # an actor that is both origin and buyer, without an arrival, is no buyer that one could cut off
        return self.buyer & reached & fed

    @cached_property
    def cut(self) -> NDArray[np.int64]:
        """Per actor, how many other buyers lose all supply if it stops."""
        counted = np.append(self.supplied.astype(np.int64), 0)
        return (self.tree.below(counted) - counted)[: self.n_actors]


def supply_of(f: Filiere) -> Supply:
    """Return who supplies whom in a filière, read once."""
    return f.derived("resilience_supply", _supply)


def holders_of(f: Filiere) -> Mask:
    """Return actors × stages, true where an active actor holds a stage or a flow says so."""
    net = f.network
    held = np.zeros((net.n_actors, net.n_stages), dtype=bool)
    for actor, stage in (
        (net.activity_actor, net.activity_stage),
        (net.flow_source, net.flow_source_stage),
        (net.flow_target, net.flow_target_stage),
    ):
        known = (actor >= 0) & (stage >= 0)
        held[actor[known], stage[known]] = True
    return held


def single_actors(f: Filiere) -> Mask:
    """Return the actors that are one organisation: neither households, nor a network, nor the outside."""
    return f.network.single


@dataclass(frozen=True)
class Stages:
    """The stages as units: those that can stand for one another are one.

    ``unit`` along the stages, ``members`` and ``required`` along the units; ``held`` actors × units;
    ``told`` units that one single actor holds, which `chaine_valeur.gaps` tells already.
    """

    unit: Places
    members: tuple[tuple[int, ...], ...]
    required: Mask
    held: Mask
    told: Mask

    @property
    def size(self) -> int:
        """Number of units."""
        return len(self.members)


def stages_of(f: Filiere) -> Stages:
    """Return the stages of a filière as units."""
    groups = columns(f, "stages").text("alternative_group").tolist()
    # a stage that stands for no other is a unit of its own
    unit, _ = numbered([f"\0{place}" if group is None else fold(group) for place, group in enumerate(groups)])
    size = int(unit.max()) + 1 if len(unit) else 0
    members = tuple(tuple(np.flatnonzero(unit == each).tolist()) for each in range(size))  # over stages
    required = np.zeros(size, dtype=bool)
    required[unit[f.network.required]] = True
    of_stage = f.derived("resilience_holders", holders_of)
    held = np.zeros((len(of_stage), size), dtype=bool)
    for stage, each in enumerate(unit.tolist()):  # over stages
        held[:, each] |= of_stage[:, stage]
    alone = (held.sum(axis=0) == 1) & ~held[~single_actors(f)].any(axis=0)
    return Stages(unit, members, required, held, alone & required)


def _supply(f: Filiere) -> Supply:
    net, size = f.network, f.network.n_actors
    held = f.derived("resilience_holders", holders_of)
    resource, market = held[:, net.resource].any(axis=1), np.asarray(held[:, net.market].any(axis=1))
    source, target = net.flow_source.astype(np.int64), net.flow_target.astype(np.int64)
    both = (source >= 0) & (target >= 0) & (source != target)
    pairs = distinct(source[both] * size + target[both])
    imported = np.unique(target[(source < 0) & (target >= 0)])
    arrives, sends = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    arrives[pairs % max(size, 1)] = True
    arrives[imported] = True
    sends[source[source >= 0]] = True
    origin = resource | net.roles[:, _ROLES.index(Role.SUPPLIER)] | (sends & ~arrives)
    buyer: Mask = net.roles[:, _ROLES.index(Role.BUYER)] & net.active
    return Supply(
        n_actors=size,
        source=pairs // max(size, 1),
        target=pairs % max(size, 1),
        imported=imported,
        origin=origin & net.active,
        buyer=market if (market & arrives).any() else market | buyer,
        has_flows=bool(net.has_flows[0]),
    )
