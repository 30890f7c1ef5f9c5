"""Scenarios as people write them: a sheet in French, with names, read, applied, written and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.errors import ValidationError
from chaine_valeur.planning.scenarios import Change, Scenario, apply, describe, scenarios_of
from chaine_valeur.schema import table
from chaine_valeur.vocabulary import ChangeKind, labels
from tests.planning.test_scenarios_apply import today
from tests.report.readers import plain

KINDS = [kind.value for kind in ChangeKind]

#: A row per kind of change, as a territory would type it: names, labels, numbers with a comma.
TYPED: list[dict[str, Any]] = [
    {"Scénario": "Grand jeu", "Changement": "Créer ou renforcer une activité", "Nouvel acteur": "ACI du Val",
     "Type de structure": "ACI", "Maillon": "Tri", "Capacité": 400, "Emplois": "14,5", "Dont insertion": "12",
     "Dont encadrement": 2, "Hypothèse": "Étude de 2024"},
    {"Scénario": "Grand jeu", "Changement": "ajouter un flux", "Acteur": "A", "Nouvel acteur": "ACI du Val",
     "Maillon": "Collecte", "Maillon d’arrivée": "Tri", "Matière": "Coton", "Quantité": "30"},
    {"Scénario": "Grand jeu", "Changement": "achat supplémentaire", "Acteur": "C", "Matière": "coton", "Quantité": 50},
    {"Scénario": "Grand jeu", "Changement": "nouveau gisement", "Acteur": "B", "Maillon": "Tri", "Matière": "Coton",
     "Quantité": 7},
    {"Scénario": "Grand jeu", "Changement": "coopérer", "Nouvel acteur": "ACI du Val", "Vers": "A",
     "Type de coopération": "Projet commun"},
    {"Scénario": "Arrêt de D", "Changement": "fermeture", "Acteur": "D", "Fiabilité": "Hypothèse"},
]  # fmt: skip


def workbook(path: Path, scenarios: list[dict[str, Any]]) -> Path:
    """Write a workbook of the filière of the other tests, with a sheet of scenarios as it was typed."""
    written = cv.write_workbook(today(), path / "filière.xlsx")
    book = openpyxl.load_workbook(written)
    sheet = book.create_sheet("Scénarios")
    headers = list(dict.fromkeys(name for row in scenarios for name in row))
    sheet.append(headers)
    for row in scenarios:
        sheet.append([row.get(name) for name in headers])
    book.save(path / "typed.xlsx")
    return path / "typed.xlsx"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Filiere:
    return cv.read_workbook(workbook(tmp_path_factory.mktemp("book"), TYPED))


# -- reading --------------------------------------------------------------------------------------------------


def test_every_kind_of_change_is_typed_once():
    typed = {"Créer ou renforcer une activité", "ajouter un flux", "achat supplémentaire", "nouveau gisement",
             "coopérer", "fermeture"}  # fmt: skip
    assert {row["Changement"] for row in TYPED} == typed and len(typed) == len(KINDS)


def test_names_and_labels_become_identifiers(read: Filiere):
    rows = read.scenarios
    assert rows["change"].tolist() == ["add_activity", "add_flow", "add_demand", "add_supply", "add_cooperation",
                                       "stop_actor"]  # fmt: skip
    assert rows["actor_id"].fillna("").tolist() == ["", "a", "c", "b", "", "d"]
    assert rows["to_actor_id"].fillna("").tolist() == ["", "", "", "", "a", ""]
    assert rows["stage_id"].fillna("").tolist() == ["tri", "collecte", "", "tri", "", ""]
    assert rows["to_stage_id"].fillna("").tolist() == ["", "tri", "", "", "", ""]
    assert rows["material_id"].fillna("").tolist() == ["", "coton", "coton", "coton", "", ""]
    assert rows["structure_kind"].iloc[0] == "ACI" and rows["cooperation_kind"].iloc[4] == "joint_project"
    assert rows["jobs_fte"].iloc[0] == 14.5 and rows["insertion_fte"].iloc[0] == 12
    assert rows["quantity_t_per_year"].isna().tolist() == [True, False, False, False, True, True]


def test_scenarios_come_in_the_order_in_which_they_begin(read: Filiere):
    found = scenarios_of(read)
    assert [(name, len(one)) for name, one in found.items()] == [("Grand jeu", 5), ("Arrêt de D", 1)]
    assert [change.kind for change in found["Grand jeu"]] == read.scenarios["change"].tolist()[:5]
    assert all(change.row in read.scenarios.index for one in found.values() for change in one)


def test_rows_of_one_scenario_need_not_stand_together(tmp_path: Path):
    mixed = [TYPED[0], TYPED[5], TYPED[1]]
    found = scenarios_of(cv.read_workbook(workbook(tmp_path, mixed)))
    assert [(name, [change.kind for change in one]) for name, one in found.items()] == [
        ("Grand jeu", ["add_activity", "add_flow"]),
        ("Arrêt de D", ["stop_actor"]),
    ]


def test_blank_cells_say_nothing(read: Filiere):
    flow = scenarios_of(read)["Grand jeu"].changes[1]
    assert flow == Change(
        "add_flow", actor_id="a", new_actor="ACI du Val", stage_id="collecte", to_stage_id="tri", material_id="coton",
        quantity_t_per_year=30.0,
    )  # fmt: skip
    for change in scenarios_of(read)["Grand jeu"]:
        assert all(value is None or value == value for value in vars(change).values())


# -- applied --------------------------------------------------------------------------------------------------


def test_what_was_typed_takes_place(read: Filiere):
    f = apply(read, scenarios_of(read)["Grand jeu"])
    new = f.actors.loc["aci-du-val"]
    assert (new["structure_kind"], new["roles"], new["status"]) == ("ACI", "insertion", "active")
    (row,) = f.activities[f.activities["actor_id"] == "aci-du-val"].to_dict("records")
    assert (row["capacity_t_per_year"], row["jobs_fte"], row["insertion_fte"], row["supervision_fte"]) == (
        400, 14.5, 12, 2)  # fmt: skip
    assert plain(row["hypothesis"]) == "Scénario « Grand jeu » : Étude de 2024"
    (flow,) = f.flows[f.flows["target"] == "aci-du-val"].to_dict("records")
    assert (flow["source"], flow["source_stage"], flow["target_stage"], flow["quantity_t_per_year"]) == (
        "a", "collecte", "tri", 30)  # fmt: skip
    # C asked for 200 t expressed and 150 t verified: the firmest takes the 50 t
    assert f.markets["quantity_t_per_year"].tolist() == [200, 200, 300, 7]
    (tie,) = f.cooperations[["actor_id", "to_actor_id", "kind"]].values.tolist()
    assert tie == ["aci-du-val", "a", "joint_project"]
    assert apply(read, scenarios_of(read)["Arrêt de D"]).actors.loc["d", "status"] == "closed"


def test_it_is_the_same_as_what_python_says(read: Filiere):
    typed = scenarios_of(read)["Grand jeu"]
    written = Scenario("Grand jeu", [
        Change("add_activity", new_actor="ACI du Val", structure_kind="ACI", stage_id="tri", capacity_t_per_year=400,
               jobs_fte=14.5, insertion_fte=12, supervision_fte=2, hypothesis="Étude de 2024"),
        *typed.changes[1:],
    ])  # fmt: skip
    assert typed == written and apply(read, typed) == apply(read, written)


def test_it_is_described_in_both_languages(read: Filiere):
    scenario = scenarios_of(read)["Grand jeu"]
    french = [plain(one) for one in describe(scenario, read)]
    assert french[0].startswith("ACI du Val au maillon « Tri » : +400 t/an de capacité ; +14,5 ETP au total")
    assert french[1] == "A → ACI du Val : +30 t/an (Coton)."
    assert french[2] == "Débouché, C : +50 t/an (Coton)."
    assert french[3] == "Gisement, B : +7 t/an (Coton)."
    assert french[4] == "ACI du Val et A coopèrent (Projet commun)."
    english = [plain(one) for one in describe(scenario, read, lang="en")]
    assert english[1:] == [
        "A → ACI du Val: +30 t/year of Coton.",
        "C asks for +50 t/year of Coton.",
        "B offers +7 t/year of Coton.",
        "ACI du Val and A cooperate (Joint project).",
    ]


@pytest.mark.parametrize("kind", ["add_demand", "add_supply"])
def test_an_amount_that_is_not_stated_is_no_question_mark(kind: str):
    (french,) = describe(Scenario("S", [Change(kind, stage_id="vente", material_id="coton")]), today())
    assert "?" not in french and plain(french).endswith(": tonnage non indiqué (Coton).")


# -- round trips ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_workbook_keeps_every_change(read: Filiere, tmp_path: Path, lang: str):
    back = cv.read_workbook(cv.write_workbook(read, tmp_path / "back.xlsx", lang=lang), lang=lang)
    pd.testing.assert_frame_equal(back.scenarios, read.scenarios)
    assert scenarios_of(back) == scenarios_of(read)
    for name, scenario in scenarios_of(read).items():
        assert apply(back, scenarios_of(back)[name]) == apply(read, scenario)


def test_a_folder_keeps_every_change(read: Filiere, tmp_path: Path):
    cv.write_csv(read, tmp_path)
    back = cv.read_csv(tmp_path)
    assert scenarios_of(back) == scenarios_of(read) and back == read


def test_what_a_scenario_gives_can_be_written_and_read_back(read: Filiere, tmp_path: Path):
    f = apply(read, scenarios_of(read)["Grand jeu"])
    back = cv.read_workbook(cv.write_workbook(f, tmp_path / "after.xlsx"))
    assert back == f
    assert back.problems[back.problems["severity"] == "error"].empty


def test_names_that_a_later_row_would_make_are_not_references(tmp_path: Path):
    """A new actor is named in its own column; in that of the actors it is a name that nobody has."""
    wrong = [TYPED[0], {**TYPED[1], "Acteur": "ACI du Val", "Nouvel acteur": None}]
    with pytest.raises(ValidationError, match="ACI du Val"):
        cv.read_workbook(workbook(tmp_path, wrong))


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("Changement", "Tout changer", "Tout changer"),
        ("Maillon", "Filature", "Filature"),
        ("Matière", "Soie", "Soie"),
        ("Quantité", "beaucoup", "beaucoup"),
        ("Type de structure", "Ovni", "Ovni"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_row(tmp_path: Path, column: str, value: str, told: str):
    wrong = [TYPED[0], {**TYPED[1], column: value}]
    with pytest.raises(ValidationError) as raised:
        cv.read_workbook(workbook(tmp_path, wrong))
    said = plain(str(raised.value))
    assert "Scénarios" in said and told in said and column in said


# -- the words of the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_label_and_synonym_of_a_change_is_understood(kind: str, lang: str):
    said = [labels("change_kind", lang)[kind], *ChangeKind(kind).aliases]
    f = today().with_table("scenarios", pd.DataFrame({"scenario": "S", "change": said, "actor_id": "a"}))
    assert f.scenarios["change"].tolist() == [kind] * len(said)


def test_the_fields_of_a_change_are_the_columns_of_the_table():
    home = [column.name for column in table("scenarios")]
    fields = set(Change.__dataclass_fields__) - {"kind", "row"}
    assert fields <= set(home)
    assert set(home) - fields == {"change_id", "scenario", "change", "confidence", "confidentiality", "note"}
