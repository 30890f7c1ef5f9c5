"""What people type in a listing of structures: sectors in words of their own, SIRET that are none, kinds; and sizes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chaine_valeur.io.siae import read_siae, sector_names
from chaine_valeur.planning.candidates import as_actors, candidates, shown
from chaine_valeur.planning.candidates.listed import listing_notes
from chaine_valeur.planning.candidates.sectors import alike_sector, same_sector
from tests.report.readers import plain

from .candidates_hand import NEW, SORTER, hand, listing, stock

TYPED = (
    "nom;type;SIRET;ville;secteur\n"
    "Un;E.I.;123 456 789 00012;Aval;Textile, couture\n"
    "Deux;A.C.I.;1,23457E+13;Aval;TEXTILE.\n"
    "Trois;régie;;Aval;tri\n"
)


def typed(folder: Path):
    path = folder / "liste.csv"
    path.write_text(TYPED, encoding="cp1252")
    return read_siae(path)


@pytest.mark.parametrize(
    ("cell", "sector", "same", "alike"),
    [
        ("Textile, couture", "Textiles", True, True),
        ("TEXTILE / couture", "Textiles", True, True),
        ("couture et textile", "Textiles", True, True),
        ("Collecte;textile", "Textiles", True, True),
        ("Recyclage textile", "Recyclage textiles", True, True),
        ("textile", "Recyclage textiles", False, True),
        ("Atelier de couture, retouches", "Couture, reprisage, retouches", False, True),
        ("Nettoyage", "Recyclage textiles", False, False),
        ("Recyclage de papiers", "Recyclage textiles", False, False),
        ("atelier", "Atelier de vente", False, False),  # nothing is left of either
        ("Recyclage du verre", "Recyclage textiles", False, False),
        ("Textiles", "Recyclage textiles", False, False),  # both are of the official list: two sectors
        ("", "Textiles", False, False),
    ],
)
def test_a_cell_of_sectors_against_one(cell, sector, same, alike):
    assert (same_sector(cell, sector), alike_sector(cell, sector)) == (same, alike)


def test_official_sectors_are_alike_to_no_other():
    """The referee: of the whole list, each is the same as itself, and as others of the same folded name alone."""
    for name in sector_names():
        assert same_sector(name, name) and not alike_sector(name, "Recyclage textiles")
    same = [name for name in sector_names() if same_sector(name, "Recyclage textiles")]
    assert same == ["Recyclage textiles"]


def test_a_structure_with_a_sector_in_its_own_words_is_found(tmp_path):
    found = candidates(hand(), "e", siae=typed(tmp_path), most=20, lang="fr").frame.set_index("name")
    assert found.loc["Deux", ["match", "activity"]].tolist() == ["like_sector", 0.5]
    assert "proche de «\u00a0Recyclage textiles\u00a0»" in found.loc["Deux", "reasons"]
    assert found.loc[["Un", "Deux"], "kind"].tolist() == ["EI", "ACI"]


def test_sirets_that_cannot_be_used_are_told_and_counted(tmp_path):
    read = typed(tmp_path)
    sirets, kinds = map(plain, listing_notes(read, "fr"))
    assert sirets.startswith(
        "Liste de structures : 2 SIRET n’ont pas pu servir (ligne 2 : « 123 456 789 00012 »"
    )
    assert "ligne 3 : « 1,23457E+13 »" in sirets
    assert "pour 1 structure" in kinds and "ligne 4 : « Trois »" in kinds
    assert len(read.frame) == 3
    notes = candidates(hand(), "e", siae=read).notes
    assert sum("SIRET" in note and "servir" in note for note in notes) == 1


def test_a_frame_alone_tells_wrong_keys():
    (told,) = listing_notes(
        listing(siret=[NEW, "12345678900012"], siret_valid=[True, False], kind=["ACI", "EI"]), "en"
    )
    assert plain(told).startswith("Listing of structures: 1 SIRET could not be used (“12345678900012”)")
    assert listing_notes(None, "en") == [] and listing_notes(listing(), "en") == []


def test_many_rows_are_counted_and_a_few_shown():
    frame = pd.DataFrame({"name": [f"N{k}" for k in range(9)], "kind": None, "row": range(2, 11)})
    (told,) = listing_notes(frame, "en")
    assert "of 9 structures" in plain(told) and "N2" in told and "N8" not in told


# -- sizes that the tables know ------------------------------------------------------------------------------------


def test_an_establishment_without_a_size_has_that_of_its_actor():
    """The sorter's 4 FTE, against 60 t at 4 FTE for 80 t: 3 FTE, so 1; a band in the file comes first."""
    rows = stock(siret=[SORTER], size_low=[None], size_high=[None])
    one = candidates(hand(), "e", establishments=rows).frame.set_index("siret").loc[SORTER]
    assert (one["size_low"], one["size_from"], one["size"]) == (4.0, "filiere", 1.0)
    assert pd.isna(one["size_high"])
    assert "4 ETP d’après les tables de la filière" in plain(one["reasons"])
    assert "effectif" not in str(one["missing"])
    rows = stock(siret=[SORTER], size_low=[1.0], size_high=[2.0])
    one = candidates(hand(), "e", establishments=rows).frame.set_index("siret").loc[SORTER]
    assert (one["size_low"], one["size_high"], one["size_from"]) == (1.0, 2.0, "sirene")
    assert one["size"] == pytest.approx(1 / 3)
    assert "ETP" not in one["reasons"]


