"""Seconds, bytes, growth, the machine: what every part of the benchmarks measures with."""

from __future__ import annotations

import gc
import importlib.metadata
import math
import os
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

__all__ = [
    "CLOCKS",
    "Figure",
    "alternately",
    "growth",
    "machine",
    "peak",
    "same",
    "set_clock",
    "timed",
]

T = TypeVar("T")

#: What times an act: the hour, or what this process took of the processor (for a machine that does other work too).
CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "processor": time.process_time}
_clock = CLOCKS["wall"]


def set_clock(name: str) -> None:
    """Time what follows by one of `CLOCKS`; work of other processes is never on that of the processor."""
    global _clock
    _clock = CLOCKS[name]


@dataclass(frozen=True)
class Figure:
    """One thing measured: of which part of the benchmarks, of what, at which size, by whom."""

    part: str
    what: str
    size: int
    by: str
    quantity: str
    value: float


def timed(act: Callable[[], T], *, runs: int, wall: bool = False) -> tuple[float, T]:
    """Return the median seconds of an act and what it gave at the end."""
    seconds, given = alternately({"": act}, runs=runs, wall=wall)
    return seconds[""], given[""]


def alternately(
    acts: Mapping[str, Callable[[], T]], *, runs: int, wall: bool = False
) -> tuple[dict[str, float], dict[str, T]]:
    """Return the median seconds of several acts, and what they gave: one after another, run after run.

    So what else the machine does meanwhile weighs on all of them. What an act gave is let go before the next one
    begins, what refers to itself included (a filière and its core do), and no garbage is collected meanwhile.
    `wall`: by the hour whatever `set_clock` says, for acts of other processes or of several threads.
    """
    clock = CLOCKS["wall"] if wall else _clock
    seconds: dict[str, list[float]] = {name: [] for name in acts}
    given: dict[str, T] = {}
    gc.collect()
    gc.freeze()  # what was there before is not looked through again and again
    gc.disable()
    try:
        for _ in range(runs):
            for name, act in acts.items():
                given.pop(name, None)
                gc.collect()
                start = clock()
                found = act()
                seconds[name].append(clock() - start)
                given[name] = found
    finally:
        gc.enable()
        gc.unfreeze()
    return {name: statistics.median(values) for name, values in seconds.items()}, given


def peak(act: Callable[[], Any]) -> int:
    """Return the bytes that an act held at most, beyond what was there before, as tracemalloc sees them.

    numpy, pandas and Python count; memory that a C library takes for itself does not.
    """
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def growth(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the exponent k of ``seconds ~ size^k``: least squares on the logarithms; NaN with fewer than two sizes."""
    if len(sizes) < 2:
        return math.nan
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def same(found: Mapping[str, float], expected: Mapping[str, float], *, who: str) -> None:
    """Assert that numbers agree: whole numbers exactly, others to nine digits, NaN with NaN.

    Raises
    ------
    AssertionError
        One is missing, or differs.
    """
    for name, value in expected.items():
        mine = found[name]
        agree = math.isclose(mine, value, rel_tol=1e-9, abs_tol=1e-12) or (
            math.isnan(mine) and math.isnan(value)
        )
        assert agree, f"{name}: {mine} here, {value} by {who}"


def machine() -> dict[str, str]:
    """Return what the seconds depend on: cores, Python and libraries; nothing that names a person or a folder."""
    packages = ("numpy", "scipy", "pandas", "pyarrow", "numba", "networkx", "igraph", "osqp")
    return {
        "cores": str(os.cpu_count()),
        "processor": platform.machine(),
        "python": platform.python_version(),
        **{name: _version(name) for name in packages},
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
