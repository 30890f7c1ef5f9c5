"""What the constraints leave of unmeasured variables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from chaine_valeur.analysis.reconciliation._classes import DETERMINED, classes
from chaine_valeur.analysis.reconciliation._intervals import intervals, propagate_bounds
from chaine_valeur.analysis.reconciliation._newton import solve
from chaine_valeur.analysis.reconciliation._problem import Problem
from tests.reconciliation.solver_problems import INF, NAN, problem, random_problem

FEW = settings(max_examples=12, deadline=None, derandomize=True)


def ranges(p: Problem, which: list[int] | None = None) -> list[list[float]]:
    every = np.arange(p.size) if which is None else np.array(which, dtype=int)
    return [side.tolist() for side in intervals(p, solve(p), every)]


def test_between_forty_and_ninety() -> None:
    """A sorter receives 130 t and sends 40 to 70 t to one, the rest to a second and at most 20 t to a third.

    second = 130 − first − third ≥ 130 − 70 − 20 = 40 and ≤ 130 − 40 − 0 = 90.
    """
    p = problem([130, NAN, NAN, NAN], 1, [[1, -1, -1, -1]], lower=[0, 40, 0, 0], upper=[INF, 70, INF, 20])
    low, high = ranges(p)
    assert low == pytest.approx([130, 40, 40, 0])
    assert high == pytest.approx([130, 70, 90, 20])
    assert [side.tolist() for side in propagate_bounds(p, solve(p))] == [
        pytest.approx(low),
        pytest.approx(high),
    ]


def test_measured_flows_stand_at_their_reconciled_value() -> None:
    # 10 in, 6 measured out (σ 1 both), a third unmeasured at most 2: the two move to 9 and 7, leaving 2
    p = problem([10, 6, NAN], 1, [[1, -1, -1]], upper=[INF, INF, 2])
    assert ranges(p) == [pytest.approx([9, 7, 2]), pytest.approx([9, 7, 2])]


def test_nothing_limits_a_loop() -> None:
    # in → A ⇄ B → out: what turns between A and B is at least what passes
    p = problem([5, NAN, NAN, 5], 1, [[1, -1, 1, 0], [0, 1, -1, -1]])
    low, high = ranges(p)
    assert low == pytest.approx([5, 5, 0, 5])
    assert high == [pytest.approx(5), INF, INF, pytest.approx(5)]
    free = problem([5, NAN, NAN, 5], 1, [[1, -1, 1, 0], [0, 1, -1, -1]], lower=-INF)
    assert ranges(free, [1]) == [[-INF], [INF]]


def test_programs_see_what_propagation_does_not() -> None:
    """x + y = 10 and x − y = 0 fix both at 5; bounds passed on row by row only ever give 0 to 10."""
    p = problem([NAN, NAN], 1, [[1, 1], [1, -1]], [10, 0])
    low, high = propagate_bounds(p, solve(p))
    assert (low.tolist(), high.tolist()) == (pytest.approx([0, 0]), pytest.approx([10, 10]))
    assert ranges(p) == [pytest.approx([5, 5]), pytest.approx([5, 5])]


def test_inequalities_count() -> None:
    # a third of the total at most, of 12 t
    p = problem([12, NAN, NAN], 1, [[1, -1, -1]], C=[[-1 / 3, 1, 0]], d=[0])
    assert ranges(p, [1, 2]) == [pytest.approx([0, 8]), pytest.approx([4, 12])]


def test_positions_in_any_order_and_none() -> None:
    p = problem([10, NAN, NAN], 1, [[1, -1, -1]], upper=[INF, 4, INF])
    assert ranges(p, [2, 1, 2]) == [pytest.approx([6, 0, 6]), pytest.approx([10, 4, 10])]
    assert ranges(p, []) == [[], []]


def test_no_constraint_leaves_the_bounds() -> None:
    assert ranges(problem([NAN, 3], 1, np.zeros((0, 2)), lower=[1, 0], upper=[INF, 9])) == [[1, 3], [INF, 3]]


@FEW
@given(st.integers(0, 10**6))
def test_same_as_linear_programs_over_everything(seed: int) -> None:
    p = random_problem(seed, unmeasured=0.6)
    s = solve(p)
    if not s.converged:
        return
    low, high = intervals(p, s, np.arange(p.size))
    passed_low, passed_high = propagate_bounds(p, s)
    scale = 1e-5 * (1 + np.abs(s.x).max())
    # propagation never cuts off what is possible, and the reconciled value is within
    assert (passed_low <= low + scale).all()
    assert (passed_high >= high - scale).all()
    assert (low <= s.x).all()
    assert (s.x <= high).all()
    known = p.is_measured
    bounds = np.where(known, s.x, np.minimum(p.lower, s.x)), np.where(known, s.x, np.maximum(p.upper, s.x))
    room = None if p.C is None else np.maximum(p.d, p.C @ s.x)
    for place in np.flatnonzero(~known):
        for sign, found in ((1, low[place]), (-1, high[place])):
            done = linprog(sign * (np.arange(p.size) == place), A_ub=p.C, b_ub=room, A_eq=p.A, b_eq=p.A @ s.x,
                           bounds=np.stack(bounds, axis=1), method="highs")  # fmt: skip
            if done.status == 3:
                assert found == -sign * INF
            else:
                assert found == pytest.approx(sign * done.fun, abs=scale)


@FEW
@given(st.integers(0, 10**6))
def test_a_determined_variable_has_no_range(seed: int) -> None:
    p = random_problem(seed, unmeasured=0.4)
    s = solve(p)
    low, high = intervals(p, s, np.arange(p.size))
    certain = classes(p) == DETERMINED
    assert high[certain] - low[certain] == pytest.approx(
        np.zeros(certain.sum()), abs=1e-5 * (1 + np.abs(s.x).max())
    )
