"""The territorial figures as a diagnosis shows them: bounds, rows, what is unknown, what is said."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.territory import INDICATORS, leakage, lm3_rounds, local_share, mean_haul, tonne_km
from chaine_valeur.schema import table
from chaine_valeur.vocabulary import FindingKind
from tests.territory.valley import AWAY, DEGREE_KM, HERE, THERE, indicator, plain, same, valley


@pytest.fixture(scope="module")
def example() -> Filiere:
    return datasets.load("exemple_complet").at(2024)


def test_the_indicators_of_the_room() -> None:
    assert [(one.indicator_id, one.unit, one.profile) for one in INDICATORS] == [
        ("E5", "share", "essential"),
        ("A10", "share", "expert"),
        ("E6", "km", "expert"),
        ("E6-tonne-km", "t.km/year", "expert"),
        ("E4", "ratio", "expert"),
    ]
    for one in INDICATORS:
        assert all(table(name).name == name for name in one.tables)
    assert FindingKind("purchases_elsewhere").family == "territory"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", datasets.available())
def test_every_indicator_speaks_on_every_example(name: str, lang: str) -> None:
    f = datasets.load(name)
    for one in INDICATORS:
        measure = one.measure(f, lang=lang)
        assert measure.unit == one.unit
        assert measure.note.endswith(".")
        assert "{" not in measure.note
        for rows, identifiers in measure.rows.items():
            assert set(identifiers) <= set(f.table(rows).index)
        for bound in (measure.low, measure.high):
            assert math.isnan(bound) or bound >= 0


def test_each_measure_is_the_metric(example: Filiere) -> None:
    assert same(indicator(example, "E5").value, local_share(example))
    assert same(indicator(example, "A10").value, leakage(example))
    assert same(indicator(example, "E6").value, mean_haul(example))
    assert same(indicator(example, "E6-tonne-km").value, tonne_km(example))


def test_the_local_share_names_what_is_left_out() -> None:
    """1 900 and 16 200 paid here (stated by the supplier, weighed by the receiver), 63 000 outside; one
    purchase has no amount: no bounds. In tonnes: 95 + 172 + 13 here, 150 outside, 280 of 430."""
    f = valley(
        {"actor_id": ["tri", "mill"], "name": ["Tri", "Mill"], "commune_code": [HERE, THERE]},
        {
            "flow_id": ["paper", "sent", "weighed", "fibre", "rags"],
            "source": ["mill", "tri", "tri", None, "tri"],
            "target": ["tri", "mill", "mill", "mill", "mill"],
            "material_id": ["wool", "yarn", "yarn", "wool", "felt"],
            "quantity_t_per_year": [95, 180, 172, 150, 13],
            "amount_eur_per_year": [1_900, 16_200, None, 63_000, None],
            "confidence": ["declared", "declared", "measured", "declared", "declared"],
            "same_flow_as": [None, None, "sent", None, None],
        },
        materials={"name": ["wool", "yarn", "felt"]},
    )
    e5 = indicator(f, "E5", "fr")
    assert (e5.numerator, e5.denominator) == (18_100, 81_100)
    assert e5.value == pytest.approx(18_100 / 81_100)
    assert math.isnan(e5.low)
    assert math.isnan(e5.high)
    assert (e5.n_unknown, e5.scope) == (1, "territory")
    # the row that states the amount, not the one that was weighed
    assert e5.rows == {"flows": ("paper", "sent", "fibre", "rags")}
    assert plain(e5.note) == (
        "Achats des acteurs du territoire : 18 100 €/an sur 81 100 €/an y sont faits. "
        "1 achat de montant inconnu n’est pas compté. Des tonnes qu’ils reçoivent, 65 % viennent du territoire."
    )
    assert plain(indicator(f, "A10").note) == (
        "Purchases of the actors of the territory: 63,000 €/year of 81,100 €/year made outside. "
        "1 purchase of unknown amount is left out. Of the tonnes that they receive, 35% come from outside the "
        "territory."
    )


def test_the_bounds_of_unknown_places() -> None:
    """1 000 local, 1 000 outside, 2 000 from nobody knows where, 500 bought by nobody knows whom."""
    f = valley(
        {"name": ["tri", "mill", "lost"], "commune_code": [HERE, THERE, None]},
        {
            "source": ["tri", None, "lost", None],
            "target": ["mill", "mill", "mill", "lost"],
            "amount_eur_per_year": [1000, 1000, 2000, 500],
        },
    )
    e5, a10 = indicator(f, "E5"), indicator(f, "A10")
    # lowest: Lost is elsewhere as a supplier, here as a buyer (the two are not tied): 1 000 / 4 500
    assert (e5.value, e5.low, e5.high) == pytest.approx((0.5, 1000 / 4500, 3000 / 4000))
    assert (a10.value, a10.low, a10.high) == pytest.approx((0.5, 1000 / 4000, 3500 / 4500))
    assert e5.numerator + a10.numerator == e5.denominator == a10.denominator == 2000
    assert e5.n_unknown == 2
    assert "For 1 purchase nobody knows where the supplier is." in e5.note
    assert "For 1 purchase nobody knows whether the buyer is in the territory." in e5.note


def test_the_share_of_hypotheses_is_that_of_the_amounts() -> None:
    """The tonnes of the first row are measured, its amount is estimated: one row of two."""
    f = valley(
        {"name": ["tri", "mill"], "commune_code": HERE},
        {
            "flow_id": ["one", "two"],
            "source": ["tri", None],
            "target": "mill",
            "amount_eur_per_year": [10, 30],
            "quantity_t_per_year": [1, 1],
            "confidence": "measured",
        },
        cell_sources={
            "table": ["flows"], "row_id": ["one"], "column": ["amount_eur_per_year"],
            "confidence": ["estimated"],
        },
    )  # fmt: skip
    assert indicator(f, "E5").hypothesis_share == 0.5
    assert indicator(f, "E5").n_rows == 2


# -- distances --------------------------------------------------------------------------------------


@pytest.fixture
def haul() -> Filiere:
    """10 t on 1 degree (estimated) and 30 t on 3; 5 t abroad, 7 t in one commune, a flow without tonnes."""
    return valley(
        {
            "actor_id": ["a", "b", "c", "d", "lost"],
            "name": ["a", "b", "c", "d", "lost"],
            "commune_code": [HERE, None, None, HERE, AWAY],
            "latitude": [0, 0, 0, None, None],
            "longitude": [0, 1, 4, None, None],
        },
        {
            "flow_id": ["ab", "bc", "ao", "ad", "al", "ac"],
            "source": ["a", "b", "a", "a", "a", "a"],
            "target": ["b", "c", None, "d", "lost", "c"],
            "quantity_t_per_year": [10, 30, 5, 7, 8, None],
            "confidence": ["estimated", "measured", None, None, None, None],
        },
        territories={
            "perimeter_id": ["here"], "territory_id": ["val"], "commune_code": [HERE],
            "latitude": [0.0], "longitude": [0.1],
        },
    )  # fmt: skip


def test_the_mean_haul_says_what_is_not_located(haul: Filiere) -> None:
    e6 = indicator(haul, "E6")
    assert e6.value == pytest.approx(2.5 * DEGREE_KM)
    assert (e6.numerator, e6.denominator) == pytest.approx((100 * DEGREE_KM, 40))
    assert math.isnan(e6.low) and math.isnan(e6.high)
    assert e6.n_unknown == 4
    assert e6.rows == {"flows": ("ab", "bc"), "actors": ("a", "b", "c")}
    assert plain(e6.note) == (
        "In straight lines, over 40 t/year of which the journey is known, of 60 t/year in all. "
        "1 actor has neither coordinates nor a commune whose centre is known. "
        "1 flow from or to the outside has no known distance. "
        "1 flow within one commune has no known distance: addresses are missing. "
        "1 flow of unknown quantity is left out."
    )


def test_tonne_km_are_a_lower_bound(haul: Filiere) -> None:
    measure = indicator(haul, "E6-tonne-km")
    assert measure.value == measure.low == pytest.approx(100 * DEGREE_KM)
    assert math.isnan(measure.high)
    # 10 of the 100 D travel with an estimated tonnage
    assert measure.hypothesis_share == pytest.approx(0.1)


def test_where_all_is_located_the_bounds_are_the_figure(haul: Filiere) -> None:
    f = haul.without_rows("flows", ["ao", "ad", "al", "ac"])
    for identifier in ("E6", "E6-tonne-km"):
        measure = indicator(f, identifier)
        assert measure.low == measure.high == measure.value
        assert measure.n_unknown == 0


def test_the_centre_that_places_an_actor_is_a_row_of_the_figure(haul: Filiere) -> None:
    flows = {"flow_id": ["db"], "source": ["d"], "target": ["b"], "quantity_t_per_year": [1]}
    f = haul.with_table("flows", pd.DataFrame(flows))
    assert indicator(f, "E6").value == pytest.approx(0.9 * DEGREE_KM)
    assert indicator(f, "E6").rows["territories"] == ("here",)


# -- multiplier -------------------------------------------------------------------------------------


def test_the_multiplier_has_bounds_and_says_why() -> None:
    """Mill earns 100, pays 50 of wages of which half here: 1.25 to 1.5. Nothing is known of Shop."""
    f = valley(
        {"actor_id": ["mill", "shop"], "name": ["Mill", "Shop"], "commune_code": HERE},
        {
            "flow_id": ["sale", "gift"],
            "source": ["mill", "shop"],
            "target": None,
            "amount_eur_per_year": [100, None],
        },
        costs={
            "cost_id": ["w"], "actor_id": ["mill"], "kind": ["wages"], "amount_eur_per_year": [50],
            "local_share": [0.5], "confidence": ["estimated"],
        },
    )  # fmt: skip
    e4 = indicator(f, "E4")
    assert math.isnan(e4.value)
    assert (e4.low, e4.high) == (1.25, 1.5)
    assert math.isnan(e4.numerator)
    assert e4.denominator == 100
    assert e4.rows == {"costs": ("w",), "flows": ("sale",)}
    assert e4.hypothesis_share == 0.5
    assert e4.n_unknown == 1
    assert e4.note == (
        "Over 1 actor of the territory whose income is known. For 1 other, an amount of its income is unknown. "
        "How much of what they receive the inhabitants and the other suppliers spend in the territory is not "
        "known: the bounds go from nothing to all of it."
    )
    np.testing.assert_allclose(lm3_rounds(f).loc["mill", ["lm3_low", "lm3_high"]].astype(float), [1.25, 1.5])


def test_an_actor_that_earns_nothing_known_is_not_one_of_unknown_amounts() -> None:
    """Shop only buys, for an amount that nobody knows: it has no income that one could ask for."""
    f = valley(
        {"name": ["mill", "shop", "lost"], "commune_code": [HERE, HERE, None]},
        {"source": ["mill", "lost"], "target": [None, "shop"], "amount_eur_per_year": [100, None]},
        costs={"actor_id": ["mill"], "kind": ["wages"], "amount_eur_per_year": [0], "local_share": [0]},
    )
    e4 = indicator(f, "E4")
    assert e4.note == "Over 1 actor of the territory whose income is known."
    assert (e4.value, e4.n_unknown) == (1, 1)


def test_an_exact_multiplier_says_no_more_than_it_must() -> None:
    f = valley(
        {"name": ["a", "b"], "commune_code": HERE},
        {"source": ["a", "b"], "target": ["b", "a"], "amount_eur_per_year": 100},
        costs={"actor_id": ["a", "b"], "kind": "wages", "amount_eur_per_year": 0, "local_share": 1},
    )
    e4 = indicator(f, "E4")
    assert (e4.value, e4.low, e4.high, e4.numerator, e4.denominator) == (3, 3, 3, 600, 200)
    assert e4.note == "Over 2 actors of the territory whose income is known."


# -- nothing to measure -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "note"),
    [
        ("E5", "No territory is given: where the actors are was not looked at."),
        ("A10", "No territory is given: where the actors are was not looked at."),
        ("E6", "No flow is described."),
        ("E6-tonne-km", "No flow is described."),
        ("E4", "No territory is given: where the actors are was not looked at."),
    ],
)
def test_a_filiere_of_one_actor(identifier: str, note: str) -> None:
    measure = indicator(Filiere.from_tables(actors={"name": ["a"]}), identifier)
    assert math.isnan(measure.value)
    assert measure.note == note
    assert measure.rows == {}
    assert math.isnan(measure.hypothesis_share)


def test_what_is_missing_is_named() -> None:
    actors = {"name": ["a", "b"], "commune_code": [HERE, AWAY]}
    assert indicator(valley(actors), "E5").note == "No flow is described."
    sale = {"source": ["a"], "target": ["b"], "quantity_t_per_year": [5]}
    f = valley(actors, sale)
    assert indicator(f, "E5").note == "No purchase of an actor of the territory is described."
    assert indicator(f, "E4").note.startswith("No actor of the territory has a known income: give the amount")
    assert plain(indicator(f, "E6").note) == (
        "Of 5 t/year, no journey is known. "
        "2 actors have neither coordinates nor a commune whose centre is known."
    )
    silent = valley(actors, sale | {"quantity_t_per_year": None})
    assert indicator(silent, "E6").note == "No flow has a known quantity."
