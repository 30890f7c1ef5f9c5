"""Who sits in which group, and for which pole: what every measure of the bodies reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import UnknownNameError
from ....filiere import Filiere
from ....network import distinct
from ....tables import not_ended
from ....vocabulary import GroupKind, Pole
from ...measure import Measure
from ..ties.rows import identifiers
from .graphs import kinds_named, seats_of_graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = [
    "Members",
    "first_of_each",
    "groups_there",
    "members_of",
    "names_of",
    "resting_on_members",
    "seat_rows",
]


@dataclass(frozen=True)
class Members:
    """Who sits where: a seat is an actor in a group for a pole.

    Attributes
    ----------
    group_ids
        The groups that exist.
    group, actor, pole
        Of each seat: position of the group, of the actor (in the table of actors, or among the nodes) and
        of the pole in `poles`, −1 if unknown.
    poles
        The poles that there may be.
    rows
        Rows of memberships, along the seats; empty for a graph.
    actor_ids
        What the positions of actors stand for.
    may_sit
        Which of them could sit: partners, and those who do; of a two-mode graph, the nodes that are actors.
    complete
        Whether a group without a member has none, as in a graph; else its members are to be stated.
    """

    group_ids: pd.Index
    group: Codes
    actor: Codes
    pole: Codes
    poles: list[str]
    rows: pd.Index
    actor_ids: pd.Index
    may_sit: Mask
    complete: bool

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.group_ids)

    @property
    def size(self) -> Counts:
        """Number of members of each group, an actor once however many poles it sits for."""
        return np.bincount(self.actors()[0], minlength=self.n_groups)

    @property
    def known(self) -> Mask:
        """Whether something is known of who sits in a group."""
        return (self.size > 0) | self.complete

    def seats(self) -> Counts:
        """Return groups × poles, the number of seats; the last column counts those of unknown pole."""
        width = len(self.poles) + 1
        pole = np.where(self.pole < 0, width - 1, self.pole)
        places = self.group.astype(np.int64) * width + pole
        return np.bincount(places, minlength=self.n_groups * width).reshape(self.n_groups, width)

    def actors(self) -> tuple[Codes, Codes]:
        """Return group and actor of each member, once however many poles it sits for, group by group."""
        pairs = distinct(self.numbers(self.group, self.actor))
        size = max(len(self.actor_ids), 1)
        return (pairs // size).astype(np.int32), (pairs % size).astype(np.int32)

    def numbers(self, group: Codes, actor: Codes) -> Counts:
        """Return a number per pair of a group and an actor; they ascend group by group."""
        return group.astype(np.int64) * max(len(self.actor_ids), 1) + actor


def members_of(
    source: Source,
    *,
    group: str = "group",
    pole: str | None = "pole",
    kinds: Collection[str] | None = None,
) -> Members:
    """Return who sits in the groups of a filière: active actors, seats and groups that have not ended.

    Parameters
    ----------
    source
        A filière, or a graph of one of two forms. In a *two-mode* graph each node has the attribute
        ``bipartite`` of networkx, 0 for an actor and 1 for a group, and an edge between the two is a seat,
        whatever its direction; parallel edges are seats for several poles, and edges between two actors are
        ties, no seats. In any other graph a node sits in the groups that its attribute `group` names: one
        value (a tuple is one), or a list or set of them.
    group, pole
        Of a graph: the node attributes that hold group and pole; the edge of a two-mode graph may have a
        `pole` of its own, which goes before that of the actor. Without `pole` (``None``), all are unknown.
    kinds
        Of a filière: only groups of these kinds (`chaine_valeur.vocabulary.GroupKind`). Of a two-mode
        graph: the values of the node attribute ``kind``.

    Raises
    ------
    ArgumentError
        A two-mode graph with a node that is neither 0 nor 1, or with an edge between two groups.
    TypeError
        `kinds` is one name and no list.
    UnknownNameError
        No node has such an attribute, or there is no such kind of group.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("Filature", "COPIL"), ("Mairie", "COPIL"), ("Mairie", "GT lin")])
    >>> nx.set_node_attributes(graph, {node: int(node in ("COPIL", "GT lin")) for node in graph}, "bipartite")
    >>> members = members_of(graph, pole=None)
    >>> members.group_ids.tolist(), members.size.tolist()
    (['COPIL', 'GT lin'], [2, 1])
    """
    if not isinstance(source, Filiere):
        told = seats_of_graph(source, group=group, pole=pole, kinds=kinds)
        once = first_of_each(told.group, told.actor, told.pole)
        return Members(
            group_ids=told.group_ids,
            group=told.group[once],
            actor=told.actor[once],
            pole=told.pole[once],
            poles=told.poles,
            rows=pd.Index([], dtype=object),
            actor_ids=told.nodes,
            may_sit=told.may_sit,
            complete=True,
        )
    wanted = kinds if kinds is None or isinstance(kinds, str) else tuple(kinds)
    return source.derived(("members", wanted), lambda f: _members(f, kinds))


def _members(f: Filiere, kinds: Collection[str] | None) -> Members:
    network = f.network
    there = groups_there(f, kinds)
    place = np.cumsum(there, dtype=np.int32) - np.int32(1)
    kept = seat_rows(f, there)
    # written once with the pole and once without
    kept = kept[
        first_of_each(network.member_group[kept], network.member_actor[kept], network.member_pole[kept])
    ]
    may_sit = network.partner.copy()
    may_sit[network.member_actor[kept]] = True
    return Members(
        group_ids=network.group_ids[there],
        group=place[network.member_group[kept]],
        actor=network.member_actor[kept],
        pole=network.member_pole[kept],
        poles=[term.value for term in Pole],
        rows=f.memberships.index[kept],
        actor_ids=network.actor_ids,
        may_sit=may_sit,
        complete=False,
    )


def groups_there(f: Filiere, kinds: Collection[str] | None = None) -> Mask:
    """Return which groups of a filière have not ended and are of these kinds."""
    there = not_ended(f.groups, f.year or f.reference_year)
    if kinds is not None:
        wanted, known = kinds_named(kinds), [term.value for term in GroupKind]
        for name in wanted:  # over the few kinds
            if name not in known:
                raise UnknownNameError.of(f"no kind of group {name!r}", name, known)
        there &= f.groups["kind"].isin(list(wanted)).to_numpy(bool)
    return there


def seat_rows(f: Filiere, there: Mask, *, ever: bool = False) -> Counts:
    """Return the positions of the memberships that count: of active actors, in these groups, not ended.

    With `ever`, those that have ended too.
    """
    network = f.network
    counted = network.active[network.member_actor] & there[network.member_group]
    there_now = not_ended(f.memberships, f.year or f.reference_year)
    return np.flatnonzero(counted if ever else counted & there_now)


def names_of(source: Source, members: Members) -> tuple[pd.Series, pd.Series]:
    """Return the names of actors and of groups, by their positions: those of the tables, or of the nodes."""
    if isinstance(source, Filiere):
        actors = source.actors["name"].reset_index(drop=True)
        return actors, source.groups["name"].loc[members.group_ids].reset_index(drop=True)
    plain = [
        pd.Series([str(key) for key in ids], dtype="str") for ids in (members.actor_ids, members.group_ids)
    ]
    return plain[0], plain[1]


def resting_on_members(measure: Measure, source: Source, kinds: Collection[str] | None) -> Measure:
    """Return a measure that rests on the groups and the seats of a filière; on nothing, for a graph."""
    if not isinstance(source, Filiere):
        return measure
    members = members_of(source, kinds=kinds)
    return measure.resting_on(
        source, {"groups": identifiers(members.group_ids), "memberships": identifiers(members.rows)}
    )


def first_of_each(*columns: NDArray[np.int32]) -> Counts:
    """Return the positions of the rows that differ from all before."""
    same = pd.DataFrame(dict(enumerate(columns))).duplicated()
    return np.flatnonzero(~same.to_numpy(bool))
