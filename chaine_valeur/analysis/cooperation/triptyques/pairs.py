"""The pairs of actors to bring together first: whose tie would close most triptyques (D6), who share partners."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError, UnknownNameError
from ....network import Ties, is_among
from ..ties.counting import pair_numbers
from ..ties.layer import seen_in, ties_of
from .sums import across
from .triads import TRIPTYQUE, poles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["common_partners", "documented", "first_pair", "introducers", "missing_pairs", "untied_pairs"]

#: Products computed at a time: what bounds the memory.
_AT_A_TIME = 1_000_000


def missing_pairs(
    source: Source,
    *,
    group: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    limit: int | None = 50,
) -> pd.DataFrame:
    """Return the pairs without a known tie that would close triptyques, those that would close most first.

    A pair of two poles closes as many triptyques as it has partners in common in the third.

    Parameters
    ----------
    source, group, poles, year, kind, actors
        As for `triptyque_closure`.
    limit
        Number of pairs at most; ``None`` for all (many, around an actor tied to everyone).

    Returns
    -------
    pandas.DataFrame
        Columns ``actor_id``, ``to_actor_id`` (in the order of their poles), ``pole``, ``to_pole``, ``closes``
        (number of triptyques) and ``documented`` (true: known to be untied, false: nobody was asked). Equal
        ones in table order; where `limit` cuts through equal ones, those of the actors with more partners
        are kept.

    Raises
    ------
    ArgumentError
        A negative limit, or other than three poles.

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
    if limit is not None and limit < 0:
        raise ArgumentError(f"limit={limit}: give a number of pairs, or None for all")
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    pole = poles_of(source, ties, group, poles)
    matrix = _symmetric(ties.size, *across(pole, ties.a, ties.b))
    members = [np.flatnonzero(pole == code) for code in range(3)]
    parts = [
        untied_pairs(matrix, members[first], members[second], through=members[third], limit=limit)
        for first, second, third in ((0, 1, 2), (0, 2, 1), (1, 2, 0))  # over the three pairs of poles
    ]
    one, other, closes = np.concatenate(parts, axis=1)
    order = np.lexsort((other, one, -closes))[:limit]
    one, other, closes = one[order], other[order], closes[order]
    names = pd.Index(list(poles), dtype=object)
    return pd.DataFrame(
        {
            "actor_id": ties.nodes[one],
            "to_actor_id": ties.nodes[other],
            "pole": names[pole[one]],
            "to_pole": names[pole[other]],
            "closes": closes.astype(np.int64),
            "documented": documented(ties, one, other),
        }
    )


