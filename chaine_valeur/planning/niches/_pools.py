"""The supplies and demands of one level, as pools that the expected chain may draw from or fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.markets import FIRMEST, current_markets
from ...errors import UnknownNameError
from ...network import codes_of
from ...vocabulary import MarketKind, MaterialKind

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["DEMAND", "SUPPLY", "Pool", "levels_of", "pools_at"]

SUPPLY, DEMAND = MarketKind.SUPPLY.value, MarketKind.DEMAND.value


@dataclass(frozen=True)
class Pool:
    """Tonnes a year of one material (−1: not stated) at one level; the stages and the rows that state them.

    ``n_unknown`` counts the rows of the same level and material without a quantity.
    """

    material: int
    stages: frozenset[int]
    t: float
    rows: tuple[str, ...]
    n_unknown: int

    def fits(self, material: int, stage: int) -> bool:
        """Whether what passes at a stage is of this pool: by its material, by the stage where either is not stated."""
        if self.material >= 0 and material >= 0:
            return self.material == material
        return stage in self.stages


def levels_of(kind: str, level: str | None) -> list[str]:
    """Return the levels to read, firmest first; the one asked for alone.

    Raises
    ------
    UnknownNameError
        A level that supplies (demands) do not have.
    """
    if level is None:
        return [*FIRMEST[kind], ""]
    if level not in FIRMEST[kind]:
        raise UnknownNameError.of(f"no level of {kind} {level!r}", level, FIRMEST[kind])
    return [level]


def pools_at(f: Filiere, kind: str, level: str) -> list[Pool]:
    """Return the pools of known quantity at a level; an empty level is that of rows that state none.

    Supplies are those of the level itself: raw contains mobilizable, and levels are never added. Demands of a level
    hold the firmer ones of other buyers, too: what is contracted is also asked for; of one buyer the largest counts.
    An outlet that one pays for, or of a waste, is no demand.
    """
    return f.derived(("niche_pools", kind, level), lambda f: _pools(f, kind, level))


def _pools(f: Filiere, kind: str, level: str) -> list[Pool]:
    net, markets = f.network, current_markets(f)
    rows = markets[markets["kind"].eq(kind).to_numpy(bool)]
    stated = rows["level"].fillna("").to_numpy(object)
    table = pd.DataFrame(
        {
            "actor": codes_of(rows["actor_id"], net.actor_ids),
            "stage": codes_of(rows["stage_id"], net.stage_ids),
            "material": codes_of(rows["material_id"], net.material_ids),
            "level": stated,
            "t": rows["quantity_t_per_year"].to_numpy(np.float64),
            "row": rows.index.to_numpy(object),
        }
    )
    if kind == DEMAND:
        waste = np.append(f.materials["kind"].eq(MaterialKind.WASTE.value).to_numpy(bool), False)
        paid = (rows["price_eur_per_t"] < 0).to_numpy(bool)
        order = [*FIRMEST[kind], ""]
        use = np.isin(stated, order[: order.index(level) + 1]) & ~paid & ~waste[table["material"]]
        table = _largest_of_each(table[use])
    else:
        table = table[stated == level]
    # a row that names no material is a pool of its stage
    place = table["stage"].where(table["material"] < 0, -1)
    pools = []
    for (material, _), part in table.groupby(["material", place], sort=True):  # over materials
        known = part[part["t"].notna().to_numpy(bool)]
        stages = frozenset(stage for stage in part["stage"].tolist() if stage >= 0)
        if len(known):
            pools.append(
                Pool(
                    int(material),
                    stages,
                    float(known["t"].sum()),
                    tuple(known["row"].tolist()),
                    len(part) - len(known),
                )
            )
    return pools


def _largest_of_each(table: pd.DataFrame) -> pd.DataFrame:
    """Return, of each buyer, stage and material, the rows of the level at which it asks for most."""
    key = ["actor", "stage", "material"]
    sums = table.groupby([*key, "level"], sort=False)["t"].sum(min_count=1).reset_index()
    best = sums.sort_values("t", kind="stable", na_position="first").drop_duplicates(key, keep="last")
    return table.merge(best[[*key, "level"]], on=[*key, "level"])
