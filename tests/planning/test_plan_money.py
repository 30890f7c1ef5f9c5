"""Plans under budgets, worked out by hand: each number is derived beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from chaine_valeur.errors import InfeasibleError
from chaine_valeur.planning.plan import plan

from .plan_cases import budget, chosen, posts


def test_the_knapsack_is_not_filled_greedily() -> None:
    # with 10: c alone (6 FTE for 10) beats a + nothing (5 for 6, the best per euro), since a + b cost 11
    f = posts(name=["a", "b", "c"], insertion_fte=[5, 4, 6], investment_eur=[6000, 5000, 10000])
    found = plan(f, budgets=budget(amount_eur=10000), years=[2025])
    assert chosen(found) == {"c": 2025}
    assert (found.value, found.value_at_end, found.status, found.gap) == (6.0, 6.0, "optimal", 0.0)
    assert found.unspent.loc["enveloppe"].tolist() == ["Enveloppe", 10000.0, 10000.0, 0.0]


def test_ties_go_to_the_cheapest_then_to_the_first() -> None:
    f = posts(
        name=["a", "b", "c"],
        insertion_fte=[2, 2, 2],
        investment_eur=[9000, 5000, 5000],
        alternative_group=["v"] * 3,
    )
    found = plan(f, budgets=budget(amount_eur=20000), years=[2025, 2026])
    assert chosen(found) == {"b": 2025}  # 4 FTE-years either way; b and c cost the same, b stands first
    assert found.not_taken["code"].to_dict() == {"a": "alternative", "c": "alternative"}


def test_running_costs_and_delays_over_the_years() -> None:
    # decided in 2025 with a delay of a year: in operation 2026 and 2027; 10 000 + 2 × 4 000 = 18 000
    f = posts(
        name=["a"],
        insertion_fte=[3],
        investment_eur=[10000],
        running_cost_eur_per_year=[4000],
        delay_years=[1],
    )
    found = plan(f, budgets=budget(amount_eur=18000), years=range(2025, 2028))
    assert found.by_year["insertion_fte"].tolist() == [0.0, 3.0, 3.0]
    assert found.by_year["from_budgets_eur"].tolist() == [10000.0, 4000.0, 4000.0]
    assert found.chosen.loc["a", ["decided_year", "starts_year", "cost_eur"]].tolist() == [
        2025,
        2026,
        18000.0,
    ]
    # one euro less: decided in 2026 instead, in operation in 2027 alone
    later = plan(f, budgets=budget(amount_eur=17999), years=range(2025, 2028))
    assert chosen(later) == {"a": 2026} and later.value == 3.0


def test_units_are_counted() -> None:
    # 3 units at most, 4 000 each: 2 of them for 9 000
    f = posts(name=["a"], insertion_fte=[1.5], investment_eur=[4000], units_max=[3])
    found = plan(f, budgets=budget(amount_eur=9000), years=[2025])
    assert found.chosen.loc["a", ["units", "insertion_fte", "investment_eur"]].tolist() == [2, 3.0, 8000.0]


def test_aid_to_posts_pays_yearly_costs_only() -> None:
    # aid 6 000 pays the yearly 5 000 in full, and nothing of the investment of 2 000
    f = posts(
        name=["a"],
        insertion_fte=[1],
        investment_eur=[2000],
        running_cost_eur_per_year=[5000],
        post_aid_eur_per_year=[6000],
    )
    found = plan(f, budgets=budget(amount_eur=2000), years=[2025])
    assert found.value == 1.0
    assert found.funding[["side", "item", "amount_eur"]].values.tolist() == [
        ["use", "investment", 2000.0], ["use", "running", 5000.0], ["resource", "enveloppe", 2000.0],
        ["resource", "post_aid", 5000.0],
    ]  # fmt: skip
    assert found.after.loc["a", "to_pay_eur_per_year"] == 0.0
    with pytest.raises(InfeasibleError):
        plan(
            f.with_table("options", f.options.assign(mandatory=True)),
            budgets=budget(amount_eur=1999),
            years=[2025],
        )


@pytest.mark.parametrize(
    ("limits", "value"),
    [
        ({}, 2.0),
        ({"yearly_limit_eur_per_year": 5999.0}, 0.0),  # 6 000 in 2025
        ({"yearly_limit_eur_per_year": 6000.0}, 2.0),
        ({"purposes": "investment"}, 0.0),  # the yearly cost has no payer
        ({"purposes": "investment;training"}, 2.0),
        ({"first_year": 2026}, 1.0),  # decided in 2026: 4 000 + 2 000, one year of operation
        ({"last_year": 2025}, 0.0),  # nobody would pay in 2026; decided in 2026 neither
        ({"largest_share": 0.9}, 0.0),
        ({"option_id": "b"}, 0.0),
    ],
)
def test_what_a_budget_may_pay(limits: dict[str, Any], value: float) -> None:
    # a: 4 000 at the start, 2 000 of training a year
    f = posts(name=["a", "b"], insertion_fte=[1, 0], investment_eur=[4000, 0], running_cost_eur_per_year=[2000, 0],
              purpose=["training", None])  # fmt: skip
    assert plan(f, budgets=budget(amount_eur=8000, **limits), years=[2025, 2026]).value == value


def test_a_share_that_another_budget_completes() -> None:
    # 80 % of 10 000 is 8 000 of the 9 000 of b1: b2 has to bring 2 000
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[10000])
    money = {"name": ["b1", "b2"], "amount_eur": [9000, 2000], "largest_share": [0.8, None]}
    found = plan(f, budgets=money, years=[2025])
    assert found.unspent["spent_eur"].to_dict() == {"b1": 8000.0, "b2": 2000.0}


def test_precedence_and_alternatives() -> None:
    f = posts(name=["a", "b", "c"], insertion_fte=[5, 0, 1], investment_eur=[1000, 3000, 1000],
              alternative_group=[None, "v", "v"])  # fmt: skip
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["a"], "needs_option_id": ["b"]}))
    # a needs b: 4 000; with 3 999 only c is left
    assert chosen(plan(f, budgets=budget(amount_eur=4000), years=[2025])) == {"a": 2025, "b": 2025}
    poor = plan(f, budgets=budget(amount_eur=3999), years=[2025])
    assert chosen(poor) == {"c": 2025}
    assert poor.not_taken["code"].to_dict() == {"a": "money", "b": "alternative"}
    # b can be decided in 2026 only: so is a
    late = f.with_table(
        "options", f.options.assign(earliest_year=pd.array([None, 2026, None], dtype="Int64"))
    )
    late = late.with_table("option_links", f.option_links)
    assert chosen(plan(late, budgets=budget(amount_eur=4000), years=[2025, 2026])) == {"a": 2026, "b": 2026}


def test_supervision_of_an_insertion_structure() -> None:
    # ratio 0.25: 4 posts ask for 1 FTE of supervision, which only b brings
    f = posts(
        name=["a", "b"],
        actor_id=["atelier"] * 2,
        insertion_fte=[4, 0],
        supervision_fte=[0, 1],
        investment_eur=[1000, 5000],
    )
    free = plan(f, budgets=budget(amount_eur=6000), years=[2025])
    assert chosen(free) == {"a": 2025}
    held = plan(f, budgets=budget(amount_eur=6000), years=[2025], supervision_ratio=0.25)
    assert chosen(held) == {"a": 2025, "b": 2025}
    poor = plan(f, budgets=budget(amount_eur=5999), years=[2025], supervision_ratio=0.25)
    assert chosen(poor) == {} and poor.not_taken["code"].to_dict() == {"a": "supervision", "b": "no_gain"}
    # a company is no insertion structure
    usine = f.with_table("options", f.options.assign(actor_id="usine"))
    assert chosen(plan(usine, budgets=budget(amount_eur=1000), years=[2025], supervision_ratio=0.25)) == {
        "a": 2025
    }


def test_supervision_counts_what_is_there_today() -> None:
    f = posts(name=["a"], actor_id=["atelier"], insertion_fte=[2], supervision_fte=[0])
    f = f.with_table("stages", pd.DataFrame({"name": ["Tri"]}))
    # today 6 posts, 2 of supervision: 2 / 8 = 0.25 holds, 0.26 does not
    act = pd.DataFrame(
        {"actor_id": ["atelier"], "stage_id": ["tri"], "insertion_fte": [6.0], "supervision_fte": [2.0]}
    )
    f = f.with_table("activities", act)
    assert plan(f, years=[2025], supervision_ratio=0.25).value == 2.0
    assert plan(f, years=[2025], supervision_ratio=0.26).value == 0.0
    # below the ratio today already: allowed as long as nothing is added
    assert plan(f, years=[2025], supervision_ratio=0.5).status == "optimal"


@pytest.mark.parametrize(
    ("limits", "least"),
    [
        ({"purposes": "investment"}, 2000.0 + 3000.0),  # half of 4 000: the yearly cost is not eligible
        ({}, 2000.0 + 1500.0),  # half of 4 000 + 3 × 1 000
        ({"last_year": 2025}, 4500.0),  # half of 4 000 + 1 000: what is spent in 2025
        ({"purposes": "operation", "first_year": 2026}, 6000.0),  # half of 2 × 1 000
    ],
)
def test_a_largest_share_is_that_of_what_the_budget_may_pay(limits: dict[str, Any], least: float) -> None:
    # a costs 4 000 at the start and 1 000 a year over three years, 7 000 in all; the town pays what the Region may not
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[4000], running_cost_eur_per_year=[1000])
    region = {"name": "region", "amount_eur": 20000, "largest_share": 0.5}

    def reached(town: float) -> float:
        money = pd.DataFrame([region | limits, {"name": "town", "amount_eur": town}])
        return plan(f, budgets=money, years=[2025, 2026, 2027]).value

    assert reached(least) == 3.0
    assert reached(least - 1) < 3.0
