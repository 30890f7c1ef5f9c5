"""From a filière to the problem of its reconciliation: what is declared, and what has to add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..flows.balances.combining import Declared, declared_of
from ..flows.balances.declared import framed
from ..system import System, system_of
from ._rows import RowBuilder
from ._shares import share_rows
from ._stated import stated_rows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ._problem import Problem

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Model", "Reason", "model_of"]


@dataclass(frozen=True)
class Reason:
    """What an equation says: ``kind`` is balance, recipe, share, constraint or stock; `about` says of what."""

    kind: str
    about: int | str


@dataclass(frozen=True)
class Model:
    """The problem of a filière, and what each of its variables and rows stands for.

    Variables: the arcs of the system, the levels of its processes, then (from `first_deviation` on) how far
    each uncertain coefficient of a recipe, and each uncertain share, is from what is stated, in t/year.

    Attributes
    ----------
    system, said
        The balances, and what is declared of each flow with its uncertainty.
    problem
        The arrays.
    equalities, inequalities
        Reason of each row of ``A`` and ``C``.
    deviation
        Coefficient of each recipe deviation (position in ``system.processes``).
    not_used
        Identifiers of constraint terms, and of flows with a share, that could not be used.
    """

    system: System
    said: Declared
    problem: Problem
    equalities: tuple[Reason, ...]
    inequalities: tuple[Reason, ...]
    deviation_of: NDArray[np.int64]
    deviation_process: NDArray[np.int64]
    first_deviation: int
    not_used: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def declared(self) -> pd.DataFrame:
        """What is declared of each flow, as `declared_flows` gives it."""
        return framed(self.said, self.system.filiere.network.flow_ids)

    @property
    def n_flows(self) -> int:
        """Number of flows that count, the first arcs."""
        return len(self.said.t)

    @property
    def n_arcs(self) -> int:
        """Number of arcs, the first variables."""
        return self.system.arcs.size

    @property
    def n_processes(self) -> int:
        """Number of processes, the variables after the arcs."""
        return self.system.processes.size


def model_of(
    f: Filiere,
    *,
    uncertainty: Mapping[str, float] | None = None,
    levels: Values | None = None,
    tonnes: Values | None = None,
) -> Model:
    """Return the problem of a filière.

    What is uncertain about a recipe or a share is a share of a quantity that is itself looked for: it is taken
    at `levels` (t/year of each process) and `tonnes` (of each arc), by default as far as what is declared
    tells them; where nothing does, the recipe or the share holds exactly.
    """
    from ._problem import Problem

    system = system_of(f, changed=uncertainty)
    said = declared_of(f, changed=uncertainty)
    known = system.tonnes() if tonnes is None else tonnes
    at = _levels(system, known) if levels is None else levels
    build = RowBuilder(system)
    first_deviation = build.n_variables
    deviation_of, deviation_process = build.recipes(at)
    build.balances()
    lost_shares = share_rows(build, f, said, known)
    lost_terms = stated_rows(build, f)
    measured, sigma, lower, upper = build.data(said)
    A, b, C, d = build.matrices()
    problem = Problem(measured=measured, sigma=sigma, A=A, b=b, lower=lower, upper=upper, C=C, d=d)
    return Model(
        system=system,
        said=said,
        problem=problem,
        equalities=tuple(Reason(*reason) for reason in build.equalities),
        inequalities=tuple(Reason(*reason) for reason in build.inequalities),
        deviation_of=deviation_of,
        deviation_process=deviation_process,
        first_deviation=first_deviation,
        not_used={name: lost for name, lost in (("flows", lost_shares), ("constraints", lost_terms)) if lost},
    )


def _levels(system: System, tonnes: Values) -> Values:
    """Return the level of each process as far as what enters, else what leaves, tells it; else NaN.

    What enters of a material that several processes take is split in proportion to their coefficients.
    """
    entering = _level_by_side(system, tonnes, made=False)
    leaving = _level_by_side(system, tonnes, made=True)
    return np.where(np.isnan(entering), leaving, entering)


def _level_by_side(system: System, tonnes: Values, *, made: bool) -> Values:
    processes = system.processes
    ends = system.arc_out if made else system.arc_in
    inside = ends >= 0
    known = ~np.isnan(tonnes) & inside
    passing = np.bincount(ends[known], weights=tonnes[known], minlength=system.n_rows)
    # a row with an unknown flow tells too little
    seen = np.bincount(ends[inside], minlength=system.n_rows) > 0
    seen &= np.bincount(ends[inside & ~known], minlength=system.n_rows) == 0
    side = (processes.made == made) & (processes.t_per_t > 0)
    row, number, amount = system.coefficient_row[side], processes.process[side], processes.t_per_t[side]
    in_row = np.bincount(row, weights=amount, minlength=system.n_rows)
    usable = seen[row] & (in_row[row] > 0)
    taken = passing[row[usable]] * amount[usable] / in_row[row[usable]]
    total = np.bincount(number[usable], weights=taken, minlength=processes.size)
    of = np.bincount(number[usable], weights=amount[usable], minlength=processes.size)
    return np.divide(total, of, out=np.full(processes.size, np.nan), where=of > 0)
