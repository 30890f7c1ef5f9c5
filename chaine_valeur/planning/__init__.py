"""From gap to action: who could fill a hole, which niches fit the territory, what would change, what to do first."""

from __future__ import annotations

from .correspondence import correspondence, for_stage, write_correspondence
from .plan import Plan, alternatives, closing, closing_cost, pareto, plan, what_more_buys
from .robustness import Robustness, Tornado, robustness, tornado
from .scenarios import (
    Scenario,
    add_activity,
    add_cooperation,
    add_demand,
    add_flow,
    add_supply,
    apply,
    compare_scenarios,
    describe,
    scenarios_of,
    stop_actor,
)

__all__ = [
    "Plan", "Robustness", "Scenario", "Tornado", "add_activity", "add_cooperation", "add_demand", "add_flow", "add_supply", "alternatives",
    "apply", "closing", "closing_cost", "compare_scenarios", "correspondence", "describe", "for_stage", "pareto",
    "plan", "robustness", "scenarios_of", "stop_actor", "tornado", "what_more_buys", "write_correspondence",
]  # fmt: skip
