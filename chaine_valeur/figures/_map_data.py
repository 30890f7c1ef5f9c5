"""The map of the territory as frames: who is where, how large, and of whom nobody knows the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.activities import current_activities, known_sums
from ..analysis.territory.places import positions
from ..earth import EARTH_RADIUS_KM
from ..errors import ArgumentError, UnknownNameError
from ..language import check_language, tr
from ..provenance import provenance
from ..schema import table
from ..tables import in_force
from ..text import fold
from ..vocabulary import Confidence, Role, Status
from ._outlines import Outlines, read_outlines

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..filiere import Filiere

    Floats = npt.NDArray[np.float64]

__all__ = ["MapData", "map_data", "project"]

#: What may size an actor: a sum over its activities, or what passes through it.
_SUMS = ("jobs_fte", "insertion_fte", "supervision_fte", "no_diploma_fte", "capacity_t_per_year")
_THROUGHPUT = "throughput"
#: Who stands farther from the middle of the territory than so many times its half diagonal is off the map.
_FARTHEST = 2.0
#: km: around the centre of a single commune stand its neighbours.
_LEAST_HALF = 5.0
_ACTORS = {
    "actor_id": "str",
    "label": "str",
    "role": "str",
    "status": "str",
    "latitude": "float64",
    "longitude": "float64",
    "precision": "str",
    "value": "float64",
    "x_km": "float64",
    "y_km": "float64",
    "is_on_map": "bool",
}
_FLOWS = {
    "source": "str",
    "target": "str",
    "quantity_t_per_year": "float64",
    "n_unknown": "int64",
    "is_hypothesis": "bool",
}


@dataclass(frozen=True)
class MapData:
    """What the map shows, as frames.

    Attributes
    ----------
    actors
        A row per actor that is not closed: ``label``, primary ``role``, ``status``, ``latitude`` and ``longitude``
        (degrees, NaN: unknown), ``precision`` (``address`` or ``commune``), ``value`` (NaN: unknown), ``x_km`` and
        ``y_km`` eastwards and northwards from the `origin`, ``is_on_map``.
    communes
        A row per commune: ``code``, ``name``, ``latitude``, ``longitude``, ``x_km``, ``y_km``,
        ``is_in_territory`` and ``outline``, its place in `outlines` (−1: none).
    flows
        A row per pair of actors: ``source``, ``target``, ``quantity_t_per_year`` (sum of the known, NaN: none),
        ``n_unknown`` and ``is_hypothesis``, whether the tonnage of one is a hypothesis.
    outlines
        Those that were given, if any.
    origin
        Latitude and longitude of the middle of the map, degrees.
    bounds
        West, south, east and north of the map, km from the origin.
    value_label
        What `value` is, with its unit; empty where actors are of one size.
    n_flows_without_place
        Flows that have an end outside, or an actor that is not on the map.
    """

    actors: pd.DataFrame
    communes: pd.DataFrame
    flows: pd.DataFrame
    outlines: Outlines | None
    origin: tuple[float, float]
    bounds: tuple[float, float, float, float]
    value_label: str = ""
    n_flows_without_place: int = 0

    @property
    def without_place(self) -> pd.DataFrame:
        """The actors of whom nobody knows where they are."""
        return self.actors[self.actors["latitude"].isna()]

    @property
    def off_map(self) -> pd.DataFrame:
        """The actors who are too far away for the map."""
        return self.actors[self.actors["latitude"].notna() & ~self.actors["is_on_map"]]


def project(latitude: Any, longitude: Any, origin: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return kilometres eastwards and northwards of an origin: a local plate carrée.

    ``x = R (λ − λ₀) cos φ₀``, ``y = R (φ − φ₀)``. Within 100 km of the origin, in France, distances are right to
    about 2 %.

    Examples
    --------
    >>> x, y = project([49.5, 50.5], [0.5, 0.5], (49.5, 0.5))
    >>> y.round(1).tolist()
    [0.0, 111.2]
    """
    phi, lam = (np.radians(np.asarray(values, dtype=np.float64)) for values in (latitude, longitude))
    phi0, lam0 = np.radians(origin[0]), np.radians(origin[1])
    return EARTH_RADIUS_KM * np.cos(phi0) * (lam - lam0), EARTH_RADIUS_KM * (phi - phi0)


