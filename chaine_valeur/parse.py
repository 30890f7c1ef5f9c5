"""From a cell as somebody typed it to a value: one parser for each type of column.

A parser works on the distinct values of a column, so a column of 100 000 cells costs what its few hundred
spellings cost. It returns the values and says which cells could not be read; it never guesses: « env. 300 »
is no number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .amounts import decimal_signs, parse_number, takes_percent, without_separator
from .schema import Column
from .spellings import are_clean, cell_text, clean_texts, is_plain_text, spelled
from .text import fold, join_list, split_list
from .vocabulary import parse_term

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "EXCEL_ERRORS",
    "Parsed",
    "cell_text",
    "empty_series",
    "luhn_valid",
    "parse_column",
    "parse_free",
    "parse_number",
    "siret_valid",
]

#: What a formula leaves where it failed, in the two languages of its text.
EXCEL_ERRORS = frozenset(
    "#N/A #REF! #DIV/0! #VALUE! #NAME? #NUM! #NULL! #VALEUR! #NOM? #NOMBRE! #NUL! #SPILL! #CALC!".split()
)

# Words by which people say that they do not know; in columns of text they are text.
_UNKNOWN_WORDS = frozenset(
    "|?|??|???|-|–|—|nc|n c|nd|n d|na|n a|nr|n r|nsp|inconnu|inconnue|non renseigne|a preciser|unknown"
    "|nan|none|null|<na>|nat".split("|")
)
_HOUR = re.compile(r"[T ](\d{1,2}):(\d\d)(?::(\d\d))?.*$", re.DOTALL)
_OTHER_JOINT = re.compile(r"\s*[,/+&]\s*|\s+(?:et|and)\s+", re.IGNORECASE)
_PLAIN_WORD = re.compile(r"\w+ ?[.!]?")
_TRUE = {"oui", "o", "yes", "y", "vrai", "true", "x", "1", "ok"}
_FALSE = {"non", "n", "no", "faux", "false", "0"}
_MONTH_WORDS = (
    "janvier january janv jan",
    "fevrier february fevr fev feb",
    "mars march mar",
    "avril april avr apr",
    "mai may",
    "juin june jun",
    "juillet july juil jul",
    "aout august aou aug",
    "septembre september sept sep",
    "octobre october oct",
    "novembre november nov",
    "decembre december dec",
)
_MONTHS = {word: month for month, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()}


@dataclass(frozen=True)
class Parsed:
    """A parsed column.

    Attributes
    ----------
    values
        The values, unknown where a cell is blank or refused.
    numbers
        Per cell, the number of its spelling, -1 where it is blank.
    read, found
        Per spelling, its value, and the code of what is wrong with it, or an empty text.
    """

    values: pd.Series
    numbers: NDArray[np.intp]
    read: list[Any]
    found: list[str]

    @property
    def refused(self) -> NDArray[np.intp]:
        """Positions of the cells that something is wrong with."""
        if not any(self.found):
            return np.empty(0, dtype=np.intp)
        return np.flatnonzero(np.array([*map(bool, self.found), False])[self.numbers])

    @cached_property
    def codes(self) -> pd.Series:
        """Per cell, the code of what is wrong with it, or an empty text."""
        wrongs: Any = pd.array([*self.found, ""], dtype="str").take(self.numbers) if any(self.found) else ""
        return pd.Series(wrongs, index=self.values.index, dtype="str")


class _Refused(Exception):
    """A cell that cannot be read; the argument is the problem code, the second what may be kept instead."""

    def __init__(self, code: str, kept: Any = None) -> None:
        super().__init__(code)
        self.code = code
        self.kept = kept


def _number(cell: Any, column: Column) -> float:
    if isinstance(cell, str) and "%" in cell and not takes_percent(column.unit):
        raise _Refused("percentage")
    try:
        return parse_number(cell, unit=column.unit)
    except ValueError:
        raise _Refused("not_a_number") from None


def _integer(cell: Any, column: Column) -> float:
    value = _number(cell, column)
    if value != int(value) or abs(value) > 1e15:
        raise _Refused("not_an_integer")
    return int(value)


def _year(cell: Any, column: Column) -> float:
    try:
        value: float = cell.year if isinstance(cell, (date, datetime)) else parse_number(cell)
    except ValueError:
        try:
            value = _date(cell, column).year
        except _Refused:
            raise _Refused("not_a_year") from None
    if value != int(value) or not 1800 <= value <= 2200:
        raise _Refused("not_a_year")
    return int(value)


def _date(cell: Any, column: Column) -> datetime:
    if isinstance(cell, datetime):  # a pandas Timestamp is one
        return cell.replace(tzinfo=None, microsecond=0)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    try:
        number = parse_number(cell)
    except ValueError:
        number = math.nan
    if 1900 <= number <= 2100 and number == int(number):
        raise _Refused("approximate_date", datetime(int(number), 1, 1))
    text = str(cell)
    hour = _HOUR.search(text)
    words = [_MONTHS.get(word, word) for word in fold(text[: hour.start()] if hour else text).split()]
    try:
        parts = [1 if word == "1er" else int(word) for word in words]
        if len(parts) == 2 and max(parts) > 1800:
            raise _Refused("approximate_date", datetime(max(parts), min(parts), 1))
        if len(parts) != 3:
            raise ValueError(cell)
        day, month, year = reversed(parts) if parts[0] > 31 else parts
        if year < 100:  # the century is guessed as Excel guesses it
            raise _Refused("approximate_date", datetime(year + (2000 if year < 30 else 1900), month, day))
        return datetime(year, month, day, *(map(int, hour.groups("0")) if hour else ()))
    except (ValueError, OverflowError):
        raise _Refused("not_a_date") from None


def _boolean(cell: Any, column: Column) -> bool:
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    text = cell_text(cell)
    word = fold(text) if _PLAIN_WORD.fullmatch(text) else ""  # « oui ? » is no yes
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise _Refused("not_yes_or_no")


def _text(cell: Any, column: Column) -> str:
    return cell_text(cell)


def _category(cell: Any, column: Column) -> str:
    text = _text(cell, column)
    if column.terms is None:
        return text
    value = parse_term(text, column.vocabulary)
    if value is None:
        raise _Refused("unknown_term")
    return value


def _list(cell: Any, column: Column) -> str | None:
    entries = split_list(_text(cell, column).replace("\n", ";"))
    if column.terms is None:
        return join_list(entries) or None
    parsed = [value for entry in entries for value in _terms(entry, column.vocabulary)]
    known = join_list(dict.fromkeys(value for value in parsed if value is not None))
    if None in parsed:
        raise _Refused("unknown_term", known or None)
    return known or None


def _terms(entry: str, vocabulary: str) -> list[str | None]:
    """Return the terms of an entry: one, or several joined by another sign if each is known by itself."""
    one = parse_term(entry, vocabulary)
    if one is None:
        several = [parse_term(part, vocabulary) for part in _OTHER_JOINT.split(entry)]
        if len(several) > 1 and None not in several:
            return several
    return [one]


def luhn_valid(digits: str) -> bool:
    """Return whether a string of digits satisfies the Luhn key (SIREN, SIRET).

    Examples
    --------
    >>> luhn_valid("73282932000074"), luhn_valid("73282932000075")
    (True, False)
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def siret_valid(siret: str) -> bool:
    """Return whether 14 digits are a valid SIRET.

    Establishments of La Poste (SIREN 356000000) follow another rule: the sum of the digits is a multiple
    of 5; its seat follows the Luhn key as well.
    """
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    if siret.startswith("356000000") and sum(map(int, siret)) % 5 == 0:
        return True
    return luhn_valid(siret)


