"""Figures of a file that would count twice: totals of finer ones, and second figures of one link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ...language import quantity, tr
from ...problems import Problems
from .files import refused
from .reading import Aside
from .sankey_model import Link, Sankey

__all__ = ["once_each", "without_totals"]

#: Steps up from nodes to what they are a part of, and pairs of links looked at: trees of real files need a few a link.
_MOST_STEPS = 4_000_000
#: Parts make up a total from this share of it on: sums of decimals are not exact.
_ALL_OF_IT = 1 - 1e-6


def _key(link: Link) -> tuple[Any, ...]:
    return tuple(sorted((group, *tags) for group, tags in link.tags.items() if tags))


def _aside(link: Link, reason: str) -> Aside:
    return Aside(link.sheet, link.line, reason, link.source, link.target, link.columns())


def once_each(said: Sankey, problems: Problems, aside: list[Aside]) -> list[Link]:
    """Return the links, those of the same ends and tags once: limits join the figure, a second figure is set aside."""
    first: dict[tuple[Any, ...], Link] = {}
    for link in said.links:
        key = (link.source, link.target, _key(link))
        old = first.setdefault(key, link)
        if old is link:
            continue
        twice = [
            name for name, value in link.said.items() if old.said.get(name) is not None and value is not None
        ]
        if "quantity_t_per_year" in twice or "min_t_per_year" in twice or "max_t_per_year" in twice:
            problems.add(
                "same_in_file",
                table="flows",
                sheet=link.sheet,
                row=link.line,
                value=link.ends,
                other=old.line,
            )
            aside.append(_aside(link, "same_in_file"))
        else:
            old.said.update({name: value for name, value in link.said.items() if old.said.get(name) is None})
    return list(first.values())


def _with_tonnes(link: Link, problems: Problems) -> str:
    """Return the ends of a link and its figure, as messages name it."""
    tonnes = link.tonnes
    return link.ends if tonnes is None else f"{link.ends} = {quantity(tonnes, 't', problems.lang)}"


def without_totals(said: Sankey, links: list[Link], problems: Problems, aside: list[Aside]) -> list[Link]:
    """Return the links that are not the total of finer ones, nor parts of a total that counts, at any level.

    Where a finer figure is known, the finer ones count, and the total is set aside: as one that they make up
    (``aggregate_flow``), or as one that is more than they say (``total_not_used``). Where no finer figure is known, the
    total counts, and the blank parts are set aside (``part_of_total``).

    Raises
    ------
    UnreadableFileError
        Nodes have too many parents for this to be told.
    """
    if not said.parents or not links:
        return links
    finer = _finer(said, links, problems)
    tonnes = [link.tonnes for link in links]
    known_parts = {
        place: [part for part in parts if tonnes[part] is not None] for place, parts in finer.items()
    }
    gone: dict[int, tuple[str, dict[str, Any]]] = {}
    for place, parts in finer.items():
        total, known = tonnes[place], known_parts[place]
        if total is None:
            gone[place] = "aggregate_flow", {}
        elif known:
            # of parts that have parts themselves the finest, so that none is added twice
            finest = [part for part in known if not known_parts.get(part)] or known
            sum_of_parts = sum(tonnes[part] or 0.0 for part in finest)
            parts_told = {"parts": quantity(sum_of_parts, "t", problems.lang)}
            made_up = sum_of_parts >= total * _ALL_OF_IT
            gone[place] = ("aggregate_flow", {}) if made_up else ("total_not_used", parts_told)
        else:
            gone.update(dict.fromkeys(parts, ("part_of_total", {"other": links[place].line})))
    for place in sorted(gone):
        link, (code, fields) = links[place], gone[place]
        value = _with_tonnes(link, problems)
        problems.add(code, table="flows", sheet=link.sheet, row=link.line, value=value, **fields)
        aside.append(_aside(link, code))
    return [link for place, link in enumerate(links) if place not in gone]


def _finer(said: Sankey, links: Sequence[Link], problems: Problems) -> Mapping[int, list[int]]:
    """Return of each link that has any the links of the same tags between parts of its ends, by places."""
    parents: dict[str, list[str]] = defaultdict(list)
    for child, parent in dict.fromkeys(said.parents):
        parents[child].append(parent)
    keys = [_key(link) for link in links]
    at = {
        (link.source, link.target, key): place
        for place, (link, key) in enumerate(zip(links, keys, strict=True))
    }
    starting: dict[tuple[str, Any], list[int]] = defaultdict(list)
    for place, (link, key) in enumerate(zip(links, keys, strict=True)):
        starting[link.source, key].append(place)
    left = _MOST_STEPS

    def step(count: int) -> None:
        nonlocal left
        left -= count
        if left < 0:
            lang = problems.lang
            told = tr("its nodes are parts of too many others. Export fewer levels of aggregation.", lang)
            raise refused(said.file, told, lang)

    above: dict[str, list[str]] = {}

    def all_above(node: str) -> list[str]:
        """Return a node and all that it is a part of; parents that go round end."""
        if node not in above:
            found = {node: None}
            waiting = [node]
            while waiting:
                up = parents.get(waiting.pop(), [])
                step(len(up))
                new = [one for one in up if one not in found]
                found.update(dict.fromkeys(new))
                waiting += new
            above[node] = list(found)
        return above[node]

    finer: dict[int, list[int]] = defaultdict(list)
    for place, (link, key) in enumerate(zip(links, keys, strict=True)):
        froms, tos = all_above(link.source), all_above(link.target)
        if len(froms) == len(tos) == 1:
            continue
        pairs, listed = len(froms) * len(tos), sum(len(starting.get((one, key), ())) for one in froms)
        step(len(froms) + min(pairs, listed))
        if pairs <= listed:
            found = [at.get((one, other, key), place) for one in froms for other in tos]
        else:
            within = set(tos)
            found = [
                total
                for one in froms
                for total in starting.get((one, key), ())
                if links[total].target in within
            ]
        for total in found:
            if total != place:
                finer[total].append(place)
    return finer
