"""Who sits in the groups, and which of them cover the triptyque (D5), by the pole that members sit for.

A group without a known member, or one that lacks poles but has as many members whose pole is unknown, is
undetermined: it counts in the bounds and not in the value.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import trn
from ....network import distinct
from ....vocabulary import Pole
from ...measure import Measure, ratio
from ..ties.layer import seen_in
from ..ties.partition import blocks_of
from ..ties.rows import identifiers
from ..triptyques.triads import TRIPTYQUE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = [
    "Members",
    "group_table",
    "members_of",
    "resting_on_members",
    "triptyque_coverage",
    "triptyque_coverage_measure",
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
    """

    group_ids: pd.Index
    group: Codes
    actor: Codes
    pole: Codes
    poles: list[str]
    rows: pd.Index

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.group_ids)

    def seats(self) -> Counts:
        """Return groups × poles, the number of seats; the last column counts those of unknown pole."""
        width = len(self.poles) + 1
        pole = np.where(self.pole < 0, width - 1, self.pole)
        places = self.group.astype(np.int64) * width + pole
        return np.bincount(places, minlength=self.n_groups * width).reshape(self.n_groups, width)

    def actors(self) -> tuple[Codes, Codes]:
        """Return group and actor of each member, once however many poles it sits for."""
        size = int(self.actor.max(initial=0)) + 1
        pairs = distinct(self.group.astype(np.int64) * size + self.actor)
        return (pairs // size).astype(np.int32), (pairs % size).astype(np.int32)


def members_of(
    source: Source, *, group: str = "group", pole: str = "pole", kinds: Collection[str] | None = None
) -> Members:
    """Return who sits in the groups of a filière: active actors, seats and groups that have not ended.

    Parameters
    ----------
    source
        A filière, or a graph in which a node sits in the group that its attribute `group` names.
    group, pole
        Of a graph: the node attributes that hold group and pole.
    kinds
        Of a filière: only groups of these kinds (`chaine_valeur.vocabulary.GroupKind`).
    """
    if not isinstance(source, Filiere):
        nodes = pd.Index(list(source), dtype=object, tupleize_cols=False)
        groups, poles = blocks_of(source, nodes, by=group), blocks_of(source, nodes, by=pole)
        group_ids = pd.Index([key for key in groups.keys if key is not None], dtype=object, name="group_id")
        names = [key for key in poles.keys if key is not None]
        sits = np.flatnonzero(groups.codes < len(group_ids)).astype(np.int32)
        own = np.where(poles.codes < len(names), poles.codes, -1)
        none = pd.Index([], dtype=object)
        return Members(group_ids, groups.codes[sits], sits, own[sits], names, none)
    network, memberships = source.network, source.memberships
    year = source.year or source.reference_year
    there = ~_ended(source.groups, year)
    if kinds is not None:
        there &= source.groups["kind"].isin(list(kinds)).to_numpy(bool)
    place = np.cumsum(there, dtype=np.int32) - 1
    counted = network.active[network.member_actor] & there[network.member_group] & ~_ended(memberships, year)
    kept = np.flatnonzero(counted)
    columns = (network.member_group, network.member_actor, network.member_pole)
    same = pd.DataFrame({name: column[kept] for name, column in enumerate(columns)}).duplicated()
    kept = kept[~same.to_numpy(bool)]  # written once with the pole and once without
    return Members(
        group_ids=network.group_ids[there],
        group=place[network.member_group[kept]],
        actor=network.member_actor[kept],
        pole=network.member_pole[kept],
        poles=[term.value for term in Pole],
        rows=memberships.index[kept],
    )


def _ended(frame: pd.DataFrame, year: int | None) -> Mask:
    if year is None:
        return np.zeros(len(frame), dtype=bool)
    return (frame["until"].notna() & (frame["until"] < year)).to_numpy(bool)


def group_table(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return who sits in each group and whether it covers the triptyque (D5).

    Parameters
    ----------
    source
        A filière, or a graph whose nodes name their group.
    group, pole
        Of a graph: the node attributes that hold group and pole.
    poles
        The poles that a group should have.
    kinds
        Of a filière: only groups of these kinds.
    year
        The filière in that year.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``; columns ``members`` (actors), one per pole of `poles` (seats),
        ``without_pole`` (seats of unknown pole) and ``covered`` (nullable boolean, unknown where no member
        is known or where members of unknown pole may make up for what is missing).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie", "Relais"], "pole": ["enterprise", "elected", "ess"]},
    ...     groups={"name": ["GT lin", "COPIL"]},
    ...     memberships={"group_id": ["GT lin"] * 3, "actor_id": ["Filature", "Mairie", "Relais"]},
    ... )
    >>> group_table(f)
              members  enterprise  elected  ess  without_pole  covered
    group_id
    gt-lin          3           1        1    1             0     True
    copil           0           0        0    0             0     <NA>
    """
    members = members_of(seen_in(source, year), group=group, pole=pole, kinds=kinds)
    seats = members.seats()
    wanted = [members.poles.index(name) if name in members.poles else None for name in poles]
    counts = {
        name: np.zeros(members.n_groups, dtype=np.int64) if place is None else seats[:, place]
        for name, place in zip(poles, wanted, strict=True)
    }
    missing = sum((count == 0).astype(np.int64) for count in counts.values())
    unknown = seats[:, -1]
    size = np.bincount(members.actors()[0], minlength=members.n_groups)
    covered = pd.Series(missing == 0, index=members.group_ids, dtype="boolean")
    undetermined = (size == 0) | ((missing > 0) & (missing <= unknown))
    columns = {"members": size, **counts, "without_pole": unknown, "covered": covered.mask(undetermined)}
    return pd.DataFrame(columns, index=members.group_ids.rename("group_id"))


def triptyque_coverage(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> float:
    """Return the share of groups in which an enterprise, an elected official and an ESS actor sit (D5).

    ``groups with at least one member for each of the three poles / groups whose composition is known``. A
    member sits for the pole of its membership, else for that of the actor; a pole is never deduced.

    Parameters
    ----------
    source, group, pole, poles, kinds, year
        As for `group_table`, which gives the same by group.

    Returns
    -------
    float
        In [0, 1]; NaN if there is no group whose composition is known.

    References
    ----------
    The rule of the programme « Entreprendre en coopérant » for its working groups.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.empty_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate(["A", "A", "A", "B"])), "group")
    >>> nx.set_node_attributes(graph, dict(enumerate(["enterprise", "elected", "ess", "ess"])), "pole")
    >>> triptyque_coverage(graph)
    0.5
    """
    table = group_table(source, group=group, pole=pole, poles=poles, kinds=kinds, year=year)
    return ratio(int(table["covered"].sum()), int(table["covered"].notna().sum()))


def triptyque_coverage_measure(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D5 with bounds: see `triptyque_coverage`.

    ``low`` and ``high`` are over all groups, the undetermined ones not covered or covered; ``n_unknown``
    is their number.
    """
    source = seen_in(source, year)
    table = group_table(source, group=group, pole=pole, poles=poles, kinds=kinds)
    unknown, count = int(table["covered"].isna().sum()), len(table)
    covered = int(table["covered"].sum())
    note = ""
    if unknown:
        note = trn(
            "{count} group whose composition is not known enough",
            "{count} groups whose composition is not known enough",
            unknown,
            lang,
        )
    measure = Measure(
        ratio(covered, count - unknown),
        "share",
        ratio(covered, count),
        ratio(covered + unknown, count),
        covered,
        count - unknown,
        n_unknown=unknown,
        note=note,
    )
    return resting_on_members(measure, source, kinds)


def resting_on_members(measure: Measure, source: Source, kinds: Collection[str] | None) -> Measure:
    """Return a measure that rests on the groups and the seats of a filière; on nothing, for a graph."""
    if not isinstance(source, Filiere):
        return measure
    members = members_of(source, kinds=kinds)
    return measure.resting_on(
        source, {"groups": identifiers(members.group_ids), "memberships": identifiers(members.rows)}
    )
