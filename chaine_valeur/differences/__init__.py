"""Two filières, or two diagnoses, side by side: perimeters first, then figures, findings and rows."""

from __future__ import annotations

from .comparison import Comparison, compare
from .wording import jobs_at_stages

__all__ = ["Comparison", "compare", "jobs_at_stages"]
