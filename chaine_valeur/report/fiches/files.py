"""The files of the sheets: names that every system takes, each form, and the page that lists them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import ArgumentError, UnreadableFileError
from ...io.files import writable_path
from ...language import tr
from ...text import slug
from .form import Fiche
from .page import Listed, fiche_html, index_html
from .word import Desk

__all__ = ["FORMS", "INDEX", "Made", "file_stems", "forms_of", "write_sheets"]

#: What a sheet may be written as.
FORMS = ("html", "docx")
INDEX = "index.html"
#: The longest name of a file without its ending: with it, a path in a deep folder stays below what Windows takes.
_LONGEST = 70


@dataclass(frozen=True)
class Made:
    """A sheet to write: what its file is named after, and what the index tells of it."""

    fiche: Fiche
    name: str
    cells: tuple[str, ...]


def forms_of(form: str) -> tuple[str, ...]:
    """Return the forms to write: ``html``, ``docx`` or ``both``."""
    if form == "both":
        return FORMS
    if form in FORMS:
        return (form,)
    raise ArgumentError(f"form={form!r} is not one of {', '.join(FORMS)}, both")


def file_stems(names: Iterable[str], kind: str) -> list[str]:
    """Return a name of a file for each name, all different, without ending.

    Small ASCII letters, digits and hyphens, 70 at most, behind the kind of sheet: so none is reserved by Windows
    (``con``, ``nul``…), none ends in a point, and two never differ by case or accents alone.

    Examples
    --------
    >>> file_stems(["Tri & Cie", "TRI (cie)", "NUL", "شركة"], "acteur")
    ['acteur-tri-cie', 'acteur-tri-cie-2', 'acteur-nul', 'acteur']
    """
    taken: set[str] = set()
    stems = []
    for name in names:
        ascii_only = re.sub(r"[^0-9a-z]+", "-", slug(name)).strip("-") if slug(name) != "x" else ""
        wanted = "-".join(part for part in (kind, ascii_only) if part)[:_LONGEST].rstrip("-")
        stem, number = wanted, 1
        while stem in taken:
            number += 1
            ending = f"-{number}"
            stem = wanted[: _LONGEST - len(ending)].rstrip("-") + ending
        taken.add(stem)
        stems.append(stem)
    return stems


def write_sheets(
    made: Sequence[Made],
    folder: str | os.PathLike[str],
    *,
    kind: str,
    form: str,
    title: str,
    count: str,
    heads: Sequence[str],
    under: Sequence[str],
    notes: Sequence[str] = (),
    base: str | os.PathLike[str] | None = None,
    lang: str,
) -> list[Path]:
    """Write sheets into a folder, and the page that lists them.

    Parameters
    ----------
    made
        The sheets, in their order.
    kind
        What the names of the files begin with.
    title, count, heads, under, notes
        What the index is called, how many sheets there are, titles of the cells of each, of which filière they are,
        what to know of them.
    base
        Word file whose styles the Word form takes.

    Returns
    -------
    list of pathlib.Path
        The files of each sheet in turn, then ``index.html``; a file that is locked has been given another name.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UnreadableFileError(tr("“{file}” is a file: give a folder.", lang, file=folder))
    target.mkdir(parents=True, exist_ok=True)
    forms = forms_of(form)
    desk = Desk(base=base, lang=lang) if "docx" in forms and made else None
    written: list[Path] = []
    rows = []
    for one, stem in zip(made, file_stems([each.name for each in made], kind), strict=True):
        paths = list(_written(one.fiche, target / stem, forms, desk, lang))
        rows.append(Listed(one.cells, tuple(path.name for path in paths)))
        written += paths
    page = index_html(title, count, under=under, notes=notes, heads=heads, rows=rows, lang=lang)
    path = writable_path(target / INDEX, lang=lang)
    path.write_text(page, encoding="utf-8", errors="replace", newline="\n")
    return [*written, path]


def _written(fiche: Fiche, stem: Path, forms: Sequence[str], desk: Desk | None, lang: str) -> Iterator[Path]:
    for form in forms:
        path = writable_path(stem.with_name(f"{stem.name}.{form}"), lang=lang)
        if form == "html":
            path.write_text(fiche_html(fiche), encoding="utf-8", errors="replace", newline="\n")
        elif desk is not None:
            path.write_bytes(desk.write(fiche))
        yield path
