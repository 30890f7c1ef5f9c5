"""The order of the items: crossings counted, never more than given, blocks together, always the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.figures._order import Layers, count_crossings, order_layers


def layers_of(sizes: list[int], edges: list[tuple[int, int]], blocks: list[int] | None = None) -> Layers:
    layer = np.repeat(np.arange(len(sizes)), sizes)
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return Layers(
        layer=layer,
        block=np.array(blocks if blocks is not None else layer, dtype=np.int64),
        source=pairs[:, 0],
        target=pairs[:, 1],
        weight=np.ones(len(pairs)),
    )


@st.composite
def chains(draw: st.DrawFn) -> Layers:
    sizes = draw(st.lists(st.integers(1, 7), min_size=2, max_size=4))
    starts = np.cumsum([0, *sizes])
    edges = []
    for number in range(len(sizes) - 1):
        here = st.integers(int(starts[number]), int(starts[number + 1]) - 1)
        there = st.integers(int(starts[number + 1]), int(starts[number + 2]) - 1)
        edges += draw(st.lists(st.tuples(here, there), max_size=10))
    # up to two blocks in a column, by contiguous numbers
    blocks = []
    for number, size in enumerate(sizes):
        cut = draw(st.integers(0, size))
        blocks += [2 * number] * cut + [2 * number + 1] * (size - cut)
    return layers_of(sizes, edges, blocks)


def crossings_one_by_one(layers: Layers, orders: list[np.ndarray]) -> int:
    place = {int(item): at for order in orders for at, item in enumerate(order)}
    edges = list(zip(layers.source.tolist(), layers.target.tolist(), strict=True))
    total = 0
    for first, (a, b) in enumerate(edges):
        for c, d in edges[first + 1 :]:
            if layers.layer[a] == layers.layer[c]:
                total += (place[a] - place[c]) * (place[b] - place[d]) < 0
    return total


def test_two_edges_that_cross() -> None:
    crossed = layers_of([2, 2], [(0, 3), (1, 2)])
    assert count_crossings(crossed, crossed.given_order()) == 1
    assert count_crossings(crossed, order_layers(crossed)) == 0


def test_a_complete_bipartite_graph_cannot_be_untangled() -> None:
    # K(3,3): every order has (3 choose 2)² = 9 crossings
    full = layers_of([3, 3], [(a, b) for a in range(3) for b in range(3, 6)])
    assert count_crossings(full, order_layers(full)) == 9


def test_shuffled_parallel_chains_are_untangled() -> None:
    """Twelve chains side by side, numbered at random in each of five columns: an order without crossing."""
    random = np.random.default_rng(0)
    names = [random.permutation(12) for _ in range(5)]
    edges = [
        (12 * column + int(here[chain]), 12 * (column + 1) + int(there[chain]))
        for column, (here, there) in enumerate(pairwise(names))
        for chain in range(12)
    ]
    tangled = layers_of([12] * 5, edges)
    assert count_crossings(tangled, tangled.given_order()) > 50
    assert count_crossings(tangled, order_layers(tangled)) == 0


def test_no_edges_keeps_the_order_given() -> None:
    bare = layers_of([3, 2], [])
    assert [order.tolist() for order in order_layers(bare)] == [[0, 1, 2], [3, 4]]


def test_nothing_at_all() -> None:
    nothing = layers_of([], [])
    assert order_layers(nothing) == []
    assert count_crossings(nothing, []) == 0


def test_an_item_without_edges_goes_to_the_end_of_its_block() -> None:
    one = layers_of([3, 2], [(1, 4), (2, 3)])
    first = order_layers(one)[0].tolist()
    assert first[-1] == 0


def test_blocks_change_places_as_a_whole() -> None:
    # the items of block 0 lead to the end of the next column, those of block 1 to its top
    crossed = layers_of([4, 4], [(0, 6), (1, 7), (2, 4), (3, 5)], [0, 0, 1, 1, 2, 2, 2, 2])
    orders = order_layers(crossed)
    assert count_crossings(crossed, orders) == 0


@given(chains())
@settings(max_examples=60)
def test_crossings_are_counted_right(layers: Layers) -> None:
    orders = layers.given_order()
    assert count_crossings(layers, orders) == crossings_one_by_one(layers, orders)


@given(chains())
@settings(max_examples=60)
def test_never_worse_than_given_and_blocks_stay_together(layers: Layers) -> None:
    orders = order_layers(layers)
    assert count_crossings(layers, orders) <= count_crossings(layers, layers.given_order())
    for number, order in enumerate(orders):
        assert sorted(order.tolist()) == np.flatnonzero(layers.layer == number).tolist()
        blocks = layers.block[order].tolist()
        runs = [block for at, block in enumerate(blocks) if at == 0 or blocks[at - 1] != block]
        assert len(runs) == len(set(runs))


@given(chains())
@settings(max_examples=20)
def test_the_same_input_gives_the_same_order(layers: Layers) -> None:
    first, second = order_layers(layers), order_layers(layers)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_large_chain_is_ordered_with_fewer_restarts(seed: int) -> None:
    random = np.random.default_rng(seed)
    edges = [(int(a), 60 + int(b)) for a, b in random.integers(0, 60, size=(400, 2))]
    large = layers_of([60, 60], edges)
    assert count_crossings(large, order_layers(large)) < count_crossings(large, large.given_order())
