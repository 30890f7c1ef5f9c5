"""Workbooks and diagrams of OpenSankey: levels, supply and use, aliases, what counts twice."""

from __future__ import annotations

import json

import pytest

import chaine_valeur as cv
from chaine_valeur import io
from chaine_valeur.io.exchange.opensankey_sheets import sheet_kind
from tests.io.making import workbook

from .making import known, told


def flows(f):
    columns = ["source", "target", "material_id", "quantity_t_per_year"]
    cells = f.flows[columns].astype(object)
    return cells.where(cells.notna(), None).to_numpy().tolist()


def products(path):
    """A chain of wood: two sawmills' products, an aggregate of them, imports."""
    return workbook(
        path,
        {
            "Produits": [
                ["Niveau d'agrégation", "Produits", "Couleur"],
                [1, "Sciages", "red"],
                [2, "Sciages résineux", ""],
                [2, "Sciages feuillus", ""],
                [1, "Grumes", "green"],
            ],
            "Secteurs": [
                ["Secteurs", "Définitions"],
                ["Scieries", "Première transformation"],
                ["Construction", ""],
            ],
            "Echanges": [["Echanges"], ["Importations"], ["Chine"]],
            "Données": [
                ["Origine", "Destination", "Année", "Valeur", "Incertitude relative", "Source", "Hypothèse"],
                ["Scieries", "Sciages", "2020", 100, "", "", ""],
                ["Scieries", "Sciages résineux", "2020", 60, 0.05, "EAB", ""],
                ["Scieries", "Sciages feuillus", "2020", 40, "", "", "par différence"],
                ["Sciages", "Construction", "2020", 90, "", "", ""],
                ["Grumes", "Scieries", "2020", 180, "", "", ""],
                ["Importations", "Grumes", "2020", 30, "", "", ""],
                ["Sciages feuillus", "Chine", "2020", 5, "", "", ""],
                ["Grumes", "Scieries", "2020", 175, "", "", ""],
            ],
            "Contraintes": [["ID"], [1]],
            "Résultats": [["Origine"], ["Scieries"]],
        },
    )


@pytest.fixture(scope="module")
def wood(tmp_path_factory):
    return io.read_opensankey(products(tmp_path_factory.mktemp("os") / "bois.xlsx"), lang="en")


def test_products_and_sectors_are_actors_exchanges_the_outside(wood):
    assert wood.actors["name"].tolist() == [
        "Sciages",
        "Sciages résineux",
        "Sciages feuillus",
        "Grumes",
        "Scieries",
        "Construction",
    ]
    assert set(wood.actors["actor_type"]) == {"diffuse"}
    assert wood.actors["part_of"].fillna("").tolist() == ["", "sciages", "sciages", "", "", ""]
    assert wood.materials["name"].tolist() == ["Sciages", "Sciages résineux", "Sciages feuillus", "Grumes"]
    assert wood.materials["parent"].fillna("").tolist() == ["", "Sciages", "Sciages", ""]
    assert wood.actors.loc["scieries", "note"] == "Première transformation"


def test_totals_are_never_added_to_their_parts(wood):
    # 100 t of sawnwood are 60 + 40; what the building trade takes is only known in all, and stays
    assert flows(wood) == [
        ["scieries", "sciages-resineux", "sciages-resineux", 60.0],
        ["scieries", "sciages-feuillus", "sciages-feuillus", 40.0],
        ["sciages", "construction", "sciages", 90.0],
        ["grumes", "scieries", "grumes", 180.0],
        [None, "grumes", "grumes", 30.0],
        ["sciages-feuillus", None, "sciages-feuillus", 5.0],
    ]
    assert told(wood, "aggregate_flow") == [("aggregate_flow", 2, "Scieries → Sciages = 100\u00a0t")]
    # a second figure of one link is said, and set aside
    assert told(wood, "same_in_file") == [("same_in_file", 9, "Grumes → Scieries")]
    assert sorted(wood.set_aside["flows"]["row"]) == [2, 9]
    assert set(wood.set_aside["flows"]["sheet"]) == {"Données"}
    aside = wood.set_aside["flows"].sort_values("row")
    assert aside[["quantity_t_per_year", "year"]].to_numpy().tolist() == [[100.0, "2020"], [175.0, "2020"]]


