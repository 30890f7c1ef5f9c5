"""Sheets or files under the names that people give them, put together into one filière."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import pandas as pd

from ..errors import MissingTableError, close_names
from ..filiere import Filiere
from ..language import tr
from ..problems import Problems
from ..schema import Table, shorthands, tables
from ..table_state import RawTable
from ..tables import Conformed, conform
from ..text import fold
from .cells import Grid, find_headers, raw_of
from .essential import Aside, expand
from .essential_parts import concatenated

__all__ = ["expected_names", "gather", "tables_called"]

#: « 1. Acteurs », « Flux 2023 »; « Acteurs (2) » is a copy that Excel made, and not read.
_ORDINAL = re.compile(r"^\d{1,2}\s*[.)_-]\s*|[\s_-]+\d{1,4}$")


@cache
def _by_spelling() -> dict[str, tuple[Table, ...]]:
    found: dict[str, list[Table]] = {}
    for home in (*tables().values(), *shorthands().values()):
        for spelling in home.spellings:
            found.setdefault(spelling, []).append(home)
    return {spelling: tuple(homes) for spelling, homes in found.items()}


def tables_called(name: str) -> tuple[Table, ...]:
    """Return the tables that a sheet or file of that name may hold, full ones first.

    Examples
    --------
    >>> [home.name for home in tables_called("ACTEURS")], [home.name for home in tables_called("Flux 2023")]
    (['actors', 'essential_actors'], ['flows'])
    """
    for written in (name, _ORDINAL.sub("", name.strip())):
        if homes := _by_spelling().get(fold(written)):
            return homes
    return ()


def expected_names(lang: str) -> list[str]:
    """Return the names of the sheets that a reader looks for, the essential ones first."""
    labels = [home.label(lang) for home in (*shorthands().values(), *tables().values())]
    return list(dict.fromkeys(labels))


def gather(
    grids: Iterable[Grid], problems: Problems, *, strict: bool, lang: str, unknown: str = "unknown_sheet"
) -> Filiere:
    """Return the filière that some grids hold.

    Parameters
    ----------
    grids
        One a sheet or file, in order; several may hold one table.
    problems
        Where what is found is said.
    unknown
        The code of a grid whose name means no table.

    Raises
    ------
    ValidationError
        In strict mode.
    MissingTableError
        None of the grids lists actors.
    """
    parts: dict[str, list[RawTable]] = {}
    for grid in grids:
        homes = tables_called(_stem(grid.sheet, unknown))
        if not homes:
            _tell_unknown(grid, problems, unknown)
        elif grid.rows:
            _add(grid, homes, parts, problems)
    raws, aside = expand({name: concatenated(found) for name, found in parts.items()}, problems)
    if "actors" not in raws:
        named = tables()["actors"].label(lang)
        raise MissingTableError(
            tr("“{sheet}” is missing: it lists the actors, one a row, under the header “{header}”.", lang,
               sheet=named, header=tables()["actors"]["name"].label(lang))
        )  # fmt: skip
    labelled = {
        name: replace(raw, headers={column.name: column.label(lang) for column in tables()[name]})
        for name, raw in raws.items()
    }
    conformed = _with_aside(conform(labelled, lang=lang, problems=problems), aside)
    return Filiere.from_conformed(conformed, strict=strict, lang=lang)


def _stem(name: str, unknown: str) -> str:
    return name.rpartition(".")[0] if unknown == "unknown_file" else name


def _tell_unknown(grid: Grid, problems: Problems, code: str) -> None:
    if not grid.rows:
        return  # « Feuil2 », which nobody ever used
    close = close_names(_stem(grid.sheet, code), expected_names(problems.lang)) or _looks_like(
        grid, problems.lang
    )
    problems.add(code, sheet=grid.sheet, value=grid.sheet, close=problems.close_hint(close))


def _looks_like(grid: Grid, lang: str) -> list[str]:
    """Return the table that the headers of a grid speak of, if they do so clearly."""
    homes = [*tables().values(), *shorthands().values()]
    known = {home.label(lang): find_headers(grid, [home]) for home in homes}
    counts = {name: len(found.columns) for name, found in known.items() if found is not None}
    best = max(counts, key=lambda name: counts[name], default="")
    return [best] if best and counts[best] >= 3 else []


def _add(grid: Grid, homes: Sequence[Table], parts: dict[str, list[RawTable]], problems: Problems) -> None:
    headers = find_headers(grid, homes)
    if headers is None:
        choices = ", ".join(column.label(problems.lang) for column in list(homes[-1])[:4])
        problems.add(
            "no_headers", table=homes[0].name, sheet=grid.sheet, row=grid.numbers[0], choices=choices
        )
        return
    parts.setdefault(headers.table.name, []).append(raw_of(grid, headers, problems))


def _with_aside(conformed: Conformed, aside: Aside) -> Conformed:
    """Return the tables with the rows that fitted nowhere among those set aside."""
    if not aside:
        return conformed
    out = dict(conformed.set_aside)
    for name, rows in aside.items():
        out[name] = pd.concat([out[name], rows], ignore_index=True) if name in out else rows
    return replace(conformed, set_aside=out)
