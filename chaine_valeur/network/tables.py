"""What the core is built from: the tables of one filière, or those of many stacked one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from .positions import NO_YEAR, whole_years

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..spellings import Texts

    Codes = NDArray[np.int32]

__all__ = ["Tables", "filiere_of_rows", "latest_years", "reference_years"]


class Tables(Protocol):
    """Tables in which the rows of one filière stand together, filière after filière."""

    @property
    def n_filieres(self) -> int:
        """Number of filières."""

    @property
    def asked_years(self) -> Codes:
        """Per filière, the year asked for by `Filiere.at`, `NO_YEAR` where none was."""

    def column(self, name: str, column: str) -> pd.Series:
        """Return a column of a table that is no text; its index says nothing."""

    def texts(self, name: str, column: str) -> Texts:
        """Return a column of text of a table as numbers."""

    def offsets(self, name: str) -> NDArray[np.int64]:
        """Return where the rows of each filière begin, and where those of the last one end."""

    def codes(self, name: str, column: str) -> Codes:
        """Return the row that each cell of a column refers to, counted through the whole table; −1 unknown."""

    def local(self) -> NDArray[np.int8]:
        """Return, per actor, 1 in the territory of its filière, 0 elsewhere, −1 unknown."""


def filiere_of_rows(tables: Tables, name: str) -> Codes:
    """Return the filière that each row of a table is of."""
    if tables.n_filieres == 1:  # without writing a zero per row
        return np.broadcast_to(np.int32(0), int(tables.offsets(name)[-1]))
    return np.repeat(np.arange(tables.n_filieres, dtype=np.int32), np.diff(tables.offsets(name)))


def reference_years(tables: Tables) -> Codes:
    """Return, per filière, the year asked for, else the one that it says it describes, else `NO_YEAR`."""
    said = np.full(tables.n_filieres, NO_YEAR, dtype=np.int32)
    rows, years = filiere_of_rows(tables, "filiere"), whole_years(tables.column("filiere", "reference_year"))
    known = np.flatnonzero(years != NO_YEAR)[::-1]  # backwards: the first one that is known wins
    said[rows[known]] = years[known]
    return np.where(tables.asked_years != NO_YEAR, tables.asked_years, said).astype(np.int32)


def latest_years(tables: Tables, name: str) -> Codes:
    """Return, per filière, the year asked for, else the latest that a table speaks of, else `NO_YEAR`."""
    latest = np.full(tables.n_filieres, NO_YEAR, dtype=np.int32)
    years, offsets = whole_years(tables.column(name, "year")), tables.offsets(name)
    some = np.flatnonzero(np.diff(offsets))
    if len(some):
        latest[some] = np.maximum.reduceat(years, offsets[some])
    return np.where(tables.asked_years != NO_YEAR, tables.asked_years, latest).astype(np.int32)
