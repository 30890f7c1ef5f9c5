"""What a built page asks for and leads to, read with the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["Page", "page"]

#: Where a tag names what the browser fetches by itself.
_LOADED = {
    "audio": "src", "embed": "src", "iframe": "src", "img": "src", "input": "src", "link": "href", "object": "data",
    "script": "src", "source": "src", "track": "src", "video": "src",
}  # fmt: skip
#: Links of the head that are told and not fetched.
_TOLD = {"canonical", "next", "prev", "search", "index", "alternate"}


@dataclass
class Page:
    """A page: what it loads, where it leads, which places it has."""

    loads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    pictures_without_words: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        for name in ("id", "name"):
            if said.get(name):
                self.page.places.add(said[name])
        told = tag == "link" and bool(_TOLD & set(said.get("rel", "").split()))
        if tag in _LOADED and said.get(_LOADED[tag]) and not told:
            self.page.loads.append(said[_LOADED[tag]])
        if tag == "a" and said.get("href"):
            self.page.links.append(said["href"])
        if tag == "img" and not said.get("alt", "").strip():
            self.page.pictures_without_words.append(said.get("src", ""))

    handle_startendtag = handle_starttag


@cache
def page(path: Path) -> Page:
    """Return what a page says."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.page


def is_outside(address: str) -> bool:
    """Whether an address leads away from the site."""
    return bool(urlsplit(address).scheme or address.startswith("//"))


def goal(path: Path, address: str) -> tuple[Path, str]:
    """Return the file and the place in it that a link of a page leads to."""
    parts = urlsplit(address)
    file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    return (file / "index.html" if file.is_dir() else file), unquote(parts.fragment)
