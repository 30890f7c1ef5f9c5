"""Whether cooperation becomes exchange of material (D15): ties of a year that trade some years later.

A flow that bears no year holds every year, as the schema says; when it began is unknown, which gives bounds.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ....columns import columns
from ....filiere import Filiere
from ....language import clauses, number, tr
from ...measure import NAN, Measure, ratio
from ..ties.rows import documented_rows
from ..ties.years import history_of, read_back
from .flow_years import FlowYears
from .outcomes import LAGS, Conversion, conversions_of, lags_of

if TYPE_CHECKING:
    from ..ties.layer import Source
    from ..ties.years import Years
    from .outcomes import Lag

__all__ = ["CONVERSION_COLUMNS", "tie_conversion", "tie_conversion_measure", "tie_conversion_table"]

CONVERSION_COLUMNS = {
    "year": "object",
    "lag": "int64",
    "to_year": "object",
    "ties": "int64",
    "converted": "int64",
    "already": "float64",
    "newly": "float64",
    "not_yet": "float64",
    "stopped": "float64",
    "conversion": "float64",
    "low": "float64",
    "high": "float64",
    "new_conversion": "float64",
    "new_low": "float64",
    "new_high": "float64",
    "undated": "int64",
    "every_year": "int64",
    "undocumented": "int64",
    "note": "str",
}


def tie_conversion_table(
    source: Years,
    *,
    flows: Source | Mapping[Any, Source] | None = None,
    lag: Lag = LAGS,
    years: Iterable[Any] | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return, year by year, which cooperations are exchanges of material some years later (D15).

    ``conversion = |{c ∈ E_c(t) : c ∈ E_f(t + L)}| / |E_c(t)|``: of the pairs known to cooperate in year t,
    those between which material passes, either way, in year t + L. They are told apart: *already* exchanging
    in t, *newly* so in t + L, *not yet*, or *stopped* since. ``new_conversion`` is newly over (newly + not
    yet): of the pairs that talked without exchanging, those that came to exchange.

    Parameters
    ----------
    source
        A filière whose cooperations and flows bear years; or a mapping from years to graphs of cooperation;
        or one graph of cooperation.
    flows
        Of graphs: a mapping from years to graphs of flows; or, for one graph of cooperation, one graph of
        what passes later. Direction and parallel edges do not matter.
    lag
        Years between the cooperation and the exchange: one number or several.
    years
        The years t of cooperation; by default all from which some lag leads to a year of flows.
    kind, actors
        As for `density`: only ties of that kind, or among these actors.

    Returns
    -------
    pandas.DataFrame
        A row per year t and lag such that some flow bears the year t + L, and that a tie is known by year t.
        Columns ``year``, ``lag``, ``to_year``; ``ties`` (known in t), ``converted``; ``already``, ``newly``,
        ``not_yet``, ``stopped``, which add up to ``ties`` (NaN where no flow bears the year t);
        ``conversion``, ``low``, ``high``; ``new_conversion``, ``new_low``, ``new_high``; ``undated`` (ties
        of unknown period), ``every_year`` (tied pairs that exchange through a flow without a year),
        ``undocumented`` (pairs); ``note``. Shares are in [0, 1], NaN where nothing is tied.

    Notes
    -----
    Both bounds are attained: by some choice of the ties of unknown period, of the undocumented pairs and of
    the beginning of flows that bear no year. Flows are those listed: a passage that no row speaks of is none
    here. Only active flows between active partners count, and one of 0 t is none; one without a year holds in
    the years in which both were there.

    Examples
    --------
    >>> import networkx as nx
    >>> talk = {2020: nx.Graph([("a", "b"), ("b", "c"), ("c", "d")])}
    >>> trade = {2020: nx.DiGraph([("a", "b")]), 2021: nx.DiGraph([("b", "a"), ("c", "b"), ("a", "d")])}
    >>> table = tie_conversion_table(talk, flows=trade, lag=1)
    >>> table[["year", "ties", "already", "newly", "not_yet", "conversion", "new_conversion"]].round(2)
       year  ties  already  newly  not_yet  conversion  new_conversion
    0  2020     3      1.0    1.0      1.0        0.67             0.5
    """
    found = conversions_of(source, flows=flows, lag=lag, years=years, kind=kind, actors=actors)
    frame = pd.DataFrame([one.row(lang) for one in found], columns=list(CONVERSION_COLUMNS))
    frame = frame.astype(CONVERSION_COLUMNS)
    return frame.assign(year=frame["year"].infer_objects(), to_year=frame["to_year"].infer_objects())


