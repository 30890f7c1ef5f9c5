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
from .blocks import Content, Picture

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["html_text", "save_html"]

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_SAFE_URL = re.compile(r"https?://[^\s\"'<>]+\Z")


def html_text(content: Content) -> str:
    """Return the page of a report.

    Every text is escaped by the template. The only scripts that the page lets run are those of the map, named
    by their hash in its security policy, inside a frame without access to the page.
    """
    return (
        _environment()
        .get_template("report.html")
        .render(
            content=content,
            css=_stylesheet(),
            policy=_policy([page.html for page in content.maps]),
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
    }


def _policy(maps: list[str]) -> str:
    """Return the security policy: nothing from outside, and no script but those of the maps."""
    hashes = {
        "'sha256-"
        + base64.b64encode(hashlib.sha256(_normalised(found["code"]).encode()).digest()).decode()
        + "'"
        for page in maps
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


def _stylesheet() -> Any:
    from markupsafe import Markup

    return Markup((resources.files(__package__) / "templates" / "report.css").read_text(encoding="utf-8"))


def _data_url(picture: Picture) -> str:
    """Return the SVG of a figure as an address that holds it; as a picture it cannot run anything."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")


def _safe_url(url: str) -> str:
    return url if _SAFE_URL.match(url) else ""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__package__ or "", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["data_url"] = _data_url
    environment.filters["safe_url"] = _safe_url
    return environment
