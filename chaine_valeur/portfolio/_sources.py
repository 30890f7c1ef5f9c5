"""What a folder holds: workbooks, folders of CSV, CSV tables of many filières; how each is known again."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import UnreadableFileError
from ..filiere import Filiere
from ..io.csv import csv_grid
from ..io.gather import copied_tables, tables_called
from ..language import tr
from ..text import slug
from ._splitting import code_header

__all__ = ["Source", "code_of", "found_sources", "signature", "stacked_files"]

_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_TABLES = {".csv", ".tsv"}
_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Source:
    """One file or folder that holds a filière.

    Attributes
    ----------
    name
        Its path in the folder.
    code
        The code of the filière if it does not say one itself.
    mark
        What changes when it changes.
    """

    name: str
    path: Path
    code: str
    mark: str
    is_workbook: bool


def signature(paths: Iterable[Path]) -> str:
    """Return what changes when any of some files does: name, size and time of each."""
    stats = [(path.name, path.stat()) for path in sorted(paths)]
    return "|".join(f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in stats)


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """Return by what names sort: « filière 2 » before « filière 10 »."""
    parts = _NUMBER.split(path.name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _is_hidden(path: Path) -> bool:
    """Whether a file is one that Excel or LibreOffice keeps while it has another open, or a hidden one."""
    return path.name.startswith(("~$", "."))


def _csv_files(folder: Path) -> list[Path]:
    found = [path for path in folder.iterdir() if path.suffix.lower() in _TABLES and not _is_hidden(path)]
    return [
        path
        for path in sorted(found)
        if path.is_file() and (tables_called(path.stem) or copied_tables(path.stem))
    ]


def found_sources(home: Path, *, lang: str) -> list[Source]:
    """Return what a folder holds, in the natural order of the names.

    Raises
    ------
    UnreadableFileError
        No such folder, or nothing in it that could be read.
    """
    found = []
    for path in sorted(home.iterdir(), key=_natural):
        if _is_hidden(path):
            continue
        if path.is_file() and path.suffix.lower() in _WORKBOOKS:
            found.append(Source(path.name, path, path.stem, signature([path]), True))
        elif path.is_dir() and (files := _csv_files(path)):
            found.append(Source(path.name, path, path.name, signature(files), False))
    if not found and (files := _csv_files(home)):  # one filière in a folder of its own
        found.append(Source(home.name, home, home.name, signature(files), False))
    if not found:
        raise UnreadableFileError(
            tr(
                "“{folder}” holds neither workbooks, nor folders of CSV files, nor CSV files with a column "
                "“filiere_code”, nor shards.",
                lang,
                folder=home,
            )
        )
    return found


def stacked_files(home: Path, *, lang: str) -> list[Path]:
    """Return the CSV files of a folder if they hold many filières: one of them has a column of codes."""
    files = _csv_files(home)
    for path in files:
        try:
            rows = csv_grid(path, lang=lang).rows[:1]
        except (UnreadableFileError, OSError):
            continue
        if rows and code_header(str(cell) for cell in rows[0]):
            return files
    return []


def code_of(f: Filiere, source: Source) -> str:
    """Return the code of a filière: the identifier that it gives itself, or the name of its file.

    An identifier that only repeats the name of the filière was made while reading, and is that of every territory
    with a filière of that name: it says nothing.
    """
    rows = f.table("filiere")
    if rows.empty:
        return source.code
    said, name = str(rows.index[0]), rows["name"].iloc[0]
    made = {slug(name)} if isinstance(name, str) else set()
    return source.code if said in made else said


def home_of(folder: str | os.PathLike[str], *, lang: str) -> Path:
    """Return a folder that is there.

    Raises
    ------
    UnreadableFileError
        It is not, or it is a file.
    """
    home = Path(folder)
    if home.is_dir():
        return home
    told = (
        tr("“{file}” is a file: give the folder that holds the filières.", lang, file=home)
        if home.exists()
        else tr("The folder “{folder}” does not exist.", lang, folder=home)
    )
    raise UnreadableFileError(told)
