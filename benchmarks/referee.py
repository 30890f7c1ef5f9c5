"""The same numbers with plain networkx, as somebody without this library would compute them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx

from .generator import STAGES, Chain


def graphs(chain: Chain) -> tuple[nx.DiGraph, nx.Graph]:
    """Return the flows and the cooperations as networkx graphs, attributes on the nodes."""
    actors, activities = chain.tables["actors"], chain.tables["activities"]
    flows, ties = chain.tables["flows"], chain.tables["cooperations"]
    directed: nx.DiGraph = nx.DiGraph()
    for name, pole in zip(actors["name"], actors["pole"], strict=True):
        directed.add_node(name, pole=pole)
    for name, stage in zip(activities["actor_id"], activities["stage_id"], strict=True):
        directed.nodes[name]["stage"] = stage
    undirected: nx.Graph = nx.Graph()
    undirected.add_nodes_from(directed.nodes(data=True))
    for source, target, tonnes in zip(
        flows["source"], flows["target"], flows["quantity_t_per_year"], strict=True
    ):
        directed.add_edge(source, target, tonnes=tonnes)
    undirected.add_edges_from(zip(ties["actor_id"], ties["to_actor_id"], strict=True))
    return directed, undirected


def numbers(directed: nx.DiGraph, undirected: nx.Graph) -> dict[str, Any]:
    """Return the figures that both sides compute."""
    held = {data["stage"] for _, data in directed.nodes(data=True)}
    expected = set(zip(STAGES[:-1], STAGES[1:], strict=True))
    passages = {(directed.nodes[a]["stage"], directed.nodes[b]["stage"]) for a, b in directed.edges}
    entering: Counter[str] = Counter()
    total = 0.0
    for _, target, data in directed.edges(data=True):
        entering[target] += data["tonnes"]
        total += data["tonnes"]
    stuck = sum(
        entering[node]
        for node, degree in directed.out_degree()
        if degree == 0 and directed.nodes[node]["stage"] != STAGES[-1]
    )
    without = [
        node
        for node, degree in directed.in_degree()
        if degree == 0 and directed.nodes[node]["stage"] != STAGES[0]
    ]
    count = undirected.number_of_nodes()
    degrees = [degree for _, degree in undirected.degree()]
    highest = max(degrees)
    blocks = Counter(
        tuple(sorted((undirected.nodes[a]["pole"], undirected.nodes[b]["pole"]))) for a, b in undirected.edges
    )
    return {
        "stage_coverage": len(held) / len(STAGES),
        "missing_passage_share": 1 - len(expected & passages) / len(expected),
        "dead_end_share": stuck / total if total else float("nan"),
        "orphans": len(without),
        "density": nx.density(undirected),
        "centralization": sum(highest - d for d in degrees) / ((count - 1) * (count - 2)),
        "cross_pole_ties": sum(number for (a, b), number in blocks.items() if a != b),
    }
