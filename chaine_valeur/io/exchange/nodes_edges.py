"""A filière as typed nodes and edges: the one mapping that the formats of graphs share.

**Nodes** are the actors, and the groups where memberships are written, under their identifiers; the label is the
name. **Edges** are the rows of flows, cooperations and memberships: parallel edges are rows, not ties. A blank end
of a flow is the node ``outside``. A flow and a membership (from the actor to the group) are directed; a cooperation
is if its kind has a direction (support, funding, referral, subcontracting).

**Attributes** have the names of the columns, as in `chaine_valeur.to_networkx`, so a program finds the same names in
every format: roles and the other lists of a cell are joined by ``;``, dates are ISO text, yes/no is yes/no. What a row
refers to outside the graph stands there by identifier (``material_id``, ``source_stage``, ``target_stage``,
``source_id``) and by name (``material``, ``source_stage_name``, ``target_stage_name``, ``source_name``), so that the
file can be read without the filière, and gives the materials, stages and sources back, with those two columns.
``table`` says which table a row is of; ``identifier`` stands where the node or edge could not have that of its row.
A column of the user's own that has such a name gets a « _ ».

**Years** are a period, both ends included: the year of a flow, ``since`` … ``until`` of everything else; blank ends
are open. They stand as attributes too, which count first when the file is read again. **Weights** are tonnes per year.

What is aggregate elsewhere is a parent here: ``part_of`` of actors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError
from ...filiere import Filiere
from ...schema import table
from ...vocabulary import CooperationKind, label
from ..graph import EDGE_TABLES, NODE_TABLES
from .attributes import COMPANIONS, Attribute, as_objects, attributes_of
from .objects import and_last, blank_column, joined, objects, without

if TYPE_CHECKING:
    from .objects import Mask, Objects

__all__ = ["OUTSIDE", "Elements", "carried", "elements", "free_name"]

#: The node that stands for a blank end of a flow, and what its attribute ``table`` says.
OUTSIDE = "outside"


@dataclass(frozen=True)
class Elements:
    """The nodes, or the edges, of a filière.

    ``ids``, ``labels`` and ``kinds`` are texts; ``start`` and ``end`` years or ``None``; ``source``, ``target``,
    ``directed`` and ``weight`` (tonnes per year, ``None`` where unknown or zero) are of edges only. No two edges
    between the same ends are of the same kind.
    """

    ids: Objects
    labels: Objects
    start: Objects
    end: Objects
    attributes: Mapping[str, Attribute]
    kinds: Objects
    source: Objects
    target: Objects
    directed: Mask
    weight: Objects

    def __len__(self) -> int:
        return len(self.ids)


def elements(
    f: Filiere, *, tables: Collection[str] = tuple(EDGE_TABLES), lang: str = "fr"
) -> tuple[Elements, Elements]:
    """Return the nodes and the edges of a filière.

    Parameters
    ----------
    tables
        The tables whose rows are edges, of flows, cooperations and memberships. Groups are nodes with the latter.
    lang
        Language of labels; attributes are terms as stored.

    Raises
    ------
    ArgumentError
        Another table.
    """
    wrong = [tables] if isinstance(tables, str) else [name for name in tables if name not in EDGE_TABLES]
    if wrong:
        raise ArgumentError(f"tables={wrong[0]!r}: a list of some of {', '.join(EDGE_TABLES)} is needed")
    edge_names = [name for name in EDGE_TABLES if name in tables]
    node_names = NODE_TABLES if "memberships" in edge_names else ("actors",)
    nodes = {name: f.table(name) for name in node_names}
    edges = {name: f.table(name) for name in edge_names}
    ids, told = _identifiers({**nodes, **edges})
    outside = free_name(OUTSIDE, {one for name in node_names for one in ids[name]})
    drawn = _edges(f, edges, ids, told, outside, lang)
    beyond = [outside] if outside in {*drawn.source, *drawn.target} else []
    return _nodes(f, nodes, ids, told, beyond, lang), drawn


def carried(
    f: Filiere, tables: Collection[str], *, flows: pd.DataFrame | None = None
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return table → columns that are in the nodes and edges, and table → how many rows where they are not all.

    ``flows`` are those that are written, where they are not all.
    """
    homes = ["actors", *(["groups"] if "memberships" in tables else []), *tables]
    found = {name: [str(column) for column in f.table(name).columns] for name in homes}
    used: dict[str, set[str]] = {}
    for name in homes:
        frame = flows if name == "flows" and flows is not None else f.table(name)
        for column, (_, home) in COMPANIONS.items():
            if column in frame:
                used.setdefault(home, set()).update(frame[column].dropna().unique())
    rows = {home: len(keys) for home, keys in used.items() if keys}
    return {**found, **{home: ["name"] for home in rows}}, rows


# -- identifiers ----------------------------------------------------------------------------------------


