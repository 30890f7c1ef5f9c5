"""To networkx and back: the round trip gives the same filière.

`to_networkx` makes a `MultiDiGraph`: a node per actor and group, an edge per row of flows, cooperations and
memberships, every other table in ``G.graph``. `from_networkx` reads such a graph, or any other one: its nodes
become actors, its edges flows or cooperations.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..filiere import Filiere
from ..schema import DOUBT, Column, Table, table
from ..tables import with_doubts
from ..text import join_list
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
#: Attributes that say what a node or edge is; a column of the user's own of that name gets a « _ ».
_RESERVED = frozenset({"table", "id", "order", "directed"})
_QUANTITY_NAMES = ("weight", "value")

Node = tuple[str, str]


def to_networkx(f: Filiere) -> nx.MultiDiGraph:
    """Return the filière as a networkx graph.

    Nodes are actors and groups under their identifiers (a group whose identifier is that of an actor is
    called ``groups/…``); an edge stands for one row of flows, cooperations or memberships and has
    ``table/identifier`` as its key. A blank end of a flow is the node ``outside``. Attributes are the
    columns that are known, as plain Python values, with ``table``, ``id`` and ``order`` (place in the
    table); a flow, a membership or a directed cooperation has ``directed=True``. The other tables are
    frames in ``G.graph["chaine_valeur"]``, with the rows that had been set aside.

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

    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    nodes: dict[Node, str] = {}
    for name in NODE_TABLES:
        for order, (identifier, known) in enumerate(_records(f.table(name), table(name))):
            node = _free(identifier if identifier not in graph else f"{name}/{identifier}", graph)
            nodes[name, identifier] = node
            graph.add_nodes_from([(node, {**known, "table": name, "id": identifier, "order": order})])
    outside = _free(_OUTSIDE, graph)
    one_way = {kind.value for kind in CooperationKind if kind.directed}
    for name, ends in EDGE_TABLES.items():
        homes = [table(name)[column].references.partition(".")[0] for column in ends]
        for order, (identifier, known) in enumerate(_records(f.table(name), table(name))):
            joined = [
                nodes.get((home, known.pop(end, "")), outside) for home, end in zip(homes, ends, strict=True)
            ]
            if outside in joined and outside not in graph:
                graph.add_node(outside, table=_OUTSIDE)
            directed = name != "cooperations" or known.get("kind") in one_way
            said = {**known, "table": name, "id": identifier, "order": order, "directed": directed}
            key = f"{name}/{identifier}"
            graph.add_edge(joined[0], joined[1], key=key)
            graph.edges[joined[0], joined[1], key].update(said)
    rest = {
        name: with_doubts(f.table(name), table(name))
        for name in f
        if name not in (*NODE_TABLES, *EDGE_TABLES)
    }
    columns = {name: list(f.table(name).columns) for name in (*NODE_TABLES, *EDGE_TABLES)}
    aside = {name: rows.copy() for name, rows in f.set_aside.items()}
    graph.graph["name"] = f.name
    graph.graph[_OURS] = {"tables": rest, "columns": columns, "set_aside": aside, "year": f.year}
    return graph


def from_networkx(graph: nx.Graph, *, strict: bool = True, lang: str = "fr") -> Filiere:
    """Return the filière that a graph describes.

    A graph made by `to_networkx` gives the same filière back, with the nodes, edges and attributes that were
    added or removed since. In any other graph a node is an actor: attributes whose names are those of
    columns, or headers that a workbook could have, are taken (``name`` or ``label`` as its name), the others
    kept. An edge is what its attribute ``table`` says; otherwise a membership if it leads to a group, a flow
    if the graph is directed and the edge has a quantity (``weight`` and ``value`` count as one), and a
    cooperation in all other cases, its ``weight`` then being kept as a column.

    Parameters
    ----------
    graph
        Graph, DiGraph, MultiGraph or MultiDiGraph; it is not changed. Identifiers are the texts of its nodes.
    strict
        Raise if a row or a cell cannot be used; otherwise set it aside and go on.
    lang
        Language of the messages.

    Raises
    ------
    ValidationError
        In strict mode, if a node or an edge cannot be used.

    Examples
    --------
    >>> import networkx as nx
    >>> f = from_networkx(nx.DiGraph([("Relais", "Filature", {"weight": 12})]))
    >>> f.flows["quantity_t_per_year"].item(), f.actors["name"].tolist()
    (12.0, ['Relais', 'Filature'])
    """
    found = graph.graph.get(_OURS)
    ours: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    names: dict[Hashable, Node] = {}
    rows: dict[str, list[dict[str, Any]]] = {"actors": []}
    for node, said in graph.nodes(data=True):
        if said.get("table") == _OUTSIDE:
            continue
        home = said["table"] if said.get("table") in NODE_TABLES else "actors"
        marked = said.get("table") in NODE_TABLES
        names[node] = (home, str(said.get("id", node)) if marked else str(node))
        rows.setdefault(home, []).append(_node_row(table(home), names[node][1], node, said, marked=marked))
    for start, end, said in graph.edges(data=True):
        home = _home_of_edge(said, names.get(start), names.get(end), directed=graph.is_directed())
        rows.setdefault(home, []).append(_edge_row(table(home), names.get(start), names.get(end), said))
    frames: dict[str, Any] = {name: _framed(table(name), made, ours) for name, made in rows.items()}
    f = Filiere.from_tables(strict=strict, lang=lang, **{**frames, **ours.get("tables", {})})
    if ours.get("set_aside"):
        aside = {**ours["set_aside"], **f.set_aside}
        f = Filiere(replace(f._conformed, set_aside=aside))
    year = ours.get("year")
    return f if year is None else f.at(year)


