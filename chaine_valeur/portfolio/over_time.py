"""What changed from one year to the next in the same filière and territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..differences.frames import ROUNDING
from ._stacked import folded, numbered
from .figured import NUMBERS, bounds_of, indicator_name, unit_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .portfolio import Portfolio

__all__ = ["changes"]

_CHANGES = {
    "name": "str", "territory_id": "str", "territory": "str", "indicator_id": "str", "indicator": "str", "unit": "str",
    "scope": "str",
    "from_code": "str", "to_code": "str", "from_year": "Int64", "to_year": "Int64", "before": "float64",
    "after": "float64", "delta": "float64", "relative": "float64", "change": "str", "apart": "boolean",
    "unknown_before": "Int64", "unknown_after": "Int64",
}  # fmt: skip


def changes(portfolio: Portfolio, *, figures: pd.DataFrame | None = None, lang: str = "fr") -> pd.DataFrame:
    """Return how each figure changed from one year to the next, filière by filière.

    ``delta = after − before``, ``relative = delta / |before|``. Years of a filière are entries of the same name and
    territory; each is compared with the one before it that the portfolio holds. An entry without a name or a year
    is compared with none, nor is the second of one year.

    Parameters
    ----------
    portfolio
        The filières.
    figures
        As `Portfolio.figures` returns them, if they are at hand; by default they are computed.
    lang
        Language of the names of indicators.

    Returns
    -------
    pandas.DataFrame
        A row per filière, indicator and pair of years, in the order of the portfolio: ``name``, ``territory_id``,
        ``territory``, ``indicator_id``, ``indicator``, ``unit``, ``scope``, ``from_code``, ``to_code``, ``from_year``,
        ``to_year``, ``before``, ``after``, ``delta``, ``relative`` (NaN from 0), ``change`` and ``apart``, both as in
        `chaine_valeur.compare` (``up``, ``down``, ``same``, ``now_known``, ``no_longer_known``, ``unknown``, and
        ``other_scope`` where one is of a programme and the other is not; whether the bounds do not meet),
        ``unknown_before``, ``unknown_after``. A change between two years may also come from who was asked: look at what
        is unknown.
    """
    frame = portfolio.figures() if figures is None else figures
    pairs = _pairs(portfolio)
    frame = frame if "scope" in frame else frame.assign(scope="")
    wanted = frame[["filiere_code", "indicator_id", *NUMBERS, "n_unknown", "scope"]]
    wanted = wanted.assign(filiere_code=wanted["filiere_code"].astype("str"))
    before = wanted.rename(columns={"filiere_code": "from_code"})
    after = wanted.rename(columns={"filiere_code": "to_code"})
    both = pairs.merge(before, on="from_code").merge(
        after, on=["to_code", "indicator_id"], suffixes=("_1", "_2")
    )
    one, two = (
        both[[f"{name}_{at}" for name in NUMBERS]].set_axis(list(NUMBERS), axis=1).astype("float64") for at in (1, 2)
    )  # fmt: skip
    first, last = one["value"].to_numpy(np.float64), two["value"].to_numpy(np.float64)
    other = (both["scope_1"] != both["scope_2"]).to_numpy(bool)
    delta = np.where(other, np.nan, last - first)
    same = np.abs(delta) <= ROUNDING * np.maximum(np.abs(first), np.abs(last))
    known = ~np.isnan(delta)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(first != 0, delta / np.abs(first), np.nan)
    identifiers = dict.fromkeys(both["indicator_id"])
    found = both.assign(
        indicator=both["indicator_id"].map({each: indicator_name(each, lang) for each in identifiers}),
        unit=both["indicator_id"].map({each: unit_of(each) for each in identifiers}),
        before=first,
        after=last,
        delta=np.where(same, 0.0, delta),
        relative=np.where(same & (first != 0), 0.0, relative),
        scope=both["scope_2"],
        change=np.where(other & ~np.isnan(first) & ~np.isnan(last), "other_scope", _kinds(first, last, same)),
        apart=pd.array(_apart(one, two) & ~same, dtype="boolean"),
        unknown_before=both["n_unknown_1"],
        unknown_after=both["n_unknown_2"],
    )
    found.loc[~known, "apart"] = pd.NA
    return found[list(_CHANGES)].astype(_CHANGES)


def _pairs(portfolio: Portfolio) -> pd.DataFrame:
    """Return each entry with the one of the year before it of its filière and territory."""
    entries = portfolio.entries
    rows = entries[["name", "territory_id", "territory"]].reset_index()
    rows = rows.rename(columns={"filiere_code": "to_code"})
    rows["group"] = numbered(folded(entries["name"]).to_numpy(), entries["territory_id"].to_numpy())
    rows["to_year"], rows["order"] = entries["year"].array, np.arange(len(rows))
    usable = rows["name"].fillna("").ne("") & rows["to_year"].notna()
    rows = rows[usable].drop_duplicates(["group", "to_year"]).sort_values(["group", "to_year"], kind="stable")
    last = rows.groupby("group")
    rows["from_code"], rows["from_year"] = last["to_code"].shift(), last["to_year"].shift()
    return rows.dropna(subset="from_code").sort_values("order", kind="stable")


def _kinds(
    first: NDArray[np.float64], last: NDArray[np.float64], same: NDArray[np.bool_]
) -> NDArray[np.object_]:
    return np.select(
        [np.isnan(first) & np.isnan(last), np.isnan(first), np.isnan(last), same, last > first],
        ["unknown", "now_known", "no_longer_known", "same", "up"],
        default="down",
    ).astype(object)


def _apart(one: pd.DataFrame, two: pd.DataFrame) -> NDArray[np.bool_]:
    """Return where two figures differ whatever the unknown turns out to be."""
    (low, high), (next_low, next_high) = bounds_of(one), bounds_of(two)
    return (next_low > high) | (next_high < low)
