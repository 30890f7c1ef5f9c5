"""Activities that options create or extend, worked out by hand: who may come, to whom it is joined, what it lives on."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.planning.plan import plan

from .plan_cases import chain
from .plan_checks import sound

pytestmark = pytest.mark.long

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


# -- planned and candidate actors ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["planned", "candidate"])
def test_who_only_may_come_counts_once_its_option_is_taken(status: str) -> None:
    f = chain(stage_id="s", capacity_t_per_year=1)
    f = f.with_rows("actors", [{"actor_id": "p", "name": "P", "status": status, "structure_kind": "ACI"}])
    f = f.with_rows("activities", [{"actor_id": "p", "stage_id": "s", "capacity_t_per_year": 70.0}])
    # closed, nothing of its 70 t; opened, the 25 t of the option
    row = {"option_id": "o", "kind": "activity", "actor_id": "p", "stage_id": "s", "capacity_t_per_year": 25.0,
           "delay_years": 1}  # fmt: skip
    found = served(f, row, years=(2025, 2026))
    assert found.by_year["served_t_per_year"].tolist() == [40.0, 65.0]
    assert set(found.flows.loc[found.flows["new"], "year"]) == {2026}
    assert "p" in set(found.flows["target"]) and found.chosen.loc["o", "actor_id"] == "p"
    assert f.actors.loc["p", "status"] == status


def test_a_passage_to_who_only_may_come_waits_for_its_activity() -> None:
    # P may come at s for 25 t; the passage R → P is an option of its own: together they serve 25 t more
    f = chain(stage_id="s", capacity_t_per_year=1)
    f = f.with_rows("actors", [{"actor_id": "p", "name": "P", "status": "candidate"}])
    come = {
        "option_id": "come",
        "kind": "activity",
        "actor_id": "p",
        "stage_id": "s",
        "capacity_t_per_year": 25.0,
    }
    road = {"option_id": "road", "kind": "passage", "actor_id": "r", "stage_id": "r", "to_actor_id": "p",
            "to_stage_id": "s", "material_id": "x"}  # fmt: skip
    assert served(f, come, road).value == 25.0
    # alone, the passage leads to nobody
    found = served(f, road)
    assert found.value == 0.0 and found.aside[["id", "code"]].values.tolist() == [["road", "no_holder"]]


# -- joined to the neighbours ----------------------------------------------------------------------------------


def test_a_new_activity_draws_from_every_neighbour() -> None:
    # two resources of 100 and 30 t, two markets of 100 and 20: 40 pass today, all to M. The new one adds 80
    f = chain(stage_id="s", capacity_t_per_year=1)
    f = f.with_rows("actors", [{"actor_id": "q", "name": "Q"}, {"actor_id": "n", "name": "N"}])
    f = f.with_rows("activities", [{"actor_id": "q", "stage_id": "r"}, {"actor_id": "n", "stage_id": "m"}])
    f = f.with_rows("markets", [
        {"actor_id": "q", "material_id": "x", "kind": "supply", "quantity_t_per_year": 30.0},
        {"actor_id": "n", "material_id": "x", "kind": "demand", "quantity_t_per_year": 20.0},
    ])  # fmt: skip
    found = served(f, {"option_id": "o", "kind": "activity", "stage_id": "s"})
    assert found.value == 80.0  # 120 are asked for, 130 are there
    new = found.flows[found.flows["new"]]
    assert set(new["source"]) - {"plan-o"} <= {"r", "q"} and set(new["target"]) - {"plan-o"} == {"m", "n"}
    by_end = found.flows.groupby("target")["t_per_year"].sum()
    assert by_end["m"] == pytest.approx(100.0) and by_end["n"] == pytest.approx(20.0)


def test_two_new_activities_at_one_stage_share_the_resource() -> None:
    # 60 t are left for both, each could take 50: 60 in all
    rows = [
        {"option_id": name, "kind": "activity", "stage_id": "s", "capacity_t_per_year": 50.0} for name in "pq"
    ]
    found = served(chain(stage_id="s"), *rows)
    assert found.value == 60.0
    assert found.chosen["t_per_year"].sum() >= 60.0 - 1e-6 and (found.chosen["t_per_year"] <= 50.0).all()


def test_a_tie_of_two_new_activities_goes_to_the_first() -> None:
    rows = [
        {"option_id": name, "kind": "activity", "stage_id": "s", "capacity_t_per_year": 60.0} for name in "pq"
    ]
    assert served(chain(stage_id="s"), *rows).chosen.index.tolist() == ["p"]
    assert served(chain(stage_id="s"), *rows[::-1]).chosen.index.tolist() == ["q"]


# -- viable tonnages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minimum", "units"), [(20.0, 3), (30.0, 2), (31.0, 1), (61.0, 0)])
def test_a_viable_tonnage_is_that_of_each_unit(minimum: float, units: int) -> None:
    # 60 t are left beyond today for units of an extension, each of which needs its own
    f = chain(
        actor_id="a", stage_id="s", capacity_t_per_year=100, minimum_viable_t_per_year=minimum, units_max=3
    )
    found = plan(f, years=[2025])
    sound(found, f)
    assert found.value == float(units)


@pytest.mark.parametrize(("minimum", "value"), [(39.0, 1.0), (100.0, 1.0), (101.0, 0.0)])
def test_the_minimum_of_a_stage_is_that_of_all_that_enters(minimum: float, value: float) -> None:
    # blank in the option: that of the stage, which what A does today counts for: 100 t can enter in all
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=100)
    f = f.with_table("stages", f.stages.assign(minimum_viable_t_per_year=[None, minimum, None]))
    assert plan(f, years=[2025]).value == value
    # the option's own comes first: 10 t beyond today
    own = f.with_table("options", f.options.assign(minimum_viable_t_per_year=10.0))
    assert plan(own, years=[2025]).value == 1.0


def test_viability_is_asked_for_once_it_is_in_operation() -> None:
    # M takes 100 t in all years; with a delay of one year the 80 t have to be there in 2026 only: they are
    f = chain(stage_id="s", capacity_t_per_year=80, minimum_viable_t_per_year=80, delay_years=1)
    found = plan(f, years=[2025, 2026])
    sound(found, f)
    assert found.value == 1.0 and found.chosen.loc["o", "t_per_year"] >= 80.0
