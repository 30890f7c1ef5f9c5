"""One kernel in its three runs: plain, compiled, and the loops as plain Python, in which bounds are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any
from unittest import mock

import networkx as nx
import numpy as np
import pytest
from hypothesis import strategies as st

from chaine_valeur.kernels import choice

HAS_NUMBA = find_spec("numba") is not None
#: for tests of the compiled version alone; under CI a skip is a failure
needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="numba is not installed")
VERSIONS = ("plain", "compiled", "interpreted")


@contextmanager
def version(name: str) -> Iterator[None]:
    """Run kernels in one of `VERSIONS`."""
    with ExitStack() as stack:
        if name == "interpreted":
            stack.enter_context(mock.patch.object(choice, "mode", lambda: "compiled"))
            stack.enter_context(
                mock.patch.object(choice.Loop, "__call__", lambda self, *args: self.function(*args))
            )
        else:
            stack.enter_context(choice.using(name))
        yield


def parts(result: Any) -> list[np.ndarray]:
    """Return the arrays of a result: an array, a number, a tuple of them, or an object that holds some."""
    if isinstance(result, np.ndarray | int | float | np.generic):
        return [np.asarray(result)]
    if result is None:
        return []
    held = result if isinstance(result, tuple) else tuple(vars(result).values())
    return [array for each in held for array in parts(each)]


def assert_identical(one: Any, other: Any) -> None:
    """The same numbers, of one dtype and in one order; floats to the last bit."""
    first, second = parts(one), parts(other)
    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        if a.dtype.kind == "f":
            np.testing.assert_array_equal(np.signbit(a[~np.isnan(a)]), np.signbit(b[~np.isnan(b)]))
        np.testing.assert_array_equal(a, b)


def in_each(make: Callable[[], Any], *, versions: Sequence[str] = VERSIONS) -> Any:
    """Return what `make` gives, after it gave the same in each version."""
    results = []
    for name in versions:
        if name == "compiled" and not HAS_NUMBA:
            continue
        with version(name):
            results.append(make())
    for other in results[1:]:
        assert_identical(results[0], other)
    return results[0]


@st.composite
def edge_lists(draw: st.DrawFn, *, most: int = 9, none: bool = False) -> tuple[int, list[tuple[int, int]]]:
    """A number of nodes and some edges: parallel ones and loops among them, with ends of −1 if wished."""
    size = draw(st.integers(0, most))
    if not size:
        return 0, []
    node = st.integers(-1 if none else 0, size - 1)
    return size, draw(st.lists(st.tuples(node, node), max_size=3 * size))


def ends(edges: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the two lists of ends."""
    both = np.asarray(edges, dtype=np.int32).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def random_edges(size: int, count: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return edges between nodes drawn at random."""
    drawn = np.random.default_rng(seed).integers(0, size, (2, count)).astype(np.int32)
    return drawn[0], drawn[1]


def referee(size: int, source: Any, target: Any, *, kind: type = nx.DiGraph) -> Any:
    """Return the graph as networkx has it; ends of −1 are left out."""
    graph = kind()
    graph.add_nodes_from(range(size))
    pairs = zip(np.asarray(source).tolist(), np.asarray(target).tolist(), strict=True)
    graph.add_edges_from((a, b) for a, b in pairs if a >= 0 and b >= 0)
    return graph


def line(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of a path 0 → 1 → … → size − 1."""
    return np.arange(size - 1, dtype=np.int32), np.arange(1, size, dtype=np.int32)


#: name → (nodes, edges) of shapes that are small and strange
SHAPES: dict[str, tuple[int, list[tuple[int, int]]]] = {
    "no node": (0, []),
    "no edge": (3, []),
    "one loop": (1, [(0, 0)]),
    "loops and isolated nodes": (4, [(1, 1), (1, 1), (3, 3)]),
    "parallel edges": (3, [(0, 1), (0, 1), (1, 0), (1, 2)]),
    "star": (7, [(0, k) for k in range(1, 7)]),
    "clique": (6, [(a, b) for a in range(6) for b in range(a)]),
    "cycle": (6, [(k, (k + 1) % 6) for k in range(6)]),
    "two components, the later one first": (5, [(4, 3), (2, 0)]),
}
