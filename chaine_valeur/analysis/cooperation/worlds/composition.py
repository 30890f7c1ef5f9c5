"""How mixed the whole network is by role, pole or any block: sizes, Blau's index, IQV (D8)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import tr, trn
from ....network import Ties
from ....schema import table
from ....vocabulary import Pole, Role, labels
from ...measure import NAN, Measure
from ..ties.layer import seen_in, ties_of
from ..ties.partition import Blocks, blocks_of, partition_named
from ..ties.rows import identifiers
from ..ties.variety import blau_of, highest_blau, least_varied, most_varied
from .sides import n_stated

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = [
    "blau",
    "blau_measure",
    "composition",
    "iqv",
    "iqv_measure",
    "read_blocks",
]


def composition(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return how many actors are in each block, and their share.

    Parameters
    ----------
    source
        A filière, whose active partners count (no diffuse actor, not the outside), or any networkx graph.
    by, group, year, actors
        As for `block_density`.

    Returns
    -------
    pandas.DataFrame
        Index ``group``, the blocks that somebody is in; columns ``label``, ``actors`` and ``share``, in
        [0, 1], of the actors whose block is known. Those whose block is not make a last row, whose ``group``
        is missing and whose share is NaN.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxxy")), "team")
    >>> composition(graph, group="team")
          label  actors  share
    group
    x         x       3   0.75
    y         y       1   0.25
    """
    _, _, blocks, _ = read_blocks(source, by, group, year, None, actors, lang)
    stated, sizes = n_stated(blocks), np.bincount(blocks.codes, minlength=len(blocks.keys))
    keys = pd.Series(blocks.keys, dtype=object).infer_objects()
    frame = pd.DataFrame(index=pd.Index(keys, name="group"))
    frame["label"] = pd.Series(blocks.labels, dtype="str").to_numpy()
    frame["actors"] = sizes.astype(np.int64)
    frame["share"] = np.full(len(frame), NAN)
    frame.iloc[:stated, 2] = sizes[:stated] / sizes[:stated].sum()
    return frame


def blau(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return Blau's index of the whole network (D8): ``1 − Σ p_k²``, *p_k* the share of actors of block *k*.

    The chance that two actors drawn at random, with replacement, are of different blocks (Gini–Simpson,
    ``1 −`` Herfindahl). It cannot exceed ``1 − 1/K``: `iqv` divides by that.

    Parameters
    ----------
    source, by, group, year, actors
        As for `composition`.

    Returns
    -------
    float
        In [0, 1 − 1/K], over actors whose block is known; NaN if there are none.

    References
    ----------
    Blau (1977), unverified.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxxy")), "team")
    >>> blau(graph, group="team")
    0.375
    """
    return _measure(source, "blau", by, group, year, actors, "en").value


def blau_measure(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return Blau's index of the whole network with its bounds: see `blau`.

    ``low`` and ``high`` hold whatever the block of the other actors is (of a filière any of the vocabulary,
    of a graph any that is present); ``n_unknown`` counts these actors. NaN bounds without an actor of known
    block.
    """
    return _measure(source, "blau", by, group, year, actors, lang)


def iqv(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the index of qualitative variation of the whole network (D8): ``(1 − Σ p_k²) / (1 − 1/K)``.

    *K* is the number of blocks that there could be: of a filière the terms of the vocabulary for poles and
    roles, else the blocks that somebody is in. See `blau`, whose standardised form it is.

    Returns
    -------
    float
        In [0, 1]; 1 where all *K* blocks have as many actors. NaN also with a single block in all.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxxy")), "team")
    >>> iqv(graph, group="team")
    0.75
    """
    return _measure(source, "iqv", by, group, year, actors, "en").value


def iqv_measure(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the IQV of the whole network with its bounds: see `iqv` and `blau_measure`."""
    return _measure(source, "iqv", by, group, year, actors, lang)


def read_blocks(
    source: Source,
    by: str | None,
    group: str | None,
    year: int | None,
    kind: str | Collection[str] | None,
    actors: Collection[Hashable] | None,
    lang: str,
) -> tuple[Source, Ties, Blocks, int]:
    """Return the ties in blocks, and how many blocks there could be."""
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    name = partition_named(source, by, group)
    blocks = blocks_of(source, ties.nodes, by=name, lang=lang)
    return source, ties, blocks, _n_categories(source, name, blocks)


def _n_categories(source: Source, by: str, blocks: Blocks) -> int:
    """Return how many blocks there could be."""
    if isinstance(source, Filiere):
        if by in ("role", "pole"):
            return len(Role if by == "role" else Pole)
        column = table("actors").columns.get(by)
        if column is not None and column.vocabulary:
            return len(labels(column.vocabulary, "en"))
    return n_stated(blocks)


def _measure(
    source: Source,
    index: str,
    by: str | None,
    group: str | None,
    year: int | None,
    actors: Collection[Hashable] | None,
    lang: str,
) -> Measure:
    source, ties, blocks, categories = read_blocks(source, by, group, year, None, actors, lang)
    stated = n_stated(blocks)
    counts = np.zeros((1, max(categories, stated)), dtype=np.int64)
    counts[0, :stated] = np.bincount(blocks.codes, minlength=stated)[:stated]
    known = int(counts.sum())
    unknown = ties.size - known
    most = highest_blau(categories) if index == "iqv" else 1.0
    value = float(blau_of(counts)[0]) / most
    note = trn("of {count} actor", "of {count} actors", known, lang)
    if known == 0:
        return Measure(NAN, "ratio", n_unknown=unknown, note=tr("no actor whose category is known", lang))
    if value != value:
        return Measure(NAN, "ratio", n_unknown=unknown, note=tr("a single category in all", lang))
    low = float(blau_of(least_varied(counts, np.array([unknown])))[0]) / most
    # one more actor cannot always keep an even mix even: the value itself is an answer that is not below
    high = max(float(blau_of(most_varied(counts, np.array([unknown])))[0]) / most, value)
    measure = Measure(value, "ratio", low, high, n_unknown=unknown, note=note)
    if not isinstance(source, Filiere):
        return measure
    stated_actors = identifiers(ties.nodes[blocks.codes < stated])
    return measure.resting_on(source, {"actors": stated_actors})