def _siret(cell: Any, column: Column) -> str:
    digits = re.sub(r"[\s.\-\u00a0\u202f]", "", _text(cell, column))
    if not (digits.isascii() and digits.isdigit()):
        raise _Refused("siret_form")
    if 9 < len(digits) < 14 and siret_valid(digits.zfill(14)):
        raise _Refused("eaten_zeros", digits.zfill(14))
    if len(digits) != 14:
        raise _Refused("siret_form")
    if not siret_valid(digits):
        raise _Refused("siret_checksum", digits)
    return digits


def _naf(cell: Any, column: Column) -> str:
    code = re.sub(r"[\s.]", "", _text(cell, column)).upper()
    if re.fullmatch(r"\d{3}[A-Z]", code):
        raise _Refused("eaten_zeros", f"0{code[0]}.{code[1:]}")
    if not re.fullmatch(r"\d{4}[A-Z]", code):
        raise _Refused("naf_form")
    return f"{code[:2]}.{code[2:]}"


def _rome(cell: Any, column: Column) -> str:
    code = re.sub(r"\s", "", _text(cell, column)).upper()
    if not re.fullmatch(r"[A-Z]\d{4}", code):
        raise _Refused("rome_form")
    return code


def _commune(cell: Any, column: Column) -> str:
    code = re.sub(r"\s", "", _text(cell, column)).upper()
    if re.fullmatch(r"\d{4}", code):
        raise _Refused("eaten_zeros", code.zfill(5))
    if not re.fullmatch(r"(\d\d|2[AB])\d{3}", code):
        raise _Refused("commune_form")
    return code


_PARSERS: dict[str, tuple[Callable[[Any, Column], Any], str]] = {
    "id": (_text, "str"),
    "text": (_text, "str"),
    "category": (_category, "str"),
    "list": (_list, "str"),
    "siret": (_siret, "str"),
    "naf": (_naf, "str"),
    "rome": (_rome, "str"),
    "commune": (_commune, "str"),
    "number": (_number, "float64"),
    "share": (_number, "float64"),
    "integer": (_integer, "Int64"),
    "year": (_year, "Int64"),
    "boolean": (_boolean, "boolean"),
    "date": (_date, "datetime64[us]"),
}
_TEXTUAL = {"id", "text"}
_NUMERIC = {"floating", "integer", "mixed-integer-float", "empty"}


def dtype_of(column: Column) -> str:
    """Return the pandas dtype in which a column is stored."""
    return _PARSERS[column.type][1]


