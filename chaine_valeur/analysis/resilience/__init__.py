"""Resilience: what the chain rests on, what it could lose, and how organised its flows are.

Functions about the whole network take a `Filiere` or a `FlowMatrix` of your own. Under thirty actors each
of these figures hangs on a few flows: they are for the annex, and their measures say so. The circularity of
the flows is in `chaine_valeur.flows`.
"""

from __future__ import annotations

from ..flows.circularity.matrix import FlowMatrix, flow_matrix
from .checks import CHECKS, steps_to_secure, supplies_to_diversify
from .cuts import cut_actors, cut_passages
from .indicators import INDICATORS
from .information import ascendency, network_indices, robustness
from .loops import cycles
from .paths import disjoint_paths
from .removal import criticality, supply_availability
from .suppliers import supplier_concentration, supplier_table

__all__ = [
    "CHECKS",
    "INDICATORS",
    "FlowMatrix",
    "ascendency",
    "criticality",
    "cut_actors",
    "cut_passages",
    "cycles",
    "disjoint_paths",
    "flow_matrix",
    "network_indices",
    "robustness",
    "steps_to_secure",
    "supplier_concentration",
    "supplier_table",
    "supplies_to_diversify",
    "supply_availability",
]
