"""The linear program of what a chain can carry: variables, balances, and the limits on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...system import System, system_of
from .limit_rows import limit_rows
from .row_facts import RowFacts, materials_apart, row_facts
from .stated import Stated, demands_of, supplies_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ....filiere import Filiere

    Codes = NDArray[np.integer[Any]]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Program", "program_of"]


@dataclass(frozen=True)
class Program:
    """Maximise what is served, with ``balances · z ≥ 0``, ``limits · z ≤ limit`` and ``z ≥ 0``.

    Variables are, in this order (`starts` has where each part begins): what arcs carry, levels of processes,
    amounts of the recipe coefficients that nobody knows, draws of stated supplies, what enters without limit,
    what is served.

    Attributes
    ----------
    system, facts, supplies, demands
        What it was built from.
    fill_row
        Row of each entry without limit.
    balances, limits
        Constraints × variables, sparse.
    limit, limit_kind, limit_of
        Along the limits: t/year (inf: none), ``activity`` (`limit_of` is a node), ``flow`` (a flow), ``supply``,
        ``demand`` (a group of `supplies` or `demands`).
    open_
        Variables that may be more than 0.
    """

    system: System
    facts: RowFacts
    supplies: Stated
    demands: Stated
    fill_row: Codes
    starts: dict[str, slice]
    balances: csr_array
    limits: csr_array
    limit: Values
    limit_kind: NDArray[np.object_]
    limit_of: NDArray[np.int64]
    open_: Mask

    @property
    def n_variables(self) -> int:
        """Number of variables."""
        return len(self.open_)


def program_of(
    f: Filiere, *, supply_level: str, materials: Sequence[str] | None, imports: bool, without: Codes
) -> Program:
    """Return the program of a filière.

    Parameters
    ----------
    without
        Actors that carry, draw, make and ask for nothing.
    """
    system = materials_apart(system_of(f))
    facts = row_facts(system)
    supplies = supplies_of(system, facts, level=supply_level)
    demands = demands_of(system, facts, materials=materials)
    alone = _made_of_nothing(system, facts, supplies)
    supplies, made_here = _sources_only(system, facts, supplies, alone)
    fill = np.flatnonzero(facts.source & ~_among(supplies.places["row"], system.n_rows))
    places = {"draw": supplies.places, "serve": demands.places}
    unknown = np.flatnonzero(np.isnan(system.processes.t_per_t))
    sizes = {
        "arc": system.arcs.size,
        "level": system.processes.size,
        "unknown": len(unknown),
        "draw": len(supplies.places),
        "fill": len(fill),
        "serve": len(demands.places),
    }
    ends = np.cumsum(list(sizes.values()))
    starts = {
        name: slice(int(end) - size, int(end)) for (name, size), end in zip(sizes.items(), ends, strict=True)
    }
    balances = _balances(
        system, unknown, {name: part["row"].to_numpy() for name, part in places.items()}, fill
    )
    limits = limit_rows(system, supplies, demands, made_here, fill, starts)
    return Program(
        system=system,
        facts=facts,
        supplies=supplies,
        demands=demands,
        fill_row=fill.astype(np.int32),
        starts=starts,
        balances=balances,
        limits=limits[0],
        limit=limits[1],
        limit_kind=limits[2],
        limit_of=limits[3],
        open_=_open(system, facts, supplies, demands, fill, imports, without),
    )


def _among(rows: pd.Series, size: int) -> Mask:
    found = np.zeros(size, dtype=bool)
    found[rows.to_numpy()] = True
    return found


def _made_of_nothing(system: System, facts: RowFacts, supplies: Stated) -> Mask:
    """Return the processes of which no input is brought, made or stated as a supply."""
    made = system.processes
    brought = facts.filled | _among(supplies.places["row"], system.n_rows)
    at_hand = np.bincount(made.process[~made.made & brought[system.coefficient_row]], minlength=made.size)
    any_row = np.zeros(system.nodes.size, dtype=bool)
    any_row[system.row_node[(system.row_material < 0) & brought]] = True
    return (at_hand == 0) & ~(made.any_input & any_row[made.node])


def _sources_only(
    system: System, facts: RowFacts, supplies: Stated, alone: Mask
) -> tuple[Stated, pd.DataFrame]:
    """Return supplies at rows that they fill, and those that bound what a process makes out of nothing recorded.

    What is offered of a material that the chain itself brings there is no further source of it.
    """
    made, row = system.processes, supplies.places["row"].to_numpy()
    use = np.flatnonzero(made.made & alone[made.process])
    out = pd.DataFrame({"row": system.coefficient_row[use], "coefficient": use})
    by_others = np.zeros(system.n_rows, dtype=bool)
    by_others[system.coefficient_row[made.made & ~alone[made.process]]] = True
    own = supplies.places.merge(out, on="row")
    own = own[~(facts.arrives | by_others)[own["row"].to_numpy()]]
    draws = facts.offering[row]
    inside = ~draws & ~np.isin(row, own["row"])
    lost = supplies.places["group"].to_numpy()[inside]
    kept = np.isin(supplies.groups.index, lost) & ~np.isin(supplies.groups.index, own["group"])
    kept &= ~np.isin(supplies.groups.index, supplies.places["group"][draws])
    aside = supplies.groups[kept].drop(columns="t_per_year").assign(kind="inside")
    places = supplies.places[draws].reset_index(drop=True)
    return Stated(supplies.groups, places, aside), own


def _balances(system: System, unknown: Codes, places: dict[str, Codes], fill: Codes) -> csr_array:
    """Return the rows of the system with every variable, then what unknown coefficients may amount to."""
    from scipy.sparse import block_array, csr_array, vstack

    made, count = system.processes, system.n_rows

    def at(rows: Codes, values: Values | float) -> csr_array:
        data = np.broadcast_to(np.asarray(values, dtype=np.float64), len(rows))
        return csr_array((data, (rows, np.arange(len(rows)))), shape=(count, len(rows)))

    sign = np.where(made.made[unknown], 1.0, -1.0)
    blocks = [
        system.incidence,
        system.yields,
        at(system.coefficient_row[unknown], sign),
        at(places["draw"], 1.0),
        at(fill, 1.0),
        at(places["serve"], -1.0),
    ]
    top = block_array([blocks], format="csr")
    if not len(unknown):
        return top
    # matter is kept: what is unknown of a process is at most what it takes beyond what is known that it makes
    doubtful = np.unique(made.process[unknown])
    known = np.nan_to_num(made.t_per_t) * np.where(made.made, -1.0, 1.0)
    net = np.bincount(made.process, weights=known, minlength=made.size) + made.any_input
    levels = csr_array(
        (net[doubtful], (np.arange(len(doubtful)), doubtful)), shape=(len(doubtful), made.size)
    )
    own = csr_array(
        (-sign, (np.searchsorted(doubtful, made.process[unknown]), np.arange(len(unknown)))),
        shape=(len(doubtful), len(unknown)),
    )
    sides = [csr_array((len(doubtful), block.shape[1])) for block in blocks]
    sides[1:3] = [levels, own]
    return vstack([top, block_array([sides], format="csr")], format="csr")


def _open(
    system: System,
    facts: RowFacts,
    supplies: Stated,
    demands: Stated,
    fill: Codes,
    imports: bool,
    without: Codes,
) -> Mask:
    """Return the variables that may be more than 0."""
    arcs, nodes, made = system.arcs, system.nodes, system.processes
    gone = np.append(np.isin(nodes.actor, without), False)
    draw, serve = (stated.places["row"].to_numpy() for stated in (supplies, demands))
    abroad = np.zeros(system.n_rows, dtype=bool) if imports else facts.outside
    unknown = made.node[made.process[np.isnan(made.t_per_t)]]
    return np.concatenate(
        [
            ~(gone[arcs.source] | gone[arcs.target]) & (imports | (arcs.source >= 0)),
            ~gone[made.node],
            ~gone[unknown],
            ~(gone[system.row_node[draw]] | abroad[draw]),
            ~(gone[system.row_node[fill]] | abroad[fill]),
            ~gone[system.row_node[serve]],
        ]
    )
