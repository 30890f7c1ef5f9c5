"""A filière to be worked out by hand: each test derives its numbers from these rows.

    menages ─100→ relais (collecte) ─80→ relais (tri) ─60→ filature ═══→ atelier (confection), 70 and 5
        └──40→ trieur (tri) ──────────────────20→ ┘  ↑12 from nobody       ↑ 3 from the negoce
               relais (tri) ─15→ outside                                   └─?→ atelier (vente)
               relais (tri) ←8── filature                                       (unknown, inside)

and trieur → boutique (market) of unknown quantity; the closed actor counts nowhere.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from chaine_valeur import Filiere

Frames = dict[str, pd.DataFrame]


def frames() -> Frames:
    flows = pd.DataFrame(
        [
            ("f1", "menages", None, "relais", "collecte", 100.0, "measured"),
            ("f2", "relais", "collecte", "relais", "tri", 80.0, "declared"),
            ("f3", "menages", None, "trieur", None, 40.0, "declared"),
            ("f4", "relais", "tri", "filature", None, 60.0, "declared"),
            ("f5", "trieur", None, "filature", None, 20.0, "estimated"),
            ("f6", None, None, "filature", None, 12.0, "declared"),
            ("f7", "filature", None, "atelier", "confection", 70.0, "declared"),
            ("f8", "filature", None, "relais", "tri", 8.0, "declared"),
            ("f9", "filature", None, "atelier", "confection", 5.0, "declared"),
            ("f10", "negoce", None, "atelier", "confection", 3.0, "declared"),
            ("f11", "relais", "tri", None, None, 15.0, "declared"),
            ("f12", "atelier", "confection", "atelier", "vente", None, "declared"),
            ("f13", "trieur", None, "boutique", None, None, "declared"),
            ("f14", "ancien", None, "boutique", None, 50.0, "declared"),
        ],
        columns=["flow_id", "source", "source_stage", "target", "target_stage", "quantity_t_per_year",
                 "confidence"],
    )  # fmt: skip
    stages = pd.DataFrame(
        [
            ("gisement", "resource", True, None),
            ("collecte", "operation", True, None),
            ("tri", "operation", True, None),
            ("filage", "operation", True, None),
            ("confection", "operation", True, None),
            ("vente", "market", True, None),
            ("negoce", "resource", False, None),
            ("reemploi", "market", True, None),
        ],
        columns=["stage_id", "kind", "required", "alternative_group"],
    ).assign(name=lambda rows: rows["stage_id"].str.capitalize())
    actors = pd.DataFrame(
        [
            ("menages", "diffuse", "supplier", "active"),
            ("relais", "organisation", "transformer", "active"),
            ("trieur", "organisation", "transformer", "active"),
            ("filature", "organisation", "transformer", "active"),
            ("atelier", "organisation", "transformer", "active"),
            ("negoce", "outside", "supplier", "active"),
            ("boutique", "organisation", "buyer", "active"),
            ("ancien", "organisation", "transformer", "closed"),
        ],
        columns=["actor_id", "actor_type", "roles", "status"],
    ).assign(name=lambda rows: rows["actor_id"].str.capitalize())
    activities = pd.DataFrame(
        [
            ("menages", "gisement", None),
            ("relais", "collecte", 2.0),
            ("relais", "tri", 3.0),
            ("trieur", "tri", None),
            ("filature", "filage", 1.0),
            ("atelier", "confection", 4.0),
            ("atelier", "vente", None),
            ("negoce", "negoce", None),
            ("boutique", "reemploi", 0.5),
            ("ancien", "tri", 9.0),
        ],
        columns=["actor_id", "stage_id", "insertion_fte"],
    )
    links = pd.DataFrame(
        [
            ("gisement", "collecte"),
            ("collecte", "tri"),
            ("tri", "filage"),
            ("tri", "reemploi"),
            ("filage", "confection"),
            ("confection", "vente"),
        ],
        columns=["stage_id", "to_stage_id"],
    )
    return {
        "filiere": pd.DataFrame({"name": ["Main"]}),
        "stages": stages,
        "stage_links": links,
        "actors": actors,
        "activities": activities,
        "flows": flows,
    }


@cache
def _hand() -> Filiere:
    return Filiere.from_tables(**frames())


def hand(**changed: pd.DataFrame | None) -> Filiere:
    """Return the filière, some of its tables replaced (``None`` leaves one out)."""
    return Filiere.from_tables(**{**frames(), **changed}) if changed else _hand()


def passing(*pairs: tuple[str | None, str | None], **columns: object) -> Filiere:
    """Return a filière of flows between actors whose first letter gives the role: s supplier, b buyer."""
    names = list(dict.fromkeys(name for pair in pairs for name in pair if name))
    roles = [{"s": "supplier", "b": "buyer"}.get(name[0], "transformer") for name in names]
    return Filiere.from_tables(
        actors={"actor_id": names, "name": names, "roles": roles},
        flows=pd.DataFrame(pairs, columns=["source", "target"]).assign(**columns),
    )
