"""Plans with the chain inside, worked out by hand: each number is derived beside it."""

from __future__ import annotations

import pytest

from chaine_valeur.planning.plan import plan

from .plan_cases import budget, chain


def test_an_extension_serves_what_it_lets_through() -> None:
    # 40 t today; 25 more from 2026 on
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=25, delay_years=1)
    found = plan(f, years=[2025, 2026], objective="served_t")
    assert found.by_year["served_t_per_year"].tolist() == [40.0, 65.0]
    assert (found.value, found.value_at_end) == (25.0, 25.0)
    assert found.chosen.loc["o", "t_per_year"] == 25.0
    assert found.served[["year", "served_t_per_year"]].values.tolist() == [[2025, 40.0], [2026, 65.0]]
    assert found.flows["new"].tolist() == [False] * 4


def test_a_new_activity_is_joined_to_its_neighbours() -> None:
    f = chain(stage_id="s", structure_kind="ACI", capacity_t_per_year=30)
    found = plan(f, years=[2025], objective="served_t")
    new = found.flows[found.flows["new"]]
    assert new[["source", "target", "t_per_year"]].values.tolist() == [
        ["r", "plan-o", 30.0],
        ["plan-o", "m", 30.0],
    ]
    assert found.value == 30.0


def test_a_blank_capacity_is_bounded_by_the_chain() -> None:
    # nothing but the supply of 100 t limits it: 60 t beyond the 40 of today
    assert plan(chain(stage_id="s"), years=[2025], objective="served_t").value == 60.0


@pytest.mark.parametrize(("minimum", "value"), [(60, 1.0), (61, 1.0), (100, 1.0), (101, 0.0)])
def test_viability_of_a_new_activity(minimum: float, value: float) -> None:
    # all of the 100 t may go to the new one rather than to A
    f = chain(stage_id="s", capacity_t_per_year=200, minimum_viable_t_per_year=minimum)
    found = plan(f, years=[2025])
    assert found.value == value
    assert found.not_taken["code"].tolist() == ([] if value else ["viability"])


@pytest.mark.parametrize(("minimum", "value"), [(60, 1.0), (61, 0.0)])
def test_viability_of_an_extension_is_beyond_today(minimum: float, value: float) -> None:
    # of 100 t of supply 40 enter today: 60 at most are its own
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=200, minimum_viable_t_per_year=minimum)
    assert plan(f, years=[2025]).value == value


@pytest.mark.parametrize(("cap", "budget_eur"), [(0.3, 4000.0), (0.5, 2000.0)])
def test_receipts_of_an_aci_are_capped(cap: float, budget_eur: float) -> None:
    # yearly cost 10 000, aid 3 000, receipts 60 t × 100 € = 6 000, of which 3 000 (5 000) count
    f = chain(stage_id="s", structure_kind="ACI", capacity_t_per_year=60, receipts_eur_per_t=100,
              running_cost_eur_per_year=10000, post_aid_eur_per_year=3000)  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=budget_eur), years=[2025], commercial_cap=cap)
    assert found.value == 1.0 and found.unspent["spent_eur"].tolist() == [budget_eur]
    assert plan(f, budgets=budget(amount_eur=budget_eur - 1), years=[2025], commercial_cap=cap).value == 0.0
    # a company keeps all of its receipts: 1 000 are missing
    firm = chain(stage_id="s", structure_kind="company", capacity_t_per_year=60, receipts_eur_per_t=100,
                 running_cost_eur_per_year=10000, post_aid_eur_per_year=3000)  # fmt: skip
    assert plan(firm, budgets=budget(amount_eur=1000), years=[2025]).value == 1.0


def test_gaps_that_options_close() -> None:
    f = chain(stage_id="s", capacity_t_per_year=10)
    without = f.without_rows("activities", f.activities.index[f.activities["stage_id"] == "s"])
    found = plan(without, years=[2025, 2026], objective="closed_gaps")
    assert found.by_year["closed_gaps"].tolist() == [1, 1] and found.value == 2.0
    assert plan(f, years=[2025], objective="closed_gaps").value == 0.0  # A holds the stage already