def empty_series(column: Column, length: int = 0) -> pd.Series:
    """Return a column of unknown values in the dtype of the schema."""
    blank = pd.Series([None], dtype=dtype_of(column)).array
    return pd.Series(blank.take(np.full(length, -1), allow_fill=True), name=column.name)


def parse_column(cells: pd.Series, column: Column) -> Parsed:
    """Return the values of a column and the problem code of each cell that could not be read.

    Parameters
    ----------
    cells
        The cells as read: text, numbers, dates, booleans, ``None`` or NaN where blank; any index.
    column
        What may stand in it.

    Returns
    -------
    Parsed
        Values in the dtype of the schema on the index of `cells`, unknown where a cell is blank or
        refused; codes ``""`` where all is well.
    """
    dtype = _PARSERS[column.type][1]
    if dtype == "float64" and (numeric := _floats(cells)) is not None:
        wrong = np.isinf(numeric.to_numpy())
        numeric = numeric.mask(wrong) if wrong.any() else numeric
        return Parsed(numeric.rename(column.name), np.where(wrong, 0, -1), [None], ["not_a_number"])
    numbers, spellings = spelled(cells)
    read, found = _read_texts(spellings) if column.type in _TEXTUAL else _read(spellings, column)
    if dtype == "str" and read == spellings and is_plain_text(cells):
        return Parsed(cells.rename(column.name), numbers, read, found)
    # blanks have number -1: they take the None appended at the end
    values = pd.Series([*read, None], dtype=dtype).array.take(numbers)
    return Parsed(pd.Series(values, index=cells.index, name=column.name), numbers, read, found)


def _read_texts(spellings: list[Any]) -> tuple[list[Any], list[str]]:
    if are_clean(spellings):
        return spellings, [""] * len(spellings)
    read: list[Any] = clean_texts(spellings)
    failed = [
        number
        for number, cell in enumerate(spellings)
        if isinstance(cell, str) and "#" in cell and cell.strip() in EXCEL_ERRORS
    ]
    found = [""] * len(read)
    for number in failed:
        read[number], found[number] = None, "excel_error"
    return read, found


def _read(spellings: list[Any], column: Column) -> tuple[list[Any], list[str]]:
    parser = _PARSERS[column.type][0]
    read: list[Any] = []
    found: list[str] = []
    for cell in spellings:
        code, value = "", None
        try:
            if isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
                raise _Refused("excel_error")
            if fold(str(cell)) not in _UNKNOWN_WORDS:
                value = parser(cell, column)
        except _Refused as refused:
            code, value = refused.code, refused.kept
        read.append(value)
        found.append(code)
    if column.type == "number":
        doubtful = [
            n for n, cell in enumerate(spellings) if not found[n] and without_separator(cell, column.unit)
        ]
        signs = decimal_signs(spellings) if doubtful else ()
        for number in doubtful:
            if without_separator(spellings[number], column.unit, signs):
                found[number] = "thousands_or_decimals"
    return read, found


def _floats(cells: pd.Series) -> pd.Series | None:
    """Return cells that are all numbers as floats; ``None`` where one is none, or too large to be one."""
    dtype = cells.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "iuf" and dtype.itemsize <= 8:
        return cells.astype("float64")
    if isinstance(dtype, pd.StringDtype) and not cells.isna().all():
        return None
    raw = cells.to_numpy(object)
    if pd.api.types.infer_dtype(raw, skipna=True) not in _NUMERIC:
        return None
    try:
        return pd.Series(np.asarray(pd.to_numeric(raw), dtype="float64"), index=cells.index)
    except OverflowError:
        return None


def parse_free(cells: pd.Series) -> pd.Series:
    """Return a column that the schema does not know, in the one dtype that its cells share.

    Numbers are ``float64``, yes/no ``boolean``, dates ``datetime64[us]``; anything else, and a mixture, is
    text. What comes out goes in again unchanged, so that such columns survive every file format.

    Examples
    --------
    >>> parse_free(pd.Series([1, 2.5, None])).tolist(), parse_free(pd.Series([1, "a b "])).tolist()
    ([1.0, 2.5, nan], ['1', 'a b'])
    """
    raw = cells.to_numpy(object)
    inferred = pd.api.types.infer_dtype(raw, skipna=True)
    if inferred in ("floating", "integer", "mixed-integer-float"):
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
        if (numbers.abs().fillna(0) < 2**53).all():
            return numbers
    if inferred == "boolean":
        return cells.astype("boolean")
    if (
        inferred in ("datetime", "datetime64", "date") and cells.notna().any()
    ):  # no day at all is no column of days
        dates = pd.to_datetime(cells, errors="coerce").astype("datetime64[us]").dt.round("s")
        # Excel knows no day before 1900-03-01, and a day that pandas does not know would be lost
        if (dates.dropna() >= "1900-03-01").all() and dates.isna().equals(cells.isna()):
            return dates
    numbers, spellings = spelled(cells)
    text = clean_texts(spellings)
    return pd.Series([*text, None], dtype="str").take(numbers).set_axis(cells.index).rename(cells.name)
