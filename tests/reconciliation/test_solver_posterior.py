"""Uncertainty after reconciliation, adjustments and global test: by hand and against dense formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space
from scipy.stats import chi2 as chi2_law

from chaine_valeur.analysis.reconciliation._classes import DETERMINED, FREE, REDUNDANT, classes
from chaine_valeur.analysis.reconciliation._newton import solve
from chaine_valeur.analysis.reconciliation._posterior import (
    global_test,
    posterior_sd,
    standardised_adjustments,
)
from chaine_valeur.analysis.reconciliation._problem import Problem
from tests.reconciliation.solver_problems import INF, NAN, problem, random_problem

FEW = settings(max_examples=25, deadline=None, derandomize=True)


def dense_covariance(p: Problem) -> np.ndarray:
    """Of the reconciled values: over all movements that keep the equations, ``Z (Zᵀ Σ⁻¹ Z)⁺ Zᵀ``."""
    mobile = ~p.is_exact
    Z = np.zeros((p.size, 0))
    if mobile.any():
        space = null_space(p.A.toarray()[:, mobile], rcond=1e-9) if p.A.shape[0] else np.eye(mobile.sum())
        Z = np.zeros((p.size, space.shape[1]))
        Z[mobile] = space
    seen = mobile & p.is_measured
    scaled = Z[seen] / p.sigma[seen, None]
    return Z @ np.linalg.pinv(scaled.T @ scaled, rcond=1e-12) @ Z.T


# -- by hand --------------------------------------------------------------------------------------------


def test_a_balance_of_three() -> None:
    """σ² = 1, 1, 4 around one balance: Σ̂ = Σ − Σ aaᵀ Σ / 6, so 1 − 1/6, 1 − 1/6, 4 − 16/6."""
    p = problem([10, 4, 5], [1, 1, 2], [[1, -1, -1]])
    s = solve(p)
    assert posterior_sd(p, s, np.arange(3)) == pytest.approx(np.sqrt([5 / 6, 5 / 6, 4 / 3]))
    # adjustments −1/6, 1/6, 4/6 over √(1/6), √(1/6), √(16/6): all the same up to sign, as with a single balance
    assert standardised_adjustments(p, s, np.arange(3)) == pytest.approx(np.array([-1, 1, 1]) / np.sqrt(6))
    chi2, dof, tail = global_test(p, s)
    assert (chi2, dof) == (pytest.approx(1 / 6), 1)
    assert tail == pytest.approx(chi2_law.sf(1 / 6, 1))


def test_a_determined_flow_has_the_uncertainty_of_what_computes_it() -> None:
    # c = a − b with σ = 3, 4 → 5; a and b gain nothing
    p = problem([10, 4, NAN], [3, 4, NAN], [[1, -1, -1]])
    s = solve(p)
    assert posterior_sd(p, s, np.array([2, 0, 1])) == pytest.approx([5, 3, 4], rel=1e-9)
    assert np.isnan(standardised_adjustments(p, s, np.arange(3))).all()
    chi2, dof, tail = global_test(p, s)
    assert (chi2, dof) == (pytest.approx(0, abs=1e-12), 0)
    assert np.isnan(tail)


def test_free_is_unknown_exact_is_certain_and_any_order_may_be_asked() -> None:
    p = problem([3, 9, NAN, NAN], [0, 1, 1, 1], [[1, -1, 0, 0], [0, 1, -1, -1]])
    s = solve(p)
    assert posterior_sd(p, s, np.array([3, 1, 0, 2])) == pytest.approx([NAN, 0, 0, NAN], nan_ok=True)
    # moved from 9 to 3 with σ = 1, and known without error afterwards: 6 standard deviations
    assert standardised_adjustments(p, s, np.array([1, 0])) == pytest.approx([-6, NAN], nan_ok=True)
    assert posterior_sd(p, s, np.array([], dtype=int)).shape == (0,)


def test_a_fixed_unmeasured_flow_is_certain() -> None:
    p = problem([3, NAN], 1, [[1, -1]], lower=[0, 2], upper=[9, 2])
    assert posterior_sd(p, solve(p), np.array([0, 1])) == pytest.approx([0, 0], abs=1e-9)


def test_a_bound_that_holds_is_not_counted() -> None:
    # the second flow is held at 0, yet the uncertainty is that of the balance alone: √(1 − 1/2)
    p = problem([-2, -1], 1, [[1, -1]])
    s = solve(p)
    assert s.at_lower.all()
    assert posterior_sd(p, s, np.array([0])) == pytest.approx([np.sqrt(0.5)])


def test_nothing_measured() -> None:
    p = problem([NAN, NAN], 1, [[1, -1]])
    chi2, dof, tail = global_test(p, solve(p))
    assert (chi2, dof) == (0, 0)
    assert np.isnan(tail)
    assert np.isnan(posterior_sd(p, solve(p), np.arange(2))).all()


def test_six_orders_of_magnitude() -> None:
    # three measurements of one flow: 1/σ̂² = 1e6 + 1 + 1e-6
    p = problem([10, 11, 50], [1e-3, 1, 1e3], [[1, -1, 0], [0, 1, -1]])
    s = solve(p)
    after = (1e6 + 1 + 1e-6) ** -0.5
    assert posterior_sd(p, s, np.arange(3)) == pytest.approx([after] * 3, rel=1e-7)
    # the first is moved by next to nothing, with next to no variance to do so: √(1e-6 − 1e-6/(1 + 1e-6 + 1e-12))
    # taken as a difference of variances, this would be lost to rounding
    gained = 1e-6 - after**2
    exact = 1e-6 * (1e-6 + 1e-12) / (1 + 1e-6 + 1e-12)
    assert gained == pytest.approx(exact, rel=1e-3)
    found = standardised_adjustments(p, s, np.array([0]))
    mean = (10e6 + 11 + 50e-6) / (1e6 + 1 + 1e-6)
    assert found == pytest.approx([(mean - 10) / np.sqrt(exact)], rel=1e-6)


# -- referee --------------------------------------------------------------------------------------------


@FEW
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 0.6]))
def test_same_as_the_dense_formula(seed: int, unmeasured: float) -> None:
    p = random_problem(seed, unmeasured=unmeasured)
    s, kind, every = solve(p), classes(p), np.arange(p.size)
    covariance = dense_covariance(p)
    expected = np.sqrt(np.maximum(np.diag(covariance), 0))
    found = posterior_sd(p, s, every)
    known = kind != FREE
    assert np.isnan(found[~known & ~p.is_exact]).all()
    assert found[known] == pytest.approx(
        expected[known], rel=1e-5, abs=1e-6 * p.sigma[p.is_measured].max(initial=1)
    )
    measured = p.is_measured
    assert (found[measured] <= p.sigma[measured] * (1 + 1e-9)).all()
    moved = standardised_adjustments(p, s, every)
    checked = (kind == REDUNDANT) & ~p.is_exact
    assert np.isnan(moved[~checked]).all()
    gained = p.sigma[checked] ** 2 - np.diag(covariance)[checked]
    sure = gained > 1e-6 * p.sigma[checked] ** 2
    assert moved[checked][sure] == pytest.approx(
        ((s.x - p.measured)[checked] / np.sqrt(np.abs(gained)))[sure], rel=1e-3, abs=1e-5
    )


@FEW
@given(st.integers(0, 10**6))
def test_the_sum_of_squares_is_that_of_the_residuals(seed: int) -> None:
    """``J = rᵀ (A Σ Aᵀ)⁺ r`` once the unmeasured are eliminated, without bounds (B5)."""
    p = random_problem(seed, unmeasured=0.4, rows=False)
    sigma = np.where(p.sigma == 0, 0.5, p.sigma)
    p = Problem(p.measured, sigma, p.A, p.b, np.full(p.size, -INF), np.full(p.size, INF))
    A, known = p.A.toarray(), p.is_measured
    left = null_space(A[:, ~known].T, rcond=1e-9) if (~known).any() else np.eye(A.shape[0])
    G = left.T @ A[:, known]
    r = G @ p.measured[known] - left.T @ p.b
    spread = G @ np.diag(p.sigma[known] ** 2) @ G.T
    value, vector = np.linalg.eigh(spread)
    kept = value > 1e-9 * p.sigma[known].max(initial=0) ** 2
    chi2, dof, tail = global_test(p, solve(p))
    assert chi2 == pytest.approx(np.sum((vector.T @ r)[kept] ** 2 / value[kept]), rel=1e-5, abs=1e-6)
    assert dof == kept.sum()
    assert 0 <= tail <= 1 if dof else np.isnan(tail)


def test_determined_is_told_apart_by_the_data_not_by_luck() -> None:
    p = problem([NAN, 4, NAN, 7], 1, [[1, -1, 0, 0], [0, 0, 1, -1]])
    assert classes(p).tolist() == [DETERMINED, 0, DETERMINED, 0]
    assert posterior_sd(p, solve(p), np.array([0, 2])) == pytest.approx([1, 1])
