"""Rows set aside keep what was written in them, of whatever kind."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.io.parquet_cells import aside_from, aside_to

#: One cell of each kind that readers leave in a table.
CELLS: list[Any] = [
    None, pd.NA, pd.NaT, float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1.5, 3, 10**20, True, False, "", "a",
    "é\n", "\ud800", date(2022, 3, 12), datetime(2022, 3, 12, 10, 5), pd.Timestamp("2022-03-12 10:05:00.000001"),
    pd.Timestamp("2022-03-12", tz="Europe/Paris"), time(10, 5), timedelta(days=1, seconds=3), Decimal("1.50"),
    ["a", None, 3],
]  # fmt: skip


def back(frame: pd.DataFrame) -> pd.DataFrame:
    entries = json.loads(json.dumps(aside_to({"actors": frame})))
    return aside_from(entries)["actors"]


def alike(one: Any, other: Any) -> bool:
    """The same value of the same kind, none of a number being none of a text."""
    missing = one is None or one is pd.NA or one is pd.NaT
    if missing or type(one) is not type(other):
        return one is other
    return (one != one and other != other) or (one == other and str(one) == str(other))


@pytest.mark.parametrize(
    "cell", CELLS, ids=[f"{type(cell).__name__}-{place}" for place, cell in enumerate(CELLS)]
)
def test_a_cell_comes_back(cell: Any) -> None:
    frame = pd.DataFrame({"x": pd.Series([cell, "a"], dtype=object)})
    assert alike(back(frame)["x"].iat[0], cell)


def test_numbers_of_numpy_are_numbers() -> None:
    cells = pd.Series([np.float64(1.5), np.int64(3), np.bool_(True)], dtype=object)
    found = back(pd.DataFrame({"x": cells}))["x"].tolist()
    assert [(type(cell), cell) for cell in found] == [(float, 1.5), (int, 3), (bool, True)]


def test_what_is_of_no_kind_is_told() -> None:
    assert back(pd.DataFrame({"x": pd.Series([1 + 2j], dtype=object)}))["x"].tolist() == ["(1+2j)"]


def test_types_order_and_names_are_kept() -> None:
    frame = pd.DataFrame(
        {
            "row": pd.Series([2, 3], dtype="int64"),
            "sheet": pd.Series(["a", None], dtype="str"),
            "x": pd.Series([1.5, None], dtype="float64"),
            "y": pd.Series([1, None], dtype="Int64"),
            "z": pd.Series([True, None], dtype="boolean"),
            "d": pd.to_datetime(pd.Series(["2022-01-01", None])),
            "c": pd.Categorical(["b", None]),
            "=1+1": pd.Series([None, "b"], dtype=object),
        }
    )
    pd.testing.assert_frame_equal(back(frame), frame)


def test_tables_in_their_order_and_none() -> None:
    frames = {"flows": pd.DataFrame({"row": [1]}), "actors": pd.DataFrame({"row": [1, 2]})}
    assert list(aside_from(aside_to(frames))) == ["flows", "actors"]
    assert aside_from(aside_to({})) == {}
    assert aside_to({}) == []


@given(
    st.lists(
        st.one_of(st.none(), st.floats(), st.integers(), st.text(), st.booleans(), st.datetimes()), max_size=5
    )
)
def test_whatever_is_drawn(cells: list[Any]) -> None:
    frame = pd.DataFrame({"x": pd.Series(cells, dtype=object)})
    assert all(map(alike, back(frame)["x"].tolist(), frame["x"].tolist()))


@pytest.mark.parametrize(
    ("dtype", "cells"),
    [("object", "[{}]"), ("int64", '["a"]'), ("object", '[{"call": "id"}]'), ("object", "nothing")],
)
def test_nothing_else_is_believed(dtype: str, cells: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        aside_from([{"table": "actors", "column": "x", "dtype": dtype, "cells": cells}])
    with pytest.raises(KeyError):
        aside_from([{"table": "actors"}])
