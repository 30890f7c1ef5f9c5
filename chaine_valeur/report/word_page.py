"""Pages of the Word document: its size, what lies down, what is repeated on each, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..language import tr
from .word_fields import field
from .word_parts import safe
from .word_styles import Styles

__all__ = ["Room", "dress_document", "drop_paragraph", "new_document", "room_of", "running_heads", "turn"]

_A4 = (21.0, 29.7)
_LEAST_CM = 6.0
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Office Word</Application>{company}</Properties>"
)


@dataclass(frozen=True)
class Room:
    """Room for text on a page, in centimetres; `lying` tells whether the page itself lies down."""

    width: float
    height: float
    turned_width: float
    turned_height: float
    lying: bool


def new_document() -> Any:
    """Return an empty document, A4."""
    from docx import Document
    from docx.shared import Cm

    from .word_cleaning import clean

    document = Document()
    clean(document.part.package)  # the one that python-docx starts from brings the data of a publisher
    page = document.sections[0]
    page.page_width, page.page_height = (Cm(side) for side in _A4)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin, page.bottom_margin = Cm(2.2), Cm(2)
    page.header_distance = page.footer_distance = Cm(1)
    return document


def room_of(document: Any) -> Room:
    """Return the room for text of the last section; one without a size is given A4."""
    from docx.shared import Cm

    section = document.sections[-1]
    for name, value in (("page_width", _A4[0]), ("page_height", _A4[1]), ("left_margin", 2), ("right_margin", 2),
                        ("top_margin", 2), ("bottom_margin", 2)):  # fmt: skip
        if getattr(section, name) is None:
            setattr(section, name, Cm(value))
    width, height = section.page_width.cm, section.page_height.cm
    beside = section.left_margin.cm + section.right_margin.cm + (section.gutter.cm if section.gutter else 0)
    above = abs(section.top_margin.cm) + abs(section.bottom_margin.cm)
    sides = (width - beside, height - above, height - beside, width - above)
    wide, high, turned_wide, turned_high = (max(side, _LEAST_CM) for side in sides)
    return Room(wide, high, turned_wide, turned_high, width > height)


def turn(document: Any) -> None:
    """Begin a section on a page that lies down where the last one stood upright, and the other way round.

    Headers and footers are those of the section before; its first page is no first page of a document.
    """
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.oxml.ns import qn

    section = document.add_section(WD_SECTION.NEW_PAGE)
    _break_without_a_line(document.element.body)
    section.page_width, section.page_height = section.page_height, section.page_width
    lies = section.page_width > section.page_height
    section.orientation = WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT
    section.different_first_page_header_footer = False
    for numbering in section._sectPr.findall(qn("w:pgNumType")):
        numbering.attrib.pop(qn("w:start"), None)


def _break_without_a_line(body: Any) -> None:
    """Let the last paragraph bear the end of its section: an empty one after it might need a page of its own."""
    from docx.oxml.ns import qn

    extra = body[-2]
    before = extra.getprevious()
    if before is None or before.tag != qn("w:p") or next(before.iter(qn("w:sectPr")), None) is not None:
        return
    before.get_or_add_pPr().append(extra.pPr.find(qn("w:sectPr")))
    body.remove(extra)


def drop_paragraph(paragraph: Any) -> None:
    """Take a paragraph away; the end of a section that it bears goes to the one before, or stays where there is none."""
    from docx.oxml.ns import qn

    own = paragraph._p
    ends, before = own.find(f"{qn('w:pPr')}/{qn('w:sectPr')}"), own.getprevious()
    if ends is not None:
        if before is None or before.tag != qn("w:p") or next(before.iter(qn("w:sectPr")), None) is not None:
            return
        before.get_or_add_pPr().append(ends)
    own.getparent().remove(own)


def running_heads(document: Any, styles: Styles, *, head: str, foot: str, lang: str, own: bool) -> None:
    """Repeat the title above and the number of the page below, where a base has nothing of its own there.

    The first page of a document of ours, which bears the title anyway, has the foot alone.
    """
    section = document.sections[-1]
    if own:
        section.different_first_page_header_footer = True
        _foot(section.first_page_footer, styles, foot, lang)
    if _empty(section.header):
        paragraph = _line(section.header)
        styles(paragraph, "Running head").add_run(safe(head))
    if _empty(section.footer):
        _foot(section.footer, styles, foot, lang)


def _empty(part: Any) -> bool:
    """Whether a header or footer shows nothing."""
    from docx.oxml.ns import qn

    if part.is_linked_to_previous:
        return True
    shown = ("w:drawing", "w:pict", "w:object", "w:instrText", "w:fldSimple", "w:tbl")
    element = part._element
    return not any(text.text for text in element.iter(qn("w:t"))) and not any(
        True for _ in element.iter(*map(qn, shown))
    )


def _line(part: Any) -> Any:
    part.is_linked_to_previous = False
    return part.paragraphs[0] if part.paragraphs else part.add_paragraph()


def _foot(part: Any, styles: Styles, foot: str, lang: str) -> None:
    paragraph = styles(_line(part), "Running head")
    paragraph.add_run(safe(foot) + " · " + tr("page", lang) + " ")
    field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    field(paragraph, "NUMPAGES")


def dress_document(document: Any, *, title: str, subject: str, lang: str, own: bool) -> None:
    """Write the properties that programs and screen readers show, and nothing of who wrote the base."""
    code = "fr-FR" if lang == "fr" else "en-GB"
    properties = document.core_properties
    properties.title, properties.subject = safe(title)[:255], safe(subject)[:255]
    properties.author, properties.comments, properties.keywords, properties.category = (
        "chaine_valeur",
        "",
        "",
        "",
    )
    properties.content_status, properties.identifier, properties.version = "", "", ""
    properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
    for printed in properties._element.findall("{*}lastPrinted"):
        properties._element.remove(printed)
    properties.last_modified_by, properties.revision = "", 1
    properties.language = _language(document, code, own=own)
    _company_only(document.part.package)


def _language(document: Any, code: str, *, own: bool) -> str:
    """Say the language of the text; a base of the same language (fr-BE, en-US) keeps its own. Return it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    root = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = OxmlElement("w:docDefaults")
        root.insert(0, defaults)
    at = defaults
    for name in ("w:rPrDefault", "w:rPr"):
        found = at.find(qn(name))
        if found is None:
            found = OxmlElement(name)
            at.insert(0, found)
        at = found
    said = at.find(qn("w:lang"))
    if said is None:
        said = OxmlElement("w:lang")
        at.append(said)
    if not own and said.get(qn("w:val"), "")[:2].casefold() == code[:2]:
        return str(said.get(qn("w:val")))
    for name in ("val", "eastAsia"):
        said.set(qn(f"w:{name}"), code)
    return code


def _company_only(package: Any) -> None:
    """Keep of the properties of a program the name of the company alone: the others tell of persons and files."""
    from xml.sax.saxutils import escape

    from docx.oxml import parse_xml

    for part in package.iter_parts():
        if str(part.content_type).endswith("extended-properties+xml"):
            try:
                found = parse_xml(part.blob).find("{*}Company")
            except SyntaxError:
                found = None
            company = "" if found is None or not found.text else f"<Company>{escape(found.text)}</Company>"
            part._blob = _APP.format(company=company).encode("utf-8")
