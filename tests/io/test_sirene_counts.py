"""`establishment_counts`: sums by hand, and against a plain pandas count of the same file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ArgumentError, UnknownNameError, UnreadableFileError
from chaine_valeur.io.sirene import SIZE_BANDS, establishment_counts
from tests.io.sirene_stock import OLD_COLUMNS, write_rows, write_stock

NAF, COMMUNE = "activitePrincipaleEtablissement", "codeCommuneEtablissement"
SIZE, EMPLOYS = "trancheEffectifsEtablissement", "caractereEmployeurEtablissement"
ROWS: list[dict[str, Any]] = [
    {SIZE: "12"},  # Bolbec, 38.32Z: 20 to 49
    {SIZE: "01", "activitePrincipaleNAF25Etablissement": "38.21Y"},  # 1 to 2
    {SIZE: "NN"},
    {SIZE: "53", NAF: "3811Z", COMMUNE: "76476"},  # 10 000 or more
    {SIZE: "00", NAF: "13.10Z", COMMUNE: "75104"},
    {SIZE: "11", NAF: "38.32Y", "nomenclatureActivitePrincipaleEtablissement": "NAF2025", COMMUNE: "2A004"},
    {SIZE: "12", EMPLOYS: "N"},
    {SIZE: "12", EMPLOYS: None},
    {SIZE: "12", "etatAdministratifEtablissement": "F"},
    {SIZE: "12", "statutDiffusionEtablissement": "N"},
]
ROWS = [{EMPLOYS: "O"} | row for row in ROWS]
TABLE = pd.DataFrame({
    "code_insee": ["76114", "76476", "75056"], "code_epci": ["200010700", "200010700", "200054781"],
})  # fmt: skip
COLUMNS = ["territory", "naf", "establishments", "employees_low", "employees_high", "unknown_size"]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("sirene") / "stock.parquet", ROWS)


def told(found: pd.DataFrame) -> list[tuple[Any, ...]]:
    assert list(found.columns) == COLUMNS
    assert found.dtypes.astype(str).tolist() == ["str", "str", "int64", "float64", "float64", "int64"]
    assert found.index.tolist() == list(range(len(found)))
    return list(found.astype(object).fillna("?").itertuples(index=False, name=None))


def test_by_epci(stock: Path) -> None:
    # Bolbec 38.32Z: three employers, 20 + 1 to 49 + 2 employees, one of unknown size; Ajaccio is in no EPCI of the
    # list and its code is of NAF 2025: both unknown here
    assert told(establishment_counts(stock, communes_table=TABLE)) == [
        ("200010700", "38.11Z", 1, 10_000.0, np.inf, 0),
        ("200010700", "38.32Z", 3, 21.0, 51.0, 1),
        ("200054781", "13.10Z", 1, 0.0, 0.0, 0),
        ("?", "?", 1, 10.0, 19.0, 0),
    ]


@pytest.mark.parametrize(
    ("level", "found"),
    [
        (4, [("200010700", "38.11", 1), ("200010700", "38.32", 3), ("200054781", "13.10", 1), ("?", "?", 1)]),
        (3, [("200010700", "38.1", 1), ("200010700", "38.3", 3), ("200054781", "13.1", 1), ("?", "?", 1)]),
        (2, [("200010700", "38", 4), ("200054781", "13", 1), ("?", "?", 1)]),
        (1, [("200010700", "E", 4), ("200054781", "C", 1), ("?", "?", 1)]),
    ],
)
def test_levels_of_the_nomenclature(stock: Path, level: int, found: list[tuple[str, str, int]]) -> None:
    counts = establishment_counts(stock, communes_table=TABLE, naf_level=level)
    assert [row[:3] for row in told(counts)] == found


def test_by_department_and_commune(stock: Path) -> None:
    counts = establishment_counts(stock, by="department", naf_level=2)
    assert [row[:3] for row in told(counts)] == [("2A", "?", 1), ("75", "13", 1), ("76", "38", 4)]
    counts = establishment_counts(stock, by="commune", naf_level=2)
    assert [row[:3] for row in told(counts)] == [
        ("2A004", "?", 1), ("75056", "13", 1), ("76114", "38", 3), ("76476", "38", 1),
    ]  # fmt: skip


def test_in_the_other_nomenclature(stock: Path) -> None:
    counts = establishment_counts(stock, by="department", nomenclature="2025")
    assert [row[:3] for row in told(counts)] == [
        ("2A", "38.32Y", 1),
        ("75", "?", 1),
        ("76", "38.21Y", 1),
        ("76", "?", 3),
    ]


@pytest.mark.parametrize(
    ("asked", "establishments"),
    [
        ({}, 6),
        ({"employers": False}, 1),
        ({"employers": None}, 8),
        ({"active": False}, 1),
        ({"active": None}, 7),
    ],
)
def test_which_are_counted(stock: Path, asked: dict[str, Any], establishments: int) -> None:
    assert establishment_counts(stock, by="department", **asked)["establishments"].sum() == establishments


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({}, ArgumentError, 'by="epci" needs the list of communes'),
        ({"communes_table": pd.DataFrame({"code": ["76114"]})}, ArgumentError, "needs the list of communes"),
        ({"by": "departement"}, UnknownNameError, "give one of epci, commune and department"),
        ({"by": "department", "nomenclature": "2008"}, UnknownNameError, "give one of rev2 and 2025"),
        ({"by": "department", "naf_level": 6}, ArgumentError, "naf_level=6 is none of 1, 2, 3, 4, 5"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted(
    stock: Path, asked: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        establishment_counts(stock, lang="en", **asked)


def test_columns_that_are_needed(tmp_path: Path) -> None:
    old = write_rows(tmp_path / "old.csv", ROWS, columns=OLD_COLUMNS)
    assert establishment_counts(old, by="department")["establishments"].sum() == 6
    with pytest.raises(UnreadableFileError, match="has no column activitePrincipaleNAF25Etablissement"):
        establishment_counts(old, by="department", nomenclature="2025", lang="en")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_plain_count_agrees(tmp_path: Path, seed: int) -> None:
    stock = write_stock(tmp_path / "stock.csv", 3_000, seed=seed)
    rows = pd.read_csv(stock, dtype="str")
    rows = rows[(rows["etatAdministratifEtablissement"] == "A") & (rows[EMPLOYS] == "O")]
    rows = rows[rows["statutDiffusionEtablissement"] != "N"]
    department = rows[COMMUNE].str[:2].where(rows[COMMUNE].str[:2] != "97", rows[COMMUNE].str[:3])
    bounds = rows[SIZE].map(SIZE_BANDS)
    expected = pd.DataFrame({
        "territory": department, "naf": rows[NAF].str[:2], "establishments": 1,
        "employees_low": bounds.map(lambda band: band[0], na_action="ignore").astype(float),
        "employees_high": bounds.map(lambda band: band[1], na_action="ignore").astype(float),
        "unknown_size": bounds.isna().astype(int),
    })  # fmt: skip
    expected = expected.groupby(["territory", "naf"], as_index=False).sum()
    found = establishment_counts(stock, by="department", naf_level=2)
    assert len(expected) > 100
    pd.testing.assert_frame_equal(found, expected[COLUMNS], check_dtype=False)
