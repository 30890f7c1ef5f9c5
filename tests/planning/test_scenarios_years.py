"""Which rows a change is about: those of the year that counts, those of a project, of a whole and its parts.

A row of a year of which nothing else speaks would be the only one that counts: no change may do that.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.activities import current_activities
from chaine_valeur.analysis.markets import current_markets
from chaine_valeur.errors import ArgumentError
from chaine_valeur.planning.scenarios import (
    Scenario,
    add_activity,
    add_cooperation,
    add_demand,
    add_flow,
    add_supply,
    apply,
    stop_actor,
)

STAGES = {
    "stage_id": ["tri", "vente"],
    "name": ["Tri", "Vente"],
    "rank": [1, 2],
    "kind": ["operation", "market"],
}


def dated(*, flows: list[int | None], activities: list[int | None], markets: list[int | None]) -> Filiere:
    """B sorts 100 t and sells them to C, who asks for 150 t; a row per year given."""
    return Filiere.from_tables(
        filiere={"name": ["Essai"], "reference_year": [2024]},
        stages=STAGES,
        materials={"material_id": ["coton"], "name": ["Coton"]},
        actors={"name": ["B", "C"]},
        activities={"actor_id": ["B"] * len(activities), "stage_id": ["tri"] * len(activities), "year": activities,
                    "capacity_t_per_year": [120.0] * len(activities)},
        flows={"source": ["B"] * len(flows), "target": ["C"] * len(flows), "material_id": ["coton"] * len(flows),
               "year": flows, "quantity_t_per_year": [100.0] * len(flows)},
        markets={"actor_id": ["C"] * len(markets), "material_id": ["coton"] * len(markets), "year": markets,
                 "kind": ["demand"] * len(markets), "level": ["verified"] * len(markets),
                 "quantity_t_per_year": [150.0] * len(markets)},
    )  # fmt: skip


@cache
def one_year() -> Filiere:
    return dated(flows=[2024], activities=[2024], markets=[2024])


def after(f: Filiere, *changes: Any, year: int | None = None) -> Filiere:
    return apply(f, Scenario("Essai", changes), year=year)


def counted(f: Filiere) -> tuple[list[float], list[float], list[float]]:
    """Tonnes of the flows, capacities and demands that count."""
    markets = current_markets(f)
    return (
        f.network.flow_t.tolist(),
        current_activities(f).values("capacity_t_per_year").tolist(),
        markets["quantity_t_per_year"].tolist(),
    )


# -- years ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [[None], [2023], [2023, 2024], [2026]])
def test_a_new_row_stands_beside_those_that_count_and_never_hides_them(years):
    f = dated(flows=years, activities=years, markets=years)
    grown = after(
        f,
        add_activity("vente", actor_id="c", capacity_t_per_year=40),
        add_flow("coton", 7, source="c"),
        add_supply("coton", 9, actor_id="b"),
    )
    # one row of each counted before: 100 t, 120 t, 150 t; the new one stands beside it
    assert counted(grown) == ([100, 7], [120, 40], [150, 9])


@pytest.mark.parametrize("years", [[None], [2023], [2023, 2024]])
def test_what_is_added_is_added_in_the_year_that_counts(years):
    f = dated(flows=years, activities=years, markets=years)
    grown = after(
        f,
        add_activity("tri", actor_id="b", capacity_t_per_year=30),
        add_flow("coton", 20, source="b", target="c"),
        add_demand("coton", 50, actor_id="c"),
    )
    assert counted(grown) == ([120], [150], [200])
    assert len(grown.flows) == len(f.flows) and len(grown.activities) == len(f.activities)
    # rows of the years before are what they were
    assert grown.flows["quantity_t_per_year"].tolist()[:-1] == [100] * (len(years) - 1)


def test_at_a_year_its_rows_change():
    f = dated(flows=[2023, 2024], activities=[2023, 2024], markets=[2023, 2024]).at(2023)
    grown = after(f, add_flow("coton", 20, source="b", target="c"), add_supply("coton", 3, actor_id="b"))
    assert grown.year == 2023
    assert grown.flows["quantity_t_per_year"].tolist() == [120]
    assert grown.markets.iloc[-1]["year"] == 2023


def test_a_stated_year_of_several_changes_the_rows_of_that_year():
    f = dated(flows=[2023, 2024], activities=[2024], markets=[2024])
    grown = after(f, add_flow("coton", 20, source="b", target="c", year=2023))
    assert grown.flows["quantity_t_per_year"].tolist() == [120, 100]
    asked = after(f, add_flow("coton", 20, source="b", target="c"), year=2023)
    assert asked.flows["quantity_t_per_year"].tolist() == [120, 100]
    # activities speak of 2024 only: there it is added
    kept = after(f, add_activity("tri", actor_id="b", capacity_t_per_year=1, year=2023))
    assert kept.activities[["year", "capacity_t_per_year"]].values.tolist() == [[2024, 121]]


def test_a_year_without_figures_is_refused():
    f = dated(flows=[2023, 2024], activities=[2024], markets=[2024])
    with pytest.raises(ArgumentError, match=r"changement 1\s: .*2023, 2024, non de 2026"):
        after(f, add_flow("coton", 20, source="b", target="c", year=2026))
    with pytest.raises(ArgumentError, match="2024, non de 2023"):
        after(f.at(2024), add_flow("coton", 20, source="b", target="c", year=2023))
    with pytest.raises(ArgumentError, match="non de 1999"):
        after(f, add_flow("coton", 20, source="b", target="c"), year=1999)


def test_a_row_of_the_year_comes_before_one_that_holds_every_year():
    f = dated(flows=[2024], activities=[None, 2024], markets=[2024])
    grown = after(f, add_activity("tri", actor_id="b", capacity_t_per_year=30))
    assert grown.activities["capacity_t_per_year"].tolist() == [
        120,
        150,
    ]  # the second one is that which counts
    assert counted(grown)[1] == [150]


def test_without_any_year_rows_stay_without_one():
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]}, materials={"name": ["Coton"]}, stages=STAGES,
        flows={"source": ["A"], "target": ["B"], "material_id": ["coton"], "quantity_t_per_year": [5]},
    )  # fmt: skip
    grown = after(f, add_flow("coton", 3, source="b", target="a"), add_activity("tri", actor_id="a"))
    assert grown.flows["year"].isna().all() and grown.activities["year"].isna().all()
    assert grown.network.flow_t.tolist() == [5, 3]


# -- projects -------------------------------------------------------------------------------------------------


def project(**cells: Any) -> Filiere:
    f = one_year()
    f = f.with_rows("actors", {"actor_id": ["p"], "name": ["P"], "status": ["planned"], **cells})
    return f.with_rows(
        "activities",
        {"actor_id": ["p"], "stage_id": ["tri"], "capacity_t_per_year": [50.0], "jobs_fte": [4.0]},
    )


@pytest.mark.parametrize(
    "change",
    [
        add_flow("coton", 10, source="p", target="c"),
        add_flow("coton", 10, source="b", new_actor="P"),  # by its name
        add_demand("coton", 10, actor_id="p"),
        add_supply("coton", 10, actor_id="p"),
        add_cooperation("joint_project", actor_id="b", to_actor_id="p"),
    ],
)
def test_a_project_begins_with_the_first_change_that_speaks_of_it(change):
    f = after(project(since=[2030]), change)
    assert f.actors.loc["p", "status"] == "active"
    assert f.actors.loc["p", "since"] == 2024
    assert "p" in set(f.network.actor_ids[f.network.active])


def test_a_project_is_replaced_once_then_added_to():
    f = after(
        project(),
        add_flow("coton", 10, source="p", target="c"),  # it begins here, with the 50 t announced
        add_activity("tri", actor_id="p", capacity_t_per_year=60),  # replaces the 50
        add_activity("tri", actor_id="p", capacity_t_per_year=5),  # is added to the 60
    )
    row = f.activities[f.activities["actor_id"] == "p"].iloc[0]
    assert (row["capacity_t_per_year"], row["jobs_fte"]) == (65, 4)


def test_one_that_is_closed_begins_again_with_an_activity_only():
    f = dated(flows=[2024], activities=[2024], markets=[2024]).with_rows(
        "actors", {"actor_id": ["z"], "name": ["Z"], "status": ["closed"], "until": [2020]}
    )
    with pytest.raises(ArgumentError, match=r"«\sZ\s» a cessé son activité"):
        after(f, add_flow("coton", 10, source="z", target="c"))
    again = after(f, add_activity("tri", actor_id="z"), add_flow("coton", 10, source="z", target="c"))
    assert again.actors.loc["z", "status"] == "active" and pd.isna(again.actors.loc["z", "until"])
    assert again.network.flow_t.tolist() == [100, 10]


# -- stops ----------------------------------------------------------------------------------------------------


def test_a_whole_stops_with_its_parts():
    f = Filiere.from_tables(
        actors={"name": ["Réseau", "Site", "Atelier", "Autre"], "part_of": [None, "Réseau", "Site", None]},
        materials={"name": ["Coton"]},
        flows={"source": ["Atelier", "Autre"], "target": ["Autre", "Atelier"], "material_id": ["Coton"] * 2,
               "quantity_t_per_year": [5, 6]},
    )  # fmt: skip
    stopped = after(f, stop_actor("reseau"))
    assert stopped.actors["status"].tolist() == ["closed", "closed", "closed", "active"]
    assert not len(stopped.network.flow_row)
    part = after(f, stop_actor("site"))
    assert part.actors["status"].tolist() == ["active", "closed", "closed", "active"]
    with pytest.raises(ArgumentError, match=r"«\sAtelier\s» a été arrêté"):
        after(f, stop_actor("reseau"), add_flow("coton", 1, source="autre", target="atelier"))


def test_a_new_actor_that_was_stopped_cannot_be_used_by_its_name():
    f = one_year()
    new = add_activity("tri", new_actor="Neuf")
    for again in (add_flow("coton", 1, source="b", new_actor="Neuf"), new):
        with pytest.raises(ArgumentError, match=r"changement 3\s: «\sNeuf\s» a été arrêté"):
            after(f, new, stop_actor("neuf"), again)


def test_what_stops_counts_as_if_it_had_never_been():
    f = datasets.load("exemple_complet").at(2024)
    stopped, without = after(f, stop_actor("la-boucle-verte")), f.without_actors("la-boucle-verte")
    assert stopped.network.flow_ids.tolist() == without.network.flow_ids.tolist()
    assert (
        current_activities(stopped).frame.index.tolist() == current_activities(without).frame.index.tolist()
    )
    assert current_markets(stopped).index.tolist() == current_markets(without).index.tolist()
    ties = [one.network.ties() for one in (stopped, without)]
    names = [sorted(zip(t.nodes[t.a], t.nodes[t.b], strict=True)) for t in ties]
    assert names[0] == names[1]


# -- properties -----------------------------------------------------------------------------------------------

tonnes = st.floats(0, 1e4, allow_nan=False).map(lambda value: round(value, 3))


@settings(max_examples=8, deadline=None)
@given(st.lists(tonnes, min_size=1, max_size=4))
def test_many_additions_are_their_sum(parts):
    f = one_year()
    grown = after(f, *[add_flow("coton", part, source="b", target="c") for part in parts])
    total = 100.0
    for part in parts:
        total += part
    assert grown.network.flow_t.tolist() == [total]


@settings(max_examples=8, deadline=None)
@given(tonnes)
def test_more_then_as_much_less_is_what_it_was(amount):
    f = one_year()
    back = after(
        f,
        add_demand("coton", amount, actor_id="c"),
        add_demand("coton", -amount, actor_id="c"),
        add_activity("tri", actor_id="b", capacity_t_per_year=amount),
        add_activity("tri", actor_id="b", capacity_t_per_year=-amount),
    )
    assert counted(back)[1] == pytest.approx([120]) and counted(back)[2] == pytest.approx([150])
