"""`python -m benchmarks`: read, validate, diagnose at 50, 1 000 and 100 000 actors; cooperate; reconcile, carry,
cycle; plan; report; ask the stock of enterprises.

Each figure is the median of several runs in this one process; what counts is the ratio in the last column, against
networkx, OSQP, the default simplex or the plain formulas on the same problem. ``--sizes 50 1000`` takes other sizes,
``--only flows`` leaves the rest out, ``--memory`` adds the reconciliation of a million flows.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import chaine_valeur as cv
from chaine_valeur.analysis import cooperation, gaps

from . import cooperation as ties
from . import planning, reconciliation, report, resilience, sirene, throughput
from .generator import Chain, layered_chain
from .referee import graphs, numbers


def timed(act: Callable[[], Any], *, runs: int) -> tuple[float, Any]:
    """Return the median seconds of an act and what it gave."""
    seconds, given = [], None
    for _ in range(runs):
        start = time.perf_counter()
        given = act()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), given


def ours(chain: Chain) -> cv.Filiere:
    """Return the filière, checked."""
    return cv.Filiere.from_tables(**chain.tables)


def our_numbers(f: cv.Filiere) -> dict[str, float]:
    """Return the figures that the referee computes too."""
    poles = cooperation.block_density(f, by="pole")
    cross = poles[poles["group"] != poles["to_group"]]
    orphans = gaps.orphans(f)
    return {
        "stage_coverage": gaps.stage_coverage(f),
        "missing_passage_share": gaps.missing_passage_share(f),
        "dead_end_share": gaps.dead_end_share(f),
        "orphans": float(orphans.sum()),
        "density": _known_density(f),
        "centralization": cooperation.centralization(f),
        "cross_pole_ties": float(cross["ties"].sum()),
    }


def _known_density(f: cv.Filiere) -> float:
    """Return known ties over possible pairs: what networkx, which knows no unknown, computes."""
    ties = f.network.ties()
    return len(ties.a) / ties.possible


def fresh(f: cv.Filiere) -> cv.Filiere:
    """Return the same filière with nothing computed yet, so that building the core is timed too."""
    return cv.Filiere(f._conformed)


def at_size(actors: int, runs: int) -> list[dict[str, Any]]:
    """Return the rows of the table for one size."""
    chain = layered_chain(actors)
    validate, f = timed(lambda: ours(chain), runs=runs)
    mine, figures = timed(lambda: our_numbers(fresh(f)), runs=runs)
    build, (directed, undirected) = timed(lambda: graphs(chain), runs=1 if actors > 10_000 else runs)
    theirs, expected = timed(lambda: numbers(directed, undirected), runs=1 if actors > 10_000 else runs)
    for name, value in expected.items():
        assert math.isclose(figures[name], value, rel_tol=1e-9), (name, figures[name], value)
    essential, _ = timed(lambda: cv.diagnose(fresh(f)), runs=1 if actors > 10_000 else runs)
    diagnose, _ = timed(lambda: cv.diagnose(fresh(f), profile="expert"), runs=1 if actors > 10_000 else runs)
    tracemalloc.start()
    our_numbers(fresh(f))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    raw = sum(int(table.memory_usage(deep=False).sum()) for table in chain.tables.values())
    label = f"{actors:,} actors, {chain.rows:,} rows"
    return [
        {"what": f"validate ({label})", "ours_s": validate},
        {"what": f"seven figures, core included ({label})", "ours_s": mine, "other_s": build + theirs,
         "other": "networkx, same figures, build included"},
        {"what": f"diagnose, essential profile ({label})", "ours_s": essential},
        {"what": f"diagnose, expert profile ({label})", "ours_s": diagnose},
        {"what": f"peak memory of the figures ({label})", "ours_s": peak / 2**20, "other_s": raw / 2**20,
         "other": "MiB, against the raw tables"},
    ]  # fmt: skip


def reading(rows: int, runs: int) -> list[dict[str, Any]]:
    """Return how long a workbook of that many rows takes, against calamine alone."""
    from python_calamine import CalamineWorkbook

    chain = layered_chain(rows // 10)
    f = ours(chain)
    with tempfile.TemporaryDirectory() as folder:
        path = cv.write_workbook(f, Path(folder) / "chaine.xlsx")

        def bare() -> int:
            book = CalamineWorkbook.from_path(str(path))
            return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)

        alone, cells = timed(bare, runs=runs)
        read, again = timed(lambda: cv.read_workbook(path), runs=runs)
    assert len(again.flows) == len(f.flows)
    return [{"what": f"read and validate a workbook of {cells:,} rows", "ours_s": read, "other_s": alone,
             "other": "calamine alone"}]  # fmt: skip


def process(code: str, runs: int) -> float:
    """Return the median seconds of a whole Python process."""
    return timed(
        lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True), runs=runs
    )[0]


def starting(runs: int) -> list[dict[str, Any]]:
    """Return how long the doors take to open."""
    help_ = "import sys; sys.argv = ['chaine-valeur', '--help']\nfrom chaine_valeur.cli import main\nmain()"
    return [
        {"what": "import chaine_valeur", "ours_s": process("import chaine_valeur", runs),
         "other_s": process("import pandas", runs), "other": "import pandas"},
        {"what": "chaine-valeur --help", "ours_s": process(help_, runs),
         "other_s": process("import click", runs), "other": "import click"},
    ]  # fmt: skip


def flows(runs: int, *, limit: float) -> list[dict[str, Any]]:
    """Return the rows on reconciliation, throughput and cycling; `limit`: seconds given to OSQP, 0 none."""
    rows = [
        reconciliation.measure(size, ill=ill, runs=runs, limit=limit if size > 1_000 else 0.0)
        for size in (1_000, 100_000)
        for ill in (False, True)
    ]
    indices = resilience.network_indices()
    assert indices["difference"] < 1e-9, indices
    cycling = {
        "what": f"indices of a network of {indices['size']:,.0f} compartments", "ours_s": indices["seconds"],
        "other_s": indices["plain_seconds"], "other": "dense formulas, two of the indices only",
    }  # fmt: skip
    carrying = throughput.rows(runs=runs) + throughput.rows(actors=2_000, runs=1)[1:]
    return [*rows, *carrying, cycling]


def seconds_for_osqp(asked: float) -> float:
    """Return the seconds given to OSQP: none where it is not installed, and say so."""
    if asked and importlib.util.find_spec("osqp") is None:
        print("osqp is not installed: reconciliation is timed alone (pip install 'chaine_valeur[bench]')\n")
        return 0.0
    return asked


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 1_000, 100_000])
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the workbook that is read")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--only",
        choices=["diagnostics", "cooperation", "flows", "planning", "report", "sirene"],
        help="one part of the table",
    )
    parser.add_argument(
        "--osqp-limit", type=float, default=20.0, help="seconds given to OSQP; 0 leaves it out"
    )
    parser.add_argument("--memory", action="store_true", help="add the reconciliation of a million flows")
    asked = parser.parse_args()
    rows: list[dict[str, Any]] = []
    if asked.only in (None, "diagnostics"):
        rows += [row for size in asked.sizes for row in at_size(size, asked.runs)]
        rows += reading(asked.rows, asked.runs) + starting(asked.runs)
    if asked.only in (None, "cooperation"):
        rows += ties.rows(runs=asked.runs)
    if asked.only in (None, "flows"):
        rows += flows(asked.runs, limit=seconds_for_osqp(asked.osqp_limit))
    if asked.only in (None, "planning"):
        rows += planning.rows()
    if asked.only in (None, "report"):
        rows += report.rows(runs=asked.runs)
    if asked.only in (None, "sirene"):
        rows += sirene.rows(runs=asked.runs)
    if asked.memory:
        rows += [reconciliation.peak_memory(1_000_000, ill=ill) for ill in (False, True)]
    table = pd.DataFrame(rows, columns=["what", "ours_s", "other", "other_s"])
    growth = table.loc[table["what"].str.startswith("seven figures"), "ours_s"].to_numpy()
    table["ratio"] = table["other_s"] / table["ours_s"]
    print(table.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.4g}"))
    if len(growth) > 1:
        exponent = np.log(growth[-1] / growth[0]) / np.log(asked.sizes[-1] / asked.sizes[0])
        print(f"\ngrowth exponent of the figures: {exponent:.2f}")


if __name__ == "__main__":
    main()
