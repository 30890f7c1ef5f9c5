"""The elements and connections of a file of Kumu, row by row: a workbook, a blueprint, a CSV file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...problems import Problems
from ...text import fold
from ..cells import Grid
from ..workbook import is_workbook
from .files import columns_of, held, json_of, table_of, workbook_grids

__all__ = ["Row", "parts_of"]

#: List of a blueprint → the least that an object of it says.
_EXAMPLES = {"elements": '{"label": "Relais"}', "connections": '{"from": "Relais", "to": "Filature"}'}

#: Where an element or connection stands, and its fields.
Row = tuple[int, Mapping[str, Any]]
#: Elements and connections, each where the file has such a part; what the sheet of each is called in messages.
Parts = tuple[dict[str, list[Row]], tuple[str, str]]


def parts_of(path: str | os.PathLike[str], problems: Problems, *, lang: str) -> Parts:
    """Return the elements and the connections of a file, whatever its kind."""
    first = held(path, "xlsx", lang=lang)[:64]
    if is_workbook(first) or Path(path).suffix.lower().startswith(".xls"):
        return _of_workbook(path, problems, lang)
    if first.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1] in (b"{", b"["):
        return _of_blueprint(path, problems, lang)
    grid = table_of(path, lang=lang)
    parts = {kind: _rows(grid, problems)} if (kind := _kind(grid)) else {}
    return parts, (grid.sheet, grid.sheet)


def _of_workbook(path: str | os.PathLike[str], problems: Problems, lang: str) -> Parts:
    def wanted(names: Sequence[str]) -> list[str]:
        return [name for name in names if not fold(name).endswith("ignore")]

    parts: dict[str, list[Row]] = {}
    sheets = {"elements": Path(path).name, "connections": Path(path).name}
    for grid in workbook_grids(path, wanted, lang=lang):
        kind = _kind(grid)
        if not kind:
            if grid.rows:
                problems.add("unknown_sheet", sheet=grid.sheet, value=grid.sheet, close="")
            continue
        sheets[kind] = sheets[kind] if parts.get(kind) else grid.sheet
        parts.setdefault(kind, []).extend(_rows(grid, problems))
    return parts, (sheets["elements"], sheets["connections"])


def _kind(grid: Grid) -> str:
    heads = {fold(str(cell)) for cell in grid.rows[0]} if grid.rows else set()
    if {"from", "to"} <= heads:
        return "connections"
    return "elements" if heads & {"label", "id"} else ""


def _rows(grid: Grid, problems: Problems) -> list[Row]:
    columns = columns_of(grid, problems)
    cells = zip(*columns.values(), strict=True)
    return [
        (number, dict(zip(columns, row, strict=True)))
        for number, row in zip(grid.numbers[1:], cells, strict=True)
    ]


def _of_blueprint(path: str | os.PathLike[str], problems: Problems, lang: str) -> Parts:
    content, twice = json_of(path, lang=lang)
    if isinstance(content, list) and content:
        content = {"elements": content}
    content = content if isinstance(content, dict) else {}
    for name in dict.fromkeys(twice):
        problems.add("twice_in_object", sheet=Path(path).name, value=name)
    file = Path(path).name
    parts = {
        name: _objects(content[name], f"{file} {name}", example, problems)
        for name, example in _EXAMPLES.items()
        if isinstance(content.get(name), list)
    }
    for name, part in content.items():
        if name not in parts and part not in (None, "", [], {}):
            count = len(part) if isinstance(part, (list, dict)) else 1
            problems.add("left_out", sheet=file, value=name, count=count)
    return parts, (f"{file} elements", f"{file} connections")


def _objects(part: Sequence[Any], sheet: str, example: str, problems: Problems) -> list[Row]:
    """Return the objects of a list of a blueprint as rows; what has no place in a row is told."""
    rows: list[Row] = []
    lost: Counter[str] = Counter()
    for number, entry in enumerate(part, start=1):
        if isinstance(entry, dict):
            rows.append((number, _flat(entry, lost)))
        else:
            problems.add("no_object", sheet=sheet, row=number, value=entry, example=example)
    for name, count in (+lost).items():
        problems.add("left_out", sheet=sheet, column=name, value=name, count=count)
    return rows


def _flat(entry: Mapping[str, Any], lost: Counter[str]) -> dict[str, Any]:
    """Return an object of a blueprint with its attributes beside its other fields, lists as a cell would hold them.

    What no cell could hold is counted: objects, lists in lists, an attribute that a field says otherwise.
    """
    inner = entry.get("attributes")
    fields: dict[str, Any] = dict(inner) if isinstance(inner, dict) else {}
    if inner and not isinstance(inner, dict):
        lost["attributes"] += 1
    for name, value in entry.items():
        if name == "attributes" or value is None and name in fields:
            continue
        if fields.get(name, value) not in (None, value):
            lost[name] += 1
        fields[name] = value
    made = {}
    for name, value in fields.items():
        several = isinstance(value, list)
        cells = [one for one in (value if several else [value]) if one is not None]
        plain = [one for one in cells if not isinstance(one, (dict, list))]
        lost[name] += any(one for one in cells if isinstance(one, (dict, list)))
        made[name] = "|".join(map(str, plain)) if several else next(iter(plain), None)
    return made
