"""What all figures of cohesion have in common: their keywords, their number, the rows behind it, their words."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.cohesion import (
    centralization,
    components,
    connectedness,
    densities,
    paths,
    reciprocity,
    transitivity,
    valued,
)
from chaine_valeur.analysis.cooperation.cohesion.densities import density_measure
from chaine_valeur.analysis.cooperation.cohesion.table import cohesion_table
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.hand import by_hand

MODULES = (centralization, components, connectedness, densities, paths, reciprocity, transitivity, valued)
#: name → (the function, the one that returns its measure)
FIGURES: dict[str, tuple[Callable[..., float], Callable[..., Measure]]] = {
    name.removesuffix("_measure"): (getattr(module, name.removesuffix("_measure")), getattr(module, name))
    for module in MODULES
    for name in module.__all__
    if name.endswith("_measure")
}
OF_DIRECTION = {"reciprocity", "dyad_share"}
TRIO = ["filature", "mairie", "relais"]
figures = pytest.mark.parametrize("name", sorted(FIGURES))


def same(one: float, other: float) -> bool:
    return one == other or (np.isnan(one) and np.isnan(other))


def test_all_are_here() -> None:
    assert len(FIGURES) == 17
    assert {"density", "fragmentation", "mean_tie_strength", "component_ratio", "diameter"} <= set(FIGURES)


@figures
def test_keywords(name: str) -> None:
    for function, last in zip(FIGURES[name], ([], ["lang"]), strict=True):
        parameters = list(inspect.signature(function).parameters.values())
        assert parameters[0].name == "source"
        assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters[1:])
        common = (
            ["year", "kind", "actors"] if name in OF_DIRECTION else ["year", "kind", "directed", "actors"]
        )
        names = [each.name for each in parameters]
        assert names[-len(common + last) :] == common + last


@figures
def test_the_number_is_that_of_the_measure(name: str, hand: Filiere) -> None:
    number, measure = FIGURES[name]
    weighted = nx.DiGraph([("a", "b", {"weight": 2}), ("b", "a", {"weight": 3}), ("b", "c", {"weight": 1})])
    undirected = nx.Graph(weighted)
    for source in (hand, weighted, undirected):
        for options in (
            {},
            {"kind": ["support", "information"]} if source is hand else {"actors": ["a", "b"]},
        ):
            value = number(source, **options)
            assert isinstance(value, float)
            found = measure(source, lang="en", **options)
            assert same(value, found.value)
            if np.isnan(value):
                assert found.note
            elif not np.isnan([found.low, found.high]).any():
                assert found.low <= value + 1e-12 and value <= found.high + 1e-12
            if source is not hand:
                assert found.rows == {} and (found.n_unknown == 0 or "strength" in name or "valued" in name)


@figures
def test_the_rows_behind(name: str, hand: Filiere) -> None:
    measure = FIGURES[name][1]
    everyone, trio = measure(hand), measure(hand, actors=TRIO)
    if name in OF_DIRECTION:
        assert everyone.rows["cooperations"] == ("c2", "c3", "c6", "c9")
        assert trio.rows["cooperations"] == ("c2", "c3")
    else:
        assert everyone.rows == density_measure(hand).rows
        assert trio.rows["cooperations"] == ("c1", "c2", "c3", "c4", "c10")
    assert trio.rows["actors"] == ("mairie", "relais")
    # c1 rests on a hypothesis
    assert (trio.hypothesis_share > 0) == (name not in OF_DIRECTION)


@figures
def test_a_subset_is_the_graph_of_that_subset(name: str) -> None:
    number = FIGURES[name][0]
    graph = nx.gnp_random_graph(12, 0.35, seed=3, directed=True)
    nx.set_edge_attributes(graph, {edge: 1 + sum(edge) % 4 for edge in graph.edges()}, "weight")
    kept = [7, 2, 3, 11, 5, 8]
    alone = nx.DiGraph()
    alone.add_nodes_from(sorted(kept))
    alone.add_edges_from((a, b, data) for a, b, data in graph.edges(data=True) if a in kept and b in kept)
    assert number(graph, actors=kept) == pytest.approx(number(alone), nan_ok=True)
    assert number(graph, actors=list(graph)) == pytest.approx(number(graph), nan_ok=True)
    assert np.isnan(number(graph, actors=kept)) == np.isnan(number(alone))


@pytest.fixture(scope="module")
def earlier(hand: Filiere) -> Filiere:
    return hand.at(2014)


@figures
def test_a_year(name: str, hand: Filiere, earlier: Filiere) -> None:
    # the tie of the laboratory ended in 2015
    number, measure = FIGURES[name]
    found = measure(hand, year=2014)
    assert same(found.value, number(earlier))
    assert ("c12" in found.rows["cooperations"]) == (name not in OF_DIRECTION)
    with pytest.raises(ValueError, match="a graph has no years"):
        number(nx.DiGraph([("a", "b")]), year=2014)


@pytest.mark.parametrize("name", ["centralization", "dyad_share", "largest_component", "valued_density"])
def test_a_graph_that_was_made_of_a_filiere(name: str, hand: Filiere) -> None:
    measure = FIGURES[name][1]
    one, other = measure(hand), measure(to_networkx(hand))
    assert same(one.value, other.value) and same(one.low, other.low) and same(one.high, other.high)
    assert one.note == other.note and one.rows == other.rows


@figures
def test_new_names_change_nothing(name: str) -> None:
    graph = nx.gnp_random_graph(10, 0.3, seed=8, directed=True)
    nx.set_edge_attributes(graph, 2.5, "weight")
    renamed = nx.relabel_nodes(graph, {node: ("node", node) for node in graph})  # pairs are names too
    number = FIGURES[name][0]
    assert number(renamed) == pytest.approx(number(graph), nan_ok=True)


@figures
def test_kinds_of_a_graph(name: str) -> None:
    number = FIGURES[name][0]
    graph = nx.MultiDiGraph()
    graph.add_edges_from([("a", "b"), ("b", "a"), ("b", "c")], kind="talk", weight=1)
    graph.add_edges_from([("c", "a"), ("a", "c")], kind="trade", weight=2)
    graph.add_edges_from([("c", "d")], kind="rumour", weight=3)
    without = graph.copy()
    without.remove_edge("c", "d")
    assert number(graph, kind=["talk", "trade"]) == pytest.approx(number(without), nan_ok=True)
    only = number(graph, kind="rumour")
    assert same(only, number(graph, kind=("rumour",)))


@figures
def test_nobody_was_asked(name: str, silent: Filiere) -> None:
    found = FIGURES[name][1](silent, lang="en")
    assert np.isnan(found.value)
    assert found.note
    assert FIGURES[name][1](silent).note != found.note  # French by default


def test_a_filiere_is_left_as_it_was() -> None:
    f, before = by_hand(), by_hand()
    for _, measure in FIGURES.values():
        measure(f)
    cohesion_table(f)
    for name in ("actors", "cooperations"):
        pd.testing.assert_frame_equal(getattr(f, name), getattr(before, name))


def test_the_page_is_made_of_them(hand: Filiere) -> None:
    rows: dict[str, dict[str, Any]] = {
        "density": {},
        "average_degree": {},
        "component_ratio": {},
        "connectedness": {},
        "fragmentation": {},
        "transitivity": {},
        "average_distance": {},
        "diameter": {},
        "compactness": {},
        "largest_component": {},
    }
    for options in ({}, {"actors": TRIO}, {"kind": ["support", "joint_project"]}, {"directed": True}):
        table = cohesion_table(hand, lang="en", **options)
        for name in rows:
            found = FIGURES[name][1](hand, lang="en", **options)
            told = table.loc[name]
            for column in ("value", "low", "high"):
                assert same(told[column], getattr(found, column)), (name, options)
            assert (told["note"], told["n_unknown"]) == (found.note, found.n_unknown)
    assert table["value"].dtype == table["low"].dtype == table["high"].dtype == np.float64
    assert table["n_unknown"].dtype == np.int64
