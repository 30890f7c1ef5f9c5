"""Problems for the solver's tests: built from balances, or drawn at random around a point that satisfies them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from chaine_valeur.analysis.reconciliation._problem import Problem

NAN = float("nan")
INF = float("inf")


def problem(measured, sigma, A, b=0.0, *, lower=0.0, upper=INF, C=None, d=None) -> Problem:
    """A problem from lists; one number for b, sigma, lower or upper stands for all."""
    measured = np.asarray(measured, dtype=float)
    n = len(measured)
    A = csr_array(np.atleast_2d(np.asarray(A, dtype=float)))
    return Problem(
        measured,
        np.broadcast_to(np.asarray(sigma, dtype=float), n).copy(),
        A,
        np.broadcast_to(np.asarray(b, dtype=float), A.shape[0]).copy(),
        np.broadcast_to(np.asarray(lower, dtype=float), n).copy(),
        np.broadcast_to(np.asarray(upper, dtype=float), n).copy(),
        None if C is None else csr_array(np.atleast_2d(np.asarray(C, dtype=float))),
        None if d is None else np.atleast_1d(np.asarray(d, dtype=float)),
    )


def random_problem(seed: int, *, ill: bool = False, unmeasured: float = 0.3, rows: bool = True) -> Problem:
    """Incidence-like or general equalities around a feasible point, with bounds, inequalities, duplicated rows."""
    random = np.random.default_rng(seed)
    n = int(random.integers(4, 18))
    m = int(random.integers(1, n // 2 + 1))
    if random.random() < 0.3:
        A = random.standard_normal((m, n)) * (random.random((m, n)) < 0.4)
    else:
        ends = random.integers(-1, m, (2, n))
        A = np.zeros((m, n))
        losing = np.where(random.random(n) < 0.5, 1.0, random.uniform(0.2, 1.0, n))
        for side, sign in ((0, np.ones(n)), (1, -losing)):
            there = (ends[side] >= 0) & ((side == 0) | (ends[0] != ends[1]))
            A[ends[side][there], np.flatnonzero(there)] += sign[there]
    if m > 1 and random.random() < 0.4:
        A[-1] = 2 * A[0]
    truth = random.lognormal(2, 1.5, n) * (random.random(n) < 0.85)
    sigma = 10 ** random.uniform(-3, 3, n) if ill else 0.1 * truth + 0.01
    sigma[random.random(n) < 0.05] = 0.0
    measured = np.where(sigma == 0, truth, truth + 3 * sigma * random.standard_normal(n))
    measured[random.random(n) < unmeasured] = NAN
    lower = np.where(random.random(n) < 0.8, 0.0, -INF)
    upper = np.where(random.random(n) < 0.2, truth * random.uniform(1, 2, n) + 0.1, INF)
    C = d = None
    if rows and random.random() < 0.5:
        C = random.standard_normal((2, n)) * (random.random((2, n)) < 0.4)
        d = C @ truth + np.abs(random.standard_normal(2))
    return problem(measured, sigma, A, A @ truth, lower=lower, upper=upper, C=C, d=d)


def osqp_solution(p: Problem) -> np.ndarray | None:
    """What OSQP, to a high accuracy, finds for the same problem; None where it gives up."""
    import osqp
    from scipy.sparse import csc_matrix, dia_array, eye_array, vstack

    def int32(matrix) -> csc_matrix:
        matrix = csc_matrix(matrix)
        matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
        return matrix

    moves = p.is_measured & (p.sigma > 0)
    exact = p.is_measured & (p.sigma == 0)
    weight = np.where(moves, 1 / np.where(moves, p.sigma, 1.0) ** 2, 0.0)
    blocks, low, high = [p.A], [p.b], [p.b]
    if p.C is not None:
        blocks, low, high = [*blocks, p.C], [*low, np.full(len(p.d), -INF)], [*high, p.d]
    blocks.append(eye_array(p.size))
    low.append(np.where(exact, p.measured, p.lower))
    high.append(np.where(exact, p.measured, p.upper))
    solver = osqp.OSQP()
    solver.setup(
        int32(dia_array((weight[None], 0), shape=(p.size, p.size))),
        -weight * np.nan_to_num(p.measured),
        int32(vstack(blocks)),
        np.concatenate(low),
        np.concatenate(high),
        eps_abs=1e-10,
        eps_rel=1e-10,
        polishing=True,
        max_iter=100_000,
        verbose=False,
    )
    found = solver.solve(raise_error=False)
    return found.x if found.info.status == "solved" else None
