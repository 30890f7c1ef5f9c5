"""Ties between blocks against chance: which worlds meet more, or less, than the numbers alone would have it."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....language import SMALL_NUMBER, tr
from ...measure import NAN
from ..ties.counting import count_pairs
from ..ties.partition import blocks_of, partition_named
from ..worlds.sides import n_stated
from .draws import SWAPS, Draws, check, draws_of
from .kernels import block_codes, cell_counts
from .null_models import labelled_of
from .outcome import Question, judged
from .trial import Layer, stuck

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["mixing_significance"]

#: The counts of every pair of blocks are held for every draw: 40 MB for 100 blocks and 1000 draws.
MOST_BLOCKS = 100
FIGURES = {
    **dict.fromkeys(("expected", "sd", "low", "high", "p", "p_lower", "p_higher"), "float64"),
    "draws": "int64",
    "note": "str",
}


def mixing_significance(
    source: Source,
    *,
    model: str = "labels",
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    swaps: float = SWAPS,
    fewest: int = SMALL_NUMBER,
    show_small: bool = False,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the ties between and within blocks, against those of random networks.

    What UCINET calls a relational contingency table analysis (unverified). Of many pairs of blocks some fall outside the
    interval by chance: of twenty, one.

    Parameters
    ----------
    source, by, group
        As for `chaine_valeur.analysis.cooperation.worlds.blocks.block_density`.
    model, draws, seed, level, swaps, fewest, show_small, year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.chance.significance.significance`.

    Returns
    -------
    pandas.DataFrame
        A row per pair of known blocks, from ``group`` to ``to_group``: all of them if directed, each once if
        not. Columns ``group``, ``to_group``, ``group_label``, ``to_group_label``, ``ties`` (NaN where no pair
        of actors is possible), ``expected``, ``sd``, ``low``, ``high``, ``p``, ``p_lower``, ``p_higher``,
        ``draws``, ``note``, as in `chaine_valeur.analysis.cooperation.chance.outcome.Significance`.

    Raises
    ------
    UnknownNameError
        No such model or column, or no node with such an attribute.
    ArgumentError
        More than 100 blocks, less than one draw, or a level outside 0–1.
    ValueError
        A graph without `group`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.disjoint_union(nx.complete_graph(16), nx.complete_graph(16))
    >>> nx.set_node_attributes(graph, {node: "ab"[node // 16] for node in graph}, "team")
    >>> table = mixing_significance(graph, group="team", draws=199)
    >>> table[["group", "to_group", "ties", "p"]]
      group to_group   ties     p
    0     a        a  120.0  0.01
    1     a        b    0.0  0.01
    2     b        b  120.0  0.01
    """
    check(model, draws, swaps)
    layer = Layer.of(source, by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    source, ties = layer.source, layer.ties
    named = partition_named(source, by, group)
    blocks = blocks_of(source, ties.nodes, by=named, lang=lang)
    codes, keys = block_codes(source, ties, named)
    n_blocks = n_stated(blocks)
    if n_blocks > MOST_BLOCKS:
        raise ArgumentError(f"{n_blocks} blocks: give a column with at most {MOST_BLOCKS} values")
    possible = count_pairs(ties, blocks.codes, n_blocks=len(blocks.keys)).possible
    first, second = np.indices((n_blocks, n_blocks)) if ties.directed else np.triu_indices(n_blocks)
    first, second = np.ravel(first), np.ravel(second)
    why_stuck = stuck(layer, model, lang)
    question = Question(model, draws, seed, level, ties.size, fewest, show_small, lang, why_stuck)
    observed = cell_counts(Draws.observed(ties), ties, codes, n_blocks)[0, first, second]
    labelled = labelled_of(source, ties, named)
    cells = (n_blocks + 1) ** 2
    batches = draws_of(ties, model=model, draws=draws, seed=seed, swaps=swaps, labelled=labelled, cells=cells)
    drawn = [cell_counts(batch, ties, codes, n_blocks)[:, first, second] for batch in batches]
    values = np.concatenate(drawn).astype(np.float64)
    alone = tr("a single actor: no pair within it", lang)
    rows = []
    for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):  # over the cells
        count = float(observed[place]) if possible[one, other] else NAN
        found = asdict(judged(question, named, count, values[:, place], reason=alone))
        told = (keys[one], keys[other], blocks.labels[one], blocks.labels[other], count)
        rows.append((*told, *(found[name] for name in FIGURES)))
    columns = ["group", "to_group", "group_label", "to_group_label", "ties", *FIGURES]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"group_label": "str", "to_group_label": "str", "ties": "float64", **FIGURES})
