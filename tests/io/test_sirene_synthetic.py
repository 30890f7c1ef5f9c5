"""The generator of a stock of any size, and `read_sirene` on it against a plain pandas reading of the same rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.territory import distance_km
from chaine_valeur.io.sirene import read_sirene
from chaine_valeur.io.sirene.rows import COLUMNS
from chaine_valeur.io.sirene.selection import COUNTS
from chaine_valeur.parse import luhn_valid
from tests.io.sirene_stock import NEW_COLUMNS, OLD_COLUMNS, UNIT_COLUMNS, write_stock, write_stock_units

SIZE = 4_000


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_stock(tmp_path_factory.mktemp("sirene") / "stock.parquet", SIZE)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The same rows out of a CSV file."""
    path = write_stock(tmp_path_factory.mktemp("sirene") / "stock.csv", SIZE, separator=";")
    return pd.read_csv(path, dtype="str", sep=";")


def test_no_enterprise_is_real_and_each_is_there_once(plain: pd.DataFrame) -> None:
    assert list(plain.columns) == NEW_COLUMNS
    assert not plain["siren"].map(luhn_valid).any()
    assert plain["siret"].is_unique
    assert (plain["siret"] == plain["siren"] + plain["nic"]).all()
    assert plain["siren"].nunique() == SIZE / 2


def test_it_looks_like_the_real_one(plain: pd.DataFrame) -> None:
    def share(column: str, value: str) -> float:
        return float(plain[f"{column}Etablissement"].eq(value).mean())

    # six standard errors of a share of 4 000 rows are at most 0.05
    assert share("etatAdministratif", "A") == pytest.approx(0.38, abs=0.05)
    assert share("caractereEmployeur", "O") == pytest.approx(0.15, abs=0.04)
    assert share("statutDiffusion", "N") == pytest.approx(0.01, abs=0.01)
    assert share("statutDiffusion", "P") == pytest.approx(0.11, abs=0.03)
    assert share("coordonneeLambertAbscisse", "[ND]") == share("statutDiffusion", "P")
    assert plain["codeCommuneEtablissement"].str.fullmatch(r"\d{5}").all()
    assert plain["activitePrincipaleEtablissement"].str.fullmatch(r"\d\d\.\d\dZ").all()
    assert plain["codeCommuneEtablissement"].nunique() > 1_000


def test_the_same_seed_gives_the_same_rows(tmp_path: Path, plain: pd.DataFrame) -> None:
    again = pd.read_csv(write_stock(tmp_path / "again.csv", SIZE), dtype="str")
    pd.testing.assert_frame_equal(again, plain)
    other = pd.read_csv(write_stock(tmp_path / "other.csv", SIZE, seed=2), dtype="str")
    assert not other["codeCommuneEtablissement"].equals(plain["codeCommuneEtablissement"])


def test_the_columns_of_before(tmp_path: Path) -> None:
    old = pd.read_csv(write_stock(tmp_path / "old.csv", 10, columns=OLD_COLUMNS), dtype="str")
    assert list(old.columns) == OLD_COLUMNS
    assert len(old) == 10


def test_legal_units_go_with_it(tmp_path: Path, stock: Path) -> None:
    units = write_stock_units(tmp_path / "units.parquet", stock)
    found = read_sirene(stock, legal_units=units, limit=400)
    assert found.frame["legal_category"].notna().all()
    person = found.frame["natural_person"].astype(bool)
    assert 100 < person.sum() < 300
    assert found.frame.loc[person, "name"].eq("entreprise individuelle, nom non diffusé").all()
    assert found.frame.loc[~person, "name"].notna().all()
    assert "nomUniteLegale" in UNIT_COLUMNS
    assert (
        not found.frame.astype("str")
        .apply(lambda column: column.str.contains("À-NE-PAS-LIRE"))
        .any(axis=None)
    )


@settings(max_examples=25)
@given(
    naf=st.lists(st.sampled_from(["01", "13.2", "38", "4724Z", "90.1"]), min_size=1, max_size=3),
    naf25=st.lists(st.sampled_from(["02", "38.2", "13.24Y"]), max_size=2),
    departments=st.lists(st.sampled_from(["01", "14", "76", "974"]), max_size=3),
    active=st.sampled_from([True, False, None]),
    employers=st.sampled_from([True, False, None]),
    band=st.sampled_from([None, "01", "11"]),
)
def test_a_plain_reading_agrees(
    stock: Path,
    plain: pd.DataFrame,
    naf: list[str],
    naf25: list[str],
    departments: list[str],
    active: bool | None,
    employers: bool | None,
    band: str | None,
) -> None:
    def column(name: str) -> pd.Series:
        return plain[f"{name}Etablissement"]

    def begins(codes: pd.Series, asked: list[str]) -> pd.Series:
        bare = tuple(code.replace(".", "") for code in asked)
        return codes.str.replace(".", "").str.startswith(bare, na=False)

    answers = begins(column("activitePrincipale"), naf)
    if naf25:
        answers |= begins(column("activitePrincipaleNAF25"), naf25)
    if departments:
        answers &= column("codeCommune").str.startswith(tuple(departments))
    kept = answers & (column("statutDiffusion") != "N")
    if active is not None:
        kept &= (column("etatAdministratif") == "A") == active
    if employers is not None:
        kept &= column("caractereEmployeur") == ("O" if employers else "N")
    if band is not None:
        kept &= (column("trancheEffectifs") >= band) & (column("trancheEffectifs") != "NN")
    found = read_sirene(
        stock,
        naf=naf,
        naf25=naf25 or None,
        departments=departments or None,
        active=active,
        employers=employers,
        sizes=band,
    )
    assert found.frame["siret"].tolist() == sorted(plain.loc[kept, "siret"])
    assert found.counts["found"] == answers.sum()
    left_out = found.counts[[name for name in COUNTS if name not in ("found", "returned")]].iloc[:-3]
    assert left_out.sum() == found.counts["found"]
    assert {name: str(dtype) for name, dtype in found.frame.dtypes.items()} == COLUMNS
    assert found.frame["matched_by"].notna().all()


@pytest.fixture(scope="module")
def everywhere(stock: Path) -> pd.DataFrame:
    return read_sirene(stock).frame


@settings(max_examples=12)
@given(st.floats(44, 49.5), st.floats(-2, 7), st.floats(1, 300))
def test_no_near_one_is_missed(
    stock: Path, everywhere: pd.DataFrame, latitude: float, longitude: float, within_km: float
) -> None:
    """The square that the database looks into first holds all of the circle."""
    apart = distance_km(latitude, longitude, everywhere["latitude"], everywhere["longitude"])
    expected = everywhere.assign(distance_km=apart)
    found = read_sirene(stock, near=(latitude, longitude), within_km=within_km)
    near = expected[expected["distance_km"] <= within_km].sort_values(
        ["distance_km", "siret"], ignore_index=True
    )
    pd.testing.assert_frame_equal(found.frame, near)
    unknown = expected["distance_km"].isna() & ~expected["commune_code"].str.startswith("97")
    assert found.unplaced["siret"].tolist() == expected.loc[unknown, "siret"].tolist()


def test_many_rows_are_read_in_another_way_and_come_out_the_same(
    stock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chaine_valeur.io.sirene import reading

    by_number = read_sirene(stock, naf="E")
    monkeypatch.setattr(reading, "_FEW", 3)
    at_once = read_sirene(stock, naf="E")
    assert len(by_number) > 3
    pd.testing.assert_frame_equal(by_number.frame, at_once.frame)
    pd.testing.assert_series_equal(by_number.counts, at_once.counts)
