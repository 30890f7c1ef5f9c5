"""Parquet files of anybody: tables under the names that people give them, checked as those of any other format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import close_names
from ..filiere import Filiere
from ..problems import Problems
from ..schema import Table, tables
from ..table_state import RawTable
from .cells import raw_of_frame
from .essential_parts import concatenated
from .gather import copied_tables, expected_names, filiere_of, tables_called
from .parquet_files import arrow, metadata_of, open_parquet, refuse_later, unreadable, whole

__all__ = ["read_foreign"]

#: What pandas calls the index of a frame that it writes, where that has no name.
_INDEX = re.compile(r"__index_level_\d+__")


def read_foreign(files: Sequence[Path], *, strict: bool, lang: str) -> Filiere:
    """Return the filière of some Parquet files; see `chaine_valeur.io.parquet.read_parquet`."""
    problems = Problems(lang)
    parts: dict[str, list[RawTable]] = {}
    alike: list[str] = []
    originals = {home.name for path in files for home in tables_called(path.stem)}
    for path in files:
        homes = tables_called(path.stem)
        if not homes and not originals & {home.name for home in copied_tables(path.stem)}:
            homes = copied_tables(path.stem)
        if not homes:
            alike += _tell_unknown(path, problems)
            continue
        frame = _frame(path, lang)
        found = raw_of_frame(frame, path.name, homes, problems)
        if found is not None:
            parts.setdefault(found[0].name, []).append(found[1])
        elif len(frame.columns):
            _tell_no_headers(path, homes, problems)
    raws = {name: concatenated(one) for name, one in parts.items()}
    return filiere_of(raws, problems, strict=strict, lang=lang, alike=alike)


def _tell_unknown(path: Path, problems: Problems) -> list[str]:
    """Say that a file is not read; return it if it may list the actors."""
    close = close_names(path.stem, expected_names(problems.lang))
    problems.add("unknown_file", sheet=path.name, value=path.name, close=problems.close_hint(close))
    return [path.name] if tables()["actors"].label(problems.lang) in close else []


def _tell_no_headers(path: Path, homes: Sequence[Table], problems: Problems) -> None:
    choices = ", ".join(column.label(problems.lang) for column in list(homes[-1])[:4])
    problems.add("no_headers", table=homes[0].name, sheet=path.name, choices=choices)


def _frame(path: Path, lang: str) -> pd.DataFrame:
    """Return what a file holds as a frame, an index that has a name being a column."""
    pa = arrow(lang)
    opened, _ = open_parquet(path, lang=lang)
    refuse_later(path, metadata_of(opened), lang=lang)
    table = whole(opened, path, lang=lang)
    try:
        columns: list[Any] = [table.column(place).to_pandas() for place in range(table.num_columns)]
    except (OSError, ValueError, pa.ArrowException) as error:
        raise unreadable(path, error, lang) from None
    kept = [place for place, name in enumerate(table.column_names) if not _INDEX.fullmatch(name)]
    frame = pd.DataFrame({number: columns[place] for number, place in enumerate(kept)})
    return frame.set_axis([table.column_names[place] for place in kept], axis=1)
