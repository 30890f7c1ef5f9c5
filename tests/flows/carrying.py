"""Filières of a few lines for throughput, and random ones with a dense program written from their tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from chaine_valeur import Filiere

#: How close a value of the solver has to be, absolute and relative.
CLOSE = {"rel": 1e-6, "abs": 1e-6}

RESOURCE, OPERATION, MARKET = "resource", "operation", "market"

Row = tuple[Any, ...]


def chain(
    stages: dict[str, str],
    actors: dict[str, str | tuple[str, ...]],
    flows: list[Row],
    *,
    capacity: dict[str, float] | None = None,
    supplies: list[Row] = (),  # type: ignore[assignment]
    demands: list[Row] = (),  # type: ignore[assignment]
    recipes: list[Row] = (),  # type: ignore[assignment]
    **tables: Any,
) -> Filiere:
    """Return a filière: stages with their kind, actors with their stages.

    Flows are (from, to, material[, capacity[, stage from, stage to]]), supplies and
    demands (actor, material, t/year[, level[, price]]), recipes (stage, side, material, t[, process]).
    """
    held = [(actor, stage) for actor, at in actors.items() for stage in ([at] if isinstance(at, str) else at)]
    ends = ["source", "target", "material_id", "cap", "source_stage", "target_stage"]
    passed = pd.DataFrame([(*row, None, None, None)[:6] for row in flows], columns=ends)
    stated = [
        (kind, *row, *(None,) * (5 - len(row)))
        for kind, rows in (("supply", supplies), ("demand", demands))
        for row in rows
    ]
    markets = pd.DataFrame(
        stated, columns=["kind", "actor_id", "material_id", "quantity_t_per_year", "level", "price_eur_per_t"]
    )
    made = pd.DataFrame(
        [(*row, None)[:5] for row in recipes],
        columns=["stage_id", "side", "material_id", "t_per_t", "process"],
    )
    named = pd.concat([passed["material_id"], markets["material_id"], made["material_id"]]).dropna().unique()
    given = {
        "stages": pd.DataFrame({"name": list(stages), "kind": list(stages.values())}),
        "materials": pd.DataFrame({"name": named}),
        "actors": pd.DataFrame({"name": list(actors)}),
        "activities": pd.DataFrame(
            {
                "actor_id": [actor for actor, _ in held],
                "stage_id": [stage for _, stage in held],
                "capacity_t_per_year": [(capacity or {}).get(actor) for actor, _ in held],
            }
        ),
        "flows": passed.rename(columns={"cap": "capacity_t_per_year"}).assign(
            flow_id=[f"f{place}" for place in range(len(passed))]
        ),
        "markets": markets.assign(market_id=[f"m{place}" for place in range(len(markets))]),
        "recipes": made,
    }
    return Filiere.from_tables(**(given | tables))


def of_edges(edges: list[tuple[Any, Any, float | None]], source: Any, target: Any) -> Filiere:
    """Return one material passing along edges (from, to, capacity), from a resource to a market without limits."""
    nodes = dict.fromkeys([str(source), str(target)])
    nodes |= dict.fromkeys(str(end) for edge in edges for end in edge[:2])
    at = {name: "milieu" for name in nodes} | {str(source): "source", str(target): "vente"}
    flows = [(str(tail), str(head), "eau", capacity) for tail, head, capacity in edges]
    return chain({"source": RESOURCE, "milieu": OPERATION, "vente": MARKET}, at, flows)


#: The four stages of `random_chain`; the third one puts two materials together.
LAYERS = {"gisement": RESOURCE, "collecte": OPERATION, "atelier": OPERATION, "vente": MARKET}


def random_chain(seed: int) -> dict[str, Any]:
    """Return the arguments of `chain` for a small one: some limits are unknown, some zero."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 4, len(LAYERS))
    actors = {f"{stage[0]}{n}": stage for stage, size in zip(LAYERS, sizes, strict=True) for n in range(size)}
    names = [[name for name, stage in actors.items() if stage == one] for one in LAYERS]

    def amount() -> float:
        return float(random.choice([0.0, *random.uniform(1, 20, 6).round(2)]))

    flows: list[Row] = []
    for here, there, materials in zip(names, names[1:], (["a", "b"], ["a", "b"], ["c", "d"]), strict=False):
        for source in here:
            for target in there:
                for material in materials:
                    if random.random() < 0.6:
                        flows.append((source, target, material, amount() if random.random() < 0.4 else None))
    if len(names[2]) > 1 and random.random() < 0.5:
        flows.append((names[2][0], names[1][0], "d", None))  # comes back, where nothing takes it
    # one who collects sends what it receives: otherwise one would become the other
    got = {name: {row[2] for row in flows if row[1] == name} for name in names[1]}
    flows = [row for row in flows if not got.get(row[0]) or row[2] in got[row[0]]]
    share = round(float(random.uniform(0.1, 0.9)), 2)
    return {
        "stages": LAYERS,
        "actors": actors,
        "flows": flows,
        "capacity": {name: amount() for name in actors if random.random() < 0.5},
        "supplies": [(name, one, amount()) for name in names[0] for one in ("a", "b") if random.random() < 0.8],
        "demands": [(name, one, amount() + 1) for name in names[3] for one in ("c", "d")],
        "recipes": [("atelier", "in", "a", share), ("atelier", "in", "b", 1 - share),
                    ("atelier", "out", "c", 0.6), ("atelier", "out", "d", 0.3)],
    }  # fmt: skip


