"""GraphML files of Gephi, yEd, networkx and others: read once from beginning to end."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

from ...filiere import Filiere
from ...language import check_language, tr
from .files import parse_xml, refused
from .found import Found
from .reading import check_edges, filiere_of_elements
from .result import problems_of
from .xml_text import typed

__all__ = ["read_graphml"]

#: Names under which programs keep the label of a node or edge.
_LABELS = ("label", "name", "nodelabel", "edgelabel")
_BEGINS = frozenset({"graph", "node", "edge", "hyperedge", "port"})
_PICTURES = frozenset(
    {"nodegraphics", "edgegraphics", "resources", "portgraphics", "portgeometry", "portuserdata"}
)


def read_graphml(
    path: str | os.PathLike[str], *, edges: str = "auto", strict: bool = True, lang: str = "fr"
) -> Filiere:
    """Return the filière of a GraphML file, of `write_graphml` or of any other program (Gephi, yEd, networkx…).

    A node is an actor and an edge a flow, a cooperation or a membership, see ``chaine_valeur.io.exchange``; attributes
    that are headers of the model are taken, others are kept. In files of yEd the label is that of the drawing, and a
    group that holds nodes is their ``part_of``.

    The model has no place for drawings, ports and hyperedges, nor for the direction of a cooperation of unknown kind:
    each is said in ``problems`` (``left_out``, ``direction_left_out``).

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
        Missing, too large, no well-formed XML, with entities, no GraphML.
    ValidationError
        In strict mode: an edge between nodes that are not there, a node that stands twice.

    Examples
    --------
    >>> import networkx as nx, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nx.write_graphml(nx.Graph([("Relais", "Filature")]), f"{folder}/deux.graphml")
    ...     read_graphml(f"{folder}/deux.graphml").cooperations["to_actor_id"].tolist()
    ['Filature']
    """
    check_language(lang)
    problems, sheet = problems_of(lang), Path(path).name
    reader = _Reader()
    parse_xml(path, reader.begins, reader.ends, lang=lang)
    if not reader.is_graphml:
        raise refused(path, tr("it is no GraphML: there is no graph in it.", lang), lang)
    for name, count in reader.left_out.items():
        problems.add("left_out", sheet=sheet, value=name, count=count)
    for found in (reader.nodes, reader.edges):
        found.check(path, lang=lang)
    reader.settle_labels()
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
    """What is read of a GraphML file, element by element."""

    def __init__(self) -> None:
        self.nodes, self.edges = Found(), Found()
        self.left_out: Counter[str] = Counter()
        self.is_graphml = False
        self._directed: list[bool] = []
        self._declared: dict[str, tuple[str, str, str]] = {}
        self._key = ""
        self._data = ""
        #: kind and place of what has begun and not ended; nothing stands in a graph, a port or a hyperedge
        self._open: list[tuple[str, int]] = []
        self._parents: list[str | None] = []
        self._drawn: dict[tuple[str, int], str] = {}

    def begins(self, name: str, said: dict[str, str], line: int) -> None:
        if name == "graph":
            self.is_graphml = True
            self._directed.append(said.get("edgedefault") == "directed")
            self._open.append((name, -1))
        elif name == "key":
            self._key = said.get("id", "")
            drawing = said.get("yfiles.type", "")
            title = "" if drawing in _PICTURES else said.get("attr.name") or self._key
            self._declared[self._key] = (title, said.get("attr.type", "string"), said.get("for", "all"))
        elif name == "node":
            self.nodes.add(said.get("id"), line, parent=self._parents[-1] if self._parents else None)
            self._open.append((name, len(self.nodes) - 1))
            self._parents.append(said.get("id"))
        elif name == "edge":
            usual = self._directed[-1] if self._directed else False
            way = usual if "directed" not in said else said["directed"].strip().lower() in ("true", "1")
            self.edges.add(said.get("id"), line, ends=(said.get("source"), said.get("target")), directed=way)
            self._open.append((name, len(self.edges) - 1))
        elif name == "data":
            self._data = said.get("key", "")
        elif name in ("hyperedge", "port"):
            self.left_out[name] += 1
            self._open.append((name, -1))

    def ends(self, name: str, text: str) -> None:
        if name == "default":
            self._say_usually(text.strip())
        elif name in ("NodeLabel", "EdgeLabel"):
            self._label(text.strip())
        elif name == "data":
            self._say(text)
        elif name in _BEGINS:
            self._open.pop()
            if name == "node":
                self._parents.pop()
            elif name == "graph":
                self._directed.pop()

    def _say_usually(self, text: str) -> None:
        title, form, home = self._declared.get(self._key, ("", "string", "all"))
        for kind, found in (("node", self.nodes), ("edge", self.edges)):
            if text and title and home in (kind, "all"):
                found.say_usually(title, typed(text, form))

    def _here(self) -> tuple[str, int]:
        """Return what a text is of, and its place: a node, an edge, or something that the model has no place for."""
        return self._open[-1] if self._open else ("graph", -1)

    def _label(self, text: str) -> None:
        if self._here()[0] in ("node", "edge") and text:
            self._drawn.setdefault(self._here(), text)

    def _say(self, text: str) -> None:
        title, form, _ = self._declared.get(self._data, (self._data, "string", "all"))
        kind, place = self._here()
        if kind not in ("node", "edge"):
            self.left_out[f"{kind} data"] += 1
        elif not title:
            self.left_out["graphics"] += 1
        elif text.strip() or form == "string" and text:
            (self.nodes if kind == "node" else self.edges).say(title, typed(text, form), place)

    def settle_labels(self) -> None:
        """Give nodes and edges the label that is drawn, or that an attribute of such a name gives."""
        for (kind, place), text in self._drawn.items():
            (self.nodes if kind == "node" else self.edges).labels[place] = text
        for found in (self.nodes, self.edges):
            ours = "table" in found.said
            usual = {name: _LABELS.index(name.lower()) for name in found.said if name.lower() in _LABELS}
            names = ["label"] if ours and "label" in usual else sorted(usual, key=usual.__getitem__)
            for name in names:
                places, values = found.taken(name)
                rest: tuple[list[int], list[Any]] = ([], [])
                for place, value in zip(places, values, strict=True):
                    if found.labels[place] is None:
                        found.labels[place] = str(value)
                    elif str(value) != found.labels[place]:
                        rest[0].append(place)
                        rest[1].append(value)
                if rest[0]:
                    found.said[name] = rest
        if "table" in self.edges.said:
            self.edges.said.pop("edge_kind", None)
