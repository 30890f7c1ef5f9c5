"""How differences are told: what stopped is not solved, unknown has not grown, two things are no change."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur.analysis.findings import Finding
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.differences import compare, jobs_at_stages
from chaine_valeur.errors import ArgumentError
from tests.differences.test_compare import NAN, TABLES, figure, filiere, hand, said, told

ACTORS = {**TABLES["actors"], "status": ["active", "active", "closed"]}


def sized(quantity: float, unit: str = "t/year") -> Finding:
    return Finding("dead_end", "medium", "Nothing leaves.", stage_id="tri", quantity=quantity, unit=unit)


# -- findings -------------------------------------------------------------------------------------------------


def test_what_was_said_of_one_who_stopped_is_not_solved():
    of_c = Finding("dead_end", "medium", "Nothing leaves C.", actor_id="c")
    to_c = Finding("open_triptyque", "low", "A and C.", actor_id="a", to_actor_id="c")
    of_a = Finding("orphan", "low", "Nothing arrives at A.", actor_id="a")
    found = compare(told(None, of_c, to_c, of_a), told(None, f=filiere(actors=ACTORS)))
    assert found.findings["change"].tolist() == ["solved"] * 3  # the table says all that went
    assert found.findings["to_actor_id"].fillna("").tolist() == ["", "c", ""]
    assert said(found) == ["No longer found: Step without a supply (A).", "Active actors: 3, then 2."]


def test_sizes_that_are_not_known_on_one_side():
    assert said(compare(told(None, sized(NAN)), told(None, sized(30.0)))) == [
        "Step without an outlet (tri): not known before, 30 t/year now."
    ]
    assert said(compare(told(None, sized(30.0)), told(None, sized(NAN)))) == [
        "Step without an outlet (tri): 30 t/year before, no longer known."
    ]


def test_sizes_that_read_the_same_are_not_told():
    found = compare(told(None, sized(30.0)), told(None, sized(30.0001)))
    assert found.findings["change"].tolist() == ["changed"]
    assert said(found) == ["Nothing that was looked at differs."]


# -- two things -----------------------------------------------------------------------------------------------


def test_of_two_territories_nothing_changes_into_anything():
    territories = {**TABLES["territories"], "name": ["Plateau", "Plateau"]}
    other = filiere(territories=territories)
    gap = Finding("missing_stage", "high", "Nobody sorts.", stage_id="tri")
    orphan = Finding("orphan", "low", "Nothing arrives at C.", actor_id="c")
    pair = told(100.0, gap, sized(10.0)), told(120.0, orphan, sized(30.0), f=other)
    assert said(compare(*pair, names=("Val", "Plateau"))) == [
        "Not of the same thing: territory is Val in “Val”, Plateau in “Plateau”.",
        "Found in “Val” only: Missing stage (tri).",
        "Found in “Plateau” only: Nothing arrives at C.",
        "Step without an outlet (tri): 10 t/year in “Val”, 30 t/year in “Plateau”.",
        "Figure X1: 100 t/year in “Val”, 120 t/year in “Plateau”.",
    ]
    jobs = filiere(
        territories=territories, activities={**TABLES["activities"], "insertion_fte": [1, 5, None]}
    )
    assert said(compare(told(100.0), told(100.0, f=jobs)))[1] == (
        "Insertion jobs at the stages: 3 FTE in “before”, 6 FTE in “after”."  # 1 + 2, 1 + 5
    )
    unknown = told(NAN, f=other)
    assert said(compare(told(100.0), unknown))[-1] == "Figure X1: 100 t/year in “before”, unknown in “after”."


def test_of_two_years_it_does():
    one = filiere(filiere={**TABLES["filiere"], "reference_year": [2023]})
    sentences = said(compare(told(100.0, f=one), told(120.0)))
    assert sentences[1:] == ["Figure X1: 100 t/year, then 120 t/year."]


# -- how sure it is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "doubtful"),
    [
        ((100.0, 90.0, 110.0), (120.0, 115.0, 125.0), False),  # 110 < 115: it grows, whatever is unknown
        ((100.0, 90.0, 116.0), (120.0, 115.0, 125.0), True),
        ((120.0, 115.0, 125.0), (100.0, 90.0, 116.0), True),
        ((100.0, NAN, NAN), (120.0, NAN, NAN), False),
    ],
)
def test_a_change_that_the_unknown_may_undo_says_so(first, second, doubtful):
    one, two = (told(value, low=low, high=high) for value, low, high in (first, second))
    (sentence,) = said(compare(one, two))
    assert sentence.startswith("Figure X1: ") and ("is not certain" in sentence) == doubtful


def test_actors_and_hypotheses_come_last():
    flows = {**TABLES["flows"], "confidence": ["hypothesis", "measured"]}
    found = compare(told(100.0), told(120.0, f=filiere(flows=flows, actors=ACTORS)))
    sentences = said(found)
    assert sentences[0] == "Figure X1: 100 t/year, then 120 t/year."
    assert sentences[1] == "Active actors: 3, then 2."
    soft = found.perimeter.set_index("subject").loc["hypotheses"]
    assert sentences[2:] == [
        f"Rows that are estimates or hypotheses: {soft['before']}, then {soft['after']}."
    ]
    assert soft["before"] == "0%" and soft["after"] != "0%"


def test_small_cases_with_unknown_ones_are_told_apart():
    # « 1 out of 2, 1 unknown » then « 2 out of 3 »: a comma inside asks for a semicolon between
    def share(part: float, whole: float, unknown: int, low: float, high: float) -> object:
        from chaine_valeur.analysis.indicator import Indicator
        from chaine_valeur.analysis.measure import Measure

        def measure(f: object, *, lang: str = "fr") -> Measure:
            return Measure(
                part / whole,
                "share",
                numerator=part,
                denominator=whole,
                n_unknown=unknown,
                low=low,
                high=high,
            )

        return Indicator("X1", "Figure X1", "share", measure, (), "essential", "how", "reading")

    one = diagnose(hand(), checks=[], indicators=[share(1, 2, 1, 1 / 3, 2 / 3)], lang="en")
    two = diagnose(hand(), checks=[], indicators=[share(2, 3, 0, 2 / 3, 2 / 3)], lang="en")
    assert said(compare(one, two))[0].startswith("Figure X1: 1 out of 3, 1 unknown; then 2 out of 3.")


# -- edges ----------------------------------------------------------------------------------------------------


def test_numbers_too_small_to_divide_by_warn_of_nothing():
    one, two = (diagnose(hand(), checks=[], indicators=[figure("X1", value)]) for value in (2e-311, 1.0))
    row = compare(one, two).indicators.iloc[0]
    assert row["change"] == "up" and row["delta"] == 1.0


@pytest.mark.parametrize("names", ["ab", ("seul",), ("un", "deux", "trois")])
def test_names_are_two(names):
    with pytest.raises(ArgumentError, match="have to be two"):
        compare(hand(), hand(), names=names)


def test_insertion_jobs_that_nobody_states_are_unknown():
    activities = {**TABLES["activities"], "insertion_fte": [None, None, None]}
    silent = diagnose(filiere(activities=activities), checks=[], indicators=[], lang="en")
    assert pd.isna(jobs_at_stages(silent))
    # 1 + 2, and one that is not stated
    assert jobs_at_stages(diagnose(hand(), checks=[], indicators=[])) == 3
    assert said(compare(silent, hand())) == [  # unknown has not grown
        "Insertion jobs at the stages: not known before, 3 FTE now."
    ]
