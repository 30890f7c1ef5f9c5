"""How far material travels: kilometres per flow, tonne-kilometres, mean haul."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...vocabulary import ActorType
from ..activities import known_sums
from ..measure import NAN
from .places import distance_km, places_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]

__all__ = [
    "HAULAGE_COLUMNS",
    "distances_of",
    "flow_distances",
    "haulage",
    "mean_haul",
    "tonne_km",
    "whole_haulage",
]

HAULAGE_COLUMNS = [
    "mean_haul_km", "tonne_km_per_year", "located_t_per_year", "known_t_per_year", "located_share",
    "n_flows", "n_unknown",
]  # fmt: skip
#: Whose place is one point: what such an actor passes on inside does not travel.
_ONE_PLACE = ActorType.ORGANISATION.value


def flow_distances(
    f: Filiere,
    *,
    detour: float = 1.0,
    communes: pd.DataFrame | None = None,
    same_commune_km: float = NAN,
) -> pd.Series:
    """Return how far the material of each flow travels: the distance between its two ends.

    ``d_e = detour × great circle``, in km (`distance_km`). Between two actors of one commune the distance is known
    only if both have an address: at the same centre they are somewhere between 0 and the size of the commune
    apart.
    A flow from an organisation to itself (from one stage to the next) does not travel: 0.

    Parameters
    ----------
    detour
        How much longer the road is than the straight line (1.2 to 1.4 is common (unverified)); by default
        1: straight lines, which are shorter than any journey.
    communes
        Centres of communes, as in `positions`.
    same_commune_km
        What to take within one commune where an address is missing, in km of road (no detour is added).

    Returns
    -------
    pandas.Series
        km on ``flow_id``, along the flows that count, from 0 on. NaN if an end is the outside without
        coordinates, or its place is unknown.

    Raises
    ------
    ArgumentError
        A detour under 1, a negative distance, a centre that is on no globe.
    UnknownNameError
        A column that `communes` lacks.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Paris", "Lyon"], "latitude": [48.8567, 45.7597], "longitude": [2.3508, 4.8422]},
    ...     flows={"source": ["Paris", "Lyon"], "target": ["Lyon", None], "quantity_t_per_year": [10, 5]},
    ... )
    >>> flow_distances(f, detour=1.3).round(1).tolist()
    [509.9, nan]
    """
    found = distances_of(f, detour=detour, communes=communes, same_commune_km=same_commune_km)
    return pd.Series(found, index=f.network.flow_ids, name="distance_km")


def distances_of(
    f: Filiere,
    *,
    detour: float = 1.0,
    communes: pd.DataFrame | None = None,
    same_commune_km: float = NAN,
) -> Values:
    """Return `flow_distances` along the flows that count."""
    if detour == 1 and communes is None and same_commune_km != same_commune_km:  # what the diagnosis asks for
        return f.derived("territory.distances", lambda f: _distances(f, detour, communes, same_commune_km))
    return _distances(f, detour, communes, same_commune_km)


def _distances(f: Filiere, detour: float, communes: pd.DataFrame | None, same_commune_km: float) -> Values:
    if not 1 <= detour < np.inf:
        raise ArgumentError(
            f"detour={detour!r}: a road is at least as long as the straight line, give 1 or more"
        )
    if not (same_commune_km != same_commune_km or 0 <= same_commune_km < np.inf):
        raise ArgumentError(f"same_commune_km={same_commune_km!r} is no distance: give kilometres from 0 on")
    net, places = f.network, places_of(f, communes=communes)
    # −1, the outside, looks at the entry that is appended
    latitude, longitude = np.append(places.latitude, NAN), np.append(places.longitude, NAN)
    start, end = net.flow_source, net.flow_target
    found = np.asarray(distance_km(latitude[start], longitude[start], latitude[end], longitude[end])) * detour
    address, commune = np.append(places.address, False), np.append(places.commune, -1)
    vague = (commune[start] == commune[end]) & (commune[start] >= 0) & ~(address[start] & address[end])
    found = np.where(vague, same_commune_km, found)
    one_place = np.append(f.network.single, False)
    inside = (start == end) & (start >= 0)
    return np.where(inside, np.where(one_place[start], 0.0, NAN), found)


def tonne_km(
    f: Filiere,
    *,
    detour: float = 1.0,
    communes: pd.DataFrame | None = None,
    same_commune_km: float = NAN,
) -> float:
    """Return the tonne-kilometres of a year: ``Σ f_e d_e`` over the flows of known tonnage and distance.

    Parameters
    ----------
    detour, communes, same_commune_km
        As in `flow_distances`.

    Returns
    -------
    float
        t·km/year, from 0 on; NaN if no flow has both. What is left out makes it a lower bound: `haulage`
        says how much.

    Raises
    ------
    UnknownNameError, ArgumentError
        As in `flow_distances`.

    Notes
    -----
    The unit of freight statistics; straight lines by default are a convention of this library.

    Examples
    --------
    10 t over 392.2 km:

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Paris", "Lyon"], "latitude": [48.8567, 45.7597], "longitude": [2.3508, 4.8422]},
    ...     flows={"source": ["Paris"], "target": ["Lyon"], "quantity_t_per_year": [10]},
    ... )
    >>> round(tonne_km(f))
    3922
    """
    return _whole(f, detour, communes, same_commune_km, "tonne_km_per_year")


def mean_haul(
    f: Filiere,
    *,
    detour: float = 1.0,
    communes: pd.DataFrame | None = None,
    same_commune_km: float = NAN,
) -> float:
    """Return the mean haul (E6): how far a tonne travels, ``Σ f_e d_e / Σ f_e``.

    Both sums run over the flows of known tonnage and distance; `haulage` gives the share of the tonnes that
    could be located, and the same by material or stage.

    Parameters
    ----------
    detour, communes, same_commune_km
        As in `flow_distances`.

    Returns
    -------
    float
        km, from 0 on; NaN if no tonne is located.

    Raises
    ------
    UnknownNameError, ArgumentError
        As in `flow_distances`.

    Notes
    -----
    A mean weighed by tonnes; leaving out what cannot be located is a convention of this library.

    Examples
    --------
    10 t over 14.44 km and 30 t over 11.12 km:

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={
    ...         "name": ["Tri", "Filature", "Atelier"],
    ...         "latitude": [49.5, 49.5, 49.6],
    ...         "longitude": [0.5, 0.7, 0.5],
    ...     },
    ...     flows={"source": "Tri", "target": ["Filature", "Atelier"], "quantity_t_per_year": [10, 30]},
    ... )
    >>> flow_distances(f).round(2).tolist(), round(mean_haul(f), 2)
    ([14.44, 11.12], 11.95)
    """
    return _whole(f, detour, communes, same_commune_km, "mean_haul_km")


def haulage(
    f: Filiere,
    *,
    by: str | None = None,
    detour: float = 1.0,
    communes: pd.DataFrame | None = None,
    same_commune_km: float = NAN,
) -> pd.DataFrame:
    """Return mean haul (E6) and tonne-kilometres, with how many of the tonnes could be located.

    ``Σ f_e d_e / Σ f_e``, ``Σ f_e d_e``, and ``Σ f_e (located) / Σ f_e (known)``, over the flows of each group.

    Parameters
    ----------
    by
        ``material``, ``source_stage`` or ``target_stage``: a row each, in table order, flows that state none
        being left out; by default one row for the filière.
    detour, communes, same_commune_km
        As in `flow_distances`.

    Returns
    -------
    pandas.DataFrame
        On ``material_id`` or ``stage_id``, or one row ``filiere``: `mean_haul_km`, `tonne_km_per_year`,
        `located_t_per_year` (tonnes of known distance), `known_t_per_year` (tonnes), all from 0 on, `located_share`
        (the one over the other, 0 to 1), `n_flows`, `n_unknown` (flows of which tonnes or distance are unknown). NaN
        where nothing is known.

    Raises
    ------
    UnknownNameError
        Another `by`; a column that `communes` lacks.
    ArgumentError
        As in `flow_distances`.

    Notes
    -----
    As for `mean_haul`: a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Paris", "Lyon"], "latitude": [48.8567, 45.7597], "longitude": [2.3508, 4.8422]},
    ...     flows={"source": ["Paris", "Lyon"], "target": ["Lyon", None], "quantity_t_per_year": [10, 30]},
    ... )
    >>> haulage(f)["located_share"].item()
    0.25
    """
    net = f.network
    groups: dict[str | None, tuple[NDArray[np.int32], pd.Index]] = {
        None: (np.zeros(len(net.flow_row), dtype=np.int32), pd.Index(["filiere"])),
        "material": (net.flow_material, net.material_ids),
        "source_stage": (net.flow_source_stage, net.stage_ids),
        "target_stage": (net.flow_target_stage, net.stage_ids),
    }
    if by not in groups:
        raise UnknownNameError.of(f"by={by!r} is no way to group flows", by, groups)
    place, index = groups[by]
    distance = distances_of(f, detour=detour, communes=communes, same_commune_km=same_commune_km)
    return pd.DataFrame(_sums(place, len(index), distance, net.flow_t), index=index, columns=HAULAGE_COLUMNS)


def whole_haulage(f: Filiere) -> dict[str, float]:
    """Return the row of `haulage` of a whole filière, in straight lines."""

    def build(f: Filiere) -> dict[str, float]:
        everywhere = np.zeros(len(f.network.flow_row), dtype=np.int32)
        found = _sums(everywhere, 1, distances_of(f), f.network.flow_t)
        return {name: values.item() for name, values in found.items()}

    return f.derived("territory.haulage", build)


def _sums(place: NDArray[np.int32], size: int, distance: Values, t: Values) -> dict[str, NDArray[Any]]:
    """Return the columns of `haulage` from the distance and the tonnage of each flow."""
    located = np.where(np.isnan(distance), NAN, t)
    work, tonnes = known_sums(place, located * distance, size), known_sums(place, located, size)
    total = tonnes.total
    positive = np.nan_to_num(total) > 0
    known = known_sums(place, t, size).total
    some = np.nan_to_num(known) > 0
    return {
        "mean_haul_km": np.divide(work.total, total, out=np.full(size, NAN), where=positive),
        "tonne_km_per_year": work.total,
        "located_t_per_year": total,
        "known_t_per_year": known,
        "located_share": np.divide(np.nan_to_num(total), known, out=np.full(size, NAN), where=some),
        "n_flows": tonnes.n_known + tonnes.n_unknown,
        "n_unknown": tonnes.n_unknown,
    }


def _whole(
    f: Filiere, detour: float, communes: pd.DataFrame | None, same_commune_km: float, column: str
) -> float:
    found = haulage(f, detour=detour, communes=communes, same_commune_km=same_commune_km)
    return float(found[column].iloc[0])
