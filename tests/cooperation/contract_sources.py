"""The sources on which the contracts are tried: graphs and filières, full, with next to nothing, said otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.filiere import Filiere
from tests.cooperation.hand import TABLES
from tests.cooperation.random_filiere import random_filiere

GRAPHS: list[type[nx.Graph]] = [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]
YEARS = (2020, 2021)

NODES = [f"node{place}" for place in range(9)]
TEAMS = ["x", "y", "x", None, "z", "y", "x", "z", "x"]
POLES = ["enterprise", "elected", "ess", "enterprise", "elected", None, "expertise", "ess", "enterprise"]
GROUPS = [["A", "B"], ["A"], "A", None, ["B", "C"], "C", ["A", "C"], None, "B"]
#: from, to, kind, weight, first year
EDGES = [
    (0, 1, "support", 3, 2020),
    (1, 2, "research", 2, 2021),
    (0, 2, "support", 1, 2020),
    (2, 0, "funding", 4, 2021),
    (3, 1, "research", 2, 2020),
    (2, 4, "support", 1, 2020),
    (5, 6, "funding", 2, 2021),
    (6, 4, "support", 3, 2020),
    (4, 3, "research", 1, 2020),
    (6, 7, "support", 2, 2021),
]  # the last node has no tie


def graph_of(kind: type[nx.Graph] = nx.Graph) -> nx.Graph:
    """Return a graph that never saw a filière, with every attribute that some function reads."""
    graph = kind()
    for place, node in enumerate(NODES):
        graph.add_node(node, team=TEAMS[place], pole=POLES[place], group=GROUPS[place], rank=place)
    edges = EDGES if graph.is_directed() else [edge for edge in EDGES if edge[:2] != (2, 0)]
    for one, other, name, weight, since in edges:
        graph.add_edge(
            NODES[one], NODES[other], kind=name, weight=weight, since=since,
            trust=1 + (one + other) % 4, value_score=1 + (2 * one + other) % 4,
        )  # fmt: skip
    return graph


def tiny_graph(size: int, edges: Iterable[tuple[int, int]] = (), kind: type[nx.Graph] = nx.Graph) -> nx.Graph:
    """Return a small graph with all attributes of nodes, and of edges."""
    graph = kind()
    for place in range(size):
        graph.add_node(
            f"node{place}", team="xy"[place % 2], pole=co_poles()[place % 3], group="A", rank=place
        )
    for one, other in edges:
        graph.add_edge(
            f"node{one}", f"node{other}", kind="support", weight=2, since=2020, trust=2, value_score=3
        )
    return graph


def co_poles() -> tuple[str, str, str]:
    return ("enterprise", "elected", "ess")


def complete(size: int) -> list[tuple[int, int]]:
    return [(one, other) for one in range(size) for other in range(one)]


@cache
def degenerate_graphs() -> dict[str, nx.Graph]:
    """Return the graphs in which something is undefined."""
    pair = [(0, 1)]
    return {
        "nobody": tiny_graph(0),
        "one": tiny_graph(1),
        "two strangers": tiny_graph(2),
        "one tie": tiny_graph(2, pair),
        "all tied": tiny_graph(5, complete(5)),
        "two components": tiny_graph(6, [(0, 1), (1, 2), (3, 4), (4, 5)]),
        "isolates": tiny_graph(6, [(0, 1)]),
        "no tie": tiny_graph(5),
        "nobody, directed": tiny_graph(0, (), nx.DiGraph),
        "arcs one way": tiny_graph(5, complete(5), nx.MultiDiGraph),
        "two strangers, directed": tiny_graph(2, (), nx.DiGraph),
    }


def rich_tables() -> dict[str, Any]:
    """Return the tables of `hand.by_hand`, with all that a function may read beside."""
    cooperations = dict(TABLES["cooperations"])
    count = len(cooperations["actor_id"])
    cooperations["intensity"] = ["joint_action", None, "contract", "information"] * (count // 4)
    cooperations["trust"] = [3, 2, None, 4] * (count // 4)
    cooperations["value_score"] = [1, None, 3, 4] * (count // 4)
    cooperations["since"] = [2020, 2021, None, 2020, 2022, None] * (count // 6)
    flows = dict(TABLES["flows"])
    flows["source"], flows["target"] = [*flows["source"], "Mairie"], [*flows["target"], "Relais"]
    flows["material_id"] = [*flows["material_id"], "textile"]
    flows["quantity_t_per_year"] = [*flows["quantity_t_per_year"], 2]
    flows["year"] = [2022, 2022, 2021, None, 2022, 2021]
    return {
        **TABLES,
        "cooperations": cooperations,
        "flows": flows,
        "meetings": {
            "group_id": ["GT", "GT", "GT", "COPIL", "Forum"],
            "met_on": ["2022-01-10", "2022-01-10", "2022-05-10", "2021-06-01", "2022-03-01"],
            "actor_id": ["Filature", "Mairie", "Relais", "Mairie", None],
            "attended": [True, False, True, None, None],
        },
    }


@cache
def rich() -> Filiere:
    return Filiere.from_tables(**rich_tables())


def crowd(count: int, said: str, *, asked: bool = False) -> Filiere:
    """Return a filière of some actors of three poles: nothing known, all tied, all known not to be tied."""
    names = [f"A{place}" for place in range(count)]
    pairs = complete(count) if said else []
    return Filiere.from_tables(
        filiere={"name": ["petite"], "reference_year": [2022]},
        actors={
            "name": names,
            "pole": [co_poles()[place % 3] for place in range(count)],
            "roles": [("buyer", "territorial", "insertion")[place % 3] for place in range(count)],
            "surveyed_on": ["2022-01-01" if asked else None] * count,
        },
        cooperations={
            "actor_id": [names[one] for one, _ in pairs],
            "to_actor_id": [names[other] for _, other in pairs],
            "kind": ["research"] * len(pairs),
            "state": [said] * len(pairs),
        },
    )


@cache
def degenerate_filieres() -> dict[str, Filiere]:
    """Return the filières in which something is unknown or undefined."""
    return {
        "nobody": crowd(0, ""),
        "one": crowd(1, ""),
        "one asked": crowd(1, "", asked=True),
        "two strangers": crowd(2, ""),
        "two asked": crowd(2, "", asked=True),
        "all unknown": crowd(5, ""),
        "all absent": crowd(5, "absent"),
        "all tied": crowd(5, "observed"),
        "asked, no tie": crowd(5, "", asked=True),
        "no partner": Filiere.from_tables(actors={"name": ["M"], "actor_type": ["diffuse"]}),
    }


@cache
def full_sources() -> dict[str, Any]:
    """Return the sources of which much is known."""
    return {
        **{kind.__name__: graph_of(kind) for kind in GRAPHS},
        "rich": rich(),
        "random": random_filiere(1).f,
    }


@cache
def all_sources() -> dict[str, Any]:
    return {
        **full_sources(),
        **degenerate_graphs(),
        **{f"filière: {name}": f for name, f in degenerate_filieres().items()},
    }


# -- what a call needs beside a graph ----------------------------------------------------------------------


def named(source: Any, count: int) -> list[Any]:
    """Return the actors of the first ranks, whatever they are called and in whatever order."""
    if isinstance(source, Filiere):
        return list(co.ties_of(source).nodes[:count])
    ranks = dict(source.nodes(data="rank"))
    return sorted(ranks, key=lambda node: ranks[node])[:count]


def flows_of(graph: nx.Graph) -> nx.DiGraph:
    """Return what passes between the nodes of a graph: from each to those one and three ranks after."""
    ranks = {rank: node for node, rank in graph.nodes(data="rank")}
    flows: nx.DiGraph = nx.DiGraph()
    flows.add_edges_from(
        (ranks[rank], ranks[rank + step]) for rank in ranks for step in (1, 3) if rank + step in ranks
    )
    return flows


def waves_of(graph: nx.Graph) -> dict[int, nx.Graph]:
    """Return a graph in two years: edges are there from the year that they bear."""
    waves = {}
    for year in YEARS:
        waves[year] = graph.copy()
        later = [edge for edge in edges_of(graph) if graph.edges[edge].get("since", YEARS[0]) > year]
        waves[year].remove_edges_from(later)
    return waves


def edges_of(graph: nx.Graph) -> list[Any]:
    return list(graph.edges(keys=True) if graph.is_multigraph() else graph.edges())


# -- the same said otherwise ------------------------------------------------------------------------------


def relabelled(
    graph: nx.Graph, names: Mapping[Any, Any], order: np.random.Generator | None = None
) -> nx.Graph:
    """Return a graph whose nodes are called otherwise; with `order`, told in another one."""
    nodes, edges = list(graph), list(graph.edges(data=True))
    if order is not None:
        nodes = [nodes[place] for place in order.permutation(len(nodes))]
        edges = [edges[place] for place in order.permutation(len(edges))]
        if not graph.is_directed():
            edges = [(v, u, said) if order.random() < 0.5 else (u, v, said) for u, v, said in edges]
    told = type(graph)()
    told.add_nodes_from((names[node], graph.nodes[node]) for node in nodes)
    told.add_edges_from((names[u], names[v], said) for u, v, said in edges)
    return told


def multiplied(graph: nx.Graph) -> nx.Graph:
    """Return a graph with each edge twice, from the other end if it has no direction, and ties with oneself."""
    told: nx.Graph = nx.MultiDiGraph() if graph.is_directed() else nx.MultiGraph()
    told.add_nodes_from(graph.nodes(data=True))
    for u, v, said in graph.edges(data=True):
        told.add_edge(u, v, **said)
        told.add_edge(*((u, v) if graph.is_directed() else (v, u)), **said)
    for node in list(graph)[:3]:
        told.add_edge(node, node, kind="support", weight=9, trust=4, value_score=4, since=YEARS[0])
    return told


def part_of(graph: nx.Graph, nodes: Collection[Any]) -> nx.Graph:
    """Return the graph of some nodes, in the order of the whole."""
    part = type(graph)()
    part.add_nodes_from((node, said) for node, said in graph.nodes(data=True) if node in nodes)
    part.add_edges_from(edge for edge in graph.edges(data=True) if edge[0] in nodes and edge[1] in nodes)
    return part


def of_kinds(graph: nx.Graph, kinds: Collection[str]) -> nx.Graph:
    """Return a graph with the edges of some kinds only."""
    part = graph.copy()
    part.remove_edges_from([edge for edge in edges_of(graph) if graph.edges[edge]["kind"] not in kinds])
    return part


#: Table → the columns that name actors.
ENDS = {
    "actors": ["actor_id"],
    "cooperations": ["actor_id", "to_actor_id"],
    "flows": ["source", "target"],
    "memberships": ["actor_id"],
    "meetings": ["actor_id"],
    "activities": ["actor_id"],
    "groups": ["referent_id"],
}


def tables_of(f: Filiere) -> dict[str, pd.DataFrame]:
    """Return the tables of a filière as those that it could be made of."""
    return {name: f.table(name).reset_index() for name in f}


def rebuilt(tables: Mapping[str, pd.DataFrame]) -> Filiere:
    return Filiere.from_tables(strict=False, **tables)


def with_names(f: Filiere, names: Mapping[str, str]) -> Filiere:
    """Return a filière whose actors have other identifiers."""
    tables = tables_of(f)
    for name, columns in ENDS.items():
        for column in columns:
            if name in tables:
                tables[name][column] = tables[name][column].map(lambda one: names.get(one, one))
    return rebuilt(tables)


def with_actors(f: Filiere, actors: Collection[str]) -> Filiere:
    """Return a filière of some of the actors, and what is said of these only."""
    tables = tables_of(f)
    for name, columns in ENDS.items():
        if name in tables and name != "groups":
            frame = tables[name]
            tables[name] = frame[frame[columns].isin(list(actors)).all(axis=1)]
    if "groups" in tables:
        tables["groups"] = tables["groups"].assign(referent_id=None)
    return rebuilt(tables)
