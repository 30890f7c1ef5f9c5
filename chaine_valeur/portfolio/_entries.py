"""What each filière of a portfolio is: name, territory, year, where it comes from, how much it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .framed import Frames
from .rebuilt import frame_of

if TYPE_CHECKING:
    from .stack import Store

__all__ = ["entries_of"]


def entries_of(store: Store, codes: pd.Index, sources: Sequence[str]) -> pd.DataFrame:
    """Return a row per filière on its code; see `chaine_valeur.portfolio.Portfolio.entries`."""
    rows = _numbered(store, "filiere", ["name", "territory_id", "reference_year"])
    name = _first(rows, "name", store.n)
    territory = _first(rows, "territory_id", store.n)
    said = pd.array([year if year is not None else pd.NA for year in store.years], dtype="Int64")
    year = pd.Series(said).fillna(_first(rows, "reference_year", store.n))
    named = _numbered(store, "territories", ["territory_id", "name"]).dropna(subset=["territory_id", "name"])
    own = named[named["territory_id"].array == territory.array.take(named["filiere"].to_numpy())]
    aside = [_n_rows(store.aside.get(place, {})) for place in range(store.n)]
    refused = [sum(store.refused.get(place, {}).values()) for place in range(store.n)]
    columns: dict[str, Any] = {
        "name": name.array,
        "territory_id": territory.array,
        "territory": _first(own, "name", store.n).array,
        "year": year.array,
        "source": pd.array([source or None for source in sources], dtype="str"),
        "n_actors": np.diff(store.offsets("actors")),
        "n_flows": np.diff(store.offsets("flows")),
        "n_set_aside": np.array(aside, dtype=np.int64),
        "n_unknown": np.array(refused, dtype=np.int64),
    }
    return pd.DataFrame(columns, index=codes)


def _n_rows(frames: Mapping[str, pd.DataFrame]) -> int:
    # those that were read from a file know it without being made
    return frames.n_rows if isinstance(frames, Frames) else sum(map(len, frames.values()))


def _numbered(store: Store, name: str, columns: list[str]) -> pd.DataFrame:
    frame = frame_of(store, name, columns=columns, compact=False)
    return frame.assign(filiere=np.repeat(np.arange(store.n), np.diff(store.offsets(name))))


def _first(rows: pd.DataFrame, column: str, size: int) -> pd.Series:
    """Return, per filière, the first value that is known."""
    known = rows[[column, "filiere"]].dropna().drop_duplicates("filiere").set_index("filiere")[column]
    return known.reindex(range(size))
