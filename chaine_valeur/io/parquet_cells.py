"""Rows set aside, as JSON: cells of any kind as they were written, told apart where people would."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["aside_from", "aside_to"]


def aside_to(frames: Mapping[str, pd.DataFrame]) -> list[dict[str, str]]:
    """Return frames of cells of any kind, one entry a column: table, column, dtype, cells as JSON.

    Examples
    --------
    >>> aside_to({"actors": pd.DataFrame({"name": ["A", None]}, dtype=object)})[0]["cells"]
    '["A", null]'
    """
    return [
        {
            "table": name,
            "column": str(column),
            "dtype": str(frame.dtypes.iloc[place]),
            "cells": json.dumps([_to(cell) for cell in frame.iloc[:, place].tolist()]),
        }
        for name, frame in frames.items()
        for place, column in enumerate(frame.columns)
    ]


def aside_from(entries: Iterable[Mapping[str, str]]) -> dict[str, pd.DataFrame]:
    """Return the frames that `aside_to` wrote.

    Raises
    ------
    ValueError, TypeError, KeyError
        Entries that it did not write.
    """
    columns: dict[str, dict[str, pd.Series]] = {}
    for entry in entries:
        cells = [_from(cell) for cell in json.loads(entry["cells"])]
        columns.setdefault(entry["table"], {})[entry["column"]] = pd.Series(cells, dtype=entry["dtype"])
    return {name: pd.DataFrame(found) for name, found in columns.items()}


def _to(cell: Any) -> Any:
    if cell is None or isinstance(cell, str | bool):
        return cell
    if cell is pd.NA or cell is pd.NaT:
        return {"none": "NA" if cell is pd.NA else "NaT"}
    if isinstance(cell, np.generic):
        return _to(cell.item())
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else {"float": str(cell)}
    if isinstance(cell, int):
        return cell
    for kind, (made_of, _) in _MOMENTS.items():
        if type(cell) is made_of:
            moment: Any = cell
            return {kind: moment.isoformat()}
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    if isinstance(cell, Decimal):
        return {"decimal": str(cell)}
    if isinstance(cell, (list, tuple, set, np.ndarray)):
        return {"list": [_to(one) for one in cell]}
    return str(cell)


_MOMENTS: dict[str, tuple[type, Any]] = {
    "timestamp": (pd.Timestamp, pd.Timestamp),
    "datetime": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "time": (time, time.fromisoformat),
}
_OTHERS: dict[str, Any] = {
    "none": {"NA": pd.NA, "NaT": pd.NaT}.__getitem__,
    "float": float,
    "seconds": lambda seconds: timedelta(seconds=seconds),
    "decimal": Decimal,
    "list": lambda cells: [_from(cell) for cell in cells],
}


def _from(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    ((kind, said),) = cell.items()
    return _MOMENTS[kind][1](said) if kind in _MOMENTS else _OTHERS[kind](said)
