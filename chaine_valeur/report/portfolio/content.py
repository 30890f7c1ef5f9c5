"""One content for the three forms of the report of a portfolio."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ...about import library_version
from ...language import check_language, date_text, tr
from ..blocks import Content, Section
from .adding import totals_section
from .comparing import chains_section, places_section, spread_section
from .listing import filieres_section, limits_section
from .reading import portfolio_facts, portfolio_notices, reading_section
from .view import View

if TYPE_CHECKING:
    from ...portfolio.portfolio import Portfolio

__all__ = ["content_of", "portfolio_content", "view_of"]


def portfolio_content(
    portfolio: Portfolio,
    *,
    title: str = "",
    ranked: Iterable[str] = (),
    figures: pd.DataFrame | None = None,
    on: date | None = None,
    lang: str = "fr",
) -> Content:
    """Return what the report of a portfolio says, the same for every form.

    What was read and what failed, totals with what is shared counted once, how the figures are spread, which stages are
    held where (counts and small panels), one line per filière, method and limits. Filières stand in the order of their
    territories and names; places are told on request only.

    Parameters
    ----------
    portfolio
        The filières.
    title
        Of the report; by default « Portefeuille de filières ».
    ranked
        Indicators of which places are told too.
    figures
        As `Portfolio.figures` returns them, if they are at hand; by default they are computed.
    on
        Date of the report; by default it bears none, and the same portfolio gives the same report.
    lang
        ``"fr"`` or ``"en"``.

    Returns
    -------
    Content
        It is internal: nothing is redacted but the names of natural persons.
    """
    return content_of(view_of(portfolio, ranked=ranked, figures=figures, lang=lang), title=title, on=on)


def view_of(
    portfolio: Portfolio, *, ranked: Iterable[str] = (), figures: pd.DataFrame | None = None, lang: str = "fr"
) -> View:
    """Return a portfolio as its report reads it."""
    check_language(lang)
    if figures is None:
        figures = portfolio.figures()
    return View(portfolio, figures, tuple(ranked), lang)


def content_of(view: View, *, title: str = "", on: date | None = None) -> Content:
    """Return what the report says of a portfolio that was read already."""
    lang = view.lang
    sections: list[Section | None] = [
        reading_section(view),
        totals_section(view),
        spread_section(view),
        chains_section(view),
        filieres_section(view),
        places_section(view),
        limits_section(view),
    ]
    return Content(
        lang=lang,
        title=title or tr("Portfolio of filières", lang),
        subtitle=tr("Several filières and territories in one view", lang),
        facts=portfolio_facts(view, on=on),
        notices=portfolio_notices(view),
        sections=tuple(section for section in sections if section is not None),
        closing=tr("Made with chaine_valeur {version}.", lang, version=library_version()),
        running=tuple(part for part in (tr("Internal", lang), date_text(on, lang) if on else "") if part),
    )
