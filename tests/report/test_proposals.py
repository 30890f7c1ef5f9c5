"""What is proposed: which sections there are, the unknown, persons, hostile names, one content in every form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.planning import Sources, plan
from chaine_valeur.report import content, html_text, without_persons, write_docx, write_html, write_xlsx
from chaine_valeur.report.blocks import Grid, Heading, Paragraph, Points, Section
from chaine_valeur.report.candidates import candidates_section
from chaine_valeur.report.niches import niches_section
from chaine_valeur.report.plan import plan_section
from chaine_valeur.report.proposals import proposal_content, proposal_sections, write_plan
from chaine_valeur.report.robustness import with_robustness
from tests.report.builders import FORMULA, HOSTILE, PERSONS, SIRET, diagnosed, grid, texts_of, with_persons
from tests.report.proposed import example, example_sources
from tests.report.readers import Page, docx_tables, docx_text, page_of, plain, zip_parts

pytestmark = pytest.mark.long

STAGES: dict[str, Any] = {"name": ["Collecte", "Tri", "Filature"], "kind": ["operation"] * 3}
LINKS: dict[str, Any] = {"stage_id": ["Collecte", "Tri"], "to_stage_id": ["Tri", "Filature"]}
OPTIONS: dict[str, Any] = {
    "name": ["Postes"], "kind": ["posts"], "insertion_fte": [2], "investment_eur": [1_000],
    "running_cost_eur_per_year": [500],
}  # fmt: skip
BUDGETS: dict[str, Any] = {
    "name": ["Enveloppe"],
    "amount_eur": [5_000],
    "first_year": [2025],
    "last_year": [2026],
}
SCENARIOS: dict[str, Any] = {"scenario": ["Sans"], "change": ["stop_actor"], "actor_id": ["Relais"]}
#: Words that no French sentence of ours has.
ENGLISH = re.compile(
    r"\b(the|of|from|with|is not|not known|stage|plan of|budgets? left|and|year|jobs?|served|unknown|has to|"
    r"option '|given|argument)\b"
)


def filiere(**more: Any) -> Filiere:
    return Filiere.from_tables(**{"actors": {"name": ["Relais", "Atelier"]}, **more})


def bare(f: Filiere, lang: str = "fr") -> Diagnosis:
    return diagnose(f, checks=[], indicators=[], lang=lang)


def anchors(sections: list[Section]) -> list[str]:
    return [section.anchor for section in sections]


def of(sections: Any, anchor: str) -> Section:
    (found,) = [section for section in sections if section.anchor == anchor]
    return found  # type: ignore[no-any-return]


# -- which sections there are --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "there"),
    [
        ({}, []),
        (
            {"stages": STAGES, "stage_links": LINKS},
            ["candidates"],
        ),  # nobody holds a stage: whom to ask comes from the tables
        ({"options": OPTIONS, "budgets": BUDGETS}, ["plan"]),
        ({"budgets": BUDGETS}, []),  # money without an option is no plan
        ({"actions": {"name": ["Appeler"]}}, ["plan"]),
        ({"scenarios": SCENARIOS}, ["scenarios"]),
        ({"scenarios": SCENARIOS, "options": OPTIONS, "budgets": BUDGETS}, ["scenarios", "plan"]),
    ],
)
def test_a_section_is_there_where_something_is_stated(tables, there):
    tables = (
        {**tables, "activities": {"actor_id": ["Relais"], "stage_id": ["Collecte"]}}
        if "stages" in tables
        else tables
    )
    assert anchors(proposal_sections(bare(filiere(**tables)))) == there


def test_the_order_is_that_of_a_deliberation():
    assert anchors(list(example("fr").sections)) == ["niches", "candidates", "scenarios", "plan"]


def test_nothing_looked_at_and_nobody_found_is_no_section():
    f = filiere(stages={"name": ["Tri"]})
    assert "candidates" not in anchors(proposal_sections(bare(f)))
    looked = proposal_sections(bare(f, "en"), sources=Sources())
    (told,) = [
        b
        for b in of(looked, "candidates").blocks
        if isinstance(b, Paragraph) and b.text == "Nobody was found."
    ]
    assert told


def test_stages_of_which_nothing_is_known_are_named_and_have_no_row():
    f = filiere(
        stages=STAGES, stage_links=LINKS, materials={"name": ["Laine"]},
        activities={"actor_id": ["Relais"], "stage_id": ["Tri"], "jobs_fte": [4], "insertion_fte": [2],
                    "capacity_t_per_year": [100]},
    )  # fmt: skip
    told = of(proposal_sections(bare(f, "en")), "niches")
    (row,) = grid(told, "Niches, by what is known of them")
    # 2 insertion FTE for 100 t: the only stage with a figure; resource, outlet, skills are not known, and not 0
    assert row[0] == "Tri" and row[1:4] == ["?", "?", "?"] and row[4] != "?"
    (note,) = [b for b in told.blocks if isinstance(b, Paragraph) and b.kind == "note"]
    assert plain(note.text) == "Of 2 stages nothing is known that would tell: “Collecte” and “Filature”."


# -- unknown is not nothing ----------------------------------------------------------------------------------------


def test_aid_that_nobody_stated_is_a_question_mark_after_the_plan():
    options = {**OPTIONS, "name": ["Sans aide dite", "Sans aide"], "kind": ["posts"] * 2, "insertion_fte": [2, 2],
               "investment_eur": [0, 0], "running_cost_eur_per_year": [500, 500],
               "post_aid_eur_per_year": [None, 0]}  # fmt: skip
    told = of(proposal_sections(bare(filiere(options=options, budgets=BUDGETS), "en")), "plan")
    rows = {row[0]: row[1:] for row in grid(told, "What each action costs a year once the plan is over")}
    assert rows == {"Sans aide dite": ["500", "?", "0", "500"], "Sans aide": ["500", "0", "0", "500"]}
    (note,) = [
        b.note for b in told.blocks if isinstance(b, Grid) and b.caption.startswith("What each action costs")
    ]
    assert note.endswith("“?” is not known; the plan counts it as nothing.")


def test_marks_that_are_not_known_are_question_marks():
    told = of(example("fr").sections, "candidates")
    cells = [
        cell.text for block in told.blocks if isinstance(block, Grid) for row in block.rows for cell in row
    ]
    assert "?" in cells and "nan" not in cells and "None" not in cells
    niches = of(example("fr").sections, "niches")
    rows = {row[0]: row[1:5] for row in grid(niches, "Niches, selon ce que l’on en sait")}
    assert rows["Tri"] == ["1,00", "0,47", "0,73", "0,44"]
    assert rows["Défibrage du papier"][3] == "0,00"  # no insertion job, and that is known


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_cell_says_nan_or_none_or_a_code(lang):
    for section in example(lang).sections:
        for text in texts_of(section):
            assert not re.search(r"\b(nan|None|NaN|<NA>|inf|True|False)\b", text), text
            assert not re.search(r"[a-z]_[a-z]", text), text  # insertion_fte, la_boucle_verte…


# -- scenarios and plans that cannot be ----------------------------------------------------------------------------


def test_a_scenario_that_cannot_be_applied_is_told_and_the_rest_is_there():
    rows = {"scenario": ["Deux fois"] * 2, "change": ["stop_actor"] * 2, "actor_id": ["Relais"] * 2}
    sections = proposal_sections(bare(filiere(scenarios=rows, options=OPTIONS, budgets=BUDGETS), "en"))
    assert anchors(sections) == ["scenarios", "plan"]
    (warning,) = of(sections, "scenarios").blocks
    assert isinstance(warning, Paragraph) and warning.kind == "warning"
    assert warning.text.startswith("The scenarios cannot be applied:") and "Deux fois" in warning.text
    assert "\n" not in warning.text and not warning.text.endswith("'")


def test_no_plan_and_its_reason_beside_the_actions_under_way():
    unknown = {**OPTIONS, "investment_eur": [None]}
    f = filiere(options=unknown, budgets=BUDGETS, actions={"name": ["Appeler"]})
    told = of(proposal_sections(bare(f, "en")), "plan")
    first = told.blocks[0]
    assert isinstance(first, Paragraph) and first.kind == "warning" and "Postes" in first.text
    assert grid(told, "Actions") == [["Appeler"]]


STOPPED_TWICE = {"scenario": ["Deux fois"] * 2, "change": ["stop_actor"] * 2, "actor_id": ["Relais"] * 2}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"scenarios": STOPPED_TWICE}, ["Deux fois", "Relais", "arrêté"]),
        (
            {"scenarios": {"scenario": ["Seule"], "change": ["add_cooperation"], "actor_id": ["Relais"]}},
            ["Seule"],
        ),
        ({"options": {**OPTIONS, "investment_eur": [None]}, "budgets": BUDGETS}, ["Postes", "coût"]),
        ({"options": OPTIONS, "budgets": {"name": ["Enveloppe"], "amount_eur": [5_000]}}, ["années"]),
        (
            {"options": {**OPTIONS, "mandatory": [True]}, "budgets": {**BUDGETS, "amount_eur": [1]}},
            ["Enveloppe"],
        ),
    ],
)
def test_why_something_cannot_be_is_said_in_the_language(tables, words):
    """A council reads it: what the tables make impossible is no message for a programmer."""
    (told,) = proposal_sections(bare(filiere(**tables)))
    (warning,) = told.blocks
    assert isinstance(warning, Paragraph) and warning.kind == "warning"
    assert all(word in warning.text for word in words), warning.text
    assert not ENGLISH.search(warning.text), warning.text
    assert not re.search("[^\u00a0]:|[^\u202f];", warning.text), warning.text


def test_wishes_are_those_of_a_plan():
    f = filiere(options=OPTIONS, budgets=BUDGETS)
    one = of(proposal_sections(bare(f, "en"), wishes={"years": [2026]}), "plan")
    captions = {b.caption: [c.label for c in b.columns] for b in one.blocks if isinstance(b, Grid)}
    assert captions["Funding, year by year"] == ["Expenses and resources (€)", "2026", "Total"]
    (warning,) = of(proposal_sections(bare(f, "en"), wishes={"objective": "fte"}), "plan").blocks
    assert isinstance(warning, Paragraph) and warning.kind == "warning"
    with pytest.raises(UnknownNameError):
        plan(f, objective="fte")


def test_everything_cannot_be_and_the_report_is_written_all_the_same(tmp_path: Path):
    rows = {"scenario": ["Deux fois"] * 2, "change": ["stop_actor"] * 2, "actor_id": ["Relais"] * 2}
    f = filiere(
        scenarios=rows, options={**OPTIONS, "mandatory": [True]}, budgets={**BUDGETS, "amount_eur": [1]}
    )
    told = content(diagnosed(f))
    assert {"scenarios", "plan"} <= {section.anchor for section in told.sections}
    assert "Enveloppe" in page_of(write_html(told, tmp_path / "r.html")).text


# -- natural persons -----------------------------------------------------------------------------------------------

JEANNE, MARCEL = PERSONS
NAMING: dict[str, Any] = {
    "scenarios": {
        "scenario": [f"Sans {JEANNE}", f"Avec {MARCEL}"], "change": ["stop_actor", "add_activity"],
        "actor_id": [JEANNE, None], "new_actor": [None, f"Atelier de {MARCEL}"], "stage_id": [None, "Filature"],
        "capacity_t_per_year": [None, 4], "note": [f"selon {JEANNE}", None],
    },
    "options": {
        "name": [f"Aider {JEANNE}", "Trier", f"Louer à {MARCEL}"], "kind": ["other", "posts", "other"],
        "actor_id": [JEANNE, "Relais", None], "stage_id": ["Collecte", "Tri", None], "insertion_fte": [1, 2, 1],
        "investment_eur": [1_000, 2_000, None], "running_cost_eur_per_year": [0, 100, 10],
    },
    "budgets": {"name": [f"Don de {MARCEL}"], "amount_eur": [2_500], "first_year": [2025], "last_year": [2026],
                "funder_id": [MARCEL]},
    "actions": {"name": [f"Écouter {JEANNE}"], "owner_id": [MARCEL], "indicator": [f"avis de {JEANNE}"]},
    "recruitment_needs": {"actor_id": [JEANNE], "stage_id": ["Collecte"], "posts": [1],
                          "note": [f"{MARCEL} le dit"]},
}  # fmt: skip
TRACES = (*PERSONS, "Lefebvre", "Quibel-", "jeanne-lefebvre", "marcel-quibel ", SIRET, SIRET[:9])


@pytest.fixture(scope="module")
def people() -> Diagnosis:
    return diagnosed(with_persons(**NAMING))


def test_no_section_names_a_person(people: Diagnosis):
    told = proposal_content(people)
    assert anchors(list(told.sections)) == ["candidates", "scenarios", "plan"]
    for section in told.sections:
        text = " ".join(texts_of(section)).replace("Marcel Quibel SARL", "")
        assert not [trace for trace in TRACES if trace in text], section.anchor
    plan_text = " ".join(texts_of(of(told.sections, "plan")))
    assert all(name in plan_text for name in ("Aider Personne 1", "Don de Personne 2", "Écouter Personne 1"))
    headings = [b.text for b in of(told.sections, "scenarios").blocks if isinstance(b, Heading)]
    assert headings[:2] == ["Sans Personne 1", "Avec Personne 2"]


def test_no_file_names_a_person(people: Diagnosis, tmp_path: Path):
    masked = without_persons(people)
    told = proposal_content(people)
    files = [
        write_html(told, tmp_path / "p.html"), write_docx(told, tmp_path / "p.docx"),
        write_xlsx(people, tmp_path / "t.xlsx"), *write_plan(masked, plan(masked.filiere), tmp_path / "plan"),
    ]  # fmt: skip
    for path in files:
        parts = {path.name: path.read_bytes()} if path.suffix == ".html" else zip_parts(path)
        for name, data in parts.items():
            text = data.decode("utf-8", errors="replace").replace("Marcel Quibel SARL", "")
            text = text.replace("marcel-quibel-sarl", "")
            found = [trace for trace in (*PERSONS, "Lefebvre", SIRET) if trace in text]
            assert not found, (path.name, name)


def test_a_person_that_might_hold_a_stage_is_not_named():
    candidate = {
        "name": ["Relais", JEANNE], "natural_person": [None, "oui"], "status": [None, "candidate"],
        "siret": [None, SIRET],
    }  # fmt: skip
    f = filiere(
        actors=candidate, stages=STAGES, stage_links=LINKS,
        activities={"actor_id": ["Relais", JEANNE], "stage_id": ["Tri", "Filature"]},
    )  # fmt: skip
    told = of(proposal_content(bare(f)).sections, "candidates")
    names = [row[0] for row in grid(told, "Acteurs pressentis pour le maillon «\u00a0Filature\u00a0»")]
    assert names[0] == "entreprise individuelle, nom non diffusé"
    assert not [trace for trace in TRACES if any(trace in text for text in texts_of(told))]


# -- names that try something --------------------------------------------------------------------------------------

SCRIPT, _, QUOTE, BREAK = HOSTILE


@pytest.fixture(scope="module")
def evil() -> Diagnosis:
    f = filiere(
        actors={"name": [SCRIPT, FORMULA, QUOTE], "status": [None, None, "candidate"]},
        stages={"name": [BREAK, SCRIPT, QUOTE], "kind": ["operation"] * 3},
        stage_links={"stage_id": [BREAK, SCRIPT], "to_stage_id": [SCRIPT, QUOTE]},
        activities={"actor_id": [SCRIPT, FORMULA, QUOTE], "stage_id": [BREAK, SCRIPT, QUOTE],
                    "capacity_t_per_year": [10, 20, 30], "insertion_fte": [1, 2, 3]},
        scenarios={"scenario": [SCRIPT, BREAK], "change": ["stop_actor"] * 2, "actor_id": [FORMULA, SCRIPT]},
        options={**OPTIONS, "name": [FORMULA]},
        budgets={**BUDGETS, "name": [QUOTE]},
        actions={"name": [SCRIPT], "owner_id": [FORMULA], "indicator": [QUOTE]},
    )  # fmt: skip
    return diagnosed(f)


def test_names_are_text_in_a_page(evil: Diagnosis):
    told = proposal_content(evil)
    assert anchors(list(told.sections)) == ["niches", "candidates", "scenarios", "plan"]
    page = Page(html_text(told))
    assert not page.of("script") and not page.marked("img", "x")
    assert not [one for one in page.elements if "onerror" in one.attributes]
    for name in (SCRIPT, FORMULA, QUOTE, BREAK):
        assert plain(name) in page.text


def test_names_are_text_in_word_and_excel(evil: Diagnosis, tmp_path: Path):
    told = proposal_content(evil)
    word = docx_text(write_docx(told, tmp_path / "p.docx"))
    for name in (SCRIPT, FORMULA, QUOTE, BREAK):
        assert plain(name) in word
    *_, xlsx = write_plan(evil, plan(evil.filiere), tmp_path)
    cells = [cell for sheet in openpyxl.load_workbook(xlsx) for row in sheet for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert FORMULA in {cell.value for cell in cells}


# -- one content, in one language ----------------------------------------------------------------------------------


def test_anchors_are_unique_and_what_links_point_to():
    told = content(bare(filiere(stages=STAGES, scenarios=SCENARIOS, options=OPTIONS, budgets=BUDGETS)))
    found = [section.anchor for section in told.sections]
    assert len(found) == len(set(found))
    page = Page(html_text(told))
    assert len(page.ids) == len(set(page.ids))
    targets = [
        one.attributes["href"][1:] for one in page.of("a") if one.attributes.get("href", "").startswith("#")
    ]
    assert set(targets) <= set(page.ids) and {"scenarios", "plan"} <= set(page.ids)


def test_page_and_word_say_the_same(tmp_path: Path):
    told = example("fr")
    page = page_of(write_html(told, tmp_path / "p.html"))
    path = write_docx(told, tmp_path / "p.docx")
    word, tables = docx_text(path), docx_tables(path)
    grids = [block for section in told.sections for block in section.blocks if isinstance(block, Grid)]
    assert len(page.of("table")) >= len(grids) and len(tables) >= len(grids)
    for section in told.sections:
        for text in texts_of(section):
            assert plain(text) in page.text, text
            assert plain(text) in word, text
    flat = [[plain(cell) for row in table for cell in row] for table in tables]
    for block in grids:
        cells = [plain(cell.text) for row in block.rows for cell in row]
        assert any(all(cell in table for cell in cells) for table in flat), block.caption


def test_french_has_no_english_word():
    own = {plain(str(name)) for frame in ("actors", "stages", "options", "scenarios", "budgets", "actions")
           for name in datasets.load("exemple_complet").table(frame).iloc[:, 0]}  # fmt: skip
    for section in example("fr").sections:
        for text in texts_of(section):
            if plain(text) not in own:
                assert not ENGLISH.search(text), text


def test_both_languages_have_the_same_tables():
    french, english = (
        [
            (s.anchor, [(len(b.rows), len(b.columns)) for b in s.blocks if isinstance(b, Grid)])
            for s in told.sections
        ]
        for told in (example("fr"), example("en"))
    )
    assert french == english


def test_the_same_question_has_the_same_answer():
    """Scenarios aside, which would take as long again, and of which the order is that of the sheet."""
    f, sources = datasets.load("exemple_complet"), example_sources()
    assert niches_section(f, sources, "fr") == of(example("fr").sections, "niches")
    assert candidates_section(f, sources, "fr") == of(example("fr").sections, "candidates")
    told = with_robustness(plan_section(f, plan(f), lang="fr"), None, asked=False, lang="fr")
    assert told == of(example("fr").sections, "plan")


# -- the examples --------------------------------------------------------------------------------------------------


def test_the_example_has_candidates_for_its_missing_stage():
    told = of(example("fr").sections, "candidates")
    rows = grid(told, "Acteurs pressentis pour le maillon «\u00a0Effilochage du coton\u00a0»")
    assert len(rows) == 5 and rows[0][0] == "La Boucle Verte"
    assert all(row[1] for row in rows)  # each with its reasons
    assert not [row for row in rows if "Société d’exemple" in row[0]] or "NAF" in rows[-1][1]
    (how,) = [block for block in told.blocks if isinstance(block, Points)]
    assert any("stock SIRENE" in item for item in how.items)


def test_without_its_files_the_example_says_less_and_nothing_false():
    f = datasets.load("exemple_complet")
    candidates, niches = candidates_section(f, None, "fr"), niches_section(f, None, "fr")
    assert candidates is not None and niches is not None
    assert not any("Société d’exemple" in text or "stock SIRENE" in text for text in texts_of(candidates))
    rows = grid(niches, "Niches, selon ce que l’on en sait")
    assert {row[3] for row in rows} == {"?"}  # skills rest on the counts


def test_the_example_has_three_scenarios_and_a_plan_under_its_budgets():
    scenarios = of(example("fr").sections, "scenarios")
    headings = [block.text for block in scenarios.blocks if isinstance(block, Heading)]
    assert headings == [
        "Un chantier d’effilochage", "Habitat Brume achète 100 t de plus", "La papeterie s’arrête", "Côte à côte",
    ]  # fmt: skip
    money = {
        row[0]: row[-1] for row in grid(of(example("fr").sections, "plan"), "Financement, année par année")
    }
    euros = {name: int(amount.replace(" ", "")) for name, amount in money.items()}
    assert euros["Enveloppe de la communauté de communes"] <= 180_000
    assert euros["Enveloppe de la Région"] <= 50_000
    assert euros["Total des dépenses"] == euros["Total des ressources"] > 0


def test_textiles_are_planned_with_the_budgets_that_were_published():
    f = datasets.load("textiles_usages")
    assert sorted(f.budgets["amount_eur"]) == [50_000, 180_000]
    told = of(proposal_content(bare(f)).sections, "plan")
    money = {row[0]: int(row[-1].replace(" ", "")) for row in grid(told, "Financement, année par année")}
    spent = {name: money[name] for name in f.budgets["name"]}
    for name, amount in zip(f.budgets["name"], f.budgets["amount_eur"], strict=True):
        assert 0 < spent[name] <= amount
    assert money["Total des dépenses"] == money["Total des ressources"]
    assert sum(spent.values()) <= 230_000
    assert all(row[2].strip() for row in grid(told, "Actions proposées, avec ce que chacune apporte")[:-1])
    assert all(reason.endswith(".") for _, reason in grid(told, "Options non retenues"))
