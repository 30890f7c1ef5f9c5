"""What goes with rows that go, and what is carried over from one filière to the copy that is made of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .references import DESCRIBING
from .schema import reference_targets, table
from .vocabulary import Status

__all__ = [
    "DECLARED_AGAIN",
    "DESCRIBING",
    "DESCRIBING_IN_A_YEAR",
    "NOT_YET",
    "both",
    "carried",
    "without_references",
]


def carried(places: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Return the places of rows, as first read where they were there already."""
    known = places.index.isin(old.index)
    if not known.any():
        return places
    carried = places.copy()
    carried.loc[known, ["sheet", "row"]] = old.loc[places.index[known], ["sheet", "row"]].to_numpy()
    return carried.astype({"row": "int64"})


def both(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of two frames, each once."""
    parts = [part for part in (first, second) if len(part)]
    return pd.concat(parts, ignore_index=True).drop_duplicates() if parts else first


DECLARED_AGAIN = frozenset({("flows", "same_flow_as")})
NOT_YET = frozenset({Status.PLANNED.value, Status.CANDIDATE.value})
#: In another year what an actor is part of need not be there yet; taken out, a whole goes with its parts.
DESCRIBING_IN_A_YEAR = DESCRIBING | {("actors", "part_of")}


def without_references(
    frames: Mapping[str, pd.DataFrame],
    name: str,
    gone: set[str],
    *,
    describing: frozenset[tuple[str, str]] = DESCRIBING,
) -> dict[str, pd.DataFrame]:
    """Drop the rows that refer to rows that are gone, and what refers to those in turn.

    A reference that only describes its row becomes unknown, and the row stays.
    """
    kept = dict(frames)
    queue = [(name, gone)]
    while queue:
        lost_table, lost = queue.pop()
        for other, frame in list(kept.items()):
            out = np.zeros(len(frame), dtype=bool)
            for column in table(other):
                target = reference_targets(column)
                if target is None or target != (lost_table, table(lost_table).key):
                    continue
                refers = frame[column.name].isin(lost)
                if (other, column.name) in describing:
                    frame = frame.assign(**{column.name: frame[column.name].mask(refers)})
                else:
                    out |= refers.to_numpy()
            if out.any():
                queue.append((other, set(frame.index[out])))
                frame = frame[~out]
            kept[other] = frame
    filiere, territories = kept.get("filiere"), kept.get("territories")
    if filiere is not None and territories is not None:  # a filière outlives the perimeter that bounded it
        bounded = filiere["territory_id"].isin(territories["territory_id"])
        kept["filiere"] = filiere.assign(territory_id=filiere["territory_id"].where(bounded))
    return kept
