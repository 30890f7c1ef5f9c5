"""One filière beside the others: places with ties and bounds, quartiles with weights, profiles, years."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import datasets, diagnose
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.portfolio.comparison import profile, quantiles, ranking
from chaine_valeur.portfolio.over_time import changes
from chaine_valeur.portfolio.portfolio import Portfolio
from chaine_valeur.portfolio.quantile import grouped_quantiles
from tests.portfolio.several import Several, figures, named

NAN = float("nan")


def several(**values: dict[str, object]) -> Portfolio:
    codes = list(dict.fromkeys(code for by_code in values.values() for code in by_code))
    return Several(named(*codes), figures(**values))


# -- places ----------------------------------------------------------------------------------------------


def test_ties_share_a_place_and_the_unknown_come_last() -> None:
    portfolio = several(A1={"a": 0.5, "b": NAN, "c": 0.9, "d": 0.5, "e": 0.1})
    found = ranking(portfolio, "A1", lang="en")
    assert found.index.tolist() == ["c", "a", "d", "e", "b"]
    assert found.index.name == "filiere_code"
    assert found["rank"].tolist() == [1, 2, 2, 4, pd.NA]
    # without bounds a figure is its own interval: the two tied hold places 2 to 3 between them
    assert found["rank_low"].tolist() == [1, 2, 2, 4, pd.NA]
    assert found["rank_high"].tolist() == [1, 3, 3, 4, pd.NA]
    assert found["told_rank"].tolist() == ["1", "from 2 to 3", "from 2 to 3", "4", ""]
    assert found["told"].tolist() == ["90%", "50%", "50%", "10%", "unknown"]
    assert found["n_ranked"].tolist() == [4] * 5
    assert found.loc["b", "is_firm"] == False  # noqa: E712 (a numpy bool)
    assert found["territory"].tolist()[0] == "Pays de c"


def test_the_direction_is_the_readers() -> None:
    portfolio = several(A3={"a": 0.5, "b": 0.2, "c": 0.9})
    assert ranking(portfolio, "A3", best="low").index.tolist() == ["b", "a", "c"]
    assert ranking(portfolio, "A3", best="high").index.tolist() == ["c", "a", "b"]


def test_bounds_say_which_places_are_possible() -> None:
    # a surely first; b and c may each be second or third; d is below all
    values = {"a": (0.9, 0.8, 1.0), "b": (0.5, 0.3, 0.7), "c": (0.4, 0.3, 0.6), "d": (0.1, 0.0, 0.2)}
    found = ranking(several(A1=values), "A1", lang="en")
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["rank_low"].tolist() == [1, 2, 2, 4]
    assert found["rank_high"].tolist() == [1, 3, 3, 4]
    assert found["is_firm"].all()
    # two places of four are under half of them at 0.5 only if they span less than 2
    strict = ranking(several(A1=values), "A1", most_spread=0.25)
    assert strict["is_firm"].tolist() == [True, False, False, True]
    assert strict["told_rank"].tolist() == ["1", "", "", "4"]


def test_a_place_that_says_nothing_is_not_told() -> None:
    wide = {code: (value, 0.0, 1.0) for code, value in zip("abcd", (0.1, 0.4, 0.6, 0.9), strict=True)}
    found = ranking(several(A1=wide), "A1")
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert (found["rank_low"].eq(1) & found["rank_high"].eq(4)).all()
    assert not found["is_firm"].any()
    assert found["told_rank"].eq("").all()
    # nor is that of the only one
    assert not ranking(several(A1={"a": 1.0, "b": NAN}), "A1")["is_firm"].any()


def test_places_within_each_kind_of_filiere() -> None:
    filieres = named("a", "b") | named("c", "d", name="Lin")
    portfolio = Several(filieres, figures(A1={"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}))
    found = ranking(portfolio, "A1", by="name")
    assert found.index.tolist() == ["b", "a", "d", "c"]
    assert found["rank"].tolist() == [1, 2, 1, 2]
    assert found["n_ranked"].tolist() == [2] * 4


def test_few_cases_are_told_as_counts() -> None:
    frame = figures(A1={"a": 7 / 12, "b": 70 / 120}).assign(numerator=[7.0, 70.0], denominator=[12.0, 120.0])
    found = ranking(Several(named("a", "b"), frame), "A1", lang="en")
    assert found["told"].tolist() == ["7 out of 12", "58%"]


def test_what_cannot_be_ranked_is_said() -> None:
    portfolio = several(A1={"a": 0.5})
    with pytest.raises(UnknownNameError, match="no figure 'A11' in this portfolio; did you mean: A1"):
        ranking(portfolio, "A11")
    with pytest.raises(ArgumentError, match="best='up'"):
        ranking(portfolio, "A1", best="up")
    with pytest.raises(ArgumentError, match="by='rank'"):
        ranking(portfolio, "A1", by="rank")
    with pytest.raises(UnknownNameError, match="no filière 'z'"):
        profile(portfolio, "z")
    with pytest.raises(ArgumentError, match="weights='x'"):
        quantiles(portfolio, "A1", weights="x")


BOUNDED = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted)


@settings(max_examples=25)
@given(st.lists(BOUNDED, min_size=1, max_size=8), st.data())
def test_whatever_the_unknown_turns_out_to_be_the_place_is_among_those_told(
    drawn: list[list[float]], data: st.DataObject
) -> None:
    codes = [f"f{at}" for at in range(len(drawn))]
    values = {code: (middle, low, high) for code, (low, middle, high) in zip(codes, drawn, strict=True)}
    frame = figures(A1=values)
    found = ranking(_bare(codes), "A1", figures=frame).loc[codes]
    truth = np.array([data.draw(st.floats(low, high)) for low, _, high in drawn])
    place = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    assert (found["rank_low"].to_numpy() <= place).all()
    assert (place <= found["rank_high"].to_numpy()).all()
    by_loop = [1 + sum(other > value for _, other, _ in drawn) for _, value, _ in drawn]
    assert found["rank"].tolist() == by_loop


def _bare(codes: list[str]) -> Any:
    """Entries without tables: what ranking asks for."""
    index = pd.Index(codes, name="filiere_code", dtype="str")
    columns = {"name": None, "territory_id": None, "territory": None}
    entries = pd.DataFrame(columns, index=index, dtype="str")
    return SimpleNamespace(
        codes=index, entries=entries.assign(year=pd.array([pd.NA] * len(codes), dtype="Int64"))
    )


# -- quartiles -------------------------------------------------------------------------------------------


def test_quartiles_count_what_is_not_known() -> None:
    portfolio = several(A1={"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": NAN}, A3=dict.fromkeys("abcde", NAN))
    found = quantiles(portfolio).set_index("indicator_id")
    # of four values the quartiles fall between the first and the second, the second and the third…
    told = found.loc["A1", ["minimum", "q1", "median", "q3", "maximum"]].tolist()
    assert told == [1.0, 1.5, 2.5, 3.5, 4.0]
    assert found.loc["A1", ["n", "n_known", "n_unknown", "n_unweighted"]].tolist() == [5, 4, 1, 0]
    assert found.loc["A3", ["n_known", "n_unknown"]].tolist() == [0, 5]
    assert found.loc["A3", ["minimum", "median", "maximum"]].isna().all()
    assert quantiles(portfolio, "A1")["indicator_id"].tolist() == ["A1"]


def test_weights_make_it_a_quartile_of_the_cases() -> None:
    portfolio = several(A1={"a": 1.0, "b": 2.0, "c": 3.0, "d": 9.0})
    weights = pd.Series({"a": 1.0, "b": 1.0, "c": 8.0, "d": 0.0})
    row = quantiles(portfolio, "A1", weights=weights).iloc[0]
    # 1 of 10 at 1, 2 of 10 up to 2, all up to 3; d weighs nothing
    assert (row["minimum"], row["q1"], row["median"], row["maximum"]) == (1.0, 3.0, 3.0, 3.0)
    assert (row["n_known"], row["n_unweighted"]) == (4, 1)
    frame = portfolio.figures().assign(denominator=[1.0, 1.0, 8.0, NAN])
    assert quantiles(portfolio, "A1", weights="denominator", figures=frame).iloc[0]["q1"] == 3.0
    assert quantiles(portfolio, "A1", weights="n_actors").iloc[0]["median"] == 2.5  # one actor each


def test_quartiles_by_group_name_their_groups() -> None:
    filieres = named("a", "b") | named("c", name="Lin")
    portfolio = Several(filieres, figures(A1={"a": 0.2, "b": 0.4, "c": NAN}))
    found = quantiles(portfolio, by="name")
    assert found[["name", "n", "n_known"]].values.tolist() == [["Laine", 2, 2], ["Lin", 1, 0]]
    assert found["median"].tolist()[0] == pytest.approx(0.3)
    places = quantiles(portfolio, by="territory")
    assert places["territory"].tolist() == ["Pays de a", "Pays de b", "Pays de c"]
    assert quantiles(Several({}, figures()), by="year").columns[0] == "year"


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(1, 4)), min_size=1, max_size=20),
    st.sampled_from([0.0, 0.1, 0.25, 0.5, 2 / 3, 1.0]),
)
def test_quantiles_are_those_of_numpy(drawn: list[tuple[int, int, int]], at: float) -> None:
    group, value, weight = (np.array(column) for column in zip(*drawn, strict=True))
    found = grouped_quantiles(group, value.astype(float), weight.astype(float), size=4, at=(at,))[:, 0]
    for one in range(4):
        mine = group == one
        if not mine.any():
            assert np.isnan(found[one])
            continue
        # a weight of 3 is the same as three filières
        spread = np.repeat(value[mine], weight[mine]).astype(float)
        assert found[one] == pytest.approx(np.quantile(spread, at, method="averaged_inverted_cdf"))


# -- a profile -------------------------------------------------------------------------------------------


def test_a_profile_places_one_among_the_others() -> None:
    portfolio = several(
        A1={"a": 0.2, "b": 0.4, "c": 0.4, "d": 0.8}, A3={"a": 0.1, "b": NAN, "c": 0.3, "d": 0.5}
    )
    found = profile(portfolio, "b", lang="en")
    a1 = found.loc["A1"]
    assert a1[["n_lower", "n_same", "n_higher"]].tolist() == [1, 2, 1]
    assert a1["quantile"] == (1 + 2 / 2) / 4
    assert (a1["median"], a1["to_median"], a1["rank"], a1["told_rank"]) == (0.4, 0.0, 2, "from 2 to 3")
    assert a1["name"] == "Coverage of the stages expected locally"
    # its own figure unknown: the others are still told
    a3 = found.loc["A3"]
    assert (a3["told"], a3["n_known"], a3["n_unknown"], a3["median"]) == ("unknown", 3, 1, 0.3)
    assert a3[["rank", "n_lower", "quantile", "to_median"]].isna().all()
    low = profile(portfolio, "a", best={"A3": "low"})
    assert low["rank"].tolist() == [4, 1]


def test_a_profile_does_not_compare_a_filiere_with_its_other_years() -> None:
    f = datasets.load("exemple_complet")
    filieres = {"old": f.at(2022), "new": f.at(2024)} | named("other")
    portfolio = Several(filieres, figures(A1={"old": 0.1, "new": 0.2, "other": 0.3}))
    assert profile(portfolio, "old").loc["A1", ["n_known", "rank"]].tolist() == [2, 2]
    assert profile(portfolio, "new").loc["A1", "n_known"] == 2
    assert profile(portfolio, "new", all_years=True).loc["A1", "n_known"] == 3
    assert profile(portfolio, "other", among="name").loc["A1", "n_known"] == 1


# -- years -----------------------------------------------------------------------------------------------


def test_changes_follow_the_years_of_each_filiere() -> None:
    filieres = {
        "x22": named("t", year=2022)["t"], "y24": named("u", year=2024)["u"], "x24": named("t", year=2024)["t"],
        "x23": named("t", year=2023)["t"], "bare": named("t")["t"],
    }  # fmt: skip
    values = {
        "x22": (0.2, 0.1, 0.3),
        "x23": (0.5, 0.4, 0.6),
        "x24": (0.45, 0.4, 0.7),
        "y24": 0.9,
        "bare": 0.1,
    }
    other = {"x22": 0.0, "x23": NAN, "x24": 0.0, "y24": 1.0, "bare": 1.0}
    portfolio = Several(filieres, figures(A1=values, A3=other))
    found = changes(portfolio, lang="en")
    assert found[["from_code", "to_code", "indicator_id", "change"]].values.tolist() == [
        ["x23", "x24", "A1", "down"],
        ["x23", "x24", "A3", "now_known"],
        ["x22", "x23", "A1", "up"],
        ["x22", "x23", "A3", "no_longer_known"],
    ]
    assert found["delta"].tolist()[0] == pytest.approx(-0.05)
    assert found["relative"].tolist()[0] == pytest.approx(-0.1)
    # 0.4–0.7 after 0.4–0.6 may be no change; 0.4–0.6 after 0.1–0.3 surely is one
    assert found["apart"].tolist() == [False, pd.NA, True, pd.NA]
    assert found["from_year"].tolist() == [2023, 2023, 2022, 2022]
    assert found["indicator"].tolist()[0] == "Coverage of the stages expected locally"


def test_changes_are_those_of_two_diagnoses() -> None:
    from chaine_valeur import compare

    f = datasets.load("exemple_complet")
    one, two = (diagnose(f.at(year), checks=[]) for year in (2023, 2024))
    filieres = {"old": one.filiere, "new": two.filiere}
    parts = [
        told.indicators.assign(filiere_code=code) for code, told in zip(filieres, (one, two), strict=True)
    ]
    found = changes(Several(filieres, pd.concat(parts))).set_index("indicator_id")
    # two figures are of the programme in one year and of the filière in the other: they are not compared
    apart = found["change"] == "other_scope"
    assert found.index[apart].tolist() == ["G9"]
    assert found.loc[apart, ["delta", "relative", "apart"]].isna().all(axis=None)
    found = found[~apart & ~found.index.isin(["G4", "G9"])]
    pair = compare(one, two).indicators.set_index("indicator_id")
    for column in ("before", "after", "delta", "relative", "change", "apart"):
        mine, theirs = found[column], pair.loc[found.index, column]
        pd.testing.assert_series_equal(mine, theirs, check_dtype=False, check_names=False)


def test_nothing_changes_without_two_years() -> None:
    portfolio = several(A1={"a": 0.1, "b": 0.2})
    found = changes(portfolio)
    assert found.empty
    assert str(found["apart"].dtype) == "boolean"
