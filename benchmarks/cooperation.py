"""Blocks, E-I, brokerage and triptyques of a large filière, against networkx and plain Python.

The other side is what one writes without a library such as ours: loops over the edges and neighbours of a
networkx graph. Both sides start from what they compute on (the columnar core, the graph) and give the same
numbers, which is asserted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import networkx as nx
import pandas as pd

import chaine_valeur as cv
from chaine_valeur.analysis import cooperation
from chaine_valeur.analysis.cooperation.triptyques.triads import TRIPTYQUE, triads_of

from .generator import layered_chain

#: Ratio to be reached at 100 000 actors, and seconds for 10 000 permutations on 200 of them.
AIM_RATIO, AIM_PERMUTATIONS = 30.0, 1.0
BROKERAGE = ["coordinator", "consultant", "gatekeeper", "representative", "liaison"]


def seconds(act: Callable[[], Any], *, runs: int) -> tuple[float, Any]:
    """Return the best seconds of an act, by the processor, and what it gave."""
    taken, given = [], None
    for _ in range(runs):
        start = time.process_time()
        given = act()
        taken.append(time.process_time() - start)
    return min(taken), given


def graphs_of(f: cv.Filiere) -> tuple[nx.DiGraph, nx.Graph]:
    """Return the layer of cooperation as networkx graphs, directed and not, with role and pole of each actor."""
    actors = f.actors
    directed = f.network.ties(directed=True)
    graph: nx.DiGraph = nx.DiGraph()
    roles = actors["roles"].str.split(";").str[0]
    for name, role, pole in zip(actors.index, roles, actors["pole"], strict=True):
        graph.add_node(name, role=role, pole=pole)
    graph.add_edges_from(zip(directed.nodes[directed.a], directed.nodes[directed.b], strict=True))
    return graph, graph.to_undirected()


def plain_blocks(graph: nx.DiGraph) -> dict[tuple[str, str], float]:
    """Return the density of arcs between roles."""
    role = dict(graph.nodes(data="role"))
    sizes = Counter(role.values())
    ties = Counter((role[a], role[b]) for a, b in graph.edges())
    return {
        (one, other): ties[one, other] / (sizes[one] * (sizes[other] - (one == other)))
        for one in sizes
        for other in sizes
    }


def plain_ei(graph: nx.Graph) -> float:
    """Return the E-I index of the edges, by role."""
    role = dict(graph.nodes(data="role"))
    external = sum(role[a] != role[b] for a, b in graph.edges())
    return (2 * external - graph.number_of_edges()) / graph.number_of_edges()


def plain_brokerage(graph: nx.DiGraph) -> dict[str, int]:
    """Return how many two-paths without a short cut there are of each of the five roles."""
    role = dict(graph.nodes(data="role"))
    found = dict.fromkeys(BROKERAGE, 0)
    for broker in graph:
        own = role[broker]
        for start in graph.predecessors(broker):
            for end in graph.successors(broker):
                if start == end or graph.has_edge(start, end):
                    continue
                one, other = role[start], role[end]
                if one == other:
                    found["coordinator" if one == own else "consultant"] += 1
                elif other == own:
                    found["gatekeeper"] += 1
                elif one == own:
                    found["representative"] += 1
                else:
                    found["liaison"] += 1
    return found


def plain_triads(graph: nx.Graph) -> tuple[int, int]:
    """Return how many triptyques are closed, and how many have two of their three ties."""
    pole = dict(graph.nodes(data="pole"))
    closed = wedges = 0
    for centre in graph:
        if pole[centre] not in TRIPTYQUE:
            continue
        one, other = (name for name in TRIPTYQUE if name != pole[centre])
        first = [node for node in graph[centre] if pole[node] == one]
        second = [node for node in graph[centre] if pole[node] == other]
        wedges += len(first) * len(second)
        closed += sum(b in graph[a] for a in first for b in second)
    return closed // 3, wedges - closed


def measure(actors: int, *, runs: int) -> list[dict[str, Any]]:
    """Return the rows of the table for one size."""
    chain = layered_chain(actors)
    f = cv.Filiere.from_tables(**chain.tables)
    build, (directed, undirected) = seconds(lambda: graphs_of(f), runs=1)
    f.network.ties(directed=True), f.network.ties()
    label = f"{actors:,} actors, {directed.number_of_edges():,} arcs"
    acts: dict[str, tuple[Callable[[], Any], Callable[[], Any], Callable[[Any, Any], None]]] = {
        "densities between roles": (
            lambda: cooperation.block_density(f, by="role", directed=True),
            lambda: plain_blocks(directed),
            _same_blocks,
        ),
        "E-I index": (lambda: cooperation.ei_index(f, by="role"), lambda: plain_ei(undirected), _same),
        "brokerage": (
            lambda: cooperation.brokerage(f, by="role", directed=True),
            lambda: plain_brokerage(directed),
            _same_brokerage,
        ),
        "triptyques": (lambda: triads_of(f), lambda: plain_triads(undirected), _same_triads),
    }
    told, total, other_total = [], 0.0, 0.0
    for name, (ours, plain, same) in acts.items():
        mine, found = seconds(ours, runs=runs)
        theirs, expected = seconds(plain, runs=1 if actors > 10_000 else runs)
        same(found, expected)
        total, other_total = total + mine, other_total + theirs
        told.append({"what": f"{name} ({label})", "ours_s": mine, "other_s": theirs,
                     "other": "networkx and plain Python"})  # fmt: skip
    told.append({"what": f"the four together ({label})", "ours_s": total, "other_s": other_total,
                 "other": f"networkx and plain Python; its graph takes {build:.1f} s more"})  # fmt: skip
    return told


def _same(found: float, expected: float) -> None:
    assert abs(found - expected) < 1e-12, (found, expected)


def _same_blocks(found: pd.DataFrame, expected: dict[tuple[str, str], float]) -> None:
    ratio = found["ties"] / found["possible"]
    for one, other, value in zip(found["group"], found["to_group"], ratio, strict=True):
        _same(value, expected[one, other])


def _same_brokerage(found: pd.DataFrame, expected: dict[str, int]) -> None:
    assert {name: int(found[name].sum()) for name in BROKERAGE} == expected


def _same_triads(found: Any, expected: tuple[int, int]) -> None:
    assert (found.closed, found.open) == expected


def permutations(actors: int = 200, *, draws: int = 10_000, runs: int = 3) -> dict[str, Any]:
    """Return the row of the permutation test of the E-I index."""
    f = cv.Filiere.from_tables(**layered_chain(actors).tables)
    ours, _ = seconds(lambda: cooperation.ei_test(f, by="role", draws=draws), runs=runs)
    return {"what": f"{draws:,} permutations of E-I on {actors} actors (aim {AIM_PERMUTATIONS:g} s)",
            "ours_s": ours}  # fmt: skip


def rows(*, runs: int = 5) -> list[dict[str, Any]]:
    """Return the rows of the table, at 1 000 and at 100 000 actors."""
    return [*measure(1_000, runs=runs), *measure(100_000, runs=runs), permutations(runs=runs)]


def main() -> None:
    """Print the table."""
    table = pd.DataFrame(rows(), columns=["what", "ours_s", "other", "other_s"])
    table["ratio"] = table["other_s"] / table["ours_s"]
    print(table.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.4g}"))


if __name__ == "__main__":
    main()
