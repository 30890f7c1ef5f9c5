"""The map of a filière: cards, columns and lines, against a filière small enough to know by heart."""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import chaine_valeur as cv
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.interactive import InteractiveMap, explore, iframe, map_html, write_html
from tests.interactive.neutral import HOSTILE, data_of

#   Ménages ──60──▶ Relais (ACI: collecte, tri) ──40──▶ Filature ──▶ ? ──▶ (outside)
#   (outside) ──5──▶ Filature;  « broyage » is held by nobody; Mairie supports Relais; Labo is planned
TABLES: dict[str, Any] = {
    "filiere": {"name": ["Textiles"], "territory_id": ["T"]},
    "territories": {"territory_id": ["T"], "name": ["Caux"], "commune_code": ["76384"]},
    "stages": {
        "name": ["gisement", "collecte", "tri", "broyage", "filature"],
        "rank": [1, 2, 3, 3, 4],
        "kind": ["ressource", "opération", "opération", "opération", "débouché"],
    },
    "stage_links": {
        "stage_id": ["gisement", "collecte", "tri", "broyage"],
        "to_stage_id": ["collecte", "tri", "broyage", "filature"],
    },
    "materials": {"name": ["fibre"]},
    "actors": {
        "name": ["Ménages", "Relais", "Filature", "Mairie", "Labo", "Ancien"],
        "actor_type": ["diffus", None, None, None, None, None],
        "roles": ["fournisseur", "insertion;transformateur", "acheteur", "acteur territorial", "expert",
                  "transformateur"],
        "pole": [None, "ESS", "entreprises", "élus", None, None],
        "structure_kind": [None, "ACI", "entreprise", "collectivité", None, None],
        "commune_code": [None, "76384", "14118", None, None, None],
        "commune_name": [None, "Lillebonne", "Caen", None, None, None],
        "status": ["actif", "actif", "actif", "actif", "en projet", "fermé"],
    },
    "activities": {
        "actor_id": ["Ménages", "Relais", "Relais", "Filature", "Ancien"],
        "stage_id": ["gisement", "collecte", "tri", "filature", "tri"],
        "capacity_t_per_year": [None, 120, None, None, 500],
        "confidence": ["déclaré", "déclaré", "hypothèse", "déclaré", "déclaré"],
    },
    "flows": {
        "source": ["Ménages", "Ménages", "Relais", "Filature", None, "Relais"],
        "source_stage": [None, None, "tri", None, None, "tri"],
        "target": ["Relais", "Relais", "Filature", None, "Filature", "Ancien"],
        "target_stage": ["collecte", "collecte", None, None, None, None],
        "flow_id": ["f1", "f1bis", "f2", "f3", "f4", "gone"],
        "same_flow_as": [None, "f1", None, None, None, None],
        "material_id": ["fibre", "fibre", "fibre", None, "fibre", "fibre"],
        "quantity_t_per_year": [60, 66, 40, None, 5, 99],
        "confidence": ["mesuré", "estimé", "hypothèse", None, "déclaré", "déclaré"],
        "hypothesis": [None, None, "moitié du trié", None, None, None],
        "year": [2023, 2023, 2023, None, 2023, 2023],
    },
    "cooperations": {
        "actor_id": ["Mairie", "Relais", "Relais", "Relais"],
        "to_actor_id": ["Relais", "Filature", "Labo", "Ancien"],
        "kind": ["appui", "projet commun", "information", "information"],
        "state": [None, None, "absence constatée", None],
        "intensity": [None, "convention", None, None],
        "since": [2021, None, None, None],
    },
    "groups": {"name": ["COPIL", "Forum"], "kind": ["copil", "forum"], "referent_id": ["Mairie", None]},
    "memberships": {
        "group_id": ["COPIL", "COPIL", "COPIL"],
        "actor_id": ["Relais", "Mairie", "Ancien"],
        "pole": ["ESS", None, None],
    },
}  # fmt: skip


def filiere(**changed: Any) -> Filiere:
    return Filiere.from_tables(**{**TABLES, **changed}) if changed else by_heart()


