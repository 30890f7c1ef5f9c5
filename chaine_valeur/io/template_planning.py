"""The filled example of the tables on what could be, shown by the complete template: all invented."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..language import N_, tr
from .template_example import COUNCIL, MAKING, REUSE, SCHOOL, SORTED, SORTING, WORKSHOP

__all__ = ["planned_rows"]

_SECOND_SITE = N_("A second sorting site")
_LINE, _TRAINING = N_("Second sorting line"), N_("Training of the sorters")
_POSTS, _PURSE = N_("Insertion posts at the sorting"), N_("Wood envelope of the Val")
_DISMANTLER = N_("Dismantling workshop of the Val")
#: Columns whose texts are of the example, not of a vocabulary.
_SPOKEN = frozenset(
    "name actor_id to_actor_id new_actor stage_id to_stage_id material_id label scenario option_id needs_option_id "
    "funder_id owner_id partners objective means indicator department".split()
)


def planned_rows(lang: str) -> dict[str, list[dict[str, Any]]]:
    """Return table → rows: terms as stored, names in the language, those of actors and stages as in the example."""
    agreements: list[dict[str, Any]] = [
        {"actor_id": REUSE, "kind": "ACI", "department": N_("Val"), "starts_on": datetime(2024, 1, 1),
         "ends_on": datetime(2026, 12, 31), "year": 2024, "agreed_fte": 9.0, "hours_worked": 12_800.0,
         "exits": 10, "lasting_exits": 2, "transition_exits": 3, "positive_exits": 1},
    ]  # fmt: skip
    needs: list[dict[str, Any]] = [
        {"actor_id": WORKSHOP, "stage_id": MAKING, "label": N_("Joiner’s mate"), "posts": 2.0,
         "qualification": "no_diploma", "cause": "departure", "open_to_insertion": True, "year": 2024},
    ]  # fmt: skip
    publics: list[dict[str, Any]] = [
        {"actor_id": REUSE, "year": 2024, "sex": "women", "persons": 6},
        {"actor_id": REUSE, "year": 2024, "sex": "men", "persons": 8},
        {"actor_id": REUSE, "year": 2024, "public": "rsa", "persons": 9},
    ]
    scenarios: list[dict[str, Any]] = [
        {"scenario": _SECOND_SITE, "change": "add_activity", "new_actor": _DISMANTLER, "structure_kind": "EI",
         "stage_id": SORTING, "capacity_t_per_year": 150.0, "jobs_fte": 5.0, "insertion_fte": 3.0,
         "supervision_fte": 1.0},
        {"scenario": _SECOND_SITE, "change": "add_flow", "new_actor": _DISMANTLER, "stage_id": SORTING,
         "to_actor_id": WORKSHOP, "to_stage_id": MAKING, "material_id": SORTED, "quantity_t_per_year": 80.0},
    ]  # fmt: skip
    options: list[dict[str, Any]] = [
        {"name": _LINE, "kind": "activity", "actor_id": REUSE, "stage_id": SORTING, "capacity_t_per_year": 150.0,
         "jobs_fte": 3.0, "insertion_fte": 2.0, "supervision_fte": 0.5, "investment_eur": 60_000.0,
         "running_cost_eur_per_year": 15_000.0, "delay_years": 1, "earliest_year": 2025},
        {"name": _TRAINING, "kind": "other", "actor_id": SCHOOL, "investment_eur": 4_000.0,
         "running_cost_eur_per_year": 2_000.0, "purpose": "operation"},
        {"name": _POSTS, "kind": "posts", "actor_id": REUSE, "stage_id": SORTING, "jobs_fte": 1.0,
         "insertion_fte": 1.0, "units_max": 4, "investment_eur": 0.0, "running_cost_eur_per_year": 27_000.0,
         "purpose": "post_aid", "post_aid_eur_per_year": 23_000.0},
    ]  # fmt: skip
    links: list[dict[str, Any]] = [
        {"option_id": _LINE, "needs_option_id": _TRAINING},
        {"option_id": _POSTS, "needs_option_id": _LINE},
    ]
    budgets: list[dict[str, Any]] = [
        {"name": _PURSE, "funder_id": COUNCIL, "amount_eur": 150_000.0, "yearly_limit_eur_per_year": 80_000.0,
         "first_year": 2025, "last_year": 2027, "purposes": "investment;operation", "state": "granted"},
    ]  # fmt: skip
    actions: list[dict[str, Any]] = [
        {"name": N_("Bring more wood to the sorting"), "finding_kind": "unused_resource", "stage_id": SORTING,
         "option_id": _LINE, "owner_id": REUSE, "partners": COUNCIL, "objective": N_("All offcuts sorted in the Val"),
         "starts_on": datetime(2025, 3, 1), "ends_on": datetime(2026, 6, 30), "cost_eur": 60_000.0,
         "state": "proposed", "indicator": N_("Tonnes sorted in a year"), "target": 250.0, "reached": 90.0},
    ]  # fmt: skip
    tables = {
        "agreements": agreements, "recruitment_needs": needs, "publics": publics, "scenarios": scenarios,
        "options": options, "option_links": links, "budgets": budgets, "actions": actions,
    }  # fmt: skip
    return {
        name: [
            {column: tr(value, lang) if column in _SPOKEN and value is not None else value
             for column, value in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    }  # fmt: skip
