"""Stacked tables of many filières: which filière a row is of, which year counts, how firm a figure is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.uncertainty import CONFIDENCE_UNCERTAINTY
from ..provenance import SOFT_CONFIDENCE
from ..schema import table
from ..text import LIST_SEPARATOR, fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .portfolio import Portfolio

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = [
    "confidence_of",
    "folded",
    "joined",
    "latest_entries",
    "latest_of",
    "numbered",
    "places_of",
    "rank_of",
    "row_keys",
    "soft_of",
]


def places_of(portfolio: Portfolio, name: str) -> Codes:
    """Return, per row of a stacked table, the place of its filière among the codes."""
    offsets = np.asarray(portfolio.offsets(name), dtype=np.int64)
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def folded(values: pd.Series) -> pd.Series:
    """Return texts without case, accents and punctuation, each spelling folded once; unknown stays unknown."""
    codes, spellings = pd.factorize(values)
    bare = np.array([fold(str(one)) for one in spellings], dtype=object)
    found = np.full(len(values), None, dtype=object)
    found[codes >= 0] = bare[codes[codes >= 0]]
    return pd.Series(found, index=values.index, dtype="str")


def numbered(*columns: object) -> Codes:
    """Return a number per row that rows share where all of the columns are the same; unknown is a value."""
    number = np.zeros(0, dtype=np.int64)
    for place, column in enumerate(columns):  # over the few columns of a key
        own = pd.factorize(pd.Series(column), use_na_sentinel=False)[0].astype(np.int64)
        size = int(own.max()) + 1 if len(own) else 1
        number = own if place == 0 else pd.factorize(number * size + own)[0].astype(np.int64)
    return number


def row_keys(portfolio: Portfolio, name: str) -> pd.MultiIndex:
    """Return (place of the filière, identifier) of each row of a stacked table."""
    return pd.MultiIndex.from_arrays([places_of(portfolio, name), portfolio.table(name)[table(name).key]])


def latest_of(place: Codes, year: pd.Series, counts: Mask) -> Mask:
    """Return the rows of the latest year of their place, and those that hold every year, among those that count."""
    years = year.astype("float64").to_numpy()
    last = pd.Series(np.where(counts, years, np.nan)).groupby(place).transform("max").to_numpy()
    return counts & (np.isnan(years) | (years == last))


def latest_entries(portfolio: Portfolio) -> Mask:
    """Return the entries that are the last year of their filière in their territory.

    Entries of the same name and territory are years of one filière, of which the latest counts; two of the same year
    both do, as does one without a name. An entry without a year gives way to one with a year.
    """
    entries = portfolio.entries
    name, own = folded(entries["name"]), np.arange(len(entries))
    bare = (name.isna() | (name == "")).to_numpy(bool)
    group = numbered(name.to_numpy(), entries["territory_id"].to_numpy(), np.where(bare, own, -1))
    years = entries["year"].astype("float64").fillna(-np.inf).reset_index(drop=True)
    return (years == years.groupby(group).transform("max")).to_numpy(bool)


def confidence_of(portfolio: Portfolio, name: str, column: str | None = None) -> pd.Series:
    """Return the confidence of the rows of a stacked table, that of one of its columns where a cell has its own."""
    home, frame = table(name), portfolio.table(name)
    if not home.has_provenance:
        return pd.Series(None, index=frame.index, dtype="str")
    said = frame["confidence"]
    cells = portfolio.table("cell_sources")
    if column is None or cells.empty or frame.empty:
        return said
    headers = {fold(word) for word in (column, home[column].label("fr"), home[column].label("en"))}
    mine = folded(cells["table"]).isin(home.spellings) & folded(cells["column"]).isin(headers)
    mine &= cells["confidence"].notna()
    own = cells[mine].assign(place=places_of(portfolio, "cell_sources")[mine.to_numpy(bool)])
    own = own.drop_duplicates(["place", "row_id"], keep="last")
    at = row_keys(portfolio, name).get_indexer(pd.MultiIndex.from_frame(own[["place", "row_id"]]))
    said = said.copy()
    said.iloc[at[at >= 0]] = own["confidence"].to_numpy()[at >= 0]
    return said


def soft_of(confidence: pd.Series) -> Mask:
    """Return which rows rest on an estimate or a hypothesis."""
    return confidence.isin(SOFT_CONFIDENCE).to_numpy(bool)


def rank_of(confidence: pd.Series) -> NDArray[np.float64]:
    """Return a number per row, the smaller the firmer: by convention the uncertainty of its confidence."""
    return confidence.fillna("").map(dict(CONFIDENCE_UNCERTAINTY)).to_numpy(np.float64)


def joined(values: pd.Series, by: Codes, *, size: int, each_once: bool = True) -> pd.Series:
    """Return the texts of each number joined by “;”, in the order of the rows."""
    pairs = pd.DataFrame({"by": by, "text": values.astype("str").to_numpy()}).dropna()
    pairs = pairs.drop_duplicates() if each_once else pairs
    texts = pairs.groupby("by", sort=True)["text"].agg(LIST_SEPARATOR.join)
    return texts.reindex(range(size)).astype("str").fillna("")
