"""Where actors are: at their address, else at the centre of their commune, else nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...columns import Columns, columns, numbered
from ...earth import EARTH_RADIUS_KM, check_degrees, distance_km
from ...errors import UnknownNameError
from ...text import fold
from ..measure import NAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["EARTH_RADIUS_KM", "Places", "distance_km", "places_of", "positions"]

_DEGREES = ("latitude", "longitude")


@dataclass(frozen=True)
class Places:
    """Where each actor is, along ``f.actors``.

    Attributes
    ----------
    latitude, longitude
        Decimal degrees, NaN where unknown.
    address
        Whether they are its own; otherwise, if known, those of the centre of its commune.
    commune
        A number per commune, the same for all who are in it; −1 unknown.
    perimeter
        Position in ``f.territories`` of the row that gave the centre; −1 where none did.
    """

    latitude: Values
    longitude: Values
    address: Mask
    commune: NDArray[np.int64]
    perimeter: NDArray[np.int64]

    @property
    def known(self) -> Mask:
        """Whether the place is known."""
        return ~np.isnan(self.latitude)


def places_of(f: Filiere, *, communes: pd.DataFrame | None = None) -> Places:
    """Return where each actor is; see `positions`."""
    if communes is not None:
        return _places(f, _centres_given(communes))
    return f.derived("territory.places", lambda f: _places(f, None))


def positions(f: Filiere, *, communes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return where each actor is, and how precisely.

    An actor stands at its own coordinates; without them at the centre of its commune, found by
    ``commune_code``, else by name where one commune alone bears it. Centres are those of `communes`, else of
    the table of territories.

    Parameters
    ----------
    communes
        Centres of communes, a row each: ``code`` (INSEE, five characters; numbers get their zeros back),
        ``latitude``, ``longitude`` (degrees), and if wanted ``name``.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, in table order: ``latitude`` (−90 to 90°), ``longitude`` (−180 to 180°), NaN where unknown,
        and ``precision``: ``address``, ``commune``, missing where the place is unknown.

    Raises
    ------
    UnknownNameError
        A column that `communes` lacks.
    ArgumentError
        A centre that is on no globe.

    Notes
    -----
    An address before a centre, a code before a name: a convention of this library.

    Examples
    --------
    >>> import pandas as pd
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={
    ...         "name": ["Tri", "Filature"],
    ...         "commune_code": ["76384", "76114"],
    ...         "latitude": [49.52, None],
    ...         "longitude": [0.54, None],
    ...     }
    ... )
    >>> centres = pd.DataFrame({"code": ["76114"], "latitude": [49.57], "longitude": [0.47]})
    >>> positions(f, communes=centres)
              latitude  longitude precision
    actor_id
    tri          49.52       0.54   address
    filature     49.57       0.47   commune
    """
    places = places_of(f, communes=communes)
    precision = pd.Series(pd.NA, index=f.actors.index, dtype="str")
    precision = precision.mask(places.known, "commune").mask(places.address, "address")
    return pd.DataFrame(
        {"latitude": places.latitude, "longitude": places.longitude, "precision": precision},
        index=f.actors.index,
    )


@dataclass(frozen=True)
class _Spots:
    """Points with the commune that they are in: `row` is the position of the perimeter that gives them, or −1."""

    code: NDArray[np.object_]
    name: NDArray[np.object_]
    latitude: Values
    longitude: Values
    row: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Columns, row: NDArray[np.int64]) -> _Spots:
        """Return the points of a table."""
        return cls(
            rows.text("commune_code"),
            rows.text("commune_name"),
            rows.number("latitude"),
            rows.number("longitude"),
            row,
        )

    def followed_by(self, other: _Spots) -> _Spots:
        """Return these points, then others."""
        return _Spots(
            *(np.concatenate([getattr(self, one.name), getattr(other, one.name)]) for one in fields(self))
        )

    @property
    def known(self) -> Mask:
        """Whether both coordinates are known."""
        return ~np.isnan(self.latitude) & ~np.isnan(self.longitude)


def _places(f: Filiere, given: _Spots | None) -> Places:
    actors, rows = columns(f, "actors"), columns(f, "territories")
    own = _Spots.of(actors, np.full(len(actors), -1))
    perimeters = _Spots.of(rows, np.arange(len(rows)))
    centres = perimeters if given is None else given.followed_by(perimeters)
    keys = _keys(centres.followed_by(own))
    of_centre, of_actor = keys[: len(centres.row)], keys[len(centres.row) :]
    located = centres.known & (of_centre >= 0)
    place = np.full(int(keys.max(initial=-1)) + 1, -1, dtype=np.int64)
    usable = np.flatnonzero(located)
    place[of_centre[usable][::-1]] = usable[::-1]  # written backwards: the first row of a commune wins
    address = own.known
    centre = np.where(address, -1, np.append(place, -1)[of_actor])
    row = np.append(centres.row, -1)[centre]
    latitude, longitude = (
        np.where(address, at_own, np.append(at_centre, NAN)[centre])
        for at_own, at_centre in ((own.latitude, centres.latitude), (own.longitude, centres.longitude))
    )
    return Places(latitude, longitude, address, of_actor, row)


def _keys(spots: _Spots) -> NDArray[np.int64]:
    """Return a number per commune: by code, else by name unless several communes bear it; −1 unknown."""
    code, codes = numbered(spots.code.tolist())
    spelled, names = numbered(spots.name.tolist())
    folded, distinct = numbered(map(fold, names))  # each distinct name is folded once
    name = np.append(folded, -1)[spelled]
    both = (code >= 0) & (name >= 0)
    pairs = np.unique(name[both] * max(len(codes), 1) + code[both])
    bearer, borne = np.divmod(pairs, max(len(codes), 1))
    bearers = np.bincount(bearer, minlength=len(distinct) + 1)  # the last entry: no name
    of_name = len(codes) + np.arange(len(distinct) + 1)  # a name without a known code is a commune of its own
    of_name[bearer] = borne
    of_name[bearers > 1] = of_name[-1] = -1
    return np.where(code >= 0, code, of_name[name])


def _centres_given(communes: pd.DataFrame) -> _Spots:
    for column in ("code", "latitude", "longitude"):
        if column not in communes:
            raise UnknownNameError.of(f"communes= has no column {column!r}", column, [*communes.columns])
    code = communes["code"]
    # a number that came through a spreadsheet as 1001.0
    code = code.astype("Int64") if pd.api.types.is_numeric_dtype(code) else code
    code = code.astype("str").str.strip().str.zfill(5)
    name = communes["name"] if "name" in communes else pd.Series(pd.NA, index=communes.index, dtype="str")
    where = communes[["latitude", "longitude"]].astype("float64")
    for column in where:  # the two coordinates
        check_degrees(where[column].to_numpy(), str(column))
    spots = pd.DataFrame({"commune_code": code, "commune_name": name.astype("str"), **where})
    return _Spots.of(Columns(spots), np.full(len(communes), -1))
