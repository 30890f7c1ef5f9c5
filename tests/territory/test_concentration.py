"""Location quotient and Krugman index, against printed figures."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import ArgumentError
from chaine_valeur.analysis.territory import location_quotient, specialization

FEW = settings(max_examples=30)
counts = st.lists(st.integers(0, 500), min_size=2, max_size=6).filter(any)


def test_the_printed_location_quotient() -> None:
    """R package REAT, ``locq``, after Farhauer and Kröll (2013): 0.3847623; ten digits: 0.3847623423."""
    found = location_quotient(1714, local_total=79006, wide=879213, wide_total=15593224)
    assert isinstance(found, float)
    assert found == pytest.approx(0.3847623423, abs=5e-11)


def test_the_printed_krugman_index() -> None:
    """R package REAT, ``krugman.spec``: no industry in common gives 2."""
    assert specialization([20, 10, 70, 0, 0], wide=[0, 0, 0, 60, 40]) == 2


def test_the_printed_krugman_index_against_several_areas() -> None:
    """R package REAT, ``krugman.spec2``, after Farhauer and Kröll (2013): Sweden 0.1595."""
    sweden = np.array([45000, 15000, 32000, 10000, 30000])
    others = np.array(
        [
            [35000, 12000, 30000, 8000, 22000],  # Norway
            [40000, 10000, 25000, 9000, 18000],  # Denmark
            [30000, 11000, 18000, 3000, 13000],  # Finland
            [40000, 6000, 11000, 2000, 12000],  # Iceland
        ]
    )
    mean_shares = (others / others.sum(axis=1, keepdims=True)).mean(axis=0)
    assert specialization(sweden, wide=mean_shares) == pytest.approx(0.1595, abs=5e-5)


# -- location quotient ------------------------------------------------------------------------------


def test_a_series_keeps_its_activities() -> None:
    local = pd.Series({"wool": 10, "wood": 0, "food": 90})
    wide = pd.Series({"food": 500, "wool": 10, "wood": 490, "iron": 0})
    found = location_quotient(local, wide=wide)
    # wool: 10 % here, 1 % there; wood 0; food 90 % here, 50 % there
    expected = pd.Series({"wool": 10.0, "wood": 0.0, "food": 1.8}, name="location_quotient")
    pd.testing.assert_series_equal(found, expected)


def test_the_wider_area_counts_what_the_territory_lacks() -> None:
    # 1 000 there in all, half of it in an activity that the territory has not listed
    found = location_quotient(pd.Series({"wool": 10.0}), wide=pd.Series({"wool": 500.0, "iron": 500.0}))
    assert found.tolist() == [2.0]


def test_an_array_gives_an_array() -> None:
    found = location_quotient([1, 3], wide=[50, 50])
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, [0.5, 1.5])


def test_unknown_counts() -> None:
    local, wide = pd.Series({"wool": 10, "wood": np.nan}), pd.Series({"wool": 100, "wood": 300})
    # the sum of the territory is unknown with one of its counts…
    assert location_quotient(local, wide=wide).isna().all()
    # …unless it is given: 10/40 over 100/400
    found = location_quotient(local, wide=wide, local_total=40)
    np.testing.assert_allclose(found, [1.0, np.nan])
    # an activity that the wider area does not list is not known to be absent there
    assert math.isnan(location_quotient(pd.Series({"x": 5.0}), wide=wide).item())


def test_zero_denominators_are_unknown() -> None:
    assert math.isnan(location_quotient(0, local_total=0, wide=5, wide_total=10))
    assert math.isnan(location_quotient(1, local_total=2, wide=0, wide_total=10))
    assert location_quotient(0, local_total=2, wide=5, wide_total=10) == 0
    assert location_quotient([], wide=[]).shape == (0,)


@pytest.mark.parametrize(
    ("local", "more", "message"),
    [
        (-1, {"local_total": 2, "wide": 5, "wide_total": 10}, "negative"),
        (1, {"local_total": 2, "wide": math.inf, "wide_total": 10}, "infinite"),
        (1, {"local_total": -2, "wide": 5, "wide_total": 10}, "local_total"),
        (1, {"wide": 5, "wide_total": 10}, "give local_total"),
        (1, {"wide": 5, "local_total": 10}, "wide_total="),
        ([1, 2], {"wide": [1, 2, 3]}, "local has 2 counts and wide has 3"),
        (pd.Series([1, 2], index=["a", "a"]), {"wide": pd.Series([1], index=["a"])}, "listed twice"),
        (pd.Series([1], index=["a"]), {"wide": pd.Series([1, 2], index=["a", "a"])}, "listed twice"),
    ],
)
def test_what_is_refused(local: object, more: dict[str, object], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        location_quotient(local, **more)  # type: ignore[arg-type]


@FEW
@given(counts)
def test_the_mean_quotient_weighed_by_the_wider_area_is_one(local: list[int]) -> None:
    """``Σ_i (e_i / e) LQ_i = Σ_i e_ij / e_j = 1``, wherever the wider area has every activity."""
    wide = np.arange(1, len(local) + 1) * 10
    found = location_quotient(local, wide=wide)
    assert (wide / wide.sum() * found).sum() == pytest.approx(1)


# -- Krugman index ----------------------------------------------------------------------------------


def test_series_are_aligned_and_must_list_the_same() -> None:
    local, wide = pd.Series({"a": 1, "b": 3}), pd.Series({"b": 1, "a": 1})
    # a: 1/4 against 1/2; b: 3/4 against 1/2
    assert specialization(local, wide=wide) == pytest.approx(0.5)
    with pytest.raises(ArgumentError, match=r"not the same activities in both \(c\): write 0"):
        specialization(local, wide=pd.Series({"a": 1, "b": 1, "c": 1}))
    with pytest.raises(ArgumentError, match="a list of counts"):
        specialization(3, wide=4)


def test_an_unknown_structure_is_unknown() -> None:
    assert math.isnan(specialization([1, math.nan], wide=[1, 1]))
    assert math.isnan(specialization([1, 1], wide=[0, 0]))
    assert math.isnan(specialization([0, 0], wide=[1, 1]))
    assert math.isnan(specialization([], wide=[]))


@FEW
@given(counts, st.randoms(use_true_random=False))
def test_it_is_between_0_and_2_and_symmetric(local: list[int], random: object) -> None:
    other = list(local)
    random.shuffle(other)  # type: ignore[attr-defined]
    found = specialization(local, wide=other)
    assert 0 <= found <= 2 + 1e-12
    assert found == pytest.approx(specialization(other, wide=local))
    assert specialization(local, wide=[7 * count for count in local]) == pytest.approx(0, abs=1e-12)


def test_arguments_are_left_as_they_were() -> None:
    local, wide = pd.Series({"a": 1, "b": 3}), pd.Series({"b": 1, "a": 1})
    before = local.copy(), wide.copy()
    location_quotient(local, wide=wide)
    specialization(local, wide=wide)
    pd.testing.assert_series_equal(local, before[0])
    pd.testing.assert_series_equal(wide, before[1])
