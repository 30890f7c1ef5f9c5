"""Supervision (G8), insertion jobs per tonne (G11), recruitment needs: by hand and degenerate."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, accounts, insertion
from tests.insertion.programme import measure, plain

ACTORS = {
    "actor_id": ["relais", "atelier", "papeterie", "projet"],
    "name": ["Relais", "Atelier", "Papeterie", "Projet"],
    "structure_kind": ["EI", "ACI", "company", "ACI"],
    "status": ["active", "active", "active", "planned"],
}
STAGES: dict[str, list[Any]] = {
    "stage_id": ["collecte", "tri", "vente"],
    "name": ["Collecte", "Tri", "Vente"],
    "rank": [1, 2, 3],
}


def with_jobs(*rows: tuple[str, str, float | None, float | None], **tables: Any) -> Filiere:
    """Return activities: actor, stage, insertion FTE, supervision FTE."""
    frame = pd.DataFrame(list(rows), columns=["actor_id", "stage_id", "insertion_fte", "supervision_fte"])
    return Filiere.from_tables(**{"actors": ACTORS, "stages": STAGES, "activities": frame, **tables})


# -- G8 -----------------------------------------------------------------------------------------------


def test_supervision_by_hand() -> None:
    # Relais 1 + 1 for 4 + 6; Atelier 1 for 5, and an activity of unknown supervision that is left out
    f = with_jobs(
        ("relais", "collecte", 4, 1),
        ("relais", "tri", 6, 1),
        ("atelier", "tri", 5, 1),
        ("atelier", "vente", 3, None),
    )
    assert insertion.supervision_ratio(f) == 0.2  # 3 for 15
    rows = insertion.supervision_table(f)
    assert rows.index.tolist() == ["relais", "atelier"]
    assert rows.loc["relais"].tolist() == [10, 2, 0.2, 5, 2, 0]
    assert rows.loc["atelier"].tolist() == [8, 1, 0.2, 5, 2, 1]  # of what gives both: 1 for 5
    found = measure("G8", f, lang="en")
    assert (found.numerator, found.denominator, found.n_unknown, found.unit) == (3, 15, 1, "ratio")
    assert found.n_rows == 3 and math.isnan(found.low)
    assert "3 FTE of supervision for 15 FTE in insertion" in plain(found.note)
    assert "not known for 1 activity" in found.note


def test_who_has_no_insertion_jobs_has_nothing_to_supervise() -> None:
    f = with_jobs(("papeterie", "tri", 0, 3), ("papeterie", "vente", None, None), ("projet", "tri", 9, 9))
    assert math.isnan(insertion.supervision_ratio(f))
    assert insertion.supervision_table(f).empty
    assert measure("G8", f).n_unknown == 0


def test_a_siae_of_which_nothing_is_said_is_a_question() -> None:
    f = with_jobs(("atelier", "tri", None, None), ("papeterie", "vente", None, 2))
    rows = insertion.supervision_table(f)
    assert rows["n_unknown"].to_dict() == {"atelier": 1, "papeterie": 1}
    assert rows[["insertion_fte", "ratio", "per_supervisor"]].isna().all(axis=None)
    assert measure("G8", f).n_unknown == 2


def test_no_supervision_is_zero_and_no_one_can_be_counted_for_it() -> None:
    f = with_jobs(("relais", "tri", 5, 0))
    assert insertion.supervision_ratio(f) == 0.0
    assert math.isnan(insertion.supervision_table(f).loc["relais", "per_supervisor"])


def test_the_table_has_the_same_types_when_it_is_empty() -> None:
    empty, full = (insertion.supervision_table(f) for f in (with_jobs(), with_jobs(("relais", "tri", 5, 1))))
    assert (empty.dtypes == full.dtypes).all() and list(empty) == list(full)
    assert empty.index.name == full.index.name == "actor_id"


values = st.one_of(st.none(), st.sampled_from([0.0, 0.5, 2.0, 7.0]))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.tuples(st.sampled_from(["relais", "atelier"]), st.sampled_from(STAGES["stage_id"])),
                       st.tuples(values, values), min_size=1))  # fmt: skip
def test_the_ratio_of_all_lies_among_those_of_the_structures(jobs: dict[Any, Any]) -> None:
    f = with_jobs(*((*place, *fte) for place, fte in jobs.items()))
    both = [one for one in jobs.values() if None not in one and one[0] > 0]
    expected = sum(one[1] for one in both) / sum(one[0] for one in both) if both else math.nan
    assert insertion.supervision_ratio(f) == pytest.approx(expected, nan_ok=True)
    rows = insertion.supervision_table(f)
    if both:
        assert rows["ratio"].min() - 1e-9 <= expected <= rows["ratio"].max() + 1e-9
    assert rows["n_unknown"].sum() == measure("G8", f).n_unknown


# -- G11 ----------------------------------------------------------------------------------------------


def test_insertion_jobs_per_tonne_by_hand() -> None:
    """400 t enter at Relais and 380 go on to Atelier: they count once. 8 + 4 FTE for 400 t."""
    f = with_jobs(
        ("relais", "collecte", 8, None),
        ("atelier", "tri", 4, None),
        flows={
            "source": [None, "relais"],
            "target": ["relais", "atelier"],
            "quantity_t_per_year": [400, 380],
        },
    )
    assert insertion.intensity(f) == 12 / 400
    assert insertion.intensity(f) == measure_of_accounts(f)
    by_stage = accounts.insertion_fte_per_t(f)
    assert by_stage["collecte"] == 8 / 400 and by_stage["tri"] == 4 / 380
    assert math.isnan(by_stage["vente"])


def measure_of_accounts(f: Filiere) -> float:
    return next(one for one in accounts.INDICATORS if one.indicator_id == "G11").measure(f).value


def test_without_jobs_or_tonnes_there_is_no_intensity() -> None:
    assert math.isnan(insertion.intensity(with_jobs(("relais", "tri", 5, 1))))
    assert math.isnan(insertion.intensity(Filiere.from_tables(actors={"name": ["Relais"]})))


# -- recruitment needs --------------------------------------------------------------------------------


def with_needs(*rows: dict[str, Any], year: int | None = None) -> Filiere:
    frame = pd.DataFrame([{"actor_id": "papeterie", **row} for row in rows])
    f = Filiere.from_tables(actors=ACTORS, recruitment_needs=frame if rows else None)
    return f if year is None else f.at(year)


def test_needs_by_hand() -> None:
    f = with_needs(
        {"posts": 3, "qualification": "bac", "cause": "growth", "open_to_insertion": "non"},
        {"posts": 2, "qualification": "no_diploma", "cause": "growth", "open_to_insertion": "oui"},
        {"posts": 4, "qualification": "no_diploma", "cause": "growth"},
        {"posts": None, "qualification": "no_diploma", "cause": "growth", "open_to_insertion": "oui"},
        {"posts": 1, "qualification": "no_diploma", "cause": "departure", "open_to_insertion": "oui"},
        {"posts": 5},
        {"posts": 99, "actor_id": "projet"},  # not yet there: it recruits nobody
    )
    rows = insertion.needs_table(f)
    # lowest qualification first, causes in the order of their list, what is not stated last
    assert rows[["qualification", "cause"]].values.tolist() == [
        ["no_diploma", "departure"], ["no_diploma", "growth"], ["bac", "growth"], ["", ""],
    ]  # fmt: skip
    numbers = ["n_needs", "posts", "n_unknown", "open_posts", "closed_posts", "not_asked_posts"]
    assert rows[numbers].values.tolist() == [
        [1, 1, 0, 1, 0, 0], [3, 6, 1, 2, 0, 4], [1, 3, 0, 0, 3, 0], [1, 5, 0, 0, 0, 5],
    ]  # fmt: skip


def test_needs_of_unknown_posts_are_unknown_and_counted() -> None:
    (row,) = insertion.needs_table(with_needs({"qualification": "bac"}, {"qualification": "bac"})).to_dict(
        "records"
    )
    assert math.isnan(row["posts"]) and (row["n_needs"], row["n_unknown"]) == (2, 2)


def test_needs_of_the_latest_year_or_of_that_asked_for() -> None:
    rows = ({"posts": 1, "year": 2023}, {"posts": 2, "year": 2024}, {"posts": 4})
    assert insertion.needs_table(with_needs(*rows))["posts"].sum() == 6
    assert insertion.needs_table(with_needs(*rows, year=2023))["posts"].sum() == 5


def test_needs_have_the_same_types_when_there_are_none() -> None:
    empty, full = insertion.needs_table(with_needs()), insertion.needs_table(with_needs({"posts": 1}))
    assert len(empty) == 0 and list(empty) == list(full) and (empty.dtypes == full.dtypes).all()


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 9)), st.sampled_from(["oui", "non", None]),
                          st.sampled_from(["bac", "bac_2", None])), min_size=1, max_size=6))  # fmt: skip
def test_every_post_is_open_closed_or_not_asked(needs: list[tuple[Any, Any, Any]]) -> None:
    f = with_needs(
        *(
            {"posts": posts, "open_to_insertion": asked, "qualification": level}
            for posts, asked, level in needs
        )
    )
    rows = insertion.needs_table(f)
    parts = rows[["open_posts", "closed_posts", "not_asked_posts"]].sum(axis=1)
    assert (parts == rows["posts"].fillna(0)).all()
    assert rows["posts"].sum() == sum(posts or 0 for posts, *_ in needs)
    assert (rows["n_needs"].sum(), rows["n_unknown"].sum()) == (
        len(needs),
        sum(posts is None for posts, *_ in needs),
    )
