"""Cumulated yield (B9): 10 % then 20 % lost is 28 %, not 30 %."""

from __future__ import annotations

import math

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.analysis.flows.uses.paths import PATH_YIELD_COLUMNS, cumulated_yield, path_yield
from chaine_valeur.datasets import load
from chaine_valeur.errors import ArgumentError, DataQualityWarning, UnknownNameError
from chaine_valeur.text import split_list

from .adding_up import filiere

R, O, M = "resource", "operation", "market"  # noqa: E741

shares = st.lists(st.floats(0, 1), max_size=6)


def test_ten_then_twenty_per_cent_is_twenty_eight():
    assert 1 - cumulated_yield(losses=[0.1, 0.2]) == pytest.approx(0.28)
    assert cumulated_yield([0.9, 0.8]) == pytest.approx(0.72)
    assert cumulated_yield([0.5], losses=[0.5]) == 0.25
    assert cumulated_yield() == 1
    assert cumulated_yield([0.5, 0, 0.9]) == 0
    assert math.isnan(cumulated_yield([0.5, math.nan]))


@pytest.mark.parametrize("wrong", [{"yields": [1.2]}, {"losses": [0.1, -0.1]}, {"losses": [20]}])
def test_what_is_no_share_is_refused(wrong):
    with pytest.raises(ArgumentError, match="share"):
        cumulated_yield(**wrong)


@given(shares, shares)
def test_steps_multiply_whatever_their_order(first, second):
    both = cumulated_yield(first + second)
    assert both == pytest.approx(cumulated_yield(second) * cumulated_yield(first))
    assert 0 <= both <= min([1.0, *first, *second])
    assert cumulated_yield(losses=first) == pytest.approx(cumulated_yield([1 - share for share in first]))


def line(*recipes, **changed):
    stages = [("source", R), ("first", O), ("second", O), ("sale", M)]
    links = [("source", "first", None), ("first", "second", None), ("second", "sale", None)]
    return filiere([], stages=stages, recipes=recipes, **{"links": links} | changed)


def test_along_one_path():
    f = line(
        ("first", "in", "a", 1),
        ("first", "out", "b", 0.9),
        ("second", "in", "b", 1),
        ("second", "out", "c", 0.8),
    )
    frame = path_yield(f)
    assert list(frame.columns) == PATH_YIELD_COLUMNS
    row = frame.iloc[0]
    assert len(frame) == 1
    assert (row["resource_id"], row["market_id"]) == ("source", "sale")
    assert split_list(row["stages"]) == ["source", "first", "second", "sale"]
    assert (row["material_id"], row["to_material_id"]) == ("a", "c")
    assert row[["path_yield", "low", "high"]].tolist() == pytest.approx([0.72] * 3)
    assert row["n_without_recipe"] == 0


def test_a_stage_without_a_recipe_changes_nothing():
    row = path_yield(line(("second", "in", "b", 1), ("second", "out", "c", 0.8))).iloc[0]
    assert row["path_yield"] == pytest.approx(0.8) and row["n_without_recipe"] == 1
    silent = path_yield(line()).iloc[0]
    assert silent["path_yield"] == 1 and silent["n_without_recipe"] == 2
    assert silent[["material_id", "to_material_id"]].isna().all()


def test_tonnes_per_tonne_of_all_that_a_process_takes():
    # 0.5 of b and 1.5 of d make 1.6: of a tonne of either, 0.8 goes on
    f = line(("first", "in", "b", 0.5), ("first", "in", "d", 1.5), ("first", "out", "c", 1.6))
    frame = path_yield(f).set_index("material_id")
    assert frame["path_yield"].to_dict() == pytest.approx({"b": 0.8, "d": 0.8})


def test_each_material_that_comes_out_unless_the_passage_names_one():
    outputs = [("first", "in", "a", 1), ("first", "out", "b", 0.6), ("first", "out", "waste", 0.3)]
    assert path_yield(line(*outputs)).set_index("to_material_id")["path_yield"].to_dict() == {
        "b": 0.6,
        "waste": 0.3,
    }
    links = [("source", "first", "a"), ("first", "second", "b"), ("second", "sale", None)]
    named = path_yield(line(*outputs, links=links))
    assert named[["material_id", "to_material_id", "path_yield"]].values.tolist() == [["a", "b", 0.6]]


