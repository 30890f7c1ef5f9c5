"""`read_sirene` on a dozen establishments written by hand: activity, territory, size, state, names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.io.sirene import Selection, read_sirene
from chaine_valeur.io.sirene.rows import COLUMNS
from chaine_valeur.io.sirene.selection import COUNTS
from tests.io.sirene_stock import siret, write_rows, write_units

NAF, COMMUNE = "activitePrincipaleEtablissement", "codeCommuneEtablissement"
SIZE, EMPLOYS = "trancheEffectifsEtablissement", "caractereEmployeurEtablissement"
STATE, DIFFUSION = "etatAdministratifEtablissement", "statutDiffusionEtablissement"
SYSTEM, NAF25 = "nomenclatureActivitePrincipaleEtablissement", "activitePrincipaleNAF25Etablissement"
ESS = "economieSocialeSolidaireUniteLegale"
SIGN, USUAL = "enseigne1Etablissement", "denominationUsuelleEtablissement"

#: number → what differs from an open establishment of 38.32Z in Bolbec, of which no size is known
ROWS: list[dict[str, Any]] = [
    {SIZE: "12", EMPLOYS: "O", USUAL: "Tri du Val", NAF25: "38.21Y"},  # 1
    {SIZE: "01", EMPLOYS: "O", NAF: "38.11Z", COMMUNE: "76476"},  # 2
    {SIZE: "NN", EMPLOYS: "N", NAF: "3832Z"},  # 3: without dot
    {EMPLOYS: None, SIZE: None},  # 4: nobody knows
    {STATE: "F", SIZE: "12", EMPLOYS: "O"},  # 5: closed
    {DIFFUSION: "N", SIZE: "12", EMPLOYS: "O", USUAL: "CACHÉE"},  # 6: not open to publication
    {NAF: "13.10Z", COMMUNE: "01001", SIZE: "53", EMPLOYS: "O", "etablissementSiege": "false"},  # 7
    {NAF: "38.32Y", SYSTEM: "NAF2025", SIZE: "11", EMPLOYS: "O"},  # 8: the main code is the new one
    {NAF: "90.3B", SYSTEM: "NAFRev1"},  # 9: an old nomenclature
    {
        NAF: "13.92Z",
        NAF25: "38.32Y",
        COMMUNE: "75104",
    },  # 10: textile by the old code, recovery by the new one
    {NAF: "38.32Z", SYSTEM: "NAF1993"},  # 11: the same letters in another nomenclature
]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("sirene") / "stock.parquet", ROWS)


def numbers(found: Selection) -> list[int]:
    assert list(found.frame.columns) == list(COLUMNS)
    assert {name: str(dtype) for name, dtype in found.frame.dtypes.items()} == COLUMNS
    assert found.counts.index.tolist() == list(COUNTS)
    return [int(one[:8]) for one in found.frame["siret"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3, 4, 7, 8, 9, 10, 11]),
        ({"naf": "38.32Z"}, [1, 3, 4]),
        ({"naf": "3832"}, [1, 3, 4]),
        ({"naf": "38"}, [1, 2, 3, 4]),
        ({"naf": "E"}, [1, 2, 3, 4]),
        ({"naf": ["38.11Z", "13.1"]}, [2, 7]),
        ({"naf25": "38.32"}, [8, 10]),
        ({"naf25": "38"}, [1, 8, 10]),
        ({"naf": "13.92Z", "naf25": "38.2"}, [1, 10]),
        ({"naf": "90"}, []),  # of another nomenclature
        ({"communes": "76114"}, [1, 3, 4, 8, 9, 11]),
        ({"communes": ["76476", "1001"]}, [2, 7]),
        ({"communes": "75056"}, [10]),  # Paris: by its arrondissements
        ({"departments": ["1", "75"]}, [7, 10]),
        ({"departments": "75", "communes": "76476"}, [2, 10]),
        ({"sizes": "11"}, [1, 7, 8]),
        ({"sizes": ["01", "53"]}, [2, 7]),
        ({"sizes": 0}, [1, 2, 7, 8]),
        ({"employers": True}, [1, 2, 7, 8]),
        ({"employers": False}, [3]),
        ({"active": False}, [5]),
        ({"active": None, "naf": "38.32Z"}, [1, 3, 4, 5]),
        ({"limit": 2}, [1, 2]),
        ({"naf": "38", "limit": 3}, [1, 2, 3]),
        ({"naf": "38", "communes": "76114", "sizes": "12", "employers": True}, [1]),
    ],
)
def test_what_answers(stock: Path, asked: dict[str, Any], found: list[int]) -> None:
    assert numbers(read_sirene(stock, **asked)) == found


def test_what_was_left_out_is_counted_and_adds_up(stock: Path) -> None:
    found = read_sirene(stock, naf="38.32Z", employers=True, sizes=["12"], lang="en")
    # 38.32Z: 1, 3, 4, 5, 6; 6 is hidden, 5 closed, 4 of unknown employment, 3 does not employ
    assert found.counts[found.counts > 0].to_dict() == {
        "found": 5, "not_diffusible": 1, "closed": 1, "employer_unknown": 1, "not_employer": 1, "kept": 1,
        "returned": 1,
    }  # fmt: skip
    assert found.notes == (
        "1 establishment is not open to publication: left out.",
        "1 closed establishment left out.",
        "1 establishment left out: nobody knows whether it employs.",
    )


def test_a_row_is_left_out_for_its_first_reason_only(stock: Path) -> None:
    counts = read_sirene(stock, active=False, employers=False, sizes="41").counts
    # 6 hidden; 5 is closed but employs; the nine others are open
    assert counts[counts > 0].to_dict() == {"found": 11, "not_diffusible": 1, "open": 9, "employer": 1}
    counts = read_sirene(stock, sizes="41").counts
    # sizes of the open ones: 12, 01, NN, none, 53 (kept), 11, NN, NN, NN
    assert counts[["size_outside", "size_unknown", "kept"]].tolist() == [3, 5, 1]


def test_the_limit_is_told(stock: Path) -> None:
    for asked in ({"naf": "38"}, {"naf": "38", "near": (49.5, 0.5)}):
        found = read_sirene(stock, limit=3, **asked)  # type: ignore[arg-type]
        assert found.counts[["kept", "returned"]].tolist() == [4, 3]
        assert found.notes[0] == "4 établissements répondent\u202f; les 3 premiers sont donnés."
        assert repr(found).splitlines()[:2] == ["Selection: 3 rows", f"- {found.notes[0]}"]
        assert len(found) == 3


def test_what_is_said_of_one(stock: Path) -> None:
    row = read_sirene(stock, naf="38.32Z", naf25="38.21").frame.iloc[0]
    assert row.drop(["latitude", "longitude", "distance_km"]).fillna("?").to_dict() == {
        "siret": siret(1), "siren": siret(1)[:9], "name": "Tri du Val", "legal_name": "?", "naf": "38.32Z",
        "naf_2025": "38.21Y", "matched_by": "both", "commune_code": "76114", "commune_name": "BOLBEC",
        "postcode": "76210", "precision": "?", "size_code": "12", "size_low": 20.0, "size_high": 49.0,
        "employer": True, "head_office": True, "created_on": pd.Timestamp("2010-01-01"), "legal_category": "?",
        "company_category": "?", "ess": "?", "natural_person": "?", "active": True,
    }  # fmt: skip
    assert np.isnan([row["latitude"], row["longitude"], row["distance_km"]]).all()


def test_the_nomenclature_of_each_code_is_told(stock: Path) -> None:
    frame = read_sirene(stock, naf=["38.32", "13"], naf25="38.32").frame.set_index("siret")
    assert frame["matched_by"].to_dict() == {
        siret(1): "rev2", siret(3): "rev2", siret(4): "rev2", siret(7): "rev2", siret(8): "2025", siret(10): "both",
    }  # fmt: skip
    assert frame.loc[siret(8), ["naf", "naf_2025"]].fillna("?").tolist() == ["?", "38.32Y"]
    assert frame.loc[siret(3), "naf"] == "38.32Z"
    old = read_sirene(stock, communes="76114").frame.set_index("siret")
    assert old.loc[siret(9), ["naf", "naf_2025", "matched_by"]].isna().all()
    assert old.loc[siret(11), "naf"] is np.nan


def test_size_and_employment_unknown_are_not_none(stock: Path) -> None:
    frame = read_sirene(stock, naf="38.32Z").frame.set_index("siret")
    assert frame.loc[siret(3), ["size_code", "employer"]].tolist() == ["NN", False]
    assert frame.loc[siret(4), ["size_code", "employer"]].isna().all()
    assert frame.loc[[siret(3), siret(4)], ["size_low", "size_high"]].isna().all(axis=None)


def test_nothing_answers(stock: Path) -> None:
    found = read_sirene(stock, naf="38.32Z", communes="76476", lang="en")
    assert numbers(found) == []
    assert found.counts.sum() == 0
    assert found.notes == ()  # the activity and the commune exist, each by itself
    assert list(found.unplaced.columns) == list(COLUMNS)


def test_codes_that_no_row_bears_are_told(stock: Path) -> None:
    found = read_sirene(stock, naf=["99.99Z", "38.32Z"], communes="76210", lang="en")
    assert found.notes == (
        "No establishment of “stock.parquet” bears the NAF code 99.99Z.",
        "No establishment of “stock.parquet” is in the commune 76210: these are INSEE codes, not postcodes.",
    )
    found = read_sirene(stock, naf25="01.11Y", lang="en")
    assert found.notes == ("No establishment of “stock.parquet” bears the NAF code 01.11Y.",)


def test_an_epci(stock: Path) -> None:
    table = pd.DataFrame({
        "code_insee": ["76476", "1001", "76114"], "code_epci": ["200010700", "200069193", "200010700"],
        "epci_nom": ["CA Caux Seine", "CC Veyle", "CA Caux Seine"], "nom": ["Port-Jérôme", "L’Abergement", "Bolbec"],
    })  # fmt: skip
    assert numbers(read_sirene(stock, epci="CA Caux Seine", communes_table=table, naf="38")) == [1, 2, 3, 4]
    found = read_sirene(stock, epci="200069193", communes="76476", communes_table=table)
    assert numbers(found) == [2, 7]
    assert found.frame["commune_name"].tolist() == ["Port-Jérôme", "L’Abergement"]  # as the list spells them


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"naf": "x"}, ArgumentError, "“x” is no NAF code"),
        ({"communes": "7611"}, None, ""),
        ({"communes": "Bolbec"}, ArgumentError, "not the code of a commune"),
        ({"departments": "Seine-Maritime"}, ArgumentError, "not the code of a department"),
        ({"departments": "974"}, None, ""),
        ({"departments": "761"}, ArgumentError, "not the code of a department"),
        ({"epci": "200010700"}, ArgumentError, "needs the list of communes"),
        ({"sizes": "13"}, UnknownNameError, "not the code of a band"),
        ({"limit": 0}, ArgumentError, "limit=0 is no number of rows"),
        ({"limit": 1.5}, ArgumentError, "limit=1.5"),
        ({"within_km": 30}, ArgumentError, "needs a place"),
        ({"near": (49.5, 0.5), "within_km": 0}, ArgumentError, "within_km=0 is no distance"),
        ({"near": (49.5, 0.5), "within_km": "30"}, ArgumentError, "within_km=30 is no distance"),
        ({"near": (495.0, 0.5)}, ArgumentError, "is on no globe"),
        ({"near": (49.5,)}, ArgumentError, "is no place"),
        ({"near": (49.5, None)}, ArgumentError, "is no place"),
        ({"near": (49.5, float("nan"))}, ArgumentError, "is no place"),
        ({"near": "76114"}, UnknownNameError, "The centre of the commune 76114 is not known"),
        ({"lang": "de"}, UnknownNameError, "lang='de'"),
    ],
)
def test_questions_that_cannot_be_asked(
    stock: Path, asked: dict[str, Any], error: type[Exception] | None, message: str
) -> None:
    asked = {"lang": "en"} | asked
    if error is None:
        assert numbers(read_sirene(stock, **asked)) == []
        return
    with pytest.raises(error, match=message):
        read_sirene(stock, **asked)


def test_a_wrong_commune_is_named_where_there_is_a_list(stock: Path) -> None:
    table = pd.DataFrame({"code_insee": ["76114", "76476"]})
    with pytest.raises(
        UnknownNameError, match="No commune 76210 in the list: a postcode is not a commune code"
    ):
        read_sirene(stock, communes="76210", communes_table=table, lang="en")


# -- names ----------------------------------------------------------------------------------------------


def test_names_and_persons(tmp_path: Path) -> None:
    stock = write_rows(tmp_path / "stock.parquet", [
        {SIGN: "L’Enseigne", USUAL: "Nom usuel"},  # 1: the sign first
        {USUAL: "Nom usuel"},  # 2
        {},  # 3: the denomination
        {SIGN: "DUPONT JEAN", USUAL: "JEAN DUPONT"},  # 4: a person, whatever is written
        {SIGN: "DUPONT JEAN"},  # 5: nobody knows what it is
        {SIGN: "L’Enseigne"},  # 6: an association
        {USUAL: "[ND]"},  # 7: hidden
        {},  # 8: an artisan under the categories of before
        {SIGN: "CACHÉE", USUAL: "CACHÉE"},  # 9: its legal unit is closed to publication
    ])  # fmt: skip
    category, name = "categorieJuridiqueUniteLegale", "denominationUniteLegale"
    units = write_units(tmp_path / "units.parquet", [
        {"siren": siret(1)[:9], name: "SOCIÉTÉ UN", "categorieEntreprise": "PME", ESS: "N"},
        {"siren": siret(2)[:9], name: "SOCIÉTÉ DEUX"},
        {"siren": siret(3)[:9], name: "SOCIÉTÉ TROIS", ESS: "O"},
        {"siren": siret(4)[:9], category: "1000"},
        {"siren": siret(6)[:9], category: "9220", name: "ASSOCIATION SIX"},
        {"siren": siret(7)[:9], name: "[ND]", "sigleUniteLegale": "SEPT"},
        {"siren": siret(8)[:9], category: "1100"},
        {"siren": siret(9)[:9], name: "CACHÉE", "statutDiffusionUniteLegale": "N"},
        {"siren": siret(99)[:9], name: "NULLE PART"},
    ])  # fmt: skip
    found = read_sirene(stock, legal_units=units)
    frame = found.frame
    trader = "entreprise individuelle, nom non diffusé"
    assert frame["name"].fillna("?").tolist() == [
        "L’Enseigne", "Nom usuel", "SOCIÉTÉ TROIS", trader, "?", "L’Enseigne", "SEPT", trader, "?",
    ]  # fmt: skip
    assert frame["legal_name"].fillna("?").tolist() == [
        "SOCIÉTÉ UN", "SOCIÉTÉ DEUX", "SOCIÉTÉ TROIS", "?", "?", "ASSOCIATION SIX", "?", "?", "?",
    ]  # fmt: skip
    assert frame["natural_person"].astype(object).fillna("?").tolist() == [
        False,
        False,
        False,
        True,
        "?",
        False,
        False,
        True,
        False,
    ]
    assert frame["ess"].astype(object).fillna("?").tolist() == [False, "?", True, *"??????"]
    assert frame["company_category"].fillna("?").tolist() == ["PME", *"????????"]
    assert found.counts[["natural_persons", "name_unknown"]].tolist() == [2, 2]
    assert "2 entreprises individuelles sont données sans nom." in found.notes
    told = frame.astype(str).to_csv() + repr(found)
    assert not {"DUPONT", "NOM-À-NE-PAS-LIRE", "PRÉNOM-À-NE-PAS-LIRE", "CACHÉE"} & set(
        told.replace(",", " ").split()
    )
    assert "NE-PAS-LIRE" not in told


def test_without_legal_units_only_a_denomination_shows_a_name(tmp_path: Path) -> None:
    stock = write_rows(
        tmp_path / "stock.parquet", [{SIGN: "DUPONT JEAN"}, {USUAL: "Tri du Val", SIGN: "Le Tri"}, {}]
    )
    found = read_sirene(stock)
    assert found.frame["name"].fillna("?").tolist() == ["?", "Le Tri", "?"]
    assert found.frame["natural_person"].isna().all()
    assert found.notes[-1].startswith("2 noms inconnus\u00a0: le fichier des unités légales")


def test_a_file_that_joins_both_tells_of_legal_units_itself(tmp_path: Path) -> None:
    columns = [
        "siren", "siret", DIFFUSION, "categorieJuridiqueUniteLegale", "denominationUniteLegale", "nomUniteLegale",
        COMMUNE, STATE, NAF, SYSTEM,
    ]  # fmt: skip
    rows = [
        {"categorieJuridiqueUniteLegale": "5710", "denominationUniteLegale": "SOCIÉTÉ UN"},
        {"categorieJuridiqueUniteLegale": "1000", "nomUniteLegale": "NOM-À-NE-PAS-LIRE"},
    ]
    found = read_sirene(write_rows(tmp_path / "stock.csv", rows, columns=columns))
    assert found.frame["name"].tolist() == ["SOCIÉTÉ UN", "entreprise individuelle, nom non diffusé"]
    assert found.frame["natural_person"].tolist() == [False, True]
