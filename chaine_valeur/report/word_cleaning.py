"""What a Word file given as base may not bring along: macros, what is fetched from elsewhere, what others wrote.

A part is kept only if it is of a kind that shows something; a field only if it works out something of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..language import N_

__all__ = ["clean"]

MACROS = N_("macros")
ELSEWHERE = N_("links to other files and addresses")
OBJECTS = N_("embedded objects")
REMARKS = N_("comments and tracked changes")
FIELDS = N_("fields that ask or fetch something")
PROTECTION = N_("its protection")

#: Ends of the types of relationships whose part is kept, without a word of warning.
_KEPT = {
    "image", "styles", "stylesWithEffects", "numbering", "fontTable", "font", "theme", "settings", "webSettings",
    "header", "footer", "footnotes", "endnotes", "officeDocument", "core-properties", "extended-properties", "chart",
    "chartStyle", "chartColorStyle", "themeOverride", "diagramData", "diagramLayout", "diagramQuickStyle",
    "diagramColors", "diagramDrawing",
}  # fmt: skip
#: What is told of others; the rest (thumbnails, building blocks, data of the publisher) goes in silence.
_TOLD = {
    "vbaProject": MACROS, "wordVbaData": MACROS, "keyMapCustomizations": MACROS, "attachedToolbars": MACROS,
    "ui/extensibility": MACROS, "oleObject": OBJECTS, "package": OBJECTS, "control": OBJECTS, "aFChunk": OBJECTS,
    "subDocument": OBJECTS, "comments": REMARKS,
}  # fmt: skip
#: Fields that read the document itself. Others may run, ask, or fetch: what they showed stays as text.
_FIELDS = {
    "page", "numpages", "section", "sectionpages", "pageref", "ref", "seq", "styleref", "toc", "title", "subject",
    "date", "time",
}  # fmt: skip
_SETTINGS = {
    "attachedTemplate": None, "mailMerge": ELSEWHERE, "linkStyles": None, "updateFields": None, "docVars": None,
    "documentProtection": PROTECTION, "writeProtection": PROTECTION, "trackRevisions": None,
}  # fmt: skip
_GONE = ("del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange",
         "numberingChange", "tblPrExChange", "tblGridChange", "cellIns", "cellDel", "cellMerge", "moveFromRangeStart",
         "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "commentRangeStart", "commentRangeEnd",
         "commentReference", "altChunk", "subDoc")  # fmt: skip
_OPENED = ("ins", "moveTo", "smartTag", "customXml")
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_INTERNAL_LINK = re.compile(r"hyperlink\s+\\l\b", re.IGNORECASE)


def clean(package: Any) -> list[str]:
    """Take out of a package what must not go with the report, and return what is worth saying of it.

    Parameters
    ----------
    package
        The package of a document of python-docx; it is changed.

    Returns
    -------
    list of str
        English names of what was left out, for `tr`; each once, in a fixed order.
    """
    told: set[str] = set()
    for part in sorted(_parts(package), key=lambda one: str(one.partname)):
        root = _root(part)
        dropped, linked = _drop_relationships(part, told)
        if root is None:
            continue
        _cut(root, dropped, linked)
        _settings(root, told)
        _remarks(root, told)
        if _fields(root):
            told.add(FIELDS)
        if not hasattr(part, "_element"):
            _store(part, root)
    for relation in list(package.rels.values()):
        if relation.is_external or _kind(relation) not in _KEPT:
            told |= {_TOLD[kind] for kind in [_kind(relation)] if kind in _TOLD}
            del package.rels[relation.rId]
    return [name for name in (MACROS, ELSEWHERE, OBJECTS, REMARKS, FIELDS, PROTECTION) if name in told]


def _parts(package: Any) -> list[Any]:
    return list(package.iter_parts())


def _kind(relation: Any) -> str:
    """Return the end of a relationship's type: « image », « header », « vbaProject »."""
    reltype = str(relation.reltype)
    tail = reltype.rsplit("/", 1)[-1]
    return "ui/extensibility" if tail == "extensibility" else tail


