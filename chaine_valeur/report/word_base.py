"""The Word file of a consultancy as base of the report: its styles, page, headers and cover, without what is not."""

from __future__ import annotations

import io
import os
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, UnreadableFileError
from ..io.files import read_bytes
from ..language import enumeration, tr

__all__ = ["Place", "fill_marks", "open_base"]

#: Where the report goes in a base that keeps its own pages.
MARK = re.compile(r"\{\{\s*(?:diagnostic|diagnosis)\s*\}\}", re.IGNORECASE)
_BOOKMARKS = ("diagnostic", "diagnosis")
_FIELD = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_BYTES = 300_000_000
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ALSO_MAIN = tuple(
    f"application/vnd.{kind}.main+xml"
    for kind in (
        "openxmlformats-officedocument.wordprocessingml.template",
        "ms-word.document.macroEnabled",
        "ms-word.template.macroEnabledTemplate",
    )
)


def open_base(base: str | os.PathLike[str], *, lang: str = "fr") -> Any:
    """Return the document of a base, without what may not go with the report.

    Parameters
    ----------
    base
        A Word document or template: .docx, .dotx, or .docm and .dotm, whose macros are left out.
    lang
        Language of the messages.

    Returns
    -------
    docx.document.Document
        What was left out (macros, links to elsewhere, embedded objects, comments and tracked changes, fields that
        ask or fetch, protection) is told once, as a `UserWarning`.

    Raises
    ------
    UnreadableFileError
        Missing, a folder, empty, locked, under a password, an old .doc, or no Word document at all.
    """
    from .word_cleaning import clean

    path = Path(base)
    document = _loaded(_as_document(read_bytes(path, lang=lang), path.name, lang), path.name, lang)
    left = clean(document.part.package)
    if left:
        told = tr(
            "Left out of the base “{file}”: {what}.",
            lang,
            file=path.name,
            what=enumeration([tr(name, lang) for name in left], lang),
        )
        warnings.warn(told, UserWarning, stacklevel=5)
    return document


