"""The sheets and the JSON of OpenSankey, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...text import fold, slug
from ..sheets import Book
from .opensankey_model import Drawn, Group
from .opensankey_years import figures_of_years

__all__ = ["as_json", "write_sheets"]

_WORDS = {
    "fr": {
        "tags": "Etiquettes", "nodes": "Noeuds", "data": "Données", "limits": "Min Max",
        "heads": ("Nom du groupe d'étiquette", "Type d'étiquette", "Etiquettes", "Palette visible"),
        "level": "Niveau d'agrégation", "name": "Noeuds", "note": "Définitions", "origin": "Origine",
        "destination": "Destination", "value": "Valeur", "uncertainty": "Incertitude relative", "source": "Source",
        "hypothesis": "Hypothèse", "low": "Minimum", "high": "Maximum",
    },
    "en": {
        "tags": "Tags", "nodes": "Nodes", "data": "Data", "limits": "Min Max",
        "heads": ("Tags group name", "Tags type", "Tags", "Visible colormap"),
        "level": "Aggregation level", "name": "Nodes", "note": "Definition", "origin": "Origin",
        "destination": "Target", "value": "Value", "uncertainty": "Relative Uncertainty", "source": "Source",
        "hypothesis": "Hypothesis", "low": "Minimum", "high": "Maximum",
    },
}  # fmt: skip


def write_sheets(made: Drawn, path: Path, *, lang: str) -> None:
    """Write the workbook: tags, nodes, figures, and limits where there are any."""
    words: dict[str, Any] = _WORDS[lang]
    book = Book(path, lang=lang)
    rows: list[Sequence[Any]] = [
        (group.name, group.kind, ":".join(group.tags), 0) for group in made.groups if group.tags
    ]
    _sheet(book, words["tags"], words["heads"], rows)
    node_tags = [group.name for group in made.groups if group.kind == "nodeTags"]
    own = [name for name in ("note", *node_tags) if name in made.nodes]
    cells = [[1, *row] for row in _cells(made.nodes, ["name", *own])]
    _sheet(
        book, words["nodes"], [words["level"], words["name"], *(words.get(name, name) for name in own)], cells
    )
    tags = [group.name for group in made.groups if group.kind in ("dataTags", "fluxTags")]
    columns = ["origin", "destination", *tags, "value", "uncertainty", "source", "hypothesis"]
    _sheet(book, words["data"], [words.get(name, name) for name in columns], _cells(made.links, columns))
    limited = made.links[made.links[["low", "high"]].notna().any(axis=1)]
    if len(limited):
        columns = ["origin", "destination", *tags, "low", "high"]
        _sheet(book, words["limits"], [words.get(name, name) for name in columns], _cells(limited, columns))
    book.close()


def _cells(frame: pd.DataFrame, columns: Sequence[str]) -> list[list[Any]]:
    made = [
        [None if cell is None or cell != cell or cell == "" else cell for cell in frame[name].tolist()]
        for name in columns
    ]
    return [list(row) for row in zip(*made, strict=True)]


def _sheet(book: Book, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.sheet(name)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, book.header_style())
        sample = [row[place] for row in rows[:200] if isinstance(row[place], str)]
        sheet.set_column(place, place, book.width(None, head, sample))
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            book.write(sheet, number, place, cell)
    sheet.freeze_panes(1, 0)


# -- JSON -----------------------------------------------------------------------------------------------


def as_json(made: Drawn, *, lang: str) -> dict[str, Any]:
    """Return the JSON: groups of tags, nodes in columns from where material comes, links."""
    groups = {group.name: slug(group.name) for group in made.groups if group.tags}
    content: dict[str, Any] = {"version": "1.1.4", "format_version": 3}
    for kind in ("dataTags", "nodeTags", "levelTags", "fluxTags"):
        content[kind] = {
            groups[group.name]: _group(group) for group in made.groups if group.kind == kind and group.tags
        }
    ids = {name: f"node{number}" for number, name in enumerate(made.nodes["name"])}
    columns = _columns(made)
    height: dict[int, int] = {}
    nodes = {}
    for row in made.nodes.to_dict("records"):
        column = columns.get(row["name"], 0)
        height[column] = height.get(column, 0) + 1
        tags = {groups[name]: [fold(tag) for tag in str(row[name]).split(":")]
                for name in groups if name in row and isinstance(row[name], str)}  # fmt: skip
        nodes[ids[row["name"]]] = {
            "id": ids[row["name"]], "name": row["name"], "tags": tags, "dimensions": {},
            "style": ["default"], "local": {},
            "x": 100 + 250 * column, "y": 100 * height[column], "u": column, "v": height[column] - 1,
            **({"tooltip_text": row["note"]} if isinstance(row.get("note"), str) else {}),
        }  # fmt: skip
    content["nodes"] = nodes
    content["links"] = _links(made, ids, groups, lang)
    values = made.links["value"].dropna()
    content["user_scale"] = float(values.max()) if len(values) and values.max() > 0 else 100
    return content


def _group(group: Group) -> dict[str, Any]:
    tags = {fold(tag): {"name": tag, "selected": group.kind != "dataTags" or place == 0, "color": ""}
            for place, tag in enumerate(group.tags)}  # fmt: skip
    banner = "one" if group.kind == "dataTags" else "multi"
    return {"name": group.name, "banner": banner, "activated": True, "show_legend": False, "tags": tags}


def _links(made: Drawn, ids: dict[str, str], groups: dict[str, str], lang: str) -> dict[str, Any]:
    data = [group.name for group in made.groups if group.kind == "dataTags"]
    flux = [group.name for group in made.groups if group.kind == "fluxTags"]

    def figure(row: Mapping[str, Any]) -> dict[str, Any]:
        return {**_figure(row), "tags": {groups[name]: [fold(row[name])] for name in flux if row[name]}}

    links: dict[str, Any] = {}
    for row, told in figures_of_years(made, figure, lang=lang):
        key = f"{ids[row['origin']]}---{ids[row['destination']]}"
        link = links.setdefault(
            key, {"id": key, "idSource": ids[row["origin"]], "idTarget": ids[row["destination"]], "value": {}}
        )
        at = link["value"]
        for name in data:
            at["datatag_group"] = groups[name]
            at = at.setdefault(fold(row[name]), {})
        at.update(told)
    return links


def _figure(row: Mapping[str, Any]) -> dict[str, Any]:
    share = row["uncertainty"]
    told = {"data_value": row["value"], "data_uncertainty": share * 100 if share == share else None,
            "data_min": row["low"], "data_max": row["high"], "data_source": row["source"],
            "data_hypothesis": row["hypothesis"]}  # fmt: skip
    return {
        name: value for name, value in told.items() if value is not None and value == value and value != ""
    }


def _columns(made: Drawn) -> dict[str, int]:
    """Return the column of each node: how many steps lie before it, a loop counting as one place."""
    import networkx as nx

    graph: nx.DiGraph = nx.DiGraph(zip(made.links["origin"], made.links["destination"], strict=True))
    parts = nx.condensation(graph)
    return {
        node: column
        for column, layer in enumerate(nx.topological_generations(parts))
        for part in layer
        for node in parts.nodes[part]["members"]
    }
