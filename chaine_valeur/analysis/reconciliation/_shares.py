"""Flows known as a share: an equation with the total that the share is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...vocabulary import ShareBase
from ..activities import flows_at
from ..uncertainty import relative_uncertainties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ..flows.balances.combining import Declared
    from ._rows import RowBuilder

    Values = NDArray[np.float64]

__all__ = ["share_rows"]


def share_rows(
    build: RowBuilder,
    f: Filiere,
    said: Declared,
    tonnes: Values,
    *,
    uncertainty: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
    """Add ``flow − share · Σ base = deviation`` for each flow whose tonnage is blank and whose share is not.

    The base is what leaves the node of the source, what enters it, or what enters the node of the target.

    Returns
    -------
    tuple of str
        Flows whose share could not be used: its base is outside.
    """
    arcs = build.system.arcs
    asked = np.flatnonzero(~np.isnan(said.share) & np.isnan(said.t))
    if not len(asked):
        return ()
    share, base = said.share[asked], said.share_of[asked]
    node = np.where(base == ShareBase.ARRIVING.value, arcs.target[asked], arcs.source[asked])
    usable = node >= 0
    lost = flows_at(f, asked[~usable])
    asked, share, base, node = asked[usable], share[usable], base[usable], node[usable]
    if not len(asked):
        return lost
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    for entering in (False, True):
        mine = np.flatnonzero((base != ShareBase.SENT.value) == entering)
        if not len(mine):
            continue
        ends = arcs.target if entering else arcs.source
        order = np.argsort(ends, kind="stable")
        first = np.searchsorted(ends[order], node[mine])
        count = np.searchsorted(ends[order], node[mine], side="right") - first
        within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        rows.append(np.repeat(mine, count))
        columns.append(order[np.repeat(first, count) + within])
    row, column = np.concatenate(rows), np.concatenate(columns)
    known = np.nan_to_num(tonnes)[column]
    total = np.bincount(row, weights=known, minlength=len(asked))
    relative = relative_uncertainties(f, "flows", "share", changed=uncertainty)[f.network.flow_row[asked]]
    sigma = relative * share * total
    soft = np.flatnonzero(sigma > 0)
    deviation = build.variables(sigma[soft])
    order = np.arange(len(asked))
    terms = [
        (order, asked, np.ones(len(asked))),
        (row, column, -share[row]),
        (soft, deviation, -np.ones(len(soft))),
    ]
    build.rows("share", asked.tolist(), terms, np.zeros(len(asked)))
    return lost
