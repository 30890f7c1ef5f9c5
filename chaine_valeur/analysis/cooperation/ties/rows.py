"""The rows of a filière that what is known of cooperation rests on."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....columns import Rows, columns
from ....filiere import Filiere
from ....vocabulary import CooperationKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["documented_by", "documented_rows", "identifiers", "tie_rows"]


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
    return _tie_rows(f, kind=kind, blocks=blocks, touching=touching, within=within).names


def _tie_rows(
    f: Filiere,
    *,
    kind: str | Collection[str] | None = None,
    blocks: Codes | None = None,
    touching: Mask | None = None,
    within: Mask | None = None,
) -> Rows:
    partner, rows = f.network.partner, f.network.cooperation_rows
    a, b = rows.a, rows.b
    keep = partner[a] & partner[b]
    if kind is not None:
        wanted = {kind} if isinstance(kind, str) else set(kind)
        keep &= np.array([*(one.value in wanted for one in CooperationKind), False])[rows.kind]
    if blocks is not None:
        keep &= (blocks[a] >= 0) & (blocks[b] >= 0) & (blocks[a] != blocks[b])
    if touching is not None:
        keep &= touching[a] | touching[b]
    if within is not None:
        keep &= within[a] & within[b]
    return Rows(columns(f, "cooperations"), rows.row[keep])


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
    found = documented_rows(f, kind=kind, blocks=blocks, actors=actors)
    return {name: rows.names for name, rows in found.items()}


def documented_rows(
    f: Filiere,
    *,
    kind: str | Collection[str] | None = None,
    blocks: Codes | None = None,
    actors: Collection[Hashable] | None = None,
) -> dict[str, Rows]:
    """Return `documented_by` as rows of the tables."""
    if blocks is None and actors is None:  # what most measures of a diagnosis rest on
        of = kind if kind is None or isinstance(kind, str) else tuple(kind)
        return f.derived(("documented_rows", of), lambda f: _documented(f, kind, None, None))
    return _documented(f, kind, blocks, actors)


def _documented(
    f: Filiere,
    kind: str | Collection[str] | None,
    blocks: Codes | None,
    actors: Collection[Hashable] | None,
) -> dict[str, Rows]:
    asked, ids = f.network.partner & f.network.asked, columns(f, "actors")
    within = None if actors is None else np.asarray(ids.index.isin(list(actors)))
    if blocks is not None:
        asked &= blocks >= 0
    if within is not None:
        asked &= within
    return {
        "cooperations": _tie_rows(f, kind=kind, blocks=blocks, within=within),
        "actors": Rows.where(ids, asked),
    }


def identifiers(index: pd.Index) -> tuple[str, ...]:
    """Return an index as plain text (walking through text kept by arrow is ten times slower)."""
    return tuple(index.to_numpy(dtype=object))
