"""Where a figure comes from and how firm it is: that of its row, unless one is given for its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .columns import Columns, Rows, columns, numbered
from .schema import table, tables
from .text import fold
from .vocabulary import Confidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .filiere import Filiere

__all__ = [
    "SOFT_CONFIDENCE",
    "confidences",
    "hypothesis_share",
    "provenance",
    "rests_on_hypothesis",
    "said_of",
    "soft_mask",
    "soft_row_share",
]

#: What counts in ``hypothesis_share``.
SOFT_CONFIDENCE = frozenset(kind.value for kind in Confidence if kind.is_soft)
#: The figure that a row of a table is there for: what is said of its source bears on the row.
_FIGURE = {"flows": "quantity_t_per_year", "markets": "quantity_t_per_year", "funding": "amount_eur"}
_FIELDS = ["source_id", "confidence", "hypothesis", "confidentiality"]


def provenance(f: Filiere, name: str, *, column: str | None = None) -> pd.DataFrame:
    """Return source, confidence, hypothesis and confidentiality of the rows of a table.

    Parameters
    ----------
    name
        Table.
    column
        A column for which ``cell_sources`` may say otherwise than the row; by default the rows alone.

    Returns
    -------
    pandas.DataFrame
        Columns ``source_id``, ``confidence``, ``hypothesis``, ``confidentiality`` on the identifiers of
        the table, in its order; unknown where nothing is said.
    """
    return f.derived(("provenance", name, column), lambda f: _provenance(f, name, column)).copy(deep=False)


def _provenance(f: Filiere, name: str, column: str | None) -> pd.DataFrame:
    rows = columns(f, name)
    if column is None and table(name).has_provenance:
        return rows.frame[_FIELDS].copy()
    found = {field: said_of(f, name, field, column=column) for field in _FIELDS}
    return pd.DataFrame(found, index=rows.index, dtype="str")


def said_of(f: Filiere, name: str, field: str, *, column: str | None = None) -> NDArray[np.object_]:
    """Return one field of `provenance` along the rows of a table; ``None`` where nothing is said."""
    if table(name).has_provenance and (column is None or not len(columns(f, "cell_sources"))):
        return columns(f, name).text(field)
    return f.derived(("said_of", name, field, column), lambda f: _said_of(f, name, field, column))


def _said_of(f: Filiere, name: str, field: str, column: str | None) -> NDArray[np.object_]:
    rows = columns(f, name)
    known = rows.text(field) if table(name).has_provenance else np.full(len(rows), None, dtype=object)
    if column is None or not len(columns(f, "cell_sources")):
        return known
    of = f.derived(("cell_sources", name, column), lambda f: _cells_about(f, name, column))
    cells = columns(f, "cell_sources")
    given, told = np.append(cells.text(field), "")[of], np.append(cells.known(field), False)[of]
    return np.where(told, given, known)


def _cells_about(f: Filiere, name: str, column: str) -> NDArray[np.int64]:
    """Return, per row of a table, the last row of ``cell_sources`` about its cell in a column, −1 without one."""
    home, cells, rows = table(name), columns(f, "cell_sources"), columns(f, name)
    headers = {fold(word) for word in (column, home[column].label("fr"), home[column].label("en"))}
    of = rows.named_in(cells, "row_id")
    mine = np.flatnonzero(
        (of >= 0) & _spelled(cells, "table", home.spellings) & _spelled(cells, "column", headers)
    )
    found = np.full(len(rows), -1, dtype=np.int64)
    found[of[mine]] = mine
    return found


def _spelled(cells: Columns, column: str, words: Collection[str]) -> NDArray[np.bool_]:
    """Return the rows of which a column is one of some folded words, however it is spelled."""
    number, spellings = numbered(cells.text(column))
    return np.array([*(fold(word) in words for word in spellings), False])[number]


def confidences(f: Filiere, name: str, *, column: str | None = None) -> NDArray[np.object_]:
    """Return how firm each row of a table is, or a column of it; ``None`` where nothing says it."""
    return said_of(f, name, "confidence", column=column)


def soft_mask(f: Filiere, name: str, *, column: str | None = None) -> NDArray[np.bool_]:
    """Return `rests_on_hypothesis` as a mask along the rows of a table: not to be written into."""
    column = _FIGURE.get(name) if column is None else column
    return f.derived(("soft_mask", name, column), lambda f: _soft_mask(f, name, column))


def _soft_mask(f: Filiere, name: str, column: str | None) -> NDArray[np.bool_]:
    said = confidences(f, name, column=column)
    return np.logical_or.reduce([said == kind for kind in sorted(SOFT_CONFIDENCE)])


def rests_on_hypothesis(f: Filiere, name: str, *, column: str | None = None) -> pd.Series:
    """Return, per row of a table, whether it rests on an estimate or a hypothesis.

    Without a `column`, that of the figure which the row is there for counts, where it has one.
    """
    return pd.Series(soft_mask(f, name, column=column), index=columns(f, name).index, name="confidence")


def hypothesis_share(
    f: Filiere, rows: Mapping[str, Iterable[str]], *, values: Mapping[str, str] | None = None
) -> float:
    """Return the share that rests on estimates or hypotheses.

    Parameters
    ----------
    rows
        Table → identifiers of the rows that a figure rests on.
    values
        Table → the column whose values are weighed; tables without one count rows.

    Returns
    -------
    float
        Share in [0, 1]: of the value where one column alone is weighed, of the rows otherwise; NaN if it
        rests on nothing.
    """
    soft_weight = weight = 0.0
    weighed = values or {}
    for name, identifiers in rows.items():
        asked = identifiers if isinstance(identifiers, Rows) else list(identifiers)
        if not len(asked) or not tables()[name].has_provenance:
            continue
        column = weighed.get(name)
        home = columns(f, name)
        at = asked.at if isinstance(asked, Rows) else home.at(asked)
        soft = soft_mask(f, name, column=column)[at]
        if column is None:
            soft_weight += int(soft.sum())
            weight += len(asked)
        else:
            weights = np.abs(np.nan_to_num(home.number(column)[at]))
            soft_weight += float(weights[soft].sum())
            weight += float(weights.sum())
    return soft_weight / weight if weight else float("nan")


def soft_row_share(f: Filiere, rows: Mapping[str, Collection[str]]) -> float:
    """Return the share of different rows that rest on an estimate or a hypothesis; NaN over none.

    As `hypothesis_share` where rows are counted, for those who ask about a few rows many times: the soft rows of a
    table are gathered once. Rows of tables that keep no provenance count, as firm ones.
    """
    soft = count = 0
    for name, asked in rows.items():
        soft += len(_soft_rows(f, name).intersection(asked))
        count += len(asked)
    return soft / count if count else float("nan")


def _soft_rows(f: Filiere, name: str) -> frozenset[str]:
    def gathered(f: Filiere) -> frozenset[str]:
        return frozenset(columns(f, name).ids[soft_mask(f, name)].tolist())

    return f.derived(("soft_rows", name), gathered)
