"""The sheet of an experience: what was done, what came of it, what helped, what hindered, lessons to write."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import datasets
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.errors import ArgumentError
from chaine_valeur.filiere import Filiere
from chaine_valeur.redaction import redact
from chaine_valeur.report.blocks import Points
from chaine_valeur.report.fiches import write_experience_sheets
from chaine_valeur.report.fiches.experiences import experience_sheets
from chaine_valeur.report.fiches.form import Blank, Entries, Fiche, Part, Table
from tests.report.fiche_builders import ABOUT_RELAIS, all_of, guarded, guarded_tables, named
from tests.report.readers import docx_text, page_of, plain


def diagnosis_of(**more: Any) -> Diagnosis:
    return diagnose(Filiere.from_tables(**guarded_tables(**more)), checks=(), indicators=())


ACTIONS = {
    "name": ["Trier ici", "Proposer", "Finir", "Laisser"],
    "state": ["under_way", "proposed", "done", "dropped"],
    "owner_id": ["Relais", "Relais", None, "Relais"],
    "stage_id": ["Collecte", None, None, None],
    "finding_kind": ["missing_stage", None, None, None],
    "partners": ["Camille Exemple;Filature", None, None, None],
    "cost_eur": [0.0, None, None, None],
    "indicator": ["Tonnes triées", None, None, None],
    "target": [20.0, None, None, None],
    "reached": [0.0, None, None, None],
}


@pytest.fixture(scope="module")
def diagnosis() -> Diagnosis:
    return diagnosis_of(
        actions=ACTIONS,
        funding={
            "scope": ["structure"] * 6, "funder_id": ["Filature"] * 6, "beneficiary_id": ["Relais"] * 6,
            "purpose": ["study"] * 6, "amount_eur": [1000.0, 2000.0, None, 4000.0, 5000.0, 6000.0],
            "since": [2023] * 6, "until": [2024] * 6,
        },
        publics={"actor_id": ["Relais"], "public": ["rsa"], "persons": [2]},
    )  # fmt: skip


@pytest.fixture(scope="module")
def sheets(diagnosis: Diagnosis) -> dict[str, Fiche]:
    return {one.name: one.fiche for one in experience_sheets(diagnosis, on=date(2025, 6, 2))}


def part(fiche: Fiche, title: str) -> Part:
    return next(one for one in fiche.parts if one.title == title)


def grid_of(fiche: Fiche, title: str) -> list[list[str]]:
    (block,) = (item for item in part(fiche, title).items if isinstance(item, Table))
    return [[plain(cell.text) for cell in row] for row in block.grid.rows]


def entries_of(fiche: Fiche, title: str) -> dict[str, str]:
    (block,) = (item for item in part(fiche, title).items if isinstance(item, Entries))
    return {one.label: plain(one.text) for one in block.entries}


def test_of_the_filiere_then_actions_done_or_under_way_then_structures_with_results(sheets):
    assert list(sheets) == ["Laine", "Trier ici", "Finir", "Relais"]


@pytest.mark.parametrize(
    ("of", "told"),
    [("actions", ["Trier ici", "Finir"]), (["filiere"], ["Laine"]), (("structures",), ["Relais"]), ((), [])],
)
def test_some_of_them(diagnosis, of, told):
    assert [one.name for one in experience_sheets(diagnosis, of=of)] == told


def test_of_something_else(diagnosis):
    with pytest.raises(ArgumentError, match="groups"):
        list(experience_sheets(diagnosis, of=["groups"]))


def test_an_action_tells_what_was_aimed_at_and_reached_zero_included(sheets):
    rows = grid_of(sheets["Trier ici"], "Résultats")
    # the action's own indicator, then the results of the structure that carries it
    assert rows == [["Tonnes triées", "20", "0", ""], ["Postes du Relais", "10 postes", "8 postes", "2024"]]
    assert "de quelque action qu’ils viennent" in all_of(part(sheets["Trier ici"], "Résultats"))
    means = entries_of(sheets["Trier ici"], "Moyens")
    assert (means["Coût"], means["Moyens"], means["Payé par"]) == ("0 €", "", "")
    assert entries_of(sheets["Trier ici"], "L’action")["Partenaires"] == "Personne 1, Filature"


def test_what_helped_and_hindered_is_that_of_its_stage_and_actors(sheets):
    helped = part(sheets["Trier ici"], "Ce qui a aidé").items
    hindered = part(sheets["Trier ici"], "Ce qui a freiné").items
    assert helped == (Points(("un local se libère", "la commune aide")),)
    assert hindered == (Points((ABOUT_RELAIS, "il manque un encadrant")),)
    # nothing is known of the other one
    assert part(sheets["Finir"], "Ce qui a aidé").items == (Blank(2),)


def test_lessons_are_to_be_written(sheets):
    for fiche in sheets.values():
        assert part(fiche, "Enseignements, et conditions pour refaire ailleurs").items == (Blank(3),)


def test_many_observations_are_cut_and_counted():
    texts = [f"levier {n}" for n in range(7)]
    told = diagnosis_of(observations={"kind": ["lever"] * 7, "text": texts})
    (fiche,) = (one.fiche for one in experience_sheets(told, of="filiere"))
    (points,) = part(fiche, "Ce qui a aidé").items
    assert [plain(one) for one in points.items] == [*texts[:4], "… et 3 autres"]


def test_a_structure_tells_its_means(sheets):
    fiche = sheets["Relais"]
    assert entries_of(fiche, "Moyens") == {"Emplois": "8 ETP ; dont insertion : 5"}
    rows = grid_of(fiche, "Moyens")
    assert rows[0] == ["Filature", "Étude", "", "2023 – 2024", "1 000"]
    assert rows[2][-1] == "?"  # not known, which is not nothing
    assert len(rows) == 5 and rows[-1] == ["Total de ce qui est connu", "", "", "", "18 000"]
    assert "… et 2 autres" in all_of(part(fiche, "Moyens"))
    action = entries_of(fiche, "L’action")
    assert action["Travaille avec"] == "Filature et Personne 1"
    assert action["Publics visés"] == "Allocataires du RSA"  # which, not how many


def test_the_filiere_tells_its_own_results_only(sheets):
    assert grid_of(sheets["Laine"], "Résultats") == [["Formation", "60 %", "50 %", "2024"]]
    assert "dont insertion : 5" in entries_of(sheets["Laine"], "Moyens")["Emplois"]


def test_what_is_known_of_some_only_is_said_so():
    told = diagnosis_of(
        activities={
            "actor_id": ["Relais", "Filature"], "stage_id": ["Collecte", "Filage"], "jobs_fte": [8.0, 4.0],
            "insertion_fte": [5.0, None],
        }
    )  # fmt: skip
    (fiche,) = (one.fiche for one in experience_sheets(told, of="filiere"))
    assert entries_of(fiche, "Moyens")["Emplois"] == "12 ETP ; dont insertion : au moins 5"


def test_jobs_are_those_of_the_latest_year():
    told = diagnosis_of(
        activities={
            "actor_id": ["Relais"] * 2, "stage_id": ["Collecte"] * 2, "jobs_fte": [8.0, 9.0], "year": [2023, 2024],
        }
    )  # fmt: skip
    (fiche,) = (one.fiche for one in experience_sheets(told, of="structures"))
    assert entries_of(fiche, "Moyens")["Emplois"] == "9 ETP (2024)"


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_a_redacted_sheet_holds_nothing_that_is_not_told(audience):
    told = redact(diagnosis_of(actions=ACTIONS), audience)
    for one in experience_sheets(told):
        said = all_of(one.fiche)
        assert ABOUT_RELAIS not in said and "il manque un encadrant" not in said
        assert "Camille" not in said and "Cachottiers" not in said
    names = [one.name for one in experience_sheets(told)]
    assert names == ["Laine", "Trier ici", "Finir", "Relais"]


def test_a_figure_that_is_not_told_is_no_line_to_fill_in():
    tables = guarded_tables()
    outcomes = tables["outcomes"] | {"confidentiality": ["internal", None]}
    told = redact(diagnosis_of(outcomes=outcomes), "public")
    (fiche,) = (one.fiche for one in experience_sheets(told, of="structures"))
    (row,) = grid_of(fiche, "Résultats")
    assert row[1:3] == ["inconnu, ou non diffusé dans cette version"] * 2


def test_files_say_the_same(diagnosis, sheets, tmp_path: Path):
    paths = write_experience_sheets(diagnosis, tmp_path, of="structures", on=date(2025, 6, 2))
    assert [path.name for path in paths] == ["experience-relais.html", "experience-relais.docx", "index.html"]
    page, text = page_of(named(paths, "relais.html")).text, docx_text(named(paths, "relais.docx"))
    for title in ("Contexte", "Moyens", "Résultats", "Ce qui a aidé"):
        for row in grid_of(sheets["Relais"], title) if title in ("Moyens", "Résultats") else []:
            for cell in row:
                assert cell in page and cell in text
        assert title in page and title in text
    assert page_of(paths[-1]).of("h1")[0].text == "1 fiche d’expérience"


def test_the_published_examples_have_a_sheet_each():
    for name in ("lin_composite", "textiles_usages"):
        told = diagnose(datasets.load(name), checks=(), indicators=())
        (first, *_) = (one.fiche for one in experience_sheets(told))
        rows = grid_of(first, "Résultats")
        assert rows and first.strip[0][1]
        assert any(row[2] for row in rows)


def test_nothing_stated_nothing_told(tmp_path: Path):
    told = diagnose(Filiere.from_tables(actors={"name": ["a"]}), checks=(), indicators=())
    assert list(experience_sheets(told)) == []
    assert list(experience_sheets(guarded(), of="actions")) == []


def test_english(diagnosis):
    told = diagnose(diagnosis.filiere, checks=(), indicators=(), lang="en")
    (fiche,) = (one.fiche for one in experience_sheets(told, of="structures"))
    assert [one.title for one in fiche.parts] == [
        "Context", "The action", "Means", "Results", "What helped", "What hindered",
        "Lessons, and what to do elsewhere",
    ]  # fmt: skip
