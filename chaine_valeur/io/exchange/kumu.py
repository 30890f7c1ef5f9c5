"""Kumu: a workbook with the sheets Elements and Connections, or a JSON blueprint.

The mapping of rows to elements and connections is that of `chaine_valeur.io.exchange.nodes_edges`, its attributes being
fields of Kumu. Beside them stand what Kumu itself shows: the *Type* of an element (type of actor, « Groupes ») and of a
connection (« Flux », the kind of a tie, « Membres des groupes »), *Tags* (the roles) and *Description* (the note), worded
in the language; and the *Direction*. Kumu joins the entries of a cell by ``|``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from typing import Any

from ...filiere import Filiere
from ...language import N_, check_language
from ...schema import table
from ...text import split_list
from ...vocabulary import label
from ..files import writable_path
from ..graph import EDGE_TABLES
from ..sheets import Book
from .kumu_reading import LISTS, read_kumu
from .nodes_edges import Elements, carried, elements
from .result import Exchanged, left_out

__all__ = ["read_kumu", "write_kumu"]

_ELEMENTS = ("ID", "Label", "Type", "Description", "Tags")
_CONNECTIONS = ("From", "To", "Direction", "Type", "Description", "ID", "Label")


def write_kumu(
    f: Filiere,
    path: str | os.PathLike[str],
    *,
    tables: Collection[str] = tuple(EDGE_TABLES),
    lang: str = "fr",
) -> Exchanged:
    """Write a filière for Kumu: a workbook to import, or a JSON blueprint if the name ends in ``.json``.

    What Kumu cannot carry is told in ``left_out``: other tables than actors, groups and `tables`, and other columns than
    the name of the materials, stages and sources that they refer to. Kumu has no time: years are fields. Dates of columns
    of the user's own come back as text.

    Parameters
    ----------
    path
        The file to write.
    tables
        The tables whose rows are connections, among ``flows``, ``cooperations`` and ``memberships``.
    lang
        Language of types, tags and ``left_out``; fields are named and worded as in the schema.

    Raises
    ------
    UnreadableFileError
        Nothing can be written there.
    ArgumentError
        A table that has no connections.

    Examples
    --------
    >>> import tempfile
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"], "roles": ["supplier; buyer", None]},
    ...     cooperations={"actor_id": ["Relais"], "to_actor_id": ["Filature"], "kind": ["research"]},
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = [read_kumu(write_kumu(f, f"{folder}/{name}")) for name in ("carte.xlsx", "carte.json")]
    >>> [one == f for one in again]
    [True, True]
    """
    check_language(lang)
    nodes, edges = elements(f, tables=tables, lang=lang)
    written = writable_path(path, lang=lang)
    parts = {"elements": _elements(nodes, lang), "connections": _connections(edges, lang)}
    cut = 0
    if written.suffix.lower() == ".json":
        text = json.dumps(
            {name: _objects(rows) for name, rows in parts.items()},
            ensure_ascii=False,
            indent=1,
            allow_nan=False,
        )
        written.write_text(text + "\n", encoding="utf-8", newline="\n")
    else:
        cut = _write_sheets(written, parts, lang)
    columns, used = carried(f, tables)
    return Exchanged(
        written, (written,), left_out(f, columns, lang=lang, used=used, more=[("", "", cut, CUT)])
    )


CUT = N_("Texts longer than a cell of Excel holds are cut.")


def _elements(nodes: Elements, lang: str) -> list[dict[str, Any]]:
    rows = []
    own = {name: one.values for name, one in nodes.attributes.items()}
    roles = own.get("roles")
    for place, home in enumerate(own["table"]):
        kind = own["actor_type"][place] if "actor_type" in own else None
        shown = (
            table("groups").label(lang) if home == "groups" else label(kind or "outside", "actor_type", lang)
        )
        tags = (
            [label(role, "role", lang) for role in split_list(roles[place])]
            if roles is not None and roles[place]
            else []
        )
        row = {"ID": nodes.ids[place], "Label": nodes.labels[place], "Type": shown,
               "Description": own["note"][place] if "note" in own else None, "Tags": "|".join(tags) or None}  # fmt: skip
        rows.append(row | _fields(own, place))
    return rows


def _connections(edges: Elements, lang: str) -> list[dict[str, Any]]:
    own = {name: one.values for name, one in edges.attributes.items()}
    rows = []
    for place in range(len(edges)):
        home = own["table"][place]
        kind = own["kind"][place] if home == "cooperations" and "kind" in own else None
        row = {
            "From": edges.source[place],
            "To": edges.target[place],
            "Direction": "directed" if edges.directed[place] else "undirected",
            "Type": label(kind, "cooperation_kind", lang) or table(home).label(lang),
            "Description": own["note"][place] if "note" in own else None,
            "ID": edges.ids[place],
            "Label": edges.labels[place],
        }
        rows.append(row | _fields(own, place))
    return rows


def _fields(own: dict[str, Any], place: int) -> dict[str, Any]:
    found = {
        name: values[place]
        for name, values in own.items()
        if name != "directed" and values[place] is not None
    }
    return {name: "|".join(split_list(value)) if name in LISTS else value for name, value in found.items()}


def _objects(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as a blueprint has them: what Kumu knows itself in small letters, lists as lists, nothing blank."""
    known = {*_ELEMENTS, *_CONNECTIONS}
    made = []
    for row in rows:
        entries = {
            name.lower() if name in known else name: value for name, value in row.items() if value is not None
        }
        made.append(
            {
                name: value.split("|") if name == "tags" or name in LISTS else value
                for name, value in entries.items()
            }
        )
    return made


def _write_sheets(path: Any, parts: dict[str, list[dict[str, Any]]], lang: str) -> int:
    book = Book(path, lang=lang)
    for name, first in (("elements", _ELEMENTS), ("connections", _CONNECTIONS)):
        rows = parts[name]
        heads = list(dict.fromkeys([*first, *(column for row in rows for column in row)]))
        sheet = book.sheet(name.capitalize())
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, book.header_style())
            sample = [str(row[head]) for row in rows[:200] if row.get(head) is not None]
            sheet.set_column(place, place, book.width(None, head, sample))
        places = {head: place for place, head in enumerate(heads)}
        for number, row in enumerate(rows, start=1):
            for head, value in row.items():
                book.write(sheet, number, places[head], value)
        sheet.freeze_panes(1, 1)
    book.close()
    return book.cut
