"""Figures of a file that would count twice: totals of finer ones, and second figures of one link."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...problems import Problems
from .reading import Aside
from .sankey_model import Link, Sankey

__all__ = ["once_each", "without_totals"]

#: Links between parts of nodes are looked up through this many levels.
_DEEPEST = 20


def _key(link: Link) -> tuple[Any, ...]:
    return tuple(sorted((group, *tags) for group, tags in link.tags.items() if tags))


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
            value = f"{link.source} → {link.target}"
            problems.add(
                "same_in_file", table="flows", sheet=link.sheet, row=link.line, value=value, other=old.line
            )
            aside.append((link.sheet, link.line, "same_in_file", link.source, link.target))
        else:
            old.said.update({name: value for name, value in link.said.items() if old.said.get(name) is None})
    return list(first.values())


def without_totals(said: Sankey, links: list[Link], problems: Problems, aside: list[Aside]) -> list[Link]:
    """Return the links that are not the total of finer ones, level by level of either end."""
    if not said.parents or not links:
        return links
    above = _ancestors(said)
    tags = pd.factorize(pd.Series([str(_key(link)) for link in links], dtype=object))[0]
    frame = pd.DataFrame(
        {
            "row": range(len(links)),
            "s": [link.source for link in links],
            "t": [link.target for link in links],
            "k": tags,
        }
    )
    joined = frame.merge(above, left_on="s", right_on="node").merge(
        above, left_on="t", right_on="node", suffixes=("_s", "_t")
    )
    joined = joined[(joined["above_s"] != joined["s"]) | (joined["above_t"] != joined["t"])]
    total = pd.MultiIndex.from_frame(joined[["above_s", "above_t", "k"]]).unique()
    mask = pd.MultiIndex.from_frame(frame[["s", "t", "k"]]).isin(total)
    for place in np.flatnonzero(mask).tolist():
        link = links[place]
        quantity = link.said.get("quantity_t_per_year")
        value = f"{link.source} → {link.target}" + (f" = {quantity}" if quantity is not None else "")
        problems.add("aggregate_flow", table="flows", sheet=link.sheet, row=link.line, value=value)
        aside.append((link.sheet, link.line, "aggregate_flow", link.source, link.target))
    return [link for link, gone in zip(links, mask, strict=True) if not gone]


def _ancestors(said: Sankey) -> pd.DataFrame:
    """Return each node with itself and with all that it is a part of."""
    links = pd.DataFrame(said.parents, columns=["node", "parent"]).drop_duplicates()
    found = pd.DataFrame({"node": list(said.kinds), "above": list(said.kinds)})
    last = found
    for _ in range(_DEEPEST):  # a loop over levels; one that goes round ends there
        last = last.merge(links, left_on="above", right_on="node", suffixes=("", "_"))[["node", "parent"]]
        last = last.rename(columns={"parent": "above"}).drop_duplicates()
        if last.empty:
            break
        found = pd.concat([found, last]).drop_duplicates()
    return found
