"""Folders of CSV files, whoever wrote them."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import MissingTableError, UnreadableFileError, ValidationError
from chaine_valeur.io.siae.grids import listing_grids
from chaine_valeur.planning.correspondence.trades import correspondence

from .making import told


def folder(tmp_path, encoding="utf-8", **files):
    for name, text in files.items():
        content = text if isinstance(text, bytes) else text.encode(encoding)
        (tmp_path / f"{name}.csv").write_bytes(content)
    return tmp_path


def said(path, lang="fr"):
    with pytest.raises(UnreadableFileError) as caught:
        cv.read_csv(path, lang=lang)
    return str(caught.value)


@pytest.mark.parametrize(
    ("separator", "encoding", "ends"),
    [
        (";", "utf-8", "\n"),
        (";", "cp1252", "\r\n"),
        (";", "utf-8-sig", "\r\n"),
        (",", "utf-8", "\r\n"),
        (",", "cp1252", "\n"),
        (",", "utf-8-sig", "\r"),
        ("\t", "utf-16", "\r\n"),
        ("\t", "cp1252", "\r"),
        ("\t", "utf-8", "\n"),
    ],
)
def test_separators_encodings_and_ends_of_lines(tmp_path, separator, encoding, ends):
    sign = separator
    actors = f'Nom{sign}Commune{sign}Remarques{ends}"L’Étoupe{sign} œuvre"{sign}Évreux{sign}"deux{ends}lignes"{ends}'
    flows = f'De{sign}Vers{sign}Quantité (t/an){ends}"L’Étoupe{sign} œuvre"{sign}{sign}"1 234,5"{ends}'
    f = cv.read_csv(folder(tmp_path, encoding, Acteurs=actors, flux=flows))
    assert f.actors["name"].tolist() == [f"L’Étoupe{sign} œuvre" if sign != "\t" else "L’Étoupe\t œuvre"]
    assert f.actors["commune_name"].tolist() == ["Évreux"]
    assert f.actors["note"].tolist() == ["deux\nlignes"]
    assert f.flows["quantity_t_per_year"].tolist() == [1234.5]


def test_decimal_commas_do_not_pass_for_separators(tmp_path):
    text = "Nom;Latitude;Longitude\nA, B et C;49,5;0,25\nD, E;49,75;0,5\n"
    f = cv.read_csv(folder(tmp_path, actors=text))
    assert f.actors["name"].tolist() == ["A, B et C", "D, E"]
    assert f.actors["latitude"].tolist() == [49.5, 49.75]


def test_the_line_that_tells_excel_the_separator(tmp_path):
    f = cv.read_csv(folder(tmp_path, actors="sep=,\r\nNom,Pôle\r\nA;B,zorg\r\n"), strict=False)
    assert f.actors["name"].tolist() == ["A;B"]
    assert told(f, "unknown_term") == [("unknown_term", "actors.csv", 2, "Pôle", "zorg")]


def test_rows_are_numbered_as_excel_shows_them(tmp_path):
    text = 'Titre;;\n\n"Nom";"Pôle"\n"A\nsur deux lignes";ESS\n;\nB;zorg\n'
    f = cv.read_csv(folder(tmp_path, actors=text), strict=False)
    assert told(f, "unknown_term") == [("unknown_term", "actors.csv", 6, "Pôle", "zorg")]
    assert f.where("actors")["row"].tolist() == [4, 6]


@pytest.mark.parametrize(
    "name", ["actors", "Acteurs", "ACTEURS", "acteur", "Actors", "1. Acteurs", "Acteurs 2024"]
)
def test_names_of_files(tmp_path, name):
    assert len(cv.read_csv(folder(tmp_path, **{name: "Nom\nA\n"})).actors) == 1


def test_the_essential_sheets_as_files(tmp_path):
    f = cv.read_csv(
        folder(
            tmp_path,
            Acteurs="Nom;Maillons\nA;Collecte; \nB;Tri\n",
            Liens="De;Vers;Type\nA;B;Flux\nA;B;R&D\n",
            Groupes="Groupe;Membre\nG;A\n",
        )
    )
    assert [len(f.table(name)) for name in ("activities", "flows", "cooperations", "memberships")] == [
        2,
        1,
        1,
        1,
    ]


def test_other_files_of_the_folder(tmp_path):
    folder(tmp_path, actors="Nom\nA\n", Divers="a;b\n1;2\n", Acterus="x\n", binaire=b"\x00\x01\xff")
    (tmp_path / "README.md").write_text("no table", encoding="utf-8")
    (tmp_path / "flows.csv.bak").write_text("no table", encoding="utf-8")
    (tmp_path / "stages.csv").touch()
    (tmp_path / "sources.csv").mkdir()
    f = cv.read_csv(tmp_path)
    assert told(f, "unknown_file") == [
        ("unknown_file", "Acterus.csv", None, "", "Acterus.csv"),
        ("unknown_file", "Divers.csv", None, "", "Divers.csv"),
        ("unknown_file", "binaire.csv", None, "", "binaire.csv"),
    ]
    assert "Acteurs" in f.problems["message"].iloc[0]


def test_a_file_that_was_downloaded_twice(tmp_path):
    folder(tmp_path, **{"Acteurs (1)": "Nom\nA\n"})
    assert cv.read_csv(tmp_path).actors["name"].tolist() == ["A"]
    folder(tmp_path, Acteurs="Nom\nB\n")
    f = cv.read_csv(tmp_path)
    assert f.actors["name"].tolist() == ["B"]
    assert told(f, "unknown_file") == [("unknown_file", "Acteurs (1).csv", None, "", "Acteurs (1).csv")]


def test_what_is_no_folder_of_csv_files(tmp_path):
    assert "n’existe pas" in said(tmp_path / "absent")
    (tmp_path / "x.csv").write_text("Nom\n", encoding="utf-8")
    assert "est un fichier" in said(tmp_path / "x.csv")
    assert "Acteurs.csv, Liens.csv" in said(tmp_path)
    assert "Actors.csv" in said(tmp_path, "en")


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"Nom\n\x81\x8d\n"])
def test_a_known_file_that_is_no_text(tmp_path, content):
    assert "actors.csv" in said(folder(tmp_path, actors=content))
    assert "n’est pas du texte" in said(tmp_path)


def test_a_cell_larger_than_any_cell(tmp_path):
    assert "ne peut pas être lu" in said(folder(tmp_path, actors='Nom\n"' + "x" * 200_000 + '"\n'))


def test_no_actors_and_strictness(tmp_path):
    with pytest.raises(MissingTableError):
        cv.read_csv(folder(tmp_path, flows="De;Vers\nA;B\n"))
    with pytest.raises(ValidationError, match="actors.csv, ligne\u00a02"):
        cv.read_csv(folder(tmp_path, actors="Nom;Pôle\nA;zorg\n"))


# -- columns of one's own -------------------------------------------------------------------------------


def test_cells_without_quotes_may_be_numbers(tmp_path):
    text = (
        "Nom;surface;repère;postal;actif;visite;mot\n"
        'A;12.5;007;"76170";true;2024-03-12;x\n'
        'B;-3;12;"14000";false;2024-03-13T10:30:00;true\n'
    )
    f = cv.read_csv(folder(tmp_path, actors=text))
    assert f.actors["surface"].tolist() == [12.5, -3.0]
    assert f.actors["repère"].tolist() == ["007", "12"]  # a leading zero is no number's
    assert f.actors["postal"].tolist() == ["76170", "14000"]  # in quotes: text
    assert f.actors["actif"].tolist() == [True, False]
    assert f.actors["visite"].tolist() == [datetime(2024, 3, 12), datetime(2024, 3, 13, 10, 30)]
    assert f.actors["mot"].tolist() == ["x", "true"]


def test_numbers_that_are_none(tmp_path):
    f = cv.read_csv(folder(tmp_path, actors="Nom;a;b;c\nA;1e999;2024-13-45;1\n"))
    assert f.actors[["a", "b"]].iloc[0].tolist() == ["1e999", "2024-13-45"]
    assert f.actors["c"].tolist() == [1.0]


def test_a_quote_in_the_middle_of_a_cell_is_a_sign_like_another(tmp_path):
    f = cv.read_csv(folder(tmp_path, actors='Nom;x\nA 12" tube;1\nB;"2"\n'))
    assert f.actors["name"].tolist() == ['A 12" tube', "B"]


# -- writing --------------------------------------------------------------------------------------------


def filiere():
    return cv.Filiere.from_tables(
        actors={"name": ["Étoupe"], "natural_person": [True], "surveyed_on": ["12/03/2024"], "pole": ["ess"],
                "latitude": [49.5], "roles": ["buyer;expert"], "Dossier": ["007"], "Postal": ["76170"]}
    )  # fmt: skip


def test_the_form_for_programs(tmp_path):
    (path,) = cv.write_csv(filiere(), tmp_path)
    assert path == tmp_path / "actors.csv"
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
    read = pd.read_csv(path, sep=";", dtype=str)
    assert read.iloc[0].dropna().to_dict() == {
        "actor_id": "etoupe",
        "name": "Étoupe",
        "actor_type": "organisation",
        "roles": "buyer;expert",
        "pole": "ess",
        "latitude": "49.5",
        "status": "active",
        "surveyed_on": "2024-03-12",
        "natural_person": "true",
        "Dossier": "007",
        "Postal": "76170",
    }
    assert b';007;"76170"' in raw  # in quotes where it would be read as a number


def test_the_form_for_people(tmp_path):
    (path,) = cv.write_csv(filiere(), tmp_path, lang="fr")
    assert path.name == "Acteurs.csv"
    text = path.read_bytes().decode("utf-8-sig")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    for word in (
        "Latitude (degrés)",
        "49,5",
        "12/03/2024",
        "oui",
        "Acheteur ; Expert",
        "Économie sociale et solidaire",
    ):
        assert word in text
    (english,) = cv.write_csv(filiere(), tmp_path / "en", lang="en", separator=",")
    assert "49.5" in english.read_text(encoding="utf-8-sig")
    assert cv.read_csv(tmp_path / "en") == filiere()


def test_a_folder_where_nothing_can_be_written(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(UnreadableFileError):
        cv.write_csv(filiere(), tmp_path / "x" / "y")


def test_only_tables_with_rows_are_written(tmp_path):
    names = [path.stem for path in cv.write_csv(cv.datasets.load("textiles_usages"), tmp_path)]
    assert "cooperations" not in names and "actors" in names
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(names)


@pytest.mark.parametrize("lang", [None, "fr"])
def test_the_file_of_actors_is_written_even_without_rows(tmp_path, lang):
    """A reader asks for it, even where every row of it was set aside."""
    f = cv.Filiere.from_tables(
        strict=False, actors={"actor_id": ["a"], "name": [None]}, stages={"name": ["Tri"]}
    )
    assert f.actors.empty and len(f.set_aside["actors"]) == 1
    names = [path.stem for path in cv.write_csv(f, tmp_path, lang=lang)]
    assert names == (["Acteurs", "Maillons"] if lang else ["actors", "stages"])
    assert cv.read_csv(tmp_path) == f


# -- a real list ----------------------------------------------------------------------------------------

#: The first rows of a list of structures as an administration typed it: spaces in SIRET, one SIRET on two
#: rows, a name under two types, slashes and commas in towns, phone and e-mail columns.
MESSY = """type;siret;name;tel;email;ville
ACI;489 893 937 00017;RELAIS 2D;03 00 00 00 00;;BISCHHEIM
ACI;48989393700017;RELAIS 2D (atelier);;x@exemple.fr;"STRASBOURG CEDEX 2, gare"
AI;326 311 234 00026;ENTRAIDE L’EMPLOI;;;SCHILTIGHEIM / BISCHHEIM
ACI;326 311 234 00026;ENTRAIDE L'EMPLOI;;;Saint-Œil
"""


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_a_messy_list(tmp_path, encoding):
    f = cv.read_csv(folder(tmp_path, encoding, actors=MESSY.replace("\n", "\r\n")), strict=False)
    assert len(f.actors) == 4
    assert f.actors["siret"].tolist()[:2] == ["48989393700017", "48989393700017"]
    assert {row[0] for row in told(f)} >= {"contact_column", "duplicate_siret", "near_name"}
    assert "exemple.fr" not in f.actors.to_csv() and "03 00" not in f.actors.to_csv()


def test_commas_in_the_only_column_are_no_separators(tmp_path):
    f = cv.read_csv(folder(tmp_path, actors="name\nDupont, Paul et fils\nRelais\n"))
    assert f.actors["name"].tolist() == ["Dupont, Paul et fils", "Relais"]
    assert list(f.actors.columns) == list(cv.Filiere.from_tables(actors={"name": ["A"]}).actors.columns)


def test_a_cell_without_end_is_told_with_its_line(tmp_path):
    text = f'Nom;Note\nA;"deux\nlignes"\nB;"{"x" * 140_000}\nC;y\n'
    (tmp_path / "Acteurs.csv").write_text(text, encoding="utf-8")
    with pytest.raises(
        UnreadableFileError, match="Acteurs.csv.*à partir de la ligne 4.*131\u202f072 caractères"
    ):
        cv.read_csv(tmp_path)
    # one of a name that means nothing is passed over, and said
    (tmp_path / "Acteurs.csv").rename(tmp_path / "notes.csv")
    (tmp_path / "Acteurs.csv").write_text("Nom\nA\n", encoding="utf-8")
    assert cv.read_csv(tmp_path).problems["code"].tolist().count("unknown_file") == 1


@pytest.mark.parametrize("read", [listing_grids, correspondence])
def test_a_cell_without_end_of_a_listing_or_of_trades(read, tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text(f'trade_id;name\n"{"x" * 140_000}\n', encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="liste.csv.*line 2 .*shorten the text"):
        read(path, lang="en")