def test_several_processes_give_bounds():
    f = line(
        ("first", "in", "a", 1, {"process": "old"}), ("first", "out", "b", 0.6, {"process": "old"}),
        ("first", "in", "a", 1, {"process": "new"}), ("first", "out", "b", 0.9, {"process": "new"}),
        ("second", "in", "b", 1), ("second", "out", "c", 0.5),
    )  # fmt: skip
    row = path_yield(f).iloc[0]
    assert math.isnan(row["path_yield"])
    assert row[["low", "high"]].tolist() == pytest.approx([0.3, 0.45])


def test_recipes_of_actors_count_where_the_stage_has_none():
    own = line(
        ("first", "in", "a", 1, {"actor_id": "spare"}), ("first", "out", "b", 0.6, {"actor_id": "spare"})
    )
    assert path_yield(own)["path_yield"].item() == pytest.approx(0.6)
    both = line(
        ("first", "in", "a", 1, {"actor_id": "spare"}), ("first", "out", "b", 0.6, {"actor_id": "spare"}),
        ("first", "in", "a", 1), ("first", "out", "b", 0.7),
    )  # fmt: skip
    assert path_yield(both)["path_yield"].item() == pytest.approx(0.7)


def test_recipes_that_do_not_meet_and_coefficients_that_nobody_knows():
    apart = path_yield(line(("first", "in", "a", 1), ("first", "out", "b", 0.9), ("second", "in", "x", 1),
                            ("second", "out", "c", 0.8)))  # fmt: skip
    assert len(apart) == 1 and apart[["material_id", "path_yield", "low", "high"]].isna().all(axis=None)
    unknown = path_yield(line(("first", "in", "a", 1), ("first", "out", "b", None))).iloc[0]
    assert unknown["material_id"] == "a"
    assert unknown[["path_yield", "low", "high"]].isna().all()


def test_a_loop_makes_no_path_longer_and_a_given_path_may_be_any():
    links = [
        ("source", "first", None),
        ("first", "second", None),
        ("second", "first", None),
        ("second", "sale", None),
    ]
    f = line(("first", "in", "a", 1), ("first", "out", "b", 0.9), links=links)
    assert len(path_yield(f)) == 1
    row = path_yield(f, stages=["first", "second", "sale"]).iloc[0]
    assert (row["resource_id"], row["path_yield"]) == ("first", 1)
    with pytest.raises(UnknownNameError, match="first"):
        path_yield(f, stages=["firts", "sale"])


def test_no_path_and_too_many():
    assert path_yield(filiere([])).empty
    stages = [("r", R), *[(f"o{k}", O) for k in range(3)], ("m", M)]
    links = [(a, f"o{k}", None) for a in "r" for k in range(3)] + [(f"o{k}", "m", None) for k in range(3)]
    f = filiere([], stages=stages, links=links)
    assert len(path_yield(f)) == 3
    with pytest.warns(DataQualityWarning, match="more than 2 paths"):
        assert len(path_yield(f, limit=2)) == 2


def test_the_paths_are_those_of_networkx_and_the_yields_those_of_the_recipes():
    f = load("textiles_usages")
    frame = path_yield(f)
    graph = nx.DiGraph(list(zip(f.stage_links["stage_id"], f.stage_links["to_stage_id"], strict=True)))
    kinds = f.stages["kind"]
    ends = {"resource": [], "market": []} | {kind: kinds.index[kinds == kind].tolist() for kind in (R, M)}
    expected = {
        tuple(path) for start in ends[R] for end in ends[M] for path in nx.all_simple_paths(graph, start, end)
    }
    assert len(set(frame["stages"])) == len(expected)
    # 8.3 % of what is sorted is synthetic, of which granulation keeps 80 %
    polymer = frame[frame["to_material_id"] == "granule-polymere"]
    assert polymer["path_yield"].to_list() == pytest.approx([0.083 * 0.8] * len(polymer))
