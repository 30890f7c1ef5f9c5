"""The indicators of circularity and resilience, as the diagnosis lists them."""

from __future__ import annotations

from ...language import N_
from ..flows.circularity.cycling import cycling_measure, path_length_measure
from ..flows.circularity.many import Circulation
from ..flows.circularity.many import of_many as of_many_circulating
from ..indicator import Indicator
from .many import Resilience, of_many
from .measures import (
    ascendency_measure,
    availability_measure,
    concentration_measure,
    paths_measure,
    robustness_measure,
)

__all__ = ["INDICATORS"]

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "B10",
        N_("Share of what passes that comes back"),
        "share",
        cycling_measure,
        ("flows", "actors"),
        "expert",
        N_(
            "Of all the tonnes that pass from actor to actor, those that are due to loops (Finn's cycling "
            "index). What an actor sends beyond what it receives comes in as a resource; the reverse is used "
            "there, or lost."
        ),
        N_("0: nothing comes back. The higher, the more the same material is used again."),
        weighed=True,
        many=of_many_circulating(Circulation.cycling),
    ),
    Indicator(
        "B11",
        N_("Actors that a tonne passes"),
        "ratio",
        path_length_measure,
        ("flows", "actors"),
        "expert",
        N_("Tonnes that pass through the actors, over the tonnes that enter (average path length)."),
        N_("The longer, the more work each tonne gives before it is used or leaves."),
        many=of_many_circulating(Circulation.path_length),
    ),
    Indicator(
        "C1",
        N_("Concentration of suppliers"),
        "ratio",
        concentration_measure,
        ("flows", "actors"),
        "expert",
        N_(
            "For each actor supplied by others, the sum of the squared shares of its suppliers in the known "
            "tonnes (Herfindahl); mean of the actors. Bounds: whatever the unknown quantities are."
        ),
        N_("1: each rests on a single supplier. 0.5: as if each had two of the same size."),
        many=of_many(Resilience.concentration),
    ),
    Indicator(
        "C3",
        N_("Resources and markets with a second way"),
        "share",
        paths_measure,
        ("flows", "stages", "activities", "actors"),
        "expert",
        N_(
            "Pairs of a resource and a market that recorded flows link by at least two ways without an actor "
            "in common between them, over the pairs that they link."
        ),
        N_("Low: for most markets there is no plan B if one actor on the way stops."),
        many=of_many(Resilience.spare_paths),
    ),
    Indicator(
        "C4",
        N_("Degree of organisation of the flows"),
        "ratio",
        ascendency_measure,
        ("flows", "actors"),
        "expert",
        N_(
            "What knowing where a tonne comes from says of where it goes, over the diversity of the flows "
            "(ascendency over capacity)."
        ),
        N_("Near 1: efficient and rigid, each flow has one way only. Near 0: loose, all goes everywhere."),
        many=of_many(Resilience.ascendency),
    ),
    Indicator(
        "C5",
        N_("Robustness of the flows"),
        "ratio",
        robustness_measure,
        ("flows", "actors"),
        "expert",
        N_("Minus the degree of organisation times its natural logarithm."),
        N_("At most 0.37, halfway between rigid and loose; 0 at both ends."),
        many=of_many(Resilience.robustness),
    ),
    Indicator(
        "C6",
        N_("Buyers still supplied if one actor stops"),
        "share",
        availability_measure,
        ("flows", "actors"),
        "expert",
        N_(
            "Buyers that recorded flows still reach from a resource, at worst, if one single organisation "
            "stopped, over the buyers that they reach today."
        ),
        N_("1: whoever stops, every buyer keeps a supply. Low: one step carries nearly all of them."),
        many=of_many(Resilience.availability),
    ),
)
