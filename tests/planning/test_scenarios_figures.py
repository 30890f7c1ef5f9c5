"""Figures that a change meets: unknown, in natural units, declared several times, below 0; what is told of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import ArgumentError, UnknownNameError, ValidationError
from chaine_valeur.planning.scenarios import (
    Change,
    Scenario,
    add_activity,
    add_cooperation,
    add_demand,
    add_flow,
    add_supply,
    apply,
    compare_scenarios,
    describe,
    scenarios_of,
    stop_actor,
)
from chaine_valeur.quantities import in_tonnes
from tests.report.readers import plain

TABLES: dict[str, Any] = {
    "filiere": {"name": ["Essai"], "territory_id": ["val"], "reference_year": [2024]},
    "territories": {"territory_id": ["val"] * 3, "name": ["Val"] * 3, "kind": ["epci"] * 3,
                    "commune_code": ["76384", "76114", "76476"], "commune_name": ["Lillebonne", "Bolbec", "Notre-Dame"],
                    "until": [2019, None, None]},
    "stages": {"stage_id": ["tri", "vente"], "name": ["Tri", "Vente"], "rank": [1, 2], "kind": ["operation", "market"]},
    "materials": {"material_id": ["ouate"], "name": ["Ouate"], "unit": ["sac"], "t_per_unit": [0.0125]},
    "actors": {"name": ["A", "B", "C"], "commune_code": ["76114"] * 3},
    "activities": {"activity_id": ["a"], "actor_id": ["A"], "stage_id": ["tri"], "capacity_t_per_year": [None],
                   "insertion_fte": [2.0]},
    # 800 sacks are 10 t; B says 12 t of the same flow, by hearsay; the third is a share of what leaves B
    "flows": {"flow_id": ["sacs", "dit", "part"], "source": ["A", "A", "B"], "target": ["B", "B", "C"],
              "material_id": ["ouate"] * 3, "natural_quantity_per_year": [800, None, None],
              "quantity_t_per_year": [None, 12, None], "share": [None, None, 0.4], "share_of": [None, None, "sent"],
              "confidence": ["measured", "hypothesis", None], "same_flow_as": [None, "sacs", None]},
    "markets": {"market_id": ["c-sacs", "b-inconnu"], "actor_id": ["C", "B"], "material_id": ["ouate"] * 2,
                "kind": ["demand"] * 2, "level": ["contracted", None], "natural_quantity_per_year": [1600, None]},
}  # fmt: skip


@pytest.fixture(scope="module")
def f() -> Filiere:
    return Filiere.from_tables(**TABLES)


def after(f: Filiere, *changes: Change) -> Filiere:
    return apply(f, Scenario("Essai", changes))


# -- figures that stand in other ways -------------------------------------------------------------------------


def test_natural_quantities_are_converted_before_they_grow(f):
    grown = after(f, add_flow("ouate", 5, source="a", target="b"), add_demand("ouate", 4, actor_id="c"))
    assert grown.flows.loc[["sacs", "dit"], "quantity_t_per_year"].tolist() == [
        15,
        17,
    ]  # 800 × 0.0125 + 5, 12 + 5
    assert pd.isna(grown.flows.loc["sacs", "natural_quantity_per_year"])  # 800 sacks would be another tonnage
    assert in_tonnes(grown, "markets")["c-sacs"] == 24  # 1600 × 0.0125 + 4
    assert grown.network.flow_t[0] == 15  # the weighed one counts, once


def test_a_flow_falls_to_nothing_even_where_another_declaration_says_less(f):
    # 10 t are weighed: 10 may be taken off; of the 12 of the other, 2 stay
    none = after(f, add_flow("ouate", -10, source="a", target="b"))
    assert none.flows.loc[["sacs", "dit"], "quantity_t_per_year"].tolist() == [0, 2]
    with pytest.raises(ArgumentError, match=r"-11\st/an pour 10\st/an"):
        after(f, add_flow("ouate", -11, source="a", target="b"))
    less = Filiere.from_tables(
        **{**TABLES, "flows": {**TABLES["flows"], "quantity_t_per_year": [None, 7, None]}}
    )
    # 9 off the 10 weighed leave 1; the 7 of hearsay cannot be less than nothing
    assert after(less, add_flow("ouate", -9, source="a", target="b")).flows["quantity_t_per_year"].tolist()[
        :2
    ] == [1, 0]


def test_a_share_of_an_unknown_whole_stays_one(f):
    grown = after(f, add_flow("ouate", 5, source="b", target="c"))
    assert pd.isna(grown.flows.loc["part", "quantity_t_per_year"]) and grown.flows.loc["part", "share"] == 0.4
    assert grown == f  # nothing is written, so nothing is said to be supposed


@pytest.mark.parametrize(
    "change",
    [add_activity("tri", actor_id="a", insertion_fte=-2.5), add_activity("vente", actor_id="a", jobs_fte=-1),
     add_demand("ouate", -21, actor_id="c"), add_demand("ouate", -1, stage_id="vente"),
     add_flow("ouate", -1, source="c")],
)  # fmt: skip
def test_nobody_takes_off_more_than_there_is(f, change):
    with pytest.raises(ArgumentError, match=r"changement 1\s: .*retirez moins"):
        after(f, change)


def test_insertion_posts_may_fall_to_none(f):
    assert (
        after(f, add_activity("tri", actor_id="a", insertion_fte=-2)).activities.loc["a", "insertion_fte"]
        == 0
    )


def test_only_cells_that_changed_are_said_to_be_supposed(f):
    said = after(f, add_activity("tri", actor_id="a", capacity_t_per_year=9, insertion_fte=1)).cell_sources
    assert said[["table", "row_id", "column"]].values.tolist() == [["activities", "a", "insertion_fte"]]
    new = after(
        f, add_activity("vente", actor_id="a", jobs_fte=1), add_activity("vente", actor_id="a", jobs_fte=2)
    )
    assert new.cell_sources.empty and new.activities.iloc[-1]["jobs_fte"] == 3  # the row says it of itself


def test_a_scenario_on_a_scenario_adds_up(f):
    once = after(f, add_flow("ouate", 1, source="a", target="b"), add_flow("ouate", 2, source="c"))
    twice = after(once, add_flow("ouate", 1, source="a", target="b"), add_flow("ouate", 3, source="b"))
    assert twice.flows.loc["sacs", "quantity_t_per_year"] == 12
    assert twice.flows.index.is_unique and len(twice.flows) == 5
    assert len(twice.cell_sources) == len(once.cell_sources)  # one word on a cell, the latest


# -- what is not stated ---------------------------------------------------------------------------------------


def test_the_commune_taken_for_granted_is_one_of_today_and_is_told(f):
    new = add_activity("tri", new_actor="Neuf", jobs_fte=2)
    actor = after(f, new).actors.loc["neuf"]
    assert (actor["commune_code"], actor["commune_name"]) == ("76114", "Bolbec")  # Lillebonne left in 2019
    assert plain(actor["hypothesis"]) == "Scénario « Essai ». Commune supposée : Bolbec."
    stated = after(f, add_activity("tri", new_actor="Neuf", commune_code="76476")).actors.loc["neuf"]
    assert plain(stated["hypothesis"]) == "Scénario « Essai »." and stated["commune_name"] == "Notre-Dame"
    nowhere = f.with_table("filiere", pd.DataFrame({"name": ["Essai"]}))
    assert pd.isna(after(nowhere, new).actors.loc["neuf", "commune_code"])


def test_what_was_taken_for_granted_is_described(f):
    scenario = Scenario("Essai", [
        add_activity("tri", new_actor="Neuf", jobs_fte=2),
        add_activity("tri", actor_id="a", capacity_t_per_year=30, insertion_fte=1),
        add_flow("ouate", 5, source="b", target="c"),
        add_demand("ouate", 3, actor_id="b"),
        add_flow("ouate", 5, source="a", target="b"),
    ])  # fmt: skip
    assert [plain(text) for text in describe(scenario, f)] == [
        "Neuf au maillon « Tri » : +2 ETP au total. Commune supposée : Bolbec.",
        "A au maillon « Tri » : +30 t/an de capacité ; +1 ETP d’insertion. "
        "Inconnu aujourd’hui, donc toujours inconnu : capacité.",
        "B → C : +5 t/an (Ouate). Inconnu aujourd’hui, donc toujours inconnu : quantité.",
        "Débouché, B : +3 t/an (Ouate). Inconnu aujourd’hui, donc toujours inconnu : quantité.",
        "A → B : +5 t/an (Ouate).",
    ]


def test_a_scenario_that_cannot_be_applied_can_be_read(f):
    scenario = Scenario("Essai", [stop_actor("zorg"), add_flow("ouate", None, source="a")])
    assert [plain(text) for text in describe(scenario, f, lang="en")] == [
        "zorg stops.",
        "A → outside: Ouate passes, tonnage not stated.",
    ]


# -- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        (Change("add_actvity", stage_id="tri"), UnknownNameError, "did you mean: add_activity"),
        (add_activity("tri", new_actor="Neuf", structure_kind="ACX"), UnknownNameError, "did you mean: ACI"),
        (add_cooperation("joint_projet", actor_id="a", to_actor_id="b"), UnknownNameError, "did you mean: joint_project"),
        (add_flow("ouate", float("inf"), source="a"), ArgumentError, "quantity_t_per_year=inf is not a number"),
        (add_flow("ouate", "12", source="a"), ArgumentError, "'12' is not a number"),  # type: ignore[arg-type]
        (add_activity("tri", actor_id="a", jobs_fte=True), ArgumentError, "jobs_fte=True"),
        (Change("add_activity", actor_id="a"), ArgumentError, "Maillon"),
        (Change("stop_actor"), ArgumentError, "Acteur"),
        (Change("add_supply", actor_id="a"), ArgumentError, "Matière"),
        (Change("add_flow", actor_id="a"), ArgumentError, "Matière"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_meant(f, change, error, told):
    with pytest.raises(error, match=r"scénario «\sEssai\s», changement 1") as raised:
        after(f, change)
    assert told in plain(str(raised.value))


def test_the_row_of_the_table_is_named(f):
    rows = {"change_id": ["s-1", "s-2"], "scenario": ["S"] * 2, "change": ["add_flow"] * 2, "actor_id": ["A", "A"],
            "material_id": ["ouate", None]}  # fmt: skip
    stated = f.with_table("scenarios", pd.DataFrame(rows))
    with pytest.raises(ArgumentError, match=r"changement 2 \(s-2\)"):
        apply(stated, scenarios_of(stated)["S"])


def test_tables_that_do_not_hold_are_told_with_the_scenario(f):
    with pytest.raises(ValidationError, match=r"scénario «\sEssai\s»: ") as raised:
        after(f, add_activity("tri", new_actor="Neuf", commune_code="1"))
    assert "commune_form" in raised.value.problems["code"].tolist()


def test_nan_says_nothing(f):
    nan = float("nan")
    assert add_flow("ouate", nan, source="a").quantity_t_per_year is None
    assert add_activity("tri", capacity_t_per_year=np.float64("nan")) == add_activity("tri")
    grown = after(f, add_flow("ouate", nan, source="c"))
    assert pd.isna(grown.flows.iloc[-1]["quantity_t_per_year"])


# -- compared -------------------------------------------------------------------------------------------------


def test_insertion_jobs_come_first_where_they_change(f):
    wanted = [
        Scenario("Un poste", [add_activity("tri", actor_id="a", insertion_fte=1.5)]),
        Scenario("Arrêt", [stop_actor("a")]),
    ]
    table = compare_scenarios(f, wanted).table
    row = table.loc["insertion_fte"]
    assert table.index[0] == "insertion_fte" and row["unit"] == "FTE"
    assert (row["today"], row["Un poste"]) == (2, 3.5)
    assert pd.isna(row["Arrêt"])  # nobody left who states any: unknown, not 0
    still = compare_scenarios(f, [Scenario("Autre", [add_supply("ouate", 3, stage_id="tri")])]).table
    assert "insertion_fte" not in still.index and list(still.columns) == [
        "name",
        "scope",
        "unit",
        "today",
        "Autre",
    ]


def test_a_scenario_without_changes_changes_nothing(f):
    found = compare_scenarios(f, [Scenario("Rien", [])], lang="en")
    assert found.sentences("Rien") == ["Nothing that was looked at differs."]
    assert found.table.empty and found.findings.empty and found.described["Rien"] == ()


def test_the_second_scenario_of_the_example_keeps_the_fibre_in_the_territory():
    f = datasets.load("exemple_complet").at(2024)
    scenario = scenarios_of(f)["Habitat Brume achète 100 t de plus"]
    grown = apply(f, scenario)
    assert grown.flows.loc["fibre-export", "quantity_t_per_year"] == 80  # 140 − 60
    assert grown.flows.loc["ouate-isolouate", "quantity_t_per_year"] == 223  # 158 + 65
    # Isolouate can make 240 t; 60 t of fibre at 0.88 t per tonne are 68 t of wadding
    capacity = grown.activities.loc["isolouate-fabrication-2024", "capacity_t_per_year"]
    assert grown.flows.loc["ouate-isolouate", "quantity_t_per_year"] <= capacity
    assert 65 * 0.88 <= 60
