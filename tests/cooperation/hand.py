"""A filière small enough to compute by hand: seven partners, a diffuse actor, one that has closed.

    Filature ─── Mairie ═══ Relais        ═══ both ways     asked: Mairie, Relais
        └──────────┼───────────┘
    Atelier ───────┘                      Labo: nothing known but that Relais and it do not cooperate
        └── Agglo ─── Ressourcerie        Filature and Atelier are known not to cooperate

Poles: enterprises Filature, Atelier; elected Mairie, Agglo; ESS Relais, Ressourcerie; expertise Labo.
21 pairs, 6 of them tied. Five actors were not asked: of the 10 pairs among them, rows speak of three (Atelier
and Agglo, Agglo and Ressourcerie, Filature and Atelier): 7 pairs are undocumented.
"""

from __future__ import annotations

from typing import Any

from chaine_valeur.filiere import Filiere

NAMES = ["Filature", "Atelier", "Mairie", "Agglo", "Relais", "Ressourcerie", "Labo", "Ménages", "Ancien"]
IDS = ["filature", "atelier", "mairie", "agglo", "relais", "ressourcerie", "labo", "menages", "ancien"]
#: first, second, kind, state, until, confidence
_TIES = [
    ("Filature", "Mairie", "joint_project", "observed", None, "hypothesis"),
    ("Mairie", "Relais", "support", "observed", None, "declared"),
    ("Relais", "Mairie", "support", "observed", None, "declared"),
    ("Filature", "Relais", "information", "observed", None, None),
    ("Atelier", "Mairie", "research", "observed", None, None),
    ("Agglo", "Atelier", "funding", "observed", None, None),
    ("Agglo", "Ressourcerie", "joint_project", "observed", None, None),
    ("Filature", "Atelier", None, "absent", None, None),
    ("Relais", "Labo", "support", "absent", None, None),
    ("Mairie", "Filature", "information", "observed", None, None),  # parallel to the first
    ("Mairie", "Ménages", "information", "observed", None, None),  # a diffuse actor is no partner
    ("Labo", "Filature", "research", "observed", 2015, None),  # ended before 2022
]
_SEATS = [
    ("GT", "Filature", None),
    ("GT", "Mairie", None),
    ("GT", "Relais", None),
    ("GT", "Labo", None),
    ("COPIL", "Mairie", None),
    ("COPIL", "Agglo", None),
    ("COPIL", "Ménages", None),
    ("Forum", "Relais", "enterprise"),
    ("Forum", "Mairie", None),
    ("Forum", "Labo", None),
    ("Forum", "Ancien", "ess"),  # has closed
    ("CA", "Atelier", None),
    ("CA", "Mairie", None),
    ("CA", "Ménages", None),
]

TABLES: dict[str, Any] = {
    "filiere": {"name": ["À la main"], "reference_year": [2022]},
    "stages": {"name": ["collecte", "filature", "vente"], "rank": [1, 2, 3]},
    "actors": {
        "name": NAMES,
        "actor_type": [None] * 7 + ["diffuse", None],
        "roles": ["transformer", "buyer", "territorial", "territorial;animator", "insertion",
                  "supplier;insertion", "expert", "supplier", None],
        "pole": ["enterprise", "enterprise", "elected", "elected", "ess", "ess", "expertise", None, None],
        "status": ["active"] * 8 + ["closed"],
        "commune_code": ["76384", "76384", "76114", None, "76114", None, None, None, None],
        "commune_name": ["Lillebonne", "Lillebonne", "Bolbec", "Caen", "Bolbec", None, None, None, None],
        "surveyed_on": [None, None, "2022-03-12", None, "2022-03-13", None, None, None, None],
    },
    "activities": {
        "actor_id": ["Relais", "Ressourcerie", "Filature", "Atelier"],
        "stage_id": ["collecte", "collecte", "filature", "vente"],
    },
    "flows": {
        "source": ["Filature", "Filature", "Ressourcerie", "Ménages", "Relais"],
        "target": ["Atelier", "Atelier", "Filature", "Ressourcerie", "Filature"],
        "material_id": ["fil", "tissu", "textile", "textile", "textile"],
        "quantity_t_per_year": [30, 5, 12, 40, 8],
    },
    "materials": {"name": ["textile", "fil", "tissu"]},
    "cooperations": {
        "cooperation_id": [f"c{number}" for number in range(1, len(_TIES) + 1)],
        **{name: [row[place] for row in _TIES] for place, name in enumerate(
            ["actor_id", "to_actor_id", "kind", "state", "until", "confidence"])},
    },
    "groups": {
        "name": ["GT", "COPIL", "Forum", "CA", "Vide"],
        "kind": ["working_group", "steering", "forum", None, None],
        "referent_id": ["Mairie", None, None, "Mairie", "Mairie"],
    },
    "memberships": {
        name: [row[place] for row in _SEATS] for place, name in enumerate(["group_id", "actor_id", "pole"])
    },
}  # fmt: skip


def by_hand(**changed: Any) -> Filiere:
    """Return the filière, with some of its tables replaced."""
    return Filiere.from_tables(**{**TABLES, **changed})


def nobody_asked(**changed: Any) -> Filiere:
    """Return the filière as published documents give it: members of groups, and no tie."""
    actors = {**TABLES["actors"], "surveyed_on": [None] * len(NAMES)}
    return by_hand(actors=actors, cooperations=None, **changed)
