"""How often those who share a partner are tied: transitivity."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np

from ....language import tr
from ....network import Ties
from ...measure import Measure, ratio
from .bounded import of_known_ties, read, resting
from .complement import spoken_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from ..ties.layer import Source

__all__ = ["transitivity", "transitivity_measure", "transitivity_of_ties"]

#: Products of two ties that a part of the search for triangles holds at once (some 100 MB).
PART = 4_000_000


def transitivity(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return how often those who share a partner are tied themselves: 1 where cooperation closes in circles.

    Of the paths of two ties ``i → j → k``, *i*, *j* and *k* different, the share of which also ``i → k``. Of
    undirected ties it is ``3 · triangles / connected triples``. Parameters are those of `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN if no pair is documented, or no actor stands between two others.

    References
    ----------
    As UCINET prints it for « campnet » (transitivity; see `density`); ``gtrans(measure="weak")`` of R sna
    (*weak*: nothing is asked of *i* and *k* where no path of two ties joins them). Of undirected ties
    also ``transitivity`` of networkx, which refuses directed ones, and of igraph, which ignores directions
    (unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> transitivity(nx.Graph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]))
    0.6
    """
    ties = read(source, year=year, kind=kind, directed=directed, actors=actors)[1]
    return transitivity_of_ties(ties, "en").value


def transitivity_measure(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return transitivity with bounds: see `transitivity`.

    ``low`` sets the known closed paths against all open ones that there may be, ``high`` all closed paths that
    there may be against the open ones known to be open: no completion of the undocumented pairs is outside,
    and often none is that low or high. Numerator and denominator are closed paths and all, once for both
    directions of undirected ties.
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    return resting(transitivity_of_ties(ties, lang), source, kind=kind, actors=actors)


def transitivity_of_ties(ties: Ties, lang: str) -> Measure:
    """Return the transitivity of some ties."""
    A = ties.matrix
    paths = _paths_of_two(A)
    closed = _triples(A, A, mirrored=not ties.directed)
    low = high = ratio(closed, paths)
    if not ties.asked.all():
        open_most, open_least, closed_most = _what_may_be(ties, paths, closed)
        low, high = ratio(closed, closed + open_most), ratio(closed_most, closed_most + open_least)
        # no path may close, or none may be open: whatever is unknown
        low, high = (high if low != low else low), (low if high != high else high)
    ends = 1 if ties.directed else 2
    return of_known_ties(
        ties,
        ratio(closed, paths),
        "share",
        low,
        high,
        numerator=closed / ends,
        denominator=paths / ends,
        note="" if paths else tr("no actor stands between two others", lang),
        lang=lang,
    )


def _what_may_be(ties: Ties, paths: float, closed: float) -> tuple[float, float, float]:
    """Return the most and the fewest paths of two ties that may be open, and the most that may be closed.

    With every undocumented pair tied the matrix is ``H = S + u uᵀ``, *u* marking the unasked and *S* what few
    entries that leaves: ties with one who was asked, −1 for an absent pair and on the diagonal of unasked
    ones. Products of *H* are expanded; none of its blocks is written out.
    """
    from scipy.sparse import csr_array

    mirrored = not ties.directed
    A, u = ties.matrix, (~ties.asked).astype(np.float64)
    n = float(u.sum())
    said = _matrix(spoken_of(ties), ties)
    inside = A.multiply(u[:, None]).multiply(u[None, :]).tocsr()
    absent = csr_array(said - inside)
    off = csr_array(A - inside - absent)  # S without its diagonal, which is −u
    off.eliminate_zeros()
    out, into = off @ u - u, off.T @ u - u  # S u and Sᵀ u
    q = float(u @ out)
    returned = off.multiply(off.T)
    leaving, arriving = off.sum(axis=1) - u + n * u, off.sum(axis=0) - u + n * u
    may_be_paths = float(leaving @ arriving) - float(returned.sum()) - n - 2 * q - n * n

    # Σ (S S) ∘ S, entry by entry, with the diagonal of S taken apart
    squares = off.multiply(off)
    cubes = _triples(off, off, mirrored=mirrored)
    cubes -= float(u @ squares.sum(axis=1)) + float(squares.sum(axis=0) @ u)
    cubes -= float(u @ returned.sum(axis=1)) + n
    closed_most = cubes + float(out @ out) + float(into @ into) + float(into @ out) + 3 * n * q + n**3

    # paths of H between two who are known to be tied
    shared = off.multiply(A)
    under = (
        _triples(off, A, mirrored=mirrored) - float(u @ shared.sum(axis=1)) - float(shared.sum(axis=0) @ u)
    )
    under += float(out @ (A @ u)) + float((u @ A) @ into) + n * float(inside.sum())
    open_most = may_be_paths - under

    # known paths between two of whom nothing is known
    loops = float(A.multiply(A.T).sum(axis=1) @ u)
    unknown = float((u @ A) @ (A @ u)) - loops - _triples(A, said, mirrored=mirrored)
    return open_most, paths - closed - unknown, closed_most


def _matrix(numbers: np.ndarray, ties: Ties) -> csr_array:
    """Return pairs as a 0/1 matrix, symmetric if ties are undirected."""
    from scipy.sparse import csr_array

    a, b = numbers // ties.size, numbers % ties.size
    if not ties.directed:
        a, b = np.concatenate([a, b]), np.concatenate([b, a])
    return csr_array((np.ones(len(a)), (a, b)), shape=(ties.size, ties.size))


def _paths_of_two(A: csr_array) -> float:
    """Return the number of paths i → j → k with i ≠ k."""
    return float(A.sum(axis=0) @ A.sum(axis=1)) - float(A.multiply(A.T).sum())


def _triples(X: csr_array, B: csr_array, *, mirrored: bool) -> float:
    """Return ``Σ X_ij X_jk B_ik`` over i, j, k that differ; `mirrored` where both matrices are symmetric.

    Nodes are ordered by their number of ties, and each of the six ways in which i, j, k may be ordered is a
    product of matrices that only go upward: who has many ties is never the middle of many products.
    """
    from scipy.sparse import triu

    ties = np.diff(X.indptr) + np.diff(B.indptr)
    order = np.argsort(ties + np.bincount(X.indices, minlength=len(ties)), kind="stable")
    X, B = X[order][:, order], B[order][:, order]
    x, x_back, b, b_back = (triu(each, k=1, format="csr") for each in (X, X.T.tocsr(), B, B.T.tocsr()))
    # lowest → middle, middle → highest, lowest → highest, for i < j < k, i < k < j, j < i < k
    ways = [(x, x, b), (b, x_back, x), (x_back, b, x)]
    if mirrored:
        return 2 * sum(_closed_sum(*way) for way in ways)
    ways += [(x_back, x_back, b_back), (b_back, x, x_back), (x, b_back, x_back)]
    return sum(_closed_sum(*way) for way in ways)


def _closed_sum(first: csr_array, second: csr_array, across: csr_array) -> float:
    """Return ``Σ (first · second) ∘ across``, some rows at a time."""
    work = np.cumsum(abs(first).sign() @ np.diff(second.indptr).astype(np.float64))
    if not len(work) or not work[-1]:
        return 0.0
    ends = np.searchsorted(work, np.arange(PART, work[-1] + PART, PART)) + 1
    total, start = 0.0, 0
    for end in ends:  # over parts, for memory
        total += float((first[start:end] @ second).multiply(across[start:end]).sum())
        start = end
    return total
