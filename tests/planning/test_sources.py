"""Public files read for a filière: around where, for what activities, in which territory, and what is refused.

Bolbec, at (49.57, 0.47), is the territory. Along its meridian a degree of latitude is 111.19 km: a commune at 49.67 is
11.1 km away, one at 50.22 is 72.3 km away, one at 50.47 is 100.1 km away (beyond the 80 km within which one looks).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import MissingTableError, UnknownNameError, UnreadableFileError
from chaine_valeur.io.sirene import read_sirene
from chaine_valeur.planning import Sources, candidates, niches
from tests.io.sirene_stock import OLD_COLUMNS, siret, write_rows

COMMUNES = {
    "code": ["76114", "76001", "76002", "76003"],
    "name": ["Bolbec", "Près", "Loin", "Trop Loin"],
    "latitude": [49.57, 49.67, 50.22, 50.47],
    "longitude": [0.47] * 4,
    "epci": ["200000001", "200000001", "200000002", "200000003"],
}
TERRITORY: dict[str, Any] = {
    "territory_id": ["ici"], "name": ["Ici"], "commune_code": ["76114"], "latitude": [49.57], "longitude": [0.47],
}  # fmt: skip
EMPLOYING = {"trancheEffectifsEtablissement": "11", "caractereEmployeurEtablissement": "O"}
STAGES: dict[str, Any] = {"name": ["Tri"], "naf": ["38.32Z"]}


def filiere(**more: Any) -> Filiere:
    tables: dict[str, Any] = {
        "filiere": {"name": ["F"], "territory_id": ["ici"]}, "actors": {"name": ["Atelier"]},
        "stages": STAGES, "territories": TERRITORY, **more,
    }  # fmt: skip
    return Filiere.from_tables(**{name: rows for name, rows in tables.items() if rows is not None})


@pytest.fixture(scope="module")
def communes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("communes") / "communes.csv"
    pd.DataFrame(COMMUNES).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five establishments without coordinates: four sorters, from near to far, and a bakery next door."""
    rows: list[dict[str, Any]] = [{"codeCommuneEtablissement": code} for code in COMMUNES["code"]]
    rows += [{"activitePrincipaleEtablissement": "10.71C"}]
    rows = [{**row, **EMPLOYING} for row in rows]
    return write_rows(tmp_path_factory.mktemp("stock") / "stock.csv", rows, columns=OLD_COLUMNS)


def numbers(found: Sources) -> list[str]:
    assert found.establishments is not None
    return list(found.establishments.frame["siret"])


# -- what is read ------------------------------------------------------------------------------------------------


def test_nothing_given_nothing_read():
    found = Sources.read(filiere())
    assert found.establishments is found.siae is found.counts is found.territory_code is None
    assert repr(Sources()) == repr(found)


def test_establishments_of_the_activities_of_the_stages_around_the_territory(stock, communes):
    found = Sources.read(filiere(), establishments=stock, communes=communes)
    assert numbers(found) == [
        siret(1),
        siret(2),
        siret(3),
    ]  # nearest first; 100 km is too far, a bakery is no sorter
    km = found.establishments.frame["distance_km"].round(1).tolist()
    assert km == [0.0, 11.1, 72.3]


@pytest.mark.parametrize(("km", "kept"), [(5, 1), (11.2, 2), (80, 3), (150, 4)])
def test_how_far_one_looks(km, kept, stock, communes):
    found = Sources.read(filiere(), establishments=stock, communes=communes, within_km=km)
    assert numbers(found) == [siret(number) for number in range(1, kept + 1)]


def test_it_is_what_the_reader_gives_for_the_same_question(stock, communes):
    found = Sources.read(filiere(), establishments=stock, communes=communes)
    asked = read_sirene(stock, naf=["38.32Z"], communes_table=communes, near=(49.57, 0.47), within_km=80)
    pd.testing.assert_frame_equal(
        found.establishments.frame[["siret", "distance_km"]], asked.frame[["siret", "distance_km"]]
    )


def test_activities_of_all_stages_count(stock, communes):
    both = filiere(stages={"name": ["Tri", "Four"], "naf": ["38.32Z", "10.71C"]})
    assert siret(5) in numbers(Sources.read(both, establishments=stock, communes=communes))


def test_a_chain_that_says_not_what_to_look_for_reads_no_stock(stock, communes):
    """Without a code every establishment of the country would answer."""
    unsaid = filiere(stages={"name": ["Xyzzy"]})
    found = Sources.read(unsaid, establishments=stock, communes=communes)
    assert found.establishments is None
    assert found.territory_code == "200000001"  # counts by territory are known all the same
    assert len(candidates(unsaid, "xyzzy", establishments=found.establishments)) == 0


# -- around where --------------------------------------------------------------------------------------------------


def test_the_middle_of_the_communes_that_are_placed(stock, communes):
    """Bolbec and a commune at 50.47: the middle is at 50.02, 50.0 km from both; without the third, not placed."""
    rows = {
        "territory_id": ["ici"] * 3, "name": ["Ici"] * 3, "commune_code": ["76114", "76003", "76099"],
        "latitude": [49.57, 50.47, None], "longitude": [0.47, 0.47, None],
    }  # fmt: skip
    found = Sources.read(filiere(territories=rows), establishments=stock, communes=communes, within_km=51)
    km = dict(zip(numbers(found), found.establishments.frame["distance_km"].round(0), strict=True))
    assert km == {siret(1): 50, siret(2): 39, siret(3): 22, siret(4): 50}


