"""Public files without a list of communes, or with one that says little: what the sheet of territories does instead.

Bolbec (76114) is the territory, at (49.57, 0.47); its sheet also knows Près (76001), 0.1 degree to the north: 11.1 km.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.errors import MissingTableError
from chaine_valeur.planning import Sources, candidates
from chaine_valeur.report.candidates import candidates_section
from chaine_valeur.report.niches import niches_section
from tests.cli.running import one_sentence, refused, run, simple
from tests.io.sirene_stock import NEW_COLUMNS, OLD_COLUMNS, siret, write_rows
from tests.report.readers import plain

EMPLOYING = {"trancheEffectifsEtablissement": "11", "caractereEmployeurEtablissement": "O"}
PLACES: dict[str, Any] = {
    "territory_id": ["ici", "voisins"], "name": ["Ici", "Voisins"], "commune_code": ["76114", "76001"],
    "commune_name": ["Bolbec", "Près"], "latitude": [49.57, 49.67], "longitude": [0.47, 0.47],
}  # fmt: skip
UNPLACED = {**PLACES, "latitude": [None, None], "longitude": [None, None]}


def filiere(**more: Any) -> Filiere:
    tables: dict[str, Any] = {
        "filiere": {"name": ["F"], "territory_id": ["ici"]}, "actors": {"name": ["Atelier"]},
        "stages": {"name": ["Tri"], "naf": ["38.32Z"]}, "territories": PLACES, **more,
    }  # fmt: skip
    return Filiere.from_tables(**{name: rows for name, rows in tables.items() if rows is not None})


def stock(folder: Path, columns: list[str], *codes: str) -> Path:
    """Sorters in some communes, none of which has coordinates; in the new columns, these are blank."""
    rows = [{"codeCommuneEtablissement": code, **EMPLOYING} for code in codes]
    if columns is NEW_COLUMNS:
        rows = [{**row, "coordonneeLambertAbscisseEtablissement": "",
                 "coordonneeLambertOrdonneeEtablissement": ""} for row in rows]  # fmt: skip
    return write_rows(folder / "stock.csv", rows, columns=columns)


@pytest.mark.parametrize("columns", [OLD_COLUMNS, NEW_COLUMNS])
def test_the_sheet_of_territories_places_who_has_no_coordinates(tmp_path, columns):
    path = stock(tmp_path, columns, "76114", "76001", "76540", "14118", "13055")
    found = Sources.read(filiere(), establishments=path)
    frame = found.establishments.frame
    assert frame["siret"].tolist() == [siret(1), siret(2)]
    assert frame["distance_km"].round(1).tolist() == [0.0, 11.1]
    # Rouen is of the département, nobody knows how far; Caen and Marseille are of others
    assert found.establishments.unplaced["siret"].tolist() == [siret(3)]
    (told,) = found.notes
    assert told.startswith("2 établissements sans coordonnées") and "(76)" in told and "--communes" in told
    ranked = candidates(filiere(), "tri", establishments=found.establishments).frame
    assert ranked["siret"].dropna().tolist() == [siret(1), siret(2), siret(3)]


def test_nothing_is_told_where_nobody_is_left_out(tmp_path):
    assert Sources.read(filiere(), establishments=stock(tmp_path, OLD_COLUMNS, "76114")).notes == ()


@pytest.mark.parametrize("territories", [UNPLACED, None])
def test_nowhere_to_look_around_is_refused_or_noted(tmp_path, territories):
    path = stock(tmp_path, OLD_COLUMNS, "76114")
    base = {"filiere": {"name": ["F"]}} if territories is None else {}
    f = filiere(territories=territories, **base)
    with pytest.raises(MissingTableError, match="Territoires") as refusal:
        Sources.read(f, establishments=path)
    found = Sources.read(f, establishments=path, strict=False)
    assert found.establishments is None and len(found.notes) == 1
    assert str(refusal.value) in found.notes[0]
    for word in ("communes_table", "near=", "'territories'"):
        assert word not in found.notes[0]
    section = candidates_section(f, found, "fr")
    assert any(found.notes[0] in getattr(block, "items", ()) for block in section.blocks)


def test_a_list_without_epci_counts_nothing_and_says_so(tmp_path):
    communes = pd.DataFrame({"code_commune": ["76114"], "nom_commune": ["Bolbec"]})
    (tmp_path / "communes.csv").write_text(communes.to_csv(index=False), encoding="utf-8")
    path = stock(tmp_path, OLD_COLUMNS, "76114", "76001", "14118")
    found = Sources.read(filiere(), establishments=path, communes=tmp_path / "communes.csv")
    assert found.counts is None and found.territory_code is None
    (told,) = found.counts_notes
    assert "code_epci" in told and "communes_table" not in told
    # the sheet gives the centres that the list lacks
    assert found.establishments.frame["siret"].tolist() == [siret(1), siret(2)]
    assert len(found.establishments.unplaced) == 0  # Caen is of another département
    f = filiere(markets={"kind": ["supply"], "stage_id": ["tri"], "quantity_t_per_year": [5], "level": ["raw"]},
                options={"name": ["o"], "kind": ["activity"], "stage_id": ["tri"], "insertion_fte": [1],
                         "capacity_t_per_year": [10]})  # fmt: skip
    assert told in [getattr(block, "text", "") for block in niches_section(f, found, "fr").blocks]


def test_structures_stand_at_the_centre_of_their_commune(tmp_path):
    """By the sheet of territories alone, or by a list; own coordinates come first."""
    listing = tmp_path / "liste.csv"
    listing.write_text(
        "nom;type;ville;code postal;secteur;latitude;longitude\n"
        "A;ACI;BOLBEC CEDEX;76210;Tri;;\nB;ACI;Caen;14000;Tri;;\nC;ACI;Bolbec;76210;Tri;49,6;0,5\n",
        encoding="utf-8",
    )
    own = Sources.read(filiere(), siae=listing).siae.frame.set_index("name")
    assert own["commune_code"].fillna("").tolist() == ["76114", "", "76114"]
    assert own.loc["A", ["latitude", "longitude"]].tolist() == [49.57, 0.47]
    assert own.loc["C", ["latitude", "longitude"]].tolist() == [49.6, 0.5]
    assert pd.isna(own.loc["B", "latitude"])
    communes = tmp_path / "communes.csv"
    communes.write_text("codgeo;libgeo;lat;lon\n14118;Caen;49,18;-0,37\n", encoding="utf-8")
    listed = Sources.read(filiere(), siae=listing, communes=communes).siae.frame.set_index("name")
    assert listed.loc["B", ["latitude", "longitude"]].tolist() == [49.18, -0.37]
    assert listed.loc["A", "commune_code"] == "76114"  # what the list lacks, the sheet has


def test_the_diagnostic_goes_on_where_candidates_stop(tmp_path):
    book = simple(tmp_path / "a.xlsx")
    path = stock(tmp_path, OLD_COLUMNS, "76114")
    told = one_sentence(refused("candidates", book, "--sirene", path))
    assert "Territoires" in told and "communes_table" not in told
    said = run("diagnose", book, "-o", tmp_path / "rapport", "--sirene", path)
    assert said.exit_code == 0
    page = plain((tmp_path / "rapport" / "rapport.html").read_text(encoding="utf-8"))
    assert "Établissements du stock non recherchés" in page
    niches = run("niches", book, "--sirene", path)
    assert "aucune liste de communes" in plain(niches.stdout)
