"""GEXF, what Gephi reads and writes: written as 1.3 with years, read in every version since 1.1.

The mapping of rows to nodes and edges is that of `chaine_valeur.io.exchange.nodes_edges`. A period of years is written
with days (``timeformat="date"``, 1 January to 31 December, both included), so that the timeline of Gephi shows it and
that one year lasts; a file without years is static. Parallel edges have a ``kind`` each (material or kind of tie, year):
Gephi adds up edges of one kind between the same two nodes, and tonnes of two years or materials are not to be added.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from ...filiere import Filiere
from ...language import N_, check_language
from ..files import writable_path
from ..graph import EDGE_TABLES
from .attributes import Attribute
from .gexf_reading import read_gexf as read_gexf
from .nodes_edges import Elements, carried, elements
from .result import Exchanged, left_out
from .xml_text import checked, escaped, harmed, pieces, values_as_text, written_rows

__all__ = ["read_gexf", "write_gexf"]

_NAMESPACE = "http://gexf.net/1.3"
#: What a text loses that no XML file can hold.
NO_CHARACTER = N_("Characters that XML cannot hold are replaced.")


def write_gexf(
    f: Filiere,
    path: str | os.PathLike[str],
    *,
    tables: Collection[str] = tuple(EDGE_TABLES),
    directed: bool | None = None,
    lang: str = "fr",
) -> Exchanged:
    """Write a filière as a GEXF 1.3 file for Gephi: actors and groups, flows, cooperations and memberships, with years.

    What GEXF cannot carry is told in ``left_out``: other tables than these, other columns than the name of the materials,
    stages and sources that they refer to, control characters. Dates of columns of the user's own come back as text.

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
    >>> import tempfile
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"]},
    ...     flows={"source": ["Relais"], "target": ["Filature"], "year": [2024], "quantity_t_per_year": [12.5]},
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_gexf(write_gexf(f, f"{folder}/filiere.gexf")) == f
    True
    """
    check_language(lang)
    nodes, edges = elements(f, tables=tables, lang=lang)
    written = writable_path(path, lang=lang)
    dynamic = any(year is not None for one in (nodes, edges) for year in (*one.start, *one.end))
    with written.open("w", encoding="utf-8", newline="\n") as stream:
        mode = (
            ' mode="dynamic" timeformat="date" timerepresentation="interval"' if dynamic else ' mode="static"'
        )
        usual = "undirected" if directed is False else "directed"
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{_NAMESPACE}" version="1.3">\n')
        stream.write(
            f"<meta><creator>chaine_valeur</creator><description>{escaped(f.name)}</description></meta>\n"
        )
        stream.write(f'<graph{mode} defaultedgetype="{usual}" idtype="string">\n')
        for name, one in (("node", nodes), ("edge", edges)):
            stream.write(f'<attributes class="{name}">\n')
            for number, (title, attribute) in enumerate(one.attributes.items()):
                stream.write(f'<attribute id="{number}" title="{escaped(title)}" type="{attribute.kind}"/>\n')
            stream.write("</attributes>\n")
        stream.write(f'<nodes count="{len(nodes)}">\n')
        stream.writelines(written_rows(_node_columns(nodes)))
        stream.write(f'</nodes>\n<edges count="{len(edges)}">\n')
        stream.writelines(written_rows(_edge_columns(edges, directed)))
        stream.write("</edges>\n</graph>\n</gexf>\n")
    columns, used = carried(f, tables)
    lost = ("", "", texts_harmed(nodes) + texts_harmed(edges), NO_CHARACTER)
    return Exchanged(written, (written,), left_out(f, columns, lang=lang, used=used, more=[lost]))


def texts_harmed(one: Elements) -> int:
    """Return how many texts of nodes or edges hold characters that XML cannot."""
    texts = {
        name: attribute.values for name, attribute in one.attributes.items() if attribute.kind == "string"
    }
    return harmed({**texts, "\0": one.labels, "\1": one.ids})


def _node_columns(nodes: Elements) -> list[list[str]]:
    return [
        [f'<node id="{identifier}" label="' for identifier in checked(nodes.ids)],
        [f'{text}"' for text in checked(nodes.labels)],
        *_period(nodes),
        *_attvalues(nodes.attributes, len(nodes)),
        ["</node>\n"] * len(nodes),
    ]


def _edge_columns(edges: Elements, directed: bool | None) -> list[list[str]]:
    ways = edges.directed if directed is None else np.full(len(edges), directed)
    return [
        [f'<edge id="{identifier}" source="' for identifier in checked(edges.ids)],
        [f'{source}" target="' for source in checked(edges.source)],
        [f'{target}" type="' for target in checked(edges.target)],
        pieces(ways.tolist(), lambda way: 'directed"' if way else 'undirected"'),
        pieces(edges.labels, lambda text: f' label="{escaped(text)}"'),
        pieces(edges.kinds, lambda text: f' kind="{escaped(text)}"'),
        pieces(edges.weight, lambda tonnes: f' weight="{float(tonnes)!r}"'),
        *_period(edges),
        *_attvalues(edges.attributes, len(edges)),
        ["</edge>\n"] * len(edges),
    ]


def _period(one: Elements) -> list[list[str]]:
    return [
        pieces(one.start, lambda year: f' start="{year:04d}-01-01"'),
        pieces(one.end, lambda year: f' end="{year:04d}-12-31"'),
    ]


def _attvalues(attributes: Mapping[str, Attribute], size: int) -> list[list[str]]:
    found: list[list[str]] = [["><attvalues>"] * size]
    for number, attribute in enumerate(attributes.values()):

        def form(text: Any, number: int = number) -> str:
            return f'<attvalue for="{number}" value="{text}"/>'

        found.append(pieces(values_as_text(attribute), form))
    return [*found, ["</attvalues>"] * size]
