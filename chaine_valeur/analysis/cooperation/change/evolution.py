"""Cooperation year by year: ties known, born, ended, kept, and how dense they are."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import tr, trn
from ....vocabulary import CooperationKind
from ...measure import NAN, ratio
from ..ties.years import PERHAPS, TIED, UNDOCUMENTED, history_of, read_back
from .comparison import compare

if TYPE_CHECKING:
    from ..ties.years import Years

__all__ = ["HISTORY_COLUMNS", "tie_history"]

HISTORY_COLUMNS = {
    "kind": "str",
    "year": "object",
    "actors": "int64",
    "ties": "int64",
    "born": "float64",
    "ended": "float64",
    "kept": "float64",
    "density": "float64",
    "low": "float64",
    "high": "float64",
    "undated": "int64",
    "undocumented": "int64",
    "note": "str",
}


def tie_history(
    source: Years,
    *,
    years: Iterable[Any] | None = None,
    by_kind: bool = False,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return cooperation year by year: the rows of the figure of its evolution (D16, D1).

    Parameters
    ----------
    source, years, kind, directed, actors
        As for `tie_changes`.
    by_kind
        Of a filière: after all ties, those of each kind of cooperation that it has rows of.

    Returns
    -------
    pandas.DataFrame
        A row per year (and kind). Columns ``kind`` (``all`` first, then in the order of the vocabulary) and
        ``year``; ``actors`` present; ``ties`` of that year, those of unknown period too; ``born`` since the
        year before in the table, ``ended`` since then, ``kept`` (of known period; NaN in the first year);
        ``density`` (ties over possible pairs, as `density` of that year; NaN if nothing is documented),
        ``low`` (without the ties of unknown period) and ``high`` (with every undocumented pair);
        ``undated`` (ties of unknown period), ``undocumented`` (pairs), ``note``.

    Notes
    -----
    A tie that bears its years also says when it was not there, so that a pair which `density` of that year
    counts as undocumented may be documented here.

    Examples
    --------
    >>> import networkx as nx
    >>> waves = {2020: nx.Graph([("a", "b"), ("b", "c")]), 2021: nx.Graph([("a", "b"), ("a", "c")])}
    >>> tie_history(waves)[["year", "ties", "born", "ended", "kept", "density"]].round(2)
       year  ties  born  ended  kept  density
    0  2020     2   NaN    NaN   NaN     0.67
    1  2021     2   1.0    1.0   1.0     0.67
    """
    source = read_back(source)
    wanted: list[tuple[str, str | Collection[str] | None]] = [("all", kind)]
    if by_kind and isinstance(source, Filiere):
        held = set(source.cooperations["kind"].dropna())
        if kind is not None:
            held &= {kind} if isinstance(kind, str) else set(kind)
        wanted += [(term.value, term.value) for term in CooperationKind if term.value in held]
    if years is None and by_kind:  # each kind over the years of all of them
        years = history_of(source, kind=kind, directed=directed, actors=actors).years
    parts = [
        row
        for name, one in wanted  # over the few kinds
        for row in _rows(source, name, years, one, directed, actors, lang)
    ]
    frame = pd.DataFrame(parts, columns=list(HISTORY_COLUMNS)).astype(HISTORY_COLUMNS)
    return frame.assign(year=frame["year"].infer_objects())


def _rows(
    source: Years,
    name: str,
    years: Iterable[Any] | None,
    kind: str | Collection[str] | None,
    directed: bool | None,
    actors: Collection[Hashable] | None,
    lang: str,
) -> list[tuple[Any, ...]]:
    history = history_of(source, years=years, kind=kind, directed=directed, actors=actors)
    rows, before = [], None
    for moment in history.moments():  # over the years
        possible, state = history.pairs_of(moment.present), moment.state
        ties, sure = int((state >= PERHAPS).sum()), int((state == TIED).sum())
        undocumented = int((state == UNDOCUMENTED).sum()) + history.silent(moment.unasked)
        flow: tuple[float, float, float] = (NAN, NAN, NAN)
        if before is not None:
            change = compare(history, before, moment)
            flow = (float(change.births), float(change.deaths), float(change.kept))
        low, high = ratio(sure, possible), ratio(ties + undocumented, possible)
        density = NAN if undocumented == possible else ratio(ties, possible)
        note = ""
        if possible == 0:
            note = tr("fewer than two actors present", lang)
        elif undocumented == possible:
            note = tr("no pair of actors documented", lang)
        elif ties > sure:
            note = trn(
                "{count} cooperation of unknown period",
                "{count} cooperations of unknown period",
                ties - sure,
                lang,
            )
        present = int(np.count_nonzero(moment.present))
        rows.append(
            (name, moment.year, present, ties, *flow, density, low, high, ties - sure, undocumented, note)
        )
        before = moment
    return rows
