"""The columnar core: categories as integer codes, edges as integer arrays, matrices in CSR, built once.

Positions stand for identifiers: ``actor_ids[i]`` is the actor of code ``i``; −1 is « none » or « outside ».
Nothing here loops over rows in Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from .errors import UnknownNameError
from .flow_stages import same_flow_groups, stages_of_flows
from .provenance import rests_on_hypothesis
from .quantities import with_tonnes
from .tables import not_ended
from .vocabulary import (
    ActorType,
    Confidence,
    CooperationKind,
    Pole,
    Role,
    StructureKind,
    labels,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from .filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Network", "Ties", "codes_of", "distinct", "is_among", "latest_year", "of_kinds"]


def codes_of(values: pd.Series, index: pd.Index) -> Codes:
    """Return the position of each value in an index, −1 where it is unknown or not in it."""
    return index.get_indexer(values).astype(np.int32)


def latest_year(frame: pd.DataFrame) -> int | None:
    """Return the latest year that a table speaks of, or ``None`` if it speaks of none."""
    years = frame["year"].dropna()
    return int(years.max()) if len(years) else None


@dataclass(frozen=True)
class Ties:
    """Cooperation between partners, each pair once; what is known absent and who was asked.

    Attributes
    ----------
    nodes
        Identifiers of the actors who could cooperate.
    a, b
        Ends of the observed ties as positions in `nodes`; undirected: ``a < b``, directed: from, to.
    absent_a, absent_b
        Ends of the pairs of which it is known that there is no tie.
    asked
        Who was surveyed: every pair with one of them is documented.
    directed
        Whether a tie goes from `a` to `b`.
    """

    nodes: pd.Index
    a: Codes
    b: Codes
    absent_a: Codes
    absent_b: Codes
    asked: Mask
    directed: bool

    @property
    def size(self) -> int:
        """Number of actors."""
        return len(self.nodes)

    @property
    def possible(self) -> int:
        """Number of pairs that could be tied."""
        pairs = self.size * (self.size - 1)
        return pairs if self.directed else pairs // 2

    @cached_property
    def spoken_of(self) -> tuple[Codes, Codes]:
        """Ends of the pairs, tied or known to be absent, of two actors nobody asked.

        The other pairs of unasked actors are the undocumented ones.
        """
        unasked = ~self.asked
        if not unasked.any():
            return self.a[:0], self.b[:0]
        tied, denied = unasked[self.a] & unasked[self.b], unasked[self.absent_a] & unasked[self.absent_b]
        return (
            np.concatenate([self.a[tied], self.absent_a[denied]]),
            np.concatenate([self.b[tied], self.absent_b[denied]]),
        )

    def among(self, keep: Mask) -> Ties:
        """Return the ties among some of the actors, a mask over `nodes`."""
        place = np.cumsum(keep, dtype=np.int32) - np.int32(1)
        tied, denied = keep[self.a] & keep[self.b], keep[self.absent_a] & keep[self.absent_b]
        return Ties(
            nodes=self.nodes[keep],
            a=place[self.a[tied]],
            b=place[self.b[tied]],
            absent_a=place[self.absent_a[denied]],
            absent_b=place[self.absent_b[denied]],
            asked=self.asked[keep],
            directed=self.directed,
        )

    @cached_property
    def matrix(self) -> csr_array:
        """Observed ties as a 0/1 matrix, symmetric if undirected, without diagonal."""
        from scipy.sparse import csr_array

        rows, columns = (self.a, self.b) if self.directed else (
            np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a]))  # fmt: skip
        ones = np.ones(len(rows), dtype=np.float64)
        return csr_array((ones, (rows, columns)), shape=(self.size, self.size))


@dataclass(frozen=True)
class Network:
    """A filière as arrays; see the attributes for what each position means.

    Attributes
    ----------
    year
        The year of the quantities: that of `Filiere.at`, else the latest that flows speak of.
    actor_ids, stage_ids, material_ids, group_ids
        Identifiers in table order.
    active, partner
        Actors that exist; of these, those who can cooperate (no diffuse group, not the outside).
    local
        1 in the territory, 0 elsewhere, −1 unknown.
    roles
        Actors × `Role`, true for each role held; `role` is the primary one.
    activity_actor, activity_stage
        Who holds which stage, each pair once, active actors only.
    link_from, link_to, link_material, link_required
        The expected passages.
    flow_row
        Position in ``f.flows`` of the flows that count: active, of the year, between active actors, one
        per flow however often declared. The other ``flow_*`` arrays run along it; a stage or actor of −1
        is unknown or outside, an unknown quantity is NaN.
    declared_row, declared_flow
        Position in ``f.flows`` of every declaration of those flows, and the flow (position along
        ``flow_*``) that each speaks of.
    """

    filiere: Filiere
    year: int | None
    actor_ids: pd.Index
    stage_ids: pd.Index
    material_ids: pd.Index
    group_ids: pd.Index
    active: Mask
    partner: Mask
    local: NDArray[np.int8]
    roles: Mask
    role: Codes
    pole: Codes
    siae: Mask
    stage: Codes
    activity_actor: Codes
    activity_stage: Codes
    link_from: Codes
    link_to: Codes
    link_material: Codes
    link_required: Mask
    flow_row: NDArray[np.int64]
    flow_source: Codes
    flow_target: Codes
    flow_source_stage: Codes
    flow_target_stage: Codes
    flow_material: Codes
    flow_t: Values
    flow_hypothesis: Mask
    declared_row: NDArray[np.int64]
    declared_flow: NDArray[np.int64]
    member_group: Codes
    member_actor: Codes
    member_pole: Codes

    @classmethod
    def of(cls, f: Filiere) -> Self:
        """Return the core of a filière."""
        actors, links, members = f.actors, f.stage_links, f.memberships
        flows = with_tonnes(f, "flows")
        actor_ids, stage_ids = actors.index, f.stages.index
        material_ids, group_ids = f.materials.index, f.groups.index
        active = (actors["status"] == "active").to_numpy(bool)
        partners = [kind.value for kind in ActorType if kind.is_partner]
        siae = [kind.value for kind in StructureKind if kind.is_siae]
        roles = _roles(actors["roles"])
        held = f.activities[["actor_id", "stage_id"]].drop_duplicates()
        who, what = codes_of(held["actor_id"], actor_ids), codes_of(held["stage_id"], stage_ids)
        first = np.full(len(actor_ids), -1, dtype=np.int32)
        first[who[::-1]] = what[::-1]  # written backwards: the first row of an actor wins
        held_by_active = active[who]
        year = f.year if f.year is not None else latest_year(flows)
        sources, targets = codes_of(flows["source"], actor_ids), codes_of(flows["target"], actor_ids)
        rows, declared = _flows_that_count(flows, sources, targets, active, year)
        counted = flows.iloc[rows]
        ends = stages_of_flows(flows, f.activities, links)
        poles = pd.Index([pole.value for pole in Pole])
        own_pole = codes_of(actors["pole"], poles)
        member_actor, member_pole = codes_of(members["actor_id"], actor_ids), codes_of(members["pole"], poles)
        return cls(
            filiere=f,
            year=year,
            actor_ids=actor_ids,
            stage_ids=stage_ids,
            material_ids=material_ids,
            group_ids=group_ids,
            active=active,
            partner=active & actors["actor_type"].isin(partners).to_numpy(bool),
            local=f.is_local().astype("Int8").fillna(-1).to_numpy(np.int8),
            roles=roles,
            role=_first_role(actors["roles"]),
            pole=own_pole,
            siae=actors["structure_kind"].isin(siae).to_numpy(bool),
            stage=first,
            activity_actor=who[held_by_active],
            activity_stage=what[held_by_active],
            link_from=codes_of(links["stage_id"], stage_ids),
            link_to=codes_of(links["to_stage_id"], stage_ids),
            link_material=codes_of(links["material_id"], material_ids),
            link_required=links["required"].fillna(True).to_numpy(bool),
            flow_row=rows,
            flow_source=codes_of(counted["source"], actor_ids),
            flow_target=codes_of(counted["target"], actor_ids),
            flow_source_stage=codes_of(ends.source.iloc[rows], stage_ids),
            flow_target_stage=codes_of(ends.target.iloc[rows], stage_ids),
            flow_material=codes_of(counted["material_id"], material_ids),
            flow_t=counted["quantity_t_per_year"].to_numpy(np.float64),
            flow_hypothesis=rests_on_hypothesis(f, "flows", column="quantity_t_per_year").to_numpy(bool)[
                rows
            ],
            declared_row=declared[0],
            declared_flow=declared[1],
            member_group=codes_of(members["group_id"], group_ids),
            member_actor=member_actor,
            member_pole=np.where(member_pole >= 0, member_pole, own_pole[member_actor]).astype(np.int32),
        )

    @property
    def n_actors(self) -> int:
        """Number of actors, of any status."""
        return len(self.actor_ids)

    @property
    def n_stages(self) -> int:
        """Number of expected stages."""
        return len(self.stage_ids)

    @cached_property
    def flow_ids(self) -> pd.Index:
        """Identifiers of the flows that count, along the ``flow_*`` arrays."""
        return self.filiere.flows.index[self.flow_row]

    @cached_property
    def holders(self) -> NDArray[np.int64]:
        """Number of active actors per stage."""
        return np.bincount(self.activity_stage, minlength=self.n_stages)

    @cached_property
    def flow_matrix(self) -> csr_array:
        """Actors × actors, 1 where at least one flow that counts goes from the row to the column."""
        from scipy.sparse import coo_array

        both = (self.flow_source >= 0) & (self.flow_target >= 0)
        pairs = (self.flow_source[both], self.flow_target[both])
        shape = (self.n_actors, self.n_actors)
        matrix = coo_array((np.ones(int(both.sum())), pairs), shape=shape).tocsr()
        matrix.data[:] = 1.0  # parallel flows are one passage
        return matrix

    def incoming_t(self) -> Values:
        """Return what enters each actor in t/year; unknown quantities are left out."""
        return _sum_at(self.flow_target, self.flow_t, self.n_actors)

    def outgoing_t(self) -> Values:
        """Return what leaves each actor in t/year; unknown quantities are left out."""
        return _sum_at(self.flow_source, self.flow_t, self.n_actors)

    def ties(self, *, kind: str | None = None, directed: bool = False) -> Ties:
        """Return the cooperation layer between partners, each pair once.

        Parameters
        ----------
        kind
            Only ties of that `CooperationKind`; by default all.
        directed
            Keep the direction; a tie of an undirected kind then goes both ways.
        """
        asked_for = (None if kind is None else _kind(kind), bool(directed))
        if asked_for not in self._ties:
            self._ties[asked_for] = self._ties_of(*asked_for)
        return self._ties[asked_for]

    @cached_property
    def _ties(self) -> dict[tuple[str | None, bool], Ties]:
        """The layers that were asked for: every measure of cooperation starts from one of them."""
        return {}

    def _ties_of(self, kind: str | None, directed: bool) -> Ties:
        rows, ends = self.cooperations_that_count(), self.cooperation_ends
        if kind is not None:
            of_kind = of_kinds(rows, [kind])
            rows, ends = rows[of_kind], (ends[0][of_kind], ends[1][of_kind])
        place = np.full(self.n_actors, -1, dtype=np.int32)
        partners = np.flatnonzero(self.partner)
        place[partners] = np.arange(len(partners), dtype=np.int32)
        a, b = place[ends[0]], place[ends[1]]
        one_way = rows["kind"].isin([kind.value for kind in CooperationKind if kind.directed]).to_numpy(bool)
        usable = (a >= 0) & (b >= 0)
        absent = (rows["state"] == "absent").to_numpy(bool)
        observed = _pairs(a, b, usable & ~absent, one_way, len(partners), directed)
        denied = _pairs(a, b, usable & absent, one_way, len(partners), directed)
        denied = denied[~is_among(denied, observed)]  # one who says yes is believed before one who says no
        size = max(len(partners), 1)
        return Ties(
            nodes=self.actor_ids[partners],
            a=(observed // size).astype(np.int32),
            b=(observed % size).astype(np.int32),
            absent_a=(denied // size).astype(np.int32),
            absent_b=(denied % size).astype(np.int32),
            asked=self.filiere.actors["surveyed_on"].notna().to_numpy(bool)[partners],
            directed=directed,
        )

    @cached_property
    def cooperation_ends(self) -> tuple[Codes, Codes]:
        """Actors at both ends of the rows of `cooperations_that_count`."""
        rows = self.cooperations_that_count()
        return codes_of(rows["actor_id"], self.actor_ids), codes_of(rows["to_actor_id"], self.actor_ids)

    def cooperations_that_count(self) -> pd.DataFrame:
        """Return the rows that have not ended by the year of the filière; all where no year is known.

        A row of which it could not be read whether there is a tie speaks of none.
        """
        rows = self.filiere.cooperations
        rows = rows[rows["state"].notna().to_numpy(bool)]
        return rows[not_ended(rows, self.filiere.year or self.filiere.reference_year)]


def _pairs(a: Codes, b: Codes, keep: Mask, one_way: Mask, size: int, directed: bool) -> NDArray[np.int64]:
    """Return each pair once, as ``a · size + b``."""
    a, b, one_way = a[keep].astype(np.int64), b[keep].astype(np.int64), one_way[keep]
    if directed:
        both = ~one_way
        a, b = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
    else:
        a, b = np.minimum(a, b), np.maximum(a, b)
    return distinct(a * size + b)


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each number once, ascending (by sorting: `numpy.unique` hashes, ten times slower here)."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def is_among(numbers: NDArray[np.int64], ordered: NDArray[np.int64]) -> Mask:
    """Return whether each number is one of `ordered`, which ascends."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=bool)
    places = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return ordered[places] == numbers


