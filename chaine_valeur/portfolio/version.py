"""Which schema tables were written in: those of another one cannot be read without being checked again."""

from __future__ import annotations

import hashlib
from functools import cache

from ..schema import tables

__all__ = ["schema_version"]

#: Raised when the layout of shards or of packed filières changes.
LAYOUT = "1"


@cache
def schema_version() -> str:
    """Return the version of the schema: the layout, and a mark of every table, column, type, unit and vocabulary.

    Examples
    --------
    >>> schema_version() == schema_version(), schema_version().split("-")[0]
    (True, '1')
    """
    lines = [
        "|".join(
            (name, column.name, column.type, column.unit, column.need, column.vocabulary, column.references)
        )
        for name, home in tables().items()
        for column in home
    ]
    mark = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return f"{LAYOUT}-{mark[:10]}"
