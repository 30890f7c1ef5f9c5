"""The pieces of a Word document that python-docx has no function for."""

from __future__ import annotations

import io
import re
from typing import Any

from .word_styles import Palette

__all__ = [
    "bookmark",
    "bookmark_name",
    "keep_together",
    "link",
    "picture",
    "safe",
    "shade",
    "table",
]

# what XML 1.0 cannot hold; a cell pasted from elsewhere may
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What the schema wants after the margins of a table's cells.
_LAST = ("w:tblLook", "w:tblCaption", "w:tblDescription")
#: The longest text that stands for a picture: beyond it screen readers cannot be stopped.
_LONGEST_ALT = 2_000


def safe(text: str) -> str:
    """Return a text that XML can hold, on one line."""
    return _FORBIDDEN.sub("\ufffd", text).replace("\r", " ").replace("\n", " ")


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Make a paragraph a place that links can lead to."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    before = {qn("w:pPr"), qn("w:bookmarkStart")}
    position = sum(child.tag in before for child in paragraph._p)
    paragraph._p.insert(position, start)
    paragraph._p.append(end)


def bookmark_name(anchor: str) -> str:
    """Return a name that Word takes, and no base has: 40 characters at most, told apart by a digest beyond.

    Examples
    --------
    >>> bookmark_name("why-INS_2d_1")
    'cv_why_INS_2d_1'
    """
    import hashlib

    name = "cv_" + re.sub(r"\W", "_", anchor)
    return name if len(name) <= 40 else f"{name[:29]}_{hashlib.sha256(anchor.encode()).hexdigest()[:10]}"


def link(paragraph: Any, text: str, name: str, *, colour: str | None = None) -> None:
    """Add a link to a bookmark of the document; underlined where it has a colour."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = paragraph.add_run(text)
    if colour is not None:
        run.font.underline = True
        run.font.color.rgb = RGBColor.from_string(colour)
    box = OxmlElement("w:hyperlink")
    box.set(qn("w:anchor"), name)
    box.set(qn("w:history"), "1")
    box.append(run._r)
    paragraph._p.append(box)


def table(
    document: Any,
    rows: int,
    widths: tuple[float, ...],
    *,
    palette: Palette,
    head: bool = False,
    style: str | None = None,
) -> Any:
    """Add a table of fixed widths (cm); its head row is repeated on each page, its rows are not torn.

    Parameters
    ----------
    style
        Identifier of a style of tables of the base; without one a table gets thin rules and a tinted head.
    """
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    made = document.add_table(rows, len(widths), _table_style(document, style))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _table_rules(made, rules=head, palette=palette, own=style is None)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for number, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head and number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for place, cell in enumerate(row._tr.tc_lst):
            cell.width = Cm(widths[place])
            if head and number == 0 and style is None:
                _fill(cell, palette.head)
    return made


def _table_style(document: Any, style: str | None) -> Any:
    if style is None:
        return None
    return next(one for one in document.styles if one.style_id == style)


def _table_rules(made: Any, *, rules: bool, palette: Palette, own: bool) -> None:
    """Give a table thin rules between its rows, or room between its cells."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = made._tbl.tblPr
    if own:
        borders = OxmlElement("w:tblBorders")
        sides = {"top": palette.accent, "bottom": "BBBBBB", "insideH": "D8D6CF"} if rules else {
            "insideH": "FFFFFF", "insideV": "FFFFFF"}  # fmt: skip
        for side, colour in sides.items():
            line = OxmlElement(f"w:{side}")
            told = (("val", "single"), ("sz", "6" if rules else "48"), ("space", "0"), ("color", colour))
            for name, value in told:
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        properties.insert_element_before(borders, "w:shd", "w:tblLayout", *_LAST)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), "90")
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    properties.insert_element_before(margins, *_LAST)


def _fill(cell: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fill = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        fill.set(qn(f"w:{name}"), value)
    cell.get_or_add_tcPr().append(fill)


def shade(cell: Any, colour: str) -> None:
    """Fill a cell."""
    _fill(cell._tc, colour)


def keep_together(table_element: Any, *, whole: bool, with_next: bool) -> None:
    """Keep rows of a table on one page: the whole of it, or else the first two and the last two.

    So that no page ends with a head alone, and none begins with one last row or with the note (`with_next`) alone.
    """
    from docx.oxml.ns import qn

    rows = table_element.tr_lst
    last = len(rows) - 1
    for number, row in enumerate(rows):
        kept = number < last and (whole or number <= 1 or number == last - 1)
        if kept or (with_next and number == last):
            for paragraph in row.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def picture(document: Any, png: bytes, *, width_cm: float, alt: str, name: str) -> Any:
    """Add a picture with the text that stands for it, and return its paragraph."""
    from docx.shared import Cm

    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width_cm))
    shape._inline.docPr.set("descr", alt if len(alt) <= _LONGEST_ALT else alt[: _LONGEST_ALT - 1] + "…")
    shape._inline.docPr.set("name", name)
    return paragraph
