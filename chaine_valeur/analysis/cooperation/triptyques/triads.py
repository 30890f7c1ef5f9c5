"""Triads of one actor of each pole of a triptyque, counted without being listed.

Ties are read as undirected, and each actor counts in its own pole. Triangles come from a sparse product in
which every pair goes from the end with fewer pairs to the one with more: a star costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....network import Ties
from ....vocabulary import Pole
from ..ties.counting import count_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.partition import blocks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["TRIPTYQUE", "Triads", "across", "count_triads", "pole_codes", "poles_of", "triads_of"]

#: The three poles of a triptyque.
TRIPTYQUE = (Pole.ENTERPRISE.value, Pole.ELECTED.value, Pole.ESS.value)


@dataclass(frozen=True)
class Triads:
    """Numbers of triads of one actor of each pole.

    Attributes
    ----------
    possible
        ``n_enterprise · n_elected · n_ess``.
    closed, open
        With all three ties, with exactly two.
    may_close
        In which no pair is known to be untied: those that are closed once everything unknown is a tie.
    documented, pairs
        Pairs of actors of two of the poles: of which something is known, and in all.
    sizes
        Number of actors of each pole.
    """

    possible: int
    closed: int
    open: int
    may_close: int
    documented: int
    pairs: int
    sizes: tuple[int, int, int]


def triads_of(
    source: Source, *, group: str = "pole", poles: Sequence[str] = TRIPTYQUE, kind: str | None = None
) -> Triads:
    """Return how many triads of one actor of each pole are closed, open, possible: see `Triads`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("firm", "town"), ("town", "aci")])
    >>> nx.set_node_attributes(graph, {"firm": "enterprise", "town": "elected", "aci": "ess"}, "pole")
    >>> triads_of(graph).closed, triads_of(graph).open
    (0, 1)
    """
    source = seen_in(source)
    ties = ties_of(source, directed=False, kind=kind)
    return count_triads(ties, poles_of(source, ties, group, poles))


def count_triads(ties: Ties, pole: Codes) -> Triads:
    """Return the triads of undirected ties; `pole` is 0, 1 or 2 for the nodes of the three poles, else −1."""
    a, b = across(pole, ties.a, ties.b)
    sizes = np.bincount(pole[pole >= 0], minlength=3)
    pairs = count_pairs(ties, np.where(pole < 0, 3, pole).astype(np.int32), n_blocks=4)
    between = np.triu_indices(3, k=1)
    closed = _sum_over_triads(pole, a, b, np.ones(len(a)), unasked=None)
    wedges = _sum_over_wedges(pole, a, b, np.ones(len(a)), ends=None)
    # a pair is not known to be untied: with an asked actor if it is tied, otherwise unless a row denies it;
    # that is [nobody asked] + weight, with the weights below on few pairs
    asked_ties = ties.asked[a] | ties.asked[b]
    no_a, no_b = across(pole, ties.absent_a, ties.absent_b)
    denied = ~(ties.asked[no_a] | ties.asked[no_b])
    weights = np.concatenate([np.ones(int(asked_ties.sum())), -np.ones(int(denied.sum()))])
    ends = np.concatenate([a[asked_ties], no_a[denied]]), np.concatenate([b[asked_ties], no_b[denied]])
    return Triads(
        possible=int(sizes[0]) * int(sizes[1]) * int(sizes[2]),
        closed=round(closed),
        open=round(wedges - 3 * closed),
        may_close=round(_sum_over_triads(pole, *ends, weights, unasked=~ties.asked)),
        documented=int(pairs.documented[between].sum()),
        pairs=int(pairs.possible[between].sum()),
        sizes=(int(sizes[0]), int(sizes[1]), int(sizes[2])),
    )


def poles_of(source: Source, ties: Ties, group: str, poles: Sequence[str]) -> Codes:
    """Return 0, 1 or 2 for nodes of the three poles, −1 for the others."""
    if len(poles) != 3:
        raise ValueError(f"a triptyque has three poles, not {len(poles)}")
    if isinstance(source, Filiere):
        return pole_codes(source.actors.loc[ties.nodes, "pole"], poles)
    blocks = blocks_of(source, ties.nodes, by=group)
    place = np.full(len(blocks.keys), -1, dtype=np.int32)
    for code, name in enumerate(poles):  # over the three poles
        if name in blocks.keys:
            place[blocks.keys.index(name)] = code
    return place[blocks.codes]


def pole_codes(values: pd.Series, poles: Sequence[str]) -> Codes:
    """Return the position of each value among the three poles, −1 for others and unknown."""
    return pd.Index(list(poles)).get_indexer(values).astype(np.int32)


def across(pole: Codes, a: Codes, b: Codes) -> tuple[Codes, Codes]:
    """Return the pairs that join two different poles of the three."""
    keep = (pole[a] >= 0) & (pole[b] >= 0) & (pole[a] != pole[b])
    return a[keep], b[keep]


def _sum_over_triads(pole: Codes, a: Codes, b: Codes, weights: Values, *, unasked: Mask | None) -> float:
    """Return the sum, over triads of the three poles, of the product of the weights of their pairs.

    A pair weighs what `weights` gives it, else 0; with `unasked`, 1 more if it joins two of them.
    Expanding the product leaves sums over pairs, over wedges and over triangles of the few pairs given.
    """
    total = _sum_over_triangles(a, b, weights, len(pole))
    if unasked is None:
        return total
    left = np.bincount(pole[unasked & (pole >= 0)], minlength=3).astype(np.float64)
    both = unasked[a] & unasked[b]
    third = 3 - pole[a[both]] - pole[b[both]]
    wedges = _sum_over_wedges(pole, a, b, weights, ends=unasked)
    return total + wedges + float((weights[both] * left[third]).sum()) + float(left.prod())


def _sum_over_wedges(pole: Codes, a: Codes, b: Codes, weights: Values, *, ends: Mask | None) -> float:
    """Return the sum, over actors, of the weights of its pairs into each of the two other poles, multiplied.

    With `ends`, only the pairs whose other end is one of them.
    """
    sums = np.zeros(3 * len(pole))
    for centre, end in ((a, b), (b, a)):
        counted = weights if ends is None else weights * ends[end]
        sums += np.bincount(3 * centre.astype(np.int64) + pole[end], weights=counted, minlength=len(sums))
    table = sums.reshape(-1, 3)
    inside = np.flatnonzero(pole >= 0)
    own = pole[inside]
    return float((table[inside, (own + 1) % 3] * table[inside, (own + 2) % 3]).sum())


def _sum_over_triangles(a: Codes, b: Codes, weights: Values, size: int) -> float:
    """Return the sum, over triangles, of the product of the weights of their three sides."""
    from scipy.sparse import csr_array

    degree = np.bincount(np.concatenate([a, b]), minlength=size)
    rank = np.empty(size, dtype=np.int64)
    rank[np.argsort(degree, kind="stable")] = np.arange(size)
    low, high = np.minimum(rank[a], rank[b]), np.maximum(rank[a], rank[b])
    upward = csr_array((weights, (low, high)), shape=(size, size))
    return float((upward @ upward).multiply(upward).sum())
