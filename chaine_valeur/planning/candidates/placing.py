"""How far a candidate is: from the territory, from those who hold the stages beside, or from a given point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.territory import positions
from ...earth import check_degrees, distance_km
from ...errors import ArgumentError
from ...language import tr
from ...tables import in_force
from ..names import unknown_name
from .sought import neighbours_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]

__all__ = ["HALF_KM", "Reference", "distances", "nearness", "reference_of"]

#: Distance at which nearness is one half.
HALF_KM = 30.0


@dataclass(frozen=True)
class Reference:
    """From where distances are told.

    Attributes
    ----------
    kind
        ``territory``, ``neighbours``, ``point``, or ``given`` (the distances of the file).
    latitude, longitude
        The points: the nearest of them counts.
    communes
        Codes of the communes inside which the distance is 0.
    """

    kind: str
    latitude: Values
    longitude: Values
    communes: frozenset[str] = frozenset()


_NOWHERE = np.empty(0)


def reference_of(f: Filiere, place: int, near: Any, *, lang: str = "fr") -> Reference:
    """Return from where to measure at a stage; by default the territory, else those who hold the stages beside.

    Raises
    ------
    UnknownNameError
        A word or a commune that `near` cannot be.
    ArgumentError
        Coordinates that are on no globe, or not two of them.
    """
    if near is None:
        found = [_territory(f), _neighbours(f, place)]
        return next((one for one in found if len(one.latitude)), Reference("given", _NOWHERE, _NOWHERE))
    if isinstance(near, str):
        return _named(f, place, near, lang)
    try:
        latitude, longitude = (np.array([float(value)]) for value in near)
    except (TypeError, ValueError):
        raise ArgumentError(
            tr("near={near}: give (latitude, longitude), 'territory', 'neighbours' or the code of a commune.", lang,
               near=repr(near))
        ) from None  # fmt: skip
    if np.isnan([latitude, longitude]).any():
        raise ArgumentError(tr("near={near}: a coordinate is not known.", lang, near=repr(near)))
    check_degrees(latitude, "latitude"), check_degrees(longitude, "longitude")
    return Reference("point", latitude, longitude)


def _named(f: Filiere, place: int, near: str, lang: str) -> Reference:
    if near == "territory":
        return _territory(f)
    if near == "neighbours":
        return _neighbours(f, place)
    centre = _centres(f).reindex([near]).dropna()
    if centre.empty:
        known = ["territory", "neighbours", *_centres(f).index]
        told = tr("near={near} is no commune whose centre is in the territories.", lang, near=repr(near))
        raise unknown_name(told, near, known, lang=lang)
    return Reference("point", *_points(centre), frozenset({near}))


def _points(frame: pd.DataFrame) -> tuple[Values, Values]:
    return frame["latitude"].to_numpy(np.float64), frame["longitude"].to_numpy(np.float64)


def _territory(f: Filiere) -> Reference:
    rows = f.territories
    rows = rows[rows["territory_id"].eq(f.territory_id or "").to_numpy(bool)]
    stands = in_force(rows, f.year or f.reference_year)
    rows = rows[stands] if stands.any() else rows
    placed = rows.dropna(subset=["latitude", "longitude"])
    return Reference("territory", *_points(placed), frozenset(rows["commune_code"].dropna()))


def _neighbours(f: Filiere, place: int) -> Reference:
    net = f.network
    holders = net.activity_actor[np.isin(net.activity_stage, neighbours_of(f, place))]
    ours = np.zeros(net.n_actors, dtype=bool)
    ours[holders] = True
    placed = positions(f)[ours & net.partner].dropna(subset=["latitude", "longitude"])
    return Reference("neighbours", *_points(placed))


def _centres(f: Filiere) -> pd.DataFrame:
    """Return the centre of each commune of the territories, on its code."""
    rows = f.territories.dropna(subset=["commune_code", "latitude", "longitude"]).drop_duplicates(
        "commune_code"
    )
    return rows.set_index("commune_code")[["latitude", "longitude"]]


def distances(f: Filiere, table: pd.DataFrame, reference: Reference) -> Values:
    """Return the km from the nearest point of the reference, NaN where the place is unknown; 0 inside its communes.

    A candidate stands at its own coordinates, else at the centre of its commune where the territories know it.
    """
    if reference.kind == "given":
        return table["given_km"].to_numpy(np.float64)
    centre = _centres(f).reindex(table["commune_code"])
    own = table[["latitude", "longitude"]].notna().all(axis=1).to_numpy(bool)
    latitude, longitude = (
        np.where(own, table[name].to_numpy(np.float64), centre[name].to_numpy(np.float64))
        for name in ("latitude", "longitude")
    )
    found = _to_nearest(latitude, longitude, reference)
    inside = table["commune_code"].isin(reference.communes).to_numpy(bool)
    return np.where(inside, 0.0, found)


def _to_nearest(latitude: Values, longitude: Values, reference: Reference) -> Values:
    found = np.full(len(latitude), np.nan)
    known = ~np.isnan(latitude)
    if not len(reference.latitude) or not known.any():
        return found
    from scipy.spatial import cKDTree

    # on the unit sphere the nearest in a straight line is the nearest along the ground
    _, nearest = cKDTree(_on_sphere(reference.latitude, reference.longitude)).query(
        _on_sphere(check_degrees(latitude[known], "latitude"), check_degrees(longitude[known], "longitude"))
    )
    to = reference.latitude[nearest], reference.longitude[nearest]
    found[known] = distance_km(latitude[known], longitude[known], *to)
    return found


def _on_sphere(latitude: Values, longitude: Values) -> Values:
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def nearness(km: Values) -> Values:
    """Return the sub-score of distances: ``1 / (1 + km / 30)``; 1 on the spot, ½ at 30 km, NaN where unknown.

    Examples
    --------
    >>> import numpy as np
    >>> nearness(np.array([0.0, 10.0, 30.0, 90.0])).tolist()
    [1.0, 0.75, 0.5, 0.25]
    """
    return 1.0 / (1.0 + km / HALF_KM)
