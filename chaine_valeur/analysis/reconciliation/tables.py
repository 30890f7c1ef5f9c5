"""What a reconciliation gives as tables: flows, processes, what stays inside actors, figures to check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ._model import Model
from ._settled import classes_of, held_back, settled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ._problem import Problem, Solution

    Values = NDArray[np.float64]

__all__ = ["DATA_CLASSES", "GlobalTest", "ReconciledTables"]

#: B3, in the order of their codes.
DATA_CLASSES = ("measured", "redundant", "determined", "free")
#: Standard deviations on either side of a reconciled value that its interval reaches.
COVERAGE = 1.96


@dataclass(frozen=True)
class GlobalTest:
    """Whether the figures fit together at all (B5): ``chi2`` over `dof` checks, and its p-value.

    ``chi2 = Σ ((x_i − m_i) / σ_i)²`` at the optimum (the least that it can be), plus what the declarations of one
    flow differ by; ``p_value = P(χ²_dof ≥ chi2)``.

    Attributes
    ----------
    chi2
        Without a unit, 0 or more: about `dof` where figures and uncertainties are right.
    dof
        Number of independent checks: equations on what was declared, and declarations beyond the first of a flow.
    p_value
        From 0 to 1. Under 0.05 the figures contradict each other more than their uncertainties allow: one of them
        is wrong, or said to be firmer than it is. NaN where nothing is checked (`dof` is 0).

    References
    ----------
    Global test of Narasimhan and Jordache (2000) (unverified).

    Examples
    --------
    100 t in and 60 t + 30 t out, all ± 10 %: 10 t are missing, of which σ² = 100 + 36 + 9.

    >>> from chaine_valeur import Filiere, reconcile
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Boutique"]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Boutique"], "stage_id": ["Gisement", "Tri", "Vente"]},
    ...     flows={"source": ["Ménages", "Relais", "Relais"], "target": ["Relais", "Boutique", "Boutique"],
    ...            "quantity_t_per_year": [100, 60, 30], "uncertainty_share": [0.1, 0.1, 0.1]},
    ... )
    >>> test = reconcile(f).test
    >>> round(test.chi2, 4), round(100 / 145, 4), test.dof, round(test.p_value, 2)
    (0.6897, 0.6897, 1, 0.41)
    """

    chi2: float
    dof: int
    p_value: float


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
    test
        The global test B5, the spread between declarations of one flow included.
    """

    filiere: Filiere
    model: Model
    solution: Solution
    test: GlobalTest

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
        n = len(self.model.declared)
        declared = self.model.declared
        reconciled = self.solution.x[:n]
        return pd.DataFrame(
            {
                "declared_t_per_year": declared["quantity_t_per_year"].to_numpy(np.float64),
                "declared_sd_t": declared["sigma_t"].to_numpy(np.float64),
                "reconciled_t_per_year": reconciled,
                "adjustment_t": reconciled - declared["quantity_t_per_year"].to_numpy(np.float64),
                "data_class": pd.array([DATA_CLASSES[code] for code in self.codes[:n]], dtype="str"),
            },
            index=declared.index,
        )

    @cached_property
    def codes(self) -> NDArray[np.int8]:
        """Position in `DATA_CLASSES` of every variable of the model."""
        return classes_of(self.model.problem, self.settled)

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
        from ._intervals import intervals
        from ._posterior import posterior_sd, standardised_adjustments

        at = self.positions(flow_ids)
        table = self.flows.iloc[at].copy()
        sd = posterior_sd(self.settled, self.solution, at)
        free = (table["data_class"] == "free").to_numpy(bool)
        value = table["reconciled_t_per_year"].to_numpy(np.float64)
        low, high = np.maximum(value - COVERAGE * sd, 0.0), value + COVERAGE * sd
        if free.any():
            low[free], high[free] = intervals(self.model.problem, self.solution, at[free])
        table["reconciled_sd_t"] = np.where(free, np.nan, sd)
        table["low_t_per_year"], table["high_t_per_year"] = low, high
        moved = standardised_adjustments(self.settled, self.solution, at)
        # one that stands at a bound has nothing left of its uncertainty
        stopped = self.held_back[at] & (table["declared_sd_t"] > 0).to_numpy(bool)
        own = (table["adjustment_t"] / table["declared_sd_t"].where(stopped)).to_numpy(np.float64)
        checked = (table["data_class"] == "redundant").to_numpy(bool)
        table["standardised_adjustment"] = np.where(checked, np.where(stopped, own, moved), np.nan)
        return table

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
            table = self.details(self.flows.index[self.own_adjustments >= moved])
            found = table[(table["standardised_adjustment"].abs() >= threshold).to_numpy(bool)]
            # figures that one balance checks are as far off as one another: first the one that moves most
            off = found["standardised_adjustment"].abs().round(3).to_numpy()
            own = (found["adjustment_t"] / found["declared_sd_t"]).abs().to_numpy()
            self._suspects[key] = found.iloc[np.lexsort((-own, -off))]
        return self._suspects[key].copy(deep=False)

    @cached_property
    def _suspects(self) -> dict[tuple[float, float], pd.DataFrame]:
        return {}

    @cached_property
    def own_adjustments(self) -> NDArray[np.float64]:
        """Size of the adjustment of each flow over its own uncertainty: at most its standardised adjustment.

        NaN where no equation checks the flow, or its uncertainty is unknown or 0.
        """
        table = self.flows
        counts = ((table["data_class"] == "redundant") & (table["declared_sd_t"] > 0)).to_numpy(bool)
        size = (table["adjustment_t"].abs() / table["declared_sd_t"].where(counts)).to_numpy(np.float64)
        return np.where(counts, size, np.nan)

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
        n = len(self.model.declared)
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
        index = self.model.declared.index
        if flow_ids is None:
            return np.arange(len(index))
        asked = [flow_ids] if isinstance(flow_ids, str) else list(flow_ids)
        at = index.get_indexer(asked)
        if (at < 0).any():
            name = asked[int(np.flatnonzero(at < 0)[0])]
            raise UnknownNameError.of(f"no flow {name!r} among those that count", name, index)
        return at
