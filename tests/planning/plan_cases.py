"""Small filières of which plans are worked out by hand."""

from __future__ import annotations

from typing import Any

import chaine_valeur as cv


def posts(**columns: Any) -> cv.Filiere:
    """Return a filière without any flow, with some options."""
    size = len(columns["name"])
    filled = {
        "kind": ["posts"] * size,
        "investment_eur": [0.0] * size,
        "running_cost_eur_per_year": [0.0] * size,
    }
    return cv.Filiere.from_tables(
        actors={"name": ["Atelier", "Usine"], "structure_kind": ["ACI", "company"]}, options=filled | columns
    )


def budget(**columns: Any) -> dict[str, list[Any]]:
    return {name: [value] for name, value in ({"name": "Enveloppe"} | columns).items()}


def chosen(found: Any) -> dict[str, int]:
    return dict(zip(found.chosen.index, found.chosen["decided_year"].astype(int), strict=True))


def chain(**option: Any) -> cv.Filiere:
    """Return R → A → M, 100 t of supply, 40 t through A, 100 t asked for."""
    row = {
        "name": "o",
        "kind": "activity",
        "investment_eur": 0.0,
        "running_cost_eur_per_year": 0.0,
        "insertion_fte": 1.0,
    }
    return cv.Filiere.from_tables(
        stages={"name": ["r", "s", "m"], "kind": ["resource", "operation", "market"], "rank": [1, 2, 3]},
        stage_links={"stage_id": ["r", "s"], "to_stage_id": ["s", "m"], "material_id": ["x", "x"]},
        materials={"name": ["x"]}, actors={"name": ["R", "A", "M"], "structure_kind": [None, "ACI", None]},
        activities={"actor_id": ["r", "a", "m"], "stage_id": ["r", "s", "m"], "capacity_t_per_year": [None, 40, None]},
        flows={"source": ["R", "A"], "target": ["A", "M"], "material_id": ["x", "x"]},
        markets={"actor_id": ["R", "M"], "material_id": ["x", "x"], "kind": ["supply", "demand"],
                 "quantity_t_per_year": [100, 100]},
        options=[row | option],
    )  # fmt: skip
