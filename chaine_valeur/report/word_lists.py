"""Numbered and bulleted lists of a Word document; each numbered one begins at 1."""

from __future__ import annotations

from typing import Any

__all__ = ["Lists"]

_NUMBERING = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"></w:numbering>'
)
#: The one level of a list of ours, numbered or not: kind of number, what is shown.
_LEVEL = {True: ("decimal", "%1."), False: ("bullet", "•")}


class Lists:
    """Gives paragraphs of a list their number: that of their style, or one of ours where the style has none."""

    def __init__(self, document: Any, style_of: Any) -> None:
        self._document, self._style_of = document, style_of
        self._bullets: int | None = None

    def number(self, *, ordered: bool) -> int | None:
        """Return the number of a new list, for `apply`; None where the style of bullets does it all."""
        from docx.oxml.ns import qn

        style = self._style_of("List Number" if ordered else "List Bullet")
        found = self._behind(style.find(f".//{qn('w:numPr')}/{qn('w:numId')}"))
        if ordered:
            made = self._numbering().add_num(self._added(ordered) if found is None else found)
            made.add_lvlOverride(ilvl=0).add_startOverride(1)
            return int(made.numId)
        if found is None and self._bullets is None:
            self._bullets = int(self._numbering().add_num(self._added(ordered)).numId)
        return None if found is not None else self._bullets

    def apply(self, paragraph: Any, number: int | None) -> None:
        """Make a paragraph an item of a list."""
        if number is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number

    def _numbering(self) -> Any:
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.oxml import parse_xml
        from docx.parts.numbering import NumberingPart

        part = self._document.part
        try:
            return part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
        except KeyError:
            made = NumberingPart(
                PackURI("/word/numbering.xml"),
                CONTENT_TYPE.WML_NUMBERING,
                parse_xml(_NUMBERING),
                part.package,
            )
            part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
            return made.element

    def _behind(self, found: Any) -> int | None:
        """Return the definition behind a number of a style; 0, or one that nobody defines, is none."""
        from docx.oxml.ns import qn

        wanted = None if found is None else found.get(qn("w:val"))
        for num in self._numbering().findall(qn("w:num")) if wanted not in (None, "0") else ():
            if num.get(qn("w:numId")) == wanted:
                return int(num.find(qn("w:abstractNumId")).get(qn("w:val")))
        return None

    def _added(self, ordered: bool) -> int:
        """Add a definition of ours and return its number."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls, qn

        root = self._numbering()
        known = [int(one.get(qn("w:abstractNumId"))) for one in root.findall(qn("w:abstractNum"))]
        number = max(known, default=-1) + 1
        kind, shown = _LEVEL[ordered]
        made = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shown}"/>'
            '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="425" w:hanging="425"/></w:pPr></w:lvl></w:abstractNum>'
        )
        # the schema wants all definitions before the numbers that use them
        first = root.find(qn("w:num"))
        root.append(made) if first is None else first.addprevious(made)
        return number
