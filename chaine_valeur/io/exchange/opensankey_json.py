"""The JSON of OpenSankey: nodes with parents by dimension, links with a value by combination of tags; old files too."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...language import tr
from ...problems import Problems
from ...schema import table
from .files import json_of, refused
from .opensankey_words import is_outside
from .sankey import kind_of
from .sankey_model import Link, Sankey

__all__ = ["sankey_of_json"]

_GROUPS = ("dataTags", "fluxTags", "nodeTags", "levelTags", "tags_catalog")
_VALUES = ("data_value", "value", "result_value")


def sankey_of_json(path: str | os.PathLike[str], problems: Problems, *, lang: str) -> Sankey:
    """Return what a JSON file says; see `chaine_valeur.io.exchange.opensankey.read_opensankey`."""
    content, twice = json_of(path, lang=lang)
    sheet = Path(path).name
    if not isinstance(content, dict) or not isinstance(content.get("nodes"), (dict, list)):
        raise refused(path, tr("it is no file of OpenSankey: there are no nodes in it.", lang), lang)
    for name in dict.fromkeys(twice):
        problems.add("twice_in_object", sheet=sheet, value=name)
    catalogue = _catalogue(content)
    said = Sankey(sheet)
    left_out: Counter[str] = Counter()
    names: dict[str, str] = {}
    nodes = _entries(content["nodes"], ("id", "idNode"))
    for number, (key, node) in enumerate(nodes, start=1):
        names[key] = str(node.get("name") or key).replace("\\n", " ").strip() or key
        groups = _tags(node.get("tags"), catalogue)
        kind = kind_of(
            node.get("type") or next(iter(groups.pop("Type de noeud", groups.pop("Node type", []))), "")
        )
        own = {group: " ; ".join(chosen) for group, chosen in groups.items() if chosen}
        kind = "exchange" if any(map(is_outside, own.values())) else kind
        own = {group: tag for group, tag in own.items() if not is_outside(tag)}
        said.add(names[key], kind, sheet, number, **_actor_columns(own), note=_note(node))
        left_out["x, y"] += "x" in node
    for key, node in nodes:
        dimensions = node.get("dimensions")
        for dimension in dimensions.values() if isinstance(dimensions, dict) else ():
            parent = dimension.get("parent_name") if isinstance(dimension, dict) else None
            if isinstance(parent, str):
                said.parents.append((names[key], names.get(parent, parent)))
    for group, named in catalogue.values():
        said.groups[group] = list(named.values())
    for number, (_, link) in enumerate(_entries(content.get("links"), ("id", "idLink")), start=1):
        ends = [link.get(end) for end in ("idSource", "idTarget")]
        source, target = (names.get(end, end) if isinstance(end, str) else "" for end in ends)
        tags = _tags(link.get("tags"), catalogue)
        for found, values in _values(link, catalogue, {}):
            said.links.append(Link(source, target, sheet, number, values, {**tags, **found}))
    if count := left_out["x, y"]:
        problems.add("left_out", sheet=sheet, value="x, y", count=count)
    return said


def _entries(part: Any, keys: tuple[str, ...]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return key and content of the entries of an object, or of a list of objects that say their own key."""
    if isinstance(part, dict):
        return [(str(key), entry) for key, entry in part.items() if isinstance(entry, dict)]
    found = [entry for entry in part if isinstance(entry, dict)] if isinstance(part, list) else []
    return [
        (str(next((entry[k] for k in keys if k in entry), entry.get("name", number))), entry)
        for number, entry in enumerate(found)
    ]


def _actor_columns(own: Mapping[str, str]) -> dict[str, str]:
    meaning = table("actors").match_headers(own)
    return {meaning.get(group, group): tag for group, tag in own.items()}


def _note(node: Mapping[str, Any]) -> str | None:
    text = node.get("tooltip_text")
    return text if isinstance(text, str) and text.strip() else None


def _catalogue(content: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, str]]]:
    """Return group → its name, and tag → its name."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for part in _GROUPS:
        groups = content.get(part)
        for key, group in groups.items() if isinstance(groups, dict) else ():
            if not isinstance(group, dict):
                continue
            tags = group.get("tags")
            named = (
                {
                    str(tag): str(said.get("name", tag)) if isinstance(said, dict) else str(tag)
                    for tag, said in tags.items()
                }
                if isinstance(tags, dict)
                else {}
            )
            found[str(key)] = (str(group.get("name") or group.get("group_name") or key), named)
    return found


def _tags(tags: Any, catalogue: Mapping[str, tuple[str, dict[str, str]]]) -> dict[str, list[str]]:
    found = {}
    for key, chosen in tags.items() if isinstance(tags, dict) else ():
        group, names = catalogue.get(str(key), (str(key), {}))
        chosen = chosen if isinstance(chosen, list) else [chosen]
        found[group] = [names.get(str(tag), str(tag)) for tag in chosen if tag is not None]
    return found


def _values(
    link: Mapping[str, Any], catalogue: Mapping[str, tuple[str, dict[str, str]]], tags: dict[str, list[str]]
) -> Iterator[tuple[dict[str, list[str]], dict[str, Any]]]:
    """Yield the tags and the figures of a link, down through its groups of data tags."""
    value = link.get("value")
    if not isinstance(value, dict):
        many = value if isinstance(value, list) else [value]
        # « mini » and « maxi » of old files are results: what follows from the figures, not what is known
        yield tags, {"quantity_t_per_year": _first([link.get("data_value"), *many])}
        return
    yield from _nested(value, catalogue, tags)


def _nested(
    value: Mapping[str, Any], catalogue: Mapping[str, tuple[str, dict[str, str]]], tags: dict[str, list[str]]
) -> Iterator[tuple[dict[str, list[str]], dict[str, Any]]]:
    group = value.get("datatag_group")
    if isinstance(group, str):
        named, names = catalogue.get(group, (group, {}))
        for tag, part in value.items():
            if isinstance(part, dict):
                yield from _nested(part, catalogue, {**tags, named: [names.get(tag, tag)]})
        return
    if value.get("structurally_absent"):
        return
    figure = next((value[name] for name in _VALUES if isinstance(value.get(name), (int, float))), None)
    share = value.get("data_uncertainty")
    found = {
        "quantity_t_per_year": figure,
        "uncertainty_share": share / 100 if isinstance(share, (int, float)) else None,
        "min_t_per_year": value.get("data_min"),
        "max_t_per_year": value.get("data_max"),
        "source_id": value.get("data_source") or None,
        "hypothesis": value.get("data_hypothesis") or value.get("hypothesis") or None,
    }
    yield (
        {**tags, **_tags(value.get("tags"), catalogue)},
        {name: one for name, one in found.items() if one is not None},
    )


def _first(values: list[Any]) -> Any:
    """Return the first number of some values, or of the lists among them."""
    for value in values:
        one = value[0] if isinstance(value, list) and value else value
        if isinstance(one, (int, float)) and not isinstance(one, bool):
            return one
    return None
