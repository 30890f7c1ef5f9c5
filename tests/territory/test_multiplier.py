"""LM3: three rounds of spending, by hand; what is unknown leaves bounds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import ArgumentError, Filiere, UnknownNameError
from chaine_valeur.analysis.territory import lm3, lm3_rounds
from tests.territory.valley import AWAY, HERE, THERE, valley

COLUMNS = [
    "round1_eur_per_year", "round2_low_eur_per_year", "round2_high_eur_per_year", "round3_low_eur_per_year",
    "round3_high_eur_per_year", "lm3", "lm3_low", "lm3_high",
]  # fmt: skip
ACTORS = {
    "actor_id": ["farm", "mill", "far"],
    "name": ["Farm", "Mill", "Far"],
    "commune_code": [THERE, HERE, AWAY],
}
FLOWS = {
    "flow_id": ["wool", "dye", "yarn"],
    "source": ["farm", "far", "mill"],
    "target": ["mill", "mill", None],
    "quantity_t_per_year": [40, 2, 30],
    "amount_eur_per_year": [20_000, 10_000, 100_000],
}
COSTS = {
    "cost_id": ["mw", "mp", "md", "ms", "fw", "fs"],
    "actor_id": ["mill", "mill", "mill", "mill", "farm", "farm"],
    "kind": ["wages", "purchases", "depreciation", "subsidy", "wages", "sales"],
    "amount_eur_per_year": [40_000, 10_000, 5_000, 25_000, 8_000, 5_000],
    "local_share": [0.5, 0.1, 1.0, None, 1.0, None],
}


def economy(flows: dict[str, Any] | None = None, costs: dict[str, Any] | None = None, **more: Any) -> Filiere:
    """Return the filière of this page with some columns replaced.

    Mill earns 100 000 + a subsidy of 25 000 = 125 000. It spends here 20 000 at Farm, half of 40 000 of wages
    and a tenth of 10 000 of purchases: 41 000 (depreciation is paid to nobody, Far is elsewhere). Farm earns
    20 000 + 5 000 = 25 000 and spends 8 000 here: 0.32 of what it earns.
    """
    return valley(ACTORS, FLOWS | (flows or {}), **({"costs": COSTS | (costs or {})} | more))


def test_by_hand_with_a_hypothesis() -> None:
    """Mill, round 3: 20 000 × 0.32 + 21 000 × 0.4 = 14 800. Farm: 8 000 × 0.4 = 3 200."""
    f = economy()
    found = lm3_rounds(f, respent_share=0.4)
    assert found.index.equals(pd.Index(["farm", "mill"], name="actor_id"))
    assert list(found.columns) == COLUMNS
    farm = [25_000, 8_000, 8_000, 3_200, 3_200, 36.2 / 25, 36.2 / 25, 36.2 / 25]
    mill = [125_000, 41_000, 41_000, 14_800, 14_800, 180.8 / 125, 180.8 / 125, 180.8 / 125]
    np.testing.assert_allclose(found.to_numpy(), [farm, mill])
    # together: (36.2 + 180.8) / 150
    assert lm3(f, respent_share=0.4) == pytest.approx(217 / 150)
    assert lm3(f, actors=["mill"], respent_share=0.4) == pytest.approx(1.4464)


def test_without_a_hypothesis_round_3_has_bounds() -> None:
    """What inhabitants and other suppliers spend here is unknown: Mill 6 400 + (0 to 21 000)."""
    f = economy()
    found = lm3_rounds(f)
    np.testing.assert_allclose(found["round3_low_eur_per_year"], [0, 6_400])
    np.testing.assert_allclose(found["round3_high_eur_per_year"], [8_000, 27_400])
    np.testing.assert_allclose(found["lm3_low"], [33 / 25, 172.4 / 125])
    np.testing.assert_allclose(found["lm3_high"], [41 / 25, 193.4 / 125])
    assert found["lm3"].isna().all()
    assert math.isnan(lm3(f))


def test_it_is_exact_where_all_recipients_are_known() -> None:
    """Mill pays nobody but Farm: no hypothesis is needed. 125 + 20 + 20 × 0.32."""
    f = economy(costs={"local_share": [0, 0, 1.0, None, 1.0, None]})
    assert lm3(f, actors=["mill"]) == pytest.approx(151.4 / 125)
    assert math.isnan(lm3(f))  # Farm pays wages here


@pytest.mark.parametrize("share", [0, 1])
def test_the_hypotheses_0_and_1_are_the_bounds(share: float) -> None:
    f = economy()
    bound = lm3_rounds(f)["lm3_high" if share else "lm3_low"]
    np.testing.assert_allclose(lm3_rounds(f, respent_share=share)["lm3"], bound)


# -- what is unknown --------------------------------------------------------------------------------


def test_an_unknown_local_share_of_wages() -> None:
    """Mill: 20 000 + 1 000 for certain, up to 40 000 of wages more, which may all be spent here again."""
    f = economy(costs={"local_share": [None, 0.1, 1.0, None, 1.0, None]})
    mill = lm3_rounds(f, respent_share=0.4).loc["mill"]
    np.testing.assert_allclose(mill["round2_low_eur_per_year"], 21_000)
    np.testing.assert_allclose(mill["round2_high_eur_per_year"], 61_000)
    np.testing.assert_allclose(mill["round3_low_eur_per_year"], 6_400 + 400)
    np.testing.assert_allclose(mill["round3_high_eur_per_year"], 6_400 + 400 + 40_000)
    assert math.isnan(mill["lm3"])


@pytest.mark.parametrize(
    "costs",
    [
        {"amount_eur_per_year": [None, 10_000, 5_000, 25_000, 8_000, 5_000]},  # wages of unknown amount
        {"kind": ["rent", "purchases", "depreciation", "subsidy", "wages", "sales"]},  # no row of wages
    ],
)
def test_unknown_spending_goes_up_to_the_income(costs: dict[str, Any]) -> None:
    mill = lm3_rounds(economy(costs=costs)).loc["mill"]
    assert mill["round2_high_eur_per_year"] == 125_000
    assert mill["lm3_high"] <= 3
    assert math.isnan(mill["lm3"])


def test_an_unknown_amount_of_which_nothing_is_local_changes_nothing() -> None:
    amounts = [40_000, None, 5_000, 25_000, 8_000, 5_000]
    f = economy(costs={"amount_eur_per_year": amounts, "local_share": [0.5, 0, 1.0, None, 1.0, None]})
    # 125 + 40 + 6.4 + 20 × 0.4
    assert lm3(f, actors=["mill"], respent_share=0.4) == pytest.approx(179.4 / 125)


def test_an_unknown_income_is_no_income() -> None:
    """The amount of the yarn is unknown: nothing is said of Mill, and Farm stands alone in the total."""
    f = economy(flows={"amount_eur_per_year": [20_000, 10_000, None]})
    assert lm3_rounds(f, respent_share=0.4).loc["mill"].isna().all()
    assert lm3(f, respent_share=0.4) == pytest.approx(36.2 / 25)
    assert math.isnan(lm3(f, actors=["mill"], respent_share=0.4))


def test_a_recipient_of_unknown_income_takes_the_hypothesis() -> None:
    """The sales of Farm are unknown: 20 000 × (0 to 1), or × 0.4; at most all of it is spent again."""
    f = economy(costs={"amount_eur_per_year": [40_000, 10_000, 5_000, 25_000, 8_000, None]})
    mill = lm3_rounds(f).loc["mill"]
    assert mill["round3_low_eur_per_year"] == 0
    assert mill["round3_high_eur_per_year"] == 41_000
    # 125 + 41 + 41 × 0.4
    assert lm3(f, actors=["mill"], respent_share=0.4) == pytest.approx(182.4 / 125)


def test_a_hypothesis_stays_within_what_is_known_of_a_recipient() -> None:
    """Farm spends at least 8 000 of 25 000 here, maybe 2 000 of rent more: 0.32 to 0.4."""
    costs = {name: [*COSTS[name], extra] for name, extra in
             [("cost_id", "fr"), ("actor_id", "farm"), ("kind", "rent"), ("amount_eur_per_year", 2_000),
              ("local_share", None)]}  # fmt: skip
    f = economy(costs=costs)
    for share, at_farm in [(0.1, 0.32), (0.35, 0.35), (0.9, 0.4)]:
        mill = lm3_rounds(f, respent_share=share).loc["mill"]
        assert mill["round3_low_eur_per_year"] == pytest.approx(20_000 * at_farm + 21_000 * share)
        assert mill["lm3"] == pytest.approx(mill["lm3_low"])


def test_a_supplier_of_unknown_place_may_be_local() -> None:
    actors = ACTORS | {"commune_code": [None, HERE, AWAY]}
    f = valley(actors, FLOWS, costs=COSTS)
    mill = lm3_rounds(f, respent_share=0.4).loc["mill"]
    assert (mill["round2_low_eur_per_year"], mill["round2_high_eur_per_year"]) == (21_000, 41_000)
    assert math.isnan(mill["lm3"])


# -- money the other way, tonnes, years -------------------------------------------------------------


def test_where_the_source_pays_the_receiver_earns() -> None:
    """Mill pays Farm 3 000 to take its waste: Farm earns 28 000 and spends 8/28 of it here."""
    flows = {
        "flow_id": [*FLOWS["flow_id"], "waste"],
        "source": [*FLOWS["source"], "mill"],
        "target": [*FLOWS["target"], "farm"],
        "quantity_t_per_year": [*FLOWS["quantity_t_per_year"], 1],
        "amount_eur_per_year": [*FLOWS["amount_eur_per_year"], -3_000],
    }
    found = lm3_rounds(economy(flows=flows), respent_share=0.4)
    assert found["round1_eur_per_year"].tolist() == [28_000, 125_000]
    assert found.loc["mill", "round2_low_eur_per_year"] == 44_000
    assert found.loc["mill", "round3_low_eur_per_year"] == pytest.approx(23_000 * 8 / 28 + 8_400)


@pytest.mark.parametrize(
    ("stage", "tonnes"),
    [
        (None, 42.0),  # all that enters Mill
        ("spinning", 40.0),  # the wool
        ("dyeing", 2.0),
    ],
)
def test_costs_per_tonne_follow_what_enters(stage: str | None, tonnes: float) -> None:
    """Energy at 100 €/t, all of it paid here."""
    f = economy(
        flows={"target_stage": ["spinning", "dyeing", None]},
        stages={"name": ["spinning", "dyeing"]},
        activities={"actor_id": "mill", "stage_id": ["spinning", "dyeing"]},
        costs={
            "stage_id": [None, stage, None, None, None, None],
            "amount_eur_per_year": [40_000, None, 5_000, 25_000, 8_000, 5_000],
            "amount_eur_per_t": [None, 100, None, None, None, None],
            "local_share": [0.5, 1, 1.0, None, 1.0, None],
        },
    )
    assert lm3_rounds(f).loc["mill", "round2_low_eur_per_year"] == 40_000 + 100 * tonnes


@pytest.mark.parametrize(
    ("quantities", "stages"),
    [([None, 2, 30], ["spinning", "dyeing", None]), ([40, 2, 30], [None, "dyeing", None])],
)
def test_costs_per_tonne_of_unknown_tonnes_are_unknown(
    quantities: list[float | None], stages: list[str | None]
) -> None:
    """The wool has no tonnage; or it does not say at which stage it arrives."""
    f = economy(
        flows={"target_stage": stages, "quantity_t_per_year": quantities},
        stages={"name": ["spinning", "dyeing"]},
        activities={"actor_id": "mill", "stage_id": ["spinning", "dyeing"]},
        costs={
            "stage_id": [None, "spinning", None, None, None, None],
            "amount_eur_per_year": [40_000, None, 5_000, 25_000, 8_000, 5_000],
            "amount_eur_per_t": [None, 100, None, None, None, None],
        },
    )
    mill = lm3_rounds(f).loc["mill"]
    assert mill["round2_low_eur_per_year"] == 40_000
    assert mill["round2_high_eur_per_year"] == 125_000


def test_the_amount_of_the_year_is_believed_before_that_per_tonne() -> None:
    f = economy(costs={"amount_eur_per_t": [None, 100, None, None, None, None]})
    assert lm3_rounds(f).loc["mill", "round2_low_eur_per_year"] == 41_000


def test_costs_of_another_year_are_not_added() -> None:
    """A row without a year holds every year, and gives way to that of the year."""
    costs = {
        "actor_id": ["mill"] * 3 + ["farm"],
        "kind": ["wages"] * 3 + ["wages"],
        "year": [None, 2023, 2024, None],
        "amount_eur_per_year": [1_000, 2_000, 3_000, 4_000],
        "local_share": 1.0,
    }
    f = valley(ACTORS, FLOWS | {"year": 2024}, costs=costs)
    assert lm3_rounds(f)["round2_low_eur_per_year"].tolist() == [4_000, 23_000]
    dated_2025 = costs | {"year": [None, 2023, 2025, None]}
    f = valley(ACTORS, FLOWS | {"year": 2024}, costs=dated_2025)
    assert lm3_rounds(f)["round2_low_eur_per_year"].tolist() == [4_000, 21_000]
    undated = valley(ACTORS, FLOWS, costs=costs)
    assert lm3_rounds(undated)["round2_low_eur_per_year"].tolist() == [4_000, 23_000]
    assert lm3_rounds(undated.at(2023))["round2_low_eur_per_year"].tolist() == [4_000, 22_000]


# -- degenerate -------------------------------------------------------------------------------------


def test_an_actor_that_spends_more_than_it_earns_goes_beyond_three() -> None:
    """Said in the docstring: 3 is the most where nobody spends more than its income."""
    f = economy(costs={"amount_eur_per_year": [900_000, 0, 0, 0, 8_000, 5_000], "local_share": 1})
    # 100 + 20 + 900 + 20 × 0.32 + 900
    assert lm3(f, actors=["mill"], respent_share=1) == pytest.approx(1926.4 / 100)


def test_two_who_buy_from_each_other() -> None:
    """Each earns 100 and pays the other 100: all of it stays, three times over."""
    f = valley(
        {"name": ["a", "b"], "commune_code": HERE},
        {"source": ["a", "b"], "target": ["b", "a"], "amount_eur_per_year": 100},
        costs={"actor_id": ["a", "b"], "kind": "wages", "amount_eur_per_year": 0, "local_share": 1},
    )
    assert lm3(f) == 3
    assert lm3_rounds(f)["lm3"].tolist() == [3, 3]


def test_all_that_leaves_at_once() -> None:
    f = valley(
        {"name": ["a"], "commune_code": [HERE]},
        {"source": ["a", None], "target": [None, "a"], "amount_eur_per_year": [100, 70]},
        costs={"actor_id": ["a"], "kind": ["wages"], "amount_eur_per_year": [30], "local_share": [0]},
    )
    assert lm3(f) == 1


def test_where_nothing_is_known() -> None:
    for f in (valley(ACTORS), valley(ACTORS, FLOWS | {"amount_eur_per_year": None})):
        assert math.isnan(lm3(f, respent_share=0.5))
        found = lm3_rounds(f)
        assert list(found.columns) == COLUMNS
        assert found.isna().all(axis=None)
    nowhere = Filiere.from_tables(actors=ACTORS, flows=FLOWS, costs=COSTS)
    assert lm3_rounds(nowhere).empty  # without a territory nobody is local
    assert math.isnan(lm3(nowhere))


def test_an_income_of_zero_multiplies_nothing() -> None:
    f = economy(flows={"amount_eur_per_year": [0, 0, 0]}, costs={"amount_eur_per_year": [1, 1, 1, 0, 1, 0]})
    assert lm3_rounds(f)[["lm3", "lm3_low", "lm3_high"]].isna().all(axis=None)
    assert lm3_rounds(f)["round1_eur_per_year"].tolist() == [0, 0]


def test_an_actor_elsewhere_may_be_asked_for() -> None:
    """Far earns 10 000 and spends nothing that is told here: anything up to all of it."""
    far = lm3_rounds(economy(), actors="far").iloc[0]
    assert far["round1_eur_per_year"] == 10_000
    assert (far["lm3_low"], far["lm3_high"]) == (1, 3)


def test_what_is_refused() -> None:
    f = economy()
    with pytest.raises(UnknownNameError, match="no actor 'mil'; did you mean: mill"):
        lm3(f, actors=["mil"])
    for share in (-0.1, 1.1, math.inf):
        with pytest.raises(ArgumentError, match="respent_share"):
            lm3_rounds(f, respent_share=share)
