"""After the grant: which money ends, what is known of the jobs there, what lasts longer and what does not count."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.report.blocks import Block, Grid, Heading, Paragraph
from chaine_valeur.report.funding_after import after_blocks
from tests.report.readers import plain

ASK = "nothing known yet: to be asked"


def made(funding: dict[str, Any], **changes: Any) -> Filiere:
    tables: dict[str, Any] = {
        "stages": {"name": ["Tri"]},
        "actors": {"name": ["Région", "EPCI", "Relais", "Labo"], "structure_kind": [None, None, "ACI", None]},
        "activities": {"actor_id": ["Relais"], "stage_id": ["Tri"], "jobs_fte": [9], "insertion_fte": [6]},
        "funding": {"scope": "structure", "purpose": "post_aid", "state": "paid", "amount_eur": 1000}
        | funding,
    }
    return Filiere.from_tables(**(tables | changes))


def rows_of(f: Filiere, lang: str = "en") -> list[list[str]]:
    """The rows of the table, its columns being: last year, money, for, jobs and posts, what lasts longer."""
    (table,) = [block for block in after_blocks(f, lang) if isinstance(block, Grid)]
    labels = [column.label for column in table.columns]
    whole = [
        "Last year",
        "Money granted or paid",
        "For",
        "Jobs and posts known there",
        "What is known to last longer",
    ]
    found = []
    for row in table.rows:
        told = dict(zip(labels, (plain(cell.text) for cell in row), strict=True))
        found.append([told.get(label, "") for label in whole])
    return found


def said(blocks: list[Block]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


def test_money_comes_by_the_year_in_which_it_ends() -> None:
    f = made(
        {
            "funder_id": ["Région", "EPCI", "Région"],
            "beneficiary_id": ["Relais"] * 3,
            "until": [2026, 2024, 2025],
        }
    )
    assert [row[0] for row in rows_of(f)] == ["2024", "2025", "2026"]


@pytest.mark.parametrize(
    ("jobs", "told"),
    [
        ({"jobs_fte": [9], "insertion_fte": [6]}, "9 FTE, of which insertion 6"),
        ({"jobs_fte": [9], "insertion_fte": [None]}, "9 FTE"),
        ({"jobs_fte": [0], "insertion_fte": [0]}, "0 FTE, of which insertion 0"),
        ({"jobs_fte": [None], "insertion_fte": [6]}, "? FTE, of which insertion 6"),
        ({"jobs_fte": [None], "insertion_fte": [None]}, "unknown"),
    ],
)
def test_the_jobs_of_the_beneficiary(jobs: dict[str, Any], told: str) -> None:
    f = made(
        {"beneficiary_id": ["Relais"], "until": [2024]},
        activities={"actor_id": ["Relais"], "stage_id": ["Tri"]} | jobs,
    )
    assert rows_of(f)[0][3] == told


def test_jobs_of_which_one_stage_is_unknown_are_a_least_value() -> None:
    f = made(
        {"beneficiary_id": ["Relais"], "until": [2024]},
        stages={"name": ["Tri", "Collecte"]},
        activities={"actor_id": ["Relais"] * 2, "stage_id": ["Tri", "Collecte"], "jobs_fte": [9, None]},
    )
    assert rows_of(f)[0][3] == "at least 9 FTE"


def test_years_of_jobs_are_never_added() -> None:
    f = made(
        {"beneficiary_id": ["Relais"], "until": [2024]},
        activities={
            "actor_id": ["Relais"] * 2,
            "stage_id": ["Tri"] * 2,
            "year": [2023, 2024],
            "jobs_fte": [8, 9],
        },
    )
    assert rows_of(f)[0][3] == "9 FTE"


def test_money_of_a_programme_carries_its_posts_and_not_those_of_the_filiere() -> None:
    f = made(
        {"scope": ["programme", "filiere", "structure"], "until": [2024] * 3},
        outcomes={"scope": ["programme", "filiere"], "unit": ["post", "post"], "reached": [21, 4]},
    )
    assert [row[2:4] for row in rows_of(f)] == [
        ["Programme, all filières", "21 posts created"],
        ["This filière", "4 posts created"],
        ["beneficiary not stated", ""],
    ]


@pytest.mark.parametrize(
    ("other", "follows"),
    [
        # later money of the same beneficiary, whoever gives it
        (
            {"beneficiary_id": "Relais", "until": 2026, "state": "granted"},
            "aid per post (granted) up to 2026",
        ),
        (
            {"beneficiary_id": "Relais", "until": 2026, "state": None},
            "aid per post (state not stated) up to 2026",
        ),
        # of another, of the same year, or without an end: nothing is known to last longer
        ({"beneficiary_id": "Labo", "until": 2026, "state": "granted"}, ASK),
        ({"beneficiary_id": "Relais", "until": 2024, "state": "granted"}, ASK),
        ({"beneficiary_id": "Relais", "until": None, "state": "granted"}, ASK),
    ],
)
def test_what_lasts_longer_is_of_the_same_beneficiary(other: dict[str, Any], follows: str) -> None:
    f = made(
        {
            "funder_id": ["Région", "EPCI"],
            "beneficiary_id": ["Relais", other["beneficiary_id"]],
            "until": [2024, other["until"]],
            "state": ["paid", other["state"]],
        }
    )
    first = next(row for row in rows_of(f) if "Région" in row[1])
    assert first[4] == follows


def test_money_without_beneficiary_is_followed_by_that_of_its_perimeter() -> None:
    f = made(
        {"scope": ["programme", "programme", "filiere"], "until": [2024, 2025, 2027], "purpose": "animation"}
    )
    assert [row[4] for row in rows_of(f)] == ["animation (paid) up to 2025", ASK, ASK]


@pytest.mark.parametrize(
    ("agreement", "follows"),
    [
        ({"year": [2026]}, "agreement up to 2026"),
        ({"ends_on": ["2027-12-31"]}, "agreement up to 2027"),
        ({"year": [2024]}, ASK),
    ],
)
def test_an_agreement_may_last_longer(agreement: dict[str, Any], follows: str) -> None:
    f = made({"beneficiary_id": ["Relais"], "until": [2024]}, agreements={"actor_id": ["Relais"]} | agreement)
    assert rows_of(f)[0][4] == follows


@pytest.mark.parametrize(
    ("budget", "follows"),
    [
        ({"last_year": [2027], "state": ["granted"]}, "budget “Enveloppe” (granted) up to 2027"),
        (
            {"last_year": [2027], "purposes": ["post_aid;study"]},
            "budget “Enveloppe” (state not stated) up to 2027",
        ),
        ({"last_year": [2027], "purposes": ["study"]}, ASK),
        ({"last_year": [2024]}, ASK),
        ({"last_year": [None]}, ASK),
        ({"last_year": [2027], "funder_id": ["EPCI"]}, ASK),
    ],
)
def test_a_budget_of_the_same_funder_may_pay_for_the_same(budget: dict[str, Any], follows: str) -> None:
    f = made(
        {"funder_id": ["Région"], "beneficiary_id": ["Labo"], "until": [2024]},
        budgets={"name": ["Enveloppe"], "funder_id": ["Région"]} | budget,
    )
    assert rows_of(f)[0][4] == follows


def test_many_that_follow_are_counted() -> None:
    f = made({"beneficiary_id": ["Relais"] * 8, "until": [2024, *range(2025, 2032)]})
    assert rows_of(f)[0][4].endswith("and 3 others")  # four are named


def test_the_summary_says_how_many_have_ended_only_where_a_year_is_known() -> None:
    money = {"beneficiary_id": ["Relais"] * 2, "until": [2023, 2025]}
    without = said(after_blocks(made(money), "en"))
    assert "2 fundings granted or paid have a stated end (1 in 2023 and 1 in 2025)." in without
    assert "ended before" not in without
    within = said(after_blocks(made(money, filiere={"name": ["L"], "reference_year": [2024]}), "en"))
    assert "1 of them ends in 2024 or ended before." in within


def test_it_begins_with_its_question_in_both_languages() -> None:
    f = made({"beneficiary_id": ["Relais"], "until": [2024]})
    titles = {lang: after_blocks(f, lang)[0] for lang in ("fr", "en")}
    assert isinstance(titles["fr"], Heading) and titles["fr"].text == "Et après la subvention\u202f?"
    assert isinstance(titles["en"], Heading) and titles["en"].text == "And after the grant?"


def test_no_money_or_requests_alone_say_nothing() -> None:
    assert after_blocks(made({"state": ["requested"], "until": [2024]}), "en") == []
    assert after_blocks(Filiere.from_tables(actors={"name": ["A"]}), "en") == []