def tie_conversion(
    source: Years,
    *,
    flows: Source | Mapping[Any, Source] | None = None,
    lag: Lag = LAGS,
    new: bool = False,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of cooperations of a year that are exchanges of material some years later (D15).

    ``|{c ∈ E_c(t) : c ∈ E_f(t + L)}| / |E_c(t)|``: see `tie_conversion_table`, which has every year.

    Parameters
    ----------
    source, flows, kind, actors
        As for `tie_conversion_table`.
    lag
        The lags to try, the first that leads from a year of cooperation to one of flows is taken.
    new
        Of the ties between actors who did not exchange in year t only: the share that came to.
    year
        The year t; by default the latest that allows it.

    Returns
    -------
    float
        In [0, 1]. NaN if no tie bears a year or none is known in year t; and in a filière, where flows are
        known for one year only, or in no two years that far apart: without the flows of year t, nobody can
        tell what *became* an exchange (the table then has the figure nevertheless).

    Examples
    --------
    >>> import networkx as nx
    >>> tie_conversion(nx.path_graph(5), flows=nx.DiGraph([(1, 0), (2, 3)]))
    0.5
    """
    return tie_conversion_measure(
        source, flows=flows, lag=lag, new=new, year=year, kind=kind, actors=actors
    ).value


def tie_conversion_measure(
    source: Years,
    *,
    flows: Source | Mapping[Any, Source] | None = None,
    lag: Lag = LAGS,
    new: bool = False,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D15 with its bounds: see `tie_conversion`.

    Numerator and denominator are pairs of actors; ``n_unknown`` counts ties of unknown period, undocumented
    pairs and pairs whose flows bear no year.
    """
    source, years = read_back(source), None if year is None else [year]
    found = conversions_of(source, flows=flows, lag=lag, years=years, kind=kind, actors=actors)
    told_apart = [one for one in found if one.known_before or not (new or isinstance(source, Filiere))]
    held = {one.lag for one in told_apart}
    first = next((one for one in lags_of(lag) if one in held), None)
    chosen = [one for one in told_apart if one.lag == first]
    if not chosen:
        return Measure(NAN, "share", note=_reason(source, found, lang))
    one = chosen[-1]
    numerator, denominator, low, high = one.share(new=new)
    note = tr(
        "cooperations of {year}, exchanges of {to_year}: {converted} of {ties}",
        lang,
        year=str(one.year),
        to_year=str(one.to_year),
        converted=number(numerator, lang),
        ties=number(denominator, lang),
    )
    measure = Measure(
        ratio(numerator, denominator),
        "share",
        low,
        high,
        float(numerator),
        float(denominator),
        n_unknown=one.undated + one.undocumented + one.every_year,
        note=clauses((note, one.note(lang)), lang),
    )
    if not isinstance(source, Filiere):
        return measure
    history = history_of(source, kind=kind, directed=False, actors=actors)
    traded = FlowYears.of_filiere(source, history.nodes)
    rows: dict[str, Iterable[str]] = {
        "cooperations": history.rows,
        "flows": traded.rows_of({one.year, one.to_year}),
        "actors": documented_rows(source, kind=kind, actors=actors)["actors"],
    }
    return measure.resting_on(source, rows)


def _reason(source: Years, found: Sequence[Conversion], lang: str) -> str:
    """Return why the conversion of a filière, or of graphs, cannot be told."""
    if isinstance(source, Filiere):
        if source.year is not None:
            return tr("seen in a single year: what came of cooperation takes several", lang)
        years = columns(source, "flows").years
        if not years:
            return tr("no flow bears a year", lang)
        if len(years) == 1:
            only = str(years[0])
            return tr(
                "flows known for {year} only: what became of cooperation takes two years", lang, year=only
            )
        if not found and not history_of(source, directed=False).dated:
            return tr("no cooperation bears a year", lang)
    return tr("no two years of flows that far apart, with a cooperation known in the first", lang)
