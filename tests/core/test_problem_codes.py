"""Every kind of problem: the least input that makes it, where it is said to stand, and how it is told."""

from __future__ import annotations

import pickle
import string
from typing import Any

import pandas as pd
import pytest

from chaine_valeur.errors import ValidationError
from chaine_valeur.io.cells import Grid
from chaine_valeur.io.gather import gather
from chaine_valeur.language import tr
from chaine_valeur.problems import (
    CODES,
    PROBLEM_COLUMNS,
    SEVERITIES,
    Place,
    Problems,
    empty_problems,
    raise_if_errors,
    shown,
)

from .reading import read, told

AB: dict[str, Any] = {"actors": {"name": ["A", "B"]}}
STAGES: dict[str, Any] = {
    "stages": {"name": ["tri", "filature", "vente"], "rank": [1, 2, 3]},
    "stage_links": {"stage_id": ["tri", "filature"], "to_stage_id": ["filature", "vente"]},
}
JOB = {"actor_id": ["A", "B"], "stage_id": ["tri", "vente"]}
BACK = {"actor_id": ["A", "B"], "stage_id": ["vente", "tri"]}
MANY = {"actor_id": ["A", "A"], "stage_id": ["tri", "vente"]}
THERE = {"actor_id": ["A", "A"], "to_actor_id": ["B", "B"]}
AND_BACK = {"actor_id": ["A", "B"], "to_actor_id": ["B", "A"]}


def ab(**of_flows: Any) -> dict[str, Any]:
    """Two actors and flows from A to B."""
    count = len(next(iter(of_flows.values())))
    return {**AB, "flows": {"source": ["A"] * count, "target": ["B"] * count, **of_flows}}


def on_flows(column: str, *cells: Any) -> dict[str, Any]:
    return ab(**{column: list(cells)})


def on_actors(column: str, *cells: Any) -> dict[str, Any]:
    return {"actors": {"name": [f"A{place}" for place in range(len(cells))], column: list(cells)}}


