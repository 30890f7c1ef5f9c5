"""The territory: from where the filière is seen, how that changed, who is in which commune."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report.blocks import Grid, Paragraph, Section
from chaine_valeur.report.territory import territory_section
from tests.report.builders import HOSTILE, grid, paragraphs


def placed(**changes: Any) -> Filiere:
    """A territory of three communes, of which Bolbec joined in 2021; Yvetot left in 2019."""
    tables: dict[str, Any] = {
        "filiere": {
            "name": ["Laine"],
            "territory_id": ["val"],
            "programme": ["Filières"],
            "reference_year": [2024],
        },
        "territories": {
            "territory_id": ["val"] * 4 + ["bassin"],
            "name": ["Val"] * 4 + ["Bassin"],
            "kind": ["epci"] * 4 + ["basin"],
            "commune_code": ["76384", "76114", "76329", "76758", "76351"],
            "commune_name": ["Lillebonne", "Bolbec", "Gruchet", "Yvetot", "Le Havre"],
            "since": [2014, 2021, 2014, 2014, None],
            "until": [None, None, None, 2019, None],
        },
        "stages": {"name": ["Tri"]},
        "actors": {
            "name": ["Relais", "Ami", "Port", "Nomade", "Ancien"],
            "commune_code": ["76384", "76384", "76351", None, "76114"],
            "structure_kind": ["ACI", None, None, None, None],
            "status": [None, None, None, None, "closed"],
        },
        "activities": {"actor_id": ["Relais"], "stage_id": ["Tri"]},
    }
    return Filiere.from_tables(**(tables | changes))


def where(f: Filiere, lang: str = "en", picture: Paragraph | None = None) -> Section | None:
    return territory_section(diagnose(f, lang=lang, checks=[], indicators=[]), picture)


def test_from_where_the_filiere_is_seen_and_how_that_changed() -> None:
    found = where(placed())
    assert found is not None
    seen, programme = paragraphs(found)
    assert seen.startswith("The filière is seen from Val, ")
    assert "3 communes in 2024. 1 commune joined it (2021). 1 commune left it (last year: 2019)." in seen
    assert "programme “Filières”" in programme and "never added" in programme


def test_who_is_in_each_territory_and_commune() -> None:
    remark = Paragraph("the matrix", "warning")
    found = where(placed(), picture=remark)
    assert found is not None and remark in found.blocks
    # active: Relais and Ami at Lillebonne, Port at Le Havre, Nomade nobody knows where; Ancien is closed
    rows = grid(found, "Territories and actors (communes of 2024)")
    assert [row[0] for row in rows] == ["Val", "Bassin"]
    assert [row[2:] for row in rows] == [
        ["that of the filière", "3", "2", "1", "1"],
        ["", "1", "1", "2", "1"],
    ]
    assert grid(found, "Actors by commune of the territory") == [
        ["Lillebonne", "2", "1", "Tri"],
        ["2 other communes", "0", "0", ""],
    ]


def test_the_counts_are_those_of_the_network() -> None:
    f = datasets.load("exemple_complet")
    found = where(f)
    assert found is not None
    rows = grid(found, "Actors by commune of the territory")
    active = f.network.active
    assert sum(int(row[1]) for row in rows) == int(((f.network.local == 1) & active).sum())
    assert sum(int(row[2]) for row in rows) == int(((f.network.local == 1) & active & f.network.siae).sum())


def test_without_a_territory_there_is_no_section_or_it_says_so() -> None:
    assert where(placed(filiere=None, territories=None)) is None
    found = where(placed(filiere={"name": ["Laine"]}))
    assert found is not None
    assert "what is local cannot be told" in paragraphs(found)[0]


def test_a_year_before_a_commune_joined_has_another_perimeter() -> None:
    # in 2018 Yvetot is still there and Bolbec not yet: again three communes
    found = where(placed().at(2018))
    assert found is not None
    assert "3 communes in 2018" in paragraphs(found)[0]
    rows = grid(found, "Territories and actors (communes of 2018)")
    assert rows[0][3] == "3"


def test_a_territory_without_communes_of_that_year_keeps_those_known() -> None:
    f = placed(
        territories={"territory_id": ["val"], "commune_code": ["76384"], "since": [2030]},
    )
    found = where(f)
    assert found is not None
    rows = grid(found, "Territories and actors (communes of 2024)")
    assert rows == [["val", "that of the filière", "1", "2", "1", "1"]]


def test_communes_are_found_by_name_where_no_code_is_given() -> None:
    f = placed(actors={"name": ["Relais", "Autre"], "commune_name": ["LILLEBONNE", "Paris"]}, activities=None)
    found = where(f)
    assert found is not None
    assert grid(found, "Actors by commune of the territory")[0][:2] == ["Lillebonne", "1"]


def test_an_actor_of_the_outside_is_nowhere_here() -> None:
    f = placed(
        actors={
            "name": ["Relais", "Monde"],
            "commune_code": ["76384", "76384"],
            "actor_type": [None, "outside"],
        }
    )
    found = where(f)
    assert found is not None
    assert grid(found, "Actors by commune of the territory")[0][:2] == ["Lillebonne", "1"]
    assert grid(found, "Territories and actors (communes of 2024)")[0][3:] == ["3", "1", "1", "0"]


def test_where_nobody_is_no_commune_is_listed() -> None:
    found = where(placed(actors={"name": ["Relais"], "commune_code": ["75056"]}))
    assert found is not None
    captions = [block.caption for block in found.blocks if isinstance(block, Grid)]
    assert captions == ["Territories and actors (communes of 2024)"]


def test_many_communes_are_listed_up_to_a_limit_and_the_others_counted() -> None:
    codes = [f"{10_000 + place}" for place in range(60)]
    f = placed(
        territories={"territory_id": ["val"] * 60, "commune_code": codes},
        actors={"name": [f"A{place}" for place in range(50)], "commune_code": codes[:50]},
        activities=None,
    )
    found = where(f)
    assert found is not None
    rows = grid(found, "Actors by commune of the territory")
    # forty are named, one actor each; ten more actors and ten empty communes remain
    assert len(rows) == 41
    assert rows[-1] == ["20 other communes", "10", "0", ""]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_hostile_names_stay_plain_text(lang: str) -> None:
    f = placed(
        territories={"territory_id": ["val"] * 4, "name": [HOSTILE[0]] * 4,
                     "commune_code": ["76384", "76114", "76329", "76758"], "commune_name": list(HOSTILE)},
    )  # fmt: skip
    found = where(f, lang)
    assert found is not None
    cells = [
        cell.text for block in found.blocks if isinstance(block, Grid) for row in block.rows for cell in row
    ]
    assert HOSTILE[0] in cells
