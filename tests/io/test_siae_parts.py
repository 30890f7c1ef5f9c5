"""What a listing is made of: kinds, sectors that hold commas, places as people type them."""

from __future__ import annotations

import csv
from importlib.resources import files

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.io.siae import sector_names
from chaine_valeur.io.siae.kinds import KINDS, kinds_in
from chaine_valeur.io.siae.places import commune_codes_of, commune_names, departments, postcode_departments
from chaine_valeur.io.siae.schema import LISTING_CODES, listing_table
from chaine_valeur.io.siae.sectors import joined_sectors
from chaine_valeur.problems import CODES, Problems
from chaine_valeur.vocabulary import StructureKind


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ("aci", ("ACI",)),
        ("Ateliers et Chantiers d’Insertion", ("ACI",)),
        ("chantiers d'insertion", ("ACI",)),
        ("ASSOCIATION INTERMEDIAIRE", ("AI",)),
        ("Entreprise d'insertion (EI)", ("EI",)),
        ("EI - Entreprise d'insertion", ("EI",)),
        ("Entreprise de travail temporaire d'insertion", ("ETTI",)),
        ("Entreprise d’insertion par le travail indépendant", ("EITI",)),
        ("Entreprise adaptée", ("EA",)),
        ("Entreprise adaptée de travail temporaire", ("EATT",)),
        ("Etablissement et service d'aide par le travail", ("ESAT",)),
        ("GEIQ", ("GEIQ",)),
        ("ETTI_DC", ("ETTI",)),
        ("ai;aci", ("AI", "ACI")),
        ("EI et ACI", ("EI", "ACI")),
        ("SEP", ()),
        ("Produits et services réalisés en prison", ()),
        ("MAIRIE", ()),  # « AI » and « EI » inside words are no codes
        ("association", ()),  # a legal form
        ("", ()),
    ],
)
def test_kinds(written, kinds):
    assert kinds_in(written) == kinds


def test_every_kind_is_read_from_its_labels():
    for kind in KINDS:
        for written in (kind.value, kind.label_fr, kind.label_en, f"{kind.value} "):
            assert kinds_in(written) == (kind.value,)
    assert {kind.value for kind in KINDS if kind.is_siae} == {"AI", "ACI", "EI", "EITI", "ETTI"}
    assert StructureKind.COMPANY not in KINDS


def test_sectors_are_those_that_were_listed():
    names = sector_names()
    assert len(names) == len(set(names)) == 154
    # the thirteen that matter to the two filières, verbatim
    assert {
        "Recyclage textiles", "Collecte des déchets textiles", "Textiles", "Couture, reprisage, retouches",
        "Confection à façon", "Blanchisserie", "Plasturgie", "Industrie chimique et plastique",
        "Sous-traitance industrielle générale", "Assemblage mécanique, mécano-soudure", "Electricité",
        "Entretien, restauration, aménagement des espaces naturels", "Création et entretien des espaces verts",
    } <= set(names)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "sectors"),
    [
        ("recyclage-textiles", "Recyclage textiles"),
        ("textiles-30", "Textiles"),
        ("RECYCLAGE TEXTILES; plasturgie;recyclage textiles", "Recyclage textiles;Plasturgie"),
        ("Plasturgie | Textiles\nMenuiserie", "Plasturgie;Textiles;Menuiserie"),
        ("Logistique, conditionnement, Entretien du linge", "Logistique, conditionnement;Entretien du linge"),
        ("tri, Assemblage mécanique, mécano-soudure", "tri;Assemblage mécanique, mécano-soudure"),
        ("Plasturgie,, Textiles", "Plasturgie;Textiles"),
        ("Nettoyage spécifique (chantiers, parkings, hôpitaux, hôtellerie...), Repassage",
         "Nettoyage spécifique (chantiers, parkings, hôpitaux, hôtellerie...);Repassage"),
        ("Mise à disposition de personnel , emplois familiaux", "Mise à disposition de personnel , emplois familiaux"),
        ("Autres", "Autres"),
    ],
)  # fmt: skip
def test_sectors(written, sectors):
    assert joined_sectors(written) == sectors


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(sector_names()), min_size=1, max_size=6, unique=True),
    st.sampled_from([", ", ",", ";", "|"]),
)
def test_any_list_of_sectors_comes_back(names, separator):
    assert joined_sectors(separator.join(names)).split(";") == names


@settings(max_examples=30, deadline=None)
@given(st.text("abc, ", max_size=20))
def test_what_holds_no_sector_stays_whole(text):
    assert joined_sectors(text) == text.strip()


