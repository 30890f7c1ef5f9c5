"""A small filière of which parts were said in confidence, and readers of the sheets made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.filiere import Filiere
from tests.report.readers import plain

#: What no sheet but one's own may hold: words and figures of each.
SAID_BY_FILATURE = ("31,5", "vu par la filature", "marge de la filature")
ABOUT_RELAIS = "le relais est débordé"


def guarded_tables(**more: Any) -> dict[str, Any]:
    """Relais ──12 t──▶ Filature ──7 t──▶ Cachottiers; a natural person and households beside.

    The flow to the spinning mill is the mill's own statement, in confidence: 12 t, 31.5% of what Relais gives out.
    """
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "reference_year": [2024]},
        "stages": {"name": ["Collecte", "Filage"], "rank": [1, 2]},
        "materials": {"name": ["laine"]},
        "sources": {
            "source_id": ["filature-said", "relais-said", "series", "listing"],
            "name": [
                "Entretien avec la direction",
                "Entretien avec Relais",
                "Série d’entretiens",
                "Annuaire",
            ],
            "publisher": ["Filature", None, "Bureau", None],
            "year": [2024, 2024, 2024, 2023],
            "classes_agreed_on": ["2024-05-02", None, None, None],
        },
        "actors": {
            "name": [
                "Relais",
                "Filature",
                "Cachottiers",
                "Camille Exemple",
                "Ménages",
                "Dehors",
                "Relais Enfants",
            ],
            "actor_type": [None, None, None, None, "diffuse", "outside", None],
            "structure_kind": ["ACI", "company", "company", None, None, None, "association"],
            "roles": ["insertion", "transformer", "buyer", "expert", "supplier", "buyer", "supplier"],
            "siret": ["73282932000074", None, None, None, None, None, None],
            "natural_person": [False, False, False, True, False, False, False],
            "confidentiality": [None, None, "confidential", None, None, None, None],
            "source_id": ["listing"] * 7,
        },
        "activities": {
            "actor_id": ["Relais", "Filature"],
            "stage_id": ["Collecte", "Filage"],
            "jobs_fte": [8.0, None],
            "insertion_fte": [5.0, None],
            "confidence": ["measured", None],
            "source_id": ["relais-said", "series"],
            "confidentiality": ["partners", "internal"],
            "note": [None, "effectif entendu d’un voisin"],
        },
        "flows": {
            "source": ["Relais", "Filature", "Camille Exemple", "Ménages"],
            "target": ["Filature", "Cachottiers", "Relais", "Relais"],
            "material_id": ["laine"] * 4,
            "quantity_t_per_year": [12.0, 7.0, 0.5, None],
            "share": [0.315, 0.2, None, None],
            "year": [2024] * 4,
            "source_id": ["filature-said", None, None, None],
            "confidentiality": ["confidential", None, None, None],
            "note": ["vu par la filature", "marge de la filature", None, None],
        },
        "cooperations": {
            "actor_id": ["Relais", "Filature", "Filature", "Camille Exemple"],
            "to_actor_id": ["Filature", "Relais", "Relais", "Relais"],
            "kind": ["information", "joint_project", "training", "support"],
            "trust": [4.0, 1.0, None, 3.0],
            "source_id": ["series", "series", "filature-said", None],
            "confidentiality": [None, None, "internal", None],
        },
        "groups": {"name": ["Comité"], "referent_id": ["Filature"]},
        "memberships": {"group_id": ["Comité", "Comité"], "actor_id": ["Relais", "Camille Exemple"]},
        "meetings": {
            "group_id": ["Comité"] * 3,
            "met_on": ["2024-01-10", "2024-02-10", "2024-03-10"],
            "actor_id": ["Relais"] * 3,
            "attended": [True, False, None],
        },
        "observations": {
            "actor_id": ["Relais", "Relais", "Relais", None],
            "stage_id": ["Collecte", "Collecte", "Collecte", "Collecte"],
            "kind": ["brake", "lever", "brake", "lever"],
            "text": [ABOUT_RELAIS, "un local se libère", "il manque un encadrant", "la commune aide"],
            "source_id": ["series", "series", "relais-said", None],
            "confidentiality": ["internal", None, "confidential", None],
        },
        "outcomes": {
            "scope": ["structure", "filiere"],
            "actor_id": ["Relais", None],
            "kind": ["insertion_jobs", "training"],
            "label": ["Postes du Relais", "Formation"],
            "target": [10.0, 0.6],
            "reached": [8.0, 0.5],
            "unit": ["post", "share"],
            "year": [2024, 2024],
        },
    }
    return tables | more


@lru_cache(maxsize=4)
def guarded(lang: str = "fr") -> Diagnosis:
    """The diagnostic of those tables, without its checks: the sheets of actors need none."""
    return diagnose(Filiere.from_tables(**guarded_tables()), checks=(), indicators=(), lang=lang)


def named(paths: list[Path], part: str) -> Path:
    """Return the one file whose name holds a part."""
    found = [path for path in paths if part in path.name]
    assert len(found) == 1, (part, [path.name for path in paths])
    return found[0]


def texts_of(thing: Any) -> Iterator[str]:
    """Iterate over every text inside a sheet, a part or an item."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from texts_of(one)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from texts_of(getattr(thing, one.name))


def all_of(thing: Any) -> str:
    """Every word of a sheet, a part or an item."""
    return plain(" ".join(texts_of(thing)))
