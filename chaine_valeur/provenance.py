"""Where a figure comes from and how firm it is: that of its row, unless one is given for its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .schema import table, tables
from .text import fold
from .vocabulary import Confidence

if TYPE_CHECKING:
    from .filiere import Filiere

__all__ = ["SOFT_CONFIDENCE", "hypothesis_share", "provenance", "rests_on_hypothesis", "soft_row_share"]

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
    frame = f.table(name)
    home = table(name)
    if home.has_provenance:
        known = frame[_FIELDS].copy()
    else:
        known = pd.DataFrame({field: pd.Series(None, index=frame.index, dtype="str") for field in _FIELDS})
    cells = f.cell_sources
    if column is None or cells.empty:
        return known
    mine = cells["table"].map(fold).isin(home.spellings)
    headers = {fold(word) for word in (column, home[column].label("fr"), home[column].label("en"))}
    mine &= cells["column"].map(fold).isin(headers) & cells["row_id"].isin(frame.index)
    said = cells[mine].drop_duplicates("row_id", keep="last").set_index("row_id")
    for field in _FIELDS:
        given = said[field].dropna()
        known.loc[given.index, field] = given
    return known


def rests_on_hypothesis(f: Filiere, name: str, *, column: str | None = None) -> pd.Series:
    """Return, per row of a table, whether it rests on an estimate or a hypothesis.

    Without a `column`, that of the figure which the row is there for counts, where it has one.
    """
    column = _FIGURE.get(name) if column is None else column
    key = ("rests_on_hypothesis", name, column)
    return f.derived(
        key, lambda f: provenance(f, name, column=column)["confidence"].isin(SOFT_CONFIDENCE)
    ).copy(deep=False)


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
        asked = list(identifiers)
        if not asked or not tables()[name].has_provenance:
            continue
        column = weighed.get(name)
        soft = rests_on_hypothesis(f, name, column=column).loc[asked].to_numpy(bool)
        if column is None:
            weights = np.ones(len(asked))
        else:
            weights = f.table(name).loc[asked, column].abs().fillna(0).to_numpy(float)
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
        mask = rests_on_hypothesis(f, name)
        return frozenset(mask.index[mask.to_numpy(bool)])

    return f.derived(("soft_rows", name), gathered)
