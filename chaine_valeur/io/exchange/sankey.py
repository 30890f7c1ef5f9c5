"""What files of OpenSankey say, workbook or JSON: nodes with parents, links with tags; and what a filière makes of it.

A product is a material, and where it is a node of its own an actor that carries it (*diffuse*): between the sectors that
make it and those that use it the file does not say who supplies whom, so nobody is paired here either. A sector is a
*diffuse* actor, too: it stands for many. An exchange is the outside: a blank end of the flow. A node that is none of
these is an actor. A tag of a group that is a header of the model (« Année », « Matière », « Collège ») goes there, the
others are columns of the user's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...filiere import Filiere
from ...language import LANGUAGES, tr
from ...problems import Problems
from ...schema import table
from ...table_state import RawTable
from ...text import fold
from .found import Found
from .nodes_edges import OUTSIDE
from .opensankey_words import OUTSIDE_NAME, is_unspecified
from .periods import year_of
from .reading import Aside, filiere_of_elements
from .sankey_model import Link, Sankey, header_of_tags, in_tonnes
from .sankey_totals import once_each, without_totals

__all__ = ["filiere_of_sankey", "kind_of", "parts_of_cell"]

_KINDS = {"produit": "product", "product": "product", "secteur": "sector", "sector": "sector", "echange": "exchange",
          "exchange": "exchange"}  # fmt: skip


def kind_of(word: Any) -> str:
    """Return what kind of node a word means (``product``, ``sector``, ``exchange``), or an empty text."""
    folded = fold(str(word or ""))
    return next((kind for stem, kind in _KINDS.items() if folded.startswith(stem)), "")


def parts_of_cell(cell: Any) -> list[str]:
    """Return the tags that a cell holds, joined by ``:``."""
    if cell is None:
        return []
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return [part.strip() for part in str(cell).split(":") if part.strip()]


def filiere_of_sankey(
    said: Sankey, problems: Problems, *, t_per_unit: float, strict: bool, lang: str
) -> Filiere:
    """Return the filière of what a file of OpenSankey says; ``t_per_unit`` is the tonnes of one unit of its values."""
    for link in said.links:
        for node in (link.source, link.target):
            if node:
                said.add(node, "", link.sheet, link.line)
    _tell_alike(said, problems)
    in_tonnes(said, t_per_unit)
    exchanges = {name for name, kind in said.kinds.items() if kind == "exchange"}
    products = [name for name, kind in said.kinds.items() if kind == "product"]
    nodes, edges = Found(), Found()
    parent_of: dict[str, str] = {}
    for child, parent in said.parents:
        parent_of.setdefault(child, parent)
    for name, kind in said.kinds.items():
        nodes.add(name, said.lines[name], label=name, parent=parent_of.get(name), sheet=said.sheets[name])
        if name in exchanges:
            nodes.say("table", OUTSIDE)
            continue
        if kind:
            nodes.say("actor_type", "diffuse")
        for column, value in said.columns[name].items():
            nodes.say(column, value)
    aside: list[Aside] = []
    kept = without_totals(said, once_each(said, problems, aside), problems, aside)
    for link in kept:
        for one in _rows(link, said):
            _add(edges, link, one, exchanges, said.kinds)
    more = {"materials": _materials(products, said, parent_of)} if products else {}
    return filiere_of_elements(
        nodes, edges, problems, sheets=(said.file, said.file), edges_as="flows", strict=strict, lang=lang, more=more,
        by_name=True, aside=aside,
    )  # fmt: skip


def _tell_alike(said: Sankey, problems: Problems) -> None:
    """Warn of names that become one where case, accents and signs are taken off, as OpenSankey does."""
    first: dict[str, str] = {}
    for name in said.kinds:
        other = first.setdefault(fold(name), name)
        if other != name:
            problems.add("same_id", sheet=said.sheets[name], row=said.lines[name], value=name, close=other)


def _materials(products: list[str], said: Sankey, parent_of: dict[str, str]) -> RawTable:
    columns: dict[str, list[Any]] = {"name": list(products)}
    if any(name in parent_of for name in products):
        columns["parent"] = [parent_of.get(name) for name in products]
    frame = pd.DataFrame(columns, dtype=object)
    lines = pd.Series([said.lines[name] for name in products], dtype="int64")
    return RawTable(frame, pd.Series([said.sheets[name] for name in products], dtype="str"), lines)


# -- links ----------------------------------------------------------------------------------------------


def _rows(link: Link, said: Sankey) -> Iterator[dict[str, Any]]:
    """Yield the flows of a link: one, or one a year where it is said of several years but not of all."""
    columns = link.columns()
    years: list[int | None] = [None]
    for group, tags in link.tags.items():
        column = header_of_tags(group)
        if column == "year" and all(map(year_of, tags)):
            everything = said.groups.get(group, [])
            if tags and not (len(everything) > 1 and set(tags) >= set(everything)):
                years = [year_of(tag) for tag in tags]
        elif column == "year" and tags:
            columns[group] = " ; ".join(tags)
        elif column == "material_id" and all(map(is_unspecified, tags)):
            columns.pop(column, None)
    for year in years:
        yield {**columns, "year": year}


def _add(
    edges: Found, link: Link, columns: dict[str, Any], exchanges: set[str], kinds: dict[str, str]
) -> None:
    edges.add(None, link.line, ends=(link.source or None, link.target or None), sheet=link.sheet)
    products = [node for node in (link.source, link.target) if kinds.get(node) == "product"]
    if products and columns.get("material_id") is None:
        columns = {**columns, "material_id": products[0]}
    outside = [node for node in (link.source, link.target) if node in exchanges]
    if outside and fold(outside[0]) not in _GENERIC:
        columns = {**columns, "exchange": outside[0]}
    home = table("flows")
    meaning = home.match_headers([name for name in columns if name not in home.columns])
    for name, value in columns.items():
        if value is not None:
            edges.say(meaning.get(name, name), value)


#: What the outside is usually called: there is nothing to be kept of such a name.
_GENERIC = frozenset(
    fold(word)
    for words in (
        "Extérieur Outside Import Export Importations Exportations Imports Exports Échanges Exchanges",
    )
    for word in words.split()
) | {fold(tr(OUTSIDE_NAME, lang)) for lang in LANGUAGES}
