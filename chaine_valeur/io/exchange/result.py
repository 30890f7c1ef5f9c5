"""What an exchange leaves out, and how it is said: a frame beside each file written, problems of a filière read."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ...filiere import Filiere
from ...language import N_, tr
from ...problems import CODES, Problems
from ...schema import Column, table

__all__ = ["LEFT_OUT_COLUMNS", "READING", "Exchanged", "left_out", "problems_of"]

LEFT_OUT_COLUMNS = ["table", "column", "rows", "reason"]

#: What a reader of a foreign format may find, beside what every reader finds.
READING: Mapping[str, tuple[str, str]] = {
    **CODES,
    "blank_end": ("error", N_("“{value}”: an end is missing; the row is set aside.")),
    "aggregate_flow": (
        "warning",
        N_(
            "“{value}” is the total of finer flows of this file: it is set aside, so that nothing counts twice."
        ),
    ),
    "total_not_used": (
        "warning",
        N_(
            "“{value}” is more than its parts in this file ({parts}): the parts count, and the total is set aside, so "
            "that nothing counts twice. Add the parts that are missing, or remove the parts and keep the total."
        ),
    ),
    "part_of_total": (
        "warning",
        N_(
            "“{value}” is part of a total of this file that counts (row {other}), and its own tonnage is unknown: it is "
            "set aside, so that nothing counts twice."
        ),
    ),
    "same_node": (
        "warning",
        N_("“{value}” is the name of several nodes of the file: this one is read as “{close}”."),
    ),
    "no_element": (
        "warning",
        N_("“{value}” is not written as the nodes and links of such a file are: it is left out."),
    ),
    "same_in_file": (
        "warning",
        N_("“{value}” stands several times in the file (also on row {other}): the first one counts."),
    ),
    "twice_in_object": (
        "warning",
        N_("“{value}” stands twice in one object of the file: the first one counts."),
    ),
    "same_id": (
        "warning",
        N_(
            "“{value}” and “{close}” differ by case, accents or signs only: other programs take them for one."
        ),
    ),
    "no_object": (
        "error",
        N_("“{value}” is set aside: an object with fields is needed here, such as {example}."),
    ),
    "left_out": ("notice", N_("The model has no place for “{value}”: left out ({count} times).")),
    "part_not_read": ("notice", N_("The sheet “{value}” is not read: {why}")),
    "several_periods": (
        "notice",
        N_("“{value}” holds over several periods: they are read as one, from the first to the last."),
    ),
    "several_values": ("notice", N_("“{value}” has several values over time: the last one is kept.")),
    "no_period_of_flow": ("notice", N_("“{value}” has no clear period: the flow is read without a year.")),
    "one_of_several_parents": ("notice", N_("“{value}” has several parents: the first one is kept.")),
    "direction_left_out": (
        "notice",
        N_(
            "{count} edges without a tonnage are read as cooperations of unknown kind, which have no direction. If they "
            'are flows, read the file with edges="flows".'
        ),
    ),
}

#: Why something has no place in a file.
NO_TABLE = N_("The format has no place for this table.")
NO_COLUMN = N_("The format has no place for this column.")
NOT_USED = N_("Only what a row of the file refers to is written.")
SET_ASIDE = N_("Rows that were set aside are not written.")


@dataclass(frozen=True)
class Exchanged:
    """A file written for another tool, and what of the filière is not in it. It may be given where a path is asked for.

    Parameters
    ----------
    path
        The file, or the folder where the format has several files.
    files
        Each file written.
    left_out
        What the format could not carry, one row each: ``table``, ``column`` (blank: of the whole table), ``rows``
        (how many hold something) and ``reason`` (a sentence); empty if everything is in the file.

    Examples
    --------
    >>> import tempfile
    >>> from chaine_valeur.io.exchange.gexf import write_gexf
    >>> f = Filiere.from_tables(actors={"name": ["Relais"]}, stages={"name": ["Tri", "Collecte"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_gexf(f, f"{folder}/relais.gexf", lang="en")
    >>> written.left_out.to_dict("records")
    [{'table': 'stages', 'column': '', 'rows': 2, 'reason': 'The format has no place for this table.'}]
    """

    path: Path
    files: tuple[Path, ...]
    left_out: pd.DataFrame = field(repr=False, compare=False)

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def __str__(self) -> str:
        return str(self.path)


def left_out(
    f: Filiere,
    carried: Mapping[str, Collection[str]],
    *,
    lang: str,
    used: Mapping[str, int] | None = None,
    more: Iterable[tuple[str, str, int, str]] = (),
) -> pd.DataFrame:
    """Return what a format does not carry of a filière, in the order of its tables and columns.

    Parameters
    ----------
    carried
        Table → the columns that are in the file, its key aside.
    used
        Table → how many of its rows are in the file, where those are not all.
    more
        Further rows: table, column, rows and an English sentence of the catalogue; those without rows are dropped.
    """
    rows: list[tuple[str, str, int, str]] = []
    for name in f:
        frame = f.table(name)
        if name not in carried:
            rows.append((name, "", len(frame), NO_TABLE))
            continue
        kept = (used or {}).get(name, len(frame))
        if kept < len(frame):
            rows.append((name, "", len(frame) - kept, NOT_USED))
        for column in frame.columns:
            if column not in carried[name] and (
                known := _said(frame[column], table(name).columns.get(str(column)))
            ):
                rows.append((name, str(column), known, NO_COLUMN))
    rows += [(name, "", len(aside), SET_ASIDE) for name, aside in f.set_aside.items() if len(aside)]
    rows += [row for row in more if row[2]]
    told = [(*row[:3], tr(row[3], lang)) for row in rows]
    frame = pd.DataFrame(told, columns=LEFT_OUT_COLUMNS)
    return frame.astype({"table": "str", "column": "str", "rows": "int64", "reason": "str"})


def _said(cells: pd.Series, column: Column | None) -> int:
    """Return how many cells say something; none if all say what a blank counts as."""
    known = cells.dropna()
    usual = column.default if column is not None and column.default not in ("", "auto") else None
    return (
        0 if usual is not None and {str(cell).lower() for cell in known.unique()} == {usual} else len(known)
    )


def problems_of(lang: str) -> Problems:
    """Return where a reader of a foreign format says what it finds."""
    return Problems(lang, codes=READING)
