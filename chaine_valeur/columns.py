"""A table column by column, as numpy arrays made once: what is computed reads these, not frames.

A column of a frame costs tens of microseconds whatever its length, a row filter hundreds; a small filière has some
hundreds of them in its figures.
"""

from __future__ import annotations

from functools import cached_property, partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from .filiere import Filiere
    from .spellings import Texts

    Codes = NDArray[np.int32]
    Days = NDArray[np.datetime64]
    Mask = NDArray[np.bool_]
    Objects = NDArray[np.object_]
    Places = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["Columns", "Rows", "columns", "numbered", "ranks_of"]

T = TypeVar("T", bound="NDArray[np.generic]")


def columns(f: Filiere, name: str) -> Columns:
    """Return a table of a filière as arrays, made once.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(actors={"name": ["Relais", "Filature"], "pole": ["enterprise", None]})
    >>> actors = columns(f, "actors")
    >>> actors.ids.tolist(), actors.text("pole").tolist(), actors.among("pole", "enterprise").tolist()
    (['relais', 'filature'], ['enterprise', None], [True, False])
    """
    return f.derived(("columns", name), lambda f: _columns(f, name))


def _columns(f: Filiere, name: str) -> Columns:
    kept = f._held(name)  # not a copy as `Filiere.table` gives: nothing here changes it
    return Columns(f.table(name) if kept is None else kept, kept=partial(f._kept_texts, name))


