"""Many filières in one go: one set of tables, read from folders, kept as shards, compared, computed on clusters."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

#: public name → module; each is loaded when it is first asked for
_PUBLIC = {
    "FIGURES_DTYPES": "cluster",
    "FIGURES_META": "cluster",
    "FIGURES_SPARK": "cluster",
    "Portfolio": "portfolio",
    "available_memory": "memory",
    "breaks": "broken",
    "changes": "over_time",
    "coverage_matrix": "coverage",
    "estimate_memory": "shards",
    "figures_of_partitions": "cluster",
    "figures_of_tables": "cluster",
    "from_packed": "cluster",
    "heavy": "running",
    "in_one_pass": "many",
    "profile": "comparison",
    "programme_rows": "shared",
    "quantiles": "comparison",
    "ranking": "comparison",
    "read_portfolio": "reading",
    "read_shards": "shards",
    "shared_actors": "shared",
    "shared_groups": "shared",
    "to_packed": "cluster",
    "totals": "adding",
    "write_shards": "shards",
}

__all__ = list(_PUBLIC)

if TYPE_CHECKING:
    from .adding import totals as totals
    from .broken import breaks as breaks
    from .cluster import FIGURES_DTYPES as FIGURES_DTYPES
    from .cluster import FIGURES_META as FIGURES_META
    from .cluster import FIGURES_SPARK as FIGURES_SPARK
    from .cluster import figures_of_partitions as figures_of_partitions
    from .cluster import figures_of_tables as figures_of_tables
    from .cluster import from_packed as from_packed
    from .cluster import to_packed as to_packed
    from .comparison import profile as profile
    from .comparison import quantiles as quantiles
    from .comparison import ranking as ranking
    from .coverage import coverage_matrix as coverage_matrix
    from .many import in_one_pass as in_one_pass
    from .memory import available_memory as available_memory
    from .over_time import changes as changes
    from .portfolio import Portfolio as Portfolio
    from .reading import read_portfolio as read_portfolio
    from .running import heavy as heavy
    from .shards import estimate_memory as estimate_memory
    from .shards import read_shards as read_shards
    from .shards import write_shards as write_shards
    from .shared import programme_rows as programme_rows
    from .shared import shared_actors as shared_actors
    from .shared import shared_groups as shared_groups


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f".{_PUBLIC[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
