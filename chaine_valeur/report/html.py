"""The report as one HTML page that asks nothing of any network: styles, figures and map are inside."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..language import tr
from .blocks import Cell, Column, Content, Grid
from .small_images import image_url

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["asset", "css_text", "environment", "html_text", "save_html"]

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
#: Beyond so many letters a title is cut at the head of printed pages.
_LONGEST_HEAD = 90
#: A table of so few rows and letters is not torn over two printed pages.
_SHORT_ROWS, _SHORT_LETTERS = 8, 1200
#: From so many columns on, paper needs smaller letters.
_MANY_COLUMNS = 7
#: The first letters of a word that goes on, and where it may be broken: a sign that no page can hold.
_LONG_WORD, _BREAK = re.compile(r"[^\s\u200b-]{20}(?=[^\s\u200b-]{4})"), "\x00"
_SAFE_URL = re.compile(r"https?://[^\s\"'<>]+\Z")


def html_text(content: Content) -> str:
    """Return the page of a report.

    Every text is escaped by the template. The only scripts that the page lets run are named by their hash in its
    security policy: our own, which searches and sorts the rows that are there and holds no data, and those of the
    map, inside a frame without access to the page.
    """
    tables = [block for block in content.blocks() if isinstance(block, Grid)]
    script = asset("report.js") if any(one.search is not None for one in tables) else ""
    ours = [f"<script>{script}</script>"] if script else []
    return (
        environment()
        .get_template("report.html")
        .render(
            content=content,
            css=asset("report.css"),
            running=_running_head(content),
            script=script,
            policy=_policy([*ours, *(page.html for page in content.maps)]),
            main=[section for section in content.sections if not section.annex],
            annexes=[section for section in content.sections if section.annex],
            words=_words(content.lang),
        )
    )


def save_html(content: Content, path: Path) -> Path:
    """Write the page of a report."""
    path.write_text(html_text(content), encoding="utf-8", errors="replace", newline="\n")
    return path


def _words(lang: str) -> dict[str, str]:
    """Return what the page says of itself; the template holds no text."""
    return {
        "skip": tr("Go to the content", lang),
        "contents": tr("Contents", lang),
        "annexes": tr("Annexes", lang),
        "where_from": tr("Where this figure comes from", lang),
        "where_from_of": tr("Where this figure comes from:", lang),
        "back": tr("Back to the figure", lang),
        "warning": tr("To know", lang),
        "all": tr("All", lang),
        "not_given": tr("Not given", lang),
        "reset": tr("Show everything again", lang),
        # the field is filled in by the page
        "rising": tr("Sorted by {column}, rising", lang, column="{column}"),
        "falling": tr("Sorted by {column}, falling", lang, column="{column}"),
        "unsorted": tr("In the order of the report", lang),
    }


def _policy(pages: list[str]) -> str:
    """Return the security policy: nothing from outside, and no script but those of some pages."""
    hashes = {
        "'sha256-"
        + base64.b64encode(hashlib.sha256(_normalised(found["code"]).encode()).digest()).decode()
        + "'"
        for page in pages
        for found in _SCRIPT.finditer(page)
        if "application/json" not in found["attributes"]
    }
    scripts = " ".join(sorted(hashes)) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
        "form-action 'none'; base-uri 'none'"
    )


def _normalised(code: str) -> str:
    """Return code as a browser sees it, who makes every line end a line feed."""
    return code.replace("\r\n", "\n").replace("\r", "\n")


def asset(name: str) -> Any:
    """Return a file of ours as it stands in the page; none of them holds data."""
    from markupsafe import Markup

    return Markup((resources.files(__package__) / "templates" / name).read_text(encoding="utf-8"))


def _running_head(content: Content) -> Any:
    """Return the rules by which each printed page but the first says of what it is a page."""
    from markupsafe import Markup

    left, right = css_text(content.title), css_text(" · ".join(text for text in content.running if text))
    return Markup(
        f"@media print {{ @page {{ @top-left {{ content: {left}; }} @top-right {{ content: {right}; }} }} "
        "@page :first { @top-left { content: none; } @top-right { content: none; } } }"
    )


def css_text(text: str) -> str:
    """Return a text as a style sheet says it: all but letters and digits of ASCII as numbers, so nothing ends it.

    A text that turns the direction of what follows is held apart.
    """
    words = " ".join(text.split())
    shown = words if len(words) <= _LONGEST_HEAD else words[: _LONGEST_HEAD - 1].rstrip() + "…"
    kept = (char if char.isascii() and char.isalnum() else f"\\{_for_css(char):x} " for char in shown)
    return '"' + ("\\2068 " + "".join(kept) + "\\2069 " if shown else "") + '"'


def _for_css(char: str) -> int:
    """Return the code of a character; one that no style sheet can say becomes the sign for that."""
    code = ord(char)
    return 0xFFFD if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 else code


def _places_of(cell: Cell, column: Column) -> str:
    """Return which choices of its column a cell stands for, as numbers: no data in an attribute."""
    return " ".join(str(column.choices.index(value)) for value in cell.values if value in column.choices)


def _breakable(text: str) -> Any:
    """Return a text in which a word too long for a column may be broken; what is read or copied stays the same."""
    from markupsafe import Markup

    if not _LONG_WORD.search(text):
        return text
    return Markup("<wbr>").join(_LONG_WORD.sub(lambda word: word[0] + _BREAK, text).split(_BREAK))


def _is_dense(grid: Grid) -> bool:
    """Return whether a table has so many columns that paper shows it smaller."""
    return len(grid.columns) >= _MANY_COLUMNS


def _is_short(grid: Grid) -> bool:
    """Return whether a table would be torn in two on paper for want of a little room: it is kept whole."""
    letters = sum(len(cell.text) for row in grid.rows for cell in row)
    return len(grid.rows) <= _SHORT_ROWS and letters <= _SHORT_LETTERS


def _safe_url(url: str) -> str:
    return url if _SAFE_URL.match(url) else ""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return what fills the templates of the report: every text is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(__package__ or "", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["kind"] = lambda block: type(block).__name__
    made.filters["data_url"] = lambda picture: image_url(svg=picture.svg, png=picture.png)
    made.filters["places_of"] = _places_of
    made.filters["breakable"] = _breakable
    made.tests["dense"] = _is_dense
    made.tests["short"] = _is_short
    made.filters["safe_url"] = _safe_url
    return made
