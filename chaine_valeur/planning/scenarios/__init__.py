"""Scenarios: named lists of changes, applied to a frozen filière, told, and compared with what is today."""

from __future__ import annotations

from .applying import apply
from .changes import (
    Change,
    Scenario,
    add_activity,
    add_cooperation,
    add_demand,
    add_flow,
    add_supply,
    scenarios_of,
    stop_actor,
)
from .many import Comparisons, compare_scenarios
from .wording import describe

__all__ = [
    "Change", "Comparisons", "Scenario", "add_activity", "add_cooperation", "add_demand", "add_flow", "add_supply",
    "apply", "compare_scenarios", "describe", "scenarios_of", "stop_actor",
]  # fmt: skip
