"""What a filière holds, and every way of reading it: frozen tables, what was wrong in them, columns as numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
import pandas as pd

from .errors import ArgumentError, UnknownNameError, close_names
from .problems import empty_problems
from .schema import reference_targets, table, tables
from .spellings import Texts
from .tables import Conformed, empty_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Held"]

T = TypeVar("T")


class Held:
    """Validated tables that do not change, and what follows from them, kept once it was asked for.

    Attributes
    ----------
    problems
        Everything found while reading, one row each.
    set_aside
        Table → the rows that could not be used, as they were written, with sheet, row and reason.
    unknown_cells
        Table → number of cells that could not be read and count as unknown.
    """

    __slots__ = ("__dict__", "_conformed", "_year")
    _conformed: Conformed
    _year: int | None

    def __init__(self, conformed: Conformed, *, year: int | None = None) -> None:
        object.__setattr__(self, "_conformed", conformed)
        object.__setattr__(self, "_year", year)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in tables():
            return self.table(name)
        if hasattr(type(self), name):  # a property failed: its own error, not that it does not exist
            return object.__getattribute__(self, name)
        close = close_names(name, [*tables(), *dir(type(self))])
        hint = f"; did you mean: {', '.join(close)}?" if close else ""
        raise AttributeError(f"a Filiere has no {name!r}{hint}")

    def __setattr__(self, name: str, value: object) -> None:
        # cached properties write into __dict__ and do not come through here
        raise AttributeError(f"a Filiere is frozen: use with_table or with_rows to change {name!r}")

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *tables()})

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._restore, (self._conformed, self._year)

    @classmethod
    def _restore(cls, conformed: Conformed, year: int | None) -> Self:
        return cls(conformed, year=year)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by name, keyed by identifier; empty if nothing was given."""
        found = self._conformed.tables.get(table(name).name)
        return empty_table(table(name)) if found is None else found.copy(deep=False)

    def _held(self, name: str) -> pd.DataFrame | None:
        """Return a table as it is held, for those who read columns and change nothing; ``None`` if nothing was given."""
        return self._conformed.tables.get(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the tables that have rows."""
        return (name for name in tables() if len(self._conformed.tables.get(name, ())))

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same tables (where the rows were read from does not count)."""
        if not isinstance(other, Held):
            return NotImplemented
        return all(self.table(name).equals(other.table(name)) for name in tables())

    __hash__ = None  # type: ignore[assignment]

    @property
    def problems(self) -> pd.DataFrame:
        """Everything found while reading: code, severity, table, sheet, row, column, value, message."""
        return self._conformed.problems.copy() if len(self._conformed.problems) else empty_problems()

    @property
    def set_aside(self) -> Mapping[str, pd.DataFrame]:
        """Table → the rows that could not be used, as they were written."""
        return MappingProxyType(dict(self._conformed.set_aside))

    @property
    def unknown_cells(self) -> Mapping[str, int]:
        """Table → number of cells that were refused and count as unknown."""
        return MappingProxyType(dict(self._conformed.unknown_cells))

    @property
    def year(self) -> int | None:
        """The year asked for by `at`, or ``None``."""
        return self._year

    @property
    def name(self) -> str:
        """The name of the filière, or an empty text."""
        named = self._said_first("name")
        return "" if named is None else str(named)

    @property
    def territory_id(self) -> str | None:
        """The territory of the diagnostic, or ``None``."""
        found = self._said_first("territory_id")
        return None if found is None else str(found)

    @property
    def reference_year(self) -> int | None:
        """The year that the diagnostic describes, as the filière says it, or ``None``."""
        found = self._said_first("reference_year")
        return None if found is None else int(found)

    def _said_first(self, column: str) -> Any:
        """Return the first thing that a column of the table of the filière says, read once."""

        def first(f: Held) -> Any:
            frame = f._held("filiere")
            cells = [] if frame is None else frame[column].array
            return next((cell for cell in cells if not pd.isna(cell)), None)

        return self.derived(("said", column), first)

    @property
    def years(self) -> list[int]:
        """Every year that a table of quantities speaks of, ascending."""
        found: set[int] = set()
        for name in ("activities", "markets", "flows", "recipes", "outcomes"):
            found.update(int(year) for year in self.table(name)["year"].dropna().unique())
        return sorted(found)

    def where(self, name: str, identifiers: Any = None) -> pd.DataFrame:
        """Return sheet and row of rows of a table, by identifier (default: all)."""
        places = self._conformed.places.get(table(name).name)
        if places is None:
            places = pd.DataFrame({"sheet": pd.Series(dtype="str"), "row": pd.Series(dtype="int64")})
        if identifiers is None or identifiers is places.index:
            return places.copy(deep=False)
        return places.loc[[identifiers] if isinstance(identifiers, str) else list(identifiers)]

    def codes(self, name: str, column: str) -> NDArray[np.int32]:
        """Return, per row of a table, the position of the row that a column refers to, in the table that holds it.

        Parameters
        ----------
        name
            A table: ``"flows"``.
        column
            A column that refers to the identifiers of a table: ``"source"`` refers to the actors.

        Returns
        -------
        numpy.ndarray
            int32, one per row, in the order of ``f.table(name)``; -1 where the cell is blank. It cannot be
            written to: it is the one that this filière keeps.

        Raises
        ------
        UnknownNameError
            No such table, or no such column in it.
        ArgumentError
            A column that refers to no row of a table.

        Examples
        --------
        >>> from chaine_valeur import Filiere
        >>> f = Filiere.from_tables(
        ...     actors={"name": ["Relais", "Filature"]},
        ...     flows={"source": ["Filature", "Relais"], "target": ["Relais", None]},
        ... )
        >>> f.codes("flows", "source").tolist(), f.codes("flows", "target").tolist()
        ([1, 0], [0, -1])
        """
        home = table(name)
        target = reference_targets(home[column])
        if target is None or target[0] not in tables() or target[1] != tables()[target[0]].key:
            raise ArgumentError(f"column {column!r} of table {home.name!r} refers to no row of a table")
        stored = self._conformed.codes.get((home.name, column))
        if stored is None or len(stored) != len(self._conformed.tables.get(home.name, ())):
            stored = self.derived(
                ("codes", home.name, column), lambda f: f._found(home.name, column, target[0])
            )
        stored.flags.writeable = False
        return stored

    def texts(self, name: str, column: str) -> Texts:
        """Return a column of text as numbers: of each cell which value it is, -1 where it is blank, and the values.

        Parameters
        ----------
        name
            A table: ``"actors"``.
        column
            A column of text of it, of the schema or one of the users' own.

        Returns
        -------
        chaine_valeur.spellings.Texts
            ``numbers`` in the order of ``f.table(name)``, ``values`` in that of their first rows. Shared by all
            who ask. Of columns with a closed vocabulary it is kept from validation.

        Raises
        ------
        UnknownNameError
            No such table, or no such column in it.

        Examples
        --------
        >>> from chaine_valeur import Filiere
        >>> f = Filiere.from_tables(
        ...     actors={"name": ["Relais", "Filature", "Tri"], "pole": ["ess", None, "ess"]},
        ... )
        >>> f.texts("actors", "pole").numbers.tolist(), f.texts("actors", "pole").values
        ([0, -1, 0], ['ess'])
        """
        stored = self._kept_texts(table(name).name, column)
        if stored is not None:
            return stored
        return self.derived(("texts", name, column), lambda f: f._numbered(name, column))

    def _kept_texts(self, name: str, column: str) -> Texts | None:
        """Return the texts of a column if they are kept from validation."""
        return self._conformed.texts.get((name, column))

    def _numbered(self, name: str, column: str) -> Texts:
        held = self._held(name)
        frame = empty_table(table(name)) if held is None else held
        if column not in frame:
            raise UnknownNameError.of(f"no column {column!r} in {name!r}", column, frame.columns)
        if not len(frame):  # most tables of most filières
            return Texts(np.empty(0, dtype=np.int8), [])
        return Texts.kept(frame[column])

    def _found(self, name: str, column: str, target: str) -> NDArray[np.int32]:
        cells = self.table(name)[column]
        if cells.isna().all():
            return np.full(len(cells), -1, dtype=np.int32)
        return self.table(target).index.get_indexer(cells).astype(np.int32)

    def derived(self, key: Hashable, build: Callable[[Self], T]) -> T:
        """Return what `build` makes of this filière, made once under a key.

        A filière is frozen, so what follows from it stays true. What is kept must not be changed by those
        who receive it; it is neither pickled nor copied.
        """
        store: dict[Hashable, Any] = self._derived
        if key not in store:
            store[key] = build(self)
        found: T = store[key]
        return found

    @cached_property
    def _derived(self) -> dict[Hashable, Any]:
        return {}
