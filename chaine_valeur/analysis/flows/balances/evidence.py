"""The rows that findings about flows rest on, and with whom to go over them: read once, asked many times."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....language import enumeration, tr
from ....network import codes_of
from ....provenance import provenance, soft_row_share
from ...activities import identifiers
from ...wording import quoted

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from ....filiere import Filiere

    Rows = dict[str, tuple[str, ...]]

__all__ = ["Evidence", "Lookup", "evidence_of"]


class Lookup:
    """Which items have each key, without a search through all of them each time."""

    def __init__(self, keys: NDArray[Any]) -> None:
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def __call__(self, asked: NDArray[Any] | list[int]) -> NDArray[np.int64]:
        """Return the positions of the items with one of some keys, ascending."""
        wanted = np.unique(np.asarray(asked, dtype=np.int64))
        first, last = (np.searchsorted(self._sorted, wanted, side=side) for side in ("left", "right"))
        parts = [self._order[a:b] for a, b in zip(first, last, strict=True)]  # over the few that are asked
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


class Evidence:
    """Declarations of flows, their sources, and how much rests on hypotheses."""

    def __init__(self, f: Filiere) -> None:
        self.filiere = f
        self._declared = Lookup(f.network.declared_flow)

    def declarations(self, flows: NDArray[Any] | list[int]) -> tuple[str, ...]:
        """Return every declaration of some flows (positions along ``flow_*``)."""
        f = self.filiere
        return identifiers(f.flows.index[f.network.declared_row[self._declared(flows)]])

    @cached_property
    def _sources(self) -> pd.Series:
        """The source of each declaration by name, ``None`` where it states none."""
        stated = provenance(self.filiere, "flows", column="quantity_t_per_year")["source_id"]
        sources = self.filiere.sources
        names = np.array([*sources["name"].tolist(), None], dtype=object)
        return pd.Series(names[codes_of(stated, sources.index)], index=stated.index, dtype=object)

    def source(self, flow_id: str, lang: str) -> str:
        """Return the source of a declaration by name, or that it states none."""
        name = self._sources.at[flow_id]
        return tr("source not stated", lang) if name is None else quoted(str(name), lang)

    def call_back(self, flow_ids: tuple[str, ...], lang: str) -> str:
        """Return the sentence that says with which sources to go over some flows, or an empty text."""
        names = dict.fromkeys(self._sources.loc[list(flow_ids)])
        told = [quoted(str(name), lang) for name in names if name is not None]
        return tr("To be gone over with: {sources}.", lang, sources=enumeration(told, lang)) if told else ""

    def hypothesis_share(self, rows: Rows) -> float:
        """Return the share of rows that rest on an estimate or a hypothesis; NaN over none."""
        return soft_row_share(self.filiere, rows)


def evidence_of(f: Filiere) -> Evidence:
    """Return the evidence of a filière, read once."""
    return f.derived("flow_evidence", Evidence)
