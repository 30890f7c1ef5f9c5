"""The loops of the flows: which ways lead back to where they began, and how much may go round."""

from __future__ import annotations

import warnings
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError, DataQualityWarning
from ...filiere import Filiere
from ..flows.circularity.between import between
from ..flows.circularity.matrix import FlowMatrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CYCLE_COLUMNS", "cycles"]

CYCLE_COLUMNS = ["cycle", "n_steps", "weakest_t_per_year", "weakest_source", "weakest_target", "n_unknown"]
_KINDS = dict(zip(CYCLE_COLUMNS, ["str", "int64", "float64", "str", "str", "int64"], strict=True))


def cycles(
    source: Filiere | FlowMatrix, *, by: str = "actor", limit: int = 1000, longest: int | None = None
) -> pd.DataFrame:
    """Return the loops of the flows: elementary cycles, each compartment passed once.

    What may go all the way round is ``min f_e`` over the passages *e* of a loop, t/year. Parallel flows
    are one passage. Only strongly connected compartments are looked at, so that a chain without a loop costs
    nothing.

    Parameters
    ----------
    source
        A filière, or a matrix of flows.
    by
        What a compartment of a filière is: see `chaine_valeur.flows.flow_matrix`.
    limit
        Most loops that are listed, 1 or more: their number grows exponentially with the passages back.
    longest
        Most compartments of a loop, 1 or more; by default any number.

    Returns
    -------
    pandas.DataFrame
        A row per loop, the shortest first: ``cycle`` (labels joined by `` → ``, from the first in table
        order), ``n_steps``, ``weakest_t_per_year`` (what passes its weakest passage: the most that can go
        all the way round; NaN if a passage is unknown) between ``weakest_source`` and ``weakest_target``
        (the weakest of those known), ``n_unknown`` (passages of unknown quantity). Empty without a loop.

    Warns
    -----
    DataQualityWarning
        More than `limit` loops: how many are listed.

    Raises
    ------
    ArgumentError
        Another `by`; `limit` or `longest` under 1.

    References
    ----------
    Johnson (1975) (unverified), as `networkx.simple_cycles` has it.

    Examples
    --------
    >>> loop = FlowMatrix([[0, 10], [4, 0]], inputs=[6, 0], exports=[0, 6], labels=["a", "b"])
    >>> cycles(loop)[["cycle", "n_steps", "weakest_t_per_year"]].values.tolist()
    [['a → b', 2, 4.0]]
    """
    import networkx as nx

    if limit < 1 or (longest is not None and longest < 1):
        raise ArgumentError(f"limit={limit!r} and longest={longest!r} have to be 1 or more")
    labels, tails, heads, t = _passages(source, by)
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(np.unique(tails).tolist())
    graph.add_weighted_edges_from(zip(tails.tolist(), heads.tolist(), t.tolist(), strict=True))
    found = list(islice(nx.simple_cycles(graph, length_bound=longest), limit + 1))
    if len(found) > limit:
        warnings.warn(
            f"more than {limit} loops: the first {limit} found are listed", DataQualityWarning, stacklevel=2
        )
    rows = [_row(graph, cycle, labels) for cycle in sorted(map(_from_first, found[:limit]), key=_place)]
    return pd.DataFrame(rows, columns=CYCLE_COLUMNS).astype(_KINDS)


def _passages(
    source: Filiere | FlowMatrix, by: str
) -> tuple[pd.Index, NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the passages within strongly connected compartments, once each; NaN if unknown."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if isinstance(source, FlowMatrix):
        labels, matrix = source.labels, source.internal.tocoo()
        tails, heads, t = matrix.row.astype(np.int64), matrix.col.astype(np.int64), matrix.data
    else:
        flows = between(source, by=by)
        inside = (flows.source >= 0) & (flows.target >= 0)
        labels, tails, heads, t = flows.labels, flows.source[inside], flows.target[inside], flows.t[inside]
        inside = ~(t == 0)  # a measured zero does not pass
        tails, heads, t = tails[inside], heads[inside], t[inside]
    size = max(len(labels), 1)
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(size, size))
    where = connected_components(graph, directed=True, connection="strong")[1]
    kept = where[tails] == where[heads]
    pairs, at = np.unique(tails[kept] * size + heads[kept], return_inverse=True)
    # one unknown among parallel flows leaves the passage unknown: it may carry more
    total = np.bincount(at, weights=t[kept], minlength=len(pairs)).astype(np.float64)
    return labels, pairs // size, pairs % size, total


def _from_first(cycle: list[int]) -> list[int]:
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]


def _place(cycle: list[int]) -> tuple[int, list[int]]:
    return len(cycle), cycle


def _row(graph: object, cycle: list[int], labels: pd.Index) -> dict[str, object]:
    steps = list(zip(cycle, cycle[1:] + cycle[:1], strict=True))
    t = np.array([graph[a][b]["weight"] for a, b in steps])  # type: ignore[index]
    unknown = int(np.isnan(t).sum())
    weakest = steps[int(np.nanargmin(t))] if unknown < len(t) else None
    return {
        "cycle": " → ".join(str(labels[place]) for place in cycle),
        "n_steps": len(cycle),
        "weakest_t_per_year": np.nan if unknown else float(t.min()),
        "weakest_source": None if weakest is None else labels[weakest[0]],
        "weakest_target": None if weakest is None else labels[weakest[1]],
        "n_unknown": unknown,
    }
