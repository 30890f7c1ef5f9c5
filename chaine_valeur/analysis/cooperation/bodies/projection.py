"""Who sits with whom: the two-mode network of actors and groups projected on the actors, with weights."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ..ties.layer import seen_in
from .members import members_of, names_of
from .two_mode import affiliation

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["CO_MEMBERSHIP_COLUMNS", "co_membership"]

CO_MEMBERSHIP_COLUMNS = ["actor_id", "to_actor_id", "actor_label", "to_actor_label", "groups", "newman"]
#: A frame has a row per pair of actors who sit together: a forum of 10 000 alone would give 50 million.
MOST_PAIRS = 5_000_000
#: Products of so many are held at once.
CHUNK = 1_000_000


def co_membership(
    source: Source,
    *,
    largest: int | None = None,
    group: str = "group",
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return the pairs of actors who sit in a group together, with the weight of what they share.

    ``groups`` is the number of groups in which both sit; ``newman`` is ``Σ 1 / (n_k − 1)`` over these
    groups, *n_k* being the members of group *k*: to sit together in a working group of five says more than
    in a forum of fifty. An actor's ``newman`` weights add up to the number of groups in which it sits with
    somebody.

    Parameters
    ----------
    source, group, kinds, year
        As for `two_mode_density`.
    largest
        Leave out the groups with more members than this: in a forum everyone meets everyone.

    Returns
    -------
    pandas.DataFrame
        A row per pair who share a group, each once, in table order. Columns ``actor_id``, ``to_actor_id``,
        ``actor_label``, ``to_actor_label``, ``groups`` (1 or more), ``newman`` above 0.

    Raises
    ------
    ArgumentError
        The groups hold more than 5 million pairs of members: `largest` or `kinds` leaves some out.

    Notes
    -----
    To sit together is no cooperation: see `expected_ties` for how many of these pairs are known to cooperate.
    The first weight is that of `networkx.bipartite.weighted_projected_graph` (UCINET: 2-mode to 1-mode, sums
    of cross-products), the second that of ``collaboration_weighted_projected_graph``. Sparse products over
    some actors at a time: memory goes with the pairs that come out.

    References
    ----------
    Newman (2001), unverified; the formula is that of the documentation of networkx.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_nodes_from(["COPIL", "GT"], bipartite=1)
    >>> graph.add_nodes_from(["Filature", "Mairie", "Relais"], bipartite=0)
    >>> graph.add_edges_from([("Filature", "COPIL"), ("Mairie", "COPIL"), ("Filature", "GT")])
    >>> graph.add_edges_from([("Mairie", "GT"), ("Relais", "GT")])
    >>> co_membership(graph)[["actor_id", "to_actor_id", "groups", "newman"]]
       actor_id to_actor_id  groups  newman
    0  Filature      Mairie       2     1.5
    1  Filature      Relais       1     0.5
    2    Mairie      Relais       1     0.5
    """
    source = seen_in(source, year)
    members = members_of(source, group=group, pole=None, kinds=kinds)
    size = members.size.astype(np.int64)
    counted = size > 1
    if largest is not None:
        counted &= size <= largest
    pairs = int((size * (size - 1) // 2)[counted].sum())
    if pairs > MOST_PAIRS:
        widest = int(size[counted].max())
        raise ArgumentError(
            f"{pairs} pairs of members to write out, at most {MOST_PAIRS}: leave the largest groups (up to "
            f"{widest} members) out with largest=, or name some with kinds="
        )
    sits = affiliation(members)[:, counted]
    others = sits.T.tocsr()
    weight = sits.astype(np.float64)
    weight.data /= (size[counted] - 1)[weight.indices]
    # products that each actor brings, so that a slice of actors holds no more than CHUNK of them
    brings = sits @ size[counted]
    bounds = np.unique(np.searchsorted(np.cumsum(brings), np.arange(0, brings.sum() + CHUNK, CHUNK)))
    bounds = np.append(bounds[bounds < len(brings)], len(brings))
    rows, columns, groups, newman = [], [], [], []
    for start, end in zip(bounds[:-1], bounds[1:], strict=True):  # over slices of actors
        both = (sits[start:end] @ others).tocoo()
        shared = (weight[start:end] @ others).tocoo()  # the same pattern in the same order
        once = both.col > both.row + start
        rows.append(both.row[once] + start)
        columns.append(both.col[once])
        groups.append(both.data[once])
        newman.append(shared.data[once])
    a, b = (np.concatenate([np.zeros(0, dtype=np.int64), *each]) for each in (rows, columns))
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    names, _ = names_of(source, members)
    return pd.DataFrame(
        {
            "actor_id": members.actor_ids.take(a),
            "to_actor_id": members.actor_ids.take(b),
            "actor_label": names.take(a).to_numpy(),
            "to_actor_label": names.take(b).to_numpy(),
            "groups": np.concatenate([np.zeros(0, dtype=np.int64), *groups])[order],
            "newman": np.concatenate([np.zeros(0), *newman])[order],
        },
        columns=CO_MEMBERSHIP_COLUMNS,
    )
