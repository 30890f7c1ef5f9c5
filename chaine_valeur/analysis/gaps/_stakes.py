"""What hangs on a gap: the tonnes that wait for it, and the insertion jobs that depend on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...network import codes_of
from ...provenance import soft_row_share
from ...vocabulary import MarketKind
from ..activities import current_activities, identifiers
from ..markets import FIRMEST, current_markets
from ..measure import NAN
from ._reference import Reference, reference_of
from ._trace import Trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .chain import Chain

    Mask = NDArray[np.bool_]
    Rows = dict[str, tuple[str, ...]]

__all__ = ["Jobs", "Stakes", "Waiting", "stakes_of"]


@dataclass(frozen=True)
class Waiting:
    """A quantity at stake, in t/year: where it was read (supply, demand or flows), its level and rows.

    Of flows, `leaving` says whether they leave the stages that they were read at, or enter them.
    """

    quantity: float = NAN
    basis: str = ""
    level: str = ""
    rows: Rows = field(default_factory=dict)
    n_unknown: int = 0
    leaving: bool = False


@dataclass(frozen=True)
class Jobs:
    """Insertion FTE: the known ones, NaN if none is; the activities they were read from."""

    fte: float
    rows: Rows
    n_unknown: int


class Stakes:
    """Reads what is at stake; everything that is asked more than once is read once."""

    def __init__(self, f: Filiere) -> None:
        self.filiere = f
        self.reference: Reference = reference_of(f)
        self.chain: Chain = self.reference.chain
        self.activities = current_activities(f)
        self.markets = current_markets(f)
        self._insertion = self.activities.values("insertion_fte")
        self.trace = Trace(f)
        rows, net = self.markets, f.network
        self._stage = codes_of(rows["stage_id"], net.stage_ids)
        self._material = codes_of(rows["material_id"], net.material_ids)
        self._quantity = rows["quantity_t_per_year"].to_numpy(np.float64)
        self._is = {kind: rows["kind"].eq(kind).to_numpy(bool) for kind in FIRMEST}
        levels = {kind: codes_of(rows["level"], pd.Index(names)) for kind, names in FIRMEST.items()}
        # the place of a level among those of its kind, the firmest being 0; without a level last
        self._place = {kind: np.where(place < 0, len(FIRMEST[kind]), place) for kind, place in levels.items()}

    # -- jobs ---------------------------------------------------------------------------------------

    def jobs_of_actors(self, actors: Mask) -> Jobs:
        """Return the insertion FTE of the activities of some actors."""
        return self._jobs(actors[self.activities.actor])

    def jobs_on_unit(self, unit: int) -> Jobs:
        """Return the insertion FTE at the stages that have no other way than this one, itself included."""
        return self._jobs_at(self.reference.depending_on(unit=unit))

    def jobs_on_passage(self, start: int, end: int) -> Jobs:
        """Return the insertion FTE at the stages that have no other way than a passage between two units."""
        return self._jobs_at(self.reference.depending_on(pair=(start, end)))

    def jobs_at_stages(self, stages: Iterable[int]) -> Jobs:
        """Return the insertion FTE at some stages."""
        return self._jobs(np.isin(self.activities.stage, list(stages)))

    def _jobs_at(self, units: Mask) -> Jobs:
        return self._jobs(units[self.chain.unit[self.activities.stage]])

    def _jobs(self, use: Mask) -> Jobs:
        values = self._insertion[use]
        known = ~np.isnan(values)
        fte = float(values[known].sum()) if known.any() else NAN
        rows = {"activities": identifiers(self.activities.frame.index[use][known])}
        return Jobs(fte, rows, int((~known).sum()))

    # -- tonnes -------------------------------------------------------------------------------------

    def throughput(self, stages: Iterable[int]) -> Waiting:
        """Return what passes some stages: the larger of what enters and what leaves, known tonnes only."""
        places, net = list(stages), self.filiere.network
        enters = np.isin(net.flow_target_stage, places) & ~np.isin(net.flow_source_stage, places)
        leaves = np.isin(net.flow_source_stage, places) & ~np.isin(net.flow_target_stage, places)
        found = [self._flows(enters), self._flows(leaves, leaving=True)]
        return max(found, key=lambda one: (np.nan_to_num(one.quantity, nan=-1.0), one.n_unknown))

    def _flows(self, mask: Mask, *, leaving: bool = False) -> Waiting:
        net = self.filiere.network
        values = net.flow_t[mask]
        known = ~np.isnan(values)
        quantity = float(values[known].sum()) if known.any() else NAN
        rows: Rows = {"flows": identifiers(net.flow_ids[mask])}
        basis = "flows" if known.any() else ""
        return Waiting(quantity, basis, "", rows, int((~known).sum()), leaving)

    def before_links(self, links: Iterable[int]) -> Waiting:
        """Return what waits upstream of some passages.

        The first of: the supply of their material, or of what it is made from, at the firmest level given,
        looked for one passage further upstream each time; the known flows that enter or leave the stages
        before them; the demand downstream, in the same way.
        """
        first = list(links)
        supply = self._along(first, MarketKind.SUPPLY.value, upstream=True)
        if supply.basis:
            return supply
        before = {int(stage) for stage in self.chain.link_from[first]}
        reaching = self.throughput(before) if before else Waiting()
        if reaching.basis:
            return reaching
        return self._along(first, MarketKind.DEMAND.value, upstream=False)

    def around_unit(self, unit: int) -> Waiting:
        """Return what waits for a unit: on the passages that lead to it, else on those that leave it."""
        chain = self.chain
        into = np.flatnonzero(chain.unit[chain.link_to] == unit)
        out = np.flatnonzero(chain.unit[chain.link_from] == unit)
        waiting = self.before_links(into) if len(into) else Waiting()
        if waiting.basis:
            return waiting
        own = self._supply_of_stages(chain.members[unit], MarketKind.SUPPLY.value)
        return own if own.basis else self._along(out, MarketKind.DEMAND.value, upstream=False)

    def _along(self, links: Iterable[int], kind: str, *, upstream: bool) -> Waiting:
        """Return the first supply (demand) met, one passage further each time."""
        first = list(links)
        ends = (self.chain.link_from if upstream else self.chain.link_to)[first]
        # a quantity of which nobody said the material counts at the stages nearest to the passages
        vague = (self._material < 0) & np.isin(self._stage, ends)
        for materials, stages in self.trace.layers(first, upstream=upstream):
            use = np.isin(self._material, list(materials)) | np.isin(self._stage, list(stages)) | vague
            found = self._firmest(use, kind)
            if found.basis:
                return found
        return Waiting()

    def _supply_of_stages(self, stages: Iterable[int], kind: str) -> Waiting:
        return self._firmest(np.isin(self._stage, list(stages)), kind)

    def _firmest(self, use: Mask, kind: str) -> Waiting:
        """Return the known quantity, at the firmest level given, of some rows of one kind."""
        use, known = use & self._is[kind], ~np.isnan(self._quantity)
        if not (use & known).any():
            return Waiting()
        place = self._place[kind]
        firmest = int(place[use & known].min())
        at = use & (place == firmest)
        level = [*FIRMEST[kind], ""][firmest]
        rows: Rows = {"markets": identifiers(self.markets.index[at & known])}
        return Waiting(float(self._quantity[at & known].sum()), kind, level, rows, int((at & ~known).sum()))

    # -- what it rests on ---------------------------------------------------------------------------

    def hypothesis_share(self, rows: Rows) -> float:
        """Return the share of rows that rest on an estimate or a hypothesis; NaN over none."""
        return soft_row_share(self.filiere, rows)


def stakes_of(f: Filiere) -> Stakes:
    """Return the stakes of a filière, read once."""
    return f.derived("stakes", Stakes)
