"""Filières drawn at random in which material is sorted, sold and accounted for, nearly enough to know their figures."""

from __future__ import annotations

from functools import cache
from typing import Any

from chaine_valeur.filiere import Filiere
from chaine_valeur.vocabulary import CostKind, Pole

from .drawn import Draws, made

POLES = [pole.value for pole in Pole]
KINDS = [kind.value for kind in CostKind]
STAGES = ["Gisement", "Collecte", "Tri", "Filature", "Marché"]
#: From, to, of which material.
LINKS = [(0, 1, "usagé"), (1, 2, "usagé"), (2, 3, "trié"), (2, 4, "trié"), (3, 4, "fil")]
#: Stage, process, side, material, tonnes per tonne.
RECIPES = [
    (2, "tri", "in", "usagé", 1.0), (2, "tri", "out", "trié", 0.7), (2, "tri", "out", "refus", 0.25),
    (3, None, "in", "trié", 1.05), (3, None, "out", "fil", 1.0),
    (3, "reprise", "in", "refus", 1.0), (3, "reprise", "out", "fil", 0.5),
]  # fmt: skip


@cache
def drawn_trade(seed: int) -> Filiere:
    """Return the filière of a seed: every third is described nearly in full, every sixth in several years."""
    d = Draws(seed)
    vague, dated = [0.0, 0.05, 0.3][seed % 3], seed % 12 in (4, 8)
    actors = [f"a{place}" for place in range(d.size(5, 11))]
    held = [place % 5 for place in range(len(actors))]
    more = d.size(0, 4) if seed % 6 else 0  # who holds a second stage
    acting = [*actors, *d.some(actors, more)]
    stages = [STAGES[stage] for stage in held] + d.some(STAGES, more)
    n, kinds = (
        len(acting),
        ["diffuse" if seed % 2 else "organisation", "outside" if vague else "organisation"],
    )
    tables: dict[str, Any] = {
        "filiere": {"name": ["F"], "territory_id": ["caux"]},
        "territories": {"territory_id": ["caux"], "commune_code": ["76001"]},
        "materials": {"name": ["usagé", "trié", "refus", "fil"], "unit": "t",
                      "kind": ["product", "product", d.some(["waste", "by_product"], 1)[0], "product"]},
        "stages": {
            "stage_id": [stage.lower() for stage in STAGES],
            "name": STAGES if seed % 5 != 1 else [*STAGES[:2], "Effilochage", *STAGES[3:]],
            "kind": ["resource", "operation", "operation", "operation", "market"],
            "rank": d.maybe([1, 2, 3, 4], 5, unknown=0.2),
        },
        "stage_links": {
            "stage_id": [STAGES[start].lower() for start, _, _ in LINKS],
            "to_stage_id": [STAGES[end].lower() for _, end, _ in LINKS],
            "material_id": [d.maybe([material], 1, unknown=vague)[0] for *_, material in LINKS],
            "required": d.some([True, True, False], len(LINKS)),
        },
        "actors": {
            "name": actors,
            "actor_type": [kinds[0], *d.some([*["organisation"] * 6, kinds[1]], len(actors) - 1)],
            "status": d.some(["active"] * 12 + ["closed" if vague else "active"], len(actors)),
            "pole": d.maybe(POLES[:3], len(actors), unknown=vague),
            "structure_kind": d.some(["company"] * 6 + ["ACI"], len(actors)),
            "commune_code": d.maybe(["76001", "76001", "76002"], len(actors), unknown=vague),
        },
        "activities": {
            "actor_id": acting,
            "stage_id": [stage.lower() for stage in stages],
            "capacity_t_per_year": d.maybe([40.0, 150.0, 0.0], n, unknown=vague),
            "stock_change_t_per_year": d.maybe([2.0, -1.0], n, unknown=0.7),
            "fixed_cost_eur_per_year": d.maybe([900.0, 5000.0], n),
            "variable_cost_eur_per_t": d.maybe([10.0, 45.0], n, unknown=vague),
            "year": d.maybe([2021, 2022], n, unknown=0.8 if dated else 1.0),
            "confidence": d.maybe(["measured", "estimated"], n),
        },
        "flows": _flows(d, actors, vague, dated=dated, silent=seed % 6 == 3),
        "costs": _costs(d, actors, vague, dated=dated, away=seed % 3 == 0),
        "recipes": _recipes(d, actors, vague, dated=dated),
        "markets": _markets(d, actors, vague),
        "cooperations": {
            "actor_id": d.some(actors, 2 * len(actors)),
            "to_actor_id": d.some(actors, 2 * len(actors)),
            "kind": d.maybe(["support", "information"], 2 * len(actors)),
            "since": d.maybe([2020, 2021], 2 * len(actors)),
        },
        "cell_sources": {
            "table": d.some(["flows", "Flux", "activities"], 3), "row_id": d.some(["f0", "f1", "f2", "a1"], 3),
            "column": d.some(["quantity_t_per_year", "share", "amount_eur_per_year"], 3),
            "confidence": d.some(["measured", "hypothesis"], 3),
        },
    }  # fmt: skip
    if seed % 7 == 4:  # a table that is lacking
        tables.pop(d.some(["costs", "recipes", "markets", "filiere"], 1)[0])
    return made(tables)


