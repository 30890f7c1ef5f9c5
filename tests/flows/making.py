"""Small filières for the tests of flows: stages by rank, one activity an actor unless said otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from chaine_valeur import Filiere

#: stage → kind
STAGES = {"gisement": "resource", "tri": "operation", "atelier": "operation", "vente": "market"}


def made(
    actors: Mapping[str, str | Sequence[str]],
    flows: Sequence[Mapping[str, Any]],
    *,
    stages: Mapping[str, str] | None = None,
    links: Sequence[tuple[str, str, str | None]] = (),
    recipes: Sequence[tuple[str, str, str, float]] = (),
    activities: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    materials: Sequence[str] = (),
    recipe_uncertainty: float | None = None,
    **tables: Any,
) -> Filiere:
    """Return a filière.

    Parameters
    ----------
    actors
        Actor → its stage or stages.
    flows
        Rows of flows; ``flow_id`` is ``source-target`` where none is given.
    links
        Expected passages: from, to, material.
    recipes
        Stage, side, material, tonnes per tonne.
    activities
        (actor, stage) → further columns.
    """
    named = dict(STAGES if stages is None else stages)
    held = [(actor, stage) for actor, of in actors.items() for stage in ([of] if isinstance(of, str) else of)]
    rows = [{"flow_id": f"{row.get('source')}-{row.get('target')}", **row} for row in flows]
    used = dict.fromkeys([row["material_id"] for row in rows if row.get("material_id")])
    used |= dict.fromkeys([material for _, _, material, _ in recipes])
    used |= dict.fromkeys([material for _, _, material in links if material]) | dict.fromkeys(materials)
    frames: dict[str, Any] = {
        "actors": pd.DataFrame({"actor_id": list(actors), "name": [name.upper() for name in actors]}),
        "flows": pd.DataFrame(rows) if rows else None,
        "stages": pd.DataFrame(
            {
                "stage_id": list(named),
                "name": [name.capitalize() for name in named],
                "kind": list(named.values()),
                "rank": range(1, len(named) + 1),
            }
        ),
        "activities": pd.DataFrame(
            [{"actor_id": a, "stage_id": s, **(activities or {}).get((a, s), {})} for a, s in held]
        ),
        "materials": pd.DataFrame({"material_id": list(used), "name": list(used)}) if used else None,
        "stage_links": pd.DataFrame(links, columns=["stage_id", "to_stage_id", "material_id"])
        if links
        else None,
    }
    if recipes:
        table = pd.DataFrame(recipes, columns=["stage_id", "side", "material_id", "t_per_t"])
        frames["recipes"] = table.assign(uncertainty_share=recipe_uncertainty, confidence="estimated")
    return Filiere.from_tables(
        **{name: frame for name, frame in (frames | tables).items() if frame is not None}
    )


def flow(source: str | None, target: str | None, t: float | None = None, **more: Any) -> dict[str, Any]:
    """Return a row of flows."""
    return {"source": source, "target": target, "quantity_t_per_year": t, **more}
