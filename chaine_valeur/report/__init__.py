"""The diagnostic as documents: one content, written as an HTML page, a Word document and a workbook."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..io.files import writable_path
from ..redaction import without_persons
from .blocks import Content
from .content import content
from .excel import save_xlsx
from .html import html_text, save_html
from .word import save_docx

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..planning.sources import Sources

    Told = Diagnosis | Content

__all__ = [
    "Content",
    "content",
    "html_text",
    "without_persons",
    "write_all",
    "write_docx",
    "write_figures",
    "write_html",
    "write_xlsx",
]

#: What `write_all` writes, in this order; the names are the same in every language, so that links hold.
FILES = {"html": "rapport.html", "docx": "rapport.docx", "xlsx": "tables.xlsx", "map": "carte.html"}
FIGURES = "figures"


def write_html(told: Told, path: str | os.PathLike[str], *, on: date | None = None) -> Path:
    """Write the report as one HTML page that holds everything: styles, figures, interactive map.

    Parameters
    ----------
    told
        A diagnostic, or a `Content` made of one.
    path
        File to write; an existing one is replaced, one that is locked gets another name.
    on
        Date of the report; by default it bears none, and the same diagnostic gives the same bytes.

    Returns
    -------
    pathlib.Path
        The file written.

    Notes
    -----
    The page loads nothing from any network and runs no script but that of the map, in a frame without access
    to the page. Names are shown as plain text whatever they hold; natural persons are masked.
    """
    return save_html(_content(told, on), writable_path(path, lang=told.lang))


def write_docx(told: Told, path: str | os.PathLike[str], *, on: date | None = None) -> Path:
    """Write the report as a Word document; parameters as in `write_html`.

    Headings, captions and lists are real styles, pictures have a text that stands for them, heads of tables
    are repeated on each page, and a figure that needs it lies on a landscape page.
    """
    return save_docx(_content(told, on), writable_path(path, lang=told.lang))


def write_xlsx(diagnosis: Diagnosis, path: str | os.PathLike[str]) -> Path:
    """Write a workbook of every table behind the report and return the file written.

    Indicators, findings, the rows that each rests on, problems, rows set aside, then every table of the
    filière. Cells are typed; text that looks like a formula is text. Natural persons are masked.
    """
    return save_xlsx(without_persons(diagnosis), writable_path(path, lang=diagnosis.lang))


def write_figures(told: Told, folder: str | os.PathLike[str]) -> list[Path]:
    """Write the figures of the report as PNG and SVG into a folder and return the files written."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for picture in _content(told, None).pictures:
        for suffix, data in (("png", picture.png), ("svg", picture.svg)):
            path = writable_path(target / f"{picture.name}.{suffix}", lang=told.lang)
            path.write_bytes(data)
            written.append(path)
    return written


def write_all(
    diagnosis: Diagnosis,
    folder: str | os.PathLike[str],
    *,
    on: date | None = None,
    sources: Sources | None = None,
    draws: int | None = None,
    progress: bool | None = None,
) -> list[Path]:
    """Write page, Word document, workbook, map and figures into a folder, made if there is none.

    Parameters
    ----------
    sources
        Public files read for the filière, on which candidates and niches rest.
    draws, progress
        As for `content`: whether, and how, robustness is examined.

    Returns
    -------
    list of pathlib.Path
        ``rapport.html``, ``rapport.docx``, ``tables.xlsx``, ``carte.html``, then ``figures/*.png`` and
        ``*.svg``; a file that is locked by another program has been given another name.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    masked = without_persons(diagnosis)
    told = content(masked, on=on, sources=sources, draws=draws, progress=progress)
    written = [
        write_html(told, target / FILES["html"]),
        write_docx(told, target / FILES["docx"]),
        write_xlsx(masked, target / FILES["xlsx"]),
    ]
    for page in told.maps:
        path = writable_path(target / FILES["map"], lang=told.lang)
        path.write_text(page.html, encoding="utf-8", errors="replace", newline="\n")
        written.append(path)
    return [*written, *write_figures(told, target / FIGURES)]


def _content(told: Told, on: date | None) -> Content:
    return told if isinstance(told, Content) else content(told, on=on)
