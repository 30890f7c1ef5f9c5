"""A graph as compressed rows (CSR): the neighbours of each node side by side, ascending."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from ..errors import ArgumentError
from . import _loops_csr as loops
from ._arrays import MOST, as_codes, same_length
from .choice import compiles

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csr_array

    Codes = NDArray[np.int32]

__all__ = ["Graph"]

#: Entries up to which sorting one key an edge is faster than scipy's two passes, for the overhead of a call.
_SMALL = 1 << 13


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes 0 … n − 1 and their neighbours, in int32: ``indices[indptr[v]:indptr[v + 1]]`` are those of *v*.

    Neighbours ascend. Of a directed graph they are the successors; of an undirected one every edge stands in
    the rows of both of its ends (a loop in one). Many graphs side by side (block-diagonal: nodes numbered one
    after the other, no edge between two) are one graph, and every kernel gives for it what it gives for each.

    Attributes
    ----------
    indptr, indices
        Where each row starts, n + 1 of them; neighbours.
    directed
        Whether an edge goes from its first end to its second.
    merged
        Whether parallel edges are one entry.
    loops
        Whether edges from a node to itself are kept.
    edge
        Number of the edge (its place in the list) behind each entry, the first of parallel ones that were
        merged; None unless asked for.
    """

    indptr: Codes
    indices: Codes
    directed: bool
    merged: bool
    loops: bool
    edge: Codes | None = None

    @classmethod
    def of(
        cls,
        source: ArrayLike,
        target: ArrayLike,
        *,
        size: int,
        directed: bool = True,
        merged: bool = True,
        loops: bool = False,
        numbered: bool = False,
    ) -> Self:
        """Return the graph of a list of edges.

        Parameters
        ----------
        source, target
            Codes of the two ends of each edge; an edge with an end of −1 (none) is left out.
        size
            Number of nodes.
        directed, merged, loops
            See the attributes; the default is a directed graph without parallel edges and loops.
        numbered
            Keep the number of the edge behind each entry.

        Raises
        ------
        ArgumentError
            Ends that are not codes of nodes, lists of two lengths, more than 2³¹ − 1 nodes or entries.

        Notes
        -----
        Two counting sorts, O(nodes + edges). Extra memory over the two int32 lists of m edges: at most 3.5
        times these lists (plain), 1.1 times (compiled), the result included, without numbers of edges.

        Examples
        --------
        >>> graph = Graph.of([0, 0, 0, 2], [1, 2, 1, 0], size=3)
        >>> graph.indptr.tolist(), graph.indices.tolist()
        ([0, 2, 2, 3], [1, 2, 0])
        """
        if not 0 <= size < MOST:
            raise ArgumentError(f"size={size} is not a number of nodes from 0 to {MOST - 1}")
        a, b = as_codes(source, size=size, name="source"), as_codes(target, size=size, name="target")
        length = same_length(source=a, target=b)
        _checked_length(length, directed=directed)
        if compiles(size + length):
            built = _compiled(a, b, size, directed, merged, loops, numbered)
        else:
            built = _plain(a, b, size, directed, merged, loops, numbered)
        return cls(built[0], built[1], directed, merged, loops, built[2])

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1

    @property
    def n_entries(self) -> int:
        """Number of entries: edges if directed, about twice as many if not."""
        return len(self.indices)

    @property
    def work(self) -> int:
        """Nodes and entries together: what a kernel has to do, see `choice.compiles`."""
        return len(self.indptr) + len(self.indices)

    def rows(self) -> Codes:
        """Return the node in the row of which each entry stands."""
        return np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.indptr))

    @cached_property
    def simple(self) -> Graph:
        """The graph without parallel edges and loops; itself if it has been built so."""
        if self.merged and not self.loops:
            return self
        rows, columns = self.rows(), self.indices
        keep = np.ones(len(rows), dtype=bool)
        keep[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
        keep &= rows != columns
        edge = None if self.edge is None else self.edge[keep]
        return Graph(_indptr_kept(self.indptr, keep), columns[keep], self.directed, True, False, edge)

    @cached_property
    def reversed(self) -> Graph:
        """The graph with every edge turned round; itself if undirected. Made once."""
        if not self.directed:
            return self
        if compiles(self.work):
            indptr, indices = np.empty_like(self.indptr), np.empty_like(self.indices)
            given, edge = _edges_or_none(self.edge)
            loops.transpose(self.indptr, self.indices, given, indptr, indices, edge)
            turned = None if self.edge is None else edge
        elif self.n_entries <= _SMALL:
            rows = self.rows()
            indptr, indices, turned = _by_key(self.indices, rows, self.size, self.edge)
        else:
            indptr, indices, turned = _transposed(self.indptr, self.indices, self.edge, self.size)
        return Graph(indptr, indices, self.directed, self.merged, self.loops, turned)

    @property
    def degree_out(self) -> Codes:
        """Number of distinct neighbours in the row of each node, itself not counted."""
        return np.diff(self.simple.indptr)

    @property
    def degree_in(self) -> Codes:
        """Number of distinct nodes with an edge to each node, itself not counted."""
        if not self.directed:
            return self.degree_out
        return np.bincount(self.simple.indices, minlength=self.size).astype(np.int32)

    def entry(self, a: Codes, b: Codes) -> Codes:
        """Return the first entry in the row of each *a* that holds *b*, −1 where there is none.

        By bisection of all rows at once: as many rounds as the longest row has binary digits.
        """
        low, stop = self.indptr[a], self.indptr[a + 1]
        high = stop.copy()
        while (open_rows := low < high).any():
            middle = (low + (high - low) // 2)[open_rows]
            before = self.indices[middle] < b[open_rows]
            low[open_rows] = np.where(before, middle + 1, low[open_rows])
            high[open_rows] = np.where(before, high[open_rows], middle)
        found = low < stop
        found[found] = self.indices[low[found]] == b[found]
        return np.where(found, low, np.int32(-1))

    def matrix(self) -> csr_array:
        """Return the graph as scipy's csgraph takes it, n × n, without memory for its ones."""
        from scipy.sparse import csr_array

        # csgraph reads places only, but makes float64 of what it is given: a single 1 for all entries
        ones = np.broadcast_to(np.float64(1), (self.n_entries,))
        return csr_array((ones, self.indices, self.indptr), shape=(self.size, self.size))


def _checked_length(length: int, *, directed: bool) -> None:
    if length * (1 if directed else 2) > MOST:
        raise ArgumentError(
            f"{length} edges are more than 32 bits can number, each way once: split them by filière"
        )


def _compiled(
    a: Codes, b: Codes, size: int, directed: bool, merged: bool, keep_loops: bool, numbered: bool
) -> tuple[Codes, Codes, Codes | None]:
    indptr = np.zeros(size + 1, dtype=np.int32)
    total = loops.count(a, b, directed, keep_loops, indptr)
    indices = np.empty(total, dtype=np.int32)
    edge = np.empty(total if numbered else 0, dtype=np.int32)
    kept = loops.fill(a, b, directed, keep_loops, merged, numbered, indptr, indices, edge)
    if kept < total:  # given back in place: a copy would be needed beside what it shortens
        indices.resize(kept, refcheck=False)
        edge.resize(kept if numbered else 0, refcheck=False)
    return indptr, indices, edge if numbered else None


def _plain(
    a: Codes, b: Codes, size: int, directed: bool, merged: bool, keep_loops: bool, numbered: bool
) -> tuple[Codes, Codes, Codes | None]:
    number = np.arange(len(a), dtype=np.int32) if numbered else None
    out = (a < 0) | (b < 0)
    if not keep_loops:
        out |= a == b
    if out.any():
        use = ~out
        a, b, number = a[use], b[use], None if number is None else number[use]
    del out
    if not directed:
        a, b, number = _both_ways(a, b, number, keep_loops)
    if len(a) <= _SMALL:
        indptr, indices, edge = _by_key(a, b, size, number)
    else:  # two stable counting sorts: by the second end, then by the first
        from scipy.sparse import coo_array

        columns = coo_array((_data(number, len(a)), (b, a)), shape=(size, size))
        del a, b, number
        columns.has_canonical_format = True  # else parallel edges would be added up
        half = columns.tocsr()
        del columns
        indptr, indices, edge = _transposed(half.indptr, half.indices, half.data if numbered else None, size)
        del half
    if not merged or not len(indices):
        return indptr, indices, edge
    keep = np.ones(len(indices), dtype=bool)
    np.not_equal(indices[1:], indices[:-1], out=keep[1:])
    starts = indptr[:-1]
    keep[starts[starts < len(indices)]] = True
    if keep.all():
        return indptr, indices, edge
    return _indptr_kept(indptr, keep), indices[keep], None if edge is None else edge[keep]


def _both_ways(
    a: Codes, b: Codes, number: Codes | None, keep_loops: bool
) -> tuple[Codes, Codes, Codes | None]:
    """Return each edge and, right behind it, the same one turned round (not that of a loop)."""
    one, other = np.empty(2 * len(a), dtype=np.int32), np.empty(2 * len(a), dtype=np.int32)
    one[0::2], one[1::2] = a, b
    other[0::2], other[1::2] = b, a
    twice = None if number is None else np.repeat(number, 2)
    if keep_loops:
        use = one != other
        use[0::2] = True
        one, other, twice = one[use], other[use], None if twice is None else twice[use]
    return one, other, twice


def _indptr_kept(indptr: Codes, keep: NDArray[np.bool_]) -> Codes:
    """Return where rows start once only some of the entries are kept."""
    return indptr - np.searchsorted(np.flatnonzero(~keep), indptr).astype(np.int32)


def _by_key(a: Codes, b: Codes, size: int, number: Codes | None) -> tuple[Codes, Codes, Codes | None]:
    """Return the rows by sorting one number an edge."""
    key = a * np.int64(max(size, 1)) + b
    order = np.argsort(key, kind="stable")
    indptr = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(a, minlength=size), out=indptr[1:])
    return indptr, b[order], None if number is None else number[order]


def _data(number: Codes | None, length: int) -> NDArray[np.integer]:
    """Return what stands in the entries of a matrix: numbers of edges, or a single 1 for all."""
    return np.broadcast_to(np.int8(1), (length,)) if number is None else number


def _transposed(
    indptr: Codes, indices: Codes, edge: Codes | None, size: int
) -> tuple[Codes, Codes, Codes | None]:
    from scipy.sparse import csr_array

    data = _data(edge, len(indices))
    turned = csr_array((data, indices, indptr), shape=(size, size)).T.tocsr()
    return turned.indptr, turned.indices, None if edge is None else turned.data


def _edges_or_none(edge: Codes | None) -> tuple[Codes, Codes]:
    """Return numbers to read and an array for them to be written to, both empty without numbers."""
    if edge is None:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    return edge, np.empty_like(edge)
