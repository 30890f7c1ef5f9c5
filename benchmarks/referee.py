"""The same numbers with plain networkx, as somebody without this library would compute them.

The graphs are made once, of the same tables, with names as nodes; what networkx has is asked of networkx, the rest is
one loop over nodes or edges with a Counter.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

import networkx as nx

from chaine_valeur.vocabulary import CooperationKind

from .generator import Chain

__all__ = ["Graphs", "graphs", "numbers"]

#: Kinds of cooperation that go from one to the other.
_ONE_WAY = {kind.value for kind in CooperationKind if kind.directed}


class Graphs(NamedTuple):
    """What is expected; who delivers to whom; who works with whom; who supports whom; who is at home."""

    expected: nx.DiGraph
    flows: nx.DiGraph
    ties: nx.Graph
    support: nx.DiGraph


def graphs(chain: Chain) -> Graphs:
    """Return the expected chain, flows, cooperations and support as networkx graphs, attributes on the nodes."""
    tables = {name: table.to_dict("list") for name, table in chain.tables.items()}
    actors, stages, links = tables["actors"], tables["stages"], tables["stage_links"]
    expected: nx.DiGraph = nx.DiGraph()
    expected.add_nodes_from(
        (name, {"kind": kind}) for name, kind in zip(stages["name"], stages["kind"], strict=True)
    )
    expected.add_edges_from(zip(links["stage_id"], links["to_stage_id"], strict=True))
    home = set(tables["territories"]["commune_code"])
    stage = dict(zip(tables["activities"]["actor_id"], tables["activities"]["stage_id"], strict=True))
    flows: nx.DiGraph = nx.DiGraph()
    flows.add_nodes_from(
        (name, {"stage": stage[name], "home": code in home})
        for name, code in zip(actors["name"], actors["commune_code"], strict=True)
    )
    rows = tables["flows"]
    flows.add_weighted_edges_from(
        zip(rows["source"], rows["target"], rows["quantity_t_per_year"], strict=True), "tonnes"
    )
    ties: nx.Graph = nx.Graph()
    ties.add_nodes_from(
        (name, {"pole": pole}) for name, pole in zip(actors["name"], actors["pole"], strict=True)
    )
    rows = tables["cooperations"]
    ties.add_edges_from(zip(rows["actor_id"], rows["to_actor_id"], strict=True))
    support: nx.DiGraph = nx.DiGraph()
    support.add_edges_from(
        (one, other)
        for one, other, kind in zip(rows["actor_id"], rows["to_actor_id"], rows["kind"], strict=True)
        if kind in _ONE_WAY
    )
    return Graphs(expected, flows, ties, support)


def numbers(made: Graphs) -> dict[str, float]:
    """Return the numbers that both sides compute."""
    return {**_gaps(made.expected, made.flows), **_cooperation(made.ties, made.support), **_structure(made)}


def _gaps(expected: nx.DiGraph, flows: nx.DiGraph) -> dict[str, float]:
    stage, tonnes = dict(flows.nodes(data="stage")), nx.get_edge_attributes(flows, "tonnes")
    kinds, holders = nx.get_node_attributes(expected, "kind"), Counter(stage.values())
    at_home = {stage[name] for name, home in flows.nodes(data="home") if home}
    passages = {(stage[a], stage[b]) for a, b in flows.edges}
    first = [name for name, kind in kinds.items() if kind == "resource"]
    last = [name for name, kind in kinds.items() if kind == "market"]
    paths = [path for start in first for path in nx.all_simple_paths(expected, start, last)]
    through = Counter(name for path in paths for name in path)
    complete = [
        path
        for path in paths
        if all(name in holders for name in path) and all(pair in passages for pair in nx.utils.pairwise(path))
    ]
    ends = {name for name, degree in flows.out_degree() if degree == 0 and stage[name] not in last}
    unfed = [name for name, degree in flows.in_degree() if degree == 0 and stage[name] not in first]
    alone = [name for name in expected if holders[name] == 1]
    missing = [(a, b) for a, b in expected.edges if (a, b) not in passages]
    return {
        "stages at home": _share(len(at_home), len(expected)),
        "stages anywhere": _share(len(holders), len(expected)),
        "weight of what is missing": _share(
            sum(count for name, count in through.items() if name not in at_home), sum(through.values())
        ),
        "passages not made": _share(len(missing), expected.number_of_edges()),
        "paths": len(paths),
        "complete paths": len(complete),
        "tonnes at a dead end": _share(
            sum(value for (_, target), value in tonnes.items() if target in ends), sum(tonnes.values())
        ),
        "held by one": _share(len(alone), len(holders)),
        "missing stages": sum(name not in holders for name in expected),
        "missing passages": sum(a in holders and b in holders for a, b in missing),
        "dead ends": sum(flows.in_degree(name) > 0 for name in ends),
        "orphans": len(unfed),
        "stages of one actor": len(alone),
    }


def _cooperation(ties: nx.Graph, support: nx.DiGraph) -> dict[str, float]:
    pole = dict(ties.nodes(data="pole"))
    blocks = Counter(frozenset((pole[a], pole[b])) for a, b in ties.edges)
    sizes, n = Counter(pole.values()), ties.number_of_nodes()
    between = sum(count for poles, count in blocks.items() if len(poles) > 1)
    degrees = [degree for _, degree in ties.degree()]
    highest = max(degrees)
    met = blocks[frozenset(("enterprise", "ess"))]
    return {
        "density": nx.density(ties),
        "ties between colleges": between,
        "E-I": _share(2 * between - ties.number_of_edges(), ties.number_of_edges()),
        "enterprises with ESS": _share(met, sizes["enterprise"] * sizes["ess"]),
        "centralisation": _share(sum(highest - degree for degree in degrees), (n - 1) * (n - 2)),
        "reciprocity": nx.overall_reciprocity(support) if support.number_of_edges() else math.nan,
    }


def _structure(made: Graphs) -> dict[str, float]:
    flows, ties = made.flows, made.ties
    weak = [len(part) for part in nx.weakly_connected_components(flows) if len(part) > 1]
    strong = [len(part) for part in nx.strongly_connected_components(flows) if len(part) > 1]
    parts = [len(part) for part in nx.connected_components(ties) if len(part) > 1]
    return {
        "passages": flows.number_of_edges(),
        "flow_parts": len(weak),
        "largest_flow_part": max(weak, default=0),
        "looping_actors": sum(strong),
        "pairs": ties.number_of_edges(),
        "parts": len(parts),
        "largest_part": max(parts, default=0),
        "cut_actors": sum(1 for _ in nx.articulation_points(ties)),
        "bridges": sum(1 for _ in nx.bridges(ties)),
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
