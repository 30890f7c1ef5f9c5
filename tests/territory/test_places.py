"""Distances on the sphere, and where actors stand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import ArgumentError, Filiere, UnknownNameError
from chaine_valeur.analysis.territory import distance_km, positions
from tests.territory.valley import AWAY, DEGREE_KM, HERE, THERE, valley

FEW = settings(max_examples=40)
LYON, PARIS, NEW_YORK = (45.7597, 4.8422), (48.8567, 2.3508), (40.7033962, -74.2351462)
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)


def on_the_sphere(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Vincenty's formula on a sphere: exact everywhere, and another one than the haversine."""
    a, b, turn = math.radians(latitude), math.radians(to_latitude), math.radians(to_longitude - longitude)
    across = math.cos(b) * math.sin(turn)
    along = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(turn)
    down = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return 6371.0088 * math.atan2(math.hypot(across, along), down)


# -- published and known ----------------------------------------------------------------------------


def test_the_distances_printed_by_the_package_haversine() -> None:
    """README of haversine 2.x on PyPI: Lyon to Paris 392.2172595594006, to New York 6163.43638211 km."""
    assert distance_km(*LYON, *PARIS) == pytest.approx(392.2172595594006, abs=1e-9)
    ends = np.array([PARIS, NEW_YORK]).T
    found = distance_km(*LYON, ends[0], ends[1])
    np.testing.assert_allclose(found, [392.21725956, distance_km(*LYON, *NEW_YORK)], atol=1e-8)
    assert distance_km(*LYON, *NEW_YORK) == pytest.approx(6163.43638211, abs=1e-8)


@pytest.mark.parametrize(
    ("start", "end", "degrees"),
    [
        ((0, 0), (0, 1), 1),  # along the equator
        ((10, 50), (11, 50), 1),  # along a meridian
        ((0, 179.5), (0, -179.5), 1),  # across the line of date
        ((0, 0), (0, 180), 180),  # opposite points
        ((90, 0), (-90, 120), 180),  # from pole to pole, whatever the meridian
        ((90, 12), (90, -70), 0),  # a pole is one point
        ((49.5, 0.5), (49.5, 0.5), 0),
    ],
)
def test_known_angles(start: tuple[float, float], end: tuple[float, float], degrees: float) -> None:
    assert distance_km(*start, *end) == pytest.approx(degrees * DEGREE_KM, abs=1e-6)


@FEW
@given(points, points)
def test_another_formula_agrees(start: tuple[float, float], end: tuple[float, float]) -> None:
    # near the opposite point the haversine keeps half of its digits: metres
    assert distance_km(*start, *end) == pytest.approx(on_the_sphere(*start, *end), rel=1e-9, abs=2e-3)


@FEW
@given(points, points, points)
def test_it_is_a_distance(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> None:
    assert distance_km(*a, *b) == pytest.approx(distance_km(*b, *a), abs=1e-9)
    assert 0 <= distance_km(*a, *b) <= math.pi * 6371.0088 + 1e-9
    assert distance_km(*a, *c) <= distance_km(*a, *b) + distance_km(*b, *c) + 2e-3
    assert distance_km(*a, *a) == 0


# -- shapes and errors ------------------------------------------------------------------------------


def test_numbers_give_a_float_and_arrays_an_array() -> None:
    assert isinstance(distance_km(0, 0, 0, 1), float)
    found = distance_km(0.0, [0.0, 0.0], [0.0, np.nan], [2.0, 2.0])
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, [2 * DEGREE_KM, np.nan])
    assert distance_km([], [], [], []).shape == (0,)
    assert math.isnan(distance_km(math.nan, 0, 0, 0))


@pytest.mark.parametrize(
    ("given", "named"),
    [((91, 0, 0, 0), "latitude"), ((0, 0, -90.1, 0), "latitude"), ((0, 181, 0, 0), "longitude"),
     ((0, 0, 0, [0, -200]), "longitude"), ((math.inf, 0, 0, 0), "latitude")],
)  # fmt: skip
def test_coordinates_of_no_globe_are_refused(given: tuple[float, ...], named: str) -> None:
    with pytest.raises(ArgumentError, match=f"a {named} is beyond .* latitude before longitude"):
        distance_km(*given)


# -- where actors stand -----------------------------------------------------------------------------


@pytest.fixture
def placed() -> Filiere:
    """One actor per way of being placed."""
    return valley(
        {
            "actor_id": ["own", "by_code", "by_name", "no_centre", "half", "lost"],
            "name": ["Own", "By code", "By name", "No centre", "Half", "Lost"],
            "commune_code": [HERE, THERE, None, HERE, THERE, None],
            "commune_name": [None, None, "BOLBEC", None, None, None],
            "latitude": [49.52, None, None, None, 49.6, None],
            "longitude": [0.54, None, None, None, None, None],
        },
        territories={
            "territory_id": "val",
            "commune_code": [HERE, THERE],
            "commune_name": ["Lillebonne", "Bolbec"],
            "latitude": [None, 49.57],
            "longitude": [None, 0.47],
        },
    )


