"""Passages in a chain, worked out by hand: what opens, for which material, how much, what is brought from elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.planning.plan import plan

from .plan_checks import sound

FREE = {"investment_eur": 0.0, "running_cost_eur_per_year": 0.0, "insertion_fte": 0.0}


def with_options(f: cv.Filiere, *rows: dict[str, Any]) -> cv.Filiere:
    """Return the filière with these options, which cost nothing."""
    return f.with_table("options", pd.DataFrame([FREE | {"name": row["option_id"]} | row for row in rows]))


def served(f: cv.Filiere, *rows: dict[str, Any], years: Any = (2025,), **asks: Any) -> Any:
    """Return the plan that serves most."""
    own = with_options(f, *rows) if rows else f
    found = plan(own, years=years, objective="served_t", lang="en", **asks)
    sound(found, own)
    return found


def two_materials() -> cv.Filiere:
    """Return R → A → M: R has 50 t of x and 30 of y; A takes both, passes on each; M asks for 60 of x and 60 of y.

    Only x flows today: 50 t.
    """
    return cv.Filiere.from_tables(
        stages={"name": ["r", "s", "m"], "kind": ["resource", "operation", "market"], "rank": [1, 2, 3]},
        materials={"name": ["x", "y"]},
        stage_links={"stage_id": ["r", "s"], "to_stage_id": ["s", "m"]},
        actors={"name": ["R", "A", "M"], "structure_kind": [None, "company", None]},
        activities={"actor_id": ["r", "a", "m"], "stage_id": ["r", "s", "m"]},
        flows={"source": ["R", "A"], "target": ["A", "M"], "material_id": ["x", "x"]},
        markets={"actor_id": ["R", "R", "M", "M"], "material_id": ["x", "y", "x", "y"],
                 "kind": ["supply", "supply", "demand", "demand"], "quantity_t_per_year": [50, 30, 60, 60]},
    )  # fmt: skip


# -- passages --------------------------------------------------------------------------------------------------


def way(name: str, start: str, end: str, material: str | None = None, **more: Any) -> dict[str, Any]:
    """Return an option that opens a passage between two actors of the chains here."""
    stage = {"r": "r", "a": "s", "m": "m"}
    return {"option_id": name, "kind": "passage", "actor_id": start, "stage_id": stage[start], "to_actor_id": end,
            "to_stage_id": stage[end], "material_id": material} | more  # fmt: skip


@pytest.mark.parametrize(
    ("capacity", "value"),
    [
        (None, 30.0),  # nothing but the supply of 30 t limits it
        (20.0, 20.0),
        (0.0, 0.0),
    ],
)
def test_a_second_material_needs_both_of_its_passages(capacity: float | None, value: float) -> None:
    f = two_materials()
    both = [way("in", "r", "a", "y", capacity_t_per_year=capacity), way("out", "a", "m", "y")]
    found = served(f, *both)
    assert found.value == value
    assert found.by_year["served_t_per_year"].tolist() == [50.0 + value]
    new = found.flows[found.flows["new"]]
    assert new[["source", "target", "material_id", "t_per_year"]].values.tolist() == (
        [["r", "a", "y", value], ["a", "m", "y", value]] if value else []
    )


@pytest.mark.parametrize("alone", ["in", "out"])
def test_half_of_a_way_leads_nowhere(alone: str) -> None:
    # y that enters A cannot leave it, y that may leave it does not enter: what is brought from elsewhere is none
    rows = {"in": way("in", "r", "a", "y"), "out": way("out", "a", "m", "y")}
    found = served(two_materials(), rows[alone])
    assert found.value == 0.0 and found.chosen.empty


def test_served_by_material() -> None:
    found = served(two_materials(), way("in", "r", "a", "y"), way("out", "a", "m", "y"))
    got = found.served[["material_id", "demand_t_per_year", "served_t_per_year"]].sort_values("material_id")
    assert got.values.tolist() == [["x", 60.0, 50.0], ["y", 60.0, 30.0]]


@pytest.mark.parametrize(("more", "value"), [(5.0, 5.0), (60.0, 10.0), (None, 10.0)])
def test_a_passage_widens_one_that_is_too_narrow(more: float | None, value: float) -> None:
    # R → A lets 40 of the 50 t through: 10 t are left to be gained
    f = two_materials()
    f = f.with_table("flows", f.flows.assign(capacity_t_per_year=[40.0, None]))
    found = served(f, way("w", "r", "a", "x", capacity_t_per_year=more))
    assert found.by_year["served_t_per_year"].tolist() == [40.0 + value] and not found.flows["new"].any()
    assert found.chosen.loc["w", "t_per_year"] == value


def test_units_of_a_passage_add_up() -> None:
    f = two_materials()
    f = f.with_table("flows", f.flows.assign(capacity_t_per_year=[40.0, None]))
    found = served(f, way("w", "r", "a", "x", capacity_t_per_year=3.0, units_max=5))
    # 3 × 3 = 9 < 10 ≤ 4 × 3: 4 units serve all, the 5th is not taken
    assert found.value == 10.0 and found.chosen.loc["w", "units"] == 4


def test_a_passage_around_a_stage() -> None:
    # A takes 20 t at most; what goes straight from R to M is limited by M, who asks for 60
    f = two_materials()
    f = f.with_table("activities", f.activities.assign(capacity_t_per_year=[None, 20.0, None]))
    found = served(f, way("straight", "r", "m", "x"))
    assert found.by_year["served_t_per_year"].tolist() == [50.0]  # all of the supply
    assert found.flows.groupby("new")["t_per_year"].sum().to_dict()[True] >= 30.0 - 1e-6


# -- materials that a recipe makes -----------------------------------------------------------------------------


def test_a_new_activity_follows_the_recipe_of_its_stage() -> None:
    # 0.5 t of y per t of x at s: of 60 t of x beyond the 40 that A takes, 30 t of y
    f = cv.Filiere.from_tables(
        stages={"name": ["r", "s", "m"], "kind": ["resource", "operation", "market"], "rank": [1, 2, 3]},
        materials={"name": ["x", "y"]},
        stage_links={"stage_id": ["r", "s"], "to_stage_id": ["s", "m"], "material_id": ["x", "y"]},
        recipes={"stage_id": ["s", "s"], "side": ["in", "out"], "material_id": ["x", "y"], "t_per_t": [1, 0.5]},
        actors={"name": ["R", "A", "M"]},
        activities={"actor_id": ["r", "a", "m"], "stage_id": ["r", "s", "m"], "capacity_t_per_year": [None, 40, None]},
        flows={"source": ["R", "A"], "target": ["A", "M"], "material_id": ["x", "y"]},
        markets={"actor_id": ["R", "M"], "material_id": ["x", "y"], "kind": ["supply", "demand"],
                 "quantity_t_per_year": [100, 45]},
    )  # fmt: skip
    found = served(f, {"option_id": "o", "kind": "activity", "stage_id": "s"})
    # 40 × 0.5 = 20 today; M asks for 45: 25 more, which take 50 t of x
    assert found.by_year["served_t_per_year"].tolist() == [45.0] and found.value == 25.0
    rows = found.flows[found.flows["source"] == "plan-o"]
    assert rows[["target", "material_id"]].values.tolist() == [["m", "y"]]
    assert found.chosen.loc["o", "t_per_year"] >= 50.0 - 1e-6


# -- what is brought from elsewhere ----------------------------------------------------------------------------


def brought() -> cv.Filiere:
    """Return A → M with A taking what nobody here sends, at most 40 t, and M asking for 100."""
    return cv.Filiere.from_tables(
        stages={"name": ["r", "s", "m"], "kind": ["resource", "operation", "market"], "rank": [1, 2, 3]},
        materials={"name": ["x"]},
        stage_links={"stage_id": ["r", "s"], "to_stage_id": ["s", "m"], "material_id": ["x", "x"]},
        actors={"name": ["R", "A", "M"]},
        activities={"actor_id": ["r", "a", "m"], "stage_id": ["r", "s", "m"], "capacity_t_per_year": [None, 40, None]},
        flows={"source": ["A"], "target": ["M"], "material_id": ["x"]},
        markets={"actor_id": ["R", "M"], "material_id": ["x", "x"], "kind": ["supply", "demand"],
                 "quantity_t_per_year": [15, 100]},
    )  # fmt: skip


def test_a_closed_passage_takes_nothing_away_from_what_is_brought() -> None:
    # A works on 40 t brought from elsewhere. The passage R → A (15 t) changes nothing of what is served
    found = served(brought(), way("w", "r", "a", "x"))
    assert found.by_year["served_t_per_year"].tolist() == [40.0] and found.chosen.empty
    wider = {
        "option_id": "o",
        "kind": "activity",
        "actor_id": "a",
        "stage_id": "s",
        "capacity_t_per_year": 25.0,
    }
    assert served(brought(), wider).value == 25.0  # all of it brought from elsewhere too


def test_what_nobody_limits_is_left_aside_and_told() -> None:
    # M asks for an unknown amount: nothing limits what a passage without a capacity could bring
    f = brought()
    f = f.with_table("markets", f.markets.assign(quantity_t_per_year=[15.0, None]))
    f = f.with_table("activities", f.activities.assign(capacity_t_per_year=np.nan))
    own = with_options(
        f, {"option_id": "o", "kind": "activity", "actor_id": "a", "stage_id": "s", "insertion_fte": 1.0}
    )
    found = plan(own, years=[2025], lang="en")
    assert found.aside[["id", "code"]].values.tolist() == [["o", "unlimited"]]
    assert "Nothing known limits what the chain could serve: demand served is not told." in found.notes()
    assert found.value == 1.0 and np.isnan(found.chosen.loc["o", "t_per_year"])
    assert found.by_year["served_t_per_year"].isna().all() and found.flows.empty and found.served.empty


def test_a_passage_may_have_a_tonnage_to_reach() -> None:
    # y: 30 t of supply; the way in has to carry its minimum
    f = two_materials()
    for minimum, value in ((30.0, 30.0), (30.1, 0.0)):
        rows = (way("in", "r", "a", "y", minimum_viable_t_per_year=minimum), way("out", "a", "m", "y"))
        assert served(f, *rows).value == value
