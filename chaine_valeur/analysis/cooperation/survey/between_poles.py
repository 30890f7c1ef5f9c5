"""Trust (D13) and value (D14) between poles: what may be shown of the scores that actors give one another."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....language import tr
from ...measure import NAN
from ..ties.layer import seen_in
from ..ties.partition import blocks_of
from .ratings import ratings_of
from .scores import FEWEST, mean_of, one_rated, too_few

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source
    from .ratings import Ratings

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["score_by_pole", "trust_by_pole", "value_by_pole"]


def score_by_pole(
    source: Source,
    *,
    score: str = "trust",
    group: str = "pole",
    fewest: int = FEWEST,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the mean of the scores that actors of one pole give those of another: it may be shown.

    A mean is masked where fewer than `fewest` actors give it, or where it is about a single actor. So that
    none of these follows from the others and the overall mean, further means are masked, those with the fewest
    raters first, until two or more are masked that at least `fewest` actors give together, and not about one
    and the same actor.

    Parameters
    ----------
    source, score, fewest, year, kind, actors
        As for `trust`.
    group
        The blocks: ``"pole"``, or what `block_density` takes.

    Returns
    -------
    pandas.DataFrame
        A row per ordered pair of poles of which scores are given. Columns ``group`` (of the raters) and
        ``to_group`` (of the rated), missing where the pole is unknown, ``group_label``, ``to_group_label``;
        ``raters``, ``scores`` (pairs); ``mean`` (1 to 4), NaN where masked; ``note``, the reason.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([(rater, rated, {"trust": 3}) for rater in "abc" for rated in "xy"])
    >>> graph.add_edge("x", "a", trust=1)
    >>> graph.add_edge("y", "b", trust=1)
    >>> nx.set_node_attributes(graph, {node: "ess" if node in "abc" else "elected" for node in graph}, "pole")
    >>> score_by_pole(graph, fewest=2)[["group", "to_group", "raters", "mean"]]
         group to_group  raters  mean
    0      ess  elected       3   3.0
    1  elected      ess       2   1.0
    """
    source = seen_in(source, year)
    found = ratings_of(source, score, kind=kind, actors=actors)
    blocks = blocks_of(source, found.ties.nodes, by=group, lang=lang)
    count = max(len(blocks.keys), 1)
    cell = blocks.codes[found.rater].astype(np.int64) * count + blocks.codes[found.rated]
    cells, where = np.unique(cell, return_inverse=True)
    raters, rated = (
        _distinct_in(where, ends, len(cells), found.ties.size) for ends in (found.rater, found.rated)
    )
    scores = np.bincount(where, minlength=len(cells)).astype(np.int64)
    total = np.bincount(where, weights=found.score, minlength=len(cells)).astype(np.float64)
    mean = mean_of(total, scores)
    few, single = raters < fewest, rated < 2
    also = _masked_with(few | single, raters, where, found, fewest)
    words = [
        too_few(fewest, lang),
        one_rated(lang),
        tr("not shown, so that another mean cannot be told", lang),
    ]
    note = np.select([few, single, also], words, default="")
    keys, labels = pd.Series(blocks.keys, dtype=object).infer_objects(), pd.Series(blocks.labels, dtype="str")
    one, other = np.divmod(cells, count)
    return pd.DataFrame(
        {
            "group": keys.take(one).to_numpy(),
            "to_group": keys.take(other).to_numpy(),
            "group_label": labels.take(one).to_numpy(),
            "to_group_label": labels.take(other).to_numpy(),
            "raters": raters,
            "scores": scores,
            "mean": np.where(few | single | also, NAN, mean),
            "note": pd.Series(note, dtype="str").to_numpy(),
        }
    )


def trust_by_pole(
    source: Source,
    *,
    group: str = "pole",
    fewest: int = FEWEST,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the mean trust between poles (D13), masked where too few raters stand behind: see `score_by_pole`."""
    return score_by_pole(
        source, score="trust", group=group, fewest=fewest, year=year, kind=kind, actors=actors, lang=lang
    )


def value_by_pole(
    source: Source,
    *,
    group: str = "pole",
    fewest: int = FEWEST,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the mean value between poles (D14), masked where too few raters stand behind: see `score_by_pole`."""
    return score_by_pole(
        source,
        score="value_score",
        group=group,
        fewest=fewest,
        year=year,
        kind=kind,
        actors=actors,
        lang=lang,
    )


def _masked_with(hidden: Mask, raters: Counts, where: Any, found: Ratings, fewest: int) -> Mask:
    """Return the cells to mask beside some, so that these do not follow from the total."""
    also = np.zeros(len(hidden), dtype=bool)
    if not hidden.any():
        return also
    for place in np.argsort(raters, kind="stable").tolist():  # over the few cells
        masked = hidden | also
        inside = masked[where]
        given, received = (len(np.unique(ends[inside])) for ends in (found.rater, found.rated))
        if masked.sum() >= 2 and given >= fewest and received >= 2:
            break
        also[place] = not hidden[place]
    return also


def _distinct_in(where: Any, ends: Any, count: int, size: int) -> Counts:
    """Return how many different actors each cell holds."""
    pairs = np.unique(where * max(size, 1) + ends)
    return np.bincount(pairs // max(size, 1), minlength=count)
