from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError
from chaine_valeur.kernels import blocks, count_at, distinct_at, group_counts, herfindahl, max_at, sum_at
from tests.kernels.running import in_each

#: amounts that do not add up exactly, so that the order of a sum shows; 0 and NaN among them
amounts = st.sampled_from([0.0, 0.1, 0.2, 0.3, 1e-9, 1e6, 1 / 3, float("nan")])


@st.composite
def grouped(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    size = draw(st.integers(1, 6))
    node = st.integers(-1, size - 1)
    edges = draw(st.lists(st.tuples(node, node), max_size=20))
    return (
        edges,
        draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size)),
        draw(st.lists(st.integers(-1, 1), min_size=size, max_size=size)),
    )


@settings(max_examples=25)
@given(grouped(), st.booleans())
def test_group_counts_edge_by_edge(drawn: tuple, directed: bool) -> None:
    edges, group, block = drawn
    expected = np.zeros((2, 3, 3), dtype=np.int64)
    for a, b in edges:
        if min(a, b) < 0 or min(group[a], group[b], block[a]) < 0:
            continue
        expected[block[a], group[a], group[b]] += 1
        if not directed and group[a] != group[b]:
            expected[block[a], group[b], group[a]] += 1
    both = np.array(edges, dtype=np.int64).reshape(-1, 2)
    found = in_each(
        lambda: group_counts(
            both[:, 0], both[:, 1], group=group, n_groups=3, block=block, n_blocks=2, directed=directed
        )
    )
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, expected)
    alone = in_each(lambda: group_counts(both[:, 0], both[:, 1], group=group, n_groups=3, directed=directed))
    assert alone.shape == (1, 3, 3)
    assert alone.sum() >= found.sum()


def test_group_counts_in_chunks_of_long_and_short_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    source, target = random.integers(0, 50, (2, 200))
    group, block = random.integers(0, 3, 50), random.integers(0, 10, 50)
    whole = group_counts(source, target, group=group, n_groups=3, block=block, n_blocks=10)
    short = group_counts(source, target, group=group, n_groups=3)
    monkeypatch.setattr("chaine_valeur.kernels._arrays.CHUNK", 32)  # 90 cells are more, 9 are less
    make = {"group": group, "n_groups": 3}
    np.testing.assert_array_equal(
        in_each(lambda: group_counts(source, target, block=block, n_blocks=10, **make)), whole
    )
    np.testing.assert_array_equal(in_each(lambda: group_counts(source, target, **make)), short)
    np.testing.assert_array_equal(whole.sum(axis=0), short[0])


def test_group_counts_without_anything() -> None:
    assert group_counts([], [], group=[], n_groups=2).tolist() == [[[0, 0], [0, 0]]]
    assert group_counts([], [], group=[], n_groups=0).shape == (1, 0, 0)
    assert group_counts([], [], group=[], n_groups=2, block=[], n_blocks=0).shape == (0, 2, 2)


def test_more_groups_than_sixteen_bits() -> None:
    group = np.array([0, 40_000])
    found = distinct_at([0], [1], size=1, n_codes=2)
    assert found.tolist() == [1]
    with pytest.raises(ArgumentError, match="too many for one table"):
        group_counts([0], [1], group=group, n_groups=50_000)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 4), amounts), max_size=40))
def test_figures_at_places_row_by_row(rows: list[tuple[int, int, float]]) -> None:
    places, parts = [row[0] for row in rows], [row[1] for row in rows]
    values = np.array([row[2] for row in rows], dtype=np.float64)
    known: dict[int, list[tuple[int, float]]] = {place: [] for place in range(4)}
    for place, part, value in rows:
        if place >= 0 and not np.isnan(value):
            known[place].append((part, value))
    total, largest, index = np.zeros(4), np.full(4, np.nan), np.full(4, np.nan)
    for place, found in known.items():
        for _, value in found:
            total[place] += value  # from the first row to the last: the sums are the same to the last bit
        if found:
            largest[place] = max(value for _, value in found)
        if total[place] > 0:
            squares = 0.0
            for _, together in groupby(sorted(found, key=lambda each: each[0]), key=lambda each: each[0]):
                of_part = 0.0
                for _, value in together:
                    of_part += value
                squares += (of_part / total[place]) * (of_part / total[place])
            index[place] = squares
    at = np.array(places, dtype=np.int64)
    assert in_each(lambda: sum_at(at, values, size=4)).tolist() == total.tolist()
    np.testing.assert_array_equal(in_each(lambda: max_at(at, values, size=4)), largest)
    assert count_at(at, values, size=4).tolist() == [len(known[place]) for place in range(4)]
    assert count_at(at, size=4).tolist() == [places.count(place) for place in range(4)]
    of = np.array(parts, dtype=np.int64)
    np.testing.assert_array_equal(in_each(lambda: herfindahl(at, of, values, size=4, n_parts=5)), index)
    assert distinct_at(at, of, size=4, n_codes=5).tolist() == [
        len({part for at_place, part in zip(places, parts, strict=True) if at_place == place and part >= 0})
        for place in range(4)
    ]


