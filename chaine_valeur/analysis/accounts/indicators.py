"""The indicators of accounts as the diagnosis lists them."""

from __future__ import annotations

from ...language import N_
from ..indicator import Indicator
from .many import Accounts, of_many
from .measures import (
    break_even_measure,
    insertion_per_t_measure,
    integration_measure,
    jobs_per_t_measure,
    margin_measure,
    pole_share_measure,
    total_value_added_measure,
    value_added_measure,
)

__all__ = ["INDICATORS"]

_MONEY = ("flows", "costs", "markets", "activities", "actors")

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "F1",
        N_("Direct value added"),
        "EUR/year",
        value_added_measure,
        _MONEY,
        "expert",
        N_("What each actor sells less what it buys (goods and services), added up over the known accounts."),
        N_("What is left to pay work, taxes, rent, interest and the enterprise itself."),
        many=of_many(Accounts.value_added),
    ),
    Indicator(
        "F2",
        N_("Value added of the filière, with its suppliers"),
        "EUR/year",
        total_value_added_measure,
        _MONEY,
        "expert",
        N_("Direct value added; the upper bound takes all that is bought from others as value added by them."),
        N_("Between the two bounds: what the filière brings, its suppliers included."),
        many=of_many(Accounts.total_value_added),
    ),
    Indicator(
        "F3",
        N_("Value added of the college that has most"),
        "share",
        pole_share_measure,
        _MONEY,
        "expert",
        N_("Value added of the actors of a college, over that of all actors whose college is stated."),
        N_("Who captures the value: to be set beside who carries the jobs."),
        weighed=True,
        many=of_many(Accounts.pole_share),
    ),
    Indicator(
        "F5",
        N_("Activities that reach their break-even tonnage"),
        "share",
        break_even_measure,
        ("activities", "flows", "costs", "markets"),
        "expert",
        N_("Fixed costs less yearly subsidies, over the margin per tonne entering, compared with these tonnes."),
        N_("1: every activity covers its fixed costs. Below: activities to be consolidated."),
        many=of_many(Accounts.break_even),
        counts="activities",
    ),
    Indicator(
        "F6",
        N_("Net margin per tonne entering"),
        "EUR/t",
        margin_measure,
        _MONEY,
        "expert",
        N_("Sales and subsidies less all costs of the known accounts, over the tonnes they receive from others."),
        N_("Negative: what a support per tonne would have to bring. Compare with the support per tonne sorted."),
        many=of_many(Accounts.margin),
    ),
    Indicator(
        "F7",
        N_("Jobs per tonne entering"),
        "FTE/t",
        jobs_per_t_measure,
        ("activities", "flows", "actors"),
        "expert",
        N_("FTE of the actors that work on the material, over the tonnes that reach them from others."),
        N_("How many jobs a tonne carries from one end of the filière to the other."),
        many=of_many(Accounts.jobs),
    ),
    Indicator(
        "G11",
        N_("Insertion FTE per tonne entering"),
        "FTE/t",
        insertion_per_t_measure,
        ("activities", "flows", "actors"),
        "expert",
        N_("Insertion FTE of the actors that work on the material, over the tonnes that reach them from others."),
        N_("How much insertion work a tonne carries."),
        many=of_many(Accounts.insertion),
    ),
    Indicator(
        "E7",
        N_("Territorial integration"),
        "share",
        integration_measure,
        (*_MONEY, "territories"),
        "expert",
        N_("Value added of local actors over what the known accounts sell to others; local purchases: bounds."),
        N_("The share of the value of the production that stays in the territory."),
        weighed=True,
        many=of_many(Accounts.integration),
    ),
)  # fmt: skip
