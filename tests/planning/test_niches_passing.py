"""What may pass along an expected chain: arcs, recipes, loops; the pools of supplies and demands; walking to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.planning.niches._carrying import resource_for
from chaine_valeur.planning.niches._passing import ANY, Passing, Process, passing_of
from chaine_valeur.planning.niches._pools import DEMAND, SUPPLY, Pool, levels_of, pools_at
from chaine_valeur.planning.niches._program import Program
from chaine_valeur.planning.niches._walk import Walk

from .niches_valley import valley

FEW = settings(max_examples=30)


def named_arcs(f: cv.Filiere) -> list[tuple[str, str, str | None]]:
    """Return the arcs by identifier, in their order."""
    stages, materials = [*f.stages.index, None], [*f.materials.index, None]
    return [(stages[a], stages[b], materials[m]) for a, b, m in passing_of(f).arcs]


def chain(links: Sequence[tuple[str, str, str | None]], **tables: Any) -> cv.Filiere:
    """Return a chain of the stages that its passages name, in the order in which they come."""
    names = list(dict.fromkeys(end for link in links for end in link[:2]))
    materials = sorted({link[2] for link in links if link[2]} | set(tables.pop("materials", ())))
    frames: dict[str, Any] = {
        "stages": {"name": names},
        "stage_links": pd.DataFrame(links, columns=["stage_id", "to_stage_id", "material_id"]),
        "materials": {"name": materials},
        "actors": {"name": ["A", "B"]},
    }
    return cv.Filiere.from_tables(**(frames | tables))


def recipe(stage: str, takes: dict[str, Any], makes: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Return the rows of one process."""
    return [
        {"stage_id": stage, "side": side, "material_id": name, "t_per_t": t, **more}
        for side, amounts in (("in", takes), ("out", makes))
        for name, t in amounts.items()
    ]


# -- arcs -------------------------------------------------------------------------------------------


def test_the_arcs_and_recipes_of_the_valley() -> None:
    f = valley()
    assert named_arcs(f) == [
        ("flock", "wash", "wool"), ("field", "card", "straw"), ("wash", "card", "clean"),
        ("wash", "soap", "grease"), ("card", "felt", "web"),
    ]  # fmt: skip
    wool, straw, clean, grease, web, binder = range(6)
    processes = passing_of(f).processes
    assert list(processes) == [2, 3]  # wash and card, by position
    (wash,) = processes[2]
    assert (wash.takes, wash.makes, wash.entering) == ({wool: 1.0}, {clean: 0.6, grease: 0.1}, 1.0)
    carded, flax = processes[3]
    assert (carded.takes, carded.makes) == ({clean: 0.8, binder: 0.2}, {web: 0.9})
    assert (flax.takes, flax.makes, flax.order) == ({straw: 1.0}, {web: 0.5}, 1)
    assert [len(process.rows) for process in (wash, carded, flax)] == [3, 3, 2]


def test_a_passage_of_any_material_carries_what_leaves_its_start() -> None:
    links = [("pit", "bins", "ore"), ("pit", "bins", "sand"), ("bins", "mill", None), ("mill", "sale", None)]
    rows = recipe("mill", {"ore": 1}, {"metal": 0.3, "slag": 0.7})
    f = chain(links, materials=["metal", "slag"], recipes=rows)
    assert named_arcs(f) == [
        ("pit", "bins", "ore"), ("pit", "bins", "sand"),
        ("bins", "mill", "ore"),  # the mill takes no sand
        ("mill", "sale", "metal"), ("mill", "sale", "slag"),
    ]  # fmt: skip


def test_a_passage_of_any_material_from_a_supply_carries_what_is_offered_there() -> None:
    market = {"stage_id": ["pit"], "material_id": ["ore"], "kind": ["supply"], "quantity_t_per_year": [5]}
    f = chain([("pit", "bins", None), ("bins", "sale", None)], materials=["ore"], markets=market)
    assert named_arcs(f) == [("pit", "bins", "ore"), ("bins", "sale", "ore")]
    # nobody says anything: a material without a name
    assert named_arcs(chain([("pit", "sale", None)])) == [("pit", "sale", None)]
    # the end alone says what it takes
    taken = chain(
        [("pit", "mill", None)], materials=["ore", "metal"], recipes=recipe("mill", {"ore": 1}, {"metal": 1})
    )
    assert named_arcs(taken) == [("pit", "mill", "ore")]