def test_names_of_communes_without_cedex():
    written = ["STRASBOURG CEDEX", "Strasbourg Cédex 9", "PARIS 12", "Lyon 3e arrondissement", "CEDEXVILLE", "  ", None,
               "BISCHWILLER, CEDEX 02", "VILLERS  SUR  MER", "Marseille 1er"]  # fmt: skip
    names = commune_names(pd.Series(written, dtype="str"))
    assert [None if pd.isna(name) else name for name in names] == [
        "STRASBOURG", "Strasbourg", "PARIS", "Lyon", "CEDEXVILLE", None, None, "BISCHWILLER", "VILLERS SUR MER",
        "Marseille",
    ]  # fmt: skip


def test_departments_as_written_then_of_the_commune_then_of_the_post():
    index = [5, 6, 7, 8, 9]
    written = pd.Series(["Bas-Rhin (67)", "1", "2a", None, None], index=index, dtype="str")
    codes = pd.Series([None, None, None, "97411", None], index=index, dtype="str")
    postcodes = pd.Series(["76000", None, None, "76000", "20217"], index=index, dtype="str")
    found = departments(written, codes, postcodes)
    assert found.index.tolist() == index
    assert found.tolist() == ["67", "01", "2A", "974", "2B"]
    assert postcode_departments(pd.Series(["06000", "98800", None], dtype="str")).tolist()[:2] == [
        "06",
        "988",
    ]


def test_codes_of_communes_keep_the_index_and_guess_nothing():
    known = pd.DataFrame(
        {
            "code": ["1", "2", "3"],
            "name": ["La Rivière", "Rivière", "L’Étang"],
            "department": ["76", "76", "62"],
        }
    )
    names = pd.Series(["LA RIVIERE", "riviere", "etang", "etang", None], index=[9, 8, 7, 6, 5], dtype="str")
    home = pd.Series(["76", "76", "62", "76", "76"], index=names.index, dtype="str")
    found = commune_codes_of(names, home, known)
    assert found.index.tolist() == [9, 8, 7, 6, 5]
    assert [None if pd.isna(code) else code for code in found] == ["1", "2", "3", None, None]
    empty = commune_codes_of(names[:0], home[:0], known)
    assert empty.empty
    assert str(empty.dtype) == "str"


def test_the_columns_of_a_listing_have_one_meaning_each():
    home = listing_table()
    with files("chaine_valeur.io.siae").joinpath("listing.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["column"] for row in rows] == list(home.columns)
    several = {word: names for word, names in home.header_index.items() if len(names) > 1}
    assert several == {}
    for column in home:
        assert home.match_headers([column.label_fr]) == {column.label_fr: column.name}
    assert home.match_headers(["Adresse", "Référence client 1", "Nom du dirigeant"]) == {}


def test_what_is_found_in_a_listing_is_said_in_both_languages():
    own = {code: told for code, told in LISTING_CODES.items() if CODES.get(code) != told}
    assert set(own) == {
        "unknown_column", "missing_required", "unknown_term", "postcode_form", "several_kinds", "unknown_commune",
    }  # fmt: skip
    for code in own:
        french, english = (Problems(lang, codes=LISTING_CODES) for lang in ("fr", "en"))
        told = [
            problems.add(code, value="v", limit="l", choices="c")["message"] for problems in (french, english)
        ]
        assert told[0] != told[1]
        assert all(message.endswith(".") for message in told)
    with pytest.raises(KeyError):
        Problems("fr").add("postcode_form")  # it is not found in a filière


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ("E.I.", ("EI",)), ("e.i", ("EI",)), ("E. I.", ("EI",)), ("E I", ("EI",)), ("A.C.I.", ("ACI",)),
        ("a c i", ("ACI",)), ("E.T.T.I", ("ETTI",)), ("E.t.t.i.", ("ETTI",)), ("A.I.", ("AI",)),
        ("E.A.", ("EA",)), ("E.S.A.T.", ("ESAT",)), ("E.I.T.I.", ("EITI",)), ("A.I. / A.C.I.", ("AI", "ACI")),
        ("A.C.I. et E.I.", ("ACI", "EI")), ("E.I. - Entreprise d’insertion", ("EI",)), ("ACI (A.C.I.)", ("ACI",)),
        # letters that are no code, alone or within words
        ("S.A.R.L.", ()), ("S A", ()), ("M. I. Martin", ()), ("J.C. Réception", ()),
    ],
)  # fmt: skip
def test_codes_that_are_spelled_out(written: str, kinds: tuple[str, ...]) -> None:
    assert kinds_in(written) == kinds
