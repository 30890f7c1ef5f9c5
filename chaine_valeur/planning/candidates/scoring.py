"""The five sub-scores of a candidate, each in 0–1, NaN where unknown; how they rank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from .columns import SCORES
from .gathering import FAMILIES, kind_mask
from .sectors import alike_sector, same_sector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .sought import Need, Sought

    Values = NDArray[np.float64]

__all__ = ["MATCHES", "activity", "checked_weights", "insertion", "ranked", "size", "weighted"]

#: What an activity has in common with the stage, nearest first → the sub-score.
MATCHES = {
    "stage": 1.0, "naf": 1.0, "class": 0.75, "near_naf": 0.75, "sector": 0.75, "group": 0.5, "beside": 0.5,
    "near_sector": 0.5, "like_sector": 0.5, "division": 0.25, "like_near_sector": 0.25, "none": 0.0,
}  # fmt: skip
#: Characters of a dotted code that a class, a group and a division share.
_LEVELS = {"class": 5, "group": 4, "division": 2}
_SIAE, _DISABILITY, _ESS = 1.0, 0.75, 0.5
#: Sub-scores are compared in quarters: what is closer than that is not told apart.
_STEPS = 4


def activity(table: pd.DataFrame, sought: Sought) -> pd.DataFrame:
    """Return the nearest match of each candidate: ``match``, ``matched`` (code or sector), its column, ``activity``.

    - ``stage`` (1): the tables foresee it at this stage, or it is there already; ``naf`` (1): its code is one looked
      for, or begins as one;
    - ``class`` (0.75), ``group`` (0.5), ``division`` (0.25): the first four, three, two digits are the same;
    - ``near_naf`` (0.75), ``sector`` (0.75), ``near_sector`` (0.5): a code that the correspondence calls near, one
      of its sectors, one that it calls near; ``beside`` (0.5): it holds a stage beside;
    - ``like_sector`` (0.5), ``like_near_sector`` (0.25): a sector typed in words of its own says nothing else
      (« textile » and « Recyclage textiles »); see `alike_sector`;
    - ``none`` (0): what it does is known and is none of these; missing and NaN: nothing is known.
    """
    texts = pd.DataFrame(pd.NA, index=table.index, columns=["match", "matched", "matched_in"], dtype="str")
    best = texts.assign(activity=np.nan)
    told = table[["naf", "naf_2025", "sectors"]].notna().any(axis=1) | table["stages_held"].notna()
    best.loc[told & bool(sought), ["match", "activity"]] = ["none", 0.0]

    def take(holds: pd.Series, match: str, matched: str | None = None, column: str | None = None) -> None:
        better = holds.fillna(False).to_numpy(bool) & ~(best["activity"] >= MATCHES[match]).to_numpy(bool)
        for name, value in zip(best, (match, matched, column, MATCHES[match]), strict=True):
            best.loc[better, name] = value

    take(table["meant"] | table["at_stage"], "stage")
    exact = {"naf": sought.naf, "naf_2025": sought.naf_2025}
    near = {"naf": sought.near_naf, "naf_2025": sought.near_naf_2025}
    place, cells = pd.factorize(table["sectors"])

    def begins(codes: Mapping[str, tuple[str, ...]], match: str) -> None:
        for column, several in codes.items():  # over the few codes looked for
            for code in several:
                take(table[column].str.startswith(code), match, code, column)

    def shares(level: str) -> None:
        length = _LEVELS[level]
        for column, several in exact.items():
            for code in several:
                if len(code) >= length:
                    take(table[column].str[:length].eq(code[:length]), level, code, column)

    def works_in(several: tuple[str, ...], match: str, compares: Callable[[str, str], bool]) -> None:
        for sector in several:  # over the few sectors looked for; then over distinct cells
            held = np.array([*(compares(str(cell), sector) for cell in cells), False])
            take(pd.Series(held[place], index=table.index), match, sector, "sectors")

    # nearest first: what comes later takes nothing that is as near
    begins(exact, "naf")
    shares("class")
    begins(near, "near_naf")
    works_in(sought.sectors, "sector", same_sector)
    shares("group")
    take(table["beside"], "beside")
    works_in(sought.near_sectors, "near_sector", same_sector)
    works_in(sought.sectors, "like_sector", alike_sector)
    shares("division")
    works_in(sought.near_sectors, "like_near_sector", alike_sector)
    return best


def size(table: pd.DataFrame, need: Need) -> Values:
    """Return how the size of each candidate compares with what the stage needs, at most 1.

    ``min(1, capacity at the stage / minimum viable tonnage)`` where the tables foresee a capacity, else
    ``min(1, fewest employees of its band / (minimum viable tonnage × jobs per tonne))``; NaN where one is unknown.
    """
    capacity = table["capacity_t_per_year"].to_numpy(np.float64) / (
        need.tonnes if need.tonnes > 0 else np.nan
    )
    employees = table["size_low"].to_numpy(np.float64) / (need.jobs if need.jobs > 0 else np.nan)
    return np.minimum(np.where(np.isnan(capacity), employees, capacity), 1.0)


def insertion(table: pd.DataFrame, *, listed: bool) -> Values:
    """Return how near each candidate is to insertion: SIAE 1; EA, EATT, ESAT, GEIQ 0.75; other social economy 0.5.

    0 where it is known to be none of these: not in the social economy and, `listed` being true, not in a listing of
    structures either, or an actor whose kind the tables tell. NaN where unknown.
    """
    kinds = table["kind"]
    ess = table["ess"]
    told = kinds.notna().to_numpy(bool) | listed
    found = np.where(told & ess.eq(False).fillna(False).to_numpy(bool), 0.0, np.nan)
    found[ess.fillna(False).to_numpy(bool)] = _ESS
    found[kind_mask(kinds, FAMILIES["disability"] | FAMILIES["geiq"])] = _DISABILITY
    found[kind_mask(kinds, FAMILIES["siae"])] = _SIAE
    return found


def checked_weights(weights: Mapping[str, float] | None) -> dict[str, float] | None:
    """Return weights that sum to 1, in the order of the sub-scores; those not named weigh nothing.

    Raises
    ------
    UnknownNameError
        No such sub-score.
    ArgumentError
        A weight that is negative or no number, or all of them 0.
    """
    if weights is None:
        return None
    for name, weight in weights.items():
        if name not in SCORES:
            raise UnknownNameError.of(f"weights: no sub-score {name!r}", name, SCORES)
        if not 0 <= weight < np.inf:
            raise ArgumentError(f"weights: {name!r} is {weight!r}, it has to be 0 or more")
    total = float(sum(weights.values()))
    if not total > 0:
        raise ArgumentError("weights: at least one has to be above 0")
    return {name: float(weights.get(name, 0.0)) / total for name in SCORES}


def weighted(scores: pd.DataFrame, weights: Mapping[str, float] | None) -> pd.DataFrame:
    """Return ``score_low`` and ``score_high``: the weighted mean with what is unknown taken for 0, and for 1.

    NaN without weights: the sub-scores are not merged unless somebody says how.
    """
    if weights is None:
        return pd.DataFrame({"score_low": np.nan, "score_high": np.nan}, index=scores.index)
    share = np.array([weights[name] for name in SCORES])
    values = scores[list(SCORES)]
    # rounded, so that the order of the terms decides no rank
    low, high = ((values.fillna(unknown).to_numpy() @ share).round(12) for unknown in (0.0, 1.0))
    return pd.DataFrame({"score_low": low, "score_high": high}, index=scores.index)


def ranked(table: pd.DataFrame, weights: Mapping[str, float] | None) -> pd.DataFrame:
    """Return candidates best first: who is at the stage already comes last, as it fills no gap.

    By ``score_low``, then ``score_high``, with weights; else by the sub-scores in their order, each in quarters, what
    is unknown after what is known. Then the nearest, then by SIRET and identifier.
    """
    keys = pd.DataFrame({"there": table["at_stage"].fillna(False).astype(int)}, index=table.index)
    if weights is not None:
        keys["low"], keys["high"] = -table["score_low"], -table["score_high"]
    else:
        for name in SCORES:
            # a quarter reached by less than a rounding error counts as reached
            keys[name] = -np.floor(table[name] * _STEPS + 1e-9).fillna(-1)
    keys["km"], keys["siret"], keys["id"] = table["distance_km"], table["siret"], table["candidate_id"]
    order = keys.sort_values([*keys.columns], kind="stable", na_position="last").index
    return table.loc[order].reset_index(drop=True)
