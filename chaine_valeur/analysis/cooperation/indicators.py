"""The indicators of cooperation, as the diagnosis runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import N_, number, tr, trn
from ..indicator import Indicator
from ..measure import NAN, Measure
from .bodies.attendance import attendance_measure
from .bodies.diversity import diversity_measure
from .bodies.groups import triptyque_coverage_measure
from .bodies.many import Bodies
from .bodies.many import of_many as of_many_bodies
from .change.many import persistence_of_many
from .change.many_without import remaining_of_many
from .change.persistence import persistence_measure
from .change.without_actor import remaining_measure
from .cohesion.centralization import centralization_measure
from .cohesion.densities import density_measure
from .cohesion.reciprocity import reciprocity_measure
from .many import Cooperations, of_many
from .positions.brokerage_share import brokerage_share_measure
from .positions.core_periphery import core_periphery_measure
from .positions.many import brokerage_share_of_many
from .ties.layer import ties_of
from .trade.conversion import tie_conversion_measure
from .trade.many import tie_conversion_of_many
from .triptyques.closure import triptyque_closure_measure
from .triptyques.many import triptyque_closure_of_many
from .worlds.blocks import cross_pole_measure
from .worlds.ei_index import ei_index_measure

if TYPE_CHECKING:
    from .ties.layer import Source

__all__ = ["INDICATORS"]


def between_colleges(source: Source, *, lang: str = "fr") -> Measure:
    """Return the E-I index between the colleges (D3)."""
    return ei_index_measure(source, by="pole", lang=lang)


def mediated_by_one(source: Source, *, lang: str = "fr") -> Measure:
    """Return the share of the mediations between colleges that the first mediator carries (D9)."""
    return brokerage_share_measure(source, by="pole", lang=lang)


def core_of_many(source: Source, *, lang: str = "fr", fewest: int = 30, most: int = 20_000) -> Measure:
    """Return the fit of core and periphery (D12).

    NaN under `fewest` actors, where it says little, and beyond `most`, where the search would hold the diagnosis up.
    """
    size = ties_of(source).size
    if size > most:
        note = tr("not looked for beyond {most} actors", lang, most=number(most, lang))
        return Measure(NAN, "ratio", note=note)
    if size >= fewest:
        return core_periphery_measure(source, lang=lang)
    note = trn(
        "not shown: {count} actor only, it says something from {fewest}",
        "not shown: {count} actors only, it says something from {fewest}",
        size,
        lang,
        fewest=number(fewest, lang),
    )
    return Measure(NAN, "ratio", note=note)


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
        many=of_many(Cooperations.density),
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
        many=of_many_bodies(Bodies.triptyque_coverage),
        counts="groups",
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
        many=triptyque_closure_of_many,
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
        many=of_many(Cooperations.cross_pole),
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
        many=of_many(Cooperations.centralization),
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
        many=of_many_bodies(Bodies.diversity),
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
        many=of_many(Cooperations.reciprocity),
    ),
    Indicator(
        "D3",
        N_("E-I index between colleges"),
        "ratio",
        between_colleges,
        ("actors", "cooperations"),
        "expert",
        N_(
            "Known cooperations between actors of different colleges less those within one college, over both. "
            "Bounds: whatever the unknown pairs are."
        ),
        N_("+1: only between colleges, −1: only within. Sizes and density restrict what it can be."),
        many=of_many(Cooperations.between_colleges),
    ),
    Indicator(
        "D7",
        N_("Attendance at the meetings"),
        "ratio",
        attendance_measure,
        ("meetings", "memberships", "groups"),
        "expert",
        N_(
            "Meetings that a member came to, over those held since it joined of which it is known; mean of all "
            "seats. Bounds: whatever the others were."
        ),
        N_("Whether the groups are alive or lists on paper."),
        many=of_many_bodies(Bodies.attendance),
    ),
    Indicator(
        "D9",
        N_("Mediation between colleges held by one actor"),
        "share",
        mediated_by_one,
        ("actors", "cooperations"),
        "expert",
        N_(
            "Pairs of actors without a tie of their own whom the first mediator links, over all pairs so linked by "
            "anybody; those of whom all three are of one college are left out."
        ),
        N_("High where one actor alone links the colleges: a link to double."),
        many=brokerage_share_of_many,
    ),
    Indicator(
        "D12",
        N_("Core and periphery"),
        "ratio",
        core_of_many,
        ("actors", "cooperations"),
        "expert",
        N_(
            "Correlation between the ties and the pattern in which an actor of the core is tied to all and the "
            "others are not tied to one another, for the best core. Not shown under 30 actors."
        ),
        N_("1: a circle holds everything. Near 0: no such circle."),
    ),
    Indicator(
        "D15",
        N_("Cooperation turned into exchange"),
        "share",
        tie_conversion_measure,
        ("cooperations", "flows"),
        "expert",
        N_(
            "Pairs known to cooperate in a year between which material passes one to three years later, over "
            "those pairs."
        ),
        N_("Whether talk became trade. Experts and funders exchange no material: it does not go to 1."),
        many=tie_conversion_of_many,
    ),
    Indicator(
        "D16",
        N_("Persistence of cooperation"),
        "share",
        persistence_measure,
        ("cooperations",),
        "expert",
        N_("Cooperations known in both of the two latest years, over those known in either (Jaccard)."),
        N_("1: the same cooperations. Low: many begin or end."),
        many=persistence_of_many,
    ),
    Indicator(
        "D17",
        N_("What remains without the animation"),
        "ratio",
        remaining_measure,
        ("actors", "cooperations"),
        "expert",
        N_(
            "Pairs of actors linked directly or through others without the animating body, over the same with "
            "it."
        ),
        N_("Low: to be secured by direct ties before the animation ends."),
        many=remaining_of_many,
    ),
)
