"""The mixing matrix: ties between blocks against what chance would have, in three models (D2)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ...measure import NAN
from ..ties.counting import Pairs, count_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.partition import blocks_of, partition_named
from .blocks import pairs_of_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["MODELS", "mixing_matrix"]

#: What chance is taken to keep: the density; the ties of each block; those that each block sends.
MODELS = ("density", "configuration", "outdegree")


def mixing_matrix(
    source: Source,
    *,
    model: str = "density",
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return observed and expected ties between and within blocks, and their ratio.

    With *T* ties over *P* possible pairs, *p_AB* of them between the blocks *A* and *B*, block sizes *n* in
    all *n*, and *K* the ties (out- and in-, of all members) of a block:

    * ``"density"``: ties fall anywhere, ``T p_AB / P``;
    * ``"configuration"``: each block keeps its ties, ``K_out(A) K_in(B) / T``; undirected,
      ``K_A K_B / 2T``, and ``K_A² / 4T`` within a block;
    * ``"outdegree"``: each block keeps the ties that it sends, ``K_out(A) n_B / (n − 1)``, and
      ``K_out(A) (n_A − 1) / (n − 1)`` within; undirected, the mean of both directions.

    In each, the expected ties sum to *T*.

    Parameters
    ----------
    source, by, group, year, kind, directed, actors
        As for `block_density`.
    model
        One of these three.

    Returns
    -------
    pandas.DataFrame
        A row per pair of blocks and first columns as `block_density` (actors whose block is unknown make a
        last block); then ``observed``, ``expected`` (ties), ``possible``, ``documented`` (pairs), ``ratio``
        (observed over expected, of known ties; NaN where none is expected, or no pair is documented), and
        its bounds ``low``, ``high`` over every completion of the undocumented pairs that has a tie: exact
        for ``"density"``, NaN for the two others where there are undocumented pairs.

    Raises
    ------
    ArgumentError
        No such model, or more than 3000 blocks.

    References
    ----------
    UCINET, *Network > Mixing Tables*: models *Density* (default), *Configuration* and *Fixed outdegree*;
    reproduced on « campnet » (model Density). For undirected ties its *Configuration* gives ``K_A² / 2T``
    within a block, whose sum exceeds *T*. networkx ``attribute_mixing_matrix(normalized=False)`` counts an
    undirected tie in both directions, so twice within a block.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxyy")), "team")
    >>> mixing_matrix(graph, group="team")[["group", "to_group", "observed", "expected", "ratio"]]
      group to_group  observed  expected  ratio
    0     x        x         1       0.5    2.0
    1     x        y         1       2.0    0.5
    2     y        y         1       0.5    2.0
    """
    if model not in MODELS:
        raise ArgumentError(f"model={model!r} is not one of {', '.join(MODELS)}")
    source = seen_in(source, year)
    ties = ties_of(source, directed=directed, kind=kind, actors=actors)
    blocks = blocks_of(source, ties.nodes, by=partition_named(source, by, group), lang=lang)
    frame, first, second = pairs_of_blocks(blocks, directed=ties.directed)
    count = len(blocks.keys)
    pairs = count_pairs(ties, blocks.codes, n_blocks=count)
    sizes = np.bincount(blocks.codes, minlength=count)
    expected = _expected(model, pairs, sizes, directed=ties.directed)[first, second]
    observed, documented = pairs.ties[first, second], pairs.documented[first, second]
    known = (expected > 0) & (documented > 0)
    unknown, possible = pairs.unknown[first, second], pairs.possible[first, second]
    ratio = observed / np.where(expected > 0, expected, NAN)
    if model == "density":
        # the same quotient in the same order: with nothing unknown the bounds are the value, to the last bit
        ratio, _ = _bounds(observed, np.zeros_like(unknown), possible)
        low, high = _bounds(observed, unknown, possible)
    else:
        low, high = (np.where(known & (unknown.sum() == 0), ratio, NAN) for _ in range(2))
    return frame.assign(
        observed=observed,
        expected=expected,
        possible=possible,
        documented=documented,
        ratio=np.where(known, ratio, NAN),
        low=low,
        high=high,
    )


def _expected(model: str, pairs: Pairs, sizes: Counts, *, directed: bool) -> Values:
    whole, size = _whole(pairs.ties, directed=directed), int(sizes.sum())
    if model == "density":
        possible = _whole(pairs.possible, directed=directed)
        return pairs.possible.astype(np.float64) * (whole / possible if possible else 0.0)
    ends = pairs.ties.astype(np.float64)
    if not directed:
        ends += np.diag(ends.diagonal())  # a tie within a block has two ends in it
    sent, received = ends.sum(axis=1), ends.sum(axis=0)
    if model == "configuration":
        expected: Values = np.multiply.outer(sent, received) / (max(whole, 1) * (1 if directed else 2))
    else:
        others = np.broadcast_to(sizes, (len(sizes), len(sizes))) - np.eye(len(sizes))
        expected = sent[:, None] * others / max(size - 1, 1)
        if not directed:
            expected = (expected + expected.T) / 2
    if not directed:
        expected[np.diag_indices_from(expected)] /= 2
    return expected


def _whole(table: Counts, *, directed: bool) -> int:
    """Return the sum over all pairs of blocks, each pair once."""
    return int(table.sum() if directed else np.triu(table).sum())


def _bounds(tied: Counts, unknown: Counts, possible: Counts) -> tuple[Values, Values]:
    """Return the least and the most that ``(t / T) (P / p)`` can be: others tied and this not, or the reverse."""
    scale = possible.sum() / np.where(possible > 0, possible, NAN)
    elsewhere = tied.sum() - tied
    low = _share(tied, tied + elsewhere + unknown.sum() - unknown)
    high = _share(tied + unknown, tied + unknown + elsewhere)
    # only one side can have a tie: one value is left
    return np.where(np.isnan(low), high, low) * scale, np.where(np.isnan(high), low, high) * scale


def _share(part: Counts, whole: Counts) -> Values:
    return part / np.where(whole > 0, whole, NAN)
