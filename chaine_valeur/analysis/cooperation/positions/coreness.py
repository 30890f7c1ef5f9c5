"""How close each actor is to the core of cooperation, as a number: Borgatti and Everett's continuous model."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....network import Ties
from ...measure import NAN
from ..ties.layer import seen_in, ties_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Values = NDArray[np.float64]

__all__ = ["coreness", "coreness_of_ties"]


def coreness(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.Series:
    """Return how close each actor is to the core: the values whose products come nearest to the ties.

    ``min Σ_{i≠j} (a_ij − c_i c_j)²`` over ``0 ≤ c ≤ 1``: the least squares off the diagonal (MINRES) of the
    continuous model of Borgatti and Everett. Two actors of high coreness are tied, one of high and one of low
    sometimes, two of low hardly ever.

    Least squares rather than the first eigenvector, which also fits ties with oneself that do not exist; and
    rather than the highest correlation, which for a star is only approached as the others go to 0. Without
    the bound at 1 the centre of a star would go to infinity for the same reason.

    Parameters
    ----------
    source
        A filière (undirected by default) or any networkx graph.
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`; directed, both directions count.

    Returns
    -------
    pandas.Series
        Index ``actor_id``, in table order, name ``coreness``, in [0, 1]; 0 for an actor without a tie. Of
        *known* ties, without bounds. NaN for all with fewer than three actors or without a tie.

    Notes
    -----
    By a truncated Newton method (TNC of scipy) from the degrees: it depends on no draw. The problem is not
    convex: with cores that are not tied to one another, the optimum found may be one of several. Memory and the
    time of a step are linear in actors and ties. Not the “coreness” of igraph, which is the k-core.

    References
    ----------
    Borgatti and Everett (1999), unverified; not compared with what UCINET prints.

    Examples
    --------
    A star of five: the leaves solve ``4 c³ + c = 1``.

    >>> import networkx as nx
    >>> coreness(nx.star_graph(5)).round(4).tolist()
    [1.0, 0.5, 0.5, 0.5, 0.5, 0.5]
    """
    ties = ties_of(seen_in(source, year), directed=directed, kind=kind, actors=actors)
    return pd.Series(coreness_of_ties(ties), index=pd.Index(ties.nodes, name="actor_id"), name="coreness")


def coreness_of_ties(ties: Ties) -> Values:
    """Return the coreness of each node: see `coreness`."""
    from scipy.optimize import minimize

    if ties.size < 3 or not len(ties.a):
        return np.full(ties.size, NAN)
    half = ((ties.matrix + ties.matrix.T) / 2).tocoo()
    rows, columns, arcs = half.row, half.col, half.data
    ends = np.bincount(rows, weights=arcs, minlength=ties.size)

    def misfit(c: Values) -> tuple[float, Values]:
        """Return the sum of squares, but for a constant, and its slope."""
        along = np.bincount(rows, weights=arcs * c[columns], minlength=len(c))
        squares = c * c
        total = float(squares.sum())
        value = -2 * float(c @ along) + total**2 - float(squares @ squares)
        return value, -4 * along + 4 * c * (total - squares)

    found = minimize(
        misfit,
        np.minimum(ends / np.sqrt(ends.sum()), 1.0),
        jac=True,
        method="TNC",  # L-BFGS-B wakes threads of the linear algebra for twenty numbers: a hundred milliseconds
        bounds=[(0.0, 1.0)] * ties.size,
        options={"maxfun": 20_000, "ftol": 1e-15, "xtol": 0, "gtol": 1e-9},
    )
    values: Values = np.asarray(found.x, dtype=np.float64)
    return values
