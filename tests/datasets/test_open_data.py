"""The public files beside an example: the columns of the real ones, and nothing real in them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chaine_valeur import datasets
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.parse import siret_valid

FILES = datasets.open_data("exemple_complet")


def text(kind: str) -> pd.DataFrame:
    told = {"siae": {"sep": ";", "encoding": "utf-8-sig"}}.get(kind, {})
    return pd.read_csv(FILES[kind], dtype=str, keep_default_na=False, **told)


def test_the_example_has_every_kind_and_others_have_none():
    assert list(FILES) == ["establishments", "legal_units", "siae", "communes", "epci"]
    assert all(isinstance(path, Path) and path.is_file() for path in FILES.values())
    assert {name for name in datasets.available() if datasets.open_data(name)} == {"exemple_complet"}
    with pytest.raises(UnknownNameError, match="exemple_complet"):
        datasets.open_data("exemple_complet2")


def test_numbers_are_valid_and_plainly_invented():
    establishments, units = text("establishments"), text("legal_units")
    assert establishments["siret"].map(siret_valid).all()
    assert establishments["siret"].str.startswith("00000").all()  # no enterprise has such a number
    assert establishments["siret"].is_unique and units["siren"].is_unique
    assert (establishments["siret"].str[:9] == establishments["siren"]).all()
    assert set(establishments["siren"]) == set(units["siren"])


def test_names_say_that_they_are_invented():
    names = text("legal_units")["denominationUniteLegale"]
    actors = set(datasets.load("exemple_complet").actors["name"])
    named = names[(names != "") & ~names.isin(actors)]
    assert (named.str.contains("inventé") | named.str.contains("d’exemple")).all()


def test_there_are_rows_that_must_not_be_used():
    rows, units = text("establishments"), text("legal_units")
    assert {"O", "P", "N"} == set(rows["statutDiffusionEtablissement"])
    assert {"A", "F"} == set(rows["etatAdministratifEtablissement"])
    assert (units["categorieJuridiqueUniteLegale"] == "1000").any()
    persons = units[units["categorieJuridiqueUniteLegale"] == "1000"]
    assert (persons["denominationUniteLegale"] == "").all()
    assert not {column for column in units if column.startswith(("nom", "prenom", "pseudonyme"))}


def test_every_commune_belongs_to_a_territory_of_the_list():
    communes, epci = text("communes"), text("epci")
    assert set(text("establishments")["codeCommuneEtablissement"]) <= set(communes["code_insee"])
    assert set(communes["code_epci"]) == set(epci["EPCI"])
    assert communes["code_epci"].value_counts().sort_index().tolist() == [
        int(count) for count in epci.sort_values("EPCI")["NB_COM"]
    ]


def test_actors_of_the_example_stand_in_the_stock():
    actors = datasets.load("exemple_complet").actors["siret"].dropna()
    assert set(actors) <= set(text("establishments")["siret"])
