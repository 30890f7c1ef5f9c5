"""What calamine does not tell of an .xlsx: the cells where a formula failed, and a stray cell far from all.

calamine gives a failed formula as a blank; here its text is found again, so that it is listed and not taken
for « unknown ». It also lays a sheet out from its first to its last cell: one stray blank typed in the last
row of the last column would ask for terabytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import IO
from xml.etree import ElementTree

from ..errors import UnreadableFileError
from ..language import tr

__all__ = ["failed_formulas"]

#: Sheet → row as Excel numbers it → column from zero → text of the error.
Failed = dict[str, dict[int, dict[int, str]]]

_CHUNK = 1 << 24
#: Cells that calamine may be asked to lay out: about 2 GB.
_MOST_CELLS = 64_000_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DIMENSION = re.compile(rb'<dimension\s+ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_ERROR = re.compile(rb'<c\s([^>]*\bt="e"[^>]*)>(.*?)</c>', re.DOTALL)
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_ADDRESS = re.compile(rb'\br="([A-Z]+)(\d+)"')
_FILLED = re.compile(rb'<c\s[^>]*\br="([A-Z]+)(\d+)"[^>/]*>\s*<(?:v|is|f)\b')


def failed_formulas(content: bytes, *, lang: str = "fr") -> Failed:
    """Return the cells of an .xlsx that hold an error of Excel; nothing for other kinds of workbooks.

    Raises
    ------
    UnreadableFileError
        A sheet has a cell so far from the others that it cannot be laid out.
    """
    found: Failed = {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for sheet, member in _members(archive).items():
                with archive.open(member) as stream:
                    cells = _scan(stream, sheet, lang)
                if cells:
                    found[sheet] = cells
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, EOFError, NotImplementedError):
        return {}  # calamine is to say what is wrong with it, if anything is
    return found


def _members(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Return sheet name → member of the archive."""
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets: dict[str, str] = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            target = targets.get(element.get(_RELATION), "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if member in archive.NameToInfo and "worksheets" in member:
                sheets[element.get("name", "")] = member
    return sheets


def _scan(stream: IO[bytes], sheet: str, lang: str) -> dict[int, dict[int, str]]:
    cells: dict[int, dict[int, str]] = {}
    measure = last_row = last_column = 0
    for place, part in enumerate(_parts(stream)):
        if place == 0:
            measure = _declared(part) > _MOST_CELLS
        if b't="e"' in part:
            for match in _ERROR.finditer(part):
                address, value = _ADDRESS.search(match[1]), _VALUE.search(match[2])
                if address and value:
                    text = value[1].decode("utf-8", "replace")
                    cells.setdefault(int(address[2]), {})[_column(address[1])] = text
        if measure:  # rows that are only coloured are declared too: see which cells hold something
            for match in _FILLED.finditer(part):
                last_row = max(last_row, int(match[2]))
                last_column = max(last_column, _column(match[1]) + 1)
            if last_row * last_column > _MOST_CELLS:
                raise UnreadableFileError(
                    tr(
                        "On the sheet “{sheet}” something stands very far from the rest (row {row}, column "
                        "{column}): delete the rows and columns after your data, then save.",
                        lang,
                        sheet=sheet,
                        row=last_row,
                        column=last_column,
                    )
                )
    return cells


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a sheet in parts that end where a row ends, so that no cell is cut in two."""
    left = b""
    while chunk := stream.read(_CHUNK):
        whole, mark, rest = (left + chunk).rpartition(b"</row>")
        if mark:
            yield whole + mark
        left = rest
    yield left


def _declared(part: bytes) -> int:
    match = _DIMENSION.search(part)
    return int(match[2]) * (_column(match[1]) + 1) if match else 0


def _column(letters: bytes) -> int:
    """Return the column of its letters, from zero: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
