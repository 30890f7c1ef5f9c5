"""Proximity, relatedness and location quotients against a matrix worked out by hand, a plain loop, and properties."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.territory import location_quotient
from chaine_valeur.analysis.territory.relatedness import location_quotients, proximity, relatedness

FEW = settings(max_examples=30, deadline=None)

#: Territories × activities. Totals: A 20, B 20, C 20, D 20; cut 20, sew 20, saw 20, dig 20; 80 in all. Every
#: expected count is 20 · 20 / 80 = 5, so that an activity is there from 5 on.
MATRIX = pd.DataFrame(
    {"cut": [9, 5, 6, 0], "sew": [6, 9, 4, 1], "saw": [5, 4, 5, 6], "dig": [0, 2, 5, 13]}, index=list("ABCD")
)
#: Who holds what, read off MATRIX: cut A B C; sew A B; saw A C D; dig C D.
PRESENT = {"cut": "ABC", "sew": "AB", "saw": "ACD", "dig": "CD"}


def long(matrix: pd.DataFrame, *, zeros: bool = False) -> pd.DataFrame:
    """Return a matrix as rows, as a register lists them."""
    rows = matrix.rename_axis(index="territory", columns="naf").stack().rename("establishments").reset_index()
    return rows if zeros else rows[rows["establishments"] != 0]


def by_loops(matrix: pd.DataFrame, *, itself: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return proximities and densities of a matrix without unknown counts, cell by cell."""
    places, kinds = list(matrix.index), list(matrix.columns)
    everything = float(matrix.to_numpy().sum())
    held = {
        kind: {
            place
            for place in places
            if matrix.loc[place, kind] * everything >= matrix.loc[place].sum() * matrix[kind].sum()
            and matrix.loc[place, kind] > 0
        }
        for kind in kinds
    }
    phi = pd.DataFrame(math.nan, index=kinds, columns=kinds)
    for one in kinds:
        for other in kinds:
            if held[one] and held[other]:
                both = len(held[one] & held[other])
                phi.loc[one, other] = min(both / len(held[one]), both / len(held[other]))
    density = pd.DataFrame(math.nan, index=places, columns=kinds)
    for place in places:
        for kind in kinds:
            others = [other for other in kinds if phi.loc[kind, other] > 0 and (itself or other != kind)]
            weight = sum(phi.loc[kind, other] for other in others)
            if weight > 0 and matrix.loc[place].sum() > 0:
                near = sum(phi.loc[kind, other] for other in others if place in held[other])
                density.loc[place, kind] = near / weight
    return phi, density


def square(found: pd.DataFrame, column: str = "relatedness") -> pd.DataFrame:
    return found.pivot(index="territory", columns="naf", values=column).astype("float64")


# -- worked out by hand -----------------------------------------------------------------------------


def test_proximities_by_hand() -> None:
    # cut and sew: together in A, B; the larger of 3 and 2 divides: 2/3. cut and saw: A, C over 3: 2/3.
    # cut and dig: C over 3: 1/3. sew and saw: A over 3: 1/3. sew and dig: nowhere: 0. saw and dig: C, D over 3: 2/3.
    order = ["cut", "dig", "saw", "sew"]
    expected = pd.DataFrame(
        [[1, 1 / 3, 2 / 3, 2 / 3], [1 / 3, 1, 2 / 3, 0], [2 / 3, 2 / 3, 1, 1 / 3], [2 / 3, 0, 1 / 3, 1]],
        index=pd.Index(order, name="naf", dtype="str"),
        columns=pd.Index(order, name="naf", dtype="str"),
    )
    pd.testing.assert_frame_equal(proximity(long(MATRIX)), expected)


def test_relatedness_by_hand() -> None:
    """B holds cut and sew. With the diagonal in, as in py-ecomplexity."""
    found = relatedness(long(MATRIX), territory="B").set_index("naf")
    # cut: (1 + 2/3) over (1 + 1/3 + 2/3 + 2/3) = 5/8; dig: (1/3 + 0) over 2 = 1/6;
    # saw: (2/3 + 1/3) over (2/3 + 2/3 + 1 + 1/3) = 3/8; sew: (2/3 + 1) over 2 = 5/6
    np.testing.assert_allclose(found["relatedness"], [5 / 8, 1 / 6, 3 / 8, 5 / 6], rtol=1e-12)
    assert found.index.tolist() == ["cut", "dig", "saw", "sew"]
    assert found["territory"].tolist() == ["B"] * 4
    assert found["count"].tolist() == [5, 2, 4, 9]
    assert found["location_quotient"].tolist() == [1.0, 0.4, 0.8, 1.8]
    assert found["is_present"].tolist() == [True, False, False, True]
    assert found["n_territories"].tolist() == [3, 2, 3, 2]
    # of positive proximity and held: cut, sew for cut, saw and sew; dig is near cut alone
    assert found["n_near"].tolist() == [2, 1, 2, 2]


def test_relatedness_without_the_activity_itself() -> None:
    found = relatedness(long(MATRIX), territory="B", itself=False).set_index("naf")["relatedness"]
    # cut: 2/3 over 5/3 = 2/5; dig: 1/3 over 1; saw: 1 over 5/3 = 3/5; sew: 2/3 over 1
    np.testing.assert_allclose(found, [2 / 5, 1 / 3, 3 / 5, 2 / 3], rtol=1e-12)


