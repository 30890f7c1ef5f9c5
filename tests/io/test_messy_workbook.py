"""The essential workbook as a consultancy fills it, with its mistakes: each is said, nothing is lost."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import chaine_valeur as cv

FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(1)</script>"

ACTORS: list[list[Any]] = [
    ["Étude filière bois d’emballage — CC du Plateau (v3)"],
    [],
    ["Nom de l'acteur", "Rôle", "Pôle", "Maillon", "type", "Ville", "N° SIRET", "Capacité (t/an)", "ETP",
     "ETP insertion", "Enquêté le", "Mail", "Avis perso"],
    ["Scierie Martin", "fournisseur", "Entreprise", "Collecte palettes", "SARL", "Yvetot",
     "732 829 320 00074", "1 200", 12, None, datetime.date(2024, 3, 12), "x@example.org", "sympa"],
    ["Ressourcerie du Plateau", "Structure d'insertion; transformateur", "ESS", "Tri ; Réparation",
     "chantier d'insertion", "Doudeville", None, "env. 300", "8,5", "6", "mars 2024"],
    ["Palett'Ouest", "transformateur", "entreprise", "Réparation", "EI", "Yvetot", "1234", 500, 20, 15],
    ["palett'ouest", "transformateur"],
    ["CC du Plateau", "collectivité", "élu", None, "EPCI", "Yvetot"],
    ["Lycée Pro", "Expert", "formation"],
    ["Logistique Nord", "client", "Entreprises", "Vente", "SAS"],
    [FORMULA, "acheteur", "Entreprises", "Vente"],
    [SCRIPT, "Achteur", "Entreprises", "Vente", None, None, None, -5],
    [None, "acheteur"],
]  # fmt: skip
LINKS: list[list[Any]] = [
    ["De", "Vers", "Type", "Matière", "Tonnage (t/an)", "Année", "Intensité", "Source"],
    [
        "Scierie Martin",
        "Ressourcerie du Plateau",
        "Flux",
        "Palettes usagées",
        "1 050,5",
        2023,
        None,
        "Entretien",
    ],
    ["Ressourcerie du Platau", "Logistique Nord", "flux de matière", "Palettes réparées", 400, 2023],
    ["Ressourcerie du Plateau", "Palett'Ouest", "Flux", "Palettes triées", "~200", 2023],
    ["Palett'Ouest", "Logistique Nord", "Flux", "Palettes réparées", "300 t", "2023"],
    ["CC du Plateau", "Ressourcerie du Plateau", "jumelage", None, None, 2020, "Convention"],
    ["CC du Plateau", "Ressourcerie du Plateau", "Soutien financier", None, None, 2020, "Convention"],
    ["Lycée Pro", "Lycée Pro", "formation"],
    [FORMULA, SCRIPT, "Flux", None, "12 %", 2023],
]
GROUPS: list[list[Any]] = [
    ["Groupe", "Membre", "Collège", "Référent"],
    ["GT Palettes", "CC du Plateau", "Élus", "oui"],
    ["GT Palettes", "Ressourcerie du Plateau", "ESS"],
    ["GT Palettes", "Inconnu SA"],
]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Write cells as text, numbers or dates, never as formulas."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheets = {"ACTEURS ": ACTORS, "liens": LINKS, "Groupes": GROUPS, "Brouillon": [["a", "b"]]}
    return workbook(tmp_path_factory.mktemp("étude") / "étude filière.xlsx", sheets)


@pytest.fixture(scope="module")
def read(filled: Path) -> cv.Filiere:
    return cv.read_workbook(filled, strict=False)


def test_every_problem_is_said_where_it_stands(read):
    errors = read.problems[read.problems["severity"] == "error"]
    assert sorted(zip(errors["sheet"], errors["row"], errors["code"], strict=True)) == [
        ("ACTEURS", 5, "not_a_number"),
        ("ACTEURS", 6, "siret_form"),
        ("ACTEURS", 12, "below_minimum"),
        ("ACTEURS", 12, "unknown_term"),
        ("ACTEURS", 13, "missing_required"),
        ("Groupes", 4, "unknown_reference"),
        ("liens", 3, "unknown_reference"),
        ("liens", 4, "not_a_number"),
        ("liens", 6, "unknown_term"),
        ("liens", 8, "self_tie"),
        ("liens", 9, "percentage"),
    ]
    told = set(
        zip(read.problems["sheet"], read.problems["row"].astype(str), read.problems["code"], strict=True)
    )
    assert ("ACTEURS", "7", "near_name") in told
    assert ("ACTEURS", "5", "approximate_date") in told
    assert {"contact_column", "unknown_column", "unknown_sheet", "no_expected_chain"} <= {
        code for *_, code in told
    }


def test_suggestions_name_the_close_ones(read):
    typo = read.problems.query("sheet == 'liens' and row == 3 and code == 'unknown_reference'")
    assert "Ressourcerie du Plateau" in typo["message"].item()
    assert typo["column"].item() == "De"


def test_what_could_be_read_was(read):
    assert read.actors["name"].tolist() == [
        "Scierie Martin", "Ressourcerie du Plateau", "Palett'Ouest", "palett'ouest", "CC du Plateau",
        "Lycée Pro", "Logistique Nord", FORMULA, SCRIPT,
    ]  # fmt: skip
    first = read.actors.loc["scierie-martin"]
    assert (first["siret"], first["pole"], first["commune_name"]) == (
        "73282932000074",
        "enterprise",
        "Yvetot",
    )
    assert read.actors.loc["ressourcerie-du-plateau", "roles"] == "insertion;transformer"
    assert read.actors.loc["ressourcerie-du-plateau", "structure_kind"] == "ACI"
    held = read.activities[read.activities["actor_id"] == "ressourcerie-du-plateau"]
    assert held["stage_id"].tolist() == ["tri", "reparation"]
    assert held["insertion_fte"].iloc[0] == 6
    assert held["insertion_fte"].isna().iloc[1]  # said once, of the whole: not repeated at each stage
    assert read.activities["capacity_t_per_year"].tolist()[0] == 1200
    quantities = read.flows["quantity_t_per_year"]
    assert quantities.iloc[0] == 1050.5
    assert quantities.isna().tolist() == [False, True, False, True]
    assert quantities.iloc[2] == 300
    assert read.cooperations["kind"].tolist() == ["funding"]
    assert read.groups.loc["gt-palettes", "referent_id"] == "cc-du-plateau"
    assert read.memberships["pole"].tolist() == ["elected", "ess"]


def test_what_could_not_is_kept_and_counted(read):
    assert sum(len(rows) for rows in read.set_aside.values()) == 5
    assert sum(read.unknown_cells.values()) == 6
    out = [str(cell) for rows in read.set_aside.values() for cell in rows.to_numpy().ravel()]
    assert any("Inconnu SA" in cell for cell in out)
    assert any("Ressourcerie du Platau" in cell for cell in out)


def test_contacts_never_enter(read):
    everything = " ".join(read.table(name).to_csv() for name in cv.schema.tables())
    assert "x@example.org" not in everything
    assert "sympa" in everything  # a column of one's own is kept


def test_strict_says_it_all_at_once(filled):
    with pytest.raises(cv.ValidationError) as caught:
        cv.read_workbook(filled)
    assert (caught.value.problems["severity"] == "error").sum() == 11


def test_in_english(filled):
    f = cv.read_workbook(filled, strict=False, lang="en")
    assert "is a percentage" in f.problems.query("code == 'percentage'")["message"].item()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_can_be_written_and_read_again(read, tmp_path, lang):
    path = cv.write_workbook(read, tmp_path / "copie.xlsx", lang=lang)
    again = cv.read_workbook(path)
    assert again == read
    sheets = openpyxl.load_workbook(path)
    formulas = [
        cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert not formulas
    texts = {cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert {FORMULA, SCRIPT} <= texts


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_comes_back(read, tmp_path, separator):
    cv.write_csv(read, tmp_path, separator=separator)
    assert cv.read_csv(tmp_path) == read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_as_excel_saves_it(tmp_path, encoding):
    text = 'Nom;Collège;Rôles\nÉtang & Fils;Élus;"fournisseur ; acheteur"\n\nŒuvre;ESS;\n'
    (tmp_path / "Acteurs.csv").write_text(text, encoding=encoding)
    (tmp_path / "Flux.csv").write_text(
        "De;Vers;Quantité (t/an)\nÉtang & Fils;Œuvre;1 234,5\n", encoding=encoding
    )
    f = cv.read_csv(tmp_path)
    assert f.actors["name"].tolist() == ["Étang & Fils", "Œuvre"]
    assert f.actors["roles"].iloc[0] == "supplier;buyer"
    assert f.flows["quantity_t_per_year"].item() == 1234.5
    assert f.where("actors")["row"].tolist() == [2, 4]


def test_files_that_are_no_workbook(tmp_path):
    empty = tmp_path / "vide.xlsx"
    empty.write_bytes(b"")
    text = tmp_path / "texte.xlsx"
    text.write_text("Nom;Rôle\nA;B\n", encoding="utf-8")
    torn = tmp_path / "abîmé.xlsx"
    torn.write_bytes(b"PK\x03\x04" + b"0" * 300)
    locked = tmp_path / "chiffré.xlsx"
    locked.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 600
    )
    stranger = workbook(tmp_path / "autre.xlsx", {"Feuil1": [["a"], [1]]})
    said = {}
    for path in (empty, text, torn, locked, stranger, tmp_path / "absent.xlsx", tmp_path):
        with pytest.raises(cv.UnreadableFileError) as caught:
            cv.read_workbook(path)
        said[path.name] = str(caught.value)
    assert "mot de passe" in said["chiffré.xlsx"]
    assert "Acteurs" in said["autre.xlsx"]
    assert len(set(said.values())) == 7  # each its own sentence
    with pytest.raises(cv.MissingTableError, match="Acteurs"):
        cv.read_workbook(workbook(tmp_path / "sans.xlsx", {"Flux": [["De", "Vers"], ["A", "B"]]}))
