"""Relatedness where counts are few, unknown, or wrong; its size; that it leaves its argument alone."""

from __future__ import annotations

import math
import time

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import ArgumentError
from chaine_valeur.analysis.territory.relatedness import location_quotients, proximity, relatedness
from chaine_valeur.errors import UnknownNameError

from .test_relatedness_figures import MATRIX, long

COLUMNS = {
    "territory": "str",
    "naf": "str",
    "count": "float64",
    "location_quotient": "float64",
    "is_present": "boolean",
    "relatedness": "float64",
    "n_territories": "int64",
    "n_near": "int64",
}


# -- shapes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [long(MATRIX), long(MATRIX).iloc[:0], long(MATRIX).iloc[:1]])
def test_the_columns_are_always_the_same(rows: pd.DataFrame) -> None:
    found = relatedness(rows)
    assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert found.index.equals(pd.RangeIndex(len(found)))
    quotients = location_quotients(rows)
    assert list(quotients.columns) == [
        "territory", "naf", "count", "territory_count", "area_count", "location_quotient", "low", "high",
    ]  # fmt: skip
    assert (quotients.dtypes.iloc[2:] == "float64").all()
    assert (quotients.dtypes.iloc[:2] == "str").all()


def test_nothing_gives_nothing() -> None:
    rows = long(MATRIX).iloc[:0]
    assert relatedness(rows).empty
    assert location_quotients(rows).empty
    assert proximity(rows).shape == (0, 0)


def test_one_row_alone() -> None:
    """One territory with one activity: it is there, all that is near it is it."""
    rows = pd.DataFrame({"territory": ["A"], "naf": ["x"], "establishments": [3]})
    assert proximity(rows).to_numpy().tolist() == [[1.0]]
    found = relatedness(rows).iloc[0]
    assert (found["location_quotient"], found["relatedness"], found["n_territories"]) == (1.0, 1.0, 1)
    assert math.isnan(relatedness(rows, itself=False)["relatedness"].item())  # nothing else to be near to


def test_other_columns_may_be_named() -> None:
    rows = long(MATRIX).rename(columns={"naf": "division", "establishments": "jobs"})
    found = relatedness(rows, territory="B", activity="division", value="jobs")
    assert found.columns[1] == "division"
    np.testing.assert_allclose(found["relatedness"], relatedness(long(MATRIX), territory="B")["relatedness"])


def test_the_rows_of_one_territory_are_those_of_all() -> None:
    every = relatedness(long(MATRIX))
    assert every["territory"].tolist() == [place for place in "ABCD" for _ in range(4)]
    one = every[every["territory"] == "C"].reset_index(drop=True)
    pd.testing.assert_frame_equal(relatedness(long(MATRIX), territory="C"), one)
    quotients = location_quotients(long(MATRIX))
    one = quotients[quotients["territory"] == "C"].reset_index(drop=True)
    pd.testing.assert_frame_equal(location_quotients(long(MATRIX), territory="C"), one)


# -- nothing and unknown ----------------------------------------------------------------------------


def test_a_territory_with_nothing_is_unknown_and_weighs_nothing() -> None:
    empty = pd.concat([MATRIX, pd.DataFrame({name: 0 for name in MATRIX}, index=["E"])])
    found = relatedness(long(empty, zeros=True))
    nothing = found[found["territory"] == "E"]
    assert nothing["relatedness"].isna().all()
    assert nothing["location_quotient"].isna().all()
    assert nothing["is_present"].eq(False).all()
    pd.testing.assert_frame_equal(found[found["territory"] != "E"], relatedness(long(MATRIX)))


def test_an_activity_that_is_nowhere_is_unknown_and_near_nothing() -> None:
    wider = MATRIX.assign(fly=0)
    found = relatedness(long(wider, zeros=True))
    nowhere = found[found["naf"] == "fly"]
    assert nowhere["relatedness"].isna().all()
    assert nowhere["location_quotient"].isna().all()
    assert nowhere["n_territories"].eq(0).all()
    others = found[found["naf"] != "fly"].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, relatedness(long(MATRIX)))
    assert proximity(long(wider, zeros=True)).loc["fly"].isna().all()


