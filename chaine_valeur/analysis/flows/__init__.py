"""Flows: whether they add up, what the chain can carry and what limits it, what they are put to."""

from __future__ import annotations

from ..territory import leakage
from .balances.balance import balance
from .balances.declared import declared_flows, resolved_flows, several_declarations
from .carrying.bottlenecks import bottlenecks, limit_text
from .carrying.findings import (
    bottleneck_findings,
    next_limit_text,
    throughput_indicator,
    throughput_of,
    unmet_demand_findings,
)
from .carrying.result import Throughput, throughput
from .checks import CHECKS as _BALANCE_CHECKS
from .circularity.cycling import average_path_length, finn_cycling_index
from .circularity.matrix import FlowMatrix
from .indicators import INDICATORS as _BALANCE_INDICATORS
from .uses.idle import idle_flows, idle_text
from .uses.paths import path_yield
from .uses.ratios import unmet_demand, unused_resource, utilization
from .uses.recovery import recovery_rate

__all__ = [
    "CHECKS",
    "INDICATORS",
    "FlowMatrix",
    "Throughput",
    "average_path_length",
    "balance",
    "bottlenecks",
    "declared_flows",
    "finn_cycling_index",
    "idle_flows",
    "idle_text",
    "leakage",
    "limit_text",
    "next_limit_text",
    "path_yield",
    "recovery_rate",
    "resolved_flows",
    "several_declarations",
    "throughput",
    "throughput_of",
    "unmet_demand",
    "unused_resource",
    "utilization",
]

INDICATORS = (throughput_indicator, *_BALANCE_INDICATORS)
#: ``(f, *, lang) -> findings``; thresholds have defaults.
CHECKS = (bottleneck_findings, unmet_demand_findings, *_BALANCE_CHECKS)
