"""The report as a PDF, set from its HTML page by WeasyPrint: tagged, with an outline, and nothing from any network."""

from __future__ import annotations

import hashlib
import re
from importlib import resources
from pathlib import Path
from typing import Any

from ..errors import MissingExtraError
from ..language import tr
from .blocks import Content
from .html import html_text

__all__ = ["pdf_bytes", "save_pdf"]

#: What the page holds for a screen alone: nothing of it may be read, not even by who sets the page.
_SCREEN_ONLY = re.compile(r"<iframe\b.*?</iframe>|<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
#: The variant of PDF that screen readers are made for.
_VARIANT = "pdf/ua-1"


def pdf_bytes(content: Content) -> bytes:
    """Return the PDF of a report; on one machine the same content gives the same bytes.

    Raises
    ------
    MissingExtraError
        WeasyPrint, or the library of the system that it sets text with, is not installed; the message says how.
    """
    weasyprint = _weasyprint(content.lang)
    page = weasyprint.HTML(
        string=_SCREEN_ONLY.sub("", html_text(content)), base_url=None, url_fetcher=_only_data(weasyprint)
    )
    sheet = (resources.files(__package__) / "templates" / "pdf.css").read_text(encoding="utf-8")
    fetcher = _only_data(weasyprint)
    told: bytes = page.write_pdf(
        stylesheets=[weasyprint.CSS(string=sheet, url_fetcher=fetcher)],
        pdf_variant=_VARIANT,
        pdf_identifier=hashlib.sha256(content.title.encode("utf-8", "replace")).digest()[:16],
    )
    return told


def save_pdf(content: Content, path: Path) -> Path:
    """Write the PDF of a report."""
    path.write_bytes(pdf_bytes(content))
    return path


def _weasyprint(lang: str) -> Any:
    """Return WeasyPrint, or say what is missing."""
    try:
        import weasyprint
    except ImportError:
        raise MissingExtraError(
            tr("A PDF needs WeasyPrint: pip install 'chaine_valeur[pdf]'.", lang)
        ) from None
    except OSError:  # its Python is there, what it calls is not
        raise MissingExtraError(
            tr(
                "WeasyPrint is installed, but the library Pango is not: install libpango-1.0-0 and "
                "libpangoft2-1.0-0 (Debian, Ubuntu), pango (macOS), or print “rapport.html” from a browser.",
                lang,
            )
        ) from None
    return weasyprint


def _only_data(weasyprint: Any) -> Any:
    """Return what WeasyPrint asks for files: it gives what an address of `data:` holds, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OnlyData(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.lower().startswith("data:"):
                raise FatalURLFetchingError(f"not fetched: {url[:80]}")
            return super().fetch(url, headers)

    return OnlyData(allowed_protocols=("data",), allow_redirects=False)
