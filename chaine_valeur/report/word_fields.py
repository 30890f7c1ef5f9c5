"""Fields of a Word document: numbers of pages, tables and figures, contents; nothing that asks or fetches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Entry", "caption", "contents", "field", "mark", "text_of_entry"]


@dataclass(frozen=True)
class Entry:
    """A line of the contents: its text, its level, the bookmark that it leads to."""

    text: str
    level: int
    bookmark: str


def mark(paragraph: Any, kind: str) -> None:
    """Add one of the marks of a field: begin, separate or end."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    sign = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(sign)


def _instruction(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    words = OxmlElement("w:instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {code} "
    paragraph.add_run()._r.append(words)


def field(paragraph: Any, code: str, *, shown: str = "1") -> None:
    """Add a field (page number, number of a table) that Word works out; until then it shows a text."""
    mark(paragraph, "begin")
    _instruction(paragraph, code)
    mark(paragraph, "separate")
    paragraph.add_run(shown)
    mark(paragraph, "end")


def caption(paragraph: Any, kind: str, text: str, *, number: int, lang: str, above: bool = False) -> None:
    """Write « Tableau 3 : … »: numbered by Word, so that it can list its tables and figures."""
    paragraph.paragraph_format.keep_with_next = above
    paragraph.add_run(f"{kind}\u00a0")
    field(paragraph, f"SEQ {kind} \\* ARABIC", shown=str(number))
    paragraph.add_run("\u00a0: " if lang == "fr" else ": ")
    paragraph.add_run(text)


def text_of_entry(kind: str, number: int, text: str, lang: str) -> str:
    """Return a caption as a list of figures shows it."""
    return f"{kind}\u00a0{number}" + ("\u00a0: " if lang == "fr" else ": ") + text


def contents(paragraphs: Sequence[Any], entries: Iterable[Entry], code: str, *, link: Any) -> None:
    """Write the entries of a table of contents, one a paragraph, inside its field.

    They are there without an update and lead to their place. They bear no page number until the reader updates
    the table (F9): only a layout knows the pages, and to have them worked out on opening, Word would first ask
    whether the document may fetch from other files.
    """
    for place, (paragraph, entry) in enumerate(zip(paragraphs, entries, strict=True)):
        if place == 0:
            mark(paragraph, "begin")
            _instruction(paragraph, code)
            mark(paragraph, "separate")
        link(paragraph, entry.text, entry.bookmark)
        if place == len(paragraphs) - 1:
            mark(paragraph, "end")
