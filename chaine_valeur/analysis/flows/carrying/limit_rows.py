"""The limits of a program as rows: capacities of activities and passages, supplies, demands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ....filiere import Filiere
    from ...system import System
    from .stated import Stated

    Codes = NDArray[np.integer[Any]]
    Values = NDArray[np.float64]

__all__ = ["limit_rows"]


def limit_rows(
    system: System,
    supplies: Stated,
    demands: Stated,
    made_here: pd.DataFrame,
    fill: Codes,
    starts: dict[str, slice],
) -> tuple[csr_array, Values, NDArray[np.object_], NDArray[np.int64]]:
    """Return the limits as rows, with their t/year, kind and place."""
    from scipy.sparse import coo_array

    arcs, nodes, made = system.arcs, system.nodes, system.processes
    entries: list[tuple[Codes, Codes, Values]] = []
    limit: list[Values] = []
    kind: list[NDArray[np.object_]] = []
    place: list[Codes] = []

    def add(name: str, of: Codes, values: Values, *parts: tuple[Codes, Codes, Values]) -> None:
        """Add limits: identified by `of`, each part has who is limited, the variables and their weight."""
        first = sum(len(one) for one in place)
        position = np.full(int(of.max(initial=-1)) + 1, -1)
        position[of] = first + np.arange(len(of))
        for who, variables, weight in parts:
            use = (who >= 0) & (who < len(position))
            use[use] = position[who[use]] >= 0
            entries.append((position[who[use]], variables[use], weight[use]))
        limit.append(values)
        kind.append(np.full(len(of), name, dtype=object))
        place.append(of)

    numbers = {name: np.arange(part.start, part.stop) for name, part in starts.items()}
    one = {name: np.ones(len(part)) for name, part in numbers.items()}
    entering = np.where(arcs.source != arcs.target, arcs.target, -1)
    draw_node = system.row_node[supplies.places["row"].to_numpy()]
    bounded = np.flatnonzero(~np.isnan(nodes.capacity))
    add("activity", bounded, nodes.capacity[bounded],
        (entering, numbers["arc"], one["arc"]),
        (draw_node, numbers["draw"], one["draw"]),
        (system.row_node[fill], numbers["fill"], one["fill"]))  # fmt: skip
    capacity = _flow_capacity(system.filiere)
    narrow = np.flatnonzero(~np.isnan(capacity))
    add("flow", narrow, capacity[narrow], (arcs.flow, numbers["arc"], one["arc"]))
    made_coefficient = made_here["coefficient"].to_numpy()
    weight = np.nan_to_num(made.t_per_t[made_coefficient])
    for name, stated, part in (("supply", supplies, "draw"), ("demand", demands, "serve")):  # over two kinds
        groups = stated.groups.index[stated.groups["t_per_year"].notna()].to_numpy()
        parts = [(stated.places["group"].to_numpy(), numbers[part], one[part])]
        if name == "supply":
            parts.append((made_here["group"].to_numpy(),
                          starts["level"].start + made.process[made_coefficient], weight))  # fmt: skip
        add(name, groups, stated.groups.loc[groups, "t_per_year"].to_numpy(), *parts)
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    count, width = sum(len(one) for one in place), max(part.stop for part in starts.values())
    matrix = coo_array((values, (rows, columns)), shape=(count, width)).tocsr()
    return matrix, np.concatenate(limit), np.concatenate(kind), np.concatenate(place)


def _flow_capacity(f: Filiere) -> Values:
    """Return the capacity of each flow that counts: of its row, else the smallest that another one declares."""
    net, stated = f.network, f.flows["capacity_t_per_year"].to_numpy(np.float64)
    least = np.full(len(net.flow_row), np.inf)
    known = ~np.isnan(stated[net.declared_row])
    np.minimum.at(least, net.declared_flow[known], stated[net.declared_row[known]])
    own = stated[net.flow_row]
    return np.where(np.isnan(own), np.where(np.isfinite(least), least, np.nan), own)