#: code → tables, then sheet, row (none: of the whole), column and value of the problem, first of its code
IN_TABLES: dict[str, tuple[dict[str, Any], str, int | None, str, str]] = {
    "not_a_number": (on_flows("quantity_t_per_year", 12, "env. 300"), "Flux", 3, "Quantité", "env. 300"),
    "percentage": (on_flows("quantity_t_per_year", "12 %"), "Flux", 2, "Quantité", "12 %"),
    "not_an_integer": ({**AB, "stages": {"name": ["tri"], "rank": ["1,5"]}}, "Maillons", 2, "Rang", "1,5"),
    "not_a_year": (on_flows("year", 2020, "20"), "Flux", 3, "Année", "20"),
    "not_a_date": (on_actors("surveyed_on", None, "31/02/2020"), "Acteurs", 3, "Enquêté le", "31/02/2020"),
    "not_yes_or_no": (on_actors("natural_person", "bof"), "Acteurs", 2, "Personne physique", "bof"),
    "unknown_term": (on_actors("pole", "ESS", "zorg"), "Acteurs", 3, "Collège", "zorg"),
    "below_minimum": (on_flows("quantity_t_per_year", 0, -0.5), "Flux", 3, "Quantité", "-0,5"),
    "above_maximum": (on_actors("latitude", 90, 90.5), "Acteurs", 3, "Latitude", "90,5"),
    "exits_above_all": (
        {**AB, "outcomes": {"scope": ["cette filière"], "kind": ["sorties dynamiques"], "unit": ["part"],
                            "reached": [55]}},
        "Résultats", 2, "Atteint", "55",
    ),
    "share_above_one": (on_flows("share", 1, 30), "Flux", 3, "Part", "30"),
    "siret_form": (on_actors("siret", "732829320"), "Acteurs", 2, "SIRET", "732829320"),
    "naf_form": (on_actors("naf", "22.21"), "Acteurs", 2, "Code NAF", "22.21"),
    "rome_form": (
        {**AB, "recruitment_needs": {"actor_id": ["A"], "rome": ["K23"]}},
        "Besoins de recrutement", 2, "Code ROME", "K23",
    ),
    "option_circle": (
        {**AB, "options": {"name": ["Un", "Deux"], "kind": ["autre", "autre"]},
         "option_links": {"option_id": ["Un", "Deux"], "needs_option_id": ["Deux", "Deux"]}},
        "Enchaînement des options", 3, "Exige", "Deux",
    ),
    "exits_above_whole": (
        {**AB, "agreements": {"actor_id": ["A"], "exits": [3], "lasting_exits": [2], "transition_exits": [2]}},
        "Conventionnements", 2, "Sorties", "",
    ),
    "says_too_little": (
        {**AB, "options": {"name": ["Un"], "kind": ["activité"]}}, "Options", 2, "Maillon",
        "Activité à créer ou à renforcer",
    ),
    "commune_form": (on_actors("commune_code", "Caen"), "Acteurs", 2, "Code commune", "Caen"),
    "excel_error": (on_flows("quantity_t_per_year", "#REF!"), "Flux", 2, "Quantité", "#REF!"),
    "unknown_source": (on_actors("source_id", "Zorg"), "Acteurs", 2, "Source", "Zorg"),
    "unknown_mention": (
        {**AB, "groups": {"name": ["G", "H"], "referent_id": ["A", "Zorg"]}}, "Groupes", 3, "Référent", "Zorg",
    ),
    "min_above_max": (ab(min_t_per_year=[5, 6], max_t_per_year=[5, 5]), "Flux", 3, "Minimum connu", "6"),
    "missing_required": ({"actors": {"name": ["A", " "]}}, "Acteurs", 3, "Nom", ""),
    "duplicate_id": ({"actors": {"name": ["A", "A"]}}, "Acteurs", 3, "Nom", "A"),
    "duplicate_row": (
        {**AB, **STAGES, "activities": {"actor_id": ["A", "A"], "stage_id": ["tri", "tri"]}},
        "Activités", 3, "Acteur", "a · tri",
    ),
    "unknown_reference": (ab(material_id=[None, "or"]), "Flux", 3, "Matière", "or"),
    "unknown_flow": (ab(year=[2019, 2020], same_flow_as=[None, "7"]), "Flux", 3, "Même flux que", "7"),
    "ambiguous_reference": (
        {"actors": {"actor_id": ["a", "b"], "name": ["A", "A"]}, "flows": {"source": ["A"]}},
        "Flux", 2, "De", "A",
    ),
    "reference_set_aside": (
        {"actors": {"actor_id": ["a", "b"], "name": ["A", None]}, "flows": {"source": ["a"], "target": ["b"]}},
        "Flux", 2, "Vers", "b",
    ),
    "self_loop": ({**AB, "flows": {"source": ["A"], "target": ["A"]}}, "Flux", 2, "Vers", "A"),
    "self_tie": ({**AB, "cooperations": {"actor_id": ["A"], "to_actor_id": ["A"]}}, "Coopérations", 2, "Avec", "A"),
    "refers_to_itself": ({"actors": {"name": ["A", "B"], "part_of": ["B", "B"]}}, "Acteurs", 3, "Fait partie de", "B"),
    "flow_without_ends": ({**AB, "flows": {"quantity_t_per_year": [3]}}, "Flux", 2, "De", ""),
    "missing_column": ({**AB, "cooperations": {"actor_id": ["A"]}}, "Coopérations", None, "Avec", "Avec"),
    "sheet_not_read": (
        {"actors": {"siret": ["73282932000074"]}, "groups": {"name": ["G", "H"], "referent_id": ["A", "B"]}},
        "Groupes", None, "Référent", "2",
    ),
    "duplicate_siret": (on_actors("siret", *["73282932000074"] * 2), "Acteurs", 3, "SIRET", "73282932000074"),
    "same_name": ({"actors": {"actor_id": ["a", "b"], "name": ["A", "A"]}}, "Acteurs", 3, "Nom", "A"),
    "near_name": ({"actors": {"name": ["Étang", "ETANG"]}}, "Acteurs", 3, "Nom", "ETANG"),
    "siret_checksum": (on_actors("siret", "73282932000075"), "Acteurs", 2, "SIRET", "73282932000075"),
    "eaten_zeros": (on_actors("commune_code", 1001), "Acteurs", 2, "Code commune", "1001"),
    "thousands_or_decimals": (on_flows("quantity_t_per_year", 3, "1.250"), "Flux", 3, "Quantité", "1.250"),
    "flow_skips_stage": ({**ab(year=[2020]), **STAGES, "activities": JOB}, "Flux", 2, "Vers", ""),
    "flow_goes_back": ({**ab(year=[2020]), **STAGES, "activities": BACK}, "Flux", 2, "Vers", ""),
    "stage_to_choose": ({**ab(year=[2020]), **STAGES, "activities": MANY}, "Flux", 2, "Maillon de départ", "A"),
    "end_not_active": (
        {"actors": {"name": ["A", "B"], "status": [None, "fermé"]}, "flows": {"source": ["A"], "target": ["B"]}},
        "Flux", 2, "Vers", "B",
    ),
    "repeated_row": (ab(year=[2019, 2020, 2020]), "Flux", 4, "", "4"),
    "double_declaration": (ab(year=[2019, 2020, 2020], share=[None, None, 1]), "Flux", 3, "Même flux que", ""),
    "duplicate_tie": ({**AB, "cooperations": THERE}, "Coopérations", 3, "Avec", "A – B"),
    "tie_and_absence": (
        {**AB, "cooperations": {**THERE, "state": ["observée", "absence"]}}, "Coopérations", 3, "Avec", "A – B",
    ),
    "tie_both_ways": ({**AB, "cooperations": AND_BACK}, "Coopérations", 3, "Avec", "B – A"),
    "tie_rated_by_both": (
        {**AB, "cooperations": {**AND_BACK, "trust": [3, 2]}}, "Coopérations", 3, "Avec", "B – A",
    ),
    "quantity_outside_bounds": (
        ab(quantity_t_per_year=[5], max_t_per_year=["4,9"]), "Flux", 2, "Quantité", "5",
    ),
    "until_before_since": (
        {"actors": {"name": ["A"], "since": [2020], "until": [2019]}}, "Acteurs", 2, "Jusqu’à", "2019",
    ),
    "part_above_whole": (
        {**AB, **STAGES, "activities": {**JOB, "jobs_fte": [2, 2], "insertion_fte": [2, 2.5]}},
        "Activités", 3, "Dont insertion", "2,5",
    ),
    "level_of_other_kind": (
        {**AB, "markets": {"kind": ["gisement"], "level": ["exprimé"]}},
        "Gisements et débouchés", 2, "Niveau", "Débouché exprimé",
    ),
    "quantities_disagree": (
        {
            "materials": {"name": ["Papier"], "t_per_unit": ["0,45"]},
            **ab(material_id=["Papier"], quantity_t_per_year=[80], natural_quantity_per_year=[200]),
        },
        "Flux", 2, "Quantité naturelle", "80",
    ),
    "recipe_creates_matter": (
        {
            **AB, **STAGES, "materials": {"name": ["Papier"]},
            "recipes": {
                "stage_id": ["Tri", "Tri"], "side": ["entrée", "sortie"], "material_id": ["Papier", "Papier"],
                "t_per_t": [1, "1,2"],
            },
        },
        "Rendements et mélanges", 2, "Tonnes par tonne", "1,2",
    ),
    "same_flow_differs": (
        ab(flow_id=["x", "y"], year=[2019, 2020], same_flow_as=[None, "x"]), "Flux", 3, "Même flux que", "",
    ),
    "actor_called_total": ({"actors": {"name": ["A", "TOTAL"]}}, "Acteurs", 3, "Nom", "TOTAL"),
    "no_actors": ({"actors": {"name": []}}, "Acteurs", None, "", ""),
    "approximate_date": (on_actors("surveyed_on", "mars 2024"), "Acteurs", 2, "Enquêté le", "mars 2024"),
    "inexact_reference": ({**AB, "flows": {"source": ["a "], "target": ["b."]}}, "Flux", 2, "Vers", "b."),
    "contact_column": ({"actors": {"name": ["A"], "E-mail": ["x@y.fr"]}}, "Acteurs", None, "E-mail", "E-mail"),
    "no_expected_chain": (AB, "Enchaînements attendus", None, "", ""),
}  # fmt: skip