def map_data(
    f: Filiere,
    *,
    outlines: Any = None,
    value: str | pd.Series | Mapping[str, float] | None = _THROUGHPUT,
    year: int | None = None,
    lang: str = "fr",
) -> MapData:
    """Return the frames behind the map of the territory.

    An actor stands at its own coordinates, else at the centre of its commune in the table of territories, else at
    the centre of gravity of the outline of its commune, by code or else by name.

    Parameters
    ----------
    outlines
        Outlines of communes: the path of a GeoJSON file, its content, or a GeoDataFrame; by default none.
    value
        What sizes the actors: ``"throughput"``, the larger of the known tonnages that enter and leave (t/year);
        ``"jobs_fte"``, ``"insertion_fte"``, ``"supervision_fte"``, ``"no_diploma_fte"`` or
        ``"capacity_t_per_year"``, summed over the activities; numbers by ``actor_id``, whose name is that of the
        series; ``None``: one size.
    year
        See the filière in that year.
    lang
        Language of the labels.

    Raises
    ------
    UnknownNameError
        No such value, or an actor that does not exist.
    ArgumentError
        Outlines that are none, or a value that is negative.
    UnreadableFileError
        The file of outlines cannot be read.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Tri", "Filature"], "latitude": [49.5, None], "longitude": [0.5, None]}
    ... )
    >>> data = map_data(f)
    >>> data.actors["is_on_map"].tolist(), data.without_place["label"].tolist()
    ([True, False], ['Filature'])
    """
    check_language(lang)
    view = f if year is None else f.at(year)
    shapes = None if outlines is None else read_outlines(outlines)
    actors = _actors(view, shapes)
    values, said = _values(view, value, lang)
    actors["value"] = values[actors.index]
    actors = actors.reset_index(drop=True)
    communes = _communes(view, shapes)
    origin, bounds, on_map = _frame(view, actors, communes, shapes)
    for each in (actors, communes):
        each["x_km"], each["y_km"] = project(each["latitude"], each["longitude"], origin)
    actors["is_on_map"] = on_map
    flows, left_out = _flows(view, set(actors.loc[on_map, "actor_id"]))
    return MapData(
        actors=actors[list(_ACTORS)].astype(_ACTORS),
        communes=communes,
        flows=flows,
        outlines=shapes,
        origin=origin,
        bounds=bounds,
        value_label=said,
        n_flows_without_place=left_out,
    )


def _actors(f: Filiere, shapes: Outlines | None) -> pd.DataFrame:
    """Actors that are not closed, on their position in the table, with their place."""
    known = positions(f)
    if shapes is not None:
        # the centre of gravity of an outline, for the communes of which no centre is stated
        given = positions(f, communes=shapes.communes)
        known = known.where(known["precision"].notna(), given)
    names = np.array([*(role.value for role in Role), None], dtype=object)
    rows = pd.DataFrame(
        {
            "actor_id": f.actors.index.to_numpy(dtype=object),
            "label": f.actors["name"].to_numpy(dtype=object),
            "role": names[f.network.role],
            "status": f.actors["status"].to_numpy(dtype=object),
            "latitude": known["latitude"].to_numpy(float),
            "longitude": known["longitude"].to_numpy(float),
            "precision": known["precision"].to_numpy(dtype=object),
        }
    )
    return rows[rows["status"].ne(Status.CLOSED.value)]


def _values(f: Filiere, value: Any, lang: str) -> tuple[Floats, str]:
    """What sizes each actor of the table, and what it is called."""
    net = f.network
    if value is None:
        return np.full(net.n_actors, np.nan), ""
    if isinstance(value, str):
        if value == _THROUGHPUT:
            ends = (net.flow_target, net.flow_source)
            sides = [known_sums(end, net.flow_t, net.n_actors).total for end in ends]
            return np.fmax(*sides), tr("tonnes per year, the larger of what enters and what leaves", lang)
        if value not in _SUMS:
            known = (_THROUGHPUT, *_SUMS)
            raise UnknownNameError.of(f"value={value!r} is nothing that sizes an actor", value, known)
        rows = current_activities(f)
        total = known_sums(rows.actor, rows.values(value), net.n_actors).total
        return total, table("activities")[value].header(lang)
    series = pd.Series(value, dtype="float64") if isinstance(value, Mapping) else value
    if not isinstance(series, pd.Series):
        raise ArgumentError(f"value= is a {type(value).__name__}: give a name, or numbers by actor_id")
    strangers = series.index[~series.index.isin(f.actors.index)]
    if len(strangers):
        name = str(strangers[0])
        raise UnknownNameError.of(f"value= speaks of an actor {name!r}", name, f.actors.index)
    numbers = pd.to_numeric(series, errors="coerce").reindex(f.actors.index).to_numpy(np.float64)
    if (numbers < 0).any() or np.isinf(numbers).any():
        raise ArgumentError("value= has to be 0 or more: the size of a mark cannot show a negative number")
    return numbers, str(series.name) if series.name is not None else tr("value", lang)


