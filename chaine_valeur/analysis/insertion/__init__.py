"""Insertion: what was expected and reached, what it cost, who works where. Perimeters are never mixed."""

from __future__ import annotations

from .measures import CHECKS, INDICATORS, summary_sentence
from .metrics import cost_per_post, leverage, target_reached
from .tables import funding_table, jobs_by_stage, outcomes_by

__all__ = [
    "CHECKS",
    "INDICATORS",
    "cost_per_post",
    "funding_table",
    "jobs_by_stage",
    "leverage",
    "outcomes_by",
    "summary_sentence",
    "target_reached",
]
