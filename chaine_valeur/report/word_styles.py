"""The styles of the Word document: every paragraph has one, so that a consultancy can restyle it at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..text import fold

__all__ = ["ACCENT", "SOFT", "Palette", "Styles", "find_style", "palette_of", "set_styles"]

ACCENT, SOFT, WARN = "0A4358", "4D5A61", "6B3300"
#: On every Windows, and by its metric twin on every Linux.
_FONT = "Arial"
#: What the styles of Word are called in files that other programs or other hands made.
_ALIASES = {
    "Normal": ("standard", "corps de texte"),
    "Title": ("titre", "titre principal"),
    "Subtitle": ("sous titre",),
    "Heading 1": ("titre 1",),
    "Heading 2": ("titre 2",),
    "Caption": ("legende",),
    "List Bullet": ("liste a puces", "listepuces"),
    "List Number": ("liste a numeros", "listenumeros"),
    "toc 1": ("tm 1", "table des matieres 1"),
    "toc 2": ("tm 2", "table des matieres 2"),
    "TOC Heading": ("en tete de table des matieres", "titre tm"),
    "table of figures": ("table des illustrations",),
}
_LEVELS = {"Heading 1": "0", "Heading 2": "1"}
#: name, then what `_Look` takes
_SPECS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Normal", {"size": 10, "after": 6, "spacing": 1.15}),
    ("Title", {"size": 24, "bold": True, "colour": ACCENT, "after": 8, "rule": None}),
    ("Subtitle", {"size": 11, "bold": True, "colour": ACCENT, "after": 0}),
    ("Heading 1", {"size": 16, "bold": True, "colour": ACCENT, "before": 20, "after": 8, "rule": ACCENT}),
    ("Heading 2", {"size": 11.5, "bold": True, "colour": "1C2428", "before": 12, "after": 4}),
    ("Caption", {"size": 9, "bold": True, "colour": SOFT, "before": 6, "after": 3}),
    ("List Number", {"size": 10.5, "after": 5, "spacing": 1.15}),
    ("List Bullet", {"size": 10, "after": 4, "spacing": 1.15}),
    ("TOC Heading", {"size": 13, "bold": True, "colour": ACCENT, "before": 10, "after": 4, "base": "Normal"}),
    ("toc 1", {"size": 9.5, "bold": True, "before": 3, "after": 0, "spacing": 1.0, "base": "Normal"}),
    ("toc 2", {"size": 9, "after": 0, "spacing": 1.0, "left": 0.6, "base": "Normal"}),
    ("table of figures", {"size": 9, "after": 0, "spacing": 1.0, "base": "Normal"}),
    ("Lead", {"size": 11, "after": 8, "base": "Normal"}),
    ("Fact", {"size": 10, "after": 0, "base": "Normal"}),
    ("Note", {"size": 9, "colour": SOFT, "before": 3, "after": 8, "base": "Normal"}),
    ("Warning", {"size": 10, "colour": WARN, "before": 6, "after": 6, "base": "Normal", "bar": WARN}),
    ("Gap", {"size": 4, "after": 2, "base": "Normal"}),
    ("Picture", {"size": 10, "before": 6, "after": 0, "spacing": 1.0, "keep": True, "base": "Normal"}),
    ("Running head", {"size": 8.5, "colour": SOFT, "after": 0, "base": "Normal"}),
    ("Card name", {"size": 9, "bold": True, "before": 4, "after": 1, "base": "Normal"}),
    ("Card value", {"size": 16, "bold": True, "colour": ACCENT, "after": 1, "base": "Normal"}),
    ("Card unknown", {"size": 12, "bold": True, "colour": SOFT, "after": 1, "base": "Normal"}),
    ("Card detail", {"size": 8, "colour": SOFT, "after": 2, "base": "Normal"}),
    *(
        (f"{name}{more}", {"size": size, "bold": "head" in more, "before": 2, "after": 2, "spacing": 1.0,
                           "base": "Normal", "right": more.endswith("number")})
        for name, size in (("Cell", 8), ("Dense cell", 7))
        for more in ("", " number", " head", " head number")
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Palette:
    """Colours of what has no style in Word: links, the head of tables, the ground of key figures."""

    accent: str = ACCENT
    head: str = "E4EEF1"
    ground: str = "F3F6F7"


def find_style(document: Any, name: str) -> Any:
    """Return the paragraph style that a document has for a name of ours, or None.

    It is found by its name or one of its other names, whatever their language and case, by its identifier, or, for
    a heading, by its level in the outline.

    Examples
    --------
    >>> from docx import Document
    >>> find_style(Document(), "Heading 1").name_val
    'heading 1'
    """
    from docx.oxml.ns import qn

    styles = [one for one in document.styles.element.style_lst if one.get(qn("w:type")) == "paragraph"]
    wanted = [fold(name), *_ALIASES.get(name, ())]
    for key in wanted:
        for style in styles:
            if key in _names(style):
                return style
    for key in wanted:
        for style in styles:
            if fold(style.styleId or "").replace(" ", "") == key.replace(" ", ""):
                return style
    level = _LEVELS.get(name)
    for style in styles if level else []:
        said = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if said is not None and said.get(qn("w:val")) == level:
            return style
    return None


def _names(style: Any) -> set[str]:
    from docx.oxml.ns import qn

    said = [style.find(qn(tag)) for tag in ("w:name", "w:aliases")]
    texts = [one.get(qn("w:val"), "") for one in said if one is not None]
    return {fold(part) for text in texts for part in text.split(",")}


def palette_of(document: Any) -> Palette:
    """Return colours that go with those of a base: that of its headings where it can be read on white, and tints."""
    from docx.oxml.ns import qn

    style = find_style(document, "Heading 1")
    colour = style.find(f"{qn('w:rPr')}/{qn('w:color')}") if style is not None else None
    said = "" if colour is None else colour.get(qn("w:val"), "")
    accent = said.upper() if re.fullmatch("[0-9A-Fa-f]{6}", said) and _legible(said) else "000000"
    return Palette(accent, _tint(accent, 0.88), _tint(accent, 0.94))


def _legible(colour: str) -> bool:
    """Whether text of a colour has a contrast of 4.5 on white (WCAG 2.2, AA): white headings on a bar have none."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05) >= 4.5