@cache
def by_heart() -> Filiere:
    return Filiere.from_tables(**TABLES)


@cache
def html(lang: str = "fr") -> str:
    return map_html(by_heart(), lang=lang)


def data(f: Filiere | None = None, *, lang: str = "fr") -> dict[str, Any]:
    return data_of(html(lang) if f is None else map_html(f, lang=lang))


def cards(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and name of the column of each card."""
    names = {column["id"]: column["label"] for column in found["columns"]} | {"": ""}
    return [(card["label"], names[card["cv"]["column"]]) for card in found["nodes"]]


def card(found: dict[str, Any], label: str) -> dict[str, Any]:
    cv_: dict[str, Any] = next(each["cv"] for each in found["nodes"] if each["label"] == label)
    return cv_


def lines(found: dict[str, Any], layer: str) -> list[tuple[str, str, dict[str, Any]]]:
    label = {each["id"]: each["label"] for each in found["nodes"]}
    return [
        (label[each["from"]], label[each["to"]], each["cv"])
        for each in found["edges"]
        if each["cv"]["layer"] == layer
    ]


def test_who_stands_where() -> None:
    assert cards(data()) == [
        ("Ménages", "gisement"),
        ("Relais", "collecte"),
        ("Relais", "tri"),
        ("Filature", "filature"),
        ("Mairie", ""),
        ("Labo", ""),
        ("COPIL", ""),
        ("Forum", ""),
        ("Hors du territoire", "Vient de l’extérieur"),
        ("Hors du territoire", "Part à l’extérieur"),
    ]


def test_the_cards_of_one_actor_are_one_subject_joined_by_a_line() -> None:
    found = data()
    relais = [each["cv"]["subject"] for each in found["nodes"] if each["label"] == "Relais"]
    assert len(relais) == 2 and len(set(relais)) == 1
    assert [(a, b) for a, b, _ in lines(found, "same")] == [("Relais", "Relais")]


def test_stages_stand_in_their_rank_and_a_missing_one_is_hatched() -> None:
    columns = data()["columns"]
    order = sorted(columns, key=lambda column: (column["x0"], column["y0"]))
    names = [
        "Vient de l’extérieur",
        "gisement",
        "collecte",
        "tri",
        "broyage",
        "filature",
        "Part à l’extérieur",
    ]
    assert [column["label"] for column in order] == names
    by_name = {column["label"]: column for column in columns}
    # same rank: above one another
    assert by_name["tri"]["x0"] == by_name["broyage"]["x0"]
    assert [column["label"] for column in columns if column["missing"]] == ["broyage"]
    assert by_name["broyage"]["note"] == "Maillon non tenu"
    assert by_name["collecte"]["note"] == ""


def test_flows_join_the_cards_of_their_stages_and_count_once() -> None:
    flows = lines(data(), "flow")
    assert {(a, b, flow["amount"]) for a, b, flow in flows} == {
        ("Ménages", "Relais", "60\u00a0t"),  # f1bis tells the same flow: 60 + 66 would be wrong
        ("Relais", "Filature", "40\u00a0t"),
        ("Filature", "Hors du territoire", "?"),
        ("Hors du territoire", "Filature", "5\u00a0t"),
    }
    assert len(flows) == 4
    found = data()
    ids = {each["id"]: each for each in found["nodes"]}
    to_filature = next(each for each in found["edges"] if each["cv"]["amount"] == "40\u00a0t")
    assert ids[to_filature["from"]]["cv"]["column"] == "tri"


def test_a_hypothesis_is_dashed_and_says_why() -> None:
    flows = {flow["amount"]: flow for _, _, flow in lines(data(), "flow")}
    assert flows["40\u00a0t"]["dashes"] and not flows["60\u00a0t"]["dashes"]
    assert flows["40\u00a0t"]["rows"] == [
        {"text": "fibre, 40\u00a0t/an, 2023", "doubt": "hypothèse\u00a0: moitié du trié"}
    ]
    assert flows["60\u00a0t"]["rows"] == [{"text": "fibre, 60\u00a0t/an, 2023, mesuré", "doubt": ""}]
    assert flows["?"]["rows"][0]["text"] == "matière non précisée, tonnage inconnu"
    # that Relais sorts is a hypothesis, that it collects is declared
    doubtful = [each["cv"]["doubtful"] for each in data()["nodes"] if each["label"] == "Relais"]
    assert doubtful == [False, True]


def test_a_share_is_told_where_no_tonnage_is() -> None:
    flows = {"source": ["Ménages"], "target": ["Filature"], "share": [0.3]}
    flow = lines(data(filiere(flows=flows)), "flow")[0][2]
    assert flow["rows"][0]["text"].startswith("matière non précisée, 30\u00a0% de ce qui part")


def test_cooperations_that_were_observed_and_no_other() -> None:
    ties = lines(data(), "cooperation")
    # Relais–Labo is known to be absent, Ancien has closed
    assert [(a, b) for a, b, _ in ties] == [("Relais", "Filature"), ("Mairie", "Relais")]
    assert [tie["directed"] for _, _, tie in ties] == [False, True]
    assert [tie["rows"][0]["text"] for _, _, tie in ties] == [
        "Projet commun, convention",
        "Appui, conseil, depuis 2021",
    ]
    codes = [relation["code"] for relation in data()["relations"]]
    assert codes == ["flow", "cooperation:joint_project", "cooperation:support", "group", "same"]


def test_a_cooperation_whose_kind_is_unknown_says_so() -> None:
    ties = {"actor_id": ["Mairie"], "to_actor_id": ["Relais"]}
    found = data(filiere(cooperations=ties))
    assert lines(found, "cooperation")[0][2]["label"] == "Coopération, type non précisé"


def test_seats_in_groups_and_a_group_of_which_no_member_is_known() -> None:
    found = data()
    assert [(a, b, seat["rows"][0]["text"]) for a, b, seat in lines(found, "group")] == [
        ("Relais", "COPIL", "Membre, collège\u00a0: Économie sociale et solidaire"),
        ("Mairie", "COPIL", "Membre"),
    ]
    details = dict(card(found, "Forum")["details"])
    assert details["Membres connus"] == "inconnu"
    assert dict(card(found, "COPIL")["details"])["Référent"] == "Mairie"


def test_insertion_structures_are_marked() -> None:
    found = data()
    assert (card(found, "Relais")["insertion"], card(found, "Relais")["badge"]) == (True, "ACI")
    assert (card(found, "Filature")["insertion"], card(found, "Filature")["badge"]) == (False, "")
    actors = {
        "name": ["A", "B", "C"],
        "roles": ["insertion", "transformateur", "insertion"],
        "structure_kind": [None, "EA", "ESAT"],
    }
    other = data(Filiere.from_tables(actors=actors))
    # of unknown kind: told by its role; EA and ESAT are no SIAE, and are named
    marks = [(each["cv"]["insertion"], each["cv"]["badge"]) for each in other["nodes"]]
    assert marks == [(True, "IAE"), (False, "EA"), (False, "ESAT")]


def test_who_has_closed_is_left_out_and_who_is_planned_is_dashed() -> None:
    assert "Ancien" not in html()
    assert "1 acteur fermé non montré" in html()
    assert card(data(), "Labo")["doubtful"] is True


def test_what_the_details_say() -> None:
    found = data()
    assert card(found, "Relais")["details"] == [
        ["Rôles", "Structure d’insertion, Transformateur"],
        ["Collège", "Économie sociale et solidaire"],
        ["Type de structure", "Atelier et chantier d’insertion (ACI)"],
        ["Maillons", "collecte (capacité 120\u00a0t/an)\ntri (à confirmer)"],
        ["Commune", "Lillebonne, Sur le territoire"],
    ]
    details = dict(card(found, "Filature")["details"])
    assert details["Commune"] == "Caen, Hors du territoire"
    assert dict(card(found, "Labo")["details"])["Statut"] == "En projet"
    assert dict(card(found, "Ménages")["details"])["Type d’acteur"].startswith("Acteur diffus")


def test_english_is_spoken_on_request() -> None:
    found = data(lang="en")
    assert found["lang"] == "en"
    assert [role["label"] for role in found["roles"]][:3] == [
        "Supplier",
        "Transformer",
        "Insertion structure",
    ]
    assert next(column for column in found["columns"] if column["missing"])["note"].startswith("Stage")
    assert dict(card(found, "Relais")["details"])["Stages"].startswith("collecte (capacity 120\u00a0t/year)")


def test_no_french_is_left_in_the_english_page_nor_english_in_the_french_one() -> None:
    def words(lang: str) -> str:
        page = html(lang)
        shown = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
        return shown + json.dumps(data_of(page), ensure_ascii=False)

    for word in ("Rechercher", "Maillon", "Flux", "acteurs sur", "territoire"):
        assert word in words("fr") and word not in words("en")
    for word in ("Search", "Stage", "Flow of", "actors out of", "territory"):
        assert word in words("en") and word not in words("fr")


def test_without_stages_the_roles_are_the_columns() -> None:
    actors = {
        "name": ["A", "B", "C"], "roles": ["acheteur", "fournisseur;acheteur", None]
    }  # fmt: skip
    flows = {"source": ["B", "C"], "target": ["A", "A"], "quantity_t_per_year": [1, 2]}
    found = data(Filiere.from_tables(actors=actors, flows=flows))
    assert cards(found) == [("A", "Acheteur"), ("B", "Fournisseur"), ("C", "")]
    assert [column["label"] for column in found["columns"]] == ["Fournisseur", "Acheteur"]
    assert [(a, b) for a, b, _ in lines(found, "flow")] == [("B", "A"), ("C", "A")]


@pytest.mark.parametrize(
    "tables",
    [
        {"actors": {"name": ["Seul"]}},
        {"actors": {"name": ["A", "B"]}, "groups": {"name": ["G"]}},
        {"actors": {"name": ["A"]}, "stages": {"name": ["tri", "vente"]}},
        {"actors": {"name": ["A"]}, "flows": {"source": ["A"], "quantity_t_per_year": [3]}},
        {"actors": {"name": ["A"], "status": ["fermé"]}},
    ],
)
def test_degenerate_filieres_have_a_map(tables: dict[str, Any]) -> None:
    found = data(Filiere.from_tables(**tables))
    assert len(found["nodes"]) >= len(tables.get("groups", {"name": []})["name"])
    assert found["bounds"]["x1"] > 0


def test_a_cycle_a_loop_and_parallel_flows_are_all_drawn() -> None:
    flows = {
        "source": ["A", "B", "A", "A"],
        "source_stage": ["tri", "vente", "tri", "tri"],
        "target": ["B", "A", "A", "B"],
        "target_stage": ["vente", "tri", "vente", "vente"],
        "material_id": ["x", "x", "x", "y"],
        "quantity_t_per_year": [1, 2, 3, 4],
    }
    activities = {"actor_id": ["A", "A", "B"], "stage_id": ["tri", "vente", "vente"]}
    tables: dict[str, Any] = {
        "actors": {"name": ["A", "B"]}, "stages": {"name": ["tri", "vente"], "rank": [1, 2]},
        "activities": activities, "flows": flows, "materials": {"name": ["x", "y"]},
    }  # fmt: skip
    found = data(Filiere.from_tables(strict=False, **tables))
    assert {(a, b, flow["amount"]) for a, b, flow in lines(found, "flow")} == {
        ("A", "B", "5\u00a0t"),  # 1 t of x and 4 t of y
        ("B", "A", "2\u00a0t"),
        ("A", "A", "3\u00a0t"),
    }


def test_the_filiere_is_left_as_it_was() -> None:
    f, same = filiere(), Filiere.from_tables(**TABLES)
    map_html(f)
    assert f == same


def test_the_map_of_a_year() -> None:
    flows = {
        "source": ["Ménages", "Ménages"], "target": ["Relais", "Relais"],
        "target_stage": ["collecte", "collecte"], "quantity_t_per_year": [10, 20], "year": [2022, 2023],
    }  # fmt: skip
    f = filiere(flows=flows)
    assert lines(data(f), "flow")[0][2]["amount"] == "20\u00a0t"  # the latest, and the page says which
    assert "2023" in re.search(r"<header>.*</header>", map_html(f), flags=re.DOTALL)[0]  # type: ignore[index]
    assert lines(data(f.at(2022)), "flow")[0][2]["amount"] == "10\u00a0t"


def test_rows_set_aside_are_counted_in_the_heading() -> None:
    flows = {"source": ["Ménages", "nobody"], "target": ["Relais", "Relais"]}
    tables: dict[str, Any] = {**TABLES, "flows": flows}
    f = Filiere.from_tables(strict=False, **tables)
    assert "1 ligne écartée à la lecture" in map_html(f)


# -- files, notebooks, frames -------------------------------------------------------------------------


def test_the_file_is_utf8_and_its_path_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "carte d’été.html"
    assert write_html(filiere(), str(target)) == target
    raw = target.read_bytes()
    assert raw.decode("utf-8") == html()
    assert b"\r" not in raw.split(b"<script>")[0]


def test_the_file_of_a_year(tmp_path: Path) -> None:
    page = write_html(filiere(), tmp_path / "x.html", year=2023).read_text(encoding="utf-8")
    assert page == map_html(filiere().at(2023))


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        write_html(filiere(), tmp_path / "x.html", lang="de")
    assert not list(tmp_path.iterdir())


def test_a_notebook_shows_the_map_in_a_frame_that_keeps_it_apart() -> None:
    shown = explore(filiere())
    assert isinstance(shown, InteractiveMap)
    assert repr(shown) == "<InteractiveMap: Textiles>"
    frame = shown._repr_html_()
    assert frame.startswith("<iframe ") and frame.count("<") == 2
    assert 'sandbox="allow-scripts"' in frame and "allow-same-origin" not in frame
    source = re.search(r'srcdoc="([^"]*)"', frame)
    assert source and unescape(source[1]) == shown.html == html()


def test_the_title_of_a_frame_is_text() -> None:
    frame = iframe("<p>x</p>", title='"><script>alert(1)</script>', height=400)
    assert frame.count("<") == 2 and "height:400px" in frame


def test_a_filiere_without_a_name_has_a_title() -> None:
    assert repr(explore(Filiere.from_tables(actors={"name": ["A"]}))) == "<InteractiveMap: Filière sans nom>"


def test_hostile_names_reach_the_map_as_the_tables_hold_them() -> None:
    names = [name for name in HOSTILE if name.strip()]
    f = Filiere.from_tables(
        actors={"name": names},
        groups={"name": names},
        memberships={"group_id": names[:1], "actor_id": names[1:2]},
        filiere={"name": ["".join(names[:3])]},
    )
    found = data(f)
    labels = [each["label"] for each in found["nodes"]]
    assert labels == [*f.actors["name"], *f.groups["name"]]
    assert "<script>alert(1)</script>" in labels and "=cmd|' /C calc'!A0" in labels
    heading = re.search(r"<h1><bdi>(.*?)</bdi></h1>", map_html(f), re.DOTALL)
    assert heading and unescape(heading[1]) == f.name


@pytest.mark.parametrize("name", cv.datasets.available())
def test_every_example_has_its_map(name: str) -> None:
    f = cv.datasets.load(name)
    found = data(f)
    shown = {each["cv"]["actor"] for each in found["nodes"]} - {""}
    assert shown == set(f.actors.index[f.actors["status"] != "closed"])
    assert {each["label"] for each in found["nodes"] if each["cv"]["kind"] == "group"} == set(
        f.groups["name"]
    )
    rows = sum(len(each["cv"]["rows"]) for each in found["edges"] if each["cv"]["layer"] == "flow")
    assert rows >= len(f.network.flow_row)
