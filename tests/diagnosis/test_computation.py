"""How a figure is computed, down to the rows: formula, terms, sums; nothing is claimed that the rows do not give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chaine_valeur import datasets
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.diagnosis import Measured, diagnose
from chaine_valeur.diagnosis.computation import computation
from chaine_valeur.filiere import Filiere
from tests.diagnosis.builders import giving, hand, indicator


def told(
    measure: Measure, f: Filiere | None = None, *, lang: str = "en", unit: str = "share", **more: Any
) -> list[str]:
    one = indicator("X1", giving(measure), unit=unit, **more)
    sentences = computation(f or hand(), Measured(one, measure), lang=lang)
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


def test_the_formula_comes_first_and_stands_alone_where_nothing_is_known() -> None:
    assert told(Measure(NAN, "share")) == ["Formula: a formula"]
    assert told(Measure(NAN, "share"), lang="fr") == ["Formule : a formula"]


def test_a_ratio_is_told_with_its_terms_and_the_rows_that_they_add_up() -> None:
    # f1 60 t and f3 30 t of the filière computed by hand: 30 of 90
    measure = Measure(
        30 / 90, "share", numerator=30, denominator=90, rows={"flows": ("f1", "f3")}, weighed=True
    )
    assert told(measure) == [
        "Formula: a formula",
        "Computed: 30 ÷ 90 = 33%.",
        "90 t/year is the sum of “Quantity” over 2 rows of Flows.",
    ]


def test_a_sum_is_led_back_to_its_column_in_its_unit() -> None:
    # jobs at the four activities of which they are known: 4 + 8 + 10 (Ancien has closed)
    rows = tuple(hand().activities.index[[1, 2, 3]])
    assert told(Measure(22.0, "FTE", rows={"activities": rows}), unit="FTE")[1:] == [
        "22 FTE is the sum of “Jobs” over 3 rows of Activities."
    ]


def test_a_count_is_led_back_to_the_number_of_rows() -> None:
    rows = tuple(hand().actors.index[:5])
    assert told(Measure(5.0, "count", rows={"actors": rows}), unit="count", counts="actors")[1:] == [
        "5 is the number of rows of Actors that it rests on."
    ]
    # an indicator that counts something else, or nothing: that both are five is chance
    for counts in ("", "stages"):
        assert told(Measure(5.0, "count", rows={"actors": rows}), unit="count", counts=counts)[1:] == []


def test_what_is_counted_is_no_sum_of_tonnes_whatever_adds_up() -> None:
    """Two stages of two, held by two activities of 1 t/year each: the tonnes add up to two as well."""
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        stages={"name": ["S1", "S2"]},
        activities={"actor_id": ["A", "B"], "stage_id": ["S1", "S2"], "capacity_t_per_year": [1, 1]},
    )
    for name in ("A1", "A12"):
        said = diagnose(f, lang="en").explain(name).computation
        assert said[1:] == (
            "Computed: 2 ÷ 2 = 2 out of 2.",
            "2 is the number of rows of Stages that it rests on.",
        )


def test_a_term_in_one_unit_is_no_sum_of_another() -> None:
    # 22 FTE for 22 t: only the first is what the activities add up to
    rows = tuple(hand().activities.index[[1, 2, 3]])
    jobs = Measure(1.0, "FTE/t", numerator=22.0, denominator=22.0, rows={"activities": rows})
    assert told(jobs, unit="FTE/t")[2:] == ["22 FTE is the sum of “Jobs” over 3 rows of Activities."]
    tonnes = Measure(22.0, "t/EUR", numerator=22.0, denominator=1.0, rows={"activities": rows})
    assert told(tonnes, unit="t/EUR")[2:] == []


def test_in_french_with_the_names_of_the_sheets() -> None:
    rows = tuple(hand().activities.index[[1, 2, 3]])
    (_, said) = told(Measure(22.0, "FTE", rows={"activities": rows}), lang="fr", unit="FTE")
    assert said == "22 ETP : somme de « Emplois » sur 3 lignes d’Activités."


@pytest.mark.parametrize(
    "measure",
    [
        Measure(7.0, "count", rows={"actors": ("tri",)}),  # neither the number of rows nor a sum
        Measure(0.0, "count", rows={"actors": ("tri",)}),  # nothing is the sum of anything
        Measure(12.0, "count"),  # on no row
        Measure(12.0, "count", rows={"actors": ("gone",)}),  # a row that was taken away
    ],
)
def test_what_the_rows_do_not_give_is_not_claimed(measure: Measure) -> None:
    assert told(measure, unit="count", counts="actors")[1:] == []


def test_terms_that_do_not_give_the_value_are_no_ratio() -> None:
    # a mean: its terms are not what is divided
    assert told(Measure(0.4, "share", numerator=3, denominator=9)) == ["Formula: a formula"]


def test_a_column_that_few_rows_fill_is_chance() -> None:
    # one of five activities has a stock change of 3 t: that 3 is not « the sum of the stock changes »
    f = Filiere.from_tables(
        stages={"name": ["tri"]},
        actors={"name": list("ABCDE")},
        activities={
            "actor_id": list("ABCDE"),
            "stage_id": ["tri"] * 5,
            "capacity_t_per_year": [3, None, None, None, None],
        },
    )  # fmt: skip
    rows = {"activities": tuple(f.activities.index)}
    assert told(Measure(3.0, "count", rows=rows), f, unit="count")[1:] == []


def test_each_sentence_of_the_example_is_true() -> None:
    """Referee: what is said to be a sum is added up again from the table, in plain Python."""
    f = datasets.load("exemple_complet")
    made = diagnose(f, profile="expert", lang="en")
    sums = 0
    for identifier, one in made.measured.items():
        for sentence in made.explain(identifier).computation[1:]:
            if " is the sum of " not in sentence:
                continue
            sums += 1
            value = float(sentence.split("\u00a0")[0].split(" ")[0].replace(",", ""))
            column = sentence.split("“")[1].split("”")[0]
            name = sentence.rstrip(".").rsplit(" of ", 1)[1]
            (home,) = [table for table in one.measure.rows if home_label(table) == name]
            frame = f.table(home).loc[list(one.measure.rows[home])]
            (field,) = [key for key, label in labels_of(home).items() if label == column]
            assert sum(float(cell) for cell in frame[field].dropna()) == pytest.approx(value, rel=0.005)
    assert sums > 10


def home_label(name: str) -> str:
    from chaine_valeur.schema import table

    return table(name).label("en")


def labels_of(name: str) -> dict[str, str]:
    from chaine_valeur.schema import table

    return {column.name: column.label("en") for column in table(name) if column.is_numeric}


def test_a_share_of_tonnes_is_a_percentage_however_small_the_tonnes() -> None:
    # 5 t of 12 t are no « 5 out of 12 »; five actors of twelve are
    cases = Measure(5 / 12, "share", numerator=5, denominator=12)
    weighed = Indicator(
        "X1", name="T", unit="share", compute=giving(cases), tables=(), profile="essential", formula="f", reading="r",
        weighed=True,
    )  # fmt: skip
    made = diagnose(
        hand(), checks=[], indicators=[weighed, indicator("X2", giving(cases), unit="share")], lang="en"
    )
    assert made.measured["X1"].measure.weighed
    assert made.explain("X1").computation[1] == "Computed: 5 ÷ 12 = 42%."
    assert made.explain("X2").computation[1] == "Computed: 5 ÷ 12 = 5 out of 12."
    assert np.isclose(made.indicators.set_index("indicator_id").at["X1", "value"], 5 / 12)


def test_findings_have_no_computation() -> None:
    made = diagnose(hand(), indicators=[], lang="en")
    assert {made.explain(one).computation for one in made.found} <= {()}
