"""Names where a column of a sheet refers to rows of a table, and their identifiers, to join by, in the last columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..diagnosis.wording import known
from ..language import tr
from ..schema import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..filiere import Filiere

__all__ = ["Names"]


class Names:
    """The names of what a filière refers to, and the columns of identifiers that they stand for."""

    def __init__(self, f: Filiere, lang: str) -> None:
        self.filiere, self.lang = f, lang
        self._names: dict[str, dict[Any, Any]] = {}
        #: Heads and columns of identifiers, to be put last.
        self.heads: list[tuple[str, str]] = []
        self.columns: list[list[Any]] = []

    def of(self, target: str, values: Iterable[Any], *, head: str) -> list[Any]:
        """Return the names of some identifiers of a table; those are kept for a column under a head of its own.

        Identifiers of tables whose rows have no name, and those of no row, are returned as they are.
        """
        asked = [value if known(value) else None for value in values]
        names = self._of_table(target)
        if names is None:
            return asked
        if any(value is not None for value in asked):
            self.heads.append((tr("{column} (identifier)", self.lang, column=head), "text"))
            self.columns.append(asked)
        return [names.get(value, value) for value in asked]

    def _of_table(self, target: str) -> dict[Any, Any] | None:
        name = tables()[target].name_column
        if not name:
            return None
        if target not in self._names:
            rows = self.filiere.table(target)[name]
            self._names[target] = {key: value for key, value in rows.items() if known(value)}
        return self._names[target]
