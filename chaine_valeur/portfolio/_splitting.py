"""Stacked raw tables parted by the code of each row; what has none, or an unknown one, is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import ArgumentError
from ..language import enumeration, tr, trn
from ..schema import table
from ..spellings import cell_text, spelled
from ..table_state import RawTable
from ..text import fold
from .failures import NO_CODE, UNKNOWN_CODE, Failure, duplicate

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CODE", "CODE_HEADERS", "Split", "code_header", "split_by_code"]

CODE = "filiere_code"
#: How people call the column; « Filière » alone is the name of one, in the table of filières.
CODE_HEADERS = (
    CODE,
    "Code de la filière",
    "Code filière",
    "Filière code",
    "Code of the filière",
    "Code (filière)",
)
#: Unknown codes that are told one by one; the others are counted.
_TOLD = 100


@cache
def _spellings() -> frozenset[str]:
    return frozenset(fold(one) for one in CODE_HEADERS)


def code_header(headers: Any) -> str | None:
    """Return the header under which the codes of the filières stand, or ``None``.

    Examples
    --------
    >>> code_header(["Nom", "CODE DE LA FILIERE"])
    'CODE DE LA FILIERE'
    """
    asked = [one for one in headers if isinstance(one, str)]
    return CODE if CODE in asked else next((one for one in asked if fold(one) in _spellings()), None)


def _column_of_codes(raw: RawTable) -> str | None:
    """Return the column that holds the codes: « Code (filière) » is read as the code of the row's own elsewhere."""
    read_as = (
        column for column, header in raw.headers.items() if code_header([header]) and column in raw.frame
    )
    return code_header(raw.frame.columns) or next(read_as, None)


@dataclass(frozen=True)
class Split:
    """Raw tables in which the rows of each code stand together, in the order of `codes`."""

    codes: tuple[str, ...]
    raws: Mapping[str, RawTable]
    offsets: Mapping[str, NDArray[np.int64]]
    notes: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)

    def of(self, place: int) -> dict[str, RawTable]:
        """Return the tables of one code, those that have rows."""
        found = {}
        for name, raw in self.raws.items():
            rows = slice(int(self.offsets[name][place]), int(self.offsets[name][place + 1]))
            if rows.start < rows.stop:
                found[name] = _without_blank(_rows_of(raw, rows))
        return found

    def take(self, places: Sequence[int]) -> Split:
        """Return the codes at some places, with their own rows only."""
        at = np.asarray(places, dtype=np.int64)
        raws, offsets = {}, {}
        for name, raw in self.raws.items():
            begins, sizes = self.offsets[name][at], np.diff(self.offsets[name])[at]
            offsets[name] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
            rows = np.repeat(begins - offsets[name][:-1], sizes) + np.arange(offsets[name][-1])
            raws[name] = _rows_of(raw, rows)
        notes = {new: self.notes[place] for new, place in enumerate(at.tolist()) if place in self.notes}
        return Split(tuple(self.codes[place] for place in at.tolist()), raws, offsets, notes)


def _rows_of(raw: RawTable, rows: slice | NDArray[np.int64]) -> RawTable:
    frame, sheets, numbers = (
        part.iloc[rows].reset_index(drop=True) for part in (raw.frame, raw.sheets, raw.rows)
    )
    return replace(raw, frame=frame, sheets=sheets, rows=numbers)


def _without_blank(raw: RawTable) -> RawTable:
    """Leave out the columns that a filière leaves blank: in tables of its own it would not have them."""
    known = raw.frame.notna().any()
    return replace(raw, frame=raw.frame.loc[:, known]) if known.any() and not known.all() else raw


