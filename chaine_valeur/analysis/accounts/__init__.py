"""Accounts: output, costs and value added of each actor, margins, thresholds, and what stays here."""

from __future__ import annotations

from .account import operating_account
from .break_even import break_even
from .checks import CHECKS
from .indicators import INDICATORS
from .integration import territorial_integration
from .metrics import (
    insertion_fte_per_t,
    jobs_per_t,
    margin_per_t,
    total_value_added,
    value_added,
    value_added_gini,
    value_added_per_t,
    value_added_shares,
)
from .policy import policy_ratios

__all__ = [
    "CHECKS",
    "INDICATORS",
    "break_even",
    "insertion_fte_per_t",
    "jobs_per_t",
    "margin_per_t",
    "operating_account",
    "policy_ratios",
    "territorial_integration",
    "total_value_added",
    "value_added",
    "value_added_gini",
    "value_added_per_t",
    "value_added_shares",
]
