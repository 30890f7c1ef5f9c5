"""Headers as people lay them out, and what is said of what is not a header."""

from __future__ import annotations

import time
from datetime import date, datetime

import pandas as pd
import pytest

from chaine_valeur import schema
from chaine_valeur.io.cells import Grid, find_headers, raw_of
from chaine_valeur.problems import Problems
from chaine_valeur.schema import is_contact, table

FLOWS = (table("flows"),)
ACTORS = (table("actors"), table("essential_actors"))


def headers(*rows, candidates=FLOWS):
    return find_headers(Grid.of("x", [list(row) for row in rows]), candidates)


def raw(*rows, candidates=FLOWS):
    grid, problems = Grid.of("x", [list(row) for row in rows]), Problems("fr")
    return raw_of(grid, find_headers(grid, candidates), problems), problems.frame()


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("Quantité (t/an)", "quantity_t_per_year"),
        ("QUANTITE", "quantity_t_per_year"),
        ("  quantité   (T/AN) ", "quantity_t_per_year"),
        ("Quantité\n(t/an)", "quantity_t_per_year"),
        ("Quantité en tonnes par an", "quantity_t_per_year"),
        ("Quantité (tonnes)", "quantity_t_per_year"),
        ("Quantity (t/year)", "quantity_t_per_year"),
        ("quantity_t_per_year", "quantity_t_per_year"),
        ("Tonnage", "quantity_t_per_year"),
        ("Volume [t]", "quantity_t_per_year"),
        ("Part (%)", "share"),
        ("Vers *", "target"),
        ("Vers (le client)", "target"),
        ("Maillon d'arrivée", "target_stage"),
        ("Maillon d’arrivée", "target_stage"),
        ("To stage", "target_stage"),
        ("Montant (€/an)", "amount_eur_per_year"),
        # another unit is another figure
        ("Quantité (kg)", None),
        ("Montant (k€)", None),
        ("Quantité estimée au doigt mouillé", None),
        ("", None),
    ],
)
def test_spellings_of_headers(written, column):
    found = headers(["De", "Année", written])
    assert found.columns.get(written.strip()) == column


def test_source_is_an_end_or_an_origin():
    assert headers(["Source", "Cible", "Tonnage"]).columns["Source"] == "source"
    assert headers(["De", "Vers", "Source"]).columns == {
        "De": "source",
        "Vers": "target",
        "Source": "source_id",
    }


def test_titles_blank_rows_and_columns_come_before():
    rows = [
        ["", "Recensement des flux 2023", "", ""],
        ["", "", "", ""],
        ["", "Rempli par la communauté de communes, à vérifier", "", ""],
        ["", "De", "Vers", "Tonnage"],
        ["", "A", "B", 12.0],
        [" ", "", "", ""],
        ["", "B", "", "3"],
    ]
    found, problems = raw(*rows)
    assert problems.empty
    assert found.frame.to_dict("list") == {
        "source": ["A", "B"],
        "target": ["B", None],
        "quantity_t_per_year": [12.0, "3"],
    }
    assert found.rows.tolist() == [5, 7]
    assert found.by_sheet == {"x": {"source": "De", "target": "Vers", "quantity_t_per_year": "Tonnage"}}


def test_explanations_above_the_headers_are_no_data():
    explained = [column.meaning("fr") for column in table("flows")]
    names = [column.header("fr") for column in table("flows")]
    found = headers(explained, names, ["f1", "A"])
    assert found.first_row == 2
    assert list(found.columns.values()) == list(table("flows").columns)


def test_headers_merged_over_two_rows():
    """« Nom » spans both rows; « Emplois » spans the two columns of its parts."""
    rows = [
        ["Nom", "Emplois", "", "Commune", "Maillons"],
        ["", "Total", "Dont insertion", "", ""],
        ["Relais", 12.0, 8.0, "Bolbec", "Tri"],
    ]
    found = headers(*rows, candidates=ACTORS)
    assert found.first_row == 2
    assert found.table.name == "essential_actors"
    assert found.columns == {
        "Nom": "name",
        "Emplois": "jobs_fte",
        "Dont insertion": "insertion_fte",
        "Commune": "commune_name",
        "Maillons": "stages",
    }
    got, _ = raw(*rows, candidates=ACTORS)
    assert got.frame["jobs_fte"].tolist() == [12.0]
    assert got.rows.tolist() == [3]


def test_a_row_of_data_is_no_second_row_of_headers():
    found = headers(["Nom", "Rôles", ""], ["Relais", "", "Commune"], candidates=ACTORS)
    assert found.first_row == 1
    assert headers(["Nom", "", "Rôles"], ["Relais", "Commune", 3.0], candidates=ACTORS).first_row == 1


def test_a_group_of_columns_above_the_headers_is_passed_over():
    found = headers(["Qui", "", "Combien", ""], ["De", "Vers", "Tonnage", "Année"], ["A", "B", 1, 2020])
    assert found.first_row == 2
    assert len(found.columns) == 4


def test_headers_repeated_on_each_printed_page_are_dropped():
    found, _ = raw(["De", "Vers"], ["A", "B"], ["De", "Vers"], ["B", "A"])
    assert found.rows.tolist() == [2, 4]


def test_no_header_at_all():
    assert headers(["A", "B", 12.0], ["C", "D", 3.0]) is None
    assert find_headers(Grid.of("x", []), FLOWS) is None


