"""What igraph has of the structural diagnostic, its import of the tables counted.

igraph is under the GPL: it is in the extra ``bench`` only, no part of the library, and may be missing.
"""

from __future__ import annotations

import importlib
import importlib.util

import numpy as np
import pandas as pd

from .generator import Chain

__all__ = ["numbers", "there"]


def there() -> bool:
    """Return whether igraph is installed; it is then imported, so that no clock runs meanwhile."""
    if importlib.util.find_spec("igraph") is None:
        return False
    importlib.import_module("igraph")
    return True


def numbers(chain: Chain) -> dict[str, float]:
    """Return parts, loops, density, articulation points and bridges, from the tables on."""
    import igraph

    names = pd.Index(chain.tables["actors"]["name"])

    def graph(table: str, source: str, target: str, *, directed: bool) -> igraph.Graph:
        rows = chain.tables[table]
        ends = np.column_stack([names.get_indexer(rows[column]) for column in (source, target)])
        made = igraph.Graph(n=len(names), edges=ends, directed=directed)
        return made.simplify()

    flows = graph("flows", "source", "target", directed=True)
    ties = graph("cooperations", "actor_id", "to_actor_id", directed=False)
    weak, strong, parts = (
        np.array(clusters.sizes())
        for clusters in (
            flows.connected_components(mode="weak"),
            flows.connected_components(mode="strong"),
            ties.connected_components(),
        )
    )
    return {
        "passages": flows.ecount(),
        "flow_parts": int((weak > 1).sum()),
        "largest_flow_part": int(weak[weak > 1].max(initial=0)),
        "looping_actors": int(strong[strong > 1].sum()),
        "pairs": ties.ecount(),
        "density": ties.density(),
        "parts": int((parts > 1).sum()),
        "largest_part": int(parts[parts > 1].max(initial=0)),
        "cut_actors": len(ties.articulation_points()),
        "bridges": len(ties.bridges()),
    }
