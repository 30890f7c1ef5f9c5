"""Counting once, by hand: which row is taken, what the others leave open, quartiles of weighted values."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.portfolio._stacked import folded, joined, latest_of, numbered, rank_of, soft_of
from chaine_valeur.portfolio.keys import Keys
from chaine_valeur.portfolio.once import Counted, least, once
from chaine_valeur.portfolio.quantile import grouped_quantiles

NAN = float("nan")


def said(*rows: tuple[int, float, float, float]) -> Any:
    """What rows of (number, value, year, rank) say."""
    number, value, year, rank = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return once(number.astype(np.int64), value, year=year, rank=rank)


# -- one thing, several rows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "row", "value", "low", "high", "conflict"),
    [
        # one row
        ([(0, 5.0, NAN, 0.1)], 0, 5.0, 5.0, 5.0, False),
        # the firmest of one year (0.05 is firmer than 0.3), the other one is a contradiction
        ([(0, 5.0, 2023, 0.3), (0, 8.0, 2023, 0.05)], 1, 8.0, 5.0, 8.0, True),
        # the latest year goes before the firmest, and years are not compared
        ([(0, 5.0, 2022, 0.05), (0, 8.0, 2023, 0.3)], 1, 8.0, 8.0, 8.0, False),
        # a year goes before none
        ([(0, 5.0, NAN, 0.0), (0, 8.0, 2019, 0.3)], 1, 8.0, 8.0, 8.0, False),
        # a known amount of an earlier year goes before an unknown one of a later year
        ([(0, NAN, 2024, 0.0), (0, 8.0, 2019, 0.3)], 1, 8.0, 8.0, 8.0, False),
        # as firm: the first row
        ([(0, 3.0, 2023, 0.1), (0, 2.0, 2023, 0.1)], 0, 3.0, 2.0, 3.0, True),
        # nobody knows
        ([(0, NAN, 2023, 0.1), (0, NAN, NAN, 0.1)], 0, NAN, NAN, NAN, False),
        # 0 is measured, and contradicts 4
        ([(0, 0.0, 2023, 0.1), (0, 4.0, 2023, 0.2)], 0, 0.0, 0.0, 4.0, True),
        # the same amount with other decimals is no contradiction
        ([(0, 0.1 + 0.2, 2023, 0.1), (0, 0.3, 2023, 0.1)], 0, 0.1 + 0.2, 0.3, 0.1 + 0.2, False),
        # an unknown amount contradicts nobody
        ([(0, 4.0, 2023, 0.5), (0, NAN, 2023, 0.0)], 0, 4.0, 4.0, 4.0, False),
    ],
)
def test_of_one_thing(
    rows: list[tuple[int, float, float, float]],
    row: int,
    value: float,
    low: float,
    high: float,
    conflict: bool,
) -> None:
    found = said(*rows)
    assert found.row.tolist() == [row]
    np.testing.assert_array_equal([found.value[0], found.low[0], found.high[0]], [value, low, high])
    assert found.conflict.tolist() == [conflict]
    assert found.n_rows.tolist() == [len(rows)]


def test_of_several_things_in_any_order() -> None:
    found = said(
        (2, 7.0, NAN, 0.1), (0, 1.0, NAN, 0.1), (2, 9.0, NAN, 0.1), (1, NAN, NAN, 0.1), (0, 1.0, NAN, 0.0)
    )
    # thing 0: rows 1 and 4, the last is firmer; thing 1: row 3, unknown; thing 2: rows 0 and 2
    assert found.row.tolist() == [4, 3, 0]
    np.testing.assert_array_equal(found.value, [1.0, NAN, 7.0])
    np.testing.assert_array_equal(found.high, [1.0, NAN, 9.0])
    assert found.n_rows.tolist() == [2, 1, 2]
    assert found.conflict.tolist() == [False, False, True]


def test_of_nothing() -> None:
    none = np.zeros(0)
    found = once(none.astype(np.int64), none, year=none, rank=none)
    for part in (found.value, found.low, found.high, found.row, found.n_rows, found.conflict):
        assert part.shape == (0,)


@pytest.mark.parametrize("seed", range(10))
def test_each_thing_is_taken_as_a_plain_loop_takes_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, things = 60, 12
    number = np.append(np.arange(things), random.integers(0, things, n - things))
    value = np.where(random.random(n) < 0.3, NAN, random.integers(0, 4, n))
    year = np.where(random.random(n) < 0.4, NAN, random.integers(2021, 2024, n))
    rank = random.choice([0.05, 0.2, 0.5], n)
    before = [array.copy() for array in (number, value, year, rank)]
    found = once(number, value, year=year, rank=rank)
    for kept, array in zip(before, (number, value, year, rank), strict=True):
        np.testing.assert_array_equal(kept, array)  # arguments are as they were
    for thing in range(things):
        rows = [row for row in range(n) if number[row] == thing]
        dated = {row: -1.0 if np.isnan(year[row]) else year[row] for row in rows}
        best = min(rows, key=lambda row: (bool(np.isnan(value[row])), -dated[row], rank[row], row))
        same = [value[row] for row in rows if dated[row] == dated[best] and not np.isnan(value[row])]
        assert found.row[thing] == best
        np.testing.assert_array_equal(found.value[thing], value[best])
        np.testing.assert_array_equal(found.low[thing], min(same, default=NAN))
        np.testing.assert_array_equal(found.high[thing], max(same, default=NAN))
        assert found.conflict[thing] == (len(set(same)) > 1)


# -- totals of groups -----------------------------------------------------------------------------------


def counted(**changes: Any) -> Counted:
    """Five rows of three filières: a SIRET in 0 and 1, a name in 1 and 2, one that may be that name.

    ======  ========  =====  =====  =====  =====
    row     filière   value  sure   same   loose
    ======  ========  =====  =====  =====  =====
    0       0         10     0      0      0
    1       1         12     0      0      0
    2       1         5      1      1      1
    3       2         7      2      1      1
    4       0         NaN    3      2      1
    ======  ========  =====  =====  =====  =====

    Of the last one only the name is known.
    """
    given: dict[str, Any] = {
        "filiere": np.array([0, 1, 1, 2, 0]),
        "value": np.array([10.0, 12.0, 5.0, 7.0, NAN]),
        "keys": Keys(
            sure=np.array([0, 0, 1, 2, 3]),
            same=np.array([0, 0, 1, 1, 2]),
            loose=np.array([0, 0, 1, 1, 1]),
            unplaced=np.array([False, False, False, False, True]),
        ),
        "year": np.full(5, NAN),
        "rank": np.array([0.1, 0.2, 0.1, 0.1, 0.1]),
        "soft": np.array([True, False, False, False, False]),
        "is_count": False,
        "of_year": np.ones(5, dtype=bool),
    }
    return Counted(**(given | changes))


def test_a_total_of_all() -> None:
    row = counted().by_group(np.zeros(5, dtype=np.int64), 1).iloc[0]
    # things: {0, 1} → 10 (the firmer), {2, 3} → 5 (the first), {4} → unknown
    assert row["value"] == 15
    # low: things {0, 1} and {2, 3, 4}, the least said of each: 10 + 5
    assert row["low"] == 15
    assert np.isnan(row["high"])  # the amount of one is not known
    assert row["single_sum"] == 10 + 12 + 5 + 7
    assert row[["n_counted", "n_duplicates", "n_by_hypothesis", "n_conflicts", "n_unknown"]].tolist() == [
        3,
        2,
        1,
        2,
        1,
    ]
    assert row["hypothesis_share"] == pytest.approx(10 / 15)
    assert row["n_other_years"] == 0


def test_what_is_surely_the_same_bounds_from_above() -> None:
    row = (
        counted(value=np.array([10.0, 12.0, 5.0, 7.0, 1.0])).by_group(np.zeros(5, dtype=np.int64), 1).iloc[0]
    )
    # value 10 + 5 + 1; low 10 + min(5, 7, 1); high: the most said of {0, 1}, 2, 3 and 4: 12 + 5 + 7 + 1
    assert row[["value", "low", "high"]].tolist() == [16, 11, 25]


def test_a_total_of_each_group_counts_what_they_share_in_both() -> None:
    found = counted().by_group(np.array([0, 1, 1, 1, 1]), 3)
    assert found.index.tolist() == [0, 1, 2]
    # group 0: 10 alone; group 1: 12, 5 (with 7) and an unknown one; group 2 has no row: nothing is known
    np.testing.assert_array_equal(found["value"], [10, 17, NAN])
    np.testing.assert_array_equal(found["single_sum"], [10, 24, NAN])
    np.testing.assert_array_equal(found["high"], [10, NAN, NAN])
    assert found["n_counted"].tolist() == [1, 3, 0]
    assert found["n_unknown"].tolist() == [0, 1, 0]


def test_rows_of_no_group_and_of_other_years_do_not_count() -> None:
    some = counted(of_year=np.array([True, True, True, False, True]))
    row = some.by_group(np.array([0, 0, 0, 0, -1]), 1).iloc[0]
    # 10 (with 12) and 5; the 7 of another year is in the sum of what each says, and counted apart
    assert row[["value", "single_sum", "n_counted", "n_other_years", "n_unknown"]].tolist() == [
        15,
        34,
        2,
        1,
        0,
    ]


def test_things_that_are_counted_are_0_where_there_are_none() -> None:
    ones = counted(value=np.ones(5), is_count=True, soft=np.zeros(5, dtype=bool))
    found = ones.by_group(np.array([0, 0, 0, -1, -1]), 2)
    # two things in the first group, none in the second: 0 is measured there
    assert found["value"].tolist() == [2, 0]
    assert found["high"].tolist() == [2, 0]
    np.testing.assert_array_equal(found["hypothesis_share"], [0, NAN])


@pytest.mark.parametrize("seed", range(10))
def test_a_total_lies_between_its_bounds_and_never_above_the_plain_sum(seed: int) -> None:
    random = np.random.default_rng(seed)
    sure = random.integers(0, 20, 40)
    same = sure // 2  # each coarser than the one before
    drawn = counted(
        filiere=random.integers(0, 5, 40),
        value=random.integers(0, 50, 40).astype(float),
        keys=Keys(sure, same, same // 2, same % 4 == 1),
        year=np.full(40, NAN),
        rank=random.choice([0.1, 0.3], 40),
        soft=random.random(40) < 0.5,
        of_year=np.ones(40, dtype=bool),
    )
    row = drawn.by_group(np.zeros(40, dtype=np.int64), 1).iloc[0]
    assert row["low"] <= row["value"] <= row["high"] <= row["single_sum"]
    assert row["n_counted"] + row["n_duplicates"] == 40
    assert 0 <= row["hypothesis_share"] <= 1


def by_every_way(placed: list[float], free: list[float]) -> float:
    """The least that the known amounts add up to, over every way in which the free may be others or one another."""
    homes = len(placed) + (len(free) if not placed else 0)
    sums = []
    for way in product(range(homes), repeat=len(free)):
        groups: dict[int, list[float]] = {home: [value] for home, value in enumerate(placed)}
        for home, value in zip(way, free, strict=True):
            groups.setdefault(home, []).append(value)
        sums.append(sum(min(group) for group in groups.values()))
    return min(sums)


@pytest.mark.parametrize("seed", range(40))
def test_the_least_is_that_of_every_way_of_being_the_same(seed: int) -> None:
    random = np.random.default_rng(seed)
    pool = np.sort(random.integers(0, 3, 9))
    pool = np.unique(pool, return_inverse=True)[1]
    free = random.random(9) < 0.4
    low = random.integers(0, 12, 9).astype(float)
    low[random.random(9) < 0.2] = NAN
    turn = random.permutation(9)  # their order says nothing
    found = np.empty(9)
    found[turn] = least(low[turn], pool[turn], free[turn])
    for one in range(pool.max() + 1):
        here = (pool == one) & ~np.isnan(low)
        expected = by_every_way(low[here & ~free].tolist(), low[here & free].tolist())
        assert np.nansum(found[pool == one]) == expected


def test_what_one_filiere_names_twice_is_not_one() -> None:
    two = counted(
        filiere=np.array([0, 0, 1, 1, 2]), value=np.array([9.0, 4.0, 5.0, 5.0, 2.0]),
        keys=Keys(
            np.array([0, 1, 2, 2, 3]), np.array([0, 1, 2, 2, 3]), np.array([0, 0, 1, 1, 1]),
            np.array([False, True, False, False, True]),
        ),
    )  # fmt: skip
    row = two.by_group(np.zeros(5, dtype=np.int64), 1).iloc[0]
    assert row["value"] == 9 + 4 + 5 + 2
    assert row["low"] == 9 + 4 + 2  # the 4 is named beside the 9; the 2 may be the 5


# -- quantiles ------------------------------------------------------------------------------------------

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def quartiles(values: list[float], weights: list[float] | None = None) -> list[float]:
    value = np.array(values, dtype=float)
    weight = np.ones(len(values)) if weights is None else np.array(weights, dtype=float)
    found = grouped_quantiles(np.zeros(len(values), dtype=np.int64), value, weight, size=1, at=QUARTERS)
    return found[0].tolist()


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([4.0], None, [4, 4, 4, 4, 4]),
        # one half is reached exactly at the first: the mean of both
        ([2.0, 1.0], None, [1, 1, 1.5, 2, 2]),
        ([3.0, 1.0, 2.0], None, [1, 1, 2, 3, 3]),
        # 4 values: a quarter is reached exactly at 1, three quarters at 3
        ([4.0, 3.0, 2.0, 1.0], None, [1, 1.5, 2.5, 3.5, 4]),
        # a weight of 3 is as three of them: 1 1 1 5
        ([1.0, 5.0], [3.0, 1.0], [1, 1, 1, 3, 5]),
        ([1.0, 5.0], [1.0, 3.0], [1, 3, 5, 5, 5]),
        ([7.0, 7.0, 7.0], [0.1, 0.2, 0.7], [7, 7, 7, 7, 7]),
    ],
)
def test_quartiles_by_hand(values: list[float], weights: list[float] | None, expected: list[float]) -> None:
    assert quartiles(values, weights) == expected


def test_of_groups_each_has_its_own_and_an_empty_one_none() -> None:
    found = grouped_quantiles(
        np.array([2, 0, 2]), np.array([9.0, 1.0, 3.0]), np.ones(3), size=4, at=(0.5, 1.0)
    )
    np.testing.assert_array_equal(found, [[1, 1], [NAN, NAN], [6, 9], [NAN, NAN]])
    none = grouped_quantiles(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), size=2, at=(0.5,))
    assert np.isnan(none).all() and none.shape == (2, 1)


@pytest.mark.parametrize("seed", range(10))
def test_quantiles_are_those_of_numpy_weighted_or_not(seed: int) -> None:
    random = np.random.default_rng(seed)
    group, value = random.integers(0, 4, 50), random.integers(0, 12, 50).astype(float)
    weight = random.integers(1, 5, 50).astype(float)
    plain = grouped_quantiles(group, value, np.ones(50), size=4, at=QUARTERS)
    weighed = grouped_quantiles(group, value, weight, size=4, at=QUARTERS)
    for one in range(4):
        own = value[group == one]
        expected = np.quantile(own, QUARTERS, method="averaged_inverted_cdf")
        np.testing.assert_allclose(plain[one], expected)
        # weights that are whole numbers: as many of each
        repeated = np.repeat(own, weight[group == one].astype(int))
        np.testing.assert_allclose(
            weighed[one], np.quantile(repeated, QUARTERS, method="averaged_inverted_cdf")
        )
    assert (np.diff(weighed, axis=1) >= 0).all()


# -- small pieces ---------------------------------------------------------------------------------------


def test_numbers_are_the_same_where_all_columns_are() -> None:
    assert numbered([3, 3, 1, 3], ["a", None, "a", "a"]).tolist() == [0, 1, 2, 0]
    assert numbered(pd.array(["b", None, None, "b"], dtype="str")).tolist() == [
        0,
        1,
        1,
        0,
    ]  # unknown is a value
    assert numbered().tolist() == [] == numbered([]).tolist()
    assert numbered([1.5], [NAN], [None]).tolist() == [0]


@pytest.mark.parametrize("held", ["python", "pyarrow"])
def test_folded_texts_and_what_is_unknown(held: str) -> None:
    pytest.importorskip("pyarrow")
    with pd.option_context("mode.string_storage", held):
        found = folded(pd.Series(["Éco-Tri", None, "ECO TRI", ""], index=[5, 6, 7, 8], dtype="str"))
        assert found.index.tolist() == [5, 6, 7, 8]
        assert found.isna().tolist() == [False, True, False, False]
        assert found[5] == found[7] != found[8]
        assert folded(pd.Series([], dtype="str")).empty


def test_the_latest_year_of_each_place_and_what_holds_every_year() -> None:
    place = np.array([0, 0, 0, 1, 1, 2])
    year = pd.Series([2022, 2024, None, 2019, 2023, None], dtype="Int64")
    counts = np.array([True, True, True, True, False, True])
    # place 0: 2024 and the undated; place 1: 2019, as 2023 does not count; place 2: the undated
    assert latest_of(place, year, counts).tolist() == [False, True, True, True, False, True]


def test_texts_are_joined_in_the_order_of_the_rows() -> None:
    values = pd.Series(["b", "a", None, "b", "c"], dtype="str")
    by = np.array([0, 0, 0, 0, 2])
    assert joined(values, by, size=4).tolist() == ["b;a", "", "c", ""]
    assert joined(values, by, size=4, each_once=False).tolist() == ["b;a;b", "", "c", ""]


def test_how_firm_a_row_is() -> None:
    said = pd.Series(["measured", "declared", "estimated", "hypothesis", None], dtype="str")
    ranks = rank_of(said)
    assert ranks[0] < ranks[1] < ranks[2] < ranks[3]
    assert not np.isnan(ranks[4])  # what says nothing has a place too
    assert soft_of(said).tolist() == [False, False, True, True, False]