def test_years_uncertainties_sources_and_names_of_exchanges(wood):
    assert wood.flows["year"].tolist() == [2020] * 6
    assert known(wood.flows["uncertainty_share"])[:2] == [0.05, None]
    assert wood.flows["source_id"].fillna("").tolist()[:2] == ["eab", ""]
    assert wood.flows["hypothesis"].fillna("").tolist()[1] == "par différence"
    # « Importations » says no more than the blank; China is kept
    assert wood.flows["exchange"].fillna("").tolist() == ["", "", "", "", "", "Chine"]


def test_what_is_not_read_is_told(wood):
    assert told(wood, "part_not_read") == [
        ("part_not_read", None, "Contraintes"),
        ("part_not_read", None, "Résultats"),
    ]
    assert told(wood, "left_out") == [("left_out", None, "Couleur")]


def test_units(tmp_path):
    f = io.read_opensankey(products(tmp_path / "a.xlsx"), t_per_unit=1000)
    assert f.flows["quantity_t_per_year"].iloc[0] == 60_000.0
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(cv.ArgumentError, match="t_per_unit"):
            io.read_opensankey(tmp_path / "a.xlsx", t_per_unit=wrong)


def test_supply_and_use(tmp_path):
    path = workbook(
        tmp_path / "ter.xlsx",
        {
            "TER": [
                ["", "Scieries", "Construction", "Importations"],
                ["Grumes", "", "", "x"],
                ["Sciages", 1, "", ""],
                ["", "", "", ""],
                ["", "Scieries", "Construction", "Importations"],
                ["Grumes", "x", "", ""],
                ["Sciages", "", "x", 0],
            ],
            "Produits": [["Produits"], ["Grumes"], ["Sciages"]],
            "Secteurs": [["Secteurs"], ["Scieries"], ["Construction"]],
            "Echanges": [["Echanges"], ["Importations"]],
            "data": [["Origin", "Target", "Value"], ["Grumes", "Scieries", 12]],
        },
    )
    # resources: a sector sends to a product; uses: a product goes to a sector; what has a figure keeps it
    assert sorted(flows(io.read_opensankey(path)), key=str) == sorted(
        [
            ["grumes", "scieries", "grumes", 12.0],
            [None, "grumes", "grumes", None],
            ["scieries", "sciages", "sciages", None],
            ["sciages", "construction", "sciages", None],
        ],
        key=str,
    )


def test_nodes_alone_with_a_matrix_of_figures_in_english(tmp_path):
    path = workbook(
        tmp_path / "io.xlsx",
        {
            "NODES": [
                ["Nodes", "Type de noeud", "College"],
                ["A", "", "Elected officials"],
                ["B", "secteur", ""],
            ],
            "Table entrée sortie avec donnée": [["", "A", "B"], ["A", "", 4.5], ["B", "", ""]],
        },
    )
    f = io.read_opensankey(path)
    assert flows(f) == [["a", "b", None, 4.5]]
    assert f.actors[["actor_type", "pole"]].fillna("").to_numpy().tolist() == [
        ["organisation", "elected"],
        ["diffuse", ""],
    ]


def test_limits_join_the_figure_and_natural_quantities_are_worked_out(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Min Max": [
                ["Origine", "Destination", "Minimum", "Maximum"],
                ["A", "B", 1, 9],
                ["B", "C", 2, ""],
            ],
            "Donnees": [
                ["Destination", "Origine", "Quantité naturelle", "Unité naturelle", "Facteur de conversion"],
                ["B", "A", 10, "m3", 0.5],
            ],
        },
    )
    f = io.read_opensankey(path)
    columns = ["quantity_t_per_year", "min_t_per_year", "max_t_per_year"]
    assert [known(row) for row in f.flows[columns].to_numpy()] == [[5.0, 1.0, 9.0], [None, 2.0, None]]


