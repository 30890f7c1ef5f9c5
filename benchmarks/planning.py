"""A plan of 200 options over five years with three funders, on a filière of 100 actors: solved to a proven 1 %."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd

import chaine_valeur as cv
from chaine_valeur.planning.plan import Plan, plan

from .throughput import STAGES, processing_chain

YEARS = range(2025, 2030)
#: Share of each kind among the options.
KINDS = {"activity": 0.35, "passage": 0.25, "posts": 0.4}

#: A blank cell.
NOTHING = np.array(None, dtype=object)


def planning_case(*, actors: int = 100, options: int = 200, seed: int = 1) -> cv.Filiere:
    """Return a chain with options of every kind: delays, alternatives, precedences, receipts, viable tonnages."""
    random = np.random.default_rng(seed)
    base = processing_chain(actors, seed=seed)
    who = base.actors.index.to_numpy(object)
    held = base.activities.set_index("actor_id")["stage_id"]
    stage = np.array([base.stages.index.get_loc(held[name]) for name in who])
    kind = random.choice(list(KINDS), options, p=list(KINDS.values()))
    at = random.integers(1, len(STAGES) - 1, options)
    ids = base.stages.index.to_numpy(object)
    sender = np.array([random.choice(who[stage == place]) for place in at])
    receiver = np.array([random.choice(who[stage == place + 1]) for place in at])
    material = np.where(
        at < STAGES.index("fabrication"),
        base.materials.index.to_numpy(object)[random.integers(0, 3, options)],
        "composite",
    )
    act, way, posts = (kind == name for name in KINDS)
    new = act & (random.random(options) < 0.5)
    fte = np.where(way, random.integers(0, 2, options), random.integers(1, 9, options)).astype(float)
    group = [f"v{number}" for number in random.integers(0, 12, options)]
    rows = pd.DataFrame(
        {
            "name": [f"Option {number:03d}" for number in range(options)],
            "kind": kind,
            "actor_id": np.where(new, NOTHING, sender),
            "structure_kind": np.where(random.random(options) < 0.5, "ACI", "company"),
            "stage_id": ids[at],
            "to_actor_id": np.where(way, receiver, NOTHING),
            "to_stage_id": np.where(way, ids[at + 1], NOTHING),
            "material_id": np.where(way, material, NOTHING),
            "capacity_t_per_year": np.where(posts, np.nan, random.lognormal(6, 0.7, options).round()),
            "insertion_fte": fte,
            "supervision_fte": (fte * 0.2).round(1),
            "units_max": np.where(posts, random.integers(1, 5, options), 1),
            "investment_eur": (random.lognormal(10, 0.8, options)).round(-2),
            "running_cost_eur_per_year": (fte * 24_000 * random.uniform(0.8, 1.3, options)).round(-2) + 2_000,
            "receipts_eur_per_t": np.where(posts, np.nan, random.integers(10, 90, options)),
            "post_aid_eur_per_year": (fte * 15_000).round(-2),
            "delay_years": random.integers(0, 3, options),
            "alternative_group": np.where(random.random(options) < 0.15, group, NOTHING),
        }
    )  # fmt: skip
    rows["minimum_viable_t_per_year"] = (
        rows["capacity_t_per_year"] * random.choice([0.2, 0.5, np.nan], options)
    ).round()
    waits = random.choice(np.arange(1, options), options // 10, replace=False)
    links = pd.DataFrame(
        {"option_id": rows["name"][waits].to_numpy(), "needs_option_id": rows["name"][waits - 1].to_numpy()}
    )
    budgets = pd.DataFrame(
        {"name": ["EPCI", "Région", "État"], "amount_eur": [1_500_000, 900_000, 700_000],
         "yearly_limit_eur_per_year": [400_000, np.nan, 200_000], "purposes": [None, "investment", None],
         "largest_share": [np.nan, 0.6, 0.5]}
    )  # fmt: skip
    expected = pd.DataFrame({"stage_id": ids[:-1], "to_stage_id": ids[1:]})
    made = base.with_table("stage_links", expected).with_table("options", rows)
    return made.with_table("option_links", links).with_table("budgets", budgets)


def solved(f: cv.Filiere, objective: str) -> tuple[Plan, float]:
    """Return a plan, and its seconds: the filière is given, the chain with every option is built anew."""
    f._derived.pop("plan_chain", None)
    start = time.perf_counter()
    found = plan(f, years=YEARS, objective=objective, gap=0.01, time_limit_s=60)
    return found, time.perf_counter() - start


def rows() -> list[dict[str, Any]]:
    """Return the rows of the table of benchmarks: one plan per objective."""
    f = planning_case()
    told = []
    for objective in ("insertion_fte", "served_t"):
        found, seconds = solved(f, objective)
        size = f"{len(f.options)} options, 5 years, 3 budgets, {len(f.actors)} actors"
        told.append({"what": f"plan, {objective} ({size}), proven within {found.gap:.2%}", "ours_s": seconds})
    return told


if __name__ == "__main__":
    for row in rows():
        print(row)
