"""A filière of four stages in a row, whose distances, sizes and ties are known by hand, and rows of files beside it.

G (resource) → T → E → F (market). Nobody is at E: a planned actor means to be. The names of the stages speak of no
trade, so that what is looked for at E is what E says: NAF 13.10Z and the sector « Recyclage textiles ».
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from chaine_valeur import Filiere
from chaine_valeur.parse import luhn_valid


def siret(unit: int, place: int = 1) -> str:
    """A SIRET whose key is right: nine digits for the enterprise, four for the establishment, the key."""
    head = f"{unit:09d}{place:04d}"
    return next(head + key for key in "0123456789" if luhn_valid(head + key))


SORTER, MAKER, CLOSED, EXPERT = siret(101), siret(102), siret(103), siret(104)
NEW, OTHER, THIRD = siret(201), siret(202), siret(203)
#: One degree of latitude on a sphere of 6371.0088 km: 2 π R / 360.
KM_PER_DEGREE = 111.19508


def hand(**changed: Any) -> Filiere:
    """The filière; a table given replaces the one of that name."""
    given: dict[str, Any] = {
        "filiere": {"name": ["Main"], "territory_id": ["pays"], "reference_year": [2024]},
        "territories": {
            "territory_id": ["pays", "pays", "pays"],
            "name": ["Pays"] * 3,
            "kind": ["epci"] * 3,
            "commune_code": ["76001", "76002", "76003"],
            "commune_name": ["Aval", "Bois", "Creux"],
            "latitude": [49.5, 49.6, None],
            "longitude": [0.5, 0.5, None],
        },
        "stages": {
            "stage_id": ["g", "t", "e", "f"],
            "name": ["Maillon G", "Maillon T", "Maillon E", "Maillon F"],
            "kind": ["resource", "operation", "operation", "market"],
            "rank": [1, 2, 3, 4],
            "naf": [None, "38.32Z", "13.10Z", None],
            "siae_sectors": [None, None, "Recyclage textiles", None],
            "minimum_viable_t_per_year": [None, 100.0, 60.0, None],
        },
        "stage_links": {"stage_id": ["g", "t", "e"], "to_stage_id": ["t", "e", "f"]},
        "materials": {"material_id": ["m"], "name": ["Matière"]},
        "actors": {
            "actor_id": ["menages", "trieur", "projet", "fabricant", "ferme", "expert", "camille"],
            "name": [
                "Ménages",
                "Le Trieur",
                "Projet E",
                "Fabricant",
                "Fermé",
                "Bureau Savant",
                "Camille Exemple",
            ],
            "actor_type": ["diffuse", *["organisation"] * 6],
            "structure_kind": [None, "ACI", "company", "company", "company", "research", None],
            "pole": [None, "ess", None, "enterprise", None, "expertise", None],
            "siret": [None, SORTER, None, MAKER, CLOSED, EXPERT, None],
            "naf": [None, "38.32Z", None, "23.99Z", "13.10Z", "72.19Z", "13.10Z"],
            "commune_code": ["76001", "76001", "76002", "76002", "76001", "76999", "76001"],
            "commune_name": ["Aval", "Aval", "Bois", "Bois", "Aval", "Loin", "Aval"],
            "status": ["active", "active", "planned", "active", "closed", "active", "candidate"],
            "natural_person": [False, False, False, False, False, False, True],
        },
        "activities": {
            "actor_id": ["menages", "trieur", "projet", "fabricant"],
            "stage_id": ["g", "t", "e", "f"],
            "capacity_t_per_year": [None, 200.0, 80.0, None],
            "jobs_fte": [None, 4.0, 4.0, None],
        },
        "cooperations": {"actor_id": ["expert"], "to_actor_id": ["trieur"], "kind": ["research"]},
    }
    return Filiere.from_tables(
        **{name: frame for name, frame in (given | changed).items() if frame is not None}
    )


def stock(**columns: Any) -> pd.DataFrame:
    """One establishment as the reader of the stock gives it; a column given replaces, of as many rows as it has."""
    row: dict[str, Any] = {
        "siret": [NEW], "name": ["Fibres Neuves"], "legal_name": ["FIBRES NEUVES SAS"],
        "naf": ["13.10Z"], "naf_2025": [None], "commune_code": ["76500"], "commune_name": ["Ailleurs"],
        "latitude": [49.8], "longitude": [0.5], "distance_km": [None], "size_code": ["12"], "size_low": [20.0],
        "size_high": [49.0], "employer": [True], "legal_category": ["5710"], "ess": [True], "active": [True],
    }  # fmt: skip
    count = max((len(values) for values in columns.values()), default=1)
    known = {"siren": [one and one[:9] for one in columns.get("siret", row["siret"] * count)]}
    return pd.DataFrame({name: values * count for name, values in row.items()} | known | columns)


def listing(**columns: Any) -> pd.DataFrame:
    """One structure as the reader of listings gives it; a column given replaces, of as many rows as it has."""
    row: dict[str, Any] = {
        "siae_id": ["7"], "name": ["Atelier Textile"], "brand": [None], "kind": ["ACI"], "siret": [OTHER],
        "naf": ["88.99B"], "sectors": ["Couture;Recyclage textiles"], "commune_code": ["76002"],
        "commune_name": ["Bois"], "latitude": [None], "longitude": [None], "insertion_headcount": [10],
        "permanent_headcount": [2], "turnover_eur": [100_000.0], "active": [True],
    }  # fmt: skip
    count = max((len(values) for values in columns.values()), default=1)
    return pd.DataFrame({name: values * count for name, values in row.items()} | columns)
