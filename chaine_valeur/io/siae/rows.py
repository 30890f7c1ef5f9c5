"""The rows of a listing while they are read: cells by column, where each stands, doubts told as they are met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...language import enumeration
from ...parse import empty_series, parse_column
from ...problems import Place, Problems
from ...schema import Table
from ...table_state import RawTable
from ...text import fold, join_list, split_list
from .schema import listing_table

__all__ = ["Read", "Reader", "Rows", "one_of", "postcode", "several_of"]

#: What a reader makes of a text: its value, the code of what is wrong or "", what words that.
Read = tuple[str | None, str, Mapping[str, object]]
Reader = Callable[[str], Read]


@dataclass(frozen=True)
class Rows:
    """The cells of a listing by column, where each row stands, and where doubts are told."""

    cells: pd.DataFrame
    place: Place
    problems: Problems
    home: Table

    @classmethod
    def of(cls, raws: Sequence[RawTable], problems: Problems) -> Rows:
        """Return the rows of tables of one listing, one below the other, those without a name told."""
        home = listing_table()
        cells = pd.concat([raw.frame.reindex(columns=list(home.columns)) for raw in raws], ignore_index=True)
        by_sheet = {name: headers for raw in raws for name, headers in raw.by_sheet.items()}
        sheets = pd.concat([raw.sheets for raw in raws], ignore_index=True)
        numbers = pd.concat([raw.rows for raw in raws], ignore_index=True)
        place = Place(home.name, sheets, numbers, raws[0].headers, by_sheet)
        return cls(cells.astype(object), place, problems, home)._with_names()

    def _with_names(self) -> Rows:
        """Return the rows that have a name, the brand where it is all there is; the others are told."""
        cells = self.cells.assign(
            name=self.cells["name"].where(self.text("name").notna(), self.cells["brand"])
        )
        kept = self.text("name").notna() | self.text("brand").notna()
        for position in (~kept).to_numpy().nonzero()[0]:
            self.tell(position, "missing_required", "name", "")
        sheets, numbers = (part[kept].reset_index(drop=True) for part in (self.place.sheets, self.place.rows))
        place = Place(self.home.name, sheets, numbers, self.place.headers, self.place.by_sheet)
        return Rows(cells[kept].reset_index(drop=True), place, self.problems, self.home)

    def tell(self, position: int, code: str, column: str, value: object, **fields: object) -> None:
        """Tell what is wrong with a cell; further `fields` fill the sentence."""
        self.problems.at(self.place, int(position), code, column, value=value, **fields)

    def text(self, column: str) -> pd.Series:
        """Return the cells of a column as clean text, missing where blank."""
        return parse_column(self.cells[column], self.home["name"]).values

    def parsed(self, column: str) -> pd.Series:
        """Return a column in its type and within its bounds; what cannot be is unknown, and told."""
        asked, cells = self.home[column], self.cells[column]
        if cells.isna().all():
            return empty_series(asked, len(cells)).set_axis(cells.index)
        parsed = parse_column(cells, asked)
        values = parsed.values
        for position in parsed.codes.ne("").to_numpy().nonzero()[0]:
            self.tell(
                position, parsed.codes.iat[position], column, cells.iat[position], limit=values.iat[position]
            )
        for limit, beyond, code in (
            (asked.minimum, values.lt, "below_minimum"),
            (asked.maximum, values.gt, "above_maximum"),
        ):
            if limit is None:
                continue
            outside = beyond(limit).fillna(False).to_numpy(bool)
            for position in outside.nonzero()[0]:
                self.tell(position, code, column, cells.iat[position], limit=limit)
            values = values.mask(outside)
        return values

    def read(self, column: str, reader: Reader) -> pd.Series:
        """Return a column through a reader of one text: its value, the code of what is wrong, what words it."""
        texts = self.text(column)
        numbers, distinct = pd.factorize(texts)  # blanks have number -1: they take what stands at the end
        found = [reader(text) for text in distinct]
        wrong = np.array([*(code != "" for _, code, _ in found), False])[numbers]
        for position in wrong.nonzero()[0]:
            _, code, fields = found[numbers[position]]
            self.tell(position, code, column, texts.iat[position], **fields)
        values = pd.Series([*(value for value, _, _ in found), None], dtype="str").take(numbers)
        return values.set_axis(texts.index)


def postcode(text: str) -> Read:
    """Read a postcode: five digits, spaces and « F- » apart, a zero that a spreadsheet ate given back."""
    plain = "".join(text.split()).upper().removeprefix("F-")
    if plain.isascii() and plain.isdigit() and len(plain) in (4, 5):
        code = plain.zfill(5)
        return code, "eaten_zeros" if len(plain) == 4 else "", {"limit": code}
    return None, "postcode_form", {}


def _spellings(terms: Mapping[str, str]) -> dict[str, str]:
    return {fold(word): code for code, words in terms.items() for word in (code, *words.split("|"))}


def one_of(terms: Mapping[str, str], lang: str) -> Reader:
    """Return what reads one of some codes, spelled in one of several ways each."""
    known, choices = _spellings(terms), enumeration(list(terms), lang)

    def read(text: str) -> Read:
        code = known.get(fold(text))
        return code, "" if code else "unknown_term", {"choices": choices}

    return read


def several_of(terms: Mapping[str, str], lang: str) -> Reader:
    """Return what reads several of some codes; those that are known are kept where another is not."""
    known, choices = _spellings(terms), enumeration(list(terms), lang)

    def read(text: str) -> Read:
        parts = split_list(text.replace(",", ";").replace("|", ";").replace("\n", ";"))
        codes = [known.get(fold(part)) for part in parts]
        told = join_list(dict.fromkeys(code for code in codes if code))
        return told or None, "unknown_term" if None in codes else "", {"choices": choices}

    return read
