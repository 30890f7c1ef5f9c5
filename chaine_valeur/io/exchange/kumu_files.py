"""The elements and connections of a file of Kumu, row by row: a workbook, a blueprint, a CSV file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...problems import Problems
from ...text import fold
from ..cells import Grid
from ..workbook import is_workbook
from .files import columns_of, held, json_of, table_of, workbook_grids

__all__ = ["Row", "parts_of"]

#: Where an element or connection stands, and its fields.
Row = tuple[int, Mapping[str, Any]]
#: Elements and connections; what the sheet of each is called in messages.
Parts = tuple[dict[str, list[Row]], tuple[str, str]]


def parts_of(path: str | os.PathLike[str], problems: Problems, *, lang: str) -> Parts:
    """Return the elements and the connections of a file, whatever its kind."""
    first = held(path, "xlsx", lang=lang)[:64]
    if is_workbook(first) or Path(path).suffix.lower().startswith(".xls"):
        return _of_workbook(path, problems, lang)
    if first.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1] in (b"{", b"["):
        return _of_blueprint(path, problems, lang)
    grid = table_of(path, lang=lang)
    parts: dict[str, list[Row]] = {"elements": [], "connections": []}
    if kind := _kind(grid):
        parts[kind] = _rows(grid)
    return parts, (grid.sheet, grid.sheet)


def _of_workbook(path: str | os.PathLike[str], problems: Problems, lang: str) -> Parts:
    def wanted(names: Sequence[str]) -> list[str]:
        return [name for name in names if not fold(name).endswith("ignore")]

    parts: dict[str, list[Row]] = {"elements": [], "connections": []}
    sheets = {"elements": Path(path).name, "connections": Path(path).name}
    for grid in workbook_grids(path, wanted, lang=lang):
        kind = _kind(grid)
        if not kind:
            if grid.rows:
                problems.add("unknown_sheet", sheet=grid.sheet, value=grid.sheet, close="")
            continue
        sheets[kind] = sheets[kind] if parts[kind] else grid.sheet
        parts[kind] += _rows(grid)
    return parts, (sheets["elements"], sheets["connections"])


def _kind(grid: Grid) -> str:
    heads = {fold(str(cell)) for cell in grid.rows[0]} if grid.rows else set()
    if {"from", "to"} <= heads:
        return "connections"
    return "elements" if heads & {"label", "id"} else ""


def _rows(grid: Grid) -> list[Row]:
    columns = columns_of(grid)
    cells = zip(*columns.values(), strict=True)
    return [
        (number, dict(zip(columns, row, strict=True)))
        for number, row in zip(grid.numbers[1:], cells, strict=True)
    ]


def _of_blueprint(path: str | os.PathLike[str], problems: Problems, lang: str) -> Parts:
    content, twice = json_of(path, lang=lang)
    content = (
        {"elements": content} if isinstance(content, list) else content if isinstance(content, dict) else {}
    )
    for name in dict.fromkeys(twice):
        problems.add("twice_in_object", sheet=Path(path).name, value=name)
    parts: dict[str, list[Row]] = {}
    for name in ("elements", "connections"):
        part = content.get(name)
        part = part if isinstance(part, list) else []
        parts[name] = [
            (number, _flat(entry)) for number, entry in enumerate(part, start=1) if isinstance(entry, dict)
        ]
    for name, part in content.items():
        if name not in parts and isinstance(part, list) and part:
            problems.add("left_out", sheet=Path(path).name, value=name, count=len(part))
    return parts, (f"{Path(path).name} elements", f"{Path(path).name} connections")


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object of a blueprint with its attributes beside its other fields, lists as a cell would hold them."""
    inner = entry.get("attributes")
    fields = {
        **(inner if isinstance(inner, dict) else {}),
        **{key: value for key, value in entry.items() if key != "attributes"},
    }
    return {
        str(name): "|".join(map(str, value))
        if isinstance(value, list)
        else None
        if isinstance(value, dict)
        else value
        for name, value in fields.items()
    }
