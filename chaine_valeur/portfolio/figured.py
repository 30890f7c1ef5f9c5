"""The figures of a portfolio by filière: those of one indicator, what they are called, how they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.measure import Measure
from ..diagnosis import available_indicators
from ..diagnosis.telling import value_text
from ..errors import ArgumentError, UnknownNameError
from ..language import tr
from ._stacked import folded, latest_entries, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..analysis.indicator import Indicator
    from ._stacked import Codes, Mask
    from .portfolio import Portfolio

__all__ = [
    "NUMBERS",
    "bounds_of",
    "figures_of",
    "group_of",
    "indicator_name",
    "told_values",
    "unit_of",
    "wanted_codes",
]

#: The numbers of a figure.
NUMBERS = ("value", "low", "high", "numerator", "denominator")


def figures_of(portfolio: Portfolio, indicator: str, figures: pd.DataFrame | None) -> pd.DataFrame:
    """Return the figures of one indicator on the codes, NaN where a filière has none.

    Raises
    ------
    UnknownNameError
        An indicator of which the portfolio has no figure.
    """
    frame = portfolio.figures() if figures is None else figures
    rows = frame[(frame["indicator_id"] == indicator).to_numpy(bool)]
    if rows.empty:
        known = list(dict.fromkeys([*frame["indicator_id"], *available_indicators()]))
        raise UnknownNameError.of(f"no figure {indicator!r} in this portfolio", indicator, known)
    rows = rows if "scope" in rows else rows.assign(scope="")
    rows = rows.assign(filiere_code=rows["filiere_code"].astype("str")).set_index("filiere_code")
    found = rows[[*NUMBERS, "n_unknown", "scope"]].reindex(portfolio.codes)
    found = found.astype(dict.fromkeys(NUMBERS, "float64") | {"n_unknown": "Int64", "scope": "str"})
    # what is not known is of no perimeter: it is counted with most of those known
    known = found["value"].notna()
    usual = found.loc[known, "scope"].value_counts(sort=False)
    most = str(usual.index[int(np.argmax(usual.to_numpy()))]) if len(usual) else None
    found["scope"] = found["scope"].where(known, most) if most is not None else found["scope"]
    return found.assign(scope=found["scope"].fillna(""))


def wanted_codes(portfolio: Portfolio, all_years: bool) -> Mask:
    """Return which entries are compared: those of the latest year of their filière, or all."""
    return np.ones(len(portfolio.codes), dtype=bool) if all_years else latest_entries(portfolio)


def group_of(portfolio: Portfolio, by: str | None) -> tuple[Codes, list[str]]:
    """Return the group of each entry, and the columns of the entries that name it.

    Raises
    ------
    ArgumentError
        An unknown `by`.
    """
    entries = portfolio.entries
    if by is None:
        return np.zeros(len(entries), dtype=np.int64), []
    if by == "name":
        return numbered(folded(entries["name"]).to_numpy()), ["name"]
    if by == "territory":
        return numbered(entries["territory_id"].to_numpy()), ["territory_id", "territory"]
    if by == "year":
        return numbered(entries["year"].astype("float64").to_numpy()), ["year"]
    raise ArgumentError(f"by={by!r}: 'name', 'territory', 'year' or None")


def bounds_of(frame: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bounds of figures; one without bounds is its own interval."""
    value = frame["value"].to_numpy(np.float64)
    low, high = (frame[name].to_numpy(np.float64) for name in ("low", "high"))
    return np.fmin(np.where(np.isnan(low), value, low), value), np.fmax(
        np.where(np.isnan(high), value, high), value
    )


def _known(indicator: str) -> Indicator | None:
    return available_indicators().get(indicator)


def indicator_name(indicator: str, lang: str) -> str:
    """Return what an indicator is called, its identifier where it is none of ours."""
    found = _known(indicator)
    return indicator if found is None else tr(found.name, lang)


def unit_of(indicator: str) -> str:
    """Return the unit of an indicator, an empty text where it is none of ours."""
    found = _known(indicator)
    return "" if found is None else found.unit


def told_values(indicator: str, frame: pd.DataFrame, *, lang: str) -> list[str]:
    """Return figures as a reader writes them: « 7 sur 12 » for few cases, « inconnu » for what is not known."""
    found = _known(indicator)
    unit, weighed = ("", False) if found is None else (found.unit, found.weighed)
    columns = zip(*(frame[name].tolist() for name in NUMBERS), frame["n_unknown"].fillna(0), strict=True)
    return [
        value_text(
            Measure(
                value,
                unit,
                low=low,
                high=high,
                numerator=part,
                denominator=whole,
                n_unknown=int(unknown),
                weighed=weighed,
            ),
            lang=lang,
        )
        for value, low, high, part, whole, unknown in columns
    ]
