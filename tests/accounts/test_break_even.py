"""Break-even tonnages and what is told of them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import accounts
from chaine_valeur.analysis.accounts.checks import costs_disagree, under_break_even
from tests.accounts.village import activities, costs, edited, flows, frames, village, without

#: filature: (162 000 − 50 000 − 1 500 − 40 000) / 300 − 80 = 155 €/t
FILATURE = 38_000 / 155
#: tisseur: (262 000 − 162 000 − 15 000) / 278 − 150
TISSEUR = 60_000 / (85_000 / 278 - 150)


def test_break_even_of_each_activity() -> None:
    found = accounts.break_even(village())
    expected = pd.Series(
        # the subsidy (140 000) and the other sales (30 000) of relais cover its fixed costs (100 000)
        [math.nan, 0.0, FILATURE, TISSEUR, math.nan],
        index=pd.Index(activities()["activity_id"], dtype="str"),
        name="break_even",
    )
    pd.testing.assert_series_equal(found, expected)


def test_what_margins_bring_at_the_break_even_are_the_fixed_costs() -> None:
    """At 245.16 t, filature earns 155 €/t × t = 38 000: neither gain nor loss."""
    assert accounts.break_even(village())["filature-filage"] * 155 == pytest.approx(38_000)


def test_yearly_income_lowers_the_fixed_costs_and_income_per_tonne_raises_the_margin() -> None:
    yearly = pd.DataFrame([("filature", "subsidy", 7_000.0, None), ("filature", "sales", 500.0, None)],
                          columns=["actor_id", "kind", "amount_eur_per_year", "amount_eur_per_t"])  # fmt: skip
    f = village(costs=pd.concat([costs(), yearly.assign(year=2024)]).drop(columns="cost_id"))
    assert accounts.break_even(f)["filature-filage"] == pytest.approx(30_500 / 155)
    per_t = pd.DataFrame({"actor_id": ["filature"], "kind": ["subsidy"], "amount_eur_per_t": [45.0]})
    f = village(costs=pd.concat([costs(), per_t.assign(year=2024)]).drop(columns="cost_id"))
    assert accounts.break_even(f)["filature-filage"] == pytest.approx(38_000 / 200)


@pytest.mark.parametrize("variable", [235.0, 300.0])
def test_a_margin_of_zero_or_less_never_covers_fixed_costs(variable: float) -> None:
    rows = edited(activities(), "activity_id", "filature-filage", variable_cost_eur_per_t=variable)
    assert accounts.break_even(village(activities=rows))["filature-filage"] == math.inf


@pytest.mark.parametrize(
    ("table", "frame"),
    [
        ("activities", edited(activities(), "activity_id", "filature-filage", variable_cost_eur_per_t=None)),
        ("activities", edited(activities(), "activity_id", "filature-filage", fixed_cost_eur_per_year=None)),
        ("flows", edited(flows(), "flow_id", "f2", amount_eur_per_year=None)),
        ("flows", edited(flows(), "flow_id", "f5", amount_eur_per_year=None)),
        ("flows", edited(flows(), "flow_id", "f4", quantity_t_per_year=None)),
        ("flows", without(flows(), "flow_id", "f5", "f5-pesee")),
        ("activities", activities().assign(year=2023)),
    ],
    ids=["variable", "fixed", "bought", "sold", "tonnes", "no sale", "another year"],
)
def test_break_even_is_unknown_without_one_of_its_terms(table: str, frame: pd.DataFrame) -> None:
    assert math.isnan(accounts.break_even(village(**{table: frame}))["filature-filage"])


def test_an_siae_of_unknown_subsidy_has_no_threshold() -> None:
    f = village(costs=without(costs(), "cost_id", "relais-subsidy"))
    assert math.isnan(accounts.break_even(f)["relais-tri"])
    assert not any(one.stage_id == "tri" for one in under_break_even(f))


def two_stages(**changed: object) -> Filiere:
    """relais collects too, and passes on to its sorting what it collects."""
    stages = pd.concat([frames()["stages"], pd.DataFrame(
        {"stage_id": ["collecte"], "name": ["Collecte"], "kind": ["operation"], "rank": [2]})])  # fmt: skip
    held = pd.concat([activities(), pd.DataFrame(
        {"activity_id": ["relais-collecte"], "actor_id": ["relais"], "stage_id": ["collecte"]})])  # fmt: skip
    links = pd.DataFrame({"stage_id": ["collecte"], "to_stage_id": ["tri"]})
    sent = flows().assign(
        source_stage=lambda rows: rows["source"].map({"relais": "tri"}),
        target_stage=lambda rows: rows["flow_id"].map({"f1": "collecte", "f9": "tri"}),
    )
    # its subsidy is that of the sorting
    placed = costs().assign(stage_id=lambda rows: rows["actor_id"].map({"relais": "tri"}))
    tables = {"stages": stages, "activities": held, "stage_links": links, "flows": sent, "costs": placed}
    return village(**{**tables, **changed})


def test_what_an_actor_passes_on_to_itself_at_no_price_leaves_the_threshold_unknown() -> None:
    f = two_stages()
    assert accounts.break_even(f)[["relais-tri", "relais-collecte"]].isna().all()
    assert accounts.jobs_per_t(f)["tri"] == 8 / 430  # the tonnes are known, what they are worth is not


def test_a_stated_price_inside_an_actor_gives_both_stages_a_margin() -> None:
    """10 000 € for the 400 t that pass from collecte to tri; nothing is paid for by the year any more. tri:
    (51 500 − 12 000 − 10 000) / 430 − 50 = 18.60 €/t for fixed costs of 100 000."""
    inner = pd.DataFrame([{"flow_id": "inner", "source": "relais", "source_stage": "collecte",
                           "target": "relais", "target_stage": "tri", "quantity_t_per_year": 400.0,
                           "amount_eur_per_year": 10_000.0, "year": 2024}])  # fmt: skip
    base = two_stages()
    rows = pd.concat([base.flows.reset_index(), inner])
    held = edited(base.activities.reset_index(), "activity_id", "relais-collecte",
                  fixed_cost_eur_per_year=4_000.0, variable_cost_eur_per_t=5.0)  # fmt: skip
    no_aid = edited(base.costs.reset_index(), "cost_id", "relais-subsidy", amount_eur_per_year=0.0)
    no_aid = edited(no_aid, "cost_id", "relais-sales", amount_eur_per_year=0.0)
    found = accounts.break_even(two_stages(flows=rows, activities=held, costs=no_aid))
    assert found["relais-tri"] == pytest.approx(100_000 / (29_500 / 430 - 50))
    # collecte: 10 000 / 400 − 5 = 20 €/t
    assert found["relais-collecte"] == pytest.approx(200)


def test_a_subsidy_of_an_actor_with_several_activities_has_to_be_placed() -> None:
    f = two_stages(costs=costs())
    assert math.isnan(accounts.break_even(f)["relais-tri"])


# -- what is told -------------------------------------------------------------------------------------


def test_an_activity_under_its_break_even_is_to_be_consolidated() -> None:
    found = list(under_break_even(village(), lang="en"))
    assert [one.actor_id for one in found] == ["tisseur"]
    one = found[0]
    assert one.kind == "under_break_even"
    assert one.message == (
        "Stage “Tissage”: an activity to be consolidated, 278\u00a0t/year for a threshold of 385\u00a0t/year."
    )
    assert (one.stage_id, one.unit, one.severity, one.year) == ("tissage", "t/year", "medium", 2024)
    assert one.quantity == pytest.approx(TISSEUR - 278)
    assert one.jobs_at_stake_fte == 0
    assert one.rows["activities"] == ("tisseur-tissage",)
    assert set(one.rows["flows"]) == {"f5", "f5-pesee", "f6", "f7", "f8"}
    assert one.rows["markets"] == ("prix-drap", "prix-chutes")
    assert one.rows["costs"] == ("tisseur-purchases",)


def test_the_sentence_in_french_speaks_of_the_stage() -> None:
    message = next(iter(under_break_even(village()))).message
    assert message == (
        "Maillon «\u00a0Tissage\u00a0»\u00a0: activité à consolider, 278\u00a0t/an pour un seuil de 385\u00a0t/an."
    )
    assert "Tisseur" not in message


def test_an_activity_that_no_tonnage_would_carry() -> None:
    rows = edited(activities(), "activity_id", "tisseur-tissage", variable_cost_eur_per_t=500.0)
    found = list(under_break_even(village(activities=rows), lang="en"))
    assert len(found) == 1
    assert math.isnan(found[0].quantity)
    assert "a tonne more does not yet help" in found[0].message


def test_nothing_is_told_of_an_activity_at_its_break_even() -> None:
    """38 000 € and 155 €/t with 300 t: at fixed costs of 46 500 the threshold is 300 t, no more."""
    at = edited(activities(), "activity_id", "filature-filage", fixed_cost_eur_per_year=46_500.0)
    assert accounts.break_even(village(activities=at))["filature-filage"] == 300
    assert [one.actor_id for one in under_break_even(village(activities=at))] == ["tisseur"]
    above = edited(at, "activity_id", "filature-filage", fixed_cost_eur_per_year=46_600.0)
    told = [one.actor_id for one in under_break_even(village(activities=above))]
    assert told == ["filature", "tisseur"]


def test_costs_stated_twice_that_differ_are_told_and_never_added() -> None:
    """relais: 20 000 + 150 000 + 2 000 + 6 000 + 500 + 4 000 = 182 500 by the items, 100 000 + 50 × 430 =
    121 500 as fixed and variable. filature: 65 000 and 62 000, less than a tenth apart."""
    found = list(costs_disagree(village(), lang="en"))
    assert [(one.kind, one.stage_id) for one in found] == [("figures_disagree", "tri")]
    assert "come to 182,500\u00a0€/year, fixed and variable costs to 121,500\u00a0€/year" in found[0].message
    assert found[0].quantity == 61_000
    assert found[0].unit == "EUR/year"
    assert found[0].rows["activities"] == ("relais-tri",)
    assert set(found[0].rows["costs"]) == {
        f"relais-{kind}" for kind in ("purchases", "wages", "taxes", "rent", "interest", "depreciation")
    }
    assert [one.stage_id for one in costs_disagree(village(), difference=0.04)] == ["tri", "filage"]
    assert not list(costs_disagree(village(), difference=0.6))


def test_items_that_are_not_all_known_are_compared_only_where_they_are_too_many() -> None:
    some = without(costs(), "cost_id", "filature-wages")  # 35 000 of 62 000: nothing wrong
    assert [one.stage_id for one in costs_disagree(village(costs=some))] == ["tri"]
    more = edited(some, "cost_id", "filature-rent", amount_eur_per_year=60_000.0)  # 90 000 of 62 000
    assert [one.stage_id for one in costs_disagree(village(costs=more))] == ["tri", "filage"]


def test_costs_of_an_actor_with_several_activities_are_not_compared() -> None:
    assert not [one for one in costs_disagree(two_stages(costs=costs())) if one.stage_id == "tri"]


def test_without_costs_there_is_nothing_to_tell() -> None:
    f = Filiere.from_tables(actors={"name": ["A"]})
    for check in accounts.CHECKS:
        assert list(check(f)) == []
