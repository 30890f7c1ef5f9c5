"""Two processes against one: what is computed filière by filière, through `chaine_valeur.portfolio.heavy`."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import chaine_valeur as cv
from chaine_valeur.portfolio import Portfolio, heavy
from chaine_valeur.report import content, html_text

from .generator import layered_chain
from .measuring import Figure, alternately

__all__ = ["figures", "reconciled", "reported"]

JOBS = {"one process": 1, "two processes": 2}


def reported(f: cv.Filiere) -> int:
    """Return the length of the page of a filière: diagnosed, drawn, told."""
    return len(html_text(content(cv.diagnose(f))))


def reconciled(f: cv.Filiere) -> float:
    """Return the tonnes of a filière once its figures agree, and how many of them the others contradict."""
    found = cv.reconcile(f)
    return float(found.flows["reconciled_t_per_year"].sum()) + len(found.suspects())


def _ready(f: cv.Filiere, *, seconds: float = 5.0) -> int:
    """Import what the tasks need, and keep the process busy so that each of the pool gets one."""
    start = time.perf_counter()
    reported(f)
    reconciled(f)
    time.sleep(max(0.0, seconds - (time.perf_counter() - start)))
    return 0


def figures(
    *,
    runs: int,
    reports: int = 4,
    problems: int = 60,
    actors: int = 200,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Figure]:
    """Return the seconds of one process and of two on the same filières; the results are asserted equal.

    The processes of the pool are there before the clock starts, their modules imported: starting one takes some two
    seconds, once a session.
    """
    small = _portfolio(reports, 50)
    large = _portfolio(problems, actors)
    tell("processes of the pool begin")
    tiny = _portfolio(2, 8)
    heavy(tiny, _ready, jobs=2)
    heavy(tiny.select(list(tiny)[:1]), partial(_ready, seconds=0.0), jobs=1)
    found = []
    for what, p, task in (
        (f"{reports} reports of 50 actors", small, reported),
        (f"{problems} reconciliations, {actors:,} actors each", large, reconciled),
    ):
        tell(f"  {what}")
        acts = {name: partial(heavy, p, task, jobs=jobs) for name, jobs in JOBS.items()}
        seconds, given = alternately(acts, runs=runs, wall=True)
        alone, both = (given[name] for name in JOBS)
        assert not len(alone.failures), alone.failures
        assert not len(both.failures), both.failures
        assert dict(alone.results) == dict(both.results)
        found += [
            Figure("processes", what, len(p), name, "seconds", value) for name, value in seconds.items()
        ]
    return found


def _portfolio(filieres: int, actors: int) -> Portfolio:
    return Portfolio.from_filieres(
        (f"f{seed}", cv.Filiere.from_tables(**layered_chain(actors, seed=seed).tables))
        for seed in range(filieres)
    )