def test_herfindahl_by_hand() -> None:
    # 10 + 20 t of supplier 0 and 10 t of supplier 1: (30/40)² + (10/40)² = 0.625; the outside is one supplier
    assert herfindahl([0, 0, 0], [0, 1, 0], [10.0, 10.0, 20.0], size=1, n_parts=2).tolist() == [0.625]
    assert herfindahl([0, 0, 0], [-1, 1, -1], [10.0, 10.0, 20.0], size=1, n_parts=2).tolist() == [0.625]
    # measured zeros only: what is known adds up to 0, there is no share
    assert np.isnan(herfindahl([0], [0], [0.0], size=1, n_parts=1)).all()
    assert herfindahl([], [], [], size=2, n_parts=0).tolist() == pytest.approx([np.nan] * 2, nan_ok=True)


def test_places_of_many_parts() -> None:
    """More parts than are sorted by insertion, given backwards, some twice."""
    parts = np.concatenate([np.arange(300, 0, -1), np.arange(0, 300, 7), [-1, -1]])
    values = 1 / np.arange(1, len(parts) + 1)
    places = np.ones(len(parts), dtype=np.int64)
    found = in_each(lambda: herfindahl(places, parts, values, size=3, n_parts=301))
    sums = np.bincount(parts + 1, weights=values)
    assert found[1] == pytest.approx(((sums / sums.sum()) ** 2).sum(), rel=1e-12)
    assert np.isnan(found[[0, 2]]).all()


def test_places_of_many_rows_are_taken_range_by_range(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    places, parts = random.integers(-1, 40, 900), random.integers(-1, 9, 900)
    values = np.where(random.random(900) < 0.1, np.nan, random.random(900))
    whole = herfindahl(places, parts, values, size=40, n_parts=9)
    monkeypatch.setattr(blocks, "ROOM", 50)
    ranges = blocks._ranges(places.astype(np.int32), 40)
    assert len(ranges) > 10
    assert [low for low, _ in ranges[1:]] == [high for _, high in ranges[:-1]]
    assert (ranges[0][0], ranges[-1][1]) == (0, 40)
    found = in_each(lambda: herfindahl(places, parts, values, size=40, n_parts=9))
    np.testing.assert_array_equal(found, whole)


def test_the_largest_of_zeros_is_zero_and_of_negatives_negative() -> None:
    found = in_each(lambda: max_at([0, 0, 1, 1], [-0.0, 0.0, -2.0, -1.0], size=2))
    assert found.tolist() == [0.0, -1.0]
    assert not np.signbit(found[0])


def test_large_columns_agree() -> None:
    random = np.random.default_rng(2)
    count = 300_000  # over chunks
    places, parts = random.integers(-1, 5000, count), random.integers(-1, 800, count)
    values = np.where(random.random(count) < 0.1, np.nan, random.lognormal(size=count))
    for make in (
        lambda: sum_at(places, values, size=5000),
        lambda: max_at(places, values, size=5000),
        lambda: herfindahl(places, parts, values, size=5000, n_parts=800),
    ):
        in_each(make, versions=("plain", "compiled"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: group_counts([0], [0], group=[2], n_groups=2), r"group\[0\] is 2"),
        (lambda: group_counts([0], [1], group=[0], n_groups=1), r"target\[0\] is 1"),
        (
            lambda: group_counts([0], [0], group=[0], n_groups=1, block=[0, 0], n_blocks=1),
            "group 1, block 2",
        ),
        (lambda: sum_at([0], [1.0, 2.0], size=1), "places 1, values 2"),
        (lambda: max_at([1], [1.0], size=1), r"places\[0\] is 1"),
        (lambda: sum_at([0], [[1.0]], size=1), "one dimension"),
        (lambda: herfindahl([0, 0], [0, 0], [1.0, -1.0], size=1, n_parts=1), r"values\[1\] is negative"),
        (lambda: herfindahl([0], [1], [1.0], size=1, n_parts=1), r"parts\[0\] is 1"),
        (lambda: distinct_at([0], [3], size=1, n_codes=3), "codes go from 0 to 2"),
        (lambda: distinct_at([0], [0.5], size=1, n_codes=3), "whole numbers"),
        (lambda: distinct_at([0], [0], size=2**31, n_codes=2**40), "more than can be numbered"),
    ],
)
def test_what_cannot_be_counted_is_refused(make: object, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        make()  # type: ignore[operator]
