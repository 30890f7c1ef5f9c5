"""Plans that cannot be: exactly the budgets and rules that make it so are named, in words that fit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import InfeasibleError
from chaine_valeur.planning.plan import closing, pareto, plan

from .plan_cases import budget, chain, posts


def refused(f: cv.Filiere, *, lang: str = "en", **asks: Any) -> tuple[tuple[str, ...], str]:
    """Return what a refused plan names, and its sentence."""
    with pytest.raises(InfeasibleError) as raised:
        plan(f, lang=lang, **asks)
    return raised.value.rows, str(raised.value)


def must(**columns: Any) -> cv.Filiere:
    return posts(mandatory=[True] * len(columns["name"]), **columns)


def test_the_amount_is_named_and_not_the_other_rules() -> None:
    # 7 000 of 6 000; a yearly limit and a share that would let it be are not named
    f = must(name=["a"], investment_eur=[7000])
    money = budget(amount_eur=6000, yearly_limit_eur_per_year=8000, largest_share=1.0)
    rows, text = refused(f, budgets=money, years=[2025])
    assert rows == ("mandatory:a", "budget:enveloppe")
    assert text == (
        "No plan holds all of this together: the decision already taken on “a”; the amount of “Enveloppe”. "
        "Raise a budget, or drop one of these rules."
    )


def test_the_yearly_limit_is_named() -> None:
    f = must(name=["a"], investment_eur=[7000])
    rows, text = refused(
        f, budgets=budget(amount_eur=9000, yearly_limit_eur_per_year=6000), years=[2025, 2026]
    )
    assert rows == ("mandatory:a", "yearly:enveloppe")
    assert "the yearly limit of “Enveloppe”" in text


def test_a_share_is_named_with_the_budget_that_would_complete_it() -> None:
    # 80 % of 10 000 from b1; b2 has 1 500 of the 2 000 that are missing
    f = must(name=["a"], investment_eur=[10000])
    money = {"name": ["b1", "b2"], "amount_eur": [20000, 1500], "largest_share": [0.8, None]}
    rows, _ = refused(f, budgets=money, years=[2025])
    assert rows == ("mandatory:a", "share:b1", "budget:b2")
    # alone, the share is enough
    rows, text = refused(
        f, budgets={"name": ["b1"], "amount_eur": [20000], "largest_share": [0.8]}, years=[2025]
    )
    assert rows == ("mandatory:a", "share:b1") and "the largest share that “b1” may pay" in text


def test_all_budgets_that_together_are_too_small_are_named() -> None:
    # 5 000 + 4 000 < 10 000; b3 pays for training alone and changes nothing
    f = must(name=["a"], investment_eur=[10000])
    money = {
        "name": ["b1", "b2", "b3"],
        "amount_eur": [5000, 4000, 90000],
        "purposes": [None, None, "training"],
    }
    rows, _ = refused(f, budgets=money, years=[2025])
    assert rows == ("mandatory:a", "budget:b1", "budget:b2")


def test_all_that_is_decided_and_only_that_is_named() -> None:
    # a 4 000 and b 3 000 of 6 000; c costs nothing
    f = must(name=["a", "b", "c"], investment_eur=[4000, 3000, 0])
    rows, _ = refused(f, budgets=budget(amount_eur=6000), years=[2025])
    assert rows == ("mandatory:a", "mandatory:b", "budget:enveloppe")


def test_a_smallest_set_where_one_decision_is_enough() -> None:
    # a alone is too dear: b is not named
    f = must(name=["b", "a"], investment_eur=[1000, 7000])
    rows, _ = refused(f, budgets=budget(amount_eur=6000), years=[2025])
    assert rows == ("mandatory:a", "budget:enveloppe")


def test_alternatives_that_are_both_decided() -> None:
    f = must(name=["a", "b", "c"], alternative_group=["v", "v", "w"])
    rows, text = refused(f, years=[2025])
    assert rows == ("mandatory:a", "mandatory:b", "alternative:v")
    assert "the choice of one option only in “v”" in text


def test_a_need_that_is_an_alternative_to_what_is_decided() -> None:
    f = posts(name=["a", "b", "c"], mandatory=[True, False, True], alternative_group=["v", "v", None])
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["c"], "needs_option_id": ["b"]}))
    rows, _ = refused(f, years=[2025])
    assert set(rows) == {"mandatory:a", "mandatory:c", "alternative:v", "needs:c"}


def test_years_that_do_not_meet_are_told_as_years() -> None:
    f = must(name=["a"], earliest_year=[2030])
    rows, text = refused(f, budgets=budget(amount_eur=1), years=[2025])
    assert rows == ("mandatory:a",)
    assert "“a” can only be decided outside the years of the plan" in text and "budget may pay" not in text
    _, french = refused(f, years=[2025], lang="fr")
    assert "«\u00a0a\u00a0» ne peut être décidée qu’en dehors des années du plan" in french


@pytest.mark.parametrize(
    "columns",
    [
        {"earliest_year": [None, 2026], "latest_year": [2025, None]},  # b comes after the last year of a
        {"earliest_year": [None, 2030]},  # b comes after the plan
        {"investment_eur": [0, None]},  # b is left aside
    ],
)
def test_a_need_that_comes_too_late(columns: dict[str, Any]) -> None:
    f = posts(name=["a", "b"], mandatory=[True, False], **columns)
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["a"], "needs_option_id": ["b"]}))
    rows, text = refused(f, years=[2025, 2026])
    assert rows == ("mandatory:a", "needs:a")
    assert "what “a” needs cannot be decided by then" in text and "budget may pay" not in text


def test_a_need_of_a_need_that_comes_too_late() -> None:
    f = posts(name=["a", "b", "c"], mandatory=[True, False, False], earliest_year=[None, None, 2030])
    links = pd.DataFrame({"option_id": ["a", "b"], "needs_option_id": ["b", "c"]})
    rows, text = refused(f.with_table("option_links", links), years=[2025])
    assert rows == ("mandatory:a", "needs:a", "needs:b")
    assert "what “a” needs cannot be decided by then" in text


@pytest.mark.parametrize(
    "money",
    [
        {"purposes": "training"},
        {"first_year": 2026},
        {"last_year": 2024},
        {"option_id": "b"},
    ],
)
def test_nobody_who_may_pay_is_told_as_such(money: dict[str, Any]) -> None:
    f = posts(name=["a", "b"], mandatory=[True, False], investment_eur=[1000, 0])
    rows, text = refused(f, budgets=budget(amount_eur=9000, **money), years=[2025])
    assert rows == ("mandatory:a",) and "no budget may pay for all of it in these years" in text


def test_identifiers_that_are_the_same_in_every_table() -> None:
    # option, budget and actor are all called 1: each rule has the name of its own
    f = cv.Filiere.from_tables(
        actors={"actor_id": ["1"], "name": ["Atelier"], "structure_kind": ["ACI"]},
        options={"option_id": ["1"], "name": ["Postes"], "kind": "posts", "actor_id": ["1"], "mandatory": [True],
                 "investment_eur": [7000], "running_cost_eur_per_year": [0], "insertion_fte": [1],
                 "supervision_fte": [0]},
        budgets={"budget_id": ["1"], "name": ["Enveloppe"], "amount_eur": [6000]},
    )  # fmt: skip
    rows, text = refused(f, years=[2025])
    assert rows == ("mandatory:1", "budget:1")
    assert "the decision already taken on “Postes”; the amount of “Enveloppe”" in text
    rows, text = refused(f, budgets=budget(amount_eur=7000), years=[2025], supervision_ratio=0.5)
    assert rows == ("mandatory:1", "supervision:1") and "the supervision ratio of “Atelier”" in text


# -- rules of the chain ----------------------------------------------------------------------------------------


def test_two_activities_that_cannot_both_live() -> None:
    # 100 t of supply: two of 60 t each do not fit, one does
    f = chain(stage_id="s", capacity_t_per_year=80, minimum_viable_t_per_year=60, mandatory=True)
    f = f.with_rows("options", f.options.reset_index().assign(option_id="p", name="p"))
    rows, text = refused(f, years=[2025])
    assert set(rows) == {"mandatory:o", "mandatory:p", "viability:o", "viability:p"}
    assert "the tonnage below which “o” cannot live" in text
    lower = f.with_table("options", f.options.assign(minimum_viable_t_per_year=50.0))
    assert plan(lower, years=[2025]).value == 2.0  # 50 + 50 = 100


def test_the_minimum_of_the_stage_is_named_by_the_option() -> None:
    # the stage lives from 101 t on, 100 come
    f = chain(stage_id="s", capacity_t_per_year=200, mandatory=True)
    f = f.with_table("stages", f.stages.assign(minimum_viable_t_per_year=[None, 101.0, None]))
    rows, _ = refused(f, years=[2025])
    assert rows == ("mandatory:o", "viability:o")
    hundred = f.with_table("stages", f.stages.assign(minimum_viable_t_per_year=[None, 100.0, None]))
    assert plan(hundred, years=[2025]).value == 1.0


def test_the_cap_is_named_with_the_budget_that_would_help() -> None:
    # 10 000 a year, 3 000 of receipts count, 6 999 in the budget: 1 € is missing
    f = chain(stage_id="s", structure_kind="ACI", capacity_t_per_year=60, receipts_eur_per_t=100, mandatory=True,
              running_cost_eur_per_year=10000)  # fmt: skip
    rows, text = refused(f, budgets=budget(amount_eur=6999), years=[2025])
    # without the cap 6 000 of receipts would do; without the limit of the budget 7 000
    assert rows == ("mandatory:o", "budget:enveloppe", "cap:o")
    assert "the limit on commercial receipts of “o”" in text


def test_other_questions_are_refused_alike() -> None:
    f = chain(stage_id="s", capacity_t_per_year=80, mandatory=True, investment_eur=7000)
    with pytest.raises(InfeasibleError) as raised:
        pareto(f, budgets=budget(amount_eur=6000), years=[2025], points=2)
    assert raised.value.rows == ("mandatory:o", "budget:enveloppe")
    # closing asks for no budget: only what can never be is told
    again = f.options.reset_index().assign(option_id="p", name="p")
    both = f.with_rows("options", again)
    both = both.with_table("options", both.options.assign(alternative_group="v"))
    assert closing(both, years=[2025], lang="en").reason == (
        "The options that are already decided cannot be together."
    )
