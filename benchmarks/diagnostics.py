"""Checking and diagnosing whole: findings in words, every figure with its notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import chaine_valeur as cv

from .measuring import Figure, timed
from .structure import checked, fresh

__all__ = ["figures"]


def figures(
    sizes: Sequence[int] = (50, 1_000, 100_000), *, runs: int, tell: Callable[[str], None] = lambda _: None
) -> list[Figure]:
    """Return the seconds that a diagnostic in words takes, essential and expert; one run from 10 000 actors on."""
    found = []
    for size in sizes:
        tell(f"a chain of {size:,} actors, checked and diagnosed")
        _, f, seconds = checked(size)
        found.append(Figure("diagnostics", "validate", size, "ours", "seconds", seconds))
        for profile in ("essential", "expert"):
            act = partial(_diagnosed, f, profile=profile)
            taken, _ = timed(act, runs=1 if size > 10_000 else runs)
            found.append(Figure("diagnostics", f"diagnose, {profile}", size, "ours", "seconds", taken))
    return found


def _diagnosed(f: cv.Filiere, *, profile: str) -> cv.Diagnosis:
    return cv.diagnose(fresh(f), profile=profile)
