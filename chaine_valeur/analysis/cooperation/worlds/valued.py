"""How strong cooperation between blocks is: the mean strength per possible pair (D2, valued)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...measure import NAN
from ..ties.counting import count_pairs
from .blocks import pairs_of_blocks
from .sides import read

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Values = NDArray[np.float64]

__all__ = ["valued_block_density"]


def valued_block_density(
    source: Source,
    *,
    weight: str = "weight",
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the mean strength of a possible pair between and within blocks (D2, valued).

    The sum of the strengths of ties over the pairs that could be tied; a pair without a tie counts 0.

    Parameters
    ----------
    source, by, group, year, kind, directed, actors
        As for `block_density`.
    weight
        Of a graph: the edge attribute that holds the strength. In a filière it is the intensity: 1
        information, 2 joint action, 3 agreement, 4 contract; of parallel ties the strongest counts.

    Returns
    -------
    pandas.DataFrame
        Rows and first columns as `block_density`; then ``ties``, ``possible`` (pairs), ``without_strength``
        (ties of which none is stated), ``strength``, ``low``, ``high``. A tie without a stated strength
        counts for the least that it may be in a filière (1), for nothing in a graph. `strength` is NaN where
        no pair is documented, or where there are ties and none states one. The bounds give 1 to 4 to these
        ties in a filière, and 0 to 4 to the undocumented pairs; a graph has no scale, so they are NaN where
        a strength is missing.

    Raises
    ------
    ArgumentError
        A strength below 0, or more than 3000 blocks.

    References
    ----------
    UCINET's density by groups of valued data: the mean of the cells of each block (unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("a", "b", {"weight": 1}), ("b", "c", {"weight": 3})])
    >>> nx.set_node_attributes(graph, {"a": "x", "b": "x", "c": "y"}, "team")
    >>> valued_block_density(graph, group="team")[["group", "to_group", "possible", "strength"]]
      group to_group  possible  strength
    0     x        x         1       1.0
    1     x        y         2       1.5
    2     y        y         0       NaN
    """
    reading = read(
        source,
        "weighted",
        by=by,
        group=group,
        year=year,
        kind=kind,
        directed=directed,
        actors=actors,
        weight=weight,
        lang=lang,
    )
    ties, blocks, strength = reading.ties, reading.blocks, reading.strength
    assert strength is not None  # it is the weighted reading
    frame, first, second = pairs_of_blocks(blocks, directed=ties.directed)
    pairs = count_pairs(ties, blocks.codes, n_blocks=len(blocks.keys))
    stated = ~np.isnan(strength)
    place = (first, second)
    total = _sums(blocks.codes, ties.a[stated], ties.b[stated], strength[stated], directed=ties.directed)[
        place
    ]
    ones = np.ones(int((~stated).sum()))
    unstated = _sums(blocks.codes, ties.a[~stated], ties.b[~stated], ones, directed=ties.directed)[place]
    tied, documented = pairs.ties[place], pairs.documented[place]
    possible = np.where(pairs.possible[place] > 0, pairs.possible[place], NAN)
    open_pairs = unstated + pairs.unknown[place]
    low = (total + _times(unstated, reading.scale[0])) / possible
    value = total / possible if np.isnan(reading.scale[0]) else low
    known = (documented > 0) & ((tied == 0) | (unstated < tied))
    return frame.assign(
        ties=tied,
        possible=pairs.possible[place],
        without_strength=unstated.astype(np.int64),
        strength=np.where(known, value, NAN),
        low=low,
        high=(total + _times(open_pairs, reading.scale[1])) / possible,
    )


def _times(counts: Values, each: float) -> Values:
    return np.where(counts > 0, counts * each, 0.0)


def _sums(codes: Codes, a: Codes, b: Codes, weights: Values, *, directed: bool) -> Values:
    """Return the sum of weights, blocks × blocks; symmetric if undirected."""
    count = int(codes.max(initial=-1)) + 1
    places = codes[a].astype(np.int64) * count + codes[b]
    sums = np.bincount(places, weights, minlength=count * count).reshape(count, count).astype(np.float64)
    if directed:
        return sums
    both = sums + sums.T
    np.fill_diagonal(both, sums.diagonal())
    return both
