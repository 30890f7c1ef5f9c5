"""The steps of `candidates`, for one stage: gather, compare, score, rank, word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .columns import COLUMNS, typed
from .dependency import economic_dependency
from .gathering import gathered
from .listed import listing_notes
from .own import ties_of_actors, with_own
from .placing import distances, nearness, reference_of
from .resolving import resolve
from .result import COUNTS, Candidates
from .scoring import activity, insertion, ranked, size, weighted
from .sought import amount_at, need_at, sought_at, stage_place
from .telling import notes_of
from .wording import missing_text, name_text, reasons_text, warning_text

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["Files", "at_stage", "files_of"]


@dataclass(frozen=True)
class Files:
    """The candidates of the files, compared with the actors once for all stages."""

    table: pd.DataFrame
    left: Mapping[str, int]
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()


def files_of(f: Filiere, establishments: Any, siae: Any, *, lang: str) -> Files:
    """Return the candidates of the files given; those that the filière knows to be closed are left out."""
    table, left = gathered(establishments, siae, lang=lang)
    table = pd.concat([table, resolve(f, table)], axis=1)
    gone = table["status"].eq("closed").fillna(False) & table["recognised_by"].ne("siren")
    left["closed"] += int(gone.sum())
    given = {"sirene": establishments, "siae": siae}
    sources = tuple(name for name, one in given.items() if one is not None)
    notes = tuple(listing_notes(siae, lang))
    return Files(table[~gone.to_numpy(bool)].reset_index(drop=True), left, (*sources, "filiere"), notes)


def at_stage(
    f: Filiere,
    stage: str,
    files: Files,
    correspondence: Any,
    near: str | Sequence[float] | None,
    most_km: float | None,
    most: int,
    weights: dict[str, float] | None,
    amount_eur: float | None,
    lang: str,
) -> Candidates:
    """Return the candidates for one stage; see `candidates`."""
    place = stage_place(f, stage)
    sought, need = sought_at(f, stage, correspondence, lang=lang), need_at(f, stage)
    reference = reference_of(f, place, near, lang=lang)
    amount = amount_at(f, stage) if amount_eur is None else float(amount_eur)
    counts = dict.fromkeys(COUNTS, 0) | dict(files.left)
    table = with_own(f, place, files.table)
    table = table.join(activity(table, sought))
    table = _kept(table, counts, "unsought", table["activity"].notna() | bool(sought))
    # its status, its ties and its place say nothing of what an actor of the tables could do
    table = _kept(table, counts, "activity_unknown", table["activity"].notna() | _of_files(table))
    table = _kept(table, counts, "other_activity", table["activity"].ne(0))
    table["distance_km"] = distances(f, table, reference)
    if most_km is not None:
        table = _kept(table, counts, "too_far", ~(table["distance_km"] > most_km))
    table = _scored(f, place, table, need, "siae" in files.sources)
    table = ranked(table.join(weighted(table, weights)), weights)
    counts["beyond"] = max(len(table) - most, 0)
    table = _worded(f, stage, table.iloc[:most], amount, lang)
    counts |= {
        "to_check": int(table["to_check"].notna().sum()),
        "already_actors": int(table["actor_id"].notna().sum()),
        "proposed": len(table),
    }
    notes = notes_of(
        f, stage, sought, reference, need, counts, sources=files.sources, weights=weights, amount=amount,
        most_km=most_km, lang=lang,
    )  # fmt: skip
    notes += files.notes
    row = pd.DataFrame([counts], index=pd.Index([stage], dtype="str", name="stage_id"), columns=[*COUNTS])
    return Candidates(table, tuple(notes), row, weights)


def _of_files(table: pd.DataFrame) -> pd.Series:
    return table["origins"].ne("filiere")


def _kept(table: pd.DataFrame, counts: dict[str, int], reason: str, stays: pd.Series) -> pd.DataFrame:
    counts[reason] = int((~stays).sum())
    return table[stays.to_numpy(bool)].reset_index(drop=True)


def _scored(f: Filiere, place: int, table: pd.DataFrame, need: Any, listed: bool) -> pd.DataFrame:
    return table.assign(
        nearness=nearness(table["distance_km"].to_numpy(np.float64)),
        size=size(table, need),
        insertion=insertion(table, listed=listed),
        ties=table["actor_id"].map(ties_of_actors(f, place)).astype("float64"),
    )


def _worded(f: Filiere, stage: str, table: pd.DataFrame, amount: float, lang: str) -> pd.DataFrame:
    """Return the rows to show with their words: a loop over as many as were asked for."""
    siae = table["insertion"].eq(1.0)
    dependency = economic_dependency(np.full(len(table), amount), table["turnover_eur"]).where(siae)
    table = table.assign(economic_dependency=dependency, stage_id=stage, rank=np.arange(1, len(table) + 1))
    table["at_stage"] = table["at_stage"].fillna(False)
    records = table.to_dict("records")
    return typed(
        table.assign(
            name=[name_text(row, lang) for row in records],
            reasons=[reasons_text(row, f, lang) for row in records],
            missing=[missing_text(row, f, amount=amount, lang=lang) for row in records],
            warning=[warning_text(float(row["economic_dependency"]), lang) for row in records],
        ),
        COLUMNS,
    )
