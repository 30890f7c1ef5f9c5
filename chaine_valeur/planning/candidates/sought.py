"""What is looked for at a stage: activities, sectors, how large; who holds the stages beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.activities import current_activities
from ...analysis.measure import NAN, ratio
from ...analysis.territory.purchases import amounts_of
from ...errors import ArgumentError, UnknownNameError
from ..correspondence import StageCodes, for_stage

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["Need", "Sought", "amount_at", "need_at", "neighbours_of", "sought_at", "stage_place"]


@dataclass(frozen=True)
class Sought:
    """What to look for at a stage: codes or beginnings of codes, dotted; names of sectors. ``near``: less surely so.

    ``reason`` says why there is nothing; ``n_hypotheses`` how many of them no source confirms.
    """

    naf: tuple[str, ...] = ()
    naf_2025: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    near_naf: tuple[str, ...] = ()
    near_naf_2025: tuple[str, ...] = ()
    near_sectors: tuple[str, ...] = ()
    reason: str = ""
    n_hypotheses: int = 0

    def __bool__(self) -> bool:
        return bool(self.n_codes)

    @property
    def n_codes(self) -> int:
        """Number of codes and sectors."""
        kinds = (self.naf, self.naf_2025, self.sectors, self.near_naf, self.near_naf_2025, self.near_sectors)
        return sum(map(len, kinds))


def stage_place(f: Filiere, stage_id: str) -> int:
    """Return the position of a stage.

    Raises
    ------
    UnknownNameError
        No such stage.
    """
    stages = f.stages
    if stage_id not in stages.index:
        raise UnknownNameError.of(f"no stage {stage_id!r}", stage_id, [*stages.index, *stages["name"]])
    return int(stages.index.get_loc(stage_id))


def sought_at(f: Filiere, stage_id: str, correspondence: Any, *, lang: str) -> Sought:
    """Return what to look for: what `for_stage` answers, or the answer given.

    Raises
    ------
    ArgumentError
        An answer about another stage, or a table with faults.
    """
    told = correspondence
    if not isinstance(told, StageCodes):
        told = for_stage(f, stage_id, table=correspondence, lang=lang)
    if told.stage_id != stage_id:
        raise ArgumentError(
            f"correspondence= is what to look for at {told.stage_id!r}, the stage is {stage_id!r}"
        )
    fields = {"naf": "naf", "naf_2025": "naf_2025", "sectors": "siae_sectors"}
    found = {
        ("" if nearness == "strict" else "near_") + name: told.codes(nomenclature, nearness=nearness)
        for name, nomenclature in fields.items()
        for nearness in ("strict", "near")
    }
    used = told.items[told.items["nomenclature"].isin(list(fields.values()))]
    return Sought(**found, reason=told.reason, n_hypotheses=int(used["hypothesis"].sum()))


def neighbours_of(f: Filiere, place: int) -> np.ndarray:
    """Return the positions of the stages with an expected passage to or from a stage, ascending."""
    net = f.network
    beside = np.concatenate([net.link_from[net.link_to == place], net.link_to[net.link_from == place]])
    return np.unique(beside[(beside >= 0) & (beside != place)])


@dataclass(frozen=True)
class Need:
    """What a stage needs to live: tonnes and jobs, NaN where unknown, and where the jobs per tonne come from.

    ``basis`` is ``active``, ``planned`` (actors at the stage), ``options``, or empty.
    """

    tonnes: float
    jobs_per_t: float
    basis: str

    @property
    def jobs(self) -> float:
        """Full-time equivalents at the minimum viable tonnage."""
        return self.tonnes * self.jobs_per_t


def need_at(f: Filiere, stage_id: str) -> Need:
    """Return the minimum viable tonnage of a stage, and the jobs that go with it.

    Jobs per tonne are Σ jobs / Σ capacity where both are known: of the active actors at the stage, else of planned
    and candidate ones, else of the options that would create the activity.
    """
    tonnes = float(f.stages.loc[stage_id, "minimum_viable_t_per_year"])
    coming = f.actors.index[f.actors["status"].isin(["planned", "candidate"]).to_numpy(bool)]
    planned = f.activities[f.activities["actor_id"].isin(coming)]
    bases = {"active": current_activities(f).frame, "planned": planned, "options": f.options}
    for basis, rows in bases.items():  # three places to look
        at = rows[rows["stage_id"].eq(stage_id).fillna(False).to_numpy(bool)]
        at = at[(at["jobs_fte"].notna() & at["capacity_t_per_year"].gt(0)).to_numpy(bool)]
        if len(at):
            return Need(
                tonnes, ratio(float(at["jobs_fte"].sum()), float(at["capacity_t_per_year"].sum())), basis
            )
    return Need(tonnes, NAN, "")


def amount_at(f: Filiere, stage_id: str) -> float:
    """Return what is paid in a year for what leaves a stage; NaN where a part of it, or all, is unknown.

    Σ of the amounts of the flows that leave it (those of the receiver's purchase), each as stated, else the price of
    a demand of its material × its tonnage.
    """
    net, place = f.network, stage_place(f, stage_id)
    leaving = np.flatnonzero((net.flow_source_stage == place) & (net.flow_target_stage != place))
    if not len(leaving):
        return NAN
    stated = amounts_of(f).value[leaving]
    priced = _prices(f)[net.flow_material[leaving]] * net.flow_t[leaving]
    return float(np.where(np.isnan(stated), priced, stated).sum())


def _prices(f: Filiere) -> np.ndarray:
    """Return the one price of the demands of each material, NaN where there is none, or several; last: no material."""
    demands = f.markets[f.markets["kind"].eq("demand").to_numpy(bool)].dropna(
        subset=["material_id", "price_eur_per_t"]
    )
    prices = demands.groupby("material_id")["price_eur_per_t"].agg(["min", "max"])
    agreed = prices["min"].where(prices["min"] == prices["max"])
    return np.append(agreed.reindex(f.network.material_ids).to_numpy(np.float64), NAN)
