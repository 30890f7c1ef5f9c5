"""Insertion jobs per tonne of a stage: of who holds it, else of who plans to, else of the options for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.accounts import insertion_fte_per_t
from ...analysis.activities import current_activities
from ...analysis.measure import NAN
from ...vocabulary import OptionKind, Status

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["Intensity", "intensities", "rank_percentile"]


@dataclass(frozen=True)
class Intensity:
    """Insertion FTE per tonne that enters; where it was read, with its rows.

    ``basis``: ``flows`` (jobs over what enters today), ``capacity`` (jobs over what could enter), ``planned`` (of
    planned and candidate actors), ``options``, ``idea`` (given with it), or empty.
    """

    fte_per_t: float = NAN
    basis: str = ""
    table: str = ""
    rows: tuple[str, ...] = ()


def intensities(f: Filiere) -> list[Intensity]:
    """Return the intensity of each stage, in table order (G11)."""
    stages, active = f.stages.index, current_activities(f).frame
    by_flows = insertion_fte_per_t(f)
    coming = f.actors.index[
        f.actors["status"].isin([Status.PLANNED.value, Status.CANDIDATE.value]).to_numpy(bool)
    ]
    planned = f.activities[f.activities["actor_id"].isin(coming).to_numpy(bool)]
    planned = planned.sort_values("year", kind="stable", na_position="first")
    planned = planned[~planned.duplicated(["actor_id", "stage_id"], keep="last").to_numpy(bool)].sort_index()
    options = f.options[f.options["kind"].eq(OptionKind.ACTIVITY.value).to_numpy(bool)]
    found = []
    for stage in stages:  # over stages
        at = active[
            active["stage_id"].eq(stage).to_numpy(bool) & active["insertion_fte"].notna().to_numpy(bool)
        ]
        if by_flows[stage] == by_flows[stage]:
            found.append(Intensity(float(by_flows[stage]), "flows", "activities", tuple(at.index.tolist())))
            continue
        for basis, table, rows in (
            ("capacity", "activities", active),
            ("planned", "activities", planned),
            ("options", "options", options),
        ):
            known = (
                rows["stage_id"].eq(stage) & rows["insertion_fte"].notna() & rows["capacity_t_per_year"].gt(0)
            )
            part = rows[known.fillna(False).to_numpy(bool)]
            if len(part):
                value = float(part["insertion_fte"].sum() / part["capacity_t_per_year"].sum())
                found.append(Intensity(value, basis, table, tuple(part.index.tolist())))
                break
        else:
            found.append(Intensity())
    return found


def rank_percentile(values: np.ndarray) -> np.ndarray:
    """Return, per known value, the share of the known ones that are at most it, ties at their mean; 0 stays 0."""
    ranks = pd.Series(values, dtype="float64").rank(method="average", pct=True).to_numpy(np.float64)
    return np.where(values == 0, 0.0, ranks)
