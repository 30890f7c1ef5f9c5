"""Many filières read as one, by what is computed along rows, actors, activities, flows or stages.

Positions run through all filières and no edge goes from one to another: what such a computation gives of each actor
or flow is what it gives in its own filière. So the formulas of one filière serve all of them in one pass; whoever sums
over a filière sums by filière afterwards, and whoever asks for a year asks for that of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import pandas as pd

from ..columns import Columns
from ..network.positions import NO_YEAR
from ..network.tables import filiere_of_rows
from ..schema import table, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import NDArray

    from ..filiere import Filiere
    from ..network import Core
    from ..network.tables import Tables
    from ..spellings import Texts

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Objects = NDArray[np.object_]
    Values = NDArray[np.float64]

T = TypeVar("T")

__all__ = ["as_one", "filiere_of", "holds_in"]


def as_one(core: Core) -> Filiere:
    """Return the filières of a core as what reads like one: `Filiere.network`, `codes`, `derived`, and `columns`.

    It has no frames, no identifiers and no year: functions that ask for one of these need what they make of many
    filières to be said apart (`filiere_of`).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> from chaine_valeur.columns import columns
    >>> f = Filiere.from_tables(actors={"name": ["Relais", "Filature"], "pole": ["enterprise", None]})
    >>> all_of_them = as_one(f.network)
    >>> columns(all_of_them, "actors").text("pole").tolist(), all_of_them.network.n_actors
    (['enterprise', None], 2)
    """
    return cast("Filiere", core.derived("together", _Together))


def filiere_of(f: Filiere, name: str) -> Codes:
    """Return the filière that each row of a table is of: 0 along the table of a single one."""
    return filiere_of_rows(f.network.tables, name)


def holds_in(stated: Values, asked: Codes) -> Mask:
    """Return which rows hold in the year asked of each: those of it and those that state none; all where none is asked.

    Examples
    --------
    >>> holds_in(np.array([2021, 2021, np.nan, 2021]), np.array([2021, 2022, 2022, NO_YEAR])).tolist()
    [True, False, True, True]
    """
    found: Mask = np.isnan(stated) | (asked == NO_YEAR) | (stated == asked)
    return found


class _Together:
    """What is derived of many filières is kept under the keys of one; the columns of their tables are there already."""

    def __init__(self, core: Core) -> None:
        self.network = core
        self._kept: dict[Hashable, Any] = {
            ("columns", name): _StackedColumns(core.tables, name) for name in tables()
        }

    def codes(self, name: str, column: str) -> Codes:
        """Return the row that each cell of a column refers to, counted through the whole table; −1 unknown."""
        return self.network.tables.codes(name, column)

    def derived(self, key: Hashable, build: Callable[[_Together], T]) -> T:
        """Return what `build` makes of these filières, made once under a key."""
        if key not in self._kept:
            self._kept[key] = build(self)
        found: T = self._kept[key]
        return found


class _StackedColumns(Columns):
    """The columns of a table of many filières; its rows are called what they are: where they stand."""

    def __init__(self, stacked: Tables, name: str) -> None:
        super().__init__(cast("pd.DataFrame", _Stacked(stacked, name)))
        self._stacked, self._name = stacked, name

    def text(self, column: str) -> Objects:
        """Return a column of text, ``None`` where unknown."""
        return self._stacked.texts(self._name, column).told(str, unknown=None, dtype=object)

    def among(self, column: str, *terms: str) -> Mask:
        """Return the rows of which a column of text is one of some terms."""
        return self._stacked.texts(self._name, column).among(*terms)

    def ranks(self, column: str, order: Sequence[str]) -> Codes:
        """Return the place of a column of text in a list of terms, −1 where it is none of them."""
        return self._stacked.texts(self._name, column).ranks(order)

    def named_in(self, other: Columns, column: str) -> Codes:
        """Return the positions of the rows that a column of another table names, −1 where none of its filière is."""
        assert isinstance(other, _StackedColumns)
        mine, theirs = (part._keys(name) for part, name in ((self, table(self._name).key), (other, column)))
        names = {name: place for place, name in enumerate(mine.values)}
        wide, number = (
            len(names) + 1,
            theirs.told(lambda name: names.get(name, -1), unknown=-1, dtype=np.int64),
        )
        own = filiere_of_rows(self._stacked, self._name).astype(np.int64) * wide + mine.numbers
        asked = filiere_of_rows(self._stacked, other._name).astype(np.int64) * wide + number
        order = np.argsort(own, kind="stable")
        at = np.append(order, -1)[np.searchsorted(own, asked, sorter=order)]
        return np.where((number >= 0) & (np.append(own, -1)[at] == asked), at, -1).astype(np.int32)

    def _keys(self, column: str) -> Texts:
        return self._stacked.texts(self._name, column)


class _Stacked:
    """What `Columns` asks of a frame, of a table of many filières: its length and its columns."""

    def __init__(self, stacked: Tables, name: str) -> None:
        self._stacked, self._name = stacked, name

    def __len__(self) -> int:
        return int(self._stacked.offsets(self._name)[-1])

    def __getitem__(self, column: str) -> pd.Series:
        return self._stacked.column(self._name, column)

    @property
    def index(self) -> pd.Index:
        """The positions of the rows."""
        return pd.RangeIndex(len(self))
