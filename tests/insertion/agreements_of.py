"""Small filières with agreements, for the tests of the official insertion indicators."""

from __future__ import annotations

from typing import Any

import pandas as pd

from chaine_valeur import Filiere

#: A SIAE of each kind, an adapted enterprise, an association of unknown measure, one that has closed.
STRUCTURES = {
    "chantier": "ACI", "relais": "EI", "interim": "ETTI", "association": "AI", "solo": "EITI",
    "atelier": "EA", "geiq": "GEIQ", "amicale": "association", "fini": "ACI",
}  # fmt: skip


def with_agreements(*rows: dict[str, Any], year: int | None = None, **tables: Any) -> Filiere:
    """Return a filière of `STRUCTURES` with agreements, those of « chantier » unless said, seen in a year if asked."""
    actors = pd.DataFrame(
        {
            "actor_id": list(STRUCTURES),
            "name": [name.capitalize() for name in STRUCTURES],
            "structure_kind": list(STRUCTURES.values()),
            "status": ["closed" if name == "fini" else "active" for name in STRUCTURES],
        }
    )
    agreements = pd.DataFrame([{"actor_id": "chantier", **row} for row in rows]) if rows else None
    f = Filiere.from_tables(**{"actors": actors, "agreements": agreements, **tables})
    return f if year is None else f.at(year)
