"""A column as the few things that stand in it: what each cell is as a number, and the distinct spellings.

Whatever is read of a cell is read of its spelling, once. Columns that are typed already (text, whole numbers,
yes/no, days) are numbered as they are, without making a Python object of each cell.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np
import pandas as pd

from .text import join_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

__all__ = ["Texts", "are_clean", "cell_text", "clean_texts", "is_plain_text", "spelled"]

#: What shows nothing at either end of a cell: every blank of Unicode, and the mark of the order of bytes.
_BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
# control characters, non-characters and halves of characters: neither XML nor UTF-8 holds them
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
#: Dtypes that hold unknown beside whole numbers, or yes and no.
_WHOLE = frozenset(("boolean", *(f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64))))


@dataclass(frozen=True)
class Texts:
    """A column of text: of each cell which of the values it is, -1 where blank; the values, each once."""

    numbers: NDArray[Any]
    values: list[str]

    @classmethod
    def of(cls, cells: pd.Series) -> Texts:
        """Return the texts of a column of dtype ``str``, or of categories of them.

        Examples
        --------
        >>> found = Texts.of(pd.Series(["b", "a", None, "b"], dtype="str"))
        >>> found.numbers.tolist(), found.values
        ([0, 1, -1, 0], ['b', 'a'])
        """
        numbers, values = pd.factorize(cells.array)
        return cls(numbers, values.tolist())

    @classmethod
    def kept(cls, cells: pd.Series) -> Texts:
        """Return the texts of a column in as few bytes as they take, to be kept: they cannot be written into.

        Examples
        --------
        >>> Texts.kept(pd.Series(["b", "a", None], dtype="str")).numbers.dtype
        dtype('int8')
        """
        found = cls.of(cells)
        small = np.int8 if len(found.values) <= np.iinfo(np.int8).max else np.int32
        numbers = found.numbers.astype(small)
        numbers.flags.writeable = False
        return cls(numbers, found.values)

    @classmethod
    def read(cls, numbers: NDArray[np.intp], values: list[str | None]) -> Texts:
        """Return texts of numbered values, some of which may be unknown or the same.

        Examples
        --------
        >>> found = Texts.read(np.array([0, 1, 2, -1]), ["a", None, "a"])
        >>> found.numbers.tolist(), found.values
        ([0, -1, 0, -1], ['a'])
        """
        if None not in values and len(set(values)) == len(values):
            return cls(numbers, [value for value in values if value is not None])
        known: dict[str, int] = {}
        of_value = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
        return cls(np.array([*of_value, -1], dtype=np.intp)[numbers], list(known))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which cells are known."""
        return self.numbers >= 0

    def told(self, tell: Callable[[str], Any], *, unknown: Any, dtype: Any) -> NDArray[Any]:
        """Return what `tell` makes of each cell, called once per value; an unknown cell gives `unknown`.

        The last axes are those of what `tell` gives.

        Examples
        --------
        >>> Texts(np.array([0, -1, 1]), ["filature", "tri"]).told(len, unknown=0, dtype=int).tolist()
        [8, 0, 3]
        """
        # −1, the unknown, looks at the last entry
        return np.array([*map(tell, self.values), unknown], dtype=dtype)[self.numbers]

    def ranks(self, terms: Iterable[str]) -> NDArray[np.int32]:
        """Return the place of each cell in a list of terms, −1 where it is none of them.

        Examples
        --------
        >>> Texts(np.array([0, -1, 1, 0]), ["b", "a"]).ranks(["a", "b"]).tolist()
        [1, -1, 0, 1]
        """
        place = {str(term): rank for rank, term in enumerate(terms)}
        return self.told(lambda value: place.get(value, -1), unknown=-1, dtype=np.int32)

    def among(self, *terms: str) -> NDArray[np.bool_]:
        """Return which cells are one of some terms; an unknown cell is none."""
        asked = {str(term) for term in terms}
        return self.told(asked.__contains__, unknown=False, dtype=bool)

    def cells(self, others: pd.Index) -> pd.Series:
        """Return the column again, on an index."""
        return pd.Series(pd.array([*self.values, None], dtype="str").take(self.numbers), index=others)


