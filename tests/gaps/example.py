"""A filière small enough to be worked out by hand; each test derives its numbers from these rows.

Expected (arrows are required passages; all stages are expected locally but granulation, regional):

    gisement → collecte → tri → effilochage → isolant
                           ├──→ granulation → polymere
                           └──→ essuyage

so three paths: to isolant, to polymere, to essuyage. Observed: relais holds collecte and tri; trieuse holds
tri from outside; nobody active holds effilochage (one actor closed, one planned); granuleur is outside, which
is all right for a regional stage.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from chaine_valeur import Filiere

Frames = dict[str, pd.DataFrame]


def stages() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("gisement", "resource", 1, "local"),
            ("collecte", "operation", 2, "local"),
            ("tri", "operation", 3, "local"),
            ("effilochage", "operation", 4, "local"),
            ("granulation", "operation", 4, "regional"),
            ("isolant", "market", 5, "local"),
            ("polymere", "market", 5, "local"),
            ("essuyage", "market", 4, "local"),
        ],
        columns=["stage_id", "kind", "rank", "expected_scale"],
    ).assign(name=lambda rows: rows["stage_id"].str.capitalize())


def links() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("gisement", "collecte", "textile", True),
            ("collecte", "tri", None, True),
            ("tri", "effilochage", "fibre", True),
            ("effilochage", "isolant", None, True),
            ("tri", "granulation", None, True),
            ("granulation", "polymere", None, True),
            ("tri", "essuyage", None, True),
            ("tri", "collecte", None, False),  # a return loop that nobody has to make
        ],
        columns=["stage_id", "to_stage_id", "material_id", "required"],
    )


def actors() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("menages", "diffuse", "supplier", None, "76384", "active"),
            ("relais", "organisation", "transformer", "ACI", "76384", "active"),
            ("trieuse", "organisation", "transformer", None, "14118", "active"),
            ("granuleur", "organisation", "transformer", None, "14118", "active"),
            ("isoleur", "organisation", "buyer", None, "76114", "active"),
            ("plasturgiste", "organisation", "buyer", None, "76114", "active"),
            ("chiffonnier", "organisation", "buyer", None, "76114", "active"),
            ("labo", "organisation", "expert", None, "75056", "active"),
            ("seule", "organisation", "insertion", "ACI", "76384", "active"),
            ("ancien", "organisation", "transformer", None, "76384", "closed"),
            ("futur", "organisation", "transformer", None, "76384", "planned"),
        ],
        columns=["actor_id", "actor_type", "roles", "structure_kind", "commune_code", "status"],
    ).assign(name=lambda rows: rows["actor_id"].str.capitalize())


def activities() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("menages", "gisement", None, None),
            ("relais", "collecte", 150.0, 3.0),
            ("relais", "tri", 60.0, 5.0),
            ("trieuse", "tri", 40.0, None),
            ("granuleur", "granulation", None, 0.0),
            ("isoleur", "isolant", 25.0, 2.0),
            ("plasturgiste", "polymere", None, None),
            ("chiffonnier", "essuyage", None, 1.0),
            ("ancien", "effilochage", None, 9.0),
            ("futur", "effilochage", None, None),
        ],
        columns=["actor_id", "stage_id", "capacity_t_per_year", "insertion_fte"],
    ).assign(activity_id=lambda rows: rows["actor_id"] + "-" + rows["stage_id"])


def flows() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("f1", "menages", None, "relais", "collecte", "textile", 100.0, "active", "measured"),
            ("f2", "relais", "collecte", "trieuse", None, "textile", 30.0, "active", "estimated"),
            ("f3", "relais", "tri", "granuleur", None, None, 40.0, "active", "declared"),
            ("f4", "granuleur", None, "plasturgiste", None, None, 10.0, "active", "declared"),
            ("f5", "relais", "tri", "isoleur", None, None, 99.0, "planned", "declared"),
        ],
        columns=["flow_id", "source", "source_stage", "target", "target_stage", "material_id",
                 "quantity_t_per_year", "status", "confidence"],
    )  # fmt: skip


def frames() -> Frames:
    communes = pd.DataFrame({"territory_id": "pays", "name": "Pays", "commune_code": ["76384", "76114"]})
    return {
        "filiere": pd.DataFrame({"name": ["Exemple"], "territory_id": ["pays"]}),
        "territories": communes,
        "stages": stages(),
        "stage_links": links(),
        "materials": pd.DataFrame({"material_id": ["textile", "fibre"], "name": ["Textile", "Fibre"]}),
        "actors": actors(),
        "activities": activities(),
        "markets": pd.DataFrame(
            {
                "market_id": ["brut", "mobilise"],
                "actor_id": ["menages", "menages"],
                "stage_id": ["gisement", "gisement"],
                "material_id": ["textile", "textile"],
                "kind": ["supply", "supply"],
                "level": ["raw", "mobilized"],
                "quantity_t_per_year": [700.0, 120.0],
                "confidence": ["estimated", "declared"],
            }
        ),
        "flows": flows(),
        "groups": pd.DataFrame({"group_id": ["gt"], "name": ["Groupe de travail"]}),
        "memberships": pd.DataFrame({"group_id": ["gt"], "actor_id": ["labo"]}),
    }


@cache
def _example() -> Filiere:
    return Filiere.from_tables(**frames())


def example(**changed: Any) -> Filiere:
    """Return the filière, some of its tables replaced (``None`` leaves a table out)."""
    return Filiere.from_tables(**{**frames(), **changed}) if changed else _example()


def without(frame: pd.DataFrame, column: str, *values: str) -> pd.DataFrame:
    """Return the rows of a frame whose column is none of some values."""
    return frame[~frame[column].isin(values)]


def chain(
    steps: list[tuple[str, str]], *, kinds: dict[str, str] | None = None, **tables: pd.DataFrame
) -> Filiere:
    """Return a filière of the stages that stand in `steps`; first letter r: resource, m: market."""
    names = list(dict.fromkeys(name for step in steps for name in step))
    guessed = {"r": "resource", "m": "market"}
    kind = [(kinds or {}).get(name, guessed.get(name[0], "operation")) for name in names]
    made: dict[str, pd.DataFrame] = {
        "actors": pd.DataFrame({"name": ["Somebody"]}),
        "stages": pd.DataFrame({"stage_id": names, "name": names, "kind": kind}),
        "stage_links": pd.DataFrame(steps, columns=["stage_id", "to_stage_id"]),
    }
    return Filiere.from_tables(**{**made, **tables})


def holding(*pairs: tuple[str, str]) -> dict[str, pd.DataFrame]:
    """Return the tables of actors and activities of (actor, stage) pairs."""
    rows = pd.DataFrame(pairs, columns=["actor_id", "stage_id"])
    names = rows["actor_id"].drop_duplicates()
    return {"actors": pd.DataFrame({"actor_id": names, "name": names}), "activities": rows}


def passing(*pairs: tuple[str | None, str | None], **columns: Any) -> dict[str, pd.DataFrame]:
    """Return the table of flows of (source, target) pairs."""
    return {"flows": pd.DataFrame(pairs, columns=["source", "target"]).assign(**columns)}
