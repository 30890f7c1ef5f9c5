"""The report as a Word document: real styles, captions, alternative texts, repeated heads, page numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..language import tr
from .blocks import Block, Cards, Content, Grid, Heading, Map, Paragraph, Picture, Points, Section
from .word_parts import (
    bookmark,
    caption,
    dress_document,
    landscape,
    link,
    new_document,
    picture,
    safe,
    shade,
    table,
    upright,
)
from .word_styles import Styles

__all__ = ["docx_bytes", "save_docx"]

#: Width of the text of an upright page, in centimetres.
_TEXT_CM, _WIDE_CM = 17.0, 25.7
_CARDS_A_ROW = 3
#: A letter of a cell, what stands beside it, and the word beyond which it may be broken.
_LETTER_CM, _CELL_ROOM_CM, _LONGEST_WORD = 0.165, 0.28, 16
#: The date of every member of the file: the same report gives the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def docx_bytes(content: Content) -> bytes:
    """Return the Word file of a report; the same content gives the same bytes."""
    document = new_document(lang=content.lang)
    writer = _Writer(document, content)
    writer.opening()
    for section in content.sections:
        writer.section(section)
    if content.closing:
        writer.closing()
    dress_document(document, title=content.title, subject=content.subtitle, lang=content.lang)
    raw = io.BytesIO()
    document.save(raw)
    return _without_dates(raw.getvalue())


def save_docx(content: Content, path: Path) -> Path:
    """Write the Word file of a report."""
    path.write_bytes(docx_bytes(content))
    return path


def _without_dates(data: bytes) -> bytes:
    """Return a zip whose members all have one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, _MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return out.getvalue()


def _widths(grid: Grid) -> list[float]:
    """Return the widths of columns in centimetres: room for the longest word of each, the rest by weight."""
    least = []
    for place, column in enumerate(grid.columns):
        texts = [column.label, *(row[place].text for row in grid.rows)]
        longest = max((len(word) for text in texts for word in text.split()), default=1)
        least.append(min(longest, _LONGEST_WORD) * _LETTER_CM + _CELL_ROOM_CM)
    spare = max(_TEXT_CM - sum(least), 0.0)
    total = sum(column.weight for column in grid.columns)
    widths = [low + spare * column.weight / total for low, column in zip(least, grid.columns, strict=True)]
    return [width * _TEXT_CM / sum(widths) for width in widths]


