"""The JSON of OpenSankey: nodes with parents by dimension, links with a value by combination of tags; old files too."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...amounts import parse_number
from ...language import tr
from ...problems import Problems
from ...schema import table
from .files import json_of, refused
from .opensankey_words import is_outside
from .opensankey_years import Figure, figure_of, of_every_year
from .sankey import kind_of
from .sankey_model import Link, Sankey

__all__ = ["sankey_of_json"]

_GROUPS = ("dataTags", "fluxTags", "nodeTags", "levelTags", "tags_catalog")
#: Characters of a part of the file that a message shows.
_MOST_SHOWN = 60
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
    nodes = list(_entries(content["nodes"], ("id", "idNode"), "nodes", problems, sheet))
    for number, key, node in nodes:
        names[key] = _name_of(node, key, said, problems, number)
        groups = _tags(node.get("tags"), catalogue)
        kind = kind_of(
            node.get("type") or next(iter(groups.pop("Type de noeud", groups.pop("Node type", []))), "")
        )
        own = {group: " ; ".join(chosen) for group, chosen in groups.items() if chosen}
        kind = "exchange" if any(map(is_outside, own.values())) else kind
        own = {group: tag for group, tag in own.items() if not is_outside(tag)}
        said.add(names[key], kind, sheet, number, **_actor_columns(own), note=_note(node))
        left_out["x, y"] += "x" in node
    for _, key, node in nodes:
        dimensions = node.get("dimensions")
        for dimension in dimensions.values() if isinstance(dimensions, dict) else ():
            parent = dimension.get("parent_name") if isinstance(dimension, dict) else None
            if isinstance(parent, str):
                said.parents.append((names[key], names.get(parent, parent)))
    for group, named in catalogue.values():
        said.groups[group] = list(named.values())
    for number, _, link in _entries(content.get("links"), ("id", "idLink"), "links", problems, sheet):
        ends = [link.get(end) for end in ("idSource", "idTarget")]
        source, target = (names.get(end, end) if isinstance(end, str) else "" for end in ends)
        tags = _tags(link.get("tags"), catalogue)
        for found, values in of_every_year(_values(link, catalogue), said.groups):
            said.links.append(Link(source, target, sheet, number, values, {**tags, **found}))
    if count := left_out["x, y"]:
        problems.add("left_out", sheet=sheet, value="x, y", count=count)
    return said


def _name_of(node: Mapping[str, Any], key: str, said: Sankey, problems: Problems, number: int) -> str:
    """Return the name of a node; where another one has it, with the key, for they are two."""
    name = called = str(node.get("name") or key).replace("\\n", " ").strip() or key
    if name in said.kinds:
        called = f"{name} ({key})"
        while called in said.kinds:
            called += " bis"
        problems.add("same_node", sheet=said.file, row=number, value=name, close=called)
    return called


def _entries(
    part: Any, keys: tuple[str, ...], called: str, problems: Problems, sheet: str
) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Yield rank, key and content of the entries of an object, or of a list of objects that say their own key."""
    if part is not None and not isinstance(part, (dict, list)):
        problems.add("no_element", sheet=sheet, value=f"{called}: {_as_text(part)}")
        return
    listed = part.items() if isinstance(part, dict) else enumerate(part or ())
    for number, (key, entry) in enumerate(listed, start=1):
        if not isinstance(entry, dict):
            problems.add("no_element", sheet=sheet, row=number, value=f"{called}, {key}: {_as_text(entry)}")
        elif isinstance(part, dict):
            yield number, str(key), entry
        else:
            yield number, str(next((entry[k] for k in keys if k in entry), entry.get("name", key))), entry


def _as_text(value: Any) -> str:
    """Return a value of a JSON file as messages show it, not all of a long one."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


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


def _values(link: Mapping[str, Any], catalogue: Mapping[str, tuple[str, dict[str, str]]]) -> Iterator[Figure]:
    """Yield the figures of a link, down through its groups of data tags."""
    value = link.get("value")
    if not isinstance(value, dict):
        many = value if isinstance(value, list) else [value]
        # « mini » and « maxi » of old files are results: what follows from the figures, not what is known
        yield _bare([link.get("data_value"), *many], {})
        return
    yield from _nested(value, catalogue, {})


def _nested(
    value: Mapping[str, Any], catalogue: Mapping[str, tuple[str, dict[str, str]]], tags: dict[str, list[str]]
) -> Iterator[Figure]:
    group = value.get("datatag_group")
    if isinstance(group, str):
        named, names = catalogue.get(group, (group, {}))
        for tag, part in value.items():
            own = {**tags, named: [names.get(tag, tag)]}
            if isinstance(part, dict):
                yield from _nested(part, catalogue, own)
            elif tag != "datatag_group" and part is not None:
                yield _bare([part], own)
        return
    if value.get("structurally_absent"):
        return
    yield figure_of(value, lambda part: ({**tags, **_tags(part.get("tags"), catalogue)}, _columns(part)))


def _bare(values: Iterable[Any], tags: dict[str, list[str]]) -> Figure:
    """Return a figure that is written without anything more."""
    return Figure((tags, _known({"quantity_t_per_year": _first(values)})))


def _columns(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of flows that a figure says."""
    return _known(
        {
            "quantity_t_per_year": _first([value.get(name) for name in _VALUES]),
            "uncertainty_share": _share(_first([value.get("data_uncertainty")])),
            "min_t_per_year": _first([value.get("data_min")]),
            "max_t_per_year": _first([value.get("data_max")]),
            "source_id": _words(value.get("data_source")),
            "hypothesis": _words(value.get("data_hypothesis") or value.get("hypothesis")),
        }
    )


def _words(value: Any) -> Any:
    """Return what is said in words; a list or an object as text, of which no reference can be made."""
    return _as_text(value) if isinstance(value, (list, dict)) and value else value or None


def _known(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in columns.items() if one is not None}


def _first(values: Iterable[Any]) -> Any:
    """Return the first figure of some values, or of the lists among them.

    Where there is none, what stands in place of one: the checks tell that it is no number.
    """
    others = []
    for value in values:
        one = value[0] if isinstance(value, list) and value else value
        if one is None or one in ("", [], {}):
            continue
        try:
            parse_number(one)
        except ValueError:
            others.append(_as_text(one))
        else:
            return one
    return others[0] if others else None


def _share(figure: Any) -> Any:
    """Return the share that an uncertainty in percent is; what is no number stays, for the checks to tell."""
    try:
        return parse_number(str(figure).removesuffix("%")) / 100 if figure is not None else None
    except ValueError:
        return figure