def test_a_higher_threshold_asks_for_more() -> None:
    # from 1.2 · 5 = 6 on: cut A C; sew A B; saw D; dig D
    found = proximity(long(MATRIX), threshold=1.2)
    assert found.loc["cut"].tolist() == [1.0, 0.0, 0.0, 0.5]
    assert found.loc["saw", "dig"] == 1.0
    # from 1.3 · 5 = 6.5 on nobody holds saw
    assert proximity(long(MATRIX), threshold=1.3).loc["saw"].isna().all()


def test_location_quotients_by_hand() -> None:
    found = location_quotients(long(MATRIX), territory="D").set_index("naf")
    assert found.loc["dig", ["count", "territory_count", "area_count"]].tolist() == [13, 20, 20]
    # (13/20) / (20/80) = 2.6. Most of it is in D, which one more or fewer dilutes: one fewer gives
    # (12/19) / (19/79) = 2.626, one more (14/21) / (21/81) = 2.571
    assert found.loc["dig", "location_quotient"] == pytest.approx(2.6)
    assert found.loc["dig", "low"] == pytest.approx(14 / 21 * 81 / 21)
    assert found.loc["dig", "high"] == pytest.approx(12 / 19 * 79 / 19)
    # none: 0, with one more (1/21) / (21/81)
    assert found.loc["cut", ["location_quotient", "low"]].tolist() == [0, 0]
    assert found.loc["cut", "high"] == pytest.approx(81 / 441)


def test_the_quotient_of_one_establishment_is_told_to_say_little() -> None:
    matrix = pd.DataFrame({"rare": [1, 1], "common": [9, 189]}, index=["small", "large"])
    found = location_quotients(long(matrix), territory="small").set_index("naf").loc["rare"]
    # (1/10) / (2/200) = 10; with one fewer it is not there
    assert found["count"] == 1
    assert found["location_quotient"] == pytest.approx(10)
    assert found["low"] == 0


# -- referees ---------------------------------------------------------------------------------------

matrices = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 6), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def frame_of(cells: list[list[int]]) -> pd.DataFrame:
    index = [f"T{place:02d}" for place in range(len(cells))]
    return pd.DataFrame(cells, index=index, columns=[f"N{kind:02d}" for kind in range(len(cells[0]))])


@FEW
@given(matrices, st.booleans())
def test_a_plain_loop_says_the_same(cells: list[list[int]], itself: bool) -> None:
    matrix = frame_of(cells)
    phi, density = by_loops(matrix, itself=itself)
    rows = long(matrix, zeros=True)
    np.testing.assert_allclose(proximity(rows), phi, atol=1e-12)
    np.testing.assert_allclose(square(relatedness(rows, itself=itself)), density, atol=1e-12)


def test_a_larger_matrix_against_the_loop() -> None:
    rng = np.random.default_rng(5)
    matrix = frame_of(rng.poisson(rng.gamma(0.4, 3, size=(25, 12))).tolist())
    phi, density = by_loops(matrix)
    np.testing.assert_allclose(proximity(long(matrix, zeros=True)), phi, atol=1e-12)
    np.testing.assert_allclose(square(relatedness(long(matrix, zeros=True))), density, atol=1e-12)


@FEW
@given(matrices)
def test_the_quotients_are_those_of_one_territory_at_a_time(cells: list[list[int]]) -> None:
    matrix = frame_of(cells)
    found = square(location_quotients(long(matrix, zeros=True)), "location_quotient")
    for place in matrix.index:  # over a few territories
        alone = location_quotient(matrix.loc[place], wide=matrix.sum())
        np.testing.assert_allclose(found.loc[place], alone.to_numpy(), equal_nan=True)


# -- properties -------------------------------------------------------------------------------------


@FEW
@given(matrices)
def test_bounds_and_symmetry(cells: list[list[int]]) -> None:
    rows = long(frame_of(cells), zeros=True)
    phi = proximity(rows).to_numpy()
    np.testing.assert_array_equal(phi, phi.T)
    seen = phi[~np.isnan(phi)]
    assert ((seen >= 0) & (seen <= 1)).all()
    diagonal = np.diag(phi)
    assert (diagonal[~np.isnan(diagonal)] == 1).all()
    density = relatedness(rows)["relatedness"].dropna()
    assert density.between(0, 1).all()
    quotients = location_quotients(rows).dropna()
    assert (quotients["low"] <= quotients["location_quotient"]).all()
    assert (quotients["location_quotient"] <= quotients["high"]).all()


@FEW
@given(matrices, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_rows_nor_zeros_left_out_matter(
    cells: list[list[int]], random: object
) -> None:
    matrix = frame_of(cells) + 0
    matrix.iloc[:, 0] += 1  # every territory has something, else leaving zeros out drops it
    matrix.iloc[0] += 1  # …and every activity is somewhere
    rows, order = long(matrix), list(range(len(long(matrix))))
    random.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(relatedness(long(matrix, zeros=True)), relatedness(rows.iloc[order]))


@FEW
@given(matrices, st.integers(2, 9))
def test_counting_in_another_unit_changes_nothing(cells: list[list[int]], factor: int) -> None:
    matrix = frame_of(cells)
    pd.testing.assert_frame_equal(
        proximity(long(matrix, zeros=True)), proximity(long(matrix * factor, zeros=True))
    )


def test_a_territory_that_holds_all_that_is_near_is_at_one() -> None:
    matrix = pd.DataFrame({"cut": [5, 5, 0], "sew": [5, 5, 0], "dig": [0, 0, 9]}, index=list("ABC"))
    found = square(relatedness(long(matrix)))
    assert found.loc["A", ["cut", "sew"]].tolist() == [1.0, 1.0]
    assert found.loc["A", "dig"] == 0.0
