"""Outlines of communes that a user gives: GeoJSON read, checked and turned into rings; nothing is fetched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import ArgumentError, UnreadableFileError
from ..text import fold

__all__ = ["MOST_BYTES", "MOST_POINTS", "Outlines", "read_outlines"]

Floats = npt.NDArray[np.float64]

#: Beyond so much, outlines are to be simplified first: a region of France takes some hundred thousand points.
MOST_POINTS = 2_000_000
MOST_BYTES = 150_000_000
#: What the properties are called by those who publish outlines, without case, accents or punctuation.
_CODES = ("code", "insee", "code insee", "insee com", "codgeo", "code commune", "commune code", "com")
_NAMES = ("nom", "name", "nom com", "libelle", "libgeo", "nom commune", "commune name", "commune")
_POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Outlines:
    """The outlines of communes.

    Attributes
    ----------
    communes
        A row per outline: ``code`` and ``name`` (missing where no property gives one), ``latitude`` and
        ``longitude`` of its centre of gravity (degrees).
    rings
        Of each outline, its rings (points × longitude, latitude), closed: outer edges counter-clockwise, holes
        clockwise, whichever way they were given.
    """

    communes: pd.DataFrame
    rings: list[list[Floats]]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all outlines, degrees."""
        points = np.concatenate([ring for rings in self.rings for ring in rings])
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        return float(west), float(south), float(east), float(north)


def read_outlines(outlines: Any) -> Outlines:
    """Return outlines from a GeoJSON file, its content, or an object that has a geographic interface.

    Parameters
    ----------
    outlines
        Path of a file; a mapping (FeatureCollection, Feature, Polygon, MultiPolygon); or what has
        ``__geo_interface__``, such as a GeoDataFrame, brought to WGS 84 if it says that it is elsewhere.

    Raises
    ------
    UnreadableFileError
        The file is missing, no JSON, or too large.
    ArgumentError
        It is no GeoJSON, holds something else than polygons, coordinates that are no degrees, or too many points.

    Examples
    --------
    >>> square = [[[0.5, 49.5], [0.6, 49.5], [0.6, 49.6], [0.5, 49.6], [0.5, 49.5]]]
    >>> feature = {
    ...     "type": "Feature",
    ...     "properties": {"INSEE": "76384", "Nom": "Lillebonne"},
    ...     "geometry": {"type": "Polygon", "coordinates": square},
    ... }
    >>> read_outlines(feature).communes.round(2).values.tolist()
    [['76384', 'Lillebonne', 49.55, 0.55]]
    """
    features = list(_features(_mapping(outlines)))
    rows: list[dict[str, Any]] = []
    rings: list[list[Floats]] = []
    n_points = 0
    for place, (properties, geometry) in enumerate(features):
        if geometry is None:  # a commune without a shape: GeoJSON allows it
            continue
        where = _where(place, properties)
        found = _rings(geometry, where)
        n_points += sum(len(ring) for ring in found)
        if n_points > MOST_POINTS:
            raise ArgumentError(
                f"outlines= has more than {MOST_POINTS:,} points: simplify it, or keep the communes of the territory"
            )
        longitude, latitude = _centre(found)
        rows.append({**_named(properties), "latitude": latitude, "longitude": longitude})
        rings.append(found)
    if not rows:
        raise ArgumentError("outlines= holds no outline: a FeatureCollection of communes is expected")
    frame = pd.DataFrame(rows).astype({"code": "str", "name": "str"})
    return Outlines(frame, rings)


def _mapping(outlines: Any) -> Mapping[str, Any]:
    if isinstance(outlines, str | os.PathLike):
        return _read(Path(outlines))
    if isinstance(outlines, Mapping):
        return outlines
    if not hasattr(outlines, "__geo_interface__"):
        raise ArgumentError(
            f"outlines= is a {type(outlines).__name__}: give the path of a GeoJSON file, its content as a "
            "dictionary, or a GeoDataFrame"
        )
    crs = getattr(outlines, "crs", None)
    if crs is not None and hasattr(outlines, "to_crs"):
        outlines = outlines.to_crs(4326)
    return _as_mapping(outlines.__geo_interface__, "outlines=")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UnreadableFileError(
                f"{path}: {size:,} bytes are too many: simplify the outlines, or keep those of the territory"
            )
        text = path.read_text(encoding="utf-8-sig")
    except UnreadableFileError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path}: the outlines cannot be read ({error})") from None
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise UnreadableFileError(f"{path}: this is no GeoJSON file ({error})") from None
    return _as_mapping(found, str(path))


