"""Value added, its shares, margins and jobs per tonne: each number derived from the village."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis import accounts
from chaine_valeur.errors import ArgumentError, UnknownNameError
from tests.accounts.village import (
    ENTERING,
    NET_RESULT,
    VALUE_ADDED,
    activities,
    actors,
    costs,
    edited,
    flows,
    village,
    without,
)


def test_total_value_added_is_direct_and_no_more_unless_a_ratio_is_given() -> None:
    assert accounts.total_value_added(village()) == 152_000
    assert accounts.total_value_added(village(), indirect_ratio=0) == 152_000


def test_indirect_value_added_is_that_of_suppliers_without_an_account() -> None:
    """Bought from others: 12 000 (incinerator) + 20 000, 40 000 (import) + 18 000, 15 000 (dye) + 35 000; what the
    three buy from one another is in the account of the seller already."""
    bought = 12_000 + 20_000 + 40_000 + 18_000 + 15_000 + 35_000
    assert accounts.total_value_added(village(), indirect_ratio=0.5) == 152_000 + 0.5 * bought
    # all of it: what the three sell to others, 30 000 + 260 000 + 2 000
    assert accounts.total_value_added(village(), indirect_ratio=1) == 292_000


def test_a_supplier_of_unknown_account_counts_among_the_others() -> None:
    """Without the purchases of filature (nor its fixed costs), relais and tisseur remain, which trade through it:
    tisseur buys 162 000 from it."""
    f = village(costs=without(costs(), "cost_id", "filature-purchases"))
    assert accounts.total_value_added(f) == 99_500
    bought = 12_000 + 20_000 + 162_000 + 15_000 + 35_000
    assert accounts.total_value_added(f, indirect_ratio=1) == 99_500 + bought


@pytest.mark.parametrize("ratio", [-0.1, 1.2, math.nan])
def test_a_ratio_that_is_no_share(ratio: float) -> None:
    with pytest.raises(ArgumentError, match="lies in 0 to 1"):
        accounts.total_value_added(village(), indirect_ratio=ratio)
    with pytest.raises(ArgumentError, match="lies in 0 to 1"):
        accounts.territorial_integration(village(), indirect_ratio=ratio)


def test_shares_by_actor() -> None:
    f = village()
    found = accounts.value_added_shares(f)
    expected = (pd.Series(VALUE_ADDED) / 152_000).reindex(f.actors.index)
    pd.testing.assert_series_equal(found, expected.rename("value_added_share"))
    assert math.isclose(found.sum(), 1)


def test_shares_by_pole_and_by_stage() -> None:
    by_pole = accounts.value_added_shares(village(), by="pole")
    assert by_pole.index.tolist() == ["enterprise", "elected", "ess", "expertise", "institution", "other"]
    assert by_pole["ess"] == pytest.approx(49_500 / 152_000)
    assert by_pole["enterprise"] == pytest.approx(102_500 / 152_000)
    assert by_pole[["elected", "expertise", "institution", "other"]].isna().all()
    by_stage = accounts.value_added_shares(village(), by="stage")
    np.testing.assert_allclose(by_stage, [np.nan, 49.5 / 152, 52.5 / 152, 50 / 152, np.nan])


def test_shares_leave_an_unknown_pole_out_of_both_terms() -> None:
    found = accounts.value_added_shares(
        village(actors=edited(actors(), "actor_id", "tisseur", pole=None)), by="pole"
    )
    assert found["ess"] == pytest.approx(49_500 / 102_000)
    assert found["enterprise"] == pytest.approx(52_500 / 102_000)


def test_shares_of_a_filiere_that_loses_value_are_not_told() -> None:
    dear = edited(costs(), "cost_id", "tisseur-purchases", amount_eur_per_year=900_000.0)
    assert accounts.value_added_shares(village(costs=dear)).isna().all()
    with pytest.raises(UnknownNameError, match="no way to share"):
        accounts.value_added_shares(village(), by="territory")  # type: ignore[arg-type]


def test_gini_of_value_added_per_job() -> None:
    """€ per FTE: relais 6 187.5 (8 FTE), tisseur 12 500 (4), filature 17 500 (3). Trapezes under the curve, in
    thousandths of 15 FTE × 152 k€: 8 × 49.5 + 4 × (49.5 + 99.5) + 3 × (99.5 + 152) = 1 746.5."""
    assert accounts.value_added_gini(village()) == pytest.approx(1 - 1_746.5 / (15 * 152))


def test_gini_needs_two_actors_with_jobs_and_no_loss() -> None:
    one = activities().assign(jobs_fte=[None, 8.0, None, None, 2.0])
    assert math.isnan(accounts.value_added_gini(village(activities=one)))
    loss = edited(costs(), "cost_id", "tisseur-purchases", amount_eur_per_year=90_000.0)
    assert accounts.value_added(village(costs=loss))["tisseur"] == -5_000
    assert math.isnan(accounts.value_added_gini(village(costs=loss)))


def test_gini_of_equal_jobs_is_zero() -> None:
    # FTE in the proportion of value added: each job brings as much
    even = activities().assign(jobs_fte=[None, 49.5, 52.5, 50.0, None])
    assert accounts.value_added_gini(village(activities=even)) == pytest.approx(0, abs=1e-12)


def test_value_added_per_t_of_each_stage() -> None:
    found = accounts.value_added_per_t(village())
    expected = [np.nan, 49_500 / 430, 52_500 / 300, 50_000 / 278, np.nan]
    expected_series = pd.Series(expected, index=village().stages.index, name="value_added_per_t")
    pd.testing.assert_series_equal(found, expected_series)


def test_margin_per_t_of_each_actor() -> None:
    found = accounts.margin_per_t(village())
    expected = (pd.Series(NET_RESULT) / pd.Series(ENTERING)).reindex(village().actors.index)
    pd.testing.assert_series_equal(found, expected.rename("margin_per_t"))


def test_jobs_per_t_of_each_stage() -> None:
    found = accounts.jobs_per_t(village())
    expected = [np.nan, 8 / 430, 3 / 300, 4 / 278, 2 / 260]
    pd.testing.assert_series_equal(
        found, pd.Series(expected, index=village().stages.index, name="jobs_per_t")
    )
    insertion = accounts.insertion_fte_per_t(village())
    # that of the shop is not known; 0 is a measured zero
    np.testing.assert_allclose(insertion, [np.nan, 5 / 430, 0, 0, np.nan])
    assert insertion.name == "insertion_fte_per_t"


def test_jobs_per_t_takes_the_activities_of_which_both_are_known() -> None:
    """A second sorter of unknown tonnes: its jobs are left out with them."""
    rows = pd.concat([activities(), pd.DataFrame({"activity_id": ["b-tri"], "actor_id": ["bureau"],
                                                  "stage_id": ["tri"], "jobs_fte": [50.0]})])  # fmt: skip
    assert accounts.jobs_per_t(village(activities=rows))["tri"] == 8 / 430


def test_integration_is_direct_value_added_over_the_final_production() -> None:
    """Local: relais 49 500, filature 52 500; production sold to others: 30 000 + 260 000 + 2 000."""
    assert accounts.territorial_integration(village()) == pytest.approx(102_000 / 292_000)


def test_integration_with_local_suppliers_needs_every_local_share() -> None:
    assert math.isnan(accounts.territorial_integration(village(), indirect_ratio=0.5))
    told = village(costs=edited(costs(), "cost_id", "tisseur-purchases", local_share=0.0))
    # half of the 20 000 of relais, a quarter of the 18 000 of filature; the households are local and give
    local = 0.5 * 20_000 + 0.25 * 18_000
    found = accounts.territorial_integration(told, indirect_ratio=0.5)
    assert found == pytest.approx((102_000 + 0.5 * local) / 292_000)


def test_integration_needs_the_place_of_whoever_adds_value() -> None:
    lost = actors().assign(
        commune_code=lambda rows: rows["commune_code"].where(rows["actor_id"] != "tisseur")
    )
    assert math.isnan(accounts.territorial_integration(village(actors=lost)))
    assert math.isnan(accounts.territorial_integration(village(filiere=None)))


def test_reference_prices_give_protection_and_domestic_cost() -> None:
    """filature: A = 162 000, B = 109 500. At 500 €/t of yarn, 150 of cotton, 600 of wool, −20 of waste:
    E = 268 × 500 = 134 000; F = 250 × 150 + 50 × 600 + 30 × 20 + 18 000 = 86 100; G = 30 000 + 5 000 + 1 000 +
    8 000 = 44 000."""
    prices = {"fil": 500.0, "coton": 150.0, "laine": 600.0, "bourre": -20.0}
    found = accounts.policy_ratios(village(), reference_prices=prices).loc["filature"]
    assert found[["revenue", "tradable_inputs"]].tolist() == [162_000, 109_500]
    assert found[["reference_revenue", "reference_inputs", "reference_factors"]].tolist() == [
        134_000,
        86_100,
        44_000,
    ]
    assert found["npc"] == pytest.approx(162_000 / 134_000)
    assert found["epc"] == pytest.approx(52_500 / 47_900)
    assert found["drc"] == pytest.approx(44_000 / 47_900)
    dearer = accounts.policy_ratios(village(), reference_prices=prices, factor_ratio=0.5).loc["filature"]
    assert dearer["drc"] == pytest.approx(22_000 / 47_900)


def test_reference_prices_that_are_not_given_leave_the_ratios_unknown() -> None:
    found = accounts.policy_ratios(village(), reference_prices={"fil": 500.0})
    assert found.index.equals(village().actors.index)
    # filature: its revenue is priced, its inputs are not
    assert found.loc["filature", "npc"] == pytest.approx(162_000 / 134_000)
    assert found.loc["filature", ["epc", "drc"]].isna().all()
    assert found.loc["menages"].isna().all()


def test_a_reference_price_of_a_material_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="did you mean: coton"):
        accounts.policy_ratios(village(), reference_prices={"cotton": 1.0})


def test_value_added_of_what_is_free_and_what_is_dear_is_read_from_the_flows() -> None:
    free = edited(flows(), "flow_id", "f2", amount_eur_per_year=0.0)
    found = accounts.value_added(village(flows=free))
    assert found["relais"] == -500  # 49 500 − 50 000
    assert found["filature"] == 102_500