def _as_document(data: bytes, name: str, lang: str) -> bytes:
    """Return a template as a document; refuse what is neither."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFileError(
                tr("“{file}” is under a password: save a copy without one and give that.", lang, file=name)
            )
        raise UnreadableFileError(
            tr("“{file}” is in an old format of Word: save it as .docx and give that.", lang, file=name)
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            if sum(member.file_size for member in old.infolist()) > _MOST_BYTES:
                raise _no_word(name, lang)
            types = old.read("[Content_Types].xml")
            known = [kind.encode() for kind in (_MAIN, *_ALSO_MAIN)]
            if not any(kind in types for kind in known):
                raise _no_word(name, lang)
            if known[0] in types:
                return data
            for kind in known[1:]:
                types = types.replace(kind, known[0])
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
                for member in old.namelist():
                    new.writestr(member, types if member == "[Content_Types].xml" else old.read(member))
            return out.getvalue()
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise _no_word(name, lang) from error


def _loaded(data: bytes, name: str, lang: str) -> Any:
    from docx import Document

    try:
        document = Document(io.BytesIO(data))
        # what python-docx reads only when asked, so that a file in pieces is told of here
        _ = [style.name for style in document.styles], document.settings.element
        body = document.element.body
        body.get_or_add_sectPr()
    except Exception as error:  # whatever is wrong with it, lxml and python-docx each say in their own way
        raise _no_word(name, lang) from error
    return document


def _no_word(name: str, lang: str) -> UnreadableFileError:
    return UnreadableFileError(
        tr(
            "“{file}” cannot be used as a base: open it in Word, save it as “Word document (.docx)” and give that.",
            lang,
            file=name,
        )
    )


class Place:
    """Where the report goes: in place of all that the base holds, or of its mark, the rest around it kept.

    Between the making of the object and `close`, the end of the document is the place, and what comes after the mark is
    in `after`.
    """

    def __init__(self, document: Any, *, lang: str) -> None:
        from docx.oxml.ns import qn

        self.document, self._body = document, document.element.body
        self._section, self._paragraph = qn("w:sectPr"), qn("w:p")
        last = self._body.get_or_add_sectPr()
        children = [child for child in self._body if child is not last]
        place = self._marked(children, lang)
        self.kept = place is not None
        self.after = children[place + 1 :] if place is not None else []
        if place is not None and self._break(children[place]) is not None:
            self.after.insert(0, self._only_break(children[place]))
        self._last, self._broken = last, None
        governing = last
        for child in self.after:
            found = self._break(child)
            if found is not None:
                governing, self._broken = found, child
                break
        own = deepcopy(governing)
        _inherit(own, children, governing, self._section)
        for child in children if place is None else children[place:]:
            self._body.remove(child)
        self._body.remove(last)
        for columns in own.findall(qn("w:cols")):
            own.remove(columns)
        self._body.append(own)

    def close(self) -> None:
        """Put back what stood after the mark."""
        own = self._body.get_or_add_sectPr()
        if not self.after:
            return
        self._body.remove(own)
        if self._broken is None:
            self._body.extend([*self.after, own])
            return
        found = self._break(self._broken)
        found.getparent().replace(found, own)
        self._body.extend([*self.after, self._last])

    def _break(self, child: Any) -> Any:
        """Return the end of a section that a paragraph bears, or None."""
        return next(child.iter(self._section), None) if child.tag == self._paragraph else None

    def _only_break(self, paragraph: Any) -> Any:
        copy = deepcopy(paragraph)
        for child in list(copy):
            if not child.tag.endswith("}pPr"):
                copy.remove(child)
        return copy

    def _marked(self, children: list[Any], lang: str) -> int | None:
        """Return the place of the mark among the children of the body, or None where there is none."""
        from docx.oxml.ns import qn

        for number, child in enumerate(children):
            text = "".join(piece.text or "" for piece in child.iter(qn("w:t")))
            names = {one.get(qn("w:name"), "").casefold() for one in child.iter(qn("w:bookmarkStart"))}
            if not (MARK.search(text) or names & set(_BOOKMARKS)):
                continue
            if child.tag.endswith("}tbl"):
                raise ArgumentError(
                    tr("The mark of the report stands in a table of the base: give it a paragraph.", lang)
                )
            return number
        return None


def _inherit(own: Any, children: list[Any], governing: Any, tag: str) -> None:
    """Give a section the headers and footers that it takes from those before it."""
    from docx.oxml.ns import qn

    before = []
    for child in children:
        found = [one for one in child.iter(tag) if not one.tag.endswith("Change")]
        if governing in found:
            break
        before += found
    for kind in ("w:footerReference", "w:headerReference"):
        has = {one.get(qn("w:type")) for one in own.findall(qn(kind))}
        for section in reversed(before):
            for one in section.findall(qn(kind)):
                if one.get(qn("w:type")) not in has:
                    has.add(one.get(qn("w:type")))
                    own.insert(0, deepcopy(one))


def fill_marks(document: Any, values: Mapping[str, str], *, more: Iterable[Any] = ()) -> None:
    """Write title and other facts where the cover, the headers or the footers of a base ask for them: « {{titre}} ».

    Parameters
    ----------
    values
        What to write, by the name between the braces in small letters; what is written is not read again.
    more
        Elements that are of the document without standing in it now: what comes after the report.
    """
    from docx.oxml.ns import qn

    for paragraph in _paragraphs(document, more):
        pieces = list(paragraph.iter(qn("w:t")))
        text = "".join(piece.text or "" for piece in pieces)
        told = _FIELD.sub(lambda found: values.get(found[1].casefold(), found[0]), text)
        if told != text:
            pieces[0].text = told
            pieces[0].set(qn("xml:space"), "preserve")
            for piece in pieces[1:]:
                piece.text = ""


def _paragraphs(document: Any, more: Iterable[Any]) -> Iterator[Any]:
    """Iterate over the paragraphs of the body, the headers and the footers that hold no other paragraph."""
    from docx.oxml.ns import qn

    kinds = ("header+xml", "footer+xml", "document.main+xml")
    parts = [one for one in document.part.package.iter_parts() if str(one.content_type).endswith(kinds)]
    for element in (*(part.element for part in parts), *more):
        for paragraph in element.iter(qn("w:p")):
            if paragraph.find(f".//{qn('w:p')}") is None:
                yield paragraph
