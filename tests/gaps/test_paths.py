"""Counting paths: networkx lists them, we count them."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.gaps._paths import LARGEST_LOOP, PathGraph, closure


@st.composite
def graphs(
    draw: st.DrawFn, *, acyclic: bool = False, most: int = 7
) -> tuple[np.ndarray, list[int], list[int]]:
    size = draw(st.integers(1, most))
    cells = draw(st.lists(st.booleans(), min_size=size * size, max_size=size * size))
    joined = np.array(cells, dtype=bool).reshape(size, size)
    if acyclic:
        order = draw(st.permutations(range(size)))
        joined = np.triu(joined, 1)[np.ix_(order, order)]
    kinds = draw(st.lists(st.sampled_from("rom"), min_size=size, max_size=size))
    return joined, [i for i in range(size) if kinds[i] == "r"], [i for i in range(size) if kinds[i] == "m"]


def path_graph(joined: np.ndarray, sources: list[int], sinks: list[int]) -> PathGraph:
    return PathGraph.of(joined, sources=sources, sinks=sinks, order=range(len(joined)))


def listed(joined: np.ndarray, sources: list[int], sinks: list[int]) -> list[tuple[int, ...]]:
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(range(len(joined)))
    graph.add_edges_from(zip(*np.nonzero(joined), strict=True))
    return sorted(
        tuple(map(int, path))
        for source in sources
        for sink in sinks
        for path in nx.all_simple_paths(graph, source, sink)
    )


def counted(paths: list[tuple[int, ...]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for path in paths:
        found[path[-1]] = found.get(path[-1], 0) + 1
    return found


@given(graphs(acyclic=True))
def test_counts_on_acyclic_graphs_are_those_of_networkx(
    drawn: tuple[np.ndarray, list[int], list[int]],
) -> None:
    found = {end: total for end, (total, _) in path_graph(*drawn).count().items()}
    assert found == counted(listed(*drawn))


@given(graphs(most=6))
def test_counts_on_graphs_with_loops_are_those_of_networkx(
    drawn: tuple[np.ndarray, list[int], list[int]],
) -> None:
    graph = path_graph(*drawn)
    paths = listed(*drawn)
    assert {end: total for end, (total, _) in graph.count().items()} == counted(paths)
    assert sorted(graph.paths()) == paths


@given(graphs(most=6), st.data())
def test_paths_without_a_unit_and_from_one_source(
    drawn: tuple[np.ndarray, list[int], list[int]], data: st.DataObject
) -> None:
    joined, sources, sinks = drawn
    graph, paths = path_graph(*drawn), listed(*drawn)
    unit = data.draw(st.integers(0, len(joined) - 1))
    left = [path for path in paths if unit not in path]
    assert {end: total for end, (total, _) in graph.count(without=unit).items()} == counted(left)
    own = [path for path in paths if path[0] == unit]
    if unit in sources:
        assert {end: total for end, (total, _) in graph.count(sources=[unit]).items()} == counted(own)


@given(graphs(most=6), st.data())
def test_complete_paths_are_those_whose_parts_are_there(
    drawn: tuple[np.ndarray, list[int], list[int]], data: st.DataObject
) -> None:
    joined, sources, sinks = drawn
    size = len(joined)
    here = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    made = np.array(data.draw(st.lists(st.booleans(), min_size=size**2, max_size=size**2))).reshape(
        size, size
    )
    whole = [
        path
        for path in listed(*drawn)
        if all(here[unit] for unit in path)
        and all(made[a, b] for a, b in zip(path[:-1], path[1:], strict=True))
    ]

    def begin(unit: int) -> frozenset[int]:
        return frozenset([unit] if here[unit] else [])

    def step(live: frozenset[int], unit: int) -> frozenset[int]:
        return frozenset(each for each in begin(unit) if any(made[one, each] for one in live))

    found = path_graph(*drawn).count(begin=begin, step=step)
    assert {end: complete for end, (_, complete) in found.items() if complete} == counted(whole)


def test_more_paths_than_can_be_listed() -> None:
    # 40 layers of 4, each joined with the next: 4^40 paths, counted exactly
    size, width = 40, 4
    joined = np.zeros((size * width, size * width), dtype=bool)
    for layer in range(size - 1):
        here, after = (
            slice(layer * width, (layer + 1) * width),
            slice((layer + 1) * width, (layer + 2) * width),
        )
        joined[here, after] = True
    ends = list(range((size - 1) * width, size * width))
    graph = path_graph(joined, list(range(width)), ends)
    assert sum(total for total, _ in graph.count().values()) == width**size
    assert len(next(graph.paths())) == size


@pytest.mark.parametrize("size", [LARGEST_LOOP, LARGEST_LOOP + 1])
def test_a_loop_too_large_is_cut_where_it_goes_back(size: int) -> None:
    # a ring of units between a resource and a market
    joined = np.zeros((size + 2, size + 2), dtype=bool)
    for unit in range(size):
        joined[1 + unit, 1 + (unit + 1) % size] = True
    joined[0, 1] = joined[size, size + 1] = True
    graph = path_graph(joined, [0], [size + 1])
    assert graph.n_cut == (size > LARGEST_LOOP)
    assert graph.count() == {size + 1: (1, 0)}


def test_a_loop_of_units_without_rank_is_cut_by_their_order() -> None:
    size = LARGEST_LOOP + 1
    joined = ~np.eye(size, dtype=bool)
    graph = PathGraph.of(joined, sources=[0], sinks=[size - 1], order=[np.inf] * size)
    # what is left is every link onwards: each subset of the units between is a path
    assert sum(total for total, _ in graph.count().values()) == 2 ** (size - 2)
    assert graph.n_cut == size * (size - 1) // 2


def test_no_unit_at_all() -> None:
    graph = path_graph(np.zeros((0, 0), dtype=bool), [], [])
    assert graph.count() == {}
    assert list(graph.paths()) == []


@settings(max_examples=50)
@given(graphs())
def test_reach_is_that_of_networkx(drawn: tuple[np.ndarray, list[int], list[int]]) -> None:
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(range(len(drawn[0])))
    graph.add_edges_from(zip(*np.nonzero(drawn[0]), strict=True))
    expected = np.zeros_like(drawn[0])
    for unit in graph:
        expected[unit, [unit, *nx.descendants(graph, unit)]] = True
    assert (closure(drawn[0]) == expected).all()
