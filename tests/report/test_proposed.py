"""Sections on niches, candidates and scenarios: there where something is stated, unknown is not 0, names are text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.report import html_text, without_persons, write_docx
from chaine_valeur.report.blocks import Content, Grid, Paragraph, Points, Section
from chaine_valeur.report.candidates import candidates_section
from chaine_valeur.report.niches import niches_section
from chaine_valeur.report.proposals import proposal_content, proposal_sections
from chaine_valeur.report.scenarios import scenarios_section
from tests.report import proposed
from tests.report.builders import SCRIPT
from tests.report.readers import docx_text, plain


@cache
def example() -> Diagnosis:
    return without_persons(diagnose(datasets.load("exemple_complet")))


def document() -> Content:
    return proposed.example("fr")


def section(anchor: str) -> Section:
    (found,) = [one for one in document().sections if one.anchor == anchor]
    return found


def grids(told: Section) -> list[Grid]:
    return [block for block in told.blocks if isinstance(block, Grid)]


def bare(**tables: Any) -> Diagnosis:
    f = Filiere.from_tables(**{"actors": {"name": ["A", "B"]}, **tables})
    return diagnose(f, checks=[], indicators=[], lang="en")


def test_niches_candidates_scenarios_and_plan_stand_in_this_order():
    assert [one.anchor for one in document().sections] == ["niches", "candidates", "scenarios", "plan"]
    assert document().subtitle == "Des constats à l’action"


def test_each_niche_has_four_marks_and_what_is_behind():
    (grid,) = grids(section("niches"))
    rows = {plain(row[0].text): [plain(cell.text) for cell in row[1:]] for row in grid.rows}
    assert rows["Effilochage du coton"][:4] == ["0,63", "0,25", "0,73", "0,78"]  # 37.8/60; 15.05/60
    assert rows["Boutique de réemploi"][:2] == ["?", "?"]  # no minimum size is stated: not known, not 0
    assert "37,8 t/an" in rows["Effilochage du coton"][4]


def test_without_counts_skills_are_not_known():
    told = niches_section(example().filiere, None, "fr")
    assert told is not None
    (grid,) = grids(told)
    assert {plain(row[3].text) for row in grid.rows} == {"?"}


def test_candidates_stand_by_stage_with_what_to_ask():
    told = section("candidates")
    captions = [plain(grid.caption) for grid in grids(told)]
    assert captions == [
        f"Acteurs pressentis pour le maillon « {name} »"
        for name in ("Effilochage du coton", "Défibrage du papier", "Ensachage et contrôle")
    ]
    first = grids(told)[0]
    assert [plain(column.label) for column in first.columns][:3] == [
        "Acteur pressenti",
        "Pourquoi",
        "Activité",
    ]
    assert all(0 < len(grid.rows) <= 5 for grid in grids(told))
    lead = told.blocks[0]
    assert isinstance(lead, Paragraph) and "ne veut pas dire avoir été sollicité" in lead.text


def test_without_files_the_tables_alone_give_candidates():
    told = candidates_section(example().filiere, None, "fr")
    assert told is not None
    names = {plain(row[0].text) for grid in grids(told) for row in grid.rows}
    assert {"Effilo-Brume", "Filature de la Vasière"} <= names and not any(
        "Société" in name for name in names
    )


def test_a_chain_without_gaps_and_files_has_no_such_section():
    f = Filiere.from_tables(actors={"name": ["A"]})
    assert candidates_section(f, None, "fr") is None and niches_section(f, None, "fr") is None


def test_scenarios_say_what_they_suppose_and_what_they_would_change():
    told = section("scenarios")
    supposed = [block for block in told.blocks if isinstance(block, Points)]
    assert len(supposed) == 6  # two lists for each of three scenarios
    (grid,) = grids(told)
    heads = [plain(column.label) for column in grid.columns]
    assert heads[1:] == [
        "Aujourd’hui", "Un chantier d’effilochage", "Habitat Brume achète 100 t de plus", "La papeterie s’arrête",
    ]  # fmt: skip
    rows = {plain(row[0].text): [plain(cell.text) for cell in row[1:]] for row in grid.rows}
    coverage = rows["Couverture des maillons attendus localement"]
    assert coverage == ["7 sur 9", "8 sur 9", "7 sur 9", "6 sur 9"]


def test_scenarios_that_cannot_be_applied_are_told_and_the_rest_is_written():
    changes = {"scenario": ["S", "S"], "change": ["stop_actor", "add_cooperation"], "actor_id": ["A", "A"],
               "to_actor_id": [None, "B"]}  # fmt: skip
    (told,) = proposal_sections(bare(scenarios=changes))
    (warning,) = told.blocks
    assert isinstance(warning, Paragraph) and warning.kind == "warning"
    assert warning.text.startswith("The scenarios cannot be applied:") and "“S”" in warning.text


def test_nothing_stated_nothing_told():
    assert proposal_sections(bare()) == []
    assert scenarios_section(None, lang="fr") is None


def test_a_natural_person_is_named_nowhere(tmp_path: Path):
    text = html_text(document()) + docx_text(write_docx(document(), tmp_path / "d.docx"))
    assert "Camille" not in text


def test_names_of_scenarios_and_new_actors_are_text():
    changes = {"scenario": [SCRIPT], "change": ["add_activity"], "new_actor": [SCRIPT], "stage_id": ["tri"]}
    told = proposal_content(bare(scenarios=changes, stages={"name": ["tri"]}))
    assert [one.anchor for one in told.sections] == ["scenarios"]
    assert SCRIPT not in html_text(told) and SCRIPT in plain(" ".join(
        item for block in told.blocks() if isinstance(block, Points) for item in block.items))  # fmt: skip


def test_page_and_word_say_the_same_names(tmp_path: Path):
    page, word = html_text(document()), plain(docx_text(write_docx(document(), tmp_path / "d.docx")))
    for grid in document().blocks():
        if isinstance(grid, Grid):
            for row in grid.rows:
                assert plain(row[0].text) in word
    assert page.count("<table") == sum(isinstance(block, Grid) for block in document().blocks())


def test_no_english_is_left_in_french():
    told = " ".join(
        [
            cell.text
            for block in document().blocks()
            if isinstance(block, Grid)
            for row in block.rows
            for cell in row
        ]
        + [item for block in document().blocks() if isinstance(block, Points) for item in block.items]
    )
    words = f" {plain(told).lower()} "
    assert not [
        word
        for word in (" the ", " of ", " and ", " stage ", " with ", " year ", " unknown ")
        if word in words
    ]


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite", "textiles_france_2020"])
def test_every_example_can_be_proposed(name: str):
    told = proposal_content(diagnose(datasets.load(name), checks=[], indicators=[]))
    anchors = [one.anchor for one in told.sections]
    assert ("plan" in anchors) == (name == "textiles_usages")
    assert html_text(told)