def test_a_recipe_that_does_not_take_what_a_passage_brings_leaves_it_out() -> None:
    f = chain([("pit", "mill", "sand"), ("pit", "mill", "ore")], materials=["metal"],
              recipes=recipe("mill", {"ore": 1}, {"metal": 1}))  # fmt: skip
    assert named_arcs(f) == [("pit", "mill", "ore")]


@pytest.mark.parametrize(
    ("rank", "kept"),
    [
        ([1, 2, 3], [("a", "b"), ("b", "c")]),  # c goes back to b: out
        ([1, 3, 2], [("a", "b"), ("c", "b")]),  # the ranks say that c comes before b
        ([None, None, None], [("a", "b"), ("b", "c")]),  # without ranks: the order of the rows
    ],
)
def test_what_returns_in_a_loop_is_left_out(rank: list[int | None], kept: list[tuple[str, str]]) -> None:
    f = chain(
        [("a", "b", "x"), ("b", "c", "x"), ("c", "b", "x")], stages={"name": ["a", "b", "c"], "rank": rank}
    )
    assert [arc[:2] for arc in named_arcs(f)] == kept


def test_a_passage_against_the_ranks_that_closes_no_loop_stays() -> None:
    f = chain([("a", "b", "x")], stages={"name": ["a", "b"], "rank": [2, 1]})
    assert [arc[:2] for arc in named_arcs(f)] == [("a", "b")]


# -- recipes ----------------------------------------------------------------------------------------


def test_the_recipe_of_the_stage_comes_before_those_of_its_actors() -> None:
    links = [("pit", "mill", "ore"), ("mill", "sale", "metal")]
    own = recipe("mill", {"ore": 1}, {"metal": 0.9}, actor_id="A")
    shared = recipe("mill", {"ore": 1}, {"metal": 0.5})
    metal, ore = 0, 1
    (alone,) = passing_of(chain(links, recipes=own)).processes[1]
    assert alone.makes == {metal: 0.9}
    (both,) = passing_of(chain(links, recipes=own + shared)).processes[1]
    assert (both.takes, both.makes) == ({ore: 1.0}, {metal: 0.5})


def test_recipes_of_another_year_do_not_count() -> None:
    links = [("pit", "mill", "ore"), ("mill", "sale", "metal")]
    rows = recipe("mill", {"ore": 1}, {"metal": 0.5}, year=2023) + recipe(
        "mill", {"ore": 1}, {"metal": 0.6}, year=2024
    )
    (process,) = passing_of(chain(links, recipes=rows)).processes[1]
    assert process.makes == {0: 0.6}


def test_a_recipe_without_inputs_takes_anything_and_an_unknown_coefficient_none() -> None:
    links = [("pit", "mill", "ore"), ("mill", "sale", "metal")]
    (process,) = passing_of(chain(links, recipes=recipe("mill", {}, {"metal": 0.4}))).processes[1]
    assert process.takes == {ANY: 1.0}
    unknown = chain(links, recipes=recipe("mill", {"ore": 1}, {"metal": None}))
    assert passing_of(unknown).processes[1] == ()
    # an input of which the recipe takes nothing is none
    zero = chain(links, materials=["salt"], recipes=recipe("mill", {"ore": 1, "salt": 0}, {"metal": 1}))
    assert list(passing_of(zero).processes[1][0].takes) == [1]


def test_it_is_made_once() -> None:
    f = valley()
    assert passing_of(f) is passing_of(f)
    assert pools_at(f, SUPPLY, "raw") is pools_at(f, SUPPLY, "raw")


# -- pools ------------------------------------------------------------------------------------------


def pools(
    rows: dict[str, Any], kind: str, level: str, **tables: Any
) -> list[tuple[int, list[int], float, int]]:
    f = valley(markets={"kind": kind, **rows}, **tables)
    return [(pool.material, sorted(pool.stages), pool.t, pool.n_unknown) for pool in pools_at(f, kind, level)]


