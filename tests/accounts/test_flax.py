"""A second filière by hand: two mills at one stage, growers with an account, two years, by-products.

All figures are invented. In 2024 (thousand €):

    outside ─seed 100 t, 150─→ culture ─straw 6 000 t, 1 200─→ coop ─┬ long fibre 1 400 t, 2 800 ─→ outside
                                  │                                  ├ tow 600 t, 300 ────────────→ outside
                                  └─straw 2 000 t at 210 €/t─→ mill  └ shives 2 800 t at 80 €/t ──→ panels
                                                                mill ─ long fibre 450 t, 945 ─────→ outside
                                                                mill ─ shives 900 t at 80 €/t ────→ panels
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import accounts


@cache
def flax() -> Filiere:
    return Filiere.from_tables(
        filiere={"name": ["Lin"], "territory_id": ["caux"]},
        territories={"territory_id": ["caux"], "commune_code": ["76384"]},
        stages={
            "stage_id": ["champ", "teillage", "panneau"],
            "name": ["Culture", "Teillage", "Panneaux"],
            "kind": ["resource", "operation", "market"],
        },
        materials={"name": ["Semence", "Paille", "Filasse", "Étoupe", "Anas"]},
        actors={
            "name": ["Culture", "Coop", "Mill", "Panels"],
            "actor_type": ["network", "organisation", "organisation", "organisation"],
            "pole": ["enterprise", "ess", "enterprise", "enterprise"],
            "commune_code": ["76384", "76384", "14118", "76384"],
        },
        activities=pd.DataFrame(
            [
                ("culture-champ", "culture", "champ", 10.0, None, None),
                ("coop-teillage", "coop", "teillage", 30.0, None, None),
                ("mill-teillage", "mill", "teillage", 12.0, 300_000.0, 90.0),
                ("panels-panneau", "panels", "panneau", None, None, None),
            ],
            columns=["activity_id", "actor_id", "stage_id", "jobs_fte", "fixed_cost_eur_per_year",
                     "variable_cost_eur_per_t"],
        ),
        markets=pd.DataFrame(
            [
                ("prix-paille", "culture", "paille", "supply", 210.0),
                ("prix-anas", "panels", "anas", "demand", 80.0),
            ],
            columns=["market_id", "actor_id", "material_id", "kind", "price_eur_per_t"],
        ),
        flows=pd.DataFrame(
            [
                ("semence", None, "culture", "semence", 2024, 100.0, 150_000.0),
                ("paille-coop", "culture", "coop", "paille", 2024, 6_000.0, 1_200_000.0),
                ("paille-mill", "culture", "mill", "paille", 2024, 2_000.0, None),
                ("filasse-coop", "coop", None, "filasse", 2024, 1_400.0, 2_800_000.0),
                ("etoupe-coop", "coop", None, "etoupe", 2024, 600.0, 300_000.0),
                ("anas-coop", "coop", "panels", "anas", 2024, 2_800.0, None),
                ("filasse-mill", "mill", None, "filasse", 2024, 450.0, 945_000.0),
                ("anas-mill", "mill", "panels", "anas", 2024, 900.0, None),
                ("paille-2023", "culture", "coop", "paille", 2023, 5_000.0, 900_000.0),
                ("filasse-2023", "coop", None, "filasse", 2023, 1_200.0, 2_160_000.0),
            ],
            columns=["flow_id", "source", "target", "material_id", "year", "quantity_t_per_year",
                     "amount_eur_per_year"],
        ),
        costs=pd.DataFrame(
            [
                ("culture", "purchases", 2024, 500_000.0, None, 0.4),
                ("culture", "wages", 2024, 300_000.0, None, None),
                ("culture", "taxes", 2024, 40_000.0, None, None),
                ("culture", "rent", 2024, 200_000.0, None, None),
                ("culture", "interest", 2024, 30_000.0, None, None),
                ("culture", "depreciation", 2024, 150_000.0, None, None),
                ("culture", "subsidy", 2024, 90_000.0, None, None),
                ("coop", "purchases", 2024, None, 40.0, 0.75),
                ("coop", "wages", 2024, 1_100_000.0, None, None),
                ("coop", "taxes", 2024, 60_000.0, None, None),
                ("coop", "rent", 2024, 20_000.0, None, None),
                ("coop", "interest", 2024, 45_000.0, None, None),
                ("coop", "depreciation", 2024, 300_000.0, None, None),
                ("coop", "purchases", 2023, 200_000.0, None, None),
            ],
            columns=["actor_id", "kind", "year", "amount_eur_per_year", "amount_eur_per_t", "local_share"],
        ),
    )  # fmt: skip


#: culture: 1 200 000 + 2 000 × 210 − 150 000 − 500 000; coop: 2 800 000 + 300 000 + 2 800 × 80 − 1 200 000 −
#: 40 × 6 000; the purchases of the mill are not divided from its other costs.
ADDED = {"culture": 970_000.0, "coop": 1_884_000.0}
#: culture: 970 000 + 90 000 − 300 000 − 40 000 − 200 000 − 30 000 − 150 000; coop: 1 884 000 − 1 100 000 − 60 000 −
#: 20 000 − 45 000 − 300 000; mill: 945 000 + 72 000 − 420 000 − 300 000 − 90 × 2 000.
NET = {"culture": 340_000.0, "coop": 359_000.0, "mill": 117_000.0}


def test_accounts_of_the_three() -> None:
    table = accounts.operating_account(flax(), lang="en")
    assert table["n_accounts"].tolist() == [1, 1, 1, 0]
    assert table["value_added"].dropna().to_dict() == ADDED
    assert table["net_result"].dropna().to_dict() == NET
    assert table["gross_operating_surplus"].dropna().to_dict() == {"culture": 720_000, "coop": 724_000}
    assert table["costs_basis"].tolist() == ["details", "details", "undivided", ""]
    assert table["missing"].tolist() == ["", "", "division of the fixed and variable costs", ""]


def test_growers_have_an_account_because_their_costs_are_stated() -> None:
    without = flax().without_rows("costs", flax().costs.index[flax().costs["actor_id"] == "culture"])
    table = accounts.operating_account(without)
    assert table.loc["culture", "n_accounts"] == 0
    assert accounts.total_value_added(without) == ADDED["coop"]


def test_two_mills_make_one_stage_known_only_where_both_are() -> None:
    stage = accounts.operating_account(flax(), by="stage", lang="en").loc["teillage"]
    assert stage["n_accounts"] == 2
    assert stage["output"] == 3_324_000 + 1_017_000
    assert math.isnan(stage["value_added"])
    assert stage["net_result"] == NET["coop"] + NET["mill"]
    assert stage["missing"] == "division of the fixed and variable costs (1 actor)"


def test_value_added_of_the_filiere_and_of_its_suppliers() -> None:
    assert accounts.total_value_added(flax()) == 2_854_000
    # 150 000 + 500 000 of the growers, 240 000 of the coop; the straw that it buys is in the account of these
    assert accounts.total_value_added(flax(), indirect_ratio=0.3) == 2_854_000 + 0.3 * 890_000


def test_shares_of_the_known_value_added() -> None:
    by_pole = accounts.value_added_shares(flax(), by="pole")
    assert by_pole["ess"] == pytest.approx(1_884 / 2_854)
    assert by_pole["enterprise"] == pytest.approx(970 / 2_854)
    by_actor = accounts.value_added_shares(flax())
    assert by_actor[["mill", "panels"]].isna().all()


def test_ratios_per_tonne() -> None:
    """The mill counts in jobs per tonne and in its own margin, not in value added per tonne."""
    np.testing.assert_allclose(accounts.jobs_per_t(flax()), [10 / 100, 42 / 8_000, np.nan])
    np.testing.assert_allclose(accounts.value_added_per_t(flax()), [9_700, 314, np.nan])
    margins = accounts.margin_per_t(flax())
    assert margins["mill"] == pytest.approx(117_000 / 2_000)
    assert margins["coop"] == pytest.approx(359_000 / 6_000)
    assert math.isnan(margins["panels"])


def test_break_even_of_the_mill() -> None:
    """(1 017 000 − 420 000) / 2 000 − 90 = 208.5 €/t for 300 000 € of fixed costs."""
    found = accounts.break_even(flax())
    assert found["mill-teillage"] == pytest.approx(300_000 / 208.5)
    assert found.drop("mill-teillage").isna().all()
    assert not [one for check in accounts.CHECKS for one in check(flax())]


def test_gini_takes_those_whose_value_added_and_jobs_are_known() -> None:
    """coop 62 800 €/FTE (30), culture 97 000 (10): 1 − (30 × 1 884 + 10 × (1 884 + 2 854)) / (40 × 2 854)."""
    assert accounts.value_added_gini(flax()) == pytest.approx(
        1 - (30 * 1_884 + 10 * (1_884 + 2_854)) / (40 * 2_854)
    )


def test_integration_over_what_the_known_accounts_sell_to_others() -> None:
    """420 000 to the mill, whose account is not known, and 3 324 000; both are local."""
    assert accounts.territorial_integration(flax()) == pytest.approx(2_854 / 3_744)
    # local purchases: 0.4 × 500 000 and 0.75 × 240 000
    found = accounts.territorial_integration(flax(), indirect_ratio=0.5)
    assert found == pytest.approx((2_854 + 0.5 * (200 + 180)) / 3_744)


def test_the_year_before() -> None:
    """coop: 2 160 000 − 900 000 − 200 000. The growers state no costs of that year: a supplier, no account."""
    f = flax().at(2023)
    assert accounts.value_added(f).dropna().to_dict() == {"coop": 1_060_000}
    assert accounts.total_value_added(f, indirect_ratio=1) == 2_160_000


def test_two_years_are_never_added() -> None:
    assert accounts.operating_account(flax()).loc["coop", "purchases_outside"] == 240_000
    older = flax().without_rows("flows", flax().flows.index[flax().flows["year"] == 2024])
    # with the flows of 2023 alone, the accounts are of 2023, whatever the costs speak of
    assert accounts.value_added(older).dropna().to_dict() == {"coop": 1_060_000}


def test_reference_prices_of_the_mills() -> None:
    """With long fibre at 1 500 €/t, tow 400, shives 80, straw 180: coop E = 2 100 000 + 240 000 + 224 000 = 2 564 000,
    F = 1 080 000 + 240 000, G = 1 100 000 + 20 000 + 45 000 + 300 000."""
    prices = {"filasse": 1_500.0, "etoupe": 400.0, "anas": 80.0, "paille": 180.0}
    found = accounts.policy_ratios(flax(), reference_prices=prices)
    coop = found.loc["coop"]
    assert coop["npc"] == pytest.approx(3_324 / 2_564)
    assert coop["epc"] == pytest.approx(1_884 / 1_244)
    assert coop["drc"] == pytest.approx(1_465 / 1_244)
    assert math.isnan(found.loc["culture", "epc"])  # no reference price of seed
    assert found.loc["mill", "npc"] == pytest.approx(1_017 / (675 + 72))
