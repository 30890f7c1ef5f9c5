"""Lists of communes and EPCI as they are published: headers of all sorts, zeros eaten, centres or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError, UnknownNameError, UnreadableFileError
from chaine_valeur.io.communes import (
    MUNICIPAL_DISTRICTS,
    checked_communes,
    commune_codes,
    communes_of,
    department_codes,
    read_communes,
    read_epcis,
)

COLUMNS = [
    "code", "name", "department", "region", "epci", "epci_name", "epci_kind", "population", "latitude", "longitude",
]  # fmt: skip
INSEE = """code_insee,libelle_commune,code_dept,code_region,code_epci,nature_epci
1001,L'Abergement-Clémenciat,1,84,200069193,CC
76114,Bolbec,76,28,200010700,CA
76476,Port-Jérôme-sur-Seine,76,28,200010700,CA
2A004,Ajaccio,2A,94,242010056,CA
97411,Saint-Denis,974,4,249740119,CA
29083,Île-de-Sein,29,53,ZZZZZZZZZ,ZZ
"""
GROUPED = """epci;epci_nom;epci_type;code_insee;commune;population_municipale
200010700;CA Caux Seine Agglo;CA;76114;Bolbec;11 635
200066827;CC du Pays de Honfleur-Beuzeville;CC;14001;Ablon;1187
"""


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "communes.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_list_of_insee(tmp_path: Path) -> None:
    communes = read_communes(written(tmp_path, INSEE))
    assert list(communes.columns) == COLUMNS
    assert communes["code"].tolist() == ["01001", "29083", "2A004", "76114", "76476", "97411"]  # by code
    first, sein, corsica, *_, reunion = communes.itertuples()
    assert (first.name, first.department, first.region, first.epci) == (
        "L'Abergement-Clémenciat", "01", "84", "200069193",
    )  # fmt: skip
    assert sein.epci is np.nan  # ZZZZZZZZZ: a commune in no EPCI
    assert (corsica.department, reunion.department, reunion.region) == ("2A", "974", "04")
    assert communes["population"].isna().all()
    assert {str(communes[name].dtype) for name in COLUMNS[:7]} == {"str"}
    assert {str(communes[name].dtype) for name in COLUMNS[7:]} == {"float64"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_another_list_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    communes = read_communes(written(tmp_path, GROUPED, encoding))
    assert communes["code"].tolist() == ["14001", "76114"]
    assert communes["epci_name"].tolist() == ["CC du Pays de Honfleur-Beuzeville", "CA Caux Seine Agglo"]
    assert communes["population"].tolist() == [1187.0, 11635.0]  # a space groups the digits


def test_centres_with_a_decimal_comma(tmp_path: Path) -> None:
    text = "Code commune\tNom\tLatitude\tLongitude\n76114\tBolbec\t49,57\t0,47\n76476\tPort-Jérôme\t\t\n"
    communes = read_communes(written(tmp_path, text))
    assert communes["latitude"].tolist() == pytest.approx([49.57, np.nan], nan_ok=True)
    assert communes["longitude"].tolist() == pytest.approx([0.47, np.nan], nan_ok=True)


def test_names_of_epci_come_from_their_own_list() -> None:
    communes = pd.DataFrame({"code_insee": ["76114", "14001"], "code_epci": ["200010700", None]})
    epcis = pd.DataFrame(
        {"EPCI": [200010700], "LIBEPCI": ["Caux Seine"], "NATURE_EPCI": ["CA"], "NB_COM": [50]}
    )
    found = read_communes(communes, epcis=epcis).set_index("code")
    assert found.loc["76114", ["epci_name", "epci_kind"]].tolist() == ["Caux Seine", "CA"]
    assert found.loc["14001", ["epci", "epci_name", "epci_kind"]].isna().all()
    table = read_epcis(epcis)
    assert table.to_dict("records") == [
        {"code": "200010700", "name": "Caux Seine", "kind": "CA", "communes": 50.0}
    ]


def test_read_twice_is_read_once() -> None:
    communes = read_communes(pd.DataFrame({"code_insee": ["76114"]}))
    assert read_communes(communes) is communes


def test_an_argument_is_not_changed() -> None:
    given_ = pd.DataFrame({"code_insee": [1001, 76114], "code_epci": [200069193.0, np.nan]})
    kept = given_.copy()
    assert read_communes(given_)["epci"].fillna("?").tolist() == ["200069193", "?"]
    pd.testing.assert_frame_equal(given_, kept)


def test_an_empty_list_has_all_its_columns() -> None:
    communes = read_communes(pd.DataFrame({"code_insee": pd.Series(dtype="str")}))
    assert list(communes.columns) == COLUMNS
    assert communes.empty
    assert list(read_epcis(pd.DataFrame({"siren": []})).columns) == ["code", "name", "kind", "communes"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nom;population\nBolbec;11635\n", "no column of commune codes .* it has nom and population"),
        ("code_insee\n2C004\nABCDE\n", "2C004 and ABCDE are no codes of communes"),
        ("code_insee;epci\n76114;200010700\n76114;200066827\n", "puts communes in several EPCI: 76114"),
        ("code_insee;epci\n76114;1;2;3\n76114\n76115;1;2;3;4;5\n", "cannot be read"),
    ],
)
def test_what_is_no_list_of_communes(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read_communes(written(tmp_path, text), lang="en")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="does not exist"):
        read_communes(tmp_path / "none.csv", lang="en")


def test_a_centre_that_is_on_no_globe() -> None:
    with pytest.raises(ArgumentError, match="sur aucun globe|on no globe"):
        read_communes(pd.DataFrame({"code": ["76114"], "lat": [495700.0], "lon": [0.47]}))


def test_rows_that_repeat_themselves_count_once() -> None:
    communes = read_communes(
        pd.DataFrame({"code": ["76114", "76114"], "epci": [None, "200010700"], "nom": ["a", "a"]})
    )
    assert len(communes) == 1


def test_codes_get_their_zeros_back() -> None:
    codes = commune_codes(pd.Series([1001, "1001", "2a004", 76114.0, None, "x"], index=list("abcdef")))
    assert codes.index.tolist() == list("abcdef")
    assert codes.fillna("?").tolist() == ["01001", "01001", "2A004", "76114", "?", "X"]


@settings(max_examples=25)
@given(st.lists(st.integers(1000, 98999), min_size=1, max_size=8))
def test_numbers_and_text_give_the_same_codes(numbers: list[int]) -> None:
    expected = [f"{number:05d}" for number in numbers]
    for form in (
        numbers,
        [float(number) for number in numbers],
        [str(number) for number in numbers],
        expected,
    ):
        assert commune_codes(form).tolist() == expected


def test_departments() -> None:
    codes = pd.Series(["01001", "2B033", "97411", "98818", None], dtype="str")
    assert department_codes(codes).fillna("?").tolist() == ["01", "2B", "974", "988", "?"]


@pytest.fixture(scope="module")
def communes() -> pd.DataFrame:
    table = pd.DataFrame({
        "code_insee": ["76114", "76476", "14001", "75056", "1001"],
        "code_epci": ["200010700", "200010700", "200066827", "200054781", None],
        "epci_nom": ["CA Caux Seine Agglo", "CA Caux Seine Agglo", "CC Honfleur", "Métropole", None],
    })  # fmt: skip
    return read_communes(table)


def test_communes_of_an_epci_by_its_number_or_its_name(communes: pd.DataFrame) -> None:
    assert communes_of(communes, epci="200010700") == ["76114", "76476"]
    assert communes_of(communes, epci=" ca CAUX seine agglo ") == ["76114", "76476"]
    assert communes_of(communes, epci=["200010700", "metropole"]) == ["75056", "76114", "76476"]


def test_communes_of_a_department(communes: pd.DataFrame) -> None:
    assert communes_of(communes, department="1") == ["01001"]
    assert communes_of(communes, department=["14", "76"], epci="200054781") == [
        "14001",
        "75056",
        "76114",
        "76476",
    ]
    assert communes_of(communes) == []


def test_an_epci_or_a_department_that_is_not_there(communes: pd.DataFrame) -> None:
    with pytest.raises(
        UnknownNameError, match="in the EPCI “CA Caux Saine Agglo”. Did you mean: CA Caux Seine Agglo"
    ):
        communes_of(communes, epci="CA Caux Saine Agglo", lang="en")
    with pytest.raises(UnknownNameError, match="département « 99 »".replace(" 99 ", "\u00a099\u00a0")):
        communes_of(communes, department="99")


def test_codes_asked_for(communes: pd.DataFrame) -> None:
    assert checked_communes("1001", None) == ["01001"]
    assert checked_communes(["76114", "76114"], communes) == ["76114"]
    assert checked_communes("75056", communes) == [f"751{n:02d}" for n in range(1, 21)]
    assert checked_communes("75104", communes) == ["75104"]  # an arrondissement by itself
    assert len(checked_communes(list(MUNICIPAL_DISTRICTS), None)) == 20 + 9 + 16


def test_codes_that_are_none(communes: pd.DataFrame) -> None:
    with pytest.raises(ArgumentError, match="Bolbec"):
        checked_communes(["76114", "Bolbec"], None)
    with pytest.raises(UnknownNameError, match="No commune 76116 in the list.*Did you mean: 76114"):
        checked_communes("76116", communes, lang="en")
