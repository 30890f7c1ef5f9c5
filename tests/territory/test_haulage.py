"""Kilometres per flow, tonne-kilometres, mean haul: on the equator, where a degree is 111.195 km."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import ArgumentError, Filiere, UnknownNameError
from chaine_valeur.analysis.territory import flow_distances, haulage, mean_haul, tonne_km
from tests.territory.valley import DEGREE_KM, HERE, THERE, equator, same, valley

D = DEGREE_KM
COLUMNS = ["mean_haul_km", "tonne_km_per_year", "located_t_per_year", "known_t_per_year", "located_share",
           "n_flows", "n_unknown"]  # fmt: skip


@pytest.fixture
def chain() -> Filiere:
    """Three actors 1 and 3 degrees apart, one nobody knows where.

    ==========  ======  ====  =========================
    flow        t/year  km    material
    ==========  ======  ====  =========================
    a → b       10      1 D   wool
    b → c       30      3 D   yarn
    c → lost    20      ?     yarn
    c → (out)    5      ?     none stated
    a → c        ?      4 D   wool
    ==========  ======  ====  =========================
    """
    return Filiere.from_tables(
        stages={"name": ["tonte", "filature", "tissage"]},
        materials={"name": ["wool", "yarn", "felt"]},
        actors=equator(a=0, b=1, c=4, lost=None),
        activities={"actor_id": ["a", "b", "c"], "stage_id": ["tonte", "filature", "tissage"]},
        flows={
            "flow_id": ["ab", "bc", "cl", "co", "ac"],
            "source": ["a", "b", "c", "c", "a"],
            "target": ["b", "c", "lost", None, "c"],
            "material_id": ["wool", "yarn", "yarn", None, "wool"],
            "quantity_t_per_year": [10, 30, 20, 5, None],
        },
    )


def test_the_distance_of_each_flow(chain: Filiere) -> None:
    found = flow_distances(chain)
    assert found.index.equals(pd.Index(["ab", "bc", "cl", "co", "ac"], name="flow_id"))
    assert found.name == "distance_km"
    np.testing.assert_allclose(found, [D, 3 * D, np.nan, np.nan, 4 * D])
    np.testing.assert_allclose(flow_distances(chain, detour=1.3), found * 1.3)


def test_tonne_km_and_mean_haul(chain: Filiere) -> None:
    # 10 × 1 D + 30 × 3 D = 100 D; over 40 t: 2.5 D
    assert tonne_km(chain) == pytest.approx(100 * D)
    assert mean_haul(chain) == pytest.approx(2.5 * D)
    assert mean_haul(chain, detour=1.2) == pytest.approx(3 * D)
    assert tonne_km(chain, detour=1.2) == pytest.approx(120 * D)


def test_how_much_could_be_located(chain: Filiere) -> None:
    found = haulage(chain)
    assert list(found.columns) == COLUMNS
    assert found.index.tolist() == ["filiere"]
    # known 10 + 30 + 20 + 5 = 65 t, of which 40 located
    np.testing.assert_allclose(found.iloc[0], [2.5 * D, 100 * D, 40, 65, 40 / 65, 5, 3])


def test_by_material(chain: Filiere) -> None:
    found = haulage(chain, by="material")
    assert list(found.index) == ["wool", "yarn", "felt"]
    assert found.index.name == "material_id"
    # wool: 10 t on 1 D, a flow without tonnes; yarn: 30 of 50 t on 3 D; felt: no flow at all
    np.testing.assert_allclose(found["mean_haul_km"], [D, 3 * D, np.nan])
    np.testing.assert_allclose(found["located_share"], [1, 30 / 50, np.nan])
    np.testing.assert_allclose(found["known_t_per_year"], [10, 50, np.nan])
    assert found["n_flows"].tolist() == [2, 2, 0]
    assert found["n_unknown"].tolist() == [1, 1, 0]


def test_by_stage(chain: Filiere) -> None:
    leaving = haulage(chain, by="source_stage")
    assert list(leaving.index) == ["tonte", "filature", "tissage"]
    np.testing.assert_allclose(leaving["tonne_km_per_year"], [10 * D, 90 * D, np.nan])
    # 25 t leave weaving for places that nobody knows: none of it is located, and that is a measured 0
    assert leaving.loc["tissage", "located_share"] == 0
    arriving = haulage(chain, by="target_stage")
    np.testing.assert_allclose(arriving["tonne_km_per_year"], [np.nan, 10 * D, 90 * D])


def test_a_way_to_group_that_does_not_exist(chain: Filiere) -> None:
    with pytest.raises(UnknownNameError, match="did you mean: material"):
        haulage(chain, by="materials")


@pytest.mark.parametrize("detour", [0.99, 0, -1, math.inf, math.nan])
def test_a_road_is_not_shorter_than_the_straight_line(chain: Filiere, detour: float) -> None:
    with pytest.raises(ArgumentError, match="detour"):
        flow_distances(chain, detour=detour)


@pytest.mark.parametrize("distance", [-1, math.inf])
def test_a_distance_within_a_commune_is_a_distance(chain: Filiere, distance: float) -> None:
    with pytest.raises(ArgumentError, match="same_commune_km"):
        mean_haul(chain, same_commune_km=distance)


# -- one commune ------------------------------------------------------------------------------------


@pytest.fixture
def town() -> Filiere:
    """Two addresses and two actors at the centre in one commune, one at the centre of the next."""
    return valley(
        {
            "actor_id": ["p", "q", "r", "s", "t"],
            "name": ["p", "q", "r", "s", "t"],
            "commune_code": [HERE, HERE, HERE, None, THERE],
            "commune_name": [None, None, None, "Lillebonne", None],
            "latitude": [0.0, 0.0, None, None, None],
            "longitude": [0.00, 0.01, None, None, None],
        },
        {
            "flow_id": ["pq", "qr", "rs", "rt", "st"],
            "source": ["p", "q", "r", "r", "s"],
            "target": ["q", "r", "s", "t", "t"],
            "quantity_t_per_year": [1, 2, 4, 8, 16],
        },
        territories={
            "territory_id": "val",
            "commune_code": [HERE, THERE],
            "commune_name": ["Lillebonne", "Bolbec"],
            "latitude": [0.0, 0.0],
            "longitude": [0.02, 0.12],
        },
    )


def test_within_one_commune_only_addresses_are_far_apart(town: Filiere) -> None:
    # p → q 0.01 degree; q → r and r → s unknown: one end or both stand at the centre of their own commune
    expected = [0.01 * D, np.nan, np.nan, 0.1 * D, 0.1 * D]
    np.testing.assert_allclose(flow_distances(town), expected)
    # (1 × 0.01 + 24 × 0.1) D / 25
    assert mean_haul(town) == pytest.approx(2.41 / 25 * D)


def test_a_distance_to_take_within_a_commune_is_one_of_road(town: Filiere) -> None:
    found = flow_distances(town, detour=2, same_commune_km=1.5)
    np.testing.assert_allclose(found, [0.02 * D, 1.5, 1.5, 0.2 * D, 0.2 * D])


def test_two_at_one_address_are_at_no_distance() -> None:
    f = Filiere.from_tables(
        actors=equator(a=1, b=1), flows={"source": ["a"], "target": ["b"], "quantity_t_per_year": [3]}
    )
    assert flow_distances(f).tolist() == [0]
    assert mean_haul(f) == 0
    assert tonne_km(f) == 0


def test_given_centres_go_through_to_every_figure() -> None:
    f = Filiere.from_tables(
        actors={"name": ["a", "b"], "commune_code": [HERE, THERE]},
        flows={"source": ["a"], "target": ["b"], "quantity_t_per_year": [5]},
    )
    centres = pd.DataFrame({"code": [HERE, THERE], "latitude": [0, 0], "longitude": [0, 2]})
    assert math.isnan(mean_haul(f))
    assert mean_haul(f, communes=centres) == pytest.approx(2 * D)
    assert tonne_km(f, communes=centres) == pytest.approx(10 * D)
    assert flow_distances(f, communes=centres).tolist() == pytest.approx([2 * D])
    assert haulage(f, communes=centres)["located_share"].tolist() == [1]


# -- degenerate -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "expected"), [("organisation", 0.0), ("network", math.nan)])
def test_what_stays_inside_an_organisation_does_not_travel(kind: str, expected: float) -> None:
    """A network is several places in one: what passes inside may travel."""
    f = Filiere.from_tables(
        stages={"name": ["tri", "filature"]},
        actors={"name": ["a"], "actor_type": [kind], "latitude": [0.0], "longitude": [0.0]},
        activities={"actor_id": "a", "stage_id": ["tri", "filature"]},
        flows={
            "source": ["a"], "source_stage": ["tri"], "target": ["a"], "target_stage": ["filature"],
            "quantity_t_per_year": [7],
        },
    )  # fmt: skip
    assert same(flow_distances(f).item(), expected)
    assert same(mean_haul(f), expected)


def test_without_a_flow() -> None:
    f = Filiere.from_tables(actors=equator(a=0))
    assert len(flow_distances(f)) == 0
    assert math.isnan(mean_haul(f))
    assert math.isnan(tonne_km(f))
    assert haulage(f)["n_flows"].tolist() == [0]
    assert haulage(f, by="material").empty


def test_no_tonne_no_mean_but_a_known_zero_of_work() -> None:
    f = Filiere.from_tables(
        actors=equator(a=0, b=1), flows={"source": ["a"], "target": ["b"], "quantity_t_per_year": [0]}
    )
    assert math.isnan(mean_haul(f))
    assert tonne_km(f) == 0


def test_a_supplier_outside_counts_if_one_knows_where_it_is() -> None:
    actors = equator(salt=0, mill=2) | {"actor_type": ["outside", "organisation"]}
    f = Filiere.from_tables(
        actors=actors, flows={"source": ["salt"], "target": ["mill"], "quantity_t_per_year": [5]}
    )
    assert mean_haul(f) == pytest.approx(2 * D)


def test_two_declarations_of_one_flow_travel_once() -> None:
    f = Filiere.from_tables(
        actors=equator(a=0, b=1),
        flows={
            "flow_id": ["sent", "received"],
            "source": "a",
            "target": "b",
            "quantity_t_per_year": [180, 172],
            "confidence": ["declared", "measured"],
            "same_flow_as": [None, "sent"],
        },
    )
    assert flow_distances(f).index.tolist() == ["received"]
    assert tonne_km(f) == pytest.approx(172 * D)


def test_parallel_flows_and_a_cycle_are_all_carried() -> None:
    f = Filiere.from_tables(
        materials={"name": ["wool", "yarn"]},
        actors=equator(a=0, b=1),
        flows={
            "source": ["a", "a", "b"],
            "target": ["b", "b", "a"],
            "material_id": ["wool", "yarn", "wool"],
            "quantity_t_per_year": [1, 2, 4],
        },
    )
    assert tonne_km(f) == pytest.approx(7 * D)
    assert haulage(f, by="material")["tonne_km_per_year"].tolist() == pytest.approx([5 * D, 2 * D])
