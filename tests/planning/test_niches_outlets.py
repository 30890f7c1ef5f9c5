"""What niches count as the balances and the plan do: recipes that make too much, demands that nobody stands behind.

A chain of three: Gisement ──brut──▶ Moulage ──pièce──▶ Vente. 100 t of raw matter, a demand of 60 t of parts.
"""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows import throughput
from chaine_valeur.planning import niches
from chaine_valeur.planning.niches._passing import passing_of
from chaine_valeur.report.niches import niches_sheet
from tests.report.readers import plain

RECIPE = {
    "stage_id": ["moulage"] * 2, "side": ["in", "out"], "material_id": ["brut", "piece"], "t_per_t": [1.0, 1.8],
}  # fmt: skip


def chain(**more: Any) -> Filiere:
    tables: dict[str, Any] = {
        "stages": {"name": ["Gisement", "Moulage", "Vente"], "kind": ["resource", "operation", "market"],
                   "minimum_viable_t_per_year": [None, 50.0, None]},
        "stage_links": {"stage_id": ["gisement", "moulage"], "to_stage_id": ["moulage", "vente"],
                        "material_id": ["brut", "piece"]},
        "materials": {"material_id": ["brut", "piece", "resine"], "name": ["Brut", "Pièce", "Résine"]},
        "actors": {"name": ["Ferme", "Atelier", "Chantier"]},
        "activities": {"actor_id": ["ferme", "atelier"], "stage_id": ["gisement", "moulage"]},
        "flows": {"source": ["ferme", "atelier"], "target": ["atelier", "chantier"],
                  "source_stage": ["gisement", "moulage"], "target_stage": ["moulage", None],
                  "material_id": ["brut", "piece"]},
        "markets": {"kind": ["supply", "demand"], "level": ["mobilized", "expressed"],
                    "stage_id": ["gisement", "vente"], "material_id": ["brut", "piece"],
                    "actor_id": ["ferme", None], "quantity_t_per_year": [100.0, 60.0]},
        **more,
    }  # fmt: skip
    return Filiere.from_tables(**tables)


def markets(*rows: tuple[str | None, float]) -> dict[str, list[Any]]:
    """Demands of parts at the market, by who asks, and the supply."""
    count = len(rows)
    return {
        "kind": ["supply", *["demand"] * count], "level": ["mobilized", *["expressed"] * count],
        "stage_id": ["gisement", *["vente"] * count], "material_id": ["brut", *["piece"] * count],
        "actor_id": ["ferme", *(who for who, _ in rows)], "quantity_t_per_year": [100.0, *(t for _, t in rows)],
    }  # fmt: skip


HELD = {"actor_id": ["ferme", "atelier", "chantier"], "stage_id": ["gisement", "moulage", "vente"]}


# -- recipes -------------------------------------------------------------------------------------------------------


def test_a_recipe_that_makes_more_than_it_takes_is_no_recipe():
    """1 t → 1.8 t is left out: the stage passes on what it takes, 60 t for 60 t; with it, 60 / 1.8 = 33.3 t."""
    found = niches(chain(recipes=RECIPE)).loc["moulage"]
    without = niches(chain()).loc["moulage"]
    assert found["demand_t_per_year"] == without["demand_t_per_year"] == 60.0
    assert found["resource_t_per_year"] == without["resource_t_per_year"] == 100.0
    told = plain(found["sentence"])
    assert "fait plus qu’il n’y entre" in told and "liant" in told
    assert "fait plus" not in without["sentence"]


def test_the_added_input_makes_it_whole():
    """1 t raw + 0.8 t resin → 1.8 t: 60 t of parts take 33.3 t of raw matter and 26.7 t of resin, 60 t in all."""
    recipe = {
        "stage_id": ["moulage"] * 3, "side": ["in", "in", "out"], "material_id": ["brut", "resine", "piece"],
        "t_per_t": [1.0, 0.8, 1.8],
    }  # fmt: skip
    f = chain(recipes=recipe)
    found = niches(f).loc["moulage"]
    assert found["demand_t_per_year"] == pytest.approx(60.0)
    assert found["resource_t_per_year"] == pytest.approx(180.0)  # 100 t and the 80 t of resin that go with it
    assert not passing_of(f).creating and "fait plus" not in found["sentence"]


