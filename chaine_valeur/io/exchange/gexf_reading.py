"""GEXF files of any version, of Gephi and others: read once from beginning to end."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ...filiere import Filiere
from ...language import check_language, tr
from ...problems import Problems
from .files import parse_xml, refused
from .found import Found
from .periods import year_of
from .reading import check_edges, filiere_of_elements
from .result import problems_of
from .xml_text import typed

__all__ = ["read_gexf"]

#: Elements that say how something looks; and those that say what this reader is told in another way.
_LOOKS = frozenset({"color", "position", "size", "shape", "thickness", "nodeshape", "edgeshape"})
_WITHIN = frozenset({"node", "edge"})


def read_gexf(
    path: str | os.PathLike[str], *, edges: str = "auto", strict: bool = True, lang: str = "fr"
) -> Filiere:
    """Return the filière of a GEXF file, of `write_gexf` or of any other program (Gephi, networkx, Cytoscape…).

    A node is an actor and an edge a flow, a cooperation or a membership, see ``chaine_valeur.io.exchange``; attributes
    that are headers of the model are taken, others are kept. Nested nodes and ``pid`` give ``part_of``. A flow that
    holds over several years is read as one row a year.

    The model has no place for colours, positions and sizes, for the gaps between several periods, for several values
    over time of one attribute (the last one is kept), and for the direction of a cooperation of unknown kind: each is
    said in ``problems`` (``left_out``, ``several_periods``, ``several_values``, ``direction_left_out``).

    Parameters
    ----------
    path
        The file, in any encoding that it declares.
    edges
        What edges are that do not say it: ``"auto"``, ``"flows"`` or ``"cooperations"``.
    strict
        Raise if a row or a cell cannot be used; otherwise set it aside and go on.
    lang
        Language of the messages.

    Returns
    -------
    Filiere
        Its ``problems`` name the file, and the line where a workbook would name the row.

    Raises
    ------
    UnreadableFileError
        Missing, too large, no well-formed XML, with entities, no GEXF.
    ValidationError
        In strict mode: an edge between nodes that are not there, a node that stands twice.

    Examples
    --------
    >>> import networkx as nx, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nx.write_gexf(nx.DiGraph([("Relais", "Filature", {"weight": 12})]), f"{folder}/deux.gexf")
    ...     f = read_gexf(f"{folder}/deux.gexf")
    >>> f.flows["quantity_t_per_year"].item(), f.actors["name"].tolist()
    (12.0, ['Relais', 'Filature'])
    """
    check_language(lang)
    problems, sheet = problems_of(lang), Path(path).name
    reader = _Reader(problems, sheet)
    parse_xml(path, reader.begins, reader.ends, lang=lang)
    if not reader.is_gexf:
        raise refused(path, tr("it is no GEXF: there is no graph in it.", lang), lang)
    for name, count in reader.left_out.items():
        problems.add("left_out", sheet=sheet, value=name, count=count)
    reader.give_usual_weight()
    for found in (reader.nodes, reader.edges):
        found.check(path, lang=lang)
    return filiere_of_elements(
        reader.nodes,
        reader.edges,
        problems,
        sheets=(sheet, sheet),
        edges_as=check_edges(edges),
        strict=strict,
        lang=lang,
    )


@dataclass(slots=True)
class _Open:
    """A node or edge that has begun and not ended: its place among those of its kind, the moments of its values."""

    kind: str
    found: Found
    place: int
    moments: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> int:
        return self.found.lines[self.place]

    @property
    def name(self) -> str:
        return self.found.labels[self.place] or self.found.ids[self.place] or self.kind


class _Reader:
    """What is read of a GEXF file, element by element."""

    def __init__(self, problems: Problems, sheet: str) -> None:
        self.problems, self.sheet = problems, sheet
        self.nodes, self.edges = Found(), Found()
        self.left_out: Counter[str] = Counter()
        self.is_gexf = False
        self._directed = False
        self._class = "node"
        self._declared: dict[tuple[str, str], tuple[str, str]] = {}
        self._default = ("", "")
        self._open: list[_Open] = []
        self._parents: list[str | None] = []
        self._told: set[str] = set()

    def begins(self, name: str, said: dict[str, str], line: int) -> None:
        if name == "graph":
            self.is_gexf = True
            self._directed = said.get("defaultedgetype", "undirected") == "directed"
        elif name == "attributes":
            self._class = said.get("class", "node")
        elif name == "attribute":
            self._default = (self._class, said.get("id", ""))
            title = said.get("title") or said.get("id", "")
            self._declared[self._default] = (title, said.get("type", "string"))
        elif name == "node":
            self._node(said, line)
        elif name == "edge":
            self._edge(said, line)
        elif name == "attvalue":
            self._attvalue(said)
        elif name in ("spell", "slice"):
            self._period(said)
        elif name == "parent":
            self._parent(said.get("for"))
        elif name in _LOOKS:
            self.left_out[name] += 1

    def ends(self, name: str, text: str) -> None:
        if name in _WITHIN and self._open:
            self._open.pop()
            if name == "node":
                self._parents.pop()
        elif name == "default" and text.strip() and self._default in self._declared:
            found = {"node": self.nodes, "edge": self.edges}.get(self._default[0])
            title, form = self._declared[self._default]
            if found is not None:
                found.say_usually(title, typed(text.strip(), form))

    def _node(self, said: dict[str, str], line: int) -> None:
        found = self.nodes
        above = said.get("pid") or (self._parents[-1] if self._parents else None)
        found.add(said.get("id"), line, label=said.get("label"), parent=above)
        self._open.append(_Open("node", found, len(found) - 1))
        self._parents.append(said.get("id"))
        self._times(said)

    def _edge(self, said: dict[str, str], line: int) -> None:
        found = self.edges
        way = said.get("type") or ("directed" if self._directed else "undirected")
        ends = (said.get("source"), said.get("target"))
        found.add(said.get("id"), line, label=said.get("label"), ends=ends, directed=way == "directed")
        self._open.append(_Open("edge", found, len(found) - 1))
        if "weight" in said:
            found.say("weight", typed(said["weight"], "double"))
        self._times(said)

    def _attvalue(self, said: dict[str, str]) -> None:
        if not self._open or "value" not in said:
            return
        here = self._open[-1]
        key = said.get("for") or said.get("id", "")
        title, form = self._declared.get((here.kind, key), ("", "string"))
        if not title:
            self.left_out[f"attvalue {said.get('for', '')[:40]}"] += 1
            return
        moment = said.get("end") or said.get("endopen") or said.get("start") or said.get("timestamp") or ""
        if title in here.moments:
            if title not in self._told:
                self.problems.add("several_values", sheet=self.sheet, row=here.line, value=title)
                self._told.add(title)
            if moment < here.moments[title]:
                return
        here.moments[title] = moment
        here.found.say(title, typed(said["value"], form), here.place)

    def _times(self, said: dict[str, str]) -> None:
        if said.keys() & {"start", "end", "startopen", "endopen", "timestamp"}:
            self._period(said)
        for name in ("intervals", "timestamps"):
            for part in said.get(name, "").strip("<>").split(";"):
                moments = [piece.strip() for piece in part.strip(" []()").split(",") if piece.strip()]
                if moments:
                    self._period({"start": moments[0], "end": moments[-1]})

    def _period(self, said: dict[str, str]) -> None:
        if not self._open:
            return
        here = self._open[-1]
        found, place = here.found, here.place
        moment = said.get("timestamp")
        start = year_of(said.get("start") or said.get("startopen") or moment)
        end = year_of(said.get("end") or said.get("endopen") or moment)
        before, after = found.start[place], found.end[place]
        if before is None and after is None:
            found.start[place], found.end[place] = start, end
            return
        if (start, end) == (before, after):
            return
        self.problems.add("several_periods", sheet=self.sheet, row=here.line, value=here.name)
        found.start[place] = None if None in (before, start) else min(before, start)  # type: ignore[type-var]
        found.end[place] = None if None in (after, end) else max(after, end)  # type: ignore[type-var]

    def _parent(self, node: str | None) -> None:
        if not self._open or self._open[-1].kind != "node" or not node:
            return
        here = self._open[-1]
        if self.nodes.parents[here.place] is None:
            self.nodes.parents[here.place] = node
        elif self.nodes.parents[here.place] != node:
            self.problems.add("one_of_several_parents", sheet=self.sheet, row=here.line, value=here.name)

    def give_usual_weight(self) -> None:
        """Give the edges without a weight that of the standard, 1, where others have one."""
        if "weight" in self.edges.said and "weight" not in self.edges.usual:
            self.edges.say_usually("weight", 1.0)
