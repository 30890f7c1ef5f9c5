"""A filière over several years, small enough to compute by hand.

Partners Usine, Mairie, Relais, Labo, and Neuf, who is there from 2021 on. Mairie alone was asked. Reference 2022.

    c1  Mairie–Usine   2019 →        there in 2019, 2020, 2021, 2022
    c2  Mairie–Relais  2019 → 2020   there in 2019, 2020
    c3  Usine–Relais   2021 →        there in 2021, 2022
    c4  Mairie–Neuf    2021 →        born with Neuf
    c5  Relais–Labo    no year       of unknown period
    c6  Usine–Labo     … → 2021      there in 2021, perhaps before
    c7  Labo–Neuf      known absent

Flows: Usine–Relais 5 t in 2022; Mairie–Usine 1 t in 2020 and 2 t in 2021; Relais–Labo without a year.
"""

from __future__ import annotations

from typing import Any

from chaine_valeur.filiere import Filiere

NAMES = ["Usine", "Mairie", "Relais", "Labo", "Neuf"]
_TIES = [
    ("Mairie", "Usine", "joint_project", "observed", 2019, None),
    ("Mairie", "Relais", "support", "observed", 2019, 2020),
    ("Usine", "Relais", "contracting", "observed", 2021, None),
    ("Mairie", "Neuf", "joint_project", "observed", 2021, None),
    ("Relais", "Labo", "research", "observed", None, None),
    ("Usine", "Labo", "research", "observed", None, 2021),
    ("Labo", "Neuf", "research", "absent", None, None),
]
_FLOWS = [
    ("Usine", "Relais", 2022, 5),
    ("Usine", "Mairie", 2020, 1),
    ("Mairie", "Usine", 2021, 2),
    ("Relais", "Labo", None, 3),
]
TABLES: dict[str, Any] = {
    "filiere": {"name": ["Années"], "reference_year": [2022]},
    "stages": {"name": ["collecte", "filature"], "rank": [1, 2]},
    "stage_links": {"stage_id": ["collecte"], "to_stage_id": ["filature"]},
    "activities": {
        "actor_id": ["Relais", "Mairie", "Usine", "Neuf"],
        "stage_id": ["collecte", "collecte", "filature", "filature"],
    },
    "actors": {
        "name": NAMES,
        "pole": ["enterprise", "elected", "ess", "expertise", "enterprise"],
        "roles": ["transformer", "territorial", "insertion", "expert", "buyer"],
        "since": [None, None, None, None, 2021],
        "surveyed_on": [None, "2022-03-01", None, None, None],
    },
    "cooperations": {
        "cooperation_id": [f"c{number}" for number in range(1, len(_TIES) + 1)],
        **{
            name: [row[place] for row in _TIES]
            for place, name in enumerate(["actor_id", "to_actor_id", "kind", "state", "since", "until"])
        },
    },
    "flows": {
        name: [row[place] for row in _FLOWS]
        for place, name in enumerate(["source", "target", "year", "quantity_t_per_year"])
    },
}


def over_years(**changed: Any) -> Filiere:
    """Return the filière, with some of its tables replaced."""
    return Filiere.from_tables(**{**TABLES, **changed})
