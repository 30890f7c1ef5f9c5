"""The indicators of balances and flows as the diagnosis lists them."""

from __future__ import annotations

from ...language import N_
from ..indicator import Indicator
from .many import balances_of_many, recovery_of_many, unmet_of_many, utilization_of_many
from .measures import (
    balance_measure,
    recovery_measure,
    unmet_measure,
    unused_measure,
    utilization_measure,
)
from .uses.many import unused_of_many

__all__ = ["INDICATORS"]

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "A7",
        N_("Unmet demand"),
        "share",
        unmet_measure,
        ("markets", "flows", "activities", "stages"),
        "essential",
        N_("Demands less what reaches the buyers today of the material asked for, over demands."),
        N_("0: all that is asked for is served. The higher, the more market is waiting."),
        weighed=True,
        many=unmet_of_many,
    ),
    Indicator(
        "A8",
        N_("Unused resource"),
        "share",
        unused_measure,
        ("markets", "flows", "activities", "stages"),
        "expert",
        N_("Supplies at the firmest level stated, less what leaves of them, over supplies."),
        N_("The share of what is at hand that nobody is recorded to use."),
        weighed=True,
        many=unused_of_many,
    ),
    Indicator(
        "B1",
        N_("Balances that add up"),
        "share",
        balance_measure,
        ("flows", "activities", "recipes"),
        "expert",
        N_("Balances of which what enters, less what leaves, is stored or lost, is within twice its uncertainty."),
        N_("1: the figures fit together. Otherwise some flow is wrong, or was not told."),
        many=balances_of_many,
    ),
    Indicator(
        "B7",
        N_("Highest utilization"),
        "share",
        utilization_measure,
        ("activities", "flows", "stages"),
        "expert",
        N_("What enters an activity over its capacity, for the activity where it is highest."),
        N_("Above 0.9: nearly saturated. Above 1: a figure is to be checked."),
        weighed=True,
        many=utilization_of_many,
    ),
    Indicator(
        "B12",
        N_("Recovery rate of what is sorted"),
        "share",
        recovery_measure,
        ("flows", "recipes", "stages", "materials"),
        "expert",
        N_("What sorting stages send on as anything but waste, over what enters them."),
        N_("Compare only rates of the same denominator: sorted, collected or put on the market."),
        weighed=True,
        many=recovery_of_many,
    ),
)  # fmt: skip
