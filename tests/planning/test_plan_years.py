"""Plans over the years, worked out by hand: limits a year, delays, first and last years, units, what is left over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import ArgumentError
from chaine_valeur.planning.plan import plan

from .plan_cases import budget, chosen, posts
from .plan_checks import sound


def made(money: dict[str, list[Any]], links: list[tuple[str, str]] = (), **columns: Any) -> cv.Filiere:  # type: ignore[assignment]
    """Return options that cost what is stated, and budgets."""
    f = posts(**columns).with_table("budgets", pd.DataFrame(money))
    if links:
        f = f.with_table("option_links", pd.DataFrame(links, columns=["option_id", "needs_option_id"]))
    return f


# -- a limit per year spreads what could be done at once -------------------------------------------------------


def test_a_yearly_limit_spreads_the_investments() -> None:
    # three times 5 000, 5 000 a year: one each year; the largest first: 3 × 3 + 2 × 2 + 1 × 1 = 14 FTE-years
    f = made(
        budget(amount_eur=15000, yearly_limit_eur_per_year=5000),
        name=["a", "b", "c"],
        insertion_fte=[1, 2, 3],
        investment_eur=[5000] * 3,
    )
    found = plan(f, years=range(2025, 2028))
    sound(found, f)
    assert chosen(found) == {"c": 2025, "b": 2026, "a": 2027}
    assert found.value == 14.0 and found.value_at_end == 6.0
    assert found.by_year["insertion_fte"].tolist() == [3.0, 5.0, 6.0]
    assert found.by_year["from_budgets_eur"].tolist() == [5000.0] * 3


def test_without_the_limit_all_is_done_at_once() -> None:
    # the same 15 000 in the first year: 3 × (1 + 2 + 3) = 18 FTE-years
    f = made(
        budget(amount_eur=15000), name=["a", "b", "c"], insertion_fte=[1, 2, 3], investment_eur=[5000] * 3
    )
    found = plan(f, years=range(2025, 2028))
    sound(found, f)
    assert chosen(found) == {"a": 2025, "b": 2025, "c": 2025} and found.value == 18.0


def test_a_yearly_limit_under_a_price_excludes_it_for_good() -> None:
    # an investment is paid in the year of its decision: 5 000 never fit in 4 999 a year, whatever the amount
    f = made(
        budget(amount_eur=90000, yearly_limit_eur_per_year=4999),
        name=["a", "b"],
        insertion_fte=[9, 1],
        investment_eur=[5000, 4999],
    )
    found = plan(f, years=range(2025, 2028), lang="en")
    assert chosen(found) == {"b": 2025}
    assert found.why_not("a") == (
        "It costs more than what may be spent on it: the yearly limit of “Enveloppe”."
    )


def test_two_budgets_of_different_years_follow_one_another() -> None:
    # 2 000 a year for three years: b1 in 2025, b2 from 2026 on: 2 000 + 4 000
    f = made(
        {
            "name": ["b1", "b2"],
            "amount_eur": [9000, 9000],
            "first_year": [None, 2026],
            "last_year": [2025, None],
        },
        name=["a"],
        insertion_fte=[1],
        running_cost_eur_per_year=[2000],
    )
    found = plan(f, years=range(2025, 2028))
    sound(found, f)
    assert found.unspent["spent_eur"].to_dict() == {"b1": 2000.0, "b2": 4000.0}
    assert found.funding.loc[found.funding["side"] == "resource", ["year", "item"]].values.tolist() == [
        [2025, "b1"], [2026, "b2"], [2027, "b2"],
    ]  # fmt: skip


def test_a_hole_between_two_budgets_waits() -> None:
    # nobody pays in 2026: what runs every year can be decided in 2027 only
    f = made(
        {
            "name": ["b1", "b2"],
            "amount_eur": [9000, 9000],
            "first_year": [None, 2027],
            "last_year": [2025, None],
        },
        name=["a"],
        insertion_fte=[1],
        running_cost_eur_per_year=[2000],
    )
    found = plan(f, years=range(2025, 2028))
    assert chosen(found) == {"a": 2027} and found.value == 1.0


@pytest.mark.parametrize(
    ("amount", "year", "value"),
    [
        (9000, 2025, 3.0),  # 3 000 + 3 × 2 000
        (8999, 2026, 2.0),  # 3 000 + 2 × 2 000 = 7 000
        (6999, 2027, 1.0),  # 3 000 + 2 000
        (4999, None, 0.0),
    ],
)
def test_what_cannot_be_kept_up_begins_later(amount: float, year: int | None, value: float) -> None:
    f = made(
        budget(amount_eur=amount),
        name=["a"],
        insertion_fte=[1],
        investment_eur=[3000],
        running_cost_eur_per_year=[2000],
    )
    found = plan(f, years=range(2025, 2028))
    sound(found, f)
    assert chosen(found) == ({} if year is None else {"a": year}) and found.value == value


# -- delays ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("delay", "years"), [(0, [2, 2, 2]), (1, [0, 2, 2]), (2, [0, 0, 2]), (3, [0, 0, 0])])
def test_delays_push_jobs_and_yearly_costs_back(delay: int, years: list[int]) -> None:
    # yearly cost 1 000 from the start on: of the 3 000 there are, 1 000 per year in operation
    f = made(
        budget(amount_eur=3000),
        name=["a"],
        insertion_fte=[2],
        running_cost_eur_per_year=[1000],
        delay_years=[delay],
    )
    found = plan(f, years=range(2025, 2028), lang="en")
    sound(found, f)
    assert found.by_year["insertion_fte"].tolist() == [float(one) for one in years]
    assert found.by_year["cost_eur"].tolist() == [500.0 * one for one in years]
    if delay == 3:  # it would start after the plan
        assert found.not_taken["code"].to_dict() == {"a": "too_late"}
        assert found.why_not("a") == "Decided within these years, it would start after them."
    else:
        assert found.chosen.loc["a", "starts_year"] == 2025 + delay


def test_what_is_decided_already_may_start_after_the_plan() -> None:
    # 700 at the start, paid in 2025 as early as can be; nothing runs within the years
    f = made(
        budget(amount_eur=700),
        name=["a"],
        insertion_fte=[2],
        investment_eur=[700],
        running_cost_eur_per_year=[400],
        delay_years=[5],
        mandatory=[True],
    )
    found = plan(f, years=[2025, 2026], lang="en")
    sound(found, f)
    row = found.chosen.loc["a"]
    assert (row["decided_year"], row["starts_year"], row["cost_eur"]) == (2025, 2030, 700.0)
    assert (
        row["reason"]
        == "Brings 2 insertion FTE from 2030 on; already decided; in service after the years of the plan."
    )
    assert found.by_year["in_operation"].tolist() == [0, 0] and found.value == 0.0
    assert found.after.loc["a", "to_pay_eur_per_year"] == 400.0


def test_a_delay_holds_back_what_needs_it() -> None:
    # b needs a, in service in 2027 only: b waits until then, though it could be decided with it
    f = made(
        budget(amount_eur=0),
        [("b", "a")],
        name=["a", "b"],
        insertion_fte=[1, 1],
        delay_years=[2, 0],
    )
    found = plan(f, years=range(2025, 2028))
    sound(found, f)
    assert chosen(found) == {"a": 2025, "b": 2027}
    assert found.by_year["insertion_fte"].tolist() == [0.0, 0.0, 2.0]


# -- first and last years of decision --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earliest", "latest", "year"),
    [(None, None, 2025), (2026, None, 2026), (None, 2025, 2025), (2027, 2027, 2027), (2020, 2030, 2025)],
)
def test_it_is_decided_as_early_as_it_may(earliest: Any, latest: Any, year: int) -> None:
    f = made(
        budget(amount_eur=0), name=["a"], insertion_fte=[1], earliest_year=[earliest], latest_year=[latest]
    )
    found = plan(f, years=range(2025, 2028))
    sound(found, f)
    assert chosen(found) == {"a": year} and found.value == 2028 - year


@pytest.mark.parametrize(("earliest", "latest"), [(2028, None), (None, 2024)])
def test_outside_the_years_there_is_nothing_to_decide(earliest: Any, latest: Any) -> None:
    f = made(
        budget(amount_eur=0), name=["a"], insertion_fte=[1], earliest_year=[earliest], latest_year=[latest]
    )
    found = plan(f, years=range(2025, 2028))
    assert found.value == 0.0 and found.not_taken["code"].to_dict() == {"a": "outside_years"}


def test_a_last_year_and_a_limit_make_one_wait_for_the_other() -> None:
    # 5 000 a year. b (1 FTE) may be decided in 2025 only, a (3 FTE) in either year.
    # a first: 3 × 2 = 6, b never. b first: 1 × 2 + 3 × 1 = 5. So a first.
    money = budget(amount_eur=10000, yearly_limit_eur_per_year=5000)
    columns: dict[str, Any] = {"investment_eur": [5000, 5000], "latest_year": [None, 2025]}
    f = made(money, name=["a", "b"], insertion_fte=[3, 1], **columns)
    found = plan(f, years=[2025, 2026], lang="en")
    assert chosen(found) == {"a": 2025} and found.value == 6.0
    row = found.not_taken.loc["b"]
    # taken, b would push a to 2026: 5 instead of 6, and 5 000 more
    assert (row["code"], row["loss"], row["more_eur"]) == ("displaced", 1.0, 5000.0) and pd.isna(
        row["instead_of"]
    )
    assert row["reason"] == "Taking it would cost 1 FTE-year; other options would have to wait."
    # with 2 FTE b goes first: 2 × 2 + 3 × 1 = 7
    better = made(money, name=["a", "b"], insertion_fte=[3, 2], **columns)
    assert chosen(plan(better, years=[2025, 2026])) == {"b": 2025, "a": 2026}


# -- units -----------------------------------------------------------------------------------------------------


def test_units_are_decided_together_in_one_year() -> None:
    # 3 000 a year for units of 2 000: one a year would do, but an option is decided once: 1 unit in 2025, 2 years
    f = made(
        budget(amount_eur=6000, yearly_limit_eur_per_year=3000),
        name=["a"],
        insertion_fte=[1],
        investment_eur=[2000],
        units_max=[2],
    )
    found = plan(f, years=[2025, 2026])
    sound(found, f)
    assert found.chosen.loc["a", "units"] == 1 and found.value == 2.0


@pytest.mark.parametrize(("money", "units"), [(0, 0), (2999, 0), (3000, 1), (8999, 2), (9000, 3), (99000, 3)])
def test_units_follow_the_money(money: float, units: int) -> None:
    # a unit: 1 000 and 2 × 1 000 over the two years = 3 000, to be decided in the first of them
    f = made(
        budget(amount_eur=money),
        name=["a"],
        latest_year=[2025],
        insertion_fte=[1.5],
        jobs_fte=[2.5],
        investment_eur=[1000],
        running_cost_eur_per_year=[1000],
        units_max=[3],
    )
    found = plan(f, years=[2025, 2026])
    sound(found, f)
    assert found.value == 2 * 1.5 * units
    if units:
        row = found.chosen.loc["a"]
        assert (row["units"], row["jobs_fte"], row["cost_eur"]) == (units, 2.5 * units, 3000.0 * units)
        assert (row["investment_eur"], row["running_cost_eur_per_year"]) == (1000.0 * units, 1000.0 * units)


def test_fewer_units_sooner_or_more_of_them_later() -> None:
    # 2 000 a unit and year, 8 000: 2025: 1 unit × 3 years (6 000) = 3; 2026: 2 × 2 (8 000) = 4; 2027: 4 × 1 = 4.
    # 4 either way and 8 000 either way: the earlier
    f = made(
        budget(amount_eur=8000),
        name=["a"],
        insertion_fte=[1],
        running_cost_eur_per_year=[2000],
        units_max=[4],
    )
    found = plan(f, years=range(2025, 2028))
    assert found.value == 4.0 and chosen(found) == {"a": 2026} and found.chosen.loc["a", "units"] == 2


# -- which years -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [[2025.5], ["x"], [], [2026, 2025], [2025, 2025], "2025", [None], [np.nan]])
def test_years_that_are_none_are_refused(years: Any) -> None:
    f = made(budget(amount_eur=0), name=["a"], insertion_fte=[1])
    with pytest.raises(ArgumentError, match="follow one another"):
        plan(f, years=years)


def test_years_may_come_from_anything_that_counts_them() -> None:
    f = made(budget(amount_eur=0), name=["a"], insertion_fte=[1])
    for years in (iter([2025, 2026]), np.array([2025, 2026]), (2025.0, 2026.0), range(2025, 2027)):
        assert plan(f, years=years).years == (2025, 2026)  # type: ignore[arg-type]


def test_more_years_reach_no_less() -> None:
    # one option of 1 FTE at 1 000 a year, 2 500: two years are paid of three, in whichever span
    f = made(budget(amount_eur=2500), name=["a"], insertion_fte=[1], running_cost_eur_per_year=[1000])
    values = [plan(f, years=range(2025, 2025 + span)).value for span in (1, 2, 3, 4)]
    assert values == [1.0, 2.0, 2.0, 2.0]
    # of three years the last two: it cannot be stopped once begun
    assert chosen(plan(f, years=range(2025, 2028))) == {"a": 2026}
