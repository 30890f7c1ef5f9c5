"""To networkx and back: the round trip gives the same filière.

`to_networkx` makes a `MultiDiGraph`: a node per actor and group, an edge per row of flows, cooperations and
memberships, every other table in ``G.graph``. `from_networkx` reads such a graph, or any other one: its nodes
become actors, its edges flows or cooperations.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..filiere import Filiere
from ..schema import table, tables
from ..vocabulary import CooperationKind

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["from_networkx", "to_networkx"]

#: Table → the columns that are its ends.
EDGE_TABLES: Mapping[str, tuple[str, str]] = {
    "flows": ("source", "target"),
    "cooperations": ("actor_id", "to_actor_id"),
    "memberships": ("actor_id", "group_id"),
}
NODE_TABLES = ("actors", "groups")
_OUTSIDE = "outside"
_OURS = "chaine_valeur"
_QUANTITY_NAMES = ("quantity_t_per_year", "quantity", "tonnes", "value", "weight")


def to_networkx(f: Filiere) -> nx.MultiDiGraph:
    """Return the filière as a networkx graph.

    Nodes are actors and groups under their identifiers (a group whose identifier is that of an actor is
    called ``groups/…``); an edge stands for one row of flows, cooperations or memberships and has
    ``table/identifier`` as its key. A blank end of a flow is the node ``outside``. Attributes are the
    columns that are known, as plain Python values, with ``table``, ``id`` and ``order`` (place in the
    table); a flow or directed cooperation has ``directed=True``. The other tables are frames in
    ``G.graph["chaine_valeur"]``.

    Returns
    -------
    networkx.MultiDiGraph
        Metrics belong on collapsed layers: parallel edges are rows, not ties. The filière is not changed,
        and changing the graph does not change the filière.

    Examples
    --------
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"], "quantity_t_per_year": [3]}
    ... )
    >>> graph = to_networkx(f)
    >>> graph.edges["a", "b", "flows/flow-1"]["quantity_t_per_year"]
    3.0
    >>> from_networkx(graph) == f
    True
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    places: dict[str, dict[str, str]] = {}
    for name in NODE_TABLES:
        places[name] = {}
        for order, (identifier, known) in enumerate(_records(f.table(name))):
            node = identifier if identifier not in graph else f"{name}/{identifier}"
            places[name][identifier] = node
            graph.add_node(node, **known, table=name, id=identifier, order=order)
    outside = _OUTSIDE
    while outside in graph:
        outside += "_"
    one_way = {kind.value for kind in CooperationKind if kind.directed}
    for name, (start, end) in EDGE_TABLES.items():
        homes = [places[_target(name, column)] for column in (start, end)]
        for order, (identifier, known) in enumerate(_records(f.table(name))):
            directed = name != "cooperations" or known.get("kind") in one_way
            ends = [
                home.get(known.pop(column, ""), outside)
                for home, column in zip(homes, (start, end), strict=True)
            ]
            if outside in ends and outside not in graph:
                graph.add_node(outside, table=_OUTSIDE)
            key = f"{name}/{identifier}"
            graph.add_edge(*ends, key=key, **known, table=name, id=identifier, order=order, directed=directed)
    rest = {name: f.table(name).copy() for name in f if name not in (*NODE_TABLES, *EDGE_TABLES)}
    columns = {name: list(f.table(name).columns) for name in (*NODE_TABLES, *EDGE_TABLES)}
    graph.graph[_OURS] = {"tables": rest, "columns": columns, "year": f.year}
    graph.graph["name"] = f.name
    return graph


