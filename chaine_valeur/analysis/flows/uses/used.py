"""How much of a supply is used: what actors send out of it beyond what they received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....network import codes_of
from ....vocabulary import MarketKind
from ...activities import flows_at, known_sums
from ...markets import FIRMEST, current_markets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ....filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Supply", "Used", "supplies_by_level", "used_of"]


@dataclass(frozen=True)
class Used:
    """What is used of a supply, t/year; what is unknown of it; the flows that were read."""

    t: float
    n_unknown: int
    flows: tuple[str, ...]


@dataclass(frozen=True)
class Supply:
    """The supplies of one material (of one stage, where none is named), those of each level stated, firmest first.

    An empty level is that of rows that state none, where no other row states one.
    """

    levels: tuple[tuple[str, pd.DataFrame], ...]


def supplies_by_level(f: Filiere) -> Iterator[Supply]:
    """Yield the known, positive supplies of each material."""
    markets = current_markets(f)
    supply = markets[markets["kind"].eq(MarketKind.SUPPLY.value).to_numpy(bool)]
    known = supply[(supply["quantity_t_per_year"] > 0).to_numpy(bool)]
    about = known["material_id"].where(known["material_id"].notna(), "\0" + known["stage_id"].fillna(""))
    for _, rows in known.groupby(about.to_numpy(object), sort=False):  # a loop over materials
        order = FIRMEST[MarketKind.SUPPLY.value]
        at = [(level, rows[(rows["level"] == level).to_numpy(bool)]) for level in order]
        stated = tuple((level, part) for level, part in at if len(part))
        yield Supply(stated or (("", rows),))


def used_of(f: Filiere, at: pd.DataFrame) -> Used:
    """Return what is used of some rows of supply of one material, as a lower bound where `n_unknown` is above 0.

    Unknown are flows without a quantity, and actors that may use their own supply: they hold the next stage too.
    A flow that names no material is taken for this one if it leaves who offers it. Imports use none of it.
    """
    net = f.network
    material = codes_of(at["material_id"], net.material_ids)[0]
    actors, stages = codes_of(at["actor_id"], net.actor_ids), codes_of(at["stage_id"], net.stage_ids)
    actors, stages = actors[actors >= 0], stages[stages >= 0]
    ours = np.isin(net.flow_source, actors) | np.isin(net.flow_source_stage, stages)
    mine = (net.flow_material == material) & (material >= 0)
    mine |= (net.flow_material < 0) & ours if material >= 0 else ours
    own = mine & (net.flow_source == net.flow_target)
    sent = known_sums(net.flow_source[mine & ~own], net.flow_t[mine & ~own], net.n_actors).total
    same = mine & ~own & (net.flow_material == material)
    got = known_sums(net.flow_target[same], net.flow_t[same], net.n_actors).total
    resource = np.append(net.resource, False)
    from_here = resource[net.flow_source_stage] & own
    used = np.maximum(np.nan_to_num(sent) - np.nan_to_num(got), 0).sum() + np.nansum(net.flow_t[from_here])
    unknown = int(np.isnan(net.flow_t[mine]).sum()) + _uses_its_own(f, int(material), actors, stages)
    return Used(float(used), unknown, flows_at(f, mine))


def _uses_its_own(f: Filiere, material: int, actors: Codes, stages: Codes) -> int:
    """Return how many actors that offer a material also hold the stage to which it should pass.

    What an actor passes on inside needs no flow; where flows show the material leaving it, they are believed.
    """
    net, size = f.network, f.network.n_actors
    leaving = np.isin(net.link_from, stages)
    if material >= 0:
        leaving = (net.link_material == material) | (leaving & (net.link_material < 0))
    links = leaving & net.link_required
    actor = np.concatenate([net.activity_actor, net.flow_source, net.flow_target])
    stage = np.concatenate([net.activity_stage, net.flow_source_stage, net.flow_target_stage])
    held = (actor >= 0) & (stage >= 0)
    starts = _some(actor[held & np.isin(stage, net.link_from[links])], size)
    ends = _some(actor[held & np.isin(stage, net.link_to[links])], size)
    offering = _some(actors, size) if len(actors) else np.ones(size, dtype=bool)
    shown = _some(net.flow_source[net.flow_material == material], size)
    return int((starts & ends & offering & ~shown).sum())


def _some(places: Codes, size: int) -> Mask:
    return np.bincount(places[places >= 0], minlength=size).astype(bool)
