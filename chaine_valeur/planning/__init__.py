"""From gap to action: who could fill a hole, which niches fit the territory, what would change, what to do first."""

from __future__ import annotations

from .candidates import (
    Candidates,
    as_actors,
    candidates,
    candidates_for_gaps,
    economic_dependency,
    resolve,
)
from .correspondence import correspondence, for_stage, write_correspondence
from .niches import niches, recruitment_table
from .plan import Plan, alternatives, closing, closing_cost, pareto, plan, what_more_buys
from .robustness import Examination, Robustness, Tornado, examine, robustness, tornado
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
from .sources import Sources

__all__ = [
    "Candidates", "Examination", "Plan", "Robustness", "Scenario", "Sources", "Tornado", "add_activity",
    "add_cooperation", "add_demand", "add_flow", "add_supply", "alternatives", "apply", "as_actors", "candidates",
    "candidates_for_gaps", "closing", "closing_cost", "compare_scenarios", "correspondence", "describe",
    "economic_dependency", "examine", "for_stage", "niches", "pareto", "plan", "recruitment_table", "resolve",
    "robustness", "scenarios_of", "stop_actor", "tornado", "what_more_buys", "write_correspondence",
]  # fmt: skip
