"""Endogenous niches: which activities the territory's own resources could carry, and what is known of each."""

from __future__ import annotations

from .needs import recruitment_table
from .table import SUB_SCORES, niches

__all__ = ["SUB_SCORES", "niches", "recruitment_table"]
