"""GraphML, which Gephi, yEd, networkx, igraph, Cytoscape and NodeXL read and write.

The mapping of rows to nodes and edges is that of `chaine_valeur.io.exchange.nodes_edges`. GraphML has no years of its
own: they are the attributes ``year``, ``since`` and ``until``. The label of nodes and edges is the attribute ``label``,
the tonnes that of the name ``weight``, where Gephi looks for them; ``kind`` is written as in GEXF, as ``edge_kind``.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from ...filiere import Filiere
from ...language import check_language
from ..files import writable_path
from ..graph import EDGE_TABLES
from .attributes import Attribute
from .gexf import NO_CHARACTER, texts_harmed
from .graphml_reading import read_graphml as read_graphml
from .nodes_edges import Elements, carried, elements
from .result import Exchanged, left_out
from .xml_text import checked, escaped, pieces, values_as_text, written_rows

__all__ = ["read_graphml", "write_graphml"]

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


def write_graphml(
    f: Filiere,
    path: str | os.PathLike[str],
    *,
    tables: Collection[str] = tuple(EDGE_TABLES),
    directed: bool | None = None,
    lang: str = "fr",
) -> Exchanged:
    """Write a filière as GraphML: actors and groups, flows, cooperations and memberships.

    What GraphML cannot carry is told in ``left_out``: other tables than these, other columns than the name of the
    materials, stages and sources that they refer to, control characters. Dates of columns of the user's own come back as
    text.

    Parameters
    ----------
    path
        The file to write.
    tables
        The tables whose rows are edges, among ``flows``, ``cooperations`` and ``memberships``.
    directed
        By default an edge is directed if what it stands for is. ``True`` writes all as directed, ``False`` as undirected,
        for programs that read no mixture (networkx); the attribute ``directed`` says what they are in any case.
    lang
        Language of labels and of ``left_out``; attributes are named and worded as in the schema.

    Raises
    ------
    UnreadableFileError
        Nothing can be written there.
    ArgumentError
        A table that has no edges.

    Examples
    --------
    >>> import networkx as nx, tempfile
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"]},
    ...     flows={"source": ["Relais"], "target": ["Filature"], "quantity_t_per_year": [12.5]},
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_graphml(f, f"{folder}/filiere.graphml")
    ...     read_graphml(written) == f, nx.read_graphml(written).nodes["relais"]["label"]
    (True, 'Relais')
    """
    check_language(lang)
    nodes, edges = elements(f, tables=tables, lang=lang)
    written = writable_path(path, lang=lang)
    own: dict[str, Mapping[str, Attribute]] = {
        "node": {"label": Attribute("string", nodes.labels), **nodes.attributes},
        "edge": {
            "label": Attribute("string", edges.labels),
            "edge_kind": Attribute("string", edges.kinds),
            "weight": Attribute("double", edges.weight),
            **edges.attributes,
        },
    }
    with written.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{_NAMESPACE}">\n')
        for home, attributes in own.items():
            for number, (name, attribute) in enumerate(attributes.items()):
                said = f'attr.name="{escaped(name)}" attr.type="{attribute.kind}"'
                stream.write(f'<key id="{home[0]}{number}" for="{home}" {said}/>\n')
        usual = "undirected" if directed is False else "directed"
        stream.write(f'<graph id="G" edgedefault="{usual}">\n')
        stream.writelines(
            written_rows(
                [
                    [f'<node id="{one}">' for one in checked(nodes.ids)],
                    *_data("n", own["node"]),
                    ["</node>\n"] * len(nodes),
                ]
            )
        )
        stream.writelines(written_rows(_edge_columns(edges, directed, own["edge"])))
        stream.write("</graph>\n</graphml>\n")
    columns, used = carried(f, tables)
    lost = ("", "", texts_harmed(nodes) + texts_harmed(edges), NO_CHARACTER)
    return Exchanged(written, (written,), left_out(f, columns, lang=lang, used=used, more=[lost]))


def _edge_columns(
    edges: Elements, directed: bool | None, attributes: Mapping[str, Attribute]
) -> list[list[str]]:
    ways = edges.directed if directed is None else np.full(len(edges), directed)
    return [
        [f'<edge id="{one}" source="' for one in checked(edges.ids)],
        [f'{one}" target="' for one in checked(edges.source)],
        [f'{one}"' for one in checked(edges.target)],
        pieces(ways.tolist(), lambda way: ' directed="true">' if way else ' directed="false">'),
        *_data("e", attributes),
        ["</edge>\n"] * len(edges),
    ]


def _data(letter: str, attributes: Mapping[str, Attribute]) -> list[list[str]]:
    found = []
    for number, attribute in enumerate(attributes.values()):

        def form(text: Any, number: int = number) -> str:
            return f'<data key="{letter}{number}">{text}</data>'

        found.append(pieces(values_as_text(attribute), form))
    return found