def test_rows_that_cannot_be_used_and_names_that_are_one(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Noeuds": [["Noeuds"], ["Scierie"], ["scierie"]],
            "Données": [
                ["Origine", "Destination", "Valeur"],
                ["Scierie", "", 3],
                ["Scierie", "B", "beaucoup"],
            ],
        },
    )
    f = io.read_opensankey(path, strict=False)
    codes = [row[:2] for row in told(f)]
    assert ("same_id", 3) in codes
    assert ("blank_end", 2) in codes
    assert ("not_a_number", 3) in codes


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Étiquettes", "tags"),
        ("Tag", "tags"),
        ("Nœuds", "nodes"),
        ("DIM PRODUITS", "product"),
        ("Secteur", "sector"),
        ("Échanges", "exchange"),
        ("TES", "matrix"),
        ("Valeur", "data"),
        ("Min  Max", "limits"),
        ("Conversions", "not read"),
        ("Analyses des résultats", "not read"),
        ("Liste des flux", "list"),
        ("Structure", "supply and use"),
        ("Feuil1", ""),
    ],
)
def test_sheets_are_known_by_their_names(name, kind):
    assert sheet_kind(name) == kind


# -- JSON -----------------------------------------------------------------------------------------------


def diagram(path, **content):
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_values_by_data_tags_and_parents_by_dimension(tmp_path):
    value = {
        "datatag_group": "an",
        "2020": {"data_value": 100.0, "data_uncertainty": 10.0},
        "2021": {"structurally_absent": True},
    }
    path = diagram(
        tmp_path / "a.json",
        dataTags={"an": {"name": "Année", "tags": {"2020": {"name": "2020"}, "2021": {"name": "2021"}}}},
        nodes={
            "g": {"name": "Groupe", "dimensions": {"d": {}}},
            "e": {"name": "Enfant\\nmesuré", "dimensions": {"d": {"parent_name": "g"}}, "x": 1},
            "c": {"name": "Cible"},
        },
        links={
            "1": {"idSource": "g", "idTarget": "c", "value": value},
            "2": {"idSource": "e", "idTarget": "c", "value": {**value, "2021": {"data_value": 7}}},
        },
    )
    f = io.read_opensankey(path)
    assert f.actors["part_of"].fillna("").to_dict() == {"groupe": "", "enfant-mesure": "groupe", "cible": ""}
    # the group's 100 t of 2020 are those of its part
    assert f.flows[["source", "year", "quantity_t_per_year"]].to_numpy().tolist() == [
        ["enfant-mesure", 2020, 100.0],
        ["enfant-mesure", 2021, 7.0],
    ]
    assert known(f.flows["uncertainty_share"]) == [0.1, None]
    assert {code for code, _, _ in told(f)} == {"aggregate_flow", "left_out"}


def test_a_file_of_an_old_version(tmp_path):
    path = diagram(
        tmp_path / "old.json",
        nodes={
            "node0": {
                "idNode": "node0",
                "name": "Lait cru",
                "type": "product",
                "dimensions": {"Primaire": {"level": 1}},
            },
            "node1": {"idNode": "node1", "name": "Laiteries", "type": "sector"},
            "node2": {"idNode": "node2", "name": "Echanges - Importations", "type": "exchange"},
        },
        links={
            "l0": {
                "idSource": "node0",
                "idTarget": "node1",
                "value": [11799],
                "data_value": [11800],
                "mini": [1],
                "maxi": [9],
                "tags": {"flux_types": ["initial_data"]},
            },
            "l1": {"idSource": "node2", "idTarget": "node0", "value": [31]},
            "l2": {"idSource": "node9", "idTarget": 4, "value": [1]},
        },
        tags_catalog={
            "flux_types": {"group_name": "Type de donnée", "tags": {"initial_data": {"name": "Collectée"}}}
        },
    )
    f = io.read_opensankey(path, strict=False)
    # what was collected, not what was computed; limits of a result are not known limits
    assert flows(f) == [["lait-cru", "laiteries", "lait-cru", 11800.0], [None, "lait-cru", "lait-cru", 31.0]]
    assert f.flows["Type de donnée"].fillna("").tolist() == ["Collectée", ""]
    assert f.flows["max_t_per_year"].isna().all()
    assert [row[:2] for row in told(f, "blank_end")] == [("blank_end", 3)]


def test_parents_that_go_round_end(tmp_path):
    path = diagram(
        tmp_path / "a.json",
        nodes={
            "a": {"name": "A", "dimensions": {"d": {"parent_name": "b"}}},
            "b": {"name": "B", "dimensions": {"d": {"parent_name": "a"}}},
        },
        links={"1": {"idSource": "a", "idTarget": "b", "value": 3}},
    )
    assert len(io.read_opensankey(path, strict=False).actors) == 2