def split_by_code(
    raws: Mapping[str, RawTable],
    *,
    lang: str,
    source: str = "",
    notes: Sequence[dict[str, Any]] = (),
) -> tuple[Split, list[Failure]]:
    """Return raw tables parted by code, and what could not be given to a filière.

    `notes` are problems found while reading: each goes to the filière of its row, those of no row to the first.

    Raises
    ------
    ArgumentError
        A table without a column of codes.
    """
    codes, bare = {}, {}
    for name, raw in raws.items():
        header = _column_of_codes(raw)
        if header is None:
            raise ArgumentError(
                tr("The table “{table}” has no column “{column}”: it says of which filière each row is.", lang,
                   table=table(name).label(lang), column=CODE)
            )  # fmt: skip
        codes[name] = _texts(raw.frame[header])
        bare[name] = replace(raw, frame=raw.frame.drop(columns=header))
    failures: list[Failure] = []
    if "filiere" in raws:
        bare["filiere"], codes["filiere"] = _each_once(
            bare["filiere"], codes["filiere"], failures, source, lang
        )
    lists = next(name for name in ("filiere", "actors", "essential_actors") if name in codes)
    known = codes[lists]
    order = pd.Index(known[known != ""]).unique()
    parted, offsets = {}, {}
    owner: dict[tuple[str, int], int] = {}
    for name, raw in bare.items():
        place = order.get_indexer(codes[name])
        failures += _not_given(name, codes[name], place, source or raw_name(raw, name, lang), lang)
        if notes:
            owner |= dict(zip(zip(raw.sheets, raw.rows.tolist(), strict=True), place.tolist(), strict=True))
        rows = np.argsort(place, kind="stable")[int((place < 0).sum()) :]
        offsets[name] = np.searchsorted(place[rows], np.arange(len(order) + 1)).astype(np.int64)
        parted[name] = _rows_of(raw, rows)
    told: dict[int, list[dict[str, Any]]] = {}
    for note in notes:
        if fold(str(note["value"])) not in _spellings():  # that column is ours
            told.setdefault(max(0, owner.get((note["sheet"], note["row"]), 0)), []).append(note)
    return Split(tuple(str(code) for code in order), parted, offsets, told), failures


def raw_name(raw: RawTable, name: str, lang: str) -> str:
    """Return the sheet or file that a table stands on."""
    return str(raw.sheets.iat[0]) if len(raw.sheets) else table(name).label(lang)


def _texts(cells: pd.Series) -> NDArray[np.object_]:
    numbers, distinct = spelled(cells)
    texts = np.array([*(cell_text(one) for one in distinct), ""], dtype=object)
    return texts[numbers]


def _each_once(
    raw: RawTable, codes: NDArray[np.object_], failures: list[Failure], source: str, lang: str
) -> tuple[RawTable, NDArray[np.object_]]:
    """Leave out a second row of one code: two filières may claim it, and whose rows are whose nobody can tell."""
    again = pd.Series(codes).duplicated().to_numpy() & (codes != "")
    if not again.any():
        return raw, codes
    first = {code: place for place, code in reversed(list(enumerate(codes.tolist())))}
    for place in np.flatnonzero(again).tolist():
        told = [_row_told(raw, at, lang) for at in (first[codes[place]], place)]
        told = [f"{source}: {one}" if source else one for one in told]
        failures.append(duplicate(str(codes[place]), told[0], told[1], lang))
    rows = np.flatnonzero(~again)
    return _rows_of(raw, rows), codes[rows]


def _row_told(raw: RawTable, place: int, lang: str) -> str:
    where = tr("{sheet}, row\u00a0{row}", lang, sheet=raw.sheets.iat[place], row=raw.rows.iat[place])
    name = cell_text(raw.frame["name"].iat[place]) if "name" in raw.frame else ""
    return f"{where} ({name})" if name else where


def _not_given(
    name: str, codes: NDArray[np.object_], place: NDArray[np.intp], source: str, lang: str
) -> list[Failure]:
    label, found = table(name).label(lang), list[Failure]()
    blank = int((codes == "").sum())
    if blank:
        told = trn(
            "{count} row of the table “{table}” has no code of a filière: it was not read.",
            "{count} rows of the table “{table}” have no code of a filière: they were not read.",
            blank, lang, table=label,
        )  # fmt: skip
        found.append(Failure("", source, NO_CODE, told))
    strange = pd.Series(codes[(place < 0) & (codes != "")]).value_counts(sort=False)
    for code, count in list(strange.items())[:_TOLD]:
        found.append(Failure(str(code), source, UNKNOWN_CODE, _unknown(int(count), str(code), label, lang)))
    if len(strange) > _TOLD:
        rest = strange.iloc[_TOLD:]
        listed = enumeration([str(code) for code in rest.index], lang)
        found.append(Failure("", source, UNKNOWN_CODE, _unknown(int(rest.sum()), listed, label, lang)))
    return found


def _unknown(count: int, code: str, label: str, lang: str) -> str:
    return trn(
        "{count} row of the table “{table}” is of “{code}”, which is no filière of this portfolio: it was not read.",
        "{count} rows of the table “{table}” are of “{code}”, which is no filière of this portfolio: they were not read.",
        count, lang, table=label, code=code,
    )  # fmt: skip
