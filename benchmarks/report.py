"""The report of a filière of 100 actors in its three forms, and the page of a map of 1 000 actors."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import chaine_valeur as cv
from chaine_valeur import interactive
from chaine_valeur.report import content, write_docx, write_html, write_xlsx

from .generator import layered_chain

__all__ = ["rows"]


def rows(*, runs: int, actors: int = 100) -> list[dict[str, Any]]:
    """Return how long each form takes and how large it is: the best of some runs, each on a filière read anew."""
    tables = layered_chain(actors).tables
    seconds: dict[str, list[float]] = {name: [] for name in ("figures and sections", "html", "docx", "xlsx")}
    sizes: dict[str, str] = {}
    for _ in range(runs):
        diagnosis = cv.diagnose(cv.Filiere.from_tables(**tables))
        start = time.perf_counter()
        told = content(diagnosis)
        seconds["figures and sections"].append(time.perf_counter() - start)
        forms: dict[str, Callable[[Path], Path]] = {
            "html": partial(write_html, told),
            "docx": partial(write_docx, told),
            "xlsx": partial(write_xlsx, diagnosis),
        }
        with tempfile.TemporaryDirectory() as folder:
            for name, write in forms.items():
                start = time.perf_counter()
                path = write(Path(folder) / f"report.{name}")
                seconds[name].append(time.perf_counter() - start)
                sizes[name] = f"{path.stat().st_size / 1e6:.1f} MB"
    best = {name: min(values) for name, values in seconds.items()}
    what = f"report of {actors} actors"
    made = [{"what": f"{what}: {name}", "ours_s": best[name], "other": sizes.get(name)} for name in seconds]
    return [*made, {"what": f"{what}: all of it", "ours_s": sum(best.values())}, _map(1_000)]


def _map(actors: int) -> dict[str, Any]:
    """Return how long the page of the map takes to write."""
    f = cv.Filiere.from_tables(**layered_chain(actors, ties_per_actor=3.0).tables)
    start = time.perf_counter()
    page = interactive.map_html(f)
    seconds = time.perf_counter() - start
    return {
        "what": f"map of {actors:,} actors",
        "ours_s": seconds,
        "other": f"{len(page.encode()) / 1e6:.1f} MB",
    }
