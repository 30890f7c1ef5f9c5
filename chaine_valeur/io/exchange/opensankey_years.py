"""Figures that hold every year, in the JSON of OpenSankey, which has one figure a link and year.

They are written as a figure of each year, added to that of the year where there is one, so that the diagram of a year is
whole. Beside it an object of our own (`OURS`, which OpenSankey does not read) says what holds every year, so that it
comes back as it was. Where the figure was changed since, that object says nothing of it any more, and is not used.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .opensankey_model import Drawn, added, by_year
from .sankey_model import header_of_tags

__all__ = ["OURS", "Figure", "Said", "figure_of", "figures_of_years", "of_every_year"]

OURS = "chaine_valeur"
#: Tags by group, and columns.
Said = tuple[dict[str, list[str]], dict[str, Any]]


class Figure(NamedTuple):
    """A figure of a link: what it says; and what holds every year and its own year say, if it was added up of them."""

    whole: Said
    every_year: Said | None = None
    own: Said | None = None


def figures_of_years(
    made: Drawn, figure: Callable[[Mapping[str, Any]], dict[str, Any]], *, lang: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the rows of links, of one year each, and the figure of each.

    Parameters
    ----------
    figure
        Gives the figure of a row.
    """
    if not made.year:
        for row in made.links.to_dict("records"):
            yield row, figure(row)
        return
    data, flux = (
        [group.name for group in made.groups if group.kind == kind] for kind in ("dataTags", "fluxTags")
    )
    every = made.links[made.year].str.contains(":").to_numpy()
    dated = by_year(made.links, made.year)
    whole = dated.index.to_numpy()
    dated = dated.reset_index(drop=True)
    keys = ["origin", "destination", *data]
    number = dated.groupby(keys, sort=False).ngroup().to_numpy()
    at: list[list[int]] = [[] for _ in range(int(number.max(initial=-1)) + 1)]
    for place, one in enumerate(number.tolist()):
        at[one].append(place)
    rows = dated.to_dict("records")
    sums = added(dated, keys, [*flux, "source", "hypothesis"], lang)[0].to_dict("records")
    for row, places in zip(sums, at, strict=True):
        if len(places) == 1:
            ours = {OURS: {"every_year": True}} if every[whole[places[0]]] else {}
            yield row, {**figure(row), **ours}
        else:  # one of the year, one of every year
            parts = {"every_year" if every[whole[place]] else "year": figure(rows[place]) for place in places}
            yield row, {**figure(row), OURS: parts}


def figure_of(value: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Said]) -> Figure:
    """Return a figure of a file, with those that it was added up of if it still is their sum.

    Parameters
    ----------
    read
        Gives what an object of a figure says.
    """
    ours = value.get(OURS)
    every, own = (ours.get("every_year"), ours.get("year")) if isinstance(ours, dict) else (None, None)
    if every is True:
        return Figure(read(value), read(value))
    if isinstance(every, dict) and isinstance(own, dict):
        tonnes, *parts = (one.get("data_value") for one in (value, every, own))
        if _is_sum(tonnes, parts):
            return Figure(read(value), read(every), read(own))
    return Figure(read(value))


def _is_sum(total: Any, parts: Sequence[Any]) -> bool:
    if not all(isinstance(part, (int, float)) for part in parts):
        return total is None and all(part is None or isinstance(part, (int, float)) for part in parts)
    return isinstance(total, (int, float)) and math.isclose(total, sum(parts), rel_tol=1e-9)


def of_every_year(figures: Iterable[Figure], groups: Mapping[str, Sequence[str]]) -> Iterator[Said]:
    """Yield what the figures of a link say; what does hold every year once, with all tags of the group of years.

    Parameters
    ----------
    groups
        Group → all its tags.
    """
    listed = list(figures)
    alike: dict[str, list[int]] = {}
    years: dict[int, str] = {}
    for place, one in enumerate(listed):
        tags, columns = one.every_year or ({}, {})
        group = next((name for name in tags if header_of_tags(name) == "year"), None)
        if group is not None:
            years[place] = group
            others = {name: tag for name, tag in tags.items() if name != group}
            alike.setdefault(json.dumps([group, others, columns], sort_keys=True), []).append(place)
    first: dict[int, int] = {}
    for places in alike.values():
        group = years[places[0]]
        said = {tag for place in places for tag in listed[place].whole[0][group]}
        if said == set(groups.get(group, ())):
            first.update(dict.fromkeys(places, places[0]))
    for place, one in enumerate(listed):
        if place not in first or one.every_year is None:
            yield one.whole
            continue
        if one.own is not None:
            yield one.own
        if first[place] == place:
            tags, columns = one.every_year
            yield {**tags, years[place]: list(groups[years[place]])}, columns
