"""Reads a report back, whatever its form: the page with the parser of Python, Word and Excel as XML and cells."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

VOID = {"col", "meta", "img", "br", "hr", "link", "input", "wbr"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def plain(text: str) -> str:
    """Return a text with ordinary spaces, one between words, so that forms can be compared."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ")).strip()


@dataclass
class Element:
    """An element of a page, with the text that stands directly and indirectly in it."""

    tag: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return plain("".join(self.pieces))


class Page(HTMLParser):
    """All elements of a page in the order in which they open; refuses one that closes what is not open."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = text
        self.elements: list[Element] = []
        self.declarations: list[str] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert self._open == [], [element.tag for element in self._open]

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> says an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes nothing"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(element.tag in ("style", "script") for element in self._open):
            return
        for element in self._open:
            element.pieces.append(data)

    def of(self, *tags: str) -> list[Element]:
        """Return the elements of some tags, in the order of the page."""
        return [element for element in self.elements if element.tag in tags]

    def marked(self, tag: str, name: str) -> list[Element]:
        """Return the elements of a tag that have a class."""
        return [one for one in self.of(tag) if name in one.attributes.get("class", "").split()]

    @property
    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    @property
    def text(self) -> str:
        """What a reader reads, without the map."""
        return self.of("body")[0].text

    def map_html(self) -> str:
        """Return the page inside the frame of the map."""
        return self.of("iframe")[0].attributes["srcdoc"]


@lru_cache(maxsize=8)
def page_of(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def zip_parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as parts:
        assert parts.testzip() is None
        return {name: parts.read(name) for name in parts.namelist()}


def docx_text(path: Path) -> str:
    """Return every word of a Word document, tables included, in order."""
    root = ElementTree.fromstring(zip_parts(path)["word/document.xml"])
    said = []
    for paragraph in root.iter(f"{W}p"):
        said.append("".join(run.text or "" for run in paragraph.iter(f"{W}t")))
    return plain("\n".join(said))


def docx_tables(path: Path) -> list[list[list[str]]]:
    """Return the tables of a Word document as rows of texts, through python-docx."""
    from docx import Document

    document = Document(io.BytesIO(path.read_bytes()))
    found = []
    for table in document.tables:
        width = len(table.columns)
        texts = [plain(cell.text) for cell in table._cells]
        found.append([texts[at : at + width] for at in range(0, len(texts), width)])
    return found


@lru_cache(maxsize=8)
def book_of(path: Path) -> Any:
    from openpyxl import load_workbook

    return load_workbook(path)


def sheet_rows(sheet: Any) -> list[dict[str, Any]]:
    """Return the rows of a sheet under its heads."""
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def xlsx_texts(path: Path) -> list[str]:
    """Return every text of a workbook."""
    return [
        cell.value
        for sheet in book_of(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
