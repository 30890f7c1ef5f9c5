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
#: A cell or a row of which one has to look how far it is from the others: a third letter, a sixth figure. What a
#: sheet declares of its own size says nothing: writers leave it out, or write what it was before.
_FAR = re.compile(rb"""\br=["'](?:[A-Z]{3}\d|[A-Z]{0,2}\d{6})""")
_ERROR = re.compile(rb'<c\s([^>]*\bt="e"[^>]*)>(.*?)</c>', re.DOTALL)
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_ADDRESS = re.compile(rb'\br="([A-Z]+)(\d+)"')
_FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*\br=["']([A-Z]+)(\d+)["'][^>/]*>\s*<(?:\w+:)?(?:v|is|f)\b""")
#: A row that begins with a cell without an address: it stands in the first column.
_BARE = re.compile(rb"""<(?:\w+:)?row\s[^>]*\br=["'](\d+)["'][^>]*>\s*<(?:\w+:)?c(?![^>]*\br=)""")


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
                    cells, far = _scan(stream)
                if far:
                    with archive.open(member) as stream:
                        _measure(stream, sheet, lang)
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


def _scan(stream: IO[bytes]) -> tuple[dict[int, dict[int, str]], bool]:
    """Return the failed cells of a sheet, and whether something may stand too far from the rest."""
    cells: dict[int, dict[int, str]] = {}
    far = False
    for part in _parts(stream):
        if b't="e"' in part:
            for match in _ERROR.finditer(part):
                address, value = _ADDRESS.search(match[1]), _VALUE.search(match[2])
                if address and value:
                    text = value[1].decode("utf-8", "replace")
                    cells.setdefault(int(address[2]), {})[_column(address[1])] = text
        far = far or _FAR.search(part) is not None
    return cells, far


def _measure(stream: IO[bytes], sheet: str, lang: str) -> None:
    """Raise if the cells that hold something span too many: rows that are only coloured do not count."""
    last_row = last_column = 0
    for part in _parts(stream):
        for match in _FILLED.finditer(part):
            last_row = max(last_row, int(match[2]))
            last_column = max(last_column, _column(match[1]) + 1)
        last_row = max([last_row, *map(int, _BARE.findall(part))])
        if last_row * max(last_column, 1) > _MOST_CELLS:
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


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a sheet in parts that end where a row ends, so that no cell is cut in two."""
    left = b""
    while chunk := stream.read(_CHUNK):
        whole, mark, rest = (left + chunk).rpartition(b"</row>")
        if mark:
            yield whole + mark
        left = rest
    yield left


def _column(letters: bytes) -> int:
    """Return the column of its letters, from zero: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