def by_hand(given: dict[str, Any]) -> float:
    """Return the most that is served, from a dense program written row by row from the rules."""
    stages, actors, flows = given["stages"], given["actors"], given["flows"]
    variables: list[tuple[Any, ...]] = [("flow", n) for n in range(len(flows))]
    variables += [("level", name) for name, stage in actors.items() if stage == "atelier"]
    variables += [("draw", *row[:2]) for row in given["supplies"]]
    variables += [("serve", *row[:2]) for row in given["demands"]]
    spots = {(name, material) for tail, head, material, _ in flows for name in (tail, head)}
    spots |= {(name, one) for name, stage in actors.items() if stage == "atelier" for one in "abcd"}
    spots |= {row[:2] for row in given["demands"]}
    stated = {row[:2] for row in given["supplies"]}
    free = []
    for name, material in sorted(spots):
        stage = actors[name]
        arrives = any(head == name and what == material for _, head, what, _ in flows)
        made = stage == "atelier" and material in "cd"
        needed = any(tail == name and what == material for tail, _, what, _ in flows)
        needed |= stage == "atelier" and material in "ab"
        if needed and (name, material) not in stated and not arrives and not made:
            free.append(("free", name, material))
    variables += free
    place = {variable: n for n, variable in enumerate(variables)}
    left, right = [], []

    def add(entries: dict[tuple[Any, ...], float], most: float) -> None:
        row = np.zeros(len(variables))
        for variable, value in entries.items():
            row[place[variable]] += value
        left.append(row)
        right.append(most)

    for name, material in sorted(spots):
        entries: dict[tuple[Any, ...], float] = {}
        for n, (tail, head, what, _) in enumerate(flows):
            if what == material:
                entries[("flow", n)] = float(tail == name) - float(head == name)
        if actors[name] == "atelier":
            sides = [(side, t) for _, side, what, t in given["recipes"] if what == material]
            entries[("level", name)] = sum(t if side == "in" else -t for side, t in sides)
        for kind, sign in (("draw", -1.0), ("free", -1.0), ("serve", 1.0)):
            if (kind, name, material) in place:
                entries[(kind, name, material)] = sign
        add(entries, 0.0)
    for name, most in given["capacity"].items():
        entries = {("flow", n): 1.0 for n, row in enumerate(flows) if row[1] == name}
        entries |= {one: 1.0 for one in variables if one[0] in ("draw", "free") and one[1] == name}
        add(entries, most)
    for n, row in enumerate(flows):
        if row[3] is not None:
            add({("flow", n): 1.0}, row[3])
    for kind, rows in (("draw", given["supplies"]), ("serve", given["demands"])):
        for name, material, most in rows:
            add({(kind, name, material): 1.0}, most)
    cost = np.array([-1.0 if one[0] == "serve" else 0.0 for one in variables])
    assert set(stages) == set(LAYERS)
    found = linprog(cost, A_ub=np.array(left), b_ub=np.array(right), method="highs-ds")
    assert found.status == 0, found.message
    return float(-found.fun)
