"""The indicators as the diagnosis and the report take them."""

from __future__ import annotations

import math

import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.indicators import core_of_many
from chaine_valeur.analysis.indicator import PROFILES, Indicator
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.filiere import Filiere
from chaine_valeur.language import tr
from chaine_valeur.schema import tables, unit_label
from tests.cooperation.hand import by_hand

#: D3: every tie joins two colleges. D9: through Mairie Filature–Atelier and Relais–Atelier; two others, Mairie–Agglo
#: through Atelier and Atelier–Ressourcerie through Agglo. D17: 15 pairs of six linked actors; without Mairie two sets,
#: of 2 (Filature, Relais) and 3 (Atelier, Agglo, Ressourcerie): 1 + 3 = 4.
VALUES = {
    "D1": 6 / 21, "D2": 1 / 4, "D3": 1.0, "D4": 9 / 30, "D5": 1 / 3, "D6": 1 / 8, "D7": math.nan, "D8": 0.575,
    "D9": 2 / 4, "D11": 2 / 3, "D12": math.nan, "D15": math.nan, "D16": math.nan, "D17": 4 / 15,
}  # fmt: skip


def test_identifiers_and_profiles() -> None:
    profiles = {indicator.indicator_id: indicator.profile for indicator in co.INDICATORS}
    assert len(profiles) == len(co.INDICATORS)
    assert {name for name, profile in profiles.items() if profile == "essential"} == {"D1", "D5", "D6"}
    expert = {"D2", "D3", "D4", "D7", "D8", "D9", "D11", "D12", "D15", "D16", "D17"}
    assert {name for name, profile in profiles.items() if profile == "expert"} == expert
    assert set(profiles.values()) == set(PROFILES)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("indicator", co.INDICATORS, ids=lambda one: one.indicator_id)
def test_measures(indicator: Indicator, lang: str, hand: Filiere, silent: Filiere) -> None:
    for f in (hand, silent, by_hand(cooperations=None, groups=None, memberships=None)):
        measure = indicator.measure(f, lang=lang)
        assert isinstance(measure, Measure)
        assert measure.unit == indicator.unit
        assert measure.scope == "filiere"
        assert "{" not in measure.note
        if not math.isnan(measure.value):
            assert measure.low <= measure.value <= measure.high or math.isnan(measure.low)
            assert measure.n_rows > 0
        for table, rows in measure.rows.items():
            assert set(rows) <= set(f.table(table).index)
    value = VALUES[indicator.indicator_id]
    assert indicator.measure(hand, lang=lang).value == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("indicator", co.INDICATORS, ids=lambda one: one.indicator_id)
def test_words(indicator: Indicator) -> None:
    assert set(indicator.tables) <= set(tables())
    assert unit_label(indicator.unit, "fr")
    for text in (indicator.name, indicator.formula, indicator.reading):
        assert tr(text, "fr") != text, "not translated"
        assert tr(text, "en") == text


def test_terms_are_counts_that_can_be_told_as_seven_of_twelve(hand: Filiere) -> None:
    for indicator in co.INDICATORS:
        measure = indicator.measure(hand)
        if measure.unit == "share" and not math.isnan(measure.value):
            assert float(measure.numerator).is_integer() and float(measure.denominator).is_integer()
            assert measure.value == pytest.approx(measure.numerator / measure.denominator)


@pytest.mark.parametrize(("fewest", "most", "shown"), [(30, 100, False), (7, 100, True), (2, 6, False)])
def test_core_and_periphery_is_shown_where_it_says_something(
    hand: Filiere, fewest: int, most: int, shown: bool
) -> None:
    """Seven partners: too few by default, and too many where six are the most."""
    measure = core_of_many(hand, fewest=fewest, most=most, lang="en")
    assert math.isnan(measure.value) is not shown
    if shown:
        assert measure.value == pytest.approx(co.core_periphery(hand).fit)
    else:
        assert measure.note.startswith(
            "not shown: 7 actors" if fewest > 7 else "not looked for beyond 6 actors"
        )


def test_checks_are_functions_with_names() -> None:
    names = [check.__name__ for check in co.CHECKS]
    assert len(set(names)) == len(names) == 10
    assert all(hasattr(co, name) and name in co.__all__ for name in names)


def test_published_filiere_without_a_tie_is_unknown() -> None:
    """« Textiles usagés »: members of a community are published, no tie between two of them is."""
    datasets = pytest.importorskip("chaine_valeur.datasets")
    f = datasets.load("textiles_usages")
    assert math.isnan(co.density(f))
    measure = co.density_measure(f)
    assert (measure.low, measure.high) == (0, 1)
    assert measure.n_unknown == measure.denominator == co.ties_of(f).possible
    assert co.block_density(f)["density"].isna().all()
    kinds = {found.kind for check in co.CHECKS for found in check(f)}
    assert {"cooperation_unknown", "expected_ties_group"} <= kinds
    assert not {"central_actor", "open_triptyque"} & kinds
