"""Indices of a network of a thousand compartments, and what buyers hang on at any size."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from chaine_valeur.analysis import resilience
from chaine_valeur.analysis.flows.circularity.matrix import FlowMatrix
from chaine_valeur.analysis.resilience._dominators import dominators

#: Seconds within which the indices of a thousand compartments are to be had.
AIM = 1.0


def looping_matrix(size: int, *, flows_per_node: float = 5.0, seed: int = 1) -> FlowMatrix:
    """Return a balanced matrix of log-normal flows, nearly all of it one strongly connected component."""
    random = np.random.default_rng(seed)
    count = int(size * flows_per_node)
    ends = random.integers(0, size, (2, count))
    inner = coo_array((random.lognormal(3, 1, count), tuple(ends)), shape=(size, size))
    return FlowMatrix(inner, inputs=random.lognormal(3, 1, size)).balanced()


def plain_indices(matrix: FlowMatrix) -> dict[str, float]:
    """Return FCI and the ratio A / C with dense matrices, as the formulas are written."""
    inner, through = matrix.internal.toarray(), matrix.throughflow
    share = np.divide(inner, through[:, None], out=np.zeros_like(inner), where=through[:, None] > 0)
    diagonal = np.diag(np.linalg.inv(np.eye(matrix.size) - share))
    size = matrix.size
    table = np.zeros((size + 1, size + 2))
    table[:size, :size], table[size, :size] = inner, matrix.inputs
    table[:size, size], table[:size, size + 1] = matrix.exports, matrix.losses
    p = table / table.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        mutual = np.nansum(p * np.log2(p / np.outer(p.sum(axis=1), p.sum(axis=0))))
        diversity = -np.nansum(p * np.log2(p))
    return {"FCI": float(through @ (1 - 1 / diagonal) / through.sum()), "ratio": float(mutual / diversity)}


def seconds(act: Callable[[], Any], *, runs: int = 3) -> tuple[float, Any]:
    """Return the median seconds of an act and what it gave."""
    taken, given = [], None
    for _ in range(runs):
        start = time.perf_counter()
        given = act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), given


def network_indices(size: int = 1000) -> dict[str, float]:
    """Return the seconds of all indices of a network, those of the plain formulas, and how far they differ."""
    matrix = looping_matrix(size)
    ours, found = seconds(lambda: resilience.network_indices(matrix))
    plain, referee = seconds(lambda: plain_indices(matrix))
    return {
        "size": float(size),
        "seconds": ours,
        "plain_seconds": plain,
        "difference": max(abs(found[name] - value) for name, value in referee.items()),
        "aim": AIM,
    }


def chain_indices(size: int = 1_000_000) -> float:
    """Return the seconds of all indices of a chain without a loop: nothing is solved."""
    steps = np.arange(size - 1)
    inner = coo_array((np.ones(size - 1), (steps, steps + 1)), shape=(size, size))
    matrix = FlowMatrix(inner, inputs=np.eye(1, size)[0]).balanced()
    return seconds(lambda: resilience.network_indices(matrix))[0]


def dominator_tree(size: int = 100_000, *, referee: bool = True) -> dict[str, float]:
    """Return the seconds of the dominators of a layered network, and those of networkx."""
    random = np.random.default_rng(1)
    layer = np.sort(random.integers(0, 8, size))
    first = np.flatnonzero(layer == 0)
    start = np.searchsorted(layer, np.arange(9))
    source = random.integers(0, start[7], 5 * size)
    width = start[layer[source] + 2] - start[layer[source] + 1]
    target = start[layer[source] + 1] + (random.random(5 * size) * width).astype(np.int64)
    source = np.concatenate([np.full(len(first), size), source])
    target = np.concatenate([first, target])
    ours, tree = seconds(lambda: dominators(source, target, size=size + 1, root=size))
    found = {"size": float(size), "passages": float(len(source)), "seconds": ours}
    if referee:
        import networkx as nx

        graph = nx.DiGraph(zip(source.tolist(), target.tolist(), strict=True))
        plain, over = seconds(lambda: nx.immediate_dominators(graph, size), runs=1)
        found["networkx_seconds"] = plain
        found["different"] = float(
            sum(tree.parent[node] != above for node, above in over.items() if node != size)
        )
    return found
