"""What each niche is weighed with: tonnes at each level, skills, insertion jobs, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.markets import FIRMEST, current_markets
from ...analysis.measure import NAN
from ...provenance import soft_row_share
from ...vocabulary import StageKind
from ._carrying import Carried, demand_for, resource_for
from ._passing import ANY, Passing, Process, passing_of
from ._pools import DEMAND, SUPPLY, Pool, levels_of, pools_at
from ._walk import Walk

if TYPE_CHECKING:
    from ...filiere import Filiere
    from ._ideas import Idea
    from ._jobs import Intensity

__all__ = ["Side", "bounds_of_score", "hypotheses", "sides_of", "sufficiency"]


@dataclass(frozen=True)
class Side:
    """The resource, or the demand, of an idea: what counts, at which level, and the tonnes of each level.

    ``reason`` is empty where it is known, else ``nothing_stated`` (nothing leads there at the level), ``no_quantity``
    (stated without one), ``no_material`` (the idea names none), ``no_product``.
    """

    carried: Carried
    level: str
    by_level: dict[str, float]
    reason: str = ""


def sides_of(f: Filiere, idea: Idea, levels: dict[str, str | None]) -> tuple[Side, Side]:
    """Return the resource and the demand of an idea."""
    passing, stage = _chain_with(f, idea)
    if stage is None:
        nothing = [_nothing(kind, f"no_{what}") for kind, what in ((SUPPLY, "material"), (DEMAND, "product"))]
        return nothing[0], nothing[1]
    resource = _side(f, SUPPLY, levels[SUPPLY], passing, stage, is_market=False)
    demand = _side(f, DEMAND, levels[DEMAND], passing, stage, is_market=idea.kind == StageKind.MARKET.value)
    if idea.place < 0 and idea.material < 0:
        resource = _nothing(SUPPLY, "no_material")
    if idea.place < 0 and idea.product < 0:
        demand = _nothing(DEMAND, "no_product")
    return resource, demand


def _chain_with(f: Filiere, idea: Idea) -> tuple[Passing, int | None]:
    """Return the chain with the idea in it, and the position of its stage; none where it names no material."""
    passing = passing_of(f)
    if idea.place >= 0:
        return passing, idea.place
    if idea.material < 0 and idea.product < 0:
        return passing, None
    # what is not said of its yield: a tonne out of a tonne
    t_per_t = 1.0 if np.isnan(idea.t_per_t) else idea.t_per_t
    takes = {idea.material if idea.material >= 0 else ANY: 1.0}
    makes = {idea.product: t_per_t} if idea.product >= 0 and t_per_t > 0 else {}
    stage = f.network.n_stages
    return passing.with_idea(stage, Process(stage, 0, takes, makes)), stage


def _side(f: Filiere, kind: str, level: str | None, passing: Passing, stage: int, *, is_market: bool) -> Side:
    def at(one: str) -> Carried:
        pools = pools_at(f, kind, one)
        if not pools:
            return Carried()
        if kind == SUPPLY:
            return resource_for(passing, pools, stage)
        return demand_for(passing, pools, stage, is_market=is_market)

    found = {one: at(one) for one in [*FIRMEST[kind], ""]}
    by_level = {one: found[one].t for one in FIRMEST[kind]}
    for one in levels_of(kind, level):  # the firmest that is known
        if found[one].t == found[one].t:
            return Side(found[one], one, by_level)
    silent = _silent(f, kind, level)
    walk = Walk(passing, silent, upstream=kind == SUPPLY)
    first = (passing.into if kind == SUPPLY or is_market else passing.out_of).get(stage, [])
    spoken = bool(walk.reached(first)[0]) or (is_market and any(stage in pool.stages for pool in silent))
    return replace(_nothing(kind, "no_quantity" if spoken else "nothing_stated"), by_level=by_level)


def _nothing(kind: str, reason: str) -> Side:
    return Side(Carried(), "", dict.fromkeys(FIRMEST[kind], NAN), reason)


def _silent(f: Filiere, kind: str, level: str | None) -> Sequence[Pool]:
    """Return, as pools, what is stated without a quantity."""
    rows = current_markets(f)
    use = rows["kind"].eq(kind) & rows["quantity_t_per_year"].isna()
    if level is not None:
        use &= rows["level"].eq(level).fillna(False)
    part, net = rows[use.to_numpy(bool)], f.network
    materials = net.material_ids.get_indexer(part["material_id"]).tolist()
    stages = net.stage_ids.get_indexer(part["stage_id"]).tolist()
    return [
        Pool(material, frozenset([stage] if stage >= 0 else []), NAN, (), 1)
        for material, stage in zip(materials, stages, strict=True)
    ]


def sufficiency(t: float, minimum: float) -> float:
    """Return ``min(1, t / minimum)``: 0 where there is nothing, whatever the minimum; NaN where either is unknown."""
    if t == 0:
        return 0.0
    if np.isnan(t) or np.isnan(minimum):
        return NAN
    return float(min(1.0, t / minimum)) if minimum > 0 else 1.0


def hypotheses(f: Filiere, idea: Idea, resource: Side, demand: Side, intensity: Intensity) -> float:
    """Return the share of what the sub-scores of an idea rest on that is an estimate, a hypothesis, or has no source."""
    rows: dict[str, tuple[str, ...]] = {
        "markets": (*resource.carried.rows, *demand.carried.rows),
        "recipes": tuple(dict.fromkeys((*resource.carried.recipes, *demand.carried.recipes))),
        "stages": idea.minimum_rows if idea.minimum_basis == "stage" and idea.minimum == idea.minimum else (),
        "options": idea.minimum_rows if idea.minimum_basis == "options" else (),
        "activities": (),
    }
    if intensity.table:
        rows[intensity.table] = (*rows[intensity.table], *intensity.rows)
    rows = {name: tuple(dict.fromkeys(part)) for name, part in rows.items() if part}
    count = sum(map(len, rows.values()))
    share = soft_row_share(f, rows)
    if not count + idea.n_own:
        return NAN
    soft = (share * count if count else 0.0) + idea.n_own
    return float(soft / (count + idea.n_own))


def bounds_of_score(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the geometric mean of the sub-scores along rows, and its bounds where some are unknown (0 to 1)."""
    values = scores.to_numpy(np.float64)
    size = values.shape[1]
    low, high = (np.nan_to_num(values, nan=fill).prod(axis=1) ** (1 / size) for fill in (0.0, 1.0))
    return pd.DataFrame(
        {"score": np.where(low == high, low, np.nan), "score_low": low, "score_high": high},
        index=scores.index,
    )
