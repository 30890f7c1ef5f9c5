"""The files themselves: kinds, encodings, columns of before and after, and what is not the stock."""

from __future__ import annotations

import builtins
import gzip
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ChaineValeurError, UnreadableFileError
from chaine_valeur.io.sirene import establishment_counts, read_sirene
from chaine_valeur.io.sirene.rows import COLUMNS
from tests.io.sirene_stock import (
    NEW_COLUMNS,
    OLD_COLUMNS,
    UNIT_COLUMNS,
    siret,
    stock_rows,
    unit_rows,
    write_rows,
    write_table,
    write_units,
)

ROWS: list[dict[str, Any]] = [
    {
        "codeCommuneEtablissement": "01001", "codePostalEtablissement": "01400",
        "denominationUsuelleEtablissement": "Œuvre d’été, tri",
    },
    {"activitePrincipaleEtablissement": "13.10Z"},
    {"etatAdministratifEtablissement": "F"},
]  # fmt: skip


def same(found: Any) -> None:
    """The first row of `ROWS`, read right."""
    assert found.frame["siret"].tolist() == [siret(1)]  # eight zeros in front
    row = found.frame.iloc[0]
    assert row[["commune_code", "postcode", "name", "naf"]].tolist() == [
        "01001",
        "01400",
        "Œuvre d’été, tri",
        "38.32Z",
    ]
    assert row[["head_office", "active"]].tolist() == [True, True]
    assert row["created_on"] == pd.Timestamp("2010-01-01")
    assert {name: str(dtype) for name, dtype in found.frame.dtypes.items()} == COLUMNS


def test_there_were_48_columns_and_there_are_54() -> None:
    assert (len(OLD_COLUMNS), len(NEW_COLUMNS)) == (48, 54)
    assert set(OLD_COLUMNS) < set(NEW_COLUMNS)
    assert NEW_COLUMNS[-1] == "activitePrincipaleNAF25Etablissement"