def of_kinds(rows: pd.DataFrame, kinds: Iterable[str]) -> Mask:
    """Return which rows of cooperations speak of ties of these kinds; one without a kind speaks of none."""
    return rows["kind"].isin(list(kinds)).to_numpy(bool)


def _kind(kind: str) -> str:
    known = labels("cooperation_kind", "en")
    if kind not in known:
        raise UnknownNameError(f"no kind of cooperation {kind!r}; there are: {', '.join(known)}")
    return str(kind)


def _sum_at(places: Codes, values: Values, size: int) -> Values:
    use = (places >= 0) & ~np.isnan(values)
    return np.bincount(places[use], weights=values[use], minlength=size).astype(np.float64)


def _roles(cells: pd.Series) -> Mask:
    """Return actors × roles from cells of several roles, without a loop over actors."""
    held = np.zeros((len(cells), len(Role)), dtype=bool)
    numbers, distinct = pd.factorize(cells)
    for code, cell in enumerate(distinct):  # over the few distinct combinations
        for place, role in enumerate(Role):
            if role.value in cell.split(";"):
                held[numbers == code, place] = True
    return held


def _first_role(cells: pd.Series) -> Codes:
    roles = {role.value: place for place, role in enumerate(Role)}
    numbers, distinct = pd.factorize(cells)
    # over the few distinct combinations; the last entry stands for an unknown cell
    first = np.array([*(roles.get(str(cell).partition(";")[0], -1) for cell in distinct), -1], dtype=np.int32)
    return first[numbers]


