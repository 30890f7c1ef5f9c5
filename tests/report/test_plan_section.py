"""The section on the plan: what is taken with its reason, balanced money, what is not taken, what remains to pay.

Two years, 2025 and 2026, one budget of 50,000 €. « Tri » costs 10,000 € then 20,000 € a year, 8,000 € of it aid:
it takes 10,000 + 2 × 12,000 = 34,000 € of the budget. « Étude » costs 30,000 €, more than the 16,000 € left, and
brings no post. « Vague » has no cost: it is left aside.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.planning.plan import Plan, plan
from chaine_valeur.report import content, html_text, write_docx
from chaine_valeur.report.blocks import Grid, Paragraph, Points, Section
from chaine_valeur.report.plan import actions_grid, plan_section
from chaine_valeur.report.plan_sheets import plan_sheets
from chaine_valeur.report.proposals import proposal_content, proposal_sections, write_plan
from tests.report.builders import FORMULA, SCRIPT
from tests.report.readers import docx_text, plain

pytestmark = pytest.mark.long

OPTIONS: dict[str, Any] = {
    "name": ["Tri", "Étude", "Vague"], "kind": ["posts", "other", "posts"], "insertion_fte": [2, 0, 1],
    "investment_eur": [10_000, 30_000, None], "running_cost_eur_per_year": [20_000, 0, 5_000],
    "post_aid_eur_per_year": [8_000, None, None],
}  # fmt: skip
BUDGETS = {"name": ["Enveloppe"], "amount_eur": [50_000], "first_year": [2025], "last_year": [2026]}


def filiere(**more: Any) -> Filiere:
    tables = {"actors": {"name": ["Atelier"]}, "options": OPTIONS, "budgets": BUDGETS, **more}
    return Filiere.from_tables(**tables)


@cache
def planned(lang: str = "en") -> tuple[Filiere, Plan]:
    f = filiere()
    return f, plan(f, lang=lang)


@cache
def section(lang: str = "en") -> Section:
    f, found = planned(lang)
    told = plan_section(f, found, lang=lang)
    assert told is not None
    return told


def grids(told: Section) -> dict[str, list[list[str]]]:
    return {
        block.caption: [[plain(cell.text) for cell in row] for row in block.rows]
        for block in told.blocks
        if isinstance(block, Grid)
    }


def test_what_is_taken_stands_with_its_reason_and_its_money():
    rows = grids(section())["Actions proposed, with what each brings"]
    (first, total) = rows
    assert first[:3] == ["2025", "Tri", "To be named"]
    assert first[4:] == ["2", "50,000", "34,000"]  # 10,000 + 2 × 20,000
    assert "2 insertion FTE" in first[3]
    assert total == ["", "Total", "", "", "2", "50,000", "34,000"]
    # 34,000 for 2 FTE in each of two years
    (note,) = [
        b.note for b in section().blocks if isinstance(b, Grid) and b.caption.startswith("Actions proposed")
    ]
    assert plain(note).endswith("the budgets pay 8,500 € for one year of full-time insertion work.")


def test_expenses_and_resources_are_balanced_year_by_year():
    rows = {row[0]: row[1:] for row in grids(section())["Funding, year by year"]}
    assert rows == {
        "Investments": ["10,000", "0", "10,000"],
        "Yearly costs": ["20,000", "20,000", "40,000"],
        "Total expenses": ["30,000", "20,000", "50,000"],
        "Enveloppe": ["22,000", "12,000", "34,000"],
        "Aid to posts": ["8,000", "8,000", "16,000"],
        "Receipts": ["0", "0", "0"],
        "Total resources": ["30,000", "20,000", "50,000"],
    }


def test_each_budget_with_who_gives_it_and_how_sure_it_is():
    assert grids(section())["Budgets of the plan"] == [
        ["Enveloppe", "no state given", "50,000", "34,000", "16,000"],
        ["Total", "", "50,000", "34,000", "16,000"],
    ]
    money = BUDGETS | {"funder_id": ["Atelier"], "state": ["granted"]}
    f = filiere(budgets=money)
    told = plan_section(f, plan(f, lang="fr"), lang="fr")
    assert told is not None
    assert grids(told)["Budgets du plan"][0][:3] == ["Enveloppe", "Atelier", "Accordé"]


def told_of(f: Filiere, **asks: Any) -> tuple[Section, str]:
    """Return the section of a plan and all of its paragraphs and points."""
    told = plan_section(f, plan(f, lang="en"), lang="en", **asks)
    assert told is not None
    texts = [b.text for b in told.blocks if isinstance(b, Paragraph)]
    texts += [item for b in told.blocks if isinstance(b, Points) for item in b.items]
    return told, plain("\n".join(texts))


def test_what_is_only_asked_for_is_told_with_the_plan_without_it():
    # the two budgets together pay for « Tri » (34,000); the 20,000 granted do not
    money = {"name": ["Ville", "Région"], "amount_eur": [20_000, 30_000], "state": ["granted", "requested"],
             "first_year": [2025, 2025], "last_year": [2026, 2026]}  # fmt: skip
    told, text = told_of(filiere(budgets=money))
    assert (
        "Without what is only asked for (“Région”): 0 FTE-years instead of 4 FTE-years; no longer taken: “Tri”."
        in text
    )
    assert "“Région”, 30,000 €, is asked for and not granted, yet the plan spends" in text
    assert [row[1] for row in grids(told)["Budgets of the plan"]] == ["Granted", "Requested", ""]
    assert "asked for" not in told_of(filiere())[1]


def test_years_that_are_over_are_told_where_the_day_is_known():
    text = told_of(filiere(), on=date(2026, 3, 1))[1]
    assert "On 1 March 2026, 2025 is over: what the plan decides in it has to be moved" in text
    assert "2025 and 2026 are over" in told_of(filiere(), on=date(2027, 3, 1))[1]
    assert (
        "over:" not in told_of(filiere(), on=date(2025, 12, 31))[1] and "over:" not in told_of(filiere())[1]
    )


def test_who_carries_an_option():
    options = {name: values[:1] for name, values in OPTIONS.items()}
    by = {"owner": {"name": ["Agir"], "option_id": ["Tri"], "owner_id": ["Atelier"]}}

    def carrier(options: dict[str, Any], **more: Any) -> str:
        f = filiere(options=options, **more)
        told = plan_section(f, plan(f, lang="en"), lang="en")
        assert told is not None
        return grids(told)["Actions proposed, with what each brings"][0][2]

    assert carrier(options) == "To be named"
    assert carrier(options | {"actor_id": ["Atelier"]}) == "Atelier"
    assert carrier(options, actions=by["owner"]) == "Atelier"
    new = options | {"kind": ["activity"], "stage_id": ["Tri"]}
    assert carrier(new, stages={"name": ["Tri"]}) == "A structure to create"


def test_each_option_not_taken_has_its_reason():
    rows = dict(grids(section())["Options not taken"])
    assert sorted(rows) == ["Vague", "Étude"]
    assert all(len(reason) > 20 and reason.endswith(".") for reason in rows.values())
    assert "cost is not known" in rows["Vague"]


def test_what_remains_to_be_paid_is_said():
    ((name, *amounts),) = grids(section())["What each action costs a year once the plan is over"]
    assert (name, amounts) == ("Tri", ["20,000", "8,000", "0", "12,000"])


def test_it_begins_with_what_the_plan_reaches_and_says_what_is_left_aside():
    lead, points = section().blocks[:2]
    assert isinstance(lead, Paragraph) and lead.kind == "lead"
    assert "4 FTE-years" in lead.text  # 2 FTE in each of two years
    assert isinstance(points, Points) and any("Vague" in item for item in points.items)


def test_french_is_french():
    told = grids(section("fr"))
    assert "Financement, année par année" in told
    assert told["Financement, année par année"][0][1:] == ["10 000", "0", "10 000"]
    assert section("fr").title == "Plan d’action"


def test_nothing_stated_nothing_told():
    f = Filiere.from_tables(actors={"name": ["A"]})
    assert plan_section(f, None, lang="fr") is None
    assert proposal_sections(diagnose(f, checks=[], indicators=[])) == []
    assert "plan" not in [one.anchor for one in content(diagnose(f, checks=[], indicators=[])).sections]


def test_what_leaves_no_plan_is_told_and_the_report_is_written():
    f = filiere(
        budgets={**BUDGETS, "amount_eur": [1_000]}, options={**OPTIONS, "mandatory": [True, False, False]}
    )
    (told,) = proposal_sections(diagnose(f, checks=[], indicators=[], lang="en"))
    (warning,) = told.blocks
    assert isinstance(warning, Paragraph) and warning.kind == "warning"
    assert "Enveloppe" in warning.text and "Tri" in warning.text


def test_no_option_that_can_be_paid_for():
    f = filiere(budgets={**BUDGETS, "amount_eur": [1_000]})
    told = plan_section(f, plan(f, lang="en"), lang="en")
    assert told is not None
    assert any(isinstance(b, Paragraph) and b.text.startswith("No option brings") for b in told.blocks)
    assert "Actions proposed, with what each brings" not in grids(told)


# -- actions stated -------------------------------------------------------------------------------------------

ACTIONS: dict[str, Any] = {
    "name": ["Essayer", "Choisir"], "finding_kind": ["missing_stage", None], "stage_id": ["tri", None],
    "owner_id": ["Atelier", None], "starts_on": ["2025-03-01", None], "ends_on": ["2025-09-30", "2025-12-31"],
    "cost_eur": [9_000, None], "state": ["under_way", "proposed"], "indicator": ["Lots essayés", None],
    "target": [6, None], "reached": [2, None], "unit": ["event", None],
}  # fmt: skip


def test_actions_are_told_with_whom_when_and_how_far():
    grid = actions_grid(filiere(stages={"name": ["tri"]}, actions=ACTIONS), "fr")
    assert grid is not None
    first, second = [[plain(cell.text) for cell in row] for row in grid.rows]
    assert first == ["Essayer", "Maillon manquant · tri", "Atelier", "1er mars 2025 – 30 septembre 2025", "9 000",
                     "Engagée", "Lots essayés 2 sur 6 événements"]  # fmt: skip
    assert second == ["Choisir", "", "", "31 décembre 2025", "", "Proposée", ""]


@pytest.mark.parametrize(
    ("target", "reached", "unit", "fr", "en"),
    [
        (12, 5, "person", "5 sur 12 personnes", "5 of 12 persons"),
        (1, 0, "person", "0 sur 1 personne", "0 of 1 person"),
        (7, 0, "fte", "0 sur 7 ETP", "0 of 7 FTE"),
        (0.6, 0.25, "share", "25 % sur 60 %", "25% of 60%"),
        (12, None, "post", "12 postes", "12 posts"),
        (12, 5, None, "5 sur 12", "5 of 12"),
        (None, 5, "person", "", ""),
    ],
)
def test_what_an_action_aims_at_is_in_the_number_that_it_takes(target, reached, unit, fr, en):
    stated = {"name": ["A"], "owner_id": ["Atelier"], "indicator": ["Suivi"], "target": [target],
              "reached": [reached], "unit": [unit]}  # fmt: skip
    for lang, told in (("fr", fr), ("en", en)):
        grid = actions_grid(filiere(actions=stated), lang)
        assert plain(grid.rows[0][-1].text) == f"Suivi {told}".strip()


def test_columns_of_which_nothing_is_known_are_left_out():
    grid = actions_grid(filiere(actions={"name": ["Essayer"]}), "en")
    assert grid is not None and [column.label for column in grid.columns] == ["Action"]
    assert actions_grid(filiere(), "en") is None


# -- in the documents -----------------------------------------------------------------------------------------


def test_the_example_proposes_a_plan_in_every_form(tmp_path: Path):
    diagnosis = diagnose(datasets.load("exemple_complet"), checks=[], indicators=[])
    told = proposal_content(diagnosis)
    assert "plan" in [one.anchor for one in told.sections]
    text = plain(html_text(told))
    word = docx_text(write_docx(told, tmp_path / "plan.docx"))
    for row in plan(diagnosis.filiere).chosen.to_dict("records"):
        assert row["name"] in text and row["name"] in plain(word)


def test_names_are_text_whatever_they_hold(tmp_path: Path):
    f = filiere(options={**OPTIONS, "name": [SCRIPT, FORMULA, "Vague"]}, actions={"name": [SCRIPT]})
    diagnosis = diagnose(f, checks=[], indicators=[], lang="en")
    html, _, xlsx = write_plan(diagnosis, plan(f, lang="en"), tmp_path)
    assert SCRIPT not in html.read_text(encoding="utf-8")
    cells = [cell for sheet in openpyxl.load_workbook(xlsx) for row in sheet for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert SCRIPT in {cell.value for cell in cells}


# -- the workbook ---------------------------------------------------------------------------------------------


def test_the_sheets_hold_numbers_with_their_units(tmp_path: Path):
    f, found = planned()
    diagnosis = diagnose(f, checks=[], indicators=[], lang="en")
    paths = write_plan(diagnosis, found, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["plan.html", "plan.docx", "plan.xlsx"]
    book = openpyxl.load_workbook(paths[2])
    assert book.sheetnames == [
        "Contents",
        "Options taken",
        "Funding",
        "Years",
        "Budgets",
        "Not taken",
        "After the plan",
    ]
    heads, row = ([cell.value for cell in line] for line in list(book["Budgets"])[:2])
    told = dict(zip(heads, row, strict=True))
    assert (told["Amount (€)"], told["Spent (€)"], told["Left (€)"]) == (50_000, 34_000, 16_000)
    money = list(book["Funding"].values)
    at = {name: place for place, name in enumerate(money[0])}
    for side in ("Expense", "Resource"):
        assert sum(line[at["Amount (€)"]] for line in money[1:] if line[at["Side"]] == side) == 50_000


def test_every_head_and_word_of_the_sheets_is_in_one_language():
    french, english = (
        {title for sheet in plan_sheets(planned(lang)[1], lang=lang) for title, _ in sheet.heads}
        for lang in ("fr", "en")
    )
    assert not {title for title in french | english if "_" in title}
    assert french & english <= {"Option", "Budget", "Budgets"}
