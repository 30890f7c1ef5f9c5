"""A table while it is being checked: its values, where its rows stand, which of them are still in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .problems import Place

__all__ = ["RawTable", "State"]

#: Where a raw frame keeps the sheet and row that each of its rows stands on.
SHEET, ROW = "_sheet", "_row"


@dataclass(frozen=True)
class RawTable:
    """A table as read: cells by schema column, further columns kept, sheet and row of each row.

    ``frame`` has a plain range index; ``headers`` says how each column is called on its sheet, and
    ``by_sheet`` how it is called on each where the table stands on several.
    """

    frame: pd.DataFrame
    sheets: pd.Series
    rows: pd.Series
    headers: Mapping[str, str] = field(default_factory=dict)
    by_sheet: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class State:
    """A typed table on its way through the checks; positions are those of the raw table."""

    frame: pd.DataFrame
    raw: RawTable
    place: Place
    alive: pd.Series
    reasons: pd.Series
    blanked: int = 0
    drags: list[tuple[int, str, int]] = field(default_factory=list)

    @classmethod
    def of(cls, table: str, frame: pd.DataFrame, raw: RawTable) -> State:
        """Return the state of a table in which every row is still in."""
        place = Place(table, raw.sheets, raw.rows, raw.headers, raw.by_sheet)
        alive = pd.Series(True, index=frame.index)
        return cls(frame, raw, place, alive, pd.Series("", index=frame.index, dtype="str"))

    @property
    def rows_in(self) -> pd.DataFrame:
        """The rows that are in."""
        return self.frame if self.alive.all() else self.frame[self.alive]

    def set_aside(self, rows: pd.Series, reason: str) -> None:
        """Take rows out, remembering why; a row set aside already keeps its first reason."""
        if not rows.any():
            return
        fresh = rows & self.alive
        self.reasons = self.reasons.mask(fresh, reason)
        self.alive = self.alive & ~rows

    def set_aside_at(self, positions: Sequence[int], reason: str) -> None:
        """Take the rows at some positions out; see `set_aside`."""
        if len(positions):
            rows = np.zeros(len(self.alive), dtype=bool)
            rows[list(positions)] = True
            self.set_aside(pd.Series(rows, index=self.alive.index), reason)

    def dragged_by(self, position: int, code: str, table: str, fields: Mapping[str, object]) -> None:
        """Remember that a row goes because of a row of another table."""
        if code == "reference_set_aside":
            self.drags.append((int(position), table, int(str(fields["other"]))))

    def rows_set_aside(self) -> pd.DataFrame:
        """Return the rows that are out, as they were read, with sheet, row and reason in front."""
        out = ~self.alive
        kept = self.raw.frame[out].rename(columns={name: f"{name}_" for name in ("sheet", "row", "reason")})
        kept.insert(0, "reason", self.reasons[out].to_numpy())
        kept.insert(0, "row", self.raw.rows[out].to_numpy())
        kept.insert(0, "sheet", self.raw.sheets[out].to_numpy())
        return kept.reset_index(drop=True)
