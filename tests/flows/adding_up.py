"""Small filières of which the balances can be worked out by hand, and a referee in plain Python loops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from chaine_valeur import Filiere

Row = tuple[Any, ...]


def filiere(
    flows: Sequence[Row],
    *,
    stages: Sequence[Row] = (),
    activities: Sequence[Row] = (),
    recipes: Sequence[Row] = (),
    links: Sequence[Row] = (),
    markets: Sequence[Row] = (),
    materials: dict[str, str] | None = None,
    actors: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,
) -> Filiere:
    """Return a filière.

    Flows are ``(id, source, target, material, tonnes, further cells)``; an end may be ``actor@stage``, or None.
    Stages are ``(id, kind)`` in order of rank, activities ``(actor, stage, further cells)``, recipes
    ``(stage, side, material, t_per_t, further cells)``, links ``(from, to, material)``, markets
    ``(actor, stage, material, kind, level, tonnes)``.
    """
    rows = []
    for flow_id, source, target, material, t, *cells in flows:
        source, source_stage = _end(source)
        target, target_stage = _end(target)
        rows.append(
            {
                "flow_id": flow_id,
                "source": source,
                "source_stage": source_stage,
                "target": target,
                "target_stage": target_stage,
                "material_id": material,
                "quantity_t_per_year": t,
                **(cells[0] if cells else {}),
            }
        )
    held = [
        {
            "activity_id": f"{actor}-{stage}",
            "actor_id": actor,
            "stage_id": stage,
            **(cells[0] if cells else {}),
        }
        for actor, stage, *cells in activities
    ]
    named = {row[key] for row in rows for key in ("source", "target") if row[key]} | {
        row["actor_id"] for row in held
    }
    named |= {row[0] for row in markets if row[0]}
    who = sorted(named | {"spare"} | set(actors or {}))
    used = {row["material_id"] for row in rows if row["material_id"]} | {row[2] for row in recipes}
    used |= {row[2] for row in links if row[2]} | {row[2] for row in markets if row[2]}
    what = sorted(used | set(materials or {}))
    tables: dict[str, Any] = {
        "actors": pd.DataFrame(
            {"actor_id": who, "name": who, "actor_type": [(actors or {}).get(one) for one in who]}
        )
    }
    if what:
        kinds = [(materials or {}).get(one, "product") for one in what]
        tables["materials"] = pd.DataFrame({"material_id": what, "name": what, "kind": kinds})
    if stages:
        tables["stages"] = pd.DataFrame(
            {
                "stage_id": [row[0] for row in stages],
                "name": [row[0] for row in stages],
                "kind": [row[1] for row in stages],
                "rank": range(1, len(stages) + 1),
            }
        )
    if held:
        tables["activities"] = pd.DataFrame(held)
    if recipes:
        tables["recipes"] = pd.DataFrame(
            [
                {
                    "stage_id": stage,
                    "side": side,
                    "material_id": material,
                    "t_per_t": t,
                    **(cells[0] if cells else {}),
                }
                for stage, side, material, t, *cells in recipes
            ]
        )
    if links:
        tables["stage_links"] = pd.DataFrame(links, columns=["stage_id", "to_stage_id", "material_id"])
    if markets:
        columns = ["actor_id", "stage_id", "material_id", "kind", "level", "quantity_t_per_year"]
        tables["markets"] = pd.DataFrame(markets, columns=columns)
    if rows:
        tables["flows"] = pd.DataFrame(rows)
    return Filiere.from_tables(**tables, **(more or {}))


def _end(end: str | None) -> tuple[str | None, str | None]:
    if end is None or "@" not in end:
        return end, None
    actor, stage = end.split("@")
    return actor, stage


EXACT = {"uncertainty_share": 0.0}


def sure(share: float, **cells: Any) -> dict[str, Any]:
    """Return the cells of a flow of a given relative uncertainty."""
    return {"uncertainty_share": share, **cells}


def with_quantity(f: Filiere, flow_id: str, t: float) -> Filiere:
    """Return a filière in which a flow carries something else, with the uncertainties of before."""
    rows = f.flows
    rows.loc[flow_id, "quantity_t_per_year"] = t
    return f.with_table("flows", rows)


def totals(f: Filiere, end: str) -> dict[str, float]:
    """Return, in a plain loop, the known tonnes of other actors that reach (``target``) or leave each actor."""
    found: dict[str, float] = {}
    for row in f.flows.to_dict("records"):
        if row["source"] == row["target"] or pd.isna(row[end]) or pd.isna(row["quantity_t_per_year"]):
            continue
        found[row[end]] = found.get(row[end], 0.0) + row["quantity_t_per_year"]
    return found
