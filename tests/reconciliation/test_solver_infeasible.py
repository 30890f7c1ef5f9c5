"""Contradictions are named, and hold nothing that is not needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from chaine_valeur.analysis.reconciliation._infeasible import Conflict, infeasible_rows
from chaine_valeur.analysis.reconciliation._newton import solve
from chaine_valeur.analysis.reconciliation._problem import Problem
from tests.reconciliation.solver_problems import INF, NAN, problem, random_problem

FEW = settings(max_examples=12, deadline=None, derandomize=True)


def named(p: Problem) -> list[tuple[str, int]]:
    return [(one.kind, one.index) for one in infeasible_rows(p)]


def without(p: Problem, one: Conflict) -> Problem:
    """The problem with one member of a contradiction taken out."""
    kept = np.arange(p.A.shape[0]) != one.index
    if one.kind == "equality":
        return replace(p, A=p.A[np.flatnonzero(kept)], b=p.b[kept])
    place = np.arange(p.size) == one.index
    if one.kind == "lower":
        return replace(p, lower=np.where(place, -INF, p.lower))
    if one.kind == "upper":
        return replace(p, upper=np.where(place, INF, p.upper))
    if one.kind == "exact":
        return replace(p, sigma=np.where(place, 1.0, p.sigma))
    assert p.d is not None
    return replace(p, d=np.where(np.arange(len(p.d)) == one.index, INF, p.d))


def test_what_can_hold_has_no_contradiction() -> None:
    assert named(problem([10, 4, 5], 1, [[1, -1, -1]])) == []
    assert named(problem([], 1, np.zeros((0, 0)))) == []
    assert named(problem([1, NAN], 1, np.zeros((0, 2)))) == []


def test_two_totals_for_one_sum() -> None:
    p = problem([1, 2, 3], 1, [[1, 1, 0], [1, 1, 0], [0, 1, -1]], [3, 4, 0])
    assert named(p) == [("equality", 0), ("equality", 1)]


def test_too_little_enters_for_what_has_to_leave() -> None:
    """1 → 2 → out with side branches: at most 5 enter, at least 8 leave at the end; the rest is beside the point."""
    rows = [[1, -1, -1, 0, 0], [0, 1, 0, -1, -1]]
    p = problem([NAN] * 5, 1, rows, lower=[0, 0, 0, 8, 0], upper=[5, INF, INF, INF, 9])
    # a ≤ 5, d ≥ 8, and what goes elsewhere (c, e) is not negative
    expected = [("equality", 0), ("equality", 1), ("lower", 2), ("lower", 3), ("lower", 4), ("upper", 0)]
    assert named(p) == expected


def test_exact_values() -> None:
    assert named(problem([-1, 2], [0, 1], [[1, -1]])) == [("exact", 0), ("lower", 0)]
    assert named(problem([9, 2], [0, 1], [[1, -1]], upper=[5, INF])) == [("exact", 0), ("upper", 0)]
    # three exact figures that do not add up
    p = problem([10, 4, 5, 1], [0, 0, 0, 1], [[1, -1, -1, 0]])
    assert named(p) == [("equality", 0), ("exact", 0), ("exact", 1), ("exact", 2)]


def test_inequalities_and_rows_that_say_nothing() -> None:
    p = problem([NAN, NAN], 1, np.zeros((0, 2)), C=[[1, 0], [-1, 0], [1, 1]], d=[INF, -5, 3])
    # x ≥ 5 and x + y ≤ 3 with y ≥ 0; the first row has no limit and keeps its number
    assert named(p) == [("inequality", 1), ("inequality", 2), ("lower", 1)]
    assert named(problem([1.0], 1, [[0.0]], 2)) == [("equality", 0)]


def test_the_unit_does_not_matter() -> None:
    p = problem([NAN, NAN], 1, [[1, -1]], lower=[0, 8], upper=[5, INF])
    expected = [("equality", 0), ("lower", 1), ("upper", 0)]
    for unit in (1e-6, 1, 1e6):
        assert named(replace(p, lower=p.lower * unit, upper=p.upper * unit)) == expected


@FEW
@given(st.integers(0, 10**6))
def test_a_contradiction_is_real_and_irreducible(seed: int) -> None:
    """A feasible problem is spoiled; what is named contradicts itself, and no longer once any member is taken out."""
    random = np.random.default_rng(seed)
    p = random_problem(seed)
    assert named(p) == []
    row = p.A[[0]].toarray()[0]
    if not row.any():
        return
    extra = row + 0.5 * (random.random(p.size) < 0.2)
    spoiled = replace(
        p,
        A=csr_array(np.vstack([p.A.toarray(), extra])),
        b=np.append(p.b, extra @ np.full(p.size, -1e4) - 1e4),
        upper=np.minimum(p.upper, 1e3 + np.maximum(p.lower, 0)),
        lower=np.maximum(p.lower, -1e3),
    )
    found = infeasible_rows(spoiled)
    if not found:
        assert solve(spoiled).converged
        return
    alone = replace(
        spoiled,
        lower=np.where([Conflict("lower", k) in found for k in range(p.size)], spoiled.lower, -INF),
        upper=np.where([Conflict("upper", k) in found for k in range(p.size)], spoiled.upper, INF),
        sigma=np.where(
            [Conflict("exact", k) in found for k in range(p.size)], 0.0, np.maximum(p.sigma, 1e-2)
        ),
        b=spoiled.b,
    )
    rows = [k for k in range(spoiled.A.shape[0]) if Conflict("equality", k) in found]
    alone = replace(alone, A=alone.A[rows], b=alone.b[rows])
    if alone.d is not None:
        kept = [Conflict("inequality", k) in found for k in range(len(alone.d))]
        alone = replace(alone, d=np.where(kept, alone.d, INF))
    renumbered = [
        Conflict("equality", rows.index(one.index)) if one.kind == "equality" else one for one in found
    ]
    assert infeasible_rows(alone) == renumbered
    for one in renumbered:
        assert infeasible_rows(without(alone, one)) == [], one


def test_solve_and_infeasible_rows_agree() -> None:
    feasible = problem([1, 2], 1, [[1, 1]], 3)
    assert solve(feasible).converged
    assert not solve(replace(feasible, b=np.array([-3.0]))).converged
    assert infeasible_rows(replace(feasible, b=np.array([-3.0])))
    with pytest.raises(ValueError, match="crossed|above"):
        replace(feasible, upper=np.array([-1.0, 1.0])).validate()


def test_what_cannot_hold_is_told_without_overflow() -> None:
    # x1 = x2 and x1 = x0 + x2, hence x0 = 0, which is at least 40.9: multipliers grow without end
    p = Problem(
        measured=np.array([NAN, 3113.7, NAN, NAN]),
        sigma=np.array([NAN, 934.11, NAN, NAN]),
        A=csr_array([[0, 0, 0, -0.267], [0, -1, 1, 0], [-1, 1, -1, 0]]),
        b=np.zeros(3),
        lower=np.array([40.9, 32.2, 21.5, 0]),
        upper=np.array([213.8, INF, INF, INF]),
    )
    with np.errstate(all="raise", under="ignore"):
        assert not solve(p).converged
    assert infeasible_rows(p) == [Conflict("equality", 1), Conflict("equality", 2), Conflict("lower", 0)]
