"""What holds for any graph: names do not matter, nor the order of rows, and what is turned round is mirrored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import kernels
from chaine_valeur.kernels import Graph
from tests.kernels.running import edge_lists, ends, version


def directed(size: int, a: np.ndarray, b: np.ndarray) -> Graph:
    return Graph.of(a, b, size=size)


def undirected(size: int, a: np.ndarray, b: np.ndarray) -> Graph:
    return Graph.of(a, b, size=size, directed=False)


def component_size(parts: kernels.Components) -> np.ndarray:
    return parts.sizes[parts.label]


#: figures of nodes which follow a node whatever its number
FOLLOW: dict[str, Callable[[int, np.ndarray, np.ndarray], np.ndarray]] = {
    "weak": lambda n, a, b: component_size(kernels.weak_components(directed(n, a, b))),
    "strong": lambda n, a, b: component_size(kernels.strong_components(directed(n, a, b))),
    "layers": lambda n, a, b: kernels.layers(directed(n, a, b)),
    "articulation": lambda n, a, b: kernels.cut_elements(undirected(n, a, b)).articulation,
    "parts": lambda n, a, b: kernels.separations(undirected(n, a, b)).parts,
    "largest": lambda n, a, b: kernels.separations(undirected(n, a, b)).largest,
    "degree": lambda n, a, b: directed(n, a, b).degree_in,
}


@pytest.mark.parametrize("name", ["plain", "interpreted"])
@settings(max_examples=12)
@given(drawn=edge_lists(), data=st.data())
def test_renaming_nodes_renames_results(name: str, drawn: tuple, data: st.DataObject) -> None:
    size, edges = drawn
    source, target = ends(edges)
    new = np.array(data.draw(st.permutations(range(size))), dtype=np.int32)
    with version(name):
        for make in FOLLOW.values():
            np.testing.assert_array_equal(
                make(size, new[source], new[target])[new], make(size, source, target)
            )


@settings(max_examples=15)
@given(edge_lists(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn: tuple, random: Any) -> None:
    size, edges = drawn
    mixed = list(edges)
    random.shuffle(mixed)
    for make in FOLLOW.values():
        np.testing.assert_array_equal(make(size, *ends(mixed)), make(size, *ends(edges)))
    one, other = Graph.of(*ends(mixed), size=size), Graph.of(*ends(edges), size=size)
    np.testing.assert_array_equal(one.indices, other.indices)
    np.testing.assert_array_equal(one.indptr, other.indptr)


@settings(max_examples=15)
@given(edge_lists(most=7), st.data())
def test_turned_round_everything_is_mirrored(drawn: tuple, data: st.DataObject) -> None:
    size, edges = drawn
    source, target = ends(edges)
    graph, turned = Graph.of(source, target, size=size), Graph.of(target, source, size=size)
    assert graph.degree_in.tolist() == turned.degree_out.tolist()
    np.testing.assert_array_equal(
        kernels.strong_components(graph).label, kernels.strong_components(turned).label
    )
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
    np.testing.assert_array_equal(
        kernels.reached(graph, chosen, backward=True), kernels.reached(turned, chosen)
    )
    up = source < target
    there, back = (
        Graph.of(source[up], target[up], size=size),
        Graph.of(target[up], source[up], size=size),
    )
    one = kernels.path_counts(there, sources=chosen, targets=~chosen)
    other = kernels.path_counts(back, sources=~chosen, targets=chosen)
    np.testing.assert_array_equal(one.through, other.through)
    np.testing.assert_array_equal(one.arriving, other.leaving)


@settings(max_examples=15)
@given(edge_lists())
def test_a_further_edge_joins_and_never_separates(drawn: tuple) -> None:
    size, edges = drawn
    if size < 2:
        return
    fewer, more = Graph.of(*ends(edges), size=size), Graph.of(*ends([*edges, (0, size - 1)]), size=size)
    for find in (kernels.weak_components, kernels.strong_components):
        assert find(more).count <= find(fewer).count
    assert (kernels.reached(more, [0]) | ~kernels.reached(fewer, [0])).all()
    assert (kernels.depths(more, [0])[size - 1]) == 1


@settings(max_examples=15)
@given(edge_lists())
def test_each_edge_leads_to_a_later_layer_or_stays_in_its_loop(drawn: tuple) -> None:
    size, edges = drawn
    source, target = ends(edges)
    graph = Graph.of(source, target, size=size)
    layer, label = kernels.layers(graph), kernels.strong_components(graph).label
    together = label[source] == label[target]
    assert (layer[target] > layer[source])[~together].all()
    assert (layer[target] == layer[source])[together].all()
    if size:
        assert sorted(set(layer.tolist())) == list(range(int(layer.max()) + 1))  # no layer is empty


@settings(max_examples=15)
@given(edge_lists())
def test_without_a_bridge_there_is_one_component_more(drawn: tuple) -> None:
    size, edges = drawn
    source, target = ends(edges)
    graph = Graph.of(source, target, size=size, directed=False, merged=False, numbered=True)
    before = kernels.weak_components(graph).count
    bridges = set(kernels.cut_elements(graph).bridge_edge.tolist())
    for number in range(len(source)):
        rest = np.arange(len(source)) != number
        after = kernels.weak_components(Graph.of(source[rest], target[rest], size=size)).count
        assert after - before == (number in bridges)


@settings(max_examples=15)
@given(edge_lists())
def test_the_nodes_without_one_are_all_in_some_part(drawn: tuple) -> None:
    size, edges = drawn
    apart = kernels.separations(Graph.of(*ends(edges), size=size, directed=False))
    assert (apart.largest <= apart.component - 1).all()
    assert ((apart.parts == 0) == (apart.component == 1)).all()
    whole = apart.component.astype(np.int64) - 1
    assert (apart.pairs <= whole * (whole - 1) // 2).all()
    assert (apart.pairs[apart.parts == 1] == (whole * (whole - 1) // 2)[apart.parts == 1]).all()


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.floats(0.01, 1e6)), min_size=1, max_size=30)
)
def test_concentration_is_a_share_and_has_no_unit(rows: list[tuple[int, int, float]]) -> None:
    places, parts, values = (np.array(column) for column in zip(*rows, strict=True))
    index = kernels.herfindahl(places, parts, values, size=4, n_parts=6)
    found = kernels.distinct_at(places, parts, size=4, n_codes=6)
    held = found > 0
    assert (index[held] <= 1 + 1e-12).all()
    assert (index[held] >= 1 / found[held] - 1e-12).all()
    assert np.isnan(index[~held]).all()
    np.testing.assert_allclose(
        kernels.herfindahl(places, parts, 1000 * values, size=4, n_parts=6), index, rtol=1e-12
    )


def test_no_argument_is_changed() -> None:
    source, target = np.array([0, 1, 1, 4], dtype=np.int32), np.array([1, 1, 3, 0], dtype=np.int32)
    values, group = np.array([1.0, np.nan, 2.0, 0.5]), np.array([0, 1, -1, 1, 0], dtype=np.int32)
    given_ = [each.copy() for each in (source, target, values, group)]
    for name in ("plain", "interpreted"):
        with version(name):
            graph = Graph.of(source, target, size=5, directed=False, merged=False, numbered=True)
            held = [graph.indptr.copy(), graph.indices.copy(), graph.edge.copy()]
            kernels.cut_elements(graph)
            kernels.separations(graph)
            kernels.weak_components(graph)
            kernels.depths(graph, [0])
            one_way = Graph.of(source, target, size=5)
            kernels.layers(one_way)
            assert one_way.reversed is one_way.reversed  # made once
            kernels.group_counts(source, target, group=group, n_groups=2, directed=False)
            kernels.herfindahl(target, source, values, size=5, n_parts=5)
            kernels.max_at(target, values, size=5)
            for before, after in zip(held, (graph.indptr, graph.indices, graph.edge), strict=True):
                np.testing.assert_array_equal(before, after)
    for before, after in zip(given_, (source, target, values, group), strict=True):
        np.testing.assert_array_equal(before, after)
