"""What the search stands on: the weighted normal matrix, whole or not, and variables without choice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from chaine_valeur.analysis.reconciliation import _normal
from chaine_valeur.analysis.reconciliation._forced import forced
from chaine_valeur.analysis.reconciliation._normal import NormalMatrix, dot, summed
from chaine_valeur.analysis.reconciliation._problem import Standard
from tests.reconciliation.solver_problems import INF, NAN, problem

FEW = settings(max_examples=25, deadline=None, derandomize=True)


def matrix(seed: int, rows: int, columns: int) -> csr_array:
    """A sparse matrix of −1, 1 and shares, with two coefficients a column or more."""
    random = np.random.default_rng(seed)
    A = csr_array(random_array((rows, columns), density=min(1.0, 2.5 / rows), rng=random))
    A.data = random.choice([-1.0, 1.0, 0.3], len(A.data))
    return A


@FEW
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_solves_as_a_dense_matrix_does(seed: int, whole: bool, ill: bool) -> None:
    random = np.random.default_rng(seed)
    A = matrix(seed, int(random.integers(2, 40)), int(random.integers(40, 120)))
    weights = 10 ** random.uniform(-3, 3, A.shape[1]) if ill else random.uniform(0.5, 2, A.shape[1])
    with pytest.MonkeyPatch.context() as patch:
        if not whole:
            patch.setattr(_normal, "WHOLE", 0)
            patch.setattr(_normal, "TRIED", 5)  # so that more couplings are taken in, again and again
        normal = NormalMatrix(A, weights)
        normal.weigh(weights)
        dense = (A * weights).toarray() @ A.toarray().T
        right = dense @ random.standard_normal(A.shape[0])
        z, iterations = normal.solve(right, tolerance=1e-12)
        many = normal.solve_many(np.stack([right, 0 * right, 2 * right], axis=1), tolerance=1e-12)
    assert iterations >= 1
    size = np.sqrt(np.diag(dense)) * np.sqrt(np.abs(right).max(initial=0) + 1e-12)
    for found, times in ((z, 1), (many[:, 0], 1), (many[:, 1], 0), (many[:, 2], 2)):
        off = dense @ found - times * right
        assert np.abs(off).max() <= 1e-6 * (np.abs(right).max(initial=0) + size.max(initial=0) + 1e-12)


def test_other_weights_and_rows_that_nothing_moves() -> None:
    A = csr_array(np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
    normal = NormalMatrix(A, np.array([1.0, 1.0, 0.0]))
    normal.weigh(np.array([2.0, 2.0, 0.0]))
    # row 0: 2 + 2 = 4; nothing can move in rows 1 and 2, which get no multiplier
    assert normal.solve(np.array([8.0, 1.0, 1.0]), tolerance=1e-12)[0] == pytest.approx([2, 0, 0])
    normal.weigh(np.array([0.0, 0.0, 0.0]))
    # what could move weighs nothing for now: the weights given at the start stand in, 1 + 1
    assert normal.solve(np.array([8.0, 1.0, 1.0]), tolerance=1e-12)[0] == pytest.approx([4, 0, 0])


def test_redundant_rows_are_solved_together() -> None:
    A = csr_array(np.array([[1.0, -1.0], [2.0, -2.0], [1.0, -1.0]]))
    normal = NormalMatrix(A, np.ones(2))
    normal.weigh(np.ones(2))
    dense = A.toarray() @ A.toarray().T
    right = dense @ np.array([1.0, 2.0, 3.0])
    assert dense @ normal.solve(right, tolerance=1e-12)[0] == pytest.approx(right)


def test_sums() -> None:
    assert summed(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 4).tolist() == [1, 0, 5, 0]
    empty = summed(np.array([], dtype=int), np.array([]), 2)
    assert empty.tolist() == [0, 0]
    assert empty.dtype == float
    assert dot(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 11


def fixed(p) -> tuple[list[float], list[float], list[bool]]:
    standard, forcing = forced(Standard.of(p))
    return standard.lower.tolist(), standard.upper.tolist(), forcing.tolist()


def test_positive_flows_that_sum_to_nothing_are_nothing() -> None:
    # a + b = 0 with a, b ≥ 0; then a + c = 4 gives c = 4; d is free in the third
    p = problem([NAN] * 4, 1, [[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, -1]], [0, 4, 1])
    lower, upper, forcing = fixed(p)
    assert lower == upper == [0, 0, 4, 3]
    assert forcing == [True, True, True]


def test_a_sum_that_needs_every_upper_bound() -> None:
    p = problem([1, 1, 1], 1, [[1, 1, -1]], 5, lower=[0, 0, 2], upper=[3, 4, 9])
    # 3 + 4 − 2 = 5 is the most that the row can give
    lower, upper, forcing = fixed(p)
    assert lower == upper == [3, 4, 2]
    assert forcing == [True]


def test_where_there_is_a_choice_nothing_is_fixed() -> None:
    p = problem([1, 1], 1, [[1, 1]], 5)
    assert fixed(p) == ([0, 0], [INF, INF], [False])
    # one variable left, but its value would be out of bounds: the search has to say so
    assert fixed(problem([1], 1, [[1]], -5)) == ([0], [INF], [False])


def test_slacks_and_exact_values_in_the_standard_form() -> None:
    p = problem([3, 2, NAN], [0, 1, 1], [[1, -1, 0]], C=[[1, 1, 0], [0, 0, 1]], d=[6, INF])
    s = Standard.of(p)
    # the second inequality has no limit: one slack only
    assert s.A.toarray().tolist() == [[1, -1, 0, 0], [1, 1, 0, 1]]
    assert s.b.tolist() == [0, 6]
    assert s.limited.tolist() == [0]
    assert s.lower.tolist() == [3, 0, 0, 0]
    assert s.upper.tolist() == [3, INF, INF, INF]
    assert s.centre.tolist() == [3, 2, 0, 0]
    assert np.isnan(s.variance).tolist() == [False, False, True, True]
    assert s.variance[:2].tolist() == [0, 1]
    assert s.size == 3
