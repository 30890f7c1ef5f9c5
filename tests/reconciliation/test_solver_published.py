"""Two published reconciliations, to their printed precision, and what is recomputed from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from chaine_valeur.analysis.reconciliation._classes import REDUNDANT, classes
from chaine_valeur.analysis.reconciliation._newton import solve
from chaine_valeur.analysis.reconciliation._posterior import (
    global_test,
    posterior_sd,
    standardised_adjustments,
)
from chaine_valeur.analysis.reconciliation._problem import Problem
from tests.reconciliation.solver_problems import INF, problem


@dataclass(frozen=True)
class Case:
    """A published problem: what its authors print, and the closed form recomputed in double precision."""

    problem: Problem
    printed: list[float]
    printed_to: float
    sd: list[float]
    adjustments: list[float]
    chi2: float
    dof: int
    p: float


#: Dovi & Solisio 2001, Chemical Engineering Journal 84, 309: six streams, three units. Values printed to 8 digits.
DOVI = Case(
    problem(
        [11.0, 9.9, 21.25, 11.1, 7.0, 3.8],
        [0.17888543819998318, 0.161245154965971, 0.34641016151377546, 0.1816590212458495, 0.22803508501982758,
         0.1224744871391589],
        [[1, 1, -1, 0, 0, 0], [0, -1, 1, -1, 0, 0], [0, 0, 0, 1, -1, -1]],
        lower=-INF,
    ),
    [11.029312, 9.9571089, 20.986421, 11.029312, 7.1779734, 3.8513385],
    5e-7,
    [0.10954820212873616, 0.14748033042094558, 0.17168865966376423, 0.10954820212873616, 0.13737035357086036,
     0.11064945473866984],
    [-0.20727019192186444, -0.8760559390277907, 0.8760559390277843, 0.48780404426306206, -0.9777961549236166,
     -0.9777961549236155],
    1.6674924891781353, 3, 0.6441849753166486,
)  # fmt: skip

#: Narasimhan & Jordache 2000, Data Reconciliation and Gross Error Detection, example 1-1: six streams, four units.
NARASIMHAN = Case(
    problem(
        [101.91, 64.45, 34.65, 64.20, 36.44, 98.88],
        1.0,
        [[1, -1, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 1, 0, -1, 0], [0, 0, 0, 1, 1, -1]],
        lower=-INF,
    ),
    [100.22, 64.50, 35.72, 64.50, 35.72, 100.22],
    5e-3,
    [1 / np.sqrt(3)] * 6,
    [2.069818832651783, -0.06123724356957597, -1.3104770123890006, -0.36742346141747323, 0.8818163074019514,
     -1.6411581276647336],
    6.4075, 4, 0.17071274037189563,
)  # fmt: skip

CASES = pytest.mark.parametrize("case", [DOVI, NARASIMHAN], ids=["Dovi 2001", "Narasimhan 2000"])
EVERY = np.arange(6)


@CASES
def test_reconciled_values(case: Case) -> None:
    found = solve(case.problem)
    assert found.converged
    assert np.abs(found.x - case.printed).max() <= case.printed_to
    # tonnages cannot be negative: none would be, so that the bound changes nothing
    bounded = solve(Problem(case.problem.measured, case.problem.sigma, case.problem.A, case.problem.b,
                            np.zeros(6), case.problem.upper))  # fmt: skip
    assert bounded.x == pytest.approx(found.x, rel=1e-10)


@CASES
def test_uncertainty_after(case: Case) -> None:
    assert posterior_sd(case.problem, solve(case.problem), EVERY) == pytest.approx(case.sd, rel=1e-9)


@CASES
def test_adjustments_in_standard_deviations(case: Case) -> None:
    # the sources count measured − reconciled over … ; ours is reconciled − measured (B6)
    found = standardised_adjustments(case.problem, solve(case.problem), EVERY)
    assert np.abs(found) == pytest.approx(np.abs(case.adjustments), rel=1e-8)
    shift = solve(case.problem).x - case.problem.measured
    assert (np.sign(found) == np.sign(shift)).all()


@CASES
def test_global_test(case: Case) -> None:
    chi2, dof, p = global_test(case.problem, solve(case.problem))
    assert chi2 == pytest.approx(case.chi2, rel=1e-9)
    assert dof == case.dof
    assert p == pytest.approx(case.p, rel=1e-9)


@CASES
def test_everything_is_checked(case: Case) -> None:
    assert classes(case.problem).tolist() == [REDUNDANT] * 6
