"""Which pairs of actors exchange material, year by year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....columns import columns
from ....filiere import Filiere
from ....network import distinct
from ....quantities import tonnes_of_rows
from ....vocabulary import Status
from ..ties.counting import pair_numbers
from ..ties.layer import places_among, ties_of
from ..ties.years import present_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]

__all__ = ["FlowYears"]


@dataclass(frozen=True)
class FlowYears:
    """Pairs that trade, by year: those of flows of the year, and of flows that bear none."""

    dated: Mapping[Any, Counts]
    blank: Counts
    years: tuple[Any, ...]
    rows: tuple[tuple[float, str], ...] = ()
    source: Filiere | None = None
    nodes: pd.Index | None = None

    @classmethod
    def of_filiere(cls, f: Filiere, nodes: pd.Index) -> FlowYears:
        """Return what the active flows of a filière say of some of its actors; a flow of 0 t says nothing."""
        flows = columns(f, "flows")
        place = np.append(places_among(f, nodes), -1)  # −1, the outside, looks at the last
        a, b = (place[f.codes("flows", name)] for name in ("source", "target"))
        year, active = flows.number("year"), flows.among("status", Status.ACTIVE.value)
        years = tuple(np.unique(year[active & ~np.isnan(year)]).astype(int).tolist())
        keep = active & (tonnes_of_rows(f, "flows") != 0) & (a >= 0) & (b >= 0) & (a != b)
        numbers = pair_numbers(np.minimum(a, b), np.maximum(a, b), len(nodes))
        return cls(
            dated={one: distinct(numbers[keep & (year == one)]) for one in years},  # over the few years
            blank=distinct(numbers[keep & np.isnan(year)]),
            years=years,
            rows=tuple(zip(year[keep].tolist(), flows.ids[keep].tolist(), strict=True)),
            source=f,
            nodes=nodes,
        )

    @classmethod
    def of_graphs(cls, graphs: Mapping[Any, Source], nodes: pd.Index) -> FlowYears:
        """Return what graphs of flows, by year, say of some nodes."""
        dated = {}
        for year, graph in graphs.items():  # over the few years
            ties = ties_of(graph, directed=False)
            place = nodes.get_indexer(ties.nodes)
            a, b = place[ties.a], place[ties.b]
            keep = (a >= 0) & (b >= 0)
            dated[year] = distinct(pair_numbers(np.minimum(a, b)[keep], np.maximum(a, b)[keep], len(nodes)))
        return cls(dated, np.zeros(0, dtype=np.int64), tuple(graphs))

    def at(self, year: Any) -> tuple[Counts, Counts]:
        """Return the pairs that trade in a year, through flows of that year and through those of every year."""
        dated, blank = self.dated.get(year, np.zeros(0, dtype=np.int64)), self.blank
        if self.source is not None and self.nodes is not None and len(blank):
            there = present_in(self.source, year)[places_among(self.source, self.nodes) >= 0]
            blank = blank[there[blank // len(self.nodes)] & there[blank % len(self.nodes)]]
        return dated, blank

    def rows_of(self, years: Collection[Any]) -> tuple[str, ...]:
        """Return the rows of flows of these years, and of every year."""
        return tuple(row for year, row in self.rows if year != year or year in years)