def test_unknown_columns_are_kept_and_said():
    found, problems = raw(
        ["De", "Vers", "Quantité (kg)", "Transport", ""], ["A", "B", 3.0, "camion", "hors tableau"]
    )
    assert found.frame["Transport"].tolist() == ["camion"]
    assert found.frame["Quantité (kg)"].tolist() == [3.0]
    assert found.frame["Colonne E"].tolist() == ["hors tableau"]
    assert problems["code"].tolist() == ["unknown_column"] * 3
    assert problems["row"].tolist() == [1, 1, 1]
    assert problems["column"].tolist() == ["Quantité (kg)", "Transport", "Colonne E"]
    assert "Vouliez-vous dire" in problems["message"][0] and "Quantité (t/an)" in problems["message"][0]


def test_repeated_headers():
    found, problems = raw(
        ["De", "Vers", "Remarques", "Remarques", "X", "X"], ["A", "B", "un", "deux", "1", "2"]
    )
    assert problems["code"].tolist() == ["duplicate_header", "duplicate_header", "unknown_column"]
    assert problems["value"].tolist() == ["Remarques", "X", "X"]
    assert found.frame[["note", "Remarques (2)", "X", "X (2)"]].iloc[0].tolist() == ["un", "deux", "1", "2"]


@pytest.mark.parametrize(
    "header",
    ["E-mail", "mail", "Adresse mail", "Courriel", "Téléphone", "Tél.", "TEL PORTABLE", "Portable", "Contact",
     "Nom du contact", "Interlocuteur", "Phone number", "Fax", "Prénom", "Contact person", "Mobile", "Last name"],
)  # fmt: skip
def test_contact_details_never_get_in(header):
    found, problems = raw(["De", header, "Vers"], ["A", "jean@exemple.fr", "B"])
    assert problems["code"].tolist() == ["contact_column"]
    assert "jean" not in found.frame.to_csv() + problems.to_csv()


@pytest.mark.parametrize("name", [*schema.tables(), *schema.shorthands()])
def test_no_column_of_the_model_is_a_contact(name):
    for column in table(name):
        for lang in ("fr", "en"):
            assert not is_contact(column.header(lang)), column.header(lang)
    assert not is_contact("Matière mobilisable") and not is_contact("Contactologie")


def test_kinds_of_cells():
    cells = ["A", True, date(2024, 3, 12), datetime(2024, 3, 12, 10, 30), 12.0, "", "#N/A"]
    found, _ = raw(["De", "a", "b", "c", "d", "e", "f"], cells)
    assert found.frame.iloc[0].tolist() == [None if cell == "" else cell for cell in cells]


def test_errors_of_formulas_are_put_back_where_they_were():
    grid = Grid.of("x", [["De", "Vers"], ["", ""], ["A"]], failed={2: {1: "#REF!"}, 3: {2: "#N/A"}})
    assert grid.rows == [["De", "Vers"], ["", "#REF!"], ["A", "", "#N/A"]]
    assert grid.numbers == [1, 2, 3]


def test_rows_shorter_and_longer_than_the_headers():
    found, _ = raw(["De", "Vers"], ["A"], ["B", "C", "D"])
    assert found.frame.to_dict("list") == {
        "source": ["A", "B"],
        "target": [None, "C"],
        "Colonne C": [None, "D"],
    }


def test_a_million_blank_rows():
    blank = ["", "", ""]
    begun = time.process_time()
    grid = Grid.of("x", (blank if number else ["De", "Vers", ""] for number in range(1_000_000)))
    assert time.process_time() - begun < 10  # a third of a second on an idle machine
    assert grid.numbers == [1]


@pytest.mark.parametrize(
    ("names", "home"),
    [
        (["Nom", "Rôles", "Collège"], "actors"),
        (["Nom", "Maillons"], "essential_actors"),
        (["Nom", "Capacité (t/an)", "NAF"], "essential_actors"),
        (["Identifiant", "Nom", "Latitude"], "actors"),
    ],
)
def test_a_sheet_is_short_if_it_says_what_only_the_short_one_says(names, home):
    assert headers(names, candidates=ACTORS).table.name == home


def test_a_short_sheet_may_hold_columns_of_the_full_tables():
    names = ["Nom", "Maillons", "NAF", "Dont encadrement", "Source", "Machin"]
    found = headers(names, candidates=ACTORS)
    assert found.columns == {
        "Nom": "name",
        "Maillons": "stages",
        "NAF": "actors.naf",
        "Dont encadrement": "activities.supervision_fte",
        "Source": "actors.source_id",
    }


def test_columns_marked_by_the_writer_are_the_users_own():
    found, problems = raw(
        ["De", "Vers", "Tonnage [hors modèle]", "Year [outside the model]"], ["A", "B", 1.0, 2.0]
    )
    assert list(found.frame) == ["source", "target", "Tonnage", "Year"]
    assert problems.empty
    kept, _ = raw(["De", "Vers", "year [outside the model]"], ["A", "B", 1.0])
    assert list(kept.frame)[2] == "year [outside the model]"  # never taken for the column of that very name


def test_the_raw_table_is_plain():
    found, _ = raw(["De", "Vers"], ["A", "B"])
    assert found.frame.dtypes.tolist() == [object, object]
    assert isinstance(found.frame.index, pd.RangeIndex)
    assert found.sheets.tolist() == ["x"]
