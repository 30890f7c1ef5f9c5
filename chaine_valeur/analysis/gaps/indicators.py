"""The gap indicators as the diagnosis lists them."""

from __future__ import annotations

from ...language import N_
from ..indicator import Indicator
from .measures import (
    completeness_measure,
    coverage_measure,
    dead_end_measure,
    fragility_measure,
    missing_passage_measure,
    missing_weight_measure,
    orphan_measure,
    wide_coverage_measure,
)

__all__ = ["INDICATORS"]

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "A1",
        N_("Stage coverage in the territory"),
        "share",
        coverage_measure,
        ("stages", "activities", "actors", "territories"),
        "essential",
        N_("Stages expected locally that an active actor of the territory holds, over all expected locally."),
        N_("1: every stage expected locally has an actor in the territory."),
    ),
    Indicator(
        "A1-anywhere",
        N_("Stage coverage, wherever the actors are"),
        "share",
        wide_coverage_measure,
        ("stages", "activities", "actors"),
        "expert",
        N_("Required stages that an active actor holds, in the territory or not, over required stages."),
        N_("Compared with the coverage in the territory: what is held elsewhere."),
    ),
    Indicator(
        "A2",
        N_("Weight of the missing stages"),
        "share",
        missing_weight_measure,
        ("stage_links", "stages", "activities"),
        "expert",
        N_("Each stage weighs the share of the expected paths that pass it; missing weight over all weight."),
        N_("0: no stage is missing. The higher, the more outlets the missing stages hold back."),
        weighed=True,
    ),
    Indicator(
        "A3",
        N_("Missing passages"),
        "share",
        missing_passage_measure,
        ("stage_links", "flows", "activities"),
        "essential",
        N_("Expected passages that no active flow makes, over expected passages."),
        N_("0: all that should pass does. High with a good coverage: actors are there, and not connected."),
    ),
    Indicator(
        "A4",
        N_("Complete paths"),
        "share",
        completeness_measure,
        ("stage_links", "stages", "flows", "activities"),
        "essential",
        N_("Paths from resource to market of which every stage and passage is there, over expected paths."),
        N_("The share of the outlets that are really reached."),
    ),
    Indicator(
        "A5",
        N_("Tonnes at a dead end"),
        "share",
        dead_end_measure,
        ("flows", "actors", "activities"),
        "essential",
        N_("Tonnes that reach an actor which is no market and from which nothing leaves, over all tonnes."),
        N_("0: no recorded flow ends where nothing leaves; what is made and not recorded further is in the balances."),
        weighed=True,
    ),
    Indicator(
        "A6",
        N_("Actors without supply"),
        "count",
        orphan_measure,
        ("flows", "actors", "activities"),
        "expert",
        N_("Active actors of the chain, suppliers apart, that no flow reaches."),
        N_("Each is a capacity or an outlet that waits for material, or a flow that nobody declared."),
    ),
    Indicator(
        "A12",
        N_("Stages resting on one actor"),
        "share",
        fragility_measure,
        ("stages", "activities", "actors"),
        "essential",
        N_("Required stages that one single actor holds, over required stages that are held."),
        N_("The higher, the more stages are one departure away from missing: to be secured."),
    ),
)  # fmt: skip
