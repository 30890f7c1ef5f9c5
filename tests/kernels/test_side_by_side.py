"""Many small graphs side by side give what each gives alone; and what the kernels take in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from chaine_valeur import kernels
from chaine_valeur.kernels import Graph
from tests.kernels.running import in_each, random_edges, version

SIZES = [5, 0, 1, 12, 30, 3]


@pytest.fixture(scope="module")
def small() -> list[tuple[int, np.ndarray, np.ndarray]]:
    """A few graphs of their own numbering; the second has no node, the third no edge."""
    return [
        (size, *(random_edges(size, 2 * size, seed=size) if size > 1 else (np.zeros(0, np.int32),) * 2))
        for size in SIZES
    ]


@pytest.fixture(scope="module")
def stacked(small: list) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same as one graph: sources, targets, and the block of each node."""
    starts = np.concatenate([[0], np.cumsum(SIZES)])[:-1]
    source = np.concatenate([each[1] + start for each, start in zip(small, starts, strict=True)])
    target = np.concatenate([each[2] + start for each, start in zip(small, starts, strict=True)])
    return source.astype(np.int32), target.astype(np.int32), np.repeat(np.arange(len(SIZES)), SIZES)


#: what each node gets from a list of edges
BY_NODE: dict[str, Callable[..., Any]] = {
    "layers": lambda size, a, b: kernels.layers(Graph.of(a, b, size=size)),
    "articulation": lambda size, a, b: kernels.cut_elements(Graph.of(a, b, size=size, directed=False)).articulation,
    "pairs": lambda size, a, b: kernels.separations(Graph.of(a, b, size=size, directed=False)).pairs,
    "degree": lambda size, a, b: Graph.of(a, b, size=size).degree_in,
}  # fmt: skip


@pytest.mark.parametrize("name", BY_NODE)
def test_each_node_gets_what_it_gets_alone(name: str, small: list, stacked: tuple) -> None:
    source, target, block = stacked
    together = in_each(lambda: BY_NODE[name](len(block), source, target), versions=("plain", "compiled"))
    alone = [BY_NODE[name](*each) for each in small]
    np.testing.assert_array_equal(together, np.concatenate(alone))


def test_components_and_counts_by_block(small: list, stacked: tuple) -> None:
    source, target, block = stacked
    graph = Graph.of(source, target, size=len(block))
    for find in (kernels.weak_components, kernels.strong_components):
        together = in_each(lambda find=find: find(graph), versions=("plain", "compiled"))
        alone = [find(Graph.of(a, b, size=size)) for size, a, b in small]
        assert together.per_block(block, n_blocks=len(SIZES)).tolist() == [each.count for each in alone]
        assert together.largest(block, n_blocks=len(SIZES)).tolist() == [
            each.sizes.max(initial=0) for each in alone
        ]
        starts = np.concatenate([[0], np.cumsum([each.count for each in alone])])
        np.testing.assert_array_equal(
            together.label,
            np.concatenate([each.label + s for each, s in zip(alone, starts[:-1], strict=True)]),
        )


def test_reach_and_paths_by_block(small: list, stacked: tuple) -> None:
    source, target, block = stacked
    size = len(block)
    first = np.concatenate([[True], block[1:] != block[:-1]])  # the first node of each block is a source
    last = np.concatenate([block[1:] != block[:-1], [True]])
    up = source < target
    graph = Graph.of(source[up], target[up], size=size)
    mask = in_each(lambda: kernels.reached(graph, first), versions=("plain", "compiled"))
    found = in_each(
        lambda: kernels.path_counts(graph, sources=first, targets=last), versions=("plain", "compiled")
    )
    seen, number = [], []
    for n, a, b in small:
        one = Graph.of(a[a < b], b[a < b], size=n)
        seen.append(kernels.reached(one, [0] if n else []))
        here = kernels.path_counts(one, sources=[0] if n else [], targets=[n - 1] if n else [])
        number.append(int(here.arriving[here.target].sum()))
    np.testing.assert_array_equal(mask, np.concatenate(seen))
    assert found.per_block(block, n_blocks=len(SIZES)).tolist() == number


def test_group_counts_by_block(small: list, stacked: tuple) -> None:
    source, target, block = stacked
    group = np.arange(len(block)) % 4
    together = kernels.group_counts(source, target, group=group, n_groups=4, block=block, n_blocks=len(SIZES))
    start = 0
    for number, (size, a, b) in enumerate(small):
        alone = kernels.group_counts(a, b, group=group[start : start + size], n_groups=4)
        np.testing.assert_array_equal(together[number], alone[0])
        start += size


@pytest.fixture(scope="module")
def large() -> tuple[int, np.ndarray, np.ndarray, int]:
    """20 000 nodes and 200 000 edges, and the bytes of the two lists."""
    source, target = random_edges(20_000, 200_000)
    return 20_000, source, target, source.nbytes + target.nbytes


def peak(make: Callable[[], object]) -> int:
    make()  # what is compiled or loaded once is not counted
    tracemalloc.start()
    try:
        make()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("name", "most"), [("plain", 4.0), ("compiled", 1.5)])
def test_memory_stays_within_a_multiple_of_the_lists(name: str, most: float, large: tuple) -> None:
    size, source, target, raw = large
    if name == "compiled":
        pytest.importorskip("numba")
    with version(name):
        graph = Graph.of(source, target, size=size)
        both_ways = Graph.of(source, target, size=size, directed=False)
        taken = {
            "directed": peak(lambda: Graph.of(source, target, size=size)),
            "undirected": peak(lambda: Graph.of(source, target, size=size, directed=False)),
            "weak": peak(lambda: kernels.weak_components(graph)),
            "strong": peak(lambda: kernels.strong_components(graph)),
            "cuts": peak(lambda: kernels.cut_elements(both_ways)),
            "separations": peak(lambda: kernels.separations(both_ways)),
            "reach": peak(lambda: kernels.reached(graph, [0])),
            "layers": peak(lambda: kernels.layers(graph)),
        }
    assert {what: round(each / raw, 2) for what, each in taken.items() if each > most * raw} == {}
