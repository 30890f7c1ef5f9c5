"""Graphs and filières in blocks, and a plain loop for what the measures between worlds count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx
import numpy as np

from chaine_valeur import Filiere
from chaine_valeur.network import Ties

POLES = ["enterprise", "elected", "ess", "expertise"]


def in_blocks(graph: nx.Graph, blocks: Sequence[Any]) -> nx.Graph:
    """Return the graph with a block per node, in their order."""
    nx.set_node_attributes(graph, dict(zip(graph, blocks, strict=True)), "block")
    return graph


def random_blocks(seed: int, *, directed: bool, blocks: Sequence[Any] = ("x", "y", "z")) -> nx.Graph:
    rng = np.random.default_rng(seed)
    size, density = int(rng.integers(6, 26)), rng.uniform(0.1, 0.6)
    graph = nx.gnp_random_graph(size, density, seed=seed, directed=directed)
    names = [blocks[place] for place in rng.integers(0, len(blocks), size)]
    return in_blocks(graph, names)


def filiere_of(ties: Ties, poles: Sequence[str | None]) -> Filiere:
    """Return a filière in which actors 0, 1… of those poles say what the layer says."""
    kind = "support" if ties.directed else "joint_project"
    rows = [
        (str(a), str(b), state)
        for ends, state in (
            ((ties.a, ties.b), "observed"),
            ((ties.absent_a, ties.absent_b), "absent"),
        )
        for a, b in zip(*(end.tolist() for end in ends), strict=True)
    ]
    names = [str(place) for place in range(ties.size)]
    return Filiere.from_tables(
        actors={
            "actor_id": names,
            "name": names,
            "pole": list(poles)[: ties.size],
            "surveyed_on": ["2024-01-01" if asked else None for asked in ties.asked.tolist()],
        },
        cooperations={
            "actor_id": [row[0] for row in rows],
            "to_actor_id": [row[1] for row in rows],
            "state": [row[2] for row in rows],
            "kind": [kind] * len(rows),
        },
    )


def counted(graph: nx.Graph, block: dict[Any, Any]) -> tuple[int, int]:
    """Return how many edges join two blocks, and how many lie within one: a plain loop."""
    external = sum(block[a] != block[b] for a, b in graph.edges())
    return external, graph.number_of_edges() - external


def index_of(external: float, internal: float) -> float:
    return (external - internal) / (external + internal) if external + internal else float("nan")
