"""Files of other tools: no larger than can be held, XML and JSON that cannot harm, a sentence where they are refused."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

from ...errors import UnreadableFileError
from ...language import quantity, tr
from ...problems import Problems
from ..cells import Grid, nameless_header, unique_headers
from ..csv import records, separated
from ..files import decode_text, read_bytes
from ..workbook import sheet_grids

__all__ = [
    "MOST_CELLS",
    "columns_of",
    "check_cells",
    "held",
    "json_of",
    "parse_xml",
    "refused",
    "table_of",
    "workbook_grids",
]

#: Bytes of a file that is read in one go, and of what a workbook holds once it is unpacked.
MOST_BYTES = {"xml": 1 << 29, "json": 1 << 27, "csv": 1 << 29, "xlsx": 1 << 30}
#: Elements within elements: real files have about ten levels.
MOST_DEEP = 100
#: Characters of one text: a longer one is no label.
MOST_TEXT = 1_000_000
#: Cells of the tables that a file may ask for.
MOST_CELLS = 64_000_000
#: Those that a file may ask for with next to nothing in them, and how many a thing that it says may ask for beyond.
MOST_BLANK = 8_000_000
_BLANK_PER_CELL = 100
_DECLARED = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)""")


def refused(path: str | os.PathLike[str], reason: str, lang: str) -> UnreadableFileError:
    """Return the error of a file that is not read, with the reason as a sentence."""
    return UnreadableFileError(
        tr("“{file}” is not read: {reason}", lang, file=Path(path).name, reason=reason)
    )


def check_cells(path: str | os.PathLike[str], cells: int, told: int, *, lang: str) -> None:
    """Refuse a file that asks for many more cells than it says things, or for more than can be held.

    Raises
    ------
    UnreadableFileError
        It does: each of its elements has attributes that no other has, or usual values make all of the cells.
    """
    if cells > min(MOST_CELLS, max(MOST_BLANK, _BLANK_PER_CELL * told)):
        raise refused(path, tr("its elements have too many different attributes.", lang), lang)


def held(path: str | os.PathLike[str], form: str, *, lang: str) -> bytes:
    """Return what a file holds, if it is not larger than what files of that form may be.

    Raises
    ------
    UnreadableFileError
        As `chaine_valeur.io.files.read_bytes`; or it is too large.
    """
    most = MOST_BYTES[form]
    try:
        size = os.stat(path).st_size
    except (OSError, ValueError):
        size = 0  # the reader says what is wrong
    if size > most:
        raise _too_large(path, size, most, lang)
    return read_bytes(path, lang=lang)


def _too_large(path: str | os.PathLike[str], size: int, most: int, lang: str) -> UnreadableFileError:
    told = {
        name: quantity(count / (1 << 20), tr("MB", lang), lang)
        for name, count in (("size", size), ("most", most))
    }
    reason = tr("it holds {size}, and {most} are read at most. Export a part of it.", lang, **told)
    return refused(path, reason, lang)


# -- XML ------------------------------------------------------------------------------------------------


class _Hostile(Exception):
    """Something in a file that no tool of the field writes."""


def parse_xml(
    path: str | os.PathLike[str],
    start: Callable[[str, dict[str, str], int], None],
    end: Callable[[str, str], None],
    *,
    lang: str,
) -> None:
    """Read an XML file from its beginning to its end, in the time and the memory that its length allows.

    Names come without their prefix. Nothing is fetched, no entity is expanded: a file that declares any is refused.
    What says that it is UTF-8 and is not is read as Windows writes (cp1252).

    Parameters
    ----------
    start
        Called with name, attributes and line of each element that begins.
    end
        Called with name and text (that of its own, not of elements within) of each that ends.

    Raises
    ------
    UnreadableFileError
        Missing, too large, no XML, cut short, too deep, with entities.
    """
    content = held(path, "xml", lang=lang)
    parser = expat.ParserCreate(_encoding(content))
    parser.buffer_text = True
    texts: list[list[str]] = []
    length = 0
    bare: dict[str, str] = {}

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal length
        if len(texts) >= MOST_DEEP:
            raise _Hostile(tr("its elements lie too deep in one another.", lang))
        texts.append([])
        length = 0
        start(bare.setdefault(name, name.rpartition(":")[2]), attributes, parser.CurrentLineNumber)

    def ends(name: str) -> None:
        end(bare[name], "".join(texts.pop()))

    def says(text: str) -> None:
        nonlocal length
        length += len(text)
        if length > MOST_TEXT:
            raise _Hostile(tr("a text in it is too long.", lang))
        texts[-1].append(text)

    def declares(*_: object) -> int:
        raise _Hostile(
            tr("it declares entities, which no tool of the field writes and which can do harm.", lang)
        )

    def has_type(_name: str, _system: str | None, _public: str | None, inside: int) -> None:
        if inside:
            declares()

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begins, ends, says
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = has_type, declares
    parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = declares
    try:
        parser.Parse(content, True)
    except _Hostile as error:
        raise refused(path, str(error), lang) from None
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", parser.CurrentLineNumber)
        raise refused(
            path,
            tr(
                "it is no well-formed XML (line {line}). Export it anew from the tool it comes from.",
                lang,
                line=line,
            ),
            lang,
        ) from None


