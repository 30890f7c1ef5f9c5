"""What is verified of Arrow columns before they are believed; each check is of the distinct values, or of bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..parse import parse_column
from ..schema import Column
from ..spellings import clean_texts
from .parquet_files import arrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Doubt", "doubt_if", "verify_clean", "verify_numbers", "verify_terms", "verify_unique"]

#: Bytes of plain text: printable ASCII. « # » may begin what a formula leaves where it failed.
_FIRST, _LAST, _BLANK, _SIGN = 0x20, 0x7E, 0x20, 0x23
#: Years that a column of years may hold, and the largest whole number of another one.
_YEARS, _LARGEST = (1800, 2200), 10**15


class Doubt(Exception):
    """Something does not verify: the files are read as those of anybody else."""


def doubt_if(wrong: bool, what: str) -> None:
    """Raise `Doubt` where something is wrong."""
    if wrong:
        raise Doubt(what)


def verify_unique(texts: Any) -> None:
    """Doubt identifiers that are blank, or stand twice.

    Where each is longer than the one before, or as long and after it, none stands twice: that is seen without
    keeping them all in mind.
    """
    pc = arrow().compute
    doubt_if(texts.null_count > 0, "a blank identifier")
    lengths = np.diff(_bytes_of(texts)[0])
    if (np.diff(lengths) >= 0).all():
        after = pc.greater(texts[1:], texts[:-1]).to_numpy(zero_copy_only=False)
        if (after | (np.diff(lengths) > 0)).all():
            return
    doubt_if(len(pc.unique(texts)) < len(texts), "an identifier that stands twice")


def _bytes_of(texts: Any) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return where each text begins, and the last one ends, and the bytes of all."""
    if not len(texts):
        return np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    _, offsets, data = texts.buffers()
    begins = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8)
    return begins - begins[0], content[begins[0] : begins[-1]]


def verify_clean(texts: Any) -> None:
    """Doubt texts with blanks around them, signs that no document holds, or errors of a formula.

    Most texts are plain, which is seen from their bytes; the others are looked at one by one.
    """
    begins, content = _bytes_of(texts)
    if not len(content) and texts.null_count == len(texts):
        return
    odd = (content - np.uint8(_FIRST) > _LAST - _FIRST) | (content == _SIGN)
    rows = np.searchsorted(begins, np.flatnonzero(odd), side="right") - 1
    filled = np.flatnonzero(np.diff(begins))
    blank = (content[begins[filled]] == _BLANK) | (content[begins[filled + 1] - 1] == _BLANK)
    doubt_if(bool(blank.any()), "blanks around a text")
    doubt_if(len(filled) < len(texts) - texts.null_count, "an empty text")
    if len(rows):
        rows = rows[np.append(True, np.diff(rows) > 0)]
        looked_at = texts.take(arrow().array(rows)).to_pylist()
        verify_terms(looked_at, _TEXT)


#: Any text will do.
_TEXT = Column("", "text", "-", "", "", None, None, "", "", "", "", "", "")


def verify_terms(values: list[Any], column: Column | None) -> None:
    """Doubt values that a column would read as something else: other terms, other forms of codes, errors.

    Parameters
    ----------
    values
        Distinct texts.
    column
        What may stand in it; ``None``: any text.
    """
    if column is None:
        doubt_if(clean_texts(values) != values, "a text that is not clean")
        return
    parsed = parse_column(pd.Series(values, dtype=object), column)
    same = parsed.values.to_numpy(object).tolist() == values
    doubt_if(not same, f"a value that column {column.name!r} does not hold")


def verify_numbers(values: Any, column: Column) -> None:
    """Doubt numbers that no cell of a column is read as; bounds of the schema are looked at elsewhere."""
    if column.type in ("number", "share"):
        doubt_if(bool(np.isinf(values).any()), "a number without end")
    elif column.type in ("year", "integer"):
        known = values[~values.isna()].to_numpy(np.int64)
        low, high = _YEARS if column.type == "year" else (-_LARGEST, _LARGEST)
        doubt_if(bool(((known < low) | (known > high)).any()), f"no {column.type}")
    elif column.type == "date":
        doubt_if(
            bool((np.asarray(values, dtype="M8[us]").view(np.int64) % 10**6)[~pd.isna(values)].any()),
            "a moment",
        )
