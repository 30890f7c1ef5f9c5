"""The diagnostic: checks and indicators are run, and what each rests on is kept."""

from __future__ import annotations

from .aiming import aimed_findings, aimless_actions
from .cards import available_cards, card_of
from .explanation import Explanation
from .highlights import five_things
from .result import INDICATOR_COLUMNS, Diagnosis, Measured
from .run import available_checks, available_indicators, diagnose

__all__ = [
    "INDICATOR_COLUMNS",
    "Diagnosis",
    "Explanation",
    "Measured",
    "aimed_findings",
    "aimless_actions",
    "available_cards",
    "available_checks",
    "available_indicators",
    "card_of",
    "diagnose",
    "five_things",
]
