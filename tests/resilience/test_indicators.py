"""The list of indicators, their measures on the examples, and what holds of them on any filière."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis import resilience
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.resilience import (
    CHECKS,
    INDICATORS,
    cut_actors,
    supplier_concentration,
)
from chaine_valeur.analysis.resilience.measures import availability_measure, concentration_measure
from chaine_valeur.language import tr
from chaine_valeur.schema import unit_label
from tests.resilience.hand import frames, hand, passing

IDS = ["B10", "B11", "C1", "C3", "C4", "C5", "C6"]


def test_the_list() -> None:
    assert [one.indicator_id for one in INDICATORS] == IDS
    assert {one.profile for one in INDICATORS} == {"expert"}
    for one in INDICATORS:
        assert unit_label(one.unit, "fr") is not None
        for text in (one.name, one.formula, one.reading):
            assert tr(text, "fr") != text, text


def test_everything_public_is_named() -> None:
    assert sorted(resilience.__all__, key=str) == sorted(set(resilience.__all__), key=str)
    for name in resilience.__all__:
        assert getattr(resilience, name) is not None


def test_the_concentration_measure() -> None:
    """Supplied by others with known tonnes: relais, trieur, filature, atelier; the boutique is unknown."""
    measure = concentration_measure(hand(), lang="en")
    values = [(100**2 + 8**2) / 108**2, 1.0, (60**2 + 20**2 + 12**2) / 92**2, (75**2 + 3**2) / 78**2]
    assert math.isclose(measure.value, sum(values) / 4)
    assert math.isclose(measure.low, measure.value - 12**2 / 92**2 / 4)
    assert math.isclose(measure.high, measure.value)
    assert measure.n_unknown == 1
    assert measure.note == (
        "Actors supplied by others: 4; with one recorded supplier only: 1. "
        "1 flow of unknown quantity is left out. "
        "Only 7 actors exchange material: one flow more or less changes the figure."
    )
    assert "f2" not in measure.rows["flows"]
    assert "f13" in measure.rows["flows"]


def test_the_availability_measure() -> None:
    """Two buyers supplied; if the trieur stopped, the boutique would not be: 1 of 2. Households do not stop."""
    measure = availability_measure(hand(), lang="en")
    assert (measure.value, measure.numerator, measure.denominator) == (0.5, 1.0, 2.0)
    assert measure.note.startswith("Supplied buyers: 2; at worst, 1 would lose all recorded supply.")


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (Filiere.from_tables(actors={"name": ["A"]}), "No flow is described."),
        (passing(("s", "x")), "No recorded flow supplies a buyer."),
        (passing((None, "b")), "No single organisation is recorded as supplying another actor."),
    ],
)
def test_the_availability_measure_of_nothing(f: Filiere, words: str) -> None:
    measure = availability_measure(f, lang="en")
    assert math.isnan(measure.value)
    assert math.isnan(measure.denominator)
    assert measure.note.startswith(words)


def test_the_concentration_measure_of_nothing() -> None:
    for f in (Filiere.from_tables(actors={"name": ["A"]}), passing(("s", "b"))):
        measure = concentration_measure(f, lang="en")
        assert math.isnan(measure.value)
        assert measure.note.startswith("No flow has a known quantity.")


def test_the_complete_example() -> None:
    """Eleven actors supplied by others, seven of one; 3 of 5 buyers hang on the bagger."""
    f = datasets.load("exemple_complet").at(2024)
    found = {one.indicator_id: one.measure(f) for one in INDICATORS}
    # 303 t: 258, 12 and 33; 184: 172, 12; 170: 150 (outside), 20; 173: 158, 15; seven of one supplier
    values = [(258**2 + 12**2 + 33**2) / 303**2, (172**2 + 12**2) / 184**2, (150**2 + 20**2) / 170**2,
              (158**2 + 15**2) / 173**2] + [1.0] * 7  # fmt: skip
    assert math.isclose(found["C1"].value, sum(values) / 11)
    assert (found["C6"].value, found["C6"].numerator, found["C6"].denominator) == (0.4, 2.0, 5.0)
    assert found["B10"].value == 0.0
    # what enters: 258 households, 12, 95 of the printers, 150 + 20 imported, 15 of the maker without supply
    assert found["B11"].denominator == 258 + 12 + 95 + 150 + 20 + 15
    assert found["C3"].denominator == 5
    assert 0 < found["C4"].value < 1
    for one in found.values():
        assert "16 acteurs seulement échangent de la matière" in one.note


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite"])
@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.indicator_id)
def test_on_the_other_examples_each_says_something(indicator: Indicator, name: str) -> None:
    measure = indicator.measure(datasets.load(name))
    assert measure.unit == indicator.unit
    assert measure.note
    assert "{" not in measure.note


# -- on any filière ----------------------------------------------------------------------------------


@st.composite
def small(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Rows of the hand-made filière, some of them left out, some quantities unknown."""
    tables = frames()
    kept = draw(st.lists(st.sampled_from(range(14)), min_size=1, unique=True))
    flows = tables["flows"].iloc[sorted(kept)].copy()
    flows["quantity_t_per_year"] = [
        draw(st.sampled_from([value, value, None, 0.0])) for value in flows["quantity_t_per_year"]
    ]
    return {**tables, "flows": flows}


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(small())
def test_ranges_bounds_and_rows(tables: dict[str, pd.DataFrame]) -> None:
    f = Filiere.from_tables(**tables)
    before = f.flows.copy()
    for one in INDICATORS:
        measure = one.measure(f)
        assert math.isnan(measure.hypothesis_share) or 0 <= measure.hypothesis_share <= 1
        assert set(measure.rows.get("flows", ())) <= set(f.flows.index)
        if math.isnan(measure.value):
            continue
        if one.indicator_id != "B11":
            assert -1e-12 <= measure.value <= 1 + 1e-12
        else:
            assert measure.value >= 1 - 1e-12
        if not math.isnan(measure.low):
            assert measure.low - 1e-12 <= measure.value <= measure.high + 1e-12
        if not math.isnan(measure.denominator):
            assert math.isclose(measure.numerator / measure.denominator, measure.value, abs_tol=1e-12)
    for check in CHECKS:
        for found in check(f):
            assert set(found.rows["flows"]) <= set(f.flows.index)
            assert found.message
    assert f.flows.equals(before)


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(small(), st.permutations(list(range(8))))
def test_renaming_actors_renames_results(tables: dict[str, pd.DataFrame], order: list[int]) -> None:
    names = tables["actors"]["actor_id"].tolist()
    rename = {name: f"z{place}" for name, place in zip(names, order, strict=True)}
    changed = {
        name: frame.replace({column: rename for column in {"actor_id", "source", "target"} & set(frame)})
        for name, frame in tables.items()
    }
    first, second = Filiere.from_tables(**tables), Filiere.from_tables(**changed)
    for metric in (cut_actors, supplier_concentration):
        pd.testing.assert_series_equal(metric(first).rename(index=rename), metric(second))
    for one in INDICATORS:
        a, b = one.measure(first), one.measure(second)
        assert math.isclose(a.value, b.value, rel_tol=1e-12) or math.isnan(a.value)
