"""The pairs of actors whose tie would close most triptyques (D6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....network import is_among
from ..ties.counting import pair_numbers
from ..ties.layer import seen_in, ties_of
from .triads import TRIPTYQUE, across, poles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ..ties.layer import Source

    Counts = NDArray[np.int64]

__all__ = ["missing_pairs"]

#: Products computed at a time: what bounds the memory.
_AT_A_TIME = 1_000_000


def missing_pairs(
    source: Source,
    *,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | None = None,
    limit: int | None = 50,
) -> pd.DataFrame:
    """Return the pairs without a known tie that would close triptyques, those that would close most first.

    A pair of two poles closes as many triptyques as it has partners in common in the third.

    Parameters
    ----------
    source, group, poles, year, kind
        As for `triptyque_closure`.
    limit
        Number of pairs at most; ``None`` for all (many, around an actor tied to everyone).

    Returns
    -------
    pandas.DataFrame
        Columns ``actor_id``, ``to_actor_id``, ``pole``, ``to_pole``, ``closes`` (number of triptyques) and
        ``documented`` (true: known to be untied, false: nobody was asked). Equal ones in table order; where
        `limit` cuts through equal ones, those of the actors with more partners are kept.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("firm", "town"), ("town", "aci"), ("firm", "council"), ("council", "aci")])
    >>> poles = {"firm": "enterprise", "town": "elected", "council": "elected", "aci": "ess"}
    >>> nx.set_node_attributes(graph, poles, "pole")
    >>> missing_pairs(graph)[["actor_id", "to_actor_id", "closes"]]
      actor_id to_actor_id  closes
    0     firm         aci       2
    """
    from scipy.sparse import csr_array

    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind)
    pole = poles_of(source, ties, group, poles)
    a, b = across(pole, ties.a, ties.b)
    both = np.concatenate([a, b]), np.concatenate([b, a])
    matrix = csr_array((np.ones(2 * len(a), dtype=np.int32), both), shape=(ties.size, ties.size))
    members = [np.flatnonzero(pole == code) for code in range(3)]
    parts = []
    for first, second, third in ((0, 1, 2), (0, 2, 1), (1, 2, 0)):  # over the three pairs of poles
        rows, columns = members[first], members[second]
        left, right = matrix[rows][:, members[third]], matrix[members[third]][:, columns]
        found = _untied(left, right, matrix[rows][:, columns], limit)
        parts.append(np.stack([rows[found[0]], columns[found[1]], found[2]]))
    one, other, closes = np.concatenate(parts, axis=1)
    order = np.lexsort((other, one, -closes))[:limit]
    one, other, closes = one[order], other[order], closes[order]
    low, high = np.minimum(one, other), np.maximum(one, other)
    absent = pair_numbers(ties.absent_a, ties.absent_b, ties.size)
    documented = ties.asked[one] | ties.asked[other] | is_among(pair_numbers(low, high, ties.size), absent)
    names = pd.Index(list(poles), dtype=object)
    return pd.DataFrame(
        {
            "actor_id": ties.nodes[one],
            "to_actor_id": ties.nodes[other],
            "pole": names[pole[one]],
            "to_pole": names[pole[other]],
            "closes": closes.astype(np.int64),
            "documented": documented,
        }
    )


def _untied(left: csr_array, right: csr_array, tied: csr_array, limit: int | None) -> Counts:
    """Return row, column and value of the positive entries of ``left @ right`` where nothing is tied.

    With a limit, the largest: rows come by the most that they can reach, and once the rows that are left
    cannot do better the search ends. A star of 1e5 actors would otherwise give 1e9 pairs.
    """
    reach = np.diff(left.indptr)
    order = np.argsort(-reach, kind="stable")
    order = order[reach[order] > 0]
    steps = np.cumsum((left @ np.diff(right.indptr).astype(np.int64))[order])
    found = np.zeros((3, 0), dtype=np.int64)
    start = 0
    while start < len(order):  # over slices of rows, few unless there are millions of products
        worst = found[2].min() if found.size and found.shape[1] == limit else 0
        if limit is not None and reach[order[start]] <= worst:
            break
        done = steps[start - 1] if start else 0
        stop = max(int(np.searchsorted(steps, done + _AT_A_TIME, side="right")), start + 1)
        rows = order[start:stop]
        common = left[rows] @ right
        common = (common - common.multiply(tied[rows])).tocoo()
        kept = common.data > 0
        new = np.stack([rows[common.row[kept]], common.col[kept], common.data[kept]])
        found = _largest(np.concatenate([found, new], axis=1), limit)
        start = stop
    return found


def _largest(found: Counts, limit: int | None) -> Counts:
    """Return the columns with the largest last entry; of equal ones those that come first."""
    if limit is None or found.shape[1] <= limit:
        return found
    return found[:, np.argsort(-found[2], kind="stable")[:limit]]
