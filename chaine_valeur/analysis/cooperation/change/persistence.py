"""How long ties last (D16): persistence from one year to the next, births and deaths, the stable core.

A tie of unknown period (without first and last year) is neither born nor dead: it is left out of what is
counted, and gives bounds. So do the pairs that nobody documented.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....filiere import Filiere
from ....language import clauses, number, tr, trn
from ...measure import NAN, Measure
from ..ties.rows import documented_rows
from ..ties.years import PERHAPS, TIED, History, history_of, read_back
from .comparison import AMONG, Change, compare

if TYPE_CHECKING:
    from ..ties.years import Years

__all__ = ["CHANGE_COLUMNS", "persistence", "persistence_measure", "stable_core", "tie_changes"]

CHANGE_COLUMNS = {
    "year": "object",
    "to_year": "object",
    "ties": "int64",
    "to_ties": "int64",
    "kept": "int64",
    "births": "int64",
    "deaths": "int64",
    "births_with_newcomers": "int64",
    "deaths_with_leavers": "int64",
    "persistence": "float64",
    "low": "float64",
    "high": "float64",
    "persistence_both": "float64",
    "undated": "int64",
    "undocumented": "int64",
    "note": "str",
}


def tie_changes(
    source: Years,
    *,
    years: Iterable[Any] | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return what becomes of ties from each year to the next (D16): kept, born, ended.

    ``persistence = |E_t ∩ E_{t+1}| / |E_t ∪ E_{t+1}|`` (Jaccard), of the ties known in both years. Births are
    in the second only, deaths in the first only. Where actors came or left, their ties count as born or
    ended (`persistence`), or are left aside (`persistence_both`, over the actors present both years, as
    RSiena and others do with composition change (unverified)).

    Parameters
    ----------
    source
        A filière whose cooperations bear years; or a mapping from years to networkx graphs; or a sequence
        of graphs, numbered from 0.
    years
        The years to compare, each with the next one given. Of a filière, by default every year from the first
        that a tie bears to the one that it describes.
    kind, directed, actors
        As for `density`.

    Returns
    -------
    pandas.DataFrame
        A row per pair of years that follow each other. Columns ``year``, ``to_year``; ``ties``, ``to_ties``
        (in that year, those of unknown period too: what `density` counts); ``kept``, ``births``, ``deaths``
        (of known period), of which ``births_with_newcomers`` and ``deaths_with_leavers`` (an end was not
        there in the other year); ``persistence`` in [0, 1], NaN if no tie is known; ``low`` and ``high``,
        its bounds over every history of the unknown (attained); ``persistence_both``; ``undated`` and
        ``undocumented``, the pairs behind these bounds; ``note``.

    Notes
    -----
    In a filière a blank last year means that the tie goes on; a tie without a first year is known in its
    last year only, and may not have begun before. An actor who was asked documents its pairs in every year.
    Tables filled in once tell what ended before badly: who was met in 2024 rarely names a tie of 2015.
    Time and memory: proportional to ties, one year at a time.

    Examples
    --------
    >>> import networkx as nx
    >>> waves = {2020: nx.Graph([("a", "b"), ("b", "c")]), 2021: nx.Graph([("a", "b"), ("c", "d")])}
    >>> tie_changes(waves)[["year", "to_year", "kept", "births", "deaths", "persistence"]].round(2)
       year to_year  kept  births  deaths  persistence
    0  2020    2021     1       1       1         0.33
    """
    history = history_of(source, years=years, kind=kind, directed=directed, actors=actors)
    rows = []
    for before, after in pairwise(history.moments()):  # over the years
        every, both = compare(history, before, after), compare(history, before, after, among="both")
        rows.append(
            (
                before.year,
                after.year,
                int((before.state >= PERHAPS).sum()),
                int((after.state >= PERHAPS).sum()),
                every.kept,
                every.births,
                every.deaths,
                every.births - both.births,
                every.deaths - both.deaths,
                every.persistence,
                every.low,
                every.high,
                both.persistence,
                every.undated,
                every.undocumented,
                _note(history, every, lang),
            )
        )
    frame = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    frame = frame.astype(CHANGE_COLUMNS)
    return frame.assign(year=frame["year"].infer_objects(), to_year=frame["to_year"].infer_objects())