def _tint(colour: str, share: float) -> str:
    """Return a colour mixed with a share of white."""
    parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    return "".join(f"{round(part + (255 - part) * share):02X}" for part in parts)


def set_styles(document: Any, *, own: bool) -> Styles:
    """Set the look of the styles that the report uses, and return who gives them to paragraphs.

    Parameters
    ----------
    own
        The document is ours: its styles get our look. Otherwise what it has stays as it is, and only what it lacks
        is added, in its own typeface and colours.
    """
    palette = Palette() if own else palette_of(document)
    look = _Look(document, own=own, palette=palette)
    for name, told in _SPECS:
        look(name, **told)
    return Styles(look.made, palette)


class _Look:
    """Sets the look of paragraph styles, made where there are none."""

    def __init__(self, document: Any, *, own: bool, palette: Palette) -> None:
        self.document, self.own, self.palette = document, own, palette
        self.made: dict[str, Any] = {}

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
        left: float = 0,
        right: bool = False,
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt, RGBColor

        found = find_style(self.document, name)
        self.made[name] = found if found is not None else self._added(name)
        if found is not None and not self.own:
            return
        style = next(one for one in self.document.styles if one.element is self.made[name])
        if base:
            self.made[name].basedOn_val = self.made[base].styleId
        font = style.font
        font.size, font.bold, font.italic = Pt(size), bold, False
        if self.own:
            _typeface(style)
        if colour == ACCENT:
            colour = self.palette.accent
        if colour or self.own:
            font.color.rgb = RGBColor.from_string(colour or "000000")
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = True if keep or name.startswith("Heading") or name == "Caption" else None
        if spacing:
            form.line_spacing = spacing
        if left:
            form.left_indent = Cm(left)
        if right:
            form.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if name in _LEVELS and found is None:
            _outline(style.element, _LEVELS[name])
        if rule != "" or bar:
            colour = bar or (self.palette.accent if rule else None)
            _border(style.element.get_or_add_pPr(), side="left" if bar else "bottom", colour=colour)

    def _added(self, name: str) -> Any:
        """Add a style under a name and an identifier that nothing else has."""
        from docx.enum.style import WD_STYLE_TYPE

        styles = self.document.styles
        names = {fold(one.name or "") for one in styles}
        ids = {one.styleId for one in styles.element.style_lst}
        free = next(
            each for each in (name, *(f"{name} {n}" for n in range(2, 99))) if fold(each) not in names
        )
        style = styles.add_style(free, WD_STYLE_TYPE.PARAGRAPH, builtin=name.casefold() in _BUILT_IN)
        if style.style_id in ids:
            style.style_id = next(
                f"{style.style_id}{n}" for n in range(2, 999) if f"{style.style_id}{n}" not in ids
            )
        style.quick_style = True
        return style.element


_BUILT_IN = {"normal", "title", "subtitle", "heading 1", "heading 2", "caption", "list bullet", "list number",
             "toc heading", "toc 1", "toc 2", "table of figures"}  # fmt: skip


def _typeface(style: Any) -> None:
    from docx.oxml.ns import qn

    style.font.name = _FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:cs"), _FONT)


def _outline(style: Any, level: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    said = OxmlElement("w:outlineLvl")
    said.set(qn("w:val"), level)
    style.get_or_add_pPr().append(said)


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
    """Gives paragraphs their style by the name that we have for it, whatever the document calls it.

    The names are looked up once: python-docx looks one up anew each time, which takes 5 ms.
    """

    def __init__(self, made: dict[str, Any], palette: Palette) -> None:
        self._made, self.palette = made, palette

    def __call__(self, paragraph: Any, name: str) -> Any:
        """Give a paragraph a style and return it."""
        paragraph._p.get_or_add_pPr().get_or_add_pStyle().val = self._made[name].styleId
        return paragraph

    def element(self, name: str) -> Any:
        """Return the XML of a style."""
        return self._made[name]
