"""Figures told in classes, « 10 – 50 t », where who gave them agreed to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..language import interval, quantity, tr
from ..provenance import provenance
from ..schema import table, unit_label
from .levels import Guarded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..filiere import Filiere

__all__ = ["CLASS_COLUMNS", "class_bounds", "class_text", "classes"]

CLASS_COLUMNS = ["table", "row", "column", "low", "high", "unit"]
_DTYPES = dict.fromkeys(("table", "row", "column", "unit"), "str") | dict.fromkeys(("low", "high"), "float64")


def class_bounds(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return between which of 0, 1, 5, 10, 50, 100, 500… values lie: from the first, included, to below the second.

    Examples
    --------
    >>> low, high = class_bounds(np.array([0.0, 3.0, 10.0, 499.0, 500.0]))
    >>> low.tolist(), high.tolist()
    ([0.0, 1.0, 10.0, 100.0, 500.0], [1.0, 5.0, 50.0, 500.0, 1000.0])
    """
    largest = max(float(np.nanmax(values, initial=1.0)), 1.0)
    powers = 10.0 ** np.arange(int(np.floor(np.log10(largest))) + 3)
    edges = np.concatenate([[0.0], np.column_stack([powers, 5 * powers]).ravel()])
    place = np.searchsorted(edges, values, side="right")
    return edges[place - 1], edges[place]


def classes(f: Filiere, masks: Mapping[str, Guarded]) -> pd.DataFrame:
    """Return the classes of figures that may not be read and whose source agreed to be told in classes.

    The agreement is the column ``classes_agreed_on`` of the sheet of sources, the date on which it was given. The
    source is that of the cell where one is said, else that of the row; a negative figure has no class.

    Returns
    -------
    pandas.DataFrame
        Columns ``table``, ``row``, ``column``, ``low``, ``high`` and ``unit`` (of the schema): the figure is at least
        ``low`` and below ``high``.
    """
    agreed = f.sources.index[f.sources["classes_agreed_on"].notna()]
    parts = []
    for name, mask in masks.items():
        if not len(agreed) or not mask.cells.to_numpy(bool).any():
            continue
        frame = f.table(name)
        for column in mask.cells:
            said = provenance(f, name, column=column)["source_id"].isin(agreed) & mask.cells[column]
            at = frame.index[said.to_numpy(bool) & (frame[column] >= 0).fillna(False).to_numpy(bool)]
            if len(at):
                low, high = class_bounds(frame.loc[at, column].to_numpy(np.float64))
                unit = table(name)[column].unit
                parts.append(
                    pd.DataFrame(
                        {"table": name, "row": at, "column": column, "low": low, "high": high, "unit": unit}
                    )
                )
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=CLASS_COLUMNS)
    return found.astype(_DTYPES)


def class_text(low: float, high: float, unit: str, *, lang: str) -> str:
    """Return a class in words: « de 10 à 50 t/an », in the unit given as the schema names it."""
    word = unit_label(unit, lang)
    if low <= 0:
        return tr("less than {high}", lang, high=quantity(high, word, lang))
    return interval(low, high, lang, unit=word)
