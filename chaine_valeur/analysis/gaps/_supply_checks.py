"""Findings about supply that nothing uses, with its level named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...language import tr
from ...network import codes_of
from ...vocabulary import MarketKind, MarketLevel
from .._activities import identifiers, known_sums
from .._markets import FIRMEST
from .._wording import quoted, sentences, tonnes
from ..findings import Finding
from ._build import gap_finding, joined_rows, mask_of
from ._stakes import stakes_of
from ._wording import kind_of_quantity, listed
from .chain import chain_of
from .metrics import into

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["UNUSED_SHARE", "unused_resources"]

#: Share of a supply that has to be without use before it is told.
UNUSED_SHARE = 0.1


def unused_resources(
    f: Filiere, *, lang: str = "fr", unused_share: float = UNUSED_SHARE
) -> Iterator[Finding]:
    """Yield the materials of which a good part of the supply has no recorded use.

    Supply at the firmest level given (mobilized, else mobilizable, else raw) minus what actors send out of it
    beyond what they received. Told from `unused_share` of the supply on; where a flow has no quantity, or an
    actor may use its own supply, as an upper bound. Imports use none of it.
    """
    chain, stakes = chain_of(f), stakes_of(f)
    if not chain.has_flows:
        return
    supply = stakes.markets[stakes.markets["kind"].eq(MarketKind.SUPPLY.value).to_numpy(bool)]
    known = supply[(supply["quantity_t_per_year"] > 0).to_numpy(bool)]
    about = known["material_id"].where(known["material_id"].notna(), "\0" + known["stage_id"].fillna(""))
    for _, rows in known.groupby(about.to_numpy(object), sort=False):  # a loop over materials
        levels = [level for level in FIRMEST[MarketKind.SUPPLY.value] if (rows["level"] == level).any()]
        at = rows[(rows["level"] == levels[0]).to_numpy(bool)] if levels else rows
        total = float(at["quantity_t_per_year"].sum())
        used, unknown, flows = _used(f, at)
        left = total - used
        if left <= unused_share * total:
            continue
        others = [(level, rows[(rows["level"] == level).to_numpy(bool)]) for level in levels[1:]]
        yield _unused(f, at, levels[0] if levels else "", left, total, unknown, flows, others, lang)


def _used(f: Filiere, at: pd.DataFrame) -> tuple[float, int, tuple[str, ...]]:
    """Return the known tonnes used of some rows of supply, what is unknown of it, and the flows read."""
    net = f.network
    material = codes_of(at["material_id"], net.material_ids)[0]
    actors, stages = codes_of(at["actor_id"], net.actor_ids), codes_of(at["stage_id"], net.stage_ids)
    actors, stages = actors[actors >= 0], stages[stages >= 0]
    ours = np.isin(net.flow_source, actors) | np.isin(net.flow_source_stage, stages)
    mine = (net.flow_material == material) & (material >= 0)
    # a flow that names no material is taken for this one if it leaves who offers it
    mine |= (net.flow_material < 0) & ours if material >= 0 else ours
    own = mine & (net.flow_source == net.flow_target)
    sent = known_sums(net.flow_source[mine & ~own], net.flow_t[mine & ~own], net.n_actors).total
    same = mine & ~own & (net.flow_material == material)
    got = known_sums(net.flow_target[same], net.flow_t[same], net.n_actors).total
    from_here = into(net.flow_source_stage, chain_of(f).resource) & own
    used = np.maximum(np.nan_to_num(sent) - np.nan_to_num(got), 0).sum() + np.nansum(net.flow_t[from_here])
    unknown = int(np.isnan(net.flow_t[mine]).sum()) + _uses_its_own(f, material, actors, stages)
    return float(used), unknown, identifiers(net.flow_ids[mine])


def _uses_its_own(f: Filiere, material: int, actors: np.ndarray, stages: np.ndarray) -> int:
    """Return how many actors that offer a material also hold the stage to which it should pass.

    What an actor passes on inside needs no flow; where flows show the material leaving it, they are believed.
    """
    chain, size = chain_of(f), f.network.n_actors
    links = _links_of(f, material, stages)
    starts = mask_of(chain.holder_actor[np.isin(chain.holder_stage, chain.link_from[links])], size)
    ends = mask_of(chain.holder_actor[np.isin(chain.holder_stage, chain.link_to[links])], size)
    offering = mask_of(actors, size) if len(actors) else np.ones(size, dtype=bool)
    shown = mask_of(chain.network.flow_source[chain.network.flow_material == material], size)
    return int((starts & ends & offering & ~shown).sum())


def _links_of(f: Filiere, material: int, stages: np.ndarray) -> np.ndarray:
    """Return the expected passages that take a material on: its own, and those of any from where it is."""
    chain = chain_of(f)
    leaving = np.isin(chain.link_from, stages)
    if material < 0:
        return leaving
    return (chain.link_material == material) | (leaving & (chain.link_material < 0))


def _unused(
    f: Filiere,
    at: pd.DataFrame,
    level: str,
    left: float,
    total: float,
    unknown: int,
    flows: tuple[str, ...],
    others: list[tuple[str, pd.DataFrame]],
    lang: str,
) -> Finding:
    net, stakes = f.network, stakes_of(f)
    material, stage, actor = (_only(at[column]) for column in ("material_id", "stage_id", "actor_id"))
    name = f.materials.loc[material, "name"] if material else f.stages.loc[stage, "name"] if stage else ""
    fields = {
        "name": quoted(str(name), lang),
        "amount": tonnes(left, lang),
        "total": tonnes(total, lang),
        "what": kind_of_quantity(MarketKind.SUPPLY.value, level, lang),
    }
    head = (
        tr("{name}: up to {amount} of {what} without a recorded use, of {total}.", lang, **fields)
        if unknown
        else tr("{name}: {amount} of {what} without a recorded use, of {total}.", lang, **fields)
    )
    told = [_level(other, rows, lang) for other, rows in others]
    rest = tr("Other levels: {levels}.", lang, levels=listed(told, lang)) if told else ""
    places = codes_of(at["stage_id"].dropna(), net.stage_ids)
    links = _links_of(f, int(codes_of(at["material_id"], net.material_ids)[0]), places)
    jobs = stakes.jobs_at_stages(stakes.chain.link_to[links].tolist())
    rows = joined_rows({"markets": identifiers(at.index)}, {"flows": flows}, jobs.rows)
    severity = "low" if level == MarketLevel.RAW.value else "medium"
    about, message = {"stage_id": stage, "actor_id": actor, "material_id": material}, sentences(head, rest)
    return gap_finding(
        f, "unused_resource", severity, message, rows, jobs, about, quantity=left, n_unknown=unknown
    )


def _level(level: str, rows: pd.DataFrame, lang: str) -> str:
    amount = tonnes(float(rows["quantity_t_per_year"].sum()), lang)
    return f"{kind_of_quantity(MarketKind.SUPPLY.value, level, lang)} {amount}"


def _only(cells: pd.Series) -> str | None:
    """Return the one value of a column, or none where there are several or an unknown one."""
    return str(cells.iloc[0]) if cells.notna().all() and cells.nunique() == 1 else None
