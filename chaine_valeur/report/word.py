"""The report as a Word document: real styles, captions, alternative texts, repeated heads, page numbers."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..language import tr
from .blocks import Block, Cards, Content, Grid, Heading, Map, Paragraph, Picture, Points, Section
from .word_base import Place, fill_marks, open_base
from .word_fields import Entry, caption, contents, text_of_entry
from .word_lists import Lists
from .word_page import Room, dress_document, drop_paragraph, new_document, room_of, running_heads, turn
from .word_parts import bookmark, bookmark_name, keep_together, link, picture, safe, shade, table
from .word_styles import set_styles
from .word_widths import SIZES, Widths, column_widths, text_cm

__all__ = ["docx_bytes", "save_docx", "without_dates"]

_CARDS_A_ROW = 3
#: Tables of so few rows and letters stand on one page; from so many sections on, there are contents.
_SHORT, _SHORT_LETTERS, _MANY_SECTIONS = 8, 1_500, 3
#: Contents of so many lines have a page to themselves; longer ones are followed by what comes next.
_A_PAGE = 54
#: Room that a picture leaves to each line of its caption and of the heading above it, and to what is around them.
_LINE_CM, _HEAD_LINE_CM, _AROUND_CM = 0.45, 0.85, 0.7
#: The date of every member of the file: the same report gives the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def docx_bytes(content: Content, *, base: str | os.PathLike[str] | None = None) -> bytes:
    """Return the Word file of a report; the same content, and the same base, give the same bytes.

    Parameters
    ----------
    base
        A Word file whose styles, page, headers and footers the report takes; see `chaine_valeur.report.write_docx`.
    """
    document = new_document() if base is None else open_base(base, lang=content.lang)
    place = None if base is None else Place(document, lang=content.lang)
    if place is not None:
        fill_marks(document, _facts_of(content), more=place.after)
    writer = _Writer(document, content, own=base is None)
    writer.report(after_cover=place is not None and place.kept)
    if place is not None:
        place.close()
    dress_document(
        document, title=content.title, subject=content.subtitle, lang=content.lang, own=base is None
    )
    raw = io.BytesIO()
    document.save(raw)
    return without_dates(raw.getvalue())


def save_docx(content: Content, path: Path, *, base: str | os.PathLike[str] | None = None) -> Path:
    """Write the Word file of a report."""
    path.write_bytes(docx_bytes(content, base=base))
    return path


def without_dates(data: bytes) -> bytes:
    """Return a zip whose members all have one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, _MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return out.getvalue()


def _facts_of(content: Content) -> dict[str, str]:
    """Return what a cover may ask for, by the name between its braces."""
    told = {name.casefold(): value for name, value in content.facts}
    told |= {"titre": content.title, "title": content.title}
    told |= {"sous-titre": content.subtitle, "subtitle": content.subtitle}
    return {name: safe(value) for name, value in told.items()}


