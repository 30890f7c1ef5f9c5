"""Three filières beside one another: places, quartiles, years, stages held and chains broken, each by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.network.positions import NO_YEAR
from chaine_valeur.portfolio import breaks, changes, coverage_matrix, profile, quantiles, ranking
from chaine_valeur.portfolio.as_tables import Stacked
from chaine_valeur.portfolio.broken import BREAK_COLUMNS
from chaine_valeur.portfolio.many import FIGURE_COLUMNS, figures_in_one_pass, in_one_pass, named
from chaine_valeur.portfolio.portfolio import Portfolio
from tests.portfolio.several import Several, figures
from tests.portfolio.several import named as entries_named

from .drawn import drawn

NAN = float("nan")


def chain(
    *held: tuple[str, str], stages: tuple[str, ...] = ("Collecte", "Tri", "Filature"), **more: Any
) -> Filiere:
    """A chain of stages in a row, and (actor, stage) pairs."""
    actors = list(dict.fromkeys(actor for actor, _ in held)) or ["Relais"]
    tables: dict[str, Any] = {
        "stages": {"name": list(stages), "rank": range(1, len(stages) + 1)},
        "stage_links": {"stage_id": list(stages[:-1]), "to_stage_id": list(stages[1:])},
        "actors": {"name": actors},
        "activities": {"actor_id": [one for one, _ in held], "stage_id": [one for _, one in held]} if held else None,
    }  # fmt: skip
    return Filiere.from_tables(**(tables | more))


@pytest.fixture(scope="module")
def three() -> Portfolio:
    """a: collecte by two, tri by one; b: all three by one each; c: nothing is held."""
    return Portfolio.from_filieres(
        {
            "a": chain(("Relais", "Collecte"), ("Gare", "Collecte"), ("Relais", "Tri")),
            "b": chain(("Un", "Collecte"), ("Deux", "Tri"), ("Trois", "Filature")),
            "c": chain(),
        }
    )


# -- figures --------------------------------------------------------------------------------------------


def test_coverage_of_each_by_hand(three: Portfolio) -> None:
    found = three.figures(["A1"])
    assert list(found.columns) == list(FIGURE_COLUMNS)
    assert found["filiere_code"].astype("str").tolist() == ["a", "b", "c"]
    # a: 2 of 3 stages; b: 3 of 3; c has no activities: nothing is known of who does what
    np.testing.assert_array_equal(found["numerator"][:2], [2, 3])
    np.testing.assert_array_equal(found["denominator"][:2], [3, 3])
    np.testing.assert_allclose(found["value"][:2], [2 / 3, 1])
    assert found.index.equals(pd.RangeIndex(3))


def test_figures_stand_filiere_after_filiere_in_the_order_asked_for(three: Portfolio) -> None:
    some = list(in_one_pass())[:3][::-1]
    found = three.figures(some)
    assert found["indicator_id"].astype("str").tolist() == some * 3
    assert found["filiere_code"].astype("str").tolist() == ["a"] * 3 + ["b"] * 3 + ["c"] * 3
    assert found["n_unknown"].dtype == np.int64
    alone = three.figures(some[1])  # one identifier is one, not letters
    assert alone["value"].equals(found["value"][1::3].reset_index(drop=True))
    none = figures_in_one_pass(three, [])
    assert none.empty and list(none.columns) == list(FIGURE_COLUMNS)


def test_figures_that_there_are_not() -> None:
    assert [one.indicator_id for one in named(None)] == list(in_one_pass())
    assert named([]) == []
    with pytest.raises(UnknownNameError, match="^no indicator 'A0'"):
        named(["A1", "A0"])


@pytest.mark.parametrize("seed", [0, 6])
def test_of_three_equal_filieres_all_figures_are_equal(seed: int) -> None:
    p = Portfolio.from_filieres({code: drawn(seed) for code in "abc"})
    found = p.figures()
    numbers = ["value", "low", "high", "numerator", "denominator", "n_unknown"]
    parts = [found.loc[found["filiere_code"] == code, numbers].to_numpy(float) for code in "abc"]
    np.testing.assert_array_equal(parts[0], parts[1])
    np.testing.assert_array_equal(parts[0], parts[2])


def test_the_tables_as_the_core_reads_them(three: Portfolio) -> None:
    tables = Stacked(three)
    assert tables.n_filieres == 3
    assert tables.asked_years.tolist() == [NO_YEAR] * 3
    assert Stacked(Portfolio.from_filieres({"a": drawn(1).at(2022)})).asked_years.tolist() == [2022]
    assert tables.offsets("actors").tolist() == [0, 2, 5, 6]
    # activities: relais, gare, relais | un, deux, trois: rows of actors through the whole table
    assert tables.codes("activities", "actor_id").tolist() == [0, 1, 0, 2, 3, 4]
    # stages: 0–2 | 3–5 | 6–8
    assert tables.codes("activities", "stage_id").tolist() == [0, 0, 1, 3, 4, 5]
    column = tables.column("activities", "stage_id")
    assert column.astype("str").tolist() == ["collecte", "collecte", "tri", "collecte", "tri", "filature"]
    assert column.cat.categories.tolist() == ["collecte", "tri", "filature"]
    assert len(tables.local()) == 6


# -- breaks ---------------------------------------------------------------------------------------------


def test_breaks_by_hand(three: Portfolio) -> None:
    found = breaks(three)
    assert list(found.columns) == BREAK_COLUMNS
    rows = found.astype("str").fillna("-")[["filiere_code", "kind", "stage_id"]].values.tolist()
    stages = [row for row in rows if row[1] in ("missing_stage", "single_actor_stage")]
    # a: nobody spins, one sorts; b: one each; c holds none of the three
    assert [row for row in stages if row[0] == "a"] == [
        ["a", "missing_stage", "filature"], ["a", "single_actor_stage", "tri"],
    ]  # fmt: skip
    assert [row[1:] for row in stages if row[0] == "b"] == [
        ["single_actor_stage", "collecte"], ["single_actor_stage", "tri"], ["single_actor_stage", "filature"],
    ]  # fmt: skip
    assert [row[1:] for row in stages if row[0] == "c"] == [
        ["missing_stage", "collecte"], ["missing_stage", "tri"], ["missing_stage", "filature"],
    ]  # fmt: skip


def test_breaks_of_each_are_those_of_all_in_any_order(three: Portfolio) -> None:
    turned = breaks(three.select(["c", "a", "b"])).astype("str")
    whole = breaks(three).astype("str")
    for code in three:
        one, other = (
            frame[frame["filiere_code"] == code].reset_index(drop=True) for frame in (turned, whole)
        )
        pd.testing.assert_frame_equal(one, other)
        pd.testing.assert_frame_equal(breaks(three.select([code])).astype("str"), other)


# -- places and quartiles -------------------------------------------------------------------------------


def given(**values: Any) -> Portfolio:
    codes = list(dict.fromkeys(code for by_code in values.values() for code in by_code))
    return Several(entries_named(*codes), figures(**values))


def test_places_by_hand() -> None:
    p = given(A1={"a": 0.5, "b": 0.9, "c": NAN, "d": 0.5, "e": 0.1})
    found = ranking(p, "A1", lang="en")
    assert found.index.tolist() == ["b", "a", "d", "e", "c"]
    assert found.index.name == "filiere_code"
    assert found["rank"].tolist() == [1, 2, 2, 4, pd.NA]
    # without bounds each is its own interval: those of one value may be either
    assert found["rank_low"].tolist() == [1, 2, 2, 4, pd.NA]
    assert found["rank_high"].tolist() == [1, 3, 3, 4, pd.NA]
    assert found["n_ranked"].tolist() == [4] * 5
    assert found["is_firm"].tolist() == [True] * 4 + [False]
    turned = ranking(p, "A1", best="low", lang="en")
    assert turned.index.tolist() == ["e", "a", "d", "b", "c"]
    assert turned["rank"].tolist() == [1, 2, 2, 4, pd.NA]


TWELVE = [f"c{place}" for place in range(12)]


@pytest.fixture(scope="module")
def twelve() -> Portfolio:
    return Several(entries_named(*TWELVE))


@pytest.mark.parametrize("best", ["high", "low"])
@pytest.mark.parametrize("seed", range(5))
def test_places_are_those_of_a_plain_count(twelve: Portfolio, seed: int, best: str) -> None:
    random = np.random.default_rng(seed)
    value = random.integers(0, 6, 12) / 10
    low, high = value - random.integers(0, 3, 12) / 10, value + random.integers(0, 3, 12) / 10
    told = dict(zip(TWELVE, zip(value, low, high, strict=True), strict=True))
    found = ranking(twelve, "A1", best=best, figures=figures(A1=told)).loc[TWELVE]
    better = (lambda x, y: x > y) if best == "high" else (lambda x, y: x < y)
    ends = (high, low) if best == "high" else (low, high)  # at best, at worst
    for at, row in enumerate(found.itertuples()):
        others = [other for other in range(12) if other != at]
        assert row.rank == 1 + sum(better(value[other], value[at]) for other in others)
        assert row.rank_low == 1 + sum(better(ends[1][other], ends[0][at]) for other in others)
        assert row.rank_high == 12 - sum(better(ends[1][at], ends[0][other]) for other in others)


def test_quartiles_of_three_and_of_those_that_weigh() -> None:
    p = given(A1={"a": 0.2, "b": 0.6, "c": 0.4, "d": NAN}, A3={"a": NAN, "b": NAN, "c": NAN, "d": NAN})
    found = quantiles(p).set_index("indicator_id")
    quartiles = ["minimum", "q1", "median", "q3", "maximum"]
    # 0.2 0.4 0.6: a quarter of 3 is reached at the first, a half at the second, three quarters at the third
    assert found.loc["A1", quartiles].tolist() == [0.2, 0.2, 0.4, 0.6, 0.6]
    assert found.loc["A1", ["n", "n_known", "n_unknown", "n_unweighted"]].tolist() == [4, 3, 1, 0]
    assert found.loc["A3", quartiles].isna().all()
    weights = pd.Series({"a": 3.0, "b": 1.0, "c": 0.0})
    weighed = quantiles(p, "A1", weights=weights).iloc[0]
    # 0.2 thrice and 0.6 once; c weighs nothing
    assert weighed[quartiles].tolist() == [0.2, 0.2, 0.2, pytest.approx(0.4), 0.6]
    assert weighed["n_unweighted"] == 1
    assert weights.to_dict() == {"a": 3.0, "b": 1.0, "c": 0.0}


def test_a_profile_by_hand() -> None:
    p = given(A1={"a": 0.5, "b": 0.9, "c": 0.5, "d": 0.1}, A3={"a": NAN, "b": 1.0, "c": 2.0, "d": 3.0})
    found = profile(p, "a", lang="en")
    assert found.index.tolist() == ["A1", "A3"]
    row = found.loc["A1"]
    # one lower, itself and another the same, one higher: (1 + 2/2) / 4
    assert row[["n_known", "n_lower", "n_same", "n_higher", "quantile", "rank"]].tolist() == [
        4,
        1,
        2,
        1,
        0.5,
        2,
    ]
    assert row[["q1", "median", "q3", "to_median"]].tolist() == [
        pytest.approx(0.3),
        0.5,
        pytest.approx(0.7),
        0,
    ]
    other = found.loc["A3"]
    assert other[["rank", "quantile", "to_median"]].isna().all()
    assert other[["n_known", "n_unknown", "median"]].tolist() == [3, 1, 2]
    assert profile(p, "d", best={"A1": "low"}).loc[["A1", "A3"], "rank"].tolist() == [1, 1]


def test_what_cannot_be_compared_is_said() -> None:
    p = given(A1={"a": 0.5})
    with pytest.raises(ArgumentError, match="^best='most': 'high' or 'low'"):
        ranking(p, "A1", best="most")
    with pytest.raises(ArgumentError, match="^by='place': 'name', 'territory', 'year' or None"):
        quantiles(p, by="place")
    with pytest.raises(ArgumentError, match="^weights='n': 'n_actors', 'denominator', a Series"):
        quantiles(p, weights="n")
    with pytest.raises(UnknownNameError, match="^no figure 'B7' in this portfolio"):
        ranking(p, "B7")
    with pytest.raises(UnknownNameError, match="^no filière 'z' in this portfolio"):
        profile(p, "z")
    with pytest.raises(UnknownNameError, match="^no filière 'z' in this portfolio"):
        coverage_matrix(p, codes=["a", "z"])


# -- years ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "change", "delta", "relative", "apart"),
    [
        (0.2, 0.3, "up", 0.1, 0.5, True),
        (0.4, 0.1, "down", -0.3, -0.75, True),
        (0.3, 0.1 + 0.2, "same", 0.0, 0.0, False),  # one number, written with other decimals
        (0.0, 0.5, "up", 0.5, NAN, True),  # from 0 no share can be told
        (0.0, 0.0, "same", 0.0, NAN, False),
        (-0.5, 0.5, "up", 1.0, 2.0, True),
        (NAN, 0.5, "now_known", NAN, NAN, None),
        (0.5, NAN, "no_longer_known", NAN, NAN, None),
        (NAN, NAN, "unknown", NAN, NAN, None),
        ((0.5, 0.2, 0.6), (0.7, 0.6, 0.9), "up", 0.2, 0.4, False),  # 0.6 may be both
        ((0.5, 0.2, 0.6), (0.7, 0.65, 0.9), "up", 0.2, 0.4, True),
    ],
)
def test_one_change(
    before: Any, after: Any, change: str, delta: float, relative: float, apart: bool | None
) -> None:
    years = entries_named("t", year=2022)["t"], entries_named("t", year=2024)["t"]
    p = Several(dict(zip(("old", "new"), years, strict=True)), figures(A1={"old": before, "new": after}))
    row = changes(p, lang="en").iloc[0]
    assert (row["from_code"], row["to_code"], row["change"]) == ("old", "new", change)
    assert (row["from_year"], row["to_year"]) == (2022, 2024)
    np.testing.assert_allclose([row["delta"], row["relative"]], [delta, relative], atol=1e-12)
    assert row["apart"] is pd.NA if apart is None else row["apart"] == apart


def test_years_are_compared_within_one_name_and_one_territory() -> None:
    def one(territory: str, year: int | None, name: str = "Laine") -> Filiere:
        return entries_named(territory, year=year, name=name)[territory]

    filieres = {
        "val24": one("val", 2024), "mont22": one("mont", 2022), "val22": one("val", 2022),
        "lin22": one("val", 2022, "Lin"), "again": one("val", 2024), "undated": one("val", None),
        "mont24": one("mont", 2024, "LAINE"),
    }  # fmt: skip
    p = Several(filieres, figures(A1=dict.fromkeys(filieres, 0.5)))
    found = changes(p)
    # in the order of the later one; the second of 2024, lin and the undated are compared with none
    assert found[["from_code", "to_code"]].values.tolist() == [["val22", "val24"], ["mont22", "mont24"]]
    assert found.index.equals(pd.RangeIndex(2))


# -- coverage -------------------------------------------------------------------------------------------


def test_states_by_hand(three: Portfolio) -> None:
    found = coverage_matrix(three, all_years=True)
    assert found.states.index.tolist() == ["collecte", "tri", "filature"]
    assert found.states.columns.tolist() == ["a", "b", "c"]
    assert found.states.values.tolist() == [
        ["held", "one_actor", "missing"], ["one_actor", "one_actor", "missing"], ["missing", "one_actor", "missing"],
    ]  # fmt: skip
    assert found.stages[["n_expected", "n_held", "n_one_actor", "n_missing"]].values.tolist() == [
        [3, 1, 1, 1], [3, 0, 2, 1], [3, 0, 1, 2],
    ]  # fmt: skip
    assert found.stages["rank"].tolist() == [1, 2, 3]
    assert found.filieres["n_missing"].tolist() == [1, 0, 3]
    assert found.cells["n_here"].tolist() == [2, 1, 0, 1, 1, 1, 0, 0, 0]
    assert found.unaligned.empty


def test_a_stage_of_one_filiere_alone_does_not_align() -> None:
    p = Portfolio.from_filieres(
        {"a": chain(("Relais", "Tri")), "b": chain(stages=("Collecte", "Tri", "Broyage, « fin » ; $x$"))}
    )
    found = coverage_matrix(p)
    assert found.stages["name"].tolist() == ["Collecte", "Tri", "Filature", "Broyage, « fin » ; $x$"]
    assert found.unaligned["name"].tolist() == ["Filature", "Broyage, « fin » ; $x$"]
    assert found.filieres["n_alone"].tolist() == [1, 1]
    assert found.states.iloc[2:].values.tolist() == [["missing", "not_expected"], ["not_expected", "missing"]]
    # of one filière alone nothing is to be aligned
    alone = coverage_matrix(p, codes="a")
    assert alone.unaligned.empty and alone.states.columns.tolist() == ["a"]
    assert alone.states["a"].tolist() == ["missing", "one_actor", "missing"]


@pytest.mark.parametrize("seed", [4])
def test_states_of_each_do_not_depend_on_the_others(seed: int) -> None:
    p = Portfolio.from_filieres({"a": drawn(seed), "b": drawn(seed + 1), "c": drawn(seed)})
    whole = coverage_matrix(p, all_years=True).cells
    for code in p:
        own = whole[whole["filiere_code"] == code].set_index("stage_id")
        alone = coverage_matrix(p.select([code])).cells.set_index("stage_id")
        columns = ["state", "n_here", "n_elsewhere", "n_unplaced"]
        pd.testing.assert_frame_equal(own[columns], alone[columns])
