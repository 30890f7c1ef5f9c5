"""What a resource lets enter a stage, and what a demand takes of it, worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.planning.niches import niches

from .niches_valley import LINKS, valley

WOOL = ("supply", "mobilized", "wool", "flock", 200)
STRAW = ("supply", "mobilized", "straw", "field", 60)
FELT = ("demand", "expressed", "web", "felt", 90, "shop")


def tonnes(f: cv.Filiere, what: str, **asked: object) -> dict[str, float]:
    """Return the tonnes that count, by stage in the order of the chain."""
    found = niches(f, lang="en", **asked)  # type: ignore[arg-type]
    order = [stage for stage in f.stages.index if stage in found.index]
    return found[f"{what}_t_per_year"].reindex(order).to_dict()


# -- resource, by hand ------------------------------------------------------------------------------


def test_a_resource_is_carried_by_the_yields() -> None:
    """200 t of wool, nothing known of straw."""
    found = tonnes(valley(WOOL), "resource")
    assert found["wash"] == pytest.approx(200)
    # 200 · 0.6 = 120 clean, of which 0.8 makes a level of 150: with the binder, 150 t enter
    assert found["card"] == pytest.approx(150)
    assert found["felt"] == pytest.approx(150 * 0.9)
    assert found["soap"] == pytest.approx(200 * 0.1)


def test_two_resources_add_up_at_the_stage_that_takes_both() -> None:
    found = tonnes(valley(WOOL, STRAW), "resource")
    assert found["wash"] == pytest.approx(200)
    assert found["card"] == pytest.approx(150 + 60)
    assert found["felt"] == pytest.approx(150 * 0.9 + 60 * 0.5)


def test_what_is_stated_nearest_to_the_stage_sizes_it() -> None:
    """Of the 200 t of wool, 30 t of clean wool are known to be there: neither 120 nor 150."""
    f = valley(WOOL, ("supply", "mobilized", "clean", None, 30))
    found = tonnes(f, "resource")
    assert found["card"] == pytest.approx(30 / 0.8)
    assert found["wash"] == pytest.approx(200)
    assert found["soap"] == pytest.approx(20)  # the grease is still read from the wool
    rows = niches(f, lang="en")
    assert rows.loc["wash", "resource_basis"] == "direct"
    assert rows.loc["felt", "resource_basis"] == "carried"


def test_each_level_is_read_by_itself_and_the_firmest_counts() -> None:
    f = valley(
        ("supply", "raw", "wool", "flock", 1000),
        ("supply", "mobilizable", "clean", None, 80),
        ("supply", "mobilized", "wool", "flock", 0),
    )
    row = niches(f, lang="en").loc["card"]
    levels = [f"resource_{level}_t_per_year" for level in ("raw", "mobilizable", "mobilized")]
    # raw: 1000 · 0.6 / 0.8; mobilizable: 80 / 0.8; mobilized: a measured 0
    assert row[levels].tolist() == pytest.approx([750, 100, 0])
    assert row[["resource_t_per_year", "resource_level", "resource"]].tolist() == [0, "mobilized", 0]
    assert niches(f, resource_level="raw", lang="en").loc["card", "resource_t_per_year"] == pytest.approx(750)
    # the wash has no mobilizable supply: asked for it, unknown
    asked = niches(f, resource_level="mobilizable", lang="en").loc["wash"]
    assert math.isnan(asked["resource"])
    assert asked["resource_note"] == "no supply is stated that leads here"


def test_a_supply_without_its_level_is_read_last() -> None:
    f = valley(("supply", None, "wool", "flock", 50), STRAW)
    row = niches(f, lang="en").loc["wash"]
    assert row[["resource_t_per_year", "resource_level"]].tolist() == [50, ""]
    assert niches(f, lang="en").loc["card", "resource_t_per_year"] == 60  # the mobilized straw alone


def test_a_supply_without_a_quantity_makes_the_rest_a_least() -> None:
    f = valley(WOOL, ("supply", "mobilized", "wool", "flock", None))
    row = niches(f, lang="en").loc["wash"]
    assert row["resource_t_per_year"] == 200
    assert row["sentence"].startswith("At least 200\xa0t/year mobilized for a minimum of 100\xa0t/year")
    alone = niches(valley(("supply", "mobilized", "wool", "flock", None)), lang="en").loc["wash"]
    assert math.isnan(alone["resource"])
    assert alone["resource_note"] == "a supply is stated, without its quantity"


def test_a_stage_without_recipe_passes_on_what_reaches_it() -> None:
    """Collected by two stages that can stand for one another: 100 t, not 200."""
    f = cv.Filiere.from_tables(
        stages={"name": ["Source", "Bins", "Doors", "Sort", "Burn"],
                "kind": ["resource", "operation", "operation", "operation", "market"]},
        stage_links={"stage_id": ["source", "source", "bins", "doors", "sort"],
                     "to_stage_id": ["bins", "doors", "sort", "sort", "burn"]},
        materials={"name": ["paper"]},
        actors={"name": ["A"]},
        markets={"stage_id": ["source"], "material_id": ["paper"], "kind": "supply", "quantity_t_per_year": [100]},
    )  # fmt: skip
    assert tonnes(f, "resource") == {"bins": 100, "doors": 100, "sort": 100, "burn": 100}


def test_without_any_material_stages_are_followed() -> None:
    f = valley(
        ("supply", "mobilized", None, "flock", 70), materials=None, recipes=None,
        stage_links={name: LINKS[name] for name in ("stage_id", "to_stage_id")},
    )  # fmt: skip
    assert tonnes(f, "resource") == pytest.approx({"wash": 70, "card": 70, "felt": 70, "soap": 70})


def test_an_unknown_coefficient_stops_it() -> None:
    recipes = {
        "stage_id": ["wash"] * 2,
        "side": ["in", "out"],
        "material_id": ["wool", "clean"],
        "t_per_t": [1, None],
    }
    found = tonnes(valley(WOOL, recipes=recipes), "resource")
    assert math.isnan(found["card"])
    assert math.isnan(found["soap"])


def test_a_stage_that_nothing_leads_to_has_what_is_stated_of_it() -> None:
    stages = {"name": ["Gleaning"], "minimum_viable_t_per_year": [10]}
    f = cv.Filiere.from_tables(
        stages=stages, actors={"name": ["A"]},
        markets={"stage_id": ["gleaning"], "kind": "supply", "level": "raw", "quantity_t_per_year": [5]},
    )  # fmt: skip
    row = niches(f).loc["gleaning"]
    assert row[["resource", "resource_basis"]].tolist() == [0.5, "stage"]


# -- demand, by hand --------------------------------------------------------------------------------


def test_a_demand_is_carried_back_by_the_yields() -> None:
    found = tonnes(valley(FELT), "demand")
    assert found["felt"] == 90
    # the process that takes most for it: flax gives 0.5 a tonne
    assert found["card"] == pytest.approx(90 / 0.5)
    # from the wash: 100 t of level of « wool » take 80 t clean
    assert found["wash"] == pytest.approx(90 / 0.9 * 0.8 / 0.6)
    assert math.isnan(found["soap"])


def test_of_products_made_together_it_is_enough_that_one_is_asked_for() -> None:
    """133.3 t of wool for the felt; of those that the felt does not take, 20 t more have their grease asked for."""
    grease = ("demand", "expressed", "grease", "soap", 2, "club")
    assert tonnes(valley(FELT, grease), "demand")["wash"] == pytest.approx(90 / 0.9 * 0.8 / 0.6 + 2 / 0.1)


def test_levels_hold_the_firmer_ones_and_of_one_buyer_the_largest() -> None:
    f = valley(
        FELT,
        ("demand", "contracted", "web", "felt", 20, "shop"),  # within the 90 that the shop speaks of
        ("demand", "verified", "web", "felt", 30, "club"),
    )
    row = niches(f, lang="en").loc["felt"]
    levels = [f"demand_{level}_t_per_year" for level in ("expressed", "verified", "contracted")]
    assert row[levels].tolist() == [90 + 30, 20 + 30, 20]
    assert row[["demand_t_per_year", "demand_level", "demand_basis"]].tolist() == [20, "contracted", "direct"]
    assert niches(f, demand_level="expressed").loc["felt", "demand_t_per_year"] == 120


def test_an_outlet_that_one_pays_for_and_one_of_a_waste_are_no_demand() -> None:
    rows = pd.DataFrame(
        {"kind": "demand", "material_id": ["grease"], "stage_id": ["soap"], "quantity_t_per_year": [50],
         "price_eur_per_t": [-30]}
    )  # fmt: skip
    assert math.isnan(tonnes(valley(markets=rows), "demand")["soap"])
    waste = {"material_id": ["wool", "straw", "clean", "grease", "web", "binder"],
             "name": list("abcdef"), "kind": ["product"] * 3 + ["waste"] + ["product"] * 2}  # fmt: skip
    rows = rows.assign(price_eur_per_t=10)
    assert tonnes(valley(markets=rows), "demand")["soap"] == 50
    assert math.isnan(tonnes(valley(markets=rows, materials=waste), "demand")["soap"])


def test_what_an_operation_asks_for_is_no_outlet_of_it() -> None:
    found = tonnes(valley(("demand", "expressed", "clean", "card", 40, "mill")), "demand")
    assert math.isnan(found["card"])
    assert found["wash"] == pytest.approx(40 / 0.6)


def test_a_return_loop_counts_for_nothing() -> None:
    loop = {name: [*LINKS[name], extra] for name, extra in
            (("stage_id", "card"), ("to_stage_id", "wash"), ("material_id", "wool"))}  # fmt: skip
    plain = valley(WOOL, FELT)
    looped = valley(WOOL, FELT, stage_links=loop)
    for what in ("resource", "demand"):
        assert tonnes(looped, what) == pytest.approx(tonnes(plain, what), nan_ok=True)
