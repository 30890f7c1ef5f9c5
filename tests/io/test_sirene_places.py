"""Where establishments are, how far, and what is done with those of which nobody knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.territory import distance_km
from chaine_valeur.errors import ArgumentError
from chaine_valeur.io.communes import read_communes
from chaine_valeur.io.sirene import Selection, read_sirene
from tests.io.sirene_stock import OLD_COLUMNS, siret, write_rows

X, Y = "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement"
COMMUNE, DIFFUSION = "codeCommuneEtablissement", "statutDiffusionEtablissement"
LILLEBONNE, BOLBEC, PARIS = (49.52, 0.54), (49.57, 0.47), (48.8567, 2.3508)

ROWS: list[dict[str, Any]] = [
    {X: "652366.39", Y: "6862047.22", COMMUNE: "75104"},  # 1: Paris (2.3508 E, 48.8567 N)
    {X: "521828,29", Y: "6938406,43", COMMUNE: "76384"},  # 2: Lillebonne itself, decimal commas
    {},  # 3: Bolbec, no coordinates
    {
        X: "[ND]",
        Y: "[ND]",
        DIFFUSION: "P",
        "codePostalEtablissement": "[ND]",
    },  # 4: Bolbec, address not published
    {X: "339000", Y: "7650000", COMMUNE: "97411"},  # 5: Saint-Denis de La Réunion, in another grid
    {X: "521828.29", Y: "6938406.43", COMMUNE: "97411"},  # 6: the same, in metres that would be Lillebonne's
    {X: "12", Y: "34", COMMUNE: "76476"},  # 7: no place in France
    {COMMUNE: None},  # 8: abroad
    {
        X: "521828.29",
        Y: "6938406.43",
        DIFFUSION: "P",
        COMMUNE: "76384",
    },  # 9: to be masked although it is told
    {
        X: "146636.14",
        Y: "6836217.36",
        COMMUNE: "29019",
        "etatAdministratifEtablissement": "F",
    },  # 10: Brest, closed
]
CENTRES = pd.DataFrame({
    "code_insee": ["76384", "76114", "76476", "75056", "97411"],
    "latitude": [LILLEBONNE[0], BOLBEC[0], np.nan, PARIS[0], -20.88],
    "longitude": [LILLEBONNE[1], BOLBEC[1], np.nan, PARIS[1], 55.45],
})  # fmt: skip


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("sirene") / "stock.parquet", ROWS)


def numbers(frame: pd.DataFrame) -> list[int]:
    return [int(one[:8]) for one in frame["siret"]]


def around(stock: Path, within_km: float | None, **asked: Any) -> Selection:
    return read_sirene(stock, **{"near": LILLEBONNE, "within_km": within_km, "lang": "en"} | asked)


def test_coordinates_become_degrees(stock: Path) -> None:
    frame = read_sirene(stock).frame.set_index("siret")
    assert frame.loc[siret(1), ["latitude", "longitude"]].tolist() == pytest.approx(PARIS, abs=1e-6)
    assert frame.loc[siret(2), ["latitude", "longitude"]].tolist() == pytest.approx(LILLEBONNE, abs=1e-6)
    assert frame["precision"].dropna().to_dict() == {siret(1): "address", siret(2): "address"}
    others = [siret(number) for number in (3, 4, 5, 6, 7, 8, 9)]
    assert frame.loc[others, ["latitude", "longitude"]].isna().all(axis=None)
    assert frame["distance_km"].isna().all()


def test_an_address_that_is_not_published_is_masked(stock: Path) -> None:
    frame = read_sirene(stock).frame.set_index("siret")
    assert frame.loc[[siret(4), siret(9)], "postcode"].isna().all()
    assert frame.loc[siret(9), "commune_code"] == "76384"
    assert read_sirene(stock).counts["partial"] == 2
    # with centres it stands where its commune does, not where the file says
    frame = read_sirene(stock, communes_table=CENTRES).frame.set_index("siret")
    assert frame.loc[siret(9), "precision"] == "commune"


def test_centres_of_communes_stand_in(stock: Path) -> None:
    frame = read_sirene(stock, communes_table=CENTRES).frame.set_index("siret")
    assert frame["precision"].fillna("?").tolist() == [
        "address", "address", "commune", "commune", "commune", "commune", "?", "?", "commune",
    ]  # fmt: skip
    assert frame.loc[siret(3), ["latitude", "longitude"]].tolist() == list(BOLBEC)
    assert frame.loc[siret(6), ["latitude", "longitude"]].tolist() == [-20.88, 55.45]


def test_distances_are_those_of_the_library_and_the_nearest_comes_first(stock: Path) -> None:
    frame = read_sirene(stock, near=LILLEBONNE, communes_table=CENTRES).frame
    # 9 at the centre of Lillebonne, 2 a millimetre from it (its coordinates are rounded), 3 and 4 at Bolbec, Paris,
    # La Réunion; 7 and 8 unknown, last
    assert numbers(frame) == [9, 2, 3, 4, 1, 5, 6, 7, 8]
    assert frame["distance_km"].iloc[0] == 0.0
    expected = distance_km(*LILLEBONNE, frame["latitude"], frame["longitude"])
    assert frame["distance_km"].tolist() == pytest.approx(expected, nan_ok=True)
    assert frame["distance_km"].iloc[2] == pytest.approx(distance_km(*LILLEBONNE, *BOLBEC))
    assert frame["distance_km"].iloc[-2:].isna().all()


def test_within_a_distance_the_unknown_is_kept_apart(stock: Path) -> None:
    found = around(stock, 30)
    assert numbers(found.frame) == [2]
    # 3, 4, 7, 9 are somewhere in France for all we know, 8 anywhere; overseas is further than 30 km
    assert numbers(found.unplaced) == [3, 4, 7, 8, 9]
    assert found.unplaced["distance_km"].isna().all()
    assert found.counts[["found", "unplaced", "kept", "returned"]].tolist() == [6, 5, 1, 1]
    assert "5 establishments of unknown place are kept apart: their distances cannot be told." in found.notes


def test_centres_leave_little_unknown(stock: Path) -> None:
    found = around(stock, 30, communes_table=CENTRES)
    assert sorted(numbers(found.frame)) == [2, 3, 4, 9]
    assert numbers(found.unplaced) == [7, 8]  # no centre of 76476 is known
    found = around(stock, 5, communes_table=CENTRES)
    assert sorted(numbers(found.frame)) == [2, 9]  # Bolbec is 7.5 km away


@pytest.mark.parametrize(("within_km", "paris"), [(140, False), (170, True), (2_000, True)])
def test_the_edge_of_the_circle(stock: Path, within_km: float, paris: bool) -> None:
    # Lillebonne to Paris: 0.663° of latitude (73.8 km), 1.811° of longitude at 49.2° (131.6 km): 150.9 km
    assert distance_km(*LILLEBONNE, *PARIS) == pytest.approx(150.9, abs=0.2)
    assert (1 in numbers(around(stock, within_km).frame)) is paris


def test_a_distance_that_crosses_the_ocean(stock: Path) -> None:
    # La Réunion: some 9 500 km
    found = around(stock, 10_000, communes_table=CENTRES)
    assert {5, 6} <= set(numbers(found.frame))
    # without centres nothing tells where overseas grids are, and so far they may be
    assert {5, 6} <= set(numbers(around(stock, 10_000).unplaced))


def test_around_a_place_overseas(stock: Path) -> None:
    reunion = (-20.9, 55.5)
    found = around(stock, 50, near=reunion, communes_table=CENTRES)
    assert numbers(found.frame) == [5, 6]
    assert numbers(found.unplaced) == [7, 8]
    assert around(stock, 20_000, near=reunion, communes_table=CENTRES).counts["kept"] == 7


def test_what_is_left_out_is_counted_within_the_circle_only(stock: Path) -> None:
    assert around(stock, 30).counts["closed"] == 0
    assert around(stock, 500).counts["closed"] == 1  # Brest


def test_near_a_commune(stock: Path) -> None:
    by_code = around(stock, 30, near="76384", communes_table=CENTRES)
    by_place = around(stock, 30, communes_table=read_communes(CENTRES))
    pd.testing.assert_frame_equal(by_code.frame, by_place.frame)
    district = read_sirene(stock, near="75104", within_km=1, communes_table=CENTRES)
    assert numbers(district.frame) == [1]  # an arrondissement stands where the city does


def test_the_limit_takes_the_nearest(stock: Path) -> None:
    found = around(stock, 200, communes_table=CENTRES, limit=1)
    whole = around(stock, 200, communes_table=CENTRES)
    assert numbers(found.frame) == numbers(whole.frame)[:1]
    assert found.counts[["kept", "returned", "unplaced"]].tolist() == [5, 1, 2]
    assert len(found.unplaced) == 1


def test_a_file_without_coordinates(tmp_path: Path) -> None:
    old = write_rows(tmp_path / "old.csv", ROWS, columns=OLD_COLUMNS)
    with pytest.raises(ArgumentError, match=r"“old.csv” has no coordinates: give the centres of communes"):
        around(old, 30)
    assert sorted(numbers(around(old, 30, communes_table=CENTRES).frame)) == [2, 3, 4, 9]
    assert read_sirene(old, near=LILLEBONNE).frame["distance_km"].isna().all()
