"""`Problem.validate`: what is wrong, and where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from chaine_valeur.analysis.reconciliation._newton import solve
from chaine_valeur.errors import ArgumentError
from tests.reconciliation.solver_problems import INF, NAN, problem

GOOD = problem([10, NAN, 5], [1, NAN, 0], [[1, -1, -1]], C=[[1, 0, 0]], d=[INF])


def test_a_good_problem_passes() -> None:
    GOOD.validate()
    assert GOOD.size == 3
    assert GOOD.is_measured.tolist() == [True, False, True]
    assert GOOD.is_exact.tolist() == [False, False, True]
    assert replace(GOOD, lower=np.array([0.0, 2.0, 0.0]), upper=np.array([1.0, 2.0, 1.0])).is_exact[1]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"measured": [10, INF, 5]}, "measured value is infinite at variable 1"),
        ({"sigma": [1, NAN, NAN]}, "uncertainty is unknown at variable 2"),
        ({"sigma": [-1, NAN, 1]}, "uncertainty is negative at variable 0"),
        ({"sigma": [INF, NAN, 1]}, "uncertainty is infinite at variable 0"),
        ({"lower": [0, 0, NAN]}, "bound is NaN (use inf for none) at variable 2"),
        ({"lower": [0, 4, 0], "upper": [1, 3, 1]}, "lower bound is above the upper one at variable 1"),
        ({"lower": [INF, 0, 0]}, "lower bound is +inf at variable 0"),
        ({"lower": [-INF, 0, 0], "upper": [-INF, 1, 1]}, "upper bound is -inf at variable 0"),
        ({"b": [NAN]}, "right-hand side b is not finite at equality 0"),
        ({"d": [-INF]}, "right-hand side d is NaN or -inf at inequality 0"),
        ({"b": [0, 0]}, "b has shape (2,) for the 1 rows of A"),
        ({"sigma": [1, 1]}, "sigma has shape (2,), measured has 3 values"),
        ({"d": None}, "C and d go together"),
        ({"A": [[1, -1]]}, "A has 2 columns for 3 variables"),
        ({"A": [[1, NAN, 0]]}, "coefficients of A are not finite in row 0"),
        ({"C": [[INF, 0, 0]]}, "coefficients of C are not finite in row 0"),
    ],
)
def test_what_is_wrong_is_named(changed: dict, message: str) -> None:
    arrays = {
        name: csr_array(np.array(value, dtype=float)) if name in "AC" else value if value is None
        else np.array(value, dtype=float)
        for name, value in changed.items()
    }  # fmt: skip
    p = replace(GOOD, **arrays)
    with pytest.raises(ArgumentError, match="the problem cannot be reconciled") as caught:
        p.validate()
    assert message in str(caught.value)
    with pytest.raises(ArgumentError, match="cannot be reconciled"):
        solve(p)


def test_everything_wrong_at_once_and_long_lists_are_cut() -> None:
    p = problem(np.full(8, INF), -1, np.zeros((0, 8)), lower=1, upper=0)
    with pytest.raises(ArgumentError, match="reconciled") as caught:
        p.validate()
    text = str(caught.value)
    assert "measured value is infinite at variable 0, 1, 2, 3, 4 and 3 more" in text
    assert "uncertainty is negative" in text
    assert "lower bound is above" in text
