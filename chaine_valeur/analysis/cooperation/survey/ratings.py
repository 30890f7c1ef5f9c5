"""The scores that actors give one another: who rates whom, once per pair."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....filiere import Filiere
from ....network import Ties, codes_of, distinct, is_among, of_kinds
from ..ties.counting import pair_numbers
from ..ties.layer import ties_of
from ..ties.rows import identifiers
from ..ties.strength import numbers_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["SCALE", "SCORES", "Ratings", "ratings_of"]

#: The lowest and the highest score that one may give.
SCALE = (1.0, 4.0)
#: Columns of cooperations, and edge attributes, that hold scores.
SCORES = ("trust", "value_score")


@dataclass(frozen=True)
class Ratings:
    """Scores, one per rater and rated, and the pairs of which one is awaited.

    Attributes
    ----------
    ties
        The known ties of the partners, undirected.
    rater, rated
        Positions in the nodes of `ties`.
    score
        Mean of the scores that the rater gives the rated in the rows that join them.
    silent_rater, silent_rated
        For known ties, the ends of the scores that were not given: each end of a tie could rate the other.
    rows
        The rows of cooperations that hold the scores; of a graph, none.
    """

    ties: Ties
    rater: Codes
    rated: Codes
    score: Values
    silent_rater: Codes
    silent_rated: Codes
    rows: tuple[str, ...]


def ratings_of(
    source: Source,
    score: str,
    *,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> Ratings:
    """Return the scores of one column of cooperations, or of one attribute of the edges of a graph.

    In a filière the first actor of a row rates the second, whatever the kind of cooperation; only observed
    ties that have not ended are read. In a directed graph the start of an edge rates its end; an edge without
    direction bears what each says of the other. Scores of oneself are left out.

    Raises
    ------
    ArgumentError
        In a graph, a score outside the scale from 1 to 4.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([("a", "b", {"trust": 2}), ("a", "b", {"trust": 3}), ("b", "c", {})])
    >>> found = ratings_of(graph, "trust")
    >>> found.score.tolist(), len(found.silent_rater)
    ([2.5], 3)
    """
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    rows: tuple[str, ...] = ()
    if isinstance(source, Filiere):
        if score not in SCORES:
            raise ArgumentError(f"score={score!r} is not one of {', '.join(SCORES)}")
        rater, rated, values, rows = _of_filiere(source, ties, score, kind)
    else:
        rater, rated, values = _of_graph(source, ties, score, kind)
    numbers = pair_numbers(rater, rated, ties.size)
    pairs = distinct(numbers)
    place = np.searchsorted(pairs, numbers)
    counts = np.bincount(place, minlength=len(pairs))
    means = np.bincount(place, weights=values, minlength=len(pairs)) / np.maximum(counts, 1)
    both = np.concatenate([pair_numbers(ties.a, ties.b, ties.size), pair_numbers(ties.b, ties.a, ties.size)])
    silent = np.sort(both[~is_among(both, pairs)])
    ends = [part.astype(np.int32) for each in (pairs, silent) for part in np.divmod(each, max(ties.size, 1))]
    return Ratings(ties, ends[0], ends[1], means, ends[2], ends[3], rows)


def _of_filiere(
    f: Filiere, ties: Ties, score: str, kind: str | Collection[str] | None
) -> tuple[Codes, Codes, Values, tuple[str, ...]]:
    rows, (a, b) = f.network.cooperations_that_count(), f.network.cooperation_ends
    place = codes_of(pd.Series(f.actors.index), ties.nodes)
    a, b = place[a], place[b]
    values = rows[score].to_numpy(np.float64, na_value=np.nan)
    keep = (a >= 0) & (b >= 0) & (a != b) & ~np.isnan(values) & (rows["state"] != "absent").to_numpy(bool)
    if kind is not None:
        keep &= of_kinds(rows, [kind] if isinstance(kind, str) else kind)
    return a[keep], b[keep], values[keep], identifiers(rows.index[keep])


def _of_graph(
    graph: Any, ties: Ties, score: str, kind: str | Collection[str] | None
) -> tuple[Codes, Codes, Values]:
    place = dict(zip(ties.nodes, range(ties.size), strict=True))
    wanted = {kind} if isinstance(kind, str) else kind
    said = [
        (place.get(u, -1), place.get(v, -1), data.get(score))
        for u, v, data in graph.edges(data=True)
        if wanted is None or data.get("kind") in wanted
    ]
    frame = pd.DataFrame(said, columns=["a", "b", "score"])
    a, b = (frame[name].to_numpy(np.int32) for name in ("a", "b"))
    values = numbers_of(frame["score"], score)
    keep = (a >= 0) & (b >= 0) & (a != b) & ~np.isnan(values)
    a, b, values = a[keep], b[keep], values[keep]
    if ((values < SCALE[0]) | (values > SCALE[1])).any():
        found = values[(values < SCALE[0]) | (values > SCALE[1])][0]
        raise ArgumentError(f"a {score} of {found:g}: scores go from {SCALE[0]:g} to {SCALE[1]:g}")
    if graph.is_directed():
        return a, b, values
    return np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([values, values])
