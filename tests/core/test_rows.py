"""Rows by where they stand: their names in order, each once, and who is asked for that is not there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.columns import Columns, Rows

HOME = Columns(pd.DataFrame(index=["a", "b", "c"]))


def rows_at(*places: int) -> Rows:
    return Rows(HOME, np.array(places, dtype=np.int64))


def test_names_in_the_order_of_the_rows() -> None:
    assert rows_at(2, 0, 2).names == tuple(rows_at(2, 0, 2)) == ("c", "a", "c")
    assert rows_at().names == ()
    assert len(rows_at(1)) == 1


def test_positions_of_names() -> None:
    assert HOME.at(["c", "a", "c"]).tolist() == [2, 0, 2]
    assert HOME.at([]).tolist() == []
    with pytest.raises(KeyError, match="nobody"):
        HOME.at(["a", "nobody"])


@given(st.lists(st.integers(0, 2), max_size=8))
@settings(max_examples=25)
def test_each_row_once_as_it_first_comes(places: list[int]) -> None:
    rows = rows_at(*places)
    once = rows.each_once()
    assert once.names == tuple(dict.fromkeys(rows.names))
    assert (once is rows) == (len(set(places)) == len(places))
