"""The columnar core: categories as integer codes, edges as integer arrays, matrices in CSR, built once.

It holds one filière or many: positions run through all of them, filière after filière, and no edge goes from one
to another, so that what is computed for one is computed for a thousand in the same pass. Positions stand for
identifiers; −1 is « none » or « outside ». Nothing here loops over rows in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

from ..errors import UnknownNameError
from ..vocabulary import CooperationKind, CooperationState, Pole, labels
from .actors import Activities, Actors, Stages
from .flows import Flows, Links, idle_rows, years_of_quantities
from .positions import NO_YEAR, any_at, count_at, places_within, sum_at, whole_years
from .tables import Tables, filiere_of_rows, reference_years
from .ties import Ties, observed_and_denied

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.int64]
    Values = NDArray[np.float64]

T = TypeVar("T")

__all__ = ["Core", "Rows"]

_KINDS = [kind.value for kind in CooperationKind]
_ONE_WAY = np.array([*(kind.directed for kind in CooperationKind), False])


@dataclass(frozen=True)
class Rows:
    """Rows of cooperations that count: both ends, kind (place in `CooperationKind`), known absent or observed."""

    row: Numbers
    a: Codes
    b: Codes
    kind: Codes
    absent: Mask


@dataclass(frozen=True)
class Core:
    """One filière or many as arrays; see the attributes for what each position means.

    Attributes
    ----------
    n_filieres
        Number of filières; ``*_filiere`` says which one each position is of.
    years
        Per filière, the year of the quantities: that of `Filiere.at`, else the latest that its flows speak of,
        else `NO_YEAR`.
    bounded, has_flows
        Per filière: it has a territory; it has a table of flows.
    active, partner, outside, single
        Actors that exist; of these, those who can cooperate (no diffuse group, not the outside); the outside;
        those that stand for one organisation.
    local
        1 in the territory, 0 elsewhere, −1 unknown.
    roles
        Actors × `Role`, true for each role held; `role` is the primary one.
    asked
        Who was surveyed.
    stage
        The first stage of each actor.
    required, expected_here, resource, market, rank
        Along the stages; a stage of regional or indifferent scale is not expected locally.
    unit
        The unit of each stage: those that can stand for one another share it.
    activity_actor, activity_stage
        Who holds which stage, each pair once, active actors only.
    link_from, link_to, link_material, link_required
        The expected passages.
    flow_row
        Position in the table of flows of those that count: active, of the year, between active actors, one
        per flow however often declared. The other ``flow_*`` arrays run along it; a stage or actor of −1
        is unknown or outside, an unknown quantity is NaN.
    declared_row, declared_flow
        Position in the table of flows of every declaration of those flows, and the flow (position along
        ``flow_*``) that each speaks of.
    member_group, member_actor, member_pole
        Seats: a member counts for the pole for which it sits, else for its own.
    """

    tables: Tables
    n_filieres: int
    years: Codes
    bounded: Mask
    has_flows: Mask
    actor_filiere: Codes
    active: Mask
    partner: Mask
    outside: Mask
    single: Mask
    local: NDArray[np.int8]
    roles: Mask
    role: Codes
    pole: Codes
    siae: Mask
    asked: Mask
    stage: Codes
    stage_filiere: Codes
    required: Mask
    expected_here: Mask
    resource: Mask
    market: Mask
    unit: Codes
    rank: Values
    activity_actor: Codes
    activity_stage: Codes
    link_from: Codes
    link_to: Codes
    link_material: Codes
    link_required: Mask
    flow_row: Numbers
    flow_source: Codes
    flow_target: Codes
    flow_source_stage: Codes
    flow_target_stage: Codes
    flow_material: Codes
    flow_t: Values
    declared_row: Numbers
    declared_flow: Numbers
    member_group: Codes
    member_actor: Codes
    member_pole: Codes

    @classmethod
    def of_tables(cls, tables: Tables, **more: Any) -> Self:
        """Return the core of some tables."""
        actors, stages, links = Actors.of(tables), Stages.of(tables), Links.of(tables)
        activities, years = Activities.of(tables, actors.active), years_of_quantities(tables)
        flows = Flows.of(tables, active=actors.active, years=years, links=links)
        bounded = np.zeros(tables.n_filieres, dtype=bool)
        said = tables.texts("filiere", "territory_id").known
        bounded[filiere_of_rows(tables, "filiere")[said]] = True
        member_actor = tables.codes("memberships", "actor_id")
        member_pole = tables.texts("memberships", "pole").ranks(list(Pole))
        return cls(
            tables=tables,
            n_filieres=tables.n_filieres,
            years=years,
            bounded=bounded,
            has_flows=np.diff(tables.offsets("flows")) > 0,
            actor_filiere=actors.filiere,
            active=actors.active,
            partner=actors.partner,
            outside=actors.outside,
            single=actors.single,
            local=tables.local(),
            roles=actors.roles,
            role=actors.role,
            pole=actors.pole,
            siae=actors.siae,
            asked=actors.asked,
            stage=activities.first,
            stage_filiere=stages.filiere,
            required=stages.required,
            expected_here=stages.expected_here,
            resource=stages.resource,
            market=stages.market,
            unit=stages.unit,
            rank=stages.rank,
            activity_actor=activities.actor,
            activity_stage=activities.stage,
            link_from=links.start,
            link_to=links.end,
            link_material=links.material,
            link_required=links.required,
            flow_row=flows.row,
            flow_source=flows.source,
            flow_target=flows.target,
            flow_source_stage=flows.source_stage,
            flow_target_stage=flows.target_stage,
            flow_material=flows.material,
            flow_t=flows.t,
            declared_row=flows.declared_row,
            declared_flow=flows.declared_flow,
            member_group=tables.codes("memberships", "group_id"),
            member_actor=member_actor,
            member_pole=np.where(member_pole >= 0, member_pole, actors.pole[member_actor]).astype(np.int32),
            **more,
        )

    def derived(self, key: str, build: Callable[[Self], T]) -> T:
        """Return what `build` makes of this core, made once under a key."""
        if key not in self._derived:
            self._derived[key] = build(self)
        found: T = self._derived[key]
        return found

    @cached_property
    def _derived(self) -> dict[str, Any]:
        return {}

    @property
    def n_actors(self) -> int:
        """Number of actors, of any status."""
        return len(self.active)

    @property
    def n_stages(self) -> int:
        """Number of expected stages."""
        return len(self.required)

    @property
    def stages(self) -> Stages:
        """What is expected, along the stages."""
        return Stages(
            self.stage_filiere,
            self.required,
            self.expected_here,
            self.resource,
            self.market,
            self.unit,
            self.rank,
        )

    @property
    def n_materials(self) -> int:
        """Number of materials."""
        return int(self.tables.offsets("materials")[-1])

    @cached_property
    def flow_filiere(self) -> Codes:
        """The filière of each flow that counts."""
        return filiere_of_rows(self.tables, "flows")[self.flow_row]

    @cached_property
    def idle_row(self) -> Numbers:
        """Position in the table of flows of those of the year that do not count: they, or an end, are not active."""
        return idle_rows(self.tables, years=self.years, declared=self.declared_row)

    @cached_property
    def partner_place(self) -> Codes:
        """The place of each actor among the partners, −1 where it is none; one more entry, for −1: nobody."""
        place = np.where(self.partner, np.cumsum(self.partner) - 1, -1)
        return np.append(place, -1).astype(np.int32)

    @cached_property
    def stage_place(self) -> Codes:
        """The place of each stage among those of its filière."""
        return places_within(self.tables.offsets("stages"))

    @cached_property
    def material_place(self) -> Codes:
        """The place of each material among those of its filière."""
        return places_within(self.tables.offsets("materials"))

    @cached_property
    def holders(self) -> Numbers:
        """Number of active actors per stage."""
        return count_at(self.activity_stage, self.n_stages)

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
        return sum_at(self.flow_target, self.flow_t, self.n_actors)

    def outgoing_t(self) -> Values:
        """Return what leaves each actor in t/year; unknown quantities are left out."""
        return sum_at(self.flow_source, self.flow_t, self.n_actors)

    def ties(self, *, kind: str | Collection[str] | None = None, directed: bool = False) -> Ties:
        """Return the cooperation layer between partners, each pair once.

        Parameters
        ----------
        kind
            Only ties of that `CooperationKind`, or of these; by default all.
        directed
            Keep the direction; a tie of an undirected kind then goes both ways.

        Raises
        ------
        UnknownNameError
            No such kind.
        ValueError
            No kind at all in the list of them.
        """
        asked_for = (None if kind is None else _kinds_of(kind), bool(directed))
        if asked_for not in self._ties:
            self._ties[asked_for] = self._ties_of(*asked_for)
        return self._ties[asked_for]

    @cached_property
    def _ties(self) -> dict[tuple[tuple[int, ...] | None, bool], Ties]:
        """The layers that were asked for: every measure of cooperation starts from one of them."""
        return {}

    def _ties_of(self, kinds_asked: tuple[int, ...] | None, directed: bool) -> Ties:
        rows = self.cooperation_rows
        a, b, absent, kinds = rows.a, rows.b, rows.absent, rows.kind
        if kinds_asked is not None:
            of_kind = any_at(np.array(kinds_asked), len(_KINDS) + 1)[
                kinds
            ]  # −1, unknown, looks at the last entry
            a, b, absent, kinds = a[of_kind], b[of_kind], absent[of_kind], kinds[of_kind]
        partners, place = np.flatnonzero(self.partner), self.partner_place
        linked, observed, denied = observed_and_denied(
            place[a], place[b], absent=absent, one_way=_ONE_WAY[kinds], size=len(partners), directed=directed
        )
        return Ties(
            lambda: self._called(partners), *observed, *denied, self.asked[partners], directed, linked
        )

    def _called(self, places: NDArray[np.int64]) -> pd.Index:
        """Return what the actors at some positions are called: of many filières, their positions."""
        import pandas as pd

        return pd.Index(places)

    @cached_property
    def cooperation_rows(self) -> Rows:
        """The rows of cooperations that have not ended by the year of their filière; all where it has none.

        A row of which it could not be read whether there is a tie speaks of none.
        """
        tables, years = self.tables, reference_years(self.tables)
        state, kind = (tables.texts("cooperations", name) for name in ("state", "kind"))
        use = state.known
        if (years != NO_YEAR).any():
            until = whole_years(tables.column("cooperations", "until"))
            now = years[filiere_of_rows(tables, "cooperations")]
            use = use & ((until == NO_YEAR) | (now == NO_YEAR) | (until >= now))
        rows = np.flatnonzero(use)
        a, b = (tables.codes("cooperations", name) for name in ("actor_id", "to_actor_id"))
        codes, absent = kind.ranks(CooperationKind), state.among(CooperationState.ABSENT)
        if len(rows) == len(use):
            return Rows(rows, a, b, codes, absent)
        return Rows(rows, a[rows], b[rows], codes[rows], absent[rows])


def _kinds_of(kind: str | Collection[str]) -> tuple[int, ...]:
    """Return the places in `CooperationKind` of one kind or several, ascending."""
    asked = [kind] if isinstance(kind, str) else list(kind)
    known = labels("cooperation_kind", "en")
    if not asked:
        raise ValueError("kind= names no kind of cooperation")
    for one in asked:
        if one not in known:
            raise UnknownNameError(f"no kind of cooperation {one!r}; there are: {', '.join(known)}")
    return tuple(sorted({_KINDS.index(one) for one in asked}))
