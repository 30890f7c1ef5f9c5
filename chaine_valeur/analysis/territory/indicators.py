"""The territorial indicators as the diagnosis lists them."""

from __future__ import annotations

from ...language import N_
from ..indicator import Indicator
from .many import Territories, of_many
from .measures import haul_measure, leakage_measure, lm3_measure, local_share_measure, tonne_km_measure

__all__ = ["INDICATORS"]

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "E5",
        N_("Local share of purchases"),
        "share",
        local_share_measure,
        ("flows", "actors", "territories"),
        "essential",
        N_("Amounts that actors of the territory pay to others of the territory, over all that they pay for "
           "material; where the supplier pays to be rid of it, nothing is bought."),
        N_("1: all is bought on the spot. What is left is what could be sought nearby."),
        weighed=True,
        many=of_many(Territories.local_share),
    ),
    Indicator(
        "A10",
        N_("Leakage rate"),
        "share",
        leakage_measure,
        ("flows", "actors", "territories"),
        "expert",
        N_("Amounts that actors of the territory pay for material from outside, over all that they pay for "
           "material."),
        N_("The other face of the local share of purchases: both add up to 1."),
        weighed=True,
        many=of_many(Territories.leakage),
    ),
    Indicator(
        "E6",
        N_("Mean haul"),
        "km",
        haul_measure,
        ("flows", "actors"),
        "expert",
        N_("Distance in a straight line between the two ends of each flow, weighed by its tonnes; an actor "
           "without coordinates stands at the centre of its commune."),
        N_("How far a tonne travels at one passage. Roads are longer."),
        many=of_many(Territories.mean_haul),
    ),
    Indicator(
        "E6-tonne-km",
        N_("Tonne-kilometres"),
        "t.km/year",
        tonne_km_measure,
        ("flows", "actors"),
        "expert",
        N_("Tonnes × kilometres in a straight line, summed over the flows of which both are known."),
        N_("The transport that the filière asks for, at least: what is not located comes on top."),
        many=of_many(Territories.tonne_km),
    ),
    Indicator(
        "E4",
        N_("Local multiplier (LM3)"),
        "ratio",
        lm3_measure,
        ("costs", "flows", "actors", "territories"),
        "expert",
        N_("Income of the actors of the territory, what they spend in it, and what those whom they pay spend "
           "in it in turn, over their income."),
        N_("1: all leaves at once. 3: all stays for three rounds."),
        many=of_many(Territories.multiplier),
    ),
)  # fmt: skip
