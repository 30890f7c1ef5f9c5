"""What the figure of jobs shows, as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.insertion import FEWEST_EXITS, jobs_by_stage
from ..analysis.insertion.few_people import too_few
from ..analysis.insertion.results import JOB_UNITS, SCOPES, kinds_of, result_of
from ..errors import ArgumentError
from ..network import codes_of, latest_year
from ..provenance import SOFT_CONFIDENCE, provenance
from ..vocabulary import OutcomeKind, OutcomeUnit, Scope

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["PARTS", "JobsData", "jobs_data"]

#: The FTE that are drawn; the last two are parts of the first.
PARTS = ("jobs_fte", "insertion_fte", "supervision_fte")
_STAGES = {"stage_id": "str", "stage_label": "str", "n_activities": "int64"}
_STAGES |= {name: kind for part in PARTS for name, kind in ((part, "float64"), (f"{part}_unknown", "int64"))}
_RESULTS = {
    "scope": "str", "stage_id": "str", "stage_label": "str", "unit": "str", "reached": "float64", "target": "float64",
    "n_rows": "int64", "n_unknown": "int64", "n_no_target": "int64", "is_approximate": "bool", "is_masked": "bool",
    "years": "str",
}  # fmt: skip


@dataclass(frozen=True)
class JobsData:
    """What the figure of jobs shows.

    Attributes
    ----------
    stages
        A row per stage at which somebody is active, in the order of the chain: ``stage_id``, ``stage_label``,
        ``n_activities``, then ``jobs_fte`` (all statuses), ``insertion_fte`` and ``supervision_fte`` (parts of it), NaN
        where none is known, and beside each in how many activities it is unknown (``…_unknown``).
    results
        A row per unit, perimeter and, for structures, stage: ``scope``, ``stage_id`` and ``stage_label`` (missing for
        wider perimeters and where no stage is known), ``unit``, ``reached``, ``target`` (NaN unknown), ``n_rows``,
        ``n_unknown`` (results that would count), ``n_no_target``, ``is_approximate`` (the target), ``is_masked``
        (persons so few that one could be known: ``reached`` is NaN), ``years`` (« 2023–2024 », empty where no row says).
    year
        Of the jobs by stage; ``None`` where no activity has one.
    n_left_out
        Stages beyond those shown.
    n_empty
        Expected stages at which no active actor is recorded.
    """

    stages: pd.DataFrame
    results: pd.DataFrame
    year: int | None = None
    n_left_out: int = 0
    n_empty: int = 0

    @property
    def knows_jobs(self) -> bool:
        """Whether any FTE is known at a stage."""
        return bool(self.stages[list(PARTS)].notna().any(axis=None))


def jobs_data(f: Filiere, *, most: int = 24) -> JobsData:
    """Return jobs by stage and what was expected and reached in insertion, as the figure shows them.

    An actor active at several stages counts at each with what it states there. What a structure reached counts at its
    main stage, once. Of several years the latest is taken, for each term: they are never added up.

    Parameters
    ----------
    most
        Number of stages shown, at least 1: those with most jobs; the others are counted.

    Raises
    ------
    ArgumentError
        `most` is below 1.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri", "Filature"]},
    ...     actors={"name": ["Relais", "Ressourcerie"]},
    ...     activities={"actor_id": ["Relais", "Ressourcerie"], "stage_id": "Tri", "jobs_fte": [9, None]},
    ...     outcomes={"scope": ["structure"], "actor_id": ["Relais"], "unit": ["post"], "target": 8, "reached": 6},
    ... )
    >>> data = jobs_data(f)
    >>> data.stages[["stage_label", "jobs_fte", "jobs_fte_unknown"]].values.tolist(), data.n_empty
    ([['Tri', 9.0, 1]], 1)
    >>> data.results[["scope", "stage_label", "unit", "reached", "target"]].values.tolist()
    [['structure', 'Tri', 'post', 6.0, 8.0]]
    """
    if most < 1:
        raise ArgumentError(f"most={most!r}: at least one stage is to be shown")
    sums = jobs_by_stage(f)
    rank = f.stages["rank"].astype("float64").to_numpy()
    sums = sums.iloc[np.argsort(rank, kind="stable")]  # without a rank last
    active = sums[(sums["n_activities"] > 0).to_numpy(bool)]
    weight = active[list(PARTS)].max(axis=1).fillna(-1.0).to_numpy(np.float64)
    kept = np.sort(np.argsort(-weight, kind="stable")[:most])
    shown = active.iloc[kept].rename_axis("stage_id").reset_index()
    shown["stage_label"] = f.stages["name"].reindex(shown["stage_id"]).to_numpy()
    return JobsData(
        stages=shown[list(_STAGES)].astype(_STAGES),
        results=_results(f),
        year=f.year if f.year is not None else latest_year(f.activities),
        n_left_out=len(active) - len(kept),
        n_empty=int((sums["n_activities"] == 0).sum()),
    )


def _results(f: Filiere) -> pd.DataFrame:
    found: list[dict[str, Any]] = []
    for unit in JOB_UNITS:  # a loop over three units
        for scope in SCOPES[:2]:
            result = result_of(f, scope=scope, unit=unit)
            if result.is_known or result.n_unknown:
                found.append(
                    {"scope": scope, "stage_id": None, "stage_label": None, "unit": unit, "reached": result.reached,
                     "target": result.target, "n_rows": len(result.rows), "n_unknown": result.n_unknown,
                     "n_no_target": 0, "is_approximate": result.approximate, "years": _span(result.years)}
                )  # fmt: skip
        found += _of_structures(f, unit)
    frame = pd.DataFrame(found, columns=[name for name in _RESULTS if name != "is_masked"])
    frame["is_masked"] = _few(frame)
    frame["reached"] = frame["reached"].astype("float64").mask(frame["is_masked"])
    return frame[list(_RESULTS)].astype(_RESULTS)


def _of_structures(f: Filiere, unit: str) -> list[dict[str, Any]]:
    """Return what structures reached in one unit, at the main stage of each."""
    rows = f.outcomes
    jobs = (kinds_of(rows) == OutcomeKind.INSERTION_JOBS.value).to_numpy(bool)
    mine = rows["scope"].eq(Scope.STRUCTURE.value) & rows["unit"].eq(unit) & jobs
    rows = rows[mine.to_numpy(bool)]
    if rows.empty:
        return []
    # of one year, for each term: that of the whole perimeter, as in the tables of results
    terms = {name: rows[name].where(_of_latest(rows, name)) for name in ("reached", "target")}
    blank = rows["reached"].isna() & rows["target"].isna()
    used = terms["reached"].notna() | terms["target"].notna() | blank
    soft = provenance(f, "outcomes", column="target").loc[rows.index]
    unclear = soft["confidence"].isin(SOFT_CONFIDENCE) | soft["hypothesis"].notna()
    actor = codes_of(rows["actor_id"], f.network.actor_ids)
    frame = pd.DataFrame(
        {
            "stage": np.append(f.network.stage, -1)[actor],
            "year": rows["year"].to_numpy(),
            **{name: term.to_numpy(np.float64) for name, term in terms.items()},
            "unclear": (unclear & terms["target"].notna()).to_numpy(bool),
        }
    )[used.to_numpy(bool)]
    found = []
    rank = f.stages["rank"].astype("float64").to_numpy()
    order = np.append(rank, np.inf)
    groups = {int(place): part for place, part in frame.groupby("stage", sort=False)}
    for place in sorted(
        groups, key=lambda one: (np.isnan(order[one]), order[one], one)
    ):  # a loop over stages
        part = groups[place]
        said = place >= 0
        found.append(
            {
                "scope": Scope.STRUCTURE.value,
                "stage_id": f.stages.index[place] if said else None,
                "stage_label": f.stages["name"].iloc[place] if said else None,
                "unit": unit,
                "reached": part["reached"].sum(min_count=1),
                "target": part["target"].sum(min_count=1),
                "n_rows": len(part),
                "n_unknown": int(part["reached"].isna().sum()),
                "n_no_target": int(part["target"].isna().sum()),
                "is_approximate": bool(part["unclear"].any()),
                "years": _span(part["year"].dropna().unique()),
            }
        )
    return found


def _of_latest(rows: pd.DataFrame, column: str) -> np.ndarray:
    year = rows.loc[rows[column].notna().to_numpy(bool), "year"].max()
    if pd.isna(year):
        return np.ones(len(rows), dtype=bool)
    return (rows["year"].isna() | (rows["year"] == year)).fillna(False).to_numpy(bool)


def _few(frame: pd.DataFrame) -> np.ndarray:
    """Return which results count so few persons, or would give such a count back."""
    masked = np.zeros(len(frame), dtype=bool)
    persons = (frame["unit"] == OutcomeUnit.PERSON.value).to_numpy(bool)
    if persons.any():
        people = frame["reached"].fillna(0.0).to_numpy(np.float64)[persons]
        masked[persons] = too_few(people, FEWEST_EXITS)
    return masked


def _span(years: Any) -> str:
    told = sorted({int(year) for year in years})
    return "–".join(str(year) for year in dict.fromkeys((told[0], told[-1]))) if told else ""
