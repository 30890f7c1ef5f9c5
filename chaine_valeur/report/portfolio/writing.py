"""Writing the report of a portfolio: page, Word document and workbook."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ...io.files import writable_path
from ...language import tr
from ..html import save_html
from ..sheets import save_sheets
from ..word import save_docx
from .content import content_of, view_of
from .sheets import portfolio_sheets

if TYPE_CHECKING:
    from ...portfolio.portfolio import Portfolio

__all__ = ["write_portfolio"]

#: What is written, in this order; the names are the same in every language, so that links hold.
FILES = {"html": "portefeuille.html", "docx": "portefeuille.docx", "xlsx": "portefeuille.xlsx"}


def write_portfolio(
    portfolio: Portfolio,
    folder: str | os.PathLike[str],
    *,
    title: str = "",
    ranked: Iterable[str] = (),
    figures: pd.DataFrame | None = None,
    on: date | None = None,
    base: str | os.PathLike[str] | None = None,
    lang: str = "fr",
) -> list[Path]:
    """Write the report of a portfolio into a folder, made if there is none: HTML page, Word document, workbook.

    Parameters
    ----------
    portfolio, title, ranked, figures, on, lang
        As for `portfolio_content`.
    folder
        Where to; existing files are replaced, one that is locked gets another name.
    base
        A Word file whose styles, page and headers the Word document takes, as for `chaine_valeur.report.write_docx`.

    Returns
    -------
    list of pathlib.Path
        ``portefeuille.html``, ``portefeuille.docx``, ``portefeuille.xlsx``. The same portfolio gives the same files.

    Notes
    -----
    The report is internal: it names actors and tells figures whatever their confidentiality, natural persons excepted.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    view = view_of(portfolio, ranked=ranked, figures=figures, lang=lang)
    told = content_of(view, title=title, on=on)
    paths = {kind: writable_path(target / name, lang=lang) for kind, name in FILES.items()}
    return [
        save_html(told, paths["html"]),
        save_docx(told, paths["docx"], base=base),
        save_sheets(
            portfolio_sheets(view),
            paths["xlsx"],
            title=told.title,
            about=tr("Every table behind the report.", lang),
            lang=lang,
        ),
    ]
