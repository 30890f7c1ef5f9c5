"""Robustness and tornadoes in words, in both languages."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.planning.robustness import Cells, robustness, tornado
from chaine_valeur.planning.robustness.drawing import doubt_table
from chaine_valeur.planning.robustness.headline import Headline, Reading
from chaine_valeur.planning.robustness.outcome import chosen_options, reason_of
from chaine_valeur.planning.robustness.tornado_words import input_name, tornado_notes, tornado_sentence
from chaine_valeur.planning.robustness.wording import (
    amount,
    drawing_notes,
    finding_name,
    finding_sentence,
    indicator_sentence,
    option_sentence,
)
from tests.planning.robust_hand import Plan, filiere, large_flow, plain, total


def finding(**changed: Any) -> dict[str, Any]:
    row = {
        "kind": "missing_passage", "stage_id": "s", "to_stage_id": None, "actor_id": None, "to_actor_id": None,
        "group_id": None, "material_id": "m", "in_base": True, "n_draws": 200, "n_found": 184, "unit": "t/year",
        "quantity_p5": math.nan, "quantity_p95": math.nan,
    }  # fmt: skip
    return {**row, **changed}


@pytest.mark.parametrize(
    ("changed", "french", "english"),
    [
        ({}, "retrouvé dans 92 % des tirages.", "found in 92% of the draws."),
        ({"n_found": 200}, "retrouvé dans tous les tirages.", "found in every draw."),
        # never 100 % for less than all, nor 0 % for more than none
        ({"n_found": 199}, "retrouvé dans 99,5 % des tirages.", "found in 99.5% of the draws."),
        ({"n_draws": 1000, "n_found": 1}, "retrouvé dans 0,1 % des tirages.", "found in 0.1% of the draws."),
        ({"n_draws": 12, "n_found": 7}, "retrouvé dans 7 des 12 tirages.", "found in 7 of 12 draws."),
        ({"n_draws": 0, "n_found": 0}, "retrouvé dans aucun tirage.", "found in no draw."),
        (
            {"n_found": 0},
            "trouvé dans les chiffres tels quels, dans aucun tirage.",
            "found in the figures as stated, in no draw.",
        ),
        (
            {"in_base": False, "n_found": 40},
            "absent des chiffres tels quels, trouvé dans 20 % des tirages.",
            "not found in the figures as stated, found in 20% of the draws.",
        ),
        (
            {"quantity_p5": 40.0, "quantity_p95": 90.0},
            "retrouvé dans 92 % des tirages, de 40 à 90 t/an.",
            "found in 92% of the draws, from 40 to 90 t/year.",
        ),
        (
            {"quantity_p5": 40.0, "quantity_p95": 40.0},
            "retrouvé dans 92 % des tirages, 40 t/an.",
            "found in 92% of the draws, 40 t/year.",
        ),
        (
            {"quantity_p5": 0.1, "quantity_p95": 0.3, "unit": "share"},
            "retrouvé dans 92 % des tirages, de 10 % à 30 %.",
            "found in 92% of the draws, from 10% to 30%.",
        ),
    ],
)
def test_findings(changed: dict[str, Any], french: str, english: str) -> None:
    f = filiere(stages={"stage_id": ["s"], "name": ["Tri"]})
    for lang, told, head in (
        ("fr", french, "Passage manquant (Tri, Papier) : "), ("en", english, "Missing passage (Tri, Papier): "),
    ):  # fmt: skip
        assert plain([finding_sentence(f, finding(**changed), lang=lang)]) == [head + told]


def test_the_name_of_a_finding() -> None:
    f = filiere(stages={"stage_id": ["s"], "name": ["Tri"]})
    assert finding_name(f, finding(stage_id=None, material_id=None), lang="fr") == "Passage manquant"
    assert finding_name(f, finding(kind="own_kind", material_id="gone"), lang="en") == "own_kind (Tri, gone)"
    assert (
        finding_name(f, finding(actor_id="a", to_actor_id="b"), lang="fr")
        == "Passage manquant (Tri, A, B, Papier)"
    )


def indicator(**changed: float) -> dict[str, Any]:
    return {"value": 260.0, "unit": "t/year", "p5": 215.0, "p95": 300.0, "share_unknown": 0.0, **changed}


@pytest.mark.parametrize(
    ("changed", "french"),
    [
        ({}, "Débit : 260 t/an ; de 215 à 300 t/an dans neuf tirages sur dix."),
        ({"p5": 260.0, "p95": 260.0}, "Débit : 260 t/an ; le même dans neuf tirages sur dix."),
        ({"share_unknown": 0.25},
         "Débit : 260 t/an ; de 215 à 300 t/an dans neuf tirages sur dix ; inconnu dans 25 % des tirages."),
        ({"value": math.nan, "p5": math.nan, "p95": math.nan, "share_unknown": 1.0},
         "Débit : inconnu ; inconnu dans 100 % des tirages."),
    ],
)  # fmt: skip
def test_indicators(changed: dict[str, float], french: str) -> None:
    assert plain([indicator_sentence(indicator(**changed), name="Débit", lang="fr")]) == [french]


@pytest.mark.parametrize(
    ("in_base", "count", "french"),
    [
        (True, 184, "« Trier » : retenue dans 92 % des tirages."),
        (True, 200, "« Trier » : retenue dans tous les tirages."),
        (False, 20, "« Trier » : non retenue avec les chiffres tels quels, retenue dans 10 % des tirages."),
        (False, 0, "« Trier » : jamais retenue."),
        (True, 0, "« Trier » : retenue avec les chiffres tels quels, dans aucun tirage."),
    ],
)
def test_options(in_base: bool, count: int, french: str) -> None:
    row = {"name": "Trier", "in_base": in_base, "n_draws": 200, "n_taken": count}
    assert plain([option_sentence(row, lang="fr")]) == [french]
    assert option_sentence(row, lang="en").startswith("“Trier”: ")


def test_amounts() -> None:
    assert plain([amount(0.25, "share", "fr"), amount(3.0, "count", "fr"), amount(1234.0, "EUR/year", "fr")]) == [
        "25 %", "3", "1 234 €/an",
    ]  # fmt: skip


def test_notes_count_what_failed_and_what_is_constant() -> None:
    drawn = robustness(filiere(), draws=1, checks=[], indicators=[]).drawn
    told = plain(
        drawing_notes(
            drawn, draws=1, seed=9, uncertainty={"measured": 0.05, "": 0.25}, doubt={"hypothesis": 0.3, "": 0.1},
            constant=1, failed=2, lang="fr",
        )
    )  # fmt: skip
    assert told[0] == "1 tirage, graine 9." and told[1] == "Chiffres tirés : Flux : 2."
    assert "(mesuré 5 % et non précisée 25 %)" in told[2]
    assert told[5] == "Lignes qui peuvent manquer : hypothèse 30 % et non précisée 10 %."
    assert told[6].startswith("1 constat ne repose sur aucun chiffre tiré") and told[7].startswith(
        "2 calculs ont"
    )
    none = drawing_notes(
        drawn.iloc[:0], draws=2, seed=0, uncertainty={}, doubt={}, constant=0, failed=0, lang="en"
    )
    assert (
        len(none) == 6
        and none[1].startswith("No figure is uncertain")
        and none[5].startswith("No row is taken out")
    )


# -- tornadoes ----------------------------------------------------------------------------------------


def headline(kind: str, *, stands: bool | None = True, value: float = 5.0, unit: str = "t/year") -> Headline:
    base = Reading(stands, value)
    return Headline(kind, "h", "Tri", unit, lambda f: base, base, frozenset(), {})


def moved(**changed: Any) -> dict[str, Any]:
    row = {
        "table": "flows", "row_id": "f1", "column": "quantity_t_per_year", "unit": "t/year", "stated": 100.0,
        "low": 70.0, "high": 140.0, "at_low": 3.0, "at_high": 8.0, "change": math.nan, "change_to": math.nan,
    }  # fmt: skip
    return {**row, **changed}


@pytest.mark.parametrize(
    ("asked", "threshold", "row", "end"),
    [
        (headline("finding"), None, {"change": -0.2, "change_to": 80.0},
         "à 80 t/an au lieu de 100 t/an (−20 %), le constat disparaîtrait."),
        (headline("finding", stands=False), None, {"change": 0.2, "change_to": 120.0},
         "à 120 t/an au lieu de 100 t/an (+20 %), le constat apparaîtrait."),
        (headline("option", value=1.0), None, {"change": 0.2, "change_to": 120.0}, "l’option sortirait du plan."),
        (headline("option", stands=False, value=0.0), None, {"change": 0.2, "change_to": 120.0},
         "l’option entrerait dans le plan."),
        (headline("indicator"), 4.0, {"change": 0.2, "change_to": 120.0}, "le chiffre passerait au-dessous de 4 t/an."),
        (headline("indicator", stands=False), 9.0, {"change": 0.2, "change_to": 120.0},
         "le chiffre atteindrait 9 t/an."),
        (headline("indicator"), None, {"change": 0.2, "change_to": 120.0}, "le chiffre ne serait plus connu."),
        (headline("indicator", stands=None), None, {"change": 0.2, "change_to": 120.0}, "le chiffre serait connu."),
        (headline("indicator"), None, {}, "70 t/an ou 140 t/an au lieu de 100 t/an donnent 3 t/an ou 8 t/an."),
        (headline("indicator"), None, {"at_low": 5.0, "at_high": 5.001},
         "70 t/an ou 140 t/an au lieu de 100 t/an n’y changent presque rien."),
        (headline("indicator"), None, {"at_low": math.nan},
         "70 t/an ou 140 t/an au lieu de 100 t/an donnent inconnu ou 8 t/an."),
        (headline("finding"), None, {"at_low": 0.0},
         "70 t/an ou 140 t/an au lieu de 100 t/an donnent aucun constat ou 8 t/an."),
        (headline("option"), None, {"at_low": 0.0, "at_high": 1.0},
         "70 t/an ou 140 t/an au lieu de 100 t/an donnent non retenue ou retenue."),
    ],
)  # fmt: skip
def test_what_an_input_does(asked: Headline, threshold: float | None, row: dict[str, Any], end: str) -> None:
    said = tornado_sentence(filiere(), asked, moved(**row), threshold=threshold, lang="fr")
    assert plain([said])[0].startswith("Flux (Papier, A → B) : Quantité : ") and plain([said])[0].endswith(
        end
    )
    english = tornado_sentence(filiere(), asked, moved(**row), threshold=threshold, lang="en")
    assert english.startswith("Flows (Papier, A → B): Quantity: ") and english.endswith(".")
    assert not re.search(r"[éèà]", english)


def test_notes_of_a_tornado() -> None:
    notes = {
        count: plain(tornado_notes(headline("finding"), k=1.64, within=4, n_tried=3, n_inputs=9, count=count, lang="fr"))
        for count in (0, 1, 2)
    }  # fmt: skip
    assert (
        notes[1][0] == "Tri : 5 t/an."
        and "à 1,64 incertitudes-types" in notes[1][1]
        and "3 des 9" in notes[1][1]
    )
    assert [notes[count][2] for count in (0, 1, 2)] == [
        "Aucun d’entre eux ne le renverse.", "1 d’entre eux le renverse.", "2 d’entre eux le renversent.",
    ]  # fmt: skip


def test_inputs_are_named_as_a_reader_names_them() -> None:
    f = datasets.load("exemple_complet")
    for (name, row, column), french in {
        ("flows", "fibre-export", "quantity_t_per_year"):
            "Flux (Fibre de papier, Papeterie du Vieux Bac → extérieur, 2024) : Quantité",
        ("activities", "isolouate-fabrication-2024", "capacity_t_per_year"):
            "Activités (Isolouate, Fabrication de la ouate, 2024) : Capacité",
        ("recipes", "mixte-sel", "t_per_t"):
            "Rendements et mélanges (Fabrication de la ouate, Ouate mixte, Entrée, Sel ignifugeant) : Tonnes par tonne",
        ("stages", "effilochage", "minimum_viable_t_per_year"):
            "Maillons (Effilochage du coton, Opération) : Taille minimale viable",
    }.items():  # fmt: skip
        told = plain([input_name(f, name, row, column, lang="fr")])[0]
        assert told.replace("à l’extérieur", "extérieur") == french
    # every figure that may be moved has a name of its own in its table
    cells = Cells.of(f)
    where = [cells.where(int(place)) for place in cells.moving]
    names = [input_name(f, *place, lang="en") for place in where]
    assert all(names) and len(set(names)) > 0.95 * len(names)


def test_sentences_follow_the_language_asked_for() -> None:
    made = robustness(
        filiere(), draws=40, checks=[(large_flow, {"limit": 90})], indicators=["B10"], lang="fr"
    )
    assert made.sentences() == made.sentences("fr") != made.sentences("en")
    assert made.notes() == made.notes("fr") != made.notes("en")
    found = tornado(filiere(), total(), lang="en")
    assert found.sentences() == found.sentences("en") != found.sentences("fr")
    with pytest.raises(UnknownNameError):
        made.sentences("de")


# -- small things -------------------------------------------------------------------------------------


def test_reasons_are_one_line_and_short() -> None:
    assert reason_of(ValueError("a\n  b")) == "ValueError: a b" and reason_of(MemoryError()) == "MemoryError"
    assert len(reason_of(ValueError("x" * 1000))) == 200


def test_options_chosen() -> None:
    assert chosen_options(Plan("b", "a", "b")) == ("b", "a") and chosen_options(Plan()) == ()
    for wrong in (None, 3, Filiere.from_tables(actors={"name": ["A"]})):
        with pytest.raises(ArgumentError, match="chosen"):
            chosen_options(wrong)


def test_doubts() -> None:
    assert doubt_table(0.0) == {} and doubt_table(0.2) == {"hypothesis": 0.2}
    assert doubt_table({"estimated": 0.1, "measured": 0}) == {"estimated": 0.1}