def _flows(d: Draws, actors: list[str], vague: float, *, dated: bool, silent: bool) -> dict[str, Any]:
    """Return flows along the links, some backwards or beyond, and what is thrown away.

    If `silent`, nothing is told of what the first of those who sort sends.
    """
    source: list[str | None] = []
    target: list[str | None] = []
    material: list[str | None] = []
    for start, end, passing in LINKS:
        for _ in range(d.size(2, 4)):
            at, to = (actors[place::5] for place in (start, end))
            source += d.maybe(at or [None], 1, unknown=vague / 2)
            target += d.maybe(to or [None], 1, unknown=vague / 2)
            material += d.maybe([passing], 1, unknown=vague)
    back = d.size(0, 3) if vague else 0
    sorting = actors[2::5]
    sorting = actors[2::5]
    source += [*d.some(actors, back), *sorting]
    target += [*d.some(actors, back), *[None] * len(sorting)]
    material += [*d.maybe(["trié"], back), *["refus"] * len(sorting)]
    told = [not (silent and end == actors[2]) for end in source]
    source, target, material = ([cell for cell, use in zip(cells, told, strict=True) if use]
                                for cells in (source, target, material))  # fmt: skip
    count = len(source)
    shared = d.random.random(count) < (0.12 if vague else 0.02)
    t = d.maybe([10.0, 25.0, 40.0, 7.5, 0.0], count, unknown=vague)
    return {
        "flow_id": [f"f{place}" for place in range(count)],
        "source": source,
        "target": target,
        "source_stage": d.maybe([stage.lower() for stage in STAGES], count, unknown=0.97),
        "material_id": material,
        "quantity_t_per_year": [None if one else amount for one, amount in zip(shared, t, strict=True)],
        "share": [share if one else None for one, share in zip(shared, d.some([0.2, 0.5, 0.9], count), strict=True)],
        "share_of": d.maybe(["sent", "received", "arriving"], count),
        "uncertainty_share": d.maybe([0.0, 0.03, 0.3], count, unknown=0.6),
        "min_t_per_year": d.maybe([2.0], count, unknown=0.8),
        "max_t_per_year": d.maybe([60.0], count, unknown=0.5),
        "amount_eur_per_year": d.maybe([100.0, 2500.0, 0.0, 800.0, -30.0], count, unknown=vague),
        "confidence": d.maybe(["measured", "declared", "hypothesis"], count),
        "year": d.maybe([2021, 2022], count, unknown=0.5 if dated else 1.0),
        "same_flow_as": d.maybe([f"f{place}" for place in range(count)], count, unknown=0.95 if vague else 1.0),
    }  # fmt: skip


def _costs(d: Draws, actors: list[str], vague: float, *, dated: bool, away: bool) -> dict[str, Any]:
    """Return costs: all items of most actors, one now and then twice; paid elsewhere, all of them, if `away`."""
    rows = [(actor, kind) for actor in actors for kind in KINDS if d.random.random() >= vague]
    rows += d.some(rows, 3)
    count = len(rows)
    per_t = d.random.random(count) < (0.2 if vague else 0.0)
    amounts = d.maybe([300.0, 1200.0, 0.0, 50.0], count, unknown=vague / 3)
    return {
        "actor_id": [actor for actor, _ in rows],
        "kind": [kind for _, kind in rows],
        "stage_id": d.maybe(["tri", "filature", "collecte"], count, unknown=0.9),
        "label": d.maybe(["Loyer", "autre"], count, unknown=0.6),
        "amount_eur_per_year": [
            None if by_t else amount for by_t, amount in zip(per_t, amounts, strict=True)
        ],
        "amount_eur_per_t": [12.0 if by_t else None for by_t in per_t],
        "local_share": [0.0] * count if away else d.maybe([0.0, 0.5, 1.0], count, unknown=vague),
        "year": d.maybe([2021, 2022], count, unknown=0.5 if dated else 1.0),
    }


def _recipes(d: Draws, actors: list[str], vague: float, *, dated: bool) -> dict[str, Any]:
    """Return recipes of stages, now and then those of one actor too, a process or a coefficient missing."""
    own = d.some([None, None, *actors], 1)
    rows = [(*row, None) for row in RECIPES[: d.some([3, 5, 7] if vague else [3, 5], 1)[0]]]
    rows += [(*row, actor) for actor in own if actor for row in RECIPES[:3]]
    count = len(rows)
    return {
        "stage_id": [STAGES[stage].lower() for stage, *_ in rows],
        "actor_id": [row[-1] for row in rows],
        "process": [row[1] for row in rows],
        "side": [row[2] for row in rows],
        "material_id": [row[3] for row in rows],
        "t_per_t": [d.maybe([row[4]], 1, unknown=vague / 2)[0] for row in rows],
        "uncertainty_share": d.maybe([0.0, 0.1], count),
        "year": d.maybe([2021, 2022], count, unknown=0.8 if dated else 1.0),
    }


def _markets(d: Draws, actors: list[str], vague: float) -> dict[str, Any]:
    """Return supplies, and demands of several levels, with prices."""
    count = d.size(0, 9)
    kinds = d.some(["supply", "demand", "demand"], count)
    levels = {"supply": ["raw", "mobilizable", None], "demand": ["expressed", "contracted", None]}
    return {
        "actor_id": d.maybe([*actors[4::5] * 2, *actors[3::5], *actors[:3]], count, unknown=0.1),
        "stage_id": d.maybe(["marché", "filature", "tri"], count, unknown=0.6),
        "material_id": d.maybe(["trié", "fil", "usagé", "refus"], count, unknown=vague / 2),
        "kind": kinds,
        "level": [d.some(levels[kind], 1)[0] for kind in kinds],
        "quantity_t_per_year": d.maybe([20.0, 90.0, 200.0, 0.0], count, unknown=vague),
        "price_eur_per_t": d.maybe([30.0, -10.0, 200.0], count),
        "year": d.maybe([2021, 2022], count, unknown=0.8),
    }