def _root(part: Any) -> Any:
    """Return the XML of a part, or None where it holds none."""
    from docx.oxml import parse_xml

    if hasattr(part, "_element"):
        return part._element
    if not str(part.partname).endswith((".xml", ".vml")):
        return None
    try:
        return parse_xml(part.blob)
    except SyntaxError:  # that of lxml is one
        return None


def _store(part: Any, root: Any) -> None:
    from docx.opc.oxml import serialize_part_xml

    part._blob = serialize_part_xml(root)


def _drop_relationships(part: Any, told: set[str]) -> tuple[set[str], set[str]]:
    """Take relationships away; return the ids of those gone, and among them those of links that only lead away."""
    gone, links = set(), set()
    for relation in list(part.rels.values()):
        kind = _kind(relation)
        if not relation.is_external and kind in _KEPT:
            continue
        gone.add(relation.rId)
        if relation.is_external:
            told.add(ELSEWHERE)
        elif kind in _TOLD:
            told.add(_TOLD[kind])
        if kind == "hyperlink":
            links.add(relation.rId)
        del part.rels[relation.rId]
    return gone, links


def _cut(root: Any, gone: set[str], links: set[str]) -> None:
    """Take out the elements that need a relationship that is gone; the text of a link stays."""
    if not gone:
        return
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        used = {value for name, value in element.attrib.items() if name.startswith(f"{{{_R}}}")}
        if not used & gone or element is root:
            continue
        if used & links and _name(element) == "hyperlink":
            _unwrap(element)
        elif _name(element) in ("blip", "imagedata", "OLEObject", "control"):
            _remove(_around(element, "drawing", "pict", "object"))
        else:
            _remove(element)


def _around(element: Any, *names: str) -> Any:
    """Return the nearest element of some names that holds this one, or itself."""
    return next((one for one in element.iterancestors() if _name(one) in names), element)


def _settings(root: Any, told: set[str]) -> None:
    if _name(root) != "settings":
        return
    for child in list(root):
        if _name(child) in _SETTINGS:
            told |= {_SETTINGS[_name(child)]} - {None}  # type: ignore[arg-type]
            _remove(child)


def _remarks(root: Any, told: set[str]) -> None:
    """Accept what was changed, and take out comments."""
    for element in list(_named(root, (*_GONE, *_OPENED))):
        if _name(element) in ("del", "ins", "moveFrom", "moveTo", "commentReference"):
            told.add(REMARKS)
        if _name(element) in _OPENED and len(element):
            _unwrap(element)
        else:
            _remove(element)


def _fields(root: Any) -> bool:
    """Make plain text of the fields that may not stay; return whether there were any."""
    found = False
    for simple in list(_named(root, ("fldSimple",))):
        if not _may_stay(simple.get(_w("instr"), "")):
            _unwrap(simple)
            found = True
    opened: list[list[Any]] = []
    for element in list(_named(root, ("fldChar", "instrText"))):
        kind = element.get(_w("fldCharType")) if _name(element) == "fldChar" else ""
        if kind == "begin":
            opened.append([])
        if opened:
            opened[-1].append(element)
        if kind == "end" and opened:
            marks = opened.pop()
            words = "".join(one.text or "" for one in marks if _name(one) == "instrText")
            if not _may_stay(words):
                found = True
                for one in marks:
                    _remove(one)
    for marks in opened:  # a field that never ends
        found = True
        for one in marks:
            _remove(one)
    return found


def _may_stay(code: str) -> bool:
    words = code.split()
    return bool(words) and (words[0].casefold() in _FIELDS or bool(_INTERNAL_LINK.match(code.strip())))


def _named(root: Any, names: Iterable[str]) -> Iterator[Any]:
    yield from root.iter(*map(_w, names))


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{name}"))


def _name(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: Any) -> None:
    """Put what an element holds in its place."""
    for child in list(element):
        if not _name(child).endswith("Pr"):
            element.addprevious(child)
    _remove(element)
