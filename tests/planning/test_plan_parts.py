"""What a plan is made of: the filière with every option, years, gaps, rules that exclude one another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import MissingTableError
from chaine_valeur.planning.plan import closing, plan
from chaine_valeur.planning.plan.extended import extended_of
from chaine_valeur.planning.plan.gaps import gaps_of
from chaine_valeur.planning.plan.infeasible import conflict
from chaine_valeur.planning.plan.model import model_of
from chaine_valeur.planning.plan.rules import Rules
from chaine_valeur.planning.plan.solve import solved
from chaine_valeur.planning.plan.tables import asked_of

from .plan_cases import budget, chain, posts


def option(**columns: Any) -> dict[str, Any]:
    """Return an option that costs nothing."""
    free = {"kind": "activity", "investment_eur": 0.0, "running_cost_eur_per_year": 0.0, "insertion_fte": 1.0}
    return free | columns


# -- the filière with every option -----------------------------------------------------------------------------


def test_every_option_has_its_place_and_is_closed() -> None:
    f = chain(stage_id="s", capacity_t_per_year=10)
    f = f.with_rows("options", [option(option_id="w", name="w", actor_id="a", stage_id="s")])
    found = extended_of(f, f.options)
    assert found.activity == {"o": ("plan-o", "s"), "w": ("a", "s")}
    assert found.new == {"o"} and found.told == {} and found.passages == {}
    acts = found.filiere.activities.set_index(["actor_id", "stage_id"])["capacity_t_per_year"]
    assert acts["plan-o", "s"] == 0.0 and acts["a", "s"] == 40.0  # closed; as today
    flows = found.filiere.flows
    new = flows[flows.index.str.startswith("plan-")]
    assert set(zip(new["source"], new["target"], strict=True)) == {("r", "plan-o"), ("plan-o", "m")}
    assert new["capacity_t_per_year"].isna().all()  # closed by the activity, not by themselves
    assert len(f.actors) == 3 and "plan-o" not in f.actors.index  # the filière itself is as it was


def test_two_new_activities_in_a_row_are_joined() -> None:
    f = chain(stage_id="s", capacity_t_per_year=10)
    f = f.with_table("stages", pd.DataFrame({"name": ["r", "s", "t", "m"],
                                             "kind": ["resource", "operation", "operation", "market"]}))  # fmt: skip
    links = pd.DataFrame({"stage_id": ["r", "s", "t"], "to_stage_id": ["s", "t", "m"], "material_id": "x"})
    f = f.with_table("stage_links", links)
    f = f.with_rows("options", [option(option_id="u", name="u", stage_id="t")])
    flows = extended_of(f, f.options).filiere.flows
    new = flows[flows.index.str.startswith("plan-")]
    # R → o, o → u (both new), A → u, u → M
    assert set(zip(new["source"], new["target"], strict=True)) == {
        ("r", "plan-o"), ("plan-o", "plan-u"), ("a", "plan-u"), ("plan-u", "m"),
    }  # fmt: skip


def test_a_planned_actor_comes_with_its_declared_flows() -> None:
    f = chain(stage_id="s", capacity_t_per_year=10)
    f = f.with_rows("actors", [{"actor_id": "p", "name": "P", "status": "planned"}])
    f = f.with_rows("activities", [{"actor_id": "p", "stage_id": "s", "capacity_t_per_year": 70.0}])
    f = f.with_rows(
        "flows", [{"flow_id": "rp", "source": "r", "target": "p", "material_id": "x", "status": "planned"}]
    )
    f = f.with_rows(
        "options", [option(option_id="o", name="o", actor_id="p", stage_id="s", capacity_t_per_year=30.0)]
    )
    found = extended_of(f, f.options)
    assert found.filiere.actors.loc["p", "status"] == "active"
    assert found.filiere.flows.loc["rp", "status"] == "active"
    new = found.filiere.flows[found.filiere.flows.index.str.startswith("plan-")]
    assert new[["source", "target"]].values.tolist() == [["p", "m"]]  # what it sends is declared nowhere
    # what its option adds counts, not what its own row hopes for
    assert plan(f, years=[2025], objective="served_t").value == 30.0


def test_a_passage_without_holders_is_told() -> None:
    f = chain(
        kind="passage", actor_id="r", stage_id="r", to_stage_id="s", material_id="x", capacity_t_per_year=5
    )
    found = extended_of(f, f.options)
    assert found.passages == {"o": tuple(f.flows.index[:1])}  # the flow that stands already
    closed = f.without_rows("activities", f.activities.index[f.activities["stage_id"] == "s"])
    assert extended_of(closed, closed.options).told == {"o": "no_holder"}
    told = plan(closed, years=[2025], lang="en")
    assert ("o", "no_holder") in told.aside[["id", "code"]].itertuples(index=False, name=None)
    assert any("nobody stands at one end" in note for note in told.notes())


def test_a_passage_that_opens_serves_what_it_lets_through() -> None:
    # A passes on nothing to N, who asks for 50 t; the passage lets 15 t through: today 40 t, all to M
    f = chain(stage_id="s", capacity_t_per_year=1)
    f = f.with_rows("actors", [{"actor_id": "n", "name": "N"}])
    f = f.with_rows("activities", [{"actor_id": "n", "stage_id": "m"}])
    f = f.with_rows(
        "markets", [{"actor_id": "n", "material_id": "x", "kind": "demand", "quantity_t_per_year": 50.0}]
    )
    f = f.with_table("activities", f.activities.assign(capacity_t_per_year=120.0))
    way = option(option_id="o", name="o", kind="passage", actor_id="a", stage_id="s", to_actor_id="n",
                 to_stage_id="m", material_id="x", capacity_t_per_year=15.0, units_max=2)  # fmt: skip
    f = f.with_rows("options", [way])
    f = f.with_table("markets", f.markets.assign(quantity_t_per_year=[200.0, 100.0, 50.0]))
    # supply 200, 120 through A: 100 to M; 20 more may go to N, 15 by a unit of the passage, 20 by two
    assert plan(f, years=[2025], objective="served_t").value == 20.0
    one = f.with_table("options", f.options.assign(units_max=1))
    assert plan(one, years=[2025], objective="served_t").value == 15.0


# -- years, options and budgets given --------------------------------------------------------------------------


def test_years_are_those_of_the_budgets_else_those_after_the_reference() -> None:
    f = posts(name=["a"], insertion_fte=[1])
    dated = f.with_table("budgets", pd.DataFrame(budget(amount_eur=1.0, first_year=2026, last_year=2027)))
    assert plan(dated).years == (2026, 2027)
    reference = f.with_table("filiere", pd.DataFrame({"name": ["F"], "reference_year": [2024]}))
    assert plan(reference).years == (2025, 2026, 2027)
    assert plan(reference, years=[2030]).years == (2030,)


def test_options_given_replace_those_of_the_filiere() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 2])
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["b"], "needs_option_id": ["a"]}))
    money = pd.DataFrame({"name": ["x", "y"], "amount_eur": [5.0, 5.0], "option_id": ["a", None]})
    f = f.with_table("budgets", money)
    # b alone: what it waited for is gone, and so is the budget kept for a
    found = plan(f, f.options.loc[["b"]], years=[2025])
    assert found.chosen.index.tolist() == ["b"] and found.unspent.index.tolist() == ["y"]
    assert len(f.options) == 2 and len(f.option_links) == 1


def test_an_option_that_nobody_can_price_is_no_plan() -> None:
    f = posts(name=["a"], investment_eur=[None])
    with pytest.raises(MissingTableError, match="a"):
        plan(f, years=[2025])


def test_an_option_that_needs_one_left_aside_can_never_be() -> None:
    f = posts(name=["a", "b"], insertion_fte=[3, 1], investment_eur=[0, None])
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["a"], "needs_option_id": ["b"]}))
    found = plan(f, years=[2025])
    assert found.value == 0.0
    assert found.not_taken["code"].to_dict() == {"b": "unknown_cost", "a": "needs_aside"}


def test_an_actor_that_is_gone_takes_its_option_along() -> None:
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"], "until": [None, 2020], "status": ["active", "closed"]},
        options=[option(name="a", kind="posts", actor_id="A"), option(name="b", kind="posts", actor_id="B")],
    )
    found = plan(f, years=[2025], year=2024)
    assert found.chosen.index.tolist() == ["a"]
    assert found.aside[["id", "code"]].values.tolist() == [["b", "actor_gone"]]


def test_money_that_may_pay_for_less_is_spent_first() -> None:
    # 4 000 at the start: the budget for investment alone pays before the one that may pay for anything
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[4000], running_cost_eur_per_year=[1000])
    money = {"name": ["any", "start"], "amount_eur": [9000, 9000], "purposes": [None, "investment"]}
    found = plan(f, budgets=money, years=[2025])
    assert found.unspent["spent_eur"].to_dict() == {"any": 1000.0, "start": 4000.0}


def test_what_remains_to_be_paid_after_the_plan() -> None:
    # 3 units of 5 000, aid 2 000 each: 9 000 a year; one that starts only in 2026 too
    f = posts(name=["a", "b"], insertion_fte=[1, 1], running_cost_eur_per_year=[5000, 700], units_max=[3, 1],
              post_aid_eur_per_year=[2000, 0], delay_years=[0, 1], mandatory=[True, True])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=9000), years=[2025])
    assert found.after["to_pay_eur_per_year"].to_dict() == {"a": 9000.0, "b": 700.0}
    assert found.chosen.loc["b", "starts_year"] == 2026 and np.isnan(found.chosen.loc["b", "t_per_year"])
    assert "9\u202f700\xa0€" in found.notes()[3]


# -- gaps ------------------------------------------------------------------------------------------------------


def test_gaps_with_the_options_that_close_them() -> None:
    f = chain(stage_id="s", capacity_t_per_year=5)
    gone = f.without_rows("activities", f.activities.index[f.activities["stage_id"] == "s"])
    gone = gone.with_rows("options", [option(option_id="p", name="p", kind="posts", stage_id="s")])
    found = gaps_of(asked_of(gone, None, None, years=[2025], year=None))
    assert found.about == (("s", ""),)
    assert found.closes.tolist() == [[True, False]]  # posts make no actor


def test_a_passage_closes_the_gap_of_its_stages() -> None:
    f = chain(kind="passage", actor_id="r", to_actor_id="a", material_id="x", stage_id="r", to_stage_id="s")
    without = f.with_table("flows", f.flows.iloc[1:])
    found = gaps_of(asked_of(without, None, None, years=[2025], year=None))
    assert found.about == (("r", "s"),) and found.closes.tolist() == [[True]]
    assert plan(without, years=[2025, 2026], objective="closed_gaps").value == 2.0


# -- rules that exclude one another ----------------------------------------------------------------------------


def test_a_conflict_is_smallest() -> None:
    # c is wanted, and waits for b, which is an alternative to a, which is already decided
    f = posts(name=["a", "b", "c"], insertion_fte=[1, 1, 1], alternative_group=["v", "v", None],
              mandatory=[True, False, True], investment_eur=[1, 1, 1])  # fmt: skip
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["c"], "needs_option_id": ["b"]}))
    asked = asked_of(f, None, budget(amount_eur=1000.0), years=[2025], year=None)
    model = model_of(asked, None, gaps_of(asked), Rules())
    found = conflict(model)
    assert set(found) == {("mandatory", "a"), ("mandatory", "c"), ("alternative", "v"), ("needs", "c")}
    nothing = model.totals["budgets"] * 0.0
    for rule in found:  # without any one of them there is a plan
        assert solved(model, nothing, without=[model.rules.index(rule)]) is not None


def test_in_operation_from_its_delay_on() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 2], delay_years=[0, 2], units_max=[1, 2])
    asked = asked_of(f, None, None, years=[2025, 2026, 2027], year=None)
    model = model_of(asked, None, gaps_of(asked), Rules())
    columns = np.zeros(model.width)
    columns[model.parts["units"]] = [0, 1, 0, 2, 0, 0]  # a in 2026, two of b in 2025
    assert (model.operating @ columns).tolist() == [0, 1, 1, 0, 0, 2]
    # 2 years of a, one year of two units of b at 2 FTE each
    assert model.totals["insertion_fte"] @ columns == 2 * 1 + 1 * 2 * 2


def test_nothing_to_serve_has_no_price() -> None:
    f = chain(stage_id="s", capacity_t_per_year=5)
    silent = f.with_table("markets", f.markets.assign(quantity_t_per_year=[100.0, None]))
    found = closing(silent, years=[2025], lang="en")
    assert np.isnan(found.cost_eur) and found.reason == "No demand is stated with its quantity."
