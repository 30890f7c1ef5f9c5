"""A folder of Parquet files, one a table: as quick to read as to copy, checked all the same."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..about import library_version
from ..errors import UnreadableFileError
from ..filiere import Filiere
from ..language import check_language, enumeration, tr
from ..schema import VERSION, tables
from .files import writable_path
from .gather import copied_tables, expected_names, tables_called
from .parquet_files import arrow, digest, metadata_of, open_parquet, refuse_later
from .parquet_foreign import read_foreign
from .parquet_known import FOUND, read_known
from .parquet_writing import arrow_places, arrow_problems, arrow_set_aside, arrow_table, dictionaries

__all__ = ["MANIFEST", "read_parquet", "write_parquet"]

_SUFFIXES = {".parquet", ".pq", ".parq"}
#: The file, beside what was found while reading, that signs for all others.
MANIFEST = "manifest.json"


def write_parquet(f: Filiere, folder: str | os.PathLike[str], *, lang: str = "fr") -> list[Path]:
    """Write a filière as Parquet files, one a table that has rows, and actors; needs pyarrow (extra ``parquet``).

    Columns are named as in the schema; those of which nothing is known are left out. Beside the tables, in
    ``_found``, stand the problems, the rows set aside, where each row was read, the cells that could not be, and
    a signature of every file: what `read_parquet` needs in order not to begin again.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist. Tables that this function wrote there before and that have no
        rows any more are removed.
    lang
        Language of the messages.

    Returns
    -------
    list of pathlib.Path
        The files of tables. The same filière gives the same bytes.

    Raises
    ------
    MissingExtraError
        pyarrow is not installed.
    UnreadableFileError
        Nothing can be written there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> f = Filiere.from_tables(actors={"name": ["Relais"], "latitude": [49.5]})
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_parquet(f, folder)], read_parquet(folder) == f
    (['actors.parquet'], True)
    """
    check_language(lang)
    arrow(lang)
    home = Path(folder)
    names = list(f if "actors" in f else ("actors", *f))
    written = {name: _write(arrow_table(f, name), home / f"{name}.parquet", lang) for name in names}
    found = {
        name: _write(table, home / FOUND / f"{name}.parquet", lang)
        for name, table in (
            ("problems", arrow_problems(f)),
            ("places", arrow_places(f)),
            ("set_aside", arrow_set_aside(f)),
        )
    }
    _remove_emptied(home, set(tables()) - set(written), lang)
    said = {
        "schema": VERSION,
        "library": library_version(),
        "year": f.year,
        "unknown_cells": {name: int(count) for name, count in f.unknown_cells.items()},
        "tables": {name: [path.name, digest(path.read_bytes())] for name, path in written.items()},
        "found": {name: [path.name, digest(path.read_bytes())] for name, path in found.items()},
    }
    path = writable_path(home / FOUND / MANIFEST, lang=lang)
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return list(written.values())


def _write(table: Any, path: Path, lang: str) -> Path:
    path = writable_path(path, lang=lang)
    arrow(lang).parquet.write_table(
        table,
        path,
        compression="zstd",
        row_group_size=max(len(table), 1),  # of each list of texts one copy
        use_dictionary=dictionaries(table),
        dictionary_pagesize_limit=2**30,
        write_statistics=False,
    )
    return path


def _remove_emptied(home: Path, names: Iterable[str], lang: str) -> None:
    for name in sorted(names):
        path = home / f"{name}.parquet"
        if path.is_file() and _is_ours(path, name, lang):
            path.unlink()


def _is_ours(path: Path, name: str, lang: str) -> bool:
    try:
        return metadata_of(open_parquet(path, lang=lang)[0]).get("table") == name
    except UnreadableFileError:
        return False


def read_parquet(path: str | os.PathLike[str], *, strict: bool = True, lang: str = "fr") -> Filiere:
    """Return the filière of a folder of Parquet files, or of one file; needs pyarrow (extra ``parquet``).

    What `write_parquet` wrote, and nobody touched, is verified rather than read anew: the signature of each file,
    the version of the schema, types, terms, bounds, identifiers that are there once, references that are found. It
    comes back with its problems, its rows set aside and its places. Anything else goes through the checks that
    every reader makes: a file per table, named as in the schema or as the sheets are, headers likewise, in French
    or English.

    Parameters
    ----------
    path
        The folder, of which files of other names are passed over; or the file.
    strict
        Raise if a row or a cell cannot be used, or could not when the filière was written; otherwise set it
        aside and go on.
    lang
        Language of the messages.

    Returns
    -------
    Filiere
        Its ``problems`` name the file where a workbook would name the sheet.

    Raises
    ------
    MissingExtraError
        pyarrow is not installed.
    UnreadableFileError
        No such folder, no table in it, a file that is missing or damaged, or one written by a later version
        of the library.
    MissingTableError
        No file lists actors.
    ValidationError
        In strict mode.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> with TemporaryDirectory() as folder:
    ...     pd.DataFrame({"Nom": ["Relais"], "Depuis": [2004]}).to_parquet(f"{folder}/Acteurs.parquet")
    ...     f = read_parquet(folder)
    >>> f.actors["since"].tolist()
    [2004]
    """
    check_language(lang)
    arrow(lang)
    home = Path(path)
    files = _files(home, lang)
    said = _manifest(home / FOUND / MANIFEST, lang)
    if said is not None:
        refuse_later(home, said, lang=lang)
        known = read_known(home, said, files, lang=lang) if said.get("schema") == VERSION else None
        if known is not None:
            conformed, year = known
            f = Filiere.from_conformed(conformed, strict=strict, lang=lang)
            return f if year is None else Filiere(conformed, year=year)
    return read_foreign(files, strict=strict, lang=lang)


def _files(home: Path, lang: str) -> list[Path]:
    """Return the Parquet files of a folder, or the one file that was asked for."""
    if home.is_file():
        return [home]
    if not home.is_dir():
        raise UnreadableFileError(tr("The folder “{folder}” does not exist.", lang, folder=home))
    files = sorted(path for path in home.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
    if not any(tables_called(path.stem) or copied_tables(path.stem) for path in files):
        wanted = enumeration([f"{name}.parquet" for name in expected_names(lang)], lang, limit=99)
        raise UnreadableFileError(
            tr(
                "“{folder}” holds no file that is known. Those expected: {wanted}.",
                lang,
                folder=home,
                wanted=wanted,
            )
        )
    return files


def _manifest(path: Path, lang: str) -> dict[str, Any] | None:
    """Return what the library wrote of a folder, or ``None`` where there is no such file, or it says nothing."""
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None
