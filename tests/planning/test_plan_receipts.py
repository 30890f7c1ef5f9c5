"""Receipts and their cap, worked out by hand: they follow the tonnes, pay yearly costs, count in part for an ACI."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from chaine_valeur.planning.plan import plan

from .plan_cases import budget, chain
from .plan_checks import sound


def paid(found: Any) -> list[list[Any]]:
    """Return the resources of a plan: year, option, item, amount."""
    rows = found.funding[found.funding["side"] == "resource"]
    return rows[["year", "option_id", "item", "amount_eur"]].values.tolist()


def spent(found: Any) -> dict[str, float]:
    return found.unspent["spent_eur"].to_dict()


def test_receipts_follow_the_tonnes_that_pass() -> None:
    # 100 t of supply, 40 through A; a company of 60 t at 50 €/t: 3 000 of the yearly 4 000, 1 000 from the budget
    f = chain(stage_id="s", structure_kind="company", capacity_t_per_year=80, receipts_eur_per_t=50,
              running_cost_eur_per_year=4000)  # fmt: skip
    f = f.with_table("budgets", pd.DataFrame(budget(amount_eur=5000)))
    found = plan(f, years=[2025], objective="served_t")
    sound(found, f)
    # served: 100 − 40 = 60 t more at most; at least cost the new one takes 80 t: 80 × 50 = 4 000, A the other 20
    assert found.value == 60.0 and found.chosen.loc["o", "t_per_year"] == 80.0
    assert paid(found) == [[2025, "o", "receipts", 4000.0]] and spent(found) == {"enveloppe": 0.0}


def test_receipts_come_only_once_it_is_in_operation() -> None:
    f = chain(stage_id="s", structure_kind="company", capacity_t_per_year=60, receipts_eur_per_t=50, delay_years=1,
              investment_eur=500, running_cost_eur_per_year=3500)  # fmt: skip
    f = f.with_table("budgets", pd.DataFrame(budget(amount_eur=1500)))
    found = plan(f, years=range(2025, 2028))
    sound(found, f)
    # 60 × 50 = 3 000 of 3 500 in 2026 and 2027: 500 at the start and 2 × 500
    assert found.by_year["receipts_eur"].tolist() == [0.0, 3000.0, 3000.0]
    assert found.by_year["from_budgets_eur"].tolist() == [500.0, 500.0, 500.0] and found.value == 2.0


def test_receipts_pay_no_investment() -> None:
    # 60 t × 1 000 € = 60 000: nothing of it pays the 500 of the start
    f = chain(stage_id="s", structure_kind="company", capacity_t_per_year=60, receipts_eur_per_t=1000,
              investment_eur=500, running_cost_eur_per_year=3500)  # fmt: skip
    assert plan(f, budgets=budget(amount_eur=499), years=[2025]).value == 0.0
    assert plan(f, budgets=budget(amount_eur=500), years=[2025]).value == 1.0


@pytest.mark.parametrize(
    ("kind", "cap", "receipts"),
    [
        ("ACI", 0.3, 3000.0),
        ("ACI", 0.5, 5000.0),
        ("ACI", 0.0, 0.0),
        ("ACI", 1.0, 6000.0),
        ("EI", 0.3, 6000.0),
    ],
)
def test_the_cap_is_that_of_an_aci_alone(kind: str, cap: float, receipts: float) -> None:
    # yearly cost 10 000; 60 t × 100 € = 6 000 could be earned; the budget pays the rest
    f = chain(stage_id="s", structure_kind=kind, capacity_t_per_year=60, receipts_eur_per_t=100,
              running_cost_eur_per_year=10000)  # fmt: skip
    f = f.with_table("budgets", pd.DataFrame(budget(amount_eur=10000)))
    found = plan(f, years=[2025], commercial_cap=cap)
    sound(found, f, commercial_cap=cap)
    assert found.by_year["receipts_eur"].tolist() == [receipts]
    assert spent(found) == {"enveloppe": 10000.0 - receipts}
    assert found.after.loc["o", "to_pay_eur_per_year"] == 10000.0 - receipts


def test_the_kind_of_the_actor_counts_where_none_is_stated() -> None:
    # an extension of A, which is an ACI: capped at 3 000 of the 60 × 100
    f = chain(
        actor_id="a",
        stage_id="s",
        capacity_t_per_year=60,
        receipts_eur_per_t=100,
        running_cost_eur_per_year=10000,
    )
    assert plan(f, budgets=budget(amount_eur=7000), years=[2025]).value == 1.0
    assert plan(f, budgets=budget(amount_eur=6999), years=[2025]).value == 0.0
    # said to be a company, it keeps all 6 000
    firm = f.with_table("options", f.options.assign(structure_kind="company"))
    assert plan(firm, budgets=budget(amount_eur=4000), years=[2025]).value == 1.0


def test_the_price_is_of_what_an_extension_adds() -> None:
    # of 100 t, 40 pass today: 60 × 10 € = 600 at most, though 100 t enter A
    f = chain(actor_id="a", stage_id="s", structure_kind="company", capacity_t_per_year=200, receipts_eur_per_t=10,
              running_cost_eur_per_year=1000)  # fmt: skip
    assert plan(f, budgets=budget(amount_eur=400), years=[2025]).value == 1.0
    assert plan(f, budgets=budget(amount_eur=399), years=[2025]).value == 0.0


def test_two_extensions_share_what_enters_beyond_today() -> None:
    # 60 t beyond today between two extensions of 60 t each, at 10 €: 600 in all for yearly costs of 500 + 500
    f = chain(actor_id="a", stage_id="s", structure_kind="company", capacity_t_per_year=60, receipts_eur_per_t=10,
              running_cost_eur_per_year=500)  # fmt: skip
    again = f.options.reset_index().assign(option_id="p", name="p")
    f = f.with_rows("options", again)
    assert plan(f, budgets=budget(amount_eur=400), years=[2025]).value == 2.0
    assert plan(f, budgets=budget(amount_eur=399), years=[2025]).value == 1.0
