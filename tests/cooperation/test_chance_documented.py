"""Documented pairs are numbered as if they were written out, and sets of them drawn without favour."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.chance.documented import DocumentedPairs, subsets
from chaine_valeur.analysis.cooperation.ties.counting import count_pairs
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import ABSENT, TIED, layer, layers, unknown_pairs

#: the chance that a right draw is refused: one in a million
CHI_SQUARE = {1: 23.93, 2: 27.63, 5: 35.89, 9: 46.0, 19: 66.9, 20: 68.8, 23: 74.4, 69: 153.0}


def chi_square(counts: Counter[tuple[int, ...]], cells: int) -> float:
    """Return the distance from every one of so many cells being as likely."""
    assert len(counts) <= cells
    expected = counts.total() / cells
    return sum((count - expected) ** 2 for count in counts.values()) / expected + expected * (
        cells - len(counts)
    )


def documented_one_by_one(ties: Ties) -> set[tuple[int, int]]:
    every = permutations(range(ties.size), 2) if ties.directed else combinations(range(ties.size), 2)
    return set(every) - set(unknown_pairs(ties))


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_each_documented_pair_has_one_number(directed: bool, data: st.DataObject) -> None:
    ties = data.draw(layers(directed=directed, most=6))
    pairs = DocumentedPairs.of(ties)
    expected = documented_one_by_one(ties)
    assert pairs.count == len(expected)
    assert pairs.count == int(count_pairs(ties).documented[0, 0])
    numbers = np.arange(pairs.count)
    a, b = pairs.ends(numbers)
    assert len(set(zip(a.tolist(), b.tolist(), strict=True))) == pairs.count
    assert set(zip(a.tolist(), b.tolist(), strict=True)) == expected
    assert pairs.numbers(a, b).tolist() == numbers.tolist()


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_it_is_told_whether_a_pair_is_documented(directed: bool, data: st.DataObject) -> None:
    ties = data.draw(layers(directed=directed, most=6))
    a, b = (each.ravel() for each in np.indices((ties.size, ties.size)))
    expected = documented_one_by_one(ties)
    either_way = expected if directed else expected | {(second, first) for first, second in expected}
    found = DocumentedPairs.of(ties).hold(a, b)
    assert found.tolist() == [pair in either_way for pair in zip(a.tolist(), b.tolist(), strict=True)]


def test_the_numbers_of_a_case_by_hand() -> None:
    # 0 and 2 were not asked; a row says that they are not tied: every pair of the four is documented
    ties = layer(4, {(0, 1): TIED, (0, 2): ABSENT}, [False, True, False, True], directed=False)
    pairs = DocumentedPairs.of(ties)
    # ranks: 0, 2, 1, 3; places: {0,2} 0, {0,1} 1, {2,1} 2, {0,3} 3, {2,3} 4, {1,3} 5
    assert pairs.actor.tolist() == [0, 2, 1, 3]
    assert (pairs.skipped, pairs.spoken.tolist(), pairs.by_asking, pairs.count) == (1, [0], 5, 6)
    a, b = pairs.ends(np.arange(6))
    assert list(zip(a.tolist(), b.tolist(), strict=True)) == [(0, 1), (1, 2), (0, 3), (2, 3), (1, 3), (0, 2)]


@pytest.mark.parametrize("directed", [False, True])
def test_the_numbers_of_a_million_actors(directed: bool) -> None:
    size = 1_000_000
    asked = np.ones(size, dtype=bool)
    asked[: size // 2] = False
    nothing = np.zeros(0, dtype=np.int32)
    pairs = DocumentedPairs(
        size, directed, np.arange(size), np.arange(size), 0, nothing.astype(np.int64), asked
    )
    whole = size * (size - 1) // (1 if directed else 2)
    assert pairs.count == whole
    rng = np.random.default_rng(0)
    # the first of a row and the last of the one before are where a square root may be rounded wrongly
    rows = rng.integers(2, size, 2000)
    edges = rows * (rows - 1) // 2 * (2 if directed else 1)
    numbers = np.concatenate([edges, edges - 1, rng.integers(whole, size=2000), [0, whole - 1]])
    a, b = pairs.ends(numbers)
    assert (a != b).all()
    assert directed or (a < b).all()
    assert (pairs.numbers(a, b) == numbers).all()


@pytest.mark.parametrize(("size", "total"), [(1, 6), (3, 6), (2, 5), (3, 5), (5, 6)])
def test_every_set_is_as_likely(size: int, total: int) -> None:
    drawn = subsets(np.random.default_rng(3), 20_000, size=size, total=total)
    counts = Counter(map(tuple, drawn.tolist()))
    cells = comb(total, size)  # 6, 20, 10, 10, 6
    assert len(counts) == cells
    assert set(counts) == set(combinations(range(total), size))  # ascending, each number once
    assert chi_square(counts, cells) < CHI_SQUARE[cells - 1]


@given(total=st.integers(0, 60), share=st.floats(0, 1), draws=st.integers(1, 5), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_sets_are_sets(total: int, share: float, draws: int, seed: int) -> None:
    size = round(total * share)
    drawn = subsets(np.random.default_rng(seed), draws, size=size, total=total)
    assert drawn.shape == (draws, size)
    assert (np.diff(drawn, axis=1) > 0).all()
    assert ((drawn >= 0) & (drawn < total)).all()


def test_few_of_very_many_need_no_list_of_them() -> None:
    drawn = subsets(np.random.default_rng(0), 2, size=1000, total=10**12)
    assert drawn.shape == (2, 1000)
    assert drawn.max() > 9 * 10**11
    assert abs(drawn.mean() / 10**12 - 0.5) < 0.05
