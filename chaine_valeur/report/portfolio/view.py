"""What every section of the report of a portfolio reads: figures, totals and chains, each computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...diagnosis import available_indicators
from ...portfolio.adding import totals
from ...portfolio.comparison import quantiles
from ...portfolio.coverage import Coverage, coverage_matrix
from ...portfolio.figured import wanted_codes
from ...portfolio.shared import programme_rows, shared_actors, shared_groups
from ...text import fold

if TYPE_CHECKING:
    from ...portfolio.portfolio import Portfolio

__all__ = ["MAIN", "View"]

#: Figures that come first, where the portfolio has them.
MAIN = ("A1", "A3", "A12", "D1", "E5", "G9")


@dataclass(frozen=True, eq=False)
class View:
    """A portfolio as its report reads it.

    Attributes
    ----------
    portfolio
        The filières.
    figures
        Their figures (`Portfolio.figures`).
    ranked
        Indicators of which places are told, as they were asked for.
    lang
        ``"fr"`` or ``"en"``.
    """

    portfolio: Portfolio
    figures: pd.DataFrame
    ranked: Sequence[str] = ()
    lang: str = "fr"

    @cached_property
    def kept(self) -> np.ndarray:
        """Which entries are the latest year of their filière and territory."""
        return wanted_codes(self.portfolio, all_years=False)

    @cached_property
    def entries(self) -> pd.DataFrame:
        """Those entries, in the order of their territories, then of their names."""
        rows = self.portfolio.entries[self.kept]
        keys = pd.DataFrame(
            {
                "territory": rows["territory"].fillna(rows["territory_id"]).fillna("").map(fold),
                "name": rows["name"].fillna("").map(fold),
                "year": rows["year"].astype("float64"),
            }
        )
        return rows.loc[keys.sort_values(list(keys), kind="stable").index]

    @cached_property
    def indicators(self) -> list[str]:
        """The indicators of the figures: those of the essential profile first."""
        given = list(dict.fromkeys(self.figures["indicator_id"]))
        order = {one: place for place, one in enumerate(available_indicators())}
        return sorted(given, key=lambda one: order.get(one, len(order)))

    @cached_property
    def main(self) -> list[str]:
        """Those of them that come first in the report."""
        found = [one for one in MAIN if one in self.indicators]
        return found or self.indicators[:4]

    @cached_property
    def totals(self) -> pd.DataFrame:
        """The totals over all filières."""
        return totals(self.portfolio)

    @cached_property
    def territory_totals(self) -> pd.DataFrame:
        """The totals of each territory."""
        return totals(self.portfolio, by="territory")

    @cached_property
    def spread(self) -> pd.DataFrame:
        """How the figures are spread."""
        if not self.indicators:
            return pd.DataFrame()
        return quantiles(self.portfolio, self.indicators, figures=self.figures)

    @cached_property
    def actors(self) -> pd.DataFrame:
        """The actors of several filières; natural persons are not among them."""
        found, rows = shared_actors(self.portfolio), self.portfolio.table("actors")
        persons = rows[rows["natural_person"].fillna(False).to_numpy(bool)]
        hidden = set(persons["filiere_code"].astype("str") + "\n" + persons["actor_id"])

        def is_person(row: tuple[str, str]) -> bool:
            codes, actors = (text.split(";") for text in row)
            return any(f"{code}\n{actor}" in hidden for code, actor in zip(codes, actors, strict=False))

        kept = [not is_person(row) for row in zip(found["codes"], found["actor_ids"], strict=True)]
        return found[np.array(kept, dtype=bool)].reset_index(drop=True)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The bodies of several filières."""
        return shared_groups(self.portfolio)

    @cached_property
    def programmes(self) -> pd.DataFrame:
        """What is said of whole programmes."""
        return programme_rows(self.portfolio)

    @cached_property
    def chains(self) -> list[tuple[str, Coverage]]:
        """The expected chains by the name of their filière, each with which stages are held where."""
        names = self.entries["name"].fillna("")
        folded = names.map(fold)
        found = []
        for one in dict.fromkeys(folded):  # over chains
            codes = names.index[folded == one]
            found.append((str(names[codes[0]]), coverage_matrix(self.portfolio, codes=codes)))
        return found