def test_an_unknown_count_is_neither_there_nor_absent() -> None:
    """B's sawmills are a statistical secret: pairs with saw are read from A, C, D; the others as before."""
    secret = MATRIX.astype("float64")
    secret.loc["B", "saw"] = math.nan
    rows = long(secret, zeros=True)
    assert rows["establishments"].isna().sum() == 1
    found = relatedness(rows, territory="B").set_index("naf")
    # B has 16 of the 76 known; expected counts in B: cut 16·20/76 = 4.2, sew 4.2, dig 4.2, saw of 16: 3.4;
    # elsewhere cut, sew, dig 20·20/76 = 5.26, saw 20·16/76 = 4.2. There: cut A B C, sew A B, saw A C D, dig D.
    phi = proximity(rows)
    # cut is in A, C where saw is known: min(2/2, 2/3) = 2/3; sew in A: min(1/1, 1/3) = 1/3; dig in D: min(1, 1/3)
    np.testing.assert_allclose(phi.loc["saw"], [2 / 3, 1 / 3, 1, 1 / 3])
    np.testing.assert_allclose(phi.loc["cut"], [1, 0, 2 / 3, 2 / 3])
    # of B: saw is left out of both sums. cut: (1 + 2/3) over (1 + 2/3); saw: (2/3 + 1/3) over (2/3 + 1/3 + 1/3)
    np.testing.assert_allclose(found["relatedness"], [1, 0, 3 / 4, 1])
    assert found.loc["saw", "is_present"] is pd.NA
    assert math.isnan(found.loc["saw", "location_quotient"])
    assert location_quotients(rows, territory="B")["territory_count"].tolist() == [16.0] * 4


def test_a_quotient_of_exactly_the_threshold_is_there() -> None:
    """Shares such as 1/49 over 1/49 are not 1 in floating point once multiplied back."""
    matrix = pd.DataFrame({"x": [1, 6], "y": [48, 288]}, index=["A", "B"])
    assert relatedness(long(matrix))["is_present"].all()


# -- what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"establishments": -1}, "negative or infinite"),
        ({"establishments": math.inf}, "negative or infinite"),
        ({"establishments": "many"}, "something else than numbers"),
        ({"naf": "sew"}, "counts lists A, sew twice: add its counts up first"),
    ],
)
def test_counts_that_cannot_be_used(change: dict[str, object], message: str) -> None:
    rows = long(MATRIX).astype(object).reset_index(drop=True)
    assert rows.loc[0, ["territory", "naf"]].tolist() == ["A", "cut"]
    for name, cell in change.items():  # one cell
        rows.loc[0, name] = cell
    for function in (location_quotients, proximity, relatedness):  # over the three
        with pytest.raises(ArgumentError, match=message):
            function(rows)


def test_rows_without_their_place_or_their_activity_are_left_out() -> None:
    """As a register lists them: communes in no intercommunality, establishments without a code."""
    lost = pd.DataFrame(
        {"territory": ["A", None, None], "naf": [None, "cut", None], "establishments": [9, 9, 9]}
    )
    rows = pd.concat([lost, long(MATRIX)], ignore_index=True)
    pd.testing.assert_frame_equal(relatedness(rows), relatedness(long(MATRIX)))
    pd.testing.assert_frame_equal(location_quotients(rows), location_quotients(long(MATRIX)))


def test_names_that_do_not_exist_come_with_the_close_ones() -> None:
    rows = long(MATRIX)
    with pytest.raises(UnknownNameError, match="no column 'establishment'; did you mean: establishments"):
        proximity(rows, value="establishment")
    with pytest.raises(UnknownNameError, match="no territory 'Z'; there are: A, B, C, D"):
        relatedness(rows, territory="Z")


@pytest.mark.parametrize("threshold", [0, -1, math.nan, math.inf])
def test_a_threshold_is_above_zero(threshold: float) -> None:
    with pytest.raises(ArgumentError, match="above 0"):
        proximity(long(MATRIX), threshold=threshold)


# -- size and purity --------------------------------------------------------------------------------


def test_arguments_are_left_as_they_were() -> None:
    rows = long(MATRIX)
    before = rows.copy()
    relatedness(rows, territory="A")
    location_quotients(rows)
    pd.testing.assert_frame_equal(rows, before)


def test_the_intercommunalities_of_france_and_seven_hundred_activities() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.poisson(rng.gamma(0.3, 3, size=(1255, 700)))
    place, kind = np.nonzero(matrix)
    rows = pd.DataFrame({"territory": place, "naf": kind, "establishments": matrix[place, kind]}).astype(
        {"territory": "str", "naf": "str"}
    )
    start = time.perf_counter()
    found = relatedness(rows, territory="17")
    assert time.perf_counter() - start < 6  # about one second on one quiet core
    assert len(found) == 700
    assert found["relatedness"].between(0, 1).all()