def test_the_address_else_the_centre_of_the_commune(placed: Filiere) -> None:
    found = positions(placed)
    assert found.index.equals(placed.actors.index)
    assert list(found.columns) == ["latitude", "longitude", "precision"]
    # half a pair of coordinates is no place: its commune has one; « lost » has nothing
    np.testing.assert_allclose(found["latitude"], [49.52, 49.57, 49.57, np.nan, 49.57, np.nan])
    np.testing.assert_allclose(found["longitude"], [0.54, 0.47, 0.47, np.nan, 0.47, np.nan])
    known = ["address", "commune", "commune", None, "commune", None]
    assert found["precision"].astype(object).where(found["precision"].notna(), None).tolist() == known


def test_centres_that_the_user_gives_come_first(placed: Filiere) -> None:
    centres = pd.DataFrame(
        {"code": [THERE, HERE, HERE], "latitude": [1.0, 2.0, 9.0], "longitude": [3.0, 4.0, 9.0]}
    )
    before = centres.copy()
    found = positions(placed, communes=centres)
    # the first row of a commune counts; by name too, through the code that the territories give it
    assert found.loc["by_code", "latitude"] == found.loc["by_name", "latitude"] == 1.0
    assert found.loc["no_centre", ["latitude", "longitude"]].tolist() == [2.0, 4.0]
    assert found.loc["own", "latitude"] == 49.52
    pd.testing.assert_frame_equal(centres, before)
    # without them the filière still answers as before
    assert positions(placed).loc["by_code", "latitude"] == 49.57


def test_a_centre_without_coordinates_leaves_that_of_the_territories(placed: Filiere) -> None:
    centres = pd.DataFrame({"code": [THERE], "latitude": [np.nan], "longitude": [0.1]})
    assert positions(placed, communes=centres).loc["by_code"].tolist() == [49.57, 0.47, "commune"]


def test_codes_that_a_spreadsheet_made_numbers_get_their_zeros_back() -> None:
    f = Filiere.from_tables(actors={"name": ["A"], "commune_code": ["01004"]})
    for code in ([1004], [1004.0], ["1004"], ["01004"]):
        centres = pd.DataFrame({"code": code, "latitude": [45.9], "longitude": [5.3]})
        assert positions(f, communes=centres)["latitude"].tolist() == [45.9]
    centres = pd.DataFrame({"code": ["2A004", None], "latitude": [45.9, 1], "longitude": [5.3, 1]})
    assert positions(f, communes=centres)["latitude"].isna().all()


def test_a_name_that_two_communes_bear_places_nobody() -> None:
    f = Filiere.from_tables(actors={"name": ["A", "B"], "commune_name": ["Saint-Aubin", "Ry"]})
    centres = pd.DataFrame(
        {
            "code": ["76001", "14001", "76548"],
            "name": ["Saint-Aubin", "Saint Aubin", "Ry"],
            "latitude": [49.0, 48.0, 49.47],
            "longitude": [1.0, 0.0, 1.34],
        }
    )
    assert positions(f, communes=centres)["precision"].isna().tolist() == [True, False]
    assert positions(f, communes=centres[1:])["latitude"].tolist() == [48.0, 49.47]


def test_a_commune_of_several_territories_takes_the_first_known_centre() -> None:
    f = valley(
        {"name": ["A"], "commune_code": [HERE]},
        territories={
            "territory_id": ["val", "pays", "bassin"],
            "commune_code": HERE,
            "latitude": [None, 49.5, 1.0],
            "longitude": [None, 0.5, 1.0],
        },
    )
    assert positions(f).iloc[0].tolist() == [49.5, 0.5, "commune"]


def test_without_any_place() -> None:
    f = Filiere.from_tables(actors={"name": ["A", "B"], "commune_code": [AWAY, None]})
    found = positions(f)
    assert found["latitude"].isna().all()
    assert found["precision"].isna().all()
    assert found["precision"].dtype == "str"
    empty = pd.DataFrame({"code": [], "latitude": [], "longitude": []})
    assert positions(f, communes=empty)["longitude"].isna().all()


def test_what_is_wrong_with_given_centres() -> None:
    f = Filiere.from_tables(actors={"name": ["A"]})
    with pytest.raises(UnknownNameError, match="no column 'code'"):
        positions(f, communes=pd.DataFrame({"cod": ["1"], "latitude": [1.0], "longitude": [1.0]}))
    with pytest.raises(ArgumentError, match="latitude"):
        positions(f, communes=pd.DataFrame({"code": ["1"], "latitude": [148.0], "longitude": [1.0]}))
