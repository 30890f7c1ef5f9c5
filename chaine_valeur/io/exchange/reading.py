"""Nodes and edges of a file as a filière: rows that were written from one come back, any others are taken as in networkx.

A node is an actor, its label the name. An edge is what its attribute ``table`` says; otherwise a membership if it leads
to a group, a flow if edges are directed and the file gives them a quantity (``weight`` and ``value`` count as one) or if
it leads outside, and a cooperation of unknown kind in all other cases. Attributes whose names are those of columns, or
headers that a workbook could have, are taken, unless the column has a list of terms and not all values are among them;
the others are kept as columns of the user's own. What a row refers to
(materials, stages, sources) is made where it is used. A parent of a node is ``part_of``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ...errors import ArgumentError
from ...filiere import Filiere
from ...language import tr
from ...problems import Problems
from ...schema import table
from ...table_state import RawTable
from ..gather import filiere_of
from ..graph import EDGE_TABLES, NODE_TABLES
from .files import MOST_CELLS, refused
from .found import Found
from .nodes_edges import OUTSIDE
from .objects import blank_column, chosen, known, objects, without
from .periods import by_year
from .rows import PARENT, as_one, referred, rows_of

if TYPE_CHECKING:
    from .objects import Mask, Objects

__all__ = ["EDGES", "Aside", "check_edges", "filiere_of_elements"]

#: How edges may be read that do not say what they are.
EDGES = ("auto", "flows", "cooperations")
_QUANTITY = ("weight", "value")
#: Identifier of a node → the table of its row, and the identifier there.
Meant = Mapping[Any, tuple[str, Any]]


class Aside(NamedTuple):
    """A flow set aside by a reader: where it stands, why (a code), both ends, and what its columns say."""

    sheet: str
    row: int
    reason: str
    source: Any
    target: Any
    said: Mapping[str, Any]


def check_edges(edges: str) -> str:
    """Return how edges are to be read, or raise `ArgumentError`."""
    if edges not in EDGES:
        raise ArgumentError(f"edges={edges!r} is not one of {', '.join(EDGES)}")
    return edges


def filiere_of_elements(
    nodes: Found,
    edges: Found,
    problems: Problems,
    *,
    sheets: tuple[str, str],
    edges_as: str,
    strict: bool,
    lang: str,
    more: Mapping[str, RawTable] | None = None,
    by_name: bool = False,
    aside: Sequence[Aside] = (),
) -> Filiere:
    """Return the filière of the nodes and edges of a file.

    Parameters
    ----------
    problems
        Where what was left out has been said already.
    sheets
        What the parts of nodes and of edges are called in messages.
    edges_as
        What edges are that do not say it: one of `EDGES`.
    more
        Further tables; what rows refer to is made where it is not in them.
    by_name
        The file knows nodes by their names only: identifiers are made from them.
    aside
        Rows that the reader has set aside itself.
    """
    for one, sheet in zip((nodes, edges), sheets, strict=True):
        if len(one) * len(one.said) > MOST_CELLS:
            raise refused(sheet, tr("its elements have too many different attributes.", lang), lang)
    attributes = nodes.attributes()
    told = _told(attributes, NODE_TABLES, len(nodes))
    homes = [home or "actors" for home in told]
    identifiers = _identifiers(nodes.ids, attributes, told)
    said = attributes.get("table", blank_column(len(nodes)))
    outside = {
        node for node, home in zip(nodes.ids, said, strict=True) if home == OUTSIDE and node is not None
    }
    meant = dict(zip(nodes.ids, zip(homes, identifiers, strict=True), strict=True))
    meant.pop(None, None)
    raws: dict[str, list[RawTable]] = {}
    for name in NODE_TABLES:
        rows = np.array([home == name for home in homes], dtype=bool)
        rows &= np.array([node not in outside for node in nodes.ids], dtype=bool)
        if rows.any() or name == "actors":
            keys = blank_column(len(nodes)) if by_name else identifiers
            own = {table(name).key: keys, PARENT: _meant(nodes.parents, meant)}
            raws[name] = [rows_of(table(name), nodes, attributes, own, rows, told, sheets[0])]
    lost = _edges(raws, edges, meant, outside, problems, sheets[1], edges_as)
    referred(raws, sheets[1], more or {})
    made = filiere_of(
        {name: as_one(parts) for name, parts in raws.items()}, problems, strict=strict, lang=lang
    )
    return _with_aside(made, [*lost, *aside])


def _with_aside(f: Filiere, rows: Sequence[Aside]) -> Filiere:
    """Return a filière with further flows among the rows set aside."""
    if not rows:
        return f
    places = pd.DataFrame([row[:5] for row in rows], columns=Aside._fields[:5])
    told = {
        name: [row.said.get(name) for row in rows] for name in dict.fromkeys(n for r in rows for n in r.said)
    }
    frame = places.assign(**{f"{name}_" if name in places else name: cells for name, cells in told.items()})
    before = dict(f.set_aside)
    before["flows"] = pd.concat([before["flows"], frame], ignore_index=True) if "flows" in before else frame
    return Filiere(replace(f._conformed, set_aside=before))


def _told(attributes: Mapping[str, Objects], among: Collection[str], size: int) -> Objects:
    """Return the table that each says it is of, ``None`` where it says none of some."""
    said = attributes.get("table", blank_column(size))
    return objects(home if home in among else None for home in said)


def _identifiers(ids: Sequence[str | None], attributes: Mapping[str, Objects], told: Objects) -> Objects:
    """Return the identifiers of rows: those of the file, unless one of ours says another."""
    said = attributes.get("identifier")
    return objects(ids) if said is None else chosen(known(said) & known(told), said, ids)


def _meant(nodes: Sequence[str | None], meant: Meant) -> Objects:
    """Return the identifiers of nodes; one that is none of them stays, for the checks to tell."""
    return objects(meant[node][1] if node in meant else node for node in nodes)


# -- edges ----------------------------------------------------------------------------------------------


def _edges(
    raws: dict[str, list[RawTable]],
    edges: Found,
    meant: Meant,
    outside: set[str],
    problems: Problems,
    sheet: str,
    edges_as: str,
) -> list[Aside]:
    """Add the rows of edges to the tables; return those that lack an end."""
    attributes = edges.attributes()
    told = _told(attributes, EDGE_TABLES, len(edges))
    # several programs number the edges of each pair of nodes anew: an id that comes again is none
    again = pd.Series(objects(edges.ids), dtype=object).duplicated().to_numpy() & ~known(told)
    ids = without(_identifiers(edges.ids, attributes, told), again)
    homes = _homes(edges, attributes, told, meant, outside, edges_as)
    # a blank is no node, not even the outside
    blank = ~(known(edges.sources) & known(edges.targets))
    flows = dict(attributes)
    tonnes = _quantity(flows, blank & ~known(told))
    meaning = table("flows").match_headers(flows)
    lost: list[Aside] = []
    for place in np.flatnonzero(blank).tolist():
        source, target, line = edges.sources[place], edges.targets[place], edges.lines[place]
        here = edges.sheets[place] if edges.sheets else sheet
        problems.add("blank_end", sheet=here, row=line, value=f"{source or '…'} → {target or '…'}")
        own = {"year": edges.start[place], "quantity_t_per_year": tonnes[place]}
        for name, cells in flows.items():
            if name != "table" and cells[place] is not None:
                own[meaning.get(name, name)] = cells[place]
        own = {name: cell for name, cell in own.items() if cell is not None}
        lost.append(Aside(here, line, "blank_end", source, target, own))
    _tell_directions(edges, homes, told, problems, sheet)
    ends = [
        without(_meant(nodes, meant), np.array([node in outside for node in nodes], dtype=bool))
        for nodes in (edges.sources, edges.targets)
    ]
    for name, columns in EDGE_TABLES.items():
        rows = np.array([home == name for home in homes], dtype=bool) & ~blank
        if not rows.any():
            continue
        first, last = ends
        if name == "memberships":
            turned = np.array(
                [meant.get(node, ("", ""))[0] == "groups" for node in edges.sources], dtype=bool
            )
            first, last = chosen(turned, last, first), chosen(turned, first, last)
        own = {table(name).key: ids, columns[0]: first, columns[1]: last}
        said = dict(attributes)
        if name == "flows":
            own["quantity_t_per_year"] = _quantity(said, rows & ~known(told))
        raw = rows_of(table(name), edges, said, own, rows, told, sheet)
        raws.setdefault(name, []).append(by_year(raw, edges, rows, problems) if name == "flows" else raw)
    return lost


def _tell_directions(
    edges: Found, homes: Sequence[str], told: Objects, problems: Problems, sheet: str
) -> None:
    foreign = zip(edges.directed, homes, told, strict=True)
    lost = sum(way and home == "cooperations" and said is None for way, home, said in foreign)
    if lost:
        problems.add("direction_left_out", sheet=sheet, value="", count=lost)


def _homes(
    edges: Found,
    attributes: Mapping[str, Objects],
    told: Objects,
    meant: Meant,
    outside: set[str],
    edges_as: str,
) -> list[str]:
    """Return the table of each edge."""
    foreign = np.array(edges.directed, dtype=bool) & ~known(told)
    quantities = [name for name in attributes if name in _QUANTITY or _is_quantity(name)]
    weighed = any((known(attributes[name]) & foreign).any() for name in quantities)
    groups = {node for node, (home, _) in meant.items() if home == "groups"}
    homes = []
    for said, source, target, way in zip(told, edges.sources, edges.targets, edges.directed, strict=True):
        if said is not None:
            homes.append(said)
        elif source in groups or target in groups:
            homes.append("memberships")
        elif source in outside or target in outside:
            homes.append("flows")
        elif edges_as != "auto":
            homes.append(edges_as)
        else:
            homes.append("flows" if way and weighed else "cooperations")
    return homes


def _is_quantity(name: str) -> bool:
    return "quantity_t_per_year" in table("flows").match_headers([name]).values()


def _quantity(attributes: dict[str, Objects], others: Mask) -> Objects:
    """Return the tonnages of flows that do not say what they are, and take them from the attributes."""
    values = blank_column(len(others))
    if any(_is_quantity(name) and known(said[others]).any() for name, said in attributes.items()):
        return values
    name = next((name for name in _QUANTITY if name in attributes), None)
    if name is not None:
        values[others] = attributes[name][others]
        attributes[name] = without(attributes[name], others)
    return values
