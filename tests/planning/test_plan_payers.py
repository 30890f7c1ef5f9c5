"""Who pays for what, worked out by hand: purposes, earmarks, shares, aid to posts, names that meet."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.planning.plan import plan

from .plan_cases import budget, chosen, posts
from .plan_checks import sound


def paid(found: Any) -> list[list[Any]]:
    """Return the resources of a plan: year, option, item, amount."""
    rows = found.funding[found.funding["side"] == "resource"]
    return rows[["year", "option_id", "item", "amount_eur"]].values.tolist()


def spent(found: Any) -> dict[str, float]:
    return found.unspent["spent_eur"].to_dict()


def with_money(f: cv.Filiere, **columns: list[Any]) -> cv.Filiere:
    return f.with_table("budgets", pd.DataFrame(columns))


# -- by purpose ------------------------------------------------------------------------------------------------


def test_each_purpose_finds_its_payer() -> None:
    # a: 4 000 at the start, 3 000 of training a year; b: 1 000 of animation a year. Three budgets, one each.
    f = posts(name=["a", "b"], insertion_fte=[1, 1], investment_eur=[4000, 0], running_cost_eur_per_year=[3000, 1000],
              purpose=["training", "animation"])  # fmt: skip
    f = with_money(f, name=["inv", "form", "anim"], amount_eur=[9000.0] * 3,
                   purposes=["investment", "training", "animation"])  # fmt: skip
    found = plan(f, years=[2025])
    sound(found, f)
    assert paid(found) == [
        [2025, "a", "inv", 4000.0], [2025, "a", "form", 3000.0], [2025, "b", "anim", 1000.0],
    ]  # fmt: skip
    uses = found.funding[found.funding["side"] == "use"]
    assert uses[["item", "purpose"]].values.tolist() == [
        ["investment", "investment"], ["running", "training"], ["running", "animation"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("purposes", "value"),
    [
        ("operation", 0.0),  # the start has no payer
        ("investment", 0.0),  # the yearly cost has none
        ("investment;operation", 1.0),
        ("operation;investment;training", 1.0),
        ("training;animation", 0.0),
        (None, 1.0),
    ],
)
def test_a_blank_purpose_is_operation(purposes: str | None, value: float) -> None:
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[2000], running_cost_eur_per_year=[1000])
    f = f.with_table("budgets", pd.DataFrame(budget(amount_eur=3000, purposes=purposes)))
    found = plan(f, years=[2025], lang="en")
    sound(found, f)
    assert found.value == value
    if not value:
        assert found.not_taken["code"].to_dict() == {"a": "no_payer"}
        assert found.why_not("a") == (
            "No budget may pay for all of its costs, by their purpose or their years."
        )


def test_a_yearly_cost_may_be_an_investment_too() -> None:
    # rent of a machine, called an investment: the budget for investments alone pays for both
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[2000], running_cost_eur_per_year=[1000],
              purpose=["investment"])  # fmt: skip
    f = f.with_table("budgets", pd.DataFrame(budget(amount_eur=3000, purposes="investment")))
    assert plan(f, years=[2025]).value == 1.0


# -- by option -------------------------------------------------------------------------------------------------


def test_money_kept_for_an_option_goes_to_no_other() -> None:
    # 6 000 in all, 4 000 of them for b: a (5 FTE for 5 000) has 2 000 only; b (1 FTE for 4 000) is paid by its own
    f = posts(name=["a", "b"], insertion_fte=[5, 1], investment_eur=[5000, 4000])
    f = with_money(f, name=["all", "own"], amount_eur=[2000.0, 4000.0], option_id=[None, "b"])
    found = plan(f, years=[2025], lang="en")
    sound(found, f)
    assert chosen(found) == {"b": 2025} and spent(found) == {"all": 0.0, "own": 4000.0}
    assert found.not_taken["code"].to_dict() == {"a": "money"}
    assert found.why_not("a") == "It costs more than what may be spent on it: the amount of “all”."


def test_an_earmark_frees_the_money_for_all() -> None:
    # b may take 3 000 of its own and 1 000 of the rest: 5 000 are left for a
    f = posts(name=["a", "b"], insertion_fte=[5, 1], investment_eur=[5000, 4000])
    f = with_money(f, name=["all", "own"], amount_eur=[6000.0, 3000.0], option_id=[None, "b"])
    found = plan(f, years=[2025])
    sound(found, f)
    assert found.value == 6.0 and spent(found) == {"all": 6000.0, "own": 3000.0}


def test_the_money_of_an_option_left_aside_is_left_over() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 9], investment_eur=[1000, None])
    f = with_money(f, name=["own"], amount_eur=[9000.0], option_id=["b"])
    found = plan(f, years=[2025])
    assert found.value == 0.0 and spent(found) == {"own": 0.0}
    assert found.not_taken["code"].to_dict() == {"b": "unknown_cost", "a": "no_payer"}


# -- shares ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "own", "value"),
    [
        (0.5, 5000.0, 1.0),  # half of 10 000 each
        (0.5, 4999.0, 0.0),
        (0.8, 2000.0, 1.0),
        (0.8, 1999.0, 0.0),
        (1.0, 0.0, 1.0),
        (0.0, 10000.0, 1.0),  # it may pay nothing
        (0.0, 9999.0, 0.0),
    ],
)
def test_a_share_asks_another_to_pay_the_rest(share: float, own: float, value: float) -> None:
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[10000])
    f = with_money(f, name=["b1", "b2"], amount_eur=[90000.0, own], largest_share=[share, None])
    found = plan(f, years=[2025], lang="en")
    sound(found, f)
    assert found.value == value
    if not value:  # more of the other or a larger share of this one: neither alone is named
        assert found.not_taken["code"].tolist() == ["money"]
        assert found.why_not("a") == (
            "It costs more than what may be spent on it: the largest share that “b1” may pay and the amount of “b2”."
        )


def test_a_share_is_of_the_expenses_that_a_budget_may_pay() -> None:
    # 4 000 at the start, eligible: 40 % are 1 600; whoever pays the rest and 3 × 2 000 needs 8 400
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[4000], running_cost_eur_per_year=[2000])
    money = {"name": ["start", "all"], "largest_share": [0.4, None], "purposes": ["investment", None]}
    found = plan(with_money(f, amount_eur=[4000.0, 8400.0], **money), years=range(2025, 2028))
    sound(found, with_money(f, amount_eur=[4000.0, 8400.0], **money))
    assert found.value == 3.0 and spent(found) == {"start": 1600.0, "all": 8400.0}
    assert plan(with_money(f, amount_eur=[4000.0, 8399.0], **money), years=range(2025, 2028)).value < 3.0


def test_a_share_is_of_each_option() -> None:
    # half of each: 3 000 of a, 1 000 of b, the other half from b2
    f = posts(name=["a", "b"], insertion_fte=[1, 1], investment_eur=[6000, 2000])
    f = with_money(f, name=["b1", "b2"], amount_eur=[9000.0, 4000.0], largest_share=[0.5, None])
    found = plan(f, years=[2025])
    sound(found, f)
    assert paid(found) == [
        [2025, "a", "b1", 3000.0], [2025, "a", "b2", 3000.0], [2025, "b", "b1", 1000.0], [2025, "b", "b2", 1000.0],
    ]  # fmt: skip


def test_shares_of_two_budgets_that_do_not_make_a_whole() -> None:
    # 0.5 + 0.4 < 1: the aid of 1 000 pays the last tenth of the yearly 10 000
    f = posts(name=["a"], insertion_fte=[1], running_cost_eur_per_year=[10000], post_aid_eur_per_year=[1000])
    f = with_money(f, name=["b1", "b2"], amount_eur=[9000.0] * 2, largest_share=[0.5, 0.4])
    found = plan(f, years=[2025])
    sound(found, f)
    assert paid(found) == [
        [2025, "a", "b1", 5000.0],
        [2025, "a", "b2", 4000.0],
        [2025, "a", "post_aid", 1000.0],
    ]
    without = f.with_table("options", f.options.assign(post_aid_eur_per_year=999.0))
    assert plan(without, years=[2025]).value == 0.0


# -- aid to posts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("aid", "budget_eur"), [(0, 6000), (1500, 3000), (3000, 0), (9000, 0)])
def test_aid_comes_per_unit_and_never_beyond_the_cost(aid: float, budget_eur: float) -> None:
    # 2 units of 3 000 a year
    f = posts(
        name=["a"],
        insertion_fte=[1],
        running_cost_eur_per_year=[3000],
        post_aid_eur_per_year=[aid],
        units_max=[2],
    )
    f = f.with_table("budgets", pd.DataFrame(budget(amount_eur=6000)))
    found = plan(f, years=[2025])
    sound(found, f)
    assert found.chosen.loc["a", "units"] == 2 and spent(found) == {"enveloppe": float(budget_eur)}
    assert found.after.loc["a"].tolist()[1:] == [6000.0, min(2.0 * aid, 6000.0), 0.0, float(budget_eur)]


def test_aid_begins_with_the_operation() -> None:
    # aid 1 000 a year, from 2026 on, like the cost of 1 500
    f = posts(name=["a"], insertion_fte=[1], running_cost_eur_per_year=[1500], post_aid_eur_per_year=[1000],
              delay_years=[1])  # fmt: skip
    f = f.with_table("budgets", pd.DataFrame(budget(amount_eur=1000)))
    found = plan(f, years=range(2025, 2028))
    assert found.by_year["post_aid_eur"].tolist() == [0.0, 1000.0, 1000.0]
    assert found.by_year["from_budgets_eur"].tolist() == [0.0, 500.0, 500.0]


def test_aid_of_one_option_pays_for_no_other() -> None:
    # 3 000 of aid too many with a; b lacks 1 €
    f = posts(name=["a", "b"], insertion_fte=[1, 1], running_cost_eur_per_year=[1000, 1000],
              post_aid_eur_per_year=[4000, 999])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=0), years=[2025])
    assert chosen(found) == {"a": 2025} and found.not_taken["code"].to_dict() == {"b": "money"}


# -- names that meet -------------------------------------------------------------------------------------------


def test_budgets_called_like_what_else_pays() -> None:
    # 1 000 at the start and 500 a year, of which aid pays 200: 1 300 from two budgets with ill-chosen names
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[1000], running_cost_eur_per_year=[500],
              post_aid_eur_per_year=[200])  # fmt: skip
    f = with_money(
        f, budget_id=["post_aid", "receipts"], name=["Aide", "Recettes"], amount_eur=[700.0, 600.0]
    )
    found = plan(f, years=[2025])
    sound(found, f)
    assert spent(found) == {"post_aid": 700.0, "receipts": 600.0}
    line = found.by_year.loc[2025, ["from_budgets_eur", "post_aid_eur", "receipts_eur"]]
    assert line.tolist() == [1300.0, 200.0, 0.0]
    assert found.chosen.loc["a", "from_budgets_eur"] == 1300.0


def test_an_option_called_like_an_actor_is_another_structure() -> None:
    # the new structure « Atelier » has 4 posts and nobody to supervise them; b is of the actor « Atelier »
    f = posts(name=["Atelier", "b"], structure_kind=["ACI", None], actor_id=[None, "atelier"], insertion_fte=[4, 1],
              supervision_fte=[0, 1])  # fmt: skip
    found = plan(f, years=[2025], supervision_ratio=0.25, lang="en")
    assert chosen(found) == {"b": 2025}
    assert found.why_not("atelier") == "It does not go together with the supervision ratio of “Atelier”."
