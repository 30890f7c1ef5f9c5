"""The rows of a filière that what is known of cooperation rests on."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....network import of_kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["documented_by", "identifiers", "tie_rows"]


def tie_rows(
    f: Filiere,
    *,
    kind: str | Collection[str] | None = None,
    blocks: Codes | None = None,
    touching: Mask | None = None,
    within: Mask | None = None,
) -> tuple[str, ...]:
    """Return the rows of cooperations, observed or absent, that speak of a pair of partners.

    With `blocks`, a code per actor of the table, only those that join two different ones (−1 is none);
    with `touching`, a mask over the actors, only those that have one of them at an end; with `within`, those
    that have one of them at each.
    """
    network, rows = f.network, f.network.cooperations_that_count()
    a, b = network.cooperation_ends
    keep = network.partner[a] & network.partner[b]
    if kind is not None:
        keep &= of_kinds(rows, [kind] if isinstance(kind, str) else kind)
    if blocks is not None:
        keep &= (blocks[a] >= 0) & (blocks[b] >= 0) & (blocks[a] != blocks[b])
    if touching is not None:
        keep &= touching[a] | touching[b]
    if within is not None:
        keep &= within[a] & within[b]
    return identifiers(rows.index[keep])


def documented_by(
    f: Filiere,
    *,
    kind: str | Collection[str] | None = None,
    blocks: Codes | None = None,
    actors: Collection[Hashable] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Return the rows that what is known of cooperation rests on: those of ties, and actors who were asked.

    An actor who was asked documents all its pairs, so that none tied is a measured zero. With `actors`, only
    what is known among these.
    """
    asked = f.network.partner & f.actors["surveyed_on"].notna().to_numpy(bool)
    within = None if actors is None else np.asarray(f.actors.index.isin(list(actors)))
    if blocks is not None:
        asked &= blocks >= 0
    if within is not None:
        asked &= within
    return {
        "cooperations": tie_rows(f, kind=kind, blocks=blocks, within=within),
        "actors": identifiers(f.network.actor_ids[asked]),
    }


def identifiers(index: pd.Index) -> tuple[str, ...]:
    """Return an index as plain text (walking through text kept by arrow is ten times slower)."""
    return tuple(index.to_numpy(dtype=object))