def _encoding(content: bytes) -> str | None:
    """Return the encoding to read a file in where what it says is wrong, else ``None``."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    declared = _DECLARED.search(content[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return None


# -- JSON -----------------------------------------------------------------------------------------------


def json_of(path: str | os.PathLike[str], *, lang: str) -> tuple[Any, list[str]]:
    """Return what a JSON file holds, and the names that stand twice in one object, of which the first counts.

    Numbers that are none (``NaN``, ``Infinity``) are unknown.

    Raises
    ------
    UnreadableFileError
        Missing, too large, too deep, no JSON.
    """
    content = held(path, "json", lang=lang)
    try:
        text = decode_text(content, path, lang=lang)
    except UnreadableFileError:
        raise refused(path, tr("it is no text.", lang), lang) from None
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in found:
            if name in made:
                twice.append(name)
            else:
                made[name] = value
        return made

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=lambda _: None), twice
    except RecursionError:
        raise refused(path, tr("its elements lie too deep in one another.", lang), lang) from None
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        told = tr("it is no JSON (line {line}). Export it anew from the tool it comes from.", lang, line=line)
        raise refused(path, told, lang) from None


# -- tables ---------------------------------------------------------------------------------------------


def table_of(path: str | os.PathLike[str], *, lang: str) -> Grid:
    """Return the cells of a CSV file, whatever its encoding and separator, its first row the headers."""
    text = decode_text(held(path, "csv", lang=lang), path, lang=lang)
    separator, text = separated(text, ())
    name = Path(path).name
    return Grid.of(name, records(text, separator, file=name, lang=lang))


def workbook_grids(
    path: str | os.PathLike[str], wanted: Callable[[Sequence[str]], Sequence[str]], *, lang: str
) -> list[Grid]:
    """Return the cells of the sheets of a workbook that are wanted among their names.

    Raises
    ------
    UnreadableFileError
        As `chaine_valeur.read_workbook`; or it holds more than can be held once it is unpacked.
    """
    held(path, "xlsx", lang=lang)
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        size = 0  # no .xlsx: the reader says what it is
    if size > MOST_BYTES["xlsx"]:
        raise _too_large(path, size, MOST_BYTES["xlsx"], lang)
    return list(sheet_grids(path, wanted, lang=lang))


def columns_of(grid: Grid, problems: Problems | None = None) -> dict[str, list[Any]]:
    """Return header → cells of a grid whose first row is the headers.

    As in workbooks of our own, a repeated header has a number behind it, « Note (2) », and cells without a header are
    « Colonne D »; both are told.

    Raises
    ------
    UnreadableFileError
        A few long rows ask for far more cells than there are.
    """
    if not grid.rows:
        return {}
    lang = problems.lang if problems is not None else "fr"
    rows = grid.rows[1:]
    texts = [str(cell).strip() for cell in grid.rows[0]]
    beyond = {
        place
        for row in rows
        if len(row) > len(texts) or "" in texts
        for place, cell in enumerate(row)
        if (place >= len(texts) or not texts[place]) and cell is not None and str(cell).strip()
    }
    heads = {place: text for place, text in enumerate(texts) if text}
    heads |= {place: nameless_header(place, lang) for place in sorted(beyond)}
    check_cells(grid.sheet, len(heads) * len(rows), sum(map(len, grid.rows)), lang=lang)
    names = dict(zip(heads, unique_headers(heads.values()), strict=True))
    if problems is not None:
        here: dict[str, Any] = {"sheet": grid.sheet, "row": grid.numbers[0]}
        for place, name in names.items():
            text = heads[place]
            if place in beyond:
                problems.add("unknown_column", **here, column=name, value=name, close="")
            elif name != text:
                problems.add("duplicate_header", **here, column=text, value=text)
    return {
        name: [None if place >= len(row) or row[place] == "" else row[place] for row in rows]
        for place, name in names.items()
    }