class Columns:
    """The columns of a table along its rows. Arrays are shared by all who ask: they cannot be written into.

    Parameters
    ----------
    frame
        The table, keyed by identifier: not to be changed.
    kept
        Gives the texts of a column if they are kept as numbers, else ``None``.
    """

    def __init__(self, frame: pd.DataFrame, *, kept: Callable[[str], Texts | None] = lambda _: None) -> None:
        self.frame = frame
        self._kept = kept
        self._texts: dict[str, Objects] = {}
        self._numbers: dict[str, Values] = {}
        self._known: dict[str, Mask] = {}
        self._masks: dict[tuple[str, ...], Mask] = {}

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def index(self) -> pd.Index:
        """The identifiers as an index."""
        return self.frame.index

    @cached_property
    def ids(self) -> Objects:
        """The identifiers."""
        return _sealed(self.index.to_numpy(object))

    @cached_property
    def place(self) -> dict[str, int]:
        """Identifier → position."""
        return {identifier: place for place, identifier in enumerate(self.ids.tolist())}

    def _cells(self, column: str, dtype: type, unknown: object) -> NDArray[Any]:
        if not len(self):  # most tables of most filières: nothing has to be looked for there
            return np.empty(0, dtype=dtype)
        cells = self.frame[column].array
        if (
            dtype is object and getattr(cells.dtype, "storage", "") == "pyarrow"
        ):  # some twenty times faster so
            return cells.__arrow_array__().to_numpy(zero_copy_only=False)
        return cells.to_numpy(dtype, na_value=unknown)

    def text(self, column: str) -> Objects:
        """Return a column of text, ``None`` where unknown."""
        found = self._texts.get(column)
        if found is None:
            kept = self._kept(column)
            if kept is None:
                found = _sealed(self._cells(column, object, None))
            else:
                found = _sealed(kept.told(str, unknown=None, dtype=object))
            self._texts[column] = found
        return found

    def number(self, column: str) -> Values:
        """Return a column of numbers, years or booleans as floats, NaN where unknown."""
        found = self._numbers.get(column)
        if found is None:
            found = _sealed(self._cells(column, np.float64, np.nan))
            self._numbers[column] = found
        return found

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that the rows are about, ascending."""
        said = self.number("year")
        return tuple(np.unique(said[~np.isnan(said)]).astype(int).tolist())

    def months(self, column: str) -> Values:
        """Return the months of a column of dates since year 0: 2024-03 is ``12 · 2024 + 2``; NaN where unknown."""
        found = self._numbers.get(column)
        if found is None:
            dates = self.frame[column].to_numpy("datetime64[M]")
            found = _sealed(np.where(np.isnat(dates), np.nan, dates.astype(np.int64) + 12.0 * 1970))
            self._numbers[column] = found
        return found

    def days(self, column: str) -> Days:
        """Return a column of dates, NaT where unknown."""
        return self.frame[column].to_numpy("datetime64[D]")

    def known(self, column: str) -> Mask:
        """Return the rows of which a column is known."""
        found = self._known.get(column)
        if found is None:
            found = self._known[column] = _sealed(
                ~self.frame[column].array.isna() if len(self) else np.empty(0, dtype=bool)
            )
        return found

    def among(self, column: str, *terms: str) -> Mask:
        """Return the rows of which a column of text is one of some terms."""
        found = self._masks.get((column, *terms))
        if found is None:
            kept = self._kept(column)
            if kept is not None:
                found = kept.among(*terms)
            else:
                cells = self.text(column)
                found = np.zeros(len(cells), dtype=bool)
                for term in terms:  # a loop over the few terms asked for
                    found |= cells == term
            found = self._masks[column, *terms] = _sealed(found)
        return found

    def ranks(self, column: str, order: Sequence[str]) -> Codes:
        """Return the place of a column of text in a list of terms, −1 where it is none of them."""
        kept = self._kept(column)
        return ranks_of(self.text(column), order) if kept is None else kept.ranks(order)

    def at(self, identifiers: Collection[str]) -> Places:
        """Return the positions of some identifiers.

        Raises
        ------
        KeyError
            One that the table does not have.
        """
        return np.fromiter(map(self.place.__getitem__, identifiers), np.int64, len(identifiers))

    def places(self, identifiers: Objects | Sequence[str]) -> Codes:
        """Return the positions of some identifiers, −1 where unknown or not in the table."""
        return np.fromiter(map(self.place.get, identifiers, repeat(-1)), np.int32, len(identifiers))

    def named_in(self, other: Columns, column: str) -> Codes:
        """Return the positions of the rows that a column of another table names, −1 where none is."""
        return self.places(other.text(column))


class Rows:
    """Some rows of a table, column by column.

    Parameters
    ----------
    home
        The table.
    at
        Positions of the rows in it.
    """

    def __init__(self, home: Columns, at: Places) -> None:
        self.home = home
        self.at = at

    @classmethod
    def where(cls, home: Columns, use: Mask) -> Self:
        """Return the rows of a table that a mask keeps."""
        return cls(home, np.flatnonzero(use))

    def __len__(self) -> int:
        return len(self.at)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the identifiers."""
        return iter(self.names)

    def __getitem__(self, use: Mask | Places) -> Self:
        """Return some of the rows, by a mask along them or by their places among them."""
        return type(self)(self.home, self.at[use])

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a frame, made anew."""
        return self.home.frame.iloc[self.at]

    @property
    def ids(self) -> Objects:
        """The identifiers."""
        return self.home.ids[self.at]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The identifiers, as figures and findings keep them."""
        return tuple(self.ids.tolist())

    def each_once(self) -> Self:
        """Return the rows without those that come again."""
        first = np.full(len(self.home), -1)
        first[self.at[::-1]] = np.arange(len(self))[::-1]
        again = first[self.at] != np.arange(len(self))
        return self[~again] if again.any() else self

    def text(self, column: str) -> Objects:
        """Return a column of text, ``None`` where unknown."""
        return self.home.text(column)[self.at]

    def number(self, column: str) -> Values:
        """Return a column of numbers, NaN where unknown."""
        return self.home.number(column)[self.at]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that the rows are about, ascending."""
        said = self.number("year")
        return tuple(np.unique(said[~np.isnan(said)]).astype(int).tolist())

    def months(self, column: str) -> Values:
        """Return the months of a column of dates since year 0, NaN where unknown."""
        return self.home.months(column)[self.at]

    def known(self, column: str) -> Mask:
        """Return the rows of which a column is known."""
        return self.home.known(column)[self.at]

    def among(self, column: str, *terms: str) -> Mask:
        """Return the rows of which a column of text is one of some terms."""
        return self.home.among(column, *terms)[self.at]

    def ranks(self, column: str, order: Sequence[str]) -> Codes:
        """Return the place of a column of text in a list of terms, −1 where it is none of them."""
        return self.home.ranks(column, order)[self.at]


def numbered(cells: Iterable[str | None]) -> tuple[Places, list[str]]:
    """Return the number of each text, counted as they first appear, −1 where unknown, and the texts.

    Examples
    --------
    >>> numbers, texts = numbered(["b", None, "a", "b"])
    >>> numbers.tolist(), texts
    ([0, -1, 1, 0], ['b', 'a'])
    """
    told = list(cells)
    texts = [text for text in dict.fromkeys(told) if text is not None]
    place: dict[str | None, int] = {text: place for place, text in enumerate(texts)}
    return np.fromiter((place.get(text, -1) for text in told), np.int64, len(told)), texts


def ranks_of(cells: Objects, order: Sequence[str]) -> Codes:
    """Return the place of texts in a list of terms, −1 where they are none of them."""
    place = {str(term): place for place, term in enumerate(order)}
    return np.fromiter(map(place.get, cells, repeat(-1)), np.int32, len(cells))


def _sealed(array: T) -> T:
    seen = array.view()
    seen.flags.writeable = False
    return seen
