"""Pairs of actors, counted by arithmetic between blocks: tied, possible, documented. None is written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ....network import Ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = ["Pairs", "count_pairs", "degrees", "open_pairs", "pair_numbers"]


def pair_numbers(a: NDArray[Any], b: NDArray[Any], size: int) -> Counts:
    """Return a number per pair of positions among `size`; those of the pairs of `Ties` ascend."""
    return a.astype(np.int64) * max(size, 1) + b


@dataclass(frozen=True)
class Pairs:
    """Numbers of pairs between blocks, blocks × blocks; symmetric where ties are undirected.

    Attributes
    ----------
    ties
        Pairs with an observed tie.
    possible
        Pairs that could be tied: ``n_A · n_B``, within a block ``n_A (n_A − 1)``, halved if undirected.
    documented
        Pairs of which something is known, a tie or its absence.
    """

    ties: Counts
    possible: Counts
    documented: Counts

    @property
    def unknown(self) -> Counts:
        """Pairs of which nothing is known."""
        return self.possible - self.documented


def count_pairs(ties: Ties, codes: Codes | None = None, *, n_blocks: int = 1) -> Pairs:
    """Return the pairs that are tied, possible and documented between the blocks `codes` of the nodes.

    Without codes there is one block. Pairs nobody knows of join two actors who were not asked, unless a
    row speaks of them: their number follows from those of the unasked, without writing any pair out.
    """
    # as wide as what numpy counts with: nothing is widened along the ties
    wide = np.zeros(ties.size, dtype=np.int64) if codes is None else codes.astype(np.int64)
    unasked = ~ties.asked
    possible = _all_pairs(np.bincount(wide, minlength=n_blocks), directed=ties.directed)
    unknown = _all_pairs(np.bincount(wide[unasked], minlength=n_blocks), directed=ties.directed)
    tied = _between(wide, ties.a, ties.b, n_blocks, directed=ties.directed)
    unknown -= _between(wide, *ties.spoken_of, n_blocks, directed=ties.directed)
    return Pairs(tied, possible, possible - unknown)


def _all_pairs(sizes: Counts, *, directed: bool) -> Counts:
    sizes = sizes.astype(np.int64)
    pairs = np.multiply.outer(sizes, sizes)
    within = sizes * (sizes - 1)
    np.fill_diagonal(pairs, within if directed else within // 2)
    return pairs


def _between(codes: Counts, a: Codes, b: Codes, n_blocks: int, *, directed: bool) -> Counts:
    places = codes[a]
    places *= n_blocks
    places += codes[b]
    counts = np.bincount(places, minlength=n_blocks * n_blocks).reshape(n_blocks, n_blocks)
    if directed:
        return counts
    both = counts + counts.T
    np.fill_diagonal(both, counts.diagonal())
    return both


def degrees(ties: Ties, *, mode: str = "degree") -> Counts:
    """Return the number of known ties of each node: all of them, those that arrive or those that leave.

    Examples
    --------
    >>> import networkx as nx
    >>> from chaine_valeur.analysis.cooperation.ties.layer import ties_of
    >>> degrees(ties_of(nx.star_graph(3))).tolist()
    [3, 1, 1, 1]
    """
    if ties.linked is not None and not ties.directed:  # read off the rows of its graph
        return ties.graph.degree_out.astype(np.int64)
    return _ends(ties.a, ties.b, ties.size, mode)


def open_pairs(ties: Ties, *, mode: str = "degree") -> Counts:
    """Return the number of undocumented pairs of each node: with the other unasked, unless spoken of.

    Of directed ties each direction counts: with ``"in"`` those that may arrive, with ``"out"`` those that may
    leave, else both.
    """
    unasked = ~ties.asked
    ways = 2 if ties.directed and mode == "degree" else 1
    pairs = np.where(unasked, ways * (int(unasked.sum()) - 1), 0).astype(np.int64)
    return pairs - _ends(*ties.spoken_of, ties.size, mode)


def _ends(a: Codes, b: Codes, size: int, mode: str) -> Counts:
    ends = {"degree": [a, b], "in": [b], "out": [a]}[mode]
    return np.bincount(np.concatenate(ends), minlength=size)
