"""Frames of cells of any kind as what JSON holds, and back: rows set aside, results that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Frames", "frames_from", "frames_to"]


def frames_to(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return frames of cells as they were read as what JSON holds."""
    if isinstance(frames, Frames):
        return dict(frames.content)
    return {
        name: {
            "columns": [str(column) for column in frame.columns],
            "dtypes": [str(dtype) for dtype in frame.dtypes],
            "cells": [[_cell(cell) for cell in frame.iloc[:, place]] for place in range(frame.shape[1])],
        }
        for name, frame in frames.items()
    }


class Frames(Mapping[str, pd.DataFrame]):
    """The frames that `frames_to` wrote, each made when it is asked for: most are never looked at."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def __getitem__(self, name: str) -> pd.DataFrame:
        one = self.content[name]
        columns = {
            column: pd.Series([_read(cell) for cell in cells], dtype=dtype)
            for column, dtype, cells in zip(one["columns"], one["dtypes"], one["cells"], strict=True)
        }
        return pd.DataFrame(columns)

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)

    @property
    def n_rows(self) -> int:
        """Number of rows of all of them."""
        return sum(len(cells[0]) for one in self.content.values() if (cells := one["cells"]))


def frames_from(content: Mapping[str, Any]) -> Frames:
    """Return the frames that `frames_to` wrote."""
    return Frames(content)


def _cell(cell: Any) -> Any:
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:
        return None
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    if isinstance(cell, (date, datetime)):
        return {"moment": cell.isoformat()}
    if isinstance(cell, (int, np.integer)):
        return int(cell)
    if isinstance(cell, (float, np.floating)):
        return float(cell)
    return str(cell)


def _read(cell: Any) -> Any:
    return datetime.fromisoformat(cell["moment"]) if isinstance(cell, dict) else cell
