"""What a flow is worth: its amount, else a price; who sells when it is the source that pays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import accounts
from chaine_valeur.analysis.accounts._trades import trades_of
from tests.accounts.village import edited, flows, frames, village


def pair(flow: dict[str, Any], *, markets: list[dict[str, Any]] | None = None, **more: Any) -> Filiere:
    """Return A and B, one flow from A to B, and prices."""
    rows = pd.DataFrame([{"source": "a", "target": "b", "material_id": "bois", **flow}])
    tables: dict[str, Any] = {
        "materials": {"name": ["Bois", "Sciure"]},
        "actors": {"name": ["A", "B"]},
        "flows": rows,
        **more,
    }
    if markets:
        tables["markets"] = pd.DataFrame([{"material_id": "bois", **market} for market in markets])
    return Filiere.from_tables(**tables)


DEMAND = {"actor_id": "b", "kind": "demand"}
SUPPLY = {"actor_id": "a", "kind": "supply"}


@pytest.mark.parametrize(
    ("markets", "price"),
    [
        ([DEMAND | {"price_eur_per_t": 30.0}], 30.0),
        ([SUPPLY | {"price_eur_per_t": 20.0}], 20.0),
        # the demand of the target before the supply of the source
        ([SUPPLY | {"price_eur_per_t": 20.0}, DEMAND | {"price_eur_per_t": 30.0}], 30.0),
        # a demand without a price says nothing of it
        ([DEMAND, SUPPLY | {"price_eur_per_t": 20.0}], 20.0),
        # the firmest level
        ([DEMAND | {"price_eur_per_t": 30.0, "level": "expressed"},
          DEMAND | {"price_eur_per_t": 35.0, "level": "contracted"}], 35.0),
        # another material, another actor, nobody in particular
        ([DEMAND | {"price_eur_per_t": 30.0, "material_id": "sciure"}], math.nan),
        ([DEMAND | {"price_eur_per_t": 30.0, "actor_id": "a"}], math.nan),
        ([{"kind": "demand", "price_eur_per_t": 30.0}], math.nan),
        # a supply of the target, a demand of the source
        ([{"actor_id": "b", "kind": "supply", "price_eur_per_t": 30.0}], math.nan),
        ([{"actor_id": "a", "kind": "demand", "price_eur_per_t": 30.0}], math.nan),
        ([], math.nan),
    ],
)  # fmt: skip
def test_price_of_a_flow_without_an_amount(markets: list[dict[str, Any]], price: float) -> None:
    trades = trades_of(pair({"quantity_t_per_year": 10.0}, markets=markets))
    np.testing.assert_array_equal(trades.value, [10 * price])
    assert trades.estimated.tolist() == [not math.isnan(price)]
    assert (trades.market[0] != "") == (not math.isnan(price))


def test_an_amount_wins_over_a_price_and_is_no_estimate() -> None:
    f = pair(
        {"quantity_t_per_year": 10.0, "amount_eur_per_year": 7.0},
        markets=[DEMAND | {"price_eur_per_t": 30.0}],
    )
    trades = trades_of(f)
    assert trades.value.tolist() == [7.0]
    assert not trades.estimated.any()
    assert trades.market.tolist() == [""]


def test_a_price_without_tonnes_gives_nothing() -> None:
    trades = trades_of(pair({}, markets=[DEMAND | {"price_eur_per_t": 30.0}]))
    assert np.isnan(trades.value).all()
    assert trades.unknown.tolist() == [True]


def test_a_flow_without_a_material_has_no_price() -> None:
    markets = [DEMAND | {"price_eur_per_t": 30.0, "material_id": None}]
    trades = trades_of(pair({"quantity_t_per_year": 10.0, "material_id": None}, markets=markets))
    assert np.isnan(trades.value).all()


def test_natural_quantities_are_priced_in_tonnes() -> None:
    f = pair(
        {"natural_quantity_per_year": 20.0},
        markets=[DEMAND | {"price_eur_per_t": 30.0}],
        materials={"name": ["Bois", "Sciure"], "unit": ["stère", "t"], "t_per_unit": [0.5, 1]},
    )
    assert trades_of(f).value.tolist() == [300.0]  # 20 × 0.5 t × 30 €/t


def test_a_price_of_the_year_wins_over_one_of_every_year() -> None:
    markets = [DEMAND | {"price_eur_per_t": 30.0}, DEMAND | {"price_eur_per_t": 40.0, "year": 2024}]
    f = pair({"quantity_t_per_year": 1.0, "year": 2024}, markets=markets)
    assert trades_of(f).value.tolist() == [40.0]
    assert trades_of(f.at(2023)).value.tolist() == []


def test_no_tonne_is_worth_nothing_even_without_a_price() -> None:
    trades = trades_of(pair({"quantity_t_per_year": 0.0}))
    assert trades.value.tolist() == [0.0]
    assert not trades.unknown.any()


@pytest.mark.parametrize(
    ("amount", "price", "seller"),
    [(100.0, None, "a"), (-100.0, None, "b"), (None, 10.0, "a"), (None, -10.0, "b"), (0.0, None, "a")],
)
def test_where_the_source_pays_the_target_sells_a_service(
    amount: float | None, price: float | None, seller: str
) -> None:
    markets = [DEMAND | {"price_eur_per_t": price}] if price is not None else []
    f = pair({"quantity_t_per_year": 10.0, "amount_eur_per_year": amount}, markets=markets)
    trades = trades_of(f)
    names = f.actors.index
    assert names[trades.seller[0]] == seller
    assert names[trades.buyer[0]] == ("b" if seller == "a" else "a")
    assert trades.value[0] == (0.0 if amount == 0 else 100.0)


def test_a_negative_price_makes_output_of_the_receiver_and_a_cost_of_the_source() -> None:
    """Waste at −10 €/t, 10 t: the treatment is the output of B and a purchase of A."""
    f = pair(
        {"quantity_t_per_year": 10.0},
        markets=[DEMAND | {"price_eur_per_t": -10.0}],
        costs={"actor_id": ["a", "a", "b"], "kind": ["sales", "purchases", "purchases"],
               "amount_eur_per_year": [500.0, 0.0, 0.0]},
    )  # fmt: skip
    table = accounts.operating_account(f)
    assert table.loc["a", ["output", "intermediate_consumption"]].tolist() == [500, 100]
    assert table.loc["b", ["output", "intermediate_consumption"]].tolist() == [100, 0]
    assert accounts.total_value_added(f) == 500


def test_the_amount_may_stand_on_another_declaration_of_the_flow() -> None:
    """f5 is declared 270 t for 162 000 € and weighed 268 t: the weighing counts, the amount is kept whole."""
    f = village()
    net, trades = f.network, trades_of(f)
    place = net.flow_ids.get_loc("f5-pesee")
    assert net.flow_t[place] == 268
    assert trades.value[place] == 162_000
    assert f.flows.index[trades.said[place]] == "f5"
    assert "f5" not in net.flow_ids


def test_of_two_amounts_of_one_flow_the_most_confident_counts() -> None:
    rows = edited(flows(), "flow_id", "f5-pesee", amount_eur_per_year=150_000.0)
    assert accounts.operating_account(village(flows=rows)).loc["filature", "output"] == 150_000
    # the other way round: declared by one, estimated by the other
    rows = edited(rows, "flow_id", "f5-pesee", confidence="estimated")
    assert accounts.operating_account(village(flows=rows)).loc["filature", "output"] == 162_000


def test_an_amount_of_another_year_or_of_a_flow_to_come_is_not_taken() -> None:
    for changed in ({"year": 2023}, {"status": "planned"}):
        rows = flows().assign(status="active")
        f = village(flows=edited(rows, "flow_id", "f5", **changed))
        assert math.isnan(accounts.value_added(f)["filature"])


def test_parallel_flows_are_added() -> None:
    twice = pd.concat([flows(), flows().query("flow_id == 'f2'").assign(flow_id="f2-bis")])
    f = village(flows=twice)
    account = accounts.operating_account(f).loc["relais"]
    assert account["sales_in_filiere"] == 51_500 + 50_000
    assert accounts.total_value_added(f) == 152_000 - 250 * 60  # filature: 60 €/t on 250 t more


def test_a_flow_inside_one_actor_is_no_sale() -> None:
    stages = frames()["stages"]
    activities = pd.concat([frames()["activities"], pd.DataFrame(
        {"activity_id": ["filature-tissage"], "actor_id": ["filature"], "stage_id": ["tissage"]})])  # fmt: skip
    inner = pd.DataFrame([{
        "flow_id": "inner", "source": "filature", "source_stage": "filage", "target": "filature",
        "target_stage": "tissage", "quantity_t_per_year": 5.0, "amount_eur_per_year": 1e6, "year": 2024}])  # fmt: skip
    sent = flows().assign(
        source_stage=lambda rows: rows["source"].map({"filature": "filage"}),
        target_stage=lambda rows: rows["target"].map({"filature": "filage"}),
    )
    f = village(stages=stages, activities=activities, flows=pd.concat([sent, inner]))
    assert trades_of(f).inside.sum() == 1
    account = accounts.operating_account(f).loc["filature"]
    assert account["output"] == 162_000
    assert account["value_added"] == 52_500
