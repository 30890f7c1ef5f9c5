"""The errors and warnings of the library.

Every error is also the built-in that a caller would catch, so that code which knows nothing of us still
handles it. A message says what was found, where, and what to do; unknown names come with the close ones.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ArgumentError",
    "ChaineValeurError",
    "DataQualityWarning",
    "InfeasibleError",
    "MissingExtraError",
    "MissingTableError",
    "NotEnoughMemoryError",
    "NotSolvedError",
    "UnknownNameError",
    "UnreadableFileError",
    "ValidationError",
    "close_names",
]

#: Names that an error lists where none of them looks like the one asked for.
MOST_LISTED = 30


class ChaineValeurError(Exception):
    """Base class of every error that the library raises on purpose."""


class ValidationError(ChaineValeurError, ValueError):
    """Tables that cannot be used as they are; ``problems`` holds every problem found, one per row."""

    def __init__(self, message: str, problems: pd.DataFrame) -> None:
        super().__init__(message)
        self.problems = problems

    def __reduce__(self) -> tuple[type, tuple[str, pd.DataFrame]]:
        # pickled by pools of workers: the default would forget the second argument
        return type(self), (str(self), self.problems)


class ArgumentError(ChaineValeurError, ValueError):
    """An argument that cannot be used: the message says which value and what would do."""


class InfeasibleError(ChaineValeurError, ValueError):
    """Figures and relations that cannot hold together; ``rows`` names each of those in conflict."""

    def __init__(self, message: str, rows: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.rows = tuple(rows)

    def __reduce__(self) -> tuple[type, tuple[str, tuple[str, ...]]]:
        return type(self), (str(self), self.rows)


class NotEnoughMemoryError(ChaineValeurError, MemoryError):
    """Data that would not fit into memory: foreseen before anything of it is read."""


class NotSolvedError(ChaineValeurError, RuntimeError):
    """A computation that ended without a result that could be vouched for; nothing is returned."""


class MissingExtraError(ChaineValeurError, ImportError):
    """A library that only one of the optional parts needs is not installed; the message says how to install it."""


class UnreadableFileError(ChaineValeurError, OSError):
    """A file that is missing, empty, locked, encrypted or of another kind than expected."""


class UnknownNameError(ChaineValeurError, KeyError):
    """A name (column, dataset, actor, term) that does not exist; the message names the close ones."""

    @classmethod
    def of(cls, sentence: str, name: object, known: Iterable[object]) -> Self:
        """Return the error of a name that is not among those known: with the close ones, or else all of a few.

        Examples
        --------
        >>> str(UnknownNameError.of("no table 'actor'", "actor", ["actors", "flows"]))
        "no table 'actor'; did you mean: actors?"
        """
        names = [str(one) for one in known if isinstance(one, str)]
        close = close_names(str(name), names)
        if close:
            return cls(f"{sentence}; did you mean: {', '.join(close)}?")
        return cls(
            f"{sentence}; there are: {', '.join(names)}" if 0 < len(names) <= MOST_LISTED else sentence
        )

    def __str__(self) -> str:
        # KeyError shows the repr of its argument, which buries the sentence in quotes
        return str(self.args[0]) if self.args else ""


class MissingTableError(ChaineValeurError, LookupError):
    """A computation was asked for that needs a table, or an expectation, which the filière lacks."""


class DataQualityWarning(UserWarning):
    """A result is usable but fragile."""


def close_names(name: str, candidates: Iterable[str], *, limit: int = 3) -> list[str]:
    """Return the candidates that look most like `name`, best first, case ignored.

    Examples
    --------
    >>> close_names("cobanor", ["Cobanor Tritex", "CREPIM", "Cotexi 276"])
    ['Cobanor Tritex']
    """
    by_folded: dict[str, str] = {}
    for candidate in candidates:
        by_folded.setdefault(candidate.casefold(), candidate)
    folded = name.casefold()
    found = difflib.get_close_matches(folded, by_folded, n=limit, cutoff=0.6)
    if len(folded) >= 4:  # a first word typed alone is closer in meaning than in letters
        found += [key for key in by_folded if key.startswith(folded) and key not in found]
    return [by_folded[key] for key in found[:limit]]