@pytest.mark.parametrize("columns", [OLD_COLUMNS, NEW_COLUMNS], ids=["old", "new"])
@pytest.mark.parametrize("name", ["stock.csv", "stock.parquet"])
def test_both_kinds_of_file_with_both_sets_of_columns(tmp_path: Path, name: str, columns: list[str]) -> None:
    same(read_sirene(write_rows(tmp_path / name, ROWS, columns=columns), naf="38"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    stock = write_rows(tmp_path / "stock.csv", ROWS, separator=separator, encoding=encoding)
    same(read_sirene(stock, naf="38"))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_gzip(tmp_path: Path, encoding: str) -> None:
    plain = write_rows(tmp_path / "stock.csv", ROWS, separator=";", encoding=encoding)
    (tmp_path / "stock.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    same(read_sirene(tmp_path / "stock.csv.gz", naf="38"))


def test_columns_in_another_order_and_case(tmp_path: Path) -> None:
    table = stock_rows(ROWS)[NEW_COLUMNS[::-1]].rename(columns=str.lower)
    same(read_sirene(write_table(table, tmp_path / "stock.csv"), naf="38"))


def test_a_spreadsheet_has_eaten_the_zeros(tmp_path: Path) -> None:
    table = stock_rows(ROWS)
    for name in ("siret", "siren", "codeCommuneEtablissement", "codePostalEtablissement"):
        table[name] = table[name].str.lstrip("0")
    stock = write_table(table, tmp_path / "stock.csv")
    for asked in ({"naf": "38"}, {"communes": "01001"}, {"communes": "1001"}, {"departments": "01"}):
        same(read_sirene(stock, **asked))  # type: ignore[arg-type]
    assert len(read_sirene(stock, departments="10").frame) == 0  # 1001 is in the Ain, not in the Aube


def test_numbers_and_dates_that_are_no_text(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.register("given", stock_rows(ROWS).astype(object).where(stock_rows(ROWS).notna(), None))
        chosen = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in NEW_COLUMNS)
        connection.execute(
            f"COPY (SELECT * REPLACE (CAST(siret AS BIGINT) AS siret, CAST(siren AS INT) AS siren, "
            "CAST(codeCommuneEtablissement AS INT) AS codeCommuneEtablissement, "
            "CAST(codePostalEtablissement AS INT) AS codePostalEtablissement, "
            "CAST(dateCreationEtablissement AS DATE) AS dateCreationEtablissement, "
            "CAST(etablissementSiege AS BOOLEAN) AS etablissementSiege) "
            f"FROM (SELECT {chosen} FROM given)) TO '{tmp_path / 'stock.parquet'}' (FORMAT parquet)"
        )
    same(read_sirene(tmp_path / "stock.parquet", naf="38", communes="01001"))


def test_a_folder_and_a_pattern(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.parquet", ROWS[:1], columns=OLD_COLUMNS)
    (tmp_path / "b").mkdir()
    write_rows(
        tmp_path / "b" / "b.parquet", [{"siret": siret(2), "activitePrincipaleNAF25Etablissement": "38.21Y"}]
    )
    for path in (tmp_path, tmp_path / "**" / "*.parquet"):
        found = read_sirene(path, naf="38")
        assert found.frame["siret"].tolist() == [siret(1), siret(2)]
        assert found.frame["naf_2025"].fillna("?").tolist() == ["?", "38.21Y"]  # older files lack the column
        assert read_sirene(path, naf25="38.21").frame["siret"].tolist() == [siret(2)]


def test_two_months_of_the_stock_in_one_folder(tmp_path: Path) -> None:
    for month in ("01", "02"):
        write_rows(tmp_path / f"{month}.parquet", ROWS)
    with pytest.raises(
        UnreadableFileError, match=f"The establishment {siret(1)} stands twice: give the files of one"
    ):
        read_sirene(tmp_path, naf="38", lang="en")


def test_the_first_columns_are_enough(tmp_path: Path) -> None:
    columns = """siret statutDiffusionEtablissement etatAdministratifEtablissement activitePrincipaleEtablissement
        codeCommuneEtablissement""".split()
    found = read_sirene(write_rows(tmp_path / "stock.csv", ROWS, columns=columns))
    assert found.frame["siret"].tolist() == [siret(1), siret(2)]
    assert found.frame["siren"].tolist() == [siret(1)[:9], siret(2)[:9]]
    unknown = [
        "name",
        "naf_2025",
        "commune_name",
        "postcode",
        "size_code",
        "employer",
        "head_office",
        "created_on",
    ]
    assert found.frame[unknown].isna().all(axis=None)


@pytest.mark.parametrize(
    ("column", "asked"),
    [
        ("statutDiffusionEtablissement", {}),
        ("etatAdministratifEtablissement", {}),
        ("activitePrincipaleEtablissement", {}),
        ("codeCommuneEtablissement", {}),
        ("caractereEmployeurEtablissement", {"employers": True}),
        ("trancheEffectifsEtablissement", {"sizes": "11"}),
        ("activitePrincipaleNAF25Etablissement", {"naf25": "38"}),
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, column: str, asked: dict[str, Any]) -> None:
    columns = [name for name in NEW_COLUMNS if name != column]
    stock = write_rows(tmp_path / "stock.csv", ROWS, columns=columns)
    with pytest.raises(UnreadableFileError, match=f"“stock.csv” has no column {column}"):
        read_sirene(stock, lang="en", **asked)
    if asked:
        assert len(read_sirene(stock).frame) == 2  # only that question needs it


def test_a_column_of_another_name(tmp_path: Path) -> None:
    table = stock_rows(ROWS).rename(columns={"codeCommuneEtablissement": "codeCommune2024Etablissement"})
    with pytest.raises(UnreadableFileError, match="Did you mean: codeCommune"):
        read_sirene(write_table(table, tmp_path / "stock.csv"), lang="en")


def test_naf_2025_asked_beside_rev_2_of_an_old_file(tmp_path: Path) -> None:
    found = read_sirene(
        write_rows(tmp_path / "old.csv", ROWS, columns=OLD_COLUMNS), naf="38", naf25="38", lang="en"
    )
    assert len(found) == 1
    assert "“old.csv” has no codes of NAF 2025: naf25= finds nothing in it." in found.notes


OTHERS = {
    "StockUniteLegale": UNIT_COLUMNS,
    "StockUniteLegaleHistorique": ["siren", "changementEtatAdministratifUniteLegale", "denominationUniteLegale"],
    "StockEtablissementHistorique": ["siren", "nic", "siret", "dateFin", "changementEtatAdministratifEtablissement"],
    "StockEtablissementLiensSuccession": ["siretEtablissementPredecesseur", "siretEtablissementSuccesseur"],
    "StockDoublons": ["siren", "sirenDoublon", "dateDernierTraitementDoublon"],
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_another_file_of_sirene_is_recognised(tmp_path: Path, kind: str, suffix: str) -> None:
    path = write_table(unit_rows([{}], OTHERS[kind]), tmp_path / f"mine{suffix}")
    with pytest.raises(
        UnreadableFileError, match=f"“mine{suffix}” is {kind}: StockEtablissement is wanted here"
    ):
        read_sirene(path, lang="en")
    with pytest.raises(UnreadableFileError, match=kind):
        establishment_counts(path, by="department")


def test_the_two_files_the_wrong_way_round(tmp_path: Path) -> None:
    stock, units = write_rows(tmp_path / "e.csv", ROWS), write_units(tmp_path / "u.csv", [{}])
    with pytest.raises(UnreadableFileError, match="e.csv\u00a0» est StockEtablissement"):
        read_sirene(stock, legal_units=stock)
    with pytest.raises(UnreadableFileError, match="StockUniteLegale"):
        read_sirene(units, legal_units=stock)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("list.csv", b"nom;ville\nTri;Bolbec\n", "is not StockEtablissement of SIRENE: .* but nom and ville"),
        ("half.parquet", b"PAR1 and then nothing", "“half.parquet” cannot be read"),
        ("empty.csv", b"", "is empty"),
        ("picture.csv", bytes(range(256)) * 8, "is no text"),
        ("none.csv", None, "does not exist"),
    ],
)
def test_what_is_no_stock_at_all(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError, match=message):
        read_sirene(tmp_path / name, lang="en")


def test_archives_mixtures_and_empty_folders(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "stock.zip", "w") as archive:
        archive.writestr("stock.csv", "siret\n")
    (tmp_path / "empty").mkdir()
    write_rows(tmp_path / "mixed.csv", ROWS)
    write_rows(tmp_path / "mixed.parquet", ROWS)
    for path, message in (
        ("stock.zip", "is an archive or a workbook: take the CSV or Parquet file out of it"),
        ("empty", "holds no Parquet file"),
        ("nothing-*.csv", "No file answers to"),
        ("mixed.*", "mixes Parquet and other files"),
    ):
        with pytest.raises(UnreadableFileError, match=message):
            read_sirene(tmp_path / path, lang="en")


def test_a_file_with_headers_only(tmp_path: Path) -> None:
    for name in ("stock.csv", "stock.parquet"):
        found = read_sirene(write_rows(tmp_path / name, []), naf="38", lang="en")
        assert {column: str(dtype) for column, dtype in found.frame.dtypes.items()} == COLUMNS
        assert len(found) == 0
        assert found.notes == (f"No establishment of “{name}” bears the NAF code 38.",)
        counts = establishment_counts(tmp_path / name, by="department")
        assert counts.empty
        assert list(counts.columns) == [
            "territory", "naf", "establishments", "employees_low", "employees_high", "unknown_size",
        ]  # fmt: skip


def test_a_name_with_a_quote_is_no_way_into_the_database(tmp_path: Path) -> None:
    path = tmp_path / "l'été'); DROP TABLE x; --.csv"
    same(read_sirene(write_rows(path, ROWS), naf="38"))


def test_without_duckdb_the_message_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "duckdb":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    stock = write_rows(tmp_path / "stock.csv", ROWS)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'chaine_valeur\[sirene\]'") as caught:
        read_sirene(stock)
    assert isinstance(caught.value, ChaineValeurError)


def test_the_file_is_not_touched_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock = write_rows(tmp_path / "stock.csv", ROWS, encoding="cp1252")
    before = stock.read_bytes()
    first, second = read_sirene(stock).frame, read_sirene(stock).frame
    pd.testing.assert_frame_equal(first, second)
    assert stock.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["stock.csv"]
    assert capsys.readouterr().out == ""
    assert np.isnan(first["distance_km"]).all()
