"""The resilience figures of many filières in one pass: the same numbers as one by one (C1, C3–C6)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...network import distinct
from ...network.positions import any_at
from ...vocabulary import Role
from ..flows.circularity.many import Circulation, circulation_of
from ..many import Many, counts_of, figures, means_of, ratios, sums_of
from ..measure import NAN
from ._supply import Supply
from .many_paths import paths_of_many
from .suppliers import shares_of_suppliers

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...network import Core

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Resilience", "of_many"]

_ROLES = list(Role)


class Resilience:
    """The figures of resilience of the filières of a core; what several of them read is read once.

    Each method is the measure of the same indicator, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

    def concentration(self) -> Many:
        """Return the mean concentration of suppliers over the actors supplied by others (C1)."""
        core, size, n = self.core, self.core.n_actors, self.core.n_filieres
        use = (core.flow_target >= 0) & (core.flow_source != core.flow_target)
        found = shares_of_suppliers(
            core.flow_source[use].astype(np.int64), core.flow_target[use], core.flow_t[use], size, size
        )
        asked = (found.n_suppliers > 0) & ~core.outside
        known = asked & ~np.isnan(found.value)
        of = core.actor_filiere[known]
        value, low, high = (means_of(of, part[known], n) for part in (found.value, found.low, found.high))
        silent = np.bincount(core.actor_filiere[asked], weights=found.n_unknown[asked], minlength=n)
        return figures(value, silent.astype(np.int64), low=low, high=high)

    @cached_property
    def circulation(self) -> Circulation:
        """What passes between the actors."""
        return circulation_of(self.core)

    @cached_property
    def organisation(self) -> Values:
        """Along the filières, ascendency over capacity."""
        mutual, diversity = self._information()
        return ratios(mutual, diversity)

    def _information(self) -> tuple[Values, Values]:
        """Return AMI and H in bits along the filières: see `chaine_valeur.analysis.resilience.information`."""
        matrix, n = self.circulation.matrix, self.core.n_filieres
        size, inner, of_actor = matrix.size, matrix.internal.tocoo(), self.core.actor_filiere
        places, outside = np.arange(size), size + of_actor.astype(np.int64)
        # rows: compartments, then the source of each filière; columns: compartments, its exports, its losses
        tails = np.concatenate([inner.row, outside, places, places])
        heads = np.concatenate([inner.col, places, outside, outside + n])
        of = np.concatenate([of_actor[inner.row], of_actor, of_actor, of_actor])
        flows = np.concatenate([inner.data, matrix.inputs, matrix.exports, matrix.losses])
        passing = flows > 0
        tails, heads, of, flows = tails[passing], heads[passing], of[passing], flows[passing]
        share = flows / sums_of(of, flows, n)[of]
        leaving, entering = sums_of(tails, share, size + n), sums_of(heads, share, size + 2 * n)
        bits = np.log2(share)
        diversity = np.maximum(-sums_of(of, share * bits, n), 0.0)
        mutual = sums_of(of, share * (bits - np.log2(leaving[tails]) - np.log2(entering[heads])), n)
        some = counts_of(of, np.ones(len(of), dtype=bool), n) > 0
        return np.where(some, np.clip(mutual, 0.0, diversity), NAN), np.where(some, diversity, NAN)

    def ascendency(self) -> Many:
        """Return the degree of organisation of the flows (C4)."""
        return figures(self.organisation, self.circulation.n_unknown)

    def robustness(self) -> Many:
        """Return the robustness of the flows (C5)."""
        organised = self.organisation
        # 0 · ln 0 is 0: the limit
        value = np.maximum(0.0, -organised * np.log(np.where(organised > 0, organised, 1.0)))
        return figures(np.where(np.isnan(organised), NAN, value), self.circulation.n_unknown)

    @cached_property
    def supply(self) -> Supply:
        """Who supplies whom, of all filières: one root stands for all that lies before their chains."""
        core, size = self.core, self.core.n_actors
        source, target = core.flow_source.astype(np.int64), core.flow_target.astype(np.int64)
        both = (source >= 0) & (target >= 0) & (source != target)
        pairs = distinct(source[both] * size + target[both])
        start, end = np.divmod(pairs, max(size, 1))
        imported = distinct(target[(source < 0) & (target >= 0)])
        arrives, sends = any_at(np.concatenate([end, imported]), size), any_at(source, size)
        resource, market = self._at(core.resource), self._at(core.market)
        origin = resource | core.roles[:, _ROLES.index(Role.SUPPLIER)] | (sends & ~arrives)
        buyer = core.roles[:, _ROLES.index(Role.BUYER)] & core.active
        served = any_at(core.actor_filiere[market & arrives], core.n_filieres)[core.actor_filiere]
        return Supply(
            n_actors=size,
            source=start,
            target=end,
            imported=imported,
            origin=origin & core.active,
            buyer=market | (buyer & ~served),
            has_flows=bool(core.has_flows.any()),
        )

    def _at(self, stages: Mask) -> Mask:
        """Return the actors that hold one of some stages, or of whom a flow says so."""
        core, asked = self.core, np.append(stages, False)
        ends = ((core.activity_actor, core.activity_stage), (core.flow_source, core.flow_source_stage),
                (core.flow_target, core.flow_target_stage))  # fmt: skip
        return any_at(np.concatenate([actor[asked[stage]] for actor, stage in ends]), core.n_actors)

    def spare_paths(self) -> Many:
        """Return the share of the linked pairs of a resource and a market that have a plan B (from C3)."""
        return paths_of_many(self.core, self.supply)

    def availability(self) -> Many:
        """Return the share of buyers still supplied at worst, if one single organisation stopped (from C6)."""
        core, supply, n = self.core, self.supply, self.core.n_filieres
        total = counts_of(core.actor_filiere, supply.supplied, n)
        may_stop = any_at(supply.source, core.n_actors) & core.single
        worst = np.zeros(n, dtype=np.int64)
        of = core.actor_filiere[may_stop]
        np.maximum.at(worst, of, supply.cut[may_stop])
        tried = np.bincount(of, minlength=n) > 0
        left = (total - worst).astype(np.float64)
        value = np.where(tried, ratios(left, total), NAN)
        found = Many(value, value, value, left, total.astype(np.float64), np.zeros(n, dtype=np.int64))
        return found.only_where(~np.isnan(value))


def of_many(read: Callable[[Resilience], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of its figures of resilience; what they share is made once."""
    return lambda core: read(core.derived("resilience", Resilience))
