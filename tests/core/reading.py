"""What the tests of the core ask again and again: read a table, read a cell, list what was found."""

from __future__ import annotations

from typing import Any

import pandas as pd

from chaine_valeur import schema
from chaine_valeur.filiere import Filiere
from chaine_valeur.parse import parse_column


def read(*, lang: str = "fr", **frames: Any) -> Filiere:
    """Return a filière whose bad rows are set aside."""
    return Filiere.from_tables(strict=False, lang=lang, **frames)


def cell(written: Any, column: str) -> tuple[Any, str]:
    """Return the value of one cell (``None``: unknown) of ``table.column``, and the code of what is wrong."""
    table, name = column.split(".")
    parsed = parse_column(pd.Series([written], dtype=object), schema.table(table)[name])
    value = parsed.values.iat[0]
    return (None if pd.isna(value) else value), parsed.codes.iat[0]


def column(written: list[Any], name: str) -> pd.Series:
    """Return the values of a column of cells."""
    table, field = name.split(".")
    return parse_column(pd.Series(written, dtype=object), schema.table(table)[field]).values


def told(f: Filiere, *codes: str) -> list[tuple[str, str, int | None, str, str]]:
    """Return (code, sheet, row, column, value) of the problems, of some codes if any are given."""
    rows = f.problems[f.problems["code"].isin(codes)] if codes else f.problems
    return [
        (row.code, row.sheet, None if pd.isna(row.row) else int(row.row), row.column, row.value)
        for row in rows.itertuples()
    ]


def rows_of(f: Filiere, code: str) -> list[int]:
    """Return the rows, as Excel numbers them, on which something was found."""
    return [int(row) for row in f.problems.loc[f.problems["code"] == code, "row"]]
