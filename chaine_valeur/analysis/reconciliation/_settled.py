"""The problem around its solution: the bounds and inequalities that hold figures back count as equations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ._classes import REDUNDANT, classes, degrees_of_freedom

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._problem import Problem, Solution

    Mask = NDArray[np.bool_]

__all__ = ["checks_of", "classes_of", "held_back", "settled"]

#: Pull on a bound, in standard deviations per typical uncertainty, from which it holds something back. A flow
#: that merely lies at 0, and could lie elsewhere at no cost, is not held.
PULLED = 1e-6


def held_back(problem: Problem, solution: Solution) -> tuple[Mask, Mask]:
    """Return the variables that a bound holds back, and the inequality rows that do: their multiplier is not 0.

    The multiplier of a bound is what is left of the slope, ``(x − m)/σ² − Aᵀ y + Cᵀ v``.
    """
    known = problem.is_measured & (problem.sigma > 0)
    slope = np.zeros(problem.size)
    slope[known] = (solution.x[known] - problem.measured[known]) / problem.sigma[known] ** 2
    slope -= problem.A.T @ np.nan_to_num(solution.duals)
    rows = np.zeros(0 if problem.C is None else problem.C.shape[0], dtype=bool)
    size = float(np.median(problem.sigma[known])) if known.any() else 1.0
    if problem.C is not None:
        slope += problem.C.T @ np.nan_to_num(solution.duals_upper)
        rows = solution.active_rows & (np.nan_to_num(solution.duals_upper) * size > PULLED)
    return solution.active & (np.abs(slope) * size > PULLED), rows


def settled(problem: Problem, solution: Solution) -> Problem:
    """Return the problem in which what holds figures back is an equality: the rest moves as it did.

    A flow that cannot be negative, a known maximum, a stated relation check a figure as a balance does.
    """
    from scipy.sparse import vstack

    bounds, rows = held_back(problem, solution)
    if not bounds.any() and not rows.any():
        return problem
    lower = np.where(bounds, solution.x, problem.lower)
    upper = np.where(bounds, solution.x, problem.upper)
    if problem.C is None or problem.d is None or not rows.any():
        return replace(problem, lower=lower, upper=upper)
    held = np.flatnonzero(rows)
    return replace(
        problem, lower=lower, upper=upper, A=vstack([problem.A, problem.C[held]]).tocsr(),
        b=np.concatenate([problem.b, problem.d[held]]),
    )  # fmt: skip


def classes_of(problem: Problem, fixed: Problem) -> NDArray[np.int8]:
    """Return the class of each variable (B3), what holds figures back counting as equations."""
    found = classes(fixed)
    stopped = (fixed.lower == fixed.upper) & (problem.lower != problem.upper)
    found[stopped & problem.is_measured & (problem.sigma > 0)] = REDUNDANT
    return found


def checks_of(problem: Problem, fixed: Problem) -> int:
    """Return how many independent checks there are (B5), a measured figure at its bound being one."""
    stopped = (fixed.lower == fixed.upper) & (problem.lower != problem.upper)
    return degrees_of_freedom(fixed) + int((stopped & problem.is_measured & (problem.sigma > 0)).sum())
