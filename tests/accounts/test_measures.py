"""What the diagnosis shows: values, bounds, rows, what rests on estimates, and the notes."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.analysis import accounts
from chaine_valeur.analysis.measure import Measure
from tests.accounts.village import activities, actors, costs, edited, flows, frames, village, without


def measure(identifier: str, f: cv.Filiere | None = None, *, lang: str = "en") -> Measure:
    found = next(each for each in accounts.INDICATORS if each.indicator_id == identifier)
    return found.measure(village() if f is None else f, lang=lang)


def test_the_list_of_indicators() -> None:
    assert [(one.indicator_id, one.unit, one.profile) for one in accounts.INDICATORS] == [
        ("F1", "EUR/year", "expert"),
        ("F2", "EUR/year", "expert"),
        ("F3", "share", "expert"),
        ("F5", "share", "expert"),
        ("F6", "EUR/t", "expert"),
        ("F7", "FTE/t", "expert"),
        ("G11", "FTE/t", "expert"),
        ("E7", "share", "expert"),
    ]


def test_direct_value_added() -> None:
    found = measure("F1")
    assert (found.value, found.low, found.high, found.n_unknown) == (152_000, 152_000, 152_000, 0)
    assert set(found.rows["flows"]) == set(flows()["flow_id"])
    assert set(found.rows["costs"]) == set(costs()["cost_id"])
    assert found.rows["markets"] == ("prix-drap", "prix-chutes")
    assert found.note == (
        "Known for 3 of 3 accounts. 2 flows are valued at the price of a demand or a supply. "
        "Costs stated twice differ by more than a tenth for 1 activity: the items are taken."
    )


def test_a_price_makes_an_estimate_of_the_firmest_tonnes() -> None:
    """Two flows are valued by a price, 262 000 € of all: flows 0 + 50 000 + 12 000 + 40 000 + 162 000 + 15 000 +
    262 000 + 1 500 = 542 500, items of costs 30 000 + 140 000 + 182 500, 65 000, 35 000 = 452 500."""
    assert measure("F1").hypothesis_share == pytest.approx(262_000 / 995_000)


def test_confidence_of_an_amount_and_of_a_cost_counts() -> None:
    rows = edited(flows(), "flow_id", "f2", confidence="estimated")
    assert measure("F1", village(flows=rows)).hypothesis_share == pytest.approx(312_000 / 995_000)
    soft = costs().assign(confidence=lambda r: r["kind"].map({"wages": "hypothesis"}))  # 150 000 and 30 000
    assert measure("F1", village(costs=soft)).hypothesis_share == pytest.approx(442_000 / 995_000)


def test_the_confidence_is_that_of_the_row_that_states_the_amount() -> None:
    rows = edited(flows(), "flow_id", "f5", confidence="hypothesis")  # the weighing is measured, without €
    assert measure("F1", village(flows=rows)).hypothesis_share == pytest.approx((262_000 + 162_000) / 995_000)


def test_value_added_of_the_known_accounts_names_what_the_others_lack() -> None:
    rows = without(costs(), "cost_id", "filature-purchases")
    f = village(costs=rows, flows=edited(flows(), "flow_id", "f8", material_id=None))
    found = measure("F1", f)
    # filature lacks purchases (its fixed and variable costs are known), tisseur the price of what it exports
    assert found.value == 49_500
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.n_unknown == 2
    assert found.note.startswith(
        "Known for 1 of 3 accounts. Missing: price of material not stated (1 flow); "
        "division of the fixed and variable costs (Filature)."
    )
    assert "f4" not in found.rows["flows"]  # between filature and the outside


def test_items_that_the_same_actors_lack_are_told_together_and_names_are_few() -> None:
    more = [f"Atelier {number}" for number in range(5)]
    people = pd.concat([actors(), pd.DataFrame({"actor_id": more, "name": more})])
    held = pd.concat([activities(), pd.DataFrame({"actor_id": more, "stage_id": "tissage"})])
    f = village(actors=people, activities=held.drop(columns="activity_id"))
    assert measure("F1", f).note.startswith(
        "Known for 3 of 8 accounts. Missing: sales, what it receives and purchases and services "
        "(Atelier 0, Atelier 1, Atelier 2 and 2 others)."
    )
    assert measure("F1", f, lang="fr").note.startswith(
        "Connue pour 3 sur 8 comptes. Il manque\u00a0: ventes, ce qui y arrive et achats et services "
        "extérieurs (Atelier 0, Atelier 1, Atelier 2 et 2 autres)."
    )


def test_value_added_with_its_suppliers_lies_between_two_bounds() -> None:
    found = measure("F2")
    assert (found.value, found.low, found.high) == (152_000, 152_000, 292_000)
    assert "paid 140,000\u00a0€/year" in found.note
    unknown = measure("F2", village(costs=without(costs(), "cost_id", "filature-purchases")))
    assert unknown.value == 99_500
    assert math.isnan(unknown.high)
    assert unknown.note.endswith("What is missing is named with the direct value added.")


def test_share_of_the_college_that_has_most() -> None:
    found = measure("F3")
    assert found.value == pytest.approx(102_500 / 152_000)
    assert (found.numerator, found.denominator) == (102_500, 152_000)
    assert found.low == found.high == found.value
    assert found.note == ("Enterprises 67% and Social and solidarity economy 33%. Known for 3 of 3 accounts.")


def test_one_college_is_no_sharing_out() -> None:
    found = measure("F3", village(actors=edited(actors(), "actor_id", "relais", pole=None)))
    assert math.isnan(found.value)
    assert found.note.startswith("The value added of two colleges at least has to be known.")
    assert found.n_unknown == 1


def test_activities_that_reach_their_break_even() -> None:
    """relais (0) and filature (245 for 300) do, tisseur (385 for 278) does not."""
    found = measure("F5")
    assert found.value == pytest.approx(2 / 3)
    assert (found.numerator, found.denominator, found.n_unknown) == (2, 3, 0)
    assert found.low == found.high == found.value
    assert found.note == (
        "“Tri” 430\u00a0t/year for a threshold of 0\u00a0t/year; "
        "“Filage” 300\u00a0t/year for a threshold of 245\u00a0t/year; "
        "“Tissage” 278\u00a0t/year for a threshold of 385\u00a0t/year."
    )
    assert found.rows["activities"] == ("relais-tri", "filature-filage", "tisseur-tissage")


def test_bounds_of_the_activities_whose_threshold_is_unknown() -> None:
    found = measure("F5", village(flows=edited(flows(), "flow_id", "f2", amount_eur_per_year=None)))
    # relais and filature lack the price of f2
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(2 / 3)
    assert found.n_unknown == 2
    assert "For 2 activities with fixed costs the threshold is not known" in found.note
    assert found.note.endswith("Stages: “Tri” and “Filage”.")


def test_break_even_without_fixed_costs() -> None:
    found = measure("F5", village(activities=activities().assign(fixed_cost_eur_per_year=None)))
    assert math.isnan(found.value)
    assert found.note == "No fixed costs of an activity are known."


def test_an_activity_without_a_threshold_is_said_to_have_none() -> None:
    dear = edited(activities(), "activity_id", "tisseur-tissage", variable_cost_eur_per_t=900.0)
    note = measure("F5", village(activities=dear)).note
    assert "“Tissage” 278\u00a0t/year, no threshold at these prices" in note


def test_net_margin_per_tonne_that_enters_the_filiere() -> None:
    """27 000 + 5 500 − 16 700 over the 400 t of households, 50 t of wool and 10 t of dye."""
    found = measure("F6")
    assert found.value == pytest.approx(15_800 / 460)
    assert (found.numerator, found.denominator) == (15_800, 460)
    assert found.note == (
        "Known for 3 of 3 accounts. For 1 of them only fixed and variable costs are known: the margin is, not "
        "how it is made up."
    )
    # only where its costs stand for the items
    assert found.rows["activities"] == ("tisseur-tissage",)
    # 262 000 of flows by a price, of 995 000 and the 101 700 of tisseur
    assert found.hypothesis_share == pytest.approx(262_000 / (995_000 + 101_700))


def test_net_margin_without_tonnes() -> None:
    found = measure("F6", village(flows=flows().assign(quantity_t_per_year=None)))
    assert math.isnan(found.value)
    assert "Missing:" in found.note


def test_jobs_per_tonne_that_enters_the_filiere() -> None:
    """8 + 3 + 4 FTE for 460 t: a tonne that passes the three of them counts once."""
    found = measure("F7")
    assert found.value == 15 / 460
    assert (found.numerator, found.denominator, found.n_unknown) == (15, 460, 0)
    assert set(found.rows["flows"]) == {"f1", "f4", "f6"}
    assert found.rows["activities"] == ("relais-tri", "filature-filage", "tisseur-tissage")
    assert found.note == (
        "15 FTE for 460\u00a0t/year entering. Per thousand tonnes entering the stage: "
        "“Tri” 18.6, “Filage” 10, “Tissage” 14.4 and “Vente” 7.69."
    )


def test_insertion_per_tonne_and_what_is_not_known() -> None:
    assert measure("G11").value == 5 / 460
    rows = activities().assign(insertion_fte=[None, 5.0, None, 0.0, None])
    found = measure("G11", village(activities=rows))
    # relais and tisseur: 400 t, 10 t and what they receive from filature, 30 t and 268 t
    assert found.value == 5 / 708
    assert found.n_unknown == 1
    assert "The jobs of 1 activity are not known." in found.note
    assert math.isnan(found.low)


def test_jobs_without_tonnes() -> None:
    found = measure("F7", village(flows=None, markets=None))
    assert math.isnan(found.value)
    assert found.note == "Neither the jobs nor the tonnes of one actor are known together."
    some = measure("F7", village(flows=edited(flows(), "flow_id", "f4", quantity_t_per_year=None)))
    assert some.value == 15 / 410
    assert "1 flow of unknown quantity is left out." in some.note


def test_integration_and_its_bounds() -> None:
    """Direct: 102 000 of 292 000. At most: with 10 000 + 4 500 bought here and the 35 000 of which nobody
    knows."""
    found = measure("E7")
    assert found.value == pytest.approx(102_000 / 292_000)
    assert found.low == found.value
    assert found.high == pytest.approx(151_500 / 292_000)
    assert found.scope == "territory"
    assert found.n_unknown == 1
    assert "(14,500\u00a0€/year)" in found.note
    assert "For 35,000\u00a0€/year of purchases the local share is not given." in found.note


def test_integration_of_whom_nobody_knows_the_place() -> None:
    found = measure("E7", village(actors=actors().assign(commune_code=None)))
    assert math.isnan(found.value)
    assert found.low == 0
    # the households too: nobody knows where their 0 € go; relais and filature still buy 14 500 here
    assert found.high == pytest.approx((152_000 + 14_500 + 35_000) / 292_000)
    assert "The commune or the territory of actors is not given." in found.note
    assert measure("E7", village(filiere=None)).scope == "filiere"


def test_each_note_is_in_the_language_asked_for() -> None:
    for indicator in accounts.INDICATORS:
        french, english = (indicator.measure(village(), lang=lang).note for lang in ("fr", "en"))
        assert french
        assert french != english
        for word in (" of ", " the ", "accounts", "entering"):
            assert word not in french, french


def test_the_example_says_what_it_lacks() -> None:
    f = cv.datasets.load("exemple_complet")
    found = measure("F1", f, lang="fr")
    assert found.n_unknown > 0
    assert "Il manque\u00a0:" in found.note
    assert 0 < measure("F7", f).value < 1
    table = accounts.operating_account(f)
    assert table.loc["condi-ouest", "sales_in_filiere"] == 109_460  # 45 500 + 60 760 + 3 200
    # one pays to be rid of the refuse: a cost of the sorter, 4 012 €
    assert table.loc["unite-energie-cote", "n_accounts"] == 0


def test_frames_of_the_village_are_not_changed() -> None:
    before = frames()
    village()
    for name, frame in frames().items():
        pd.testing.assert_frame_equal(frame, before[name])
