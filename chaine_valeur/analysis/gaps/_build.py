"""What findings are made of: the rows that they rest on, and what is at stake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...vocabulary import Status
from ..activities import identifiers
from ..findings import Finding
from ._stakes import Jobs, Waiting, stakes_of
from .chain import chain_of

if TYPE_CHECKING:
    from ...filiere import Filiere

    Rows = dict[str, tuple[str, ...]]

__all__ = [
    "activity_rows",
    "gap_finding",
    "joined_rows",
    "link_rows",
    "mask_of",
    "planned_holders",
    "stage_finding",
    "stage_rows",
]


def stage_finding(
    f: Filiere,
    kind: str,
    severity: str,
    message: str,
    rows: Rows,
    waiting: Waiting,
    jobs: Jobs,
    *,
    stage: int,
    to_stage: int | None = None,
    material: str | None = None,
) -> Finding:
    """Return a finding about a stage or a passage."""
    about = {
        "stage_id": f.network.stage_ids[stage],
        "to_stage_id": None if to_stage is None else f.network.stage_ids[to_stage],
        "material_id": material,
    }
    quantity, n_unknown = waiting.quantity, waiting.n_unknown
    return gap_finding(f, kind, severity, message, rows, jobs, about, quantity=quantity, n_unknown=n_unknown)


def gap_finding(
    f: Filiere,
    kind: str,
    severity: str,
    message: str,
    rows: Rows,
    jobs: Jobs,
    about: Mapping[str, str | None],
    *,
    quantity: float,
    n_unknown: int,
) -> Finding:
    """Return a finding with what every gap says: its year, tonnes and jobs at stake, how firm its rows are."""
    return Finding(
        kind=kind,
        severity=severity,
        message=message,
        year=f.network.year,
        quantity=quantity,
        unit="t/year",
        jobs_at_stake_fte=jobs.fte,
        n_unknown=n_unknown + jobs.n_unknown,
        hypothesis_share=stakes_of(f).hypothesis_share(rows),
        rows=rows,
        stage_id=about.get("stage_id"),
        to_stage_id=about.get("to_stage_id"),
        actor_id=about.get("actor_id"),
        material_id=about.get("material_id"),
    )


def joined_rows(*parts: Rows) -> Rows:
    """Return several row lists as one, each row once, tables without rows left out."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for name, rows in part.items():
            found.setdefault(name, {}).update(dict.fromkeys(rows))
    return {name: tuple(rows) for name, rows in found.items() if rows}


def stage_rows(f: Filiere, stages: list[int] | tuple[int, ...]) -> Rows:
    """Return the rows of some stages."""
    return {"stages": identifiers(f.network.stage_ids[list(stages)])}


def link_rows(f: Filiere, stages: tuple[int, ...]) -> Rows:
    """Return the required passages to and from some stages."""
    chain = chain_of(f)
    use = np.isin(chain.link_from, stages) | np.isin(chain.link_to, stages)
    return {"stage_links": identifiers(f.stage_links.index[chain.link_row[use]])}


def activity_rows(f: Filiere, stages: tuple[int, ...]) -> Rows:
    """Return the activities of active actors at some stages."""
    rows, net = f.activities, f.network
    use = rows["stage_id"].isin(net.stage_ids[list(stages)]) & rows["actor_id"].isin(
        net.actor_ids[net.active]
    )
    return {"activities": identifiers(rows.index[use.to_numpy(bool)])}


def planned_holders(f: Filiere, stages: tuple[int, ...]) -> tuple[int, tuple[str, ...]]:
    """Return how many actors that do not exist yet could hold some stages, and their activities."""
    rows, actors = f.activities, f.actors
    coming = actors.index[
        actors["status"].isin([Status.PLANNED.value, Status.CANDIDATE.value]).to_numpy(bool)
    ]
    use = (rows["stage_id"].isin(f.network.stage_ids[list(stages)]) & rows["actor_id"].isin(coming)).to_numpy(
        bool
    )
    return int(rows.loc[use, "actor_id"].nunique()), identifiers(rows.index[use])


def mask_of(places: np.ndarray, size: int) -> np.ndarray:
    """Return a mask, true at some positions; −1 is none."""
    found = np.zeros(size, dtype=bool)
    found[places[places >= 0]] = True
    return found
