"""A sheet as a Word document: the styles of the report, boxes that can be ticked, dotted lines to write on."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from typing import Any

from ...language import tr
from ..blocks import Paragraph, Points
from ..word import without_dates
from ..word_base import Place, fill_marks, open_base
from ..word_lists import Lists
from ..word_page import dress_document, new_document, room_of, running_heads
from ..word_parts import keep_together, safe, shade, table
from ..word_styles import SOFT, Styles, set_styles
from .form import Blank, Check, Choice, Entries, Entry, Fiche, Noted, Part, Signature, Table
from .page import WORDS

__all__ = ["Desk"]

#: Widths in centimetres: a label beside what is known of it, the three last columns of rows to be checked.
_LABEL_CM, _CHECK_CM = 3.4, (3.0, 2.3, 4.0)
#: Heights in centimetres: a row to write in, the box of a signature.
_ROW_CM, _SIGN_CM = 0.56, 1.25
#: Room at the edges of a page, above and below: a sheet is denser than a report.
_MARGINS_CM = {"top_margin": 1.5, "bottom_margin": 1.5, "header_distance": 0.7, "footer_distance": 0.7}
_TITLE_PT, _PART_PT, _LINE_PT, _LOW_LINE_PT = 15, 10.5, 14, 10
#: What the schema wants after the borders of a paragraph.
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
                  "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid",
                  "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
                  "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId",
                  "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")  # fmt: skip
#: A box that Word ticks when it is clicked, and that is a plain sign in any other program.
_BOX = (
    '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox>'
    '<w14:checked w14:val="{on}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr>'
    '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/></w:rPr>'
    "<w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt>"
)


class Desk:
    """Writes sheets one after the other, all on the same styles, which are made once.

    Parameters
    ----------
    base
        A Word file whose styles, page, headers and footers the sheets take, as for the report.

    Raises
    ------
    UnreadableFileError
        The base is no Word document; see `chaine_valeur.report.word_base.open_base`.
    """

    def __init__(self, *, base: str | os.PathLike[str] | None = None, lang: str) -> None:
        from docx.shared import Cm

        self.own, self.lang = base is None, lang
        document = new_document() if base is None else open_base(base, lang=lang)
        if self.own:
            for name, value in _MARGINS_CM.items():
                setattr(document.sections[0], name, Cm(value))
        styles = set_styles(document, own=self.own)
        self._palette = styles.palette
        self._ids = {name: styles.element(name).styleId for name in _STYLES}
        raw = io.BytesIO()
        document.save(raw)
        self._blank = raw.getvalue()

    def write(self, fiche: Fiche) -> bytes:
        """Return the Word file of a sheet; the same sheet, on the same base, gives the same bytes."""
        from docx import Document

        document = Document(io.BytesIO(self._blank))
        known = {one.styleId: one for one in document.styles.element.style_lst}
        styles = Styles({name: known[identifier] for name, identifier in self._ids.items()}, self._palette)
        place = None if self.own else Place(document, lang=self.lang)
        if place is not None:
            fill_marks(document, _facts_of(fiche))
        running_heads(
            document,
            styles,
            head=" · ".join(dict.fromkeys([fiche.title, *fiche.running])),
            foot=" · ".join([fiche.kind, fiche.title]),
            lang=self.lang,
            own=self.own,
        )
        _Writer(document, styles, fiche).sheet(new_page=place is not None and place.kept)
        if place is not None:
            place.close()
        dress_document(document, title=fiche.title, subject=fiche.kind, lang=self.lang, own=self.own)
        raw = io.BytesIO()
        document.save(raw)
        return without_dates(raw.getvalue())


_STYLES = ("Normal", "Subtitle", "Title", "Heading 1", "Heading 2", "List Bullet", "Lead", "Note", "Warning", "Gap",
           "Running head", "Cell", "Cell head", "Cell number", "Cell head number", "Card detail")  # fmt: skip


def _facts_of(fiche: Fiche) -> dict[str, str]:
    told = {name.casefold(): value for name, value in fiche.strip}
    told |= {"titre": fiche.title, "title": fiche.title, "sous-titre": fiche.kind, "subtitle": fiche.kind}
    return {name: safe(value) for name, value in told.items()}


def _small(run: Any) -> None:
    """Set a run in small plain letters, whatever the style of its paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.bold, run.font.color.rgb = Pt(8), False, RGBColor.from_string(SOFT)
    spread = OxmlElement("w:spacing")
    spread.set(qn("w:val"), "0")
    properties = run._r.get_or_add_rPr()
    size = properties.find(qn("w:sz"))
    size.addprevious(spread)


def _thin_rules(made: Any) -> None:
    """Give a table thin rules between its rows and below, nothing between its columns."""
    from docx.oxml.ns import qn

    borders = made._tbl.tblPr.find(qn("w:tblBorders"))
    for line in list(borders):
        borders.remove(line)
    for side in ("bottom", "insideH"):
        line = borders.makeelement(qn(f"w:{side}"), {})
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C4C9CB")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)


