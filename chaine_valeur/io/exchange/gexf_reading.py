"""GEXF files of any version, of Gephi and others: read once from beginning to end."""

from __future__ import annotations

import os
from collections import Counter
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
    return filiere_of_elements(
        reader.nodes,
        reader.edges,
        problems,
        sheets=(sheet, sheet),
        edges_as=check_edges(edges),
        strict=strict,
        lang=lang,
    )


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
        self._usual: dict[tuple[str, str], str] = {}
        self._open: list[tuple[str, int]] = []
        self._parents: list[str | None] = []
        self._latest: dict[str, tuple[int, str]] = {}
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
            self._give_defaults()
            self._open.pop()
            if name == "node":
                self._parents.pop()
        elif name == "default" and text.strip():
            self._usual[self._default] = text.strip()

    def _node(self, said: dict[str, str], line: int) -> None:
        self._give_defaults()
        found = self.nodes
        above = said.get("pid") or (self._parents[-1] if self._parents else None)
        found.add(said.get("id"), line, label=said.get("label"), parent=above)
        self._open.append(("node", len(found) - 1))
        self._parents.append(said.get("id"))
        self._times(said)

    def _edge(self, said: dict[str, str], line: int) -> None:
        found = self.edges
        way = said.get("type") or ("directed" if self._directed else "undirected")
        ends = (said.get("source"), said.get("target"))
        found.add(said.get("id"), line, label=said.get("label"), ends=ends, directed=way == "directed")
        self._open.append(("edge", len(found) - 1))
        if "weight" in said:
            found.say("weight", typed(said["weight"], "double"))
        self._times(said)

    def _current(self) -> tuple[str, Found] | None:
        if not self._open:
            return None
        kind = self._open[-1][0]
        return kind, self.nodes if kind == "node" else self.edges

    def _attvalue(self, said: dict[str, str]) -> None:
        now = self._current()
        if now is None or "value" not in said:
            return
        kind, found = now
        title, form = self._declared.get((kind, said.get("for") or said.get("id", "")), ("", "string"))
        if not title:
            self.left_out[f"attvalue {said.get('for', '')[:40]}"] += 1
            return
        moment = said.get("end") or said.get("endopen") or said.get("start") or said.get("timestamp") or ""
        places = found.said[title][0] if title in found.said else None
        if places and places[-1] == len(found) - 1 and title in self._latest:
            before = self._latest[title][1]
            if title not in self._told:
                self.problems.add("several_values", sheet=self.sheet, row=found.lines[-1], value=title)
                self._told.add(title)
            if moment < before:
                return
        self._latest[title] = (len(found), moment)
        found.say(title, typed(said["value"], form))

    def _times(self, said: dict[str, str]) -> None:
        if said.keys() & {"start", "end", "startopen", "endopen", "timestamp"}:
            self._period(said)
        for name in ("intervals", "timestamps"):
            for part in said.get(name, "").strip("<>").split(";"):
                moments = [piece.strip() for piece in part.strip(" []()").split(",") if piece.strip()]
                if moments:
                    self._period({"start": moments[0], "end": moments[-1]})

    def _period(self, said: dict[str, str]) -> None:
        now = self._current()
        if now is None:
            return
        found = now[1]
        moment = said.get("timestamp")
        start = year_of(said.get("start") or said.get("startopen") or moment)
        end = year_of(said.get("end") or said.get("endopen") or moment)
        before, after = found.start[-1], found.end[-1]
        if before is None and after is None:
            found.start[-1], found.end[-1] = start, end
            return
        if (start, end) == (before, after):
            return
        self.problems.add(
            "several_periods",
            sheet=self.sheet,
            row=found.lines[-1],
            value=found.labels[-1] or found.ids[-1] or now[0],
        )
        found.start[-1] = None if None in (before, start) else min(before, start)  # type: ignore[type-var]
        found.end[-1] = None if None in (after, end) else max(after, end)  # type: ignore[type-var]

    def _parent(self, node: str | None) -> None:
        if not self._open or self._open[-1][0] != "node" or not node:
            return
        if self.nodes.parents[-1] is None:
            self.nodes.parents[-1] = node
        elif self.nodes.parents[-1] != node:
            self.problems.add("one_of_several_parents", sheet=self.sheet, row=self.nodes.lines[-1],
                              value=self.nodes.labels[-1] or self.nodes.ids[-1] or "")  # fmt: skip

    def _give_defaults(self) -> None:
        """Give the last one the values that its attributes have where nothing is said."""
        now = self._current()
        if now is None or self._open[-1][1] != len(now[1]) - 1:
            return
        kind, found = now
        for (class_, key), text in self._usual.items():
            title, form = self._declared[class_, key]
            if class_ == kind and (title not in found.said or found.said[title][0][-1] != len(found) - 1):
                found.say(title, typed(text, form))

    def give_usual_weight(self) -> None:
        """Give the edges without a weight that of the standard, 1, where others have one."""
        places, values = self.edges.said.get("weight", ([], []))
        if places and len(places) < len(self.edges):
            missing = sorted(set(range(len(self.edges))) - set(places))
            places.extend(missing)
            values.extend([1.0] * len(missing))
