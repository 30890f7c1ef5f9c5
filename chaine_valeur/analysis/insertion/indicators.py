"""The indicators and checks of insertion, as the diagnosis lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...language import N_
from ..findings import Finding
from ..indicator import Indicator
from .agreement_checks import agreements_to_fill
from .agreement_measures import (
    agreement_use_measure,
    fte_done_measure,
    lasting_exits_measure,
    planned_aid_measure,
    positive_exits_measure,
    supervision_ratio_measure,
)
from .many import Insertion, of_many
from .measures import cost_measure, leverage_measure, missed_targets, target_measure

__all__ = ["CHECKS", "INDICATORS"]

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "G1",
        N_("Insertion FTE worked under agreement"),
        "FTE",
        fte_done_measure,
        ("agreements", "actors"),
        "expert",
        N_(
            "Hours worked over the yearly hours of one FTE of that measure, summed over the agreements of SIAE."
        ),
        N_("What the agreements gave in work; jobs by stage are another count, and are not added to it."),
        many=of_many(Insertion.fte_done),
    ),
    Indicator(
        "G2",
        N_("Use of the agreements"),
        "share",
        agreement_use_measure,
        ("agreements", "actors"),
        "expert",
        N_("FTE worked over FTE agreed in the same year, over the agreements that give both."),
        N_("Below 100%: posts to fill. Above: more was worked than was agreed."),
        weighed=True,
        many=of_many(Insertion.agreement_use),
    ),
    Indicator(
        "G3",
        N_("Planned aid per post"),
        "EUR",
        planned_aid_measure,
        ("agreements", "actors"),
        "expert",
        N_("Agreed headcount times the yearly amount over 12, times the months of the agreement."),
        N_("What the State and the département plan to pay, not what they paid."),
        many=of_many(Insertion.planned_aid),
    ),
    Indicator(
        "G4",
        N_("Public cost per post"),
        "EUR/post",
        cost_measure,
        ("funding", "outcomes"),
        "essential",
        N_("Animation money granted or paid, over the posts created in the same perimeter."),
        N_("Only compares with a cost of the same perimeter: aid to the SIAE and investment are not in it."),
        many=of_many(Insertion.cost_per_post),
    ),
    Indicator(
        "G5",
        N_("Leverage of the territorial body"),
        "ratio",
        leverage_measure,
        ("funding", "actors"),
        "essential",
        N_("Animation money of other funders, over that of the territorial body."),
        N_("0.5: each euro of the territorial body brings fifty cents of others."),
        many=of_many(Insertion.leverage),
    ),
    Indicator(
        "G6",
        N_("Dynamic exits"),
        "share",
        positive_exits_measure,
        ("actors", "agreements", "outcomes"),
        "expert",
        N_("Lasting jobs, transition jobs and positive exits, over all exits."),
        N_("Says as much of the people whom structures serve as of the structures."),
        many=of_many(Insertion.positive_exits),
    ),
    Indicator(
        "G7",
        N_("Exits into a lasting job"),
        "share",
        lasting_exits_measure,
        ("actors", "agreements", "outcomes"),
        "expert",
        N_("Exits into a lasting job, over all exits."),
        N_("Says as much of the people whom structures serve as of the structures."),
        many=of_many(Insertion.lasting_exits),
    ),
    Indicator(
        "G8",
        N_("Supervision of insertion jobs"),
        "ratio",
        supervision_ratio_measure,
        ("activities", "actors"),
        "expert",
        N_("Supervision FTE over insertion FTE, over the activities that give both."),
        N_("0.2: one permanent job for five in insertion. Posts added without it cannot be held."),
        many=of_many(Insertion.supervision),
    ),
    Indicator(
        "G9",
        N_("Target reached"),
        "share",
        target_measure,
        ("outcomes",),
        "essential",
        N_("Insertion jobs reached over insertion jobs expected, in one unit and one perimeter."),
        N_("1: the target is reached."),
        many=of_many(Insertion.target_reached),
    ),
)

CHECKS: tuple[Callable[..., Iterable[Finding]], ...] = (missed_targets, agreements_to_fill)
