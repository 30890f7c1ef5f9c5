"""`classes`, rank and null spaces: by hand, and against dense decompositions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space
from scipy.sparse import csr_array, random_array

from chaine_valeur.analysis.reconciliation import _structure
from chaine_valeur.analysis.reconciliation._classes import (
    DETERMINED,
    FREE,
    MEASURED_NONREDUNDANT,
    REDUNDANT,
    classes,
    degrees_of_freedom,
)
from chaine_valeur.analysis.reconciliation._problem import Problem
from chaine_valeur.analysis.reconciliation._structure import structure
from tests.reconciliation.solver_problems import NAN, problem, random_problem

FEW = settings(max_examples=25, deadline=None, derandomize=True)


def dense_classes(p: Problem) -> list[int]:
    """The definition of B3, by singular values."""
    A = p.A.toarray()
    known = p.is_measured | (p.lower == p.upper)
    right, left = null_space(A[:, ~known], rcond=1e-9), null_space(A[:, ~known].T, rcond=1e-9)
    if not A[:, ~known].size:
        right, left = np.eye((~known).sum()), np.eye(A.shape[0])
    coded = np.full(p.size, DETERMINED)
    coded[~known] = np.where(np.abs(right).max(axis=1, initial=0) > 1e-8, FREE, DETERMINED)
    checked = np.abs(A.T @ left).max(axis=1, initial=0) > 1e-8
    coded[p.is_measured] = np.where(checked, REDUNDANT, MEASURED_NONREDUNDANT)[p.is_measured]
    return coded.tolist()


# -- by hand --------------------------------------------------------------------------------------------


def test_each_class_in_one_chain() -> None:
    """a → [1] → b → [2] → c, d; beside, e and f leave 2 unmeasured through 3.

    [1] a = b, both measured: they check each other. [2] b = c + d with c measured: d is determined.
    [3] d + g = e + f with e, f unmeasured and g measured: e and f are free, g is checked by nothing.
    """
    rows = [[1, -1, 0, 0, 0, 0, 0], [0, 1, -1, -1, 0, 0, 0], [0, 0, 0, 1, -1, -1, 1]]
    p = problem([10, 11, 4, NAN, NAN, NAN, 3], 1, rows)
    expected = [REDUNDANT, REDUNDANT, MEASURED_NONREDUNDANT, DETERMINED, FREE, FREE, MEASURED_NONREDUNDANT]
    assert classes(p).tolist() == expected
    assert classes(p).dtype == np.int8
    assert degrees_of_freedom(p) == 1


def test_a_loop_of_unmeasured_flows_is_free_and_a_total_determines_a_flow_in_it() -> None:
    # in → A ⇄ B → out: the pair of flows between A and B can turn as it likes
    rows = np.array([[1, -1, 1, 0], [0, 1, -1, -1]], dtype=float)
    assert classes(problem([5, NAN, NAN, 5], 1, rows)).tolist() == [REDUNDANT, FREE, FREE, REDUNDANT]
    assert classes(problem([5, NAN, 2, NAN], 1, rows)).tolist() == [0, DETERMINED, 0, DETERMINED]


def test_cancellation_is_seen_not_only_structure() -> None:
    # x + y and x + y again plus z: z is determined though no row has a single unknown; x and y are free
    assert classes(problem([NAN, NAN, NAN], 1, [[1, 1, 0], [1, 1, 1]], [3, 5])).tolist() == [
        FREE,
        FREE,
        DETERMINED,
    ]
    # a closed loop without boundary: three balances, two of them independent
    loop = problem([1, 2, 3], 1, [[1, 0, -1], [-1, 1, 0], [0, -1, 1]])
    assert classes(loop).tolist() == [REDUNDANT] * 3
    assert degrees_of_freedom(loop) == 2


def test_duplicated_constraints_check_nothing_more() -> None:
    once, twice = problem([1, NAN], 1, [[1, -1]]), problem([1, NAN], 1, [[1, -1], [2, -2]])
    assert classes(once).tolist() == [MEASURED_NONREDUNDANT, DETERMINED]
    # b = a, 2b = 2a: the second says the same of a, and what it leaves of a is 0 = 0
    assert classes(twice).tolist() == [MEASURED_NONREDUNDANT, DETERMINED]
    assert degrees_of_freedom(twice) == 0


def test_what_is_fixed_is_known() -> None:
    # y is held at 2 by its bounds: x = y checks x, and y is no unknown
    p = problem([3, NAN], 1, [[1, -1]], lower=[0, 2], upper=[9, 2])
    assert classes(p).tolist() == [REDUNDANT, DETERMINED]
    assert degrees_of_freedom(p) == 1
    # an exact measurement is checked too, but cannot move: x0 = x1 + x2 leaves one equation on x1 and x2
    exact = problem([3, 1, 2], [0, 1, 1], [[1, -1, -1]])
    assert classes(exact).tolist() == [REDUNDANT] * 3
    assert degrees_of_freedom(exact) == 1
    assert degrees_of_freedom(problem([3, 3], 0, [[1, -1]])) == 0


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (problem([], 1, np.zeros((0, 0))), []),
        (problem([1, NAN], 1, np.zeros((0, 2))), [MEASURED_NONREDUNDANT, FREE]),
        (problem([1, NAN], 1, [[0, 0]]), [MEASURED_NONREDUNDANT, FREE]),
        (problem([NAN, NAN], 1, [[1, -1]]), [FREE, FREE]),
        (problem([NAN], 1, [[2]], 4), [DETERMINED]),
    ],
)
def test_degenerate(p: Problem, expected: list[int]) -> None:
    assert classes(p).tolist() == expected


# -- referee --------------------------------------------------------------------------------------------


@FEW
@given(st.integers(0, 10**6), st.sampled_from([0.2, 0.5, 0.8]))
def test_same_as_a_dense_decomposition(seed: int, unmeasured: float) -> None:
    p = random_problem(seed, unmeasured=unmeasured)
    assert classes(p).tolist() == dense_classes(p)
    mobile = ~p.is_exact
    A = p.A.toarray()
    rank = [
        np.linalg.matrix_rank(A[:, kept], tol=1e-9) if A[:, kept].size else 0
        for kept in (mobile, mobile & ~p.is_measured)
    ]
    assert degrees_of_freedom(p) == rank[0] - rank[1]


@FEW
@given(st.integers(0, 10**6), st.booleans())
def test_null_spaces_of_any_sparse_matrix(seed: int, project: bool) -> None:
    """Peeled and decomposed, or peeled and projected as large parts are."""
    random = np.random.default_rng(seed)
    m, n = (int(size) for size in random.integers(1, 25, 2))
    A = csr_array(random_array((m, n), density=float(random.uniform(0.05, 0.4)), rng=random))
    A.data = random.choice([-1.0, 1.0, 0.5], len(A.data))
    with pytest.MonkeyPatch.context() as patch:
        if project:
            patch.setattr(_structure, "DECOMPOSED", 0)
        found = structure(A)
    dense = A.toarray()
    assert found.rank == np.linalg.matrix_rank(dense, tol=1e-9)
    assert np.abs(dense @ found.right).max(initial=0) <= 1e-6
    assert np.abs(dense.T @ found.left).max(initial=0) <= 1e-6
    right, left = null_space(dense, rcond=1e-9), null_space(dense.T, rcond=1e-9)
    assert ((found.right != 0).any(axis=1) == (np.abs(right).max(axis=1, initial=0) > 1e-8)).all()
    assert ((found.left != 0).any(axis=1) == (np.abs(left).max(axis=1, initial=0) > 1e-8)).all()


def test_a_long_path_is_peeled_to_its_end() -> None:
    """2 000 places in a row, only the first flow measured: all are determined, in 2 000 waves."""
    n = 2000
    A = csr_array(
        (np.tile([1.0, -1.0], n - 1), np.stack([np.arange(n - 1), np.arange(1, n)], axis=1).ravel(),
         2 * np.arange(n)), shape=(n - 1, n)
    )  # fmt: skip
    measured = np.full(n, NAN)
    measured[0] = 5
    p = Problem(measured, np.ones(n), A, np.zeros(n - 1), np.zeros(n), np.full(n, np.inf))
    assert classes(p).tolist() == [MEASURED_NONREDUNDANT] + [DETERMINED] * (n - 1)


def test_the_same_problem_gives_the_same_classes() -> None:
    p = random_problem(11, unmeasured=0.6)
    assert classes(p).tolist() == classes(p).tolist()
    shuffled = np.random.default_rng(0).permutation(p.size)
    q = Problem(*(a[shuffled] for a in (p.measured, p.sigma)), p.A[:, shuffled], p.b, p.lower[shuffled],
                p.upper[shuffled])  # fmt: skip
    assert classes(q).tolist() == classes(p)[shuffled].tolist()