def _as_mapping(found: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise ArgumentError(f"{where}: a GeoJSON object is expected, not a {type(found).__name__}")
    return found


def _features(found: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    kind = found.get("type")
    if kind == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list | tuple):
            raise ArgumentError("outlines= is a FeatureCollection without a list of features")
        for place, feature in enumerate(features):
            feature = _as_mapping(feature, f"outlines=, feature {place + 1}")
            yield _properties(feature), feature.get("geometry")
    elif kind == "Feature":
        yield _properties(found), found.get("geometry")
    elif kind in _POLYGONS:
        yield {}, found
    else:
        hint = " (TopoJSON: convert it to GeoJSON)" if kind == "Topology" else ""
        raise ArgumentError(
            f"outlines= is of type {kind!r}{hint}: a FeatureCollection of polygons is expected"
        )


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _named(properties: Mapping[str, Any]) -> dict[str, str | None]:
    """The code and the name of a commune, whatever the case of the properties that hold them."""
    told: dict[str, str] = {}
    for key, value in properties.items():
        if isinstance(value, float) and value.is_integer():  # codes of a column that had blanks
            value = int(value)
        if isinstance(value, str | int) and str(value).strip():
            told.setdefault(fold(str(key)).replace("_", " "), str(value).strip())
    code, name = (next((told[key] for key in keys if key in told), None) for keys in (_CODES, _NAMES))
    return {"code": None if code is None else code.zfill(5), "name": name}


def _where(place: int, properties: Mapping[str, Any]) -> str:
    named = _named(properties)
    told = named["name"] or named["code"]
    return f"outlines=, feature {place + 1}" + (f" ({told[:40]!r})" if told else "")


def _rings(geometry: Any, where: str) -> list[Floats]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else type(geometry).__name__
    if kind not in _POLYGONS:
        raise ArgumentError(f"{where} is of type {kind!r}: only Polygon and MultiPolygon are outlines")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list | tuple):
        raise ArgumentError(f"{where} has no coordinates")
    found = []
    for polygon in polygons:
        if not isinstance(polygon, list | tuple) or not polygon:
            raise ArgumentError(f"{where}: a polygon without a ring")
        found += [_turned(_ring(ring, where), is_hole=place > 0) for place, ring in enumerate(polygon)]
    if not found:
        raise ArgumentError(f"{where} has no ring")
    return found


def _ring(ring: Any, where: str) -> Floats:
    found = np.zeros((0, 2))
    try:
        try:
            points = np.asarray(ring)
        except ValueError:  # some points bear a height, others none
            points = np.asarray([point[:2] for point in ring])
        if points.ndim == 2 and points.shape[1] >= 2 and len(points) >= 3 and points.dtype.kind in "iuf":
            found = points[:, :2].astype(np.float64)
    except (TypeError, ValueError, KeyError):
        pass
    if not len(found):
        raise ArgumentError(
            f"{where}: a ring has to be a list of at least three points [longitude, latitude]"
        )
    if not np.isfinite(found).all():
        raise ArgumentError(f"{where}: a coordinate is not a finite number")
    if (np.abs(found[:, 0]) > 180).any() or (np.abs(found[:, 1]) > 90).any():
        worst = found[np.argmax(np.abs(found).max(axis=1))]
        raise ArgumentError(
            f"{where}: [{worst[0]:g}, {worst[1]:g}] are no degrees of longitude and latitude: export the outlines "
            "in WGS 84 (EPSG:4326), not in metres"
        )
    return found if (found[0] == found[-1]).all() else np.concatenate([found, found[:1]])


def _turned(ring: Floats, *, is_hole: bool) -> Floats:
    """A ring that turns as its kind does: what is drawn fills what rings turn around."""
    return ring[::-1] if (_crossed(ring)[1].sum() < 0) != is_hole else ring


def _crossed(ring: Floats) -> tuple[Floats, Floats]:
    """The points of a ring from its first one, so that products keep their digits, and twice the area of each side."""
    local = ring - ring[0]
    return local, local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]


def _centre(rings: list[Floats]) -> tuple[float, float]:
    """The centre of gravity of an outline, its holes left out."""
    area, moment = 0.0, np.zeros(2)
    for ring in rings:
        local, cross = _crossed(ring)
        area += float(cross.sum())
        moment += ((local[:-1] + local[1:]) * cross[:, None]).sum(axis=0) / 3 + ring[0] * cross.sum()
    if area <= 1e-15:
        middle = np.concatenate(rings).mean(axis=0)
        return float(middle[0]), float(middle[1])
    return float(moment[0] / area), float(moment[1] / area)
