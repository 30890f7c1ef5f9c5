"""How many ways lead from a resource to a market that have no actor in common (C3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ._supply import Supply, holders_of, supply_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = ["PATH_COLUMNS", "Pair", "disjoint_paths", "pairs_of"]

PATH_COLUMNS = ["resource_id", "market_id", "expected", "paths", "n_origins", "n_buyers"]
_KINDS = dict(zip(PATH_COLUMNS, ["str", "str", "boolean", "Int64", "int64", "int64"], strict=True))


def disjoint_paths(f: Filiere) -> pd.DataFrame:
    """Return, per resource and market stage, the number of ways between them without a common actor (C3).

    Menger's number: the most paths of flows, from actors at the resource stage to actors at the market
    stage, of which no two share an actor *between* them; equally, the least number of actors between (or of
    direct passages) whose stop leaves no path. The actors at both ends may serve several paths: households
    are one actor. An actor that holds both stages is a path by itself; what leaves for the outside at a
    market stage reaches it. Active flows count, of known quantity or not, whatever the material.

    Returns
    -------
    pandas.DataFrame
        A row per pair, in table order: ``resource_id``, ``market_id``, ``expected`` (expected passages lead
        from one to the other; unknown where no passage is expected at all), ``paths`` (a number, 0 or more; 0: none;
        1: no plan B; unknown without a table of flows), ``n_origins`` and ``n_buyers`` (actors at both ends).

    Notes
    -----
    A maximum flow with a capacity of one per actor between and per passage (`scipy.sparse.csgraph`):
    ``max |P|`` over sets *P* of such paths ``= min |C|`` over sets *C* of actors and passages that cut them all.

    References
    ----------
    Menger's theorem (unverified); `networkx.node_connectivity` is the referee of the tests.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Usine"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Tri A", "Tri B", "Usine C"]},
    ...     activities={"actor_id": ["Ménages", "Tri A", "Tri B", "Usine C"],
    ...                 "stage_id": ["Gisement", "Tri", "Tri", "Usine"]},
    ...     flows={"source": ["Ménages", "Ménages", "Tri A", "Tri B"],
    ...            "target": ["Tri A", "Tri B", "Usine C", "Usine C"]},
    ... )
    >>> int(disjoint_paths(f)["paths"].item())
    2
    """
    named = f.network.stage_ids
    rows = [(named[pair.resource], named[pair.market], *pair[2:]) for pair in pairs_of(f)]
    return pd.DataFrame(rows, columns=PATH_COLUMNS).astype(_KINDS)


class Pair(NamedTuple):
    """A row of `disjoint_paths`; the stages by position."""

    resource: int
    market: int
    expected: bool | None
    paths: int | None
    n_origins: int
    n_buyers: int


def pairs_of(f: Filiere, *, most: int | None = None) -> tuple[Pair, ...]:
    """Return the rows of `disjoint_paths`, found once; with `most`, ways are counted up to that number."""
    return f.derived(("resilience_paths", most), lambda f: _pairs(f, most))


def _pairs(f: Filiere, most: int | None) -> tuple[Pair, ...]:
    net, supply = f.network, supply_of(f)
    held = f.derived("resilience_holders", holders_of)
    leads = _leads(f)
    rows = []
    for start in np.flatnonzero(net.resource).tolist():  # over pairs of stages
        for end in np.flatnonzero(net.market).tolist():
            away = net.flow_source[(net.flow_target < 0) & (net.flow_target_stage == end)]
            count = _menger(supply, held[:, start], held[:, end], np.unique(away[away >= 0]), most)
            rows.append(
                Pair(
                    start,
                    end,
                    None if leads is None else bool(leads[start, end]),
                    count if supply.has_flows else None,
                    int(held[:, start].sum()),
                    int(held[:, end].sum()),
                )
            )
    return tuple(rows)


def _menger(
    supply: Supply, origins: Mask, buyers: Mask, sending_out: NDArray[np.int64], most: int | None
) -> int:
    """Return the number of paths between two sets that share no actor between; ends serve any number."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    size, both = supply.n_actors, int((origins & buyers).sum())
    # each actor is two nodes, what arrives (v) and what leaves (size + v); then the start, the end, the outside, and what
    # comes before the start, for as many ways as are asked for
    start, end, outside, begin = 2 * size, 2 * size + 1, 2 * size + 2, 2 * size + 3
    first, last = np.flatnonzero(origins), np.flatnonzero(buyers)
    if not (len(first) and (len(last) or len(sending_out))) or (most is not None and both >= most):
        return both
    between = np.flatnonzero(~origins & ~buyers)
    unlimited = len(supply.source) + len(sending_out) + 1
    parts = [
        (np.full(len(first), start), size + first, unlimited),
        (between, size + between, 1),
        (size + supply.source, supply.target, 1),
        (size + sending_out, np.full(len(sending_out), outside), 1),
        (last, np.full(len(last), end), unlimited),
        (np.array([outside]), np.array([end]), unlimited),
        (np.array([begin]), np.array([start]), unlimited if most is None else most - both),
    ]
    tails = np.concatenate([part[0] for part in parts]).astype(np.int32)
    heads = np.concatenate([part[1] for part in parts]).astype(np.int32)
    room = np.concatenate([np.full(len(part[0]), part[2], dtype=np.int32) for part in parts])
    graph = csr_array((room, (tails, heads)), shape=(2 * size + 4, 2 * size + 4))
    return both + int(maximum_flow(graph, begin, end).flow_value)


def _leads(f: Filiere) -> Mask | None:
    """Return stages × stages, true where expected passages lead from one to the other; ``None`` without any."""
    net = f.network
    if not len(net.link_from):
        return None
    reach = np.eye(net.n_stages, dtype=bool)
    reach[net.link_from, net.link_to] = True
    for stage in range(net.n_stages):  # a loop over stages
        reach |= np.outer(reach[:, stage], reach[stage])
    return reach