def _communes(f: Filiere, shapes: Outlines | None) -> pd.DataFrame:
    """The communes of the territory, and those of which there is an outline."""
    rows = f.territories
    own = rows[rows["territory_id"].eq(f.territory_id)] if f.territory_id is not None else rows
    stands = in_force(own, f.year or f.reference_year)
    own = (own[stands] if stands.any() else own).drop_duplicates("commune_code")
    places = pd.DataFrame(
        {
            "code": own["commune_code"].to_numpy(dtype=object),
            "name": own["commune_name"].to_numpy(dtype=object),
            "latitude": own["latitude"].to_numpy(float),
            "longitude": own["longitude"].to_numpy(float),
            "is_in_territory": True,
            "outline": -1,
        }
    )
    if shapes is not None:
        drawn = shapes.communes.assign(outline=np.arange(len(shapes.communes)))
        # an outline without a code is that of the commune of its name, where one alone bears it
        named = places.assign(name=places["name"].map(fold, na_action="ignore")).dropna(subset=["name"])
        code_of = named.drop_duplicates("name", keep=False).set_index("name")["code"]
        known_by = drawn["name"].map(fold, na_action="ignore").map(code_of)
        drawn["code"] = drawn["code"].astype(object).fillna(known_by)
        drawn["is_in_territory"] = drawn["code"].isin(places["code"]) & drawn["code"].notna()
        rest = places[~places["code"].isin(drawn["code"])]
        places = pd.concat([drawn.astype({"code": object, "name": object}), rest], ignore_index=True)
    places = places[places["latitude"].notna() & places["longitude"].notna()].reset_index(drop=True)
    return places.astype({"code": "str", "name": "str", "is_in_territory": "bool", "outline": "int64"})


def _frame(
    f: Filiere, actors: pd.DataFrame, communes: pd.DataFrame, shapes: Outlines | None
) -> tuple[tuple[float, float], tuple[float, float, float, float], npt.NDArray[np.bool_]]:
    """The middle of the map, its bounds, and who stands within: the territory first, then who is near it."""
    placed = actors["latitude"].notna().to_numpy(bool)
    local = f.is_local().reindex(actors["actor_id"]).fillna(False).to_numpy(bool) & placed
    core = [actors.loc[local, ["latitude", "longitude"]], communes[["latitude", "longitude"]]]
    if shapes is not None:
        west, south, east, north = shapes.bounds
        core.append(pd.DataFrame({"latitude": [south, north], "longitude": [west, east]}))
    points = pd.concat(core)
    if points.empty:
        points = actors.loc[placed, ["latitude", "longitude"]]
    if points.empty:
        return (0.0, 0.0), (-1.0, -1.0, 1.0, 1.0), placed
    low, high = points.min(), points.max()
    origin = (float(low["latitude"] + high["latitude"]) / 2, float(low["longitude"] + high["longitude"]) / 2)
    x, y = project(points["latitude"], points["longitude"], origin)
    half = max(float(np.hypot(np.ptp(x), np.ptp(y))) / 2, _LEAST_HALF)
    at = project(actors["latitude"], actors["longitude"], origin)
    near = placed & (np.hypot(np.nan_to_num(at[0]), np.nan_to_num(at[1])) <= _FARTHEST * half)
    x, y = np.concatenate([x, at[0][near]]), np.concatenate([y, at[1][near]])
    least = 2.0  # km, around a single place
    bounds = (
        float(min(x.min(), -least)),
        float(min(y.min(), -least)),
        float(max(x.max(), least)),
        float(max(y.max(), least)),
    )
    return origin, bounds, near


def _flows(f: Filiere, on_map: set[Any]) -> tuple[pd.DataFrame, int]:
    net = f.network
    names = np.array([*net.actor_ids, None], dtype=object)
    firmness = provenance(f, "flows", column="quantity_t_per_year")["confidence"]
    rows = pd.DataFrame(
        {
            "source": names[net.flow_source],
            "target": names[net.flow_target],
            "quantity_t_per_year": net.flow_t,
            "n_unknown": np.isnan(net.flow_t).astype(np.int64),
            "is_hypothesis": firmness.iloc[net.flow_row].eq(Confidence.HYPOTHESIS.value).to_numpy(bool),
        }
    )
    use = rows["source"].isin(on_map) & rows["target"].isin(on_map) & rows["source"].ne(rows["target"])
    inside = rows["source"].eq(rows["target"]) & rows["source"].notna()
    found = (
        rows[use]
        .groupby(["source", "target"], sort=False)
        .agg(
            quantity_t_per_year=("quantity_t_per_year", lambda column: column.sum(min_count=1)),
            n_unknown=("n_unknown", "sum"),
            is_hypothesis=("is_hypothesis", "any"),
        )
        .reset_index()
    )
    found = found.reindex(columns=list(_FLOWS)).astype(_FLOWS)
    return found, int((~use & ~inside).sum())
