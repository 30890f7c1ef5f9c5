"""The section on funding: balanced by hand, what is only requested or unknown kept apart, and after the grant."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report.blocks import Grid, Heading, Paragraph, Section
from chaine_valeur.report.funding import funding_rows, funding_section
from tests.report.builders import HOSTILE, SCRIPT, grid, paragraphs
from tests.report.readers import plain

NN = "\u202f"
PROGRAMME = "Funding by funder and purpose: programme, all filières"
FILIERE = "Funding by funder and purpose: this filière"
AFTER = "What ends when, and what lasts longer"

MONEY: dict[str, Any] = {
    "scope": ["programme", "programme", "programme", "filiere", "structure", "structure"],
    "funder_id": ["EPCI", "Région", "Région", "Région", "État", "Région"],
    "beneficiary_id": [None, None, None, "Relais", "Relais", "Relais"],
    "purpose": ["animation", "animation", "study", "investment", "post_aid", "training"],
    "state": ["paid", "granted", "granted", "requested", "paid", "granted"],
    "amount_eur": [90_000, 60_000, None, 75_000, 168_000, 5_000],
    "since": [2022, 2022, 2023, 2025, 2024, 2024],
    "until": [2024, 2024, None, 2026, 2024, 2025],
}


def funded(**changes: Any) -> Filiere:
    """A programme, a filière and a structure that receive money; Relais employs 10 FTE, 6 of them in insertion."""
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "programme": ["Filières"], "reference_year": [2024]},
        "stages": {"name": ["Tri", "Collecte"]},
        "actors": {"name": ["EPCI", "Région", "État", "Relais"], "structure_kind": [None, None, None, "ACI"]},
        "activities": {
            "actor_id": ["Relais", "Relais"],
            "stage_id": ["Tri", "Collecte"],
            "year": [2024, 2024],
            "jobs_fte": [7, 3],
            "insertion_fte": [4, 2],
        },
        "outcomes": {
            "scope": ["programme"],
            "unit": ["post"],
            "target": [30],
            "reached": [21],
            "year": [2024],
        },
        "funding": MONEY,
    }
    return Filiere.from_tables(**(tables | changes))


def section_of(f: Filiere, lang: str = "en") -> Section | None:
    return funding_section(diagnose(f, lang=lang, checks=[], indicators=[]))


@pytest.fixture(scope="module")
def section() -> Section:
    found = section_of(funded())
    assert found is not None
    return found


def shown(section: Section, caption: str) -> list[list[str]]:
    return [[plain(cell).replace(NN, " ") for cell in row] for row in grid(section, caption)]


# -- who pays for what ----------------------------------------------------------------------------------


def test_the_lead_tells_each_perimeter_apart(section: Section) -> None:
    # programme 90 000 + 60 000, one amount unknown; the filière has only asked; structures 168 000 + 5 000
    assert plain(paragraphs(section)[0]) == (
        "Programme, all filières: 150,000 € + 1 unknown amount granted or paid. This filière: 75,000 € only requested. "
        "Structures: 173,000 € granted or paid."
    )
    assert "never added together" in paragraphs(section)[1]


def test_resources_and_expenses_balance(section: Section) -> None:
    table = shown(section, PROGRAMME)
    # paid, granted, granted or paid, unknown, years
    assert table == [
        ["EPCI", "Animation", "90,000", "", "90,000", "", "2022–2024"],
        ["Région", "Animation", "", "60,000", "60,000", "", "2022–2024"],
        ["Région", "Study", "", "unknown", "unknown", "1", "2023"],
        ["Total resources", "", "90,000", "≥ 60,000", "≥ 150,000", "1", "2022–2024"],
        ["All funders", "Animation", "90,000", "60,000", "150,000", "", "2022–2024"],
        ["All funders", "Study", "", "unknown", "unknown", "1", "2023"],
        ["Total expenses", "", "90,000", "≥ 60,000", "≥ 150,000", "1", "2022–2024"],
    ]
    by_name = {row[0]: row[2:] for row in table}
    assert by_name["Total resources"] == by_name["Total expenses"]


def test_what_is_only_requested_is_in_no_total(section: Section) -> None:
    (table,) = [one for one in section.blocks if isinstance(one, Grid) and one.caption == FILIERE]
    heads = [column.label for column in table.columns]
    assert heads == ["Funder", "Purpose", "Only requested (€)", "Years"]
    assert shown(section, FILIERE) == [["Région", "Investment", "75,000", "2025–2026"]]


def test_programme_and_filiere_are_two_tables_and_no_sum_mixes_them(section: Section) -> None:
    told = " ".join(
        cell.text for block in section.blocks if isinstance(block, Grid) for row in block.rows for cell in row
    )
    for mixed in ("225,000", "323,000", "318,000", "393,000"):
        assert mixed not in told
    captions = [block.caption for block in section.blocks if isinstance(block, Grid)]
    assert captions[:3] == [PROGRAMME, FILIERE, "Funding by funder and purpose: structures"]


def test_money_without_a_state_counts_as_granted_and_says_so() -> None:
    f = funded(funding={"scope": ["filiere"] * 2, "funder_id": ["EPCI"] * 2, "purpose": ["study", "other"],
                        "amount_eur": [10, 20], "state": [None, "granted"]})  # fmt: skip
    found = section_of(f)
    assert found is not None
    (table,) = [one for one in found.blocks if isinstance(one, Grid) and one.caption == FILIERE]
    assert [column.label for column in table.columns][2:] == [
        "Granted (€)", "State not stated (€)", "Granted or paid (€)"
    ]  # fmt: skip
    assert shown(found, FILIERE)[2] == ["Total resources", "", "20", "10", "30"]
    assert "counts as granted" in table.note


def test_the_rows_are_all_there(section: Section) -> None:
    rows = grid(section, "Funding")
    assert len(rows) == len(MONEY["scope"])
    assert [row[5] for row in rows][2] == "unknown"
    assert funding_rows(funded(), "fr").caption == "Financements"


# -- and after the grant --------------------------------------------------------------------------------


def test_what_ends_when_with_what_it_carries_and_what_lasts_longer(section: Section) -> None:
    assert [block.text for block in section.blocks if isinstance(block, Heading)] == ["And after the grant?"]
    rows = shown(section, AFTER)
    # requested money does not end; the study has no stated end
    assert [row[:2] for row in rows] == [
        ["2024", "Animation: EPCI (90,000 €)"],
        ["2024", "Animation: Région (60,000 €)"],
        ["2024", "Aid per post: État (168,000 €)"],
        ["2025", "Training: Région (5,000 €)"],
    ]
    # Relais: 7 + 3 FTE, 4 + 2 in insertion; the programme: its posts
    assert rows[0][2:] == [
        "Programme, all filières", "21 posts created for 30 expected (70%)", "nothing known yet: to be asked"
    ]  # fmt: skip
    assert rows[2][2:] == [
        "Relais", "10 FTE, of which insertion 6",
        "investment (requested) up to 2026 and training (granted) up to 2025",
    ]  # fmt: skip
    assert rows[3][4] == "investment (requested) up to 2026"


def test_the_summary_counts_ends_and_what_nobody_said(section: Section) -> None:
    said = " ".join(paragraphs(section))
    assert "4 fundings granted or paid have a stated end (3 in 2024 and 1 in 2025)." in said
    assert "3 of them end in 2024 or ended before." in said
    assert "Of 1 funding granted or paid nobody stated the end" in said


def test_agreements_and_budgets_of_the_funder_last_longer() -> None:
    f = funded(
        agreements={"actor_id": ["Relais", "Relais"], "year": [2024, 2026]},
        options={"name": ["Atelier"], "kind": ["other"]},
        budgets={
            "name": ["Enveloppe", "Réservée", "Études", "Courte"],
            "funder_id": ["EPCI", "EPCI", "EPCI", "EPCI"],
            "last_year": [2027, 2027, 2027, 2024],
            "purposes": [None, None, "study", None],
            "option_id": [None, "Atelier", None, None],
            "state": ["granted"] * 4,
        },
    )
    found = section_of(f)
    assert found is not None
    rows = shown(found, AFTER)
    # of the four only the first may pay for animation after 2024, and is kept for nothing else
    assert rows[0][4] == "budget “Enveloppe” (granted) up to 2027"
    assert rows[1][4] == "nothing known yet: to be asked"  # another funder
    assert "agreement up to 2026" in rows[2][4]


def test_without_years_it_asks_for_them() -> None:
    found = section_of(datasets.load("textiles_usages"), "fr")
    assert found is not None
    said = " ".join(paragraphs(found))
    assert "La fin de 4 financements accordés ou versés n’est pas indiquée" in said
    assert not [one for one in found.blocks if isinstance(one, Grid) and "au-delà" in one.caption]


def test_only_requests_end_nothing() -> None:
    f = funded(funding={"scope": ["filiere"], "funder_id": ["EPCI"], "state": ["requested"], "until": [2024]})
    found = section_of(f)
    assert found is not None
    assert not [block for block in found.blocks if isinstance(block, Heading)]


def test_none_without_funding_and_the_picture_where_it_is_given() -> None:
    assert section_of(funded(funding=None)) is None
    remark = Paragraph("drawn here", "warning")
    found = funding_section(diagnose(funded(), lang="en", checks=[], indicators=[]), remark)
    assert found is not None and remark in found.blocks


def test_hostile_names_stay_plain_text() -> None:
    f = Filiere.from_tables(
        actors={"name": list(HOSTILE)},
        funding={
            "funder_id": list(HOSTILE),
            "beneficiary_id": list(HOSTILE),
            "until": [2024] * 4,
            "scope": "structure",
        },
        strict=False,
    )
    found = section_of(f)
    assert found is not None
    assert any(
        cell.text == SCRIPT
        for block in found.blocks
        if isinstance(block, Grid)
        for row in block.rows
        for cell in row
    )
