"""The filled example that every template shows: five actors of a wooden furniture filière, all invented."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..language import N_, tr

__all__ = ["COUNCIL", "MAKING", "REUSE", "SCHOOL", "SORTED", "SORTING", "WORKSHOP", "example_rows"]

_JOINERY, REUSE, WORKSHOP = N_("Aulne joinery"), N_("Val reuse centre"), N_("Atelier Bois & Co")
COUNCIL, SCHOOL = N_("Val community of communes"), N_("School of wood trades")
_COLLECTION, SORTING, MAKING = N_("Collection"), N_("Sorting"), N_("Furniture making")
_OFFCUTS, SORTED, _FURNITURE = N_("Wood offcuts"), N_("Sorted wood"), N_("Furniture")
_INTERVIEW, _GROUP = N_("Interview of 12 March 2024"), N_("Wood working group")
_NOTE = N_("Invented for the example.")


def _texts(lang: str, *messages: str) -> str:
    return ";".join(tr(message, lang) for message in messages)


def example_rows(lang: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the three essential sheets: terms as stored, names in the language."""
    interview = datetime(2024, 3, 12)
    actors: list[dict[str, Any]] = [
        {"name": _JOINERY, "roles": "supplier", "pole": "enterprise", "structure_kind": "company",
         "commune_name": "Valbourg", "jobs_fte": None, "note": _NOTE},
        {"name": REUSE, "roles": "insertion;transformer", "pole": "ess", "stages": (_COLLECTION, SORTING),
         "structure_kind": "ACI", "commune_name": "Valbourg", "capacity_t_per_year": 400.0, "jobs_fte": 12.0,
         "insertion_fte": 8.5, "surveyed_on": interview},
        {"name": WORKSHOP, "roles": "transformer;buyer", "pole": "enterprise", "stages": (MAKING,),
         "structure_kind": "company", "commune_name": "Saint-Aulne", "capacity_t_per_year": 250.0,
         "jobs_fte": 6.0},
        {"name": COUNCIL, "roles": "territorial;funder", "pole": "elected", "structure_kind": "public_body"},
        {"name": SCHOOL, "roles": "expert", "pole": "expertise", "status": "candidate"},
    ]  # fmt: skip
    links: list[dict[str, Any]] = [
        {"source": _JOINERY, "target": REUSE, "kind": "flow", "material_id": _OFFCUTS,
         "quantity_t_per_year": 120.0, "year": 2024, "target_stage": _COLLECTION, "confidence": "measured",
         "source_id": _INTERVIEW},
        {"source": REUSE, "target": WORKSHOP, "kind": "flow", "material_id": SORTED,
         "quantity_t_per_year": 90.0, "year": 2024, "source_stage": SORTING, "confidence": "declared",
         "source_id": _INTERVIEW},
        {"source": WORKSHOP, "target": None, "kind": "flow", "material_id": _FURNITURE, "year": 2024},
        {"source": COUNCIL, "target": REUSE, "kind": "funding", "year": 2022, "intensity": "contract"},
        {"source": SCHOOL, "target": WORKSHOP, "kind": "research", "intensity": "joint_action"},
        {"source": _JOINERY, "target": WORKSHOP, "kind": "joint_project", "state": "absent"},
    ]  # fmt: skip
    groups: list[dict[str, Any]] = [
        {"group": _GROUP, "kind": "working_group", "actor_id": COUNCIL, "referent": True},
        {"group": _GROUP, "kind": "working_group", "actor_id": REUSE, "referent": False},
        {"group": _GROUP, "kind": "working_group", "actor_id": WORKSHOP, "referent": False},
    ]
    sheets = {"essential_actors": actors, "essential_links": links, "essential_groups": groups}
    return {name: [_spoken(row, lang) for row in rows] for name, rows in sheets.items()}


#: Columns whose texts are of the example, not of a vocabulary.
_SPOKEN = frozenset(
    "name source target actor_id group material_id source_stage target_stage source_id note stages".split()
)


def _spoken(row: dict[str, Any], lang: str) -> dict[str, Any]:
    spoken = dict(row)
    for name in _SPOKEN & row.keys():
        said = row[name]
        spoken[name] = _texts(lang, *said) if isinstance(said, tuple) else tr(said, lang) if said else None
    return spoken
