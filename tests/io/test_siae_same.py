"""One listing in several files: CSV, JSON and workbook say the same; what must not be read is read from none."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur.io.cells import Grid
from chaine_valeur.io.communes import read_communes
from chaine_valeur.io.siae import read_siae, sector_names
from chaine_valeur.io.siae.rows import one_of, postcode, several_of
from chaine_valeur.io.siae.sectors import SERVICES, SPANS
from chaine_valeur.io.workbook import is_workbook, sheet_grids

from .siae_lists import with_key

#: What a reader would otherwise have to guess apart: separators, quotes, leading zeros, no letter.
words = st.sampled_from(["Le Fil", "L’Étoile", "Œuvre & Cie", "A, B et C", "« Tri »", "Relais-76"])
sirets = st.integers(0, 10**11 - 1).map(lambda number: with_key(f"1{number:011d}"))
records = st.fixed_dictionaries(
    {"name": words},
    optional={
        "kind": st.sampled_from(["EI", "ACI", "ETTI", "ESAT"]),
        "siret": sirets,
        "post_code": st.integers(1000, 95999).map("{:05d}".format),
        "city": st.sampled_from(["FÉCAMP CEDEX", "Yvetot", "LE HAVRE"]),
        "sectors": st.lists(st.sampled_from(sector_names()), min_size=1, max_size=3, unique=True),
        "presta_types": st.lists(st.sampled_from(list(SERVICES)), min_size=1, unique=True),
        "employees_insertion_count": st.integers(0, 500),
        "ca": st.integers(0, 10**7),
        "is_active": st.booleans(),
    },
)


def as_cells(record: dict) -> dict:
    joined = {name: ", ".join(value) for name, value in record.items() if isinstance(value, list)}
    flags = {"is_active": "oui" if record["is_active"] else "non"} if "is_active" in record else {}
    return {**record, **joined, **flags}


def as_csv(path: Path, rows: list[dict]) -> Path:
    pd.DataFrame(rows).to_csv(path, index=False, sep=";")
    return path


def as_workbook(path: Path, rows: list[dict]) -> Path:
    book = openpyxl.Workbook()
    header = list(dict.fromkeys(name for row in rows for name in row))
    book.active.append(header)
    for row in rows:
        book.active.append([row.get(name) for name in header])
    book.save(path)
    return path


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(records, min_size=1, max_size=5))
def test_json_csv_and_workbook_say_the_same(tmp_path, rows):
    answer = tmp_path / "siae.json"
    answer.write_text(json.dumps(rows), encoding="utf-8")
    flat = [as_cells(row) for row in rows]
    frames = [
        read_siae(path).frame.drop(columns=["sheet", "row"])
        for path in (answer, as_csv(tmp_path / "siae.csv", flat), as_workbook(tmp_path / "siae.xlsx", flat))
    ]
    pd.testing.assert_frame_equal(frames[1], frames[0])
    pd.testing.assert_frame_equal(frames[2], frames[0])
    # and what they say is what was written
    frame = frames[0]
    assert frame["name"].tolist() == [row["name"] for row in rows]
    for column, field, missing in (
        ("kind", "kind", None),
        ("siret", "siret", None),
        ("turnover_eur", "ca", None),
    ):
        written = [row.get(field, missing) for row in rows]
        assert [None if pd.isna(value) else value for value in frame[column]] == written
    sectors = [";".join(row["sectors"]) if "sectors" in row else None for row in rows]
    assert [None if pd.isna(value) else value for value in frame["sectors"]] == sectors


def test_no_name_of_a_person_nor_a_way_to_reach_one_is_read(tmp_path):
    row = {
        "Nom de la structure": "Le Fil", "Nom du directeur": "Mme Untel", "Responsable": "Jeanne Untel",
        "Contact": "Jeanne", "Tél.": "0300000000", "Courriel": "jeanne@exemple.fr", "Site web": "https://jeanne.fr",
        "Adresse": "1 rue Untel", "Type": "ACI",
    }  # fmt: skip
    listing = read_siae(as_csv(tmp_path / "siae.csv", [row]))
    assert listing.left_out == tuple(name for name in row if name not in ("Nom de la structure", "Type"))
    kept = " ".join(str(cell) for cell in listing.frame.iloc[0])
    told = " ".join(listing.problems["message"]) + " ".join(listing.problems["value"])
    for secret in ("Untel", "Jeanne", "jeanne", "0300"):
        assert secret not in kept
        assert secret not in told


def test_what_a_listing_is_made_from_and_gives_is_left_alone(tmp_path):
    communes = pd.DataFrame({"code_insee": ["76259"], "libelle_commune": ["Fécamp"]})
    before = communes.copy(deep=True)
    read = read_communes(communes)
    read_before = read.copy(deep=True)
    path = as_csv(tmp_path / "siae.csv", [{"nom": "A", "Ville": "FECAMP", "Code postal": "76400"}])
    for given_communes in (communes, read):
        assert read_siae(path, communes=given_communes).frame["commune_code"].tolist() == ["76259"]
    pd.testing.assert_frame_equal(communes, before)
    pd.testing.assert_frame_equal(read, read_before)
    listing = read_siae(path)
    with pytest.raises(FrozenInstanceError):
        listing.frame = None  # type: ignore[misc]
    pd.testing.assert_frame_equal(read_siae(path).frame, listing.frame)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("76400", "76400", ""),
        (" 76 400 ", "76400", ""),
        ("F-76400", "76400", ""),
        ("1000", "01000", "eaten_zeros"),
        ("764", None, "postcode_form"),
        ("764000", None, "postcode_form"),
        ("٧٦٤٠٠", None, "postcode_form"),  # digits of another alphabet
        ("Yvetot", None, "postcode_form"),
    ],
)
def test_postcodes(text, value, code):
    assert postcode(text)[:2] == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("DISP", "DISP", ""),
        ("Mise à disposition - intérim", "DISP", ""),
        ("prestation de service, Fabrication et commercialisation de biens", "PREST;BUILD", ""),
        ("BUILD|PREST\nBUILD", "BUILD;PREST", ""),
        ("PREST;conseil", "PREST", "unknown_term"),  # what is known stays
        ("conseil", None, "unknown_term"),
    ],
)
def test_services(text, value, code):
    assert several_of(SERVICES, "fr")(text)[:2] == (value, code)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("CUSTOM", "CUSTOM"),
        ("France entière", "COUNTRY"),
        ("departement", "DEPARTMENT"),
        ("zones", "ZONES"),
        ("Ailleurs", None),
    ],
)
def test_ranges(text, value):
    found, code, fields = one_of(SPANS, "en")(text)
    assert found == value
    assert code == ("" if value else "unknown_term")
    assert fields["choices"] == "COUNTRY, REGION, DEPARTMENT, ZONES and CUSTOM"


def test_a_workbook_is_known_by_its_content(tmp_path):
    path = as_workbook(tmp_path / "siae.csv", [{"nom": "A"}])  # whatever its name
    assert is_workbook(path.read_bytes())
    assert not is_workbook(b"nom\nA\n")
    assert read_siae(path).frame["name"].tolist() == ["A"]
    grids = list(sheet_grids(path, lambda names: names, lang="fr"))
    assert grids == [Grid("Sheet", [["nom"], ["A"]], [1, 2])]
    assert list(sheet_grids(path, lambda names: [], lang="fr")) == []
