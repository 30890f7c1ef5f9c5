"""An invented chain, small enough to be worked out by hand: wool and flax to felt, and soap.

::

    flock ──wool──▶ wash ──clean──▶ card ──web──▶ felt
                    wash ──grease──▶ soap
    field ──straw──────────────────▶ card

Recipes: wash 1 wool → 0.6 clean + 0.1 grease; card « wool » 0.8 clean + 0.2 binder → 0.9 web, « flax » 1 straw → 0.5 web.
Of the binder nobody says the supply.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

import chaine_valeur as cv

STAGES: dict[str, list[Any]] = {
    "stage_id": ["flock", "field", "wash", "card", "felt", "soap"],
    "name": ["Flock", "Field", "Wash", "Card", "Felt", "Soap"],
    "kind": ["resource", "resource", "operation", "operation", "market", "market"],
    "rank": [1, 1, 2, 3, 4, 4],
    "naf": [None, None, "13.10Z", "13.10Z;13.20Z", "13.99Z", None],
    "minimum_viable_t_per_year": [None, None, 100, 40, None, 5],
}
LINKS: dict[str, list[Any]] = {
    "stage_id": ["flock", "field", "wash", "wash", "card"],
    "to_stage_id": ["wash", "card", "card", "soap", "felt"],
    "material_id": ["wool", "straw", "clean", "grease", "web"],
}
MATERIALS = {
    "material_id": ["wool", "straw", "clean", "grease", "web", "binder"],
    "name": ["Wool", "Straw", "Clean wool", "Grease", "Web", "Binder"],
}
RECIPES = {
    "stage_id": ["wash"] * 3 + ["card"] * 5,
    "process": [None] * 3 + ["wool"] * 3 + ["flax"] * 2,
    "side": ["in", "out", "out", "in", "in", "out", "in", "out"],
    "material_id": ["wool", "clean", "grease", "clean", "binder", "web", "straw", "web"],
    "t_per_t": [1, 0.6, 0.1, 0.8, 0.2, 0.9, 1, 0.5],
}


def markets(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Return markets from ``(kind, level, material, stage, tonnes[, actor])``."""
    columns = ["kind", "level", "material_id", "stage_id", "quantity_t_per_year", "actor_id"]
    return pd.DataFrame([(*row, None)[:6] for row in rows], columns=columns)


def valley(*rows: tuple[Any, ...], **tables: Any) -> cv.Filiere:
    """Return the chain with some supplies and demands; other tables as asked for, None to leave one out."""
    frames: dict[str, Any] = {
        "stages": STAGES,
        "stage_links": LINKS,
        "materials": MATERIALS,
        "recipes": RECIPES,
        "actors": {
            "actor_id": ["shepherds", "mill", "shop", "club"],
            "name": ["Shepherds", "Mill", "Shop", "Club"],
        },
    }
    if rows:
        frames["markets"] = markets(*rows)
    frames |= tables
    return cv.Filiere.from_tables(**{name: frame for name, frame in frames.items() if frame is not None})
