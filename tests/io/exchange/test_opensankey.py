"""OpenSankey, written: the sheets that its parser asks for, and its JSON."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import io

from .making import small


def sheets_of(path):
    return pd.read_excel(path, sheet_name=None, dtype=object, engine="calamine")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return io.write_opensankey(small(), tmp_path_factory.mktemp("os") / "a.xlsx")


@pytest.fixture(scope="module")
def sheets(written):
    return sheets_of(written.path)


def test_sheets_and_their_first_columns(sheets):
    assert list(sheets) == ["Etiquettes", "Noeuds", "Données"]
    assert list(sheets["Etiquettes"]) == [
        "Nom du groupe d'étiquette",
        "Type d'étiquette",
        "Etiquettes",
        "Palette visible",
    ]
    assert list(sheets["Noeuds"])[:2] == ["Niveau d'agrégation", "Noeuds"]
    assert list(sheets["Données"])[:2] == ["Origine", "Destination"]


def test_groups_of_tags(sheets):
    groups = sheets["Etiquettes"].set_index("Nom du groupe d'étiquette")
    assert groups["Type d'étiquette"].to_dict() == {
        "Année": "dataTags",
        # wool and jeans pass between the same two in 2023: one figure a link, so the material is a data tag
        "Matière": "dataTags",
        "Fiabilité": "fluxTags",
        "Type d’acteur": "nodeTags",
        "Rôles": "nodeTags",
        "Collège": "nodeTags",
    }
    assert groups.loc["Année", "Etiquettes"] == "2023:2024"
    assert groups.loc["Matière", "Etiquettes"] == "Laine usagée:Jean"


def test_every_tag_of_a_cell_is_declared(sheets):
    declared = {
        (group, tag)
        for group, tags in zip(
            sheets["Etiquettes"].iloc[:, 0], sheets["Etiquettes"]["Etiquettes"], strict=True
        )
        for tag in tags.split(":")
    }
    for sheet in ("Noeuds", "Données"):
        for group in {name for name, _ in declared} & set(sheets[sheet]):
            used = {(group, tag) for cell in sheets[sheet][group].dropna() for tag in str(cell).split(":")}
            assert used <= declared


def test_nodes_and_figures(sheets):
    nodes, figures = sheets["Noeuds"], sheets["Données"]
    assert nodes["Noeuds"].tolist() == [
        "Le Relais",
        "Tri & Cie",
        "Filature <Nord>",
        "Mairie",
        "Importations et exportations",
    ]
    assert nodes["Rôles"].iloc[0] == "Fournisseur:Structure d’insertion"
    assert set(figures["Origine"]) | set(figures["Destination"]) <= set(nodes["Noeuds"])
    columns = ["Origine", "Destination", "Année", "Matière", "Valeur"]
    # f1 to f4; the last one holds every year of the file
    assert figures[columns].to_numpy().tolist() == [
        ["Le Relais", "Tri & Cie", "2023", "Laine usagée", 12.5],
        ["Le Relais", "Tri & Cie", "2023", "Jean", 3.0],
        ["Importations et exportations", "Tri & Cie", "2024", "Laine usagée", 40.0],
        ["Tri & Cie", "Mairie", "2023:2024", "Laine usagée", 0.0],
    ]
    assert figures["Incertitude relative"].iloc[0] == 0.1


def test_one_material_a_link_is_a_flux_tag(tmp_path):
    f = small().without_rows("flows", ["f2"])
    groups = sheets_of(io.write_opensankey(f, tmp_path / "a.xlsx").path)["Etiquettes"]
    assert dict(zip(groups.iloc[:, 0], groups.iloc[:, 1], strict=True))["Matière"] == "fluxTags"


def test_limits_have_a_sheet(tmp_path):
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={
            "source": ["A", "B"],
            "target": ["B", "A"],
            "min_t_per_year": [1, None],
            "max_t_per_year": [5, None],
        },
    )
    limits = sheets_of(io.write_opensankey(f, tmp_path / "a.xlsx", lang="en").path)["Min Max"]
    assert limits.to_numpy().tolist() == [["A", "B", 1.0, 5.0]]


def test_flows_of_one_link_are_added_aloud(tmp_path):
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"]},
        stages={"name": ["Un", "Deux"]},
        flows={
            "source": ["A", "A", "A", "A"],
            "target": ["B", "B", "B", "B"],
            "source_stage": ["Un", "Deux", "Un", "Deux"],
            "year": [2023, 2023, 2024, 2024],
            "quantity_t_per_year": [2, 3, 4, None],
            "uncertainty_share": [0.1, 0.2, 0.1, 0.1],
        },
    )
    written = io.write_opensankey(f, tmp_path / "a.xlsx", lang="en")
    figures = sheets_of(written.path)["Data"]
    # 2 + 3; a sum with an unknown is unknown; uncertainties that differ belong to neither
    assert figures[["Year", "Value"]].fillna("").to_numpy().tolist() == [["2023", 5.0], ["2024", ""]]
    assert figures["Relative Uncertainty"].fillna("").tolist() == ["", 0.1]
    left = written.left_out
    assert left.loc[left["reason"].str.startswith("Added"), "rows"].tolist() == [1]
    # the 4 t of 2024 are the minimum of what is unknown with them
    assert sheets_of(written.path)["Min Max"][["Year", "Minimum"]].to_numpy().tolist() == [["2024", 4.0]]
    assert left.loc[left["column"] == "quantity_t_per_year", "rows"].tolist() == [1]


def test_names_that_would_be_one_stay_apart(tmp_path):
    f = cv.Filiere.from_tables(
        actors={"actor_id": ["a", "b", "c"], "name": ["Scierie", "SCIERIE", "Importations et exportations"]},
        flows={"source": ["a", None], "target": ["b", "c"], "quantity_t_per_year": [1, 2]},
    )
    figures = sheets_of(io.write_opensankey(f, tmp_path / "a.xlsx").path)["Données"]
    assert figures[["Origine", "Destination"]].to_numpy().tolist() == [
        ["Scierie", "SCIERIE (b)"],
        ["Importations et exportations bis", "Importations et exportations"],
    ]


def test_what_is_left_out(written):
    rows = written.left_out.set_index(["table", "column"])["rows"].to_dict()
    assert rows[("cooperations", "")] == 2
    assert rows[("groups", "")] == 1
    assert rows[("actors", "part_of")] == 1
    assert rows[("actors", "Surface")] == 2
    assert ("actors", "pole") not in rows


def test_the_json_holds_together(tmp_path):
    content = json.loads(io.write_opensankey(small(), tmp_path / "a.json").path.read_text(encoding="utf-8"))
    nodes, links = content["nodes"], content["links"]
    assert all(link[end] in nodes for link in links.values() for end in ("idSource", "idTarget"))
    groups = {**content["dataTags"], **content["fluxTags"], **content["nodeTags"]}
    for node in nodes.values():
        assert all(tag in groups[group]["tags"] for group, tags in node["tags"].items() for tag in tags)
    # wool of 2023 from Le Relais to Tri & Cie: 12.5 t ± 10 %
    link = next(one for one in links.values() if nodes[one["idSource"]]["name"] == "Le Relais")
    assert link["value"]["datatag_group"] == "annee"
    assert link["value"]["2023"]["datatag_group"] == "matiere"
    figure = link["value"]["2023"]["laine usagee"]
    assert (figure["data_value"], figure["data_uncertainty"]) == (12.5, pytest.approx(10.0))
    # drawn from left to right: what comes from elsewhere and Le Relais before Tri & Cie, before the town hall
    columns = {node["name"]: node["u"] for node in nodes.values()}
    assert columns["Le Relais"] == columns["Importations et exportations"] == 0
    assert (columns["Tri & Cie"], columns["Mairie"]) == (1, 2)
    assert len({(node["x"], node["y"]) for node in nodes.values()}) == len(nodes)
