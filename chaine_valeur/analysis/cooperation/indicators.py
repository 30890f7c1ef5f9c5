"""The indicators of cooperation, as the diagnosis runs them."""

from __future__ import annotations

from ...language import N_
from ..indicator import Indicator
from .bodies.diversity import diversity_measure
from .bodies.groups import triptyque_coverage_measure
from .cohesion.centralization import centralization_measure
from .cohesion.densities import density_measure
from .cohesion.reciprocity import reciprocity_measure
from .triptyques.closure import triptyque_closure_measure
from .worlds.blocks import cross_pole_measure

__all__ = ["INDICATORS"]

INDICATORS = (
    Indicator(
        "D1",
        N_("Cooperation density"),
        "share",
        density_measure,
        ("actors", "cooperations"),
        "essential",
        N_(
            "Pairs of actors with a known cooperation, over all pairs of actors that could cooperate. A pair "
            "that nobody documented is unknown: it gives the upper bound."
        ),
        N_("To be compared between filières of similar size only: the more actors, the lower it gets."),
    ),
    Indicator(
        "D5",
        N_("Groups with the whole triptyque"),
        "share",
        triptyque_coverage_measure,
        ("groups", "memberships"),
        "essential",
        N_(
            "Groups in which at least one enterprise, one elected official and one ESS actor sit, over the "
            "groups whose members are known. A member counts for the college for which it sits."
        ),
        N_("The rule of the programme: each working group brings the three together."),
    ),
    Indicator(
        "D6",
        N_("Closed triptyques"),
        "share",
        triptyque_closure_measure,
        ("actors", "cooperations"),
        "essential",
        N_(
            "Trios of an enterprise, an elected official and an ESS actor who all cooperate with one "
            "another, over all such trios."
        ),
        N_("Low where the three are linked through one of them only, most often the inter-municipal body."),
    ),
    Indicator(
        "D2",
        N_("Density between enterprises and ESS"),
        "share",
        cross_pole_measure,
        ("actors", "cooperations"),
        "expert",
        N_(
            "Pairs of an enterprise and an ESS actor with a known cooperation, over all such pairs. The "
            "unknown pairs give the upper bound."
        ),
        N_("Whether enterprises and the social economy really work together."),
    ),
    Indicator(
        "D4",
        N_("Centralisation of cooperation"),
        "ratio",
        centralization_measure,
        ("actors", "cooperations"),
        "expert",
        N_(
            "Sum, over actors, of what each lacks to have as many cooperations as the one who has most, over "
            "what that sum would be in a star (Freeman). Bounds: whatever the unknown pairs are."
        ),
        N_("1: a star, one actor holds everything together. 0: all have as many cooperations."),
    ),
    Indicator(
        "D8",
        N_("Diversity of the groups"),
        "ratio",
        diversity_measure,
        ("groups", "memberships"),
        "expert",
        N_(
            "Chance that two seats of a group drawn at random belong to different colleges, over the most "
            "that it could be (index of qualitative variation); mean of the groups."
        ),
        N_("1: the colleges have as many seats each. 0: a single college."),
    ),
    Indicator(
        "D11",
        N_("Reciprocity of support"),
        "share",
        reciprocity_measure,
        ("actors", "cooperations"),
        "expert",
        N_(
            "Of the cooperations that have a direction (support, funding, referral, contracting), those that "
            "also go the other way between the same two actors."
        ),
        N_("Low where the same actors give and the same receive."),
    ),
)
