"""Where actors are: at their address, else at the centre of their commune, else nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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


_COLUMNS = ["code", "name", "latitude", "longitude", "row"]


def _places(f: Filiere, given: pd.DataFrame | None) -> Places:
    actors, rows = f.actors, f.territories
    own = _frame(actors["commune_code"], actors["commune_name"], actors, np.full(len(actors), -1))
    perimeters = _frame(rows["commune_code"], rows["commune_name"], rows, np.arange(len(rows)))
    centres = perimeters if given is None else pd.concat([given, perimeters], ignore_index=True)
    keys = _keys(pd.concat([centres, own], ignore_index=True))
    of_centre, of_actor = keys[: len(centres)], keys[len(centres) :]
    located = _both_known(centres) & (of_centre >= 0)
    place = np.full(int(keys.max(initial=-1)) + 1, -1, dtype=np.int64)
    usable = np.flatnonzero(located)
    place[of_centre[usable][::-1]] = usable[::-1]  # written backwards: the first row of a commune wins
    address = _both_known(own)
    centre = np.where(address, -1, np.append(place, -1)[of_actor])
    row = np.append(centres["row"].to_numpy(np.int64), -1)[centre]
    found = {}
    for name in _DEGREES:  # the two coordinates
        at_centre = np.append(centres[name].to_numpy(np.float64), NAN)[centre]
        found[name] = np.where(address, own[name].to_numpy(np.float64), at_centre)
    return Places(found["latitude"], found["longitude"], address, of_actor, row)


def _frame(code: pd.Series, name: pd.Series, where: pd.DataFrame, row: NDArray[np.int64]) -> pd.DataFrame:
    columns = {"code": code, "name": name, "latitude": where["latitude"], "longitude": where["longitude"]}
    return pd.DataFrame(columns).assign(row=row).reset_index(drop=True)


def _both_known(frame: pd.DataFrame) -> Mask:
    return frame[["latitude", "longitude"]].notna().to_numpy(bool).all(axis=1)


def _keys(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number per commune: by code, else by name unless several communes bear it."""
    code, name = frame["code"], _folded(frame["name"])
    pairs = pd.DataFrame({"code": code, "name": name}).dropna().drop_duplicates()
    shared = pairs["name"].duplicated(keep=False).to_numpy(bool)
    only = pairs[~shared].set_index("name")["code"]
    by_name = name.mask(name.isin(pairs["name"][shared]))
    # « = » begins no code: a name without a known code is a commune of its own
    key = code.fillna(name.map(only).astype("str")).fillna("=" + by_name)
    return pd.factorize(key)[0].astype(np.int64)


def _folded(names: pd.Series) -> pd.Series:
    """Return names as they compare; each distinct one is folded once."""
    numbers, distinct = pd.factorize(names)
    plain = np.array([*map(fold, distinct), None], dtype=object)
    return pd.Series(plain[numbers], index=names.index, dtype="str")


def _centres_given(communes: pd.DataFrame) -> pd.DataFrame:
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
    return _frame(code, name.astype("str"), where, np.full(len(communes), -1))
