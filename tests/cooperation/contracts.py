"""Every public function of the room of cooperation: how to call it on any source, how to compare what it gives.

A `Contract` adds what a source makes necessary (the attribute of a graph that holds blocks, a graph of flows, an
actor to take away), so that the rest of the contract (`test_contract_*.py`) is written once for all of them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
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
UNKNOWN = "unknown"
YEARS = (2020, 2021)

# -- the table --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contract:
    """How to call a function.

    Attributes
    ----------
    on_graph, on_filiere
        Keywords that such a source makes necessary.
    blocks, flows, waves, strength, needs
        Takes blocks by name; a graph of flows; graphs by year; the layer beside the source; so many actors
        that it names (the first of them, as a graph does not say which).
    graph
        Whether it takes a graph.
    drawn
        Draws at random, so that another order gives other draws.
    first_of_equals
        Resolves equals by table order.
    cases, on_arcs
        Options to be tried beside the default ones, on all sources or on directed graphs.
    """

    name: str
    on_graph: Mapping[str, Any] = field(default_factory=dict)
    on_filiere: Mapping[str, Any] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    flows: bool = False
    waves: bool = False
    strength: bool = False
    measures: Any = None
    names: tuple[str, ...] = ()
    graph: bool = True
    drawn: bool = False
    first_of_equals: bool = False
    cases: tuple[Mapping[str, Any], ...] = ()
    on_arcs: tuple[Mapping[str, Any], ...] = ()

    @property
    def function(self) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(co, self.name)
        return found

    @property
    def takes(self) -> set[str]:
        return set(inspect.signature(self.function).parameters)

    @property
    def needs(self) -> int:
        """Number of actors without which it cannot be called."""
        return len(self.names)

    def __call__(self, source: Any, **more: Any) -> Any:
        return plain(self.raw(source, **more))

    def raw(self, source: Any, **more: Any) -> Any:
        """Return what the function gives; `__call__` gives it as plain lists, dicts and scalars."""
        told = {**self.always, **(self.on_filiere if isinstance(source, Filiere) else self.on_graph), **more}
        arguments: list[Any] = [source]
        if self.strength:
            chosen = {name: told[name] for name in ("kind", "actors") if name in told}
            arguments.append(co.ties_of(source, **chosen))
            told.pop("actors", None)
        if self.measures is not None:
            arguments.append(self.measures)
        if self.names and not (self.names == ("actor",) and isinstance(source, Filiere)):
            found = named(source, len(self.names))
            if "actor" in self.names:
                told.setdefault("actor", found[0])
            elif "hub" in self.names:
                told.setdefault("hub", found[0])
            else:
                arguments += found
        if not isinstance(source, Filiere):
            if self.flows:
                told.setdefault("flows", flows_of(source))
            if self.waves:
                arguments[0] = waves_of(source)
        return self.function(*arguments, **told)

    def options(self, source: Any) -> Iterable[Mapping[str, Any]]:
        """Yield the options to be tried on a source."""
        yield {}
        yield from self.cases
        if not isinstance(source, Filiere) and source.is_directed():
            yield from self.on_arcs

    def on(self, sources: Mapping[str, Any]) -> Iterable[Any]:
        """Yield the sources that it takes."""
        return (source for source in sources.values() if self.graph or isinstance(source, Filiere))


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
        later = [edge for edge in _edges(graph) if graph.edges[edge].get("since", YEARS[0]) > year]
        waves[year].remove_edges_from(later)
    return waves


def _edges(graph: nx.Graph) -> list[Any]:
    return list(graph.edges(keys=True) if graph.is_multigraph() else graph.edges())


_BLOCKS = {"group": "team"}
_BODIES: dict[str, Any] = {}
_FEW: dict[str, Any] = {"draws": 6, "seed": 3}
_DIRECTED = {"directed": True}


def _table() -> list[Contract]:
    plain_ties = (
        "density average_degree compactness average_distance diameter transitivity core_periphery "
        "valued_density valued_average_degree mean_tie_strength"
    )
    rows = [
        *[Contract(name, cases=(_DIRECTED,)) for stem in plain_ties.split() for name in _both(stem)],
        *[
            Contract(name, cases=({"connection": "weak"}, {"connection": "weak", **_DIRECTED}))
            for stem in ("component_ratio", "largest_component", "number_of_components")
            for name in _both(stem)
        ],
        Contract("components", cases=({"connection": "weak"},)),
        *[
            Contract(name, cases=({"following": "weak", **_DIRECTED}, _DIRECTED))
            for stem in ("connectedness", "fragmentation")
            for name in _both(stem)
        ],
        *[Contract(name, on_arcs=({"mode": "in"}, {"mode": "out"})) for name in _both("centralization")],
        *[Contract(name, cases=({"by": "dyad"},)) for name in _both("reciprocity")],
        *[
            Contract(name, cases=({"state": "asymmetric"}, {"state": "null"}))
            for name in _both("dyad_share")
        ],
        *[Contract(name, cases=(_DIRECTED,)) for name in ("density_table", "cohesion_table", "ties_of")],
        Contract("strengths", strength=True),
        # between blocks
        *[
            Contract(name, on_graph=_BLOCKS, cases=({"group": "pole"},))
            for stem in ("assortativity", "blau", "iqv", "ei_index", "ei_index_arcs", "ei_index_weighted")
            for name in _both(stem)
        ],
        *[
            Contract(name, on_graph=_BLOCKS, cases=({"group": "pole"},))
            for name in ("block_density", "valued_block_density", "composition", "homophily_table",
                         "neighbourhood_diversity")
        ],
        Contract("mixing_matrix", on_graph=_BLOCKS, cases=({"model": "configuration"},)),
        *[
            Contract(name, on_graph=_BLOCKS, cases=({"variant": "arcs"},))
            for name in ("ei_index_by_block", "ei_range")
        ],
        Contract("ei_test", on_graph=_BLOCKS, always=_FEW, drawn=True, cases=({"variant": "arcs"},)),
        Contract("cross_pole_measure", cases=({"to_pole": "elected"},)),
        Contract("survey_coverage", cases=({"group": "pole"},)),
        # positions
        Contract("betweenness", cases=({"normalized": True}, _DIRECTED)),
        *[Contract(name, cases=(_DIRECTED,)) for name in ("coreness", "ego_betweenness")],
        *[
            Contract(name, cases=({"valued": True}, _DIRECTED))
            for stem in ("constraint", "effective_size", "efficiency", "hierarchy")
            for name in (stem, f"{stem}_ego")
        ],
        Contract("structural_holes", cases=({"model": "ego"}, {"valued": True})),
        *[
            Contract(name, on_graph=_BLOCKS, cases=(_DIRECTED,))
            for name in ("brokerage", "brokerage_expected", "brokerage_z", "brokerage_totals",
                         *_both("brokerage_share"))
        ],
        # triptyques
        *[Contract(name) for name in ("triad_table", "triad_participation", "triads_of")],
        Contract("missing_pairs", always={"limit": None}),
        Contract("introducers", names=("first", "second")),
        *[Contract(name, cases=({"by": "connected"},)) for name in _both("triptyque_closure")],
        *[Contract(name, names=("hub",)) for name in ("animation_star", *_both("animation_share"))],
        # bodies
        *[
            Contract(name)
            for name in ("actors_by_groups", "attendance", "attendance_by_group", "attendance_measure",
                         "bodies_table", "bridging_actors", "co_membership", *_both("diversity"),
                         "group_overlap", "group_table", "pole_mix", "triads_in_groups",
                         *_both("triptyque_coverage"), *_both("two_mode_density"))
        ],
        Contract("meeting_table", graph=False),
        # scores
        *[Contract(name, always={"fewest": 2}) for stem in ("trust", "value_score") for name in _both(stem)],
        *[Contract(name, always={"fewest": 1}) for name in ("trust_by_pole", "value_by_pole")],
        *[Contract(name) for name in ("trust_by_actor", "value_by_actor")],
        Contract("whom_to_ask", always={"limit": None}, first_of_equals=True),
        # trade and time
        Contract("expected_ties"),
        *[Contract(name, flows=True) for name in _both("trade_without_cooperation")],
        Contract("trade_without_cooperation_table", flows=True, on_graph=_BLOCKS),
        *[Contract(name, flows=True, cases=({"new": True},)) for name in _both("tie_conversion")],
        Contract("tie_conversion_table", flows=True),
        *[
            Contract(name, waves=True, cases=({"years": [2021]}, {"years": [2021, 2020]}))
            for name in ("stable_core", "tie_changes", "tie_history")
        ],
        *[Contract(name, waves=True, cases=({"among": "both"},)) for name in _both("persistence")],
        Contract("animating_body", graph=False, first_of_equals=True),
        Contract("without_actor", names=("actor",), first_of_equals=True),
        *[
            Contract(name, names=("actor",), cases=({"of": "ties"}, {"of": "components"}, {"of": "density"}))
            for name in _both("remaining")
        ],
        Contract("without_each"),
        # chance
        Contract("null_models", always=_FEW, drawn=True, cases=({"model": "degrees"},)),
        Contract("mixing_significance", always=_FEW, on_graph=_BLOCKS, drawn=True),
        Contract("significance", always=_FEW, measures=co.density, drawn=True),
        Contract("significance_table", always=_FEW, measures=[co.density, co.transitivity], drawn=True),
        # what the diagnosis says
        *[Contract(check.__name__, graph=False, first_of_equals=True) for check in co.CHECKS],
    ]  # fmt: skip
    return rows


def _both(stem: str) -> tuple[str, ...]:
    return tuple(name for name in (stem, f"{stem}_measure") if name in co.__all__)


CONTRACTS = _table()
BY_NAME = {contract.name: contract for contract in CONTRACTS}
#: Of these no source is the first argument.
NOT_OF_A_SOURCE = {"significance_sentence"}

# -- sources ----------------------------------------------------------------------------------------------

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


# -- what is compared -------------------------------------------------------------------------------------


def plain(result: Any) -> Any:
    """Return a result as plain lists, dicts and scalars, all that is unknown as one and the same."""
    if isinstance(result, pd.DataFrame):
        numbered = result.index.names == [None]
        listed = result.reset_index(drop=numbered, names=None if numbered else "index")
        values = {
            str(name): listed.iloc[:, place].astype(object).tolist() for place, name in enumerate(listed)
        }
        return [dict(zip(values, map(_leaf, row), strict=True)) for row in zip(*values.values(), strict=True)]
    if isinstance(result, pd.Series):
        return [{"index": _leaf(key), "value": _leaf(value)} for key, value in result.items()]
    if type(result).__name__ == "Ties":
        return _plain_ties(result)
    if is_dataclass(result) and not isinstance(result, type):
        shown = [one.name for one in fields(result) if one.repr]
        return {name: plain(getattr(result, name)) for name in shown}
    if isinstance(result, nx.Graph):
        edges = [[_leaf(u), _leaf(v), plain(data)] for u, v, data in result.edges(data=True)]
        return {"nodes": [_leaf(node) for node in result], "edges": edges}
    if isinstance(result, Mapping):
        return {str(key): plain(value) for key, value in result.items()}
    if isinstance(result, pd.Index | np.ndarray | list):
        return [plain(value) for value in result]
    if hasattr(result, "__next__"):
        return [plain(value) for value in result]
    return _leaf(result)


def _plain_ties(ties: Any) -> Any:
    def ends(a: Any, b: Any) -> list[list[Any]]:
        return [[ties.nodes[one], ties.nodes[other]] for one, other in zip(a, b, strict=True)]

    asked = [
        {"index": node, "value": bool(asked)} for node, asked in zip(ties.nodes, ties.asked, strict=True)
    ]
    return {
        "tied": ends(ties.a, ties.b),
        "absent": ends(ties.absent_a, ties.absent_b),
        "asked": asked,
        "directed": ties.directed,
    }


def _leaf(value: Any) -> Any:
    if isinstance(value, str | tuple | bool) or value is None:
        return UNKNOWN if value is None else value
    if isinstance(value, np.bool_):
        return bool(value)
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return UNKNOWN
    return float(value) if isinstance(value, float | np.floating) else value


def same(one: Any, other: Any, where: str = "") -> str:
    """Return where two plain results differ, nothing if they are the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            return f"{where}: {list(one)} / {list(other)}"
        return next((said for key in one if (said := same(one[key], other[key], f"{where}.{key}"))), "")
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{where}: {len(one)} / {len(other)} of them: {one} / {other}"
        each = enumerate(zip(one, other, strict=True))
        return next((said for place, pair in each if (said := same(*pair, f"{where}[{place}]"))), "")
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        return "" if np.isclose(one, other, rtol=1e-9, atol=1e-12) else f"{where}: {one} / {other}"
    return (
        ""
        if one == other and isinstance(one, bool) == isinstance(other, bool)
        else f"{where}: {one!r} / {other!r}"
    )


