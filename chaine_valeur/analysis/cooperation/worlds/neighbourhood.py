"""How mixed the neighbours of each actor are: Blau's index and IQV of their blocks (D8)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...measure import NAN
from ..ties.counting import open_pairs
from ..ties.variety import highest_blau
from .composition import read_blocks
from .sides import n_stated

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["neighbourhood_diversity"]


def neighbourhood_diversity(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return how mixed the neighbours of each actor are by block: Blau's index and IQV.

    Neighbours are those tied to the actor in either direction, each once. ``blau = 1 − Σ p_k²`` over the
    shares of blocks among its neighbours, ``iqv = blau / (1 − 1/K)``, *K* as for `iqv`.

    Parameters
    ----------
    source, by, group, year, actors
        As for `composition`.
    kind
        Only ties of that kind, or of these.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, in table order; columns ``neighbours``, ``without_block`` (of these, of unknown
        block, left out of the indices), ``undocumented`` (other actors of whom nobody knows whether they are
        tied to this one), ``blau`` and ``iqv`` of the known neighbours: NaN without one of known block. No
        bounds are given: `undocumented` and `without_block` say how much is open.

    References
    ----------
    UCINET's composition of ego networks prints both (unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.star_graph(3)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxyy")), "team")
    >>> neighbourhood_diversity(graph, group="team")[["neighbours", "blau", "iqv"]].round(3).head(2)
              neighbours   blau    iqv
    actor_id
    0                  3  0.444  0.889
    1                  1  0.000  0.000
    """
    source, ties, blocks, categories = read_blocks(source, by, group, year, kind, actors, "en")
    stated, size = n_stated(blocks), ties.size
    ends = np.concatenate([ties.a, ties.b]).astype(np.int64)
    others = blocks.codes[np.concatenate([ties.b, ties.a])].astype(np.int64)
    degree = np.bincount(ends, minlength=size)
    known = others < stated
    # actor × block would not fit for many blocks: only the pairs that occur are counted
    met = np.sort(ends[known] * max(stated, 1) + others[known])
    starts = np.flatnonzero(np.append(True, met[1:] != met[:-1])) if len(met) else np.zeros(0, dtype=np.int64)
    counts = np.diff(np.append(starts, len(met)))
    squares = np.bincount(met[starts] // max(stated, 1), counts.astype(np.float64) ** 2, minlength=size)
    among = np.bincount(ends[known], minlength=size)
    frame = pd.DataFrame(index=ties.nodes.rename("actor_id"))
    frame["neighbours"], frame["without_block"] = degree, degree - among
    frame["undocumented"] = open_pairs(ties)
    frame["blau"] = 1 - squares / np.where(among > 0, among.astype(np.float64) ** 2, NAN)
    frame["iqv"] = frame["blau"] / highest_blau(categories)
    return frame
