"""Several scenarios against today: one table, each column the figures of that filière, names that tell them apart."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from chaine_valeur import datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.errors import ArgumentError, MissingTableError, UnknownNameError
from chaine_valeur.planning.scenarios import (
    Comparisons,
    Scenario,
    add_activity,
    add_cooperation,
    add_demand,
    add_flow,
    apply,
    compare_scenarios,
    scenarios_of,
    stop_actor,
)
from tests.planning.test_scenarios_apply import today
from tests.report.readers import plain

HEAD = ["name", "scope", "unit", "today"]
WANTED = [
    Scenario("Sans B", [stop_actor("b")]),
    Scenario("Deux ACI", [add_activity("tri", new_actor="ACI", structure_kind="ACI", insertion_fte=12)]),
    Scenario("Rien", []),
]


@cache
def found() -> Comparisons:
    return compare_scenarios(today(), WANTED, lang="en")


# -- the table ------------------------------------------------------------------------------------------------


def test_a_column_is_what_a_diagnosis_of_that_filiere_says():
    frame = found().table
    assert list(frame.columns) == [*HEAD, "Sans B", "Deux ACI", "Rien"]
    for scenario in WANTED:
        own = diagnose(apply(today(), scenario), lang="en").indicators.set_index("indicator_id")["value"]
        rows = frame.index.intersection(own.index)
        pd.testing.assert_series_equal(
            frame.loc[rows, scenario.name].astype(float), own[rows], check_names=False
        )
    stated = diagnose(today(), lang="en").indicators.set_index("indicator_id")["value"]
    rows = frame.index.intersection(stated.index)
    pd.testing.assert_series_equal(frame.loc[rows, "today"].astype(float), stated[rows], check_names=False)


def test_only_figures_that_some_scenario_changes_are_in_it():
    frame = found().table
    told = set(frame.index) - {"insertion_fte", "jobs_fte"}
    moved = {
        row["indicator_id"]
        for one in found().found.values()
        for row in one.indicators.to_dict("records")
        if row["change"] not in ("same", "unknown")
    }
    assert told == moved and moved
    for identifier in told:
        row = frame.loc[identifier]
        assert any(row[name] != row["today"] for name in ("Sans B", "Deux ACI"))
        assert row["Rien"] == row["today"] or (pd.isna(row["Rien"]) and pd.isna(row["today"]))


def test_insertion_jobs_come_first():
    # A has 1 and B has 2; without B 1 is left, an ACI of 12 makes 15; the others are not known
    row = found().table.iloc[0]
    assert row.name == "insertion_fte"
    assert row[["today", "Sans B", "Deux ACI", "Rien"]].tolist() == [3, 1, 15, 3]


def test_a_scenario_alone_says_the_same_as_among_others():
    for scenario in WANTED:
        alone = compare_scenarios(today(), [scenario], lang="en")
        assert alone.sentences(scenario.name) == found().sentences(scenario.name)
        assert alone.described[scenario.name] == found().described[scenario.name]


def test_nothing_changed_is_said_in_one_sentence_and_no_row():
    alone = compare_scenarios(today(), [WANTED[2]], lang="en")
    assert alone.sentences("Rien") == ["Nothing that was looked at differs."]
    assert alone.table.empty and list(alone.table.columns) == [*HEAD, "Rien"]
    assert alone.findings.empty


def test_no_scenario_at_all():
    none = compare_scenarios(today(), [])
    assert none.table.empty and list(none.table.columns) == HEAD
    assert none.findings.empty and dict(none.found) == {}
    assert repr(none) == "<0 scenarios>" and none._repr_html_() == ""
    with pytest.raises(MissingTableError):  # none was asked for, and none is stated
        compare_scenarios(today())


def test_findings_say_of_which_scenario_they_are():
    frame = found().findings
    assert frame.columns[0] == "scenario" and set(frame["scenario"]) <= {"Sans B", "Deux ACI"}
    assert "same" not in set(frame["change"])
    for name, one in found().found.items():
        expected = one.findings[one.findings["change"] != "same"]["finding_id"].tolist()
        assert frame.loc[frame["scenario"] == name, "finding_id"].tolist() == expected


# -- names ----------------------------------------------------------------------------------------------------


def test_two_scenarios_of_one_name_are_refused():
    with pytest.raises(ArgumentError, match="'Sans B'"):
        compare_scenarios(today(), [WANTED[0], Scenario("Sans B", [])])


@pytest.mark.parametrize("name", HEAD)
def test_a_scenario_called_like_a_column_is_refused(name: str):
    with pytest.raises(ArgumentError, match=name):
        compare_scenarios(today(), [Scenario(name, [])])


def test_a_mapping_or_an_iterator_will_do():
    by_name = compare_scenarios(today(), {one.name: one for one in WANTED[:1]}, lang="en")
    one_by_one = compare_scenarios(today(), iter(WANTED[:1]), lang="en")
    assert by_name.table.equals(one_by_one.table) and list(by_name.found) == ["Sans B"]


def test_markup_in_a_name_stays_text():
    page = compare_scenarios(today(), [Scenario("<b>Plus</b>", [stop_actor("d")])])._repr_html_()
    assert "<b>Plus" not in page and "&lt;b&gt;Plus&lt;/b&gt;" in page


# -- the diagnosis of today -----------------------------------------------------------------------------------


def test_a_diagnosis_that_is_there_already_is_used():
    own = diagnose(today(), checks=[], indicators=["A1"], lang="en")
    one = compare_scenarios(today(), WANTED[:1], today=own, lang="en").found["Sans B"]
    assert one.before is own and list(one.after.measured) == ["A1"]


def test_a_diagnosis_in_another_language_is_refused():
    own = diagnose(today(), checks=[], indicators=[], lang="en")
    with pytest.raises(ArgumentError, match="languages"):
        compare_scenarios(today(), WANTED[:1], today=own)


def test_the_expert_profile_asks_for_more():
    few = found().found["Rien"].indicators
    many = compare_scenarios(today(), [WANTED[2]], profile="expert", lang="en").found["Rien"].indicators
    assert set(few["indicator_id"]) < set(many["indicator_id"])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (stop_actor("zorg"), UnknownNameError),
        (add_flow("coton", -81, source="b", target="c"), ArgumentError),
        (add_demand("coton", 5), ArgumentError),
        (add_cooperation("zorg", actor_id="a", to_actor_id="b"), UnknownNameError),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_scenario_and_the_change_that_fail_are_named(change, error, lang):
    with pytest.raises(error) as raised:
        compare_scenarios(
            today(), [Scenario("Bien", []), Scenario("Mal", [stop_actor("d"), change])], lang=lang
        )
    where = "scénario « Mal », changement 2" if lang == "fr" else "scenario “Mal”, change 2"
    assert where in plain(str(raised.value))


# -- as it is read --------------------------------------------------------------------------------------------


def test_the_scenario_of_textiles_tells_its_posts():
    """Of the published sources nobody says how many insertion posts there are: the six new ones are the first."""
    compared = compare_scenarios(datasets.load("textiles_usages"))
    ((name, one),) = compared.found.items()
    assert plain(one.sentences()[0]) == "Emplois d’insertion aux maillons : inconnu avant, 6 ETP maintenant."
    assert "+6 ETP d’insertion" in plain(compared.described[name][0])
    assert compared.table.loc["insertion_fte", name] == 6 and pd.isna(
        compared.table.loc["insertion_fte", "today"]
    )


def test_a_mill_that_stops_is_told_as_no_success():
    f = datasets.load("exemple_complet").at(2024)
    compared = compare_scenarios(f, [scenarios_of(f)["La papeterie s’arrête"]])
    sentences = [plain(one) for one in compared.sentences("La papeterie s’arrête")]
    gone = [one for one in sentences if one.startswith("Ne se constate plus")]
    assert all("Papeterie du Vieux Bac" in one for one in gone if "Fabrication de la ouate" in one)
    assert any("aucun acteur en activité" in one for one in sentences)
    assert "Acteurs en activité : de 27 à 26." in sentences
