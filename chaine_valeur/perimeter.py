"""Which actors are in a territory, by the communes that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .text import fold
from .vocabulary import ActorType

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["in_territory", "local_codes"]


def in_territory(actors: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return, per actor, whether its commune is one of some rows of territories; unknown where it may be.

    An actor of type *outside* is not, whatever its commune. The code decides; a name is looked at where the code is
    missing on either side.
    """
    codes, names = rows["commune_code"], rows["commune_name"].map(fold, na_action="ignore")
    code, name = actors["commune_code"], actors["commune_name"].map(fold, na_action="ignore")
    by_name = name.isin(set(names.dropna())) & (code.isna() | name.isin(set(names[codes.isna()].dropna())))
    outside = (code.notna() & codes.notna().all()) | (name.notna() & names.notna().all())
    inside = code.isin(set(codes.dropna())) | by_name
    found = inside.astype("boolean").where(inside | outside, pd.NA)
    return found.mask((actors["actor_type"] == ActorType.OUTSIDE.value).to_numpy(bool), False)


def local_codes(actors: pd.DataFrame, rows: pd.DataFrame) -> NDArray[np.int8]:
    """Return `in_territory` as numbers: 1 inside, 0 outside, -1 where it is not known."""
    return in_territory(actors, rows).astype("Int8").fillna(-1).to_numpy(np.int8)
