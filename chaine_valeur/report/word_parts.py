"""The pieces of a Word document that python-docx has no function for."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

from ..language import tr
from .word_styles import ACCENT, set_styles

__all__ = [
    "bookmark",
    "caption",
    "dress_document",
    "field",
    "landscape",
    "link",
    "new_document",
    "picture",
    "safe",
    "shade",
    "table",
    "upright",
]

# what XML 1.0 cannot hold; a cell pasted from elsewhere may
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe(text: str) -> str:
    """Return a text that XML can hold, on one line."""
    return _FORBIDDEN.sub("\ufffd", text).replace("\r", " ").replace("\n", " ")


def new_document(*, lang: str) -> Any:
    """Return an empty document, A4, with the styles of the report and its language."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin, page.bottom_margin = Cm(2), Cm(2)
    set_styles(document)
    _language(document, "fr-FR" if lang == "fr" else "en-GB")
    return document


def _language(document: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(qn("w:docDefaults"))
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    said = run.find(qn("w:lang"))
    if said is None:
        said = OxmlElement("w:lang")
        run.append(said)
    for name in ("val", "eastAsia"):
        said.set(qn(f"w:{name}"), code)


def dress_document(document: Any, *, title: str, subject: str, lang: str) -> None:
    """Write page numbers, and the properties that programs and screen readers show."""
    code = "fr-FR" if lang == "fr" else "en-GB"
    properties = document.core_properties
    properties.title, properties.subject, properties.language = safe(title)[:255], safe(subject)[:255], code
    properties.author, properties.comments = "chaine_valeur", ""
    properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
    properties.last_modified_by, properties.revision = "", 1
    footer = document.sections[0].footer.paragraphs[0]
    footer.style = "Note"
    footer.add_run(safe(title) + " · " + tr("page", lang) + " ")
    field(footer, "PAGE")
    footer.add_run(" / ")
    field(footer, "NUMPAGES")


def field(paragraph: Any, code: str, *, shown: str = "1") -> None:
    """Add a field (page number, number of a table) that Word works out."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "", "separate", "text", "end"):
        run = paragraph.add_run()
        if kind == "text":
            run.text = shown
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {code} "
            run._r.append(words)


def caption(paragraph: Any, kind: str, text: str, *, number: int, lang: str, above: bool = False) -> None:
    """Write « Tableau 3 : … »: numbered by Word, so that it can list its tables and figures."""
    paragraph.paragraph_format.keep_with_next = above
    paragraph.add_run(f"{kind}\u00a0")
    field(paragraph, f"SEQ {kind} \\* ARABIC", shown=str(number))
    paragraph.add_run("\u00a0: " if lang == "fr" else ": ")
    paragraph.add_run(text)


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Make a paragraph a place that links can lead to."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _bookmark_name(name))
    position = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(position, start)
    paragraph._p.append(end)


def _bookmark_name(anchor: str) -> str:
    """Return a name that Word takes: a letter first, 40 characters at most, told apart by a digest beyond."""
    import hashlib

    name = re.sub(r"\W", "_", anchor)
    return name if len(name) <= 40 else f"{name[:29]}_{hashlib.sha256(anchor.encode()).hexdigest()[:10]}"


def link(paragraph: Any, text: str, anchor: str) -> None:
    """Add a link to a bookmark of the document."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = paragraph.add_run(text)
    run.font.underline = True
    run.font.color.rgb = RGBColor.from_string(ACCENT)
    box = OxmlElement("w:hyperlink")
    box.set(qn("w:anchor"), _bookmark_name(anchor))
    box.set(qn("w:history"), "1")
    box.append(run._r)
    paragraph._p.append(box)


def table(
    document: Any, rows: int, columns: int, widths: list[float], *, head: bool = False, rules: bool = True
) -> Any:
    """Add a table of fixed widths (cm); its head row is repeated on each page, its rows are not torn."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    made = document.add_table(rows, columns)
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _table_borders(made, rules=rules)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for number, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head and number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for place, cell in enumerate(row._tr.tc_lst):
            cell.width = Cm(widths[place])
            if head and number == 0:
                fill = OxmlElement("w:shd")
                for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E4EEF1")):
                    fill.set(qn(f"w:{name}"), value)
                cell.get_or_add_tcPr().append(fill)
    return made


def _table_borders(made: Any, *, rules: bool) -> None:
    """Give a table thin rules between its rows, or room between its cells."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    sides = {"top": "0A4358", "bottom": "BBBBBB", "insideH": "D8D6CF"} if rules else {
        "insideH": "FFFFFF", "insideV": "FFFFFF"}  # fmt: skip
    for side, colour in sides.items():
        line = OxmlElement(f"w:{side}")
        for name, value in (
            ("val", "single"),
            ("sz", "6" if rules else "48"),
            ("space", "0"),
            ("color", colour),
        ):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    made._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), "70")
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    made._tbl.tblPr.append(margins)


def shade(cell: Any, colour: str) -> None:
    """Fill a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fill = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        fill.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(fill)


def picture(document: Any, png: bytes, *, width_cm: float, alt: str, name: str) -> None:
    """Add a picture with the text that stands for it."""
    from docx.shared import Cm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width_cm))
    shape._inline.docPr.set("descr", alt)
    shape._inline.docPr.set("name", name)


def landscape(document: Any) -> None:
    """Begin a section that lies down."""
    _turn(document, width=29.7, height=21.0)


def upright(document: Any) -> None:
    """Begin a section that stands upright."""
    _turn(document, width=21.0, height=29.7)


def _turn(document: Any, *, width: float, height: float) -> None:
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Cm

    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
