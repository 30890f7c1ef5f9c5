"""Exchanges of material between actors who are not known to cooperate: the counterpart of the conversion."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....filiere import Filiere
from ....language import number, tr, trn
from ....network import Ties
from ...measure import NAN, Measure
from ..ties.counting import pair_numbers
from ..ties.layer import seen_in, ties_of
from ..ties.partition import blocks_of, partition_named
from ..ties.rows import documented_rows, identifiers
from .expected import TradedPairs, traded_pairs
from .flow_years import FlowYears

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]

__all__ = [
    "trade_without_cooperation",
    "trade_without_cooperation_measure",
    "trade_without_cooperation_table",
]


def trade_without_cooperation(
    source: Source,
    *,
    flows: Source | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of the pairs that exchange material without being known to cooperate.

    ``|{c ∈ E_f : c ∉ E_c}| / |E_f|``, each pair once whatever passes and either way: the counterpart of
    `tie_conversion`, in one year. By passage of the chain it is in `expected_ties`.

    Parameters
    ----------
    source
        A filière, or a graph of cooperation.
    flows
        Of a graph: the graph of what passes between its nodes.
    year, kind, actors
        As for `density`.

    Returns
    -------
    float
        In [0, 1]; of *known* cooperation, so an upper bound where pairs are undocumented. NaN if no material
        passes between two partners, or if none of these pairs is documented.

    Examples
    --------
    >>> import networkx as nx
    >>> trade_without_cooperation(nx.path_graph(3), flows=nx.DiGraph([(0, 1), (2, 0)]))
    0.5
    """
    return trade_without_cooperation_measure(source, flows=flows, year=year, kind=kind, actors=actors).value