class _Writer:
    """Writes blocks one after the other; numbers tables and figures."""

    def __init__(self, document: Any, content: Content) -> None:
        self.document, self.content, self.lang = document, content, content.lang
        self._bookmarks = 0
        self._styles = Styles(document)
        self._numbers = {Grid: 0, Picture: 0}
        self._by_kind: dict[type, Callable[[Any], None]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            Points: self._points,
            Cards: self._cards,
            Grid: self._grid,
            Picture: self._picture,
            Map: self._map,
        }

    def opening(self) -> None:
        """Write title, facts and notices."""
        self._add(safe(self.content.subtitle), "Subtitle")
        self._add(safe(self.content.title), "Title")
        for name, value in self.content.facts:
            paragraph = self._add("", "Fact")
            paragraph.add_run(safe(f"{name}\u00a0: " if self.lang == "fr" else f"{name}: "))
            paragraph.add_run(safe(value)).bold = True
        for notice in self.content.notices:
            self._add(safe(notice), "Warning")
        contents = self._add("", "Note")
        contents.add_run(safe(tr("Contents", self.lang)) + ("\u00a0: " if self.lang == "fr" else ": "))
        for place, section in enumerate(self.content.sections):
            if place:
                contents.add_run(" · ")
            link(contents, safe(section.title).replace(" ", "\u00a0"), section.anchor)

    def closing(self) -> None:
        """Write what the report ends with."""
        self._add(safe(self.content.closing), "Note")

    def _add(self, text: str, style: str) -> Any:
        return self._styles(self.document.add_paragraph(text), style)

    def section(self, section: Section) -> None:
        """Write a section under a heading."""
        first = section.blocks[0] if section.blocks else None
        lies = isinstance(first, Picture) and first.landscape
        if lies:  # the heading goes with its figure
            landscape(self.document)
        heading = self.document.add_heading(safe(section.title), level=1)
        heading.paragraph_format.page_break_before = section.annex
        self._mark(heading, section.anchor)
        for place, block in enumerate(section.blocks):
            if isinstance(block, Picture):
                self._picture(block, turned=lies and place == 0)
            else:
                self.block(block)

    def block(self, block: Block) -> None:
        """Write one block."""
        self._by_kind[type(block)](block)

    def _mark(self, paragraph: Any, anchor: str) -> None:
        if anchor:
            self._bookmarks += 1
            bookmark(paragraph, anchor, self._bookmarks)

    def _paragraph(self, block: Paragraph) -> None:
        style = {"lead": "Lead", "note": "Note", "warning": "Warning"}.get(block.kind, "Normal")
        self._add(safe(block.text), style)

    def _heading(self, block: Heading) -> None:
        self._mark(self.document.add_heading(safe(block.text), level=2), block.anchor)

    def _points(self, block: Points) -> None:
        style = "List Number" if block.ordered else "List Bullet"
        for item in block.items:
            self._add(safe(item), style)

    def _cards(self, block: Cards) -> None:
        """Write key figures as a table of three a row; each leads to its explanation."""
        cards = block.cards
        height = -(-len(cards) // _CARDS_A_ROW)
        if not height:
            return
        grid = table(
            self.document, height, _CARDS_A_ROW, [_TEXT_CM / _CARDS_A_ROW] * _CARDS_A_ROW, rules=False
        )
        for place, card in enumerate(cards):
            cell = grid.cell(place // _CARDS_A_ROW, place % _CARDS_A_ROW)
            shade(cell, "F3F6F7")
            self._styles(cell.paragraphs[0], "Card name").add_run(safe(card.name))
            self._styles(
                cell.add_paragraph(safe(card.value)), "Card unknown" if card.unknown else "Card value"
            )
            for detail in (*card.details, card.firmness):
                if detail:
                    self._styles(cell.add_paragraph(safe(detail)), "Card detail")
            if card.anchor:
                last = self._styles(cell.add_paragraph(), "Card detail")
                link(last, tr("Where this figure comes from", self.lang), card.anchor)
        self._add("", "Gap")

    def _grid(self, block: Grid) -> None:
        self._caption(block, tr("Table", self.lang), above=True)
        widths = _widths(block)
        grid = table(self.document, 1 + len(block.rows), len(block.columns), widths, head=True)
        cells = grid._cells  # one walk through the XML; row by row it is quadratic
        for place, column in enumerate(block.columns):
            style = "Cell head number" if column.numeric else "Cell head"
            self._styles(cells[place].paragraphs[0], style).add_run(safe(column.label))
        for number, row in enumerate(block.rows, 1):
            for place, cell in enumerate(row):
                style = "Cell number" if block.columns[place].numeric else "Cell"
                paragraph = self._styles(cells[number * len(block.columns) + place].paragraphs[0], style)
                if cell.anchor:
                    link(paragraph, safe(cell.text), cell.anchor)
                else:
                    paragraph.add_run(safe(cell.text)).bold = True if cell.strong else None
        if block.anchors:
            for number, anchor in enumerate(block.anchors, 1):
                self._mark(cells[number * len(block.columns)].paragraphs[0], anchor)
        self._add(safe(block.note), "Note" if block.note else "Gap")

    def _caption(self, block: Grid | Picture, kind: str, *, above: bool = False) -> None:
        self._numbers[type(block)] += 1
        number = self._numbers[type(block)]
        caption(
            self._add("", "Caption"), kind, safe(block.caption), number=number, lang=self.lang, above=above
        )

    def _picture(self, block: Picture, *, turned: bool = False) -> None:
        wide = block.landscape
        if wide and not turned:
            landscape(self.document)
        room = _WIDE_CM if wide else _TEXT_CM
        tallest = 13.0 if wide else 20.0
        width = min(room, block.width_cm, tallest * block.width_cm / block.height_cm)
        picture(self.document, block.png, width_cm=width, alt=safe(block.alt), name=block.name)
        self._caption(block, tr("Figure", self.lang))
        if wide:
            upright(self.document)

    def _map(self, block: Map) -> None:
        self._add(safe(block.instead), "Note")
