"""Where things are on Earth: degrees, the French metric grid, how far one place is from another."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

import numpy as np

from .errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Values = NDArray[np.float64]

__all__ = ["EARTH_RADIUS_KM", "check_degrees", "distance_km", "from_lambert93", "to_lambert93"]

#: Mean radius of the Earth, (2a + b) / 3 of the reference ellipsoid, as the IUGG defines it.
EARTH_RADIUS_KM = 6371.0088
_LIMITS = {"latitude": 90.0, "longitude": 180.0}

# Lambert 93: conic conformal, secant at 44° and 49° north, origin 46.5° N 3° E at (700 000 m, 6 600 000 m).
_SEMI_AXIS = 6_378_137.0  # GRS 80, m
_FLATTENING = 1 / 298.257222101
_ECCENTRICITY = float(np.sqrt(_FLATTENING * (2 - _FLATTENING)))
_ORIGIN = (np.radians(46.5), np.radians(3.0))
_PARALLELS = (np.radians(44.0), np.radians(49.0))
_AT_ORIGIN = (700_000.0, 6_600_000.0)
#: Steps of the fixed point for the latitude: each divides the error by 150, from 0.003 rad.
_STEPS = 7


def distance_km(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> float | Values:
    """Return the great-circle distance between two points, or along two lists of points.

    ``2 R asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2))`` (haversine), ``R`` = 6371.0088 km. The Earth is
    taken for a sphere: at most about 0.5 % away from the ellipsoid.

    Parameters
    ----------
    latitude, longitude, to_latitude, to_longitude
        Decimal degrees (WGS 84), numbers or arrays of shapes that fit together.

    Returns
    -------
    float or numpy.ndarray
        km, in [0, π R] (20 015 km); NaN where a coordinate is.

    Raises
    ------
    ArgumentError
        A latitude beyond 90° or a longitude beyond 180°: the two may have been swapped.

    References
    ----------
    Haversine formula, and the mean radius of the IUGG (unverified).

    Examples
    --------
    >>> paris, lyon = (48.8567, 2.3508), (45.7597, 4.8422)
    >>> round(distance_km(*paris, *lyon), 1)
    392.2
    """
    given = {"latitude": latitude, "longitude": longitude}
    start = [np.radians(check_degrees(values, name)) for name, values in given.items()]
    given = {"latitude": to_latitude, "longitude": to_longitude}
    end = [np.radians(check_degrees(values, name)) for name, values in given.items()]
    half = np.sin((end[0] - start[0]) / 2) ** 2
    half = half + np.cos(start[0]) * np.cos(end[0]) * np.sin((end[1] - start[1]) / 2) ** 2
    # rounding can push opposite points a little over 1
    found = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return float(found) if np.ndim(found) == 0 else found


def check_degrees(values: ArrayLike, name: str) -> Values:
    """Return coordinates as floats, all of them on the globe; `name` is ``latitude`` or ``longitude``.

    Raises
    ------
    ArgumentError
        One of them is not.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if (np.abs(numbers) > _LIMITS[name]).any():
        raise ArgumentError(
            f"a {name} is beyond {_LIMITS[name]:.0f} degrees: use decimal degrees, latitude before longitude"
        )
    return numbers


def to_lambert93(latitude: ArrayLike, longitude: ArrayLike) -> tuple[Values, Values]:
    """Return the Lambert 93 coordinates (EPSG 2154) of places in metropolitan France.

    ``x = x₀ + ρ sin n(λ − λ₀)``, ``y = y_p − ρ cos n(λ − λ₀)``, ``ρ = c e^(−n q)`` with the isometric latitude
    ``q = atanh(sin φ) − e atanh(e sin φ)``.

    Parameters
    ----------
    latitude, longitude
        Decimal degrees (RGF 93, within a metre of WGS 84), numbers or arrays of one shape.

    Returns
    -------
    tuple of numpy.ndarray
        Easting and northing in metres, of the shape given; NaN where a coordinate is. Far from France the
        projection stretches distances beyond use.

    Raises
    ------
    ArgumentError
        A place that is on no globe.

    References
    ----------
    Snyder, *Map Projections: A Working Manual* (1987), conic conformal with two parallels (unverified);
    checked against PROJ.

    Examples
    --------
    >>> x, y = to_lambert93(46.5, 3.0)
    >>> round(float(x)), round(float(y))
    (700000, 6600000)
    """
    phi, lam = (
        np.radians(check_degrees(values, name))
        for name, values in (("latitude", latitude), ("longitude", longitude))
    )
    radius = _SCALE * np.exp(-_EXPONENT * _isometric(phi))
    angle = _EXPONENT * (lam - _ORIGIN[1])
    return _AT_ORIGIN[0] + radius * np.sin(angle), _POLE - radius * np.cos(angle)


def from_lambert93(x: ArrayLike, y: ArrayLike) -> tuple[Values, Values]:
    """Return the latitude and longitude of Lambert 93 coordinates (EPSG 2154); the inverse of `to_lambert93`.

    ``q = ln(c / ρ) / n``, then the latitude by the fixed point ``φ = asin tanh(q + e atanh(e sin φ))``,
    exact to the millimetre.

    Parameters
    ----------
    x, y
        Easting and northing in metres, numbers or arrays of one shape.

    Returns
    -------
    tuple of numpy.ndarray
        Decimal degrees (WGS 84, within a metre), of the shape given; NaN where a coordinate is.

    Notes
    -----
    Nothing tells the metres of one grid from those of another: leave out what lies overseas, where other
    projections hold.

    Examples
    --------
    >>> latitude, longitude = from_lambert93(521828.29, 6938406.43)
    >>> round(float(latitude), 5), round(float(longitude), 5)
    (49.52, 0.54)
    """
    east = np.asarray(x, dtype=np.float64) - _AT_ORIGIN[0]
    south = _POLE - np.asarray(y, dtype=np.float64)
    with np.errstate(divide="ignore"):  # the pole itself
        isometric = np.log(_SCALE / np.hypot(east, south)) / _EXPONENT
    phi = np.arcsin(np.tanh(isometric))
    for _ in range(_STEPS):  # steps, not places: all places at once
        sine = _ECCENTRICITY * np.sin(phi)
        phi = np.arcsin(np.tanh(isometric + _ECCENTRICITY * np.arctanh(sine)))
    longitude = np.degrees(_ORIGIN[1] + np.arctan2(east, south) / _EXPONENT)
    return np.degrees(phi), longitude


def _isometric(phi: Values | float) -> Values:
    sine = np.sin(np.clip(phi, -pi / 2 + 1e-7, pi / 2 - 1e-7))
    return np.asarray(np.arctanh(sine) - _ECCENTRICITY * np.arctanh(_ECCENTRICITY * sine))


def _parallel_radius(phi: float) -> float:
    """Return the radius of a parallel of the ellipsoid, m."""
    return float(_SEMI_AXIS * np.cos(phi) / np.sqrt(1 - (_ECCENTRICITY * np.sin(phi)) ** 2))


def _cone() -> tuple[float, float, float]:
    """Return n, c and the northing of the pole, from the two parallels and the origin."""
    first, second = _PARALLELS
    exponent = np.log(_parallel_radius(first) / _parallel_radius(second)) / (
        _isometric(second) - _isometric(first)
    )
    scale = _parallel_radius(first) / exponent * np.exp(exponent * _isometric(first))
    return float(exponent), float(scale), float(
        _AT_ORIGIN[1] + scale * np.exp(-exponent * _isometric(_ORIGIN[0]))
    )  # fmt: skip


_EXPONENT, _SCALE, _POLE = _cone()
