"""The cells of a listing, whatever holds them: a CSV file, a workbook, what an API answers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import UnreadableFileError
from ...language import tr
from ...text import join_list
from ..cells import Grid
from ..csv import records, separated
from ..files import decode_text, read_bytes
from ..sheets import is_ours
from ..workbook import is_workbook, sheet_grids
from .schema import listing_table
from .sectors import SPANS

__all__ = ["listing_grids"]

#: Under which an answer of an API holds its rows.
_ROWS_KEYS = ("results", "data", "structures", "items")
_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", re.IGNORECASE)


def listing_grids(path: str | os.PathLike[str], *, lang: str = "fr") -> list[Grid]:
    """Return the cells of a listing, a grid a sheet; what the file is, is seen from its content.

    Raises
    ------
    UnreadableFileError
        No such file, empty, damaged, or neither a workbook, nor CSV, nor JSON.
    """
    content = read_bytes(path, lang=lang)
    if is_workbook(content):
        grids = sheet_grids(path, lambda names: [name for name in names if not is_ours(name)], lang=lang)
        return [grid for grid in grids if grid.rows]
    name = Path(path).name
    text = decode_text(content, path, lang=lang)
    if text.lstrip()[:1] in ("[", "{"):
        return [_of_records(_rows_of(text, name, lang), name)]
    separator, text = separated(text, [listing_table()])
    return [Grid.of(name, records(text, separator, file=name, lang=lang))]


def _rows_of(text: str, name: str, lang: str) -> list[dict[str, Any]]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(
            tr("“{file}” cannot be read: {reason}.", lang, file=name, reason=error)
        ) from None
    if isinstance(told, Mapping):
        told = next((told[key] for key in _ROWS_KEYS if isinstance(told.get(key), list)), None)
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise UnreadableFileError(
            tr("“{file}” lists no structures: a JSON list of objects is expected.", lang, file=name)
        )
    return told


def _of_records(rows: Sequence[Mapping[str, Any]], name: str) -> Grid:
    """Return the grid of records: a header of every key, the first record being row 1."""
    flat = [_flat(row) for row in rows]
    header = list(dict.fromkeys(key for row in flat for key in row))
    cells = [[row.get(key, "") for key in header] for row in flat]
    return Grid(name, [header, *cells], list(range(len(cells) + 1)))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with one cell a key: lists joined, a point as two numbers, activities as what they sum up to."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if key == "activities" and isinstance(value, list):
            cells = _activities(value)
        elif key == "coords":
            cells = _point(value)
        else:
            cells = {key: _cell(value)}
        # what is blank in one place may be told in the other
        found.update({name: cell for name, cell in cells.items() if cell != "" or name not in found})
    return found


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("nom") or value.get("slug") or "")
    if isinstance(value, list):
        return join_list(dict.fromkeys(str(_cell(one)) for one in value if _cell(one) != ""))
    return value


def _point(value: Any) -> dict[str, Any]:
    """Return the latitude and longitude of a GeoJSON point or of « POINT (7.75 48.57) », longitude first."""
    if isinstance(value, Mapping):
        value = value.get("coordinates")
    if isinstance(value, str) and (found := _POINT.search(value)):
        value = [float(found[1]), float(found[2])]
    if isinstance(value, list) and len(value) == 2:
        return {"latitude": value[1], "longitude": value[0]}
    return {}


def _activities(value: Sequence[Any]) -> dict[str, Any]:
    """Return what the activities of a structure sum up to: all sectors and services, the widest range."""
    rows = [one for one in value if isinstance(one, Mapping)]
    ranges = [str(one.get("geo_range")) for one in rows if one.get("geo_range")]
    distances = [one.get("geo_range_custom_distance") for one in rows]
    order = list(SPANS)
    widest = min(ranges, key=lambda name: order.index(name) if name in order else len(order), default="")
    services = [one.get("presta_type") or one.get("presta_types") or [] for one in rows]
    return {
        "sectors": _cell([one.get("sector") for one in rows]),
        "presta_types": _cell([one for some in services for one in (some if isinstance(some, list) else [some])]),
        "geo_range": widest,
        "geo_range_custom_distance": max((one for one in distances if isinstance(one, (int, float))), default=""),
    }  # fmt: skip
