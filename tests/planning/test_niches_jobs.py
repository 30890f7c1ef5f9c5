"""Insertion jobs per tonne of a stage wherever they can be read; needs against a loop; the words of each case."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.planning.niches import niches, recruitment_table
from chaine_valeur.planning.niches._ideas import brought, expected
from chaine_valeur.planning.niches._jobs import intensities
from chaine_valeur.planning.niches.needs import NEED_COLUMNS, current_needs, needs_for, sums_of_needs

from .niches_valley import valley

FEW = settings(max_examples=30)


def sorting(
    activities: list[dict[str, Any]], options: list[dict[str, Any]] | None = None, **tables: Any
) -> cv.Filiere:
    """Return one stage with activities of Active, Other, Planned, Candidate, Closed."""
    frames: dict[str, Any] = {
        "stages": {"name": ["Sort"]},
        "actors": {"name": ["Active", "Other", "Planned", "Candidate", "Closed"],
                   "status": ["active", "active", "planned", "candidate", "closed"]},
        "activities": pd.DataFrame([{"stage_id": "sort"} | row for row in activities]) if activities else None,
        "options": pd.DataFrame([{"stage_id": "sort", "kind": "activity"} | row for row in options]) if options else None,
    }  # fmt: skip
    return cv.Filiere.from_tables(**(frames | tables))


def read(f: cv.Filiere) -> tuple[float, str, tuple[str, ...]]:
    (found,) = intensities(f)
    return found.fte_per_t, found.basis, found.rows


# -- insertion jobs per tonne -----------------------------------------------------------------------


def test_nothing_is_unknown() -> None:
    assert read(sorting([]))[1:] == ("", ())
    assert math.isnan(read(sorting([]))[0])
    silent = sorting(
        [{"actor_id": "Active", "capacity_t_per_year": 100}, {"actor_id": "Other", "insertion_fte": 3}]
    )
    assert read(silent)[1] == ""  # jobs of one, tonnes of the other


def test_capacities_of_those_who_say_both() -> None:
    f = sorting(
        [
            {"activity_id": "a", "actor_id": "Active", "capacity_t_per_year": 100, "insertion_fte": 3},
            {"activity_id": "b", "actor_id": "Other", "capacity_t_per_year": 300, "insertion_fte": 1},
            {"activity_id": "c", "actor_id": "Planned", "capacity_t_per_year": 1, "insertion_fte": 9},
            {"activity_id": "d", "actor_id": "Closed", "capacity_t_per_year": 1, "insertion_fte": 9},
        ]
    )
    assert read(f) == (4 / 400, "capacity", ("a", "b"))


def test_no_insertion_job_is_a_known_zero() -> None:
    f = sorting([{"activity_id": "a", "actor_id": "Active", "capacity_t_per_year": 100, "insertion_fte": 0}])
    assert read(f) == (0.0, "capacity", ("a",))


def test_those_who_plan_to_are_read_where_nobody_does() -> None:
    rows = [
        {
            "activity_id": "a",
            "actor_id": "Planned",
            "capacity_t_per_year": 100,
            "insertion_fte": 5,
            "year": 2025,
        },
        {
            "activity_id": "b",
            "actor_id": "Planned",
            "capacity_t_per_year": 100,
            "insertion_fte": 7,
            "year": 2026,
        },
        {"activity_id": "c", "actor_id": "Candidate", "capacity_t_per_year": 100, "insertion_fte": 1},
        {"activity_id": "d", "actor_id": "Closed", "capacity_t_per_year": 1, "insertion_fte": 9},
    ]
    # the latest of each: 7 + 1 for 200 t
    assert read(sorting(rows)) == (8 / 200, "planned", ("b", "c"))


def test_options_come_last_and_only_those_that_create_an_activity() -> None:
    options = [
        {"option_id": "o1", "name": "Line", "capacity_t_per_year": 50, "insertion_fte": 2},
        {"option_id": "o2", "name": "Posts", "kind": "posts", "capacity_t_per_year": 1, "insertion_fte": 9},
        {"option_id": "o3", "name": "Half", "capacity_t_per_year": 0, "insertion_fte": 9},
    ]
    assert read(sorting([], options)) == (2 / 50, "options", ("o1",))
    planned = [{"activity_id": "a", "actor_id": "Planned", "capacity_t_per_year": 10, "insertion_fte": 1}]
    assert read(sorting(planned, options)) == (0.1, "planned", ("a",))


def test_an_activity_of_another_year_does_not_count() -> None:
    rows = [
        {
            "activity_id": "a",
            "actor_id": "Active",
            "capacity_t_per_year": 100,
            "insertion_fte": 1,
            "year": 2023,
        },
        {
            "activity_id": "b",
            "actor_id": "Active",
            "capacity_t_per_year": 100,
            "insertion_fte": 2,
            "year": 2024,
        },
    ]
    f = sorting(rows)
    assert read(f) == (0.02, "capacity", ("b",))
    assert read(f.at(2023)) == (0.01, "capacity", ("a",))


# -- what is weighed --------------------------------------------------------------------------------


def test_the_smallest_option_gives_a_stage_its_minimum() -> None:
    options = [
        {"option_id": "o1", "name": "Line", "minimum_viable_t_per_year": 50},
        {"option_id": "o2", "name": "Half", "minimum_viable_t_per_year": 30},
        {"option_id": "o3", "name": "Posts", "kind": "posts", "minimum_viable_t_per_year": 1},
    ]
    (one,) = expected(sorting([], options), None, minimum={}, rome={})
    assert (one.minimum, one.minimum_basis, one.minimum_rows) == (30, "options", ("o2",))
    f = sorting(
        [], options, stages={"name": ["Sort"], "minimum_viable_t_per_year": [70], "naf": ["38.32Z;38.11Z"]}
    )
    (one,) = expected(f, None, minimum={}, rome={"sort": ["K2304"]})
    assert (one.minimum, one.minimum_basis, one.minimum_rows, one.n_own) == (70, "stage", ("sort",), 0)
    assert (one.naf, one.rome) == (("38.32Z", "38.11Z"), ("K2304",))
    (one,) = expected(f, None, minimum={"sort": 5}, rome={})
    assert (one.minimum, one.minimum_basis, one.minimum_rows, one.n_own) == (5, "argument", (), 1)


def test_ideas_are_read_as_they_are_written() -> None:
    frame = pd.DataFrame(
        {"name": [" Felt slabs "], "material": [" wool"], "product": ["WEB"], "t_per_t": ["0.5"],
         "naf": ["13.99Z; 23.99Z"], "rome": [None], "minimum_viable_t_per_year": [None], "insertion_fte_per_t": [0.0]}
    )  # fmt: skip
    (one,) = brought(valley(), frame)
    assert (one.key, one.name, one.kind, one.place) == ("felt-slabs", "Felt slabs", "idea", -1)
    assert (one.material, one.product, one.t_per_t) == (0, 4, 0.5)
    assert (one.naf, one.rome, one.fte_per_t) == (("13.99Z", "23.99Z"), (), 0.0)
    assert math.isnan(one.minimum)
    assert one.n_own == 2  # the yield and the jobs
    assert brought(valley(), None) == []
    assert brought(valley(), frame.iloc[:0]) == []


def test_two_ideas_of_one_name_are_refused() -> None:
    with pytest.raises(cv.ArgumentError, match="'Slabs' has the name of a stage or of another idea"):
        brought(valley(), pd.DataFrame({"name": ["slabs", "Slabs"]}))


# -- needs ------------------------------------------------------------------------------------------

need = st.fixed_dictionaries(
    {
        "actor_id": st.sampled_from(["mill", "shop"]),
        "stage_id": st.sampled_from(["wash", "card", None]),
        "rome": st.sampled_from(["H2406", "D1211", None]),
        "posts": st.one_of(st.none(), st.integers(0, 5)),
        "qualification": st.sampled_from(["no_diploma", "bac", None]),
        "cause": st.sampled_from(["hard_to_fill", "growth", None]),
        "open_to_insertion": st.sampled_from([True, False, None]),
    }
)


@FEW
@given(st.lists(need, max_size=6))
def test_sums_against_a_loop(rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(rows, columns=list(need_columns)).astype(need_columns)
    found = sums_of_needs(frame)

    def of(keep: list[dict[str, Any]]) -> float:
        known = [row["posts"] for row in keep if row["posts"] is not None]
        return 0.0 if not keep else float(sum(known)) if known else math.nan

    assert list(found) == list(NEED_COLUMNS)
    expected = {
        "posts": of(rows),
        "open_posts": of([row for row in rows if row["open_to_insertion"]]),
        "hard_to_fill_posts": of([row for row in rows if row["cause"] == "hard_to_fill"]),
        "no_diploma_posts": of([row for row in rows if row["qualification"] == "no_diploma"]),
        "n_needs": len(rows),
        "n_unknown_posts": sum(row["posts"] is None for row in rows),
        "n_not_asked": sum(row["open_to_insertion"] is None for row in rows),
    }
    assert found == pytest.approx(expected, nan_ok=True)


need_columns = {
    "actor_id": "str", "stage_id": "str", "rome": "str", "posts": "float64", "qualification": "str", "cause": "str",
    "open_to_insertion": "boolean",
}  # fmt: skip


@FEW
@given(
    st.lists(need, max_size=6),
    st.sampled_from(["wash", "card", None]),
    st.sets(st.sampled_from(["H2406", "D1211"])),
)
def test_which_needs_are_near_against_a_loop(
    rows: list[dict[str, Any]], stage: str | None, rome: set[str]
) -> None:
    frame = pd.DataFrame(rows, columns=list(need_columns)).astype(need_columns)
    here = [row for row in rows if stage is not None and row["stage_id"] == stage]
    codes = rome | {row["rome"] for row in here if row["rome"]}
    near = [place for place, row in enumerate(rows) if row in here or row["rome"] in codes]
    assert needs_for(frame, stage=stage, rome=rome).index.tolist() == near


def test_every_need_is_in_one_row_of_each_table() -> None:
    f = cv.datasets.load("exemple_complet")
    rows = current_needs(f)
    assert len(rows) > 3
    for by in ("stage", "rome", "qualification"):
        table = recruitment_table(f, by=by)
        assert table["n_needs"].sum() == len(rows)
        assert table["posts"].sum() == rows["posts"].sum()
        assert table["n_unknown_posts"].sum() == rows["posts"].isna().sum()


# -- words ------------------------------------------------------------------------------------------


def told(*markets: tuple[Any, ...], stage: str = "wash", **tables: Any) -> list[str]:
    """Return the clauses of a sentence in French."""
    return str(niches(valley(*markets, **tables)).loc[stage, "sentence"]).rstrip(".").split("\u202f; ")


@pytest.mark.parametrize(
    ("level", "tonnes", "clause"),
    [
        ("mobilized", 1, "1\xa0t/an mobilisée"),
        ("mobilized", 80, "80\xa0t/an mobilisées"),
        ("mobilizable", 80, "80\xa0t/an mobilisables"),
        ("raw", 80, "80\xa0t/an de gisement brut"),
        (None, 80, "80\xa0t/an de gisement, niveau non précisé"),
    ],
)
def test_the_level_of_a_resource_is_always_named(level: str | None, tonnes: float, clause: str) -> None:
    assert told(("supply", level, "wool", "flock", tonnes))[0] == f"{clause}, pour un seuil de 100\xa0t/an"


@pytest.mark.parametrize(
    ("level", "clause"),
    [
        ("expressed", "débouché exprimé de 4\xa0t/an"),
        ("verified", "débouché vérifié de 4\xa0t/an"),
        ("contracted", "débouché contractualisé de 4\xa0t/an"),
        (None, "débouché de 4\xa0t/an"),
    ],
)
def test_the_level_of_a_demand_is_always_named(level: str | None, clause: str) -> None:
    market = ("demand", level, "grease", "soap", 4, "club")
    assert told(market, stage="soap")[1] == clause
    assert told(market)[1] == f"{clause}, soit 40\xa0t/an à l’entrée du maillon"


def test_what_is_only_a_least_is_told_so() -> None:
    rows = (
        ("demand", "expressed", "grease", "soap", 4, "club"),
        ("demand", "expressed", "grease", "soap", None, "shop"),
    )
    assert told(*rows, stage="soap")[1] == "débouché exprimé d’au moins 4\xa0t/an"


@pytest.mark.parametrize(
    ("row", "clause"),
    [
        (
            {"capacity_t_per_year": 500, "insertion_fte": 0, "actor_id": "Mill"},
            "aucun emploi d’insertion aujourd’hui",
        ),
        (
            {"capacity_t_per_year": 500, "insertion_fte": 6, "actor_id": "Mill"},
            "12 ETP d’insertion pour 1\u202f000\xa0t/an",
        ),
        (
            {"capacity_t_per_year": 500, "insertion_fte": 0, "actor_id": "Shop"},
            "aucun emploi d’insertion prévu",
        ),
        (
            {"capacity_t_per_year": 500, "insertion_fte": 6, "actor_id": "Shop"},
            "12 ETP d’insertion pour 1\u202f000\xa0t/an, d’après les projets",
        ),
        ({"actor_id": "Mill"}, "emplois d’insertion inconnus"),
    ],
)
def test_jobs_of_today_and_those_that_are_planned(row: dict[str, Any], clause: str) -> None:
    actors = {"name": ["Mill", "Shop"], "status": ["active", "planned"]}
    found = told(actors=actors, activities=pd.DataFrame([{"stage_id": "wash"} | row]))
    assert found[-1] == clause


def test_posts_are_told_where_there_are_some() -> None:
    needs = {"actor_id": ["mill"], "stage_id": ["wash"], "posts": [1]}
    assert told(recruitment_needs=needs)[-1] == "1 poste à pourvoir"
    assert told(recruitment_needs=needs | {"posts": [None]})[-1] == "emplois d’insertion inconnus"
