"""Columns of tables as attributes of nodes and edges: how they are called, what kind of value they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ...schema import DOUBT, Column, table
from .objects import and_last, known, objects

if TYPE_CHECKING:
    from .objects import Objects

__all__ = [
    "COMPANIONS",
    "RESERVED",
    "Attribute",
    "as_objects",
    "attribute_name",
    "attributes_of",
    "column_name",
]

#: Column → the attribute that gives the name of what it refers to, and the table that holds it.
COMPANIONS: Mapping[str, tuple[str, str]] = {
    "material_id": ("material", "materials"),
    "source_stage": ("source_stage_name", "stages"),
    "target_stage": ("target_stage_name", "stages"),
    "source_id": ("source_name", "sources"),
}
#: Words of ours and of the formats: a column of the user's own of that name gets a « _ ».
RESERVED = frozenset(
    "table identifier directed label weight edge_kind id name type description tags from to direction source target value"
    " time function location sector".split()
) | {name for name, _ in COMPANIONS.values()}
_KINDS = {"number": "double", "share": "double", "integer": "long", "year": "long", "boolean": "boolean"}


@dataclass(frozen=True)
class Attribute:
    """An attribute along the nodes, or the edges: Python values, ``None`` where unknown.

    ``kind`` is ``double``, ``long``, ``boolean`` or ``string``.
    """

    kind: str
    values: Objects


def attribute_name(column: str) -> str:
    """Return what a column is called among the attributes.

    Examples
    --------
    >>> attribute_name("weight"), attribute_name("note")
    ('_weight', 'note')
    """
    return f"_{column}" if column.lstrip("_").lower() in RESERVED else column


def column_name(attribute: str) -> str:
    """Return what a column is called from what it is called among the attributes.

    Examples
    --------
    >>> column_name("_weight"), column_name("_note")
    ('weight', '_note')
    """
    reserved = attribute.startswith("_") and attribute.lstrip("_").lower() in RESERVED
    return attribute[1:] if reserved else attribute


def attributes_of(
    frames: Mapping[str, pd.DataFrame], told: Mapping[str, Objects], f: Filiere, *, skip: Collection[str]
) -> dict[str, Attribute]:
    """Return the attributes that say something, those of the model first."""
    size = {name: len(frame) for name, frame in frames.items()}
    begin = dict(zip(size, np.cumsum([0, *size.values()]).tolist(), strict=False))
    total = sum(size.values())
    found: dict[str, tuple[set[str], Objects]] = {}

    def put(name: str, kind: str, home: str, values: Objects) -> None:
        kinds, column = found.setdefault(name, (set(), np.full(total, None, dtype=object)))
        kinds.add(kind)
        column[begin[home] : begin[home] + size[home]] = values

    for home, frame in frames.items():
        put("table", "string", home, np.full(len(frame), home, dtype=object))
        put("identifier", "string", home, told[home])
        for column in frame.columns:
            own = table(home).columns.get(str(column))
            if own is not None and column in skip:
                continue
            kind, values = _typed(frame[column], own)
            put(attribute_name(str(column)) if own is None else str(column), kind, home, values)
            if own is not None and column in COMPANIONS:
                name, other = COMPANIONS[str(column)]
                put(
                    name,
                    "string",
                    home,
                    and_last(f.table(other)["name"], None)[f.codes(home, str(column))],
                )
    said = {name: one for name, one in found.items() if name == "table" or known(one[1]).any()}
    return {name: _unified(kinds, values) for name, (kinds, values) in said.items()}


def _unified(kinds: set[str], values: Objects) -> Attribute:
    if len(kinds) == 1:
        return Attribute(next(iter(kinds)), values)
    return Attribute(
        "string", np.array([value if value is None else str(value) for value in values], dtype=object)
    )


def _typed(column: pd.Series, own: Column | None) -> tuple[str, Objects]:
    if own is not None:
        return _KINDS.get(own.type, "string"), as_objects(column, own)
    dtype = column.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return "boolean", as_objects(column, None)
    return ("double" if pd.api.types.is_numeric_dtype(dtype) else "string"), as_objects(column, None)


def as_objects(column: pd.Series, own: Column | None) -> Objects:
    """Return a column as Python values, ``None`` where unknown, a sign of doubt where a blank would claim something."""
    blank = column.isna().to_numpy(bool)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        days = column.dt.strftime("%Y-%m-%dT%H:%M:%S").str.removesuffix("T00:00:00")
        values = days.to_numpy(object, copy=True)
    else:
        values = objects(column.astype(object))
    values[blank] = DOUBT if own is not None and own.claims else None
    return values