def test_jobs_of_all_activities_of_today_are_one_size():
    """4 FTE at T and 2 at F: 6; the planned actor's are not there yet; nobody's are unknown, not 0."""
    f = hand(
        activities={
            "actor_id": ["trieur", "trieur", "projet", "fabricant"], "stage_id": ["t", "f", "e", "f"],
            "capacity_t_per_year": [200.0, None, 80.0, None], "jobs_fte": [4.0, 2.0, 4.0, None],
        }
    )  # fmt: skip
    found = candidates(f, "e").frame.set_index("actor_id")
    assert found.loc["trieur", "size_low"] == 6.0
    assert found.loc[["projet", "fabricant"], "size_low"].isna().all()
    assert found.loc[["projet", "fabricant"], "size_from"].isna().all()


def test_another_establishment_of_the_enterprise_has_no_size_of_the_tables():
    elsewhere = SORTER[:9] + "00022"
    rows = stock(siret=[elsewhere], size_low=[None], size_high=[None])
    one = candidates(hand(), "e", establishments=rows).frame.set_index("siret").loc[elsewhere]
    assert one["recognised_by"] == "siren" and pd.isna(one["size_low"])


# -- the list as a workbook ----------------------------------------------------------------------------------------


def test_the_list_of_a_workbook_says_where_and_is_rounded():
    found = candidates(hand(), "e", establishments=stock())
    table = shown(found.frame, hand(), placed=True)
    row = table[table["SIRET"] == NEW].iloc[0]
    km = found.frame.set_index("siret").loc[NEW, "distance_km"]
    assert row["Distance (km)"] == round(km, 1)
    marks = table[["Activité", "Proximité", "Taille", "Insertion", "Liens"]].to_numpy(float)
    assert ((marks * 100).round(6) % 1 == 0)[~pd.isna(marks)].all()
    person = table[found.frame["natural_person"].fillna(False).to_numpy(bool)]
    assert len(person) and person["SIRET"].isna().all()
    assert list(shown(found.frame, hand())) == [
        title for title in table if title not in ("Commune", "Distance (km)", "SIRET")
    ]


@pytest.mark.parametrize(("chosen", "words"), [("nobody", "Aucun acteur pressenti")])
def test_who_is_not_listed_is_refused_in_the_language(chosen, words):
    with pytest.raises(KeyError, match=words) as told:
        as_actors(candidates(hand(), "e"), chosen)
    assert "did you mean" not in str(told.value)