class _Writer:
    """Writes blocks one after the other; numbers tables and figures."""

    def __init__(self, document: Any, content: Content, *, own: bool) -> None:
        self.document, self.content, self.lang, self._own = document, content, content.lang, own
        self._colon = "\u00a0: " if content.lang == "fr" else ": "
        self._styles = set_styles(document, own=own)
        self._palette = self._styles.palette
        self._table_style = None if own else _table_style(document)
        self._lists = Lists(document, self._styles.element)
        self._room: Room = room_of(document)
        self._bookmarks = _last_bookmark(document)
        self._widths: dict[tuple[str, ...], Widths] = {}
        self._numbers = {Grid: 0, Picture: 0}
        self._entries: list[Entry] = []
        self._figures: list[Entry] = []
        self._by_kind: dict[type, Callable[[Any], None]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            Points: self._points,
            Cards: self._cards,
            Grid: self._grid,
            Picture: self._picture,
            Map: self._map,
        }

    def report(self, *, after_cover: bool) -> None:
        """Write the whole report: what it is, what to remember, contents, sections."""
        running_heads(
            self.document,
            self._styles,
            head=" · ".join([self.content.title, *self.content.running]),
            foot=self.content.subtitle,
            lang=self.lang,
            own=self._own,
        )
        self._opening(page_break=after_cover)
        sections = list(self.content.sections)
        listed = len(sections) >= _MANY_SECTIONS
        if sections and listed and not sections[0].annex:
            self._section(sections.pop(0))
        here = self.document.add_paragraph()
        lines = len(sections) + sum(isinstance(block, Heading) for block in self.content.blocks())
        alone = listed and lines + len(self.content.pictures) <= _A_PAGE
        for place, section in enumerate(sections):
            self._section(section, new_page=alone and place == 0)
        if self.content.closing:
            self._add(safe(self.content.closing), "Note")
        if listed:
            self._contents(here)
        drop_paragraph(here)

    def _opening(self, *, page_break: bool) -> None:
        """Write title, facts and notices."""
        first = self._add(safe(self.content.subtitle), "Subtitle")
        if page_break:
            first.paragraph_format.page_break_before = True
        self._add(safe(self.content.title), "Title")
        for name, value in self.content.facts:
            paragraph = self._add("", "Fact")
            paragraph.add_run(safe(name) + self._colon)
            paragraph.add_run(safe(value)).bold = True
        for notice in self.content.notices:
            self._add(safe(notice), "Warning")

    def _contents(self, here: Any) -> None:
        """Write the contents and the list of figures before a paragraph, once their entries are known."""

        def put(text: str, style: str) -> Any:
            return self._styles(here.insert_paragraph_before(text), style)

        head = put(tr("Contents", self.lang), "TOC Heading")
        head.paragraph_format.page_break_before = True
        lines = [put("", f"toc {entry.level}") for entry in self._entries]
        contents(lines, self._entries, 'TOC \\o "1-2" \\h \\z', link=link)
        if len(self._figures) > 1:
            put(tr("Figures", self.lang), "TOC Heading").paragraph_format.keep_with_next = True
            lines = [put("", "table of figures") for _ in self._figures]
            kind = tr("Figure", self.lang)
            contents(lines, self._figures, f'TOC \\h \\z \\c "{kind}"', link=link)

    def _add(self, text: str, style: str) -> Any:
        return self._styles(self.document.add_paragraph(text), style)

    def _section(self, section: Section, *, new_page: bool = False) -> None:
        """Write a section under a heading."""
        first = section.blocks[0] if section.blocks else None
        turned = isinstance(first, Picture) and self._turns(first)
        if turned:  # the heading goes with its figure
            turn(self.document)
        heading = self._add(safe(section.title), "Heading 1")
        heading.paragraph_format.page_break_before = (section.annex or new_page) and not turned
        heading.paragraph_format.keep_with_next = True
        self._listed(heading, section.title, 1)
        self._mark(heading, section.anchor)
        for place, block in enumerate(section.blocks):
            if isinstance(block, Picture):
                self._picture(block, above=section.title if turned and place == 0 else "")
            else:
                self.block(block)

    def block(self, block: Block) -> None:
        """Write one block."""
        self._by_kind[type(block)](block)

    def _mark(self, paragraph: Any, anchor: str) -> None:
        if anchor:
            self._bookmark(paragraph, bookmark_name(anchor))

    def _bookmark(self, paragraph: Any, name: str) -> None:
        self._bookmarks += 1
        bookmark(paragraph, name, self._bookmarks)

    def _listed(self, heading: Any, text: str, level: int) -> None:
        """Give a heading its line in the contents; Word hides bookmarks of this name, and makes them anew."""
        name = f"_Toc{900_000_000 + len(self._entries)}"
        self._entries.append(Entry(safe(text), level, name))
        self._bookmark(heading, name)

    def _paragraph(self, block: Paragraph) -> None:
        style = {"lead": "Lead", "note": "Note", "warning": "Warning"}.get(block.kind, "Normal")
        paragraph = self._add(safe(block.text), style)
        if block.text.rstrip().endswith(":"):  # what it announces is on its page
            paragraph.paragraph_format.keep_with_next = True

    def _heading(self, block: Heading) -> None:
        heading = self._add(safe(block.text), "Heading 2")
        heading.paragraph_format.keep_with_next = True
        self._listed(heading, block.text, 2)
        self._mark(heading, block.anchor)

    def _points(self, block: Points) -> None:
        number = self._lists.number(ordered=block.ordered)
        for item in block.items:
            paragraph = self._add(safe(item), "List Number" if block.ordered else "List Bullet")
            self._lists.apply(paragraph, number)

    def _cards(self, block: Cards) -> None:
        """Write key figures as a table of three a row; each leads to its explanation."""
        cards = block.cards
        height = -(-len(cards) // _CARDS_A_ROW)
        if not height:
            return
        widths = (self._room.width / _CARDS_A_ROW,) * _CARDS_A_ROW
        grid = table(self.document, height, widths, palette=self._palette)
        for place, card in enumerate(cards):
            cell = grid.cell(place // _CARDS_A_ROW, place % _CARDS_A_ROW)
            shade(cell, self._palette.ground)
            self._styles(cell.paragraphs[0], "Card name").add_run(safe(card.name))
            value = cell.add_paragraph(safe(f"≈\u00a0{card.value}" if card.soft else card.value))
            self._styles(value, "Card unknown" if card.unknown else "Card value")
            for detail in (*card.details, card.firmness):
                if detail:
                    self._styles(cell.add_paragraph(safe(detail)), "Card detail")
            if card.anchor:
                last = self._styles(cell.add_paragraph(), "Card detail")
                self._link(last, tr("Where this figure comes from", self.lang), card.anchor)
        self._add("", "Gap")

    def _link(self, paragraph: Any, text: str, anchor: str) -> None:
        link(paragraph, text, bookmark_name(anchor), colour=self._palette.accent)

    def _grid(self, block: Grid) -> None:
        block = block.on_paper()
        self._caption(block, tr("Table", self.lang), above=True)
        if not block.columns:
            return
        widths = self._widths_of(block)
        kind = "Cell" if widths.size == SIZES[0] else "Dense cell"
        grid = table(
            self.document,
            1 + len(block.rows),
            widths.cm,
            palette=self._palette,
            head=True,
            style=self._table_style,
        )
        cells = grid._cells  # one walk through the XML; row by row it is quadratic
        for place, column in enumerate(block.columns):
            style = f"{kind} head number" if column.numeric else f"{kind} head"
            self._styles(cells[place].paragraphs[0], style).add_run(safe(column.label))
        for number, row in enumerate(block.rows, 1):
            for place, cell in enumerate(row):
                style = f"{kind} number" if block.columns[place].numeric else kind
                paragraph = self._styles(cells[number * len(block.columns) + place].paragraphs[0], style)
                if cell.anchor:
                    self._link(paragraph, safe(cell.text), cell.anchor)
                else:
                    paragraph.add_run(safe(cell.text)).bold = True if cell.strong else None
        for number, anchor in enumerate(block.anchors, 1):
            self._mark(cells[number * len(block.columns)].paragraphs[0], anchor)
        letters = sum(len(cell.text) for row in block.rows for cell in row)
        whole = len(block.rows) <= _SHORT and letters <= _SHORT_LETTERS
        keep_together(grid._tbl, whole=whole, with_next=bool(block.note))
        self._add(safe(block.note), "Note" if block.note else "Gap")

    def _widths_of(self, block: Grid) -> Widths:
        """Return the widths of the columns; tables of the same columns have the same ones all over the report."""
        labels = tuple(column.label for column in block.columns)
        if labels not in self._widths:
            alike = [
                one
                for one in self.content.blocks()
                if isinstance(one, Grid) and tuple(column.label for column in one.columns) == labels
            ]
            self._widths[labels] = column_widths(alike or [block], self._room.width)
        return self._widths[labels]

    def _caption(self, block: Grid | Picture, kind: str, *, above: bool = False) -> None:
        self._numbers[type(block)] += 1
        number = self._numbers[type(block)]
        paragraph, text = self._add("", "Caption"), safe(block.caption)
        caption(paragraph, kind, text, number=number, lang=self.lang, above=above)
        if isinstance(block, Picture):
            name = f"_Toc{800_000_000 + number}"
            self._figures.append(Entry(text_of_entry(kind, number, text, self.lang), 1, name))
            self._bookmark(paragraph, name)

    def _turns(self, block: Picture) -> bool:
        """Whether a picture needs a page that lies down, and the page of the document does not."""
        return block.landscape and not self._room.lying

    def _picture(self, block: Picture, *, above: str = "") -> None:
        """Write a figure; one that lies down has a page to itself, with the heading `above` it where there is one."""
        turns = self._turns(block)
        if turns and not above:
            turn(self.document)
        room = self._room
        width, height = (room.turned_width, room.turned_height) if turns else (room.width, room.height)
        around = _AROUND_CM + _LINE_CM * (1 + text_cm(block.caption, size=10) // width + bool(block.note))
        if above:
            around += _AROUND_CM + _HEAD_LINE_CM * (1 + text_cm(above, size=18) // width)
        tallest = max(height - around, height / 3)
        width = min(width, block.width_cm, tallest * block.width_cm / block.height_cm)
        self._styles(
            picture(self.document, block.png, width_cm=width, alt=safe(block.alt), name=block.name), "Picture"
        )
        self._caption(block, tr("Figure", self.lang))
        if block.note:
            self._add(safe(block.note), "Note")
        if turns:
            turn(self.document)

    def _map(self, block: Map) -> None:
        self._add(safe(block.instead), "Note")


def _last_bookmark(document: Any) -> int:
    """Return the highest number of a bookmark that a base has."""
    from docx.oxml.ns import qn

    numbers = [one.get(qn("w:id"), "") for one in document.element.body.iter(qn("w:bookmarkStart"))]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def _table_style(document: Any) -> str | None:
    """Return the style of tables of a base that is meant for us: « Diagnostic », or the only one of its own."""
    from docx.oxml.ns import qn

    tables = [one for one in document.styles.element.style_lst if one.get(qn("w:type")) == "table"]
    named = [one for one in tables if (one.name_val or "").casefold() in ("diagnostic", "diagnosis")]
    own = [one for one in tables if one.get(qn("w:customStyle")) in ("1", "true", "on")]
    found = named or (own if len(own) == 1 else [])
    return str(found[0].styleId) if found else None
