"""The problems that the benchmark draws are what it says they are."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.reconciliation import by_osqp, layered_problem, measure
from chaine_valeur.analysis.reconciliation._newton import solve


@pytest.mark.parametrize("ill", [False, True])
def test_a_layered_chain_is_solved_as_osqp_does(ill: bool) -> None:
    p = layered_problem(300, ill=ill)
    assert p.A.shape[0] == 60
    assert 300 <= p.size <= 360  # flows of the boundary are added where a place had none
    # each flow leaves one place, enters one, or both
    assert set(np.unique(p.A.data)) == {-1.0, 1.0}
    assert set(np.diff(p.A.tocsc().indptr)) <= {1, 2}
    if ill:
        assert np.log10(p.sigma.max() / p.sigma.min()) == pytest.approx(6, abs=0.3)
    found = solve(p)
    seconds, ended, theirs = by_osqp(p, limit=20)
    assert found.converged
    assert ended == "solved"
    assert seconds > 0
    assert np.abs(found.x - theirs).max() <= (0.2 if ill else 1e-3) * p.sigma.max()


def test_what_is_drawn_balances_but_for_the_noise() -> None:
    p = layered_problem(300)
    truth = p.sigma / 0.1  # uncertainties are a tenth of the true flow
    assert np.abs(p.A @ truth).max() <= 1e-9 * truth.max()
    assert layered_problem(300).measured.tolist() == p.measured.tolist()
    assert np.isnan(layered_problem(300, unmeasured=0.3).measured).mean() == pytest.approx(0.3, abs=0.1)


def test_a_row_of_the_table() -> None:
    row = measure(200, runs=1, limit=0)
    assert row["ours_s"] > 0
    assert "other_s" not in row
