"""Whom the survey reached: the response rate behind every figure of cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import tr
from ...measure import NAN
from ..ties.layer import seen_in, ties_of
from ..ties.partition import blocks_of
from .ratings import SCORES, ratings_of

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["survey_coverage"]


def survey_coverage(
    source: Source, *, group: str | None = None, year: int | None = None, lang: str = "fr"
) -> pd.DataFrame:
    """Return how many of the partners were asked, in all and by pole, and how many gave scores.

    ``share = asked / partners``. A pair of actors is documented as soon as one of them was asked: with a share
    s, about 1 − (1 − s)² of the pairs are.

    Parameters
    ----------
    source
        A filière or any networkx graph, in which everyone counts as asked.
    group
        The blocks: of a filière by default ``"pole"``, of a graph a node attribute; without it, a graph has
        the first row only.
    year
        The filière in that year.

    Returns
    -------
    pandas.DataFrame
        A row for all partners (``group`` is ``all``), then one per block that somebody is in. Columns
        ``group`` (missing for partners of unknown block), ``group_label``; ``partners``, ``asked``, ``share``
        (in [0, 1], NaN without a partner); ``rating_trust``, ``rating_value``: partners who score at least one
        other.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={
    ...         "name": ["Relais", "Filature", "Mairie"],
    ...         "pole": ["ess", "enterprise", "enterprise"],
    ...         "surveyed_on": ["2024-03-12", "2024-03-13", None],
    ...     }
    ... )
    >>> survey_coverage(f)[["group", "partners", "asked", "share"]].round(2)
            group  partners  asked  share
    0         all         3      2   0.67
    1  enterprise         2      1   0.50
    2         ess         1      1   1.00
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False)
    if group is None and isinstance(source, Filiere):
        group = "pole"
    codes, keys, labels = np.zeros(ties.size, dtype=np.int64), ["all"], [tr("All partners", lang)]
    if group is not None and ties.size:
        blocks = blocks_of(source, ties.nodes, by=group, lang=lang)
        codes, keys, labels = blocks.codes.astype(np.int64) + 1, keys + blocks.keys, labels + blocks.labels
    masks = [np.ones(ties.size, dtype=bool), ties.asked]
    for score in SCORES:
        rating = np.zeros(ties.size, dtype=bool)
        rating[ratings_of(source, score).rater] = True
        masks.append(rating)
    counts = []
    for mask in masks:  # over the four counts
        found = np.bincount(codes[mask], minlength=len(keys))
        found[0] = mask.sum()
        counts.append(found)
    partners, asked, *rating_ = counts
    share = np.divide(asked, partners, out=np.full(len(keys), NAN), where=partners > 0)
    return pd.DataFrame(
        {
            "group": pd.Series(keys, dtype=object).infer_objects(),
            "group_label": pd.Series(labels, dtype="str"),
            "partners": partners,
            "asked": asked,
            "share": share,
            "rating_trust": rating_[0],
            "rating_value": rating_[1],
        }
    )
