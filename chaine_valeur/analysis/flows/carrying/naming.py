"""Identifiers of actors, stages and materials for positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["names_at"]


def names_at(
    f: Filiere, actor: np.ndarray, stage: np.ndarray, material: np.ndarray | None = None
) -> pd.DataFrame:
    """Return a frame of identifiers, unknown where the position is −1."""
    net = f.network
    columns = {"actor_id": (net.actor_ids, actor), "stage_id": (net.stage_ids, stage)}
    if material is not None:
        columns["material_id"] = (net.material_ids, material)
    return pd.DataFrame({name: _taken(ids, np.asarray(codes)) for name, (ids, codes) in columns.items()})


def _taken(ids: pd.Index, codes: np.ndarray) -> pd.Series:
    known = np.append(ids.to_numpy(object), np.array([None], dtype=object))
    return pd.Series(known[codes], dtype="str")
