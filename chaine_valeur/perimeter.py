"""Which actors are in a territory, by the communes that it is made of."""

from __future__ import annotations

import pandas as pd

from .text import fold

__all__ = ["in_territory"]


def in_territory(actors: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return, per actor, whether its commune is one of some rows of territories; unknown where it may be.

    The code decides; a name is looked at where the code is missing on either side.
    """
    codes, names = rows["commune_code"], rows["commune_name"].map(fold, na_action="ignore")
    code, name = actors["commune_code"], actors["commune_name"].map(fold, na_action="ignore")
    by_name = name.isin(set(names.dropna())) & (code.isna() | name.isin(set(names[codes.isna()].dropna())))
    outside = (code.notna() & codes.notna().all()) | (name.notna() & names.notna().all())
    inside = code.isin(set(codes.dropna())) | by_name
    return inside.astype("boolean").where(inside | outside, pd.NA)
