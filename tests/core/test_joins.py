"""Which rows go with which: the pairs that a merge of two frames gives, in its order."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis._joins import first_seen, matches

KEYS = st.lists(st.integers(-1, 4), max_size=8)


@given(KEYS, KEYS)
@settings(max_examples=25)
def test_pairs_are_those_of_a_merge(left: list[int], right: list[int]) -> None:
    a, b = np.array(left, dtype=np.int64), np.array(right, dtype=np.int32)
    merged = pd.DataFrame({"key": a, "left": range(len(a))}).merge(
        pd.DataFrame({"key": b, "right": range(len(b))}), on="key"
    )
    at, there = matches(a, b)
    assert at.tolist() == merged["left"].tolist()
    assert there.tolist() == merged["right"].tolist()


@given(KEYS)
@settings(max_examples=25)
def test_numbers_as_they_first_come(keys: list[int]) -> None:
    number, first = first_seen(np.array(keys, dtype=np.int64))
    expected, distinct = pd.factorize(np.array(keys, dtype=np.int64))
    assert number.tolist() == expected.tolist()
    assert [keys[place] for place in first] == distinct.tolist()
