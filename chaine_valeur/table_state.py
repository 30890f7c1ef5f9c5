"""A table while it is being checked: its values, where its rows stand, which of them are still in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .problems import Place
from .spellings import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Links", "RawTable", "State"]

#: Where a raw frame keeps the sheet and row that each of its rows stands on.
SHEET, ROW = "_sheet", "_row"


@dataclass(frozen=True)
class RawTable:
    """A table as read: cells by schema column, further columns kept, sheet and row of each row.

    ``frame`` has a plain range index; ``headers`` says how each column is called on its sheet, and
    ``by_sheet`` how it is called on each where the table stands on several. ``moved`` is as in `Place`.
    """

    frame: pd.DataFrame
    sheets: pd.Series
    rows: pd.Series
    headers: Mapping[str, str] = field(default_factory=dict)
    by_sheet: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    moved: Mapping[tuple[str, int, str], int] = field(default_factory=dict)


@dataclass
class Links:
    """A referring column: of each cell which of the values it is, -1 where blank; of each value, the row meant.

    ``rows`` are positions in the table referred to, -1 where the value was not found there yet; ``changed`` says
    that the values are no longer those that stand in the frame.
    """

    numbers: NDArray[np.intp]
    values: list[str]
    rows: NDArray[np.intp]
    changed: bool = False

    @property
    def of_cells(self) -> NDArray[np.intp]:
        """Per cell, the position of the row that it refers to, -1 where there is none."""
        return np.append(self.rows, -1)[self.numbers]


@dataclass
class State:
    """A typed table on its way through the checks; positions are those of the raw table.

    ``alive`` says which rows are in; ``texts`` keeps columns that were numbered while they were read, ``links``
    those that refer to other tables.
    """

    frame: pd.DataFrame
    raw: RawTable
    place: Place
    alive: NDArray[np.bool_]
    reasons: dict[int, str] = field(default_factory=dict)
    blanked: int = 0
    drags: list[tuple[int, str, int]] = field(default_factory=list)
    texts: dict[str, Texts] = field(default_factory=dict)
    links: dict[str, Links] = field(default_factory=dict)

    @classmethod
    def of(cls, table: str, frame: pd.DataFrame, raw: RawTable) -> State:
        """Return the state of a table in which every row is still in."""
        place = Place(table, raw.sheets, raw.rows, raw.headers, raw.by_sheet, raw.moved)
        return cls(frame, raw, place, np.ones(len(frame), dtype=bool))

    @property
    def rows_in(self) -> pd.DataFrame:
        """The rows that are in."""
        return self.frame if self.alive.all() else self.frame[self.alive]

    @property
    def positions_in(self) -> NDArray[np.intp]:
        """The positions of the rows that are in."""
        return np.flatnonzero(self.alive)

    def texts_of(self, column: str) -> Texts:
        """Return a column of text as numbers."""
        if column not in self.texts:
            self.texts[column] = Texts.of(self.frame[column])
        return self.texts[column]

    def links_of(self, column: str) -> Links:
        """Return a referring column as numbers."""
        if column not in self.links:
            texts = self.texts_of(column)
            unknown = np.full(len(texts.values), -1, dtype=np.intp)
            self.links[column] = Links(texts.numbers, list(texts.values), unknown)
        return self.links[column]

    def linked_in(self, column: str) -> NDArray[np.intp]:
        """Return, of the rows that are in, the position of the row that a column refers to, -1 where there is none."""
        return self._in(self.links_of(column).of_cells)

    def codes_of(self, column: str) -> NDArray[np.intp]:
        """Return a number per cell: equal where the cells are, -1 where unknown.

        Of a column that refers to another table, it is the position there.
        """
        if column in self.links:
            return self.links[column].of_cells
        return pd.factorize(self.frame[column].array)[0]

    def numbered_in(self, *columns: str) -> NDArray[np.int64]:
        """Return, of the rows that are in, a number equal where all of some columns are, unknown being equal too."""
        numbers = np.zeros(int(self.alive.sum()), dtype=np.int64)
        for column in columns:
            codes = self._in(self.codes_of(column)).astype(np.int64) + 1
            size = int(codes.max(initial=0)) + 1
            if size > 1:
                numbers = pd.factorize(numbers * size + codes)[0]
        return numbers

    def _in(self, found: NDArray[np.intp]) -> NDArray[np.intp]:
        return found if self.alive.all() else found[self.alive]

    def set_aside(self, rows: NDArray[np.bool_], reason: str) -> None:
        """Take rows out, remembering why; a row set aside already keeps its first reason."""
        fresh = np.flatnonzero(rows & self.alive)
        if len(fresh):
            self.reasons.update(dict.fromkeys(fresh.tolist(), reason))
            self.alive = self.alive & ~rows

    def set_aside_at(self, positions: Sequence[int], reason: str) -> None:
        """Take the rows at some positions out; see `set_aside`."""
        if len(positions):
            rows = np.zeros(len(self.alive), dtype=bool)
            rows[list(positions)] = True
            self.set_aside(rows, reason)

    def blank(self, column: str, positions: Sequence[int]) -> None:
        """Make some cells of a referring column unknown, and count them."""
        self.frame.loc[list(positions), column] = None
        self.blanked += len(positions)
        if column in self.links:
            numbers = self.links[column].numbers.copy()
            numbers[list(positions)] = -1
            self.links[column].numbers = numbers

    def dragged_by(self, position: int, code: str, table: str, fields: Mapping[str, object]) -> None:
        """Remember that a row goes because of a row of another table."""
        if code == "reference_set_aside":
            self.drags.append((int(position), table, int(str(fields["other"]))))

    def rows_set_aside(self) -> pd.DataFrame:
        """Return the rows that are out, as they were read, with sheet, row and reason in front."""
        out = ~self.alive
        kept = self.raw.frame[out].rename(columns={name: f"{name}_" for name in ("sheet", "row", "reason")})
        reasons = np.array(
            [self.reasons[position] for position in np.flatnonzero(out).tolist()], dtype=object
        )
        kept.insert(0, "reason", reasons)
        kept.insert(0, "row", self.raw.rows[out].to_numpy())
        kept.insert(0, "sheet", self.raw.sheets[out].to_numpy())
        return kept.reset_index(drop=True)
