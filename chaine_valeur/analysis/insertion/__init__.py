"""Insertion: what was expected and reached, what it cost, who works where. Perimeters are never mixed."""

from __future__ import annotations

from .agreements import agreement_use, agreements_table, fte_done, planned_aid
from .exits import (
    DYNAMIC_REFERENCE,
    LASTING_REFERENCE,
    contradicted_exits,
    exits_table,
    lasting_exits,
    positive_exits,
)
from .few_people import FEWEST_EXITS, agreements_shown, exits_shown
from .indicators import CHECKS, INDICATORS
from .measures import summary_sentence
from .metrics import cost_per_post, leverage, target_reached
from .needs import needs_table
from .publics import publics_rows_shown, publics_shown, publics_table
from .purchases import fte_bought, fte_bought_measure
from .references import aid_amounts, hours_reference
from .supervision import intensity, supervision_ratio, supervision_table
from .tables import funding_table, jobs_by_commune, jobs_by_stage, outcomes_by

__all__ = [
    "CHECKS",
    "DYNAMIC_REFERENCE",
    "FEWEST_EXITS",
    "INDICATORS",
    "LASTING_REFERENCE",
    "agreement_use",
    "agreements_shown",
    "agreements_table",
    "aid_amounts",
    "contradicted_exits",
    "cost_per_post",
    "exits_shown",
    "exits_table",
    "fte_bought",
    "fte_bought_measure",
    "fte_done",
    "funding_table",
    "hours_reference",
    "intensity",
    "jobs_by_commune",
    "jobs_by_stage",
    "lasting_exits",
    "leverage",
    "needs_table",
    "outcomes_by",
    "planned_aid",
    "positive_exits",
    "publics_rows_shown",
    "publics_shown",
    "publics_table",
    "summary_sentence",
    "supervision_ratio",
    "supervision_table",
    "target_reached",
]