def _free(name: str, graph: nx.Graph) -> str:
    """Return a name that no node has."""
    while name in graph:
        name += "_"
    return name


# -- out ------------------------------------------------------------------------------------------------


def _records(frame: pd.DataFrame, home: Table) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield identifier and known values of each row, as plain Python values."""
    columns = [
        (_attribute(str(name)), _plain(frame[name], home.columns.get(str(name)))) for name in frame.columns
    ]
    for place, identifier in enumerate(frame.index):
        known = {name: values[place] for name, values in columns}
        yield str(identifier), {name: value for name, value in known.items() if value is not None}


def _attribute(name: str) -> str:
    return f"_{name}" if name.lstrip("_") in _RESERVED else name


def _column(name: str) -> str:
    return name[1:] if name.startswith("_") and name.lstrip("_") in _RESERVED else name


def _plain(column: pd.Series, home: Column | None) -> list[Any]:
    cells, blank = column.astype(object).tolist(), column.isna().tolist()
    doubt = DOUBT if home is not None and home.claims else None
    return [
        doubt if unknown else cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell
        for cell, unknown in zip(cells, blank, strict=True)
    ]


# -- and back -------------------------------------------------------------------------------------------


def _node_row(
    home: Table, identifier: str, node: Hashable, said: Mapping[str, Any], *, marked: bool
) -> dict[str, Any]:
    row = _row(home, said, marked=marked)
    if home.name_column not in row:
        row[home.name_column] = row.pop("label", str(node))
    row[home.key] = identifier
    return row


def _row(home: Table, said: Mapping[str, Any], *, marked: bool) -> dict[str, Any]:
    """Return the attributes of a node or edge by column; those of a graph of ours have their names already."""
    if marked:
        order = {"order": said["order"]} if "order" in said else {}
        return {_column(str(name)): value for name, value in said.items() if name not in _RESERVED} | {
            f"{_OURS}.{name}": value for name, value in order.items()
        }
    columns = home.match_headers(dict.fromkeys(map(str, said)))
    return {columns.get(str(name), str(name)): _cell(value) for name, value in said.items()}


def _cell(value: Any) -> Any:
    """Return what a cell can hold of an attribute: several values as a list is typed, anything else as its text.

    Gephi's files hold colours and places as a mapping ``viz``, which networkx reads as one.
    """
    if isinstance(value, list | tuple | set | frozenset):
        return join_list([str(one) for one in value])
    return value if isinstance(value, Hashable) else str(value)


def _home_of_edge(said: Mapping[str, Any], start: Node | None, end: Node | None, *, directed: bool) -> str:
    """Return the table that an edge is a row of."""
    if said.get("table") in EDGE_TABLES:
        return str(said["table"])
    homes = {node[0] for node in (start, end) if node}
    if "groups" in homes:
        return "memberships"
    if not directed:
        return "cooperations"
    quantity = any(name in said for name in _QUANTITY_NAMES)
    quantity |= "quantity_t_per_year" in table("flows").match_headers(dict.fromkeys(map(str, said))).values()
    # an end that is no actor is the outside: only material goes there
    return "flows" if quantity or start is None or end is None else "cooperations"


def _edge_row(home: Table, start: Node | None, end: Node | None, said: Mapping[str, Any]) -> dict[str, Any]:
    marked = said.get("table") in EDGE_TABLES
    row = _row(home, said, marked=marked)
    if marked and "id" in said:
        row[home.key] = said["id"]
    if home.name == "memberships" and start and start[0] == "groups":
        start, end = end, start
    for column, node in zip(EDGE_TABLES[home.name], (start, end), strict=True):
        row[column] = node[1] if node else None
    if home.name == "flows" and "quantity_t_per_year" not in row:
        name = next((name for name in _QUANTITY_NAMES if name in row), None)
        if name is not None:
            row["quantity_t_per_year"] = row.pop(name)
    return row


def _framed(home: Table, rows: list[dict[str, Any]], ours: Mapping[str, Any]) -> pd.DataFrame:
    """Return rows as a frame in the order that they had, with the columns that were all unknown."""
    order = f"{_OURS}.order"
    last = len(rows)
    rows = sorted(rows, key=lambda row: row[order] if isinstance(row.get(order), int) else last)
    known = [home.key, *ours.get("columns", {}).get(home.name, (home.name_column or home.key,))]
    names = dict.fromkeys([*known, *(name for row in rows for name in row if name != order)])
    columns = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}
    return pd.DataFrame(columns, index=range(len(rows)))
