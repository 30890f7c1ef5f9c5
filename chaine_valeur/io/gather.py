"""Sheets or files under the names that people give them, put together into one filière."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pandas as pd

from ..errors import MissingTableError, close_names
from ..filiere import Filiere
from ..language import enumeration, tr, trn
from ..problems import Problems
from ..schema import Table, shorthands, tables
from ..table_state import RawTable
from ..tables import Conformed, conform
from ..text import fold
from .cells import Grid, find_headers, raw_of
from .essential import expand
from .essential_parts import Aside, concatenated

__all__ = ["copied_tables", "expected_names", "filiere_of", "gather", "read_grids", "tables_called"]

#: « 1. Acteurs », « Flux 2023 ».
_ORDINAL = re.compile(r"^\d{1,2}\s*[.)_-]\s*|[\s_-]+\d{1,4}$")
#: « Acteurs (2) »: what Excel calls the copy of a sheet, and a browser that of a file.
_COPY = re.compile(r"\s*\(\d{1,3}\)\s*$")


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


def copied_tables(name: str) -> tuple[Table, ...]:
    """Return the tables that a sheet or file may hold whose name is that of a copy.

    Examples
    --------
    >>> [home.name for home in copied_tables("Flux (2)")], copied_tables("Flux")
    (['flows'], ())
    """
    original = _COPY.sub("", name)
    return () if original == name or tables_called(name) else tables_called(original)


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
    raws, alike = read_grids(grids, problems, unknown=unknown)
    return filiere_of(raws, problems, strict=strict, lang=lang, alike=alike)


def read_grids(
    grids: Iterable[Grid], problems: Problems, *, unknown: str
) -> tuple[dict[str, RawTable], list[str]]:
    """Return the raw tables that some grids hold, full ones and shorthands, and grids that may list the actors.

    See `gather`.
    """
    parts: dict[str, list[RawTable]] = {}
    copies: dict[str, list[Grid]] = {}
    alike: list[str] = []
    for grid in grids:
        homes = tables_called(_stem(grid.sheet, unknown))
        if homes and grid.rows:
            _add(grid, homes, parts, problems)
        elif grid.rows and (copied := copied_tables(_stem(grid.sheet, unknown))):
            copies.setdefault(copied[0].label("fr"), []).append(grid)
        elif grid.rows and not homes and _tell_unknown(grid, problems, unknown):
            alike.append(grid.sheet)
    alike += _read_copies(copies, parts, problems, unknown)
    return {name: concatenated(found) for name, found in parts.items()}, alike


def filiere_of(
    raws: Mapping[str, RawTable], problems: Problems, *, strict: bool, lang: str, alike: Sequence[str] = ()
) -> Filiere:
    """Return the filière of raw tables, full ones and shorthands; see `gather`."""
    full, aside = expand(raws, problems)
    if "actors" not in full:
        raise MissingTableError(_no_actors(alike, lang))
    labelled = {
        name: replace(raw, headers={column.name: column.label(lang) for column in tables()[name]})
        for name, raw in full.items()
    }
    conformed = _with_aside(conform(labelled, lang=lang, problems=problems), aside)
    return Filiere.from_conformed(conformed, strict=strict, lang=lang)


def _stem(name: str, unknown: str) -> str:
    return name.rpartition(".")[0] if unknown == "unknown_file" else name


def _no_actors(alike: Sequence[str], lang: str) -> str:
    """Return what is said where no sheet lists actors; `alike` are sheets that may do so under another name."""
    named = tables()["actors"].label(lang)
    told = tr("“{sheet}” is missing: it lists the actors, one a row, under the header “{header}”.", lang,
              sheet=named, header=tables()["actors"]["name"].label(lang))  # fmt: skip
    if not alike:
        return told
    quoted = enumeration([tr("“{name}”", lang, name=name) for name in alike], lang)
    return told + " " + trn(
        "If they are in {names}, call it “{sheet}”.", "If they are in one of these ({names}), call it “{sheet}”.",
        len(alike), lang, names=quoted, sheet=named,
    )  # fmt: skip


def _read_copies(
    copies: Mapping[str, Sequence[Grid]],
    parts: dict[str, list[RawTable]],
    problems: Problems,
    unknown: str,
) -> list[str]:
    """Read a copy whose original is not there, or blank; return the copies that may list the actors.

    Beside its original a copy would tell everything twice, and which of two copies counts nobody can tell.
    """
    alike = []
    for label, grids in copies.items():
        homes = tables_called(label)
        met = any(len(part.frame) for home in homes for part in parts.get(home.name, ()))
        if len(grids) == 1 and not met:
            _add(grids[0], homes, parts, problems)
            continue
        for grid in grids:
            close = problems.close_hint([homes[0].label(problems.lang)])
            problems.add(unknown, sheet=grid.sheet, value=grid.sheet, close=close)
            alike += [grid.sheet] if homes[0].name == "actors" else []
    return alike


def _tell_unknown(grid: Grid, problems: Problems, code: str) -> bool:
    """Say that a sheet is not read, with what it may be; return whether it may list the actors."""
    lang = problems.lang
    close = _looks_like(grid, lang) or close_names(_stem(grid.sheet, code), expected_names(lang))
    problems.add(code, sheet=grid.sheet, value=grid.sheet, close=problems.close_hint(close))
    return tables()["actors"].label(lang) in close


def _looks_like(grid: Grid, lang: str) -> list[str]:
    """Return the table that the headers of a grid speak of, if they do so clearly.

    Three headers that are known say enough; so do two if there are no others.
    """
    best, most = "", 0.0
    for home in (*tables().values(), *shorthands().values()):
        found = find_headers(grid, [home])
        if found is None:
            continue
        count, given = len(found.columns), sum(map(bool, found.names))
        clear = count >= 3 or (count == 2 and given == 2)
        if clear and count / given + count > most:
            best, most = home.label(lang), count / given + count
    return [best] if best else []


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
