"""Density of cooperation between blocks of actors (D2): do enterprises and the social economy really meet?"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....columns import columns
from ....errors import ArgumentError
from ....filiere import Filiere
from ....language import tr
from ....vocabulary import Pole, label
from ...measure import NAN, Measure
from ..cohesion.densities import measure_of, shares_of
from ..ties.counting import count_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.partition import Blocks, blocks_of, partition_named
from ..ties.rows import documented_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Places = NDArray[np.int64]

__all__ = ["block_density", "cross_pole_measure", "pairs_of_blocks"]

#: A frame has a row per pair of blocks: beyond this many blocks it would fill the memory.
MOST_BLOCKS = 3000


def block_density(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the density between and within blocks of actors (D2).

    ``d_AB = |E_AB| / (n_A n_B)`` between two blocks, ``2 |E_AA| / (n_A (n_A − 1))`` within one; directed,
    ``|E_AA| / (n_A (n_A − 1))``. Within a block of a single actor no pair is possible: NaN.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    by
        Of a filière: ``"role"`` (default) and ``"stage"`` (the first that an actor has), ``"pole"``,
        ``"commune"``, or any column of its actors.
    group
        Of a graph: the node attribute that holds the block. (`by` and `group` say the same thing: either
        does.)
    year, kind, directed
        As for `density`.
    actors
        Only these actors, and the ties among them.

    Returns
    -------
    pandas.DataFrame
        A row per pair of blocks that somebody is in, from ``group`` to ``to_group``: all of them if
        directed, each once if not (``group`` not after ``to_group``). Columns ``group``, ``to_group``,
        ``group_label``, ``to_group_label``, ``ties``, ``possible``, ``documented`` (pairs), ``density``
        (ties over possible pairs, NaN if none is documented or possible), ``low``, ``high``. Actors whose
        block is unknown make a last block, whose ``group`` is missing.

    Raises
    ------
    UnknownNameError
        No such column, no node with such an attribute, no such actor or kind.
    ValueError
        A graph without `group`, or more than 3000 blocks.

    References
    ----------
    UCINET practice; reproduced on « campnet » (see `density`).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    >>> nx.set_node_attributes(graph, {"a": "x", "b": "x", "c": "y"}, "team")
    >>> block_density(graph, group="team")[["group", "to_group", "ties", "possible", "density"]]
      group to_group  ties  possible  density
    0     x        x     2         2      1.0
    1     x        y     1         2      0.5
    2     y        x     0         2      0.0
    3     y        y     0         0      NaN
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=directed, kind=kind, actors=actors)
    blocks = blocks_of(source, ties.nodes, by=partition_named(source, by, group), lang=lang)
    frame, first, second = pairs_of_blocks(blocks, directed=ties.directed)
    pairs = count_pairs(ties, blocks.codes, n_blocks=len(blocks.keys))
    value, low, high = (each[first, second] for each in shares_of(pairs))
    return frame.assign(
        ties=pairs.ties[first, second],
        possible=pairs.possible[first, second],
        documented=pairs.documented[first, second],
        density=value,
        low=low,
        high=high,
    )


def pairs_of_blocks(blocks: Blocks, *, directed: bool) -> tuple[pd.DataFrame, Places, Places]:
    """Return a row per pair of blocks, keys and labels, and the codes of the two.

    Raises
    ------
    ArgumentError
        More blocks than a frame with a row per pair can hold.
    """
    count = len(blocks.keys)
    if count > MOST_BLOCKS:
        raise ArgumentError(f"{count} blocks: give a column with at most {MOST_BLOCKS} values")
    first, second = np.indices((count, count)) if directed else np.triu_indices(count)
    first, second = np.ravel(first), np.ravel(second)
    keys, words = pd.Series(blocks.keys, dtype=object).infer_objects(), pd.Series(blocks.labels, dtype="str")
    frame = pd.DataFrame(
        {
            "group": keys.take(first).to_numpy(),
            "to_group": keys.take(second).to_numpy(),
            "group_label": words.take(first).to_numpy(),
            "to_group_label": words.take(second).to_numpy(),
        }
    )
    return frame, first, second


def cross_pole_measure(
    source: Source,
    *,
    group: str = "pole",
    pole: str = Pole.ENTERPRISE.value,
    to_pole: str = Pole.ESS.value,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the density between two poles (D2): do enterprises and the social economy really meet?

    As `block_density` between these two blocks, read as undirected, with its bounds. NaN, without bounds,
    if one of the two poles has no actor.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    group
        Of a graph: the node attribute that holds the pole.
    pole, to_pole
        The two poles.
    year, kind, actors
        As for `block_density`.
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    blocks = blocks_of(source, ties.nodes, by=group, lang=lang)
    first, second = blocks.code(pole), blocks.code(to_pole)
    if first < 0 or second < 0:
        empty = pole if first < 0 else to_pole
        note = tr("no actor of the college “{pole}”", lang, pole=label(empty, "pole", lang))
        return Measure(NAN, "share", note=note)
    pairs = count_pairs(ties, blocks.codes, n_blocks=len(blocks.keys))
    measure = measure_of(pairs, (first, second), lang)
    if not isinstance(source, Filiere):
        return measure
    codes = columns(source, "actors").ranks("pole", (pole, to_pole))
    return measure.resting_on(source, documented_rows(source, kind=kind, blocks=codes, actors=actors))