def _flows_that_count(
    flows: pd.DataFrame, source: Codes, target: Codes, active: Mask, year: int | None
) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the positions of the flows that count, one per flow however often it was declared.

    With them every declaration of theirs: its position, and which of those flows it speaks of.
    """
    use = (flows["status"] == "active").to_numpy(bool, copy=True)
    # −1, the outside, looks at the entry that is appended
    exists = np.append(active, True)
    use &= exists[source] & exists[target]
    if year is not None:
        use &= (flows["year"].isna() | (flows["year"] == year)).to_numpy(bool)
    rows = np.flatnonzero(use)
    firmness = [kind.value for kind in Confidence]
    rank = codes_of(flows["confidence"].iloc[rows], pd.Index(firmness))
    rank = np.where(rank < 0, len(firmness), rank)
    # a declaration without a quantity never hides one that has it
    silent = flows["quantity_t_per_year"].isna().to_numpy()[rows]
    groups = same_flow_groups(flows).to_numpy()[rows]
    order = np.lexsort((rows, rank, silent, groups))
    _, firsts, group = np.unique(groups[order], return_index=True, return_inverse=True)
    chosen = rows[order[firsts]]
    kept = np.sort(chosen)
    spoken_of = np.empty(len(rows), dtype=np.int64)
    spoken_of[order] = np.searchsorted(kept, chosen)[group]
    return kept, (rows, spoken_of)
