"""What stays true when the figures are drawn again within their uncertainty, and which of them would overturn it."""

from __future__ import annotations

from .cells import DRAWN, Cells
from .examined import Examination, examine
from .result import Robustness
from .run import ABOUT_FIGURES, robustness
from .tornado import Tornado, tornado

__all__ = [
    "ABOUT_FIGURES",
    "DRAWN",
    "Cells",
    "Examination",
    "Robustness",
    "Tornado",
    "examine",
    "robustness",
    "tornado",
]
