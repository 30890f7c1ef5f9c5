"""The styles of the Word document: every paragraph has one, so that a consultancy can restyle it at once."""

from __future__ import annotations

from typing import Any

__all__ = ["ACCENT", "Styles", "set_styles"]

ACCENT, SOFT, WARN = "0A4358", "4D5A61", "6B3300"
#: On every Windows, and by its metric twin on every Linux.
_FONT = "Arial"
_CELL_STYLES = ("Cell", "Cell number", "Cell head", "Cell head number")


def set_styles(document: Any) -> None:
    """Set the look of the styles that the report uses, made where Word has none."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    look = _Look(document)
    look("Normal", size=10, after=6, spacing=1.15)
    look("Title", size=24, bold=True, colour=ACCENT, after=8, rule=None)
    look("Subtitle", size=11, bold=True, colour=ACCENT, after=0)
    look("Heading 1", size=16, bold=True, colour=ACCENT, before=20, after=8, rule=ACCENT)
    look("Heading 2", size=11.5, bold=True, colour="1C2428", before=12, after=4)
    look("Caption", size=9, bold=True, colour=SOFT, before=6, after=3)
    for name in ("List Number", "List Bullet"):
        look(name, size=10.5, after=5, spacing=1.15)
    look("Lead", size=11, after=8, base="Normal")
    look("Fact", size=10, after=0, base="Normal")
    look("Note", size=9, colour=SOFT, before=3, after=8, base="Normal")
    look("Warning", size=10, colour=WARN, before=6, after=6, base="Normal", bar=WARN)
    look("Gap", size=4, after=2, base="Normal")
    look("Card name", size=9, bold=True, before=4, after=1, base="Normal")
    look("Card value", size=16, bold=True, colour=ACCENT, after=1, base="Normal")
    look("Card unknown", size=12, bold=True, colour=SOFT, after=1, base="Normal")
    look("Card detail", size=8, colour=SOFT, after=2, base="Normal")
    for name in _CELL_STYLES:
        look(name, size=8, bold="head" in name, before=2, after=2, spacing=1.0, base="Normal")
        if name.endswith("number"):
            document.styles[name].paragraph_format.alignment = ALIGN.RIGHT


class _Look:
    """Sets the look of a paragraph style, made if there is none."""

    def __init__(self, document: Any) -> None:
        self.styles = document.styles

    def __call__(
        self,
        name: str,
        *,
        size: float,
        bold: bool = False,
        colour: str | None = None,
        before: float = 0,
        after: float = 0,
        spacing: float | None = None,
        base: str | None = None,
        rule: str | None = "",
        bar: str | None = None,
        keep: bool = False,
    ) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        known = [style.name for style in self.styles]
        style = self.styles[name] if name in known else self.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if base:
            style.base_style = self.styles[base]
        font = style.font
        font.name, font.size, font.bold, font.italic = _FONT, Pt(size), bold, False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        fonts.set(qn("w:cs"), _FONT)
        font.color.rgb = RGBColor.from_string(colour or "000000")
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = True if keep or name.startswith("Heading") or name == "Caption" else None
        if spacing:
            form.line_spacing = spacing
        if rule != "" or bar:
            _border(style.element.get_or_add_pPr(), side="left" if bar else "bottom", colour=bar or rule)


def _border(properties: Any, *, side: str, colour: str | None) -> None:
    """Set the border of a paragraph on one side; no colour takes it away."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if colour is None:
        return
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (
        ("val", "single"),
        ("sz", "24" if side == "left" else "8"),
        ("space", "6"),
        ("color", colour),
    ):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    # the schema wants it after keepNext & co. and before spacing
    successors = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    properties.insert_element_before(borders, *successors)


class Styles:
    """Gives paragraphs their style by name: python-docx looks the name up anew, which takes 5 ms each "
    "time."""

    def __init__(self, document: Any) -> None:
        self._ids = {style.name: style.style_id for style in document.styles}

    def __call__(self, paragraph: Any, name: str) -> Any:
        """Give a paragraph a style and return it."""
        paragraph._p.get_or_add_pPr().get_or_add_pStyle().val = self._ids[name]
        return paragraph
