"""The reconciliation indicators as the diagnosis lists them."""

from __future__ import annotations

from ...language import N_
from ..indicator import Indicator
from .measures import checked_measure, known_measure, suspects_measure

__all__ = ["INDICATORS"]

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "B6",
        N_("Figures to be checked"),
        "count",
        suspects_measure,
        ("flows", "activities", "stages", "recipes", "constraints"),
        "essential",
        N_(
            "Flows that the balances, recipes and relations move by two standard deviations or more, when all "
            "declared figures are brought together with the least change that their uncertainties allow."
        ),
        N_(
            "0: the declared figures fit together. Otherwise, the first ones to go back to their source with."
        ),
        counts="flows",
    ),
    Indicator(
        "B3",
        N_("Flows that are known"),
        "share",
        known_measure,
        ("flows", "activities", "stages", "recipes", "constraints"),
        "expert",
        N_("Flows that are declared, or that the others tell through the balances, over all flows."),
        N_("1: each flow is known. The others are only known to lie within a range."),
        counts="flows",
    ),
    Indicator(
        "B3-checked",
        N_("Flows that others check"),
        "share",
        checked_measure,
        ("flows", "activities", "stages", "recipes", "constraints"),
        "expert",
        N_(
            "Declared flows that at least one balance, recipe or relation confirms or contradicts, over all "
            "those declared."
        ),
        N_("0: nothing contradicts the figures, since nothing checks them."),
        counts="flows",
    ),
)
