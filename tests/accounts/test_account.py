"""The operating account: each line derived by hand, and what is missing by name."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, UnknownNameError
from chaine_valeur.analysis import accounts
from chaine_valeur.analysis.accounts.account import ACCOUNT_COLUMNS
from tests.accounts.village import NET_RESULT, VALUE_ADDED, costs, edited, flows, frames, village, without

#: relais: 50 000 (f2) and 1 500 paid by filature (f9) in the filière, 30 000 of other sales; it pays the
#: incinerator, outside, 12 000 (f3), and 20 000 of services: VA = 81 500 − 32 000.
RELAIS = {
    "sales_in_filiere": 51_500, "sales_outside": 30_000, "output": 81_500, "purchases_in_filiere": 0,
    "purchases_outside": 32_000, "intermediate_consumption": 32_000, "value_added": 49_500,
    "subsidies": 140_000, "wages": 150_000, "taxes": 2_000,
    "gross_operating_surplus": 37_500,  # 49 500 + 140 000 − 150 000 − 2 000
    "rent": 6_000, "interest": 500, "depreciation": 4_000,
    "undivided_costs": 121_500,  # 100 000 + 50 × 430: another statement of the same costs, not added
    "net_result": 27_000,  # 37 500 − 6 000 − 500 − 4 000
}  # fmt: skip
#: filature: f5 sold (its amount stands on the declaration that does not count for tonnes); f2, the service of f9
#: (1 500), the import f4 and 60 €/t × 300 t of services bought.
FILATURE = {
    "sales_in_filiere": 162_000, "sales_outside": 0, "output": 162_000, "purchases_in_filiere": 51_500,
    "purchases_outside": 58_000, "intermediate_consumption": 109_500, "value_added": 52_500,
    "subsidies": 0, "wages": 30_000, "taxes": 3_000, "gross_operating_surplus": 19_500,
    "rent": 5_000, "interest": 1_000, "depreciation": 8_000,
    "undivided_costs": 62_000,  # 38 000 + 80 × 300
    "net_result": 5_500,
}  # fmt: skip
#: tisseur: 260 t at the 1 000 €/t that the shop asks for, 20 t at the 100 €/t that it offers; f5 and f6 bought,
#: 35 000 of services. Its other costs are known as fixed and variable only: 60 000 + 150 × 278 = 101 700, which
#: the 35 000 are part of.
TISSEUR = {
    "sales_in_filiere": 260_000, "sales_outside": 2_000, "output": 262_000, "purchases_in_filiere": 162_000,
    "purchases_outside": 50_000, "intermediate_consumption": 212_000, "value_added": 50_000,
    "subsidies": 0, "wages": math.nan, "taxes": math.nan, "gross_operating_surplus": math.nan,
    "rent": math.nan, "interest": math.nan, "depreciation": math.nan, "undivided_costs": 101_700,
    "net_result": -16_700,  # 262 000 − 162 000 − 15 000 − 101 700
}  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "expected", "basis"),
    [("relais", RELAIS, "details"), ("filature", FILATURE, "details"), ("tisseur", TISSEUR, "undivided")],
)
def test_account_of_an_actor(actor: str, expected: dict[str, float], basis: str) -> None:
    account = accounts.operating_account(village()).loc[actor]
    found = account[list(expected)].astype(float)
    pd.testing.assert_series_equal(found, pd.Series(expected, dtype=float), check_names=False)
    assert account["costs_basis"] == basis
    assert account["n_accounts"] == 1


def test_every_actor_has_a_row_and_the_edge_of_the_filiere_no_account() -> None:
    f = village()
    table = accounts.operating_account(f)
    assert table.columns.tolist() == ACCOUNT_COLUMNS
    assert table.index.equals(f.actors.index)
    assert table.index.name == "actor_id"
    edge = ["menages", "boutique", "four", "teinturerie", "bureau"]
    assert table.loc[edge, "n_accounts"].tolist() == [0] * 5
    assert table.loc[edge].drop(columns=["costs_basis", "n_accounts", "missing"]).isna().all(axis=None)
    assert table.loc[edge, "missing"].tolist() == [""] * 5


def test_what_is_missing_is_named_per_actor() -> None:
    table = accounts.operating_account(village(), lang="en")
    assert table.loc["relais", "missing"] == ""
    assert table.loc["tisseur", "missing"] == "division of the fixed and variable costs"
    assert accounts.operating_account(village()).loc["tisseur", "missing"] == (
        "répartition des coûts fixes et variables"
    )


def test_account_of_a_stage_is_that_of_the_actors_whose_first_stage_it_is() -> None:
    table = accounts.operating_account(village(), by="stage", lang="en")
    assert table.index.tolist() == ["gisement", "tri", "filage", "tissage", "vente"]
    assert table["n_accounts"].tolist() == [0, 1, 1, 1, 0]
    np.testing.assert_array_equal(table["value_added"], [np.nan, 49_500, 52_500, 50_000, np.nan])
    assert table.loc["tissage", "missing"] == "division of the fixed and variable costs (1 actor)"
    assert table.loc["tri", "missing"] == ""


def test_account_of_the_filiere_is_the_sum_and_knows_what_all_of_it_knows() -> None:
    row = accounts.operating_account(village(), by="filiere").loc["filiere"]
    assert row["n_accounts"] == 3
    assert row["value_added"] == 152_000  # 49 500 + 52 500 + 50 000
    assert row["output"] == 81_500 + 162_000 + 262_000
    assert row["net_result"] == 15_800  # 27 000 + 5 500 − 16 700
    assert math.isnan(row["wages"])  # those of tisseur are not known
    assert row["costs_basis"] == ""


def test_a_price_that_nobody_gives_makes_unknown_what_depends_on_it_alone() -> None:
    f = village(flows=edited(flows(), "flow_id", "f2", amount_eur_per_year=None))
    table = accounts.operating_account(f, lang="en")
    for actor, lines in {
        "relais": ["sales_in_filiere", "output", "value_added", "gross_operating_surplus", "net_result"],
        "filature": ["purchases_in_filiere", "intermediate_consumption", "value_added", "net_result"],
    }.items():
        assert table.loc[actor, lines].isna().all()
    assert table.loc["relais", "intermediate_consumption"] == 32_000
    assert table.loc["relais", "wages"] == 150_000
    assert table.loc["filature", "output"] == 162_000
    assert table.loc["tisseur", "value_added"] == 50_000
    assert table.loc["relais", "missing"] == "price of what is sold (Coton)"
    assert table.loc["filature", "missing"] == "price of what is bought (Coton)"


@pytest.mark.parametrize(
    ("kind", "unknown"),
    [
        ("purchases", ["intermediate_consumption", "value_added", "gross_operating_surplus"]),
        ("wages", ["wages", "gross_operating_surplus"]),
        ("taxes", ["taxes", "gross_operating_surplus"]),
        ("rent", ["rent"]),
        ("interest", ["interest"]),
        ("depreciation", ["depreciation"]),
    ],
)
def test_an_item_that_is_not_stated_is_unknown_and_not_zero(kind: str, unknown: list[str]) -> None:
    plain = frames()["activities"].assign(fixed_cost_eur_per_year=np.nan)
    f = village(costs=without(costs(), "cost_id", f"filature-{kind}"), activities=plain)
    account = accounts.operating_account(f, lang="en").loc["filature"]
    lines = ["output", "intermediate_consumption", "value_added", "wages", "taxes",
             "gross_operating_surplus", "rent", "interest", "depreciation", "net_result"]  # fmt: skip
    assert [line for line in lines if math.isnan(account[line])] == [*unknown, "net_result"]
    named = {"purchases": "purchases and services"}.get(kind, kind)
    assert account["missing"] == named


def test_an_item_stated_without_an_amount_is_unknown_too() -> None:
    plain = frames()["activities"].assign(fixed_cost_eur_per_year=np.nan)
    f = village(
        costs=edited(costs(), "cost_id", "filature-wages", amount_eur_per_year=None), activities=plain
    )
    account = accounts.operating_account(f, lang="en").loc["filature"]
    assert math.isnan(account["wages"])
    assert account["missing"] == "wages"


def test_fixed_and_variable_costs_stand_in_where_the_items_are_not_all_known() -> None:
    """filature without its rent: 162 000 − 51 500 − 40 000 − 62 000 = 8 500, not 5 500 by the items."""
    f = village(costs=without(costs(), "cost_id", "filature-rent"))
    account = accounts.operating_account(f, lang="en").loc["filature"]
    assert account["net_result"] == 8_500
    assert account["costs_basis"] == "undivided"
    assert account["gross_operating_surplus"] == 19_500
    assert account["missing"] == "division of the fixed and variable costs"


def test_an_siae_has_a_subsidy_that_is_asked_for_and_a_company_has_none() -> None:
    f = village(costs=without(costs(), "cost_id", "relais-subsidy"))
    table = accounts.operating_account(f, lang="en")
    assert table.loc["relais", "value_added"] == 49_500
    assert math.isnan(table.loc["relais", "gross_operating_surplus"])
    assert math.isnan(table.loc["relais", "net_result"])
    assert table.loc["relais", "missing"] == "operating subsidies"
    assert table.loc["filature", "subsidies"] == 0


def test_costs_of_another_year_than_the_flows_do_not_count() -> None:
    older = costs().assign(year=2023)
    account = accounts.operating_account(village(costs=older), lang="en").loc["relais"]
    assert math.isnan(account["wages"])
    assert (
        "wages" not in account["missing"]
    )  # fixed and variable costs are known: their division is asked for
    assert account["missing"] == "division of the fixed and variable costs; operating subsidies"


def test_a_row_of_the_year_wins_over_one_that_holds_every_year() -> None:
    rows = pd.concat([costs(), costs().assign(year=pd.NA, cost_id=lambda r: r["cost_id"] + "-toujours",
                                              amount_eur_per_year=1.0)])  # fmt: skip
    account = accounts.operating_account(village(costs=rows)).loc["relais"]
    assert account["wages"] == 150_000
    alone = costs().assign(year=pd.NA)
    assert accounts.operating_account(village(costs=alone)).loc["relais", "wages"] == 150_000


def test_several_rows_of_one_item_are_added() -> None:
    more = pd.concat([costs().assign(label=None), pd.DataFrame(
        [("relais-eau", "relais", "purchases", "Eau", 1_000.0, 2024)],
        columns=["cost_id", "actor_id", "kind", "label", "amount_eur_per_year", "year"])])  # fmt: skip
    assert accounts.value_added(village(costs=more))["relais"] == 48_500


def test_at_another_year_nothing_of_this_one_is_left() -> None:
    f = village(activities=frames()["activities"].assign(year=2024)).at(2023)
    table = accounts.operating_account(f, lang="en")
    assert table["value_added"].isna().all()
    assert table["n_accounts"].sum() == 0


def test_values_and_index_of_value_added() -> None:
    f = village()
    found = accounts.value_added(f)
    expected = pd.Series(VALUE_ADDED).reindex(f.actors.index).rename("value_added")
    pd.testing.assert_series_equal(found, expected)
    results = accounts.operating_account(f)["net_result"].dropna()
    pd.testing.assert_series_equal(results, pd.Series(NET_RESULT), check_names=False, check_index=True)


def test_a_grouping_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="did you mean: stage"):
        accounts.operating_account(village(), by="stages")  # type: ignore[arg-type]


def test_without_stages_who_receives_and_sends_has_an_account() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B", "C"]},
        flows={"source": ["A", "B"], "target": ["B", "C"], "amount_eur_per_year": [10.0, 30.0]},
        costs={"actor_id": ["B"], "kind": ["purchases"], "amount_eur_per_year": [5.0]},
    )
    table = accounts.operating_account(f)
    assert table["n_accounts"].tolist() == [0, 1, 0]
    assert table["value_added"].tolist()[1] == 15


def test_costs_stated_give_an_account_to_a_resource_and_to_a_market() -> None:
    rows = pd.concat([costs(), pd.DataFrame(
        [("boutique", "sales", 400_000.0), ("boutique", "purchases", 20_000.0)],
        columns=["actor_id", "kind", "amount_eur_per_year"]).assign(year=2024)])  # fmt: skip
    found = accounts.value_added(village(costs=rows.drop(columns="cost_id")))
    assert found["boutique"] == 400_000 - 20_000 - 260_000  # what tisseur sells to it, at its own price
