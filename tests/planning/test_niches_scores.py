"""The table of niches: sub-scores, what is unknown and why, sorting, the single score, ideas that somebody brings."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import ArgumentError
from chaine_valeur.errors import MissingTableError, UnknownNameError
from chaine_valeur.planning.niches import SUB_SCORES, niches
from chaine_valeur.planning.niches._jobs import rank_percentile
from chaine_valeur.planning.niches._weighing import bounds_of_score, sufficiency

from .niches_valley import STAGES, valley

SUPPLY = ("supply", "mobilized", "wool", "flock", 80)
DEMAND = ("demand", "contracted", "grease", "soap", 4, "club")
#: Territories × activities: each of 8 establishments, of 16 of each activity, 32 in all; an activity is there from
#: 8 · 16 / 32 = 4 on. 13.10Z and 13.20Z in T and U; 13.99Z in U and V… as the cells say.
COUNTS = pd.DataFrame(
    {
        "territory": ["T", "T", "U", "U", "U", "V", "V", "W"],
        "naf": ["13.10Z", "13.20Z", "13.10Z", "13.20Z", "13.99Z", "13.99Z", "47.11A", "47.11A"],
        "establishments": [6, 2, 2, 2, 4, 4, 4, 8],
    }
)


@cache
def mill() -> cv.Filiere:
    """Return the valley with jobs: the wash by an active actor, the card by a planned one, the felt by an option."""
    return valley(
        SUPPLY,
        DEMAND,
        actors={
            "name": ["Shepherds", "Mill", "Shop", "Club", "Carders"],
            "status": ["active", "active", "active", "active", "planned"],
        },
        activities={
            "actor_id": ["mill", "carders", "shop"],
            "stage_id": ["wash", "card", "soap"],
            "capacity_t_per_year": [160, 50, 20],
            "insertion_fte": [4, 2, 0],
            "no_diploma_fte": [5, 1, None],
            "confidence": ["declared", "hypothesis", "measured"],
        },
        options={"name": ["Felting"], "kind": ["activity"], "stage_id": ["felt"], "capacity_t_per_year": [10],
                 "insertion_fte": [1], "minimum_viable_t_per_year": [30]},
    )  # fmt: skip


# -- the four sub-scores ----------------------------------------------------------------------------


def test_the_sub_scores_by_hand() -> None:
    found = niches(mill(), counts=COUNTS, territory_code="T", lang="en")
    # S: 80 t of wool, at the wash for a minimum of 100; at the card 80 · 0.6 / 0.8 = 60 for 40; soap 8 t for 5;
    # felt 60 · 0.9 = 54 t for the 30 of the option
    resource = {"wash": 0.8, "card": 1, "felt": 1, "soap": 1}
    # D: 4 t of grease, 40 t of wool for 100; soap 4 t for 5; nobody asks for felt
    demand = {"wash": 0.4, "card": math.nan, "felt": math.nan, "soap": 0.8}
    # J: 4/160 = 0.025, 2/50 = 0.04, 1/10 = 0.1, 0: ranks 2, 3, 4 of 4; none is none
    insertion = {"wash": 0.5, "card": 0.75, "felt": 1, "soap": 0}
    for name, expected in (("resource", resource), ("demand", demand), ("insertion", insertion)):
        assert found[name].to_dict() == pytest.approx(expected, nan_ok=True)
    assert found["insertion_fte_per_t"].to_dict() == pytest.approx(
        {"wash": 0.025, "card": 0.04, "felt": 0.1, "soap": 0}
    )
    bases = {"wash": "capacity", "card": "planned", "felt": "options", "soap": "capacity"}
    assert found["insertion_basis"].to_dict() == bases
    assert found["minimum_basis"].to_dict() == {
        "wash": "stage",
        "card": "stage",
        "felt": "options",
        "soap": "stage",
    }
    assert found["no_diploma_fte"].to_dict() == pytest.approx(
        {"wash": 5, "card": math.nan, "felt": math.nan, "soap": math.nan}, nan_ok=True
    )
    assert found["n_holders"].to_dict() == {"wash": 1, "card": 0, "felt": 0, "soap": 1}


def test_jobs_over_what_enters_come_before_jobs_over_what_could() -> None:
    flows = {"source": ["shepherds"], "target": ["mill"], "source_stage": ["flock"], "target_stage": ["wash"],
             "material_id": ["wool"], "quantity_t_per_year": [100]}  # fmt: skip
    f = mill().with_table("flows", pd.DataFrame(flows))
    row = niches(f).loc["wash"]
    assert row[["insertion_fte_per_t", "insertion_basis"]].tolist() == [4 / 100, "flows"]


def test_skills_by_hand() -> None:
    """Totals: T 8, U 8, V 8, W 8; 13.10Z 8, 13.20Z 4, 13.99Z 8, 47.11A 12; 32 in all.

    There from (territory · activity / 32) on: 13.10Z from 2: T, U; 13.20Z from 1: T, U; 13.99Z from 2: U, V; 47.11A
    from 3: V, W. φ: 10–20 2/2 = 1; 10–99 and 20–99 1/2; 99–47 1/2; 10–47 and 20–47 0. T holds 10 and 20.
    """
    found = niches(mill(), counts=COUNTS, territory_code="T", lang="en")
    # 10 and 20: (1 + 1) / (1 + 1 + 1/2) = 0.8; 99: (1/2 + 1/2) / (1/2 + 1/2 + 1 + 1/2) = 0.4
    assert found["skills"].to_dict() == pytest.approx(
        {"wash": 0.8, "card": 0.8, "felt": 0.4, "soap": math.nan}, nan_ok=True
    )
    assert found.loc["wash", ["naf", "establishments", "location_quotient"]].tolist() == [
        "13.10Z",
        6,
        6 / 8 / (8 / 32),
    ]
    assert found.loc["felt", ["naf", "establishments", "location_quotient"]].tolist() == ["13.99Z", 0, 0]
    assert found.loc["soap", "skills_note"] == "no NAF code is stated"
    mean = niches(mill(), counts=COUNTS, territory_code="U", codes="mean").loc["card"]
    # U: 10, 20, 99: 10 and 20 at (1 + 1 + 1/2) / 2.5 = 1; the quotients 2/8/(8/32) = 1 and 2/8/(4/32) = 2
    assert mean[["skills", "location_quotient", "establishments", "naf"]].tolist() == [
        1,
        1.5,
        4,
        "13.10Z;13.20Z",
    ]


def test_codes_are_read_without_their_dot_and_as_beginnings() -> None:
    bare = COUNTS.assign(naf=COUNTS["naf"].str.replace(".", ""))
    ideas = pd.DataFrame({"name": ["Threads", "Ships"], "naf": ["13", "30.11Z"]})
    found = niches(mill(), ideas=ideas, counts=bare, territory_code="T", lang="en")
    assert found.loc["wash", "skills"] == pytest.approx(0.8)
    assert found.loc["threads", "skills"] == pytest.approx(0.8)
    assert found.loc["ships", "skills_note"] == "its NAF codes are not among the activities counted"


def test_activities_may_be_counted_by_division() -> None:
    counts = COUNTS.assign(naf=COUNTS["naf"].str[:2]).groupby(["territory", "naf"], as_index=False).sum()
    row = niches(mill(), counts=counts, territory_code="T").loc["card"]
    # 13: T 8, U 8, V 4; 47: V 4, W 8. T holds 13 alone, near to which is nothing else but 47 in V: 13 is there from
    # 8 · 20 / 32 = 5, so in T and U; 47 from 3, in V and W: never together
    assert row[["skills", "naf", "establishments"]].tolist() == [1, "13", 8]


def test_a_territory_with_nothing_is_not_near_nor_far() -> None:
    counts = pd.concat([COUNTS, pd.DataFrame({"territory": ["X"], "naf": ["13.10Z"], "establishments": [0]})])
    row = niches(mill(), counts=counts, territory_code="X", lang="en").loc["wash"]
    assert math.isnan(row["skills"])
    assert row["establishments"] == 0
    assert row["skills_note"] == "no territory holds this activity, or this one has no establishment"


@pytest.mark.parametrize(
    ("t", "minimum", "expected"),
    [(50, 100, 0.5), (150, 100, 1), (0, 100, 0), (0, math.nan, 0), (0, 0, 0), (5, 0, 1), (5, math.nan, math.nan),
     (math.nan, 100, math.nan), (math.nan, 0, math.nan)],
)  # fmt: skip
def test_tonnes_over_the_minimum(t: float, minimum: float, expected: float) -> None:
    assert sufficiency(t, minimum) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], []), ([math.nan], [math.nan]), ([3], [1]), ([0], [0]), ([1, 1, 2], [0.5, 0.5, 1]),
     ([0, 5, math.nan, 1], [0, 1, math.nan, 2 / 3])],
)  # fmt: skip
def test_rank_percentiles(values: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(rank_percentile(np.array(values, dtype=float)), expected)


# -- unknown, order, score --------------------------------------------------------------------------


def test_unknown_is_told_apart_from_none() -> None:
    found = niches(valley(), lang="en")
    assert found[list(SUB_SCORES)].isna().all(axis=None)
    assert found["n_known"].tolist() == [0, 0, 0, 0]
    assert found["least"].isna().all()
    assert found["hypothesis_share"].dropna().tolist() == [0, 0, 0]  # the minimum sizes that the stages state
    notes = found[[f"{name}_note" for name in SUB_SCORES]]
    assert (notes != "").all(axis=None)
    assert notes.loc["wash"].tolist() == [
        "no supply is stated that leads here",
        "no demand is stated that it would serve",
        "no counts of establishments",
        "no activity or option at this stage says insertion jobs and tonnes",
    ]
    none = niches(valley(("supply", "mobilized", "wool", "flock", 0)), lang="en").loc["felt"]
    # a known absence needs no minimum size
    assert none[["resource", "resource_note", "minimum_basis"]].tolist() == [0, "", ""]


def test_a_known_quantity_without_a_minimum_is_told() -> None:
    row = niches(mill().with_table("options", pd.DataFrame()), lang="en").loc["felt"]
    assert math.isnan(row["resource"])
    assert row[["resource_t_per_year", "resource_note"]].tolist() == [
        54,
        "the minimum viable size is not stated",
    ]
    assert niches(mill(), minimum={"felt": 60}).loc["felt", ["resource", "minimum_basis"]].tolist() == [
        0.9,
        "argument",
    ]


def test_the_best_known_come_first_then_the_least_of_their_sub_scores() -> None:
    found = niches(mill(), counts=COUNTS, territory_code="T")
    # known: wash 4 (least 0.4), card 3 (0.75), felt 3 (0.4), soap 3 (0)
    assert found.index.tolist() == ["wash", "card", "felt", "soap"]
    assert found["n_known"].tolist() == [4, 3, 3, 3]
    assert found["least"].tolist() == pytest.approx([0.4, 0.75, 0.4, 0])
    assert niches(valley()).index.tolist() == ["wash", "card", "felt", "soap"]  # ties: the order of the chain


def test_a_single_score_only_where_it_is_asked_for() -> None:
    assert "score" not in niches(mill())
    found = niches(mill(), counts=COUNTS, territory_code="T", score=True)
    columns = ["score", "score_low", "score_high"]
    whole = (0.8 * 0.4 * 0.8 * 0.5) ** 0.25
    assert found.loc["wash", columns].tolist() == pytest.approx([whole] * 3)
    # one unknown: from 0 to what the others leave
    assert found.loc["card", columns].tolist() == pytest.approx(
        [math.nan, 0, (1 * 0.8 * 0.75) ** 0.25], nan_ok=True
    )
    # a known 0 settles it, whatever the unknown
    assert found.loc["soap", columns].tolist() == [0, 0, 0]


def test_the_bounds_hold_whatever_the_unknown_is() -> None:
    scores = pd.DataFrame([[0.3, np.nan, 0.5, np.nan], [0.2, 0.4, 0.6, 0.8]])
    bounds = bounds_of_score(scores)
    for one in (0, 0.3, 1):
        for other in (0, 0.7, 1):
            value = (0.3 * one * 0.5 * other) ** 0.25
            assert bounds.loc[0, "score_low"] <= value <= bounds.loc[0, "score_high"]
    assert bounds.loc[1].nunique() == 1


def test_hypotheses_are_counted() -> None:
    found = niches(mill(), counts=COUNTS, territory_code="T")
    # card: the supply, the recipes of the wash (3) and of the card's process of wool (3), the stage; the activity of
    # the planned actor is a hypothesis: 1 of 9. (Straw has no supply: its process carries nothing.)
    assert found.loc["card", "hypothesis_share"] == pytest.approx(1 / 9)
    own = niches(mill(), minimum={"card": 50}).loc["card", "hypothesis_share"]
    assert own == pytest.approx(2 / 9)  # the minimum of the caller in the place of that of the stage


# -- ideas ------------------------------------------------------------------------------------------


def test_an_idea_stands_beside_the_chain() -> None:
    ideas = pd.DataFrame(
        [
            {"name": "Lanolin", "material": "Grease", "product": None, "naf": "20.42Z",
             "minimum_viable_t_per_year": 10, "insertion_fte_per_t": 0.5},
            {"name": "Slabs", "material": "clean", "product": "Web", "t_per_t": 0.75},
        ]
    )  # fmt: skip
    f = valley(SUPPLY, ("demand", "verified", "web", "felt", 30, "shop"))
    found = niches(f, ideas=ideas, lang="en")
    lanolin, slabs = found.loc["lanolin"], found.loc["slabs"]
    # 80 t of wool give 8 t of grease for 10; the only intensity known; no product named
    assert lanolin[["resource_t_per_year", "resource", "insertion"]].tolist() == pytest.approx([8, 0.8, 1])
    assert lanolin["demand_note"] == "the idea names no product"
    assert lanolin[["kind", "minimum_basis", "insertion_basis"]].tolist() == ["idea", "idea", "idea"]
    # 48 t of clean wool; 30 t of web ask for 40 t of it; no minimum
    assert slabs[["resource_t_per_year", "demand_t_per_year"]].tolist() == pytest.approx([48, 40])
    assert slabs["resource_note"] == "the minimum viable size is not stated"
    # figures without a source count as hypotheses: a supply, three recipes of the wash; two figures of the caller
    assert lanolin["hypothesis_share"] == pytest.approx(2 / 6)


def test_an_idea_alone_needs_no_chain() -> None:
    f = cv.Filiere.from_tables(actors={"name": ["A"]}, materials={"name": ["Shell"]},
                               markets={"material_id": ["Shell"], "kind": "supply", "level": "raw",
                                        "quantity_t_per_year": [40]})  # fmt: skip
    ideas = {"name": ["Chalk", "Talk"], "material": ["shell", None], "minimum_viable_t_per_year": [80, None]}
    found = niches(f, ideas=pd.DataFrame(ideas), lang="en")
    assert found.loc["chalk", ["resource", "resource_level", "resource_basis"]].tolist() == [
        0.5,
        "raw",
        "direct",
    ]
    assert found.loc["talk", "resource_note"] == "the idea names no material"
    assert found["n_holders"].tolist() == [0, 0]
    with pytest.raises(MissingTableError, match="give the table 'stages', or ideas="):
        niches(f)


@pytest.mark.parametrize(
    ("row", "error", "message"),
    [
        ({"name": None}, ArgumentError, "idea 1 has no name"),
        ({"name": "Wash"}, ArgumentError, "has the name of a stage"),
        ({"name": "x", "material": "wol"}, UnknownNameError, "no material 'wol'; did you mean: wool"),
        (
            {"name": "x", "insertion_fte_per_t": -1},
            ArgumentError,
            "insertion_fte_per_t is -1, give 0 or more",
        ),
        ({"name": "x", "t_per_t": "some"}, ArgumentError, "t_per_t is 'some', not a number"),
        ({"name": "x", "materials": "wool"}, UnknownNameError, "column 'materials'; did you mean: material"),
    ],
)
def test_ideas_that_cannot_be_used(row: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        niches(mill(), ideas=pd.DataFrame([row]))


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"stages": ["wsh"]}, UnknownNameError, "no stage 'wsh'; did you mean: wash"),
        ({"stages": ["flock"]}, ArgumentError, "'flock' is a resource"),
        ({"minimum": {"wash": -1}}, ArgumentError, "give tonnes per year"),
        ({"rome": {"wish": ["H2101"]}}, UnknownNameError, "no stage 'wish'"),
        ({"resource_level": "verified"}, UnknownNameError, "no level of supply 'verified'"),
        ({"demand_level": "expresed"}, UnknownNameError, "did you mean: expressed"),
        ({"codes": "worst"}, UnknownNameError, "there are: best, mean"),
        ({"territory_code": "T"}, ArgumentError, "give them too"),
        ({"counts": COUNTS}, ArgumentError, "say which territory of counts this one is"),
        ({"counts": COUNTS, "territory_code": "Z"}, UnknownNameError, "no territory 'Z'"),
        (
            {"counts": COUNTS.drop(columns="territory"), "territory_code": "T"},
            UnknownNameError,
            "no column 'territory'",
        ),
        ({"lang": "de"}, UnknownNameError, "lang='de'"),
    ],
)
def test_arguments_that_cannot_be_used(asked: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        niches(mill(), **asked)


# -- shape ------------------------------------------------------------------------------------------


def test_columns_and_types_are_always_the_same() -> None:
    full = niches(mill(), counts=COUNTS, territory_code="T")
    for other in (niches(valley(), stages=[]), niches(valley(), stages=["felt"])):
        pd.testing.assert_series_equal(other.dtypes, full.dtypes)
        assert other.index.name == full.index.name == "stage_id"
        assert str(other.index.dtype) == "str"
    assert niches(valley(), stages=[], score=True).columns.tolist()[-3:] == [
        "score",
        "score_low",
        "score_high",
    ]
    assert niches(valley(), stages=["soap", "wash"]).index.tolist() == ["wash", "soap"]


def test_the_same_twice_and_nothing_is_changed() -> None:
    f, counts = mill(), COUNTS.copy()
    before = {name: f.table(name) for name in f}
    first = niches(f, counts=counts, territory_code="T", score=True)
    pd.testing.assert_frame_equal(niches(f, counts=counts, territory_code="T", score=True), first)
    pd.testing.assert_frame_equal(counts, COUNTS)
    for name, table in before.items():
        pd.testing.assert_frame_equal(f.table(name), table)


def test_renaming_the_stages_renames_the_rows() -> None:
    names = {stage: f"{stage}-2" for stage in STAGES["stage_id"]}
    plain = valley(SUPPLY, DEMAND)
    tables: dict[str, pd.DataFrame] = {name: plain.table(name).reset_index() for name in plain}
    for name, column in (("stages", "stage_id"), ("stage_links", "stage_id"), ("stage_links", "to_stage_id"),
                         ("recipes", "stage_id"), ("markets", "stage_id")):  # fmt: skip
        tables[name] = tables[name].assign(**{column: tables[name][column].map(names)})
    found = niches(cv.Filiere.from_tables(strict=True, lang="fr", **tables))
    expected = niches(plain).rename(index=names)
    pd.testing.assert_frame_equal(found, expected)
