"""Who may read what: which rows, figures and words are above what an audience may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import UnknownNameError
from ..language import N_
from ..provenance import provenance
from ..schema import Table, reference_targets, tables
from ..text import fold
from ..vocabulary import Confidentiality
from .naming import is_free_list

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = [
    "AUDIENCES",
    "VERSIONS",
    "Guarded",
    "actor_columns",
    "check_audience",
    "figures_of",
    "guarded",
    "text_columns",
]

#: Who reads, the widest circle first → the most guarded level that it may read.
AUDIENCES: Mapping[str, Confidentiality] = {
    "public": Confidentiality.PUBLIC,
    "partners": Confidentiality.PARTNERS,
    "internal": Confidentiality.CONFIDENTIAL,
}
#: Audience → what its version is called.
VERSIONS = {
    "public": N_("Public version"),
    "partners": N_("Version for the partners"),
    "internal": N_("Internal version"),
}
_RANK = {level.value: place for place, level in enumerate(Confidentiality)}
#: Figures of one row that follow from one another: where one is guarded, all are.
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "flows": (
        "quantity_t_per_year", "natural_quantity_per_year", "share", "min_t_per_year", "max_t_per_year",
        "amount_eur_per_year",
    ),
    "markets": ("quantity_t_per_year", "natural_quantity_per_year"),
    "agreements": ("exits", "lasting_exits", "transition_exits", "positive_exits"),
}  # fmt: skip
#: Numbers that are no secret of anybody: how firm a figure is, where a place lies, the order of stages.
_OPEN = frozenset(("uncertainty_share", "rank", "latitude", "longitude", "format_version"))


@dataclass(frozen=True)
class Guarded:
    """What of a table an audience may not read, on the identifiers of the table, in its order.

    Attributes
    ----------
    rows
        Rows that say themselves that they are above what the audience may read.
    about
        Those, and rows that say nothing of it and are about an actor that it may not know.
    cells
        A column per figure: which of them it may not read.
    """

    rows: pd.Series
    about: pd.Series
    cells: pd.DataFrame

    @property
    def some(self) -> pd.Series:
        """Rows of which anything may not be read."""
        return self.about | self.cells.any(axis=1)


def check_audience(audience: str) -> str:
    """Return an audience, or complain."""
    if audience not in AUDIENCES:
        raise UnknownNameError.of(f"no audience {audience!r}", audience, AUDIENCES)
    return audience


def figures_of(home: Table) -> list[str]:
    """Return the columns of a table that hold figures of somebody."""
    return [column.name for column in home if column.is_numeric and column.name not in _OPEN]


def text_columns(home: Table) -> list[str]:
    """Return the columns in which people write in their own words; names are none of them."""
    fixed = ("name", "key")
    return [
        column.name
        for column in home
        if (column.type == "text" or is_free_list(column))
        and column.need not in fixed
        and column.name not in _FIXED_TEXTS
    ]


#: Texts that other rows refer to, or that are words of the model.
_FIXED_TEXTS = frozenset(("alternative_group", "scenario", "table", "column", "unit", "format_version", "process",
                          "commune_name", "programme"))  # fmt: skip


def actor_columns(home: Table) -> list[str]:
    """Return the columns of a table that name an actor."""
    return [column.name for column in home if (reference_targets(column) or ("",))[0] == "actors"]


def guarded(f: Filiere, audience: str) -> dict[str, Guarded]:
    """Return table → what an audience may not read of it.

    A row is as guarded as it says; one that says nothing, as the actors that it is about. What is said of one cell
    (``cell_sources``) holds for that cell, one way or the other.
    """
    most = _RANK[AUDIENCES[check_audience(audience)].value]
    own = {name: _ranks(provenance(f, name)["confidentiality"]) for name in tables()}
    unknown = set(own["actors"].index[own["actors"] > most])
    cells = _said_of_cells(f)
    found = {}
    for name, home in tables().items():
        frame = f.table(name)
        rows = own[name] > most
        inherits = pd.Series(False, index=frame.index)
        for column in actor_columns(home):
            inherits |= frame[column].isin(unknown)
        about = rows | (inherits & (own[name] < 0))
        figures = figures_of(home)
        hidden = pd.DataFrame({one: about.to_numpy(bool) for one in figures}, index=frame.index, dtype=bool)
        for (column, row), rank in cells.get(name, {}).items():
            if row in hidden.index and column in hidden:
                hidden.at[row, column] = rank > most
        for column in figures:  # scores that actors give one another
            if home[column].internal:
                hidden[column] = audience != "internal"
        found[name] = Guarded(rows, about, _joined(hidden & frame[figures].notna(), name))
    return found


def _ranks(levels: pd.Series) -> pd.Series:
    """Return how guarded rows say they are; -1 where they say nothing."""
    return levels.map(_RANK).fillna(-1).astype("int64")


def _said_of_cells(f: Filiere) -> dict[str, dict[tuple[str, str], int]]:
    """Return table → (column, row) → how guarded that cell is said to be."""
    said = f.cell_sources
    said = said[said["confidentiality"].notna()]
    found: dict[str, dict[tuple[str, str], int]] = {}
    for home in tables().values():
        mine = said[said["table"].map(fold).isin(home.spellings)]
        if mine.empty:
            continue
        columns = {
            fold(word): column.name
            for column in home
            for word in (column.name, column.label_fr, column.label_en)
        }
        for row in mine.itertuples(index=False):  # a few: what somebody wrote by hand
            column = columns.get(fold(str(row.column)))
            if column is not None:
                found.setdefault(home.name, {})[column, str(row.row_id)] = _RANK[str(row.confidentiality)]
    return found


def _joined(hidden: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the mask with figures that follow from one another hidden together."""
    group = list(_TOGETHER.get(name, ()))
    if group:
        some = hidden[group].any(axis=1)
        hidden[group] = np.repeat(some.to_numpy(bool)[:, None], len(group), axis=1)
    return hidden