ACTORS = [["Nom"], ["A"], ["B"]]
LINKS = ["De", "Vers", "Type"]
#: The same for what only a reader of files can find: sheets of cells.
IN_SHEETS: dict[str, tuple[dict[str, list[list[Any]]], str, int | None, str, str]] = {
    "no_headers": ({"Acteurs": ACTORS, "Flux": [["A", "B", 12.0]]}, "Flux", 1, "", ""),
    "absent_flow": (
        {"Acteurs": ACTORS, "Liens": [[*LINKS, "Constat"], ["A", "B", "Flux", "absence"]]},
        "Liens", 2, "Constat", "absence",
    ),
    "figures_without_stage": (
        {"Acteurs": [["Nom", "Maillons", "Emplois"], ["A", "", 3.0]]}, "Acteurs", 2, "Maillons", "A",
    ),
    "total_row": (
        {"Acteurs": [["Nom", "Emplois", "Maillons"], ["A", 3.0, "tri"], ["Total", 3.0, ""]]},
        "Acteurs", 3, "Nom", "Total",
    ),
    "year_in_header": (
        {"Acteurs": ACTORS, "Flux": [["De", "Vers", "Tonnage 2024"], ["A", "B", 3.0]]},
        "Flux", 1, "Tonnage 2024", "Tonnage 2024",
    ),
    "differs_from_first": (
        {"Acteurs": ACTORS, "Groupes": [["Groupe", "Type", "Membre"], ["G", "COPIL", "A"], ["G", "Forum", "B"]]},
        "Groupes", 3, "Type", "Forum",
    ),
    "duplicate_header": (
        {"Acteurs": [["Nom", "Collège", "Collège"], ["A", "ESS", ""]]}, "Acteurs", 1, "Collège", "Collège",
    ),
    "unknown_column": ({"Acteurs": [["Nom", "Surface"], ["A", 3.0]]}, "Acteurs", 1, "Surface", "Surface"),
    "unknown_sheet": ({"Acteurs": ACTORS, "Acteurz": [["Nom"], ["Z"]]}, "Acteurz", None, "", "Acteurz"),
    "not_for_this_kind": (
        {"Acteurs": ACTORS, "Liens": [[*LINKS, "Intensité"], ["A", "B", "Flux", "Contrat"]]},
        "Liens", 2, "Intensité", "Intensité",
    ),
    "created_from_use": (
        {"Acteurs": ACTORS, "Liens": [[*LINKS, "Matière"], ["A", "B", "Flux", "bois"]]}, "Liens", 2, "Matière", "bois",
    ),
}  # fmt: skip


