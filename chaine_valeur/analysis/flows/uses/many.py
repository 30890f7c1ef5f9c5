"""The unused resource of many filières in one pass: the same numbers as one by one (A8).

A *supply* is what is offered of one material (of one stage, where none is named) in one filière, at its firmest level;
pairs of a supply and an actor, a stage, a link or a flow are numbers, so that sets are intersected by sorting.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ....network import distinct, is_among
from ....network.flows import tonnes_of_rows
from ....network.positions import NO_YEAR, any_at, whole_years
from ....network.tables import filiere_of_rows
from ....vocabulary import MarketKind
from ..._joins import matches
from ...many import Many, ratios, sums_of
from ...markets import FIRMEST
from ...measure import NAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....network import Core

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["unused_of_many"]


def unused_of_many(core: Core) -> Many:
    """Return the share of the supplies without a recorded use of the filières of a core (A8): see `unused_measure`."""
    supplies, n = _Supplies.of(core), core.n_filieres
    used, n_silent = supplies.used()
    total = sums_of(supplies.filiere, supplies.amount, n)
    left = sums_of(supplies.filiere, np.maximum(supplies.amount - used, 0.0), n)
    n_unknown = np.bincount(supplies.filiere, weights=n_silent + supplies.used_inside(), minlength=n)
    value, some, told = ratios(left, total), total > 0, core.has_flows
    known = some & told
    return Many(
        value=np.where(known, value, NAN),
        low=np.where(some, np.where(known & (n_unknown == 0), value, 0.0), NAN),
        high=np.where(some, np.where(told, value, 1.0), NAN),
        numerator=np.where(known, left, NAN),
        denominator=np.where(some, total, NAN),
        n_unknown=np.where(known, n_unknown, 0).astype(np.int64),
    )


@dataclass(frozen=True)
class _Supplies:
    """Along the supplies: filière, material (−1: none is named), t/year; and who offers them, where.

    ``of_actor`` and ``actor``, ``of_stage`` and ``stage`` are pairs of a supply and an actor, or a stage.
    """

    core: Core
    filiere: Codes
    material: Counts
    amount: Values
    of_actor: Counts
    actor: Codes
    of_stage: Counts
    stage: Codes

    @classmethod
    def of(cls, core: Core) -> _Supplies:
        """Return the known, positive supplies of the filières of a core, each at the firmest level stated."""
        tables = core.tables
        filiere, tonnes = filiere_of_rows(tables, "markets"), tonnes_of_rows(tables, "markets")
        offered = tables.texts("markets", "kind").among(MarketKind.SUPPLY) & (tonnes > 0)
        rows = np.flatnonzero(_current(core) & offered)
        actor, stage, material = (
            tables.codes("markets", name)[rows] for name in ("actor_id", "stage_id", "material_id")
        )
        filiere, tonnes, nowhere = filiere[rows], tonnes[rows], core.n_materials + core.n_stages
        # of each material of its filière, else of each stage, else of the filière
        about = np.where(
            stage >= 0, core.n_materials + stage.astype(np.int64), nowhere + filiere.astype(np.int64)
        )
        about = np.where(material >= 0, material, about)
        found, first, supply = np.unique(about, return_index=True, return_inverse=True)
        levels = FIRMEST[MarketKind.SUPPLY.value]
        level = tables.texts("markets", "level").ranks(levels)[rows]
        level = np.where(level < 0, len(levels), level)
        firmest = np.full(len(found), len(levels))
        np.minimum.at(firmest, supply, level)
        kept = level == firmest[supply]
        supply, actor, stage = supply[kept], actor[kept], stage[kept]
        by_actor, by_stage = actor >= 0, stage >= 0
        return cls(
            core=core,
            filiere=filiere[first],
            material=np.where(found < core.n_materials, found, -1),
            amount=sums_of(supply, tonnes[kept], len(found)),
            of_actor=supply[by_actor],
            actor=actor[by_actor],
            of_stage=supply[by_stage],
            stage=stage[by_stage],
        )

    @property
    def size(self) -> int:
        """Number of supplies."""
        return len(self.amount)

    @cached_property
    def _of_material(self) -> Counts:
        """The supply of each material, −1 without one; the last entry is that of no material."""
        found = np.full(self.core.n_materials + 1, -1, dtype=np.int64)
        named = np.flatnonzero(self.material >= 0)
        found[self.material[named]] = named
        return found

    def _about(self, material: Codes, *ours: tuple[Codes, Codes, Counts]) -> tuple[Counts, Counts]:
        """Return the pairs of a thing and a supply: those that name its material, and, where either names none, ours.

        `ours` are the ends of the things, and the pairs of an end and a supply that offers there.
        """
        named = self._of_material[material]
        things = [np.flatnonzero(named >= 0)]
        supplies = [named[things[0]]]
        for ends, offering, supply in ours:
            at, place = matches(ends, offering)
            open_ = (material[at] < 0) | (self.material[supply[place]] < 0)
            things.append(at[open_])
            supplies.append(supply[place[open_]])
        size = max(self.size, 1)
        pairs = distinct(np.concatenate(things) * size + np.concatenate(supplies))
        return pairs // size, pairs % size

    def used(self) -> tuple[Values, Counts]:
        """Return what is used of each supply, t/year, and the flows without a quantity: see `used_of`."""
        core = self.core
        by_actor = (core.flow_source, self.actor, self.of_actor)
        by_stage = (core.flow_source_stage, self.stage, self.of_stage)
        flow, supply = self._about(core.flow_material, by_actor, by_stage)
        source, target, t = core.flow_source[flow], core.flow_target[flow], core.flow_t[flow]
        known, own = ~np.isnan(t), source == target
        sent = known & ~own & (source >= 0)
        got = known & ~own & (target >= 0) & (core.flow_material[flow] == self.material[supply])
        parts = [
            (self._numbered(supply[use], end[use]), t[use]) for use, end in ((sent, source), (got, target))
        ]
        net = distinct(np.concatenate([pairs for pairs, _ in parts]))
        out, back = (sums_of(np.searchsorted(net, pairs), values, len(net)) for pairs, values in parts)
        used = sums_of(net // max(core.n_actors, 1), np.maximum(out - back, 0), self.size)
        from_here = known & own & np.append(core.resource, False)[core.flow_source_stage[flow]]
        used += sums_of(supply[from_here], t[from_here], self.size)
        return used, np.bincount(supply[~known], minlength=self.size)

    def _numbered(self, supply: Counts, actor: Codes) -> Counts:
        return supply * max(self.core.n_actors, 1) + actor

    def used_inside(self) -> Counts:
        """Return how many actors that offer each supply also hold the stage to which it should pass."""
        core = self.core
        link, supply = self._about(core.link_material, (core.link_from, self.stage, self.of_stage))
        required = core.link_required[link]
        link, supply = link[required], supply[required]
        starts, ends = (self._holding(supply, stage[link]) for stage in (core.link_from, core.link_to))
        both = starts[is_among(starts, ends)]
        # offered by somebody: by these alone
        offering = distinct(self._numbered(self.of_actor, self.actor))
        by_all = ~any_at(self.of_actor, self.size)
        supply, actor = np.divmod(both, max(core.n_actors, 1))
        use = by_all[supply] | is_among(both, offering)
        # where flows show the material leaving an actor, they are believed
        named = self._of_material[core.flow_material]
        leaves = (named >= 0) & (core.flow_source >= 0)
        shown = is_among(both, distinct(self._numbered(named[leaves], core.flow_source[leaves])))
        unnamed = any_at(core.flow_source[core.flow_material < 0], core.n_actors)
        use &= ~np.where(self.material[supply] < 0, unnamed[actor], shown)
        return np.bincount(supply[use], minlength=self.size)

    def _holding(self, supply: Counts, stage: Codes) -> Counts:
        """Return the pairs of a supply and an actor that holds one of its stages, ascending."""
        at, place = matches(stage, self._held[1])
        return distinct(self._numbered(supply[at], self._held[0][place]))

    @cached_property
    def _held(self) -> tuple[Codes, Codes]:
        """Who holds which stage, or of whom a flow says so, each pair once."""
        core, size = self.core, max(self.core.n_stages, 1)
        actor = np.concatenate([core.activity_actor, core.flow_source, core.flow_target]).astype(np.int64)
        stage = np.concatenate([core.activity_stage, core.flow_source_stage, core.flow_target_stage])
        told = (actor >= 0) & (stage >= 0)
        pairs = distinct(actor[told] * size + stage[told])
        return (pairs // size).astype(np.int32), (pairs % size).astype(np.int32)


def _current(core: Core) -> Mask:
    """Return the markets of the year of the flows, else of the latest that they speak of: see `current_markets`."""
    tables, n = core.tables, core.n_filieres
    filiere, year = filiere_of_rows(tables, "markets"), whole_years(tables.column("markets", "year"))
    counts = np.append(core.active, True)[tables.codes("markets", "actor_id")]
    of_flows = any_at(filiere[counts & (year != NO_YEAR) & (year == core.years[filiere])], n)
    latest = np.full(n, NO_YEAR, dtype=np.int32)
    np.maximum.at(latest, filiere[counts], year[counts])
    asked = tables.asked_years
    years = np.where(of_flows, core.years, np.where(asked != NO_YEAR, asked, latest))[filiere]
    return counts & ((year == NO_YEAR) | (years == NO_YEAR) | (year == years))
