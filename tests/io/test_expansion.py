"""Three short sheets of six organisations, told again in full and computed by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.cells import Grid
from chaine_valeur.io.gather import gather
from chaine_valeur.problems import Problems

from .making import told

#: Row numbers are those of Excel: the headers stand on row 1.
SHEETS: dict[str, list[list[Any]]] = {
    "Acteurs": [
        ["Nom", "Rôles", "Collège", "Maillons", "Capacité (t/an)", "Emplois (ETP)", "Dont insertion (ETP)", "Source",
         "Fiabilité", "Surface (m²)"],
        ["Collecteur", "Fournisseur", "ESS", "Collecte", "1 000", 10, 4, "Entretien", "Déclaré", 300],  # row 2
        # three stages in a cell: an activity each, the figures on the first one, « Tri »
        ["Ressourcerie", "Structure d’insertion ; Transformateur ; Acheteur", "ESS", "Tri; Réparation ;Vente", 400,
         "12,5", 8, "Entretien", "Déclaré", ""],  # row 3
        ["Fabricant", "Transformateur;Acheteur", "Entreprises", "Fabrication\nVente", 250, "", "", "", "", 1200],  # row 4
        ["Commune", "Acteur territorial;Financeur", "Élus", "", "", "", "", "", "", ""],  # row 5: no stage, no figure
        ["Boutique", "", "", "vente", "", 0, "", "", "", ""],  # row 6: « vente » is « Vente »; a zero is a figure
        ["École", "Expert", "Expertise", "", "", "", "", "", "", ""],  # row 7
    ],
    "Liens": [
        ["De", "Vers", "Type de lien", "Matière", "Quantité (t/an)", "Année", "Maillon d’arrivée", "Intensité", "Constat",
         "Source"],
        ["Collecteur", "Ressourcerie", "Flux de matière", "Meubles", 90, 2023, "Tri", "", "", "Entretien"],  # row 2
        ["Ressourcerie", "Fabricant", "Flux", "Bois", "", 2023, "Fabrication", "", "", ""],  # row 3: quantity unknown
        ["Fabricant", "", "Flux", "Chutes", 0, 2023, "", "", "", ""],  # row 4: leaves the territory, a true zero
        ["Commune", "Ressourcerie", "Soutien financier", "", "", 2020, "", "Contrat", "", "Délibération"],  # row 5
        ["École", "Fabricant", "Formation", "", "", "", "", "", "Absence constatée", ""],  # row 6
    ],
    "Groupes": [
        ["Groupe", "Type de groupe", "Membre", "Collège", "Référent"],
        ["COPIL", "Comité de pilotage (COPIL)", "Commune", "", "oui"],
        ["COPIL", "", "Ressourcerie", "", ""],
        ["GT Bois", "Groupe de travail", "Ressourcerie", "Entreprises", "École"],
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def f() -> Filiere:
    grids = [Grid.of(name, [list(row) for row in rows]) for name, rows in SHEETS.items()]
    return gather(grids, Problems("fr"), strict=True, lang="fr")


def rows(frame: pd.DataFrame, *columns: str) -> list[list[Any]]:
    shown = frame[list(columns)].astype(object)
    return shown.where(shown.notna(), None).to_numpy().tolist()


def test_actors_keep_every_role_the_main_one_first(f):
    assert rows(f.actors, "name", "roles", "pole") == [
        ["Collecteur", "supplier", "ess"],
        ["Ressourcerie", "insertion;transformer;buyer", "ess"],
        ["Fabricant", "transformer;buyer", "enterprise"],
        ["Commune", "territorial;funder", "elected"],
        ["Boutique", None, None],
        ["École", "expert", "expertise"],
    ]
    assert list(f.actors.index) == ["collecteur", "ressourcerie", "fabricant", "commune", "boutique", "ecole"]
    assert f.actors["Surface (m²)"].fillna(-1).tolist() == [300, -1, 1200, -1, -1, -1]


def test_an_activity_per_actor_and_stage(f):
    """1 + 3 + 2 + 0 + 1 + 0 = 7 activities; figures stand on the first of each actor only."""
    assert rows(f.activities, "actor_id", "stage_id", "capacity_t_per_year", "jobs_fte", "insertion_fte") == [
        ["collecteur", "collecte", 1000, 10, 4],
        ["ressourcerie", "tri", 400, 12.5, 8],
        ["ressourcerie", "reparation", None, None, None],
        ["ressourcerie", "vente", None, None, None],
        ["fabricant", "fabrication", 250, None, None],
        ["fabricant", "vente", None, None, None],
        ["boutique", "vente", None, 0, None],
    ]
    # what is added up is what was typed: 10 + 12,5 + 0 jobs, 4 + 8 of them in insertion, 1 650 t/year
    assert f.activities["jobs_fte"].sum() == 22.5
    assert f.activities["insertion_fte"].sum() == 12
    assert f.activities["capacity_t_per_year"].sum() == 1650
    assert rows(f.activities, "source_id", "confidence")[:5] == [["entretien", "declared"]] * 4 + [
        [None, None]
    ]


def test_stages_and_materials_come_from_their_use_in_order(f):
    assert f.stages["name"].tolist() == ["Collecte", "Tri", "Réparation", "Vente", "Fabrication"]
    assert f.stages["rank"].isna().all()  # what was not said is not made up
    assert f.materials["name"].tolist() == ["Meubles", "Bois", "Chutes"]
    assert f.sources["name"].tolist() == ["Entretien", "Délibération"]


def test_a_tie_is_a_flow_or_a_cooperation(f):
    ends = ["source", "target", "target_stage", "material_id", "quantity_t_per_year", "year", "source_id"]
    assert rows(f.flows, *ends) == [
        ["collecteur", "ressourcerie", "tri", "meubles", 90, 2023, "entretien"],
        ["ressourcerie", "fabricant", "fabrication", "bois", None, 2023, None],
        ["fabricant", None, None, "chutes", 0, 2023, None],
    ]
    said = ["actor_id", "to_actor_id", "kind", "state", "intensity", "since", "source_id"]
    assert rows(f.cooperations, *said) == [
        ["commune", "ressourcerie", "funding", "observed", "contract", 2020, "deliberation"],
        ["ecole", "fabricant", "training", "absent", None, None, None],
    ]


def test_groups_and_who_sits(f):
    assert rows(f.groups, "name", "kind", "referent_id") == [
        ["COPIL", "steering", "commune"],
        ["GT Bois", "working_group", "ecole"],
    ]
    assert rows(f.memberships, "group_id", "actor_id", "pole") == [
        ["copil", "commune", None],  # blank: the college of the actor
        ["copil", "ressourcerie", None],
        ["gt-bois", "ressourcerie", "enterprise"],
    ]


def test_rows_stand_where_they_were_typed(f):
    assert f.where("actors")["row"].tolist() == [2, 3, 4, 5, 6, 7]
    assert f.where("activities")[["sheet", "row"]].to_numpy().tolist() == [
        ["Acteurs", row] for row in (2, 3, 3, 3, 4, 4, 6)
    ]
    assert f.where("flows")["row"].tolist() == [2, 3, 4]
    assert f.where("cooperations")["row"].tolist() == [5, 6]
    assert f.where("stages")["row"].tolist() == [2, 3, 3, 3, 4]


def test_what_was_done_is_said_and_nothing_else(f):
    assert not f.set_aside and not f.unknown_cells
    codes = f.problems["code"].value_counts().to_dict()
    # five stages, three materials, two sources; two ends of flows hold several stages
    assert codes["created_from_use"] == 5 + 3 + 2
    assert not told(f, "inexact_reference")  # « vente » is the identifier that « Vente » has
    assert {row[:4] for row in told(f, "stage_to_choose")} == {
        ("stage_to_choose", "Liens", 3, "Maillon de départ"),
        ("stage_to_choose", "Liens", 4, "Maillon de départ"),
    }


def test_the_full_workbook_of_it_is_the_same_filiere(f, tmp_path):
    """Written in full, with the identifiers that the names have made, and read again."""
    again = cv.read_workbook(cv.write_workbook(f, tmp_path / "complet.xlsx"))
    assert again == f
    assert set(again.problems["code"]) <= {"stage_to_choose", "no_expected_chain", "unknown_column"}


def test_twice_the_same_sheets_give_the_same_filiere(f):
    """In another order of sheets the tables are the same, sources made from their use apart."""
    grids = [Grid.of(name, [list(row) for row in SHEETS[name]]) for name in reversed(SHEETS)]
    again = gather(grids, Problems("fr"), strict=True, lang="fr")
    for name in f:
        pd.testing.assert_frame_equal(f.table(name), again.table(name))
