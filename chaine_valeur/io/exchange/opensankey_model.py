"""A filière as OpenSankey holds it: nodes with tags, one figure a link, year and material."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ...language import N_, quantity, tr
from ...schema import table
from ...text import fold, slug, split_list
from ...vocabulary import label
from .opensankey_words import OUTSIDE_NAME, UNSPECIFIED
from .quantities import counting_flows

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CARRIED", "Drawn", "Group", "added", "by_year", "drawn"]

ADDED = N_(
    "Added to another flow between the same ends: OpenSankey has one figure a pair, year and material."
)
#: With the tonnes that are known, of all such links.
ADDED_TO_UNKNOWN = N_(
    "Between the same ends as a flow of unknown tonnage: OpenSankey has one figure a pair, year and material, which is "
    "unknown too. What is known ({known} a year in all) is written as the minimum of the link."
)
NO_IDENTIFIERS = N_("The format has no identifiers: a reader makes them of the names.")
#: An identifier that flows are given in their order.
_IN_SEQUENCE = re.compile(r"flow-\d+")
ONLY_YEAR = N_("A flow of every year is written as one of the only year of the file.")
NO_MAXIMUM = N_("A flow that was added to it has no known maximum, so their sum has none.")
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

    A cell holds the tags joined by ``:``. ``year`` is the column of years, blank if there is none.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    groups: tuple[Group, ...]
    year: str
    left_out: list[tuple[str, str, int, str]]
    used: dict[str, int]


def drawn(f: Filiere, *, lang: str) -> Drawn:
    """Return the nodes and links of a filière, worded in a language."""
    names = _distinct(f)
    outside = _free(tr(OUTSIDE_NAME, lang), {fold(name) for name in names})
    nodes, groups = _nodes(f, names, lang)
    counting = counting_flows(f, known=False)
    links, of_links, year_of_links, lost = _links(f, counting.flows, counting.tonnes, [*names, outside], lang)
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
    lost = [*counting.left_out, *lost, *_identifiers(f, counting.flows)]
    return Drawn(nodes, links, (*of_links, *groups), year_of_links, lost, used)


def _with(group: Group, tag: str) -> Group:
    return Group(group.name, group.kind, (*group.tags, tag))


def _distinct(f: Filiere) -> list[str]:
    """Return a name for each actor that stays one of its own where case, accents and signs are taken off."""
    return _apart((str(name), str(identifier)) for identifier, name in f.actors["name"].items())


def _apart(called: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> list[str]:
    """Return names that stay apart where case, accents and signs are taken off, from names and what tells two apart."""
    known = {fold(name) for name in taken}
    names = []
    for name, identifier in called:
        free = _free(name, known, identifier)
        known.add(fold(free))
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
) -> tuple[pd.DataFrame, list[Group], str, list[tuple[str, str, int, str]]]:
    """Return the links, the groups of their tags, the group of years, and what of flows is lost."""
    rows = f.flows.index.get_indexer(flows.index)
    home = table("flows")
    year, material, confidence = (home[name].label(lang) for name in ("year", "material_id", "confidence"))
    years = [str(int(one)) for one in sorted(flows["year"].dropna().unique())]
    every = ":".join(years)
    frame = pd.DataFrame(
        {
            "origin": [names[code] for code in f.codes("flows", "source")[rows]],
            "destination": [names[code] for code in f.codes("flows", "target")[rows]],
            year: [every if pd.isna(one) else str(int(one)) for one in flows["year"]],
            material: _material_tags(f, rows, lang),
            "value": tonnes.to_numpy(float),
            "uncertainty": flows["uncertainty_share"].to_numpy(float),
            "low": flows["min_t_per_year"].to_numpy(float),
            "high": flows["max_t_per_year"].to_numpy(float),
            confidence: [
                "" if pd.isna(one) else label(one, "confidence", lang) for one in flows["confidence"]
            ],
            "source": _named(f, "sources", "source_id", rows),
            "hypothesis": ["" if pd.isna(one) else str(one) for one in flows["hypothesis"]],
        }
    )
    keys = ["origin", "destination", year, material]
    lost = [("flows", "year", int(flows["year"].isna().sum()) if len(years) == 1 else 0, ONLY_YEAR)]
    if frame.duplicated(keys).any():
        frame, of_sums = added(frame, keys, [confidence, "source", "hypothesis"], lang)
        lost += of_sums
    groups = []
    if years:
        groups.append(Group(year, "dataTags", tuple(years)))
    if frame[material].any():
        # a link has one figure whatever its flux tags: where two materials pass between the same ends they are data tags
        of_a_year = by_year(frame, year)[keys].drop_duplicates()
        kind = "dataTags" if of_a_year.duplicated(keys[:3]).any() else "fluxTags"
        if kind == "dataTags":
            frame[material] = frame[material].mask(frame[material] == "", tr(UNSPECIFIED, lang))
        groups.append(Group(material, kind, tuple(dict.fromkeys(tag for tag in frame[material] if tag))))
    if frame[confidence].any():
        groups.append(
            Group(confidence, "fluxTags", tuple(dict.fromkeys(tag for tag in frame[confidence] if tag)))
        )
    unused = [name for name in (year, material, confidence) if name not in {group.name for group in groups}]
    return frame.drop(columns=unused), groups, year if years else "", lost


def by_year(links: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return links with one row a year; the index says of which row each is one."""
    return links.assign(**{year: links[year].str.split(":")}).explode(year)


