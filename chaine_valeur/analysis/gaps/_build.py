"""What findings are made of: the rows that they rest on, and what is at stake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...columns import Rows, columns
from ...network.positions import any_at
from ...vocabulary import Status
from ..findings import Finding
from ._counts import into
from ._stakes import Jobs, Waiting, stakes_of
from .chain import chain_of

if TYPE_CHECKING:
    from ...filiere import Filiere

    #: table → identifiers of rows
    Names = dict[str, tuple[str, ...]]
    #: positions of stages
    Stages = list[int] | tuple[int, ...] | np.ndarray

__all__ = [
    "activity_rows",
    "every_link",
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
    rows: Names,
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
    rows: Names,
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


def joined_rows(*parts: Mapping[str, Iterable[str]]) -> Names:
    """Return several row lists as one, each row once, tables without rows left out."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for name, rows in part.items():
            found.setdefault(name, {}).update(dict.fromkeys(rows))
    return {name: tuple(rows) for name, rows in found.items() if rows}


def stage_rows(f: Filiere, stages: Stages) -> dict[str, Rows]:
    """Return the rows of some stages."""
    return {"stages": Rows(columns(f, "stages"), np.array(stages, dtype=np.int64))}


def link_rows(f: Filiere, stages: Stages) -> dict[str, Rows]:
    """Return the required passages to and from some stages."""
    chain = chain_of(f)
    use = any_at(np.array(stages, dtype=np.int64), chain.n_stages)
    return {"stage_links": every_link(f)["stage_links"][use[chain.link_from] | use[chain.link_to]]}


def every_link(f: Filiere) -> dict[str, Rows]:
    """Return the required passages."""
    return {"stage_links": Rows(columns(f, "stage_links"), chain_of(f).link_row)}


def activity_rows(f: Filiere, stages: Stages) -> dict[str, Rows]:
    """Return the activities of active actors at some stages."""
    return _activities_of(f, f.network.active, stages)


def planned_holders(f: Filiere, stages: Stages) -> tuple[int, Rows]:
    """Return how many actors that do not exist yet could hold some stages, and their activities."""
    coming = columns(f, "actors").among("status", Status.PLANNED.value, Status.CANDIDATE.value)
    rows = _activities_of(f, coming, stages)["activities"]
    return len(np.unique(f.codes("activities", "actor_id")[rows.at])), rows


def _activities_of(f: Filiere, actors: np.ndarray, stages: Stages) -> dict[str, Rows]:
    """Return the activities of some actors, a mask along them, at some stages."""
    at = any_at(np.array(stages, dtype=np.int64), f.network.n_stages)
    use = into(f.codes("activities", "actor_id"), actors) & into(f.codes("activities", "stage_id"), at)
    return {"activities": Rows.where(columns(f, "activities"), use)}


def mask_of(places: np.ndarray, size: int) -> np.ndarray:
    """Return a mask, true at some positions; −1 is none."""
    found = np.zeros(size, dtype=bool)
    found[places[places >= 0]] = True
    return found
