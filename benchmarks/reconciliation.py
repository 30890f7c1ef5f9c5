"""Reconciliation of layered chains of any size, OSQP on the same problem as referee.

``python -m benchmarks.reconciliation 1000 100000`` prints seconds, the ratio and the peak of memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csc_matrix, csr_array, dia_array, eye_array, vstack

from chaine_valeur.analysis.reconciliation._newton import solve
from chaine_valeur.analysis.reconciliation._problem import Problem

from .measuring import Figure

#: Layers between the boundary and itself, and flows per place.
LAYERS, FLOWS_PER_PLACE = 6, 5
#: How uncertain the flows are, in words; the second is the ill-conditioned one.
UNCERTAINTIES = ("uncertainties of 10 %", "uncertainties over six orders")
#: Times our seconds that OSQP is given in the table: a little more than the ratio that is asked for.
_ENOUGH = 110.0
#: Seconds after which OSQP is stopped; they count as its time.
LIMIT = 300.0


def layered_problem(flows: int, *, ill: bool = False, unmeasured: float = 0.0, seed: int = 1) -> Problem:
    """Return a chain of about `flows` flows through ``flows / 5`` balanced places, measured with noise.

    The true flows balance. Uncertainties are 10 % of the flow, or (`ill`) spread evenly over six orders of magnitude,
    1e-3 to 1e3 t, whatever the flow. A share of the flows may be unmeasured. All are positive.
    """
    random = np.random.default_rng(seed)
    places = max(LAYERS, flows // FLOWS_PER_PLACE)
    layer = np.sort(random.integers(0, LAYERS, places))
    starts = np.searchsorted(layer, np.arange(LAYERS + 1))
    source = random.integers(0, places, flows)
    onward = layer[source] + 1
    low, high = starts[np.minimum(onward, LAYERS - 1)], starts[np.minimum(onward + 1, LAYERS)]
    inside = (onward < LAYERS) & (high > low)
    target = np.where(inside, low + (random.random(flows) * (high - low)).astype(int), -1)
    # a place that nothing reaches is supplied from outside, one that sends nothing sends outside
    unsupplied = np.flatnonzero(np.bincount(target[inside], minlength=places) == 0)
    idle = np.flatnonzero(np.bincount(source, minlength=places) == 0)
    source = np.concatenate([source, np.full(len(unsupplied), -1), idle])
    target = np.concatenate([target, unsupplied, np.full(len(idle), -1)])
    truth = _balanced(random, layer, source, target)
    n, every = len(truth), np.arange(len(truth))
    into, out = target >= 0, source >= 0
    A = csr_array(
        (
            np.concatenate([np.ones(into.sum()), -np.ones(out.sum())]),
            (np.concatenate([target[into], source[out]]), np.concatenate([every[into], every[out]])),
        ),
        shape=(places, n),
    )
    sigma = 10 ** random.uniform(-3, 3, n) if ill else 0.1 * truth
    measured = np.maximum(0.0, truth + sigma * random.standard_normal(n))
    measured[random.random(n) < unmeasured] = np.nan
    return Problem(measured, sigma, A, np.zeros(places), np.zeros(n), np.full(n, np.inf))


def _balanced(
    random: np.random.Generator, layer: np.ndarray, source: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """Return flows that balance: what enters a place is shared among its flows out."""
    truth = np.where(source < 0, random.lognormal(4, 1.2, len(source)), 0.0)
    share = random.lognormal(0, 1, len(source))
    total = np.bincount(source[source >= 0], share[source >= 0], minlength=len(layer))
    for level in range(LAYERS):  # a loop over layers
        entering = np.bincount(target[target >= 0], truth[target >= 0], minlength=len(layer))
        leaving = np.flatnonzero((source >= 0) & (layer[source] == level))
        truth[leaving] = entering[source[leaving]] * share[leaving] / total[source[leaving]]
    return truth


def by_osqp(p: Problem, *, limit: float = LIMIT) -> tuple[float, str, np.ndarray]:
    """Return the seconds that OSQP takes, set-up included, how it ended and its x.

    The variables are divided by their uncertainties first: in tonnes, it takes longer and stops further away.
    """
    import osqp  # type: ignore[import-untyped]

    def int32(matrix: Any) -> csc_matrix:
        matrix = csc_matrix(matrix)
        matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
        return matrix

    known = p.is_measured
    unit = np.where(known, p.sigma, np.median(p.sigma))
    P = int32(dia_array((known[None].astype(float), 0), shape=(p.size, p.size)))
    A = int32(vstack([p.A @ dia_array((unit[None], 0), shape=(p.size, p.size)), eye_array(p.size)]))
    solver = osqp.OSQP()
    start = time.perf_counter()
    solver.setup(
        P, -np.nan_to_num(p.measured / unit), A, np.concatenate([p.b, p.lower / unit]),
        np.concatenate([p.b, p.upper / unit]),
        eps_abs=1e-6, eps_rel=1e-6, polishing=True, max_iter=10**7, time_limit=limit, verbose=False,
    )  # fmt: skip
    found = solver.solve(raise_error=False)
    return time.perf_counter() - start, found.info.status, found.x * unit


def measure(
    flows: int,
    *,
    ill: bool = False,
    unmeasured: float = 0.0,
    runs: int = 5,
    limit: float = LIMIT,
    times: float | None = None,
) -> dict[str, Any]:
    """Return a row of the table: our median seconds, those of OSQP on the same problem, and how they compare.

    OSQP is given `limit` seconds, and no more than `times` ours: what is asked is whether it takes so many times as long.
    """
    p = layered_problem(flows, ill=ill, unmeasured=unmeasured)
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        ours = solve(p)
        seconds.append(time.perf_counter() - start)
    assert ours.converged
    row: dict[str, Any] = {
        "what": f"reconcile {p.size:,} flows, {p.A.shape[0]:,} balances, {unmeasured:.0%} unmeasured, "
        f"{UNCERTAINTIES[ill]}",
        "ours_s": statistics.median(seconds),
    }
    if limit > 0:
        given = limit if times is None else min(limit, max(1.0, times * row["ours_s"]))
        row["other_s"], ended, theirs = by_osqp(p, limit=given)
        row["other"] = f"OSQP, 1e-6, {ended}"
        if ended == "solved":
            known = p.is_measured
            apart = np.max(np.abs(ours.x - theirs)[known] / p.sigma[known])
            row["other"] += f", {apart:.0e} σ from ours"
    return row


def figures(
    sizes: Sequence[int] = (1_000, 100_000),
    *,
    runs: int,
    limit: float,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Figure]:
    """Return our seconds and those of OSQP, which is given a good hundred times ours, and `limit` at most."""
    found = []
    for size in sizes:
        for ill, words in enumerate(UNCERTAINTIES):
            tell(f"reconciliation of {size:,} flows, {words}")
            row = measure(size, ill=bool(ill), runs=runs, limit=limit, times=_ENOUGH)
            what = f"reconciliation, {words}"
            found.append(Figure("flows", what, size, "ours", "seconds", row["ours_s"]))
            if "other_s" in row:
                found.append(Figure("flows", what, size, row["other"], "seconds", row["other_s"]))
    return found


def peak_memory(flows: int, *, ill: bool = False, unmeasured: float = 0.0) -> dict[str, Any]:
    """Return a row of the table: GiB at the peak of a process that draws the problem and solves it once."""
    code = (
        "import resource, time\nfrom benchmarks.reconciliation import layered_problem, solve\n"
        f"p = layered_problem({flows}, ill={ill}, unmeasured={unmeasured})\nstart = time.perf_counter()\n"
        "assert solve(p).converged\n"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ
    )
    seconds, kibibytes = map(float, done.stdout.split())
    label = (
        f"{flows:,} flows, {unmeasured:.0%} unmeasured, {'six orders' if ill else '10 %'}, {seconds:.1f} s"
    )
    return {"what": f"peak of the process, GiB ({label})", "ours_s": kibibytes / 2**20}


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reconciliation")
    parser.add_argument("flows", type=int, nargs="*", default=[1_000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds given to OSQP; 0 leaves it out")
    parser.add_argument("--unmeasured", type=float, default=0.0)
    parser.add_argument(
        "--memory", type=int, default=0, help="flows of the problem whose peak memory is taken"
    )
    asked = parser.parse_args()
    rows = [
        measure(flows, ill=ill, unmeasured=asked.unmeasured, runs=asked.runs, limit=asked.limit)
        for flows in asked.flows
        for ill in (False, True)
    ]
    if asked.memory:
        rows += [peak_memory(asked.memory, ill=ill, unmeasured=asked.unmeasured) for ill in (False, True)]
    table = pd.DataFrame(rows, columns=["what", "ours_s", "other", "other_s"])
    table["ratio"] = table["other_s"] / table["ours_s"]
    print(table.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.4g}"))


if __name__ == "__main__":
    main()
