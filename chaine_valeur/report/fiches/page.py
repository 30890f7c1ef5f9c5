"""A sheet as an HTML page of its own: nothing from any network, no script, one A4 page where its content allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...language import N_, tr
from ..html import asset, css_text, environment
from .form import Fiche

__all__ = ["WORDS", "Listed", "fiche_html", "index_html"]

#: Styles of the page and its pictures, nothing else; a box is ticked without any script.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
#: What a sheet says of itself, whatever its form.
WORDS = {
    "todo": N_("to be filled in"),
    "exact": N_("correct"),
    "wrong": N_("to correct:"),
    "noted": N_("What was recorded"),
    "source": N_("Source and confidence"),
    "level": N_("Who may read it"),
    "verdict": N_("Your answer"),
    "signatory": N_("Name and function"),
    "date": N_("Date"),
    "signature": N_("Signature"),
    "number": N_("No."),
    "file": N_("File"),
}


@dataclass(frozen=True)
class Listed:
    """A line of an index: what it tells, the names of the files that it leads to."""

    cells: tuple[str, ...]
    files: tuple[str, ...]


def fiche_html(fiche: Fiche) -> str:
    """Return the page of a sheet; every text is escaped by the template."""
    return (
        environment()
        .get_template("fiche.html")
        .render(
            fiche=fiche,
            css=asset("fiche.css"),
            running=_running(" · ".join(dict.fromkeys([fiche.title, *fiche.running])), fiche.lang),
            policy=_POLICY,
            words=_words(fiche.lang),
        )
    )


def index_html(
    title: str,
    count: str,
    *,
    under: Sequence[str],
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Listed],
    lang: str,
) -> str:
    """Return the page that lists the sheets of a folder and leads to each.

    Parameters
    ----------
    title, count
        What the sheets are; how many there are, in words.
    under, notes
        Of which filière they are; what to know of them.
    heads, rows
        Titles of the cells of `rows`.
    """
    return (
        environment()
        .get_template("fiches_index.html")
        .render(
            title=title, count=count, under=under, notes=notes, heads=heads, rows=rows, lang=lang,
            css=asset("fiche.css"), running=_running(title, lang), policy=_POLICY, words=_words(lang),
        )
    )  # fmt: skip


def _words(lang: str) -> dict[str, str]:
    return {name: tr(word, lang) for name, word in WORDS.items()}


def _running(text: str, lang: str) -> Any:
    """Return the rules by which each printed page says of what it is, and which page it is out of how many."""
    from markupsafe import Markup

    page = css_text(tr("page", lang)).replace('"', "")
    return Markup(
        f"@media print {{ @page {{ @bottom-left {{ content: {css_text(text)}; }} "
        f'@bottom-right {{ content: "{page} " counter(page) " / " counter(pages); }} }} }}'
    )
