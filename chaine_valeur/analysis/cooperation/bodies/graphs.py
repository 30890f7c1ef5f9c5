"""Who sits where, as a networkx graph tells it: nodes that name their groups, or two modes of nodes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import ArgumentError, UnknownNameError
from ....filiere import Filiere
from ..ties.partition import blocks_of

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["GraphSeats", "is_two_mode", "kinds_named", "pole_if_named", "seats_of_graph"]

#: The node attribute by which networkx tells the two modes apart: 0 is an actor, 1 a group.
MODE = "bipartite"
_SIDES = {0: 0, 1: 1, "0": 0, "1": 1}  # text, as some formats of files give it back
#: The node attribute that holds a pole, unless another one is named.
POLE = "pole"


@dataclass(frozen=True)
class GraphSeats:
    """The seats that a graph tells of.

    Attributes
    ----------
    nodes
        All nodes, in the order of the graph.
    may_sit
        Which of them are actors.
    group_ids
        The groups.
    actor, group
        Of each seat: position among the nodes, and among the groups.
    pole
        Of each seat: position in `poles`, −1 if unknown.
    poles
        The values that poles have.
    edges
        Of each seat, the attributes of its edge; empty without two modes.
    """

    nodes: pd.Index
    may_sit: Mask
    group_ids: pd.Index
    actor: Codes
    group: Codes
    pole: Codes
    poles: list[Any]
    edges: list[dict[str, Any]]


def is_two_mode(source: Source) -> bool:
    """Whether a source is a graph whose nodes are marked ``bipartite`` (0 actors, 1 groups)."""
    if isinstance(source, Filiere):
        return False
    return any(mode is not None for _, mode in source.nodes(data=MODE))


def pole_if_named(source: Source, pole: str) -> str | None:
    """Return the attribute that holds poles, ``None`` for a graph that has none of the usual name.

    What does not need poles is computed without them; an attribute that was asked for by name and is not
    there stays an error.
    """
    if isinstance(source, Filiere) or pole != POLE:
        return pole
    attributes = [data for _, data in source.nodes(data=True)]
    if is_two_mode(source):
        attributes += [data for _, _, data in source.edges(data=True)]
    return pole if any(data.get(pole) is not None for data in attributes) else None


def kinds_named(kinds: Collection[str]) -> set[str]:
    """Return the kinds of groups asked for; a text would be read letter by letter."""
    if isinstance(kinds, str):
        raise TypeError(f"kinds={kinds!r} is one name: give a list of kinds of groups")
    return set(kinds)


def seats_of_graph(
    graph: nx.Graph, *, group: str, pole: str | None, kinds: Collection[str] | None = None
) -> GraphSeats:
    """Return the seats of a graph: see `members_of` for how it may tell of them.

    Raises
    ------
    ArgumentError
        In two modes: a node that is neither 0 nor 1, or an edge between two groups.
    UnknownNameError
        No node (or edge of a two-mode graph) has such an attribute.
    """
    nodes = pd.Index(list(graph), dtype=object, tupleize_cols=False)
    pole = None if pole == group else pole
    if is_two_mode(graph):
        return _of_two_modes(graph, nodes, pole, kinds)
    values = [graph.nodes[node].get(group) for node in nodes]
    if any(isinstance(value, list | set | frozenset) for value in values):
        listed = [_listed(value) for value in values]
        actor = np.repeat(np.arange(len(nodes)), [len(each) for each in listed])
        codes, order = pd.factorize(pd.Series(list(chain.from_iterable(listed)), dtype=object))
    else:
        blocks = blocks_of(graph, nodes, by=group)
        order = [key for key in blocks.keys if key is not None]
        codes, actor = np.where(blocks.codes < len(order), blocks.codes, -1), np.arange(len(nodes))
    sits = codes >= 0
    own, poles = np.full(len(nodes), -1, dtype=np.int32), []
    if pole is not None:
        named = blocks_of(graph, nodes, by=pole)
        poles = [key for key in named.keys if key is not None]
        own = np.where(named.codes < len(poles), named.codes, -1)
    return GraphSeats(
        nodes=nodes,
        may_sit=np.ones(len(nodes), dtype=bool),
        group_ids=_groups(order),
        actor=actor[sits].astype(np.int32),
        group=codes[sits].astype(np.int32),
        pole=own[actor[sits]].astype(np.int32),
        poles=poles,
        edges=[],
    )


def _of_two_modes(
    graph: nx.Graph, nodes: pd.Index, pole: str | None, kinds: Collection[str] | None
) -> GraphSeats:
    side = pd.Series([_SIDES.get(mode, -1) for _, mode in graph.nodes(data=MODE)], dtype="int64").to_numpy()
    if (side < 0).any():
        node = nodes[int(side.argmin())]
        raise ArgumentError(
            f"node {node!r} has {MODE}={graph.nodes[node].get(MODE)!r}: mark each node of a two-mode graph "
            f"with 0 (an actor) or 1 (a group)"
        )
    places = dict(zip(graph, range(len(nodes)), strict=True))
    edges = list(graph.edges(data=True))
    ends = np.fromiter((places[node] for edge in edges for node in edge[:2]), dtype=np.int64)
    first, second = ends[0::2], ends[1::2]
    between = np.flatnonzero((side[first] == 1) & (side[second] == 1))
    if len(between):
        u, v, _ = edges[between[0]]
        raise ArgumentError(
            f"the edge {u!r} – {v!r} joins two groups ({MODE}=1): in a two-mode graph it joins an actor to "
            f"a group; is one of them an actor ({MODE}=0)?"
        )
    there = side == 1
    if kinds is not None:
        wanted = kinds_named(kinds)
        there &= np.array([graph.nodes[node].get("kind") in wanted for node in nodes], dtype=bool)
    group = np.where(side[first] == 1, first, second)
    # an edge between two actors is a tie, no seat
    seats = np.flatnonzero((side[first] != side[second]) & there[group])
    actor = (first + second - group)[seats]
    place = np.cumsum(there) - 1
    kept = [edges[seat][2] for seat in seats]
    codes, poles = _poles(graph, nodes, actor, kept, pole)
    return GraphSeats(
        nodes=nodes,
        may_sit=side == 0,
        group_ids=_groups(nodes[there]),
        actor=actor.astype(np.int32),
        group=place[group[seats]].astype(np.int32),
        pole=codes,
        poles=poles,
        edges=kept,
    )


def _poles(
    graph: nx.Graph, nodes: pd.Index, actor: NDArray[np.int64], edges: list[dict[str, Any]], pole: str | None
) -> tuple[Codes, list[Any]]:
    """Return the pole of each seat: that of its edge, else that of the actor; and all poles that there are."""
    if pole is None:
        return np.full(len(actor), -1, dtype=np.int32), []
    values = [graph.nodes[node].get(pole) for node in nodes] + [edge.get(pole) for edge in edges]
    codes, order = pd.factorize(pd.Series(values, dtype=object))
    if len(values) and not len(order):
        known = {str(name) for _, data in graph.nodes(data=True) for name in data}
        raise UnknownNameError.of(f"no node or edge has an attribute {pole!r}", pole, sorted(known))
    own, said = codes[: len(nodes)], codes[len(nodes) :]
    return np.where(said >= 0, said, own[actor]).astype(np.int32), list(order)


def _listed(value: Any) -> list[Any]:
    """Return the groups that a node names; a set has no order of its own, so that its text gives one."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return value if isinstance(value, list) else [value]


def _groups(keys: Any) -> pd.Index:
    return pd.Index(list(keys), dtype=object, name="group_id", tupleize_cols=False)
