"""Actors without supplier, without outlet, or that nothing ties to the chain: masks along the actors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...network import codes_of
from ...network.positions import any_at, count_at
from ...vocabulary import Role
from .chain import Chain, chain_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = ["Places", "places_in", "places_of", "several_in_one", "unconnected"]

_ROLES = list(Role)


@dataclass(frozen=True)
class Places:
    """Where actors stand in the flows that count.

    A flow of an actor to itself, between two of its stages, is no tie with another: it is left out.

    Attributes
    ----------
    between
        Along the flows of the network: between two different ends.
    n_in, n_out
        Number of flows that reach and leave each actor, imports and exports included.
    should_be_fed, should_go_on
        Actors of the chain that are no source (no resource stage, no supplier) and those that are no end
        (no market stage, no buyer).
    silent
        Actors of which no flow at all is recorded, not even between two of their stages: what reaches or
        leaves them was not stated.
    """

    between: Mask
    n_in: NDArray[np.int64]
    n_out: NDArray[np.int64]
    should_be_fed: Mask
    should_go_on: Mask
    silent: Mask

    @property
    def orphan(self) -> Mask:
        """Actors that should be fed and are not."""
        return self.should_be_fed & (self.n_in == 0)

    @property
    def dead_end(self) -> Mask:
        """Actors from which something should go on, and nothing does."""
        return self.should_go_on & (self.n_out == 0)


def places_of(f: Filiere) -> Places:
    """Return where actors stand in the flows, read once."""
    return f.derived("places", lambda f: places_in(chain_of(f)))


def places_in(chain: Chain) -> Places:
    """Return where the actors of one filière, or of many, stand in the flows."""
    core = chain.core
    between = core.flow_source != core.flow_target
    n_in = count_at(core.flow_target[between], core.n_actors)
    n_out = count_at(core.flow_source[between], core.n_actors)
    taking_part = core.active & ~core.outside
    in_chain = (n_in + n_out > 0) | any_at(chain.holder_actor, core.n_actors)
    source = _holding(chain, chain.resource) | core.roles[:, _ROLES.index(Role.SUPPLIER)]
    end = _holding(chain, chain.market) | core.roles[:, _ROLES.index(Role.BUYER)]
    stated = any_at(core.flow_source, core.n_actors) | any_at(core.flow_target, core.n_actors)
    part = taking_part & in_chain
    return Places(between, n_in, n_out, part & ~source, part & ~end, ~stated)


def unconnected(f: Filiere) -> Mask:
    """Return the partners that nothing recorded ties to the chain.

    Neither flow, cooperation, seat in a group (or being its referent, or having come), money given or
    received, nor an organisation that it is part of. An expert who sits in a group is not isolated; diffuse
    groups and the outside are no partners.
    """
    return f.derived("unconnected", _unconnected)


def _unconnected(f: Filiere) -> Mask:
    net = f.network
    tied = np.zeros(net.n_actors, dtype=bool)
    present = f.meetings["attended"].fillna(True).to_numpy(bool)
    for actors in (
        f.memberships["actor_id"],
        f.groups["referent_id"],
        f.meetings["actor_id"][present],
        f.funding["funder_id"],
        f.funding["beneficiary_id"],
        f.actors["part_of"],
    ):
        places = codes_of(actors, net.actor_ids)
        tied[places[places >= 0]] = True
    tied |= f.actors["part_of"].notna().to_numpy(bool)
    between = net.flow_source != net.flow_target
    for ends in (net.flow_source[between], net.flow_target[between]):
        tied[ends[ends >= 0]] = True
    ties = net.ties()
    partners = codes_of(ties.nodes.to_series(), net.actor_ids)
    tied[partners[ties.a]] = True
    tied[partners[ties.b]] = True
    return net.partner & ~tied


def several_in_one(f: Filiere) -> Mask:
    """Return the actors that stand for several: a diffuse group, a network of organisations, the outside."""
    return ~f.network.single


def along_actors(f: Filiere, mask: Mask) -> pd.Series:
    """Return a mask as nullable booleans on ``actor_id``, unknown all over without a table of flows."""
    import pandas as pd

    found = pd.Series(mask, index=f.network.actor_ids, dtype="boolean")
    return found if chain_of(f).has_flows else found.mask(np.ones(len(found), dtype=bool))


def _holding(chain: Chain, stages: Mask) -> Mask:
    return any_at(chain.holder_actor[stages[chain.holder_stage]], chain.core.n_actors)
