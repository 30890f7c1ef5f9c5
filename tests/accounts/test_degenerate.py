"""Filières of which little or nothing is known: unknown and named, never zero and never wrong."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import accounts
from tests.accounts.village import costs, flows, frames, village

GROUPINGS: tuple[Literal["actor", "stage", "filiere"], ...] = ("actor", "stage", "filiere")


def alone(**tables: Any) -> Filiere:
    return Filiere.from_tables(**{"actors": {"name": ["A"]}, **tables})


EMPTY = {
    "no actor": {"actors": pd.DataFrame({"name": pd.Series(dtype=str)})},
    "one actor": {},
    "a stage and nobody": {"stages": {"name": ["Tri"]}},
    "an activity": {"stages": {"name": ["Tri"]}, "activities": {"actor_id": ["A"], "stage_id": ["Tri"]}},
    "a flow from nowhere": {"flows": {"source": [None], "target": ["A"], "amount_eur_per_year": [5.0]}},
    "a cost of nothing": {"costs": {"actor_id": ["A"], "kind": ["wages"]}},
}


@pytest.mark.parametrize("tables", EMPTY.values(), ids=EMPTY)
def test_little_or_nothing(tables: dict[str, Any]) -> None:
    f = alone(**tables)
    for by in GROUPINGS:
        table = accounts.operating_account(f, by=by)
        assert table["value_added"].isna().all()
        assert table["net_result"].isna().all()
    for metric in (
        accounts.value_added,
        accounts.value_added_shares,
        accounts.value_added_per_t,
        accounts.margin_per_t,
        accounts.jobs_per_t,
        accounts.insertion_fte_per_t,
        accounts.break_even,
    ):
        found = metric(f)
        assert found.isna().all()
        assert found.dtype == np.float64
    for number in (
        accounts.total_value_added(f),
        accounts.total_value_added(f, indirect_ratio=0.5),
        accounts.value_added_gini(f),
        accounts.territorial_integration(f),
    ):
        assert math.isnan(number)
    assert accounts.policy_ratios(f, reference_prices={}).isna().all(axis=None)
    for indicator in accounts.INDICATORS:
        assert math.isnan(indicator.measure(f).value)
        assert indicator.measure(f).note
    for check in accounts.CHECKS:
        assert list(check(f)) == []


def test_no_price_at_all_leaves_all_unknown_and_names_every_material() -> None:
    f = village(flows=flows().assign(amount_eur_per_year=None), markets=None, costs=None)
    table = accounts.operating_account(f, lang="en")
    kept = table[table["n_accounts"] == 1]
    assert kept.index.tolist() == ["relais", "filature", "tisseur"]
    for line in (
        "output",
        "intermediate_consumption",
        "value_added",
        "gross_operating_surplus",
        "net_result",
    ):
        assert kept[line].isna().all(), line
    assert kept.loc["relais", "missing"] == (
        "price of what is sold (Coton, Refus); price of what is bought (Textile, Bourre); "
        "division of the fixed and variable costs; operating subsidies"
    )
    assert kept.loc["filature", "missing"] == (
        "price of what is sold (Bourre, Fil); price of what is bought (Coton, Laine); "
        "division of the fixed and variable costs"
    )
    note = next(one for one in accounts.INDICATORS if one.indicator_id == "F1").measure(f, lang="en").note
    assert note.startswith(
        "Known for 0 of 3 accounts. Missing: price of Textile, Coton, Refus and 6 others (9 flows);"
    )


def test_subsidies_alone_make_no_value_added() -> None:
    f = alone(costs={"actor_id": ["A"], "kind": ["subsidy"], "amount_eur_per_year": [9_000.0]})
    account = accounts.operating_account(f, lang="en").iloc[0]
    assert account["subsidies"] == 9_000
    assert math.isnan(account["value_added"])
    assert account["missing"].startswith("sales; purchases and services; wages")


def test_value_added_may_be_negative_and_says_so() -> None:
    f = alone(costs={"actor_id": ["A", "A"], "kind": ["sales", "purchases"],
                     "amount_eur_per_year": [100.0, 130.0]})  # fmt: skip
    assert accounts.value_added(f).tolist() == [-30]
    assert accounts.total_value_added(f) == -30
    assert accounts.value_added_shares(f).isna().all()


def test_two_components_do_not_mix() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"source": [None, "A", None, "B"], "target": ["A", None, "B", None],
               "amount_eur_per_year": [10.0, 30.0, None, 90.0]},
        costs={"actor_id": ["A", "B"], "kind": ["purchases"] * 2, "amount_eur_per_year": [0.0, 0.0]},
    )  # fmt: skip
    np.testing.assert_array_equal(accounts.value_added(f), [20.0, np.nan])
    assert accounts.total_value_added(f) == 20


def test_a_cycle_of_sales_adds_what_is_added_and_no_more() -> None:
    """A sells 10 to B, B 15 to C, C 12 to A: 15 − 10 at B, 12 − 15 at C, 10 − 12 at A: nothing in all."""
    f = Filiere.from_tables(
        actors={"name": ["A", "B", "C"]},
        flows={
            "source": ["A", "B", "C"],
            "target": ["B", "C", "A"],
            "amount_eur_per_year": [10.0, 15.0, 12.0],
        },
        costs={"actor_id": ["A", "B", "C"], "kind": ["purchases"] * 3, "amount_eur_per_year": [0.0] * 3},
    )
    assert accounts.value_added(f).tolist() == [-2, 5, -3]
    assert accounts.total_value_added(f) == 0
    assert math.isnan(accounts.territorial_integration(f))  # nothing is sold to others


def test_an_actor_that_is_not_active_has_no_account_and_sells_nothing() -> None:
    people = frames()["actors"].assign(status=lambda r: r["actor_id"].map({"tisseur": "closed"}))
    people["status"] = people["status"].fillna("active")
    table = accounts.operating_account(village(actors=people), lang="en")
    assert table.loc["tisseur", "n_accounts"] == 0
    assert table.loc["filature", "missing"] == "sales"  # all it sold went to tisseur
    assert table.loc["relais", "value_added"] == 49_500


def test_a_diffuse_actor_or_the_outside_has_no_account_even_with_costs() -> None:
    rows = pd.DataFrame({"actor_id": ["menages", "four"], "kind": ["sales"] * 2,
                         "amount_eur_per_year": [5.0, 5.0], "year": 2024})  # fmt: skip
    f = village(costs=pd.concat([costs().drop(columns="cost_id"), rows]))
    assert accounts.operating_account(f).loc[["menages", "four"], "n_accounts"].tolist() == [0, 0]
    assert accounts.total_value_added(f) == 152_000


def test_who_works_on_a_material_that_nobody_brings_has_an_unknown_supply() -> None:
    f = alone(
        stages={"name": ["Tri"]},
        activities={"actor_id": ["A"], "stage_id": ["Tri"]},
        flows={"source": ["A"], "target": [None], "amount_eur_per_year": [100.0]},
        costs={"actor_id": ["A"], "kind": ["purchases"], "amount_eur_per_year": [10.0]},
    )
    account = accounts.operating_account(f, lang="en").iloc[0]
    assert math.isnan(account["value_added"])
    assert account["missing"].startswith("what it receives")
    # one that has its own resource needs none
    own = alone(
        stages={"name": ["Champ", "Teillage"], "kind": ["resource", "operation"]},
        activities={"actor_id": ["A", "A"], "stage_id": ["Champ", "Teillage"]},
        flows={
            "source": ["A"],
            "source_stage": ["Teillage"],
            "target": [None],
            "amount_eur_per_year": [100.0],
        },
        costs={"actor_id": ["A"], "kind": ["purchases"], "amount_eur_per_year": [10.0]},
    )
    assert accounts.value_added(own).tolist() == [90]


def test_an_actor_without_an_account_has_no_threshold_and_no_finding() -> None:
    """The outside may state fixed costs and items: its accounts are not those of the filière."""
    f = alone(
        actors={"name": ["A"], "actor_type": ["outside"]},
        stages={"name": ["Tri"]},
        activities={"actor_id": ["A"], "stage_id": ["Tri"], "fixed_cost_eur_per_year": [10.0],
                    "variable_cost_eur_per_t": [0.0]},
        flows={"source": [None, "A"], "target": ["A", None], "quantity_t_per_year": [1.0, 1.0],
               "amount_eur_per_year": [0.0, 5.0]},
        costs={"actor_id": ["A"], "kind": ["wages"], "amount_eur_per_year": [500.0]},
    )  # fmt: skip
    assert accounts.break_even(f).isna().all()
    assert [one for check in accounts.CHECKS for one in check(f)] == []
