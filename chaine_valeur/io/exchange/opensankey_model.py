"""A filière as OpenSankey holds it: nodes with tags, one figure a link, year and material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ...language import N_, tr
from ...schema import table
from ...text import fold, split_list
from ...vocabulary import label
from .opensankey_words import OUTSIDE_NAME
from .quantities import counting_flows

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CARRIED", "Drawn", "Group", "drawn"]

ADDED = N_(
    "Added to another flow between the same ends: OpenSankey has one figure a pair, year and material."
)
_NODE_TAGS = ("actor_type", "roles", "pole", "structure_kind")
#: Columns of flows that the file holds, with the ends; the year and the material are tags.
CARRIED = ("source", "target", "year", "material_id", "quantity_t_per_year", "uncertainty_share", "min_t_per_year",
           "max_t_per_year", "source_id", "confidence", "hypothesis", "status")  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A group of tags: its name, its type in OpenSankey, its tags."""

    name: str
    kind: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """Nodes and links. ``nodes`` has ``name``, ``note`` and a column a group; ``links`` has ``origin``, ``destination``,
    a column a group, ``value``, ``uncertainty``, ``low``, ``high``, ``source`` and ``hypothesis``.

    A cell holds the tags joined by ``:``.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    groups: tuple[Group, ...]
    left_out: list[tuple[str, str, int, str]]
    used: dict[str, int]


def drawn(f: Filiere, *, lang: str) -> Drawn:
    """Return the nodes and links of a filière, worded in a language."""
    names = _distinct(f)
    outside = _free(tr(OUTSIDE_NAME, lang), {fold(name) for name in names})
    nodes, groups = _nodes(f, names, lang)
    counting = counting_flows(f, known=False)
    links, of_links, added = _links(f, counting.flows, counting.tonnes, [*names, outside], lang)
    if outside in {*links["origin"], *links["destination"]}:
        told = {"name": outside, table("actors")["actor_type"].label(lang): tr(OUTSIDE_NAME, lang)}
        nodes = pd.concat([nodes, pd.DataFrame([told], dtype=object)], ignore_index=True)
        groups = [
            _with(group, tr(OUTSIDE_NAME, lang)) if place == 0 else group
            for place, group in enumerate(groups)
        ]
    used = {
        home: counting.flows[column].nunique()
        for home, column in (("materials", "material_id"), ("sources", "source_id"))
    }
    return Drawn(nodes, links, (*of_links, *groups), [*counting.left_out, ("flows", "", added, ADDED)], used)


def _with(group: Group, tag: str) -> Group:
    return Group(group.name, group.kind, (*group.tags, tag))


def _distinct(f: Filiere) -> list[str]:
    """Return a name for each actor that stays one of its own where case, accents and signs are taken off."""
    taken: set[str] = set()
    names = []
    for identifier, name in f.actors["name"].items():
        free = _free(str(name), taken, str(identifier))
        taken.add(fold(free))
        names.append(free)
    return names


def _free(name: str, taken: set[str], told: str = "") -> str:
    if fold(name) in taken and told:
        name = f"{name} ({told})"
    while fold(name) in taken:
        name += " bis"
    return name


def _tag(text: object) -> str:
    """Return a text as a tag: the sign that joins tags cannot stand in one."""
    return " ".join(str(text).replace(":", "\u2236").split())


def _nodes(f: Filiere, names: Sequence[str], lang: str) -> tuple[pd.DataFrame, list[Group]]:
    actors = f.actors
    columns: dict[str, list[str | None]] = {"name": list(names)}
    if actors["note"].notna().any():
        columns["note"] = actors["note"].astype(object).where(actors["note"].notna(), None).tolist()
    groups = []
    for name in _NODE_TAGS:
        column = table("actors")[name]
        cells = [[] if pd.isna(cell) else split_list(str(cell)) for cell in actors[name]]
        used = list(dict.fromkeys(entry for cell in cells for entry in cell))
        if not used and name != "actor_type":
            continue
        words = {entry: _tag(label(entry, column.vocabulary, lang)) for entry in used}
        columns[column.label(lang)] = [":".join(words[entry] for entry in cell) or None for cell in cells]
        groups.append(Group(column.label(lang), "nodeTags", tuple(words.values())))
    return pd.DataFrame(columns, dtype=object), groups


def _links(
    f: Filiere, flows: pd.DataFrame, tonnes: pd.Series, names: Sequence[str], lang: str
) -> tuple[pd.DataFrame, list[Group], int]:
    """Return the links, the groups of their tags, and how many flows were added to another one."""
    rows = f.flows.index.get_indexer(flows.index)
    home = table("flows")
    year, material, confidence = (home[name].label(lang) for name in ("year", "material_id", "confidence"))
    years = sorted(flows["year"].dropna().unique())
    every = ":".join(str(int(one)) for one in years)
    frame = pd.DataFrame(
        {
            "origin": [names[code] for code in f.codes("flows", "source")[rows]],
            "destination": [names[code] for code in f.codes("flows", "target")[rows]],
            year: ["" if not years else every if pd.isna(one) else str(int(one)) for one in flows["year"]],
            material: _named(f, "materials", "material_id", rows),
            "value": tonnes.to_numpy(float),
            "uncertainty": flows["uncertainty_share"].to_numpy(float),
            "low": flows["min_t_per_year"].to_numpy(float),
            "high": flows["max_t_per_year"].to_numpy(float),
            confidence: [
                "" if pd.isna(one) else label(one, "confidence", lang) for one in flows["confidence"]
            ],
            "source": _named(f, "sources", "source_id", rows, tag=False),
            "hypothesis": ["" if pd.isna(one) else str(one) for one in flows["hypothesis"]],
        }
    )
    keys = ["origin", "destination", year, material]
    again = frame.duplicated(keys, keep=False)
    if again.any():
        frame = _added(frame, keys, confidence)
    groups = []
    if years:
        groups.append(Group(year, "dataTags", tuple(str(int(one)) for one in years)))
    if frame[material].any():
        # a link has one figure whatever its flux tags: where two materials pass between the same ends they are data tags
        several = frame.duplicated(["origin", "destination", year]).any()
        kind = "dataTags" if several else "fluxTags"
        groups.append(Group(material, kind, tuple(dict.fromkeys(tag for tag in frame[material] if tag))))
    if frame[confidence].any():
        groups.append(
            Group(confidence, "fluxTags", tuple(dict.fromkeys(tag for tag in frame[confidence] if tag)))
        )
    unused = [name for name in (year, material, confidence) if name not in {group.name for group in groups}]
    return frame.drop(columns=unused), groups, len(flows) - len(frame)


def _named(f: Filiere, home: str, column: str, rows: NDArray[np.intp], *, tag: bool = True) -> list[str]:
    told = ["" if pd.isna(name) else str(name) for name in f.table(home)["name"]]
    words = [_tag(name) if tag else name for name in told]
    return [[*words, ""][code] for code in f.codes("flows", column)[rows]]


def _added(frame: pd.DataFrame, keys: list[str], confidence: str) -> pd.DataFrame:
    """Return the rows, those of one link, year and material as one: unknown if one of them is, limits added."""
    of = frame.groupby(keys, sort=False)
    count = of["value"].transform("size")
    sums = {
        name: of[name].transform("sum", min_count=1).where(of[name].transform("count") == count)
        for name in ("value", "low", "high")
    }
    one = frame.assign(**sums)
    several = count > 1
    one["uncertainty"] = one["uncertainty"].mask(
        several & (of["uncertainty"].transform("nunique", dropna=False) > 1)
    )
    for name in (confidence, "source", "hypothesis"):
        one[name] = one[name].mask(several & (of[name].transform("nunique") > 1), "")
    return one[~frame.duplicated(keys)].reset_index(drop=True)
