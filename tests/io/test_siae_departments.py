"""Lists of insertion structures as a département types them: every encoding, every row, no contact."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import UnreadableFileError
from chaine_valeur.io.siae import SiaeListing, read_siae
from chaine_valeur.io.siae.listing import FRAME_COLUMNS
from chaine_valeur.problems import PROBLEM_COLUMNS

from .siae_lists import ENCODINGS, KINDS, REAL, made_up, with_key, write_list


def read(tmp_path: Path, text: str, **options) -> SiaeListing:
    path = tmp_path / "liste.csv"
    path.write_text(text, encoding="utf-8")
    return read_siae(path, **options)


def told(listing: SiaeListing, code: str) -> list[tuple[int, str]]:
    rows = listing.problems[listing.problems["code"] == code]
    return list(zip(rows["row"], rows["value"], strict=True))


# -- the real list --------------------------------------------------------------------------------------------


def test_the_excerpt_of_the_real_list(tmp_path):
    listing = read(tmp_path, REAL)
    frame = listing.frame
    assert list(frame.columns) == list(FRAME_COLUMNS)
    assert frame["kind"].tolist() == ["AI", "EI", "EI", "EI", "ACI", "ACI", "ACI", "ACI", "ACI"]
    assert frame["is_siae"].all()
    # spaces or none, fourteen digits each; the three workshops and the two kinds keep their common SIRET
    assert frame["siret"].tolist() == [
        "35058476900029", "42020313500033", "38244586400020", "38950543900023", "35058476900029",
        "44068763000051", "44068763000051", "44068763000051", "47897787900020",
    ]  # fmt: skip
    assert frame["siret_valid"].all()
    assert frame["siae_id"].is_unique
    assert frame["siae_id"].tolist()[:2] == [
        "ai-entraide-emploi-35058476900029",
        "ei-industrie-service-42020313500033",
    ]
    # header is row 1: ENTRAIDE EMPLOI again on row 6, the workshops of JMV on 8 and 9, first met on 7
    assert told(listing, "duplicate_siret") == [
        (6, "35058476900029"), (8, "44068763000051"), (9, "44068763000051"),
    ]  # fmt: skip
    assert frame["commune_name"].tolist()[1:4] == ["SCHWEIGHOUSE/MODER", "SAVERNE", "STRASBOURG"]
    assert frame["commune_as_written"].tolist()[1:4] == [
        "SCHWEIGHOUSE/MODER",
        "SAVERNE CEDEX",
        "STRASBOURG CEDEX 01",
    ]
    assert frame["department"].eq("67").all()
    # a sentence stays whole, an official sector in it gets its name
    assert frame["sectors"].iat[5] == "Cultures maraîchères, bio et transformation"
    assert frame["sectors"].iat[8].endswith("d’assemblage")
    assert frame["sectors"].iat[3].split(";")[-1] == "Blanchisserie"
    assert "œuvre" in frame["sectors"].iat[3]
    assert listing.left_out == ("Adresse", "Téléphone", "email")


@pytest.mark.parametrize("codec", ENCODINGS.values(), ids=ENCODINGS)
def test_the_same_65_rows_in_every_encoding(tmp_path, codec):
    rows = made_up()
    listing = read_siae(write_list(tmp_path / "siae.csv", rows, codec=codec))
    frame = listing.frame
    assert len(listing) == len(frame) == 65
    assert frame["kind"].value_counts().to_dict() == KINDS
    assert frame["name"].tolist() == [row[1] for row in rows]
    assert frame["siret"].tolist() == [row[8].replace(" ", "") for row in rows]
    assert frame["siret"].nunique() == 57
    assert frame["siret_valid"].all()
    assert frame["siae_id"].is_unique
    assert frame["row"].tolist() == list(range(2, 67))
    assert len(told(listing, "duplicate_siret")) == 65 - 57
    assert frame["commune_as_written"].str.contains("CEDEX").sum() == 7
    assert not frame["commune_name"].str.contains("CEDEX").any()
    assert listing.left_out == ("Adresse", "Téléphone", "email")
    cells = frame.astype("str").to_numpy().ravel()
    assert not any("@" in str(cell) or "rue du Port" in str(cell) or "03 00" in str(cell) for cell in cells)


def test_encodings_and_separators_give_one_frame(tmp_path):
    rows = [[cell.replace(",", "") for cell in row] for row in made_up()]
    first = read_siae(write_list(tmp_path / "siae.csv", rows)).frame
    for codec in (*ENCODINGS.values(), "utf-16"):
        for separator in (";", ",", "\t"):
            again = read_siae(write_list(tmp_path / "siae.csv", rows, codec=codec, separator=separator)).frame
            pd.testing.assert_frame_equal(again, first)


def test_the_order_of_rows_changes_no_identifier(tmp_path):
    rows = made_up()
    keys = ["kind", "name", "siret", "siae_id"]
    first = read_siae(write_list(tmp_path / "siae.csv", rows)).frame[keys]
    random.Random(3).shuffle(rows)
    again = read_siae(write_list(tmp_path / "siae.csv", rows)).frame[keys]
    assert again["name"].tolist() != first["name"].tolist()
    in_order = [frame.sort_values("siae_id", ignore_index=True) for frame in (first, again)]
    pd.testing.assert_frame_equal(*in_order)


# -- cells that are hard to read ------------------------------------------------------------------------------


def test_what_cannot_be_read_is_unknown_and_told(tmp_path):
    right = with_key("912345678901")
    text = (
        "Type de structure,Raison sociale,SIRET,Code postal,Ville,Code NAF,Salariés en insertion,"
        "Chiffre d’affaires,Actif\n"
        f"EI,A,{right},1000,BOURG CEDEX 9,3832z,12,1 500 €,oui\n"
        f"SEP,B,{right[:-1]}{(int(right[-1]) + 1) % 10},76 210,BOLBEC,13.1,-3,-5,peut-être\n"
        "ESAT,C,123,BOLBEC,BOLBEC,,2.5,,non\n"
    )
    listing = read(tmp_path, text, lang="en")
    frame = listing.frame
    assert frame["kind"].isna().tolist() == [False, True, False]
    assert frame["is_siae"].tolist()[:1] == [True]
    assert frame["is_siae"].isna().tolist() == [False, True, False]
    assert not frame["is_siae"].iat[2]  # an ESAT is no SIAE
    assert frame["siret_valid"].tolist()[:2] == [True, False]  # kept, its key wrong
    assert frame["siret"].isna().tolist() == [False, False, True]
    assert frame["siret_valid"].isna().tolist() == [False, False, True]
    assert frame["postcode"].tolist()[:2] == ["01000", "76210"]
    assert frame["department"].tolist()[:2] == ["01", "76"]
    assert pd.isna(frame["department"].iat[2])
    assert frame["naf"].tolist()[:1] == ["38.32Z"]
    assert frame["insertion_headcount"].isna().tolist() == [False, True, True]
    assert frame["turnover_eur"].tolist()[0] == 1500.0
    assert frame["turnover_eur"].isna().tolist() == [False, True, True]
    assert frame["active"].isna().tolist() == [False, True, False]
    codes = listing.problems.groupby("row")["code"].apply(sorted).to_dict()
    assert codes == {
        2: ["eaten_zeros"],
        3: ["below_minimum", "below_minimum", "naf_form", "not_yes_or_no", "siret_checksum", "unknown_term"],
        4: ["not_an_integer", "postcode_form", "siret_form"],
    }
    message = listing.problems.set_index("code").at["postcode_form", "message"]
    assert message == "“BOLBEC” is not a postcode: five digits, such as 76210."
    assert list(listing.problems.columns) == PROBLEM_COLUMNS


def test_excel_numbers_and_eaten_zeros(tmp_path):
    siret = with_key("001234567890")
    listing = read(tmp_path, f"nom;SIRET;Code postal\nA;{int(siret)};06000\n")
    assert listing.frame["siret"].tolist() == [siret]
    assert told(listing, "eaten_zeros") == [(2, str(int(siret)))]


def test_a_row_without_any_name_is_set_aside_and_one_with_a_brand_kept(tmp_path):
    listing = read(tmp_path, "nom;enseigne;type\nA;;EI\n;Le Fil;ACI\n;;AI\n")
    assert listing.frame[["name", "row"]].values.tolist() == [["A", 2], ["Le Fil", 3]]
    assert told(listing, "missing_required") == [(4, "")]


def test_titles_repeated_headers_totals_and_blank_rows(tmp_path):
    text = "Liste des SIAE au 1er janvier;;\n;;\nNom;Type;SIRET\nA;EI;\n\nNom;Type;SIRET\nB;AI;\nTotal;2;\n"
    listing = read(tmp_path, text)
    assert listing.frame[["name", "row"]].values.tolist() == [["A", 4], ["B", 7]]
    assert told(listing, "total_row") == [(8, "Total")]


def test_rows_that_say_the_same_are_kept_apart(tmp_path):
    listing = read(tmp_path, "nom;type;Code postal\nA;EI;67000\nA;EI;67000\nA;EI;67000\n")
    assert listing.frame["siae_id"].tolist() == ["ei-a-67000", "ei-a-67000.2", "ei-a-67000.3"]


def test_identifiers_of_the_list_come_first(tmp_path):
    listing = read(tmp_path, "id;nom\n12;A\n12;B\n;C\n12.2;D\n")
    ids = listing.frame["siae_id"].tolist()
    assert ids[0] == "12"
    assert ids[2] == "c"
    assert len(set(ids)) == 4


def test_an_empty_list_has_every_column(tmp_path):
    listing = read(tmp_path, "nom;type;SIRET\n")
    assert len(listing) == 0
    assert {name: str(dtype) for name, dtype in listing.frame.dtypes.items()} == FRAME_COLUMNS
    assert listing.problems.empty
    assert repr(listing) == "<SiaeListing: 0 structures (none), 0 problems>"


def test_dtypes_do_not_depend_on_what_is_written(tmp_path):
    full = read_siae(write_list(tmp_path / "siae.csv", made_up())).frame
    assert {name: str(dtype) for name, dtype in full.dtypes.items()} == FRAME_COLUMNS
    assert {
        name: str(dtype) for name, dtype in read(tmp_path, "nom\nA\n").frame.dtypes.items()
    } == FRAME_COLUMNS


def test_the_listing_says_what_it_is(tmp_path):
    listing = read(tmp_path, "nom;type\nA;EI\nB;ACI\nC;SEP\n")
    assert repr(listing) == "<SiaeListing: 3 structures (1 ACI, 1 EI, 1 of unknown kind), 1 problems>"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b"a;b\n1;2\n", "is no listing of structures"),
        (b"\x00\x01\x02\x03", "is no text"),
        (b"[1, 2]", "lists no structures"),
        (b'{"next": null}', "lists no structures"),
        (b'[{"name": ', "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"PK\x03\x04 no archive", "is not a workbook, or it is damaged"),
    ],
)
def test_files_that_are_no_list(tmp_path, content, part):
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=part):
        read_siae(path, lang="en")


def test_a_missing_file_names_the_close_ones(tmp_path):
    (tmp_path / "siae67.csv").write_text("nom\nA\n")
    with pytest.raises(UnreadableFileError, match=r"siae67\.csv"):
        read_siae(tmp_path / "siae76.csv")


# -- any list -------------------------------------------------------------------------------------------------

cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=14).map(
    lambda text: text.replace(";", " ").replace('"', " ").replace("\ufeff", "")
)
kinds = st.sampled_from(["EI", "ACI", "aci", "Entreprise d'insertion", "GEIQ", "?", "SEP", ""])
lists = st.lists(st.tuples(kinds, cells, cells, cells), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists)
def test_every_row_is_read_or_told(tmp_path, rows):
    lines = ["type;nom;SIRET;Ville", *(";".join(row) for row in rows)]
    listing = read(tmp_path, "\n".join(lines) + "\n")
    frame = listing.frame
    told_rows = set(
        listing.problems.loc[listing.problems["code"].isin(["missing_required", "total_row"]), "row"]
    )
    blank = {number for number, row in enumerate(rows, start=2) if not "".join(row).strip()}
    assert set(frame["row"]) | told_rows | blank == set(range(2, len(rows) + 2))
    assert not set(frame["row"]) & told_rows
    assert frame["siae_id"].is_unique
    assert frame["siae_id"].notna().all()
    assert frame["siret"].dropna().str.fullmatch(r"\d{14}").all()
    assert frame["is_siae"].isna().equals(frame["kind"].isna())
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == FRAME_COLUMNS