def _identifiers(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, Objects], dict[str, Objects]]:
    """Return, per table, ids that nothing else in the file has, and the identifier where that is another one."""
    taken: set[str] = set()
    ids: dict[str, Objects] = {}
    told: dict[str, Objects] = {}
    for name, frame in frames.items():
        own = frame.index.to_numpy(object)
        made, said = own.copy(), blank_column(len(own))
        taken_here = {*taken, *own}
        for place in np.flatnonzero([identifier in taken for identifier in own]).tolist():
            made[place], said[place] = free_name(f"{name}/{own[place]}", taken_here), own[place]
            taken_here.add(made[place])
        taken = {*taken, *made}
        ids[name], told[name] = made, said
    return ids, told


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken, with as many « _ » behind it as that needs."""
    while name in taken:
        name += "_"
    return name


# -- nodes and edges ------------------------------------------------------------------------------------


def _nodes(
    f: Filiere,
    frames: Mapping[str, pd.DataFrame],
    ids: Mapping[str, Objects],
    told: Mapping[str, Objects],
    beyond: Sequence[str],
    lang: str,
) -> Elements:
    """Return actors and groups, and the node of the outside if there is one beyond them."""
    attributes = attributes_of(frames, told, f, skip=("name",))
    if beyond:
        attributes = {
            name: Attribute(one.kind, and_last(one.values, OUTSIDE if name == "table" else None))
            for name, one in attributes.items()
        }
    columns = [
        joined([*(as_objects(frame[column], None) for frame in frames.values()), last * len(beyond)])
        for column, last in (
            ("name", [label(OUTSIDE, "actor_type", lang)]),
            ("since", [None]),
            ("until", [None]),
        )
    ]
    nodes = joined([*(ids[name] for name in frames), beyond])
    nothing = blank_column(len(nodes))
    return Elements(
        nodes, columns[0], *_in_order(columns[1], columns[2]), attributes,
        nothing, nothing, nothing, np.zeros(len(nodes), dtype=bool), nothing,
    )  # fmt: skip


def _edges(
    f: Filiere,
    frames: Mapping[str, pd.DataFrame],
    ids: Mapping[str, Objects],
    told: Mapping[str, Objects],
    outside: str,
    lang: str,
) -> Elements:
    one_way = [kind.value for kind in CooperationKind if kind.directed]
    ends: tuple[list[Objects], list[Objects]] = ([], [])
    ways, weights, starts, stops = [], [], [], []
    for name, frame in frames.items():
        for end, column in zip(ends, EDGE_TABLES[name], strict=True):
            home = table(name)[column].references.partition(".")[0]
            end.append(and_last(ids[home], outside)[f.codes(name, column)])
        ways.append(
            frame["kind"].isin(one_way) if name == "cooperations" else np.ones(len(frame), dtype=bool)
        )
        tonnes = frame["quantity_t_per_year"] if name == "flows" else pd.Series(np.nan, index=frame.index)
        weights.append(as_objects(tonnes.where(tonnes > 0), None))
        since, until = ("year", "year") if name == "flows" else ("since", "until")
        starts.append(as_objects(frame[since], None))
        stops.append(as_objects(frame[until], None))
    attributes = attributes_of(
        frames, told, f, skip=tuple(column for name in frames for column in EDGE_TABLES[name])
    )
    attributes["directed"] = Attribute("boolean", joined(ways))
    labels = joined(_kinds(f, name, frame, lang) for name, frame in frames.items())
    source, target, start = joined(ends[0]), joined(ends[1]), joined(starts)
    return Elements(
        joined(ids[name] for name in frames), labels, *_in_order(start, joined(stops)), attributes,
        _parallel(source, target, labels, start), source, target, joined(ways).astype(bool), joined(weights),
    )  # fmt: skip


def _kinds(f: Filiere, name: str, frame: pd.DataFrame, lang: str) -> Objects:
    """Return what people call each edge: the material of a flow, the kind of a tie, « Membres des groupes »."""
    bare = table(name).label(lang)
    if name == "flows":
        return and_last(f.materials["name"], bare)[f.codes("flows", "material_id")]
    if name == "cooperations":
        return objects(
            label(kind, "cooperation_kind", lang) or bare for kind in as_objects(frame["kind"], None)
        )
    return objects([bare] * len(frame))


def _parallel(source: Objects, target: Objects, kinds: Objects, years: Objects) -> Objects:
    """Return kinds that tell parallel edges apart: Gephi adds up edges of one kind between the same two nodes."""
    dated = objects(
        kind if year is None else f"{kind} · {year}" for kind, year in zip(kinds, years, strict=True)
    )
    frame = pd.DataFrame({"s": source, "t": target, "k": dated}, dtype=object)
    count = frame.groupby(["s", "t", "k"], sort=False).cumcount().to_numpy()
    again = np.flatnonzero(count)
    dated[again] = objects(
        f"{kind} ({number + 1})" for kind, number in zip(dated[again], count[again], strict=True)
    )
    return dated


def _in_order(start: Objects, end: Objects) -> tuple[Objects, Objects]:
    """Return periods without those that end before they begin: programs that read them refuse the whole file."""
    pairs = zip(start, end, strict=True)
    wrong = np.array([None not in (since, until) and since > until for since, until in pairs], dtype=bool)
    return without(start, wrong), without(end, wrong)