def is_plain_text(cells: pd.Series) -> bool:
    """Return whether a column is of the dtype in which text is stored here, so that it can stay as it is."""
    dtype = cells.dtype
    return (
        isinstance(dtype, pd.StringDtype)
        and dtype.na_value is not pd.NA
        and dtype.storage == pd.StringDtype(na_value=np.nan).storage
    )


def spelled(cells: pd.Series) -> tuple[NDArray[np.intp], list[Any]]:
    """Return the number of each cell's spelling (-1: blank) and the spellings, in the order of the cells.

    What Python holds for equal is told apart where people would: 1, 1.0 and True are three spellings. Several
    entries given as a list are the text that a sheet would hold.

    Examples
    --------
    >>> spelled(pd.Series([1, True, None, "a", 1], dtype=object))
    (array([ 0,  1, -1,  2,  0]), [1, True, 'a'])
    """
    if _is_typed(cells.dtype):
        numbers, distinct = pd.factorize(cells.array)
        return numbers, pd.Series(distinct).astype(object).tolist()
    raw = cells.to_numpy(object)
    if pd.api.types.infer_dtype(raw, skipna=True) in ("string", "floating", "datetime", "empty"):
        numbers, distinct = pd.factorize(raw)
        return numbers, list(distinct)
    seen: dict[tuple[type, Any], int] = {}
    codes = [
        -1 if _is_blank(cell) else seen.setdefault((type(cell), cell), len(seen))
        for cell in map(_scalar, raw)
    ]
    return np.array(codes, dtype=np.intp), [cell for _, cell in seen]


def _is_typed(dtype: Any) -> bool:
    """Whether cells of a dtype are of one kind, so that equal ones are spelled alike."""
    if isinstance(dtype, np.dtype):
        return dtype.kind in "iub" or (dtype.kind == "f" and dtype.itemsize <= 8) or dtype.kind == "M"
    if isinstance(dtype, pd.CategoricalDtype):
        return isinstance(dtype.categories.dtype, pd.StringDtype)
    return isinstance(dtype, pd.StringDtype) or dtype.name in _WHOLE


def _scalar(cell: Any) -> Any:
    if isinstance(cell, (list, tuple, set, np.ndarray)):
        return join_list(map(str, cell))
    return cell if isinstance(cell, Hashable) else str(cell)


def _is_blank(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell != cell


def cell_text(cell: Any) -> str:
    """Return the text that a cell means: 276 for 276.0, a date in ISO form, otherwise what was typed, clean.

    Examples
    --------
    >>> cell_text(276.0), cell_text("  E\u0301tang "), cell_text(None)
    ('276', 'Étang', '')
    """
    if type(cell) is str:
        return _clean(cell)
    if _is_blank(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e16:
        return str(int(cell))  # Excel stores 276 as 276.0
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    return _clean(str(cell))


def clean_texts(cells: list[Any]) -> list[str | None]:
    """Return `cell_text` of many cells, ``None`` where it is empty."""
    if are_clean(cells):
        return cells
    return [cell_text(cell) or None for cell in cells]


def are_clean(cells: list[Any]) -> bool:
    """Return whether cells are plainly text as it should be, no error of a formula among them.

    Some that are may not be recognised: those with accents.

    Examples
    --------
    >>> are_clean(["Relais", "Filature"]), are_clean([" Relais"]), are_clean(["Relais", 3])
    (True, False, False)
    """
    if not cells or set(map(type, cells)) != {str}:
        return False
    whole = f"|{'|'.join(cells)}|"
    return (
        whole.isascii() and whole.isprintable() and not any(sign in whole for sign in ("| ", " |", "||", "#"))
    )


def _clean(text: str) -> str:
    """Return text in NFC, without what no document can hold and without blanks around it."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return normalize("NFC", text).strip(_BLANKS)