def from_networkx(graph: nx.Graph, *, strict: bool = True, lang: str = "fr") -> Filiere:
    """Return the filière that a graph describes.

    A graph made by `to_networkx` gives the same filière back, with the nodes, edges and attributes that were
    added or removed since. In any other graph a node is an actor: its attributes that are columns of the
    schema are taken (``name`` or ``label`` as its name), the others kept. An edge is a flow if it has
    ``table="flows"`` or a quantity (``quantity_t_per_year``, ``quantity``, ``tonnes``, ``value``, ``weight``)
    and the graph is directed; otherwise it is a cooperation, *support* in a directed graph.

    Raises
    ------
    ValidationError
        In strict mode, if a node or an edge cannot be used.
    """
    ours = graph.graph.get(_OURS, {}) if isinstance(graph.graph.get(_OURS), Mapping) else {}
    names: dict[Hashable, tuple[str, str]] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    for node, found in graph.nodes(data=True):
        home = found.get("table", "actors")
        if home not in NODE_TABLES:
            continue
        identifier = str(found.get("id", node))
        names[node] = (home, identifier)
        name = found.get("name", found.get("label", str(node)))
        given = {key: value for key, value in found.items() if key not in ("table", "id", "label")}
        rows.setdefault(home, []).append({**given, table(home).key: identifier, "name": name})
    for start, end, found in graph.edges(data=True):
        home = found.get("table") or _kind_of_edge(graph, found)
        if home in EDGE_TABLES:
            rows.setdefault(home, []).append(_edge_row(home, start, end, found, names, graph))
    frames: dict[str, Any] = {name: _framed(name, found, ours) for name, found in rows.items()}
    frames.update(ours.get("tables", {}))
    frames.setdefault("actors", pd.DataFrame({"name": []}))
    f = Filiere.from_tables(strict=strict, lang=lang, **frames)
    year = ours.get("year")
    return f if year is None else f.at(year)


def _records(frame: pd.DataFrame) -> Iterable[tuple[str, dict[str, Any]]]:
    """Return identifier and known values of each row, as plain Python values."""
    columns = [(str(name), _plain(frame[name])) for name in frame.columns]
    for place, identifier in enumerate(frame.index):
        known = {name: values[place] for name, values in columns}
        yield str(identifier), {name: value for name, value in known.items() if value is not None}


def _plain(column: pd.Series) -> list[Any]:
    cells = column.astype(object)
    return [None if blank else cell for cell, blank in zip(cells, column.isna(), strict=True)]


def _target(name: str, column: str) -> str:
    return table(name)[column].references.partition(".")[0]


def _kind_of_edge(graph: nx.Graph, found: Mapping[str, Any]) -> str:
    weighed = any(name in found for name in _QUANTITY_NAMES)
    return "flows" if graph.is_directed() and weighed else "cooperations"


def _edge_row(
    home: str,
    start: Hashable,
    end: Hashable,
    found: Mapping[str, Any],
    names: Mapping[Hashable, tuple[str, str]],
    graph: nx.Graph,
) -> dict[str, Any]:
    row = {key: value for key, value in found.items() if key not in ("table", "id", "directed", "key")}
    for column, node in zip(EDGE_TABLES[home], (start, end), strict=True):
        # an end that is no actor is the outside, and stays blank
        row[column] = names[node][1] if node in names else None
    if "id" in found:
        row[table(home).key] = found["id"]
    if home == "flows" and "quantity_t_per_year" not in row:
        row["quantity_t_per_year"] = next((row.pop(name) for name in _QUANTITY_NAMES if name in row), None)
    if home == "cooperations" and "table" not in found and graph.is_directed() and "kind" not in row:
        row["kind"] = CooperationKind.SUPPORT.value
    return row


def _framed(name: str, rows: list[dict[str, Any]], ours: Mapping[str, Any]) -> pd.DataFrame:
    """Return rows as a frame in the order that they had, with the columns that were all unknown."""
    frame = pd.DataFrame(rows).astype(object)
    if "order" in frame and "order" not in tables()[name].columns:
        frame = frame.sort_values("order", kind="stable", na_position="last").drop(columns="order")
    kept = [column for column in ours.get("columns", {}).get(name, ()) if column not in frame]
    return frame.assign(**dict.fromkeys(kept)).reset_index(drop=True)
