"""What did not come in: a row per filière, file or lot of rows, with the reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from ..errors import ChaineValeurError, ValidationError
from ..language import tr
from ..text import one_line

__all__ = [
    "DUPLICATE",
    "FAILURE_COLUMNS",
    "NO_CODE",
    "UNKNOWN_CODE",
    "Failure",
    "duplicate",
    "failures_frame",
    "reason",
]

FAILURE_COLUMNS = ["filiere_code", "source", "error", "message"]
#: What stands in `error` where no exception was raised.
DUPLICATE, NO_CODE, UNKNOWN_CODE = "duplicate_code", "no_code", "unknown_code"
#: Signs of a message that is no sentence of ours.
_LONGEST = 500


class Failure(NamedTuple):
    """One row of the failures of a portfolio."""

    filiere_code: str
    source: str
    error: str
    message: str


def failures_frame(failures: Iterable[Failure]) -> pd.DataFrame:
    """Return failures as a frame: `FAILURE_COLUMNS`, all text; an empty code is missing."""
    rows = list(failures)
    columns = {
        name: pd.array([getattr(row, name) or None for row in rows], dtype="str") for name in FAILURE_COLUMNS
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def reason(error: BaseException) -> tuple[str, str]:
    """Return the kind of an error and what it says, on one line unless it is one of ours."""
    said = str(error) or type(error).__name__
    if isinstance(error, ValidationError):
        return type(error).__name__, said
    if isinstance(error, ChaineValeurError):
        return type(error).__name__, one_line(said)
    return type(error).__name__, one_line(said)[:_LONGEST]


def duplicate(code: str, first: str, second: str, lang: str) -> Failure:
    """Return the failure of a filière of which the code is that of another one already."""
    told = tr(
        "“{second}” was not taken: its code “{code}” is already that of “{first}”. Give one of the two another "
        "code (the identifier in the Filière sheet, or the name of the file).",
        lang,
        second=second,
        code=code,
        first=first,
    )
    return Failure(code, second, DUPLICATE, told)
