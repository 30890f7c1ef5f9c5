"""Questions asked to the sample files that ship with the example, answered once more by plain pandas."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import datasets
from chaine_valeur.io.communes import read_communes, read_epcis
from chaine_valeur.io.sirene import SIZE_BANDS, Selection, establishment_counts, read_sirene
from chaine_valeur.io.sirene.rows import COLUMNS
from tests.io.sirene_stock import write_table

pytestmark = pytest.mark.long

FILES = datasets.open_data("exemple_complet")
STOCK, UNITS, COMMUNES = FILES["establishments"], FILES["legal_units"], FILES["communes"]
NAF, NAF25 = "activitePrincipaleEtablissement", "activitePrincipaleNAF25Etablissement"
COMMUNE, SIZE, EMPLOYS = (
    "codeCommuneEtablissement",
    "trancheEffectifsEtablissement",
    "caractereEmployeurEtablissement",
)
STATE, DIFFUSION = "etatAdministratifEtablissement", "statutDiffusionEtablissement"
X, Y = "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement"
#: What a file of before December 2025 has not.
NEW = [X, Y, NAF25]
LILLEBONNE = (49.52, 0.54)
EACH: list[dict[str, Any]] = [{"naf": "38"}, {"naf25": "38"}]
LIMITED: list[dict[str, Any]] = [
    {"naf": "13"},
    {"naf": "13", "near": LILLEBONNE},
    {"naf": "13", "near": LILLEBONNE, "within_km": 40},
]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return read_communes(COMMUNES, epcis=FILES["epci"])


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    """The rows as the file has them, with the EPCI and the centre of their commune."""
    centres = pd.read_csv(COMMUNES, dtype="str").set_index("code_insee")
    rows = pd.read_csv(STOCK, dtype="str", keep_default_na=False)
    return rows.assign(
        epci=rows[COMMUNE].map(centres["code_epci"]),
        latitude=rows[COMMUNE].map(centres["latitude"]).astype(float),
        longitude=rows[COMMUNE].map(centres["longitude"]).astype(float),
    )


def apart(latitude: float, longitude: float, to: tuple[float, float]) -> float:
    """Return km by the law of cosines on a sphere: another formula than that of the library."""
    a, b, c, d = map(math.radians, (latitude, longitude, *to))
    cosine = math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(d - b)
    return 6371.0088 * math.acos(min(1.0, cosine))


def starts(codes: pd.Series, asked: Iterable[str]) -> pd.Series:
    return codes.str.replace(".", "", regex=False).str.startswith(
        tuple(one.replace(".", "") for one in asked)
    )


def answered(
    raw: pd.DataFrame, *, naf: Iterable[str] = (), naf25: Iterable[str] = (), epci: Iterable[str] = (),
    communes: Iterable[str] = (), sizes: Iterable[str] | None = None, employers: bool | None = None,
    active: bool | None = True,
) -> pd.Series:  # fmt: skip
    """Return SIRET of what answers, in order, and beside them none that is closed to publication."""
    ways = [starts(raw[NAF], naf)] * bool(naf) + [starts(raw[NAF25], naf25)] * bool(naf25)
    kept = np.logical_or.reduce(ways) if ways else np.ones(len(raw), dtype=bool)
    if epci or communes:
        kept &= raw["epci"].isin(list(epci)) | raw[COMMUNE].isin(list(communes))
    kept &= raw[DIFFUSION] != "N"
    if active is not None:
        kept &= (raw[STATE] == "A") == active
    if employers is not None:
        kept &= raw[EMPLOYS] == ("O" if employers else "N")
    if sizes is not None:
        kept &= raw[SIZE].isin(list(sizes))
    return raw.loc[kept, "siret"].sort_values(ignore_index=True)


def sirets(found: Selection) -> list[str]:
    return found.frame["siret"].tolist()


# -- questions one by one ----------------------------------------------------------------------------------


def test_the_sample_as_a_whole(raw: pd.DataFrame) -> None:
    # 398 rows: one closed to publication, 9 closed down
    assert (len(raw), (raw[DIFFUSION] == "N").sum(), (raw[STATE] == "F").sum()) == (398, 1, 9)
    found = read_sirene(STOCK, lang="en")
    assert found.counts[["found", "not_diffusible", "closed", "kept", "returned"]].tolist() == [
        398,
        1,
        9,
        388,
        388,
    ]
    assert sirets(found) == answered(raw).tolist()
    assert {name: str(dtype) for name, dtype in found.frame.dtypes.items()} == COLUMNS
    assert found.frame["siret"].str.fullmatch(r"\d{14}").all() and found.frame["siret"].is_unique


def test_sorters_of_the_valley(raw: pd.DataFrame, table: pd.DataFrame) -> None:
    asked: dict[str, Any] = {"naf": ["38.32Z", "3811Z"], "employers": True}
    found = read_sirene(
        STOCK, legal_units=UNITS, communes_table=table, epci="Val-de-Brume (inventé)", **asked
    )
    assert sirets(found) == answered(raw, epci=["000000101"], **asked).tolist()
    assert len(found) and found.frame["naf"].isin(["38.32Z", "38.11Z"]).all()
    assert found.frame["commune_code"].isin(["76384", "76114", "76476", "76329"]).all()
    # by number, or by its communes one by one
    for other in ({"epci": "000000101"}, {"communes": ["76384", "76114", "76476", "76329"]}):
        again = read_sirene(STOCK, legal_units=UNITS, communes_table=table, **asked, **other)
        pd.testing.assert_frame_equal(again.frame, found.frame)


def test_epci_and_communes_are_added(raw: pd.DataFrame, table: pd.DataFrame) -> None:
    found = read_sirene(STOCK, communes_table=table, epci=["000000102"], communes="76540", departments="14")
    assert sirets(found) == answered(raw, epci=["000000102"], communes=["76540", "14366"]).tolist()
    assert set(found.frame["commune_code"]) == {"76259", "76305", "76540", "14366"}


def test_size_from_one_band_up_and_of_a_list(raw: pd.DataFrame) -> None:
    up = read_sirene(STOCK, sizes="12")
    assert sirets(up) == answered(raw, sizes=["12", "21", "22"]).tolist()  # no larger one is in the sample
    assert up.frame["size_low"].min() == 20 and up.frame["size_high"].max() == 199
    some = read_sirene(STOCK, sizes=["00", "12"])
    assert sirets(some) == answered(raw, sizes=["00", "12"]).tolist()
    whole = read_sirene(STOCK, sizes=list(SIZE_BANDS))
    # the 50 that tell no size are unknown, not none: less what is closed or not to be read
    unknown = raw[(raw[SIZE] == "NN") & (raw[STATE] == "A") & (raw[DIFFUSION] != "N")]
    assert whole.counts["size_unknown"] == len(unknown) and not set(unknown["siret"]) & set(sirets(whole))


def test_closed_ones_only(raw: pd.DataFrame) -> None:
    found = read_sirene(STOCK, active=False)
    assert sirets(found) == answered(raw, active=False).tolist() and len(found) == 9
    assert not found.frame["active"].any() and found.counts["open"] == 388
    both = read_sirene(STOCK, active=None)
    assert len(both) == 397 == len(found) + 388


def test_either_nomenclature_answers(raw: pd.DataFrame) -> None:
    old, new = (read_sirene(STOCK, **question) for question in EACH)
    both = read_sirene(STOCK, naf="38", naf25="38")
    assert set(sirets(both)) == set(sirets(old)) | set(sirets(new))
    assert sirets(both) == answered(raw, naf=["38"], naf25=["38"]).tolist()
    by = both.frame.set_index("siret")["matched_by"]
    assert set(by[by == "both"].index) == set(sirets(old)) & set(sirets(new))


def test_a_circle_around_lillebonne(raw: pd.DataFrame) -> None:
    """Around the centre of a commune by the metres of the file, without any list of communes."""
    found = read_sirene(STOCK, near=LILLEBONNE, within_km=35)
    placed = raw[raw[X].ne("[ND]") & raw["siret"].isin(answered(raw))]
    # establishments stand within 3.1 km of the centre of their commune; no centre is between 31.3 and 38.8 km away
    km = placed.apply(lambda row: apart(row["latitude"], row["longitude"], LILLEBONNE), axis=1)
    assert not km.between(31.3, 38.8).any() and km.between(25, 31.3).any()
    assert set(sirets(found)) == set(placed.loc[km <= 35, "siret"])
    assert (
        found.frame["distance_km"].is_monotonic_increasing and (found.frame["precision"] == "address").all()
    )
    ground = placed.set_index("siret").assign(km=km.to_numpy())["km"].reindex(found.frame["siret"])
    assert np.abs(found.frame["distance_km"].to_numpy() - ground.to_numpy()).max() < 3.1
    # the one that publishes no address is nowhere without a list: kept apart
    assert found.unplaced["siret"].tolist() == ["00000308700012"]


def test_the_hidden_address_stands_at_its_commune(table: pd.DataFrame) -> None:
    found = read_sirene(STOCK, near=LILLEBONNE, within_km=35, communes_table=table, naf="13.10Z", lang="en")
    (hidden,) = found.frame[found.frame["siret"] == "00000308700012"].to_dict("records")
    assert (hidden["precision"], hidden["commune_name"]) == ("commune", "Goderville")
    # Goderville is 0.12° north (13.34 km) and 0.17° west at 49.58° (12.26 km): 18.1 km
    assert hidden["distance_km"] == pytest.approx(18.1, abs=0.05)
    assert math.isnan(hidden["postcode"]) and math.isnan(hidden["name"])
    assert any("do not publish" in note or "does not publish" in note for note in found.notes)
    # the one that is not to be read is nowhere, and counted
    assert found.counts["not_diffusible"] == 1
    assert "00000307900019" not in set(found.frame["siret"]) | set(found.unplaced["siret"])


def test_names_come_from_the_legal_units_and_persons_have_none() -> None:
    units = pd.read_csv(UNITS, dtype="str").set_index("siren")
    found = read_sirene(STOCK, legal_units=UNITS, lang="en").frame
    category = found["siren"].map(units["categorieJuridiqueUniteLegale"])
    assert (found["natural_person"] == (category == "1000")).all()
    person = found["natural_person"].astype(bool)
    assert 0 < person.sum() <= 9
    assert found.loc[person, "name"].eq("sole trader, name not published").all()
    assert found.loc[person, "legal_name"].isna().all()
    firm = found[~person & found["name"].notna()]
    plain = firm["siren"].map(units["denominationUniteLegale"])
    assert (firm["legal_name"] == plain).all()
    assert (
        found["ess"].dropna() == found["siren"].map(units["economieSocialeSolidaireUniteLegale"]).eq("O")
    ).all()


def test_a_limit_takes_the_first_of_the_same_order() -> None:
    for asked in LIMITED:
        whole, first = read_sirene(STOCK, **asked), read_sirene(STOCK, **asked, limit=7)
        pd.testing.assert_frame_equal(first.frame, whole.frame.head(7))
        assert first.counts["kept"] == whole.counts["kept"] == len(whole) and first.counts["returned"] == 7
        assert first.notes[0].startswith(f"{len(whole)} établissements répondent")


def test_numbers_that_numpy_made() -> None:
    asked: dict[str, Any] = {"naf": "13", "near": np.array(LILLEBONNE)}
    numbers: dict[str, Any] = {"within_km": np.int64(30), "limit": np.int64(5)}
    one = read_sirene(STOCK, **asked, **numbers)
    pd.testing.assert_frame_equal(one.frame, read_sirene(STOCK, **asked, within_km=30.0, limit=5).frame)


# -- any question -------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(
    naf=st.lists(st.sampled_from(["38", "13.2", "3832Z", "56", "10.71", "99"]), max_size=3, unique=True),
    naf25=st.lists(st.sampled_from(["38.2", "13.10Y", "38"]), max_size=2, unique=True),
    epci=st.lists(st.sampled_from([f"00000010{n}" for n in range(1, 9)]), max_size=3, unique=True),
    communes=st.lists(st.sampled_from(["76384", "27229", "14366"]), max_size=2, unique=True),
    sizes=st.sampled_from([None, ["01", "02"], ["11", "12", "21"], ["00"]]),
    employers=st.sampled_from([True, False, None]),
    active=st.sampled_from([True, False, None]),
)
def test_any_question_has_the_answer_of_plain_pandas(
    raw: pd.DataFrame, table: pd.DataFrame, naf: list[str], naf25: list[str], epci: list[str], communes: list[str],
    sizes: list[str] | None, employers: bool | None, active: bool | None,
) -> None:  # fmt: skip
    asked: dict[str, Any] = {"sizes": sizes, "employers": employers, "active": active}
    found = read_sirene(
        STOCK, naf=naf or None, naf25=naf25 or None, epci=epci or None, communes=communes or None,
        communes_table=table, **asked,
    )  # fmt: skip
    expected = answered(raw, naf=naf, naf25=naf25, epci=epci, communes=communes, **asked)
    assert sirets(found) == expected.tolist()
    left_out = found.counts.drop(["found", "kept", "returned", "partial", "natural_persons", "name_unknown"])
    assert left_out.sum() + found.counts["kept"] == found.counts["found"]
    bounds = found.frame["size_code"].map(SIZE_BANDS).dropna()
    assert found.frame.loc[bounds.index, "size_low"].tolist() == [band[0] for band in bounds]
    assert found.frame.loc[found.frame["size_code"] == "NN", ["size_low", "size_high"]].isna().all(axis=None)


@settings(max_examples=6, deadline=None)
@given(st.sampled_from(["76384", "27229", "76217", "14366"]), st.floats(0.5, 120))
def test_a_circle_around_a_commune_has_the_establishments_of_its_circle(
    table: pd.DataFrame, commune: str, within_km: float
) -> None:
    """The distances of a question without a circle, cut by hand, are those of the circle."""
    whole = read_sirene(STOCK, near=commune, communes_table=table).frame
    found = read_sirene(STOCK, near=commune, within_km=within_km, communes_table=table)
    inside = whole[whole["distance_km"] <= within_km].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.frame, inside)
    assert found.unplaced.empty and found.counts["kept"] == len(inside)


# -- the columns of before and after ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = pd.read_csv(STOCK, dtype="str").drop(columns=NEW)
    return write_table(rows, tmp_path_factory.mktemp("old") / "establishments.csv")


@pytest.mark.parametrize(
    "asked",
    [
        {"naf": "38"},
        {"naf": ["E", "13.10Z"], "employers": True, "sizes": "02"},
        {"epci": ["000000101", "000000103"], "active": None},
        {"departments": ["14", "27"], "employers": False},
        {"near": "76384", "within_km": 35, "naf": "C"},
    ],
)
def test_old_and_new_columns_give_the_same_answer(
    old: Path, table: pd.DataFrame, asked: dict[str, Any]
) -> None:
    """All but where: without metres an establishment stands at the centre of its commune."""
    before = read_sirene(old, legal_units=UNITS, communes_table=table, **asked)
    after = read_sirene(STOCK, legal_units=UNITS, communes_table=table, **asked)
    where = ["latitude", "longitude", "precision", "distance_km"]
    told = [name for name in COLUMNS if name not in [*where, "naf_2025"]]
    one, other = (found.frame.sort_values("siret", ignore_index=True) for found in (before, after))
    pd.testing.assert_frame_equal(one[told], other[told])
    assert before.frame["naf_2025"].isna().all() and (before.frame["precision"] == "commune").all()
    pd.testing.assert_series_equal(before.counts, after.counts)
    if "near" in asked:
        assert (one["distance_km"] - other["distance_km"]).abs().max() < 3.1


def test_parquet_and_csv_give_the_same_answer(tmp_path: Path, table: pd.DataFrame) -> None:
    packed = write_table(pd.read_csv(STOCK, dtype="str"), tmp_path / "establishments.parquet")
    units = write_table(pd.read_csv(UNITS, dtype="str"), tmp_path / "units.parquet")
    asked: dict[str, Any] = {"naf": "13", "near": "76384", "within_km": 60, "communes_table": table}
    one = read_sirene(STOCK, legal_units=UNITS, **asked)
    other = read_sirene(packed, legal_units=units, **asked)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    pd.testing.assert_series_equal(one.counts, other.counts)
    pd.testing.assert_frame_equal(
        establishment_counts(packed, communes_table=table), establishment_counts(STOCK, communes_table=table)
    )


def test_the_other_nomenclature_of_an_old_file_is_told(old: Path) -> None:
    found = read_sirene(old, naf="38", naf25="38", lang="fr")
    assert any("NAF 2025" in note and "establishments.csv" in note for note in found.notes)
    assert sirets(found) == sirets(read_sirene(STOCK, naf="38"))


# -- counts ---------------------------------------------------------------------------------------------------


def counted(
    raw: pd.DataFrame, territory: pd.Series, characters: int, **asked: Any
) -> dict[tuple[str, str], int]:
    rows = raw[raw["siret"].isin(answered(raw, **asked))]
    codes = rows[NAF].str.replace(".", "", regex=False).str[:characters]
    return dict(rows.groupby([territory.loc[rows.index], codes]).size())


@pytest.mark.parametrize("level", [2, 3, 4, 5])
@pytest.mark.parametrize("employers", [True, None])
def test_counts_by_epci(raw: pd.DataFrame, table: pd.DataFrame, level: int, employers: bool | None) -> None:
    found = establishment_counts(STOCK, communes_table=table, naf_level=level, employers=employers)
    expected = counted(raw, raw["epci"], level, employers=employers)
    keys = zip(found["territory"], found["naf"].str.replace(".", "", regex=False), strict=True)
    assert dict(zip(keys, found["establishments"], strict=True)) == expected
    assert found["territory"].is_monotonic_increasing


def test_counts_sum_to_the_file_however_they_are_cut(raw: pd.DataFrame, table: pd.DataFrame) -> None:
    kept = raw[raw["siret"].isin(answered(raw, employers=True))]
    bands = kept[SIZE].map(SIZE_BANDS)
    sums = {
        "establishments": len(kept),
        "employees_low": sum(band[0] for band in bands.dropna()),
        "employees_high": sum(band[1] for band in bands.dropna()),
        "unknown_size": int(bands.isna().sum()),
    }
    for by in ("epci", "commune", "department"):
        for level in (1, 2, 5):
            found = establishment_counts(STOCK, by=by, communes_table=table, naf_level=level)
            assert found[list(sums)].sum().to_dict() == sums, (by, level)
            assert not found.duplicated(["territory", "naf"]).any()


def test_counts_are_those_of_the_questions(table: pd.DataFrame) -> None:
    """Each cell is the length of the answer to its question."""
    cells = establishment_counts(STOCK, communes_table=table, naf_level=2)
    for row in cells[cells["naf"].isin(["13", "38"])].to_dict("records"):
        found = read_sirene(
            STOCK, naf=row["naf"], epci=row["territory"], communes_table=table, employers=True
        )
        assert len(found) == row["establishments"]
        assert found.frame["size_low"].sum() == row["employees_low"]
        assert found.frame["size_low"].isna().sum() == row["unknown_size"]


def test_open_and_closed_are_all(table: pd.DataFrame) -> None:
    parts = [
        establishment_counts(STOCK, communes_table=table, active=active, employers=employers)[
            "establishments"
        ].sum()
        for active in (True, False)
        for employers in (True, False)
    ]
    assert sum(parts) == 397  # 398, one of which is not to be counted


def test_counts_in_naf_2025(raw: pd.DataFrame) -> None:
    found = establishment_counts(STOCK, by="department", nomenclature="2025", naf_level=2, employers=None)
    rows = raw[raw["siret"].isin(answered(raw))]
    expected = rows[NAF25].str[:2].replace("", "?").value_counts()
    sums = found.groupby(found["naf"].fillna("?"))["establishments"].sum()
    assert sums.to_dict() == expected.to_dict()


# -- communes and EPCI ----------------------------------------------------------------------------------------


def test_the_two_lists_go_together(table: pd.DataFrame) -> None:
    epcis = read_epcis(FILES["epci"]).set_index("code")
    assert len(table) == 18 and table["epci"].nunique() == len(epcis) == 8
    assert table.groupby("epci").size().to_dict() == epcis["communes"].astype(int).to_dict()
    assert (table["epci_name"] == table["epci"].map(epcis["name"])).all()
    assert table["code"].is_monotonic_increasing and (table["department"] == table["code"].str[:2]).all()


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_thousands_with_any_space(space: str) -> None:
    """A spreadsheet sets them with spaces that do not break."""
    found = read_communes(
        pd.DataFrame(
            {"code": ["76384"], "population": [f"9{space}104"], "latitude": ["49,52"], "longitude": [" 0,54"]}
        )
    )
    assert found[["population", "latitude", "longitude"]].iloc[0].tolist() == [9104, 49.52, 0.54]
