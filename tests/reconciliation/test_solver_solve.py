"""`solve`: hand-computed processes, degenerate problems, and OSQP as referee."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, eye_array, vstack

from chaine_valeur.analysis.reconciliation._newton import solve
from chaine_valeur.analysis.reconciliation._problem import Problem, Solution
from tests.reconciliation.solver_problems import INF, NAN, osqp_solution, problem, random_problem

FEW = settings(max_examples=25, deadline=None, derandomize=True)


def solved(p: Problem) -> Solution:
    found = solve(p)
    assert found.converged
    assert found.residual <= 1e-9
    assert np.abs(p.A @ found.x - p.b).max(initial=0) <= 1e-8 * (1 + np.abs(found.x).max(initial=0))
    assert (found.x >= p.lower).all()
    assert (found.x <= p.upper).all()
    if p.C is not None:
        assert (p.C @ found.x <= p.d + 1e-8 * (1 + np.abs(p.d))).all()
    return found


# -- by hand --------------------------------------------------------------------------------------------


def test_an_imbalance_is_shared_by_variance() -> None:
    # 10 in, 4 + 5 out: 1 t is missing. Variances 1, 1, 4 (sum 6): in loses 1/6, out gain 1/6 and 4/6.
    found = solved(problem([10, 4, 5], [1, 1, 2], [[1, -1, -1]]))
    assert found.x == pytest.approx([10 - 1 / 6, 4 + 1 / 6, 5 + 4 / 6], abs=1e-12)
    # J = 1² / 6, and half its slope with respect to b is the multiplier: d(r²/6)/dr / 2 = r/6 with r = b − A m = −1
    assert found.objective == pytest.approx(1 / 6)
    assert found.duals == pytest.approx([-1 / 6])


def test_a_mix_of_fibre_and_polymer_with_two_outputs() -> None:
    """A process takes 30 % fibre and 70 % polymer and gives 90 % compound, 10 % waste; its level is unmeasured.

    fibre = 0.3 L, polymer = 0.7 L, compound = 0.9 L, waste = 0.1 L. Measured 33, 70, 86, 10 with σ = 3, 7, 9, 1:
    each measurement is one of L = 110, 100, 95.56, 100 with σ = 10 for all four: L is their mean.
    """
    recipe = [[1, 0, 0, 0, -0.3], [0, 1, 0, 0, -0.7], [0, 0, 1, 0, -0.9], [0, 0, 0, 1, -0.1]]
    found = solved(problem([33, 70, 86, 10, NAN], [3, 7, 9, 1, 1], recipe))
    level = (110 + 100 + 86 / 0.9 + 100) / 4
    assert found.x == pytest.approx(np.array([0.3, 0.7, 0.9, 0.1, 1.0]) * level, rel=1e-9)


def test_a_loop_of_offcuts() -> None:
    """Raw + offcuts → spinner; the spinner sends 80 % on and 20 % back as offcuts.

    Measured raw 80 (σ 1), sold 86 (σ 1), offcuts 20 (σ 2), throughput T unmeasured: raw + offcuts = T,
    sold = 0.8 T, offcuts = 0.2 T; so raw = sold = 0.8 T.
    Minimise (0.8T−80)² + (0.8T−86)² + (0.2T−20)²/4: T (0.64·2 + 0.01) = 0.8·166 + 0.05·20 = 133.8.
    """
    rows = [[1, 0, 1, -1], [0, 1, 0, -0.8], [0, 0, 1, -0.2]]
    found = solved(problem([80, 86, 20, NAN], [1, 1, 2, 1], rows))
    T = 133.8 / 1.29
    assert found.x == pytest.approx([0.8 * T, 0.8 * T, 0.2 * T, T], rel=1e-9)


def test_a_bound_that_holds() -> None:
    # free of bounds, x = (−1, 1) + ... : x + y = 2 with x = −1, y = 1 (σ 1): each gains 1 → (0, 2); with y ≤ 1.5,
    # x has to be 0.5
    found = solved(problem([-1, 1], 1, [[1, 1]], 2, upper=[INF, 1.5]))
    assert found.x == pytest.approx([0.5, 1.5])
    assert found.at_upper.tolist() == [False, True]
    assert found.active.tolist() == [False, True]
    # stationarity of x: x − m = multiplier
    assert found.duals == pytest.approx([1.5])


def test_an_inequality_that_holds_and_one_that_does_not() -> None:
    # x = 3, y = 1 (σ 1), 2x ≤ y + 2 → violated by 3; gradient (2, −1): shift 3/5·(−2, 1)
    found = solved(problem([3, 1], 1, np.zeros((0, 2)), C=[[2, -1], [1, 1]], d=[2, 10]))
    assert found.x == pytest.approx([3 - 6 / 5, 1 + 3 / 5])
    assert found.active_rows.tolist() == [True, False]
    assert found.duals_upper == pytest.approx([3 / 5, 0], abs=1e-9)


def test_an_inequality_without_limit_says_nothing() -> None:
    found = solved(problem([3, 1], 1, [[1, -1]], C=[[1, 0]], d=[INF]))
    assert found.x == pytest.approx([2, 2])
    assert found.active_rows.tolist() == [False]


# -- stated conventions ---------------------------------------------------------------------------------


def test_what_is_exact_does_not_move() -> None:
    found = solved(problem([10, 4, 5], [0, 1, 1], [[1, -1, -1]]))
    assert found.x == pytest.approx([10, 4.5, 5.5])
    assert found.x[0] == 10
    assert not found.active.any()  # being exact is no bound that holds


def test_unmeasured_flows_share_equally_what_nothing_tells_apart() -> None:
    # 9 t leave through three unmeasured flows: least Σ x² is 3 each; with one of at most 1 t, (1, 4, 4)
    free = solved(problem([9, NAN, NAN, NAN], 1, [[1, -1, -1, -1]]))
    assert free.x == pytest.approx([9, 3, 3, 3], abs=1e-6)
    held = solved(problem([9, NAN, NAN, NAN], 1, [[1, -1, -1, -1]], upper=[INF, 1, INF, INF]))
    assert held.x == pytest.approx([9, 1, 4, 4], abs=1e-6)


@FEW
@given(st.integers(0, 10**6))
def test_unmeasured_values_are_the_least_ones(seed: int) -> None:
    """Without bounds: the least-norm solution of the equations that the measured values leave."""
    p = random_problem(seed, unmeasured=0.6, rows=False)
    p = Problem(p.measured, p.sigma, p.A, p.b, np.full(p.size, -INF), np.full(p.size, INF))
    found, known = solved(p), p.is_measured
    rest = p.b - p.A.toarray()[:, known] @ found.x[known]
    least = np.linalg.pinv(p.A.toarray()[:, ~known], rcond=1e-10) @ rest
    assert found.x[~known] == pytest.approx(least, rel=1e-5, abs=1e-5 * (1 + np.abs(found.x).max()))


def test_an_unmeasured_variable_outside_of_all_constraints_is_zero_or_at_its_bound() -> None:
    found = solved(problem([NAN, NAN, 1], 1, [[0, 0, 1]], 2, lower=[0, 3, 0]))
    assert found.x == pytest.approx([0, 3, 2], abs=1e-6)


# -- degenerate -----------------------------------------------------------------------------------------


def test_nothing_at_all() -> None:
    found = solve(problem([], 1, np.zeros((0, 0))))
    assert found.converged
    assert found.x.shape == (0,)
    assert found.objective == 0


def test_no_constraint() -> None:
    assert solved(problem([1, NAN, -2], 1, np.zeros((0, 3)))).x == pytest.approx([1, 0, 0], abs=1e-6)


def test_all_unmeasured() -> None:
    assert solved(problem([NAN, NAN], 1, [[1, -1]])).x == pytest.approx([0, 0], abs=1e-6)


def test_duplicated_constraints_change_nothing() -> None:
    once = solved(problem([10, 4, 5], [1, 1, 2], [[1, -1, -1]]))
    thrice = solved(problem([10, 4, 5], [1, 1, 2], [[1, -1, -1], [2, -2, -2], [1, -1, -1]]))
    assert thrice.x == pytest.approx(once.x, abs=1e-10)


def test_a_closed_loop_without_any_boundary_flow() -> None:
    # a → b → c → a: the three flows are one; its best value is their weighted mean (10 + 11 + 15/4) / 2.25
    A = [[1, 0, -1], [-1, 1, 0], [0, -1, 1]]
    assert solved(problem([10, 11, 15], [1, 1, 2], A)).x == pytest.approx([24.75 / 2.25] * 3)


def test_a_flow_from_a_place_to_itself_is_left_as_it_was() -> None:
    # it enters and leaves: its coefficient in the balance is 1 − 1 = 0
    assert solved(problem([10, 8, 3], 1, [[1, -1, 0]])).x == pytest.approx([9, 9, 3])


def test_parallel_flows_of_one_passage() -> None:
    assert solved(problem([4, 5, 12], 1, [[1, 1, -1]])).x == pytest.approx([5, 6, 11])


def test_two_components_do_not_bear_on_each_other() -> None:
    one, other = problem([10, 12], [1, 2], [[1, -1]]), problem([1, 2, 4], [1, 1, 1], [[1, 1, -1]])
    A = np.zeros((2, 5))
    A[0, :2], A[1, 2:] = one.A.toarray(), other.A.toarray()
    both = solved(problem([10, 12, 1, 2, 4], [1, 2, 1, 1, 1], A))
    assert both.x == pytest.approx(np.concatenate([solved(one).x, solved(other).x]))


def test_positive_flows_that_sum_to_nothing() -> None:
    """No room for a path of interior points: the sum of the three is exactly 0, and they feed a fourth."""
    A = [[1, 1, 1, 0, 0], [1, 0, 0, 1, -1]]
    found = solved(problem([2, NAN, 1, 5, 7], [1, 1, 1, 1, 1], A))
    assert found.x == pytest.approx([0, 0, 0, 6, 6], abs=1e-9)


def test_uncertainties_over_six_orders_of_magnitude() -> None:
    # a chain a = b = c with σ = 1e-3, 1, 1e3: weights 1e6, 1, 1e-6
    found = solved(problem([10, 11, 5000], [1e-3, 1, 1e3], [[1, -1, 0], [0, 1, -1]]))
    mean = (10e6 + 11 + 5000e-6) / (1e6 + 1 + 1e-6)
    assert found.x == pytest.approx([mean] * 3, rel=1e-12)


@pytest.mark.parametrize(
    "p",
    [
        problem([1, 2], 1, [[1, 1], [1, 1]], [3, 4]),  # two totals for one sum
        problem([1, 9], 1, [[1, -1]], lower=[0, 8], upper=[5, INF]),  # at most 5 enter, at least 8 leave
        problem([-1, 2], [0, 1], [[1, 1]], 3),  # an exact value below its bound
        problem([NAN, NAN], 1, [[1, 1]], -1),  # a negative sum of positive flows
        problem([1.0], 1, [[0.0]], 2),  # 0 = 2
        problem([1.0], 1, np.zeros((0, 1)), C=[[1.0]], d=[-1.0]),
    ],
)
def test_what_cannot_hold_does_not_converge(p: Problem) -> None:
    assert not solve(p).converged


# -- properties and referee -----------------------------------------------------------------------------


def referee(p: Problem) -> None:
    """Within 1e-6 of OSQP; where it stops short of that, ours is feasible too and has the lower sum of squares."""
    found, expected = solved(p), osqp_solution(p)
    if expected is None:
        return
    moves = p.is_measured & (p.sigma > 0)
    shift = np.abs(found.x - expected)[moves] / np.maximum(
        1e-6 * np.abs(expected[moves]), 1e-5 * p.sigma[moves]
    )
    theirs = np.sum(((expected - p.measured)[moves] / p.sigma[moves]) ** 2)
    assert shift.max(initial=0) <= 1 or found.objective <= theirs


@FEW
@given(st.integers(0, 10**6))
def test_same_values_as_osqp(seed: int) -> None:
    referee(random_problem(seed))


@FEW
@given(st.integers(0, 10**6))
def test_same_values_as_osqp_when_everything_is_measured(seed: int) -> None:
    referee(random_problem(seed, unmeasured=0.0))


@FEW
@given(st.integers(0, 10**6))
def test_optimal_with_uncertainties_over_six_orders(seed: int) -> None:
    """OSQP does not reach it: the conditions of optimality are checked instead, in units of uncertainty."""
    p = random_problem(seed, ill=True)
    found = solved(p)
    moves = p.is_measured & (p.sigma > 0)
    if np.isnan(found.duals).any():
        return
    gradient = np.zeros(p.size)
    gradient[moves] = (found.x - p.measured)[moves] / p.sigma[moves] ** 2
    gradient -= p.A.T @ found.duals
    if p.C is not None:
        gradient += p.C.T @ found.duals_upper
        assert (found.duals_upper[~found.active_rows] <= 1e-5).all()
    pull = gradient * np.where(moves, p.sigma, 1.0)
    pull = np.where(found.at_lower, np.minimum(pull, 0), np.where(found.at_upper, np.maximum(pull, 0), pull))
    assert np.abs(pull[~p.is_exact]).max(initial=0) <= 1e-4


@FEW
@given(st.integers(0, 10**6))
def test_the_order_of_variables_and_constraints_does_not_matter(seed: int) -> None:
    p = random_problem(seed, rows=False)
    random = np.random.default_rng(seed)
    order, rows = random.permutation(p.size), random.permutation(p.A.shape[0])
    shuffled = Problem(p.measured[order], p.sigma[order], p.A[rows][:, order], p.b[rows], p.lower[order],
                       p.upper[order])  # fmt: skip
    scale = 1e-6 * (1 + np.abs(solved(p).x).max())
    assert solved(shuffled).x == pytest.approx(solved(p).x[order], abs=scale)


@FEW
@given(st.integers(0, 10**6), st.sampled_from([1e-3, 1e3]))
def test_the_unit_does_not_matter(seed: int, unit: float) -> None:
    p = random_problem(seed)
    scaled = Problem(p.measured * unit, p.sigma * unit, p.A, p.b * unit, p.lower * unit, p.upper * unit, p.C,
                     None if p.d is None else p.d * unit)  # fmt: skip
    moves = p.is_measured
    tolerance = 1e-6 * unit * (1 + np.abs(solved(p).x).max())
    assert solved(scaled).x[moves] == pytest.approx(unit * solved(p).x[moves], abs=tolerance)


def test_reconciled_values_need_no_further_adjustment_and_nothing_is_changed_in_place() -> None:
    p = random_problem(7, unmeasured=0.0)
    before = [array.copy() for array in (p.measured, p.sigma, p.A.data, p.b, p.lower, p.upper)]
    first = solved(p)
    again = solved(Problem(first.x, p.sigma, p.A, p.b, p.lower, p.upper, p.C, p.d))
    assert again.x == pytest.approx(first.x, abs=1e-9)
    assert again.objective == pytest.approx(0, abs=1e-9)
    for array, kept in zip((p.measured, p.sigma, p.A.data, p.b, p.lower, p.upper), before, strict=True):
        np.testing.assert_array_equal(array, kept)
    np.testing.assert_array_equal(solve(p).x, first.x)  # the same figures to the last digit


def test_a_large_chain_is_balanced_and_optimal() -> None:
    """Beyond the size up to which matrices are factorised whole: a grid of 60 × 30 places, ill-conditioned."""
    random = np.random.default_rng(3)
    across, along = 30, 60
    place = np.arange(across * along).reshape(along, across)
    source = np.concatenate([np.repeat(place[:-1].ravel(), 2), np.full(across, -1), place[-1]])
    target = np.concatenate(
        [np.stack([place[1:], np.roll(place[1:], 1, axis=1)], axis=2).ravel(), place[0], np.full(across, -1)]
    )
    n = len(source)
    into = csr_array((np.ones((target >= 0).sum()), (target[target >= 0], np.flatnonzero(target >= 0))),
                     shape=(place.size, n))  # fmt: skip
    out = csr_array((np.ones((source >= 0).sum()), (source[source >= 0], np.flatnonzero(source >= 0))),
                    shape=(place.size, n))  # fmt: skip
    sigma = 10 ** random.uniform(-3, 3, n)
    measured = np.maximum(0, 10 + sigma * random.standard_normal(n))
    p = Problem(measured, sigma, csr_array(into - out), np.zeros(place.size), np.zeros(n), np.full(n, INF))
    found = solved(p)
    pull = (found.x - measured) / sigma - sigma * (p.A.T @ found.duals)
    assert np.abs(pull[~found.at_lower]).max() <= 1e-6
    assert pull[found.at_lower].min() >= -1e-6
    assert found.at_lower.sum() > 40
    # doubled rows and a third of the flows unmeasured: same size, nothing whole to factorise
    measured[random.random(n) < 0.3] = NAN
    doubled = Problem(
        measured, sigma, csr_array(vstack([p.A, p.A[:50]])), np.zeros(place.size + 50), p.lower, p.upper
    )
    # and the bounds said a second time, as inequalities: no bound then has a multiplier of its own
    twice = Problem(measured, sigma, p.A, p.b, p.lower, p.upper, csr_array(-eye_array(n)), np.zeros(n))
    kept = ~np.isnan(measured)
    apart = (solved(doubled).x - solved(twice).x)[kept] / sigma[kept]
    assert np.abs(apart).max() <= 1e-4