def test_a_pool_is_what_is_stated_of_one_material_at_one_level() -> None:
    rows = {
        "material_id": ["wool", "wool", "wool", "straw", None],
        "stage_id": ["flock", None, "wash", "field", "field"],
        "level": ["raw", "raw", "mobilized", "raw", "raw"],
        "quantity_t_per_year": [10, 20, 5, None, 7],
    }
    # wool: 30 t at flock (0) and at no stage; straw has no quantity; a row without material is of its stage (1)
    assert pools(rows, SUPPLY, "raw") == [(-1, [1], 7.0, 0), (0, [0], 30.0, 0)]
    assert pools(rows, SUPPLY, "mobilized") == [(0, [2], 5.0, 0)]
    assert pools(rows, SUPPLY, "mobilizable") == []


def test_what_has_no_quantity_is_counted_where_others_have() -> None:
    rows = {"material_id": ["wool"] * 3, "level": "raw", "quantity_t_per_year": [10, None, None]}
    assert pools(rows, SUPPLY, "raw") == [(0, [], 10.0, 2)]


def test_natural_quantities_are_converted_and_closed_actors_left_out() -> None:
    actors = {"name": ["Shepherds", "Closed"], "status": ["active", "closed"]}
    materials = {"material_id": ["wool", "straw", "clean", "grease", "web", "binder"], "name": list("abcdef"),
                 "unit": ["bale", *["t"] * 5], "t_per_unit": [0.2, *[None] * 5]}  # fmt: skip
    rows = {"actor_id": ["shepherds", "closed"], "material_id": ["wool"] * 2, "level": "raw",
            "natural_quantity_per_year": [50, 1000]}  # fmt: skip
    assert pools(rows, SUPPLY, "raw", actors=actors, materials=materials) == [(0, [], 10.0, 0)]


def test_demands_of_a_level_hold_the_firmer_ones_of_each_buyer() -> None:
    rows = {
        "actor_id": ["shop", "shop", "club", "club", None],
        "material_id": ["web"] * 5,
        "level": ["expressed", "contracted", "verified", None, "expressed"],
        "quantity_t_per_year": [90, 20, 30, 35, 4],
    }
    assert pools(rows, DEMAND, "contracted")[0][2] == 20
    assert pools(rows, DEMAND, "verified")[0][2] == 20 + 30
    assert pools(rows, DEMAND, "expressed")[0][2] == 90 + 30 + 4
    assert pools(rows, DEMAND, "")[0][2] == 90 + 35 + 4  # those without a level, too


def test_two_contracts_of_one_buyer_add_up() -> None:
    rows = {"actor_id": ["shop"] * 3, "material_id": ["web"] * 3, "level": ["contracted", "contracted", "expressed"],
            "quantity_t_per_year": [20, 25, 40]}  # fmt: skip
    assert pools(rows, DEMAND, "contracted")[0][2] == 45
    assert pools(rows, DEMAND, "expressed")[0][2] == 45  # more than the 40 that it spoke of before


def test_levels_in_their_order() -> None:
    assert levels_of(SUPPLY, None) == ["mobilized", "mobilizable", "raw", ""]
    assert levels_of(DEMAND, None) == ["contracted", "verified", "expressed", ""]
    assert levels_of(SUPPLY, "raw") == ["raw"]
    with pytest.raises(
        cv.errors.UnknownNameError, match="no level of supply 'contracted'; there are: mobilized"
    ):
        levels_of(SUPPLY, "contracted")


@pytest.mark.parametrize(
    ("material", "stages", "passing", "stage", "fits"),
    [
        (3, [], 3, 0, True),
        (3, [0], 4, 0, False),  # another material, whatever the stage
        (3, [0], -1, 0, True),  # nobody says what passes: the stage decides
        (3, [0], -1, 1, False),
        (-1, [0], 4, 0, True),  # nobody says what is offered
        (-1, [0], 4, 1, False),
    ],
)
def test_what_a_pool_is_about(material: int, stages: list[int], passing: int, stage: int, fits: bool) -> None:
    assert Pool(material, frozenset(stages), 1.0, (), 0).fits(passing, stage) is fits


# -- walking and solving ----------------------------------------------------------------------------


