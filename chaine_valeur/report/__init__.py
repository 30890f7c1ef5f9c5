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
from .fiches import write_action_sheets, write_actor_sheets, write_experience_sheets
from .html import html_text, save_html
from .pdf import save_pdf
from .portfolio import portfolio_content, write_portfolio
from .slides import save_slides
from .word import save_docx

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..planning.sources import Sources

    Told = Diagnosis | Content

__all__ = [
    "Content",
    "content",
    "html_text",
    "portfolio_content",
    "without_persons",
    "write_action_sheets",
    "write_actor_sheets",
    "write_all",
    "write_docx",
    "write_experience_sheets",
    "write_figures",
    "write_html",
    "write_pdf",
    "write_portfolio",
    "write_slides",
    "write_xlsx",
]

#: What `write_all` writes, in this order; the names are the same in every language, so that links hold.
FILES = {"html": "rapport.html", "docx": "rapport.docx", "xlsx": "tables.xlsx", "map": "carte.html",
         "pdf": "rapport.pdf"}  # fmt: skip
FIGURES, SLIDES = "figures", "diapositives"


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
    The page loads nothing from any network. It runs one script of ours, which searches and sorts the rows that are
    there and holds no data, and those of the map, in a frame without access to the page. Names are shown as plain
    text whatever they hold; natural persons are masked.
    """
    return save_html(_content(told, on), writable_path(path, lang=told.lang))


def write_docx(
    told: Told,
    path: str | os.PathLike[str],
    *,
    on: date | None = None,
    base: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the report as a Word document.

    Headings, captions and lists are real styles, tables and figures are numbered, pictures have a text that stands for
    them, heads of tables are repeated on each page, and a figure that needs it lies on a landscape page. The contents
    lead to each heading; they bear the pages once Word has updated them (F9), since only a layout knows those, and a
    document that asks for it on opening makes Word ask its reader first.

    Parameters
    ----------
    told, path, on
        As in `write_html`.
    base
        A Word document or template (.docx, .dotx, .docm, .dotm) whose styles, page, headers, footers and language the
        report takes. What it holds is replaced; where one of its paragraphs is « {{diagnostic}} », or bears a bookmark of
        that name, the report goes there and the rest stays: « {{titre}} », « {{sous-titre}} » and the facts of the first
        page (« {{territoire}} ») are filled in. Styles of ours that it lacks are added; tables get its style
        « Diagnostic », or the only one of its own. Macros, links to other files and addresses, embedded objects,
        comments, fields that ask or fetch and protection are left out, which a `UserWarning` says.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    UnreadableFileError
        The base is missing, locked, under a password, an old .doc, or no Word document.
    ArgumentError
        The mark of the base stands in a table.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> told = Content("fr", "Laine", "Diagnostic de la filière", (), (), ())
    >>> with TemporaryDirectory() as folder:
    ...     house = write_docx(told, Path(folder) / "maison.docx")
    ...     write_docx(told, Path(folder) / "rapport.docx", base=house).name
    'rapport.docx'
    """
    return save_docx(_content(told, on), writable_path(path, lang=told.lang), base=base)


def write_pdf(told: Told, path: str | os.PathLike[str], *, on: date | None = None) -> Path:
    """Write the report as a PDF: tagged for screen readers, with an outline, contents and numbers of pages.

    It is the page of `write_html` set on paper, without the interactive map; nothing is fetched. Needs the extra
    ``pdf`` (WeasyPrint) and the library Pango of the system.

    Parameters
    ----------
    told, path, on
        As in `write_html`.

    Returns
    -------
    pathlib.Path
        The file written; the same content gives the same bytes on one machine, whose typefaces it is set in.

    Raises
    ------
    MissingExtraError
        WeasyPrint or Pango is not installed; the message says how.
    """
    return save_pdf(_content(told, on), writable_path(path, lang=told.lang))


def write_slides(told: Told, folder: str | os.PathLike[str]) -> list[Path]:
    """Write each figure as a picture for a slide: PNG, 16:9, 1920 × 1080, on white, under its title.

    Parameters
    ----------
    told
        A diagnostic, or a `Content` made of one.
    folder
        Made if there is none.

    Returns
    -------
    list of pathlib.Path
        ``1-chaine.png`` and on, in the order of the report; empty where it has no figure.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_slides(Content("fr", "Laine", "Diagnostic de la filière", (), (), ()), folder)
    []
    """
    return save_slides(_content(told, None), Path(folder))


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
    base: str | os.PathLike[str] | None = None,
    pdf: bool = False,
    slides: bool = False,
) -> list[Path]:
    """Write page, Word document, workbook, map and figures into a folder, made if there is none.

    Parameters
    ----------
    sources
        Public files read for the filière, on which candidates and niches rest.
    draws, progress
        As for `content`: whether, and how, robustness is examined.
    base
        A Word file whose styles, page and headers the Word document takes, as for `write_docx`.
    pdf, slides
        Whether the report is written as a PDF too (`write_pdf`), and the figures for slides (`write_slides`).

    Returns
    -------
    list of pathlib.Path
        ``rapport.html``, ``rapport.docx``, ``tables.xlsx``, ``carte.html``, then ``figures/*.png`` and
        ``*.svg``, and where asked for ``rapport.pdf`` and ``diapositives/*.png``; a file that is
        locked by another program has been given another name.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    masked = without_persons(diagnosis)
    told = content(masked, on=on, sources=sources, draws=draws, progress=progress)
    written = [
        write_html(told, target / FILES["html"]),
        write_docx(told, target / FILES["docx"], base=base),
        write_xlsx(masked, target / FILES["xlsx"]),
    ]
    for page in told.maps:
        path = writable_path(target / FILES["map"], lang=told.lang)
        path.write_text(page.html, encoding="utf-8", errors="replace", newline="\n")
        written.append(path)
    written += write_figures(told, target / FIGURES)
    if pdf:
        written.append(write_pdf(told, target / FILES["pdf"]))
    if slides:
        written += write_slides(told, target / SLIDES)
    return written


def _content(told: Told, on: date | None) -> Content:
    return told if isinstance(told, Content) else content(told, on=on)