def introducers(
    source: Source,
    first: Hashable,
    second: Hashable,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Index:
    """Return who is tied to both of two actors, and so could introduce them to each other, in table order.

    Examples
    --------
    >>> import networkx as nx
    >>> introducers(nx.Graph([("firm", "town"), ("town", "aci"), ("aci", "club")]), "firm", "aci").tolist()
    ['town']
    """
    ties = ties_of(seen_in(source, year), directed=False, kind=kind, actors=actors)
    places = ties.nodes.get_indexer(pd.Index([first, second], dtype=object, tupleize_cols=False))
    for place, name in zip(places, (first, second), strict=True):
        if place < 0:
            raise UnknownNameError.of(f"no actor {name!r}", str(name), [str(node) for node in ties.nodes])
    return ties.nodes[common_partners(ties, *places.tolist())]


def common_partners(ties: Ties, one: int, other: int) -> Counts:
    """Return the positions of the nodes tied to both of two, ascending."""
    left, right = (
        np.concatenate([ties.b[ties.a == place], ties.a[ties.b == place]]).astype(np.int64)
        for place in (one, other)
    )
    return np.intersect1d(left, right, assume_unique=True)


def documented(ties: Ties, one: Counts, other: Counts) -> Mask:
    """Return whether something is known of pairs of undirected ties that are not tied."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    absent = pair_numbers(ties.absent_a, ties.absent_b, ties.size)
    return ties.asked[one] | ties.asked[other] | is_among(pair_numbers(low, high, ties.size), absent)


def first_pair(ties: Ties, rows: Counts, columns: Counts) -> tuple[int, int] | None:
    """Return the two untied nodes, of two sets that are the same or apart, that share most partners.

    Where none share any: one that is tied to fewest of the other set, with the one of these that has most
    ties. ``None`` if all are tied.
    """
    found = untied_pairs(ties.matrix, rows, columns, limit=1)
    if found.shape[1]:
        one, other = int(found[0, 0]), int(found[1, 0])
        return (min(one, other), max(one, other)) if np.array_equal(rows, columns) else (one, other)
    into = _tied_or_same(ties.matrix[rows][:, columns], rows, columns)
    fewest = np.diff(into.indptr)
    if not len(rows) or fewest.min() >= len(columns):
        return None
    row = int(np.argmin(fewest))
    free = np.setdiff1d(np.arange(len(columns)), into[[row]].indices)
    degree = np.diff(ties.matrix.indptr)[columns[free]]
    return int(rows[row]), int(columns[free[np.argmax(degree)]])


def untied_pairs(
    matrix: csr_array,
    rows: Counts,
    columns: Counts,
    *,
    through: Counts | None = None,
    limit: int | None = None,
) -> Counts:
    """Return the pairs of a row and a column that share partners and are not tied: both nodes, and how many.

    With `through`, only partners among these count; with `limit`, those that share most.
    """
    left, right = matrix[rows], matrix[:, columns]
    tied = _tied_or_same(left[:, columns], rows, columns)
    if through is not None:
        left, right = left[:, through], right[through]
    found = _untied(left, right, tied, limit)
    return np.stack([rows[found[0]], columns[found[1]], found[2]])


def _tied_or_same(tied: csr_array, rows: Counts, columns: Counts) -> csr_array:
    """Return the ties of rows and columns, each its own neighbour: nobody is to be introduced to oneself."""
    from scipy.sparse import eye_array

    return (tied + eye_array(len(rows), format="csr")) if np.array_equal(rows, columns) else tied


def _symmetric(size: int, a: Codes, b: Codes) -> csr_array:
    from scipy.sparse import csr_array

    both = np.concatenate([a, b]), np.concatenate([b, a])
    return csr_array((np.ones(2 * len(a), dtype=np.int32), both), shape=(size, size))


def _untied(left: csr_array, right: csr_array, tied: csr_array, limit: int | None) -> Counts:
    """Return row, column and value of the positive entries of ``left @ right`` where nothing is tied.

    With a limit, the largest. The partners whom millions of pairs share, as in a star, are set apart: pairs that
    share another one come first, then those that share the former only, until none that is left can do better.
    """
    products = np.bincount(left.indices, minlength=left.shape[1]) * np.diff(right.indptr).astype(np.int64)
    busy = products > _AT_A_TIME
    if limit is None or not busy.any():
        return _search(left, right, lambda rows: _without(left[rows] @ right, tied[rows]), limit)
    quiet = ~busy
    one, other, hubs, spokes = left[:, quiet], right[quiet], left[:, busy], right[busy]

    def shared_by_few(rows: Counts) -> csr_array:
        common = _without(one[rows] @ other, tied[rows]).tocoo()
        for hub in range(hubs.shape[1]):  # over the few at the centre of a star
            near = hubs[rows][:, [hub]].toarray()[:, 0], spokes[[hub]].toarray()[0]
            common.data += near[0][common.row] * near[1][common.col]
        return common.tocsr()

    def shared_in_stars(rows: Counts) -> csr_array:
        common = _without(hubs[rows] @ spokes, tied[rows])
        return _without(common, (one[rows] @ other).astype(bool))

    found = _search(one, other, shared_by_few, limit, most=np.diff(left.indptr))
    return _search(hubs, spokes, shared_in_stars, limit, found=found)


def _without(common: csr_array, pairs: csr_array) -> csr_array:
    """Return the entries where `pairs`, of zeros and ones, has none."""
    left = common - common.multiply(pairs)
    left.eliminate_zeros()
    return left


def _search(
    left: csr_array,
    right: csr_array,
    common: Callable[[Counts], csr_array],
    limit: int | None,
    *,
    most: Counts | None = None,
    found: Counts | None = None,
) -> Counts:
    """Return what is found, with the entries of `common` of the rows of ``left @ right``, the largest with a limit.

    Rows come by the most that they can reach, and once those that are left cannot do better the search ends.
    """
    reach = np.diff(left.indptr)
    order = np.flatnonzero(reach)
    most = reach if most is None else most
    order = order[np.argsort(-most[order], kind="stable")]
    steps = np.cumsum((left @ np.diff(right.indptr).astype(np.int64))[order])
    found = np.zeros((3, 0), dtype=np.int64) if found is None else found
    start = 0
    while start < len(order):  # over slices of rows, few unless there are millions of products
        worst = found[2].min() if found.size and found.shape[1] == limit else 0
        if limit is not None and most[order[start]] <= worst:
            break
        done = steps[start - 1] if start else 0
        stop = max(int(np.searchsorted(steps, done + _AT_A_TIME, side="right")), start + 1)
        rows = order[start:stop]
        entries = common(rows).tocoo()
        new = np.stack([rows[entries.row], entries.col, entries.data.astype(np.int64)])
        found = _largest(np.concatenate([found, new], axis=1), limit)
        start = stop
    return found


def _largest(found: Counts, limit: int | None) -> Counts:
    """Return the columns with the largest last entry; of equal ones those that come first."""
    if limit is None or found.shape[1] <= limit:
        return found
    return found[:, np.argsort(-found[2], kind="stable")[:limit]]
