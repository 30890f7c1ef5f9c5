"""What to do first: a choice among options under budgets, as a mixed-integer program with the chain inside."""

from __future__ import annotations

from .again import alternatives, pareto, what_more_buys
from .closing import Closing, closing, closing_cost
from .result import Plan
from .run import plan

__all__ = ["Closing", "Plan", "alternatives", "closing", "closing_cost", "pareto", "plan", "what_more_buys"]
