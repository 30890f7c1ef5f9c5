"""Public files read once for a filière: around what, which activities, which territory."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import MissingTableError
from chaine_valeur.planning import Sources, candidates_for_gaps, niches

FILES = {name: path for name, path in datasets.open_data("exemple_complet").items() if name != "epci"}


@pytest.fixture(scope="module")
def f() -> Filiere:
    return datasets.load("exemple_complet").at(2024)


@pytest.fixture(scope="module")
def sources(f: Filiere) -> Sources:
    return Sources.read(f, **FILES)


def test_establishments_are_of_the_activities_of_the_chain_and_around_the_territory(sources):
    frame = sources.establishments.frame
    assert len(frame) and (frame["distance_km"].dropna() <= 80).all()
    assert frame["naf"].isin(["56.10A", "10.71C"]).sum() == 0  # no stage looks for bakers and restaurants
    assert {"38.32Z", "17.11Z", "82.92Z"} <= set(frame["naf"])


def test_they_are_those_that_pandas_finds_around_the_middle(f, sources):
    """The referee: plain pandas on the same file, without distances, is a superset of the same activities."""
    raw = pd.read_csv(FILES["establishments"], dtype=str, keep_default_na=False)
    open_ = raw[(raw["etatAdministratifEtablissement"] == "A") & (raw["statutDiffusionEtablissement"] != "N")]
    found = set(sources.establishments.frame["siret"]) | set(sources.establishments.unplaced["siret"])
    assert found <= set(open_["siret"])
    papers = open_.loc[open_["activitePrincipaleEtablissement"] == "17.11Z"]
    near = papers[papers["codeCommuneEtablissement"].str.startswith("76")]
    assert set(near["siret"]) <= found  # Seine-Maritime is within 80 km but for its far ends
    assert not set(open_.loc[open_["codeCommuneEtablissement"] == "14366", "siret"]) - found or len(
        found
    ) < len(open_)


def test_fewer_kilometres_give_a_part_of_them(f, sources):
    nearer = Sources.read(f, establishments=FILES["establishments"], communes=FILES["communes"], within_km=10)
    here, there = (set(one.establishments.frame["siret"]) for one in (nearer, sources))
    assert here < there and len(here) > 10


def test_the_territory_is_the_epci_of_most_of_its_communes(sources):
    assert sources.territory_code == "000000101"
    own = sources.counts[sources.counts["territory"] == "000000101"]
    assert own["establishments"].sum() > 20 and sources.counts["territory"].nunique() == 8


def test_without_a_list_of_communes_nothing_is_counted(f):
    found = Sources.read(f, establishments=FILES["establishments"])
    assert found.counts is None and found.territory_code is None and len(found.establishments)


def test_a_listing_alone_needs_no_stock(f):
    found = Sources.read(f, siae=FILES["siae"])
    assert found.establishments is None and len(found.siae) == 10


def test_nothing_asked_nothing_read(f):
    found = Sources.read(f)
    assert (found.establishments, found.siae, found.counts, found.territory_code) == (None, None, None, None)


def test_a_territory_without_communes_says_what_to_fill(tmp_path: Path):
    f = Filiere.from_tables(actors={"name": ["A"]}, stages={"name": ["tri"], "naf": ["38.32Z"]})
    with pytest.raises(MissingTableError, match="Territoires"):
        Sources.read(f, establishments=FILES["establishments"])


def test_centres_that_are_not_known_are_replaced_by_a_commune():
    f = Filiere.from_tables(
        filiere={"name": ["Essai"], "territory_id": ["val"]},
        territories={"territory_id": ["val"], "name": ["Val"], "kind": ["epci"], "commune_code": ["76384"]},
        actors={"name": ["A"]},
        stages={"name": ["tri"], "naf": ["38.32Z"]},
    )
    found = Sources.read(f, establishments=FILES["establishments"], communes=FILES["communes"], within_km=15)
    rows = found.establishments.frame
    assert len(rows) and set(rows["commune_code"]) <= {
        "76384",
        "76114",
        "76476",
        "76329",
    }  # within 15 km of Lillebonne
    assert found.territory_code == "000000101"


def test_candidates_and_niches_rest_on_them(f, sources):
    with_files = candidates_for_gaps(f, establishments=sources.establishments, siae=sources.siae, most=3)
    without = candidates_for_gaps(f, most=3)
    listed = set(sources.establishments.frame["siret"]) - set(f.actors["siret"].dropna())
    assert set(with_files.frame["siret"].dropna()) & listed
    assert not set(without.frame["siret"].dropna()) & listed
    known = niches(f, counts=sources.counts, territory_code=sources.territory_code)["skills"]
    unknown = niches(f)["skills"]
    assert known.notna().any() and unknown.isna().all()  # not counted is not 0


def test_the_same_files_give_the_same_sources(f, sources):
    again = Sources.read(f, **FILES)
    pd.testing.assert_frame_equal(again.establishments.frame, sources.establishments.frame)
    pd.testing.assert_frame_equal(again.siae.frame, sources.siae.frame)
    pd.testing.assert_frame_equal(again.counts, sources.counts)