def test_communes_of_other_territories_move_nothing(stock, communes):
    rows = {name: [*values, *values] for name, values in TERRITORY.items()}
    rows |= {
        "territory_id": ["ici", "ailleurs"],
        "latitude": [49.57, 43.0],
        "commune_code": ["76114", "76003"],
    }
    found = Sources.read(filiere(territories=rows), establishments=stock, communes=communes)
    assert found.establishments.frame["distance_km"].iloc[0] == pytest.approx(0.0, abs=0.1)
    assert found.territory_code == "200000001"


def test_a_commune_that_is_not_placed_is_placed_by_the_list(stock, communes):
    rows = {**TERRITORY, "latitude": [None], "longitude": [None]}
    found = Sources.read(filiere(territories=rows), establishments=stock, communes=communes)
    assert numbers(found) == [siret(1), siret(2), siret(3)]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_says_around_what(lang, stock, communes):
    sheet = {"fr": "Territoires", "en": "Territories"}[lang]
    unplaced = filiere(territories={**TERRITORY, "latitude": [None], "longitude": [None]})
    with pytest.raises(MissingTableError, match=sheet) as told:
        Sources.read(unplaced, establishments=stock, lang=lang)
    assert "longitude" in str(told.value)
    nowhere = filiere(filiere={"name": ["F"]}, territories=None)
    with pytest.raises(MissingTableError, match=sheet):
        Sources.read(nowhere, establishments=stock, communes=communes, lang=lang)


# -- counts by territory -------------------------------------------------------------------------------------------


def test_counts_of_every_activity_by_epci(stock, communes):
    found = Sources.read(filiere(), establishments=stock, communes=communes)
    counts = found.counts.set_index(["territory", "naf"]).iloc[:, 0]
    # the whole country, near or not: two sorters and the bakery here, one sorter in each of the two others
    assert int(counts.groupby("territory").sum()["200000001"]) == 3
    assert sorted(counts.groupby("territory").sum()) == [1, 1, 3]
    assert found.territory_code == "200000001"


def test_the_territory_is_the_epci_of_most_of_its_communes(stock, communes):
    rows = {
        "territory_id": ["ici"] * 3, "name": ["Ici"] * 3, "commune_code": ["76002", "76114", "76001"],
        "latitude": [49.6] * 3, "longitude": [0.47] * 3,
    }  # fmt: skip
    found = Sources.read(filiere(territories=rows), establishments=stock, communes=communes)
    assert found.territory_code == "200000001"  # two of three


def test_communes_that_the_list_does_not_know_leave_the_territory_unknown(stock, communes):
    rows = {**TERRITORY, "commune_code": ["01001"]}
    found = Sources.read(filiere(territories=rows), establishments=stock, communes=communes)
    assert found.counts is not None and found.territory_code is None


def test_a_territory_of_which_nobody_is_counted_is_unknown(tmp_path, communes):
    """Counts are of employers: here the only one works in another territory."""
    rows = [{}, {"codeCommuneEtablissement": "76002", **EMPLOYING}]
    path = write_rows(tmp_path / "stock.csv", rows, columns=OLD_COLUMNS)
    found = Sources.read(filiere(), establishments=path, communes=communes)
    assert found.counts["territory"].tolist() == ["200000002"]
    assert found.territory_code is None


def test_the_skills_of_a_niche_rest_on_the_counts(stock, communes):
    f = filiere(stages={"name": ["Tri", "Four"], "naf": ["38.32Z", "10.71C"], "kind": ["operation"] * 2})
    found = Sources.read(f, establishments=stock, communes=communes)
    with_counts = niches(f, counts=found.counts, territory_code=found.territory_code)
    assert with_counts["skills"].notna().all() and niches(f)["skills"].isna().all()
    assert with_counts["establishments"].to_dict() == {"tri": 2, "four": 1}


# -- refused -------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path, communes, stock):
    for given in ({"establishments": tmp_path / "a.csv"}, {"siae": tmp_path / "a.csv"},
                  {"establishments": stock, "communes": tmp_path / "a.csv"}):  # fmt: skip
        with pytest.raises(UnreadableFileError, match=r"a\.csv"):
            Sources.read(filiere(), **given)


def test_an_unknown_language_is_refused_before_any_file():
    with pytest.raises(UnknownNameError, match="de"):
        Sources.read(filiere(), establishments="absent.csv", lang="de")


def test_the_filiere_and_the_files_stay_as_they_are(stock, communes):
    f = filiere()
    before = {name: f.table(name) for name in f}
    bytes_before = stock.read_bytes(), communes.read_bytes()
    Sources.read(f, establishments=stock, communes=communes)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)
    assert (stock.read_bytes(), communes.read_bytes()) == bytes_before


def test_the_files_of_the_example_are_read_the_same_twice():
    f = datasets.load("exemple_complet")
    files = {name: path for name, path in datasets.open_data("exemple_complet").items() if name != "epci"}
    one, other = (Sources.read(f, **files) for _ in range(2))
    pd.testing.assert_frame_equal(one.establishments.frame, other.establishments.frame)
    pd.testing.assert_frame_equal(one.counts, other.counts)
    assert one.territory_code == other.territory_code == "000000101"
    assert len(one.siae.frame) == 10