class _Writer:
    """Writes the items of one sheet."""

    def __init__(self, document: Any, styles: Styles, fiche: Fiche) -> None:
        self.document, self.fiche, self.lang = document, fiche, fiche.lang
        self._styles, self._palette = styles, styles.palette
        self._room = room_of(document).width
        self._words = {name: tr(word, fiche.lang) for name, word in WORDS.items()}
        self._lists = Lists(document, styles.element)
        self._by_kind: dict[type, Callable[[Any], None]] = {
            Paragraph: self._paragraph,
            Points: self._points,
            Entries: self._entries,
            Blank: self._blank,
            Choice: self._choice,
            Table: self._table,
            Check: self._check,
            Signature: self._signature,
        }

    def sheet(self, *, new_page: bool) -> None:
        """Write the whole sheet."""
        from docx.shared import Pt

        first = self._add(safe(self.fiche.kind), "Subtitle")
        first.paragraph_format.page_break_before = new_page
        if self.fiche.running:
            _small(first.add_run("   " + safe(" · ".join(self.fiche.running))))
        title = self._add(safe(self.fiche.title), "Heading 1")
        title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(2), Pt(5)
        title.runs[0].font.size = Pt(_TITLE_PT)
        if self.fiche.strip:
            self._strip(self.fiche.strip)
        if self.fiche.lead:
            lead = self._add(safe(self.fiche.lead), "Normal")
            lead.paragraph_format.space_before, lead.paragraph_format.space_after = Pt(4), Pt(2)
        for part in self.fiche.parts:
            self._part(part)
        if self.fiche.closing:
            self._add(safe(self.fiche.closing), "Card detail").paragraph_format.space_before = Pt(6)

    def _part(self, part: Part) -> None:
        from docx.shared import Pt

        if part.title:
            head = self._add(safe(part.title), "Heading 2")
            head.runs[0].font.size = Pt(_PART_PT)
            head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(6), Pt(2)
            head.paragraph_format.keep_with_next = True
        for place, item in enumerate(part.items):
            before = len(self.document.element.body)
            self._by_kind[type(item)](item)
            if part.whole and place < len(part.items) - 1:
                self._keep(before - 1)

    def _keep(self, start: int) -> None:
        """Keep all that was written from a place of the body on the page of what follows."""
        from docx.oxml.ns import qn

        for child in list(self.document.element.body)[start:-1]:
            for paragraph in [child] if child.tag == qn("w:p") else child.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()

    def _add(self, text: str, style: str) -> Any:
        return self._styles(self.document.add_paragraph(text), style)

    def _tight(self, text: str = "", *, style: str = "Normal", after: float = 2) -> Any:
        from docx.shared import Pt

        paragraph = self._add(text, style)
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(after), 1.0
        return paragraph

    def _paragraph(self, block: Paragraph) -> None:
        style = {"note": "Card detail", "warning": "Warning"}.get(block.kind, "Normal")
        self._tight(safe(block.text), style=style)

    def _points(self, block: Points) -> None:
        number = self._lists.number(ordered=False)
        for item in block.items:
            self._lists.apply(self._tight(safe(item), style="List Bullet", after=1), number)

    def _grid(self, rows: int, widths: Sequence[float], *, head: bool = False) -> Any:
        return table(self.document, rows, tuple(widths), palette=self._palette, head=head)

    def _strip(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Write short facts side by side on a tinted ground."""
        width = self._room / len(pairs)
        made = self._grid(1, [width] * len(pairs))
        for cell, (name, value) in zip(made._cells, pairs, strict=True):
            shade(cell, self._palette.ground)
            self._styles(cell.paragraphs[0], "Card detail").add_run(safe(name))
            paragraph = self._styles(cell.add_paragraph(), "Cell")
            if value:
                paragraph.add_run(safe(value)).bold = True
            else:
                self._line(paragraph)
        self._gap()

    def _entries(self, block: Entries) -> None:
        """Write labels and what is known of each; what is not has dotted lines."""
        beside = block.beside
        height = -(-len(block.entries) // beside)
        if not height:
            return
        made = self._grid(height, [_LABEL_CM, self._room / beside - _LABEL_CM] * beside)
        _thin_rules(made)
        cells = made._cells
        for place, entry in enumerate(block.entries):
            self._entry(cells[2 * place], cells[2 * place + 1], entry)
        self._gap()

    def _entry(self, label: Any, cell: Any, entry: Entry) -> None:
        from docx.shared import Pt

        self._styles(label.paragraphs[0], "Cell").add_run(safe(entry.label))
        if entry.text:
            paragraph = self._styles(cell.paragraphs[0], "Normal")
            paragraph.add_run(safe(entry.text))
            form = paragraph.paragraph_format
            form.space_before, form.space_after, form.line_spacing = Pt(1), Pt(1), 1.0
            return
        for number in range(entry.lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            self._line(self._styles(paragraph, "Normal"))

    def _line(self, paragraph: Any, *, height: float = _LINE_PT) -> None:
        """Make a paragraph a dotted line to write on, as wide as there is room."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls
        from docx.shared import Pt

        sides = "".join(
            f'<w:{side} w:val="dotted" w:sz="6" w:space="1" w:color="6B777D"/>'
            for side in ("bottom", "between")
        )
        borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
        # the schema wants it after keepNext & co. and before what follows
        paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)
        form = paragraph.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(2), Pt(height)

    def _blank(self, block: Blank) -> None:
        if block.label:
            self._tight(
                safe(block.label), style="Card detail", after=1
            ).paragraph_format.keep_with_next = True
        for _ in range(block.lines):
            self._line(self._add("", "Normal"))

    def _box(self, paragraph: Any, *, ticked: bool = False) -> None:
        from docx.oxml import parse_xml

        sign = "\u2612" if ticked else "\u2610"
        paragraph._p.append(parse_xml(_BOX.format(on=int(ticked), sign=sign)))

    def _choice(self, block: Choice) -> None:
        paragraph = self._tight(safe(block.label))
        for place, option in enumerate(block.options):
            if place or block.label:
                paragraph.add_run("     ")
            self._box(paragraph, ticked=place in block.ticked)
            paragraph.add_run("\u00a0" + safe(option))

    def _table(self, block: Table) -> None:
        from docx.shared import Cm

        grid = block.grid
        share = self._room / sum(column.weight for column in grid.columns)
        widths = [column.weight * share for column in grid.columns]
        made = self._grid(1 + len(grid.rows) + block.empty, widths, head=True)
        cells, width = made._cells, len(grid.columns)
        for place, column in enumerate(grid.columns):
            style = "Cell head number" if column.numeric else "Cell head"
            self._styles(cells[place].paragraphs[0], style).add_run(safe(column.label))
        for number, row in enumerate(grid.rows, 1):
            for place, cell in enumerate(row):
                style = "Cell number" if grid.columns[place].numeric else "Cell"
                paragraph = self._styles(cells[number * width + place].paragraphs[0], style)
                paragraph.add_run(safe(cell.text)).bold = True if cell.strong else None
        for row, stated in zip(made.rows[1:], [*grid.rows, *[()] * block.empty], strict=True):
            if not any(cell.text for cell in stated):
                row.height = Cm(_ROW_CM)
        keep_together(made._tbl, whole=True, with_next=bool(grid.note))
        self._add(safe(grid.note), "Card detail") if grid.note else self._gap()

    def _check(self, block: Check) -> None:
        """Write rows to be checked, with their boxes and a line for what is wrong, group by group."""
        widths = (self._room - sum(_CHECK_CM), *_CHECK_CM)
        made = self._grid(1 + len(block.groups) + block.count, widths, head=True)
        cells, at = made._cells, 4
        for place, name in enumerate(("noted", "source", "level", "verdict")):
            self._styles(cells[place].paragraphs[0], "Cell head").add_run(self._words[name])
        for title, rows in block.groups:
            self._group(cells[at : at + 4], title)
            at += 4
            for row in rows:
                self._noted(cells[at : at + 4], row)
                at += 4
        keep_together(made._tbl, whole=False, with_next=False)
        self._gap()

    def _group(self, cells: Sequence[Any], title: str) -> None:
        from docx.shared import Pt, RGBColor

        cell = cells[0].merge(cells[3])
        paragraph = self._styles(cell.paragraphs[0], "Cell head")
        run = paragraph.add_run(safe(title))
        run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(self._palette.accent)
        paragraph.paragraph_format.space_before = Pt(5)
        paragraph.paragraph_format.keep_with_next = True
        for extra in cell.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)

    def _noted(self, cells: Sequence[Any], row: Noted) -> None:
        said, source, level, verdict = cells
        paragraph = self._styles(said.paragraphs[0], "Cell")
        paragraph.add_run(safe(row.lead)).bold = True
        if row.details:
            paragraph.add_run("  " + safe(row.details))
        else:
            self._line(self._styles(said.add_paragraph(), "Cell"))
        self._styles(source.paragraphs[0], "Card detail").add_run(safe(row.source))
        self._styles(level.paragraphs[0], "Card detail").add_run(safe(row.level))
        answer = self._styles(verdict.paragraphs[0], "Card detail")
        for word in ("exact", "wrong"):
            self._box(answer)
            answer.add_run("\u00a0" + self._words[word] + ("   " if word == "exact" else ""))
        self._line(self._styles(verdict.add_paragraph(), "Cell"), height=_LOW_LINE_PT)

    def _signature(self, block: Signature) -> None:
        from docx.shared import Cm

        self._gap(kept=True)
        width = self._room / 3
        made = self._grid(1, [width] * 3)
        made.rows[0].height = Cm(_SIGN_CM)
        for cell, name in zip(made._cells, ("signatory", "date", "signature"), strict=True):
            shade(cell, self._palette.ground)
            self._styles(cell.paragraphs[0], "Card detail").add_run(self._words[name])
        self._gap()

    def _gap(self, *, kept: bool = False) -> None:
        """Write the paragraph that Word wants between two tables, as low as can be."""
        from docx.shared import Pt

        paragraph = self._tight(style="Gap", after=0)
        paragraph.paragraph_format.line_spacing = Pt(3)
        if kept:
            paragraph.paragraph_format.keep_with_next = True
