"""What a buyer cannot do without: actors and passages whose stop leaves buyers without supply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ._dominators import dominators
from ._supply import supply_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

__all__ = ["PASSAGE_COLUMNS", "cut_actors", "cut_passages"]

PASSAGE_COLUMNS = ["source", "target", "buyers_cut", "quantity_t_per_year", "n_flows", "n_unknown"]


def cut_actors(f: Filiere) -> pd.Series:
    """Return how many buyers would be left without any supply if an actor stopped.

    ``|{b ≠ v : every path of flows from an origin to buyer b passes v}|``: the buyers that *v* dominates.
    Origins are the actors at a resource stage, the suppliers, the outside, and those that send something of
    which no arrival is recorded. Buyers are the actors at a market stage (where no flow reaches any, the
    role of buyer counts too). Active flows count, of known quantity or not, whatever the material: a
    buyer is supplied as long as one path reaches it, which is the least that supply takes.

    Returns
    -------
    pandas.Series
        Whole numbers of buyers on ``actor_id``, in table order, from 0 (everybody is still supplied) to the number
        of supplied buyers. Unknown all over without a table of flows. Nothing is raised.

    References
    ----------
    Dominators of a flow graph: Lengauer and Tarjan (1979) (unverified); `networkx.immediate_dominators` is the
    referee of the tests. Who counts as an origin or as a buyer is a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Ménages", "Tri", "Usine"], "roles": ["supplier", None, "buyer"]},
    ...     flows={"source": ["Ménages", "Tri"], "target": ["Tri", "Usine"]},
    ... )
    >>> cut_actors(f).tolist()
    [1, 1, 0]
    """
    supply = supply_of(f)
    found = pd.Series(supply.cut, index=f.network.actor_ids, name="buyers_cut", dtype="Int64")
    return found if supply.has_flows else found.mask(np.ones(len(found), dtype=bool))


def cut_passages(f: Filiere) -> pd.DataFrame:
    """Return the passages without which a buyer would be left without any supply.

    ``|{b : every path of flows from an origin to buyer b uses the passage}|``, where it is above 0. A passage is all
    that goes from one actor to another, or from the outside to one; it is cut as a whole. Definitions as in
    `cut_actors`: the passages that dominate a buyer.

    Returns
    -------
    pandas.DataFrame
        A row per passage, most buyers first, then in the order of the actors: ``source`` (missing: the
        outside), ``target``, ``buyers_cut`` (1 or more), ``quantity_t_per_year`` (known tonnes, 0 or more; NaN if
        none is), ``n_flows``, ``n_unknown``. Empty where nobody depends on one, or without a table of flows.
        Nothing is raised.

    References
    ----------
    As for `cut_actors`: a passage is a node between its two ends (a convention of this library).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Ménages", "Usine"], "roles": ["supplier", "buyer"]},
    ...     flows={"source": ["Ménages"], "target": ["Usine"], "quantity_t_per_year": [5.0]},
    ... )
    >>> cut_passages(f)[["source", "target", "buyers_cut"]].values.tolist()
    [['menages', 'usine', 1]]
    """
    supply, net = supply_of(f), f.network
    source = np.concatenate([np.full(len(supply.imported), -1), supply.source])
    target = np.concatenate([supply.imported, supply.target])
    cut = _buyers_behind(supply.n_actors, supply.origin, source, target, supply.supplied)
    rows = np.flatnonzero(cut)
    rows = rows[np.lexsort((target[rows], source[rows], -cut[rows]))]
    size = net.n_actors + 1
    of_flow = (net.flow_source.astype(np.int64) + 1) * size + net.flow_target
    asked = (source[rows] + 1) * size + target[rows]
    order = np.argsort(asked)
    inside = (net.flow_target >= 0) & np.isin(of_flow, asked)
    at = order[np.searchsorted(asked[order], of_flow[inside])] if len(rows) else np.zeros(0, dtype=np.int64)
    t = net.flow_t[inside]
    known = ~np.isnan(t)
    n_known = np.bincount(at[known], minlength=len(rows))
    total = np.bincount(at[known], weights=t[known], minlength=len(rows))
    n_flows = np.bincount(at, minlength=len(rows))
    return pd.DataFrame(
        {
            "source": _named(net.actor_ids, source[rows]),
            "target": _named(net.actor_ids, target[rows]),
            "buyers_cut": cut[rows],
            "quantity_t_per_year": np.where(n_known > 0, total, np.nan),
            "n_flows": n_flows,
            "n_unknown": n_flows - n_known,
        },
        columns=PASSAGE_COLUMNS,
    )


def _named(identifiers: pd.Index, places: NDArray[np.int64]) -> pd.Series:
    """Return identifiers by position, missing at −1."""
    return pd.Series(pd.Series(identifiers, dtype="str").array.take(places, allow_fill=True))


def _buyers_behind(
    n_actors: int,
    origin: NDArray[np.bool_],
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    buyers: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return how many buyers each passage dominates: a passage is a node between its two ends."""
    root, count = n_actors, len(source)
    middle = n_actors + 1 + np.arange(count)
    starts = np.flatnonzero(origin)
    ends = np.concatenate([np.full(len(starts), root), np.where(source < 0, root, source), middle])
    heads = np.concatenate([starts, middle, target])
    tree = dominators(ends, heads, size=n_actors + 1 + count, root=root)
    values = np.zeros(n_actors + 1 + count, dtype=np.int64)
    values[:n_actors] = buyers
    return tree.below(values)[middle]
