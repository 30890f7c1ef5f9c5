"""Reconciliation of flows: the coherent set of tonnages nearest to what was declared, and what it tells."""

from __future__ import annotations

from ..uncertainty import CONFIDENCE_UNCERTAINTY, uncertainty_table
from .advice import monte_carlo, next_measurements
from .checks import CHECKS
from .global_test import GlobalTest
from .indicators import INDICATORS
from .reconcile import reconcile
from .result import Reconciliation
from .tables import DATA_CLASSES
from .writing import reconciled_filiere

__all__ = [
    "CHECKS",
    "CONFIDENCE_UNCERTAINTY",
    "DATA_CLASSES",
    "INDICATORS",
    "GlobalTest",
    "Reconciliation",
    "monte_carlo",
    "next_measurements",
    "reconcile",
    "reconciled_filiere",
    "uncertainty_table",
]