def renamed(result: Any, names: Mapping[str, Any], key: str = "") -> Any:
    """Return a plain result with actors called otherwise; words that name them too."""
    if isinstance(result, dict):
        return {name: renamed(value, names, name) for name, value in result.items()}
    if isinstance(result, list):
        return [renamed(value, names, key) for value in result]
    if not isinstance(result, str):
        return result
    if result in names and not key.endswith(("label", "name")):
        return names[result]
    return re.sub("|".join(names) or "^$", lambda found: str(names.get(found[0], found[0])), result)


def unordered(result: Any) -> Any:
    """Return a plain result in an order of its own; ends of pairs in theirs, and what goes with each."""
    if isinstance(result, dict):
        swapped = {name: _other_end(name, result) for name in result}
        if any(other != name for name, other in swapped.items()):
            turned = {name: unordered(result[swapped[name]]) for name in result}
            kept = {name: unordered(value) for name, value in result.items()}
            return min(kept, turned, key=_text)
        return {name: unordered(value) for name, value in result.items()}
    if isinstance(result, list):
        return sorted((unordered(value) for value in result), key=_text)
    return result


def _other_end(name: str, row: Mapping[str, Any]) -> str:
    if f"to_{name}" in row:
        return f"to_{name}"
    return name[3:] if name.startswith("to_") and name[3:] in row else name


def _text(value: Any) -> str:
    """Return a text to sort by, in which sums in another order are the same."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{name}:{_text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:.6g}"
    return repr(value)


def shape_of(frame: pd.DataFrame | pd.Series) -> dict[str, Any]:
    """Return columns, kinds of columns and names of the index."""
    if isinstance(frame, pd.Series):
        return {"index": list(frame.index.names), "value": str(frame.dtype), "name": frame.name}
    kinds = {str(name): str(kind) for name, kind in frame.dtypes.items()}
    return {"index": list(frame.index.names), "columns": kinds}