@pytest.mark.parametrize(
    ("made", "left_out"), [(1.0, False), (1.0000001, False), (1.01, True), (None, False)]
)
def test_it_is_left_out_where_the_balances_leave_it_out(made, left_out):
    """The referee: what `throughput` says that it leaves aside."""
    f = chain(recipes={**RECIPE, "t_per_t": [1.0, made]}, activities=HELD)
    place = f.stages.index.get_loc("moulage")
    assert (place in passing_of(f).creating) is left_out
    assert throughput(f).aside["kind"].eq("creating").any() == left_out


def test_another_process_of_the_stage_still_counts():
    """1 t → 0.5 t beside 1 t → 1.8 t: the first alone, so that 60 t of parts take 120 t."""
    recipe = {
        "stage_id": ["moulage"] * 4, "process": ["a", "a", "b", "b"], "side": ["in", "out"] * 2,
        "material_id": ["brut", "piece"] * 2, "t_per_t": [1.0, 1.8, 1.0, 0.5],
    }  # fmt: skip
    found = niches(chain(recipes=recipe)).loc["moulage"]
    assert found["demand_t_per_year"] == pytest.approx(120.0)


def test_the_advice_speaks_of_an_added_input():
    told = chain(recipes=RECIPE).problems
    (message,) = told.loc[told["code"] == "recipe_creates_matter", "message"]
    assert "liant" in message and "résine" in message and "renfort" in message


# -- demands -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "held", "served"),
    [(None, False, 0.0), (None, True, 60.0), ("chantier", False, 60.0), ("chantier", True, 60.0)],
)
def test_a_demand_behind_which_nobody_stands_is_told(who, held, served):
    """The referee: what the chain can serve, which is what a plan is worked out on."""
    flows = {
        "source": ["ferme", "atelier"], "target": ["atelier", "chantier"], "source_stage": ["gisement", "moulage"],
        "target_stage": ["moulage", "vente" if held else None], "material_id": ["brut", "piece"],
    }  # fmt: skip
    more = {"activities": HELD} if held else {}
    f = chain(markets=markets((who, 60.0)), flows=flows, **more)
    assert throughput(f).served_t_per_year == pytest.approx(served)
    told = plain(niches(f).loc["moulage", "sentence"])
    assert ("sans acheteur nommé" in told) is (served == 0.0)
    assert niches(f).loc["moulage", "demand_t_per_year"] == 60.0  # it is asked for all the same


def test_how_much_of_a_demand_nobody_stands_behind():
    told = plain(
        niches(chain(markets=markets((None, 40.0), ("chantier", 20.0))), lang="en").loc["moulage", "sentence"]
    )
    assert "of 60 t/year, of which 40 t/year without a buyer by name nor an actor at the stage" in told
    assert "a plan counts no outlet there" in told


def test_a_demand_of_no_stage_stands_where_a_market_is_held():
    table = markets((None, 60.0))
    table["stage_id"] = ["gisement", None]
    assert "sans acheteur" in niches(chain(markets=table)).loc["moulage", "sentence"]
    assert "sans acheteur" not in niches(chain(markets=table, activities=HELD)).loc["moulage", "sentence"]


# -- as a workbook -------------------------------------------------------------------------------------------------


def test_the_figures_of_the_workbook_are_rounded_under_titles_with_units():
    """1 t → 0.7 t: 60 t of parts take 60 / 0.7 = 85.714… t; 20 t / (50 t · 0.7) = 0.571… of the minimum."""
    recipe = {**RECIPE, "t_per_t": [1.0, 0.7]}
    frame = niches(chain(recipes=recipe, markets=markets(("chantier", 20.0))))
    sheet = niches_sheet(frame, "fr")
    titles = [plain(title) for title, _ in sheet.heads]
    (row,) = [one for one in sheet.rows if one[0] == "Moulage"]
    assert frame.loc["moulage", "demand"] == pytest.approx(20 / 0.7 / 50)
    assert 0.57 in row and 28.6 in row
    assert "Taille minimale viable (t/an)" in titles and not [title for title in titles if "_" in title]
