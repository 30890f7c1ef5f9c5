"""Scenarios applied: what is added, what becomes of what is unknown, what is refused, and that nothing else changes.

Collection → sorting → sale; A collects and delivers 100 t to B, who sorts and sells 80 t to C. P is planned at the
sorting stage with 50 t of capacity; Q is a candidate; D has no capacity stated.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import ArgumentError, MissingTableError, UnknownNameError
from chaine_valeur.planning.scenarios import (
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
from chaine_valeur.provenance import rests_on_hypothesis
from chaine_valeur.schema import tables
from tests.report.readers import plain

TABLES: dict[str, Any] = {
    "filiere": {"name": ["Essai"], "territory_id": ["val"], "reference_year": [2024]},
    "territories": {"territory_id": ["val", "val"], "name": ["Val", "Val"], "kind": ["epci", "epci"],
                    "commune_code": ["76384", "76114"], "commune_name": ["Lillebonne", "Bolbec"]},
    "stages": {"stage_id": ["collecte", "tri", "vente"], "name": ["Collecte", "Tri", "Vente"], "rank": [1, 2, 3],
               "kind": ["resource", "operation", "market"]},
    "stage_links": {"stage_id": ["collecte", "tri"], "to_stage_id": ["tri", "vente"]},
    "materials": {"material_id": ["coton"], "name": ["Coton"]},
    "sources": {"source_id": ["pv"], "name": ["Procès-verbal"]},
    "actors": {"name": ["A", "B", "C", "D", "P", "Q"], "status": ["active"] * 4 + ["planned", "candidate"],
               "since": [None, None, None, None, 2030, None], "commune_code": ["76384"] * 6},
    "activities": {"activity_id": ["a", "b", "c", "d", "p"], "actor_id": ["A", "B", "C", "D", "P"],
                   "stage_id": ["collecte", "tri", "vente", "tri", "tri"],
                   "capacity_t_per_year": [None, 120, None, None, 50],
                   "insertion_fte": [1, 2, None, None, 9], "jobs_fte": [2, 5, None, None, 12]},
    "flows": {"flow_id": ["ab", "ab2", "bc", "bd"], "source": ["A", "A", "B", "B"], "target": ["B", "B", "C", "D"],
              "material_id": ["coton"] * 4, "quantity_t_per_year": [100, 96, 80, None],
              "same_flow_as": [None, "ab", None, None], "max_t_per_year": [110, None, None, None]},
    "markets": {"market_id": ["c-dit", "c-sur", "b-offre"], "actor_id": ["C", "C", "A"], "material_id": ["coton"] * 3,
                "kind": ["demand", "demand", "supply"], "level": ["expressed", "verified", "mobilized"],
                "quantity_t_per_year": [200, 150, 300]},
}  # fmt: skip


@cache
def today(**more: Any) -> Filiere:
    return Filiere.from_tables(**TABLES)


def after(*changes: Any, f: Filiere | None = None) -> Filiere:
    return apply(f or today(), Scenario("Essai", changes))


def activity(f: Filiere, actor: str, stage: str = "tri") -> dict[str, Any]:
    rows = f.activities[(f.activities["actor_id"] == actor) & (f.activities["stage_id"] == stage)]
    (row,) = rows.to_dict("records")
    return row


# -- activities -----------------------------------------------------------------------------------------------


def test_a_new_structure_at_a_stage():
    f = after(
        add_activity(
            "tri", new_actor="ACI du Val", structure_kind="ACI", capacity_t_per_year=400, insertion_fte=12
        )
    )
    actor = f.actors.loc["aci-du-val"]
    assert (actor["name"], actor["structure_kind"], actor["roles"], actor["status"]) == (
        "ACI du Val",
        "ACI",
        "insertion",
        "active",
    )
    assert (actor["commune_code"], actor["commune_name"]) == (
        "76384",
        "Lillebonne",
    )  # taken for the seat: it is local
    assert pd.isna(actor["pole"])  # a college is entered, never deduced
    assert bool(f.is_local()["aci-du-val"])
    row = activity(f, "aci-du-val")
    assert (row["capacity_t_per_year"], row["insertion_fte"], row["year"]) == (400, 12, 2024)
    assert pd.isna(row["jobs_fte"])  # not stated is unknown


def test_it_is_called_after_its_kind_and_stage_where_nobody_names_it():
    f = after(add_activity("tri", structure_kind="EI"))
    assert f.actors.loc["ei-tri", "name"] == "EI (Tri)"
    assert f.actors.loc["ei-tri", "roles"] == "insertion"
    assert after(add_activity("tri", structure_kind="company")).actors.iloc[-1]["roles"] == "transformer"


def test_a_stated_commune_elsewhere_is_not_local():
    f = after(add_activity("tri", new_actor="Ailleurs", commune_code="76758"))
    assert f.actors.loc["ailleurs", "commune_code"] == "76758" and not f.is_local()["ailleurs"]


def test_an_extension_is_added_to_what_is_stated():
    row = activity(
        after(add_activity("tri", actor_id="b", capacity_t_per_year=30, insertion_fte=1.5, jobs_fte=2)), "b"
    )
    assert (row["capacity_t_per_year"], row["insertion_fte"], row["jobs_fte"]) == (
        150,
        3.5,
        7,
    )  # 120+30, 2+1.5, 5+2


def test_what_is_unknown_stays_unknown():
    row = activity(after(add_activity("tri", actor_id="d", capacity_t_per_year=30, insertion_fte=1)), "d")
    assert pd.isna(row["capacity_t_per_year"]) and pd.isna(row["insertion_fte"])


def test_a_project_begins_with_what_is_said_of_it():
    f = after(add_activity("tri", actor_id="p", capacity_t_per_year=60))
    assert f.actors.loc["p", "status"] == "active" and f.actors.loc["p", "since"] == 2024
    row = activity(f, "p")
    assert (row["capacity_t_per_year"], row["insertion_fte"]) == (
        60,
        9,
    )  # 60 replaces the 50 announced, 9 stays
    assert len(f.activities) == len(today().activities)


def test_a_candidate_gets_its_first_activity():
    f = after(add_activity("vente", actor_id="q", jobs_fte=3))
    assert f.actors.loc["q", "status"] == "active" and activity(f, "q", "vente")["jobs_fte"] == 3


def test_two_changes_about_one_new_actor():
    f = after(
        add_activity("tri", new_actor="Neuf", capacity_t_per_year=10),
        add_activity("vente", new_actor="Neuf"),
        add_flow("coton", 9, source="a", new_actor="Neuf", target_stage="tri"),
        add_flow("coton", 8, new_actor="Neuf", target="c", source_stage="tri"),
        add_cooperation("joint_project", actor_id="a", new_actor="Neuf"),
        add_demand("coton", 5, new_actor="Neuf"),
    )
    assert (f.actors["name"] == "Neuf").sum() == 1
    assert f.activities[f.activities["actor_id"] == "neuf"]["stage_id"].tolist() == ["tri", "vente"]
    new = f.flows.loc[
        ~f.flows.index.isin(today().flows.index),
        ["source", "source_stage", "target", "target_stage", "quantity_t_per_year"],
    ]
    assert new.fillna("").values.tolist() == [["a", "", "neuf", "tri", 9], ["neuf", "tri", "c", "", 8]]
    assert f.cooperations[["actor_id", "to_actor_id", "kind", "state", "since"]].values.tolist() == [
        ["a", "neuf", "joint_project", "observed", 2024]
    ]
    assert f.markets.iloc[-1][["actor_id", "kind", "level", "quantity_t_per_year"]].tolist() == [
        "neuf",
        "demand",
        "expressed",
        5,
    ]


# -- flows ----------------------------------------------------------------------------------------------------


def test_a_flow_that_is_declared_twice_grows_in_both_rows_and_once_in_the_network():
    f = after(add_flow("coton", 20, source="a", target="b"))
    assert f.flows.loc[["ab", "ab2"], "quantity_t_per_year"].tolist() == [120, 116]
    assert pd.isna(f.flows.loc["ab", "max_t_per_year"])  # 110 was known of today, not a limit
    counted = f.flows.loc[list(f.network.flow_ids), "quantity_t_per_year"]
    assert (
        counted.sum() - today().flows.loc[list(today().network.flow_ids), "quantity_t_per_year"].sum() == 20
    )


def test_less_may_pass_down_to_nothing():
    f = after(add_flow("coton", -80, source="b", target="c"))
    assert f.flows.loc["bc", "quantity_t_per_year"] == 0  # a stated zero, not unknown
    with pytest.raises(ArgumentError, match=r"«\sEssai\s», changement 1.*81.*80"):
        after(add_flow("coton", -81, source="b", target="c"))


def test_more_of_an_unknown_tonnage_is_unknown():
    assert pd.isna(after(add_flow("coton", 5, source="b", target="d")).flows.loc["bd", "quantity_t_per_year"])


def test_a_new_passage_and_one_to_the_outside():
    f = after(add_flow("coton", 7, source="a", target="d"), add_flow("coton", None, source="c"))
    known, unknown = (f.flows.iloc[place] for place in (-2, -1))
    assert (known["quantity_t_per_year"], known["year"], known["status"]) == (7, 2024, "active")
    assert pd.isna(unknown["target"]) and pd.isna(unknown["quantity_t_per_year"])


def test_the_passage_that_was_meant_takes_place():
    f = today().with_rows("flows", {"flow_id": ["aq"], "source": ["a"], "target": ["d"], "material_id": ["coton"],
                                    "status": ["planned"], "quantity_t_per_year": [40]})  # fmt: skip
    grown = after(add_flow("coton", 30, source="a", target="d"), f=f)
    assert len(grown.flows) == len(f.flows)
    assert grown.flows.loc["aq", ["status", "quantity_t_per_year"]].tolist() == ["active", 30]


# -- demands and supplies -------------------------------------------------------------------------------------


def test_more_is_asked_of_the_firmest_row():
    f = after(add_demand("coton", 100, actor_id="c"))
    assert f.markets["quantity_t_per_year"].to_dict() == {"c-dit": 200, "c-sur": 250, "b-offre": 300}


def test_an_offer_that_nobody_had():
    f = after(add_supply("coton", 40, actor_id="b", stage_id="tri"))
    row = f.markets.iloc[-1]
    assert (row["kind"], row["level"], row["quantity_t_per_year"]) == ("supply", "mobilizable", 40)
    assert after(add_supply("coton", -300, actor_id="a")).markets.loc["b-offre", "quantity_t_per_year"] == 0


# -- stops ----------------------------------------------------------------------------------------------------


def test_what_stops_stays_in_the_tables_and_counts_no_more():
    f = after(stop_actor("b"))
    assert f.actors.loc["b", "status"] == "closed" and len(f.flows) == len(today().flows)
    assert list(f.network.flow_ids) == []  # every flow had an end at B
    assert len(after(stop_actor("c")).network.flow_ids) == 2


# -- provenance -----------------------------------------------------------------------------------------------


def test_everything_supposed_says_so_and_nothing_else():
    scenario = Scenario(
        "Essai", [add_flow("coton", 20, source="a", target="b"), add_activity("tri", new_actor="Neuf")]
    )
    f = apply(today(), scenario)
    assert f.flows.loc["ab", "confidence"] is None or pd.isna(
        f.flows.loc["ab", "confidence"]
    )  # its row is what it was
    soft = rests_on_hypothesis(f, "flows")
    assert soft[["ab", "ab2"]].all() and not soft[["bc", "bd"]].any()
    new = f.actors.loc["neuf"]
    assert new["confidence"] == "hypothesis" and "« Essai »" in plain(new["hypothesis"])


def test_the_source_and_the_reason_of_a_row_are_kept():
    f = today().with_table("scenarios", pd.DataFrame({
        "scenario": ["S"], "change": ["add_demand"], "actor_id": ["c"], "material_id": ["coton"],
        "quantity_t_per_year": [10], "source_id": ["pv"], "hypothesis": ["Promis en réunion."]}))  # fmt: skip
    said = apply(f, scenarios_of(f)["S"]).cell_sources
    assert said[["table", "row_id", "column", "source_id", "confidence"]].values.tolist() == [
        ["markets", "c-sur", "quantity_t_per_year", "pv", "hypothesis"]]  # fmt: skip
    assert plain(said["hypothesis"].iloc[0]) == "Scénario « S » : Promis en réunion."


def test_the_filiere_given_stays_as_it_is_and_tables_not_touched_are_the_same():
    before = {name: today().table(name).copy() for name in tables()}
    f = after(add_flow("coton", 20, source="a", target="b"), stop_actor("d"))
    for name, frame in before.items():
        pd.testing.assert_frame_equal(today().table(name), frame)
        if name not in ("flows", "actors", "cell_sources"):
            pd.testing.assert_frame_equal(f.table(name), frame)
    assert apply(today(), Scenario("Rien", [])) == today()


def test_the_same_changes_give_the_same_filiere():
    changes = [
        add_activity("tri", new_actor="Neuf", insertion_fte=1),
        add_flow("coton", 2, source="a", new_actor="Neuf"),
    ]
    assert after(*changes) == after(*changes)


# -- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ([add_activity("trie", actor_id="b")], UnknownNameError, "tri"),
        ([add_activity("tri", actor_id="bb")], UnknownNameError, "no actor 'bb'"),
        ([stop_actor("zorg")], UnknownNameError, "zorg"),
        ([add_flow("lin", 3, source="a", target="b")], UnknownNameError, "lin"),
        ([add_flow("coton", 3)], ArgumentError, "à un bout"),
        ([add_flow("coton", 3, source="a", new_actor="Neuf")], UnknownNameError, "Neuf"),  # nobody made it before
        ([add_flow("coton", 3, source="a", target="b", new_actor="Neuf")], ArgumentError, "les deux bouts"),
        ([add_cooperation("joint_project", actor_id="a", to_actor_id="a")], ArgumentError, "deux acteurs"),
        ([add_demand("coton", 5)], ArgumentError, "Maillon"),
        ([add_demand("coton", -201, actor_id="c")], ArgumentError, "201"),
        ([stop_actor("b"), add_flow("coton", 3, source="b", target="c")], ArgumentError, "arrêté"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_is_named(changes, error, told):
    with pytest.raises(error, match="scénario « Essai », changement".replace(" ", r"\s")) as raised:
        after(*changes)
    assert told in str(raised.value)


def test_a_filiere_without_scenarios():
    with pytest.raises(MissingTableError, match="scenarios"):
        scenarios_of(today())


# -- told and compared ----------------------------------------------------------------------------------------


def test_every_kind_of_change_is_described():
    scenario = Scenario("Essai", [
        add_activity("tri", new_actor="Neuf", structure_kind="ACI", capacity_t_per_year=400, insertion_fte=12),
        add_activity("tri", structure_kind="EI"), stop_actor("b"), add_flow("coton", 20, source="a", target="b"),
        add_flow("coton", None, source="a", new_actor="Neuf"), add_flow("coton", -5, source="a"),
        add_demand("coton", 100, actor_id="c"), add_supply("coton", 9, stage_id="collecte"),
        add_cooperation("joint_project", actor_id="a", to_actor_id="b"),
    ])  # fmt: skip
    assert [plain(sentence) for sentence in describe(scenario, today(), lang="en")] == [
        "Neuf at stage “Tri”: +400 t/year of capacity; +12 FTE in insertion.",
        "Insertion enterprise (EI) at stage “Tri”.",
        "B stops.",
        "A → B: +20 t/year of Coton.",
        "A → Neuf: Coton passes, tonnage not stated.",
        "A → outside: -5 t/year of Coton.",
        "C asks for +100 t/year of Coton.",
        "“Collecte” offers +9 t/year of Coton.",
        "A and B cooperate (Joint project).",
    ]


def test_scenarios_against_today():
    wanted = [
        Scenario("Sans C", [stop_actor("c")]),
        Scenario("Plus", [add_flow("coton", 20, source="a", target="b")]),
    ]
    found = compare_scenarios(today(), wanted, lang="en")
    assert list(found.found) == list(found.scenarios) == ["Sans C", "Plus"]
    assert list(found.table.columns) == ["name", "scope", "unit", "today", "Sans C", "Plus"]
    coverage = found.table.loc["A1"]
    assert (
        coverage[["today", "Sans C", "Plus"]].round(4).tolist() == [1.0, 1.0, 1.0]
        or "A1" in found.table.index
    )
    assert set(found.findings["scenario"]) <= {"Sans C", "Plus"}
    assert found.sentences("Sans C", most=1) == found.sentences("Sans C")[:1]
    assert "Sans C" in found._repr_html_() and "2 scenarios" in repr(found)


def test_the_scenarios_of_the_example_tell_something_each():
    found = compare_scenarios(datasets.load("exemple_complet").at(2024))
    assert len(found.found) == 3
    first = next(iter(found.found.values()))
    kinds = dict(zip(first.findings["finding_id"], first.findings["change"], strict=True))
    assert kinds["missing_stage:effilochage"] == "solved"
    assert (
        plain(first.sentences()[0])
        == "Les emplois d’insertion aux maillons passent de 12,5 ETP à 16,3 ETP (+3,8 ETP)."
    )
    assert all(len(one.sentences()) > 1 for one in found.found.values())


def test_nothing_is_compared_where_one_scenario_cannot_be_applied():
    with pytest.raises(UnknownNameError, match="zorg"):
        compare_scenarios(today(), [Scenario("Plus", []), Scenario("Faux", [stop_actor("zorg")])])