def of_sheets(unknown: str = "unknown_sheet", lang: str = "fr", **sheets: Any) -> Any:
    grids = [Grid.of(name, [list(row) for row in rows]) for name, rows in sheets.items()]
    return gather(grids, Problems(lang), strict=False, lang=lang, unknown=unknown)


def made(code: str, lang: str = "fr") -> Any:
    """The filière of the least input that makes a problem."""
    if code in IN_TABLES:
        return read(lang=lang, **IN_TABLES[code][0])
    return of_sheets(lang=lang, **IN_SHEETS[code][0])


def test_every_code_has_its_input():
    assert set(IN_TABLES) | set(IN_SHEETS) | {"unknown_file"} == set(CODES)
    f = of_sheets("unknown_file", **{"Acteurs.csv": ACTORS, "Divers.csv": [["Nom"], ["Z"]]})
    assert told(f, "unknown_file") == [("unknown_file", "Divers.csv", None, "", "Divers.csv")]


@pytest.mark.parametrize("code", [*IN_TABLES, *IN_SHEETS])
def test_it_is_found_where_it_stands(code):
    _, sheet, row, column, value = (IN_TABLES | IN_SHEETS)[code]
    f = made(code)
    assert told(f, code)[:1] == [(code, sheet, row, column, value)]
    assert len(told(f, code)) == 1, "said once"
    problem = f.problems[f.problems["code"] == code].iloc[0]
    assert problem["severity"] == CODES[code][0]
    assert value in problem["message"] or "{value}" not in CODES[code][1]
    assert "{" not in problem["message"], "a field of the sentence was left empty"
    if problem["severity"] == "error":  # and strict reading stops there
        with pytest.raises(ValidationError, match="strict=False"):
            raise_if_errors(f.problems)
    # an error costs a row or a cell, and either is counted; nothing else costs anything
    errors = (f.problems["severity"] == "error").any()
    assert errors == bool(f.set_aside or f.unknown_cells) or code == "no_headers"


@pytest.mark.parametrize(
    "code", ["unknown_term", "not_a_number", "self_loop", "created_from_use", "unknown_column"]
)
def test_it_is_told_in_english_too(code):
    french, english = made(code), made(code, lang="en")
    assert french.problems["code"].tolist() == english.problems["code"].tolist()
    assert french.problems["row"].equals(english.problems["row"])
    assert not set(french.problems["message"]) & set(english.problems["message"])


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_is_told_in_both_languages_with_the_same_fields(code):
    severity, message = CODES[code]
    french, english = tr(message, "fr"), tr(message, "en")
    assert severity in SEVERITIES
    assert english == message
    assert french != english
    fields = [
        sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})
        for text in (french, english)
    ]
    assert fields[0] == fields[1]
    assert english[0].isupper() or english[0] in "“{"
    assert english.rstrip("}").endswith((".", ":", "?", "{close")), "it is a sentence"
    # French signs are held to what goes before by a no-break space
    for sign, blank in ((":", "\u00a0"), (";", "\u202f"), ("?", "\u202f"), ("»", "\u00a0")):
        for place in range(len(french)):
            if french[place] == sign:
                assert french[place - 1] == blank, f"{french!r}: {sign}"
    assert "'" not in french


