"""The columns of a list of candidates, and those that the frames given have to have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...errors import UnknownNameError
from ...language import tr
from ..names import unknown_name

__all__ = ["COLUMNS", "SCORES", "column_of", "empty_frame", "frame_of", "typed"]

#: The sub-scores, in the order in which they rank.
SCORES = ("activity", "nearness", "size", "insertion", "ties")

#: Column of the result → dtype.
COLUMNS = {
    "stage_id": "str", "rank": "int64", "candidate_id": "str", "name": "str", "workshops": "str", "origins": "str",
    "siret": "str", "siren": "str", "naf": "str", "naf_2025": "str", "kind": "str", "sectors": "str",
    "commune_code": "str", "commune_name": "str", "latitude": "float64", "longitude": "float64",
    "distance_km": "float64", "size_low": "float64", "size_high": "float64", "size_from": "str",
    "capacity_t_per_year": "float64",
    "ess": "boolean", "natural_person": "boolean", "match": "str", "matched": "str",
    **dict.fromkeys(SCORES, "float64"), "score_low": "float64", "score_high": "float64",
    "actor_id": "str", "recognised_by": "str", "to_check": "str", "status": "str", "stages_held": "str",
    "at_stage": "boolean", "turnover_eur": "float64", "economic_dependency": "float64",
    "reasons": "str", "missing": "str", "warning": "str",
}  # fmt: skip


def empty_frame(columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame without rows, in these columns and dtypes."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})


def frame_of(given: Any, *, argument: str, needed: tuple[str, ...], lang: str = "fr") -> pd.DataFrame:
    """Return the frame of an argument: itself, or the ``frame`` of what a reader returns (with its ``unplaced``).

    Raises
    ------
    UnknownNameError
        It is no frame, or lacks a column that is needed.
    """
    frame = getattr(given, "frame", given)
    if not isinstance(frame, pd.DataFrame):
        raise UnknownNameError(
            tr("{argument}= takes a frame or what its reader returns, not {kind}.", lang, argument=argument,
               kind=type(given).__name__)
        )  # fmt: skip
    unplaced = getattr(given, "unplaced", None)
    if isinstance(unplaced, pd.DataFrame) and len(unplaced):
        frame = pd.concat([frame, unplaced], ignore_index=True) if len(frame) else unplaced
    for column in needed:
        if column not in frame:
            sentence = tr("{argument}= has no column “{column}”.", lang, argument=argument, column=column)
            raise unknown_name(sentence, column, [str(name) for name in frame.columns], lang=lang)
    return frame.reset_index(drop=True)


def column_of(frame: pd.DataFrame, name: str, dtype: str) -> pd.Series:
    """Return a column in a dtype; all of it unknown where the frame has none."""
    if name not in frame:
        return pd.Series(
            pd.NA if dtype != "float64" else float("nan"), index=frame.index, dtype=dtype, name=name
        )
    values = frame[name]
    if dtype == "float64":
        return pd.to_numeric(values).astype("float64")
    found = values.astype(dtype)
    if dtype == "str":  # a blank cell says nothing, « [ND] » that it may not be said
        found = found.str.strip()
        found = found.mask(found.isin(["", "[ND]"]))
    return found


def typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame in these columns and dtypes, in their order; columns that lack are unknown."""
    return pd.DataFrame(
        {name: column_of(frame, name, dtype) for name, dtype in columns.items()}, index=frame.index
    )
