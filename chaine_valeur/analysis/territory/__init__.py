"""The territory: where things are, how far they travel, what is bought on the spot, how specialised it is."""

from __future__ import annotations

from .checks import CHECKS
from .concentration import location_quotient, specialization
from .haulage import flow_distances, haulage, mean_haul, tonne_km
from .indicators import INDICATORS
from .multiplier import lm3, lm3_rounds
from .places import distance_km, positions
from .purchases import leakage, local_share, local_sourcing
from .relatedness import location_quotients, proximity, relatedness

__all__ = [
    "CHECKS",
    "INDICATORS",
    "distance_km",
    "flow_distances",
    "haulage",
    "leakage",
    "lm3",
    "lm3_rounds",
    "local_share",
    "local_sourcing",
    "location_quotient",
    "location_quotients",
    "mean_haul",
    "positions",
    "proximity",
    "relatedness",
    "specialization",
    "tonne_km",
]
