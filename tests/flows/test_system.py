"""The balances as equations: what is a place, what passes between places, which rows are equations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.system import System, system_of
from tests.flows.making import flow, made

SORTING = [("tri", "in", "usage", 1.0), ("tri", "out", "bon", 0.7), ("tri", "out", "refus", 0.2)]


def places(s: System) -> list[tuple[str, str | None]]:
    """Return (actor, stage) of each node."""
    net = s.filiere.network
    stages = [*net.stage_ids, None]
    return [(net.actor_ids[a], stages[b]) for a, b in zip(s.nodes.actor, s.nodes.stage, strict=True)]


def rows(s: System) -> dict[tuple[str, str], bool]:
    """Return (actor, material) of each balance → whether it is an equation; « * » shares a row."""
    net = s.filiere.network
    materials = [*net.material_ids, "*"]
    actor = [net.actor_ids[s.nodes.actor[node]] for node in s.row_node]
    names = [materials[code] for code in s.row_material]
    return dict(zip(zip(actor, names, strict=True), s.closed.tolist(), strict=True))


def arcs(s: System) -> set[tuple[str, str, str]]:
    """Return (from, to, material) of each arc, « - » being outside."""
    net = s.filiere.network
    called = [f"{a}@{b}" for a, b in places(s)] + ["-"]
    materials = [*net.material_ids, "*"]
    a = s.arcs
    return {
        (called[x], called[y], materials[m]) for x, y, m in zip(a.source, a.target, a.material, strict=True)
    }


def equations(s: System) -> np.ndarray:
    """Return the equations as a dense matrix, arcs then processes."""
    return np.hstack([s.incidence.toarray(), s.yields.toarray()])[s.closed]


# -- places -------------------------------------------------------------------------------------------


def test_a_place_is_an_activity_in_table_order() -> None:
    f = made({"m": "gisement", "b": ["tri", "atelier"]}, [flow("m", "b", 5, target_stage="tri")])
    assert places(system_of(f)) == [("m", "gisement"), ("b", "tri"), ("b", "atelier")]


def test_an_actor_with_a_flow_of_unknown_stage_is_one_place() -> None:
    f = made(
        {"m": "gisement", "b": ["tri", "atelier"]},
        [flow("m", "b", 5)],
        activities={("b", "tri"): {"capacity_t_per_year": 30}, ("b", "atelier"): {"capacity_t_per_year": 12}},
    )
    s = system_of(f)
    assert places(s) == [("m", "gisement"), ("b", None)]
    assert s.nodes.whole.tolist() == [False, True]
    assert s.nodes.capacity.tolist()[1] == 42


def test_the_capacity_of_a_whole_actor_is_without_limit_as_soon_as_one_of_them_is() -> None:
    f = made(
        {"m": "gisement", "b": ["tri", "atelier"]},
        [flow("m", "b", 5)],
        activities={("b", "tri"): {"capacity_t_per_year": 30}},
    )
    assert np.isnan(system_of(f).nodes.capacity[1])


def test_an_actor_without_activity_is_a_place_of_its_own() -> None:
    f = made({"m": "gisement", "x": []}, [flow("m", "x", 5)])
    assert places(system_of(f)) == [("m", "gisement"), ("x", None)]


def test_a_filiere_without_flows_has_places_and_no_equation() -> None:
    s = system_of(made({"m": "gisement", "b": "tri"}, []))
    assert places(s) == [("m", "gisement"), ("b", "tri")]
    assert (s.n_rows, s.arcs.size, s.processes.size) == (0, 0, 0)
    assert equations(s).shape == (0, 0)


def test_actors_alone_make_an_empty_system() -> None:
    s = system_of(Filiere.from_tables(actors={"name": ["A"]}))
    assert (s.nodes.size, s.n_rows, s.arcs.size) == (0, 0, 0)


# -- which rows are equations -------------------------------------------------------------------------


def test_ends_of_the_chain_are_open_and_what_is_between_is_an_equation() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="bon"), flow("b", "v", 9, material_id="bon")],
    )
    s = system_of(f)
    assert rows(s) == {("m", "bon"): False, ("b", "bon"): True, ("v", "bon"): False}
    assert equations(s).tolist() == [[1, -1]]


def test_a_market_that_sends_on_is_no_equation() -> None:
    f = made({"b": "tri", "v": "vente"}, [flow("b", "v", 9), flow("v", None, 4)])
    assert rows(system_of(f)) == {("b", "*"): False, ("v", "*"): False}


@pytest.mark.parametrize("ends", [("m", "b"), ("b", "v")])
def test_one_side_alone_is_open(ends: tuple[str, str]) -> None:
    f = made({"m": "gisement", "b": "tri", "v": "vente"}, [flow(*ends, 3, material_id="bon")])
    assert not any(rows(system_of(f)).values())


def test_a_sorter_with_a_recipe_has_an_equation_for_each_material() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 7, material_id="bon"),
         flow("b", None, 2, material_id="refus")],
        recipes=SORTING,
    )  # fmt: skip
    s = system_of(f)
    assert rows(s) == {
        ("m", "usage"): False, ("b", "usage"): True, ("b", "bon"): True, ("b", "refus"): True,
        ("v", "bon"): False,
    }  # fmt: skip
    # usage: m-b − level = 0; bon: 0.7 level − b-v = 0; refus: 0.2 level − b-out = 0
    expected = [[1, 0, 0, -1], [0, -1, 0, 0.7], [0, 0, -1, 0.2]]
    assert sorted(equations(s).tolist()) == sorted(expected)


def test_what_is_made_and_goes_nowhere_is_open() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 7, material_id="bon")],
        recipes=SORTING,
    )
    found = rows(system_of(f))
    assert found[("b", "refus")] is False
    assert found[("b", "usage")] is found[("b", "bon")] is True


def test_what_no_recipe_takes_is_open() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 7, material_id="bon"),
         flow("m", "b", 1, material_id="ficelle", flow_id="f")],
        recipes=SORTING,
    )  # fmt: skip
    assert rows(system_of(f))[("b", "ficelle")] is False


def test_what_passes_a_place_with_recipes_untouched_is_an_equation() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 7, material_id="bon"),
         flow("m", "b", 1, material_id="verre", flow_id="in"), flow("b", "v", 1, material_id="verre", flow_id="o")],
        recipes=SORTING,
    )  # fmt: skip
    assert rows(system_of(f))[("b", "verre")] is True


def test_without_a_recipe_materials_that_change_share_one_equation() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 7, material_id="bon"),
         flow("b", None, 3, material_id="refus")],
    )  # fmt: skip
    s = system_of(f)
    assert rows(s)[("b", "*")] is True
    assert equations(s).tolist() == [[1, -1, -1]]


def test_without_a_recipe_a_material_that_appears_is_made_of_one_that_passes() -> None:
    # 5 t of usage go on and 3 t of bon leave, which nothing brings: usage alone does not have to balance
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 8, material_id="usage"), flow("b", "v", 3, material_id="bon"),
         flow("b", None, 5, material_id="usage")],
    )  # fmt: skip
    s = system_of(f)
    assert rows(s)["b", "*"] is True
    assert equations(s).tolist() == [[1, -1, -1]]


def test_without_a_recipe_materials_that_stay_have_each_their_equation() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="x", flow_id="1"), flow("m", "b", 4, material_id="y", flow_id="2"),
         flow("b", "v", 9, material_id="x", flow_id="3"), flow("b", "v", 4, material_id="y", flow_id="4")],
    )  # fmt: skip
    found = rows(system_of(f))
    assert found[("b", "x")] is found[("b", "y")] is True
    assert ("b", "*") not in found


def test_an_unknown_coefficient_leaves_its_material_open() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 7, material_id="bon")],
        recipes=[("tri", "in", "usage", 1.0), ("tri", "out", "bon", None)],  # type: ignore[list-item]
    )
    found = rows(system_of(f))
    assert found[("b", "bon")] is False
    assert found[("b", "usage")] is True


def test_an_outside_actor_is_open_even_between_two_flows() -> None:
    f = made({"m": "gisement", "b": "tri", "v": "vente"}, [flow("m", "b", 9), flow("b", "v", 9)])
    told = f.actors.reset_index().assign(actor_type=["organisation", "outside", "organisation"])
    assert not rows(system_of(f.with_table("actors", told)))[("b", "*")]


# -- processes ----------------------------------------------------------------------------------------


def test_the_recipe_of_an_actor_hides_that_of_its_stage() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "c": "tri"},
        [flow("m", "b", 10, material_id="usage"), flow("m", "c", 10, material_id="usage")],
        recipes=SORTING,
    )
    own = pd.DataFrame(
        {"stage_id": ["tri"] * 2, "actor_id": ["c"] * 2, "side": ["in", "out"],
         "material_id": ["usage", "bon"], "t_per_t": [1, 0.5]}
    )  # fmt: skip
    s = system_of(f.with_rows("recipes", own))
    assert [places(s)[node] for node in s.processes.node] == [("b", "tri"), ("c", "tri")]
    assert s.processes.makes.tolist() == pytest.approx([0.9, 0.5])
    assert s.processes.takes.tolist() == [1, 1]


def test_a_recipe_that_creates_matter_is_left_out_and_named() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 10, material_id="bon")],
        recipes=[("tri", "in", "usage", 1.0), ("tri", "out", "bon", 1.3)],
    )
    s = system_of(f)
    assert s.processes.size == 0
    assert len(s.processes.creating) == 2
    assert rows(s)[("b", "*")] is True  # as if it had no recipe: as much leaves as enters


def test_a_process_without_its_input_is_idle_where_another_has_all_of_its_own() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="papier"), flow("b", "v", 9, material_id="bon")],
        recipes=[("tri", "in", "papier", 1.0), ("tri", "out", "bon", 0.9)],
    )
    mixed = pd.DataFrame(
        {"stage_id": ["tri"] * 3, "process": ["mixte"] * 3, "side": ["in", "in", "out"],
         "material_id": ["papier", "coton", "bon"], "t_per_t": [0.5, 0.5, 1.0]}
    )  # fmt: skip
    materials = pd.DataFrame({"material_id": ["coton"], "name": ["coton"]})
    s = system_of(f.with_rows("materials", materials).with_rows("recipes", mixed))
    assert s.idle == ((1, "mixte"),)
    assert s.processes.name.tolist() == [""]
    alone = mixed.assign(process="")
    s = system_of(f.with_rows("materials", materials).with_table("recipes", alone))
    assert s.idle == ()  # the only process of the activity: nobody recorded its cotton


def test_dated_coefficients_hide_those_of_every_year() -> None:
    f = made(
        {"m": "gisement", "b": "tri"},
        [flow("m", "b", 10, material_id="usage", year=2024)],
        recipes=[("tri", "in", "usage", 1.0), ("tri", "out", "bon", 0.9)],
    )
    dated = pd.DataFrame(
        {"stage_id": ["tri"] * 2, "side": ["out"] * 2, "material_id": ["bon"] * 2, "t_per_t": [0.8, 0.1],
         "year": [2024, 2020]}
    )  # fmt: skip
    s = system_of(f.with_rows("recipes", dated))
    assert s.processes.makes.tolist() == [0.8]


# -- arcs ---------------------------------------------------------------------------------------------


def test_a_flow_without_material_takes_the_one_that_is_possible() -> None:
    actors = {"m": "gisement", "b": "tri", "v": "vente"}
    flows = [flow("m", "b", 10), flow("b", "v", 7)]
    expected = made(actors, flows, links=[("gisement", "tri", "usage"), ("tri", "vente", "bon")])
    assert {arc[2] for arc in arcs(system_of(expected))} == {"usage", "bon"}
    recipes = made(actors, flows, recipes=SORTING[:2])
    assert {arc[2] for arc in arcs(system_of(recipes))} == {"usage", "bon"}
    open_ = made(actors, flows, recipes=SORTING)  # bon or refus: nothing tells which
    assert ("b@tri", "v@vente", "*") in arcs(system_of(open_))


def test_unnamed_outputs_share_the_row_of_what_is_made() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 10, material_id="usage"), flow("b", "v", 9)],
        recipes=SORTING,
    )
    s = system_of(f)
    assert rows(s)[("b", "*")] is True
    # usage: m-b − level; what is made together: 0.9 level − b-v
    assert sorted(np.round(equations(s), 9).tolist()) == sorted([[1, 0, -1], [0, -1, 0.9]])


def test_an_actor_passes_on_to_itself_along_an_expected_passage() -> None:
    f = made(
        {"m": "gisement", "b": ["tri", "atelier"], "v": "vente"},
        [flow("m", "b", 10, target_stage="tri", material_id="usage"),
         flow("b", "v", 6, source_stage="atelier", material_id="bon")],
        links=[("tri", "atelier", None)],
    )  # fmt: skip
    s = system_of(f)
    assert ("b@tri", "b@atelier", "usage") in arcs(s)
    assert s.arcs.flow.tolist() == [0, 1, -1]
    assert np.isnan(s.tonnes()[2])
    assert s.tonnes()[:2].tolist() == [10, 6]


def test_a_declared_flow_inside_an_actor_is_not_doubled() -> None:
    f = made(
        {"m": "gisement", "b": ["tri", "atelier"]},
        [flow("m", "b", 10, target_stage="tri", material_id="usage"),
         flow("b", "b", 6, source_stage="tri", target_stage="atelier", material_id="usage")],
        links=[("tri", "atelier", None)],
    )  # fmt: skip
    assert (system_of(f).arcs.flow >= 0).all()


def test_what_is_passed_on_inside_is_what_the_recipes_at_both_ends_know() -> None:
    f = made(
        {"m": "gisement", "b": ["tri", "atelier"], "v": "vente"},
        [flow("m", "b", 10, target_stage="tri", material_id="usage"),
         flow("b", "v", 6, source_stage="atelier", material_id="tissu")],
        links=[("tri", "atelier", None)],
        recipes=[*SORTING, ("atelier", "in", "bon", 1.0), ("atelier", "out", "tissu", 0.9)],
    )  # fmt: skip
    inside = {arc for arc in arcs(system_of(f)) if arc[0] == "b@tri"}
    assert inside == {("b@tri", "b@atelier", "bon")}


def test_a_process_without_stated_inputs_takes_whatever_enters() -> None:
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 6, material_id="x", flow_id="1"), flow("m", "b", 4, material_id="y", flow_id="2"),
         flow("b", "v", 9, material_id="bon")],
        recipes=[("tri", "out", "bon", 0.9)],
    )  # fmt: skip
    s = system_of(f)
    # x + y − level = 0; 0.9 level − bon = 0
    assert sorted(equations(s).tolist()) == sorted([[1, 1, 0, -1], [0, 0, -1, 0.9]])


def test_the_system_is_made_once_and_changes_nothing() -> None:
    f = made({"m": "gisement", "b": "tri"}, [flow("m", "b", 6)])
    before = f.flows.copy()
    assert system_of(f) is system_of(f)
    assert system_of(f, changed={"declared": 0.3}) is not system_of(f)
    pd.testing.assert_frame_equal(before, f.flows)
