"""What actors say of one another, trust (D13) and value (D14), in all and actor by actor.

The overall mean may be shown, unless too few raters stand behind it. Means by actor name those who are trusted:
they are internal. Between poles, see `score_by_pole`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import number, tr, trn
from ...measure import NAN, Measure
from ..ties.layer import seen_in
from .ratings import SCALE, Ratings, ratings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = [
    "FEWEST",
    "mean_of",
    "one_rated",
    "score_by_actor",
    "too_few",
    "trust",
    "trust_by_actor",
    "trust_measure",
    "value_by_actor",
    "value_score",
    "value_score_measure",
]

#: Raters below which a mean is not shown.
FEWEST = 3


def trust(
    source: Source,
    *,
    score: str = "trust",
    fewest: int = FEWEST,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the mean trust that partners state in one another (D13).

    ``mean over (rater, rated) of the score``, each pair once: several rows of one rater about the same actor
    are averaged first, what one says of oneself is left out. PARTNER averages openness, reliability and shared
    mission of the partner; here one score stands for them.

    Parameters
    ----------
    source
        A filière (the first actor of a row of cooperations rates the second), or a graph whose edges bear the
        score (from start to end; without direction, each of the other).
    score
        The column, or the edge attribute.
    fewest
        Raters below which nothing is shown.
    year, kind, actors
        As for `density`.

    Returns
    -------
    float
        From 1 to 4; of the scores *given*. NaN if none is, or by fewer than `fewest` actors, or all of them of
        one actor (its mean would be told by name): `trust_measure` says which.

    References
    ----------
    PARTNER (visiblenetworklabs.com), trust and value scores from 1 to 4 (unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_weighted_edges_from([("a", "b", 3), ("b", "c", 4), ("c", "a", 2)], weight="trust")
    >>> trust(graph)
    3.0
    """
    return trust_measure(
        source, score=score, fewest=fewest, year=year, kind=kind, actors=actors, lang="en"
    ).value


def trust_measure(
    source: Source,
    *,
    score: str = "trust",
    fewest: int = FEWEST,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D13 with its bounds: see `trust`.

    ``n_unknown`` counts the scores that are awaited: of each known tie, what either end says of the other.
    ``low`` and ``high`` have all of them at 1 and at 4 (attained). Numerator and denominator are the sum and
    the number of scores. Where the mean is not shown neither are its terms nor its bounds.
    """
    source = seen_in(source, year)
    found = ratings_of(source, score, kind=kind, actors=actors)
    raters, rated = len(np.unique(found.rater)), len(np.unique(found.rated))
    awaited, total, count = len(found.silent_rater), float(found.score.sum()), len(found.score)
    if not count:
        measure = Measure(NAN, "1-4", n_unknown=awaited, note=tr("no score given", lang))
    elif raters < fewest:
        measure = Measure(NAN, "1-4", n_unknown=awaited, note=too_few(fewest, lang))
    elif rated < 2:
        measure = Measure(NAN, "1-4", n_unknown=awaited, note=one_rated(lang))
    else:
        low, high = ((total + end * awaited) / (count + awaited) for end in SCALE)
        measure = Measure(
            total / count, "1-4", low, high, total, float(count), n_unknown=awaited, note=_said(found, lang)
        )
    return (
        measure.resting_on(source, {"cooperations": found.rows}) if isinstance(source, Filiere) else measure
    )


def value_score(
    source: Source,
    *,
    fewest: int = FEWEST,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the mean value that partners see in one another (D14): as `trust`, of the score ``value_score``.

    PARTNER averages power and influence, contribution of resources, and involvement of the partner.

    Examples
    --------
    >>> import networkx as nx
    >>> value_score(nx.DiGraph([("a", "b"), ("b", "c")]))
    nan
    """
    return trust(source, score="value_score", fewest=fewest, year=year, kind=kind, actors=actors)


def value_score_measure(
    source: Source,
    *,
    fewest: int = FEWEST,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D14 with its bounds: see `trust_measure`."""
    return trust_measure(
        source, score="value_score", fewest=fewest, year=year, kind=kind, actors=actors, lang=lang
    )


def score_by_actor(
    source: Source,
    *,
    score: str = "trust",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return the mean of the scores that each actor receives. Internal: it names those who are trusted.

    Parameters
    ----------
    source, score, year, kind, actors
        As for `trust`.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, in table order. Columns ``mean`` (1 to 4, NaN if nobody rates it), ``raters``; the
        partners with a known tie who do not rate it, ``silent_asked`` (surveyed) and ``silent_not_asked``;
        ``low`` and ``high``, the mean with these at 1 and at 4 (NaN without a partner); ``given``, how many
        others it rates itself; ``confidentiality``, ``internal`` throughout.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b", {"trust": 3}), ("c", "b", {"trust": 2}), ("b", "a", {})])
    >>> score_by_actor(graph)[["mean", "raters", "silent_asked", "given"]]
              mean  raters  silent_asked  given
    actor_id
    a          NaN       0             1      1
    b          2.5       2             0      0
    c          NaN       0             1      1
    """
    source = seen_in(source, year)
    found = ratings_of(source, score, kind=kind, actors=actors)
    size, asked = found.ties.size, found.ties.asked[found.silent_rater]
    raters = np.bincount(found.rated, minlength=size)
    total = np.bincount(found.rated, weights=found.score, minlength=size).astype(np.float64)
    silent = [np.bincount(found.silent_rated[mask], minlength=size) for mask in (asked, ~asked)]
    missing = silent[0] + silent[1]
    low, high = (mean_of(total + end * missing, raters + missing) for end in SCALE)
    return pd.DataFrame(
        {
            "mean": mean_of(total, raters),
            "raters": raters,
            "silent_asked": silent[0],
            "silent_not_asked": silent[1],
            "low": low,
            "high": high,
            "given": np.bincount(found.rater, minlength=size),
            "confidentiality": pd.Series(["internal"] * size, dtype="str").to_numpy(),
        },
        index=found.ties.nodes.rename("actor_id"),
    )


def trust_by_actor(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return the mean trust that each actor receives (D13). Internal: see `score_by_actor`."""
    return score_by_actor(source, score="trust", year=year, kind=kind, actors=actors)


def value_by_actor(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return the mean value that others see in each actor (D14). Internal: see `score_by_actor`."""
    return score_by_actor(source, score="value_score", year=year, kind=kind, actors=actors)


def mean_of(total: Values, count: Counts) -> Values:
    """Return means, NaN over none."""
    return np.divide(total, count, out=np.full(len(count), NAN), where=count > 0)


def _said(found: Ratings, lang: str) -> str:
    asked = found.ties.asked[found.silent_rater]
    return tr(
        "{scores}; awaited from actors who were asked: {asked}, from others: {others}",
        lang,
        scores=trn("{count} score", "{count} scores", len(found.score), lang),
        asked=number(int(asked.sum()), lang),
        others=number(int((~asked).sum()), lang),
    )


def too_few(fewest: int, lang: str) -> str:
    """Return that too few actors stand behind a mean."""
    return trn(
        "not shown: given by fewer than {count} actor",
        "not shown: given by fewer than {count} actors",
        fewest,
        lang,
    )


def one_rated(lang: str) -> str:
    """Return that a mean is about one actor, whom it would name."""
    return tr("not shown: about a single actor", lang)
