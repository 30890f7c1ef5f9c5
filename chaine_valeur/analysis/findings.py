"""Findings: one row each, always the same columns, worded apart from where they are found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from .measure import NAN

__all__ = ["FINDING_COLUMNS", "PRIORITIES", "Finding", "empty_findings", "findings_frame", "unique_ids"]

FINDING_COLUMNS = [
    "finding_id", "kind", "severity", "stage_id", "to_stage_id", "actor_id", "to_actor_id", "group_id",
    "material_id", "year", "quantity", "unit", "jobs_at_stake_fte", "message", "n_rows", "n_unknown",
    "hypothesis_share",
]  # fmt: skip
#: Priority of a finding, first things first.
PRIORITIES = ("high", "medium", "low")
#: Half of a surrogate pair: no file can hold it.
_HALF = re.compile("[\ud800-\udfff]")
_NUMBERS = {"quantity": "float64", "jobs_at_stake_fte": "float64", "hypothesis_share": "float64",
            "n_rows": "int64", "n_unknown": "int64", "year": "Int64"}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing found: where, what is at stake, which rows it rests on, and the sentence that says it.

    ``rows`` maps a table to the identifiers that the finding rests on; `message` is worded by the room
    that found it, in the language asked for, about stages and what to secure, never about a failing actor.
    """

    kind: str
    severity: str
    message: str
    stage_id: str | None = None
    to_stage_id: str | None = None
    actor_id: str | None = None
    to_actor_id: str | None = None
    group_id: str | None = None
    material_id: str | None = None
    year: int | None = None
    quantity: float = NAN
    unit: str = ""
    jobs_at_stake_fte: float = NAN
    n_unknown: int = 0
    hypothesis_share: float = NAN
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def finding_id(self) -> str:
        """An identifier that stays the same as long as the finding is about the same things."""
        about = (
            self.stage_id,
            self.to_stage_id,
            self.actor_id,
            self.to_actor_id,
            self.group_id,
            self.material_id,
        )
        return ":".join([self.kind, *(str(part) for part in about if part is not None)])

    @property
    def n_rows(self) -> int:
        """Number of rows that the finding rests on."""
        return sum(len(identifiers) for identifiers in self.rows.values())


def findings_frame(found: Iterable[Finding]) -> pd.DataFrame:
    """Return findings as a frame: by priority, then by what is at stake, then in the order found."""
    listed = list(found)
    rows: list[dict[str, Any]] = [
        {name: _written(getattr(one, name)) for name in FINDING_COLUMNS} for one in listed
    ]
    if not rows:
        return empty_findings()
    frame = pd.DataFrame(rows, columns=FINDING_COLUMNS).assign(
        finding_id=[_written(one) for one in unique_ids(listed)]
    )
    frame = frame.astype({name: _NUMBERS.get(name, "str") for name in FINDING_COLUMNS})
    order = pd.DataFrame(
        {
            "priority": frame["severity"].map({name: place for place, name in enumerate(PRIORITIES)}),
            "quantity": -frame["quantity"].where(frame["unit"] == "t/year").fillna(0),
        }
    ).sort_values(["priority", "quantity"], kind="stable")
    return frame.loc[order.index].reset_index(drop=True)


def _written(value: Any) -> Any:
    """Return what a check of a user says as text that can be written: half a surrogate pair cannot."""
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def unique_ids(found: Iterable[Finding]) -> list[str]:
    """Return the identifier of each finding; those about the same things are numbered from the second on."""
    identifiers: dict[str, None] = {}
    for one in found:
        identifier, again = one.finding_id, 1
        while identifier in identifiers:
            again += 1
            identifier = f"{one.finding_id}:{again}"
        identifiers[identifier] = None
    return list(identifiers)


def empty_findings() -> pd.DataFrame:
    """Return a frame of findings without rows, in the usual columns and dtypes."""
    return _no_findings().copy(deep=False)


@cache
def _no_findings() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=_NUMBERS.get(name, "str")) for name in FINDING_COLUMNS})
