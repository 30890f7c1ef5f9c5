"""All jobs, not only those in insertion: what a scenario or another year would gain or lose."""

from __future__ import annotations

import pandas as pd

import chaine_valeur as cv
from chaine_valeur.planning.scenarios import Scenario, compare_scenarios, stop_actor
from chaine_valeur.planning.scenarios.changes import scenario_name


def filiere(jobs, insertion=(None, None, None)):
    return cv.Filiere.from_tables(
        stages={"name": ["Tri"]},
        actors={"name": ["A", "B", "C"]},
        activities={"actor_id": ["A", "B", "C"], "stage_id": ["Tri"] * 3, "jobs_fte": list(jobs),
                    "insertion_fte": list(insertion)},
    )  # fmt: skip


def told(before, after):
    found = cv.compare(cv.diagnose(before, indicators=[], checks=[], lang="en"),
                       cv.diagnose(after, indicators=[], checks=[], lang="en"))  # fmt: skip
    return [one.replace("\u00a0", " ") for one in found.sentences() if "obs at the stages" in one]


def test_all_jobs_are_told_with_what_is_not_known():
    # 40 + 11 becomes 40 + 4; C states none in either
    assert told(filiere([40, 11, None]), filiere([40, 4, None])) == [
        "Jobs at the stages, in all: 51 FTE, then 44 FTE (-7 FTE). 1 activity states none."
    ]


def test_insertion_comes_first():
    lines = told(filiere([40, 11, 1], [5, 0, 0]), filiere([40, 12, 1], [6, 0, 0]))
    assert lines == [
        "Insertion jobs at the stages: 5 FTE, then 6 FTE (+1 FTE).",
        "Jobs at the stages, in all: 52 FTE, then 53 FTE (+1 FTE).",
    ]


def test_a_sum_over_other_activities_is_no_growth():
    assert told(filiere([40, 11, None]), filiere([40, 11, 6])) == [
        "Jobs at the stages, in all: 51 FTE, then 57 FTE. Not over the same known figures: 1 unknown, then 0."
    ]


def test_jobs_that_nobody_states_are_not_lost_without_a_word():
    f = filiere([40, 11, None])
    assert told(f, f.without_actors("c")) == [
        "Jobs at the stages, in all: 51 FTE, no change that is known. Not over the same known figures: 1 unknown, "
        "then 0."
    ]


def test_the_table_of_scenarios_has_a_row_of_all_jobs():
    f = filiere([40, 11, None])
    found = compare_scenarios(f, [Scenario("B s’arrête", [stop_actor("b")])], lang="en")
    row = found.table.loc["jobs_fte"]
    assert (row["name"], row["today"], row["B s’arrête"]) == ("Jobs at the stages, in all", 51, 40)
    assert "insertion_fte" not in found.table.index  # unknown before and after: it does not change


def test_the_name_of_a_scenario_is_no_sentence():
    assert scenario_name(" Teillage s’arrête. ") == "Teillage s’arrête"
    assert scenario_name("Et après...") == "Et après..."
    assert scenario_name("Bois S.A.") == "Bois S.A."
    f = filiere([1, 1, 1]).with_table("scenarios", pd.DataFrame(
        {"scenario": ["B s’arrête.", "B s’arrête"], "change": ["stop_actor"] * 2, "actor_id": ["b", "c"]}))  # fmt: skip
    assert [(name, len(one)) for name, one in cv.planning.scenarios_of(f).items()] == [("B s’arrête", 2)]
