"""What local actors buy on the spot, in euros and in tonnes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, UnknownNameError
from chaine_valeur.analysis.territory import leakage, local_share, local_sourcing
from tests.territory.valley import AWAY, HERE, THERE, valley

COLUMNS = ["local", "outside", "unplaced", "local_share", "low", "high", "n_purchases", "n_unknown"]
ACTORS = {
    "actor_id": ["tri", "mill", "shop", "far", "lost"],
    "name": ["Tri", "Mill", "Shop", "Far", "Lost"],
    "commune_code": [HERE, THERE, HERE, AWAY, None],
}


@pytest.fixture
def market() -> Filiere:
    """Tri, Mill and Shop are local, Far is not, nobody knows where Lost is.

    ==============  =========  ======  ==========================================
    flow            €/year     t/year  purchase
    ==============  =========  ======  ==========================================
    tri → mill         1 000        4  of Mill, local
    (out) → mill       3 000        1  of Mill, outside
    lost → mill        4 000        2  of Mill, unknown place
    far → shop         2 000        5  of Shop, outside
    mill → shop            ?        3  of Shop, local, unknown amount
    tri → far            800        9  of Far: not local
    tri → shop          −500        6  none: Tri pays Shop to take it
    mill → lost          600        7  of Lost, who may be local
    ==============  =========  ======  ==========================================
    """
    return valley(
        ACTORS,
        {
            "flow_id": ["tm", "om", "lm", "fs", "ms", "tf", "ts", "ml"],
            "source": ["tri", None, "lost", "far", "mill", "tri", "tri", "mill"],
            "target": ["mill", "mill", "mill", "shop", "shop", "far", "shop", "lost"],
            "material_id": ["wool", "salt", "wool", "salt", "yarn", "wool", "rest", "yarn"],
            "amount_eur_per_year": [1000, 3000, 4000, 2000, None, 800, -500, 600],
            "quantity_t_per_year": [4, 1, 2, 5, 3, 9, 6, 7],
        },
        stages={"name": ["spinning", "selling"]},
        materials={"name": ["wool", "salt", "yarn", "rest"]},
        activities={"actor_id": ["mill", "shop"], "stage_id": ["spinning", "selling"]},
    )


def test_the_share_of_known_places(market: Filiere) -> None:
    # 1 000 local; 3 000 + 2 000 outside
    assert local_share(market) == pytest.approx(1 / 6)
    assert leakage(market) == pytest.approx(5 / 6)


def test_the_share_in_tonnes(market: Filiere) -> None:
    # 4 + 3 local; 1 + 5 outside; the 6 t that Tri pays for are no purchase
    assert local_share(market, weight="t") == pytest.approx(7 / 13)
    assert leakage(market, weight="t") == pytest.approx(6 / 13)


def test_the_sums_and_the_bounds(market: Filiere) -> None:
    found = local_sourcing(market)
    assert list(found.columns) == COLUMNS
    assert found.index.tolist() == ["filiere"]
    # lowest: Lost is elsewhere, so that 4 000 come from outside: 1 000 / 10 000
    # highest: Lost is here, sells 4 000 and buys 600 from Mill: 5 600 / 10 600
    expected = [1000, 5000, 4000, 1 / 6, 0.1, 5600 / 10600, 5, 1]
    np.testing.assert_allclose(found.iloc[0], expected)


def test_the_bounds_hold_what_comes_out_once_the_place_is_known(market: Filiere) -> None:
    bounds = local_sourcing(market).iloc[0]
    shares = []
    for commune in (HERE, AWAY):
        placed = ACTORS | {"commune_code": [HERE, THERE, HERE, AWAY, commune]}
        shares.append(local_share(market.with_table("actors", pd.DataFrame(placed))))
    # here: (1 000 + 4 000 + 600) / 10 600; elsewhere 1 000 / 10 000: both bounds are reached
    assert shares == pytest.approx([bounds["high"], bounds["low"]])


def test_by_actor(market: Filiere) -> None:
    found = local_sourcing(market, by="actor")
    assert found.index.equals(market.actors.index)
    np.testing.assert_allclose(found["local_share"], [np.nan, 0.25, 0, np.nan, np.nan])
    # Mill: 4 000 of its 8 000 may come from either side; Lost may be a local buyer of 600 from Mill, or none
    np.testing.assert_allclose(found["low"], [np.nan, 1 / 8, 0, np.nan, np.nan])
    np.testing.assert_allclose(found["high"], [np.nan, 5 / 8, 0, np.nan, 1])
    assert found["n_purchases"].tolist() == [0, 3, 2, 0, 0]
    assert found["n_unknown"].tolist() == [0, 0, 1, 0, 0]
    # Tri buys nothing that is known: no sum, rather than 0
    assert np.isnan(found.loc["tri", "local"])


def test_by_stage_and_by_material(market: Filiere) -> None:
    stages = local_sourcing(market, by="stage")
    assert stages.index.tolist() == ["spinning", "selling"]
    np.testing.assert_allclose(stages["local_share"], [0.25, 0])
    materials = local_sourcing(market, by="material", weight="t")
    assert materials.index.tolist() == ["wool", "salt", "yarn", "rest"]
    # wool: 4 of 4 t of known place (2 t from Lost); salt 0 of 6; yarn 3 of 3; rest is bought by nobody
    np.testing.assert_allclose(materials["local_share"], [1, 0, 1, np.nan])
    assert materials.loc["wool", "low"] == pytest.approx(4 / 6)


def test_words_that_do_not_exist(market: Filiere) -> None:
    with pytest.raises(UnknownNameError, match="weight='tonnes'"):
        local_share(market, weight="tonnes")
    with pytest.raises(UnknownNameError, match="did you mean: actor"):
        local_sourcing(market, by="actors")


# -- one amount for several declarations ------------------------------------------------------------


def declared(amounts: list[float | None], confidences: list[str | None]) -> Filiere:
    n = len(amounts)
    return valley(
        ACTORS,
        {
            "flow_id": [f"d{place}" for place in range(n)] + ["import"],
            "source": ["tri"] * n + [None],
            "target": ["mill"] * n + ["mill"],
            "quantity_t_per_year": [10] * n + [10],
            "amount_eur_per_year": [*amounts, 1000],
            "confidence": [*confidences, None],
            "same_flow_as": [None] + ["d0"] * (n - 1) + [None],
        },
    )


@pytest.mark.parametrize(
    ("amounts", "confidences", "believed"),
    [
        # the receiver weighed the material, the supplier sent the bill
        ([3000, None], ["declared", "measured"], 3000),
        # the declaration that counts is believed first…
        ([3000, 4000], ["declared", "measured"], 4000),
        # …then the others, in row order
        ([None, 4000, 5000, None], ["declared", "declared", "declared", "measured"], 4000),
    ],
)
def test_the_amount_of_another_declaration(
    amounts: list[float | None], confidences: list[str | None], believed: float
) -> None:
    f = declared(amounts, confidences)
    row = local_sourcing(f).iloc[0]
    assert row["local"] == believed
    assert row["n_purchases"] == 2
    assert local_share(f) == pytest.approx(believed / (believed + 1000))


# -- degenerate -------------------------------------------------------------------------------------


def test_without_a_territory_nobody_knows() -> None:
    f = Filiere.from_tables(
        actors={"name": ["a", "b"]},
        flows={"source": ["a"], "target": ["b"], "amount_eur_per_year": [10]},
    )
    assert math.isnan(local_share(f))
    assert math.isnan(leakage(f))
    row = local_sourcing(f).iloc[0]
    assert row["n_purchases"] == 0
    assert math.isnan(row["local"])


def test_without_flows_or_without_amounts() -> None:
    assert math.isnan(local_share(valley(ACTORS)))
    assert local_sourcing(valley(ACTORS), by="stage").empty
    silent = valley(ACTORS, {"source": ["tri", None], "target": "mill"})
    assert math.isnan(local_share(silent))
    assert local_sourcing(silent)["n_unknown"].tolist() == [2]
    free = valley(ACTORS, {"source": ["tri"], "target": ["mill"], "amount_eur_per_year": [0]})
    assert math.isnan(local_share(free))  # nothing was paid: no share of it
    assert local_sourcing(free)["local"].tolist() == [0]


def test_nothing_outside_and_nothing_local() -> None:
    local = valley(ACTORS, {"source": ["tri"], "target": ["mill"], "amount_eur_per_year": [5]})
    assert (local_share(local), leakage(local)) == (1, 0)
    away = valley(ACTORS, {"source": ["far", None], "target": "mill", "amount_eur_per_year": [5, 6]})
    assert (local_share(away), leakage(away)) == (0, 1)


def test_an_actor_buys_nothing_from_itself() -> None:
    f = valley(
        ACTORS,
        {
            "source": ["mill", None], "source_stage": ["wash", None],
            "target": ["mill", "mill"], "target_stage": ["spin", "spin"],
            "amount_eur_per_year": [9, 1],
        },
        stages={"name": ["wash", "spin"]},
        activities={"actor_id": "mill", "stage_id": ["wash", "spin"]},
    )  # fmt: skip
    assert local_share(f) == 0


def test_an_outside_actor_is_outside_wherever_it_is_said_to_be() -> None:
    actors = ACTORS | {
        "actor_type": ["outside", "organisation", "organisation", "organisation", "organisation"]
    }
    f = valley(actors, {"source": ["tri"], "target": ["mill"], "amount_eur_per_year": [5]})
    assert local_share(f) == 0


def test_only_active_flows_of_the_year_count() -> None:
    f = valley(
        ACTORS,
        {
            "source": ["tri", "far", "far"],
            "target": "mill",
            "year": [2024, 2023, 2024],
            "status": ["active", "active", "planned"],
            "amount_eur_per_year": [5, 7, 9],
        },
    )
    assert local_share(f) == 1
    assert local_share(f.at(2023)) == 0
