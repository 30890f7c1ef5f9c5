"""Gaps of the chain: what is expected and not there, what stands there and leads nowhere."""

from __future__ import annotations

from .checks import CHECKS, find
from .indicators import INDICATORS
from .metrics import (
    dead_end_share,
    dead_ends,
    expected_paths,
    missing_passage_share,
    missing_stage_weight,
    orphans,
    path_completeness,
    stage_coverage,
    stage_fragility,
)

__all__ = [
    "CHECKS",
    "INDICATORS",
    "dead_end_share",
    "dead_ends",
    "expected_paths",
    "find",
    "missing_passage_share",
    "missing_stage_weight",
    "orphans",
    "path_completeness",
    "stage_coverage",
    "stage_fragility",
]
