"""Throughput of a filière of several materials: the program built and solved, against the default simplex."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import chaine_valeur as cv
from chaine_valeur.analysis.flows.carrying import solve as _solve
from chaine_valeur.analysis.flows.carrying.program import Program, program_of
from chaine_valeur.analysis.system import system_of

STAGES = (
    "gisement",
    "collecte",
    "tri",
    "préparation",
    "fabrication",
    "conditionnement",
    "distribution",
    "vente",
)
MATERIALS = ("fibre", "polymère", "métal")
#: What a tonne of composite takes; it is made at the fifth stage and sold at the last one.
MIX = {"fibre": 0.3, "polymère": 0.6, "métal": 0.1}


def processing_chain(actors: int, *, flows_per_actor: int = 6, seed: int = 1) -> cv.Filiere:
    """Return a chain in which three materials are collected, sorted with losses, and put together."""
    random = np.random.default_rng(seed)
    names = np.array([f"Acteur {number:06d}" for number in range(actors)])
    stage = np.sort(random.integers(0, len(STAGES), actors))
    after = STAGES.index("fabrication")
    sender = random.integers(0, int((stage < len(STAGES) - 1).sum()), actors * flows_per_actor)
    at = stage[sender]
    first, last = np.searchsorted(stage, at + 1), np.searchsorted(stage, at + 2)
    target = first + (random.random(len(sender)) * (last - first)).astype(int)
    material = np.where(at < after, np.array(MATERIALS)[random.integers(0, 3, len(sender))], "composite")
    recipes = [
        (STAGES[2], side, name, amount, name)
        for name in MATERIALS
        for side, amount in (("in", 1.0), ("out", 0.85))
    ]
    recipes += [(STAGES[after], "in", name, amount, "") for name, amount in MIX.items()]
    recipes.append((STAGES[after], "out", "composite", 0.95, ""))
    source, sells = stage == 0, stage == len(STAGES) - 1
    offered = pd.DataFrame(
        [(name, one) for name in names[source] for one in MATERIALS], columns=["actor_id", "material_id"]
    )
    markets = pd.concat(
        [
            offered.assign(kind="supply", quantity_t_per_year=random.lognormal(7, 1, len(offered))),
            pd.DataFrame({"actor_id": names[sells], "material_id": "composite", "kind": "demand",
                          "quantity_t_per_year": random.lognormal(7, 1, int(sells.sum()))}),
        ]
    )  # fmt: skip
    return cv.Filiere.from_tables(
        stages={"name": STAGES, "kind": ["resource", *["operation"] * 6, "market"], "rank": range(1, 9)},
        materials={"name": [*MATERIALS, "composite"]},
        recipes=pd.DataFrame(recipes, columns=["stage_id", "side", "material_id", "t_per_t", "process"]),
        actors={"name": names},
        activities={"actor_id": names, "stage_id": np.array(STAGES)[stage],
                    "capacity_t_per_year": np.where(source | sells, np.nan, random.lognormal(7, 1, actors).round(1))},
        markets=markets,
        flows={"source": names[sender], "target": names[target], "material_id": material,
               "capacity_t_per_year": np.where(random.random(len(sender)) < 0.3,
                                               random.lognormal(5, 1, len(sender)).round(1), np.nan)},
    )  # fmt: skip


def median(act: Callable[[], Any], *, runs: int) -> float:
    """Return the median seconds of an act."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def rows(*, actors: int = 500, runs: int = 5) -> list[dict[str, Any]]:
    """Return the rows of the table of benchmarks: building and solving, interior point against simplex."""
    f = processing_chain(actors)
    nobody = np.zeros(0, np.int32)

    def build() -> Program:
        return program_of(f, supply_level="firmest", materials=None, imports=True, without=nobody)

    system_of(f)  # the network is given
    program = build()

    def whole() -> float:
        built = build()
        _solve.without_limit(built, built.limit)
        return _solve.leanest(built, built.limit, _solve.best(built, built.limit)).served

    with_points = median(whole, runs=runs)
    first = median(lambda: _solve.best(program, program.limit), runs=runs)
    simplex = median(lambda: _solve.best(program, program.limit, methods=("highs-ds",)), runs=runs)
    size = f"{actors} actors, {program.n_variables:,} variables, {len(program.limit):,} limits"
    return [
        {"what": f"throughput, program built and solved twice ({size})", "ours_s": with_points},
        {"what": f"throughput, solved once by interior point ({size})", "ours_s": first, "other_s": simplex,
         "other": "dual simplex of HiGHS"},
    ]  # fmt: skip


if __name__ == "__main__":
    for row in rows():
        print(row)
