"""Cooperation between partners: each pair once, what is known absent, who was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..kernels import Graph

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Ties", "observed_and_denied"]


@dataclass(frozen=True)
class Ties:
    """Cooperation between partners, each pair once; what is known absent and who was asked.

    Attributes
    ----------
    named
        Identifiers of the actors who could cooperate, or what gives them once they are asked for: see `nodes`.
    a, b
        Ends of the observed ties as positions in `nodes`; undirected: ``a < b``, directed: from, to.
    absent_a, absent_b
        Ends of the pairs of which it is known that there is no tie.
    asked
        Who was surveyed: every pair with one of them is documented.
    directed
        Whether a tie goes from `a` to `b`.
    linked
        The observed ties as a graph, if they were made from one: see `graph`.
    """

    named: pd.Index | Callable[[], pd.Index] = field(repr=False)
    a: Codes
    b: Codes
    absent_a: Codes
    absent_b: Codes
    asked: Mask
    directed: bool
    linked: Graph | None = field(default=None, repr=False)

    @cached_property
    def graph(self) -> Graph:
        """The observed ties as a graph, without self-ties."""
        found = self.linked
        if found is None:
            found = Graph.of(self.a, self.b, size=self.size, directed=self.directed)
        return found.simple

    @cached_property
    def nodes(self) -> pd.Index:
        """Identifiers of the actors who could cooperate."""
        return self.named() if callable(self.named) else self.named

    @property
    def size(self) -> int:
        """Number of actors."""
        return len(self.asked)

    @property
    def possible(self) -> int:
        """Number of pairs that could be tied."""
        pairs = self.size * (self.size - 1)
        return pairs if self.directed else pairs // 2

    @cached_property
    def spoken_of(self) -> tuple[Codes, Codes]:
        """Ends of the pairs, tied or known to be absent, of two actors nobody asked.

        The other pairs of unasked actors are the undocumented ones.
        """
        unasked = ~self.asked
        if not unasked.any():
            return self.a[:0], self.b[:0]
        tied, denied = unasked[self.a] & unasked[self.b], unasked[self.absent_a] & unasked[self.absent_b]
        return (
            np.concatenate([self.a[tied], self.absent_a[denied]]),
            np.concatenate([self.b[tied], self.absent_b[denied]]),
        )

    def among(self, keep: Mask) -> Ties:
        """Return the ties among some of the actors, a mask over `nodes`."""
        place = np.cumsum(keep, dtype=np.int32) - np.int32(1)
        tied, denied = keep[self.a] & keep[self.b], keep[self.absent_a] & keep[self.absent_b]
        return Ties(
            named=lambda: self.nodes[keep],
            a=place[self.a[tied]],
            b=place[self.b[tied]],
            absent_a=place[self.absent_a[denied]],
            absent_b=place[self.absent_b[denied]],
            asked=self.asked[keep],
            directed=self.directed,
        )

    @cached_property
    def matrix(self) -> csr_array:
        """Observed ties as a 0/1 matrix, symmetric if undirected, without diagonal."""
        from scipy.sparse import csr_array

        rows, columns = (self.a, self.b) if self.directed else (
            np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a]))  # fmt: skip
        ones = np.ones(len(rows), dtype=np.float64)
        return csr_array((ones, (rows, columns)), shape=(self.size, self.size))


def observed_and_denied(
    a: Codes, b: Codes, *, absent: Mask, one_way: Mask, size: int, directed: bool
) -> tuple[Graph, tuple[Codes, Codes], tuple[Codes, Codes]]:
    """Return the graph of the pairs that are tied, their ends, and those of the pairs known not to be.

    Ends are given once a pair, ascending.

    Parameters
    ----------
    a, b
        Ends of the rows as positions among the `size` partners; −1 is no partner: its row speaks of no tie.
    absent, one_way
        Along the rows: there is no tie; the tie is of a kind that has a direction.
    """
    observed = _layer(a, b, ~absent, one_way, size, directed)
    tied = _pairs(observed)
    if not absent.any():
        return observed, tied, (tied[0][:0], tied[1][:0])
    denied = _pairs(_layer(a, b, absent, one_way, size, directed))
    said = observed.entry(*denied) >= 0  # who says yes is believed before who says no
    return observed, tied, (denied[0][~said], denied[1][~said])


def _layer(a: Codes, b: Codes, keep: Mask, one_way: Mask, size: int, directed: bool) -> Graph:
    if not keep.all():
        a, b, one_way = a[keep], b[keep], one_way[keep]
    if directed:
        both = ~one_way
        a, b = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
    return Graph.of(a, b, size=size, directed=directed, loops=True)


def _pairs(graph: Graph) -> tuple[Codes, Codes]:
    """Return the ends of each edge, once where it has no direction: ``a <= b``."""
    a, b = graph.rows(), graph.indices
    if graph.directed:
        return a, b
    once = a <= b
    return a[once], b[once]