def test_problems_come_worst_first_then_in_the_order_of_the_workbook():
    f = read(
        actors={
            "name": ["A", "a", None],
            "siret": ["73282932000075", None, None],
            "surveyed_on": [2020, None, "x"],
        },
        flows={"source": ["A"], "target": ["B"]},
    )
    severities = f.problems["severity"].tolist()
    assert severities == sorted(severities, key=SEVERITIES.index)
    assert [(code, row) for code, _, row, _, _ in told(f)] == [
        ("not_a_date", 4), ("missing_required", 4), ("unknown_reference", 2),
        ("siret_checksum", 2), ("near_name", 3),
        ("no_expected_chain", None), ("approximate_date", 2),  # stages stand before actors
    ]  # fmt: skip
    assert f.problems.index.equals(pd.RangeIndex(7))


def test_close_names_and_choices_are_told():
    f = read(actors={"name": ["Cobanor", "CREPIM"], "pole": ["ES", None]}, flows={"source": ["Cobanro"]})
    messages = dict(zip(f.problems["code"], f.problems["message"], strict=True))
    assert "Vouliez-vous dire" in messages["unknown_reference"]
    assert "Cobanor" in messages["unknown_reference"]
    assert "CREPIM" not in messages["unknown_reference"]
    assert "Économie sociale" in messages["unknown_term"] or "ESS" in messages["unknown_term"]
    assert Problems("fr").close_hint([]) == ""
    assert Problems("en").close_hint(["a", "b"]) == " Did you mean: a / b?"


def test_a_place_knows_how_its_columns_are_called():
    sheets = pd.Series(["Flux", "Liens"])
    place = Place("flows", sheets, pd.Series([2, 7]), {"source": "De"}, {"Liens": {"source": "Origine"}})
    assert place.header(0, "source") == "De"
    assert place.header(1, "source") == "Origine"
    assert place.header(1, "target") == "target"
    problems = Problems("en")
    problems.at(place, 1, "self_loop", "source", value="X")
    assert problems.frame().iloc[0][["sheet", "row", "column"]].tolist() == ["Liens", 7, "Origine"]


def test_a_value_is_shown_as_typed_and_never_too_long():
    assert shown(276.0) == "276"
    assert shown(2.5) == "2.5"
    assert shown(None) == ""
    assert shown("x" * 120) == "x" * 120
    assert shown("x" * 121) == "x" * 119 + "…"


def test_fields_that_look_like_fields_are_plain_text():
    f = read(actors={"name": ["A"], "pole": ["{0.__class__} {value}"]})
    assert "{0.__class__} {value}" in f.problems["message"].iloc[0]


def test_the_frame_has_one_shape_even_empty():
    assert Problems().frame().dtypes.equals(empty_problems().dtypes)
    assert list(Problems().frame().columns) == PROBLEM_COLUMNS
    problems = Problems()
    problems.add("no_actors", target="x")
    assert problems.frame().dtypes.equals(empty_problems().dtypes)
    raise_if_errors(problems.frame())  # a warning stops nothing
    raise_if_errors(empty_problems())


def test_an_error_of_a_cell_a_row_and_a_sheet_is_placed():
    problems = Problems("fr")
    problems.add("not_a_number", table="flows", sheet="Flux", row=3, column="Quantité", value="x")
    problems.add("flow_without_ends", table="flows", sheet="Flux", row=4)
    problems.add("missing_column", table="actors", sheet="Acteurs", value="Nom")
    with pytest.raises(ValidationError) as caught:
        raise_if_errors(problems.frame(), most=2)
    lines = str(caught.value).splitlines()
    assert lines[0] == "3 erreurs dans les données\u00a0:"
    assert lines[1].startswith("- Acteurs · ")
    assert lines[2].startswith("- Flux, ligne\u00a03, Quantité · ")
    assert "1 autre" in lines[3]
    with pytest.raises(ValidationError, match="- Flux, ligne\u00a04 · "):
        raise_if_errors(problems.frame())
    assert len(caught.value.problems) == 3
    assert pickle.loads(pickle.dumps(caught.value)).problems.equals(caught.value.problems)
