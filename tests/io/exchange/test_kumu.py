"""Kumu: the sheets and the blueprint that it imports, and maps that it exports."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import io
from tests.io.making import workbook

from .making import known, small, told


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    written = io.write_kumu(small(), tmp_path_factory.mktemp("kumu") / "carte.xlsx", lang="en")
    return {
        name: pd.read_excel(written.path, sheet_name=name, dtype=object, engine="calamine")
        for name in ("Elements", "Connections")
    }


def test_the_first_columns_are_those_of_kumu(sheets):
    assert list(sheets["Elements"].columns[:5]) == ["ID", "Label", "Type", "Description", "Tags"]
    assert list(sheets["Connections"].columns[:4]) == ["From", "To", "Direction", "Type"]


def test_elements(sheets):
    elements = sheets["Elements"].set_index("ID")
    assert elements["Label"].tolist() == [
        "Le Relais",
        "Tri & Cie",
        "Filature <Nord>",
        "Mairie",
        "Comité de pilotage",
        "Outside the territory",
    ]
    assert elements["Type"].tolist() == [
        "Organisation",
        "Organisation",
        "Network of organisations",
        "Organisation",
        "Groups",
        "Outside the territory",
    ]
    assert elements["Tags"].fillna("").tolist() == [
        "Supplier|Insertion structure",
        "Transformer",
        "",
        "Funder",
        "",
        "",
    ]
    # fields for programs beside them
    assert elements.loc["relais", "roles"] == "supplier|insertion"


def test_connections(sheets):
    rows = sheets["Connections"]
    assert rows[["From", "To", "Direction", "Type"]].to_numpy().tolist() == [
        ["relais", "tri", "directed", "Flows"],
        ["relais", "tri", "directed", "Flows"],
        ["outside", "tri", "directed", "Flows"],
        ["tri", "mairie", "directed", "Flows"],
        ["relais", "filature", "undirected", "Research and development"],
        ["mairie", "relais", "directed", "Financial support"],
        ["mairie", "copil", "directed", cv.schema.table("memberships").label("en")],
    ]
    # ids are those of elements, and of no element are they the same
    ids = set(sheets["Elements"]["ID"])
    assert set(rows["From"]) | set(rows["To"]) <= ids
    assert not ids & set(rows["ID"])


def test_the_blueprint(tmp_path):
    content = json.loads(
        io.write_kumu(small(), tmp_path / "carte.json", lang="en").path.read_text(encoding="utf-8")
    )
    assert list(content) == ["elements", "connections"]
    first = content["elements"][0]
    assert {key: first[key] for key in ("id", "label", "type", "tags", "roles", "Surface")} == {
        "id": "relais",
        "label": "Le Relais",
        "type": "Organisation",
        "tags": ["Supplier", "Insertion structure"],
        "roles": ["supplier", "insertion"],
        "Surface": 120.5,
    }
    tie = content["connections"][4]
    assert (tie["from"], tie["to"], tie["direction"]) == ("relais", "filature", "undirected")
    assert None not in first.values()


def test_no_formula_and_long_texts_are_cut_aloud(tmp_path):
    f = cv.Filiere.from_tables(actors={"name": ["=1+1"], "note": ["x" * 40_000]})
    written = io.write_kumu(f, tmp_path / "a.xlsx", lang="en")
    cells = [cell for row in openpyxl.load_workbook(written.path)["Elements"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "b"}
    assert written.left_out[["rows", "reason"]].to_numpy().tolist() == [
        [2, "Texts longer than a cell of Excel holds are cut."]
    ]


# -- maps from Kumu -------------------------------------------------------------------------------------


def test_a_workbook_of_kumu(tmp_path):
    path = workbook(
        tmp_path / "carte.xlsx",
        {
            "Notes (ignore)": [["Label"], ["n’est pas lu"]],
            "Mes liens": [
                ["From", "To", "Type", "Direction", "Description", "Tags"],
                ["Relais", "Filature|Mairie", "Formation", "mutual", "Deux fois l’an", "a|b"],
                ["Mairie", "Inconnu", "aime bien", "directed", "", ""],
            ],
            "Mes acteurs": [
                ["Label", "Type", "Tags", "Image", "Collège", "Poids", "Email"],
                [
                    "Relais",
                    "Organisation",
                    "Fournisseur|Acheteur",
                    "http://exemple.fr/a.png",
                    "Économie sociale et solidaire",
                    3,
                    "x@y.fr",
                ],
                ["Filature", "Usine", "textile", "", "", "", ""],
                ["Mairie", "", "", "", "Élus", "", ""],
            ],
            "Autre": [["Rien", "de connu"], [1, 2]],
        },
    )
    f = io.read_kumu(path)
    assert f.actors["name"].tolist() == ["Relais", "Filature", "Mairie", "Inconnu"]
    # terms of the model become such, the others are kept
    assert f.actors["roles"].fillna("").tolist() == ["supplier;buyer", "", "", ""]
    assert f.actors["Type"].fillna("").tolist() == ["", "Usine", "", ""]
    assert f.actors["Tags"].fillna("").tolist() == ["", "textile", "", ""]
    assert f.actors["pole"].fillna("").tolist() == ["ess", "", "elected", ""]
    assert "Image" not in f.actors
    assert "Email" not in f.actors
    # several targets are several ties
    ties = f.cooperations[["actor_id", "to_actor_id", "kind"]].fillna("").to_numpy().tolist()
    assert ties == [
        ["Relais", "Filature", "training"],
        ["Relais", "Mairie", "training"],
        ["Mairie", "Inconnu", ""],
    ]
    assert f.cooperations["note"].fillna("").tolist() == ["Deux fois l’an", "Deux fois l’an", ""]
    codes = told(f)
    assert ("unknown_sheet", None, "Autre") in codes
    assert {value for code, _, value in codes if code == "left_out"} == {"Image", "Email"}
    assert [code for code, _, _ in codes if code == "direction_left_out"] == ["direction_left_out"]


def test_a_blueprint_of_kumu(tmp_path):
    content = {
        "elements": [
            {
                "_id": "e1",
                "id": "e1",
                "attributes": {"label": "Relais", "element type": "Organisation", "tags": ["x"]},
            },
            {"id": "e2", "label": "Relais"},
        ],
        "connections": [
            {"id": "c1", "from": "e1", "to": "e2", "direction": "directed", "Quantité (t/an)": 12},
            {"id": "c2", "from": "e1"},
        ],
        "loops": [{"name": "R1"}],
    }
    path = tmp_path / "carte.json"
    path.write_text(json.dumps(content), encoding="utf-16")
    f = io.read_kumu(path, strict=False)
    assert f.actors["name"].to_dict() == {"e1": "Relais", "e2": "Relais"}
    assert known(f.flows["quantity_t_per_year"]) == [12.0]
    codes = told(f)
    assert ("left_out", None, "loops") in codes
    assert ("blank_end", 2, "e1 → …") in codes
    assert f.set_aside["flows"]["source"].tolist() == ["e1"]


def test_connections_alone_as_csv(tmp_path):
    path = tmp_path / "liens.csv"
    path.write_bytes("From;To;Type\nÎle;Régie;Formation\n".encode("cp1252"))
    f = io.read_kumu(path)
    assert f.actors["name"].tolist() == ["Île", "Régie"]
    assert f.cooperations["kind"].tolist() == ["training"]


def test_what_is_added_in_kumu_to_a_map_of_ours(tmp_path):
    path = io.write_kumu(small(), tmp_path / "carte.xlsx").path
    book = openpyxl.load_workbook(path)
    book["Elements"].append([None, "Nouvelle", "Organisation"])
    book["Connections"].append(["Nouvelle", "relais", "undirected", "Formation"])
    book.save(path)
    f = io.read_kumu(path)
    assert f.actors["name"].iloc[-1] == "Nouvelle"
    assert f.actors.iloc[:-1].equals(small().actors)
    assert f.cooperations.iloc[-1][["actor_id", "to_actor_id", "kind"]].tolist() == [
        "Nouvelle",
        "relais",
        "training",
    ]


def test_nothing_of_kumu(tmp_path):
    with pytest.raises(cv.UnreadableFileError, match="From, To"):
        io.read_kumu(workbook(tmp_path / "a.xlsx", {"Feuille": [["a", "b"], [1, 2]]}), lang="en")


@pytest.mark.parametrize("name", ["a.xlsx", "a.json"])
def test_a_map_of_nothing_is_one(name, tmp_path):
    f = cv.Filiere.from_tables(actors={"name": []})
    assert io.read_kumu(io.write_kumu(f, tmp_path / name)) == f


def test_a_csv_file_of_headers_is_a_map_of_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("Label,Type\n", encoding="utf-8")
    assert len(io.read_kumu(tmp_path / "a.csv").actors) == 0
    (tmp_path / "a.json").write_text("[]", encoding="utf-8")
    with pytest.raises(cv.UnreadableFileError, match="From, To"):
        io.read_kumu(tmp_path / "a.json", lang="en")


def test_what_a_blueprint_says_and_no_row_holds_is_told(tmp_path):
    content = {
        "name": "Ma carte",
        "elements": [
            "A",
            3,
            {"label": "B", "site": {"lat": 1}, "note": None, "attributes": {"note": "dedans", "vide": {}}},
            {"label": "C", "attributes": [1, 2]},
            {
                "label": "D",
                "tags": ["x", None, {"y": 1}],
                "Secteur": "bois",
                "attributes": {"Secteur": "fer"},
            },
        ],
        "connections": ["x", {"from": "B", "to": "C"}, None],
        "loops": {},
    }
    path = tmp_path / "carte.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(cv.ValidationError, match="un objet avec des champs"):
        io.read_kumu(path)
    f = io.read_kumu(path, strict=False, lang="en")
    assert f.actors["name"].tolist() == ["B", "C", "D"]
    assert f.actors[["note", "Tags", "Secteur"]].fillna("").to_numpy().tolist() == [
        ["dedans", "", ""],
        ["", "", ""],
        ["", "x", "bois"],
    ]
    rows = f.problems[f.problems["code"].isin(["no_object", "left_out"])]
    assert sorted(zip(rows["code"], rows["sheet"], rows["row"].fillna(0), rows["value"], strict=True)) == [
        ("left_out", "carte.json", 0, "name"),
        ("left_out", "carte.json elements", 0, "Secteur"),
        ("left_out", "carte.json elements", 0, "attributes"),
        ("left_out", "carte.json elements", 0, "site"),
        ("left_out", "carte.json elements", 0, "tags"),
        ("no_object", "carte.json connections", 1, "x"),
        ("no_object", "carte.json connections", 3, ""),
        ("no_object", "carte.json elements", 1, "A"),
        ("no_object", "carte.json elements", 2, "3"),
    ]


def test_a_part_of_a_blueprint_that_is_no_list_is_told(tmp_path):
    path = tmp_path / "carte.json"
    path.write_text(
        '{"elements": {"a": 1, "b": 2}, "connections": [{"from": "a", "to": "b"}]}', encoding="utf-8"
    )
    assert ("left_out", None, "elements") in told(io.read_kumu(path))