def persistence(
    source: Years,
    *,
    years: Iterable[Any] | None = None,
    among: str = "all",
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the persistence of ties between the two latest years (D16).

    ``|E_t ∩ E_{t+1}| / |E_t ∪ E_{t+1}|``: see `tie_changes`, which compares every year with the next.

    Parameters
    ----------
    source, kind, directed, actors
        As for `tie_changes`.
    years
        The years that may be compared: the two latest are.
    among
        ``"all"``: the ties of all actors; ``"both"``: of the actors present in both years.

    Returns
    -------
    float
        In [0, 1], 1 if the ties are the same; NaN if no tie bears a year, with fewer than two years, or if
        no tie is known in either.

    Raises
    ------
    ArgumentError
        Another `among`, a single graph, or a year that the source does not have.

    Examples
    --------
    >>> import networkx as nx
    >>> persistence([nx.path_graph(3), nx.path_graph(4), nx.cycle_graph(4)])
    0.75
    """
    return persistence_measure(
        source, years=years, among=among, kind=kind, directed=directed, actors=actors
    ).value


def persistence_measure(
    source: Years,
    *,
    years: Iterable[Any] | None = None,
    among: str = "all",
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D16 with its bounds: see `persistence`.

    ``low`` and ``high`` are attained by some history of the ties of unknown period and of the undocumented
    pairs, which ``n_unknown`` counts. Numerator and denominator are ties kept, and known in either year.
    """
    if among not in AMONG:
        raise ArgumentError(f"among={among!r} is not one of {', '.join(AMONG)}")
    source = read_back(source)
    history = history_of(source, years=years, kind=kind, directed=directed, actors=actors)
    if not history.dated:
        measure = Measure(NAN, "share", note=tr("no cooperation bears a year", lang))
    elif len(history.years) < 2:
        measure = Measure(NAN, "share", note=tr("a single year of cooperation: nothing to compare", lang))
    else:
        before, after = (history.at(year) for year in history.years[-2:])
        change = compare(history, before, after, among=among)
        note = tr(
            "from {year} to {to_year}, cooperations kept: {kept}, new: {births}, ended: {deaths}",
            lang,
            year=str(before.year),
            to_year=str(after.year),
            kept=number(change.kept, lang),
            births=number(change.births, lang),
            deaths=number(change.deaths, lang),
        )
        measure = Measure(
            change.persistence,
            "share",
            change.low,
            change.high,
            float(change.kept),
            float(change.union),
            n_unknown=change.undated + change.undocumented,
            note=clauses((note, _note(history, change, lang)), lang),
        )
    if not isinstance(source, Filiere):
        return measure
    asked = documented_rows(source, kind=kind, actors=actors)["actors"]
    return measure.resting_on(source, {"cooperations": history.rows, "actors": asked})


def stable_core(
    source: Years,
    *,
    years: Iterable[Any] | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return the ties that are there in every year: the stable core of cooperation (D16).

    Parameters
    ----------
    source, years, kind, directed, actors
        As for `tie_changes`; give the years of interest, over a long time little lasts.

    Returns
    -------
    pandas.DataFrame
        A row per pair, in table order. Columns ``actor_id``, ``to_actor_id``, and ``dated``: true if the tie
        is known in every year, false if it is of unknown period in one of them and may not have lasted.

    Examples
    --------
    >>> import networkx as nx
    >>> stable_core([nx.path_graph("abc"), nx.star_graph("bac"), nx.path_graph("bcd")])
      actor_id to_actor_id  dated
    0        b           c   True
    """
    history = history_of(source, years=years, kind=kind, directed=directed, actors=actors)
    least = np.full(len(history.a), TIED if history.years else 0, dtype=np.int8)
    for moment in history.moments():  # over the years
        least = np.minimum(least, moment.state)
    lasting = least >= PERHAPS
    return pd.DataFrame(
        {
            "actor_id": history.nodes[history.a[lasting]],
            "to_actor_id": history.nodes[history.b[lasting]],
            "dated": least[lasting] == TIED,
        }
    )


def _note(history: History, change: Change, lang: str) -> str:
    """Return why there is no figure, or what it leaves out."""
    parts = []
    if not history.dated:
        parts.append(tr("no cooperation bears a year", lang))
    elif not change.union:
        parts.append(tr("no cooperation known in either year", lang))
    if history.dated and change.undated:
        parts.append(
            trn(
                "{count} cooperation of unknown period left out",
                "{count} cooperations of unknown period left out",
                change.undated,
                lang,
            )
        )
    return clauses(parts, lang)