def _identifiers(f: Filiere, flows: pd.DataFrame) -> list[tuple[str, str, int, str]]:
    """Return how many identifiers of what is written are others than those that names, or their order, give back."""
    rows = []
    for home, column in (("materials", "material_id"), ("actors", ""), ("sources", "source_id")):
        key, names = table(home).key, f.table(home)["name"]
        if column:
            names = names[names.index.isin(flows[column].dropna().unique())]
        own = sum(identifier != slug(_tag(name)) for identifier, name in names.items() if not pd.isna(name))
        rows.append((home, key, own, NO_IDENTIFIERS))
    own = sum(not _IN_SEQUENCE.fullmatch(str(identifier)) for identifier in flows.index)
    return [*rows, ("flows", table("flows").key, own, NO_IDENTIFIERS)]


def _named(f: Filiere, home: str, column: str, rows: NDArray[np.intp]) -> list[str]:
    told = ["" if pd.isna(name) else str(name) for name in f.table(home)["name"]]
    return [[*told, ""][code] for code in f.codes("flows", column)[rows]]


def _material_tags(f: Filiere, rows: NDArray[np.intp], lang: str) -> list[str]:
    """Return the tag of the material of each flow, blank where it has none: one for each material, also in OpenSankey."""
    codes = f.codes("flows", "material_id")[rows]
    used = list(dict.fromkeys(code for code in codes.tolist() if code >= 0))
    materials = f.materials["name"].iloc[used]
    called = ((_tag(name), _tag(identifier)) for identifier, name in materials.items())
    tags = dict(zip(used, _apart(called, [tr(UNSPECIFIED, lang)]), strict=True))
    return [tags.get(code, "") for code in codes.tolist()]


def added(
    frame: pd.DataFrame, keys: Sequence[str], texts: Sequence[str], lang: str
) -> tuple[pd.DataFrame, list[tuple[str, str, int, str]]]:
    """Return the rows, those of the same keys as one, and what of them is lost; texts that differ are left blank.

    A sum is unknown if one of its parts is. What is known of the parts (a tonnage, else a limit) makes its minimum then,
    and its maximum if something is known of each.
    """
    of = frame.groupby(list(keys), sort=False)
    value = of["value"].transform("sum", min_count=1)
    several = of["value"].transform("size") > 1
    unknown = several & of["value"].transform("count").ne(of["value"].transform("size"))
    low = frame["low"].mask(unknown & frame["value"].notna(), frame["value"])
    high = frame["high"].mask(unknown & frame["value"].notna(), frame["value"])
    parts = frame.assign(low=low, high=high).groupby(list(keys), sort=False)
    complete = parts["high"].transform("count") == parts["high"].transform("size")
    one = frame.assign(
        value=value.mask(unknown),
        low=parts["low"].transform("sum", min_count=1),
        high=parts["high"].transform("sum", min_count=1).where(complete),
    )
    one["uncertainty"] = one["uncertainty"].mask(
        several & (of["uncertainty"].transform("nunique", dropna=False) > 1)
    )
    for name in texts:
        one[name] = one[name].mask(several & (of[name].transform("nunique") > 1), "")
    again = frame.duplicated(list(keys))
    known = frame["value"].where(unknown)
    partly = unknown & known.groupby([frame[name] for name in keys]).transform("count").gt(0)
    told = quantity(float(known.sum()), "t", lang)
    lost = [
        ("flows", "", int((again & ~partly).sum()), ADDED),
        ("flows", "quantity_t_per_year", int((again & partly).sum()), tr(ADDED_TO_UNKNOWN, lang, known=told)),
        ("flows", "max_t_per_year", int((frame["high"].notna() & ~complete).sum()), NO_MAXIMUM),
    ]
    return one[~again].reset_index(drop=True), lost
