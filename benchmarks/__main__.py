"""`python -m benchmarks`: what is measured, against whom, and whether it is what must be reached.

By default the parts of the table of aims, a quarter of an hour in all; ``--all`` adds the others, ``--only structure
batch`` takes some, ``--quick`` runs everything small in seconds to see that it runs. Each figure is the median of
``--runs``; sides that are compared take turns within one process, and what counts is their ratio.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from . import (
    batch,
    cooperation,
    diagnostics,
    picture,
    planning,
    processes,
    reading,
    reconciliation,
    report,
    resilience,
    sirene,
    structure,
    throughput,
)
from .aims import table_of_aims
from .measuring import CLOCKS, Figure, set_clock
from .results import frame_of, from_rows, write, write_table

PARTS = ("structure", "parquet", "batch", "latency", "processes", "reading", "flows")
MORE = ("diagnostics", "cooperation", "carrying", "planning", "report", "sirene")
HERE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks"
#: What makes a run of seconds.
QUICK_SIZES, QUICK_RUNS = (50, 200), 1


def tell(what: str) -> None:
    """Say on the error stream what is being done, and when."""
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


def parts(asked: argparse.Namespace) -> dict[str, Callable[[], list[Figure]]]:
    """Return what measures each part."""
    runs, quick = asked.runs, asked.quick
    largest = max(asked.sizes)
    few = {"reports": 1, "problems": 2, "actors": 30} if quick else {}
    some = {"filieres": 30, "distinct": 5} if quick else {"filieres": asked.filieres}
    flows = (300,) if quick else (1_000, 100_000)
    return {
        "structure": lambda: structure.figures(asked.sizes, runs=runs, tell=tell),
        "parquet": lambda: reading.parquet(largest, runs=runs, tell=tell),
        "batch": lambda: batch.batch(runs=runs, tell=tell, **some),
        "latency": lambda: batch.latency(runs=runs, tell=tell),
        "processes": lambda: processes.figures(runs=runs, tell=tell, **few),
        "reading": lambda: [
            *reading.workbook(500 if quick else 100_000, runs=runs, tell=tell),
            *reading.starting(runs=runs, tell=tell),
        ],
        "flows": lambda: reconciliation.figures(
            flows, runs=runs, limit=seconds_for_osqp(asked.osqp_limit), tell=tell
        ),
        "diagnostics": lambda: diagnostics.figures(runs=runs, tell=tell),
        "cooperation": lambda: from_rows("cooperation", cooperation.rows(runs=runs)),
        "carrying": lambda: from_rows("carrying", [*throughput.rows(runs=runs), *_cycling()]),
        "planning": lambda: from_rows("planning", planning.rows()),
        "report": lambda: from_rows("report", report.rows(runs=runs)),
        "sirene": lambda: from_rows("sirene", sirene.rows(runs=runs)),
    }


def _cycling() -> list[dict[str, object]]:
    indices = resilience.network_indices()
    assert indices["difference"] < 1e-9, indices
    what = f"indices of a network of {indices['size']:,.0f} compartments"
    other = "dense formulas, two of the indices only"
    return [{"what": what, "ours_s": indices["seconds"], "other_s": indices["plain_seconds"], "other": other}]


def seconds_for_osqp(asked: float) -> float:
    """Return the seconds given to OSQP: none where it is not installed."""
    return asked if find_spec("osqp") else 0.0


def absent() -> list[str]:
    """Return sentences about what is not installed, and so not measured."""
    needed = {"osqp": "reconciliation is timed alone", "igraph": "it is left out", "numba": "no compiled kernels",
              "pyarrow": "no Parquet"}  # fmt: skip
    return [f"{name} is not installed: {so}" for name, so in needed.items() if find_spec(name) is None]


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n\n")[1])
    parser.add_argument("--only", nargs="+", choices=[*PARTS, *MORE], help="some parts")
    parser.add_argument("--all", action="store_true", help=f"all parts: also {', '.join(MORE)}")
    parser.add_argument(
        "--quick", action="store_true", help="everything small; nothing is written without --into"
    )
    parser.add_argument("--runs", type=int, default=None, help="runs of which the median is taken (3)")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=None, help="actors of the chains of one filière"
    )
    parser.add_argument("--filieres", type=int, default=batch.FILIERES, help="filières of the batch")
    parser.add_argument(
        "--osqp-limit", type=float, default=150.0, help="seconds given to OSQP at most; 0 leaves it out"
    )
    parser.add_argument(
        "--clock", choices=list(CLOCKS), default="wall", help="processor: where other work is going on"
    )
    parser.add_argument("--into", type=Path, default=None, help="folder of results.csv and of the picture")
    asked = parser.parse_args(words)
    asked.runs = asked.runs or (QUICK_RUNS if asked.quick else 3)
    asked.sizes = sorted(set(asked.sizes or (QUICK_SIZES if asked.quick else structure.SIZES)))
    if asked.into is None and not asked.quick:
        asked.into = HERE
    return asked


def main(words: Sequence[str] | None = None) -> None:
    """Run what is asked for, print what was measured and the table of aims, keep both; the table if it is whole."""
    asked = arguments(words)
    set_clock(asked.clock)
    chosen = asked.only or [*PARTS, *(MORE if asked.all else ())]
    act = parts(asked)
    figures: list[Figure] = []
    for name in chosen:
        tell(name)
        figures += act[name]()
        if name == "parquet":
            structure.checked.cache_clear()  # gigabytes
    frame = frame_of(figures, runs=asked.runs, clock=asked.clock)
    with pd.option_context("display.width", 200, "display.max_colwidth", 90):
        print(frame[["part", "what", "size", "by", "quantity", "value"]].to_string(
            index=False, float_format=lambda value: f"{value:.4g}"))  # fmt: skip
        print(
            f"\n{frame['machine'].iloc[0]}; load {frame['load'].iloc[0]:g}; clock: {asked.clock}; median of {asked.runs}"
        )
        table = table_of_aims(figures, judged=not asked.quick)
        print("\n".join(["", *absent()]))
        print(table.to_string(index=False))
    if asked.into is not None:
        write(frame, asked.into / "results.csv")
        if set(PARTS) <= set(chosen):
            write_table(table, frame, asked.into / "table.md")
        if "structure" in chosen:
            picture.write(figures, asked.into / "diagnostic")


if __name__ == "__main__":
    main()