def test_a_walk_stops_at_the_first_pool_and_keeps_what_leads_to_one() -> None:
    # 0 ─a→ 1 ─a→ 2 ─b→ 4, 3 ─c→ 2; 2 makes b of a and c
    passing = Passing.of(
        [(0, 1, 0), (1, 2, 0), (3, 2, 2), (2, 4, 1)], {2: (Process(2, 0, {0: 1.0, 2: 1.0}, {1: 1.0}),)}
    )
    near, far = Pool(0, frozenset([1]), 5.0, (), 0), Pool(1, frozenset(), 5.0, (), 0)
    up = Walk(passing, [near], upstream=True)
    # from 4: b is made of a, met between 1 and 2; c leads to nothing
    assert up.reached([3]) == ([1, 3], {1: [0]})
    assert up.reached([2]) == ([], {})
    down = Walk(passing, [far], upstream=False)
    assert down.reached([0]) == ([0, 1, 3], {3: [0]})
    assert Walk(passing, [], upstream=False).reached([0]) == ([], {})


def test_a_program_without_a_limit_is_unknown() -> None:
    passing = Passing.of([(0, 1, 0)], {})
    program = Program(passing)
    program.unchanged([0], [])  # nothing comes: 0
    assert program.most(program.tonnes([0])) == 0.0
    free = Program(Passing.of([(0, 1, 0), (1, 2, 0)], {}))
    free.unchanged([1], [0])
    assert math.isnan(free.most(free.tonnes([1])))


@FEW
@given(st.integers(2, 6), st.data())
def test_in_a_net_without_recipes_all_that_is_offered_upstream_may_enter(
    size: int, data: st.DataObject
) -> None:
    """Networkx as referee: stages offer unnamed material; what may reach one is the offer of its ancestors."""
    import networkx as nx

    every = [(a, b) for a in range(size) for b in range(a + 1, size)]
    arcs = sorted(data.draw(st.sets(st.sampled_from(every), min_size=1)))
    offered = data.draw(st.lists(st.integers(0, 50), min_size=size, max_size=size))
    passing = Passing.of([(a, b, -1) for a, b in arcs], {})
    pools = [Pool(-1, frozenset([stage]), float(t), (), 0) for stage, t in enumerate(offered)]
    graph = nx.DiGraph(arcs)
    for stage in sorted(graph):  # over a few stages
        if graph.in_degree(stage) == 0:
            continue
        # each stage offers, so that what is met first is what those just before offer
        expected = sum(offered[before] for before in graph.predecessors(stage))
        assert resource_for(passing, pools, stage).t == pytest.approx(expected)
        roots = {n for n in nx.ancestors(graph, stage) if graph.in_degree(n) == 0}
        only = [pool for pool in pools if not roots.isdisjoint(pool.stages)]
        assert resource_for(passing, only, stage).t == pytest.approx(sum(offered[n] for n in roots))


@FEW
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), st.integers(1, 9), st.integers(1, 9))
def test_a_mixture_is_held_by_the_scarcest_input(offered: list[int], one: int, two: int) -> None:
    """a·x + b·y make one product: the level is min(A/a, B/b), whatever else lies about."""
    makes = Process(3, 0, {0: one / 10, 1: two / 10}, {2: 1.0})
    passing = Passing.of([(0, 3, 0), (1, 3, 1), (2, 3, 5), (3, 4, 2)], {3: (makes,)})
    pools = [Pool(place, frozenset(), float(t), (), 0) for place, t in zip((0, 1, 5), offered, strict=True)]
    level = min(offered[0] / (one / 10), offered[1] / (two / 10))
    found = resource_for(passing, pools, 4)
    assert found.t == pytest.approx(level, abs=1e-6)
    assert resource_for(passing, pools, 3).t == pytest.approx(level * (one + two) / 10, abs=1e-6)
    assert found.complements == ()
    # without the second input the first alone decides, and the second is bought
    alone = resource_for(passing, pools[:1], 4)
    assert alone.t == pytest.approx(offered[0] / (one / 10), abs=1e-6)
    assert alone.complements == (1,)


def test_two_processes_share_what_comes() -> None:
    """Both take 0; the better yield is used for what leaves, and all of it may enter."""
    passing = Passing.of(
        [(0, 1, 0), (1, 2, 1)], {1: (Process(1, 0, {0: 1.0}, {1: 0.5}), Process(1, 1, {0: 1.0}, {1: 0.9}))}
    )
    pool = [Pool(0, frozenset(), 100.0, (), 0)]
    assert resource_for(passing, pool, 1).t == pytest.approx(100)
    assert resource_for(passing, pool, 2).t == pytest.approx(90)
    np.testing.assert_allclose(
        [resource_for(passing, [Pool(0, frozenset(), 0.0, (), 0)], k).t for k in (1, 2)], 0
    )
