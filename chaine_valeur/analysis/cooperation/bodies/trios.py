"""The triads among the members of each group: those who sit together, are they linked?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....network import Ties
from ..ties.layer import seen_in, ties_of
from ..triptyques.triads import TRIPTYQUE, count_triads
from .members import members_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]

__all__ = ["triads_in_groups"]


def triads_in_groups(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the triads among the members of each group: those who sit together, are they linked? (D5, D6)

    A member counts in the pole that it sits for (the first, if it sits for several), and only if it could
    cooperate.

    Parameters
    ----------
    source
        A filière, or a graph in which a node sits in the group that its attribute `group` names.
    group, pole
        Of a graph: the node attributes that hold group and pole.
    poles
        The three poles.
    kinds
        Of a filière: only groups of these kinds.
    year, kind
        The filière in that year; only ties of that kind, or of these.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``; columns ``members`` (those of the three poles), ``possible`` triads, ``closed``,
        ``high`` (those closed once every undocumented pair is a tie), ``open``, ``documented`` and ``pairs``
        (of two different poles).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("firm", "town"), ("town", "aci")])
    >>> nx.set_node_attributes(graph, {"firm": "enterprise", "town": "elected", "aci": "ess"}, "pole")
    >>> nx.set_node_attributes(graph, "GT", "group")
    >>> triads_in_groups(graph)[["members", "possible", "closed", "open"]]
              members  possible  closed  open
    group_id
    GT              3         1       0     1
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind)
    members = members_of(source, group=group, pole=pole, kinds=kinds)
    wanted = [members.poles.index(name) if name in members.poles else -2 for name in poles]
    place = np.full(len(members.poles) + 1, -1, dtype=np.int32)  # the last place is what −1 looks at
    for code, found in enumerate(wanted):  # over the three poles
        if found >= 0:
            place[found] = code
    actor = ties.nodes.get_indexer(members.actor_ids)[members.actor]
    seats = pd.DataFrame({"group": members.group, "actor": actor, "pole": place[members.pole]})
    seats = seats[(seats["actor"] >= 0) & (seats["pole"] >= 0)].drop_duplicates(["group", "actor"])
    counted = [count_triads(*each) for each in _layers(ties, seats, members.n_groups)]
    columns = {
        "members": [sum(triads.sizes) for triads in counted],
        "possible": [triads.possible for triads in counted],
        "closed": [triads.closed for triads in counted],
        "high": [triads.may_close for triads in counted],
        "open": [triads.open for triads in counted],
        "documented": [triads.documented for triads in counted],
        "pairs": [triads.pairs for triads in counted],
    }
    index = members.group_ids.rename("group_id")
    return pd.DataFrame(columns, index=index, dtype=np.int64)


def _layers(ties: Ties, seats: pd.DataFrame, n_groups: int) -> Iterator[tuple[Ties, Codes]]:
    """Yield the ties among the members of each group, and their poles."""
    from scipy.sparse import csr_array

    shape = (ties.size, ties.size)
    observed, denied = (
        csr_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=shape)
        for a, b in ((ties.a, ties.b), (ties.absent_a, ties.absent_b))
    )
    ordered = seats.sort_values(["group", "actor"], kind="stable")
    actors, poles = ordered["actor"].to_numpy(), ordered["pole"].to_numpy()
    ends = np.searchsorted(ordered["group"].to_numpy(), np.arange(n_groups + 1))
    for first, last in zip(ends[:-1], ends[1:], strict=True):  # over groups
        inside = actors[first:last]
        a, b = observed[inside][:, inside].nonzero()
        no_a, no_b = denied[inside][:, inside].nonzero()
        part = Ties(
            named=ties.nodes[inside],
            a=a,
            b=b,
            absent_a=no_a,
            absent_b=no_b,
            asked=ties.asked[inside],
            directed=False,
        )
        yield part, poles[first:last]
