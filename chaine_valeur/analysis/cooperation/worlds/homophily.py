"""Homophily: do ties keep to the blocks? Newman's assortativity, and the measures that UCINET prints (D3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import N_, clauses, number, tr
from ...measure import NAN, Measure, ratio
from ..ties.rows import documented_rows
from .ei_core import ei_bounds, extremes, left_out, n_unplaced, why_no_index
from .sides import Reading, Sides, read, sides_of, whole

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["assortativity", "assortativity_measure", "homophily_table"]

#: What each row of the table is called.
LABELS = {
    "h": N_("Share of ties within categories"),
    "h_star": N_("The same, less what their sizes would give"),
    "correlation": N_("Correlation of being tied with being of one category"),
    "modularity": N_("Modularity"),
    "assortativity": N_("Assortativity"),
    "yules_q": N_("Yule’s Q"),
    "ei_index": N_("E-I index"),
}


@dataclass(frozen=True)
class _Table:
    """The two-by-two table of tied and untied pairs, within blocks and between."""

    internal: float
    external: float
    within: float
    between: float

    @property
    def h(self) -> float:
        return ratio(self.internal, self.internal + self.external)

    @property
    def h_star(self) -> float:
        return self.h - ratio(self.within, self.within + self.between)

    @property
    def correlation(self) -> float:
        tied, pairs = self.internal + self.external, self.within + self.between
        spread = sqrt(tied) * sqrt(pairs - tied) * sqrt(self.within) * sqrt(self.between)
        return ratio(self._crossed(-1), spread)

    @property
    def yules_q(self) -> float:
        return ratio(self._crossed(-1), self._crossed(+1))

    def _crossed(self, sign: int) -> float:
        straight = self.internal * (self.between - self.external)
        return straight + sign * self.external * (self.within - self.internal)


def assortativity(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return Newman's assortativity of ties by block (D3).

    ``r = (Σ e_kk − Σ a_k b_k) / (1 − Σ a_k b_k)``, *e* being the shares of ties from block to block, *a* and
    *b* its sums by row and column; an undirected tie counts in both directions.

    Parameters
    ----------
    source, by, group, year, kind, actors
        As for `ei_index`.
    directed
        By default a graph decides for itself and a filière is undirected.

    Returns
    -------
    float
        Of the *known* ties among actors of known block, at most 1 (all within), 0 where ties follow the
        ties that each block has, below where they avoid it. NaN without a tie, with a single block, or where
        all ties are within one and the same block.

    References
    ----------
    networkx ``attribute_assortativity_coefficient``, igraph ``assortativity_nominal``, UCINET *Homophily*
    (``Assort``): the same. Newman (2003), unverified.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxyy")), "team")
    >>> round(assortativity(graph, group="team"), 3)
    0.333
    """
    reading = read(source, "ties", by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    return _assortativity(reading, "en").value


def assortativity_measure(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the assortativity with its terms: see `assortativity`.

    Bounds are given where nothing is unknown: with undocumented pairs, or ties of actors of unknown block,
    they are NaN (both terms move with each tie; `ei_index_measure` has bounds). Numerator and denominator
    are the two terms of *r*; ``n_unknown`` counts those pairs and ties.
    """
    reading = read(source, "ties", by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    measure = _assortativity(reading, lang)
    if not isinstance(reading.source, Filiere):
        return measure
    return measure.resting_on(reading.source, documented_rows(reading.source, kind=kind, actors=actors))


def homophily_table(
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
    """Return the seven measures of homophily that UCINET prints, of known ties.

    With *a* ties within blocks and *b* between, *p* and *q* pairs that could be tied within and between
    (so ``c = p − a`` and ``d = q − b`` are not known to be):

    * ``h`` (UCINET ``H``): ``a / (a + b)``;
    * ``h_star`` (``h-star``): ``h − p / (p + q)``;
    * ``correlation`` (``Corr``): of tied with same block over all pairs,
      ``(ad − bc) / √((a+b)(c+d)(a+c)(b+d))``;
    * ``modularity`` (``Modul Q``): ``Σ e_kk − Σ a_k b_k``, the terms of `assortativity`;
    * ``assortativity`` (``Assort``);
    * ``yules_q`` (``Yules Q``): ``(ad − bc) / (ad + bc)``;
    * ``ei_index`` (``E-I Index``): ``(b − a) / (a + b)``, of arcs if directed.

    Parameters
    ----------
    source, by, group, year, kind, actors
        As for `ei_index`.
    directed
        By default a graph decides for itself and a filière is undirected.

    Returns
    -------
    pandas.DataFrame
        Index ``measure`` in that order; columns ``label``, ``value`` (NaN as for `ei_index` and
        `assortativity`), ``low``, ``high`` over every completion of the undocumented pairs (exact: all
        those of one side tied and none of the other; NaN for modularity and assortativity, which have none
        of that form, and for all but ``h`` and ``ei_index`` with actors of unknown block), ``note``.

    References
    ----------
    UCINET, *Network > Cohesion > Homophily* and xucinet ``xhomophily``, binary ties; all seven reproduced on
    « campnet ».

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxyy")), "team")
    >>> homophily_table(graph, group="team")["value"].round(3).to_dict()
    {'h': 0.667, 'h_star': 0.333, 'correlation': 0.707, 'modularity': 0.167, 'assortativity': 0.333,
     'yules_q': 1.0, 'ei_index': -0.333}
    """
    reading = read(source, "ties", by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    sides = sides_of(reading)
    reason = why_no_index(reading, sides, lang)
    newman = _assortativity(reading, lang)
    rows: dict[str, tuple[float, float, float, str]] = {}
    if reason:
        rows = dict.fromkeys(LABELS, (NAN, NAN, NAN, reason))
    else:
        for name, of in _OF_TABLE.items():  # over the few measures
            rows[name] = (of(_table(sides)), *_bounds(reading, sides, name), "")
        for name, value in (("modularity", newman.numerator), ("assortativity", newman.value)):
            certain = _all_known(reading, sides)
            note = newman.note if value != value else ""
            rows[name] = (value, *((value, value) if certain else (NAN, NAN)), note)
    aside = left_out(n_unplaced(reading), lang)
    frame = pd.DataFrame(
        [
            (tr(word, lang), *rows[name][:3], clauses([*rows[name][3:], *aside], lang))
            for name, word in LABELS.items()
        ],
        columns=["label", "value", "low", "high", "note"],
        index=pd.Index(list(LABELS), name="measure"),
    )
    return frame


_OF_TABLE: dict[str, Callable[[_Table], float]] = {
    "h": lambda table: table.h,
    "h_star": lambda table: table.h_star,
    "correlation": lambda table: table.correlation,
    "yules_q": lambda table: table.yules_q,
    "ei_index": lambda table: ratio(table.external - table.internal, table.external + table.internal),
}


def _table(sides: Sides, *, inside: bool | None = None) -> _Table:
    """Return the table of known ties, or with all undocumented pairs on one side tied."""
    external, internal, _ = whole(sides.value)
    most_external, most_internal, _ = whole(sides.most)
    between, within, _ = whole(sides.pairs)
    return _Table(
        most_internal if inside is True else internal,
        most_external if inside is False else external,
        within,
        between,
    )


def _bounds(reading: Reading, sides: Sides, name: str) -> tuple[float, float]:
    if name == "ei_index":
        return ei_bounds(sides)
    if name == "h":  # least where the index is most
        high, low = (ratio(internal, external + internal) for external, internal in extremes(sides))
        return low, high
    if not reading.placed.all():
        return NAN, NAN
    of = _OF_TABLE[name]
    return of(_table(sides, inside=False)), of(_table(sides, inside=True))


def _all_known(reading: Reading, sides: Sides) -> bool:
    """Return whether all pairs are documented, and no tie is left out."""
    return not sum(whole(sides.undocumented)) and not n_unplaced(reading)


def _assortativity(reading: Reading, lang: str) -> Measure:
    sides, unplaced = sides_of(reading), n_unplaced(reading)
    unknown = int(sum(whole(sides.undocumented))) + unplaced
    reason = why_no_index(reading, sides, lang)
    if reason:
        return Measure(NAN, "ratio", n_unknown=unknown, note=reason)
    ties, codes = reading.ties.among(reading.placed), reading.blocks.codes[reading.placed]
    sent = np.bincount(codes[ties.a], minlength=reading.n_blocks) / len(ties.a)
    received = np.bincount(codes[ties.b], minlength=reading.n_blocks) / len(ties.a)
    if not ties.directed:
        sent = received = (sent + received) / 2
    _, internal, _ = whole(sides.value)
    chance = float(sent @ received)
    observed = internal / len(ties.a)
    note = tr(
        "share of ties within categories: {observed}, where chance would have {chance}",
        lang,
        observed=number(observed, lang),
        chance=number(chance, lang),
    )
    single = chance == 1
    if single:
        note = tr("all ties are within one and the same category", lang)
    value = NAN if single else (observed - chance) / (1 - chance)
    low, high = (value, value) if not unknown else (NAN, NAN)
    note = clauses([note, *left_out(unplaced, lang)], lang)
    return Measure(value, "ratio", low, high, observed - chance, 1 - chance, n_unknown=unknown, note=note)
