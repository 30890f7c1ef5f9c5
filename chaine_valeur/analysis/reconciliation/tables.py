"""What a reconciliation gives as tables: flows, processes, what stays inside actors, figures to check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ._classes import FREE, REDUNDANT
from ._model import Model
from ._settled import checks_of, classes_of, held_back, settled
from .global_test import GlobalTest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ._problem import Problem, Solution

    Values = NDArray[np.float64]

__all__ = ["DATA_CLASSES", "ReconciledTables"]

#: B3, in the order of their codes.
DATA_CLASSES = ("measured", "redundant", "determined", "free")
#: Standard deviations on either side of a reconciled value that its interval reaches.
COVERAGE = 1.96


@dataclass(frozen=True, eq=False, repr=False)
class ReconciledTables:
    """A coherent set of flows as tables; `Reconciliation` adds what follows from it.

    Attributes
    ----------
    filiere
        What was reconciled.
    model
        The equations, with what each of them says.
    solution
        The arrays that the solver found.
    """

    filiere: Filiere
    model: Model
    solution: Solution

    @cached_property
    def test(self) -> GlobalTest:
        """The global test B5, the spread between declarations of one flow included."""
        from scipy.special import chdtrc

        said = self.model.said
        value = self.solution.objective + float(np.nansum(said.chi2))
        dof = checks_of(self.model.problem, self.settled) + int(said.dof.sum())
        return GlobalTest(float(value), int(dof), float(chdtrc(dof, value)) if dof else float("nan"))

    # -- tables -------------------------------------------------------------------------------------

    @cached_property
    def flows(self) -> pd.DataFrame:
        """The flows that count, declared and reconciled; what costs more is in `details`.

        Returns
        -------
        pandas.DataFrame
            On ``flow_id``: ``declared_t_per_year`` and ``declared_sd_t`` (all declarations of the flow taken
            together; NaN: none), ``reconciled_t_per_year`` (t/year; of a free flow one value among those
            possible), ``adjustment_t`` (reconciled less declared), ``data_class`` (B3: measured, redundant,
            determined, free).
        """
        return self._framed(np.arange(self.model.n_flows))

    def _framed(self, at: NDArray[np.intp], **more: Values) -> pd.DataFrame:
        """Return `flows` at some positions, with further columns."""
        columns = {
            "declared_t_per_year": self.model.said.t,
            "declared_sd_t": self.model.said.sigma,
            "reconciled_t_per_year": self.solution.x,
            "adjustment_t": self.adjustments,
        }
        kind = pd.array([DATA_CLASSES[code] for code in self.codes[at].tolist()], dtype="str")
        index = self.filiere.network.flow_ids[at]
        return pd.DataFrame(
            {**{name: column[at] for name, column in columns.items()}, "data_class": kind, **more},
            index=index,
        )

    @cached_property
    def adjustments(self) -> Values:
        """The adjustment of each flow, t/year: reconciled less declared; NaN where nothing was declared."""
        return self.solution.x[: self.model.n_flows] - self.model.said.t

    @cached_property
    def codes(self) -> NDArray[np.int8]:
        """Position in `DATA_CLASSES` of every variable of the model."""
        return classes_of(self.model.problem, self.settled)

    @cached_property
    def of_class(self) -> Mapping[str, int]:
        """Number of flows of each of `DATA_CLASSES`."""
        counts = np.bincount(self.codes[: self.model.n_flows], minlength=len(DATA_CLASSES))
        return dict(zip(DATA_CLASSES, counts.tolist(), strict=True))

    def details(self, flow_ids: Iterable[str] | None = None) -> pd.DataFrame:
        """Return flows with what is known of each once all figures are taken together.

        Parameters
        ----------
        flow_ids
            Flows asked for; by default all. A free flow costs two linear programs.

        Returns
        -------
        pandas.DataFrame
            The columns of `flows`, then ``reconciled_sd_t`` (posterior standard deviation, NaN for a free
            flow), ``low_t_per_year`` and ``high_t_per_year`` (for a free flow the range that the equations and
            bounds leave, B4; else 1.96 standard deviations on either side, not below 0), and
            ``standardised_adjustment`` (B6: adjustment over the standard deviation it should have; NaN where
            no equation checks the flow).

        Raises
        ------
        UnknownNameError
            A flow that does not count or does not exist.
        """
        at = self.positions(flow_ids)
        return self._framed(at, **self._known_of(at))

    def _known_of(self, at: NDArray[np.intp]) -> dict[str, Values]:
        """Return the columns that `details` adds, of the flows at some positions."""
        from ._intervals import intervals
        from ._posterior import posterior_sd, standardised_adjustments

        sd, value, kind = posterior_sd(self.settled, self.solution, at), self.solution.x[at], self.codes[at]
        free = kind == FREE
        low, high = np.maximum(value - COVERAGE * sd, 0.0), value + COVERAGE * sd
        if free.any():
            low[free], high[free] = intervals(self.model.problem, self.solution, at[free])
        moved, declared = standardised_adjustments(self.settled, self.solution, at), self.model.said.sigma[at]
        # one that stands at a bound has nothing left of its uncertainty
        stopped = self.held_back[at] & (declared > 0)
        moved[stopped] = self.adjustments[at[stopped]] / declared[stopped]
        return {
            "reconciled_sd_t": np.where(free, np.nan, sd),
            "low_t_per_year": low,
            "high_t_per_year": high,
            "standardised_adjustment": np.where(kind == REDUNDANT, moved, np.nan),
        }

    @cached_property
    def held_back(self) -> NDArray[np.bool_]:
        """The variables that one of their bounds holds back."""
        return held_back(self.model.problem, self.solution)[0]

    @cached_property
    def settled(self) -> Problem:
        """The problem with the bounds and inequalities that hold figures back taken as equalities.

        Standard deviations, classes and tests are those around the solution; without this, a figure that
        contradicts what cannot be negative, or a known maximum, would seem to be checked by nothing.
        """
        return settled(self.model.problem, self.solution)

    def suspects(self, *, threshold: float = 2.0, moved: float = 0.5) -> pd.DataFrame:
        """Return the flows to check first: those that the others contradict most (B6).

        Parameters
        ----------
        threshold
            Standard deviations from which a standardised adjustment is told.
        moved
            Least adjustment, in standard deviations of what was declared: figures that one balance checks
            share one standardised adjustment, and those among them that hardly move are not the ones to ask
            about.

        Returns
        -------
        pandas.DataFrame
            The columns of `details`, by falling size of the standardised adjustment, then of the adjustment over
            the uncertainty of what was declared.
        """
        key = (threshold, moved)
        if key not in self._suspects:
            # each flow takes a system of equations: those that hardly moved are left out before
            at = np.flatnonzero(self.own_adjustments >= moved)
            known = self._known_of(at)
            told = np.flatnonzero(np.abs(known["standardised_adjustment"]) >= threshold)
            # figures that one balance checks are as far off as one another: first the one that moves most
            off = np.abs(known["standardised_adjustment"][told]).round(3)
            told = told[np.lexsort((-self.own_adjustments[at[told]], -off))]
            self._suspects[key] = self._framed(
                at[told], **{name: values[told] for name, values in known.items()}
            )
        return self._suspects[key].copy(deep=False)

    @cached_property
    def _suspects(self) -> dict[tuple[float, float], pd.DataFrame]:
        return {}

    @cached_property
    def own_adjustments(self) -> NDArray[np.float64]:
        """Size of the adjustment of each flow over its own uncertainty: at most its standardised adjustment.

        NaN where no equation checks the flow, or its uncertainty is unknown or 0.
        """
        declared = self.model.said.sigma
        counts = (self.codes[: self.model.n_flows] == REDUNDANT) & (declared > 0)
        size = np.full(self.model.n_flows, np.nan)
        size[counts] = np.abs(self.adjustments[counts]) / declared[counts]
        return size

    @cached_property
    def processes(self) -> pd.DataFrame:
        """What the processes did: their level, and each coefficient as stated and as reconciled.

        Returns
        -------
        pandas.DataFrame
            A row per process and material: ``actor_id``, ``stage_id``, ``process``, ``recipe_id``, ``side``,
            ``material_id``, ``level_t_per_year``, ``stated_t_per_t``, ``reconciled_t_per_t`` (NaN at level 0).
        """
        system, net = self.model.system, self.filiere.network
        made = system.processes
        level = self.solution.x[self.model.n_arcs : self.model.n_arcs + self.model.n_processes]
        deviation = np.zeros(len(made.process))
        moved = self.solution.x[self.model.first_deviation :][: len(self.model.deviation_of)]
        deviation[self.model.deviation_of] = moved
        at = level[made.process]
        actual = np.divide(deviation, at, out=np.full(len(at), np.nan), where=at > 1e-9) + made.t_per_t
        stages = pd.Index([*net.stage_ids, None], dtype=object)
        return pd.DataFrame(
            {
                "actor_id": net.actor_ids[system.nodes.actor[made.node[made.process]]],
                "stage_id": stages[made.stage[made.process]],
                "process": made.name[made.process],
                "recipe_id": made.recipe,
                "side": np.where(made.made, "out", "in"),
                "material_id": net.material_ids[made.material] if len(net.material_ids) else [],
                "level_t_per_year": at,
                "stated_t_per_t": made.t_per_t,
                "reconciled_t_per_t": actual,
            }
        )

    @cached_property
    def inside(self) -> pd.DataFrame:
        """What actors that hold two stages in a row pass on to themselves, as the balances tell it.

        Returns
        -------
        pandas.DataFrame
            ``actor_id``, ``stage_id``, ``to_stage_id``, ``material_id``, ``reconciled_t_per_year`` and
            ``data_class`` (determined or free), a row per passage and material.
        """
        system, net = self.model.system, self.filiere.network
        n = self.model.n_flows
        arcs, nodes = system.arcs, system.nodes
        source, target = arcs.source[n:], arcs.target[n:]
        materials = pd.Index([*net.material_ids, None], dtype=object)
        return pd.DataFrame(
            {
                "actor_id": net.actor_ids[nodes.actor[source]],
                "stage_id": net.stage_ids[nodes.stage[source]],
                "to_stage_id": net.stage_ids[nodes.stage[target]],
                "material_id": materials[arcs.material[n:]],
                "reconciled_t_per_year": self.solution.x[n : arcs.size],
                "data_class": pd.array(
                    [DATA_CLASSES[code] for code in self.codes[n : arcs.size]], dtype="str"
                ),
            }
        )

    def positions(self, flow_ids: Iterable[str] | None) -> NDArray[np.intp]:
        """Return where flows stand among the variables; all where none are named."""
        index = self.filiere.network.flow_ids
        if flow_ids is None:
            return np.arange(len(index))
        asked = [flow_ids] if isinstance(flow_ids, str) else list(flow_ids)
        at = index.get_indexer(asked)
        if (at < 0).any():
            name = asked[int(np.flatnonzero(at < 0)[0])]
            raise UnknownNameError.of(f"no flow {name!r} among those that count", name, index)
        return at
