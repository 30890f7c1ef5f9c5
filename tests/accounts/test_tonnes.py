"""Tonnes that enter an activity, and what an actor passes on to itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import accounts
from chaine_valeur.analysis.accounts._tonnes import tonnes_of
from tests.accounts.village import ENTERING, edited, flows, village

NAN = math.nan


def chain(moves: list[tuple[Any, ...]], held: list[tuple[str, str]], **tables: Any) -> Filiere:
    """Return a filière of the passages collecte → tri → pressage, its activities and flows.

    A move is source, source_stage, target, target_stage, tonnes.
    """
    names = ["collecte", "tri", "pressage"]
    given: dict[str, Any] = {
        "stages": pd.DataFrame({"stage_id": names, "name": names}),
        "stage_links": pd.DataFrame({"stage_id": names[:2], "to_stage_id": names[1:]}),
        "actors": pd.DataFrame({"name": ["R", "S"]}),
        "activities": pd.DataFrame(held, columns=["actor_id", "stage_id"]).assign(
            activity_id=lambda rows: rows["actor_id"] + "-" + rows["stage_id"], jobs_fte=1.0
        ),
        "flows": pd.DataFrame(
            moves, columns=["source", "source_stage", "target", "target_stage", "quantity_t_per_year"]
        ),
    }
    return Filiere.from_tables(**{**given, **tables})


def entering(f: Filiere) -> dict[str, float]:
    tonnes = tonnes_of(f)
    return dict(zip(tonnes.activities.frame.index, tonnes.activity.tolist(), strict=True))


def same(found: dict[str, float], expected: dict[str, float]) -> bool:
    return found.keys() == expected.keys() and all(
        found[key] == expected[key] or (math.isnan(found[key]) and math.isnan(expected[key])) for key in found
    )


BOTH = [("r", "collecte"), ("r", "tri")]
ALL = [*BOTH, ("r", "pressage")]


def test_tonnes_of_the_village() -> None:
    tonnes = tonnes_of(village())
    by_actor = pd.Series(tonnes.actor, index=village().actors.index)
    assert by_actor[list(ENTERING)].to_dict() == ENTERING
    assert by_actor["boutique"] == 260
    assert math.isnan(by_actor["menages"])  # nothing enters: not recorded
    np.testing.assert_array_equal(tonnes.activity, [NAN, 430, 300, 278, 260])
    assert not tonnes.deduced.any()


def test_what_is_collected_goes_on_to_the_sorting_of_the_same_actor() -> None:
    f = chain([(None, None, "r", "collecte", 100.0), (None, None, "r", "tri", 20.0)], BOTH)
    assert same(entering(f), {"r-collecte": 100.0, "r-tri": 120.0})
    tonnes = tonnes_of(f)
    assert tonnes.deduced.tolist() == [False, True]
    assert tonnes.unpriced.tolist() == [True, True]
    assert tonnes.actor[0] == 120  # what it passes to itself does not enter it again


def test_what_was_seen_to_leave_is_not_passed_on() -> None:
    f = chain([(None, None, "r", "collecte", 100.0), ("r", "collecte", "s", None, 30.0)], BOTH)
    assert same(entering(f), {"r-collecte": 100.0, "r-tri": 70.0})


def test_nothing_is_passed_on_where_all_of_it_leaves() -> None:
    moves = [(None, None, "r", "collecte", 100.0), ("r", "collecte", "s", None, 100.0),
             (None, None, "r", "tri", 5.0)]  # fmt: skip
    f = chain(moves, BOTH)
    assert same(entering(f), {"r-collecte": 100.0, "r-tri": 5.0})
    assert not tonnes_of(f).unpriced.any()


def test_more_leaves_than_enters_and_nobody_knows() -> None:
    f = chain([(None, None, "r", "collecte", 10.0), ("r", "collecte", "s", None, 30.0)], BOTH)
    assert same(entering(f), {"r-collecte": 10.0, "r-tri": NAN})


def test_a_recorded_flow_between_two_stages_of_an_actor_is_believed() -> None:
    moves = [(None, None, "r", "collecte", 100.0), ("r", "collecte", "r", "tri", 60.0)]
    f = chain(moves, BOTH)
    assert same(entering(f), {"r-collecte": 100.0, "r-tri": 60.0})
    assert not tonnes_of(f).deduced.any()


def test_it_goes_on_through_three_stages_one_after_the_other() -> None:
    moves = [(None, None, "r", "collecte", 100.0), ("r", "tri", "s", None, 40.0)]
    assert same(entering(chain(moves, ALL)), {"r-collecte": 100.0, "r-tri": 100.0, "r-pressage": 60.0})


def test_where_it_may_go_two_ways_nobody_knows() -> None:
    links = pd.DataFrame({"stage_id": ["collecte"] * 2, "to_stage_id": ["tri", "pressage"]})
    f = chain([(None, None, "r", "collecte", 100.0)], ALL, stage_links=links)
    assert same(entering(f), {"r-collecte": 100.0, "r-tri": NAN, "r-pressage": NAN})


def test_a_loop_inside_an_actor_leaves_its_stages_unknown() -> None:
    links = pd.DataFrame({"stage_id": ["collecte", "tri"], "to_stage_id": ["tri", "collecte"]})
    f = chain([(None, None, "r", "collecte", 100.0)], BOTH, stage_links=links)
    assert same(entering(f), {"r-collecte": NAN, "r-tri": NAN})
    assert tonnes_of(f).actor[0] == 100


def test_a_passage_that_is_not_required_passes_nothing() -> None:
    links = pd.DataFrame({"stage_id": ["collecte"], "to_stage_id": ["tri"], "required": [False]})
    f = chain([(None, None, "r", "collecte", 100.0)], BOTH, stage_links=links)
    assert same(entering(f), {"r-collecte": 100.0, "r-tri": NAN})


@pytest.mark.parametrize(
    ("recipe", "passed"),
    [
        ({"stage_id": "collecte", "actor_id": None}, NAN),
        ({"stage_id": "collecte", "actor_id": "r"}, NAN),
        ({"stage_id": "collecte", "actor_id": "s"}, 100.0),
        ({"stage_id": "tri", "actor_id": None}, 100.0),
    ],
)
def test_what_a_recipe_changes_on_the_way_is_unknown(recipe: dict[str, Any], passed: float) -> None:
    recipes = pd.DataFrame([{"side": "in", "material_id": "bois", "t_per_t": 1.0, **recipe},
                            {"side": "out", "material_id": "bois", "t_per_t": 0.5, **recipe}])  # fmt: skip
    f = chain([(None, None, "r", "collecte", 100.0)], [*BOTH, ("s", "collecte")],
              recipes=recipes, materials={"name": ["Bois"]})  # fmt: skip
    assert same(entering(f), {"r-collecte": 100.0, "r-tri": passed, "s-collecte": NAN})


def test_a_flow_at_an_unknown_stage_leaves_all_stages_of_its_actor_unknown() -> None:
    f = chain([(None, None, "r", "collecte", 100.0), (None, None, "r", None, 5.0)], BOTH)
    assert same(entering(f), {"r-collecte": NAN, "r-tri": NAN})
    assert tonnes_of(f).actor[0] == 105
    assert tonnes_of(f).vague.tolist() == [True, False]


def test_an_unknown_tonnage_leaves_unknown_what_follows() -> None:
    f = chain([(None, None, "r", "collecte", None), (None, None, "r", "collecte", 7.0)], BOTH)
    assert same(entering(f), {"r-collecte": NAN, "r-tri": NAN})
    assert math.isnan(tonnes_of(f).actor[0])


def test_what_enters_a_stage_counts_in_its_jobs_per_t() -> None:
    f = chain([(None, None, "r", "collecte", 100.0), (None, None, "r", "tri", 25.0)], BOTH)
    np.testing.assert_allclose(accounts.jobs_per_t(f), [1 / 100, 1 / 125, NAN])


def test_zero_tonnes_are_a_zero_and_give_no_ratio() -> None:
    f = village(flows=flows().assign(quantity_t_per_year=0.0, amount_eur_per_year=0.0))
    assert tonnes_of(f).actor[1] == 0
    for found in (accounts.jobs_per_t(f), accounts.value_added_per_t(f), accounts.margin_per_t(f)):
        assert found.isna().all()
    assert accounts.break_even(f).isna().all()
    # 60 €/t on no tonne: nothing is bought
    assert accounts.operating_account(f).loc["filature", "purchases_outside"] == 0


def test_an_amount_per_tonne_needs_the_tonnes() -> None:
    f = village(flows=edited(flows(), "flow_id", "f4", quantity_t_per_year=None))
    account = accounts.operating_account(f, lang="en").loc["filature"]
    assert math.isnan(account["value_added"])
    assert account["missing"] == "tonnes entering; purchases and services"


def test_the_whole_actor_counts_for_an_amount_per_tonne_without_a_stage() -> None:
    costs = pd.DataFrame({"actor_id": ["r", "r"], "kind": ["purchases", "wages"], "stage_id": [None, "tri"],
                          "amount_eur_per_t": [2.0, 3.0]})  # fmt: skip
    moves = [(None, None, "r", "collecte", 100.0), (None, None, "r", "tri", 20.0)]
    account = accounts.operating_account(chain(moves, BOTH, costs=costs)).loc["r"]
    assert account["wages"] == 3 * 120  # at the sorting: 20 and the 100 collected
    # 120 t enter the actor as a whole; what they are bought for is not known
    tonnes = tonnes_of(chain(moves, BOTH, costs=costs))
    assert tonnes.actor[0] == 120
    assert math.isnan(account["purchases_outside"])
