"""Degrees, Lambert 93 and distances, against published constants and another program."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import earth
from chaine_valeur.earth import check_degrees, distance_km, from_lambert93, to_lambert93
from chaine_valeur.errors import ArgumentError

#: Latitude, longitude, easting, northing by PROJ 9 (pyproj 3.7: EPSG 4326 to 2154).
POINTS = {
    "origin": (46.5, 3.0, 700000.0, 6600000.0),
    "Paris": (48.8567, 2.3508, 652366.3944, 6862047.2222),
    "Lillebonne": (49.52, 0.54, 521828.2914, 6938406.4347),
    "Brest": (48.39, -4.486, 146636.1395, 6836217.3647),
    "Bonifacio": (41.387, 9.159, 1216136.5781, 6051823.4226),
    "Dunkerque": (51.034, 2.377, 656201.2257, 7104428.2150),
    "Hendaye": (43.359, -1.774, 313024.5353, 6262797.3628),
}


@pytest.mark.parametrize("place", POINTS)
def test_known_points_both_ways(place: str) -> None:
    latitude, longitude, x, y = POINTS[place]
    assert to_lambert93(latitude, longitude) == pytest.approx((x, y), abs=1e-3)
    # a ten-millionth of a degree is a centimetre
    assert from_lambert93(x, y) == pytest.approx((latitude, longitude), abs=1e-7)


def test_the_constants_are_those_that_ign_prints() -> None:
    # Lambert 93: n = 0.725 607 765 0, C = 11 754 255.426 m, Ys = 12 655 612.050 m
    assert pytest.approx(0.7256077650, abs=1e-10) == earth._EXPONENT
    assert pytest.approx(11754255.426, abs=1e-3) == earth._SCALE
    assert pytest.approx(12655612.050, abs=1e-3) == earth._POLE


def plain(latitude: float, longitude: float) -> tuple[float, float]:
    """The formula as textbooks have it (tangents, not hyperbolic functions), one point at a time."""
    e = math.sqrt(2 / 298.257222101 - 1 / 298.257222101**2)

    def t(phi: float) -> float:
        sine = e * math.sin(phi)
        return math.tan(math.pi / 4 - phi / 2) / ((1 - sine) / (1 + sine)) ** (e / 2)

    def m(phi: float) -> float:
        return math.cos(phi) / math.sqrt(1 - (e * math.sin(phi)) ** 2)

    first, second, origin = map(math.radians, (44, 49, 46.5))
    n = (math.log(m(first)) - math.log(m(second))) / (math.log(t(first)) - math.log(t(second)))
    scale = 6378137 * m(first) / (n * t(first) ** n)
    rho, rho0 = (scale * t(phi) ** n for phi in (math.radians(latitude), origin))
    angle = n * math.radians(longitude - 3)
    return 700000 + rho * math.sin(angle), 6600000 + rho0 - rho * math.cos(angle)


france = st.tuples(st.floats(41, 51.5), st.floats(-5.5, 10))


@settings(max_examples=40)
@given(france)
def test_a_plain_loop_agrees_and_the_inverse_gives_the_place_back(place: tuple[float, float]) -> None:
    x, y = to_lambert93(*place)
    assert (x, y) == pytest.approx(plain(*place), abs=1e-4)
    assert from_lambert93(x, y) == pytest.approx(place, abs=1e-9)


@settings(max_examples=40)
@given(france, st.floats(0, 2 * math.pi), st.floats(0.1, 60))
def test_metres_of_the_grid_differ_little_from_those_of_the_ground(
    place: tuple[float, float], way: float, kilometres: float
) -> None:
    """What the square around a place relies on: 1 % at most, the flattening of the Earth included."""
    x, y = map(float, to_lambert93(*place))
    there = from_lambert93(x + 1000 * kilometres * math.cos(way), y + 1000 * kilometres * math.sin(way))
    assert distance_km(*place, *there) == pytest.approx(kilometres, rel=0.01)


def test_arrays_keep_their_shape_and_unknown_stays_unknown() -> None:
    latitude, longitude = from_lambert93([[700000.0, np.nan]], [[6600000.0, 6600000.0]])
    assert latitude.shape == longitude.shape == (1, 2)
    assert latitude[0] == pytest.approx([46.5, np.nan], nan_ok=True)
    x, y = to_lambert93([np.nan, 46.5], [3.0, 3.0])
    assert np.isnan([x[0], y[0]]).all()
    assert (x[1], y[1]) == pytest.approx((700000.0, 6600000.0))
    assert [each.shape for each in from_lambert93([], [])] == [(0,), (0,)]


def test_the_poles_are_no_accident() -> None:
    x, y = to_lambert93([90.0, -90.0], [0.0, 0.0])
    assert np.isfinite([x[0], y[0]]).all()
    latitude, _ = from_lambert93(700000.0, earth._POLE)
    assert float(latitude) == pytest.approx(90.0)


@pytest.mark.parametrize(("values", "name"), [([91.0], "latitude"), ([0.0, -181.0], "longitude")])
def test_what_is_on_no_globe(values: list[float], name: str) -> None:
    with pytest.raises(ArgumentError, match=f"a {name} is beyond"):
        check_degrees(values, name)


def test_what_is_on_the_globe_comes_back_as_floats() -> None:
    assert check_degrees([1, None], "latitude") == pytest.approx([1.0, np.nan], nan_ok=True)
