"""The listings of the « marché de l’inclusion » and of data.inclusion: exports, answers of their APIs, workbooks."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from chaine_valeur.errors import UnreadableFileError
from chaine_valeur.io.communes import read_communes
from chaine_valeur.io.siae import read_siae

from .siae_lists import with_key

SIRET = with_key("900000000001")

#: One structure as the API of the « marché de l’inclusion » answers it, contact details included.
RECORD = {
    "id": 101,
    "name": "Atelier du Fil",
    "brand": "Le Fil",
    "slug": "atelier-du-fil",
    "siret": SIRET,
    "nature": "HEAD_OFFICE",
    "kind": "ACI",
    "kind_parent": "Insertion",
    "contact_website": "https://exemple.fr",
    "contact_email": "jeanne@exemple.fr",
    "contact_phone": "0300000000",
    "address": "1 rue du Port",
    "city": "Fécamp",
    "post_code": "76400",
    "department": "76",
    "region": "Normandie",
    "is_active": True,
    "presta_types": ["PREST", "BUILD"],
    "sectors": [
        {"name": "Recyclage textiles", "slug": "recyclage-textiles"},
        {"name": "Couture, reprisage, retouches", "slug": "couture-reprisage-retouches"},
    ],
    "networks": [],
    "naf": "3832Z",
    "coords": {"type": "Point", "coordinates": [0.37, 49.75]},
    "employees_insertion_count": 14,
    "employees_permanent_count": 3,
    "c2_etp_count": 9.5,
    "ca": None,
    "api_entreprise_ca": 210000,
    "geo_range": "CUSTOM",
    "geo_range_custom_distance": 30,
}
#: What it says, told by hand.
SAYS = {
    "siae_id": "101", "name": "Atelier du Fil", "brand": "Le Fil", "kind": "ACI", "is_siae": True,
    "nature": "HEAD_OFFICE", "siret": SIRET, "siret_valid": True, "naf": "38.32Z", "postcode": "76400",
    "commune_name": "Fécamp", "commune_as_written": "Fécamp", "department": "76",
    "sectors": "Recyclage textiles;Couture, reprisage, retouches", "services": "PREST;BUILD", "geo_range": "CUSTOM",
    "geo_range_km": 30.0, "latitude": 49.75, "longitude": 0.37, "insertion_headcount": 14,
    "permanent_headcount": 3, "insertion_fte": 9.5, "turnover_eur": 210000.0, "active": True,
}  # fmt: skip


def answer(path: Path, told) -> Path:
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def as_told(frame: pd.DataFrame, place: int = 0) -> dict:
    return {name: value for name, value in frame.iloc[place].items() if pd.notna(value)}


@pytest.mark.parametrize(
    "wrap", [lambda rows: rows, lambda rows: {"count": len(rows), "next": None, "results": rows}]
)
def test_an_answer_of_the_api(tmp_path, wrap):
    listing = read_siae(answer(tmp_path / "siae.json", wrap([RECORD])))
    assert as_told(listing.frame) == {**SAYS, "sheet": "siae.json", "row": 1}
    assert {"contact_email", "contact_phone", "contact_website", "address", "slug", "region"} <= set(
        listing.left_out
    )
    assert listing.problems["severity"].eq("notice").all()


def test_the_same_fields_as_csv(tmp_path):
    flat = {name: value for name, value in RECORD.items() if name != "coords" and value is not None}
    flat |= {"presta_types": "PREST, BUILD", "sectors": "Recyclage textiles, Couture, reprisage, retouches"}
    flat |= {"networks": "", "latitude": 49.75, "longitude": 0.37}
    path = tmp_path / "siae.csv"
    pd.DataFrame([flat]).to_csv(path, index=False)
    assert as_told(read_siae(path).frame) == {**SAYS, "sheet": "siae.csv", "row": 2}


@pytest.mark.parametrize(
    ("coords", "latitude", "longitude"),
    [
        ("SRID=4326;POINT (7.7455 48.5839)", 48.5839, 7.7455),
        ({"coordinates": [-1.5, 47]}, 47.0, -1.5),
        ("", None, None),
        ([1], None, None),
        ({"coordinates": [10, 95]}, None, 10.0),  # 95° is no latitude
    ],
)
def test_points(tmp_path, coords, latitude, longitude):
    listing = read_siae(answer(tmp_path / "siae.json", [{"name": "A", "coords": coords}]))
    found = listing.frame[["latitude", "longitude"]].iloc[0]
    assert [None if pd.isna(value) else value for value in found] == [latitude, longitude]
    assert (listing.problems["code"] == "above_maximum").sum() == (latitude is None and longitude is not None)


def test_activities_are_summed_up(tmp_path):
    activities = [
        {"sector": {"name": "Plasturgie"}, "presta_type": ["PREST"], "geo_range": "CUSTOM",
         "geo_range_custom_distance": 20},
        {"sector": {"name": "Blanchisserie"}, "presta_type": ["PREST", "DISP"], "geo_range": "ZONES"},
        {"sector": {"name": "Plasturgie"}, "presta_type": "BUILD", "geo_range": "CUSTOM",
         "geo_range_custom_distance": 50},
    ]  # fmt: skip
    told = [
        {"name": "A", "activities": activities, "sectors": []},
        {"sectors": ["Textiles"], "name": "B", "activities": activities[:1]},
    ]
    frame = read_siae(answer(tmp_path / "siae.json", told)).frame
    columns = ["sectors", "services", "geo_range", "geo_range_km"]
    # widest: ZONES before CUSTOM; the longest distance; what the structure says blankly is told by its activities
    assert frame.loc[0, columns].tolist() == ["Plasturgie;Blanchisserie", "PREST;DISP;BUILD", "ZONES", 50.0]
    assert frame.loc[1, columns].tolist() == ["Plasturgie", "PREST", "CUSTOM", 20.0]


def test_a_delisted_structure_is_not_active(tmp_path):
    told = [
        {"name": "A", "is_active": True, "is_delisted": True},
        {"name": "B", "is_active": True},
        {"name": "C"},
    ]
    active = read_siae(answer(tmp_path / "siae.json", told)).frame["active"]
    assert active.tolist()[:2] == [False, True]
    assert pd.isna(active.iat[2])


def test_data_inclusion(tmp_path):
    told = [
        {"source": "emplois", "id": "e-1", "nom": "Le Fil", "siret": SIRET, "commune": "Fécamp", "code_postal": "76400",
         "code_insee": "76259", "adresse": "1 rue du Port", "telephone": "0300000000", "courriel": "a@exemple.fr",
         "longitude": 0.37, "latitude": 49.75, "reseaux_porteurs": ["aci"], "horaires_accueil": "Mo-Fr"},
        {"source": "emplois", "id": "e-2", "nom": "Les Deux", "reseaux_porteurs": ["ai", "aci", "departements"]},
        {"source": "geiq", "id": "e-3", "nom": "GEIQ Nord", "reseaux_porteurs": ["geiq"]},
        {"source": "dora", "id": "e-4", "nom": "Maison", "reseaux_porteurs": ["departements"]},
        {"source": "dora", "id": "e-5", "nom": "Autre", "reseaux_porteurs": None},
    ]  # fmt: skip
    listing = read_siae(answer(tmp_path / "structures.json", told))
    frame = listing.frame
    assert frame["kind"].tolist()[:3] == ["ACI", "AI", "GEIQ"]
    assert frame["kind"].isna().tolist() == [False, False, False, True, True]
    assert frame["is_siae"].tolist()[:3] == [True, True, False]
    assert frame["commune_code"].iat[0] == "76259"
    # a structure of two kinds is read as the first, and told; networks of no insertion are no problem
    warned = listing.problems[listing.problems["severity"] != "notice"]
    assert warned[["code", "row"]].values.tolist() == [["several_kinds", 2]]
    assert {"telephone", "courriel", "adresse", "horaires_accueil"} <= set(listing.left_out)


# -- exports and workbooks ------------------------------------------------------------------------------------

EXPORT = ["Raison sociale", "Enseigne", "Type de structure", "Adresse", "Code postal", "Ville",
          "Référence client 1", "Référence client 2", "Référence client 3", "Prénom", "E-mail"]  # fmt: skip
EXPORTED = [
    ["Atelier du Fil", "Le Fil", "Atelier chantier d'insertion", "1 rue du Port", 76400, "Fécamp", "Mairie", "", "",
     "J", "j@e.fr"],
    ["Intérim 76", "", "Entreprise de travail temporaire d'insertion", "", "01000", "Bourg", "", "", "", "", ""],
    ["ESAT du Plateau", "", "Etablissement et service d'aide par le travail", "", "76190", "Yvetot", "", "", "", "", ""],
    ["Adapt", "", "Entreprise adaptée de travail temporaire", "", "76190", "Yvetot", "", "", "", "", ""],
]  # fmt: skip


def workbook(path: Path, **sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_export_as_a_workbook(tmp_path):
    listing = read_siae(workbook(tmp_path / "export.xlsx", Structures=[EXPORT, *EXPORTED]))
    frame = listing.frame
    assert frame["kind"].tolist() == ["ACI", "ETTI", "ESAT", "EATT"]
    assert frame["is_siae"].tolist() == [True, True, False, False]
    assert frame["postcode"].tolist() == ["76400", "01000", "76190", "76190"]
    assert frame["sheet"].eq("Structures").all()
    assert frame["row"].tolist() == [2, 3, 4, 5]
    assert frame["siae_id"].tolist()[:2] == ["aci-atelier-du-fil-76400", "etti-interim-76-01000"]
    assert listing.left_out == (
        "Adresse", "Référence client 1", "Référence client 2", "Référence client 3", "Prénom", "E-mail",
    )  # fmt: skip


def test_the_export_as_csv_is_the_same(tmp_path):
    book = read_siae(workbook(tmp_path / "export.xlsx", Structures=[EXPORT, *EXPORTED])).frame
    path = tmp_path / "export.csv"
    pd.DataFrame(EXPORTED, columns=EXPORT).to_csv(path, index=False)
    plain = read_siae(path).frame
    pd.testing.assert_frame_equal(plain.drop(columns="sheet"), book.drop(columns="sheet"))


def test_a_sheet_for_each_kind(tmp_path):
    path = workbook(
        tmp_path / "siae.xlsx",
        ACI=[["Liste 2019"], [], ["Nom", "Type", "N° SIRET"], ["A", "ACI", float(SIRET)]],
        EI=[["type", "nom"], ["EI", "B"]],
        Contacts=[["Téléphone"], ["0300000000"]],
        Notes=[["à relire"]],
        Vide=[],
    )
    listing = read_siae(path)
    assert listing.frame[["name", "kind", "sheet", "row"]].values.tolist() == [
        ["A", "ACI", "ACI", 4], ["B", "EI", "EI", 2],
    ]  # fmt: skip
    assert listing.frame["siret"].tolist()[0] == SIRET
    told = listing.problems[["code", "sheet"]].values.tolist()
    assert told == [["no_headers", "Contacts"], ["no_headers", "Notes"]]


def test_a_workbook_without_structures(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"Raison sociale"):
        read_siae(workbook(tmp_path / "livre.xlsx", Feuille=[["Code postal", "Ville"], ["76400", "Fécamp"]]))


# -- communes -------------------------------------------------------------------------------------------------

COMMUNES = pd.DataFrame(
    {
        "code_insee": ["67437", "67482", "67218", "1053", "2A004", "76114", "76384", "76540", "76751"],
        "libelle_commune": [
            "Schweighouse-sur-Moder", "Strasbourg", "Illkirch-Graffenstaden", "Bourg-en-Bresse", "Ajaccio", "Bolbec",
            "Saint-Léger", "Saint-Léger", "Yvetot",
        ],
    }
)  # fmt: skip


def test_names_of_communes_get_their_codes(tmp_path):
    rows = [
        ("SCHWEIGHOUSE/MODER", "67590", "67437"),
        ("STRASBOURG CEDEX 01", "67020", "67482"),
        ("ILLKIRCH GRAFFENSTADEN", "67400", "67218"),
        ("BOURG BRESSE CEDEX", "01000", "01053"),  # without its small words
        ("ajaccio", "20090", "2A004"),
        ("BOLBEC", "67000", None),  # another département
        ("ST LEGER", "76400", None),  # two of that name
        ("ILLKRICH GRAFFENSTADEN", "67400", None),  # mistyped: not guessed
    ]
    path = tmp_path / "siae.csv"
    text = "nom;Ville;Code postal\n" + "".join(
        f"S{n};{city};{post}\n" for n, (city, post, _) in enumerate(rows)
    )
    path.write_text(text, encoding="utf-8")
    listing = read_siae(path, communes=COMMUNES, lang="en")
    codes = listing.frame["commune_code"]
    assert [None if pd.isna(code) else code for code in codes] == [code for _, _, code in rows]
    told = listing.problems[listing.problems["code"] == "unknown_commune"]
    assert told["row"].tolist() == [7, 8, 9]
    assert told["message"].tolist()[0] == "“BOLBEC” (département 67) is no commune of the list."
    # a list read already does as well, and without one nothing is guessed nor told
    again = read_siae(path, communes=read_communes(COMMUNES)).frame["commune_code"]
    pd.testing.assert_series_equal(again, codes)
    bare = read_siae(path)
    assert bare.frame["commune_code"].isna().all()
    assert bare.problems.empty