def trade_without_cooperation_measure(
    source: Source,
    *,
    flows: Source | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the share of exchanges without cooperation, with its bounds: see `trade_without_cooperation`.

    ``low`` counts the pairs known not to cooperate, ``high`` the undocumented ones too; both are attained.
    """
    source = seen_in(source, year)
    found = _Trade(source, flows, kind, actors)
    count, absent, unknown = len(found.a), int(found.absent.sum()), int(found.unknown.sum())
    if not count:
        return Measure(NAN, "share", note=tr("no material known to pass between two partners", lang))
    note = tr(
        "of the {pairs} that exchange, not cooperating: {absent}, not documented: {unknown}",
        lang,
        pairs=trn("{count} pair", "{count} pairs", count, lang),
        absent=number(absent, lang),
        unknown=number(unknown, lang),
    )
    measure = Measure(
        NAN if unknown == count else (absent + unknown) / count,
        "share",
        absent / count,
        (absent + unknown) / count,
        float(absent + unknown),
        float(count),
        n_unknown=unknown,
        note=note,
    )
    if not isinstance(source, Filiere):
        return measure
    spoken = documented_rows(source, kind=kind, actors=actors)
    return measure.resting_on(source, {"flows": found.flow_ids(source), **spoken})


def trade_without_cooperation_table(
    source: Source,
    *,
    flows: Source | None = None,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return, between blocks of actors, how many pairs exchange material, and how many of them cooperate.

    Parameters
    ----------
    source, flows, year, kind, actors
        As for `trade_without_cooperation`.
    by, group
        The blocks: as for `block_density`.

    Returns
    -------
    pandas.DataFrame
        A row per pair of blocks between which material passes, each once (``group`` not after
        ``to_group``). Columns ``group``, ``to_group``, ``group_label``, ``to_group_label``; ``pairs`` that
        exchange, of which ``tied``, ``absent`` (known not to cooperate) and ``unknown``, which add up;
        ``share`` without known cooperation, ``low``, ``high`` as for the measure; ``quantity_t_per_year``:
        what passes between pairs not known to cooperate (t/year; 0 where all cooperate, NaN where no quantity
        is known).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(3)
    >>> nx.set_node_attributes(graph, {0: "x", 1: "x", 2: "y"}, "team")
    >>> flows = nx.DiGraph([(0, 1), (2, 0)])
    >>> trade_without_cooperation_table(graph, flows=flows, group="team")[["group", "to_group", "share"]]
      group to_group  share
    0     x        x    0.0
    1     x        y    1.0
    """
    source = seen_in(source, year)
    found = _Trade(source, flows, kind, actors)
    blocks = blocks_of(source, found.ties.nodes, by=partition_named(source, by, group), lang=lang)
    first, second = blocks.codes[found.a], blocks.codes[found.b]
    place = pair_numbers(np.minimum(first, second), np.maximum(first, second), len(blocks.keys))
    kinds, where = np.unique(place, return_inverse=True)
    pairs, tied, unknown = (
        np.bincount(where[mask], minlength=len(kinds)) for mask in (slice(None), found.tied, found.unknown)
    )
    heavy = ~found.tied & ~np.isnan(found.tonnes)
    quantity = np.bincount(where[heavy], weights=found.tonnes[heavy], minlength=len(kinds)).astype(np.float64)
    quantity[(np.bincount(where[heavy], minlength=len(kinds)) == 0) & (pairs > tied)] = NAN
    low, high = (pairs - tied - unknown) / np.maximum(pairs, 1), (pairs - tied) / np.maximum(pairs, 1)
    keys, words = pd.Series(blocks.keys, dtype=object).infer_objects(), pd.Series(blocks.labels, dtype="str")
    one, other = np.divmod(kinds, max(len(blocks.keys), 1))
    return pd.DataFrame(
        {
            "group": keys.take(one).to_numpy(),
            "to_group": keys.take(other).to_numpy(),
            "group_label": words.take(one).to_numpy(),
            "to_group_label": words.take(other).to_numpy(),
            "pairs": pairs,
            "tied": tied,
            "absent": pairs - tied - unknown,
            "unknown": unknown,
            "share": np.where(unknown == pairs, NAN, high),
            "low": low,
            "high": high,
            "quantity_t_per_year": quantity,
        }
    )


class _Trade:
    """The pairs that exchange, each once: whether they cooperate, and what passes between them."""

    def __init__(
        self,
        source: Source,
        flows: Source | None,
        kind: str | Collection[str] | None,
        actors: Collection[Hashable] | None,
    ) -> None:
        self.passing: TradedPairs | None = None
        if isinstance(source, Filiere):
            if flows is not None:
                raise ArgumentError("flows= is for a graph: a filière has its own")
            self.ties = ties_of(source, directed=False, kind=kind)
            self.passing = traded_pairs(source, self.ties)
            listed = pair_numbers(self.passing.a, self.passing.b, self.ties.size)
        else:
            if flows is None:
                raise ArgumentError("flows=: give the graph of what passes between the actors")
            self.ties = ties_of(source, directed=False, kind=kind)
            listed = FlowYears.of_graphs({0: flows}, self.ties.nodes).dated[0]
        if actors is not None:
            wanted = self.ties.nodes.isin(ties_of(source, directed=False, kind=kind, actors=actors).nodes)
            ends = np.divmod(listed, max(self.ties.size, 1))
            listed = np.where(wanted[ends[0]] & wanted[ends[1]], listed, -1)
        self.numbers = np.unique(listed[listed >= 0])
        self.listed = listed
        self.a, self.b = np.divmod(self.numbers, max(self.ties.size, 1))
        self.tied, self.unknown = _known(self.ties, self.a, self.b)
        self.absent = ~(self.tied | self.unknown)
        self.tonnes = np.full(len(self.numbers), NAN)
        if self.passing is not None:
            pair = np.searchsorted(self.numbers, listed[self.passing.flow_pair])
            use = ~np.isnan(self.passing.flow_t) & (listed[self.passing.flow_pair] >= 0)
            said = np.bincount(pair[use], weights=self.passing.flow_t[use], minlength=len(self.numbers))
            counts = np.bincount(pair[use], minlength=len(self.numbers))
            self.tonnes = np.where(counts > 0, said, NAN)

    def flow_ids(self, f: Filiere) -> tuple[str, ...]:
        """Return the flows between these pairs."""
        assert self.passing is not None
        kept = self.listed[self.passing.flow_pair] >= 0
        return identifiers(f.flows.index[self.passing.flow_row[kept]])


def _known(ties: Ties, a: Counts, b: Counts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which pairs are known to be tied, and which nobody documented."""
    numbers = pair_numbers(a, b, ties.size)
    tied, absent = (
        np.isin(numbers, pair_numbers(first, second, ties.size))
        for first, second in ((ties.a, ties.b), (ties.absent_a, ties.absent_b))
    )
    return tied, ~(tied | absent | ties.asked[a] | ties.asked[b])
