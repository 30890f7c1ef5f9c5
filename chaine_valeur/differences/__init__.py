"""Two filières, or two diagnoses, side by side: perimeters first, then figures, findings and rows."""

from __future__ import annotations

from .comparison import Comparison, compare
from .wording import insertion_fte

__all__ = ["Comparison", "compare", "insertion_fte"]
